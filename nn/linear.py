"""Layers that are affine in their input."""

from __future__ import annotations

import math
from typing import Any

import autograd_core as ag
from autograd_core import Tensor
from autograd_core.modes import MODE

from . import functional as F  # noqa: N812 - PyTorch's name
from . import init
from .functional.linear import linear_op
from .lazy import Lazy
from .module import Module
from .parameter import Parameter


def draw(weight: Parameter, bias: Parameter | None) -> None:
    """Draw a weight and a bias, both uniform between −1/√n and 1/√n, with n the inputs that one output sees."""
    if weight.numel():
        init.kaiming_uniform_(weight, a=math.sqrt(5))
        if bias is not None:
            bound = 1 / math.sqrt(init.fans(weight)[0])
            init.uniform_(bias, -bound, bound)


def misfit(module: Module, x: Tensor, wanted: int, what: str, axis: int) -> str:
    """What to say when an input has another length than a layer wants: the layer, both, and where it comes from."""
    message = f"{module._where()} expects {wanted} {what}, got shape {x.shape}"
    if not -x.ndim <= axis < x.ndim:
        return message
    return f"{message}: {source(x, axis)}"


def source(x: Tensor, axis: int) -> str:
    """Where an input comes from: the layer before, and what was made of its output since."""
    node, here, last = x.node, MODE.get().scope, None
    while node is not None and node.op is not None and node.scope == here[: len(node.scope)]:  # outside of other layers
        last = last or node.name
        node = next((before for before in node.inputs if before is not None), None)
    length = x.shape[axis] if x.ndim else "a number"
    if node is None or node.op is None:
        return f"the {'input' if last is None else 'layer before'} gives {length}"
    given = length if last is None else f"shape {node.shape}, of which {last} makes {length}"
    return f"the layer before, '{'.'.join(node.scope)}', gives {given}"


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


class Linear(Module):
    """The affine map ``y = x Wᵀ + b``.

    Formula:
        ∂L/∂x = g W, ∂L/∂W = gᵀ x, ∂L/∂b = g, with g = ∂L/∂y; summed over the batch. W and b start uniform
        between −1/√in_features and 1/√in_features.

    Args:
        in_features: the length of the last axis of the input.
        out_features: the length of the last axis of the output.
        bias: whether there is a b.
        device: ``"cpu"``.
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

    def __init__(
        self, in_features: int, out_features: int, bias: bool = True, device: Any = None, dtype: Any = None
    ) -> None:
        super().__init__()
        self.in_features = in_features
        self.out_features = out_features
        self.weight = Parameter(ag.zeros(out_features, in_features, device=device, dtype=dtype))
        self.register_parameter("bias", Parameter(ag.zeros(out_features, device=device, dtype=dtype)) if bias else None)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw weight and bias anew."""
        draw(self.weight, self.bias)

    def forward(self, input: Any) -> Tensor:
        x = input if isinstance(input, Tensor) else ag.tensor(input)
        weight, bias = self.weight, self.bias
        if x.shape[-1:] != weight.shape[1:]:
            raise ValueError(misfit(self, x, weight.shape[1], "features in the last axis", -1))
        return F.linear(x, weight) if bias is None else linear_op(x, weight, bias)

    def extra_repr(self) -> str:
        return f"in_features={self.in_features}, out_features={self.out_features}, bias={self.bias is not None}"


class LazyLinear(Lazy, Linear):
    """A :class:`Linear` that takes in_features from its first input.

    Args:
        out_features: the length of the last axis of the output.
        bias: whether there is a b.
        device: ``"cpu"``.
        dtype: of the parameters; by default the default dtype.

    Example:
        >>> import autograd_core as ag, nn
        >>> layer = nn.LazyLinear(3)
        >>> _ = layer(ag.ones(8, 4))
        >>> layer
        Linear(in_features=4, out_features=3, bias=True)
    """

    _becomes = Linear

    def __init__(self, out_features: int, bias: bool = True, device: Any = None, dtype: Any = None) -> None:
        super().__init__(0, out_features, bias, device, dtype)
        self._empty()

    def initialize_parameters(self, input: Any) -> None:
        """Give weight and bias the shapes that fit an input, and draw them."""
        self.in_features = input.shape[-1]
        if self.has_uninitialized_params():
            self._materialize("weight", (self.out_features, self.in_features))
            self._materialize("bias", (self.out_features,))
            self.reset_parameters()


class Bilinear(Module):
    """A form that is linear in each of two inputs, ``y_k = x₁ᵀ W_k x₂ + b_k``.

    Formula:
        ∂y_k/∂x₁ = W_k x₂, ∂y_k/∂x₂ = W_kᵀ x₁, ∂y_k/∂W_k = x₁ x₂ᵀ. W and b start uniform between −1/√in1_features
        and 1/√in1_features.

    Args:
        in1_features: the length of the last axis of x₁.
        in2_features: the length of the last axis of x₂.
        out_features: the length of the last axis of the output.
        bias: whether there is a b.
        device: ``"cpu"``.
        dtype: of the parameters; by default the default dtype.

    Returns:
        From a call with (..., in1_features) and (..., in2_features): a Tensor (..., out_features).

    Raises:
        ValueError: in1_features is not positive; or, from a call, the inputs do not fit.

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.Bilinear(4, 5, 3)(ag.ones(8, 4), ag.ones(8, 5)).shape
        (8, 3)
    """

    weight: Parameter
    bias: Parameter | None

    def __init__(
        self,
        in1_features: int,
        in2_features: int,
        out_features: int,
        bias: bool = True,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__()
        if in1_features <= 0:
            raise ValueError(f"in1_features must be > 0, but got {in1_features}")
        self.in1_features = in1_features
        self.in2_features = in2_features
        self.out_features = out_features
        self.weight = Parameter(ag.zeros(out_features, in1_features, in2_features, device=device, dtype=dtype))
        self.register_parameter("bias", Parameter(ag.zeros(out_features, device=device, dtype=dtype)) if bias else None)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw weight and bias anew."""
        bound = 1 / math.sqrt(self.in1_features)
        for parameter in self.parameters(recurse=False):
            init.uniform_(parameter, -bound, bound)

    def forward(self, input1: Any, input2: Any) -> Tensor:
        return F.bilinear(input1, input2, self.weight, self.bias)

    def extra_repr(self) -> str:
        return (
            f"in1_features={self.in1_features}, in2_features={self.in2_features}, "
            f"out_features={self.out_features}, bias={self.bias is not None}"
        )
