"""RMSprop and Rprop: steps by the sign of the gradient more than by its size."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from autograd_core.fast import Loop, blocks

from .optimizer import Optimizer, check_at_least_zero, settings
from .rule import Group, State, count, updated, zeros


@Loop
def rmsprop(
    out: Any, w: Any, g: Any, s: Any, a: Any, b: Any,
    lr: Any, fresh: Any, eps: Any, momentum: Any, decay: Any, none: Any,
) -> None:  # fmt: skip
    for i in blocks(w.size):
        d = g[i]
        if decay:
            d = d + decay * w[i]
        s[i] += fresh * (d * d - s[i])
        variance = s[i]
        if a is not None:
            a[i] += fresh * (d - a[i])
            variance = np.maximum(variance - a[i] * a[i], none)  # rounded, it can be below 0
        d = d / (np.sqrt(variance) + eps)
        if b is not None:
            d = b[i] = momentum * b[i] + d
        out[i] = w[i] - lr * d


@Loop
def rprop(
    out: Any, w: Any, g: Any, before: Any, size: Any, down: Any, up: Any, low: Any, high: Any, same: Any, none: Any
) -> None:
    for i in blocks(w.size):
        turn = g[i] * before[i]
        factor = np.where(turn > none, up, np.where(turn < none, down, same))
        size[i] = np.minimum(np.maximum(size[i] * factor, low), high)
        before[i] = np.where(turn < none, none, g[i])
        out[i] = w[i] - np.sign(before[i]) * size[i]


class RMSprop(Optimizer):
    """Steps divided by the root of a running mean of squared gradients.

    Formula:
        g ← g + λw; s ← αs + (1 − α)g²; d = g/(√s + ε); w ← w − ηd. If ``centered``, a ← αa + (1 − α)g and s − a²
        stands under the root. With momentum b ← μb + d; w ← w − ηb.

    Args:
        params: the parameters, or dicts of parameters and settings.
        lr: η, the learning rate.
        alpha: α.
        eps: ε.
        weight_decay: λ.
        momentum: μ.
        centered: divide by the root of the variance instead.
        capturable, foreach, differentiable: see :class:`Optimizer`.
        maximize: go up instead of down.

    Raises:
        ValueError: a setting is negative.

    Example:
        >>> import autograd_core as ag, optim
        >>> w = ag.tensor([1.0], requires_grad=True)
        >>> optimizer = optim.RMSprop([w], lr=0.1, alpha=0.75)
        >>> (w * w).sum().backward()
        >>> optimizer.step()
        >>> w
        tensor([0.8], requires_grad=True)

    Source: Hinton, Neural Networks for Machine Learning, lecture 6 (2012); centered: Graves (2013).
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1e-2,
        alpha: float = 0.99,
        eps: float = 1e-8,
        weight_decay: float = 0,
        momentum: float = 0,
        centered: bool = False,
        capturable: bool = False,
        foreach: bool | None = None,
        maximize: bool = False,
        differentiable: bool = False,
    ) -> None:
        super().__init__(params, settings(locals()))

    def check(self, group: Group) -> None:
        check_at_least_zero(
            group,
            lr="learning rate",
            eps="epsilon value",
            momentum="momentum value",
            weight_decay="weight_decay value",
            alpha="alpha value",
        )

    def update(self, w: Any, g: Any, state: State, group: Group) -> Any:
        count(state)
        (s,) = zeros(state, w, "square_avg")
        a = zeros(state, w, "grad_avg")[0] if group["centered"] else None
        b = zeros(state, w, "momentum_buffer")[0] if group["momentum"] else None
        numbers = group["lr"], 1 - group["alpha"], group["eps"], group["momentum"], group["weight_decay"]
        return updated(rmsprop, w, g, (s, a, b), *map(float, numbers), 0.0)


class Rprop(Optimizer):
    """A step size for each parameter, which grows while the gradient keeps its sign. For full batches.

    Formula:
        z ← z·η₊ where g keeps its sign, z·η₋ where it turned, within [z₋, z₊]; where it turned, g ← 0;
        w ← w − sign(g)·z. At first z is the learning rate.

    Args:
        params: the parameters, or dicts of parameters and settings.
        lr: the step size at first.
        etas: η₋ and η₊.
        step_sizes: z₋ and z₊.
        capturable, foreach, differentiable: see :class:`Optimizer`.
        maximize: go up instead of down.

    Raises:
        ValueError: the learning rate is negative, or not 0 < η₋ < 1 < η₊.

    Example:
        >>> import autograd_core as ag, optim
        >>> w = ag.tensor([1.0, -5.0], requires_grad=True)
        >>> optimizer = optim.Rprop([w], lr=0.1)
        >>> (w * w).sum().backward()
        >>> optimizer.step()
        >>> w
        tensor([ 0.9, -4.9], requires_grad=True)

    Source: Riedmiller and Braun, A Direct Adaptive Method for Faster Backpropagation Learning (1993).
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1e-2,
        etas: tuple[float, float] = (0.5, 1.2),
        step_sizes: tuple[float, float] = (1e-6, 50),
        *,
        capturable: bool = False,
        foreach: bool | None = None,
        maximize: bool = False,
        differentiable: bool = False,
    ) -> None:
        super().__init__(params, settings(locals()))

    def check(self, group: Group) -> None:
        check_at_least_zero(group, lr="learning rate")
        down, up = group["etas"]
        if not 0 < down < 1 < up:
            raise ValueError(f"Invalid eta values: {down}, {up}")

    def update(self, w: Any, g: Any, state: State, group: Group) -> Any:
        if count(state) == 1:
            zeros(state, w, "step_size")[0].fill(float(group["lr"]))
        kept = zeros(state, w, "prev", "step_size")
        numbers = (*group["etas"], *group["step_sizes"], 1.0, 0.0)
        return updated(rprop, w, g, kept, *map(w.dtype.type, numbers))  # np.where takes its dtype from them
