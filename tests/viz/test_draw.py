"""Drawings of the forward graph: boxes, arrows, numbers and formulas."""

from __future__ import annotations

import math
import re
from collections import Counter
from typing import Any

import numpy as np
import pytest

import autograd_core as ag
import nn
import viz
from autograd_core.modes import inside


def named(value: Any, name: str) -> ag.Tensor:
    tensor = ag.tensor(np.array(value), requires_grad=True, dtype=np.float64)
    tensor.name = name
    return tensor


def neuron() -> tuple[ag.Tensor, ...]:
    x, w, b = named(2.0, "x"), named(-3.0, "w"), named(6.88, "b")
    return ag.tanh(x * w + b), x, w, b


def boxes(drawing: viz.Drawing) -> list[list[str]]:
    return [[line.text for line in box.lines] for box in drawing.picture.boxes]


def labels(drawing: viz.Drawing) -> list[str]:
    return [" ".join(line.text for line in arrow.lines) for arrow in drawing.picture.arrows]


def last_number(text: str) -> float:
    return float(text.replace("−", "-").split("=")[-1])


def test_neuron() -> None:
    loss, *_ = neuron()
    drawing = viz.draw(loss)
    assert boxes(drawing) == [
        ["x = 2", "∂L/∂x = −1.503"],
        ["w = −3", "∂L/∂w = 1.002"],
        ["b = 6.88", "∂L/∂b = 0.501"],
        ["x × w", "v₁ = −6", "∂L/∂v₁ = 0.501"],
        ["v₁ + b", "v₂ = 0.88", "∂L/∂v₂ = 0.501"],
        ["tanh(v₂)", "L = 0.7064", "∂L/∂L = 1"],
    ]
    assert labels(drawing) == [
        "∂v₁/∂x = w = −3",
        "∂v₁/∂w = x = 2",
        "∂v₂/∂v₁ = 1",
        "∂v₂/∂b = 1",
        "∂L/∂v₂ = 1 − L² = 0.501",
    ]


FUNCTIONS = {
    "x·x·x": lambda x: x**3,
    "1/x": lambda x: 1 / x,
    "exp": ag.exp,
    "log": ag.log,
    "sin": ag.sin,
    "sigmoid": ag.sigmoid,
    "sqrt": ag.sqrt,
    "relu": ag.relu,
    "2^x": lambda x: 2.0**x,
    "abs": ag.abs,
    "max": lambda x: ag.maximum(x, 0.2),
}


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS)
@pytest.mark.parametrize("at", [0.7, 1.3])
def test_local_derivatives_are_the_numeric_ones(function: Any, at: float) -> None:
    x = named(at, "x")
    drawing = viz.draw(function(x))
    label = next(label for label in labels(drawing) if "/∂x" in label)
    step = 1e-6
    above, below = (function(ag.tensor(np.float64(at + sign * step))).item() for sign in (1, -1))
    assert last_number(label) == pytest.approx((above - below) / (2 * step), rel=1e-3)


def test_the_same_before_and_after_backward() -> None:
    loss, *_ = neuron()
    before = viz.draw(loss).to_svg(), viz.draw_backward(loss).to_svg()
    loss.backward()
    assert (viz.draw(loss).to_svg(), viz.draw_backward(loss).to_svg()) == before


def test_after_the_backward_pass_of_another_result() -> None:
    x = named(3.0, "x")
    y = x * x
    before = viz.draw(y).to_svg()
    (y * 10).backward()
    assert viz.draw(y).to_svg() == before


def test_drawing_leaves_no_trace() -> None:
    loss, x, *_ = neuron()
    viz.draw(loss)
    viz.draw_backward(loss)
    assert x.grad is None
    loss.backward()


def test_repeated_use_has_two_arrows_and_a_sum() -> None:
    x = named(3.0, "x")
    drawing = viz.draw(x * x)
    assert boxes(drawing) == [["x = 3", "∂L/∂x = 6"], ["Σ 2 uses", "3 + 3"], ["x × x", "L = 9", "∂L/∂L = 1"]]
    assert [box.role for box in drawing.picture.boxes] == ["leaf", "sum", "result"]
    assert labels(drawing) == ["", *["∂L/∂x += x = 3"] * 2]
    assert [(arrow.source, arrow.target) for arrow in drawing.picture.arrows] == [(0, 1), (1, 2), (1, 2)]


