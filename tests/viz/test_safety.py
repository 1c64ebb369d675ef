"""Whatever names, modules, operations and values are called comes out as text, in every form."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import autograd_core as ag
import viz
from autograd_core.modes import inside
from autograd_core.rules import TABLE, elementwise
from viz.lettering import safe
from viz.style import FONTS, NOT_FINITE

SVG = "{http://www.w3.org/2000/svg}"
NASTY = {
    "script": "<script>alert(1)</script>",
    "end of script": "</script><img src=x onerror=alert(1)>",
    "end of title": "</title></svg><b>",
    "quotes": "\"'`",
    "attribute": '" onload="alert(1)',
    "cdata": "<![CDATA[x]]>",
    "end of cdata": "]]>",
    "comment": "<!--x--!>",
    "entity": "&lt;&amp;&#60;",
    "doctype": "<!DOCTYPE x>",
    "dot escapes": r"\N\G\E\T\H\l\r\n",
    "dot html": "<b>x</b>",
    "dot html closed": "<<b>x</b>>",
    "record": "{a|<p>b}",
    "backslash": "\\",
    "backslashes and quote": '\\\\"',
    "quote": '"',
    "statement": '"]; evil [label="',
    "latex": r"\input{x}%$#&_^~",
    "latex end": r"\end{aligned}}}",
    "format": "{0} {x} %s %(x)s ${y}",
    "override": "\u202eevil\u202c",
    "isolate": "\u2066a\u2069\u200f",
    "nul": "a\x00b",
    "controls": "a\x07\x1b[31mb\x7f\x85",
    "surrogate": "a\ud800b",
    "not a character": "a\ufffe\uffffb",
    "lines": "a\nb\r\nc\u2028d\te",
    "astral": "👍🏽\U0001d54f",
    "combining": "Z\u0351\u036b\u0343\u0327",
    "chinese": "權重",
    "blank": "   ",
    "none": "",
    "long": "<" * 300,
}
HARMLESS = "weight"
needs_dot = pytest.mark.skipif(shutil.which("dot") is None, reason="Graphviz is not installed")


def operation(name: str) -> Any:
    """A user's own operation of some name."""
    free = f"{name}_" if name in TABLE or not name else name
    try:
        return elementwise(lambda x: x * 3.0, lambda y, x: 3.0, name=free)
    finally:
        del TABLE[free]


def result(name: str) -> ag.Tensor:
    """Of a graph in which a leaf, a module, an operation and a constant have the name."""
    x, w = ag.tensor([2.0, np.nan], requires_grad=True), ag.tensor(3.0, requires_grad=True)
    x.name = name
    with inside(name), inside("inner"):
        y = operation(name)(x * w) + x
    return (y * ag.tensor(np.arange(40.0).reshape(20, 2))).sum()


def named(name: str) -> dict[str, ag.Tensor]:
    return {f"c{name}": ag.tensor(1.0)}


def drawings(name: str) -> Iterator[viz.Drawing]:
    whole = result(name)
    yield viz.draw(whole, depth=10)
    yield viz.draw(whole, depth=0)
    yield viz.draw_backward(whole, depth=10)


def lines_of(drawing: viz.Drawing) -> list[str]:
    picture = drawing.picture
    return [line.text for item in (*picture.boxes, *picture.arrows) for line in item.lines if line.text]


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


@pytest.mark.parametrize("name", NASTY)
def test_lines_of_pictures_are_safe(name: str) -> None:
    for drawing in drawings(NASTY[name]):
        picture = drawing.picture
        for text in (picture.title, *picture.notes, *lines_of(drawing), *(box.detail for box in picture.boxes)):
            assert text == safe(text)
            text.encode()


