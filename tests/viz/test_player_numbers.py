"""What a player computes in the page is what Python computes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import strategies as st
from op_cases import CASES as OF_NN

import autograd_core as ag
import nn.functional
import viz
from autograd_core.rules import TABLE, elementwise
from autograd_core.testing.cases import cases_of
from autograd_core.testing.strategies import for_all
from autograd_core.testing.values import values
from viz.figures import Summary
from viz.html import document, part
from viz.values import Values

pytestmark = pytest.mark.browser

RUN = """([data, all]) => all.map((given) => {
  const put = ({ type, shape }, x) => array(type, shape, [x]);
  const leaves = data.nodes.map(({ value }, i) => given[i] === undefined ? read(value) : put(value, given[i]));
  const plain = ([key, list]) => [key, list.map((value) => value && value.data)];
  return Object.fromEntries(Object.entries(compute(data, leaves)).map(plain));
})"""


@pytest.fixture(scope="module")
def program(chromium: Any) -> Iterator[Any]:
    """A page with nothing but the program's interpreter."""
    page = chromium.new_page()
    page.set_content(document("program", "", script=part("program.js")))
    yield page
    page.close()


def leaf(value: Any, dtype: Any = np.float64) -> ag.Tensor:
    return ag.tensor(np.asarray(value, dtype)[()], requires_grad=True)


def told(result: ag.Tensor) -> dict[str, list[Any]]:
    """Python's own numbers, in the page's order."""
    found = Values(result.node, result.array)
    uses = [(node, i) for node in found.nodes[::-1] for i in range(len(node.inputs)) if (node, i) in found.parts]
    return {
        "values": [found.value(node) for node in found.nodes],
        "gradients": [found.gradients.get(node) for node in found.nodes],
        "slopes": [found.slope(*use) for use in uses],
        "parts": [found.parts[use] for use in uses],
    }


def agree(found: dict[str, list[Any]], expected: dict[str, list[Any]], digits: float) -> None:
    for key, numbers in expected.items():
        own = found[key] + [None] * (len(numbers) - len(found[key]))
        for mine, python in zip(own, numbers, strict=True):
            if python is None or isinstance(python, Summary) or (mine is None and key == "slopes"):
                continue
            np.testing.assert_allclose(mine, np.ravel(python), rtol=digits, atol=digits * 1e-3, err_msg=key)


def check(
    program: Any,
    build: Callable[..., ag.Tensor],
    points: Sequence[Sequence[float]],
    dtype: Any = np.float64,
    digits: float = 1e-9,
) -> None:
    """The page's numbers at each point, computed from the program made at the first one."""
    with np.errstate(all="ignore"):
        results = [build(*(leaf(value, dtype) for value in point)) for point in points]
        player = viz.play(results[0])
        expected = [told(result) for result in results]
    assert player.notices == []
    places = player.data["program"]["sliders"]
    assert len(places) == len(points[0])
    given = [{place: float(np.asarray(x, dtype)) for place, x in zip(places, point, strict=True)} for point in points]
    for found, numbers in zip(program.evaluate(RUN, [player.data, given]), expected, strict=True):
        agree(found, numbers, digits)


ELEMENTWISE = [name for name, op in TABLE.items() if op.elementwise]


def params_of(name: str) -> dict[str, Any]:
    """Arguments of an operation besides its inputs, taken from the cases that test it."""
    cases = OF_NN[name][0] if name in OF_NN else None
    seen: list[dict[str, Any]] = []
    for_all(cases_of(TABLE[name]) if cases is None else cases, lambda case: seen.append(case[1]), examples=3)
    return seen[-1]


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_every_elementwise_operation(name: str, program: Any) -> None:
    op = TABLE[name]
    params = params_of(name)
    columns = [values(domain, place=i) for i, domain in enumerate(op.domains)]
    points = [[float(column[k % len(column)]) for column in columns] for k in (7, 1, 12, 23, 38, 55)]

    def build(*leaves: ag.Tensor) -> ag.Tensor:
        y = op.function(*leaves, **params)
        return ag.sin(y) + y * leaves[0]

    check(program, build, points)
    check(program, build, points[:2], np.float32, 3e-4)


def vector(*leaves: ag.Tensor) -> ag.Tensor:
    return ag.stack(list(leaves))


ARRAYS: dict[str, Callable[..., ag.Tensor]] = {
    "matrices": lambda a, b, c: ag.tanh(
        ag.stack([vector(a, b), vector(c, a)]) @ ag.stack([vector(b, b), vector(a, c)])
    ).sum(),
    "a layer": lambda a, b, c: ag.relu(np.array([[0.5, -1.0, 2.0], [1.5, 0.3, -0.7]]) @ vector(a, b, c) + a).mean(),
    "softmax": lambda a, b, c: (ag.softmax(vector(a, b, c), 0) * vector(c, b, a)).sum(),
    "log_softmax": lambda a, b, c: -ag.log_softmax(vector(a, b, c), 0)[1],
    "logsumexp": lambda a, b, c: ag.logsumexp(vector(a, b, c)),
    "cross entropy": lambda a, b, c: nn.functional.cross_entropy(vector(a, b, c)[None], ag.tensor([2])),
    "squared error": lambda a, b, c: nn.functional.mse_loss(vector(a, b), vector(c, 0.5 * a)),
    "extremes": lambda a, b, c: vector(a, b, c).max() * vector(a, b, c).min(),
    "spread": lambda a, b, c: vector(a, b, c).var() + vector(a, b, c).std() + ag.norm(vector(a, b, c)),
    "product": lambda a, b, c: ag.prod(vector(a, b, c)) + ag.cumsum(vector(a, b, c), 0)[-1],
    "broadcasting": lambda a, b, c: (vector(a, b, c)[:, None] * vector(a, b) - c).sum(axis=0)[1],
    "slices": lambda a, b, c: ag.flip(ag.concatenate([vector(a, b), vector(c, c)]), (0,))[1:3].sum() * a,
    "einsum": lambda a, b, c: ag.einsum("i,j->ij", vector(a, b), vector(b, c)).sum(),
    "transpose": lambda a, b, c: (ag.stack([vector(a, b), vector(b, c)]).T @ vector(c, a)).sum(),
    "triangle": lambda a, b, c: ag.triu(ag.stack([vector(a, b), vector(b, c)])).sum(),
    "reuse": lambda a, b, c: a * a * a + a / (b * b + 1) - c**3 + a ** b.abs(),
    "second order": lambda a, b, c: ag.grad(lambda x: ag.sin(x * b) * x * c)(a),
    "ten digits": lambda a, b, c: ag.tensor(1e-10, dtype=np.float64) * a + b * 1e10 + c,
}


