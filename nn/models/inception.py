"""Inception modules: convolutions of several sizes side by side."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import autograd_core as ag
from autograd_core import Tensor

from .. import functional as F  # noqa: N812 - PyTorch's name
from ..batch_normalization import BatchNorm2d
from ..containers import Sequential
from ..convolution import Conv2d
from ..module import Module
from ..pooling import MaxPool2d

Block = Callable[..., Module]


class BasicConv2d(Module):
    """A convolution without bias, batch normalisation and relu.

    Args:
        in_channels: channels of the input.
        out_channels: channels of the result.
        kwargs: more arguments of Conv2d.

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.models.BasicConv2d(3, 8, kernel_size=3, padding=1)(ag.zeros(2, 3, 6, 6)).shape
        (2, 8, 6, 6)
    """

    def __init__(self, in_channels: int, out_channels: int, **kwargs: Any) -> None:
        super().__init__()
        self.conv = Conv2d(in_channels, out_channels, bias=False, **kwargs)
        self.bn = BatchNorm2d(out_channels, eps=0.001)

    def forward(self, x: Any) -> Tensor:
        return F.relu(self.bn(self.conv(x)), inplace=True)


class NaiveInception(Module):
    """1×1, 3×3 and 5×5 convolutions and 3×3 pooling of the same input, results put together along the channels.

    Args:
        in_channels: channels of the input; pooling gives as many again.
        ch1x1: channels from the 1×1 convolution.
        ch3x3: channels from the 3×3 convolution.
        ch5x5: channels from the 5×5 convolution.
        conv_block: makes a convolution.

    Returns:
        From a call with (N, in_channels, H, W): a Tensor (N, ch1x1 + ch3x3 + ch5x5 + in_channels, H, W).

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.models.NaiveInception(256, 128, 192, 96)(ag.zeros(1, 256, 28, 28)).shape
        (1, 672, 28, 28)

    Source: Szegedy et al., Going Deeper with Convolutions (2015), figure 2a.
    """

    def __init__(self, in_channels: int, ch1x1: int, ch3x3: int, ch5x5: int, conv_block: Block = BasicConv2d) -> None:
        super().__init__()
        self.branch1 = conv_block(in_channels, ch1x1, kernel_size=1)
        self.branch2 = conv_block(in_channels, ch3x3, kernel_size=3, padding=1)
        self.branch3 = conv_block(in_channels, ch5x5, kernel_size=5, padding=2)
        self.branch4 = MaxPool2d(3, stride=1, padding=1)

    def forward(self, x: Any) -> Tensor:
        return ag.cat([self.branch1(x), self.branch2(x), self.branch3(x), self.branch4(x)], 1)


class Inception(Module):
    """An Inception module whose larger convolutions see fewer channels, as torchvision has it.

    Args:
        in_channels: channels of the input.
        ch1x1: channels from the 1×1 convolution.
        ch3x3red: channels that the 3×3 convolution sees, from a 1×1 one.
        ch3x3: channels from the 3×3 convolution.
        ch5x5red: channels that the last convolution sees, from a 1×1 one.
        ch5x5: channels from the last convolution, which torchvision makes 3×3 as well.
        pool_proj: channels from a 1×1 convolution after 3×3 pooling.
        conv_block: makes a convolution.

    Returns:
        From a call with (N, in_channels, H, W): a Tensor (N, ch1x1 + ch3x3 + ch5x5 + pool_proj, H, W).

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.models.Inception(192, 64, 96, 128, 16, 32, 32)(ag.zeros(1, 192, 8, 8)).shape
        (1, 256, 8, 8)

    Source: Szegedy et al., Going Deeper with Convolutions (2015), figure 2b.
    """

    _last = 3  # the paper has 5; trained weights of torchvision have 3

    def __init__(
        self,
        in_channels: int,
        ch1x1: int,
        ch3x3red: int,
        ch3x3: int,
        ch5x5red: int,
        ch5x5: int,
        pool_proj: int,
        conv_block: Block = BasicConv2d,
    ) -> None:
        super().__init__()
        self.branch1 = conv_block(in_channels, ch1x1, kernel_size=1)
        self.branch2 = Sequential(
            conv_block(in_channels, ch3x3red, kernel_size=1),
            conv_block(ch3x3red, ch3x3, kernel_size=3, padding=1),
        )
        self.branch3 = Sequential(
            conv_block(in_channels, ch5x5red, kernel_size=1),
            conv_block(ch5x5red, ch5x5, kernel_size=self._last, padding=self._last // 2),
        )
        self.branch4 = Sequential(
            MaxPool2d(3, stride=1, padding=1, ceil_mode=True),
            conv_block(in_channels, pool_proj, kernel_size=1),
        )

    def forward(self, x: Any) -> Tensor:
        return ag.cat([self.branch1(x), self.branch2(x), self.branch3(x), self.branch4(x)], 1)


class BottleneckInception(Inception):
    """:class:`Inception` with the paper's 5×5 convolution.

    Args:
        args: as for :class:`Inception`.

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.models.BottleneckInception(256, 128, 64, 192, 64, 96, 64)(ag.zeros(1, 256, 28, 28)).shape
        (1, 480, 28, 28)

    Source: Szegedy et al., Going Deeper with Convolutions (2015), figure 2b.
    """

    _last = 5
