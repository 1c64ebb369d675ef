"""Averaged stochastic gradient descent."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from autograd_core.fast import Loop, blocks
from autograd_core.tensor import from_array

from .optimizer import Optimizer, check_at_least_zero, settings
from .rule import Group, State, count, updated, zeros


@Loop
def asgd(out: Any, w: Any, g: Any, mean: Any, eta: Any, mu: Any, shrink: Any, decay: Any) -> None:
    for i in blocks(w.size):
        d = g[i]
        if decay:
            d = d + decay * w[i]
        out[i] = w[i] - shrink * w[i] - eta * d
        mean[i] += mu * (out[i] - mean[i])


class ASGD(Optimizer):
    """Gradient descent that keeps the average of the weights from some step on, in ``state[w]["ax"]``.

    Formula:
        g ← g + λw; w ← (1 − Ληₜ)w − ηₜg; a ← a + μₜ(w − a); ηₜ₊₁ = η/(1 + Ληt)^α; μₜ₊₁ = 1/max(1, t − t₀).

    Args:
        params: the parameters, or dicts of parameters and settings.
        lr: η, the learning rate at first.
        lambd: Λ.
        alpha: α.
        t0: t₀, the step from which on the average is taken.
        weight_decay: λ.
        foreach, differentiable, capturable: see :class:`Optimizer`.
        maximize: go up instead of down.

    Raises:
        ValueError: the learning rate or the weight decay is negative.

    Example:
        >>> import autograd_core as ag, optim
        >>> w = ag.tensor([1.0], requires_grad=True)
        >>> optimizer = optim.ASGD([w], lr=0.1, lambd=0)
        >>> (w * w).sum().backward()
        >>> optimizer.step()
        >>> w
        tensor([0.8], requires_grad=True)

    Source: Polyak and Juditsky, Acceleration of Stochastic Approximation by Averaging (1992).
    """

    numbers = ("step", "eta", "mu")

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1e-2,
        lambd: float = 1e-4,
        alpha: float = 0.75,
        t0: float = 1e6,
        weight_decay: float = 0,
        foreach: bool | None = None,
        maximize: bool = False,
        differentiable: bool = False,
        capturable: bool = False,
    ) -> None:
        super().__init__(params, settings(locals()))

    def check(self, group: Group) -> None:
        check_at_least_zero(group, lr="learning rate", weight_decay="weight_decay value")

    def update(self, w: Any, g: Any, state: State, group: Group) -> Any:
        t, lr, lambd = count(state), float(group["lr"]), float(group["lambd"])
        if "eta" not in state:
            state |= {"eta": from_array(np.float32(lr)), "mu": from_array(np.float32(1))}
        eta, mu = float(state["eta"].array), float(state["mu"].array)
        state["eta"] = from_array(np.float32(lr / (1 + lambd * lr * t) ** float(group["alpha"])))
        state["mu"] = from_array(np.float32(1 / max(1.0, t - float(group["t0"]))))
        return updated(asgd, w, g, zeros(state, w, "ax"), eta, mu, lambd * eta, float(group["weight_decay"]))
