"""Rectifiers: activations that pass what is positive, and bend what is not."""

from __future__ import annotations

from typing import Any

import numpy as np

import autograd_core as ag
from autograd_core import Tensor
from autograd_core.random import generator
from autograd_core.rules import NONZERO, REAL, elementwise
from autograd_core.symbolic import symbol
from autograd_core.tensor import from_array

from .inputs import floats, given, placed


def _leaky_relu(x: Any, slope: Any) -> Any:
    if slope.__class__ is float and 0 < slope <= 1:
        return np.maximum(x, slope * x)
    return np.maximum(x, 0) + slope * np.minimum(x, 0)


leaky_relu_op = elementwise(
    _leaky_relu,
    lambda y, x, slope: np.full_like(x, slope) * ~(x > 0) + (x > 0),
    name="leaky_relu",
    domain=NONZERO,
    kink="the slope at 0",
    options={"slope": symbol("s")},
)
prelu_op = elementwise(
    lambda x, w: np.where(x > 0, x, w * x),
    lambda y, x, w: w * ~(x > 0) + (x > 0),
    lambda y, x, w: np.minimum(x, 0),
    name="prelu",
    domain=(NONZERO, REAL),
    kink="the slope at 0",
)
elu_op = elementwise(
    lambda x, alpha, scale, rate: np.where(x > 0, scale * x, scale * alpha * np.expm1(rate * np.minimum(x, 0))),
    lambda y, x, alpha, scale, rate: np.where(x > 0, np.full_like(x, scale), rate * (y + scale * alpha)),
    name="elu",
    domain=NONZERO,
    kink="scale·rate·α at 0",
    options={"alpha": symbol("α"), "scale": symbol("s"), "rate": symbol("r")},
)
_SELU_ALPHA, _SELU_SCALE = 1.6732632423543772848170429916717, 1.0507009873554804934193349852946


def relu(input: Any, inplace: bool = False) -> Tensor:
    """The positive part, max(x, 0).

    Formula:
        ∂y/∂x = 1 where x > 0, else 0.

    Args:
        input: any shape.
        inplace: let the input Tensor become the result, too.

    Returns:
        A Tensor of the same shape.

    Example:
        >>> import autograd_core as ag, nn.functional as F
        >>> F.relu(ag.tensor([-1.0, 2.0]))
        tensor([0., 2.])
    """
    return placed(input, ag.relu(input), inplace, "relu")


def leaky_relu(input: Any, negative_slope: float = 0.01, inplace: bool = False) -> Tensor:
    """x where it is positive, else a small multiple of it, so that no neuron dies.

    Formula:
        ∂y/∂x = 1 where x > 0, else negative_slope.

    Args:
        input: any shape.
        negative_slope: the multiple.
        inplace: let the input Tensor become the result, too.

    Returns:
        A Tensor of the same shape.

    Example:
        >>> import autograd_core as ag, nn.functional as F
        >>> F.leaky_relu(ag.tensor([-1.0, 2.0]), 0.1)
        tensor([-0.1,  2. ])
    """
    return placed(input, leaky_relu_op(floats(input), slope=float(negative_slope)), inplace, "leaky_relu")


def prelu(input: Any, weight: Any) -> Tensor:
    """x where it is positive, else a learned multiple of it.

    Formula:
        y = max(x, 0) + w·min(x, 0); ∂y/∂x = 1 where x > 0, else w; ∂y/∂w = min(x, 0).

    Args:
        input: (N, C, …), or any shape if there is one weight.
        weight: w, one number, or one for each of the C channels.

    Returns:
        A Tensor of the input's shape.

    Raises:
        ValueError: the number of weights is neither 1 nor that of channels.

    Example:
        >>> import autograd_core as ag, nn.functional as F
        >>> F.prelu(ag.tensor([[-1.0, -2.0]]), ag.tensor([0.5, 0.1]))
        tensor([[-0.5, -0.2]])
    """
    x, w = floats(input), floats(weight)
    if x.dtype != w.dtype:
        raise TypeError(f"prelu needs a weight of the input's dtype {x.dtype}, got {w.dtype}")
    if w.ndim > 1:
        raise ValueError(f"prelu needs a weight of one axis, got shape {w.shape}")
    if w.numel() == 1:
        return prelu_op(x, w.reshape(()))
    channels = x.shape[1] if x.ndim > 1 else 1
    if w.numel() != channels or x.ndim == 0:
        raise ValueError(
            f"prelu needs 1 weight, or one for each of the {channels} channels of the input {x.shape}, got {w.numel()}"
        )
    return prelu_op(x, w.reshape(-1, *(1,) * (x.ndim - 2)))


