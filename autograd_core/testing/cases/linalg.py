"""Matrix products and decompositions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from hypothesis import strategies as st

from ...ops.matrices import lapack
from ..strategies import Arguments, Cases, Reference, Shape, arrays

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


def _made(shape: Shape, seed: int, symmetric: bool = False) -> Any:
    """Matrices whose singular values, or eigenvalues, are 1, 2, …, nearly."""
    rng = np.random.default_rng(seed)
    rows, columns = shape[-2:]
    left = np.linalg.qr(rng.standard_normal((*shape[:-2], rows, rows)))[0]
    right = left if symmetric else np.linalg.qr(rng.standard_normal((*shape[:-2], columns, columns)))[0]
    count = min(rows, columns)
    values = 1 + np.arange(count) + rng.uniform(-0.2, 0.2, (*shape[:-2], count))
    return (left[..., :count] * values[..., None, :]) @ np.swapaxes(right[..., :count], -1, -2)


SQUARES = ((1, 1), (2, 2), (3, 3), (2, 2, 2), (0, 2, 2), (0, 0))
TALL = (*SQUARES, (3, 2), (2, 3, 1))


def _each(shapes: tuple[Shape, ...], make: Callable[[Shape, int], Arguments]) -> Cases:
    return st.sampled_from([(shape, seed) for shape in shapes for seed in range(3)]).map(lambda pair: make(*pair))


def _one(shapes: tuple[Shape, ...], **options: Any) -> Cases:
    return _each(shapes, lambda shape, seed: ((_made(shape, seed, **options),), {}))


def _two(shapes: tuple[Shape, ...], others: Callable[[Shape], Shape]) -> Cases:
    return _each(shapes, lambda shape, seed: ((_made(shape, seed), _made(others(shape), seed + 9)), {}))


def _series(x: Any) -> Any:
    """Σ xᵏ/k!"""
    term = total = np.broadcast_to(np.eye(x.shape[-1], dtype=x.dtype), x.shape)
    for k in range(1, 60):
        term = term @ x / k
        total = total + term
    return total


def _corner(x: Any, e: Any) -> Any:
    n = x.shape[-1]
    blocks = np.concatenate([np.concatenate([x, e], -1), np.concatenate([0 * x, x], -1)], -2)
    return _series(blocks)[..., :n, n:]


def _minors(x: Any) -> Any:
    """The cofactors, by determinants of what is left without a row and a column."""
    found = np.zeros_like(x)
    for i, j in np.ndindex(x.shape[-2:]):
        rest = np.delete(np.delete(x, i, -2), j, -1)
        found[..., i, j] = (-1) ** (i + j) * np.linalg.det(rest)
    return found


def _change_of_minors(x: Any, t: Any) -> Any:
    """By differences, which are exact for polynomials of so low a degree."""
    return sum(c * (_minors(x + k * t) - _minors(x - k * t)) for k, c in ((1, 2 / 3), (2, -1 / 12)))


def _stacked_svd(x: Any, rows: int, columns: int) -> Any:
    u, s, vh = np.linalg.svd(x, full_matrices=False)
    return np.concatenate([u, s[..., None, :], np.swapaxes(vh, -1, -2)], -2)


CASES: dict[str, Cases] = {
    "matmul": matrices(),
    "contract": contractions(),
    "inv": _one(SQUARES),
    "solve": _two((*SQUARES, (1, 2, 2)), lambda shape: (*((3,) if shape[:1] == (1,) else shape[:-2]), shape[-1], 2)),
    "pinv": _each((*TALL, (2, 3)), lambda shape, seed: ((_made(shape, seed),), {"atol": 0.1, "rtol": 0.01})),
    "matrix_rank": _each(TALL, lambda shape, seed: ((_made(shape, seed),), {"atol": 1.5, "rtol": 0.0})),
    "cholesky": _one(SQUARES, symmetric=True),
    "eigh": _one(SQUARES, symmetric=True),
    "orthogonal": _one(TALL),
    "complement": _each(((2, 1), (3, 2), (2, 3, 2), (2, 2)), lambda shape, seed: ((_made(shape, seed) / 2,), {})),
    "svd": _each(
        (*TALL, (2, 3), (0, 2)),
        lambda shape, seed: ((_made(shape, seed),), {"rows": shape[-2], "columns": shape[-1]}),
    ),
    "det": _one(SQUARES),
    "cofactors": _one(SQUARES),
    "change_of_cofactors": _two(SQUARES, lambda shape: shape),
    "logabsdet": _one(SQUARES),
    "sign_of_det": _one(SQUARES),
    "matrix_exp": _one(SQUARES),
    "change_of_matrix_exp": _two(SQUARES, lambda shape: shape),
}

REFERENCES: dict[str, Reference] = {
    "contract": lambda a, b, spec: np.einsum(spec, a, b),
    "inv": lapack(np.linalg.inv),
    "solve": lapack(np.linalg.solve),
    "pinv": lapack(lambda x, atol, rtol: np.linalg.pinv(x)),
    "matrix_rank": lambda x, atol, rtol: np.linalg.matrix_rank(x, atol),
    "cholesky": lapack(np.linalg.cholesky),
    "eigh": lapack(lambda x: np.concatenate([np.linalg.eigh(x)[0][..., None, :], np.linalg.eigh(x)[1]], -2)),
    "orthogonal": lapack(lambda x: np.linalg.qr(x)[0]),
    "complement": lapack(lambda x: np.linalg.qr(x, "complete")[0][..., x.shape[-1] :]),
    "svd": lapack(_stacked_svd),
    "det": lapack(np.linalg.det),
    "cofactors": lapack(_minors),
    "change_of_cofactors": lapack(_change_of_minors),
    "logabsdet": lapack(lambda x: np.linalg.slogdet(x)[1]),
    "sign_of_det": lapack(lambda x: np.linalg.slogdet(x)[0]),
    "matrix_exp": lapack(_series),
    "change_of_matrix_exp": lapack(_corner),
}
