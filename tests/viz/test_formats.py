"""What a drawing is saved as: SVG, DOT, HTML; safe for any name, the same every time."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
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
from viz.lettering import safe, shortened, width
from viz.picture import Line
from viz.style import BACKGROUND, FILLS, FONTS, NOT_FINITE, box_size

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
def test_dot_is_accepted_with_clusters() -> None:
    from autograd_core.modes import inside

    x = ag.tensor(1.0, requires_grad=True)
    with inside("outer"), inside('in "ner"'):
        y = ag.sin(x)
    drawing = viz.draw(y * 2)
    subprocess.run(["dot", "-Tsvg"], input=drawing.to_dot().encode(), check=True, capture_output=True)
    assert drawing.to_dot().count("subgraph cluster_") == 2


def test_without_graphviz_it_is_laid_out_by_viz_and_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    x = ag.tensor(2.0, requires_grad=True)
    drawing = viz.draw(x * x, engine="dot")
    with pytest.warns(UserWarning, match="`dot` is not installed .* laid out by viz itself") as warned:
        assert drawing.to_svg() == drawing.to_svg(engine="viz")
    assert [item.filename for item in warned] == [__file__]
    with pytest.warns(UserWarning, match="not installed"):
        drawing.save(tmp_path / "g.svg")
    with pytest.warns(UserWarning, match="not installed"):
        assert viz.draw_backward(x * x).to_svg(engine="dot").startswith("<svg")


@pytest.mark.parametrize("script", ["#!/bin/sh\necho 'Format not recognized' >&2\nexit 1\n", "nonsense"])
def test_a_dot_that_fails_is_no_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, script: str) -> None:
    program = tmp_path / "dot"
    program.write_text(script)
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.warns(UserWarning, match="`dot` (failed|can't be run) .* laid out by viz itself"):
        assert drawing_of("x").to_svg(engine="dot") == drawing_of("x").to_svg()


@pytest.mark.parametrize("engine", ["viz", pytest.param("dot", marks=needs_dot)])
def test_images_and_pages(tmp_path: Path, engine: Any) -> None:
    pytest.importorskip("matplotlib")
    drawing = drawing_of("權重 $x$")
    assert drawing.save(tmp_path / "g.PNG", engine=engine).read_bytes().startswith(b"\x89PNG\r\n")
    assert drawing.save(tmp_path / "g.pdf", engine=engine).read_bytes().startswith(b"%PDF")


def test_without_matplotlib_the_message_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == "matplotlib"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(ImportError, match=r"\.png needs matplotlib: .*\[demo\].* \.svg and \.html need nothing"):
        drawing_of("x").save(tmp_path / "g.png")
    assert os.listdir(tmp_path) == []


def test_save_by_ending(tmp_path: Path) -> None:
    drawing = drawing_of("x")
    assert drawing.save(tmp_path / "g.svg").read_text(encoding="utf-8") == drawing.to_svg()
    assert drawing.save(str(tmp_path / "g.DOT")).read_text(encoding="utf-8") == drawing.to_dot()
    assert drawing.save(tmp_path / "g.html").read_text(encoding="utf-8") == drawing.to_html()
    assert drawing.save(tmp_path / "g.txt").read_text(encoding="utf-8") == drawing.to_text() + "\n"
    for name in ("g.jpg", "g", ".svg", "g.tex", "g.svg.gz"):
        with pytest.raises(ValueError, match=rf"\.svg, \.html, \.dot, \.png, \.pdf or \.txt, got '{re.escape(name)}'"):
            drawing.save(tmp_path / name)
    assert sorted(os.listdir(tmp_path)) == ["g.DOT", "g.html", "g.svg", "g.txt"]


def test_engines() -> None:
    x = ag.tensor(2.0, requires_grad=True)
    with pytest.raises(ValueError, match="'viz' or 'dot'"):
        drawing_of("x").to_svg(engine="neato")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="'viz' or 'dot', got 'neato'"):
        viz.draw(x * x, engine="neato")  # type: ignore[arg-type]


def test_text_is_the_tree_where_the_graph_is_known() -> None:
    x = ag.tensor(2.0, requires_grad=True)
    assert viz.draw(x * x, lang="zh-TW").to_text() == viz.text(x * x, lang="zh-TW")
    with pytest.raises(RuntimeError, match=r"viz\.text\(result\)"):
        viz.Drawing(viz.draw(x * x).picture).to_text()


def test_a_save_that_fails_leaves_the_old_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "g.svg"
    path.write_text("old")

    def full(*arguments: Any) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", full)
        with pytest.raises(OSError, match="No space"):
            drawing_of("x").save(path)
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space"):
            drawing_of("x").save(path)
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["g.svg"]
    drawing_of("x").save(path)
    assert path.read_text(encoding="utf-8").startswith("<svg")
    with pytest.raises(FileNotFoundError):
        drawing_of("x").save(tmp_path / "none" / "g.svg")


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real.svg").write_text("old")
    (tmp_path / "link.svg").symlink_to("real.svg")
    assert drawing_of("x").save(tmp_path / "link.svg") == tmp_path / "link.svg"
    assert (tmp_path / "link.svg").is_symlink()
    assert (tmp_path / "real.svg").read_text(encoding="utf-8").startswith("<svg")


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
    boxes, arrows = len(drawing.picture.boxes), len(drawing.picture.arrows)
    assert bundle["text/plain"] == repr(drawing) == f"<Drawing: forward graph of L, {boxes} boxes, {arrows} arrows>"
    assert set(bundle) == {"image/svg+xml", "text/plain"}


def test_svg_has_every_box_on_white() -> None:
    drawing = drawing_of("x")
    root = ET.fromstring(drawing.to_svg())
    keys = [group.get("data-key") for group in root.iter(f"{SVG}g") if group.get("data-key")]
    assert keys == [box.key for box in drawing.picture.boxes]
    assert len(set(keys)) == len(keys) > 3
    first = next(root.iter(f"{SVG}rect"))
    assert (first.get("fill"), first.get("width")) == (BACKGROUND, "100%")


def test_text_is_large_enough() -> None:
    sizes = []
    stack = [(ET.fromstring(drawing_of("x").to_svg()), 0.0)]
    while stack:
        element, size = stack.pop()
        size = float(element.get("font-size", size))
        if element.tag == f"{SVG}text":
            sizes.append(size)
        stack += [(child, size) for child in element]
    assert min(sizes) >= 11


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("fill", sorted({fill for fill, _ in FILLS.values()} | {BACKGROUND}))
@pytest.mark.parametrize("colour", sorted({font.colour for font in FONTS.values()} | {NOT_FINITE}))
def test_contrast(fill: str, colour: str) -> None:
    light, dark = sorted([luminance(fill), luminance(colour)], reverse=True)
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


def golden() -> viz.Drawing:
    from autograd_core.modes import inside

    x, w = ag.tensor(2.0, requires_grad=True), ag.tensor(-3.0, requires_grad=True)
    x.name, w.name = "x", "w"
    with inside("layer"):
        product = x * w
    return viz.draw(ag.relu(product) + w)


NODES = {
    "n0": r"x = 2\n∂L/∂x = 0",
    "n1": r"w = −3\n∂L/∂w = 1",
    "s2": r"Σ 2 uses\n0 + 1",
    "n3": r"x × w\nv₁ = −6\n∂L/∂v₁ = 0",
    "n4": r"relu(v₁)\nv₂ = 0\n∂L/∂v₂ = 1",
    "n5": r"v₂ + w\nL = −3\n∂L/∂L = 1",
}
EDGES = {
    ("n0", "n3"): "∂v₁/∂x = w = −3",
    ("n1", "s2"): "",
    ("s2", "n3"): "∂v₁/∂w = x = 2",
    ("n3", "n4"): "∂v₂/∂v₁ = [v₂ > 0] = 0",
    ("n4", "n5"): "∂L/∂v₂ = 1",
    ("s2", "n5"): "∂L/∂w += 1",
}


def test_golden_dot() -> None:
    source = golden().to_dot()
    assert dict(re.findall(r'^\s*(\w\d+) \[label="([^"]*)"', source, re.MULTILINE)) == NODES
    edges = re.findall(r'^\s*(\w\d+) -> (\w\d+) \[label="([^"]*)"', source, re.MULTILINE)
    assert {(tail, head): label for tail, head, label in edges} == EDGES
    (cluster,) = re.findall(r"subgraph cluster_\d+ \{(.*?)\}", source, re.DOTALL)
    assert re.findall(r"^\s*(\w\d+) \[", cluster, re.MULTILINE) == ["n0", "n3"]
    assert "label=layer" in cluster


def test_golden_svg() -> None:
    root = ET.fromstring(golden().to_svg())

    def shown(group: ET.Element) -> str:
        return r"\n".join(text.text or "" for text in group.iter(f"{SVG}text"))

    groups = list(root.iter(f"{SVG}g"))
    assert {key: shown(group) for group in groups if (key := group.get("data-key"))} == NODES
    labels = {
        (group.get("data-from"), group.get("data-to")): shown(group) for group in groups if group.get("data-from")
    }
    assert labels == {ends: label for ends, label in EDGES.items() if label}
    paths = [(path.get("data-from"), path.get("data-to")) for path in root.iter(f"{SVG}path") if path.get("data-from")]
    assert sorted(paths) == sorted(EDGES)
    assert [group.get("data-scope") for group in groups if group.get("data-scope")] == ["layer"]
