"""Rows that move windows over the last axes: convolution and pooling."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
from hypothesis import strategies as st

from ..strategies import Arguments, Cases, Reference, arrays

Shape = tuple[int, ...]


class _Geometry:
    """Windows along one to three axes, drawn so that at least one fits.

    Attributes:
        lengths: of the axes.
        results: how many windows there are along each.
        options: size, stride, padding and dilation.
    """

    def __init__(self, draw: st.DrawFn, axes: int, most: int = 4) -> None:
        def each(low: int, high: int) -> Shape:
            return tuple(draw(st.integers(low, high)) for _ in range(axes))

        size, stride, dilation = each(1, 2), each(1, 2), each(1, 2)
        padding = tuple(draw(st.integers(0, (d * (k - 1) + 1) // 2)) for d, k in zip(dilation, size, strict=True))
        self.lengths = tuple(draw(st.integers(d * (k - 1) + 1, most)) for d, k in zip(dilation, size, strict=True))
        self.results = tuple(
            (n + 2 * p - d * (k - 1) - 1) // s + 1
            for n, k, s, p, d in zip(self.lengths, size, stride, padding, dilation, strict=True)
        )
        self.options = {"size": size, "stride": stride, "padding": padding, "dilation": dilation}


def _seen(geometry: dict[str, Any], results: Shape, lengths: Shape) -> Any:
    """Every pair of a window and a place in it, with the element found there if it lies inside the array."""
    size, stride, padding, dilation = (geometry[name] for name in ("size", "stride", "padding", "dilation"))
    lows = [p[0] if isinstance(p, tuple) else p for p in padding]
    for window, place in itertools.product(np.ndindex(*results), np.ndindex(*size)):
        element = tuple(i * s - p + k * d for i, s, p, k, d in zip(window, stride, lows, place, dilation, strict=True))
        if all(0 <= i < n for i, n in zip(element, lengths, strict=True)):
            yield window, place, element


# Convolution


@st.composite
def _convolutions(draw: st.DrawFn, kind: str) -> Arguments:
    """Operands of a convolution, of its biased form or of one of its transposes."""
    axes = draw(st.sampled_from([1, 1, 2, 3]))
    windows = _Geometry(draw, axes, 4 if axes < 3 else 3)
    options: dict[str, Any] = dict(windows.options)
    size = options.pop("size")
    groups = draw(st.sampled_from([1, 1, 2]))
    inner, outer, batch = draw(st.integers(1, 2)), draw(st.integers(1, 2)), draw(st.integers(0, 2))
    # More or less padding at the end, as long as a window fits; negative padding cuts off.
    more = [
        draw(st.integers(0 if count == 1 else -s, 1))
        for count, s in zip(windows.results, options["stride"], strict=True)
    ]
    pads = tuple((p, p + m) for p, m in zip(options["padding"], more, strict=True))
    options |= {"padding": pads, "groups": groups}
    x, w = (batch, inner * groups, *windows.lengths), (outer * groups, inner, *size)
    g = (batch, outer * groups, *_results(x, w, **options))
    if kind == "weight":
        return (draw(arrays(x)), draw(arrays(g))), {"size": size, **options}
    if kind == "input":
        return (draw(arrays(g)), draw(arrays(w))), {"length": windows.lengths, **options}
    operands = (draw(arrays(x)), draw(arrays(w)))
    return (*operands, draw(arrays((outer * groups,)))) if kind == "biased" else operands, options


def _terms(x: Shape, w: Shape, g: Shape, groups: int, geometry: dict[str, Any]) -> Any:
    """Every product in a convolution: the indices in x, w and the result of what it is made of."""
    seen = list(_seen({"size": w[2:], **geometry}, g[2:], x[2:]))
    for n, o, c in itertools.product(range(x[0]), range(w[0]), range(w[1])):
        channel = o // (w[0] // groups) * w[1] + c
        for window, place, element in seen:
            yield (n, channel, *element), (o, c, *place), (n, o, *window)


def _results(x: Shape, w: Shape, stride: Shape, padding: Any, dilation: Shape, groups: int) -> Shape:
    """How many windows there are along each axis."""
    return tuple(
        (n + sum(p) - d * (k - 1) - 1) // s + 1
        for n, k, s, p, d in zip(x[2:], w[2:], stride, padding, dilation, strict=True)
    )


def _convolve(x: Any, w: Any, b: Any = None, *, groups: int, **geometry: Any) -> Any:
    results = _results(x.shape, w.shape, groups=groups, **geometry)
    y = np.zeros((x.shape[0], w.shape[0], *results), np.result_type(x, w))
    for i, j, k in _terms(x.shape, w.shape, y.shape, groups, geometry):
        y[k] += x[i] * w[j]
    return y if b is None else y + b.reshape((-1,) + (1,) * len(results))


def _convolve_input(g: Any, w: Any, *, length: Shape, groups: int, **geometry: Any) -> Any:
    x = np.zeros((g.shape[0], w.shape[1] * groups, *length), np.result_type(g, w))
    for i, j, k in _terms(x.shape, w.shape, g.shape, groups, geometry):
        x[i] += g[k] * w[j]
    return x


def _convolve_weight(x: Any, g: Any, *, size: Shape, groups: int, **geometry: Any) -> Any:
    w = np.zeros((g.shape[1], x.shape[1] // groups, *size), np.result_type(x, g))
    for i, j, k in _terms(x.shape, w.shape, g.shape, groups, geometry):
        w[j] += x[i] * g[k]
    return w


# Windows and pooling


@st.composite
def _windows(draw: st.DrawFn, kind: str) -> Arguments:
    """An array, the windows over its last axes, and what else a row takes."""
    windows = _Geometry(draw, draw(st.sampled_from([1, 2, 2, 3])), 3)
    lead = draw(st.sampled_from([(), (1,), (2,), (2, 1)]) if len(windows.lengths) < 3 else st.just(()))
    size, options = windows.options["size"], windows.options
    inside, outside = {"length": windows.lengths, **options}, {"results": windows.results, **options}
    if kind == "add":
        return (draw(arrays((*lead, *size, *windows.results))),), inside
    x = draw(arrays((*lead, *windows.lengths), distinct=kind in ("max", "winners")))
    if kind in ("cut", "max"):
        return (x,), outside
    if kind == "winners":
        return (x, _max(x, **outside)), options
    winners = draw(arrays((*lead, *windows.results), dtype=np.uint8).map(lambda w: w % int(np.prod(size))))
    if kind == "positions":
        return (winners,), inside
    g = draw(arrays((*lead, *windows.results)))
    if kind == "to":
        return (g, winners), inside
    if kind == "spread":
        return (g,), inside
    return (x, winners), outside


def _cut(x: Any, *, results: Shape, size: Shape, **geometry: Any) -> Any:
    lead = x.shape[: x.ndim - len(size)]
    out = np.zeros((*lead, *size, *results), x.dtype)
    for window, place, element in _seen({"size": size, **geometry}, results, x.shape[len(lead) :]):
        out[(..., *place, *window)] = x[(..., *element)]
    return out


def _add(g: Any, *, length: Shape, size: Shape, **geometry: Any) -> Any:
    results = g.shape[g.ndim - len(size) :]
    out = np.zeros((*g.shape[: g.ndim - 2 * len(size)], *length), g.dtype)
    for window, place, element in _seen({"size": size, **geometry}, results, length):
        out[(..., *element)] += g[(..., *place, *window)]
    return out


def _places(size: Shape) -> tuple[int, ...]:
    return tuple(range(-2 * len(size), -len(size)))


def _sum(x: Any, *, size: Shape, **geometry: Any) -> Any:
    return _cut(x, size=size, **geometry).sum(axis=_places(size))


def _spread(g: Any, *, size: Shape, **geometry: Any) -> Any:
    shape = (*g.shape[: g.ndim - len(size)], *size, *g.shape[g.ndim - len(size) :])
    return _add(np.broadcast_to(np.expand_dims(g, _places(size)), shape), size=size, **geometry)


def _outside(size: Shape, results: Shape, length: Shape, **geometry: Any) -> Any:
    """Which places of windows lie outside the array."""
    return ~_cut(np.ones(length, bool), results=results, size=size, **geometry)


def _max(x: Any, *, results: Shape, size: Shape, **geometry: Any) -> Any:
    seen = _cut(x, results=results, size=size, **geometry)
    outside = _outside(size, results, x.shape[x.ndim - len(size) :], **geometry)
    return np.where(outside, np.full_like(x, -np.inf, shape=()), seen).max(axis=_places(size))


def _winners(x: Any, y: Any, *, size: Shape, **geometry: Any) -> Any:
    n = len(size)
    results = y.shape[y.ndim - n :]
    seen = _cut(x, results=results, size=size, **geometry)
    hit = (seen == np.expand_dims(y, _places(size))) & ~_outside(size, results, x.shape[x.ndim - n :], **geometry)
    return hit.reshape(*y.shape[: y.ndim - n], -1, *results).argmax(axis=y.ndim - n).astype(np.uint8)


def _chosen(winners: Any, size: Shape) -> Any:
    """1 at each window's winner, else 0, with the places of windows as axes."""
    numbers = np.arange(np.prod(size)).reshape((*size, *(1,) * len(size)))
    return (np.expand_dims(winners, _places(size)) == numbers).astype(float)


