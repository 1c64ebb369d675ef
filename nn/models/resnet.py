"""ResNet: blocks whose input is added to their output."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import autograd_core as ag
from autograd_core import Tensor

from .. import init
from ..adaptive_pooling import AdaptiveAvgPool2d
from ..batch_normalization import BatchNorm2d
from ..containers import Sequential
from ..convolution import Conv2d
from ..linear import Linear
from ..module import Module
from ..normalization import GroupNorm
from ..pooling import MaxPool2d
from ..rectifier import ReLU
from .pretrained import refuse

Norm = Callable[[int], Module]


def _conv3x3(inplanes: int, planes: int, stride: int = 1, groups: int = 1) -> Conv2d:
    return Conv2d(inplanes, planes, 3, stride=stride, padding=1, groups=groups, bias=False)


def _conv1x1(inplanes: int, planes: int, stride: int = 1) -> Conv2d:
    return Conv2d(inplanes, planes, 1, stride=stride, bias=False)


class BasicBlock(Module):
    """Two 3×3 convolutions F, and y = relu(F(x) + x).

    Args:
        inplanes: the channels of x.
        planes: the channels of y.
        stride: of the first convolution.
        downsample: brings x to the shape of F(x), or None if it has it.
        groups: 1.
        base_width: 64.
        norm_layer: makes a normalisation from a number of channels; by default BatchNorm2d.

    Raises:
        ValueError: groups or base_width are others.

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.models.BasicBlock(8, 8)(ag.zeros(2, 8, 6, 6)).shape
        (2, 8, 6, 6)

    Source: He et al., Deep Residual Learning for Image Recognition (2016).
    """

    expansion = 1

    def __init__(
        self,
        inplanes: int,
        planes: int,
        stride: int = 1,
        downsample: Module | None = None,
        groups: int = 1,
        base_width: int = 64,
        norm_layer: Norm = BatchNorm2d,
    ) -> None:
        super().__init__()
        if groups != 1 or base_width != 64:
            raise ValueError("BasicBlock only supports groups=1 and base_width=64")
        self.conv1 = _conv3x3(inplanes, planes, stride)
        self.bn1 = norm_layer(planes)
        self.relu = ReLU(inplace=True)
        self.conv2 = _conv3x3(planes, planes)
        self.bn2 = norm_layer(planes)
        self.downsample = downsample
        self.stride = stride

    def forward(self, x: Any) -> Tensor:
        y = self.relu(self.bn1(self.conv1(x)))
        y = self.bn2(self.conv2(y))
        y = self.relu(y + (x if self.downsample is None else self.downsample(x)))
        return y  # type: ignore[no-any-return]


class Bottleneck(Module):
    """A 1×1 convolution to fewer channels, a 3×3 one, a 1×1 one to four times as many: F; and y = relu(F(x) + x).

    Args:
        inplanes: the channels of x.
        planes: a quarter of the channels of y.
        stride: of the 3×3 convolution.
        downsample: brings x to the shape of F(x), or None if it has it.
        groups: of the 3×3 convolution.
        base_width: how many of its channels each group has for 64 planes.
        norm_layer: makes a normalisation from a number of channels; by default BatchNorm2d.

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.models.Bottleneck(32, 8)(ag.zeros(2, 32, 6, 6)).shape
        (2, 32, 6, 6)

    Source: He et al., Deep Residual Learning for Image Recognition (2016).
    """

    expansion = 4

    def __init__(
        self,
        inplanes: int,
        planes: int,
        stride: int = 1,
        downsample: Module | None = None,
        groups: int = 1,
        base_width: int = 64,
        norm_layer: Norm = BatchNorm2d,
    ) -> None:
        super().__init__()
        width = int(planes * (base_width / 64)) * groups
        self.conv1 = _conv1x1(inplanes, width)
        self.bn1 = norm_layer(width)
        self.conv2 = _conv3x3(width, width, stride, groups)
        self.bn2 = norm_layer(width)
        self.conv3 = _conv1x1(width, planes * self.expansion)
        self.bn3 = norm_layer(planes * self.expansion)
        self.relu = ReLU(inplace=True)
        self.downsample = downsample
        self.stride = stride

    def forward(self, x: Any) -> Tensor:
        y = self.relu(self.bn1(self.conv1(x)))
        y = self.relu(self.bn2(self.conv2(y)))
        y = self.bn3(self.conv3(y))
        y = self.relu(y + (x if self.downsample is None else self.downsample(x)))
        return y  # type: ignore[no-any-return]


class ResNet(Module):
    """A convolution, four stages of residual blocks and a linear layer.

    Args:
        block: :class:`BasicBlock` or :class:`Bottleneck`.
        layers: how many blocks each stage has.
        num_classes: how many classes.
        zero_init_residual: whether each block starts as relu(x): its last normalisation starts with weight 0.
        groups: of the 3×3 convolutions.
        width_per_group: how many of their channels each group has for 64 planes.
        norm_layer: makes a normalisation from a number of channels; by default BatchNorm2d.

    Returns:
        From a call with (N, 3, H, W): scores (N, num_classes).

    Example:
        >>> import autograd_core as ag, nn
        >>> model = nn.models.ResNet(nn.models.BasicBlock, [1, 1, 1, 1], num_classes=10)
        >>> model(ag.zeros(2, 3, 32, 32)).shape
        (2, 10)

    Source: He et al., Deep Residual Learning for Image Recognition (2016).
    """

    def __init__(
        self,
        block: type[BasicBlock] | type[Bottleneck],
        layers: Sequence[int],
        num_classes: int = 1000,
        zero_init_residual: bool = False,
        groups: int = 1,
        width_per_group: int = 64,
        norm_layer: Norm = BatchNorm2d,
    ) -> None:
        super().__init__()
        self.inplanes = 64
        self.groups = groups
        self.base_width = width_per_group
        self.conv1 = Conv2d(3, 64, 7, stride=2, padding=3, bias=False)
        self.bn1 = norm_layer(64)
        self.relu = ReLU(inplace=True)
        self.maxpool = MaxPool2d(3, stride=2, padding=1)
        self.layer1 = self._stage(block, 64, layers[0], 1, norm_layer)
        self.layer2 = self._stage(block, 128, layers[1], 2, norm_layer)
        self.layer3 = self._stage(block, 256, layers[2], 2, norm_layer)
        self.layer4 = self._stage(block, 512, layers[3], 2, norm_layer)
        self.avgpool = AdaptiveAvgPool2d((1, 1))
        self.fc = Linear(512 * block.expansion, num_classes)
        for module in self.modules():
            if isinstance(module, Conv2d):
                init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
            elif zero_init_residual and isinstance(module, (BasicBlock, Bottleneck)):
                last = module.bn3 if isinstance(module, Bottleneck) else module.bn2
                if isinstance(last, (BatchNorm2d, GroupNorm)) and last.weight is not None:
                    init.zeros_(last.weight)

    def _stage(
        self, block: type[BasicBlock] | type[Bottleneck], planes: int, blocks: int, stride: int, norm: Norm
    ) -> Sequential:
        out = planes * block.expansion
        downsample = None
        if stride != 1 or self.inplanes != out:
            downsample = Sequential(_conv1x1(self.inplanes, out, stride), norm(out))
        stages: list[Module] = []
        for i in range(blocks):
            first = (stride, downsample) if i == 0 else (1, None)
            stages.append(block(self.inplanes, planes, *first, self.groups, self.base_width, norm))
            self.inplanes = out
        return Sequential(*stages)

    def forward(self, x: Any) -> Tensor:
        x = self.maxpool(self.relu(self.bn1(self.conv1(x))))
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        y: Tensor = self.fc(ag.flatten(self.avgpool(x), 1))
        return y


def resnet18(*, weights: None = None, progress: bool = True, **kwargs: Any) -> ResNet:
    """ResNet with 18 layers, 11,689,512 parameters; further arguments go to :class:`ResNet`."""
    refuse(weights, "resnet18")
    return ResNet(BasicBlock, [2, 2, 2, 2], **kwargs)


def resnet34(*, weights: None = None, progress: bool = True, **kwargs: Any) -> ResNet:
    """ResNet with 34 layers, 21,797,672 parameters; further arguments go to :class:`ResNet`."""
    refuse(weights, "resnet34")
    return ResNet(BasicBlock, [3, 4, 6, 3], **kwargs)


def resnet50(*, weights: None = None, progress: bool = True, **kwargs: Any) -> ResNet:
    """ResNet with 50 layers, 25,557,032 parameters; further arguments go to :class:`ResNet`."""
    refuse(weights, "resnet50")
    return ResNet(Bottleneck, [3, 4, 6, 3], **kwargs)


def resnet101(*, weights: None = None, progress: bool = True, **kwargs: Any) -> ResNet:
    """ResNet with 101 layers, 44,549,160 parameters; further arguments go to :class:`ResNet`."""
    refuse(weights, "resnet101")
    return ResNet(Bottleneck, [3, 4, 23, 3], **kwargs)


def resnet152(*, weights: None = None, progress: bool = True, **kwargs: Any) -> ResNet:
    """ResNet with 152 layers, 60,192,808 parameters; further arguments go to :class:`ResNet`."""
    refuse(weights, "resnet152")
    return ResNet(Bottleneck, [3, 8, 36, 3], **kwargs)
