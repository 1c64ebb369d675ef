"""Grad modes and anomaly detection: as contexts, decorators, nested, with exceptions and generators."""

import asyncio

import numpy as np
import pytest

import autograd_core as ag
from autograd_core.modes import inside

OFF = [ag.no_grad, ag.inference_mode, lambda: ag.set_grad_enabled(False)]
ON = [ag.enable_grad, lambda: ag.inference_mode(False), lambda: ag.set_grad_enabled(True)]


@pytest.fixture(autouse=True)
def _mode_is_left_as_it_was():
    yield
    left_on = ag.is_grad_enabled()
    ag.set_grad_enabled(True)
    assert left_on


def recorded():
    x = ag.tensor(2.0, requires_grad=True)
    return (x * x).requires_grad


class TestGradModes:
    def test_recording_is_on_by_default(self):
        assert ag.is_grad_enabled()
        assert recorded()

    @pytest.mark.parametrize("switch", OFF)
    def test_as_a_context(self, switch):
        with switch():
            assert not recorded()
            assert not ag.is_grad_enabled()
        assert recorded()

    @pytest.mark.parametrize("off", OFF)
    @pytest.mark.parametrize("on", ON)
    def test_nested(self, off, on):
        with off():
            with on():
                assert recorded()
                with off():
                    assert not recorded()
                assert recorded()
            assert not recorded()
        assert recorded()

    @pytest.mark.parametrize("switch", OFF)
    def test_exceptions_leave_the_mode_as_it_was(self, switch):
        with pytest.raises(KeyError), switch():
            raise KeyError
        assert recorded()
        with pytest.raises(KeyError), switch(), ag.enable_grad():
            raise KeyError
        assert recorded()

    @pytest.mark.parametrize("decorator", [lambda: ag.no_grad, ag.no_grad, lambda: ag.set_grad_enabled(False)])
    def test_as_a_decorator(self, decorator):
        @decorator()
        def function(a, b=1):
            """Says something."""
            return recorded(), a + b

        assert recorded()
        assert function(1, b=2) == (False, 3)
        assert function(1) == (False, 2)
        assert recorded()
        assert function.__doc__ == "Says something."
        assert function.__name__ == "function"

    def test_a_decorated_function_that_calls_itself_and_fails(self):
        @ag.no_grad
        def down(n):
            assert not recorded()
            if n == 0:
                raise KeyError
            down(n - 1)

        with pytest.raises(KeyError):
            down(3)
        assert recorded()

    def test_a_decorated_method(self):
        class Thing:
            @ag.no_grad()
            def look(self):
                return recorded()

            @ag.enable_grad
            def record(self):
                return recorded()

        with ag.no_grad():
            assert Thing().record()
        assert not Thing().look()

    def test_a_generator_inside_and_its_caller_outside(self):
        @ag.no_grad()
        def generate():
            for _ in range(2):
                yield recorded()

        for value in generate():
            assert value is False
            assert recorded()

    def test_a_generator_left_halfway(self):
        @ag.no_grad
        def generate():
            yield 1
            yield 2

        steps = generate()
        assert next(steps) == 1
        assert recorded()
        steps.close()
        assert recorded()

    def test_a_generator_that_is_sent_and_thrown_things(self):
        @ag.no_grad
        def echo():
            heard = []
            while True:
                try:
                    heard.append((yield len(heard)))
                except KeyError:
                    heard.append(("error", recorded()))
                if len(heard) == 3:
                    return heard

        steps = echo()
        assert next(steps) == 0
        assert steps.send("a") == 1
        assert steps.throw(KeyError()) == 2
        with pytest.raises(StopIteration) as end:
            steps.send("b")
        assert end.value.value == ["a", ("error", False), "b"]

    def test_a_decorated_coroutine(self):
        @ag.no_grad()
        async def work():
            before = recorded()
            await asyncio.sleep(0)
            return before, recorded()

        assert asyncio.run(work()) == (False, False)
        assert recorded()

    def test_tasks_do_not_share_a_mode(self):
        async def quiet():
            with ag.no_grad():
                await asyncio.sleep(0)
                return recorded()

        async def loud():
            await asyncio.sleep(0)
            return recorded()

        async def both():
            return await asyncio.gather(quiet(), loud(), quiet())

        assert asyncio.run(both()) == [False, True, False]

    def test_set_grad_enabled_as_a_call(self):
        ag.set_grad_enabled(False)
        assert not recorded()
        ag.set_grad_enabled(True)
        assert recorded()

    @pytest.mark.parametrize("flag", [True, False])
    def test_set_grad_enabled_takes_a_flag(self, flag):
        with ag.set_grad_enabled(flag):
            assert recorded() is flag
        assert recorded()

    def test_what_is_computed_inside_is_a_leaf_for_good(self):
        x = ag.tensor(2.0, requires_grad=True)
        with ag.no_grad():
            y = x * x
        (y * x).backward()
        assert x.grad.item() == 4.0
        assert y.is_leaf

    def test_leaves_made_inside_still_require_grad(self):
        with ag.no_grad():
            x = ag.tensor(2.0, requires_grad=True)
        assert x.requires_grad
        (x * x).backward()
        assert x.grad.item() == 4.0


