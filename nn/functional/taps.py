"""A linear map along one axis in which each result is a weighted sum of a few elements."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np

from autograd_core.rules import Function, linear
from autograd_core.symbolic import symbol


class Taps:
    """Which elements of an axis make up each result, and with what weight.

    Args:
        index: (n, k), the elements of each of the n results.
        weight: (n, k), their weights.
        length: how long the axis is.
    """

    def __init__(self, index: Any, weight: Any, length: int) -> None:
        self.index = index
        self.weight = weight
        self.length = length

    def __repr__(self) -> str:
        return f"{self.length} → {len(self.index)}"

    @cached_property
    def T(self) -> Taps:  # noqa: N802 - as of a matrix
        """The transposed map: for each element the results that it is part of."""
        results, elements = np.nonzero(self.weight)[0], self.index[self.weight != 0]
        weights = self.weight[self.weight != 0]
        order = np.argsort(elements, kind="stable")
        results, elements, weights = results[order], elements[order], weights[order]
        counts = np.bincount(elements, minlength=self.length)
        place = np.arange(len(elements)) - np.repeat(np.cumsum(counts) - counts, counts)
        index = np.zeros((self.length, int(counts.max(initial=0))), np.intp)
        weight = np.zeros(index.shape, self.weight.dtype)
        index[elements, place] = results
        weight[elements, place] = weights
        return Taps(index, weight, len(self.index))

    def apply(self, x: Any, axis: int) -> Any:
        """The results for an array, along one of its axes."""
        n, k = self.index.shape
        shape = (-1,) + (1,) * (x.ndim - 1 - axis)
        total = np.zeros((*x.shape[:axis], n, *x.shape[axis + 1 :]), x.dtype) if k == 0 else None
        for tap in range(k):
            part = x.take(self.index[:, tap], axis=axis)
            weight = self.weight[:, tap]
            if not np.all(weight == 1):
                part *= weight.astype(x.dtype).reshape(shape)
            if total is None:
                total = part
            else:
                total += part
        return total


resample: Function = linear(
    lambda x, axis, taps: taps.apply(x, axis),
    lambda g, x, axis, taps: resample.op.on(g, axis=axis, taps=taps.T),
    name="resample",
    options={"axis": 1, "taps": symbol("taps")},
)
