"""Putting and adding elements at places that tables of indices name."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..public import in_place, named, public
from ..tensor import Tensor, from_array
from .arithmetic import add
from .choice import masked_fill
from .compare import bitwise_or
from .gather import (
    _STARTS,
    _axis,
    _mask,
    _rows,
    _table,
    checked_indices,
    in_rows,
    indices,
    pick_add,
    positions_along,
    positions_of,
    take_add,
    take_op,
)
from .index import getitem_op, put_op
from .shape import clone, reshape, tensor_of

__all__ = [
    "index_add",
    "index_copy",
    "index_fill",
    "index_put",
    "masked_scatter",
    "put",
    "scatter",
    "scatter_add",
    "scatter_reduce",
]


def _plus(x: Tensor, added: Tensor) -> Tensor:
    """The sum, of booleans the one or the other."""
    return bitwise_or(x, added) if x.dtype.kind == "b" else add(x, added)


def flat_put(x: Tensor, positions: Any, values: Tensor) -> Tensor:
    """x with values put at positions of the flattened array."""
    flat = put_op(reshape(x, -1), reshape(values, -1), index=np.ravel(positions))
    return reshape(flat, x.shape)


def _source(x: Tensor, src: Any, shape: tuple[int, ...], name: str) -> Tensor:
    """The part of src that lies over an index table, or a number repeated for it."""
    if isinstance(src, (int, float, np.generic)):
        return from_array(np.full(shape, src, x.dtype))
    src = tensor_of(src, None if isinstance(src, (Tensor, np.ndarray)) else x.dtype)
    if src.dtype != x.dtype:
        raise TypeError(f"{name} needs a source of the input's dtype {x.dtype}, got {src.dtype}")
    if src.ndim == 0 and len(shape) <= 1:
        src = src.reshape(1)
    if src.ndim != len(shape) or any(n > m for n, m in zip(shape, src.shape, strict=True)):
        raise ValueError(f"{name} needs a source no smaller than the index {shape}, got shape {src.shape}")
    return src if src.shape == shape else getitem_op(src, index=tuple(slice(n) for n in shape))


@public("scatter")
@named
def scatter(
    input: Any, axis: int, index: Any, src: Any = None, *, value: Any = None, reduce: str | None = None
) -> Tensor:
    """x with elements of src put where a table names places along an axis: ``y[index[i, j], j] = src[i, j]``.

    Formula:
        Elements of src get the gradient of where they were put, elements that were replaced get 0.

    Args:
        input: any shape.
        axis: the axis along which the indices count.
        index: a table of whole numbers with as many axes as input; of several for one place the last stays.
        src: a Tensor no smaller than the index, or a number.
        value: a number, instead of src.
        reduce: ``"add"`` or ``"multiply"`` combines with what is there.

    Returns:
        A Tensor like input.

    Raises:
        IndexError: an index is out of range.
        ValueError: the shapes do not fit, or another reduction is asked for.
        TypeError: src has another dtype, or both src and value are given.

    Example:
        >>> import autograd_core as ag
        >>> ag.scatter(ag.zeros(3), 0, ag.tensor([2, 0]), ag.tensor([5.0, 6.0]))
        tensor([6., 0., 5.])
    """
    if (src is None) == (value is None):
        raise TypeError("scatter takes src or value: give one of them")
    if reduce is not None:
        names = {"add": "sum", "multiply": "prod"}
        if reduce not in names:
            raise ValueError(f"scatter combines by 'add' or 'multiply', got reduce={reduce!r}: see scatter_reduce")
        input = tensor_of(input)
        table = indices(index, "scatter")
        whole = _source(input, value if src is None else src, table.shape or (1,), "scatter")
        return scatter_reduce(input, axis, index, whole, names[reduce])
    input = tensor_of(input)
    table, place = _table(input, axis, index, "scatter", True)
    if table.size == 0:
        return clone(input)
    source = _source(input, value if src is None else src, table.shape, "scatter")
    return flat_put(input, positions_of(input.shape or (1,), table, place), source)


@public("scatter_add")
@named
def scatter_add(input: Any, axis: int, index: Any, src: Any) -> Tensor:
    """x with elements of src added where a table names places along an axis.

    Formula:
        ∂y/∂x = 1; elements of src get the gradient of where they were added.

    Args:
        input: any shape.
        axis: the axis along which the indices count.
        index: a table of whole numbers with as many axes as input.
        src: a Tensor no smaller than the index.

    Returns:
        A Tensor like input.

    Raises:
        IndexError: an index is out of range.
        ValueError: the shapes do not fit.
        TypeError: src has another dtype.

    Example:
        >>> import autograd_core as ag
        >>> ag.scatter_add(ag.zeros(3), 0, ag.tensor([2, 2]), ag.tensor([5.0, 6.0]))
        tensor([ 0.,  0., 11.])
    """
    input = tensor_of(input)
    table, place = _table(input, axis, index, "scatter_add", True)
    if table.size == 0:
        return clone(input)
    source = _source(input, src, table.shape, "scatter_add")
    if in_rows(input, table, place):
        return add(input, pick_add(source, index=table, length=input.shape[-1]))
    added = take_add(source, shape=input.shape, index=positions_of(input.shape or (1,), table, place), axis=None)
    return _plus(input, added)


@public("scatter_reduce")
@named
def scatter_reduce(input: Any, axis: int, index: Any, src: Any, reduce: str, *, include_self: bool = True) -> Tensor:
    """x combined with elements of src where a table names places along an axis.

    Formula:
        As of the sum, product, mean, maximum or minimum of what meets at a place; extremes share equally among ties.

    Args:
        input: any shape.
        axis: the axis along which the indices count.
        index: a table of whole numbers with as many axes as input.
        src: a Tensor no smaller than the index.
        reduce: ``"sum"``, ``"prod"``, ``"mean"``, ``"amax"`` or ``"amin"``.
        include_self: whether input's own element takes part.

    Returns:
        A Tensor like input.

    Raises:
        IndexError: an index is out of range.
        ValueError: the shapes do not fit, or another reduction is asked for.

    Example:
        >>> import autograd_core as ag
        >>> ag.scatter_reduce(ag.ones(2), 0, ag.tensor([0, 0]), ag.tensor([5.0, 6.0]), "amax")
        tensor([6., 1.])
    """
    if reduce not in ("sum", "prod", "mean", "amax", "amin"):
        raise ValueError(f"scatter_reduce combines by sum, prod, mean, amax or amin, got {reduce!r}")
    input = tensor_of(input)
    table, place = _table(input, axis, index, "scatter_reduce", True)
    if table.size == 0:
        return clone(input)
    source = reshape(_source(input, src, table.shape, "scatter_reduce"), -1)
    positions = positions_of(input.shape or (1,), table, place).ravel()
    return reshape(_combined(reshape(input, -1), positions, source, reduce, include_self), input.shape)


def _combined(x: Tensor, positions: Any, source: Tensor, reduce: str, include_self: bool) -> Tensor:
    """A flat x combined with a flat source at positions."""
    hit = np.zeros(x.numel(), np.bool_)
    hit[positions] = True
    if reduce in ("amax", "amin"):
        return _extremes(x, positions, source, reduce, hit, include_self)
    own = x if include_self else x.masked_fill(from_array(hit), _STARTS[reduce])
    if reduce == "prod":
        return _products(own, positions, source)
    total = own + take_add(source, shape=x.shape, index=positions, axis=None)
    if reduce == "sum":
        return total
    count = np.maximum(np.bincount(positions, minlength=x.numel()) + include_self, 1).astype(x.dtype)
    return total / from_array(count) if x.dtype.kind == "f" else total // from_array(count)


def _products(x: Tensor, positions: Any, source: Tensor) -> Tensor:
    """x times what meets at each place: factor by factor, so zeros are no special case."""
    order = np.argsort(positions, kind="stable")
    starts = np.r_[True, np.diff(positions[order]) != 0]
    first = np.flatnonzero(starts)[np.cumsum(starts) - 1]
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order)) - first
    for r in range(int(rank.max(initial=-1)) + 1):
        chosen = np.flatnonzero(rank == r)
        factors = put_op(
            from_array(np.ones_like(x.array)), take_op(source, index=chosen, axis=None), index=positions[chosen]
        )
        x = x * factors
    return x


def _extremes(x: Tensor, positions: Any, source: Tensor, reduce: str, hit: Any, include_self: bool) -> Tensor:
    """The extreme of what meets at each place, as a sum over the ties of their shares."""
    combine, worst = (np.maximum, -np.inf) if reduce == "amax" else (np.minimum, np.inf)
    if x.dtype.kind != "f":
        limits = np.iinfo(x.dtype) if x.dtype.kind in "iu" else None
        worst = (limits.min if reduce == "amax" else limits.max) if limits else reduce != "amax"
    result = x.array.copy() if include_self else np.where(hit, np.asarray(worst, x.dtype), x.array)
    combine.at(result, positions, source.array)
    if x.dtype.kind != "f":
        return from_array(result)
    own = (x.array == result) & (include_self | ~hit)
    theirs = source.array == result[positions]
    ties = own + np.bincount(positions, theirs, x.numel())
    share = (1 / np.maximum(ties, 1)).astype(x.dtype)
    zero = np.zeros_like(result)
    kept = (x * from_array(share)).where(from_array(own), from_array(zero))
    came = (source * from_array(share[positions])).where(from_array(theirs), 0.0)
    spread = kept + take_add(came, shape=x.shape, index=positions, axis=None)
    return _plus(spread, from_array(np.where(np.isfinite(result), result - spread.array, zero)))  # the digits of thirds


@public("index_add")
@named
def index_add(input: Any, axis: int, index: Any, source: Any, *, alpha: Any = 1) -> Tensor:
    """x with slices of a source added where indices name them along an axis.

    Args:
        input: any shape.
        axis: the axis.
        index: whole numbers, (n,).
        source: a Tensor with n slices along that axis, else input's shape.
        alpha: the source is multiplied by it.

    Returns:
        A Tensor like input.

    Raises:
        IndexError: an index is out of range.
        ValueError: the shapes do not fit.

    Example:
        >>> import autograd_core as ag
        >>> ag.index_add(ag.zeros(2, 2), 0, ag.tensor([1, 1]), ag.ones(2, 2))
        tensor([[0., 0.],
                [2., 2.]])
    """
    input, source = tensor_of(input), tensor_of(source)
    place, rows, source = _slices(input, axis, index, source, "index_add")
    added = take_add(source, shape=input.shape or (1,), index=rows, axis=place).reshape(input.shape)
    if input.dtype.kind == "b":
        return _plus(input, added & bool(alpha))
    return _plus(input, added if type(alpha) is int and alpha == 1 else added * alpha)


def _slices(x: Tensor, axis: int, index: Any, source: Tensor, name: str) -> tuple[int, Any, Tensor]:
    place, rows = _rows(x, axis, index, name)
    shape = x.shape or (1,)
    wanted = (*shape[:place], rows.size, *shape[place + 1 :])
    if source.ndim == 0 and wanted == (1,):
        source = source.reshape(1)
    if source.shape != wanted:
        raise ValueError(f"{name} needs a source of shape {wanted} for these indices, got {source.shape}")
    if source.dtype != x.dtype:
        raise TypeError(f"{name} needs a source of the input's dtype {x.dtype}, got {source.dtype}")
    return place, rows, source


@public("index_copy")
@named
def index_copy(input: Any, axis: int, index: Any, source: Any) -> Tensor:
    """x with slices of a source put where indices name them along an axis.

    Args:
        input: any shape.
        axis: the axis.
        index: whole numbers, (n,).
        source: a Tensor with n slices along that axis, else input's shape.

    Returns:
        A Tensor like input.

    Raises:
        IndexError: an index is out of range.
        ValueError: the shapes do not fit.

    Example:
        >>> import autograd_core as ag
        >>> ag.index_copy(ag.zeros(2, 2), 0, ag.tensor([1]), ag.ones(1, 2))
        tensor([[0., 0.],
                [1., 1.]])
    """
    input = tensor_of(input)
    place, rows, source = _slices(input, axis, index, tensor_of(source), "index_copy")
    return flat_put(input, positions_along(input.shape or (1,), rows, place), source)


@public("index_fill")
@named
def index_fill(input: Any, axis: int, index: Any, value: Any) -> Tensor:
    """x with a number put into the slices that indices name along an axis.

    Args:
        input: any shape.
        axis: the axis.
        index: whole numbers, (n,), may be negative.
        value: a number or a 0-d Tensor.

    Returns:
        A Tensor like input.

    Raises:
        IndexError: an index is out of range.
        ValueError: the value has axes.

    Example:
        >>> import autograd_core as ag
        >>> ag.index_fill(ag.zeros(2, 2), 1, ag.tensor([0]), 5.0)
        tensor([[5., 0.],
                [5., 0.]])
    """
    input = tensor_of(input)
    place, length = _axis(axis, input.ndim), (input.shape or (1,))[_axis(axis, input.ndim)]
    rows = checked_indices(indices(index, "index_fill").reshape(-1), length, "index_fill", True)
    mask = np.zeros(length, np.bool_)
    mask[rows] = True
    shape = (1,) * place + (length,) + (1,) * (max(input.ndim, 1) - place - 1)
    return masked_fill(input, from_array(mask.reshape(shape if input.ndim else ())[()]), value)


@public("index_put")
def index_put(input: Any, indices: Any, values: Any, accumulate: bool = False) -> Tensor:
    """``x[indices] = values`` as a new Tensor; with ``accumulate`` they are added.

    Args:
        input: any shape.
        indices: a tuple of index Tensors, whole numbers or booleans.
        values: any shape that broadcasts to what they select.
        accumulate: add, also several times at one place, instead of putting.

    Returns:
        A Tensor like input.

    Raises:
        IndexError: an index is out of range.
        ValueError: the shapes do not fit.

    Example:
        >>> import autograd_core as ag
        >>> ag.index_put(ag.zeros(3), (ag.tensor([0, 0]),), ag.ones(2), accumulate=True)
        tensor([2., 0., 0.])
    """
    input = tensor_of(input)
    chosen = tuple(slice(None) if i is None else tensor_of(i).array for i in indices)
    positions = np.arange(input.numel()).reshape(input.shape)[chosen]
    values = tensor_of(values)
    if values.dtype != input.dtype:
        raise TypeError(f"index_put needs values of the input's dtype {input.dtype}, got {values.dtype}")
    values = values.expand(*positions.shape) if values.shape != positions.shape else values
    if accumulate:
        added = take_add(values, shape=input.shape, index=positions, axis=None)
        return _plus(input, added)
    return flat_put(input, positions, values)


@public("put")
def put(input: Any, index: Any, source: Any, accumulate: bool = False) -> Tensor:
    """x with elements of a source put, or added, at positions of the flattened array.

    Args:
        input: any shape.
        index: whole numbers, may be negative, any shape.
        source: as many elements.
        accumulate: add instead of putting.

    Returns:
        A Tensor like input.

    Raises:
        IndexError: an index is out of range.
        ValueError: the numbers of elements differ.

    Example:
        >>> import autograd_core as ag
        >>> ag.put(ag.zeros(2, 2), ag.tensor([3]), ag.tensor([5.0]))
        tensor([[0., 0.],
                [0., 5.]])
    """
    input, source = tensor_of(input), tensor_of(source)
    positions = checked_indices(indices(index, "put"), input.numel(), "put", True)
    if source.numel() != positions.size:
        raise ValueError(f"put needs as many elements as indices, got {source.numel()} for {positions.size}")
    if source.dtype != input.dtype:
        raise TypeError(f"put needs a source of the input's dtype {input.dtype}, got {source.dtype}")
    source = reshape(source, positions.shape)
    if accumulate:
        added = take_add(source, shape=input.shape, index=positions, axis=None)
        return _plus(input, added)
    return flat_put(input, positions, source)


@public("masked_scatter")
def masked_scatter(input: Any, mask: Any, source: Any) -> Tensor:
    """x with elements of a source, in their order, put where the mask holds.

    Args:
        input: any shape.
        mask: booleans, any shape that broadcasts with input.
        source: at least as many elements as the mask has places.

    Returns:
        A Tensor of the broadcast shape.

    Raises:
        TypeError: the mask is not boolean, or the source has another dtype.
        ValueError: the source is too short.

    Example:
        >>> import autograd_core as ag
        >>> ag.masked_scatter(ag.zeros(3), ag.tensor([True, False, True]), ag.tensor([5.0, 6.0]))
        tensor([5., 0., 6.])
    """
    input, condition, source = tensor_of(input), _mask(mask, "masked_scatter"), tensor_of(source)
    if source.dtype != input.dtype:
        raise TypeError(f"masked_scatter needs a source of the input's dtype {input.dtype}, got {source.dtype}")
    shape = np.broadcast_shapes(input.shape, condition.shape)
    positions = np.flatnonzero(np.broadcast_to(condition, shape))
    if source.numel() < positions.size:
        raise ValueError(f"masked_scatter needs {positions.size} elements for the mask, got {source.numel()}")
    whole = input if input.shape == shape else input.expand(*shape)
    return flat_put(whole, positions, reshape(source, -1)[: positions.size])


for _form in (
    scatter,
    scatter_add,
    scatter_reduce,
    index_add,
    index_copy,
    index_fill,
    index_put,
    put,
    masked_scatter,
):
    setattr(Tensor, f"{_form.__name__}_", in_place(_form, f"{_form.__name__}_"))
