"""Elementwise rows with parameters, choices, comparisons."""

from __future__ import annotations

import importlib
from typing import Any

import numpy as np
from hypothesis import strategies as st

from ...rules import POSITIVE, REAL, Domain
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


def scipy(name: str) -> Reference:
    """SciPy's special function of a name; it is looked up when it is needed."""

    def reference(*inputs: Any) -> Any:
        floats = [np.asarray(x).dtype for x in inputs if np.asarray(x).dtype.kind == "f"]
        found = getattr(importlib.import_module("scipy.special"), name)(*inputs)
        return np.asarray(found).astype(np.result_type(*floats))  # it computes halves in single precision, or wider

    return reference


_DOUBTFUL = np.array([0.0, 1.0, -2.0, np.nan, np.inf, -np.inf])
_EXPONENTS = st.sampled_from([-3, -2, -1, 0, 1, 2, 3, 6, 0.5, -0.5, 2.5, 2.0, -1.0, 0.0])


_SCIPY = "digamma entr erf erfc erfcx erfinv i0e i1e log_ndtr logit ndtr ndtri xlog1py xlogy zeta"
_OFF_STEPS = np.array([0.12, 1.37, -2.63, 12.28, -37.77])

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
    **dict.fromkeys(("isposinf", "isneginf", "isreal", "signbit"), st.just(((_DOUBTFUL,), {}))),
    **dict.fromkeys(("bitwise_left_shift", "bitwise_right_shift"), st.just(((np.arange(-4, 5), np.array(2)), {}))),
    **dict.fromkeys(("heaviside", "nextafter"), several(2, np.float64)),
    "isclose": several(2, np.float64).map(lambda case: (case[0], {"rtol": 0.1, "atol": 0.1, "equal_nan": True})),
    "round": st.sampled_from([0, 1, -1]).map(lambda n: ((_OFF_STEPS,), {"decimals": n})),
    "nan_to_num": operands((REAL,), st.just({"nan": 1.0, "posinf": 2.0, "neginf": None})),
    # the derivatives fit into halves
    "polygamma": operands((Domain(0.5, np.inf),), st.fixed_dictionaries({"n": st.integers(0, 3)})),
    "zeta": operands((POSITIVE,)).map(lambda case: ((np.int64(3), *case[0]), case[1])),
}

REFERENCES: dict[str, Reference] = {
    "power_n": lambda x, n: x ** float(n),
    "clip_min": np.maximum,
    "clip_max": np.minimum,
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "relu": lambda x: np.clip(x, 0, None),
    "root": np.sqrt,
    "square": np.square,
    "rsqrt": lambda x: 1 / np.sqrt(x),
    "frac": lambda x: x - np.trunc(x),
    "trunc_divide": lambda a, b: np.trunc(a / b),
    "lerp": lambda a, b, w: np.where(np.abs(w) < 0.5, a + w * (b - a), b - (b - a) * (1 - w)),
    "bitwise_left_shift": np.left_shift,
    "bitwise_right_shift": np.right_shift,
    "polygamma": lambda x, n: scipy("polygamma")(n, x),
    "lgamma": lambda x: scipy("gammaln")(np.where(np.isinf(x), np.inf, x)),
    "i0": lambda x: np.asarray(np.where(np.isinf(x), np.inf, scipy("i0")(x)), x.dtype),
    "i1": lambda x: np.asarray(np.where(np.isinf(x), x, scipy("i1")(x)), x.dtype),
    **{name: scipy(name) for name in _SCIPY.split()},
}
