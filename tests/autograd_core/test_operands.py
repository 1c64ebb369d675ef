"""An array that is handed to an operation may be written into afterwards: the gradient is of what it was."""

from __future__ import annotations

import numpy as np
import pytest

import autograd_core as ag
import nn

SQUARE = np.array([[2.0, 1.0], [0.5, 3.0]])
CALLS = {
    "mm": ag.mm,
    "bmm": lambda x, a: ag.bmm(x[None], a[None]),
    "mv": lambda x, a: ag.mv(x, a[0]),
    "dot": lambda x, a: ag.dot(x[0], a[1]),
    "inner": ag.inner,
    "outer": lambda x, a: ag.outer(x[0], a[0]),
    "vdot": lambda x, a: ag.vdot(x[0], a[1]),
    "addmm": lambda x, a: ag.addmm(x, x, a),
    "addr": lambda x, a: ag.addr(x, x[0], a[0]),
    "addcdiv": lambda x, a: ag.addcdiv(x, x, a),
    "multi_dot": lambda x, a: ag.linalg.multi_dot([x, a, a]),
    "solve": lambda x, a: ag.linalg.solve(a, x),
    "tensordot": lambda x, a: ag.tensordot(x, a, 1),
    "einsum": lambda x, a: ag.einsum("ij,jk->ik", x, a),
    "kron": ag.kron,
    "cross": lambda x, a: ag.cross(ag.cat([x[0], x[1, :1]]), a.ravel()[:3]),
    "cdist": ag.cdist,
    "trapezoid": lambda x, a: ag.trapezoid(x, a),
    "lerp": lambda x, a: ag.lerp(x, x * x, a),
    "scatter_reduce": lambda x, a: ag.scatter_reduce(x, 0, (a > 1).astype(int), a, "prod"),
    "cosine_similarity": nn.functional.cosine_similarity,
    "mse_loss": nn.functional.mse_loss,
    "linear": nn.functional.linear,
}


@pytest.mark.parametrize("name", CALLS)
def test_an_array_is_taken_by_value(name):
    x = ag.tensor(SQUARE + 1, requires_grad=True)
    gradients = []
    for change in (False, True):
        array = SQUARE.copy()
        y = CALLS[name](x, array)
        if change:
            array[...] = np.arange(4.0).reshape(2, 2) + 7
        gradients.append(ag.grad((y.sum(),), (x,))[0].tolist())
    assert gradients[0] == gradients[1]
