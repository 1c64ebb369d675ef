"""Plots by matplotlib, as SVG: curves of a training, the confusion matrix, decision regions, and many small images."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

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


def regions(
    classify: Callable[[Any], Any],
    points: Any,
    kinds: Any,
    labels: Sequence[str],
    axes_labels: Sequence[str] = ("x", "y"),
) -> str:
    """Which class each place of the plane gets, and points with their own classes.

    Args:
        classify: takes places (n, 2), gives class indices (n,).
        points: (samples, 2).
        kinds: their class indices (samples,).
        labels: the names of the classes.
        axes_labels: the names of the two coordinates.

    Returns:
        An SVG element.

    Raises:
        ImportError: matplotlib is missing.

    Example:
        >>> from viz.plots import regions
        >>> regions(lambda places: (places[:, 0] > 0).astype(int), [[-1, 0], [1, 0]], [0, 1], "ab").startswith("<svg")
        True
    """
    points, kinds = np.asarray(points), np.asarray(kinds)
    margin = 0.08 * np.ptp(points, 0) + 1e-6
    (left, bottom), (right, top) = points.min(0) - margin, points.max(0) + margin
    across, up = np.linspace(left, right, 200), np.linspace(bottom, top, 200)
    places = np.stack(np.meshgrid(across, up), -1).reshape(-1, 2)
    figure = _figure(5.4, 4.4)
    axes = figure.subplots()
    shades = [COLOURS[i % len(COLOURS)] for i in range(len(labels))]
    rgb = np.array([[int(shade[k : k + 2], 16) for k in (1, 3, 5)] for shade in shades], np.uint8)
    field = rgb[np.asarray(classify(places))].reshape(200, 200, 3)
    axes.imshow(field, extent=(left, right, bottom, top), origin="lower", aspect="auto", alpha=0.35)
    for i, (label, shade) in enumerate(zip(labels, shades, strict=True)):
        axes.scatter(*points[kinds == i].T, s=14, color=shade, edgecolors="white", linewidths=0.5, label=label)
    axes.set(xlabel=axes_labels[0], ylabel=axes_labels[1])
    axes.legend(title="class")
    return _svg(figure)


def tiles(images: Any, signed: bool = False, columns: int = 8) -> str:
    """Many small images in a grid.

    Args:
        images: (n, height, width), each shown from its least to its greatest value; or (n, height, width, 3).
        signed: whether 0 is shown white, what is above it red and what is below it blue.
        columns: how many stand side by side.

    Returns:
        An SVG element.

    Raises:
        ImportError: matplotlib is missing.

    Example:
        >>> from viz.plots import tiles
        >>> tiles([[[0, 1], [1, 0]], [[1, 0], [0, 1]]]).startswith("<svg")
        True
    """
    images = np.asarray(images, np.float64)
    each, ends = tuple(range(1, images.ndim)), 1e-12
    if signed and images.ndim == 3:
        shown = images / (np.abs(images).max() + ends)
    else:
        lowest = images.min(each, keepdims=True)
        shown = (images - lowest) / (images.max(each, keepdims=True) - lowest + ends)
    rows = -(-len(shown) // columns)
    figure = _figure(0.75 * min(columns, len(shown)) + 0.2, 0.75 * rows + 0.2)
    cells = figure.subplots(rows, min(columns, len(shown)), squeeze=False).ravel()
    for cell in cells:
        cell.set_axis_off()
    for cell, image in zip(cells, shown, strict=False):
        cell.imshow(image, cmap="RdBu_r" if signed else "gray", vmin=-1 if signed else 0, vmax=1)
    return _svg(figure)
