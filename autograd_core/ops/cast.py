"""Conversions of dtype, and questions about it."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..public import public
from ..rules import Function, linear
from ..tensor import Tensor, method
from .shape import as_tensor, clone

__all__ = [
    "real",
]


astype: Function = linear(
    lambda x, dtype: x.astype(dtype),
    lambda g, x, dtype: astype.op.on(g, dtype=x.dtype),
    name="astype",
    options={"dtype": "dtype"},
)


_DEVICES = ("cpu", "cuda", "mps", "xpu", "meta")


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
        if isinstance(item, str) and item.partition(":")[0] in _DEVICES:
            device = item
        elif item is not None:
            target = item
    if device is not None and str(device) != "cpu":
        raise ValueError(f"tensors live in the CPU's memory, there is no device {device!r}: leave it out")
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


@public("real")
def real(x: Any) -> Tensor:
    """The real part: the tensor itself, there are no complex ones.

    Args:
        x: any shape.

    Returns:
        The same Tensor.

    Example:
        >>> import autograd_core as ag
        >>> ag.real(ag.tensor([1.0]))
        tensor([1.])
    """
    return as_tensor(x)
