"""Affine maps."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd_core import Tensor, matmul
from autograd_core.rules import custom

from .inputs import given


def for_weight(g: Any, x: Any, w: Any) -> Any:
    """∂L/∂W = gᵀ x, summed over all batch axes by one product."""
    if x.ndim == 2:
        return np.matmul(g.T, x)
    rows = math.prod(x.shape[:-1])
    return np.matmul(np.reshape(g, (rows, w.shape[0])).T, np.reshape(x, (rows, w.shape[1])))


linear_op = custom(
    lambda x, w, b: np.matmul(x, w.T) + b,
    (
        lambda g, y, x, w, b: np.matmul(g, w),
        lambda g, y, x, w, b: for_weight(g, x, w),
        lambda g, y, x, w, b: g,
    ),
    (
        lambda t, y, x, w, b: np.matmul(t, w.T),
        lambda t, y, x, w, b: np.matmul(x, t.T),
        lambda t, y, x, w, b: np.broadcast_to(t, y.shape),
    ),
    name="linear",
    symbol="Wx+b",
)


def linear(input: Any, weight: Any, bias: Any = None) -> Tensor:
    """The affine map ``y = x Wᵀ + b``.

    Formula:
        ∂L/∂x = g W, ∂L/∂W = gᵀ x, ∂L/∂b = g, with g = ∂L/∂y; summed over the batch.

    Args:
        input: x, (..., in_features), any batch axes.
        weight: W, (out_features, in_features); or (in_features,) for one output without an axis.
        bias: b, (out_features,); None for none.

    Returns:
        A Tensor (..., out_features).

    Raises:
        ValueError: the shapes do not fit.

    Example:
        >>> import autograd_core as ag, nn.functional as F
        >>> F.linear(ag.tensor([1.0, 2.0]), ag.tensor([[3.0, 4.0], [5.0, 6.0]]), ag.tensor([0.5, 0.5]))
        tensor([11.5, 17.5])
    """
    x = given(input)
    w = given(weight)
    if w.ndim not in (1, 2) or x.shape[-1:] != w.shape[-1:]:
        raise ValueError(
            f"linear needs the last axis of the input to be as long as that of the weight (out, in): "
            f"got input {x.shape} and weight {w.shape}"
        )
    if bias is None:
        return matmul(x, w.T)
    b = given(bias)
    if b.shape != w.shape[:-1]:
        raise ValueError(f"linear needs a bias of shape {w.shape[:-1]} for the weight {w.shape}, got {b.shape}")
    return linear_op(x, w, b) if w.ndim == 2 else matmul(x, w) + b
