"""Linear equations: inverses and solutions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..public import public
from ..rules import Function, custom
from ..tensor import Tensor, from_array
from .diagonal import tril, triu
from .matrices import failing, lapack, squares, swap
from .reduce import floating
from .shape import expand_dims, reshape, squeeze

__all__ = ["inverse"]


def _inv_rule(g: Any, y: Any, x: Any) -> Any:
    return -np.matmul(np.matmul(swap(y), g), swap(y))


inv_op = custom(
    lapack(np.linalg.inv),
    (_inv_rule,),
    (lambda t, y, x: -np.matmul(np.matmul(y, t), y),),
    name="inv",
    symbol="⁻¹",
)
solve_op: Function = custom(
    lapack(np.linalg.solve),
    (
        lambda g, y, a, b: -np.matmul(solve_op.op.on(swap(a), g), swap(y)),
        lambda g, y, a, b: solve_op.op.on(swap(a), g),
    ),
    (
        lambda t, y, a, b: -solve_op.op.on(a, np.matmul(t, y)),
        lambda t, y, a, b: solve_op.op.on(a, t),
    ),
    name="solve",
)
"""X with A X = B, for matrices B."""


@public("inverse", numpy=np.linalg.inv)
def inv(A: Any) -> Tensor:  # noqa: N803 - PyTorch's name
    """The inverse of matrices.

    Formula:
        ∂L/∂A = −Yᵀ g Yᵀ, with Y = A⁻¹.

    Args:
        A: (..., n, n).

    Returns:
        A Tensor (..., n, n).

    Raises:
        ValueError: the matrices are not square, or have no inverse (LinAlgError).

    Example:
        >>> import autograd_core as ag
        >>> ag.linalg.inv(ag.tensor([[2.0, 0.0], [0.0, 4.0]]))
        tensor([[0.5 , 0.  ],
                [0.  , 0.25]])
    """
    with failing("inv needs invertible matrices"):
        return inv_op(squares(A, "inv"))


inverse = inv


def solve(A: Any, B: Any, *, left: bool = True) -> Tensor:  # noqa: N803 - PyTorch's names
    """X with A X = B.

    Formula:
        ∂L/∂B = A⁻ᵀ g, ∂L/∂A = −(A⁻ᵀ g) Xᵀ.

    Args:
        A: (..., n, n).
        B: (..., n, k), or (n,) or A's shape without the last axis for vectors; batches broadcast.
        left: if False, X A = B.

    Returns:
        A Tensor of B's shape, with the broadcast batch.

    Raises:
        ValueError: the shapes do not fit, or a matrix has no inverse (LinAlgError).

    Example:
        >>> import autograd_core as ag
        >>> ag.linalg.solve(ag.tensor([[2.0, 0.0], [0.0, 4.0]]), ag.tensor([1.0, 1.0]))
        tensor([0.5 , 0.25])
    """
    a, b = squares(A, "solve"), floating(B)
    vector = b.ndim == 1 or (b.ndim == a.ndim - 1 and b.shape == a.shape[:-1])
    if vector and not left:
        raise ValueError(f"solve with left=False needs a matrix B (..., k, n), got shape {b.shape}")
    return _solved("solve", a, b, vector, left)


def _solved(name: str, a: Tensor, b: Tensor, vector: bool, left: bool) -> Tensor:
    if vector:
        return squeeze(_solved(name, a, expand_dims(b, -1), False, True), -1)
    if b.ndim < 2 or b.shape[-2 if left else -1] != a.shape[-1]:
        raise ValueError(f"{name} needs A (..., n, n) and B (..., n, k), got {a.shape} and {b.shape}, left={left}")
    if not left:
        return swap(_solved(name, swap(a), swap(b), False, True))  # type: ignore[no-any-return]
    try:
        np.broadcast_shapes(a.shape[:-2], b.shape[:-2])
    except ValueError:
        raise ValueError(f"{name} needs batches that broadcast, got {a.shape} and {b.shape}") from None
    with failing(f"{name} needs invertible matrices"):
        return solve_op(a, b)


def solve_triangular(
    A: Any,  # noqa: N803 - PyTorch's names
    B: Any,  # noqa: N803
    *,
    upper: bool,
    left: bool = True,
    unitriangular: bool = False,
) -> Tensor:
    """X with A X = B, for triangular A, of which only the triangle is read.

    Args:
        A: (..., n, n).
        B: (..., n, k); batches broadcast.
        upper: whether A is upper triangular, else lower.
        left: if False, X A = B.
        unitriangular: A's diagonal is taken to be ones.

    Returns:
        A Tensor of B's shape, with the broadcast batch.

    Raises:
        ValueError: the shapes do not fit, or there is a zero on the diagonal (LinAlgError).

    Example:
        >>> import autograd_core as ag
        >>> ag.linalg.solve_triangular(ag.tensor([[2.0, 9.0], [1.0, 1.0]]), ag.tensor([[2.0], [3.0]]), upper=False)
        tensor([[1.],
                [2.]])
    """
    a = squares(A, "solve_triangular")
    triangle = (triu if upper else tril)(a, int(unitriangular) * (1 if upper else -1))
    if unitriangular:
        triangle = triangle + from_array(np.eye(a.shape[-1], dtype=a.dtype))
    return _solved("solve_triangular", triangle, floating(B), False, left)


def tensorinv(A: Any, ind: int = 2) -> Tensor:  # noqa: N803 - PyTorch's name
    """The inverse of a tensor as a map from its last axes to its first ``ind`` axes.

    Args:
        A: the first ``ind`` axes have as many elements as the others.
        ind: how many axes.

    Returns:
        A Tensor, the last axes of A first.

    Raises:
        ValueError: the numbers of elements differ, or there is no inverse (LinAlgError).

    Example:
        >>> import autograd_core as ag
        >>> ag.linalg.tensorinv(ag.eye(4).reshape(4, 2, 2), ind=1).shape
        (2, 2, 4)
    """
    x = floating(A)
    if ind < 1:
        raise ValueError(f"tensorinv needs at least one axis, got ind={ind}")
    n, m = int(np.prod(x.shape[:ind])), int(np.prod(x.shape[ind:]))
    if n != m:
        raise ValueError(f"tensorinv needs as many elements in the first {ind} axes as in the others, got {x.shape}")
    return reshape(inv(reshape(x, (n, m))), x.shape[ind:] + x.shape[:ind])


def tensorsolve(A: Any, B: Any, dims: Sequence[int] | None = None) -> Tensor:  # noqa: N803 - PyTorch's names
    """X with tensordot(A, X, X.ndim) = B.

    Args:
        A: B's shape, then X's; as many elements in both.
        B: any shape.
        dims: axes of A that are moved to the end before.

    Returns:
        A Tensor.

    Raises:
        ValueError: the numbers of elements differ, or there is no single solution (LinAlgError).

    Example:
        >>> import autograd_core as ag
        >>> ag.linalg.tensorsolve(ag.eye(4).reshape(2, 2, 4), ag.ones(2, 2))
        tensor([1., 1., 1., 1.])
    """
    a, b = floating(A), floating(B)
    if dims is not None:
        places = [place % a.ndim for place in dims]
        a = a.permute([i for i in range(a.ndim) if i not in places] + places)
    shape = a.shape[b.ndim :]
    if a.numel() != b.numel() ** 2 or int(np.prod(shape)) != b.numel():
        raise ValueError(
            f"tensorsolve needs A of B's shape and another with as many elements, got {a.shape}, {b.shape}"
        )
    return reshape(solve(reshape(a, (b.numel(), b.numel())), reshape(b, (b.numel(),))), shape)


@public(numpy=np.linalg.solve)
def _np_solve(a: Any, b: Any) -> Tensor:
    """NumPy takes only a one-dimensional b for a vector."""
    a, b = squares(a, "solve"), floating(b)
    return _solved("solve", a, b, b.ndim == 1, True)


@public(numpy=np.linalg.tensorsolve)
def _np_tensorsolve(a: Any, b: Any, axes: Any = None) -> Tensor:
    return tensorsolve(a, b, axes)


public(numpy=np.linalg.tensorinv)(tensorinv)
