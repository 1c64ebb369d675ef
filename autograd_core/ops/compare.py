"""Comparisons, logic and bits: results without a derivative."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from ..public import in_place, public
from ..rules import constant
from ..tensor import Tensor, method, to_array

__all__ = [
    "allclose",
    "bitwise_and",
    "bitwise_left_shift",
    "bitwise_not",
    "bitwise_or",
    "bitwise_right_shift",
    "bitwise_xor",
    "eq",
    "equal",
    "ge",
    "greater",
    "greater_equal",
    "gt",
    "invert",
    "isclose",
    "isfinite",
    "isinf",
    "isnan",
    "isneginf",
    "isposinf",
    "isreal",
    "le",
    "less",
    "less_equal",
    "logical_and",
    "logical_not",
    "logical_or",
    "logical_xor",
    "lt",
    "ne",
    "not_equal",
]

COMPARABLE = (Tensor, np.ndarray, np.generic, int, float, list, tuple)

greater = public("greater", "gt", "__gt__", numpy=np.greater)(
    constant(operator.gt, inputs=2, name="greater", symbol=">")
)
greater_equal = public("greater_equal", "ge", "__ge__", numpy=np.greater_equal)(
    constant(operator.ge, inputs=2, name="greater_equal", symbol="≥")
)
less = public("less", "lt", "__lt__", numpy=np.less)(constant(operator.lt, inputs=2, name="less", symbol="<"))
less_equal = public("less_equal", "le", "__le__", numpy=np.less_equal)(
    constant(operator.le, inputs=2, name="less_equal", symbol="≤")
)
eq = public("eq", numpy=np.equal)(constant(np.equal, name="equal", symbol="="))
not_equal = public("not_equal", "ne", numpy=np.not_equal)(constant(np.not_equal, name="not_equal", symbol="≠"))
logical_and = public("logical_and", numpy=np.logical_and)(constant(np.logical_and))
logical_or = public("logical_or", numpy=np.logical_or)(constant(np.logical_or))
logical_xor = public("logical_xor", numpy=np.logical_xor)(constant(np.logical_xor))
logical_not = public("logical_not", numpy=np.logical_not)(constant(np.logical_not))
bitwise_and = public("bitwise_and", numpy=np.bitwise_and, operator="and")(
    constant(operator.and_, inputs=2, name="bitwise_and")
)
bitwise_or = public("bitwise_or", numpy=np.bitwise_or, operator="or")(
    constant(operator.or_, inputs=2, name="bitwise_or")
)
bitwise_xor = public("bitwise_xor", numpy=np.bitwise_xor, operator="xor")(
    constant(operator.xor, inputs=2, name="bitwise_xor")
)
bitwise_left_shift = public("bitwise_left_shift", numpy=np.left_shift, operator="lshift")(
    constant(operator.lshift, inputs=2, name="bitwise_left_shift", symbol="<<")
)
bitwise_right_shift = public("bitwise_right_shift", numpy=np.right_shift, operator="rshift")(
    constant(operator.rshift, inputs=2, name="bitwise_right_shift", symbol=">>")
)
invert = public("bitwise_not", "__invert__", numpy=np.invert)(
    constant(operator.invert, inputs=1, name="invert", symbol="not")
)
isnan = public("isnan", numpy=np.isnan)(constant(np.isnan))
isinf = public("isinf", numpy=np.isinf)(constant(np.isinf))
isfinite = public("isfinite", numpy=np.isfinite)(constant(np.isfinite))
isposinf = public("isposinf", numpy=np.isposinf)(constant(lambda x: x == np.inf, inputs=1, name="isposinf"))
isneginf = public("isneginf", numpy=np.isneginf)(constant(lambda x: x == -np.inf, inputs=1, name="isneginf"))
isreal = public("isreal", numpy=np.isreal)(constant(lambda x: np.ones_like(x, bool), inputs=1, name="isreal"))
isclose_op = constant(
    lambda a, b, rtol, atol, equal_nan: np.isclose(a, b, rtol, atol, equal_nan), name="isclose", symbol="≈"
)

bitwise_not, gt, ge, lt, le, ne = invert, greater, greater_equal, less, less_equal, not_equal
for _function, *_names in (
    (greater, "gt", "greater"),
    (greater_equal, "ge", "greater_equal"),
    (less, "lt", "less"),
    (less_equal, "le", "less_equal"),
    (eq, "eq"),
    (not_equal, "ne", "not_equal"),
    (logical_and, "logical_and"),
    (logical_or, "logical_or"),
    (logical_xor, "logical_xor"),
    (logical_not, "logical_not"),
    (bitwise_and, "bitwise_and"),
    (bitwise_or, "bitwise_or"),
    (bitwise_xor, "bitwise_xor"),
    (bitwise_left_shift, "bitwise_left_shift"),
    (bitwise_right_shift, "bitwise_right_shift"),
    (invert, "bitwise_not"),
):
    for _name in _names:
        setattr(Tensor, f"{_name}_", in_place(_function, f"{_name}_"))


@method
def __eq__(self: Tensor, other: Any) -> Any:
    """Elementwise equality; with something that is not numeric, NotImplemented, so Python says False."""
    return eq(self, other) if isinstance(other, COMPARABLE) else NotImplemented


@method
def __ne__(self: Tensor, other: Any) -> Any:
    """Elementwise inequality."""
    return not_equal(self, other) if isinstance(other, COMPARABLE) else NotImplemented


def _arrays(*values: Any) -> list[Any]:
    return [value.array if isinstance(value, Tensor) else to_array(value) for value in values]


@public("equal")
def equal(input: Any, other: Any) -> bool:
    """Whether two tensors have the same shape and equal elements; :func:`eq` compares elementwise.

    Args:
        input: any shape.
        other: any shape.

    Returns:
        True or False; NaN equals nothing.

    Example:
        >>> import autograd_core as ag
        >>> ag.equal(ag.tensor([1, 2]), ag.tensor([1, 2]))
        True
    """
    a, b = _arrays(input, other)
    return bool(a.shape == b.shape and np.all(a == b))


@public("isclose", numpy=np.isclose)
def isclose(input: Any, other: Any, rtol: float = 1e-05, atol: float = 1e-08, equal_nan: bool = False) -> Tensor:
    """Whether \\|input − other\\| ≤ atol + rtol·\\|other\\|, elementwise.

    Args:
        input: any shape.
        other: any shape that broadcasts.
        rtol: the relative tolerance, not negative.
        atol: the absolute tolerance, not negative.
        equal_nan: whether NaN is close to NaN.

    Returns:
        A boolean Tensor.

    Raises:
        ValueError: a tolerance is negative, or the shapes do not broadcast.

    Example:
        >>> import autograd_core as ag
        >>> ag.isclose(ag.tensor([1.0, 2.0]), ag.tensor([1.0, 2.1]))
        tensor([ True, False])
    """
    if rtol < 0 or atol < 0:
        raise ValueError(f"isclose needs tolerances that are not negative, got rtol={rtol} and atol={atol}")
    return isclose_op(*_arrays(input, other), rtol=rtol, atol=atol, equal_nan=equal_nan)


@public("allclose")
def allclose(input: Any, other: Any, rtol: float = 1e-05, atol: float = 1e-08, equal_nan: bool = False) -> bool:
    """Whether all elements are close, as :func:`isclose` says.

    Args:
        input: any shape.
        other: any shape that broadcasts.
        rtol: the relative tolerance, not negative.
        atol: the absolute tolerance, not negative.
        equal_nan: whether NaN is close to NaN.

    Returns:
        True or False.

    Raises:
        ValueError: a tolerance is negative, or the shapes do not broadcast.

    Example:
        >>> import autograd_core as ag
        >>> ag.allclose(ag.tensor([1.0, 2.0]), ag.tensor([1.0, 2.0]))
        True
    """
    return bool(np.all(isclose(input, other, rtol, atol, equal_nan).array))
