"""NumPy's archive of arrays, .npz: a zip file with an .npy for each array, and the structure of nested state."""

from __future__ import annotations

import zipfile
from typing import BinaryIO

import numpy as np

from .structure import Arrays
from .tensor import checked

_STRUCTURE = "autograd_core.structure.json"


def write(file: BinaryIO, arrays: Arrays, structure: str | None) -> None:
    """Write named arrays, and the structure that they are part of.

    Args:
        file: where to.
        arrays: name → array, in any memory layout.
        structure: its JSON, if there is one.
    """
    with zipfile.ZipFile(file, "w") as archive:
        if structure is not None:
            archive.writestr(_STRUCTURE, structure)
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                np.lib.format.write_array(member, array, allow_pickle=False)


def read(file: BinaryIO) -> tuple[Arrays, str | None]:
    """Read what :func:`write` or ``numpy.savez`` wrote.

    Args:
        file: where from.

    Returns:
        The arrays, in the order of the archive, and the JSON, None if there is none.

    Raises:
        Exception: the file is broken; of many kinds, by what is wrong.
    """
    arrays: Arrays = {}
    structure = None
    with zipfile.ZipFile(file) as archive:
        for member in archive.namelist():
            if member == _STRUCTURE:
                structure = archive.read(member).decode()
                continue
            name = member.removesuffix(".npy")
            if name == member or name in arrays:
                raise ValueError(f"it holds {member!r}, which is not an array" if name == member else f"{name!r} twice")
            with archive.open(member) as stream:
                arrays[name] = checked(np.lib.format.read_array(stream, allow_pickle=False))
                if stream.read(1):  # at the end, so that the checksum is compared
                    raise ValueError(f"there is more in {member!r} than its array")
    return arrays, structure
