"""Rows of a table by number: embeddings, bags of them, one-hot vectors."""

from __future__ import annotations

from typing import Any

import numpy as np

import autograd_core as ag
from autograd_core import Tensor
from autograd_core.ops.gather import checked_indices, indices, take_add, take_op
from autograd_core.tensor import from_array

from .inputs import floats, values


def embedding(
    input: Any,
    weight: Any,
    padding_idx: int | None = None,
    max_norm: float | None = None,
    norm_type: float = 2.0,
    scale_grad_by_freq: bool = False,
    sparse: bool = False,
) -> Tensor:
    """The rows of a table that the input names.

    Formula:
        y_i = w[input_i]; each row's gradient is added to the row of the table that it came from.

    Args:
        input: row numbers, integers of any shape.
        weight: the table, (num_embeddings, embedding_dim).
        padding_idx: a row that gets no gradient.
        max_norm: rows that are used and have a larger norm are scaled down to it, in the table itself.
        norm_type: which norm that is.
        scale_grad_by_freq: divide the gradient of a row by how often the input names it.
        sparse: accepted as PyTorch's; gradients are always dense.

    Returns:
        A Tensor of the input's shape with an axis more, of length embedding_dim.

    Raises:
        TypeError: the input is not integers.
        IndexError: there is no such row.
        ValueError: padding_idx is no row, or the table does not have two axes.

    Example:
        >>> import autograd_core as ag, nn.functional as F
        >>> F.embedding(ag.tensor([1, 0, 1]), ag.tensor([[1.0, 2.0], [3.0, 4.0]]))
        tensor([[3., 4.],
                [1., 2.],
                [3., 4.]])
    """
    table, rows = floats(weight), indices(input, "embedding")
    if table.ndim != 2:
        raise ValueError(f"embedding needs a table of two axes, got shape {table.shape}")
    rows = checked_indices(rows, len(table), "embedding")
    padding_idx = _padding(padding_idx, len(table), "embedding")
    if max_norm is not None:
        table = _renormed(table, rows, max_norm, norm_type)
    found = take_op(table, index=rows, axis=0)
    if scale_grad_by_freq and rows.size:
        share = (1 / np.bincount(rows.ravel())[rows])[..., None].astype(table.dtype)
        fixed = found.detach()
        found = fixed + (found - fixed) * from_array(share)  # the values stay, the gradient is scaled
    if padding_idx is not None:
        found = ag.where(from_array((rows == padding_idx)[..., None]), found.detach(), found)
    return found


def _padding(padding_idx: int | None, length: int, name: str) -> int | None:
    if padding_idx is None:
        return None
    if not -length <= padding_idx < length:
        raise ValueError(f"{name} needs a padding_idx within num_embeddings, {length}: got {padding_idx}")
    return padding_idx % length


def _renormed(table: Tensor, rows: Any, max_norm: float, norm_type: float) -> Tensor:
    """The table after its rows that are used were scaled down to a norm, in place."""
    used = np.unique(rows)
    with ag.no_grad():
        chosen = take_op(table.detach(), index=used, axis=0)
        norms = ag.norm(chosen, norm_type, 1, True).array
        scale = np.where(norms > max_norm, max_norm / (norms + 1e-7), 1.0).astype(table.dtype)
        array = table.array.copy()
        array[used] = chosen.array * scale
        return table.rebind(from_array(array), "embedding with max_norm")


def embedding_bag(
    input: Any,
    weight: Any,
    offsets: Any = None,
    max_norm: float | None = None,
    norm_type: float = 2,
    scale_grad_by_freq: bool = False,
    mode: str = "mean",
    sparse: bool = False,
    per_sample_weights: Any = None,
    include_last_offset: bool = False,
    padding_idx: int | None = None,
) -> Tensor:
    """Bags of rows of a table, each reduced to one row.

    Formula:
        y_b = Σ s_i·w[input_i] over the i in bag b, their mean, or the largest of each column; an empty bag gives 0.

    Args:
        input: row numbers, integers (B, n), a bag in each row; or (n,) with offsets.
        weight: the table, (num_embeddings, embedding_dim).
        offsets: where in the input each bag starts, (B,), from 0 on and rising.
        max_norm: as for :func:`embedding`.
        norm_type: as for :func:`embedding`.
        scale_grad_by_freq: as for :func:`embedding`; not with mode ``"max"``.
        mode: ``"sum"``, ``"mean"`` or ``"max"``.
        sparse: accepted as PyTorch's; gradients are always dense.
        per_sample_weights: s, of the input's shape; only for sums.
        include_last_offset: whether offsets has one number more, the length of the input.
        padding_idx: a row that is left out of the bags.

    Returns:
        A Tensor (B, embedding_dim).

    Raises:
        ValueError: shapes do not fit, or an option is none of those above.
        TypeError: input or offsets are not integers.
        IndexError: there is no such row.

    Example:
        >>> import autograd_core as ag, nn.functional as F
        >>> table = ag.tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
        >>> F.embedding_bag(ag.tensor([0, 1, 2]), table, ag.tensor([0, 2]))
        tensor([[2., 3.],
                [5., 6.]])
    """
    rows = indices(input, "embedding_bag")
    if mode not in ("sum", "mean", "max"):
        raise ValueError(f"mode has to be one of sum, mean or max, got {mode!r}")
    if per_sample_weights is not None:
        if mode != "sum":
            raise NotImplementedError(f"embedding_bag takes per_sample_weights for mode 'sum' only, got {mode!r}")
        if np.shape(values(per_sample_weights)) != rows.shape:
            raise ValueError(
                f"embedding_bag needs per_sample_weights of the input's shape {rows.shape}, "
                f"got {np.shape(values(per_sample_weights))}"
            )
    if mode == "max" and scale_grad_by_freq:
        raise ValueError("max mode does not support scaling the gradient by the frequency")
    starts = _starts(rows, offsets, include_last_offset)
    rows = rows.ravel()
    bag = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
    scale = None if per_sample_weights is None else floats(per_sample_weights).reshape(-1)
    padding = _padding(padding_idx, len(values(weight)), "embedding_bag")
    if padding is not None:
        kept = np.flatnonzero(rows != padding)
        rows, bag = rows[kept], bag[kept]
        scale = None if scale is None else take_op(scale, index=kept, axis=0)
    found = embedding(rows, weight, None, max_norm, norm_type, scale_grad_by_freq)
    bags = len(starts) - 1
    if mode == "max":
        return _largest(found, bag, bags)
    if scale is not None:
        found = found * scale.unsqueeze(1)
    total = take_add(found, shape=(bags, found.shape[1]), index=bag, axis=0)
    if mode == "sum":
        return total
    sizes = np.maximum(np.bincount(bag, minlength=bags), 1).astype(total.dtype)
    return total / from_array(sizes[:, None])


