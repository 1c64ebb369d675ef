"""Products of matrices."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..public import public
from ..rules import custom
from ..tensor import Tensor
from .matrices import swap
from .shape import tensor_of

__all__ = ["bmm", "matmul", "mm", "mv"]


def _for_left(g: Any, y: Any, a: Any, b: Any) -> Any:
    """∂L/∂a = g bᵀ, where a one-dimensional operand stands for a row (a) or a column (b)."""
    if b.ndim == 1:
        return np.expand_dims(g, -1) * b
    if a.ndim == 1:
        return np.squeeze(np.matmul(np.expand_dims(g, -2), swap(b)), -2)
    return np.matmul(g, swap(b))


def _for_right(g: Any, y: Any, a: Any, b: Any) -> Any:
    """∂L/∂b = aᵀ g, likewise."""
    if a.ndim == 1:
        return np.expand_dims(a, -1) * np.expand_dims(g, -2) if b.ndim > 1 else g * a
    if b.ndim == 1:
        return np.squeeze(np.matmul(swap(a), np.expand_dims(g, -1)), -1)
    if b.ndim == 2 and a.ndim > 2:  # one product instead of a batch of them, summed
        rows = math.prod(a.shape[:-1])
        return np.matmul(swap(np.reshape(a, (rows, a.shape[-1]))), np.reshape(g, (rows, g.shape[-1])))
    return np.matmul(swap(a), g)


matmul_op = custom(
    np.matmul,
    (_for_left, _for_right),
    (lambda t, y, a, b: np.matmul(t, b), lambda t, y, a, b: np.matmul(a, t)),
    name="matmul",
    symbol="@",
)


@public("matmul", numpy=(np.matmul, np.linalg.matmul), operator="matmul")
def matmul(input: Any, other: Any) -> Tensor:
    """The matrix product ``a @ b``, over batches by NumPy's rules.

    Formula:
        ∂L/∂a = g bᵀ, ∂L/∂b = aᵀ g, with g = ∂L/∂y; summed over axes that were broadcast.

    Args:
        input: (..., m, n), or (n,) for a row.
        other: (..., n, p), or (n,) for a column.

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
        return matmul_op(input, other)
    except ValueError:
        left, right = np.shape(getattr(input, "array", input)), np.shape(getattr(other, "array", other))
        raise ValueError(
            f"matmul needs (..., m, n) @ (..., n, p), or (n,) for a row or column: got {left} @ {right}"
        ) from None


def expect(fits: Any, name: str, rule: str, *tensors: Tensor) -> None:
    """Raise the error that names the function, what shapes it needs, and those it got, unless they fit."""
    if not fits:
        raise ValueError(f"{name} needs {rule}: got {' and '.join(str(tensor.shape) for tensor in tensors)}")


@public("mm")
def mm(input: Any, mat2: Any) -> Tensor:
    """The product of two matrices, as :func:`matmul`.

    Args:
        input: (m, n).
        mat2: (n, p).

    Returns:
        A Tensor (m, p).

    Raises:
        ValueError: they are no matrices, or the inner lengths differ.

    Example:
        >>> import autograd_core as ag
        >>> ag.mm(ag.tensor([[1.0, 2.0]]), ag.tensor([[3.0], [4.0]]))
        tensor([[11.]])
    """
    a, b = tensor_of(input), tensor_of(mat2)
    expect(a.ndim == b.ndim == 2 and a.shape[1] == b.shape[0], "mm", "(m, n) and (n, p)", a, b)
    return matmul_op(a, b)


@public("mv")
def mv(input: Any, vec: Any) -> Tensor:
    """The product of a matrix and a vector, as :func:`matmul`.

    Args:
        input: (m, n).
        vec: (n,).

    Returns:
        A Tensor (m,).

    Raises:
        ValueError: they are no matrix and vector, or the lengths differ.

    Example:
        >>> import autograd_core as ag
        >>> ag.mv(ag.tensor([[1.0, 2.0], [3.0, 4.0]]), ag.tensor([1.0, 1.0]))
        tensor([3., 7.])
    """
    a, b = tensor_of(input), tensor_of(vec)
    expect(a.ndim == 2 and b.ndim == 1 and a.shape[1] == b.shape[0], "mv", "(m, n) and (n,)", a, b)
    return matmul_op(a, b)


@public("bmm")
def bmm(input: Any, mat2: Any) -> Tensor:
    """The products of two batches of matrices, as :func:`matmul`.

    Args:
        input: (b, m, n).
        mat2: (b, n, p).

    Returns:
        A Tensor (b, m, p).

    Raises:
        ValueError: they are no batches of matrices, or the lengths differ.

    Example:
        >>> import autograd_core as ag
        >>> ag.bmm(ag.ones(2, 1, 3), ag.ones(2, 3, 1)).shape
        (2, 1, 1)
    """
    a, b = tensor_of(input), tensor_of(mat2)
    fits = a.ndim == b.ndim == 3 and a.shape[0] == b.shape[0] and a.shape[2] == b.shape[1]
    expect(fits, "bmm", "(b, m, n) and (b, n, p)", a, b)
    return matmul_op(a, b)
