"""What ``draw`` returns: a picture that notebooks show and that is saved in any of several forms."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Literal

from . import dot, html
from .picture import Picture
from .svg import svg

Engine = Literal["viz", "dot"]

_BY_DOT = ("png", "pdf")
_OWN = ("svg", "dot", "html")


class Drawing:
    """A picture of a graph. A notebook shows it by itself.

    Args:
        picture: what it shows.
        down: whether it runs from top to bottom, not from left to right.

    Attributes:
        picture: the boxes and arrows, with their texts.

    Example:
        >>> import autograd_core as ag, viz
        >>> x = ag.tensor(2.0, requires_grad=True)
        >>> viz.draw(x * x)
        <Drawing: forward graph of L, 2 boxes, 2 arrows>
    """

    def __init__(self, picture: Picture, down: bool = False) -> None:
        self.picture = picture
        self._down = down

    def to_svg(self, engine: Engine = "viz") -> str:
        """The drawing as SVG.

        Args:
            engine: ``viz`` lays it out by itself; ``dot`` has Graphviz do it, where that is installed.

        Returns:
            An SVG document.

        Raises:
            ValueError: there is no such engine.
            RuntimeError: Graphviz was asked for and is not installed.
        """
        if engine == "dot":
            return dot.render(self.picture, "svg", self._down).decode()
        if engine != "viz":
            raise ValueError(f"engine= is 'viz' or 'dot', got {engine!r}")
        return svg(self.picture, self._down)

    def to_dot(self) -> str:
        """The drawing in DOT, the language of Graphviz."""
        return str(dot.digraph(self.picture, self._down).source)

    def to_html(self) -> str:
        """The drawing as a page of its own, to be stepped through; it opens offline."""
        return html.page(self.picture, self._down)

    def save(self, path: str | os.PathLike[str], engine: Engine = "viz") -> Path:
        """Write the drawing to a file, in the form that its name ends with.

        Args:
            path: ends in ``.svg``, ``.dot`` or ``.html``; with Graphviz installed also ``.png``, ``.pdf``.
            engine: who lays an SVG out, see :meth:`to_svg`.

        Returns:
            The path.

        Raises:
            ValueError: the name ends in something else.
            RuntimeError: the form needs Graphviz, which is not installed.
            OSError: the file can't be written.
        """
        target = Path(path)
        form = target.suffix.lower().removeprefix(".")
        if form not in _OWN + _BY_DOT:
            raise ValueError(
                "a drawing is saved as .svg, .dot or .html (.png and .pdf where Graphviz is installed), "
                f"got {target.name!r}"
            )
        if form in _BY_DOT:
            content = dot.render(self.picture, form, self._down)
        elif form == "svg":
            content = self.to_svg(engine).encode()
        else:
            content = (self.to_dot() if form == "dot" else self.to_html()).encode()
        target.write_bytes(content)
        return target

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"image/svg+xml": self.to_svg(), "text/plain": repr(self)}

    def __repr__(self) -> str:
        title = self.picture.title
        if self.picture.lang == "en":
            title = title[0].lower() + title[1:]
        return f"<Drawing: {title}, {len(self.picture.boxes)} boxes, {len(self.picture.arrows)} arrows>"
