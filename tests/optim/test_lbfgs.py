"""L-BFGS on functions with known minima, and its line search by the conditions that it promises."""

import copy

import numpy as np
import pytest

import autograd_core as ag
import optim
from optim.line_search import Point, cubic_minimum, strong_wolfe

SEARCHES = pytest.mark.parametrize("search", [None, "strong_wolfe"])


def closure_of(optimizer, loss_of):
    def closure():
        optimizer.zero_grad()
        loss = loss_of()
        loss.backward()
        return loss

    return closure


@SEARCHES
def test_a_quadratic_is_solved_exactly(search):
    rng = np.random.default_rng(0)
    root = rng.standard_normal((6, 6))
    a, b = ag.tensor(root @ root.T + np.eye(6)), ag.tensor(rng.standard_normal(6))
    w = ag.tensor(np.zeros(6), requires_grad=True)
    optimizer = optim.LBFGS([w], max_iter=60, tolerance_change=1e-14, line_search_fn=search)
    optimizer.step(closure_of(optimizer, lambda: 0.5 * w @ a @ w - b @ w))
    np.testing.assert_allclose(w.detach().numpy(), np.linalg.solve(a.numpy(), b.numpy()), atol=1e-6)


def test_rosenbrocks_valley():
    x, y = (ag.tensor(np.float64(v), requires_grad=True) for v in (-1.2, 1.0))
    optimizer = optim.LBFGS([x, y], max_iter=100, tolerance_change=1e-14, line_search_fn="strong_wolfe")
    first = optimizer.step(closure_of(optimizer, lambda: (1 - x) ** 2 + 100 * (y - x * x) ** 2))
    assert first.item() == pytest.approx(24.2)
    assert x.item() == pytest.approx(1, abs=1e-5)
    assert y.item() == pytest.approx(1, abs=1e-5)
    assert x.shape == ()


@SEARCHES
def test_limits_are_kept(search):
    w = ag.tensor(np.array([-1.2, 1.0]), requires_grad=True)
    calls = 0

    def loss():
        nonlocal calls
        calls += 1
        return (1 - w[0]) ** 2 + 100 * (w[1] - w[0] * w[0]) ** 2

    optimizer = optim.LBFGS([w], lr=1e-3, max_iter=4, line_search_fn=search, history_size=2)
    optimizer.step(closure_of(optimizer, loss))
    state = optimizer.state[w]
    assert state["n_iter"] <= 4
    assert state["func_evals"] == calls <= 6
    for _ in range(3):
        optimizer.step(closure_of(optimizer, loss))
    assert len(state["old_dirs"]) == len(state["old_stps"]) == len(state["ro"]) <= 2
    assert state["func_evals"] == calls


def test_nothing_moves_where_the_gradient_is_zero():
    w, unused = (ag.tensor([1.0, 2.0], requires_grad=True) for _ in range(2))
    optimizer = optim.LBFGS([w, unused])
    optimizer.step(closure_of(optimizer, lambda: (w * 0).sum()))
    assert w.tolist() == unused.tolist() == [1.0, 2.0]


@SEARCHES
def test_training_goes_on_where_it_was_saved(search):
    def make():
        w = ag.tensor(np.array([-1.2, 1.0]), requires_grad=True)
        optimizer = optim.LBFGS([w], lr=0.01, max_iter=3, history_size=2, line_search_fn=search)
        return w, optimizer, closure_of(optimizer, lambda: (1 - w[0]) ** 2 + 10 * (w[1] - w[0] ** 2) ** 2)

    a, first, closure = make()
    for _ in range(3):
        first.step(closure)
    saved = copy.deepcopy(first.state_dict())
    b, second, other = make()
    b.data = a.detach()
    second.load_state_dict(saved)
    for _ in range(3):
        first.step(closure)
        second.step(other)
    assert a.tolist() == b.tolist()
    wrong = copy.deepcopy(saved)
    wrong["state"][0]["d"] = ag.zeros(3)
    with pytest.raises(ValueError, match="all parameters together"):
        second.load_state_dict(wrong)


def test_what_it_does_not_do_is_said():
    w, v = (ag.tensor([1.0], requires_grad=True) for _ in range(2))
    with pytest.raises(ValueError, match="per-parameter options"):
        optim.LBFGS([{"params": [w]}, {"params": [v]}])
    with pytest.raises(ValueError, match="only 'strong_wolfe' is supported"):
        optim.LBFGS([w], line_search_fn="armijo")
    with pytest.raises(ValueError, match="Invalid learning rate: -1"):
        optim.LBFGS([w], lr=-1)
    with pytest.raises(TypeError, match="pass step\\(\\) a closure"):
        optim.LBFGS([w]).step()


# The line search

FUNCTIONS = {
    "quadratic": (lambda t: (t - 3) ** 2, lambda t: 2 * (t - 3)),
    "steep": (lambda t: 100 * (t - 0.01) ** 2, lambda t: 200 * (t - 0.01)),
    "far": (lambda t: (t - 500) ** 2 / 500, lambda t: (t - 500) / 250),
    "valley": (lambda t: -t / (t * t + 2), lambda t: (t * t - 2) / (t * t + 2) ** 2),
}


@pytest.mark.parametrize("first", [1e-3, 1.0, 30.0])
@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_point_found_is_low_and_flat_enough(name, first):
    f, slope = FUNCTIONS[name]
    evaluated = []

    def at(t):
        evaluated.append(t)
        return Point(t, f(t), None, slope(t))

    start = Point(0.0, f(0.0), None, slope(0.0))
    found = strong_wolfe(at, start, first, size=1.0, tolerance=1e-12, limit=25)
    assert found.t in evaluated
    assert found.loss <= start.loss + 1e-4 * found.t * start.slope
    assert abs(found.slope) <= 0.9 * abs(start.slope)
    assert len(evaluated) <= 26


def test_a_search_that_may_not_try_again_gives_the_lower_end():
    start = Point(0.0, 1.0, None, -1.0)
    assert strong_wolfe(lambda t: Point(t, 5.0, None, 9.0), start, 1.0, 1.0, 1e-9, limit=0).t == 0
    assert strong_wolfe(lambda t: Point(t, 0.5, None, -5.0), start, 1.0, 1.0, 1e-9, limit=0).t == 1


def test_the_minimum_of_a_cubic():
    """t³ − 3t has its minimum at 1."""

    def point(t):
        return Point(t, t**3 - 3 * t, None, 3 * t * t - 3)

    assert cubic_minimum(point(0.0), point(3.0), 0, 3) == pytest.approx(1)
    assert cubic_minimum(point(3.0), point(0.0), 0, 3) == pytest.approx(1)
    assert cubic_minimum(point(0.0), point(3.0), 2, 3) == 2
    assert cubic_minimum(point(2.0), point(2.0), 2, 4) == 3
    assert cubic_minimum(Point(0.0, 0.0, None, 1.0), Point(1.0, 1.0, None, 1.0), 0, 1) == 0.5
