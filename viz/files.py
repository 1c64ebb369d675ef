"""Files written whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from autograd_core.saving import replacing


def form_of(path: str | os.PathLike[str], forms: Sequence[str], what: str) -> str:
    """The form that a file's name asks for.

    Args:
        path: the file.
        forms: the endings that are possible, without the dot.
        what: what is saved, for the message.

    Returns:
        The ending in small letters, without the dot.

    Raises:
        ValueError: the name ends in something else.

    Example:
        >>> form_of("graph.SVG", ("svg", "html"), "a drawing")
        'svg'
    """
    name = Path(path).name
    form = Path(name).suffix.lower().removeprefix(".")
    if form not in forms:
        *others, last = (f".{ending}" for ending in forms)
        raise ValueError(f"{what} is saved as {', '.join(others)}{' or ' * bool(others)}{last}, got {name!r}")
    return form


def write(path: str | os.PathLike[str], content: str | bytes) -> Path:
    """Write a file whole: a write that fails leaves the old file as it was.

    Args:
        path: the file.
        content: all of it; text is written as UTF-8.

    Returns:
        The path.

    Raises:
        OSError: the file can't be written.
    """
    data = content.encode() if isinstance(content, str) else content
    with replacing(path) as file:
        file.write(data)
    return Path(path)
