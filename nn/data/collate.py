"""A batch made of items: tensors stacked, and containers item by item."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

import autograd_core as ag
from autograd_core import Tensor


def default_collate(batch: Sequence[Any]) -> Any:
    """One batch of several items alike.

    Tensors, arrays and numbers are stacked along a new first axis (Python floats as float64, integers as int64); text
    stays a list; of dicts, named tuples, tuples and lists each place is collated by itself.

    Args:
        batch: items of one structure.

    Returns:
        A Tensor, a list of texts, or a dict, named tuple or list of batches.

    Raises:
        ValueError: shapes, lengths or keys differ; where, and between which items, is said.
        TypeError: something else is in them.

    Example:
        >>> import autograd_core as ag
        >>> from nn.data import default_collate
        >>> default_collate([{"x": ag.ones(2), "y": 0}, {"x": ag.zeros(2), "y": 1}])
        {'x': tensor([[1., 1.],
                [0., 0.]]), 'y': tensor([0, 1])}
    """
    return _collated(list(batch), "")


def default_convert(data: Any) -> Any:
    """Arrays within nested containers as tensors, the rest as it is: what a DataLoader without batches does.

    Args:
        data: one item.

    Returns:
        The same structure.

    Example:
        >>> import numpy as np
        >>> from nn.data import default_convert
        >>> default_convert([np.arange(2), "text"])
        [tensor([0, 1]), 'text']
    """
    if isinstance(data, np.ndarray | np.generic) and data.dtype.kind in "biufc":
        return ag.as_tensor(data)
    if isinstance(data, Tensor | str | bytes):
        return data
    if isinstance(data, Mapping):
        return _mapping(data, {key: default_convert(value) for key, value in data.items()})
    if isinstance(data, tuple) and hasattr(data, "_fields"):
        return type(data)(*map(default_convert, data))
    if isinstance(data, Sequence):
        return [default_convert(value) for value in data]
    return data


def _collated(batch: list[Any], where: str) -> Any:
    first = batch[0]
    if isinstance(first, Tensor | np.ndarray | np.generic):
        return _stacked(batch, where)
    if isinstance(first, bool | int | float | complex):
        return ag.tensor(np.asarray(batch, np.float64) if isinstance(first, float) else batch)
    if isinstance(first, str | bytes):
        return batch
    if isinstance(first, Mapping):
        _alike(batch, lambda one: sorted(map(repr, one)), "keys", where)
        return _mapping(first, {key: _collated([one[key] for one in batch], f"{where}[{key!r}]") for key in first})
    if isinstance(first, Sequence):
        _alike(batch, len, "lengths", where)
        parts = [_collated(list(part), f"{where}[{i}]") for i, part in enumerate(zip(*batch, strict=True))]
        return type(first)(*parts) if hasattr(first, "_fields") else parts
    raise TypeError(
        f"default_collate makes batches of tensors, arrays, numbers, text, dicts, lists and tuples, got "
        f"{type(first).__name__}{_at(where)}: pass a collate_fn"
    )


def _stacked(batch: list[Any], where: str) -> Tensor:
    if isinstance(batch[0], np.ndarray | np.generic) and batch[0].dtype.kind not in "biufc":
        raise TypeError(f"default_collate can't make a tensor of dtype {batch[0].dtype}{_at(where)}")
    tensors = [ag.as_tensor(one) for one in batch]
    _alike(tensors, lambda one: one.shape, "shapes", where)
    if any(one.requires_grad for one in tensors):
        return ag.stack(tensors)
    return ag.from_numpy(np.array([one.array for one in tensors]))


def _alike(batch: list[Any], what: Callable[[Any], Any], name: str, where: str) -> None:
    first = what(batch[0])
    for i, one in enumerate(batch):
        if (other := what(one)) != first:
            raise ValueError(
                f"default_collate needs equal {name}{_at(where)}, but the batch's item 0 has {first} and its item {i} "
                f"has {other}: pass a collate_fn that pads them, say"
            )


def _at(where: str) -> str:
    return f" at item{where}" if where else ""


def _mapping(like: Mapping[Any, Any], parts: dict[Any, Any]) -> Any:
    try:
        return type(like)(parts)  # type: ignore[call-arg]
    except TypeError:  # a mapping that is made otherwise
        return parts
