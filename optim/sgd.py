"""Stochastic gradient descent."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from autograd_core.tensor import from_array

from .optimizer import Group, Optimizer, State, check_at_least_zero


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
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1e-3,
        momentum: float = 0.0,
        dampening: float = 0.0,
        weight_decay: float = 0.0,
        nesterov: bool = False,
        *,
        maximize: bool = False,
    ) -> None:
        settings = {
            "lr": lr,
            "momentum": momentum,
            "dampening": dampening,
            "weight_decay": weight_decay,
            "nesterov": nesterov,
            "maximize": maximize,
        }
        super().__init__(params, settings)

    def check(self, group: Group) -> None:
        check_at_least_zero(group, lr="learning rate", momentum="momentum value", weight_decay="weight_decay value")
        if group["nesterov"] and (group["momentum"] <= 0 or group["dampening"] != 0):
            raise ValueError("Nesterov momentum requires a momentum and zero dampening")

    def update(self, w: Any, g: Any, state: State, group: Group) -> Any:
        lr, momentum, decay = float(group["lr"]), float(group["momentum"]), float(group["weight_decay"])
        if decay:
            g = g + decay * w
        if momentum:
            v = state.get("momentum_buffer")
            if v is None:
                v = state["momentum_buffer"] = from_array(np.array(g, w.dtype))
            else:
                v.array *= momentum
                v.array += (1 - float(group["dampening"])) * g
            g = g + momentum * v.array if group["nesterov"] else v.array
        return w - lr * g
