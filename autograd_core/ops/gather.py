"""Selecting elements by tables of indices, and adding or putting them back.

Everything here comes down to positions in the flattened array: :data:`take_op` reads there, :data:`take_add` adds,
and each is the other's transpose.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from .. import fast
from ..public import named, public
from ..rules import Function, linear
from ..tensor import Tensor, to_array
from .shape import reshape, tensor_of

__all__ = [
    "gather",
    "index_select",
    "masked_select",
    "take",
    "take_along_dim",
]


def positions_along(shape: tuple[int, ...], index: Any, axis: int) -> Any:
    """Where in the flattened array the rows stand that indices name along an axis."""
    stride = math.prod(shape[axis + 1 :])
    outer = np.arange(math.prod(shape[:axis])).reshape(shape[:axis] + (1,) * (index.ndim + len(shape) - axis - 1))
    inner = np.arange(stride).reshape(shape[axis + 1 :])
    rows = index.reshape(index.shape + (1,) * (len(shape) - axis - 1)) * stride
    return outer * (stride * shape[axis]) + rows + inner


def positions_of(shape: tuple[int, ...], index: Any, axis: int) -> Any:
    """Where in the flattened array the elements stand that a table names along an axis, one for each of its places."""
    total, stride = index if axis == len(shape) - 1 else index * math.prod(shape[axis + 1 :]), 1
    for i in range(len(shape) - 1, -1, -1):
        if i != axis:
            places = (np.arange(index.shape[i]) * stride).reshape((-1,) + (1,) * (len(shape) - i - 1))
            total = np.add(total, places, out=None if total is index else total)
        stride *= shape[i]
    return total


def add_flat(shape: tuple[int, ...], positions: Any, g: Any) -> Any:
    """Zeros of a shape, with g added at positions of the flattened array."""
    out = np.zeros(math.prod(shape), g.dtype)
    add = fast.add_at if fast.add_at.suits(g) else np.add.at
    add(out, np.ravel(positions), np.ravel(g))  # NumPy's is fast for one axis only
    return out.reshape(shape)[()]


def _take(x: Any, index: Any, axis: int | None) -> Any:
    return x.take(index, axis=axis)


def _take_add(g: Any, shape: tuple[int, ...], index: Any, axis: int | None) -> Any:
    if axis is not None and fast.add_slices.suits(g):
        out = np.zeros((math.prod(shape[:axis]), shape[axis], math.prod(shape[axis + 1 :])), g.dtype)
        fast.add_slices(out, np.ravel(index), np.reshape(g, (len(out), np.size(index), out.shape[2])))
        return out.reshape(shape)
    return add_flat(shape, index if axis is None else positions_along(shape, index, axis), g)


take_op: Function = linear(
    _take,
    lambda g, x, index, axis: take_add.op.on(g, shape=x.shape, index=index, axis=axis),
    name="take",
    symbol="[ ]",
    options={"index": "index", "axis": 0},
)
take_add: Function = linear(
    _take_add,
    lambda g, x, shape, index, axis: take_op.op.on(g, index=index, axis=axis),
    name="take_add",
    symbol="Σ[ ]",
    options={"shape": "shape", "index": "index", "axis": 0},
)


def _pick(x: Any, index: Any) -> Any:
    """Of each row, along the last axis, the elements that the same row of a table names."""
    if not fast.pick_in_rows.suits(x):
        return np.take_along_axis(x, index, -1)
    out = np.empty(index.shape, x.dtype)
    fast.pick_in_rows(*(array.reshape(-1, array.shape[-1]) for array in (out, x, index)))
    return out


def _pick_add(g: Any, index: Any, length: int) -> Any:
    shape = (*index.shape[:-1], length)
    if not fast.add_in_rows.suits(g):
        return add_flat(shape, positions_of(shape, index, len(shape) - 1), g)
    out = np.zeros(shape, g.dtype)
    fast.add_in_rows(*(array.reshape(-1, array.shape[-1]) for array in (out, index, g)))
    return out


# As take and take_add with the positions left uncounted: quicker where a compiled loop runs over the rows.
pick_op: Function = linear(
    _pick,
    lambda g, x, index: pick_add.op.on(g, index=index, length=x.shape[-1]),
    name="pick",
    symbol="[ ]",
    options={"index": "index"},
)
pick_add: Function = linear(
    _pick_add,
    lambda g, x, index, length: pick_op.op.on(g, index=index),
    name="pick_add",
    symbol="Σ[ ]",
    options={"index": "index", "length": "n"},
)


def in_rows(x: Tensor, table: Any, axis: int) -> bool:
    """Whether a table names elements of whole rows along the last axis, and a compiled loop is worth it."""
    return axis == x.ndim - 1 and table.shape[:-1] == x.shape[:-1] and fast.pick_in_rows.suits(x.array)


def indices(value: Any, name: str) -> Any:
    """An index table as an array that nobody writes to: whole numbers only."""
    array = value.array if isinstance(value, Tensor) else to_array(value)
    if array.size == 0 and not isinstance(value, (Tensor, np.ndarray)):
        array = np.asarray(array, np.int64)
    if array.dtype.kind not in "iu":
        raise TypeError(f"{name} needs an index of integers, got {array.dtype}")
    return np.array(array, np.int64, copy=None if isinstance(value, Tensor) else True)


def checked_indices(index: Any, length: int, name: str, negative: bool = False) -> Any:
    """Indices that lie in an axis; one that does not is named with its position."""
    low = -length if negative else 0
    if not negative and index.dtype == np.int64 and (index.size == 0 or np.max(index.view(np.uint64)) < length):
        return index  # as unsigned numbers the negative ones are large, so one comparison is enough
    wrong = (index < low) | (index >= length)
    if np.any(wrong):
        place = tuple(int(i) for i in np.argwhere(wrong)[0])
        raise IndexError(
            f"{name} needs indices from {low} to {length - 1}, got {index[place]}" + (f" at {place}" if place else "")
        )
    return np.where(index < 0, index + length, index) if negative else index


def _axis(dim: Any, ndim: int) -> int:
    return normalize_axis_index(dim, ndim or 1)


def _table(x: Tensor, dim: int, index: Any, name: str, within: bool) -> tuple[Any, int]:
    """The index table of gather and scatter, checked, and its axis; a 0-d x counts as having one axis."""
    table, axis = indices(index, name), _axis(dim, x.ndim)
    shape = x.shape or (1,)
    if table.ndim == 0:
        table = table.reshape(1)
    if table.size == 0:
        return table, axis
    if table.ndim != len(shape):
        raise ValueError(f"{name} needs an index with as many axes as the input {x.shape}, got shape {table.shape}")
    wide = [i for i in range(len(shape)) if i != axis and table.shape[i] > shape[i]]
    if within and wide:
        raise ValueError(
            f"{name} needs an index no longer than the input {x.shape} but along axis {axis}, got {table.shape}"
        )
    return checked_indices(table, shape[axis], name), axis


@public("gather")
@named
def gather(input: Any, axis: int, index: Any, *, sparse_grad: bool = False) -> Tensor:
    """The elements that a table names along an axis: ``y[i, j] = x[index[i, j], j]`` for axis 0.

    Formula:
        Each element's gradient is added at the place it came from.

    Args:
        input: any shape.
        axis: the axis along which the indices count.
        index: a table of whole numbers with as many axes as input, along the others no longer.
        sparse_grad: accepted as PyTorch's; gradients are always dense.

    Returns:
        A Tensor of the index's shape.

    Raises:
        IndexError: an index is out of range, or there is no such axis.
        ValueError: the shapes do not fit.

    Example:
        >>> import autograd_core as ag
        >>> ag.gather(ag.tensor([[1.0, 2.0], [3.0, 4.0]]), 1, ag.tensor([[0, 0], [1, 0]]))
        tensor([[1., 1.],
                [4., 3.]])
    """
    input = tensor_of(input)
    given = np.shape(getattr(index, "array", index))
    table, place = _table(input, axis, index, "gather", True)
    if table.size == 0:
        return take_op(input, index=table.reshape(given), axis=None) if input.numel() else reshape(input, given)
    if in_rows(input, table, place):
        return pick_op(input, index=table)
    return take_op(input, index=positions_of(input.shape or (1,), table, place).reshape(given), axis=None)


@public("take_along_dim", numpy=np.take_along_axis)
def take_along_dim(input: Any, indices: Any, dim: int | None = None, *, axis: int | None = None) -> Tensor:
    """The elements that indices name along an axis, as argsort and argmax give them; the other axes broadcast.

    Args:
        input: any shape.
        indices: whole numbers, may be negative.
        dim: the axis; None takes from the flattened elements.
        axis: the same, by NumPy's name.

    Returns:
        A Tensor of the indices' shape, broadcast along the other axes.

    Raises:
        IndexError: an index is out of range.
        ValueError: the shapes do not fit.

    Example:
        >>> import autograd_core as ag
        >>> x = ag.tensor([[3.0, 1.0, 2.0]])
        >>> ag.take_along_dim(x, ag.argsort(x, 1), 1)
        tensor([[1., 2., 3.]])
    """
    input, dim = tensor_of(input), axis if dim is None else dim
    table = _indices(indices, "take_along_dim")
    if dim is None:
        return take_op(input, index=checked_indices(table.ravel(), input.numel(), "take_along_dim", True), axis=None)
    place = _axis(dim, input.ndim)
    if table.ndim != input.ndim:
        raise ValueError(
            f"take_along_dim needs indices with the axes of the input {input.shape}, got shape {table.shape}"
        )
    table = checked_indices(table, input.shape[place], "take_along_dim", True)
    shape = np.broadcast_shapes(*((*s[:place], 1, *s[place + 1 :]) for s in (input.shape, table.shape)))
    whole = input.expand(*shape[:place], input.shape[place], *shape[place + 1 :])
    table = np.broadcast_to(table, (*shape[:place], table.shape[place], *shape[place + 1 :]))
    return take_op(whole, index=positions_of(whole.shape, table, place), axis=None)


_indices = indices


@public("take")
def take(input: Any, index: Any) -> Tensor:
    """The elements at positions of the flattened input.

    Args:
        input: any shape.
        index: whole numbers, may be negative, any shape.

    Returns:
        A Tensor of the index's shape.

    Raises:
        IndexError: an index is out of range.

    Example:
        >>> import autograd_core as ag
        >>> ag.take(ag.tensor([[1.0, 2.0], [3.0, 4.0]]), ag.tensor([3, 0]))
        tensor([4., 1.])
    """
    input = tensor_of(input)
    return take_op(input, index=checked_indices(indices(index, "take"), input.numel(), "take", True), axis=None)


@public(numpy=np.take)
def _take_axis(a: Any, indices: Any, axis: int | None = None) -> Tensor:
    if axis is None:
        return take(a, indices)
    a = tensor_of(a)
    place = normalize_axis_index(axis, a.ndim)
    return take_op(a, index=checked_indices(_indices(indices, "take"), a.shape[place], "take", True), axis=place)


@public("index_select")
@named
def index_select(input: Any, axis: int, index: Any) -> Tensor:
    """The slices that indices name along an axis.

    Args:
        input: any shape.
        axis: the axis.
        index: whole numbers, (n,) or one number.

    Returns:
        A Tensor with n slices along that axis.

    Raises:
        IndexError: an index is out of range, or there is no such axis.
        ValueError: the index has more than one axis.

    Example:
        >>> import autograd_core as ag
        >>> ag.index_select(ag.tensor([[1.0, 2.0], [3.0, 4.0]]), 0, ag.tensor([1]))
        tensor([[3., 4.]])
    """
    input = tensor_of(input)
    place, rows = _rows(input, axis, index, "index_select")
    if input.ndim == 0:
        return take_op(input, index=rows[0] if rows.size == 1 else rows, axis=None)
    return take_op(input, index=rows, axis=place)


def _rows(x: Tensor, axis: int, index: Any, name: str) -> tuple[int, Any]:
    place, rows = _axis(axis, x.ndim), indices(index, name)
    if rows.ndim > 1:
        raise ValueError(f"{name} needs an index of one axis, got shape {rows.shape}")
    return place, checked_indices(rows.reshape(-1), (x.shape or (1,))[place], name)


_STARTS = {"sum": 0, "mean": 0, "prod": 1}


def _mask(mask: Any, name: str) -> Any:
    array = tensor_of(mask).array
    if array.dtype.kind != "b":
        raise TypeError(f"{name} needs a boolean mask, got {array.dtype}: compare, as in mask != 0")
    return array


@public("masked_select")
def masked_select(input: Any, mask: Any) -> Tensor:
    """The elements where the mask holds, along one axis.

    Args:
        input: any shape.
        mask: booleans, any shape that broadcasts with input.

    Returns:
        A one-dimensional Tensor.

    Raises:
        TypeError: the mask is not boolean.
        ValueError: the shapes do not broadcast.

    Example:
        >>> import autograd_core as ag
        >>> ag.masked_select(ag.tensor([1.0, 2.0, 3.0]), ag.tensor([True, False, True]))
        tensor([1., 3.])
    """
    input, condition = tensor_of(input), _mask(mask, "masked_select")
    shape = np.broadcast_shapes(input.shape, condition.shape)
    positions = np.flatnonzero(np.broadcast_to(condition, shape))
    return take_op(input if input.shape == shape else input.expand(*shape), index=positions, axis=None)
