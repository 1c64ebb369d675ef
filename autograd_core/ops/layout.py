"""Other arrangements of the same elements: joined, cut, repeated, turned; all made of what shape and index have."""

from __future__ import annotations

import itertools
import math
import operator
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index, normalize_axis_tuple

from ..public import named, public
from ..rules import linear
from ..tensor import Tensor, from_array
from .gather import take_op
from .index import getitem_op
from .shape import (
    as_tensor,
    broadcast_to,
    clone,
    concatenate,
    expand,
    permute,
    pieces,
    reshape,
    sizes,
    split,
    stack,
    swapaxes,
)

__all__ = [
    "atleast_1d",
    "atleast_2d",
    "atleast_3d",
    "block_diag",
    "broadcast_shapes",
    "broadcast_tensors",
    "cartesian_prod",
    "chunk",
    "column_stack",
    "combinations",
    "concat",
    "dsplit",
    "dstack",
    "flip",
    "fliplr",
    "flipud",
    "hsplit",
    "hstack",
    "meshgrid",
    "moveaxis",
    "movedim",
    "narrow",
    "repeat_interleave",
    "roll",
    "rot90",
    "row_stack",
    "select",
    "split_with_sizes",
    "swapdims",
    "t",
    "tensor_split",
    "tile",
    "unbind",
    "unflatten",
    "vsplit",
    "vstack",
]

concat, swapdims = concatenate, swapaxes

flip_op = linear(
    lambda x, axis: np.flip(x, axis), lambda g, x, axis: np.flip(g, axis), name="flip", options={"axis": (0,)}
)
roll_op = linear(
    lambda x, shift, axis: np.roll(x, shift, axis),
    lambda g, x, shift, axis: np.roll(g, tuple(-n for n in shift), axis),
    name="roll",
    options={"shift": (1,), "axis": (0,)},
)


def _tensors(given: tuple[Any, ...]) -> list[Tensor]:
    """Tensors passed one by one or as one sequence."""
    if len(given) == 1 and isinstance(given[0], (list, tuple)):
        given = tuple(given[0])
    return [as_tensor(item) for item in given]


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
    items = _tensors(tensors)
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
    x = as_tensor(x)
    shape = x.shape
    if len(shape) >= count:
        return as_tensor(x)
    if count == 3 and len(shape) == 2:
        return reshape(x, (*shape, 1))
    if count == 3 and len(shape) == 1:
        return reshape(x, (1, *shape, 1))
    return reshape(x, (1,) * (count - len(shape)) + shape)


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
    return tuple(_at_least(item, count) for item in _tensors(tensors))


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
    items = [as_tensor(item) for item in tensors]
    return concatenate([reshape(item, -1, 1) if item.ndim < 2 else item for item in items], 1)


