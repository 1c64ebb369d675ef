"""Activations made of straight pieces: clipped, stepped and shrunk."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd_core import Tensor
from autograd_core.rules import NONZERO, Domain, elementwise
from autograd_core.symbolic import symbol

from .inputs import floats, given, placed

_SIX = Domain(kinks=(-3.0, 3.0))
# Where the kinks of the others lie depends on their options: their cases stay away from there.
hardtanh_op = elementwise(
    lambda x, low, high: np.clip(x, low, high),
    lambda y, x, low, high: (x > low) & (x < high),
    name="hardtanh",
    options={"low": symbol("low"), "high": symbol("high")},
)
hardsigmoid_op = elementwise(
    lambda x: np.clip(x + 3, 0, 6) / 6,
    lambda y, x: np.full_like(x, 1 / 6) * ((x > -3) & (x < 3)),
    name="hardsigmoid",
    domain=_SIX,
    kink="0 at −3 and 3",
)
hardswish_op = elementwise(
    lambda x: x * np.clip(x + 3, 0, 6) / 6,
    lambda y, x: np.where(x <= -3, np.zeros_like(x), np.where(x < 3, x / 3 + 0.5, np.ones_like(x))),
    name="hardswish",
    domain=_SIX,
    kink="0 at −3, 1 at 3",
)
softshrink_op = elementwise(
    lambda x, bound: x - np.clip(x, -bound, bound),
    lambda y, x, bound: np.abs(x) > bound,
    name="softshrink",
    options={"bound": symbol("λ")},
)
hardshrink_op = elementwise(
    lambda x, bound: np.where((x >= -bound) & (x <= bound), np.zeros_like(x), x),
    lambda y, x, bound: np.abs(x) > bound,
    name="hardshrink",
    options={"bound": symbol("λ")},
)
threshold_op = elementwise(
    lambda x, limit, value: np.where(x <= limit, np.full_like(x, value), x),
    lambda y, x, limit, value: x > limit,
    name="threshold",
    options={"limit": symbol("t"), "value": symbol("v")},
)
step_op = elementwise(
    lambda x: np.where(np.isnan(x), x, (x > 0).astype(x.dtype)),
    lambda y, x: np.zeros_like(x),
    name="step",
    domain=NONZERO,
    kink="0 at 0",
)


def relu6(input: Any, inplace: bool = False) -> Tensor:
    """x clipped to 0 … 6.

    Formula:
        ∂y/∂x = 1 where 0 < x < 6, else 0.

    Args:
        input: any shape.
        inplace: let the input Tensor become the result, too.

    Returns:
        A Tensor of the same shape.

    Example:
        >>> import autograd_core as ag, nn.functional as F
        >>> F.relu6(ag.tensor([-1.0, 2.0, 8.0]))
        tensor([0., 2., 6.])
    """
    return placed(input, hardtanh_op(_numbers(input, "relu6"), low=0, high=6), inplace, "relu6")


def hardtanh(input: Any, min_val: float = -1.0, max_val: float = 1.0, inplace: bool = False) -> Tensor:
    """x clipped to min_val … max_val.

    Formula:
        ∂y/∂x = 1 where min_val < x < max_val, else 0.

    Args:
        input: any shape.
        min_val: the smallest result.
        max_val: the largest result.
        inplace: let the input Tensor become the result, too.

    Returns:
        A Tensor of the same shape.

    Raises:
        ValueError: min_val is above max_val.

    Example:
        >>> import autograd_core as ag, nn.functional as F
        >>> F.hardtanh(ag.tensor([-2.0, 0.5, 3.0]))
        tensor([-1. ,  0.5,  1. ])
    """
    if min_val > max_val:
        raise ValueError(f"hardtanh needs min_val no larger than max_val, got {min_val} and {max_val}")
    x = _numbers(input, "hardtanh")
    low, high = (min_val, max_val) if x.dtype.kind == "f" else (int(min_val), int(max_val))
    return placed(input, hardtanh_op(x, low=low, high=high), inplace, "hardtanh")


def _numbers(input: Any, name: str) -> Tensor:
    x = given(input)
    if x.dtype.kind == "b":
        raise TypeError(f"{name} takes numbers, got {x.dtype}: convert with .float() first")
    return x


def hardsigmoid(input: Any, inplace: bool = False) -> Tensor:
    """A sigmoid of straight pieces, clip(x/6 + 1/2, 0, 1).

    Formula:
        ∂y/∂x = 1/6 where −3 < x < 3, else 0.

    Args:
        input: any shape.
        inplace: let the input Tensor become the result, too.

    Returns:
        A Tensor of the same shape.

    Example:
        >>> import autograd_core as ag, nn.functional as F
        >>> F.hardsigmoid(ag.tensor([-4.0, 0.0, 1.5]))
        tensor([0.  , 0.5 , 0.75])
    """
    return placed(input, hardsigmoid_op(floats(input)), inplace, "hardsigmoid")


def hardswish(input: Any, inplace: bool = False) -> Tensor:
    """x·hardsigmoid(x): silu without an exponential.

    Formula:
        ∂y/∂x = x/3 + 1/2 where −3 < x < 3, else 0 below and 1 above.

    Args:
        input: any shape.
        inplace: let the input Tensor become the result, too.

    Returns:
        A Tensor of the same shape.

    Example:
        >>> import autograd_core as ag, nn.functional as F
        >>> F.hardswish(ag.tensor([-4.0, 1.5, 4.0]))
        tensor([-0.   ,  1.125,  4.   ])

    Source: Howard et al., Searching for MobileNetV3 (2019).
    """
    return placed(input, hardswish_op(floats(input)), inplace, "hardswish")


def softshrink(input: Any, lambd: float = 0.5) -> Tensor:
    """x moved towards 0 by λ, and 0 where it is nearer than that.

    Formula:
        ∂y/∂x = 1 where |x| > λ, else 0.

    Args:
        input: any shape.
        lambd: λ, not below 0.

    Returns:
        A Tensor of the same shape.

    Raises:
        ValueError: λ is negative.

    Example:
        >>> import autograd_core as ag, nn.functional as F
        >>> F.softshrink(ag.tensor([-2.0, 0.25, 1.0]))
        tensor([-1.5,  0. ,  0.5])
    """
    if not lambd >= 0:
        raise ValueError(f"softshrink needs lambd to be greater or equal to 0, but found to be {lambd}")
    return softshrink_op(floats(input), bound=float(lambd))


def hardshrink(input: Any, lambd: float = 0.5) -> Tensor:
    """x, and 0 where it is no farther than λ from 0.

    Formula:
        ∂y/∂x = 1 where |x| > λ, else 0.

    Args:
        input: any shape.
        lambd: λ.

    Returns:
        A Tensor of the same shape.

    Example:
        >>> import autograd_core as ag, nn.functional as F
        >>> F.hardshrink(ag.tensor([-2.0, 0.25, 1.0]))
        tensor([-2.,  0.,  1.])
    """
    return hardshrink_op(floats(input), bound=float(lambd))


def threshold(input: Any, threshold: float, value: float, inplace: bool = False) -> Tensor:
    """x where it is above a threshold, else a number.

    Formula:
        ∂y/∂x = 1 where x > threshold, else 0.

    Args:
        input: any shape.
        threshold: what x must exceed.
        value: what it is otherwise.
        inplace: let the input Tensor become the result, too.

    Returns:
        A Tensor of the same shape.

    Example:
        >>> import autograd_core as ag, nn.functional as F
        >>> F.threshold(ag.tensor([0.5, 2.0]), 1.0, 7.0)
        tensor([7., 2.])
    """
    found = threshold_op(_numbers(input, "threshold"), limit=threshold, value=value)
    return placed(input, found, inplace, "threshold")


def step(input: Any) -> Tensor:
    """1 where x is positive, else 0: the perceptron's activation.

    Formula:
        ∂y/∂x = 0.

    Args:
        input: any shape.

    Returns:
        A Tensor of the same shape.

    Example:
        >>> import autograd_core as ag, nn.functional as F
        >>> F.step(ag.tensor([-1.0, 0.0, 2.0]))
        tensor([0., 0., 1.])
    """
    return step_op(floats(input))
