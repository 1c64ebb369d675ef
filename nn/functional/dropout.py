"""Dropout."""

from __future__ import annotations

from typing import Any

from autograd_core import Tensor
from autograd_core.random import generator
from autograd_core.tensor import from_array

from .inputs import floats, placed


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
    """
    if not 0.0 <= p <= 1.0:
        raise ValueError(f"dropout probability has to be between 0 and 1, but got {p}")
    x = floats(input)
    if not training or p == 0:
        return x
    kept = (generator().random(x.shape) >= p).astype(x.dtype)
    return placed(input, x * from_array(kept / (1 - p) if p < 1 else kept), inplace, "dropout")
