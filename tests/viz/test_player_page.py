"""The player in a browser without a network: every step, keys, pinning, sliders."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autograd_core as ag
import nn
import viz

pytestmark = pytest.mark.browser


def leaf(value: Any, name: str, dtype: Any = np.float64) -> ag.Tensor:
    tensor = ag.tensor(np.asarray(value, dtype)[()], requires_grad=True)
    tensor.name = name
    return tensor


def neuron(x: float = 2.0, w: float = -3.0, b: float = 6.88) -> ag.Tensor:
    input, weight, bias = leaf(x, "x"), leaf(w, "w"), leaf(b, "b")
    return ag.tanh(input * weight + bias)


def reused(x: float = 0.5) -> ag.Tensor:
    t = leaf(x, "x")
    return ag.sin(t) + t * t + ag.exp(t)


def told(page: Any) -> str:
    return page.inner_text("#step")


def shown(page: Any) -> dict[str, int]:
    """How much of the picture can be seen."""
    return page.evaluate("""() => {
      const seen = (list) => list.filter((one) => getComputedStyle(one).visibility === "visible").length;
      const all = (selector) => Array.from(document.querySelectorAll("#graph " + selector));
      return {
        boxes: all("g[data-node]:not(.later)").length,
        texts: seen(all("g[data-node] > text")),
        labels: seen(all("g[data-arrow]")),
      };
    }""")


def numbers(page: Any) -> dict[str, list[Any]]:
    """All numbers with all digits, as the page states them."""
    return page.evaluate("""() => {
      const of = (selector, key) => Array.from(document.querySelectorAll(selector), (one) => one.dataset[key] ?? null);
      return {
        values: of("g[data-node]", "value"), gradients: of("g[data-node]", "gradient"),
        slopes: of("path[data-arrow]", "slope"), parts: of("path[data-arrow]", "part"),
      };
    }""")


def put(page: Any, place: int, value: str) -> None:
    page.fill(f"#leaf{place}", value)


STEPS = [
    "x is given: 2.",
    "w is given: −3.",
    "b is given: 6.88.",
    "v₁ = x × w = 2 × (−3) = −6",
    "v₂ = v₁ + b = (−6) + 6.88 = 0.88",
    "L = tanh(v₂) = tanh(0.88) = 0.7064",
    "The backward pass starts: ∂L/∂L = 1.",
    "From L back to v₂: upstream 1 × local 0.501 = contribution 0.501. ∂L/∂v₂ = 0.501.",
    "From v₂ back to v₁: upstream 0.501 × local 1 = contribution 0.501. ∂L/∂v₁ = 0.501.",
    "From v₂ back to b: upstream 0.501 × local 1 = contribution 0.501. ∂L/∂b = 0.501.",
    "From v₁ back to x: upstream 0.501 × local (−3) = contribution −1.503. ∂L/∂x = −1.503.",
    "From v₁ back to w: upstream 0.501 × local 2 = contribution 1.002. ∂L/∂w = 1.002.",
]


def test_every_step(opened: Callable[..., Any]) -> None:
    page = opened(viz.play(neuron()).to_html())
    titles_and_names = 3 + 3
    assert shown(page) == {"boxes": 0, "texts": titles_and_names, "labels": 0}
    for i, text in enumerate(STEPS):
        page.keyboard.press("ArrowRight")
        half = "forward" if i < 6 else "backward"
        assert told(page) == f"Step {i + 1} of 12, {half}: {text}"
        forward, backward = min(i + 1, 6), max(0, i - 6)
        values, gradients = max(0, forward - 3), backward + (i >= 6)
        assert shown(page) == {
            "boxes": forward,
            "texts": titles_and_names + values + gradients,
            "labels": backward,
        }
    page.keyboard.press("ArrowRight")
    assert told(page).startswith("Step 12 of 12")


def test_the_sum_grows_at_a_node(opened: Callable[..., Any]) -> None:
    page = opened(viz.play(reused()).to_html())
    page.keyboard.press("End")
    sums = []
    for _ in range(8):
        sums.append(page.inner_html("g[data-node='0'] > text:last-of-type"))
        page.keyboard.press("ArrowLeft")
    grown = list(dict.fromkeys(sums))[::-1]
    assert grown[-4:] == ["∂L/∂x = 1.649 (1/4)", "∂L/∂x = 2.149 (2/4)", "∂L/∂x = 2.649 (3/4)", "∂L/∂x = 3.526"]


def test_keys(opened: Callable[..., Any]) -> None:
    page = opened(viz.play(neuron()).to_html())
    at = lambda: page.input_value("#scrub")  # noqa: E731
    for key, place in [("ArrowRight", 1), ("ArrowRight", 2), ("ArrowLeft", 1), ("End", 12), ("ArrowRight", 12)]:
        page.keyboard.press(key)
        assert at() == str(place), key
    page.keyboard.press("Home")
    assert (at(), told(page)) == ("0", "Press play, or go step by step with the arrow keys.")
    page.keyboard.press("ArrowLeft")
    assert at() == "0"
    page.keyboard.press("Control+ArrowRight")
    assert at() == "0"
    put(page, 0, "2.5")
    page.keyboard.press("Home")  # inside of a field keys belong to it
    page.keyboard.press("ArrowRight")
    assert at() == "0"


def test_buttons_scrubbing_and_speed(opened: Callable[..., Any]) -> None:
    page = opened(viz.play(neuron()).to_html())
    for button, place in [("next", 1), ("last", 12), ("back", 11), ("first", 0)]:
        page.click(f"#{button}")
        assert page.input_value("#scrub") == str(place)
    page.fill("#scrub", "8")
    assert told(page) == f"Step 8 of 12, backward: {STEPS[7]}"
    page.focus("#scrub")
    page.keyboard.press("ArrowRight")
    assert told(page) == f"Step 9 of 12, backward: {STEPS[8]}"
    page.select_option("#speed", "4")
    page.fill("#scrub", "9")
    page.keyboard.press(" ")
    assert page.get_attribute("#play", "aria-pressed") == "true"
    page.wait_for_selector("#play[aria-pressed=false]", timeout=30_000)
    assert page.input_value("#scrub") == "12"


def test_playing_pauses_and_begins_anew(opened: Callable[..., Any]) -> None:
    page = opened(viz.play(neuron()).to_html(), reduced_motion="no-preference")
    page.keyboard.press("End")
    page.click("#play")
    page.wait_for_selector("#scrub[aria-valuetext^='Step 1 of 12']")
    page.click("#play")
    assert page.get_attribute("#play", "aria-pressed") == "false"
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowRight")
    assert page.query_selector("#token") is not None
    page.wait_for_selector("#token", state="detached")


def test_less_motion_where_that_is_wanted(opened: Callable[..., Any]) -> None:
    page = opened(viz.play(neuron()).to_html(), reduced_motion="reduce")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowRight")
    assert page.query_selector("#token") is None
    assert page.evaluate("getComputedStyle(document.querySelector('path[data-arrow]')).transitionDuration") == "0s"


def test_pinning(opened: Callable[..., Any]) -> None:
    page = opened(viz.play(reused()).to_html())
    page.click("g[data-node='0']")
    assert page.inner_text("#pinned h2") == "Derivation of x"
    assert page.locator("#pinned li").all_inner_texts() == [
        "x = 0.5",
        "∂L/∂x = ∂L/∂v₄ · ∂v₄/∂x + ∂L/∂v₂ · ∂v₂/∂x + ∂L/∂v₂ · ∂v₂/∂x + ∂L/∂v₁ · ∂v₁/∂x",
        "= 1 × 1.649 + 1 × 0.5 + 1 × 0.5 + 1 × 0.8776",
        "= 1.649 + 0.5 + 0.5 + 0.8776",
        "= 3.526",
    ]
    assert page.inner_text("#digits") == f"With all digits: x = 0.5; ∂L/∂x = {numbers(page)['gradients'][0]}"
    page.focus("g[data-node='1']")
    page.keyboard.press("Enter")
    assert page.inner_text("#pinned h2") == "Derivation of v₁"
    assert page.get_attribute("g[data-node='1']", "aria-pressed") == "true"
    assert "∂v₁/∂x = cos(x) = 0.8776" in page.inner_text("#pinned")
    put(page, 0, "0")
    assert "∂v₁/∂x = cos(x) = 1" in page.inner_text("#pinned")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Escape")
    assert page.is_hidden("#pinned")


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_sliders_compute_what_python_computes(dtype: Any, opened: Callable[..., Any]) -> None:
    def build(a: Any, b: Any, c: Any) -> ag.Tensor:
        x, y, z = leaf(a, "a", dtype), leaf(b, "b", dtype), leaf(c, "c", dtype)
        return ag.sigmoid(x * y - z) ** 2 + ag.logaddexp(x, z) / ag.sqrt(y * y + 1) + ag.relu(x - 1) * x

    page = opened(viz.play(build(0.5, -1.5, 2.0)).to_html())
    for point in [(1.25, -1.5, 2.0), (1.25, 0.3, 2.0), (1.25, 0.3, -0.7), (1e-3, 1e4, -3.21)]:
        for place, value in enumerate(point):
            put(page, place, repr(value))
        expected = viz.play(build(*point)).data
        found = numbers(page)
        for key, entry in (("values", "value"), ("gradients", "gradient")):
            wanted = [node[entry]["data"][0] for node in expected["nodes"]]
            digits = 1e-9 if dtype == np.float64 else 1e-4
            np.testing.assert_allclose(list(map(float, found[key])), wanted, rtol=digits, atol=digits * 1e-3)
        for key, entry in (("slopes", "slope"), ("parts", "part")):
            wanted = {use["arrow"]: use[entry]["data"][0] for use in expected["uses"]}
            own = [float(x) for x in found[key]]
            np.testing.assert_allclose(own, [wanted[i] for i in range(len(own))], rtol=digits, atol=digits * 1e-3)


def test_texts_after_a_slider_are_those_of_a_new_page(opened: Callable[..., Any]) -> None:
    page, other = opened(viz.play(neuron()).to_html()), opened(viz.play(neuron(w=-2.5)).to_html())
    put(page, 1, "-2.5")
    for one in (page, other):
        one.evaluate("document.activeElement.blur()")
        one.keyboard.press("End")
    texts = "Array.from(document.querySelectorAll('#graph text, #step, #derivations li'), (one) => one.textContent)"
    assert page.evaluate(texts) == other.evaluate(texts)


def test_moving_a_slider_and_going_back(opened: Callable[..., Any]) -> None:
    page = opened(viz.play(neuron()).to_html())
    before = numbers(page)
    page.focus("#sliders input[type=range]")
    page.keyboard.press("ArrowRight")
    x = float(page.input_value("#leaf0"))
    assert x > 2
    assert float(numbers(page)["values"][-1]) == pytest.approx(float(neuron(x=x)), rel=1e-9)
    put(page, 1, "")
    assert numbers(page)["values"][1] == "-3"
    page.click("#reset")
    assert numbers(page) == before
    assert page.input_value("#leaf0") == "2"


def test_what_the_page_can_not_compute_is_said(opened: Callable[..., Any]) -> None:
    page = opened(viz.play(ag.digamma(leaf(1.5, "x"))).to_html())
    put(page, 0, "3")
    assert float(numbers(page)["values"][1]) == pytest.approx(float(ag.digamma(ag.tensor(3.0))), rel=1e-6)
    put(page, 0, "-7.5")
    assert "it is back where it was" in page.inner_text("#beyond")
    assert (page.input_value("#leaf0"), numbers(page)["values"][0]) == ("3", "3")


def test_numbers_that_are_not_finite_are_named_and_coloured(opened: Callable[..., Any]) -> None:
    page = opened(viz.play(ag.log(leaf(2.0, "x"))).to_html())
    page.keyboard.press("End")
    assert page.query_selector(".bad") is None
    for value, shown_as, stated in (("0", "L = −inf", "-Infinity"), ("-1", "L = nan", "NaN")):
        put(page, 0, value)
        assert page.inner_html("g[data-node='1'] > text.bad") == shown_as
        assert numbers(page)["values"][1] == stated
    put(page, 0, "1")
    assert page.query_selector(".bad") is None


def test_numbers_are_written_as_python_writes_them(opened: Callable[..., Any]) -> None:
    from viz.figures import extent, figure, number
    from viz.words import Words

    page = opened(viz.play(neuron()).to_html())
    numbers = [0.0, -0.0, 1.0, -3.0, 999999.0, 1e6, -1234567.0, 0.1, 1 / 3, 1e-4, 0.00012345, 9.9999e-5, 1e-7]
    numbers += [1234.5, 1235.5, 0.00390625, 2.0**-20, 1e300, -5e-324, 1e21, 99999.5, 0.12345, 65504.0, 123456789.0]
    numbers += np.random.default_rng(0).normal(size=200).tolist()
    assert page.evaluate("(list) => list.map((x) => number(x))", numbers) == [number(x) for x in numbers]
    special = "[NaN, Infinity, -Infinity].map((x) => number(x))"
    assert page.evaluate(special) == [number(x) for x in (np.nan, np.inf, -np.inf)]
    array = np.random.default_rng(1).normal(size=30) * 7
    told = page.evaluate("(list) => extent({ data: list }, words)", array.tolist())
    assert told == extent(figure(array), Words("en"))


def test_arrays_large_graphs_and_names(opened: Callable[..., Any]) -> None:
    """Each plays to its end without an error."""
    ag.manual_seed(0)
    model = nn.Sequential(nn.Linear(4, 2), nn.Tanh(), nn.Linear(2, 3))
    long = leaf(0.3, "x")
    for _ in range(400):
        long = ag.sin(long)
    a, b = leaf(2.0, "</script><img src=x onerror=alert(1)>"), leaf(float("nan"), "$& \"'`]]>")
    results = [
        nn.functional.cross_entropy(model(ag.randn(5, 4)), ag.tensor([0, 1, 2, 0, 1])),
        long,
        a * b + a,
        ag.stack([ag.stack([a, a]), ag.stack([a, b])]) @ ag.stack([a, b]),
        nn.functional.cross_entropy(nn.models.LeNet()(ag.randn(1, 1, 28, 28)), ag.tensor([0])),
    ]
    for i, result in enumerate(results):
        page = opened(viz.play(result, lang=("en", "zh-TW")[i % 2], direction=("right", "down")[i % 2]).to_html())
        count = int(page.get_attribute("#scrub", "max"))
        for _ in range(count):
            page.keyboard.press("ArrowRight")
        assert page.input_value("#scrub") == str(count)
        assert page.query_selector("#graph .later") is None
        page.click("g[data-node='0'] rect")
        assert page.is_visible("#pinned")


def test_printing_shows_the_finished_graph_and_derivations(opened: Callable[..., Any]) -> None:
    page = opened(viz.play(neuron()).to_html())
    page.emulate_media(media="print")
    assert shown(page)["labels"] == 5
    assert page.is_visible("#derivations")
    assert "∂L/∂w = ∂L/∂v₁ · ∂v₁/∂w" in page.inner_text("#derivations")
    assert page.is_hidden("#play")
    page.emulate_media(media="screen")
    page.wait_for_selector("g.label.later", state="attached")
    assert shown(page)["labels"] == 0


def test_the_picture_fits_the_window_until_someone_decides(opened: Callable[..., Any]) -> None:
    page = opened(viz.play(neuron()).to_html())
    fits = lambda: page.get_attribute("#fit", "aria-pressed")  # noqa: E731
    assert fits() == "true"
    assert page.evaluate("find('graph').scrollWidth <= find('graph').clientWidth")
    page.set_viewport_size({"width": 500, "height": 700})
    page.wait_for_selector("#fit[aria-pressed=false]")
    page.click("#fit")
    assert fits() == "true"


def test_narrow_windows(opened: Callable[..., Any]) -> None:
    page = opened(viz.play(neuron()).to_html(), viewport={"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.keyboard.press("End")
    inside = """() => {
      const box = document.querySelector("g.now").getBoundingClientRect(), frame = document.getElementById("graph");
      const view = frame.getBoundingClientRect();
      return box.left + box.width / 2 > view.left && box.left + box.width / 2 < view.right;
    }"""
    assert page.evaluate(inside)


def test_texts_stay_inside_their_boxes(opened: Callable[..., Any]) -> None:
    page = opened(viz.play(neuron()).to_html())
    put(page, 0, "-1.2345678e-7")
    put(page, 2, "0.00012345678")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("End")
    wide = """() => Array.from(document.querySelectorAll("#graph g:is([data-key], [data-arrow])")).flatMap((group) => {
      const room = group.querySelector("rect").getBoundingClientRect();
      return Array.from(group.querySelectorAll("text")).filter((text) => {
        const own = text.getBoundingClientRect();
        return own.left < room.left - 1 || own.right > room.right + 1;
      }).map((text) => text.textContent);
    })"""
    assert page.evaluate(wide) == []


def test_in_a_frame_without_rights(opened: Callable[..., Any]) -> None:
    frame = viz.play(neuron())._repr_html_()
    page = opened(f"<!DOCTYPE html><meta charset=utf-8><title>notebook</title>{frame}")
    inner = page.frame_locator("iframe")
    inner.locator("#next").click()
    assert re.match("Step 1 of 12", inner.locator("#step").inner_text())


def test_a_drawing_is_stepped_through(opened: Callable[..., Any]) -> None:
    page = opened(viz.draw(neuron()).to_html())
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    assert told(page).startswith("1 of 6: x = 2")
    page.keyboard.press("End")
    assert page.query_selector(".later") is None
    both = opened(viz.draw_backward(neuron(), lang="zh-TW").to_html())
    both.click("#next")
    assert told(both).startswith("第 1 步，共 13 步：x = 2")
    both.click("#all")
    assert both.query_selector(".later") is None
