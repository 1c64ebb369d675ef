"""New tensors: from data, filled, in steps."""

from __future__ import annotations

from typing import Any

import numpy as np

from .device import check_device
from .ops.shape import as_tensor, sizes
from .public import public
from .tensor import Tensor, checked, from_array, get_default_dtype, method, to_array

__all__ = [
    "arange",
    "empty",
    "empty_like",
    "eye",
    "full",
    "full_like",
    "linspace",
    "logspace",
    "ones",
    "ones_like",
    "tensor",
    "zeros",
    "zeros_like",
]


def tensor(data: Any, dtype: Any = None, requires_grad: bool = False, device: Any = None) -> Tensor:
    """A new Tensor with a copy of the data.

    Args:
        data: numbers, nested lists, an array or a Tensor.
        dtype: the dtype wanted; by default an array keeps its own, Python floats get the default
            dtype (float32), integers int64.
        requires_grad: collect gradients here; only for floating dtypes.
        device: ``"cpu"``, the only one there is.

    Returns:
        A leaf Tensor.

    Raises:
        TypeError: the data are not numeric, or gradients are asked for of a non-float.
        ValueError: nested lists of unequal length.

    Example:
        >>> import autograd_core as ag
        >>> ag.tensor([[1.0, 2.0]], requires_grad=True)
        tensor([[1., 2.]], requires_grad=True)
    """
    check_device(device)
    return Tensor(data, dtype, requires_grad)


def _new(array: Any, requires_grad: bool = False, device: Any = None) -> Tensor:
    check_device(device)
    made = from_array(checked(array)[()])
    return made.requires_grad_() if requires_grad else made


def zeros(*shape: Any, size: Any = None, dtype: Any = None, requires_grad: bool = False, device: Any = None) -> Tensor:
    """A Tensor of zeros.

    Args:
        shape: the lengths, as one sequence or as separate numbers.
        size: the same, by name.
        dtype: by default the default dtype.
        requires_grad: collect gradients here.
        device: ``"cpu"``, the only one there is.

    Returns:
        A leaf Tensor.

    Raises:
        ValueError: a length is negative.

    Example:
        >>> import autograd_core as ag
        >>> ag.zeros(2, 2)
        tensor([[0., 0.],
                [0., 0.]])
    """
    return _new(
        np.zeros(sizes(shape if size is None else (size,)), dtype or get_default_dtype()), requires_grad, device
    )


def ones(*shape: Any, size: Any = None, dtype: Any = None, requires_grad: bool = False, device: Any = None) -> Tensor:
    """A Tensor of ones.

    Args:
        shape: the lengths, as one sequence or as separate numbers.
        size: the same, by name.
        dtype: by default the default dtype.
        requires_grad: collect gradients here.
        device: ``"cpu"``, the only one there is.

    Returns:
        A leaf Tensor.

    Raises:
        ValueError: a length is negative.

    Example:
        >>> import autograd_core as ag
        >>> ag.ones(3)
        tensor([1., 1., 1.])
    """
    return _new(np.ones(sizes(shape if size is None else (size,)), dtype or get_default_dtype()), requires_grad, device)


def empty(*shape: Any, size: Any = None, dtype: Any = None, requires_grad: bool = False, device: Any = None) -> Tensor:
    """A Tensor of unset numbers, to be filled; here they are zeros, which can't hide a mistake.

    Args:
        shape: the lengths, as one sequence or as separate numbers.
        size: the same, by name.
        dtype: by default the default dtype.
        requires_grad: collect gradients here.
        device: ``"cpu"``, the only one there is.

    Returns:
        A leaf Tensor.

    Raises:
        ValueError: a length is negative.

    Example:
        >>> import autograd_core as ag
        >>> ag.empty(2, 3).shape
        (2, 3)
    """
    return zeros(*shape, size=size, dtype=dtype, requires_grad=requires_grad, device=device)


def full(size: Any, fill_value: Any, dtype: Any = None, requires_grad: bool = False, device: Any = None) -> Tensor:
    """A Tensor of one value.

    Args:
        size: the shape.
        fill_value: the number.
        dtype: by default what a Tensor of that number would have.
        requires_grad: collect gradients here.
        device: ``"cpu"``, the only one there is.

    Returns:
        A leaf Tensor.

    Raises:
        ValueError: a length is negative.

    Example:
        >>> import autograd_core as ag
        >>> ag.full((2,), 7.0)
        tensor([7., 7.])
    """
    value = to_array(fill_value, dtype)
    return _new(np.full(sizes((size,)), value, value.dtype), requires_grad, device)


