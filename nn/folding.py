"""Windows as columns, and their way back, as layers."""

from __future__ import annotations

from typing import Any

from autograd_core import Tensor

from . import functional as F  # noqa: N812 - PyTorch's name
from .module import Module


class Fold(Module):
    """Columns added up where windows lie, (N, C·K, L) to (N, C, H, W); see :func:`nn.functional.fold`.

    Args:
        output_size: H and W.
        kernel_size: the window's length, an integer or one for each axis.
        dilation: the step between the elements of a window.
        padding: how far windows reach beyond both ends.
        stride: the step between windows.

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.Fold((2, 2), (1, 2))(ag.ones(1, 2, 2)).tolist()
        [[[[1.0, 1.0], [1.0, 1.0]]]]
    """

    def __init__(
        self, output_size: Any, kernel_size: Any, dilation: Any = 1, padding: Any = 0, stride: Any = 1
    ) -> None:
        super().__init__()
        self.output_size = output_size
        self.kernel_size = kernel_size
        self.dilation = dilation
        self.padding = padding
        self.stride = stride

    def forward(self, input: Any) -> Tensor:
        return F.fold(input, self.output_size, self.kernel_size, self.dilation, self.padding, self.stride)

    def extra_repr(self) -> str:
        return (
            f"output_size={self.output_size}, kernel_size={self.kernel_size}, dilation={self.dilation}, "
            f"padding={self.padding}, stride={self.stride}"
        )


class Unfold(Module):
    """Each window as a column, (N, C, H, W) to (N, C·K, L); see :func:`nn.functional.unfold`.

    Args:
        kernel_size: the window's length, an integer or one for each axis.
        dilation: the step between the elements of a window.
        padding: how far windows reach beyond both ends.
        stride: the step between windows.

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.Unfold(2)(ag.zeros(1, 3, 4, 4)).shape
        (1, 12, 9)
    """

    def __init__(self, kernel_size: Any, dilation: Any = 1, padding: Any = 0, stride: Any = 1) -> None:
        super().__init__()
        self.kernel_size = kernel_size
        self.dilation = dilation
        self.padding = padding
        self.stride = stride

    def forward(self, input: Any) -> Tensor:
        return F.unfold(input, self.kernel_size, self.dilation, self.padding, self.stride)

    def extra_repr(self) -> str:
        return f"kernel_size={self.kernel_size}, dilation={self.dilation}, padding={self.padding}, stride={self.stride}"
