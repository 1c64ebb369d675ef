"""Layers: Linear, Identity, Flatten, Dropout."""

from __future__ import annotations

import math
from typing import Any

import autograd_core as ag
from autograd_core import Tensor

from . import functional as F  # noqa: N812 - PyTorch's name
from . import init
from .functional.linear import linear_op
from .module import Module
from .parameter import Parameter


class Linear(Module):
    """The affine map ``y = x Wᵀ + b``.

    Formula:
        ∂L/∂x = g W, ∂L/∂W = gᵀ x, ∂L/∂b = g, with g = ∂L/∂y; summed over the batch. W and b start uniform
        between −1/√in_features and 1/√in_features.

    Args:
        in_features: the length of the last axis of the input.
        out_features: the length of the last axis of the output.
        bias: whether there is a b.
        dtype: of the parameters; by default the default dtype.

    Returns:
        From a call with (..., in_features): a Tensor (..., out_features).

    Raises:
        ValueError: a length is negative; or, from a call, the input has another last axis.

    Example:
        >>> import autograd_core as ag, nn
        >>> layer = nn.Linear(4, 3)
        >>> layer(ag.ones(8, 4)).shape
        (8, 3)
        >>> layer
        Linear(in_features=4, out_features=3, bias=True)
    """

    weight: Parameter
    bias: Parameter | None

    def __init__(self, in_features: int, out_features: int, bias: bool = True, dtype: Any = None) -> None:
        super().__init__()
        self.in_features = in_features
        self.out_features = out_features
        self.weight = Parameter(ag.zeros(out_features, in_features, dtype=dtype))
        self.register_parameter("bias", Parameter(ag.zeros(out_features, dtype=dtype)) if bias else None)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw weight and bias anew."""
        if self.in_features == 0 or self.out_features == 0:
            return
        init.kaiming_uniform_(self.weight, a=math.sqrt(5))
        if self.bias is not None:
            bound = 1 / math.sqrt(self.in_features)
            init.uniform_(self.bias, -bound, bound)

    def forward(self, input: Any) -> Tensor:
        x = input if isinstance(input, Tensor) else ag.tensor(input)
        weight, bias = self.weight, self.bias
        if x.shape[-1:] != weight.shape[1:]:
            raise ValueError(self._mismatch(x, weight.shape[1]))
        return F.linear(x, weight) if bias is None else linear_op(x, weight, bias)

    def _mismatch(self, x: Tensor, wanted: int) -> str:
        message = f"{self._where()} expects {wanted} features in the last axis, got shape {x.shape}"
        if x.ndim == 0:
            return message
        source = "the layer before" if x.node is not None and x.node.op is not None else "the input"
        if x.node is not None and x.node.scope:
            source += f", '{'.'.join(x.node.scope)}',"
        return f"{message}: {source} gives {x.shape[-1]}"

    def extra_repr(self) -> str:
        return f"in_features={self.in_features}, out_features={self.out_features}, bias={self.bias is not None}"


class Identity(Module):
    """The input as it is; any arguments are accepted and ignored.

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.Identity()(ag.tensor([1.0]))
        tensor([1.])
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__()

    def forward(self, input: Any) -> Any:
        return input


class Flatten(Module):
    """Several axes as one; by default all but the first, the batch.

    Args:
        start_dim: the first axis to flatten.
        end_dim: the last axis to flatten, itself included.

    Returns:
        From a call: a Tensor with these axes joined.

    Raises:
        IndexError: there is no such axis.

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.Flatten()(ag.zeros(8, 28, 28)).shape
        (8, 784)
    """

    def __init__(self, start_dim: int = 1, end_dim: int = -1) -> None:
        super().__init__()
        self.start_dim = start_dim
        self.end_dim = end_dim

    def forward(self, input: Any) -> Tensor:
        return ag.flatten(input, self.start_dim, self.end_dim)

    def extra_repr(self) -> str:
        return f"start_dim={self.start_dim}, end_dim={self.end_dim}"


class Dropout(Module):
    """In training, each element is set to 0 with probability p, and the others are divided by 1 − p.

    Formula:
        y = x·m/(1 − p), with m = 0 or 1 drawn anew each time; ∂y/∂x = m/(1 − p).

    Args:
        p: the probability of 0.
        inplace: let the input Tensor become the result, too.

    Returns:
        From a call: a Tensor of the input's shape; in evaluation the input.

    Raises:
        ValueError: p is not a probability.

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.Dropout(0.2).eval()(ag.ones(3))
        tensor([1., 1., 1.])

    Source: Srivastava et al., Dropout (2014); the inverted form.
    """

    def __init__(self, p: float = 0.5, inplace: bool = False) -> None:
        super().__init__()
        if not 0.0 <= p <= 1.0:
            raise ValueError(f"dropout probability has to be between 0 and 1, but got {p}")
        self.p = p
        self.inplace = inplace

    def forward(self, input: Any) -> Tensor:
        return F.dropout(input, self.p, self.training, self.inplace)

    def extra_repr(self) -> str:
        return f"p={self.p}, inplace={self.inplace}"
