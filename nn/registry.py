"""What a module owns: parameters, buffers and modules by name, and the ways to walk them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, cast

from autograd_core import Tensor

from .parameter import Buffer, Parameter

if TYPE_CHECKING:
    from .module import Module

REGISTRIES = ("_parameters", "_buffers", "_modules")


class Registry:
    """Base of Module: attributes that are parameters, buffers or modules are kept apart from the others."""

    _parameters: dict[str, Parameter | None]
    _buffers: dict[str, Tensor | None]
    _modules: dict[str, Module | None]
    _transient: set[str]  # names of the buffers that a state_dict leaves out
    _name: str | None  # the name within the parent

    def __init__(self) -> None:
        fields = self.__dict__  # directly: __setattr__ needs what is made here
        for registry in REGISTRIES:
            fields[registry] = {}
        fields["_transient"] = set()
        fields["_name"] = None

    # Attributes

    def __setattr__(self, name: str, value: Any) -> None:
        fields = self.__dict__
        if isinstance(value, Parameter):
            self._enter("_parameters", name, value)
        elif isinstance(value, Registry):
            self._enter("_modules", name, value)
        elif isinstance(value, Buffer):
            self._enter("_buffers", name, value)
            (self._transient.discard if value.persistent else self._transient.add)(name)
        elif name in fields.get("_parameters", ()):
            self._refuse_unless(value is None, value, f"parameter '{name}' (nn.Parameter or None expected)")
            self._parameters[name] = None
        elif name in fields.get("_modules", ()):
            self._refuse_unless(value is None, value, f"child module '{name}' (nn.Module or None expected)")
            self._modules[name] = None
        elif name in fields.get("_buffers", ()):
            fits = value is None or isinstance(value, Tensor)
            self._refuse_unless(fits, value, f"buffer '{name}' (Tensor or None expected)")
            self._buffers[name] = value
        else:
            object.__setattr__(self, name, value)

    def _refuse_unless(self, fits: bool, value: Any, what: str) -> None:
        if not fits:
            raise TypeError(f"cannot assign '{type(value).__name__}' as {what}")

    def _enter(self, registry: str, name: str, value: Any) -> None:
        """Own a value under a name; what had the name before goes."""
        fields = self.__dict__
        if registry not in fields:
            raise AttributeError(
                f"cannot assign {registry[1:]} before Module.__init__() call: "
                f"begin {type(self).__name__}.__init__ with super().__init__()"
            )
        for other in REGISTRIES:
            if other != registry:
                fields[other].pop(name, None)
        fields.pop(name, None)
        if registry != "_buffers":
            self._transient.discard(name)
        fields[registry][name] = value
        if isinstance(value, Registry):
            value._be_called(self._child_name(name))
            for path, parameter in value.named_parameters(prefix=self._child_name(name)):
                label(parameter, path)
        elif isinstance(value, Parameter):
            label(value, name)

    def _be_called(self, name: str) -> None:
        self.__dict__["_name"] = name

    def _child_name(self, name: str) -> str:
        """What a module in this one is called in pictures and messages, below this one's name."""
        return name

    def __getattr__(self, name: str) -> Any:
        fields = self.__dict__
        for registry in REGISTRIES:
            if name in fields.get(registry, ()):
                return fields[registry][name]
        raise AttributeError(f"'{type(self).__name__}' object has no attribute '{name}'")

    def __delattr__(self, name: str) -> None:
        for registry in REGISTRIES:
            if name in self.__dict__[registry]:
                del self.__dict__[registry][name]
                self._transient.discard(name)
                return
        object.__delattr__(self, name)

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *self._parameters, *self._buffers, *self._modules})

    def _register(self, registry: str, name: str, value: Any, kind: type, what: str) -> None:
        if not isinstance(name, str):
            raise TypeError(f"{what} name should be a string. Got {type(name).__name__}")
        if name == "" or "." in name:
            raise KeyError(f'{what} name can\'t be empty or contain ".", got {name!r}')
        if registry in self.__dict__ and name not in self.__dict__[registry] and hasattr(self, name):
            raise KeyError(f"attribute '{name}' already exists")
        self._refuse_unless(value is None or isinstance(value, kind), value, f"{what} '{name}'")
        self._enter(registry, name, value)

    def register_parameter(self, name: str, param: Parameter | None) -> None:
        """Own a parameter under a name; None keeps the place for one.

        Args:
            name: the attribute, without a dot.
            param: the parameter, or None.

        Raises:
            KeyError: the name is taken, empty or has a dot.
            TypeError: ``param`` is not a Parameter.
        """
        self._register("_parameters", name, param, Parameter, "parameter")

    def register_buffer(self, name: str, tensor: Tensor | None, persistent: bool = True) -> None:
        """Own a tensor that is state but no parameter, such as a running mean.

        Args:
            name: the attribute, without a dot.
            tensor: the tensor, or None.
            persistent: whether it is part of the ``state_dict``.

        Raises:
            KeyError: the name is taken, empty or has a dot.
            TypeError: ``tensor`` is not a Tensor.
        """
        self._register("_buffers", name, tensor, Tensor, "buffer")
        if persistent:
            self._transient.discard(name)
        else:
            self._transient.add(name)

    def add_module(self, name: str, module: Module | None) -> None:
        """Own a module under a name, as assigning it to an attribute does.

        Args:
            name: the attribute, without a dot.
            module: the module, or None.

        Raises:
            KeyError: the name is taken, empty or has a dot.
            TypeError: ``module`` is not a Module.
        """
        self._register("_modules", name, module, Registry, "module")

    register_module = add_module

    # Walking

    def named_modules(
        self, memo: set[Module] | None = None, prefix: str = "", remove_duplicate: bool = True
    ) -> Iterator[tuple[str, Module]]:
        """This module and every module in it, with its path, parents first.

        Args:
            memo: modules to leave out.
            prefix: put before each path.
            remove_duplicate: give a module that is used twice once.

        Example:
            >>> import nn
            >>> [path for path, module in nn.Sequential(nn.Linear(2, 2), nn.ReLU()).named_modules()]
            ['', '0', '1']
        """
        seen = set() if memo is None else memo
        stack = [(prefix, cast("Module", self))]
        while stack:
            path, module = stack.pop()
            if remove_duplicate:
                if module in seen:
                    continue
                seen.add(module)
            yield path, module
            start = f"{path}." if path else ""
            stack += [(start + name, child) for name, child in reversed(module._modules.items()) if child is not None]

    def modules(self) -> Iterator[Module]:
        """This module and every module in it, each once."""
        return (module for _, module in self.named_modules())

    def named_children(self) -> Iterator[tuple[str, Module]]:
        """The modules directly in this one, with their names, each once."""
        seen = set()
        for name, child in self._modules.items():
            if child is not None and child not in seen:
                seen.add(child)
                yield name, child

    def children(self) -> Iterator[Module]:
        """The modules directly in this one, each once."""
        return (child for _, child in self.named_children())

    def _named(self, registry: str, prefix: str, recurse: bool, remove_duplicate: bool) -> Iterator[tuple[str, Any]]:
        here = [(prefix, cast("Module", self))]
        seen: set[int] = set()
        for path, module in self.named_modules(prefix=prefix, remove_duplicate=remove_duplicate) if recurse else here:
            for name, value in module.__dict__[registry].items():
                if value is None or (remove_duplicate and id(value) in seen):
                    continue
                seen.add(id(value))
                yield (f"{path}.{name}" if path else name), value

    def named_parameters(
        self, prefix: str = "", recurse: bool = True, remove_duplicate: bool = True
    ) -> Iterator[tuple[str, Parameter]]:
        """The parameters of this module and of those in it, with their paths.

        Args:
            prefix: put before each path.
            recurse: whether to include those of the modules in it.
            remove_duplicate: give a parameter that is shared once.
        """
        return self._named("_parameters", prefix, recurse, remove_duplicate)

    def parameters(self, recurse: bool = True) -> Iterator[Parameter]:
        """The parameters of this module and, if ``recurse``, of those in it, each once."""
        return (parameter for _, parameter in self.named_parameters(recurse=recurse))

    def named_buffers(
        self, prefix: str = "", recurse: bool = True, remove_duplicate: bool = True
    ) -> Iterator[tuple[str, Tensor]]:
        """The buffers of this module and of those in it, with their paths; arguments as for parameters."""
        return self._named("_buffers", prefix, recurse, remove_duplicate)

    def buffers(self, recurse: bool = True) -> Iterator[Tensor]:
        """The buffers of this module and, if ``recurse``, of those in it, each once."""
        return (buffer for _, buffer in self.named_buffers(recurse=recurse))

    def get_submodule(self, target: str) -> Module:
        """The module at a path such as ``"classifier.2"``; the empty path is this module.

        Raises:
            AttributeError: there is none, or what is there is not a module.
        """
        module = self
        for name in target.split(".") if target else ():
            if not hasattr(module, name):
                raise AttributeError(f"{type(module).__name__} has no attribute `{name}` (looking for '{target}')")
            module = getattr(module, name)
            if not isinstance(module, Registry):
                raise AttributeError(f"`{name}` is not an nn.Module (looking for '{target}')")
        return cast("Module", module)

    def set_submodule(self, target: str, module: Module, strict: bool = False) -> None:
        """Put a module at a path such as ``"classifier.2"``.

        Args:
            target: the path; all but its last name must exist.
            module: the module.
            strict: whether its last name must exist, too.

        Raises:
            ValueError: the path is empty, or ``module`` is not a Module.
            AttributeError: there is no such place.
        """
        if not target or not isinstance(module, Registry):
            raise ValueError(f"set_submodule needs a path and a Module, got {target!r} and {type(module).__name__}")
        path, _, name = target.rpartition(".")
        parent = self.get_submodule(path)
        if strict or hasattr(parent, name):
            self.get_submodule(target)
        setattr(parent, name, module)

    def get_parameter(self, target: str) -> Parameter:
        """The parameter at a path such as ``"classifier.2.weight"``.

        Raises:
            AttributeError: there is none, or what is there is not a parameter.
        """
        return self._get("_parameters", target, "an nn.Parameter")  # type: ignore[no-any-return]

    def get_buffer(self, target: str) -> Tensor:
        """The buffer at a path such as ``"norm.running_mean"``.

        Raises:
            AttributeError: there is none, or what is there is not a buffer.
        """
        return self._get("_buffers", target, "a buffer")  # type: ignore[no-any-return]

    def _get(self, registry: str, target: str, what: str) -> Any:
        path, _, name = target.rpartition(".")
        module = self.get_submodule(path)
        if not hasattr(module, name):
            raise AttributeError(f"{type(module).__name__} has no attribute `{name}` (looking for '{target}')")
        if module.__dict__[registry].get(name) is None:
            raise AttributeError(f"`{name}` is not {what} (looking for '{target}')")
        return module.__dict__[registry][name]


def label(parameter: Parameter, path: str) -> None:
    """Name a parameter by its path, for pictures; a frozen one is not part of any graph."""
    if parameter.requires_grad:
        parameter.name = path
