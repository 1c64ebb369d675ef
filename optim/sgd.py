"""Stochastic gradient descent."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from autograd_core.fast import Loop, blocks
from autograd_core.tensor import from_array

from .optimizer import Optimizer, check_at_least_zero, settings
from .rule import Group, State, updated


@Loop
def sgd(out: Any, w: Any, g: Any, v: Any, lr: Any, momentum: Any, fresh: Any, nesterov: Any, decay: Any) -> None:
    for i in blocks(w.size):
        d = g[i]
        if decay:
            d = d + decay * w[i]
        if v is not None:
            v[i] *= momentum
            v[i] += d if fresh == 1 else fresh * d
            d = d + momentum * v[i] if nesterov else v[i]
        out[i] = w[i] - lr * d


class SGD(Optimizer):
    """Gradient descent, with momentum if wanted.

    Formula:
        g ← g + λw; v ← μv + (1 − τ)g, at the first step v ← g; w ← w − ηv. With Nesterov's momentum
        w ← w − η(g + μv), without momentum w ← w − ηg.

    Args:
        params: the parameters, or dicts of parameters and settings.
        lr: η, the learning rate.
        momentum: μ.
        dampening: τ.
        weight_decay: λ.
        nesterov: whether to look ahead.
        maximize: go up instead of down.
        foreach, differentiable, fused: see :class:`Optimizer`.

    Raises:
        ValueError: a setting is negative, or Nesterov's momentum comes without momentum or with dampening.

    Example:
        >>> import autograd_core as ag, optim
        >>> w = ag.tensor([1.0], requires_grad=True)
        >>> optimizer = optim.SGD([w], lr=0.1)
        >>> (w * w).sum().backward()
        >>> optimizer.step()
        >>> w
        tensor([0.8], requires_grad=True)

    Source: Sutskever, Martens, Dahl and Hinton, On the importance of initialization and momentum (2013).
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1e-3,
        momentum: float = 0,
        dampening: float = 0,
        weight_decay: float = 0,
        nesterov: bool = False,
        *,
        maximize: bool = False,
        foreach: bool | None = None,
        differentiable: bool = False,
        fused: bool | None = None,
    ) -> None:
        super().__init__(params, settings(locals()))

    def check(self, group: Group) -> None:
        check_at_least_zero(group, lr="learning rate", momentum="momentum value", weight_decay="weight_decay value")
        if group["nesterov"] and (group["momentum"] <= 0 or group["dampening"] != 0):
            raise ValueError("Nesterov momentum requires a momentum and zero dampening")

    def update(self, w: Any, g: Any, state: State, group: Group) -> Any:
        v, momentum, fresh = None, float(group["momentum"]), 1 - float(group["dampening"])
        if momentum and "momentum_buffer" not in state:
            state["momentum_buffer"] = from_array(np.zeros_like(w, order="C"))
            fresh = 1.0
        if momentum:
            v = state["momentum_buffer"].array
        lr, decay = float(group["lr"]), float(group["weight_decay"])
        return updated(sgd, w, g, (v,), lr, momentum, fresh, group["nesterov"], decay)
