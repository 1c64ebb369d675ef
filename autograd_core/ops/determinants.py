"""Determinants. Their first and second derivatives also exist, and are found, where a matrix has no inverse."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from ..public import public
from ..rules import Function, custom
from ..tensor import Tensor
from .choice import where
from .matrices import lapack, squares, swap
from .solvers import inv_op

__all__ = ["det", "logdet", "slogdet"]


class Slogdet(NamedTuple):
    """det A = sign · e^logabsdet."""

    sign: Tensor
    logabsdet: Tensor


def _products_of_others(s: Any) -> Any:
    """For each element the product of all others."""
    ones = np.ones_like(s[..., :1])
    before = np.cumprod(np.concatenate([ones, s[..., :-1]], -1), -1)
    after = np.cumprod(np.concatenate([ones, s[..., :0:-1]], -1), -1)[..., ::-1]
    return before * after


def _products_of_other_pairs(s: Any) -> Any:
    """For each two elements of a descending row the product of all others; 0 for an element with itself."""
    n = s.shape[-1]
    i, j = np.indices((n, n))
    larger, smaller = np.minimum(i, j), np.maximum(i, j)
    divisor = s[..., larger]
    found = np.where(divisor > 0, _products_of_others(s)[..., smaller] / np.where(divisor > 0, divisor, 1), 0)
    if n > 1:
        found[..., n - 2, n - 1] = found[..., n - 1, n - 2] = np.prod(s[..., : n - 2], -1)
    found[..., range(n), range(n)] = 0
    return found.astype(s.dtype)


def _oriented(x: Any) -> tuple[Any, Any, Any, Any]:
    """The singular vectors and values, and the determinant of the vectors, 1 or −1."""
    u, s, vh = np.linalg.svd(x)
    return u, s, vh, np.sign(np.linalg.det(u) * np.linalg.det(vh))[..., None, None]


def _size(x: Any) -> Any:
    return np.max(np.sum(np.abs(x), axis=-1), axis=-1)


def _cofactors(x: Any) -> Any:
    if x.size == 0:
        return np.zeros_like(x)
    try:  # the quicker way, where no digits are lost by it
        inverse = np.linalg.inv(x)
        if np.all(_size(x) * _size(inverse) < np.finfo(x.dtype).eps ** -0.5):
            return np.linalg.det(x)[..., None, None] * swap(inverse)
    except np.linalg.LinAlgError:
        pass
    u, s, vh, orientation = _oriented(x)
    return orientation * np.matmul(u * _products_of_others(s)[..., None, :], vh)


def _change_of_cofactors(x: Any, t: Any) -> Any:
    if x.size == 0:
        return np.zeros_like(x)
    u, s, vh, orientation = _oriented(x)
    inner = np.matmul(np.matmul(swap(u), t), swap(vh))
    others = _products_of_other_pairs(s)
    change = -others * swap(inner)
    places = range(s.shape[-1])
    change[..., places, places] = np.matmul(others, inner[..., places, places][..., None])[..., 0]
    return orientation * np.matmul(np.matmul(u, change), vh)


def _third(g: Any, y: Any, x: Any, t: Any) -> Any:
    """The derivative by A of ⟨g, change of cofactors by t⟩, where A has an inverse."""
    inverse = inv_op.op.on(x)
    p, q = np.matmul(inverse, g), np.matmul(inverse, t)
    pq, qp = np.matmul(p, q), np.matmul(q, p)
    a, b, both = _trace(p), _trace(q), _trace(pq)
    inner = swap(np.matmul(pq + qp - a * q - b * p, inverse)) + swap(inverse) * (a * b - both)
    return np.expand_dims(det_op.op.on(x), (-2, -1)) * inner


def _trace(x: Any) -> Any:
    return np.expand_dims(np.trace(x, axis1=-2, axis2=-1), (-2, -1))


det_op: Function = custom(
    lapack(np.linalg.det), (lambda g, y, x: np.expand_dims(g, (-2, -1)) * cofactors.op.on(x),), name="det"
)
cofactors: Function = custom(lapack(_cofactors), (lambda g, y, x: change_of_cofactors.op.on(x, g),), name="cofactors")
"""The derivatives of the determinant by each element: det A · A⁻ᵀ, but from singular values, so that none need be 0."""
change_of_cofactors: Function = custom(
    lapack(_change_of_cofactors),
    (_third, lambda g, y, x, t: change_of_cofactors.op.on(x, g)),
    name="change_of_cofactors",
)
"""How the cofactors change when the matrix does: the second derivative of the determinant, which is symmetric."""

logabsdet_op: Function = custom(
    lapack(lambda x: np.linalg.slogdet(x)[1]),
    (lambda g, y, x: np.expand_dims(g, (-2, -1)) * swap(inv_op.op.on(x)),),
    name="logabsdet",
)
sign_op = custom(
    lapack(lambda x: np.linalg.slogdet(x)[0]),
    (lambda g, y, x: np.expand_dims(g, (-2, -1)) * np.zeros_like(x),),
    name="sign_of_det",
)


@public("det", numpy=np.linalg.det)
def det(A: Any) -> Tensor:  # noqa: N803 - PyTorch's name
    """The determinant of square matrices.

    Formula:
        ∂y/∂A = the cofactors, det A · A⁻ᵀ where there is an inverse.

    Args:
        A: (..., n, n).

    Returns:
        A Tensor (...,).

    Raises:
        ValueError: the matrices are not square.

    Example:
        >>> import autograd_core as ag
        >>> ag.det(ag.tensor([[2.0, 1.0], [0.0, 3.0]]))
        tensor(6.)
    """
    return det_op(squares(A, "det"))


@public("slogdet")
def slogdet(A: Any) -> Slogdet:  # noqa: N803 - PyTorch's name
    """The sign of the determinant of square matrices and the logarithm of its absolute value.

    Formula:
        ∂logabsdet/∂A = A⁻ᵀ.

    Args:
        A: (..., n, n).

    Returns:
        A named tuple (sign, logabsdet), (...,) each; (0, −∞) where there is no inverse.

    Raises:
        ValueError: the matrices are not square; in backward, there is no inverse (LinAlgError).

    Example:
        >>> import autograd_core as ag
        >>> ag.slogdet(ag.tensor([[2.0, 1.0], [0.0, -3.0]])).sign
        tensor(-1.)
    """
    x = squares(A, "slogdet")
    return Slogdet(sign_op(x), logabsdet_op(x))


@public("logdet")
def logdet(input: Any) -> Tensor:
    """The logarithm of the determinant of square matrices.

    Formula:
        ∂y/∂input = input⁻ᵀ.

    Args:
        input: (..., n, n).

    Returns:
        A Tensor (...,); −∞ where the determinant is 0, NaN where it is negative.

    Raises:
        ValueError: the matrices are not square; in backward, there is no inverse (LinAlgError).

    Example:
        >>> import autograd_core as ag
        >>> ag.logdet(ag.tensor([[2.0, 1.0], [0.0, 3.0]]))
        tensor(1.7918)
    """
    sign, found = slogdet(input)
    result: Tensor = where(sign < 0, np.nan, found)
    return result


public(numpy=np.linalg.slogdet)(slogdet)
