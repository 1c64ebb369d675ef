"""Activation functions made of straight pieces, as modules."""

from __future__ import annotations

from typing import Any

from autograd_core import Tensor

from . import functional as F  # noqa: N812 - PyTorch's name
from .module import Module
from .rectifier import InPlace


class Hardtanh(InPlace):
    """x bounded from below and above.

    Formula:
        ∂y/∂x = 1 between the bounds, else 0.

    Args:
        min_val: the lower bound.
        max_val: the upper bound.
        inplace: let the input Tensor become the result, too.

    Raises:
        ValueError: the bounds are not in order.

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.Hardtanh()(ag.tensor([-2.0, 0.5, 2.0]))
        tensor([-1. ,  0.5,  1. ])
    """

    def __init__(self, min_val: float = -1.0, max_val: float = 1.0, inplace: bool = False) -> None:
        super().__init__(inplace)
        if min_val >= max_val:
            raise ValueError(f"Hardtanh needs min_val below max_val, got {min_val} and {max_val}")
        self.min_val = min_val
        self.max_val = max_val

    def forward(self, input: Any) -> Tensor:
        return F.hardtanh(input, self.min_val, self.max_val, self.inplace)

    def extra_repr(self) -> str:
        return f"min_val={self.min_val}, max_val={self.max_val}" + (", inplace=True" if self.inplace else "")


class ReLU6(Hardtanh):
    """relu that stops at 6, min(max(x, 0), 6).

    Formula:
        ∂y/∂x = 1 where 0 < x < 6, else 0.

    Args:
        inplace: let the input Tensor become the result, too.

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.ReLU6()(ag.tensor([-1.0, 2.0, 9.0]))
        tensor([0., 2., 6.])
    """

    def __init__(self, inplace: bool = False) -> None:
        super().__init__(0.0, 6.0, inplace)

    def forward(self, input: Any) -> Tensor:
        return F.relu6(input, self.inplace)

    def extra_repr(self) -> str:
        return "inplace=True" if self.inplace else ""


class Hardsigmoid(InPlace):
    """A sigmoid of three straight lines: x/6 + 1/2 bounded by 0 and 1.

    Formula:
        ∂y/∂x = 1/6 where −3 < x < 3, else 0.

    Args:
        inplace: let the input Tensor become the result, too.

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.Hardsigmoid()(ag.tensor([-3.0, 0.0, 3.0]))
        tensor([0. , 0.5, 1. ])
    """

    def forward(self, input: Any) -> Tensor:
        return F.hardsigmoid(input, self.inplace)


class Hardswish(InPlace):
    """x times its hard sigmoid.

    Formula:
        y = x·min(max(x + 3, 0), 6)/6.

    Args:
        inplace: let the input Tensor become the result, too.

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.Hardswish()(ag.tensor([-3.0, 1.5, 3.0]))
        tensor([-0.   ,  1.125,  3.   ])

    Source: Howard et al., Searching for MobileNetV3 (2019).
    """

    def forward(self, input: Any) -> Tensor:
        return F.hardswish(input, self.inplace)


class Hardshrink(Module):
    """x, or 0 where it is small.

    Formula:
        ∂y/∂x = 1 where |x| > λ, else 0.

    Args:
        lambd: λ.

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.Hardshrink()(ag.tensor([-1.0, 0.2, 2.0]))
        tensor([-1.,  0.,  2.])
    """

    def __init__(self, lambd: float = 0.5) -> None:
        super().__init__()
        self.lambd = lambd

    def forward(self, input: Any) -> Tensor:
        return F.hardshrink(input, self.lambd)

    def extra_repr(self) -> str:
        return str(self.lambd)


class Softshrink(Module):
    """x moved towards 0 by λ, or 0 where that would pass it.

    Formula:
        ∂y/∂x = 1 where |x| > λ, else 0.

    Args:
        lambd: λ, not negative.

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.Softshrink()(ag.tensor([-1.0, 0.2, 2.0]))
        tensor([-0.5,  0. ,  1.5])
    """

    def __init__(self, lambd: float = 0.5) -> None:
        super().__init__()
        self.lambd = lambd

    def forward(self, input: Any) -> Tensor:
        return F.softshrink(input, self.lambd)

    def extra_repr(self) -> str:
        return str(self.lambd)


class Threshold(InPlace):
    """x where it is above a threshold, else a number.

    Formula:
        ∂y/∂x = 1 where x > threshold, else 0.

    Args:
        threshold: the threshold.
        value: the number.
        inplace: let the input Tensor become the result, too.

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.Threshold(0.5, -1.0)(ag.tensor([0.2, 2.0]))
        tensor([-1.,  2.])
    """

    def __init__(self, threshold: float, value: float, inplace: bool = False) -> None:
        super().__init__(inplace)
        self.threshold = threshold
        self.value = value

    def forward(self, input: Any) -> Tensor:
        return F.threshold(input, self.threshold, self.value, self.inplace)

    def extra_repr(self) -> str:
        return f"threshold={self.threshold}, value={self.value}" + (", inplace=True" if self.inplace else "")


class Step(Module):
    """1 where x is positive, else 0: the perceptron's activation.

    Formula:
        ∂y/∂x = 0.

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.Step()(ag.tensor([-1.0, 0.0, 2.0]))
        tensor([0., 0., 1.])
    """

    def forward(self, input: Any) -> Tensor:
        return F.step(input)
