"""Conversions of dtype, and questions about it."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..device import check_device, is_device
from ..public import public
from ..rules import Function, linear
from ..tensor import Tensor, method
from .shape import clone, tensor_of

__all__ = [
    "is_floating_point",
    "is_tensor",
    "numel",
    "promote_types",
    "real",
]


astype: Function = linear(
    lambda x, dtype: x.astype(dtype),
    lambda g, x, dtype: astype.op.on(g, dtype=x.dtype),
    name="astype",
    options={"dtype": "dtype"},
)


@method
def to(
    self: Tensor,
    *args: Any,
    dtype: Any = None,
    device: Any = None,
    other: Tensor | None = None,
    non_blocking: bool = False,
    copy: bool = False,
) -> Tensor:
    """The values in another dtype; the gradient comes back in this one's.

    Args:
        args: a dtype, a device and a dtype, or a Tensor whose dtype to take; then non_blocking and copy.
        dtype: the dtype wanted, by name; by default this one's.
        device: ``"cpu"``, the only device there is.
        other: a Tensor whose dtype to take, by name.
        non_blocking: accepted as PyTorch's.
        copy: whether the result must be another Tensor even if nothing changes.

    Raises:
        TypeError: the dtype is not boolean, integer or floating.
        ValueError: the device is another than the CPU.
    """
    given, flags = [item for item in args if type(item) is not bool], [item for item in args if type(item) is bool]
    copy = copy or flags[1:] == [True]
    target: Any = other
    for item in given:
        if is_device(item):
            device = item
        elif item is not None:
            target = item
    check_device(device)
    if isinstance(target, Tensor):
        target = target.dtype
    chosen = dtype if target is None else target
    wanted = self.dtype if chosen is None else np.dtype(chosen)
    if wanted.kind not in "biuf":
        raise TypeError(f"a tensor holds booleans, integers or floats, got dtype {wanted}")
    if wanted == self.dtype:
        return clone(self) if copy else self
    return astype(self, dtype=wanted)


def _cast(dtype: Any) -> Any:
    return lambda self: self.to(dtype)


for _name, _dtype in {
    "float": np.float32,
    "double": np.float64,
    "half": np.float16,
    "int": np.int32,
    "long": np.int64,
    "short": np.int16,
    "char": np.int8,
    "byte": np.uint8,
    "bool": np.bool_,
}.items():
    public(_name)(_cast(_dtype))


public("astype")(to)


@public("type")
def _type(self: Tensor, dtype: Any = None) -> Any:
    """The values in another dtype; without one, the name of this one's."""
    return str(self.dtype) if dtype is None else to(self, dtype)


@public("type_as")
def _type_as(self: Tensor, other: Tensor) -> Tensor:
    """The values in the dtype of another tensor."""
    return to(self, other)


@public("real", numpy=np.real)
def real(input: Any) -> Tensor:
    """The real part: the tensor itself, there are no complex ones.

    Args:
        input: any shape.

    Returns:
        The same Tensor.

    Example:
        >>> import autograd_core as ag
        >>> ag.real(ag.tensor([1.0]))
        tensor([1.])
    """
    return tensor_of(input)


@method
def is_contiguous(self: Tensor) -> bool:
    """True: there are no strides to observe, since arrays are values."""
    return True


@method
def is_signed(self: Tensor) -> bool:
    """Whether the dtype has negative numbers."""
    return self.dtype.kind in "if"


for _name, _of in {"element_size": "itemsize", "ndimension": "ndim"}.items():
    setattr(Tensor, _name, lambda self, _of=_of: getattr(self, _of))


def is_tensor(obj: Any) -> bool:
    """Whether something is a Tensor.

    Args:
        obj: anything.

    Returns:
        True or False.

    Example:
        >>> import autograd_core as ag
        >>> ag.is_tensor(ag.zeros(2)), ag.is_tensor([0.0])
        (True, False)
    """
    return isinstance(obj, Tensor)


def numel(input: Tensor) -> int:
    """The number of elements.

    Args:
        input: a Tensor.

    Returns:
        A number.

    Example:
        >>> import autograd_core as ag
        >>> ag.numel(ag.zeros(2, 3))
        6
    """
    return input.numel()


def is_floating_point(input: Tensor) -> bool:
    """Whether the elements are floats.

    Args:
        input: a Tensor.

    Returns:
        True or False.

    Example:
        >>> import autograd_core as ag
        >>> ag.is_floating_point(ag.arange(3))
        False
    """
    return input.is_floating_point()


def promote_types(type1: Any, type2: Any) -> np.dtype[Any]:
    """The dtype that two have in common: beside a float an integer does not count.

    Args:
        type1: a dtype.
        type2: another.

    Returns:
        A NumPy dtype.

    Example:
        >>> import autograd_core as ag
        >>> ag.promote_types(ag.int64, ag.float32)
        dtype('float32')
    """
    first: np.dtype[Any] = np.dtype(type1)
    second: np.dtype[Any] = np.dtype(type2)
    if (first.kind == "f") != (second.kind == "f"):
        return first if first.kind == "f" else second
    return np.dtype(np.promote_types(first, second))
