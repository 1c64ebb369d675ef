"""Pooling by means and by norms, as layers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from autograd_core import Tensor

from . import functional as F  # noqa: N812 - PyTorch's name
from .axes import Axes
from .functional.geometry import each_axis


class _AvgPool(Axes):
    """The mean of each window; see :func:`nn.functional.avg_pool{n}d`.

    Args:
        kernel_size: the window's length, {each}.
        stride: the step between windows; by default kernel_size.
        padding: how far windows reach beyond both ends, at most half their length.
        ceil_mode: let the last window reach further.
        count_include_pad: whether the zeros added count.
        divisor_override: what to divide each sum by instead (not for one axis).

    Returns:
        From a call with (N, C, {S}) or (C, {S}): a Tensor (N, C, {R}) or (C, {R}), with
        L′ = (L + 2·padding − K) // stride + 1.
    """

    _function: ClassVar[Callable[..., Tensor]]
    divisor_override: int | None = None

    def __init__(
        self,
        kernel_size: Any,
        stride: Any = None,
        padding: Any = 0,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
        divisor_override: int | None = None,
    ) -> None:
        super().__init__()
        self.kernel_size = kernel_size
        self.stride = kernel_size if stride is None else stride
        self.padding = padding
        self.ceil_mode = ceil_mode
        self.count_include_pad = count_include_pad
        self.divisor_override = divisor_override

    def forward(self, input: Any) -> Tensor:
        return self._function(
            input,
            self.kernel_size,
            self.stride,
            self.padding,
            self.ceil_mode,
            self.count_include_pad,
            self.divisor_override,
        )

    def extra_repr(self) -> str:
        return f"kernel_size={self.kernel_size}, stride={self.stride}, padding={self.padding}"


class AvgPool1d(_AvgPool):
    __doc__ = _AvgPool._described(1, "nn.AvgPool1d(2)(ag.tensor([[1.0, 3.0, 2.0, 0.0]])) -> tensor([[2., 1.]])")
    _count, _function = 1, staticmethod(F.avg_pool1d)

    def __init__(
        self,
        kernel_size: Any,
        stride: Any = None,
        padding: Any = 0,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
    ) -> None:
        size = each_axis(kernel_size, 1, "AvgPool1d", "kernel_size")
        steps = size if stride is None else each_axis(stride, 1, "AvgPool1d", "stride")
        super().__init__(size, steps, each_axis(padding, 1, "AvgPool1d", "padding", 0), ceil_mode, count_include_pad)


class AvgPool2d(_AvgPool):
    __doc__ = _AvgPool._described(2, "nn.AvgPool2d(2)(ag.zeros(8, 6, 28, 28)).shape -> (8, 6, 14, 14)")
    _count, _function = 2, staticmethod(F.avg_pool2d)


class AvgPool3d(_AvgPool):
    __doc__ = _AvgPool._described(3, "nn.AvgPool3d(2)(ag.zeros(1, 2, 4, 4, 4)).shape -> (1, 2, 2, 2, 2)")
    _count, _function = 3, staticmethod(F.avg_pool3d)


class _LPPool(Axes):
    """The p-norm of each window; see :func:`nn.functional.lp_pool{n}d`.

    Args:
        norm_type: p.
        kernel_size: the window's length, {each}.
        stride: the step between windows; by default kernel_size.
        ceil_mode: let the last window reach further.

    Returns:
        From a call with (N, C, {S}) or (C, {S}): a Tensor (N, C, {R}) or (C, {R}), with L′ = (L − K) // stride + 1.
    """

    _function: ClassVar[Callable[..., Tensor]]

    def __init__(self, norm_type: float, kernel_size: Any, stride: Any = None, ceil_mode: bool = False) -> None:
        super().__init__()
        self.norm_type = norm_type
        self.kernel_size = kernel_size
        self.stride = stride
        self.ceil_mode = ceil_mode

    def forward(self, input: Any) -> Tensor:
        return self._function(input, float(self.norm_type), self.kernel_size, self.stride, self.ceil_mode)

    def extra_repr(self) -> str:
        return (
            f"norm_type={self.norm_type}, kernel_size={self.kernel_size}, stride={self.stride}, "
            f"ceil_mode={self.ceil_mode}"
        )


class LPPool1d(_LPPool):
    __doc__ = _LPPool._described(1, "nn.LPPool1d(2, 2)(ag.tensor([[3.0, 4.0, 1.0, 0.0]])) -> tensor([[5., 1.]])")
    _count, _function = 1, staticmethod(F.lp_pool1d)


class LPPool2d(_LPPool):
    __doc__ = _LPPool._described(2, "nn.LPPool2d(2, 2)(ag.zeros(8, 6, 28, 28)).shape -> (8, 6, 14, 14)")
    _count, _function = 2, staticmethod(F.lp_pool2d)


class LPPool3d(_LPPool):
    __doc__ = _LPPool._described(3, "nn.LPPool3d(2, 2)(ag.zeros(1, 2, 4, 4, 4)).shape -> (1, 2, 2, 2, 2)")
    _count, _function = 3, staticmethod(F.lp_pool3d)
