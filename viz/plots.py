"""Plots by matplotlib, as SVG: curves of a training, and the confusion matrix."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

MISSING = 'plots need matplotlib: python -m pip install "autograd-core[demo]"'
COLOURS = ("#2563a8", "#c2410c", "#15803d", "#7c3aed")


def _figure(width: float, height: float) -> Any:
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise ImportError(MISSING) from error
    return Figure(figsize=(width, height), layout="constrained")


def _svg(figure: Any) -> str:
    import matplotlib

    out = io.StringIO()
    with matplotlib.rc_context({"svg.hashsalt": "viz", "svg.fonttype": "path"}):  # the same picture, the same bytes
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    text = out.getvalue()
    return text[text.index("<svg") :]


def curves(panels: Mapping[str, Mapping[str, Sequence[float]]], xlabel: str = "epoch") -> str:
    """Curves side by side.

    Args:
        panels: for each panel its title, and in it for each curve its name and values.
        xlabel: what is counted along the horizontal axis, from 1.

    Returns:
        An SVG element.

    Raises:
        ImportError: matplotlib is missing.

    Example:
        >>> from viz.plots import curves
        >>> curves({"loss": {"training": [1.0, 0.5]}}).startswith("<svg")
        True
    """
    figure = _figure(5.2 * len(panels), 3.4)
    for axes, (title, lines) in zip(figure.subplots(1, len(panels), squeeze=False)[0], panels.items(), strict=True):
        for (name, values), colour in zip(lines.items(), COLOURS, strict=False):
            axes.plot(range(1, len(values) + 1), values, color=colour, label=name, linewidth=1.8)
        axes.set(title=title, xlabel=xlabel)
        axes.grid(alpha=0.25)
        axes.spines[["top", "right"]].set_visible(False)
        axes.legend(frameon=False)
    return _svg(figure)


def confusion(matrix: Any, labels: Sequence[str]) -> str:
    """A confusion matrix.

    Args:
        matrix: (classes, classes): row i, column j counts what is i and was taken for j.
        labels: the names of the classes.

    Returns:
        An SVG element.

    Raises:
        ImportError: matplotlib is missing.

    Example:
        >>> from viz.plots import confusion
        >>> confusion([[3, 0], [1, 2]], ["cat", "dog"]).startswith("<svg")
        True
    """
    figure = _figure(1.9 + 0.95 * len(labels), 1.4 + 0.8 * len(labels))
    axes = figure.subplots()
    axes.imshow(matrix, cmap="Blues", vmin=0)
    highest = max(max(row) for row in matrix) or 1
    for i, row in enumerate(matrix):
        for j, number in enumerate(row):
            axes.text(j, i, f"{number}", ha="center", va="center", color="white" if number > highest / 2 else "#1f2937")
    ticks = range(len(labels))
    axes.set(xticks=ticks, yticks=ticks, xticklabels=labels, yticklabels=labels, xlabel="predicted", ylabel="true")
    return _svg(figure)