@pytest.mark.parametrize("name", NASTY)
def test_svg(name: str) -> None:
    for drawing, harmless in zip(drawings(NASTY[name]), drawings(HARMLESS), strict=True):
        root, other = ET.fromstring(drawing.to_svg()), ET.fromstring(harmless.to_svg())
        texts = Counter(plain("".join(element.itertext())) for element in root.iter(f"{SVG}text"))
        assert not Counter(map(plain, lines_of(drawing))) - texts
        assert {element.tag for element in root.iter()} == {element.tag for element in other.iter()}
        known = {key for element in other.iter() for key in element.attrib}
        assert {key for element in root.iter() for key in element.attrib} <= known


class Tags(HTMLParser):
    """The tags and attributes of a page, its texts, and its scripts."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[tuple[str, str]] = set()
        self.texts: Counter[str] = Counter()
        self.scripts: list[str] = []
        self.inside = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags |= {(tag, name) for name, _ in attrs} or {(tag, "")}
        self.inside = tag

    def handle_data(self, data: str) -> None:
        if self.inside == "script":
            self.scripts.append(data)
        else:
            self.texts[plain(data)] += 1

    def handle_endtag(self, tag: str) -> None:
        self.inside = ""

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def handle_decl(self, decl: str) -> None:
        assert decl == "DOCTYPE html"

    def unknown_decl(self, data: str) -> None:
        raise AssertionError(data)


@pytest.mark.parametrize("name", NASTY)
def test_html(name: str) -> None:
    for drawing, harmless in zip(drawings(NASTY[name]), drawings(HARMLESS), strict=True):
        page, other = Tags(drawing.to_html()), Tags(harmless.to_html())
        assert page.tags == other.tags
        assert not Counter(map(plain, lines_of(drawing))) - page.texts
        assert len(page.scripts) == len(other.scripts)


@pytest.mark.parametrize("name", NASTY)
def test_player(name: str) -> None:
    player, other = viz.play(result(NASTY[name])), viz.play(result(HARMLESS))
    page, harmless = Tags(player.to_html()), Tags(other.to_html())
    assert page.tags <= harmless.tags
    assert len(page.scripts) == len(harmless.scripts)
    data = json.loads(page.scripts[0])
    assert isinstance(data, dict)
    assert page.scripts[1:] == harmless.scripts[1:]
    player.to_html().encode()
    ET.fromstring(player.to_svg())


@needs_dot
def test_dot() -> None:
    """What Graphviz would write are exactly the lines of the picture."""
    for name in NASTY:
        for drawing in drawings(NASTY[name]):
            command = ["dot", "-Tjson"]
            done = subprocess.run(command, input=drawing.to_dot().encode(), capture_output=True, check=True)
            assert done.stderr == b"", name
            graph = json.loads(done.stdout)
            written = Counter(
                step["text"].strip()
                for item in (*graph["objects"], *graph.get("edges", ()))
                for key in ("_ldraw_", "_tldraw_", "_hldraw_")
                for step in item.get(key, ())
                if step["op"] == "T"
            )
            expected = Counter(line.strip() for line in lines_of(drawing))
            assert not expected - written, name
            boxes = [item for item in graph["objects"] if "_draw_" in item and not item["name"].startswith("cluster")]
            assert len(boxes) == len(drawing.picture.boxes)
            assert len(graph.get("edges", ())) == len(drawing.picture.arrows)


@pytest.mark.parametrize("name", NASTY)
def test_text(name: str) -> None:
    text, other = viz.text(result(NASTY[name]), depth=10), viz.text(result(HARMLESS), depth=10)
    assert len(text.splitlines()) == len(other.splitlines())
    assert all(line == safe(line) for line in text.splitlines())
    text.encode()


def derivation(name: str) -> viz.Derivation:
    x = ag.tensor(2.0, requires_grad=True)
    x.name = name
    with inside(name):
        y = operation(name)(x) * x
    return viz.derive(y, wrt=x)


ESCAPES = {r"\textbackslash", r"\{", r"\}", r"\_", r"\%", r"\$", r"\#", r"\&", r"\textasciicircum", r"\textasciitilde"}
ESCAPES |= {r"\^", r"\~", r"\text", r"\mathrm", r"\mathit", r"\operatorname", r"\ldots", r"\dots", r"\,", r"\ ", r"\;"}
ESCAPES |= {r"\textless", r"\textgreater", r"\textbar", r"\textquotedbl", r"\textquotesingle", r"\textasciigrave"}


@pytest.mark.parametrize("name", NASTY)
def test_latex(name: str) -> None:
    latex, other = derivation(NASTY[name]).to_latex(), derivation(HARMLESS).to_latex()
    latex.encode()

    def commands(text: str) -> set[str]:
        return set(re.findall(r"\\(?:[A-Za-z]+|.)", text))

    assert commands(latex) - commands(other) <= ESCAPES
    bare = re.sub(r"\\.", "", latex)
    assert bare.count("{") == bare.count("}")
    assert not re.search("[%#~]", bare)
    assert bare.count("$") == re.sub(r"\\.", "", other).count("$")
    assert latex.count(r"\begin{") == other.count(r"\begin{")
    assert latex.count(r"\end{") == other.count(r"\end{")


@pytest.mark.parametrize("name", NASTY)
def test_derivations(name: str) -> None:
    told, other = derivation(NASTY[name]), derivation(HARMLESS)
    told.to_text().encode()
    assert all(line == safe(line) for line in told.to_text().splitlines())
    ET.fromstring(told.to_mathml())
    assert Tags(told.to_html()).tags <= Tags(other.to_html()).tags | {("mtext", ""), ("mi", ""), ("mo", "")}
    assert not Tags(told.to_html()).scripts


@given(st.text(max_size=60))
@example("^")  # the sign of a power
def test_any_text_at_all(name: str) -> None:
    drawing = viz.draw(result(name), depth=10)
    ET.fromstring(drawing.to_svg())
    drawing.to_dot().encode()
    viz.text(result(name)).encode()
    assert Tags(drawing.to_html()).tags == Tags(viz.draw(result(HARMLESS), depth=10).to_html()).tags


def test_names_given_as_an_argument() -> None:
    x = ag.tensor(2.0, requires_grad=True)
    for name in NASTY.values():
        drawing = viz.draw(x * 2, names={name: x})
        ET.fromstring(drawing.to_svg())
        assert not Counter(map(plain, lines_of(drawing))) - Tags(drawing.to_html()).texts


# What is not finite


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_numbers_that_are_not_finite_have_their_colour(value: float) -> None:
    shown = {"nan": "nan", "inf": "inf", "-inf": "−inf"}[str(value)]
    for wrong in (value, [1.0, value], np.array([[1.0, 2.0], [3.0, value]]), np.append(np.ones(99), value)):
        root = ET.fromstring(viz.draw(ag.tensor(wrong, requires_grad=True) * 2.0).to_svg())
        coloured = [element.text or "" for element in root.iter(f"{SVG}text") if element.get("fill") == NOT_FINITE]
        assert any(shown.lstrip("−") in text for text in coloured)
        others = [element.text or "" for element in root.iter(f"{SVG}text") if element.get("fill") != NOT_FINITE]
        assert not any(re.search(r"(?<!\w)(nan|inf)(?!\w)", text) for text in others)
        assert NOT_FINITE in {rect.get("stroke") for rect in root.iter(f"{SVG}rect")}
        assert shown.lstrip("−") in viz.text(ag.tensor(wrong, requires_grad=True) * 2.0)
    assert NOT_FINITE not in {font.colour for font in FONTS.values()}
    assert NOT_FINITE not in viz.draw(ag.tensor(1.0, requires_grad=True) * 2.0).to_svg()


def test_in_dot_as_well() -> None:
    x, w = ag.tensor(np.nan, requires_grad=True), ag.tensor(2.0, requires_grad=True)
    drawing = viz.draw(x * w)
    lines = [line for line in drawing.to_dot().splitlines() if "tooltip" in line or "->" in line]
    assert len(lines) == 5
    for line in lines:
        assert ("nan" in line.partition("tooltip")[0]) == (f'fontcolor="{NOT_FINITE}"' in line)
