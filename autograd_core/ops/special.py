"""Special functions: the error function and its kin, in NumPy alone.

One expansion carries all of them: (1 + 2x)·erfcx(x), with erfcx(x) = e^(x²)·erfc(x), is nearly flat for x ≥ 0, and a
Chebyshev series in (x − 3.75)/(x + 3.75) gives it to the last digit.

Source: M. M. Shepherd and J. G. Laframboise, Chebyshev approximation of (1 + 2x) exp(x²) erfc x in 0 ≤ x < ∞,
Mathematics of Computation 36 (1981); the coefficients were computed anew.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..public import enter
from ..rules import Domain, elementwise
from .gamma import float_valued, wide

__all__ = ["erf", "erfc", "erfinv"]

_ERFCX = (
    1.17757893456740175,
    -0.00459005458064647733,
    -0.0842491333665179156,
    0.0592099399981918905,
    -0.0266586684353057523,
    0.00907499767070526509,
    -0.00241316354041760819,
    0.000490775836525808632,
    -0.0000691697330250120637,
    4.13902798607301017e-6,
    7.74038306619849067e-7,
    -2.18864010492343957e-7,
    1.07649994656709104e-8,
    4.5219598112182869e-9,
    -7.75440020883135111e-10,
    -6.31808834088668449e-11,
    2.8687950109306699e-11,
    1.94558685457773472e-13,
    -9.65469674843343891e-13,
    3.25254814814873984e-14,
    3.34781194828680539e-14,
    -1.8645628804193131e-15,
    -1.25079505306886471e-15,
)
# artanh(erf x)/x as a polynomial in x² for |x| ≤ 4, fitted so that erf is right to the last digits of float32.
_ERF32 = (
    1.1283792743527414,
    0.10276905509140591,
    -0.00019182864413680228,
    -0.0006197869549962233,
    8.763833411097663e-05,
    -5.668660153412689e-06,
    1.4186374569751954e-07,
)
_ROOT_PI = math.sqrt(math.pi)


def _erfcx_right(x: Any) -> Any:
    """erfcx for x ≥ 0, in float64."""
    t = np.where(np.isinf(x), 1.0, (x - 3.75) / np.where(np.isinf(x), 1.0, x + 3.75))
    return np.polynomial.chebyshev.chebval(t, _ERFCX) / (1 + 2 * x)


def _gauss(x: Any) -> Any:
    """e^(−x²) with all digits: x² itself would be rounded, and the exponential makes much of that."""
    near = np.clip(np.round(x * 16) / 16, -1e3, 1e3)
    return np.exp(-near * near) * np.exp(-(x - near) * (x + near))


def _floats(x: Any) -> Any:
    return x.dtype if x.dtype.kind == "f" else np.float64


def _erfc(x: Any) -> Any:
    a = np.abs(x)
    right = np.where(a > 27, 0.0, _gauss(a) * _erfcx_right(a))
    return np.where(x < 0, 2 - right, right)


def _erf_series(x: Any) -> Any:
    """For small x, where 1 − erfc would cancel: 2/√π Σ (−1)ⁿ x²ⁿ⁺¹ / (n! (2n + 1))."""
    coefficients = [(-1) ** n / (math.factorial(n) * (2 * n + 1)) for n in range(18)]
    s, total = x * x, np.full_like(x, coefficients[-1])
    for coefficient in coefficients[-2::-1]:
        total = total * s + coefficient
    return 2 / _ROOT_PI * x * total


def _erf(x: Any) -> Any:
    if x.dtype == np.float32:
        return _erf32(x)
    with np.errstate(all="ignore"):
        wide = x.astype(np.float64)
        near = np.abs(wide) < 0.8
        return np.where(near, _erf_series(np.where(near, wide, 0.0)), 1 - _erfc(wide)).astype(_floats(x))[()]


def _erf32(x: Any) -> Any:
    z = np.clip(x, np.float32(-4), np.float32(4))
    s = np.square(z)
    total = s * np.float32(_ERF32[-1])
    for coefficient in _ERF32[-2:0:-1]:
        total += np.float32(coefficient)
        total *= s
    total += np.float32(_ERF32[0])
    total *= z
    return np.tanh(total)


def _erfcx(x: Any) -> Any:
    right = _erfcx_right(np.abs(x))
    return np.where(x < 0, 2 / _gauss(x) - right, right)


def _ndtr(x: Any) -> Any:
    return 0.5 * _erfc(-x * math.sqrt(0.5))


def _log_ndtr(x: Any) -> Any:
    z = x * math.sqrt(0.5)
    left = np.log(0.5 * _erfcx_right(np.abs(np.minimum(z, 0)))) - np.square(np.minimum(z, 0))
    return np.where(x < 0, left, np.log1p(-0.5 * _erfc(np.maximum(z, 0))))


def _erfinv(x: Any) -> Any:
    """A rough start, then Newton's method on log erfc, which is nearly a parabola."""
    a = np.abs(x)
    log = np.log1p(-a * a)
    half = 2 / (math.pi * 0.147) + log / 2
    z = np.sqrt(np.sqrt(half * half - log / 0.147) - half)  # Winitzki's, right to 0.2 %
    z = np.where((a > 0) & (a < 1), z, 0.0)
    for _ in range(4):
        near, far = _erf_series(np.minimum(z, 1.0)) - a, (1 - a) - _gauss(z) * _erfcx_right(z)
        error = np.where(a < 0.5, near, far)
        step = error * _ROOT_PI / 2 / _gauss(z)
        z = z - step / (1 + z * step)  # Halley's correction
    z = np.where(a == 1, np.inf, np.where(a > 1, np.nan, z))
    return np.copysign(z, x) + np.where(np.isnan(x), np.nan, 0.0)


