"""Parameters in lists and dictionaries."""

from __future__ import annotations

from collections.abc import ItemsView, Iterable, Iterator, KeysView, Mapping, ValuesView
from typing import Any, cast, overload

from autograd_core import Tensor

from .containers import position_of
from .module import Module, block
from .parameter import Parameter


class _Listing(Module):
    """Base of what holds parameters and shows them one a line."""

    def __repr__(self) -> str:
        lines = [
            f"({name}): Parameter containing: [{parameter.dtype} of size {'x'.join(map(str, parameter.shape))}]"
            for name, parameter in self.named_parameters(remove_duplicate=False)
        ]
        return f"{self._get_name()}({block(lines) if lines else ''})"


class ParameterList(_Listing):
    """A list whose parameters are registered.

    Args:
        values: Parameters, or Tensors, which become Parameters.

    Raises:
        TypeError: something is neither.

    Example:
        >>> import autograd_core as ag, nn
        >>> weights = nn.ParameterList([ag.ones(2), ag.zeros(3)])
        >>> [name for name, parameter in weights.named_parameters()]
        ['0', '1']
    """

    def __init__(self, values: Iterable[Tensor] | None = None) -> None:
        super().__init__()
        self.extend(values or ())

    def __len__(self) -> int:
        return len(self._parameters)

    def __iter__(self) -> Iterator[Parameter]:
        return iter(cast("list[Parameter]", list(self._parameters.values())))

    @overload
    def __getitem__(self, index: slice) -> ParameterList: ...
    @overload
    def __getitem__(self, index: int) -> Parameter: ...
    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return ParameterList(list(self)[index])
        return self._parameters[str(position_of(index, len(self)))]

    def __setitem__(self, index: int, value: Tensor) -> None:
        self._put(position_of(index, len(self)), value)

    def _put(self, position: int, value: Tensor) -> None:
        if not isinstance(value, Tensor):
            raise TypeError(f"ParameterList takes Parameters and Tensors, got {type(value).__name__}")
        setattr(self, str(position), value if isinstance(value, Parameter) else Parameter(value))

    def append(self, value: Tensor) -> ParameterList:
        """Add a parameter at the end.

        Returns:
            The list itself.
        """
        self._put(len(self), value)
        return self

    def extend(self, values: Iterable[Tensor]) -> ParameterList:
        """Add parameters at the end.

        Returns:
            The list itself.
        """
        for value in list(values):
            self.append(value)
        return self

    def pop(self, index: int = -1) -> Parameter:
        """Take a parameter out."""
        parameter: Parameter = self[index]
        kept = list(self)
        del kept[index]
        self._parameters.clear()
        self.extend(kept)
        return parameter

    __iadd__ = extend


class ParameterDict(_Listing):
    """A dictionary whose parameters are registered.

    Args:
        parameters: name → Parameter or Tensor, which becomes a Parameter; or pairs of both.

    Raises:
        TypeError: something is neither.

    Example:
        >>> import autograd_core as ag, nn
        >>> gains = nn.ParameterDict({"left": ag.ones(2), "right": ag.zeros(3)})
        >>> [name for name, parameter in gains.named_parameters()]
        ['left', 'right']
        >>> gains["left"].tolist()
        [1.0, 1.0]
    """

    def __init__(self, parameters: Mapping[str, Tensor] | Iterable[tuple[str, Tensor]] | None = None) -> None:
        super().__init__()
        self.update(parameters or {})

    def __getitem__(self, key: str) -> Parameter:
        return cast(Parameter, self._parameters[key])

    def __setitem__(self, key: str, value: Tensor) -> None:
        if not isinstance(value, Tensor) or not isinstance(key, str):
            raise TypeError(f"ParameterDict takes Parameters and Tensors by name, got {key!r}: {type(value).__name__}")
        self._enter("_parameters", key, value if isinstance(value, Parameter) else Parameter(value))

    def __delitem__(self, key: str) -> None:
        del self._parameters[key]

    def __len__(self) -> int:
        return len(self._parameters)

    def __iter__(self) -> Iterator[str]:
        return iter(self._parameters)

    def __reversed__(self) -> Iterator[str]:
        return reversed(list(self._parameters))

    def __contains__(self, key: str) -> bool:
        return key in self._parameters

    def __or__(self, other: Mapping[str, Tensor] | ParameterDict) -> ParameterDict:
        made = self.copy()
        made.update(other)
        return made

    def __ior__(self, other: Mapping[str, Tensor] | ParameterDict) -> ParameterDict:
        self.update(other)
        return self

    def copy(self) -> ParameterDict:
        """Another dictionary of the same parameters."""
        return ParameterDict(self.items())

    def clear(self) -> None:
        """Take everything out."""
        self._parameters.clear()

    def pop(self, key: str) -> Parameter:
        """Take a parameter out."""
        parameter = self[key]
        del self[key]
        return parameter

    def popitem(self) -> tuple[str, Parameter]:
        """Take the last parameter out, with its name."""
        return cast(tuple[str, Parameter], self._parameters.popitem())

    def get(self, key: str, default: Any = None) -> Any:
        """The parameter of a name, or the default if there is none."""
        return self._parameters.get(key, default)

    def setdefault(self, key: str, default: Any = None) -> Parameter:
        """The parameter of a name, which is the default from now on if there was none."""
        if key not in self:
            self[key] = default
        return self[key]

    def fromkeys(self, keys: Iterable[str], default: Any = None) -> ParameterDict:
        """Another dictionary with the default under each name."""
        return ParameterDict((key, default) for key in keys)

    def keys(self) -> KeysView[str]:
        """The names."""
        return self._parameters.keys()

    def values(self) -> ValuesView[Parameter]:
        """The parameters."""
        return cast("ValuesView[Parameter]", self._parameters.values())

    def items(self) -> ItemsView[str, Parameter]:
        """The names and the parameters."""
        return cast("ItemsView[str, Parameter]", self._parameters.items())

    def update(self, parameters: Mapping[str, Tensor] | ParameterDict | Iterable[tuple[str, Tensor]]) -> None:
        """Add parameters; those under a name that exists replace what was there."""
        pairs = parameters.items() if isinstance(parameters, (Mapping, ParameterDict)) else parameters
        for key, value in pairs:
            self[key] = value
