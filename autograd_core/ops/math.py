"""Elementwise functions of one input, each beside its derivative."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..public import enter
from ..rules import NONZERO, POSITIVE, Domain, elementwise
from ..symbolic import Expr

__all__ = [
    "abs",
    "absolute",
    "acos",
    "acosh",
    "arccos",
    "arccosh",
    "arcsin",
    "arcsinh",
    "arctan",
    "arctanh",
    "asin",
    "asinh",
    "atan",
    "atanh",
    "cos",
    "cosh",
    "deg2rad",
    "exp",
    "exp2",
    "expm1",
    "log",
    "log1p",
    "log2",
    "log10",
    "rad2deg",
    "reciprocal",
    "relu",
    "rsqrt",
    "sigmoid",
    "sin",
    "sinc",
    "sinh",
    "sqrt",
    "square",
    "tan",
    "tanh",
]


def _sigmoid(x: Any) -> Any:
    """1/(1 + e⁻ˣ), written so that no exponential overflows and small results keep all their digits."""
    if x.__class__ is np.ndarray and x.size > 4096 and x.dtype.kind == "f":
        return _sigmoid_in_place(x)
    return np.exp(np.minimum(x, 0)) / (1 + np.exp(-np.abs(x)))


def _sigmoid_in_place(x: Any) -> Any:
    """The same in fewer passes over memory; where e⁻ˣ overflows, its reciprocal is no more than a denormal."""
    out = np.negative(x)
    with np.errstate(over="ignore"):
        np.exp(out, out=out)
    out += 1
    return np.reciprocal(out, out=out)


def _relu(x: Any) -> Any:
    """max(x, 0); NumPy compares a large array with an array three times as fast as with a number."""
    return np.maximum(x, np.zeros_like(x) if x.__class__ is np.ndarray and x.size > 4096 else 0)


def _square(x: Any) -> Any:
    """x²; of booleans as of the integers 0 and 1."""
    return np.square(x.astype(np.int64) if getattr(x.dtype, "kind", "f") == "b" else x)


UNIT = Domain(-1.0, 1.0)

absolute = elementwise(np.absolute, lambda y, x: np.sign(x), symbol="|x|", domain=NONZERO, kink="0 at 0")
exp = elementwise(np.exp, lambda y, x: y)
exp2 = elementwise(np.exp2, lambda y, x: math.log(2) * y, symbol="2ˣ")
expm1 = elementwise(np.expm1, lambda y, x: y + 1)
log = elementwise(np.log, lambda y, x: 1 / x, domain=POSITIVE)
log2 = elementwise(np.log2, lambda y, x: 1 / (math.log(2) * x), domain=POSITIVE)
log10 = elementwise(np.log10, lambda y, x: 1 / (math.log(10) * x), domain=POSITIVE)
log1p = elementwise(np.log1p, lambda y, x: 1 / (1 + x), domain=Domain(low=-1.0))
sqrt = elementwise(np.sqrt, lambda y, x: 0.5 / y, symbol="√", domain=POSITIVE)
rsqrt = elementwise(lambda x: 1 / np.sqrt(x), lambda y, x: -0.5 * y / x, name="rsqrt", symbol="1/√", domain=POSITIVE)
square = elementwise(_square, lambda y, x: 2 * x, name="square", symbol="x²")
reciprocal = elementwise(lambda x: 1 / x, lambda y, x: -y * y, name="reciprocal", symbol="1/x", domain=NONZERO)
sin = elementwise(np.sin, lambda y, x: np.cos(x))
cos = elementwise(np.cos, lambda y, x: -np.sin(x))
tan = elementwise(np.tan, lambda y, x: 1 + y * y, domain=Domain(-1.5, 1.5))
arcsin = elementwise(np.arcsin, lambda y, x: 1 / np.sqrt(1 - x * x), domain=UNIT)
arccos = elementwise(np.arccos, lambda y, x: -1 / np.sqrt(1 - x * x), domain=UNIT)
arctan = elementwise(np.arctan, lambda y, x: 1 / (1 + x * x))
sinh = elementwise(np.sinh, lambda y, x: np.cosh(x))
cosh = elementwise(np.cosh, lambda y, x: np.sinh(x))
tanh = elementwise(np.tanh, lambda y, x: 1 - y * y)
arcsinh = elementwise(np.arcsinh, lambda y, x: 1 / np.sqrt(1 + x * x))
arccosh = elementwise(np.arccosh, lambda y, x: 1 / np.sqrt(x * x - 1), domain=Domain(low=1.0))
arctanh = elementwise(np.arctanh, lambda y, x: 1 / (1 - x * x), domain=UNIT)
sigmoid = elementwise(_sigmoid, lambda y, x: y * (1 - y), name="sigmoid", symbol="σ")
relu = elementwise(_relu, lambda y, x: y > 0, name="relu", domain=NONZERO, kink="0 at 0")
deg2rad = elementwise(np.deg2rad, math.pi / 180)
rad2deg = elementwise(np.rad2deg, 180 / math.pi)


def _sinc_slope(y: Any, x: Any) -> Any:
    """(cos πx − y)/x; near 0, where that cancels, its series, whose own derivatives are right too."""
    if isinstance(x, Expr):
        return (np.cos(math.pi * x) - y) / x
    s = (math.pi * math.pi) * x * x
    series = np.ones_like(x)
    for n in range(9, 0, -1):  # −π²x/3·(1 − s/10·(1 − s/28·(1 − …)))
        series = 1 - s / (2 * n * (2 * n + 3)) * series
    near = np.abs(x) < 0.3
    return np.where(near, (-math.pi * math.pi / 3) * x * series, (np.cos(math.pi * x) - y) / np.where(near, 1.0, x))


sinc = elementwise(np.sinc, _sinc_slope)

enter(
    absolute,
    "The distance from zero.",
    "ag.abs(ag.tensor([-2.0, 3.0])) -> tensor([2., 3.])",
    "abs",
    "absolute",
    "__abs__",
    numpy=np.absolute,
)
for _function, _numpy, _summary, _example, *_names in (
    (exp, np.exp, "e to the power of the elements.", "exp([0.0, 1.0]) -> [1.    , 2.7183]", "exp"),
    (exp2, np.exp2, "2 to the power of the elements.", "exp2([0.0, 3.0]) -> [1., 8.]", "exp2"),
    (expm1, np.expm1, "eˣ − 1, exact near 0.", "expm1([0.0, 1.0]) -> [0.    , 1.7183]", "expm1"),
    (log, np.log, "The natural logarithm.", "log([1.0, 10.0]) -> [0.    , 2.3026]", "log"),
    (log2, np.log2, "The logarithm to base 2.", "log2([1.0, 8.0]) -> [0., 3.]", "log2"),
    (log10, np.log10, "The logarithm to base 10.", "log10([1.0, 100.0]) -> [0., 2.]", "log10"),
    (log1p, np.log1p, "log(1 + x), exact near 0.", "log1p([0.0, 1.0]) -> [0.    , 0.6931]", "log1p"),
    (sqrt, np.sqrt, "The square root.", "sqrt([4.0, 9.0]) -> [2., 3.]", "sqrt"),
    (rsqrt, None, "1/√x.", "rsqrt([4.0, 16.0]) -> [0.5 , 0.25]", "rsqrt"),
    (square, np.square, "The square.", "square([-2.0, 3.0]) -> [4., 9.]", "square"),
    (reciprocal, np.reciprocal, "1/x; integers give floats.", "reciprocal([2, 4]) -> [0.5 , 0.25]", "reciprocal"),
    (sin, np.sin, "The sine, of radians.", "sin([0.0, 1.0]) -> [0.    , 0.8415]", "sin"),
    (cos, np.cos, "The cosine, of radians.", "cos([0.0, 1.0]) -> [1.    , 0.5403]", "cos"),
    (tan, np.tan, "The tangent, of radians.", "tan([0.0, 1.0]) -> [0.    , 1.5574]", "tan"),
    (arcsin, np.arcsin, "The inverse sine, in radians.", "asin([0.0, 1.0]) -> [0.    , 1.5708]", "asin", "arcsin"),
    (arccos, np.arccos, "The inverse cosine, in radians.", "acos([0.0, 1.0]) -> [1.5708, 0.    ]", "acos", "arccos"),
    (arctan, np.arctan, "The inverse tangent, in radians.", "atan([0.0, 1.0]) -> [0.    , 0.7854]", "atan", "arctan"),
    (sinh, np.sinh, "The hyperbolic sine.", "sinh([0.0, 1.0]) -> [0.    , 1.1752]", "sinh"),
    (cosh, np.cosh, "The hyperbolic cosine.", "cosh([0.0, 1.0]) -> [1.    , 1.5431]", "cosh"),
    (tanh, np.tanh, "The hyperbolic tangent: an S-curve from −1 to 1.", "tanh([0.0, 1.0]) -> [0.    , 0.7616]", "tanh"),
    (arcsinh, np.arcsinh, "The inverse hyperbolic sine.", "asinh([0.0, 1.0]) -> [0.    , 0.8814]", "asinh", "arcsinh"),
    (arccosh, np.arccosh, "The inverse hyperbolic cosine.", "acosh([1.0, 2.0]) -> [0.   , 1.317]", "acosh", "arccosh"),
    (
        arctanh,
        np.arctanh,
        "The inverse hyperbolic tangent.",
        "atanh([0.0, 0.5]) -> [0.    , 0.5493]",
        "atanh",
        "arctanh",
    ),
    (sigmoid, None, "1/(1 + e⁻ˣ): an S-curve from 0 to 1.", "sigmoid([0.0, 1.0]) -> [0.5   , 0.7311]", "sigmoid"),
    (relu, None, "The positive part, max(x, 0).", "relu([-2.0, 3.0]) -> [0., 3.]", "relu"),
    (deg2rad, (np.deg2rad, np.radians), "Degrees as radians.", "deg2rad([180.0, 90.0]) -> [3.1416, 1.5708]", "deg2rad"),
    (rad2deg, (np.rad2deg, np.degrees), "Radians as degrees.", "rad2deg([0.0, 1.0]) -> [ 0.    , 57.2958]", "rad2deg"),
    (sinc, np.sinc, "sin(πx)/(πx), 1 at 0.", "sinc([0.0, 0.5]) -> [1.    , 0.6366]", "sinc"),
):
    _call, _, _shown = _example.partition(" -> ")
    _name, _, _data = _call.partition("(")
    enter(_function, _summary, f"ag.{_name}(ag.tensor({_data}) -> tensor({_shown})", *_names, numpy=_numpy)

abs, acos, asin, atan = absolute, arccos, arcsin, arctan
acosh, asinh, atanh = arccosh, arcsinh, arctanh
