"""What stands below a drawing: what its colours mean, and its notes."""

from __future__ import annotations

from typing import NamedTuple

from .lettering import width, wrapped
from .picture import Picture
from .style import FILLS, FONTS, FRAMES, ROLES
from .words import Words

LEAST = 520.0
"""Narrower drawings have a footer as wide as this."""

LINE = 18.0
"""From one line to the next, and from the drawing to the first."""

SWATCH = 20.0
"""How much room the sample of a colour takes."""

APART = 18.0
"""The distance between two entries of a line."""


class Entry(NamedTuple):
    """A piece of text, after a sample of a colour or by itself.

    Attributes:
        text: one line.
        x: where the sample begins, or the text if there is none.
        y: the text's baseline.
        look: the sample's fill and outline; None for none.
    """

    text: str
    x: float
    y: float
    look: tuple[str, str] | None = None


class Footer(NamedTuple):
    """The lines below a drawing, from its top left corner, and their extent."""

    entries: list[Entry]
    width: float
    height: float


def footer(picture: Picture, room: float, framed: bool) -> Footer:
    """The legend of a picture and its notes, in as many lines as they need.

    Args:
        picture: the picture.
        room: how wide the drawing is.
        framed: whether it has frames around modules.

    Returns:
        The lines.
    """
    room = max(room, LEAST)
    words = Words(picture.lang)
    size = FONTS["small"].size
    present = {box.role for box in picture.boxes}
    meanings = [(FILLS[role], words(meaning)) for role, meaning in ROLES.items() if role in present]
    if framed:
        meanings.append((FRAMES[0], words("module")))
    entries: list[Entry] = []
    x, y, widest = 0.0, 2 * LINE, 0.0
    for look, meaning in meanings:
        wide = SWATCH + width(meaning, size)
        if x and x + wide > room:
            x, y = 0.0, y + LINE
        entries.append(Entry(meaning, x, y, look))
        widest = max(widest, x + wide)
        x += wide + APART
    for note in picture.notes:
        for line in wrapped(note, size, room):
            y += LINE
            entries.append(Entry(line, 0.0, y))
            widest = max(widest, width(line, size))
    return Footer(entries, widest, y + 0.3 * size)
