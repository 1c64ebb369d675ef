"""Medians, quantiles, modes, and sums that skip NaN."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from ..public import named, public
from ..rules import constant, custom
from ..tensor import Tensor, from_array
from . import rounding
from .choice import where
from .compare import isnan
from .extremes import ValuesIndices, amax, amin, extreme_jvp, extreme_vjp
from .gather import take_along_dim
from .layout import movedim
from .pairs import lerp
from .reduce import Axis, axes_of, floating, mean, std, var
from .reduce import sum as sum_over
from .shape import clone, reshape, tensor_of
from .sort import order_of, picked, sort

__all__ = [
    "aminmax",
    "count_nonzero",
    "median",
    "mode",
    "nanmean",
    "nanmedian",
    "nanquantile",
    "nansum",
    "quantile",
    "std_mean",
    "var_mean",
]

count_nonzero_op = constant(lambda x, axis: np.asarray(np.count_nonzero(x, axis=axis))[()], name="count_nonzero")


def _middle(x: Any, skip: bool) -> Any:
    """The lower of the two middle elements; of nothing NaN."""
    flat = np.ravel(x)
    if x.dtype.kind == "f":
        known = flat[~np.isnan(flat)]
        if known.size == 0 or (not skip and known.size < flat.size):
            return x.dtype.type(np.nan)
        flat = known
    return np.partition(flat, (flat.size - 1) // 2)[(flat.size - 1) // 2]


median_op = custom(
    lambda x, skip: _middle(x, skip),
    (lambda g, y, x, skip: extreme_vjp(g, y, x, tuple(range(x.ndim)), False),),
    (lambda t, y, x, skip: extreme_jvp(t, y, x, tuple(range(x.ndim)), False),),
    name="median",
    options={"skip": False},
)


def _median(x: Any, dim: int | None, keepdim: bool, skip: bool, name: str) -> Any:
    x = tensor_of(x)
    if dim is None:
        if x.numel() == 0:
            return from_array(x.dtype.type(np.nan)) if x.dtype.kind == "f" else _nothing(name, x)
        return median_op(x, skip=skip)
    place = normalize_axis_index(dim, x.ndim or 1)
    if x.ndim == 0:
        return ValuesIndices(x.clone(), from_array(np.int64(0)))
    if x.shape[place] == 0:
        _nothing(name, x)
    order = order_of(x.array, place, False)
    missing = np.isnan(x.array) if x.dtype.kind == "f" else np.zeros(x.shape, bool)
    known = np.sum(~missing, axis=place, keepdims=True)
    middle = np.maximum(known - 1, 0) // 2
    if not skip:
        middle = np.where(known < x.shape[place], known, middle)
    return picked(x, np.take_along_axis(order, middle, place), place, keepdim)


def _nothing(name: str, x: Tensor) -> Any:
    raise IndexError(f"{name} of no elements has no value: got shape {x.shape}")


@public("median")
def median(input: Any, dim: int | None = None, keepdim: bool = False) -> Any:
    """The middle element; of an even number the lower of the two.

    Formula:
        The gradient goes to the middle element; without ``dim`` equal ones share it.

    Args:
        input: any shape.
        dim: one axis; by default all elements.
        keepdim: keep that axis, at length one.

    Returns:
        A Tensor; with ``dim`` a named tuple ``(values, indices)``. NaN if there is one among them.

    Raises:
        IndexError: there is no such axis, or it is empty.

    Example:
        >>> import autograd_core as ag
        >>> ag.median(ag.tensor([3.0, 1.0, 2.0, 9.0]))
        tensor(2.)
    """
    return _median(input, dim, keepdim, False, "median")


@public("nanmedian")
def nanmedian(input: Any, dim: int | None = None, keepdim: bool = False) -> Any:
    """As :func:`median`, of the elements that are not NaN.

    Args:
        input: any shape.
        dim: one axis; by default all elements.
        keepdim: keep that axis, at length one.

    Returns:
        A Tensor; with ``dim`` a named tuple ``(values, indices)``.

    Raises:
        IndexError: there is no such axis, or it is empty.

    Example:
        >>> import autograd_core as ag
        >>> ag.nanmedian(ag.tensor([3.0, float("nan"), 2.0]))
        tensor(2.)
    """
    return _median(input, dim, keepdim, True, "nanmedian")


@public("mode")
@named
def mode(input: Any, axis: int = -1, keepdims: bool = False) -> ValuesIndices:
    """The most frequent element along an axis; of several the smallest.

    Args:
        input: any shape.
        axis: the axis.
        keepdims: keep it, at length one.

    Returns:
        A named tuple ``(values, indices)``.

    Raises:
        IndexError: there is no such axis, or it is empty.

    Example:
        >>> import autograd_core as ag
        >>> ag.mode(ag.tensor([3.0, 1.0, 3.0])).values
        tensor(3.)
    """
    input = tensor_of(input)
    place = normalize_axis_index(axis, input.ndim or 1)
    if input.ndim == 0:
        return ValuesIndices(input.clone(), from_array(np.int64(0)))
    if input.shape[place] == 0:
        _nothing("mode", input)
    order = order_of(input.array, place, False)
    values = np.moveaxis(np.take_along_axis(input.array, order, place), place, -1)
    steps = np.arange(values.shape[-1])
    new = np.concatenate([np.ones_like(values[..., :1], bool), values[..., 1:] != values[..., :-1]], -1)
    run = steps - np.maximum.accumulate(np.where(new, steps, 0), -1)
    last = np.expand_dims(np.argmax(run, -1), place)
    return picked(input, np.take_along_axis(order, last, place), place, keepdims)


def _quantile(x: Any, q: Any, dim: int | None, keepdim: bool, interpolation: str, skip: bool, name: str) -> Tensor:
    x = tensor_of(x)
    weights = tensor_of(q, x.dtype if not isinstance(q, (Tensor, np.ndarray)) else None)
    if x.dtype.kind != "f" or weights.dtype != x.dtype:
        raise TypeError(f"{name} needs floats and q of the same dtype, got {x.dtype} and {weights.dtype}")
    if weights.ndim > 1:
        raise ValueError(f"{name} needs q as a number or on one axis, got shape {weights.shape}")
    if np.any((weights.array < 0) | (weights.array > 1)):
        raise ValueError(f"{name} needs q from 0 to 1, got {weights.tolist()}")
    if interpolation not in ("linear", "lower", "higher", "midpoint", "nearest"):
        raise ValueError(
            f"{name} interpolates by linear, lower, higher, midpoint or nearest, got interpolation={interpolation!r}"
        )
    whole = x.ndim
    if dim is None or x.ndim == 0:
        if dim is not None:
            normalize_axis_index(dim, 1)
        lines = reshape(x, -1)
    else:
        place = normalize_axis_index(dim, x.ndim)
        lines = movedim(x, place, -1)
    length = lines.shape[-1]
    if length == 0:
        raise ValueError(f"{name} of no elements has no value: got shape {x.shape}")
    ordered = sort(lines).values
    missing = np.isnan(lines.array)
    known = np.sum(~missing, axis=-1, keepdims=True)
    last = np.maximum(known - 1, 0) if skip else np.full_like(known, length - 1)
    rank = reshape(weights, -1) * from_array(last.astype(x.dtype))
    if not skip:
        rank = where(from_array(known < length), float(length - 1), rank)  # NaN stands last
    rounded: dict[str, Any] = {"lower": rounding.floor, "higher": rounding.ceil, "nearest": rounding.round}
    rank = rounded.get(interpolation, clone)(rank)
    low, high = np.floor(rank.array).astype(np.int64), np.ceil(rank.array).astype(np.int64)
    below, above = take_along_dim(ordered, low, -1), take_along_dim(ordered, high, -1)
    found = lerp(below, above, 0.5 if interpolation == "midpoint" else rank - from_array(low.astype(x.dtype)))
    if not keepdim:
        shape = lines.shape[:-1]
    elif dim is None:
        shape = (1,) * whole
    else:
        shape = tuple(1 if i == place else n for i, n in enumerate(x.shape)) if x.ndim else ()
    return reshape(movedim(found, -1, 0), ((weights.numel(),) if weights.ndim else ()) + shape)


@public("quantile")
@named
def quantile(
    input: Any, q: Any, dim: int | None = None, keepdim: bool = False, *, interpolation: str = "linear"
) -> Tensor:
    """What a share q of the elements lies below.

    Formula:
        The gradient goes to the one or two elements in whose place the quantile lies.

    Args:
        input: floats, any shape.
        q: from 0 to 1, a number or (n,).
        dim: the axis; by default all elements.
        keepdim: keep that axis, at length one.
        interpolation: ``linear``, ``lower``, ``higher``, ``midpoint`` or ``nearest``, between two elements.

    Returns:
        A Tensor; of several q with these along the first axis. NaN if there is one among the elements.

    Raises:
        TypeError: the dtypes are not floating and the same.
        ValueError: q is out of range, or there is no element.

    Example:
        >>> import autograd_core as ag
        >>> ag.quantile(ag.tensor([1.0, 2.0, 3.0]), 0.75)
        tensor(2.5)
    """
    return _quantile(input, q, dim, keepdim, interpolation, False, "quantile")


@public("nanquantile")
@named
def nanquantile(
    input: Any, q: Any, dim: int | None = None, keepdim: bool = False, *, interpolation: str = "linear"
) -> Tensor:
    """As :func:`quantile`, of the elements that are not NaN.

    Args:
        input: floats, any shape.
        q: from 0 to 1, a number or (n,).
        dim: the axis; by default all elements.
        keepdim: keep that axis, at length one.
        interpolation: as in :func:`quantile`.

    Returns:
        A Tensor; of several q with these along the first axis.

    Raises:
        TypeError: the dtypes are not floating and the same.
        ValueError: q is out of range, or there is no element.

    Example:
        >>> import autograd_core as ag
        >>> ag.nanquantile(ag.tensor([1.0, float("nan"), 3.0]), 0.5)
        tensor(2.)
    """
    return _quantile(input, q, dim, keepdim, interpolation, True, "nanquantile")


def _over_axes(a: Any, q: Any, axis: Axis, keepdims: bool, method: str, skip: bool) -> Tensor:
    """NumPy's quantile, which takes several axes."""
    x = floating(a)
    axes = axes_of(axis, x.ndim)
    kept = tuple(i for i in range(x.ndim) if i not in axes)
    rows = reshape(x.permute(kept + axes), (*(x.shape[i] for i in kept), math.prod(x.shape[i] for i in axes)))
    found = _quantile(rows, q, -1, False, method, skip, "quantile")
    if not keepdims:
        return found
    return reshape(found, np.shape(q) + tuple(1 if i in axes else n for i, n in enumerate(x.shape)))


