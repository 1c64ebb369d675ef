"""Coordinates for ordered layers: along the flow by the widths of the layers, across it by regression."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

from .cells import Cell, Link

GAP = 18.0
"""The least distance between neighbours in a layer."""

TIGHT = 8.0
"""The least distance between lines."""

NEAR, FAR = 26.0, 90.0
"""The least and the greatest distance between layers; steeper lines get more of it."""

LANE = 12.0
"""The distance between lines that lead from one row of a broken drawing to the next."""

PORT = 14.0
"""The distance between lines that meet the same side of a box."""

FEW = 6
"""A drawing is broken between layers only where at most this many lines pass."""

SLACK = 1.25
"""A drawing that is longer than a row should be by no more than this is not broken."""

BAND, BREAK = 0.1, 0.12
"""What one more row costs, and each line that leads to the next; 1 is the cost of an empty row."""

ALMOST = 12.0
"""Lines that are bent by less than this are made straight where that is possible."""

Wish = tuple[Cell, float, float]  # a neighbour, how far from its middle, how strongly


class _Level(NamedTuple):
    """A layer with the distances in it, and the neighbours of each cell: before it, after it, and all."""

    row: list[Cell]
    offsets: list[float]
    before: list[list[Wish]]
    after: list[list[Wish]]
    around: list[list[Wish]]


class Band(NamedTuple):
    """A stretch of layers that is drawn as one row.

    Attributes:
        rows: its layers.
        leaving: where lines leave its last layer for the next band: cells, and how far from their middle.
        top: where it begins across the flow.
        bottom: where it ends.
        right: where it ends along the flow.
    """

    rows: list[list[Cell]]
    leaving: list[tuple[Cell, float]]
    top: float
    bottom: float
    right: float


def spread(rows: list[list[Cell]], aside: list[Link]) -> None:
    """Give the lines at each box places of their own, in the order of where they come from and lead to.

    Args:
        rows: the layers, in order.
        aside: links between distant layers, which run below all boxes.
    """
    lower: dict[Cell, tuple[list[Link], list[Link]]] = {}
    for link in aside:
        lower.setdefault(link.source, ([], []))[1].append(link)
        lower.setdefault(link.target, ([], []))[0].append(link)
    for row in rows:
        for cell in row:
            if cell.kind != "box":
                continue
            below = lower.get(cell, ([], []))
            before = sorted(cell.before, key=lambda link: link.source.rank + link.start) + below[0]
            after = sorted(cell.after, key=lambda link: link.target.rank + link.end) + below[1]
            for link, place in zip(before, _ports(cell, len(before)), strict=True):
                link.into = place
            for link, place in zip(after, _ports(cell, len(after)), strict=True):
                link.out = place


def _ports(cell: Cell, count: int) -> list[float]:
    gap = min(PORT, max(cell.depth - 12, cell.depth / 2) / max(count, 1))
    if gap < 1:
        return [0.0] * count
    return [(place - (count - 1) / 2) * gap for place in range(count)]


def place(rows: list[list[Cell]], wrap: float | None, backward: bool, sweeps: int) -> list[Band]:
    """Give every cell its centre.

    Args:
        rows: the layers, in order.
        wrap: where a longer drawing is broken into bands, None for never.
        backward: whether labels belong to the source of their edge, so that they stay in its band.
        sweeps: how often cells are moved towards their neighbours.

    Returns:
        The bands, one if nothing is broken.
    """
    bands = []
    top = 0.0
    entering = 0
    breaks = _breaks(rows, wrap, backward)
    for start, stop in breaks:
        part = rows[start:stop]
        _across(part, {cell for row in part for cell in row} if len(breaks) > 1 else None, sweeps)
        low = min((cell.v - cell.depth / 2 for row in part for cell in row), default=0.0)
        bottom = top
        for row in part:
            for cell in row:
                cell.v += top - low
                bottom = max(bottom, cell.v + cell.depth / 2)
        leaving = _leaving(part[-1]) if part else []
        right = _along(part, (entering + 1) * LANE if entering else 0.0)
        bands.append(Band(part, leaving, top, bottom, right))
        entering = len(leaving)
        top = bottom + GAP + (entering + 1) * LANE
    return bands


def _leaving(row: list[Cell]) -> list[tuple[Cell, float]]:
    """Where lines lead on from a layer."""
    return list(dict.fromkeys((cell, link.out) for cell in row for link in cell.after))


def _breaks(rows: list[list[Cell]], wrap: float | None, backward: bool) -> list[tuple[int, int]]:
    """Where bands begin and end: they are to be about as long as wanted, with few lines between them."""
    ends = [0.0, *accumulate(max((cell.length for cell in row), default=0.0) + NEAR for row in rows)]
    if wrap is None or ends[-1] <= wrap * SLACK:
        return [(0, len(rows))]
    if backward:  # not between a box and the labels of its lines
        ending = [all(cell.kind != "label" for cell in row) for row in rows[1:]]
    else:
        ending = [any(cell.kind in ("box", "frame") for cell in row) for row in rows]
    lines = {stop: len(_leaving(rows[stop - 1])) for stop in range(1, len(rows)) if ending[stop - 1]}
    stops = [0, *(stop for stop, count in lines.items() if count <= FEW), len(rows)]
    best = {0: (0.0, 0)}  # what the bands up to a stop cost, and where the last of them begins
    for i, stop in enumerate(stops[1:], start=1):
        for start in reversed(stops[:i]):
            size = (ends[stop] - ends[start]) / wrap
            if size > 2 * SLACK and stop in best:
                break
            uneven = 4 * (size - 1) ** 2 if size > 1 else 0.0 if stop == len(rows) else (1 - size) ** 2
            cost = best[start][0] + uneven + BAND + BREAK * lines.get(stop, 0)
            if stop not in best or cost < best[stop][0]:
                best[stop] = cost, start
    found = [len(rows)]
    while found[-1]:
        found.append(best[found[-1]][1])
    return list(pairwise(reversed(found)))


def _along(rows: list[list[Cell]], start: float) -> float:
    """Place the layers one after the other; returns where the last one ends."""
    u = start
    for row in rows:
        length = max((cell.length for cell in row), default=0.0)
        if row is not rows[0]:
            steepest = max(
                (abs(cell.v + link.into - link.source.v - link.out) for cell in row for link in cell.before),
                default=0.0,
            )
            u += min(NEAR + 0.12 * steepest, FAR)
        for cell in row:
            cell.u = u + length / 2
            if cell.kind == "box" and length > 3 * cell.length:  # beside a frame: near to what it belongs to
                cell.u += (length - cell.length) / 2 * (bool(cell.after) - bool(cell.before))
        u += length
    return u


def _across(rows: list[list[Cell]], inside: set[Cell] | None, sweeps: int) -> None:
    """Move the cells of each layer as near to their neighbours in a set as their order and size allow."""
    levels: list[_Level] = []
    for row in rows:
        offsets = [0.0]
        for cell, following in pairwise(row):
            tight = cell.kind == following.kind == "passage"
            offsets.append(offsets[-1] + (cell.depth + following.depth) / 2 + (TIGHT if tight else GAP))
        for cell, offset in zip(row, offsets, strict=True):
            cell.v = offset + row[0].depth / 2
        before = [_wishes(cell, inside, False) for cell in row]
        after = [_wishes(cell, inside, True) for cell in row]
        levels.append(_Level(row, offsets, before, after, [a + b for a, b in zip(before, after, strict=True)]))
    for turns, both in ((sweeps * 3 // 8, False), (sweeps // 8, True)):
        for _ in range(max(turns, 1)):
            former = [cell.v for row in rows for cell in row]
            for level in reversed(levels):
                _settle(level.row, level.offsets, level.around if both else level.after)
            for level in levels:
                _settle(level.row, level.offsets, level.around if both else level.before)
            if all(abs(cell.v - v) < 1 for cell, v in zip((cell for row in rows for cell in row), former, strict=True)):
                break
    for level in levels:
        _straighten(level.row, level.offsets, level.before)
    for level in reversed(levels):
        _straighten(level.row, level.offsets, [() if a else b for a, b in zip(level.before, level.after, strict=True)])


def _straighten(row: list[Cell], offsets: list[float], wishes: Sequence[Sequence[Wish]]) -> None:
    """Move cells that are almost level with a neighbour until they are, where there is room."""
    for i, (cell, near) in enumerate(zip(row, wishes, strict=True)):
        if not near:
            continue
        other, offset, _ = max(near, key=lambda wish: (wish[2], -abs(wish[0].v + wish[1] - cell.v)))
        wanted = other.v + offset
        low = row[i - 1].v + offsets[i] - offsets[i - 1] if i else wanted
        high = row[i + 1].v + offsets[i] - offsets[i + 1] if i + 1 < len(row) else wanted
        if abs(wanted - cell.v) < ALMOST and low <= wanted <= high:
            cell.v = wanted


def _wishes(cell: Cell, inside: set[Cell] | None, on: bool) -> list[Wish]:
    """The neighbours on one side that the cell would like to be level with."""
    found = []
    for link in cell.after if on else cell.before:
        other, offset = (link.target, link.into - link.out) if on else (link.source, link.out - link.into)
        if inside is None or other in inside:
            found.append((other, offset, link.pull))
    return found


def _settle(row: list[Cell], offsets: list[float], wishes: list[list[Wish]]) -> None:
    """The positions nearest to the wishes, by weighted squares, that keep the order and the distances.

    With the least distances subtracted this is isotonic regression: neighbours that would be in
    the wrong order are pooled at their mean.
    """
    pools: list[tuple[float, float, float, int]] = []  # mean, weighted sum, weight, how many
    for cell, offset, near in zip(row, offsets, wishes, strict=True):
        total, weight = (0.0, 0.0) if near else (0.05 * (cell.v - offset), 0.05)
        for other, shift, pull in near:
            total += pull * (other.v + shift - offset)
            weight += pull
        if len(row) == 1:
            cell.v = total / weight
            return
        mean, count = total / weight, 1
        while pools and pools[-1][0] > mean:
            _, more, heavier, others = pools.pop()
            total, weight, count = total + more, weight + heavier, count + others
            mean = total / weight
        pools.append((mean, total, weight, count))
    i = 0
    for mean, _, _, count in pools:
        for _ in range(count):
            row[i].v = mean + offsets[i]
            i += 1
