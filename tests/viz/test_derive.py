"""Derivations: the chain rule of the lectures with its numbers, and laws that hold for any graph."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd_core as ag
import nn
import nn.functional
import viz
from autograd_core.symbolic import Expr
from viz.notation import Known
from viz.statements import Equations


def leaf(value: Any, name: str | None = None) -> ag.Tensor:
    tensor = ag.tensor(np.array(value), dtype=np.float64, requires_grad=True)
    tensor.name = name
    return tensor


def gradient(loss: ag.Tensor, wrt: ag.Tensor) -> Any:
    return ag.autograd.grad(loss.sum(), wrt, retain_graph=True)[0].array


def section(derivation: viz.Derivation) -> list[str]:
    """The lines below the values, without empty ones, one space between words."""
    lines = str(derivation).splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith("─")) - 1
    return [" ".join(line.split()) for line in lines[start:] if line.strip() and not line.startswith("─")]


# C1: add and multiply nodes


def test_an_add_node_passes_the_gradient_on() -> None:
    x, y = leaf(2.0, "x"), leaf(5.0, "y")
    assert section(viz.derive(x + y, wrt=[x, y])) == [
        "∂L/∂x",
        "1 path leads from x to L.",
        "∂L/∂x = 1",
        "∂L/∂y",
        "1 path leads from y to L.",
        "∂L/∂y = 1",
    ]


def test_a_multiply_node_swaps() -> None:
    x, y = leaf(2.0, "x"), leaf(5.0, "y")
    assert section(viz.derive(x * y, wrt=[x, y])) == [
        "∂L/∂x",
        "1 path leads from x to L.",
        "∂L/∂x = y",
        "= 5",
        "∂L/∂y",
        "1 path leads from y to L.",
        "∂L/∂y = x",
        "= 2",
    ]


# C2: z = t², t = x + y


def test_square_of_a_sum() -> None:
    x, y = leaf(3.0, "x"), leaf(4.0, "y")
    t = x + y
    z = t**2
    derivation = viz.derive(z, wrt=x, names={"t": t, "z": z})
    assert str(derivation) == (
        "The values:\n"
        "\n"
        "  x = 3\n"
        "  y = 4\n"
        "  t = x + y = 7\n"
        "  z = t² = 49\n"
        "\n"
        "∂z/∂x\n"
        "─────\n"
        "\n"
        "1 path leads from x to z.\n"
        "\n"
        "  ∂z/∂x = ∂z/∂t · ∂t/∂x\n"
        "        = (2·t) · 1\n"
        "        = 14 · 1\n"
        "        = 14\n"
    )
    assert derivation.gradients[0].value == 2 * (3 + 4)


# C3: a ReLU node


def test_relu_lets_through_or_is_dead() -> None:
    x = leaf(2.0, "x")
    assert section(viz.derive(x.relu() * 3, wrt=x))[2:] == [
        "∂L/∂x = ∂L/∂v₁ · ∂v₁/∂x",
        "= 3 · [v₁ > 0]",
        "= 3 · 1",
        "= 3",
    ]
    x = leaf(-2.0, "x")
    assert section(viz.derive(x.relu() * 3, wrt=x))[4:] == [
        "= 3 · 0",
        "= 0",
        "∂v₁/∂x = 0: relu lets no gradient through here.",
    ]


# C4: one path, and the sum over two


def test_case_1() -> None:
    x = leaf(0.5, "x")
    y = x.exp()
    z = y.sin()
    lines = section(viz.derive(z, wrt=x, names={"y": y, "z": z}))
    assert lines[2:4] == ["∂z/∂x = ∂z/∂y · ∂y/∂x", "= cos(y) · y"]
    assert lines[-1] == f"= {math.cos(math.exp(0.5)) * math.exp(0.5):.4g}".replace("-", "−")


def test_case_2() -> None:
    s = leaf(2.0, "s")
    x, y = s**2, s.log()
    z = x * y
    derivation = viz.derive(z, wrt=s, names={"x": x, "y": y, "z": z})
    assert section(derivation)[1:] == [
        "2 paths lead from s to z.",
        "∂z/∂s = ∂z/∂x · ∂x/∂s + ∂z/∂y · ∂y/∂s",
        "Path 1: s → x → z",
        "∂z/∂x · ∂x/∂s = y · (2·s)",
        "= 0.6931 · 4",
        "= 2.773",
        "Path 2: s → y → z",
        "∂z/∂y · ∂y/∂s = x · (1 / s)",
        "= 4 · 0.5",
        "= 2",
        "The sum over all paths:",
        "∂z/∂s = 2.773 + 2",
        "= 4.773",
    ]
    (first, second) = derivation.gradients[0].paths
    assert first.value + second.value == gradient(z, s) == derivation.gradients[0].value


# C5: the network 2-2-2-1 written with single numbers


def network() -> tuple[ag.Tensor, dict[str, ag.Tensor]]:
    start = iter((0.5, -0.3, 0.8, 0.2, 0.1, 0.7, -0.6, 0.4, 0.9, -1.1))
    at: dict[str, ag.Tensor] = {"x₁": leaf(1.5), "x₂": leaf(-2.0)}
    at |= {f"w¹{i}{j}": leaf(next(start)) for i in "₁₂" for j in "₁₂"}
    at |= {f"w²{i}{j}": leaf(next(start)) for i in "₁₂" for j in "₁₂"}
    at |= {f"w³₁{j}": leaf(next(start)) for j in "₁₂"}
    for i in "₁₂":
        at[f"z¹{i}"] = at[f"w¹{i}₁"] * at["x₁"] + at[f"w¹{i}₂"] * at["x₂"]
        at[f"a¹{i}"] = at[f"z¹{i}"].sigmoid()
    for i in "₁₂":
        at[f"z²{i}"] = at[f"w²{i}₁"] * at["a¹₁"] + at[f"w²{i}₂"] * at["a¹₂"]
        at[f"a²{i}"] = at[f"z²{i}"].sigmoid()
    at["ŷ"] = at["w³₁₁"] * at["a²₁"] + at["w³₁₂"] * at["a²₂"]
    at["e"] = at["ŷ"] - 0.25
    return at["e"] ** 2 / 2, at


def test_the_three_layer_network_is_the_product_on_the_slide() -> None:
    loss, at = network()
    derivation = viz.derive(loss, wrt=at["w¹₁₁"], names=at)
    assert "= e · [w³₁₁ · σ′(z²₁) · w²₁₁ + w³₁₂ · σ′(z²₂) · w²₂₁] · σ′(z¹₁) · x₁\n" in str(derivation)
    assert r"\sigma'(z_{1}^{2})" in derivation.to_latex()

    n = {name: float(tensor.detach()) for name, tensor in at.items()}

    def slope(z: float) -> float:
        return 1 / (1 + math.exp(-z)) * (1 - 1 / (1 + math.exp(-z)))

    inner = sum(n[f"w³₁{i}"] * slope(n[f"z²{i}"]) * n[f"w²{i}₁"] for i in "₁₂")
    product = (n["ŷ"] - 0.25) * inner * slope(n["z¹₁"]) * n["x₁"]
    (found,) = derivation.gradients
    assert found.count == 2
    assert sum(path.value for path in found.paths) == pytest.approx(product, rel=1e-14)
    assert found.value == pytest.approx(product, rel=1e-14)
    assert gradient(loss, at["w¹₁₁"]) == pytest.approx(product, rel=1e-14)


# C6: the backward pass in matrices


def evaluated(formula: Any) -> Any:
    """What a printed formula gives with the numbers of its symbols."""
    if isinstance(formula, Known):
        return np.asarray(formula.number)
    if not isinstance(formula, Expr):
        return formula
    parts = [evaluated(arg) for arg in formula.args]
    head = formula.head
    if head == "total":
        return sum(parts[1:], parts[0])
    if head == "Σ":
        return parts[0].sum(0) if parts[0].ndim > 1 else parts[0].sum()
    if head == "outer":
        return np.outer(*parts)
    return {"value": lambda figure: figure}.get(head, getattr(np, head, None))(*parts)


def equations(derivation: viz.Derivation) -> dict[str, list[Any]]:
    """The right sides of each gradient's rows, by its name."""
    found: dict[str, list[Any]] = {}
    for block in derivation.blocks:
        for row in block.rows if isinstance(block, Equations) else ():
            if isinstance(row.left, Known):
                current = found.setdefault(str(row.left.args[0]), [])
                current.append(row.left)
            current.append(row.right)
    return found


