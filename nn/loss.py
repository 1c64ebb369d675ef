"""Loss functions as modules."""

from __future__ import annotations

from typing import Any

import autograd_core as ag
from autograd_core import Tensor

from . import functional as F  # noqa: N812 - PyTorch's name
from .functional.loss import check_reduction
from .module import Module


class _Loss(Module):
    """A loss with a reduction."""

    def __init__(self, reduction: str) -> None:
        super().__init__()
        check_reduction(reduction)
        self.reduction = reduction


class _WeightedLoss(_Loss):
    """A loss with a reduction and weights, which a state_dict holds."""

    weight: Tensor | None

    def __init__(self, weight: Any, reduction: str) -> None:
        super().__init__(reduction)
        self.register_buffer("weight", None if weight is None else ag.as_tensor(weight).detach())


class CrossEntropyLoss(_WeightedLoss):
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


class NLLLoss(_WeightedLoss):
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


class MSELoss(_Loss):
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


class L1Loss(_Loss):
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


class BCELoss(_WeightedLoss):
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


class BCEWithLogitsLoss(_WeightedLoss):
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
