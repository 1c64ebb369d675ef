"""Small images of what a network does at one moment of its training: regions, filters, feature maps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

import autograd_core as ag
from autograd_core import Tensor

from .png import GAP, GREY, SIGNED, Colour, data_uri, png

ACROSS = 64
"""How many places of the plane are looked at in each direction."""

LEVELS = 6
"""How many degrees of certainty are told apart."""

COLUMNS, SMALLEST, LARGEST, GAPS = 8, 24, 32, 2
"""Tiles side by side, how wide a tile is in pixels, and the gap beside it."""

MOST_FILTERS, MOST_MAPS, MOST_LAYERS = 64, 32, 6
"""Filters and maps of a layer, layers with maps."""

COLOURS: Sequence[Colour] = (
    (37, 99, 168),
    (194, 65, 12),
    (21, 128, 61),
    (124, 58, 237),
    (180, 140, 0),
    (14, 130, 150),
    (190, 24, 93),
    (90, 90, 90),
)


@dataclass(frozen=True)
class Image:
    """A small image.

    Attributes:
        pixels: bytes (height, width), places in the palette; or (height, width, 3), red, green and blue.
        palette: its colours.
        low: what the first colour of the palette stands for.
        high: what the last colour stands for.
    """

    pixels: Any
    palette: tuple[Colour, ...] = ()
    low: float = 0.0
    high: float = 0.0

    def uri(self) -> str:
        """The image as a PNG in a data URI."""
        return data_uri(png(self.pixels, self.palette))


# The plane


def kinds(y: Any) -> Any:
    """The class of each sample: of integers, of 0 and 1, or of rows that have a single 1; None for other targets."""
    if y.dtype.kind in "iub" and y.ndim == 1:
        return y.astype(int)
    binary = bool(np.isin(y, (0, 1)).all())
    if binary and y.ndim == 2 and y.shape[1] > 1 and (y.sum(1) == 1).all():
        return y.argmax(1)
    return y.ravel().astype(int) if binary and y.size == len(y) else None


def bounds(points: Any) -> tuple[float, float, float, float]:
    """The part of the plane around points: left, right, bottom, top."""
    points = points[np.isfinite(points).all(1)]
    if not len(points):
        return -1.0, 1.0, -1.0, 1.0
    low, high = points.min(0).astype(float), points.max(0).astype(float)
    margin = 0.08 * (high - low) + 1e-6
    (left, bottom), (right, top) = (low - margin).tolist(), (high + margin).tolist()
    return left, right, bottom, top


def region(model: Any, x: Tensor, y: Any) -> Image | None:
    """What a network gives each place of the plane around its samples.

    Args:
        model: takes places (n, 2).
        x: samples (n, 2).
        y: their targets, as an array.

    Returns:
        The classes, the stronger the more certain; or, of a network with one output, that. None for anything else.
    """
    left, right, bottom, top = bounds(x.numpy())
    across, up = np.linspace(left, right, ACROSS), np.linspace(top, bottom, ACROSS)
    places = np.stack(np.meshgrid(across, up), -1).reshape(-1, 2)
    with ag.no_grad():
        result = model(ag.tensor(places, dtype=x.dtype))
    if not isinstance(result, Tensor) or len(result.shape) > 2 or result.shape[:1] != (ACROSS**2,):
        return None
    outputs = np.asarray(result.numpy(), np.float64).reshape(ACROSS**2, -1)
    if outputs.shape[1] == 1:
        return _heights(outputs[:, 0], y)
    return _classes(outputs) if kinds(y) is not None else None


def _classes(scores: Any) -> Image:
    count = scores.shape[1]
    levels = max(1, min(LEVELS, 255 // count))
    with np.errstate(all="ignore"):
        shares = np.exp(scores - scores.max(1, keepdims=True))
        certain = (1 / shares.sum(1) - 1 / count) / (1 - 1 / count)
    finite = np.isfinite(certain)
    level = np.clip(np.where(finite, certain, 0) * levels, 0, levels - 1).astype(int)
    place = np.minimum(scores.argmax(1), 254 // levels) * levels + level
    shades = [
        tuple(round(255 + (part - 255) * (0.14 + 0.46 * i / max(1, levels - 1))) for part in COLOURS[k % len(COLOURS)])
        for k in range(min(count, 255 // levels))
        for i in range(levels)
    ]
    pixels = np.where(finite, place, len(shades)).astype(np.uint8)
    return Image(pixels.reshape(ACROSS, ACROSS), (*shades, GAP))


def _heights(values: Any, y: Any) -> Image:
    low, high = ends(y)
    finite = np.isfinite(values)
    if kinds(y) is not None and not ((values >= 0) & (values <= 1)).all():  # scores, not probabilities
        high = float(np.abs(values[finite]).max(initial=1e-12))
        low = -high
    place = np.clip((np.where(finite, values, low) - low) / (high - low) * 254, 0, 254).round()
    pixels = np.where(finite, place, 255).astype(np.uint8)
    return Image(pixels.reshape(ACROSS, ACROSS), SIGNED, low, high)


def ends(y: Any) -> tuple[float, float]:
    """The least and the greatest target, which differ."""
    finite = y[np.isfinite(y)].astype(float)
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
    return (low, high) if low < high else (low, low + 1.0)


# Images


def filters(weight: Any) -> Image:
    """The filters of a convolution of images.

    Args:
        weight: (filters, channels, height, width).

    Returns:
        In colour if there are three channels; else the first channel of each, red above 0 and blue below.
    """
    shown = np.nan_to_num(weight[:MOST_FILTERS].astype(np.float64), posinf=0.0, neginf=0.0)
    if shown.shape[1] == 3:
        return Image(_tiled(_stretched(shown.transpose(0, 2, 3, 1), 255), np.array(GAP)))
    largest = float(np.abs(shown[:, 0]).max(initial=1e-12))
    pixels = (shown[:, 0] / largest * 127 + 127).round().astype(np.uint8)
    return Image(_tiled(pixels, 255), SIGNED, -largest, largest)


def maps(output: Any) -> Image:
    """What a convolution makes of one image, where that is above 0.

    Args:
        output: (channels, height, width).

    Returns:
        Each channel from its least value, black, to its greatest, white.
    """
    shown = np.maximum(np.nan_to_num(output[:MOST_MAPS].astype(np.float64), posinf=0.0, neginf=0.0), 0)
    step = -(-max(shown.shape[1:]) // LARGEST)
    return Image(_tiled(_stretched(shown[:, ::step, ::step], 254), 255), GREY)


def sample(image: Any) -> Image:
    """One input (channels, height, width): in colour if it has three channels, else its first, in grey."""
    shown = np.nan_to_num(image.astype(np.float64))
    step = -(-max(shown.shape[1:]) // (2 * LARGEST))
    shown = shown[:, ::step, ::step]
    if len(shown) == 3:
        return Image(_stretched(shown.transpose(1, 2, 0)[None], 255)[0])
    return Image(_stretched(shown[:1], 254)[0], GREY)


def _stretched(images: Any, most: int) -> Any:
    """Each image from 0 to ``most``."""
    axes = tuple(range(1, images.ndim))
    low = images.min(axes, keepdims=True)
    return ((images - low) / (images.max(axes, keepdims=True) - low + 1e-12) * most).round().astype(np.uint8)


def _tiled(images: Any, gap: Any) -> Any:
    """Images (n, height, width, ...) in rows, enlarged if they are tiny, with gaps."""
    times = max(1, SMALLEST // max(images.shape[1:3]))
    images = images.repeat(times, 1).repeat(times, 2)
    count, height, width = images.shape[:3]
    columns = min(COLUMNS, count)
    rows = -(-count // columns)
    sheet = np.empty((rows * (height + GAPS) - GAPS, columns * (width + GAPS) - GAPS, *images.shape[3:]), np.uint8)
    sheet[:] = gap
    for place, image in enumerate(images):
        top, left = place // columns * (height + GAPS), place % columns * (width + GAPS)
        sheet[top : top + height, left : left + width] = image
    return sheet


def spaced(items: Sequence[str], most: int = MOST_LAYERS) -> list[str]:
    """So many of the items, evenly, the first and the last among them."""
    if len(items) <= most:
        return list(items)
    return [items[round(i * (len(items) - 1) / max(1, most - 1))] for i in range(most)]
