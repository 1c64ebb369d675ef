"""Operations that move elements without changing them."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index, normalize_axis_tuple

from ..device import check_device
from ..public import named, public
from ..rules import Function, linear
from ..tensor import Tensor, from_array, method, to_array

__all__ = [
    "as_tensor",
    "broadcast_to",
    "clone",
    "expand_dims",
    "flatten",
    "from_numpy",
    "permute",
    "ravel",
    "reshape",
    "squeeze",
    "swapaxes",
    "swapdims",
    "transpose",
    "unsqueeze",
]

Shape = int | Sequence[int]


def as_tensor(data: Any, dtype: Any = None, device: Any = None) -> Tensor:
    """The data as a Tensor, without a copy where none is needed.

    Args:
        data: a Tensor (returned as it is), an array (shared: do not write into it afterwards),
            numbers or nested lists.
        dtype: the dtype wanted; by default the data's own.
        device: ``"cpu"``, the only one there is.

    Returns:
        A Tensor.

    Raises:
        TypeError: the data are not numeric.

    Example:
        >>> import autograd_core as ag
        >>> ag.as_tensor([1, 2])
        tensor([1, 2])
    """
    if device is not None:
        check_device(device)
    if isinstance(data, Tensor):
        return data if dtype is None else data.to(dtype)
    return from_array(to_array(data, dtype))


def tensor_of(data: Any, dtype: Any = None) -> Tensor:
    """What an operation is given, as a Tensor. An array is copied: a graph may keep it, its owner may change it."""
    if isinstance(data, Tensor):
        return data if dtype is None else data.to(dtype)
    return from_array(to_array(data, dtype, copy=isinstance(data, np.ndarray)))


def from_numpy(array: Any) -> Tensor:
    """A Tensor around an array, without a copy: do not write into the array afterwards.

    Args:
        array: a NumPy array of numbers.

    Returns:
        A Tensor of the array's dtype.

    Raises:
        TypeError: it is no array, or not numeric.

    Example:
        >>> import numpy as np, autograd_core as ag
        >>> ag.from_numpy(np.array([1.0, 2.0]))
        tensor([1., 2.], dtype=float64)
    """
    if not isinstance(array, (np.ndarray, np.generic)):
        raise TypeError(f"from_numpy takes an array, got {type(array).__name__}: use ag.tensor")
    return as_tensor(array)


def sizes(given: tuple[Any, ...]) -> tuple[int, ...]:
    """Sizes passed as separate numbers or as one sequence: ``f(2, 3)`` and ``f((2, 3))``."""
    if len(given) == 1 and np.iterable(given[0]):
        given = tuple(given[0])
    try:
        return tuple([operator.index(length) for length in given])
    except TypeError:
        raise TypeError(f"a shape holds integers, got {given}") from None


def _reshaped(x: Any, shape: tuple[int, ...]) -> Any:
    try:
        if min(shape, default=0) >= -1:  # NumPy takes every negative length for -1
            return np.reshape(x, shape)
    except ValueError:
        pass
    raise ValueError(f"reshape needs a shape with as many elements as {x.shape}, at most one length -1: got {shape}")


reshape_op = linear(
    _reshaped,
    lambda g, x, shape: np.reshape(g, x.shape),
    name="reshape",
    options={"shape": "shape"},
)
transpose_op = linear(
    lambda x, axes: np.transpose(x, axes),
    lambda g, x, axes: np.transpose(g, _inverse(axes)),
    name="transpose",
    symbol="ᵀ",
    options={"axes": (1, 0)},
)
broadcast_op = linear(
    lambda x, shape: np.broadcast_to(x, shape),
    lambda g, x, shape: sum_to.op.on(g, shape=x.shape),
    name="broadcast_to",
    options={"shape": "shape"},
)


def _inverse(axes: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(sorted(range(len(axes)), key=axes.__getitem__))


def _sum_to(x: Any, shape: tuple[int, ...]) -> Any:
    """The sum over the axes along which ``shape`` would be broadcast to x's shape."""
    extra = x.ndim - len(shape)
    if extra < 0:  # shape has more axes, of length 1
        return _sum_to(x, shape[-extra:]).reshape(shape)
    if x.shape[extra:] == shape:
        return np.add.reduce(x, axis=0 if extra == 1 else tuple(range(extra)))
    stretched = tuple(i for i, length in enumerate(shape, start=extra) if length == 1 and x.shape[i] != 1)
    total = x.sum(axis=tuple(range(extra)) + stretched, keepdims=True)
    return total.reshape(shape)[()]


sum_to: Function = linear(
    _sum_to,
    lambda g, x, shape: np.broadcast_to(g, x.shape),
    name="sum_to",
    symbol="Σ",
    options={"shape": "shape"},
)


