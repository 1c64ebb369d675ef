"""Pooling by maxima, and its way back."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

import autograd_core as ag
from autograd_core import Tensor
from autograd_core.ops.gather import checked_indices
from autograd_core.ops.gather import indices as index_table
from autograd_core.ops.pooling import max_positions, max_windows, max_winners

from .geometry import Pool, batched, each_axis, in_each_dimension, like, numbers


def _max_pool(name: str, count: int, input: Any, return_indices: bool, *options: Any) -> Any:
    pool = Pool(name, count, input, *options)
    y = max_windows(pool.x, results=pool.results, **pool.geometry)
    if not return_indices:
        return like(pool.given, y, count)
    winners = max_winners(pool.x, y, **pool.geometry)
    return like(pool.given, y, count), like(
        pool.given, max_positions(winners, length=pool.x.shape[2:], **pool.geometry), count
    )


def _max_unpool(
    name: str, count: int, input: Any, indices: Any, kernel_size: Any, stride: Any, padding: Any, output_size: Any
) -> Tensor:
    given, table = numbers(input), index_table(indices, name)
    x = batched(given, count, name)
    if table.shape != given.shape:
        raise ValueError(f"{name} needs as many indices as elements: got input {given.shape} and indices {table.shape}")
    size = each_axis(kernel_size, count, name, "kernel_size")
    steps = size if stride is None else each_axis(stride, count, name, "stride")
    pads = each_axis(padding, count, name, "padding", 0)
    usual = tuple((n - 1) * s - 2 * p + k for n, s, p, k in zip(x.shape[2:], steps, pads, size, strict=True))
    lengths = usual if output_size is None else tuple(output_size)[-count:]
    if len(lengths) != count or any(abs(n - u) >= s for n, u, s in zip(lengths, usual, steps, strict=True)):
        raise ValueError(
            f"{name} needs an output_size less than a stride from {usual}, got {tuple(output_size)}: the sizes that "
            f"pool to {given.shape} with kernel_size {kernel_size} and stride {steps}"
        )
    total = math.prod(lengths)
    places = checked_indices(table.reshape(*x.shape[:2], math.prod(x.shape[2:])), total, name)
    y = ag.scatter(np.zeros((*x.shape[:2], total), x.dtype), 2, places, x.flatten(2))
    return like(given, y.reshape(*x.shape[:2], *lengths), count)


def _max_pool_in(count: int, name: str) -> Callable[..., Any]:
    def max_pool(
        input: Any,
        kernel_size: Any,
        stride: Any = None,
        padding: Any = 0,
        dilation: Any = 1,
        ceil_mode: bool = False,
        return_indices: bool = False,
    ) -> Any:
        """The largest element of each window.

        Formula:
            A window's gradient goes to its largest element, of equal ones to the first.

        Args:
            input: x, (N, C, {S}) or (C, {S}).
            kernel_size: the window's length, {each}.
            stride: the step between windows; by default kernel_size.
            padding: how far windows reach beyond both ends, at most half their length.
            dilation: the step between the elements of a window.
            ceil_mode: let the last window reach further.
            return_indices: give the positions of the maxima too, as :func:`max_unpool{n}d` takes them.

        Returns:
            A Tensor (N, C, {R}) or (C, {R}), with L′ = (L + 2·padding − dilation·(K − 1) − 1) // stride + 1; with
            return_indices also their positions in the flattened last axes.

        Raises:
            ValueError: the shapes do not fit, or an option is out of range.
            TypeError: an option is not an integer.
        """
        return _max_pool(name, count, input, return_indices, kernel_size, stride, padding, dilation, ceil_mode)

    return max_pool


def _max_unpool_in(count: int, name: str) -> Callable[..., Tensor]:
    def max_unpool(
        input: Any, indices: Any, kernel_size: Any, stride: Any = None, padding: Any = 0, output_size: Any = None
    ) -> Tensor:
        """Zeros with the input's elements put where :func:`max_pool{n}d` found them.

        Formula:
            Each element's gradient is that of the place where it was put.

        Args:
            input: x, (N, C, {S}) or (C, {S}).
            indices: positions in the flattened last axes of the result, of the input's shape; of several elements for
                one place the last stays.
            kernel_size: the window's length in the pooling, {each}.
            stride: the step between windows; by default kernel_size.
            padding: how far windows reached beyond both ends.
            output_size: the lengths, or the shape, of what was pooled, where several lengths pool to the same.

        Returns:
            A Tensor (N, C, {R}) or (C, {R}), by default with L′ = (L − 1)·stride − 2·padding + K.

        Raises:
            ValueError: the shapes do not fit, or the lengths can't have been those of what was pooled.
            IndexError: a position is out of range.
            TypeError: the positions are not integers.
        """
        return _max_unpool(name, count, input, indices, kernel_size, stride, padding, output_size)

    return max_unpool


max_pool1d, max_pool2d, max_pool3d = in_each_dimension(
    _max_pool_in,
    "max_pool",
    "F.max_pool1d(ag.tensor([[1.0, 3.0, 2.0, 0.0]]), 2) -> tensor([[3., 2.]])",
    "F.max_pool2d(ag.tensor([[[1.0, 3.0], [2.0, 0.0]]]), 2) -> tensor([[[3.]]])",
    "F.max_pool3d(ag.ones(1, 2, 2, 2), 2) -> tensor([[[[1.]]]])",
)
max_unpool1d, max_unpool2d, max_unpool3d = in_each_dimension(
    _max_unpool_in,
    "max_unpool",
    "F.max_unpool1d(ag.tensor([[3.0, 2.0]]), ag.tensor([[1, 2]]), 2) -> tensor([[0., 3., 2., 0.]])",
    "F.max_unpool2d(ag.tensor([[[3.0]]]), ag.tensor([[[1]]]), 2).tolist() -> [[[0.0, 3.0], [0.0, 0.0]]]",
    "F.max_unpool3d(ag.tensor([[[[3.0]]]]), ag.tensor([[[[1]]]]), 2).shape -> (1, 2, 2, 2)",
)
