"""Arithmetic, powers, choices and comparisons: what Python's operators mean on Tensors."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from ..public import document, in_place, public
from ..rules import NONZERO, POSITIVE, REAL, constant, custom, elementwise
from ..symbolic import Expr, symbol
from ..tensor import Tensor, from_array, method, to_array

__all__ = [
    "add",
    "bitwise_and",
    "bitwise_or",
    "bitwise_xor",
    "clamp",
    "clip",
    "div",
    "divide",
    "equal",
    "floor_divide",
    "greater",
    "greater_equal",
    "invert",
    "isfinite",
    "isinf",
    "isnan",
    "less",
    "less_equal",
    "logical_and",
    "logical_not",
    "logical_or",
    "logical_xor",
    "maximum",
    "minimum",
    "mul",
    "multiply",
    "neg",
    "negative",
    "not_equal",
    "positive",
    "pow",
    "power",
    "remainder",
    "sub",
    "subtract",
    "true_divide",
    "where",
]

COMPARABLE = (Tensor, np.ndarray, np.generic, int, float, list, tuple)

add = elementwise(operator.add, 1, 1, name="add", symbol="+")
subtract = elementwise(operator.sub, 1, -1, name="subtract", symbol="−")
multiply = elementwise(operator.mul, lambda y, a, b: b, lambda y, a, b: a, name="multiply", symbol="×")
divide = elementwise(
    operator.truediv,
    lambda y, a, b: 1 / b,
    lambda y, a, b: -y / b,
    name="divide",
    symbol="÷",
    domain=(REAL, NONZERO),
)
floor_divide = elementwise(
    operator.floordiv,
    lambda y, a, b: np.zeros_like(y),
    lambda y, a, b: np.zeros_like(y),
    name="floor_divide",
    symbol="//",
    domain=(REAL, NONZERO),
    kink="0 at the steps",
)
remainder = elementwise(
    operator.mod,
    1,
    lambda y, a, b: -np.floor_divide(a, b),
    name="remainder",
    symbol="mod",
    domain=(REAL, NONZERO),
    kink="at the steps as beside them",
)
negative = elementwise(operator.neg, -1, name="negative", symbol="−")
positive = elementwise(operator.pos, 1, name="positive", symbol="+")

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


def _power(x: Any, n: Any) -> Any:
    """x to a fixed power; a small whole one by repeated squaring: right for negative x, fast in float32."""
    if not isinstance(n, (int, float)) or not float(n).is_integer() or abs(n) > 64:
        return x**n
    n = int(n)
    if n < 0:
        return 1 / _power(x, -n)
    if n == 0:
        return np.ones_like(x)
    result: Any = None
    while True:
        if n & 1:
            result = x if result is None else result * x
        n >>= 1
        if n == 0:
            return +result  # an array of its own, also for n = 1
        x = x * x


def _power_partial(y: Any, x: Any, n: Any) -> Any:
    """n·xⁿ⁻¹. The exponent is fixed when the op is recorded, so this may ask whether it is 0."""
    if isinstance(n, Expr):
        return n * x ** (n - 1)
    return n * power_n.op.on(x, n=n - 1) if n != 0 else np.zeros_like(x)


power_n = elementwise(
    _power,
    _power_partial,
    name="power_n",
    symbol="^",
    options={"n": symbol("n")},
    domain=POSITIVE,
)

# At a zero base both rules would meet 0·∞; putting 1 there gives the limits: 0 for b = 0, and 0 for the exponent.
power_of = elementwise(
    np.power,
    lambda y, a, b: b * np.power(np.where(b == 0, np.ones_like(a), a), b - 1),
    lambda y, a, b: y * np.log(np.where(a == 0, np.ones_like(a), a)),
    name="power",
    symbol="^",
    domain=(POSITIVE, REAL),
)


@public("pow", "power", numpy=np.power, operator="pow")
def power(a: Any, b: Any) -> Tensor:
    """The elementwise power ``a ** b``.

    Formula:
        ∂y/∂a = b·a^(b − 1), ∂y/∂b = y·log(a); at a = 0 both are 0 where the limit is.

    Args:
        a: base, any shape.
        b: exponent, any shape that broadcasts. A plain number is fixed: a whole one is computed by
            repeated multiplication.

    Returns:
        A Tensor of the broadcast shape.

    Raises:
        ValueError: an integer base with a negative integer exponent; convert it to float first.

    Example:
        >>> import autograd_core as ag
        >>> ag.tensor([-2.0, 3.0]) ** 3
        tensor([-8., 27.])
    """
    if isinstance(a, Tensor) and isinstance(b, (int, float, np.integer)) and not isinstance(b, (bool, np.floating)):
        if a.array.dtype.kind != "f":
            if isinstance(b, float):
                a = a.float()
            elif b < 0:
                raise ValueError(
                    f"power can't raise integers to the negative power {b}: convert the base with .float()"
                )
        return power_n(a, n=b if isinstance(b, (int, float)) else int(b))
    return power_of(a, b)


where_op = custom(
    np.where,
    (None, lambda g, y, c, a, b: np.where(c, g, 0.0), lambda g, y, c, a, b: np.where(c, 0.0, g)),
    (None, lambda t, y, c, a, b: np.where(c, t, 0.0), lambda t, y, c, a, b: np.where(c, 0.0, t)),
    name="where",
)


@public(numpy=np.where)
def where(condition: Any, x: Any = None, y: Any = None) -> Any:
    """Elements of ``x`` where the condition holds, else of ``y``.

    Formula:
        ∂/∂x = 1 where the condition holds, else 0; ∂/∂y the opposite. The branch not taken gets a
        gradient of exactly 0, even if it holds NaN or infinity.

    Args:
        condition: booleans (other numbers: whether they are not 0), any shape.
        x: taken where the condition holds; broadcasts.
        y: taken elsewhere; broadcasts.

    Returns:
        A Tensor of the broadcast shape; with the condition alone, its nonzero indices, a tuple of
        integer Tensors.

    Raises:
        TypeError: only one of x and y is given.

    Example:
        >>> import autograd_core as ag
        >>> ag.where(ag.tensor([True, False]), ag.tensor([1.0, 2.0]), 0.0)
        tensor([1., 0.])
    """
    if x is None and y is None:
        return tuple(from_array(index) for index in np.nonzero(_array(condition)))
    if x is None or y is None:
        raise TypeError("where takes the condition alone, or both x and y")
    return where_op(from_array(_array(condition) != 0), x, y)


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


@public("clip", "clamp")
def clip(x: Any, min: Any = None, max: Any = None) -> Tensor:
    """Elements limited to the range from ``min`` to ``max``.

    Formula:
        ∂y/∂x = 1 where min ≤ x ≤ max, else 0; ∂y/∂min = 1 where x < min; ∂y/∂max = 1 where x > max.

    Args:
        x: any shape.
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
        x = clip_min(x, min)
    return x if max is None else clip_max(x, max)