def test_recurrences_are_those_on_the_slides() -> None:
    x = ag.tensor([[0.5], [-1.0], [2.0]], dtype=np.float64)
    w1, b1 = leaf([[0.1, 0.2, -0.3], [0.5, -0.4, 0.6]], "W1"), leaf([[0.1], [-0.2]], "b1")
    w2, b2 = leaf([[0.7, -0.8], [0.9, 1.0]], "W2"), leaf([[0.3], [0.4]], "b2")
    z1 = w1 @ x + b1
    a1 = z1.sigmoid()
    z2 = w2 @ a1 + b2
    a2 = z2.sigmoid()
    cost = ((a2 - 0.5) ** 2).sum()
    names = {"z1": z1, "a1": a1, "z2": z2, "a2": a2, "x": x, "C": cost}
    derivation = viz.derive(cost, wrt=[w1, b1, w2], names=names)
    lines = section(derivation)
    for line in (
        "δ² = ∂C/∂z2 (2, 1)",
        "= σ′(z2) ∘ ∂C/∂a2",
        "δ¹ = ∂C/∂z1 (2, 1)",
        "= σ′(z1) ∘ (W2ᵀ @ δ²)",
        "∂C/∂W2 = δ² @ a1ᵀ (2, 2)",
        "∂C/∂W1 = δ¹ @ xᵀ (2, 3)",
        "∂C/∂b1 = δ¹ (2, 1)",
    ):
        assert line in lines
    rows = equations(derivation)
    np.testing.assert_array_equal(rows["δ¹"][0].number, gradient(cost, z1))
    np.testing.assert_array_equal(rows["δ²"][0].number, gradient(cost, z2))


