"""Images and signals made larger or smaller: along each axis a weighted sum of a few neighbours."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd_core import Tensor

from .inputs import given
from .taps import Taps, resample

_LINEAR = {"linear": 3, "bilinear": 4, "trilinear": 5}
_NEAREST = ("nearest", "nearest-exact", "area")
_MODES = (*_NEAREST, *_LINEAR, "bicubic")


def cubic_weights(t: Any, a: float = -0.75) -> tuple[Any, Any, Any, Any]:
    """The weights of four neighbours for a point that lies t, from 0 to 1, after the second of them.

    Source: R. Keys, Cubic Convolution Interpolation for Digital Image Processing (1981).
    """

    def near(x: Any) -> Any:
        return ((a + 2) * x - (a + 3)) * x * x + 1

    def far(x: Any) -> Any:
        return ((a * x - 5 * a) * x + 8 * a) * x - 4 * a

    return far(t + 1), near(t), near(1 - t), far(2 - t)


def _scale(length: int, size: int, factor: float | None, corners: bool) -> float:
    """How far apart neighbouring results lie in the input."""
    if corners:
        return (length - 1) / (size - 1) if size > 1 else 0.0
    return length / size if factor is None else 1 / factor


def _nearest(length: int, size: int, factor: float | None, exact: bool, dtype: Any) -> Taps:
    places = np.arange(size).astype(dtype) + dtype(0.5 if exact else 0)
    index = np.floor((places * dtype(_scale(length, size, factor, False))).astype(np.float32)).astype(np.intp)
    return Taps(np.minimum(index, length - 1)[:, None], np.ones((size, 1)), length)


def _area(length: int, size: int) -> Taps:
    starts = np.arange(size) * length // size
    ends = -(-np.arange(1, size + 1) * length // size)
    index = starts[:, None] + np.arange(int((ends - starts).max(initial=0)))
    inside = index < ends[:, None]
    return Taps(np.where(inside, index, 0), inside / (ends - starts)[:, None], length)


def _smooth(length: int, size: int, scale: float, cubic: bool, corners: bool, dtype: Any) -> Taps:
    """Linear or cubic: two or four neighbours, those outside replaced by the edge."""
    places = np.arange(size).astype(dtype)
    source = places * dtype(scale) if corners else (places + dtype(0.5)) * dtype(scale) - dtype(0.5)
    if not cubic:
        source = np.maximum(source, 0)
    first = np.minimum(np.floor(source).astype(np.intp), length - 1)
    t = np.clip(source - first.astype(dtype), 0, 1)
    offsets, weights = ((-1, 0, 1, 2), cubic_weights(t)) if cubic else ((0, 1), (1 - t, t))
    index = first[:, None] + np.array(offsets)
    return Taps(np.clip(index, 0, length - 1), np.stack(weights, 1), length)


def _antialiased(length: int, size: int, scale: float, cubic: bool) -> Taps:
    """Linear or cubic, with the kernel stretched over all the elements that fall on one result."""
    stretch = max(scale, 1.0)
    reach = (2.0 if cubic else 1.0) * stretch
    centre = scale * (np.arange(size) + 0.5)
    starts = np.maximum((centre - reach + 0.5).astype(np.intp), 0)
    ends = np.minimum((centre + reach + 0.5).astype(np.intp), length)
    index = starts[:, None] + np.arange(int((ends - starts).max(initial=0)))
    x = np.abs(index - centre[:, None] + 0.5) / stretch
    if cubic:
        far, near, *_ = cubic_weights(np.where(x < 1, x, x - 1), -0.5)
        weight = np.where(x < 1, near, np.where(x < 2, far, 0))
    else:
        weight = np.maximum(1 - x, 0)
    weight = np.where(index < ends[:, None], weight, 0)
    return Taps(np.minimum(index, length - 1), weight / weight.sum(1, keepdims=True), length)


def _sizes(x: Tensor, size: Any, factor: Any, recompute: bool) -> tuple[list[int], list[Any]]:
    """The length of each axis of the result, and the scale factors, None where the lengths alone count."""
    lengths = x.shape[2:]
    if (size is None) == (factor is None):
        raise ValueError("only one of size or scale_factor should be defined, and one must be")
    given = list((size if factor is None else factor) if isinstance(size or factor, Sequence) else [])
    given = given or [size if factor is None else factor] * len(lengths)
    if len(given) != len(lengths):
        raise ValueError(
            f"interpolate needs one size, or scale factor, for each of the {len(lengths)} axes after (N, C) of the "
            f"input {x.shape}, got {given}"
        )
    if factor is None:
        if recompute:
            raise ValueError("recompute_scale_factor is not meaningful with an explicit size.")
        if not all(hasattr(n, "__index__") for n in given):
            raise TypeError(f"interpolate needs sizes of integers, got {given}")
        found = [int(n) for n in given]
        factors: list[Any] = [None] * len(found)
    else:
        found = [math.floor(n * float(f)) for n, f in zip(lengths, given, strict=True)]
        factors = [None if recompute else float(f) for f in given]
    if min(found) < 1 or min(lengths) < 1:
        raise ValueError(
            f"Input and output sizes should be greater than 0, but got input {tuple(lengths)} output {tuple(found)}"
        )
    return found, factors


def _check_mode(x: Tensor, mode: str, align_corners: bool | None, antialias: bool) -> None:
    if mode not in _MODES:
        raise NotImplementedError(f"interpolate has no mode {mode!r}: choose from {', '.join(_MODES)}")
    if mode in _NEAREST and align_corners is not None:
        raise ValueError(
            "align_corners option can only be set with the interpolating modes: linear | bilinear | bicubic | trilinear"
        )
    if antialias and not (mode in ("bilinear", "bicubic") and x.ndim == 4):
        raise ValueError("Anti-alias option is restricted to bilinear and bicubic modes and a 4-D tensor as input")
    axes = _LINEAR.get(mode, 4 if mode == "bicubic" else x.ndim)
    if x.ndim not in (3, 4, 5) or x.ndim != axes:
        wanted = axes if mode not in _NEAREST else "3, 4 or 5"
        raise NotImplementedError(f"mode {mode!r} needs an input of {wanted} axes, (N, C, …), got shape {x.shape}")
    if x.dtype.kind != "f" and not mode.startswith("nearest"):
        raise TypeError(f"mode {mode!r} needs floats, got {x.dtype}: convert with .float() first")


def interpolate(
    input: Any,
    size: Any = None,
    scale_factor: Any = None,
    mode: str = "nearest",
    align_corners: bool | None = None,
    recompute_scale_factor: bool | None = None,
    antialias: bool = False,
) -> Tensor:
    """Images, signals or volumes made larger or smaller.

    Formula:
        Along each axis y_i = Σ_k w_k·x_k over the neighbours of (i + 1/2)·s − 1/2, where s is the input's length over
        the result's; with align_corners of i·s, s that of the lengths less one.

    Args:
        input: (N, C, d1), (N, C, d1, d2) or (N, C, d1, d2, d3).
        size: the lengths of d1, … of the result; one number for all.
        scale_factor: instead of them, how many times longer; one number for all.
        mode: ``"nearest"`` (rounded down), ``"nearest-exact"``, ``"area"`` (means), ``"linear"``, ``"bilinear"`` and
            ``"trilinear"`` for one, two and three axes, ``"bicubic"`` for two.
        align_corners: whether the first and last elements stay where they are.
        recompute_scale_factor: take s from the lengths, not from scale_factor.
        antialias: average over all that falls on one element, when making smaller; bilinear and bicubic.

    Returns:
        A Tensor with axes d1, … of other lengths.

    Raises:
        ValueError: neither or both of size and scale_factor are given, they do not fit, or an option is not for this
            mode.
        NotImplementedError: there is no such mode for an input with so many axes.
        TypeError: the input is not floats, and the mode is not a nearest one.

    Example:
        >>> import autograd_core as ag, nn.functional as F
        >>> F.interpolate(ag.tensor([[[1.0, 2.0]]]), scale_factor=2, mode="linear")
        tensor([[[1.  , 1.25, 1.75, 2.  ]]])
    """
    x = given(input)
    _check_mode(x, mode, align_corners, antialias)
    sizes, factors = _sizes(x, size, scale_factor, bool(recompute_scale_factor) or (mode == "area" and size is None))
    dtype = np.float64 if x.dtype == np.float64 else np.float32
    for axis, (length, wanted, factor) in enumerate(zip(x.shape[2:], sizes, factors, strict=True), start=2):
        corners = bool(align_corners)
        scale = _scale(length, wanted, factor, corners)
        if length == wanted and scale == 1:
            continue
        if mode.startswith("nearest"):
            taps = _nearest(length, wanted, factor, mode == "nearest-exact", dtype)
        elif mode == "area":
            taps = _area(length, wanted)
        elif antialias:
            taps = _antialiased(length, wanted, scale, mode == "bicubic")
        else:
            taps = _smooth(length, wanted, scale, mode == "bicubic", corners, dtype)
        x = resample(x, axis=axis, taps=taps)
    return x


def upsample_nearest(input: Any, size: Any = None, scale_factor: Any = None) -> Tensor:
    """:func:`interpolate` with mode ``"nearest"``, by PyTorch's old name.

    Args:
        input: as for :func:`interpolate`.
        size: as for :func:`interpolate`.
        scale_factor: as for :func:`interpolate`.

    Returns:
        A Tensor with axes d1, … of other lengths.

    Example:
        >>> import autograd_core as ag, nn.functional as F
        >>> F.upsample_nearest(ag.tensor([[[1.0, 2.0]]]), scale_factor=2)
        tensor([[[1., 1., 2., 2.]]])
    """
    return interpolate(input, size, scale_factor)


def upsample_bilinear(input: Any, size: Any = None, scale_factor: Any = None) -> Tensor:
    """:func:`interpolate` with mode ``"bilinear"`` and aligned corners, by PyTorch's old name.

    Args:
        input: (N, C, H, W).
        size: as for :func:`interpolate`.
        scale_factor: as for :func:`interpolate`.

    Returns:
        A Tensor (N, C, H', W').

    Example:
        >>> import autograd_core as ag, nn.functional as F
        >>> F.upsample_bilinear(ag.tensor([[[[1.0, 2.0]]]]), (1, 3))
        tensor([[[[1. , 1.5, 2. ]]]])
    """
    return interpolate(input, size, scale_factor, "bilinear", align_corners=True)
