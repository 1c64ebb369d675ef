"""Schedules that go up and down, and let the momentum do the opposite."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from ..optimizer import Optimizer
from .scheduler import LRScheduler, checked, for_each_group


class Cycling(LRScheduler):
    """A schedule of the learning rate and, if the optimizer has one, of the momentum (β₁)."""

    cycle_momentum: bool
    use_beta1: bool

    def cycle_between(self, low: Any, high: Any, last_epoch: int) -> tuple[list[float], list[float]]:
        """The two momenta of each group, which begins with the larger one.

        Raises:
            ValueError: the optimizer has no momentum.
        """
        if not {"momentum", "betas"} & set(self.optimizer.defaults):
            raise ValueError("optimizer must support momentum or beta1 with `cycle_momentum` option enabled")
        self.use_beta1 = "betas" in self.optimizer.defaults
        lows = for_each_group(self.optimizer, "base_momentum", low)
        highs = for_each_group(self.optimizer, "max_momentum", high)
        if last_epoch == -1:
            self.set_momenta(highs)
            for group, base, top in zip(self.optimizer.param_groups, lows, highs, strict=True):
                group |= {"base_momentum": base, "max_momentum": top}
        return lows, highs

    def set_momenta(self, momenta: list[float]) -> None:
        """Give the groups these momenta."""
        for group, momentum in zip(self.optimizer.param_groups, momenta, strict=True):
            if self.use_beta1:
                group["betas"] = (momentum, *group["betas"][1:])
            else:
                group["momentum"] = momentum


class CyclicLR(Cycling):
    """Up and down between two rates, in triangles.

    Formula:
        ηₜ = η₋ + (η₊ − η₋)·z·s, momentum μ₊ − (μ₊ − μ₋)·z·s, where z goes 0 → 1 → 0 once a cycle and s is 1
        (``triangular``), 2^(1 − cycle) (``triangular2``) or γᵗ (``exp_range``)

    Args:
        optimizer: whose learning rates are changed.
        base_lr: η₋, one or a list with one for each group.
        max_lr: η₊, likewise.
        step_size_up: the steps of the way up.
        step_size_down: the steps of the way down; as many by default.
        mode: ``"triangular"``, ``"triangular2"`` or ``"exp_range"``.
        gamma: γ.
        scale_fn: s as a function, instead of a mode.
        scale_mode: what ``scale_fn`` is a function of: the ``"cycle"``, from 1 on, or the ``"iterations"`` t.
        cycle_momentum: whether the momentum changes too.
        base_momentum: μ₋.
        max_momentum: μ₊.
        last_epoch: the step to go on from; −1 to begin.

    Raises:
        ValueError: there is no such mode, or the optimizer has no momentum.

    Example:
        >>> import autograd_core as ag, optim
        >>> optimizer = optim.SGD([ag.tensor([1.0], requires_grad=True)], lr=1.0, momentum=0.9)
        >>> scheduler = optim.lr_scheduler.CyclicLR(optimizer, base_lr=0.25, max_lr=1.0, step_size_up=3)
        >>> for _ in range(1):
        ...     optimizer.step()
        ...     scheduler.step()
        >>> scheduler.get_last_lr()
        [0.5]

    Source: Smith, Cyclical Learning Rates for Training Neural Networks (2017).
    """

    def __init__(
        self,
        optimizer: Optimizer,
        base_lr: float | list[float],
        max_lr: float | list[float],
        step_size_up: int = 2000,
        step_size_down: int | None = None,
        mode: str = "triangular",
        gamma: float = 1.0,
        scale_fn: Callable[[float], float] | None = None,
        scale_mode: str = "cycle",
        cycle_momentum: bool = True,
        base_momentum: float | list[float] = 0.8,
        max_momentum: float | list[float] = 0.9,
        last_epoch: int = -1,
    ) -> None:
        if mode not in ("triangular", "triangular2", "exp_range") and scale_fn is None:
            raise ValueError("mode is invalid and scale_fn is None")
        self.optimizer = checked(optimizer)
        lows = for_each_group(optimizer, "base_lr", base_lr)
        self.max_lrs = for_each_group(optimizer, "max_lr", max_lr)
        if last_epoch == -1:
            self.set(lows)
        down = step_size_up if step_size_down is None else step_size_down
        self.total_size = float(step_size_up + down)
        self.step_ratio = step_size_up / self.total_size
        self.mode = mode
        self.gamma = gamma
        self._scale_fn_custom = scale_fn
        self.scale_mode = scale_mode
        self.cycle_momentum = cycle_momentum
        if cycle_momentum:
            self.base_momentums, self.max_momentums = self.cycle_between(base_momentum, max_momentum, last_epoch)
        super().__init__(optimizer, last_epoch)
        self.base_lrs = lows

    def scale_fn(self, x: float) -> float:
        """s, of the cycle or of t."""
        if self._scale_fn_custom is not None:
            return float(self._scale_fn_custom(x))
        return float({"triangular": 1, "triangular2": 2 ** (1 - x), "exp_range": self.gamma**x}[self.mode])

    def get_lr(self) -> list[float]:
        cycle, part = divmod(self.last_epoch / self.total_size, 1)
        height = part / self.step_ratio if part <= self.step_ratio else (part - 1) / (self.step_ratio - 1)
        by_cycle = self.scale_mode == "cycle" if self._scale_fn_custom else self.mode != "exp_range"
        height *= self.scale_fn(cycle + 1 if by_cycle else self.last_epoch)
        if self.cycle_momentum:
            bounds = zip(self.base_momentums, self.max_momentums, strict=True)
            self.set_momenta([high - (high - low) * height for low, high in bounds])
        return [low + (high - low) * height for low, high in zip(self.base_lrs, self.max_lrs, strict=True)]


class OneCycleLR(Cycling):
    """Up once to a large rate and down to nearly nothing: a step of it after every batch.

    Formula:
        η₊/d → η₊ in the first p·T steps, then → η₊/(d·f); along a cosine or a line. The momentum goes μ₊ → μ₋ → μ₊.

    Args:
        optimizer: whose learning rates are changed.
        max_lr: η₊, one or a list with one for each group.
        total_steps: T; or ``epochs`` and ``steps_per_epoch`` instead.
        epochs: the epochs of the training.
        steps_per_epoch: the steps of each.
        pct_start: p.
        anneal_strategy: ``"cos"`` or ``"linear"``.
        cycle_momentum: whether the momentum changes too.
        base_momentum: μ₋.
        max_momentum: μ₊.
        div_factor: d.
        final_div_factor: f.
        three_phase: go down as fast as up, and only then from η₊/d to η₊/(d·f).
        last_epoch: the step to go on from; −1 to begin.

    Raises:
        ValueError: an argument makes no sense, or more steps are taken than there are.

    Example:
        >>> import autograd_core as ag, optim
        >>> optimizer = optim.SGD([ag.tensor([1.0], requires_grad=True)], lr=1.0, momentum=0.9)
        >>> scheduler = optim.lr_scheduler.OneCycleLR(optimizer, max_lr=1.0, total_steps=10)
        >>> for _ in range(2):
        ...     optimizer.step()
        ...     scheduler.step()
        >>> scheduler.get_last_lr()
        [1.0]

    Source: Smith and Topin, Super-Convergence: Very Fast Training of Neural Networks Using Large Learning Rates (2018).
    """

    def __init__(
        self,
        optimizer: Optimizer,
        max_lr: float | list[float],
        total_steps: int | None = None,
        epochs: int | None = None,
        steps_per_epoch: int | None = None,
        pct_start: float = 0.3,
        anneal_strategy: str = "cos",
        cycle_momentum: bool = True,
        base_momentum: float | list[float] = 0.85,
        max_momentum: float | list[float] = 0.95,
        div_factor: float = 25.0,
        final_div_factor: float = 1e4,
        three_phase: bool = False,
        last_epoch: int = -1,
    ) -> None:
        self.optimizer = checked(optimizer)
        if total_steps is None:
            if epochs is None or steps_per_epoch is None:
                raise ValueError("You must define either total_steps OR (epochs AND steps_per_epoch)")
            _check_positive(epochs=epochs, steps_per_epoch=steps_per_epoch)
            total_steps = epochs * steps_per_epoch
        _check_positive(total_steps=total_steps)
        if not 0 <= pct_start <= 1:
            raise ValueError(f"Expected float between 0 and 1 pct_start, but got {pct_start}")
        if anneal_strategy not in ("cos", "linear"):
            raise ValueError(f"anneal_strategy must be one of 'cos' or 'linear', instead got {anneal_strategy}")
        self.total_steps = total_steps
        self._anneal_func_type = anneal_strategy
        top, end = pct_start * total_steps - 1, total_steps - 1
        self._schedule_phases = (
            [
                _phase(top, "initial_lr", "max_lr", "max_momentum", "base_momentum"),
                _phase(2 * top, "max_lr", "initial_lr", "base_momentum", "max_momentum"),
                _phase(end, "initial_lr", "min_lr", "max_momentum", "max_momentum"),
            ]
            if three_phase
            else [
                _phase(top, "initial_lr", "max_lr", "max_momentum", "base_momentum"),
                _phase(end, "max_lr", "min_lr", "base_momentum", "max_momentum"),
            ]
        )
        if last_epoch == -1:
            for group, rate in zip(optimizer.param_groups, for_each_group(optimizer, "max_lr", max_lr), strict=True):
                first = rate / div_factor
                group |= {"initial_lr": first, "max_lr": rate, "min_lr": first / final_div_factor}
        self.cycle_momentum = cycle_momentum
        if cycle_momentum:
            self.cycle_between(base_momentum, max_momentum, last_epoch)
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float]:
        t = self.last_epoch
        if t > self.total_steps:
            raise ValueError(f"Tried to step {t} times. The specified number of total steps is {self.total_steps}")
        start = 0.0
        for phase in self._schedule_phases:
            if t <= phase["end_step"] or phase is self._schedule_phases[-1]:
                break
            start = phase["end_step"]
        length, groups = phase["end_step"] - start, self.optimizer.param_groups
        part = (t - start) / length if length else 1.0
        if self.cycle_momentum:
            start_momentum, end_momentum = phase["start_momentum"], phase["end_momentum"]
            self.set_momenta([self._between(group[start_momentum], group[end_momentum], part) for group in groups])
        return [self._between(group[phase["start_lr"]], group[phase["end_lr"]], part) for group in groups]

    def _between(self, start: float, end: float, part: float) -> float:
        if self._anneal_func_type == "linear":
            return (end - start) * part + start
        return end + (start - end) / 2 * (1 + math.cos(math.pi * part))


def _phase(end_step: float, start_lr: str, end_lr: str, start_momentum: str, end_momentum: str) -> dict[str, Any]:
    return {
        "end_step": end_step,
        "start_lr": start_lr,
        "end_lr": end_lr,
        "start_momentum": start_momentum,
        "end_momentum": end_momentum,
    }


def _check_positive(**values: int) -> None:
    for name, value in values.items():
        if not isinstance(value, int) or value <= 0:
            raise ValueError(f"Expected positive integer {name}, but got {value}")
