"""A schedule that watches how training goes."""

from __future__ import annotations

import math
from typing import Any

from ..optimizer import Optimizer
from .scheduler import LRScheduler, checked, for_each_group


class ReduceLROnPlateau(LRScheduler):
    """A smaller rate whenever a number has not become better for some time.

    Formula:
        η ← max(c·η, η₋) after more than ``patience`` steps in which the number was not below best·(1 − θ), or
        best − θ, or for ``"max"`` above best·(1 + θ), or best + θ

    Args:
        optimizer: whose learning rates are changed.
        mode: whether small numbers are good, ``"min"``, or large ones, ``"max"``.
        factor: c.
        patience: how many steps without progress are borne.
        threshold: θ.
        threshold_mode: ``"rel"`` or ``"abs"``.
        cooldown: for how many steps nothing is counted after a change.
        min_lr: η₋, one or a list with one for each group.
        eps: changes of the rate that are smaller are not made.

    Raises:
        ValueError: the factor is not below 1, or there is no such mode.

    Example:
        >>> import autograd_core as ag, optim
        >>> optimizer = optim.SGD([ag.tensor([1.0], requires_grad=True)], lr=0.5)
        >>> scheduler = optim.lr_scheduler.ReduceLROnPlateau(optimizer, patience=1)
        >>> for loss in (3.0, 2.0, 2.0, 2.5):
        ...     scheduler.step(loss)
        >>> scheduler.get_last_lr()
        [0.05]
    """

    def __init__(
        self,
        optimizer: Optimizer,
        mode: str = "min",
        factor: float = 0.1,
        patience: int = 10,
        threshold: float = 1e-4,
        threshold_mode: str = "rel",
        cooldown: int = 0,
        min_lr: float | list[float] = 0,
        eps: float = 1e-8,
    ) -> None:
        if factor >= 1:
            raise ValueError("Factor should be < 1.0.")
        if mode not in ("min", "max"):
            raise ValueError(f"mode {mode} is unknown!")
        if threshold_mode not in ("rel", "abs"):
            raise ValueError(f"threshold mode {threshold_mode} is unknown!")
        self.optimizer = checked(optimizer)
        self.mode = mode
        self.factor = factor
        self.patience = patience
        self.threshold = threshold
        self.threshold_mode = threshold_mode
        self.cooldown = cooldown
        self.min_lrs = for_each_group(optimizer, "min_lr", min_lr)
        self.eps = eps
        self.best = math.inf if mode == "min" else -math.inf
        self.num_bad_epochs = self.cooldown_counter = self.last_epoch = 0
        self._last_lr = self.rates()

    def step(self, metrics: Any) -> None:  # type: ignore[override]
        """Take note of the number that is watched, such as the validation loss."""
        self.last_epoch += 1
        if self.is_better(float(metrics)):
            self.best, self.num_bad_epochs = float(metrics), 0
        else:
            self.num_bad_epochs += 1
        if self.cooldown_counter > 0:
            self.cooldown_counter -= 1
            self.num_bad_epochs = 0
        if self.num_bad_epochs > self.patience:
            reduced = [max(rate * self.factor, low) for rate, low in zip(self.rates(), self.min_lrs, strict=True)]
            self.set([new if old - new > self.eps else old for old, new in zip(self.rates(), reduced, strict=True)])
            self.cooldown_counter, self.num_bad_epochs = self.cooldown, 0
        self._last_lr = self.rates()

    def is_better(self, value: float) -> bool:
        """Whether a number is better than the best one by more than the threshold."""
        sign = 1 if self.mode == "max" else -1
        margin = sign * self.threshold
        return sign * value > sign * (self.best * (1 + margin) if self.threshold_mode == "rel" else self.best + margin)
