"""Cases of the rows of losses."""

import numpy as np
from hypothesis import strategies as st

from autograd_core.rules import Domain
from autograd_core.testing.strategies import arrays

HUBER = arrays(domain=Domain(kinks=(-0.75, 0.75))).map(lambda x: ((x,), {"delta": 0.75}))


@st.composite
def states(draw):
    """Log-probabilities of states, where jumps lead, and which states can be reached when."""
    frames, batch, labels = draw(st.integers(1, 4)), draw(st.integers(1, 2)), draw(st.integers(1, 2))
    shape = (batch, 2 * labels + 1)
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    jumps = np.zeros(shape, bool)
    jumps[:, 3::2] = rng.random((batch, labels - 1)) < 0.5
    reached = np.zeros((frames, *shape), bool)
    reached[0, :, :2] = True
    for t in range(1, frames):
        reached[t] = reached[t - 1]
        reached[t, :, 1:] |= reached[t - 1, :, :-1]
        reached[t, :, 2:] |= reached[t - 1, :, :-2] & jumps[:, 2:]
    reached &= np.arange(frames)[:, None, None] < rng.integers(0, frames + 1, (batch, 1))
    return (draw(arrays((frames, *shape))),), {"reached": reached, "jumps": jumps}


def alignments(x, reached, jumps):
    p = np.exp(x) * reached
    ways = np.zeros_like(p)
    ways[0] = p[0]
    for t, sample, state in np.ndindex(*x.shape):
        if t:
            reach = 3 if jumps[sample, state] else 2
            ways[t, sample, state] = (
                p[t, sample, state] * ways[t - 1, sample, max(state + 1 - reach, 0) : state + 1].sum()
            )
    return np.where(ways > 0, np.log(np.where(ways > 0, ways, 1)), 0)


CASES = {
    "huber": (HUBER, lambda x, delta: np.where(np.abs(x) <= delta, x**2 / 2, delta * (np.abs(x) - delta / 2))),
    "alignments": (states(), alignments),
}
