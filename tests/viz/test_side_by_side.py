"""The forward and the backward graph in one picture: ties, common places, colours, pointing."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd_core as ag
import nn
import viz
from viz.accents import ACCENTS, POINTED, accents
from viz.sidebyside import arranged

SVG = "{http://www.w3.org/2000/svg}"


def leaf(value: Any, name: str) -> ag.Tensor:
    tensor = ag.tensor(np.array(value), dtype=np.float64, requires_grad=True)
    tensor.name = name
    return tensor


def neuron() -> ag.Tensor:
    return ag.tanh(leaf(2.0, "x") * leaf(-3.0, "w") + leaf(6.88, "b"))


def fan() -> ag.Tensor:
    x = leaf(0.5, "x")
    return x.sin() * ag.exp(x) + x * x


def batch() -> ag.Tensor:
    x, w, b = leaf(np.arange(12.0).reshape(4, 3), "x"), leaf(np.ones((3, 2)), "W"), leaf([1.0, 2.0], "b")
    return (ag.tanh(x @ w + b) * b).sum()


def network() -> ag.Tensor:
    model = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 2))
    return nn.functional.cross_entropy(model(ag.ones(5, 3)), ag.tensor([0, 1, 0, 1, 1]))


def second() -> ag.Tensor:
    x = leaf([0.5, -1.0], "x")
    (gradient,) = ag.autograd.grad((x**3).sum(), [x], create_graph=True)
    return (gradient * x).sum()


GRAPHS = {graph.__name__: graph for graph in (neuron, fan, batch, network, second)}


@pytest.fixture(params=GRAPHS.values(), ids=GRAPHS)
def both(request: pytest.FixtureRequest) -> viz.Drawing:
    return viz.draw_backward(request.param())


def test_it_holds_the_boxes_and_arrows_of_both_graphs() -> None:
    loss = fan()
    both, backward = viz.draw_backward(loss), viz.draw_backward(loss, forward=False)
    first, second = both.picture.halves
    assert [half.kind for half in both.picture.halves] == ["forward", "backward"]
    assert both.picture.kind == "both"
    assert second.boxes == backward.picture.boxes
    assert second.arrows == backward.picture.arrows
    assert both.picture.boxes == (*first.boxes, *second.boxes)
    keys = [box.key for box in both.picture.boxes]
    assert len(set(keys)) == len(keys)
    ends = [(keys[arrow.source], keys[arrow.target]) for arrow in both.picture.arrows]
    halves = [
        (half.boxes[arrow.source].key, half.boxes[arrow.target].key)
        for half in (first, second)
        for arrow in half.arrows
    ]
    assert ends == halves


def test_every_box_has_one_partner(both: viz.Drawing) -> None:
    forward, backward = both.picture.halves
    ties = [box.tie for box in forward.boxes if box.role != "constant"]
    back = [box.tie for box in backward.boxes if box.role != "seed"]
    assert len(set(ties)) == len(ties)
    assert set(back) == set(ties)
    uses = {arrow.tie for arrow in forward.arrows if arrow.tie}
    assert {arrow.tie for arrow in backward.arrows if arrow.tie} == uses


def test_arrows_of_a_pair_connect_the_same_pairs_the_other_way(both: viz.Drawing) -> None:
    forward, backward = both.picture.halves
    there = sorted(
        (forward.boxes[a.source].tie, forward.boxes[a.target].tie, a.tie)
        for a in forward.arrows
        if forward.boxes[a.source].tie
    )
    back = sorted(
        (backward.boxes[a.target].tie, backward.boxes[a.source].tie, a.tie)
        for a in backward.arrows
        if backward.boxes[a.source].role != "seed"
    )
    assert back == there


@pytest.mark.parametrize("down", [False, True])
def test_partners_stand_at_the_same_place_of_their_halves(both: viz.Drawing, down: bool) -> None:
    picture = both.picture
    found = arranged(picture, down)
    places: dict[str, list[tuple[float, float]]] = {}
    sizes: dict[str, set[tuple[float, float]]] = {}
    for box, corner, size in zip(picture.boxes, found.layout.boxes, found.sizes, strict=True):
        if box.tie:
            places.setdefault(box.tie, []).append(corner)
            sizes.setdefault(box.tie, set()).add(size)
    steps = {(round(x2 - x, 6), round(y2 - y, 6)) for (x, y), (x2, y2) in places.values()}
    assert len(steps) == 1
    ((dx, dy),) = steps
    assert (dx > 0, dy) == (True, 0) if down else (dx, dy > 0) == (0, True)
    assert all(len(own) == 1 for own in sizes.values())


def test_gradients_flow_from_right_to_left(both: viz.Drawing) -> None:
    """Every arrow begins and ends at its own boxes' sides that face each other."""
    picture = both.picture
    found, sizes, _ = arranged(picture, down=False)
    count = len(picture.halves[0].arrows)
    for i, (arrow, path) in enumerate(zip(picture.arrows, found.paths, strict=True)):
        x, y = found.boxes[arrow.target]
        wide, high = sizes[arrow.target]
        u, v = path[-1][-1]
        if found.heads[i]:
            assert u == pytest.approx(x if i < count else x + wide)
            assert y <= v <= y + high
        x, y = found.boxes[arrow.source]
        wide, high = sizes[arrow.source]
        if found.tails[i]:
            assert path[0][0][0] == pytest.approx(x + wide if i < count else x)
            assert y <= path[0][0][1] <= y + high


