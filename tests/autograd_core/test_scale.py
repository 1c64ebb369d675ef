"""Deep, wide and long: nothing recursive, nothing quadratic, nothing left behind, nothing shared between threads."""

import contextlib
import gc
import subprocess
import sys
import textwrap
import threading

import numpy as np
import pytest

import autograd_core as ag
from autograd_core.rules import TABLE, custom


@pytest.fixture
def counted():
    """An addition that counts how often its rules run: ``(function, counts)``."""
    counts = {"vjp": 0, "jvp": 0}

    def tally(kind):
        def rule(g, y, a, b):
            counts[kind] += 1
            return g

        return rule

    function = custom(lambda a, b: a + b, (tally("vjp"),) * 2, (tally("jvp"),) * 2, name="counted_sum")
    counts.update(vjp=0, jvp=0)  # declaring runs the rules on symbols
    yield function, counts
    del TABLE["counted_sum"]


def test_a_chain_of_200_000_operations():
    x = ag.tensor(1.0, dtype=np.float64, requires_grad=True)
    y = x
    for _ in range(100_000):
        y = y * 1.00001
        y = y + 0.5
    y.backward()
    assert x.grad.item() == pytest.approx(1.00001**100_000, rel=1e-9)
    del y


def test_a_chain_of_200_000_operations_is_freed_without_backward_on_a_small_stack():
    script = """
        import threading, autograd_core as ag
        def work():
            x = ag.tensor(1.0, requires_grad=True)
            y = x
            for _ in range(200_000):
                y = -y
            del y
            y = ag.tensor([1.0, 2.0], requires_grad=True)
            for _ in range(200_000):
                y = y * 1.0
            y.sum().backward()
            del y
            done.append(True)
        done = []
        threading.stack_size(256 * 1024)
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
        assert done
    """
    subprocess.run([sys.executable, "-c", textwrap.dedent(script)], check=True)


def test_a_deep_chain_through_every_pass():
    x = ag.tensor(0.5, dtype=np.float64, requires_grad=True)

    def deep(x):
        for _ in range(5_000):
            x = ag.sin(x) * 1.0
        return x

    value, change = ag.jvp(deep, (x,), (1.0,))
    (first,) = ag.grad(deep(x), x, create_graph=True)
    assert first.item() == pytest.approx(change.item(), rel=1e-9)
    first.backward()
    assert np.isfinite(x.grad.item())
    assert len(ag.Graph([deep(x).grad_fn])) == 10_001
    assert value.requires_grad
    x.grad = None


def test_a_fan_in_of_10_000():
    leaves = [ag.tensor(float(i), requires_grad=True) for i in range(10_000)]
    ag.stack(leaves).sum().backward()
    assert all(leaf.grad.item() == 1.0 for leaf in leaves)
    joined = ag.concatenate([leaf.reshape(1) * 2 for leaf in leaves])
    joined.backward(np.arange(10_000.0))
    assert leaves[-1].grad.item() == 1.0 + 2 * 9_999


def test_a_fan_out_of_10_000():
    x = ag.tensor(2.0, dtype=np.float64, requires_grad=True)
    total = x * 0
    for i in range(10_000):
        total = total + x * i
    total.backward()
    assert x.grad.item() == sum(range(10_000))


@pytest.mark.parametrize("depth", [10, 1_000])
def test_each_rule_runs_once_per_use_however_many_paths_there_are(counted, depth):
    function, counts = counted
    x = ag.tensor(1.0, dtype=np.float64, requires_grad=True)
    y = x
    for _ in range(depth):
        y = function(y, y) * 0.5
    y.backward()
    assert counts["vjp"] == 2 * depth
    assert x.grad.item() == 1.0
    ag.jvp(lambda x: function(function(x, x), x), (1.0,), (1.0,))
    assert counts["jvp"] == 4


def test_rules_run_only_where_a_gradient_is_wanted(counted):
    function, counts = counted
    x, y = (ag.tensor(1.0, requires_grad=True) for _ in range(2))
    side = y
    for _ in range(100):
        side = function(side, 1.0)
    z = function(x, side)
    (gx,) = ag.grad(z, x, retain_graph=True)
    assert (gx.item(), counts["vjp"]) == (1.0, 1)
    z.backward()
    assert counts["vjp"] == 1 + 2 + 100  # constants beside a tensor ask for nothing


def test_a_result_that_is_not_used_costs_nothing(counted):
    function, counts = counted
    x = ag.tensor(1.0, requires_grad=True)
    kept = [function(x, x) for _ in range(50)]
    kept[0].backward()
    assert counts["vjp"] == 2


def step_of_a_network():
    rng = np.random.default_rng(0)
    w1, w2 = (ag.tensor(rng.standard_normal(s), requires_grad=True) for s in ((4, 3), (3, 2)))
    x, t = rng.standard_normal((5, 4)), rng.standard_normal((5, 2))

    def step():
        loss = ((ag.tanh(x @ w1) @ w2 - t) ** 2).mean()
        loss.backward()
        with ag.no_grad():
            for w in (w1, w2):
                w -= 0.01 * w.grad
                w.grad = None

    return step


