"""Other arrangements of the same elements: joined, cut, repeated, turned; all made of what shape and index have."""

from __future__ import annotations

import itertools
import math
import operator
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index, normalize_axis_tuple

from ..public import in_place, named, public
from ..rules import linear
from ..tensor import Tensor, from_array
from .gather import take_op
from .shape import (
    broadcast_to,
    clone,
    expand,
    expand_dims,
    permute,
    reshape,
    sizes,
    squeeze,
    swapaxes,
    swapdims,
    tensor_of,
    transpose,
)

__all__ = [
    "flip",
    "fliplr",
    "flipud",
    "moveaxis",
    "movedim",
    "repeat_interleave",
    "roll",
    "rot90",
    "t",
    "tile",
    "unflatten",
]


flip_op = linear(
    lambda x, axis: np.flip(x, axis), lambda g, x, axis: np.flip(g, axis), name="flip", options={"axis": (0,)}
)
roll_op = linear(
    lambda x, shift, axis: np.roll(x, shift, axis),
    lambda g, x, shift, axis: np.roll(g, tuple(-n for n in shift), axis),
    name="roll",
    options={"shift": (1,), "axis": (0,)},
)


@public("flip")
def flip(input: Any, *axes: Any, dims: Any = None, axis: Any = None) -> Tensor:
    """The elements in reverse order along axes.

    Args:
        input: any shape.
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
    input = tensor_of(input)
    named_axes = axis if dims is None else dims
    chosen = sizes(axes) if axes else sizes((named_axes,)) if named_axes is not None else tuple(range(input.ndim))
    if input.ndim == 0:
        normalize_axis_tuple(chosen, 1)
        return clone(input)
    return flip_op(input, axis=normalize_axis_tuple(chosen, input.ndim))


@public(numpy=np.flip)
def _flip(m: Any, axis: Any = None) -> Tensor:
    return flip(m, axis=axis)


@public("flipud", numpy=np.flipud)
def flipud(input: Any) -> Tensor:
    """The elements in reverse order along the first axis.

    Args:
        input: at least one-dimensional.

    Returns:
        A Tensor of the same shape.

    Raises:
        ValueError: input has no axis.

    Example:
        >>> import autograd_core as ag
        >>> ag.flipud(ag.tensor([1.0, 2.0]))
        tensor([2., 1.])
    """
    input = tensor_of(input)
    if input.ndim < 1:
        raise ValueError("flipud needs at least one axis, got a 0-d tensor")
    return flip(input, 0)


@public("fliplr", numpy=np.fliplr)
def fliplr(input: Any) -> Tensor:
    """The elements in reverse order along the second axis.

    Args:
        input: at least two-dimensional.

    Returns:
        A Tensor of the same shape.

    Raises:
        ValueError: input has fewer than two axes.

    Example:
        >>> import autograd_core as ag
        >>> ag.fliplr(ag.tensor([[1.0, 2.0]]))
        tensor([[2., 1.]])
    """
    input = tensor_of(input)
    if input.ndim < 2:
        raise ValueError(f"fliplr needs at least two axes, got shape {input.shape}")
    return flip(input, 1)


@public("roll", numpy=np.roll)
def roll(input: Any, shifts: Any = None, dims: Any = None, *, shift: Any = None, axis: Any = None) -> Tensor:
    """The elements moved along axes; what leaves at the end comes back at the start.

    Args:
        input: any shape.
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
    input, shifts, dims = tensor_of(input), shift if shifts is None else shifts, axis if dims is None else dims
    if shifts is None:
        raise TypeError("roll needs shifts")
    moves = sizes((shifts,))
    if dims is None or dims == ():
        if len(moves) != 1:
            raise ValueError(f"roll needs one shift for the flattened elements, got {moves}: give the axes")
        return reshape(roll_op(reshape(input, -1), shift=moves, axis=(0,)), input.shape)
    places = sizes((dims,))
    if len(places) != len(moves):
        raise ValueError(f"roll needs one shift for each axis, got {moves} for the axes {places}")
    return roll_op(input, shift=moves, axis=tuple(normalize_axis_index(i, input.ndim) for i in places))


@public("rot90")
def rot90(input: Any, k: int = 1, dims: Sequence[int] = (0, 1)) -> Tensor:
    """A quarter turn, k times, in the plane of two axes.

    Args:
        input: at least two-dimensional.
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
    input = tensor_of(input)
    if len(dims) != 2:
        raise ValueError(f"rot90 needs two axes, got {tuple(dims)}")
    if input.ndim < 2:
        raise ValueError(f"rot90 needs at least two axes, got shape {input.shape}")
    a, b = (normalize_axis_index(i, input.ndim) for i in dims)
    if a == b:
        raise ValueError(f"rot90 needs two different axes, got {tuple(dims)}")
    k = operator.index(k) % 4
    if k == 0:
        return clone(input)
    if k == 2:
        return flip(input, a, b)
    return swapaxes(flip(input, b), a, b) if k == 1 else flip(swapaxes(input, a, b), b)


@public(numpy=np.rot90)
def _rot90(m: Any, k: int = 1, axes: Sequence[int] = (0, 1)) -> Tensor:
    return rot90(m, k, axes)


@public("movedim", "moveaxis", numpy=np.moveaxis)
def movedim(input: Any, source: Any, destination: Any) -> Tensor:
    """Axes moved to other places; the rest keep their order.

    Args:
        input: any shape.
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
    input = tensor_of(input)
    if input.ndim == 0:
        normalize_axis_tuple(source, 1), normalize_axis_tuple(destination, 1)
        return clone(input)
    old, new = normalize_axis_tuple(source, input.ndim), normalize_axis_tuple(destination, input.ndim)
    if len(old) != len(new):
        raise ValueError(f"movedim needs as many destinations as sources, got {source} and {destination}")
    order = [i for i in range(input.ndim) if i not in old]
    for place, axis in sorted(zip(new, old, strict=True)):
        order.insert(place, axis)
    return permute(input, order)


