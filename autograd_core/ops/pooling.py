"""Sums and maxima of windows, in any number of dimensions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from ..rules import Function, constant, custom, linear
from .windows import Shape, add_windows, blocks, taps


def _sum(x: Any, results: Shape, size: Shape, **geometry: Shape) -> Any:
    n = len(size)
    out = np.zeros_like(x, shape=(*x.shape[:-n], *results))
    for block in blocks(x):
        part, seen = out[block], x[block]
        for _, windows, elements in taps(x.shape[-n:], results, size, **geometry):
            part[windows] += seen[elements]
    return out


def _spread(g: Any, x: Any, results: Shape, size: Shape, **geometry: Shape) -> Any:
    """Each window's gradient at each of its elements."""
    n = len(size)
    shape = (*g.shape[:-n], *size, *results)
    repeated = np.broadcast_to(np.expand_dims(g, tuple(range(g.ndim - n, g.ndim))), shape)
    return add_windows.op.on(repeated, length=x.shape[-n:], size=size, **geometry)


_OPTIONS = {"results": "results", "size": "K", "stride": "s", "padding": "p", "dilation": "d"}

sum_windows: Function = linear(_sum, _spread, name="sum_windows", symbol="Σ□", options=_OPTIONS)


def _max(x: Any, results: Shape, size: Shape, **geometry: Shape) -> Any:
    n = len(size)
    lowest = -np.inf if x.dtype.kind == "f" else np.iinfo(x.dtype).min
    out = np.full_like(x, lowest, shape=(*x.shape[:-n], *results))
    for block in blocks(x):
        part, seen = out[block], x[block]
        for _, windows, elements in taps(x.shape[-n:], results, size, **geometry):
            np.maximum(part[windows], seen[elements], out=part[windows])
    return out


def _winners(x: Any, y: Any, size: Shape, **geometry: Shape) -> Iterator[tuple[Shape, Any, Any, Any]]:
    """For each place in a window: where the windows' largest element stands there.

    Of equal elements the first counts, of several NaN the last, as in PyTorch.

    Returns:
        Quadruples of the place, the index of windows and of elements as :func:`taps` gives them, and booleans.
    """
    n = len(size)
    found = list(taps(x.shape[-n:], y.shape[-n:], size, **geometry))
    last = _last_nan(x, y, found) if y.dtype.kind == "f" and np.isnan(np.max(y, initial=0)) else None
    free = np.ones_like(y, dtype=bool)
    for i, (tap, windows, elements) in enumerate(found):
        hit = x[elements] == y[windows]
        hit &= free[windows]
        free[windows] ^= hit
        yield tap, windows, elements, hit if last is None else hit | last[i]


def _last_nan(x: Any, y: Any, found: Sequence[tuple[Shape, Any, Any]]) -> list[Any]:
    """For each place in a window: where the window's last NaN stands there."""
    missing = np.isnan(y)
    hits = []
    for _, windows, elements in reversed(found):
        hit = np.isnan(x[elements]) & missing[windows]
        missing[windows] ^= hit
        hits.append(hit)
    return hits[::-1]


def _to_winners(g: Any, x: Any, y: Any, size: Shape, **geometry: Shape) -> Any:
    out = np.zeros_like(x, dtype=g.dtype)
    for block in blocks(x):
        part, given = out[block], g[block]
        for _, windows, elements, hit in _winners(x[block], y[block], size, **geometry):
            part[elements] += given[windows] * hit.astype(g.dtype)  # many times as fast as with booleans
    return out


def _from_winners(t: Any, x: Any, y: Any, size: Shape, **geometry: Shape) -> Any:
    out = np.zeros_like(y, dtype=t.dtype)
    for _, windows, elements, hit in _winners(x, y, size, **geometry):
        out[windows] += t[elements] * hit.astype(t.dtype)
    return out


def _positions(x: Any, y: Any, size: Shape, stride: Shape, padding: Shape, dilation: Shape) -> Any:
    """Where in the flattened last axes of x each window's maximum stands."""
    n = len(size)
    out = np.zeros(y.shape, np.int64)
    for tap, windows, _, hit in _winners(x, y, size, stride=stride, padding=padding, dilation=dilation):
        starts = [
            np.arange(count)[where] * s - p + k * d
            for count, where, s, p, k, d in zip(y.shape[-n:], windows[1:], stride, padding, tap, dilation, strict=True)
        ]
        np.copyto(out[windows], np.ravel_multi_index(np.ix_(*starts), x.shape[-n:]), where=hit)
    return out


_GEOMETRY = {name: value for name, value in _OPTIONS.items() if name != "results"}

max_windows: Function = custom(
    _max,
    (lambda g, y, x, results, **geometry: to_winners.op.on(g, x, y, **geometry),),
    (lambda t, y, x, results, **geometry: from_winners.op.on(t, x, y, **geometry),),
    name="max_windows",
    symbol="max□",
    options=_OPTIONS,
)
# The gradient of maxima y at the elements of x where they stand, and the other way round.
to_winners: Function = custom(
    _to_winners,
    (lambda u, z, g, x, y, **geometry: from_winners.op.on(u, x, y, **geometry), None, None),
    (lambda t, z, g, x, y, **geometry: to_winners.op.on(t, x, y, **geometry), None, None),
    name="to_winners",
    options=_GEOMETRY,
)
from_winners: Function = custom(
    _from_winners,
    (lambda g, z, t, x, y, **geometry: to_winners.op.on(g, x, y, **geometry), None, None),
    (lambda t, z, old, x, y, **geometry: from_winners.op.on(t, x, y, **geometry), None, None),
    name="from_winners",
    options=_GEOMETRY,
)
max_positions = constant(_positions, name="max_positions")
