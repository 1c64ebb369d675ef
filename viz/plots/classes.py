"""How well classes are told apart: the confusion matrix and ROC curves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..words import Lang
from .arrays import classes, kinds, numbers
from .canvas import axes, colour, dash, finish, legend, literal, longest, words_for

NUMBERED = 30
"""Up to this many classes the numbers are written into the matrix."""


def confusion_matrix(
    matrix: Any,
    predicted: Any = None,
    *,
    labels: Sequence[Any] | None = None,
    lang: Lang = "en",
    ax: Any = None,
) -> Any:
    """A confusion matrix: row i, column j tells how many are i and were taken for j.

    Args:
        matrix: the numbers (classes, classes); or, with ``predicted``, the true classes (samples,).
        predicted: the predicted classes (samples,).
        labels: the names of the classes.
        lang: the language of words.
        ax: where to draw, see :mod:`viz.plots`.

    Returns:
        The Axes; its image holds the numbers.

    Raises:
        ImportError: matplotlib is missing.
        ValueError: the matrix is not square, empty, or a number is negative or not finite; both rows of classes differ
            in length; or there is not a name for each class.

    Example:
        >>> import viz
        >>> viz.plots.confusion_matrix([0, 0, 1, 1], [0, 1, 1, 1]).images[0].get_array().tolist()
        [[1.0, 1.0], [0.0, 2.0]]
    """
    counts, names = _given(matrix, labels) if predicted is None else _counted(matrix, predicted, labels)
    words = words_for(lang)
    names = [literal(name) for name in names]
    count, room = len(names), longest(names)
    cell = max(0.3, min(0.95, 12 / count))
    ax = axes(ax, 1.2 + room + cell * count, 1.0 + cell * 0.85 * count)
    ax.imshow(counts, cmap="Blues", vmin=0, vmax=max(counts.max(), 1e-12))
    if count <= NUMBERED:
        for (i, j), number in np.ndenumerate(counts):
            shade = "white" if number > counts.max() / 2 else "#1f2937"
            size = 10 if count <= 14 else 8 if count <= 20 else 6
            ax.text(j, i, f"{number:.5g}", ha="center", va="center", color=shade, fontsize=size)
    ax.set(xlabel=words("predicted"), ylabel=words("true"))
    step = -(-count // NUMBERED)
    ticks, shown = range(0, count, step), names[::step]
    ax.set_xticks(ticks, shown, **({"rotation": 45, "ha": "right"} if room > cell else {}))
    ax.set_yticks(ticks, shown)
    return finish(ax, grid=False)


def _given(matrix: Any, labels: Sequence[Any] | None) -> tuple[Any, list[str]]:
    counts = numbers(matrix, "the matrix")
    if counts.ndim != 2 or counts.shape[0] != counts.shape[1] or not counts.size:
        raise ValueError(f"confusion_matrix needs a matrix (classes, classes), got shape {counts.shape}")
    if not (np.isfinite(counts) & (counts >= 0)).all():
        raise ValueError("confusion_matrix needs numbers that are finite and not negative")
    names = [str(label) for label in (range(len(counts)) if labels is None else labels)]
    if len(names) != len(counts):
        raise ValueError(f"labels= needs a name for each of the {len(counts)} classes, got {len(names)}")
    return counts, names


def _counted(true: Any, predicted: Any, labels: Sequence[Any] | None) -> tuple[Any, list[str]]:
    true, predicted = kinds(true, "the true classes"), kinds(predicted, "the predicted classes")
    if len(true) != len(predicted):
        raise ValueError(f"confusion_matrix needs a prediction for each sample, got {len(true)} and {len(predicted)}")
    if (true.dtype.kind in "US") != (predicted.dtype.kind in "US"):
        raise ValueError("confusion_matrix needs true and predicted classes of one kind, got names and numbers")
    known, names = classes(np.concatenate([true, predicted]), labels, "the samples")
    counts = np.zeros((len(known), len(known)))
    order = np.argsort(known)
    rows, columns = (order[np.searchsorted(known, some, sorter=order)] for some in (true, predicted))
    np.add.at(counts, (rows, columns), 1)
    return counts, names


def roc(
    true: Any,
    scores: Any,
    *,
    labels: Sequence[Any] | None = None,
    label: str | None = None,
    lang: Lang = "en",
    ax: Any = None,
) -> Any:
    """ROC curves with the area under each, AUC: by scikit-learn.

    Formula:
        Over all thresholds t: (share of the others with score ≥ t, share of the class with score ≥ t).

    Args:
        true: the classes (samples,).
        scores: for two classes the score of the second (samples,), or of both (samples, 2); for several that of each
            class (samples, classes), probabilities if samples are to be compared: each class is set against all others.
        labels: the names of the classes.
        label: the name of a single curve in the legend.
        lang: the language of words.
        ax: where to draw, see :mod:`viz.plots`. Another call with the same Axes compares classifiers.

    Returns:
        The Axes; a line for each curve, and the diagonal, where chance lies.

    Raises:
        ImportError: matplotlib or scikit-learn is missing.
        ValueError: there are no samples, a score is NaN, the lengths differ, all samples are of one class, or there are
            not as many scores as classes.

    Example:
        >>> import viz
        >>> viz.plots.roc([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]).lines[0].get_label()
        'AUC = 0.750'
    """
    found, values = kinds(true, "the true classes"), numbers(scores, "scores")
    if values.ndim == 2 and values.shape[1] == 1:
        values = values[:, 0]
    if values.ndim not in (1, 2) or len(values) != len(found):
        raise ValueError(f"roc needs scores for each of the {len(found)} samples, got shape {values.shape}")
    values = np.clip(values, -1e300, 1e300)  # infinite scores are highest and lowest; scikit-learn refuses them
    if np.isnan(values).any():
        raise ValueError("roc needs scores that are not NaN")
    present = np.unique(found)
    if len(present) < 2:
        raise ValueError(f"roc needs samples of two classes, all are of class {present[0]}")
    columns = values.shape[1] if values.ndim == 2 else 2
    if labels is None and present.dtype.kind in "iu" and present[0] >= 0 and present[-1] < columns:
        labels = range(columns)
    known, names = classes(found, labels, "the samples")
    if len(known) != columns:
        raise ValueError(f"roc needs a score for each of the {len(known)} classes, got shape {values.shape}")
    try:
        from sklearn.metrics import auc, roc_curve
    except ImportError as error:
        raise ImportError('viz.plots.roc needs scikit-learn: python -m pip install "autograd-core[demo]"') from error
    words = words_for(lang)
    if columns == 2:
        single = values if values.ndim == 1 else values[:, 1] - values[:, 0]
        curves = [("" if label is None else literal(label), known[1], single)]
    else:
        curves = [(literal(name), kind, score) for name, kind, score in zip(names, known, values.T, strict=True)]
    ax = axes(ax, 4.6, 4.2)
    before = sum(line.get_gid() == "roc" for line in ax.lines)
    for place, (name, kind, score) in enumerate(curves, before):
        here = found == kind
        look: dict[str, Any] = {"color": colour(place), "linestyle": dash(place), "gid": "roc"}
        start = f"{name}: " if name else ""
        if not here.any():
            ax.plot([], [], label=start + words("no samples"), **look)
            continue
        false_rate, true_rate, _ = roc_curve(here, score)
        ax.plot(false_rate, true_rate, linewidth=1.8, label=f"{start}AUC = {auc(false_rate, true_rate):.3f}", **look)
    if not before:
        ax.plot([0, 1], [0, 1], ":", color="#6b7280", linewidth=1, label=words("chance"))
    ax.set(xlim=(-0.02, 1.02), ylim=(-0.02, 1.02))
    ax.set(xlabel=words("false positive rate"), ylabel=words("true positive rate"))
    legend(ax, loc="lower right", frameon=True, framealpha=0.85)
    return finish(ax)
