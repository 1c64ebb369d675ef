"""Convolution and transposed convolution in one, two and three dimensions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograd_core import Tensor
from autograd_core.ops.convolution import convolve, convolve_biased, convolve_input, result_length

from .geometry import Lengths, batched, each_axis, in_each_dimension, like, numbers


def _operands(name: str, count: int, input: Any, weight: Any, groups: Any) -> tuple[Tensor, Tensor, Tensor, int]:
    """The input as given and with a batch axis, the weight, which has the shape of one, and the number of groups."""
    given, w = numbers(input), numbers(weight)
    (parts,) = each_axis(groups, 1, name, "groups")
    if w.ndim != count + 2:
        raise ValueError(
            f"{name} needs a weight of {count + 2} axes, two of channels and {count} of the kernel, got {w.shape}"
        )
    if 0 in w.shape[2:]:
        raise ValueError(f"{name} needs a kernel with at least one element along each axis, got weight {w.shape}")
    if w.shape[0] % parts:
        raise ValueError(f"{name} needs a weight whose first axis {parts} groups divide evenly, got {w.shape}")
    return given, batched(given, count, name), w, parts


def _checked_bias(name: str, bias: Any, x: Tensor, w: Tensor, channels: int) -> Tensor | None:
    b = None if bias is None else numbers(bias)
    if b is not None and b.shape != (channels,):
        raise ValueError(f"{name} needs a bias of shape ({channels},), a number for each result channel, got {b.shape}")
    dtypes = [str(item.dtype) for item in (x, w, b) if item is not None]
    if len(set(dtypes)) > 1 or x.dtype.kind == "b":
        raise TypeError(
            f"{name} needs input, weight and bias as numbers of one dtype, got {', '.join(dtypes)}: convert with .to"
        )
    return b


def _pads(name: str, padding: Any, size: Lengths, stride: Lengths, dilation: Lengths) -> tuple[tuple[int, int], ...]:
    if not isinstance(padding, str):
        return tuple((p, p) for p in each_axis(padding, len(size), name, "padding", 0))
    if padding == "valid":
        return ((0, 0),) * len(size)
    if padding != "same":
        raise ValueError(f"{name} needs padding as integers, 'same' or 'valid', got {padding!r}")
    if max(stride) > 1:
        raise ValueError(f"{name} with padding='same' needs stride 1, got {stride}: the result would be shorter")
    reach = [d * (k - 1) for d, k in zip(dilation, size, strict=True)]
    return tuple((r // 2, r - r // 2) for r in reach)


def _conv(
    name: str, count: int, input: Any, weight: Any, bias: Any, stride: Any, padding: Any, dilation: Any, groups: Any
) -> Tensor:
    given, x, w, parts = _operands(name, count, input, weight, groups)
    if x.shape[1] != w.shape[1] * parts:
        raise ValueError(
            f"{name} with a weight {w.shape} and {parts} groups needs an input with {w.shape[1] * parts} channels, "
            f"got {given.shape}: the weight is (out, in / groups, *kernel)"
        )
    b = _checked_bias(name, bias, x, w, w.shape[0])
    steps, rates = each_axis(stride, count, name, "stride"), each_axis(dilation, count, name, "dilation")
    pads = _pads(name, padding, w.shape[2:], steps, rates)
    if min(map(result_length, x.shape[2:], w.shape[2:], steps, pads, rates)) < 1:
        raise ValueError(
            f"{name} needs an input no smaller than the kernel: got input {given.shape}, kernel {w.shape[2:]}, "
            f"padding {padding!r}, dilation {dilation!r}"
        )
    geometry = {"stride": steps, "padding": pads, "dilation": rates, "groups": parts}
    y = convolve(x, w, **geometry) if b is None else convolve_biased(x, w, b, **geometry)
    return like(given, y, count)


def _conv_transpose(
    name: str,
    count: int,
    input: Any,
    weight: Any,
    bias: Any,
    stride: Any,
    padding: Any,
    output_padding: Any,
    groups: Any,
    dilation: Any,
) -> Tensor:
    given, x, w, parts = _operands(name, count, input, weight, groups)
    if x.shape[1] != w.shape[0]:
        raise ValueError(
            f"{name} with a weight {w.shape} needs an input with {w.shape[0]} channels, got {given.shape}: "
            "the weight is (in, out / groups, *kernel)"
        )
    b = _checked_bias(name, bias, x, w, w.shape[1] * parts)
    steps, rates = each_axis(stride, count, name, "stride"), each_axis(dilation, count, name, "dilation")
    pads = each_axis(padding, count, name, "padding", 0)
    extra = each_axis(output_padding, count, name, "output_padding", 0)
    if any(e >= max(s, d) for e, s, d in zip(extra, steps, rates, strict=True)):
        raise ValueError(f"{name} needs output_padding smaller than stride or dilation, got {output_padding!r}")
    length = tuple(
        (n - 1) * s - 2 * p + d * (k - 1) + e + 1
        for n, s, p, d, k, e in zip(x.shape[2:], steps, pads, rates, w.shape[2:], extra, strict=True)
    )
    if 0 in x.shape[1:] or min(length) < 1:
        raise ValueError(f"{name} would give a result of shape {length} for input {given.shape} and weight {w.shape}")
    # The zeros that output_padding adds at the end are seen by no window, as if that many were cut off.
    around = tuple((p, p - e) for p, e in zip(pads, extra, strict=True))
    y = convolve_input(x, w, length=length, stride=steps, padding=around, dilation=rates, groups=parts)
    return like(given, y if b is None else y + b.reshape(-1, *[1] * count), count)


def _conv_in(count: int, name: str) -> Callable[..., Tensor]:
    def conv(
        input: Any,
        weight: Any,
        bias: Any = None,
        stride: Any = 1,
        padding: Any = 0,
        dilation: Any = 1,
        groups: int = 1,
    ) -> Tensor:
        """The weight moved over the input: at each place the sum of products with what lies under it.

        Formula:
            y[n, o, i] = b[o] + Σ_c Σ_k w[o, c, k]·x[n, c, i·stride + k·dilation − padding], likewise on each axis;
            ∂L/∂x and ∂L/∂w are convolutions too, ∂L/∂b = Σ g, with g = ∂L/∂y.

        Args:
            input: x, (N, C, {S}) or (C, {S}).
            weight: w, (O, C / groups, {K}).
            bias: b, (O,); None for none.
            stride: the step between windows, {each}.
            padding: zeros at both ends, {each}; ``"same"`` keeps the length, ``"valid"`` is 0.
            dilation: the step between the elements of a window, {each}.
            groups: how many independent parts the channels are cut into.

        Returns:
            A Tensor (N, O, {R}) or (O, {R}), with L′ = (L + 2·padding − dilation·(K − 1) − 1) // stride + 1.

        Raises:
            ValueError: the shapes do not fit, or an option is out of range.
            TypeError: the dtypes differ, or an option is not an integer.
        """
        return _conv(name, count, input, weight, bias, stride, padding, dilation, groups)

    return conv


def _conv_transpose_in(count: int, name: str) -> Callable[..., Tensor]:
    def conv_transpose(
        input: Any,
        weight: Any,
        bias: Any = None,
        stride: Any = 1,
        padding: Any = 0,
        output_padding: Any = 0,
        groups: int = 1,
        dilation: Any = 1,
    ) -> Tensor:
        """Each element of the input spreads the weight over the result: the transpose of :func:`conv{n}d`.

        Formula:
            y = b + the gradient that conv{n}d with this weight passes back when x arrives.

        Args:
            input: x, (N, C, {S}) or (C, {S}).
            weight: w, (C, O / groups, {K}).
            bias: b, (O,); None for none.
            stride: the step between what neighbours spread, {each}.
            padding: how much is cut off at both ends, {each}.
            output_padding: how much longer the result is at its end; less than stride or dilation.
            groups: how many independent parts the channels are cut into.
            dilation: the step between the elements of the weight, {each}.

        Returns:
            A Tensor (N, O, {R}) or (O, {R}), with
            L′ = (L − 1)·stride − 2·padding + dilation·(K − 1) + output_padding + 1.

        Raises:
            ValueError: the shapes do not fit, or an option is out of range.
            TypeError: the dtypes differ, or an option is not an integer.
        """
        return _conv_transpose(name, count, input, weight, bias, stride, padding, output_padding, groups, dilation)

    return conv_transpose


conv1d, conv2d, conv3d = in_each_dimension(
    _conv_in,
    "conv",
    "F.conv1d(ag.tensor([[1.0, 2.0, 4.0]]), ag.tensor([[[-1.0, 1.0]]])) -> tensor([[1., 2.]])",
    "F.conv2d(ag.ones(1, 3, 3), ag.ones(1, 1, 2, 2)).tolist() -> [[[4.0, 4.0], [4.0, 4.0]]]",
    "F.conv3d(ag.ones(1, 2, 2, 2), ag.ones(1, 1, 2, 2, 2)).tolist() -> [[[[8.0]]]]",
)
conv_transpose1d, conv_transpose2d, conv_transpose3d = in_each_dimension(
    _conv_transpose_in,
    "conv_transpose",
    "F.conv_transpose1d(ag.tensor([[1.0, 2.0]]), ag.ones(1, 1, 2), stride=2) -> tensor([[1., 1., 2., 2.]])",
    "F.conv_transpose2d(ag.ones(1, 1, 2), ag.ones(1, 1, 1, 2)).tolist() -> [[[1.0, 2.0, 1.0]]]",
    "F.conv_transpose3d(ag.ones(1, 1, 1, 1), ag.ones(1, 2, 2, 2, 2)).shape -> (2, 2, 2, 2)",
)
