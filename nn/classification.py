"""Losses of classes as modules."""

from __future__ import annotations

from typing import Any

from autograd_core import Tensor

from . import functional as F  # noqa: N812 - PyTorch's name
from .loss import Loss, WeightedLoss


class CrossEntropyLoss(WeightedLoss):
    """The cross-entropy of a target with softmax of the scores; see :func:`nn.functional.cross_entropy`.

    Args:
        weight: one weight for each class, (C,).
        ignore_index: a class index that does not count.
        reduction: ``"mean"`` (over indices, weighted), ``"sum"`` or ``"none"``.
        label_smoothing: from 0 to 1.

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.CrossEntropyLoss()(ag.tensor([[0.0, 0.0], [1.0, 0.0]]), ag.tensor([0, 0]))
        tensor(0.5032)
    """

    def __init__(
        self, weight: Any = None, *, ignore_index: int = -100, reduction: str = "mean", label_smoothing: float = 0.0
    ) -> None:
        super().__init__(weight, reduction)
        self.ignore_index = ignore_index
        self.label_smoothing = label_smoothing

    def forward(self, input: Any, target: Any) -> Tensor:
        return F.cross_entropy(
            input,
            target,
            self.weight,
            ignore_index=self.ignore_index,
            reduction=self.reduction,
            label_smoothing=self.label_smoothing,
        )


class NLLLoss(WeightedLoss):
    """The negative log-likelihood; see :func:`nn.functional.nll_loss`.

    Args:
        weight: one weight for each class, (C,).
        ignore_index: a class index that does not count.
        reduction: ``"mean"`` (weighted), ``"sum"`` or ``"none"``.

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.NLLLoss()(ag.tensor([[-1.0, -0.5], [-0.2, -2.0]]), ag.tensor([0, 1]))
        tensor(1.5)
    """

    def __init__(self, weight: Any = None, *, ignore_index: int = -100, reduction: str = "mean") -> None:
        super().__init__(weight, reduction)
        self.ignore_index = ignore_index

    def forward(self, input: Any, target: Any) -> Tensor:
        return F.nll_loss(input, target, self.weight, ignore_index=self.ignore_index, reduction=self.reduction)


class CTCLoss(Loss):
    """The cost of all alignments of a sequence with a longer one; see :func:`nn.functional.ctc_loss`.

    Args:
        blank: the class that stands for nothing.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.
        zero_infinity: count sequences that can't be aligned as 0.

    Example:
        >>> import autograd_core as ag, nn
        >>> log_probs = ag.log(ag.full((2, 1, 2), 0.5))
        >>> nn.CTCLoss()(log_probs, ag.tensor([[1]]), ag.tensor([2]), ag.tensor([1]))
        tensor(0.2877)
    """

    def __init__(self, blank: int = 0, reduction: str = "mean", zero_infinity: bool = False) -> None:
        super().__init__(reduction)
        self.blank = blank
        self.zero_infinity = zero_infinity

    def forward(self, log_probs: Any, targets: Any, input_lengths: Any, target_lengths: Any) -> Tensor:
        return F.ctc_loss(
            log_probs, targets, input_lengths, target_lengths, self.blank, self.reduction, self.zero_infinity
        )
