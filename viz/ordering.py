"""The order of the cells within each layer, with few crossings between layers."""

from __future__ import annotations

from bisect import bisect_right, insort

from .cells import Cell

SWEEPS = 12
LARGE = 3000
"""From this many cells on, fewer sweeps are made."""


def arrange(cells: list[Cell], backward: bool) -> list[list[Cell]]:
    """The cells layer by layer, in order.

    Args:
        cells: all cells; each knows its layer and its neighbours.
        backward: whether to start from the sources, not from the results.

    Returns:
        The layers. Each cell's rank is its place in its layer.
    """
    layers = 1 + max((cell.layer for cell in cells), default=-1)
    best: list[list[Cell]] = []
    fewest = -1
    small = len(cells) < LARGE
    for ends in (backward, not backward) if small else (backward,):
        for mirrored in (False, True) if small else (False,):
            rows: list[list[Cell]] = [[] for _ in range(layers)]
            for cell in _depth_first(cells, ends, mirrored):
                rows[cell.layer].append(cell)
            found, count = _improve(rows, SWEEPS if small else 3)
            if fewest < 0 or count < fewest:
                best, fewest = found, count
            if not fewest:
                break
    _rank(best)
    return best


def _improve(rows: list[list[Cell]], sweeps: int) -> tuple[list[list[Cell]], int]:
    """The best of several orders, each from the last by sorting the layers in turn, and its crossings."""
    _rank(rows)
    best, fewest = [list(row) for row in rows], crossings(rows)
    idle = 0
    for sweep in range(sweeps):
        if not fewest or idle == 4:
            break
        _sweep(rows, forwards=sweep % 2 == 0)
        count = crossings(rows)
        idle += 1
        if count < fewest:
            best, fewest, idle = [list(row) for row in rows], count, 0
    return best, fewest


def crossings(rows: list[list[Cell]]) -> int:
    """How many pairs of connections between neighbouring layers cross."""
    total = 0
    for row in rows:
        ends: list[int] = []
        for cell in row:
            ranks = sorted(other.rank for other in cell.after if other.layer == cell.layer + 1)
            for rank in ranks:
                total += len(ends) - bisect_right(ends, rank)
            for rank in ranks:
                insort(ends, rank)
    return total


def _depth_first(cells: list[Cell], sources: bool, mirrored: bool) -> list[Cell]:
    """The cells in the order in which a walk from one end meets them: trees come out without crossings."""
    seen: set[Cell] = set()
    found = []
    for start in sorted(cells, key=lambda cell: cell.layer if sources else -cell.layer):
        stack = [start]
        while stack:
            cell = stack.pop()
            if cell in seen:
                continue
            seen.add(cell)
            found.append(cell)
            following = cell.after if sources else cell.before
            stack += following if mirrored else reversed(following)
    return found


def _rank(rows: list[list[Cell]]) -> None:
    for row in rows:
        for rank, cell in enumerate(row):
            cell.rank = rank


def _sweep(rows: list[list[Cell]], forwards: bool) -> None:
    """Sort each layer by the mean place of the neighbours in the layer before it, or after it."""
    for row in rows if forwards else reversed(rows):
        wanted = {}
        for cell in row:
            ranks = [other.rank for other in (cell.before if forwards else cell.after)]
            wanted[cell] = sum(ranks) / len(ranks) if ranks else float(cell.rank)
        row.sort(key=wanted.__getitem__)
        for rank, cell in enumerate(row):
            cell.rank = rank