@pytest.mark.parametrize("written", ["linear", "transposed", "plain"])
def test_the_orientation_is_that_of_the_code(written: str) -> None:
    x, w, b = ag.randn(3, 2), ag.randn(4, 2, requires_grad=True), ag.zeros(4, requires_grad=True)
    v = ag.randn(2, 4, requires_grad=True)
    if written == "linear":
        z, weight, expected = nn.functional.linear(x, w, b), w, "δ¹ᵀ @ x"
    elif written == "transposed":
        z, weight, expected = x @ w.T + b, w, "δ¹ᵀ @ x"
    else:
        z, weight, expected = b + x @ v, v, "xᵀ @ δ¹"
    lines = section(viz.derive(z.tanh().sum(), wrt=[weight, b]))
    assert f"∂L/∂W¹ = {expected} {weight.shape}" in lines
    assert "∂L/∂b¹ = Σ(δ¹) (4,)" in lines


@given(st.data())
def test_deltas_of_random_networks_follow_from_the_printed_formulas(data: st.DataObject) -> None:
    sizes = data.draw(st.lists(st.integers(1, 3), min_size=2, max_size=5))
    activation = data.draw(st.sampled_from([ag.tanh, ag.sigmoid, ag.relu, nn.functional.leaky_relu]))
    generator = np.random.default_rng(data.draw(st.integers(0, 2**32 - 1)))
    rows = data.draw(st.integers(1, 4))
    way = data.draw(st.sampled_from(["linear", "columns", "rows"]))

    def made(*shape: int) -> ag.Tensor:
        return leaf(generator.normal(size=shape))

    a = ag.tensor(generator.normal(size=(sizes[0], rows) if way == "columns" else (rows, sizes[0])))
    zs, leaves = [], []
    for wide, high in pairwise(sizes):
        w = made(wide, high) if way == "rows" else made(high, wide)
        b = made(high, 1) if way == "columns" else made(high)
        zs.append(nn.functional.linear(a, w, b) if way == "linear" else (w @ a if way == "columns" else a @ w) + b)
        a = activation(zs[-1])
        leaves += [w, b]
    loss = (a * a).mean()
    derivation = viz.derive(loss, wrt=leaves)
    found = equations(derivation)
    for number, z in enumerate(zs, start=1):
        left, _, formula, *_ = found[f"δ{'⁰¹²³⁴'[number]}"]
        np.testing.assert_allclose(left.number, gradient(loss, z), rtol=1e-12)
        np.testing.assert_allclose(evaluated(formula), left.number, rtol=1e-9, atol=1e-15)
    for one, tensor in zip(derivation.gradients, leaves, strict=True):
        left, formula, *_ = found[f"∂L/∂{one.name}"]
        np.testing.assert_allclose(one.value, gradient(loss, tensor), rtol=1e-12)
        result = evaluated(formula) if "Σ" not in str(formula) or way != "columns" else one.value
        np.testing.assert_allclose(np.reshape(result, left.number.shape), left.number, rtol=1e-9, atol=1e-15)


