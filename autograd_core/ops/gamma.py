"""The gamma function and what is made of it.

Each is shifted by its recurrence to arguments of at least 10, where a few terms of the asymptotic series suffice.

Source: M. Abramowitz and I. A. Stegun, Handbook of Mathematical Functions (1964), 6.1.40, 6.3.18 and 23.2.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import Any, NoReturn, TypeVar

import numpy as np

from ..public import enter, in_place, public
from ..rules import POSITIVE, Function, custom, elementwise
from ..symbolic import symbol
from ..tensor import Tensor
from .shape import tensor_of

__all__ = ["digamma", "lgamma", "mvlgamma", "polygamma"]

F = TypeVar("F", bound=Callable[..., Any])

_SHIFT = 10
_BERNOULLI = (1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510, 43867 / 798, -174611 / 330)
"""B₂, B₄, …"""


_FAR = 1e4
"""Below −10⁴ the sum is too long: NaN."""


def wide(function: Any) -> Any:
    """A function computed in float64, whatever it is given, and rounded back."""

    def forward(*inputs: Any, **params: Any) -> Any:
        dtype = np.result_type(*inputs)
        with np.errstate(all="ignore"):
            out = function(*(x.astype(np.float64) for x in inputs), **params)
            return out.astype(dtype if dtype.kind == "f" else np.float64)[()]

    return float_valued(forward)


def float_valued(function: F) -> F:
    """Say of a function that integers give floats, which would be slow to find out while importing."""
    function.gives_floats = True  # type: ignore[attr-defined]
    return function


def _sine_of_pi(x: Any) -> Any:
    """sin πx, exact at whole and half numbers."""
    whole = np.round(x)
    return np.where(whole % 2 == 0, 1, -1) * np.sin(math.pi * (x - whole))


def _lgamma_right(x: Any) -> Any:
    low = x < _SHIFT
    start = np.where(low, x, 1.0)
    product = math.prod((start + k for k in range(1, _SHIFT)), start=start)
    z = np.where(low, x + _SHIFT, x)
    series = sum(b / (2 * k * (2 * k - 1)) / z ** (2 * k - 1) for k, b in enumerate(_BERNOULLI, start=1))
    far = np.where(np.isinf(z), np.inf, (z - 0.5) * (np.log(z) - 1) + (0.5 * math.log(2 * math.pi) - 0.5) + series)
    return np.where((x == 1) | (x == 2), 0.0, far - np.where(low, np.log(product), 0.0))


def _lgamma(x: Any) -> Any:
    mirrored = math.log(math.pi) - np.log(np.abs(_sine_of_pi(x))) - _lgamma_right(np.where(x < 0.5, 1 - x, 1.0))
    found = np.where(x < 0.5, mirrored, _lgamma_right(np.where(x < 0.5, 1.0, x)))
    return np.where(np.isinf(x) | ((x <= 0) & (x == np.round(x))), np.inf, found)


def _digamma_right(x: Any) -> Any:
    low = x < _SHIFT
    start = np.where(low, x, 1.0)
    z = np.where(low, x + _SHIFT, x)
    series = sum(b / (2 * k) / z ** (2 * k) for k, b in enumerate(_BERNOULLI, start=1))
    return np.log(z) - 0.5 / z - series - np.where(low, sum(1 / (start + k) for k in range(_SHIFT)), 0.0)


def _digamma(x: Any) -> Any:
    nearest = x - np.round(x)
    mirrored = _digamma_right(np.where(x < 0.5, 1 - x, 1.0)) - math.pi / np.tan(math.pi * nearest)
    found = np.where(x < 0.5, mirrored, _digamma_right(np.where(x < 0.5, 1.0, x)))
    found = np.where(x == 0, np.copysign(np.inf, -x), found)
    return np.where((x < 0) & (nearest == 0), np.nan, found)


def _zeta(s: Any, q: Any) -> Any:
    """Σ (q + k)^(−s) over k ≥ 0 by Euler and Maclaurin's formula."""
    s, q = np.broadcast_arrays(s, q)
    lowest = np.min(q, where=q > -_FAR, initial=1.0)
    count = _SHIFT + 2 + max(0, math.ceil(-lowest))
    total = np.zeros(q.shape)
    for k in range(count):
        total = total + np.power(q + k, -s)
    end = q + count
    total = total + np.power(end, 1 - s) / (s - 1) + 0.5 * np.power(end, -s)
    factor = s * np.power(end, -s - 1)
    for k, b in enumerate(_BERNOULLI, start=1):
        total = total + b / math.factorial(2 * k) * factor
        factor = factor * (s + 2 * k - 1) * (s + 2 * k) / (end * end)
    pole = (q <= 0) & (q == np.floor(q))
    total = np.where(((q <= 0) & (s != np.floor(s))) | (q <= -_FAR), np.nan, total)
    total = np.where(np.isinf(q) & (q > 0), 0.0, total)
    return np.where(s < 1, np.nan, np.where((s == 1) | pole, np.inf, total))


