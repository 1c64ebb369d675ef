"""Order, search and counting: indices are found without a derivative, values are read by them."""

from __future__ import annotations

import operator
from typing import Any, Literal

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from ..public import named, public
from ..rules import constant
from ..tensor import Tensor, from_array
from .extremes import ValuesIndices
from .gather import take_along_dim
from .shape import reshape, tensor_of

__all__ = [
    "argsort",
    "argwhere",
    "bincount",
    "bucketize",
    "histc",
    "isin",
    "kthvalue",
    "msort",
    "nonzero",
    "searchsorted",
    "sort",
    "topk",
    "unique",
    "unique_consecutive",
]


def order_of(x: Any, axis: int, descending: bool) -> Any:
    """A stable order along an axis, NaN as the largest."""
    if not descending:
        return np.argsort(x, axis=axis, kind="stable")
    backwards = np.argsort(np.flip(x, axis), axis=axis, kind="stable")
    return np.flip(x.shape[axis] - 1 - backwards, axis)


argsort_op = constant(order_of, name="argsort")


def _ordered(x: Tensor, axis: int, descending: bool) -> tuple[Tensor, Tensor]:
    """Sorted values and their indices; a 0-d tensor counts as having one element."""
    place = normalize_axis_index(axis, x.ndim or 1)
    if x.ndim == 0:
        return x.clone(), from_array(np.int64(0))
    order = argsort_op(x, axis=place, descending=descending)
    return take_along_dim(x, order, place), order


@public("sort")
@named
def sort(input: Any, axis: int = -1, descending: bool = False, stable: bool = False) -> ValuesIndices:
    """The elements in order along an axis, NaN last.

    Formula:
        Each element's gradient goes back to the place it came from.

    Args:
        input: any shape.
        axis: the axis.
        descending: from the largest down.
        stable: accepted as PyTorch's; equal elements always keep their order.

    Returns:
        A named tuple ``(values, indices)``; ``np.sort`` on a Tensor gives the values alone.

    Raises:
        IndexError: there is no such axis.

    Example:
        >>> import autograd_core as ag
        >>> ag.sort(ag.tensor([3.0, 1.0, 2.0])).values
        tensor([1., 2., 3.])
    """
    return ValuesIndices(*_ordered(tensor_of(input), axis, descending))


@public(numpy=np.sort)
def _sort(a: Any, axis: int | None = -1, kind: str | None = None) -> Tensor:
    return sort(reshape(a, -1) if axis is None else a, -1 if axis is None else axis).values


@public("argsort")
@named
def argsort(input: Any, axis: int = -1, descending: bool = False, stable: bool = False) -> Tensor:
    """The indices that put the elements in order along an axis.

    Args:
        input: any shape.
        axis: the axis.
        descending: from the largest down.
        stable: accepted as PyTorch's; equal elements always keep their order.

    Returns:
        An int64 Tensor of the same shape.

    Raises:
        IndexError: there is no such axis.

    Example:
        >>> import autograd_core as ag
        >>> ag.argsort(ag.tensor([3.0, 1.0, 2.0]))
        tensor([1, 2, 0])
    """
    return _ordered(tensor_of(input).detach(), axis, descending)[1]


@public(numpy=np.argsort)
def _argsort(a: Any, axis: int | None = -1, kind: str | None = None) -> Tensor:
    return argsort(reshape(a, -1) if axis is None else a, -1 if axis is None else axis)


@public("msort")
def msort(input: Any) -> Tensor:
    """The elements in order along the first axis.

    Args:
        input: any shape.

    Returns:
        A Tensor of the same shape.

    Example:
        >>> import autograd_core as ag
        >>> ag.msort(ag.tensor([3.0, 1.0]))
        tensor([1., 3.])
    """
    return sort(input, 0).values


@public("topk")
@named
def topk(input: Any, k: int, axis: int = -1, largest: bool = True, sorted: bool = True) -> ValuesIndices:
    """The k largest elements along an axis, in order.

    Args:
        input: any shape.
        k: how many.
        axis: the axis.
        largest: False for the smallest.
        sorted: accepted as PyTorch's; they always come in order.

    Returns:
        A named tuple ``(values, indices)``.

    Raises:
        ValueError: the axis has fewer than k elements.
        IndexError: there is no such axis.

    Example:
        >>> import autograd_core as ag
        >>> ag.topk(ag.tensor([3.0, 1.0, 2.0]), 2).values
        tensor([3., 2.])
    """
    input, k = tensor_of(input), operator.index(k)
    place = normalize_axis_index(axis, input.ndim or 1)
    length = (input.shape or (1,))[place]
    if not 0 <= k <= length:
        raise ValueError(f"topk needs k from 0 to {length}, the length of the axis, got {k}")
    if input.ndim == 0:
        return ValuesIndices(input.clone(), from_array(np.int64(0)))
    order = order_of(input.array, place, largest).take(np.arange(k), axis=place)
    return ValuesIndices(take_along_dim(input, order, place), from_array(order))