def test_softmax_and_cross_entropy_are_one_step() -> None:
    scores = leaf(np.log([[0.27, 0.32, 0.41]]), "z")
    derivation = viz.derive(nn.functional.cross_entropy(scores, ag.tensor([2])), wrt=scores)
    lines = section(derivation)
    assert "∂L/∂z = softmax(z) − Y (1, 3)" in lines
    assert "= [0.27 0.32 −0.59]" in lines
    assert lines[-1] == "Y has a 1 at the class of each row, else 0."


def test_parameters_of_a_module_are_called_by_their_layers() -> None:
    model = nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Flatten(), nn.Linear(3, 1))
    derivation = viz.derive(model(ag.ones(2, 2)).sum(), wrt=list(model.parameters()))
    assert "0.weight, (3, 2)" in str(derivation)
    lines = section(derivation)
    assert "= relu′(z¹) ∘ ∂L/∂a¹" in lines
    assert "∂L/∂W² = δ²ᵀ @ v₃ (1, 3)" in lines


# Paths


UNARY = [ag.sin, ag.tanh, ag.relu, ag.exp, lambda x: x * x, lambda x: -x, lambda x: x * 0.5 + 1]
BINARY = [ag.add, ag.subtract, ag.multiply, ag.maximum, lambda x, y: x / (y * y + 1)]


@given(st.data())
def test_the_paths_add_up_to_the_gradient(data: st.DataObject) -> None:
    number = st.floats(-1.5, 1.5)
    leaves = [leaf(data.draw(number)) for _ in range(data.draw(st.integers(1, 3)))]
    values = list(leaves)
    for _ in range(data.draw(st.integers(1, 9))):
        pick = st.integers(max(0, len(values) - 4), len(values) - 1)
        if data.draw(st.booleans()):
            values.append(data.draw(st.sampled_from(UNARY))(values[data.draw(pick)]))
        else:
            values.append(data.draw(st.sampled_from(BINARY))(values[data.draw(pick)], values[data.draw(pick)]))
    loss = values[-1]
    behind = set(ag.Graph([loss]).nodes)
    for wrt in (tensor for tensor in values if tensor.node in behind):
        derivation = viz.derive(loss, wrt=wrt, paths=10_000)
        (found,) = derivation.gradients
        assert found.count == len(found.paths) < 10_000
        total = sum(path.value for path in found.paths)
        expected = gradient(loss, wrt)
        size = sum(abs(path.value) for path in found.paths)
        assert total == pytest.approx(expected, rel=1e-9, abs=1e-12 * (1 + size))
        for path in found.paths:
            assert math.prod(path.factors) == pytest.approx(path.value, rel=1e-9, abs=1e-300)


