"""Where the boxes of a layered drawing go: a pure function of their sizes and connections.

The steps are those of Sugiyama, Tagawa and Toda (1981): longest-path layers; long edges cut into pieces of one layer;
an order within each layer with few crossings, by barycentres; and coordinates as near to the
neighbours' as the order allows, by isotonic regression, so that no two boxes can overlap. Labels
are laid out like boxes, in layers of their own between the layers of boxes. Frames are laid out
from the inside outwards: each is one box for the frame around it, with ports where lines cross it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from .grouping import Scope, grouped
from .levels import IN, OUT, Content, Leg, Level, Ports, Size, layers
from .routing import Path, Piece

__all__ = ["Edge", "Frame", "Layout", "Path", "Point", "Scope", "Size", "layers", "layout"]

Point = tuple[float, float]

PAD = 12.0
"""The least distance between a frame and what is in it."""


SWEEPS = {300: 16, 2000: 8, math.inf: 4}
"""How often everything is moved towards its neighbours, in drawings of up to so many boxes."""


class Edge(NamedTuple):
    """A connection between two boxes, given by their numbers; ``label`` is the size of its label."""

    source: int
    target: int
    label: Size | None = None


class Frame(NamedTuple):
    """A rectangle around the boxes of one scope, with its title at the top left."""

    scope: Scope
    x: float
    y: float
    width: float
    height: float


class Layout(NamedTuple):
    """Where everything is.

    Attributes:
        boxes: the top left corner of each box.
        labels: the top left corner of each edge's label, None where it has none.
        paths: for each edge its start, then lines (one point) and Bézier curves (three points); an
            edge that shares its way with an earlier one begins (or ends) where they part (or meet).
        heads: whether each path ends at its box, and so has an arrow's head.
        tails: whether each path begins at its box.
        width: of the whole drawing.
        height: likewise.
        frames: the rectangles around scopes, each after the one around it.
    """

    boxes: list[Point]
    labels: list[Point | None]
    paths: list[Path]
    heads: list[bool]
    tails: list[bool]
    width: float
    height: float
    frames: list[Frame]


def layout(
    sizes: Sequence[Size],
    edges: Sequence[Edge],
    scopes: Sequence[Scope] | None = None,
    captions: Mapping[Scope, Size] | None = None,
    *,
    down: bool = False,
    backward: bool = False,
    wrap: float | None = None,
) -> Layout:
    """Lay out boxes so that every edge leads to a later layer.

    Args:
        sizes: the width and height of each box.
        edges: the connections, without cycles; several between the same boxes are several lines.
        scopes: for each box the names of what it belongs to, outermost first: boxes of the same
            scope stand in a frame. A scope that is left and entered again may have several frames.
        captions: the size of the title of each scope's frame.
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
    found = _Nested(sizes, edges, scopes or [()] * len(sizes), captions or {}, down, backward, wrap)
    return found.layout()


