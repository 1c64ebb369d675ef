"""Formulas as one writes them by hand say the same as the rules that they come from."""

from __future__ import annotations

from math import log, pi
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from op_cases import CASES as OF_NN

from autograd_core.node import Spec
from autograd_core.rules import TABLE
from autograd_core.symbolic import Expr, symbol
from autograd_core.testing.cases import cases_of
from autograd_core.testing.strategies import for_all
from viz.formulas import Operand
from viz.tidying import join, tidy

NAMED = {"π": pi, "ln 2": log(2), "ln 10": log(10)}
OWN = {"not": np.logical_not, "power_n": lambda x, n: x**n, "full_like": lambda x, value: value}


def evaluated(value: Any, names: dict[str, Any]) -> Any:
    """What an expression comes to, with these values for its symbols."""
    if not isinstance(value, Expr):
        return value
    if value.head == "symbol":
        return {**NAMED, **names}[value.args[0]]
    if value.head == "dtype":
        return np.float64
    args = [evaluated(arg, names) for arg in value.args]
    options = {key: evaluated(option, names) for key, option in value.options.items() if key != "dtype"}
    if value.head == "power" and isinstance(args[1], int):
        args[1] = float(args[1])
    function = OWN.get(value.head) or getattr(np, value.head, None) or TABLE[value.head].forward
    return function(*args, **options)


CASES = {name: OF_NN[name][0] if name in OF_NN else cases_of(op) for name, op in TABLE.items() if op.elementwise}
ELEMENTWISE = [name for name, cases in CASES.items() if cases is not None]


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_a_tidy_derivative_has_the_same_value(name: str) -> None:
    op = TABLE[name]

    def agrees(case: Any) -> None:
        inputs, params = case
        arrays = [np.asarray(array, np.float64) for array in inputs]
        with np.errstate(all="ignore"):
            output = op.forward(*arrays, **params)
            names = {"y": output} | {f"x{i}": array for i, array in enumerate(arrays)}
            symbols = [Operand(key, Spec(np.shape(array), np.dtype(float))) for key, array in names.items()]
            for position, rule in enumerate(op.partials):
                plain = rule(*symbols, **params) if callable(rule) else rule
                exact = rule(output, *arrays, **params) if callable(rule) else rule
                found = evaluated(tidy(plain), names)
                close = np.isclose(found, exact, rtol=2e-3, atol=1e-3 if name == "erfcx" else 1e-9)  # 2·x·y − 1.128
                guarded = ~np.isfinite(found * np.ones(output.shape)) | ~np.isfinite(exact * np.ones(output.shape))
                assert np.all(close | guarded), (position, tidy(plain).text() if isinstance(plain, Expr) else plain)

    for_all(CASES[name], agrees, examples=5)


LEAVES = st.sampled_from([symbol("a"), symbol("b"), symbol("c"), 2, -3, 0.5, 1, -1, 0.25, 1.5])


def products(inner: Any) -> Any:
    return st.one_of(
        st.builds(lambda a, b: Expr("multiply", a, b), inner, inner),
        st.builds(lambda a, b: Expr("divide", a, b), inner, inner),
        st.builds(lambda a: Expr("negative", a), inner),
        st.builds(lambda a, n: Expr("power", a, n), inner, st.integers(2, 3)),
        st.builds(lambda a, b: Expr("add", a, b), inner, inner),
    )


@given(st.recursive(LEAVES, products, max_leaves=8), st.tuples(*[st.floats(0.5, 2.0)] * 3))
def test_products_keep_their_value(expression: Any, numbers: tuple[float, float, float]) -> None:
    names = dict(zip("abc", numbers, strict=True))
    with np.errstate(all="ignore"):
        expected = evaluated(expression, names)
        found = evaluated(tidy(expression), names)
    if np.isfinite(expected):
        np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        (symbol("g") * 2 * symbol("x"), "2·g·x"),
        (symbol("g") * (-symbol("y")) * symbol("y"), "−g·y²"),
        (symbol("g") * (0.5 / symbol("y")), "g / (2·y)"),
        (symbol("g") * (-symbol("y") / symbol("b")), "−g·y / b"),
        (symbol("g") / symbol("x") / symbol("x"), "g / x²"),
        (symbol("g") * log(2), "g·ln 2"),
        (symbol("g") * 1.1283791670955126, "1.128·g"),
        (symbol("g") * (1 / 27), "g / 27"),
        (symbol("g") * 0, "0"),
        (np.where(symbol("x") == 0, 1, symbol("x")), "x"),
        (np.where(symbol("n") == 0, np.ones_like(symbol("x")), symbol("x")), "x"),
        (np.sum(np.sum(symbol("g"), axis=0), axis=0), "Σ(g)"),
        (symbol("g") * np.array([True, True]), "g"),
    ],
)
def test_what_is_written(expression: Any, text: str) -> None:
    found = tidy(expression)
    assert (found.text() if isinstance(found, Expr) else str(found)) == text


def test_a_zero_below_the_line_stays_there() -> None:
    found = join("divide", [symbol("g"), 0], {})
    assert found.text() == "g / 0"
