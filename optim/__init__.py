"""Optimisers: their update rules as formulas, with PyTorch's names, arguments and defaults.

>>> import autograd_core as ag, optim
>>> w = ag.tensor([1.0, -2.0], requires_grad=True)
>>> optimizer = optim.SGD([w], lr=0.5)
>>> (w * w).sum().backward()
>>> optimizer.step()
>>> w
tensor([0., 0.], requires_grad=True)
"""

from .adam import Adam, AdamW
from .optimizer import Optimizer
from .sgd import SGD

__all__ = ["SGD", "Adam", "AdamW", "Optimizer"]