@public("kthvalue")
@named
def kthvalue(input: Any, k: int, axis: int = -1, keepdims: bool = False) -> ValuesIndices:
    """The k-th smallest element along an axis.

    Args:
        input: any shape.
        k: which one, counted from 1.
        axis: the axis.
        keepdims: keep it, at length one.

    Returns:
        A named tuple ``(values, indices)``.

    Raises:
        ValueError: the axis has fewer than k elements.
        IndexError: there is no such axis.

    Example:
        >>> import autograd_core as ag
        >>> ag.kthvalue(ag.tensor([3.0, 1.0, 2.0]), 2).values
        tensor(2.)
    """
    input, k = tensor_of(input), operator.index(k)
    place = normalize_axis_index(axis, input.ndim or 1)
    length = (input.shape or (1,))[place]
    if not 1 <= k <= length:
        raise ValueError(f"kthvalue needs k from 1 to {length}, the length of the axis, got {k}")
    if input.ndim == 0:
        return ValuesIndices(input.clone(), from_array(np.int64(0)))
    order = order_of(input.array, place, False).take([k - 1], axis=place)
    return picked(input, order, place, keepdims)


def picked(x: Tensor, order: Any, place: int, keepdims: bool) -> ValuesIndices:
    """The one element on each line of an axis that indices, of length one there, name."""
    values = take_along_dim(x, order, place)
    if not keepdims:
        shape = x.shape[:place] + x.shape[place + 1 :]
        values, order = reshape(values, shape), order.reshape(shape)[()]
    return ValuesIndices(values, from_array(order))


def searchsorted(
    sorted_sequence: Any,
    input: Any,
    *,
    out_int32: bool = False,
    right: bool = False,
    side: str | None = None,
    sorter: Any = None,
) -> Tensor:
    """Where elements would have to be inserted to keep a sequence in order.

    Args:
        sorted_sequence: in order along its last axis; one-dimensional, or with the other axes of input.
        input: any shape.
        out_int32: int32 instead of int64.
        right: after equal elements instead of before them.
        side: ``"left"`` or ``"right"``, instead of right.
        sorter: indices that put the sequence in order.

    Returns:
        An int64 Tensor of the input's shape.

    Raises:
        ValueError: the shapes do not fit, or side and right contradict each other.

    Example:
        >>> import autograd_core as ag
        >>> ag.searchsorted(ag.tensor([1.0, 3.0, 5.0]), ag.tensor([3.0, 4.0]))
        tensor([1, 2])
    """
    if side not in (None, "left", "right"):
        raise ValueError(f"searchsorted has the side 'left' or 'right', got {side!r}")
    if side == "left" and right:
        raise ValueError("searchsorted got side='left' and right=True, which contradict each other: give one")
    lines, values = tensor_of(sorted_sequence).array, tensor_of(input).array
    if np.ndim(lines) == 0:
        raise ValueError("searchsorted needs a sequence with an axis, got a 0-d tensor")
    if sorter is not None:
        order = tensor_of(sorter).array
        if order.shape != lines.shape:
            raise ValueError(f"searchsorted needs a sorter of the sequence's shape {lines.shape}, got {order.shape}")
        if order.dtype.kind not in "iu":
            raise TypeError(f"searchsorted needs a sorter of integers, got {order.dtype}")
        if order.size and (order.min() < 0 or order.max() >= lines.shape[-1]):
            raise IndexError("searchsorted got a sorter with an index out of range")
        lines = np.take_along_axis(lines, order, -1)
    where: Literal["left", "right"] = "right" if right or side == "right" else "left"
    dtype = np.int32 if out_int32 else np.int64
    if lines.ndim == 1:
        return from_array(np.asarray(np.searchsorted(lines, values, where)).astype(dtype)[()])
    if np.ndim(values) != lines.ndim or values.shape[:-1] != lines.shape[:-1]:
        raise ValueError(
            f"searchsorted needs a sequence of one axis or with the axes before the last of the input {values.shape}, "
            f"got {lines.shape}"
        )
    found = np.empty(values.shape, dtype)
    for place in np.ndindex(values.shape[:-1]):
        found[place] = np.searchsorted(lines[place], values[place], where)
    return from_array(found)


