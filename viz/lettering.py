"""How wide text will be, before any browser has drawn it; and text made safe to draw."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

SANS = "Helvetica Neue, Helvetica, Arial, DejaVu Sans, sans-serif"
MONO = "SFMono-Regular, Menlo, Consolas, DejaVu Sans Mono, monospace"

# Advance widths in thousandths of the font size: those of DejaVu Sans, the widest of the fonts above.
_BUCKETS = {
    300: "'ijlI",
    340: " ,.·/:;\\|",
    400: "f-()[]t!",
    460: 'r"',
    500: "*_`ᵀ⁰¹²³⁴⁵⁶⁷⁸⁹⁻₀₁₂₃₄₅₆₇₈₉",
    560: "∂szcε?J",
    600: "LFkvxyγλπP",
    640: "TYoδθaeEΣhnuSbdgpqσ$0123456789{}μ√",
    700: "βKαφAVXZBRC",
    790: "UNHDG&OQ",
    840: "w∞ω#+<=>^~−×÷→←≤≥≠",
    880: "M∈",
    1000: "mW%",
    1020: "@…",
}
_WIDTHS = {character: width for width, characters in _BUCKETS.items() for character in characters}
_MONO = 620
_BOLD = 1.12
_UNKNOWN = 1000  # of scripts not listed: no common letter is wider but those marked wide below
_WIDE = 1080
_LETTERS = "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]+"  # written from right to left
_RIGHT_TO_LEFT = re.compile(f"{_LETTERS}(?:[ \u00a0]+{_LETTERS})*")
_HIDDEN = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\ufffe\uffff"


@lru_cache(maxsize=4096)
def _thousandths(character: str) -> int:
    known = _WIDTHS.get(character)
    if known is not None:
        return known
    if unicodedata.combining(character):
        return 0
    if unicodedata.east_asian_width(character) in "WF":
        return _WIDE
    if ord(character) < 0x250:  # accented Latin: as wide as its letter
        base = unicodedata.normalize("NFD", character)[0]
        return _WIDTHS.get(base, _UNKNOWN)
    return _UNKNOWN


def width(text: str, size: float, bold: bool = False, mono: bool = False) -> float:
    """How wide a line of text is at most.

    Args:
        text: the line.
        size: the font size, in pixels.
        bold: whether it is bold.
        mono: whether it is in the fixed-width font.

    Returns:
        The width in pixels.

    Example:
        >>> width("tanh", 10) < width("tanh", 10, bold=True)
        True
    """
    if mono:
        total = sum(max(_MONO, _thousandths(character)) if ord(character) > 0x2FF else _MONO for character in text)
    else:
        total = sum(map(_thousandths, text))
    return total * size * (_BOLD if bold else 1.0) / 1000


def safe(text: str) -> str:
    """The text without characters that XML forbids or that would reorder the rest; lines become one.

    Example:
        >>> safe("a\\nb\\x00")
        'a b\\ufffd'
    """
    if text.isprintable():
        return text
    return "".join(
        " "
        if character.isspace()
        else "\ufffd"
        if character in _HIDDEN or unicodedata.category(character) in ("Cc", "Cs", "Cn")
        else character
        for character in text
    )


def in_order(text: str) -> str:
    """The text with a mark after each run of right-to-left letters, so that what follows stays at the right of it.

    Example:
        >>> in_order("א = 1") == "א\u200e = 1", in_order("x = 1") == "x = 1"
        (True, True)
    """
    return text if text.isascii() else _RIGHT_TO_LEFT.sub("\\g<0>\u200e", text)


def shortened(text: str, limit: int) -> str:
    """The text, or its beginning and end around an ellipsis if it is longer than ``limit``.

    Example:
        >>> shortened("encoder.layers.0.weight", 12)
        'en….0.weight'
    """
    if len(text) <= limit:
        return text
    head = limit // 5
    return f"{text[:head]}…{text[len(text) - (limit - head - 1) :]}"


_NEVER_FIRST = "，。、；：！？）」』】〉》…,.;:!?)]}"


def _wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF"


def wrapped(text: str, size: float, room: float) -> list[str]:
    """The text in lines of at most a width, broken at spaces and between Chinese characters.

    Args:
        text: the text.
        size: the font size, in pixels.
        room: how wide a line may be, in pixels; a longer word is broken.

    Returns:
        The lines, at least one.

    Example:
        >>> wrapped("the gradients are those of its sum", 10, 120)
        ['the gradients are', 'those of its sum']
    """
    lines: list[str] = []
    start = best = 0  # of the line; where it can be broken
    used = 0.0
    for i, character in enumerate(text):
        before = text[i - 1 : i]
        if before == " " or (
            before and character not in _NEVER_FIRST and character != " " and (_wide(before) or _wide(character))
        ):
            best = i
        used += width(character, size)
        while used > room and character != " " and i > start:
            end = best if best > start else i
            lines.append(text[start:end].rstrip())
            start = end
            used = width(text[start : i + 1], size)
    return [*lines, text[start:]]


def columns(text: str) -> int:
    """How many columns of a terminal a text takes.

    Example:
        >>> columns("tanh"), columns("權重"), columns("e\u0301")
        (4, 4, 1)
    """
    return sum(
        0
        if unicodedata.category(character) in ("Mn", "Me", "Cf")
        else 2
        if unicodedata.east_asian_width(character) in "WF"
        else 1
        for character in text
    )
