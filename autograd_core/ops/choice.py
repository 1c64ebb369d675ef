"""Choices between elements: the larger, the smaller, one or the other."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..public import document, in_place, public
from ..rules import custom, elementwise
from ..tensor import Tensor, check_range, from_array, to_array

__all__ = [
    "clamp",
    "clamp_max",
    "clamp_min",
    "clip",
    "fmax",
    "fmin",
    "masked_fill",
    "maximum",
    "minimum",
    "where",
]

# Written with full_like, not with the number 0.5 times a mask, to stay in the dtype of the inputs.
maximum = elementwise(
    np.maximum,
    lambda y, a, b: np.where(a == b, np.full_like(a, 0.5), a > b),
    lambda y, a, b: np.where(a == b, np.full_like(b, 0.5), a < b),
    symbol="max",
    kink="1/2 for each where a = b",
)
minimum = elementwise(
    np.minimum,
    lambda y, a, b: np.where(a == b, np.full_like(a, 0.5), a < b),
    lambda y, a, b: np.where(a == b, np.full_like(b, 0.5), a > b),
    symbol="min",
    kink="1/2 for each where a = b",
)


fmax = elementwise(
    np.fmax,
    lambda y, a, b: (a >= b) | np.isnan(b),
    lambda y, a, b: (a < b) | np.isnan(a),
    name="fmax",
    kink="1 for a where a = b",
)
fmin = elementwise(
    np.fmin,
    lambda y, a, b: (a <= b) | np.isnan(b),
    lambda y, a, b: (a > b) | np.isnan(a),
    name="fmin",
    kink="1 for a where a = b",
)
document(
    maximum,
    "The larger of two, elementwise; NaN if either is.",
    "ag.maximum(ag.tensor([1.0, 5.0]), 3.0) -> tensor([3., 5.])",
)
document(
    minimum,
    "The smaller of two, elementwise; NaN if either is.",
    "ag.minimum(ag.tensor([1.0, 5.0]), 3.0) -> tensor([1., 3.])",
)
document(
    fmax,
    "The larger of two, elementwise; NaN only if both are.",
    "ag.fmax(ag.tensor([1.0, float('nan')]), 3.0) -> tensor([3., 3.])",
)
document(
    fmin,
    "The smaller of two, elementwise; NaN only if both are.",
    "ag.fmin(ag.tensor([1.0, float('nan')]), 3.0) -> tensor([1., 3.])",
)
for _function, _numpy in ((maximum, np.maximum), (minimum, np.minimum), (fmax, np.fmax), (fmin, np.fmin)):
    public(_function.__name__, numpy=_numpy)(_function)


where_op = custom(
    np.where,
    (None, lambda g, y, c, a, b: np.where(c, g, 0.0), lambda g, y, c, a, b: np.where(c, 0.0, g)),
    (None, lambda t, y, c, a, b: np.where(c, t, 0.0), lambda t, y, c, a, b: np.where(c, 0.0, t)),
    name="where",
)


@public(numpy=np.where)
def where(condition: Any, input: Any = None, other: Any = None) -> Any:
    """Elements of ``input`` where the condition holds, else of ``other``.

    Formula:
        ∂/∂input = 1 where the condition holds, else 0; ∂/∂other the opposite. The branch not taken gets a
        gradient of exactly 0, even if it holds NaN or infinity.

    Args:
        condition: booleans (other numbers: whether they are not 0), any shape.
        input: taken where the condition holds; broadcasts.
        other: taken elsewhere; broadcasts.

    Returns:
        A Tensor of the broadcast shape; with the condition alone, its nonzero indices, a tuple of
        integer Tensors.

    Raises:
        TypeError: only one of input and other is given.

    Example:
        >>> import autograd_core as ag
        >>> ag.where(ag.tensor([True, False]), ag.tensor([1.0, 2.0]), 0.0)
        tensor([1., 0.])
    """
    if input is None and other is None:
        return tuple(from_array(index) for index in np.nonzero(_array(condition)))
    if input is None or other is None:
        raise TypeError("where takes the condition alone, or both input and other")
    return where_op(from_array(_array(condition) != 0), input, other)


@public("where")
def _where(self: Tensor, condition: Any, other: Any) -> Any:
    """The own elements where the condition holds, else those of ``other``; as PyTorch's method."""
    return where(condition, self, other)


