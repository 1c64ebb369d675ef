"""What ``draw`` returns: a picture that notebooks show and that is saved in any of several forms."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal, get_args

from . import dot, html, raster
from .files import form_of, write
from .picture import Picture
from .svg import svg

Engine = Literal["viz", "dot"]

FORMS = ("svg", "html", "dot", "png", "pdf", "txt")


class Drawing:
    """A picture of a graph. A notebook shows it by itself.

    Args:
        picture: what it shows.
        down: whether it runs from top to bottom, not from left to right.
        engine: who lays it out: ``viz``, or ``dot``, Graphviz's program, where that is installed.
        text: writes the graph as a tree of text, None if that is not known.

    Attributes:
        picture: the boxes and arrows, with their texts.

    Raises:
        ValueError: there is no such engine.

    Example:
        >>> import autograd_core as ag, viz
        >>> x = ag.tensor(2.0, requires_grad=True)
        >>> viz.draw(x * x)
        <Drawing: forward graph of L, 3 boxes, 3 arrows>
    """

    def __init__(
        self, picture: Picture, down: bool = False, engine: Engine = "viz", text: Callable[[], str] | None = None
    ) -> None:
        self.picture = picture
        self._down = down
        self._engine = _checked(engine)
        self._text = text

    def to_svg(self, engine: Engine | None = None) -> str:
        """The drawing as SVG.

        Args:
            engine: ``viz`` or ``dot``, None for the drawing's own. Where Graphviz is not installed a
                warning says so, and ``viz`` lays the drawing out.

        Returns:
            An SVG document.

        Raises:
            ValueError: there is no such engine.
        """
        found = self._by_dot("svg", engine)
        return svg(self.picture, self._down) if found is None else found.decode()

    def to_dot(self) -> str:
        """The drawing in DOT, the language of Graphviz."""
        return str(dot.digraph(self.picture, self._down).source)

    def to_html(self) -> str:
        """The drawing as a page of its own, to be stepped through; it opens offline."""
        return html.page(self.picture, self._down)

    def to_png(self, engine: Engine | None = None) -> bytes:
        """The drawing as an image in PNG.

        Args:
            engine: as in :meth:`to_svg`.

        Returns:
            The file's content.

        Raises:
            ValueError: there is no such engine.
            ImportError: ``viz`` lays it out, and matplotlib is missing.
        """
        return self._rendered("png", engine)

    def to_pdf(self, engine: Engine | None = None) -> bytes:
        """The drawing as a page in PDF.

        Args:
            engine: as in :meth:`to_svg`.

        Returns:
            The file's content.

        Raises:
            ValueError: there is no such engine.
            ImportError: ``viz`` lays it out, and matplotlib is missing.
        """
        return self._rendered("pdf", engine)

    def to_text(self) -> str:
        """The graph as a tree of text, as :func:`viz.text` writes it.

        Raises:
            RuntimeError: the drawing was made of a picture alone, so that the graph is not known.
        """
        if self._text is None:
            raise RuntimeError("a drawing made of a picture alone has no text: viz.text(result) writes a graph")
        return self._text()

    def save(self, path: str | os.PathLike[str], engine: Engine | None = None) -> Path:
        """Write the drawing to a file, in the form that its name ends with. If that fails an old file stays as it was.

        Args:
            path: ends in ``.svg``, ``.html``, ``.dot``, ``.png``, ``.pdf`` or ``.txt``.
            engine: who lays out an SVG, PNG or PDF, as in :meth:`to_svg`.

        Returns:
            The path.

        Raises:
            ValueError: the name ends in something else, or there is no such engine.
            ImportError: the form is PNG or PDF, and matplotlib is missing.
            RuntimeError: the form is text, and the graph is not known.
            OSError: the file can't be written.
        """
        form = form_of(path, FORMS, "a drawing")
        if form in ("png", "pdf"):
            return write(path, self._rendered(form, engine))
        if form == "svg":
            return write(path, self.to_svg(engine))
        if form == "txt":
            return write(path, self.to_text() + "\n")
        return write(path, self.to_dot() if form == "dot" else self.to_html())

    def _rendered(self, form: Any, engine: Engine | None) -> bytes:
        found = self._by_dot(form, engine)
        return raster.render(svg(self.picture, self._down), form) if found is None else found

    def _by_dot(self, form: str, engine: Engine | None) -> bytes | None:
        if (self._engine if engine is None else _checked(engine)) == "viz":
            return None
        return dot.render(self.picture, form, self._down)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"image/svg+xml": self.to_svg(), "text/plain": repr(self)}

    def __repr__(self) -> str:
        title = self.picture.title
        if self.picture.lang == "en":
            title = title[0].lower() + title[1:]
        return f"<Drawing: {title}, {len(self.picture.boxes)} boxes, {len(self.picture.arrows)} arrows>"


def _checked(engine: Engine) -> Engine:
    if engine not in get_args(Engine):
        raise ValueError(f"engine= is 'viz' or 'dot', got {engine!r}")
    return engine
