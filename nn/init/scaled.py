"""Filling weights so that signals keep their size through the layers."""

from __future__ import annotations

import math
import warnings
from typing import TYPE_CHECKING, TypeVar

from autograd_core import Tensor

from .filling import normal_, uniform_

if TYPE_CHECKING:
    from numpy.random import Generator

T = TypeVar("T", bound=Tensor)

_GAINS = {
    "linear": 1.0,
    "conv1d": 1.0,
    "conv2d": 1.0,
    "conv3d": 1.0,
    "conv_transpose1d": 1.0,
    "conv_transpose2d": 1.0,
    "conv_transpose3d": 1.0,
    "sigmoid": 1.0,
    "tanh": 5 / 3,
    "relu": math.sqrt(2),
    "selu": 3 / 4,
}


def calculate_gain(nonlinearity: str, param: float | None = None) -> float:
    """By how much to scale weights so that signals keep their size through an activation function.

    Args:
        nonlinearity: ``"linear"``, ``"sigmoid"``, ``"tanh"``, ``"relu"``, ``"leaky_relu"``, ``"selu"``,
            ``"conv1d"`` and its kin.
        param: for ``"leaky_relu"`` the negative slope, by default 0.01.

    Returns:
        The factor.

    Raises:
        ValueError: the function is not known.

    Example:
        >>> import nn
        >>> nn.init.calculate_gain("tanh")
        1.6666666666666667
    """
    if nonlinearity == "leaky_relu":
        slope = 0.01 if param is None else param
        if isinstance(slope, bool) or not isinstance(slope, (int, float)):
            raise ValueError(f"negative_slope {slope} not a valid number")
        return math.sqrt(2 / (1 + slope**2))
    if nonlinearity not in _GAINS:
        raise ValueError(f"Unsupported nonlinearity {nonlinearity}: use one of {', '.join([*_GAINS, 'leaky_relu'])}")
    return _GAINS[nonlinearity]


def fans(tensor: Tensor) -> tuple[int, int]:
    """How many inputs and outputs one unit of a weight (out, in, …) is connected to.

    Args:
        tensor: a weight of at least two axes; those after the second are a convolution's window.

    Returns:
        ``(fan_in, fan_out)``.

    Raises:
        ValueError: there are fewer than two axes.
    """
    if tensor.ndim < 2:
        raise ValueError("Fan in and fan out can not be computed for tensor with fewer than 2 dimensions")
    window = math.prod(tensor.shape[2:])
    return tensor.shape[1] * window, tensor.shape[0] * window


def xavier_uniform_(tensor: T, gain: float = 1.0, generator: Generator | None = None) -> T:
    """Fill with uniform numbers that keep the size of signals forward and backward (Glorot).

    Formula:
        from −a to a, with a = gain·√(6 / (fan_in + fan_out)).

    Args:
        tensor: a weight of at least two axes.
        gain: see :func:`calculate_gain`.
        generator: where the numbers come from; by default the generator of ``manual_seed``.

    Returns:
        The tensor.

    Raises:
        ValueError: there are fewer than two axes.

    Example:
        >>> import autograd_core as ag, nn
        >>> bool((nn.init.xavier_uniform_(ag.zeros(3, 3)).abs() <= 1.0).all())
        True

    Source: Glorot and Bengio, Understanding the difficulty of training deep feedforward neural networks (2010).
    """
    bound = gain * math.sqrt(6 / sum(fans(tensor)))
    return uniform_(tensor, -bound, bound, generator)


def xavier_normal_(tensor: T, gain: float = 1.0, generator: Generator | None = None) -> T:
    """Fill with normal numbers that keep the size of signals forward and backward (Glorot).

    Formula:
        standard deviation gain·√(2 / (fan_in + fan_out)).

    Args:
        tensor: a weight of at least two axes.
        gain: see :func:`calculate_gain`.
        generator: where the numbers come from; by default the generator of ``manual_seed``.

    Returns:
        The tensor.

    Raises:
        ValueError: there are fewer than two axes.

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.init.xavier_normal_(ag.zeros(2, 3)).shape
        (2, 3)

    Source: Glorot and Bengio, Understanding the difficulty of training deep feedforward neural networks (2010).
    """
    return normal_(tensor, 0.0, gain * math.sqrt(2 / sum(fans(tensor))), generator)


def _kaiming_std(tensor: Tensor, a: float, mode: str, nonlinearity: str) -> float:
    if mode not in ("fan_in", "fan_out"):
        raise ValueError(f"Mode {mode} not supported, please use one of ['fan_in', 'fan_out']")
    fan = fans(tensor)[mode == "fan_out"]
    return calculate_gain(nonlinearity, a) / math.sqrt(fan)


def _empty(tensor: Tensor) -> bool:
    if tensor.numel() == 0:
        warnings.warn("Initializing zero-element tensors is a no-op", stacklevel=3)
    return tensor.numel() == 0


def kaiming_uniform_(
    tensor: T,
    a: float = 0.0,
    mode: str = "fan_in",
    nonlinearity: str = "leaky_relu",
    generator: Generator | None = None,
) -> T:
    """Fill with uniform numbers that keep the size of signals through relu and its kin (He).

    Formula:
        from −b to b, with b = gain·√(3 / fan).

    Args:
        tensor: a weight of at least two axes.
        a: the negative slope of ``"leaky_relu"``.
        mode: ``"fan_in"`` keeps the size forward, ``"fan_out"`` backward.
        nonlinearity: see :func:`calculate_gain`.
        generator: where the numbers come from; by default the generator of ``manual_seed``.

    Returns:
        The tensor.

    Raises:
        ValueError: there are fewer than two axes, or an option is not known.

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.init.kaiming_uniform_(ag.zeros(2, 3), nonlinearity="relu").shape
        (2, 3)

    Source: He et al., Delving Deep into Rectifiers (2015).
    """
    if _empty(tensor):
        return tensor
    bound = math.sqrt(3) * _kaiming_std(tensor, a, mode, nonlinearity)
    return uniform_(tensor, -bound, bound, generator)


def kaiming_normal_(
    tensor: T,
    a: float = 0.0,
    mode: str = "fan_in",
    nonlinearity: str = "leaky_relu",
    generator: Generator | None = None,
) -> T:
    """Fill with normal numbers that keep the size of signals through relu and its kin (He).

    Formula:
        standard deviation gain / √fan.

    Args:
        tensor: a weight of at least two axes.
        a: the negative slope of ``"leaky_relu"``.
        mode: ``"fan_in"`` keeps the size forward, ``"fan_out"`` backward.
        nonlinearity: see :func:`calculate_gain`.
        generator: where the numbers come from; by default the generator of ``manual_seed``.

    Returns:
        The tensor.

    Raises:
        ValueError: there are fewer than two axes, or an option is not known.

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.init.kaiming_normal_(ag.zeros(2, 3), nonlinearity="relu").shape
        (2, 3)

    Source: He et al., Delving Deep into Rectifiers (2015).
    """
    if _empty(tensor):
        return tensor
    return normal_(tensor, 0.0, _kaiming_std(tensor, a, mode, nonlinearity), generator)
