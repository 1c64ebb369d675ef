"""The order of the cells within each layer, with few crossings between layers."""

from __future__ import annotations

from bisect import bisect_right

from .cells import Cell

SWEEPS = 12
LARGE = 400
"""From this many cells on, fewer orders are tried."""
HUGE = 3000


def arrange(cells: list[Cell], backward: bool) -> list[list[Cell]]:
    """The cells layer by layer, in order.

    Args:
        cells: all cells; each knows its layer and its links to neighbouring layers.
        backward: whether to start from the sources, not from the results.

    Returns:
        The layers. Each cell's rank is its place in its layer.
    """
    layers = 1 + max((cell.layer for cell in cells), default=-1)
    best: list[list[Cell]] = []
    fewest = -1
    sweeps = SWEEPS if len(cells) < LARGE else 6 if len(cells) < HUGE else 3
    for ends in (backward, not backward) if len(cells) < HUGE else (backward,):
        for mirrored in (False, True) if len(cells) < LARGE else (False,):
            rows: list[list[Cell]] = [[] for _ in range(layers)]
            for cell in _depth_first(cells, ends, mirrored):
                rows[cell.layer].append(cell)
            found, count = _improve(rows, sweeps)
            if fewest < 0 or count < fewest:
                best, fewest = found, count
            if not fewest:
                break
        if not fewest:
            break
    for row in best:
        row.sort(key=lambda cell: cell.kind != "title")  # a title stands where a reader begins
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
    """How many pairs of links between neighbouring layers cross."""
    total = 0
    for row in rows:
        ends: list[float] = []
        lines = [(cell.rank + link.start, link.target.rank + link.end) for cell in row for link in cell.after]
        for _, end in sorted(lines):
            if not ends or end >= ends[-1]:
                ends.append(end)
            else:
                place = bisect_right(ends, end)
                total += len(ends) - place
                ends.insert(place, end)
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
            following = [link.target for link in cell.after] if sources else [link.source for link in cell.before]
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
            places = (
                [link.source.rank + link.start for link in cell.before]
                if forwards
                else [link.target.rank + link.end for link in cell.after]
            )
            wanted[cell] = sum(places) / len(places) if places else float(cell.rank)
        row.sort(key=wanted.__getitem__)
        for rank, cell in enumerate(row):
            cell.rank = rank
