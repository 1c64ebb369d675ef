"""Reductions, softmax and its kin."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st

from ..strategies import Arguments, Cases, Reference, arrays, shapes


def axis_sets(ndim: int) -> st.SearchStrategy[tuple[int, ...]]:
    """Tuples of different axes, in any order, none and all included."""
    return st.permutations(range(ndim)).flatmap(lambda order: st.integers(0, ndim).map(lambda n: tuple(order[:n])))


@st.composite
def reductions(draw: st.DrawFn, of_nothing: bool = False, distinct: bool = False) -> Arguments:
    """An array, axes to reduce and whether to keep them; axes without elements only if ``of_nothing``."""
    x = draw(arrays(shapes(3, 3), distinct=distinct))
    axes = draw(axis_sets(np.ndim(x)))
    if not of_nothing:
        axes = tuple(i for i in axes if x.shape[i])
    return (x,), {"axis": axes, "keepdims": draw(st.booleans())}


@st.composite
def along_axis(draw: st.DrawFn) -> Arguments:
    """An array and one of its axes, for what keeps the shape."""
    x = draw(arrays(shapes(3, 3, min_side=1).filter(len)))
    return (x,), {"axis": draw(st.integers(0, np.ndim(x) - 1))}


@st.composite
def searches(draw: st.DrawFn) -> Arguments:
    """An array, one axis or None, and whether to keep it, for argmax and its kin."""
    x = draw(arrays(shapes(3, 3, min_side=1)))
    axis = draw(st.none() | st.integers(-np.ndim(x), np.ndim(x) - 1)) if np.ndim(x) else None
    return (x,), {"axis": axis, "keepdims": draw(st.booleans())}


def _softmax(x: Any, axis: int) -> Any:
    e = np.exp(x)
    return e / np.sum(e, axis=axis, keepdims=True)


CASES: dict[str, Cases] = {
    "sum": reductions(of_nothing=True),
    "mean": reductions(),
    "prod": reductions(of_nothing=True),
    "max": reductions(distinct=True),
    "min": reductions(distinct=True),
    "logsumexp": reductions(),
    "softmax": along_axis(),
    "log_softmax": along_axis(),
    "argmax": searches(),
    "argmin": searches(),
    "any": reductions(of_nothing=True),
    "all": reductions(of_nothing=True),
}

REFERENCES: dict[str, Reference] = {
    "logsumexp": lambda x, axis, keepdims: np.log(np.sum(np.exp(x), axis=axis, keepdims=keepdims)),
    "softmax": _softmax,
    "log_softmax": lambda x, axis: np.log(_softmax(x, axis)),
}
