"""Rounding, signs and parts of numbers: flat nearly everywhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..public import enter, in_place, public
from ..rules import NONZERO, Domain, constant, elementwise
from ..symbolic import symbol
from ..tensor import Tensor
from .shape import tensor_of

__all__ = ["ceil", "fix", "floor", "frac", "nan_to_num", "round", "sgn", "sign", "signbit", "trunc"]

WHOLE = tuple(range(-50, 51))


def _whole(rounded: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """A rounding function that leaves integers as they are, in every version of NumPy."""

    def forward(x: Any) -> Any:
        return +x if getattr(x.dtype, "kind", "f") in "iu" else rounded(x)

    return forward


floor = elementwise(_whole(np.floor), 0, name="floor", domain=Domain(kinks=WHOLE), kink="0 at whole numbers")
ceil = elementwise(_whole(np.ceil), 0, name="ceil", domain=Domain(kinks=WHOLE), kink="0 at whole numbers")
trunc = elementwise(_whole(np.trunc), 0, name="trunc", domain=Domain(kinks=WHOLE), kink="0 at whole numbers")
frac = elementwise(
    lambda x: x - np.trunc(x), 1, name="frac", domain=Domain(kinks=WHOLE), kink="1 at whole numbers, as beside them"
)
sign = elementwise(
    lambda x: np.array(x)[()] if getattr(x.dtype, "kind", "f") == "b" else np.sign(x),
    0,
    name="sign",
    domain=NONZERO,
    kink="0 at 0",
)
round_op = elementwise(
    lambda x, decimals: np.round(x, decimals),
    lambda y, x, decimals: np.zeros_like(x),
    name="round",
    options={"decimals": symbol("d")},
)
nan_to_num_op = elementwise(
    lambda x, nan, posinf, neginf: np.nan_to_num(x, nan=nan, posinf=posinf, neginf=neginf),
    lambda y, x, nan, posinf, neginf: np.isfinite(x),
    name="nan_to_num",
    options={"nan": symbol("n"), "posinf": symbol("p"), "neginf": symbol("q")},
)
signbit = public("signbit", numpy=np.signbit)(constant(np.signbit, name="signbit"))

for _function, _numpy, _summary, _example, *_names in (
    (floor, np.floor, "The next whole number below.", "floor([-1.5, 1.5]) -> [-2.,  1.]", "floor"),
    (ceil, np.ceil, "The next whole number above.", "ceil([-1.5, 1.5]) -> [-1.,  2.]", "ceil"),
    (trunc, (np.trunc, np.fix), "The next whole number towards 0.", "trunc([-1.5, 1.5]) -> [-1.,  1.]", "trunc", "fix"),
    (
        frac,
        None,
        "What stands behind the decimal point, with the sign.",
        "frac([-1.5, 1.25]) -> [-0.5 ,  0.25]",
        "frac",
    ),
    (sign, np.sign, "−1, 0 or 1.", "sign([-2.0, 3.0]) -> [-1.,  1.]", "sign", "sgn"),
):
    _call, _, _shown = _example.partition(" -> ")
    _name, _, _data = _call.partition("(")
    enter(_function, _summary, f"ag.{_name}(ag.tensor({_data}) -> tensor({_shown})", *_names, numpy=_numpy)
fix, sgn = trunc, sign


@public("round", "__round__", numpy=(np.round, np.around))
def round(input: Any, decimals: int | None = 0) -> Tensor:
    """The nearest multiple of 10^−decimals; of two equally near the even one.

    Formula:
        ∂y/∂x = 0, also at the steps.

    Args:
        input: any shape; integers stay as they are.
        decimals: digits behind the decimal point; negative ones before it.

    Returns:
        A Tensor of the same shape and dtype.

    Example:
        >>> import autograd_core as ag
        >>> ag.round(ag.tensor([0.5, 1.5, 2.345]))
        tensor([0., 2., 2.])
        >>> ag.round(ag.tensor([2.345]), decimals=1)
        tensor([2.3])
    """
    return round_op(tensor_of(input), decimals=decimals or 0)


@public("nan_to_num", numpy=np.nan_to_num)
def nan_to_num(input: Any, nan: float | None = 0.0, posinf: float | None = None, neginf: float | None = None) -> Tensor:
    """Finite numbers in place of NaN and infinities.

    Formula:
        ∂y/∂x = 1 where x is finite, else 0.

    Args:
        input: any shape.
        nan: for NaN.
        posinf: for ∞; by default the largest number of the dtype.
        neginf: for −∞; by default the smallest.

    Returns:
        A Tensor of the same shape and dtype.

    Example:
        >>> import autograd_core as ag
        >>> ag.nan_to_num(ag.tensor([float("nan"), float("inf"), 2.0]), posinf=9.0)
        tensor([0., 9., 2.])
    """
    return nan_to_num_op(tensor_of(input), nan=0.0 if nan is None else nan, posinf=posinf, neginf=neginf)


for _twin in (round, nan_to_num):
    setattr(Tensor, f"{_twin.__name__}_", in_place(_twin, f"{_twin.__name__}_"))
