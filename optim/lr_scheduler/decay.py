"""Schedules that multiply the learning rate, and those given by functions."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable

from ..optimizer import Optimizer
from .scheduler import LRScheduler, for_each_group

Lambda = Callable[[int], float]


class Multiplied(LRScheduler):
    """A schedule that multiplies the rates it finds, so that it can be stacked on others."""

    def first(self) -> float:
        """What the rates are multiplied by at step 0."""
        return 1

    def ratio(self, t: int) -> float:
        """What the rates are multiplied by at step t = 1, 2, …"""
        raise NotImplementedError

    def get_lr(self) -> list[float]:
        t = self.last_epoch
        ratio = self.first() if t == 0 else 1 if self._is_initial else self.ratio(t)
        return [rate if ratio == 1 else rate * ratio for rate in self.rates()]


class StepLR(Multiplied):
    """γ times the rate every so many steps.

    Formula:
        ηₜ = η·γ^⌊t/s⌋

    Args:
        optimizer: whose learning rates are changed.
        step_size: s.
        gamma: γ.
        last_epoch: the step to go on from; −1 to begin.

    Example:
        >>> import autograd_core as ag, optim
        >>> optimizer = optim.SGD([ag.tensor([1.0], requires_grad=True)], lr=1.0)
        >>> scheduler = optim.lr_scheduler.StepLR(optimizer, step_size=2, gamma=0.5)
        >>> for _ in range(4):
        ...     optimizer.step()
        ...     scheduler.step()
        >>> scheduler.get_last_lr()
        [0.25]
    """

    def __init__(self, optimizer: Optimizer, step_size: int, gamma: float = 0.1, last_epoch: int = -1) -> None:
        self.step_size = step_size
        self.gamma = gamma
        super().__init__(optimizer, last_epoch)

    def ratio(self, t: int) -> float:
        return self.gamma if t % self.step_size == 0 else 1


class MultiStepLR(Multiplied):
    """γ times the rate at each milestone.

    Formula:
        ηₜ = η·γ^(number of milestones ≤ t)

    Args:
        optimizer: whose learning rates are changed.
        milestones: the steps.
        gamma: γ.
        last_epoch: the step to go on from; −1 to begin.

    Example:
        >>> import autograd_core as ag, optim
        >>> optimizer = optim.SGD([ag.tensor([1.0], requires_grad=True)], lr=1.0)
        >>> scheduler = optim.lr_scheduler.MultiStepLR(optimizer, milestones=[2, 3], gamma=0.5)
        >>> for _ in range(4):
        ...     optimizer.step()
        ...     scheduler.step()
        >>> scheduler.get_last_lr()
        [0.25]
    """

    def __init__(
        self, optimizer: Optimizer, milestones: Iterable[int], gamma: float = 0.1, last_epoch: int = -1
    ) -> None:
        self.milestones = Counter(milestones)
        self.gamma = gamma
        super().__init__(optimizer, last_epoch)

    def ratio(self, t: int) -> float:
        return self.gamma ** self.milestones.get(t, 0)  # loaded from a file it is a plain dict


class ConstantLR(Multiplied):
    """A smaller rate at first, the whole one from some step on.

    Formula:
        ηₜ = η·c for t < T, then η

    Args:
        optimizer: whose learning rates are changed.
        factor: c.
        total_iters: T.
        last_epoch: the step to go on from; −1 to begin.

    Raises:
        ValueError: the factor is not between 0 and 1.

    Example:
        >>> import autograd_core as ag, optim
        >>> optimizer = optim.SGD([ag.tensor([1.0], requires_grad=True)], lr=1.0)
        >>> scheduler = optim.lr_scheduler.ConstantLR(optimizer, factor=0.25, total_iters=9)
        >>> for _ in range(4):
        ...     optimizer.step()
        ...     scheduler.step()
        >>> scheduler.get_last_lr()
        [0.25]
    """

    def __init__(
        self, optimizer: Optimizer, factor: float = 1.0 / 3, total_iters: int = 5, last_epoch: int = -1
    ) -> None:
        if not 0 <= factor <= 1:
            raise ValueError("Constant multiplicative factor expected to be between 0 and 1.")
        self.factor = factor
        self.total_iters = total_iters
        super().__init__(optimizer, last_epoch)

    def first(self) -> float:
        return self.factor

    def ratio(self, t: int) -> float:
        return 1 / self.factor if t == self.total_iters else 1


class LinearLR(Multiplied):
    """From one fraction of the rate to another in a straight line: a warm-up.

    Formula:
        ηₜ = η·(a + (b − a)·min(t, T)/T)

    Args:
        optimizer: whose learning rates are changed.
        start_factor: a.
        end_factor: b.
        total_iters: T.
        last_epoch: the step to go on from; −1 to begin.

    Raises:
        ValueError: not 0 < a ≤ 1 or not 0 ≤ b ≤ 1.

    Example:
        >>> import autograd_core as ag, optim
        >>> optimizer = optim.SGD([ag.tensor([1.0], requires_grad=True)], lr=1.0)
        >>> scheduler = optim.lr_scheduler.LinearLR(optimizer, start_factor=0.5, total_iters=4)
        >>> for _ in range(3):
        ...     optimizer.step()
        ...     scheduler.step()
        >>> scheduler.get_last_lr()
        [0.875]
    """

    def __init__(
        self,
        optimizer: Optimizer,
        start_factor: float = 1.0 / 3,
        end_factor: float = 1.0,
        total_iters: int = 5,
        last_epoch: int = -1,
    ) -> None:
        if not 0 < start_factor <= 1:
            raise ValueError("Starting multiplicative factor expected to be greater than 0 and less or equal to 1.")
        if not 0 <= end_factor <= 1:
            raise ValueError("Ending multiplicative factor expected to be between 0 and 1.")
        self.start_factor = start_factor
        self.end_factor = end_factor
        self.total_iters = total_iters
        super().__init__(optimizer, last_epoch)

    def first(self) -> float:
        return self.start_factor

    def ratio(self, t: int) -> float:
        rise = self.end_factor - self.start_factor
        return 1 + rise / (self.total_iters * self.start_factor + (t - 1) * rise) if t <= self.total_iters else 1


class ExponentialLR(Multiplied):
    """γ times the rate at every step.

    Formula:
        ηₜ = η·γᵗ

    Args:
        optimizer: whose learning rates are changed.
        gamma: γ.
        last_epoch: the step to go on from; −1 to begin.

    Example:
        >>> import autograd_core as ag, optim
        >>> optimizer = optim.SGD([ag.tensor([1.0], requires_grad=True)], lr=1.0)
        >>> scheduler = optim.lr_scheduler.ExponentialLR(optimizer, gamma=0.5)
        >>> for _ in range(3):
        ...     optimizer.step()
        ...     scheduler.step()
        >>> scheduler.get_last_lr()
        [0.125]
    """

    def __init__(self, optimizer: Optimizer, gamma: float, last_epoch: int = -1) -> None:
        self.gamma = gamma
        super().__init__(optimizer, last_epoch)

    def ratio(self, t: int) -> float:
        return self.gamma


class PolynomialLR(Multiplied):
    """Down to zero as a power of the time left.

    Formula:
        ηₜ = η·(1 − min(t, T)/T)^p

    Args:
        optimizer: whose learning rates are changed.
        total_iters: T.
        power: p.
        last_epoch: the step to go on from; −1 to begin.

    Example:
        >>> import autograd_core as ag, optim
        >>> optimizer = optim.SGD([ag.tensor([1.0], requires_grad=True)], lr=1.0)
        >>> scheduler = optim.lr_scheduler.PolynomialLR(optimizer, total_iters=4)
        >>> for _ in range(3):
        ...     optimizer.step()
        ...     scheduler.step()
        >>> scheduler.get_last_lr()
        [0.25]
    """

    def __init__(self, optimizer: Optimizer, total_iters: int = 5, power: float = 1.0, last_epoch: int = -1) -> None:
        self.total_iters = total_iters
        self.power = power
        super().__init__(optimizer, last_epoch)

    def ratio(self, t: int) -> float:
        if t > self.total_iters:
            return 1
        return float(((1 - t / self.total_iters) / (1 - (t - 1) / self.total_iters)) ** self.power)


class InverseSqrtLR(Multiplied):
    """The rate over the root of time: the "1/t decay" that turns Adagrad's sum into a mean.

    Formula:
        ηₜ = η/√(t + 1)

    Args:
        optimizer: whose learning rates are changed.
        last_epoch: the step to go on from; −1 to begin.

    Example:
        >>> import autograd_core as ag, optim
        >>> optimizer = optim.SGD([ag.tensor([1.0], requires_grad=True)], lr=1.0)
        >>> scheduler = optim.lr_scheduler.InverseSqrtLR(optimizer)
        >>> for _ in range(3):
        ...     optimizer.step()
        ...     scheduler.step()
        >>> round(scheduler.get_last_lr()[0], 12)
        0.5
    """

    def ratio(self, t: int) -> float:
        return math.sqrt(t / (t + 1))


class LambdaLR(LRScheduler):
    """The rate times a function of the step.

    Formula:
        ηₜ = η·f(t)

    Args:
        optimizer: whose learning rates are changed.
        lr_lambda: f, or a list with one for each group.
        last_epoch: the step to go on from; −1 to begin.

    Raises:
        ValueError: there are not as many functions as groups.

    Example:
        >>> import autograd_core as ag, optim
        >>> optimizer = optim.SGD([ag.tensor([1.0], requires_grad=True)], lr=1.0)
        >>> scheduler = optim.lr_scheduler.LambdaLR(optimizer, lambda t: 1 / (1 + t))
        >>> for _ in range(3):
        ...     optimizer.step()
        ...     scheduler.step()
        >>> scheduler.get_last_lr()
        [0.25]
    """

    def __init__(self, optimizer: Optimizer, lr_lambda: Lambda | list[Lambda], last_epoch: int = -1) -> None:
        self.lr_lambdas = for_each_group(optimizer, "lr_lambda", lr_lambda)
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float]:
        return [rate * f(self.last_epoch) for rate, f in zip(self.base_lrs, self.lr_lambdas, strict=True)]


class MultiplicativeLR(LRScheduler):
    """The rate of the step before times a function of the step.

    Formula:
        ηₜ = ηₜ₋₁·f(t)

    Args:
        optimizer: whose learning rates are changed.
        lr_lambda: f, or a list with one for each group.
        last_epoch: the step to go on from; −1 to begin.

    Raises:
        ValueError: there are not as many functions as groups.
        TypeError: ``lr_lambda`` is no function.

    Example:
        >>> import autograd_core as ag, optim
        >>> optimizer = optim.SGD([ag.tensor([1.0], requires_grad=True)], lr=1.0)
        >>> scheduler = optim.lr_scheduler.MultiplicativeLR(optimizer, lambda t: 0.5)
        >>> for _ in range(3):
        ...     optimizer.step()
        ...     scheduler.step()
        >>> scheduler.get_last_lr()
        [0.125]
    """

    def __init__(self, optimizer: Optimizer, lr_lambda: Lambda | list[Lambda], last_epoch: int = -1) -> None:
        self.lr_lambdas = for_each_group(optimizer, "lr_lambda", lr_lambda)
        for f in self.lr_lambdas:
            if not callable(f):
                raise TypeError(f"lr_lambda should be a function, but got {type(f).__name__}")
        super().__init__(optimizer, last_epoch)

    def take_over(self) -> None:  # from the rates it finds, as in PyTorch
        self.last_epoch = 0
        self.set(self.get_lr())

    def get_lr(self) -> list[float]:
        if self._is_initial:
            return self.rates()
        return [rate * f(self.last_epoch) for rate, f in zip(self.rates(), self.lr_lambdas, strict=True)]
