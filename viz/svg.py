"""A picture as SVG: text that stands alone and in a page, needs no script and, but for pointing, no style sheet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape, quoteattr
from zlib import crc32

from .accents import accents, rules
from .layout import Layout
from .picture import Arrow, Box, Line, Picture
from .routing import Path
from .sidebyside import arranged
from .style import (
    BACKGROUND,
    FILLS,
    FONTS,
    LEADING,
    LINES,
    NOT_FINITE,
    ROLES,
    label_size,
    lines_height,
)
from .text import MONO, SANS, width
from .words import Words

MARGIN = 20.0


def svg(picture: Picture, down: bool = False, embedded: bool = False) -> str:
    """Lay out a picture and write it as SVG.

    Args:
        picture: what to draw.
        down: whether it runs from top to bottom, not from left to right.
        embedded: whether it will stand inside an HTML page, where the name space is known.

    Returns:
        An ``<svg>`` element.
    """
    found, sizes, captions = arranged(picture, down)
    footer, footer_width = _footer(picture, found.height + 2 * MARGIN)
    total_width = max(found.width + 2 * MARGIN, footer_width)
    total_height = found.height + 2 * MARGIN + _footer_height(picture)
    size = f'width="{_n(total_width)}" height="{_n(total_height)}" viewBox="0 0 {_n(total_width)} {_n(total_height)}"'
    space = "" if embedded else ' xmlns="http://www.w3.org/2000/svg"'
    colours = accents(picture)
    parts = [
        f"<title>{escape(picture.title)}</title>",
        f'<rect width="100%" height="100%" fill="{BACKGROUND}"/>',
        f'<g transform="translate({_n(MARGIN)} {_n(MARGIN)})">',
        *_captions(picture, captions),
        *_arrows(picture, found, colours),
        *(
            _box(box, corner, size, colours.get(box.tie, ""))
            for box, corner, size in zip(picture.boxes, found.boxes, sizes, strict=True)
        ),
        "</g>",
        *footer,
        "</svg>",
    ]
    name = ""
    if colours:
        own = f"viz-{crc32(chr(10).join(parts).encode()):08x}"
        name = f' id="{own}"'
        parts.insert(1, f"<style>{rules(picture, own)}</style>")
    head = f'<svg{space}{name} {size} role="img" aria-label={quoteattr(picture.title)} font-family={quoteattr(SANS)}>'
    return "\n".join([head, *parts])


def _n(value: float) -> str:
    """A coordinate with one decimal, without a useless one."""
    text = f"{value:.1f}"
    return text[:-2] if text.endswith(".0") else text


def _points(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{_n(x)} {_n(y)}" for x, y in points)


def _lines(lines: Sequence[Line], x: float, top: float) -> Iterator[str]:
    """Lines of text centred at x."""
    y = top
    for item in lines:
        size, bold, mono, colour = FONTS[item.style]
        y += size * LEADING
        colour = colour if item.finite else NOT_FINITE
        look = ' font-weight="600"' if bold else f" font-family={quoteattr(MONO)}" if mono else ""
        text = item.text.replace(" ", "\u00a0") if mono else item.text
        yield (
            f'<text x="{_n(x)}" y="{_n(y - size * 0.37)}" text-anchor="middle" font-size="{_n(size)}" '
            f'fill="{colour}"{look}>{escape(text)}</text>'
        )


def _tied(tie: str, colour: str) -> str:
    """The attributes that a style sheet finds what belongs together by."""
    return f' data-tie="{tie}" color="{colour}"' if colour else ""


def _box(box: Box, corner: tuple[float, float], size: tuple[float, float], accent: str) -> str:
    (x, y), (wide, high) = corner, size
    fill, stroke = FILLS[box.role]
    radius = {"sum": min(wide, high) / 2, "leaf": 12.0, "seed": 12.0}.get(box.role, 6.0)
    thick = 2 if box.role == "result" else 1.25
    if not all(item.finite for item in box.lines):
        stroke, thick = NOT_FINITE, 2
    stripe = ""
    if accent:
        inset, length = (9.0, 0.4 * high) if box.role == "sum" else (6.0, high - 14)
        top = y + (high - length) / 2
        stripe = (
            f'<path d="M{_n(x + inset)} {_n(top)}V{_n(top + length)}" stroke="{accent}" stroke-width="4" '
            'stroke-linecap="round"/>'
        )
    return "".join(
        [
            f'<g data-key="{box.key}" data-role="{box.role}"{_tied(box.tie, accent)}>'
            f"<title>{escape(box.detail)}</title>",
            f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(wide)}" height="{_n(high)}" rx="{_n(radius)}" '
            f'fill="{fill}" stroke="{stroke}" stroke-width="{thick}"/>',
            stripe,
            *_lines(box.lines, x + wide / 2, y + (high - lines_height(box.lines)) / 2),
            "</g>",
        ]
    )


def _captions(picture: Picture, places: Sequence[tuple[float, float]]) -> Iterator[str]:
    """The titles of the halves."""
    size, _, _, colour = FONTS["title"]
    for half, (x, y) in zip(picture.halves, places, strict=True):
        yield (
            f'<text x="{_n(x)}" y="{_n(y + size)}" font-size="{_n(size)}" font-weight="600" fill="{colour}">'
            f"{escape(half.title)}</text>"
        )


def _arrows(picture: Picture, found: Layout, accents: dict[str, str]) -> Iterator[str]:
    """All lines first, then the labels on them."""
    keys = [box.key for box in picture.boxes]

    def attributes(i: int, arrow: Arrow) -> str:
        ends = f'data-from="{keys[arrow.source]}" data-to="{keys[arrow.target]}"'
        return f'data-arrow="{i}" {ends}{_tied(arrow.tie, accents.get(arrow.tie, ""))}'

    start = 0
    for half in picture.halves or (picture,):
        colour, stop = LINES[half.kind], start + len(half.arrows)
        yield f'<g fill="none" stroke="{colour}" stroke-width="1.5">'
        for i in range(start, stop):
            path = found.paths[i]
            head = _head(path, colour) if found.heads[i] else ""
            yield f'<path {attributes(i, picture.arrows[i])} d="{_path(path)}"/>{head}'
        yield "</g>"
        start = stop
    for i, (arrow, corner) in enumerate(zip(picture.arrows, found.labels, strict=True)):
        size = label_size(arrow.room or arrow.lines)
        if corner is None or size is None:
            continue
        (x, y), (wide, high) = corner, size
        yield "".join(
            [
                f"<g {attributes(i, arrow)}><title>{escape(arrow.detail)}</title>",
                f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(wide)}" height="{_n(high)}" rx="3" fill="{BACKGROUND}"/>',
                *_lines(arrow.lines, x + wide / 2, y + 2),
                "</g>",
            ]
        )


def _path(path: Path) -> str:
    return "M" + _points(path[0]) + "".join(("L" if len(piece) == 1 else "C") + _points(piece) for piece in path[1:])


def _head(path: Path, colour: str) -> str:
    """An arrow's head, along the last stretch of its path."""
    x, y = path[-1][-1]
    u, v = path[-1][-2] if len(path[-1]) > 1 else path[-2][-1]
    if abs(x - u) >= abs(y - v):
        back = x - 8 if x > u else x + 8
        corners = [(x, y), (back, y - 4), (back, y + 4)]
    else:
        back = y - 8 if y > v else y + 8
        corners = [(x, y), (x - 4, back), (x + 4, back)]
    return f'<path d="M{_points(corners[:1])}L{_points(corners[1:])}Z" fill="{colour}" stroke="none"/>'


def _footer_height(picture: Picture) -> float:
    return 24.0 + 18.0 * len(picture.notes)


def _footer(picture: Picture, top: float) -> tuple[list[str], float]:
    """The legend and the notes, and how wide they are."""
    size, colour = FONTS["small"].size, FONTS["small"].colour
    parts = []
    x = MARGIN
    present = {box.role for box in picture.boxes}
    words = Words(picture.lang)
    for role, meaning in ROLES.items():
        if role not in present:
            continue
        text = words(meaning)
        fill, stroke = FILLS[role]
        parts.append(
            f'<rect x="{_n(x)}" y="{_n(top - 4)}" width="14" height="10" rx="3" fill="{fill}" stroke="{stroke}"/>'
            f'<text x="{_n(x + 20)}" y="{_n(top + 5)}" font-size="{_n(size)}" fill="{colour}">{escape(text)}</text>'
        )
        x += 20 + width(text, size) + 18
    widest = x
    for i, note in enumerate(picture.notes):
        y = top + 23 + 18 * i
        parts.append(f'<text x="{_n(MARGIN)}" y="{_n(y)}" font-size="{_n(size)}" fill="{colour}">{escape(note)}</text>')
        widest = max(widest, 2 * MARGIN + width(note, size))
    return parts, widest