def test_what_is_repeated_to_fit_has_a_sum() -> None:
    x, b = named([[1.0, 2.0]] * 3, "x"), named([0.5, 1.0], "b")
    drawing = viz.draw((x + b).sum())
    (place,) = (i for i, box in enumerate(drawing.picture.boxes) if box.role == "sum")
    assert boxes(drawing)[place] == ["Σ (2,) → (3, 2)"]
    ends = [(arrow.source, arrow.target) for arrow in drawing.picture.arrows]
    assert (boxes(drawing).index(["b = [0.5, 1]", "∂L/∂b = [3, 3]"]), place) in ends
    assert not any(box.role == "sum" for box in viz.draw((x + x.detach()).sum()).picture.boxes)


def test_small_constants_stand_in_the_expression() -> None:
    x = named([1.0, 2.0], "x")
    drawing = viz.draw((2 * x * ag.tensor([3, 4]) - (-1.0)).sum())
    assert Counter(box.role for box in drawing.picture.boxes) == {"leaf": 1, "operation": 3, "result": 1}
    assert [lines[0] for lines in boxes(drawing)][1:4] == ["2 × x", "v₁ × [3, 4]", "v₂ − (−1)"]
    assert labels(drawing)[:2] == ["∂v₁/∂x = 2", "∂v₂/∂v₁ = [3, 4]"]


def test_constants_with_a_name_and_large_ones_are_boxes() -> None:
    x, data, many = named([[1.0, 2.0]] * 3, "x"), ag.ones(3, 2, dtype=np.float64), ag.zeros(40, dtype=np.float64)
    drawing = viz.draw((x * data).sum() + many.sum() * (x[0, 0] + many).sum(), names={"data": data})
    titles = [box.lines[0].text for box in drawing.picture.boxes if box.role == "constant"]
    assert titles == ["data =", "c₁: shape (40,)"]


def test_an_array_used_twice_is_one_constant() -> None:
    x = named([[1.0, 2.0]], "x")
    data = ag.tensor([[3.0], [4.0]], dtype=np.float64)
    drawing = viz.draw(((x @ data) * (x @ data)).sum(), names={"data": data})
    assert sum(lines[0] == "data =" for lines in boxes(drawing)) == 1


def test_matrices() -> None:
    x, w = named([[1.0, 2.0]], "x"), named([[1.0, 0.0, 2.0], [3.0, 1.0, 0.0]], "w")
    drawing = viz.draw((x @ w).sum())
    text = labels(drawing)
    assert text[0].startswith("∂L/∂x = g @ wᵀ")
    assert text[1].startswith("∂L/∂w = xᵀ @ g")
    assert text[2].startswith("∂L/∂v₁ = 1")
    assert ["w =", "[1  0  2]", "[3  1  0]", "∂L/∂w =", "[1  1  1]", "[2  2  2]"] in boxes(drawing)


def test_a_bias_that_is_repeated_gets_the_sum() -> None:
    x, b = named([[1.0], [2.0], [3.0]], "x"), named([0.5], "b")
    drawing = viz.draw((x @ ag.ones(1, 2, dtype=np.float64) + b).sum())
    assert ["b = [0.5]", "∂L/∂b = [6]"] in boxes(drawing)
    assert ["Σ (1,) → (3, 2)"] in boxes(drawing)


def test_large_arrays_show_shape_and_range() -> None:
    x, w = ag.ones(30, 20, requires_grad=True), ag.ones(20, 40, requires_grad=True)
    loss = ag.tanh(x @ w).sum()
    assert any("x₁: shape (30, 20)" in lines for lines in boxes(viz.draw(loss)))
    loss.backward()
    after = viz.draw(loss)
    assert any("v₁: shape (30, 40)" in lines for lines in boxes(after))
    assert any(label.startswith("∂L/∂x₁ = g @ x₂ᵀ") for label in labels(after))
    viz.draw_backward(loss).to_svg()


