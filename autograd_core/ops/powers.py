"""What products of matrices make: powers, the exponential, chains, Vandermonde's matrix, the condition number."""

from __future__ import annotations

import functools
import itertools
import math
import operator
from collections.abc import Sequence
from typing import Any

import numpy as np

from ..public import public
from ..rules import Function, custom
from ..tensor import Tensor, from_array
from .choice import where
from .decompositions import svdvals
from .determinants import slogdet
from .join import stack
from .layout import flip
from .matrices import lapack, matrices, squares, swap
from .norms import matrix_norm, vector_norm
from .products import matmul, matmul_op
from .reduce import floating
from .shape import tensor_of
from .solvers import inv

__all__ = ["chain_matmul", "matrix_exp", "matrix_power"]

_PADE = tuple(math.comb(13, k) * math.factorial(26 - k) / math.factorial(26) for k in range(14))
"""The coefficients of the numerator of eˣ's rational approximation of degree 13."""
_RADIUS = 5.37
"""Where it has all digits of float64: N. J. Higham, SIAM J. Matrix Anal. Appl. 26 (2005) 1179."""


@public("matrix_power", numpy=np.linalg.matrix_power)
def matrix_power(A: Any, n: int) -> Tensor:  # noqa: N803 - PyTorch's name
    """A square matrix multiplied by itself n times; its inverse if n is negative.

    Args:
        A: (..., m, m).
        n: a whole number; 0 gives the unit matrix.

    Returns:
        A Tensor (..., m, m).

    Raises:
        ValueError: the matrices are not square, or n is negative and there is no inverse (LinAlgError).

    Example:
        >>> import autograd_core as ag
        >>> ag.matrix_power(ag.tensor([[1.0, 1.0], [0.0, 1.0]]), 5)
        tensor([[1., 5.],
                [0., 1.]])
    """
    n = operator.index(n)
    x = tensor_of(A)
    if x.ndim < 2 or x.shape[-1] != x.shape[-2]:
        raise ValueError(f"matrix_power needs square matrices (..., n, n), got shape {x.shape}")
    if n == 0:
        unit: Tensor = where(np.zeros(x.shape, bool), x, np.eye(x.shape[-1], dtype=x.dtype))
        return unit
    if n < 0:
        x = inv(x)
    found = x
    for digit in bin(abs(n))[3:]:
        found = matmul_op(found, found)
        if digit == "1":
            found = matmul_op(found, x)
    return found


def _exponential(x: Any) -> Any:
    """Halved until small, then a quotient of polynomials, then squared as often."""
    if x.size == 0:
        return np.zeros_like(x)
    size = np.max(np.sum(np.abs(x), axis=-2), axis=-1)
    halvings = np.where(size > _RADIUS, np.ceil(np.log2(np.maximum(size, _RADIUS) / _RADIUS)), 0)
    halvings = np.where(np.isfinite(halvings), halvings, 0).astype(int)[..., None, None]
    x = np.ldexp(x, -halvings)
    x2 = np.matmul(x, x)
    even, odd = (c * np.eye(x.shape[-1], dtype=x.dtype) for c in _PADE[:2])
    power = None
    for c, d in zip(_PADE[2::2], _PADE[3::2], strict=True):
        power = x2 if power is None else np.matmul(power, x2)
        even, odd = even + c * power, odd + d * power
    odd = np.matmul(x, odd)
    found = np.linalg.solve(even - odd, even + odd)
    for i in range(int(np.max(halvings))):
        found = np.where(i < halvings, np.matmul(found, found), found)
    return found


def _blocks(x: Any, e: Any) -> Any:
    """[[x, e], [0, x]]"""
    return np.concatenate([np.concatenate([x, e], -1), np.concatenate([np.zeros_like(x), x], -1)], -2)


def _change(x: Any, e: Any) -> Any:
    """How the exponential changes when x changes by e: a corner of the exponential of [[x, e], [0, x]]."""
    n = x.shape[-1]
    size = np.max(np.abs(e), axis=(-2, -1), keepdims=True, initial=0)
    size = np.where(size == 0, np.ones_like(size), size)  # a large e would be halved too often for x
    return size * _exponential(_blocks(x, e / size))[..., :n, n:]


