"""Products of matrices added to a tensor: addmm and its kin, bilinear."""

from __future__ import annotations

import math
from typing import Any

from ..public import in_place, public
from ..tensor import Tensor
from .einsum import contract
from .products import bmm, expect, matmul, mm, mv
from .shape import broadcast_to, tensor_of
from .vectors import outer

__all__ = ["addbmm", "addmm", "addmv", "addr", "baddbmm", "bilinear"]


def _added(name: str, input: Any, product: Tensor, beta: float, alpha: float) -> Tensor:
    """beta·input + alpha·product; with beta 0 the input's values do not matter, not even NaN."""
    x = tensor_of(input)
    try:
        x = broadcast_to(x, product.shape)
    except ValueError:
        raise ValueError(
            f"{name} needs an input that broadcasts to the product's shape {product.shape}, got {x.shape}"
        ) from None
    if product.dtype.kind != "f" and x.dtype.kind != "f":
        if not (float(beta).is_integer() and float(alpha).is_integer()):
            raise TypeError(f"{name} of integers needs whole factors, got beta={beta} and alpha={alpha}")
        beta, alpha = int(beta), int(alpha)
    scaled = product if alpha == 1 else product * alpha
    return scaled if beta == 0 else scaled + (x if beta == 1 else x * beta)


@public("addmm")
def addmm(input: Any, mat1: Any, mat2: Any, *, beta: float = 1, alpha: float = 1) -> Tensor:
    """``beta·input + alpha·(mat1 @ mat2)``.

    Args:
        input: any shape that broadcasts to (m, p).
        mat1: (m, n).
        mat2: (n, p).
        beta: a factor; with 0 the input is left out.
        alpha: a factor.

    Returns:
        A Tensor (m, p).

    Raises:
        ValueError: the shapes do not fit.

    Example:
        >>> import autograd_core as ag
        >>> ag.addmm(ag.ones(1, 1), ag.tensor([[1.0, 2.0]]), ag.tensor([[3.0], [4.0]]))
        tensor([[12.]])
    """
    return _added("addmm", input, mm(mat1, mat2), beta, alpha)


@public("addmv")
def addmv(input: Any, mat: Any, vec: Any, *, beta: float = 1, alpha: float = 1) -> Tensor:
    """``beta·input + alpha·(mat @ vec)``.

    Args:
        input: any shape that broadcasts to (m,).
        mat: (m, n).
        vec: (n,).
        beta: a factor; with 0 the input is left out.
        alpha: a factor.

    Returns:
        A Tensor (m,).

    Raises:
        ValueError: the shapes do not fit.

    Example:
        >>> import autograd_core as ag
        >>> ag.addmv(ag.ones(1), ag.tensor([[1.0, 2.0]]), ag.tensor([3.0, 4.0]))
        tensor([12.])
    """
    return _added("addmv", input, mv(mat, vec), beta, alpha)


@public("baddbmm")
def baddbmm(input: Any, batch1: Any, batch2: Any, *, beta: float = 1, alpha: float = 1) -> Tensor:
    """``beta·input + alpha·(batch1 @ batch2)``, matrix by matrix.

    Args:
        input: any shape that broadcasts to (b, m, p).
        batch1: (b, m, n).
        batch2: (b, n, p).
        beta: a factor; with 0 the input is left out.
        alpha: a factor.

    Returns:
        A Tensor (b, m, p).

    Raises:
        ValueError: the shapes do not fit.

    Example:
        >>> import autograd_core as ag
        >>> ag.baddbmm(ag.ones(1), ag.ones(2, 1, 3), ag.ones(2, 3, 1)).tolist()
        [[[4.0]], [[4.0]]]
    """
    return _added("baddbmm", input, bmm(batch1, batch2), beta, alpha)


