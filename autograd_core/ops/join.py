"""Bringing tensors to shapes that fit, and joining them: concatenated, stacked, as blocks of a diagonal."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from ..public import named, public
from ..rules import Function, custom, each
from ..tensor import Tensor, from_array
from .shape import broadcast_to, ravel, reshape, tensor_of

__all__ = [
    "atleast_1d",
    "atleast_2d",
    "atleast_3d",
    "block_diag",
    "broadcast_shapes",
    "broadcast_tensors",
    "cat",
    "column_stack",
    "concat",
    "concatenate",
    "dstack",
    "hstack",
    "row_stack",
    "stack",
    "vstack",
]


def _concatenate(arrays: Sequence[Any], axis: int, bounds: Any) -> Any:
    return np.concatenate(arrays, axis=axis)


def _piece(i: int, g: Any, y: Any, xs: Any, axis: int, bounds: Sequence[int]) -> Any:
    return g[(slice(None),) * axis + (slice(bounds[i], bounds[i + 1]),)]


def _changes(ts: Sequence[Any], xs: Sequence[Any]) -> list[Any]:
    """The inputs' changes, with zeros for what does not change."""
    return [np.zeros(x.shape, x.dtype) if t is None else t for t, x in zip(ts, xs, strict=True)]


concatenate_op: Function = custom(
    _concatenate,
    each(_piece),
    lambda ts, y, xs, **params: concatenate_op.op.on(*_changes(ts, xs), **params),
    name="concatenate",
    variadic=True,
)


stack_op: Function = custom(
    lambda arrays, axis: np.stack(arrays, axis=axis),
    each(lambda i, g, y, xs, axis: g[(slice(None),) * axis + (i,)]),
    lambda ts, y, xs, axis: stack_op.op.on(*_changes(ts, xs), axis=axis),
    name="stack",
    variadic=True,
)


def _sequence(tensors: Any, name: str) -> list[Tensor]:
    """The Tensors to join; plain numbers among floats take their dtype."""
    items = list(tensors)
    if not items:
        raise ValueError(f"{name} needs at least one tensor, got an empty sequence")
    floats = [item.dtype for item in items if isinstance(item, (Tensor, np.ndarray)) and item.dtype.kind == "f"]
    dtype = functools.reduce(np.promote_types, floats) if floats else None
    return [tensor_of(item, dtype if isinstance(item, (int, float)) else None) for item in items]


@public(numpy=np.concatenate)
@named
def concatenate(tensors: Any, axis: int | None = 0) -> Tensor:
    """Tensors joined along an axis that they have.

    Formula:
        Each input's gradient is its piece of the result's.

    Args:
        tensors: a sequence of tensors whose shapes agree but for that axis.
        axis: the axis; None joins them flattened.

    Returns:
        A Tensor.

    Raises:
        ValueError: the sequence is empty, or the shapes do not agree.
        IndexError: there is no such axis.

    Example:
        >>> import autograd_core as ag
        >>> ag.concatenate([ag.tensor([1.0]), ag.tensor([2.0, 3.0])])
        tensor([1., 2., 3.])
    """
    items = _sequence(tensors, "concatenate")
    if any(item.ndim > 1 for item in items):  # PyTorch's exception: an empty (0,) joins anything
        items = [item for item in items if item.shape != (0,)]
    if axis is None:
        items, axis = [ravel(item) for item in items], 0
    if any(item.ndim == 0 for item in items):
        raise ValueError("concatenate needs tensors with an axis, got a 0-d tensor: use stack")
    axis = normalize_axis_index(axis, items[0].ndim)
    bounds = [0]
    for item in items:
        first, own = items[0].shape, item.shape
        if len(own) != len(first) or own[:axis] + own[axis + 1 :] != first[:axis] + first[axis + 1 :]:
            raise ValueError(f"concatenate needs shapes that agree but for axis {axis}, got {first} and {own}")
        bounds.append(bounds[-1] + item.shape[axis])
    return concatenate_op(*items, axis=axis, bounds=bounds)


cat = concat = concatenate


