"""Pages that open offline: what they all share, and the page that steps through a drawing box by box."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from functools import cache
from html import escape
from importlib.resources import files
from typing import Any

from .picture import Picture
from .svg import svg
from .words import Lang, Words

_DOCUMENT = """<!DOCTYPE html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<title>{title}</title>
<style>
{style}
</style>
</head>
<body>
{body}
</body>
</html>
"""


@cache
def part(name: str) -> str:
    """The text of one of the package's styles and scripts."""
    return (files("viz") / "page" / name).read_text(encoding="utf-8").strip()


def document(title: str, body: str, *, style: str = "", script: str = "", data: Any = None, lang: Lang = "en") -> str:
    """A page of its own. Nothing is loaded, and no script runs but the one given.

    Args:
        title: of the page, as plain text.
        body: what it shows, as HTML.
        style: CSS, besides what all pages share.
        script: JavaScript that runs when the body is there.
        data: what the script reads, as JSON, from the element with the id ``data``.
        lang: the language of its words.

    Returns:
        The page.

    Example:
        >>> from viz.html import document
        >>> "<title>a &lt; b</title>" in document("a < b", "<p>No script.</p>")
        True
    """
    policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
    if data is not None:
        body += f'\n<script type="application/json" id="data">{embedded(data)}</script>'
    if script:
        content = f"\n{script}\n"
        policy += f"; script-src 'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"
        body += f"\n<script>{content}</script>"
    style = "\n".join(filter(None, (part("document.css"), style)))
    return _DOCUMENT.format(title=escape(title), lang=lang, policy=policy, style=style, body=body)


def embedded(data: Any) -> str:
    """Data as JSON that can stand inside a script element, whatever text is in it.

    Example:
        >>> embedded("</script><!-- ]]>")
        '"\\\\u003c/script\\\\u003e\\\\u003c!-- ]]\\\\u003e"'
    """
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return re.sub("[<>&\u2028\u2029]", lambda found: f"\\u{ord(found[0]):04x}", text)


def framed(page: str, title: str, height: int, picture: str = "") -> str:
    """A page as an element of a notebook, whose script sees nothing of the notebook.

    Args:
        page: the page.
        title: what it is, as plain text.
        height: of the element, in pixels.
        picture: an SVG document that is seen in its place where the notebook is not trusted, which drops frames
            and styles.

    Returns:
        An iframe element, and the picture that it hides.
    """
    look = f"width: 100%; height: {height}px; border: 1px solid #d5dae2; border-radius: 8px"
    name = escape(title)
    frame = f'<iframe title="{name}" sandbox="allow-scripts" style="{look}" srcdoc="{escape(page)}"></iframe>'
    if not picture:
        return frame
    source = f"data:image/svg+xml;base64,{base64.b64encode(picture.encode()).decode()}"
    hidden = "<style>.viz-frame iframe + img { display: none; }</style>"
    return f'{hidden}<div class="viz-frame">{frame}<img alt="{name}" src="{source}"></div>'


def page(picture: Picture, down: bool = False) -> str:
    """The picture as a self-contained HTML page that can be stepped through.

    Args:
        picture: what to draw.
        down: whether it runs from top to bottom, not from left to right.

    Returns:
        The page.
    """
    words = Words(picture.lang)
    start = words("Step through the computation with the buttons or the arrow keys.")
    body = f"""<header>
<h1>{escape(picture.title)}</h1>
<div class="controls">
<button id="back">{escape(words("◀ Back"))}</button>
<button id="next">{escape(words("Step ▶"))}</button>
<button id="all">{escape(words("Show all"))}</button>
<button id="fit" aria-pressed="false">{escape(words("Fit to window"))}</button>
</div>
<p id="step" aria-live="polite">{escape(start)}</p>
</header>
<main>
{svg(picture, down, embedded=True)}
</main>"""
    told = {"step": words("{at} of {count}: {text}"), "start": start}
    data = {"order": [box.key for box in picture.boxes], "words": told}
    return document(
        picture.title,
        body,
        style=part("steps.css"),
        script="\n".join((part("fit.js"), part("steps.js"))),
        data=data,
        lang=picture.lang,
    )
