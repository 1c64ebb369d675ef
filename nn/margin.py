"""Losses that ask for a margin, as modules."""

from __future__ import annotations

from typing import Any

from autograd_core import Tensor

from . import functional as F  # noqa: N812 - PyTorch's name
from .loss import Loss, WeightedLoss


class MarginRankingLoss(Loss):
    """How far pairs are from the order wanted; see :func:`nn.functional.margin_ranking_loss`.

    Args:
        margin: by how much the first must be ahead.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.MarginRankingLoss()(ag.tensor([1.0]), ag.tensor([3.0]), ag.tensor([1.0]))
        tensor(2.)
    """

    def __init__(self, margin: float = 0.0, *, reduction: str = "mean") -> None:
        super().__init__(reduction)
        self.margin = margin

    def forward(self, input1: Any, input2: Any, target: Any) -> Tensor:
        return F.margin_ranking_loss(input1, input2, target, margin=self.margin, reduction=self.reduction)


class HingeEmbeddingLoss(Loss):
    """Distances of the alike, and what the unlike lack; see :func:`nn.functional.hinge_embedding_loss`.

    Args:
        margin: how far apart is far enough.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.HingeEmbeddingLoss()(ag.tensor([0.5, 0.25]), ag.tensor([1.0, -1.0]))
        tensor(0.625)
    """

    def __init__(self, margin: float = 1.0, *, reduction: str = "mean") -> None:
        super().__init__(reduction)
        self.margin = margin

    def forward(self, input: Any, target: Any) -> Tensor:
        return F.hinge_embedding_loss(input, target, margin=self.margin, reduction=self.reduction)


class SoftMarginLoss(Loss):
    """The logistic loss of targets 1 and −1; see :func:`nn.functional.soft_margin_loss`.

    Args:
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.SoftMarginLoss()(ag.tensor([0.0]), ag.tensor([1.0]))
        tensor(0.6931)
    """

    def __init__(self, *, reduction: str = "mean") -> None:
        super().__init__(reduction)

    def forward(self, input: Any, target: Any) -> Tensor:
        return F.soft_margin_loss(input, target, reduction=self.reduction)


class MultiMarginLoss(WeightedLoss):
    """By how much other classes come near the right one; see :func:`nn.functional.multi_margin_loss`.

    Args:
        p: 1 or 2, the power.
        margin: by how much the right class must be ahead.
        weight: one weight for each class, (C,).
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.MultiMarginLoss()(ag.tensor([[0.0, 0.5]]), ag.tensor([1]))
        tensor(0.25)
    """

    def __init__(self, p: int = 1, margin: float = 1.0, weight: Any = None, *, reduction: str = "mean") -> None:
        super().__init__(weight, reduction)
        self.p = p
        self.margin = margin

    def forward(self, input: Any, target: Any) -> Tensor:
        return F.multi_margin_loss(
            input, target, p=self.p, margin=self.margin, weight=self.weight, reduction=self.reduction
        )


class MultiLabelMarginLoss(Loss):
    """By how much wrong classes come near the right ones; see :func:`nn.functional.multilabel_margin_loss`.

    Args:
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.MultiLabelMarginLoss()(ag.tensor([[0.0, 0.5]]), ag.tensor([[1, -1]]))
        tensor(0.25)
    """

    def __init__(self, *, reduction: str = "mean") -> None:
        super().__init__(reduction)

    def forward(self, input: Any, target: Any) -> Tensor:
        return F.multilabel_margin_loss(input, target, reduction=self.reduction)


class MultiLabelSoftMarginLoss(WeightedLoss):
    """The mean over the classes of the logistic loss of each; see :func:`nn.functional.multilabel_soft_margin_loss`.

    Args:
        weight: one weight for each class, (C,).
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.MultiLabelSoftMarginLoss()(ag.tensor([[0.0, 0.0]]), ag.tensor([[1.0, 0.0]]))
        tensor(0.6931)
    """

    def __init__(self, weight: Any = None, *, reduction: str = "mean") -> None:
        super().__init__(weight, reduction)

    def forward(self, input: Any, target: Any) -> Tensor:
        return F.multilabel_soft_margin_loss(input, target, weight=self.weight, reduction=self.reduction)
