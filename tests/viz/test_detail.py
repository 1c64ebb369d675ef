"""How much is written: formulas, numbers or shapes; histograms and moments of large arrays."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autograd_core as ag
import nn
import viz
from viz.figures import BARS, extent, figure
from viz.words import Words


def named(value: Any, name: str) -> ag.Tensor:
    tensor = ag.tensor(np.array(value), requires_grad=True, dtype=np.float64)
    tensor.name = name
    return tensor


def neuron() -> ag.Tensor:
    return ag.tanh(named(2.0, "x") * named(-3.0, "w") + named(6.88, "b"))


def boxes(drawing: viz.Drawing) -> list[list[str]]:
    return [[line.text for line in box.lines] for box in drawing.picture.boxes]


def labels(drawing: viz.Drawing) -> list[str]:
    return [" ".join(line.text for line in arrow.lines) for arrow in drawing.picture.arrows]


def test_numbers_without_formulas() -> None:
    drawing = viz.draw(neuron(), detail="numbers")
    assert boxes(drawing) == boxes(viz.draw(neuron()))
    assert labels(drawing) == ["−3", "2", "1", "1", "0.501"]
    x, w = named([[1.0, 2.0]], "x"), named([[1.0, 0.0, 2.0], [3.0, 1.0, 0.0]], "w")
    assert labels(viz.draw((x @ w).sum(), detail="numbers")) == ["[[3, 4]]", "[1  1  1] [2  2  2]", "[[1, 1, 1]]"]


def test_shapes_alone() -> None:
    x, b = named([[1.0, 2.0]] * 3, "x"), named([0.5, 0.25], "b")
    drawing = viz.draw(((x + b) * x).sum(), detail="shapes")
    assert boxes(drawing) == [
        ["x: shape (3, 2)"],
        ["Σ 2 uses"],
        ["b: shape (2,)"],
        ["Σ (2,) → (3, 2)"],
        ["x + b", "v₁: shape (3, 2)"],
        ["v₁ × x", "v₂: shape (3, 2)"],
        ["Σ(v₂)", "L: shape ()"],
    ]
    assert set(labels(drawing)) == {""}
    assert drawing.picture.notes == ()


def test_shapes_compute_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    loss = nn.Sequential(nn.Linear(3, 40), nn.ReLU(), nn.Linear(40, 1))(ag.ones(5, 3)).sum()

    def fails(*args: Any, **kwargs: Any) -> Any:
        raise AssertionError("a rule was run")

    for node in ag.Graph([loss]):
        if node.op is not None:
            monkeypatch.setattr(node.op, "vjps", [rule and fails for rule in node.op.vjps])
    drawing = viz.draw(loss, detail="shapes")
    assert "0.weight: shape (40, 3)" in [lines[0] for lines in boxes(drawing)]
    assert "c₁: shape (5, 3)" in [lines[0] for lines in boxes(drawing)]


@pytest.mark.parametrize("detail", ["formula", "numbers", "shapes"])
@pytest.mark.parametrize("freed", [False, True])
def test_every_detail_before_and_after_backward(detail: Any, freed: bool) -> None:
    model = nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.ReLU(), nn.Flatten(), nn.Linear(18 * 2, 2))
    loss = nn.functional.cross_entropy(model(ag.ones(3, 1, 5, 8)[:, :, :, :]), ag.tensor([0, 1, 1]))
    if freed:
        loss.backward()
    drawing = viz.draw(loss, detail=detail)
    assert drawing.to_svg().count("<g data-key") == len(drawing.picture.boxes)
    for drawing in (viz.draw_backward(loss, detail=detail), viz.draw(loss, detail=detail, lang="zh-TW")):
        assert "</svg>" in drawing.to_svg()


def test_an_unknown_detail() -> None:
    with pytest.raises(ValueError, match="'formula', 'numbers', 'shapes', got 'all'"):
        viz.draw(neuron(), detail="all")  # type: ignore[arg-type]


def test_large_arrays_have_moments_and_a_histogram() -> None:
    x = named(np.linspace(-1.0, 1.0, 1201) ** 3, "x")
    drawing = viz.draw((x * x).sum())
    box = drawing.picture.boxes[0]
    assert [line.text for line in box.lines[:2]] == ["x: shape (1201,)", f"{0} ± 0.379, −1 to 1".replace("0 ±", "0 ±")]
    assert len(box.bars) == BARS
    assert max(box.bars) == 1
    assert box.bars[0] < box.bars[BARS // 2 - 1]
    assert drawing.to_svg().count("data-bars") == sum(bool(box.bars) for box in drawing.picture.boxes)


def test_moments_are_those_of_the_finite_elements() -> None:
    values = np.array([1.0, 2.0, 3.0, np.nan, np.nan, np.inf])
    summary = figure(values)
    assert (summary.mean, summary.low, summary.high) == (2.0, 1.0, 3.0)
    assert summary.std == pytest.approx(np.std([1, 2, 3]))
    assert (summary.nans, summary.infinities, summary.finite) == (2, 1, False)
    assert extent(summary, Words()) == "2 ± 0.816, 1 to 3, 2 × nan, 1 × inf"
    assert sum(bar > 0 for bar in summary.bars) == 3


@pytest.mark.parametrize(
    "values",
    [
        np.full(9, np.nan),
        np.full(9, -np.inf),
        np.full(9, 3.0),
        np.array([1.7e308, -1.7e308] * 5),
        np.array([5e-324, 0.0] * 5),
        np.array([1.0, 1.0 + 2**-52] * 5),
        np.arange(9) > 4,
        np.arange(-5, 5),
        np.full(9, np.iinfo(np.int64).max),
        np.linspace(-6e4, 6e4, 9, dtype=np.float16),
        np.zeros((0, 3)),
    ],
    ids=["nan", "inf", "constant", "huge", "subnormal", "close", "bool", "int", "largest", "half", "empty"],
)
def test_figures_of_strange_arrays(values: Any) -> None:
    found = figure(values)
    if values.size == 0:
        assert found is values
        return
    assert all(0 <= bar <= 1 for bar in found.bars)
    assert extent(found, Words("zh-TW"))
    finite = values[np.isfinite(values)]
    if finite.size:
        assert (found.low, found.high) == (finite.min(), finite.max())
        if abs(finite.astype(np.float64)).max() < 1e300:
            assert found.mean == pytest.approx(finite.mean(dtype=np.float64))
            assert found.std == pytest.approx(finite.std(dtype=np.float64), abs=1e-320)


def test_a_histogram_of_many_elements_counts_evenly() -> None:
    values = np.tile(np.arange(12.0), 30_000)
    assert min(figure(values).bars) > 0.95


def test_not_finite_lines_are_marked() -> None:
    x = named([*[1.0] * 8, np.nan], "x")
    lines = viz.draw((x * 2).sum()).picture.boxes[0].lines
    assert [(line.text, line.finite) for line in lines[:2]] == [
        ("x: shape (9,)", True),
        ("1 ± 0, 1 to 1, 1 × nan", False),
    ]


def test_values_that_were_not_kept_are_computed_again() -> None:
    x, w = named(np.linspace(-1, 1, 900).reshape(30, 30), "x"), named(np.eye(30), "w")
    loss = ag.relu(x @ w).sum()  # the rule of relu needs its result alone
    (product,) = (box for box in viz.draw(loss).picture.boxes if box.lines[0].text == "x @ w")
    assert product.lines[2].text == "0 ± 0.578, −1 to 1"
    assert product.bars
    loss.backward()
    del x, w
    (product,) = (box for box in viz.draw(loss).picture.boxes if box.lines[0].text == "x @ w")
    assert not product.bars


def test_weights_that_no_rule_needs_are_shown_as_long_as_someone_has_them() -> None:
    layer = nn.Linear(30, 20)
    loss = layer(ag.ones(4, 30)).sum()
    (weight,) = (box for box in viz.draw(loss).picture.boxes if box.lines[0].text.startswith("weight"))
    assert "±" in weight.lines[1].text
    assert weight.bars
    loss.backward()
    (weight,) = (box for box in viz.draw(loss).picture.boxes if box.lines[0].text.startswith("weight"))
    assert weight.bars
    del layer
    (weight,) = (box for box in viz.draw(loss).picture.boxes if box.lines[0].text.startswith("weight"))
    assert not weight.bars
    assert weight.lines[0].text == "weight: shape (20, 30)"
