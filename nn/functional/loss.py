"""Losses that compare element by element: distances, and yes or no."""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np

import autograd_core as ag
from autograd_core import Tensor
from autograd_core.rules import Domain, elementwise

from .activation import softplus_op
from .inputs import floats


def _log_from_below(x: Any) -> Any:
    with np.errstate(divide="ignore"):
        return np.maximum(np.log(x), -100)


bounded_log = elementwise(
    _log_from_below,
    lambda y, x: (y > -100) / np.where(y > -100, x, np.ones_like(x)),
    name="bounded_log",
    domain=Domain(low=0.0),
    kink="0 below e⁻¹⁰⁰",
)
binary_cross_entropy_op = elementwise(
    lambda x, t: -(t * _log_from_below(x) + (1 - t) * _log_from_below(1 - x)),
    lambda y, x, t: (x - t) / np.maximum(x * (1 - x), 1e-12),
    lambda y, x, t: bounded_log.op.on(1 - x) - bounded_log.op.on(x),
    name="binary_cross_entropy",
    domain=Domain(low=0.0, high=1.0),
)


def check_reduction(reduction: str) -> None:
    """Raise ValueError unless the reduction is one of the three."""
    if reduction not in ("none", "mean", "sum"):
        raise ValueError(f"{reduction} is not a valid value for reduction: use 'none', 'mean' or 'sum'")


def _reduced(losses: Tensor, reduction: str) -> Tensor:
    check_reduction(reduction)
    if reduction == "none":
        return losses
    if reduction == "sum":
        return losses.sum()
    return losses.mean() if losses.numel() else losses.sum() * math.nan


# Distances


def _matched(input: Any, target: Any) -> tuple[Tensor, Tensor]:
    x, t = floats(input), floats(target)
    if x.shape != t.shape:
        warnings.warn(
            f"Using a target size ({t.shape}) that is different to the input size ({x.shape}). This will likely lead "
            "to incorrect results due to broadcasting. Please ensure they have the same size.",
            stacklevel=3,
        )
    return x, t


def mse_loss(input: Any, target: Any, *, reduction: str = "mean") -> Tensor:
    """The squared differences.

    Formula:
        L = (1/n) Σ (x − t)²; ∂L/∂x = (2/n)(x − t).

    Args:
        input: x, any shape.
        target: t, of the same shape; another that broadcasts gives a warning.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Returns:
        A 0-d Tensor; with ``"none"`` one of the common shape.

    Raises:
        ValueError: shapes do not broadcast, or there is no such reduction.

    Example:
        >>> import autograd_core as ag, nn.functional as F
        >>> F.mse_loss(ag.tensor([1.0, 2.0]), ag.tensor([1.0, 4.0]))
        tensor(2.)
    """
    x, t = _matched(input, target)
    return _reduced(ag.square(x - t), reduction)


def l1_loss(input: Any, target: Any, *, reduction: str = "mean") -> Tensor:
    """The absolute differences.

    Formula:
        L = (1/n) Σ |x − t|; ∂L/∂x = sign(x − t)/n.

    Args:
        input: x, any shape.
        target: t, of the same shape; another that broadcasts gives a warning.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Returns:
        A 0-d Tensor; with ``"none"`` one of the common shape.

    Raises:
        ValueError: shapes do not broadcast, or there is no such reduction.

    Example:
        >>> import autograd_core as ag, nn.functional as F
        >>> F.l1_loss(ag.tensor([1.0, 2.0]), ag.tensor([1.0, 4.0]))
        tensor(1.)
    """
    x, t = _matched(input, target)
    return _reduced(ag.absolute(x - t), reduction)


# Yes or no


def _same_shape(input: Any, target: Any) -> tuple[Tensor, Tensor]:
    x, t = floats(input), floats(target)
    if x.shape != t.shape:
        raise ValueError(f"Target size ({t.shape}) must be the same as input size ({x.shape})")
    return x, t


def _weighted(losses: Tensor, weight: Any, reduction: str) -> Tensor:
    return _reduced(losses if weight is None else losses * ag.as_tensor(weight), reduction)


def binary_cross_entropy(input: Any, target: Any, weight: Any = None, *, reduction: str = "mean") -> Tensor:
    """The cross-entropy of yes-or-no targets with probabilities.

    Formula:
        L = −(t·log x + (1 − t)·log(1 − x)), logarithms no less than −100; ∂L/∂x = (x − t)/(x(1 − x)).

    Args:
        input: x, probabilities from 0 to 1, any shape.
        target: t, from 0 to 1, the same shape.
        weight: a factor for each loss; broadcasts.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Returns:
        A 0-d Tensor; with ``"none"`` one of the common shape.

    Raises:
        ValueError: the shapes differ, or there is no such reduction.
        RuntimeError: an input is not between 0 and 1.

    Example:
        >>> import autograd_core as ag, nn.functional as F
        >>> F.binary_cross_entropy(ag.tensor([0.5, 0.5]), ag.tensor([0.0, 1.0]))
        tensor(0.6931)
    """
    x, t = _same_shape(input, target)
    if not ((x.array >= 0) & (x.array <= 1)).all():
        raise RuntimeError(
            "all elements of input should be between 0 and 1: apply sigmoid first, or use "
            "binary_cross_entropy_with_logits"
        )
    return _weighted(binary_cross_entropy_op(x, t), weight, reduction)


def binary_cross_entropy_with_logits(
    input: Any, target: Any, weight: Any = None, *, reduction: str = "mean", pos_weight: Any = None
) -> Tensor:
    """The cross-entropy of yes-or-no targets with sigmoid of the scores, without overflow.

    Formula:
        L = (1 − t)·x + (1 + (p − 1)·t)·log(1 + e⁻ˣ), with p = pos_weight; for p = 1 ∂L/∂x = σ(x) − t.

    Args:
        input: x, scores (logits), any shape.
        target: t, from 0 to 1, the same shape.
        weight: a factor for each loss; broadcasts.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.
        pos_weight: p, how much a yes counts; broadcasts.

    Returns:
        A 0-d Tensor; with ``"none"`` one of the common shape.

    Raises:
        ValueError: the shapes differ, or there is no such reduction.

    Example:
        >>> import autograd_core as ag, nn.functional as F
        >>> F.binary_cross_entropy_with_logits(ag.tensor([0.0, 0.0]), ag.tensor([0.0, 1.0]))
        tensor(0.6931)
    """
    x, t = _same_shape(input, target)
    log_part = softplus_op(-x, beta=1.0, threshold=math.inf)
    if pos_weight is not None:
        log_part = log_part * (1 + (ag.as_tensor(pos_weight) - 1) * t)
    return _weighted((1 - t) * x + log_part, weight, reduction)
