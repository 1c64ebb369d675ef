"""The forward and the backward graph in one picture: the same places, read in opposite directions.

Both are laid out as one graph, in which an operation and its rule, a leaf and its gradient, a value's
way in and its gradient's way back are one, as large as the larger of the two. It is drawn twice: with
the forward graph, and with the backward graph, whose arrows run the other way.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import NamedTuple

from .layout import Edge, Layout, Point, Scope, Size, layout
from .picture import Arrow, Picture
from .routing import Path
from .style import FONTS, LEADING, box_size, captions, label_size
from .words import Words

WRAP = 1500.0
"""Wider drawings are broken into rows where few lines pass, so that text stays legible."""

BETWEEN = 36.0
"""The distance between the two halves."""

AROUND, APART, MANY = 12.0, 5.0, 8
"""A box has so much room around the lines at a side and between two of them, for at most so many."""

CAPTION = 2 * FONTS["title"].size * LEADING
"""How much room the caption of a half takes."""


def both(forward: Picture, backward: Picture, title: str) -> Picture:
    """Two pictures of one graph as one.

    Args:
        forward: the forward graph.
        backward: the backward graph.
        title: the title of the whole.

    Returns:
        The picture: the boxes and arrows of the first, then those of the second.
    """
    count = len(forward.boxes)
    moved = [replace(arrow, source=arrow.source + count, target=arrow.target + count) for arrow in backward.arrows]
    words = Words(forward.lang)
    hint = words("Boxes marked with the same colour belong together.")
    return Picture(
        "both",
        title,
        (*forward.boxes, *backward.boxes),
        (*forward.arrows, *moved),
        (*dict.fromkeys((*forward.notes, *backward.notes)), hint),
        forward.lang,
        (forward, backward),
    )


class Arranged(NamedTuple):
    """A picture with a place for everything.

    Attributes:
        layout: the places of boxes, labels, lines and frames.
        sizes: the size of each box.
        captions: where the title of each half begins.
    """

    layout: Layout
    sizes: list[Size]
    captions: list[Point]


def arranged(picture: Picture, down: bool) -> Arranged:
    """Where everything in a picture goes.

    Args:
        picture: what to draw.
        down: whether it runs from top to bottom, not from left to right.

    Returns:
        The places.
    """
    if picture.halves:
        return _mirrored(picture, down)
    sizes = [box_size(box.room or box.lines, box.bars) for box in picture.boxes]
    edges = [Edge(arrow.source, arrow.target, _room(arrow)) for arrow in picture.arrows]
    scopes = [box.scope for box in picture.boxes]
    backward = picture.kind == "backward"
    sizes = _grown(sizes, edges, down)
    found = layout(sizes, edges, scopes, captions(scopes), down=down, backward=backward, wrap=None if down else WRAP)
    return Arranged(found, sizes, [])


def _grown(sizes: list[Size], edges: list[Edge], down: bool) -> list[Size]:
    """The sizes, large enough for the lines that meet each box to stay apart."""
    sides = Counter(side for source, target, _ in edges for side in ((source, "out"), (target, "in")))
    found = []
    for box, (wide, high) in enumerate(sizes):
        least = AROUND + APART * min(max(sides[box, "out"], sides[box, "in"]), MANY)
        found.append((max(wide, least), high) if down else (wide, max(high, least)))
    return found


def _room(arrow: Arrow) -> Size | None:
    return label_size(arrow.room or arrow.lines)


def _mirrored(picture: Picture, down: bool) -> Arranged:
    """The layout of both halves as one graph, twice."""
    forward, backward = picture.halves
    places = _pairs(forward, backward)
    sizes: dict[int, Size] = {}
    scopes: dict[int, Scope] = {}
    for place, box in zip(places, picture.boxes, strict=True):
        sizes[place] = _larger(sizes.get(place), box_size(box.room or box.lines, box.bars))
        scopes.setdefault(place, box.scope)
    rows, edges = _merged(forward, backward, places)
    grown = _grown([sizes[place] for place in range(len(sizes))], edges, down)
    found = layout(
        grown,
        edges,
        [scopes[place] for place in range(len(sizes))],
        captions(scopes.values()),
        down=down,
        wrap=None if down else WRAP,
    )

    count = len(forward.arrows)
    dx, dy = (found.width + BETWEEN, 0.0) if down else (0.0, found.height + BETWEEN + CAPTION)
    offsets = [*[(0.0, CAPTION)] * len(forward.boxes), *[(dx, dy + CAPTION)] * len(backward.boxes)]
    labels, paths, heads, tails = [], [], [], []
    for i, (row, arrow) in enumerate(zip(rows, picture.arrows, strict=True)):
        back = i >= count
        x, y = (dx, dy + CAPTION) if back else (0.0, CAPTION)
        corner, own, whole = found.labels[row], _room(arrow), edges[row].label
        if corner is not None and own is not None and whole is not None:
            corner = (corner[0] + (whole[0] - own[0]) / 2 + x, corner[1] + (whole[1] - own[1]) / 2 + y)
        labels.append(corner if own is not None else None)
        path = [tuple((a + x, b + y) for a, b in piece) for piece in found.paths[row]]
        paths.append(_reversed(path) if back else path)
        heads.append(found.tails[row] if back else found.heads[row])
        tails.append(found.heads[row] if back else found.tails[row])
    halves = found._replace(
        boxes=[(found.boxes[i][0] + x, found.boxes[i][1] + y) for i, (x, y) in zip(places, offsets, strict=True)],
        labels=labels,
        paths=paths,
        heads=heads,
        tails=tails,
        width=found.width + dx,
        height=found.height + dy + CAPTION,
        frames=[
            frame._replace(x=frame.x + x, y=frame.y + y + CAPTION)
            for half, (x, y) in zip(picture.halves, ((0.0, 0.0), (dx, dy)), strict=True)
            for frame in found.frames
            if any(box.scope[: len(frame.scope)] == frame.scope for box in half.boxes)
        ],
    )
    return Arranged(halves, [grown[place] for place in places], [(0.0, 0.0), (dx, dy)])


def _pairs(forward: Picture, backward: Picture) -> list[int]:
    """For each box its place in the common layout: boxes of equal tie have the same."""
    places = list(range(len(forward.boxes)))
    tied = {box.tie: i for i, box in enumerate(forward.boxes) if box.tie}
    free = len(places)
    for box in backward.boxes:
        place = tied.pop(box.tie, free)
        places.append(place)
        free += place == free
    return places


def _merged(forward: Picture, backward: Picture, places: list[int]) -> tuple[list[int], list[Edge]]:
    """For each arrow the edge of the common layout that it is drawn along, and these edges."""
    rows = list(range(len(forward.arrows)))
    edges = [Edge(places[arrow.source], places[arrow.target], _room(arrow)) for arrow in forward.arrows]
    free: dict[tuple[int, int], list[int]] = {}  # the forward arrows without a partner
    for row, edge in enumerate(edges):
        free.setdefault((edge.source, edge.target), []).append(row)
    count = len(forward.boxes)
    for arrow in backward.arrows:
        source, target, room = places[arrow.target + count], places[arrow.source + count], _room(arrow)
        candidates = free.get((source, target))
        if not candidates:
            rows.append(len(edges))
            edges.append(Edge(source, target, room))
            continue
        row = next((row for row in candidates if forward.arrows[row].tie == arrow.tie), candidates[0])
        candidates.remove(row)
        rows.append(row)
        if room is not None:
            edges[row] = edges[row]._replace(label=_larger(edges[row].label, room))
    return rows, edges


def _larger(one: Size | None, other: Size) -> Size:
    return other if one is None else (max(one[0], other[0]), max(one[1], other[1]))


def _reversed(path: Path) -> Path:
    """The same line, drawn from its other end."""
    ends = [piece[-1] for piece in path]
    turned: Path = [(ends[-1],)]
    for piece, end in zip(path[:0:-1], ends[-2::-1], strict=True):
        turned.append((*piece[-2::-1], end))
    return turned
