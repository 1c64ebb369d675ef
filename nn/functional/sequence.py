"""The loss of sequences that are not aligned with their labels: connectionist temporal classification.

Between, before and after its S labels a sample has blanks, which may be left out, that makes L = 2·S + 1 states.
From frame to frame an alignment stays in its state, goes to the next, or jumps over a blank between two different
labels. The sum over all alignments is taken frame by frame (Graves et al., 2006).
"""

from __future__ import annotations

from typing import Any

import numpy as np

import autograd_core as ag
from autograd_core import Tensor
from autograd_core.ops.gather import take_op
from autograd_core.rules import custom
from autograd_core.tensor import from_array

from .classification import check_classes
from .inputs import floats, values
from .loss import check_reduction, reduced


def _alignments(x: Any, reached: Any, jumps: Any) -> Any:
    """The log-probability of all ways to a state at a frame, 0 where there is none."""
    frames, batch, states = x.shape
    ways = np.full_like(x, -np.inf, shape=(frames, batch, states + 2))  # two more in front, for what comes from there
    ways[0, :, 2:] = np.where(reached[0], x[0], -np.inf)
    barrier = np.where(jumps, 0, np.full_like(x, -np.inf, shape=()))
    lowest = np.finfo(x.dtype).min
    with np.errstate(divide="ignore", invalid="ignore"):  # log 0 is right; frames past the end may hold anything
        for t in range(1, frames):
            stay, step, jump = ways[t - 1, :, 2:], ways[t - 1, :, 1:-1], ways[t - 1, :, :-2] + barrier
            peak = np.maximum(np.maximum(np.maximum(stay, step), jump), lowest)
            total = np.exp(stay - peak) + np.exp(step - peak) + np.exp(jump - peak)
            ways[t, :, 2:] = x[t] + (peak + np.log(total))
    return np.where(reached, ways[:, :, 2:], 0)


def _pull(g: Any, y: Any, x: Any, reached: Any, jumps: Any) -> Any:
    """The way back, frame by frame: each state's gradient is shared among those it was reached from."""
    before = np.where(reached[:-1], y[:-1], -np.inf)
    nowhere = np.full_like(before[:, :, :2], -np.inf)
    padded = np.concatenate([nowhere, before], axis=2)
    step, jump = padded[:, :, 1:-1], np.where(jumps, padded[:, :, :-2], -np.inf)
    peak = np.maximum(np.maximum(np.maximum(before, step), jump), np.finfo(y.dtype).min)
    stayed, stepped, jumped = np.exp(before - peak), np.exp(step - peak), np.exp(jump - peak)
    total = stayed + stepped + jumped
    total = np.where(total == 0, 1, total)
    g = np.where(reached, g, 0)
    none = np.zeros_like(g[0, :, :2])
    found = [g[-1]]
    for t in range(len(total) - 1, -1, -1):
        share = found[-1] / total[t]
        back = np.concatenate([(share * stepped[t])[:, 1:], none[:, :1]], axis=1)
        leap = np.concatenate([(share * jumped[t])[:, 2:], none], axis=1)
        found.append(g[t] + share * stayed[t] + back + leap)
    return np.where(reached, np.stack(found[::-1]), 0)


alignments_op = custom(_alignments, (_pull,), name="alignments", options={"reached": "reached", "jumps": "jumps"})


def _lengths(given: Any, name: str, batch: int, most: int) -> Any:
    """The lengths of the samples as an array, checked."""
    array = np.asarray(values(given))
    lengths = array.reshape(-1)
    if array.dtype.kind not in "iu":
        raise TypeError(f"ctc_loss needs {name} as integers, got {array.dtype}")
    if lengths.size != batch or array.ndim > 1:
        raise ValueError(f"ctc_loss needs {name} of shape ({batch},), one for each sample, got {array.shape}")
    wrong = (lengths < 0) | (lengths > most)
    if wrong.any():
        place = int(np.argmax(wrong))
        raise ValueError(f"ctc_loss needs {name} from 0 to {most}, got {lengths[place]} for sample {place}")
    return lengths.astype(np.int64)


