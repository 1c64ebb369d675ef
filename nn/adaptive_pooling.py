"""Pooling to a size, as layers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from autograd_core import Tensor

from . import functional as F  # noqa: N812 - PyTorch's name
from .axes import Axes


class _AdaptiveAvgPool(Axes):
    """The means of windows that cut each axis into so many parts; see :func:`nn.functional.adaptive_avg_pool{n}d`.

    Args:
        output_size: how many parts, {each}; None for as many as there are elements.

    Returns:
        From a call with (N, C, {S}) or (C, {S}): a Tensor (N, C, {R}) or (C, {R}).
    """

    _function: ClassVar[Callable[..., Tensor]]

    def __init__(self, output_size: Any) -> None:
        super().__init__()
        self.output_size = output_size

    def forward(self, input: Any) -> Tensor:
        return self._function(input, self.output_size)

    def extra_repr(self) -> str:
        return f"output_size={self.output_size}"


class AdaptiveAvgPool1d(_AdaptiveAvgPool):
    __doc__ = _AdaptiveAvgPool._described(
        1, "nn.AdaptiveAvgPool1d(2)(ag.tensor([[1.0, 3.0, 2.0, 0.0]])) -> tensor([[2., 1.]])"
    )
    _count, _function = 1, staticmethod(F.adaptive_avg_pool1d)


class AdaptiveAvgPool2d(_AdaptiveAvgPool):
    __doc__ = _AdaptiveAvgPool._described(2, "nn.AdaptiveAvgPool2d((1, 1))(ag.zeros(8, 6, 7, 7)).shape -> (8, 6, 1, 1)")
    _count, _function = 2, staticmethod(F.adaptive_avg_pool2d)


class AdaptiveAvgPool3d(_AdaptiveAvgPool):
    __doc__ = _AdaptiveAvgPool._described(
        3, "nn.AdaptiveAvgPool3d((1, None, 2))(ag.zeros(6, 7, 7, 7)).shape -> (6, 1, 7, 2)"
    )
    _count, _function = 3, staticmethod(F.adaptive_avg_pool3d)


class _AdaptiveMaxPool(Axes):
    """The largest elements of windows that cut each axis into so many parts; see
    :func:`nn.functional.adaptive_max_pool{n}d`.

    Args:
        output_size: how many parts, {each}; None for as many as there are elements.
        return_indices: give the positions of the maxima too.

    Returns:
        From a call with (N, C, {S}) or (C, {S}): a Tensor (N, C, {R}) or (C, {R}); with return_indices also their
        positions in the flattened last axes.
    """

    _function: ClassVar[Callable[..., Any]]

    def __init__(self, output_size: Any, return_indices: bool = False) -> None:
        super().__init__()
        self.output_size = output_size
        self.return_indices = return_indices

    def forward(self, input: Any) -> Any:
        return self._function(input, self.output_size, self.return_indices)

    def extra_repr(self) -> str:
        return f"output_size={self.output_size}"


class AdaptiveMaxPool1d(_AdaptiveMaxPool):
    __doc__ = _AdaptiveMaxPool._described(
        1, "nn.AdaptiveMaxPool1d(2)(ag.tensor([[1.0, 3.0, 2.0, 0.0]])) -> tensor([[3., 2.]])"
    )
    _count, _function = 1, staticmethod(F.adaptive_max_pool1d)


class AdaptiveMaxPool2d(_AdaptiveMaxPool):
    __doc__ = _AdaptiveMaxPool._described(2, "nn.AdaptiveMaxPool2d(1)(ag.zeros(8, 6, 7, 7)).shape -> (8, 6, 1, 1)")
    _count, _function = 2, staticmethod(F.adaptive_max_pool2d)


class AdaptiveMaxPool3d(_AdaptiveMaxPool):
    __doc__ = _AdaptiveMaxPool._described(3, "nn.AdaptiveMaxPool3d(1)(ag.zeros(6, 7, 7, 7)).shape -> (6, 1, 1, 1)")
    _count, _function = 3, staticmethod(F.adaptive_max_pool3d)
