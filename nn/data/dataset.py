"""Datasets: what has items by index, or gives them one after the other."""

from __future__ import annotations

import bisect
import itertools
import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Generic, TypeVar

import numpy as np

import autograd_core as ag
from autograd_core import Tensor
from autograd_core.random import generator as default_generator

T_co = TypeVar("T_co", covariant=True)


class Dataset(Generic[T_co]):
    """Items by index: a subclass gives ``__getitem__``, and ``__len__`` where it is known.

    Example:
        >>> from nn.data import Dataset
        >>> class Squares(Dataset):
        ...     def __len__(self):
        ...         return 5
        ...     def __getitem__(self, index):
        ...         return index**2
        >>> Squares()[3]
        9
        >>> len(Squares() + Squares())
        10
    """

    def __getitem__(self, index: Any) -> T_co:
        raise NotImplementedError(f"{type(self).__name__} needs a __getitem__(index) that gives an item")

    def __add__(self, other: Dataset[Any]) -> ConcatDataset:
        return ConcatDataset([self, other])


class IterableDataset(Dataset[T_co]):
    """Items one after the other: a subclass gives ``__iter__``, and ``__len__`` where it is known.

    In worker processes each has a copy: :func:`get_worker_info` tells it which part is its own.

    Example:
        >>> from nn.data import DataLoader, IterableDataset
        >>> class Count(IterableDataset):
        ...     def __iter__(self):
        ...         return iter(range(5))
        >>> [batch.tolist() for batch in DataLoader(Count(), batch_size=2)]
        [[0, 1], [2, 3], [4]]
    """

    def __iter__(self) -> Iterator[T_co]:
        raise NotImplementedError(f"{type(self).__name__} needs an __iter__() that gives items")

    def __add__(self, other: Dataset[Any]) -> ChainDataset:  # type: ignore[override]
        return ChainDataset([self, other])


class TensorDataset(Dataset[tuple[Tensor, ...]]):
    """Tensors side by side: item i is the tuple of their rows i.

    Args:
        tensors: with equally long first axes.

    Raises:
        ValueError: there is none, or their lengths differ.

    Example:
        >>> import autograd_core as ag
        >>> from nn.data import TensorDataset
        >>> TensorDataset(ag.tensor([[1.0, 2.0], [3.0, 4.0]]), ag.tensor([0, 1]))[1]
        (tensor([3., 4.]), tensor(1))
    """

    tensors: tuple[Tensor, ...]

    def __init__(self, *tensors: Any) -> None:
        self.tensors = tuple(ag.as_tensor(tensor) for tensor in tensors)
        shapes = [tensor.shape for tensor in self.tensors]
        if not shapes or () in shapes or len({shape[0] for shape in shapes}) > 1:
            raise ValueError(f"TensorDataset needs tensors with equally long first axes, got shapes {shapes}")

    def __getitem__(self, index: Any) -> tuple[Tensor, ...]:
        return tuple(tensor[index] for tensor in self.tensors)

    def __len__(self) -> int:
        return len(self.tensors[0])

    def rows(self, indices: Sequence[int]) -> list[Tensor]:
        """What default_collate makes of these items, by one indexing of each tensor."""
        return [tensor[np.asarray(indices, np.intp)] for tensor in self.tensors]


class StackDataset(Dataset[Any]):
    """Datasets side by side: item i is a tuple, or a dict, of their items i.

    Args:
        args: datasets, for tuples; or
        kwargs: datasets by name, for dicts.

    Raises:
        ValueError: both or none are given, or their lengths differ.

    Example:
        >>> from nn.data import StackDataset
        >>> StackDataset(image=["a", "b"], text=["A", "B"])[1]
        {'image': 'b', 'text': 'B'}
    """

    datasets: tuple[Any, ...] | dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if bool(args) == bool(kwargs):
            raise ValueError("StackDataset takes datasets either by position, for tuples, or by name, for dicts")
        self.datasets = args or kwargs
        lengths = [len(dataset) for dataset in (args or kwargs.values())]
        if len(set(lengths)) > 1:
            raise ValueError(f"StackDataset needs equally long datasets, got lengths {lengths}")

    def __getitem__(self, index: Any) -> Any:
        if isinstance(self.datasets, dict):
            return {name: dataset[index] for name, dataset in self.datasets.items()}
        return tuple(dataset[index] for dataset in self.datasets)

    def __len__(self) -> int:
        return len(next(iter(self.datasets.values() if isinstance(self.datasets, dict) else self.datasets)))


