"""Selecting elements by tables of indices, and adding or putting them back.

Everything here comes down to positions in the flattened array: :data:`take_op` reads there, :data:`take_add` adds,
and each is the other's transpose.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from ..public import in_place, named, public
from ..rules import Function, linear
from ..tensor import Tensor, from_array, to_array
from .arithmetic import add
from .choice import masked_fill
from .compare import bitwise_or
from .index import getitem_op, put_op
from .shape import as_tensor, clone, reshape

__all__ = [
    "gather",
    "index_add",
    "index_copy",
    "index_fill",
    "index_put",
    "index_select",
    "masked_scatter",
    "masked_select",
    "put",
    "scatter",
    "scatter_add",
    "scatter_reduce",
    "take",
    "take_along_dim",
]


def positions_along(shape: tuple[int, ...], index: Any, axis: int) -> Any:
    """Where in the flattened array the rows stand that indices name along an axis."""
    stride = math.prod(shape[axis + 1 :])
    outer = np.arange(math.prod(shape[:axis])).reshape(shape[:axis] + (1,) * (index.ndim + len(shape) - axis - 1))
    inner = np.arange(stride).reshape(shape[axis + 1 :])
    rows = index.reshape(index.shape + (1,) * (len(shape) - axis - 1)) * stride
    return outer * (stride * shape[axis]) + rows + inner


def positions_of(shape: tuple[int, ...], index: Any, axis: int) -> Any:
    """Where in the flattened array the elements stand that a table names along an axis, one for each of its places."""
    total, stride = index * math.prod(shape[axis + 1 :]), 1
    for i in range(len(shape) - 1, -1, -1):
        if i != axis:
            places = np.arange(index.shape[i]) * stride
            total = total + places.reshape((-1,) + (1,) * (len(shape) - i - 1))
        stride *= shape[i]
    return total


def add_flat(shape: tuple[int, ...], positions: Any, g: Any) -> Any:
    """Zeros of a shape, with g added at positions of the flattened array."""
    out = np.zeros(math.prod(shape), g.dtype)
    np.add.at(out, np.ravel(positions), np.ravel(g))  # fast for one axis only
    return out.reshape(shape)[()]


def _take(x: Any, index: Any, axis: int | None) -> Any:
    return x.take(index, axis=axis)


def _take_add(g: Any, shape: tuple[int, ...], index: Any, axis: int | None) -> Any:
    return add_flat(shape, index if axis is None else positions_along(shape, index, axis), g)


take_op: Function = linear(
    _take,
    lambda g, x, index, axis: take_add.op.on(g, shape=x.shape, index=index, axis=axis),
    name="take",
    symbol="[ ]",
    options={"index": "index", "axis": 0},
)
take_add: Function = linear(
    _take_add,
    lambda g, x, shape, index, axis: take_op.op.on(g, index=index, axis=axis),
    name="take_add",
    symbol="Σ[ ]",
    options={"shape": "shape", "index": "index", "axis": 0},
)


def _plus(x: Tensor, added: Tensor) -> Tensor:
    """The sum, of booleans the one or the other."""
    return bitwise_or(x, added) if x.dtype.kind == "b" else add(x, added)


def indices(value: Any, name: str) -> Any:
    """An index table as an array of its own: whole numbers only."""
    array = value.array if isinstance(value, Tensor) else to_array(value)
    if array.size == 0 and not isinstance(value, (Tensor, np.ndarray)):
        array = np.asarray(array, np.int64)
    if array.dtype.kind not in "iu":
        raise TypeError(f"{name} needs an index of integers, got {array.dtype}")
    return np.array(array, np.int64)


def checked_indices(index: Any, length: int, name: str, negative: bool = False) -> Any:
    """Indices that lie in an axis; one that does not is named with its position."""
    low = -length if negative else 0
    wrong = (index < low) | (index >= length)
    if np.any(wrong):
        place = tuple(int(i) for i in np.argwhere(wrong)[0])
        raise IndexError(
            f"{name} needs indices from {low} to {length - 1}, got {index[place]}" + (f" at {place}" if place else "")
        )
    return np.where(index < 0, index + length, index) if negative else index


def _axis(dim: Any, ndim: int) -> int:
    return normalize_axis_index(dim, ndim or 1)


def _table(x: Tensor, dim: int, index: Any, name: str, within: bool) -> tuple[Any, int]:
    """The index table of gather and scatter, checked, and its axis; a 0-d x counts as having one axis."""
    table, axis = indices(index, name), _axis(dim, x.ndim)
    shape = x.shape or (1,)
    if table.ndim == 0:
        table = table.reshape(1)
    if table.size == 0:
        return table, axis
    if table.ndim != len(shape):
        raise ValueError(f"{name} needs an index with as many axes as the input {x.shape}, got shape {table.shape}")
    wide = [i for i in range(len(shape)) if i != axis and table.shape[i] > shape[i]]
    if within and wide:
        raise ValueError(
            f"{name} needs an index no longer than the input {x.shape} but along axis {axis}, got {table.shape}"
        )
    return checked_indices(table, shape[axis], name), axis


@public("gather")
@named
def gather(x: Any, axis: int, index: Any, *, sparse_grad: bool = False) -> Tensor:
    """The elements that a table names along an axis: ``y[i, j] = x[index[i, j], j]`` for axis 0.

    Formula:
        Each element's gradient is added at the place it came from.

    Args:
        x: any shape.
        axis: the axis along which the indices count.
        index: a table of whole numbers with as many axes as x, along the others no longer.
        sparse_grad: accepted as PyTorch's; gradients are always dense.

    Returns:
        A Tensor of the index's shape.

    Raises:
        IndexError: an index is out of range, or there is no such axis.
        ValueError: the shapes do not fit.

    Example:
        >>> import autograd_core as ag
        >>> ag.gather(ag.tensor([[1.0, 2.0], [3.0, 4.0]]), 1, ag.tensor([[0, 0], [1, 0]]))
        tensor([[1., 1.],
                [4., 3.]])
    """
    x = as_tensor(x)
    given = np.shape(getattr(index, "array", index))
    table, place = _table(x, axis, index, "gather", True)
    if table.size == 0:
        return take_op(x, index=table.reshape(given), axis=None) if x.numel() else reshape(x, given)
    return take_op(x, index=positions_of(x.shape or (1,), table, place).reshape(given), axis=None)


@public("take_along_dim", numpy=np.take_along_axis)
def take_along_dim(x: Any, indices: Any, dim: int | None = None, *, axis: int | None = None) -> Tensor:
    """The elements that indices name along an axis, as argsort and argmax give them; the other axes broadcast.

    Args:
        x: any shape.
        indices: whole numbers, may be negative.
        dim: the axis; None takes from the flattened elements.
        axis: the same, by NumPy's name.

    Returns:
        A Tensor of the indices' shape, broadcast along the other axes.

    Raises:
        IndexError: an index is out of range.
        ValueError: the shapes do not fit.

    Example:
        >>> import autograd_core as ag
        >>> x = ag.tensor([[3.0, 1.0, 2.0]])
        >>> ag.take_along_dim(x, ag.argsort(x, 1), 1)
        tensor([[1., 2., 3.]])
    """
    x, dim = as_tensor(x), axis if dim is None else dim
    table = _indices(indices, "take_along_dim")
    if dim is None:
        return take_op(x, index=checked_indices(table.ravel(), x.numel(), "take_along_dim", True), axis=None)
    place = _axis(dim, x.ndim)
    if table.ndim != x.ndim:
        raise ValueError(f"take_along_dim needs indices with the axes of the input {x.shape}, got shape {table.shape}")
    table = checked_indices(table, x.shape[place], "take_along_dim", True)
    shape = np.broadcast_shapes(*((*s[:place], 1, *s[place + 1 :]) for s in (x.shape, table.shape)))
    whole = x.expand(*shape[:place], x.shape[place], *shape[place + 1 :])
    table = np.broadcast_to(table, (*shape[:place], table.shape[place], *shape[place + 1 :]))
    return take_op(whole, index=positions_of(whole.shape, table, place), axis=None)


_indices = indices


@public("take")
def take(x: Any, index: Any) -> Tensor:
    """The elements at positions of the flattened input.

    Args:
        x: any shape.
        index: whole numbers, may be negative, any shape.

    Returns:
        A Tensor of the index's shape.

    Raises:
        IndexError: an index is out of range.

    Example:
        >>> import autograd_core as ag
        >>> ag.take(ag.tensor([[1.0, 2.0], [3.0, 4.0]]), ag.tensor([3, 0]))
        tensor([4., 1.])
    """
    x = as_tensor(x)
    return take_op(x, index=checked_indices(indices(index, "take"), x.numel(), "take", True), axis=None)


@public(numpy=np.take)
def _take_axis(a: Any, indices: Any, axis: int | None = None) -> Tensor:
    if axis is None:
        return take(a, indices)
    a = as_tensor(a)
    place = normalize_axis_index(axis, a.ndim)
    return take_op(a, index=checked_indices(_indices(indices, "take"), a.shape[place], "take", True), axis=place)


@public("index_select")
@named
def index_select(x: Any, axis: int, index: Any) -> Tensor:
    """The slices that indices name along an axis.

    Args:
        x: any shape.
        axis: the axis.
        index: whole numbers, (n,) or one number.

    Returns:
        A Tensor with n slices along that axis.

    Raises:
        IndexError: an index is out of range, or there is no such axis.
        ValueError: the index has more than one axis.

    Example:
        >>> import autograd_core as ag
        >>> ag.index_select(ag.tensor([[1.0, 2.0], [3.0, 4.0]]), 0, ag.tensor([1]))
        tensor([[3., 4.]])
    """
    x = as_tensor(x)
    place, rows = _rows(x, axis, index, "index_select")
    if x.ndim == 0:
        return take_op(x, index=rows[0] if rows.size == 1 else rows, axis=None)
    return take_op(x, index=rows, axis=place)


def _rows(x: Tensor, axis: int, index: Any, name: str) -> tuple[int, Any]:
    place, rows = _axis(axis, x.ndim), indices(index, name)
    if rows.ndim > 1:
        raise ValueError(f"{name} needs an index of one axis, got shape {rows.shape}")
    return place, checked_indices(rows.reshape(-1), (x.shape or (1,))[place], name)


def flat_put(x: Tensor, positions: Any, values: Tensor) -> Tensor:
    """x with values put at positions of the flattened array."""
    flat = put_op(reshape(x, -1), reshape(values, -1), index=np.ravel(positions))
    return reshape(flat, x.shape)


def _source(x: Tensor, src: Any, shape: tuple[int, ...], name: str) -> Tensor:
    """The part of src that lies over an index table, or a number repeated for it."""
    if not isinstance(src, (Tensor, np.ndarray)):
        return from_array(np.full(shape, src, x.dtype))
    src = as_tensor(src)
    if src.dtype != x.dtype:
        raise TypeError(f"{name} needs a source of the input's dtype {x.dtype}, got {src.dtype}")
    if src.ndim == 0 and len(shape) <= 1:
        src = src.reshape(1)
    if src.ndim != len(shape) or any(n > m for n, m in zip(shape, src.shape, strict=True)):
        raise ValueError(f"{name} needs a source no smaller than the index {shape}, got shape {src.shape}")
    return src if src.shape == shape else getitem_op(src, index=tuple(slice(n) for n in shape))


@public("scatter")
@named
def scatter(x: Any, axis: int, index: Any, src: Any = None, *, value: Any = None, reduce: str | None = None) -> Tensor:
    """x with elements of src put where a table names places along an axis: ``y[index[i, j], j] = src[i, j]``.

    Formula:
        Elements of src get the gradient of where they were put, elements that were replaced get 0.

    Args:
        x: any shape.
        axis: the axis along which the indices count.
        index: a table of whole numbers with as many axes as x; of several for one place the last stays.
        src: a Tensor no smaller than the index, or a number.
        value: a number, instead of src.
        reduce: ``"add"`` or ``"multiply"`` combines with what is there.

    Returns:
        A Tensor like x.

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
        x = as_tensor(x)
        table = indices(index, "scatter")
        whole = _source(x, value if src is None else src, table.shape or (1,), "scatter")
        return scatter_reduce(x, axis, index, whole, names[reduce])
    x = as_tensor(x)
    table, place = _table(x, axis, index, "scatter", True)
    if table.size == 0:
        return clone(x)
    source = _source(x, value if src is None else src, table.shape, "scatter")
    return flat_put(x, positions_of(x.shape or (1,), table, place), source)


