"""The dropout family."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd_core import Tensor
from autograd_core.random import generator
from autograd_core.tensor import from_array

from .inputs import floats, given, placed


def _kept(shape: tuple[int, ...], p: float, dtype: Any) -> Any:
    """Ones and zeros, drawn anew: 0 with probability p."""
    return np.asarray(generator().random(shape) >= p).astype(dtype)[()]


def _check(p: float) -> None:
    if not 0.0 <= p <= 1.0:
        raise ValueError(f"dropout probability has to be between 0 and 1, but got {p}")


def _dropped(x: Tensor, shape: tuple[int, ...], p: float) -> Tensor:
    """x times a mask of a shape that broadcasts, divided by 1 − p."""
    kept = _kept(shape, p, x.dtype)
    return x * from_array(kept / (1 - p) if p < 1 else kept)


def dropout(input: Any, p: float = 0.5, training: bool = True, inplace: bool = False) -> Tensor:
    """In training, each element is set to 0 with probability p, and the others are divided by 1 − p.

    Formula:
        y = x·m/(1 − p), with m = 0 or 1 drawn anew each time; ∂y/∂x = m/(1 − p).

    Args:
        input: any shape.
        p: the probability of 0.
        training: if not, the result is the input.
        inplace: let the input Tensor become the result, too.

    Returns:
        A Tensor of the same shape.

    Raises:
        ValueError: p is not a probability.

    Example:
        >>> import autograd_core as ag, nn.functional as F
        >>> F.dropout(ag.ones(3), p=0.5, training=False)
        tensor([1., 1., 1.])

    Source: Srivastava et al., Dropout (2014); the inverted form.
    """
    _check(p)
    if not training or p == 0:
        return given(input)
    x = floats(input)
    return placed(input, _dropped(x, x.shape, p), inplace, "dropout")


def _channels(input: Any, p: float, training: bool, inplace: bool, name: str, axes: int) -> Tensor:
    """Whole channels dropped; an input with an axis less is one sample (for dropout2d, as in PyTorch, a batch)."""
    _check(p)
    x = given(input)
    if x.ndim not in (axes - 1, axes):
        raise ValueError(f"{name} needs an input of {axes - 1} or {axes} axes, (C, …) or (N, C, …), got {x.shape}")
    if not training or p == 0:
        return x
    x = floats(x)
    batch = 2 if name == "dropout2d" else x.ndim - axes + 2
    return placed(input, _dropped(x, x.shape[:batch] + (1,) * (x.ndim - batch), p), inplace, name)


def dropout1d(input: Any, p: float = 0.5, training: bool = True, inplace: bool = False) -> Tensor:
    """In training, each channel is set to 0 with probability p, and the others are divided by 1 − p.

    Args:
        input: (N, C, L) or (C, L).
        p: the probability of 0.
        training: if not, the result is the input.
        inplace: let the input Tensor become the result, too.

    Returns:
        A Tensor of the same shape.

    Raises:
        ValueError: p is not a probability, or the input has another number of axes.

    Example:
        >>> import autograd_core as ag, nn.functional as F
        >>> F.dropout1d(ag.ones(1, 2, 2), training=False).sum()
        tensor(4.)
    """
    return _channels(input, p, training, inplace, "dropout1d", 3)


def dropout2d(input: Any, p: float = 0.5, training: bool = True, inplace: bool = False) -> Tensor:
    """In training, each channel is set to 0 with probability p, and the others are divided by 1 − p.

    Args:
        input: (N, C, H, W), or (N, C, L) as PyTorch still takes it.
        p: the probability of 0.
        training: if not, the result is the input.
        inplace: let the input Tensor become the result, too.

    Returns:
        A Tensor of the same shape.

    Raises:
        ValueError: p is not a probability, or the input has another number of axes.

    Example:
        >>> import autograd_core as ag, nn.functional as F
        >>> F.dropout2d(ag.ones(1, 2, 2, 2), training=False).sum()
        tensor(8.)

    Source: Tompson et al., Efficient Object Localization Using Convolutional Networks (2014).
    """
    return _channels(input, p, training, inplace, "dropout2d", 4)


def dropout3d(input: Any, p: float = 0.5, training: bool = True, inplace: bool = False) -> Tensor:
    """In training, each channel is set to 0 with probability p, and the others are divided by 1 − p.

    Args:
        input: (N, C, D, H, W) or (C, D, H, W).
        p: the probability of 0.
        training: if not, the result is the input.
        inplace: let the input Tensor become the result, too.

    Returns:
        A Tensor of the same shape.

    Raises:
        ValueError: p is not a probability, or the input has another number of axes.

    Example:
        >>> import autograd_core as ag, nn.functional as F
        >>> F.dropout3d(ag.ones(1, 2, 2, 2, 2), training=False).sum()
        tensor(16.)
    """
    return _channels(input, p, training, inplace, "dropout3d", 5)


_SATURATED = -1.7580993408473766  # −λα: where selu levels off


def _alpha_dropped(x: Tensor, shape: tuple[int, ...], p: float) -> Tensor:
    if p == 1:
        return x * 0.0
    kept = _kept(shape, p, x.dtype)
    rate = ((1 - p) * (1 + p * _SATURATED**2)) ** -0.5
    return x * from_array(kept * rate) + from_array(((1 - kept) * _SATURATED + p * -_SATURATED) * rate)


def alpha_dropout(input: Any, p: float = 0.5, training: bool = False, inplace: bool = False) -> Tensor:
    """Dropout that keeps mean 0 and variance 1, for networks with selu.

    Formula:
        y = a·(x·m + α'·(1 − m)) + b, with m = 0 or 1 drawn anew, α' = −1.7581…, a = ((1 − p)(1 + p·α'²))^(−1/2) and
        b = −a·α'·p.

    Args:
        input: any shape.
        p: the probability that an element is dropped.
        training: if not, the result is the input.
        inplace: let the input Tensor become the result, too.

    Returns:
        A Tensor of the same shape.

    Raises:
        ValueError: p is not a probability.

    Example:
        >>> import autograd_core as ag, nn.functional as F
        >>> F.alpha_dropout(ag.ones(3))
        tensor([1., 1., 1.])

    Source: Klambauer et al., Self-Normalizing Neural Networks (2017).
    """
    _check(p)
    if not training or p == 0:
        return given(input)
    x = floats(input)
    return placed(input, _alpha_dropped(x, x.shape, p), inplace, "alpha_dropout")


def feature_alpha_dropout(input: Any, p: float = 0.5, training: bool = False, inplace: bool = False) -> Tensor:
    """:func:`alpha_dropout` of whole channels.

    Args:
        input: (N, C, …).
        p: the probability that a channel is dropped.
        training: if not, the result is the input.
        inplace: let the input Tensor become the result, too.

    Returns:
        A Tensor of the same shape.

    Raises:
        ValueError: p is not a probability, or the input has fewer than two axes.

    Example:
        >>> import autograd_core as ag, nn.functional as F
        >>> F.feature_alpha_dropout(ag.ones(1, 3))
        tensor([[1., 1., 1.]])
    """
    _check(p)
    if not training or p == 0:
        return given(input)
    x = floats(input)
    if x.ndim < 2:
        raise ValueError(f"feature_alpha_dropout needs an input of at least two axes, (N, C, …), got shape {x.shape}")
    return placed(input, _alpha_dropped(x, x.shape[:2] + (1,) * (x.ndim - 2), p), inplace, "feature_alpha_dropout")
