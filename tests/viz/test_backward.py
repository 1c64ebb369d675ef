"""The backward graph: an object of its own, and its drawing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd_core as ag
import viz


def leaf(value: Any, name: str) -> ag.Tensor:
    tensor = ag.tensor(np.array(value), dtype=np.float64, requires_grad=True)
    tensor.name = name
    return tensor


def lines(drawing: viz.Drawing) -> list[list[str]]:
    return [[line.text for line in box.lines] for box in drawing.picture.boxes]


def test_neuron() -> None:
    x, w, b = leaf(2.0, "x"), leaf(-3.0, "w"), leaf(6.88, "b")
    drawing = viz.draw_backward(ag.tanh(x * w + b), forward=False)
    assert lines(drawing) == [
        ["start", "∂L/∂L = 1"],
        ["backward of", "L = tanh(v₂)", "g = ∂L/∂L = 1"],
        ["backward of", "v₂ = v₁ + b", "g = ∂L/∂v₂ = 0.501"],
        ["backward of", "v₁ = x × w", "g = ∂L/∂v₁ = 0.501"],
        ["b", "∂L/∂b = 0.501"],
        ["w", "∂L/∂w = 1.002"],
        ["x", "∂L/∂x = −1.503"],
    ]
    assert [" ".join(line.text for line in arrow.lines) for arrow in drawing.picture.arrows] == [
        "",
        "∂L/∂v₂ = g·(1 − L²) = 0.501",
        "∂L/∂v₁ = g = 0.501",
        "∂L/∂b = g = 0.501",
        "∂L/∂x = g·w = −1.503",
        "∂L/∂w = g·x = 1.002",
    ]


def test_a_fan_out_is_an_explicit_sum() -> None:
    x = leaf(0.5, "x")
    drawing = viz.draw_backward(x.sin() + x * x + ag.exp(x), forward=False)
    sums = [box for box in drawing.picture.boxes if box.role == "sum"]
    assert [[line.text for line in box.lines] for box in sums] == [["+", "∂L/∂x = 3.526"]]
    place = drawing.picture.boxes.index(sums[0])
    arriving = [arrow for arrow in drawing.picture.arrows if arrow.target == place]
    assert [arrow.lines[0].text for arrow in arriving] == [
        "g·v₄ = 1.649",
        "g·x = 0.5",
        "g·x = 0.5",
        "g·cos(x) = 0.8776",
    ]


def test_each_step_is_tied_to_its_forward_operation() -> None:
    x = leaf(3.0, "x")
    y = x * x
    graph = viz.backward_graph(y)
    assert [step.kind for step in graph.steps] == ["seed", "rule", "sum", "leaf"]
    assert [step.forward for step in graph.steps] == [y.node, y.node, x.node, x.node]
    assert [(flow.position, float(flow.part)) for flow in graph.flows] == [(None, 1.0), (0, 3.0), (1, 3.0), (None, 6.0)]


PROGRAMS = {
    "diamond": lambda x, w: ag.sin(x) * ag.exp(x) + w * x,
    "matrices": lambda x, w: ag.tanh(ag.stack([x, w]) @ ag.stack([w, x])).sum(),
    "softmax": lambda x, w: (ag.softmax(x * w) * w).sum(),
    "reductions": lambda x, w: x.max() * w.mean() + ag.logsumexp(x),
    "reuse": lambda x, w: (x * x * x + x / (w * w + 1)).sum(),
}


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)
def test_sums_and_leaves_agree_with_backward(program: Any) -> None:
    x, w = leaf([0.3, -1.2], "x"), leaf([0.7, 0.4], "w")
    loss = program(x, w)
    loss = loss if loss.ndim == 0 else loss.sum()
    graph = viz.backward_graph(loss)
    loss.backward()
    found = {step.forward: step.gradient for step in graph.steps if step.kind == "leaf"}
    np.testing.assert_allclose(found[x.node], x.grad.numpy())
    np.testing.assert_allclose(found[w.node], w.grad.numpy())
    for step in graph.steps:
        coming = [flow.part for flow in graph.flows if flow.target is step]
        if step.kind == "sum":
            assert len(coming) > 1
            np.testing.assert_allclose(sum(coming), step.gradient)
        elif step.kind != "seed":
            assert len(coming) == 1


@given(st.lists(st.tuples(st.sampled_from(["add", "mul", "tanh"]), st.integers(0, 9), st.integers(0, 9)), max_size=15))
def test_random_graphs_flow_to_what_backward_gives(program: list[tuple[str, int, int]]) -> None:
    values = [leaf(0.5, "a"), leaf(-0.8, "b")]
    for name, i, j in program:
        a, b = values[i % len(values)], values[j % len(values)]
        values.append(a + b if name == "add" else a * b if name == "mul" else ag.tanh(a))
    loss = values[-1]
    graph = viz.backward_graph(loss)
    svg = viz.draw_backward(loss).to_svg()
    loss.backward()
    for step in graph.steps:
        if step.kind == "leaf":
            tensor = next(value for value in values[:2] if value.node is step.forward)
            assert tensor.grad is not None
            assert float(step.gradient) == pytest.approx(tensor.grad.item())
    assert viz.draw_backward(loss).to_svg() == svg
