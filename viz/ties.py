"""What boxes and arrows of the forward and the backward graph have in common: the operation they belong to."""

from __future__ import annotations

from collections.abc import Sequence

from autograd_core.node import Node

from .folding import Folding


class Ties:
    """Names the operations of one graph, so that its forward and its backward picture can be tied together.

    Args:
        nodes: all nodes, oldest first.
        folding: which of them are drawn together.
    """

    def __init__(self, nodes: Sequence[Node], folding: Folding) -> None:
        self._places = {node: i for i, node in enumerate(nodes)}
        self._folding = folding

    def node(self, node: Node) -> str:
        """Of an operation or leaf and its rule, or of the box they are folded into."""
        group = self._folding.get(node)
        return f"n{self._places[node]}" if group is None else f"g{self._places[group.nodes[0]]}"

    def total(self, node: Node) -> str:
        """Of the point from where a value goes to its uses, and the sum of their gradients."""
        return f"n{self._places[node]}-sum"

    def repeats(self, node: Node, position: int) -> str:
        """Of the repeating of an input to fit the others, and the sum over the repeats."""
        return f"n{self._places[node]}-repeat{position}"

    def outside(self, node: Node) -> str:
        """Of a value that is not drawn but used by what is drawn, and what comes back to it."""
        return f"n{self._places[node]}-outside"

    def onward(self, node: Node) -> str:
        """Of the uses of a value, or of the box it is folded into, that are not drawn."""
        return f"{self.node(node)}-onward"

    def use(self, node: Node, position: int) -> str:
        """Of an input's way into an operation, and its gradient's way back."""
        return f"n{self._places[node]}-in{position}"
