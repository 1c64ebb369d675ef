"""Grids, pairs and choices made of the elements of lists."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from ..public import public
from ..tensor import Tensor, from_array
from .gather import take_op
from .join import stack, tensors_of
from .shape import broadcast_to, reshape, swapaxes, tensor_of

__all__ = [
    "cartesian_prod",
    "combinations",
    "meshgrid",
]


def meshgrid(*tensors: Any, indexing: str = "ij") -> tuple[Tensor, ...]:
    """The coordinates of a grid: each tensor along an axis of its own, repeated along the others.

    Args:
        tensors: one-dimensional or 0-d.
        indexing: ``"ij"`` for matrix order, ``"xy"`` with the first two axes swapped.

    Returns:
        A tuple of Tensors of one shape.

    Raises:
        ValueError: a tensor has several axes, or another order is asked for.

    Example:
        >>> import autograd_core as ag
        >>> ag.meshgrid(ag.tensor([1, 2]), ag.tensor([3, 4]))[0]
        tensor([[1, 1],
                [2, 2]])
    """
    items = tensors_of(tensors)
    if indexing not in ("ij", "xy"):
        raise ValueError(f"meshgrid has the indexing 'ij' or 'xy', got {indexing!r}")
    if any(item.ndim > 1 for item in items):
        raise ValueError(f"meshgrid needs tensors of one axis, got shapes {[item.shape for item in items]}")
    if len({item.dtype for item in items}) > 1:
        raise TypeError(f"meshgrid needs tensors of one dtype, got {[str(item.dtype) for item in items]}")
    count = len(items)
    shape = tuple(item.numel() for item in items)
    found = [
        broadcast_to(reshape(item, (1,) * i + (item.numel(),) + (1,) * (count - 1 - i)), shape)
        for i, item in enumerate(items)
    ]
    return tuple(swapaxes(x, 0, 1) for x in found) if indexing == "xy" and count > 1 else tuple(found)


@public(numpy=np.meshgrid)
def _meshgrid(*xi: Any, indexing: str = "xy") -> list[Tensor]:
    return list(meshgrid(*xi, indexing=indexing))


def cartesian_prod(*tensors: Any) -> Tensor:
    """All combinations of one element of each.

    Args:
        tensors: one-dimensional.

    Returns:
        A Tensor with a row for each combination; of one tensor that itself.

    Raises:
        ValueError: a tensor is not one-dimensional.

    Example:
        >>> import autograd_core as ag
        >>> ag.cartesian_prod(ag.tensor([1, 2]), ag.tensor([3, 4])).tolist()
        [[1, 3], [1, 4], [2, 3], [2, 4]]
    """
    items = tensors_of(tensors)
    if any(item.ndim != 1 for item in items):
        raise ValueError(f"cartesian_prod needs tensors of one axis, got shapes {[item.shape for item in items]}")
    if len(items) == 1:
        return items[0]
    return stack([reshape(x, -1) for x in meshgrid(*items)], 1)


def combinations(input: Any, r: int = 2, with_replacement: bool = False) -> Tensor:
    """All choices of r elements, in order.

    Args:
        input: one-dimensional.
        r: how many are chosen.
        with_replacement: whether one may be chosen again.

    Returns:
        A Tensor with a row for each choice.

    Raises:
        ValueError: input is not one-dimensional, or r is negative.

    Example:
        >>> import autograd_core as ag
        >>> ag.combinations(ag.tensor([1, 2, 3])).tolist()
        [[1, 2], [1, 3], [2, 3]]
    """
    input = tensor_of(input)
    if input.ndim != 1:
        raise ValueError(f"combinations needs one axis, got shape {input.shape}")
    if r < 0:
        raise ValueError(f"combinations needs r not below 0, got {r}")
    if r == 0:
        return from_array(np.zeros(0, input.dtype))
    choose = itertools.combinations_with_replacement if with_replacement else itertools.combinations
    rows = np.array(list(choose(range(input.numel()), r)), np.int64).reshape(-1, r)
    return take_op(input, index=rows, axis=None)
