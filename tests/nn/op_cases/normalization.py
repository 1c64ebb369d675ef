"""Cases of the rows of normalisation."""

import math

import numpy as np
from hypothesis import strategies as st

from autograd_core.testing.strategies import arrays, shapes

AXES = st.sampled_from([(0,), (1,), (0, 2), (2,)])


def slope(g, x, axis, eps):
    """The difference quotient's limit, by hand: (g − mean g − y·mean(g·y))/σ."""
    n = math.prod(x.shape[i] for i in axis)
    centred = x - x.sum(axis, keepdims=True) / n
    sigma = np.sqrt((centred * centred).sum(axis, keepdims=True) / n + eps)
    y = centred / sigma
    return (g - g.sum(axis, keepdims=True) / n - y * (g * y).sum(axis, keepdims=True) / n) / sigma


def standardize(x, axis, eps):
    centred = x - x.mean(axis, keepdims=True)
    return centred / np.sqrt((centred * centred).mean(axis, keepdims=True) + eps)


@st.composite
def batches(draw, count):
    axis = draw(AXES)
    shape = draw(shapes(3, 3, min_side=1).filter(lambda s: len(s) > max(axis)))
    return tuple(draw(arrays(shape)) for _ in range(count)), {"axis": axis, "eps": 0.5}


CASES = {
    "scale_and_shift": (None, lambda x, w, b: x * w + b),
    "standardize": (batches(1), standardize),
    "standardize_slope": (batches(2), slope),
}
