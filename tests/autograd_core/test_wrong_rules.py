"""A law that no wrong rule breaks proves nothing: each kind of mistake is made here, and must be caught."""

import numpy as np
import pytest

from autograd_core.rules import TABLE, constant, custom, elementwise, linear
from autograd_core.testing import KinkError, laws

ROWS = ((np.linspace(0.5, 2.0, 6).reshape(2, 3),), {})


@pytest.fixture(autouse=True)
def _only_for_this_test():
    """Take the ops a test declares out of the table again."""
    before = set(TABLE)
    yield
    for name in set(TABLE) - before:
        del TABLE[name]


def broken(law, function, cases=None, reference=None, error=AssertionError):
    with pytest.raises(error) as caught:
        laws.check(function, cases, reference=reference, laws=[law])
    assert any(law.__name__ in note for note in caught.value.__notes__)


def frozen(value):
    """The value as a rule gets it, hidden from the graph."""
    return getattr(value, "array", value)


def test_right_rules_pass_all_laws():
    laws.check(
        elementwise(lambda x: np.sin(x) * x, lambda y, x: np.sin(x) + x * np.cos(x), name="t"),
        reference=lambda x: np.sin(x) * x,
    )
    laws.check(elementwise(lambda a, b: a * a * b, lambda y, a, b: 2 * a * b, lambda y, a, b: a * a, name="t2"))


@pytest.mark.parametrize(
    "partial",
    [
        lambda y, x: 2.001 * x,  # a slightly wrong factor
        lambda y, x: -2 * x,  # the wrong sign
        lambda y, x: 2 * y,  # the output for the input
        lambda y, x: 0 * x,  # forgotten
        lambda y, x: 2 * abs(x),  # right for positive inputs only
    ],
)
@pytest.mark.parametrize("law", [laws.numeric_derivative, laws.second_order])
def test_a_wrong_partial(partial, law):
    broken(law, elementwise(lambda x: x * x, partial, name="t"))


def test_partials_of_two_inputs_swapped():
    broken(
        laws.numeric_derivative,
        elementwise(lambda a, b: a * a * b, lambda y, a, b: a * a, lambda y, a, b: 2 * a * b, name="t"),
    )


def test_a_wrong_second_derivative():
    rule = elementwise(lambda x: x * x * x, lambda y, x: 3 * frozen(x) * frozen(x), name="t")
    laws.check(rule, laws=[laws.numeric_derivative])
    broken(laws.second_order, rule)


def test_a_second_derivative_of_which_half_is_missing():
    broken(laws.second_order, elementwise(lambda x: x * x * x, lambda y, x: 3 * x * frozen(x), name="t"))


@pytest.mark.parametrize("law", [laws.numeric_derivative, laws.adjoint])
def test_a_wrong_jvp_beside_a_right_vjp(law):
    rule = custom(np.sin, (lambda g, y, x: g * np.cos(x),), (lambda t, y, x: t * np.sin(x),), name="t")
    broken(law, rule, [ROWS])


@pytest.mark.parametrize("law", [laws.numeric_derivative, laws.adjoint])
def test_a_wrong_vjp_beside_a_right_jvp(law):
    rule = custom(np.sin, (lambda g, y, x: g * np.sin(x),), (lambda t, y, x: t * np.cos(x),), name="t")
    broken(law, rule, [ROWS])


def test_a_vjp_and_jvp_that_are_wrong_alike():
    rule = custom(np.sin, (lambda g, y, x: g * np.sin(x),), (lambda t, y, x: t * np.sin(x),), name="t")
    laws.check(rule, [ROWS], laws=[laws.adjoint])
    broken(laws.numeric_derivative, rule, [ROWS])


def test_a_transpose_that_forgets_to_broadcast():
    rule = linear(lambda x: x.sum(axis=1, keepdims=True), lambda g, x: g, name="t")
    broken(laws.numeric_derivative, rule, [ROWS], error=RuntimeError)


def test_a_gradient_summed_over_the_wrong_axis():
    square = ((np.arange(9.0).reshape(3, 3), np.arange(3.0)), {})
    rule = custom(
        lambda a, b: a + b,
        (lambda g, y, a, b: g, lambda g, y, a, b: np.sum(g, axis=1)),
        (lambda t, y, a, b: t, lambda t, y, a, b: np.broadcast_to(t, y.shape)),
        name="t",
    )
    broken(laws.numeric_derivative, rule, [square])
    broken(laws.adjoint, rule, [square])


def test_a_forward_that_broadcasts_wrongly():
    def forward(a, b):
        return np.add(a, np.resize(b, np.shape(np.add(a, b))))

    broken(laws.broadcasting, elementwise(forward, 1, 1, name="t"))


@pytest.mark.parametrize("mode", ["vjp", "jvp"])
def test_a_rule_that_writes_into_what_it_is_handed(mode):
    def clean(g, y, x):
        return g * 2

    def dirty(g, y, x):
        if isinstance(g, np.ndarray):
            g *= 2
            return g
        return g * 2

    vjp, jvp = (dirty, clean) if mode == "vjp" else (clean, dirty)
    broken(laws.leaves_inputs_alone, custom(lambda x: x * 2, (vjp,), (jvp,), name="t"), [ROWS])