def test_gradients_of_several_elements_are_those_of_the_sum() -> None:
    x = named([1.0, 2.0, 3.0], "x")
    drawing = viz.draw(x * x)
    assert boxes(drawing)[0] == ["x = [1, 2, 3]", "∂Σy/∂x = [2, 4, 6]"]
    assert any("sum" in note for note in drawing.picture.notes)


def test_a_leaf_alone() -> None:
    x = named(2.0, "x")
    assert boxes(viz.draw(x)) == [["x = 2", "∂x/∂x = 1"]]
    viz.draw_backward(x).to_svg()


def test_a_node_can_be_drawn() -> None:
    loss, *_ = neuron()
    assert viz.draw(loss.grad_fn).to_svg() == viz.draw(loss).to_svg()


def test_unnamed_values_never_take_a_users_name() -> None:
    a, b = ag.tensor(1.0, requires_grad=True), named(2.0, "x₁")
    c = a * b
    c.name = "v₁"
    drawn = viz.draw(c * c * a).picture.boxes
    names = [box.lines[0].text.split(" = ")[0] for box in drawn if box.role != "sum"]
    assert len(names) == len(set(names))
    assert names[0] == "x"


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_not_finite(value: float) -> None:
    x = named([1.0, value], "x")
    drawing = viz.draw((x * x).sum())
    assert str(value).replace("-", "−") in boxes(drawing)[0][0]
    drawing.to_svg()


@pytest.mark.parametrize(
    ("expression", "shown"),
    [
        (lambda x: x[0, 1:], "x[0, 1:]"),
        (lambda x: x.T, "xᵀ"),
        (lambda x: x.sum(0), "Σ(x, axis=0)"),
        (lambda x: x**2, "x²"),
        (lambda x: -x, "−x"),
        (lambda x: x.abs(), "|x|"),
        (lambda x: x.reshape(4), "reshape(x, shape=(4,))"),
        (lambda x: ag.softmax(x), "softmax(x, axis=1)"),
    ],
)
def test_operations_are_written_as_one_reads_them(expression: Any, shown: str) -> None:
    x = named([[1.0, 2.0], [3.0, 4.0]], "x")
    assert shown in [lines[0] for lines in boxes(viz.draw(expression(x)))]


def network(layers: int) -> ag.Tensor:
    x = 2 * named(0.5, "x")
    for i in range(layers):
        with inside(f"block{i}"):
            for part in ("a", "b"):
                with inside(part):
                    x = ag.tanh(x * named(1.1, f"w{i}{part}"))
    return x


def test_an_op_of_several_inputs_is_written_as_a_call() -> None:
    import nn.functional as F  # noqa: N812

    x, w, b = named([[1.0, 2.0]], "x"), named([[1.0, 2.0]], "w"), named([1.0], "b")
    assert "linear(x, w, b)" in [lines[0] for lines in boxes(viz.draw(F.linear(x, w, b)))]


def test_depth_folds_modules() -> None:
    loss = network(3)
    drawing = viz.draw(loss, depth=0)
    assert [lines[0] for lines in boxes(drawing)] == ["x = 0.5", "2 × x", "block0", "block1", "block2"]
    assert "4 operations, 2 parameters" in boxes(drawing)[2]
    assert [lines[0] for lines in boxes(viz.draw(loss, depth=1))][2:4] == ["block0.a", "block0.b"]
    backward = viz.draw_backward(loss, depth=0, forward=False)
    assert [line for lines in boxes(backward) for line in lines if line.startswith("block")] == [
        "block2",
        "block1",
        "block0",
    ]


def test_a_module_called_twice_is_two_boxes() -> None:
    x = named(0.5, "x")
    for _ in range(2):
        with inside("same"):
            x = ag.tanh(x)
        x = x * 2
    assert sum(lines[0] == "same" for lines in boxes(viz.draw(x, depth=0))) == 2