def test_svg_has_one_stripe_colour_for_each_pair(both: viz.Drawing) -> None:
    root = ET.fromstring(both.to_svg())
    colours: dict[str, set[str]] = {}
    for group in root.iter(f"{SVG}g"):
        tie = group.get("data-tie")
        if tie is not None and group.get("data-key"):
            stripes = [path.get("stroke") for path in group.iter(f"{SVG}path") if path.get("stroke-linecap")]
            assert stripes == [group.get("color")]
            colours.setdefault(tie, set()).add(str(stripes[0]))
    assert colours
    assert all(len(own) == 1 and own < set(ACCENTS) for own in colours.values())


def test_what_an_arrow_connects_has_different_colours(both: viz.Drawing) -> None:
    picture = both.picture
    found = accents(picture)
    for arrow in picture.arrows:
        one, other = picture.boxes[arrow.source].tie, picture.boxes[arrow.target].tie
        if one and other and one.partition("-")[0] != other.partition("-")[0]:
            assert found[one] != found[other]


def test_pointing_frames_every_tie_and_leaves_other_drawings_alone(both: viz.Drawing) -> None:
    text = both.to_svg()
    root = ET.fromstring(text)
    (style,) = root.iter(f"{SVG}style")
    own = root.get("id")
    assert own
    ties = {element.get("data-tie") for element in root.iter() if element.get("data-tie")}
    rules = str(style.text)
    assert set(re.findall(r':has\(\[data-tie="([^"]+)"\]:hover\)', rules)) == ties
    selectors = rules[: rules.index("{")].split(",\n")
    assert all(selector.startswith(f"#{own}:has(") for selector in selectors)
    assert "script" not in text


def test_one_graph_alone_needs_no_style() -> None:
    text = viz.draw_backward(fan(), forward=False).to_svg()
    assert "<style" not in text
    assert "data-tie" not in text


def test_hundreds_of_ties_have_stripes_alone() -> None:
    x = leaf(0.5, "x")
    y = x
    for i in range(POINTED + 1):
        y = ag.sin(y) if i % 3 else y * 1.01 if i % 2 else y + 0.1
    text = viz.draw_backward(y, depth=100).to_svg()
    assert ":hover" not in text
    assert "data-tie" in text


def test_dot_has_two_clusters_and_the_same_ties() -> None:
    drawing = viz.draw_backward(fan())
    source = drawing.to_dot()
    assert re.findall(r'subgraph cluster_\d+ {\n(?:.*\n)*?\t\tcolor=.* label="(.*?)"', source) == [
        "Backward graph of L",
        "Forward graph of L",
    ]
    found = re.findall(r'\t\t(\w+) \[.*class="?([\w-]+)"? color="(#\w+)"', source)
    expected = accents(drawing.picture)
    assert {(key, tie) for key, tie, _ in found} == {(box.key, box.tie) for box in drawing.picture.boxes if box.tie}
    assert all(colour == expected[tie] for _, tie, colour in found)
    assert source.count(" -> ") == len(drawing.picture.arrows)


def test_page_steps_through_the_forward_graph_first() -> None:
    page = viz.draw_backward(neuron()).to_html()
    keys = re.search(r'"order":\[(.*?)\]', page)
    assert keys is not None
    order = [key.strip('"') for key in keys[1].split(",")]
    assert [key[0] for key in order] == ["n"] * 6 + ["b"] * 7


def test_the_forward_half_shows_values_and_the_backward_half_gradients() -> None:
    forward, backward = viz.draw_backward(neuron()).picture.halves
    assert not [item.text for box in forward.boxes for item in box.lines if item.style == "gradient"]
    assert sum(any(item.style == "gradient" for item in box.lines) for box in backward.boxes) == 7
    assert [arrow.lines[0].text for arrow in forward.arrows][:2] == ["∂v₁/∂x = w = −3", "∂v₁/∂w = x = 2"]


