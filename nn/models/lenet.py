"""LeNet-5."""

from __future__ import annotations

from typing import Any

import autograd_core as ag
from autograd_core import Tensor

from .. import functional as F  # noqa: N812 - PyTorch's name
from ..convolution import Conv2d
from ..linear import Linear
from ..module import Module


class LeNet(Module):
    """Two convolutions with pooling, and three linear layers, for images of digits.

    Args:
        num_classes: how many classes.
        in_channels: 1 for grey images, 3 for colours.
        padding: around the image: 2 for 28×28 images, 0 for 32×32.

    Returns:
        From a call with (N, in_channels, 28, 28): scores (N, num_classes).

    Example:
        >>> import nn
        >>> sum(p.numel() for p in nn.models.LeNet().parameters())
        61706

    Source: LeCun et al., Gradient-Based Learning Applied to Document Recognition (1998); with relu and maximum pooling.
    """

    def __init__(self, num_classes: int = 10, in_channels: int = 1, padding: int = 2) -> None:
        super().__init__()
        self.conv1 = Conv2d(in_channels, 6, 5, padding=padding)
        self.conv2 = Conv2d(6, 16, 5)
        self.fc1 = Linear(16 * 5 * 5, 120)
        self.fc2 = Linear(120, 84)
        self.fc3 = Linear(84, num_classes)

    def forward(self, x: Any) -> Tensor:
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = F.relu(self.fc1(ag.flatten(x, 1)))
        y: Tensor = self.fc3(F.relu(self.fc2(x)))
        return y
