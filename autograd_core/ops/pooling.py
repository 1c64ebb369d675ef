"""Sums and maxima of windows, in any number of dimensions."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..rules import Function, constant, custom, linear
from .windows import Shape, blocks, taps


def _sum(x: Any, results: Shape, size: Shape, **geometry: Shape) -> Any:
    n = len(size)
    out = np.zeros_like(x, shape=(*x.shape[: x.ndim - n], *results))
    for block in blocks(x, n):
        part, seen = out[block], x[block]
        for _, windows, elements in taps(x.shape[-n:], results, size, **geometry):
            part[windows] += seen[elements]
    return out


def _spread(g: Any, length: Shape, size: Shape, **geometry: Shape) -> Any:
    n = len(size)
    out = np.zeros_like(g, shape=(*g.shape[: g.ndim - n], *length))
    for block in blocks(out, n):
        part, given = out[block], g[block]
        for _, windows, elements in taps(length, g.shape[-n:], size, **geometry):
            part[elements] += given[windows]
    return out


_GEOMETRY = {"size": "K", "stride": "s", "padding": "p", "dilation": "d"}
_OPTIONS = {"results": "results", **_GEOMETRY}

# The transpose gives each element the sum over the windows it lies in.
sum_windows: Function = linear(
    _sum,
    lambda g, x, results, size, **geometry: spread_windows.op.on(
        g, length=x.shape[-len(size) :], size=size, **geometry
    ),
    name="sum_windows",
    symbol="Σ□",
    options=_OPTIONS,
)
spread_windows: Function = linear(
    _spread,
    lambda g, x, length, size, **geometry: sum_windows.op.on(g, results=x.shape[-len(size) :], size=size, **geometry),
    name="spread_windows",
    options={"length": "length", **_GEOMETRY},
)


def _max(x: Any, results: Shape, size: Shape, **geometry: Shape) -> Any:
    n = len(size)
    lowest = -np.inf if x.dtype.kind == "f" else np.iinfo(x.dtype).min
    out = np.full_like(x, lowest, shape=(*x.shape[: x.ndim - n], *results))
    for block in blocks(x, n):
        part, seen = out[block], x[block]
        for _, windows, elements in taps(x.shape[-n:], results, size, **geometry):
            np.maximum(part[windows], seen[elements], out=part[windows])
    return out


def _winners(x: Any, y: Any, size: Shape, **geometry: Shape) -> Any:
    """The number of the place in its window, row by row, where each largest element stands.

    Of equal elements the first counts, of several NaN the last, as in PyTorch.
    """
    n, none = len(size), math.prod(size)
    out = np.full_like(y, none, dtype=np.min_scalar_type(none))
    nan = y.dtype.kind == "f" and np.isnan(np.max(y, initial=0))
    for block in blocks(x, n):
        part, seen, largest = out[block], x[block], y[block]
        found = taps(x.shape[-n:], y.shape[-n:], size, **geometry)
        for tap, windows, elements in reversed(found):
            hit = seen[elements] == largest[windows]
            _put(part[windows], hit, _number(tap, size))
        for tap, windows, elements in found if nan else ():
            _put(part[windows], np.isnan(seen[elements]) & np.isnan(largest[windows]), _number(tap, size))
    return out


def _number(tap: Shape, size: Shape) -> int:
    """The number of a place in a window, row by row."""
    number = 0
    for place, length in zip(tap, size, strict=True):
        number = number * length + place
    return number


def _put(out: Any, hit: Any, number: int) -> None:
    """Write a number where hit is true: several times as fast as a masked copy."""
    chosen = hit.astype(out.dtype)
    chosen *= np.array(number, out.dtype) - out
    out += chosen


def _to_winners(g: Any, winners: Any, length: Shape, size: Shape, **geometry: Shape) -> Any:
    n = len(size)
    out = np.zeros_like(g, shape=(*g.shape[: g.ndim - n], *length))
    for block in blocks(out, n):
        part, given, chosen = out[block], g[block], winners[block]
        for tap, windows, elements in taps(length, g.shape[-n:], size, **geometry):
            hit = chosen[windows] == _number(tap, size)
            part[elements] += given[windows] * hit.astype(g.dtype)
    return out


def _from_winners(t: Any, winners: Any, results: Shape, size: Shape, **geometry: Shape) -> Any:
    n = len(size)
    out = np.zeros_like(t, shape=(*t.shape[: t.ndim - n], *results))
    for tap, windows, elements in taps(t.shape[-n:], results, size, **geometry):
        out[windows] += t[elements] * (winners[windows] == _number(tap, size)).astype(t.dtype)
    return out


def _positions(winners: Any, length: Shape, size: Shape, stride: Shape, padding: Shape, dilation: Shape) -> Any:
    """Where in the flattened last axes each window's largest element stands."""
    n, total = len(size), np.zeros(winners.shape, np.int64)
    for i, place in enumerate(np.unravel_index(winners, size)):
        starts = np.arange(winners.shape[i - n]) * stride[i] - padding[i]
        total *= length[i]
        total += place * dilation[i] + starts.reshape((-1,) + (1,) * (n - 1 - i))
    return total


def _to_input(g: Any, y: Any, x: Any, results: Shape, size: Shape, **geometry: Shape) -> Any:
    winners = max_winners.op.on(x, y, size=size, **geometry)
    return to_winners.op.on(g, winners, length=x.shape[-len(size) :], size=size, **geometry)


def _to_result(t: Any, y: Any, x: Any, results: Shape, size: Shape, **geometry: Shape) -> Any:
    winners = max_winners.op.on(x, y, size=size, **geometry)
    return from_winners.op.on(t, winners, results=results, size=size, **geometry)


max_windows: Function = custom(_max, (_to_input,), (_to_result,), name="max_windows", symbol="max□", options=_OPTIONS)
max_winners = constant(_winners, name="max_winners")
max_positions = constant(_positions, name="max_positions")

# What arrives at each window goes to its largest element, and the other way round.
to_winners: Function = custom(
    _to_winners,
    (
        lambda u, y, g, winners, length, size, **geometry: from_winners.op.on(
            u, winners, results=g.shape[-len(size) :], size=size, **geometry
        ),
        None,
    ),
    (lambda t, y, g, winners, **geometry: to_winners.op.on(t, winners, **geometry), None),
    name="to_winners",
    options={"length": "length", **_GEOMETRY},
)
from_winners: Function = custom(
    _from_winners,
    (
        lambda g, y, t, winners, results, size, **geometry: to_winners.op.on(
            g, winners, length=t.shape[-len(size) :], size=size, **geometry
        ),
        None,
    ),
    (lambda u, y, t, winners, **geometry: from_winners.op.on(u, winners, **geometry), None),
    name="from_winners",
    options=_OPTIONS,
)
