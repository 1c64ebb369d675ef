"""Normalisation layers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

import autograd_core as ag
from autograd_core import Tensor
from autograd_core.tensor import from_array

from .inputs import floats, given, values
from .standardize import affine, moments, standardize


def _sized(input: Any, name: str, least: int) -> Tensor:
    x = given(input)
    if x.dtype.kind != "f":
        raise TypeError(f"{name} needs floats, got {x.dtype}: convert with .float() first")
    if x.ndim < least and x.numel():
        raise ValueError(f"{name} needs an input of at least {least} axes, (N, C, …), got shape {x.shape}")
    return x


def _check_vector(value: Any, channels: int, what: str, name: str) -> Any:
    if value is not None and np.shape(values(value)) != (channels,):
        raise ValueError(
            f"{name} needs {what} with one element for each of {channels} channels, got shape {np.shape(values(value))}"
        )
    return value


def _affine(y: Tensor, weight: Any, bias: Any, shape: tuple[int, ...]) -> Tensor:
    """y·weight + bias, whichever are given, both reshaped to broadcast."""
    given = [None if p is None else floats(p) for p in (weight, bias)]
    w, b = (p if p is None or p.shape == shape else p.reshape(shape) for p in given)
    if w is not None and b is not None:
        return affine(y, w, b)
    return y * w if w is not None else y + b if b is not None else y


def _channels(x: Tensor) -> tuple[int, ...]:
    return (-1,) + (1,) * (x.ndim - 2)


def batch_norm(
    input: Any,
    running_mean: Any,
    running_var: Any,
    weight: Any = None,
    bias: Any = None,
    training: bool = False,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> Tensor:
    """Each channel shifted and scaled to mean 0 and variance 1 over the batch.

    Formula:
        y = (x − μ)/√(σ² + ε)·w + b; in training μ and σ² are those of the batch, and the running ones move towards
        them by ``momentum`` (σ² there with n − 1); in evaluation they are the running ones.

    Args:
        input: (N, C) or (N, C, d1, …).
        running_mean: (C,), a Tensor; None in training for none.
        running_var: (C,), a Tensor; None in training for none.
        weight: w, (C,).
        bias: b, (C,).
        training: whether to use the batch's own statistics.
        momentum: the share of the batch in the running statistics.
        eps: ε.

    Returns:
        A Tensor of the same shape.

    Raises:
        ValueError: shapes do not fit, or there is only one value for each channel.

    Example:
        >>> import autograd_core as ag, nn.functional as F
        >>> F.batch_norm(ag.tensor([[1.0, 5.0], [3.0, 5.0]]), None, None, training=True)
        tensor([[-1.,  0.],
                [ 1.,  0.]])

    Source: Ioffe and Szegedy, Batch Normalization (2015).
    """
    x = _sized(input, "batch_norm", 2)
    if x.ndim < 2:  # nothing at all
        return x
    channels, shape = x.shape[1], _channels(x)
    for value, what in (
        (running_mean, "running_mean"),
        (running_var, "running_var"),
        (weight, "weight"),
        (bias, "bias"),
    ):
        _check_vector(value, channels, what, "batch_norm")
    if not training:
        if running_mean is None or running_var is None:
            raise ValueError("batch_norm needs running_mean and running_var in evaluation: pass them, or training=True")
        mean, var = values(running_mean).reshape(shape), values(running_var).reshape(shape)
        scale = from_array((1 / np.sqrt(var + eps)).astype(x.dtype))
        scale = scale if weight is None else scale * floats(weight).reshape(shape)
        shift = scale * from_array(-mean.astype(x.dtype))
        return affine(x, scale, shift if bias is None else shift + floats(bias).reshape(shape))
    n = math.prod(x.shape) // max(channels, 1)
    if n == 1:
        raise ValueError(f"Expected more than 1 value per channel when training, got input size {x.shape}")
    axes = (0, *range(2, x.ndim))
    if n and (running_mean is not None or running_var is not None):
        mean, var = moments(x.array, axes)
        for running, now in ((running_mean, mean), (running_var, var * (n / (n - 1)))):
            if running is not None:
                _move(running, now.reshape(channels), momentum)
    return _affine(standardize(x, axis=axes, eps=float(eps)), weight, bias, shape)


def _move(running: Any, now: Any, momentum: float) -> None:
    """Let a running statistic move towards that of a batch."""
    if not isinstance(running, Tensor):
        raise TypeError(f"running statistics are changed in place: need a Tensor, got {type(running).__name__}")
    moved = (1 - momentum) * running.array + momentum * now
    with ag.no_grad():
        running.rebind(from_array(moved.astype(running.dtype)), "the update of running statistics")


def instance_norm(
    input: Any,
    running_mean: Any = None,
    running_var: Any = None,
    weight: Any = None,
    bias: Any = None,
    use_input_stats: bool = True,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> Tensor:
    """Each channel of each sample shifted and scaled to mean 0 and variance 1.

    Formula:
        y = (x − μ)/√(σ² + ε)·w + b, with μ and σ² over the axes d1, ….

    Args:
        input: (N, C, d1, …).
        running_mean: (C,), a Tensor that moves towards the mean over the batch.
        running_var: (C,), a Tensor that moves towards the mean variance over the batch.
        weight: w, (C,).
        bias: b, (C,).
        use_input_stats: if not, μ and σ² are the running ones.
        momentum: the share of the batch in the running statistics.
        eps: ε.

    Returns:
        A Tensor of the same shape.

    Raises:
        ValueError: shapes do not fit, or there is only one element for each channel.

    Example:
        >>> import autograd_core as ag, nn.functional as F
        >>> F.instance_norm(ag.tensor([[[1.0, 3.0], [4.0, 8.0]]]))
        tensor([[[-1.,  1.],
                 [-1.,  1.]]])

    Source: Ulyanov et al., Instance Normalization (2016).
    """
    if not use_input_stats:
        return batch_norm(input, running_mean, running_var, weight, bias, False, momentum, eps)
    x = _sized(input, "instance_norm", 3)
    n, channels = x.shape[:2]
    for value, what in (
        (running_mean, "running_mean"),
        (running_var, "running_var"),
        (weight, "weight"),
        (bias, "bias"),
    ):
        _check_vector(value, channels, what, "instance_norm")
    if math.prod(x.shape[2:]) == 1:
        raise ValueError(f"Expected more than 1 spatial element when training, got input size {x.shape}")
    rows = x.reshape(n * channels, math.prod(x.shape[2:]))
    if running_mean is not None:
        _move(running_mean, rows.array.mean(1).reshape(n, channels).mean(0), momentum)
    if running_var is not None:
        _move(running_var, rows.array.var(1, ddof=1).reshape(n, channels).mean(0), momentum)
    y = standardize(rows, axis=(1,), eps=float(eps)).reshape(x.shape)
    return _affine(y, weight, bias, _channels(x))


def group_norm(input: Any, num_groups: int, weight: Any = None, bias: Any = None, eps: float = 1e-5) -> Tensor:
    """Each group of channels of each sample shifted and scaled to mean 0 and variance 1.

    Formula:
        y = (x − μ)/√(σ² + ε)·w + b, with μ and σ² over the channels of a group and the axes d1, ….

    Args:
        input: (N, C, d1, …).
        num_groups: how many groups of neighbouring channels.
        weight: w, (C,).
        bias: b, (C,).
        eps: ε.

    Returns:
        A Tensor of the same shape.

    Raises:
        ValueError: shapes do not fit, or the groups do not divide the channels.

    Example:
        >>> import autograd_core as ag, nn.functional as F
        >>> F.group_norm(ag.tensor([[1.0, 3.0, 4.0, 8.0]]), 2)
        tensor([[-1.,  1., -1.,  1.]])

    Source: Wu and He, Group Normalization (2018).
    """
    x = _sized(input, "group_norm", 2)
    n, channels = x.shape[:2]
    for value, what in ((weight, "weight"), (bias, "bias")):
        _check_vector(value, channels, what, "group_norm")
    if num_groups < 1 or channels % num_groups:
        raise ValueError(
            f"Expected number of channels in input to be divisible by num_groups, but got input of shape {x.shape} "
            f"and num_groups={num_groups}"
        )
    size = math.prod(x.shape[2:]) * channels // num_groups
    if n * size == 1:
        raise ValueError(f"Expected more than 1 value per channel when training, got input size {x.shape}")
    y = standardize(x.reshape(n * num_groups, size), axis=(1,), eps=float(eps)).reshape(x.shape)
    return _affine(y, weight, bias, _channels(x))


def _normalized(x: Tensor, shape: Any, given: dict[str, Any], name: str) -> tuple[int, ...]:
    """The lengths of the axes to normalise over, once known to be the input's last."""
    lengths = tuple(shape) if isinstance(shape, Sequence) else (int(shape),)
    if not lengths or x.shape[-len(lengths) :] != lengths:
        raise ValueError(f"{name} normalises the last axes: expected an input (*, {lengths}), got shape {x.shape}")
    for what, value in given.items():
        if value is not None and np.shape(values(value)) != lengths:
            raise ValueError(f"{name} needs a {what} of shape {lengths}, got {np.shape(values(value))}")
    return lengths


