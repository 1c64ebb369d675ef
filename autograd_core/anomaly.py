"""The checks that detect_anomaly switches on: the first NaN or infinity names its origin."""

from __future__ import annotations

import linecache
import sys
from typing import TYPE_CHECKING, Any

import numpy as np

from .modes import MODE
from .node import Node

if TYPE_CHECKING:
    from .rules import Op
    from .tensor import Tensor

_OWN = {"autograd_core", "nn", "optim", "viz", "contextlib", "functools"}


def user_line() -> str:
    """Where the user's own code is now: file, line number and the line itself."""
    frame = sys._getframe(1)
    while frame.f_back is not None and frame.f_globals.get("__name__", "").partition(".")[0] in _OWN:
        frame = frame.f_back
    path, line = frame.f_code.co_filename, frame.f_lineno
    return f"{path}:{line}: {linecache.getline(path, line).strip()}".rstrip(": ")


def check_forward(op: Op, tensor: Tensor) -> None:
    """Raise FloatingPointError if the op's result holds a NaN or infinity; else note where it was made."""
    where = user_line()
    if tensor.node is not None:
        tensor.node.observe(tensor.dtype).where = where
    bad = _first_bad(tensor.array)
    if bad is not None:
        raise FloatingPointError(f"{op.name} gave {bad}{_module()}, at {where}")


def check_backward(node: Node, position: int, gradient: Any) -> None:
    """Raise FloatingPointError if the gradient for one input of the node holds a NaN or infinity."""
    bad = _first_bad(getattr(gradient, "array", gradient))
    if bad is not None:
        where = node.observer.where if node.observer is not None else None
        raise FloatingPointError(
            f"the gradient of {node.name} for its input {position} is {bad}{_module(node.scope)}, "
            + (
                f"computed forward at {where}"
                if where
                else "run the forward pass inside detect_anomaly to see its line"
            )
        )


def _first_bad(array: Any) -> str | None:
    if array.dtype.kind != "f":
        return None
    finite = np.isfinite(array)
    if finite.all():
        return None
    if not array.ndim:
        return str(array)
    index = tuple(int(i) for i in np.argwhere(~finite)[0])
    return f"{array[index]} at index {index} of shape {array.shape}"


def _module(scope: tuple[str, ...] | None = None) -> str:
    path = ".".join(MODE.get().scope if scope is None else scope)
    return f" in module {path}" if path else ""
