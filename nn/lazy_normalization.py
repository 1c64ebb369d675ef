"""Batch and instance normalisation that take num_features from their first input."""

from __future__ import annotations

from typing import Any

from .batch_normalization import (
    BatchNorm1d,
    BatchNorm2d,
    BatchNorm3d,
    InstanceNorm1d,
    InstanceNorm2d,
    InstanceNorm3d,
    RunningNorm,
)
from .lazy import Lazy

_DOC = """{becomes} without its first argument, num_features, which it takes from its first input.

Args:
    args: the other arguments of {becomes}.
    kwargs: the other arguments of {becomes}, by name.

Example:
    >>> import autograd_core as ag, nn
    >>> layer = nn.Lazy{becomes}()
    >>> _ = layer(ag.zeros({shape}))
    >>> layer.num_features, type(layer).__name__
    (4, '{becomes}')
"""


def _told(layer: type[RunningNorm]) -> str:
    return _DOC.format(becomes=layer.__name__, shape=", ".join(["2", "4"] + ["5"] * layer._count))


class _Waiting(Lazy, RunningNorm):
    """Base of the lazy form of batch and instance normalisation."""

    def __init__(
        self,
        eps: float = 1e-5,
        momentum: float | None = 0.1,
        affine: bool = True,
        track_running_stats: bool = True,
        device: Any = None,
        dtype: Any = None,
        *,
        bias: bool = True,
    ) -> None:
        RunningNorm.__init__(self, 0, eps, momentum, affine, track_running_stats, device, dtype, bias)
        self._empty()

    def initialize_parameters(self, input: Any) -> None:
        """Give everything the shape that fits an input, and set it to where it starts."""
        x = self._checked(input)
        self.num_features = x.shape[self._channels_at()]
        if self.has_uninitialized_params():
            for name in ("weight", "bias", "running_mean", "running_var"):
                self._materialize(name, (self.num_features,))
            self.reset_parameters()


class LazyBatchNorm1d(_Waiting, BatchNorm1d):
    __doc__ = _told(BatchNorm1d)
    _becomes = BatchNorm1d


class LazyBatchNorm2d(_Waiting, BatchNorm2d):
    __doc__ = _told(BatchNorm2d)
    _becomes = BatchNorm2d


class LazyBatchNorm3d(_Waiting, BatchNorm3d):
    __doc__ = _told(BatchNorm3d)
    _becomes = BatchNorm3d


class LazyInstanceNorm1d(_Waiting, InstanceNorm1d):
    __doc__ = _told(InstanceNorm1d)
    _becomes = InstanceNorm1d


class LazyInstanceNorm2d(_Waiting, InstanceNorm2d):
    __doc__ = _told(InstanceNorm2d)
    _becomes = InstanceNorm2d


class LazyInstanceNorm3d(_Waiting, InstanceNorm3d):
    __doc__ = _told(InstanceNorm3d)
    _becomes = InstanceNorm3d
