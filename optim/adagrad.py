"""Adagrad and Adadelta: steps scaled by each parameter's own past."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from autograd_core.fast import Loop, blocks
from autograd_core.tensor import from_array

from .optimizer import Optimizer, check_at_least_zero, settings
from .rule import Group, State, count, updated, zeros


@Loop
def adagrad(out: Any, w: Any, g: Any, s: Any, rate: Any, eps: Any, decay: Any) -> None:
    for i in blocks(w.size):
        d = g[i]
        if decay:
            d = d + decay * w[i]
        s[i] += d * d
        out[i] = w[i] - rate * d / (np.sqrt(s[i]) + eps)


@Loop
def adadelta(out: Any, w: Any, g: Any, s: Any, u: Any, lr: Any, fresh: Any, eps: Any, decay: Any) -> None:
    for i in blocks(w.size):
        d = g[i]
        if decay:
            d = d + decay * w[i]
        s[i] += fresh * (d * d - s[i])
        d = np.sqrt((u[i] + eps) / (s[i] + eps)) * d
        u[i] += fresh * (d * d - u[i])
        out[i] = w[i] - lr * d


class Adagrad(Optimizer):
    """Steps divided by the root of the sum of all squared gradients so far.

    Formula:
        g ← g + λw; s ← s + g²; w ← w − η/(1 + (t − 1)κ) · g/(√s + ε).

    Args:
        params: the parameters, or dicts of parameters and settings.
        lr: η, the learning rate.
        lr_decay: κ.
        weight_decay: λ.
        initial_accumulator_value: s at first.
        eps: ε.
        foreach, differentiable, fused: see :class:`Optimizer`.
        maximize: go up instead of down.

    Raises:
        ValueError: a setting is negative.

    Example:
        >>> import autograd_core as ag, optim
        >>> w = ag.tensor([1.0, 5.0], requires_grad=True)
        >>> optimizer = optim.Adagrad([w], lr=0.1)
        >>> (w * w).sum().backward()
        >>> optimizer.step()
        >>> w
        tensor([0.9, 4.9], requires_grad=True)

    Source: Duchi, Hazan and Singer, Adaptive Subgradient Methods for Online Learning (2011).
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1e-2,
        lr_decay: float = 0,
        weight_decay: float = 0,
        initial_accumulator_value: float = 0,
        eps: float = 1e-10,
        foreach: bool | None = None,
        *,
        maximize: bool = False,
        differentiable: bool = False,
        fused: bool | None = None,
    ) -> None:
        super().__init__(params, settings(locals()))

    def check(self, group: Group) -> None:
        check_at_least_zero(
            group,
            lr="learning rate",
            lr_decay="lr_decay value",
            weight_decay="weight_decay value",
            initial_accumulator_value="initial_accumulator_value value",
            eps="epsilon value",
        )

    def add_param_group(self, param_group: Group) -> None:
        super().add_param_group(param_group)
        group = self.param_groups[-1]
        for parameter in group["params"]:  # there from the start, as in PyTorch
            s = np.full_like(parameter.array, group["initial_accumulator_value"], order="C")
            self.state[parameter] = {"step": from_array(np.float32(0)), "sum": from_array(s)}

    def update(self, w: Any, g: Any, state: State, group: Group) -> Any:
        t, (s,) = count(state), zeros(state, w, "sum")
        rate = float(group["lr"]) / (1 + (t - 1) * float(group["lr_decay"]))
        return updated(adagrad, w, g, (s,), rate, float(group["eps"]), float(group["weight_decay"]))


class Adadelta(Optimizer):
    """Steps in the parameter's own units: the running size of steps over that of gradients.

    Formula:
        g ← g + λw; s ← ρs + (1 − ρ)g²; d = √(u + ε)/√(s + ε) · g; u ← ρu + (1 − ρ)d²; w ← w − ηd.

    Args:
        params: the parameters, or dicts of parameters and settings.
        lr: η.
        rho: ρ.
        eps: ε.
        weight_decay: λ.
        foreach, capturable, differentiable: see :class:`Optimizer`.
        maximize: go up instead of down.

    Raises:
        ValueError: a setting is negative, or ρ is above 1.

    Example:
        >>> import autograd_core as ag, optim
        >>> w = ag.tensor([1.0], requires_grad=True)
        >>> optimizer = optim.Adadelta([w], eps=0.1)
        >>> (w * w).sum().backward()
        >>> optimizer.step()
        >>> w
        tensor([0.1056], requires_grad=True)

    Source: Zeiler, ADADELTA: An Adaptive Learning Rate Method (2012).
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1.0,
        rho: float = 0.9,
        eps: float = 1e-6,
        weight_decay: float = 0,
        foreach: bool | None = None,
        *,
        capturable: bool = False,
        maximize: bool = False,
        differentiable: bool = False,
    ) -> None:
        super().__init__(params, settings(locals()))

    def check(self, group: Group) -> None:
        check_at_least_zero(group, lr="learning rate", eps="epsilon value", weight_decay="weight_decay value")
        if not 0 <= group["rho"] <= 1:
            raise ValueError(f"Invalid rho value: {group['rho']}")

    def update(self, w: Any, g: Any, state: State, group: Group) -> Any:
        count(state)
        numbers = group["lr"], 1 - group["rho"], group["eps"], group["weight_decay"]
        return updated(adadelta, w, g, zeros(state, w, "square_avg", "acc_delta"), *map(float, numbers))
