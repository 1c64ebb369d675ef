"""Images cut into windows, and windows added up to images."""

from __future__ import annotations

import math
from typing import Any

from autograd_core import Tensor
from autograd_core.ops.convolution import result_length
from autograd_core.ops.windows import add_windows, cut_windows

from .geometry import Lengths, batched, each_axis, like, numbers


def _geometry(name: str, kernel_size: Any, dilation: Any, padding: Any, stride: Any) -> dict[str, Lengths]:
    return {
        "size": each_axis(kernel_size, 2, name, "kernel_size"),
        "stride": each_axis(stride, 2, name, "stride"),
        "padding": each_axis(padding, 2, name, "padding", 0),
        "dilation": each_axis(dilation, 2, name, "dilation"),
    }


def _results(name: str, lengths: Lengths, geometry: dict[str, Lengths]) -> Lengths:
    """How many windows lie along each axis."""
    size, stride, padding, dilation = geometry.values()
    results = tuple(map(result_length, lengths, size, stride, zip(padding, padding, strict=True), dilation))
    if min(results) < 1:
        raise ValueError(f"{name} needs images no smaller than the window: got {lengths} and {geometry}")
    return results


def unfold(input: Any, kernel_size: Any, dilation: Any = 1, padding: Any = 0, stride: Any = 1) -> Tensor:
    """The windows of images as columns: what a convolution multiplies its weight with.

    Formula:
        Each element gets the sum of the gradients of its copies: :func:`fold`.

    Args:
        input: x, (N, C, H, W) or (C, H, W).
        kernel_size: the window's lengths, an integer or two.
        dilation: the step between the elements of a window.
        padding: zeros at both ends.
        stride: the step between windows.

    Returns:
        A Tensor (N, C·KH·KW, L) or (C·KH·KW, L) with a column for each of L windows, row by row.

    Raises:
        ValueError: the shapes do not fit, or an option is out of range.
        TypeError: an option is not an integer.

    Example:
        >>> import autograd_core as ag, nn.functional as F
        >>> F.unfold(ag.arange(6.0).reshape(1, 2, 3), 2).tolist()
        [[0.0, 1.0], [1.0, 2.0], [3.0, 4.0], [4.0, 5.0]]
    """
    given = numbers(input)
    x = batched(given, 2, "unfold")
    if 0 in x.shape[1:]:
        raise ValueError(
            f"unfold needs an input with at least one element along each axis but the batch, got {x.shape}"
        )
    geometry = _geometry("unfold", kernel_size, dilation, padding, stride)
    results = _results("unfold", x.shape[2:], geometry)
    columns = cut_windows(x, results=results, **geometry)
    rows = x.shape[1] * math.prod(geometry["size"])
    return like(given, columns.reshape(x.shape[0], rows, math.prod(results)), 2)


def fold(
    input: Any, output_size: Any, kernel_size: Any, dilation: Any = 1, padding: Any = 0, stride: Any = 1
) -> Tensor:
    """Columns of windows added up to images, each window where :func:`unfold` took it.

    Formula:
        Each element of a column gets the gradient of its place in the image: :func:`unfold`.

    Args:
        input: x, (N, C·KH·KW, L) or (C·KH·KW, L), a column for each of L windows, row by row.
        output_size: the image's lengths, an integer or two.
        kernel_size: the window's lengths, an integer or two.
        dilation: the step between the elements of a window.
        padding: how far windows reach beyond both ends.
        stride: the step between windows.

    Returns:
        A Tensor (N, C, H, W) or (C, H, W).

    Raises:
        ValueError: the shapes do not fit, or an option is out of range.
        TypeError: an option is not an integer.

    Example:
        >>> import autograd_core as ag, nn.functional as F
        >>> F.fold(ag.ones(4, 2), (2, 3), 2).tolist()
        [[[1.0, 2.0, 1.0], [1.0, 2.0, 1.0]]]
    """
    given = numbers(input)
    x = batched(given, 1, "fold")
    lengths = each_axis(output_size, 2, "fold", "output_size")
    geometry = _geometry("fold", kernel_size, dilation, padding, stride)
    results, area = _results("fold", lengths, geometry), math.prod(geometry["size"])
    if x.shape[1] % area or x.shape[1] == 0 or x.shape[2] != math.prod(results):
        raise ValueError(
            f"fold needs columns (N, C·{area}, {math.prod(results)}): kernel_size {geometry['size']} and {results} "
            f"windows in an image of {lengths}, got {given.shape}"
        )
    columns = x.reshape(x.shape[0], x.shape[1] // area, *geometry["size"], *results)
    return like(given, add_windows(columns, length=lengths, **geometry), 1)