@public(numpy=np.stack)
@named
def stack(tensors: Any, axis: int = 0) -> Tensor:
    """Tensors of one shape joined along a new axis.

    Formula:
        Each input's gradient is its slice of the result's.

    Args:
        tensors: a sequence of tensors of the same shape.
        axis: where the new axis stands in the result.

    Returns:
        A Tensor with one axis more.

    Raises:
        ValueError: the sequence is empty, or the shapes differ.
        IndexError: the result has no such axis.

    Example:
        >>> import autograd_core as ag
        >>> ag.stack([ag.tensor([1.0, 2.0]), ag.tensor([3.0, 4.0])], axis=1)
        tensor([[1., 3.],
                [2., 4.]])
    """
    items = _sequence(tensors, "stack")
    shapes = {item.shape: None for item in items}
    if len(shapes) > 1:
        raise ValueError(f"stack needs tensors of one shape, got {' and '.join(map(str, shapes))}")
    return stack_op(*items, axis=normalize_axis_index(axis, items[0].ndim + 1))


def tensors_of(given: tuple[Any, ...]) -> list[Tensor]:
    """Tensors passed one by one or as one sequence."""
    if len(given) == 1 and isinstance(given[0], (list, tuple)):
        given = tuple(given[0])
    return [tensor_of(item) for item in given]


@public(numpy=np.broadcast_arrays)
def broadcast_tensors(*tensors: Any) -> tuple[Tensor, ...]:
    """The tensors repeated along axes until all have the same shape.

    Args:
        tensors: any shapes that broadcast.

    Returns:
        A tuple of Tensors of the common shape.

    Raises:
        ValueError: the shapes do not broadcast.

    Example:
        >>> import autograd_core as ag
        >>> [x.shape for x in ag.broadcast_tensors(ag.zeros(2, 1), ag.zeros(3))]
        [(2, 3), (2, 3)]
    """
    items = tensors_of(tensors)
    shape = np.broadcast_shapes(*(item.shape for item in items))
    return tuple(broadcast_to(item, shape) for item in items)


def broadcast_shapes(*shapes: Any) -> tuple[int, ...]:
    """The shape that shapes broadcast to.

    Args:
        shapes: tuples of lengths.

    Returns:
        The common shape.

    Raises:
        ValueError: they do not broadcast.

    Example:
        >>> import autograd_core as ag
        >>> ag.broadcast_shapes((2, 1), (3,))
        (2, 3)
    """
    return np.broadcast_shapes(*shapes)


def _at_least(x: Any, count: int) -> Tensor:
    x = tensor_of(x)
    shape = x.shape
    if len(shape) >= count:
        return tensor_of(x)
    if count == 3 and len(shape) == 2:
        return reshape(x, (*shape, 1))
    if count == 3 and len(shape) == 1:
        return reshape(x, (1, *shape, 1))
    return reshape(x, (1,) * (count - len(shape)) + shape)


@public(numpy=np.atleast_1d)
def atleast_1d(*tensors: Any) -> Any:
    """Each tensor with at least one axis; several give a tuple.

    Args:
        tensors: any shapes.

    Returns:
        A Tensor, or a tuple of them.

    Example:
        >>> import autograd_core as ag
        >>> ag.atleast_1d(ag.tensor(1.0)).shape
        (1,)
    """
    return _each(tensors, 1)


@public(numpy=np.atleast_2d)
def atleast_2d(*tensors: Any) -> Any:
    """Each tensor with at least two axes; several give a tuple.

    Args:
        tensors: any shapes.

    Returns:
        A Tensor, or a tuple of them.

    Example:
        >>> import autograd_core as ag
        >>> ag.atleast_2d(ag.ones(3)).shape
        (1, 3)
    """
    return _each(tensors, 2)


@public(numpy=np.atleast_3d)
def atleast_3d(*tensors: Any) -> Any:
    """Each tensor with at least three axes; several give a tuple.

    Args:
        tensors: any shapes.

    Returns:
        A Tensor, or a tuple of them.

    Example:
        >>> import autograd_core as ag
        >>> ag.atleast_3d(ag.ones(3)).shape
        (1, 3, 1)
    """
    return _each(tensors, 3)


