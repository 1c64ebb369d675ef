"""Matrices as products of simpler ones: Cholesky's, QR, eigenvectors, singular vectors.

Several results are packed into one array, side by side. Where eigenvalues or singular values are equal, their
vectors are not determined: the gradient by them has no part inside of such a space.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from ..public import public
from ..rules import Function, custom
from ..tensor import Tensor, from_array
from .join import concatenate
from .matrices import failing, lapack, matrices, mirrored, squares, swap, symmetric
from .solvers import solve_op

__all__ = ["cholesky", "qr", "svd"]


class QR(NamedTuple):
    """A = Q R."""

    Q: Tensor
    R: Tensor


class Eigh(NamedTuple):
    """A = V diag(λ) Vᵀ."""

    eigenvalues: Tensor
    eigenvectors: Tensor


class LinalgSVD(NamedTuple):
    """A = U diag(S) Vh."""

    U: Tensor
    S: Tensor
    Vh: Tensor


class SVD(NamedTuple):
    """A = U diag(S) Vᵀ."""

    U: Tensor
    S: Tensor
    V: Tensor


def _cholesky(x: Any) -> Any:
    return np.linalg.cholesky(symmetric(x))


def _cholesky_rule(g: Any, y: Any, x: Any) -> Any:
    """Lᵀg, its lower triangle with half the diagonal between L⁻ᵀ and L⁻¹, symmetric."""
    inner = np.matmul(swap(y), g)
    inner = (np.tril(inner) + np.tril(inner, -1)) / 2
    half = swap(solve_op.op.on(swap(y), inner))
    return symmetric(solve_op.op.on(swap(y), half))


cholesky_op = custom(lapack(_cholesky), (_cholesky_rule,), name="cholesky")


@public("cholesky")
def cholesky(A: Any, *, upper: bool = False) -> Tensor:  # noqa: N803 - PyTorch's name
    """The lower triangular L with A = L Lᵀ.

    Formula:
        ∂L/∂A = L⁻ᵀ Φ(Lᵀ g) L⁻¹, symmetric; Φ takes the lower triangle and half the diagonal.

    Args:
        A: (..., n, n), symmetric and positive definite; of others only the lower triangle is read, with ``upper`` the
            upper one.
        upper: give Lᵀ instead.

    Returns:
        A Tensor (..., n, n).

    Raises:
        ValueError: the matrices are not square, or not positive definite (LinAlgError).

    Example:
        >>> import autograd_core as ag
        >>> ag.linalg.cholesky(ag.tensor([[4.0, 2.0], [2.0, 5.0]]))
        tensor([[2., 0.],
                [1., 2.]])
    """
    x = mirrored(squares(A, "cholesky"), upper)
    with failing("cholesky needs positive definite matrices"):
        found = cholesky_op(x)
    return swap(found) if upper else found


def _orthogonal(x: Any) -> Any:
    return np.linalg.qr(x)[0]


def _orthogonal_rule(g: Any, y: Any, x: Any) -> Any:
    """(g + Q M) R⁻ᵀ with M the lower triangle of −gᵀQ mirrored."""
    m = -np.matmul(swap(g), y)
    m = np.tril(m) + swap(np.tril(m, -1))
    r = np.triu(np.matmul(swap(y), x))
    return swap(solve_op.op.on(r, swap(g + np.matmul(y, m))))


orthogonal = custom(lapack(_orthogonal), (_orthogonal_rule,), name="orthogonal")
"""Q of A = Q R, for matrices with no more columns than rows."""

complement: Function = custom(
    lapack(lambda x: np.linalg.qr(x, "complete")[0][..., x.shape[-1] :]),
    (lambda g, y, x: -np.matmul(y, swap(_projected(x, g))),),
    (lambda t, y, x: -np.matmul(x, solve_op.op.on(np.matmul(swap(x), x), np.matmul(swap(t), y))),),
    name="complement",
    symbol="⊥",
)
"""Orthonormal columns beside the given columns. Which ones is arbitrary: they turn no more than they must."""


def _projected(x: Any, g: Any) -> Any:
    """(xᵀx)⁻¹ xᵀ g"""
    return solve_op.op.on(np.matmul(swap(x), x), np.matmul(swap(x), g))


def linalg_qr(A: Any, mode: str = "reduced") -> QR:  # noqa: N803 - PyTorch's name
    """Q with orthonormal columns and the upper triangular R with A = Q R.

    Formula:
        ∂L/∂A = (ḡ + Q M) R⁻ᵀ, with M the lower triangle of −ḡᵀQ mirrored; ḡ is Q's gradient, with what comes from
        R = QᵀA.

    Args:
        A: (..., m, n); the first min(m, n) columns independent.
        mode: ``"reduced"``, ``"complete"`` (Q is square) or ``"r"`` (R alone; Q is empty).

    Returns:
        A named tuple (Q, R).

    Raises:
        ValueError: A is no matrix, or there is no such mode; in backward, the columns are dependent (LinAlgError).

    Example:
        >>> import autograd_core as ag
        >>> ag.linalg.qr(ag.tensor([[3.0], [4.0]])).R
        tensor([[-5.]])
    """
    x = matrices(A, "qr")
    if mode not in ("reduced", "complete", "r"):
        raise ValueError(f"qr has the modes reduced, complete and r, got {mode!r}")
    rows, columns = x.shape[-2:]
    q = orthogonal(x[..., :, :rows] if columns > rows else x)
    if mode == "complete" and rows > columns:
        q = concatenate([q, complement(q)], -1)
    r = np.triu(np.matmul(swap(q), x))
    return QR(q[..., :0, :0].reshape(0) if mode == "r" else q, r)


def qr(input: Any, some: bool = True) -> QR:
    """Q and R with A = Q R: :func:`autograd_core.linalg.qr` by its former name.

    Args:
        input: (..., m, n).
        some: Q has min(m, n) columns, else m.

    Returns:
        A named tuple (Q, R).

    Raises:
        ValueError: it is no matrix.

    Example:
        >>> import autograd_core as ag
        >>> ag.qr(ag.tensor([[3.0], [4.0]])).R
        tensor([[-5.]])
    """
    return linalg_qr(input, "reduced" if some else "complete")


public("qr")(qr)


def _eigh(x: Any) -> Any:
    values, vectors = np.linalg.eigh(symmetric(x))
    return np.concatenate([values[..., None, :], vectors], -2)


def _gaps(values: Any) -> Any:
    """1 / (vⱼ − vᵢ), and 0 where they are equal."""
    gaps = np.expand_dims(values, -2) - np.expand_dims(values, -1)
    return np.where(gaps == 0, np.zeros_like(gaps), 1 / np.where(gaps == 0, np.ones_like(gaps), gaps))


def _eigh_rule(g: Any, y: Any, x: Any) -> Any:
    """V (diag(gλ) + F ∘ Vᵀ gV) Vᵀ, symmetric, with Fᵢⱼ = 1 / (λⱼ − λᵢ)."""
    vectors = y[..., 1:, :]
    inner = _gaps(y[..., 0, :]) * np.matmul(swap(vectors), g[..., 1:, :])
    return symmetric(np.matmul(np.matmul(vectors, inner) + vectors * g[..., :1, :], swap(vectors)))


eigh_op: Function = custom(lapack(_eigh), (_eigh_rule,), name="eigh")
"""The eigenvalues in the first row, the eigenvectors below."""


def eigh(A: Any, UPLO: str = "L") -> Eigh:  # noqa: N803 - PyTorch's names
    """The eigenvalues and eigenvectors of symmetric matrices.

    Formula:
        ∂L/∂A = V (diag(g_λ) + F ∘ Vᵀ g_V) Vᵀ, symmetric; Fᵢⱼ = 1/(λⱼ − λᵢ), 0 where they are equal.

    Args:
        A: (..., n, n), symmetric; of others only one triangle is read.
        UPLO: that triangle, ``"L"`` or ``"U"``.

    Returns:
        A named tuple (eigenvalues, eigenvectors): (..., n), ascending, and (..., n, n), in columns.

    Raises:
        ValueError: the matrices are not square, or there is no such triangle.

    Example:
        >>> import autograd_core as ag
        >>> ag.linalg.eigh(ag.tensor([[2.0, 1.0], [1.0, 2.0]])).eigenvalues
        tensor([1., 3.])
    """
    if str(UPLO).upper() not in ("L", "U"):
        raise ValueError(f"eigh reads the triangle L or U, got UPLO={UPLO!r}")
    with failing("eigh needs finite matrices"):
        packed = eigh_op(mirrored(squares(A, "eigh"), UPLO.upper() == "U"))
    return Eigh(packed[..., 0, :], packed[..., 1:, :])


def eigvalsh(A: Any, UPLO: str = "L") -> Tensor:  # noqa: N803 - PyTorch's names
    """The eigenvalues of symmetric matrices, ascending; see :func:`eigh`.

    Args:
        A: (..., n, n), symmetric; of others only one triangle is read.
        UPLO: that triangle, ``"L"`` or ``"U"``.

    Returns:
        A Tensor (..., n).

    Raises:
        ValueError: the matrices are not square, or there is no such triangle.

    Example:
        >>> import autograd_core as ag
        >>> ag.linalg.eigvalsh(ag.tensor([[2.0, 1.0], [1.0, 2.0]]))
        tensor([1., 3.])
    """
    return eigh(A, UPLO).eigenvalues


def _svd(x: Any) -> Any:
    u, s, vh = np.linalg.svd(x, full_matrices=False)
    return np.concatenate([u, s[..., None, :], swap(vh)], -2)


def _svd_parts(packed: Any, rows: int) -> Any:
    return packed[..., :rows, :], packed[..., rows : rows + 1, :], packed[..., rows + 1 :, :]


def _svd_rule(g: Any, y: Any, x: Any, rows: int, columns: int) -> Any:
    """U (diag(gS) + (J + Jᵀ) S + S (K + Kᵀ)) Vᵀ and what lies outside of the spaces of U and V."""
    (u, s, v), (gu, gs, gv) = _svd_parts(y, rows), _svd_parts(g, rows)
    gaps = _gaps((s * s)[..., 0, :])
    of_u, of_v = np.matmul(swap(u), gu), np.matmul(swap(v), gv)
    left, right = gaps * of_u, gaps * of_v
    inner = (left + swap(left)) * s + swap(s) * (right + swap(right))
    gu_out, gv_out = gu - np.matmul(u, of_u), gv - np.matmul(v, of_v)
    inverse = np.where(s == 0, np.zeros_like(s), 1 / np.where(s == 0, np.ones_like(s), s))
    total = np.matmul(np.matmul(u, inner) + u * gs, swap(v))
    if rows > columns:
        total = total + np.matmul(gu_out * inverse, swap(v))
    if columns > rows:
        total = total + np.matmul(u * inverse, swap(gv_out))
    return total


svd_op: Function = custom(
    lapack(lambda x, rows, columns: _svd(x)), (_svd_rule,), name="svd", options={"rows": 2, "columns": 2}
)
"""U, below it S as a row, below it V."""


def _thin(A: Any, name: str) -> tuple[Tensor, Tensor, Tensor]:  # noqa: N803
    x = matrices(A, name)
    rows, columns = x.shape[-2:]
    with failing(f"{name} needs finite matrices"):
        u, s, v = _svd_parts(svd_op(x, rows=rows, columns=columns), rows)
    return u, s[..., 0, :], v


def _completed(q: Tensor) -> Tensor:
    return q if q.shape[-1] == q.shape[-2] else concatenate([q, complement(q)], -1)


def linalg_svd(A: Any, full_matrices: bool = True, *, driver: str | None = None) -> LinalgSVD:  # noqa: N803
    """Singular vectors and values: A = U diag(S) Vh, U and Vᵀ = Vh with orthonormal columns.

    Formula:
        ∂L/∂A = U (diag(g_S) + (J + Jᵀ) S + S (K + Kᵀ)) Vᵀ + (I − U Uᵀ) g_U S⁻¹ Vᵀ + U S⁻¹ g_Vᵀ (I − V Vᵀ),
        J = F ∘ Uᵀ g_U, K = F ∘ Vᵀ g_V, Fᵢⱼ = 1/(sⱼ² − sᵢ²), 0 where they are equal.

    Args:
        A: (..., m, n).
        full_matrices: U and Vh are square; the vectors that complete them are arbitrary.
        driver: accepted as PyTorch's.

    Returns:
        A named tuple (U, S, Vh); S (..., min(m, n)), descending.

    Raises:
        ValueError: A is no matrix.

    Example:
        >>> import autograd_core as ag
        >>> ag.linalg.svd(ag.tensor([[3.0, 0.0], [0.0, 4.0]])).S
        tensor([4., 3.])
    """
    u, s, v = _thin(A, "svd")
    return LinalgSVD(_completed(u), s, swap(_completed(v))) if full_matrices else LinalgSVD(u, s, swap(v))


@public("svd")
def svd(input: Any, some: bool = True, compute_uv: bool = True) -> SVD:
    """Singular vectors and values, :func:`autograd_core.linalg.svd` by its former name: A = U diag(S) Vᵀ.

    Args:
        input: (..., m, n).
        some: U and V have min(m, n) columns, else they are square.
        compute_uv: whether U and V are wanted; else they are zeros.

    Returns:
        A named tuple (U, S, V).

    Raises:
        ValueError: it is no matrix.

    Example:
        >>> import autograd_core as ag
        >>> ag.svd(ag.tensor([[3.0, 0.0], [0.0, 4.0]])).S
        tensor([4., 3.])
    """
    u, s, v = _thin(input, "svd")
    if not some:
        u, v = _completed(u), _completed(v)
    if not compute_uv:
        u, v = from_array(np.zeros_like(u.array)), from_array(np.zeros_like(v.array))
    return SVD(u, s, v)


def svdvals(A: Any, *, driver: str | None = None) -> Tensor:  # noqa: N803 - PyTorch's name
    """The singular values, descending.

    Formula:
        ∂L/∂A = U diag(g) Vᵀ.

    Args:
        A: (..., m, n).
        driver: accepted as PyTorch's.

    Returns:
        A Tensor (..., min(m, n)).

    Raises:
        ValueError: A is no matrix.

    Example:
        >>> import autograd_core as ag
        >>> ag.linalg.svdvals(ag.tensor([[3.0, 0.0], [0.0, 4.0]]))
        tensor([4., 3.])
    """
    return _thin(A, "svdvals")[1]


@public(numpy=np.linalg.qr)
def _np_qr(a: Any, mode: str = "reduced") -> Any:
    found = linalg_qr(a, mode)
    return found.R if mode == "r" else found


@public(numpy=np.linalg.svd)
def _np_svd(a: Any, full_matrices: bool = True, compute_uv: bool = True, hermitian: bool = False) -> Any:
    return linalg_svd(a, full_matrices) if compute_uv else svdvals(a)


public(numpy=np.linalg.cholesky)(cholesky)
public(numpy=np.linalg.eigh)(eigh)
public(numpy=np.linalg.eigvalsh)(eigvalsh)
public(numpy=np.linalg.svdvals)(svdvals)