@pytest.mark.parametrize("name", ARRAYS)
def test_reductions_and_arrays(name: str, program: Any) -> None:
    points = [(0.5, -1.25, 2.0), (-0.3, 0.8, 0.1), (1.7, 1.1, -2.5), (0.01, -0.02, 0.03)]
    check(program, ARRAYS[name], points)
    check(program, ARRAYS[name], points[:2], np.float32, 1e-4)


def test_half_precision(program: Any) -> None:
    points = [(0.5, -1.25, 2.0), (3.14, 1e-4, -0.1), (300.0, 200.0, 7.0)]
    check(program, lambda a, b, c: a * b + c / 3 - ag.sqrt(a * a), points, np.float16, 1e-9)


def test_an_operation_of_a_user(program: Any) -> None:
    bell = elementwise(lambda x: np.exp(-x * x), lambda y, x: -2 * x * y, name="bell of a player")
    try:
        check(program, lambda x, y: bell(x) * bell(bell(y) - x), [(0.5, -1.0), (-2.0, 0.1), (1e-3, 3.0)])
    finally:
        del TABLE["bell of a player"]


UNARY = (ag.sin, ag.cos, ag.tanh, ag.sigmoid, ag.arctan, ag.erf, ag.relu, ag.neg, ag.square, ag.abs, ag.expm1, ag.sinc)
POSITIVE = (ag.log, ag.sqrt, ag.log1p, ag.rsqrt, ag.reciprocal, ag.lgamma, ag.log10, ag.digamma)
BINARY = (ag.add, ag.subtract, ag.multiply, ag.maximum, ag.arctan2, ag.hypot, ag.logaddexp, ag.minimum)


@st.composite
def expressions(draw: st.DrawFn) -> Callable[..., ag.Tensor]:
    """Expressions of three leaves in which every value may be used again."""
    plan = draw(
        st.lists(st.tuples(st.integers(0, 2), st.integers(0, 7), st.integers(0, 9), st.integers(0, 9)), max_size=9)
    )

    def build(*leaves: ag.Tensor) -> ag.Tensor:
        known = list(leaves)
        for kind, which, i, j in plan:
            x, y = known[-1 - i % len(known)], known[-1 - j % len(known)]
            if kind == 0:
                known.append(ag.tanh(UNARY[(which + j) % len(UNARY)](x)))
            elif kind == 1:
                known.append(POSITIVE[which](x * x + 0.25))
            else:
                known.append(BINARY[which](x, y))
        total = known[0]
        for value in known[1:]:
            total = total + value
        return total

    return build


def test_random_expressions(program: Any) -> None:
    finite = st.floats(-3, 3).map(lambda x: round(x, 3))
    points = st.lists(st.tuples(finite, finite, finite), min_size=3, max_size=3)
    for_all(st.tuples(expressions(), points), lambda case: check(program, *case), examples=40)


ALWAYS = {
    *("reshape", "transpose", "broadcast_to", "sum_to", "flip", "roll", "sum", "mean", "tril", "triu", "astype"),
    *("cumsum", "concatenate", "stack", "matmul", "contract", "linear", "max", "min", "logsumexp", "inner_along"),
    *("softmax", "log_softmax", "nll", "standardize"),
}
"""Operations that the page must carry out; of the others it may say that it can't."""


@pytest.mark.parametrize("name", [name for name, op in TABLE.items() if op.kind in ("linear", "custom")])
def test_every_operation_on_arrays(name: str, program: Any) -> None:
    """Each array is a constant times a single number, which is then changed."""
    op = TABLE[name]
    cases = OF_NN[name][0] if name in OF_NN else None
    done = []

    def holds(case: Any) -> None:
        inputs, params = case
        floats = [i for i, x in enumerate(inputs) if np.asarray(x).dtype.kind == "f"]

        def build(*scales: ag.Tensor) -> ag.Tensor:
            moved = {i: scale * np.asarray(inputs[i]) for i, scale in zip(floats, scales, strict=True)}
            return op.function(*(moved.get(i, x) for i, x in enumerate(inputs)), **params)

        with np.errstate(all="ignore"):
            result = build(*(leaf(1.0) for _ in floats))
            if result.node is None or any(np.asarray(x).size > 64 for x in inputs):
                return
            if not viz.play(result).notices:
                check(program, build, [[1.0] * len(floats), [1.125] * len(floats)])
                done.append(name)

    for_all(cases_of(op) if cases is None else cases, holds, examples=6)
    assert done or name not in ALWAYS
