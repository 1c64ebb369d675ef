"""Saving tensors and nested state to a file, and reading them back without running code."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterator
from typing import Any, BinaryIO

from .tensor import Tensor
from .tree import mapped

__all__ = ["load", "save"]


def save(obj: Any, f: str | os.PathLike[str] | BinaryIO) -> None:
    """Write state to a file: all of it, or nothing if that fails.

    A name that ends in ``.npz`` makes a NumPy archive, any other (``.safetensors``, ``.pt``) a file in the
    safetensors format. A dict of name → Tensor is stored as that, so that the safetensors package or
    ``numpy.load`` reads it; of anything nested, the tensors are stored under their paths and the structure
    beside them as JSON.

    Args:
        obj: ``model.state_dict()``, or any nesting of dicts, lists and tuples that holds tensors, arrays,
            numbers, strings and None, such as a dict of the model's and the optimizer's state and the epoch.
            Arrays come back as Tensors, NumPy's numbers as Python's, named tuples as tuples.
        f: the file: a path, through which links are followed, or something open for writing bytes.

    Raises:
        TypeError: something else is in ``obj``, or a dtype that the format does not have.
        OSError: the file can't be written.

    Example:
        >>> import os, tempfile, autograd_core as ag
        >>> path = os.path.join(tempfile.mkdtemp(), "state.safetensors")
        >>> ag.save({"weights": [ag.ones(2)], "epoch": 3}, path)
        >>> ag.load(path)
        {'weights': [tensor([1., 1.])], 'epoch': 3}

    Source: https://github.com/huggingface/safetensors.
    """
    from .structure import taken_apart

    arrays, structure = taken_apart(obj)
    if not isinstance(f, (str, os.PathLike)):
        _format("").write(f, arrays, structure)
        return
    write = _format(os.fspath(f)).write
    with replacing(f) as file:
        write(file, arrays, structure)


@contextlib.contextmanager
def replacing(path: str | os.PathLike[str]) -> Iterator[BinaryIO]:
    """A file to write, which takes its place when it is whole; until then, and on errors, the old one stays.

    Args:
        path: the place. What is neither a file nor free, a device or a pipe, is written to as it is.

    Yields:
        The open file.

    Raises:
        OSError: it can't be written.
    """
    target = os.path.realpath(path)
    if os.path.exists(target) and not os.path.isfile(target):
        with open(target, "wb") as file:
            yield file
        return
    folder, name = os.path.split(target)
    partial = os.path.join(folder, f".{name}.{os.urandom(8).hex()}")
    try:
        with open(partial, "xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileNotFoundError):  # who may read it stays as it was
            os.chmod(partial, stat.S_IMODE(os.stat(target).st_mode))
        os.replace(partial, target)
    except OSError as error:
        if error.filename == partial:
            error.filename = os.fspath(path)  # what was asked for
        raise
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.remove(partial)


def load(f: str | os.PathLike[str] | BinaryIO, map_location: Any = None, *, weights_only: bool = True) -> Any:
    """Read what :func:`save` or the safetensors package wrote, or an archive of ``numpy.savez``.

    Args:
        f: the file: a path, read as an archive if it ends in ``.npz``, else as safetensors; or something open for
            reading bytes, from its beginning, as safetensors.
        map_location: the device to put the tensors on; by default where new tensors are.
        weights_only: as in PyTorch; no file can run code, whatever is said here.

    Returns:
        What was saved: a dict of name → Tensor in the order saved, or the nested state. bfloat16, which NumPy
        does not have, is read as float32.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: the file is broken, or something else.

    Example:
        >>> import os, tempfile, autograd_core as ag, nn
        >>> path = os.path.join(tempfile.mkdtemp(), "weights.safetensors")
        >>> model = nn.Linear(2, 3)
        >>> ag.save(model.state_dict(), path)
        >>> model.load_state_dict(ag.load(path))
        <All keys matched successfully>
    """
    if isinstance(f, (str, os.PathLike)):
        with open(f, "rb") as file:
            tree = _tree(file, os.fspath(f))
    else:
        tree = _tree(f, "")
    if map_location is None:
        return tree
    return mapped(lambda leaf: leaf.to(map_location) if isinstance(leaf, Tensor) else leaf, tree)


def _tree(file: BinaryIO, path: str) -> Any:
    """What is in an open file; the path is "" where it has none."""
    from .structure import put_together

    format = _format(path)
    try:
        return put_together(*format.read(file))
    except Exception as error:  # whatever a hostile file can bring about
        what = format.__name__.rpartition(".")[2]
        raise ValueError(f"{path or repr(file)} is broken, or no {what} file: {error}{_hint(file, what)}") from error


def _format(path: str) -> Any:
    """The module that writes and reads the files of this ending; imported late, so that importing the core is quick."""
    if path.lower().endswith(".npz"):
        from . import npz

        return npz
    from . import safetensors

    return safetensors


def _hint(file: BinaryIO, what: str) -> str:
    file.seek(0)
    if what == "npz" or file.read(4) != b"PK\3\4":
        return ""
    return (
        ". It is a zip archive: one of arrays must be named .npz; what torch.save wrote must be saved with "
        "safetensors.torch.save_file instead"
    )