def layer_norm(
    input: Any, normalized_shape: int | Sequence[int], weight: Any = None, bias: Any = None, eps: float = 1e-5
) -> Tensor:
    """The last axes shifted and scaled to mean 0 and variance 1.

    Formula:
        y = (x − μ)/√(σ² + ε)·w + b, with μ and σ² over the last axes.

    Args:
        input: any shape that ends in normalized_shape.
        normalized_shape: the lengths of the axes to normalise over.
        weight: w, of shape normalized_shape.
        bias: b, of shape normalized_shape.
        eps: ε.

    Returns:
        A Tensor of the same shape.

    Raises:
        ValueError: shapes do not fit.

    Example:
        >>> import autograd_core as ag, nn.functional as F
        >>> F.layer_norm(ag.tensor([[1.0, 3.0], [4.0, 8.0]]), 2)
        tensor([[-1.,  1.],
                [-1.,  1.]])

    Source: Ba et al., Layer Normalization (2016).
    """
    x = _sized(input, "layer_norm", 1)
    lengths = _normalized(x, normalized_shape, {"weight": weight, "bias": bias}, "layer_norm")
    if len(lengths) == 1:
        y = standardize(x, axis=(x.ndim - 1,), eps=float(eps))
    else:
        rows = x.reshape(*x.shape[: -len(lengths)], math.prod(lengths))
        y = standardize(rows, axis=(rows.ndim - 1,), eps=float(eps)).reshape(x.shape)
    return _affine(y, weight, bias, lengths)