def _array(value: Any) -> Any:
    return value.array if isinstance(value, Tensor) else to_array(value, copy=True)


clip_min = elementwise(
    np.maximum, lambda y, x, low: x >= low, lambda y, x, low: x < low, name="clip_min", kink="all to x at the bound"
)
clip_max = elementwise(
    np.minimum, lambda y, x, high: x <= high, lambda y, x, high: x > high, name="clip_max", kink="all to x at the bound"
)


def clip(input: Any, min: Any = None, max: Any = None) -> Tensor:
    """Elements limited to the range from ``min`` to ``max``.

    Formula:
        ∂y/∂x = 1 where min ≤ x ≤ max, else 0; ∂y/∂min = 1 where x < min; ∂y/∂max = 1 where x > max.

    Args:
        input: any shape.
        min: lower bound, a number or Tensor that broadcasts; None for none.
        max: upper bound, likewise. Where ``min`` is above ``max`` the result is ``max``.

    Returns:
        A Tensor of the broadcast shape.

    Raises:
        TypeError: neither bound is given.

    Example:
        >>> import autograd_core as ag
        >>> ag.clip(ag.tensor([-2.0, 0.5, 3.0]), 0.0, 1.0)
        tensor([0. , 0.5, 1. ])
    """
    if min is None and max is None:
        raise TypeError("clip needs min, max or both")
    if min is not None:
        input = clip_min(input, min)
    return input if max is None else clip_max(input, max)


def masked_fill(input: Any, mask: Any, value: Any) -> Tensor:
    """A number put where the mask holds.

    Formula:
        ∂y/∂x = 0 where the mask holds, else 1; ∂y/∂value the opposite.

    Args:
        input: any shape.
        mask: booleans, any shape that broadcasts with input.
        value: a number, or a 0-d Tensor.

    Returns:
        A Tensor of the broadcast shape and of input's dtype.

    Raises:
        TypeError: the mask is not boolean.
        ValueError: the value has axes, or the shapes do not broadcast.

    Example:
        >>> import autograd_core as ag
        >>> ag.masked_fill(ag.tensor([1.0, 2.0]), ag.tensor([True, False]), 9.0)
        tensor([9., 2.])
    """
    input, condition = input if isinstance(input, Tensor) else from_array(to_array(input, copy=True)), _array(mask)
    if condition.dtype.kind != "b":
        raise TypeError(f"masked_fill takes a boolean mask, got {condition.dtype}: compare, as in mask != 0")
    if np.ndim(_array(value)) != 0:
        raise ValueError(f"masked_fill puts one number, got shape {np.shape(_array(value))}: use where")
    fill = value.to(input.dtype) if isinstance(value, Tensor) else _cast(value, input.dtype, "masked_fill")
    return where_op(from_array(condition), fill, input)


def _cast(value: Any, dtype: Any, name: str) -> Tensor:
    """A number in a tensor's dtype; one that does not fit is refused."""
    array = _array(value)
    if array.dtype.kind == "f" and dtype.kind in "biu" and array != np.trunc(array):
        raise TypeError(f"{name} can't put {value!r} into a {dtype} tensor: convert it with .float() first")
    check_range(array, dtype)
    return from_array(array.astype(dtype))


clamp, clamp_min, clamp_max = clip, clip_min, clip_max
for _form, *_names in (
    (clip, "clamp", "clip"),
    (clip_min, "clamp_min"),
    (clip_max, "clamp_max"),
    (masked_fill, "masked_fill"),
):
    for _name in _names:
        public(_name)(_form)
        setattr(Tensor, f"{_name}_", in_place(_form, f"{_name}_"))