def _each(tensors: tuple[Any, ...], count: int) -> Any:
    if len(tensors) == 1 and not isinstance(tensors[0], (list, tuple)):
        return _at_least(tensors[0], count)
    return tuple(_at_least(item, count) for item in tensors_of(tensors))


@public(numpy=np.hstack)
def hstack(tensors: Any) -> Tensor:
    """Tensors joined along their second axis, one-dimensional ones along their first.

    Args:
        tensors: a sequence.

    Returns:
        A Tensor.

    Raises:
        ValueError: the sequence is empty, or the shapes do not agree.

    Example:
        >>> import autograd_core as ag
        >>> ag.hstack([ag.ones(2), ag.zeros(1)])
        tensor([1., 1., 0.])
    """
    items = [_at_least(item, 1) for item in tensors]
    return concatenate(items, 0 if items and items[0].ndim == 1 else 1)


@public(numpy=np.vstack)
def vstack(tensors: Any) -> Tensor:
    """Tensors joined along their first axis, one-dimensional ones as rows.

    Args:
        tensors: a sequence.

    Returns:
        A Tensor.

    Raises:
        ValueError: the sequence is empty, or the shapes do not agree.

    Example:
        >>> import autograd_core as ag
        >>> ag.vstack([ag.ones(2), ag.zeros(2)])
        tensor([[1., 1.],
                [0., 0.]])
    """
    return concatenate([_at_least(item, 2) for item in tensors], 0)


row_stack = vstack


@public(numpy=np.dstack)
def dstack(tensors: Any) -> Tensor:
    """Tensors joined along their third axis.

    Args:
        tensors: a sequence.

    Returns:
        A Tensor.

    Raises:
        ValueError: the sequence is empty, or the shapes do not agree.

    Example:
        >>> import autograd_core as ag
        >>> ag.dstack([ag.ones(2), ag.zeros(2)]).shape
        (1, 2, 2)
    """
    return concatenate([_at_least(item, 3) for item in tensors], 2)


@public(numpy=np.column_stack)
def column_stack(tensors: Any) -> Tensor:
    """Tensors joined along their second axis, one-dimensional ones as columns.

    Args:
        tensors: a sequence.

    Returns:
        A Tensor.

    Raises:
        ValueError: the sequence is empty, or the shapes do not agree.

    Example:
        >>> import autograd_core as ag
        >>> ag.column_stack([ag.ones(2), ag.zeros(2)])
        tensor([[1., 0.],
                [1., 0.]])
    """
    items = [tensor_of(item) for item in tensors]
    return concatenate([reshape(item, -1, 1) if item.ndim < 2 else item for item in items], 1)


def block_diag(*tensors: Any) -> Tensor:
    """Matrices along the diagonal of a larger one.

    Args:
        tensors: at most two-dimensional; a vector counts as a row.

    Returns:
        A two-dimensional Tensor.

    Raises:
        ValueError: a tensor has more than two axes.

    Example:
        >>> import autograd_core as ag
        >>> ag.block_diag(ag.tensor([[1, 2]]), ag.tensor(3)).tolist()
        [[1, 2, 0], [0, 0, 3]]
    """
    items = [_at_least(item, 2) for item in tensors_of(tensors)]
    if any(item.ndim > 2 for item in items):
        raise ValueError(f"block_diag needs at most two axes, got shapes {[item.shape for item in items]}")
    if not items:
        return from_array(np.zeros((1, 0), np.float32))
    width, start, rows = sum(item.shape[1] for item in items), 0, []
    dtype = np.result_type(*(item.dtype for item in items))
    for item in items:
        height, own = item.shape
        parts = [
            from_array(np.zeros((height, start), dtype)),
            item.to(dtype),
            from_array(np.zeros((height, width - start - own), dtype)),
        ]
        rows.append(concatenate(parts, 1))
        start += own
    return concatenate(rows, 0)
