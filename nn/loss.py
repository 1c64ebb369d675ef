"""Losses of numbers as modules, and what losses have in common."""

from __future__ import annotations

from typing import Any

import autograd_core as ag
from autograd_core import Tensor

from . import functional as F  # noqa: N812 - PyTorch's name
from .functional.loss import check_reduction
from .module import Module


class Loss(Module):
    """Base of the losses that have a reduction."""

    def __init__(self, reduction: str = "mean") -> None:
        super().__init__()
        check_reduction(reduction)
        self.reduction = reduction


class WeightedLoss(Loss):
    """Base of the losses that have weights, too, which a state_dict holds."""

    weight: Tensor | None

    def __init__(self, weight: Any = None, reduction: str = "mean") -> None:
        super().__init__(reduction)
        self.register_buffer("weight", None if weight is None else ag.as_tensor(weight).detach())


class MSELoss(Loss):
    """The squared differences; see :func:`nn.functional.mse_loss`.

    Args:
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.MSELoss()(ag.tensor([1.0, 2.0]), ag.tensor([1.0, 4.0]))
        tensor(2.)
    """

    def __init__(self, *, reduction: str = "mean") -> None:
        super().__init__(reduction)

    def forward(self, input: Any, target: Any) -> Tensor:
        return F.mse_loss(input, target, reduction=self.reduction)


class L1Loss(Loss):
    """The absolute differences; see :func:`nn.functional.l1_loss`.

    Args:
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.L1Loss()(ag.tensor([1.0, 2.0]), ag.tensor([1.0, 4.0]))
        tensor(1.)
    """

    def __init__(self, *, reduction: str = "mean") -> None:
        super().__init__(reduction)

    def forward(self, input: Any, target: Any) -> Tensor:
        return F.l1_loss(input, target, reduction=self.reduction)


class SmoothL1Loss(Loss):
    """Squared differences where small, else absolute ones; see :func:`nn.functional.smooth_l1_loss`.

    Args:
        beta: where the two meet.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.SmoothL1Loss()(ag.tensor([0.5, 3.0]), ag.tensor([0.0, 0.0]))
        tensor(1.3125)
    """

    def __init__(self, *, reduction: str = "mean", beta: float = 1.0) -> None:
        super().__init__(reduction)
        self.beta = beta

    def forward(self, input: Any, target: Any) -> Tensor:
        return F.smooth_l1_loss(input, target, beta=self.beta, reduction=self.reduction)


class HuberLoss(Loss):
    """Squared differences where small, else absolute ones, times δ; see :func:`nn.functional.huber_loss`.

    Args:
        delta: δ, where the two meet.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.HuberLoss()(ag.tensor([0.5, 3.0]), ag.tensor([0.0, 0.0]))
        tensor(1.3125)
    """

    def __init__(self, reduction: str = "mean", delta: float = 1.0) -> None:
        super().__init__(reduction)
        self.delta = delta

    def forward(self, input: Any, target: Any) -> Tensor:
        return F.huber_loss(input, target, delta=self.delta, reduction=self.reduction)
