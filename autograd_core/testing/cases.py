"""What the laws run each row of the op table with, and what NumPy computes for it.

An elementwise row without parameters needs no entry in ``CASES``: its inputs are drawn from its domains. Every
other row has one, or a reason in ``REASONS`` why the laws can't run it; a row with neither fails the test suite.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from ..rules import POSITIVE, REAL, Op
from .strategies import Arguments, arrays, broadcastable_shapes, operands, shapes

Cases = st.SearchStrategy[Arguments]


def cases_of(op: Op) -> Cases | None:
    """The cases of a row of the table.

    Args:
        op: the row.

    Returns:
        A strategy of ``(inputs, params)``; None if nothing says what the operation takes.
    """
    if op.name in CASES:
        return CASES[op.name]
    if op.kind == "elementwise" and not op.options:
        return operands(op.domains)
    return None


def reference_of(op: Op) -> Callable[..., Any] | None:
    """The NumPy function that a row of the table must agree with: the one in ``REFERENCES``, or of its name."""
    return REFERENCES.get(op.name) or getattr(np, op.name, None)


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


MATRIX_SHAPES = (
    ((3,), (3,)),
    ((2, 3), (3,)),
    ((3,), (3, 2)),
    ((2, 3), (3, 2)),
    ((1, 1), (1, 1)),
    ((2, 2, 3), (3,)),
    ((3,), (2, 3, 2)),
    ((2, 2, 3), (3, 2)),
    ((2, 3), (2, 3, 2)),
    ((2, 2, 3), (2, 3, 1)),
    ((1, 2, 2), (3, 2, 2)),
    ((3, 2, 2), (1, 2, 2)),
    ((2, 1, 1, 2), (3, 2, 1)),
    ((2, 1, 2), (2, 1, 2, 1)),
    ((2, 0), (0, 3)),
    ((0, 2), (2, 3)),
    ((0,), (0,)),
    ((0, 2, 3), (3, 2)),
)
"""Every way in which np.matmul matches shapes."""


@st.composite
def matrices(draw: st.DrawFn) -> Arguments:
    left, right = draw(st.sampled_from(MATRIX_SHAPES))
    return (draw(arrays(left)), draw(arrays(right, place=1))), {}


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
def choices(draw: st.DrawFn) -> Arguments:
    condition, x, y = draw(broadcastable_shapes(3))
    return (draw(arrays(condition, bool)), draw(arrays(x)), draw(arrays(y, place=1))), {}


def several(count: int, *dtypes: Any) -> Cases:
    """As many arrays that broadcast, of each dtype in turn; equal elements are likely."""

    @st.composite
    def draw_case(draw: st.DrawFn) -> Arguments:
        lengths = draw(broadcastable_shapes(count))
        dtype = draw(st.sampled_from(dtypes))
        return tuple(draw(arrays(length, dtype)) for length in lengths), {}

    return draw_case()


_DOUBTFUL = np.array([0.0, 1.0, -2.0, np.nan, np.inf, -np.inf])
_EXPONENTS = st.sampled_from([-3, -2, -1, 0, 1, 2, 3, 7, 0.5, -0.5, 2.5, 2.0, -1.0, 0.0])

CASES: dict[str, Cases] = {
    "power_n": operands((POSITIVE,), st.fixed_dictionaries({"n": _EXPONENTS}))
    | operands((REAL,), st.fixed_dictionaries({"n": st.integers(0, 5)})),
    "where": choices(),
    "astype": operands((REAL,), st.just({"dtype": np.float64})),
    "reshape": reshapes(),
    "transpose": transpositions(),
    "broadcast_to": expansions(),
    "sum_to": contractions(),
    "concatenate": joins(),
    "stack": stacks(),
    "getitem": selections(),
    "scatter": scatterings(),
    "erase": selections(),
    "put": replacements(),
    "matmul": matrices(),
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
    **dict.fromkeys(("isnan", "isinf", "isfinite"), st.just(((_DOUBTFUL,), {}))),
    **dict.fromkeys(("greater", "greater_equal", "less", "less_equal"), several(2, np.float64, np.int64)),
    **dict.fromkeys(("equal", "not_equal"), several(2, np.float64, np.int64, bool)),
    **dict.fromkeys(("logical_and", "logical_or", "logical_xor"), several(2, np.float64, bool)),
    **dict.fromkeys(("bitwise_and", "bitwise_or", "bitwise_xor"), several(2, np.int64, bool)),
    "logical_not": several(1, np.float64, bool),
    "invert": several(1, np.int64, bool),
}


def _sum_to(x: Any, shape: tuple[int, ...]) -> Any:
    total = np.zeros(shape, x.dtype)
    for place in np.ndindex(np.shape(x)):
        own = place[np.ndim(x) - len(shape) :]
        total[tuple(0 if n == 1 else i for i, n in zip(own, shape, strict=True))] += x[place]
    return total


def _scatter(g: Any, shape: tuple[int, ...], index: Any) -> Any:
    total = np.zeros(int(np.prod(shape)), g.dtype)
    for place, value in zip(np.ravel(np.arange(total.size).reshape(shape)[index]), np.ravel(g), strict=True):
        total[place] += value
    return total.reshape(shape)


def _put(x: Any, values: Any, index: Any) -> Any:
    result = np.array(x)
    result[index] = values
    return result


def _softmax(x: Any, axis: int) -> Any:
    e = np.exp(x)
    return e / np.sum(e, axis=axis, keepdims=True)


REFERENCES: dict[str, Callable[..., Any]] = {
    "power_n": lambda x, n: x ** float(n),
    "clip_min": np.maximum,
    "clip_max": np.minimum,
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "relu": lambda x: np.clip(x, 0, None),
    "root": np.sqrt,
    "astype": lambda x, dtype: np.asarray(x).astype(dtype),
    "transpose": np.transpose,
    "sum_to": _sum_to,
    "concatenate": lambda *xs, axis, bounds: np.concatenate(xs, axis=axis),
    "stack": lambda *xs, axis: np.stack(xs, axis=axis),
    "getitem": lambda x, index: x[index],
    "scatter": _scatter,
    "erase": lambda x, index: _put(x, 0.0, index),
    "put": _put,
    "logsumexp": lambda x, axis, keepdims: np.log(np.sum(np.exp(x), axis=axis, keepdims=keepdims)),
    "softmax": _softmax,
    "log_softmax": lambda x, axis: np.log(_softmax(x, axis)),
}

REASONS: dict[str, str] = {}
"""Rows that the laws can't run, each with the reason."""
