"""Several drawings in one file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from .drawing import Drawing
from .style import BACKGROUND
from .text import SANS

_TITLE = 44.0
_SIZE = re.compile(r'width="([\d.]+)" height="([\d.]+)"')


def svg_sheet(drawings: Sequence[tuple[str, Drawing]]) -> str:
    """Drawings below each other, each under its title, as one SVG document.

    Args:
        drawings: titles and drawings.

    Returns:
        The document.
    """
    parts, top, widest = [], 0.0, 0.0
    for title, drawing in drawings:
        inner = drawing.to_svg()
        found = _SIZE.search(inner)
        assert found is not None
        width, height = float(found[1]), float(found[2])
        parts.append(
            f'<text x="20" y="{top + 30:g}" font-size="17" font-weight="600" fill="#1f2937">{escape(title)}</text>'
        )
        parts.append(inner.replace("<svg ", f'<svg x="0" y="{top + _TITLE:g}" ', 1))
        top += _TITLE + height
        widest = max(widest, width, 40 + 10.0 * len(title))
    size = f'width="{widest:g}" height="{top:g}" viewBox="0 0 {widest:g} {top:g}"'
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" font-family="{escape(SANS)}">',
            f'<rect width="100%" height="100%" fill="{BACKGROUND}"/>',
            *parts,
            "</svg>",
        ]
    )
