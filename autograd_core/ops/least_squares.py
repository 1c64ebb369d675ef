"""Least squares: the pseudoinverse, its solutions, the rank."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from ..public import public
from ..rules import constant, custom
from ..tensor import Tensor
from .matrices import failing, lapack, matrices, mirrored, squares, swap
from .products import matmul
from .reduce import floating
from .reduce import sum as sum_over
from .shape import expand_dims, reshape, squeeze, tensor_of

__all__ = ["pinverse"]


def cutoff(values: Any, shape: tuple[int, ...], atol: Any, rtol: Any) -> Any:
    """Up to where singular values count as 0: the larger of atol and rtol times the largest, as (..., 1)."""
    if rtol is None:
        given = atol is not None and np.any(np.asarray(atol) > 0)
        rtol = 0.0 if given else max(shape[-2:]) * np.finfo(values.dtype).eps
    largest = np.max(values, axis=-1, keepdims=True, initial=0.0)
    relative = np.asarray(rtol, values.dtype)[..., None] * largest
    return np.maximum(np.asarray(0.0 if atol is None else atol, values.dtype)[..., None], relative)


def _singular_values(x: Any) -> Any:
    return np.linalg.svd(x.astype(np.promote_types(x.dtype, np.float32)), compute_uv=False)


def _rank(x: Any, atol: Any, rtol: Any) -> Any:
    values = _singular_values(x)
    return np.sum(values > cutoff(values, x.shape, atol, rtol), axis=-1)


def _pinv(x: Any, atol: Any, rtol: Any) -> Any:
    u, s, vh = np.linalg.svd(x, full_matrices=False)
    kept = s > cutoff(s, x.shape, atol, rtol)
    inverse = np.where(kept, 1 / np.where(kept, s, 1), 0).astype(s.dtype)
    return np.matmul(swap(vh) * inverse[..., None, :], swap(u))


def _pinv_rule(g: Any, y: Any, x: Any, atol: Any, rtol: Any) -> Any:
    """−Yᵀ g Yᵀ + (I − A Y) gᵀ Y Yᵀ + Yᵀ Y gᵀ (I − Y A)."""
    t, yt = swap(g), swap(y)
    left, right = np.matmul(np.matmul(t, y), yt), np.matmul(np.matmul(yt, y), t)
    outside = left - np.matmul(x, np.matmul(y, left)) + right - np.matmul(np.matmul(right, y), x)
    return outside - np.matmul(np.matmul(yt, g), yt)


pinv_op = custom(lapack(_pinv), (_pinv_rule,), name="pinv", symbol="⁺", options={"atol": None, "rtol": None})


def pinv(
    A: Any,  # noqa: N803 - PyTorch's name
    *,
    atol: Any = None,
    rtol: Any = None,
    hermitian: bool = False,
    rcond: Any = None,
) -> Tensor:
    """The pseudoinverse: what solves A X = B with least squares, and of those solutions the smallest.

    Formula:
        ∂L/∂A = −Yᵀ g Yᵀ + (I − A Y) gᵀ Y Yᵀ + Yᵀ Y gᵀ (I − Y A), where the rank does not change.

    Args:
        A: (..., m, n).
        atol: singular values up to this count as 0.
        rtol: those up to this times the largest; by default max(m, n) times the dtype's rounding, 0 beside an atol.
        hermitian: A is symmetric, and only the lower triangle is read.
        rcond: as rtol.

    Returns:
        A Tensor (..., n, m).

    Raises:
        ValueError: A is no matrix, or not square with ``hermitian``.

    Example:
        >>> import autograd_core as ag
        >>> ag.linalg.pinv(ag.tensor([[2.0, 0.0], [0.0, 0.0]]))
        tensor([[0.5, 0. ],
                [0. , 0. ]])
    """
    x = mirrored(squares(A, "pinv")) if hermitian else matrices(A, "pinv")
    with failing("pinv needs finite matrices"):
        return pinv_op(x, atol=_tolerance(atol), rtol=_tolerance(rcond if rtol is None else rtol))


def _tolerance(value: Any) -> Any:
    return value.detach().array if isinstance(value, Tensor) else value


@public("pinverse")
def pinverse(input: Any, rcond: float = 1e-15) -> Tensor:
    """The pseudoinverse, :func:`autograd_core.linalg.pinv` by its former name.

    Args:
        input: (..., m, n).
        rcond: singular values up to this times the largest count as 0.

    Returns:
        A Tensor (..., n, m).

    Raises:
        ValueError: it is no matrix.

    Example:
        >>> import autograd_core as ag
        >>> ag.pinverse(ag.tensor([[2.0], [0.0]]))
        tensor([[0.5, 0. ]])
    """
    return pinv(input, rtol=rcond)


class Lstsq(NamedTuple):
    """What :func:`lstsq` gives."""

    solution: Tensor
    residuals: Tensor
    rank: Tensor
    singular_values: Tensor


def lstsq(A: Any, B: Any, rcond: float | None = None, *, driver: str | None = None) -> Lstsq:  # noqa: N803
    """X with the least Σ (A X − B)², and of those the smallest: the pseudoinverse of A times B.

    Args:
        A: (..., m, n).
        B: (..., m, k), or (..., m) for vectors; batches broadcast.
        rcond: singular values up to this times the largest count as 0; by default max(m, n) times the rounding.
        driver: what is given besides, as in PyTorch: ``"gelsy"``, the default, no residuals; ``"gelss"`` and
            ``"gelsd"`` singular values; ``"gels"`` no rank.

    Returns:
        A named tuple (solution, residuals, rank, singular_values): X (..., n, k); Σ (A X − B)² of each column if
        m > n and A has full rank; the rank; the singular values. What the driver does not give is empty.

    Raises:
        ValueError: the shapes do not fit.

    Example:
        >>> import autograd_core as ag
        >>> A = ag.tensor([[1.0, 0.0], [1.0, 1.0], [1.0, 2.0]])
        >>> ag.linalg.lstsq(A, ag.tensor([[1.0], [3.0], [5.0]])).solution
        tensor([[1.],
                [2.]])
    """
    a, b = matrices(A, "lstsq"), floating(B)
    if driver not in (None, "gels", "gelsy", "gelsd", "gelss"):
        raise ValueError(f"lstsq has the drivers gels, gelsy, gelsd and gelss, got {driver!r}")
    vector = a.ndim == b.ndim + 1
    if vector:
        b = expand_dims(b, -1)
    if b.ndim < 2 or a.shape[-2] != b.shape[-2]:
        raise ValueError(f"lstsq needs A (..., m, n) and B (..., m, k), got {a.shape} and {b.shape}")
    solution = matmul(pinv(a, rtol=rcond), b)
    rank = _rank(a.array, None, rcond)
    residuals = reshape(solution, (-1,))[:0]
    if driver not in (None, "gelsy") and a.shape[-2] > a.shape[-1] and np.all(rank == a.shape[-1]):
        misses = matmul(a, solution) - b
        residuals = sum_over(misses * misses, -2)
    shown = _singular_values(a.array).astype(a.dtype) if driver in ("gelsd", "gelss") else np.zeros(0, a.dtype)
    ranks = np.zeros(0, np.int64) if driver == "gels" else rank
    return Lstsq(squeeze(solution, -1) if vector else solution, residuals, tensor_of(ranks), tensor_of(shown))


rank_op = constant(_rank, name="matrix_rank")


def matrix_rank(
    A: Any,  # noqa: N803 - PyTorch's name
    tol: Any = None,
    hermitian: bool = False,
    *,
    atol: Any = None,
    rtol: Any = None,
) -> Tensor:
    """How many singular values are not 0.

    Args:
        A: (..., m, n).
        tol: as atol.
        hermitian: A is symmetric, and only the lower triangle is read.
        atol: singular values up to this count as 0.
        rtol: those up to this times the largest; by default max(m, n) times the dtype's rounding, 0 beside an atol.

    Returns:
        An integer Tensor (...,).

    Raises:
        ValueError: A is no matrix, or not square with ``hermitian``.

    Example:
        >>> import autograd_core as ag
        >>> ag.linalg.matrix_rank(ag.tensor([[1.0, 2.0], [2.0, 4.0]]))
        tensor(1)
    """
    x = mirrored(squares(A, "matrix_rank")) if hermitian else matrices(A, "matrix_rank")
    with failing("matrix_rank needs finite matrices"):
        return rank_op(x, atol=_tolerance(tol if atol is None else atol), rtol=_tolerance(rtol))


@public(numpy=np.linalg.pinv)
def _np_pinv(a: Any, rcond: Any = None, hermitian: bool = False, *, rtol: Any = None) -> Tensor:
    return pinv(
        a, rtol=1e-15 if rcond is None and rtol is None else rcond if rtol is None else rtol, hermitian=hermitian
    )


@public(numpy=np.linalg.lstsq)
def _np_lstsq(a: Any, b: Any, rcond: float | None = None) -> tuple[Tensor, Tensor, int, Tensor]:
    found = lstsq(a, b, rcond, driver="gelsd")
    return found.solution, found.residuals, int(found.rank), found.singular_values


@public(numpy=np.linalg.matrix_rank)
def _np_matrix_rank(A: Any, tol: Any = None, hermitian: bool = False, *, rtol: Any = None) -> Tensor:  # noqa: N803
    return matrix_rank(A, tol, hermitian, rtol=rtol)
