"""Activations in place: ``relu_(x)`` is ``relu(x, inplace=True)``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograd_core import Tensor

from .piecewise import hardtanh, threshold
from .rectifier import celu, elu, leaky_relu, relu, rrelu, selu


def _in_place(function: Callable[..., Tensor]) -> Callable[..., Tensor]:
    def changed(input: Any, *args: Any, **kwargs: Any) -> Tensor:
        return function(input, *args, inplace=True, **kwargs)

    changed.__name__ = changed.__qualname__ = f"{function.__name__}_"
    changed.__doc__ = f"In place: the input Tensor becomes ``{function.__name__}`` of it, with the same arguments."
    return changed


relu_, elu_, celu_, selu_ = map(_in_place, (relu, elu, celu, selu))
leaky_relu_, rrelu_, hardtanh_, threshold_ = map(_in_place, (leaky_relu, rrelu, hardtanh, threshold))
