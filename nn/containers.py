"""Modules in sequences and dictionaries."""

from __future__ import annotations

import operator
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeVar, cast, overload

from .module import Module, block

Self = TypeVar("Self", bound="_ModuleSequence")


def position_of(index: Any, length: int) -> int:
    """An index as one from 0."""
    position: int = operator.index(index)
    if not -length <= position < length:
        raise IndexError(f"index {position} is out of range: there are {length}")
    return position % length


class _ModuleSequence(Module):
    """Modules under the names ``"0"``, ``"1"``, …; a Sequential may have names of its own."""

    def __len__(self) -> int:
        return len(self._modules)

    def __iter__(self) -> Iterator[Module]:
        return iter(cast("list[Module]", list(self._modules.values())))

    def _key(self, index: Any) -> str:
        return list(self._modules)[position_of(index, len(self))]

    @overload
    def __getitem__(self: Self, index: slice) -> Self: ...
    @overload
    def __getitem__(self, index: int) -> Any: ...
    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return self._like(list(self._modules.items())[index])
        return self._modules[self._key(index)]

    def _like(self, items: list[tuple[str, Any]]) -> Any:
        """A container of this kind with these entries."""
        raise NotImplementedError

    def __setitem__(self, index: int, module: Module) -> None:
        setattr(self, self._key(index), module)

    def __delitem__(self, index: int | slice) -> None:
        keys = list(self._modules)
        for key in keys[index] if isinstance(index, slice) else [self._key(index)]:
            del self._modules[key]
        self._renumber([("0", module) for module in self._modules.values()])  # names that are words go, as in PyTorch

    def _renumber(self, items: list[tuple[str, Any]]) -> None:
        """Give numbered entries the names 0, 1, … again, and keep names that are words."""
        self._modules.clear()
        for position, (key, module) in enumerate(items):
            self._enter("_modules", str(position) if key.isdecimal() else key, module)

    def append(self: Self, module: Module) -> Self:
        """Add a module at the end.

        Returns:
            The container itself.
        """
        self.add_module(str(len(self)), module)
        return self

    def insert(self, index: int, module: Module) -> None:
        """Put a module before position ``index``, which may be the end."""
        length = len(self)
        if not -length <= index <= length:
            raise IndexError(f"Index out of range: {index}")
        if not isinstance(module, Module):
            raise TypeError(f"{type(module).__name__} is not a Module subclass")
        items = list(self._modules.items())
        items.insert(index + length if index < 0 else index, ("0", module))
        self._renumber(items)

    def extend(self: Self, modules: Iterable[Module]) -> Self:
        """Add modules at the end.

        Returns:
            The container itself.
        """
        for module in list(modules):
            self.append(module)
        return self

    def pop(self, index: int = -1) -> Module:
        """Take a module out."""
        module: Module = self[index]
        del self[index]
        return module


class Sequential(_ModuleSequence):
    """Modules that run one after the other.

    Args:
        args: the modules; or one dict of name → module, which run in its order.

    Returns:
        From a call: the last module's output.

    Raises:
        TypeError: something is not a Module.

    Example:
        >>> import autograd_core as ag, nn
        >>> model = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 3))
        >>> model(ag.ones(8, 4)).shape
        (8, 3)
        >>> model[1]
        ReLU()
    """

    def __init__(self, *args: Any) -> None:
        super().__init__()
        named = args[0].items() if len(args) == 1 and isinstance(args[0], Mapping) else enumerate(args)
        for name, module in named:
            if not isinstance(module, Module):
                raise TypeError(f"{type(module).__name__} is not a Module subclass")
            self.add_module(str(name), module)

    def _like(self, items: list[tuple[str, Any]]) -> Any:
        return type(self)(dict(items))

    def __add__(self, other: Sequential) -> Sequential:
        if not isinstance(other, Sequential):
            return NotImplemented
        return Sequential(*self, *other)

    def __iadd__(self, other: Sequential) -> Sequential:
        if not isinstance(other, Sequential):
            return NotImplemented
        return self.extend(other)

    def __mul__(self, times: int) -> Sequential:
        return Sequential(*self._times(times))

    def __rmul__(self, times: int) -> Sequential:
        return self * times

    def __imul__(self, times: int) -> Sequential:
        return self.extend(self._times(times)[len(self) :])

    def _times(self, times: int) -> list[Module]:
        """The modules so many times over; they are shared, not copied."""
        if not isinstance(times, int):
            raise TypeError(f"a Sequential can be multiplied by an integer, got {type(times).__name__}")
        if times < 1:
            raise ValueError(f"a Sequential can be multiplied by a positive integer, got {times}")
        return list(self) * times

    def forward(self, input: Any) -> Any:
        for module in self._modules.values():
            input = module(input)  # type: ignore[misc]  # a Sequential has no empty places
        return input


