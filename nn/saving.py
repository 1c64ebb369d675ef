"""Saving a state_dict as a NumPy archive (.npz), and reading it back without running code."""

from __future__ import annotations

import os
import uuid
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from autograd_core import Tensor
from autograd_core.tensor import from_array, to_array


def save(state_dict: Mapping[str, Any], path: str | os.PathLike[str]) -> None:
    """Write named tensors to a file: all of them, or nothing if that fails.

    Args:
        state_dict: name → Tensor or array, such as ``model.state_dict()``.
        path: the file; by custom it ends in ``.npz``. ``numpy.load`` reads it as well.

    Raises:
        TypeError: ``state_dict`` is not a mapping of names to numeric tensors.
        OSError: the file can't be written.

    Example:
        >>> import os, tempfile, nn
        >>> path = os.path.join(tempfile.mkdtemp(), "weights.npz")
        >>> nn.save(nn.Linear(2, 3).state_dict(), path)
        >>> {name: tensor.shape for name, tensor in nn.load(path).items()}
        {'weight': (3, 2), 'bias': (3,)}
    """
    if not isinstance(state_dict, Mapping):
        raise TypeError(f"save takes a dict of name → Tensor, got {type(state_dict).__name__}: pass model.state_dict()")
    arrays = {}
    for name, value in state_dict.items():
        if not isinstance(name, str):
            raise TypeError(f"save takes names that are strings, got {name!r}")
        try:
            arrays[name] = np.asarray(to_array(value))
        except (TypeError, ValueError) as error:
            raise TypeError(f"save takes a Tensor or array for each name, but {name!r} is none: {error}") from error
    target = Path(path)
    partial = target.with_name(f".{target.name}.{uuid.uuid4().hex}")
    try:
        with zipfile.ZipFile(partial, "x") as archive:
            for name, array in arrays.items():
                with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                    np.lib.format.write_array(member, array, allow_pickle=False)
        os.replace(partial, target)
    finally:
        partial.unlink(missing_ok=True)


def load(path: str | os.PathLike[str]) -> dict[str, Tensor]:
    """Read what :func:`save` wrote. Only numbers are read: a file can't run code.

    Args:
        path: the file.

    Returns:
        name → Tensor, in the order saved.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: the file is broken, or no archive of arrays.

    Example:
        >>> import os, tempfile, nn
        >>> path = os.path.join(tempfile.mkdtemp(), "weights.npz")
        >>> model = nn.Linear(2, 3)
        >>> nn.save(model.state_dict(), path)
        >>> model.load_state_dict(nn.load(path))
        <All keys matched successfully>
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return {_name(member): _read(archive, member) for member in archive.namelist()}
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, TypeError) as error:
        raise ValueError(f"{os.fspath(path)} is broken, or not a file that nn.save wrote (.npz): {error}") from error


def _name(member: str) -> str:
    if not member.endswith(".npy"):
        raise ValueError(f"it holds {member!r}, which is not an array")
    return member.removesuffix(".npy")


def _read(archive: zipfile.ZipFile, member: str) -> Tensor:
    with archive.open(member) as stream:
        array = np.lib.format.read_array(stream, allow_pickle=False)
    return from_array(to_array(array))
