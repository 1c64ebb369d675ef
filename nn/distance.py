"""Distances, and losses made of them, as modules."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograd_core import Tensor

from . import functional as F  # noqa: N812 - PyTorch's name
from .loss import Loss
from .module import Module


class CosineSimilarity(Module):
    """The cosine of the angle between vectors; see :func:`nn.functional.cosine_similarity`.

    Args:
        dim: the axis of the vectors.
        eps: the least product of their lengths.

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.CosineSimilarity(dim=0)(ag.tensor([1.0, 0.0]), ag.tensor([3.0, 4.0]))
        tensor(0.6)
    """

    def __init__(self, dim: int = 1, eps: float = 1e-8) -> None:
        super().__init__()
        self.dim = dim
        self.eps = eps

    def forward(self, x1: Any, x2: Any) -> Tensor:
        return F.cosine_similarity(x1, x2, self.dim, self.eps)


class PairwiseDistance(Module):
    """The p-norm of the difference of vectors; see :func:`nn.functional.pairwise_distance`.

    Args:
        p: which norm.
        eps: added to the difference.
        keepdim: keep the axis of the vectors, with length 1.

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.PairwiseDistance()(ag.tensor([[0.0, 0.0]]), ag.tensor([[3.0, 4.0]]))
        tensor([5.])
    """

    def __init__(self, p: float = 2.0, eps: float = 1e-6, keepdim: bool = False) -> None:
        super().__init__()
        self.norm = p
        self.eps = eps
        self.keepdim = keepdim

    def forward(self, x1: Any, x2: Any) -> Tensor:
        return F.pairwise_distance(x1, x2, self.norm, self.eps, self.keepdim)


class CosineEmbeddingLoss(Loss):
    """How unlike the alike are, and how alike the unlike; see :func:`nn.functional.cosine_embedding_loss`.

    Args:
        margin: which cosine is low enough.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.CosineEmbeddingLoss()(ag.tensor([[1.0, 0.0]]), ag.tensor([[3.0, 4.0]]), ag.tensor([1.0]))
        tensor(0.4)
    """

    def __init__(self, margin: float = 0.0, *, reduction: str = "mean") -> None:
        super().__init__(reduction)
        self.margin = margin

    def forward(self, input1: Any, input2: Any, target: Any) -> Tensor:
        return F.cosine_embedding_loss(input1, input2, target, margin=self.margin, reduction=self.reduction)


class TripletMarginLoss(Loss):
    """By how much the alike is not nearer than the unlike; see :func:`nn.functional.triplet_margin_loss`.

    Args:
        margin: by how much it must be nearer.
        p: which norm.
        eps: added to the differences.
        swap: take the smaller of both distances to the unlike.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.TripletMarginLoss()(ag.tensor([[0.0]]), ag.tensor([[3.0]]), ag.tensor([[2.0]]))
        tensor(2.)
    """

    def __init__(
        self, margin: float = 1.0, p: float = 2.0, eps: float = 1e-6, swap: bool = False, *, reduction: str = "mean"
    ) -> None:
        super().__init__(reduction)
        self.margin = margin
        self.p = p
        self.eps = eps
        self.swap = swap

    def forward(self, anchor: Any, positive: Any, negative: Any) -> Tensor:
        return F.triplet_margin_loss(
            anchor,
            positive,
            negative,
            margin=self.margin,
            p=self.p,
            eps=self.eps,
            swap=self.swap,
            reduction=self.reduction,
        )


class TripletMarginWithDistanceLoss(Loss):
    """The same with any distance; see :func:`nn.functional.triplet_margin_with_distance_loss`.

    Args:
        distance_function: of two Tensors; by default :class:`PairwiseDistance`.
        margin: by how much it must be nearer.
        swap: take the smaller of both distances to the unlike.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Example:
        >>> import autograd_core as ag, nn
        >>> l1 = lambda x, y: (x - y).abs().sum(-1)
        >>> loss = nn.TripletMarginWithDistanceLoss(distance_function=l1)
        >>> loss(ag.tensor([[0.0]]), ag.tensor([[3.0]]), ag.tensor([[2.0]]))
        tensor(2.)
    """

    def __init__(
        self,
        *,
        reduction: str = "mean",
        distance_function: Callable[[Any, Any], Tensor] | None = None,
        margin: float = 1.0,
        swap: bool = False,
    ) -> None:
        super().__init__(reduction)
        self.distance_function = PairwiseDistance() if distance_function is None else distance_function
        self.margin = margin
        self.swap = swap

    def forward(self, anchor: Any, positive: Any, negative: Any) -> Tensor:
        return F.triplet_margin_with_distance_loss(
            anchor,
            positive,
            negative,
            distance_function=self.distance_function,
            margin=self.margin,
            swap=self.swap,
            reduction=self.reduction,
        )
