"""A graph as text for terminals: what stands in it, in columns, whatever the names and the size."""

from __future__ import annotations

import unicodedata

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd_core as ag
import nn
import viz
from viz.tree import columns


def leaf(value: object, name: str) -> ag.Tensor:
    x = ag.tensor(value, requires_grad=True)
    x.name = name
    return x


def test_the_expression_of_the_lecture() -> None:
    x, w, b = leaf(2.0, "x"), leaf(-3.0, "w"), leaf(6.5, "b")
    assert viz.text(ag.relu(x * w + b) * x).splitlines() == [
        "Forward graph of L",
        "",
        "L = v₃ × x           = 1    ∂L/∂L = 1     multiply",
        "├─ v₃ = relu(v₂)     = 0.5  ∂L/∂v₃ = 2    relu",
        "│  └─ v₂ = v₁ + b    = 0.5  ∂L/∂v₂ = 2    add",
        "│     ├─ v₁ = x × w  = −6   ∂L/∂v₁ = 2    multiply",
        "│     │  ├─ x        = 2    ∂L/∂x = −5.5  leaf, used 2 times",
        "│     │  └─ w        = −3   ∂L/∂w = 4     leaf",
        "│     └─ b           = 6.5  ∂L/∂b = 2     leaf",
        "└─ x                                      see above",
    ]


def test_a_part_of_a_graph() -> None:
    x = leaf(0.5, "x")
    a = x * 2
    b = ag.relu(a) + 1
    lines = viz.text(ag.square(b) * x, of=a, to=b, lang="en").splitlines()
    assert lines[0] == "Part of the forward graph of L"
    assert [line.split()[-1] for line in lines[2:5]] == ["add", "relu", "multiply"]
    with pytest.raises(ValueError, match="of="):
        viz.text(b, of=leaf(1.0, "z"))


def test_what_is_shared_is_written_once() -> None:
    x = leaf(0.5, "x")
    shared = ag.sin(x)
    text = viz.text(shared * shared + ag.exp(shared))
    assert text.count("sin(x)") == 1
    assert "sin, used 3 times" in text
    assert text.count("see above") == 1  # once for each operation that uses it again


@pytest.mark.parametrize("name", ["x", "權重", "重み 学習率", "e\u0301", "ｗ", "👍"])
def test_columns_are_aligned(name: str) -> None:
    x, w = leaf(2.0, name), leaf(3.0, "w")
    lines = viz.text(ag.sin(x * w) + w).splitlines()[2:]
    assert len({columns(line.partition("= ")[0]) for line in lines if line.startswith(("├", "└"))} - {0}) >= 1
    starts = {
        columns(line[: line.rindex("∂L/∂")].rpartition("∂L/∂")[0] or line[: line.index("∂L/∂")])
        for line in lines
        if "∂" in line
    }
    assert len(starts) == 1


def test_columns_count_as_terminals_do() -> None:
    assert [columns(text) for text in ("ab", "學習", "e\u0301", "ｗ", "a\u200db", "")] == [2, 4, 1, 2, 2, 0]


def test_values_that_are_not_finite_are_pointed_at() -> None:
    x = leaf([1.0, np.nan, np.inf], "x")
    text = viz.text(x * 2)
    assert "= [1, nan, inf] (!)" in text
    large = leaf(np.array([np.nan] + [1.0] * 99), "large")
    assert "shape (100,)" in viz.text(large * 2)


def test_modules_arrays_and_constants() -> None:
    model = nn.Sequential(nn.Linear(2, 2), nn.Tanh())
    text = viz.text(model(ag.ones(3, 2)).sum(), names=dict(model.named_parameters()))
    assert "linear, in 0" in text
    assert "0.weight" in text
    assert any("c₁" in line and line.endswith("constant") for line in text.splitlines())
    empty = viz.text(leaf(np.zeros((0, 3)), "x") * 2)
    assert "empty, shape (0, 3)" in empty
    assert "gradients are those of its sum" in empty


def test_folded_modules() -> None:
    model = nn.Sequential(nn.Linear(2, 2), nn.Tanh(), nn.Linear(2, 1))
    loss = model(ag.ones(3, 2)).sum()
    names = dict(model.named_parameters())
    assert "0.weight" not in viz.text(loss, names=names, depth=0)
    with pytest.raises(ValueError, match="depth="):
        viz.text(loss, depth=-1)


def test_deep_graphs_need_no_recursion_and_stay_narrow() -> None:
    y = x = leaf(0.5, "x")
    for i in range(300):
        y = [ag.sin, ag.cos, lambda v: v * x][i % 3](y)
    lines = viz.text(y, depth=100).splitlines()
    assert max(map(columns, lines)) < 140
    assert sum("see below" in line for line in lines) == sum(line == "" for line in lines) - 1
    assert sum(line.count(" = sin(") for line in lines) == 100
    for i in range(30_000):
        y = [ag.sin, ag.cos, lambda v: v * x][i % 3](y)
    assert len(viz.text(y).splitlines()) < 1000


def test_freed_graphs() -> None:
    x = leaf(3.0, "x")
    y = ag.exp(x) * x
    y.backward()
    assert "grad = " in viz.text(y) or "∂L/∂x = " in viz.text(y)


def test_drawing_changes_nothing() -> None:
    x = leaf(3.0, "x")
    y = x * x
    viz.text(y)
    assert x.grad is None
    y.backward()
    assert x.grad is not None


def test_without_a_graph() -> None:
    with pytest.raises(RuntimeError, match="text needs a tensor that requires grad"):
        viz.text(ag.tensor(1.0))
    with pytest.raises(TypeError, match="text takes a Tensor or a Node"):
        viz.text(3)  # type: ignore[arg-type]
    x = leaf(1.0, "x")
    assert x.node is not None
    assert "leaf" in viz.text(x.node)


@given(st.text(max_size=30))
def test_any_name_stays_on_its_line(name: str) -> None:
    text = viz.text(leaf(2.0, name) * 3)
    text.encode()
    assert len(text.splitlines()) == 4
    assert not any(unicodedata.category(character) in ("Cc", "Cs") for character in text if character != "\n")


@given(st.lists(st.tuples(st.integers(0, 100), st.integers(0, 100)), min_size=1, max_size=60))
def test_random_graphs(uses: list[tuple[int, int]]) -> None:
    """Every value is written out once, below something that uses it, however the graph is knotted."""
    values = [leaf(0.5, "a"), leaf(0.25, "b")]
    for first, second in uses:
        values.append(values[first % len(values)] * values[second % len(values)])
    graph = ag.Graph([values[-1]])
    lines = viz.text(values[-1], depth=100).splitlines()
    written = [line.replace("│", " ").replace("├─", "  ").replace("└─", "  ").strip() for line in lines[2:] if line]
    assert sum(" = " in line and " × " in line for line in written) == sum(node.op is not None for node in graph)
    assert sum(line.endswith("leaf") or "leaf, used" in line for line in written) == len(graph.leaves)
    roots = [line for line in lines[2:] if line and line[0] not in "│├└ "]
    assert len(roots) == 1 + sum(line == "" for line in lines[2:])
    put_off = [line.split()[0] for line in written if line.endswith("see below")]
    assert {line.split()[0] for line in roots[1:]} == set(put_off)
