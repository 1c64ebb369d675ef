"""The modified Bessel functions of the first kind, of order 0 and 1, and e^(−|x|) times them.

Up to |x| = 35 the trapezoidal rule on Iₙ(x) = 1/π ∫ e^(x cos θ) cos nθ dθ, whose error falls exponentially for a
periodic function; beyond, the asymptotic series.

Source: M. Abramowitz and I. A. Stegun, Handbook of Mathematical Functions (1964), 9.6.19 and 9.7.1.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..public import enter
from ..rules import NONZERO, Function, elementwise
from .gamma import wide

__all__ = ["i0"]

_POINTS = 40
_BORDER = 35.0


def _scaled(x: Any, order: int) -> Any:
    """e^(−|x|)·Iₙ(|x|), for order 0 or 1."""
    a = np.abs(x)
    near = np.minimum(a, _BORDER)
    total = np.zeros(a.shape)
    for j in range(_POINTS + 1):
        c = math.cos(math.pi * j / _POINTS)
        weight = (0.5 if j in (0, _POINTS) else 1.0) / _POINTS
        total = total + weight * (c * np.sinh(near * c) if order else np.cosh(near * c))
    far = np.maximum(a, _BORDER)
    term = series = np.ones_like(far)
    for k in range(1, 21):
        term = term * ((2 * k - 1) ** 2 - 4 * order) / (8 * k * far)
        series = series + term
    with np.errstate(all="ignore"):
        return np.where(
            a < _BORDER, np.exp(-near) * total, np.where(np.isinf(a), 0.0, series / np.sqrt(2 * math.pi * far))
        )


def _grown(x: Any, order: int) -> Any:
    half = np.exp(np.abs(x) / 2)  # in two steps, e^|x| overflows before Iₙ does
    return np.where(np.isinf(x), np.inf, _scaled(x, order) * half * half)


i0: Function = elementwise(wide(lambda x: _grown(x, 0)), lambda y, x: i1.op.on(x), name="i0", symbol="I₀")
i1: Function = elementwise(
    wide(lambda x: np.sign(x) * _grown(x, 1)),
    lambda y, x: np.where(x == 0, np.full_like(x, 0.5), i0.op.on(x) - y / np.where(x == 0, np.ones_like(x), x)),
    name="i1",
    symbol="I₁",
)
i0e: Function = elementwise(
    wide(lambda x: _scaled(x, 0)),
    lambda y, x: i1e.op.on(x) - np.sign(x) * y,
    name="i0e",
    domain=NONZERO,
    kink="0 at 0",
)
i1e: Function = elementwise(
    wide(lambda x: np.sign(x) * _scaled(x, 1)),
    lambda y, x: np.where(
        x == 0, np.full_like(x, 0.5), i0e.op.on(x) - y * (np.sign(x) + 1 / np.where(x == 0, np.ones_like(x), x))
    ),
    name="i1e",
)
for _function, _summary, _example in (
    (i0, "The modified Bessel function I₀.", "ag.i0(ag.tensor([0.0, 1.0])) -> tensor([1.    , 1.2661])"),
    (i1, "The modified Bessel function I₁.", "ag.special.i1(ag.tensor([0.0, 1.0])) -> tensor([0.    , 0.5652])"),
    (i0e, "e^(−|x|)·I₀(x).", "ag.special.i0e(ag.tensor([0.0, 1.0])) -> tensor([1.    , 0.4658])"),
    (i1e, "e^(−|x|)·I₁(x).", "ag.special.i1e(ag.tensor([0.0, 1.0])) -> tensor([0.    , 0.2079])"),
):
    enter(_function, _summary, _example, *(["i0"] if _function is i0 else []), numpy=np.i0 if _function is i0 else None)
