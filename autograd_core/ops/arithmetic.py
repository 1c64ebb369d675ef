"""Arithmetic, powers, choices and comparisons: what Python's operators mean on Tensors."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from ..public import document, in_place, public
from ..rules import NONZERO, POSITIVE, REAL, elementwise
from ..symbolic import Expr, symbol
from ..tensor import Tensor, to_array

__all__ = [
    "add",
    "div",
    "divide",
    "float_power",
    "floor_divide",
    "fmod",
    "mul",
    "multiply",
    "neg",
    "negative",
    "positive",
    "pow",
    "power",
    "remainder",
    "rsub",
    "sub",
    "subtract",
    "true_divide",
]


def _by_integers(divide: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """A division that refuses an integer divided by the integer 0, for which NumPy gives 0."""

    def forward(a: Any, b: Any) -> Any:
        if getattr(getattr(b, "dtype", None), "kind", "i" if isinstance(b, int) else "f") in "iu":
            kind = getattr(getattr(a, "dtype", None), "kind", "i" if isinstance(a, int) else "f")
            if kind in "biu" and np.any(b == 0):
                raise ZeroDivisionError(f"{divide.__name__} of integers by zero: convert one of them with .float()")
        return divide(a, b)

    return forward


def _trunc_divide(a: Any, b: Any) -> Any:
    """The quotient rounded towards 0; of integers exact, without a way through floats."""
    if getattr(a.dtype, "kind", "f") in "iu" and getattr(b.dtype, "kind", "f") in "iu":
        return np.abs(a) // np.abs(b) * (np.sign(a) * np.sign(b))
    return np.trunc(a / b)


add_op = elementwise(operator.add, 1, 1, name="add", symbol="+")
subtract_op = elementwise(operator.sub, 1, -1, name="subtract", symbol="−")
multiply = elementwise(operator.mul, lambda y, a, b: b, lambda y, a, b: a, name="multiply", symbol="×")
divide_op = elementwise(
    operator.truediv,
    lambda y, a, b: 1 / b,
    lambda y, a, b: -y / b,
    name="divide",
    symbol="÷",
    domain=(REAL, NONZERO),
)
floor_divide = elementwise(
    _by_integers(operator.floordiv),
    lambda y, a, b: np.zeros_like(y),
    lambda y, a, b: np.zeros_like(y),
    name="floor_divide",
    symbol="//",
    domain=(REAL, NONZERO),
    kink="0 at the steps",
)
remainder = elementwise(
    _by_integers(operator.mod),
    1,
    lambda y, a, b: -np.floor_divide(a, b),
    name="remainder",
    symbol="mod",
    domain=(REAL, NONZERO),
    kink="at the steps as beside them",
)
trunc_divide = elementwise(
    _by_integers(_trunc_divide),
    lambda y, a, b: np.zeros_like(y),
    lambda y, a, b: np.zeros_like(y),
    name="trunc_divide",
    symbol="÷→0",
    domain=(REAL, NONZERO),
    kink="0 at the steps",
)
fmod = elementwise(
    _by_integers(np.fmod),
    1,
    lambda y, a, b: -np.trunc(a / b),
    name="fmod",
    domain=(REAL, NONZERO),
    kink="at the steps as beside them",
)
negative = elementwise(operator.neg, -1, name="negative", symbol="−")
positive = elementwise(
    lambda x: np.array(x)[()] if getattr(x.dtype, "kind", "f") == "b" else +x, 1, name="positive", symbol="+"
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
def power(input: Any, exponent: Any) -> Tensor:
    """The elementwise power ``a ** b``.

    Formula:
        ∂y/∂a = b·a^(b − 1), ∂y/∂b = y·log(a); at a = 0 both are 0 where the limit is.

    Args:
        input: base, any shape.
        exponent: any shape that broadcasts. A plain number is fixed: a whole one is computed by
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
    if (
        isinstance(input, Tensor)
        and isinstance(exponent, (int, float, np.integer))
        and not isinstance(exponent, (bool, np.floating))
    ):
        if input.array.dtype.kind != "f":
            if isinstance(exponent, float):
                input = input.float()
            elif exponent < 0:
                raise ValueError(
                    f"power can't raise integers to the negative power {exponent}: convert the base with .float()"
                )
        return power_n(input, n=exponent if isinstance(exponent, (int, float)) else int(exponent))
    return power_of(input, exponent)


@public("add")
def add(input: Any, other: Any, *, alpha: Any = 1) -> Tensor:
    """The elementwise sum ``a + alpha·b``.

    Formula:
        ∂y/∂a = 1, ∂y/∂b = alpha.

    Args:
        input: any shape.
        other: any shape that broadcasts.
        alpha: a number.

    Returns:
        A Tensor of the broadcast shape.

    Raises:
        TypeError: alpha is no whole number, and input and other are integers.
        ValueError: the shapes do not broadcast.

    Example:
        >>> import autograd_core as ag
        >>> ag.add(ag.tensor([1.0, 2.0]), 3.0, alpha=2)
        tensor([7., 8.])
    """
    return add_op(input, _scaled(other, alpha, input, "add"))


