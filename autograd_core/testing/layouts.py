"""Arrays with the same values that lie differently in memory."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np


def _reversed(array: Any) -> Any:
    backwards = (slice(None, None, -1),) * array.ndim
    return np.ascontiguousarray(array[backwards])[backwards]


def _spaced(array: Any) -> Any:
    room = np.zeros([2 * length for length in array.shape], array.dtype)
    every_other = (slice(None, None, 2),) * array.ndim
    room[every_other] = array
    return room[every_other]


def _unaligned(array: Any) -> Any:
    room = np.zeros(array.nbytes + 1, np.uint8)
    view = room[1:].view(array.dtype).reshape(array.shape)
    view[...] = array
    return view


def _read_only(array: Any) -> Any:
    array = array.copy()
    array.flags.writeable = False
    return array


def _repeated(array: Any) -> Any:
    return np.broadcast_to(array[..., :1], array.shape)


LAYOUTS: dict[str, Callable[[Any], Any]] = {
    "contiguous": lambda array: array.copy(order="C"),
    "Fortran order": np.asfortranarray,
    "negative strides": _reversed,
    "gaps between elements": _spaced,
    "unaligned": _unaligned,
    "read-only": _read_only,
    "zero strides": _repeated,
}
"""Functions of an array with at least one axis. All keep its values but ``zero strides``, which repeats the
first along the last axis."""
