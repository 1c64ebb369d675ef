"""Losses that are content once the right answer leads by a margin."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

import autograd_core as ag
from autograd_core import Tensor
from autograd_core.ops.gather import take_op
from autograd_core.tensor import from_array

from .activation import softplus_op
from .classification import check_classes, class_weight
from .inputs import floats, together, values
from .likelihood import binary_cross_entropy_with_logits
from .loss import check_reduction, check_target, reduced


def hinge_embedding_loss(input: Any, target: Any, margin: float = 1.0, *, reduction: str = "mean") -> Tensor:
    """Makes distances small where the target is 1, and at least the margin where it is −1.

    Formula:
        L = x for t = 1, max(0, margin − x) for t = −1.

    Args:
        input: x, distances, any shape.
        target: t, 1 or −1; shapes broadcast.
        margin: how far is far enough.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Returns:
        A 0-d Tensor; with ``"none"`` one of the common shape.

    Raises:
        ValueError: the shapes do not broadcast, or there is no such reduction.

    Example:
        >>> import autograd_core as ag, nn.functional as F
        >>> F.hinge_embedding_loss(ag.tensor([0.5, 0.25]), ag.tensor([1, -1]), reduction="none")
        tensor([0.5 , 0.75])
    """
    x, t = floats(input), values(target)
    check_target("hinge_embedding_loss", x, t)
    far = ag.where(t != 1, ag.clamp_min(margin - x, 0.0), 0.0)
    return reduced(far + ag.where(t != -1, x, 0.0), reduction)


def margin_ranking_loss(
    input1: Any, input2: Any, target: Any, margin: float = 0.0, *, reduction: str = "mean"
) -> Tensor:
    """Wants the first larger than the second by a margin where the target is 1, smaller where it is −1.

    Formula:
        L = max(0, −t·(x1 − x2) + margin).

    Args:
        input1: x1, any shape.
        input2: x2, with as many axes.
        target: t, 1 or −1, with as many axes; shapes broadcast.
        margin: by how much.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Returns:
        A 0-d Tensor; with ``"none"`` one of the common shape.

    Raises:
        ValueError: the shapes do not fit, or there is no such reduction.

    Example:
        >>> import autograd_core as ag, nn.functional as F
        >>> F.margin_ranking_loss(ag.tensor([1.0, 1.0]), ag.tensor([3.0, 3.0]), ag.tensor([1, -1]), reduction="none")
        tensor([2., 0.])
    """
    a, b, t = together(input1, input2, target)
    if not a.ndim == b.ndim == t.ndim:
        raise ValueError(
            f"margin_ranking_loss needs inputs and target with as many axes each, got {a.shape}, {b.shape}, {t.shape}"
        )
    return reduced(ag.clamp_min(t * (b - a) + margin, 0.0), reduction)


def soft_margin_loss(input: Any, target: Any, *, reduction: str = "mean") -> Tensor:
    """The logistic loss of scores for targets 1 and −1, without overflow.

    Formula:
        L = log(1 + e^(−t·x)).

    Args:
        input: x, scores, any shape.
        target: t, 1 or −1; shapes broadcast.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Returns:
        A 0-d Tensor; with ``"none"`` one of the common shape.

    Raises:
        ValueError: the shapes do not broadcast, or there is no such reduction.

    Example:
        >>> import autograd_core as ag, nn.functional as F
        >>> F.soft_margin_loss(ag.tensor([0.0, 1.0]), ag.tensor([1, -1]), reduction="none")
        tensor([0.6931, 1.3133])
    """
    x, t = together(input, target)
    return reduced(softplus_op(-t * x, beta=1.0, threshold=math.inf), reduction)


def _rows(x: Tensor, name: str) -> Tensor:
    """Scores as a matrix, a row for each sample."""
    if x.ndim > 2 or (x.ndim and x.shape[-1] == 0):
        raise ValueError(f"{name} needs scores (N, C) or (C,) of at least one class, got shape {x.shape}")
    return x if x.ndim == 2 else x.reshape(1, -1)


def multi_margin_loss(
    input: Any,
    target: Any,
    p: int = 1,
    margin: float = 1.0,
    weight: Any = None,
    *,
    reduction: str = "mean",
) -> Tensor:
    """Wants the score of the right class above each other one by a margin.

    Formula:
        L = (w_t/C) Σ_{c ≠ t} max(0, margin − x_t + x_c)^p.

    Args:
        input: x, scores, (N, C) or (C,).
        target: t, class indices 0 … C − 1, integers (N,) or ().
        p: 1 or 2.
        margin: by how much.
        weight: w, one weight for each class, (C,).
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Returns:
        A 0-d Tensor; with ``"none"`` of the target's shape.

    Raises:
        ValueError: shapes do not fit, or an option is none of those above.
        TypeError: class indices are not integers.
        IndexError: a class index is out of range.

    Example:
        >>> import autograd_core as ag, nn.functional as F
        >>> F.multi_margin_loss(ag.tensor([[0.5, 1.0, 0.0]]), ag.tensor([1]))
        tensor(0.1667)
    """
    check_reduction(reduction)
    if p not in (1, 2):
        raise ValueError(f"multi_margin_loss has p = 1 and p = 2, got {p}")
    x, given = _rows(floats(input), "multi_margin_loss"), values(target)
    count, classes = x.shape
    if given.ndim > 1 or given.size != count:
        raise ValueError(
            f"multi_margin_loss takes one class index for each row of scores: for {count} rows of {classes} a target "
            f"of shape ({count},), got {given.shape}"
        )
    if given.dtype.kind not in "iu":
        raise TypeError(f"multi_margin_loss takes class indices as integers, got {given.dtype}: convert with .long()")
    check_classes(given, classes)
    index = given.reshape(-1).astype(np.int64)
    others = np.arange(classes) != index[:, None]
    right = take_op(x, index=(np.arange(0, x.numel(), classes) + index)[:, None], axis=None)
    short = ag.relu(ag.where(others, x - right + float(margin), 0.0))
    losses = (short if p == 1 else short * short).sum(1) / classes
    weights = class_weight(weight, classes, x.dtype)
    losses = losses if weights is None else losses * from_array(weights[index])
    return reduced(losses.reshape(given.shape), reduction)


def multilabel_margin_loss(input: Any, target: Any, *, reduction: str = "mean") -> Tensor:
    """Wants the scores of all right classes above those of all others by 1.

    Formula:
        L = (1/C) Σ_t Σ_c max(0, 1 − x_t + x_c), t over the right classes, c over the others.

    Args:
        input: x, scores, (N, C) or (C,).
        target: the right classes first, then −1, what follows does not count; integers of the input's shape.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Returns:
        A 0-d Tensor; with ``"none"`` (N,) or ().

    Raises:
        ValueError: shapes do not fit, or there is no such reduction.
        TypeError: class indices are not integers.
        IndexError: a class index is out of range.

    Example:
        >>> import autograd_core as ag, nn.functional as F
        >>> F.multilabel_margin_loss(ag.tensor([[0.1, 0.2, 0.4, 0.8]]), ag.tensor([[3, 0, -1, 1]]))
        tensor(0.85)
    """
    check_reduction(reduction)
    scores, given = floats(input), values(target)
    x = _rows(scores, "multilabel_margin_loss")
    classes = x.shape[1]
    if given.shape != scores.shape and not (scores.numel() == given.size == 1 and scores.ndim < 2 and given.ndim < 2):
        raise ValueError(
            "multilabel_margin_loss needs a target of the input's shape, each row with the right classes first and "
            f"then -1: got {given.shape} for an input {scores.shape}"
        )
    if given.dtype.kind not in "iu":
        raise TypeError(f"multilabel_margin_loss takes class indices as integers, got {given.dtype}")
    check_classes(given, classes, low=-1)
    listed = given.reshape(x.shape)
    row, place = np.nonzero(np.logical_and.accumulate(listed >= 0, axis=1))
    right = listed[row, place]
    others = np.ones(x.shape, bool)
    others[row, right] = False
    short = ag.relu(ag.where(others[row], 1 - x[row, right].reshape(-1, 1) + x[row], 0.0))
    losses = ag.zeros(x.shape[0], dtype=x.dtype).index_add(0, row, short.sum(1) / classes)
    return reduced(losses.reshape(scores.shape[:-1]), reduction)


def multilabel_soft_margin_loss(input: Any, target: Any, weight: Any = None, *, reduction: str = "mean") -> Tensor:
    """The mean over the classes of their yes-or-no cross-entropy with sigmoid of the scores.

    Formula:
        L = −(1/C) Σ_c (t_c·log σ(x_c) + (1 − t_c)·log(1 − σ(x_c))).

    Args:
        input: x, scores, (N, C), (C,) or (…, C).
        target: t, from 0 to 1; shapes broadcast.
        weight: a factor for each class; broadcasts.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Returns:
        A 0-d Tensor; with ``"none"`` without the axis of the classes.

    Raises:
        ValueError: the shapes do not fit, or there is no such reduction.

    Example:
        >>> import autograd_core as ag, nn.functional as F
        >>> F.multilabel_soft_margin_loss(ag.tensor([[0.0, 0.0], [2.0, 2.0]]), ag.tensor([[1, 0], [1, 1]]))
        tensor(0.41)
    """
    check_reduction(reduction)
    x, t = together(input, target)
    if not x.ndim:
        raise ValueError("multilabel_soft_margin_loss needs scores (..., C), got a 0-d tensor")
    x, t = ag.broadcast_tensors(x, t)
    losses = binary_cross_entropy_with_logits(x, t, weight, reduction="none")
    return reduced(losses.mean(-1), reduction)
