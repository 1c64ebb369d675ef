"""Schedules one after the other, or on top of each other."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from ..optimizer import Optimizer
from .plateau import ReduceLROnPlateau
from .scheduler import LRScheduler, checked


class SequentialLR(LRScheduler):
    """One schedule after the other, each beginning anew at its milestone.

    Args:
        optimizer: whose learning rates are changed.
        schedulers: the schedules, of this optimizer.
        milestones: the steps at which the second and the following begin.
        last_epoch: the step to go on from; −1 to begin.

    Raises:
        ValueError: there are not as many milestones as changes, or the schedulers do not fit.

    Example:
        >>> import autograd_core as ag, optim
        >>> from optim.lr_scheduler import ExponentialLR, LinearLR, SequentialLR
        >>> optimizer = optim.SGD([ag.tensor([1.0], requires_grad=True)], lr=1.0)
        >>> parts = [LinearLR(optimizer, 0.25, total_iters=3), ExponentialLR(optimizer, 0.5)]
        >>> scheduler = SequentialLR(optimizer, parts, milestones=[3])
        >>> for _ in range(6):
        ...     print(optimizer.param_groups[0]["lr"], end=" ")
        ...     optimizer.step()
        ...     scheduler.step()
        0.25 0.5 0.75 1.0 0.5 0.25
    """

    def __init__(
        self, optimizer: Optimizer, schedulers: list[LRScheduler], milestones: list[int], last_epoch: int = -1
    ) -> None:
        _check_of_one_optimizer(type(self).__name__, checked(optimizer), schedulers)
        if len(milestones) != len(schedulers) - 1:
            raise ValueError(
                "Sequential Schedulers expects number of schedulers provided to be one more than the number of "
                f"milestone points, but got number of schedulers {len(schedulers)} and the number of milestones to be "
                f"equal to {len(milestones)}"
            )
        self.optimizer = optimizer
        self._schedulers = schedulers
        self._milestones = milestones
        self.last_epoch = last_epoch
        self.set([group["initial_lr"] for group in optimizer.param_groups])
        self.step()

    def step(self) -> None:
        """Go to the next step; to be called after the optimizer's."""
        self.last_epoch += 1
        i = bisect_right(self._milestones, self.last_epoch)
        scheduler = self._schedulers[i]
        if self.last_epoch == 0:
            scheduler.restart()
        elif i and self._milestones[i - 1] == self.last_epoch:
            scheduler.take_over()
        else:
            scheduler.step()
        self._last_lr = scheduler.get_last_lr()


class ChainedScheduler(LRScheduler):
    """Several schedules at once: each changes the rates that the one before has set.

    Args:
        schedulers: the schedules, of one optimizer.
        optimizer: that optimizer; the first schedule's by default.

    Raises:
        ValueError: the schedulers do not fit.

    Example:
        >>> import autograd_core as ag, optim
        >>> from optim.lr_scheduler import ChainedScheduler, ConstantLR, ExponentialLR
        >>> optimizer = optim.SGD([ag.tensor([1.0], requires_grad=True)], lr=8.0)
        >>> scheduler = ChainedScheduler([ConstantLR(optimizer, 0.25, total_iters=2), ExponentialLR(optimizer, 0.5)])
        >>> for _ in range(4):
        ...     print(optimizer.param_groups[0]["lr"], end=" ")
        ...     optimizer.step()
        ...     scheduler.step()
        2.0 1.0 2.0 1.0
    """

    def __init__(self, schedulers: Sequence[LRScheduler], optimizer: Optimizer | None = None) -> None:
        if optimizer is None and schedulers:
            optimizer = schedulers[0].optimizer
        _check_of_one_optimizer(type(self).__name__, optimizer, schedulers)
        self.optimizer = checked(optimizer)
        self._schedulers = list(schedulers)
        self._last_lr = self.rates()

    def restart(self) -> None:
        for scheduler in self._schedulers:
            scheduler.restart()
        self._last_lr = self.rates()

    def step(self) -> None:
        """Go to the next step of every schedule; to be called after the optimizer's."""
        for scheduler in self._schedulers:
            scheduler.step()
        self._last_lr = self.rates()


def _check_of_one_optimizer(what: str, optimizer: Optimizer | None, schedulers: Sequence[LRScheduler]) -> None:
    if not schedulers:
        raise ValueError(f"{what} expects at least one scheduler, but got no scheduler.")
    for i, scheduler in enumerate(schedulers):
        if not isinstance(scheduler, LRScheduler):
            raise TypeError(f"{what} takes schedulers, but got {type(scheduler).__name__} at index {i}")
        if isinstance(scheduler, ReduceLROnPlateau):
            raise ValueError(
                f"{what} does not support `ReduceLROnPlateau`, whose step() takes a number, but got one at index {i}"
            )
        if scheduler.optimizer is not optimizer:
            raise ValueError(
                f"{what} expects all schedulers to belong to the same optimizer, but {type(scheduler).__name__} at "
                f"index {i} has another"
            )
