"""Images changed in a given way, with torchvision's names.

An image is an array (height, width) or (height, width, channels), or a Tensor (..., channels, height, width); what
comes out has the form of what came in.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Any

import numpy as np

import autograd_core as ag
from autograd_core import Tensor

from ... import functional as F  # noqa: N812 - PyTorch's name


class InterpolationMode(StrEnum):
    """How pixels between pixels are found."""

    NEAREST = "nearest"
    BILINEAR = "bilinear"
    BICUBIC = "bicubic"


def _planes(image: Any) -> tuple[Tensor, Callable[[Tensor], Any]]:
    """An image as a Tensor (..., channels, height, width), and what gives it its own form back."""
    if isinstance(image, Tensor):
        if image.ndim < 2:
            raise ValueError(f"an image is a Tensor (..., channels, height, width), got shape {image.shape}")
        return image, lambda planes: planes
    array = np.asarray(image)
    if array.ndim == 2:
        return ag.from_numpy(array[None]), lambda planes: planes.array[0]
    if array.ndim == 3:
        return ag.from_numpy(array.transpose(2, 0, 1)), lambda planes: planes.array.transpose(1, 2, 0)
    raise ValueError(
        "an image is an array (height, width) or (height, width, channels), or a Tensor (..., channels, height, "
        f"width); got an array of shape {array.shape}"
    )


def _as_floats(planes: Tensor, change: Callable[[Tensor], Tensor]) -> Tensor:
    """What computes new pixels, on images of any dtype: whole numbers are rounded."""
    if planes.dtype.kind == "f":
        return change(planes)
    changed = change(planes.float()).array
    if planes.dtype.kind in "iu":
        most = np.iinfo(planes.dtype)
        changed = np.clip(np.rint(changed), most.min, most.max)
    return ag.from_numpy(changed.astype(planes.dtype))


def get_image_size(image: Any) -> tuple[int, int]:
    """The width and the height of an image."""
    planes, _ = _planes(image)
    return planes.shape[-1], planes.shape[-2]


def to_tensor(image: Any) -> Tensor:
    """An image as a Tensor (channels, height, width); bytes from 0 to 255 as floats from 0 to 1.

    Args:
        image: an array, or anything NumPy makes one of: an image of Pillow, say.

    Returns:
        A Tensor of the default dtype if they are bytes, else of their own.

    Raises:
        ValueError: it has not two or three axes.

    Example:
        >>> import numpy as np
        >>> from nn.data.transforms.functional import to_tensor
        >>> to_tensor(np.array([[0, 255]], np.uint8))
        tensor([[[0., 1.]]])
    """
    if isinstance(image, Tensor):
        raise TypeError("to_tensor takes an array or an image of Pillow, got a Tensor already")
    planes, _ = _planes(image)
    if planes.dtype == np.uint8:
        kind = ag.get_default_dtype()
        return ag.from_numpy(np.divide(planes.array, kind.type(255), dtype=kind))
    return ag.from_numpy(np.ascontiguousarray(planes.array))


def normalize(tensor: Tensor, mean: Any, std: Any) -> Tensor:
    """Each channel with its mean subtracted and divided by its standard deviation.

    Formula:
        (x − mean) / std

    Args:
        tensor: (..., channels, height, width), of floats.
        mean: a number for each channel, or one for all.
        std: likewise, not 0.

    Returns:
        A Tensor of the same shape and dtype.

    Raises:
        TypeError: it is no Tensor of floats: use to_tensor before.
        ValueError: a std is 0, or there are not as many numbers as channels.

    Example:
        >>> import autograd_core as ag
        >>> from nn.data.transforms.functional import normalize
        >>> normalize(ag.tensor([[[0.0, 1.0]]]), (0.5,), (0.5,))
        tensor([[[-1.,  1.]]])
    """
    if not isinstance(tensor, Tensor) or tensor.dtype.kind != "f":
        raise TypeError("normalize takes a Tensor of floats: put ToTensor() before it")
    centre, width = (np.asarray(part, tensor.dtype).reshape(-1, 1, 1) for part in (mean, std))
    channels = tensor.shape[-3] if tensor.ndim > 2 else 1
    if not {len(centre), len(width)} <= {1, channels}:
        raise ValueError(f"normalize got {len(centre)} means and {len(width)} stds for {channels} channels")
    if not width.all():
        raise ValueError(f"normalize can't divide by a std of 0, got {std}")
    return (tensor - ag.from_numpy(centre)) / ag.from_numpy(width)


def hflip(image: Any) -> Any:
    """An image with left and right exchanged."""
    planes, back = _planes(image)
    return back(ag.flip(planes, (-1,)))


def vflip(image: Any) -> Any:
    """An image upside down."""
    planes, back = _planes(image)
    return back(ag.flip(planes, (-2,)))


def pad(image: Any, padding: int | Sequence[int], fill: float = 0, padding_mode: str = "constant") -> Any:
    """An image with a border.

    Args:
        image: the image.
        padding: pixels: on all sides; left and right, top and bottom; or left, top, right, bottom.
        fill: the value of the border.
        padding_mode: ``constant``, ``edge``, ``reflect`` (without repeating the edge) or ``symmetric``.

    Returns:
        The larger image.

    Raises:
        ValueError: the padding or its mode is none of these.
    """
    sides = [padding] if isinstance(padding, int) else list(padding)
    if len(sides) not in (1, 2, 4):
        raise ValueError(f"pad takes 1, 2 or 4 numbers of pixels, got {padding}")
    left, top, right, bottom = (sides * 4)[:4]
    planes, back = _planes(image)
    if padding_mode == "symmetric":
        columns, rows = (
            np.pad(np.arange(n), ends, "symmetric")
            for n, ends in ((planes.shape[-1], (left, right)), (planes.shape[-2], (top, bottom)))
        )
        return back(planes[..., rows[:, None], columns])
    modes = {"constant": "constant", "edge": "replicate", "reflect": "reflect"}
    if padding_mode not in modes:
        raise ValueError(f"pad knows the modes constant, edge, reflect and symmetric, got {padding_mode!r}")
    value = fill if padding_mode == "constant" else None
    return back(F.pad(planes, (left, right, top, bottom), modes[padding_mode], value))


def crop(image: Any, top: int, left: int, height: int, width: int) -> Any:
    """A part of an image; what is outside it is 0.

    Args:
        image: the image.
        top: the part's first row.
        left: its first column.
        height: its height.
        width: its width.

    Returns:
        An image of this size.
    """
    planes, back = _planes(image)
    rows, columns = planes.shape[-2:]
    outside = [max(-left, 0), max(-top, 0), max(left + width - columns, 0), max(top + height - rows, 0)]
    if any(outside):
        planes = pad(planes, outside)
        left, top = left + outside[0], top + outside[1]
    return back(planes[..., top : top + height, left : left + width])


def center_crop(image: Any, output_size: int | Sequence[int]) -> Any:
    """The middle of an image; where that is larger than the image, with 0 about it.

    Args:
        image: the image.
        output_size: the side of a square, or height and width.

    Returns:
        An image of this size.
    """
    height, width = pair(output_size)
    columns, rows = get_image_size(image)
    return crop(image, round((rows - height) / 2), round((columns - width) / 2), height, width)


def resize(
    image: Any, size: int | Sequence[int], interpolation: str = InterpolationMode.BILINEAR, antialias: bool = True
) -> Any:
    """An image of another size.

    Args:
        image: the image.
        size: height and width; or the shorter side, the other in proportion.
        interpolation: ``nearest``, ``bilinear`` or ``bicubic``.
        antialias: whether, when it gets smaller, all pixels count; not for ``nearest``.

    Returns:
        An image of this size.
    """
    columns, rows = get_image_size(image)
    sides = [size] if isinstance(size, int) else list(size)
    if len(sides) == 1:
        short = sides[0]
        sides = [max(short * rows // columns, short), max(short * columns // rows, short)]
    smooth = interpolation != InterpolationMode.NEAREST
    options: dict[str, Any] = {"align_corners": False, "antialias": antialias} if smooth else {}

    def resized(planes: Tensor) -> Tensor:
        batch = planes.reshape(-1, 1, *planes.shape[-2:])
        changed = F.interpolate(batch, size=tuple(sides), mode=str(interpolation), **options)
        return changed.reshape(*planes.shape[:-2], *sides)

    planes, back = _planes(image)
    return back(_as_floats(planes, resized))


def rgb_to_grayscale(image: Any, num_output_channels: int = 1) -> Any:
    """A coloured image in shades of grey.

    Formula:
        0.2989 red + 0.587 green + 0.114 blue

    Args:
        image: with three channels.
        num_output_channels: 1, or 3 equal ones.

    Returns:
        An image with so many channels.

    Raises:
        ValueError: it has not three channels.
    """
    planes, back = _planes(image)
    if planes.ndim < 3 or planes.shape[-3] != 3:
        raise ValueError(f"rgb_to_grayscale takes an image with three channels, got shape {np.shape(image)}")
    shares = ag.from_numpy(np.array([0.2989, 0.587, 0.114], np.float32).reshape(3, 1, 1))
    grey = _as_floats(planes, lambda floats: (floats * shares.to(floats.dtype)).sum(-3, keepdim=True))
    return back(grey if num_output_channels == 1 else ag.cat([grey] * num_output_channels, -3))


def rotate(
    image: Any,
    angle: float,
    interpolation: str = InterpolationMode.NEAREST,
    center: Sequence[float] | None = None,
    fill: float = 0,
) -> Any:
    """An image turned, in its old frame.

    Args:
        image: the image.
        angle: in degrees, counter-clockwise.
        interpolation: ``nearest``, ``bilinear`` or ``bicubic``.
        center: the column and row about which it is turned; by default the middle.
        fill: the value of what comes from outside.

    Returns:
        An image of the same size.

    Example:
        >>> import numpy as np
        >>> from nn.data.transforms.functional import rotate
        >>> rotate(np.array([[1, 2], [3, 4]]), 90)
        array([[2, 4],
               [1, 3]])
    """
    return affine(image, -angle, (0, 0), 1.0, (0.0, 0.0), interpolation, fill, center)


def affine(
    image: Any,
    angle: float,
    translate: Sequence[float],
    scale: float,
    shear: float | Sequence[float],
    interpolation: str = InterpolationMode.NEAREST,
    fill: float = 0,
    center: Sequence[float] | None = None,
) -> Any:
    """An image sheared, scaled, turned and then shifted, in its old frame.

    Args:
        image: the image.
        angle: in degrees, clockwise.
        translate: pixels to the right and down.
        scale: how much larger it gets.
        shear: in degrees along x, or along x and y.
        interpolation: ``nearest``, ``bilinear`` or ``bicubic``.
        fill: the value of what comes from outside.
        center: the column and row that stay where they are, the shift aside; by default the middle.

    Returns:
        An image of the same size.

    Raises:
        ValueError: the scale is not above 0.
    """
    if scale <= 0:
        raise ValueError(f"affine needs a scale above 0, got {scale}")
    planes, back = _planes(image)
    height, width = planes.shape[-2:]
    middle = (0.0, 0.0) if center is None else (center[0] - width / 2, center[1] - height / 2)
    inverse = np.linalg.inv(_matrix(angle, translate, scale, shear, middle))[:2]
    # from pixels about the middle to coordinates from −1 to 1
    inverse = inverse * np.array([[1, height / width, 2 / width], [width / height, 1, 2 / height]])

    def changed(planes: Tensor) -> Tensor:
        batch = planes.reshape(1, -1, height, width)
        theta = ag.from_numpy(inverse[None].astype(planes.dtype))
        grid = F.affine_grid(theta, batch.shape, align_corners=False)
        moved = F.grid_sample(batch - fill if fill else batch, grid, mode=str(interpolation), align_corners=False)
        return (moved + fill if fill else moved).reshape(planes.shape)

    return back(_as_floats(planes, changed))


def _matrix(angle: float, translate: Sequence[float], scale: float, shear: Any, middle: Sequence[float]) -> Any:
    """Where pixels go, counted from the middle of the image: (3, 3)."""
    turn = math.radians(angle)
    along, across = (math.tan(math.radians(part)) for part in pair(shear, second=0.0))
    cos, sin = math.cos(turn), math.sin(turn)
    linear = np.array([[cos, -sin], [sin, cos]]) @ [[1, 0], [-across, 1]] @ [[1, -along], [0, 1]] * scale
    matrix = np.eye(3)
    matrix[:2, :2] = linear
    matrix[:2, 2] = np.add(middle, translate) - linear @ np.asarray(middle)
    return matrix


def pair(size: Any, second: Any = None) -> tuple[Any, Any]:
    """Two numbers, of one or of two."""
    parts = list(size) if isinstance(size, Sequence) else [size]
    if len(parts) == 1:
        return parts[0], parts[0] if second is None else second
    first, other = parts
    return first, other
