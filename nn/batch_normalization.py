"""Layers that normalise each channel, over the batch or in each sample, with running statistics."""

from __future__ import annotations

from typing import Any, ClassVar

import autograd_core as ag
from autograd_core import Tensor

from . import functional as F  # noqa: N812 - PyTorch's name
from .axes import Axes
from .functional.inputs import given
from .linear import misfit
from .normalization import add_affine, restart
from .parameter import Parameter


class RunningNorm(Axes):
    """Base of batch and instance normalisation: weight and bias, running mean and variance."""

    _axes: ClassVar[tuple[int, ...]]  # how many an input may have
    weight: Parameter | None
    bias: Parameter | None
    running_mean: Tensor | None
    running_var: Tensor | None
    num_batches_tracked: Tensor | None

    def __init__(
        self,
        num_features: int,
        eps: float,
        momentum: float | None,
        affine: bool,
        track_running_stats: bool,
        device: Any,
        dtype: Any,
        bias: bool,
    ) -> None:
        super().__init__()
        self.num_features = num_features
        self.eps = eps
        self.momentum = momentum
        self.affine = affine
        self.track_running_stats = track_running_stats
        add_affine(self, (num_features,), affine, affine and bias, device, dtype)
        kept = track_running_stats
        self.register_buffer("running_mean", ag.zeros(num_features, device=device, dtype=dtype) if kept else None)
        self.register_buffer("running_var", ag.ones(num_features, device=device, dtype=dtype) if kept else None)
        self.register_buffer("num_batches_tracked", ag.tensor(0, device=device) if kept else None)

    def _bring_up_to_date(self, state: dict[str, Any], prefix: str) -> None:
        if self.num_batches_tracked is not None and f"{prefix}running_mean" in state:  # once there was no count
            state.setdefault(f"{prefix}num_batches_tracked", self.num_batches_tracked)

    def reset_running_stats(self) -> None:
        """Set the running mean back to 0, the variance to 1 and the count to 0."""
        for buffer, start in ((self.running_mean, 0), (self.running_var, 1), (self.num_batches_tracked, 0)):
            if buffer is not None:
                buffer.fill_(start)

    def reset_parameters(self) -> None:
        """Set everything back to where it starts."""
        self.reset_running_stats()
        restart(self)

    def _checked(self, input: Any) -> Tensor:
        x = given(input)
        if x.ndim not in self._axes:
            axes = " or ".join(map(str, self._axes))
            raise ValueError(f"{self._where()} expects an input of {axes} axes, got shape {x.shape}")
        return x

    def _channels_at(self) -> int:
        """The axis of the channels."""
        return -self._count - 1

    def _check_channels(self, x: Tensor) -> None:
        axis = self._channels_at()
        if x.shape[axis] != self.num_features:
            raise ValueError(misfit(self, x, self.num_features, "channels", axis))

    def extra_repr(self) -> str:
        return (
            f"{self.num_features}, eps={self.eps}, momentum={self.momentum}, affine={self.affine}, "
            f"bias={self.bias is not None}, track_running_stats={self.track_running_stats}"
        )


class _BatchNorm(RunningNorm):
    """Each channel shifted and scaled to mean 0 and variance 1 over the batch; see :func:`nn.functional.batch_norm`.

    Formula:
        y = (x − μ)/√(σ² + ε)·w + b; in training μ and σ² are those of the batch, and the running ones move towards them
        by ``momentum`` (σ² there with n − 1); in evaluation they are the running ones. w starts as 1, b as 0.

    Args:
        num_features: C, the number of channels.
        eps: ε.
        momentum: the share of the batch in the running statistics; None for the mean of all batches.
        affine: whether there are w and b.
        track_running_stats: whether there are running statistics; if not, the batch's own are always used.
        device: ``"cpu"``.
        dtype: of the parameters; by default the default dtype.
        bias: whether there is a b.

    Returns:
        From a call with (N, C, {S}), for one axis also (N, C): a Tensor of the same shape.

    Raises:
        ValueError: from a call, the input has other axes or channels, or one value for each channel in training.
    """

    def __init__(
        self,
        num_features: int,
        eps: float = 1e-5,
        momentum: float | None = 0.1,
        affine: bool = True,
        track_running_stats: bool = True,
        device: Any = None,
        dtype: Any = None,
        *,
        bias: bool = True,
    ) -> None:
        super().__init__(num_features, eps, momentum, affine, track_running_stats, device, dtype, bias)

    def _channels_at(self) -> int:
        return 1  # of (N, C), too

    def forward(self, input: Any) -> Tensor:
        x = self._checked(input)
        self._check_channels(x)
        momentum = 0.0 if self.momentum is None else self.momentum
        if self.training and self.num_batches_tracked is not None:
            self.num_batches_tracked.add_(1)
            if self.momentum is None:
                momentum = 1 / self.num_batches_tracked.item()
        own = self.training or self.running_mean is None
        kept = not self.training or self.track_running_stats
        mean, var = (self.running_mean, self.running_var) if kept else (None, None)
        return F.batch_norm(x, mean, var, self.weight, self.bias, own, momentum, self.eps)


