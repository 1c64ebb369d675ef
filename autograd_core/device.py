"""Where tensors live: in the CPU's memory. Code written for several devices runs, and asking for another says so."""

from __future__ import annotations

from typing import Any

from .tensor import Tensor, method

__all__ = ["device"]

_TYPES = ("cpu", "cuda", "mps", "xpu", "meta")


class device:  # noqa: N801 - PyTorch's name
    """The name of a device.

    Args:
        type: ``"cpu"``, ``"cuda"``, …, or with a number ``"cuda:0"``.
        index: the number, if it is not in the name.

    Raises:
        ValueError: there is no such type, or the number is no number.

    Example:
        >>> import autograd_core as ag
        >>> d = ag.device("cuda" if ag.cuda.is_available() else "cpu")
        >>> d, d.type
        (device(type='cpu'), 'cpu')
    """

    __slots__ = ("index", "type")

    def __init__(self, type: Any, index: int | None = None) -> None:
        name, colon, number = str(type).partition(":")
        if name not in _TYPES or (colon and (index is not None or not number.isdecimal())):
            raise ValueError(
                f"a device is one of {', '.join(_TYPES)}, perhaps with a number as in 'cuda:0'; got {type!r}"
            )
        self.type = name
        self.index = int(number) if colon else index

    def __str__(self) -> str:
        return self.type if self.index is None else f"{self.type}:{self.index}"

    def __repr__(self) -> str:
        return f"device(type={self.type!r}{'' if self.index is None else f', index={self.index}'})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, device) and (self.type, self.index) == (other.type, other.index)

    def __hash__(self) -> int:
        return hash((self.type, self.index))


CPU = device("cpu")


def is_device(value: Any) -> bool:
    """Whether an argument names a device."""
    return isinstance(value, device) or (isinstance(value, str) and value.partition(":")[0] in _TYPES)


def check_device(wanted: Any) -> None:
    """Raise ValueError unless a device is the CPU, or none is named."""
    if wanted is not None and (found := device(wanted)).type != "cpu":
        raise ValueError(
            f"there is no device {str(found)!r} here, tensors live in the CPU's memory: use 'cpu', "
            "or ask ag.cuda.is_available() first"
        )


@method
def cpu(self: Tensor) -> Tensor:
    """The tensor itself: there is no other memory than the CPU's."""
    return self


@method
def cuda(self: Tensor, device: Any = None, non_blocking: bool = False) -> Tensor:
    """ValueError: there is no GPU here."""
    check_device("cuda")
    return self


def _device(self: Tensor) -> Any:
    return CPU


def _is_cuda(self: Tensor) -> bool:
    return False


Tensor.device = property(_device)  # type: ignore[method-assign, assignment]
Tensor.is_cuda = property(_is_cuda)  # type: ignore[method-assign, assignment]
