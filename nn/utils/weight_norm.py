"""Weights as a length and a direction."""

from __future__ import annotations

from typing import Any, TypeVar

import autograd_core as ag
from autograd_core import Tensor

from ..module import Module
from ..parameter import Parameter

M = TypeVar("M", bound=Module)


def norm_except(v: Tensor, dim: int | None) -> Tensor:
    """The norm over all axes but one, which are kept with length 1; over all if dim is None or −1."""
    if dim is None or dim == -1:
        return ag.linalg.vector_norm(v)
    return ag.linalg.vector_norm(v, 2, [axis for axis in range(v.ndim) if axis != dim % v.ndim], True)


class WeightNorm:
    """The hook that makes the weight anew before each forward."""

    def __init__(self, name: str, dim: int | None) -> None:
        self.name = name
        self.dim = dim

    def weight(self, module: Module) -> Tensor:
        """The length times the direction."""
        g: Tensor = getattr(module, self.name + "_g")
        v: Tensor = getattr(module, self.name + "_v")
        return v * (g / norm_except(v, self.dim))

    def __call__(self, module: Module, args: Any) -> None:
        setattr(module, self.name, self.weight(module))


def weight_norm(module: M, name: str = "weight", dim: int | None = 0) -> M:
    """Learn a weight's lengths and directions apart.

    Formula:
        w = g·v/‖v‖, with the norm over all axes but one; g starts as ‖w‖ and v as w.

    Args:
        module: its parameter ``name`` is replaced by ``name_g`` and ``name_v``.
        name: the weight.
        dim: the axis along which each slice has a length of its own; None for one length in all.

    Returns:
        The module.

    Raises:
        RuntimeError: it is there already.

    Example:
        >>> import nn
        >>> layer = nn.utils.weight_norm(nn.Linear(20, 40))
        >>> {key: value.shape for key, value in layer.state_dict().items()}
        {'bias': (40,), 'weight_g': (40, 1), 'weight_v': (40, 20)}

    Source: Salimans and Kingma, Weight Normalization (2016).
    """
    for hook, _ in module._pre_hooks.values():
        if isinstance(hook, WeightNorm) and hook.name == name:
            raise RuntimeError(f"Cannot register two weight_norm hooks on the same parameter {name}")
    weight = module.get_parameter(name)
    delattr(module, name)
    with ag.no_grad():
        length = norm_except(weight, dim)
    module.register_parameter(name + "_g", Parameter(length))
    module.register_parameter(name + "_v", Parameter(weight.detach()))
    hook = WeightNorm(name, dim)
    setattr(module, name, hook.weight(module))
    module.register_forward_pre_hook(hook)
    return module


def remove_weight_norm(module: M, name: str = "weight") -> M:
    """Make the weight an ordinary parameter again.

    Args:
        module: what :func:`weight_norm` gave.
        name: the weight.

    Returns:
        The module.

    Raises:
        ValueError: there is no weight norm.

    Example:
        >>> import nn
        >>> layer = nn.utils.remove_weight_norm(nn.utils.weight_norm(nn.Linear(2, 3)))
        >>> list(layer.state_dict())
        ['bias', 'weight']
    """
    for key, (hook, _) in module._pre_hooks.items():
        if isinstance(hook, WeightNorm) and hook.name == name:
            weight = hook.weight(module).detach()
            del module._pre_hooks[key]
            for part in ("", "_g", "_v"):
                delattr(module, name + part)
            module.register_parameter(name, Parameter(weight))
            return module
    raise ValueError(f"weight_norm of '{name}' not found in {module}")
