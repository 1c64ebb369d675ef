"""Losses of numbers: how far each is from its target; and how losses are reduced."""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np

import autograd_core as ag
from autograd_core import Tensor
from autograd_core.rules import elementwise
from autograd_core.symbolic import symbol

from .inputs import together
from .piecewise import hardtanh_op


def _huber(x: Any, delta: float) -> Any:
    size = np.abs(x)
    near = np.minimum(size, delta)
    return near * (size - 0.5 * near)


huber_op = elementwise(
    _huber,
    lambda y, x, delta: hardtanh_op.op.on(x, low=-delta, high=delta),
    name="huber",
    options={"delta": symbol("δ")},
)


def check_reduction(reduction: str) -> None:
    """Raise ValueError unless the reduction is one of the three."""
    if reduction not in ("none", "mean", "sum"):
        raise ValueError(f"{reduction} is not a valid value for reduction: use 'none', 'mean' or 'sum'")


def reduced(losses: Tensor, reduction: str) -> Tensor:
    """The losses, their sum, or their mean; the mean of none is NaN."""
    check_reduction(reduction)
    if reduction == "none":
        return losses
    if reduction == "sum":
        return losses.sum()
    return losses.mean() if losses.numel() else losses.sum() * math.nan


def check_target(name: str, input: Tensor, target: Any) -> None:
    """Raise ValueError unless the shapes of input and target broadcast."""
    try:
        np.broadcast_shapes(input.shape, target.shape)
    except ValueError:
        raise ValueError(
            f"{name} needs a target whose shape broadcasts with the input's {input.shape}, got {target.shape}"
        ) from None


def _matched(input: Any, target: Any) -> tuple[Tensor, Tensor]:
    x, t = together(input, target)
    if x.shape != t.shape:
        warnings.warn(
            f"Using a target size ({t.shape}) that is different to the input size ({x.shape}). This will likely lead "
            "to incorrect results due to broadcasting. Please ensure they have the same size.",
            stacklevel=3,
        )
    return x, t


def _weights(weight: Any, x: Tensor, name: str) -> Tensor:
    _, w = together(x, weight)
    if w.shape != x.shape:
        raise ValueError(f"{name} needs weights of the input's size: got {w.shape} for an input {x.shape}")
    return w


def _weighted_mean(losses: Tensor, weight: Any, x: Tensor, reduction: str, name: str) -> Tensor:
    """The losses reduced; with weights the mean divides by their sum."""
    if weight is None:
        return reduced(losses, reduction)
    w = _weights(weight, x, name)
    total = reduced(losses * w, "sum" if reduction == "mean" else reduction)
    return total / w.sum() if reduction == "mean" else total


def mse_loss(input: Any, target: Any, *, reduction: str = "mean", weight: Any = None) -> Tensor:
    """The squared differences.

    Formula:
        L = (1/n) Σ (x − t)²; ∂L/∂x = (2/n)(x − t). With weights L = Σ w(x − t)² / Σ w.

    Args:
        input: x, any shape.
        target: t, of the same shape; another that broadcasts gives a warning.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.
        weight: w, of the input's shape.

    Returns:
        A 0-d Tensor; with ``"none"`` one of the common shape.

    Raises:
        ValueError: shapes do not fit, or there is no such reduction.

    Example:
        >>> import autograd_core as ag, nn.functional as F
        >>> F.mse_loss(ag.tensor([1.0, 2.0]), ag.tensor([1.0, 4.0]))
        tensor(2.)
    """
    x, t = _matched(input, target)
    return _weighted_mean(ag.square(x - t), weight, x, reduction, "mse_loss")


def l1_loss(input: Any, target: Any, *, reduction: str = "mean", weight: Any = None) -> Tensor:
    """The absolute differences.

    Formula:
        L = (1/n) Σ |x − t|; ∂L/∂x = sign(x − t)/n. With weights L = Σ w|x − t| / Σ w.

    Args:
        input: x, any shape.
        target: t, of the same shape; another that broadcasts gives a warning.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.
        weight: w, of the input's shape.

    Returns:
        A 0-d Tensor; with ``"none"`` one of the common shape.

    Raises:
        ValueError: shapes do not fit, or there is no such reduction.

    Example:
        >>> import autograd_core as ag, nn.functional as F
        >>> F.l1_loss(ag.tensor([1.0, 2.0]), ag.tensor([1.0, 4.0]))
        tensor(1.)
    """
    x, t = _matched(input, target)
    return _weighted_mean(ag.absolute(x - t), weight, x, reduction, "l1_loss")


def smooth_l1_loss(input: Any, target: Any, *, reduction: str = "mean", beta: float = 1.0) -> Tensor:
    """The absolute differences, rounded off below β so that they are smooth at 0.

    Formula:
        L = (1/n) Σ (d²/(2β) where d < β, else d − β/2), with d = |x − t|; ∂L/∂x = clip((x − t)/β, −1, 1)/n.

    Args:
        input: x, any shape.
        target: t, of the same shape; another that broadcasts gives a warning.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.
        beta: β; 0 gives :func:`l1_loss`.

    Returns:
        A 0-d Tensor; with ``"none"`` one of the common shape.

    Raises:
        ValueError: shapes do not broadcast, β is negative, or there is no such reduction.

    Example:
        >>> import autograd_core as ag, nn.functional as F
        >>> F.smooth_l1_loss(ag.tensor([1.0, 2.0]), ag.tensor([0.5, 4.0]), reduction="none")
        tensor([0.125, 1.5  ])
    """
    if not beta >= 0:
        raise ValueError(f"smooth_l1_loss needs beta not below 0, got {beta}")
    x, t = _matched(input, target)
    return reduced(ag.absolute(x - t) if beta == 0 else huber_op(x - t, delta=float(beta)) / float(beta), reduction)


def huber_loss(input: Any, target: Any, reduction: str = "mean", delta: float = 1.0, weight: Any = None) -> Tensor:
    """Half the squared differences up to δ, beyond that growing with slope δ.

    Formula:
        L = (1/n) Σ (d²/2 where d < δ, else δ(d − δ/2)), with d = |x − t|; ∂L/∂x = clip(x − t, −δ, δ)/n.

    Args:
        input: x, any shape.
        target: t, of the same shape; another that broadcasts gives a warning.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.
        delta: δ, above 0.
        weight: a factor for each loss, of the input's shape; the mean still divides by n.

    Returns:
        A 0-d Tensor; with ``"none"`` one of the common shape.

    Raises:
        ValueError: shapes do not fit, δ is not above 0, or there is no such reduction.

    Example:
        >>> import autograd_core as ag, nn.functional as F
        >>> F.huber_loss(ag.tensor([1.0, 2.0]), ag.tensor([0.5, 5.0]), "none", delta=2.0)
        tensor([0.125, 4.   ])
    """
    if not delta > 0:
        raise ValueError(f"huber_loss needs delta above 0, got {delta}")
    x, t = _matched(input, target)
    losses = huber_op(x - t, delta=float(delta))
    return reduced(losses if weight is None else losses * _weights(weight, x, "huber_loss"), reduction)
