"""Softmax and its kin: numbers that add up to 1."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

import autograd_core as ag
from autograd_core import Tensor
from autograd_core.random import generator
from autograd_core.tensor import from_array

from .inputs import floats, given


def _implicit_dim(name: str, input: Any) -> int:
    warnings.warn(
        f"Implicit dimension choice for {name} has been deprecated. Change the call to include dim=X as an argument.",
        stacklevel=3,
    )
    return 0 if given(input).ndim in (0, 1, 3) else 1


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


def softmin(input: Any, dim: int | None = None, dtype: Any = None) -> Tensor:
    """e⁻ˣ / Σ e⁻ˣ along an axis: softmax of −x.

    Formula:
        ∂L/∂x = −y·(g − Σ g·y), with g = ∂L/∂y.

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
        >>> F.softmin(ag.tensor([0.0, 0.0]), dim=0)
        tensor([0.5, 0.5])
    """
    return ag.softmax(-given(input), _implicit_dim("softmin", input) if dim is None else dim, dtype)


def gumbel_softmax(logits: Any, tau: float = 1, hard: bool = False, eps: float = 1e-10, dim: int = -1) -> Tensor:
    """A random choice of one class, made differentiable: softmax of scores with Gumbel noise.

    Formula:
        y = softmax((x + ε)/τ), with ε = −log(−log u) and u uniform; with ``hard`` the value is the one-hot vector of
        the largest y, and the gradient still that of y.

    Args:
        logits: scores, any shape.
        tau: τ, the temperature, above 0.
        hard: whether the value is one-hot.
        eps: accepted as PyTorch's, and like there without effect.
        dim: the axis of the classes.

    Returns:
        A Tensor of the same shape that adds up to 1 along the axis.

    Raises:
        IndexError: there is no such axis.
        ValueError: τ is not positive.

    Example:
        >>> import autograd_core as ag, nn.functional as F
        >>> y = F.gumbel_softmax(ag.tensor([[0.0, 1.0, 2.0]]), hard=True)
        >>> y.sum()
        tensor(1.)

    Source: Jang et al., Categorical Reparameterization with Gumbel-Softmax (2016).
    """
    x = floats(logits)
    if not tau > 0:
        raise ValueError(f"gumbel_softmax needs a temperature above 0, got tau={tau}")
    noise = -np.log(generator().standard_exponential(x.shape))
    soft = ag.softmax((x + from_array(np.asarray(noise).astype(x.dtype)[()])) / tau, dim)
    if not hard:
        return soft
    best = soft.array.argmax(axis=dim, keepdims=True)
    places = np.arange(x.shape[dim]).reshape((-1,) + (1,) * (x.ndim - 1 - dim % x.ndim))
    return from_array((places == best).astype(x.dtype)) - soft.detach() + soft
