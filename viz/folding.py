"""Which nodes of a large graph are drawn together, as one box."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Hashable, Sequence
from dataclasses import dataclass, field

from autograd_core.node import Node

from .repeats import common, repeats
from .values import Use
from .words import Words

READABLE = 30
"""A graph with more boxes than this is folded: repeats first, then modules, unless a depth is asked for."""

HUGE = 10_000
"""A graph with more boxes than this is folded into stretches of operations, whatever it is made of."""

ALIKE = 12
"""Of more inputs than this of one operation that nothing else uses, only a few are drawn."""


@dataclass(eq=False)
class Group:
    """Nodes drawn as one box.

    Attributes:
        title: what they are together.
        scope: the module that the box stands in.
        nodes: the operations and leaves, oldest first.
        times: how often they repeat the same.
        turns: for each operation in which of the repeats it is, from 0; empty where nothing repeats.
        begun: the leaves that the first repeat starts from, which are drawn by themselves.
    """

    title: str
    scope: tuple[str, ...] = ()
    nodes: list[Node] = field(default_factory=list)
    times: int = 1
    turns: dict[Node, int] = field(default_factory=dict)
    begun: frozenset[Node] = frozenset()


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
        TypeError: the depth is no whole number.
        ValueError: it is negative.
    """
    if depth is not None:
        if isinstance(depth, bool) or not hasattr(depth, "__index__"):
            raise TypeError(f"depth= counts the levels of modules shown open, a whole number, got {depth!r}")
        if depth < 0:
            raise ValueError(f"depth= counts the levels of modules shown open, from 0, got {depth}")
        folding = _modules(nodes, uses, depth, {})
        if _boxes(nodes, folding) > READABLE:
            joined = _repeats(_parts(nodes, folding))
            replaced = {folding[node] for node in joined}
            kept = {node: group for node, group in folding.items() if group not in replaced}
            folding = _owned(nodes, uses, kept | joined)
    else:
        folding = {}
        if _boxes(nodes, folding) > READABLE:
            rolled = _repeats([[node] for node in nodes if node.op is not None])
            folding = _owned(nodes, uses, rolled)
            deepest = max((len(node.scope) for node in nodes), default=0)
            while _boxes(nodes, folding) > READABLE and deepest > 0:
                deepest -= 1
                folding = _modules(nodes, uses, deepest, rolled, _innermost(nodes))
        if _boxes(nodes, folding) > READABLE:
            _alike(nodes, uses, folding, words)
    if _boxes(nodes, folding) > HUGE:
        folding = _stretches(nodes, uses, words)
    return folding


def _boxes(nodes: Sequence[Node], folding: Folding) -> int:
    """How many boxes are drawn for nodes and groups."""
    return sum(node not in folding for node in nodes) + len({id(group) for group in folding.values()})


def _innermost(nodes: Sequence[Node]) -> set[tuple[str, ...]]:
    """The modules of several operations that have none within them."""
    counts = Counter(node.scope for node in nodes if node.op is not None)
    outer = {scope[:length] for scope in counts for length in range(len(scope))}
    return {scope for scope, count in counts.items() if count > 1 and scope not in outer}


def _modules(
    nodes: Sequence[Node],
    uses: dict[Node, list[Use]],
    depth: int,
    rolled: Folding,
    small: Container[tuple[str, ...]] = (),
) -> Folding:
    """Modules below a depth, and small ones above it, as one box each, besides what is rolled up already."""

    def module(node: Node) -> tuple[str, ...] | None:
        if node in rolled or (len(node.scope) <= depth and node.scope not in small):
            return None
        return node.scope[: depth + 1]

    return _runs(nodes, uses, module, lambda node: Group(".".join(path := module(node) or ()), path[:-1]), rolled)


def _parts(nodes: Sequence[Node], folding: Folding) -> list[list[Node]]:
    """The operations that are folded together as one part each; an empty one for what is drawn by itself."""
    parts: list[list[Node]] = []
    last: Group | None = None
    for node in nodes:
        if node.op is None:
            continue
        group = folding.get(node)
        if group is not None and group is last:
            parts[-1].append(node)
        else:
            parts.append([node] if group is not None else [])
        last = group
    return parts


def _repeats(parts: list[list[Node]]) -> Folding:
    """What repeats as one box for all of its repeats."""
    folding: Folding = {}
    for stretch in repeats(parts):
        operations = [node for part in parts[stretch.start : stretch.stop] for node in part]
        each = len(operations) // stretch.times
        begun = {
            parent
            for first, second in zip(operations[:each], operations[each:], strict=False)
            for parent, later in zip(first.inputs, second.inputs, strict=False)
            if parent is not None and parent.op is None and later is not None and later.op is not None
        }
        title, scope = _caption(operations, each, stretch.times)
        turns = {node: i // each for i, node in enumerate(operations)}
        group = Group(title, scope, operations, stretch.times, turns, frozenset(begun))
        folding.update(dict.fromkeys(operations, group))
    return folding


def _caption(operations: list[Node], each: int, times: int) -> tuple[str, tuple[str, ...]]:
    """The title of a stretch that repeats, and the module that it stands in."""
    outer = common(operations)
    first, last = common(operations[:each]), common(operations[-each:])
    if first == last:  # the repeats are not modules of their own
        within = [node.scope[: len(outer) + 1] for node in operations if len(node.scope) > len(outer)]
        first, last = (within[0], within[-1]) if within else (outer, outer)
    signs = list(dict.fromkeys(_sign(node) for node in operations[:each]))
    what = ", ".join([*signs[:3], *["…"] * (len(signs) > 3)])
    if first != last:
        return f"{'.'.join(first)} … {'.'.join(last)} ×{times}", outer
    return f"{'.'.join(first)}: {what} ×{times}" if first else f"{what} ×{times}", outer[: len(first)]


def _sign(node: Node) -> str:
    """An operation's sign where it can stand beside others, else its name."""
    assert node.op is not None
    sign = node.op.symbol
    return sign if sign.isidentifier() or (len(sign) > 2 and "," not in sign) else node.op.name


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
        {},
    )


def _runs(
    nodes: Sequence[Node],
    uses: dict[Node, list[Use]],
    key: Callable[[Node], Hashable],
    group: Callable[[Node], Group],
    others: Folding,
) -> Folding:
    """Operations of equal key that follow one another, besides other groups.

    A stretch of the creation order can be one box without making a cycle; all operations of a
    module that is called twice could not.
    """
    folding = dict(others)
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
    return _owned(nodes, uses, folding)


def _owned(nodes: Sequence[Node], uses: dict[Node, list[Use]], folding: Folding) -> Folding:
    """Groups of operations with the leaves that only they use; in repeats, that only one of these uses."""
    for node in nodes:
        if node.op is None and node not in folding and uses[node]:
            owner = folding.get(uses[node][0][0])
            if owner is None or node in owner.begun:
                continue
            users = [user for user, _ in uses[node]]
            if (
                all(folding.get(user) is owner for user in users)
                and len({owner.turns.get(user) for user in users}) == 1
            ):
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
