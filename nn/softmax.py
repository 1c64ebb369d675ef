"""Softmax and its kin as modules."""

from __future__ import annotations

from typing import Any

import autograd_core as ag
from autograd_core import Tensor

from . import functional as F  # noqa: N812 - PyTorch's name
from .module import Module


class Softmax(Module):
    """eˣ / Σ eˣ along an axis: positive numbers that add up to 1.

    Formula:
        ∂L/∂x = y·(g − Σ g·y), with g = ∂L/∂y.

    Args:
        dim: the axis along which the results add up to 1.

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.Softmax(dim=1)(ag.tensor([[0.0, 0.0]]))
        tensor([[0.5, 0.5]])
    """

    def __init__(self, dim: int | None = None) -> None:
        super().__init__()
        self.dim = dim

    def forward(self, input: Any) -> Tensor:
        return F.softmax(input, self.dim)

    def extra_repr(self) -> str:
        return f"dim={self.dim}"


class LogSoftmax(Module):
    """The logarithm of softmax, exact where softmax itself would round to 0.

    Formula:
        y = x − log Σ eˣ; ∂L/∂x = g − e^y·Σ g, with g = ∂L/∂y.

    Args:
        dim: the axis along which the exponentials add up to 1.

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.LogSoftmax(dim=1)(ag.tensor([[0.0, 0.0]]))
        tensor([[-0.6931, -0.6931]])
    """

    def __init__(self, dim: int | None = None) -> None:
        super().__init__()
        self.dim = dim

    def forward(self, input: Any) -> Tensor:
        return F.log_softmax(input, self.dim)

    def extra_repr(self) -> str:
        return f"dim={self.dim}"


class Softmin(Module):
    """e⁻ˣ / Σ e⁻ˣ along an axis: softmax of −x.

    Formula:
        ∂L/∂x = y·(Σ g·y − g), with g = ∂L/∂y.

    Args:
        dim: the axis along which the results add up to 1.

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.Softmin(dim=1)(ag.tensor([[0.0, 0.0]]))
        tensor([[0.5, 0.5]])
    """

    def __init__(self, dim: int | None = None) -> None:
        super().__init__()
        self.dim = dim

    def forward(self, input: Any) -> Tensor:
        return F.softmin(input, self.dim)

    def extra_repr(self) -> str:
        return f"dim={self.dim}"


class Softmax2d(Module):
    """softmax over the channels of images.

    Formula:
        y = eˣ / Σ eˣ, the sum over the third axis from the end.

    Raises:
        ValueError: from a call, the input is not (N, C, H, W) or (C, H, W).

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.Softmax2d()(ag.zeros(2, 1, 1)).tolist()
        [[[0.5]], [[0.5]]]
    """

    def forward(self, input: Any) -> Tensor:
        x = ag.as_tensor(input)
        if x.ndim not in (3, 4):
            raise ValueError(f"Softmax2d needs an input of shape (N, C, H, W) or (C, H, W), got {x.shape}")
        return F.softmax(x, -3)
