"""check_grads passes what is right, and says what is wrong, where, and in which mode and order."""

import numpy as np
import pytest

import autograd_core as ag
from autograd_core.rules import TABLE, custom
from autograd_core.testing import KinkError, check_grads

X = np.array([[0.5, -1.5, 2.0], [1.0, 0.25, -0.75]])


@pytest.fixture
def declared():
    """Declares throwaway ops and takes them out of the table again."""
    before = set(TABLE)
    yield custom
    for name in set(TABLE) - before:
        del TABLE[name]


def hidden(x):
    """The same values, cut off from the graph."""
    return x.detach()


class TestRight:
    @pytest.mark.parametrize("order", [1, 2, 3])
    @pytest.mark.parametrize("modes", [("fwd",), ("rev",), ("fwd", "rev"), ["rev", "fwd"]])
    def test_orders_and_modes(self, order, modes):
        check_grads(lambda x, y: ag.sin(x * y) + ag.exp(-x * x), (0.7, np.array([0.3, 1.1])), order, modes)

    @pytest.mark.parametrize(
        "args",
        [
            (X,),
            [X],
            X,
            (ag.tensor(X),),
            ag.tensor(X),
            (ag.tensor(X, requires_grad=True),),
            (X.astype(np.float32),),
            (X.astype(np.float16),),
            (X[:, ::-1],),
            (X.T,),
            (np.broadcast_to(X, (2, 2, 3)),),
            (X.astype(">f8"),),
            (2.5,),
            2.5,
            (np.float32(2.5),),
            (np.array(2.5),),
            (np.zeros((0, 3)),),
        ],
        ids=repr,
    )
    def test_forms_of_arguments(self, args):
        check_grads(lambda x: ag.tanh(x) * x, args)

    def test_nested_arguments_and_results(self):
        def function(p, xs):
            return {"a": p["w"] * xs[0], "b": [(p["b"] - xs[1][0]) ** 2]}

        check_grads(function, ({"w": X, "b": 2.0}, [X[0], (1.5,)]))

    def test_what_does_not_float_is_handed_on(self):
        seen = []

        def function(x, rows, power, name, flag, nothing):
            seen.append((type(rows), rows.dtype, power, name, flag, nothing))
            return x[rows] ** power

        rows = np.array([1, 0, 1])
        check_grads(function, (X, rows, 2, "name", True, None))
        assert set(seen) == {(ag.Tensor, np.dtype(np.int64), 2, "name", True, None)}

    def test_results_that_do_not_float_do_not_count(self):
        check_grads(lambda x: (x.argmax(), x * 2, x > 0, 3), (X,))

    def test_many_elements(self):
        rng = np.random.default_rng(0)
        check_grads(lambda a, b: ag.tanh(a @ b), (rng.standard_normal((20, 30)), rng.standard_normal((30, 10))))

    def test_no_elements(self):
        check_grads(lambda x, y: x.sum(axis=0) * y, (np.zeros((0, 2)), np.ones(2)))

    @pytest.mark.parametrize("x", [1e-8, 1e-3, 0.1, 10.0, 1e5, 1e12])
    def test_steep_and_shallow(self, x):
        check_grads(ag.log, (x,))

    @pytest.mark.parametrize("x", [0.0, 1.0, 1000.0, 1e6])
    def test_waves(self, x):
        check_grads(ag.sin, (x,))

    def test_close_to_a_kink(self):
        check_grads(ag.relu, (np.array([1e-3, -1e-3, 1e-4]),))

    def test_close_to_the_edge_of_the_domain(self):
        check_grads(ag.sqrt, (np.array([1e-4, 1e-2, 1.0]),))

    def test_tiny_derivatives(self):
        check_grads(lambda x: x * 1e-7, (X,))

    def test_differences_of_large_numbers(self):
        check_grads(lambda x: (x + 1e3) - 1e3, (X,), atol=1e-8)

    def test_a_zero_derivative(self):
        check_grads(lambda x: (x - x.mean()).sum() + 0 * x, (X,))

    def test_a_constant_result(self):
        check_grads(lambda x: ag.ones(3, dtype=np.float64), (X,))

    def test_arguments_are_not_written_to(self):
        x, k = X.copy(), np.array([1, 2])
        t = ag.tensor(X, requires_grad=True)
        check_grads(lambda x, t, k: (x * t)[k - 1], (x, t, k))
        np.testing.assert_array_equal(x, X)
        np.testing.assert_array_equal(t.detach().numpy(), X)
        assert k.tolist() == [1, 2]
        assert t.grad is None
        assert t.dtype == np.float64

    def test_functions_that_work_in_place(self):
        def function(x):
            y = x * 1
            y[0] = x[1] * x[1]
            y *= 2
            return y

        check_grads(function, (X,))

    def test_functions_of_what_surrounds_them(self):
        w = ag.tensor(X, requires_grad=True)
        check_grads(lambda x: x * w * w, (X,))
        assert w.grad is None

    def test_inside_no_grad(self):
        with ag.no_grad():
            check_grads(lambda x: x * x, (X,))

    def test_functions_that_differentiate(self):
        check_grads(lambda x: ag.grad(lambda z: (z**3).sum())(x), (X,))


