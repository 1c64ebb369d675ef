"""Layers that put elements elsewhere."""

from __future__ import annotations

from typing import Any

from autograd_core import Tensor

from . import functional as F  # noqa: N812 - PyTorch's name
from .module import Module


class PixelShuffle(Module):
    """Channels as pixels, (…, C·r², H, W) to (…, C, H·r, W·r); see :func:`nn.functional.pixel_shuffle`.

    Args:
        upscale_factor: r.

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.PixelShuffle(2)(ag.zeros(1, 8, 3, 3)).shape
        (1, 2, 6, 6)
    """

    def __init__(self, upscale_factor: int) -> None:
        super().__init__()
        self.upscale_factor = upscale_factor

    def forward(self, input: Any) -> Tensor:
        return F.pixel_shuffle(input, self.upscale_factor)

    def extra_repr(self) -> str:
        return f"upscale_factor={self.upscale_factor}"


class PixelUnshuffle(Module):
    """Pixels as channels, (…, C, H·r, W·r) to (…, C·r², H, W); see :func:`nn.functional.pixel_unshuffle`.

    Args:
        downscale_factor: r.

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.PixelUnshuffle(2)(ag.zeros(1, 2, 6, 6)).shape
        (1, 8, 3, 3)
    """

    def __init__(self, downscale_factor: int) -> None:
        super().__init__()
        self.downscale_factor = downscale_factor

    def forward(self, input: Any) -> Tensor:
        return F.pixel_unshuffle(input, self.downscale_factor)

    def extra_repr(self) -> str:
        return f"downscale_factor={self.downscale_factor}"


class ChannelShuffle(Module):
    """The channels of several groups in turn; see :func:`nn.functional.channel_shuffle`.

    Args:
        groups: how many groups.

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.ChannelShuffle(2)(ag.arange(4).reshape(1, 4, 1)).flatten()
        tensor([0, 2, 1, 3])
    """

    def __init__(self, groups: int) -> None:
        super().__init__()
        self.groups = groups

    def forward(self, input: Any) -> Tensor:
        return F.channel_shuffle(input, self.groups)

    def extra_repr(self) -> str:
        return f"groups={self.groups}"
