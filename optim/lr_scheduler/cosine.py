"""Schedules along a cosine."""

from __future__ import annotations

import math

from ..optimizer import Optimizer
from .scheduler import LRScheduler


class CosineAnnealingLR(LRScheduler):
    """Down half a cosine wave, and up again if it goes on.

    Formula:
        ηₜ = η₋ + ½(η − η₋)(1 + cos(πt/T)), found from ηₜ₋₁ so that it can be stacked on other schedules

    Args:
        optimizer: whose learning rates are changed.
        T_max: T.
        eta_min: η₋.
        last_epoch: the step to go on from; −1 to begin.

    Example:
        >>> import autograd_core as ag, optim
        >>> optimizer = optim.SGD([ag.tensor([1.0], requires_grad=True)], lr=1.0)
        >>> scheduler = optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=4)
        >>> for _ in range(2):
        ...     optimizer.step()
        ...     scheduler.step()
        >>> scheduler.get_last_lr()
        [0.5]

    Source: Loshchilov and Hutter, SGDR: Stochastic Gradient Descent with Warm Restarts (2017).
    """

    def __init__(self, optimizer: Optimizer, T_max: int, eta_min: float = 0.0, last_epoch: int = -1) -> None:  # noqa: N803
        self.T_max = T_max
        self.eta_min = eta_min
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float]:
        t, low = self.last_epoch, self.eta_min
        if self._is_initial:
            return self.rates()
        before, now = (1 + math.cos(math.pi * k / self.T_max) for k in (t - 1, t))
        if (t - 1 - self.T_max) % (2 * self.T_max) == 0:  # it was at the bottom, where there is nothing to multiply
            rises = [(base - low) * (1 - math.cos(math.pi / self.T_max)) / 2 for base in self.base_lrs]
            return [rate + rise for rate, rise in zip(self.rates(), rises, strict=True)]
        return [low + now / before * (rate - low) for rate in self.rates()]


class CosineAnnealingWarmRestarts(LRScheduler):
    """Down half a cosine wave again and again, each time from the top.

    Formula:
        ηₜ = η₋ + ½(η − η₋)(1 + cos(πτ/Tᵢ)), τ steps after the last restart, with Tᵢ₊₁ = m·Tᵢ

    Args:
        optimizer: whose learning rates are changed.
        T_0: the steps until the first restart.
        T_mult: m.
        eta_min: η₋.
        last_epoch: the step to go on from; −1 to begin.

    Raises:
        ValueError: T₀ or m is not a positive integer.

    Example:
        >>> import autograd_core as ag, optim
        >>> optimizer = optim.SGD([ag.tensor([1.0], requires_grad=True)], lr=1.0)
        >>> scheduler = optim.lr_scheduler.CosineAnnealingWarmRestarts(optimizer, T_0=2)
        >>> for _ in range(3):
        ...     optimizer.step()
        ...     scheduler.step()
        >>> scheduler.get_last_lr()
        [0.5]

    Source: Loshchilov and Hutter, SGDR: Stochastic Gradient Descent with Warm Restarts (2017).
    """

    def __init__(
        self,
        optimizer: Optimizer,
        T_0: int,  # noqa: N803
        T_mult: int = 1,  # noqa: N803
        eta_min: float = 0.0,
        last_epoch: int = -1,
    ) -> None:
        if T_0 <= 0 or not isinstance(T_0, int):
            raise ValueError(f"Expected positive integer T_0, but got {T_0}")
        if T_mult < 1 or not isinstance(T_mult, int):
            raise ValueError(f"Expected integer T_mult >= 1, but got {T_mult}")
        self.T_0 = self.T_i = T_0
        self.T_mult = T_mult
        self.eta_min = eta_min
        self.T_cur: float = last_epoch
        super().__init__(optimizer, last_epoch)

    def step(self, epoch: float | None = None) -> None:
        """Go to the next step, or to any moment, such as ``epoch + batch / batches``.

        Raises:
            ValueError: the moment is negative.
        """
        if epoch is None:
            epoch = self.last_epoch + 1
        if epoch < 0:
            raise ValueError(f"Expected non-negative epoch, but got {epoch}")
        self.T_cur, self.T_i = epoch, self.T_0
        while self.T_cur >= self.T_i:
            self.T_cur -= self.T_i
            self.T_i *= self.T_mult
            if self.T_mult == 1:
                self.T_cur %= self.T_i
        self.last_epoch = math.floor(epoch)
        self.set(self.get_lr())

    def get_lr(self) -> list[float]:
        share = (1 + math.cos(math.pi * self.T_cur / self.T_i)) / 2
        return [self.eta_min + (base - self.eta_min) * share for base in self.base_lrs]
