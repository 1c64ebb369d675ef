"""Small images as PNG, for pages that load nothing."""

from __future__ import annotations

import base64
import struct
import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np

Colour = tuple[int, int, int]


def png(pixels: Any, palette: Sequence[Colour] = ()) -> bytes:
    """An image as PNG.

    Args:
        pixels: bytes (height, width), grey or places in the palette; or (height, width, 3), red, green and blue.
        palette: up to 256 colours.

    Returns:
        The file.

    Example:
        >>> png([[0, 255]])[:8]
        b'\\x89PNG\\r\\n\\x1a\\n'
    """
    array = np.asarray(pixels, np.uint8)
    kind = 2 if array.ndim == 3 else 3 if palette else 0
    height, width = array.shape[:2]
    rows = np.zeros((height, 1 + array[0].size), np.uint8)  # each row begins with 0: it is not filtered
    rows[:, 1:] = array.reshape(height, -1)
    parts = [(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, kind, 0, 0, 0))]
    if kind == 3:
        parts.append((b"PLTE", bytes(part for colour in palette for part in colour)))
    parts += [(b"IDAT", zlib.compress(rows.tobytes(), 9)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, content) for name, content in parts)


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def data_uri(file: bytes) -> str:
    """A PNG file as the address of itself."""
    return "data:image/png;base64," + base64.b64encode(file).decode()


GAP: Colour = (226, 230, 236)


def ramp(*colours: Colour, gap: Colour = GAP) -> tuple[Colour, ...]:
    """255 colours from the first to the last, evenly through those between, and one for gaps.

    Args:
        colours: those to pass through.
        gap: the last one.

    Returns:
        A palette.

    Example:
        >>> shades = ramp((0, 0, 0), (254, 254, 254))
        >>> len(shades), shades[127], shades[255] == GAP
        (256, (127, 127, 127), True)
    """
    places = np.linspace(0, len(colours) - 1, 255)
    red, green, blue = (
        np.interp(places, range(len(colours)), part).round().astype(int).tolist() for part in zip(*colours, strict=True)
    )
    return (*zip(red, green, blue, strict=True), gap)


GREY = ramp((0, 0, 0), (255, 255, 255))
SIGNED = ramp((33, 102, 172), (247, 247, 247), (178, 24, 43), gap=(96, 105, 118))