class TestWrong:
    def fails(self, function, *args, match, **options):
        with pytest.raises(AssertionError, match=match):
            check_grads(function, args, **options)

    def test_a_forgotten_dependency(self):
        self.fails(lambda x: hidden(x), X, match=r"first derivative.*args\[0\]\[0, 0\], expected 1 .*found 0")

    def test_a_dependency_forgotten_in_one_of_two_uses(self):
        self.fails(lambda x: hidden(x) * x, X, match=r"of output\[0, 0\] .*expected 1 from differences, found 0.5")

    def test_a_dependency_forgotten_in_one_element(self):
        def function(x):
            y = x * 1
            y[1, 2] = hidden(x)[1, 2]
            return y

        self.fails(function, X, match=r"args\[0\]\[1, 2\], expected 1 .*found 0")

    def test_one_element_among_thousands(self):
        mask = np.zeros((50, 60))
        mask[17, 42] = 1

        def function(x):
            return x * (1 - mask) + hidden(x) * mask

        for mode in ("fwd", "rev"):
            self.fails(function, np.ones((50, 60)), match=r"args\[0\]\[17, 42\], expected", modes=(mode,))

    def test_a_small_argument_beside_a_large_one(self):
        self.fails(lambda x, y: x * 1e4 + hidden(y), np.ones(100), 2.0, match=r"args\[1\], expected 1")

    def test_nested_arguments_are_named(self):
        def function(p):
            return p["w"] * hidden(p["b"][1])

        self.fails(function, {"w": X, "b": [0.0, np.array([1.0, 2.0, 3.0])]}, match=r"args\[0\]\['b'\]\[1\]\[0\]")

    def test_nested_results_are_named(self):
        self.fails(lambda x: {"a": x, "b": [hidden(x)]}, 2.0, match="of output 1 with")

    def test_a_small_error(self):
        self.fails(lambda x: hidden(x) * 1e-5 + x, X, match="expected 1.00001 from differences, found 1")

    def test_a_forgotten_dependency_of_small_size(self):
        self.fails(lambda x: hidden(x) * 1e-8, X, match="expected 1e-08 from differences, found 0")

    def test_the_mode_is_named(self, declared):
        right, wrong = lambda g, y, x: g * np.cos(x), lambda g, y, x: g * np.sin(x)
        bad_jvp = declared(np.sin, (right,), (wrong,), name="bad_jvp")
        bad_vjp = declared(np.sin, (wrong,), (right,), name="bad_vjp")
        self.fails(bad_jvp, X, match=r"first derivative \(forward mode\)")
        self.fails(bad_vjp, X, match=r"first derivative \(reverse mode\)")
        check_grads(bad_jvp, (X,), 1, ("rev",))
        check_grads(bad_vjp, (X,), 1, ("fwd",))

    def test_a_wrong_second_derivative(self, declared):
        def frozen(value):
            return getattr(value, "array", value)

        half = declared(
            lambda x: x * x * x,
            (lambda g, y, x: g * 3 * x * x,),
            (lambda t, y, x: t * 3 * frozen(x) * frozen(x),),
            name="half_a_second",
        )
        check_grads(half, (X,), order=1)
        self.fails(half, X, match=r"second derivative \(.* over forward mode\).*args\[0\]\[0, 0\], expected .*found 0")
        check_grads(half, (X,), modes=("rev",))

    def test_a_wrong_third_derivative(self, declared):
        def frozen(value):
            return getattr(value, "array", value)

        def rule(g, y, x):
            return g * declared_square(x)

        declared_square = declared(
            np.square, (lambda g, y, x: g * 2 * frozen(x),), (lambda t, y, x: t * 2 * frozen(x),), name="flat_square"
        ).op.on
        cubic = declared(lambda x: x**3 / 3, (rule,), (rule,), name="cubic")
        check_grads(cubic, (X,), order=2)
        self.fails(cubic, X, order=3, match="third derivative")

    def test_a_nan_gradient(self, declared):
        nan = declared(np.sin, (lambda g, y, x: g * np.cos(x) * np.nan,), (lambda t, y, x: t * np.cos(x),), name="nan")
        self.fails(nan, X, match="found nan")

    def test_a_gradient_of_another_shape(self, declared):
        def total(x):
            return np.sum(x, keepdims=True)

        tall = declared(
            total,
            (lambda g, y, x: np.broadcast_to(g, (3, 3)),),
            (lambda t, y, x: np.sum(t, keepdims=True),),
            name="tall",
        )
        with pytest.raises(RuntimeError, match=r"tall gave input 0 of shape .* a gradient of shape \(3, 3\)"):
            check_grads(tall, (X,))

    def test_a_function_that_changes_when_recorded(self):
        def function(x):
            return x * (2 if x.requires_grad else 3)

        with pytest.raises(AssertionError):
            check_grads(function, (X,))


