"""Images sampled at places given by a grid, and grids made from affine maps."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

import autograd_core as ag
from autograd_core import Tensor
from autograd_core.ops.gather import take_op
from autograd_core.tensor import from_array

from .inputs import floats, given
from .resize import cubic_weights

_MODES = ("bilinear", "nearest", "bicubic")
_PADDINGS = ("zeros", "border", "reflection")


class _Tap(NamedTuple):
    """One neighbour along one axis, for every place: which it is, whether it exists, how much it counts."""

    index: Any
    exists: Any
    weight: Tensor | None


def _reflected(place: Any, length: int, corners: bool) -> tuple[Any, Any]:
    """Places mirrored at the borders until they are inside, and the slope of that, 1 or −1."""
    low, span = (0.0, float(length - 1)) if corners else (-0.5, float(length))
    if span == 0:
        return np.zeros_like(place), np.zeros_like(place)
    away = place - low
    flips, rest = np.divmod(np.abs(away), span)
    odd = flips % 2 == 1
    inside = np.where(odd, span - rest, rest) + low
    return inside, np.where(odd == (away < 0), np.ones_like(place), np.full_like(place, -1))


def _inside(place: Any, length: int, padding: str, corners: bool) -> tuple[Any, Any]:
    """Places moved inside by border or reflection, and the slope of that: 1, −1 or 0."""
    slope = np.ones_like(place)
    place = np.where(np.isnan(place), np.zeros_like(place), place)
    if padding == "reflection":
        place, slope = _reflected(np.where(np.isinf(place), np.zeros_like(place), place), length, corners)
    moved = np.where((place > 0) & (place < length - 1), slope, np.zeros_like(slope))
    return np.clip(place, 0, length - 1), moved


def _placed(grid: Tensor, length: int, padding: str, corners: bool) -> Tensor:
    """Coordinates from −1 to 1 as places along an axis of pixels; by border or reflection inside it."""
    place = (grid + 1) * ((length - 1) / 2) if corners else ((grid + 1) * length - 1) * 0.5
    if padding == "zeros":
        far = (place.array > -2) & (place.array < length + 1)
        near: Tensor = ag.where(from_array(far), place, -2.0)  # whatever is farther out, infinities and NaN
        return near
    inside, slope = _inside(place.array, length, padding, corners)
    change = ag.where(from_array(np.isfinite(place.array)), place, 0.0)
    moved: Tensor = from_array(inside) + (change - change.detach()) * from_array(slope)
    return moved


def _tap(index: Any, length: int, weight: Tensor | None) -> _Tap:
    return _Tap(np.clip(index, 0, length - 1).astype(np.intp), (index >= 0) & (index < length), weight)


def _taps(grid: Tensor, length: int, mode: str, padding: str, corners: bool) -> list[_Tap]:
    """The neighbours along one axis of every place."""
    if mode == "bicubic":
        place = (grid + 1) * ((length - 1) / 2) if corners else ((grid + 1) * length - 1) * 0.5
        place = ag.where(from_array(np.isfinite(place.array)), place, -2.0 * length - 9)
        first = np.floor(place.array)
        weights = cubic_weights(place - from_array(first))
        taps = [first + k for k in (-1, 0, 1, 2)]
        if padding != "zeros":
            taps = [np.rint(_inside(tap, length, padding, corners)[0]) for tap in taps]
        return [_tap(tap, length, weight) for tap, weight in zip(taps, weights, strict=True)]
    place = _placed(grid, length, padding, corners)
    if mode == "nearest":
        return [_tap(np.rint(place.array), length, None)]
    first = np.floor(place.array)
    t = place - from_array(first)
    return [_tap(first, length, 1 - t), _tap(first + 1, length, t)]


def grid_sample(
    input: Any,
    grid: Any,
    mode: str = "bilinear",
    padding_mode: str = "zeros",
    align_corners: bool | None = None,
) -> Tensor:
    """Images, or volumes, sampled at given places.

    Formula:
        y[n, c, i] = Σ w·x[n, c, k] over the neighbours k of the place grid[n, i].

    Args:
        input: (N, C, H, W) or (N, C, D, H, W).
        grid: the places, (N, H', W', 2) as (x, y), or (N, D', H', W', 3) as (x, y, z): −1 is one border, 1 the other.
        mode: ``"bilinear"`` (also for volumes), ``"nearest"`` or, for images, ``"bicubic"``.
        padding_mode: what lies outside: ``"zeros"``, ``"border"`` or ``"reflection"``.
        align_corners: whether −1 and 1 are the centres of the outermost pixels, not their outer edges.

    Returns:
        A Tensor (N, C, H', W') or (N, C, D', H', W').

    Raises:
        ValueError: shapes do not fit, or there is no such mode.
        TypeError: the dtypes differ.

    Example:
        >>> import autograd_core as ag, nn.functional as F
        >>> x = ag.tensor([[[[1.0, 2.0], [3.0, 4.0]]]])
        >>> F.grid_sample(x, ag.tensor([[[[0.0, 0.0], [1.0, 1.0]]]]), align_corners=True)
        tensor([[[[2.5, 4. ]]]])

    Source: Jaderberg et al., Spatial Transformer Networks (2015).
    """
    x, places = floats(input), floats(grid)
    _check(x, places, mode, padding_mode)
    n, channels, *lengths = x.shape
    outside = n * math.prod(lengths)
    rows = x.movedim(1, -1).reshape(outside, channels)
    if padding_mode == "zeros":
        rows = ag.concatenate([rows, ag.zeros(1, channels, dtype=x.dtype)])
    axes = [  # x, which runs along the last axis, stands first in the grid
        _taps(places.select(-1, -1 - axis), lengths[axis], mode, padding_mode, bool(align_corners))
        for axis in range(len(lengths))
    ]
    batch = np.arange(n).reshape(-1, *(1,) * len(lengths))
    total: Any = None
    for neighbour in itertools.product(*axes):
        index, exists, weight = batch, True, None
        for tap, length in zip(neighbour, lengths, strict=True):
            index, exists = index * length + tap.index, exists & tap.exists
            weight = tap.weight if weight is None else weight * tap.weight
        if padding_mode == "zeros":
            index = np.where(exists, index, outside)
        part = take_op(rows, index=index, axis=0)
        part = part if weight is None else part * weight.unsqueeze(-1)
        total = part if total is None else total + part
    result: Tensor = total.movedim(-1, 1)
    return result


def _check(x: Tensor, grid: Tensor, mode: str, padding_mode: str) -> None:
    if mode not in _MODES:
        raise ValueError(f"grid_sample(): expected mode to be one of {', '.join(_MODES)}, but got: {mode!r}")
    if padding_mode not in _PADDINGS:
        raise ValueError(
            f"grid_sample(): expected padding_mode to be one of {', '.join(_PADDINGS)}, but got: {padding_mode!r}"
        )
    if x.dtype != grid.dtype:
        raise TypeError(f"grid_sample(): expected input and grid to have same dtype, got {x.dtype} and {grid.dtype}")
    if x.ndim not in (4, 5) or x.ndim != grid.ndim or grid.shape[-1] != x.ndim - 2 or x.shape[0] != grid.shape[0]:
        raise ValueError(
            f"grid_sample() needs an input (N, C, H, W) with a grid (N, H', W', 2), or (N, C, D, H, W) with "
            f"(N, D', H', W', 3): got input {x.shape} and grid {grid.shape}"
        )
    if 0 in x.shape[2:]:
        raise ValueError(f"grid_sample(): expected input to have non-empty spatial dimensions, got shape {x.shape}")
    if mode == "bicubic" and x.ndim != 4:
        raise ValueError(f"grid_sample(): bicubic interpolation only supports 4D input, got shape {x.shape}")


def affine_grid(theta: Any, size: Sequence[int], align_corners: bool | None = None) -> Tensor:
    """The grid that samples an image, or a volume, through an affine map.

    Formula:
        grid[n, i, j] = θ_n·(x_j, y_i, 1), with x and y evenly from −1 to 1.

    Args:
        theta: θ, (N, 2, 3) for images or (N, 3, 4) for volumes.
        size: the shape of the result to be sampled, (N, C, H, W) or (N, C, D, H, W).
        align_corners: as for :func:`grid_sample`.

    Returns:
        A Tensor (N, H, W, 2) or (N, D, H, W, 3).

    Raises:
        ValueError: shapes do not fit, or a length is not positive.
        TypeError: theta is not floats.

    Example:
        >>> import autograd_core as ag, nn.functional as F
        >>> F.affine_grid(ag.tensor([[[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]]), (1, 1, 1, 2))
        tensor([[[[-0.5,  0. ],
                  [ 0.5,  0. ]]]])
    """
    theta, sizes = given(theta), tuple(size)
    if theta.dtype.kind != "f":
        raise TypeError(f"Expected theta to have floating point type, but got {theta.dtype}")
    dims = len(sizes) - 2
    if dims not in (2, 3) or theta.shape != (sizes[0], dims, dims + 1):
        raise ValueError(
            f"affine_grid needs theta (N, 2, 3) with a size (N, C, H, W), or (N, 3, 4) with (N, C, D, H, W): got theta "
            f"{theta.shape} and size {sizes}"
        )
    if min(sizes) < 1:
        raise ValueError(f"Expected non-zero, positive output size. Got {sizes}")
    ticks = [_ticks(n, bool(align_corners)).astype(theta.dtype) for n in sizes[2:]]
    base = np.stack([*np.meshgrid(*ticks, indexing="ij")[::-1], np.ones(sizes[2:], theta.dtype)], -1)
    points = ag.matmul(from_array(base.reshape(-1, dims + 1)), theta.transpose(1, 2))
    return points.reshape(sizes[0], *sizes[2:], dims)


def _ticks(n: int, corners: bool) -> Any:
    """n places evenly from −1 to 1: of the pixels' centres, or with corners from border to border."""
    if corners:
        return np.linspace(-1, 1, n) if n > 1 else np.zeros(1)
    return (2 * np.arange(n) + 1) / n - 1
