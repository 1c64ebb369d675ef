"""Products of vectors: inner, outer, cross, and Kronecker's of any tensors."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from ..public import named, public
from ..tensor import Tensor
from .einsum import tensordot
from .layout import roll
from .products import expect, matmul, matmul_op
from .reduce import sum as sum_over
from .shape import ravel, tensor_of

__all__ = ["cross", "dot", "ger", "inner", "kron", "outer", "vdot"]


@public("dot")
def dot(input: Any, tensor: Any) -> Tensor:
    """The sum of the products of the elements of two vectors.

    Args:
        input: (n,).
        tensor: (n,).

    Returns:
        A 0-d Tensor.

    Raises:
        ValueError: they are no vectors of the same length.

    Example:
        >>> import autograd_core as ag
        >>> ag.dot(ag.tensor([1.0, 2.0]), ag.tensor([3.0, 4.0]))
        tensor(11.)
    """
    a, b = tensor_of(input), tensor_of(tensor)
    expect(a.ndim == b.ndim == 1 and a.shape == b.shape, "dot", "(n,) and (n,)", a, b)
    return matmul_op(a, b)


@public("vdot")
def vdot(input: Any, other: Any) -> Tensor:
    """The sum of the products of the elements of two vectors, as :func:`dot`: all numbers are real here.

    Args:
        input: (n,).
        other: (n,).

    Returns:
        A 0-d Tensor.

    Raises:
        ValueError: they are no vectors of the same length.

    Example:
        >>> import autograd_core as ag
        >>> ag.vdot(ag.tensor([1.0, 2.0]), ag.tensor([3.0, 4.0]))
        tensor(11.)
    """
    return dot(input, other)


@public("inner", numpy=np.inner)
def inner(input: Any, other: Any) -> Tensor:
    """The sum of products over the last axes of two tensors; a 0-d one multiplies.

    Args:
        input: (..., n).
        other: (..., n).

    Returns:
        A Tensor with the other axes of both.

    Raises:
        ValueError: the last axes are not as long.

    Example:
        >>> import autograd_core as ag
        >>> ag.inner(ag.tensor([[1.0, 2.0], [3.0, 4.0]]), ag.tensor([1.0, 1.0]))
        tensor([3., 7.])
    """
    a, b = tensor_of(input), tensor_of(other)
    if a.ndim == 0 or b.ndim == 0:
        return a * b
    expect(a.shape[-1] == b.shape[-1], "inner", "(..., n) and (..., n)", a, b)
    return tensordot(a, b, ([-1], [-1]))


@public("outer", "ger")
def outer(input: Any, vec2: Any) -> Tensor:
    """The products of each element of one vector with each of another.

    Args:
        input: (m,).
        vec2: (n,).

    Returns:
        A Tensor (m, n).

    Raises:
        ValueError: they are no vectors.

    Example:
        >>> import autograd_core as ag
        >>> ag.outer(ag.tensor([1.0, 2.0]), ag.tensor([3.0, 4.0]))
        tensor([[3., 4.],
                [6., 8.]])
    """
    a, b = tensor_of(input), tensor_of(vec2)
    expect(a.ndim == b.ndim == 1, "outer", "(m,) and (n,)", a, b)
    return a[:, None] * b


ger = outer


@named
def vecdot(x: Any, y: Any, axis: int = -1) -> Tensor:
    """The sum of products along one axis of two tensors that broadcast.

    Args:
        x: any shape with that axis.
        y: any shape that broadcasts.
        axis: the axis.

    Returns:
        A Tensor without it.

    Raises:
        ValueError: the shapes do not broadcast.
        IndexError: there is no such axis.

    Example:
        >>> import autograd_core as ag
        >>> ag.linalg.vecdot(ag.tensor([[1.0, 2.0], [3.0, 4.0]]), ag.tensor([1.0, 1.0]))
        tensor([3., 7.])
    """
    return sum_over(tensor_of(x) * y, axis)


@public("kron", numpy=np.kron)
def kron(input: Any, other: Any) -> Tensor:
    """Kronecker's product: each element of one tensor times the whole of the other, as blocks.

    Args:
        input: any shape.
        other: any shape; axes of length one are put in front of the shorter.

    Returns:
        A Tensor, each axis as long as the product of both.

    Example:
        >>> import autograd_core as ag
        >>> ag.kron(ag.tensor([1.0, 2.0]), ag.tensor([1.0, 10.0]))
        tensor([ 1., 10.,  2., 20.])
    """
    a, b = tensor_of(input), tensor_of(other)
    ndim = max(a.ndim, b.ndim)
    left, right = (1,) * (ndim - a.ndim) + a.shape, (1,) * (ndim - b.ndim) + b.shape
    apart = [length for n in left for length in (n, 1)], [length for n in right for length in (1, n)]
    return (a.reshape(apart[0]) * b.reshape(apart[1])).reshape([n * m for n, m in zip(left, right, strict=True)])


@public("cross")
@named
def cross(input: Any, other: Any, axis: int | None = None) -> Tensor:
    """The cross product of vectors in space.

    Formula:
        y = (a₂b₃ − a₃b₂, a₃b₁ − a₁b₃, a₁b₂ − a₂b₁)

    Args:
        input: an axis of length 3, others any.
        other: as many axes; the others broadcast.
        axis: that axis; by default the first one of length 3.

    Returns:
        A Tensor of the broadcast shape.

    Raises:
        ValueError: the axis does not have length 3, or the shapes do not fit.
        IndexError: there is no such axis.

    Example:
        >>> import autograd_core as ag
        >>> ag.cross(ag.tensor([1.0, 0.0, 0.0]), ag.tensor([0.0, 1.0, 0.0]))
        tensor([0., 0., 1.])
    """
    a, b = tensor_of(input), tensor_of(other)
    expect(a.ndim == b.ndim, "cross", "as many axes of both", a, b)
    if axis is None:
        axis = next((i for i, n in enumerate(a.shape) if n == 3), 0)
    place = normalize_axis_index(axis, a.ndim)
    return _crossed(a, b, place - a.ndim)


@named
def linalg_cross(input: Any, other: Any, *, axis: int = -1) -> Tensor:
    """The cross product of vectors in space, as :func:`autograd_core.cross`, along the last axis.

    Args:
        input: an axis of length 3, others any.
        other: as many axes; the others broadcast.
        axis: that axis.

    Returns:
        A Tensor of the broadcast shape.

    Raises:
        ValueError: the axis does not have length 3, or the shapes do not fit.
        IndexError: there is no such axis.

    Example:
        >>> import autograd_core as ag
        >>> ag.linalg.cross(ag.tensor([1.0, 0.0, 0.0]), ag.tensor([0.0, 1.0, 0.0]))
        tensor([0., 0., 1.])
    """
    found: Tensor = cross(input, other, axis)
    return found


def _crossed(a: Tensor, b: Tensor, axis: int) -> Tensor:
    expect(a.shape[axis] == b.shape[axis] == 3, "cross", f"axis {axis} of length 3 in both", a, b)
    found: Tensor = roll(a, -1, axis) * roll(b, -2, axis) - roll(a, -2, axis) * roll(b, -1, axis)
    return found


@public(numpy=np.dot)
def _dot(a: Any, b: Any) -> Tensor:
    """NumPy's dot: a product of numbers, vectors or matrices, over the last axis of a and the last but one of b."""
    a, b = tensor_of(a), tensor_of(b)
    if a.ndim == 0 or b.ndim == 0:
        return a * b  # type: ignore[no-any-return]
    return matmul(a, b) if b.ndim == 1 or a.ndim == b.ndim == 2 else tensordot(a, b, ([-1], [-2]))


@public(numpy=np.vdot)
def _vdot(a: Any, b: Any) -> Tensor:
    return dot(ravel(a), ravel(b))


@public(numpy=np.outer)
def _outer(a: Any, b: Any) -> Tensor:
    return outer(ravel(a), ravel(b))


@public(numpy=(np.vecdot, np.linalg.vecdot))
def _vecdot(x1: Any, x2: Any, axis: int = -1) -> Tensor:
    return vecdot(x1, x2, axis)


@public(numpy=(np.cross, np.linalg.cross))
def _cross(a: Any, b: Any, axis: int = -1) -> Tensor:
    return _crossed(tensor_of(a), tensor_of(b), axis)


public(numpy=np.linalg.outer)(outer)