def eye(n: int, m: int | None = None, dtype: Any = None, requires_grad: bool = False, device: Any = None) -> Tensor:
    """The identity matrix.

    Args:
        n: the number of rows.
        m: the number of columns; by default as many.
        dtype: by default the default dtype.
        requires_grad: collect gradients here.
        device: ``"cpu"``, the only one there is.

    Returns:
        A leaf Tensor (n, m).

    Raises:
        ValueError: a length is negative.

    Example:
        >>> import autograd_core as ag
        >>> ag.eye(2)
        tensor([[1., 0.],
                [0., 1.]])
    """
    return _new(np.eye(n, m, dtype=dtype or get_default_dtype()), requires_grad, device)


def arange(
    start: Any, end: Any = None, step: Any = 1, dtype: Any = None, requires_grad: bool = False, device: Any = None
) -> Tensor:
    """Evenly spaced numbers from ``start`` up to, not including, ``end``.

    Args:
        start: the first number; alone, it is the end, and the first is 0.
        end: where to stop.
        step: the distance between two.
        dtype: by default int64 if all are integers, else the default dtype.
        requires_grad: collect gradients here.
        device: ``"cpu"``, the only one there is.

    Returns:
        A one-dimensional leaf Tensor.

    Raises:
        ValueError: the step is 0, or leads away from the end.

    Example:
        >>> import autograd_core as ag
        >>> ag.arange(1, 4)
        tensor([1, 2, 3])
    """
    start, end = (0, start) if end is None else (start, end)
    start, end, step = (x.item() if isinstance(x, Tensor) else x for x in (start, end, step))
    whole = all(isinstance(number, (int, np.integer)) for number in (start, end, step))
    chosen = np.dtype(dtype or (np.int64 if whole else get_default_dtype()))
    if chosen.kind in "iu":
        start, end, step = int(start), int(end), int(step)
    if step == 0 or (end - start) * step < 0:
        raise ValueError(f"arange needs a step from the start towards the end, got {start}, {end} and the step {step}")
    return _new(np.arange(start, end, step, dtype=chosen), requires_grad, device)


