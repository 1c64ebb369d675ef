"""The chain rule to watch: a page in which values appear along a graph, and gradients flow back."""

from __future__ import annotations

import os
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import Any

from autograd_core.node import Graph, Node

from .describe import Writer
from .files import form_of, write
from .forward import forward_picture
from .html import document, framed, part
from .naming import Names
from .picture import Picture
from .stage import Stage
from .style import FILLS, NOT_FINITE
from .svg import svg
from .values import Values
from .view import View
from .words import Words

MOST = 300
"""A graph of more nodes is folded: the page then goes box by box and has no sliders."""

HEIGHT = 720
"""How high the frame in a notebook is."""


class Player:
    """A page that plays a graph's forward and backward pass. A notebook shows it by itself.

    Args:
        root: the node of the result.
        value: the result's array, None if not known.
        view: the names, and the language's words.
        down: whether the graph runs from top to bottom, not from left to right.

    Attributes:
        picture: the graph with all its numbers.
        data: the script: what happens at each step, and what is needed to compute the numbers anew.
        notices: sentences about what the page can't do.

    Example:
        >>> import autograd_core as ag, viz
        >>> x = ag.tensor(2.0, requires_grad=True)
        >>> viz.play(x * x)
        <Player: Forward and backward pass of L, 5 steps>
    """

    def __init__(self, root: Node, value: Any, view: View, down: bool = False) -> None:
        self._words = view.words
        self._down = down
        self.notices: list[str] = []
        self.picture: Picture
        self.data: dict[str, Any]
        count = len(Graph([root]).nodes)
        if count > MOST:
            drawn = forward_picture(root, value, view)
            name = Names([root], root, view.names)[root]
            self.picture = replace(drawn, title=self._words("Forward and backward pass of {name}", name=name))
            self.data = folded(self.picture)
            told = "The graph has {count} nodes, more than {most}: it is folded and played box by box, without sliders."
            self.notices.append(self._words(told, count=count, most=MOST))
        else:
            values = Values(root, value)
            stage = Stage(Writer(values, Names(values.nodes, root, view.names), view.words))
            self.picture, self.data = stage.picture, stage.data()
            if stage.program.reason:
                self.notices.append(stage.program.reason)
        self.data["words"] = _told(self._words)
        self.data["colours"] = {"not finite": NOT_FINITE, **{role: line for role, (_, line) in FILLS.items()}}

    def to_svg(self) -> str:
        """The picture of the finished graph, as SVG."""
        return svg(self.picture, self._down)

    def to_html(self) -> str:
        """The page. It opens offline and loads nothing."""
        return document(
            self.picture.title,
            _body(self.picture, self._down, self.notices, self.data, self._words),
            style=part("player.css"),
            script="\n".join(part(name) for name in ("fit.js", "program.js", "numbers.js", "player.js")),
            data=self.data,
            lang=self._words.lang,
        )

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the page, or the picture of the finished graph, to a file.

        Args:
            path: ends in ``.html`` or ``.svg``.

        Returns:
            The path.

        Raises:
            ValueError: the name ends in something else.
            OSError: the file can't be written.
        """
        form = form_of(path, ("html", "svg"), "a player")
        return write(path, self.to_html() if form == "html" else self.to_svg())

    def _repr_html_(self) -> str:
        return framed(self.to_html(), self.picture.title, HEIGHT, self.to_svg())

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/html": self._repr_html_(), "image/svg+xml": self.to_svg(), "text/plain": repr(self)}

    def __repr__(self) -> str:
        return f"<Player: {self.picture.title}, {len(self.data['steps'])} steps>"


def folded(picture: Picture) -> dict[str, Any]:
    """The script for a picture whose boxes stand for many nodes: values box by box, then gradients."""
    nodes, steps, back = [], [], []
    for i, box in enumerate(picture.boxes):
        first = next((k for k, item in enumerate(box.lines) if item.style == "gradient"), len(box.lines))
        nodes.append({"key": box.key, "beside": [], "valueLines": [0, first], "name": box.lines[0].text})
        nodes[-1]["gradientLines"] = [first, len(box.lines) - first]
        nodes[-1]["derivation"] = [item.text for item in box.lines]
        steps.append(["value", i, ", ".join(item.text for item in box.lines[:first])])
        if first < len(box.lines):
            back.append(["box", i, ", ".join(item.text for item in box.lines[first:])])
    return {"nodes": nodes, "uses": [], "steps": [*steps, *back[::-1]], "program": None}


def _told(words: Words) -> dict[str, str]:
    """What the script says."""
    return {
        "unknown": words("no longer known"),
        "begin": words("Press play, or go step by step with the arrow keys."),
        "forward": words("Step {at} of {count}, forward: {text}"),
        "backward": words("Step {at} of {count}, backward: {text}"),
        "play": words("Play"),
        "pause": words("Pause"),
        "shape": words("shape {shape}"),
        "empty": words("empty, shape {shape}"),
        "range": words("{low} to {high}"),
        "all": words("all {number}"),
        "digits": words("With all digits:"),
        "pinned": words("Derivation of {name}"),
        "beyond": words(
            "For that value of {name} an operation takes another way than this page knows: it is back where it was."
        ),
    }


def _leaves(data: dict[str, Any], words: Words) -> str:
    """The panel of sliders, empty where there are none."""
    if data["program"] is None:
        return ""
    notes = [words("Numbers that were computed outside of the graph stay as they are.")]
    kinds = {node["value"]["type"] for node in data["nodes"]}
    for kind, dtype in (("f", "float32"), ("e", "float16")):
        if kind in kinds:
            notes.append(words("Computed in {dtype}, as in Python; the last digit may differ.", dtype=dtype))
    return f"""<section id="leaves" class="controls"><h2>{escape(words("Leaves"))}</h2>
