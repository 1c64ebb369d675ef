"""Parameters that are computed from others: a module's weight as the result of modules."""

from __future__ import annotations

from typing import Any, TypeVar

import autograd_core as ag
from autograd_core import Tensor

from ..containers import ModuleDict, ModuleList
from ..module import Module
from ..parameter import Parameter

M = TypeVar("M", bound=Module)


class ParametrizationList(ModuleList):
    """The modules that compute a tensor one after the other, and what they compute it from.

    Args:
        modules: the first takes the originals, each other one the result before it.
        original: the parameter that the result takes the place of.

    Attributes:
        original: what the first module takes; if it takes several, they are original0, original1, ….
    """

    def __init__(self, modules: list[Module], original: Parameter) -> None:
        super().__init__(modules)
        found = self._inverted(original)
        self.single = isinstance(found, Tensor)
        if isinstance(found, Tensor):
            with ag.no_grad():
                original.array = found.detach().array
            self.register_parameter("original", original)  # the object that an optimiser may have
        else:
            for position, part in enumerate(found):
                self.register_parameter(f"original{position}", Parameter(part.detach()))

    def _inverted(self, value: Tensor) -> Any:
        """What gives a value, by the right_inverse of those modules that have one."""
        found: Any = value
        with ag.no_grad():
            for module in reversed(list(self)):
                if hasattr(module, "right_inverse"):
                    found = module.right_inverse(found)
        return found

    def right_inverse(self, value: Tensor) -> None:
        """Change the originals so that they give a value, as far as the modules can."""
        found = self._inverted(value)
        with ag.no_grad():
            for parameter, part in zip(self._parameters.values(), [found] if self.single else found, strict=True):
                if parameter is not None:
                    parameter.copy_(part)

    def forward(self) -> Tensor:
        first, *rest = self
        value = first(*self._parameters.values())
        for module in rest:
            value = module(value)
        return value  # type: ignore[no-any-return]


def _computed(name: str) -> property:
    return property(lambda self: self.parametrizations[name]())


def _set(self: Any, name: str, value: Any) -> None:
    """Assigning to a computed tensor changes what it is computed from."""
    computed = self.__dict__.get("_modules", {}).get("parametrizations", ())
    if name in computed:
        computed[name].right_inverse(value)
    else:
        Module.__setattr__(self, name, value)


def register_parametrization(module: M, tensor_name: str, parametrization: Module, *, unsafe: bool = False) -> M:
    """Compute a parameter of a module by another module, each time that it is used.

    Args:
        module: it becomes one of a class of its own, ``Parametrized…``.
        tensor_name: the parameter, afterwards ``parametrizations.<name>.original``.
        parametrization: takes the original and gives the tensor of the same shape; its ``right_inverse``, if it has
            one, gives the original from the tensor. A second one takes what the first gives.
        unsafe: let the shape change.

    Returns:
        The module.

    Raises:
        ValueError: there is no such parameter, or the shape changes.

    Example:
        >>> import autograd_core as ag, nn
        >>> from nn.utils import parametrize
        >>> class Symmetric(nn.Module):
        ...     def forward(self, x):
        ...         return x.triu() + x.triu(1).T
        >>> layer = parametrize.register_parametrization(nn.Linear(3, 3), "weight", Symmetric())
        >>> bool((layer.weight == layer.weight.T).all())
        True
        >>> list(layer.state_dict())
        ['bias', 'parametrizations.weight.original']
    """
    parametrization.train(module.training)
    if is_parametrized(module, tensor_name):
        value = getattr(module, tensor_name).detach()
        computed = module.parametrizations[tensor_name]
        computed.append(parametrization)
        computed.right_inverse(value)
    else:
        original = module._parameters.get(tensor_name)
        if original is None:
            raise ValueError(f"{module._get_name()} has no parameter '{tensor_name}' to parametrize")
        computed, shape = ParametrizationList([parametrization], original), original.shape
        with ag.no_grad():
            if not unsafe and (found := computed().shape) != shape:
                raise ValueError(f"the parametrization changes the shape from {shape} to {found}: pass unsafe=True")
        if not is_parametrized(module):
            kind = type(module)
            module.__class__ = type(f"Parametrized{kind.__name__}", (kind,), {"__setattr__": _set})
            module.parametrizations = ModuleDict()
        del module._parameters[tensor_name]
        module.parametrizations[tensor_name] = computed
        setattr(type(module), tensor_name, _computed(tensor_name))
    return module


def is_parametrized(module: Module, tensor_name: str | None = None) -> bool:
    """Whether some tensor of a module, or the one named, is computed by other modules."""
    computed = module._modules.get("parametrizations")
    if not isinstance(computed, ModuleDict):
        return False
    return len(computed) > 0 if tensor_name is None else tensor_name in computed


def remove_parametrizations(module: M, tensor_name: str, leave_parametrized: bool = True) -> M:
    """Make a computed tensor an ordinary parameter again.

    Args:
        module: what :func:`register_parametrization` gave.
        tensor_name: the tensor.
        leave_parametrized: keep its value of now; if not, the original's.

    Returns:
        The module.

    Raises:
        ValueError: it is not computed; or the original is to be kept, and there are several.

    Example:
        >>> import nn
        >>> from nn.utils import parametrize
        >>> layer = parametrize.register_parametrization(nn.Linear(3, 3), "weight", nn.Tanh())
        >>> list(parametrize.remove_parametrizations(layer, "weight").state_dict())
        ['bias', 'weight']
    """
    if not is_parametrized(module, tensor_name):
        raise ValueError(f"{module._get_name()} has no parametrization of '{tensor_name}'")
    computed = module.parametrizations[tensor_name]
    if not (computed.single or leave_parametrized):
        raise ValueError("Cannot leave unparametrized (leave_parametrized=False) a tensor that has several originals")
    with ag.no_grad():
        value = computed()
    parameter = computed.original if computed.single else Parameter(value)
    if leave_parametrized:
        parameter.array = value.array
    delattr(type(module), tensor_name)
    del module.parametrizations[tensor_name]
    if not is_parametrized(module):
        del module.parametrizations
        module.__class__ = type(module).__mro__[1]
    module.register_parameter(tensor_name, parameter)
    return module
