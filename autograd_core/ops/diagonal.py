"""Diagonals, triangles and windows: views of strides, whose transposes add up what was seen several times."""

from __future__ import annotations

import math
import operator
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from ..public import in_place, named, public
from ..rules import Function, linear
from ..tensor import Tensor, from_array
from .gather import take_op
from .index import getitem_op, put_op
from .layout import movedim
from .reduce import sum as sum_over
from .scatter import flat_put
from .shape import reshape, sizes, tensor_of

__all__ = [
    "as_strided",
    "diag",
    "diag_embed",
    "diagflat",
    "diagonal",
    "diagonal_scatter",
    "select_scatter",
    "slice_scatter",
    "trace",
    "tril",
    "tril_indices",
    "triu",
    "triu_indices",
]

tril_op: Function = linear(
    lambda x, k: np.tril(x, k), lambda g, x, k: tril_op.op.on(g, k=k), name="tril", symbol="◺", options={"k": 0}
)
triu_op: Function = linear(
    lambda x, k: np.triu(x, k), lambda g, x, k: triu_op.op.on(g, k=k), name="triu", symbol="◹", options={"k": 0}
)


def _triangle(op: Any, x: Any, diagonal: int) -> Tensor:
    x = tensor_of(x)
    if x.ndim < 2:
        raise ValueError(f"{op.op.name} needs at least two axes, got shape {x.shape}")
    return op(x, k=operator.index(diagonal))  # type: ignore[no-any-return]


@public("tril")
def tril(input: Any, diagonal: int = 0) -> Tensor:
    """The lower triangle of matrices, zeros above.

    Args:
        input: (..., m, n).
        diagonal: the highest diagonal that is kept; above the main one if positive.

    Returns:
        A Tensor of the same shape.

    Raises:
        ValueError: input has fewer than two axes.

    Example:
        >>> import autograd_core as ag
        >>> ag.tril(ag.ones(2, 2))
        tensor([[1., 0.],
                [1., 1.]])
    """
    return _triangle(tril_op, input, diagonal)


@public("triu")
def triu(input: Any, diagonal: int = 0) -> Tensor:
    """The upper triangle of matrices, zeros below.

    Args:
        input: (..., m, n).
        diagonal: the lowest diagonal that is kept; above the main one if positive.

    Returns:
        A Tensor of the same shape.

    Raises:
        ValueError: input has fewer than two axes.

    Example:
        >>> import autograd_core as ag
        >>> ag.triu(ag.ones(2, 2))
        tensor([[1., 1.],
                [0., 1.]])
    """
    return _triangle(triu_op, input, diagonal)


@public(numpy=np.tril)
def _tril(m: Any, k: int = 0) -> Tensor:
    return tril(m, k)


@public(numpy=np.triu)
def _triu(m: Any, k: int = 0) -> Tensor:
    return triu(m, k)


def tril_indices(row: int, col: int, offset: int = 0, *, dtype: Any = np.int64, device: Any = None) -> Tensor:
    """Where the lower triangle of a matrix stands.

    Args:
        row: the number of rows.
        col: the number of columns.
        offset: the highest diagonal.
        dtype: of the result.
        device: accepted as PyTorch's.

    Returns:
        A Tensor (2, n): row numbers and column numbers.

    Raises:
        ValueError: a number is negative.

    Example:
        >>> import autograd_core as ag
        >>> ag.tril_indices(2, 2).tolist()
        [[0, 1, 1], [0, 0, 1]]
    """
    return _places(np.tril_indices, "tril_indices", row, col, offset, dtype)


def triu_indices(row: int, col: int, offset: int = 0, *, dtype: Any = np.int64, device: Any = None) -> Tensor:
    """Where the upper triangle of a matrix stands.

    Args:
        row: the number of rows.
        col: the number of columns.
        offset: the lowest diagonal.
        dtype: of the result.
        device: accepted as PyTorch's.

    Returns:
        A Tensor (2, n): row numbers and column numbers.

    Raises:
        ValueError: a number is negative.

    Example:
        >>> import autograd_core as ag
        >>> ag.triu_indices(2, 2).tolist()
        [[0, 0, 1], [0, 1, 1]]
    """
    return _places(np.triu_indices, "triu_indices", row, col, offset, dtype)


