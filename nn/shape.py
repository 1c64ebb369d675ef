"""Layers that only change the shape."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import autograd_core as ag
from autograd_core import Tensor

from .module import Module


class Flatten(Module):
    """Several axes as one; by default all but the first, the batch.

    Args:
        start_dim: the first axis to flatten.
        end_dim: the last axis to flatten, itself included.

    Returns:
        From a call: a Tensor with these axes joined.

    Raises:
        IndexError: there is no such axis.

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.Flatten()(ag.zeros(8, 28, 28)).shape
        (8, 784)
    """

    def __init__(self, start_dim: int = 1, end_dim: int = -1) -> None:
        super().__init__()
        self.start_dim = start_dim
        self.end_dim = end_dim

    def forward(self, input: Any) -> Tensor:
        return ag.flatten(input, self.start_dim, self.end_dim)

    def extra_repr(self) -> str:
        return f"start_dim={self.start_dim}, end_dim={self.end_dim}"


class Unflatten(Module):
    """One axis as several.

    Args:
        dim: the axis.
        unflattened_size: the lengths of the axes that take its place; one may be −1.

    Returns:
        From a call: a Tensor with these axes.

    Raises:
        TypeError: the lengths are not integers.
        ValueError: from a call, their product is not the axis's length.
        IndexError: from a call, there is no such axis.

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.Unflatten(1, (28, 28))(ag.zeros(8, 784)).shape
        (8, 28, 28)
    """

    def __init__(self, dim: int, unflattened_size: Sequence[int]) -> None:
        super().__init__()
        lengths = isinstance(unflattened_size, (tuple, list))
        if not lengths or not all(isinstance(length, int) for length in unflattened_size):
            raise TypeError(f"Unflatten needs unflattened_size as a tuple of integers, got {unflattened_size!r}")
        self.dim = dim
        self.unflattened_size = unflattened_size

    def forward(self, input: Any) -> Tensor:
        return ag.unflatten(input, self.dim, self.unflattened_size)

    def extra_repr(self) -> str:
        return f"dim={self.dim}, unflattened_size={self.unflattened_size}"