class TestKinks:
    @pytest.mark.parametrize(
        ("function", "x"),
        [
            (ag.abs, [1.0, 0.0]),
            (ag.relu, [1.0, 0.0]),
            (lambda x: ag.maximum(x, 2.0), [1.0, 2.0]),
            (lambda x: ag.clip(x, 0.0, 1.0), [0.5, 1.0]),
            (lambda x: x.max() * ag.ones(2, dtype=np.float64), [2.0, 2.0]),
            (ag.floor, [0.5, 2.0]),
            (lambda x: ag.where(x > 1, x + 1, x), [0.5, 1.0]),
            (lambda x: ag.sqrt(ag.abs(x)), [0.5, 0.0]),
            (lambda x: 1e-5 * ag.abs(x), [0.5, 0.0]),
            (lambda x: 1e5 * x + ag.abs(x), [0.5, 0.0]),
            (lambda x: ag.abs(x * x - 1), [0.5, 1.0]),
            (lambda x: ag.remainder(x, 1.0), [0.5, 3.0]),
        ],
    )
    def test_kinks_are_named(self, function, x):
        with pytest.raises(KinkError, match=r"args\[0\]\[[01]\]"):
            check_grads(function, (np.array(x),))

    def test_both_slopes_are_given(self):
        with pytest.raises(KinkError, match=r"output\[1\] at args\[0\]\[1\] has slope -1 from below and 1 from above"):
            check_grads(ag.abs, (np.array([1.0, 0.0]),))

    def test_the_edge_of_a_domain(self):
        with pytest.raises(KinkError, match="edge of its domain"):
            check_grads(ag.sqrt, (np.array([1.0, 0.0]),))

    def test_a_kink_in_the_derivative_counts_from_the_second_order_on(self):
        def bend(x):
            return ag.relu(x) * ag.relu(x)

        check_grads(bend, (np.array([0.0, 1.0]),), order=1)
        with pytest.raises(KinkError, match=r"so is its derivative"):
            check_grads(bend, (np.array([0.0, 1.0]),), order=2)

    def test_smooth_seams_are_no_kinks(self):
        def elu(x):
            return ag.where(x > 0, x, ag.expm1(x))

        check_grads(elu, (np.array([0.0, 1.0, -1.0]),), order=1)

    def test_extrema_and_turning_points_are_no_kinks(self):
        for function in (lambda x: x**2, lambda x: x**3, lambda x: x**4, ag.cos, lambda x: ag.exp(-100 * x * x)):
            check_grads(function, (np.array([0.0, 0.1]),))

    def test_stairs_are_no_slope(self):
        """Over steps of 1/64, 1/128, … these stairs rise by a whole number each time."""
        check_grads(lambda x: -2.7002372482579244 // x, (0.10775430672986497,))
        check_grads(lambda x: ag.floor(x * 256.0 + 0.5), (1.0,))
        with pytest.raises(KinkError, match="jumps"):
            check_grads(lambda x: ag.floor(x * 256.0), (1.0,))

    def test_a_kink_is_no_assertion_error(self):
        assert not issubclass(KinkError, AssertionError)


class TestBadInput:
    def test_nothing_to_differentiate(self):
        with pytest.raises(TypeError, match="argument that holds floats"):
            check_grads(lambda x: x * 2, (np.array([1, 2]), 3, "x"))
        with pytest.raises(TypeError, match="returns floats"):
            check_grads(lambda x: x.argmax(), (X,))

    def test_results_that_are_not_finite(self):
        with pytest.raises(ValueError, match=r"-inf in output\[1\]"):
            check_grads(ag.log, (np.array([1.0, 0.0]),))
        with pytest.raises(ValueError, match="nan in output"):
            check_grads(ag.log, (-1.0,))

    @pytest.mark.parametrize("bad", [np.nan, np.inf])
    def test_arguments_that_are_not_finite(self, bad):
        with pytest.raises(ValueError, match=r"args\[0\]\['w'\]\[1\]"):
            check_grads(lambda p: p["w"] * 2, ({"w": np.array([1.0, bad])},))

    def test_randomness(self):
        with pytest.raises(ValueError, match="different results"):
            check_grads(lambda x: x * ag.rand(3, dtype=np.float64), (np.ones(3),))

    def test_less_than_float64(self):
        with pytest.raises(TypeError, match="float32 back"):
            check_grads(lambda x: x.float() * 2, (X,))

    @pytest.mark.parametrize("order", [0, -1])
    def test_orders_that_do_not_exist(self, order):
        with pytest.raises(ValueError, match="order"):
            check_grads(ag.sin, (X,), order=order)

    @pytest.mark.parametrize("modes", [(), ("forward",), "fwd"])
    def test_modes_that_do_not_exist(self, modes):
        with pytest.raises(ValueError, match="modes"):
            check_grads(ag.sin, (X,), modes=modes)

    def test_what_the_function_raises_passes_through(self):
        with pytest.raises(ZeroDivisionError):
            check_grads(lambda x: 1 / 0, (X,))
