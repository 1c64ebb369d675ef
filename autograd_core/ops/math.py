"""Elementwise functions of one input, each beside its derivative."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..public import document, in_place, public
from ..rules import NONZERO, POSITIVE, Domain, Function, elementwise
from ..tensor import Tensor

__all__ = [
    "abs",
    "absolute",
    "cos",
    "exp",
    "expm1",
    "floor",
    "log",
    "log1p",
    "relu",
    "sigmoid",
    "sign",
    "sin",
    "sqrt",
    "square",
    "tan",
    "tanh",
]


def _sigmoid(x: Any) -> Any:
    """1/(1 + e⁻ˣ), written so that no exponential overflows and small results keep all their digits."""
    return np.exp(np.minimum(x, 0)) / (1 + np.exp(-np.abs(x)))


absolute = elementwise(np.absolute, lambda y, x: np.sign(x), symbol="|x|", domain=NONZERO, kink="0 at 0")
exp = elementwise(np.exp, lambda y, x: y)
expm1 = elementwise(np.expm1, lambda y, x: y + 1)
log = elementwise(np.log, lambda y, x: 1 / x, domain=POSITIVE)
log1p = elementwise(np.log1p, lambda y, x: 1 / (1 + x), domain=Domain(low=-1.0))
sqrt = elementwise(np.sqrt, lambda y, x: 0.5 / y, symbol="√", domain=POSITIVE)
square = elementwise(np.square, lambda y, x: 2 * x, symbol="x²")
sin = elementwise(np.sin, lambda y, x: np.cos(x))
cos = elementwise(np.cos, lambda y, x: -np.sin(x))
tan = elementwise(np.tan, lambda y, x: 1 + y * y, domain=Domain(-1.5, 1.5))
tanh = elementwise(np.tanh, lambda y, x: 1 - y * y)
sigmoid = elementwise(_sigmoid, lambda y, x: y * (1 - y), name="sigmoid", symbol="σ")
relu = elementwise(lambda x: np.maximum(x, 0), lambda y, x: y > 0, name="relu", domain=NONZERO, kink="0 at 0")
sign = elementwise(np.sign, 0, domain=NONZERO, kink="0 at 0")
floor = elementwise(np.floor, 0, domain=Domain(kinks=tuple(range(-50, 51))), kink="0 at whole numbers")

ROWS: tuple[tuple[Function, Any, tuple[str, ...], str, str], ...] = (
    (
        absolute,
        np.absolute,
        ("abs", "absolute", "__abs__"),
        "The distance from zero.",
        "ag.abs(ag.tensor([-2.0, 3.0])) -> tensor([2., 3.])",
    ),
    (
        exp,
        np.exp,
        ("exp",),
        "e to the power of the elements.",
        "ag.exp(ag.tensor([0.0, 1.0])) -> tensor([1.    , 2.7183])",
    ),
    (
        expm1,
        np.expm1,
        ("expm1",),
        "eˣ − 1, exact near 0.",
        "ag.expm1(ag.tensor([0.0, 1.0])) -> tensor([0.    , 1.7183])",
    ),
    (log, np.log, ("log",), "The natural logarithm.", "ag.log(ag.tensor([1.0, 10.0])) -> tensor([0.    , 2.3026])"),
    (
        log1p,
        np.log1p,
        ("log1p",),
        "log(1 + x), exact near 0.",
        "ag.log1p(ag.tensor([0.0, 1.0])) -> tensor([0.    , 0.6931])",
    ),
    (sqrt, np.sqrt, ("sqrt",), "The square root.", "ag.sqrt(ag.tensor([4.0, 9.0])) -> tensor([2., 3.])"),
    (square, np.square, ("square",), "The square.", "ag.square(ag.tensor([-2.0, 3.0])) -> tensor([4., 9.])"),
    (sin, np.sin, ("sin",), "The sine, of radians.", "ag.sin(ag.tensor([0.0, 1.0])) -> tensor([0.    , 0.8415])"),
    (cos, np.cos, ("cos",), "The cosine, of radians.", "ag.cos(ag.tensor([0.0, 1.0])) -> tensor([1.    , 0.5403])"),
    (tan, np.tan, ("tan",), "The tangent, of radians.", "ag.tan(ag.tensor([0.0, 1.0])) -> tensor([0.    , 1.5574])"),
    (
        tanh,
        np.tanh,
        ("tanh",),
        "The hyperbolic tangent: an S-curve from −1 to 1.",
        "ag.tanh(ag.tensor([0.0, 1.0])) -> tensor([0.    , 0.7616])",
    ),
    (
        sigmoid,
        None,
        ("sigmoid",),
        "1/(1 + e⁻ˣ): an S-curve from 0 to 1.",
        "ag.sigmoid(ag.tensor([0.0, 1.0])) -> tensor([0.5   , 0.7311])",
    ),
    (relu, None, ("relu",), "The positive part, max(x, 0).", "ag.relu(ag.tensor([-2.0, 3.0])) -> tensor([0., 3.])"),
    (sign, np.sign, ("sign",), "−1, 0 or 1.", "ag.sign(ag.tensor([-2.0, 3.0])) -> tensor([-1.,  1.])"),
    (
        floor,
        np.floor,
        ("floor",),
        "The next whole number below.",
        "ag.floor(ag.tensor([-1.5, 1.5])) -> tensor([-2.,  1.])",
    ),
)
for _function, _numpy, _names, _summary, _example in ROWS:
    public(*_names, numpy=_numpy)(document(_function, _summary, _example))
for _function in (absolute, exp, log, sqrt, square, sin, cos, tanh, sigmoid, relu):
    _name = f"{'abs' if _function is absolute else _function.__name__}_"
    setattr(Tensor, _name, in_place(_function, _name))

abs = absolute
