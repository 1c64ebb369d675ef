"""Which nodes of a large graph are drawn together, as one box."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field

from autograd_core.node import Node

from .values import Use
from .words import Words

READABLE = 150
"""A graph with more boxes than this is folded by its modules, unless a depth is asked for."""

HUGE = 10_000
"""A graph with more boxes than this is folded into stretches of operations, whatever it is made of."""

ALIKE = 12
"""Of more inputs than this of one operation that nothing else uses, only a few are drawn."""


@dataclass(eq=False)
class Group:
    """Nodes drawn as one box.

    Attributes:
        title: what they are together.
        scope: the module they belong to.
        nodes: the operations and leaves, oldest first.
    """

    title: str
    scope: tuple[str, ...] = ()
    nodes: list[Node] = field(default_factory=list)


Folding = dict[Node, Group]


def fold(nodes: Sequence[Node], uses: dict[Node, list[Use]], depth: int | None, words: Words) -> Folding:
    """Decide what is drawn together.

    Args:
        nodes: all nodes, oldest first.
        uses: where each is used.
        depth: how many levels of modules are shown open; None folds only what would be unreadable.
        words: the language's words.

    Returns:
        For each node that is not drawn by itself, its group.

    Raises:
        ValueError: the depth is negative.
    """
    if depth is not None:
        if depth < 0:
            raise ValueError(f"depth= counts the levels of modules shown open, from 0, got {depth}")
        folding = _modules(nodes, uses, depth)
    else:
        folding = {}
        deepest = max((len(node.scope) for node in nodes), default=0)
        while _boxes(nodes, folding) > READABLE and deepest > 0:
            deepest -= 1
            folding = _modules(nodes, uses, deepest)
        if _boxes(nodes, folding) > READABLE:
            _alike(nodes, uses, folding, words)
    if _boxes(nodes, folding) > HUGE:
        folding = _stretches(nodes, uses, words)
    return folding


def _boxes(nodes: Sequence[Node], folding: Folding) -> int:
    """How many boxes are drawn: nodes, groups and constants."""
    single = [node for node in nodes if node not in folding]
    constants = sum(node.inputs.count(None) for node in single)
    return len(single) + constants + len({id(group) for group in folding.values()})


def _modules(nodes: Sequence[Node], uses: dict[Node, list[Use]], depth: int) -> Folding:
    return _runs(
        nodes,
        uses,
        lambda node: node.scope[: depth + 1] if len(node.scope) > depth else None,
        lambda node: Group(".".join(node.scope[: depth + 1]), node.scope[: depth + 1]),
    )


def _stretches(nodes: Sequence[Node], uses: dict[Node, list[Use]], words: Words) -> Folding:
    places = {node: i for i, node in enumerate(node for node in nodes if node.op is not None)}
    size = -(-len(places) // READABLE)
    return _runs(
        nodes,
        uses,
        lambda node: places[node] // size,
        lambda node: Group(
            words("operations {first} to {last}", first=places[node] + 1, last=min(places[node] + size, len(places)))
        ),
    )


def _runs(
    nodes: Sequence[Node],
    uses: dict[Node, list[Use]],
    key: Callable[[Node], Hashable],
    group: Callable[[Node], Group],
) -> Folding:
    """Operations of equal key that follow one another, and the leaves that only they use.

    A stretch of the creation order can be one box without making a cycle; all operations of a
    module that is called twice could not.
    """
    folding: Folding = {}
    last: Hashable = None
    for node in nodes:
        if node.op is None:
            continue
        this = key(node)
        if this is not None:
            if this != last:
                current = group(node)
            folding[node] = current
            current.nodes.append(node)
        last = this
    for node in nodes:
        users = {folding.get(user) for user, _ in uses[node]}
        if node.op is None and len(users) == 1:
            (owner,) = users
            if owner is not None:
                folding[node] = owner
                owner.nodes.append(node)
    return folding


def _alike(nodes: Sequence[Node], uses: dict[Node, list[Use]], folding: Folding, words: Words) -> None:
    """Fold most of the leaves that one operation alone uses."""
    for node in nodes:
        if len(node.inputs) <= ALIKE or node in folding:
            continue
        alone = [
            leaf
            for leaf in dict.fromkeys(node.inputs)
            if leaf is not None and leaf.op is None and len(uses[leaf]) == 1 and leaf not in folding
        ]
        if len(alone) > ALIKE:
            inner = alone[3:-1]
            folding.update(dict.fromkeys(inner, Group(words("{n} more leaves", n=len(inner)), nodes=inner)))
