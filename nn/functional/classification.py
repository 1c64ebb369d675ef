"""Cross-entropy of classes: with softmax of scores, and of log-probabilities."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd_core import Tensor
from autograd_core.ops.softmax import log_softmax_op, softmax_op
from autograd_core.rules import Function, custom, linear
from autograd_core.tensor import from_array

from .inputs import floats, values
from .loss import check_reduction


def _soft_cross_entropy(x: Any, q: Any, axis: int, each: bool) -> Any:
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


# Class weights, label smoothing and the mean are all in q.
soft_cross_entropy_op = custom(
    _soft_cross_entropy,
    (
        lambda g, y, x, q, axis, each: _spread(g, axis, each) * _slope(x, q, axis),
        lambda g, y, x, q, axis, each: _spread(g, axis, each) * _surprise(x, axis),
    ),
    (
        lambda t, y, x, q, axis, each: _along(t * _slope(x, q, axis), axis, each),
        lambda t, y, x, q, axis, each: _along(t * _surprise(x, axis), axis, each),
    ),
    name="soft_cross_entropy",
    options={"axis": 1, "each": True},
)


def _nll(x: Any, places: Any, shares: Any, each: bool) -> Any:
    chosen = x.take(places)
    if shares.__class__ is not float:
        chosen = np.where(shares == 0, 0, chosen)  # what is ignored may be infinite
    losses = chosen * -shares
    return losses if each else losses.sum()


def _nll_transpose(g: Any, shape: tuple[int, ...], places: Any, shares: Any, each: bool) -> Any:
    out = np.zeros(shape, g.dtype)
    out.reshape(-1)[places] = g * -shares
    return out


# At places of the flattened array, none of them twice; shares are what each counts, a number if all count the same.
nll_op = linear(
    _nll,
    lambda g, x, places, shares, each: nll_transpose.op.on(g, shape=x.shape, places=places, shares=shares, each=each),
    name="nll",
    options={"places": "places", "shares": "shares", "each": True},
)
nll_transpose: Function = linear(
    _nll_transpose,
    lambda g, x, shape, places, shares, each: nll_op.op.on(g, places=places, shares=shares, each=each),
    name="nll_transpose",
    options={"shape": "shape", "places": "places", "shares": "shares", "each": True},
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


class _Classes:
    """Class indices, checked: where each counts, and how much.

    Attributes:
        places: where in the flattened scores the chosen ones stand.
        kept: which indices are not ignored; None if all are.
        shares: how much each counts: its class's weight, 0 where ignored; the number 1 if all count the same.
        total: the sum of these, which a mean divides by.
    """

    def __init__(self, target: Any, x: Tensor, axis: int, weight: Any, ignore_index: int) -> None:
        classes, inner = x.shape[axis], math.prod(x.shape[axis + 1 :])
        index = np.ascontiguousarray(target, np.int64).reshape(math.prod(x.shape[:axis]), inner)
        self.kept = None
        # As unsigned numbers the negative ones are large, so one comparison finds both kinds of mistake.
        if 0 <= ignore_index < classes or (index.size and np.maximum.reduce(index.view(np.uint64), None) >= classes):
            self.kept = target != ignore_index
            check_classes(np.where(self.kept, target, 0), classes)
            index = np.where(self.kept.reshape(index.shape), index, 0)
        places = index * inner + np.arange(len(index))[:, None] * (classes * inner)
        if inner > 1:
            places += np.arange(inner)
        self.places = places.reshape(target.shape)
        self.shares: Any = 1.0
        self.total: float = index.size
        if weight is not None:
            self.shares = weight[index].reshape(target.shape)
        if self.kept is not None:
            self.shares = self.shares * self.kept.astype(x.dtype)
        if self.shares.__class__ is not float:
            self.total = float(self.shares.sum())


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
    mean, each = reduction == "mean", reduction == "none"
    if given.dtype.kind == "f" and given.shape == x.shape:
        q, total = _from_probabilities(target, x, axis, weight, ignore_index, label_smoothing)
        if mean and total:
            q = q * (1 / total)
        loss = soft_cross_entropy_op(x, q, axis=axis, each=each)
    else:
        axis = _class_axis(x, given, "cross_entropy")
        weight = class_weight(weight, x.shape[axis], x.dtype)
        chosen = _Classes(given, x, axis, weight, ignore_index)
        total = chosen.total
        share = 1 / total if mean and total else 1.0
        if label_smoothing:
            q = _smoothed(chosen, x, axis, weight, share, label_smoothing)
            loss = soft_cross_entropy_op(x, from_array(q), axis=axis, each=each)
        else:
            loss = nll_op(log_softmax_op(x, axis=axis), places=chosen.places, shares=chosen.shares * share, each=each)
    return loss if total or not mean else loss + math.nan


def _smoothed(chosen: _Classes, x: Tensor, axis: int, weight: Any, share: float, smoothing: float) -> Any:
    """The probabilities that class indices stand for, smoothed and weighted, and times a share."""
    classes = x.shape[axis]
    q = np.zeros(x.shape, x.dtype)
    q.reshape(-1)[chosen.places] = chosen.shares * ((1 - smoothing) * share)
    even = np.full(classes, smoothing * share / max(classes, 1), x.dtype) * (1 if weight is None else weight)
    even = even.reshape((-1,) + (1,) * (x.ndim - axis - 1))
    q += even if chosen.kept is None else even * np.expand_dims(chosen.kept, axis)
    return q


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
    chosen = _Classes(given, x, axis, class_weight(weight, x.shape[axis], x.dtype), ignore_index)
    mean, total = reduction == "mean", chosen.total
    shares = chosen.shares * (1 / total) if mean and total else chosen.shares
    loss = nll_op(x, places=chosen.places, shares=shares, each=reduction == "none")
    return loss if total or not mean else loss + math.nan
