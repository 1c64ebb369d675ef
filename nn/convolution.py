"""Convolutions and their transposes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

import autograd_core as ag
from autograd_core import Tensor

from . import functional as F  # noqa: N812 - PyTorch's name
from .axes import Axes
from .functional.geometry import each_axis
from .linear import draw, misfit
from .parameter import Parameter

_MODES = ("zeros", "reflect", "replicate", "circular")


class _Filter(Axes):
    """What convolutions and their transposes have in common."""

    transposed: ClassVar[bool]
    padding: Any  # a tuple of integers, or what a convolution takes by name
    weight: Parameter
    bias: Parameter | None

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Any,
        stride: Any,
        padding: Any,
        dilation: Any,
        output_padding: Any,
        groups: int,
        bias: bool,
        padding_mode: str,
        device: Any,
        dtype: Any,
    ) -> None:
        super().__init__()
        if groups < 1 or in_channels % groups or out_channels % groups:
            raise ValueError(
                f"in_channels and out_channels must be divisible by groups, got {in_channels}, {out_channels} "
                f"and groups={groups}"
            )
        if padding_mode not in _MODES:
            raise ValueError(f"padding_mode must be one of {', '.join(_MODES)}, but got padding_mode={padding_mode!r}")
        self.in_channels = in_channels
        self.out_channels = out_channels
        self.kernel_size = self._each(kernel_size, "kernel_size")
        self.stride = self._each(stride, "stride")
        self.padding = padding if isinstance(padding, str) else self._each(padding, "padding", 0)
        self.dilation = self._each(dilation, "dilation")
        self.output_padding = self._each(output_padding, "output_padding", 0)
        self.groups = groups
        self.padding_mode = padding_mode
        self.weight = Parameter(ag.zeros(self._weight_shape(), device=device, dtype=dtype))
        self.register_parameter("bias", Parameter(ag.zeros(out_channels, device=device, dtype=dtype)) if bias else None)
        self.reset_parameters()

    def _each(self, value: Any, what: str, least: int = 1) -> tuple[int, ...]:
        return each_axis(value, self._count, self._get_name(), what, least)

    def _weight_shape(self) -> tuple[int, ...]:
        first, second = self.out_channels, self.in_channels
        if self.transposed:
            first, second = second, first
        return first, second // self.groups, *self.kernel_size

    def reset_parameters(self) -> None:
        """Draw weight and bias anew."""
        draw(self.weight, self.bias)

    def _checked(self, input: Any) -> Tensor:
        x = input if isinstance(input, Tensor) else ag.tensor(input)
        if x.ndim > self._count and x.shape[-self._count - 1] != self.in_channels:
            raise ValueError(misfit(self, x, self.in_channels, "channels", -self._count - 1))
        return x

    def extra_repr(self) -> str:
        text = f"{self.in_channels}, {self.out_channels}, kernel_size={self.kernel_size}, stride={self.stride}"
        for name, usual in (("padding", 0), ("dilation", 1), ("output_padding", 0)):
            if (value := getattr(self, name)) != (usual,) * self._count:
                text += f", {name}={value}"
        if self.groups != 1:
            text += f", groups={self.groups}"
        if self.bias is None:
            text += ", bias=False"
        return text if self.padding_mode == "zeros" else f"{text}, padding_mode={self.padding_mode}"


class _Convolution(_Filter):
    """The weight moved over the input; see :func:`nn.functional.conv{n}d`.

    Formula:
        y[n, o, i] = b[o] + Σ_c Σ_k w[o, c, k]·x[n, c, i·stride + k·dilation − padding], likewise on each axis. w and b
        start uniform between −1/√m and 1/√m, with m = in_channels / groups · the number of the kernel's elements.

    Args:
        in_channels: C, the channels of the input.
        out_channels: O, the channels of the output.
        kernel_size: the window's length, {each}.
        stride: the step between windows, {each}.
        padding: how many elements are added at both ends, {each}; ``"same"`` keeps the length, ``"valid"`` is 0.
        dilation: the step between the elements of a window, {each}.
        groups: how many independent parts the channels are cut into.
        bias: whether there is a b.
        padding_mode: what is added: ``"zeros"``, ``"reflect"``, ``"replicate"`` or ``"circular"``.
        device: ``"cpu"``.
        dtype: of the parameters; by default the default dtype.

    Returns:
        From a call with (N, C, {S}) or (C, {S}): a Tensor (N, O, {R}) or (O, {R}), with
        L′ = (L + 2·padding − dilation·(K − 1) − 1) // stride + 1.

    Raises:
        ValueError: an option is out of range; or, from a call, the input does not fit.
        TypeError: an option is not an integer.
    """

    transposed = False
    _function: ClassVar[Callable[..., Tensor]]

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Any,
        stride: Any = 1,
        padding: Any = 0,
        dilation: Any = 1,
        groups: int = 1,
        bias: bool = True,
        padding_mode: str = "zeros",
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(
            in_channels,
            out_channels,
            kernel_size,
            stride,
            padding,
            dilation,
            0,
            groups,
            bias,
            padding_mode,
            device,
            dtype,
        )
        if padding == "same" and max(self.stride) > 1:
            raise ValueError(f"padding='same' needs stride 1, got {stride}: the result would be shorter")
        if isinstance(padding, str) and padding not in ("same", "valid"):
            raise ValueError(f"padding must be integers, 'same' or 'valid', got {padding!r}")

    def forward(self, input: Any) -> Tensor:
        x = self._checked(input)
        padded = self.padding_mode != "zeros"
        if padded:
            x = F.pad(x, self._around(), self.padding_mode)
        padding = 0 if padded else self.padding
        return self._function(x, self.weight, self.bias, self.stride, padding, self.dilation, self.groups)

    def _around(self) -> list[int]:
        """What :func:`nn.functional.pad` is to add: before and after, from the last axis to the first."""
        if self.padding == "same":
            reach = [d * (k - 1) for d, k in zip(self.dilation, self.kernel_size, strict=True)]
            return [amount for r in reversed(reach) for amount in (r // 2, r - r // 2)]
        amounts = (0,) * self._count if self.padding == "valid" else self.padding
        return [amount for amount in reversed(amounts) for _ in range(2)]


class Conv1d(_Convolution):
    __doc__ = _Convolution._described(1, "nn.Conv1d(4, 8, 3)(ag.zeros(2, 4, 10)).shape -> (2, 8, 8)")
    _count, _function = 1, staticmethod(F.conv1d)


class Conv2d(_Convolution):
    __doc__ = _Convolution._described(
        2, "nn.Conv2d(1, 6, kernel_size=5, padding=2)(ag.zeros(2, 1, 28, 28)).shape -> (2, 6, 28, 28)"
    )
    _count, _function = 2, staticmethod(F.conv2d)


class Conv3d(_Convolution):
    __doc__ = _Convolution._described(
        3, "nn.Conv3d(1, 2, 3, stride=2)(ag.zeros(1, 1, 7, 7, 7)).shape -> (1, 2, 3, 3, 3)"
    )
    _count, _function = 3, staticmethod(F.conv3d)


class _Transposed(_Filter):
    """Each element of the input spreads the weight over the output; see :func:`nn.functional.conv_transpose{n}d`.

    Formula:
        y = b + the gradient that conv{n}d with this weight passes back when x arrives. w and b start uniform between
        −1/√m and 1/√m, with m = out_channels / groups · the number of the kernel's elements.

    Args:
        in_channels: C, the channels of the input.
        out_channels: O, the channels of the output.
        kernel_size: the weight's length, {each}.
        stride: the step between what neighbours spread, {each}.
        padding: how much is cut off at both ends, {each}.
        output_padding: how much longer the output is at its end, {each}; less than stride or dilation.
        groups: how many independent parts the channels are cut into.
        bias: whether there is a b.
        dilation: the step between the elements of the weight, {each}.
        padding_mode: ``"zeros"``.
        device: ``"cpu"``.
        dtype: of the parameters; by default the default dtype.

    Returns:
        From a call with (N, C, {S}) or (C, {S}) and perhaps an output_size, lengths to choose by output_padding: a
        Tensor (N, O, {R}) or (O, {R}), with
        L′ = (L − 1)·stride − 2·padding + dilation·(K − 1) + output_padding + 1.

    Raises:
        ValueError: an option is out of range; or, from a call, the input does not fit.
        TypeError: an option is not an integer.
    """

    transposed = True
    _function: ClassVar[Callable[..., Tensor]]

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Any,
        stride: Any = 1,
        padding: Any = 0,
        output_padding: Any = 0,
        groups: int = 1,
        bias: bool = True,
        dilation: Any = 1,
        padding_mode: str = "zeros",
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        if padding_mode != "zeros":
            raise ValueError(f'Only "zeros" padding mode is supported for {self._get_name()}, got {padding_mode!r}')
        super().__init__(
            in_channels,
            out_channels,
            kernel_size,
            stride,
            self._each(padding, "padding", 0),
            dilation,
            output_padding,
            groups,
            bias,
            padding_mode,
            device,
            dtype,
        )

    def forward(self, input: Any, output_size: Sequence[int] | None = None) -> Tensor:
        x = self._checked(input)
        extra = self.output_padding if output_size is None else self._extra(x, output_size)
        return self._function(x, self.weight, self.bias, self.stride, self.padding, extra, self.groups, self.dilation)

    def _extra(self, x: Tensor, output_size: Sequence[int]) -> tuple[int, ...]:
        """The output_padding that gives an output of this size."""
        least = [
            (n - 1) * s - 2 * p + d * (k - 1) + 1
            for n, s, p, d, k in zip(
                x.shape[-self._count :], self.stride, self.padding, self.dilation, self.kernel_size, strict=True
            )
        ]
        wanted = tuple(output_size)[-self._count :]
        if len(wanted) != self._count or any(
            not low <= w < low + s for low, w, s in zip(least, wanted, self.stride, strict=True)
        ):
            raise ValueError(
                f"{self._where()} can give sizes from {least} up to, not including, a stride more, "
                f"got output_size {tuple(output_size)}"
            )
        return tuple(w - low for w, low in zip(wanted, least, strict=True))


class ConvTranspose1d(_Transposed):
    __doc__ = _Transposed._described(1, "nn.ConvTranspose1d(4, 8, 3)(ag.zeros(2, 4, 10)).shape -> (2, 8, 12)")
    _count, _function = 1, staticmethod(F.conv_transpose1d)


class ConvTranspose2d(_Transposed):
    __doc__ = _Transposed._described(
        2, "nn.ConvTranspose2d(4, 1, 2, stride=2)(ag.zeros(2, 4, 14, 14)).shape -> (2, 1, 28, 28)"
    )
    _count, _function = 2, staticmethod(F.conv_transpose2d)


class ConvTranspose3d(_Transposed):
    __doc__ = _Transposed._described(3, "nn.ConvTranspose3d(2, 1, 3)(ag.zeros(1, 2, 3, 3, 3)).shape -> (1, 1, 5, 5, 5)")
    _count, _function = 3, staticmethod(F.conv_transpose3d)