def step_of_scalars():
    w = ag.tensor(0.5, requires_grad=True)

    def step():
        y = ag.relu(w * 2.0 + 1.0) ** 2
        (y * y).backward()
        w.grad = None

    return step


def step_with_hooks():
    x = ag.tensor([1.0, 2.0], requires_grad=True)

    def step():
        y = x * x
        y.retain_grad()
        handle = x.register_hook(lambda g: g + y.grad if y.grad is not None else g)
        y.sum().backward()
        handle.remove()
        x.grad = None

    return step


def step_of_second_order():
    x = ag.tensor([1.0, 2.0], requires_grad=True)

    def step():
        (g,) = ag.grad((x * x * x).sum(), x, create_graph=True)
        (g * g).sum().backward()
        x.grad = None

    return step


def step_of_transforms():
    def f(x):
        return (ag.sin(x) * x).sum()

    def step():
        ag.hessian(f)(np.ones(2))
        ag.jvp(f, (np.ones(2),), (np.ones(2),))
        ag.vjp(f, np.ones(2))[1](1.0)

    return step


def step_in_place():
    x = ag.tensor(np.ones(4), requires_grad=True)

    def step():
        y = x * 2
        y[1:3] = y[0] * x[:2]
        y += 1
        y.sum().backward()
        x.grad = None

    return step


def step_that_fails():
    x = ag.tensor([1.0, 2.0], requires_grad=True)

    def step():
        y = x * x
        with contextlib.suppress(RuntimeError):
            y.backward()

    return step


def step_without_backward():
    x = ag.tensor([1.0, 2.0], requires_grad=True)

    def step():
        ag.exp(x * x).sum()

    return step


STEPS = {
    step_of_a_network: 10_000,
    step_of_scalars: 10_000,
    step_with_hooks: 3_000,
    step_of_second_order: 3_000,
    step_of_transforms: 600,
    step_in_place: 3_000,
    step_that_fails: 3_000,
    step_without_backward: 3_000,
}


@pytest.mark.parametrize("make", STEPS, ids=lambda make: make.__name__)
def test_nothing_is_left_for_the_garbage_collector(make):
    step, half = make(), STEPS[make] // 2
    step()  # caches fill
    gc.collect()
    gc.disable()
    try:
        objects = len(gc.get_objects())
        for _ in range(half):
            step()
        blocks = sys.getallocatedblocks()  # by now the free lists of Python and NumPy are full
        for _ in range(half):
            step()
        more_blocks, more_objects = sys.getallocatedblocks() - blocks, len(gc.get_objects()) - objects
        assert gc.collect() == 0
    finally:
        gc.enable()
    assert more_objects < 50, "objects are left over"
    assert more_blocks < half / 10, "memory is left over"


def test_a_graph_is_freed_with_its_last_tensor():
    x = ag.tensor(np.ones(1000), requires_grad=True)
    ag.exp(x * x) * 0.5 + x  # what the first call of an operation keeps for the next ones isn't the graph's
    gc.collect()
    gc.disable()
    try:
        before = len(gc.get_objects())
        y = ag.exp(x * x)
        for _ in range(100):
            y = y * 0.5 + x
        assert len(gc.get_objects()) > before + 100
        del y
        assert len(gc.get_objects()) - before < 5
    finally:
        gc.enable()


def test_two_threads_train_with_different_grad_modes():
    meet = threading.Barrier(2, timeout=60)
    wrong = []

    def train(recorded):
        try:
            with ag.set_grad_enabled(recorded), ag.detect_anomaly() if recorded else contextlib.nullcontext():
                w = ag.tensor([1.0, 2.0], requires_grad=True)
                meet.wait()
                for _ in range(2_000):
                    loss = (w * w).sum()
                    if loss.requires_grad is not recorded or ag.is_grad_enabled() is not recorded:
                        wrong.append((recorded, loss))
                        return
                    if recorded:
                        loss.backward()
                        with ag.no_grad():
                            w -= 0.001 * w.grad
                        w.grad = None
                    else:
                        w -= 0.001 * w
                meet.wait()
        except BaseException as error:  # a thread's error must reach the test
            wrong.append(error)
            meet.abort()

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        threads = [threading.Thread(target=train, args=(recorded,)) for recorded in (True, False)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
    assert not wrong
    assert ag.is_grad_enabled()


def test_a_new_thread_records_whatever_its_maker_does():
    seen = []
    with ag.no_grad():
        thread = threading.Thread(target=lambda: seen.append(ag.is_grad_enabled()))
        thread.start()
        thread.join()
    assert seen == [True]


def test_one_thread_goes_backward_through_what_another_made():
    x = ag.tensor(3.0, requires_grad=True)
    made = []
    thread = threading.Thread(target=lambda: made.append(x * x))
    thread.start()
    thread.join()
    made[0].backward()
    assert x.grad.item() == 6.0