class TestAnomaly:
    def test_forward_names_the_operation_and_the_line(self):
        x = ag.tensor([1.0, 0.0], requires_grad=True)
        with ag.detect_anomaly(), pytest.raises(FloatingPointError) as caught:
            ag.log(x) * 2  # the culprit
        message = str(caught.value)
        assert "log gave -inf at index (1,)" in message
        assert "test_modes.py" in message
        assert "the culprit" in message

    def test_forward_nan(self):
        with ag.detect_anomaly(), pytest.raises(FloatingPointError, match=r"sqrt gave nan"):
            ag.sqrt(ag.tensor(-1.0))

    def test_forward_of_an_operator(self):
        x = ag.tensor([1.0, 2.0], requires_grad=True)
        with ag.detect_anomaly(), pytest.raises(FloatingPointError, match=r"divide gave inf.*x / 0"):
            x / 0.0

    def test_backward_names_the_operation_and_the_forward_line(self):
        x = ag.tensor([4.0, 0.0], requires_grad=True)
        with ag.detect_anomaly():
            y = ag.sqrt(x)  # made here
            z = y.sum()
            with pytest.raises(FloatingPointError) as caught:
                z.backward()
        message = str(caught.value)
        assert "the gradient of sqrt for its input 0 is inf at index (1,)" in message
        assert "made here" in message
        assert x.grad is None

    def test_backward_outside_of_which_the_forward_pass_ran(self):
        x = ag.tensor(0.0, requires_grad=True)
        y = ag.sqrt(x)
        with ag.detect_anomaly(), pytest.raises(FloatingPointError, match=r"sqrt.*forward pass inside detect_anomaly"):
            y.backward()

    def test_the_module_is_named(self):
        x = ag.tensor(0.0, requires_grad=True)
        with ag.detect_anomaly(), inside("net"), inside("fc1"):
            with pytest.raises(FloatingPointError, match=r"in module net\.fc1"):
                ag.log(x)
            y = ag.sqrt(x)
        with ag.detect_anomaly(), pytest.raises(FloatingPointError, match=r"in module net\.fc1"):
            y.backward()

    def test_the_first_bad_operation_is_named_not_the_last(self):
        x = ag.tensor(-1.0, requires_grad=True)
        with ag.detect_anomaly(), pytest.raises(FloatingPointError, match=r"^log gave"):
            ag.exp(ag.log(x) + 1)

    def test_a_nan_from_outside_is_named_where_it_enters(self):
        with ag.detect_anomaly(), pytest.raises(FloatingPointError, match=r"^multiply gave nan"):
            ag.tensor([np.nan]) * 2

    def test_integers_and_comparisons_pass(self):
        with ag.detect_anomaly():
            assert ag.isnan(ag.tensor([np.nan])).item() is True
            assert (ag.tensor([1, 2]) * 3).tolist() == [3, 6]

    def test_what_is_fine_is_left_alone(self):
        x = ag.tensor([1.0, 2.0], requires_grad=True)
        with ag.detect_anomaly():
            (ag.exp(x) * x).sum().backward()
        plain = ag.tensor([1.0, 2.0], requires_grad=True)
        (ag.exp(plain) * plain).sum().backward()
        assert x.grad.tolist() == plain.grad.tolist()

    def test_it_ends_with_the_context_and_with_an_exception(self):
        with pytest.raises(FloatingPointError), ag.detect_anomaly():
            ag.log(ag.tensor(0.0))
        with np.errstate(divide="ignore"):
            assert ag.log(ag.tensor(0.0)).item() == -np.inf

    def test_as_a_decorator(self):
        @ag.detect_anomaly()
        def function():
            return ag.log(ag.tensor(0.0))

        with pytest.raises(FloatingPointError):
            function()

    def test_under_no_grad(self):
        with ag.no_grad(), ag.detect_anomaly(), pytest.raises(FloatingPointError, match="log gave -inf"):
            ag.log(ag.tensor(0.0, requires_grad=True))

    def test_with_create_graph(self):
        x = ag.tensor(0.0, dtype=np.float64, requires_grad=True)
        with ag.detect_anomaly():
            (g,) = ag.grad(x**1.5, x, create_graph=True)
            with pytest.raises(FloatingPointError):
                ag.grad(g, x)
