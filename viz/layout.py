"""Where the boxes of a layered drawing go: a pure function of their sizes and connections.

The steps are those of Sugiyama, Tagawa and Toda (1981): longest-path layers; long edges cut into pieces of one layer;
an order within each layer with few crossings, by barycentres; and coordinates as near to the
neighbours' as the order allows, by isotonic regression, so that no two boxes can overlap. Labels
are laid out like boxes, in layers of their own between the layers of boxes.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from .cells import Cell
from .coordinates import place
from .ordering import arrange
from .routing import Path, route

Size = tuple[float, float]
Point = tuple[float, float]

PASSAGES = 8
"""Long edges are led around boxes as long as that takes at most this many passages per box and edge."""


class Edge(NamedTuple):
    """A connection between two boxes, given by their numbers; ``label`` is the size of its label."""

    source: int
    target: int
    label: Size | None = None


class Layout(NamedTuple):
    """Where everything is.

    Attributes:
        sizes: the size of each box.
        boxes: the top left corner of each box.
        labels: the top left corner of each edge's label, None where it has none.
        paths: for each edge its start, then lines (one point) and Bézier curves (three points); an
            edge that shares its way with an earlier one begins (or ends) where they part (or meet).
        heads: whether each path ends at its box, and so has an arrow's head.
        tails: whether each path begins at its box.
        width: of the whole drawing.
        height: likewise.
    """

    sizes: list[Size]
    boxes: list[Point]
    labels: list[Point | None]
    paths: list[Path]
    heads: list[bool]
    tails: list[bool]
    width: float
    height: float


def layers(count: int, edges: Sequence[tuple[int, int]]) -> list[int]:
    """The layer of each box: after all boxes that lead to it, sources next to what they lead to.

    Args:
        count: how many boxes there are.
        edges: the connections, without cycles.

    Returns:
        The layers, from 0.

    Raises:
        ValueError: the connections form a cycle.
    """
    after: list[list[int]] = [[] for _ in range(count)]
    before: list[list[int]] = [[] for _ in range(count)]
    for source, target in edges:
        after[source].append(target)
        before[target].append(source)
    waiting = [len(sources) for sources in before]
    order = [i for i in range(count) if not waiting[i]]
    found = [0] * count
    for i in order:  # the list grows while it is walked
        for target in after[i]:
            found[target] = max(found[target], found[i] + 1)
            waiting[target] -= 1
            if not waiting[target]:
                order.append(target)
    if len(order) < count:
        raise ValueError("a layered drawing needs connections without a cycle")
    for i in reversed(order):
        if after[i] and len(after[i]) >= len(before[i]):
            found[i] = min(found[target] for target in after[i]) - 1
    lowest = min(found, default=0)
    return [layer - lowest for layer in found]


def layout(
    sizes: Sequence[Size],
    edges: Sequence[Edge],
    *,
    down: bool = False,
    backward: bool = False,
    wrap: float | None = None,
) -> Layout:
    """Lay out boxes so that every edge leads to a later layer.

    Args:
        sizes: the width and height of each box.
        edges: the connections, without cycles; several between the same boxes are several lines.
        down: whether the layers follow each other from top to bottom, not from left to right.
        backward: whether labels and shared stretches belong to an edge's source: boxes at the end
            of the flow then stand next to what leads to them, as those at its start otherwise do.
        wrap: where a wider drawing is broken into rows, if that breaks few edges.

    Returns:
        Positions, in the unit of the sizes.

    Raises:
        ValueError: the connections form a cycle.

    Example:
        >>> found = layout([(60, 20), (60, 20)], [Edge(0, 1)])
        >>> found.boxes[0][0] + 60 < found.boxes[1][0]
        True
    """
    pairs = [(edge.source, edge.target) for edge in edges]
    if backward:
        depths = layers(len(sizes), [(target, source) for source, target in pairs])
        last = max(depths, default=0)
        depths = [last - depth for depth in depths]
    else:
        depths = layers(len(sizes), pairs)
    step = 2 if any(edge.label for edge in edges) else 1
    boxes = [
        Cell("box", step * depth, height if down else width, width if down else height)
        for depth, (width, height) in zip(depths, sizes, strict=True)
    ]
    chains, labels, extra = _chains(boxes, edges, down, backward)
    rows = arrange([*boxes, *extra], backward)
    whole = all(cell.layer + 1 == after.layer for chain in chains for cell, after in pairwise(chain))
    bands = place(rows, wrap if whole else None, backward)
    paths, width, height = route(chains, bands, backward)
    corners = [(box.u - box.length / 2, box.v - box.depth / 2) for box in boxes]
    places = [None if label is None else (label.u - label.length / 2, label.v - label.depth / 2) for label in labels]
    if down:
        corners = [(v, u) for u, v in corners]
        places = [None if place is None else (place[1], place[0]) for place in places]
        paths = [[tuple((v, u) for u, v in piece) for piece in path] for path in paths]
        width, height = height, width
    heads = [chain[-1].kind == "box" for chain in chains]
    tails = [chain[0].kind == "box" for chain in chains]
    return Layout(list(sizes), corners, places, paths, heads, tails, width, height)


def _chains(
    boxes: list[Cell], edges: Sequence[Edge], down: bool, backward: bool
) -> tuple[list[list[Cell]], list[Cell | None], list[Cell]]:
    """Every edge as a chain of cells in consecutive layers, the labels' cells, and all cells but the boxes.

    Edges that share an end, the hub, share the way from there as far as both go: the chain of the
    second begins (or ends) at a passage of the first. If all that takes too many passages, the
    longest edges go straight.
    """
    ways: dict[int, int] = {}
    for edge in edges:
        near = edge.target if backward else edge.source
        ways[near] = max(ways.get(near, 0), boxes[edge.target].layer - boxes[edge.source].layer)
    budget, longest = PASSAGES * (len(boxes) + len(edges)), 0
    for way in sorted(ways.values()):
        budget -= way
        if budget < 0:
            break
        longest = way
    trunks: dict[int, list[Cell]] = {}  # the cells of the way from each hub, itself first
    chains: list[list[Cell]] = []
    labels: list[Cell | None] = []
    for edge in edges:
        near, far = (edge.target, edge.source) if backward else (edge.source, edge.target)
        hub, end = boxes[near], boxes[far]
        step = -1 if backward else 1
        rest = [end]
        label: Cell | None = None
        if edge.label is not None:
            length, depth = edge.label[::-1] if down else edge.label
            label = Cell("label", end.layer - step, length, depth)
            rest.insert(0, label)
        labels.append(label)
        trunk = trunks.setdefault(near, [hub])
        needed = abs(rest[0].layer - hub.layer) if ways[near] <= longest else 1
        joint = min(needed, len(trunk)) - 1
        while len(trunk) < needed:
            trunk.append(Cell("passage", hub.layer + step * len(trunk), 0.0, 4.0))
        chain = [*trunk[joint:needed], *rest]
        chains.append(chain[::-1] if backward else chain)
    for cell, following in dict.fromkeys(link for chain in chains for link in pairwise(chain)):
        cell.after.append(following)
        following.before.append(cell)
    passages = [cell for trunk in trunks.values() for cell in trunk[1:]]
    return chains, labels, [*passages, *(label for label in labels if label is not None)]