def _polygamma(x: Any, n: int) -> Any:
    if n == 0:
        return _digamma(x)
    return (-1) ** (n + 1) * math.factorial(n) * _zeta(np.float64(n + 1), x)


def _polygamma_partial(y: Any, x: Any, n: Any) -> Any:
    return polygamma_op.op.on(x, n=n + 1)


polygamma_op: Function = elementwise(
    wide(_polygamma),
    _polygamma_partial,
    name="polygamma",
    symbol="ψ",
    options={"n": symbol("n")},
    domain=POSITIVE,
)
lgamma = elementwise(wide(_lgamma), lambda y, x: digamma.op.on(x), name="lgamma", symbol="log Γ", domain=POSITIVE)
digamma: Function = elementwise(
    wide(_digamma), lambda y, x: polygamma_op.op.on(x, n=1), name="digamma", symbol="ψ", domain=POSITIVE
)


def _no_slope(g: Any, y: Any, s: Any, q: Any) -> NoReturn:
    raise NotImplementedError("zeta has no derivative by its first argument here: detach it")


zeta_op: Function = custom(
    wide(_zeta),
    (_no_slope, lambda g, y, s, q: g * (-s * zeta_op.op.on(s + 1, q))),
    (_no_slope, lambda t, y, s, q: t * (-s * zeta_op.op.on(s + 1, q))),
    name="zeta",
    symbol="ζ",
)
enter(lgamma, "log \\|Γ(x)\\|.", "ag.lgamma(ag.tensor([1.0, 5.0])) -> tensor([0.    , 3.1781])", "lgamma")
enter(
    digamma,
    "ψ, the slope of log Γ.",
    "ag.digamma(ag.tensor([1.0, 5.0])) -> tensor([-0.5772,  1.5061])",
    "digamma",
)


def polygamma(n: int, input: Any) -> Tensor:
    """The n-th derivative of :func:`digamma`.

    Formula:
        ∂y/∂x = polygamma(n + 1, x).

    Args:
        n: a whole number not below 0.
        input: any shape.

    Returns:
        A Tensor of the same shape.

    Raises:
        ValueError: n is negative.

    Example:
        >>> import autograd_core as ag
        >>> ag.polygamma(1, ag.tensor([1.0, 2.0]))
        tensor([1.6449, 0.6449])
    """
    n = operator.index(n)
    if n < 0:
        raise ValueError(f"polygamma needs an order n not below 0, got {n}")
    input = tensor_of(input)
    return polygamma_op(input if input.dtype.kind == "f" else input.float(), n=n)


@public("polygamma")
def _polygamma_method(self: Tensor, n: int) -> Tensor:
    """The n-th derivative of digamma at the elements."""
    return polygamma(n, self)


def zeta(input: Any, other: Any) -> Tensor:
    """Hurwitz's zeta function, Σ (other + k)^(−x) over k ≥ 0.

    Formula:
        ∂y/∂other = −x·zeta(x + 1, other).

    Args:
        input: the exponents, any shape; they can't require grad.
        other: where the sum starts, any shape that broadcasts.

    Returns:
        A Tensor of the broadcast shape; ∞ where input is 1, NaN below.

    Raises:
        NotImplementedError: a gradient by input is asked for.

    Example:
        >>> import autograd_core as ag
        >>> ag.special.zeta(ag.tensor([2.0]), 1.0)
        tensor([1.6449])
    """
    input, other = tensor_of(input), tensor_of(other)
    if input.dtype.kind != "f" and other.dtype.kind != "f":
        input, other = input.float(), other.float()
    return zeta_op(input, other)


@public("mvlgamma")
def mvlgamma(input: Any, p: int) -> Tensor:
    """The logarithm of the multivariate gamma function: p(p − 1)/4·log π + Σ log Γ(x − j/2) over j < p.

    Args:
        input: any shape; each element above (p − 1)/2.
        p: the dimension, at least 1.

    Returns:
        A Tensor of the same shape.

    Raises:
        ValueError: p is below 1.

    Example:
        >>> import autograd_core as ag
        >>> ag.mvlgamma(ag.tensor([2.0, 3.0]), 2)
        tensor([0.4516, 1.5502])
    """
    if p < 1:
        raise ValueError(f"mvlgamma needs a dimension p of at least 1, got {p}")
    input = tensor_of(input)
    total = lgamma(input)
    for j in range(1, p):
        total = total + lgamma(input - j / 2)
    return total + p * (p - 1) / 4 * math.log(math.pi)


for _name, _form in (("polygamma_", _polygamma_method), ("mvlgamma_", mvlgamma)):
    setattr(Tensor, _name, in_place(_form, _name))
