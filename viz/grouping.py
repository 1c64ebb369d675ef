"""Which boxes stand together in a frame: those of one scope, as far as that makes no cycle."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

Scope = tuple[str, ...]


@dataclass
class Group:
    """The boxes of one frame.

    Attributes:
        scope: what they have in common; () for the whole drawing.
        parent: the number of the group around it, -1 for the whole drawing.
        boxes: the boxes that stand in it and in no smaller group.
        groups: the numbers of the groups directly in it.
    """

    scope: Scope
    parent: int
    boxes: list[int] = field(default_factory=list)
    groups: list[int] = field(default_factory=list)


def grouped(scopes: Sequence[Scope], edges: Iterable[tuple[int, int]]) -> list[Group]:
    """Group boxes by scope, so that the groups, each taken as one box, are connected without a cycle.

    A scope that is entered again after something outside it needed its result gets several groups.

    Args:
        scopes: for each box what it belongs to, outermost first.
        edges: the connections, without cycles.

    Returns:
        The whole drawing, then all groups, each after the one around it.
    """
    after: list[list[int]] = [[] for _ in scopes]
    for source, target in edges:
        after[source].append(target)
    found = [Group((), -1)]
    home = [0] * len(scopes)
    waiting = deque([(0, list(range(len(scopes))))])
    while waiting:
        number, members = waiting.popleft()
        depth = len(found[number].scope)
        found[number].boxes = [box for box in members if len(scopes[box]) == depth]
        if len(found[number].boxes) == len(members):
            continue
        names = {box: scopes[box][depth : depth + 1] for box in members}
        for part in _parts(names, after, home, number):
            found[number].groups.append(len(found))
            for box in part:
                home[box] = len(found)
            waiting.append((len(found), part))
            found.append(Group(scopes[part[0]][: depth + 1], number))
    return found


def _parts(names: dict[int, Scope], after: list[list[int]], home: list[int], here: int) -> list[list[int]]:
    """The members of a group that have a name, in parts of equal names."""
    whole: dict[Scope | int, int] = {}  # the number of each name, and of each box without one
    node = {box: whole.setdefault(name or box, len(whole)) for box, name in names.items()}
    inner = {box: [other for other in after[box] if home[other] == here] for box in names}
    follows: list[set[int]] = [set() for _ in whole]
    for box in names:
        follows[node[box]].update(node[other] for other in inner[box] if node[other] != node[box])
    knots = _knots([sorted(others) for others in follows])
    parts: dict[int, list[int]] = {}
    knotted: dict[int, list[int]] = {}
    for box, name in names.items():
        if node[box] in knots:
            knotted.setdefault(knots[node[box]], []).append(box)
        elif name:
            parts.setdefault(node[box], []).append(box)
    found = list(parts.values())
    for boxes in knotted.values():
        found += _runs(boxes, names, inner)
    return sorted(found)


def _knots(follows: list[list[int]]) -> dict[int, int]:
    """The nodes that lie on a cycle, each with the number of its strongly connected component (Tarjan 1972)."""
    index: dict[int, int] = {}
    low: dict[int, int] = {}
    start: dict[int, int] = {}  # where on the path each is
    path: list[int] = []
    within: set[int] = set()
    found: dict[int, int] = {}
    for root in range(len(follows)):
        work = [(root, iter(follows[root]))] if root not in index else []
        while work:
            node, others = work[-1]
            if node not in index:
                index[node] = low[node] = len(index)
                start[node] = len(path)
                path.append(node)
                within.add(node)
            for other in others:
                if other not in index:
                    work.append((other, iter(follows[other])))
                    break
                if other in within:
                    low[node] = min(low[node], index[other])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    component = path[start[node] :]
                    del path[start[node] :]
                    within.difference_update(component)
                    if len(component) > 1:
                        found.update(dict.fromkeys(component, node))
    return found


def _runs(boxes: list[int], names: dict[int, Scope], after: dict[int, list[int]]) -> list[list[int]]:
    """Boxes of equal names that can be taken one after the other; boxes without a name are left out."""
    inside = set(boxes)
    follows = {box: [other for other in after[box] if other in inside] for box in boxes}
    missing = dict.fromkeys(boxes, 0)
    for box in boxes:
        for other in follows[box]:
            missing[other] += 1
    # A box that nothing leads to goes with the first that needs it, if that has its name.
    held = {box for box in boxes if not missing[box] and names[box] in [names[other] for other in follows[box]]}
    sources = [box for box in boxes if box in held]
    for box in sources:
        for other in follows[box]:
            missing[other] -= 1
    ready: dict[Scope, deque[int]] = {}
    for box in boxes:
        if not missing[box] and box not in held:
            ready.setdefault(names[box], deque()).append(box)
    runs: list[list[int]] = []
    place: dict[int, int] = {}
    while ready:
        name = () if () in ready else min(ready, key=lambda name: ready[name][0])
        run: list[int] = []
        while ready[name]:
            box = ready[name].popleft()
            run.append(box)
            place[box] = len(runs)
            for other in follows[box]:
                missing[other] -= 1
                if not missing[other]:
                    ready.setdefault(names[other], deque()).append(other)
        del ready[name]
        runs.append(run)
    for box in sources:
        first = min(place[other] for other in follows[box])
        if names[runs[first][0]] == names[box]:
            runs[first].append(box)
        else:
            runs.append([box])
    return [sorted(run) for run in runs if names[run[0]]]
