"""Reductions along axes, and softmax and its kin."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.lib.array_utils import normalize_axis_index, normalize_axis_tuple

from .. import symbolic
from ..public import named, public
from ..rules import POSITIVE, constant, custom, elementwise, linear
from ..tensor import Tensor, from_array, get_default_dtype
from .choice import maximum, minimum
from .math import square
from .shape import as_tensor, concatenate, reshape, transpose_op

__all__ = [
    "all",
    "amax",
    "amin",
    "any",
    "argmax",
    "argmin",
    "log_softmax",
    "logsumexp",
    "max",
    "mean",
    "min",
    "prod",
    "softmax",
    "std",
    "sum",
    "var",
]

Axis = int | Sequence[int] | None


class ValuesIndices(NamedTuple):
    """What PyTorch's max, min and kin give along one axis."""

    values: Tensor
    indices: Tensor


def axes_of(axis: Axis, ndim: int) -> tuple[int, ...]:
    """An axis argument as a tuple of axes from 0; None is all of them."""
    if axis is None:
        return tuple(range(ndim))
    try:
        if ndim == 0:  # a number counts as having one axis, as NumPy and PyTorch take it
            normalize_axis_tuple(axis, 1)
            return ()
        return normalize_axis_tuple(axis, ndim)
    except TypeError:
        raise TypeError(f"an axis is an integer, or several in a tuple, got {axis!r}") from None


def spread(g: Any, x: Any, axis: tuple[int, ...], keepdims: bool) -> Any:
    """A reduced array with its axes back, at length one."""
    if keepdims or not axis:
        return g
    if len(axis) == x.ndim:
        return np.reshape(g, (1,) * x.ndim)
    return np.expand_dims(g, axis)


def _sum(x: Any, axis: tuple[int, ...], keepdims: bool) -> Any:
    return x.sum(axis=axis, keepdims=keepdims)


sum_op = linear(
    _sum,
    lambda g, x, axis, keepdims: np.broadcast_to(spread(g, x, axis, keepdims), x.shape),
    name="sum",
    symbol="Σ",
    options={"axis": (1,), "keepdims": True},
)


def _mean(x: Any, axis: tuple[int, ...], keepdims: bool) -> Any:
    if x.dtype == np.float16:  # the sum of many halves overflows, NumPy's own mean does not
        return x.mean(axis=axis, keepdims=keepdims)
    return x.sum(axis=axis, keepdims=keepdims) / count(x.shape, axis)


def count(shape: tuple[int, ...], axis: tuple[int, ...]) -> Any:
    """How many elements are reduced to one."""
    return shape[axis[0]] if len(axis) == 1 else math.prod(shape[i] for i in axis)


def share(n: Any) -> Any:
    """1/n; of nothing there is no share, but NaN times it, as NumPy's 0/0."""
    return 1 / n if isinstance(n, symbolic.Expr) or n else math.inf


mean_op = linear(
    _mean,
    lambda g, x, axis, keepdims: np.broadcast_to(spread(g, x, axis, keepdims) * share(count(x.shape, axis)), x.shape),
    name="mean",
    options={"axis": (1,), "keepdims": True},
)


def _shares(y: Any, x: Any, axis: tuple[int, ...], keepdims: bool) -> Any:
    """Which elements are the extreme one, as weights that add up to 1 along the axes."""
    ties = np.where(x == spread(y, x, axis, keepdims), np.ones_like(x), 0.0)
    return ties / np.sum(ties, axis=axis, keepdims=True)


def extreme_vjp(g: Any, y: Any, x: Any, axis: tuple[int, ...], keepdims: bool) -> Any:
    return spread(g, x, axis, keepdims) * _shares(y, x, axis, keepdims)


def extreme_jvp(t: Any, y: Any, x: Any, axis: tuple[int, ...], keepdims: bool) -> Any:
    return np.sum(t * _shares(y, x, axis, keepdims), axis=axis, keepdims=keepdims)


amax_op = custom(
    lambda x, axis, keepdims: x.max(axis=axis, keepdims=keepdims),
    (extreme_vjp,),
    (extreme_jvp,),
    name="max",
    options={"axis": (1,), "keepdims": True},
)
amin_op = custom(
    lambda x, axis, keepdims: x.min(axis=axis, keepdims=keepdims),
    (extreme_vjp,),
    (extreme_jvp,),
    name="min",
    options={"axis": (1,), "keepdims": True},
)


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


def _softmax(x: Any, axis: int) -> Any:
    e = np.exp(x - x.max(axis=axis, keepdims=True, initial=-np.inf))
    return e / e.sum(axis=axis, keepdims=True)