ARRAYS = [
    ag.sin,
    lambda x: x @ ag.tensor([[0.5, -1.0], [2.0, 0.25]], dtype=np.float64),
    lambda x: x.T,
    lambda x: x.sum(0) + x,
    lambda x: x[::-1],
    lambda x: x.softmax(-1),
    lambda x: x.reshape(2, 2) * x.mean(),
]


@given(st.data())
def test_the_paths_add_up_to_the_gradient_of_arrays_too(data: st.DataObject) -> None:
    numbers = st.lists(st.floats(-1.5, 1.5), min_size=4, max_size=4)
    x = leaf(np.reshape(data.draw(numbers), (2, 2)))
    values = [x]
    for _ in range(data.draw(st.integers(1, 5))):
        pick = st.sampled_from(values[-3:])
        if data.draw(st.booleans()):
            values.append(data.draw(st.sampled_from(ARRAYS))(data.draw(pick)))
        else:
            values.append(
                data.draw(st.sampled_from([ag.add, ag.multiply, ag.matmul]))(data.draw(pick), data.draw(pick))
            )
    loss = values[-1]
    if data.draw(st.booleans()):
        loss = loss.sum()
    (found,) = viz.derive(loss, wrt=x, paths=10_000).gradients
    assert found.count == len(found.paths) < 10_000
    expected = gradient(loss, x)
    size = 1 + sum(np.abs(path.value).max() for path in found.paths)
    np.testing.assert_allclose(sum(path.value for path in found.paths), expected, rtol=1e-9, atol=1e-12 * size)
    np.testing.assert_array_equal(found.value, expected)


def test_what_is_used_twice_has_two_paths() -> None:
    x = leaf(3.0, "x")
    derivation = viz.derive(x * x, wrt=x)
    lines = section(derivation)
    assert "∂L/∂x = ∂₁L/∂x + ∂₂L/∂x" in lines
    assert "∂L/∂x = 3 + 3" in lines
    assert lines[-1].startswith("∂₁ is the derivative by what stands in the first place")
    assert [path.names for path in derivation.gradients[0].paths] == [("x", "L"), ("x", "L")]


def test_a_way_around_an_operation_is_told_from_the_way_through_it() -> None:
    x = leaf(2.0, "x")
    y = x + 1
    lines = section(viz.derive(x * y, wrt=x, names={"y": y}))
    assert "∂L/∂x = ∂₁L/∂x + ∂L/∂y · ∂y/∂x" in lines


def test_very_many_paths_are_counted_and_factored() -> None:
    x = leaf(1.1, "x")
    value = x
    for _ in range(12):
        value = value * value / 1.1
    derivation = viz.derive(value, wrt=x, paths=2)
    (found,) = derivation.gradients
    assert (found.count, len(found.paths)) == (4096, 2)
    text = str(derivation)
    assert "2 of 4,096 paths shown." in text
    assert text.count("[∂₁v") == 12
    assert found.value == pytest.approx(4096.0)


def test_paths_that_meet_nowhere_are_followed_step_by_step() -> None:
    x = leaf(0.5, "x")
    values = [x, x * 2]
    for _ in range(30):
        values.append(values[-1] + values[-2])
    derivation = viz.derive(values[-1], wrt=x)
    assert derivation.gradients[0].count == 2_178_309
    assert "Step by step, each value once:" in str(derivation)


@pytest.mark.parametrize("step", [ag.sin, lambda value: value * value], ids=["chain", "powers of two"])
def test_ten_thousand_operations(step: Any) -> None:
    x = leaf(1.0, "x")
    value = x
    for _ in range(10_000):
        value = step(value)
    derivation = viz.derive(value, wrt=x, paths=2)
    assert derivation.gradients[0].count in (1, 2**10_000)
    assert len(derivation.to_html()) < 200_000
    assert "left out" in str(derivation)


# What else there is to differentiate


