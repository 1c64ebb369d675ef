"""Adamax, NAdam and RAdam: variations on Adam."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from autograd_core.fast import Loop, blocks
from autograd_core.tensor import from_array

from .adam import adam, decays
from .optimizer import Optimizer, check_at_least_zero, check_betas, settings
from .rule import Group, State, count, updated, zeros


@Loop
def adamax(out: Any, w: Any, g: Any, m: Any, u: Any, rate: Any, eps: Any, fresh: Any, beta2: Any, decay: Any) -> None:
    for i in blocks(w.size):
        d = g[i]
        if decay:
            d = d + decay * w[i]
        m[i] += fresh * (d - m[i])
        u[i] = np.maximum(beta2 * u[i], np.abs(d) + eps)
        out[i] = w[i] - rate * m[i] / u[i]


@Loop
def nadam(
    out: Any, w: Any, g: Any, m: Any, v: Any,
    now: Any, ahead: Any, eps: Any, fresh1: Any, fresh2: Any, decay: Any, shrink: Any,
) -> None:  # fmt: skip
    for i in blocks(w.size):
        x, d = w[i], g[i]
        if decay:
            d = d + decay * x
        if shrink:
            x = x - shrink * x
        m[i] += fresh1 * (d - m[i])
        v[i] += fresh2 * (d * d - v[i])
        out[i] = x - (now * d + ahead * m[i]) / (np.sqrt(v[i]) + eps)


@Loop
def averaged(
    out: Any, w: Any, g: Any, m: Any, v: Any, rate: Any, fresh1: Any, fresh2: Any, decay: Any, shrink: Any
) -> None:
    for i in blocks(w.size):
        x, d = w[i], g[i]
        if decay:
            d = d + decay * x
        if shrink:
            x = x - shrink * x
        m[i] += fresh1 * (d - m[i])
        v[i] += fresh2 * (d * d - v[i])
        out[i] = x - rate * m[i]


class Adamax(Optimizer):
    """Adam with the largest gradient of late in place of the root of their mean square.

    Formula:
        g ← g + λw; m ← β₁m + (1 − β₁)g; u ← max(β₂u, |g| + ε); w ← w − η/(1 − β₁ᵗ) · m/u.

    Args:
        params: the parameters, or dicts of parameters and settings.
        lr: η, the learning rate.
        betas: β₁ and β₂.
        eps: ε.
        weight_decay: λ.
        foreach, differentiable, capturable: see :class:`Optimizer`.
        maximize: go up instead of down.

    Raises:
        ValueError: a setting is negative, or a β is not below 1.

    Example:
        >>> import autograd_core as ag, optim
        >>> w = ag.tensor([1.0], requires_grad=True)
        >>> optimizer = optim.Adamax([w], lr=0.1)
        >>> (w * w).sum().backward()
        >>> optimizer.step()
        >>> w
        tensor([0.9], requires_grad=True)

    Source: Kingma and Ba, Adam: A Method for Stochastic Optimization (2015), section 7.
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 2e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0,
        foreach: bool | None = None,
        *,
        maximize: bool = False,
        differentiable: bool = False,
        capturable: bool = False,
    ) -> None:
        super().__init__(params, settings(locals()))

    def check(self, group: Group) -> None:
        check_at_least_zero(group, lr="learning rate", eps="epsilon value", weight_decay="weight_decay value")
        check_betas(group)

    def update(self, w: Any, g: Any, state: State, group: Group) -> Any:
        t = count(state)
        beta1, beta2 = map(float, group["betas"])
        rates = float(group["lr"]) / (1 - beta1**t), float(group["eps"]), 1 - beta1, beta2
        return updated(adamax, w, g, zeros(state, w, "exp_avg", "exp_inf"), *rates, float(group["weight_decay"]))


