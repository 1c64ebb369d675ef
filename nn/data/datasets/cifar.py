"""CIFAR-10, in its binary form: a byte for the class, then 32×32 red, green and blue ones."""

from __future__ import annotations

import tarfile
import zlib
from pathlib import Path
from typing import IO, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from .vision import Images

_RECORD = 1 + 3 * 32 * 32
_MOST = 10_000 * _RECORD


class CIFAR10(Images):
    """Small colour pictures of ten kinds of things, 32×32 pixels: 50 000 to train, 10 000 held out.

    ``data`` is an array (n, 32, 32, 3) of uint8, ``targets`` a list of class indices; item i is an array and an int.

    Args:
        root: the folder in which the archive is kept; by default one in the user's cache.
        train: whether the training images are meant, or those held out.
        transform: applied to each image when it is taken.
        target_transform: applied to each class index.
        download: whether to download what is missing.

    Raises:
        FileNotFoundError: the archive is not there, and not to be downloaded.
        ConnectionError: it can't be downloaded. Both say how to place it by hand.
        ValueError: its checksum is another.

    Source:
        A. Krizhevsky, Learning multiple layers of features from tiny images, 2009.
    """

    mirrors: ClassVar = [
        "https://www.cs.toronto.edu/~kriz/",
        "https://cave.cs.toronto.edu/kriz/",
        "https://storage.googleapis.com/s4tf-hosted-binaries/datasets/CIFAR10/",
    ]
    resources: ClassVar = [
        ("cifar-10-binary.tar.gz", "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd"),
    ]
    classes: ClassVar = [
        *("airplane", "automobile", "bird", "cat", "deer"),
        *("dog", "frog", "horse", "ship", "truck"),
    ]

    def _load(self, download: bool) -> tuple[Any, Any]:
        path = self._file(0, self.root, download)
        parts = [f"data_batch_{i}.bin" for i in range(1, 6)] if self.train else ["test_batch.bin"]
        records = _records(path, [f"cifar-10-batches-bin/{part}" for part in parts])
        labels = records[:, 0]
        if labels.max() >= len(self.classes):
            raise ValueError(f"{path} has the label {labels.max()}, but there are {len(self.classes)} classes")
        images = records[:, 1:].reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1)
        return np.ascontiguousarray(images), labels.tolist()


def _records(path: Path, names: list[str]) -> NDArray[np.uint8]:
    """The records of some members of the archive; nothing else of it is read, and nothing written."""
    found: dict[str, NDArray[np.uint8]] = {}
    try:
        with tarfile.open(path, "r|gz") as archive:
            for member in archive:
                if member.name in names and member.isfile():
                    found[member.name] = _parsed(archive.extractfile(member), member.name)
    except (tarfile.TarError, EOFError, zlib.error) as error:
        raise ValueError(f"{path} is not a whole archive: {error}") from None
    if missing := [name for name in names if name not in found]:
        raise ValueError(f"{path} lacks {', '.join(missing)}")
    return np.concatenate([found[name] for name in names])


def _parsed(file: IO[bytes] | None, name: str) -> NDArray[np.uint8]:
    assert file is not None
    body = file.read(_MOST + 1)
    if not body or len(body) > _MOST or len(body) % _RECORD:
        raise ValueError(f"{name} needs records of {_RECORD} bytes, at most 10000, got {len(body)} bytes")
    return np.frombuffer(body, np.uint8).reshape(-1, _RECORD)
