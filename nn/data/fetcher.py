"""Makes batches: in the main process or in a worker, with the same random numbers."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from enum import Enum
from typing import Any

import autograd_core as ag
from autograd_core.random import fork_rng

from .collate import default_collate
from .dataset import IterableDataset, Subset, TensorDataset


class _End(Enum):
    EXHAUSTED = 0


EXHAUSTED = _End.EXHAUSTED  # an enum's member: the same object after pickling


class Fetcher:
    """Makes a batch of a task: of indices, or of the next so many items where there are no indices.

    Each batch by indices has random numbers of its own, so that they do not depend on which process makes it.

    Args:
        dataset: any dataset.
        collate_fn: makes a batch of a list of items.
        batched: whether tasks are lists; otherwise each item by itself is given to collate_fn.
        drop_last: for datasets without indices: whether a shorter last batch is left out.
    """

    def __init__(self, dataset: Any, collate_fn: Callable[[Any], Any], batched: bool, drop_last: bool) -> None:
        self.dataset = dataset
        self.collate_fn = collate_fn
        self.batched = batched
        self.drop_last = drop_last
        self._seed = 0
        self._items: Iterator[Any] = iter(())

    def begin(self, seed: int) -> None:
        """A new epoch."""
        self._seed = seed
        if isinstance(self.dataset, IterableDataset):
            self._items = iter(self.dataset)

    def __call__(self, number: int, task: Any) -> Any:
        """The batch, or EXHAUSTED.

        Args:
            number: which batch of the epoch it is.
            task: indices, or one index; or how many items.
        """
        if isinstance(self.dataset, IterableDataset):
            return self._next(task)
        with fork_rng():
            ag.manual_seed(self._seed + number)
            return self._chosen(task)

    def _next(self, size: int) -> Any:
        items = list(itertools.islice(self._items, size))
        if not items or (self.batched and self.drop_last and len(items) < size):
            return EXHAUSTED
        return self._collated(items, "the next") if self.batched else self.collate_fn(items[0])

    def _chosen(self, task: Any) -> Any:
        if not self.batched:
            return self.collate_fn(_item(self.dataset, task))
        if self.collate_fn is default_collate and (quick := _rows(self.dataset, task)) is not None:
            return quick
        return self._collated(_items(self.dataset, task), f"{list(task)}")

    def _collated(self, items: list[Any], which: str) -> Any:
        try:
            return self.collate_fn(items)
        except Exception as error:
            error.add_note(f"This came from the batch of items {which} of {type(self.dataset).__name__}.")
            raise


def _items(dataset: Any, indices: Sequence[Any]) -> list[Any]:
    if type(dataset) is Subset:
        return _items(dataset.dataset, [dataset.indices[i] for i in indices])
    many = getattr(dataset, "__getitems__", None)  # PyTorch's name for several items at once
    if many is None:
        return [_item(dataset, index) for index in indices]
    try:
        return list(many(indices))
    except Exception as error:
        error.add_note(f"This came from the items {list(indices)} of {type(dataset).__name__}.")
        raise


def _item(dataset: Any, index: Any) -> Any:
    try:
        return dataset[index]
    except Exception as error:
        error.add_note(f"This came from item {index!r} of {type(dataset).__name__}.")
        raise


def _rows(dataset: Any, indices: Sequence[int]) -> list[ag.Tensor] | None:
    """What default_collate makes of items of a TensorDataset, by one indexing of each tensor."""
    if type(dataset) is Subset:
        return _rows(dataset.dataset, [dataset.indices[i] for i in indices])
    if isinstance(dataset, TensorDataset) and type(dataset).__getitem__ is TensorDataset.__getitem__:
        return dataset.rows(indices)
    return None
