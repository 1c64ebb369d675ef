"""Cases of the rows of resizing."""

import numpy as np
from hypothesis import strategies as st

from autograd_core.testing.strategies import arrays
from nn.functional.taps import Taps


@st.composite
def weighted(draw):
    """Up to three taps for each result, some of weight 0, along any axis."""
    shape = draw(st.tuples(*[st.integers(1, 3)] * draw(st.integers(1, 3))))
    axis = draw(st.integers(0, len(shape) - 1))
    table = (draw(st.integers(1, 4)), draw(st.integers(1, 3)))
    rng = np.random.default_rng(draw(st.integers(0, 99)))
    taps = Taps(rng.integers(0, shape[axis], table), rng.integers(0, 3, table) * 0.75, shape[axis])
    return (draw(arrays(shape)),), {"axis": axis, "taps": taps}


def resample(x, axis, taps):
    matrix = np.zeros((len(taps.index), x.shape[axis]))
    for i, (row, weights) in enumerate(zip(taps.index, taps.weight, strict=True)):
        for j, w in zip(row, weights, strict=True):
            matrix[i, j] += w
    return np.moveaxis(np.tensordot(matrix.astype(x.dtype), x, (1, axis)), 0, axis)


CASES = {"resample": (weighted(), resample)}
