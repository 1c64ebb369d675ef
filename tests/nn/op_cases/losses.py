"""Cases of the rows of losses."""

import numpy as np

from autograd_core.rules import Domain
from autograd_core.testing.strategies import arrays

HUBER = arrays(domain=Domain(kinks=(-0.75, 0.75))).map(lambda x: ((x,), {"delta": 0.75}))

CASES = {
    "huber": (HUBER, lambda x, delta: np.where(np.abs(x) <= delta, x**2 / 2, delta * (np.abs(x) - delta / 2))),
}
