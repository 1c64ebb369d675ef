"""Drawings as SVG: frames, histograms, ties, what stands below; and that all text has room."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd_core as ag
import nn
import viz
from viz.legend import footer
from viz.lettering import in_order, width, wrapped
from viz.picture import Arrow, Box, Line, Picture
from viz.style import FRAMES, box_size, captions, frame_look, frame_title
from viz.svg import svg

SVG = "{http://www.w3.org/2000/svg}"
TITLE = (Line("x", "title"),)


def boxes(*scopes: tuple[str, ...], **more: Any) -> Picture:
    """A chain of boxes in these scopes."""
    found = tuple(Box(f"n{i}", "operation", TITLE, "x", scope, **more) for i, scope in enumerate(scopes))
    arrows = tuple(Arrow(i, i + 1, (Line("∂", "formula"),)) for i in range(len(scopes) - 1))
    return Picture("forward", "Forward graph of x", found, arrows)


def parsed(picture: Picture, down: bool = False) -> ET.Element:
    return ET.fromstring(svg(picture, down))


def rectangle(group: ET.Element) -> tuple[float, float, float, float]:
    found = group.find(f"{SVG}rect")
    assert found is not None
    x, y, wide, high = (float(found.get(name, "nan")) for name in ("x", "y", "width", "height"))
    return x, y, x + wide, y + high


def groups(root: ET.Element, attribute: str) -> dict[str, ET.Element]:
    return {group.get(attribute, ""): group for group in root.iter(f"{SVG}g") if group.get(attribute) is not None}


@pytest.mark.parametrize("down", [False, True])
def test_frames_stand_around_their_boxes(down: bool) -> None:
    root = parsed(boxes((), ("a",), ("a", "b"), ("a",), ("c",)), down)
    frames = {scope: rectangle(group) for scope, group in groups(root, "data-scope").items()}
    placed = {key: rectangle(group) for key, group in groups(root, "data-key").items()}
    assert set(frames) == {"a", "a.b", "c"}
    inside = {
        (scope, key)
        for scope, (left, top, right, bottom) in frames.items()
        for key, box in placed.items()
        if left < box[0] and top < box[1] and right > box[2] and bottom > box[3]
    }
    assert inside == {("a", "n1"), ("a", "n2"), ("a", "n3"), ("a.b", "n2"), ("c", "n4")}


def test_frames_are_drawn_below_everything_and_outermost_first() -> None:
    root = parsed(boxes((), ("a",), ("a", "b"), ("a", "b", "c")))
    attributes = [name for group in root.iter(f"{SVG}g") for name in group.attrib]
    drawn = [name[5:] for name in attributes if name in ("data-scope", "data-key")]
    assert drawn == ["scope"] * 3 + ["key"] * 4
    fills = [group.find(f"{SVG}rect").get("fill") for group in groups(root, "data-scope").values()]  # type: ignore[union-attr]
    assert fills == [FRAMES[0][0], FRAMES[1][0], FRAMES[2][0]]
    assert frame_look(50) == FRAMES[-1]


def test_a_frame_has_its_modules_name_in_it() -> None:
    root = parsed(boxes(("encoder", "layers", "0"), ("encoder", "layers", "0")))
    texts = {scope: group.findtext(f"{SVG}text") for scope, group in groups(root, "data-scope").items()}
    assert texts == {"encoder": "encoder", "encoder.layers": "layers", "encoder.layers.0": "layers.0"}
    for group in groups(root, "data-scope").values():
        left, top, right, bottom = rectangle(group)
        text = group.find(f"{SVG}text")
        assert text is not None
        x, y = float(text.get("x", "nan")), float(text.get("y", "nan"))
        assert left < x < x + width(text.text or "", 12, True) < right
        assert top + 12 < y < bottom


def test_hostile_module_names_are_text() -> None:
    name = "<script>\"'&]]>\x00"
    root = parsed(boxes((name,), (name,)))
    assert list(groups(root, "data-scope")) == ["<script>\"'&]]>�"]


def test_a_label_in_a_frame_has_the_frames_colour_behind_it() -> None:
    root = parsed(boxes(("a",), ("a",), ()))
    labels = groups(root, "data-arrow")
    fills = [labels[str(i)].find(f"{SVG}rect").get("fill") for i in range(2)]  # type: ignore[union-attr]
    assert fills == [FRAMES[0][0], "#ffffff"]


def test_modules_of_a_model_have_frames() -> None:
    model = nn.Sequential(nn.Linear(3, 2), nn.Tanh())
    root = ET.fromstring(viz.draw(model(ag.ones(1, 3)).sum(), names=dict(model.named_parameters()), depth=9).to_svg())
    assert set(groups(root, "data-scope")) == {"0", "1"}


def test_a_histogram_has_room_below_the_text() -> None:
    bars = (0.0, 0.5, 1.0)
    root = parsed(boxes((), bars=bars))
    (group,) = groups(root, "data-key").values()
    left, _, right, bottom = rectangle(group)
    columns = next(path.get("d", "") for path in group.iter(f"{SVG}path") if path.get("data-bars") == "3")
    start, floor = map(float, columns.removeprefix("M").split("V")[0].split())
    tops = [float(y) for y in re.findall(r"V([\d.]+)h32", columns)]
    assert [floor - y for y in tops] == [0.0, 11.0, 22.0]
    text = max(float(text.get("y", "nan")) for text in group.iter(f"{SVG}text"))
    assert text < min(tops) < floor < bottom
    assert left < start < start + 96 < right
    assert box_size(TITLE, bars)[1] - box_size(TITLE)[1] >= 22


def test_notes_are_broken_into_lines_that_fit() -> None:
    notes = ("a note " * 60, "每個梯度都是到達該運算的梯度乘以局部導數，" * 12)
    picture = boxes(())
    below = footer(Picture("forward", "x", picture.boxes, (), notes), 300, False)
    assert all(entry.x + width(entry.text, 11) <= 520 for entry in below.entries)
    assert "".join(entry.text for entry in below.entries[1:]).replace(" ", "") == "".join(notes).replace(" ", "")
    assert all(b.y > a.y for a, b in pairwise(below.entries[1:]))
    assert below.height > below.entries[-1].y


@settings(deadline=None, max_examples=500)
@given(st.text(alphabet="ab 中文，。W", min_size=1, max_size=80), st.integers(30, 200))
def test_wrapped_text_loses_nothing(text: str, room: int) -> None:
    lines = wrapped(text, 10, room)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(width(line.rstrip(), 10) <= room for line in lines)


def test_chinese_lines_do_not_begin_with_a_comma() -> None:
    assert not any(line.startswith("，") for line in wrapped("梯度，" * 30, 11, 100))


def test_what_follows_arabic_stays_at_its_right() -> None:
    assert in_order("قيمة أولى = 3") == "قيمة أولى\u200e = 3"


def test_titles_of_frames_have_room() -> None:
    sizes = captions([("a", "0"), ("很長的模組名稱" * 9,)])
    assert set(sizes) == {("a",), ("a", "0"), ("很長的模組名稱" * 9,)}
    for scope, (wide, high) in sizes.items():
        assert wide >= width(frame_title(scope), 12, True)
        assert high >= 16
    assert frame_title(("a", "0")) == "a.0"


def test_same_picture_same_bytes() -> None:
    scopes = [(), ("a",), ("a", "b"), ("c",), ("a",)]
    assert svg(boxes(*scopes)) == svg(boxes(*scopes))


def test_the_language_of_the_picture_is_declared() -> None:
    x = ag.tensor(2.0, requires_grad=True)
    assert ET.fromstring(viz.draw(x * x, lang="zh-TW").to_svg()).get("lang") == "zh-TW"


def test_lines_that_meet_a_box_stay_apart() -> None:
    count = 7
    found = (*(Box(f"n{i}", "leaf", TITLE, "x") for i in range(count)), Box("sum", "sum", TITLE, "x"))
    root = parsed(Picture("forward", "x", found, tuple(Arrow(i, count) for i in range(count))))
    ends = sorted(float(path.get("d", "").split()[-1]) for path in root.iter(f"{SVG}path") if path.get("data-arrow"))
    assert all(b - a >= 4 for a, b in pairwise(ends))
