"""Samplers: in which order the items of a dataset are taken, and in which batches."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Generic, TypeVar

import numpy as np

import autograd_core as ag
from autograd_core.random import generator as default_generator

T_co = TypeVar("T_co", covariant=True)


class Sampler(Generic[T_co]):
    """Gives indices, anew each time it is iterated over; a subclass has ``__iter__``, and ``__len__`` if known."""

    def __iter__(self) -> Iterator[T_co]:
        raise NotImplementedError(f"{type(self).__name__} needs an __iter__() that gives indices")


class SequentialSampler(Sampler[int]):
    """The indices in order.

    Example:
        >>> from nn.data import SequentialSampler
        >>> list(SequentialSampler("abc"))
        [0, 1, 2]
    """

    def __init__(self, data_source: Any) -> None:
        self.data_source = data_source

    def __iter__(self) -> Iterator[int]:
        return iter(range(len(self.data_source)))

    def __len__(self) -> int:
        return len(self.data_source)


class RandomSampler(Sampler[int]):
    """The indices in random order.

    Args:
        data_source: the dataset.
        replacement: whether an index can be drawn again at once.
        num_samples: how many to draw; by default as many as there are. More than there are, without replacement: one
            random order after the other.
        generator: draws them; by default the one of :func:`autograd_core.manual_seed`.

    Raises:
        ValueError: num_samples is not a whole number above 0.

    Example:
        >>> from nn.data import RandomSampler
        >>> sorted(RandomSampler("abcd"))
        [0, 1, 2, 3]
    """

    def __init__(
        self,
        data_source: Any,
        replacement: bool = False,
        num_samples: int | None = None,
        generator: np.random.Generator | None = None,
    ) -> None:
        if num_samples is not None:
            _positive("RandomSampler", "num_samples", num_samples)
        self.data_source = data_source
        self.replacement = replacement
        self._num_samples = num_samples
        self.generator = generator

    @property
    def num_samples(self) -> int:
        """How many are drawn; a dataset may have grown."""
        return len(self.data_source) if self._num_samples is None else self._num_samples

    def __iter__(self) -> Iterator[int]:
        draw, n = self.generator or default_generator(), len(self.data_source)
        if n == 0:
            return
        if self.replacement:
            yield from draw.integers(n, size=self.num_samples).tolist()
            return
        rounds = -(-self.num_samples // n)
        orders = (draw.permutation(n).tolist() for _ in range(rounds))
        yield from itertools.islice(itertools.chain.from_iterable(orders), self.num_samples)

    def __len__(self) -> int:
        return self.num_samples


class SubsetRandomSampler(Sampler[int]):
    """Given indices in random order.

    Args:
        indices: which.
        generator: draws the order; by default the one of :func:`autograd_core.manual_seed`.

    Example:
        >>> from nn.data import SubsetRandomSampler
        >>> sorted(SubsetRandomSampler([7, 3]))
        [3, 7]
    """

    def __init__(self, indices: Sequence[int], generator: np.random.Generator | None = None) -> None:
        self.indices = indices
        self.generator = generator

    def __iter__(self) -> Iterator[int]:
        order = (self.generator or default_generator()).permutation(len(self.indices))
        return (self.indices[i] for i in order.tolist())

    def __len__(self) -> int:
        return len(self.indices)


class WeightedRandomSampler(Sampler[int]):
    """Indices drawn with probabilities in proportion to weights: for classes of unequal size, say.

    Args:
        weights: one for each item, not below 0.
        num_samples: how many to draw.
        replacement: whether an index can be drawn again.
        generator: draws them; by default the one of :func:`autograd_core.manual_seed`.

    Raises:
        ValueError: the weights can't be drawn by, or num_samples is not a whole number above 0 or, without
            replacement, above the number of weights that are not 0.

    Example:
        >>> from nn.data import WeightedRandomSampler
        >>> list(WeightedRandomSampler([0.0, 1.0, 0.0], 4))
        [1, 1, 1, 1]
    """

    def __init__(
        self,
        weights: Any,
        num_samples: int,
        replacement: bool = True,
        generator: np.random.Generator | None = None,
    ) -> None:
        _positive("WeightedRandomSampler", "num_samples", num_samples)
        self.weights = ag.as_tensor(weights).double()
        shares = self.weights.array
        if shares.ndim != 1 or not np.isfinite(shares).all() or (shares < 0).any() or not shares.any():
            raise ValueError("WeightedRandomSampler needs one finite weight for each item, none below 0 and not all 0")
        if not replacement and num_samples > np.count_nonzero(shares):
            raise ValueError(
                f"WeightedRandomSampler can't draw {num_samples} different items: "
                f"{np.count_nonzero(shares)} weights are above 0"
            )
        self.num_samples = num_samples
        self.replacement = replacement
        self.generator = generator

    def __iter__(self) -> Iterator[int]:
        draw, shares = self.generator or default_generator(), self.weights.array
        chosen = draw.choice(len(shares), self.num_samples, replace=self.replacement, p=shares / shares.sum())
        return iter(chosen.tolist())

    def __len__(self) -> int:
        return self.num_samples


class BatchSampler(Sampler[list[Any]]):
    """The indices of another sampler in lists.

    Args:
        sampler: gives indices.
        batch_size: how many make a list.
        drop_last: whether a shorter last list is left out.

    Raises:
        ValueError: batch_size is not a whole number above 0.

    Example:
        >>> from nn.data import BatchSampler
        >>> list(BatchSampler(range(5), batch_size=2, drop_last=False))
        [[0, 1], [2, 3], [4]]
    """

    def __init__(self, sampler: Iterable[Any], batch_size: int, drop_last: bool) -> None:
        _positive("BatchSampler", "batch_size", batch_size)
        self.sampler = sampler
        self.batch_size = batch_size
        self.drop_last = drop_last

    def __iter__(self) -> Iterator[list[Any]]:
        return batches(self.sampler, self.batch_size, self.drop_last)

    def __len__(self) -> int:
        whole, rest = divmod(len(self.sampler), self.batch_size)  # type: ignore[arg-type]
        return whole + (rest > 0 and not self.drop_last)


def batches(source: Iterable[Any], size: int, drop_last: bool) -> Iterator[list[Any]]:
    """What a source gives, in lists of a size."""
    given = iter(source)
    while chosen := list(itertools.islice(given, size)):
        if len(chosen) == size or not drop_last:
            yield chosen


def _positive(whose: str, name: str, number: Any) -> None:
    if isinstance(number, bool) or not isinstance(number, int | np.integer) or number <= 0:
        raise ValueError(f"{whose} needs a whole number above 0 as {name}, got {number!r}")
