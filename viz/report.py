"""A report as one HTML file that opens offline."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

from .html import document, part
from .lettering import safe
from .words import Lang


def report(
    title: str,
    sections: Sequence[tuple[str, str]],
    *,
    style: str = "",
    script: str = "",
    data: Any = None,
    lang: Lang = "en",
) -> str:
    """A page made of sections.

    Args:
        title: of the page, as plain text.
        sections: headings as plain text, each with its content as HTML.
        style: CSS of what the sections contain.
        script: JavaScript, see :func:`viz.html.document`.
        data: what the script reads.
        lang: the language of the page.

    Returns:
        A self-contained HTML page: nothing is loaded.

    Example:
        >>> from viz.report import paragraph, report
        >>> "<h2>Result</h2>" in report("Iris", [("Result", paragraph("It learned."))])
        True
    """
    title = safe(title)
    body = "\n".join(f"<h2>{plain(heading)}</h2>\n{content}" for heading, content in sections)
    style = "\n".join(filter(None, (part("report.css"), style)))
    return document(title, f"<h1>{escape(title)}</h1>\n{body}", style=style, script=script, data=data, lang=lang)


def paragraph(text: str) -> str:
    """Plain text as a paragraph."""
    return f"<p>{plain(text)}</p>"


def plain(text: str) -> str:
    """Plain text as HTML."""
    return escape(safe(text))


def card(title: str, text: str, content: str) -> str:
    """A part of a section in a frame: its title and text, both plain, and HTML."""
    return f'<div class="card"><h3>{plain(title)}</h3>{paragraph(text) if text else ""}{content}</div>'


def figure(content: str, caption: str) -> str:
    """HTML above a plain caption."""
    return f"<figure>{content}<figcaption>{plain(caption)}</figcaption></figure>"


def table(rows: Sequence[tuple[object, ...]]) -> str:
    """Rows of plain values as a table, whose first column is a heading."""
    lines = []
    for first, *rest in rows:
        cells = "".join(f"<td>{plain(str(cell))}</td>" for cell in rest)
        lines.append(f'<tr><th scope="row">{plain(str(first))}</th>{cells}</tr>')
    return f"<table>{''.join(lines)}</table>"


def picture(svg: str, kind: str = "picture") -> str:
    """An SVG element in a frame that scrolls (``picture``) or shrinks to the page (``plot``)."""
    start = svg.index("<svg")
    return f'<div class="{kind}">{svg[start:]}</div>'