def rrelu(
    input: Any, lower: float = 1 / 8, upper: float = 1 / 3, training: bool = False, inplace: bool = False
) -> Tensor:
    """x where it is positive, else a multiple of it that is drawn anew for each element in training.

    Formula:
        y = max(x, 0) + a·min(x, 0), with a uniform between lower and upper; in evaluation a is their mean.

    Args:
        input: any shape.
        lower: the smallest multiple.
        upper: the largest multiple.
        training: whether to draw.
        inplace: let the input Tensor become the result, too.

    Returns:
        A Tensor of the same shape.

    Raises:
        ValueError: lower is above upper.

    Example:
        >>> import autograd_core as ag, nn.functional as F
        >>> F.rrelu(ag.tensor([-1.0, 2.0]), 0.1, 0.3)
        tensor([-0.2,  2. ])
    """
    if not lower <= upper:
        raise ValueError(f"Lower bound should be less than or equal to the upper bound: got {lower} and {upper}")
    x = floats(input)
    if training:
        slopes = generator().uniform(lower, upper, x.shape)
        found = prelu_op(x, from_array(np.asarray(slopes).astype(x.dtype)[()]))
    else:
        found = leaky_relu_op(x, slope=(lower + upper) / 2)
    return placed(input, found, inplace, "rrelu")


def elu(input: Any, alpha: float = 1.0, inplace: bool = False) -> Tensor:
    """x where it is positive, else α(eˣ − 1), which levels off at −α.

    Formula:
        ∂y/∂x = 1 where x > 0, else y + α.

    Args:
        input: any shape.
        alpha: α.
        inplace: let the input Tensor become the result, too.

    Returns:
        A Tensor of the same shape.

    Example:
        >>> import autograd_core as ag, nn.functional as F
        >>> F.elu(ag.tensor([-1.0, 2.0]))
        tensor([-0.6321,  2.    ])
    """
    return placed(input, elu_op(floats(input), alpha=float(alpha), scale=1.0, rate=1.0), inplace, "elu")


def selu(input: Any, inplace: bool = False) -> Tensor:
    """elu scaled so that activations keep mean 0 and variance 1 from layer to layer.

    Formula:
        y = λx where x > 0, else λα(eˣ − 1), with α = 1.67326… and λ = 1.05070….

    Args:
        input: any shape.
        inplace: let the input Tensor become the result, too.

    Returns:
        A Tensor of the same shape.

    Example:
        >>> import autograd_core as ag, nn.functional as F
        >>> F.selu(ag.tensor([-1.0, 2.0]))
        tensor([-1.1113,  2.1014])

    Source: Klambauer et al., Self-Normalizing Neural Networks (2017).
    """
    return placed(input, elu_op(floats(input), alpha=_SELU_ALPHA, scale=_SELU_SCALE, rate=1.0), inplace, "selu")


def celu(input: Any, alpha: float = 1.0, inplace: bool = False) -> Tensor:
    """x where it is positive, else α(e^(x/α) − 1): smooth at 0 for every α.

    Formula:
        ∂y/∂x = 1 where x > 0, else e^(x/α).

    Args:
        input: any shape.
        alpha: α, not 0.
        inplace: let the input Tensor become the result, too.

    Returns:
        A Tensor of the same shape.

    Raises:
        ValueError: α is 0.

    Example:
        >>> import autograd_core as ag, nn.functional as F
        >>> F.celu(ag.tensor([-1.0, 2.0]), alpha=2.0)
        tensor([-0.7869,  2.    ])
    """
    if alpha == 0:
        raise ValueError("celu divides by alpha, which can't be 0")
    found = elu_op(floats(input), alpha=float(alpha), scale=1.0, rate=1 / float(alpha))
    return placed(input, found, inplace, "celu")


def maxout(input: Any, pool_size: int, dim: int = 1) -> Tensor:
    """The largest of each group of neighbouring channels.

    Formula:
        y_j = max of x_(j·k) … x_(j·k + k − 1), with k = pool_size; ties share the gradient equally.

    Args:
        input: any shape.
        pool_size: k, how many channels make one.
        dim: the axis of the channels.

    Returns:
        A Tensor whose axis ``dim`` is k times shorter.

    Raises:
        ValueError: the number of channels is not a multiple of pool_size.
        IndexError: there is no such axis.

    Example:
        >>> import autograd_core as ag, nn.functional as F
        >>> F.maxout(ag.tensor([[1.0, 5.0, 3.0, 2.0]]), 2)
        tensor([[5., 3.]])

    Source: Goodfellow et al., Maxout Networks (2013).
    """
    x = given(input)
    channels = x.size(dim)
    if pool_size < 1 or channels % pool_size:
        raise ValueError(f"maxout needs a number of channels that pool_size {pool_size} divides, got shape {x.shape}")
    axis = dim % x.ndim
    return ag.amax(x.reshape(*x.shape[:axis], channels // pool_size, pool_size, *x.shape[axis + 1 :]), axis + 1)
