"""Own operations by @primitive: rows of the table like any other, and refused when something is missing."""

import numpy as np
import pytest

import autograd_core as ag
from autograd_core.rules import TABLE, Domain
from autograd_core.testing import check_grads, laws


@pytest.fixture
def fresh():
    """Rows entered by a test leave the table again."""
    before = dict(TABLE)
    yield
    TABLE.clear()
    TABLE.update(before)


pytestmark = pytest.mark.usefixtures("fresh")


def make_power():
    @ag.primitive(partials=[lambda y, x, n: n * x ** (n - 1)], domain=Domain(low=0.0), symbol="^n")
    def own_power(x, *, n=2):
        """x to a fixed power."""
        return x**n

    return own_power


def test_elementwise_with_an_option():
    power = make_power()
    x = np.array([1.0, 2.0, 3.0])
    assert power(x).numpy().tolist() == [1.0, 4.0, 9.0]
    assert power(x, n=3).numpy().tolist() == [1.0, 8.0, 27.0]
    assert (power.__name__, power.__doc__) == ("own_power", "x to a fixed power.")
    cases = [((x,), {"n": n}) for n in (2, 3)]
    laws.check(power, cases, reference=lambda x, n: x**n)


def test_rules_of_one_input_each():
    @ag.primitive(vjps=[lambda g, y, a, b: g @ b.T, lambda g, y, a, b: a.T @ g])
    def own_product(a, b):
        return a @ b

    check_grads(own_product, (np.arange(6.0).reshape(2, 3), np.ones((3, 2)) * 0.5))


def test_a_rule_may_be_missing_for_an_input_without_derivative():
    @ag.primitive(vjps=[lambda g, y, x, k: g * k, None], jvps=[lambda t, y, x, k: t * k, None])
    def own_scaled(x, k):
        return x * k

    x, k = ag.tensor([1.0, 2.0], requires_grad=True), ag.tensor(3.0, requires_grad=True)
    own_scaled(x, k).sum().backward()
    assert x.grad.tolist() == [3.0, 3.0]
    assert k.grad is None


def test_linear_by_its_transpose():
    @ag.primitive(transpose=lambda g, x: g[::-1])
    def own_flip(x):
        return x[::-1]

    laws.check(own_flip, [((np.arange(3.0),), {})], reference=lambda x: x[::-1])


def test_defined_again_it_replaces_itself():
    first, second = make_power(), make_power()
    assert first.op is not second.op
    assert TABLE["own_power"] is second.op


def test_a_name_of_the_library_is_taken():
    with pytest.raises(ValueError, match="'add' exists already"):
        ag.primitive(lambda x: x, partials=[1], name="add")


@pytest.mark.parametrize(
    ("forward", "options", "message"),
    [
        (lambda x: x, {}, "one of partials=, vjps= and transpose=, got 0"),
        (lambda x: x, {"partials": [1], "transpose": lambda g, x: g}, "got 2 of them"),
        (lambda x, y: x, {"partials": [1]}, "has 2 inputs, got 1 partials"),
        (lambda x, y: x, {"transpose": lambda g, x: g}, "transpose= is for one input, got 2"),
        (lambda *xs: xs[0], {"partials": [1]}, "named arguments"),
        (lambda: 0, {"partials": []}, "at least one positional"),
        (lambda x: x, {"partials": [1], "jvps": [lambda t, y, x: t]}, "jvps= goes with vjps="),
        (3, {"partials": [1]}, "takes a function, got int"),
    ],
)
def test_what_is_missing_is_named(forward, options, message):
    with pytest.raises(TypeError, match=message):
        ag.primitive(forward, name="own", **options)
    assert "own" not in TABLE


def test_an_unknown_option():
    with pytest.raises(TypeError, match=r"own_power\(x, \*, n=2\): got an unexpected keyword argument 'm'"):
        make_power()(1.0, m=3)


def test_inputs_are_read_only():
    @ag.primitive(partials=[1])
    def own_step(x):
        x += 1
        return x

    x = ag.tensor([1.0])
    with pytest.raises(ValueError, match="read-only"):
        own_step(x)
    assert x.tolist() == [1.0]


def test_an_input_handed_back_is_copied():
    @ag.primitive(partials=[1])
    def own_identity(x):
        return x

    x = ag.tensor([1.0, 2.0])
    assert not np.shares_memory(own_identity(x).array, x.array)


@pytest.mark.parametrize("out", [(1.0, 2.0), "text", np.array([None])])
def test_results_that_are_no_array(out):
    @ag.primitive(partials=[1])
    def own_result(x):
        return out

    with pytest.raises(TypeError, match="own_result"):
        own_result(ag.tensor([1.0]))


def test_a_gradient_of_a_wrong_shape():
    @ag.primitive(vjps=[lambda g, y, x: np.concatenate([g, g])])
    def own_wrong(x):
        return x * 2

    x = ag.tensor([1.0, 2.0, 3.0], requires_grad=True)
    with pytest.raises(RuntimeError, match=r"own_wrong gave input 0 of shape \(3,\) a gradient of shape \(6,\)"):
        own_wrong(x).sum().backward()


def test_inputs_by_name_and_by_default():
    @ag.primitive(vjps=[lambda g, y, x, n: g * n, None])
    def own_scale(x, n=2.0):
        return x * n

    x = ag.tensor([1.0, 3.0], requires_grad=True)
    for y in (own_scale(x), own_scale(x, n=2.0), own_scale(n=2.0, x=x), own_scale(x, 2.0)):
        assert y.tolist() == [2.0, 6.0]
        assert ag.grad((y.sum(),), (x,))[0].tolist() == [2.0, 2.0]


def test_an_option_without_default_is_needed():
    @ag.primitive(vjps=[lambda g, y, x, n: g * n])
    def own_strict(x, *, n):
        return x * n

    with pytest.raises(TypeError, match="missing a required argument: 'n'"):
        own_strict(ag.tensor([1.0]))


@pytest.mark.parametrize("rule", [lambda g, y, x: g * 1j, lambda g, y, x: np.full(x.shape, "a")])
def test_a_gradient_that_is_no_real_number(rule):
    own = ag.primitive(vjps=[rule], name=f"own_unreal_{id(rule)}")(lambda x: x * 2)
    x = ag.tensor([1.0, 2.0], requires_grad=True)
    with pytest.raises(TypeError, match="real numbers"):
        own(x).sum().backward()
    with pytest.raises(TypeError, match="real numbers"):
        ag.grad((own(x).sum(),), (x,))
