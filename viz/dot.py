"""A picture as DOT, the language of Graphviz, and Graphviz's own rendering of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import graphviz

from .picture import Line, Picture
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
        edge_attr={
            "color": LINES[picture.kind],
            "fontname": FONT,
            "fontsize": "11",
            "fontcolor": FONTS["formula"].colour,
        },
    )
    graph.attr(label=text(picture.notes) if picture.notes else "", labelloc="b", fontsize="11")
    clusters: dict[tuple[str, ...], graphviz.Digraph] = {(): graph}
    for box in picture.boxes:
        for depth in range(1, len(box.scope) + 1):
            clusters.setdefault(box.scope[:depth], graphviz.Digraph())
        fill, stroke = FILLS[box.role]
        looks = {"fillcolor": fill, "color": stroke}
        if not all(item.finite for item in box.lines):
            looks |= {"color": NOT_FINITE, "fontcolor": NOT_FINITE}
        clusters[box.scope].node(box.key, label=_label(box.lines), tooltip=text([box.detail]), **looks)
    for number, scope in enumerate(sorted(clusters, key=lambda scope: (-len(scope), scope))):
        if scope:
            inner = clusters[scope]
            inner.attr(label=text([scope[-1]]), style="rounded", color=FILLS["module"][1], fontsize="11")
            clusters[scope[:-1]].subgraph(_named(inner, f"cluster_{number}"))
    for arrow in picture.arrows:
        graph.edge(picture.boxes[arrow.source].key, picture.boxes[arrow.target].key, label=_label(arrow.lines))
    return graph


def _named(graph: graphviz.Digraph, name: str) -> graphviz.Digraph:
    graph.name = name
    return graph


def text(lines: Sequence[str]) -> Any:
    """Lines of text as a DOT string that shows exactly these characters.

    Graphviz gives backslashes, ``&amp;`` and the like, and angle brackets around the whole a meaning.
    """
    joined = r"\n".join(item.replace("\\", "\\\\").replace("&", "&amp;") for item in lines)
    return graphviz.nohtml(joined)


def _label(lines: Sequence[Line]) -> Any:
    return text([item.text for item in lines])


def render(picture: Picture, form: str, down: bool = False) -> bytes:
    """Graphviz's rendering of a picture.

    Args:
        picture: what to draw.
        form: ``svg``, ``png``, ``pdf`` or another of Graphviz's formats.
        down: whether it runs from top to bottom.

    Returns:
        The file's content.

    Raises:
        RuntimeError: the program ``dot`` is not installed, or failed.
    """
    try:
        content: bytes = digraph(picture, down).pipe(format=form)
        return content
    except graphviz.ExecutableNotFound as error:
        raise RuntimeError(
            f"{form} by Graphviz needs its program `dot`, which is not installed: install it "
            "(apt install graphviz, brew install graphviz), or save as .svg, .html or .dot, which need nothing"
        ) from error
    except graphviz.CalledProcessError as error:
        raise RuntimeError(f"Graphviz's `dot` failed to make the {form}: {error.stderr!r}") from error