def linspace(
    start: float, end: float, steps: int = 50, dtype: Any = None, requires_grad: bool = False, device: Any = None
) -> Tensor:
    """A number of evenly spaced numbers from ``start`` to ``end``, both included.

    Args:
        start: the first number.
        end: the last number.
        steps: how many.
        dtype: by default the default dtype.
        requires_grad: collect gradients here.
        device: ``"cpu"``, the only one there is.

    Returns:
        A one-dimensional leaf Tensor.

    Raises:
        ValueError: ``steps`` is negative.

    Example:
        >>> import autograd_core as ag
        >>> ag.linspace(0, 1, 3)
        tensor([0. , 0.5, 1. ])
    """
    start, end = (x.item() if isinstance(x, Tensor) else x for x in (start, end))
    chosen = np.dtype(dtype or get_default_dtype())
    if chosen.kind not in "iu":
        return _new(np.linspace(start, end, steps, dtype=chosen), requires_grad, device)
    start, end, places = int(start), int(end), np.arange(steps)  # whole numbers: cut, from both ends to the middle
    step = (end - start) / max(steps - 1, 1)
    numbers = np.where(places < steps // 2, start + step * places, end - step * (steps - 1 - places))
    return _new((numbers if steps > 1 else np.full(steps, start)).astype(chosen), requires_grad, device)


def logspace(
    start: float,
    end: float,
    steps: int = 50,
    base: float = 10.0,
    dtype: Any = None,
    requires_grad: bool = False,
    device: Any = None,
) -> Tensor:
    """The powers of a base to evenly spaced exponents, both ends included.

    Args:
        start: the first exponent.
        end: the last exponent.
        steps: how many.
        base: the base.
        dtype: by default the default dtype.
        requires_grad: collect gradients here.
        device: ``"cpu"``, the only one there is.

    Returns:
        A one-dimensional leaf Tensor.

    Raises:
        ValueError: ``steps`` is negative.

    Example:
        >>> import autograd_core as ag
        >>> ag.logspace(0, 2, 3)
        tensor([  1.,  10., 100.])
    """
    return _new(np.logspace(start, end, steps, base=base, dtype=dtype or get_default_dtype()), requires_grad, device)


@public(numpy=np.zeros_like)
def zeros_like(input: Any, dtype: Any = None, requires_grad: bool = False, device: Any = None) -> Tensor:
    """Zeros with the shape and dtype of another tensor.

    Args:
        input: the pattern.
        dtype: by default the pattern's.
        requires_grad: collect gradients here.
        device: ``"cpu"``, the only one there is.

    Returns:
        A leaf Tensor.

    Example:
        >>> import autograd_core as ag
        >>> ag.zeros_like(ag.tensor([1.0, 2.0]))
        tensor([0., 0.])
    """
    return _new(np.zeros_like(as_tensor(input).array, dtype=dtype), requires_grad, device)


@public(numpy=np.ones_like)
def ones_like(input: Any, dtype: Any = None, requires_grad: bool = False, device: Any = None) -> Tensor:
    """Ones with the shape and dtype of another tensor.

    Args:
        input: the pattern.
        dtype: by default the pattern's.
        requires_grad: collect gradients here.
        device: ``"cpu"``, the only one there is.

    Returns:
        A leaf Tensor.

    Example:
        >>> import autograd_core as ag
        >>> ag.ones_like(ag.tensor([1.0, 2.0]))
        tensor([1., 1.])
    """
    return _new(np.ones_like(as_tensor(input).array, dtype=dtype), requires_grad, device)


@public(numpy=np.full_like)
def full_like(
    input: Any, fill_value: Any, dtype: Any = None, requires_grad: bool = False, device: Any = None
) -> Tensor:
    """One value with the shape and dtype of another tensor.

    Args:
        input: the pattern.
        fill_value: the number.
        dtype: by default the pattern's.
        requires_grad: collect gradients here.
        device: ``"cpu"``, the only one there is.

    Returns:
        A leaf Tensor.

    Example:
        >>> import autograd_core as ag
        >>> ag.full_like(ag.tensor([1.0, 2.0]), 7)
        tensor([7., 7.])
    """
    pattern = as_tensor(input, dtype)
    return _new(np.full_like(pattern.array, to_array(fill_value, pattern.dtype)), requires_grad, device)


@public(numpy=np.empty_like)
def empty_like(input: Any, dtype: Any = None, requires_grad: bool = False, device: Any = None) -> Tensor:
    """Unset numbers with the shape and dtype of another tensor; as in :func:`empty` they are zeros.

    Args:
        input: the pattern.
        dtype: by default the pattern's.
        requires_grad: collect gradients here.
        device: ``"cpu"``, the only one there is.

    Returns:
        A leaf Tensor.

    Example:
        >>> import autograd_core as ag
        >>> ag.empty_like(ag.tensor([1.0, 2.0])).shape
        (2,)
    """
    return zeros_like(input, dtype, requires_grad, device)


@method
def new_tensor(
    self: Tensor, data: Any, *, dtype: Any = None, requires_grad: bool = False, device: Any = None
) -> Tensor:
    """A new Tensor of data in this one's dtype, or another."""
    return tensor(data, dtype or self.dtype, requires_grad, device)


@method
def new_zeros(self: Tensor, *size: Any, dtype: Any = None, requires_grad: bool = False, device: Any = None) -> Tensor:
    """Zeros of a shape in this one's dtype, or another."""
    return zeros(*size, dtype=dtype or self.dtype, requires_grad=requires_grad, device=device)


@method
def new_ones(self: Tensor, *size: Any, dtype: Any = None, requires_grad: bool = False, device: Any = None) -> Tensor:
    """Ones of a shape in this one's dtype, or another."""
    return ones(*size, dtype=dtype or self.dtype, requires_grad=requires_grad, device=device)


@method
def new_full(
    self: Tensor, size: Any, fill_value: Any, *, dtype: Any = None, requires_grad: bool = False, device: Any = None
) -> Tensor:
    """One value of a shape in this one's dtype, or another."""
    return full(size, fill_value, dtype=dtype or self.dtype, requires_grad=requires_grad, device=device)


@method
def new_empty(self: Tensor, *size: Any, dtype: Any = None, requires_grad: bool = False, device: Any = None) -> Tensor:
    """As :meth:`new_zeros`."""
    return zeros(*size, dtype=dtype or self.dtype, requires_grad=requires_grad, device=device)
