"""Cases of the rows of recurrent cells."""

import numpy as np
from hypothesis import strategies as st

from autograd_core.testing.strategies import arrays

BATCHES = st.sampled_from([(), (1,), (3,), (0,)])
LENGTHS = st.integers(0, 3)


@st.composite
def pairs(draw):
    """An input and a hidden state, with or without a batch, their weights and a bias."""
    batch, inner, hidden, outer = draw(BATCHES), draw(LENGTHS), draw(LENGTHS), draw(LENGTHS)
    shapes = ((*batch, inner), (*batch, hidden), (outer, inner), (outer, hidden), (outer,))
    return tuple(draw(arrays(shape)) for shape in shapes), {}


@st.composite
def scores(draw):
    return (draw(arrays((*draw(BATCHES), 4 * draw(LENGTHS)))),), {}


@st.composite
def cells(draw):
    """Gates and a cell state."""
    batch, hidden = draw(BATCHES), draw(LENGTHS)
    return (draw(arrays((4, *batch, hidden))), draw(arrays((*batch, hidden)))), {}


def gates(z):
    i, f, g, o = np.split(z, 4, axis=-1)
    i, f, o = (1 / (1 + np.exp(-v)) for v in (i, f, o))
    return np.stack([i, f, np.tanh(g), o])


CASES = {
    "linear_pair": (pairs(), lambda x, h, w, u, b: x @ w.T + h @ u.T + b),
    "lstm_gates": (scores(), gates),
    "lstm_memory": (cells(), lambda a, c: a[1] * c + a[0] * a[2]),
    "lstm_output": (cells(), lambda a, c: a[3] * np.tanh(c)),
}
