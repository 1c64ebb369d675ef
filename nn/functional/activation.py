"""Activation functions."""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np

import autograd_core as ag
from autograd_core import Tensor
from autograd_core.rules import NONZERO, elementwise
from autograd_core.symbolic import symbol

from .inputs import floats, placed

leaky_relu_op = elementwise(
    lambda x, slope: np.where(x > 0, x, slope * x),
    lambda y, x, slope: np.where(x > 0, np.ones_like(x), np.full_like(x, slope)),
    name="leaky_relu",
    domain=NONZERO,
    kink="the slope at 0",
    options={"slope": symbol("s")},
)
elu_op = elementwise(
    lambda x, alpha: np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0))),
    lambda y, x, alpha: np.where(x > 0, np.ones_like(x), y + alpha),
    name="elu",
    domain=NONZERO,
    kink="α at 0",
    options={"alpha": symbol("α")},
)


def _softplus(x: Any, beta: float, threshold: float) -> Any:
    z = beta * x
    return np.where(z > threshold, x, (np.log1p(np.exp(-np.abs(z))) + np.maximum(z, 0)) / beta)


softplus_op = elementwise(
    _softplus,
    lambda y, x, beta, threshold: np.where(beta * x > threshold, np.ones_like(x), ag.sigmoid.op.on(beta * x)),
    name="softplus",
    options={"beta": symbol("β"), "threshold": symbol("t")},
)


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


def sigmoid(input: Any) -> Tensor:
    """1/(1 + e⁻ˣ): an S-curve from 0 to 1.

    Formula:
        ∂y/∂x = y·(1 − y).

    Args:
        input: any shape.

    Returns:
        A Tensor of the same shape.

    Example:
        >>> import autograd_core as ag, nn.functional as F
        >>> F.sigmoid(ag.tensor([0.0]))
        tensor([0.5])
    """
    return ag.sigmoid(input)


def tanh(input: Any) -> Tensor:
    """The hyperbolic tangent: an S-curve from −1 to 1.

    Formula:
        ∂y/∂x = 1 − y².

    Args:
        input: any shape.

    Returns:
        A Tensor of the same shape.

    Example:
        >>> import autograd_core as ag, nn.functional as F
        >>> F.tanh(ag.tensor([0.0]))
        tensor([0.])
    """
    return ag.tanh(input)


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
    return placed(input, elu_op(floats(input), alpha=float(alpha)), inplace, "elu")


def softplus(input: Any, beta: float = 1.0, threshold: float = 20.0) -> Tensor:
    """log(1 + e^(βx))/β: a smooth form of relu.

    Formula:
        ∂y/∂x = σ(βx).

    Args:
        input: any shape.
        beta: β, how sharp the bend is.
        threshold: where βx is above this, the result is x itself.

    Returns:
        A Tensor of the same shape.

    Example:
        >>> import autograd_core as ag, nn.functional as F
        >>> F.softplus(ag.tensor([0.0, 100.0]))
        tensor([  0.6931, 100.    ])
    """
    return softplus_op(floats(input), beta=float(beta), threshold=float(threshold))


def silu(input: Any, inplace: bool = False) -> Tensor:
    """x·σ(x), also called swish.

    Formula:
        ∂y/∂x = σ(x) + x·σ(x)·(1 − σ(x)).

    Args:
        input: any shape.
        inplace: let the input Tensor become the result, too.

    Returns:
        A Tensor of the same shape.

    Example:
        >>> import autograd_core as ag, nn.functional as F
        >>> F.silu(ag.tensor([0.0, 1.0]))
        tensor([0.    , 0.7311])
    """
    return placed(input, ag.multiply(input, ag.sigmoid(input)), inplace, "silu")


def gelu(input: Any, approximate: str = "none") -> Tensor:
    """x·Φ(x), with Φ the normal distribution's cumulative probability.

    Formula:
        y = x·(1 + erf(x/√2))/2; with ``approximate="tanh"`` y = x·(1 + tanh(√(2/π)(x + 0.044715 x³)))/2.

    Args:
        input: any shape.
        approximate: ``"none"`` or ``"tanh"``, which is faster.

    Returns:
        A Tensor of the same shape.

    Raises:
        ValueError: another approximation is asked for.

    Example:
        >>> import autograd_core as ag, nn.functional as F
        >>> F.gelu(ag.tensor([0.0, 1.0]))
        tensor([0.    , 0.8413])
    """
    x = floats(input)
    if approximate == "none":
        return x * (0.5 * (1 + ag.erf(x * math.sqrt(0.5))))
    if approximate == "tanh":
        return x * (0.5 * (1 + ag.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3))))
    raise ValueError(f"approximate argument must be either none or tanh, got {approximate!r}")


def _implicit_dim(name: str, input: Any) -> int:
    warnings.warn(
        f"Implicit dimension choice for {name} has been deprecated. Change the call to include dim=X as an argument.",
        stacklevel=3,
    )
    return 0 if ag.as_tensor(input).ndim in (0, 1, 3) else 1


def softmax(input: Any, dim: int | None = None, dtype: Any = None) -> Tensor:
    """eˣ / Σ eˣ along an axis: positive numbers that add up to 1.

    Formula:
        ∂L/∂x = y·(g − Σ g·y), with g = ∂L/∂y.

    Args:
        input: any shape.
        dim: the axis along which the results add up to 1.
        dtype: the dtype to compute in; by default the input's own.

    Returns:
        A Tensor of the same shape.

    Raises:
        IndexError: there is no such axis.

    Example:
        >>> import autograd_core as ag, nn.functional as F
        >>> F.softmax(ag.tensor([0.0, 0.0]), dim=0)
        tensor([0.5, 0.5])
    """
    return ag.softmax(input, _implicit_dim("softmax", input) if dim is None else dim, dtype)


def log_softmax(input: Any, dim: int | None = None, dtype: Any = None) -> Tensor:
    """The logarithm of softmax, exact where softmax itself would round to 0.

    Formula:
        y = x − log Σ eˣ; ∂L/∂x = g − e^y·Σ g, with g = ∂L/∂y.

    Args:
        input: any shape.
        dim: the axis along which the exponentials add up to 1.
        dtype: the dtype to compute in; by default the input's own.

    Returns:
        A Tensor of the same shape.

    Raises:
        IndexError: there is no such axis.

    Example:
        >>> import autograd_core as ag, nn.functional as F
        >>> F.log_softmax(ag.tensor([0.0, 0.0]), dim=0)
        tensor([-0.6931, -0.6931])
    """
    return ag.log_softmax(input, _implicit_dim("log_softmax", input) if dim is None else dim, dtype)