def test_constants_have_the_same_names_in_both() -> None:
    x = leaf(np.ones((6, 6)), "x")
    one, other = np.ones((6, 6)), np.full((6, 6), 2.0)
    forward, backward = viz.draw_backward((x * one * other).sum()).picture.halves
    shown = " ".join(item.text for arrow in backward.arrows for item in arrow.lines)
    assert {box.lines[0].text.partition(":")[0] for box in forward.boxes if box.role == "constant"} == {"c₁", "c₂"}
    assert "∂L/∂x = g·c₁" in shown
    assert "∂L/∂v₁ = g·c₂" in shown


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"lang": "zh-TW"}, "前向與反向計算圖"),
        ({"detail": "shapes"}, "∂L/∂x: shape ()"),
        ({"detail": "numbers"}, "∂L/∂x = −1.503"),
        ({"direction": "down"}, "Backward graph of L"),
        ({"names": None, "depth": 0}, "Backward graph of L"),
    ],
)
def test_options_are_those_of_draw(options: dict[str, Any], told: str) -> None:
    assert told in viz.draw_backward(neuron(), **options).to_svg()


def test_a_part_shows_what_comes_in_and_where_gradients_go() -> None:
    x = leaf(0.5, "x")
    a = ag.sin(x)
    b = ag.exp(a)
    loss = b * 3 + a
    drawing = viz.draw_backward(loss, of=b, to=b)
    forward, backward = drawing.picture.halves
    assert "Part of the backward graph of L" in drawing.to_svg()
    assert sorted(box.role for box in backward.boxes) == ["cut", "cut", "operation"]
    assert {box.tie for box in forward.boxes} == {box.tie for box in backward.boxes}
    assert [arrow.lines[0].text for arrow in backward.arrows if arrow.lines] == ["g·v₂ = 4.845"]


def test_modules_fold_in_both_alike() -> None:
    model = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 2))
    forward, backward = viz.draw_backward(model(ag.ones(5, 3)).sum(), depth=0).picture.halves
    assert {box.lines[0].text for box in forward.boxes if box.role == "module"} == {"0", "1", "2"}
    assert [box.lines[1].text for box in backward.boxes if box.role == "module"] == ["2", "1", "0"]
    assert {box.tie for box in forward.boxes if box.tie} == {box.tie for box in backward.boxes if box.tie}


@given(
    st.lists(
        st.tuples(st.sampled_from(["add", "mul", "tanh", "sum", "vec"]), st.integers(0, 9), st.integers(0, 9)),
        max_size=12,
    )
)
def test_random_graphs_pair_up(program: list[tuple[str, int, int]]) -> None:
    values = [leaf(0.5, "a"), leaf([-0.8, 0.3], "b")]
    for name, i, j in program:
        a, b = values[i % len(values)], values[j % len(values)]
        made = {"add": lambda a, b: a + b, "mul": lambda a, b: a * b, "tanh": lambda a, b: ag.tanh(a)}
        made |= {"sum": lambda a, b: a.sum(), "vec": lambda a, b: ag.stack([a.sum(), b.sum()])}
        values.append(made[name](a, b))
    drawing = viz.draw_backward(values[-1], depth=100)
    forward, backward = drawing.picture.halves
    assert {box.tie for box in backward.boxes if box.role != "seed"} == {box.tie for box in forward.boxes}
    found = arranged(drawing.picture, down=False)
    assert len(found.layout.boxes) == len(drawing.picture.boxes)
    assert drawing.to_svg() == drawing.to_svg()


@pytest.mark.browser
def test_pointing_at_a_box_frames_its_partner(opened: Callable[..., Any]) -> None:
    drawing = viz.draw_backward(neuron())
    page = opened(drawing.to_html())
    width = "key => getComputedStyle(document.querySelector(`g[data-key=${key}] > rect`)).strokeWidth"
    forward, backward = drawing.picture.halves
    box = forward.boxes[2]
    partner = next(other for other in backward.boxes if other.tie == box.tie)
    stranger = next(other for other in backward.boxes if other.tie and other.tie != box.tie)
    assert page.evaluate(width, partner.key) != "3px"
    page.hover(f"g[data-key={box.key}] > rect", force=True)
    assert page.evaluate(width, box.key) == page.evaluate(width, partner.key) == "3px"
    assert page.evaluate(width, stranger.key) != "3px"
    page.hover(f"g[data-key={partner.key}] > rect", force=True)
    assert page.evaluate(width, box.key) == "3px"


@pytest.mark.browser
def test_pointing_works_in_a_page_of_several_drawings(opened: Callable[..., Any]) -> None:
    one, other = viz.draw_backward(neuron()), viz.draw_backward(fan())
    page = opened(f"<!DOCTYPE html><meta charset=utf-8><body>{one.to_svg()}{other.to_svg()}</body>")
    page.hover("svg:nth-of-type(1) g[data-key=n0] > rect", force=True)
    wide = "() => [...document.querySelectorAll('g[data-tie=n0] > rect')].map(x => getComputedStyle(x).strokeWidth)"
    assert page.evaluate(wide) == ["3px", "3px", "1.25px", "1.25px"]