class _Nested:
    """Lays out the frames from the inside outwards, then puts them into their places."""

    def __init__(
        self,
        sizes: Sequence[Size],
        edges: Sequence[Edge],
        scopes: Sequence[Scope],
        captions: Mapping[Scope, Size],
        down: bool,
        backward: bool,
        wrap: float | None,
    ) -> None:
        self.down = down
        self.backward = backward
        self.count = len(sizes)
        self.groups = grouped(scopes, [(edge.source, edge.target) for edge in edges])
        self.home = [0] * self.count
        self.depth = [0] * len(self.groups)
        for number, group in enumerate(self.groups):
            self.depth[number] = self.depth[group.parent] + 1 if number else 0
            for box in group.boxes:
                self.home[box] = number
        self.trails, legs = self._legs(edges)
        self.sizes = {i: size[::-1] if down else size for i, size in enumerate(sizes)}  # of boxes, then of groups
        self.ports: dict[int, Ports] = {}
        self.levels: list[Content] = []
        self.origins: list[Point] = []  # where each group's content begins, within its frame
        for number in reversed(range(len(self.groups))):
            self._level(number, legs[number], captions, wrap)
        self.levels.reverse()
        self.origins.reverse()

    def _legs(self, edges: Sequence[Edge]) -> tuple[list[list[Leg]], list[list[Leg]]]:
        """The legs of each edge that no earlier one has, from its source on; and those in each group."""
        shared: set[tuple[int, int, int, int]] = set()
        trails: list[list[Leg]] = []
        legs: list[list[Leg]] = [[] for _ in self.groups]
        for edge in edges:
            hub = edge.target if self.backward else edge.source
            ways = list(self._ways(edge.source, edge.target))
            own = ways[0] if self.backward else ways[-1]
            trail = []
            for way in ways:
                frame, source, target = way
                if way is not own:
                    if (frame, hub, source, target) in shared:
                        continue
                    shared.add((frame, hub, source, target))
                label = edge.label[::-1] if edge.label and self.down else edge.label
                trail.append(Leg(frame, hub, source, target, label if way is own else None))
                legs[frame].append(trail[-1])
            trails.append(trail)
        return trails, legs

    def _ways(self, source: int, target: int) -> Iterator[tuple[int, int, int]]:
        """Which groups an edge runs through, and between which of their items."""
        here, there = self.home[source], self.home[target]
        rest = []
        while here != there:
            if self.depth[here] >= self.depth[there]:
                yield here, source, OUT
                here, source = self.groups[here].parent, self.count + here
            else:
                rest.append((there, IN, target))
                there, target = self.groups[there].parent, self.count + there
        yield here, source, target
        yield from reversed(rest)

    def _level(self, number: int, legs: list[Leg], captions: Mapping[Scope, Size], wrap: float | None) -> None:
        """Lay out the content of one group, and find out how large its frame is."""
        group, count = self.groups[number], self.count
        items = [*group.boxes, *(count + inner for inner in group.groups)]
        wide, high = captions.get(group.scope, (0.0, 0.0))
        level = Level(
            {item: self.sizes[item] for item in items},
            {item: self.ports[item] for item in items if item >= count},
            legs,
            self.backward,
            None if wrap is None else max(wrap - 2 * PAD * self.depth[number], wrap / 2),
            (high, wide) if number and self.down else None,
            next(sweeps for size, sweeps in SWEEPS.items() if count <= size),
        ).content
        self.levels.append(level)
        if not number:
            self.origins.append((0.0, 0.0))
            self.sizes[count] = level.length, level.depth
            return
        before = 0.0 if level.ports.inward or self.down else PAD
        after = 0.0 if level.ports.outward else PAD
        above = PAD if self.down else max(high, PAD)
        length, depth = before + level.length + after, above + level.depth + PAD
        if self.down:
            depth = max(depth, wide + 2 * PAD)
        else:
            length = max(length, wide + 2 * PAD)
        self.origins.append((before, above))
        self.sizes[count + number] = length, depth
        self.ports[count + number] = Ports(
            {hub: v + above for hub, v in level.ports.inward.items()},
            {hub: v + above for hub, v in level.ports.outward.items()},
        )
        for leg in legs:
            if leg.target == OUT:
                leg.path.append(((length - before, leg.path[-1][-1][1]),))

    def layout(self) -> Layout:
        """Everything in the place where it is drawn."""
        places: list[Point] = [(0.0, 0.0)] * (self.count + len(self.groups))
        starts: list[Point] = []  # where each group's content begins in the drawing
        for number, (level, (before, above)) in enumerate(zip(self.levels, self.origins, strict=True)):
            u, v = places[self.count + number]
            starts.append((u + before, v + above))
            for item, (du, dv) in level.corners.items():
                places[item] = u + before + du, v + above + dv
        paths, labels = [], []
        for trail in self.trails:
            path: Path = []
            place = None
            for leg in trail:
                pieces = self._moved(leg.path, starts[leg.frame])
                path += pieces[1:] if path else pieces
                if leg.place is not None:
                    ((place,),) = self._moved([(leg.place,)], starts[leg.frame])
            paths.append(path)
            labels.append(place)
        ends = [self._reaches(trail) for trail in self.trails]
        sizes = [self.sizes[self.count + number] for number in range(len(self.groups))]
        frames = [
            Frame(group.scope, *self._turned(places[self.count + number]), *self._turned(sizes[number]))
            for number, group in enumerate(self.groups)
        ]
        return Layout(
            [self._turned(place) for place in places[: self.count]],
            labels,
            paths,
            [not self.backward or end for end in ends],
            [self.backward or end for end in ends],
            frames[0].width,
            frames[0].height,
            frames[1:],
        )

    def _reaches(self, trail: list[Leg]) -> bool:
        """Whether an edge's line reaches its hub, and not only the line of another."""
        leg = trail[-1] if self.backward else trail[0]
        return leg.whole and leg.hub == (leg.target if self.backward else leg.source)

    def _turned(self, point: Point) -> Point:
        return point[::-1] if self.down else point

    def _moved(self, path: Path, by: Point) -> Path:
        """A line at its place in the drawing."""
        du, dv = by
        if self.down:
            return [_downward(piece, du, dv) for piece in path]
        return [tuple([(u + du, v + dv) for u, v in piece]) for piece in path]


def _downward(piece: Piece, du: float, dv: float) -> Piece:
    return tuple([(v + dv, u + du) for u, v in piece])
