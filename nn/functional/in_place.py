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


celu_ = _in_place(celu)
elu_ = _in_place(elu)
hardtanh_ = _in_place(hardtanh)
leaky_relu_ = _in_place(leaky_relu)
relu_ = _in_place(relu)
rrelu_ = _in_place(rrelu)
selu_ = _in_place(selu)
threshold_ = _in_place(threshold)
