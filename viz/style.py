"""Sizes and colours of a drawing, and how large text makes a box."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from .lettering import safe, shortened, width
from .picture import Line, Role, Style


class Font(NamedTuple):
    """How a line of text looks: size in pixels, weight, family, colour."""

    size: float
    bold: bool
    mono: bool
    colour: str


FONTS: dict[Style, Font] = {
    "title": Font(14, True, False, "#111827"),
    "value": Font(12, False, False, "#1f2937"),
    "gradient": Font(12, False, False, "#a61b3c"),
    "formula": Font(12, False, False, "#334155"),
    "matrix": Font(11.5, False, True, "#1f2937"),
    "small": Font(11, False, False, "#55606e"),
}

FILLS: dict[Role, tuple[str, str]] = {
    "leaf": ("#eaf7ee", "#3f8f5b"),
    "constant": ("#f4f4f5", "#8a8f98"),
    "operation": ("#edf3fd", "#5b86cf"),
    "result": ("#fff6de", "#c08a1e"),
    "module": ("#f3effc", "#8b6fc9"),
    "sum": ("#fdeef4", "#c45c8a"),
    "seed": ("#fff6de", "#c08a1e"),
    "cut": ("#ffffff", "#a3a9b3"),
}
"""The fill and the outline of each kind of box."""

ROLES: dict[Role, str] = {
    "leaf": "leaf: gradients are collected here",
    "constant": "constant",
    "operation": "operation",
    "result": "result",
    "module": "several operations, folded",
    "sum": "sum over several uses, or over repeats",
    "seed": "start of the backward pass",
    "cut": "here the part drawn is cut off",
}
"""What the legend says of each kind of box."""

NOT_FINITE = "#9a3400"
"""The colour of NaN and infinity."""

FRAMES = (("#f9f8fd", "#b3a6dc"), ("#f2effa", "#a699d4"), ("#eae6f6", "#9a8bcb"), ("#e2dcf1", "#8e7ec1"))
"""The fill and the outline of frames around modules, from the outermost inwards; deeper ones as the last."""

FRAME_TITLE = Font(12, True, False, "#56448f")

BACKGROUND = "#ffffff"
LINES = {"forward": "#94a0b3", "backward": "#cc7f92"}
LEADING = 1.42
PAD_X, PAD_Y = 12.0, 7.0
LABEL_X, LABEL_Y = 6.0, 2.0
CAPTION_X, CAPTION_Y = 10.0, 6.0
BARS_WIDE, BARS_HIGH, BARS_ABOVE = 96.0, 22.0, 5.0


def lines_height(lines: Sequence[Line]) -> float:
    """How high lines of text below one another are."""
    return sum(FONTS[item.style].size * LEADING for item in lines)


def extent(lines: Sequence[Line]) -> tuple[float, float]:
    """The width and height of lines of text below one another."""
    widest = max((width(item.text, *FONTS[item.style][:3]) for item in lines), default=0.0)
    return widest, lines_height(lines)


def box_size(lines: Sequence[Line], bars: Sequence[float] = ()) -> tuple[float, float]:
    """The size of a box around lines of text and, below them, a histogram."""
    wide, high = extent(lines)
    if bars:
        wide, high = max(wide, BARS_WIDE), high + BARS_ABOVE + BARS_HIGH
    return max(round(wide + 2 * PAD_X), 44.0), round(high + 2 * PAD_Y)


def frame_title(scope: Sequence[str]) -> str:
    """What a frame is called: by the last of its module's names; a number by the last two."""
    return shortened(safe(".".join(scope[-2 if scope[-1].isdigit() else -1 :])), 40)


def captions(scopes: Iterable[tuple[str, ...]]) -> dict[tuple[str, ...], tuple[float, float]]:
    """The size of the title of each frame that boxes of these scopes have around them."""
    font = FRAME_TITLE
    return {
        scope[:depth]: (
            round(width(frame_title(scope[:depth]), *font[:3]) + 2 * CAPTION_X),
            round(font.size * LEADING + CAPTION_Y),
        )
        for scope in set(scopes)
        for depth in range(1, len(scope) + 1)
    }


def frame_look(depth: int) -> tuple[str, str]:
    """The fill and outline of a frame that stands in so many others."""
    return FRAMES[min(depth, len(FRAMES) - 1)]


def label_size(lines: Sequence[Line]) -> tuple[float, float] | None:
    """The size of an arrow's label, None if there is none."""
    if not lines:
        return None
    wide, high = extent(lines)
    return round(wide + 2 * LABEL_X), round(high + 2 * LABEL_Y)