@public(numpy=np.median)
def _np_median(a: Any, axis: Axis = None, keepdims: bool = False) -> Tensor:
    return _over_axes(a, 0.5, axis, keepdims, "linear", False)


@public(numpy=np.nanmedian)
def _np_nanmedian(a: Any, axis: Axis = None, keepdims: bool = False) -> Tensor:
    return _over_axes(a, 0.5, axis, keepdims, "linear", True)


@public(numpy=np.quantile)
def _np_quantile(a: Any, q: Any, axis: Axis = None, keepdims: bool = False, method: str = "linear") -> Tensor:
    return _over_axes(a, q, axis, keepdims, method, False)


@public(numpy=np.nanquantile)
def _np_nanquantile(a: Any, q: Any, axis: Axis = None, keepdims: bool = False, method: str = "linear") -> Tensor:
    return _over_axes(a, q, axis, keepdims, method, True)


@public("nansum", numpy=np.nansum)
@named
def nansum(input: Any, axis: Axis = None, keepdims: bool = False, dtype: Any = None) -> Tensor:
    """The sum over axes, where NaN counts as 0.

    Args:
        input: any shape.
        axis: the axes to sum over; all by default.
        keepdims: keep them, at length one.
        dtype: the dtype to sum in.

    Returns:
        A Tensor without these axes.

    Raises:
        IndexError: there is no such axis.

    Example:
        >>> import autograd_core as ag
        >>> ag.nansum(ag.tensor([1.0, float("nan"), 3.0]))
        tensor(4.)
    """
    input = tensor_of(input, dtype)
    return sum_over(input if input.dtype.kind != "f" else where(isnan(input), 0.0, input), axis, keepdims, dtype)


