"""Which class a model gives each place of the plane."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

import autograd_core as ag
from autograd_core import Tensor

from ..snapshot import undisturbed
from ..words import Lang
from .arrays import array, classes, dtype_for, kinds, numbers
from .canvas import NOT_FINITE, axes, colour, finish, legend, literal, marker, words_for

PLACES = 200
"""How many places are looked at in each direction."""


def decision_regions(
    model: Any,
    x: Any,
    y: Any,
    *,
    labels: Sequence[Any] | None = None,
    names: Sequence[str] = ("x₁", "x₂"),
    threshold: float = 0.0,
    lang: Lang = "en",
    ax: Any = None,
) -> Any:
    """Which class each place of the plane gets, and samples with their own classes.

    Args:
        model: a module; a classifier with ``predict``; or a function, which is given what ``x`` is: a Tensor or an
            array (n, 2). It gives scores (n, classes), of which the highest counts; or classes (n,), as in ``y``; or
            one score for each place, for two classes. A module is looked at in evaluation mode, and comes back as it
            was.
        x: the samples (samples, 2); those that are not finite are left out.
        y: their classes (samples,).
        labels: the names of the classes.
        names: those of the two coordinates.
        threshold: a single score above it means the second class: 0 for logits, 0.5 for probabilities.
        lang: the language of words.
        ax: where to draw, see :mod:`viz.plots`.

    Returns:
        The Axes, with an image of the regions and a group of points for each class.

    Raises:
        ImportError: matplotlib is missing.
        TypeError: ``model`` can't be called.
        ValueError: the samples are not (samples, 2), none is finite, they and their classes differ in length, or the
            model's results do not fit the classes.

    Example:
        >>> import viz
        >>> ax = viz.plots.decision_regions(lambda p: p[:, 0] > 0, [[-1, 0], [1, 0]], [0, 1], labels=["left", "right"])
        >>> [text.get_text() for text in ax.get_legend().get_texts()]
        ['left', 'right']
    """
    points, found = numbers(x, "x"), kinds(y, "y")
    if points.ndim != 2 or points.shape[1] != 2 or not len(points):
        raise ValueError(f"decision_regions needs points x (samples, 2), got shape {points.shape}")
    if len(points) != len(found):
        raise ValueError(f"a class is needed for each point, got {len(points)} points and {len(found)} classes")
    if len(names) != 2:
        raise ValueError(f"names= needs a name for each of the two coordinates, got {list(names)}")
    known, titles = classes(found, labels, "y")
    words = words_for(lang)
    finite = np.isfinite(points).all(1)
    if not finite.any():
        raise ValueError("decision_regions needs points x that are finite")
    points, found = points[finite], found[finite]
    low, high = points.min(0), points.max(0)
    margin = np.where(high > low, 0.08 * (high - low), np.maximum(1.0, 0.08 * np.abs(low)))
    low, high = low - margin, high + margin
    places = np.stack(np.meshgrid(*np.linspace(low, high, PLACES).T), -1).reshape(-1, 2)
    field, known = _read(_called(model, x, places), known, labels is None, threshold)
    titles = titles if labels is not None else [str(kind) for kind in known]
    field = field.reshape(PLACES, PLACES)
    ax = axes(ax, 5.4, 4.4)
    from matplotlib.colors import to_rgb

    shades = np.array([*(to_rgb(colour(place)) for place in range(len(known))), to_rgb(NOT_FINITE)])
    ax.imshow(shades[field], extent=(low[0], high[0], low[1], high[1]), origin="lower", aspect="auto", alpha=0.35)
    size = min(64.0, max(20.0, 4000 / len(points)))  # few samples are seen too
    for place, (kind, title) in enumerate(zip(known, titles, strict=True)):
        ax.scatter(
            *points[found == kind].T,
            s=size,
            color=colour(place),
            marker=marker(place),
            edgecolors="white",
            linewidths=0.4,
            label=literal(title),
        )
    if (field < 0).any():
        ax.fill([], [], color=NOT_FINITE, alpha=0.35, label=words("not finite"))
    ax.set(xlabel=literal(names[0]), ylabel=literal(names[1]))
    legend(ax, title=words("class"), markerscale=1.3)
    return finish(ax, grid=False)


def _called(model: Any, x: Any, places: Any) -> Any:
    """What the model gives for places."""
    if hasattr(model, "named_parameters"):
        with undisturbed(model), ag.no_grad(), np.errstate(all="ignore"):
            return array(model(ag.tensor(places, dtype=dtype_for(model))), "what the model gives")
    call: Callable[[Any], Any] = getattr(model, "predict", model)
    if not callable(call):
        raise TypeError(f"decision_regions takes a module or a function, got {type(model).__name__}")
    tensors = isinstance(x, Tensor) and call is model
    with ag.no_grad(), np.errstate(all="ignore"):
        kept = x.dtype if tensors and np.dtype(x.dtype).kind == "f" else np.float64
        return array(call(ag.tensor(places, dtype=kept) if tensors else places), "what the function gives")


def _read(given: Any, known: Any, free: bool, threshold: float) -> tuple[Any, Any]:
    """The index of the class of each place, −1 where there is none; and the classes, with further ones if ``free``."""
    count = PLACES * PLACES
    if given.ndim == 2 and given.shape[1] == 1:
        given = given[:, 0]
    if given.shape[:1] != (count,) or given.ndim > 2:
        raise ValueError(
            f"the model must give scores (n, classes) or classes (n,) for places (n, 2), got shape {given.shape} for "
            f"n = {count}"
        )
    whole = known.dtype.kind in "iu"
    if given.ndim == 2:
        if free and whole and known[0] >= 0 and known[-1] < given.shape[1]:
            known = np.arange(given.shape[1])
        if given.shape[1] != len(known):
            raise ValueError(f"the model gives scores for {given.shape[1]} classes, y has the classes {known.tolist()}")
        return np.where(np.isfinite(given).all(1), np.nan_to_num(given).argmax(1), -1), known
    if given.dtype.kind == "b" and len(known) == 2:
        return given.astype(int), known
    if free and whole and given.dtype.kind in "biu":
        known = np.union1d(known, given)
    finite = np.isfinite(given) if given.dtype.kind == "f" else np.ones(count, bool)
    field = _indices(given, known)
    if (field[finite] >= 0).all():
        return field, known
    if free and len(known) == 1 and whole and known[0] in (0, 1):
        known = np.arange(2)
    if given.dtype.kind == "f" and len(known) == 2:
        return np.where(finite, given > threshold, -1), known
    if given.dtype.kind == "f":
        raise ValueError(f"the model gives one score, which tells apart two classes; y has {known.tolist()}")
    raise ValueError(
        f"the model gives {np.unique(given[finite & (field < 0)])[:4].tolist()}, y has the classes {known.tolist()}"
    )


def _indices(given: Any, known: Any) -> Any:
    """Where each class stands among the known ones, −1 for others."""
    if (given.dtype.kind in "US") != (known.dtype.kind in "US"):
        return np.full(len(given), -1)
    order = np.argsort(known)
    place = order[np.clip(np.searchsorted(known, given, sorter=order), 0, len(known) - 1)]
    return np.where(known[place] == given, place, -1)
