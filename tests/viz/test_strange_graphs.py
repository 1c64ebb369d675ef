"""Graphs that nobody expects: empty arrays, zero and many dimensions, NaN, freed and second-order graphs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autograd_core as ag
import nn
import viz
from autograd_core.node import Graph


def leaf(value: Any, name: str | None = None, dtype: Any = np.float64) -> ag.Tensor:
    tensor = ag.tensor(np.array(value), requires_grad=True, dtype=dtype)
    tensor.name = name
    return tensor


def boxes(drawing: viz.Drawing) -> list[list[str]]:
    return [[line.text for line in box.lines] for box in drawing.picture.boxes]


def every_way(result: ag.Tensor) -> None:
    for detail in ("formula", "numbers", "shapes"):
        for depth in (None, 0, 3):
            drawing = viz.draw(result, detail=detail, depth=depth)  # type: ignore[arg-type]
            assert drawing.to_svg().count("<g data-key") == len(drawing.picture.boxes)
            assert len({box.key for box in drawing.picture.boxes}) == len(drawing.picture.boxes)
            ties = [box.tie for box in drawing.picture.boxes if box.tie]
            assert len(set(ties)) == len(ties)
    assert "</svg>" in viz.draw_backward(result).to_svg()


GRAPHS = {
    "no elements": lambda: (leaf(np.zeros((0, 3)), "x") @ leaf(np.zeros((3, 0)), "w")).sum(),
    "no elements, repeated": lambda: leaf(np.zeros((0, 3)), "x") * leaf(2.0, "b"),
    "no dimension": lambda: leaf(2.0, "x") * 3,
    "five dimensions": lambda: leaf(np.ones((1, 2, 1, 2, 3)), "x").sum((0, 3)) * leaf(np.ones((1, 3)), "b"),
    "one element": lambda: leaf([[[3.0]]], "x") ** 2,
    "nan": lambda: ag.log(leaf([-1.0, 0.0, 1.0], "x")) * np.array([1.0, np.inf, np.nan]),
    "huge": lambda: leaf([1e300, -1e300], "x") * leaf([1e300, 1e-320], "y"),
    "half": lambda: ag.exp(leaf([1.0, 20.0], "x", np.float16)),
    "single": lambda: leaf(np.ones((30, 2)), "x", np.float32).var(),
    "integers beside": lambda: leaf([1.0, 2.0], "x") * ag.tensor([1, 2]) + ag.tensor([True, False]) - 7,
    "chosen": lambda: ag.where(ag.tensor([True, False]), leaf([1.0, 2.0], "x"), 0.0)[ag.tensor([1, 1, 0])],
    "many operands": lambda: ag.stack([leaf(float(i)) for i in range(30)]).sum(),
    "the same operand": lambda: (lambda x: ag.concatenate([x, x, x]))(leaf([1.0], "x")),
    "a leaf": lambda: leaf([1.0, 2.0]),
    "empty name": lambda: leaf(1.0, "") * leaf(2.0, "\n\t"),
    "equal names": lambda: leaf(1.0, "w") * leaf(2.0, "w") + leaf(3.0, "w₁"),
    "long name": lambda: leaf(1.0, "a_very_long_name_" * 9) * 2,
    "matrices in a batch": lambda: leaf(np.ones((4, 2, 3)), "x") @ leaf(np.ones((3, 2)), "w"),
}


@pytest.mark.parametrize("make", GRAPHS.values(), ids=GRAPHS)
@pytest.mark.parametrize("freed", [False, True])
def test_strange_graphs(make: Any, freed: bool) -> None:
    with np.errstate(all="ignore"):
        result = make()
        if freed:
            result.backward(ag.ones_like(result))
        every_way(result)


def test_equal_names_are_told_apart() -> None:
    drawing = viz.draw(leaf(1.0, "w") * leaf(2.0, "w") + leaf(3.0, "w₁"))
    assert [lines[0] for lines in boxes(drawing) if "=" in lines[0]] == ["w₂ = 1", "w₃ = 2", "w₁ = 3"]
    one, other = nn.Linear(1, 1), nn.Linear(1, 1)
    drawing = viz.draw(other(one(ag.ones(1, 1))))
    assert [lines[0].split()[0] for lines in boxes(drawing) if "linear" not in lines[0] and "Σ" not in lines[0]] == [
        "weight₁",
        "bias₁",
        "weight₂",
        "bias₂",
    ]


def test_a_batch_of_matrices_times_one_is_summed() -> None:
    x, w = leaf(np.ones((4, 2, 3)), "x"), leaf(np.ones((1, 3, 2)), "w")
    assert ["Σ (1, 3, 2) → (4, 3, 2)"] in boxes(viz.draw((x @ w).sum()))


def test_second_order() -> None:
    x = leaf(0.7, "x")
    (slope,) = ag.autograd.grad(x**3 * ag.sin(x), x, create_graph=True)
    slope.name = "slope"
    drawing = viz.draw(slope)
    expected = 6 * 0.7 * np.sin(0.7) + 6 * 0.7**2 * np.cos(0.7) - 0.7**3 * np.sin(0.7)
    assert boxes(drawing)[0][0] == "x = 0.7"
    assert boxes(drawing)[0][1] == f"∂slope/∂x = {expected:.4g}"
    every_way(slope)


def test_second_order_of_a_network() -> None:
    model = nn.Sequential(nn.Linear(3, 5), nn.Tanh(), nn.Linear(5, 1))
    x = ag.ones(4, 3, requires_grad=True)
    (slope,) = ag.autograd.grad(model(x).sum(), x, create_graph=True)
    penalty = (slope.square().sum() - 1) ** 2
    every_way(penalty)
    penalty.backward()
    every_way(penalty)


def test_a_freed_graph_shows_the_recorded_gradients() -> None:
    w = leaf(np.linspace(-1, 1, 900).reshape(30, 30), "w")
    loss = ag.tanh(ag.ones(40, 30, dtype=np.float64) @ w).square().sum()
    loss.backward()
    drawing = viz.draw(loss)
    recorded = [lines for lines in boxes(drawing) if any(line.startswith("grad: shape") for line in lines)]
    assert recorded
    assert "grad is what the last backward pass brought there." in drawing.picture.notes


def test_drawing_changes_nothing() -> None:
    model = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.ReLU(), nn.Linear(4, 2))
    loss = model(ag.randn(6, 3)).square().sum()
    before = {name: value.numpy().copy() for name, value in model.state_dict().items()}
    saved = [node.saved for node in Graph([loss])]
    for options in ({}, {"detail": "numbers"}, {"detail": "shapes"}, {"of": "0"}, {"depth": 0}):
        viz.draw(loss, **options)  # type: ignore[arg-type]
    assert all(node.saved is kept for node, kept in zip(Graph([loss]), saved, strict=True))
    assert not any(node.freed for node in Graph([loss]))
    assert all(parameter.grad is None for parameter in model.parameters())
    assert all(np.array_equal(value.numpy(), before[name]) for name, value in model.state_dict().items())
    loss.backward()


@pytest.mark.parametrize("result", [[1, 2], None, 3.0, np.ones(2), "x"])
def test_what_is_no_tensor(result: Any) -> None:
    with pytest.raises(TypeError, match="draw takes a Tensor or a Node"):
        viz.draw(result)


def test_several_results_at_once() -> None:
    x = leaf(2.0, "x")
    with pytest.raises(TypeError, match="one of them, or their sum"):
        viz.draw([x * 2, x * 3])  # type: ignore[arg-type]


@pytest.mark.parametrize("value", [ag.tensor([1, 2]), ag.tensor(2.0)])
def test_what_was_not_recorded(value: ag.Tensor) -> None:
    with pytest.raises(RuntimeError, match="requires_grad=True"):
        viz.draw(value)


def test_ten_thousand_operations() -> None:
    y = x = leaf(0.5, "x")
    for i in range(10_000):
        y = ag.sin(y) if i % 7 % 3 else ag.cos(y) * x
    drawing = viz.draw(y)
    assert len(drawing.picture.boxes) < 20
    assert "</svg>" in drawing.to_svg()
    drawing = viz.draw(y, depth=5)
    assert len(drawing.picture.boxes) <= 152


def test_the_same_graph_gives_the_same_picture() -> None:
    def picture() -> Any:
        ag.manual_seed(3)
        return viz.draw(nn.TransformerEncoderLayer(8, 2, 16, dropout=0.0)(ag.ones(5, 2, 8)).sum()).picture

    assert picture() == picture()


class _Passes(ag.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Any, y: Any) -> Any:
        return x * y

    @staticmethod
    def backward(ctx: Any, g: Any) -> Any:
        return 2 * g, None


class _HasNone(ag.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Any) -> Any:
        return x * 2


class _Refuses(_HasNone):
    @staticmethod
    def backward(ctx: Any, g: Any) -> Any:
        raise ValueError("not today")


def test_rules_that_pass_nothing_on() -> None:
    x, y = leaf([1.0, 2.0], "x"), leaf([3.0, 4.0], "y")
    drawing = viz.draw(_Passes.apply(x, y).sum())
    assert boxes(drawing)[:2] == [["x = [1, 2]", "∂L/∂x = [2, 2]"], ["y = [3, 4]"]]
    every_way(_Passes.apply(x, y).sum())
    every_way(_Passes.apply(x.sum(), y.sum()))


@pytest.mark.parametrize("function", [_HasNone, _Refuses])
def test_rules_that_fail(function: Any) -> None:
    x = leaf([1.0, 2.0], "x")
    drawing = viz.draw(function.apply(x).sum())
    assert boxes(drawing)[0] == ["x = [1, 2]"]
    every_way(function.apply(x).sum())
    every_way(function.apply(x.sum()))