@public(numpy=np.searchsorted)
def _searchsorted(a: Any, v: Any, side: str = "left") -> Tensor:
    return searchsorted(a, v, side=side)


def bucketize(input: Any, boundaries: Any, *, out_int32: bool = False, right: bool = False) -> Tensor:
    """The number of the interval between boundaries in which each element lies.

    Args:
        input: any shape.
        boundaries: one-dimensional, in order.
        out_int32: int32 instead of int64.
        right: whether an interval holds its left end instead of its right one.

    Returns:
        An int64 Tensor of the input's shape.

    Raises:
        ValueError: the boundaries are not one-dimensional.

    Example:
        >>> import autograd_core as ag
        >>> ag.bucketize(ag.tensor([0.5, 2.0]), ag.tensor([1.0, 2.0]))
        tensor([0, 1])
    """
    edges = tensor_of(boundaries)
    if edges.ndim != 1:
        raise ValueError(f"bucketize needs boundaries on one axis, got shape {edges.shape}")
    return searchsorted(edges, input, out_int32=out_int32, right=right)


@public("unique")
@named
def unique(
    input: Any, sorted: bool = True, return_inverse: bool = False, return_counts: bool = False, axis: int | None = None
) -> Any:
    """The different elements, in order; or the different slices of an axis.

    Args:
        input: any shape.
        sorted: accepted as PyTorch's; they always come in order.
        return_inverse: also where each element went.
        return_counts: also how often each occurs.
        axis: the axis whose slices are compared; by default the elements are.

    Returns:
        A Tensor, or a tuple of Tensors: values, inverse, counts.

    Raises:
        IndexError: there is no such axis.

    Example:
        >>> import autograd_core as ag
        >>> ag.unique(ag.tensor([3, 1, 3]), return_counts=True)
        (tensor([1, 3]), tensor([1, 2]))
    """
    array = tensor_of(input).array
    found = np.unique(array, return_inverse=True, return_counts=True, axis=axis, equal_nan=False)
    values, inverse, counts = found
    inverse = inverse.reshape(np.shape(array)) if axis is None else inverse.reshape(-1)
    return _chosen(values, inverse, counts, return_inverse, return_counts)


@public(numpy=np.unique)
def _np_unique(ar: Any, return_inverse: bool = False, return_counts: bool = False, axis: int | None = None) -> Any:
    return unique(ar, True, return_inverse, return_counts, axis)


def _chosen(values: Any, inverse: Any, counts: Any, return_inverse: bool, return_counts: bool) -> Any:
    parts = [values] + [inverse] * return_inverse + [counts] * return_counts
    tensors = tuple(from_array(part[()]) for part in parts)
    return tensors if len(tensors) > 1 else tensors[0]


