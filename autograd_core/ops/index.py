"""Selecting and replacing elements."""

from __future__ import annotations

import math
import sys
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np

from ..node import SMALL
from ..public import public
from ..rules import Function, custom, linear
from ..tensor import Tensor, method
from .shape import tensor_of


def _getitem(x: Any, index: Any) -> Any:
    """The elements selected; a few of many as a copy, since a view would keep the many alive."""
    out = x[index]
    return out.copy() if out.size <= SMALL < x.size else out


# getitem and unselect are each other's transpose.
getitem_op = linear(
    _getitem,
    lambda g, x, index: unselect.op.on(g, shape=x.shape, index=index),
    name="getitem",
    symbol="[ ]",
    options={"index": "index"},
)


def _unselect(g: Any, shape: tuple[int, ...], index: Any) -> Any:
    """Zeros of a shape with g added at an index: elements selected twice receive both."""
    if _repeats(index):
        out = np.zeros(math.prod(shape), g.dtype)
        positions = np.arange(out.size).reshape(shape)[index]
        np.add.at(out, np.ravel(positions), np.ravel(g))  # fast for one axis only
        return out.reshape(shape)[()]
    out = np.zeros(shape, g.dtype)
    out[index] = g
    return out[()]


def _repeats(index: Any) -> bool:
    """Whether an index may select an element twice: only integer arrays can."""
    return any(
        isinstance(part, np.ndarray) and part.dtype.kind != "b"
        for part in (index if isinstance(index, tuple) else (index,))
    )


unselect: Function = linear(
    _unselect,
    lambda g, x, shape, index: getitem_op.op.on(g, index=index),
    name="unselect",
    options={"shape": "shape", "index": "index"},
)


def _erase(x: Any, index: Any) -> Any:
    return _put(x, 0, index)


erase: Function = linear(
    _erase, lambda g, x, index: erase.op.on(g, index=index), name="erase", symbol="[ ]=0", options={"index": "index"}
)


def _put(x: Any, values: Any, index: Any) -> Any:
    out = np.array(x)
    out[index] = values
    return out[()]


def _winners(x: Any, index: Any) -> Any:
    """Which of the values put at an index stayed: where it selects an element twice, NumPy keeps the last."""
    last = np.zeros(x.shape, np.intp)
    order = np.arange(last[index].size).reshape(last[index].shape)
    last[index] = order
    return last[index] == order


def _kept_values(values: Any, x: Any, index: Any) -> Any:
    return values * _winners(x, index) if _repeats(index) else values


put_op = custom(
    _put,
    (
        lambda g, y, x, values, index: erase.op.on(g, index=index),
        lambda g, y, x, values, index: _kept_values(getitem_op.op.on(g, index=index), x, index),
    ),
    (
        lambda t, y, x, values, index: erase.op.on(t, index=index),
        lambda t, y, x, values, index: unselect.op.on(_kept_values(t, x, index), shape=y.shape, index=index),
    ),
    name="put",
    symbol="[ ]=",
    options={"index": "index"},
)


def normalized(index: Any, shape: tuple[int, ...]) -> Any:
    """An index with Tensors and lists turned into arrays of its own, checked for what can't be an index."""
    if isinstance(index, tuple):
        return tuple(normalized(part, shape) for part in index)
    if isinstance(index, Tensor):
        index = index.array
    if isinstance(index, (list, range)):
        index = np.array([part.array if isinstance(part, Tensor) else part for part in index])
        if index.size == 0:
            index = index.astype(np.intp)
    if isinstance(index, (np.ndarray, np.generic)):
        if index.dtype.kind not in "biu":
            raise IndexError(f"an index array holds integers or booleans, got {index.dtype} (tensor of shape {shape})")
        return np.array(index)
    if index is None or index is Ellipsis or isinstance(index, slice) or hasattr(index, "__index__"):
        return index
    raise IndexError(
        f"a tensor is indexed by integers, slices, None, ... and integer or boolean arrays, got {type(index).__name__}"
    )


@public("__getitem__")
def getitem(x: Any, index: Any) -> Tensor:
    """The selected elements, by NumPy's rules for basic, integer-array and boolean indices.

    Formula:
        Each selected element's gradient is added at the place it came from.

    Args:
        x: any shape.
        index: integers, slices, None, ``...``, integer or boolean arrays, lists or Tensors.

    Returns:
        A Tensor.

    Raises:
        IndexError: an index is out of range, of a wrong kind, or there are too many.

    Example:
        >>> import autograd_core as ag
        >>> ag.tensor([1.0, 2.0, 3.0])[[0, 0, 2]]
        tensor([1., 1., 3.])
    """
    x = tensor_of(x)
    return getitem_op(x, index=normalized(index, x.shape))


def _references_of_what_is_lost() -> int:
    """How many references ``__setitem__`` sees to an object that has no name; −1 where it can't tell."""
    seen = []

    class Probe:
        def __setitem__(self, index: int, value: int) -> None:
            seen.append(sys.getrefcount(self))

    named = Probe()
    named[0] = 0
    Probe()[0] = 0
    return seen[1] if seen[1] < seen[0] else -1


_NOWHERE_ELSE = _references_of_what_is_lost() if hasattr(sys, "getrefcount") else -1


@method
def __setitem__(self: Tensor, index: Any, value: Any) -> None:
    """Replace the selected elements; a recorded graph keeps the old values.

    Warns:
        UserWarning: the tensor is of no use to anybody, as ``t[i]`` in ``t[i][j] = v``: t stays as it was.

    Raises:
        IndexError: an index is out of range or of a wrong kind.
        ValueError: the value's shape does not fit.
        TypeError: the value can't be cast to this dtype.
        RuntimeError: this is a leaf that requires grad, and operations are being recorded.
    """
    given = value.dtype if isinstance(value, Tensor) else np.asarray(value).dtype
    fits = np.can_cast(given, self.dtype, "same_kind") or (given.kind in "biu" and self.dtype.kind == "f")
    if not fits and not (type(value) is int and self.dtype.kind == "u"):
        raise TypeError(f"[...] = can't put {given} into a {self.dtype} tensor: convert one of them first")
    if not isinstance(value, Tensor) and self.dtype.kind != "f":
        value = Tensor(value, dtype=self.dtype)
    self.rebind(put_op(self, value, index=normalized(index, self.shape)), "[...] =")
    if sys.getrefcount(self) == _NOWHERE_ELSE and getattr(self, "_owner", None) is None:
        warnings.warn(
            "this writes into a tensor that nothing else refers to, so what is written is lost: arrays are values, "
            "and t[i] is a new one; instead of t[i][j] = v write t[i, j] = v",
            stacklevel=2,
        )


@method
def __iter__(self: Tensor) -> Iterator[Tensor]:
    """The slices along the first axis."""
    if self.ndim == 0:
        raise TypeError("iteration over a 0-d tensor")
    return (getitem_op(self, index=i) for i in range(len(self)))


@method
def __contains__(self: Tensor, value: Any) -> bool:
    """Whether any element equals the value."""
    return bool(np.any(np.asarray(self.detach() == value)))


@method
def fill_(self: Tensor, value: Any) -> Tensor:
    """Let every element be the value: ``t[...] = value``."""
    self[...] = value
    return self


@method
def zero_(self: Tensor) -> Tensor:
    """Let every element be zero: ``t[...] = 0``."""
    self[...] = 0
    return self


@method
def copy_(self: Tensor, src: Any) -> Tensor:
    """Take the values of a source that broadcasts, cast to this dtype: ``t[...] = src``."""
    self[...] = tensor_of(src).to(self.dtype)
    return self