def _by_place(g: Any, y: Any, x: Any, e: Any) -> Any:
    """The second derivative, from the change of the exponential of [[x, e], [0, x]]."""
    n = x.shape[-1]
    corner = np.concatenate([np.zeros_like(x), g], -1)
    both = np.concatenate([corner, np.zeros_like(corner)], -2)
    found = exp_change.op.on(swap(_blocks(x, e)), both)
    return found[..., :n, :n] + found[..., n:, n:]


matrix_exp_op: Function = custom(
    lapack(_exponential),
    (lambda g, y, x: exp_change.op.on(swap(x), g),),
    (lambda t, y, x: exp_change.op.on(x, t),),
    name="matrix_exp",
    symbol="eᴬ",
)
exp_change: Function = custom(
    lapack(_change), (_by_place, lambda g, y, x, e: exp_change.op.on(swap(x), g)), name="change_of_matrix_exp"
)


@public("matrix_exp")
def matrix_exp(A: Any) -> Tensor:  # noqa: N803 - PyTorch's name
    """The exponential of square matrices, Σ Aᵏ/k!.

    Formula:
        The change of e^A by E is the upper right corner of e^[[A, E], [0, A]]; the gradient is that for Aᵀ and g.

    Args:
        A: (..., n, n).

    Returns:
        A Tensor (..., n, n).

    Raises:
        ValueError: the matrices are not square.

    Example:
        >>> import autograd_core as ag
        >>> ag.matrix_exp(ag.tensor([[0.0, 1.0], [0.0, 0.0]]))
        tensor([[1., 1.],
                [0., 1.]])
    """
    return matrix_exp_op(squares(A, "matrix_exp"))


@functools.lru_cache(maxsize=256)
def _cuts(sizes: tuple[int, ...]) -> dict[tuple[int, int], int]:
    """Where to cut each part of a chain of matrices, so that the fewest multiplications are needed."""
    count = len(sizes) - 1
    cost = {(i, i + 1): 0 for i in range(count)}
    cuts = {}
    for length in range(2, count + 1):
        for i in range(count - length + 1):
            j = i + length
            cost[i, j], cuts[i, j] = min(
                (cost[i, k] + cost[k, j] + sizes[i] * sizes[k] * sizes[j], k) for k in range(i + 1, j)
            )
    return cuts


def multi_dot(tensors: Sequence[Any]) -> Tensor:
    """The product of several matrices, in the order of the fewest multiplications.

    Args:
        tensors: two or more matrices; the first may be a row (n,), the last a column (n,).

    Returns:
        A Tensor.

    Raises:
        ValueError: there are fewer than two, or the shapes do not fit.

    Example:
        >>> import autograd_core as ag
        >>> ag.linalg.multi_dot([ag.ones(1, 10), ag.ones(10, 100), ag.ones(100)])
        tensor([1000.])
    """
    chain = [tensor_of(one) for one in tensors]
    shapes = [one.shape for one in chain]
    if len(chain) < 2:
        raise ValueError(f"multi_dot needs at least two tensors, got {len(chain)}")
    if any(len(shape) != 2 for shape in shapes[1:-1]) or any(len(shapes[i]) not in (1, 2) for i in (0, -1)):
        raise ValueError(f"multi_dot needs matrices; the first and the last may be vectors: got {shapes}")
    first = shapes[0] if len(shapes[0]) == 2 else (1, *shapes[0])
    last = shapes[-1] if len(shapes[-1]) == 2 else (*shapes[-1], 1)
    pairs = [first, *shapes[1:-1], last]
    if any(left[1] != right[0] for left, right in itertools.pairwise(pairs)):
        raise ValueError(f"multi_dot needs (m, n), (n, p), (p, q), …: got {shapes}")
    cuts = _cuts((*(pair[0] for pair in pairs), pairs[-1][1]))

    def product(i: int, j: int) -> Tensor:
        return chain[i] if j == i + 1 else matmul(product(i, cuts[i, j]), product(cuts[i, j], j))

    return product(0, len(chain))