@public("scatter_add")
@named
def scatter_add(x: Any, axis: int, index: Any, src: Any) -> Tensor:
    """x with elements of src added where a table names places along an axis.

    Formula:
        ∂y/∂x = 1; elements of src get the gradient of where they were added.

    Args:
        x: any shape.
        axis: the axis along which the indices count.
        index: a table of whole numbers with as many axes as x.
        src: a Tensor no smaller than the index.

    Returns:
        A Tensor like x.

    Raises:
        IndexError: an index is out of range.
        ValueError: the shapes do not fit.
        TypeError: src has another dtype.

    Example:
        >>> import autograd_core as ag
        >>> ag.scatter_add(ag.zeros(3), 0, ag.tensor([2, 2]), ag.tensor([5.0, 6.0]))
        tensor([ 0.,  0., 11.])
    """
    x = as_tensor(x)
    table, place = _table(x, axis, index, "scatter_add", True)
    if table.size == 0:
        return clone(x)
    source = _source(x, src, table.shape, "scatter_add")
    added = take_add(source, shape=x.shape, index=positions_of(x.shape or (1,), table, place), axis=None)
    return _plus(x, added)


_STARTS = {"sum": 0, "mean": 0, "prod": 1}


@public("scatter_reduce")
@named
def scatter_reduce(x: Any, axis: int, index: Any, src: Any, reduce: str, *, include_self: bool = True) -> Tensor:
    """x combined with elements of src where a table names places along an axis.

    Formula:
        As of the sum, product, mean, maximum or minimum of what meets at a place; extremes share equally among ties.

    Args:
        x: any shape.
        axis: the axis along which the indices count.
        index: a table of whole numbers with as many axes as x.
        src: a Tensor no smaller than the index.
        reduce: ``"sum"``, ``"prod"``, ``"mean"``, ``"amax"`` or ``"amin"``.
        include_self: whether x's own element takes part.

    Returns:
        A Tensor like x.

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
    x = as_tensor(x)
    table, place = _table(x, axis, index, "scatter_reduce", True)
    if table.size == 0:
        return clone(x)
    source = reshape(_source(x, src, table.shape, "scatter_reduce"), -1)
    positions = positions_of(x.shape or (1,), table, place).ravel()
    return reshape(_combined(reshape(x, -1), positions, source, reduce, include_self), x.shape)


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
def index_add(x: Any, axis: int, index: Any, source: Any, *, alpha: Any = 1) -> Tensor:
    """x with slices of a source added where indices name them along an axis.

    Args:
        x: any shape.
        axis: the axis.
        index: whole numbers, (n,).
        source: a Tensor with n slices along that axis, else x's shape.
        alpha: the source is multiplied by it.

    Returns:
        A Tensor like x.

    Raises:
        IndexError: an index is out of range.
        ValueError: the shapes do not fit.

    Example:
        >>> import autograd_core as ag
        >>> ag.index_add(ag.zeros(2, 2), 0, ag.tensor([1, 1]), ag.ones(2, 2))
        tensor([[0., 0.],
                [2., 2.]])
    """
    x, source = as_tensor(x), as_tensor(source)
    place, rows, source = _slices(x, axis, index, source, "index_add")
    added = take_add(source, shape=x.shape or (1,), index=rows, axis=place).reshape(x.shape)
    if x.dtype.kind == "b":
        return _plus(x, added & bool(alpha))
    return _plus(x, added if type(alpha) is int and alpha == 1 else added * alpha)


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
def index_copy(x: Any, axis: int, index: Any, source: Any) -> Tensor:
    """x with slices of a source put where indices name them along an axis.

    Args:
        x: any shape.
        axis: the axis.
        index: whole numbers, (n,).
        source: a Tensor with n slices along that axis, else x's shape.

    Returns:
        A Tensor like x.

    Raises:
        IndexError: an index is out of range.
        ValueError: the shapes do not fit.

    Example:
        >>> import autograd_core as ag
        >>> ag.index_copy(ag.zeros(2, 2), 0, ag.tensor([1]), ag.ones(1, 2))
        tensor([[0., 0.],
                [1., 1.]])
    """
    x = as_tensor(x)
    place, rows, source = _slices(x, axis, index, as_tensor(source), "index_copy")
    return flat_put(x, positions_along(x.shape or (1,), rows, place), source)


@public("index_fill")
@named
def index_fill(x: Any, axis: int, index: Any, value: Any) -> Tensor:
    """x with a number put into the slices that indices name along an axis.

    Args:
        x: any shape.
        axis: the axis.
        index: whole numbers, (n,), may be negative.
        value: a number or a 0-d Tensor.

    Returns:
        A Tensor like x.

    Raises:
        IndexError: an index is out of range.
        ValueError: the value has axes.

    Example:
        >>> import autograd_core as ag
        >>> ag.index_fill(ag.zeros(2, 2), 1, ag.tensor([0]), 5.0)
        tensor([[5., 0.],
                [5., 0.]])
    """
    x = as_tensor(x)
    place, length = _axis(axis, x.ndim), (x.shape or (1,))[_axis(axis, x.ndim)]
    rows = checked_indices(indices(index, "index_fill").reshape(-1), length, "index_fill", True)
    mask = np.zeros(length, np.bool_)
    mask[rows] = True
    shape = (1,) * place + (length,) + (1,) * (max(x.ndim, 1) - place - 1)
    return masked_fill(x, from_array(mask.reshape(shape if x.ndim else ())[()]), value)


@public("index_put")
def index_put(x: Any, indices: Any, values: Any, accumulate: bool = False) -> Tensor:
    """``x[indices] = values`` as a new Tensor; with ``accumulate`` they are added.

    Args:
        x: any shape.
        indices: a tuple of index Tensors, whole numbers or booleans.
        values: any shape that broadcasts to what they select.
        accumulate: add, also several times at one place, instead of putting.

    Returns:
        A Tensor like x.

    Raises:
        IndexError: an index is out of range.
        ValueError: the shapes do not fit.

    Example:
        >>> import autograd_core as ag
        >>> ag.index_put(ag.zeros(3), (ag.tensor([0, 0]),), ag.ones(2), accumulate=True)
        tensor([2., 0., 0.])
    """
    x = as_tensor(x)
    chosen = tuple(slice(None) if i is None else as_tensor(i).array for i in indices)
    positions = np.arange(x.numel()).reshape(x.shape)[chosen]
    values = as_tensor(values)
    if values.dtype != x.dtype:
        raise TypeError(f"index_put needs values of the input's dtype {x.dtype}, got {values.dtype}")
    values = values.expand(*positions.shape) if values.shape != positions.shape else values
    if accumulate:
        added = take_add(values, shape=x.shape, index=positions, axis=None)
        return _plus(x, added)
    return flat_put(x, positions, values)


@public("put")
def put(x: Any, index: Any, source: Any, accumulate: bool = False) -> Tensor:
    """x with elements of a source put, or added, at positions of the flattened array.

    Args:
        x: any shape.
        index: whole numbers, may be negative, any shape.
        source: as many elements.
        accumulate: add instead of putting.

    Returns:
        A Tensor like x.

    Raises:
        IndexError: an index is out of range.
        ValueError: the numbers of elements differ.

    Example:
        >>> import autograd_core as ag
        >>> ag.put(ag.zeros(2, 2), ag.tensor([3]), ag.tensor([5.0]))
        tensor([[0., 0.],
                [0., 5.]])
    """
    x, source = as_tensor(x), as_tensor(source)
    positions = checked_indices(indices(index, "put"), x.numel(), "put", True)
    if source.numel() != positions.size:
        raise ValueError(f"put needs as many elements as indices, got {source.numel()} for {positions.size}")
    if source.dtype != x.dtype:
        raise TypeError(f"put needs a source of the input's dtype {x.dtype}, got {source.dtype}")
    source = reshape(source, positions.shape)
    if accumulate:
        added = take_add(source, shape=x.shape, index=positions, axis=None)
        return _plus(x, added)
    return flat_put(x, positions, source)


def _mask(mask: Any, name: str) -> Any:
    array = as_tensor(mask).array
    if array.dtype.kind != "b":
        raise TypeError(f"{name} needs a boolean mask, got {array.dtype}: compare, as in mask != 0")
    return array


@public("masked_select")
def masked_select(x: Any, mask: Any) -> Tensor:
    """The elements where the mask holds, along one axis.

    Args:
        x: any shape.
        mask: booleans, any shape that broadcasts with x.

    Returns:
        A one-dimensional Tensor.

    Raises:
        TypeError: the mask is not boolean.
        ValueError: the shapes do not broadcast.

    Example:
        >>> import autograd_core as ag
        >>> ag.masked_select(ag.tensor([1.0, 2.0, 3.0]), ag.tensor([True, False, True]))
        tensor([1., 3.])
    """
    x, condition = as_tensor(x), _mask(mask, "masked_select")
    shape = np.broadcast_shapes(x.shape, condition.shape)
    positions = np.flatnonzero(np.broadcast_to(condition, shape))
    return take_op(x if x.shape == shape else x.expand(*shape), index=positions, axis=None)


@public("masked_scatter")
def masked_scatter(x: Any, mask: Any, source: Any) -> Tensor:
    """x with elements of a source, in their order, put where the mask holds.

    Args:
        x: any shape.
        mask: booleans, any shape that broadcasts with x.
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
    x, condition, source = as_tensor(x), _mask(mask, "masked_scatter"), as_tensor(source)
    if source.dtype != x.dtype:
        raise TypeError(f"masked_scatter needs a source of the input's dtype {x.dtype}, got {source.dtype}")
    shape = np.broadcast_shapes(x.shape, condition.shape)
    positions = np.flatnonzero(np.broadcast_to(condition, shape))
    if source.numel() < positions.size:
        raise ValueError(f"masked_scatter needs {positions.size} elements for the mask, got {source.numel()}")
    whole = x if x.shape == shape else x.expand(*shape)
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