@public("nanmean", numpy=np.nanmean)
@named
def nanmean(input: Any, axis: Axis = None, keepdims: bool = False, dtype: Any = None) -> Tensor:
    """The mean over axes of the elements that are not NaN.

    Args:
        input: floats, any shape.
        axis: the axes to average over; all by default.
        keepdims: keep them, at length one.
        dtype: the dtype to compute in.

    Returns:
        A Tensor without these axes; NaN where all are.

    Raises:
        IndexError: there is no such axis.

    Example:
        >>> import autograd_core as ag
        >>> ag.nanmean(ag.tensor([1.0, float("nan"), 3.0]))
        tensor(2.)
    """
    input = floating(input, dtype)
    known = np.sum(~np.isnan(input.array), axis=axes_of(axis, input.ndim), keepdims=keepdims)
    with np.errstate(all="ignore"):
        return nansum(input, axis, keepdims) / from_array(np.asarray(known).astype(input.dtype)[()])


class MinMax(NamedTuple):
    """What :func:`aminmax` gives."""

    min: Tensor
    max: Tensor


@public("aminmax")
@named
def aminmax(input: Any, *, axis: int | None = None, keepdims: bool = False) -> MinMax:
    """The smallest and the largest element; equal ones share the gradient.

    Args:
        input: any shape.
        axis: the axis to reduce; all by default.
        keepdims: keep it, at length one.

    Returns:
        A named tuple ``(min, max)``.

    Raises:
        ValueError: there is no element.
        IndexError: there is no such axis.

    Example:
        >>> import autograd_core as ag
        >>> ag.aminmax(ag.tensor([3.0, 1.0])).min
        tensor(1.)
    """
    return MinMax(amin(input, axis, keepdims), amax(input, axis, keepdims))


