"""Cases of the rows of activations."""

import numpy as np
from scipy.special import ndtr

from autograd_core.rules import REAL, Domain
from autograd_core.testing.strategies import arrays, operands

NONZERO = Domain(kinks=(0.0,))


def elementwise(domain=NONZERO, **params):
    return arrays(domain=domain).map(lambda x: ((x,), params))


def softplus(x, beta, threshold):
    z = beta * x
    return np.where(z > threshold, x, np.logaddexp(z, 0) / beta)


def elu(x, alpha, scale, rate):
    return scale * np.where(x > 0, x, alpha * np.expm1(rate * np.minimum(x, 0)))


CASES = {
    "leaky_relu": (elementwise(slope=0.1), lambda x, slope: np.where(x > 0, x, slope * x)),
    "prelu": (operands((NONZERO, REAL)), lambda x, w: np.where(x > 0, x, w * x)),
    "elu": (elementwise(alpha=1.5, scale=1.25, rate=0.5), elu),
    "softplus": (elementwise(REAL, beta=2.0, threshold=20.0), softplus),
    "logsigmoid": (None, lambda x: -np.logaddexp(0, -x)),
    "softsign": (None, lambda x: x / (1 + np.abs(x))),
    "tanhshrink": (None, lambda x: x - np.tanh(x)),
    "gelu_gate": (None, lambda x: np.asarray(ndtr(x)).astype(x.dtype)[()]),
    "hardtanh": (elementwise(Domain(kinks=(-1.0, 2.0)), low=-1.0, high=2.0), lambda x, low, high: x.clip(low, high)),
    "hardsigmoid": (None, lambda x: np.clip(x / 6 + 0.5, 0, 1)),
    "hardswish": (None, lambda x: x * np.clip(x / 6 + 0.5, 0, 1)),
    "softshrink": (
        elementwise(Domain(kinks=(-0.75, 0.75)), bound=0.75),
        lambda x, bound: np.sign(x) * np.maximum(np.abs(x) - bound, 0),
    ),
    "hardshrink": (
        elementwise(Domain(kinks=(-0.75, 0.75)), bound=0.75),
        lambda x, bound: np.where(np.abs(x) <= bound, 0, x),
    ),
    "threshold": (
        elementwise(Domain(kinks=(0.75,)), limit=0.75, value=0.25),
        lambda x, limit, value: np.where(x <= limit, value, x),
    ),
    "step": (None, lambda x: np.where(np.isnan(x), x, np.heaviside(x, 0))),
}
