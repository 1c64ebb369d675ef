"""Sizes and colours of a drawing, and how large text makes a box."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from .picture import Line, Role, Style
from .text import width


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
}
"""The fill and the outline of each kind of box."""

ROLES: dict[Role, str] = {
    "leaf": "leaf: gradients are collected here",
    "constant": "constant",
    "operation": "operation",
    "result": "result",
    "module": "module, folded",
    "sum": "sum over several uses",
    "seed": "start of the backward pass",
}
"""What the legend says of each kind of box."""

NOT_FINITE = "#9a3400"
"""The colour of NaN and infinity."""

BACKGROUND = "#ffffff"
LINES = {"forward": "#94a0b3", "backward": "#cc7f92"}
LEADING = 1.42
PAD_X, PAD_Y = 12.0, 7.0
LABEL_X, LABEL_Y = 6.0, 2.0


def extent(lines: Sequence[Line]) -> tuple[float, float]:
    """The width and height of lines of text below one another."""
    widest = max((width(item.text, *FONTS[item.style][:3]) for item in lines), default=0.0)
    return widest, sum(FONTS[item.style].size * LEADING for item in lines)


def box_size(lines: Sequence[Line]) -> tuple[float, float]:
    """The size of a box around lines of text."""
    wide, high = extent(lines)
    return max(round(wide + 2 * PAD_X), 44.0), round(high + 2 * PAD_Y)


def label_size(lines: Sequence[Line]) -> tuple[float, float] | None:
    """The size of an arrow's label, None if there is none."""
    if not lines:
        return None
    wide, high = extent(lines)
    return round(wide + 2 * LABEL_X), round(high + 2 * LABEL_Y)
