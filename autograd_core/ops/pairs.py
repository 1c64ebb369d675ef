"""Elementwise functions of two and three inputs."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..public import document, in_place, public
from ..rules import NONZERO, POSITIVE, REAL, constant, elementwise
from ..tensor import Tensor
from .arithmetic import add, divide, multiply
from .math import exp2
from .shape import tensor_of

__all__ = [
    "addcdiv",
    "addcmul",
    "arctan2",
    "atan2",
    "copysign",
    "heaviside",
    "hypot",
    "ldexp",
    "lerp",
    "logaddexp",
    "logaddexp2",
    "nextafter",
]


def _infinite_at_zero(x: Any) -> Any:
    """x as a divisor: what is divided by its zeros becomes 0."""
    return np.where(x == 0, np.full_like(x, np.inf), x)


arctan2 = elementwise(
    np.arctan2,
    lambda y, a, b: b / _infinite_at_zero(a * a + b * b),
    lambda y, a, b: -a / _infinite_at_zero(a * a + b * b),
    name="arctan2",
    domain=(REAL, POSITIVE),
    kink="0 where both are 0",
)
hypot = elementwise(
    np.hypot,
    lambda y, a, b: a / _infinite_at_zero(y),
    lambda y, a, b: b / _infinite_at_zero(y),
    name="hypot",
    domain=(REAL, NONZERO),
    kink="0 where both are 0",
)
copysign = elementwise(
    np.copysign,
    lambda y, a, b: np.sign(a) * np.copysign(np.ones_like(y), b),
    0,
    name="copysign",
    domain=(NONZERO, NONZERO),
    kink="0 at a = 0",
)
logaddexp = elementwise(
    np.logaddexp, lambda y, a, b: np.exp(a - y), lambda y, a, b: np.exp(b - y), name="logaddexp", symbol="log(eᵃ + eᵇ)"
)
logaddexp2 = elementwise(
    np.logaddexp2,
    lambda y, a, b: np.exp2(a - y),
    lambda y, a, b: np.exp2(b - y),
    name="logaddexp2",
    symbol="log₂(2ᵃ + 2ᵇ)",
)


def _lerp(a: Any, b: Any, w: Any) -> Any:
    """From whichever end is nearer, so that both ends are exact."""
    return np.where(np.abs(w) < 0.5, a + w * (b - a), b - (b - a) * (1 - w))


lerp_op = elementwise(_lerp, lambda y, a, b, w: 1 - w, lambda y, a, b, w: w, lambda y, a, b, w: b - a, name="lerp")
heaviside_op = constant(
    lambda x, values: np.where(x == 0, values, x > 0).astype(np.result_type(x, values))[()], name="heaviside"
)
nextafter = public("nextafter", numpy=np.nextafter)(constant(np.nextafter))

document(
    arctan2,
    "The angle of the point (b, a), in radians.",
    "ag.atan2(ag.tensor([1.0, -1.0]), 0.0) -> tensor([ 1.5708, -1.5708])",
)
document(
    hypot,
    "√(a² + b²), without overflow.",
    "ag.hypot(ag.tensor([3.0, 5.0]), ag.tensor([4.0, 12.0])) -> tensor([ 5., 13.])",
)
document(
    copysign, "The size of a with the sign of b.", "ag.copysign(ag.tensor([1.0, -2.0]), -0.0) -> tensor([-1., -2.])"
)
document(
    logaddexp,
    "log(eᵃ + eᵇ), without overflow.",
    "ag.logaddexp(ag.tensor([0.0, 1000.0]), 0.0) -> tensor([6.9315e-01, 1.0000e+03])",
)
document(
    logaddexp2,
    "log₂(2ᵃ + 2ᵇ), without overflow.",
    "ag.logaddexp2(ag.tensor([0.0, 1000.0]), 0.0) -> tensor([   1., 1000.])",
)
for _function, _numpy, *_names in (
    (arctan2, np.arctan2, "atan2", "arctan2"),
    (hypot, np.hypot, "hypot"),
    (copysign, np.copysign, "copysign"),
    (logaddexp, np.logaddexp, "logaddexp"),
    (logaddexp2, np.logaddexp2, "logaddexp2"),
):
    public(*_names, numpy=_numpy)(_function)


@public("lerp")
def lerp(input: Any, end: Any, weight: Any) -> Tensor:
    """From input to end, by the weight: ``input + weight·(end − input)``.

    Formula:
        ∂y/∂input = 1 − weight, ∂y/∂end = weight, ∂y/∂weight = end − input.

    Args:
        input: any shape.
        end: any shape that broadcasts.
        weight: a number or any shape that broadcasts; 0 gives the input, 1 the end, both exactly.

    Returns:
        A Tensor of the broadcast shape.

    Raises:
        ValueError: the shapes do not broadcast.

    Example:
        >>> import autograd_core as ag
        >>> ag.lerp(ag.tensor([0.0, 10.0]), ag.tensor([1.0, 20.0]), 0.5)
        tensor([ 0.5, 15. ])
    """
    return lerp_op(input, end, weight)


@public("heaviside", numpy=np.heaviside)
def heaviside(input: Any, values: Any) -> Tensor:
    """The step function: 0 below 0, 1 above; no gradient.

    Args:
        input: any shape.
        values: what it is at 0; any shape that broadcasts.

    Returns:
        A Tensor of the broadcast shape.

    Raises:
        ValueError: the shapes do not broadcast.

    Example:
        >>> import autograd_core as ag
        >>> ag.heaviside(ag.tensor([-2.0, 0.0, 3.0]), ag.tensor(0.5))
        tensor([0. , 0.5, 1. ])
    """
    return heaviside_op(input, values)


@public("addcmul")
def addcmul(input: Any, tensor1: Any, tensor2: Any, *, value: Any = 1) -> Tensor:
    """``input + value·tensor1·tensor2``, elementwise.

    Args:
        input: any shape.
        tensor1: any shape that broadcasts.
        tensor2: any shape that broadcasts.
        value: a number.

    Returns:
        A Tensor of the broadcast shape.

    Example:
        >>> import autograd_core as ag
        >>> ag.addcmul(ag.tensor([1.0]), ag.tensor([2.0]), ag.tensor([3.0]), value=0.5)
        tensor([4.])
    """
    return add(input, multiply(tensor1, tensor2), alpha=value)


@public("addcdiv")
def addcdiv(input: Any, tensor1: Any, tensor2: Any, *, value: Any = 1) -> Tensor:
    """``input + value·tensor1/tensor2``, elementwise.

    Args:
        input: any shape.
        tensor1: any shape that broadcasts.
        tensor2: any shape that broadcasts.
        value: a number.

    Returns:
        A Tensor of the broadcast shape.

    Raises:
        TypeError: tensor1 and tensor2 are integers, whose quotient is ambiguous.

    Example:
        >>> import autograd_core as ag
        >>> ag.addcdiv(ag.tensor([1.0]), ag.tensor([3.0]), ag.tensor([2.0]), value=2)
        tensor([4.])
    """
    tensor1, tensor2 = tensor_of(tensor1), tensor_of(tensor2)
    if tensor1.dtype.kind != "f" and tensor2.dtype.kind != "f":
        raise TypeError(
            "addcdiv of integers is ambiguous: round with div(..., rounding_mode=), or convert with .float()"
        )
    return add(input, divide(tensor1, tensor2), alpha=value)


@public("ldexp", numpy=np.ldexp)
def ldexp(input: Any, other: Any) -> Tensor:
    """``input · 2^other``, elementwise.

    Formula:
        ∂y/∂input = 2^other, ∂y/∂other = y·log 2.

    Args:
        input: any shape.
        other: any shape that broadcasts; integers or floats.

    Returns:
        A Tensor of floats of the broadcast shape.

    Example:
        >>> import autograd_core as ag
        >>> ag.ldexp(ag.tensor([1.0, 3.0]), ag.tensor([2, -1]))
        tensor([4. , 1.5])
    """
    return multiply(input, exp2(other))


for _twin in (lerp, addcmul, addcdiv, ldexp, hypot, copysign, heaviside, nextafter):
    setattr(Tensor, f"{_twin.__name__}_", in_place(_twin, f"{_twin.__name__}_"))
for _name in ("atan2_", "arctan2_"):
    setattr(Tensor, _name, in_place(arctan2, _name))
atan2 = arctan2
