"""Channels turned into pixels, pixels into channels, and channels among each other."""

from __future__ import annotations

from typing import Any

from autograd_core import Tensor

from .inputs import given


def _image(input: Any, name: str) -> Tensor:
    x = given(input)
    if x.ndim < 3:
        raise ValueError(f"{name} expects input to have at least 3 dimensions, (…, C, H, W), but got shape {x.shape}")
    return x


def pixel_shuffle(input: Any, upscale_factor: int) -> Tensor:
    """Groups of r² channels as the pixels of an image r times as large.

    Formula:
        y[c, h·r + i, w·r + j] = x[c·r² + i·r + j, h, w].

    Args:
        input: (…, C·r², H, W).
        upscale_factor: r.

    Returns:
        A Tensor (…, C, H·r, W·r).

    Raises:
        ValueError: r² does not divide the number of channels, or there are fewer than three axes.

    Example:
        >>> import autograd_core as ag, nn.functional as F
        >>> F.pixel_shuffle(ag.tensor([[[1.0]], [[2.0]], [[3.0]], [[4.0]]]), 2)
        tensor([[[1., 2.],
                 [3., 4.]]])

    Source: Shi et al., Real-Time Single Image and Video Super-Resolution (2016).
    """
    x, r = _image(input, "pixel_shuffle"), upscale_factor
    if r < 1:
        raise ValueError(f"pixel_shuffle expects a positive upscale_factor, but got {r}")
    *batch, channels, height, width = x.shape
    if channels % (r * r):
        raise ValueError(
            f"pixel_shuffle expects its input's 'channel' dimension to be divisible by the square of upscale_factor, "
            f"but {channels} is not divisible by {r * r}"
        )
    n = len(batch)
    parts = x.reshape(*batch, channels // (r * r), r, r, height, width)
    order = parts.permute(*range(n), n, n + 3, n + 1, n + 4, n + 2)
    return order.reshape(*batch, channels // (r * r), height * r, width * r)


def pixel_unshuffle(input: Any, downscale_factor: int) -> Tensor:
    """The inverse of :func:`pixel_shuffle`: each r × r block of pixels as r² channels.

    Formula:
        y[c·r² + i·r + j, h, w] = x[c, h·r + i, w·r + j].

    Args:
        input: (…, C, H·r, W·r).
        downscale_factor: r.

    Returns:
        A Tensor (…, C·r², H, W).

    Raises:
        ValueError: r does not divide height and width, or there are fewer than three axes.

    Example:
        >>> import autograd_core as ag, nn.functional as F
        >>> F.pixel_unshuffle(ag.tensor([[[1.0, 2.0], [3.0, 4.0]]]), 2).shape
        (4, 1, 1)
    """
    x, r = _image(input, "pixel_unshuffle"), downscale_factor
    if r < 1:
        raise ValueError(f"pixel_unshuffle expects a positive downscale_factor, but got {r}")
    *batch, channels, height, width = x.shape
    for length, what in ((height, "height"), (width, "width")):
        if length % r:
            raise ValueError(
                f"pixel_unshuffle expects {what} to be divisible by downscale_factor, but {length} is not divisible "
                f"by {r}"
            )
    n = len(batch)
    parts = x.reshape(*batch, channels, height // r, r, width // r, r)
    order = parts.permute(*range(n), n, n + 2, n + 4, n + 1, n + 3)
    return order.reshape(*batch, channels * r * r, height // r, width // r)


def channel_shuffle(input: Any, groups: int) -> Tensor:
    """The first channel of each group, then the second of each, and so on.

    Args:
        input: (N, C, d1, …).
        groups: how many groups of neighbouring channels.

    Returns:
        A Tensor of the same shape.

    Raises:
        ValueError: the groups do not divide the channels, or there are fewer than three axes.

    Example:
        >>> import autograd_core as ag, nn.functional as F
        >>> F.channel_shuffle(ag.arange(4.0).reshape(1, 4, 1), 2).flatten()
        tensor([0., 2., 1., 3.])

    Source: Zhang et al., ShuffleNet (2017).
    """
    x = _image(input, "channel_shuffle")
    if groups < 1:
        raise ValueError(f"Number of groups to divide channels in must be positive. Value of groups: {groups}")
    channels = x.shape[1]
    if channels % groups:
        raise ValueError(
            f"Number of channels must be divisible by groups. Got {channels} channels and {groups} groups."
        )
    parts = x.reshape(x.shape[0], groups, channels // groups, *x.shape[2:])
    return parts.transpose(1, 2).reshape(x.shape)