@public("subtract", "sub")
def subtract(input: Any, other: Any, *, alpha: Any = 1) -> Tensor:
    """The elementwise difference ``a − alpha·b``.

    Formula:
        ∂y/∂a = 1, ∂y/∂b = −alpha.

    Args:
        input: any shape.
        other: any shape that broadcasts.
        alpha: a number.

    Returns:
        A Tensor of the broadcast shape.

    Raises:
        TypeError: alpha is no whole number, and input and other are integers; or both are booleans.
        ValueError: the shapes do not broadcast.

    Example:
        >>> import autograd_core as ag
        >>> ag.subtract(ag.tensor([1.0, 2.0]), 3.0)
        tensor([-2., -1.])
    """
    return subtract_op(input, _scaled(other, alpha, input, "subtract"))


@public("rsub")
def rsub(input: Any, other: Any, *, alpha: Any = 1) -> Tensor:
    """The difference the other way round, ``b − alpha·a``.

    Args:
        input: any shape.
        other: any shape that broadcasts.
        alpha: a number.

    Returns:
        A Tensor of the broadcast shape.

    Example:
        >>> import autograd_core as ag
        >>> ag.rsub(ag.tensor([1.0, 2.0]), 3.0)
        tensor([2., 1.])
    """
    return subtract(other, input, alpha=alpha)


def _scaled(b: Any, alpha: Any, a: Any, name: str) -> Any:
    """alpha·b, where integers are not turned into floats by it."""
    if type(alpha) is int and alpha == 1:
        return b
    kinds = {getattr(getattr(value, "dtype", None), "kind", "i") for value in (a, b)}
    if "f" not in kinds and not isinstance(alpha, (int, np.integer)):
        raise TypeError(f"{name} of integers needs a whole number as alpha, got {alpha!r}: convert with .float() first")
    return alpha * b


@public("divide", "div", "true_divide")
def divide(input: Any, other: Any, *, rounding_mode: str | None = None) -> Tensor:
    """The elementwise quotient ``a / b``; integers give floats unless it is rounded.

    Formula:
        ∂y/∂a = 1/b, ∂y/∂b = −y/b; both 0 if it is rounded.

    Args:
        input: any shape.
        other: any shape that broadcasts.
        rounding_mode: ``"trunc"`` rounds towards 0, ``"floor"`` down.

    Returns:
        A Tensor of the broadcast shape.

    Raises:
        ValueError: another rounding mode is asked for, or the shapes do not broadcast.
        ZeroDivisionError: a rounded quotient of integers by 0.

    Example:
        >>> import autograd_core as ag
        >>> ag.divide(ag.tensor([1.0, 2.0]), 4.0)
        tensor([0.25, 0.5 ])
        >>> ag.div(ag.tensor([7, -7]), 2, rounding_mode="trunc")
        tensor([ 3, -3])
    """
    if rounding_mode is None:
        return divide_op(input, other)
    if rounding_mode not in ("trunc", "floor"):
        raise ValueError(f"divide rounds by 'trunc' or 'floor', or None, got rounding_mode={rounding_mode!r}")
    return (trunc_divide if rounding_mode == "trunc" else floor_divide)(input, other)


@public("float_power", numpy=np.float_power)
def float_power(input: Any, exponent: Any) -> Tensor:
    """The elementwise power ``a ** b`` in float64.

    Args:
        input: base, any shape.
        exponent: any shape that broadcasts.

    Returns:
        A float64 Tensor of the broadcast shape.

    Raises:
        TypeError: an argument is not numeric.
        ValueError: the shapes do not broadcast.

    Example:
        >>> import autograd_core as ag
        >>> ag.float_power(ag.tensor([2, 4]), -1)
        tensor([0.5 , 0.25], dtype=float64)
    """
    wide = [x.to(np.float64) if isinstance(x, Tensor) else to_array(x, np.float64) for x in (input, exponent)]
    return power(*wide)


for _function, _op in ((add, add_op), (subtract, subtract_op), (divide, divide_op)):
    setattr(_function, "op", _op.op)  # noqa: B010 - mypy
for _entry, _operator, _numpy, _names in (
    (add_op, "add", np.add, ()),
    (subtract_op, "sub", np.subtract, ()),
    (multiply, "mul", np.multiply, ("multiply", "mul")),
    (divide_op, "truediv", np.divide, ()),
    (floor_divide, "floordiv", np.floor_divide, ("floor_divide",)),
    (remainder, "mod", np.remainder, ("remainder",)),
    (fmod, None, np.fmod, ("fmod",)),
    (negative, None, np.negative, ("negative", "neg", "__neg__")),
    (positive, None, np.positive, ("positive", "__pos__")),
):
    public(*_names, numpy=_numpy, operator=_operator)(_entry)

document(multiply, "The elementwise product ``a * b``.", "ag.multiply(ag.tensor([1.0, 2.0]), 3.0) -> tensor([3., 6.])")
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
    fmod,
    "The remainder of the quotient rounded towards 0, with the sign of a.",
    "ag.fmod(ag.tensor([7.0, -7.0]), 4.0) -> tensor([ 3., -3.])",
)
for _form, *_twins in (
    (add, "add"),
    (subtract, "sub", "subtract"),
    (multiply, "mul", "multiply"),
    (divide, "div", "divide", "true_divide"),
    (floor_divide, "floor_divide"),
    (remainder, "remainder"),
    (fmod, "fmod"),
    (power, "pow"),
    (float_power, "float_power"),
    (negative, "neg", "negative"),
):
    for _name in _twins:
        setattr(Tensor, f"{_name}_", in_place(_form, f"{_name}_"))

div, mul, neg, pow, sub, true_divide = divide, multiply, negative, power, subtract, divide
