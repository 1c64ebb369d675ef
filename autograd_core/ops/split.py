"""Taking tensors apart along an axis."""

from __future__ import annotations

import itertools
import operator
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from ..public import named, public
from ..tensor import Tensor
from .index import getitem_op
from .shape import tensor_of

__all__ = [
    "chunk",
    "dsplit",
    "hsplit",
    "narrow",
    "select",
    "split",
    "split_with_sizes",
    "tensor_split",
    "unbind",
    "vsplit",
]


@public("split")
@named
def split(
    tensor: Any, split_size_or_sections: Any = None, axis: int = 0, *, split_size: Any = None
) -> tuple[Tensor, ...]:
    """Consecutive pieces along an axis, as PyTorch's ``split``; ``np.split`` keeps NumPy's meaning.

    Args:
        tensor: any shape with that axis.
        split_size_or_sections: the length of each piece (the last may be shorter), or all lengths.
        axis: the axis to cut.
        split_size: the same as ``split_size_or_sections``, by the name that PyTorch's method has for it.

    Returns:
        A tuple of Tensors.

    Raises:
        ValueError: the lengths do not add up to the axis, or the length is not positive.
        IndexError: there is no such axis.

    Example:
        >>> import autograd_core as ag
        >>> ag.split(ag.arange(5), 2)
        (tensor([0, 1]), tensor([2, 3]), tensor([4]))
    """
    tensor = tensor_of(tensor)
    axis = normalize_axis_index(axis, tensor.ndim)
    length = tensor.shape[axis]
    if split_size_or_sections is None:
        split_size_or_sections = split_size
    if hasattr(split_size_or_sections, "__index__"):
        size = operator.index(split_size_or_sections)
        if size <= 0:
            raise ValueError(f"split needs a positive piece length, got {size}")
        cuts = [*range(0, max(length, 1), size), length]
    elif split_size_or_sections is None:
        raise TypeError("split needs the length of the pieces, or all lengths")
    else:
        cuts = [0]
        for size in split_size_or_sections:
            cuts.append(cuts[-1] + operator.index(size))
        if cuts[-1] != length or any(size < 0 for size in split_size_or_sections):
            raise ValueError(f"split lengths must add up to {length}, got {list(split_size_or_sections)}")
    return pieces(tensor, cuts, axis)


def pieces(x: Tensor, cuts: Sequence[int], axis: int) -> tuple[Tensor, ...]:
    """The parts of x between consecutive cuts along an axis."""
    before = (slice(None),) * axis
    return tuple(x[(*before, slice(start, stop))] for start, stop in itertools.pairwise(cuts))


@public("chunk")
@named
def chunk(input: Any, chunks: int, axis: int = 0) -> tuple[Tensor, ...]:
    """At most so many consecutive pieces along an axis, all but the last equally long.

    Args:
        input: any shape with that axis.
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
    input = tensor_of(input)
    if input.ndim == 0:
        raise IndexError("chunk needs a tensor with an axis, got a 0-d one")
    if chunks <= 0:
        raise ValueError(f"chunk needs at least one piece, got {chunks}")
    length = input.shape[normalize_axis_index(axis, input.ndim)]
    if length == 0:
        return split(input, [0] * chunks, axis)
    return split(input, -(-length // chunks), axis)


@public("split_with_sizes")
@named
def split_with_sizes(input: Any, split_sizes: Sequence[int], axis: int = 0) -> tuple[Tensor, ...]:
    """Consecutive pieces of given lengths along an axis.

    Args:
        input: any shape with that axis.
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
    return split(input, list(split_sizes), axis)


