"""What a drawing is saved as: SVG, DOT, HTML; safe for any name, the same every time."""

from __future__ import annotations

import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd_core as ag
import viz
from viz import dot
from viz.picture import Line
from viz.style import BACKGROUND, FILLS, FONTS, box_size
from viz.text import safe, shortened, width

SVG = "{http://www.w3.org/2000/svg}"
NASTY = [
    '<x & "y">',
    "a\\nb \\N \\",
    "重み 学習率",
    "</title><script>alert(1)</script>",
    "{a|b}",
    "&amp;",
    "%s {x}",
    "<b>",
]
needs_dot = pytest.mark.skipif(shutil.which("dot") is None, reason="Graphviz is not installed")


def drawing_of(name: str) -> viz.Drawing:
    x = ag.tensor(np.array([1.0, -2.0]), requires_grad=True)
    x.name = name
    return viz.draw(ag.tanh(x * x).sum())


def texts(svg: str) -> list[str]:
    return [element.text or "" for element in ET.fromstring(svg).iter(f"{SVG}text")]


@pytest.mark.parametrize("name", NASTY)
def test_names_survive_in_svg(name: str) -> None:
    svg = drawing_of(name).to_svg()
    assert any(text.startswith(f"{shortened(name, 32)} = ") for text in texts(svg))
    assert "<script" not in svg


@given(st.text(max_size=40))
def test_any_name_gives_well_formed_svg(name: str) -> None:
    svg = drawing_of(name).to_svg()
    svg.encode()
    ET.fromstring(svg)


@pytest.mark.parametrize("name", NASTY)
def test_names_are_safe_in_html(name: str) -> None:
    page = drawing_of(name).to_html()
    tags: list[str] = []

    class Tags(HTMLParser):
        def handle_starttag(self, tag: str, attrs: Any) -> None:
            tags.append(tag)

    Tags().feed(page)
    assert tags.count("script") == 2  # the data, and what reads it
    assert "b" not in tags


def test_html_needs_no_network() -> None:
    page = drawing_of("x").to_html()
    assert "http" not in page.replace("http-equiv", "")
    assert not re.search(r"\b(src|href)=|url\(|@import|fetch\(", page)
    assert page.count("<svg") == 1


@needs_dot
@pytest.mark.parametrize("name", NASTY)
def test_names_survive_in_dot(name: str) -> None:
    svg = drawing_of(name).to_svg(engine="dot")
    shown = [text.replace("\xa0", " ") for text in texts(svg)]
    assert any(text.startswith(f"{shortened(name, 32)} =") for text in shown)


@needs_dot
def test_dot_is_accepted_with_clusters_and_pictures_come_out(tmp_path: Path) -> None:
    from autograd_core.modes import inside

    x = ag.tensor(1.0, requires_grad=True)
    with inside("outer"), inside('in "ner"'):
        y = ag.sin(x)
    drawing = viz.draw(y * 2)
    subprocess.run(["dot", "-Tsvg"], input=drawing.to_dot().encode(), check=True, capture_output=True)
    assert drawing.to_dot().count("subgraph cluster_") == 2
    assert drawing.save(tmp_path / "g.png").read_bytes().startswith(b"\x89PNG")
    assert drawing.save(tmp_path / "g.pdf").read_bytes().startswith(b"%PDF")


def test_without_graphviz_the_message_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(RuntimeError, match=r"not installed: install it .* \.svg, \.html or \.dot"):
        drawing_of("x").save(tmp_path / "g.png")
    assert not (tmp_path / "g.png").exists()


def test_save_by_ending(tmp_path: Path) -> None:
    drawing = drawing_of("x")
    assert drawing.save(tmp_path / "g.svg").read_text(encoding="utf-8") == drawing.to_svg()
    assert drawing.save(str(tmp_path / "g.DOT")).read_text(encoding="utf-8") == drawing.to_dot()
    assert drawing.save(tmp_path / "g.html").read_text(encoding="utf-8") == drawing.to_html()
    with pytest.raises(ValueError, match=r"\.svg, \.dot or \.html .* got 'g\.jpg'"):
        drawing.save(tmp_path / "g.jpg")
    with pytest.raises(ValueError, match="'viz' or 'dot'"):
        drawing.to_svg(engine="neato")  # type: ignore[arg-type]


def test_the_same_graph_gives_the_same_bytes() -> None:
    def forms() -> list[str]:
        x = ag.tensor(2.0, requires_grad=True)
        drawings = viz.draw(ag.sin(x) * x + 3), viz.draw_backward(ag.sin(x) * x + 3)
        return [form for each in drawings for form in (each.to_svg(), each.to_dot(), each.to_html())]

    assert forms() == forms()


def test_notebooks_show_svg() -> None:
    drawing = drawing_of("x")
    bundle = drawing._repr_mimebundle_()
    assert bundle["image/svg+xml"] == drawing.to_svg()
    assert bundle["text/plain"] == repr(drawing) == "<Drawing: forward graph of L, 4 boxes, 4 arrows>"


def test_svg_has_a_box_for_each_node_on_white() -> None:
    root = ET.fromstring(drawing_of("x").to_svg())
    keys = [group.get("data-key") for group in root.iter(f"{SVG}g") if group.get("data-key")]
    assert keys == ["n0", "n1", "n2", "n3"]
    first = next(root.iter(f"{SVG}rect"))
    assert (first.get("fill"), first.get("width")) == (BACKGROUND, "100%")


def test_text_is_large_enough() -> None:
    root = ET.fromstring(drawing_of("x").to_svg())
    assert min(float(text.get("font-size", 0)) for text in root.iter(f"{SVG}text")) >= 11


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("fill", sorted({fill for fill, _ in FILLS.values()} | {BACKGROUND}))
@pytest.mark.parametrize("font", FONTS.values())
def test_contrast(fill: str, font: Any) -> None:
    light, dark = sorted([luminance(fill), luminance(font.colour)], reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 4.5


@given(st.text(min_size=1, max_size=20), st.sampled_from(sorted(FONTS)))
def test_boxes_are_wider_than_their_text(text: str, style: Any) -> None:
    font = FONTS[style]
    assert box_size([Line(text, style)])[0] > width(text, *font[:3])


def test_wide_characters_count_double() -> None:
    assert width("学習", 10) >= 20
    assert width("e\u0301", 10) == width("e", 10)


@given(st.text())
def test_safe_text_can_stand_in_xml(text: str) -> None:
    ET.fromstring(f"<t>{dot.text([safe(text)]).replace('&', '&amp;').replace('<', '&lt;')}</t>")
    assert "\n" not in safe(text)