class BatchNorm1d(_BatchNorm):
    __doc__ = _BatchNorm._described(1, "nn.BatchNorm1d(3)(ag.zeros(8, 3)).shape -> (8, 3)")
    _count, _axes = 1, (2, 3)


class BatchNorm2d(_BatchNorm):
    __doc__ = _BatchNorm._described(2, "nn.BatchNorm2d(3)(ag.zeros(8, 3, 5, 5)).shape -> (8, 3, 5, 5)")
    _count, _axes = 2, (4,)


class BatchNorm3d(_BatchNorm):
    __doc__ = _BatchNorm._described(3, "nn.BatchNorm3d(3)(ag.zeros(8, 3, 5, 5, 5)).shape -> (8, 3, 5, 5, 5)")
    _count, _axes = 3, (5,)


class _InstanceNorm(RunningNorm):
    """Each channel of each sample shifted and scaled to mean 0 and variance 1; see
    :func:`nn.functional.instance_norm`.

    Formula:
        y = (x − μ)/√(σ² + ε)·w + b, with μ and σ² over {S}; in evaluation with running statistics they are those.

    Args:
        num_features: C, the number of channels.
        eps: ε.
        momentum: the share of the batch in the running statistics.
        affine: whether there are w and b.
        track_running_stats: whether there are running statistics.
        device: ``"cpu"``.
        dtype: of the parameters; by default the default dtype.
        bias: whether there is a b.

    Returns:
        From a call with (N, C, {S}) or (C, {S}): a Tensor of the same shape.

    Raises:
        ValueError: from a call, the input has other axes or channels, or one element for each channel.
    """

    def __init__(
        self,
        num_features: int,
        eps: float = 1e-5,
        momentum: float = 0.1,
        affine: bool = False,
        track_running_stats: bool = False,
        device: Any = None,
        dtype: Any = None,
        *,
        bias: bool = True,
    ) -> None:
        super().__init__(num_features, eps, momentum, affine, track_running_stats, device, dtype, bias)

    def forward(self, input: Any) -> Tensor:
        x = self._checked(input)
        if self.affine or self.track_running_stats:
            self._check_channels(x)
        batch = x if x.ndim == self._count + 2 else x.unsqueeze(0)
        own = self.training or not self.track_running_stats
        momentum = 0.0 if self.momentum is None else self.momentum
        y = F.instance_norm(batch, self.running_mean, self.running_var, self.weight, self.bias, own, momentum, self.eps)
        return y if batch is x else y.squeeze(0)


class InstanceNorm1d(_InstanceNorm):
    __doc__ = _InstanceNorm._described(1, "nn.InstanceNorm1d(3)(ag.zeros(8, 3, 5)).shape -> (8, 3, 5)")
    _count, _axes = 1, (2, 3)


class InstanceNorm2d(_InstanceNorm):
    __doc__ = _InstanceNorm._described(2, "nn.InstanceNorm2d(3)(ag.zeros(8, 3, 5, 5)).shape -> (8, 3, 5, 5)")
    _count, _axes = 2, (3, 4)


class InstanceNorm3d(_InstanceNorm):
    __doc__ = _InstanceNorm._described(3, "nn.InstanceNorm3d(3)(ag.zeros(3, 5, 5, 5)).shape -> (3, 5, 5, 5)")
    _count, _axes = 3, (4, 5)
