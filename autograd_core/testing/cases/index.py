"""Rows that select and replace elements."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from ..strategies import Arguments, Cases, Reference, arrays, shapes


@st.composite
def indices(draw: st.DrawFn, shape: tuple[int, ...]) -> Any:
    """Any index NumPy takes for a shape: basic, integer arrays (repeats included), masks, and mixtures."""
    kinds: list[st.SearchStrategy[Any]] = [hnp.basic_indices(shape, allow_newaxis=True, allow_ellipsis=True)]
    if shape and 0 not in shape:
        numbers = st.one_of(
            *(hnp.arrays(np.intp, (n,), elements=st.integers(-d, d - 1)) for d in shape[:1] for n in (0, 1, 3))
        )
        kinds.append(
            hnp.integer_array_indices(shape, result_shape=hnp.array_shapes(min_dims=0, max_dims=2, max_side=2))
        )
        kinds.append(numbers)
        kinds.append(numbers.map(lambda rows: (rows, ..., slice(None, None, -1)) if len(shape) > 1 else (None, rows)))
        kinds.append(numbers.map(lambda rows: (rows, None, 0) if len(shape) > 1 else (..., rows)))
    kinds.append(hnp.arrays(np.bool_, shape))
    if shape:
        kinds.append(hnp.arrays(np.bool_, shape[:1]))
    return draw(st.one_of(kinds))


@st.composite
def selections(draw: st.DrawFn) -> Arguments:
    x = draw(arrays(shapes(3, 3)))
    return (x,), {"index": draw(indices(np.shape(x)))}


@st.composite
def scatterings(draw: st.DrawFn) -> Arguments:
    shape = draw(shapes(3, 3))
    index = draw(indices(shape))
    g = draw(arrays(np.shape(np.zeros(shape)[index])))
    return (g,), {"shape": shape, "index": index}


@st.composite
def replacements(draw: st.DrawFn) -> Arguments:
    """An array, an index, and values that broadcast to what it selects."""
    x = draw(arrays(shapes(3, 3)))
    index = draw(indices(np.shape(x)))
    selected = np.shape(x[index])
    narrow = tuple(1 if draw(st.booleans()) else n for n in selected)[draw(st.integers(0, len(selected))) :]
    return (x, draw(arrays(narrow, place=1))), {"index": index}


@st.composite
def takings(draw: st.DrawFn, adding: bool = False) -> Arguments:
    """An array and indices along one of its axes, or of the flattened array; or what is to be added there."""
    shape = draw(shapes(3, 3, min_side=1).filter(len))
    axis = draw(st.none() | st.integers(0, len(shape) - 1))
    length = int(np.prod(shape)) if axis is None else shape[axis]
    index = draw(hnp.arrays(np.int64, draw(shapes(2, 3)), elements=st.integers(0, length - 1)))
    if not adding:
        return (draw(arrays(shape)),), {"index": index, "axis": axis}
    taken = np.shape(np.take(np.zeros(shape), index, axis))
    return (draw(arrays(taken)),), {"shape": shape, "index": index, "axis": axis}


@st.composite
def pickings(draw: st.DrawFn, adding: bool = False) -> Arguments:
    """An array and indices along its last axis, a row of them for each of its rows; or what is to be added there."""
    *rows, length = draw(shapes(3, 3, min_side=1).filter(len))
    index = draw(hnp.arrays(np.int64, (*rows, draw(st.integers(1, 4))), elements=st.integers(0, length - 1)))
    if not adding:
        return (draw(arrays((*rows, length))),), {"index": index}
    return (draw(arrays(index.shape)),), {"index": index, "length": length}


def _pick_add(g: Any, index: Any, length: int) -> Any:
    total = np.zeros((*index.shape[:-1], length), g.dtype)
    for place in np.ndindex(index.shape):
        total[(*place[:-1], index[place])] += g[place]
    return total


def _scatter(g: Any, shape: tuple[int, ...], index: Any) -> Any:
    total = np.zeros(int(np.prod(shape)), g.dtype)
    for place, value in zip(np.ravel(np.arange(total.size).reshape(shape)[index]), np.ravel(g), strict=True):
        total[place] += value
    return total.reshape(shape)


def _take_add(g: Any, shape: tuple[int, ...], index: Any, axis: int | None) -> Any:
    total = np.zeros(int(np.prod(shape)), g.dtype)
    places = np.take(np.arange(total.size).reshape(shape), index, axis)
    for place, value in zip(np.ravel(places), np.ravel(g), strict=True):
        total[place] += value
    return total.reshape(shape)


def _put(x: Any, values: Any, index: Any) -> Any:
    result = np.array(x)
    result[index] = values
    return result


CASES: dict[str, Cases] = {
    "getitem": selections(),
    "unselect": scatterings(),
    "erase": selections(),
    "put": replacements(),
    "take": takings(),
    "take_add": takings(adding=True),
    "pick": pickings(),
    "pick_add": pickings(adding=True),
}

REFERENCES: dict[str, Reference] = {
    "getitem": lambda x, index: x[index],
    "unselect": _scatter,
    "erase": lambda x, index: _put(x, 0.0, index),
    "put": _put,
    "take": lambda x, index, axis: np.take(x, index, axis),
    "take_add": _take_add,
    "pick": lambda x, index: np.take_along_axis(x, index, -1),
    "pick_add": _pick_add,
}
