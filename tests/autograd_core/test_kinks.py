"""Where an operation has no derivative, it has the value that its row documents."""

import numpy as np
import pytest

import autograd_core as ag
from autograd_core.rules import TABLE

# name: inputs at the kink, and the derivative with respect to each (of one output element)
KINKS = {
    "absolute": [((0.0,), (0.0,)), ((-0.0,), (0.0,))],
    "relu": [((0.0,), (0.0,)), ((-0.0,), (0.0,))],
    "sign": [((0.0,), (0.0,))],
    "floor": [((2.0,), (0.0,)), ((-1.0,), (0.0,))],
    "ceil": [((2.0,), (0.0,))],
    "trunc": [((2.0,), (0.0,)), ((0.0,), (0.0,))],
    "frac": [((2.0,), (1.0,))],
    "i0e": [((0.0,), (0.0,))],
    "fmax": [((2.0, 2.0), (1.0, 0.0))],
    "fmin": [((2.0, 2.0), (1.0, 0.0))],
    "trunc_divide": [((6.0, 2.0), (0.0, 0.0))],
    "fmod": [((6.0, 2.0), (1.0, -3.0)), ((-6.0, 4.0), (1.0, 1.0))],
    "arctan2": [((0.0, 0.0), (0.0, 0.0))],
    "hypot": [((0.0, 0.0), (0.0, 0.0))],
    "copysign": [((0.0, -1.0), (0.0, 0.0))],
    "root": [((0.0,), (0.0,))],
    "maximum": [((2.0, 2.0), (0.5, 0.5)), ((np.inf, np.inf), (0.5, 0.5)), ((0.0, -0.0), (0.5, 0.5))],
    "minimum": [((2.0, 2.0), (0.5, 0.5)), ((-np.inf, -np.inf), (0.5, 0.5))],
    "clip_min": [((1.0, 1.0), (1.0, 0.0))],
    "clip_max": [((1.0, 1.0), (1.0, 0.0))],
    "floor_divide": [((6.0, 2.0), (0.0, 0.0)), ((0.0, 2.0), (0.0, 0.0))],
    "remainder": [((6.0, 2.0), (1.0, -3.0)), ((-6.0, 4.0), (1.0, 2.0))],
}


@pytest.mark.parametrize("name", KINKS)
@pytest.mark.parametrize("shape", [(), (2,)])
def test_the_documented_value_at_the_kink(name, shape):
    function = TABLE[name].function
    for inputs, expected in KINKS[name]:
        arrays = [np.full(shape, x) for x in inputs]
        leaves = [ag.tensor(array, requires_grad=True) for array in arrays]
        found = ag.grad(function(*leaves).sum(), leaves, materialize_grads=True)
        for i, slope in enumerate(expected):
            steps = tuple(np.full(shape, float(i == j)) for j in range(len(arrays)))
            change = ag.jvp(function, tuple(arrays), steps)[1]
            assert found[i].tolist() == change.tolist() == np.full(shape, slope).tolist()


def test_every_row_that_documents_a_kink_is_tested(rows):
    assert {name for name in rows if TABLE[name].kink} == set(KINKS)


def test_every_row_with_a_kink_in_its_domain_documents_it(row):
    undefined_there = {"divide", "floor_divide", "remainder", "reciprocal"}  # a pole at 0 is no kink
    if row not in undefined_there and any(domain.kinks for domain in TABLE[row].domains):
        assert TABLE[row].kink, f"{row} has kinks in its domain: say with kink= what its derivative is there"
