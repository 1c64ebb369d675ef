"""Pooling by maxima, and its way back, as layers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from autograd_core import Tensor

from . import functional as F  # noqa: N812 - PyTorch's name
from .axes import Axes
from .functional.geometry import each_axis


class _MaxPool(Axes):
    """The largest element of each window; see :func:`nn.functional.max_pool{n}d`.

    Args:
        kernel_size: the window's length, {each}.
        stride: the step between windows; by default kernel_size.
        padding: how far windows reach beyond both ends, at most half their length.
        dilation: the step between the elements of a window.
        return_indices: give the positions of the maxima too, as :class:`MaxUnpool{n}d` takes them.
        ceil_mode: let the last window reach further.

    Returns:
        From a call with (N, C, {S}) or (C, {S}): a Tensor (N, C, {R}) or (C, {R}), with
        L′ = (L + 2·padding − dilation·(K − 1) − 1) // stride + 1; with return_indices also their positions.
    """

    _function: ClassVar[Callable[..., Any]]

    def __init__(
        self,
        kernel_size: Any,
        stride: Any = None,
        padding: Any = 0,
        dilation: Any = 1,
        return_indices: bool = False,
        ceil_mode: bool = False,
    ) -> None:
        super().__init__()
        self.kernel_size = kernel_size
        self.stride = kernel_size if stride is None else stride
        self.padding = padding
        self.dilation = dilation
        self.return_indices = return_indices
        self.ceil_mode = ceil_mode

    def forward(self, input: Any) -> Any:
        return self._function(
            input, self.kernel_size, self.stride, self.padding, self.dilation, self.ceil_mode, self.return_indices
        )

    def extra_repr(self) -> str:
        return (
            f"kernel_size={self.kernel_size}, stride={self.stride}, padding={self.padding}, "
            f"dilation={self.dilation}, ceil_mode={self.ceil_mode}"
        )


class MaxPool1d(_MaxPool):
    __doc__ = _MaxPool._described(1, "nn.MaxPool1d(2)(ag.tensor([[1.0, 3.0, 2.0, 0.0]])) -> tensor([[3., 2.]])")
    _count, _function = 1, staticmethod(F.max_pool1d)


class MaxPool2d(_MaxPool):
    __doc__ = _MaxPool._described(2, "nn.MaxPool2d(2)(ag.zeros(8, 6, 28, 28)).shape -> (8, 6, 14, 14)")
    _count, _function = 2, staticmethod(F.max_pool2d)


class MaxPool3d(_MaxPool):
    __doc__ = _MaxPool._described(3, "nn.MaxPool3d(2)(ag.zeros(1, 2, 4, 4, 4)).shape -> (1, 2, 2, 2, 2)")
    _count, _function = 3, staticmethod(F.max_pool3d)


class _MaxUnpool(Axes):
    """Zeros with the input's elements put where :class:`MaxPool{n}d` found them; see
    :func:`nn.functional.max_unpool{n}d`.

    Args:
        kernel_size: the window's length in the pooling, {each}.
        stride: the step between windows; by default kernel_size.
        padding: how far windows reached beyond both ends.

    Returns:
        From a call with (N, C, {S}) or (C, {S}), the positions and perhaps an output_size: a Tensor (N, C, {R}) or
        (C, {R}).
    """

    _function: ClassVar[Callable[..., Tensor]]

    def __init__(self, kernel_size: Any, stride: Any = None, padding: Any = 0) -> None:
        super().__init__()
        name = self._get_name()
        self.kernel_size = each_axis(kernel_size, self._count, name, "kernel_size")
        self.stride = self.kernel_size if stride is None else each_axis(stride, self._count, name, "stride")
        self.padding = each_axis(padding, self._count, name, "padding", 0)

    def forward(self, input: Any, indices: Any, output_size: Sequence[int] | None = None) -> Tensor:
        return self._function(input, indices, self.kernel_size, self.stride, self.padding, output_size)

    def extra_repr(self) -> str:
        return f"kernel_size={self.kernel_size}, stride={self.stride}, padding={self.padding}"


class MaxUnpool1d(_MaxUnpool):
    __doc__ = _MaxUnpool._described(
        1, "nn.MaxUnpool1d(2)(ag.tensor([[3.0, 2.0]]), ag.tensor([[1, 2]])) -> tensor([[0., 3., 2., 0.]])"
    )
    _count, _function = 1, staticmethod(F.max_unpool1d)


class MaxUnpool2d(_MaxUnpool):
    __doc__ = _MaxUnpool._described(
        2,
        "nn.MaxUnpool2d(2)(*nn.MaxPool2d(2, return_indices=True)(ag.zeros(1, 1, 4, 4))).shape -> (1, 1, 4, 4)",
    )
    _count, _function = 2, staticmethod(F.max_unpool2d)


class MaxUnpool3d(_MaxUnpool):
    __doc__ = _MaxUnpool._described(
        3,
        "nn.MaxUnpool3d(2)(*nn.MaxPool3d(2, return_indices=True)(ag.zeros(1, 4, 4, 4))).shape -> (1, 4, 4, 4)",
    )
    _count, _function = 3, staticmethod(F.max_unpool3d)