@public("addbmm")
def addbmm(input: Any, batch1: Any, batch2: Any, *, beta: float = 1, alpha: float = 1) -> Tensor:
    """``beta·input + alpha·Σ (batch1 @ batch2)``, the sum of the products of matrix by matrix.

    Args:
        input: any shape that broadcasts to (m, p).
        batch1: (b, m, n).
        batch2: (b, n, p).
        beta: a factor; with 0 the input is left out.
        alpha: a factor.

    Returns:
        A Tensor (m, p).

    Raises:
        ValueError: the shapes do not fit.

    Example:
        >>> import autograd_core as ag
        >>> ag.addbmm(ag.ones(1), ag.ones(2, 1, 3), ag.ones(2, 3, 1))
        tensor([[7.]])
    """
    a, b = tensor_of(batch1), tensor_of(batch2)
    fits = a.ndim == b.ndim == 3 and a.shape[0] == b.shape[0] and a.shape[2] == b.shape[1]
    expect(fits, "addbmm", "(b, m, n) and (b, n, p)", a, b)
    return _added("addbmm", input, contract(a, b, spec="bmn,bnp->mp"), beta, alpha)


@public("addr")
def addr(input: Any, vec1: Any, vec2: Any, *, beta: float = 1, alpha: float = 1) -> Tensor:
    """``beta·input + alpha·outer(vec1, vec2)``.

    Args:
        input: any shape that broadcasts to (m, n).
        vec1: (m,).
        vec2: (n,).
        beta: a factor; with 0 the input is left out.
        alpha: a factor.

    Returns:
        A Tensor (m, n).

    Raises:
        ValueError: the shapes do not fit.

    Example:
        >>> import autograd_core as ag
        >>> ag.addr(ag.ones(1, 1), ag.tensor([2.0]), ag.tensor([3.0, 4.0]))
        tensor([[7., 9.]])
    """
    return _added("addr", input, outer(vec1, vec2), beta, alpha)


def bilinear(input1: Any, input2: Any, weight: Any, bias: Any = None) -> Tensor:
    """A map that is linear in each of two inputs, ``y_k = x₁ᵀ W_k x₂ + b_k``.

    Formula:
        ∂L/∂x₁ = Σ_k g_k W_k x₂, ∂L/∂x₂ = Σ_k g_k W_kᵀ x₁, ∂L/∂W_k = g_k x₁ x₂ᵀ, with g = ∂L/∂y.

    Args:
        input1: x₁, (..., in1_features).
        input2: x₂, (..., in2_features), with the same batch axes.
        weight: W, (out_features, in1_features, in2_features).
        bias: b, (out_features,); None for none.

    Returns:
        A Tensor (..., out_features).

    Raises:
        ValueError: the shapes do not fit.

    Example:
        >>> import autograd_core as ag
        >>> ag.bilinear(ag.tensor([1.0, 2.0]), ag.tensor([3.0]), ag.tensor([[[1.0], [1.0]]]))
        tensor([9.])
    """
    a, b, w = tensor_of(input1), tensor_of(input2), tensor_of(weight)
    if w.ndim != 3 or a.shape[:-1] != b.shape[:-1] or (*a.shape[-1:], *b.shape[-1:]) != w.shape[1:]:
        raise ValueError(
            f"bilinear needs inputs (..., in1) and (..., in2) with the same batch axes and a weight (out, in1, in2): "
            f"got {a.shape}, {b.shape} and {w.shape}"
        )
    out, first, second = w.shape
    batch = a.shape[:-1]
    rows = math.prod(batch)
    half = matmul(a.reshape(rows, first), w.transpose(0, 1).reshape(first, out * second))
    y = matmul(half.reshape(rows, out, second), b.reshape(rows, second, 1)).reshape(*batch, out)
    if bias is None:
        return y
    c = tensor_of(bias)
    if c.shape != (out,):
        raise ValueError(f"bilinear needs a bias of shape {(out,)} for the weight {w.shape}, got {c.shape}")
    return y + c


for _function in (addmm, addmv, baddbmm, addbmm, addr):
    setattr(Tensor, f"{_function.__name__}_", in_place(_function, f"{_function.__name__}_"))
