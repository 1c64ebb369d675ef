"""The largest and the smallest elements, and where they are."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from ..public import named, public
from ..rules import constant, custom
from ..tensor import Tensor
from .choice import maximum, minimum
from .reduce import Axis, axes_of, count, spread
from .shape import tensor_of

__all__ = [
    "amax",
    "amin",
    "argmax",
    "argmin",
    "max",
    "min",
]


class ValuesIndices(NamedTuple):
    """What PyTorch's max, min and kin give along one axis."""

    values: Tensor
    indices: Tensor


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


argmax_op = constant(lambda x, axis, keepdims: np.argmax(x, axis=axis, keepdims=keepdims), name="argmax")


argmin_op = constant(lambda x, axis, keepdims: np.argmin(x, axis=axis, keepdims=keepdims), name="argmin")


def _extreme(op: Any, arg_op: Any, pairwise: Any, x: Any, dim: Any, keepdim: bool, axis: Axis) -> Any:
    if isinstance(dim, (Tensor, np.ndarray)):
        return pairwise(x, dim)
    x = tensor_of(x)
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
def max(input: Any, dim: Any = None, keepdim: bool = False, *, axis: Axis = None, keepdims: bool = False) -> Any:
    """The largest element, over all axes or some.

    Formula:
        The gradient goes to the largest element. Among equal ones it is shared equally, but where
        ``dim`` also gives the index, it goes to that element.

    Args:
        input: any shape.
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
    return _extreme(amax_op, argmax_op, maximum, input, dim, _one_of(dim, keepdim, axis, keepdims, "max"), axis)


@public("min")
def min(input: Any, dim: Any = None, keepdim: bool = False, *, axis: Axis = None, keepdims: bool = False) -> Any:
    """The smallest element, over all axes or some.

    Formula:
        The gradient goes to the smallest element. Among equal ones it is shared equally, but where
        ``dim`` also gives the index, it goes to that element.

    Args:
        input: any shape.
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
    return _extreme(amin_op, argmin_op, minimum, input, dim, _one_of(dim, keepdim, axis, keepdims, "min"), axis)


@public("amax", numpy=(np.max, np.amax))
@named
def amax(input: Any, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """The largest element over axes; equal ones share the gradient.

    Args:
        input: any shape.
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
    return max(input, axis=axis, keepdims=keepdims)  # type: ignore[no-any-return]


@public("amin", numpy=(np.min, np.amin))
@named
def amin(input: Any, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """The smallest element over axes; equal ones share the gradient.

    Args:
        input: any shape.
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
    return min(input, axis=axis, keepdims=keepdims)  # type: ignore[no-any-return]


@public("argmax", numpy=np.argmax)
@named
def argmax(input: Any, axis: int | None = None, keepdims: bool = False) -> Tensor:
    """The index of the largest element; the first of equal ones.

    Args:
        input: any shape.
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
    return argmax_op(tensor_of(input), axis=axis, keepdims=keepdims)


@public("argmin", numpy=np.argmin)
@named
def argmin(input: Any, axis: int | None = None, keepdims: bool = False) -> Tensor:
    """The index of the smallest element; the first of equal ones.

    Args:
        input: any shape.
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
    return argmin_op(tensor_of(input), axis=axis, keepdims=keepdims)
