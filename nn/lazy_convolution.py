"""Convolutions that take in_channels from their first input."""

from __future__ import annotations

from typing import Any

from .convolution import Conv1d, Conv2d, Conv3d, ConvTranspose1d, ConvTranspose2d, ConvTranspose3d, _Filter
from .lazy import Lazy

_DOC = """{becomes} without its first argument, in_channels, which it takes from its first input.

Args:
    out_channels: the channels of the output.
    kernel_size: the window's length.
    args: the other arguments of {becomes}.
    kwargs: the other arguments of {becomes}, by name.

Example:
    >>> import autograd_core as ag, nn
    >>> layer = nn.Lazy{becomes}(8, 3)
    >>> _ = layer(ag.zeros({shape}))
    >>> layer
    {becomes}(4, 8, kernel_size={size}, stride={stride})
"""


def _told(layer: type[_Filter]) -> str:
    n = layer._count
    shape = ", ".join(["1", "4"] + ["5"] * n)
    return _DOC.format(becomes=layer.__name__, shape=shape, size=(3,) * n, stride=(1,) * n)


class _Waiting(Lazy, _Filter):
    """Base of the lazy form of a convolution."""

    def __init__(self, out_channels: int, kernel_size: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(0, out_channels, kernel_size, *args, **kwargs)
        self._empty()

    def initialize_parameters(self, input: Any) -> None:
        """Give weight and bias the shapes that fit an input, and draw them."""
        if input.ndim <= self._count:
            raise ValueError(
                f"{self._where()} expects an input with channels and {self._count} axes more, got {input.shape}"
            )
        self.in_channels = input.shape[-self._count - 1]
        if self.has_uninitialized_params():
            self._materialize("weight", self._weight_shape())
            self._materialize("bias", (self.out_channels,))
            self.reset_parameters()


class LazyConv1d(_Waiting, Conv1d):
    __doc__ = _told(Conv1d)
    _becomes = Conv1d


class LazyConv2d(_Waiting, Conv2d):
    __doc__ = _told(Conv2d)
    _becomes = Conv2d


class LazyConv3d(_Waiting, Conv3d):
    __doc__ = _told(Conv3d)
    _becomes = Conv3d


class LazyConvTranspose1d(_Waiting, ConvTranspose1d):
    __doc__ = _told(ConvTranspose1d)
    _becomes = ConvTranspose1d


class LazyConvTranspose2d(_Waiting, ConvTranspose2d):
    __doc__ = _told(ConvTranspose2d)
    _becomes = ConvTranspose2d


class LazyConvTranspose3d(_Waiting, ConvTranspose3d):
    __doc__ = _told(ConvTranspose3d)
    _becomes = ConvTranspose3d
