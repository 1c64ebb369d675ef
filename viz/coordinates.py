"""Coordinates for ordered layers: along the flow by the widths of the layers, across it by regression."""

from __future__ import annotations

from typing import NamedTuple

from .cells import Cell

GAP = 18.0
"""The least distance between neighbours in a layer."""

NEAR, FAR = 26.0, 90.0
"""The least and the greatest distance between layers; steeper lines get more of it."""

LANE = 12.0
"""The distance between lines that lead from one row of a broken drawing to the next."""

FEW = 4
"""A drawing is broken between layers only where at most this many lines pass."""
SLACK = 1.25
"""How much longer than it should be a row may become."""

PULL = (1.0, 4.0, 16.0)
"""How much a line wants to be straight, by how many of its ends are passages of a long edge."""


class Band(NamedTuple):
    """A stretch of layers that is drawn as one row.

    Attributes:
        rows: its layers.
        leaving: the cells of its last layer from which lines lead to the next band.
        top: where it begins across the flow.
        bottom: where it ends.
        right: where it ends along the flow.
    """

    rows: list[list[Cell]]
    leaving: list[Cell]
    top: float
    bottom: float
    right: float


def place(rows: list[list[Cell]], wrap: float | None, backward: bool) -> list[Band]:
    """Give every cell its centre.

    Args:
        rows: the layers, in order.
        wrap: where a longer drawing is broken into bands, None for never.
        backward: whether labels belong to the source of their edge, so that they stay in its band.

    Returns:
        The bands, one if nothing is broken.
    """
    bands = []
    top = 0.0
    entering = 0
    for start, stop in _breaks(rows, wrap, backward):
        part = rows[start:stop]
        _across(part, fast=sum(map(len, rows)) > 3000)
        low = min((cell.v - cell.depth / 2 for row in part for cell in row), default=0.0)
        bottom = top
        for row in part:
            for cell in row:
                cell.v += top - low
                bottom = max(bottom, cell.v + cell.depth / 2)
        leaving = [cell for cell in part[-1] if cell.after] if part else []
        right = _along(part, (entering + 1) * LANE if entering else 0.0)
        bands.append(Band(part, leaving, top, bottom, right))
        entering = len(leaving)
        top = bottom + GAP + (entering + 1) * LANE
    return bands


def _breaks(rows: list[list[Cell]], wrap: float | None, backward: bool) -> list[tuple[int, int]]:
    """The first and last-but-one layer of each band; bands are about equally long."""
    widths = [max((cell.length for cell in row), default=0.0) + NEAR for row in rows]
    total = sum(widths)
    if wrap is None or total <= wrap * SLACK:
        return [(0, len(rows))]
    wanted = total / -(-total // wrap)
    lines = [sum(1 for cell in row if cell.after) for row in rows]
    boxed = [any(cell.kind == "box" for cell in row) for row in rows]
    ending = [not box for box in boxed] if backward and not all(boxed) else boxed
    found = []
    start, length, best, worst = 0, 0.0, 0, 0.0
    for stop, size in enumerate(widths, start=1):
        length += size
        if length > wanted * SLACK and best > start and stop < len(rows):
            found.append((start, best))
            start, length = best, sum(widths[best:stop])
        if length > wanted * 0.7 and ending[stop - 1] and lines[stop - 1] <= FEW:
            cost = 0.1 * lines[stop - 1] + abs(1 - length / wanted)
            if best <= start or cost <= worst:
                best, worst = stop, cost
    return [*found, (start, len(rows))]


def _along(rows: list[list[Cell]], start: float) -> float:
    """Place the layers one after the other; returns where the last one ends."""
    u = start
    for row in rows:
        length = max((cell.length for cell in row), default=0.0)
        if row is not rows[0]:
            steepest = max((abs(cell.v - other.v) for cell in row for other in cell.before), default=0.0)
            u += min(NEAR + 0.12 * steepest, FAR)
        for cell in row:
            cell.u = u + length / 2
        u += length
    return u


def _across(rows: list[list[Cell]], fast: bool) -> None:
    """Move the cells of each layer as near to their neighbours as their order and size allow."""
    inside = {cell for row in rows for cell in row}
    for row in rows:
        v = 0.0
        for cell in row:
            cell.v = v + cell.depth / 2
            v += cell.depth + GAP
    for sweep in range(4 if fast else 16):
        last = sweep >= (2 if fast else 12)
        for row in rows if sweep % 2 else reversed(rows):
            _settle(row, [_wish(cell, inside, bool(sweep % 2), last) for cell in row])


def _wish(cell: Cell, inside: set[Cell], forwards: bool, both: bool) -> tuple[float, float]:
    """Where a cell would like to be, and how much."""
    total = weight = 0.0
    for others in (cell.before, cell.after) if both else (cell.before,) if forwards else (cell.after,):
        for other in others:
            if other in inside:
                pull = PULL[(cell.kind == "passage") + (other.kind == "passage")]
                total += pull * other.v
                weight += pull
    return (total / weight, weight) if weight else (cell.v, 0.05)


def _settle(row: list[Cell], wishes: list[tuple[float, float]]) -> None:
    """The positions nearest to the wishes, by weighted squares, that keep the order and the distances.

    With the least distances subtracted this is isotonic regression: neighbours that would be in
    the wrong order are pooled at their mean.
    """
    pools: list[tuple[float, float, int]] = []  # weighted sum, weight, how many
    offsets = []
    offset = 0.0
    previous = None
    for cell, (wish, weight) in zip(row, wishes, strict=True):
        if previous is not None:
            offset += (previous.depth + cell.depth) / 2 + GAP
        offsets.append(offset)
        previous = cell
        pool = ((wish - offset) * weight, weight, 1)
        while pools and pools[-1][0] / pools[-1][1] > pool[0] / pool[1]:
            before = pools.pop()
            pool = (before[0] + pool[0], before[1] + pool[1], before[2] + pool[2])
        pools.append(pool)
    i = 0
    for total, weight, count in pools:
        for _ in range(count):
            row[i].v = total / weight + offsets[i]
            i += 1