def _to_winners(g: Any, winners: Any, *, size: Shape, **geometry: Any) -> Any:
    return _add(np.expand_dims(g, _places(size)) * _chosen(winners, size).astype(g.dtype), size=size, **geometry)


def _from_winners(t: Any, winners: Any, *, size: Shape, **geometry: Any) -> Any:
    return (_cut(t, size=size, **geometry) * _chosen(winners, size).astype(t.dtype)).sum(axis=_places(size))


def _positions(winners: Any, *, length: Shape, size: Shape, stride: Shape, padding: Shape, dilation: Shape) -> Any:
    n, out = len(size), np.zeros(winners.shape, np.int64)
    for index in np.ndindex(winners.shape):
        place = np.unravel_index(winners[index], size)
        element = [
            i * s - p + k * d for i, s, p, k, d in zip(index[-n:], stride, padding, place, dilation, strict=True)
        ]
        out[index] = sum(e * int(np.prod(length[i + 1 :])) for i, e in enumerate(element))
    return out


CASES: dict[str, Cases] = {
    "convolve": _convolutions("plain"),
    "convolve_biased": _convolutions("biased"),
    "convolve_input": _convolutions("input"),
    "convolve_weight": _convolutions("weight"),
    "cut_windows": _windows("cut"),
    "add_windows": _windows("add"),
    "sum_windows": _windows("cut"),
    "spread_windows": _windows("spread"),
    "max_windows": _windows("max"),
    "max_winners": _windows("winners"),
    "max_positions": _windows("positions"),
    "to_winners": _windows("to"),
    "from_winners": _windows("from"),
}

REFERENCES: dict[str, Reference] = {
    "convolve": _convolve,
    "convolve_biased": _convolve,
    "convolve_input": _convolve_input,
    "convolve_weight": _convolve_weight,
    "cut_windows": _cut,
    "add_windows": _add,
    "sum_windows": _sum,
    "spread_windows": _spread,
    "max_windows": _max,
    "max_winners": _winners,
    "max_positions": _positions,
    "to_winners": _to_winners,
    "from_winners": _from_winners,
}