@public("var_mean")
@named
def var_mean(
    input: Any, axis: Any = None, unbiased: bool = True, keepdims: bool = False, *, correction: float | None = None
) -> tuple[Tensor, Tensor]:
    """The variance and the mean over axes.

    Args:
        input: any shape.
        axis: the axes to reduce; all by default.
        unbiased: whether the correction is 1.
        keepdims: keep the axes, at length one.
        correction: what is subtracted from the count, instead of ``unbiased``.

    Returns:
        Two Tensors.

    Raises:
        IndexError: there is no such axis.

    Example:
        >>> import autograd_core as ag
        >>> ag.var_mean(ag.tensor([1.0, 2.0, 3.0]))
        (tensor(1.), tensor(2.))
    """
    axes = None if isinstance(axis, bool) else axis
    return var(input, axis, unbiased, keepdims, correction=correction), mean(input, axes, keepdims)


@public("std_mean")
@named
def std_mean(
    input: Any, axis: Any = None, unbiased: bool = True, keepdims: bool = False, *, correction: float | None = None
) -> tuple[Tensor, Tensor]:
    """The standard deviation and the mean over axes.

    Args:
        input: any shape.
        axis: the axes to reduce; all by default.
        unbiased: whether the correction is 1.
        keepdims: keep the axes, at length one.
        correction: what is subtracted from the count, instead of ``unbiased``.

    Returns:
        Two Tensors.

    Raises:
        IndexError: there is no such axis.

    Example:
        >>> import autograd_core as ag
        >>> ag.std_mean(ag.tensor([1.0, 2.0, 3.0]))
        (tensor(1.), tensor(2.))
    """
    axes = None if isinstance(axis, bool) else axis
    return std(input, axis, unbiased, keepdims, correction=correction), mean(input, axes, keepdims)


@public("count_nonzero")
@named
def count_nonzero(input: Any, axis: Axis = None) -> Tensor:
    """How many elements are not 0, over axes.

    Args:
        input: any shape.
        axis: the axes to count along; all by default.

    Returns:
        An int64 Tensor without these axes.

    Raises:
        IndexError: there is no such axis.

    Example:
        >>> import autograd_core as ag
        >>> ag.count_nonzero(ag.tensor([0, 1, 2]))
        tensor(2)
    """
    input = tensor_of(input)
    return count_nonzero_op(input, axis=axes_of(axis, input.ndim))


@public(numpy=np.count_nonzero)
def _np_count_nonzero(a: Any, axis: Axis = None, *, keepdims: bool = False) -> Tensor:
    return sum_over(tensor_of(a) != 0, axis, keepdims)
