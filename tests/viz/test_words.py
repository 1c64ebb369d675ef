"""Both languages say all: every text has a row in the table, every row is used, and no English is left over."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from string import Formatter
from typing import Any

import numpy as np
import pytest

import autograd_core as ag
import nn
import optim
import viz
from autograd_core.rules import TABLE
from viz.picture import Picture
from viz.words import ZH_TW, Words

ROOT = Path(viz.__file__).parent
SOURCES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in ROOT.rglob("*.py") if path.stem != "words"}
OTHERS = [ROOT.parent / "autograd_core" / "__main__.py", ROOT.parent / "nn" / "recipes.py"]  # for the training page


def looked_up(tree: ast.AST) -> Iterator[str]:
    """The texts that a module looks up by a literal."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        function = node.func
        if isinstance(function, ast.Attribute) and function.attr == "count" and "words" in ast.unparse(function.value):
            texts = node.args[1:]
        elif re.fullmatch(r"(.*\.)?_?words|Words\(.*\)", ast.unparse(function)):
            texts = node.args[:1]
        else:
            continue
        while texts:
            text = texts.pop()
            if isinstance(text, ast.IfExp):
                texts += [text.body, text.orelse]
            elif isinstance(text, ast.Constant) and isinstance(text.value, str):
                yield text.value


LOOKED_UP = {text for tree in SOURCES.values() for text in looked_up(tree)}
WRITTEN = {
    node.value
    for tree in (*SOURCES.values(), *(ast.parse(path.read_text(encoding="utf-8")) for path in OTHERS))
    for node in ast.walk(tree)
    if isinstance(node, ast.Constant) and isinstance(node.value, str)
}


def test_the_walk_finds_what_is_looked_up() -> None:
    assert {"{n} operation", "{n} operations", "no gradient", "in {module}"} <= LOOKED_UP


def test_every_text_has_a_row() -> None:
    assert sorted(LOOKED_UP - set(ZH_TW)) == []


def test_every_row_is_used() -> None:
    assert sorted(set(ZH_TW) - WRITTEN) == []


@pytest.mark.parametrize("english", ZH_TW)
def test_rows(english: str) -> None:
    chinese = ZH_TW[english]
    assert {part for _, part, _, _ in Formatter().parse(english)} - {None} == {
        part for _, part, _, _ in Formatter().parse(chinese)
    } - {None}
    letters = re.sub(r"[^\u4e00-\u9fff]", "", chinese)
    letters.encode("big5")  # which has no simplified character
    assert chinese != english
    assert not re.search(r"[\u4e00-\u9fff][,:;?!]|\.$", chinese), "punctuation between Chinese characters is wide"


def test_languages() -> None:
    assert Words()("no gradient") == "no gradient"
    assert Words("zh-TW").count(1, "{n} operation", "{n} operations") == "1 個運算"
    assert Words().count(1, "{n} operation", "{n} operations") == "1 operation"
    for bad in ("zh", "fr", "", None):
        with pytest.raises(ValueError, match="'en', 'zh-TW'"):
            Words(bad)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="lang="):
        viz.draw(leaf(1.0) * 2, lang="zh-CN")  # type: ignore[arg-type]


# Pictures


def leaf(value: Any, name: str | None = None) -> ag.Tensor:
    x = ag.tensor(value, requires_grad=True)
    if name is not None:
        x.name = name
    return x