@public("broadcast_to", numpy=np.broadcast_to)
def broadcast_to(input: Any, shape: Shape) -> Tensor:
    """The elements repeated along new or one-element axes until the shape fits.

    Formula:
        The gradient is summed over the axes that were repeated.

    Args:
        input: any shape that broadcasts to ``shape``.
        shape: the shape wanted.

    Returns:
        A Tensor of that shape.

    Raises:
        ValueError: the shapes do not broadcast.

    Example:
        >>> import autograd_core as ag
        >>> ag.broadcast_to(ag.tensor([1.0, 2.0]), (2, 2))
        tensor([[1., 2.],
                [1., 2.]])
    """
    input, wanted = tensor_of(input), sizes((shape,))
    try:
        return broadcast_op(input, shape=wanted)
    except ValueError:
        raise ValueError(
            f"the shape {input.shape} does not broadcast to {wanted}: from the right, lengths must agree or be 1"
        ) from None


@public("reshape", "view")
def reshape(input: Any, *lengths: Any, shape: Any = None) -> Tensor:
    """The same elements in another shape, in row-major order.

    Args:
        input: any shape.
        lengths: the new shape, as one sequence or as separate numbers; one may be -1.
        shape: the same, by name.

    Returns:
        A Tensor of that shape.

    Raises:
        ValueError: the number of elements differs.

    Example:
        >>> import autograd_core as ag
        >>> ag.arange(4.0).reshape(2, -1)
        tensor([[0., 1.],
                [2., 3.]])
    """
    return reshape_op(input, shape=sizes(lengths if shape is None else (shape,)))


@public("flatten")
def flatten(input: Any, start_dim: int = 0, end_dim: int = -1) -> Tensor:
    """Several axes as one.

    Args:
        input: any shape.
        start_dim: the first axis to flatten.
        end_dim: the last axis to flatten, itself included.

    Returns:
        A Tensor with these axes joined.

    Raises:
        IndexError: there is no such axis.
        ValueError: the last axis lies before the first.

    Example:
        >>> import autograd_core as ag
        >>> ag.zeros(2, 3, 4).flatten(1).shape
        (2, 12)
    """
    input = tensor_of(input)
    if input.ndim == 0:
        return reshape(input, 1)
    start, end = normalize_axis_index(start_dim, input.ndim), normalize_axis_index(end_dim, input.ndim)
    if start > end:
        raise ValueError(f"flatten needs start_dim not after end_dim, got {start_dim} and {end_dim}")
    joined = 1
    for length in input.shape[start : end + 1]:
        joined *= length
    return reshape(input, (*input.shape[:start], joined, *input.shape[end + 1 :]))


@public("ravel", numpy=np.ravel)
def ravel(input: Any) -> Tensor:
    """All elements along one axis, in row-major order.

    Args:
        input: any shape.

    Returns:
        A one-dimensional Tensor.

    Example:
        >>> import autograd_core as ag
        >>> ag.ravel(ag.tensor([[1.0], [2.0]]))
        tensor([1., 2.])
    """
    return reshape(input, -1)


@public("permute")
def permute(input: Any, *axes: Any, dims: Any = None) -> Tensor:
    """The axes in another order.

    Args:
        input: any shape.
        axes: every axis once, in the order wanted, as one sequence or as separate numbers.
        dims: the same, by name.

    Returns:
        A Tensor whose axis i is the input's axis ``axes[i]``.

    Raises:
        ValueError: an axis is missing or repeated.

    Example:
        >>> import autograd_core as ag
        >>> ag.zeros(2, 3, 4).permute(2, 0, 1).shape
        (4, 2, 3)
    """
    input = tensor_of(input)
    wanted = sizes(axes if dims is None else (dims,))
    order = normalize_axis_tuple(wanted, input.ndim, "dims")
    if len(order) != input.ndim:
        raise ValueError(f"permute needs each of the {input.ndim} axes of shape {input.shape} once, got {wanted}")
    return transpose_op(input, axes=order)


@public("transpose")
def transpose(input: Any, *axes: Any, dim0: int | None = None, dim1: int | None = None) -> Tensor:
    """Two axes swapped as in PyTorch, or all axes reordered as in NumPy.

    Args:
        input: any shape.
        axes: two numbers swap these axes; none reverses all; one sequence, or as many numbers as
            there are axes, gives the order.
        dim0: the first of the two axes to swap, by name.
        dim1: the second.

    Returns:
        A Tensor with the axes so ordered.

    Raises:
        ValueError: an axis is missing or repeated.
        IndexError: there is no such axis.

    Example:
        >>> import autograd_core as ag
        >>> ag.zeros(2, 3, 4).transpose(0, 2).shape
        (4, 3, 2)
    """
    if dim0 is not None or dim1 is not None:
        if axes or dim0 is None or dim1 is None:
            raise TypeError("transpose takes both dim0 and dim1, or axes by position")
        axes = (dim0, dim1)
    if len(axes) == 2:
        return swapaxes(input, *axes)
    input = tensor_of(input)
    if not axes or axes == (None,):
        return transpose_op(input, axes=tuple(range(input.ndim))[::-1])
    return permute(input, *axes)