def test_by_what_was_computed_and_by_the_result() -> None:
    x = leaf(0.5, "x")
    h = x.tanh()
    loss = h * 3
    assert section(viz.derive(loss, wrt=h, names={"h": h}))[-1] == "∂L/∂h = 3"
    assert section(viz.derive(loss, wrt=loss)) == ["∂L/∂L", "∂L/∂L = 1"]
    assert viz.derive(loss, wrt=[h, h]).gradients[0].value == 3


def test_several_results_stand_for_their_sum() -> None:
    x = leaf([1.0, 2.0], "x")
    derivation = viz.derive(x * x, wrt=x)
    assert "∂Σy/∂x = ∂Σy/∂y ∘ x + ∂Σy/∂y ∘ x (2,)" in section(derivation)
    np.testing.assert_array_equal(derivation.gradients[0].value, [2.0, 4.0])
    assert [list(path.value) for path in derivation.gradients[0].paths] == [[1.0, 2.0], [1.0, 2.0]]


def test_derivatives_of_derivatives() -> None:
    x = leaf(2.0, "x")
    (first,) = ag.autograd.grad(x**3, x, create_graph=True)
    assert viz.derive(first, wrt=x).gradients[0].value == 12.0


def test_what_lets_no_gradient_through() -> None:
    x = leaf(2.5, "x")
    text = str(viz.derive(x.floor() * x, wrt=x))
    assert "⌊x⌋ = 2" in text
    assert "∂v₁/∂x = 0: floor lets no gradient through here." in text


def test_after_backward_small_graphs_keep_their_numbers_and_large_ones_say_so() -> None:
    small, large = leaf(np.ones((2, 2)), "W"), leaf(np.ones((40, 40)), "W")
    for weight, told in ((small, False), (large, True)):
        loss = (ag.ones(len(weight), len(weight)) @ weight).tanh().sum()
        loss.backward()
        before = weight.grad
        text = str(viz.derive(loss, wrt=weight))
        assert ("Numbers are missing" in text) == told
        assert "tanh′(z¹) ∘ ∂L/∂a¹" in text
        assert weight.grad is before


def test_a_users_own_operation_whose_rule_does_not_run_on_symbols() -> None:
    class Cube(ag.autograd.Function):
        @staticmethod
        def forward(ctx: Any, x: ag.Tensor) -> ag.Tensor:
            ctx.save_for_backward(x)
            return x**3

        @staticmethod
        def backward(ctx: Any, g: ag.Tensor) -> ag.Tensor:
            (x,) = ctx.saved_tensors
            return g * 3 * float(x) ** 2

    x = leaf(2.0, "x")
    derivation = viz.derive(Cube.apply(x) + 1, wrt=x)
    assert derivation.gradients[0].value == 12.0
    assert "rule" in str(derivation)


def test_mistakes_are_named() -> None:
    x, other, data = leaf(1.0), leaf(2.0), ag.tensor(3.0)
    for mistake, error, message in (
        ({"wrt": other}, ValueError, "was not computed from wrt="),
        ({"wrt": data}, ValueError, "does not require grad"),
        ({"wrt": []}, ValueError, "wrt= is empty"),
        ({"wrt": "x"}, TypeError, "got str"),
        ({"wrt": [x, 3]}, TypeError, "got int"),
        ({"wrt": {"x": x}}, TypeError, "got dict"),
        ({"wrt": x, "paths": 0}, ValueError, "at least 1"),
        ({"wrt": x, "lang": "fr"}, ValueError, "lang="),
    ):
        with pytest.raises(error, match=message):
            viz.derive(x * data, **mistake)
    with pytest.raises(RuntimeError, match="has no graph"):
        viz.derive(data, wrt=x)


def test_gradients_that_are_only_moved_say_where_to() -> None:
    x = leaf(np.arange(6.0).reshape(2, 3), "x")
    lines = section(viz.derive((x[1:].reshape(3).tanh() * x[0]).sum(), wrt=x))
    assert "∂L/∂x = put(∂L/∂v₁, 1:) + put(∂L/∂v₄, 0) (2, 3)" in lines
    assert "∂L/∂v₁ = reshape(∂L/∂v₂) (1, 3)" in lines


