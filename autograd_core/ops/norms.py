"""Norms of vectors and matrices, and distances. At 0, where a norm has no derivative, its gradient is 0."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple

from ..public import named, public
from ..tensor import Tensor, from_array
from .arithmetic import power
from .choice import where
from .extremes import amax, amin
from .gather import take_op
from .math import absolute
from .reduce import Axis, axes_of, floating, root
from .reduce import sum as sum_over
from .rounding import sign
from .shape import expand_dims, tensor_of

__all__ = ["cdist", "dist", "norm", "pdist"]


@named
def vector_norm(x: Any, ord: float = 2, dim: Axis = None, keepdim: bool = False, *, dtype: Any = None) -> Tensor:
    """The norm of vectors, (Σ |x|^ord)^(1/ord).

    Formula:
        ∂y/∂xᵢ = sign(xᵢ)·(|xᵢ|/y)^(ord − 1); 0 where xᵢ or y is 0.

    Args:
        x: any shape.
        ord: a number, ∞ (the largest |x|), −∞ (the smallest) or 0 (how many are not 0).
        dim: the axes that are a vector together; all by default.
        keepdim: keep them, at length one.
        dtype: the dtype to compute in.

    Returns:
        A Tensor without these axes.

    Raises:
        IndexError: there is no such axis.
        ValueError: there is no element, and the norm of nothing is not 0.

    Example:
        >>> import autograd_core as ag
        >>> ag.linalg.vector_norm(ag.tensor([3.0, 4.0]))
        tensor(5.)
    """
    x = tensor_of(x)
    if x.dtype.kind != "f" and dtype is None:
        raise TypeError(f"vector_norm needs floats, got {x.dtype}: convert with .float() first")
    x, ord = floating(x, dtype), float(ord)
    axes = axes_of(dim if dim != () and dim != [] else None, x.ndim)
    if x.dtype == np.float16:  # powers overflow where their root does not
        return vector_norm(x.to(np.float32), ord, axes, keepdim).to(np.float16)
    if (ord < 0 or ord == math.inf) and any(x.shape[i] == 0 for i in axes):
        raise ValueError(f"vector_norm of order {ord:g} of no elements has no value: got shape {x.shape}")
    if ord == math.inf:
        return amax(absolute(x), axes, keepdim)
    if ord == -math.inf:
        return amin(absolute(x), axes, keepdim)
    if ord == 0:
        return sum_over(where(from_array(np.isnan(x.array)), 1.0, absolute(sign(x))), axes, keepdim)
    if ord == 1:
        return sum_over(absolute(x), axes, keepdim)
    if ord == 2:
        return root(sum_over(x * x, axes, keepdim))
    return _power_norm(x, ord, axes, keepdim)


def _power_norm(x: Tensor, p: float, axes: tuple[int, ...], keepdim: bool) -> Tensor:
    zero = from_array(x.array == 0)
    powers = absolute(where(zero, 1.0, x)) ** p
    powers = where(zero, 0.0 if p > 0 else math.inf, powers)
    total = sum_over(powers, axes, keepdim)
    flat = from_array((total.array == 0) | np.isinf(total.array))
    limit = from_array(np.asarray(np.where(total.array == 0, 0.0, math.inf if p > 0 else 0.0)).astype(x.dtype)[()])
    found: Tensor = where(flat, limit, power(where(flat, 1.0, total), 1 / p))
    return found


def _largest(sizes: Tensor, axis: int, keepdim: bool) -> Tensor:
    """The largest of numbers not below 0; of none, 0."""
    return amax(sizes, axis, keepdim) if sizes.shape[axis] else sum_over(sizes, axis, keepdim)


@named
def matrix_norm(
    x: Any, ord: Any = "fro", dim: Sequence[int] = (-2, -1), keepdim: bool = False, *, dtype: Any = None
) -> Tensor:
    """The norm of matrices.

    Args:
        x: (..., m, n).
        ord: ``"fro"`` (root of the sum of squares), ``"nuc"`` (sum of singular values), ±2 (largest, smallest
            singular value), ±1 (largest, smallest column sum), ±∞ (row sum).
        dim: the two axes of the matrices.
        keepdim: keep them, at length one.
        dtype: the dtype to compute in.

    Returns:
        A Tensor without these axes.

    Raises:
        ValueError: there is no such norm, or there are not two different axes.
        IndexError: there is no such axis.

    Example:
        >>> import autograd_core as ag
        >>> ag.linalg.matrix_norm(ag.tensor([[1.0, 2.0], [3.0, 4.0]]), 1)
        tensor(6.)
    """
    x = tensor_of(x)
    if x.dtype.kind != "f" and dtype is None:
        raise TypeError(f"matrix_norm needs floats, got {x.dtype}: convert with .float() first")
    x = floating(x, dtype)
    if x.ndim < 2:
        raise ValueError(f"matrix_norm needs at least two axes, got shape {x.shape}")
    if len(tuple(dim)) != 2:
        raise ValueError(f"matrix_norm needs two axes, got {tuple(dim)}")
    rows, columns = normalize_axis_tuple(tuple(dim), x.ndim)
    if ord == "fro":
        return vector_norm(x, 2, (rows, columns), keepdim)
    if ord == "nuc" or (not isinstance(ord, str) and abs(ord) == 2):
        from .decompositions import svdvals

        values = svdvals(x.movedim((rows, columns), (-2, -1)))
        found = sum_over(values, -1) if ord == "nuc" else _largest(values, -1, False) if ord == 2 else amin(values, -1)
        return expand_dims(found, tuple(sorted((rows, columns)))) if keepdim else found
    if isinstance(ord, str) or abs(ord) not in (1, math.inf):
        raise ValueError(f"matrix_norm has the orders fro, nuc, inf, -inf, 1, -1, 2 and -2, got {ord!r}")
    first, second = (rows, columns) if abs(ord) == 1 else (columns, rows)
    sums = sum_over(absolute(x), first, True)
    found = _largest(sums, second, True) if ord > 0 else amin(sums, second, True)
    return found if keepdim else found.squeeze((rows, columns))


@named
def norm_of(input: Any, ord: Any = None, dim: Any = None, keepdim: bool = False, *, dtype: Any = None) -> Tensor:
    """The norm of vectors or matrices: without ``ord`` the root of the sum of squares.

    Args:
        input: any shape.
        ord: a number or ∞ for vectors; for matrices as in :func:`matrix_norm`.
        dim: one axis for vectors, two for matrices; by default all, and with ``ord`` input has one or two.
        keepdim: keep them, at length one.
        dtype: the dtype to compute in.

    Returns:
        A Tensor without these axes.

    Raises:
        ValueError: there is no such norm, or input has too many axes for it.
        IndexError: there is no such axis.

    Example:
        >>> import autograd_core as ag
        >>> ag.linalg.norm(ag.tensor([[3.0, 0.0], [0.0, 4.0]]))
        tensor(5.)
    """
    input = tensor_of(input)
    places = None if dim is None else (dim,) if hasattr(dim, "__index__") else tuple(dim)
    if ord is None:
        return vector_norm(input, 2, places, keepdim, dtype=dtype)
    if places is None:
        if input.ndim not in (1, 2):
            raise ValueError(f"norm with ord={ord!r} needs dim, or one or two axes, got shape {input.shape}")
        places = tuple(range(input.ndim))
    if len(places) == 1 and not isinstance(ord, str):
        return vector_norm(input, ord, places, keepdim, dtype=dtype)
    if len(places) != 2:
        raise ValueError(f"norm with ord={ord!r} is of a vector or a matrix, got the axes {places}")
    return matrix_norm(input, ord, places, keepdim, dtype=dtype)


@public("norm")
@named
def norm(input: Any, p: Any = "fro", dim: Any = None, keepdim: bool = False, dtype: Any = None) -> Tensor:
    """The norm over axes: (Σ |x|^p)^(1/p), ``"fro"`` for p = 2, ``"nuc"`` for the sum of singular values.

    Args:
        input: any shape.
        p: a number, ±∞, ``"fro"`` or ``"nuc"``; None for 2.
        dim: the axes; all by default.
        keepdim: keep them, at length one.
        dtype: the dtype to compute in.

    Returns:
        A Tensor without these axes.

    Raises:
        ValueError: there is no such norm.
        IndexError: there is no such axis.

    Example:
        >>> import autograd_core as ag
        >>> ag.norm(ag.tensor([3.0, 4.0]))
        tensor(5.)
    """
    input = tensor_of(input)
    if p == "nuc":
        return matrix_norm(input, "nuc", (-2, -1) if dim is None else dim, keepdim, dtype=dtype)
    if isinstance(p, str) and p != "fro":
        raise ValueError(f"norm takes a number, 'fro' or 'nuc', got p={p!r}")
    return vector_norm(input, 2 if p in ("fro", None) else p, dim, keepdim, dtype=dtype)


public(numpy=np.linalg.norm)(
    lambda x, ord=None, axis=None, keepdims=False: norm_of(floating(x), ord, axis, keepdims)  # NumPy's names
)


@public("dist")
def dist(input: Any, other: Any, p: float = 2) -> Tensor:
    """The norm of the difference of two tensors.

    Args:
        input: any shape.
        other: any shape that broadcasts.
        p: the order of the norm.

    Returns:
        A 0-d Tensor.

    Raises:
        ValueError: the shapes do not broadcast.

    Example:
        >>> import autograd_core as ag
        >>> ag.dist(ag.tensor([1.0, 2.0]), ag.tensor([4.0, 6.0]))
        tensor(5.)
    """
    return vector_norm(tensor_of(input) - other, p)


_COMPUTE_MODES = (
    "use_mm_for_euclid_dist_if_necessary",
    "use_mm_for_euclid_dist",
    "donot_use_mm_for_euclid_dist",
)


def cdist(x1: Any, x2: Any, p: float = 2.0, compute_mode: str = "use_mm_for_euclid_dist_if_necessary") -> Tensor:
    """The distance of each row of one to each row of the other.

    Args:
        x1: (..., m, d).
        x2: (..., n, d).
        p: the order of the norm.
        compute_mode: one of PyTorch's; differences are always taken, which loses no digits.

    Returns:
        A Tensor (..., m, n).

    Raises:
        ValueError: the shapes do not fit, p is negative, or there is no such mode.

    Example:
        >>> import autograd_core as ag
        >>> ag.cdist(ag.tensor([[0.0, 0.0]]), ag.tensor([[3.0, 4.0], [0.0, 1.0]]))
        tensor([[5., 1.]])
    """
    a, b = tensor_of(x1), tensor_of(x2)
    if a.ndim < 2 or b.ndim < 2 or a.shape[-1] != b.shape[-1]:
        raise ValueError(f"cdist needs (..., m, d) and (..., n, d), got {a.shape} and {b.shape}")
    if not p >= 0:
        raise ValueError(f"cdist needs an order p not below 0, got {p}")
    if compute_mode not in _COMPUTE_MODES:
        raise ValueError(f"cdist has the modes {', '.join(_COMPUTE_MODES)}, got {compute_mode!r}")
    differences = expand_dims(a, -2) - expand_dims(b, -3)
    if a.shape[-1] == 0:
        return sum_over(differences, -1)
    return vector_norm(differences, p, -1)


def pdist(input: Any, p: float = 2) -> Tensor:
    """The distances of all pairs of rows.

    Args:
        input: (n, d).
        p: the order of the norm.

    Returns:
        A Tensor (n·(n − 1)/2,).

    Raises:
        ValueError: the input is no matrix, or p is negative.

    Example:
        >>> import autograd_core as ag
        >>> ag.pdist(ag.tensor([[0.0, 0.0], [3.0, 4.0], [0.0, 1.0]]))
        tensor([5.    , 1.    , 4.2426])
    """
    x = tensor_of(input)
    if x.ndim != 2:
        raise ValueError(f"pdist needs a matrix, got shape {x.shape}")
    if not p >= 0:
        raise ValueError(f"pdist needs an order p not below 0, got {p}")
    first, second = np.triu_indices(x.shape[0], 1)
    differences = take_op(x, index=first, axis=0) - take_op(x, index=second, axis=0)
    return sum_over(differences, -1) if x.shape[1] == 0 else vector_norm(differences, p, -1)
