"""checkpoint: the same numbers with less memory."""

import gc
import tracemalloc
import weakref

import numpy as np
import pytest

import autograd_core as ag
import nn
from autograd_core.testing import check_grads


def leaf(data):
    return ag.tensor(np.array(data), requires_grad=True)


def test_values_and_derivatives_to_second_order():
    def f(x, w):
        return ag.checkpoint(lambda x: (ag.tanh(x * w), {"b": [x * w.sum()]}), x * 2)

    check_grads(f, (np.array([1.0, 2.0]), np.array([0.3, 0.4])))


@pytest.mark.parametrize("inputs", ["leaves", "computed"])
def test_what_the_function_closes_over_gets_its_gradient(inputs):
    def gradients(run):
        x, w = leaf([1.0, 2.0]), leaf([0.5, 0.7])
        h = x if inputs == "leaves" else x * w
        run(lambda: (h * h * w).sum()).backward()
        return x.grad.tolist(), w.grad.tolist()

    assert gradients(ag.checkpoint) == gradients(lambda f: f())


def test_dropout_drops_the_same_and_the_generator_goes_on():
    ag.manual_seed(1)
    model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Dropout(0.5), nn.Linear(8, 1))
    data, found = ag.randn(5, 4), []
    for run in (ag.checkpoint, lambda f, x: f(x)):
        ag.manual_seed(2)
        model.zero_grad()
        run(model, data).sum().backward()
        found.append(([p.grad.tolist() for p in model.parameters()], ag.rand(1).item()))
    assert found[0] == found[1]


def test_it_stores_only_its_edge():
    x = leaf(np.ones(100_000))

    def deep(x):
        for _ in range(20):
            x = ag.tanh(x)
        return x

    def held(run):
        tracemalloc.start()
        y = run(deep, run(deep, run(deep, x)))
        size = tracemalloc.get_traced_memory()[0]
        tracemalloc.stop()
        assert y.requires_grad
        return size

    assert held(ag.checkpoint) < 0.1 * held(lambda f, x: f(x))


def test_arguments_changed_in_place_are_changed_once():
    x = leaf([1.0, 2.0])
    h = x * 1

    def f(h):
        h.mul_(3)
        return h * h

    ag.checkpoint(f, h).sum().backward()
    assert h.tolist() == [1.0, 2.0]
    assert x.grad.tolist() == [18.0, 36.0]


def test_a_function_that_computes_something_else_the_second_time():
    lengths = iter([1, 2])
    x = leaf([1.0, 2.0])
    y = ag.checkpoint(lambda x: x[: next(lengths)] * 2, x)
    with pytest.raises(RuntimeError, match="computes the same twice"):
        y.sum().backward()


def test_without_anything_to_record_it_just_calls():
    x = leaf([1.0])
    assert ag.checkpoint(lambda x: x, x) is not None
    with ag.no_grad():
        assert not ag.checkpoint(ag.exp, x).requires_grad
    assert ag.checkpoint(lambda a, k=1: a * k, ag.tensor([2.0]), k=3).tolist() == [6.0]


def test_no_cycle_keeps_a_graph_alive():
    gc.collect()
    gc.disable()
    try:
        x = leaf([1.0, 2.0])
        y = ag.checkpoint(lambda x: x * x, x)
        node = weakref.ref(y.node)
        y.sum().backward(create_graph=True)
        x.grad = None
        del y
        assert node() is None
    finally:
        gc.enable()


def test_arguments_may_change_after_the_call():
    """The backward pass calls the function again on what it was called with."""
    x = leaf([1.0, 2.0])
    array, scaled, several = np.array([3.0, 4.0], np.float32), x * 1, [x * 5]
    y = ag.checkpoint(lambda x, a, s, t: x * a + s * s + t[0], x, array, scaled, several)
    array[:] = 0
    scaled.mul_(7)
    several[0] = ag.zeros(2)
    y.sum().backward()
    assert x.grad.tolist() == [3 + 2 + 5, 4 + 4 + 5]
