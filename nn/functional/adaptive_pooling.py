"""Pooling to a given size."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

import autograd_core as ag
from autograd_core import Tensor

from .geometry import Lengths, batched, each_axis, in_each_dimension, like, numbers
from .inputs import floats


def _sizes(name: str, count: int, output_size: Any, x: Tensor) -> Lengths:
    given = tuple(output_size) if isinstance(output_size, (tuple, list)) else (output_size,) * count
    if len(given) != count:
        raise ValueError(f"{name} needs output_size as an integer or {count} of them, got {output_size}")
    return tuple(
        length if one is None else each_axis(one, 1, name, "output_size", 0)[0]
        for one, length in zip(given, x.shape[2:], strict=True)
    )


def _adaptive_input(name: str, count: int, input: Any) -> tuple[Tensor, Tensor]:
    given = numbers(input)
    x = batched(given, count, name)
    if 0 in x.shape[2:]:
        raise ValueError(f"{name} needs at least one element along each axis to pool, got input {given.shape}")
    return given, x


def _bounds(length: int, results: int) -> tuple[Any, Any]:
    """Where the nearly equal windows begin and end that cover an axis."""
    places = np.arange(results)
    return places * length // results, -(-(places + 1) * length // results)


def _adaptive_avg_pool(name: str, count: int, input: Any, output_size: Any) -> Tensor:
    given, x = _adaptive_input(name, count, floats(input))
    sizes = _sizes(name, count, output_size, x)
    for axis, (length, results) in enumerate(zip(x.shape[2:], sizes, strict=True), start=2):
        if length == results:
            continue
        if results == 1:
            x = ag.mean(x, axis, keepdims=True)
            continue
        start, stop = _bounds(length, results)
        places = np.arange(length)[:, None]
        weights = ((places >= start) & (places < stop)) / (stop - start)
        x = ag.matmul(x.swapaxes(axis, -1), weights.astype(x.dtype)).swapaxes(axis, -1)
    return like(given, x, count)


def _adaptive_max_pool(name: str, count: int, input: Any, output_size: Any, return_indices: bool) -> Any:
    given, x = _adaptive_input(name, count, input)
    positions = _largest(x.array, _sizes(name, count, output_size, x))
    shape = positions.shape
    y = ag.take_along_dim(x.flatten(2), positions.reshape(*shape[:2], math.prod(shape[2:])), 2).reshape(shape)
    if not return_indices:
        return like(given, y, count)
    return like(given, y, count), like(given, ag.as_tensor(positions), count)


def _largest(x: Any, sizes: Lengths) -> Any:
    """Where in the flattened last axes the largest element of each of nearly equal windows stands."""
    n = len(sizes)
    lengths = x.shape[2:]
    tables = []
    for i, (length, results) in enumerate(zip(lengths, sizes, strict=True)):
        start, stop = _bounds(length, results)
        longest = int(np.max(stop - start, initial=1))
        rows = np.minimum(start[:, None] + np.arange(longest), stop[:, None] - 1)
        tables.append(
            rows.reshape(
                [m for j in range(n) for m in ((results,) if j == i else (1,))]
                + [longest if j == i else 1 for j in range(n)]
            )
        )
    places = np.ravel_multi_index(np.broadcast_arrays(*tables), lengths) if n > 1 else tables[0]
    places = places.reshape(*sizes, math.prod(places.shape[n:]))
    seen = x.reshape(*x.shape[:2], math.prod(lengths))[:, :, places]
    return np.take_along_axis(np.broadcast_to(places, seen.shape), seen.argmax(-1)[..., None], -1)[..., 0]


def _adaptive_avg_pool_in(count: int, name: str) -> Callable[..., Tensor]:
    def adaptive_avg_pool(input: Any, output_size: Any) -> Tensor:
        """The means of nearly equal windows that cover the input, as many as wanted.

        Formula:
            Window i of n reaches from ⌊i·L/n⌋ to before ⌈(i + 1)·L/n⌉.

        Args:
            input: x, (N, C, {S}) or (C, {S}).
            output_size: how many windows, {each}; None for as many as elements.

        Returns:
            A Tensor (N, C, {R}) or (C, {R}) with these lengths.

        Raises:
            ValueError: the input has other axes or an empty one, or a length is negative.
            TypeError: a length is not an integer.
        """
        return _adaptive_avg_pool(name, count, input, output_size)

    return adaptive_avg_pool


def _adaptive_max_pool_in(count: int, name: str) -> Callable[..., Any]:
    def adaptive_max_pool(input: Any, output_size: Any, return_indices: bool = False) -> Any:
        """The largest elements of nearly equal windows that cover the input, as many as wanted.

        Formula:
            Window i of n reaches from ⌊i·L/n⌋ to before ⌈(i + 1)·L/n⌉; its gradient goes to its largest element, of
            equal ones to the first.

        Args:
            input: x, (N, C, {S}) or (C, {S}).
            output_size: how many windows, {each}; None for as many as elements.
            return_indices: give the positions of the maxima too, as :func:`max_unpool{n}d` takes them.

        Returns:
            A Tensor (N, C, {R}) or (C, {R}) with these lengths; with return_indices also the positions of the maxima in
            the flattened last axes.

        Raises:
            ValueError: the input has other axes or an empty one, or a length is negative.
            TypeError: a length is not an integer.
        """
        return _adaptive_max_pool(name, count, input, output_size, return_indices)

    return adaptive_max_pool


adaptive_avg_pool1d, adaptive_avg_pool2d, adaptive_avg_pool3d = in_each_dimension(
    _adaptive_avg_pool_in,
    "adaptive_avg_pool",
    "F.adaptive_avg_pool1d(ag.tensor([[1.0, 3.0, 2.0, 0.0]]), 2) -> tensor([[2., 1.]])",
    "F.adaptive_avg_pool2d(ag.tensor([[[1.0, 3.0], [2.0, 0.0]]]), 1) -> tensor([[[1.5]]])",
    "F.adaptive_avg_pool3d(ag.ones(1, 2, 2, 2), 1) -> tensor([[[[1.]]]])",
)
adaptive_max_pool1d, adaptive_max_pool2d, adaptive_max_pool3d = in_each_dimension(
    _adaptive_max_pool_in,
    "adaptive_max_pool",
    "F.adaptive_max_pool1d(ag.tensor([[1.0, 3.0, 2.0, 0.0]]), 2) -> tensor([[3., 2.]])",
    "F.adaptive_max_pool2d(ag.tensor([[[1.0, 3.0], [2.0, 0.0]]]), 1) -> tensor([[[3.]]])",
    "F.adaptive_max_pool3d(ag.ones(1, 2, 2, 2), 1) -> tensor([[[[1.]]]])",
)
