"""The safetensors format: a JSON header that says where each tensor's bytes are, and the bytes.

    8 bytes         n, the length of the header, little-endian
    n bytes         {"name": {"dtype": "F32", "shape": [2, 3], "data_offsets": [begin, end]}, …,
                    "__metadata__": {"key": "text", …}}
    the rest        the tensors one after the other, without gaps, little-endian, the last axis fastest

Source: https://github.com/huggingface/safetensors, "Format".
"""

from __future__ import annotations

import json
import math
import os
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from .structure import RESERVED, Arrays, parsed

_STRUCTURE = "autograd_core.structure"
DTYPES = {
    "BOOL": "?",
    "U8": "u1",
    "I8": "i1",
    "U16": "<u2",
    "I16": "<i2",
    "F16": "<f2",
    "U32": "<u4",
    "I32": "<i4",
    "F32": "<f4",
    "U64": "<u8",
    "I64": "<i8",
    "F64": "<f8",
    "BF16": "<u2",  # the upper half of a float32; read as one
}
_NAMES = {np.dtype(code): name for name, code in DTYPES.items() if name != "BF16"}
_LONGEST_HEADER = 100_000_000  # the format's own limit


def write(file: BinaryIO, arrays: Arrays, structure: str | None) -> None:
    """Write named arrays, and the structure that they are part of as metadata.

    Args:
        file: where to.
        arrays: name → array, in any memory layout.
        structure: its JSON, if there is one.

    Raises:
        TypeError: the format has no such dtype.
    """
    header: dict[str, Any] = {} if structure is None else {RESERVED: {_STRUCTURE: structure}}
    for name, array in arrays.items():  # in the order given, whatever the order of the bytes
        if array.dtype.newbyteorder("<") not in _NAMES:
            raise TypeError(f"a safetensors file can't hold {name!r}, which is {array.dtype}: convert it first")
        header[name] = {"dtype": _NAMES[array.dtype.newbyteorder("<")], "shape": list(array.shape)}
    by_size = sorted(arrays.items(), key=lambda item: -item[1].itemsize)  # so that each is aligned
    begin = 0
    for name, array in by_size:
        header[name]["data_offsets"] = [begin, begin + array.nbytes]
        begin += array.nbytes
    text = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    if len(text) > _LONGEST_HEADER:
        raise ValueError(f"a safetensors header can't be longer than {_LONGEST_HEADER} bytes, got {len(text)}")
    file.write(len(text).to_bytes(8, "little") + text)
    for _, array in by_size:
        file.write(np.ascontiguousarray(array, array.dtype.newbyteorder("<")).reshape(-1).view(np.uint8).data)


def read(file: BinaryIO) -> tuple[Arrays, str | None]:
    """Read named arrays; what the header says is checked before anything is made of it.

    Args:
        file: where from.

    Returns:
        The arrays, in the order of the header, and the JSON, None if there is none.

    Raises:
        ValueError: the file does not follow the format.
    """
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    start = file.read(8)
    if len(start) < 8:
        raise ValueError("it ends within its first 8 bytes")
    length = int.from_bytes(start, "little")
    if length > min(size - 8, _LONGEST_HEADER):
        raise ValueError(f"its header would have {length} bytes, the file has {size}")
    text = file.read(length)
    if text[:1] != b"{":
        raise ValueError("its header is not a JSON object")
    header = parsed(text.decode())
    metadata = header.pop(RESERVED, {})
    if not isinstance(metadata, dict) or not all(isinstance(value, str) for value in metadata.values()):
        raise ValueError("its metadata is not text by name")
    entries = {name: _entry(name, described) for name, described in header.items()}
    at = 0
    order = sorted(entries, key=lambda name: entries[name][2:])
    for name in order:
        begin, end = entries[name][2:]
        if begin != at:
            raise ValueError(f"the bytes of {name!r} begin at {begin}, but those before it end at {at}")
        at = end
    if at != size - 8 - length:
        raise ValueError(f"its header describes {at} bytes, {size - 8 - length} are there")
    arrays = {name: _read(file, name, *entries[name][:2]) for name in order}
    return {name: arrays[name] for name in entries}, metadata.get(_STRUCTURE)


def _entry(name: str, described: Any) -> tuple[str, list[int], int, int]:
    """The dtype, shape, begin and end of a tensor, checked by itself."""
    match described:
        case {"dtype": str(dtype), "shape": list(shape), "data_offsets": [begin, end]} if len(described) == 3:
            if dtype not in DTYPES:
                raise ValueError(f"{name!r} has the dtype {dtype[:40]!r}, which no tensor here can have")
            if not all(type(number) is int and number >= 0 for number in (*shape, begin, end)):
                raise ValueError(f"{name!r} has a shape or offsets that are no counts")
            wanted = math.prod(shape) * np.dtype(DTYPES[dtype]).itemsize
            if end - begin != wanted:
                raise ValueError(f"{name!r} has {end - begin} bytes, its dtype and shape need {wanted}")
            return dtype, shape, begin, end
    raise ValueError(f"{name!r} is not described by dtype, shape and data_offsets")


def _read(file: BinaryIO, name: str, dtype: str, shape: list[int]) -> NDArray[Any]:
    array = np.empty(math.prod(shape), np.uint8 if dtype == "BOOL" else DTYPES[dtype])
    if file.readinto(array.view(np.uint8).data) != array.nbytes:  # type: ignore[attr-defined]
        raise ValueError(f"it ends within {name!r}")
    if dtype == "BOOL":
        if array.max(initial=0) > 1:
            raise ValueError(f"{name!r} has booleans that are neither 0 nor 1")
        array = array.view(np.bool_)
    elif dtype == "BF16":
        array = (array.astype(np.uint32) << 16).view(np.float32)
    return array.astype(array.dtype.newbyteorder("="), copy=False).reshape(shape)
