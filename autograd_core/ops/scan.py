"""Running sums, products and extremes along an axis, differences and areas."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from .. import fast
from ..public import in_place, named, public
from ..rules import Function, constant, linear
from ..tensor import Tensor
from .extremes import ValuesIndices
from .gather import take_along_dim
from .join import concatenate
from .pairs import logaddexp
from .reduce import countable, floating
from .reduce import sum as sum_over
from .shape import clone, reshape, tensor_of
from .split import narrow

__all__ = [
    "cummax",
    "cummin",
    "cumprod",
    "cumsum",
    "cumulative_trapezoid",
    "diff",
    "logcumsumexp",
    "trapezoid",
    "trapz",
]


_BLOCK = 16


def _cumsum(x: Any, axis: int, reverse: bool) -> Any:
    """NumPy's, unless lines of many floats can be summed block by block, each a product with a triangle of ones."""
    if axis == x.ndim - 1 and fast.cumsum_rows.suits(x):
        out = np.empty(x.shape, x.dtype)
        fast.cumsum_rows(out.reshape(-1, x.shape[-1]), x.reshape(-1, x.shape[-1]), reverse)
        return out
    if axis == x.ndim - 1 and x.dtype in (np.float32, np.float64) and x.size >= 4096 and x.shape[-1] >= 4 * _BLOCK:
        with np.errstate(all="ignore"):
            out = _cumsum_in_blocks(x, reverse)
        if np.isfinite(out[..., 0 if reverse else -1]).all():  # a product would spread infinities over the block
            return out
    return np.flip(np.cumsum(np.flip(x, axis), axis), axis) if reverse else np.cumsum(x, axis)


def _cumsum_in_blocks(x: Any, reverse: bool) -> Any:
    rest = x.shape[-1] % _BLOCK
    if rest:  # filled up with zeros
        x = np.concatenate([x, np.zeros((*x.shape[:-1], _BLOCK - rest), x.dtype)], axis=-1)
    triangle = np.tri(_BLOCK, dtype=x.dtype)
    out = (np.reshape(x, (-1, _BLOCK)) @ (triangle if reverse else triangle.T)).reshape(x.shape)
    sums = out[..., ::_BLOCK] if reverse else out[..., _BLOCK - 1 :: _BLOCK]
    if reverse:
        out[..., :-_BLOCK] += np.repeat(np.flip(np.add.accumulate(sums[..., :0:-1], axis=-1), -1), _BLOCK, axis=-1)
    else:
        out[..., _BLOCK:] += np.repeat(np.add.accumulate(sums[..., :-1], axis=-1), _BLOCK, axis=-1)
    return out[..., : rest - _BLOCK] if rest else out


def _cumsum_back(g: Any, x: Any, axis: int, reverse: bool) -> Any:
    return cumsum_op.op.on(g, axis=axis, reverse=not reverse)


cumsum_op: Function = linear(_cumsum, _cumsum_back, name="cumsum", symbol="cumΣ", options={"axis": 0, "reverse": False})
cumprod_op = constant(lambda x, axis: np.cumprod(x, axis=axis), name="cumprod")


def _lasting(x: Any, axis: int, largest: bool) -> Any:
    """Where the extreme up to each place stands, the last of equal ones; NaN wins and stays."""
    best = (np.maximum if largest else np.minimum).accumulate(x, axis=axis)
    hit = (x == best) | np.isnan(x) if x.dtype.kind == "f" else x == best
    shape = [1] * x.ndim
    shape[axis] = -1
    return np.maximum.accumulate(np.where(hit, np.arange(x.shape[axis]).reshape(shape), 0), axis=axis)


lasting_op = constant(_lasting, name="running_argmax")


def _line(x: Any, axis: Any) -> tuple[Tensor, int, bool]:
    """A Tensor with at least one axis, the axis, and whether it was 0-d."""
    x = tensor_of(x)
    place = normalize_axis_index(axis, x.ndim or 1)
    return (x, place, False) if x.ndim else (reshape(x, 1), 0, True)


def _doubling(combine: Callable[[Any, Any], Tensor], x: Tensor, axis: int) -> Tensor:
    """A scan in log n steps, each an ordinary operation, so that it differentiates without special cases."""
    length, step = x.shape[axis], 1
    while step < length:
        ahead = combine(narrow(x, axis, step, length - step), narrow(x, axis, 0, length - step))
        x = concatenate([narrow(x, axis, 0, step), ahead], axis)
        step *= 2
    return x


