"""Weight and spectral normalisation as parametrizations."""

from __future__ import annotations

from typing import TypeVar

import autograd_core as ag
from autograd_core import Tensor

from .. import functional as F  # noqa: N812 - PyTorch's name
from ..module import Module
from .parametrize import register_parametrization
from .spectral_norm import as_matrix, stretched_axis
from .weight_norm import norm_except

M = TypeVar("M", bound=Module)


class _WeightNorm(Module):
    """g·v/‖v‖."""

    def __init__(self, dim: int | None = 0) -> None:
        super().__init__()
        self.dim = -1 if dim is None else dim

    def forward(self, weight_g: Tensor, weight_v: Tensor) -> Tensor:
        return weight_v * (weight_g / norm_except(weight_v, self.dim))

    def right_inverse(self, weight: Tensor) -> tuple[Tensor, Tensor]:
        """The norm and the weight itself."""
        return norm_except(weight, self.dim), weight


def weight_norm(module: M, name: str = "weight", dim: int | None = 0) -> M:
    """Learn a weight's lengths and directions apart; see :func:`nn.utils.weight_norm`.

    Args:
        module: its parameter ``name`` is computed from the lengths ``parametrizations.<name>.original0`` and the
            directions ``parametrizations.<name>.original1``.
        name: the weight.
        dim: the axis along which each slice has a length of its own; None for one length in all.

    Returns:
        The module.

    Example:
        >>> import nn
        >>> layer = nn.utils.parametrizations.weight_norm(nn.Linear(20, 40))
        >>> layer.parametrizations.weight.original0.shape
        (40, 1)
    """
    return register_parametrization(module, name, _WeightNorm(dim), unsafe=True)


class _SpectralNorm(Module):
    """W/σ, with u and v in buffers."""

    _u: Tensor
    _v: Tensor

    def __init__(self, weight: Tensor, n_power_iterations: int = 1, dim: int = 0, eps: float = 1e-12) -> None:
        super().__init__()
        if n_power_iterations < 1:
            raise ValueError(f"Expected n_power_iterations to be positive, but got {n_power_iterations}")
        self.n_power_iterations = n_power_iterations
        self.dim = dim
        self.eps = eps
        if weight.ndim > 1:
            matrix = as_matrix(weight.detach(), dim)
            for name, length in zip(("_u", "_v"), matrix.shape, strict=True):
                self.register_buffer(name, F.normalize(ag.randn(length, dtype=weight.dtype), dim=0, eps=eps))
            self._iterate(matrix, 15)

    def _iterate(self, matrix: Tensor, times: int) -> None:
        with ag.no_grad():
            for _ in range(times):
                self._u.copy_(F.normalize(matrix @ self._v, dim=0, eps=self.eps))
                self._v.copy_(F.normalize(matrix.T @ self._u, dim=0, eps=self.eps))

    def forward(self, weight: Tensor) -> Tensor:
        if weight.ndim == 1:
            return F.normalize(weight, dim=0, eps=self.eps)
        matrix = as_matrix(weight, self.dim)
        if self.training:
            self._iterate(matrix.detach(), self.n_power_iterations)
        u, v = self._u.detach(), self._v.detach()  # the values of now: the buffers change in the next forward
        return weight / (u @ (matrix @ v))

    def right_inverse(self, value: Tensor) -> Tensor:
        """The value itself."""
        return value


def spectral_norm(
    module: M, name: str = "weight", n_power_iterations: int = 1, eps: float = 1e-12, dim: int | None = None
) -> M:
    """Divide a weight by its greatest singular value; see :func:`nn.utils.spectral_norm`.

    Args:
        module: its parameter ``name`` is computed from ``parametrizations.<name>.original``.
        name: the weight.
        n_power_iterations: how many steps in each forward.
        eps: the least norm to divide by.
        dim: the axis of the outputs; by default 1 for transposed convolutions, else 0.

    Returns:
        The module.

    Raises:
        ValueError: there are no steps, or there is no such parameter.

    Example:
        >>> import nn
        >>> layer = nn.utils.parametrizations.spectral_norm(nn.Linear(20, 40))
        >>> list(layer.state_dict())[2:]
        ['parametrizations.weight.0._u', 'parametrizations.weight.0._v']
    """
    weight = module._parameters.get(name)
    if weight is None:
        raise ValueError(f"{module._get_name()} has no parameter '{name}' to parametrize")
    axis = stretched_axis(module) if dim is None else dim
    return register_parametrization(module, name, _SpectralNorm(weight, n_power_iterations, axis, eps))