<div id="sliders"></div>
<button id="reset">{escape(words("As at the beginning"))}</button>
<p id="beyond" role="alert"></p>
<p class="note">{escape(" ".join(notes))}</p></section>"""


def _body(picture: Picture, down: bool, notices: list[str], data: dict[str, Any], words: Words) -> str:
    """What stands in the page."""

    def button(key: str, sign: str, text: str, more: str = "") -> str:
        return f'<button id="{key}" aria-label="{escape(text)}" title="{escape(text)}"{more}>{sign}</button>'

    speeds = "".join(
        f'<option value="{speed}"{" selected" if speed == 1 else ""}>{speed}×</option>'
        for speed in (0.25, 0.5, 1, 2, 4)
    )
    controls = "\n".join(
        [
            button("first", "|◀", words("To the beginning (Home)")),
            button("back", "◀", words("One step back (←)")),
            f'<button id="play" aria-pressed="false">▶ {escape(words("Play"))}</button>',
            button("next", "▶", words("One step on (→)")),
            button("last", "▶|", words("To the end (End)")),
            f'<input id="scrub" type="range" min="0" value="0" step="1" aria-label="{escape(words("Step"))}">',
            f'<label>{escape(words("Speed"))} <select id="speed">{speeds}</select></label>',
            f'<button id="fit" aria-pressed="false">{escape(words("Fit to window"))}</button>',
        ]
    )
    keys = words("Keys: ← → step, space plays, Home and End; click a box, or Enter on it, to pin its derivation.")
    silent = words("Without JavaScript this page shows the finished graph only.")
    told = "".join(f'<p class="notice">{escape(notice)}</p>' for notice in notices)
    return f"""<header>
<h1>{escape(picture.title)}</h1>
<div class="controls">
{controls}
</div>
<p id="step" aria-live="polite">{escape(words("Press play, or go step by step with the arrow keys."))}</p>
<p class="note controls">{escape(keys)}</p>
{told}<noscript><p class="notice">{escape(silent)}</p></noscript></header>
<main>
<div id="graph" role="region" aria-label="{escape(words("Graph"))}" tabindex="0">
{svg(picture, down, embedded=True)}
</div>
<aside>
<section id="pinned" aria-live="polite" hidden><h2></h2>
<button id="unpin" aria-label="{escape(words("Unpin (Escape)"))}">✕</button><ol></ol>
<p id="digits" class="note"></p></section>
{_leaves(data, words)}</aside>
</main>
<section id="derivations"><h2>{escape(words("Derivations"))}</h2></section>"""
