"""Logarithms times numbers, where 0·log 0 is 0."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..public import document, in_place, public
from ..rules import POSITIVE, REAL, Domain, elementwise
from ..tensor import Tensor
from .choice import clip
from .shape import tensor_of

__all__ = ["logit", "xlogy"]


def _quietly(function: Any) -> Any:
    """A forward whose limits at 0 and ∞ are meant: NumPy does not warn of them."""

    def forward(*inputs: Any) -> Any:
        with np.errstate(all="ignore"):
            return function(*inputs)[()]

    return forward


xlogy = elementwise(
    _quietly(lambda a, b: np.where((a == 0) & ~np.isnan(b), np.zeros_like(a * b), a * np.log(b))),
    lambda y, a, b: np.where((a == 0) & (b <= 0), np.zeros_like(y), np.log(b)),
    lambda y, a, b: a / b,
    name="xlogy",
    symbol="a·log b",
    domain=(REAL, POSITIVE),
)
xlog1py = elementwise(
    _quietly(lambda a, b: np.where((a == 0) & ~np.isnan(b), np.zeros_like(a * b), a * np.log1p(b))),
    lambda y, a, b: np.where((a == 0) & (b <= -1), np.zeros_like(y), np.log1p(b)),
    lambda y, a, b: a / (1 + b),
    name="xlog1py",
    symbol="a·log(1+b)",
    domain=(REAL, Domain(low=-1.0)),
)
entr = elementwise(
    _quietly(
        lambda x: np.where(x > 0, -x * np.log(np.where(x > 0, x, np.ones_like(x))), np.where(x < 0, -np.inf, x * 0.0))
    ),
    lambda y, x: -np.log(x) - 1,
    name="entr",
    symbol="−x·log x",
    domain=POSITIVE,
)
logit_op = elementwise(
    _quietly(lambda x: np.log(x / (1 - x))), lambda y, x: 1 / (x * (1 - x)), name="logit", domain=Domain(0.0, 1.0)
)
document(
    xlogy,
    "a·log b, and 0 where a is 0.",
    "ag.xlogy(ag.tensor([0.0, 2.0]), ag.tensor([0.0, 3.0])) -> tensor([0.    , 2.1972])",
)
document(
    xlog1py,
    "a·log(1 + b), and 0 where a is 0.",
    "ag.special.xlog1py(ag.tensor([0.0, 2.0]), ag.tensor([-1.0, 3.0])) -> tensor([0.    , 2.7726])",
)
document(entr, "−x·log x, 0 at 0 and −∞ below.", "ag.special.entr(ag.tensor([0.0, 0.5])) -> tensor([0.    , 0.3466])")
public("xlogy")(xlogy)


@public("logit")
def logit(input: Any, eps: float | None = None) -> Tensor:
    """log(x/(1 − x)), the inverse of sigmoid.

    Formula:
        ∂y/∂x = 1/(x·(1 − x)).

    Args:
        input: any shape, from 0 to 1.
        eps: if given, input is first limited to the range from eps to 1 − eps.

    Returns:
        A Tensor of the same shape; NaN outside of [0, 1].

    Example:
        >>> import autograd_core as ag
        >>> ag.logit(ag.tensor([0.5, 0.9]))
        tensor([0.    , 2.1972])
    """
    input = tensor_of(input)
    return logit_op(input if eps is None else clip(input if input.dtype.kind == "f" else input.float(), eps, 1 - eps))


for _twin in (xlogy, logit):
    setattr(Tensor, f"{_twin.__name__}_", in_place(_twin, f"{_twin.__name__}_"))
