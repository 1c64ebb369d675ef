"""Many small images on one Axes: filters and feature maps."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from ..words import Lang, Words
from .arrays import numbers
from .canvas import HUGE, axes, finish, words_for

COLUMNS = 8
GAP = 0.12
"""The gap between tiles, as a part of their longer side."""

INCHES = 0.75
BAD = "#009e73"
"""What is not finite, in a colour that no palette here has."""

MOST, MOST_CHANNELS = 256, 16
"""So many tiles are shown, and so many channels of filters that have several; the picture tells what is left out."""


class _Look(NamedTuple):
    """How numbers become colours: the least and the greatest of each image, or of all."""

    palette: str
    ends: tuple[float, float] | None = None


def filters(weights: Any, *, columns: int = COLUMNS, lang: Lang = "en", ax: Any = None) -> Any:
    """The filters of a convolution: red above 0, blue below, white at 0, on one scale; or in colour.

    Args:
        weights: (filters, height, width); (filters, 1, height, width); (filters, 3, height, width), shown in colour,
            each from its least to its greatest number; or (filters, channels, height, width), with a row for each
            filter and a column for each channel.
        columns: how many stand side by side, where a filter is one image.
        lang: the language of words.
        ax: where to draw, see :mod:`viz.plots`.

    Returns:
        The Axes; each of its images holds the numbers of a tile.

    Raises:
        ImportError: matplotlib is missing.
        ValueError: the shape is another one, something is empty, or ``columns`` is below 1.

    Example:
        >>> import nn, viz
        >>> len(viz.plots.filters(nn.Conv2d(1, 6, 3).weight).images)
        6
    """
    shown = _images(weights, "filters", "(filters, height, width) or (filters, channels, height, width)", (3, 4))
    words, left_out = words_for(lang), ""
    if shown.ndim == 4 and shown.shape[1] == 3:
        return _tiles(_stretched(shown.transpose(0, 2, 3, 1)), columns, _Look("gray"), words, ax)
    finite = np.abs(shown[np.isfinite(shown)])
    most = float(finite.max(initial=0.0)) or 1.0
    if shown.ndim == 4 and shown.shape[1] > 1:
        count, channels = shown.shape[:2]
        columns = min(channels, MOST_CHANNELS)
        rows = min(count, MOST // columns)
        shown = shown[:rows, :columns].reshape(rows * columns, *shown.shape[2:])
        if rows < count or columns < channels:
            left_out = words("{n} of {all} filters", n=rows, all=count) + ", "
            left_out += words("{n} of {all} channels", n=columns, all=channels)
    elif shown.ndim == 4:
        shown = shown[:, 0]
    return _tiles(shown, columns, _Look("RdBu_r", (-most, most)), words, ax, left_out)


def feature_maps(maps: Any, *, columns: int = COLUMNS, lang: Lang = "en", ax: Any = None) -> Any:
    """Feature maps of one sample: each from its least number, black, to its greatest, white.

    Args:
        maps: (channels, height, width), or (1, channels, height, width).
        columns: how many stand side by side.
        lang: the language of words.
        ax: where to draw, see :mod:`viz.plots`.

    Returns:
        The Axes; each of its images holds the numbers of a map.

    Raises:
        ImportError: matplotlib is missing.
        ValueError: the shape is another one, something is empty, or ``columns`` is below 1.

    Example:
        >>> import autograd_core as ag, viz
        >>> len(viz.plots.feature_maps(ag.ones(5, 4, 4)).images)
        5
    """
    shown = _images(maps, "feature_maps", "(channels, height, width) of one sample", (3, 4))
    if shown.ndim == 4:
        if len(shown) != 1:
            raise ValueError(f"feature_maps shows one sample: of shape {shown.shape} pass maps[0]")
        shown = shown[0]
    return _tiles(shown, columns, _Look("gray"), words_for(lang), ax)


def _images(value: Any, who: str, shape: str, dimensions: tuple[int, ...]) -> Any:
    found = numbers(value, who)
    if found.ndim not in dimensions or not found.size:
        raise ValueError(f"{who} needs {shape}, none of them 0, got shape {found.shape}")
    return np.where(np.abs(found) < HUGE, found, np.nan)


def _stretched(images: Any) -> Any:
    """Colour images, each from 0 to 1; what is not finite is grey."""
    finite = np.isfinite(images)
    over = (1, 2, 3)
    low = np.where(finite, images, np.inf).min(over, keepdims=True)
    high = np.where(finite, images, -np.inf).max(over, keepdims=True)
    with np.errstate(all="ignore"):
        shares = (images - low) / np.where(high > low, high - low, 1.0)
    return np.where(finite.all(-1, keepdims=True), shares, 0.5)


def _tiles(images: Any, columns: int, look: _Look, words: Words, ax: Any, left_out: str = "") -> Any:
    """Images (n, height, width) or (n, height, width, 3) in rows."""
    if columns < 1:
        raise ValueError(f"columns= needs at least 1, got {columns}")
    if len(images) > MOST:
        left_out, images = words("{n} of {all}", n=MOST, all=len(images)), images[:MOST]
    count, height, width = images.shape[:3]
    columns = min(columns, count)
    rows, gap = -(-count // columns), GAP * max(height, width)
    unit = INCHES / max(height, width)
    ax = axes(ax, columns * (width + gap) * unit + 0.1, rows * (height + gap) * unit + (0.4 if left_out else 0.1))
    from matplotlib import colormaps

    palette = colormaps[look.palette].with_extremes(bad=BAD)
    for place, image in enumerate(images):
        top, left = place // columns * (height + gap), place % columns * (width + gap)
        finite = image[np.isfinite(image)]
        low, high = look.ends or (finite.min(initial=np.inf), finite.max(initial=-np.inf))
        if not low < high:  # nothing, or all the same
            low, high = (low, low + 1) if np.isfinite(low) else (0, 1)
        ax.imshow(
            np.where(np.isfinite(image), image, np.nan),
            extent=(left, left + width, top + height, top),
            cmap=palette,
            vmin=low,
            vmax=high,
            interpolation="nearest",
        )
    ax.set(xlim=(0, columns * (width + gap) - gap), ylim=(rows * (height + gap) - gap, 0), aspect="equal")
    ax.set_axis_off()
    if left_out:
        ax.set_title(left_out, fontsize=10)
    return finish(ax, grid=False)
