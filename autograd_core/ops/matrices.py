"""What the functions of matrices have in common: batches of them in the last two axes, computed by LAPACK."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from ..public import public
from ..tensor import Tensor
from .diagonal import diagonal, tril, triu
from .reduce import floating
from .reduce import sum as sum_over


def swap(x: Any) -> Any:
    """Each matrix transposed."""
    return np.swapaxes(x, -1, -2)


def symmetric(x: Any) -> Any:
    """The mean of each matrix and its transpose."""
    return (x + swap(x)) / 2


def lapack(function: Callable[..., Any]) -> Callable[..., Any]:
    """A forward that LAPACK computes; halves, which it does not know, in float32."""

    @functools.wraps(function)
    def forward(*arrays: Any, **params: Any) -> Any:
        if all(array.dtype != np.float16 for array in arrays):
            return function(*arrays, **params)
        wide = (array.astype(np.float32) if array.dtype == np.float16 else array for array in arrays)
        return np.asarray(function(*wide, **params)).astype(np.result_type(*arrays))

    return forward


def failing(what: str) -> Any:
    """LAPACK's errors, in words that say what is needed: ``with failing("inv needs invertible matrices"): …``."""
    return _Failing(what)


class _Failing:
    def __init__(self, what: str) -> None:
        self.what = what

    def __enter__(self) -> None: ...

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        if isinstance(error, np.linalg.LinAlgError):
            raise np.linalg.LinAlgError(f"{self.what}: {error}") from None


def matrices(x: Any, name: str) -> Tensor:
    """The argument as matrices of floats."""
    found = floating(x)
    if found.ndim < 2:
        raise ValueError(f"{name} needs matrices (..., m, n), got shape {found.shape}")
    return found


def squares(x: Any, name: str) -> Tensor:
    """The argument as square matrices of floats."""
    found = floating(x)
    if found.ndim < 2 or found.shape[-1] != found.shape[-2]:
        raise ValueError(f"{name} needs square matrices (..., n, n), got shape {found.shape}")
    return found


def mirrored(x: Tensor, upper: bool = False) -> Tensor:
    """Symmetric matrices of which one triangle is given; what is symmetric up to rounding stays as it is.

    So the gradient by a symmetric matrix is symmetric, and by a triangle it goes to that triangle.
    """
    largest = np.max(np.abs(x.array), initial=0.0, where=np.isfinite(x.array))
    rounding = x.shape[-1] * np.finfo(x.dtype).eps * largest
    if np.allclose(x.array, swap(x.array), rtol=0.0, atol=rounding, equal_nan=True):
        return x
    found: Tensor = triu(x) + swap(triu(x, 1)) if upper else tril(x) + swap(tril(x, -1))
    return found


def linalg_diagonal(A: Any, *, offset: int = 0, dim1: int = -2, dim2: int = -1) -> Tensor:  # noqa: N803 - PyTorch's
    """The diagonals of matrices, as :func:`autograd_core.diagonal`, of the last two axes.

    Args:
        A: (..., m, n).
        offset: which diagonal; above the main one if positive.
        dim1: the first axis of the matrices.
        dim2: the second.

    Returns:
        A Tensor, the diagonal in its last axis.

    Raises:
        IndexError: there is no such axis.
        ValueError: the axes are the same.

    Example:
        >>> import autograd_core as ag
        >>> ag.linalg.diagonal(ag.tensor([[1, 2], [3, 4]]))
        tensor([1, 4])
    """
    return diagonal(A, offset, dim1, dim2)


@public(numpy=np.linalg.diagonal)
def _np_diagonal(x: Any, offset: int = 0) -> Tensor:
    return diagonal(x, offset, -2, -1)


@public(numpy=np.linalg.trace)
def _np_trace(x: Any, offset: int = 0) -> Tensor:
    return sum_over(diagonal(x, offset, -2, -1), -1)


public(numpy=(np.matrix_transpose, np.linalg.matrix_transpose))(swap)
Tensor.mH = property(lambda self: swap(self))  # type: ignore[method-assign, assignment]
