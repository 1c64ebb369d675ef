"""Node and Graph: the recorded computation, which backward, the transforms and viz all read.

A Node never refers to the Tensor it made, so a graph has no cycles and reference counting
frees it at once. Its creation number orders it after everything it was computed from.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from operator import attrgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .rules import Op

number_of = attrgetter("number")
_next_number = itertools.count().__next__

SMALL = 256
"""Arrays up to this many elements are kept with the graph so that it can be drawn with numbers."""


class Spec:
    """What is left of an array whose values no rule needs: its shape and dtype.

    Args:
        shape: the array's shape.
        dtype: the array's NumPy dtype.
    """

    __slots__ = ("dtype", "shape")

    def __init__(self, shape: tuple[int, ...], dtype: Any) -> None:
        self.shape = shape
        self.dtype = dtype

    @property
    def ndim(self) -> int:
        return len(self.shape)

    @property
    def size(self) -> int:
        size = 1
        for length in self.shape:
            size *= length
        return size

    def __repr__(self) -> str:
        return f"Spec({self.shape}, {self.dtype})"


class Observer:
    """What a user asked to see at a node: its gradient, hooks on it, a name, where it was made."""

    __slots__ = ("dtype", "grad", "hooks", "name", "retain", "where")

    def __init__(self, dtype: Any, retain: bool = False) -> None:
        self.dtype = dtype
        self.retain = retain
        self.grad: Any = None
        self.hooks: dict[int, Callable[[Any], Any]] = {}
        self.name: str | None = None
        self.where: str | None = None


class Node:
    """One recorded operation, or a leaf (``op is None``) at which gradients are collected.

    Attributes:
        op: the operation, None for a leaf.
        inputs: the node of each tensor input, None where no gradient flows.
        saved: ``(output, *inputs)`` as arrays, or :class:`Spec` where no rule needs the values;
            None once a backward pass has freed them.
        params: the operation's other arguments (axis, index, …), None if there are none.
        shape: the output's shape.
        number: the creation number.
        scope: the names of the modules it was made in, outermost first.
        record: ``(saved, gradient)`` of the last backward pass, if small; for drawing.
        observer: what a user asked to see here.
    """

    __slots__ = (
        "__weakref__",
        "inputs",
        "number",
        "observer",
        "op",
        "params",
        "record",
        "saved",
        "scope",
        "shape",
    )

    def __init__(
        self,
        op: Op | None,
        inputs: tuple[Node | None, ...],
        saved: tuple[Any, ...] | None,
        params: dict[str, Any] | None,
        shape: tuple[int, ...],
        scope: tuple[str, ...],
    ) -> None:
        self.op = op
        self.inputs = inputs
        self.saved = saved
        self.params = params
        self.shape = shape
        self.scope = scope
        self.number = _next_number()
        self.observer: Observer | None = None
        self.record: tuple[Any, Any] | None = None

    @property
    def name(self) -> str:
        """The operation's name; for a leaf the name it was given, or ``leaf``."""
        if self.op is not None:
            return self.op.name
        return (self.observer and self.observer.name) or "leaf"

    @property
    def next_functions(self) -> tuple[tuple[Node | None, int], ...]:
        """The nodes of the inputs, in the form PyTorch gives them."""
        return tuple((node, 0) for node in self.inputs)

    def observe(self, dtype: Any) -> Observer:
        """The node's observer, made on first request."""
        if self.observer is None:
            self.observer = Observer(dtype)
        return self.observer

    def __repr__(self) -> str:
        return f"<Node {self.number}: {self.name} {self.shape}>"


def leaf(shape: tuple[int, ...], dtype: Any, scope: tuple[str, ...] = ()) -> Node:
    """A node at which gradients are collected: the start of a graph."""
    node = Node(None, (), None, None, shape, scope)
    node.observer = Observer(dtype, retain=True)
    return node


def reachable(roots: Iterable[Node]) -> list[Node]:
    """Every node that the roots were computed from, and the roots, oldest first."""
    seen = set(roots)
    stack = list(seen)
    found = []
    while stack:
        node = stack.pop()
        found.append(node)
        for parent in node.inputs:
            if parent is not None and parent not in seen:
                seen.add(parent)
                stack.append(parent)
    found.sort(key=number_of)
    return found


class Graph:
    """The recorded computation behind some results, oldest node first.

    Args:
        outputs: the nodes of the results.

    Attributes:
        outputs: the nodes given.
        nodes: every node they were computed from, in creation order.

    Example:
        >>> import autograd_core as ag
        >>> x = ag.tensor(2.0, requires_grad=True)
        >>> graph = ag.Graph([(x * x + 1).grad_fn])
        >>> [node.name for node in graph]
        ['leaf', 'multiply', 'add']
    """

    def __init__(self, outputs: Iterable[Node]) -> None:
        self.outputs = tuple(outputs)
        self.nodes = reachable(self.outputs)

    def __iter__(self) -> Iterator[Node]:
        return iter(self.nodes)

    def __len__(self) -> int:
        return len(self.nodes)

    @property
    def leaves(self) -> list[Node]:
        """The nodes where gradients are collected."""
        return [node for node in self.nodes if node.op is None]

    def consumers(self) -> dict[Node, list[tuple[Node, int]]]:
        """For each node, the (node, input position) pairs that use it."""
        uses: dict[Node, list[tuple[Node, int]]] = {node: [] for node in self.nodes}
        for node in self.nodes:
            for position, parent in enumerate(node.inputs):
                if parent is not None:
                    uses[parent].append((node, position))
        return uses
