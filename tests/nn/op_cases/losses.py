"""Cases of the rows of losses."""

import numpy as np
from hypothesis import strategies as st

from autograd_core.rules import Domain
from autograd_core.testing.strategies import arrays, shapes

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


@st.composite
def places(draw):
    """An array, places in it, and what each counts."""
    x = draw(arrays(draw(shapes(3, 3))))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    some = rng.permutation(x.size)[: draw(st.integers(0, x.size))]
    shares = draw(st.sampled_from([0.5, rng.integers(-4, 4, some.size).astype(np.float16)]))
    return x, {"places": some, "shares": shares, "each": draw(st.booleans())}


def at_places(drawn):
    x, params = drawn
    g = np.ravel(x)[: params["places"].size]
    return (g if params["each"] else g.sum(),), {"shape": np.shape(x), **params}


def nll(x, places, shares, each):
    losses = -np.ravel(x)[places] * shares
    return losses if each else losses.sum()


def nll_transpose(g, shape, places, shares, each):
    x = np.zeros(shape, g.dtype)
    np.put(x, places, -g * shares)
    return x


CASES = {
    "nll": (places().map(lambda drawn: ((drawn[0],), drawn[1])), nll),
    "nll_transpose": (places().map(at_places), nll_transpose),
    "huber": (HUBER, lambda x, delta: np.where(np.abs(x) <= delta, x**2 / 2, delta * (np.abs(x) - delta / 2))),
    "binary_cross_entropy_of_scores": (None, lambda x, t: (1 - t) * x + np.logaddexp(0, -x)),
    "alignments": (states(), alignments),
}
