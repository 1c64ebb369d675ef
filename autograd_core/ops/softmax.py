"""The logarithm of a sum of exponentials, softmax and its logarithm."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from .. import fast
from ..public import named, public
from ..rules import custom
from ..tensor import Tensor
from .reduce import Axis, axes_of, floating, spread

__all__ = [
    "log_softmax",
    "logsumexp",
    "softmax",
]


def _peak(x: Any, axis: tuple[int, ...]) -> Any:
    """The largest element along the axes, 0 where that is infinite: what exponents are shifted by."""
    peak = x.max(axis=axis, keepdims=True, initial=-np.inf)
    return np.where(np.isfinite(peak), peak, np.zeros_like(peak))


def _logsumexp(x: Any, axis: tuple[int, ...], keepdims: bool) -> Any:
    peak = _peak(x, axis)
    with np.errstate(divide="ignore"):  # log 0 is the right answer for nothing but -inf
        out = np.log(np.exp(x - peak).sum(axis=axis, keepdims=True)) + peak
    return out if keepdims else out.squeeze(axis)


def _softmax_of(y: Any, x: Any, axis: tuple[int, ...], keepdims: bool) -> Any:
    total = spread(y, x, axis, keepdims)
    return np.exp(x - np.where(total == -np.inf, np.zeros_like(total), total))


logsumexp_op = custom(
    _logsumexp,
    (lambda g, y, x, axis, keepdims: spread(g, x, axis, keepdims) * _softmax_of(y, x, axis, keepdims),),
    (lambda t, y, x, axis, keepdims: np.sum(t * _softmax_of(y, x, axis, keepdims), axis=axis, keepdims=keepdims),),
    name="logsumexp",
    options={"axis": (1,), "keepdims": True},
)


def _inner(a: Any, b: Any, axis: int) -> Any:
    """Σ a·b along an axis, which stays at length one; NumPy's inner products run along the last."""
    if axis == a.ndim - 1 and a.dtype != np.float16:
        return np.vecdot(a, b)[..., None]
    return (a * b).sum(axis=axis, keepdims=True)


inner_op = custom(
    _inner,
    (lambda g, y, a, b, axis: g * b, lambda g, y, a, b, axis: g * a),
    name="inner_along",
    symbol="Σ·",
    options={"axis": 1},
)


def _softmax(x: Any, axis: int) -> Any:
    peak = x.max(axis=axis, keepdims=True, initial=-np.inf)
    if x.dtype != np.float16 and np.all(np.abs(peak) < 50):  # nothing can overflow: no need to shift
        e = np.exp(x)
    else:
        e = x - peak
        np.exp(e, out=e)
    if axis != x.ndim - 1:
        e /= e.sum(axis, keepdims=True)
    elif e.flags.c_contiguous and fast.divide_by_sums.suits(e):
        fast.divide_by_sums(e.reshape(-1, e.shape[-1]))
    else:
        e /= _inner(e, np.ones_like(e, shape=x.shape[-1]), axis)
    return e


def _softmax_rule(g: Any, y: Any, x: Any, axis: int) -> Any:
    return y * (g - inner_op.op.on(g, y, axis=axis))


softmax_op = custom(_softmax, (_softmax_rule,), (_softmax_rule,), name="softmax", options={"axis": 1})


def _log_softmax(x: Any, axis: int) -> Any:
    if x.shape[axis] == 0:
        return x.copy()
    shifted = x - x.max(axis=axis, keepdims=True, initial=-np.inf)
    return shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True))


log_softmax_op = custom(
    _log_softmax,
    (lambda g, y, x, axis: g - np.exp(y) * np.sum(g, axis=axis, keepdims=True),),
    (lambda t, y, x, axis: t - np.sum(np.exp(y) * t, axis=axis, keepdims=True),),
    name="log_softmax",
    options={"axis": 1},
)


@public("logsumexp")
@named
def logsumexp(input: Any, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """log Σ eˣ over axes, without overflow.

    Formula:
        ∂y/∂x = e^(x − y), the softmax.

    Args:
        input: any shape.
        axis: the axes to reduce; all by default.
        keepdims: keep them, at length one.

    Returns:
        A Tensor without these axes.

    Raises:
        IndexError: there is no such axis.

    Example:
        >>> import autograd_core as ag
        >>> ag.logsumexp(ag.tensor([1000.0, 1000.0]))
        tensor(1000.6932)
    """
    input = floating(input)
    return logsumexp_op(input, axis=axes_of(axis, input.ndim), keepdims=keepdims)


@public("softmax")
@named
def softmax(input: Any, axis: int = -1, dtype: Any = None) -> Tensor:
    """eˣ / Σ eˣ along an axis: positive numbers that add up to 1.

    Formula:
        ∂L/∂x = y·(g − Σ g·y), with g = ∂L/∂y.

    Args:
        input: any shape.
        axis: the axis along which the results add up to 1.
        dtype: the dtype to compute in; by default input's own.

    Returns:
        A Tensor of the same shape.

    Raises:
        IndexError: there is no such axis.

    Example:
        >>> import autograd_core as ag
        >>> ag.softmax(ag.tensor([0.0, 0.0]))
        tensor([0.5, 0.5])
    """
    input = floating(input, dtype)
    return _along(softmax_op, input, axis)


@public("log_softmax")
@named
def log_softmax(input: Any, axis: int = -1, dtype: Any = None) -> Tensor:
    """The logarithm of softmax, exact where softmax itself would round to 0.

    Formula:
        y = x − log Σ eˣ; ∂L/∂x = g − e^y·Σ g, with g = ∂L/∂y.

    Args:
        input: any shape.
        axis: the axis along which the exponentials add up to 1.
        dtype: the dtype to compute in; by default input's own.

    Returns:
        A Tensor of the same shape.

    Raises:
        IndexError: there is no such axis.

    Example:
        >>> import autograd_core as ag
        >>> ag.log_softmax(ag.tensor([0.0, 0.0]))
        tensor([-0.6931, -0.6931])
    """
    input = floating(input, dtype)
    return _along(log_softmax_op, input, axis)


def _along(op: Any, x: Tensor, axis: int) -> Tensor:
    """An op along one axis; a 0-d tensor counts as having one."""
    place = normalize_axis_index(axis, x.ndim or 1)
    return op(x, axis=place) if x.ndim else op(x.reshape(1), axis=0).reshape(())  # type: ignore[no-any-return]
