"""Images cropped, flipped, turned and shifted: the given ways as classes, and the random ones."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass
from typing import Any

from autograd_core.random import generator

from . import functional as F  # noqa: N812 - torchvision's name
from .functional import InterpolationMode

Size = int | Sequence[int]
Range = float | Sequence[float]


def _uniform(low: float, high: float) -> float:
    return float(generator().uniform(low, high))


def _between(spread: Range) -> tuple[float, float]:
    """A range, given by its ends or by the larger of two ends about 0."""
    if isinstance(spread, Sequence):
        low, high = spread
        return low, high
    if spread < 0:
        raise ValueError(f"a range about 0 is given by a number not below 0, got {spread}")
    return -spread, spread


@dataclass(frozen=True)
class Resize:
    """An image of another size: see :func:`functional.resize`."""

    size: Size
    interpolation: str = InterpolationMode.BILINEAR
    _: KW_ONLY
    antialias: bool = True

    def __call__(self, image: Any) -> Any:
        return F.resize(image, self.size, self.interpolation, self.antialias)


@dataclass(frozen=True)
class Pad:
    """An image with a border: see :func:`functional.pad`."""

    padding: Size
    fill: float = 0
    padding_mode: str = "constant"

    def __call__(self, image: Any) -> Any:
        return F.pad(image, self.padding, self.fill, self.padding_mode)


@dataclass(frozen=True)
class CenterCrop:
    """The middle of an image: see :func:`functional.center_crop`."""

    size: Size

    def __call__(self, image: Any) -> Any:
        return F.center_crop(image, self.size)


@dataclass(frozen=True)
class Grayscale:
    """A coloured image in shades of grey: see :func:`functional.rgb_to_grayscale`."""

    num_output_channels: int = 1

    def __call__(self, image: Any) -> Any:
        return F.rgb_to_grayscale(image, self.num_output_channels)


@dataclass(frozen=True)
class RandomCrop:
    """A part of an image at a random place.

    Args:
        size: the side of a square, or height and width.
        padding: a border to add before: see :func:`functional.pad`.
        pad_if_needed: whether an image that is too small gets a border that makes it large enough.
        fill: the value of the border.
        padding_mode: how it is made.

    Raises:
        ValueError: from a call: the image is smaller than the part.
    """

    size: Size
    padding: Size | None = None
    pad_if_needed: bool = False
    fill: float = 0
    padding_mode: str = "constant"

    def __call__(self, image: Any) -> Any:
        if self.padding is not None:
            image = F.pad(image, self.padding, self.fill, self.padding_mode)
        (height, width), (columns, rows) = F.pair(self.size), F.get_image_size(image)
        if self.pad_if_needed and (rows < height or columns < width):
            border = (max(width - columns, 0), max(height - rows, 0))
            image = F.pad(image, border, self.fill, self.padding_mode)
            columns, rows = F.get_image_size(image)
        if rows < height or columns < width:
            raise ValueError(
                f"RandomCrop can't take {height}×{width} pixels of an image of {rows}×{columns}: pad_if_needed=True"
            )
        top, left = generator().integers(0, [rows - height + 1, columns - width + 1]).tolist()
        return F.crop(image, top, left, height, width)


@dataclass(frozen=True)
class RandomResizedCrop:
    """A part of an image of random size, shape and place, resized.

    Args:
        size: the side of a square, or height and width.
        scale: the range of the part's share of the image's area.
        ratio: the range of its width divided by its height, all of it equally likely on a logarithmic scale.
        interpolation: see :func:`functional.resize`.
        antialias: likewise.
    """

    size: Size
    scale: Sequence[float] = (0.08, 1.0)
    ratio: Sequence[float] = (3 / 4, 4 / 3)
    interpolation: str = InterpolationMode.BILINEAR
    antialias: bool = True

    def __call__(self, image: Any) -> Any:
        top, left, height, width = self._part(*F.get_image_size(image))
        part = F.crop(image, top, left, height, width)
        return F.resize(part, F.pair(self.size), self.interpolation, self.antialias)

    def _part(self, columns: int, rows: int) -> tuple[int, int, int, int]:
        for _ in range(10):
            area = columns * rows * _uniform(*self.scale)
            ratio = math.exp(_uniform(*map(math.log, self.ratio)))
            width, height = round(math.sqrt(area * ratio)), round(math.sqrt(area / ratio))
            if 0 < width <= columns and 0 < height <= rows:
                top, left = generator().integers(0, [rows - height + 1, columns - width + 1]).tolist()
                return top, left, height, width
        width = min(columns, round(rows * max(self.ratio)))  # the largest middle part of a shape allowed
        height = min(rows, round(columns / min(self.ratio)))
        return (rows - height) // 2, (columns - width) // 2, height, width


@dataclass(frozen=True)
class RandomHorizontalFlip:
    """An image with left and right exchanged, with probability p."""

    p: float = 0.5

    def __call__(self, image: Any) -> Any:
        return F.hflip(image) if generator().random() < self.p else image


@dataclass(frozen=True)
class RandomVerticalFlip:
    """An image upside down, with probability p."""

    p: float = 0.5

    def __call__(self, image: Any) -> Any:
        return F.vflip(image) if generator().random() < self.p else image


@dataclass(frozen=True)
class RandomRotation:
    """An image turned by a random angle: see :func:`functional.rotate`.

    Args:
        degrees: the range of the angle; one number d is −d to d.
        interpolation: ``nearest``, ``bilinear`` or ``bicubic``.
        center: the column and row about which it is turned; by default the middle.
        fill: the value of what comes from outside.
    """

    degrees: Range
    interpolation: str = InterpolationMode.NEAREST
    _: KW_ONLY
    center: Sequence[float] | None = None
    fill: float = 0

    def __call__(self, image: Any) -> Any:
        return F.rotate(image, _uniform(*_between(self.degrees)), self.interpolation, self.center, self.fill)


@dataclass(frozen=True)
class RandomAffine:
    """An image turned, shifted, scaled and sheared at random: see :func:`functional.affine`.

    Args:
        degrees: the range of the angle; one number d is −d to d.
        translate: the largest shifts as shares of the width and of the height; by default none.
        scale: the range of the scale; by default it stays 1.
        shear: the range of the shear along x in degrees; four numbers are the ranges along x and y.
        interpolation: ``nearest``, ``bilinear`` or ``bicubic``.
        fill: the value of what comes from outside.
        center: the column and row about which it is turned; by default the middle.

    Example:
        >>> import numpy as np
        >>> from nn.data.transforms import RandomAffine
        >>> shifted = RandomAffine(0, translate=(0.1, 0.1))(np.ones((20, 20)))
        >>> shifted.shape, bool(shifted.sum() >= 18 * 18)
        ((20, 20), True)
    """

    degrees: Range
    translate: Sequence[float] | None = None
    scale: Sequence[float] | None = None
    shear: Range | None = None
    interpolation: str = InterpolationMode.NEAREST
    fill: float = 0
    center: Sequence[float] | None = None

    def __call__(self, image: Any) -> Any:
        angle = _uniform(*_between(self.degrees))
        largest = [
            share * length for share, length in zip(self.translate or (0, 0), F.get_image_size(image), strict=True)
        ]
        shift = [round(_uniform(-most, most)) for most in largest]
        scale = 1.0 if self.scale is None else _uniform(*self.scale)
        return F.affine(image, angle, shift, scale, self._shear(), self.interpolation, self.fill, self.center)

    def _shear(self) -> tuple[float, float]:
        if isinstance(self.shear, Sequence) and len(self.shear) == 4:
            return _uniform(*self.shear[:2]), _uniform(*self.shear[2:])
        return (0.0 if self.shear is None else _uniform(*_between(self.shear))), 0.0