def test_large_graphs_fold_by_themselves() -> None:
    assert len(viz.draw(network(200)).picture.boxes) < 10
    assert len(viz.draw(network(3)).picture.boxes) == 8 + 12


def test_thousands_of_operations() -> None:
    y = named(0.5, "x")
    for _ in range(5000):
        y = ag.sin(y)
    drawing = viz.draw(y, depth=1)
    assert len(drawing.picture.boxes) == 5001
    assert drawing.to_svg().count("<g data-key") == 5001
    viz.draw_backward(y).to_svg()


def test_ten_thousand_inputs() -> None:
    leaves = [ag.tensor(float(i), requires_grad=True) for i in range(10_000)]
    drawing = viz.draw(ag.stack(leaves).sum())
    assert any(lines[0].endswith("more leaves") for lines in boxes(drawing))
    assert len(drawing.picture.boxes) < 50
    drawing.to_svg()


def test_deep_reuse() -> None:
    y = named(1.0, "x")
    for _ in range(50):
        y = y + y
    assert boxes(viz.draw(y))[0] == ["x = 1", "∂L/∂x = 1.126e15"]


def test_a_users_own_op_whose_rule_does_not_run_on_symbols() -> None:
    from autograd_core.rules import TABLE, custom, each

    def opaque(i: int, g: Any, y: Any, xs: Any) -> Any:
        return np.asarray(g, dtype=float)[()] * 2.0

    op = custom(lambda xs: xs[0] * 2.0, each(opaque), name="viz_test_opaque", variadic=True)
    try:
        drawing = viz.draw(op(named(1.0, "x")))
        assert boxes(drawing)[0] == ["x = 1", "∂L/∂x = 2"]
        drawing.to_svg()
    finally:
        del TABLE["viz_test_opaque"]


def test_errors() -> None:
    with pytest.raises(RuntimeError, match="requires_grad=True"):
        viz.draw(ag.tensor(1.0))
    with pytest.raises(TypeError, match="Tensor or a Node, got float"):
        viz.draw_backward(1.0)  # type: ignore[arg-type]
    loss, x, *_ = neuron()
    with pytest.raises(TypeError, match="dict from names to Tensors"):
        viz.draw(loss, names=[x])  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="dict from names to Tensors"):
        viz.draw(loss, names={x: "x"})  # type: ignore[dict-item]
    with pytest.raises(ValueError, match="from 0, got -1"):
        viz.draw(loss, depth=-1)
    with pytest.raises(ValueError, match="'right' or 'down'"):
        viz.draw(loss, direction="up")  # type: ignore[arg-type]


def test_names_given_at_the_call() -> None:
    x = ag.tensor(2.0, requires_grad=True)
    drawing = viz.draw(x * x, names={"θ": x})
    assert boxes(drawing)[0][0] == "θ = 2"
    assert re.search("θ × θ", drawing.to_svg())


@pytest.mark.parametrize(
    ("expression", "shown"),
    [
        (lambda x: ag.einsum("ij,kj->ik", x, x), "einsum(x, x, spec=ij,kj->ik)"),
        (lambda x: x.reshape(-1, 1), "reshape(x, shape=(−1, 1))"),
        (lambda x: ag.square(x), "x²"),
        (lambda x: ag.exp2(x), "2^x"),
        (lambda x: ag.logaddexp(x, 2.0), "logaddexp(x, 2)"),
        (lambda x: ag.xlogy(x, -2.0), "x·log (−2)"),
        (lambda x: ag.lgamma(x), "log Γ(x)"),
        (lambda x: ag.linalg.inv(x), "x⁻¹"),
        (lambda x: x - (-3), "x − (−3)"),
        (lambda x: x**-2, "x⁻²"),
        (lambda x: -(2.0 ** (x * 0)), "−v₂"),
    ],
)
def test_signs_stand_where_they_belong(expression: Any, shown: str) -> None:
    x = named([[1.0, 2.0], [3.0, 4.5]], "x")
    assert shown in [lines[0] for lines in boxes(viz.draw(expression(x)))]


