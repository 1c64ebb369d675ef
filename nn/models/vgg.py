"""VGG: plain stacks of 3×3 convolutions."""

from __future__ import annotations

from typing import Any

import autograd_core as ag
from autograd_core import Tensor

from .. import init
from ..adaptive_pooling import AdaptiveAvgPool2d
from ..batch_normalization import BatchNorm2d
from ..containers import Sequential
from ..convolution import Conv2d
from ..dropout import Dropout
from ..linear import Linear
from ..module import Module
from ..pooling import MaxPool2d
from ..rectifier import ReLU
from .pretrained import refuse

# For each depth, how many convolutions there are between the poolings.
_DEPTHS = {11: (1, 1, 2, 2, 2), 13: (2, 2, 2, 2, 2), 16: (2, 2, 3, 3, 3), 19: (2, 2, 4, 4, 4)}
_CHANNELS = (64, 128, 256, 512, 512)


class VGG(Module):
    """Convolutions, and three linear layers that decide.

    Args:
        features: the convolutional part, which gives 512 channels.
        num_classes: how many classes.
        init_weights: whether convolutions start as He et al. say and linear layers from a normal distribution.
        dropout: the probability with which elements are dropped between the linear layers in training.

    Returns:
        From a call with (N, 3, H, W): scores (N, num_classes).

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.models.vgg11(num_classes=10)(ag.zeros(1, 3, 64, 64)).shape  # doctest: +SKIP
        (1, 10)

    Source: Simonyan and Zisserman, Very Deep Convolutional Networks for Large-Scale Image Recognition (2015).
    """

    def __init__(
        self, features: Module, num_classes: int = 1000, init_weights: bool = True, dropout: float = 0.5
    ) -> None:
        super().__init__()
        self.features = features
        self.avgpool = AdaptiveAvgPool2d((7, 7))
        self.classifier = Sequential(
            Linear(512 * 7 * 7, 4096),
            ReLU(True),
            Dropout(dropout),
            Linear(4096, 4096),
            ReLU(True),
            Dropout(dropout),
            Linear(4096, num_classes),
        )
        if init_weights:
            self._draw()

    def _draw(self) -> None:
        for module in self.modules():
            if isinstance(module, Conv2d):
                init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
            elif isinstance(module, Linear):
                init.normal_(module.weight, 0, 0.01)
            else:
                continue
            if module.bias is not None:
                init.zeros_(module.bias)

    def forward(self, x: Any) -> Tensor:
        y: Tensor = self.classifier(ag.flatten(self.avgpool(self.features(x)), 1))
        return y


def _vgg(depth: int, batch_norm: bool, weights: Any, options: dict[str, Any]) -> VGG:
    refuse(weights, f"vgg{depth}")
    layers: list[Module] = []
    before = 3
    for count, channels in zip(_DEPTHS[depth], _CHANNELS, strict=True):
        for _ in range(count):
            layers.append(Conv2d(before, channels, 3, padding=1))
            if batch_norm:
                layers.append(BatchNorm2d(channels))
            layers.append(ReLU(True))
            before = channels
        layers.append(MaxPool2d(2, 2))
    return VGG(Sequential(*layers), **options)


def vgg11(*, weights: None = None, progress: bool = True, **kwargs: Any) -> VGG:
    """VGG with 11 layers, 132,863,336 parameters; further arguments go to :class:`VGG`."""
    return _vgg(11, False, weights, kwargs)


def vgg11_bn(*, weights: None = None, progress: bool = True, **kwargs: Any) -> VGG:
    """VGG with 11 layers and batch normalisation, 132,868,840 parameters; further arguments go to :class:`VGG`."""
    return _vgg(11, True, weights, kwargs)


def vgg13(*, weights: None = None, progress: bool = True, **kwargs: Any) -> VGG:
    """VGG with 13 layers, 133,047,848 parameters; further arguments go to :class:`VGG`."""
    return _vgg(13, False, weights, kwargs)


def vgg13_bn(*, weights: None = None, progress: bool = True, **kwargs: Any) -> VGG:
    """VGG with 13 layers and batch normalisation, 133,053,736 parameters; further arguments go to :class:`VGG`."""
    return _vgg(13, True, weights, kwargs)


def vgg16(*, weights: None = None, progress: bool = True, **kwargs: Any) -> VGG:
    """VGG with 16 layers, 138,357,544 parameters; further arguments go to :class:`VGG`."""
    return _vgg(16, False, weights, kwargs)


def vgg16_bn(*, weights: None = None, progress: bool = True, **kwargs: Any) -> VGG:
    """VGG with 16 layers and batch normalisation, 138,365,992 parameters; further arguments go to :class:`VGG`."""
    return _vgg(16, True, weights, kwargs)


def vgg19(*, weights: None = None, progress: bool = True, **kwargs: Any) -> VGG:
    """VGG with 19 layers, 143,667,240 parameters; further arguments go to :class:`VGG`."""
    return _vgg(19, False, weights, kwargs)


def vgg19_bn(*, weights: None = None, progress: bool = True, **kwargs: Any) -> VGG:
    """VGG with 19 layers and batch normalisation, 143,678,248 parameters; further arguments go to :class:`VGG`."""
    return _vgg(19, True, weights, kwargs)
