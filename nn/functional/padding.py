"""Longer or shorter axes: zeros, a value, or the input's own elements at both ends."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np

import autograd_core as ag
from autograd_core import Tensor
from autograd_core.ops.index import getitem_op, put_op, unselect
from autograd_core.tensor import from_array

from .geometry import each_axis, numbers

_MODES = ("constant", "reflect", "replicate", "circular")


def pad(input: Any, pad: Sequence[int], mode: str = "constant", value: Any = None) -> Tensor:
    """The input with more elements, or fewer, at both ends of its last axes.

    Formula:
        Each element's gradient is the sum of those of its copies.

    Args:
        input: any shape; except for constants (N, C, *S) or (C, *S).
        pad: how many elements before and after, for the last axis first; negative numbers cut off.
        mode: what to add: ``"constant"``, ``"reflect"`` (mirrored, without the last element itself), ``"replicate"``
            (the last element) or ``"circular"`` (from the other end).
        value: the constant, by default 0.

    Returns:
        A Tensor with longer axes.

    Raises:
        ValueError: the amounts do not fit the axes, or there is no such mode.
        TypeError: the amounts are not integers.

    Example:
        >>> import autograd_core as ag, nn.functional as F
        >>> F.pad(ag.tensor([[1.0, 2.0, 3.0]]), (2, 0), "reflect")
        tensor([[3., 2., 1., 2., 3.]])
    """
    x = numbers(input)
    if mode not in _MODES:
        raise ValueError(f"pad needs a mode of {', '.join(_MODES)}, got {mode!r}")
    amounts = tuple(each_axis(amount, 1, "pad", "each amount", -np.iinfo(np.int64).max)[0] for amount in pad)
    if len(amounts) % 2 or len(amounts) > 2 * x.ndim:
        raise ValueError(
            f"pad needs two amounts for each of at most {x.ndim} axes, got {tuple(pad)} for shape {x.shape}"
        )
    # From the first of the axes to the last.
    pairs = list(zip(amounts[::2], amounts[1::2], strict=True))[::-1]
    axes = range(x.ndim - len(pairs), x.ndim)
    if any(max(-low, 0) + max(-high, 0) > x.shape[axis] for axis, (low, high) in zip(axes, pairs, strict=True)):
        raise ValueError(f"pad can't cut off more than there is: got {tuple(pad)} for shape {x.shape}")
    if mode == "constant":
        return _constant(x, pairs, 0 if value is None else value)
    if value:
        raise ValueError(f"pad takes a value only with mode='constant', got value={value} with mode={mode!r}")
    if x.ndim - len(pairs) not in (1, 2) or not pairs:
        raise ValueError(
            f"pad with mode={mode!r} needs an input (N, C, *S) or (C, *S) and two amounts for each axis S, got shape "
            f"{x.shape} and {tuple(pad)}"
        )
    for axis, (low, high) in zip(axes, pairs, strict=True):
        x = _extended(x, axis, low, high, mode)
    return x


def _constant(x: Tensor, pairs: list[tuple[int, int]], value: Any) -> Tensor:
    before = x.ndim - len(pairs)
    if any(amount < 0 for amount in itertools.chain(*pairs)):
        cuts = [slice(max(-low, 0), n - max(-high, 0)) for n, (low, high) in zip(x.shape[before:], pairs, strict=True)]
        x = getitem_op(x, index=(..., *cuts))
        pairs = [(max(low, 0), max(high, 0)) for low, high in pairs]
    if not any(itertools.chain(*pairs)):
        return x.clone()
    lengths = x.shape[before:]
    shape = (*x.shape[:before], *(n + low + high for n, (low, high) in zip(lengths, pairs, strict=True)))
    index = (..., *(slice(low, low + n) for n, (low, _) in zip(lengths, pairs, strict=True)))
    if value == 0:
        return unselect(x, shape=shape, index=index)
    return put_op(from_array(np.full(shape, value, x.dtype)), x, index=index)


def _narrowed(x: Tensor, axis: int, low: int, high: int) -> Tensor:
    """The axis without what negative amounts cut off."""
    return getitem_op(x, index=(slice(None),) * axis + (slice(max(-low, 0), x.shape[axis] - max(-high, 0)),))


def _extended(x: Tensor, axis: int, low: int, high: int, mode: str) -> Tensor:
    """The axis with elements of its own at both ends."""
    if mode == "circular" and min(low, high) < 0:  # the other end is where it was cut off
        x = _narrowed(x, axis, low, high)
        low, high = max(low, 0), max(high, 0)
    length = x.shape[axis]
    most = {"reflect": length - 1, "circular": length, "replicate": max(low, high) if length else 0}[mode]
    if max(low, high) > most:
        raise ValueError(
            f"pad with mode={mode!r} needs amounts of at most {most} for axis {axis} of length {length}, "
            f"got {(low, high)}"
        )

    def piece(start: int, stop: int | None, step: int = 1) -> Tensor:
        return getitem_op(x, index=(slice(None),) * axis + (slice(start, stop, step),))

    def ends(amount: int, at_end: bool) -> Tensor:
        if mode == "reflect":
            stop = length - 2 - amount
            return piece(length - 2, stop if stop >= 0 else None, -1) if at_end else piece(amount, 0, -1)
        if mode == "circular":
            return piece(0, amount) if at_end else piece(length - amount, length)
        last = piece(length - 1, length) if at_end else piece(0, 1)
        return ag.broadcast_to(last, (*x.shape[:axis], amount, *x.shape[axis + 1 :]))

    middle = _narrowed(x, axis, low, high) if min(low, high) < 0 else x
    parts = [ends(low, False)] if low > 0 else []
    parts.append(middle)
    if high > 0:
        parts.append(ends(high, True))
    return ag.concatenate(parts, axis) if len(parts) > 1 else middle.clone()
