"""Files with a published checksum, downloaded once from the first mirror that has them."""

from __future__ import annotations

import hashlib
import os
import sys
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

TIMEOUT = 30.0  # seconds without a byte
_CHUNK = 2**20


class Resource(NamedTuple):
    """A file to be had: its name, and its published checksum, MD5 (32 digits) or SHA-256 (64)."""

    name: str
    checksum: str

    @property
    def algorithm(self) -> str:
        """What the checksum is made by."""
        return "md5" if len(self.checksum) == 32 else "sha256"


def cache() -> Path:
    """The folder for what is downloaded where no other is asked for."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home())) / "autograd-core"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "autograd-core"


def obtain(resource: Resource, mirrors: Sequence[str], folder: Path, download: bool) -> Path:
    """A file that is whole: the one in the folder, or a new one.

    A download goes to a part file beside, which gets its name when it is whole.

    Args:
        resource: which file.
        mirrors: addresses to put before its name, the first asked first.
        folder: where it is kept.
        download: whether to download it if it is missing or not whole.

    Returns:
        Its path.

    Raises:
        FileNotFoundError: it is not there, and not to be downloaded.
        ValueError: it is there with another checksum, and not to be downloaded.
        ConnectionError: no mirror gave it. Each message says how to place the file by hand.
    """
    path = folder / resource.name
    found = _checksum(path, resource.algorithm) if path.is_file() else None
    if found == resource.checksum:
        return path
    by_hand = (
        f"to place it by hand, get it from {' or '.join(mirror + resource.name for mirror in mirrors)}, put it at "
        f"{path} and check its {resource.algorithm}, {resource.checksum}"
    )
    if not download:
        if found is not None:
            raise ValueError(f"{path} has the {resource.algorithm} {found}: pass download=True; or, {by_hand}")
        raise FileNotFoundError(f"{path} is not there: pass download=True; or, {by_hand}")
    import http.client

    folder.mkdir(parents=True, exist_ok=True)
    failures = []
    for mirror in mirrors:
        try:
            _download(mirror + resource.name, resource, path)
            return path
        except (OSError, http.client.HTTPException) as error:
            failures.append(f"{mirror}: {error}")
    raise ConnectionError(f"{resource.name} can't be downloaded ({'; '.join(failures)}); {by_hand}")


def _download(url: str, resource: Resource, path: Path) -> None:
    import urllib.request  # takes longer to load than all of nn

    print(f"downloading {url}", file=sys.stderr)
    part = path.with_name(f".{path.name}.{uuid.uuid4().hex}.part")
    try:
        digest, size = hashlib.new(resource.algorithm, usedforsecurity=False), 0
        with open(part, "xb") as out, urllib.request.urlopen(url, timeout=TIMEOUT) as answer:
            expected = answer.headers.get("Content-Length")
            while chunk := answer.read(_CHUNK):
                out.write(chunk)
                digest.update(chunk)
                size += len(chunk)
        if expected is not None and size != int(expected):
            raise OSError(f"it ended after {size} of {expected} bytes")
        if digest.hexdigest() != resource.checksum:
            raise OSError(f"what it gave has the {resource.algorithm} {digest.hexdigest()}")
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def _checksum(path: Path, algorithm: str) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.new(algorithm, usedforsecurity=False)).hexdigest()
