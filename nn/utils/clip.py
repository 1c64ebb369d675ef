"""Bounding gradients."""

from __future__ import annotations

import warnings
from collections.abc import Iterable

import autograd_core as ag
from autograd_core import Tensor

Tensors = Tensor | Iterable[Tensor]


def _listed(tensors: Tensors, function: str) -> list[Tensor]:
    if isinstance(tensors, Tensor):
        return [tensors]
    found = list(tensors)
    if not found and not isinstance(tensors, (list, tuple)):
        warnings.warn(f"{function} got an empty iterator of parameters: was it used up before?", stacklevel=3)
    return found


def get_total_norm(
    tensors: Tensors, norm_type: float = 2.0, error_if_nonfinite: bool = False, foreach: bool | None = None
) -> Tensor:
    """The norm of several tensors as if they were one vector.

    Formula:
        ‖(‖x₁‖ₚ, ‖x₂‖ₚ, …)‖ₚ

    Args:
        tensors: any shapes.
        norm_type: p, which may be ``float("inf")``.
        error_if_nonfinite: raise if the norm is NaN or infinite.
        foreach: accepted as PyTorch's; it chooses nothing.

    Returns:
        A 0-d Tensor.

    Raises:
        RuntimeError: the norm is not finite, and that was to be an error.

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.utils.get_total_norm([ag.tensor([3.0]), ag.tensor([0.0, 4.0])])
        tensor(5.)
    """
    found = _listed(tensors, "get_total_norm")
    if not found:
        return ag.tensor(0.0)
    total = ag.linalg.vector_norm(ag.stack([ag.linalg.vector_norm(x, norm_type) for x in found]), norm_type)
    if error_if_nonfinite and not bool(ag.isfinite(total)):
        raise RuntimeError(
            f"The total norm of order {norm_type} for gradients is non-finite, so it cannot be clipped: "
            "to go on anyway, pass error_if_nonfinite=False"
        )
    return total


def clip_grad_norm_(
    parameters: Tensors,
    max_norm: float,
    norm_type: float = 2.0,
    error_if_nonfinite: bool = False,
    foreach: bool | None = None,
) -> Tensor:
    """Scale the gradients of parameters down, in place, so that their norm as one vector is at most max_norm.

    Formula:
        g ← g·min(1, max_norm/(‖g‖ₚ + 10⁻⁶))

    Args:
        parameters: those without a gradient are left out.
        max_norm: the greatest norm.
        norm_type: p, which may be ``float("inf")``.
        error_if_nonfinite: raise if the norm is NaN or infinite.
        foreach: accepted as PyTorch's; it chooses nothing.

    Returns:
        The norm before, a 0-d Tensor.

    Raises:
        RuntimeError: the norm is not finite, and that was to be an error.

    Example:
        >>> import autograd_core as ag, nn
        >>> w = ag.tensor([0.0, 0.0], requires_grad=True)
        >>> (w * ag.tensor([3.0, 4.0])).sum().backward()
        >>> nn.utils.clip_grad_norm_(w, 1.0)
        tensor(5.)
        >>> w.grad
        tensor([0.6, 0.8])
    """
    found = _listed(parameters, "clip_grad_norm_")
    with ag.no_grad():
        gradients = [p.grad for p in found if p.grad is not None]
        total = get_total_norm(gradients, norm_type, error_if_nonfinite)
    clip_grads_with_norm_(found, max_norm, total)
    return total


def clip_grads_with_norm_(
    parameters: Tensors, max_norm: float, total_norm: Tensor, foreach: bool | None = None
) -> None:
    """Scale gradients down as :func:`clip_grad_norm_` does, given their norm.

    Args:
        parameters: those without a gradient are left out.
        max_norm: the greatest norm.
        total_norm: what :func:`get_total_norm` gives for all of them.
        foreach: accepted as PyTorch's; it chooses nothing.

    Example:
        >>> import autograd_core as ag, nn
        >>> w = ag.tensor(1.0, requires_grad=True)
        >>> (8 * w).backward()
        >>> nn.utils.clip_grads_with_norm_(w, 1.0, ag.tensor(8.0))
        >>> w.grad
        tensor(1.)
    """
    with ag.no_grad():
        factor = ag.clamp(float(max_norm) / (total_norm + 1e-6), max=1.0)
        for parameter in _listed(parameters, "clip_grads_with_norm_"):
            if parameter.grad is not None:
                parameter.grad.mul_(factor.to(parameter.grad.dtype))


def clip_grad_value_(parameters: Tensors, clip_value: float, foreach: bool | None = None) -> None:
    """Bound each element of the gradients of parameters, in place.

    Formula:
        g ← min(max(g, −clip_value), clip_value)

    Args:
        parameters: those without a gradient are left out.
        clip_value: the bound.
        foreach: accepted as PyTorch's; it chooses nothing.

    Example:
        >>> import autograd_core as ag, nn
        >>> w = ag.tensor([0.0, 0.0], requires_grad=True)
        >>> (w * ag.tensor([3.0, -4.0])).sum().backward()
        >>> nn.utils.clip_grad_value_(w, 0.5)
        >>> w.grad
        tensor([ 0.5, -0.5])
    """
    bound = float(clip_value)
    with ag.no_grad():
        for parameter in _listed(parameters, "clip_grad_value_"):
            if parameter.grad is not None:
                parameter.grad.clamp_(-bound, bound)
