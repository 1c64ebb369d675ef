"""All parameters as one vector."""

from __future__ import annotations

from collections.abc import Iterable

import autograd_core as ag
from autograd_core import Tensor


def parameters_to_vector(parameters: Iterable[Tensor]) -> Tensor:
    """The elements of all parameters in one axis, in their order; gradients pass.

    Args:
        parameters: any shapes.

    Returns:
        A Tensor with one axis.

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.utils.parameters_to_vector([ag.tensor([[1.0, 2.0]]), ag.tensor([3.0])])
        tensor([1., 2., 3.])
    """
    return ag.concatenate([parameter.reshape(-1) for parameter in parameters])


def vector_to_parameters(vec: Tensor, parameters: Iterable[Tensor]) -> None:
    """Put the elements of a vector into parameters, as :func:`parameters_to_vector` took them out.

    Args:
        vec: one axis.
        parameters: their values are replaced.

    Raises:
        TypeError: the vector is no Tensor.
        ValueError: it has another number of elements than the parameters together.

    Example:
        >>> import autograd_core as ag, nn
        >>> w = ag.zeros(1, 2)
        >>> nn.utils.vector_to_parameters(ag.tensor([1.0, 2.0]), [w])
        >>> w
        tensor([[1., 2.]])
    """
    if not isinstance(vec, Tensor):
        raise TypeError(f"expected a Tensor, but got: {type(vec).__name__}")
    found = list(parameters)
    total = sum(parameter.numel() for parameter in found)
    if vec.numel() != total:
        raise ValueError(f"the parameters have {total} elements, got a vector of {vec.numel()}")
    parts = vec.detach().reshape(-1).split([parameter.numel() for parameter in found])
    with ag.no_grad():
        for parameter, part in zip(found, parts, strict=True):
            parameter.copy_(part.reshape(parameter.shape))