def test_a_rule_that_writes_into_its_input():
    def dirty(g, y, x):
        if isinstance(x, np.ndarray):
            x += 1
        return g * 2

    broken(laws.leaves_inputs_alone, custom(lambda x: x * 2, (dirty,), (lambda t, y, x: t * 2,), name="t"), [ROWS])


def test_a_rule_that_writes_into_the_result():
    def dirty(g, y, x):
        if isinstance(y, np.ndarray):
            y *= 2
            return g * y
        return g * y * 2

    broken(laws.leaves_inputs_alone, custom(np.exp, (dirty,), (lambda t, y, x: t * y,), name="t"), [ROWS])


def test_a_forward_that_writes_into_its_input():
    def dirty(x):
        x *= 2
        return x + 0

    writable = ((np.linspace(0.5, 2.0, 6).reshape(2, 3),), {})
    broken(laws.leaves_inputs_alone, linear(dirty, lambda g, x: g * 2, name="t"), [writable])


def test_a_rule_that_writes_into_a_parameter():
    def forward(x, table):
        result = x * table
        table += 1
        return result

    cases = [((np.linspace(0.5, 2.0, 3),), {"table": np.ones(3)})]
    rule = linear(forward, lambda g, x, table: g * table, name="t", options={"table": "table"})
    broken(laws.leaves_inputs_alone, rule, cases)


def test_a_rule_that_computes_in_a_wider_dtype():
    broken(laws.keeps_dtypes, elementwise(np.sin, lambda y, x: np.cos(x) * np.float64(1), name="t"))


def test_a_rule_that_loses_precision():
    def rounded(y, x):
        return np.cos(x).astype(np.float32) if isinstance(x, np.ndarray) else np.cos(x)

    broken(laws.keeps_dtypes, elementwise(np.sin, rounded, name="t"))


def test_a_forward_that_widens():
    broken(laws.keeps_dtypes, elementwise(lambda x: np.sin(x) * np.float64(1), lambda y, x: np.cos(x), name="t"))


def test_a_forward_that_takes_only_float64():
    def forward(a, b):
        return np.multiply(a, b, dtype=np.float64)

    broken(laws.keeps_dtypes, elementwise(forward, lambda y, a, b: b, lambda y, a, b: a, name="t"))


def test_a_number_that_counts_as_float64():
    rule = elementwise(lambda a, b: a * b, lambda y, a, b: np.float64(2) * b * 0.5, lambda y, a, b: a, name="t")
    broken(laws.python_numbers, rule)


def test_a_constant_that_requires_grad():
    rule = constant(np.floor, name="t")
    TABLE["t"].vjps = (lambda g, y, x: g,)
    broken(laws.numeric_derivative, rule, [ROWS])


def test_values_that_differ_from_numpy():
    broken(
        laws.equals_numpy, elementwise(lambda x: np.sin(x) + 1e-9, lambda y, x: np.cos(x), name="t"), reference=np.sin
    )


def test_a_shape_that_differs_from_numpy():
    rule = linear(lambda x: x.sum(axis=1, keepdims=True), lambda g, x: np.broadcast_to(g, x.shape), name="t")
    broken(laws.equals_numpy, rule, [ROWS], reference=lambda x: x.sum(axis=1))


def test_an_overflow_where_numpy_has_none():
    def forward(x):
        e = np.exp(2 * x)
        return (e - 1) / (e + 1)

    rule = elementwise(forward, lambda y, x: 1 - y * y, name="t")
    laws.check(rule, reference=np.tanh, laws=[laws.equals_numpy])
    broken(laws.special_values, rule, reference=np.tanh)


def test_a_forward_that_fails_on_empty_arrays():
    def forward(x):
        return x + 0 * np.max(x)

    broken(laws.scalars_and_empties, elementwise(forward, 1, name="t"), error=ValueError)


def test_a_forward_that_reads_memory_in_its_own_order():
    def forward(x):
        return np.ravel(x, order="K").reshape(np.shape(x)) * 2

    broken(laws.memory_layouts, elementwise(forward, 2, name="t"))


def test_a_rule_that_uses_what_it_did_not_ask_for():
    def partial(y, x):
        return 2 * x if not hasattr(x, "text") else 2  # on symbols it claims to need nothing

    broken(
        laws.keeps_what_rules_need, elementwise(lambda x: x * x, partial, name="t"), error=(AssertionError, TypeError)
    )


def test_a_kink_that_no_domain_mentions():
    rule = elementwise(lambda x: np.abs(x - 0.5), lambda y, x: np.sign(x - 0.5), name="t")
    broken(laws.numeric_derivative, rule, [((np.array([0.5, 1.0]),), {})], error=KinkError)


def test_an_operation_without_cases():
    custom(np.sin, (lambda g, y, x: g * np.cos(x),), name="no_cases")
    with pytest.raises(LookupError, match="no cases"):
        laws.check(TABLE["no_cases"])


def test_an_elementwise_operation_with_parameters_needs_cases():
    rule = elementwise(lambda x, n: x * n, lambda y, x, n: n, name="t", options={"n": 2})
    with pytest.raises(LookupError, match="no cases"):
        laws.check(rule)


def test_no_cases_at_all():
    with pytest.raises(LookupError, match="proves nothing"):
        laws.check(np.sin, [])


def test_a_function_without_op_is_checked_by_cases():
    laws.check(lambda x: x * x, [ROWS], reference=np.square)
    broken(laws.numeric_derivative, lambda x: x.detach() * x, [ROWS])
