"""Weights divided by how much they can stretch a vector."""

from __future__ import annotations

from typing import Any, TypeVar

import autograd_core as ag
from autograd_core import Tensor

from .. import functional as F  # noqa: N812 - PyTorch's name
from ..convolution import ConvTranspose1d, ConvTranspose2d, ConvTranspose3d
from ..module import Module
from ..parameter import Parameter

M = TypeVar("M", bound=Module)


def as_matrix(weight: Tensor, dim: int) -> Tensor:
    """The weight with one axis first and all others as the second."""
    return (weight if dim == 0 else weight.movedim(dim, 0)).flatten(1)


def power_iteration(matrix: Tensor, u: Tensor, v: Tensor, times: int, eps: float) -> tuple[Tensor, Tensor]:
    """Unit vectors nearer to those of the greatest singular value."""
    with ag.no_grad():
        for _ in range(times):
            v = F.normalize(matrix.T @ u, dim=0, eps=eps)
            u = F.normalize(matrix @ v, dim=0, eps=eps)
    return u, v


def stretched_axis(module: Module) -> int:
    """The axis of the outputs in a module's weight."""
    return 1 if isinstance(module, (ConvTranspose1d, ConvTranspose2d, ConvTranspose3d)) else 0


class SpectralNorm:
    """The hook that makes the weight anew before each forward."""

    def __init__(self, name: str, n_power_iterations: int, eps: float, dim: int) -> None:
        self.name = name
        self.n_power_iterations = n_power_iterations
        self.eps = eps
        self.dim = dim

    def weight(self, module: Module, times: int) -> Tensor:
        """The weight over its greatest singular value, after so many power iterations."""
        weight: Tensor = getattr(module, self.name + "_orig")
        u: Tensor = getattr(module, self.name + "_u")
        v: Tensor = getattr(module, self.name + "_v")
        matrix = as_matrix(weight, self.dim)
        if times:
            with ag.no_grad():
                new_u, new_v = power_iteration(matrix.detach(), u, v, times, self.eps)
                u.copy_(new_u)
                v.copy_(new_v)
        u, v = u.detach(), v.detach()  # the values of now: the buffers change in the next forward
        return weight / (u @ (matrix @ v))

    def __call__(self, module: Module, args: Any) -> None:
        setattr(module, self.name, self.weight(module, self.n_power_iterations if module.training else 0))


def spectral_norm(
    module: M, name: str = "weight", n_power_iterations: int = 1, eps: float = 1e-12, dim: int | None = None
) -> M:
    """Divide a weight by its greatest singular value.

    Formula:
        w = W/σ, with σ = uᵀ W v; in training each forward brings u and v nearer to those of the greatest σ:
        v ← Wᵀu/‖Wᵀu‖, u ← Wv/‖Wv‖.

    Args:
        module: its parameter ``name`` becomes ``name_orig``; u and v are the buffers ``name_u`` and ``name_v``.
        name: the weight.
        n_power_iterations: how many steps in each forward.
        eps: the least norm to divide by.
        dim: the axis of the outputs; by default 1 for transposed convolutions, else 0.

    Returns:
        The module.

    Raises:
        RuntimeError: it is there already.

    Example:
        >>> import nn
        >>> layer = nn.utils.spectral_norm(nn.Linear(20, 40))
        >>> {key: value.shape for key, value in layer.state_dict().items()}
        {'bias': (40,), 'weight_orig': (40, 20), 'weight_u': (40,), 'weight_v': (20,)}

    Source: Miyato et al., Spectral Normalization for Generative Adversarial Networks (2018).
    """
    for hook, _ in module._pre_hooks.values():
        if isinstance(hook, SpectralNorm) and hook.name == name:
            raise RuntimeError(f"Cannot register two spectral_norm hooks on the same parameter {name}")
    weight = module.get_parameter(name)
    hook = SpectralNorm(name, n_power_iterations, eps, stretched_axis(module) if dim is None else dim)
    delattr(module, name)
    module.register_parameter(name + "_orig", weight)
    for part, length in zip(("_u", "_v"), as_matrix(weight, hook.dim).shape, strict=True):
        module.register_buffer(name + part, F.normalize(ag.randn(length, dtype=weight.dtype), dim=0, eps=eps))
    setattr(module, name, weight.detach())
    module.register_forward_pre_hook(hook)
    return module


def remove_spectral_norm(module: M, name: str = "weight") -> M:
    """Make the weight an ordinary parameter again, divided by its greatest singular value.

    Args:
        module: what :func:`spectral_norm` gave.
        name: the weight.

    Returns:
        The module.

    Raises:
        ValueError: there is no spectral norm.

    Example:
        >>> import nn
        >>> layer = nn.utils.remove_spectral_norm(nn.utils.spectral_norm(nn.Linear(2, 3)))
        >>> list(layer.state_dict())
        ['bias', 'weight']
    """
    for key, (hook, _) in module._pre_hooks.items():
        if isinstance(hook, SpectralNorm) and hook.name == name:
            weight = hook.weight(module, 0).detach()
            del module._pre_hooks[key]
            for part in ("", "_orig", "_u", "_v"):
                delattr(module, name + part)
            module.register_parameter(name, Parameter(weight))
            return module
    raise ValueError(f"spectral_norm of '{name}' not found in {module}")