moveaxis = movedim


@public("t")
def t(input: Any) -> Tensor:
    """The transpose of a matrix; a vector or a number stays.

    Args:
        input: at most two-dimensional.

    Returns:
        A Tensor.

    Raises:
        ValueError: input has more than two axes.

    Example:
        >>> import autograd_core as ag
        >>> ag.t(ag.zeros(2, 3)).shape
        (3, 2)
    """
    input = tensor_of(input)
    if input.ndim > 2:
        raise ValueError(f"t is for at most two axes, got shape {input.shape}: use mT or transpose(dim0, dim1)")
    return swapaxes(input, 0, 1) if input.ndim == 2 else input.clone()


@public("repeat")
def _repeat(input: Tensor, *repeats: Any) -> Tensor:
    """The whole repeated along each axis, new axes first; as PyTorch's."""
    input, counts = tensor_of(input), sizes(repeats)
    if len(counts) < input.ndim:
        raise ValueError(f"repeat needs a number for each axis of shape {input.shape}, got {counts}")
    if any(n < 0 for n in counts):
        raise ValueError(f"repeat needs numbers not below 0, got {counts}")
    return tile(input, counts)


@public("tile")
def tile(input: Any, *counts: Any, dims: Any = None) -> Tensor:
    """The whole repeated along each axis.

    Args:
        input: any shape.
        counts: how often along each of the last axes, as one sequence or as separate numbers.
        dims: the same, by name.

    Returns:
        A Tensor.

    Example:
        >>> import autograd_core as ag
        >>> ag.tile(ag.tensor([1.0, 2.0]), (2,))
        tensor([1., 2., 1., 2.])
    """
    input, counts = tensor_of(input), sizes(counts if dims is None else (dims,))
    if any(n < 0 for n in counts):
        raise ValueError(f"tile needs numbers not below 0, got {counts}")
    count = max(input.ndim, len(counts))
    counts = (1,) * (count - len(counts)) + counts
    own = (1,) * (count - input.ndim) + input.shape
    if all(n == 1 for n in counts):
        return reshape(input, own) if input.shape != own else input.clone()
    between = reshape(input, tuple(itertools.chain.from_iterable((1, n) for n in own)))
    wide = broadcast_to(between, tuple(itertools.chain.from_iterable(zip(counts, own, strict=True))))
    return reshape(wide, tuple(n * m for n, m in zip(counts, own, strict=True)))


@public(numpy=np.tile)
def _tile(A: Any, reps: Any) -> Tensor:  # noqa: N803 - NumPy's name
    return tile(A, reps)


@public("repeat_interleave")
@named
def repeat_interleave(
    input: Any, repeats: Any = None, axis: int | None = None, *, output_size: int | None = None
) -> Tensor:
    """Each slice repeated along an axis.

    Args:
        input: any shape. Alone: whole numbers, and the result is how often each index is repeated.
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
    input = tensor_of(input)
    if repeats is None:
        if input.dtype.kind not in "iu" or input.ndim != 1:
            raise TypeError(f"repeat_interleave alone takes whole numbers on one axis, got {input.dtype} {input.shape}")
        return from_array(np.repeat(np.arange(input.numel()), _counts(input.array)))
    if axis is None:
        input, axis = reshape(input, -1), 0
    place = normalize_axis_index(axis, input.ndim or 1)
    length = (input.shape or (1,))[place]
    counts = _counts(np.asarray(tensor_of(repeats).array).reshape(-1))
    if counts.size not in (1, length):
        raise ValueError(f"repeat_interleave needs one number or {length}, one for each slice, got {counts.size}")
    rows = np.repeat(np.arange(length), counts if counts.size != 1 else counts[0])
    if output_size is not None and output_size != rows.size:
        raise ValueError(f"repeat_interleave gives {rows.size} slices, not output_size={output_size}")
    return take_op(input if input.ndim else reshape(input, 1), index=rows, axis=place)


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
@named
def unflatten(input: Any, dim: int, sizes: Any) -> Tensor:
    """One axis as several.

    Args:
        input: any shape.
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
    input = tensor_of(input)
    place, sizes = normalize_axis_index(dim, input.ndim), tuple(sizes)
    length = input.shape[place]
    if not sizes:
        raise ValueError("unflatten needs at least one length")
    known = math.prod(n for n in sizes if n != -1)
    free = sum(n == -1 for n in sizes)
    if free > 1 or any(n < -1 for n in sizes) or (length % known if free and known else known != length):
        raise ValueError(f"unflatten needs lengths that multiply to {length}, got {sizes}")
    return reshape(
        input, (*input.shape[:place], *(length // known if n == -1 else n for n in sizes), *input.shape[place + 1 :])
    )


@public("expand_as")
def _expand_as(input: Tensor, other: Tensor) -> Tensor:
    """As :func:`broadcast_to`, to the shape of another tensor."""
    return expand(input, *tensor_of(other).shape)


@public("view_as", "reshape_as")
def _view_as(input: Tensor, other: Tensor) -> Tensor:
    """The same elements in the shape of another tensor."""
    return reshape(input, tensor_of(other).shape)


_RESHAPING: dict[str, Callable[..., Tensor]] = {
    "squeeze_": squeeze,
    "swapaxes_": swapaxes,
    "swapdims_": swapdims,
    "t_": t,
    "transpose_": transpose,
    "unsqueeze_": expand_dims,
}
for _name, _function in _RESHAPING.items():
    setattr(Tensor, _name, in_place(_function, _name, reshaping=True))
