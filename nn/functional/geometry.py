"""How windows are described to convolution and pooling: a number for all axes, or one for each."""

from __future__ import annotations

import inspect
import operator
from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np

import autograd_core as ag
from autograd_core import Tensor

Lengths = tuple[int, ...]
F = TypeVar("F", bound=Callable[..., Any])


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


_AXES = {1: "L", 2: "H, W", 3: "D, H, W"}
_EACH = {1: "an integer", 2: "an integer or one for each axis", 3: "an integer or one for each axis"}


def described(text: str | None, n: int, example: str, imports: str) -> str:
    """The docstring of one of a family from that of all.

    Args:
        text: what all have in common; ``{n}`` stands for the number of axes, ``{S}``, ``{R}`` and ``{K}`` for the
            lengths of the input, result and kernel, ``{each}`` for how an option may be given.
        n: the number of axes.
        example: an expression and, after ``->``, what it prints.
        imports: what the expression needs.

    Returns:
        The text for n axes, with the example at its end.
    """
    axes = _AXES[n].split(", ")
    expression, _, shown = example.partition(" -> ")
    told = inspect.cleandoc(text or "").format(
        n=n,
        S=_AXES[n],
        R=", ".join(f"{axis}′" for axis in axes),
        K="K" if n == 1 else ", ".join(f"K{axis}" for axis in axes),
        each=_EACH[n],
    )
    return f"{told}\n\nExample:\n    >>> {imports}\n    >>> {expression}\n    {shown}\n"


def in_each_dimension(make: Callable[[int, str], F], name: str, *examples: str) -> tuple[F, F, F]:
    """The functions for one, two and three axes of what is written once for any number.

    Args:
        make: takes the number of axes and the function's name and gives the function, with the docstring that
            :func:`described` fills in.
        name: what all three names begin with.
        examples: for each number an expression and, after ``->``, what it prints.

    Returns:
        The three functions.
    """
    made = []
    for n, example in enumerate(examples, start=1):
        function = make(n, f"{name}{n}d")
        function.__name__ = function.__qualname__ = f"{name}{n}d"
        function.__doc__ = described(function.__doc__, n, example, "import autograd_core as ag, nn.functional as F")
        made.append(function)
    return tuple(made)  # type: ignore[return-value]


class Pool:
    """The windows of one call, checked.

    Attributes:
        given: the input as given.
        x: the input with a batch axis.
        geometry: what the rows take.
    """

    def __init__(
        self,
        name: str,
        count: int,
        input: Any,
        kernel_size: Any,
        stride: Any,
        padding: Any,
        dilation: Any = 1,
        ceil_mode: bool = False,
    ) -> None:
        self.given = numbers(input)
        self.x = batched(self.given, count, name)
        if self.given.dtype.kind == "b":
            raise TypeError(f"{name} needs numbers, got {self.given.dtype}: convert with .float()")
        size = each_axis(kernel_size, count, name, "kernel_size")
        steps = (
            size
            if stride is None or (isinstance(stride, tuple) and not stride)
            else each_axis(stride, count, name, "stride")
        )
        pads = each_axis(padding, count, name, "padding", 0)
        rates = each_axis(dilation, count, name, "dilation")
        if any(2 * p > d * (k - 1) + 1 for p, d, k in zip(pads, rates, size, strict=True)):
            raise ValueError(
                f"{name} needs padding of at most half the window's length: got padding {padding}, kernel_size "
                f"{kernel_size}, dilation {dilation}"
            )
        lengths = self.x.shape[2:]
        results = tuple(_results(*axis, ceil_mode) for axis in zip(lengths, size, steps, pads, rates, strict=True))
        if 0 in self.x.shape[1:] or min(results) < 1:
            raise ValueError(
                f"{name} needs an input no smaller than the window: got input {self.given.shape}, kernel_size "
                f"{kernel_size}, padding {padding}, dilation {dilation}"
            )
        if max(rates) > 1 and not all(map(_all_see_something, lengths, results, size, steps, pads, rates)):
            raise ValueError(f"{name}: a window of dilation {dilation} sees nothing but padding: use less padding")
        self.geometry = {"size": size, "stride": steps, "padding": pads, "dilation": rates}
        self.results = results


def _all_see_something(length: int, results: int, size: int, stride: int, padding: int, dilation: int) -> bool:
    """Whether every window has an element inside the axis."""
    places = np.arange(results)[:, None] * stride - padding + np.arange(size) * dilation
    return bool(np.all(np.any((places >= 0) & (places < length), axis=1)))


def _results(length: int, size: int, stride: int, padding: int, dilation: int, ceil_mode: bool) -> int:
    """How many windows lie on an axis; with ceil_mode the last may reach beyond the padding, but starts before it."""
    room = length + 2 * padding - dilation * (size - 1) - 1
    if not ceil_mode:
        return room // stride + 1
    count = -(-room // stride) + 1
    return count - 1 if (count - 1) * stride >= length + padding else count
