"""The saddle of y = w₂·w₁·x with x = 1 and target 1: gradient 0, curvature −2 along (1, 1).

Run: python examples/saddle.py
"""

import numpy as np

import autograd_core as ag


def cost(w):
    return (1 - w[1] * w[0]) ** 2


origin = ag.tensor([0.0, 0.0])
hessian = ag.hessian(cost)(origin).numpy()
values, vectors = np.linalg.eigh(hessian)
print("gradient", ag.grad(cost)(origin).tolist())
print("Hessian", hessian.tolist())
print("eigenvalues", values.tolist())
print("downhill along", (vectors[:, 0] / vectors[0, 0]).tolist())