class NAdam(Optimizer):
    """Adam with Nesterov's look ahead.

    Formula:
        g ← g + λw; m ← β₁m + (1 − β₁)g; v ← β₂v + (1 − β₂)g²; μₜ = β₁(1 − ½·0.96^(tψ)); M ← M·μₜ;
        w ← w − η·((1 − μₜ)g/(1 − M) + μₜ₊₁m/(1 − M·μₜ₊₁)) / (√(v/(1 − β₂ᵗ)) + ε).

    Args:
        params: the parameters, or dicts of parameters and settings.
        lr: η, the learning rate.
        betas: β₁ and β₂.
        eps: ε.
        weight_decay: λ.
        momentum_decay: ψ.
        decoupled_weight_decay: w ← w − ηλw in place of g ← g + λw.
        foreach, capturable, differentiable: see :class:`Optimizer`.
        maximize: go up instead of down.

    Raises:
        ValueError: a setting is negative, or a β is not below 1.

    Example:
        >>> import autograd_core as ag, optim
        >>> w = ag.tensor([1.0], requires_grad=True)
        >>> optimizer = optim.NAdam([w], lr=0.1)
        >>> (w * w).sum().backward()
        >>> optimizer.step()
        >>> w
        tensor([0.8944], requires_grad=True)

    Source: Dozat, Incorporating Nesterov Momentum into Adam (2016).
    """

    numbers = ("step", "mu_product")

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 2e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0,
        momentum_decay: float = 4e-3,
        decoupled_weight_decay: bool = False,
        *,
        foreach: bool | None = None,
        maximize: bool = False,
        capturable: bool = False,
        differentiable: bool = False,
    ) -> None:
        super().__init__(params, settings(locals()))

    def check(self, group: Group) -> None:
        check_at_least_zero(group, lr="learning rate", eps="epsilon value", weight_decay="weight_decay value")
        check_at_least_zero(group, momentum_decay="momentum_decay value")
        check_betas(group)

    def update(self, w: Any, g: Any, state: State, group: Group) -> Any:
        t = count(state)
        (beta1, beta2), psi = map(float, group["betas"]), float(group["momentum_decay"])
        lr, root = float(group["lr"]), math.sqrt(1 - beta2**t)
        mu, following = (beta1 * (1 - 0.5 * 0.96 ** (k * psi)) for k in (t, t + 1))
        before = state["mu_product"].array if "mu_product" in state else np.float32(1)
        state["mu_product"] = from_array(before * np.float32(mu))
        product = float(state["mu_product"].array)
        now, ahead = lr * (1 - mu) / (1 - product), lr * following / (1 - product * following)
        rates = now * root, ahead * root, float(group["eps"]) * root, 1 - beta1, 1 - beta2
        return updated(nadam, w, g, zeros(state, w, "exp_avg", "exp_avg_sq"), *rates, *decays(group))


class RAdam(Optimizer):
    """Adam that trusts v only once it has seen enough: until then steps are those of momentum.

    Formula:
        g ← g + λw; m ← β₁m + (1 − β₁)g; v ← β₂v + (1 − β₂)g²; ρ∞ = 2/(1 − β₂) − 1; ρ = ρ∞ − 2tβ₂ᵗ/(1 − β₂ᵗ);
        r = √((ρ − 4)(ρ − 2)ρ∞ / ((ρ∞ − 4)(ρ∞ − 2)ρ)); w ← w − ηr·(m/(1 − β₁ᵗ)) · √(1 − β₂ᵗ)/(√v + ε) if ρ > 5,
        else w ← w − η·m/(1 − β₁ᵗ).

    Args:
        params: the parameters, or dicts of parameters and settings.
        lr: η, the learning rate.
        betas: β₁ and β₂.
        eps: ε.
        weight_decay: λ.
        decoupled_weight_decay: w ← w − ηλw in place of g ← g + λw.
        foreach, capturable, differentiable: see :class:`Optimizer`.
        maximize: go up instead of down.

    Raises:
        ValueError: a setting is negative, or a β is not below 1.

    Example:
        >>> import autograd_core as ag, optim
        >>> w = ag.tensor([1.0], requires_grad=True)
        >>> optimizer = optim.RAdam([w], lr=0.1)
        >>> (w * w).sum().backward()
        >>> optimizer.step()
        >>> w
        tensor([0.8], requires_grad=True)

    Source: Liu et al., On the Variance of the Adaptive Learning Rate and Beyond (2020).
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0,
        decoupled_weight_decay: bool = False,
        *,
        foreach: bool | None = None,
        maximize: bool = False,
        capturable: bool = False,
        differentiable: bool = False,
    ) -> None:
        super().__init__(params, settings(locals()))

    def check(self, group: Group) -> None:
        check_at_least_zero(group, lr="learning rate", eps="epsilon value", weight_decay="weight_decay value")
        check_betas(group)

    def update(self, w: Any, g: Any, state: State, group: Group) -> Any:
        t, (m, v) = count(state), zeros(state, w, "exp_avg", "exp_avg_sq")
        beta1, beta2 = map(float, group["betas"])
        rate, fresh = float(group["lr"]) / (1 - beta1**t), (1 - beta1, 1 - beta2)
        limit = 2 / (1 - beta2) - 1
        rho = limit - 2 * t * beta2**t / (1 - beta2**t)
        if rho <= 5:
            return updated(averaged, w, g, (m, v), rate, *fresh, *decays(group))
        rate *= math.sqrt((rho - 4) * (rho - 2) * limit / ((limit - 4) * (limit - 2) * rho) * (1 - beta2**t))
        return updated(adam, w, g, (m, v, None), rate, float(group["eps"]), *fresh, *decays(group))