def _ndtri(p: Any) -> Any:
    """√2·erfinv(2p − 1), from whichever end is nearer so that no digits cancel."""
    tail = np.minimum(p, 1 - p)
    middle = math.sqrt(2) * _erfinv(2 * p - 1)
    log = np.log(np.where(tail > 0, tail, 1.0))
    x = -np.sqrt(np.maximum(-2 * log - np.log(np.maximum(-4 * math.pi * log, 1.0)), 0.0))
    for _ in range(6):  # Newton's method on log Φ, for the tails
        ratio = math.sqrt(2 / math.pi) / _erfcx_right(-x * math.sqrt(0.5))
        x = np.minimum(x - (_log_ndtr(x) - log) / ratio, 0.0)
    far = np.where(p < 0.5, x, -x)
    found = np.where(tail < 0.1, far, middle)
    return np.where(p == 0, -np.inf, np.where(p == 1, np.inf, np.where((p < 0) | (p > 1), np.nan, found)))


erf = elementwise(float_valued(_erf), lambda y, x: (2 / _ROOT_PI) * np.exp(-x * x), name="erf")
erfc = elementwise(wide(_erfc), lambda y, x: (-2 / _ROOT_PI) * np.exp(-x * x), name="erfc")
erfcx = elementwise(wide(_erfcx), lambda y, x: 2 * x * y - 2 / _ROOT_PI, name="erfcx")
erfinv = elementwise(
    wide(_erfinv), lambda y, x: (_ROOT_PI / 2) * np.exp(y * y), name="erfinv", domain=Domain(-1.0, 1.0)
)
ndtr = elementwise(wide(_ndtr), lambda y, x: math.sqrt(0.5 / math.pi) * np.exp(-0.5 * x * x), name="ndtr", symbol="Φ")
log_ndtr = elementwise(
    wide(_log_ndtr),
    lambda y, x: math.sqrt(2 / math.pi) / erfcx.op.on(-math.sqrt(0.5) * x),
    name="log_ndtr",
    symbol="log Φ",
)
ndtri = elementwise(
    wide(_ndtri),
    lambda y, x: math.sqrt(2 * math.pi) * np.exp(0.5 * y * y),
    name="ndtri",
    symbol="Φ⁻¹",
    domain=Domain(0.0, 1.0),
)
for _function, _summary, _example in (
    (erf, "The error function, 2/√π ∫₀ˣ e^(−t²) dt.", "ag.erf(ag.tensor([0.0, 1.0])) -> tensor([0.    , 0.8427])"),
    (
        erfc,
        "1 − erf x, with all digits for large x.",
        "ag.erfc(ag.tensor([0.0, 5.0])) -> tensor([1.000e+00, 1.537e-12])",
    ),
    (erfinv, "The inverse of erf.", "ag.erfinv(ag.tensor([0.0, 0.5])) -> tensor([0.    , 0.4769])"),
    (erfcx, "e^(x²)·erfc x.", "ag.special.erfcx(ag.tensor([0.0, 100.0])) -> tensor([1.    , 0.0056])"),
    (
        ndtr,
        "Φ, the normal distribution's probability up to x.",
        "ag.special.ndtr(ag.tensor([0.0, 1.0])) -> tensor([0.5   , 0.8413])",
    ),
    (
        log_ndtr,
        "log Φ, with all digits for small x.",
        "ag.special.log_ndtr(ag.tensor([0.0, -10.0])) -> tensor([ -0.6931, -53.2313])",
    ),
    (
        ndtri,
        "Φ⁻¹: where the normal distribution reaches a probability.",
        "ag.special.ndtri(ag.tensor([0.5, 0.975])) -> tensor([0.  , 1.96])",
    ),
):
    enter(_function, _summary, _example, *([_function.__name__] if _function in (erf, erfc, erfinv) else []))