public("clamp_min")(clip_min)
public("clamp_max")(clip_max)
for _function, _operator, _numpy, _names in (
    (add, "add", np.add, ("add",)),
    (subtract, "sub", np.subtract, ("subtract", "sub")),
    (multiply, "mul", np.multiply, ("multiply", "mul")),
    (divide, "truediv", np.divide, ("divide", "div", "true_divide")),
    (floor_divide, "floordiv", np.floor_divide, ("floor_divide",)),
    (remainder, "mod", np.remainder, ("remainder",)),
    (maximum, None, np.maximum, ("maximum",)),
    (minimum, None, np.minimum, ("minimum",)),
    (negative, None, np.negative, ("negative", "neg", "__neg__")),
    (positive, None, np.positive, ("positive", "__pos__")),
):
    public(*_names, numpy=_numpy, operator=_operator)(_function)

document(add, "The elementwise sum ``a + b``.", "ag.add(ag.tensor([1.0, 2.0]), 3.0) -> tensor([4., 5.])")
document(
    subtract, "The elementwise difference ``a - b``.", "ag.subtract(ag.tensor([1.0, 2.0]), 3.0) -> tensor([-2., -1.])"
)
document(multiply, "The elementwise product ``a * b``.", "ag.multiply(ag.tensor([1.0, 2.0]), 3.0) -> tensor([3., 6.])")
document(
    divide,
    "The elementwise quotient ``a / b``; integers give floats.",
    "ag.divide(ag.tensor([1.0, 2.0]), 4.0) -> tensor([0.25, 0.5 ])",
)
document(
    floor_divide,
    "The quotient rounded down, ``a // b``.",
    "ag.floor_divide(ag.tensor([7.0, -7.0]), 2.0) -> tensor([ 3., -4.])",
)
document(
    remainder,
    "The remainder of ``a // b``, with the sign of b.",
    "ag.remainder(ag.tensor([7.0, -7.0]), 4.0) -> tensor([3., 1.])",
)
document(negative, "The elementwise negative ``-x``.", "ag.negative(ag.tensor([1.0, -2.0])) -> tensor([-1.,  2.])")
document(positive, "The elements as they are, ``+x``.", "ag.positive(ag.tensor([1.0, -2.0])) -> tensor([ 1., -2.])")
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

