"""The player's page and its data; what it does in a browser is tested beside this."""

from __future__ import annotations

import base64
import json
import re
from html import unescape
from html.parser import HTMLParser
from typing import Any

import numpy as np
import pytest

import autograd_core as ag
import nn
import viz
from viz.lettering import shortened


def leaf(value: Any, name: str | None = None, dtype: Any = np.float64) -> ag.Tensor:
    tensor = ag.tensor(np.asarray(value, dtype)[()], requires_grad=True)
    tensor.name = name
    return tensor


def neuron() -> ag.Tensor:
    x, w, b = leaf(2.0, "x"), leaf(-3.0, "w"), leaf(6.88, "b")
    return ag.tanh(x * w + b)


class Elements(HTMLParser):
    """The elements of a page, and the text of its scripts."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, Any]]] = []
        self.scripts: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "script":
            self.scripts.append("")

    def handle_data(self, data: str) -> None:
        if self.tags and self.tags[-1][0] == "script":
            self.scripts[-1] += data


def data_of(page: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(Elements(page).scripts[0])
    return found


def test_steps_go_forward_node_by_node_then_back_edge_by_edge() -> None:
    data = viz.play(neuron()).data
    assert [(kind, i) for kind, i, _ in data["steps"]] == [
        *(("value", i) for i in range(6)),
        ("start", 5),
        *(("use", j) for j in range(5)),
    ]
    assert [(use["from"], use["to"]) for use in data["uses"]] == [(5, 4), (4, 3), (4, 2), (3, 0), (3, 1)]


def test_the_page_carries_all_digits() -> None:
    data = data_of(viz.play(neuron()).to_html())
    value = np.tanh(2.0 * -3.0 + 6.88)
    assert data["nodes"][5]["value"]["data"] == [value]
    assert data["nodes"][0]["gradient"]["data"] == [(1 - value * value) * -3.0]
    assert data["program"]["sliders"] == [0, 1, 2]


NASTY = ["</script><script>alert(1)</script>", "<!--", "]]>", "\"'&", "{at} {0} %s", "\u2028\x00\n", "名字", "$&"]


@pytest.mark.parametrize("name", NASTY)
@pytest.mark.parametrize("lang", ["en", "zh-TW"])
def test_names_are_text(name: str, lang: Any) -> None:
    x = leaf(2.0, name)
    page = viz.play(x * x + ag.sin(x), names={name + "!": x * 1.0}, lang=lang).to_html()
    elements = Elements(page)
    assert [tag for tag, _ in elements.tags].count("script") == 2
    shown = shortened(name.translate({0x2028: " ", 0: "\ufffd", 10: " "}), 32)
    assert data_of(page)["nodes"][0]["name"] == shown
    assert "]]>" not in page.replace("]]&gt;", "")


def test_nothing_is_loaded_and_only_its_own_script_runs() -> None:
    page = viz.play(neuron()).to_html()
    policy = next(attrs["content"] for tag, attrs in Elements(page).tags if "http-equiv" in attrs)
    assert "default-src 'none'" in policy
    assert re.search(r"script-src 'sha256-[\w+/]{43}='$", policy)
    assert not re.search(r"\b(src|href)=|url\(|@import|fetch\(|XMLHttpRequest|\beval\b|new Function|https?:", page)
    assert not any(name.startswith("on") for _, attrs in Elements(page).tags for name in attrs)


def test_a_notebook_gets_a_frame_without_rights_and_a_picture() -> None:
    player = viz.play(neuron())
    bundle = player._repr_mimebundle_()
    assert set(bundle) == {"text/html", "image/svg+xml", "text/plain"}
    assert bundle["image/svg+xml"].startswith("<svg")
    (style, _), (around, _), (frame, attrs), (image, picture) = Elements(bundle["text/html"]).tags
    assert (style, around, frame, image) == ("style", "div", "iframe", "img")
    assert attrs["sandbox"] == "allow-scripts"
    assert attrs["srcdoc"] == player.to_html()
    assert base64.b64decode(picture["src"].partition("base64,")[2]).decode() == player.to_svg()


def test_the_same_graph_gives_the_same_page() -> None:
    assert viz.play(neuron()).to_html() == viz.play(neuron()).to_html()


def test_playing_changes_nothing() -> None:
    x = leaf(2.0, "x")
    loss = x * x
    viz.play(loss).to_html()
    assert x.grad is None
    loss.backward()
    assert float(x.grad) == 4.0
    assert "∂L/∂x = 4" in viz.play(loss).to_svg()


def reason(result: ag.Tensor, **options: Any) -> str:
    player = viz.play(result, **options)
    assert player.data["program"] is None
    (notice,) = player.notices
    assert notice in unescape(player.to_html())
    return notice


def test_why_there_are_no_sliders() -> None:
    a, b = leaf(2.0, "a"), leaf(-1.0, "b")
    told = "There are no sliders:"
    assert reason((leaf([1.0, 2.0]) * 2).sum()) == "No leaf is a single number, so there are no sliders."
    assert reason(ag.where(a > 0, a, b)) == f"{told} the graph does not say how where came to its choice."
    assert reason(ag.stack([a, b]).max(0).values) == f"{told} the graph does not say how getitem came to its choice."
    square = ag.stack([ag.stack([a, b]), ag.stack([b, a])])
    assert reason(ag.linalg.inv(square).sum()) == f"{told} this page can not compute inv anew."
    assert reason(ag.linalg.inv(square).sum(), lang="zh-TW") == "沒有滑桿： 本頁無法重新計算 inv。"


def test_an_operation_of_a_user_that_looks_at_numbers() -> None:
    class Doubled(ag.autograd.Function):
        @staticmethod
        def forward(ctx: Any, x: Any) -> Any:
            return ag.tensor(float(x) * 2, dtype=np.float64)

        @staticmethod
        def backward(ctx: Any, g: Any) -> Any:
            return g * 2

    assert "no sliders" in reason(Doubled.apply(leaf(2.0)) * 3)


def test_a_freed_graph_of_large_arrays() -> None:
    weights = ag.randn(40, 40, requires_grad=True)
    scale = leaf(0.5, "scale", np.float32)
    loss = (ag.tanh(weights * scale) ** 2).sum()
    loss.backward()
    assert "the graph does not hold all numbers of" in reason(loss)


def test_huge_graphs_are_folded() -> None:
    x = leaf(0.3, "x")
    y = x
    for _ in range(5000):
        y = ag.sin(y)
    player = viz.play(y)
    assert player.notices == [
        "The graph has 5001 nodes, more than 300: it is folded and played box by box, without sliders."
    ]
    assert len(player.data["steps"]) < 100
    assert len(player.to_html()) < 200_000


def test_a_network_of_modules() -> None:
    ag.manual_seed(0)
    model = nn.Sequential(nn.Linear(4, 2), nn.Tanh(), nn.Linear(2, 3))
    loss = nn.functional.cross_entropy(model(ag.randn(5, 4)), ag.tensor([0, 1, 2, 0, 1]))
    player = viz.play(loss)
    leaves = [node["name"] for node in player.data["nodes"] if node["leaf"]]
    assert leaves == ["0.weight", "0.bias", "2.weight", "2.bias"]


@pytest.mark.parametrize(
    "make",
    [
        lambda: leaf(2.0),
        lambda: leaf([]) * 2,
        lambda: leaf([[1.0, np.nan], [np.inf, 0.0]]) @ leaf([1.0, 2.0]),
        lambda: ag.tensor(3, dtype=np.int64) * leaf(2.0),
        lambda: leaf(1.5, dtype=np.float16) * leaf(2.0, dtype=np.float16),
        lambda: ag.grad(lambda x: x**3)(leaf(2.0)),
        lambda: leaf(2.0) * np.ones((1, 1, 2)),
        lambda: leaf(np.zeros((2, 3, 4))).sum(axis=1),
        lambda: nn.RNN(3, 4)(ag.randn(20, 2, 3))[0].sum(),
    ],
)
def test_stranger_graphs(make: Any) -> None:
    with np.errstate(all="ignore"):
        page = viz.play(make()).to_html()
    assert data_of(page)["steps"]


def test_what_it_refuses(tmp_path: Any) -> None:
    with pytest.raises(RuntimeError, match="play needs a tensor that requires grad"):
        viz.play(ag.tensor(1.0))
    with pytest.raises(TypeError, match="play takes a Tensor"):
        viz.play(3.0)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="direction"):
        viz.play(neuron(), direction="up")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="lang"):
        viz.play(neuron(), lang="de")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"\.html or \.svg"):
        viz.play(neuron()).save(tmp_path / "play.png")


def test_saving(tmp_path: Any) -> None:
    player = viz.play(neuron())
    assert player.save(tmp_path / "p.html").read_text(encoding="utf-8") == player.to_html()
    assert player.save(tmp_path / "p.svg").read_text(encoding="utf-8") == player.to_svg()


def test_folded_steps_follow_the_arrows_and_tell_values_first() -> None:
    layer = nn.TransformerEncoderLayer(8, 2, 8, dropout=0.0)
    x = ag.zeros(3, 1, 8, requires_grad=True)  # younger than the parameters
    steps = viz.play(nn.TransformerEncoder(layer, 10)(x).sum(), names={"x": x}).data["steps"]
    count = len([kind for kind, _, _ in steps if kind == "value"])
    assert [i for _, i, _ in steps] == [*range(count), *reversed(range(count))]
    assert steps[0][2].startswith("x: shape (3, 1, 8)")
    assert not any("∂" in text for _, _, text in steps[:count])


def test_a_share_of_a_gradient_does_not_read_as_the_whole() -> None:
    x = leaf(2.0, "x")
    labels = [use["labels"][0] for use in viz.play(ag.sin(x) * x).data["uses"]]
    assert "∂L/∂x += v₁" in labels[1]


def test_the_derivation_of_a_sum_does_not_name_itself() -> None:
    x = leaf(2.0, "x")
    nodes = {node["name"]: node["derivation"] for node in viz.play(ag.sin(x) / x).data["nodes"]}
    assert nodes["x"][1] == "∂L/∂x = ∂L/∂L · (−L / x) + ∂L/∂v₁ · ∂v₁/∂x"
    assert any(line.startswith("∂L/∂x += −L / x") for line in nodes["L"])


def test_boxes_of_a_network_are_those_of_its_drawing() -> None:
    x = ag.ones(1, 1, 28, 28)
    loss = nn.models.LeNet()(x).sum()
    played, drawn = viz.play(loss).picture.boxes, viz.draw(loss).picture.boxes
    titles = {box.lines[0].text: box.scope for box in drawn if box.role in ("operation", "constant")}
    assert {box.lines[0].text: box.scope for box in played if box.role in ("operation", "constant")} == titles
