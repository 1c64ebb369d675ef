"""Operations that give several results, and whose gradients are computed all at once.

A node has one result, so several are packed into one vector and picked out of it again. The chain rule asks for
the gradient of one input at a time, so what was computed together is handed out piece by piece.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from .rules import each
from .tensor import Tensor


class Packing:
    """How arrays of several shapes and dtypes lie in one vector; a single array stays as it is.

    Args:
        arrays: the arrays, or Tensors.
    """

    def __init__(self, arrays: Sequence[Any]) -> None:
        self.shapes = [array.shape for array in arrays]
        self.dtypes = [array.dtype for array in arrays]
        self.cuts = [0, *itertools.accumulate(map(math.prod, self.shapes))]

    def pack(self, arrays: Sequence[Any]) -> Any:
        """The arrays as one, in their common dtype."""
        if len(arrays) == 1:
            return arrays[0]
        return np.concatenate([np.ravel(array) for array in arrays])

    def unpack(self, packed: Any) -> list[Any]:
        """The arrays, or Tensors, that lie in what :meth:`pack` gave, or in a gradient of it."""
        if len(self.shapes) == 1:
            return [packed]
        found = []
        for start, stop, shape, dtype in zip(self.cuts, self.cuts[1:], self.shapes, self.dtypes, strict=False):
            part = packed[start:stop].reshape(shape)
            part = part if part.dtype == dtype else part.astype(dtype)
            found.append(part if isinstance(part, Tensor) else part[()])
        return found


class Joint:
    """The gradients of all inputs at once, handed out one by one.

    Args:
        compute: ``compute(g, y)``, the gradients by input position, given that of the result y.
        change: ``change(ts, y)``, the change of the result, given those of the inputs; None if there is no such rule.
    """

    def __init__(
        self, compute: Callable[[Any, Any], dict[int, Any]], change: Callable[[Any, Any], Any] | None = None
    ) -> None:
        self._compute = compute
        self.change = change
        self._last: tuple[Any, dict[int, Any]] | None = None

    def __repr__(self) -> str:
        return "…"

    def gradient(self, place: int, g: Any, y: Any) -> Any:
        """The gradient of one input; None if there is none."""
        last = self._last
        if last is None or last[0] is not g or place not in last[1]:
            last = (g, self._compute(g, y))
        part = last[1].pop(place, None)
        self._last = last if last[1] else None
        return part


together = each(lambda i, g, y, xs, joint, **params: joint.gradient(i, g, y))
"""The rules of an op that is recorded with ``joint=Joint(…)`` among its params."""