@public("swapaxes")
def swapaxes(input: Any, axis0: int, axis1: int) -> Tensor:
    """Two axes swapped.

    Args:
        input: any shape.
        axis0: one axis.
        axis1: the other.

    Returns:
        A Tensor with the two axes exchanged.

    Raises:
        IndexError: there is no such axis.

    Example:
        >>> import autograd_core as ag
        >>> ag.zeros(2, 3, 4).swapaxes(0, -1).shape
        (4, 3, 2)
    """
    input = tensor_of(input)
    if input.ndim == 0:
        normalize_axis_tuple((axis0,), 1), normalize_axis_tuple((axis1,), 1)
        return clone(input)
    order = list(range(input.ndim))
    i, j = normalize_axis_index(axis0, input.ndim), normalize_axis_index(axis1, input.ndim)
    order[i], order[j] = j, i
    return transpose_op(input, axes=tuple(order))


@public("swapdims")
def swapdims(input: Any, dim0: int, dim1: int) -> Tensor:
    """Two axes swapped; another name of :func:`swapaxes`.

    Args:
        input: any shape.
        dim0: one axis.
        dim1: the other.

    Returns:
        A Tensor with the two axes exchanged.

    Raises:
        IndexError: there is no such axis.

    Example:
        >>> import autograd_core as ag
        >>> ag.swapdims(ag.zeros(2, 3, 4), 0, -1).shape
        (4, 3, 2)
    """
    return swapaxes(input, dim0, dim1)


@public("expand_dims", "unsqueeze", numpy=np.expand_dims)
@named
def expand_dims(input: Any, axis: int | Sequence[int]) -> Tensor:
    """New axes of length one.

    Args:
        input: any shape.
        axis: where the new axes stand in the result.

    Returns:
        A Tensor with more axes and the same elements.

    Raises:
        IndexError: the result has no such axis.

    Example:
        >>> import autograd_core as ag
        >>> ag.zeros(2, 3).unsqueeze(1).shape
        (2, 1, 3)
    """
    input = tensor_of(input)
    count = input.ndim + (1 if hasattr(axis, "__index__") else len(axis))
    places = normalize_axis_tuple(axis, count)
    old = iter(input.shape)
    return reshape(input, tuple(1 if i in places else next(old) for i in range(count)))


@public("squeeze")
@named
def squeeze(input: Any, axis: int | Sequence[int] | None = None) -> Tensor:
    """Without axes of length one, all of them or those named.

    As in PyTorch a named axis that is longer stays; ``np.squeeze`` refuses it.

    Args:
        input: any shape.
        axis: the axes to remove; by default all of length one.

    Returns:
        A Tensor with fewer axes and the same elements.

    Raises:
        IndexError: there is no such axis.

    Example:
        >>> import autograd_core as ag
        >>> ag.zeros(1, 3, 1).squeeze().shape
        (3,)
    """
    input = tensor_of(input)
    places = range(input.ndim) if axis is None else normalize_axis_tuple(axis, input.ndim or 1)
    return reshape(input, tuple(length for i, length in enumerate(input.shape) if length != 1 or i not in places))


@public("clone", "copy", numpy=np.copy)
def clone(input: Any) -> Tensor:
    """The same values as another Tensor, still part of the graph.

    Args:
        input: any shape.

    Returns:
        A Tensor; gradients pass through unchanged.

    Example:
        >>> import autograd_core as ag
        >>> ag.clone(ag.tensor([1.0]))
        tensor([1.])
    """
    return +tensor_of(input)


@method
def contiguous(self: Tensor) -> Tensor:
    """The tensor itself: there are no strides to observe, since arrays are values."""
    return self


@public("expand")
def expand(input: Any, *shape: Any) -> Tensor:
    """As :func:`broadcast_to`, where a length of -1 keeps an axis as it is.

    Args:
        input: any shape that broadcasts.
        shape: the shape wanted, as one sequence or as separate numbers.

    Returns:
        A Tensor of that shape.

    Raises:
        ValueError: the shapes do not broadcast.

    Example:
        >>> import autograd_core as ag
        >>> ag.zeros(3, 1).expand(-1, 4).shape
        (3, 4)
    """
    input = tensor_of(input)
    wanted = sizes(shape)
    if len(wanted) < input.ndim:
        raise ValueError(f"expand can't drop axes: the shape is {input.shape}, wanted {wanted}")
    own = (1,) * (len(wanted) - input.ndim) + input.shape
    return broadcast_to(input, tuple(old if new == -1 else new for new, old in zip(wanted, own, strict=True)))


Tensor.T = property(transpose)  # type: ignore[method-assign, assignment]
Tensor.mT = property(lambda self: swapaxes(self, -1, -2))  # type: ignore[method-assign, assignment]

unsqueeze = expand_dims