@public("unique_consecutive")
@named
def unique_consecutive(
    input: Any, return_inverse: bool = False, return_counts: bool = False, axis: int | None = None
) -> Any:
    """The elements, or the slices of an axis, without those equal to the one before.

    Args:
        input: any shape.
        return_inverse: also where each element went.
        return_counts: also how often each was repeated.
        axis: the axis; by default the flattened elements.

    Returns:
        A Tensor, or a tuple of Tensors: values, inverse, counts.

    Raises:
        IndexError: there is no such axis.

    Example:
        >>> import autograd_core as ag
        >>> ag.unique_consecutive(ag.tensor([1, 1, 2, 1]))
        tensor([1, 2, 1])
    """
    array = np.asarray(tensor_of(input).array)
    place = 0 if axis is None else normalize_axis_index(axis, array.ndim)
    lines = array.reshape(-1) if axis is None else array
    rows = np.moveaxis(lines, place, 0).reshape(lines.shape[place], lines.size // max(lines.shape[place], 1))
    new = np.r_[np.ones(min(len(rows), 1), bool), np.any(rows[1:] != rows[:-1], axis=1)]
    starts = np.flatnonzero(new)
    inverse = np.cumsum(new) - 1
    if axis is None:
        inverse = inverse.reshape(array.shape)
    counts = np.diff(np.r_[starts, len(rows)])
    return _chosen(lines.take(starts, axis=place), inverse, counts, return_inverse, return_counts)


@public("histc")
def histc(input: Any, bins: int = 100, min: float = 0, max: float = 0) -> Tensor:
    """How many elements lie in each of equal intervals.

    Args:
        input: any shape, floats.
        bins: the number of intervals.
        min: where the first starts.
        max: where the last ends; with ``min`` equal, both come from the elements.

    Returns:
        A Tensor (bins,) of input's dtype.

    Raises:
        ValueError: there are no intervals, their ends are in the wrong order or not finite.

    Example:
        >>> import autograd_core as ag
        >>> ag.histc(ag.tensor([1.0, 2.0, 1.0]), bins=4, min=0, max=3)
        tensor([0., 2., 1., 0.])
    """
    input = tensor_of(input)
    if bins <= 0:
        raise ValueError(f"histc needs at least one interval, got bins={bins}")
    low, high = float(min), float(max)
    if low == high and input.numel():
        low, high = float(input.array.min()), float(input.array.max())
    if low == high:
        low, high = low - 1, high + 1
    if not (np.isfinite(low) and np.isfinite(high)) or low > high:
        raise ValueError(f"histc needs finite ends in order, got {low} and {high}")
    values = np.ravel(input.array)
    inside = values[(values >= low) & (values <= high)]
    places = np.minimum(((inside - low) / (high - low) * bins).astype(np.int64), bins - 1)
    return from_array(np.bincount(places, minlength=bins).astype(input.dtype))


@public("bincount", numpy=np.bincount)
def bincount(input: Any, weights: Any = None, minlength: int = 0) -> Tensor:
    """How often each whole number occurs, or the sum of weights there.

    Args:
        input: whole numbers not below 0, one-dimensional.
        weights: one for each; summed instead of counted. No gradient flows through them: see scatter_add.
        minlength: the least length of the result.

    Returns:
        A Tensor.

    Raises:
        ValueError: input is not one-dimensional or has negative numbers, or the weights have another shape.
        TypeError: input are not whole numbers.

    Example:
        >>> import autograd_core as ag
        >>> ag.bincount(ag.tensor([0, 2, 2]))
        tensor([1, 0, 2])
    """
    numbers = tensor_of(input).array
    if numbers.dtype.kind not in "iu":
        raise TypeError(f"bincount counts whole numbers, got {numbers.dtype}")
    if np.ndim(numbers) != 1 or (numbers.size and numbers.min() < 0):
        raise ValueError(f"bincount needs numbers not below 0 on one axis, got shape {np.shape(numbers)}")
    if minlength < 0:
        raise ValueError(f"bincount needs a minlength not below 0, got {minlength}")
    if weights is None:
        return from_array(np.bincount(numbers, minlength=minlength))
    given = tensor_of(weights).array
    if given.shape != numbers.shape:
        raise ValueError(f"bincount needs weights of the shape {numbers.shape}, got {given.shape}")
    found = np.bincount(numbers, given, minlength)
    return from_array(found.astype(np.float32) if given.dtype == np.float32 else found)


@public("nonzero")
def nonzero(input: Any, *, as_tuple: bool = False) -> Any:
    """Where the elements that are not 0 stand.

    Args:
        input: any shape.
        as_tuple: one index Tensor for each axis instead of a row for each element.

    Returns:
        An int64 Tensor (n, ndim), or a tuple of Tensors (n,).

    Example:
        >>> import autograd_core as ag
        >>> ag.nonzero(ag.tensor([0, 5, 6])).tolist()
        [[1], [2]]
    """
    array = tensor_of(input).array
    if as_tuple:
        return tuple(from_array(part) for part in np.nonzero(np.atleast_1d(array)))
    return from_array(np.argwhere(array))


@public(numpy=np.nonzero)
def _nonzero(a: Any) -> Any:
    return nonzero(a, as_tuple=True)


@public("argwhere", numpy=np.argwhere)
def argwhere(input: Any) -> Tensor:
    """Where the elements that are not 0 stand, a row for each.

    Args:
        input: any shape.

    Returns:
        An int64 Tensor (n, ndim).

    Example:
        >>> import autograd_core as ag
        >>> ag.argwhere(ag.tensor([0, 5, 6])).tolist()
        [[1], [2]]
    """
    return nonzero(input)  # type: ignore[no-any-return]


@public(numpy=np.isin)
def isin(elements: Any, test_elements: Any, *, assume_unique: bool = False, invert: bool = False) -> Tensor:
    """Whether each element is among others.

    Args:
        elements: any shape.
        test_elements: any shape.
        assume_unique: accepted as PyTorch's.
        invert: whether it is not.

    Returns:
        A boolean Tensor of the first shape.

    Example:
        >>> import autograd_core as ag
        >>> ag.isin(ag.tensor([1, 2, 3]), ag.tensor([2]))
        tensor([False,  True, False])
    """
    found = np.isin(tensor_of(elements).array, tensor_of(test_elements).array, invert=invert)
    return from_array(found[()])
