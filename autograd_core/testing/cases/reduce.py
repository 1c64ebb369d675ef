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


@st.composite
def orders(draw: st.DrawFn, /, **options: st.SearchStrategy[Any]) -> Arguments:
    """An array of different elements, one of its axes, and options."""
    x = draw(arrays(shapes(3, 3, min_side=1).filter(len), distinct=True))
    axis = draw(st.integers(0, np.ndim(x) - 1))
    return (x,), {"axis": axis, **{name: draw(values) for name, values in options.items()}}


@st.composite
def counts(draw: st.DrawFn) -> Arguments:
    x = draw(arrays(shapes(3, 3), dtype=draw(st.sampled_from([np.int64, np.float64, np.bool_]))))
    return (x,), {"axis": draw(axis_sets(np.ndim(x)))}


@st.composite
def middles(draw: st.DrawFn) -> Arguments:
    return (draw(arrays(shapes(3, 3, min_side=1), distinct=True)),), {"skip": draw(st.booleans())}


@st.composite
def pairs_along_axis(draw: st.DrawFn) -> Arguments:
    """Two arrays of one shape and one of their axes."""
    (a,), params = draw(along_axis())
    return (a, draw(arrays(a.shape, place=1))), params


def _count_nonzero(x: Any, axis: tuple[int, ...]) -> Any:
    return np.sum(np.asarray(x) != 0, axis=axis, dtype=np.int64)


def _argsort(x: Any, axis: int, descending: bool) -> Any:
    return np.argsort(-x if descending else x, axis=axis)


def _running_argmax(x: Any, axis: int, largest: bool) -> Any:
    line = np.moveaxis(x if largest else -x, axis, 0)
    found = np.array([np.argmax(line[: i + 1], axis=0) for i in range(len(line))])
    return np.moveaxis(found, 0, axis)


def _cumsum(x: Any, axis: int, reverse: bool) -> Any:
    return np.flip(np.cumsum(np.flip(x, axis), axis), axis) if reverse else np.cumsum(x, axis)


def _median(x: Any, skip: bool) -> Any:
    return sorted(np.ravel(x))[(np.size(x) - 1) // 2]


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
    "inner_along": pairs_along_axis(),
    "log_softmax": along_axis(),
    "argmax": searches(),
    "argmin": searches(),
    "any": reductions(of_nothing=True),
    "all": reductions(of_nothing=True),
    "count_nonzero": counts(),
    "median": middles(),
    "cumsum": orders(reverse=st.booleans()),
    "cumprod": along_axis(),
    "running_argmax": orders(largest=st.booleans()),
    "argsort": orders(descending=st.booleans()),
}

REFERENCES: dict[str, Reference] = {
    "logsumexp": lambda x, axis, keepdims: np.log(np.sum(np.exp(x), axis=axis, keepdims=keepdims)),
    "softmax": _softmax,
    "inner_along": lambda a, b, axis: np.sum(a * b, axis=axis, keepdims=True),
    "log_softmax": lambda x, axis: np.log(_softmax(x, axis)),
    "count_nonzero": _count_nonzero,
    "cumsum": _cumsum,
    "median": _median,
    "running_argmax": _running_argmax,
    "argsort": _argsort,
}
