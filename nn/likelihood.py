"""Losses that are likelihoods, as modules."""

from __future__ import annotations

from typing import Any

import autograd_core as ag
from autograd_core import Tensor

from . import functional as F  # noqa: N812 - PyTorch's name
from .loss import Loss, WeightedLoss


class BCELoss(WeightedLoss):
    """The cross-entropy of yes-or-no targets with probabilities; see :func:`nn.functional.binary_cross_entropy`.

    Args:
        weight: a factor for each loss; broadcasts.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.BCELoss()(ag.tensor([0.5, 0.5]), ag.tensor([0.0, 1.0]))
        tensor(0.6931)
    """

    def __init__(self, weight: Any = None, *, reduction: str = "mean") -> None:
        super().__init__(weight, reduction)

    def forward(self, input: Any, target: Any) -> Tensor:
        return F.binary_cross_entropy(input, target, self.weight, reduction=self.reduction)


class BCEWithLogitsLoss(WeightedLoss):
    """The same for scores, without overflow; see :func:`nn.functional.binary_cross_entropy_with_logits`.

    Args:
        weight: a factor for each loss; broadcasts.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.
        pos_weight: how much a yes counts; broadcasts.

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.BCEWithLogitsLoss()(ag.tensor([0.0, 0.0]), ag.tensor([0.0, 1.0]))
        tensor(0.6931)
    """

    pos_weight: Tensor | None

    def __init__(self, weight: Any = None, *, reduction: str = "mean", pos_weight: Any = None) -> None:
        super().__init__(weight, reduction)
        self.register_buffer("pos_weight", None if pos_weight is None else ag.as_tensor(pos_weight).detach())

    def forward(self, input: Any, target: Any) -> Tensor:
        return F.binary_cross_entropy_with_logits(
            input, target, self.weight, reduction=self.reduction, pos_weight=self.pos_weight
        )


class GaussianNLLLoss(Loss):
    """The negative log-likelihood of normal numbers with known variances; see :func:`nn.functional.gaussian_nll_loss`.

    Args:
        full: add the constant log(2π)/2.
        eps: the least variance.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.GaussianNLLLoss()(ag.tensor([1.0]), ag.tensor([3.0]), ag.tensor([1.0]))
        tensor(2.)
    """

    def __init__(self, *, full: bool = False, eps: float = 1e-6, reduction: str = "mean") -> None:
        super().__init__(reduction)
        self.full = full
        self.eps = eps

    def forward(self, input: Any, target: Any, var: Any) -> Tensor:
        return F.gaussian_nll_loss(input, target, var, full=self.full, eps=self.eps, reduction=self.reduction)


class PoissonNLLLoss(Loss):
    """The negative log-likelihood of counts; see :func:`nn.functional.poisson_nll_loss`.

    Args:
        log_input: whether the input is the logarithm of the rate.
        full: add Stirling's approximation of log target!.
        eps: added to the rate in its logarithm.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.PoissonNLLLoss()(ag.tensor([0.0]), ag.tensor([3.0]))
        tensor(1.)
    """

    def __init__(
        self, log_input: bool = True, full: bool = False, *, eps: float = 1e-8, reduction: str = "mean"
    ) -> None:
        super().__init__(reduction)
        self.log_input = log_input
        self.full = full
        self.eps = eps

    def forward(self, input: Any, target: Any) -> Tensor:
        return F.poisson_nll_loss(
            input, target, log_input=self.log_input, full=self.full, eps=self.eps, reduction=self.reduction
        )


class KLDivLoss(Loss):
    """How far the target's distribution is from that of the log-probabilities given; see :func:`nn.functional.kl_div`.

    Args:
        log_target: whether the target holds log-probabilities, too.
        reduction: ``"batchmean"``, the divergence as it is defined, ``"mean"``, ``"sum"`` or ``"none"``.

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.KLDivLoss(reduction="sum")(ag.log(ag.tensor([0.5, 0.5])), ag.tensor([1.0, 0.0]))
        tensor(0.6931)
    """

    def __init__(self, *, reduction: str = "mean", log_target: bool = False) -> None:
        super().__init__("sum" if reduction == "batchmean" else reduction)
        self.reduction = reduction
        self.log_target = log_target

    def forward(self, input: Any, target: Any) -> Tensor:
        return F.kl_div(input, target, log_target=self.log_target, reduction=self.reduction)
