"""The forms of a derivation: text, LaTeX that compiles, MathML that is XML, pages that browsers show."""

from __future__ import annotations

import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from op_cases import CASES as OF_NN

import autograd_core as ag
import viz
from autograd_core.node import Spec
from autograd_core.rules import TABLE
from autograd_core.symbolic import Expr
from autograd_core.testing.cases import cases_of
from autograd_core.testing.strategies import for_all
from viz.latex import Latex
from viz.mathml import MathML
from viz.notation import Known, partial, value, written
from viz.plaintext import Text
from viz.statements import latex_document

NAMES = ["x", "w_1", "fc1.weight", "權重", r"\input{a}%$&#^~_{}", "<b>&amp;]]>", "ŷ", "é", "a¹₁", "x₁y", "Σ", "a\nb"]
NAMES += ["'\"`", "-", "[x]"]


def known(name: str, *shape: int) -> Known:
    return Known(name, Spec(shape, np.float64))


X, Y, A, M, N = known("x"), known("y"), known("a¹"), known("M", 2, 3), known("W²", 2, 3)


@pytest.mark.parametrize(
    ("formula", "text", "latex"),
    [
        (1 - Y * Y, "1 − y²", "1 - y^{2}"),
        ((X + 1) * -Y, "(x + 1)·(−y)", r"(x + 1) \cdot (-y)"),
        (X - (Y - X), "x − (y − x)", "x - (y - x)"),
        (X / (Y * 2), "x / (y·2)", r"\frac{x}{y \cdot 2}"),
        (A**2, "(a¹)²", "{(a^{1})}^{2}"),
        (X ** (Y - 1), "x^(y − 1)", "x^{y - 1}"),
        (M * (N @ N.T), "M ∘ (W² @ W²ᵀ)", r"M \circ (W^{2} \, W^{2\top})"),
        (np.where(X > 0, Y, -1), "y if x > 0 else −1", r"\begin{cases} y & x > 0 \\ {}-1 & \text{else} \end{cases}"),
        (Expr("product", X, -Y, X / 2), "x · (−y) · (x / 2)", r"x \cdot (-y) \cdot \frac{x}{2}"),
        (Expr("product", 2 * X, Y + 1), "(2·x) · (y + 1)", r"(2 \cdot x) \cdot (y + 1)"),
        (Expr("total", -X, -Y), "−x + (−y)", "-x + (-y)"),
        (partial("L", "w_1"), "∂L/∂w_1", r"\frac{\partial L}{\partial \text{w\_1}}"),
        (partial("L", "x", 2), "∂₂L/∂x", r"\frac{\partial_{2} L}{\partial x}"),
        (Expr("prime", "σ", A), "σ′(a¹)", r"\sigma'(a^{1})"),
        (value(-2.5e-9), "−2.5e−9", r"-2.5 \times 10^{-9}"),
        (value(np.nan), "nan", r"\text{nan}"),
        (value(-np.inf), "−inf", r"-\infty"),
    ],
    ids=str,
)  # fmt: skip
def test_formulas(formula: Any, text: str, latex: str) -> None:
    assert written(formula, Text()) == text
    assert written(formula, Latex()) == latex
    ET.fromstring(f"<math>{written(formula, MathML())}</math>")


def test_matrices_in_text_stand_beside_each_other() -> None:
    to = Text()
    product = Expr("matmul", value(np.array([[1.0, -2.0], [3.0, 4.0], [5.0, 6.0]])), value(np.array([[7.0], [8.0]])))
    assert to.lines(f"  z = {written(product, to)}") == [
        "      [1  −2]   [7]",
        "  z = [3   4] @ [8]",
        "      [5   6]",
    ]


def named(name: str) -> ag.Tensor:
    x = ag.tensor(2.0, dtype=np.float64, requires_grad=True)
    x.name = name
    return x


def strange() -> list[viz.Derivation]:
    found = []
    for name in NAMES:
        x, y = named(name), named(name)  # two values of one name
        found.append(viz.derive((x * y + x.sin()).relu() ** x / y, wrt=[x, y], lang="zh-TW"))
    return found


def test_two_values_of_one_name_are_told_apart() -> None:
    x, y = named("x"), named("x")
    text = str(viz.derive(x * y, wrt=[x, y]))
    assert "∂L/∂x₁ = x₂" in text
    assert "∂L/∂x₂ = x₁" in text


@pytest.mark.parametrize("name", NAMES)
def test_names_are_text_in_mathml(name: str) -> None:
    x = named(name)
    derivation = viz.derive(x.tanh(), wrt=x)
    root = ET.fromstring(derivation.to_mathml())
    assert root.tag == "{http://www.w3.org/1998/Math/MathML}math"
    texts = {element.text for element in root.iter() if element.tag.endswith("}mi")}
    base = re.sub("[₀-₉⁰¹²³⁴-⁹]+$", "", " ".join(name.split())) if name != "x₁y" else name
    assert base in texts
    assert derivation.to_html().count("<script") == 0


