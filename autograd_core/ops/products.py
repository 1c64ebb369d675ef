"""Matrix products."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..public import public
from ..rules import custom
from ..tensor import Tensor

__all__ = [
    "matmul",
]


def _swap(x: Any) -> Any:
    return np.swapaxes(x, -1, -2)


def _for_left(g: Any, y: Any, a: Any, b: Any) -> Any:
    """∂L/∂a = g bᵀ, where a one-dimensional operand stands for a row (a) or a column (b)."""
    if b.ndim == 1:
        return np.expand_dims(g, -1) * b
    if a.ndim == 1:
        return np.squeeze(np.matmul(np.expand_dims(g, -2), _swap(b)), -2)
    return np.matmul(g, _swap(b))


def _for_right(g: Any, y: Any, a: Any, b: Any) -> Any:
    """∂L/∂b = aᵀ g, likewise."""
    if a.ndim == 1:
        return np.expand_dims(a, -1) * np.expand_dims(g, -2) if b.ndim > 1 else g * a
    if b.ndim == 1:
        return np.squeeze(np.matmul(_swap(a), np.expand_dims(g, -1)), -1)
    if b.ndim == 2 and a.ndim > 2:  # one product instead of a batch of them, summed
        rows = math.prod(a.shape[:-1])
        return np.matmul(_swap(np.reshape(a, (rows, a.shape[-1]))), np.reshape(g, (rows, g.shape[-1])))
    return np.matmul(_swap(a), g)


matmul_op = custom(
    np.matmul,
    (_for_left, _for_right),
    (lambda t, y, a, b: np.matmul(t, b), lambda t, y, a, b: np.matmul(a, t)),
    name="matmul",
    symbol="@",
)


@public("matmul", numpy=np.matmul, operator="matmul")
def matmul(a: Any, b: Any) -> Tensor:
    """The matrix product ``a @ b``, over batches by NumPy's rules.

    Formula:
        ∂L/∂a = g bᵀ, ∂L/∂b = aᵀ g, with g = ∂L/∂y; summed over axes that were broadcast.

    Args:
        a: (..., m, n), or (n,) for a row.
        b: (..., n, p), or (n,) for a column.

    Returns:
        A Tensor (..., m, p), without the axis of a one-dimensional operand.

    Raises:
        ValueError: the inner lengths differ, the batches do not broadcast, or an operand is 0-d.

    Example:
        >>> import autograd_core as ag
        >>> ag.tensor([[1.0, 2.0], [3.0, 4.0]]) @ ag.tensor([1.0, 1.0])
        tensor([3., 7.])
    """
    try:
        return matmul_op(a, b)
    except ValueError:
        left, right = np.shape(getattr(a, "array", a)), np.shape(getattr(b, "array", b))
        raise ValueError(
            f"matmul needs (..., m, n) @ (..., n, p), or (n,) for a row or column: got {left} @ {right}"
        ) from None
