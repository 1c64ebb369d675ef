"""Filling tensors with numbers of one distribution, or with one number."""

from __future__ import annotations

import math
import warnings
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from autograd_core import Tensor, erfinv, no_grad
from autograd_core import random as core_random

if TYPE_CHECKING:
    from numpy.random import Generator

T = TypeVar("T", bound=Tensor)


def fill(tensor: T, values: Any) -> T:
    """Give a tensor these values, unrecorded."""
    with no_grad():
        tensor.copy_(np.asarray(values, tensor.dtype))
    return tensor


def source(generator: Generator | None) -> Generator:
    """Where random numbers come from: the generator given, or that of ``manual_seed``."""
    return core_random.generator() if generator is None else generator


def uniform_(tensor: T, a: float = 0.0, b: float = 1.0, generator: Generator | None = None) -> T:
    """Fill with uniform random numbers from a to b.

    Args:
        tensor: any shape.
        a: the least.
        b: the end.
        generator: where the numbers come from; by default the generator of ``manual_seed``.

    Returns:
        The tensor.

    Raises:
        ValueError: b lies below a.

    Example:
        >>> import autograd_core as ag, nn
        >>> bool((nn.init.uniform_(ag.zeros(9), 2.0, 3.0) >= 2.0).all())
        True
    """
    if b < a:
        raise ValueError(f"uniform_ expects to return a [from, to) range, but found from={a} > to={b}")
    return fill(tensor, source(generator).uniform(a, b, tensor.shape))


def normal_(tensor: T, mean: float = 0.0, std: float = 1.0, generator: Generator | None = None) -> T:
    """Fill with normal random numbers.

    Args:
        tensor: any shape.
        mean: their mean.
        std: their standard deviation.
        generator: where the numbers come from; by default the generator of ``manual_seed``.

    Returns:
        The tensor.

    Raises:
        ValueError: the standard deviation is negative.

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.init.normal_(ag.zeros(2, 3)).shape
        (2, 3)
    """
    if std < 0:
        raise ValueError(f"normal expects std >= 0.0, but found std {std}")
    return fill(tensor, source(generator).normal(mean, std, tensor.shape))


def constant_(tensor: T, val: float) -> T:
    """Fill with one number.

    Args:
        tensor: any shape.
        val: the number.

    Returns:
        The tensor.

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.init.constant_(ag.zeros(2), 0.5)
        tensor([0.5, 0.5])
    """
    return fill(tensor, np.full(tensor.shape, val))


def zeros_(tensor: T) -> T:
    """Fill with zeros.

    Args:
        tensor: any shape.

    Returns:
        The tensor.

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.init.zeros_(ag.ones(2))
        tensor([0., 0.])
    """
    return constant_(tensor, 0.0)


def ones_(tensor: T) -> T:
    """Fill with ones.

    Args:
        tensor: any shape.

    Returns:
        The tensor.

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.init.ones_(ag.zeros(2))
        tensor([1., 1.])
    """
    return constant_(tensor, 1.0)


def trunc_normal_(
    tensor: T, mean: float = 0.0, std: float = 1.0, a: float = -2.0, b: float = 2.0, generator: Generator | None = None
) -> T:
    """Fill with normal random numbers, none below a or above b.

    Formula:
        mean + std·√2·erf⁻¹(u), with u uniform between erf((a − mean)/(std·√2)) and erf((b − mean)/(std·√2)).

    Args:
        tensor: any shape.
        mean: the mean of the whole normal distribution.
        std: its standard deviation.
        a: the least number.
        b: the greatest.
        generator: where the numbers come from; by default the generator of ``manual_seed``.

    Returns:
        The tensor.

    Raises:
        ValueError: the standard deviation is not positive, or b lies below a.

    Example:
        >>> import autograd_core as ag, nn
        >>> bool((nn.init.trunc_normal_(ag.zeros(9), a=-1.0, b=1.0).abs() <= 1.0).all())
        True
    """
    if std <= 0 or b < a:
        raise ValueError(f"trunc_normal_ needs a positive std and a <= b, got std={std}, a={a}, b={b}")
    if mean < a - 2 * std or mean > b + 2 * std:
        warnings.warn(
            "mean is more than 2 std from [a, b] in nn.init.trunc_normal_. The distribution of values may be "
            "incorrect.",
            stacklevel=2,
        )
    low, high = (math.erf((end - mean) / (std * math.sqrt(2))) for end in (a, b))
    u = source(generator).uniform(low, high, tensor.shape)
    with no_grad():
        x = erfinv(np.asarray(u)).numpy()
    return fill(tensor, np.clip(mean + std * math.sqrt(2) * x, a, b))