def _places(function: Any, name: str, row: int, col: int, offset: int, dtype: Any) -> Tensor:
    row, col, offset = operator.index(row), operator.index(col), operator.index(offset)
    if row < 0 or col < 0:
        raise ValueError(f"{name} needs numbers of rows and columns not below 0, got {row} and {col}")
    return from_array(np.stack(function(row, offset, col)).astype(dtype))


def _diagonal_places(shape: tuple[int, ...], offset: int, a: int, b: int) -> Any:
    """Where in the flattened array a diagonal stands, its own axis last."""
    return np.diagonal(np.arange(math.prod(shape)).reshape(shape), offset, a, b)


@public("diagonal", numpy=np.diagonal)
def diagonal(
    input: Any, offset: int = 0, dim1: int | None = None, dim2: int | None = None, *, axis1: int = 0, axis2: int = 1
) -> Tensor:
    """A diagonal of the plane of two axes; it becomes the last axis.

    Formula:
        The gradient goes to the diagonal, zeros elsewhere.

    Args:
        input: at least two-dimensional.
        offset: which diagonal; above the main one if positive.
        dim1: the first axis of the plane.
        dim2: the second.
        axis1: as dim1, by NumPy's name.
        axis2: as dim2, by NumPy's name.

    Returns:
        A Tensor.

    Raises:
        IndexError: there is no such axis.
        ValueError: the axes are the same.

    Example:
        >>> import autograd_core as ag
        >>> ag.diagonal(ag.tensor([[1, 2], [3, 4]]))
        tensor([1, 4])
    """
    input = tensor_of(input)
    a = normalize_axis_index(axis1 if dim1 is None else dim1, input.ndim)
    b = normalize_axis_index(axis2 if dim2 is None else dim2, input.ndim)
    if a == b:
        raise ValueError(f"diagonal needs two different axes, got {a} twice")
    return take_op(input, index=_diagonal_places(input.shape, offset, a, b), axis=None)


@public("diagonal_scatter")
def diagonal_scatter(input: Any, src: Any, offset: int = 0, dim1: int = 0, dim2: int = 1) -> Tensor:
    """x with a diagonal replaced.

    Args:
        input: at least two-dimensional.
        src: what :func:`diagonal` of input has the shape of.
        offset: which diagonal.
        dim1: the first axis of the plane.
        dim2: the second.

    Returns:
        A Tensor like input.

    Raises:
        ValueError: src has another shape.

    Example:
        >>> import autograd_core as ag
        >>> ag.diagonal_scatter(ag.zeros(2, 2), ag.ones(2))
        tensor([[1., 0.],
                [0., 1.]])
    """
    input, src = tensor_of(input), tensor_of(src)
    a, b = normalize_axis_index(dim1, input.ndim), normalize_axis_index(dim2, input.ndim)
    places = _diagonal_places(input.shape, offset, a, b)
    return _replaced(input, places, src, "diagonal_scatter")


def _replaced(x: Tensor, places: Any, src: Tensor, name: str) -> Tensor:
    if src.shape != places.shape:
        raise ValueError(f"{name} needs a source of shape {places.shape}, got {src.shape}")
    return flat_put(x, places, src.to(x.dtype))


@public("select_scatter")
@named
def select_scatter(input: Any, src: Any, dim: int, index: int) -> Tensor:
    """x with one slice of an axis replaced.

    Args:
        input: any shape.
        src: input's shape without that axis.
        dim: the axis.
        index: which slice.

    Returns:
        A Tensor like input.

    Raises:
        ValueError: src has another shape.
        IndexError: there is no such axis or slice.

    Example:
        >>> import autograd_core as ag
        >>> ag.select_scatter(ag.zeros(2, 2), ag.ones(2), 0, 1)
        tensor([[0., 0.],
                [1., 1.]])
    """
    input, src = tensor_of(input), tensor_of(src)
    place = (slice(None),) * normalize_axis_index(dim, input.ndim) + (operator.index(index),)
    return _put_slice(input, src, place, "select_scatter")