def test_latex_compiles(tmp_path: Path) -> None:
    if shutil.which("pdflatex") is None:
        pytest.skip("needs pdflatex")
    blocks = [block for derivation in strange() for block in derivation.blocks]
    (tmp_path / "all.tex").write_text(latex_document(blocks), encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", "all.tex"]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False, timeout=60)
    assert result.returncode == 0, result.stdout[-2000:].decode(errors="replace")


def test_latex_is_balanced_and_escaped() -> None:
    for derivation in strange():
        bare = re.sub(r"\\[\\{}$&#%_]", "", derivation.to_latex())
        assert bare.count("{") == bare.count("}")
        assert bare.count(r"\begin") == bare.count(r"\end")
        assert bare.count(r"\left") - bare.count(r"\leftarrow") == bare.count(r"\right")
        assert not re.search("[#%$~]", bare)
        assert "\\\\ [" not in derivation.to_latex()


def test_a_document_needs_amsmath_alone() -> None:
    x = named("é")
    plain = latex_document(viz.derive(x.tanh(), wrt=x).blocks)
    assert re.findall(r"\\usepackage\{(\w+)\}", plain) == ["amsmath"]
    y = named("權")
    chinese = latex_document(viz.derive(y.tanh(), wrt=y).blocks)
    assert r"\DeclareUnicodeCharacter{6B0A}{\texttt{U+6B0A}}" in chinese


def test_saved(tmp_path: Path) -> None:
    x = named("x")
    derivation = viz.derive(x.tanh(), wrt=x)
    assert derivation.save(tmp_path / "a.txt").read_text(encoding="utf-8") == str(derivation)
    assert derivation.save(str(tmp_path / "a.TEX")).read_text(encoding="utf-8").startswith(r"\documentclass")
    assert derivation.save(tmp_path / "a.html").read_text(encoding="utf-8") == derivation.to_html()
    with pytest.raises(ValueError, match=r"\.txt, \.tex or \.html, got 'a\.pdf'"):
        derivation.save(tmp_path / "a.pdf")
    with pytest.raises(FileNotFoundError, match=r"nowhere/a\.txt'"):
        derivation.save(tmp_path / "nowhere" / "a.txt")


def test_cases_speak_the_language() -> None:
    x, y = named("x"), named("y")
    derivation = viz.derive(ag.maximum(x, y), wrt=x, lang="zh-TW")
    assert r"\text{其他情況}" in derivation.to_latex()
    assert "<mtext>其他情況</mtext>" in derivation.to_mathml()
    assert "else" not in derivation.to_html()
    assert r"{}[x > y] & \text{" in derivation.to_latex()  # 1 where it is so, as in text


def test_in_a_notebook() -> None:
    x = named("x")
    derivation = viz.derive(x.tanh(), wrt=x)
    assert repr(derivation) == "<Derivation: ∂L/∂x>"
    assert derivation._repr_html_().startswith("<style>")
    assert derivation._repr_latex_() == derivation.to_latex()


def test_the_same_graph_gives_the_same_bytes() -> None:
    def made() -> viz.Derivation:
        x = named("x")
        return viz.derive((x * x).tanh() * x, wrt=x)

    first, second = made(), made()
    for form in ("to_text", "to_latex", "to_mathml", "to_html"):
        assert getattr(first, form)() == getattr(second, form)()


@pytest.mark.parametrize("name", [name for name, op in TABLE.items() if op.kind != "constant"])
def test_every_operation_is_derived(name: str) -> None:
    op = TABLE[name]
    cases = OF_NN[name][0] if name in OF_NN else None
    cases = cases_of(op) if cases is None else cases

    def derives(case: Any) -> None:
        inputs, params = case
        leaves = [ag.tensor(np.array(x), requires_grad=np.asarray(x).dtype.kind == "f") for x in inputs]
        with np.errstate(all="ignore"):
            loss = op.function(*leaves, **params).sum()
            derivation = viz.derive(loss, wrt=[leaf for leaf in leaves if leaf.requires_grad])
        ET.fromstring(derivation.to_mathml())
        for told in (str(derivation), derivation.to_latex()):
            assert not re.search(r"Expr\(|object at|<function", told)
        assert derivation.to_latex().isascii()  # every sign of our own has a command

    for_all(cases, derives, examples=1)


@pytest.mark.browser
def test_a_browser_draws_the_formulas(opened: Callable[..., Any]) -> None:
    w, x = ag.randn(2, 3, requires_grad=True), ag.randn(4, 3)
    page = opened(viz.derive((x @ w.T).sigmoid().sum(), wrt=w, names={"權重": w}, lang="zh-TW").to_html())
    fraction = page.locator("h2 mfrac").bounding_box()
    assert fraction["height"] > 1.5 * page.locator("h2 mfrac mi").first.bounding_box()["height"]
    matrix = page.locator("mtable mtable").first.bounding_box()
    assert matrix["height"] > 25  # of two rows
    assert page.evaluate("document.documentElement.scrollWidth") <= 1400
    assert page.locator("html").get_attribute("lang") == "zh-TW"
