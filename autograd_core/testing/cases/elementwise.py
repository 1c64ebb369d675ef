"""Elementwise rows with parameters, choices, comparisons."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st

from ...rules import POSITIVE, REAL
from ..strategies import Arguments, Cases, Reference, arrays, broadcastable_shapes, operands


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
    **dict.fromkeys(("isnan", "isinf", "isfinite"), st.just(((_DOUBTFUL,), {}))),
    **dict.fromkeys(("greater", "greater_equal", "less", "less_equal"), several(2, np.float64, np.int64)),
    **dict.fromkeys(("equal", "not_equal"), several(2, np.float64, np.int64, bool)),
    **dict.fromkeys(("logical_and", "logical_or", "logical_xor"), several(2, np.float64, bool)),
    **dict.fromkeys(("bitwise_and", "bitwise_or", "bitwise_xor"), several(2, np.int64, bool)),
    "logical_not": several(1, np.float64, bool),
    "invert": several(1, np.int64, bool),
}

REFERENCES: dict[str, Reference] = {
    "power_n": lambda x, n: x ** float(n),
    "clip_min": np.maximum,
    "clip_max": np.minimum,
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "relu": lambda x: np.clip(x, 0, None),
    "root": np.sqrt,
}