def _starts(rows: Any, offsets: Any, include_last_offset: bool) -> Any:
    """Where each bag starts in the flattened input, and its end."""
    if rows.ndim == 2:
        if offsets is not None:
            raise ValueError("if input is 2D, then offsets has to be None, as input is treated as a mini-batch of bags")
        return np.arange(rows.shape[0] + 1) * rows.shape[1]
    if rows.ndim != 1:
        raise ValueError(f"input has to be a 1D or 2D Tensor, but got Tensor of dimension {rows.ndim}")
    if offsets is None:
        raise ValueError("offsets has to be a 1D Tensor but got None")
    starts = indices(offsets, "embedding_bag")
    if starts.ndim != 1:
        raise ValueError(f"offsets has to be a 1D Tensor, got shape {starts.shape}")
    if include_last_offset and starts.size == 0:
        raise ValueError("include_last_offset: number of offsets should be at least 1")
    if starts.size and starts[0] != 0:
        raise ValueError(f"offsets[0] has to be 0, i.e., the first sequence starts at position 0, got {starts[0]}")
    if starts.size and (np.any(np.diff(starts) < 0) or starts[-1] > rows.size):
        raise ValueError(f"offsets must rise and end within the input of length {rows.size}, got {starts.tolist()}")
    return np.append(starts[:-1] if include_last_offset else starts, rows.size)


def _largest(found: Tensor, bag: Any, bags: int) -> Tensor:
    """The largest of each column in each bag, of equal ones the first; 0 for an empty bag."""
    n, width = found.shape
    sizes = np.bincount(bag, minlength=bags)
    if n == 0:  # all bags are empty
        return ag.matmul(from_array(np.zeros((bags, 0), found.dtype)), found)
    place = np.arange(n) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    table = np.full((bags, int(sizes.max())), n)  # the positions in each bag, n where it is shorter
    table[bag, place] = np.arange(n)
    padded = np.concatenate([found.array, np.full((1, width), -np.inf, found.dtype)])
    best = table[np.arange(bags)[:, None], np.argmax(padded[table], axis=1)]
    empty = (sizes == 0)[:, None]
    chosen = take_op(found, index=np.where(empty, 0, best) * width + np.arange(width), axis=None)
    result: Tensor = ag.where(from_array(empty), 0.0, chosen)
    return result


def one_hot(tensor: Any, num_classes: int = -1) -> Tensor:
    """Class numbers as vectors that are 1 at the class and 0 elsewhere.

    Args:
        tensor: class numbers, integers from 0, any shape.
        num_classes: how many classes there are; by default one more than the largest number.

    Returns:
        An int64 Tensor of that shape with an axis more, of length num_classes.

    Raises:
        TypeError: the class numbers are not integers.
        ValueError: a class number is negative or too large, or nothing says how many classes there are.

    Example:
        >>> import autograd_core as ag, nn.functional as F
        >>> F.one_hot(ag.tensor([0, 2]))
        tensor([[1, 0, 0],
                [0, 0, 1]])
    """
    classes = indices(tensor, "one_hot")
    if num_classes == -1:
        if classes.size == 0:
            raise ValueError("one_hot can't infer the number of classes from an empty tensor: pass num_classes")
        num_classes = int(classes.max()) + 1
    elif num_classes < 1:
        raise ValueError(f"one_hot needs a positive number of classes, got {num_classes}")
    wrong = (classes < 0) | (classes >= num_classes)
    if np.any(wrong):
        place = tuple(int(i) for i in np.argwhere(wrong)[0])
        raise ValueError(f"Class values must be 0 to {num_classes - 1}, got {classes[place]} at {place}")
    return from_array((classes[..., None] == np.arange(num_classes)).astype(np.int64))
