"""Parts of a graph: of= and to=."""

from __future__ import annotations

from typing import Any

import pytest

import autograd_core as ag
import nn
import viz


class Model(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.fc1 = nn.Linear(3, 3)
        self.blocks = nn.ModuleList([nn.Sequential(nn.Linear(3, 3), nn.Tanh()) for _ in range(2)])
        self.fc2 = nn.Linear(3, 1)

    def forward(self, x: ag.Tensor) -> ag.Tensor:
        x = self.fc1(x).relu()
        for block in self.blocks:
            x = x + block(x)
        return self.fc2(x)


@pytest.fixture
def model() -> Model:
    ag.manual_seed(0)
    return Model()


@pytest.fixture
def loss(model: Model) -> ag.Tensor:
    return model(ag.ones(4, 3)).square().sum()


def chain() -> tuple[ag.Tensor, ...]:
    x, w, b = (ag.tensor(value, requires_grad=True) for value in (2.0, -3.0, 6.0))
    for tensor, name in ((x, "x"), (w, "w"), (b, "b")):
        tensor.name = name
    product = x * w
    product.name = "p"
    total = product + b
    return total * product, total, product, x, w, b


def titles(drawing: viz.Drawing) -> list[str]:
    return [box.lines[0].text for box in drawing.picture.boxes]


def roles(drawing: viz.Drawing) -> list[str]:
    return [box.role for box in drawing.picture.boxes]


def test_to_a_value() -> None:
    result, total, product, *_ = chain()
    drawing = viz.draw(result, to=product)
    assert titles(drawing) == ["x = 2", "w = −3", "x × w", "Σ 2 uses", "⋯"]
    assert [line.text for line in drawing.picture.boxes[-1].lines] == ["⋯", "2 uses not drawn"]
    assert drawing.picture.title == "Part of the forward graph of L"
    assert [line.text for line in drawing.picture.boxes[0].lines] == ["x = 2", "∂L/∂x = 18"]  # of the whole
    assert titles(viz.draw(result, to=total)) == ["x = 2", "w = −3", "b = 6", "x × w", "Σ 2 uses", "p + b", "⋯", "⋯"]


def test_of_a_value_with_what_comes_from_outside() -> None:
    result, total, _, x, *_ = chain()
    assert titles(viz.draw(result, of=total)) == ["b = 6", "⋯", "p + b", "v₁ × p"]
    drawing = viz.draw(result, of=total)
    assert [line.text for line in drawing.picture.boxes[1].lines][:2] == ["⋯", "p = −6"]
    assert roles(drawing) == ["leaf", "cut", "operation", "result"]
    assert titles(viz.draw(result, of=x)) == titles(viz.draw(result))


def test_between_two_values() -> None:
    result, total, product, x, _, b = chain()
    assert titles(viz.draw(result, of=b, to=total)) == ["b = 6", "⋯", "p + b", "⋯"]
    assert titles(viz.draw(result, of=[x, b], to=total)) == titles(viz.draw(result, to=total))
    with pytest.raises(ValueError, match="nothing lies between"):
        viz.draw(result, of=b, to=product)


def test_values_by_name_and_by_node() -> None:
    result, total, product, *_ = chain()
    assert titles(viz.draw(result, of="p")) == titles(viz.draw(result, of=product))
    assert titles(viz.draw(result, to=total.node)) == titles(viz.draw(result, to=total))
    assert titles(viz.draw(result, names={"t": total}, to="t"))[-3] == "p + b"


@pytest.mark.parametrize("path", ["fc1", "blocks.1", "blocks.0.0"])
def test_a_module_or_its_path(model: Model, loss: ag.Tensor, path: str) -> None:
    drawing = viz.draw(loss, of=path)
    assert drawing.to_svg() == viz.draw(loss, of=model.get_submodule(path)).to_svg()
    assert {box.scope[0] for box in drawing.picture.boxes if box.scope} == {
        path.removesuffix(".0.0") + ".0" * ("0.0" in path)
    }
    names = {f"{path}.{name}" for name, _ in model.get_submodule(path).named_parameters()}
    assert {box.lines[0].text.split(" =")[0] for box in drawing.picture.boxes if box.role == "leaf"} == names


def test_from_one_module_to_another(model: Model, loss: ag.Tensor) -> None:
    drawing = viz.draw(loss, of="blocks.0", to=model.blocks[1])
    assert {box.scope[0] for box in drawing.picture.boxes if box.scope} == {"blocks.0", "blocks.1"}
    assert (
        sum(box.role == "cut" for box in drawing.picture.boxes) == 3
    )  # one way in; past the second block, and out of it
    assert sum(title == "relu(v₁)" for title in titles(drawing)) == 0
    assert len(titles(viz.draw(loss, of="blocks", to="blocks"))) == len(titles(drawing))


def test_the_whole_model(model: Model, loss: ag.Tensor) -> None:
    assert len(viz.draw(loss, of=model).picture.boxes) == len(viz.draw(loss).picture.boxes)


def test_a_folded_part(model: Model, loss: ag.Tensor) -> None:
    drawing = viz.draw(loss, of="blocks.0", to="blocks.1", depth=0)
    assert [title for title in titles(drawing) if title != "⋯"][:1] == ["blocks.0"]
    assert len(drawing.picture.arrows) >= len(drawing.picture.boxes) - 1
    for detail in ("formula", "numbers", "shapes"):
        assert "</svg>" in viz.draw(loss, of="blocks.0", detail=detail).to_svg()  # type: ignore[arg-type]
        assert "</svg>" in viz.draw_backward(loss, of="blocks.0", detail=detail).to_svg()  # type: ignore[arg-type]


def test_errors(model: Model, loss: ag.Tensor) -> None:
    stranger: Any
    for stranger, error, message in (
        (ag.tensor(1.0, requires_grad=True), ValueError, "not part of this graph"),
        (ag.tensor(1.0), ValueError, "not part of this graph"),
        ("fc9", ValueError, "its modules are fc1, blocks.0"),
        (nn.Tanh(), ValueError, "give its path instead"),
        (nn.Linear(2, 2), ValueError, "give its path instead"),
        (3, TypeError, "got int"),
    ):
        with pytest.raises(error, match=message):
            viz.draw(loss, of=stranger)
        with pytest.raises(error, match=message):
            viz.draw(loss, to=[stranger])
    with pytest.raises(ValueError, match="of= is empty"):
        viz.draw(loss, of=[])
