"""The backward graph: an object of its own, and its drawing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd_core as ag
import nn
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


def test_a_broadcast_is_an_explicit_sum_over_the_repeats() -> None:
    x, b = leaf([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], "x"), leaf([0.5, -1.0], "b")
    graph = viz.backward_graph((x * b).sum())
    (step,) = [step for step in graph.steps if step.kind == "repeats"]
    assert step.position == 1
    np.testing.assert_allclose(step.gradient, [9.0, 12.0])
    (coming,) = [flow for flow in graph.flows if flow.target is step]
    np.testing.assert_allclose(coming.part, x.detach().numpy())
    (going,) = [flow for flow in graph.flows if flow.source is step]
    assert going.target.kind == "leaf"
    drawing = viz.draw_backward((x * b).sum(), forward=False)
    (box,) = [box for box in drawing.picture.boxes if box.role == "sum"]
    assert [item.text for item in box.lines] == ["Σ", "over axis 0", "∂L/∂b = [9, 12]"]


@pytest.mark.parametrize(
    ("shapes", "told"),
    [
        (((2, 3), ()), "over all elements"),
        (((2, 3), (2, 1)), "over axis 1"),
        (((4, 2, 3), (1, 3)), "over axes 0, 1"),
    ],
)
def test_the_axes_of_a_sum_are_told(shapes: Any, told: str) -> None:
    one, other = (leaf(np.ones(shape), name) for shape, name in zip(shapes, "xb", strict=True))
    drawing = viz.draw_backward((one + other).sum(), forward=False)
    assert told in [line for box in lines(drawing) for line in box]


def total(flows: list[Any], shape: tuple[int, ...]) -> Any:
    """The sum of what arrives, over the uses and over the repeats."""
    summed = sum(np.asarray(flow.part) for flow in flows)
    axes = tuple(range(summed.ndim - len(shape)))
    summed = summed.sum(axis=axes)
    return summed.sum(axis=tuple(i for i, length in enumerate(shape) if length == 1), keepdims=True)


OPERATIONS = {
    "add": lambda a, b: a + b,
    "mul": lambda a, b: a * b,
    "tanh": lambda a, b: ag.tanh(a),
    "sum": lambda a, b: a.sum(),
    "max": lambda a, b: ag.maximum(a, b),
    "rows": lambda a, b: ag.sum(a + ag.zeros(2, 3), axis=1, keepdims=True),
    "where": lambda a, b: ag.where(a > 0.1, a, b),
}


@given(st.lists(st.tuples(st.sampled_from(list(OPERATIONS)), st.integers(0, 9), st.integers(0, 9)), max_size=12))
def test_what_flows_into_a_step_sums_to_its_gradient(program: list[tuple[str, int, int]]) -> None:
    start = {"a": leaf(0.5, "a"), "b": leaf([-0.8, 0.3, 0.2], "b"), "c": leaf([[0.1], [0.7]], "c")}
    values = list(start.values())
    for name, i, j in program:
        values.append(OPERATIONS[name](values[i % len(values)], values[j % len(values)]))
    loss = sum(value.sum() for value in values)
    graph = viz.backward_graph(loss)
    expected = ag.autograd.grad(loss, list(start.values()), retain_graph=True)
    found = {step.forward: step.gradient for step in graph.steps if step.kind == "leaf"}
    for tensor, gradient in zip(start.values(), expected, strict=True):
        np.testing.assert_allclose(found[tensor.node], gradient.numpy())
    for step in graph.steps:
        coming = [flow for flow in graph.flows if flow.target is step]
        shape = step.forward.shape
        if step.position is not None:
            parent = step.forward.inputs[step.position]
            assert parent is not None
            shape = parent.shape
        if step.kind != "seed":
            np.testing.assert_allclose(total(coming, shape), step.gradient)
        for flow in graph.flows:
            if flow.source is step and step.kind in ("sum", "repeats", "seed"):
                np.testing.assert_allclose(flow.part, step.gradient)


FORMULAS = {
    "matmul": (lambda x, w: x @ w, ["∂L/∂x = g @ Wᵀ", "∂L/∂W = xᵀ @ g"]),
    "softmax": (lambda x, w: ag.softmax(x, axis=1), ["∂L/∂x = v₁·(g − Σ(g·v₁))"]),
    "log_softmax": (lambda x, w: ag.log_softmax(x, axis=1), ["∂L/∂x = g − exp(v₁)·Σ(g)"]),
    "cross_entropy": (lambda x, w: nn.functional.cross_entropy(x, ag.tensor([0, 1])), ["∂L/∂v₁ = −g·[j = t] / 2"]),
    "square": (lambda x, w: x**2, ["∂L/∂x = 2·g·x"]),
    "quotient": (lambda x, w: 1 / x, ["∂L/∂x = −g·v₁ / x"]),
    "root": (lambda x, w: ag.sqrt(x), ["∂L/∂x = g / (2·v₁)"]),
    "mean": (lambda x, w: x.mean(), ["∂L/∂x = g / 4"]),
    "norm": (lambda x, w: nn.functional.batch_norm(x, None, None, training=True), ["/ sqrt(var(x) + 1e-05)"]),
    "index": (lambda x, w: x[0], ["∂L/∂x = g, put back in its place"]),
    "cat": (lambda x, w: ag.cat([x, w], 0), ["∂L/∂x = g[0:2]", "∂L/∂W = g[2:4]"]),
    "stack": (lambda x, w: ag.stack([x, w]), ["∂L/∂x = g[0]", "∂L/∂W = g[1]"]),
    "where": (lambda x, w: ag.where(ag.tensor([True, False]), x, w), ["∂L/∂x = g if [True, False] else 0"]),
    "max": (lambda x, w: x.max(), ["∂L/∂x = g·[x = L] / Σ([x = L])"]),
    "relu": (lambda x, w: ag.relu(x), ["∂L/∂x = g·[v₁ > 0]"]),
    "leaky": (lambda x, w: nn.functional.leaky_relu(x, 0.1), ["∂L/∂x = g·(1 if x > 0 else 0.1)"]),
    "einsum": (lambda x, w: ag.einsum("ij,kj->ik", x, w), ["∂L/∂x = "]),
    "exp2": (lambda x, w: 2**x, ["∂L/∂x = g·v₁·ln 2"]),
    "cube": (lambda x, w: x**3, ["∂L/∂x = 3·g·x²"]),
    "pool": (lambda x, w: nn.functional.max_pool2d(x[None, None], 2), ["∂L/∂v₁ = g·[v₁ = max□]"]),
    "svd": (lambda x, w: ag.linalg.eigvalsh(x @ x.T), ["rule, of g"]),
}


@pytest.mark.parametrize("name", FORMULAS)
def test_formulas_are_as_one_writes_them(name: str) -> None:
    program, expected = FORMULAS[name]
    x, w = leaf([[0.9, 0.2], [0.3, 0.4]], "x"), leaf([[0.5, 0.6], [0.7, 0.8]], "W")
    result = program(x, w)
    drawing = viz.draw_backward(result if result.ndim == 0 else result.sum(), forward=False)
    shown = " | ".join(item.text for arrow in drawing.picture.arrows for item in arrow.lines)
    assert all(text in shown for text in expected), shown


def test_convolution_reads_as_convolutions() -> None:
    x, w, b = leaf(np.ones((1, 1, 4, 4)), "x"), leaf(np.ones((1, 1, 2, 2)), "W"), leaf([0.5], "b")
    drawing = viz.draw_backward(nn.functional.conv2d(x, w, b, stride=2).sum(), forward=False)
    shown = [arrow.lines[0].text.partition(" = ")[2] for arrow in drawing.picture.arrows if arrow.lines]
    assert shown[-3:] == ["conv_transpose(g, W)", "conv(x, g)", "Σ(g)"]


def test_second_order_names_the_gradients() -> None:
    x, w = leaf(0.5, "x"), leaf(2.0, "w")
    loss = ag.sin(x * w) * x
    (gradient,) = ag.autograd.grad(loss, [x], create_graph=True)
    drawing = viz.draw_backward(gradient)
    forward, backward = drawing.picture.halves
    assert forward.title == "Forward graph of ∂L/∂x"
    leaves = {box.lines[0].text: box.lines[1].text for box in backward.boxes if box.role == "leaf"}
    second = ag.autograd.grad(gradient, [x, w])
    assert leaves == {
        "x": f"∂²L/∂x² = {second[0].item():.4g}",
        "w": f"∂²L/∂w∂x = {second[1].item():.4g}",
    }
    titles = [box.lines[1].text for box in backward.boxes if box.role == "operation"]
    assert "∂L/∂v₁ = ∂L/∂v₂ × v₄" in titles


def test_a_gradient_of_a_named_loss_and_its_own_name() -> None:
    x = leaf(0.5, "x")
    loss = x**3
    loss.name = "C"
    (gradient,) = ag.autograd.grad(loss, [x], create_graph=True)
    assert viz.draw_backward(gradient + loss, forward=False).picture.title == "Backward graph of L"
    shown = viz.draw(gradient * loss).to_svg()
    assert "∂C/∂x" in shown
    gradient.name = "slope"
    assert viz.draw(gradient).picture.title == "Forward graph of slope"


def test_a_function_that_is_differentiated_is_so_by_its_argument() -> None:
    slope = ag.grad(lambda t: ag.sin(t) * t)
    assert viz.draw(slope(leaf(0.5, "t"))).picture.title == "Forward graph of ∂L/∂t"


def test_passes_of_several_results_name_nothing() -> None:
    x = leaf(0.5, "x")
    (gradient,) = ag.autograd.grad([x**3, ag.sin(x)], [x], create_graph=True)
    assert viz.draw(gradient).picture.title == "Forward graph of L"


def test_drawing_changes_nothing() -> None:
    x = leaf([0.5, 1.0], "x")
    loss = (ag.tanh(x) * x).sum()
    viz.draw_backward(loss).to_svg()
    assert x.grad is None
    loss.backward()
    before = x.grad.numpy().copy()
    after = viz.draw_backward(loss)
    assert "∂L/∂x" in after.to_svg()
    np.testing.assert_array_equal(x.grad.numpy(), before)


def test_a_freed_graph_shows_what_backward_left() -> None:
    x = leaf(np.linspace(-1, 1, 400).reshape(20, 20), "x")
    loss = (ag.tanh(x @ x) * x).sum()
    loss.backward()
    picture = viz.draw_backward(loss, forward=False).picture
    (found,) = [box for box in picture.boxes if box.role == "leaf"]
    assert x.grad is not None
    low, high = x.grad.min().item(), x.grad.max().item()
    assert found.lines[1].text == "grad: shape (20, 20)"
    assert f"{low:.4g}".replace("-", "−") in found.lines[2].text
    assert f"{high:.4g}" in found.lines[2].text
    assert picture.notes == ("grad is what the last backward pass brought there.",)
