"""What is drawn together: modules, and stretches that repeat."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autograd_core as ag
import nn
import nn.functional as F  # noqa: N812
import viz
from autograd_core.modes import inside
from autograd_core.node import Graph, Node
from viz.repeats import repeats


def named(value: Any, name: str) -> ag.Tensor:
    tensor = ag.tensor(np.array(value), requires_grad=True, dtype=np.float64)
    tensor.name = name
    return tensor


def titles(drawing: viz.Drawing) -> list[str]:
    return [box.lines[0].text for box in drawing.picture.boxes]


def operations(result: ag.Tensor) -> list[list[Node]]:
    return [[node] for node in Graph([result]) if node.op is not None]


def test_a_chain_is_one_box_after_its_leaf() -> None:
    y = named(0.5, "x")
    for _ in range(1000):
        y = ag.sin(y)
    drawing = viz.draw(y)
    assert titles(drawing) == ["x = 0.5", "sin ×1000"]
    assert drawing.picture.boxes[1].role == "result"
    assert [line.text for line in drawing.picture.boxes[1].lines[1:3]] == ["1000 × 1 operation", "L = 0.05437"]
    assert [(arrow.source, arrow.target) for arrow in drawing.picture.arrows] == [(0, 1)]


def test_layers_of_a_transformer() -> None:
    class Model(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.enter = nn.Linear(3, 8)
            self.encoder = nn.TransformerEncoder(nn.TransformerEncoderLayer(8, 2, 16, dropout=0.0), 12)
            self.head = nn.Linear(8, 2)

        def forward(self, x: ag.Tensor) -> ag.Tensor:
            return self.head(self.encoder(self.enter(x))).sum()

    result = Model()(ag.ones(5, 2, 3))
    (rolled,) = (box for box in viz.draw(result).picture.boxes if box.role == "module")
    assert rolled.lines[0].text == "encoder.layers.0 … encoder.layers.11 ×12"
    assert rolled.lines[1].text == f"12 × {(len(operations(result)) - 3) // 12} operations, 144 parameters"
    assert rolled.scope == ("encoder",)
    shown = titles(viz.draw(result))
    assert len(shown) == 11
    assert {"linear(c₁, enter.weight, enter.bias)", "linear(v₃₈₅, head.weight, head.bias)"} <= set(shown)


@pytest.mark.parametrize("network", ["cell", "RNN", "LSTM", "GRU"])
def test_an_unrolled_network_is_one_step_repeated(network: str) -> None:
    if network == "cell":
        cell, state = nn.RNNCell(3, 4), ag.zeros(2, 4)
        for step in ag.randn(50, 2, 3):
            state = cell(step, state)
    else:
        state = getattr(nn, network)(3, 4)(ag.randn(50, 2, 3))[0]
    drawing = viz.draw((state * state).mean())
    assert len(drawing.picture.boxes) < 15
    (rolled,) = (box for box in drawing.picture.boxes if "×" in box.lines[0].text and box.role == "module")
    assert rolled.lines[0].text.endswith(("×50", "×49"))


def test_layers_in_a_sequence_of_pairs() -> None:
    model = nn.Sequential(*(layer for _ in range(24) for layer in (nn.Linear(8, 8), nn.ReLU())))
    assert "0 … 47 ×24" in titles(viz.draw(model(ag.ones(2, 8)).sum()))


def test_repeats_begin_where_a_module_begins() -> None:
    x = ag.tanh(named(0.5, "x"))  # an operation that looks like the last one of each block
    for i in range(20):
        with inside(f"block{i}"):
            for _ in range(3):
                x = ag.sin(x)
            x = ag.tanh(x)
    assert titles(viz.draw(x)) == ["x = 0.5", "tanh(x)", "block0 … block19 ×20"]


def test_what_is_connected_in_another_way_is_no_repeat() -> None:
    first = y = named(0.5, "x")
    for i in range(30):
        y = ag.sin(y) * (y if i % 3 else first)
    stretches = repeats(operations(y))
    assert all(stretch.times < 30 for stretch in stretches)
    fine = named(0.5, "x")
    y = fine
    for _ in range(30):
        y = ag.sin(y) * fine
    assert [stretch.times for stretch in repeats(operations(y))] == [30]


def test_one_that_differs_ends_a_repeat() -> None:
    y = named(0.5, "x")
    for i in range(60):
        y = ag.cos(y) if i == 40 else ag.sin(y)
    assert titles(viz.draw(y)) == ["x = 0.5", "sin ×40", "cos(v₄₀)", "sin ×19"]


def test_other_shapes_are_no_repeat() -> None:
    y = named(np.ones(200), "x")
    for i in range(60):
        y = ag.sin(y)[i % 2 :]
    assert all("×60" not in title for title in titles(viz.draw(y.sum())))


def test_small_graphs_are_not_rolled_up() -> None:
    y = named(0.5, "x")
    for _ in range(20):
        y = ag.sin(y)
    assert len(viz.draw(y).picture.boxes) == 21


def test_an_explicit_depth_opens_operations_and_rolls_folded_modules() -> None:
    y = named(0.5, "x")
    for i in range(50):
        with inside(f"block{i}"):
            y = ag.tanh(ag.sin(y) * 2)
    assert titles(viz.draw(y, depth=0)) == ["x = 0.5", "block0 … block49 ×50"]
    assert len(viz.draw(y, depth=1).picture.boxes) == 151
    y = named(0.5, "x")
    for _ in range(50):
        with inside("cell"):
            y = ag.tanh(ag.sin(y) * 2)
        y = y + 1
    assert len(viz.draw(y, depth=0).picture.boxes) == 100  # what stands between them is drawn


def test_a_resnet_folds() -> None:
    model = nn.models.resnet50(num_classes=10)
    loss = F.cross_entropy(model(ag.ones(2, 3, 64, 64)), ag.tensor([1, 2]))
    drawing = viz.draw(loss)
    shown = titles(drawing)
    assert {"bn1", "layer1.0", "layer3.1 … layer3.5 ×5", "layer4.2", "avgpool"} <= set(shown)
    assert len(shown) < 40
    assert {box.scope for box in drawing.picture.boxes if box.lines[0].text == "layer1.0"} == {("layer1",)}
    every = viz.draw(loss, depth=9, detail="shapes").picture.boxes
    assert sum(box.role == "leaf" for box in every) == len(list(model.parameters()))


def test_shared_weights_and_a_module_called_twice() -> None:
    layer = nn.Linear(3, 3)
    model = nn.Sequential(layer, nn.Tanh(), layer)
    drawing = viz.draw(model(ag.ones(2, 3)).sum())
    weights = [box for box in drawing.picture.boxes if box.lines[0].text.startswith("2.weight")]
    assert len(weights) == 1
    assert weights[0].scope == ("2",)
    assert sum(box.lines[0].text == "Σ 2 uses" for box in drawing.picture.boxes) == 2
    folded = titles(viz.draw(model(ag.ones(2, 3)).sum(), depth=0))
    assert [title for title in folded if title in ("0", "1", "2")] == ["2", "1", "2"]


def test_boxes_and_arrows_make_no_cycle() -> None:
    rng = np.random.default_rng(0)
    for seed in range(8):
        known = [named(float(i), f"x{i}") for i in range(4)]
        for i in range(120):
            one, other = rng.integers(0, len(known), 2)
            with inside(f"m{i // 7 % 5}"), inside(f"n{i % 2}"):
                known.append(ag.sin(known[one]) if i % 3 else known[one] * known[other])
        result = known[-1] + sum(known[-9:-1], known[0])
        for depth in (None, 0, 1, 2):
            arrows = viz.draw(result, depth=depth).picture.arrows
            count = len(viz.draw(result, depth=depth).picture.boxes)
            waiting = [0] * count
            for arrow in arrows:
                waiting[arrow.target] += 1
            order = [i for i in range(count) if not waiting[i]]
            for i in order:
                for arrow in arrows:
                    if arrow.source == i:
                        waiting[arrow.target] -= 1
                        if not waiting[arrow.target]:
                            order.append(arrow.target)
            assert len(order) == count, (seed, depth)


def test_modules_in_lists_are_called_by_their_path() -> None:
    class Model(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.layers = nn.ModuleList()
            for _ in range(2):
                self.layers.append(nn.Linear(2, 2))
            self.heads = nn.ModuleDict({"a": nn.ModuleList([nn.Linear(2, 1)])})

        def forward(self, x: ag.Tensor) -> ag.Tensor:
            for layer in self.layers:
                x = layer(x)
            return self.heads["a"][0](x).sum()

    model = Model()
    nodes = Graph([model(ag.ones(1, 2))]).nodes
    assert [node.name for node in nodes if node.op is None] == list(model.state_dict())
    assert [node.scope for node in nodes if node.name == "linear"] == [("layers.0",), ("layers.1",), ("heads.a.0",)]


def test_parameters_are_called_by_their_path_whenever_their_module_came() -> None:
    body = nn.Sequential()
    model = nn.Sequential(nn.Sequential(body))
    body.append(nn.Linear(2, 2))
    body.append(nn.Sequential(nn.Linear(2, 1)))
    shown = titles(viz.draw(model(ag.ones(1, 2)).sum(), detail="shapes"))
    assert {title.split(":")[0] for title in shown if "weight:" in title or "bias:" in title} == set(model.state_dict())


def test_frozen_parameters_can_be_named() -> None:
    model = nn.Sequential(nn.Linear(5, 5), nn.Linear(5, 5))
    model[0].requires_grad_(False)
    model[0].weight.requires_grad_(True)
    drawing = viz.draw(model(ag.ones(1, 5)).sum(), names=dict(model.named_parameters()))
    (constant,) = (b for b in drawing.picture.boxes if b.role == "constant" and b.lines[0].text.startswith("0.bias"))
    assert constant.lines[0].text == "0.bias: shape (5,)"


def test_siblings_beside_one_another() -> None:
    class Heads(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.heads = nn.ModuleList(nn.Linear(6, 2) for _ in range(16))

        def forward(self, x: ag.Tensor) -> ag.Tensor:
            return ag.concatenate([ag.tanh(head(x)) for head in self.heads], 1)

    x = named(np.ones((3, 6)), "x")
    drawing = viz.draw(Heads()(x).sum())
    assert titles(drawing)[:3] == ["x: shape (3, 6)", "Σ 16 uses", "heads.0 … heads.15 ×16"]
    assert drawing.picture.boxes[2].lines[1].text == "16 × 2 operations, 32 parameters"


def test_titles_of_repeats_have_no_lonely_signs() -> None:
    y = named(0.5, "x")
    for _ in range(50):
        y = y + ag.sin(y) * y
    assert "sin, multiply, add ×50" in titles(viz.draw(y))


def test_weights_of_a_loop_are_drawn_beside_it() -> None:
    cell, state = nn.RNNCell(3, 4, bias=False), ag.zeros(2, 4)
    for step in ag.randn(50, 2, 3):
        state = cell(step, state)
    drawing = viz.draw(state.sum())
    names = [title.split()[0] for title in titles(drawing)]
    assert names == ["weight_ih", "Σ", "weight_hh", "Σ", "c₁", "Wx+Uh+b,", "Σ(v₁₀₀)"]  # c₁ is the state at the start
    assert titles(drawing)[1] == titles(drawing)[3] == "Σ 50 uses"
    backward = viz.draw_backward(state.sum(), forward=False)
    assert sum(box.role == "sum" for box in backward.picture.boxes) == 2


def test_twelve_layers_are_a_repeat() -> None:
    model = nn.Sequential(*(nn.Linear(4, 4) for _ in range(12)))
    drawing = viz.draw(model(ag.ones(2, 4)).sum())
    assert titles(drawing) == ["c₁ =", "0 … 11 ×12", "Σ(v₁₂)"]
    three = nn.Sequential(*(layer for _ in range(4) for layer in (nn.Linear(4, 4), nn.Tanh())))
    assert sum(box.role == "leaf" for box in viz.draw(three(ag.ones(2, 4)).sum()).picture.boxes) == 8


def test_repeats_begin_with_parameters() -> None:
    layers = [nn.Linear(9, 5), nn.ReLU(), *(layer for _ in range(8) for layer in (nn.Linear(5, 5), nn.ReLU()))]
    assert "2 … 17 ×8" in titles(viz.draw(nn.Sequential(*layers)(ag.ones(2, 9)).sum()))


def test_repeats_begin_and_end_with_modules() -> None:
    # the first layer has an operation less, since its input needs no gradient
    layer = nn.TransformerEncoderLayer(8, 2, 8, dropout=0.0, batch_first=True)
    picture = viz.draw(nn.TransformerEncoder(layer, 6)(ag.zeros(1, 3, 8)).sum(), detail="shapes").picture
    assert [box.lines[0].text for box in picture.boxes if "×" in box.lines[0].text] == ["layers.1 … layers.5 ×5"]


def test_what_leads_to_a_group_comes_before_it() -> None:
    layer = nn.TransformerEncoderLayer(8, 2, 8, dropout=0.0)
    x = ag.zeros(3, 1, 8, requires_grad=True)  # younger than the parameters
    picture = viz.draw(nn.TransformerEncoder(layer, 6)(x).sum(), names={"x": x}, detail="shapes").picture
    assert all(arrow.source < arrow.target for arrow in picture.arrows)
    assert picture.boxes[0].lines[0].text.startswith("x")


@pytest.mark.parametrize("depth", ["1", 1.5, True])
def test_a_depth_is_a_whole_number(depth: Any) -> None:
    with pytest.raises(TypeError, match="a whole number, got"):
        viz.draw(ag.tensor(2.0, requires_grad=True) * 2, depth=depth)
    viz.draw(ag.tensor(2.0, requires_grad=True) * 2, depth=np.int64(1))  # type: ignore[arg-type]
