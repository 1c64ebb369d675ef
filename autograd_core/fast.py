"""Loops that NumPy has no words for, compiled by numba where it is installed: the extra ``fast``.

Each stands beside NumPy's way to the same result, which is taken where numba is missing and for small arrays.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

LARGE = 4096
"""From this many elements on a compiled loop is worth its call."""
BLOCK = 1 << 18
"""NumPy takes so many elements at once: intermediate results stay small, and calls few."""


def blocks(size: int) -> tuple[Any, ...]:
    """The places of a loop over elements: one after the other if it is compiled, for NumPy many at once.

    A loop over ``blocks(x.size)`` is thus the same for both: ``y[i] = x[i] * x[i]``.
    """
    if size <= BLOCK:
        return (...,)
    return tuple(slice(start, start + BLOCK) for start in range(0, size, BLOCK))


@functools.cache
def _numba() -> Any:
    """The module, imported at the first large array; None if it is not installed."""
    try:
        import numba
    except ImportError:
        return None
    numba.extending.overload(blocks, inline="always")(lambda size: lambda size: range(size))
    return numba


class Loop:
    """A loop over arrays in plain Python, compiled when it is first run.

    Args:
        function: takes arrays and numbers, writes into the first array.

    Attributes:
        plain: the function as it was written; NumPy runs it too if it goes by :func:`blocks`.
    """

    def __init__(self, function: Callable[..., None]) -> None:
        self.plain = function
        self._compiled: Any = None

    def suits(self, array: Any) -> bool:
        """Whether it is quicker than NumPy for an array like this one."""
        return array.size >= LARGE and array.dtype in (np.float32, np.float64) and _numba() is not None

    def __call__(self, *arguments: Any) -> None:
        if self._compiled is None:  # sums may be reordered, as NumPy does; nothing else is taken lightly
            self._compiled = _numba().njit(cache=True, fastmath={"reassoc", "contract", "nsz"}, error_model="numpy")(
                self.plain
            )
        self._compiled(*(np.ascontiguousarray(a) if isinstance(a, np.ndarray) else a for a in arguments))


@Loop
def add_at(out: Any, positions: Any, g: Any) -> None:
    """``out[positions[i]] += g[i]``, also where positions repeat; all of one axis."""
    for i in range(positions.size):
        out[positions[i]] += g[i]


@Loop
def add_slices(out: Any, index: Any, g: Any) -> None:
    """``out[a, index[i]] += g[a, i]``, also where indices repeat; out and g of three axes."""
    for a in range(g.shape[0]):
        for i in range(index.size):
            k = index[i]
            for j in range(g.shape[2]):
                out[a, k, j] += g[a, i, j]


@Loop
def pick_in_rows(out: Any, x: Any, index: Any) -> None:
    """``out[i, j] = x[i, index[i, j]]``."""
    for i in range(index.shape[0]):
        for j in range(index.shape[1]):
            out[i, j] = x[i, index[i, j]]


@Loop
def add_in_rows(out: Any, index: Any, g: Any) -> None:
    """``out[i, index[i, j]] += g[i, j]``, also where indices repeat."""
    for i in range(index.shape[0]):
        for j in range(index.shape[1]):
            out[i, index[i, j]] += g[i, j]


@Loop
def divide_by_sums(rows: Any) -> None:
    """Let each row add up to 1."""
    for i in range(rows.shape[0]):
        total = rows.dtype.type(0)
        for j in range(rows.shape[1]):
            total += rows[i, j]
        for j in range(rows.shape[1]):
            rows[i, j] /= total


@Loop
def cumsum_rows(out: Any, x: Any, reverse: bool) -> None:
    """The sums up to each element of each row; four rows at a time, for one sum has to wait for the one before."""
    rows, n = x.shape
    zero = x.dtype.type(0)
    fours = rows // 4 * 4
    for i in range(0, fours, 4):
        a = b = c = d = zero
        for k in range(n):
            j = n - 1 - k if reverse else k
            a += x[i, j]
            b += x[i + 1, j]
            c += x[i + 2, j]
            d += x[i + 3, j]
            out[i, j], out[i + 1, j], out[i + 2, j], out[i + 3, j] = a, b, c, d
    for i in range(fours, rows):
        a = zero
        for k in range(n):
            j = n - 1 - k if reverse else k
            a += x[i, j]
            out[i, j] = a