def _softmax_rule(g: Any, y: Any, x: Any, axis: int) -> Any:
    return y * (g - np.sum(g * y, axis=axis, keepdims=True))


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
# As sqrt, but flat at 0: the standard deviation of equal numbers has gradient 0, as in PyTorch.
root = elementwise(
    np.sqrt,
    lambda y, x: 0.5 / np.where(y == 0, np.full_like(y, np.inf), y),
    name="root",
    symbol="√",
    domain=POSITIVE,
    kink="0 at 0",
)
argmax_op = constant(lambda x, axis, keepdims: np.argmax(x, axis=axis, keepdims=keepdims), name="argmax")
argmin_op = constant(lambda x, axis, keepdims: np.argmin(x, axis=axis, keepdims=keepdims), name="argmin")
# Only for what is not differentiated; prod itself multiplies in pairs.
prod_op = constant(lambda x, axis, keepdims: np.prod(x, axis=axis, keepdims=keepdims), name="prod")
any_op = constant(lambda x, axis, keepdims: np.any(x, axis=axis, keepdims=keepdims), name="any")
all_op = constant(lambda x, axis, keepdims: np.all(x, axis=axis, keepdims=keepdims), name="all")


@public("sum", numpy=np.sum)
@named
def sum(x: Any, axis: Axis = None, keepdims: bool = False, dtype: Any = None) -> Tensor:
    """The sum over axes.

    Formula:
        ∂L/∂x = ∂L/∂y at every element that was summed.

    Args:
        x: any shape.
        axis: the axes to sum over; all by default.
        keepdims: keep them, at length one.
        dtype: the dtype to sum in; by default x's own (booleans are counted as int64).

    Returns:
        A Tensor without these axes.

    Raises:
        IndexError: there is no such axis.

    Example:
        >>> import autograd_core as ag
        >>> ag.sum(ag.tensor([[1.0, 2.0], [3.0, 4.0]]), axis=0)
        tensor([4., 6.])
    """
    x = as_tensor(x, dtype)
    return sum_op(x, axis=axes_of(axis, x.ndim), keepdims=keepdims)


@public("mean", numpy=np.mean)
@named
def mean(x: Any, axis: Axis = None, keepdims: bool = False, dtype: Any = None) -> Tensor:
    """The mean over axes; integers give floats.

    Formula:
        ∂L/∂x = ∂L/∂y / n at each of the n elements averaged.

    Args:
        x: any shape.
        axis: the axes to average over; all by default.
        keepdims: keep them, at length one.
        dtype: the dtype to compute in; by default x's own.

    Returns:
        A Tensor without these axes.

    Raises:
        IndexError: there is no such axis.

    Example:
        >>> import autograd_core as ag
        >>> ag.mean(ag.tensor([[1.0, 2.0], [3.0, 4.0]]), axis=0)
        tensor([2., 3.])
    """
    if dtype is not None and np.dtype(dtype).kind != "f":
        raise TypeError(f"mean gives floats, got dtype={np.dtype(dtype)}: convert the result instead")
    x = floating(x, dtype)
    return mean_op(x, axis=axes_of(axis, x.ndim), keepdims=keepdims)


def floating(x: Any, dtype: Any = None) -> Tensor:
    """x as a Tensor of floats: integers in the default dtype."""
    tensor = as_tensor(x, dtype)
    return tensor if tensor.dtype.kind == "f" else tensor.to(get_default_dtype())


@public("prod", numpy=np.prod)
@named
def prod(x: Any, axis: Axis = None, keepdims: bool = False, dtype: Any = None) -> Tensor:
    """The product over axes.

    Formula:
        ∂y/∂xᵢ = the product of the others; computed by multiplying in pairs, so zeros are no
        special case.

    Args:
        x: any shape.
        axis: the axes to multiply over; all by default.
        keepdims: keep them, at length one.
        dtype: the dtype to compute in; by default x's own.

    Returns:
        A Tensor without these axes.

    Raises:
        IndexError: there is no such axis.

    Example:
        >>> import autograd_core as ag
        >>> ag.prod(ag.tensor([[1.0, 2.0], [3.0, 4.0]]), axis=0)
        tensor([3., 8.])
    """
    x = as_tensor(x, dtype)
    axes = axes_of(axis, x.ndim)
    if not x.requires_grad:
        product = prod_op(x, axis=axes, keepdims=keepdims)
        return product if dtype is None else product.to(dtype)
    kept = tuple(i for i in range(x.ndim) if i not in axes)
    shape = tuple(1 if i in axes else n for i, n in enumerate(x.shape)) if keepdims else tuple(x.shape[i] for i in kept)
    length = math.prod(x.shape[i] for i in axes)
    flat = reshape(transpose_op(x, axes=kept + axes), (*(x.shape[i] for i in kept), length))
    if length == 0:
        return from_array(np.ones(shape, x.dtype)) + sum(flat, -1).reshape(shape)
    while length > 1:
        half = length // 2
        rest = flat[..., 2 * half :]
        flat = flat[..., :half] * flat[..., half : 2 * half]
        if length % 2:
            flat = concatenate([flat, rest], -1)
        length = half + length % 2
    return reshape(flat, shape)