def test_a_golden_picture() -> None:
    x, w, b = named([[1.0, 2.0]], "x"), named([[3.0], [-1.0]], "w"), named([0.5, 1.0], "b")
    with inside("model"):
        with inside("layer"):
            y = ag.tanh((x @ w + b) * 0.5)
        loss = (y * y).sum()
    picture = viz.draw(loss).picture
    assert [(box.key, box.role, box.tie, ".".join(box.scope), box.lines[0].text) for box in picture.boxes] == [
        ("n0", "leaf", "n0", "model.layer", "x = [[1, 2]]"),
        ("n1", "leaf", "n1", "model.layer", "w ="),
        ("n2", "leaf", "n2", "model.layer", "b = [0.5, 1]"),
        ("n3", "operation", "n3", "model.layer", "x @ w"),
        ("s4", "sum", "n4-repeat0", "model.layer", "Σ (1, 1) → (1, 2)"),
        ("n5", "operation", "n4", "model.layer", "v₁ + b"),
        ("n6", "operation", "n5", "model.layer", "v₂ × 0.5"),
        ("n7", "operation", "n6", "model.layer", "tanh(v₃)"),
        ("s8", "sum", "n6-sum", "model.layer", "Σ 2 uses"),
        ("n9", "operation", "n7", "model", "v₄ × v₄"),
        ("n10", "result", "n8", "model", "Σ(v₅)"),
    ]
    assert [
        (arrow.source, arrow.target, arrow.tie, *(line.text for line in arrow.lines)) for arrow in picture.arrows
    ] == [
        (0, 3, "n3-in0", "∂L/∂x = g @ wᵀ", "= [[2.096, −0.6988]]"),
        (1, 3, "n3-in1", "∂L/∂w = xᵀ @ g", "[0.6988]", "[ 1.398]"),
        (3, 4, ""),
        (4, 5, "n4-in0", "∂v₂/∂v₁ = 1"),
        (2, 5, "n4-in1", "∂v₂/∂b = 1"),
        (5, 6, "n5-in0", "∂v₃/∂v₂ = 0.5"),
        (6, 7, "n6-in0", "∂v₄/∂v₃ = 1 − v₄²", "= [[0.5966, 0.42]]"),
        (7, 8, ""),
        (8, 9, "n7-in0", "∂v₅/∂v₄ = v₄ = [[0.6351, 0.7616]]"),
        (8, 9, "n7-in1", "∂v₅/∂v₄ = v₄ = [[0.6351, 0.7616]]"),
        (9, 10, "n8-in0", "∂L/∂v₅ = 1 = [[1, 1]]"),
    ]
    assert (picture.kind, picture.title, picture.lang, picture.halves) == ("forward", "Forward graph of L", "en", ())
    assert picture.notes == ("g is the gradient that arrives at the operation: ∂L/∂ its result.",)


def test_signs_in_formulas_are_explained() -> None:
    told = "[j = t] is 1 where class j is the target, else 0."
    loss = nn.functional.cross_entropy(ag.zeros(2, 3, requires_grad=True), ag.tensor([0, 1]))
    assert told in viz.draw(loss).picture.notes
    assert told in viz.play(loss).picture.notes
    assert told not in viz.draw(loss, detail="shapes").picture.notes


def test_an_input_stands_outside_of_the_module_that_it_enters() -> None:
    x = ag.tensor([[1.0, 2.0]], requires_grad=True)
    boxes = viz.draw(nn.Sequential(nn.Linear(2, 1))(x).sum(), names={"x": x}).picture.boxes
    scopes = {box.lines[0].text.split()[0]: box.scope for box in boxes if box.role == "leaf"}
    assert scopes == {"x": (), "0.weight": ("0",), "0.bias": ("0",)}


def test_writing_into_a_place_is_no_second_equation() -> None:
    x = ag.tensor([1.0, 2.0, 3.0], requires_grad=True)
    y = x * 2
    y[0] = x[2]
    assert "v₃ = v₁[0 ← v₂]" in {item.text for box in viz.draw_backward(y.sum()).picture.boxes for item in box.lines}
