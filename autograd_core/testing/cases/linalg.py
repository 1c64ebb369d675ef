"""Matrix products and decompositions."""

from __future__ import annotations

from hypothesis import strategies as st

from ..strategies import Arguments, Cases, Reference, arrays

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


CASES: dict[str, Cases] = {
    "matmul": matrices(),
}

REFERENCES: dict[str, Reference] = {}