greater = public("greater", "gt", "__gt__", numpy=np.greater)(constant(operator.gt, name="greater", symbol=">"))
greater_equal = public("greater_equal", "ge", "__ge__", numpy=np.greater_equal)(
    constant(operator.ge, name="greater_equal", symbol="≥")
)
less = public("less", "lt", "__lt__", numpy=np.less)(constant(operator.lt, name="less", symbol="<"))
less_equal = public("less_equal", "le", "__le__", numpy=np.less_equal)(
    constant(operator.le, name="less_equal", symbol="≤")
)
equal = public("eq", numpy=np.equal)(constant(np.equal, name="equal", symbol="="))
not_equal = public("not_equal", "ne", numpy=np.not_equal)(constant(np.not_equal, name="not_equal", symbol="≠"))
logical_and = public("logical_and", numpy=np.logical_and)(constant(np.logical_and))
logical_or = public("logical_or", numpy=np.logical_or)(constant(np.logical_or))
logical_xor = public("logical_xor", numpy=np.logical_xor)(constant(np.logical_xor))
logical_not = public("logical_not", numpy=np.logical_not)(constant(np.logical_not))
bitwise_and = public("bitwise_and", numpy=np.bitwise_and, operator="and")(constant(operator.and_, name="bitwise_and"))
bitwise_or = public("bitwise_or", numpy=np.bitwise_or, operator="or")(constant(operator.or_, name="bitwise_or"))
bitwise_xor = public("bitwise_xor", numpy=np.bitwise_xor, operator="xor")(constant(operator.xor, name="bitwise_xor"))
invert = public("bitwise_not", "__invert__", numpy=np.invert)(constant(operator.invert, name="invert", symbol="not"))
isnan = public("isnan", numpy=np.isnan)(constant(np.isnan))
isinf = public("isinf", numpy=np.isinf)(constant(np.isinf))
isfinite = public("isfinite", numpy=np.isfinite)(constant(np.isfinite))


@method
def __eq__(self: Tensor, other: Any) -> Any:
    """Elementwise equality; with something that is not numeric, NotImplemented, so Python says False."""
    return equal(self, other) if isinstance(other, COMPARABLE) else NotImplemented


@method
def __ne__(self: Tensor, other: Any) -> Any:
    """Elementwise inequality."""
    return not_equal(self, other) if isinstance(other, COMPARABLE) else NotImplemented


_forms: dict[str, Callable[..., Any]] = {
    "add_": add,
    "sub_": subtract,
    "mul_": multiply,
    "div_": divide,
    "pow_": power,
    "neg_": negative,
    "clamp_": clip,
    "clip_": clip,
}
for _name, _form in _forms.items():
    setattr(Tensor, _name, in_place(_form, _name))

clamp, div, mul, neg, pow, sub, true_divide = clip, divide, multiply, negative, power, subtract, divide
