"""How windows are described to convolution and pooling: a number for all axes, or one for each."""

from __future__ import annotations

import operator
from typing import Any

import autograd_core as ag
from autograd_core import Tensor

Lengths = tuple[int, ...]


def each_axis(value: Any, count: int, name: str, what: str, least: int = 1) -> Lengths:
    """An option as one integer for each axis.

    Args:
        value: an integer for all axes, or a sequence of one or ``count``.
        count: how many axes there are.
        name: the function's name, for messages.
        what: the option's name, for messages.
        least: the smallest value allowed.

    Returns:
        A tuple of integers.

    Raises:
        TypeError: they are not integers.
        ValueError: their number is another, or one is too small.
    """
    given = value if isinstance(value, (tuple, list)) else (value,)
    try:
        found = tuple(operator.index(item) for item in given)
    except TypeError:
        raise TypeError(f"{name} needs {what} as an integer or {count} of them, got {value!r}") from None
    if len(found) not in (1, count):
        raise ValueError(f"{name} needs {what} as an integer or {count} of them, got {value!r}")
    if any(item < least for item in found):
        raise ValueError(f"{name} needs {what} of at least {least}, got {value!r}")
    return found * count if len(found) == 1 else found


def numbers(data: Any) -> Tensor:
    """The data as a Tensor; an array is copied, since a graph may keep it."""
    return data if isinstance(data, Tensor) else ag.tensor(data)


def batched(x: Tensor, count: int, name: str) -> Tensor:
    """The input with a batch axis: (N, C, *S), or (C, *S) for a single one."""
    if x.ndim == count + 1:
        return x.unsqueeze(0)
    if x.ndim == count + 2:
        return x
    axes = ", ".join(f"s{i + 1}" for i in range(count))
    raise ValueError(f"{name} needs an input of shape (N, C, {axes}) or (C, {axes}), got {x.shape}")


def like(input: Tensor, result: Tensor, count: int) -> Tensor:
    """The result without the batch axis that the input did not have."""
    return result.squeeze(0) if input.ndim == count + 1 else result
