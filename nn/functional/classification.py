"""Cross-entropy of classes: with softmax of scores, and of log-probabilities."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

import autograd_core as ag
from autograd_core import Tensor
from autograd_core.ops.softmax import log_softmax_op, softmax_op
from autograd_core.rules import custom
from autograd_core.tensor import from_array

from .inputs import floats, values
from .loss import check_reduction


def _cross_entropy(x: Any, q: Any, axis: int, each: bool) -> Any:
    shifted = x - np.maximum.reduce(x, axis=axis, keepdims=True)
    surprise = np.log(np.add.reduce(np.exp(shifted), axis=axis, keepdims=True)) - shifted
    if not each:
        total = np.vdot(q, surprise)
        if not np.isnan(total):
            return total
    nothing = np.zeros(surprise.shape, np.result_type(q, surprise))
    losses = np.multiply(q, surprise, where=q != 0, out=nothing)  # 0·∞ is 0: a class that can't be, and isn't
    return losses.sum(axis=axis if each else None)


def _spread(g: Any, axis: int, each: bool) -> Any:
    return np.expand_dims(g, axis) if each else g


def _slope(x: Any, q: Any, axis: int) -> Any:
    return softmax_op.op.on(x, axis=axis) * np.sum(q, axis=axis, keepdims=True) - q


def _surprise(x: Any, axis: int) -> Any:
    return -log_softmax_op.op.on(x, axis=axis)


def _along(t: Any, axis: int, each: bool) -> Any:
    return np.sum(t, axis=axis if each else None)


# Class indices, class weights, label smoothing and the mean are all in q.
cross_entropy_op = custom(
    _cross_entropy,
    (
        lambda g, y, x, q, axis, each: _spread(g, axis, each) * _slope(x, q, axis),
        lambda g, y, x, q, axis, each: _spread(g, axis, each) * _surprise(x, axis),
    ),
    (
        lambda t, y, x, q, axis, each: _along(t * _slope(x, q, axis), axis, each),
        lambda t, y, x, q, axis, each: _along(t * _surprise(x, axis), axis, each),
    ),
    name="cross_entropy",
    options={"axis": 1, "each": True},
)


def check_classes(index: Any, classes: int, low: int = 0) -> None:
    """Raise IndexError unless every class index is in range; the first that is not is named with its position."""
    wrong = (index < low) | (index >= classes)
    if np.any(wrong):
        place = tuple(int(i) for i in np.argwhere(wrong)[0])
        raise IndexError(
            f"Target {index[place]} is out of bounds{f' (at position {place})' if place else ''}: "
            f"with {classes} classes it is {low} to {classes - 1}."
        )


class Classes:
    """Class indices, checked: where each counts, and how much.

    Attributes:
        index: the indices in one row, 0 where ignored.
        kept: which are not ignored; None if all are.
        scale: the class weight of each, 0 where ignored; the number 1 if there is no weight.
        total: the sum of the weights, which a mean divides by.
    """

    def __init__(self, target: Any, classes: int, weight: Any, ignore_index: int, dtype: Any) -> None:
        index = target.ravel()
        if index.dtype != np.int64:
            index = index.astype(np.int64)
        self.kept = None
        self.scale: Any = 1.0
        self.total: float = index.size
        # As unsigned numbers the negative ones are large, so one comparison finds both kinds of mistake.
        if 0 <= ignore_index < classes or (index.size and np.maximum.reduce(index.view(np.uint64)) >= classes):
            self.kept = index != ignore_index
            index = np.where(self.kept, index, 0)
            check_classes(index.reshape(target.shape), classes)
            self.scale = self.kept.astype(dtype)
            self.total = float(self.scale.sum())
        if weight is not None:
            self.scale = self.scale * weight[index]
            self.total = float(self.scale.sum())
        self.index = index


def _class_axis(x: Tensor, target: Any, name: str) -> int:
    """The axis of the classes, once the shapes of scores and class indices are known to fit."""
    if x.ndim == 0:
        raise ValueError(f"{name} needs scores of shape (C,), (N, C) or (N, C, d1, …), got a 0-d tensor")
    axis = 0 if x.ndim == 1 else 1
    expected = x.shape[:axis] + x.shape[axis + 1 :]
    if target.shape != expected:
        if x.ndim > 1 and target.ndim and target.shape[0] != x.shape[0]:
            raise ValueError(
                f"Expected input batch_size ({x.shape[0]}) to match target batch_size ({target.shape[0]})."
            )
        raise ValueError(
            f"{name} takes one class index for each row of scores: for input {x.shape} a target of shape "
            f"{expected}, got {target.shape}"
        )
    if target.dtype.kind not in "iu":
        raise TypeError(f"{name} takes class indices as integers, got {target.dtype}: convert with .long()")
    return axis


def class_weight(weight: Any, classes: int, dtype: Any) -> Any:
    if weight is None:
        return None
    array = values(weight)
    if array.shape != (classes,):
        raise ValueError(
            f"weight tensor should be defined either for all {classes} classes or no classes "
            f"but got weight tensor of shape: {array.shape}"
        )
    return array.astype(dtype)


def cross_entropy(
    input: Any,
    target: Any,
    weight: Any = None,
    *,
    ignore_index: int = -100,
    reduction: str = "mean",
    label_smoothing: float = 0.0,
) -> Tensor:
    """The cross-entropy of a target with softmax of the scores: how surprised the scores are.

    Formula:
        L = −Σᵢ Σ_c q_ic·log softmax(x)_ic, with q the target's probabilities times the class weights (1 at
        the class index and else 0; smoothed: 1 − ε there and ε/C more everywhere); ∂L/∂x = softmax(x)·Σ_c q − q.

    Args:
        input: scores (logits), floats (N, C), (C,) or (N, C, d1, …).
        target: class indices 0 … C − 1, integers (N,), () or (N, d1, …); or probabilities, floats of the input's
            shape.
        weight: one weight for each class, (C,).
        ignore_index: a class index that does not count.
        reduction: ``"mean"`` (over indices, weighted), ``"sum"`` or ``"none"``.
        label_smoothing: ε from 0 to 1.

    Returns:
        A 0-d Tensor; with ``"none"`` one loss for each row of scores. The mean over no rows is NaN.

    Raises:
        ValueError: shapes do not fit, or an option is none of those above.
        TypeError: class indices are not integers.
        IndexError: a class index is out of range.

    Example:
        >>> import autograd_core as ag, nn.functional as F
        >>> F.cross_entropy(ag.tensor([[0.0, 0.0], [1.0, 0.0]]), ag.tensor([0, 0]))
        tensor(0.5032)
    """
    check_reduction(reduction)
    if not 0.0 <= label_smoothing <= 1.0:
        raise ValueError(f"label_smoothing must be between 0.0 and 1.0. Got: {label_smoothing}")
    x, given = floats(input), values(target)
    axis = 0 if x.ndim == 1 else 1
    if given.dtype.kind == "f" and given.shape == x.shape:
        q, total = _from_probabilities(target, x, axis, weight, ignore_index, label_smoothing)
        if reduction == "mean" and total:
            q = q * (1 / total)
    else:
        axis = _class_axis(x, given, "cross_entropy")
        q, total = _from_indices(given, x, axis, weight, ignore_index, label_smoothing, reduction == "mean")
    loss = cross_entropy_op(x, q, axis=axis, each=reduction == "none")
    return loss if total or reduction != "mean" else loss + math.nan


def _from_indices(
    target: Any, x: Tensor, axis: int, weight: Any, ignore_index: int, smoothing: float, mean: bool
) -> tuple[Tensor, float]:
    """The probabilities that class indices stand for, weighted; and what a mean divides by, done already."""
    shape, dtype = x.shape, x.dtype
    classes = shape[axis]
    weight = class_weight(weight, classes, dtype)
    chosen = Classes(target, classes, weight, ignore_index, dtype)
    share = 1 / chosen.total if mean and chosen.total else 1.0
    q = np.zeros((chosen.index.size, classes), dtype)
    q[np.arange(chosen.index.size), chosen.index] = chosen.scale * ((1 - smoothing) * share)
    if smoothing:
        everywhere = (np.ones(classes, dtype) if weight is None else weight) * (smoothing * share / classes)
        q += everywhere if chosen.kept is None else everywhere * chosen.kept[:, None]
    if len(shape) != 2:
        q = np.moveaxis(q.reshape((*target.shape, classes)), -1, axis)
    return from_array(q), chosen.total


def _from_probabilities(
    target: Any, x: Tensor, axis: int, weight: Any, ignore_index: int, smoothing: float
) -> tuple[Tensor, float]:
    """Given probabilities, smoothed and weighted; and how many rows a mean divides by."""
    if ignore_index >= 0:
        raise ValueError("ignore_index is not supported for floating point target")
    classes = x.shape[axis]
    q = floats(target).to(x.dtype)
    if smoothing:
        q = q * (1 - smoothing) + smoothing / classes
    weight = class_weight(weight, classes, x.dtype)
    if weight is not None:
        q = q * from_array(weight.reshape((classes,) + (1,) * (x.ndim - axis - 1)))
    return q, x.numel() / classes if classes else 0.0


def nll_loss(
    input: Any, target: Any, weight: Any = None, *, ignore_index: int = -100, reduction: str = "mean"
) -> Tensor:
    """The negative log-likelihood: minus the log-probability at each class index.

    Formula:
        L = −Σᵢ w_tᵢ·xᵢ_tᵢ / Σᵢ w_tᵢ.

    Args:
        input: log-probabilities, floats (N, C), (C,) or (N, C, d1, …).
        target: class indices 0 … C − 1, integers (N,), () or (N, d1, …).
        weight: one weight for each class, (C,).
        ignore_index: a class index that does not count.
        reduction: ``"mean"`` (weighted), ``"sum"`` or ``"none"``.

    Returns:
        A 0-d Tensor; with ``"none"`` one loss for each index. The mean over nothing is NaN.

    Raises:
        ValueError: shapes do not fit, or an option is none of those above.
        TypeError: class indices are not integers.
        IndexError: a class index is out of range.

    Example:
        >>> import autograd_core as ag, nn.functional as F
        >>> F.nll_loss(ag.tensor([[-1.0, -0.5], [-0.2, -2.0]]), ag.tensor([0, 1]))
        tensor(1.5)
    """
    check_reduction(reduction)
    x, given = floats(input), values(target)
    axis = _class_axis(x, given, "nll_loss")
    classes = x.shape[axis]
    chosen = Classes(given, classes, class_weight(weight, classes, x.dtype), ignore_index, x.dtype)
    rows = x if x.ndim == 2 else x.permute(*(i for i in range(x.ndim) if i != axis), axis).reshape(-1, classes)
    losses: Tensor = rows[np.arange(chosen.index.size), chosen.index] * -chosen.scale
    if chosen.kept is not None:
        losses = ag.where(chosen.kept, losses, 0.0)
    if reduction == "none":
        return losses.reshape(given.shape)
    return losses.sum() * ((1 / chosen.total if chosen.total else math.nan) if reduction == "mean" else 1.0)
