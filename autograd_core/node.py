"""Node and Graph: the recorded computation, which backward, the transforms and viz all read.

A Node never refers to the Tensor it made, so a graph has no cycles and reference counting
frees it at once. Its creation number orders it after everything it was computed from.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import numpy as np

__all__ = [
    "Graph",
    "Node",
]

if TYPE_CHECKING:
    from .rules import Op

_number_of = attrgetter("number")
next_number = itertools.count().__next__

SMALL = 256
"""Arrays up to this many elements are kept with the graph so that it can be drawn with numbers."""


class Spec:
    """What is left of an array whose values no rule needs: its shape and dtype.

    Args:
        shape: the array's shape.
        dtype: the array's NumPy dtype.
        found: gives the array as long as something else keeps it, for drawing.
    """

    __slots__ = ("dtype", "found", "shape")

    def __init__(self, shape: tuple[int, ...], dtype: Any, found: Callable[[], Any] | None = None) -> None:
        self.shape = shape
        self.dtype = dtype
        self.found = found

    @property
    def ndim(self) -> int:
        return len(self.shape)

    @property
    def size(self) -> int:
        size = 1
        for length in self.shape:
            size *= length
        return size

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        """``np.zeros_like`` and its kin, the only functions that need no values."""
        if function not in (np.zeros_like, np.ones_like, np.full_like, np.empty_like, np.shape, np.ndim, np.size):
            raise RuntimeError(
                f"np.{function.__name__} needs values that were not kept: run on symbols when the op was declared, its "
                "rule did not use them. A rule must not branch on shapes or count axes in a way that hides what it uses"
            )
        pattern = np.broadcast_to(np.zeros((), self.dtype), self.shape)
        return function(*(pattern if arg is self else arg for arg in args), **kwargs)

    def __repr__(self) -> str:
        return f"Spec({self.shape}, {self.dtype})"


class Observer:
    """What there is to see at a node: its gradient, hooks on it, a name, where it was made, what it is a gradient of.

    Attributes:
        of: if its value is the gradient of a result by some value, the creation numbers of both.
    """

    __slots__ = ("dtype", "grad", "hooks", "name", "of", "retain", "where")

    def __init__(self, dtype: Any, retain: bool = False) -> None:
        self.dtype = dtype
        self.retain = retain
        self.grad: Any = None
        self.hooks: dict[int, Callable[[Any], Any]] = {}
        self.name: str | None = None
        self.where: str | None = None
        self.of: tuple[int, int] | None = None


class Node:
    """One recorded operation, or a leaf (``op is None``) at which gradients are collected.

    It has no ``__init__``: the few places that make nodes set the fields themselves, which halves the cost of
    what happens for every operation.

    Attributes:
        op: the operation, None for a leaf.
        inputs: the node of each tensor input, None where no gradient flows.
        saved: ``(output, *inputs)`` as arrays, or :class:`Spec` where no rule needs the values; () for a leaf.
        params: the operation's other arguments (axis, index, …), None if there are none.
        shape: the output's shape.
        scope: the names of the modules it was made in, outermost first.
        number: the creation number.
        freed: whether a backward pass has dropped what the rules need.
        gradient: of the backward pass that freed it, for drawing: an array, if large its Spec.
        observer: what a user asked to see here.
    """

    __slots__ = (
        "__weakref__",
        "freed",
        "gradient",
        "inputs",
        "number",
        "observer",
        "op",
        "params",
        "saved",
        "scope",
        "shape",
    )

    op: Op | None
    inputs: tuple[Node | None, ...]
    saved: tuple[Any, ...]
    params: dict[str, Any] | None
    shape: tuple[int, ...]
    scope: tuple[str, ...]
    number: int
    freed: bool
    gradient: Any
    observer: Observer | None

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


def make(
    op: Op | None,
    inputs: tuple[Node | None, ...],
    saved: tuple[Any, ...],
    params: dict[str, Any] | None,
    shape: tuple[int, ...],
    scope: tuple[str, ...],
) -> Node:
    """A new node."""
    node = Node()
    node.op = op
    node.inputs = inputs
    node.saved = saved
    node.params = params
    node.shape = shape
    node.scope = scope
    node.number = next_number()
    node.freed = False
    node.gradient = node.observer = None
    return node


def leaf(shape: tuple[int, ...], dtype: Any, scope: tuple[str, ...] = ()) -> Node:
    """A node at which gradients are collected: the start of a graph."""
    node = make(None, (), (), None, shape, scope)
    node.observer = Observer(dtype, retain=True)
    return node


def reachable(roots: Iterable[Node], alive: bool = False, oldest: int = 0) -> list[Node]:
    """Every node that the roots were computed from, and the roots, newest first.

    Args:
        roots: where to start, each once.
        alive: whether a freed node is an error.
        oldest: nodes with a smaller creation number are left out.

    Returns:
        The nodes by falling creation number: each before everything it was computed from.

    Raises:
        RuntimeError: a node must be alive and was freed by a backward pass.
    """
    found = list(roots)
    seen = set(found)
    for node in found:  # the list grows while it is walked
        if alive and node.freed:
            check_alive(node)
        for parent in node.inputs:
            if parent is not None and parent not in seen and parent.number >= oldest:
                seen.add(parent)
                found.append(parent)
    found.sort(key=_number_of, reverse=True)
    return found


def check_alive(node: Node) -> None:
    """Raise RuntimeError if a backward pass has freed the node."""
    if node.freed:
        raise RuntimeError(
            f"the graph was freed by an earlier backward pass (at {node.name}): pass retain_graph=True to the "
            "earlier one, or run the forward pass again"
        )


class Graph:
    """The recorded computation behind some results, oldest node first.

    Args:
        outputs: the results, as Tensors that require grad or as their nodes.

    Attributes:
        outputs: the nodes given.
        nodes: every node they were computed from, in creation order.

    Example:
        >>> import autograd_core as ag
        >>> x = ag.tensor(2.0, requires_grad=True)
        >>> graph = ag.Graph([x * x + 1])
        >>> [node.name for node in graph]
        ['leaf', 'multiply', 'add']
    """

    def __init__(self, outputs: Iterable[Any]) -> None:
        self.outputs: tuple[Node, ...] = tuple(getattr(output, "node", output) for output in outputs)
        self.nodes = reachable(dict.fromkeys(self.outputs))[::-1]

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
