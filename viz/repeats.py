"""Stretches of a graph in which the same is computed again and again: layers of one kind, steps of a loop."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from autograd_core.node import Node, Spec

TIMES = 3
"""What repeats less often is not a repeat."""

SAVED = 8
"""Nor is it one if drawing it once saves fewer boxes than this."""

LONGEST = 600
"""Repeats with more parts than this are not looked for."""

_DIGITS = re.compile(r"\d+")


class Stretch(NamedTuple):
    """Parts from ``start`` up to ``stop`` that are ``times`` the same."""

    start: int
    stop: int
    times: int


def repeats(parts: Sequence[Sequence[Node]]) -> list[Stretch]:
    """Find what repeats: parts that do the same with the same shapes, connected the same way.

    Args:
        parts: operations that belong together, in creation order; an empty part is like no other.

    Returns:
        Stretches that do not overlap.
    """
    codes: dict[Any, int] = {}
    marks = np.array(
        [
            codes.setdefault(tuple(map(_kind, part)) if part else ("alone", i), len(codes))
            for i, part in enumerate(parts)
        ],
        dtype=np.int64,
    )
    offsets = np.concatenate([[0], np.cumsum([len(part) for part in parts], dtype=np.int64)])
    operations = [node for part in parts for node in part]
    places = {node: i for i, node in enumerate(operations)}
    found = []
    waiting = [(0, len(parts))]
    while waiting:
        start, stop = waiting.pop()
        for first, end, period in _periods(marks[start:stop]):
            stretch = _aligned(parts, start + first, start + end, period)
            stretch = _connected(operations, places, offsets, stretch, period)
            if stretch.times >= TIMES and (stretch.times - 1) * period >= min(SAVED, 4 * period):
                found.append(stretch)
                waiting += [(start, stretch.start), (stretch.stop, stop)]
                break
    return sorted(found)


def common(operations: Sequence[Node]) -> tuple[str, ...]:
    """The innermost module that all operations belong to."""
    low, high = min(node.scope for node in operations), max(node.scope for node in operations)
    length = 0
    while length < len(low) and low[length] == high[length]:
        length += 1
    return low[:length]


def _kind(node: Node) -> Any:
    """What an operation must have in common with another to be the same."""
    op = node.op
    assert op is not None
    arrays = node.saved[1] if op.variadic else node.saved[1:]
    shapes = tuple(array.shape if isinstance(array, Spec) else np.shape(array) for array in arrays)
    return op.name, node.shape, shapes, tuple(_DIGITS.sub("#", name) for name in node.scope)


def _periods(marks: Any) -> list[tuple[int, int, int]]:
    """Where a sequence repeats itself: start, end and period, that which saves most first."""
    found = []
    for period in range(1, min(len(marks) // TIMES, LONGEST) + 1):
        same = marks[period:] == marks[:-period]
        if np.count_nonzero(same) < (TIMES - 1) * period:
            continue
        edges = np.flatnonzero(np.diff(np.concatenate([[False], same, [False]]).astype(np.int8)))
        for first, last in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
            if last - first >= (TIMES - 1) * period:
                saved = (last + period - first) // period * period - period
                found.append((-saved, period, first, last + period))
    return [(first, end, period) for _, period, first, end in sorted(found)]


def _aligned(parts: Sequence[Sequence[Node]], first: int, end: int, period: int) -> Stretch:
    """The repeats in a stretch, begun where a module begins, and rather with parameters than without."""

    def shared(i: int) -> int:
        """How many modules a part has in common with the one before it."""
        if not parts[i] or not parts[i - 1]:
            return 0
        return len(common([parts[i - 1][-1], parts[i][0]]))

    starts = range(first, min(first + period, end - TIMES * period + 1))
    start = min(starts, key=lambda i: (shared(i + period), -((end - i) // period), not _has_leaf(parts[i]), i))
    times = (end - start) // period
    return Stretch(start, start + times * period, times)


def _has_leaf(part: Sequence[Node]) -> bool:
    """Whether an operation uses a leaf, as a layer's first does."""
    return any(parent is not None and parent.op is None for node in part[:1] for parent in node.inputs)


def _connected(
    operations: Sequence[Node], places: dict[Node, int], offsets: Any, stretch: Stretch, period: int
) -> Stretch:
    """As many of the repeats as are connected within and to the one before in the same way."""
    begin, size = int(offsets[stretch.start]), int(offsets[stretch.start + period] - offsets[stretch.start])

    def links(repeat: int) -> list[int]:
        """For each input how far back it comes from; 0 from outside."""
        far = []
        for i in range(begin + repeat * size, begin + (repeat + 1) * size):
            for parent in operations[i].inputs:
                place = places.get(parent, -1) if parent is not None else -1
                far.append(i - place if place >= begin and i - place <= 2 * size else 0)
        return far

    usual = links(1)
    times = next((repeat for repeat in range(2, stretch.times) if links(repeat) != usual), stretch.times)
    inputs = [(i, parent) for i in range(size) for parent in operations[begin + i].inputs]
    within = [0 if distance > i else distance for (i, _), distance in zip(inputs, usual, strict=False)]
    if len(within) == len(usual) and links(0) == within:
        return Stretch(stretch.start, stretch.start + times * period, times)
    return Stretch(stretch.start + period, stretch.start + times * period, times - 1)