@public("cumsum")
@named
def cumsum(input: Any, axis: int, dtype: Any = None) -> Tensor:
    """The sum up to each element along an axis.

    Formula:
        ∂L/∂xᵢ = Σ ∂L/∂yⱼ over j ≥ i.

    Args:
        input: any shape.
        axis: the axis.
        dtype: the dtype to sum in; by default input's own (integers and booleans: int64).

    Returns:
        A Tensor of the same shape.

    Raises:
        IndexError: there is no such axis.

    Example:
        >>> import autograd_core as ag
        >>> ag.cumsum(ag.tensor([1.0, 2.0, 3.0]), 0)
        tensor([1., 3., 6.])
    """
    input, place, number = _line(countable(input, dtype), axis)
    result = cumsum_op(input, axis=place, reverse=False)
    result = result.to(dtype) if dtype is not None else result
    return reshape(result, ()) if number else result


@public("cumprod")
@named
def cumprod(input: Any, axis: int, dtype: Any = None) -> Tensor:
    """The product up to each element along an axis.

    Formula:
        As of each product; computed by multiplying in pairs, so zeros are no special case.

    Args:
        input: any shape.
        axis: the axis.
        dtype: the dtype to multiply in; by default input's own (integers and booleans: int64).

    Returns:
        A Tensor of the same shape.

    Raises:
        IndexError: there is no such axis.

    Example:
        >>> import autograd_core as ag
        >>> ag.cumprod(ag.tensor([1.0, 2.0, 3.0]), 0)
        tensor([1., 2., 6.])
    """
    input, place, number = _line(countable(input, dtype), axis)
    result = _doubling(lambda a, b: a * b, input, place) if input.requires_grad else cumprod_op(input, axis=place)
    result = result.to(dtype) if dtype is not None else result
    return reshape(result, ()) if number else result


@public("logcumsumexp")
@named
def logcumsumexp(input: Any, axis: int) -> Tensor:
    """log Σ eˣ up to each element along an axis, without overflow.

    Args:
        input: any shape.
        axis: the axis.

    Returns:
        A Tensor of the same shape.

    Raises:
        IndexError: there is no such axis.

    Example:
        >>> import autograd_core as ag
        >>> ag.logcumsumexp(ag.tensor([0.0, 0.0]), 0)
        tensor([0.    , 0.6931])
    """
    input, place, number = _line(floating(input), axis)
    result = _doubling(logaddexp, input, place)
    return reshape(result, ()) if number else result


def _running(x: Any, axis: int, largest: bool) -> ValuesIndices:
    x, place, number = _line(x, axis)
    indices = lasting_op(x, axis=place, largest=largest)
    values = take_along_dim(x, indices, place)
    return ValuesIndices(reshape(values, ()), reshape(indices, ())) if number else ValuesIndices(values, indices)


@public("cummax")
@named
def cummax(input: Any, axis: int) -> ValuesIndices:
    """The largest element up to each place along an axis.

    Formula:
        The gradient goes to the element named by the index: the last of equal ones.

    Args:
        input: any shape.
        axis: the axis.

    Returns:
        A named tuple ``(values, indices)``.

    Raises:
        IndexError: there is no such axis.

    Example:
        >>> import autograd_core as ag
        >>> ag.cummax(ag.tensor([1.0, 3.0, 2.0]), 0).values
        tensor([1., 3., 3.])
    """
    return _running(input, axis, True)


@public("cummin")
@named
def cummin(input: Any, axis: int) -> ValuesIndices:
    """The smallest element up to each place along an axis.

    Formula:
        The gradient goes to the element named by the index: the last of equal ones.

    Args:
        input: any shape.
        axis: the axis.

    Returns:
        A named tuple ``(values, indices)``.

    Raises:
        IndexError: there is no such axis.

    Example:
        >>> import autograd_core as ag
        >>> ag.cummin(ag.tensor([3.0, 1.0, 2.0]), 0).values
        tensor([3., 1., 1.])
    """
    return _running(input, axis, False)


@public(numpy=np.cumsum)
def _np_cumsum(a: Any, axis: int | None = None, dtype: Any = None) -> Tensor:
    return cumsum(reshape(a, -1) if axis is None else a, 0 if axis is None else axis, dtype)


@public(numpy=np.cumprod)
def _np_cumprod(a: Any, axis: int | None = None, dtype: Any = None) -> Tensor:
    return cumprod(reshape(a, -1) if axis is None else a, 0 if axis is None else axis, dtype)