class Subset(Dataset[T_co]):
    """Some items of a dataset.

    Args:
        dataset: has items by index.
        indices: which, in order.

    Example:
        >>> from nn.data import Subset
        >>> list(Subset("abcdef", [5, 0]))
        ['f', 'a']
    """

    def __init__(self, dataset: Any, indices: Sequence[int]) -> None:
        self.dataset = dataset
        self.indices = indices

    def __getitem__(self, index: Any) -> T_co:
        chosen = [self.indices[i] for i in index] if isinstance(index, list) else self.indices[index]
        item: T_co = self.dataset[chosen]
        return item

    def __len__(self) -> int:
        return len(self.indices)


class ConcatDataset(Dataset[Any]):
    """Datasets one after the other, by index.

    Args:
        datasets: with items by index; not empty.

    Raises:
        ValueError: there is none, or one has no items by index.
        IndexError: from an index beyond the end.

    Example:
        >>> from nn.data import ConcatDataset
        >>> joined = ConcatDataset(["ab", "cde"])
        >>> joined[2], joined[-1], joined.cumulative_sizes
        ('c', 'e', [2, 5])
    """

    def __init__(self, datasets: Iterable[Any]) -> None:
        self.datasets = list(datasets)
        if not self.datasets:
            raise ValueError("ConcatDataset needs at least one dataset")
        if any(isinstance(dataset, IterableDataset) for dataset in self.datasets):
            raise ValueError("ConcatDataset needs items by index: join IterableDatasets by ChainDataset")
        self.cumulative_sizes = list(itertools.accumulate(len(dataset) for dataset in self.datasets))

    def __len__(self) -> int:
        return self.cumulative_sizes[-1]

    def __getitem__(self, index: int) -> Any:
        if not -len(self) <= index < len(self):
            raise IndexError(f"there is no item {index} in a dataset of {len(self)}")
        index %= len(self)
        which = bisect.bisect_right(self.cumulative_sizes, index)
        return self.datasets[which][index - (self.cumulative_sizes[which - 1] if which else 0)]


class ChainDataset(IterableDataset[Any]):
    """IterableDatasets one after the other.

    Args:
        datasets: any iterables.

    Example:
        >>> from nn.data import ChainDataset
        >>> list(ChainDataset(["ab", "c"]))
        ['a', 'b', 'c']
    """

    def __init__(self, datasets: Iterable[Any]) -> None:
        self.datasets = list(datasets)

    def __iter__(self) -> Iterator[Any]:
        return itertools.chain.from_iterable(self.datasets)

    def __len__(self) -> int:
        return sum(len(dataset) for dataset in self.datasets)


def random_split(
    dataset: Any, lengths: Sequence[float], generator: np.random.Generator | None = None
) -> list[Subset[Any]]:
    """Disjoint random parts of a dataset.

    Args:
        dataset: has items by index and a length.
        lengths: of the parts: whole numbers that add up to the dataset's length, or fractions that add up to 1;
            what rounding down leaves over goes to the parts in turn.
        generator: draws the order; by default the one of :func:`autograd_core.manual_seed`.

    Returns:
        A Subset for each length.

    Raises:
        ValueError: the lengths are neither.

    Example:
        >>> from nn.data import random_split
        >>> [len(part) for part in random_split(range(10), [0.5, 0.25, 0.25])]
        [6, 2, 2]
    """
    total, counts = len(dataset), list(lengths)  # which may be floats
    if math.isclose(sum(lengths), 1):
        counts = [math.floor(total * fraction) for fraction in lengths]
        for i in range(total - int(sum(counts))):
            counts[i % len(counts)] += 1
    if min(lengths, default=-1) < 0 or sum(counts) != total or any(count != int(count) for count in counts):
        raise ValueError(
            f"random_split needs lengths that add up to {total}, the dataset's, or fractions that add up to 1, "
            f"got {list(lengths)}"
        )
    counts = [int(count) for count in counts]
    order = (generator or default_generator()).permutation(total).tolist()
    ends = list(itertools.accumulate(counts))
    return [Subset(dataset, order[end - count : end]) for end, count in zip(ends, counts, strict=True)]
