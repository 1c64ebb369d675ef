"""Losses of probabilities: how unlikely the targets are; of classes see :mod:`nn.functional.classification`."""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np

import autograd_core as ag
from autograd_core import Tensor
from autograd_core.rules import Domain, elementwise

from .activation import softplus_op
from .inputs import floored, together
from .loss import check_reduction, reduced


def _log_from_below(x: Any) -> Any:
    with np.errstate(divide="ignore"):
        return np.maximum(np.log(x), -100)


def _log_of_rest_from_below(x: Any) -> Any:
    with np.errstate(divide="ignore"):
        return np.maximum(np.log1p(-x), -100)


bounded_log = elementwise(
    _log_from_below,
    lambda y, x: (y > -100) / np.where(y > -100, x, np.ones_like(x)),
    name="bounded_log",
    domain=Domain(low=0.0),
    kink="0 below e⁻¹⁰⁰",
)
binary_cross_entropy_op = elementwise(
    lambda x, t: (t - 1) * _log_of_rest_from_below(x) - t * _log_from_below(x),
    lambda y, x, t: (x - t) / np.maximum(x * (1 - x), 1e-12),
    lambda y, x, t: bounded_log.op.on(1 - x) - bounded_log.op.on(x),
    name="binary_cross_entropy",
    domain=Domain(low=0.0, high=1.0),
)
binary_cross_entropy_of_scores = elementwise(
    lambda x, t: (1 - t) * x - np.minimum(x, 0) + np.log1p(np.exp(-np.abs(x))),
    lambda y, x, t: ag.sigmoid.op.on(x) - t,
    lambda y, x, t: -x,
    name="binary_cross_entropy_of_scores",
)


def _same_shape(input: Any, target: Any) -> tuple[Tensor, Tensor]:
    x, t = together(input, target)
    if x.shape != t.shape:
        raise ValueError(f"Target size ({t.shape}) must be the same as input size ({x.shape})")
    return x, t


def _weighted(losses: Tensor, weight: Any, reduction: str) -> Tensor:
    return reduced(losses if weight is None else losses * weight, reduction)


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
    if pos_weight is None:
        return _weighted(binary_cross_entropy_of_scores(x, t), weight, reduction)
    log_part = softplus_op(-x, beta=1.0, threshold=math.inf) * (1 + t * (together(x, pos_weight)[1] - 1))
    return _weighted((1 - t) * x + log_part, weight, reduction)


def kl_div(input: Any, target: Any, *, reduction: str = "mean", log_target: bool = False) -> Tensor:
    """The Kullback–Leibler divergence of log-probabilities from the target's probabilities.

    Formula:
        L = Σ t·(log t − x), where t = 0 nothing; ∂L/∂x = −t.

    Args:
        input: x, log-probabilities, any shape.
        target: t, probabilities; shapes broadcast.
        reduction: ``"batchmean"`` (the sum over the length of the first axis, which is the divergence), ``"mean"``
            (over all elements, with a warning), ``"sum"`` or ``"none"``.
        log_target: the target is log t.

    Returns:
        A 0-d Tensor; with ``"none"`` one of the common shape.

    Raises:
        ValueError: shapes do not broadcast, or there is no such reduction.

    Example:
        >>> import autograd_core as ag, nn.functional as F
        >>> F.kl_div(ag.tensor([[-0.5, -1.0]]), ag.tensor([[0.5, 0.5]]), reduction="batchmean")
        tensor(0.0569)
    """
    if reduction == "mean":
        warnings.warn(
            "reduction 'mean' divides by the number of elements; the divergence is reduction='batchmean', which "
            "divides by the batch size alone",
            stacklevel=2,
        )
    x, t = together(input, target)
    losses = ag.exp(t) * (t - x) if log_target else ag.xlogy(t, t) - t * x
    if reduction != "batchmean":
        return reduced(losses, reduction)
    return losses.sum() / x.shape[0] if x.ndim else losses.sum()


def poisson_nll_loss(
    input: Any,
    target: Any,
    log_input: bool = True,
    full: bool = False,
    *,
    eps: float = 1e-8,
    reduction: str = "mean",
) -> Tensor:
    """The negative log-likelihood of counts that follow a Poisson distribution.

    Formula:
        L = λ − t·log λ, with λ = eˣ, or x itself and eps added before the logarithm; if full, with Stirling's
        t·log t − t + log(2πt)/2 for log t! where t > 1.

    Args:
        input: x, the logarithm of the expected count, any shape.
        target: t, the counts; shapes broadcast.
        log_input: whether the input is a logarithm, else the expected count itself.
        full: whether to add the term that does not depend on the input.
        eps: keeps log λ finite if the input is λ.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Returns:
        A 0-d Tensor; with ``"none"`` one of the common shape.

    Raises:
        ValueError: shapes do not broadcast, or there is no such reduction.

    Example:
        >>> import autograd_core as ag, nn.functional as F
        >>> F.poisson_nll_loss(ag.tensor([0.0, 1.0]), ag.tensor([1.0, 2.0]), reduction="none")
        tensor([1.    , 0.7183])
    """
    x, t = together(input, target)
    losses = ag.exp(x) - t * x if log_input else x - t * ag.log(x + float(eps))
    if full:
        many = t > 1
        n = ag.where(many, t, 1.0)
        losses = losses + ag.where(many, n * ag.log(n) - n + 0.5 * ag.log(2 * math.pi * n), 0.0)
    return reduced(losses, reduction)


def gaussian_nll_loss(
    input: Any, target: Any, var: Any, full: bool = False, eps: float = 1e-6, reduction: str = "mean"
) -> Tensor:
    """The negative log-likelihood of targets that follow a normal distribution.

    Formula:
        L = (log v + (x − t)²/v)/2, with v the larger of var and eps, whose gradient passes as if v were var;
        if full, with log(2π)/2.

    Args:
        input: x, the expected values, any shape.
        target: t; shapes broadcast.
        var: the variances, not negative: a number, the input's shape, that shape with 1 for one axis, or without
            the last axis.
        full: whether to add the constant.
        eps: the least variance.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Returns:
        A 0-d Tensor; with ``"none"`` one of the common shape.

    Raises:
        ValueError: a variance is negative, shapes do not fit, or there is no such reduction.

    Example:
        >>> import autograd_core as ag, nn.functional as F
        >>> F.gaussian_nll_loss(ag.tensor([0.0, 1.0]), ag.tensor([1.0, 1.0]), ag.tensor([1.0, 1.0]))
        tensor(0.25)
    """
    check_reduction(reduction)
    x, t = together(input, target)
    v = ag.full_like(x, float(var)) if isinstance(var, (int, float)) else together(x, var)[1]
    if np.any(v.array < 0):
        raise ValueError("gaussian_nll_loss: var has negative entry/entries, and a variance is none")
    if v.shape != x.shape:
        if v.shape == x.shape[:-1]:
            v = v.unsqueeze(-1)
        elif v.ndim != x.ndim or [n for n, m in zip(v.shape, x.shape, strict=True) if n != m] != [1]:
            raise ValueError(
                f"gaussian_nll_loss: var is of incorrect size {v.shape}: for an input {x.shape} it has that shape, "
                "with 1 for one axis, or without the last axis"
            )
    v = floored(v, eps)
    losses = 0.5 * (ag.log(v) + ag.square(x - t) / v)
    return reduced(losses + 0.5 * math.log(2 * math.pi) if full else losses, reduction)
