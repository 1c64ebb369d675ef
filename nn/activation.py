"""Activation functions as modules."""

from __future__ import annotations

from typing import Any

from autograd_core import Tensor

from . import functional as F  # noqa: N812 - PyTorch's name
from .module import Module


class ReLU(Module):
    """The positive part, max(x, 0).

    Formula:
        ∂y/∂x = 1 where x > 0, else 0.

    Args:
        inplace: let the input Tensor become the result, too.

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.ReLU()(ag.tensor([-1.0, 2.0]))
        tensor([0., 2.])
    """

    def __init__(self, inplace: bool = False) -> None:
        super().__init__()
        self.inplace = inplace

    def forward(self, input: Any) -> Tensor:
        return F.relu(input, self.inplace)

    def extra_repr(self) -> str:
        return "inplace=True" if self.inplace else ""


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


class LeakyReLU(Module):
    """x where it is positive, else a small multiple of it, so that no neuron dies.

    Formula:
        ∂y/∂x = 1 where x > 0, else negative_slope.

    Args:
        negative_slope: the multiple.
        inplace: let the input Tensor become the result, too.

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.LeakyReLU(0.1)(ag.tensor([-1.0, 2.0]))
        tensor([-0.1,  2. ])
    """

    def __init__(self, negative_slope: float = 0.01, inplace: bool = False) -> None:
        super().__init__()
        self.negative_slope = negative_slope
        self.inplace = inplace

    def forward(self, input: Any) -> Tensor:
        return F.leaky_relu(input, self.negative_slope, self.inplace)

    def extra_repr(self) -> str:
        return f"negative_slope={self.negative_slope}" + (", inplace=True" if self.inplace else "")


class ELU(Module):
    """x where it is positive, else α(eˣ − 1), which levels off at −α.

    Formula:
        ∂y/∂x = 1 where x > 0, else y + α.

    Args:
        alpha: α.
        inplace: let the input Tensor become the result, too.

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.ELU()(ag.tensor([-1.0, 2.0]))
        tensor([-0.6321,  2.    ])
    """

    def __init__(self, alpha: float = 1.0, inplace: bool = False) -> None:
        super().__init__()
        self.alpha = alpha
        self.inplace = inplace

    def forward(self, input: Any) -> Tensor:
        return F.elu(input, self.alpha, self.inplace)

    def extra_repr(self) -> str:
        return f"alpha={self.alpha}" + (", inplace=True" if self.inplace else "")


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


class SiLU(Module):
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

    def __init__(self, inplace: bool = False) -> None:
        super().__init__()
        self.inplace = inplace

    def forward(self, input: Any) -> Tensor:
        return F.silu(input, self.inplace)

    def extra_repr(self) -> str:
        return "inplace=True" if self.inplace else ""


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
