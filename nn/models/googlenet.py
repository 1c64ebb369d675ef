"""GoogLeNet: a stack of Inception modules."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import autograd_core as ag
from autograd_core import Tensor

from .. import functional as F  # noqa: N812 - PyTorch's name
from .. import init
from ..adaptive_pooling import AdaptiveAvgPool2d
from ..convolution import Conv2d
from ..dropout import Dropout
from ..linear import Linear
from ..module import Module
from ..pooling import MaxPool2d
from .inception import BasicConv2d, Inception
from .pretrained import refuse


class GoogLeNetOutputs(NamedTuple):
    """Scores, and in training those of the two auxiliary classifiers."""

    logits: Tensor
    aux_logits2: Tensor | None
    aux_logits1: Tensor | None


class InceptionAux(Module):
    """A classifier that is put on the middle of a network, so that gradients reach its start.

    Args:
        in_channels: channels of the input.
        num_classes: how many classes.
        conv_block: makes a convolution.
        dropout: the probability with which elements are dropped in training.

    Returns:
        From a call with (N, in_channels, H, W): scores (N, num_classes).

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.models.InceptionAux(16, 10)(ag.zeros(2, 16, 14, 14)).shape
        (2, 10)
    """

    def __init__(
        self,
        in_channels: int,
        num_classes: int,
        conv_block: Callable[..., Module] = BasicConv2d,
        dropout: float = 0.7,
    ) -> None:
        super().__init__()
        self.conv = conv_block(in_channels, 128, kernel_size=1)
        self.fc1 = Linear(2048, 1024)
        self.fc2 = Linear(1024, num_classes)
        self.dropout = Dropout(dropout)

    def forward(self, x: Any) -> Tensor:
        x = ag.flatten(self.conv(F.adaptive_avg_pool2d(x, (4, 4))), 1)
        y: Tensor = self.fc2(self.dropout(F.relu(self.fc1(x), inplace=True)))
        return y


class GoogLeNet(Module):
    """Nine Inception modules between poolings, and one linear layer.

    Args:
        num_classes: how many classes.
        aux_logits: whether there are two auxiliary classifiers, which are used in training.
        transform_input: whether images normalised for ImageNet are first shifted to mean 0.5 and deviation 0.5.
        init_weights: whether weights start from a normal distribution of deviation 0.01.
        dropout: the probability with which elements are dropped before the linear layer in training.
        dropout_aux: the same in the auxiliary classifiers.

    Returns:
        From a call with (N, 3, H, W): scores (N, num_classes); in training with aux_logits :class:`GoogLeNetOutputs`.

    Example:
        >>> import nn
        >>> model = nn.models.GoogLeNet(aux_logits=False, init_weights=False)
        >>> f"{sum(p.numel() for p in model.parameters()):,}"
        '6,624,904'

    Source: Szegedy et al., Going Deeper with Convolutions (2015); with batch normalisation, as torchvision has it.
    """

    def __init__(
        self,
        num_classes: int = 1000,
        aux_logits: bool = True,
        transform_input: bool = False,
        init_weights: bool = True,
        dropout: float = 0.2,
        dropout_aux: float = 0.7,
    ) -> None:
        super().__init__()
        self.aux_logits = aux_logits
        self.transform_input = transform_input
        self.conv1 = BasicConv2d(3, 64, kernel_size=7, stride=2, padding=3)
        self.maxpool1 = MaxPool2d(3, stride=2, ceil_mode=True)
        self.conv2 = BasicConv2d(64, 64, kernel_size=1)
        self.conv3 = BasicConv2d(64, 192, kernel_size=3, padding=1)
        self.maxpool2 = MaxPool2d(3, stride=2, ceil_mode=True)
        self.inception3a = Inception(192, 64, 96, 128, 16, 32, 32)
        self.inception3b = Inception(256, 128, 128, 192, 32, 96, 64)
        self.maxpool3 = MaxPool2d(3, stride=2, ceil_mode=True)
        self.inception4a = Inception(480, 192, 96, 208, 16, 48, 64)
        self.inception4b = Inception(512, 160, 112, 224, 24, 64, 64)
        self.inception4c = Inception(512, 128, 128, 256, 24, 64, 64)
        self.inception4d = Inception(512, 112, 144, 288, 32, 64, 64)
        self.inception4e = Inception(528, 256, 160, 320, 32, 128, 128)
        self.maxpool4 = MaxPool2d(2, stride=2, ceil_mode=True)
        self.inception5a = Inception(832, 256, 160, 320, 32, 128, 128)
        self.inception5b = Inception(832, 384, 192, 384, 48, 128, 128)
        self.aux1 = InceptionAux(512, num_classes, dropout=dropout_aux) if aux_logits else None
        self.aux2 = InceptionAux(528, num_classes, dropout=dropout_aux) if aux_logits else None
        self.avgpool = AdaptiveAvgPool2d((1, 1))
        self.dropout = Dropout(dropout)
        self.fc = Linear(1024, num_classes)
        if init_weights:
            for module in self.modules():
                if isinstance(module, (Conv2d, Linear)):
                    init.trunc_normal_(module.weight, std=0.01, a=-2, b=2)

    def _transformed(self, x: Any) -> Any:
        if not self.transform_input:
            return x
        scales, shifts = (0.229, 0.224, 0.225), (0.485, 0.456, 0.406)
        parts = [x[:, i : i + 1] * (scales[i] / 0.5) + (shifts[i] - 0.5) / 0.5 for i in range(3)]
        return ag.cat(parts, 1)

    def forward(self, x: Any) -> Tensor | GoogLeNetOutputs:
        x = self.maxpool1(self.conv1(self._transformed(x)))
        x = self.maxpool2(self.conv3(self.conv2(x)))
        x = self.maxpool3(self.inception3b(self.inception3a(x)))
        x = self.inception4a(x)
        first = self.aux1(x) if self.aux1 is not None and self.training else None
        x = self.inception4d(self.inception4c(self.inception4b(x)))
        second = self.aux2(x) if self.aux2 is not None and self.training else None
        x = self.maxpool4(self.inception4e(x))
        x = self.inception5b(self.inception5a(x))
        y: Tensor = self.fc(self.dropout(ag.flatten(self.avgpool(x), 1)))
        return GoogLeNetOutputs(y, second, first) if self.training and self.aux_logits else y


def googlenet(*, weights: None = None, progress: bool = True, **kwargs: Any) -> GoogLeNet:
    """GoogLeNet, 13,004,888 parameters, without auxiliary classifiers 6,624,904; arguments go to :class:`GoogLeNet`."""
    refuse(weights, "googlenet")
    return GoogLeNet(**kwargs)
