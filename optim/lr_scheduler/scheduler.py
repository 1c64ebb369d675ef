"""LRScheduler: what all learning rate schedules share."""

from __future__ import annotations

import types
import warnings
from collections.abc import Mapping, Sequence
from typing import Any

from ..optimizer import Optimizer


class LRScheduler:
    """Base class: a schedule defines :meth:`get_lr`, the learning rates at ``last_epoch``.

    Making a scheduler sets the learning rates of step 0. It can be stacked on others: most schedules multiply the
    rates that they find.

    Args:
        optimizer: whose learning rates are changed.
        last_epoch: the step to go on from; −1 to begin.

    Attributes:
        last_epoch: the number of the step.
        base_lrs: the rates before any schedule, of each group; kept as ``initial_lr`` in the groups.

    Raises:
        TypeError: there is no optimizer.
        KeyError: it goes on from a step, but the groups have no ``initial_lr``.
    """

    _is_initial = False

    def __init__(self, optimizer: Optimizer, last_epoch: int = -1) -> None:
        self.optimizer = checked(optimizer)
        for i, group in enumerate(optimizer.param_groups):
            if last_epoch == -1:
                group.setdefault("initial_lr", group["lr"])
            elif "initial_lr" not in group:
                raise KeyError(
                    f"param 'initial_lr' is not specified in param_groups[{i}] when resuming scheduler with last_epoch "
                    ">= 0: load the optimizer's state_dict before"
                )
        self.base_lrs = [group["initial_lr"] for group in optimizer.param_groups]
        self.last_epoch = last_epoch
        self.start()

    def start(self) -> None:
        """Set the rates of the first step."""
        self._step_count = 0
        self._is_initial = True
        self.step()
        self._is_initial = False

    def restart(self) -> None:
        """Begin anew from the base learning rates."""
        self.last_epoch = -1
        self.set(self.base_lrs)
        self.start()

    def take_over(self) -> None:
        """Begin where another schedule ends: from the base learning rates."""
        self.restart()

    def get_lr(self) -> list[float]:
        """The learning rate of each group at ``last_epoch``, from those of the step before, which they still have."""
        raise NotImplementedError

    def get_last_lr(self) -> list[float]:
        """The learning rates set last, of each group."""
        return self._last_lr

    def step(self) -> None:
        """Go to the next step; to be called after the optimizer's."""
        if self._step_count == 1 and not self.optimizer.stepped:
            warnings.warn(
                "Detected call of `lr_scheduler.step()` before `optimizer.step()`. Call them in the opposite order, "
                "or the first learning rate of the schedule is skipped.",
                stacklevel=2,
            )
        self._step_count += 1
        self.last_epoch += 1
        self.set(self.get_lr())

    def set(self, rates: Sequence[float]) -> None:
        """Give the groups these learning rates."""
        for group, rate in zip(self.optimizer.param_groups, rates, strict=True):
            group["lr"] = rate
        self._last_lr = list(rates)

    def rates(self) -> list[float]:
        """The learning rates as they are, of each group."""
        return [group["lr"] for group in self.optimizer.param_groups]

    def state_dict(self) -> dict[str, Any]:
        """Everything but the optimizer, a snapshot. Functions are not saved, only the attributes of callable objects.

        Save the optimizer's state too: it has the learning rates.
        """
        return {name: _saved(value) for name, value in vars(self).items() if name != "optimizer"}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Go on where :meth:`state_dict` was taken.

        Args:
            state_dict: what was saved, of a schedule of the same kind.
        """
        for name, value in state_dict.items():
            setattr(self, name, _loaded(getattr(self, name, None), value))


def checked(optimizer: Any) -> Optimizer:
    """The optimizer; TypeError if it is none."""
    if not isinstance(optimizer, Optimizer):
        raise TypeError(f"{type(optimizer).__name__} is not an Optimizer")
    return optimizer


def for_each_group(optimizer: Optimizer, what: str, value: Any) -> list[Any]:
    """One value for each group: the list given, or the same for all."""
    if not isinstance(value, list | tuple):
        return [value] * len(optimizer.param_groups)
    if len(value) != len(optimizer.param_groups):
        raise ValueError(f"{what} must have one value for each of {len(optimizer.param_groups)} groups, got {value}")
    return list(value)


def _saved(value: Any) -> Any:
    """What goes for a value in a state: of a function nothing, of a scheduler or a callable object its state."""
    if isinstance(value, LRScheduler):
        return value.state_dict()
    if isinstance(value, list):
        return [_saved(one) for one in value]
    if isinstance(value, types.FunctionType | types.MethodType | types.BuiltinFunctionType):
        return None
    return dict(getattr(value, "__dict__", {})) if callable(value) else value


def _loaded(mine: Any, value: Any) -> Any:
    """The value of that name after loading what :func:`_saved` gave."""
    if isinstance(mine, LRScheduler):
        mine.load_state_dict(value)
    elif callable(mine):
        for name, attribute in (value or {}).items():
            setattr(mine, name, attribute)
    elif isinstance(mine, list) and isinstance(value, list) and len(mine) == len(value):
        return [_loaded(a, b) for a, b in zip(mine, value, strict=True)]
    else:
        return list(value) if isinstance(value, list) else value
    return mine