@public("chunk")
@named
def chunk(x: Any, chunks: int, axis: int = 0) -> tuple[Tensor, ...]:
    """At most so many consecutive pieces along an axis, all but the last equally long.

    Args:
        x: any shape with that axis.
        chunks: how many.
        axis: the axis to cut.

    Returns:
        A tuple of Tensors.

    Raises:
        ValueError: chunks is not positive.
        IndexError: there is no such axis.

    Example:
        >>> import autograd_core as ag
        >>> ag.chunk(ag.arange(5), 2)
        (tensor([0, 1, 2]), tensor([3, 4]))
    """
    x = as_tensor(x)
    if x.ndim == 0:
        raise IndexError("chunk needs a tensor with an axis, got a 0-d one")
    if chunks <= 0:
        raise ValueError(f"chunk needs at least one piece, got {chunks}")
    length = x.shape[normalize_axis_index(axis, x.ndim)]
    if length == 0:
        return split(x, [0] * chunks, axis)
    return split(x, -(-length // chunks), axis)


@public("split_with_sizes")
@named
def split_with_sizes(x: Any, split_sizes: Sequence[int], axis: int = 0) -> tuple[Tensor, ...]:
    """Consecutive pieces of given lengths along an axis.

    Args:
        x: any shape with that axis.
        split_sizes: the lengths; they add up to the axis.
        axis: the axis to cut.

    Returns:
        A tuple of Tensors.

    Raises:
        ValueError: the lengths do not add up.

    Example:
        >>> import autograd_core as ag
        >>> ag.split_with_sizes(ag.arange(3), [1, 2])
        (tensor([0]), tensor([1, 2]))
    """
    return split(x, list(split_sizes), axis)


@public("tensor_split")
@named
def tensor_split(x: Any, indices_or_sections: Any, axis: int = 0, **kwargs: Any) -> tuple[Tensor, ...]:
    """So many nearly equal pieces along an axis, or the pieces between given places.

    Args:
        x: any shape with that axis.
        indices_or_sections: how many pieces, or where to cut.
        axis: the axis to cut.
        kwargs: ``indices`` or ``sections``, instead of the argument of both names.

    Returns:
        A tuple of Tensors.

    Raises:
        ValueError: the number of pieces is not positive.
        IndexError: there is no such axis.

    Example:
        >>> import autograd_core as ag
        >>> ag.tensor_split(ag.arange(5), 2)
        (tensor([0, 1, 2]), tensor([3, 4]))
    """
    x = as_tensor(x)
    if isinstance(indices_or_sections, Tensor):
        indices_or_sections = indices_or_sections.tolist()
    if x.ndim == 0:
        raise IndexError("tensor_split needs a tensor with an axis, got a 0-d one")
    place = normalize_axis_index(axis, x.ndim)
    length = x.shape[place]
    if not np.iterable(indices_or_sections):
        count = operator.index(indices_or_sections)
        if count <= 0:
            raise ValueError(f"tensor_split needs at least one section, got {count}")
        long = length % count
        cuts = [i * (length // count) + min(i, long) for i in range(count + 1)]
    else:
        cuts = [0, *(slice(0, operator.index(i)).indices(length)[1] for i in indices_or_sections), length]
    return pieces(x, cuts, place)


_WHICH = {"hsplit": "second", "vsplit": "first", "dsplit": "third"}


def _split_along(name: str, least: int) -> Any:
    def function(x: Any, indices_or_sections: Any) -> tuple[Tensor, ...]:
        x = as_tensor(x)
        if x.ndim < least:
            raise ValueError(f"{name} needs at least {least} axes, got shape {x.shape}")
        axis = {"hsplit": min(1, x.ndim - 1), "vsplit": 0, "dsplit": 2}[name]
        sections = indices_or_sections.tolist() if isinstance(indices_or_sections, Tensor) else indices_or_sections
        if not np.iterable(sections) and (sections <= 0 or x.shape[axis] % sections):
            raise ValueError(
                f"{name} needs sections that divide the axis of length {x.shape[axis]} evenly, got {sections}"
            )
        return tensor_split(x, sections, axis)

    function.__name__ = function.__qualname__ = name
    function.__doc__ = f"""Pieces along the {_WHICH[name]} axis.

    Args:
        x: at least {least}-dimensional.
        indices_or_sections: how many equal pieces, or where to cut.

    Returns:
        A tuple of Tensors.

    Raises:
        ValueError: x has too few axes, or its axis is no multiple of the number of pieces.

    Example:
        >>> import autograd_core as ag
        >>> len(ag.{name}(ag.zeros(2, 2, 2), 2))
        2
    """
    return public(name)(function)


hsplit, vsplit, dsplit = _split_along("hsplit", 1), _split_along("vsplit", 2), _split_along("dsplit", 3)


@public("unbind")
@named
def unbind(x: Any, axis: int = 0) -> tuple[Tensor, ...]:
    """The slices along an axis, without it.

    Args:
        x: any shape with that axis.
        axis: the axis.

    Returns:
        A tuple of Tensors.

    Raises:
        IndexError: there is no such axis.

    Example:
        >>> import autograd_core as ag
        >>> ag.unbind(ag.tensor([[1.0, 2.0], [3.0, 4.0]]))
        (tensor([1., 2.]), tensor([3., 4.]))
    """
    x = as_tensor(x)
    before = (slice(None),) * normalize_axis_index(axis, x.ndim)
    return tuple(getitem_op(x, index=(*before, i)) for i in range(x.shape[len(before)]))


@public("narrow")
@named
def narrow(x: Any, axis: int, start: Any, length: int) -> Tensor:
    """A stretch of an axis.

    Args:
        x: any shape with that axis.
        axis: the axis.
        start: where it starts, may be negative.
        length: how long it is.

    Returns:
        A Tensor.

    Raises:
        IndexError: there is no such axis, or the stretch leaves it.
        ValueError: the length is negative.

    Example:
        >>> import autograd_core as ag
        >>> ag.narrow(ag.arange(5), 0, 1, 3)
        tensor([1, 2, 3])
    """
    x = as_tensor(x)
    if np.ndim(getattr(start, "array", start)):
        raise TypeError(f"narrow needs one whole number to start at, got {start}")
    if x.ndim == 0:
        raise IndexError("narrow needs a tensor with an axis, got a 0-d one")
    place, start = normalize_axis_index(axis, x.ndim), operator.index(start)
    size = x.shape[place]
    if length < 0:
        raise ValueError(f"narrow needs a length not below 0, got {length}")
    if not -size <= start <= size or (first := start + size * (start < 0)) + length > size:
        raise IndexError(f"narrow leaves the axis of length {size}: start {start}, length {length}")
    return getitem_op(x, index=(slice(None),) * place + (slice(first, first + length),))


@public("select")
@named
def select(x: Any, axis: int, index: int) -> Tensor:
    """One slice of an axis, without it.

    Args:
        x: any shape with that axis.
        axis: the axis.
        index: which slice, may be negative.

    Returns:
        A Tensor with one axis less.

    Raises:
        IndexError: there is no such axis or slice.

    Example:
        >>> import autograd_core as ag
        >>> ag.select(ag.tensor([[1.0, 2.0], [3.0, 4.0]]), 1, 0)
        tensor([1., 3.])
    """
    x = as_tensor(x)
    if x.ndim == 0:
        raise IndexError("select needs a tensor with an axis, got a 0-d one")
    return getitem_op(x, index=(slice(None),) * normalize_axis_index(axis, x.ndim) + (operator.index(index),))


@public("flip")
def flip(x: Any, *axes: Any, dims: Any = None, axis: Any = None) -> Tensor:
    """The elements in reverse order along axes.

    Args:
        x: any shape.
        axes: the axes, as one sequence or as separate numbers.
        dims: the same, by PyTorch's name.
        axis: the same, by NumPy's name.

    Returns:
        A Tensor of the same shape.

    Raises:
        IndexError: there is no such axis.
        ValueError: an axis is repeated.

    Example:
        >>> import autograd_core as ag
        >>> ag.flip(ag.tensor([1.0, 2.0]), 0)
        tensor([2., 1.])
    """
    x = as_tensor(x)
    named_axes = axis if dims is None else dims
    chosen = sizes(axes) if axes else sizes((named_axes,)) if named_axes is not None else tuple(range(x.ndim))
    if x.ndim == 0:
        normalize_axis_tuple(chosen, 1)
        return clone(x)
    return flip_op(x, axis=normalize_axis_tuple(chosen, x.ndim))


@public(numpy=np.flip)
def _flip(m: Any, axis: Any = None) -> Tensor:
    return flip(m, axis=axis)


@public("flipud", numpy=np.flipud)
def flipud(x: Any) -> Tensor:
    """The elements in reverse order along the first axis.

    Args:
        x: at least one-dimensional.

    Returns:
        A Tensor of the same shape.

    Raises:
        ValueError: x has no axis.

    Example:
        >>> import autograd_core as ag
        >>> ag.flipud(ag.tensor([1.0, 2.0]))
        tensor([2., 1.])
    """
    x = as_tensor(x)
    if x.ndim < 1:
        raise ValueError("flipud needs at least one axis, got a 0-d tensor")
    return flip(x, 0)


@public("fliplr", numpy=np.fliplr)
def fliplr(x: Any) -> Tensor:
    """The elements in reverse order along the second axis.

    Args:
        x: at least two-dimensional.

    Returns:
        A Tensor of the same shape.

    Raises:
        ValueError: x has fewer than two axes.

    Example:
        >>> import autograd_core as ag
        >>> ag.fliplr(ag.tensor([[1.0, 2.0]]))
        tensor([[2., 1.]])
    """
    x = as_tensor(x)
    if x.ndim < 2:
        raise ValueError(f"fliplr needs at least two axes, got shape {x.shape}")
    return flip(x, 1)


@public("roll", numpy=np.roll)
def roll(x: Any, shifts: Any = None, dims: Any = None, *, shift: Any = None, axis: Any = None) -> Tensor:
    """The elements moved along axes; what leaves at the end comes back at the start.

    Args:
        x: any shape.
        shifts: how far, a number or one for each axis.
        dims: the axes; by default the flattened elements are moved.
        shift: as shifts, by NumPy's name.
        axis: as dims, by NumPy's name.

    Returns:
        A Tensor of the same shape.

    Raises:
        ValueError: there are not as many shifts as axes.
        IndexError: there is no such axis.

    Example:
        >>> import autograd_core as ag
        >>> ag.roll(ag.tensor([1.0, 2.0, 3.0]), 1)
        tensor([3., 1., 2.])
    """
    x, shifts, dims = as_tensor(x), shift if shifts is None else shifts, axis if dims is None else dims
    if shifts is None:
        raise TypeError("roll needs shifts")
    moves = sizes((shifts,))
    if dims is None or dims == ():
        if len(moves) != 1:
            raise ValueError(f"roll needs one shift for the flattened elements, got {moves}: give the axes")
        return reshape(roll_op(reshape(x, -1), shift=moves, axis=(0,)), x.shape)
    places = sizes((dims,))
    if len(places) != len(moves):
        raise ValueError(f"roll needs one shift for each axis, got {moves} for the axes {places}")
    return roll_op(x, shift=moves, axis=tuple(normalize_axis_index(i, x.ndim) for i in places))


@public("rot90")
def rot90(x: Any, k: int = 1, dims: Sequence[int] = (0, 1)) -> Tensor:
    """A quarter turn, k times, in the plane of two axes.

    Args:
        x: at least two-dimensional.
        k: how often; negative turns the other way.
        dims: two axes: from the first towards the second.

    Returns:
        A Tensor.

    Raises:
        ValueError: the axes are not two different ones.

    Example:
        >>> import autograd_core as ag
        >>> ag.rot90(ag.tensor([[1, 2], [3, 4]]))
        tensor([[2, 4],
                [1, 3]])
    """
    x = as_tensor(x)
    if len(dims) != 2:
        raise ValueError(f"rot90 needs two axes, got {tuple(dims)}")
    if x.ndim < 2:
        raise ValueError(f"rot90 needs at least two axes, got shape {x.shape}")
    a, b = (normalize_axis_index(i, x.ndim) for i in dims)
    if a == b:
        raise ValueError(f"rot90 needs two different axes, got {tuple(dims)}")
    k %= 4
    if k == 0:
        return clone(x)
    if k == 2:
        return flip(x, a, b)
    return swapaxes(flip(x, b), a, b) if k == 1 else flip(swapaxes(x, a, b), b)


@public(numpy=np.rot90)
def _rot90(m: Any, k: int = 1, axes: Sequence[int] = (0, 1)) -> Tensor:
    return rot90(m, k, axes)


@public("movedim", "moveaxis", numpy=np.moveaxis)
def movedim(x: Any, source: Any, destination: Any) -> Tensor:
    """Axes moved to other places; the rest keep their order.

    Args:
        x: any shape.
        source: an axis, or several.
        destination: where they go.

    Returns:
        A Tensor.

    Raises:
        ValueError: there are not as many destinations as sources, or one is repeated.
        IndexError: there is no such axis.

    Example:
        >>> import autograd_core as ag
        >>> ag.movedim(ag.zeros(2, 3, 4), 0, -1).shape
        (3, 4, 2)
    """
    x = as_tensor(x)
    if x.ndim == 0:
        normalize_axis_tuple(source, 1), normalize_axis_tuple(destination, 1)
        return clone(x)
    old, new = normalize_axis_tuple(source, x.ndim), normalize_axis_tuple(destination, x.ndim)
    if len(old) != len(new):
        raise ValueError(f"movedim needs as many destinations as sources, got {source} and {destination}")
    order = [i for i in range(x.ndim) if i not in old]
    for place, axis in sorted(zip(new, old, strict=True)):
        order.insert(place, axis)
    return permute(x, order)


moveaxis = movedim


@public("t")
def t(x: Any) -> Tensor:
    """The transpose of a matrix; a vector or a number stays.

    Args:
        x: at most two-dimensional.

    Returns:
        A Tensor.

    Raises:
        ValueError: x has more than two axes.

    Example:
        >>> import autograd_core as ag
        >>> ag.t(ag.zeros(2, 3)).shape
        (3, 2)
    """
    x = as_tensor(x)
    if x.ndim > 2:
        raise ValueError(f"t is for at most two axes, got shape {x.shape}: use mT or transpose(dim0, dim1)")
    return swapaxes(x, 0, 1) if x.ndim == 2 else x.clone()


@public("repeat")
def _repeat(x: Tensor, *repeats: Any) -> Tensor:
    """The whole repeated along each axis, new axes first; as PyTorch's."""
    counts = sizes(repeats)
    if len(counts) < x.ndim:
        raise ValueError(f"repeat needs a number for each axis of shape {x.shape}, got {counts}")
    if any(n < 0 for n in counts):
        raise ValueError(f"repeat needs numbers not below 0, got {counts}")
    return tile(x, counts)


@public("tile")
def tile(x: Any, *dims: Any) -> Tensor:
    """The whole repeated along each axis.

    Args:
        x: any shape.
        dims: how often along each of the last axes, as one sequence or as separate numbers.

    Returns:
        A Tensor.

    Example:
        >>> import autograd_core as ag
        >>> ag.tile(ag.tensor([1.0, 2.0]), (2,))
        tensor([1., 2., 1., 2.])
    """
    x, counts = as_tensor(x), sizes(dims)
    if any(n < 0 for n in counts):
        raise ValueError(f"tile needs numbers not below 0, got {counts}")
    count = max(x.ndim, len(counts))
    counts = (1,) * (count - len(counts)) + counts
    own = (1,) * (count - x.ndim) + x.shape
    if all(n == 1 for n in counts):
        return reshape(x, own) if x.shape != own else x.clone()
    between = reshape(x, tuple(itertools.chain.from_iterable((1, n) for n in own)))
    wide = broadcast_to(between, tuple(itertools.chain.from_iterable(zip(counts, own, strict=True))))
    return reshape(wide, tuple(n * m for n, m in zip(counts, own, strict=True)))


@public(numpy=np.tile)
def _tile(A: Any, reps: Any) -> Tensor:  # noqa: N803 - NumPy's name
    return tile(A, reps)


@public("repeat_interleave")
@named
def repeat_interleave(
    x: Any, repeats: Any = None, axis: int | None = None, *, output_size: int | None = None
) -> Tensor:
    """Each slice repeated along an axis.

    Args:
        x: any shape. Alone: whole numbers, and the result is how often each index is repeated.
        repeats: how often, a number or one for each slice.
        axis: the axis; by default the flattened elements.
        output_size: how long the result is, as a check.

    Returns:
        A Tensor.

    Raises:
        ValueError: a number is negative, there are not as many as slices, or output_size is wrong.
        TypeError: the numbers are not whole.

    Example:
        >>> import autograd_core as ag
        >>> ag.repeat_interleave(ag.tensor([1.0, 2.0]), ag.tensor([1, 2]))
        tensor([1., 2., 2.])
    """
    x = as_tensor(x)
    if repeats is None:
        if x.dtype.kind not in "iu" or x.ndim != 1:
            raise TypeError(f"repeat_interleave alone takes whole numbers on one axis, got {x.dtype} {x.shape}")
        return from_array(np.repeat(np.arange(x.numel()), _counts(x.array)))
    if axis is None:
        x, axis = reshape(x, -1), 0
    place = normalize_axis_index(axis, x.ndim or 1)
    length = (x.shape or (1,))[place]
    counts = _counts(np.asarray(as_tensor(repeats).array).reshape(-1))
    if counts.size not in (1, length):
        raise ValueError(f"repeat_interleave needs one number or {length}, one for each slice, got {counts.size}")
    rows = np.repeat(np.arange(length), counts if counts.size != 1 else counts[0])
    if output_size is not None and output_size != rows.size:
        raise ValueError(f"repeat_interleave gives {rows.size} slices, not output_size={output_size}")
    return take_op(x if x.ndim else reshape(x, 1), index=rows, axis=place)


def _counts(counts: Any) -> Any:
    if counts.dtype.kind not in "iu":
        raise TypeError(f"repeat_interleave needs whole numbers, got {counts.dtype}")
    if np.any(counts < 0):
        raise ValueError(f"repeat_interleave needs numbers not below 0, got {counts.min()}")
    return counts


@public(numpy=np.repeat)
def _np_repeat(a: Any, repeats: Any, axis: int | None = None) -> Tensor:
    return repeat_interleave(a, repeats, axis)


@public("unflatten")
def unflatten(x: Any, dim: int, sizes: Any) -> Tensor:
    """One axis as several.

    Args:
        x: any shape.
        dim: the axis.
        sizes: the lengths of the new axes; one may be -1.

    Returns:
        A Tensor.

    Raises:
        ValueError: the lengths do not multiply to that of the axis.
        IndexError: there is no such axis.

    Example:
        >>> import autograd_core as ag
        >>> ag.unflatten(ag.zeros(2, 6), 1, (3, -1)).shape
        (2, 3, 2)
    """
    x = as_tensor(x)
    place, sizes = normalize_axis_index(dim, x.ndim), tuple(sizes)
    length = x.shape[place]
    if not sizes:
        raise ValueError("unflatten needs at least one length")
    known = math.prod(n for n in sizes if n != -1)
    free = sum(n == -1 for n in sizes)
    if free > 1 or any(n < -1 for n in sizes) or (length % known if free and known else known != length):
        raise ValueError(f"unflatten needs lengths that multiply to {length}, got {sizes}")
    return reshape(x, (*x.shape[:place], *(length // known if n == -1 else n for n in sizes), *x.shape[place + 1 :]))


def meshgrid(*tensors: Any, indexing: str = "ij") -> tuple[Tensor, ...]:
    """The coordinates of a grid: each tensor along an axis of its own, repeated along the others.

    Args:
        tensors: one-dimensional or 0-d.
        indexing: ``"ij"`` for matrix order, ``"xy"`` with the first two axes swapped.

    Returns:
        A tuple of Tensors of one shape.

    Raises:
        ValueError: a tensor has several axes, or another order is asked for.

    Example:
        >>> import autograd_core as ag
        >>> ag.meshgrid(ag.tensor([1, 2]), ag.tensor([3, 4]))[0]
        tensor([[1, 1],
                [2, 2]])
    """
    items = _tensors(tensors)
    if indexing not in ("ij", "xy"):
        raise ValueError(f"meshgrid has the indexing 'ij' or 'xy', got {indexing!r}")
    if any(item.ndim > 1 for item in items):
        raise ValueError(f"meshgrid needs tensors of one axis, got shapes {[item.shape for item in items]}")
    if len({item.dtype for item in items}) > 1:
        raise TypeError(f"meshgrid needs tensors of one dtype, got {[str(item.dtype) for item in items]}")
    count = len(items)
    shape = tuple(item.numel() for item in items)
    found = [
        broadcast_to(reshape(item, (1,) * i + (item.numel(),) + (1,) * (count - 1 - i)), shape)
        for i, item in enumerate(items)
    ]
    return tuple(swapaxes(x, 0, 1) for x in found) if indexing == "xy" and count > 1 else tuple(found)


@public(numpy=np.meshgrid)
def _meshgrid(*xi: Any, indexing: str = "xy") -> list[Tensor]:
    return list(meshgrid(*xi, indexing=indexing))


def cartesian_prod(*tensors: Any) -> Tensor:
    """All combinations of one element of each.

    Args:
        tensors: one-dimensional.

    Returns:
        A Tensor with a row for each combination; of one tensor that itself.

    Raises:
        ValueError: a tensor is not one-dimensional.

    Example:
        >>> import autograd_core as ag
        >>> ag.cartesian_prod(ag.tensor([1, 2]), ag.tensor([3, 4])).tolist()
        [[1, 3], [1, 4], [2, 3], [2, 4]]
    """
    items = _tensors(tensors)
    if any(item.ndim != 1 for item in items):
        raise ValueError(f"cartesian_prod needs tensors of one axis, got shapes {[item.shape for item in items]}")
    if len(items) == 1:
        return items[0]
    return stack([reshape(x, -1) for x in meshgrid(*items)], 1)


def combinations(x: Any, r: int = 2, with_replacement: bool = False) -> Tensor:
    """All choices of r elements, in order.

    Args:
        x: one-dimensional.
        r: how many are chosen.
        with_replacement: whether one may be chosen again.

    Returns:
        A Tensor with a row for each choice.

    Raises:
        ValueError: x is not one-dimensional, or r is negative.

    Example:
        >>> import autograd_core as ag
        >>> ag.combinations(ag.tensor([1, 2, 3])).tolist()
        [[1, 2], [1, 3], [2, 3]]
    """
    x = as_tensor(x)
    if x.ndim != 1:
        raise ValueError(f"combinations needs one axis, got shape {x.shape}")
    if r < 0:
        raise ValueError(f"combinations needs r not below 0, got {r}")
    if r == 0:
        return from_array(np.zeros(0, x.dtype))
    choose = itertools.combinations_with_replacement if with_replacement else itertools.combinations
    rows = np.array(list(choose(range(x.numel()), r)), np.int64).reshape(-1, r)
    return take_op(x, index=rows, axis=None)


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
    items = [_at_least(item, 2) for item in _tensors(tensors)]
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


@public("expand_as")
def _expand_as(x: Tensor, other: Tensor) -> Tensor:
    """As :func:`broadcast_to`, to the shape of another tensor."""
    return expand(x, *other.shape)


@public("view_as", "reshape_as")
def _view_as(x: Tensor, other: Tensor) -> Tensor:
    """The same elements in the shape of another tensor."""
    return reshape(x, other.shape)
