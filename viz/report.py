"""A report as one HTML file that opens offline."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>{title}</title>
<style>
body {{ margin: 0 auto; max-width: 1240px; padding: 12px 20px 60px; font: 16px/1.55 system-ui, sans-serif;
  color: #1f2937; background: #fff; }}
h1 {{ font-size: 26px; margin: 16px 0 4px; }}
h2 {{ font-size: 19px; margin: 34px 0 6px; }}
p {{ max-width: 75ch; }}
table {{ border-collapse: collapse; }}
th, td {{ border-bottom: 1px solid #e2e6ec; padding: 4px 18px 4px 0; text-align: left; }}
td {{ font-variant-numeric: tabular-nums; }}
.picture {{ overflow-x: auto; border: 1px solid #e2e6ec; border-radius: 8px; margin: 10px 0; }}
.plot {{ display: inline-block; max-width: 100%; vertical-align: top; }}
.plot svg {{ max-width: 100%; height: auto; }}
</style>
</head>
<body>
<h1>{title}</h1>
{body}
</body>
</html>
"""


def report(title: str, sections: Sequence[tuple[str, str]]) -> str:
    """A page made of sections.

    Args:
        title: of the page, as plain text.
        sections: headings as plain text, each with its content as HTML.

    Returns:
        A self-contained HTML page: nothing is loaded, no script runs.

    Example:
        >>> from viz.report import paragraph, report
        >>> "<h2>Result</h2>" in report("Iris", [("Result", paragraph("It learned."))])
        True
    """
    body = "\n".join(f"<h2>{escape(heading)}</h2>\n{content}" for heading, content in sections)
    return _PAGE.format(title=escape(title), body=body)


def paragraph(text: str) -> str:
    """Plain text as a paragraph."""
    return f"<p>{escape(text)}</p>"


def table(rows: Sequence[tuple[object, ...]]) -> str:
    """Rows of plain values as a table, whose first column is a heading."""
    lines = []
    for first, *rest in rows:
        cells = "".join(f"<td>{escape(str(cell))}</td>" for cell in rest)
        lines.append(f'<tr><th scope="row">{escape(str(first))}</th>{cells}</tr>')
    return f"<table>{''.join(lines)}</table>"


def picture(svg: str, kind: str = "picture") -> str:
    """An SVG element in a frame that scrolls (``picture``) or shrinks to the page (``plot``)."""
    start = svg.index("<svg")
    return f'<div class="{kind}">{svg[start:]}</div>'
