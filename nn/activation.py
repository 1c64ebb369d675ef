"""Smooth activation functions as modules."""

from __future__ import annotations

from typing import Any

from autograd_core import Tensor

from . import functional as F  # noqa: N812 - PyTorch's name
from .module import Module
from .rectifier import InPlace


class Sigmoid(Module):
    """1/(1 + e⁻ˣ): an S-curve from 0 to 1.

    Formula:
        ∂y/∂x = y·(1 − y).

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.Sigmoid()(ag.tensor([0.0]))
        tensor([0.5])
    """

    def forward(self, input: Any) -> Tensor:
        return F.sigmoid(input)


class Tanh(Module):
    """The hyperbolic tangent: an S-curve from −1 to 1.

    Formula:
        ∂y/∂x = 1 − y².

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.Tanh()(ag.tensor([0.0]))
        tensor([0.])
    """

    def forward(self, input: Any) -> Tensor:
        return F.tanh(input)


class LogSigmoid(Module):
    """The logarithm of the sigmoid, log(1/(1 + e⁻ˣ)).

    Formula:
        ∂y/∂x = σ(−x).

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.LogSigmoid()(ag.tensor([0.0]))
        tensor([-0.6931])
    """

    def forward(self, input: Any) -> Tensor:
        return F.logsigmoid(input)


class Softsign(Module):
    """x/(1 + |x|): an S-curve from −1 to 1 with long ends.

    Formula:
        ∂y/∂x = 1/(1 + |x|)².

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.Softsign()(ag.tensor([-1.0, 3.0]))
        tensor([-0.5 ,  0.75])
    """

    def forward(self, input: Any) -> Tensor:
        return F.softsign(input)


class Tanhshrink(Module):
    """x − tanh x.

    Formula:
        ∂y/∂x = tanh² x.

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.Tanhshrink()(ag.tensor([0.0, 1.0]))
        tensor([0.    , 0.2384])
    """

    def forward(self, input: Any) -> Tensor:
        return F.tanhshrink(input)


class Softplus(Module):
    """log(1 + e^(βx))/β: a smooth form of relu.

    Formula:
        ∂y/∂x = σ(βx).

    Args:
        beta: β, how sharp the bend is.
        threshold: where βx is above this, the result is x itself.

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.Softplus()(ag.tensor([0.0]))
        tensor([0.6931])
    """

    def __init__(self, beta: float = 1.0, threshold: float = 20.0) -> None:
        super().__init__()
        self.beta = beta
        self.threshold = threshold

    def forward(self, input: Any) -> Tensor:
        return F.softplus(input, self.beta, self.threshold)

    def extra_repr(self) -> str:
        return f"beta={self.beta}, threshold={self.threshold}"


class GELU(Module):
    """x·Φ(x), with Φ the normal distribution's cumulative probability.

    Formula:
        y = x·(1 + erf(x/√2))/2; with ``approximate="tanh"`` y = x·(1 + tanh(√(2/π)(x + 0.044715 x³)))/2.

    Args:
        approximate: ``"none"`` or ``"tanh"``, which is faster.

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.GELU()(ag.tensor([0.0, 1.0]))
        tensor([0.    , 0.8413])
    """

    def __init__(self, approximate: str = "none") -> None:
        super().__init__()
        self.approximate = approximate

    def forward(self, input: Any) -> Tensor:
        return F.gelu(input, self.approximate)

    def extra_repr(self) -> str:
        return f"approximate={self.approximate!r}"


class SiLU(InPlace):
    """x·σ(x), also called swish.

    Formula:
        ∂y/∂x = σ(x) + x·σ(x)·(1 − σ(x)).

    Args:
        inplace: let the input Tensor become the result, too.

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.SiLU()(ag.tensor([0.0, 1.0]))
        tensor([0.    , 0.7311])
    """

    def forward(self, input: Any) -> Tensor:
        return F.silu(input, self.inplace)


class Mish(InPlace):
    """x·tanh(softplus x).

    Formula:
        y = x·tanh(log(1 + eˣ)).

    Args:
        inplace: let the input Tensor become the result, too.

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.Mish()(ag.tensor([0.0, 1.0]))
        tensor([0.    , 0.8651])

    Source: Misra, Mish (2019).
    """

    def forward(self, input: Any) -> Tensor:
        return F.mish(input, self.inplace)


class GLU(Module):
    """The first half of the channels, each let through as the second half says.

    Formula:
        y = a·σ(b), with a and b the halves of x.

    Args:
        dim: the axis to halve.

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.GLU()(ag.tensor([1.0, 2.0, 0.0, 0.0]))
        tensor([0.5, 1. ])

    Source: Dauphin et al., Language Modeling with Gated Convolutional Networks (2017).
    """

    def __init__(self, dim: int = -1) -> None:
        super().__init__()
        self.dim = dim

    def forward(self, input: Any) -> Tensor:
        return F.glu(input, self.dim)

    def extra_repr(self) -> str:
        return f"dim={self.dim}"
