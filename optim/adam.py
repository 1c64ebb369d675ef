"""Adam and AdamW."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from autograd_core.tensor import from_array

from .optimizer import Group, Optimizer, State, check_at_least_zero


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

    decoupled = False

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        amsgrad: bool = False,
        *,
        maximize: bool = False,
    ) -> None:
        settings = {
            "lr": lr,
            "betas": betas,
            "eps": eps,
            "weight_decay": weight_decay,
            "amsgrad": amsgrad,
            "maximize": maximize,
        }
        super().__init__(params, settings)

    def check(self, group: Group) -> None:
        check_at_least_zero(group, lr="learning rate", eps="epsilon value", weight_decay="weight_decay value")
        for i, beta in enumerate(group["betas"]):
            if not 0 <= beta < 1:
                raise ValueError(f"Invalid beta parameter at index {i}: {beta}")

    def update(self, w: Any, g: Any, state: State, group: Group) -> Any:
        lr, eps, decay = float(group["lr"]), float(group["eps"]), float(group["weight_decay"])
        beta1, beta2 = (float(beta) for beta in group["betas"])
        if not state:
            state["step"] = from_array(np.float32(0))
            state["exp_avg"] = from_array(np.zeros_like(w))
            state["exp_avg_sq"] = from_array(np.zeros_like(w))
        if group["amsgrad"] and "max_exp_avg_sq" not in state:
            state["max_exp_avg_sq"] = from_array(np.zeros_like(w))
        state["step"] = from_array(state["step"].array + 1)
        t = float(state["step"].array)
        if decay and self.decoupled:
            w = w - (lr * decay) * w
        elif decay:
            g = g + decay * w
        m, v = state["exp_avg"].array, state["exp_avg_sq"].array
        part = np.subtract(g, m, out=np.empty_like(m))  # an array also where w is a NumPy scalar
        part *= 1 - beta1
        m += part
        np.multiply(g, g, out=part)
        part *= 1 - beta2
        v *= beta2
        v += part
        if group["amsgrad"]:
            v = np.maximum(state["max_exp_avg_sq"].array, v, out=state["max_exp_avg_sq"].array)
        np.sqrt(v, out=part)
        part /= math.sqrt(1 - beta2**t)
        part += eps
        np.divide(m, part, out=part)
        part *= lr / (1 - beta1**t)
        return np.subtract(w, part, out=part)[()]


class AdamW(Adam):
    """Adam whose weight decay shrinks the weights themselves instead of entering the means.

    Formula:
        w ← w − ηλw; then as Adam without λ.

    Args:
        params: the parameters, or dicts of parameters and settings.
        lr: η, the learning rate.
        betas: β₁ and β₂.
        eps: ε.
        weight_decay: λ.
        amsgrad: divide by the largest v so far.
        maximize: go up instead of down.

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

    decoupled = True

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
    ) -> None:
        super().__init__(params, lr, betas, eps, weight_decay, amsgrad, maximize=maximize)