@public("tensor_split")
@named
def tensor_split(input: Any, indices_or_sections: Any, axis: int = 0, **kwargs: Any) -> tuple[Tensor, ...]:
    """So many nearly equal pieces along an axis, or the pieces between given places.

    Args:
        input: any shape with that axis.
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
    input = tensor_of(input)
    if isinstance(indices_or_sections, (Tensor, np.ndarray)):
        indices_or_sections = indices_or_sections.tolist()
    if input.ndim == 0:
        raise IndexError("tensor_split needs a tensor with an axis, got a 0-d one")
    place = normalize_axis_index(axis, input.ndim)
    length = input.shape[place]
    if not isinstance(indices_or_sections, (list, tuple)):
        count = operator.index(indices_or_sections)
        if count <= 0:
            raise ValueError(f"tensor_split needs at least one section, got {count}")
        long = length % count
        cuts = [i * (length // count) + min(i, long) for i in range(count + 1)]
    else:
        cuts = [0, *(slice(0, operator.index(i)).indices(length)[1] for i in indices_or_sections), length]
    return pieces(input, cuts, place)


_WHICH = {"hsplit": "second", "vsplit": "first", "dsplit": "third"}


def _split_along(name: str, least: int) -> Any:
    def function(input: Any, indices_or_sections: Any) -> tuple[Tensor, ...]:
        input = tensor_of(input)
        if input.ndim < least:
            raise ValueError(f"{name} needs at least {least} axes, got shape {input.shape}")
        axis = {"hsplit": min(1, input.ndim - 1), "vsplit": 0, "dsplit": 2}[name]
        sections = indices_or_sections.tolist() if isinstance(indices_or_sections, Tensor) else indices_or_sections
        if not np.iterable(sections) and (sections <= 0 or input.shape[axis] % sections):
            raise ValueError(
                f"{name} needs sections that divide the axis of length {input.shape[axis]} evenly, got {sections}"
            )
        return tensor_split(input, sections, axis)

    function.__name__ = function.__qualname__ = name
    function.__doc__ = f"""Pieces along the {_WHICH[name]} axis.

    Args:
        input: at least {least}-dimensional.
        indices_or_sections: how many equal pieces, or where to cut.

    Returns:
        A tuple of Tensors.

    Raises:
        ValueError: the input has too few axes, or its axis is no multiple of the number of pieces.

    Example:
        >>> import autograd_core as ag
        >>> len(ag.{name}(ag.zeros(2, 2, 2), 2))
        2
    """
    return public(name, numpy=getattr(np, name))(function)


hsplit, vsplit, dsplit = _split_along("hsplit", 1), _split_along("vsplit", 2), _split_along("dsplit", 3)


@public("unbind")
@named
def unbind(input: Any, axis: int = 0) -> tuple[Tensor, ...]:
    """The slices along an axis, without it.

    Args:
        input: any shape with that axis.
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
    input = tensor_of(input)
    if input.ndim == 0:
        raise IndexError("unbind needs a tensor with an axis, got a 0-d one")
    before = (slice(None),) * normalize_axis_index(axis, input.ndim)
    return tuple(getitem_op(input, index=(*before, i)) for i in range(input.shape[len(before)]))


@public("narrow")
@named
def narrow(input: Any, axis: int, start: Any, length: int) -> Tensor:
    """A stretch of an axis.

    Args:
        input: any shape with that axis.
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
    input = tensor_of(input)
    if np.ndim(getattr(start, "array", start)):
        raise TypeError(f"narrow needs one whole number to start at, got {start}")
    if input.ndim == 0:
        raise IndexError("narrow needs a tensor with an axis, got a 0-d one")
    place, start = normalize_axis_index(axis, input.ndim), operator.index(start)
    size = input.shape[place]
    if length < 0:
        raise ValueError(f"narrow needs a length not below 0, got {length}")
    if not -size <= start <= size or (first := start + size * (start < 0)) + length > size:
        raise IndexError(f"narrow leaves the axis of length {size}: start {start}, length {length}")
    return getitem_op(input, index=(slice(None),) * place + (slice(first, first + length),))


@public("select")
@named
def select(input: Any, axis: int, index: int) -> Tensor:
    """One slice of an axis, without it.

    Args:
        input: any shape with that axis.
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
    input = tensor_of(input)
    if input.ndim == 0:
        raise IndexError("select needs a tensor with an axis, got a 0-d one")
    return getitem_op(input, index=(slice(None),) * normalize_axis_index(axis, input.ndim) + (operator.index(index),))