def chain_matmul(*matrices: Any) -> Tensor:
    """The product of several matrices, :func:`autograd_core.linalg.multi_dot` by its former name.

    Args:
        matrices: one or more.

    Returns:
        A Tensor.

    Raises:
        ValueError: the shapes do not fit.

    Example:
        >>> import autograd_core as ag
        >>> ag.chain_matmul(ag.ones(1, 10), ag.ones(10, 100), ag.ones(100, 1))
        tensor([[1000.]])
    """
    return tensor_of(matrices[0]) if len(matrices) == 1 else multi_dot(matrices)


def vander(x: Any, N: int | None = None) -> Tensor:  # noqa: N803 - PyTorch's name
    """Vandermonde's matrix: the powers of each element, 0 to N − 1.

    Args:
        x: (..., n); a number counts as having one element.
        N: how many powers; n by default.

    Returns:
        A Tensor (..., n, N).

    Raises:
        ValueError: N is negative.

    Example:
        >>> import autograd_core as ag
        >>> ag.linalg.vander(ag.tensor([2.0, 3.0]), N=3)
        tensor([[1., 2., 4.],
                [1., 3., 9.]])
    """
    x = tensor_of(x)
    if N is not None and N < 0:
        raise ValueError(f"vander needs a number of powers N not below 0, got {N}")
    x = x if x.dtype.kind == "f" else x.to(np.int64)
    x = x if x.ndim else x.reshape(1)
    count = x.shape[-1] if N is None else N
    powers = [np.ones_like(x)]
    for _ in range(count - 1):
        powers.append(powers[-1] * x)
    found: Tensor = stack(powers, -1)
    return found[..., :count]


def cond(A: Any, p: Any = None) -> Tensor:  # noqa: N803 - PyTorch's name
    """The condition number: the norm of a matrix times that of its inverse.

    Args:
        A: (..., n, n); with p None, 2 or −2 also (..., m, n).
        p: the norm, as in :func:`autograd_core.linalg.matrix_norm`; None for 2.

    Returns:
        A Tensor (...,); ∞ where there is no inverse.

    Raises:
        ValueError: there is no such norm, or the matrices do not fit it.

    Example:
        >>> import autograd_core as ag
        >>> ag.linalg.cond(ag.tensor([[2.0, 0.0], [0.0, 4.0]]))
        tensor(2.)
    """
    if p in (None, 2, -2):
        values = svdvals(matrices(A, "cond"))
        if values.shape[-1] == 0:
            return values.sum(-1)
        largest, smallest = values[..., 0], values[..., -1]
        above, below = (largest, smallest) if p != -2 else (smallest, largest)
        with np.errstate(divide="ignore", invalid="ignore"):  # no inverse: ∞
            return above / below
    x = squares(A, "cond")
    singular = np.expand_dims(slogdet(x.detach()).sign.array == 0, (-2, -1))
    inverse = inv(where(singular, from_array(np.eye(x.shape[-1], dtype=x.dtype)), x))
    found: Tensor = where(singular[..., 0, 0], math.inf, matrix_norm(x, p) * matrix_norm(inverse, p))
    return found


@public(numpy=np.vander)
def _np_vander(x: Any, N: int | None = None, increasing: bool = False) -> Tensor:  # noqa: N803 - NumPy's name
    found = vander(x, N)
    return found if increasing else flip(found, -1)


@public(numpy=np.linalg.vector_norm)
def _np_vector_norm(x: Any, axis: Any = None, keepdims: bool = False, ord: Any = 2) -> Tensor:
    return vector_norm(floating(x), ord, axis, keepdims)


@public(numpy=np.linalg.matrix_norm)
def _np_matrix_norm(x: Any, keepdims: bool = False, ord: Any = "fro") -> Tensor:
    return matrix_norm(floating(x), ord, (-2, -1), keepdims)


public(numpy=np.linalg.multi_dot)(multi_dot)
public(numpy=np.linalg.cond)(cond)
