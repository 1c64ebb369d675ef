"""Layers that normalise each sample by itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import autograd_core as ag
from autograd_core import Tensor

from . import functional as F  # noqa: N812 - PyTorch's name
from .module import Module
from .parameter import Parameter


def add_affine(module: Module, shape: tuple[int, ...], weight: bool, bias: bool, device: Any, dtype: Any) -> None:
    """Give a module a weight of ones and a bias of zeros, or None in their places."""
    module.register_parameter("weight", Parameter(ag.ones(shape, device=device, dtype=dtype)) if weight else None)
    module.register_parameter("bias", Parameter(ag.zeros(shape, device=device, dtype=dtype)) if bias else None)


def restart(module: Module) -> None:
    """Set a weight back to ones and a bias to zeros."""
    with ag.no_grad():
        for name, start in (("weight", 1.0), ("bias", 0.0)):
            if (parameter := getattr(module, name, None)) is not None:
                parameter.fill_(start)


class LayerNorm(Module):
    """The last axes shifted and scaled to mean 0 and variance 1; see :func:`nn.functional.layer_norm`.

    Formula:
        y = (x − μ)/√(σ² + ε)·w + b, with μ and σ² over the last axes; w starts as 1, b as 0.

    Args:
        normalized_shape: the lengths of the last axes, or of the last one.
        eps: ε.
        elementwise_affine: whether there are w and b.
        bias: whether there is a b.
        device: ``"cpu"``.
        dtype: of the parameters; by default the default dtype.

    Raises:
        ValueError: from a call, the input does not end in normalized_shape.

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.LayerNorm(2)(ag.tensor([[1.0, 3.0], [4.0, 8.0]])).round(decimals=3).tolist()
        [[-1.0, 1.0], [-1.0, 1.0]]

    Source: Ba et al., Layer Normalization (2016).
    """

    weight: Parameter | None
    bias: Parameter | None

    def __init__(
        self,
        normalized_shape: int | Sequence[int],
        eps: float = 1e-5,
        elementwise_affine: bool = True,
        bias: bool = True,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__()
        self.normalized_shape = _lengths(normalized_shape)
        self.eps = eps
        self.elementwise_affine = elementwise_affine
        add_affine(self, self.normalized_shape, elementwise_affine, elementwise_affine and bias, device, dtype)

    def reset_parameters(self) -> None:
        """Set w back to ones and b to zeros."""
        restart(self)

    def forward(self, input: Any) -> Tensor:
        return F.layer_norm(input, self.normalized_shape, self.weight, self.bias, self.eps)

    def extra_repr(self) -> str:
        return (
            f"{self.normalized_shape}, eps={self.eps}, elementwise_affine={self.elementwise_affine}, "
            f"bias={self.bias is not None}"
        )


def _lengths(shape: int | Sequence[int]) -> tuple[int, ...]:
    return (shape,) if isinstance(shape, int) else tuple(shape)


class RMSNorm(Module):
    """The last axes scaled to mean square 1; see :func:`nn.functional.rms_norm`.

    Formula:
        y = x/√(mean x² + ε)·w, the mean over the last axes; w starts as 1.

    Args:
        normalized_shape: the lengths of the last axes, or of the last one.
        eps: ε; by default the spacing of the input's dtype at 1.
        elementwise_affine: whether there is a w.
        device: ``"cpu"``.
        dtype: of w; by default the default dtype.

    Raises:
        ValueError: from a call, the input does not end in normalized_shape.

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.RMSNorm(2)(ag.tensor([1.0, 7.0])).tolist()
        [0.20000000298023224, 1.399999976158142]

    Source: Zhang and Sennrich, Root Mean Square Layer Normalization (2019).
    """

    weight: Parameter | None

    def __init__(
        self,
        normalized_shape: int | Sequence[int],
        eps: float | None = None,
        elementwise_affine: bool = True,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__()
        self.normalized_shape = _lengths(normalized_shape)
        self.eps = eps
        self.elementwise_affine = elementwise_affine
        weight = Parameter(ag.ones(self.normalized_shape, device=device, dtype=dtype)) if elementwise_affine else None
        self.register_parameter("weight", weight)

    def reset_parameters(self) -> None:
        """Set w back to ones."""
        restart(self)

    def forward(self, input: Any) -> Tensor:
        return F.rms_norm(input, self.normalized_shape, self.weight, self.eps)

    def extra_repr(self) -> str:
        return f"{self.normalized_shape}, eps={self.eps}, elementwise_affine={self.elementwise_affine}"


class GroupNorm(Module):
    """Groups of channels of each sample shifted and scaled to mean 0 and variance 1; see
    :func:`nn.functional.group_norm`.

    Formula:
        y = (x − μ)/√(σ² + ε)·w + b, with μ and σ² over the channels of a group and the axes after them; w starts as 1,
        b as 0.

    Args:
        num_groups: how many groups.
        num_channels: C, a multiple of num_groups.
        eps: ε.
        affine: whether there are w and b.
        device: ``"cpu"``.
        dtype: of the parameters; by default the default dtype.
        bias: whether there is a b.

    Raises:
        ValueError: the groups do not divide the channels; or, from a call, the input has other channels.

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.GroupNorm(2, 4)(ag.zeros(8, 4, 5, 5)).shape
        (8, 4, 5, 5)

    Source: Wu and He, Group Normalization (2018).
    """

    weight: Parameter | None
    bias: Parameter | None

    def __init__(
        self,
        num_groups: int,
        num_channels: int,
        eps: float = 1e-5,
        affine: bool = True,
        device: Any = None,
        dtype: Any = None,
        *,
        bias: bool = True,
    ) -> None:
        super().__init__()
        if num_groups < 1 or num_channels % num_groups:
            raise ValueError(f"num_channels ({num_channels}) must be divisible by num_groups ({num_groups})")
        self.num_groups = num_groups
        self.num_channels = num_channels
        self.eps = eps
        self.affine = affine
        add_affine(self, (num_channels,), affine, affine and bias, device, dtype)

    def reset_parameters(self) -> None:
        """Set w back to ones and b to zeros."""
        restart(self)

    def forward(self, input: Any) -> Tensor:
        return F.group_norm(input, self.num_groups, self.weight, self.bias, self.eps)

    def extra_repr(self) -> str:
        return (
            f"{self.num_groups}, {self.num_channels}, eps={self.eps}, affine={self.affine}, "
            f"bias={self.bias is not None}"
        )


class LocalResponseNorm(Module):
    """Each element divided by what stands in the neighbouring channels; see
    :func:`nn.functional.local_response_norm`.

    Formula:
        y_c = x_c·(k + α·mean x²)^(−β), the mean over ``size`` channels around c.

    Args:
        size: how many channels.
        alpha: α.
        beta: β.
        k: what is added.

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.LocalResponseNorm(2)(ag.zeros(8, 4, 5, 5)).shape
        (8, 4, 5, 5)

    Source: Krizhevsky et al., ImageNet Classification (2012).
    """

    def __init__(self, size: int, alpha: float = 1e-4, beta: float = 0.75, k: float = 1.0) -> None:
        super().__init__()
        self.size = size
        self.alpha = alpha
        self.beta = beta
        self.k = k

    def forward(self, input: Any) -> Tensor:
        return F.local_response_norm(input, self.size, self.alpha, self.beta, self.k)

    def extra_repr(self) -> str:
        return f"{self.size}, alpha={self.alpha}, beta={self.beta}, k={self.k}"
