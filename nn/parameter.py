"""Parameter: a tensor that a module owns and an optimiser changes; Buffer; also those whose shape is not known yet."""

from __future__ import annotations

from typing import Any, ClassVar

from autograd_core import Tensor, zeros
from autograd_core.tensor import to_array


class Parameter(Tensor):
    """A Tensor that registers itself when it is assigned to an attribute of a :class:`nn.Module`.

    Args:
        data: the values, any shape; numbers, nested lists, an array or a Tensor. Copied, except that a
            Tensor's values are shared, which nobody can notice, since arrays are values. None: no elements.
        requires_grad: whether gradients are collected here. Only for floating dtypes.

    Raises:
        TypeError: the data are not numbers, or gradients are asked for of a non-float.

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.Parameter(ag.tensor([1.0, 2.0]))
        Parameter containing:
        tensor([1., 2.], requires_grad=True)
    """

    __slots__ = ()

    def __init__(self, data: Any = None, requires_grad: bool = True) -> None:
        if data is None:
            data = zeros(0)
        if isinstance(data, Tensor):
            self.array = data.array
            self.node = None
            self.requires_grad_(requires_grad)
        else:
            super().__init__(data, requires_grad=requires_grad)

    def __repr__(self) -> str:
        return "Parameter containing:\n" + super().__repr__()

    def __deepcopy__(self, memo: dict[int, Any]) -> Tensor:
        twin = super().__deepcopy__(memo)
        twin.grad = None  # as in PyTorch: the copy of a model has yet to be trained
        return twin


class Buffer(Tensor):
    """A Tensor that becomes a buffer when it is assigned to an attribute of a :class:`nn.Module`.

    Args:
        data: the values, as for a :class:`Parameter`.
        persistent: whether it is part of the ``state_dict``.

    Raises:
        TypeError: the data are not numbers.

    Example:
        >>> import autograd_core as ag, nn
        >>> module = nn.Module()
        >>> module.mean = nn.Buffer(ag.zeros(2))
        >>> list(module.state_dict())
        ['mean']
    """

    __slots__ = ("persistent",)

    def __init__(self, data: Any = None, *, persistent: bool = True) -> None:
        self.array = to_array(zeros(0) if data is None else data)
        self.node = None
        self.persistent = persistent

    def __getstate__(self) -> Any:
        return {**super().__getstate__(), "persistent": self.persistent}

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(state)
        self.persistent = state["persistent"]


class Uninitialized(Tensor):
    """Base of what a module owns before its shape is known; :meth:`materialize` gives it one."""

    __slots__ = ()
    _becomes: ClassVar[type[Tensor]]

    def materialize(self, shape: Any, device: Any = None, dtype: Any = None) -> None:
        """Become an ordinary parameter or buffer of zeros; it stays the object that it is.

        Args:
            shape: its shape.
            device: ``"cpu"``.
            dtype: by default its dtype.
        """
        required, name = self.requires_grad, self.name
        self.node = None  # that of the empty array
        self.array = zeros(size=shape, device=device, dtype=dtype or self.dtype).array
        self.__class__ = self._becomes  # type: ignore[assignment]
        if required:
            self.requires_grad_()
            self.name = name

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"


class UninitializedParameter(Uninitialized, Parameter):
    """A Parameter whose shape is not known yet.

    Args:
        requires_grad: whether gradients are collected here.
        device: ``"cpu"``.
        dtype: by default the default dtype.

    Example:
        >>> from nn.parameter import UninitializedParameter
        >>> weight = UninitializedParameter()
        >>> weight.materialize((2, 3))
        >>> type(weight).__name__, weight.shape
        ('Parameter', (2, 3))
    """

    __slots__ = ()
    _becomes = Parameter

    def __init__(self, requires_grad: bool = True, device: Any = None, dtype: Any = None) -> None:
        Parameter.__init__(self, zeros(0, device=device, dtype=dtype), requires_grad)


class UninitializedBuffer(Uninitialized):
    """A buffer whose shape is not known yet.

    Args:
        device: ``"cpu"``.
        dtype: by default the default dtype.

    Example:
        >>> from nn.parameter import UninitializedBuffer
        >>> UninitializedBuffer()
        <UninitializedBuffer>
    """

    __slots__ = ()
    _becomes = Tensor

    def __init__(self, device: Any = None, dtype: Any = None) -> None:
        super().__init__(zeros(0, device=device, dtype=dtype))
