"""The lines of a drawing: curves between layers, straight through a layer, around at a break."""

from __future__ import annotations

from itertools import pairwise

from .cells import Cell
from .coordinates import LANE, Band

Piece = tuple[tuple[float, float], ...]
Path = list[Piece]

PORT = 14.0
"""The distance between lines that end at the same box."""

STUB = 10.0
"""How far before a box a curve has become straight, so that arrow heads point along the flow."""

ROUND = 8.0
"""The radius of corners."""


def route(chains: list[list[Cell]], bands: list[Band], backward: bool) -> tuple[list[Path], float, float]:
    """Draw each chain of cells as one line.

    Args:
        chains: the cells that each line passes, from box to box.
        bands: the rows of the drawing.
        backward: whether lines that leave a box are spread; those that end at one otherwise are.

    Returns:
        The paths, and the width and height of the whole drawing.
    """
    band_of = {cell: i for i, band in enumerate(bands) for row in band.rows for cell in row}
    starts, ends = _columns(bands)
    ports = _ports(chains, backward)
    lanes = [{cell: lane for lane, cell in enumerate(sorted(band.leaving, key=lambda cell: -cell.v))} for band in bands]
    paths = []
    for number, chain in enumerate(chains):
        heights = [cell.v for cell in chain]
        heights[0 if backward else -1] += ports[number]
        first = chain[0]
        path: Path = [((first.u + first.length / 2, heights[0]),)]
        for (cell, v), (other, w) in pairwise(zip(chain, heights, strict=True)):
            _line(path, (ends[cell], v))
            if band_of[cell] == band_of[other]:
                _curve(path, (starts[other] - (STUB if other.kind == "box" else 0.0), w))
            else:
                i = band_of[cell]
                lane = (lanes[i][cell] + 1) * LANE
                far, near = bands[i].right + lane, len(lanes[i]) * LANE + LANE - lane
                below = bands[i].bottom + lane
                _around(path, [(far, v), (far, below), (near, below), (near, w), (starts[other], w)])
            edge = other.u - other.length / 2 if other is chain[-1] else other.u
            _line(path, (edge, w))
        paths.append(path)
    width = max((band.right + (len(band.leaving) + 1) * LANE * bool(band.leaving) for band in bands), default=0.0)
    return paths, width, max((band.bottom for band in bands), default=0.0)


def _columns(bands: list[Band]) -> tuple[dict[Cell, float], dict[Cell, float]]:
    """Where each cell's layer begins and ends along the flow."""
    starts: dict[Cell, float] = {}
    ends: dict[Cell, float] = {}
    for band in bands:
        for row in band.rows:
            half = max(cell.length for cell in row) / 2
            for cell in row:
                starts[cell], ends[cell] = cell.u - half, cell.u + half
    return starts, ends


def _ports(chains: list[list[Cell]], backward: bool) -> list[float]:
    """How far from its middle each line meets the box, so that several lines stay apart."""
    meeting: dict[Cell, list[tuple[float, int]]] = {}
    for number, chain in enumerate(chains):
        box, neighbour = (chain[0], chain[1]) if backward else (chain[-1], chain[-2])
        meeting.setdefault(box, []).append((neighbour.v, number))
    found = [0.0] * len(chains)
    for box, lines in meeting.items():
        gap = min(PORT, (box.depth - 12) / len(lines))
        for place, (_, number) in enumerate(sorted(lines)):
            found[number] = (place - (len(lines) - 1) / 2) * gap
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