def _put_slice(x: Tensor, src: Tensor, place: Any, name: str) -> Tensor:
    wanted = np.broadcast_to(np.int8(0), x.shape)[place].shape
    if src.shape != wanted:
        raise ValueError(f"{name} needs a source of shape {wanted}, got {src.shape}")
    return put_op(x, src.to(x.dtype), index=place)


@public("slice_scatter")
@named
def slice_scatter(
    input: Any, src: Any, dim: int = 0, start: int | None = None, end: int | None = None, step: int = 1
) -> Tensor:
    """x with a stretch of an axis replaced.

    Args:
        input: any shape.
        src: the shape of that stretch.
        dim: the axis.
        start: where it starts.
        end: where it ends, itself not included.
        step: every how manyth slice.

    Returns:
        A Tensor like input.

    Raises:
        ValueError: src has another shape.
        IndexError: there is no such axis.

    Example:
        >>> import autograd_core as ag
        >>> ag.slice_scatter(ag.zeros(3), ag.ones(2), 0, 1)
        tensor([0., 1., 1.])
    """
    input, src = tensor_of(input), tensor_of(src)
    place = (slice(None),) * normalize_axis_index(dim, input.ndim) + (slice(start, end, step),)
    return _put_slice(input, src, place, "slice_scatter")


@public("diag_embed")
def diag_embed(input: Any, offset: int = 0, dim1: int = -2, dim2: int = -1) -> Tensor:
    """Matrices of zeros with the last axis on a diagonal.

    Args:
        input: (..., n).
        offset: which diagonal.
        dim1: where the first axis of the matrices stands in the result.
        dim2: where the second stands.

    Returns:
        A Tensor with one axis more.

    Raises:
        ValueError: the axes are the same.
        IndexError: there is no such axis.

    Example:
        >>> import autograd_core as ag
        >>> ag.diag_embed(ag.tensor([1, 2]))
        tensor([[1, 0],
                [0, 2]])
    """
    input = tensor_of(input)
    if input.ndim == 0:
        raise ValueError("diag_embed needs at least one axis, got a 0-d tensor")
    a, b = normalize_axis_index(dim1, input.ndim + 1), normalize_axis_index(dim2, input.ndim + 1)
    if a == b:
        raise ValueError(f"diag_embed needs two different axes, got {a} twice")
    side = input.shape[-1] + abs(offset)
    whole = from_array(np.zeros((*input.shape[:-1], side, side), input.dtype))
    places = _diagonal_places(whole.shape, offset, input.ndim - 1, input.ndim)
    return movedim(flat_put(whole, places, input), (-2, -1), (a, b))


@public("diag", numpy=np.diag)
def diag(input: Any, diagonal: int = 0, *, k: int = 0) -> Tensor:
    """The diagonal of a matrix, or a matrix with that diagonal.

    Args:
        input: two- or one-dimensional.
        diagonal: which one; above the main one if positive.
        k: the same, by NumPy's name.

    Returns:
        A Tensor.

    Raises:
        ValueError: input has another number of axes.

    Example:
        >>> import autograd_core as ag
        >>> ag.diag(ag.tensor([[1, 2], [3, 4]]))
        tensor([1, 4])
    """
    input = tensor_of(input)
    if input.ndim not in (1, 2):
        raise ValueError(f"diag needs one or two axes, got shape {input.shape}")
    return diag_embed(input, diagonal + k) if input.ndim == 1 else _checked_diagonal(input, diagonal + k)


def _checked_diagonal(x: Tensor, offset: int) -> Tensor:
    return take_op(x, index=_diagonal_places(x.shape, offset, 0, 1), axis=None)