def network() -> ag.Tensor:
    ag.manual_seed(0)
    model = nn.Sequential(nn.Conv2d(1, 2, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(18, 3))
    return nn.CrossEntropyLoss()(model(ag.ones(2, 1, 8, 8)), ag.tensor([0, 2]))


def recurrent() -> ag.Tensor:
    ag.manual_seed(0)
    return nn.RNN(2, 3)(ag.ones(20, 1, 2))[0].sum()


def chain() -> ag.Tensor:
    y = x = leaf(0.5)
    for _ in range(400):
        y = ag.sin(y) * x
    return y


def second() -> ag.Tensor:
    x = leaf(2.0)
    (slope,) = ag.autograd.grad(ag.exp(x) * x, [x], create_graph=True)
    return slope


def shapes() -> ag.Tensor:
    x, b = leaf(np.arange(6.0).reshape(2, 3)), leaf(np.ones(3))
    return ag.concatenate([(x + b).reshape(3, 2).transpose(), ag.zeros(2, 1) + x[:, 1:2], x.clip(0, 2)], axis=1)


def freed() -> ag.Tensor:
    y = (leaf(np.ones((20, 20))) * 2).exp().sum()
    y.backward()
    return y


RESULTS = {
    "scalars": lambda: ag.tanh(leaf(2.0) * leaf(-3.0) + 6.88),
    "shared": lambda: (lambda x: x * x + ag.relu(x))(leaf(3.0)),
    "not finite": lambda: leaf([1.0, np.nan, np.inf]) * 2 + leaf(np.full(100, np.nan)).sum(),
    "empty": lambda: leaf(np.zeros((0, 3))) * 2,
    "integers": lambda: leaf([1.0, 2.0]) * ag.tensor([1, 2]) ** 2 + ag.floor(leaf([1.5, 2.5])),
    "shapes": shapes,
    "network": network,
    "recurrent": recurrent,
    "chain": chain,
    "second order": second,
    "freed": freed,
    "leaf": lambda: leaf(1.0),
    "many inputs": lambda: ag.stack([leaf(float(i)) for i in range(200)]).sum(),
}

NAMES = {"grad", "max", "min", "mean", "sum", "nan", "inf", "Tanh", "ReLU", *TABLE}
ENGLISH = {word for row in ZH_TW for word in re.findall(r"[A-Za-z]{3,}", re.sub(r"\{\w+\}", "", row))} - NAMES
ENGLISH -= {word for row in ZH_TW.values() for word in re.findall(r"[A-Za-z]{3,}", row)}
LEFT_OVER = re.compile(
    rf"(?<![\w.])(?:{'|'.join(sorted(ENGLISH))})(?![\w=(.\[])"
    rf"|(?<![\w.])(?!{'|'.join(sorted(NAMES))})[A-Za-z]{{2,}} [A-Za-z]{{2,}}(?![\w=(.])"
)


def left_over(text: str) -> str | None:
    """English in a text that should be Chinese; names in formulas are no English."""
    found = LEFT_OVER.search(text)
    return f"{found[0]!r} in {text!r}" if found else None


def texts_of(picture: Picture) -> Iterator[str]:
    yield picture.title
    yield from picture.notes
    for box in picture.boxes:
        yield from (box.detail, *(line.text for line in box.lines))
    for arrow in picture.arrows:
        yield from (arrow.detail, *(line.text for line in arrow.lines))


class Seen(HTMLParser):
    """What a page shows: its texts, and the attributes that are read out; and the JSON for its script."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.data: list[Any] = []
        self.inside: list[str] = []
        self.lang: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside.append(dict(attrs).get("type") or tag)
        self.lang = dict(attrs).get("lang") if tag == "html" else self.lang
        self.texts += [value or "" for name, value in attrs if name in ("aria-label", "title", "alt", "placeholder")]

    def handle_data(self, data: str) -> None:
        if self.inside[-1:] == ["application/json"]:
            self.data.append(json.loads(data))
        elif self.inside[-1:] not in (["script"], ["style"]):
            self.texts.append(data)

    def handle_endtag(self, tag: str) -> None:
        if self.inside:
            self.inside.pop()


def page_texts(page: str) -> list[str]:
    seen = Seen()
    seen.feed(page)
    assert seen.lang == "zh-TW"
    stack, found = list(seen.data), seen.texts
    while stack:
        item = stack.pop()
        if isinstance(item, str) and " " in item:  # one word alone is a key
            found.append(item)
        elif isinstance(item, dict | list):
            stack += item.values() if isinstance(item, dict) else item
    return found


def test_english_is_found() -> None:
    assert left_over("in module fc1")
    assert left_over("形狀 (2,), some not finite")
    assert left_over("the result")
    assert not left_over("v₁ = linear(v₂, fc1.weight, axis=1)，形狀 (2, 3)")


@pytest.mark.parametrize("name", RESULTS)
def test_no_english_is_left_in_drawings(name: str) -> None:
    result = RESULTS[name]()
    drawings = [
        *(viz.draw(result, lang="zh-TW", detail=detail) for detail in ("formula", "numbers", "shapes")),
        viz.draw(result, lang="zh-TW", depth=0),
        viz.draw_backward(result, lang="zh-TW"),
        viz.draw_backward(result, lang="zh-TW", forward=False),
    ]
    for drawing in drawings:
        texts = [*texts_of(drawing.picture), *re.findall(r"<text[^>]*>([^<]*)<", drawing.to_svg())]
        assert [found for text in texts if (found := left_over(text))] == []
    assert [found for text in page_texts(drawings[0].to_html()) if (found := left_over(text))] == []
    assert [found for text in viz.text(result, lang="zh-TW").splitlines() if (found := left_over(text))] == []


@pytest.mark.parametrize("name", RESULTS)
def test_no_english_is_left_in_the_player(name: str) -> None:
    page = viz.play(RESULTS[name](), lang="zh-TW").to_html()
    assert [found for text in page_texts(page) if (found := left_over(text))] == []


@pytest.mark.parametrize("name", RESULTS)
def test_no_english_is_left_in_derivations(name: str) -> None:
    result = RESULTS[name]()
    x = result.node if result.node is not None and result.node.op is None else ag.Graph([result]).leaves[0]
    told = viz.derive(result, wrt=x, lang="zh-TW")
    assert [found for text in told.to_text().splitlines() if (found := left_over(text))] == []
    assert [found for text in page_texts(told.to_html()) if (found := left_over(text))] == []


@pytest.mark.parametrize(
    ("layers", "inputs"),
    [
        ([nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 2)], (5, 2)),
        ([nn.Conv2d(1, 2, 3), nn.ReLU(), nn.Flatten(), nn.Linear(72, 2)], (5, 1, 8, 8)),
    ],
)
def test_no_english_is_left_in_the_training_page(layers: list[nn.Module], inputs: tuple[int, ...]) -> None:
    model = nn.Sequential(*layers)
    loader = nn.data.DataLoader(nn.data.TensorDataset(ag.ones(*inputs), ag.tensor([0, 1, 1, 0, 1])), 5)
    recorder = viz.Recorder(model, nn.CrossEntropyLoss(), next(iter(loader)))
    optimizer = optim.SGD(model.parameters(), lr=0.1)
    nn.fit(model, nn.CrossEntropyLoss(), optimizer, loader, loader, 2, callbacks=[recorder])
    page = viz.training_page(recorder, lang="zh-TW").to_html()
    assert [found for text in page_texts(page) if (found := left_over(text))] == []


def test_no_english_is_left_in_parts_of_graphs() -> None:
    x = leaf(0.5, "x")
    a = x * 2
    b = ag.relu(a) + 1
    c = ag.square(b) * x
    for drawing in (
        viz.draw(c, of=a, to=b, lang="zh-TW"),
        viz.draw(c, to=b, lang="zh-TW"),
        viz.draw_backward(c, of=a, to=b, lang="zh-TW"),
        viz.draw_backward(c, of=a, forward=False, lang="zh-TW"),
    ):
        assert [found for text in texts_of(drawing.picture) if (found := left_over(text))] == []


def test_no_english_is_left_where_a_rule_has_no_formula() -> None:
    class Own(ag.autograd.Function):
        @staticmethod
        def forward(ctx: Any, x: ag.Tensor) -> ag.Tensor:
            return x * 2

        @staticmethod
        def backward(ctx: Any, g: ag.Tensor) -> ag.Tensor:
            return g * float(g.sum() > 0) * 2

    result = Own.apply(leaf([1.0, 2.0])).sum()
    texts = [
        *texts_of(viz.draw(result, lang="zh-TW").picture),
        *texts_of(viz.draw_backward(result, lang="zh-TW").picture),
        *viz.derive(result, wrt=ag.Graph([result]).leaves[0], lang="zh-TW").to_text().splitlines(),
        *page_texts(viz.play(result, lang="zh-TW").to_html()),
    ]
    assert any("微分規則" in text for text in texts)
    assert [found for text in texts if (found := left_over(text))] == []
