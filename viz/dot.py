"""A picture as DOT, the language of Graphviz, and Graphviz's own rendering of it."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

import graphviz

from .accents import accents
from .lettering import safe
from .picture import Box, Line, Picture
from .style import BACKGROUND, FILLS, FONTS, LINES, NOT_FINITE

FONT = "Helvetica,Arial,sans-serif"


def digraph(picture: Picture, down: bool = False) -> graphviz.Digraph:
    """The picture as a graph of the ``graphviz`` package.

    Args:
        picture: what to draw.
        down: whether it runs from top to bottom, not from left to right.

    Returns:
        The graph; its ``source`` is DOT.
    """
    graph = graphviz.Digraph(
        name=picture.kind,
        graph_attr={"rankdir": "TB" if down else "LR", "bgcolor": BACKGROUND, "fontname": FONT, "charset": "utf-8"},
        node_attr={"shape": "box", "style": "rounded,filled", "fontname": FONT, "fontsize": "12"},
        edge_attr={"fontname": FONT, "fontsize": "11", "fontcolor": FONTS["formula"].colour},
    )
    graph.attr(label=text(picture.notes) if picture.notes else "", labelloc="b", fontsize="11")
    colours = accents(picture)
    clusters: dict[tuple[str, ...], graphviz.Digraph] = {(): graph}
    halves = picture.halves or (picture,)
    for half in halves if down else halves[::-1]:  # from left to right the last cluster is on top
        around = (half.title,) if picture.halves else ()
        for box in half.boxes:
            scope = around + box.scope
            for depth in range(1, len(scope) + 1):
                clusters.setdefault(scope[:depth], graphviz.Digraph())
            clusters[scope].node(
                box.key, label=_label(box.lines), tooltip=text([box.detail]), **_looks(box, colours.get(box.tie))
            )
    for number, scope in enumerate(sorted(clusters, key=len, reverse=True)):
        if scope:
            inner = clusters[scope]
            inner.attr(label=text([scope[-1]]), style="rounded", color=FILLS["module"][1], fontsize="11")
            clusters[scope[:-1]].subgraph(_named(inner, f"cluster_{number}"))
    for half in halves:
        for arrow in half.arrows:
            ends = half.boxes[arrow.source].key, half.boxes[arrow.target].key
            looks = {} if all(item.finite for item in arrow.lines) else {"fontcolor": NOT_FINITE}
            graph.edge(*ends, label=_label(arrow.lines), color=LINES[half.kind], **looks)
    return graph


def _looks(box: Box, accent: str | None) -> dict[str, str]:
    """A node's colours: its outline shows what it is tied to, or that a number is not finite."""
    fill, stroke = FILLS[box.role]
    looks = {"fillcolor": fill, "color": stroke}
    if accent is not None:
        looks |= {"color": accent, "penwidth": "2", "class": box.tie}
    if not all(item.finite for item in box.lines):
        looks |= {"color": NOT_FINITE, "fontcolor": NOT_FINITE}
    return looks


def _named(graph: graphviz.Digraph, name: str) -> graphviz.Digraph:
    graph.name = name
    return graph


def text(lines: Sequence[str]) -> Any:
    """Lines of text as a DOT string that shows exactly these characters.

    Graphviz gives backslashes, ``&amp;`` and the like, and angle brackets around the whole a meaning.
    """
    joined = r"\n".join(safe(item).replace("\\", "\\\\").replace("&", "&amp;") for item in lines)
    return graphviz.nohtml(joined)


def _label(lines: Sequence[Line]) -> Any:
    return text([item.text for item in lines])


def render(picture: Picture, form: str, down: bool = False) -> bytes | None:
    """Graphviz's rendering of a picture.

    Args:
        picture: what to draw.
        form: ``svg``, ``png``, ``pdf`` or another of Graphviz's formats.
        down: whether it runs from top to bottom.

    Returns:
        The file's content; None, with a warning, where Graphviz's program ``dot`` is not installed or fails.
    """
    try:
        content: bytes = digraph(picture, down).pipe(format=form, quiet=True)
        return content
    except graphviz.ExecutableNotFound:
        why = "is not installed (apt install graphviz, brew install graphviz)"
    except graphviz.CalledProcessError as error:
        lines = (error.stderr or b"").decode(errors="replace").split("\n")
        why = f"failed ({lines[0].strip() or f'exit status {error.returncode}'})"
    except OSError as error:
        why = f"can't be run ({error.strerror})"
    warnings.warn(f"Graphviz's program `dot` {why}: the drawing was laid out by viz itself", stacklevel=4)
    return None