def test_a_choice_that_is_made_and_a_guard_against_zero_are_not_asked_about() -> None:
    x = leaf(2.0, "x")
    assert "= L·log(2)" in str(viz.derive(2**x, wrt=x))
    assert "= x·x^(x − 1)" in str(viz.derive(x**x, wrt=x))
    chosen = section(viz.derive(ag.where(x > 1, x * 3, x * 5), wrt=x))
    assert "∂L/∂v₁ · ∂v₁/∂x = 1 · 3" in chosen
    assert "∂L/∂v₂ · ∂v₂/∂x = 0 · 5" in chosen


@pytest.mark.parametrize(
    ("reduce", "lines"),
    [
        (lambda m: m.sum(0), ["∂L/∂m = repeat(∂L/∂v₁) (2, 2)", "= [1 −1]", "[1 −1]"]),
        (lambda m: m.mean(1), ["∂L/∂m = repeat(∂L/∂v₁) / 2 (2, 2)", "= [ 0.5 0.5]", "[−0.5 −0.5]"]),
        (
            lambda m: ag.logsumexp(m, axis=1),
            ["∂L/∂m = ∂L/∂v₁ ∘ exp(m − v₁) (2, 2)", "= [ 1] ∘ exp([0 0] − [0.6931])", "[−1] [0 0] [0.6931]"],
        ),
    ],
)
def test_what_is_reduced_along_an_axis_stands_beside_what_it_came_from(reduce: Any, lines: list[str]) -> None:
    m, c = leaf(np.zeros((2, 2)), "m"), ag.tensor([1.0, -1.0], dtype=np.float64)
    shown = section(viz.derive((reduce(m) * c).sum(), wrt=m))
    start = shown.index(lines[0])
    assert shown[start : start + 3] == lines


def test_the_axis_of_a_sum_is_told() -> None:
    m = leaf([[1.0, 2.0], [3.0, 4.0]], "m")
    shown = str(viz.derive((ag.softmax(m, axis=1) ** 2).sum(), wrt=m))
    assert "softmax(m, axis=1)" in shown
    assert "Σ inside a rule is a sum along the axis of its operation." in shown
    assert "inside a rule" not in str(viz.derive(m.sum(0).tanh().sum(), wrt=m))


def test_the_ways_into_one_operation_are_told_apart() -> None:
    m = leaf([[1.0, 2.0], [3.0, 4.0]], "m")
    derivation = viz.derive((m @ m).sum(), wrt=m)
    lines = section(derivation)
    assert "m →₁ z¹ → L = [3 7]" in lines
    assert "m →₂ z¹ → L = [4 4]" in lines
    assert "The number at an arrow is that of the place in the operation it leads to." in lines
    assert r"m \to_{2} z^{1} \to L" in derivation.to_latex()
    assert "<msub><mo>→</mo><mn>2</mn></msub>" in derivation.to_mathml()
    assert "an arrow" not in str(viz.derive((m + m.tanh()).sum(), wrt=m))


def test_values_are_computed_by_formulas_that_readers_know() -> None:
    rnn, x = nn.RNN(1, 1), leaf([[[1.0]], [[2.0]]]).float().detach()
    derivation = str(viz.derive(rnn(x)[0][-1].sum(), wrt=rnn.weight_hh_l0))
    assert "v₃ @ weight_ih_l0ᵀ" not in derivation
    assert "@ weight_hh_l0ᵀ + v₁" in derivation
    image = leaf(np.ones((1, 1, 4, 4)), "x")
    assert "max_pool(x, size=(2, 2), stride=(2, 2))" in str(viz.derive(nn.functional.max_pool2d(image, 2), wrt=image))
    spread = leaf([[1.0, 2.0], [3.0, 5.0]], "x")
    told = str(viz.derive(spread.std(), wrt=spread))
    assert "mean(x) " in told
    assert "√(v₅)" in told
