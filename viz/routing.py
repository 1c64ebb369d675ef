"""The lines of a drawing: curves between layers, straight through a layer, around at a break."""

from __future__ import annotations

from heapq import heappop, heappush
from itertools import pairwise

from .cells import Cell, Link
from .coordinates import LANE, Band

Piece = tuple[tuple[float, float], ...]
Path = list[Piece]

STUB = 10.0
"""How far before a box a curve has become straight, so that arrow heads point along the flow."""

ROUND = 8.0
"""The radius of corners."""


class Router:
    """Draws lines between placed cells.

    Args:
        bands: the rows of the drawing.
        aside: links between distant layers, which run below all boxes.

    Attributes:
        width: of the drawing, with its lines.
        height: likewise.
    """

    def __init__(self, bands: list[Band], aside: list[Link]) -> None:
        self._bands = bands
        self._band = {cell: i for i, band in enumerate(bands) for row in band.rows for cell in row}
        self._starts: dict[Cell, float] = {}
        self._ends: dict[Cell, float] = {}
        for band in bands:
            self._columns(band)
        self._lanes = [
            {exit: lane for lane, exit in enumerate(sorted(band.leaving, key=lambda exit: -exit[0].v - exit[1]), 1)}
            for band in bands
        ]
        bottom = max((band.bottom for band in bands), default=0.0)
        self._below = _tracks([(self._ends[link.source], self._starts[link.target], link) for link in aside])
        for link, track in self._below.items():
            self._below[link] = bottom + LANE * (track + 1)
        self.height = max(self._below.values(), default=bottom)
        self.width = max(
            (band.right + (len(band.leaving) + 1) * LANE * bool(band.leaving) for band in bands), default=0.0
        )

    def _columns(self, band: Band) -> None:
        """Where each cell's layer begins and ends along the flow."""
        for row in band.rows:
            start = min(cell.u - cell.length / 2 for cell in row)
            end = max(cell.u + cell.length / 2 for cell in row)
            self._starts.update(dict.fromkeys(row, start))
            self._ends.update(dict.fromkeys(row, end))

    def path(self, chain: list[Link]) -> Path:
        """The line along the links of a chain."""
        first, last = chain[0].source, chain[-1].target
        path: Path = [((first.u + first.length / 2, first.v + chain[0].out),)]
        for link in chain:
            source, target = link.source, link.target
            v, w = source.v + link.out, target.v + link.into
            _line(path, (self._ends[source], v))
            start = self._starts[target] - (STUB if target.kind == "box" else 0.0)
            band = self._band[source]
            if link in self._below:
                below = self._below[link]
                out, back = self._ends[source] + LANE, self._starts[target] - STUB
                _around(path, [(out, v), (out, below), (back, below), (back, w), (self._starts[target], w)])
            elif band == self._band[target]:
                _curve(path, (start, w))
            else:
                lanes = self._lanes[band]
                lane = lanes[source, link.out] * LANE
                far, near = self._bands[band].right + lane, (len(lanes) + 1) * LANE - lane
                below = self._bands[band].bottom + lane
                _around(path, [(far, v), (far, below), (near, below), (near, w), (self._starts[target], w)])
            _line(path, (target.u - target.length / 2 if target is last else target.u, w))
        return path


def _tracks(spans: list[tuple[float, float, Link]]) -> dict[Link, float]:
    """Numbers for stretches of a line, so that those of the same number lie apart."""
    used: list[tuple[float, int]] = []  # where each number was last used
    found: dict[Link, float] = {}
    for start, end, link in sorted(spans, key=lambda span: span[:2]):
        track = heappop(used)[1] if used and used[0][0] < start else len(used)
        heappush(used, (end, track))
        found[link] = track
    return found


def _line(path: Path, end: tuple[float, float]) -> None:
    if path[-1][-1] != end:
        path.append((end,))


def _curve(path: Path, end: tuple[float, float]) -> None:
    """An S-curve that leaves and arrives along the flow."""
    u, v = path[-1][-1]
    if abs(v - end[1]) < 0.5:
        _line(path, end)
        return
    middle = (u + end[0]) / 2
    path.append(((middle, v), (middle, end[1]), end))


def _around(path: Path, corners: list[tuple[float, float]]) -> None:
    """Straight lines through the corners, which are rounded."""
    for corner, following in pairwise(corners):
        u, v = path[-1][-1]
        into, out = _toward(corner, (u, v)), _toward(corner, following)
        path.append((into,))
        path.append((corner, corner, out))
    path.append((corners[-1],))


def _toward(corner: tuple[float, float], other: tuple[float, float]) -> tuple[float, float]:
    """The point at which the rounding of a corner begins, on the way to another point."""
    du, dv = other[0] - corner[0], other[1] - corner[1]
    distance = max(abs(du), abs(dv))
    reach = min(ROUND, distance / 2)
    return (corner[0] + du / distance * reach, corner[1] + dv / distance * reach) if distance else corner