def _extreme(op: Any, arg_op: Any, pairwise: Any, x: Any, dim: Any, keepdim: bool, axis: Axis) -> Any:
    if isinstance(dim, (Tensor, np.ndarray)):
        return pairwise(x, dim)
    x = as_tensor(x)
    if x.numel() == 0 and count(x.shape, axes_of(dim if dim is not None else axis, x.ndim)) == 0:
        raise ValueError(f"{op.op.name} of no elements has no value: got shape {x.shape}")
    if dim is None or not hasattr(dim, "__index__"):
        return op(x, axis=axes_of(axis if dim is None else dim, x.ndim), keepdims=keepdim)
    place = normalize_axis_index(dim, x.ndim or 1) if x.ndim else normalize_axis_index(dim, 1) or None
    indices = arg_op(x, axis=place, keepdims=keepdim)
    if place is None:
        return ValuesIndices(x.clone(), indices)
    return ValuesIndices(along(x, indices, place, keepdim), indices)


def along(x: Tensor, indices: Tensor, axis: int, keepdims: bool) -> Tensor:
    """The elements that indices name along an axis, one for each position on the others."""
    grid: list[Any] = list(np.ogrid[tuple(slice(n) for i, n in enumerate(x.shape) if keepdims or i != axis)])
    if keepdims:
        grid[axis] = indices
    else:
        grid.insert(axis, indices)
    return x[tuple(grid)]


def _one_of(dim: Any, keepdim: bool, axis: Axis, keepdims: bool, name: str) -> bool:
    if dim is not None and axis is not None:
        raise TypeError(f"{name} got both dim and axis, which mean the same: give one")
    return keepdim or keepdims


@public("max")
def max(x: Any, dim: Any = None, keepdim: bool = False, *, axis: Axis = None, keepdims: bool = False) -> Any:
    """The largest element, over all axes or some.

    Formula:
        The gradient goes to the largest element. Among equal ones it is shared equally, but where
        ``dim`` also gives the index, it goes to that element.

    Args:
        x: any shape.
        dim: one axis, as in PyTorch: gives the values and their indices. A Tensor instead of a
            number: the elementwise maximum of both.
        keepdim: keep that axis, at length one.
        axis: axes, as in NumPy: gives the values alone; all axes by default.
        keepdims: keep them, at length one.

    Returns:
        A Tensor; with ``dim`` a named tuple ``(values, indices)``. NaN counts as largest.

    Raises:
        ValueError: there is no element.
        IndexError: there is no such axis.

    Example:
        >>> import autograd_core as ag
        >>> ag.max(ag.tensor([[1.0, 5.0], [7.0, 2.0]]), axis=1)
        tensor([5., 7.])
        >>> ag.tensor([[1.0, 5.0], [7.0, 2.0]]).max(1).indices
        tensor([1, 0])
    """
    return _extreme(amax_op, argmax_op, maximum, x, dim, _one_of(dim, keepdim, axis, keepdims, "max"), axis)


@public("min")
def min(x: Any, dim: Any = None, keepdim: bool = False, *, axis: Axis = None, keepdims: bool = False) -> Any:
    """The smallest element, over all axes or some.

    Formula:
        The gradient goes to the smallest element. Among equal ones it is shared equally, but where
        ``dim`` also gives the index, it goes to that element.

    Args:
        x: any shape.
        dim: one axis, as in PyTorch: gives the values and their indices. A Tensor instead of a
            number: the elementwise minimum of both.
        keepdim: keep that axis, at length one.
        axis: axes, as in NumPy: gives the values alone; all axes by default.
        keepdims: keep them, at length one.

    Returns:
        A Tensor; with ``dim`` a named tuple ``(values, indices)``. NaN counts as smallest.

    Raises:
        ValueError: there is no element.
        IndexError: there is no such axis.

    Example:
        >>> import autograd_core as ag
        >>> ag.min(ag.tensor([[1.0, 5.0], [7.0, 2.0]]), axis=1)
        tensor([1., 2.])
    """
    return _extreme(amin_op, argmin_op, minimum, x, dim, _one_of(dim, keepdim, axis, keepdims, "min"), axis)


