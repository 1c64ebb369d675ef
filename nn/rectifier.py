"""Rectifiers as modules: activations that pass what is positive, and bend what is not."""

from __future__ import annotations

from typing import Any

import autograd_core as ag
from autograd_core import Tensor

from . import functional as F  # noqa: N812 - PyTorch's name
from .init import constant_
from .module import Module
from .parameter import Parameter


class InPlace(Module):
    """An activation that may put its result into its input.

    Args:
        inplace: let the input Tensor become the result, too.
    """

    def __init__(self, inplace: bool = False) -> None:
        super().__init__()
        self.inplace = inplace

    def extra_repr(self) -> str:
        return "inplace=True" if self.inplace else ""


class ReLU(InPlace):
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

    def forward(self, input: Any) -> Tensor:
        return F.relu(input, self.inplace)


class LeakyReLU(InPlace):
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
        super().__init__(inplace)
        self.negative_slope = negative_slope

    def forward(self, input: Any) -> Tensor:
        return F.leaky_relu(input, self.negative_slope, self.inplace)

    def extra_repr(self) -> str:
        return f"negative_slope={self.negative_slope}" + (", inplace=True" if self.inplace else "")


class PReLU(Module):
    """Leaky relu whose slope is learned.

    Formula:
        y = max(x, 0) + w·min(x, 0); ∂y/∂x = 1 where x > 0, else w; ∂y/∂w = min(x, 0).

    Args:
        num_parameters: 1 for one slope, or the number of channels, axis 1 of the input, for one each.
        init: the slopes at the start.
        device: ``"cpu"``.
        dtype: of the slopes; by default the default dtype.

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.PReLU()(ag.tensor([-1.0, 2.0])).tolist()
        [-0.25, 2.0]

    Source: He et al., Delving Deep into Rectifiers (2015).
    """

    weight: Parameter

    def __init__(self, num_parameters: int = 1, init: float = 0.25, device: Any = None, dtype: Any = None) -> None:
        super().__init__()
        self.num_parameters = num_parameters
        self.init = init
        self.weight = Parameter(ag.full((num_parameters,), init, dtype=dtype or ag.get_default_dtype(), device=device))

    def reset_parameters(self) -> None:
        """Set the slopes back to where they start."""
        constant_(self.weight, self.init)

    def forward(self, input: Any) -> Tensor:
        return F.prelu(input, self.weight)

    def extra_repr(self) -> str:
        return f"num_parameters={self.num_parameters}"


class RReLU(InPlace):
    """Leaky relu whose slope is drawn for each element in training, and the mean of both bounds in evaluation.

    Formula:
        ∂y/∂x = 1 where x > 0, else the slope.

    Args:
        lower: the least slope.
        upper: the greatest slope.
        inplace: let the input Tensor become the result, too.

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.RReLU(0.1, 0.3).eval()(ag.tensor([-1.0, 2.0]))
        tensor([-0.2,  2. ])

    Source: Xu et al., Empirical Evaluation of Rectified Activations (2015).
    """

    def __init__(self, lower: float = 1 / 8, upper: float = 1 / 3, inplace: bool = False) -> None:
        super().__init__(inplace)
        self.lower = lower
        self.upper = upper

    def forward(self, input: Any) -> Tensor:
        return F.rrelu(input, self.lower, self.upper, self.training, self.inplace)

    def extra_repr(self) -> str:
        return f"lower={self.lower}, upper={self.upper}" + (", inplace=True" if self.inplace else "")


class ELU(InPlace):
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
        super().__init__(inplace)
        self.alpha = alpha

    def forward(self, input: Any) -> Tensor:
        return F.elu(input, self.alpha, self.inplace)

    def extra_repr(self) -> str:
        return f"alpha={self.alpha}" + (", inplace=True" if self.inplace else "")


class SELU(InPlace):
    """ELU scaled so that signals keep mean 0 and variance 1.

    Formula:
        y = s·x where x > 0, else s·α(eˣ − 1), with s = 1.0507 and α = 1.6733.

    Args:
        inplace: let the input Tensor become the result, too.

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.SELU()(ag.tensor([-1.0, 2.0]))
        tensor([-1.1113,  2.1014])

    Source: Klambauer et al., Self-Normalizing Neural Networks (2017).
    """

    def forward(self, input: Any) -> Tensor:
        return F.selu(input, self.inplace)


class CELU(InPlace):
    """x where it is positive, else α(e^(x/α) − 1): ELU that bends smoothly for any α.

    Formula:
        ∂y/∂x = 1 where x > 0, else e^(x/α).

    Args:
        alpha: α.
        inplace: let the input Tensor become the result, too.

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.CELU(2.0)(ag.tensor([-1.0, 2.0]))
        tensor([-0.7869,  2.    ])

    Source: Barron, Continuously Differentiable Exponential Linear Units (2017).
    """

    def __init__(self, alpha: float = 1.0, inplace: bool = False) -> None:
        super().__init__(inplace)
        self.alpha = alpha

    def forward(self, input: Any) -> Tensor:
        return F.celu(input, self.alpha, self.inplace)

    def extra_repr(self) -> str:
        return f"alpha={self.alpha}" + (", inplace=True" if self.inplace else "")


class Maxout(Module):
    """The largest of each group of neighbouring channels.

    Formula:
        y_j = max of x_(j·k) … x_(j·k + k − 1), with k = pool_size.

    Args:
        pool_size: k, how many channels make one.
        dim: the axis of the channels.

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.Maxout(2)(ag.tensor([[1.0, 5.0, 3.0, 2.0]]))
        tensor([[5., 3.]])

    Source: Goodfellow et al., Maxout Networks (2013).
    """

    def __init__(self, pool_size: int, dim: int = 1) -> None:
        super().__init__()
        self.pool_size = pool_size
        self.dim = dim

    def forward(self, input: Any) -> Tensor:
        return F.maxout(input, self.pool_size, self.dim)

    def extra_repr(self) -> str:
        return f"pool_size={self.pool_size}, dim={self.dim}"
