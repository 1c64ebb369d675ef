"""Cases of the rows of linear layers and classification."""

import numpy as np
from hypothesis import strategies as st

from autograd_core.rules import Domain
from autograd_core.testing.strategies import arrays, shapes


@st.composite
def affine(draw):
    """A batch of any shape, weight and bias of a linear layer, zero lengths included."""
    inner, outer = draw(st.integers(0, 3)), draw(st.integers(0, 3))
    batch = draw(shapes(2, 3))
    return (draw(arrays((*batch, inner))), draw(arrays((outer, inner))), draw(arrays((outer,)))), {}


@st.composite
def scores(draw):
    """Scores and probabilities of at least one class, on any axis."""
    shape = draw(shapes(3, 3, min_side=1).filter(len))
    axis = draw(st.integers(0, len(shape) - 1))
    q = draw(arrays(shape, domain=Domain(low=0.0)))
    return (draw(arrays(shape)), q), {"axis": axis, "each": draw(st.booleans())}


def cross_entropy(x, q, axis, each):
    p = np.exp(x - x.max(axis=axis, keepdims=True))
    return -(q * np.log(p / p.sum(axis=axis, keepdims=True))).sum(axis=axis if each else None)


@st.composite
def probabilities(draw):
    shape = draw(shapes(2, 3))
    inside = Domain(low=0.0, high=1.0)
    return (draw(arrays(shape, domain=inside)), draw(arrays(shape, domain=inside))), {}


CASES = {
    "linear": (affine(), lambda x, w, b: x @ w.T + b),
    "soft_cross_entropy": (scores(), cross_entropy),
    "bounded_log": (None, lambda x: np.maximum(np.log(x), -100)),
    "binary_cross_entropy": (
        probabilities(),
        lambda x, t: -(t * np.maximum(np.log(x), -100) + (1 - t) * np.maximum(np.log(1 - x), -100)),
    ),
}