@public("amax", numpy=(np.max, np.amax))
@named
def amax(x: Any, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """The largest element over axes; equal ones share the gradient.

    Args:
        x: any shape.
        axis: the axes to reduce; all by default.
        keepdims: keep them, at length one.

    Returns:
        A Tensor without these axes.

    Raises:
        ValueError: there is no element.
        IndexError: there is no such axis.

    Example:
        >>> import autograd_core as ag
        >>> ag.amax(ag.tensor([[1.0, 5.0], [7.0, 2.0]]), axis=0)
        tensor([7., 5.])
    """
    return max(x, axis=axis, keepdims=keepdims)  # type: ignore[no-any-return]


@public("amin", numpy=(np.min, np.amin))
@named
def amin(x: Any, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """The smallest element over axes; equal ones share the gradient.

    Args:
        x: any shape.
        axis: the axes to reduce; all by default.
        keepdims: keep them, at length one.

    Returns:
        A Tensor without these axes.

    Raises:
        ValueError: there is no element.
        IndexError: there is no such axis.

    Example:
        >>> import autograd_core as ag
        >>> ag.amin(ag.tensor([[1.0, 5.0], [7.0, 2.0]]), axis=0)
        tensor([1., 2.])
    """
    return min(x, axis=axis, keepdims=keepdims)  # type: ignore[no-any-return]


@public("argmax", numpy=np.argmax)
@named
def argmax(x: Any, axis: int | None = None, keepdims: bool = False) -> Tensor:
    """The index of the largest element; the first of equal ones.

    Args:
        x: any shape.
        axis: the axis to search along; by default the flattened elements.
        keepdims: keep it, at length one.

    Returns:
        An int64 Tensor, which never requires grad.

    Raises:
        ValueError: there is no element.
        IndexError: there is no such axis.

    Example:
        >>> import autograd_core as ag
        >>> ag.argmax(ag.tensor([[1.0, 5.0], [7.0, 2.0]]), axis=1)
        tensor([1, 0])
    """
    return argmax_op(as_tensor(x), axis=axis, keepdims=keepdims)


@public("argmin", numpy=np.argmin)
@named
def argmin(x: Any, axis: int | None = None, keepdims: bool = False) -> Tensor:
    """The index of the smallest element; the first of equal ones.

    Args:
        x: any shape.
        axis: the axis to search along; by default the flattened elements.
        keepdims: keep it, at length one.

    Returns:
        An int64 Tensor, which never requires grad.

    Raises:
        ValueError: there is no element.
        IndexError: there is no such axis.

    Example:
        >>> import autograd_core as ag
        >>> ag.argmin(ag.tensor([[1.0, 5.0], [7.0, 2.0]]), axis=1)
        tensor([0, 1])
    """
    return argmin_op(as_tensor(x), axis=axis, keepdims=keepdims)


@public("any", numpy=np.any)
@named
def any(x: Any, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """Whether any element along the axes is not zero.

    Args:
        x: any shape.
        axis: the axes to reduce; all by default.
        keepdims: keep them, at length one.

    Returns:
        A boolean Tensor.

    Raises:
        IndexError: there is no such axis.

    Example:
        >>> import autograd_core as ag
        >>> ag.any(ag.tensor([[0, 1], [0, 0]]), axis=1)
        tensor([ True, False])
    """
    x = as_tensor(x)
    return any_op(x, axis=axes_of(axis, x.ndim), keepdims=keepdims)


@public("all", numpy=np.all)
@named
def all(x: Any, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """Whether every element along the axes is not zero.

    Args:
        x: any shape.
        axis: the axes to reduce; all by default.
        keepdims: keep them, at length one.

    Returns:
        A boolean Tensor.

    Raises:
        IndexError: there is no such axis.

    Example:
        >>> import autograd_core as ag
        >>> ag.all(ag.tensor([[0, 1], [1, 1]]), axis=1)
        tensor([False,  True])
    """
    x = as_tensor(x)
    return all_op(x, axis=axes_of(axis, x.ndim), keepdims=keepdims)


@public("var")
@named
def var(
    x: Any, axis: Axis = None, unbiased: bool = True, keepdims: bool = False, *, correction: float | None = None
) -> Tensor:
    """The variance over axes: the mean squared distance from the mean.

    Formula:
        y = Σ(x − mean)² / (n − correction); ∂y/∂xᵢ = 2(xᵢ − mean) / (n − correction)

    Args:
        x: any shape.
        axis: the axes to reduce; all by default.
        unbiased: whether the correction is 1 (PyTorch's default; ``np.var`` on a Tensor has 0).
        keepdims: keep the axes, at length one.
        correction: what is subtracted from the count, instead of ``unbiased``.

    Returns:
        A Tensor without these axes; NaN where nothing is left to divide by.

    Raises:
        IndexError: there is no such axis.

    Example:
        >>> import autograd_core as ag
        >>> ag.var(ag.tensor([1.0, 2.0, 3.0]))
        tensor(1.)
    """
    x = floating(x)
    if isinstance(axis, bool):  # PyTorch's var(unbiased)
        axis, unbiased = None, bool(axis)
    axes = axes_of(axis, x.ndim)
    total = sum_op(square(x - mean_op(x, axis=axes, keepdims=True)), axis=axes, keepdims=keepdims)
    left = count(x.shape, axes) - (float(unbiased) if correction is None else correction)
    return total * share(left) if left > 0 else total / 0.0


@public("std")
@named
def std(
    x: Any, axis: Axis = None, unbiased: bool = True, keepdims: bool = False, *, correction: float | None = None
) -> Tensor:
    """The standard deviation over axes: the root of :func:`var`.

    Formula:
        y = √var; ∂y/∂xᵢ = (xᵢ − mean) / (y·(n − correction)), and 0 where y is 0.

    Args:
        x: any shape.
        axis: the axes to reduce; all by default.
        unbiased: whether the correction is 1 (PyTorch's default; ``np.std`` on a Tensor has 0).
        keepdims: keep the axes, at length one.
        correction: what is subtracted from the count, instead of ``unbiased``.

    Returns:
        A Tensor without these axes; NaN where nothing is left to divide by.

    Raises:
        IndexError: there is no such axis.

    Example:
        >>> import autograd_core as ag
        >>> ag.std(ag.tensor([1.0, 2.0, 3.0]))
        tensor(1.)
    """
    return root(var(x, axis, unbiased, keepdims, correction=correction))


@public("logsumexp")
@named
def logsumexp(x: Any, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """log Σ eˣ over axes, without overflow.

    Formula:
        ∂y/∂x = e^(x − y), the softmax.

    Args:
        x: any shape.
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
    x = floating(x)
    return logsumexp_op(x, axis=axes_of(axis, x.ndim), keepdims=keepdims)


@public("softmax")
@named
def softmax(x: Any, axis: int = -1, dtype: Any = None) -> Tensor:
    """eˣ / Σ eˣ along an axis: positive numbers that add up to 1.

    Formula:
        ∂L/∂x = y·(g − Σ g·y), with g = ∂L/∂y.

    Args:
        x: any shape.
        axis: the axis along which the results add up to 1.
        dtype: the dtype to compute in; by default x's own.

    Returns:
        A Tensor of the same shape.

    Raises:
        IndexError: there is no such axis.

    Example:
        >>> import autograd_core as ag
        >>> ag.softmax(ag.tensor([0.0, 0.0]))
        tensor([0.5, 0.5])
    """
    x = floating(x, dtype)
    return _along(softmax_op, x, axis)


@public("log_softmax")
@named
def log_softmax(x: Any, axis: int = -1, dtype: Any = None) -> Tensor:
    """The logarithm of softmax, exact where softmax itself would round to 0.

    Formula:
        y = x − log Σ eˣ; ∂L/∂x = g − e^y·Σ g, with g = ∂L/∂y.

    Args:
        x: any shape.
        axis: the axis along which the exponentials add up to 1.
        dtype: the dtype to compute in; by default x's own.

    Returns:
        A Tensor of the same shape.

    Raises:
        IndexError: there is no such axis.

    Example:
        >>> import autograd_core as ag
        >>> ag.log_softmax(ag.tensor([0.0, 0.0]))
        tensor([-0.6931, -0.6931])
    """
    x = floating(x, dtype)
    return _along(log_softmax_op, x, axis)


def _along(op: Any, x: Tensor, axis: int) -> Tensor:
    """An op along one axis; a 0-d tensor counts as having one."""
    place = normalize_axis_index(axis, x.ndim or 1)
    return op(x, axis=place) if x.ndim else op(x.reshape(1), axis=0).reshape(())  # type: ignore[no-any-return]