@public("diff", numpy=np.diff)
def diff(
    input: Any, n: int = 1, dim: int = -1, prepend: Any = None, append: Any = None, *, axis: int | None = None
) -> Tensor:
    """The differences of neighbours along an axis, n times.

    Args:
        input: any shape with that axis.
        n: how often.
        dim: the axis.
        prepend: put before input first, same shape but for that axis.
        append: put behind input first.
        axis: as dim, by NumPy's name.

    Returns:
        A Tensor, shorter by n along that axis.

    Raises:
        ValueError: input has no axis, or n is negative.
        IndexError: there is no such axis.

    Example:
        >>> import autograd_core as ag
        >>> ag.diff(ag.tensor([1.0, 4.0, 9.0]))
        tensor([3., 5.])
    """
    input = tensor_of(input)
    if input.ndim == 0:
        raise ValueError("diff needs a tensor with an axis, got a 0-d one")
    n = operator.index(n)
    if n < 0:
        raise ValueError(f"diff needs n not below 0, got {n}")
    place = normalize_axis_index(dim if axis is None else axis, input.ndim)
    if n == 0:
        return clone(input)
    parts = [tensor_of(part) for part in (prepend, input, append) if part is not None]
    if len(parts) > 1:
        input = concatenate(parts, place)
    for _ in range(min(n, input.shape[place])):
        length = max(input.shape[place] - 1, 0)
        ahead, behind = narrow(input, place, input.shape[place] - length, length), narrow(input, place, 0, length)
        input = ahead ^ behind if input.dtype.kind == "b" else ahead - behind
    return tensor_of(input)


def _areas(y: Any, x: Any, dx: Any, dim: int) -> tuple[Tensor, int]:
    """The areas of the trapezoids between neighbours."""
    y = tensor_of(y)
    if y.ndim == 0:
        raise ValueError("trapezoid needs a tensor with an axis, got a 0-d one")
    place = normalize_axis_index(dim, y.ndim)
    length = max(y.shape[place] - 1, 0)
    heights = narrow(y, place, y.shape[place] - length, length) + narrow(y, place, 0, length)
    if x is None:
        return heights * (dx / 2) if not isinstance(dx, Tensor) else heights * dx / 2, place
    x = tensor_of(x)
    if x.ndim == 1:
        if x.numel() != y.shape[place]:
            raise ValueError(f"trapezoid needs an x for each of the {y.shape[place]} heights, got {x.numel()}")
        x = reshape(x, (-1,) + (1,) * (y.ndim - place - 1))
        steps = diff(x, dim=0)
    else:
        steps = diff(x, dim=place - y.ndim)
    return heights * steps / 2, place - y.ndim


@named
def trapezoid(y: Any, x: Any = None, *, dx: Any = 1, dim: int = -1) -> Tensor:
    """The area under points by trapezoids, along an axis.

    Args:
        y: the heights, any shape with that axis.
        x: where they stand, (n,) or a shape that broadcasts; by default dx apart.
        dx: the distance of neighbours.
        dim: the axis.

    Returns:
        A Tensor without that axis.

    Raises:
        ValueError: y has no axis, or x does not fit.
        IndexError: there is no such axis.

    Example:
        >>> import autograd_core as ag
        >>> ag.trapezoid(ag.tensor([1.0, 2.0, 3.0]))
        tensor(4.)
    """
    areas, place = _areas(y, x, dx, dim)
    return sum_over(areas, place)


trapz = trapezoid


@named
def cumulative_trapezoid(y: Any, x: Any = None, *, dx: Any = 1, dim: int = -1) -> Tensor:
    """The area under points up to each but the first, by trapezoids, along an axis.

    Args:
        y: the heights, any shape with that axis.
        x: where they stand, (n,) or a shape that broadcasts; by default dx apart.
        dx: the distance of neighbours.
        dim: the axis.

    Returns:
        A Tensor, shorter by one along that axis.

    Raises:
        ValueError: y has no axis, or x does not fit.
        IndexError: there is no such axis.

    Example:
        >>> import autograd_core as ag
        >>> ag.cumulative_trapezoid(ag.tensor([1.0, 2.0, 3.0]))
        tensor([1.5, 4. ])
    """
    areas, place = _areas(y, x, dx, dim)
    return cumsum(areas, place)


if hasattr(np, "trapezoid"):

    @public(numpy=np.trapezoid)
    def _trapezoid(y: Any, x: Any = None, dx: Any = 1.0, axis: int = -1) -> Tensor:
        return trapezoid(y, x, dx=dx, dim=axis)


for _form in (cumsum, cumprod):
    setattr(Tensor, f"{_form.__name__}_", in_place(_form, f"{_form.__name__}_"))
