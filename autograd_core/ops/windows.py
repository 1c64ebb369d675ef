"""Windows that move over the last axes of an array: cut out, and added back; in any number of dimensions.

A window is described by its size, the stride between windows, the padding before the first element and the dilation,
the step between the elements of a window, a tuple each; ``results`` counts the windows along each axis. What lies
outside the array is left out, so nothing is ever copied in order to pad it.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterator
from typing import Any

import numpy as np

from ..rules import Function, linear

Shape = tuple[int, ...]
Places = tuple[Any, ...]

BLOCK = 1 << 16
"""Elements to work on at a time when an array is passed over many times, so that they stay in the cache."""


@functools.lru_cache(256)
def taps(
    lengths: Shape, results: Shape, size: Shape, stride: Shape, padding: Shape, dilation: Shape
) -> tuple[tuple[Shape, Places, Places], ...]:
    """For each place in a window: the windows in which it lies inside the array, and the elements found there.

    Args:
        lengths: of the axes that windows move along.
        results: how many windows there are along each.
        size: how long a window is.
        stride: the step between windows.
        padding: how far the first window starts before the first element.
        dilation: the step between the elements of a window.

    Returns:
        Triples of the place, an index of windows and an index of elements; both name the last axes.
    """
    axes = [
        [
            (k, slice(first, last), slice(start + first * s, start + (last - 1) * s + 1, s))
            for k in range(n)
            for start in [k * d - p]
            for first in [max(0, -(start // s))]
            for last in [min(count, (length - 1 - start) // s + 1)]
            if first < last
        ]
        for length, count, n, s, p, d in zip(lengths, results, size, stride, padding, dilation, strict=True)
    ]
    found = []
    for places in itertools.product(*axes):
        tap, windows, elements = zip(*places, strict=True)
        found.append((tap, (..., *windows), (..., *elements)))
    return tuple(found)


def blocks(x: Any, count: int) -> Iterator[Any]:
    """Stretches of the first axis that fit into the cache, if it is not one of the last that windows move along."""
    if x.ndim == count:
        yield ...
        return
    some = max(1, BLOCK * len(x) // max(x.size, 1))
    for start in range(0, len(x), some):
        yield slice(start, start + some)


def _cut(x: Any, results: Shape, size: Shape, **geometry: Shape) -> Any:
    n = len(size)
    out = np.zeros((*x.shape[: x.ndim - n], *size, *results), x.dtype)
    for tap, windows, elements in taps(x.shape[x.ndim - n :], results, size, **geometry):
        out[(..., *tap, *windows[1:])] = x[elements]
    return out


def _overlap(g: Any, length: Shape, size: Shape, **geometry: Shape) -> Any:
    n = len(size)
    out = np.zeros((*g.shape[: g.ndim - 2 * n], *length), g.dtype)
    for block in blocks(out, n):
        part, given = out[block], g[block]
        for tap, windows, elements in taps(length, g.shape[g.ndim - n :], size, **geometry):
            part[elements] += given[(..., *tap, *windows[1:])]
    return out


_OPTIONS = {"size": "K", "stride": "s", "padding": "p", "dilation": "d"}

# (…, *S) → (…, *K, *results): each window's elements, zeros outside. The transpose adds up what windows share.
cut_windows: Function = linear(
    _cut,
    lambda g, x, results, size, **geometry: add_windows.op.on(
        g, length=x.shape[x.ndim - len(size) :], size=size, **geometry
    ),
    name="cut_windows",
    options={"results": "results", **_OPTIONS},
)
add_windows: Function = linear(
    _overlap,
    lambda g, x, length, size, **geometry: cut_windows.op.on(
        g, results=x.shape[x.ndim - len(size) :], size=size, **geometry
    ),
    name="add_windows",
    options={"length": "length", **_OPTIONS},
)