def _labels(targets: Any, lengths: Any, classes: int, blank: int) -> Any:
    """The labels of each sample as a row, filled up with blanks; checked."""
    batch, longest, total = len(lengths), int(lengths.max()), int(lengths.sum())
    if targets.dtype.kind not in "iu":
        raise TypeError(f"ctc_loss takes targets as integers, got {targets.dtype}: convert with .long()")
    padded = targets.ndim == 2 and targets.shape[0] == batch and targets.shape[1] >= longest
    if not padded and targets.shape != (total,):
        raise ValueError(
            f"ctc_loss with target_lengths {lengths.tolist()} needs targets padded to ({batch}, {longest}) or longer, "
            f"or one after the other ({total},), got shape {targets.shape}"
        )
    held = np.arange(longest) < lengths[:, None]
    labels = np.full((batch, max(longest, 1)), blank)
    labels[:, :longest][held] = targets[:, :longest][held] if padded else targets
    check_classes(labels, classes)
    for sample, place in np.argwhere(held & (labels[:, :longest] == blank))[:1]:
        raise ValueError(f"ctc_loss: label {place} of sample {sample} is {blank}, the blank, which is no label")
    return labels


def ctc_loss(
    log_probs: Any,
    targets: Any,
    input_lengths: Any,
    target_lengths: Any,
    blank: int = 0,
    reduction: str = "mean",
    zero_infinity: bool = False,
) -> Tensor:
    """The negative log-likelihood of label sequences, over all alignments of the labels with the frames.

    Formula:
        L = −log Σ_π Π_t p_t(π_t), over all π that give the labels once repetitions are merged and then blanks left
        out; ∂L/∂log p_t(c) = −P(π_t = c | labels).

    Args:
        log_probs: log-probabilities of the classes, as of ``log_softmax``: (T, N, C), or (T, C) for one sample.
        targets: class indices, none the blank: integers (N, S), padded by anything; or those of all samples one after
            the other, (Σ target_lengths,).
        input_lengths: how many frames each sample has, (N,), or a number for one.
        target_lengths: how many labels each sample has, (N,), or a number for one.
        blank: the class that stands for no label.
        reduction: ``"mean"`` (of the losses divided by their numbers of labels), ``"sum"`` or ``"none"``.
        zero_infinity: count labels that can't be aligned with so few frames as 0, not as infinity. Their gradient is
            0 either way.

    Returns:
        A 0-d Tensor; with ``"none"`` (N,), or () for one sample.

    Raises:
        ValueError: shapes or lengths do not fit, a label is the blank, or there is no such reduction.
        TypeError: targets or lengths are not integers.
        IndexError: a label is out of range.

    Example:
        >>> import autograd_core as ag, nn.functional as F
        >>> F.ctc_loss(ag.log_softmax(ag.zeros(3, 1, 2), 2), ag.tensor([[1, 1]]), [3], [2], reduction="sum")
        tensor(2.0794)
    """
    check_reduction(reduction)
    x = floats(log_probs)
    if x.ndim not in (2, 3) or not x.numel():
        raise ValueError(f"ctc_loss needs log-probabilities (T, N, C) or (T, C), none of them 0, got shape {x.shape}")
    single = x.ndim == 2
    frames, batch, classes = (x.shape[0], 1, x.shape[1]) if single else x.shape
    if not 0 <= blank < classes:
        raise ValueError(f"ctc_loss: blank must be in label range, 0 to {classes - 1}, got {blank}")
    ends = _lengths(input_lengths, "input_lengths", batch, frames)
    counts = _lengths(target_lengths, "target_lengths", batch, np.iinfo(np.int64).max)
    labels = _labels(values(targets), counts, classes, blank)

    states = np.full((batch, 2 * labels.shape[1] + 1), blank)
    states[:, 1::2] = labels
    changes = labels[:, 1:] != labels[:, :-1]
    jumps = np.zeros(states.shape, bool)
    jumps[:, 3::2] = changes
    first = np.zeros(states.shape, np.int64)  # the frame at which a state can be reached
    first[:, 3::2] = np.cumsum(2 - changes, axis=1)
    first[:, 2::2] = first[:, 1::2] + 1
    time = np.arange(frames)[:, None, None]
    reached = (time >= first) & (time < ends[:, None])

    every = np.arange(batch)
    seen = take_op(x.reshape(frames, -1), index=every[:, None] * classes + states, axis=1)
    ways = alignments_op(seen, reached=reached, jumps=jumps)
    # An alignment ends in the last label or the blank after it.
    last = np.stack([2 * counts, np.maximum(2 * counts - 1, 0)])
    place = (np.maximum(ends - 1, 0) * batch + every) * states.shape[1] + last
    possible = reached.reshape(-1)[place]
    possible[0] |= (ends == 0) & (counts == 0)
    possible[1] &= counts > 0
    losses = -ag.logsumexp(ag.where(possible, take_op(ways, index=place, axis=None), -np.inf), 0)
    if zero_infinity:
        losses = ag.where(ag.isinf(losses), 0.0, losses)
    if reduction == "mean":
        losses = losses / from_array(np.maximum(counts, 1).astype(x.dtype))
    return reduced(losses.reshape(()) if single else losses, reduction)
