"""Adam and AdamW."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from autograd_core.fast import Loop, blocks

from .optimizer import Optimizer, check_at_least_zero, check_betas, settings
from .rule import Group, State, count, updated, zeros


@Loop
def adam(
    out: Any, w: Any, g: Any, m: Any, v: Any, top: Any,
    rate: Any, eps: Any, fresh1: Any, fresh2: Any, decay: Any, shrink: Any,
) -> None:  # fmt: skip
    for i in blocks(w.size):
        x, d = w[i], g[i]
        if decay:
            d = d + decay * x
        if shrink:
            x = x - shrink * x
        m[i] += fresh1 * (d - m[i])
        v[i] += fresh2 * (d * d - v[i])
        s = v[i]
        if top is not None:
            s = top[i] = np.maximum(top[i], s)
        out[i] = x - rate * m[i] / (np.sqrt(s) + eps)


def decays(group: Group) -> tuple[float, float]:
    """Which part of the weights is added to the gradient, and which taken off the weights themselves."""
    decay = float(group["weight_decay"])
    return (0.0, float(group["lr"]) * decay) if group.get("decoupled_weight_decay") else (decay, 0.0)


class Adam(Optimizer):
    """Steps of about the same size for every parameter, from running means of g and g².

    Formula:
        g ← g + λw; m ← β₁m + (1 − β₁)g; v ← β₂v + (1 − β₂)g²;
        w ← w − η·(m/(1 − β₁ᵗ)) / (√(v/(1 − β₂ᵗ)) + ε), with the largest v so far if ``amsgrad``.

    Args:
        params: the parameters, or dicts of parameters and settings.
        lr: η, the learning rate.
        betas: β₁ and β₂.
        eps: ε.
        weight_decay: λ.
        amsgrad: divide by the largest v so far.
        maximize: go up instead of down.
        foreach, capturable, differentiable, fused: see :class:`Optimizer`.
        decoupled_weight_decay: let λ shrink the weights as in :class:`AdamW`.

    Raises:
        ValueError: a setting is negative, or a β is not below 1.

    Example:
        >>> import autograd_core as ag, optim
        >>> w = ag.tensor([1.0], requires_grad=True)
        >>> optimizer = optim.Adam([w], lr=0.1)
        >>> (w * w).sum().backward()
        >>> optimizer.step()
        >>> w
        tensor([0.9], requires_grad=True)

    Source: Kingma and Ba, Adam: A Method for Stochastic Optimization (2015).
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0,
        amsgrad: bool = False,
        *,
        foreach: bool | None = None,
        maximize: bool = False,
        capturable: bool = False,
        differentiable: bool = False,
        fused: bool | None = None,
        decoupled_weight_decay: bool = False,
    ) -> None:
        super().__init__(params, settings(locals()))

    def check(self, group: Group) -> None:
        check_at_least_zero(group, lr="learning rate", eps="epsilon value", weight_decay="weight_decay value")
        check_betas(group)

    def update(self, w: Any, g: Any, state: State, group: Group) -> Any:
        t, (m, v) = count(state), zeros(state, w, "exp_avg", "exp_avg_sq")
        top = zeros(state, w, "max_exp_avg_sq")[0] if group["amsgrad"] else None
        beta1, beta2 = map(float, group["betas"])
        root = math.sqrt(1 - beta2**t)  # multiplied through: not for each element
        rate, eps = float(group["lr"]) / (1 - beta1**t) * root, float(group["eps"]) * root
        return updated(adam, w, g, (m, v, top), rate, eps, 1 - beta1, 1 - beta2, *decays(group))


class AdamW(Adam):
    """Adam whose weight decay shrinks the weights themselves instead of entering the means.

    Formula:
        w ← w − ηλw; then as :class:`Adam` without λ.

    Args:
        params: the parameters, or dicts of parameters and settings.
        lr: η, the learning rate.
        betas: β₁ and β₂.
        eps: ε.
        weight_decay: λ.
        amsgrad: divide by the largest v so far.
        maximize: go up instead of down.
        foreach, capturable, differentiable, fused: see :class:`Optimizer`.

    Raises:
        ValueError: a setting is negative, or a β is not below 1.

    Example:
        >>> import autograd_core as ag, optim
        >>> w = ag.tensor([1.0], requires_grad=True)
        >>> optimizer = optim.AdamW([w], lr=0.1)
        >>> (w * w).sum().backward()
        >>> optimizer.step()
        >>> w
        tensor([0.899], requires_grad=True)

    Source: Loshchilov and Hutter, Decoupled Weight Decay Regularization (2019).
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
        amsgrad: bool = False,
        *,
        maximize: bool = False,
        foreach: bool | None = None,
        capturable: bool = False,
        differentiable: bool = False,
        fused: bool | None = None,
    ) -> None:
        super().__init__(params, **settings(locals()), decoupled_weight_decay=True)