@public("diagflat", numpy=np.diagflat)
def diagflat(input: Any, offset: int = 0) -> Tensor:
    """A matrix with the flattened elements on a diagonal.

    Args:
        input: any shape.
        offset: which diagonal.

    Returns:
        A two-dimensional Tensor.

    Example:
        >>> import autograd_core as ag
        >>> ag.diagflat(ag.tensor([1, 2]), 1).tolist()
        [[0, 1, 0], [0, 0, 2], [0, 0, 0]]
    """
    return diag_embed(reshape(tensor_of(input), -1), offset)


@public("trace")
def trace(input: Any) -> Tensor:
    """The sum of the main diagonal.

    Args:
        input: (m, n).

    Returns:
        A 0-d Tensor.

    Raises:
        ValueError: input is not two-dimensional.

    Example:
        >>> import autograd_core as ag
        >>> ag.trace(ag.tensor([[1.0, 2.0], [3.0, 4.0]]))
        tensor(5.)
    """
    input = tensor_of(input)
    if input.ndim != 2:
        raise ValueError(f"trace needs a matrix, got shape {input.shape}")
    return sum_over(diagonal(input))


@public(numpy=np.trace)
def _trace(a: Any, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Tensor:
    return sum_over(diagonal(a, offset, axis1, axis2), -1)


@public("as_strided")
def as_strided(input: Any, size: Any, stride: Any, storage_offset: int | None = None) -> Tensor:
    """Elements read from the row-major order of x at given strides; overlapping reads add their gradients.

    Args:
        input: any shape.
        size: the shape of the result.
        stride: how far one step along each axis moves, in elements.
        storage_offset: where it starts.

    Returns:
        A Tensor of shape ``size``.

    Raises:
        ValueError: it would read outside of input, or there are not as many strides as axes.

    Example:
        >>> import autograd_core as ag
        >>> ag.as_strided(ag.arange(4), (3, 2), (1, 1)).tolist()
        [[0, 1], [1, 2], [2, 3]]
    """
    input, size, stride = tensor_of(input), sizes((size,)), sizes((stride,))
    if len(size) != len(stride):
        raise ValueError(f"as_strided needs as many strides as axes, got {stride} for {size}")
    if any(n < 0 for n in (*size, *stride, storage_offset or 0)):
        raise ValueError(f"as_strided needs sizes, strides and an offset not below 0, got {size}, {stride}")
    places = np.full(size, storage_offset or 0)
    for i, (n, step) in enumerate(zip(size, stride, strict=True)):
        places += (np.arange(n) * step).reshape((-1,) + (1,) * (len(size) - i - 1))
    if places.size and places.max() >= input.numel():
        raise ValueError(f"as_strided would read element {places.max()} of a tensor with {input.numel()}")
    return take_op(input, index=places[()], axis=None)


@public("unfold")
def _unfold(input: Tensor, dimension: int, size: int, step: int) -> Tensor:
    """All windows of a length along an axis, step apart; they become the last axis."""
    input = tensor_of(input)
    place = normalize_axis_index(dimension, input.ndim or 1)
    longest = input.shape[place] if input.ndim else 1
    if not 0 <= operator.index(size) <= longest:
        raise ValueError(f"unfold needs windows from 0 to the axis's {longest}, got {size}")
    if operator.index(step) <= 0:
        raise ValueError(f"unfold needs a step above 0, got {step}")
    if input.ndim == 0:
        return reshape(input, 1)[:size]
    rows = np.arange(0, input.shape[place] - size + 1, step)[:, None] + np.arange(size)
    windows = getitem_op(input, index=(slice(None),) * place + (rows,))
    return movedim(windows, place + 1, -1)


for _form in (tril, triu, as_strided):
    _name = f"{_form.__name__}_"
    setattr(Tensor, _name, in_place(_form, _name, reshaping=_name == "as_strided_"))
