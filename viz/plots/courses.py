"""How a training went: curves over the epochs, and the size of gradients by depth."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from ..words import Lang
from .arrays import numbers
from .canvas import HUGE, axes, colour, dash, drawn, finish, legend, literal, marker, words_for

LEAST, MOST = 1e-150, 1e150
"""What is below or above is written at the edge: an axis for it would overflow."""


def learning_curves(history: Any, what: str = "loss", *, lang: Lang = "en", ax: Any = None) -> Any:
    """A measure of a training over its epochs, such as the loss on training and on validation samples.

    A dotted line marks the best epoch, where the history of ``nn.fit`` tells which it is.

    Args:
        history: what ``nn.fit`` returns, or any numbers for each epoch by name; or the numbers of a single curve.
        what: the measure. All curves are drawn whose name ends in this word, "training loss" and "validation loss" or
            also "val_loss".
        lang: the language of words.
        ax: where to draw, see :mod:`viz.plots`.

    Returns:
        The Axes; a line for each curve, with the epochs from 1.

    Raises:
        ImportError: matplotlib is missing.
        KeyError: no curve has such a name.
        ValueError: there are no epochs, or not one number for each.

    Example:
        >>> import viz
        >>> history = {"training loss": [1.0, 0.5], "validation loss": [1.1, 0.7], "training accuracy": [0.5, 0.9]}
        >>> [line.get_label() for line in viz.plots.learning_curves(history).lines]
        ['training', 'validation']
    """
    if isinstance(history, Mapping):
        ends = re.compile(rf"(?:(.*)[\W_])?{re.escape(what)}", re.DOTALL)
        curves = [(found[1] or "", values) for name, values in history.items() if (found := ends.fullmatch(str(name)))]
        if not curves:
            raise KeyError(f"the history has no {what!r}, only {', '.join(map(repr, history)) or 'nothing'}")
    else:
        curves = [("", history)]
    lines = [(name, numbers(values, name or what)) for name, values in curves]
    for name, values in lines:
        if values.ndim != 1:
            raise ValueError(f"learning_curves needs a number for each epoch of {name or what!r}, got {values.shape}")
    if not any(len(values) for _, values in lines):
        raise ValueError("learning_curves needs at least one epoch")
    words = words_for(lang)
    names = {"training": words("training"), "validation": words("validation")}
    measures = {"loss": words("loss"), "accuracy": words("accuracy")}
    measure = literal(measures.get(what, what))
    ax = axes(ax, 5.2, 3.4)
    for place, (name, values) in enumerate(lines, drawn(ax, "curve")):
        values = np.where(np.abs(values) < HUGE, values, np.nan)
        ax.plot(
            np.arange(1, len(values) + 1),
            values,
            dash(place),
            color=colour(place),
            marker="o" if len(values) == 1 else "",
            label=literal(names.get(name, name)) or measure,
            linewidth=1.8,
            gid="curve",
        )
    best = getattr(history, "best_epoch", None)
    if best is not None:
        ax.axvline(best + 1, color="#6b7280", linestyle=":", linewidth=1.2, label=words("best epoch"))
    ax.set(title=measure, xlabel=words("epoch"))
    ax.xaxis.get_major_locator().set_params(integer=True)
    if max(len(values) for _, values in lines) == 1:
        ax.set_xlim(0, 2)
    legend(ax, frameon=False)
    return finish(ax)


def gradient_norms(gradients: Any, *, label: str | None = None, lang: Lang = "en", ax: Any = None) -> Any:
    """The size of gradients by depth, on a logarithmic axis: where they vanish and where they explode.

    What a logarithmic axis does not have is written at its edge: 0, ∞, nan, and numbers beyond 1e±150.

    Formula:
        √Σ(∂L/∂w)² over all parameters w of a layer.

    Args:
        gradients: a module after ``backward``, whose layers are those of its parts that own parameters, in order; or
            gradients by name or in order, one for each layer: arrays, Tensors, or parameters that have a ``grad``.
        label: the name of the curve in the legend.
        lang: the language of words.
        ax: where to draw, see :mod:`viz.plots`. Another call with the same Axes compares networks.

    Returns:
        The Axes; a line with the norm of each layer, from 1.

    Raises:
        ImportError: matplotlib is missing.
        ValueError: there is no gradient.

    Example:
        >>> import viz
        >>> viz.plots.gradient_norms([[3.0, 4.0], [0.5]]).lines[0].get_ydata().tolist()
        [5.0, 0.5]
    """
    norms = np.array(_norms(gradients), np.float64)
    if not len(norms):
        raise ValueError("gradient_norms needs gradients: call backward() on a loss first")
    words = words_for(lang)
    ax = axes(ax, 5.2, 3.4)
    place = drawn(ax, "norms")
    depth = np.arange(1, len(norms) + 1)
    known = (norms >= LEAST) & (norms <= MOST)
    ax.plot(
        depth,
        np.where(known, norms, np.nan),
        dash(place),
        color=colour(place),
        marker=marker(place),
        markersize=5,
        gid="norms",
        label="_norms" if label is None else literal(label),
    )
    ax.set_yscale("log")
    for at in np.flatnonzero(~known):
        low = norms[at] < LEAST
        number = "∞" if norms[at] == np.inf else f"{norms[at]:.0e}" if norms[at] else "0"
        edge = {"xy": (depth[at], 0 if low else 1), "xycoords": ax.get_xaxis_transform(), "ha": "center"}
        shift = {"xytext": (0, 4 if low else -4), "textcoords": "offset points", "va": "bottom" if low else "top"}
        ax.annotate(number, color=colour(place), **edge, **shift)
    low, high = ax.get_xlim() if place else (0.5, 0.5)
    ax.set_xlim(min(low, 0.5), max(high, len(norms) + 0.5))
    ax.set(xlabel=words("layer, from the input"), ylabel="‖∂L/∂w‖")
    ax.xaxis.get_major_locator().set_params(integer=True)
    if label is not None:
        legend(ax, frameon=False)
    return finish(ax)


def _norms(gradients: Any) -> list[float]:
    """The norm of each layer's gradient, of those that have one."""
    layers: dict[Any, list[Any]] = {}
    if hasattr(gradients, "named_parameters"):
        for name, parameter in gradients.named_parameters():
            layers.setdefault(name.rpartition(".")[0], []).append(parameter.grad)
    else:
        if not isinstance(gradients, Iterable):
            raise TypeError(f"gradient_norms takes a module or gradients, got {type(gradients).__name__}")
        items = gradients.values() if isinstance(gradients, Mapping) else gradients
        layers = {place: [_gradient(value)] for place, value in enumerate(items)}
    found = ([part for part in parts if part is not None] for parts in layers.values())
    return [_norm(parts) for parts in found if parts]


def _gradient(value: Any) -> Any:
    """The gradient of a parameter, None if it has none; anything else is a gradient."""
    return value.grad if getattr(value, "requires_grad", False) and value.is_leaf else value


def _norm(parts: list[Any]) -> float:
    """The norm of several gradients together: no square is too large or too small for a float."""
    everything = np.concatenate([numbers(part, "a gradient").ravel() for part in parts])
    most = float(np.abs(everything).max(initial=0.0))
    return most * float(np.sqrt(((everything / most) ** 2).sum())) if 0 < most < np.inf else most
