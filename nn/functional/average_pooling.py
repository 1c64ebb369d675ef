"""Pooling by means and by norms."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

import autograd_core as ag
from autograd_core import Tensor
from autograd_core.ops.pooling import sum_windows

from .geometry import Pool, each_axis, in_each_dimension, like
from .inputs import floats


def _avg_pool(
    name: str,
    count: int,
    input: Any,
    kernel_size: Any,
    stride: Any,
    padding: Any,
    ceil_mode: bool,
    count_include_pad: bool,
    divisor_override: int | None = None,
) -> Tensor:
    if divisor_override is not None and divisor_override == 0:
        raise ValueError(f"{name} can't divide by divisor_override=0: leave it out for the mean")
    pool = Pool(name, count, input, kernel_size, stride, padding, 1, ceil_mode)
    total = sum_windows(pool.x, results=pool.results, **pool.geometry)
    divisor = divisor_override or _divisor(pool, ceil_mode, count_include_pad)
    whole = total.dtype.kind != "f"  # PyTorch's means of integers are integers
    return like(pool.given, ag.div(total, divisor, rounding_mode="trunc" if whole else None), count)


def _divisor(pool: Pool, ceil_mode: bool, count_include_pad: bool) -> Any:
    """How many elements each window has: a number if it is the same for all."""
    size, stride, padding, _ = pool.geometry.values()
    if not (ceil_mode or any(padding)):
        return math.prod(size)
    divisor: Any = 1
    for axis in zip(pool.x.shape[2:], pool.results, size, stride, padding, strict=True):
        length, results, k, s, p = axis
        first = np.arange(results) * s - p
        if count_include_pad:
            counts = np.minimum(first + k, length + p) - first
        else:
            counts = np.minimum(first + k, length) - np.maximum(first, 0)
        divisor = np.multiply.outer(divisor, counts)
    if np.all(divisor == divisor.flat[0]):
        return int(divisor.flat[0])
    return divisor.astype(pool.x.dtype)


def _lp_pool(
    name: str, count: int, input: Any, norm_type: float, kernel_size: Any, stride: Any, ceil_mode: bool
) -> Tensor:
    x, p = floats(input), float(norm_type)
    if not 0 < p < math.inf:
        raise ValueError(
            f"{name} needs a norm_type above 0 and finite, got {norm_type}: for infinity use max_pool{count}d"
        )
    size = math.prod(each_axis(kernel_size, count, name, "kernel_size"))
    total = size * _avg_pool(name, count, x**p, kernel_size, stride, 0, ceil_mode, True)
    nothing = total == 0  # where the root has no slope, the gradient is 0
    result: Tensor = ag.where(nothing, 0, ag.where(nothing, 1, total) ** (1 / p))
    return result


def _avg_pool_in(count: int, name: str) -> Callable[..., Tensor]:
    def avg_pool(
        input: Any,
        kernel_size: Any,
        stride: Any = None,
        padding: Any = 0,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
        divisor_override: int | None = None,
    ) -> Tensor:
        """The mean of each window.

        Formula:
            Each element gets the gradients of the windows it lies in, divided by the number of their elements.

        Args:
            input: x, (N, C, {S}) or (C, {S}).
            kernel_size: the window's length, {each}.
            stride: the step between windows; by default kernel_size.
            padding: zeros at both ends, at most half the window's length.
            ceil_mode: let the last window reach further.
            count_include_pad: whether the padding's zeros count as elements.
            divisor_override: what to divide by instead of the number of elements.

        Returns:
            A Tensor (N, C, {R}) or (C, {R}), with L′ = (L + 2·padding − K) // stride + 1.

        Raises:
            ValueError: the shapes do not fit, or an option is out of range.
            TypeError: an option is not an integer.
        """
        return _avg_pool(
            name, count, input, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override
        )

    return avg_pool


def _lp_pool_in(count: int, name: str) -> Callable[..., Tensor]:
    def lp_pool(input: Any, norm_type: float, kernel_size: Any, stride: Any = None, ceil_mode: bool = False) -> Tensor:
        """The p-norm of each window, without taking absolute values first.

        Formula:
            y = (Σ xᵖ)^(1/p), NaN where the sum is negative; ∂y/∂x = (x/y)^(p − 1), 0 where the sum is 0.

        Args:
            input: x, (N, C, {S}) or (C, {S}).
            norm_type: p.
            kernel_size: the window's length, {each}.
            stride: the step between windows; by default kernel_size.
            ceil_mode: let the last window reach further; its sum is scaled up to a whole window's.

        Returns:
            A Tensor (N, C, {R}) or (C, {R}), with L′ = (L − K) // stride + 1.

        Raises:
            ValueError: the shapes do not fit, or an option is out of range.
            TypeError: an option is not an integer.
        """
        return _lp_pool(name, count, input, norm_type, kernel_size, stride, ceil_mode)

    return lp_pool


avg_pool1d, avg_pool2d, avg_pool3d = in_each_dimension(
    _avg_pool_in,
    "avg_pool",
    "F.avg_pool1d(ag.tensor([[1.0, 3.0, 2.0, 0.0]]), 2) -> tensor([[2., 1.]])",
    "F.avg_pool2d(ag.tensor([[[1.0, 3.0], [2.0, 0.0]]]), 2) -> tensor([[[1.5]]])",
    "F.avg_pool3d(ag.ones(1, 2, 2, 2), 2) -> tensor([[[[1.]]]])",
)
lp_pool1d, lp_pool2d, lp_pool3d = in_each_dimension(
    _lp_pool_in,
    "lp_pool",
    "F.lp_pool1d(ag.tensor([[3.0, 4.0]]), 2, 2) -> tensor([[5.]])",
    "F.lp_pool2d(ag.tensor([[[3.0, 4.0]]]), 2, (1, 2)) -> tensor([[[5.]]])",
    "F.lp_pool3d(ag.tensor([[[[3.0, 4.0]]]]), 2, (1, 1, 2)) -> tensor([[[[5.]]]])",
)
