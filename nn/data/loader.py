"""DataLoader: batches of a dataset, made here or by worker processes."""

from __future__ import annotations

import itertools
import multiprocessing
import weakref
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Generic, TypeVar

import numpy as np

from autograd_core.random import generator as default_generator

from .collate import default_collate, default_convert
from .dataset import IterableDataset
from .fetcher import EXHAUSTED, Fetcher
from .sampler import BatchSampler, RandomSampler, SequentialSampler
from .worker import Workers

T_co = TypeVar("T_co", covariant=True)


class DataLoader(Generic[T_co]):
    """The batches of a dataset, in order or shuffled; each time it is iterated over, all of them once.

    The random numbers that a batch's items draw depend on the seed and on which batch it is, not on how many workers
    there are; those of an IterableDataset, which each worker goes through by itself, on its worker.

    Args:
        dataset: a Dataset, or anything else with items by index and a length; or an IterableDataset.
        batch_size: how many items make a batch; None for single items.
        shuffle: whether the order is random, another one each time.
        sampler: gives the indices in order, in place of shuffle.
        batch_sampler: gives lists of indices, in place of batch_size, shuffle, sampler and drop_last.
        num_workers: how many processes make batches ahead; 0 makes them here when they are asked for.
        collate_fn: makes a batch of a list of items; by default :func:`default_collate`.
        pin_memory: nothing to do here: arrays are in main memory.
        drop_last: whether a shorter last batch is left out.
        timeout: how many seconds to wait for a worker's batch; 0 for ever.
        worker_init_fn: called in each worker with its number, when it starts.
        multiprocessing_context: how workers are started: a context of multiprocessing or its name.
        generator: draws the order and the seed; by default the one of :func:`autograd_core.manual_seed`.
        prefetch_factor: how many batches each worker makes ahead; by default 2.
        persistent_workers: whether workers stay for the next iteration.

    Raises:
        ValueError: arguments exclude each other, or a number is not positive.
        RuntimeError: from an iteration: a worker died or gave nothing within the timeout.
        Exception: from an iteration: what the dataset raised, with a note that names the item.

    Example:
        >>> import autograd_core as ag
        >>> from nn.data import DataLoader, TensorDataset
        >>> loader = DataLoader(TensorDataset(ag.arange(5), ag.zeros(5, 3)), batch_size=2)
        >>> [(x.tolist(), y.shape) for x, y in loader]
        [([0, 1], (2, 3)), ([2, 3], (2, 3)), ([4], (1, 3))]
    """

    def __init__(
        self,
        dataset: Any,
        batch_size: int | None = 1,
        shuffle: bool | None = None,
        sampler: Iterable[Any] | None = None,
        batch_sampler: Iterable[Any] | None = None,
        num_workers: int = 0,
        collate_fn: Callable[[Any], Any] | None = None,
        pin_memory: bool = False,
        drop_last: bool = False,
        timeout: float = 0,
        worker_init_fn: Callable[[int], Any] | None = None,
        multiprocessing_context: Any = None,
        generator: np.random.Generator | None = None,
        *,
        prefetch_factor: int | None = None,
        persistent_workers: bool = False,
    ) -> None:
        self._check_order(dataset, batch_size, shuffle, sampler, batch_sampler, drop_last)
        self._check_workers(num_workers, timeout, prefetch_factor, persistent_workers, multiprocessing_context)
        if sampler is None and not isinstance(dataset, IterableDataset):
            sampler = RandomSampler(dataset, generator=generator) if shuffle else SequentialSampler(dataset)
        if batch_sampler is not None:
            batch_size = None
        elif batch_size is not None and sampler is not None:
            batch_sampler = BatchSampler(sampler, batch_size, drop_last)
        batched = batch_size is not None or batch_sampler is not None
        self.dataset = dataset
        self.batch_size = batch_size
        self.sampler = sampler
        self.batch_sampler = batch_sampler
        self.num_workers = num_workers
        self.collate_fn = collate_fn or (default_collate if batched else default_convert)
        self.pin_memory = pin_memory
        self.drop_last = drop_last
        self.timeout = timeout
        self.worker_init_fn = worker_init_fn
        self.multiprocessing_context = multiprocessing_context
        self.generator = generator
        self.prefetch_factor = 2 if num_workers and prefetch_factor is None else prefetch_factor
        self.persistent_workers = persistent_workers
        self._fetcher = Fetcher(dataset, self.collate_fn, batched, drop_last)
        self._kept: Workers | None = None

    @staticmethod
    def _check_order(
        dataset: Any, batch_size: int | None, shuffle: bool | None, sampler: Any, batch_sampler: Any, drop_last: bool
    ) -> None:
        if isinstance(dataset, IterableDataset) and (shuffle or sampler is not None or batch_sampler is not None):
            raise ValueError(
                "DataLoader takes an IterableDataset in its own order: without shuffle, sampler and batch_sampler"
            )
        if sampler is not None and shuffle:
            raise ValueError("DataLoader takes shuffle or a sampler, not both: the sampler decides the order")
        if batch_sampler is not None and (batch_size != 1 or shuffle or sampler is not None or drop_last):
            raise ValueError("DataLoader takes a batch_sampler in place of batch_size, shuffle, sampler and drop_last")
        if batch_size is None and drop_last:
            raise ValueError("DataLoader has no last batch to drop with batch_size=None")
        if batch_size is not None and batch_size < 1:
            raise ValueError(f"DataLoader needs a batch_size above 0, got {batch_size}")

    @staticmethod
    def _check_workers(workers: int, timeout: float, ahead: int | None, persistent: bool, context: Any) -> None:
        if workers < 0 or timeout < 0 or (ahead is not None and ahead < 1):
            raise ValueError(
                "DataLoader needs num_workers and timeout not below 0 and prefetch_factor above 0, "
                f"got {workers}, {timeout} and {ahead}"
            )
        if not workers and (timeout or ahead is not None or persistent or context is not None):
            raise ValueError(
                "DataLoader takes timeout, prefetch_factor, persistent_workers and multiprocessing_context "
                "with num_workers above 0 only"
            )

    def __len__(self) -> int:
        if isinstance(self.dataset, IterableDataset):
            if self.batch_size is None:
                return len(self.dataset)  # type: ignore[arg-type]
            whole, rest = divmod(len(self.dataset), self.batch_size)  # type: ignore[arg-type]
            return whole + (rest > 0 and not self.drop_last)
        return len(self._indices())  # type: ignore[arg-type]

    def _indices(self) -> Iterable[Any]:
        indices = self.sampler if self.batch_sampler is None else self.batch_sampler
        assert indices is not None
        return indices

    def _tasks(self) -> Iterator[Any]:
        if isinstance(self.dataset, IterableDataset):
            return itertools.repeat(self.batch_size or 1)
        return iter(self._indices())

    def __iter__(self) -> Iterator[Any]:
        seed = int((self.generator or default_generator()).integers(2**62))
        if not self.num_workers:
            return self._here(seed)
        return self._by_workers(seed)

    def _here(self, seed: int) -> Iterator[Any]:
        fetcher = Fetcher(self.dataset, self.collate_fn, self._fetcher.batched, self.drop_last)
        fetcher.begin(seed)
        for number, task in enumerate(self._tasks()):
            if (made := fetcher(number, task)) is EXHAUSTED:
                return
            yield made

    def _workers(self, seed: int) -> Workers:
        if self._kept is not None:
            return self._kept
        context = self.multiprocessing_context
        if context is None or isinstance(context, str):
            context = multiprocessing.get_context(context)
        workers = Workers(context, self.num_workers, self._fetcher, self.worker_init_fn, seed)
        if self.persistent_workers:
            self._kept = workers
            weakref.finalize(self, workers.close)
        return workers

    def _by_workers(self, seed: int) -> Iterator[Any]:
        workers = self._workers(seed)
        try:
            yield from workers.epoch(self._tasks(), self.prefetch_factor or 1, self.timeout, seed)
        except Exception:
            self._kept = None  # in no state to go on with
            raise
        finally:
            if workers is not self._kept:
                workers.close()
