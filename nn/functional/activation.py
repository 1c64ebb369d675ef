"""Smooth activations: sigmoids, and gates that multiply the input by one."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

import autograd_core as ag
from autograd_core import Tensor
from autograd_core.fast import Loop
from autograd_core.rules import elementwise
from autograd_core.symbolic import symbol

from .inputs import floats, placed


def _softplus(x: Any, beta: float, threshold: float) -> Any:
    z = beta * x
    return np.where(z > threshold, x, (np.log1p(np.exp(-np.abs(z))) + np.maximum(z, 0)) / beta)


softplus_op = elementwise(
    _softplus,
    lambda y, x, beta, threshold: np.where(beta * x > threshold, np.ones_like(x), ag.sigmoid.op.on(beta * x)),
    name="softplus",
    options={"beta": symbol("β"), "threshold": symbol("t")},
)
logsigmoid_op = elementwise(
    lambda x: np.minimum(x, 0) - np.log1p(np.exp(-np.abs(x))), lambda y, x: ag.sigmoid.op.on(-x), name="logsigmoid"
)
softsign_op = elementwise(lambda x: x / (1 + np.abs(x)), lambda y, x: 1 / np.square(1 + np.abs(x)), name="softsign")
tanhshrink_op = elementwise(lambda x: x - np.tanh(x), lambda y, x: np.square(np.tanh(x)), name="tanhshrink")

# Φ(x) = (1 + tanh(x·P(x²)))/2, the polynomial P fitted so that the error is below 1e-7 in float32.
_GATE32 = (
    0.7978849414894481,
    0.03633308441084051,
    -3.2594747185029296e-05,
    -5.530631552247444e-05,
    3.9647728942065505e-06,
    -1.3226625581446098e-07,
    1.7562767212333527e-09,
)


@Loop
def _gate_slopes(out: Any, x: Any, coefficients: Any) -> None:
    """x·P(x²), in one pass over memory."""
    for i in range(x.size):
        s = x[i] * x[i]
        total = coefficients[6]
        for k in range(5, -1, -1):
            total = total * s + coefficients[k]
        out[i] = total * x[i]


def _gate(x: Any) -> Any:
    if x.dtype != np.float32 or x.ndim == 0:
        return (1 + ag.erf.op.forward(x * math.sqrt(0.5))) * 0.5
    if _gate_slopes.suits(x):
        total = np.empty(x.shape, x.dtype)
        _gate_slopes(total.reshape(-1), np.ravel(x), np.array(_GATE32, np.float32))
    else:
        with np.errstate(over="ignore"):  # far out all is infinite, and its tanh ±1
            s = x * x
            total = s * np.float32(_GATE32[-1])
            for coefficient in _GATE32[-2:0:-1]:
                total += np.float32(coefficient)
                total *= s
            total += np.float32(_GATE32[0])
            total *= x
    np.tanh(total, out=total)
    total += 1
    total *= np.float32(0.5)
    return total


gelu_gate = elementwise(
    _gate, lambda y, x: math.sqrt(0.5 / math.pi) * np.exp(-0.5 * x * x), name="gelu_gate", symbol="Φ"
)


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


def softsign(input: Any) -> Tensor:
    """x/(1 + |x|): an S-curve from −1 to 1 that levels off slowly.

    Formula:
        ∂y/∂x = 1/(1 + |x|)².

    Args:
        input: any shape.

    Returns:
        A Tensor of the same shape.

    Example:
        >>> import autograd_core as ag, nn.functional as F
        >>> F.softsign(ag.tensor([-1.0, 3.0]))
        tensor([-0.5 ,  0.75])
    """
    return softsign_op(floats(input))


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


def logsigmoid(input: Any) -> Tensor:
    """log σ(x), without overflow.

    Formula:
        ∂y/∂x = σ(−x).

    Args:
        input: any shape.

    Returns:
        A Tensor of the same shape.

    Example:
        >>> import autograd_core as ag, nn.functional as F
        >>> F.logsigmoid(ag.tensor([0.0, -100.0]))
        tensor([  -0.6931, -100.    ])
    """
    return logsigmoid_op(floats(input))


def tanhshrink(input: Any) -> Tensor:
    """x − tanh x.

    Formula:
        ∂y/∂x = tanh² x.

    Args:
        input: any shape.

    Returns:
        A Tensor of the same shape.

    Example:
        >>> import autograd_core as ag, nn.functional as F
        >>> F.tanhshrink(ag.tensor([0.0, 1.0]))
        tensor([0.    , 0.2384])
    """
    return tanhshrink_op(floats(input))


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


def mish(input: Any, inplace: bool = False) -> Tensor:
    """x·tanh(softplus(x)).

    Formula:
        y = x·tanh(log(1 + eˣ)).

    Args:
        input: any shape.
        inplace: let the input Tensor become the result, too.

    Returns:
        A Tensor of the same shape.

    Example:
        >>> import autograd_core as ag, nn.functional as F
        >>> F.mish(ag.tensor([0.0, 1.0]))
        tensor([0.    , 0.8651])
    """
    x = floats(input)
    gate = ag.tanh(softplus_op(x, beta=1.0, threshold=20.0))
    return placed(input, x * gate, inplace, "mish")


def gelu(input: Any, approximate: str = "none") -> Tensor:
    """x·Φ(x), with Φ the normal distribution's cumulative probability.

    Formula:
        y = x·(1 + erf(x/√2))/2; with ``approximate="tanh"`` y = x·(1 + tanh(√(2/π)(x + 0.044715 x³)))/2.

    Args:
        input: any shape.
        approximate: ``"none"`` or ``"tanh"``.

    Returns:
        A Tensor of the same shape.

    Raises:
        ValueError: another approximation is asked for.

    Example:
        >>> import autograd_core as ag, nn.functional as F
        >>> F.gelu(ag.tensor([0.0, 1.0]))
        tensor([0.    , 0.8413])

    Source: Hendrycks and Gimpel, Gaussian Error Linear Units (2016).
    """
    x = floats(input)
    if approximate == "none":
        return x * gelu_gate(x)
    if approximate == "tanh":
        return x * (0.5 * (1 + ag.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3))))
    raise ValueError(f"approximate argument must be either none or tanh, got {approximate!r}")


def glu(input: Any, dim: int = -1) -> Tensor:
    """One half of the channels, gated by the other: a·σ(b).

    Formula:
        y = a·σ(b), with a and b the halves along an axis.

    Args:
        input: any shape with an even number of channels.
        dim: the axis of the channels.

    Returns:
        A Tensor whose axis ``dim`` is half as long.

    Raises:
        ValueError: the axis has an odd length, or there is none.
        IndexError: there is no such axis.

    Example:
        >>> import autograd_core as ag, nn.functional as F
        >>> F.glu(ag.tensor([1.0, 2.0, 0.0, 100.0]))
        tensor([0.5, 2. ])

    Source: Dauphin et al., Language Modeling with Gated Convolutional Networks (2016).
    """
    x = floats(input)
    if x.ndim == 0:
        raise ValueError("glu does not support 0-dimensional tensors: it needs an axis to halve")
    length = x.size(dim)
    if length % 2:
        raise ValueError(f"glu halves an axis, which must have an even length: axis {dim} of {x.shape} has {length}")
    return x.narrow(dim, 0, length // 2) * ag.sigmoid(x.narrow(dim, length // 2, length // 2))