class _Shelf(Module):
    """Base of what only holds modules: since it is not called itself, their names begin with its own."""

    def _be_called(self, name: str) -> None:
        super()._be_called(name)
        for key, module in self._modules.items():
            if module is not None:
                module._be_called(self._child_name(key))

    def _child_name(self, name: str) -> str:
        return name if self._name is None else f"{self._name}.{name}"


class ModuleList(_ModuleSequence, _Shelf):
    """A list whose modules are registered. It has no forward: loop over it.

    Args:
        modules: the modules.

    Raises:
        TypeError: something is not a Module.

    Example:
        >>> import nn
        >>> layers = nn.ModuleList([nn.Linear(4, 4) for _ in range(3)])
        >>> len(list(layers.parameters()))
        6
    """

    def __init__(self, modules: Iterable[Module] | None = None) -> None:
        super().__init__()
        self.extend(modules or ())

    def _like(self, items: list[tuple[str, Any]]) -> Any:
        return type(self)([module for _, module in items])

    def __add__(self, other: Iterable[Module]) -> ModuleList:
        return ModuleList([*self, *other])

    def __iadd__(self, other: Iterable[Module]) -> ModuleList:
        return self.extend(other)

    def __repr__(self) -> str:
        """The modules, equal ones in a row told once: ``(0-2): 3 x Linear(…)``."""
        groups: list[tuple[int, int, str]] = []  # first and last position, text
        for position, module in enumerate(self):
            text = repr(module)
            if groups and groups[-1][2] == text:
                groups[-1] = (groups[-1][0], position, text)
            else:
                groups.append((position, position, text))
        lines = [
            f"({first}): {text}" if first == last else f"({first}-{last}): {last - first + 1} x {text}"
            for first, last, text in groups
        ]
        return f"{self._get_name()}({block(lines) if lines else ''})"


class ModuleDict(_Shelf):
    """A dictionary whose modules are registered. It has no forward.

    Args:
        modules: name → module, or pairs of both.

    Raises:
        TypeError: something is not a Module.
        KeyError: a name is taken by an attribute, empty or has a dot.

    Example:
        >>> import nn
        >>> heads = nn.ModuleDict({"value": nn.Linear(4, 1), "policy": nn.Linear(4, 3)})
        >>> heads["policy"].out_features
        3
    """

    def __init__(self, modules: Mapping[str, Module] | Iterable[tuple[str, Module]] | None = None) -> None:
        super().__init__()
        if modules is not None:
            self.update(modules)

    def __getitem__(self, key: str) -> Any:
        return self._modules[key]

    def __setitem__(self, key: str, module: Module) -> None:
        self.add_module(key, module)

    def __delitem__(self, key: str) -> None:
        del self._modules[key]

    def __len__(self) -> int:
        return len(self._modules)

    def __iter__(self) -> Iterator[str]:
        return iter(self._modules)

    def __contains__(self, key: str) -> bool:
        return key in self._modules

    def clear(self) -> None:
        """Take everything out."""
        self._modules.clear()

    def pop(self, key: str) -> Any:
        """Take a module out."""
        return self._modules.pop(key)

    def keys(self) -> Iterable[str]:
        """The names."""
        return self._modules.keys()

    def values(self) -> Iterable[Any]:
        """The modules."""
        return self._modules.values()

    def items(self) -> Iterable[tuple[str, Any]]:
        """The names and the modules."""
        return self._modules.items()

    def update(self, modules: Mapping[str, Module] | Iterable[tuple[str, Module]]) -> None:
        """Add modules; those under a name that exists replace what was there."""
        for key, module in modules.items() if isinstance(modules, Mapping) else modules:
            self[key] = module
