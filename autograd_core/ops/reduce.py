"""Reductions along axes, and softmax and its kin."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple

from .. import symbolic
from ..public import named, public
from ..rules import POSITIVE, constant, elementwise, linear
from ..tensor import Tensor, from_array, get_default_dtype
from .join import concatenate
from .math import square
from .shape import reshape, tensor_of, transpose_op

__all__ = [
    "all",
    "any",
    "mean",
    "prod",
    "std",
    "sum",
    "var",
]

Axis = int | Sequence[int] | None


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


# As sqrt, but flat at 0: the standard deviation of equal numbers has gradient 0, as in PyTorch.
root = elementwise(
    np.sqrt,
    lambda y, x: 0.5 / np.where(y == 0, np.full_like(y, np.inf), y),
    name="root",
    symbol="√",
    domain=POSITIVE,
    kink="0 at 0",
)
# Only for what is not differentiated; prod itself multiplies in pairs.
prod_op = constant(lambda x, axis, keepdims: np.prod(x, axis=axis, keepdims=keepdims), name="prod")
any_op = constant(lambda x, axis, keepdims: np.any(x, axis=axis, keepdims=keepdims), name="any")
all_op = constant(lambda x, axis, keepdims: np.all(x, axis=axis, keepdims=keepdims), name="all")


@public("sum", numpy=np.sum)
@named
def sum(input: Any, axis: Axis = None, keepdims: bool = False, dtype: Any = None) -> Tensor:
    """The sum over axes.

    Formula:
        ∂L/∂x = ∂L/∂y at every element that was summed.

    Args:
        input: any shape.
        axis: the axes to sum over; all by default.
        keepdims: keep them, at length one.
        dtype: the dtype to sum in; by default input's own (integers and booleans: int64).

    Returns:
        A Tensor without these axes.

    Raises:
        IndexError: there is no such axis.

    Example:
        >>> import autograd_core as ag
        >>> ag.sum(ag.tensor([[1.0, 2.0], [3.0, 4.0]]), axis=0)
        tensor([4., 6.])
    """
    input = countable(input, dtype)
    total = sum_op(input, axis=axes_of(axis, input.ndim), keepdims=keepdims)
    return total if dtype is None else total.to(dtype)


def countable(x: Any, dtype: Any = None) -> Tensor:
    """x as a Tensor to sum or multiply; unsigned integers as int64, since uint64 beside int64 would become floats."""
    tensor = tensor_of(x, dtype)
    return tensor.to(np.int64) if tensor.dtype.kind == "u" else tensor


@public("mean", numpy=np.mean)
@named
def mean(input: Any, axis: Axis = None, keepdims: bool = False, dtype: Any = None) -> Tensor:
    """The mean over axes; integers give floats.

    Formula:
        ∂L/∂x = ∂L/∂y / n at each of the n elements averaged.

    Args:
        input: any shape.
        axis: the axes to average over; all by default.
        keepdims: keep them, at length one.
        dtype: the dtype to compute in; by default input's own.

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
    input = floating(input, dtype)
    return mean_op(input, axis=axes_of(axis, input.ndim), keepdims=keepdims)


def floating(x: Any, dtype: Any = None) -> Tensor:
    """x as a Tensor of floats: integers in the default dtype."""
    tensor = tensor_of(x, dtype)
    return tensor if tensor.dtype.kind == "f" else tensor.to(get_default_dtype())


@public("prod", numpy=np.prod)
@named
def prod(input: Any, axis: Axis = None, keepdims: bool = False, dtype: Any = None) -> Tensor:
    """The product over axes.

    Formula:
        ∂y/∂xᵢ = the product of the others; computed by multiplying in pairs, so zeros are no
        special case.

    Args:
        input: any shape.
        axis: the axes to multiply over; all by default.
        keepdims: keep them, at length one.
        dtype: the dtype to compute in; by default input's own.

    Returns:
        A Tensor without these axes.

    Raises:
        IndexError: there is no such axis.

    Example:
        >>> import autograd_core as ag
        >>> ag.prod(ag.tensor([[1.0, 2.0], [3.0, 4.0]]), axis=0)
        tensor([3., 8.])
    """
    input = countable(input, dtype)
    axes = axes_of(axis, input.ndim)
    if not input.requires_grad:
        product = prod_op(input, axis=axes, keepdims=keepdims)
        return product if dtype is None else product.to(dtype)
    kept = tuple(i for i in range(input.ndim) if i not in axes)
    shape = (
        tuple(1 if i in axes else n for i, n in enumerate(input.shape))
        if keepdims
        else tuple(input.shape[i] for i in kept)
    )
    length = math.prod(input.shape[i] for i in axes)
    flat = reshape(transpose_op(input, axes=kept + axes), (*(input.shape[i] for i in kept), length))
    if length == 0:
        return from_array(np.ones(shape, input.dtype)) + sum(flat, -1).reshape(shape)
    while length > 1:
        half = length // 2
        rest = flat[..., 2 * half :]
        flat = flat[..., :half] * flat[..., half : 2 * half]
        if length % 2:
            flat = concatenate([flat, rest], -1)
        length = half + length % 2
    return reshape(flat, shape)


@public("any", numpy=np.any)
@named
def any(input: Any, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """Whether any element along the axes is not zero.

    Args:
        input: any shape.
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
    input = tensor_of(input)
    return any_op(input, axis=axes_of(axis, input.ndim), keepdims=keepdims)


@public("all", numpy=np.all)
@named
def all(input: Any, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """Whether every element along the axes is not zero.

    Args:
        input: any shape.
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
    input = tensor_of(input)
    return all_op(input, axis=axes_of(axis, input.ndim), keepdims=keepdims)


@public("var")
@named
def var(
    input: Any, axis: Axis = None, unbiased: bool = True, keepdims: bool = False, *, correction: float | None = None
) -> Tensor:
    """The variance over axes: the mean squared distance from the mean.

    Formula:
        y = Σ(x − mean)² / (n − correction); ∂y/∂xᵢ = 2(xᵢ − mean) / (n − correction)

    Args:
        input: any shape.
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
    input = floating(input)
    if isinstance(axis, bool):  # PyTorch's var(unbiased)
        axis, unbiased = None, bool(axis)
    if input.dtype == np.float16:  # the sum of the squares may overflow where their mean does not
        return var(input.to(np.float32), axis, unbiased, keepdims, correction=correction).to(np.float16)
    axes = axes_of(axis, input.ndim)
    total = sum_op(square(input - mean_op(input, axis=axes, keepdims=True)), axis=axes, keepdims=keepdims)
    left = count(input.shape, axes) - (float(unbiased) if correction is None else correction)
    return total * share(left) if left > 0 else total / 0.0


@public("std")
@named
def std(
    input: Any, axis: Axis = None, unbiased: bool = True, keepdims: bool = False, *, correction: float | None = None
) -> Tensor:
    """The standard deviation over axes: the root of :func:`var`.

    Formula:
        y = √var; ∂y/∂xᵢ = (xᵢ − mean) / (y·(n − correction)), and 0 where y is 0.

    Args:
        input: any shape.
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
    input = floating(input)
    if input.dtype == np.float16:
        return std(input.to(np.float32), axis, unbiased, keepdims, correction=correction).to(np.float16)
    return root(var(input, axis, unbiased, keepdims, correction=correction))
