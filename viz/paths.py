"""The paths between two nodes of a graph: how many there are, the first of them, and where they all meet."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from autograd_core.node import Node

from .values import Use, Values


class Paths:
    """Every path on which a change of one value reaches the result.

    A path is a sequence of uses: the operation that gives the result and which of its inputs is taken,
    then the operation behind that input, and so on, down to the value.

    Args:
        values: the graph.
        start: the node of the value.

    Attributes:
        start: the node of the value.
        nodes: every node on some path, oldest first, with both ends; empty if there is no path.
        count: how many paths there are.
    """

    def __init__(self, values: Values, start: Node) -> None:
        self.start = start
        self._values = values
        self._root = values.root
        reached = {start}
        for node in values.nodes:
            if node.op is not None and any(
                parent in reached and node.op.vjps[position] is not None for position, parent in enumerate(node.inputs)
            ):
                reached.add(node)
        leading = {values.root} & reached
        self._ways: dict[Node, list[int]] = {}
        counts = dict.fromkeys(leading, 1)  # of the paths from each node to the result
        for node in reversed(values.nodes):
            if node not in leading:
                continue
            rules = node.op.vjps if node.op is not None else ()
            self._ways[node] = [
                position
                for position, parent in enumerate(node.inputs)
                if node is not start and parent in reached and rules[position] is not None
            ]
            for position in self._ways[node]:
                parent = node.inputs[position]
                assert parent is not None
                leading.add(parent)
                counts[parent] = counts.get(parent, 0) + counts[node]
        self.nodes = [node for node in values.nodes if node in leading]
        self.count = counts.get(start, 0)

    def uses(self, node: Node) -> list[Use]:
        """The uses of a node's inputs that are on some path."""
        return [(node, position) for position in self._ways.get(node, ())]

    def is_only_way(self, use: Use) -> bool:
        """Whether a change of an input reaches the operation by this use alone, so that ∂v/∂u can only mean this."""
        node, position = use
        parent = node.inputs[position]
        assert parent is not None
        todo = [user for user, place in self._onward(parent) if (user, place) != use]
        seen = set(todo)
        for user in todo:  # the list grows while it is walked
            if user is node:
                return False
            for further, _ in self._onward(user):
                if further.number <= node.number and further not in seen:
                    seen.add(further)
                    todo.append(further)
        return True

    def _onward(self, node: Node) -> list[Use]:
        """The uses of a node that are on some path."""
        return [use for use in self._values.uses[node] if use[1] in self._ways.get(use[0], ())]

    def first(self, most: int) -> list[list[Use]]:
        """The first paths, from the result to the value, at most so many."""
        return list(islice(self._all(self._root, self.start), most))

    def between(self, above: Node, below: Node, most: int) -> list[list[Use]]:
        """The first paths between two nodes where all paths meet, at most so many."""
        return list(islice(self._all(above, below), most))

    def _all(self, above: Node, below: Node) -> Iterator[list[Use]]:
        if above not in self._ways:
            return
        path: list[Use] = []
        choices = [iter(self.uses(above))]
        if above is below:
            yield []
        while choices:
            use = next(choices[-1], None)
            if use is None:
                choices.pop()
                if path:
                    path.pop()
                continue
            parent = use[0].inputs[use[1]]
            assert parent is not None
            if parent is below:
                yield [*path, use]
            else:
                path.append(use)
                choices.append(iter(self.uses(parent)))

    def meetings(self) -> list[Node]:
        """The nodes that every path goes through, from the result to the value.

        In creation order, a node is one exactly if no use on a path reaches past it.
        """
        place = {node: i for i, node in enumerate(self.nodes)}
        found = []
        oldest = len(self.nodes)  # that any newer node uses
        for i in range(len(self.nodes) - 1, -1, -1):
            node = self.nodes[i]
            if oldest >= i:
                found.append(node)
            for _, position in self.uses(node):
                oldest = min(oldest, place[node.inputs[position]])  # type: ignore[index]
        return found
