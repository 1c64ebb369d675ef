"""Layers that forget at random, in training only."""

from __future__ import annotations

from typing import Any

from autograd_core import Tensor

from . import functional as F  # noqa: N812 - PyTorch's name
from .module import Module


class _Dropping(Module):
    """Base of the layers that drop with a probability."""

    def __init__(self, p: float = 0.5, inplace: bool = False) -> None:
        super().__init__()
        if not 0.0 <= p <= 1.0:
            raise ValueError(f"dropout probability has to be between 0 and 1, but got {p}")
        self.p = p
        self.inplace = inplace

    def extra_repr(self) -> str:
        return f"p={self.p}, inplace={self.inplace}"


class Dropout(_Dropping):
    """In training, each element is set to 0 with probability p, and the others are divided by 1 − p.

    Formula:
        y = x·m/(1 − p), with m = 0 or 1 drawn anew each time; ∂y/∂x = m/(1 − p).

    Args:
        p: the probability to drop.
        inplace: let the input Tensor become the result, too.

    Returns:
        From a call: a Tensor of the input's shape; in evaluation the input.

    Raises:
        ValueError: p is not a probability.

    Example:
        >>> import autograd_core as ag, nn
        >>> x = ag.ones(3)
        >>> bool((nn.Dropout(0.2).eval()(x) == x).all())
        True

    Source: Srivastava et al., Dropout (2014); the inverted form.
    """

    def forward(self, input: Any) -> Tensor:
        return F.dropout(input, self.p, self.training, self.inplace)


class Dropout1d(_Dropping):
    """Dropout of whole channels of sequences, (N, C, L) or (C, L).

    Formula:
        y = x·m/(1 − p), with one m = 0 or 1 for each channel.

    Args:
        p: the probability to drop.
        inplace: let the input Tensor become the result, too.

    Returns:
        From a call: a Tensor of the input's shape; in evaluation the input.

    Raises:
        ValueError: p is not a probability.

    Example:
        >>> import autograd_core as ag, nn
        >>> x = ag.ones(2, 3)
        >>> bool((nn.Dropout1d(0.2).eval()(x) == x).all())
        True

    Source: Tompson et al., Efficient Object Localization Using Convolutional Networks (2015).
    """

    def forward(self, input: Any) -> Tensor:
        return F.dropout1d(input, self.p, self.training, self.inplace)


class Dropout2d(_Dropping):
    """Dropout of whole channels of images, (N, C, H, W) or (C, H, W).

    Formula:
        y = x·m/(1 − p), with one m = 0 or 1 for each channel.

    Args:
        p: the probability to drop.
        inplace: let the input Tensor become the result, too.

    Returns:
        From a call: a Tensor of the input's shape; in evaluation the input.

    Raises:
        ValueError: p is not a probability.

    Example:
        >>> import autograd_core as ag, nn
        >>> x = ag.ones(2, 3, 3)
        >>> bool((nn.Dropout2d(0.2).eval()(x) == x).all())
        True

    Source: Tompson et al., Efficient Object Localization Using Convolutional Networks (2015).
    """

    def forward(self, input: Any) -> Tensor:
        return F.dropout2d(input, self.p, self.training, self.inplace)


class Dropout3d(_Dropping):
    """Dropout of whole channels of volumes, (N, C, D, H, W) or (C, D, H, W).

    Formula:
        y = x·m/(1 − p), with one m = 0 or 1 for each channel.

    Args:
        p: the probability to drop.
        inplace: let the input Tensor become the result, too.

    Returns:
        From a call: a Tensor of the input's shape; in evaluation the input.

    Raises:
        ValueError: p is not a probability.

    Example:
        >>> import autograd_core as ag, nn
        >>> x = ag.ones(2, 3, 3, 3)
        >>> bool((nn.Dropout3d(0.2).eval()(x) == x).all())
        True

    Source: Tompson et al., Efficient Object Localization Using Convolutional Networks (2015).
    """

    def forward(self, input: Any) -> Tensor:
        return F.dropout3d(input, self.p, self.training, self.inplace)


class AlphaDropout(_Dropping):
    """Dropout for SELU: elements are set to its lower end, and mean and variance are kept.

    Formula:
        y = a·(x·m + α′·(1 − m)) + b, with α′ = −1.7581, and a and b such that mean 0 and variance 1 stay.

    Args:
        p: the probability to drop.
        inplace: let the input Tensor become the result, too.

    Returns:
        From a call: a Tensor of the input's shape; in evaluation the input.

    Raises:
        ValueError: p is not a probability.

    Example:
        >>> import autograd_core as ag, nn
        >>> x = ag.ones(3)
        >>> bool((nn.AlphaDropout(0.2).eval()(x) == x).all())
        True

    Source: Klambauer et al., Self-Normalizing Neural Networks (2017).
    """

    def forward(self, input: Any) -> Tensor:
        return F.alpha_dropout(input, self.p, self.training, self.inplace)


class FeatureAlphaDropout(_Dropping):
    """Alpha dropout of whole channels.

    Formula:
        y = a·(x·m + α′·(1 − m)) + b, with one m = 0 or 1 for each channel.

    Args:
        p: the probability to drop.
        inplace: let the input Tensor become the result, too.

    Returns:
        From a call: a Tensor of the input's shape; in evaluation the input.

    Raises:
        ValueError: p is not a probability.

    Example:
        >>> import autograd_core as ag, nn
        >>> x = ag.ones(2, 3, 3)
        >>> bool((nn.FeatureAlphaDropout(0.2).eval()(x) == x).all())
        True

    Source: Klambauer et al., Self-Normalizing Neural Networks (2017).
    """

    def forward(self, input: Any) -> Tensor:
        return F.feature_alpha_dropout(input, self.p, self.training, self.inplace)
