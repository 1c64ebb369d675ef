"""The numbers of a graph: values, local derivatives, and what each use adds to a gradient.

The rules are run again here on what the graph holds, since a picture shows each use's share of a
gradient and not only the sum, and since a graph freed by ``backward()`` may have been freed from
another result than the one to draw. What was too large to be kept is None.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from itertools import takewhile
from math import prod
from typing import Any, NamedTuple

import numpy as np

from autograd_core.node import Graph, Node, Spec
from autograd_core.ops.shape import sum_to
from autograd_core.rules import TABLE

from .figures import Figure, figure

Use = tuple[Node, int]
"""An operation and the position of one of its inputs."""

NOTHING = object()
"""What a rule gives that passes no gradient on."""


class Flow(NamedTuple):
    """What a backward pass brings, see the attributes of :class:`Values`."""

    gradients: dict[Node, Figure]
    parts: dict[Use, Figure]
    repeated: dict[Use, Figure]


class Values:
    """What is known of the numbers behind one result. Gradients are computed when first asked for.

    Args:
        root: the node of the result.
        value: the result's array, needed only if the root is a leaf.

    Attributes:
        nodes: every node behind the result, oldest first.
        uses: for each node, where it is used.
        gradients: the gradient of the result (of its sum, if it has several elements) at each node
            that one reaches; None where it can't be known any more.
        parts: what each use adds to the gradient of its input, likewise.
        repeated: the uses in which the input was repeated to fit the others, so that its gradient is
            a sum over the repeats; for each what the rule gives before that sum, likewise.
        unseen: the nodes whose numbers nobody will look at: leaves among them get no gradient, and of
            the gradients of others only the shape is kept.
        blind: whether nobody will look at any number, so that no rule needs to run.
    """

    def __init__(self, root: Node, value: Any = None) -> None:
        graph = Graph([root])
        self.root = root
        self.nodes = graph.nodes
        self.uses = graph.consumers()
        self.unseen: set[Node] = set()
        self.blind = False
        self._root_value = value

    @property
    def gradients(self) -> dict[Node, Figure]:
        return self._flow.gradients

    @property
    def parts(self) -> dict[Use, Figure]:
        return self._flow.parts

    @property
    def repeated(self) -> dict[Use, Figure]:
        return self._flow.repeated

    def operands(self, node: Node) -> tuple[Any, ...]:
        """The inputs' arrays, one for each entry of ``node.inputs``."""
        return tuple(node.saved[1]) if node.op is not None and node.op.variadic else node.saved[1:]

    def value(self, node: Node) -> Any:
        """The node's array, computed again if it was not kept; its Spec if only the shape is known."""
        found = self._kept(node)
        if not isinstance(found, Spec) or node.op is None or TABLE.get(node.op.name) is not node.op:
            return found
        operands = [
            self._kept(parent) if parent is not None and isinstance(array, Spec) else array
            for parent, array in zip(node.inputs, self.operands(node), strict=True)
        ]
        if any(isinstance(array, Spec) for array in operands):
            return found
        with np.errstate(all="ignore"):
            return node.op.on(*operands, **(node.params or {}))

    def _kept(self, node: Node) -> Any:
        """A node's array as the graph, or whoever else, still holds it; else its Spec."""
        if node is self.root and self._root_value is not None:
            return self._root_value
        for array in (*node.saved[:1], *(self.operands(user)[position] for user, position in self.uses[node])):
            if isinstance(array, Spec):
                array = array.found() if array.found is not None else None
            if array is not None:
                return array
        return Spec(node.shape, node.observer.dtype if node.observer is not None else None)

    def scope(self, node: Node) -> tuple[str, ...]:
        """The modules a node belongs to: for a parameter those that all its uses have in common."""
        scopes = [user.scope for user, _ in self.uses[node]]
        if node.op is not None or not scopes:
            return node.scope
        if node.observer is None or node.observer.name is None:  # comes from outside
            return ()
        return tuple(names[0] for names in takewhile(lambda names: len(set(names)) == 1, zip(*scopes, strict=False)))

    def slope(self, node: Node, position: int) -> Figure | None:
        """∂output/∂input as numbers, for an elementwise op, and for any whose result is one number."""
        op, saved = node.op, node.saved
        assert op is not None
        if not _known(node, position):
            return None
        with np.errstate(all="ignore"):
            if op.elementwise:
                rule = op.partials[position]
                found = rule(*saved, **(node.params or {})) if callable(rule) else rule
                return figure(found * 1 if np.asarray(found).dtype.kind == "b" else found)
            if node.shape == ():
                part = self._part(node, position, np.ones((), getattr(saved[0], "dtype", None))[()])
                return None if part is None or part is NOTHING else figure(part)
        return None

    def along(self, path: Sequence[Use]) -> Figure | None:
        """What a path brings to the gradient of the input it leads to; None if the values for it are gone.

        Args:
            path: an operation and which of its inputs is taken, for each step from the result down.

        Returns:
            The product of what the steps do, as one number or an array of that input's shape.
        """
        value = self.value(self.root)
        g = np.ones(self.root.shape, np.float64 if value.dtype is None else value.dtype)[()]
        with np.errstate(all="ignore"):
            for node, position in path:
                g = self._part(node, position, g)
                parent = node.inputs[position]
                if g is None or g is NOTHING or parent is None:
                    return None
                g = g if g.shape == parent.shape else sum_to.op.on(g, shape=parent.shape)
        return figure(g)

    def _part(self, node: Node, position: int, g: Any) -> Any:
        """What a rule gives for an input, NOTHING if it passes no gradient on; None if the values for it are gone."""
        op = node.op
        assert op is not None
        if g is None or not _known(node, position):
            return None
        rule = op.vjps[position]
        assert rule is not None
        try:
            part = rule(g, *node.saved, **(node.params or {}))
        except Exception:  # a user's own rule may not be there, or refuse
            return None
        if part is None:
            return NOTHING
        return None if part.dtype.kind != "f" else part

    @cached_property
    def _flow(self) -> Flow:
        found = Flow({}, {}, {})
        table: dict[Node, Any] = {self.root: None}
        if not self.blind:
            value = self.value(self.root)
            dtype = value.dtype if value.dtype is not None else np.float64
            table[self.root] = np.ones(self.root.shape, dtype)[()]
        with np.errstate(all="ignore"):
            for node in reversed(self.nodes):
                if node not in table:
                    continue
                g = table.pop(node)
                seen = node not in self.unseen
                found.gradients[node] = None if g is None else figure(g) if seen else _shape_only(g)
                for position, parent in enumerate(node.inputs):
                    if parent is None or node.op is None or node.op.vjps[position] is None:
                        continue
                    if parent.op is None and parent in self.unseen:
                        continue
                    use = node, position
                    part = self._part(node, position, g)
                    if part is NOTHING:
                        continue
                    if part is None:
                        if node.op.elementwise and prod(parent.shape) != prod(node.shape):
                            found.repeated[use] = None
                    elif part.shape != parent.shape:
                        if part.size != prod(parent.shape):
                            found.repeated[use] = figure(part, bars=False) if seen else _shape_only(part)
                        part = sum_to.op.on(part, shape=parent.shape)
                    found.parts[use] = None if part is None else figure(part, bars=False) if seen else _shape_only(part)
                    if parent not in table:
                        table[parent] = part
                    else:
                        before = table[parent]
                        table[parent] = None if part is None or before is None else before + part
        return found


def _shape_only(value: Any) -> Figure:
    """What to keep of a value that nobody will look at."""
    return value if value.ndim == 0 else Spec(value.shape, value.dtype)


def _known(node: Node, position: int) -> bool:
    """Whether the graph still holds the values that a rule needs."""
    op = node.op
    assert op is not None
    return op.variadic or not any(isinstance(node.saved[place], Spec) for place in op.needs[position])
