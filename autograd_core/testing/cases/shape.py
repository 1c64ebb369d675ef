"""Rows that move elements."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from ...rules import REAL
from ..strategies import Arguments, Cases, Reference, arrays, broadcastable_shapes, operands, shapes
from .reduce import axis_sets


@st.composite
def reshapes(draw: st.DrawFn) -> Arguments:
    x = draw(arrays(shapes(3, 3)))
    parts = [x.shape, (x.size,), (1, *np.shape(x)), tuple(reversed(np.shape(x)))]
    return (x,), {"shape": draw(st.sampled_from(parts + ([(-1, 1)] if x.size else [])))}


@st.composite
def transpositions(draw: st.DrawFn) -> Arguments:
    x = draw(arrays(shapes(4, 2)))
    return (x,), {"axes": tuple(draw(st.permutations(range(np.ndim(x)))))}


@st.composite
def expansions(draw: st.DrawFn) -> Arguments:
    narrow, other = draw(broadcastable_shapes(2, 3))
    return (draw(arrays(narrow)),), {"shape": np.broadcast_shapes(narrow, other)}


@st.composite
def contractions(draw: st.DrawFn) -> Arguments:
    narrow, other = draw(broadcastable_shapes(2, 3))
    return (draw(arrays(np.broadcast_shapes(narrow, other))),), {"shape": narrow}


@st.composite
def joins(draw: st.DrawFn) -> Arguments:
    """Arrays that agree but for one axis."""
    shape = draw(hnp.array_shapes(min_dims=1, max_dims=3, min_side=0, max_side=2))
    axis = draw(st.integers(0, len(shape) - 1))
    lengths = draw(st.lists(st.integers(0, 2), min_size=1, max_size=3))
    pieces = tuple(draw(arrays((*shape[:axis], n, *shape[axis + 1 :]))) for n in lengths)
    return pieces, {"axis": axis, "bounds": [0, *np.cumsum(lengths).tolist()]}


@st.composite
def stacks(draw: st.DrawFn) -> Arguments:
    shape = draw(shapes(2, 2))
    count = draw(st.integers(1, 3))
    return tuple(draw(arrays(shape)) for _ in range(count)), {"axis": draw(st.integers(0, len(shape)))}


@st.composite
def moves(draw: st.DrawFn, shifted: bool) -> Arguments:
    """An array and some of its axes, each with a distance if the elements are shifted."""
    x = draw(arrays(shapes(3, 3).filter(len)))
    axes = draw(axis_sets(np.ndim(x)).filter(len))
    shift = tuple(draw(st.integers(-4, 4)) for _ in axes)
    return (x,), {"shift": shift, "axis": axes} if shifted else {"axis": axes}


@st.composite
def triangles(draw: st.DrawFn) -> Arguments:
    batch = draw(shapes(1, 2))
    x = draw(arrays((*batch, draw(st.integers(0, 3)), draw(st.integers(0, 3)))))
    return (x,), {"k": draw(st.integers(-3, 3))}


def _triangle(keeps: Callable[[int, int], bool]) -> Reference:
    def kept(x: Any, k: int) -> Any:
        result = np.array(x)
        for place in np.ndindex(result.shape):
            if not keeps(place[-1] - place[-2], k):
                result[place] = 0
        return result

    return kept


def _sum_to(x: Any, shape: tuple[int, ...]) -> Any:
    total = np.zeros(shape, x.dtype)
    for place in np.ndindex(np.shape(x)):
        own = place[np.ndim(x) - len(shape) :]
        total[tuple(0 if n == 1 else i for i, n in zip(own, shape, strict=True))] += x[place]
    return total


CASES: dict[str, Cases] = {
    "astype": operands((REAL,), st.just({"dtype": np.float64})),
    "reshape": reshapes(),
    "transpose": transpositions(),
    "broadcast_to": expansions(),
    "sum_to": contractions(),
    "concatenate": joins(),
    "stack": stacks(),
    "flip": moves(False),
    "roll": moves(True),
    "tril": triangles(),
    "triu": triangles(),
}

REFERENCES: dict[str, Reference] = {
    "astype": lambda x, dtype: np.asarray(x).astype(dtype),
    "transpose": np.transpose,
    "sum_to": _sum_to,
    "concatenate": lambda *xs, axis, bounds: np.concatenate(xs, axis=axis),
    "stack": lambda *xs, axis: np.stack(xs, axis=axis),
    "tril": _triangle(lambda offset, k: offset <= k),
    "triu": _triangle(lambda offset, k: offset >= k),
}