def rms_norm(input: Any, normalized_shape: int | Sequence[int], weight: Any = None, eps: float | None = None) -> Tensor:
    """The last axes scaled to mean square 1.

    Formula:
        y = x/√(mean x² + ε)·w, the mean over the last axes.

    Args:
        input: any shape that ends in normalized_shape.
        normalized_shape: the lengths of the axes to normalise over.
        weight: w, of shape normalized_shape.
        eps: ε; by default the spacing of the input's dtype at 1.

    Returns:
        A Tensor of the same shape.

    Raises:
        ValueError: shapes do not fit.

    Example:
        >>> import autograd_core as ag, nn.functional as F
        >>> F.rms_norm(ag.tensor([1.0, 7.0]), 2)
        tensor([0.2, 1.4])

    Source: Zhang and Sennrich, Root Mean Square Layer Normalization (2019).
    """
    x = _sized(input, "rms_norm", 1)
    lengths = _normalized(x, normalized_shape, {"weight": weight}, "rms_norm")
    axes = tuple(range(x.ndim - len(lengths), x.ndim))
    margin = float(np.finfo(x.dtype).eps) if eps is None else float(eps)
    y = x * ag.rsqrt(ag.mean(x * x, axes, True) + margin)
    return y if weight is None else y * floats(weight)


def local_response_norm(input: Any, size: int, alpha: float = 1e-4, beta: float = 0.75, k: float = 1.0) -> Tensor:
    """Each element divided by what stands in the neighbouring channels.

    Formula:
        y_c = x_c·(k + α·mean x²)^(−β), the mean over ``size`` channels around c, those outside counted as 0.

    Args:
        input: (N, C, d1, …).
        size: how many channels.
        alpha: α.
        beta: β.
        k: what is added.

    Returns:
        A Tensor of the same shape.

    Raises:
        ValueError: there are fewer than three axes, or size is not positive.

    Example:
        >>> import autograd_core as ag, nn.functional as F
        >>> F.local_response_norm(ag.tensor([[[3.0], [4.0]]]), 2, alpha=1.0, beta=0.5)
        tensor([[[1.2792],
                 [1.0887]]])

    Source: Krizhevsky et al., ImageNet Classification (2012).
    """
    x = _sized(floats(input), "local_response_norm", 3)
    if size < 1:
        raise ValueError(f"local_response_norm needs a positive size, got {size}")
    if x.numel() == 0:
        return given(input)
    channels = x.shape[1]
    ends = [ag.zeros(x.shape[0], n, *x.shape[2:], dtype=x.dtype) for n in (size // 2, (size - 1) // 2)]
    squares = ag.concatenate([ends[0], x * x, ends[1]], 1)
    total = squares.narrow(1, 0, channels)
    for i in range(1, size):
        total = total + squares.narrow(1, i, channels)
    return x / (total * (alpha / size) + k) ** beta


def normalize(input: Any, p: float = 2.0, dim: int | Sequence[int] = 1, eps: float = 1e-12) -> Tensor:
    """Vectors divided by their norm.

    Formula:
        y = x/max(‖x‖ₚ, ε).

    Args:
        input: any shape.
        p: which norm.
        dim: the axis, or axes, of the vectors.
        eps: ε.

    Returns:
        A Tensor of the same shape.

    Raises:
        IndexError: there is no such axis.

    Example:
        >>> import autograd_core as ag, nn.functional as F
        >>> F.normalize(ag.tensor([[3.0, 4.0]]))
        tensor([[0.6, 0.8]])
    """
    x = floats(input)
    return x / ag.clamp_min(ag.norm(x, p, dim, True), eps)
