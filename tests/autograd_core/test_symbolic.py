"""Formulas: what the rules write down when they are run on symbols."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autograd_core as ag
from autograd_core.public import partial_formulas
from autograd_core.rules import TABLE, elementwise
from autograd_core.symbolic import Expr, symbol

x, y, g, a, b = map(symbol, "xygab")


@pytest.mark.parametrize(
    ("function", "formulas"),
    [
        (ag.add, ["1", "1"]),
        (ag.subtract, ["1", "−1"]),
        (ag.multiply, ["b", "a"]),
        (ag.divide, ["1 / b", "−y / b"]),
        (ag.maximum, ["0.5 if a = b else [a > b]", "0.5 if a = b else [a < b]"]),
        (ag.remainder, ["1", "−⌊a / b⌋"]),
        (ag.exp, ["y"]),
        (ag.log, ["1 / x"]),
        (ag.sqrt, ["0.5 / y"]),
        (ag.square, ["2·x"]),
        (ag.cos, ["−sin(x)"]),
        (ag.tanh, ["1 − y²"]),
        (ag.sigmoid, ["y·(1 − y)"]),
        (ag.relu, ["[y > 0]"]),
        (ag.absolute, ["sign(x)"]),
    ],
)
def test_derivatives_read_as_in_a_textbook(function: Any, formulas: list[str]) -> None:
    assert partial_formulas(function.op) == formulas


def test_power_shows_the_exponent() -> None:
    assert partial_formulas(TABLE["power_n"]) == ["n·x^(n − 1)"]
    assert partial_formulas(TABLE["power"]) == ["b·a^(b − 1)", "y·log(a)"]


@pytest.mark.parametrize(
    ("formula", "text", "latex"),
    [
        (a + b * x, "a + b·x", r"a + b \cdot x"),
        ((a + b) * x, "(a + b)·x", r"(a + b) \cdot x"),
        (a - (b - x), "a − (b − x)", "a - (b - x)"),
        (a - b - x, "a − b − x", "a - b - x"),
        (a / (b / x), "a / (b / x)", r"\frac{a}{\frac{b}{x}}"),
        (a / (b * x), "a / (b·x)", r"\frac{a}{b \cdot x}"),
        (-(a + b), "−(a + b)", "-(a + b)"),
        (-a * b, "(−a)·b", r"(-a) \cdot b"),
        ((-a) ** 2, "(−a)²", "(-a)^{2}"),
        (x * x, "x²", "x^{2}"),
        (x ** (a + 1), "x^(a + 1)", "x^{a + 1}"),
        (2**x, "2^x", "2^{x}"),
        (1 - np.tanh(x) ** 2, "1 − tanh(x)²", r"1 - \tanh\left(x\right)^{2}"),
        (np.sqrt(x) / 2, "sqrt(x) / 2", r"\frac{\sqrt{x}}{2}"),
        (np.exp(-x), "exp(−x)", "e^{-x}"),
        (np.abs(x - 1), "|x − 1|", r"\left|x - 1\right|"),
        (g * (x > 0), "g·[x > 0]", r"g \cdot [x > 0]"),
        (g * ((x >= a) & (x <= b)), "g·[x ≥ a and x ≤ b]", r"g \cdot [x \ge a \wedge x \le b]"),
        (g @ np.swapaxes(b, -1, -2), "g @ bᵀ", r"g \, b^{\top}"),
        ((a @ b).T, "(a @ b)ᵀ", r"\left(a \, b\right)^{\top}".replace(r"\left(", "(").replace(r"\right)", ")")),
        (x[1:, None], "x[1:, None]", r"x_{[\mathrm{1:}, \mathrm{None}]}"),
        (np.where(x > 0, g, 0.0), "g if x > 0 else 0", r"\begin{cases} g & x > 0 \\ 0 & \text{else} \end{cases}"),
        (np.sum(g, axis=0), "sum(g, axis=0)", r"\operatorname{sum}\left(g, \mathrm{axis}=0\right)"),
        (x * 1.0, "x", "x"),
        (0 + x, "x", "x"),
        (np.negative(-x), "x", "x"),
        (2.5 * x, "2.5·x", r"2.5 \cdot x"),
    ],
    ids=str,
)
def test_printing(formula: Expr, text: str, latex: str) -> None:
    assert formula.text() == text
    assert formula.latex() == latex


def test_a_formula_evaluates_to_what_the_rule_computes() -> None:
    """Text of arithmetic rules, read back by Python, gives the rule's own numbers."""
    p, q = 0.7, 1.3
    for name in ("multiply", "divide", "power", "tanh", "sigmoid", "tan", "log1p", "expm1", "square"):
        op = TABLE[name]
        inputs = (p, q)[: len(op.partials)]
        out = float(op.forward(*map(np.float64, inputs)))
        names = {"y": out, "x": p, "a": p, "b": q, "log": np.log}
        for shown, partial in zip(partial_formulas(op), op.partials, strict=True):
            code = shown.replace("·", "*").replace("−", "-").replace("²", "**2").replace("^", "**")
            expected = partial(np.float64(out), *map(np.float64, inputs))
            np.testing.assert_allclose(eval(code, {"__builtins__": {}}, names), expected, rtol=1e-12)


def test_what_a_rule_needs_is_read_off_its_formula() -> None:
    needs = {name: TABLE[name].needs for name in TABLE}
    assert needs["add"] == (set(), set())
    assert needs["multiply"] == ({2}, {1})
    assert needs["tanh"] == ({0},)
    assert needs["sum"] == needs["reshape"] == needs["getitem"] == (set(),)
    assert needs["matmul"] == ({2}, {1})
    assert needs["softmax"] == ({0},)
    assert needs["floor_divide"] == (set(), set())  # zeros like y: its shape, not its values


def test_memory_follows_from_the_formula() -> None:
    big = ag.ones(1000, requires_grad=True)
    for result, kept in ((big + 1.0, 0), (ag.tanh(big), 1), (big * big, 2), (big.sum(), 0), (ag.exp(big), 1)):
        assert sum(isinstance(value, np.ndarray) and value.size > 1 for value in result.node.saved) == kept


def test_a_users_own_op_gets_its_formula() -> None:
    try:
        softplus = elementwise(lambda x: np.log1p(np.exp(x)), lambda y, x: 1 - np.exp(-y), name="softplus_for_test")
        assert partial_formulas(softplus.op) == ["1 − exp(−y)"]
    finally:
        TABLE.pop("softplus_for_test", None)
