"""Numbers shifted and scaled to mean 0 and variance 1: what the normalisation layers have in common."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd_core.fast import Loop
from autograd_core.ops.reduce import count
from autograd_core.rules import Function, custom, elementwise

Axes = tuple[int, ...]
_SHORT = 4096
"""Up to here one running sum is exact enough, and a product sums faster than NumPy's sum."""


def _tail(shape: tuple[int, ...], axis: Axes) -> int:
    """How many of the axes, from the last on, are last in the shape and few elements together."""
    tail, length = 0, 1
    while tail < len(axis) and axis[-1 - tail] == len(shape) - 1 - tail:
        length *= shape[-1 - tail]
        if not 0 < length <= _SHORT:
            break
        tail += 1
    return tail


def mean_of(x: Any, axis: Axes) -> Any:
    """The mean along axes, in rising order, which stay at length one."""
    return _mean(x, None, axis)


def _mean(a: Any, b: Any, axis: Axes) -> Any:
    """The mean of a, or of a·b, along axes: the last of them by a product of matrices, the others by NumPy's sum."""
    n, tail = count(a.shape, axis), _tail(a.shape, axis)
    if tail == 0:
        return np.add.reduce(a if b is None else a * b, axis=axis, keepdims=True) / n
    outer = a.shape[: a.ndim - tail]
    rows = a.reshape(*outer, math.prod(a.shape[a.ndim - tail :]))
    sums = np.matmul(rows, np.ones(rows.shape[-1], a.dtype)) if b is None else np.vecdot(rows, b.reshape(rows.shape))
    sums = sums.reshape(*outer, *[1] * tail)
    return (np.add.reduce(sums, axis=axis[:-tail], keepdims=True) if len(axis) > tail else sums) / n


def moments(x: Any, axis: Axes) -> tuple[Any, Any]:
    """The mean and the variance along axes, which stay at length one."""
    x = x.astype(_wide(x.dtype), copy=False)
    mean = mean_of(x, axis)
    centred = x - mean
    return mean, _mean(centred, centred, axis)


def _centred(x: Any, axis: Axes, eps: float) -> tuple[Any, Any]:
    """x less its mean, and one over its standard deviation."""
    centred = x - mean_of(x, axis)
    return centred, 1 / np.sqrt(_mean(centred, centred, axis) + eps)


def _wide(dtype: Any) -> Any:
    """The dtype to compute in: sums of halves overflow."""
    return np.float32 if dtype == np.float16 else dtype


@Loop
def _standardize_rows(y: Any, x: Any, eps: float) -> None:
    n, zero = x.shape[1], x.dtype.type(0)
    for i in range(x.shape[0]):
        total = squares = zero
        for j in range(n):
            total += x[i, j]
        mean = x.dtype.type(total / n)
        for j in range(n):
            squares += (x[i, j] - mean) * (x[i, j] - mean)
        rate = x.dtype.type(1 / np.sqrt(squares / n + eps))
        for j in range(n):
            y[i, j] = (x[i, j] - mean) * rate


@Loop
def _slope_rows(change: Any, g: Any, x: Any, eps: float) -> None:
    n, zero = x.shape[1], x.dtype.type(0)
    for i in range(x.shape[0]):
        total = total_g = squares = along = zero
        for j in range(n):
            total += x[i, j]
            total_g += g[i, j]
        mean, mean_g = x.dtype.type(total / n), x.dtype.type(total_g / n)
        for j in range(n):
            centred = x[i, j] - mean
            squares += centred * centred
            along += centred * g[i, j]
        rate = x.dtype.type(1 / np.sqrt(squares / n + eps))
        bend = x.dtype.type(rate * rate * along / n)
        for j in range(n):
            change[i, j] = (g[i, j] - mean_g - (x[i, j] - mean) * bend) * rate


def _by_rows(loop: Loop, *arrays: Any, axis: Axes, eps: float) -> Any:
    """What a compiled loop over rows gives; None if there is none for these arrays."""
    first = arrays[0]
    if axis != (first.ndim - 1,) or not all(loop.suits(array) and array.dtype == first.dtype for array in arrays):
        return None
    out = np.empty(first.shape, first.dtype)
    rows = (-1, first.shape[-1])
    loop(out.reshape(rows), *(array.reshape(rows) for array in arrays), eps)
    return out


def _standardize(x: Any, axis: Axes, eps: float) -> Any:
    found = _by_rows(_standardize_rows, x, axis=axis, eps=eps)
    if found is not None:
        return found
    y, rate = _centred(x.astype(_wide(x.dtype), copy=False), axis, eps)
    y *= rate
    return y.astype(x.dtype, copy=False)


def _standardize_slope(g: Any, x: Any, axis: Axes, eps: float) -> Any:
    """The change of y when x changes by g; the same the other way round: the matrix ∂y/∂x is symmetric."""
    found = _by_rows(_slope_rows, g, x, axis=axis, eps=eps)
    if found is not None:
        return found
    dtype = np.result_type(g, x)
    g, x = (array.astype(_wide(dtype), copy=False) for array in (g, x))
    change, rate = _centred(x, axis, eps)
    change *= -rate * rate * _mean(g, change, axis)
    change += g
    change -= mean_of(g, axis)
    change *= rate
    return change.astype(dtype, copy=False)


def _slope_again(h: Any, y: Any, g: Any, x: Any, axis: Axes, eps: float) -> Any:
    """The gradient of ⟨h, slope(g, x)⟩ with respect to x."""

    def mean(a: Any) -> Any:
        return np.mean(a, axis=axis, keepdims=True)

    y = standardize.op.on(x, axis=axis, eps=eps)
    rate = 1 / np.sqrt(np.var(x, axis=axis, keepdims=True) + eps)
    along_g, along_h = mean(g * y), mean(h * y)
    bend = mean((g - mean(g)) * h) - along_g * along_h
    changes = along_h * standardize_slope.op.on(g, x, axis=axis, eps=eps)
    changes = changes + along_g * standardize_slope.op.on(h, x, axis=axis, eps=eps)
    return -rate * (y * rate * bend + changes)


def _rule(g: Any, y: Any, x: Any, axis: Axes, eps: float) -> Any:
    return standardize_slope.op.on(g, x, axis=axis, eps=eps)


_OPTIONS = {"axis": (1,), "eps": 1e-5}
standardize: Function = custom(_standardize, (_rule,), (_rule,), name="standardize", options=_OPTIONS)
standardize_slope: Function = custom(
    _standardize_slope,
    (lambda h, y, g, x, axis, eps: standardize_slope.op.on(h, x, axis=axis, eps=eps), _slope_again),
    name="standardize_slope",
    options=_OPTIONS,
)


@Loop
def _affine_rows(out: Any, x: Any, w: Any, b: Any) -> None:
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            out[i, j] = x[i, j] * w[j] + b[j]


def _affine(x: Any, w: Any, b: Any) -> Any:
    if not _affine_rows.suits(x) or not x.shape[-1:] == w.shape == b.shape or not x.dtype == w.dtype == b.dtype:
        return x * w + b
    out = np.empty(x.shape, x.dtype)
    _affine_rows(out.reshape(-1, len(w)), x.reshape(-1, len(w)), w, b)
    return out


affine = elementwise(_affine, lambda y, x, w, b: w, lambda y, x, w, b: x, 1, name="scale_and_shift", symbol="·w+b")
