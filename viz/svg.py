"""A picture as SVG: text that stands alone and in a page, needs no script and, but for pointing, no style sheet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape, quoteattr
from zlib import crc32

from .accents import accents, rules
from .layout import Layout
from .legend import SWATCH, Footer, footer
from .lettering import MONO, SANS, in_order, safe
from .picture import Arrow, Box, Line, Picture
from .routing import Path
from .sidebyside import arranged
from .style import (
    BACKGROUND,
    BARS_ABOVE,
    BARS_HIGH,
    BARS_WIDE,
    CAPTION_X,
    CAPTION_Y,
    FILLS,
    FONTS,
    FRAME_TITLE,
    LEADING,
    LINES,
    NOT_FINITE,
    PAD_Y,
    frame_look,
    frame_title,
    label_size,
    lines_height,
)

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
    below = footer(picture, found.width, bool(found.frames))
    total_width = max(found.width, below.width) + 2 * MARGIN
    total_height = found.height + below.height + 2 * MARGIN
    size = f'width="{_n(total_width)}" height="{_n(total_height)}" viewBox="0 0 {_n(total_width)} {_n(total_height)}"'
    space = "" if embedded else ' xmlns="http://www.w3.org/2000/svg"'
    colours = accents(picture)
    parts = [
        f"<title>{escape(picture.title)}</title>",
        f'<rect width="100%" height="100%" fill="{BACKGROUND}"/>',
        f'<g transform="translate({_n(MARGIN)} {_n(MARGIN)})">',
        *_captions(picture, captions),
        *_frames(found),
        *_arrows(picture, found, colours),
        *(
            _box(box, corner, size, colours.get(box.tie, ""))
            for box, corner, size in zip(picture.boxes, found.boxes, sizes, strict=True)
        ),
        *_footer(below, found.height),
        "</g>",
        "</svg>",
    ]
    name = ""
    if colours:
        own = f"viz-{crc32(chr(10).join(parts).encode()):08x}"
        name = f' id="{own}"'
        parts.insert(1, f"<style>{rules(picture, own)}</style>")
    look = f'lang="{picture.lang}" font-family={quoteattr(SANS)}'
    head = f'<svg{space}{name} {size} role="img" aria-label={quoteattr(picture.title)} {look}>'
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
        text = in_order(item.text.replace(" ", "\u00a0") if mono else item.text)
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
    radius = {"sum": min(wide, high, 40.0) / 2, "leaf": 12.0, "seed": 12.0}.get(box.role, 6.0)
    thick = 2 if box.role == "result" else 1.25
    if not all(item.finite for item in box.lines):
        stroke, thick = NOT_FINITE, 2
    stripe = ""
    if accent:
        length = 0.4 * high if box.role == "sum" else high - 14
        top = y + (high - length) / 2
        stripe = (
            f'<path d="M{_n(x + 6)} {_n(top)}V{_n(top + length)}" stroke="{accent}" stroke-width="4" '
            'stroke-linecap="round"/>'
        )
    below = BARS_ABOVE + BARS_HIGH if box.bars else 0.0
    return "".join(
        [
            f'<g data-key="{box.key}" data-role="{box.role}"{_tied(box.tie, accent)}>'
            f"<title>{escape(box.detail)}</title>",
            f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(wide)}" height="{_n(high)}" rx="{_n(radius)}" '
            f'fill="{fill}" stroke="{stroke}" stroke-width="{thick}"/>',
            stripe,
            *_lines(box.lines, x + wide / 2, y + (high - below - lines_height(box.lines)) / 2),
            _bars(box.bars, x + wide / 2, y + high - PAD_Y - 2, stroke) if box.bars else "",
            "</g>",
        ]
    )


def _bars(bars: Sequence[float], middle: float, bottom: float, colour: str) -> str:
    """A small histogram that stands on its bottom line."""
    x, wide = _n(middle - BARS_WIDE / 2), _n(BARS_WIDE / len(bars))
    tops = "".join(f"V{_n(bottom - height * BARS_HIGH)}h{wide}" for height in bars)
    return (
        f'<path data-bars="{len(bars)}" d="M{x} {_n(bottom)}{tops}V{_n(bottom)}Z" fill="{colour}" fill-opacity="0.55"/>'
        f'<path d="M{x} {_n(bottom)}h{_n(BARS_WIDE)}" stroke="{colour}"/>'
    )


def _frames(found: Layout) -> Iterator[str]:
    """The frames around modules, each after the one around it."""
    size, _, _, colour = FRAME_TITLE
    for scope, x, y, wide, high in found.frames:
        fill, stroke = frame_look(len(scope) - 1)
        path = escape(safe(".".join(scope)))
        yield (
            f"<g data-scope={quoteattr(safe('.'.join(scope)))}><title>{path}</title>"
            f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(wide)}" height="{_n(high)}" rx="10" fill="{fill}" '
            f'stroke="{stroke}"/><text x="{_n(x + CAPTION_X)}" y="{_n(y + CAPTION_Y + size)}" font-size="{_n(size)}" '
            f'font-weight="600" fill="{colour}">{escape(frame_title(scope))}</text></g>'
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
        backward = picture.kind == "backward" or (picture.halves and i >= len(picture.halves[0].arrows))
        depth = len(picture.boxes[arrow.source if backward else arrow.target].scope)  # a label stands beside that box
        behind = frame_look(depth - 1)[0] if depth else BACKGROUND
        yield "".join(
            [
                f"<g {attributes(i, arrow)}><title>{escape(arrow.detail)}</title>",
                f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(wide)}" height="{_n(high)}" rx="3" fill="{behind}"/>',
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


def _footer(below: Footer, top: float) -> Iterator[str]:
    """The legend and the notes."""
    size, _, _, colour = FONTS["small"]
    yield f'<g transform="translate(0 {_n(top)})" fill="{colour}">'
    for text, x, y, look in below.entries:
        if look:
            fill, stroke = look
            yield f'<rect x="{_n(x)}" y="{_n(y - 9)}" width="14" height="10" rx="3" fill="{fill}" stroke="{stroke}"/>'
        x += SWATCH if look else 0.0
        yield f'<text x="{_n(x)}" y="{_n(y)}" font-size="{_n(size)}">{escape(text)}</text>'
    yield "</g>"
