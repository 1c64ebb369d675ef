"""Filling weights with a structure: the identity, orthogonal rows, mostly zeros."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from autograd_core import Tensor

from .filling import fill, source

if TYPE_CHECKING:
    from numpy.random import Generator

T = TypeVar("T", bound=Tensor)


def eye_(tensor: T) -> T:
    """Fill with ones on the diagonal and zeros elsewhere: the layer passes its input on.

    Args:
        tensor: two axes.

    Returns:
        The tensor.

    Raises:
        ValueError: there are not two axes.

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.init.eye_(ag.zeros(2, 3))
        tensor([[1., 0., 0.],
                [0., 1., 0.]])
    """
    return fill(tensor, np.eye(*_two_axes(tensor)))


def _two_axes(tensor: Tensor) -> tuple[int, int]:
    if tensor.ndim != 2:
        raise ValueError(f"Only tensors with 2 dimensions are supported, got shape {tensor.shape}")
    rows, columns = tensor.shape
    return rows, columns


def dirac_(tensor: T, groups: int = 1) -> T:
    """Fill with a one in the middle of the window from each channel to itself: the convolution passes its input on.

    Args:
        tensor: the weight of a convolution, (out, in / groups, *kernel).
        groups: how many independent parts the channels are cut into.

    Returns:
        The tensor.

    Raises:
        ValueError: it has not three to five axes, or the groups do not divide the channels.

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.init.dirac_(ag.zeros(2, 2, 3)).tolist()
        [[[0.0, 1.0, 0.0], [0.0, 0.0, 0.0]], [[0.0, 0.0, 0.0], [0.0, 1.0, 0.0]]]
    """
    if tensor.ndim not in (3, 4, 5):
        raise ValueError(f"Only tensors with 3, 4, or 5 dimensions are supported, got shape {tensor.shape}")
    if tensor.shape[0] % groups:
        raise ValueError(f"dim 0 must be divisible by groups, got shape {tensor.shape} and groups={groups}")
    values = np.zeros(tensor.shape)
    size = tensor.shape[0] // groups
    channels = np.arange(min(size, tensor.shape[1]))
    place: Any = (..., *(length // 2 for length in tensor.shape[2:]))
    middle = values[place]  # a view
    for group in range(groups):
        middle[group * size + channels, channels] = 1
    return fill(tensor, values)


def orthogonal_(tensor: T, gain: float = 1.0, generator: Generator | None = None) -> T:
    """Fill with a random matrix whose rows, or columns if they are fewer, are orthogonal.

    Formula:
        gain·Q, with Q R = a normal random matrix and the diagonal of R positive.

    Args:
        tensor: at least two axes; those after the first count as one.
        gain: how long each row is.
        generator: where the numbers come from; by default the generator of ``manual_seed``.

    Returns:
        The tensor.

    Raises:
        ValueError: there are fewer than two axes.

    Example:
        >>> import autograd_core as ag, nn
        >>> w = nn.init.orthogonal_(ag.zeros(2, 3))
        >>> (w @ w.T).round(decimals=4).abs()
        tensor([[1., 0.],
                [0., 1.]])

    Source: Saxe et al., Exact solutions to the nonlinear dynamics of learning in deep linear neural networks (2013).
    """
    if tensor.ndim < 2:
        raise ValueError("Only tensors with 2 or more dimensions are supported")
    if tensor.numel() == 0:
        return tensor
    rows = tensor.shape[0]
    flat = source(generator).normal(size=(rows, math.prod(tensor.shape[1:])))
    wide = rows < flat.shape[1]
    q, r = np.linalg.qr(flat.T if wide else flat)
    q = q * np.sign(np.diagonal(r))
    return fill(tensor, gain * (q.T if wide else q).reshape(tensor.shape))


def sparse_(tensor: T, sparsity: float, std: float = 0.01, generator: Generator | None = None) -> T:
    """Fill with normal random numbers, of which a part of each column is 0.

    Args:
        tensor: two axes.
        sparsity: which part.
        std: the standard deviation of the others.
        generator: where the numbers come from; by default the generator of ``manual_seed``.

    Returns:
        The tensor.

    Raises:
        ValueError: there are not two axes.

    Example:
        >>> import autograd_core as ag, nn
        >>> (nn.init.sparse_(ag.zeros(10, 3), sparsity=0.2) == 0).sum(0)
        tensor([2, 2, 2])

    Source: Martens, Deep learning via Hessian-free optimization (2010).
    """
    rows, columns = _two_axes(tensor)
    random = source(generator)
    values = random.normal(0, std, tensor.shape)
    for column in range(columns):
        values[random.permutation(rows)[: math.ceil(sparsity * rows)], column] = 0
    return fill(tensor, values)
