"""Matrix products and decompositions."""

from __future__ import annotations

import numpy as np
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


SPECS = ("ij,jk->ik", "ij,jk->ki", "ijk,kjl->li", "bij,bkj->ikb", "i,j->ji", "ib,bi->b", "ij,ij->", ",i->i", "ab,b->ba")
"""Products of two operands: every letter of one is in the other or in the result."""


@st.composite
def contractions(draw: st.DrawFn) -> Arguments:
    spec = draw(st.sampled_from(SPECS))
    lengths = {letter: draw(st.sampled_from([2, 3, 1, 0])) for letter in sorted(set(spec) - set(",->"))}
    terms = spec.split("->")[0].split(",")
    inputs = (draw(arrays(tuple(lengths[x] for x in term), place=i)) for i, term in enumerate(terms))
    return tuple(inputs), {"spec": spec}


CASES: dict[str, Cases] = {
    "matmul": matrices(),
    "contract": contractions(),
}

REFERENCES: dict[str, Reference] = {
    "contract": lambda a, b, spec: np.einsum(spec, a, b),
}
