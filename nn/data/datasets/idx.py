"""The IDX format, in which MNIST is published: a header that says the shape, then the numbers."""

from __future__ import annotations

import gzip
import math
import os
import struct
import zlib
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

_KINDS = {0x08: ">u1", 0x09: ">i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
_MOST = 2**32  # bytes


def read_idx(path: str | os.PathLike[str]) -> NDArray[Any]:
    """The array in an IDX file, compressed by gzip or not.

    Args:
        path: the file; compressed if its name ends in ``.gz``.

    Returns:
        An array.

    Raises:
        ValueError: it is no such file, or shorter or longer than its header says.
        OSError: it can't be read.

    Source:
        Y. LeCun, C. Cortes and C. Burges, The MNIST database of handwritten digits.
    """
    try:
        with gzip.open(path) if os.fspath(path).endswith(".gz") else open(path, "rb") as file:
            return _array(file)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise ValueError(f"{os.fspath(path)!r} is not a whole gzip file: {error}") from None
    except ValueError as error:
        raise ValueError(f"{os.fspath(path)!r} is not an IDX file: {error}") from None


def _array(file: BinaryIO | gzip.GzipFile) -> NDArray[Any]:
    head = file.read(4)
    if len(head) < 4 or head[:2] != b"\0\0" or head[2] not in _KINDS or head[3] == 0:
        raise ValueError(
            f"it begins with {head.hex(' ') or 'nothing'}, not with 00 00, a kind of number and a count of axes"
        )
    lengths = file.read(4 * head[3])
    if len(lengths) < 4 * head[3]:
        raise ValueError(f"it ends within its {head[3]} lengths")
    shape, kind = struct.unpack(f">{head[3]}I", lengths), np.dtype(_KINDS[head[2]])
    size = math.prod(shape) * kind.itemsize
    if size > _MOST:
        raise ValueError(f"its shape {shape} would take {size} bytes")
    body = file.read(size + 1)
    if len(body) != size:
        more = "more" if len(body) > size else f"{len(body)}"
        raise ValueError(f"its shape {shape} takes {size} bytes, but it has {more}")
    return np.frombuffer(body, kind).reshape(shape).astype(kind.newbyteorder("="))
