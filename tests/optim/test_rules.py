"""Each rule against its formula as published, in plain NumPy, and the same rule compiled and block by block."""

import math

import numpy as np
import pytest

import autograd_core as ag
import nn
import optim
from autograd_core import fast

CENTRE = np.array([0.5, -1.0, 0.25])


def gradient(w):
    return 2 * (w - CENTRE) * np.array([1.0, 3.0, 0.1])


def steps(optimizer, w, formula, n=12, rtol=1e-12):
    """Both take n steps from the same weights; the formula gives the new weights for w, g and t."""
    expected = w.detach().numpy().copy()
    for t in range(1, n + 1):
        w.grad = ag.tensor(gradient(expected))
        optimizer.step()
        expected = formula(expected, gradient(expected), t)
        np.testing.assert_allclose(w.detach().numpy(), expected, rtol=rtol, atol=1e-12)


@pytest.fixture
def w():
    return ag.tensor(np.array([1.0, -2.0, 0.3]), requires_grad=True)


def test_adagrad(w):
    s = 0.5

    def formula(w, g, t):
        nonlocal s
        g = g + 0.1 * w
        s = s + g * g
        return w - 0.3 / (1 + (t - 1) * 0.2) * g / (np.sqrt(s) + 1e-3)

    steps(optim.Adagrad([w], 0.3, 0.2, 0.1, 0.5, 1e-3), w, formula)


def test_adadelta(w):
    s = u = 0.0

    def formula(w, g, t):
        nonlocal s, u
        g = g + 0.1 * w
        s = 0.8 * s + 0.2 * g * g
        d = np.sqrt(u + 1e-2) / np.sqrt(s + 1e-2) * g
        u = 0.8 * u + 0.2 * d * d
        return w - 0.5 * d

    steps(optim.Adadelta([w], 0.5, 0.8, 1e-2, 0.1), w, formula)


@pytest.mark.parametrize("centered", [False, True])
@pytest.mark.parametrize("momentum", [0.0, 0.7])
def test_rmsprop(w, centered, momentum):
    s = a = b = 0.0

    def formula(w, g, t):
        nonlocal s, a, b
        g = g + 0.1 * w
        s, a = 0.9 * s + 0.1 * g * g, 0.9 * a + 0.1 * g
        b = momentum * b + g / (np.sqrt(s - a * a if centered else s) + 1e-2)
        return w - 0.05 * b

    steps(optim.RMSprop([w], 0.05, 0.9, 1e-2, 0.1, momentum, centered), w, formula)


def test_a_variance_is_never_negative():
    """Of a gradient that stays the same it is 0, but for rounding."""
    w = ag.tensor([0.1, 0.7, 1.3], requires_grad=True)
    optimizer = optim.RMSprop([w], 1e-3, 0.5, centered=True)
    for _ in range(60):
        w.grad = ag.tensor([0.1, 0.7, 1.3])
        optimizer.step()
    assert np.isfinite(w.detach().numpy()).all()


def test_adamax(w):
    m = u = 0.0

    def formula(w, g, t):
        nonlocal m, u
        m, u = 0.8 * m + 0.2 * g, np.maximum(0.9 * u, np.abs(g) + 1e-3)
        return w - 0.1 / (1 - 0.8**t) * m / u

    steps(optim.Adamax([w], 0.1, (0.8, 0.9), 1e-3), w, formula)


@pytest.mark.parametrize("decoupled", [False, True])
def test_nadam(w, decoupled):
    m, v, product = 0.0, 0.0, 1.0

    def mu(t):
        return 0.8 * (1 - 0.5 * 0.96 ** (t * 0.1))

    def formula(w, g, t):
        nonlocal m, v, product
        g, w = (g, w - 0.1 * 0.2 * w) if decoupled else (g + 0.2 * w, w)
        m, v, product = 0.8 * m + 0.2 * g, 0.9 * v + 0.1 * g * g, product * mu(t)
        ahead = mu(t + 1) * m / (1 - product * mu(t + 1)) + (1 - mu(t)) * g / (1 - product)
        return w - 0.1 * ahead / (np.sqrt(v / (1 - 0.9**t)) + 1e-3)

    steps(
        optim.NAdam([w], 0.1, (0.8, 0.9), 1e-3, 0.2, 0.1, decoupled), w, formula, rtol=1e-6
    )  # the product is kept in float32


@pytest.mark.parametrize("decoupled", [False, True])
def test_radam(w, decoupled):
    m = v = 0.0

    def formula(w, g, t):
        nonlocal m, v
        g, w = (g, w - 0.1 * 0.2 * w) if decoupled else (g + 0.2 * w, w)
        m, v = 0.8 * m + 0.2 * g, 0.9 * v + 0.1 * g * g
        limit = 2 / (1 - 0.9) - 1
        rho = limit - 2 * t * 0.9**t / (1 - 0.9**t)
        if rho <= 5:
            return w - 0.1 * m / (1 - 0.8**t)
        r = math.sqrt((rho - 4) * (rho - 2) * limit / ((limit - 4) * (limit - 2) * rho))
        return w - 0.1 * r * m / (1 - 0.8**t) * np.sqrt(1 - 0.9**t) / (np.sqrt(v) + 1e-3)

    steps(optim.RAdam([w], 0.1, (0.8, 0.9), 1e-3, 0.2, decoupled), w, formula)


def test_rprop(w):
    size, before = np.full(3, 0.1), np.zeros(3)

    def formula(w, g, t):
        nonlocal size, before
        turn = np.sign(g * before)
        size = np.clip(size * np.select([turn > 0, turn < 0], [1.5, 0.3], 1), 0.01, 0.4)
        before = np.where(turn < 0, 0, g)
        return w - np.sign(before) * size

    steps(optim.Rprop([w], 0.1, (0.3, 1.5), (0.01, 0.4)), w, formula)


def test_asgd(w):
    mean, eta, mu = np.zeros(3), 0.1, 1.0
    optimizer = optim.ASGD([w], 0.1, 0.05, 0.5, t0=4, weight_decay=0.1)

    def formula(w, g, t):
        nonlocal mean, eta, mu
        w = (1 - 0.05 * eta) * w - eta * (g + 0.1 * w)
        mean, eta, mu = mean + mu * (w - mean), 0.1 / (1 + 0.05 * 0.1 * t) ** 0.5, 1 / max(1, t - 4)
        return w

    steps(optimizer, w, formula, rtol=1e-6)  # η and μ are kept in float32
    np.testing.assert_allclose(optimizer.state[w]["ax"].numpy(), mean, rtol=1e-6)


def test_adagrad_is_the_root_mean_square_with_a_decaying_rate(w):
    """η/√(t + 1) over the root of the mean of all g² is η over the root of their sum: the two forms of the lecture."""
    squares = []
    other = optim.SGD([ag.tensor([1.0], requires_grad=True)], lr=0.3)
    schedule = optim.lr_scheduler.InverseSqrtLR(other)

    def formula(w, g, t):
        squares.append(g * g)
        rate = schedule.get_last_lr()[0]
        other.step()
        schedule.step()
        return w - rate / np.sqrt(np.mean(squares, axis=0)) * g

    steps(optim.Adagrad([w], 0.3, eps=0), w, formula)


def test_momentum_as_lectures_write_it(w):
    """v ← μv − ηg; w ← w + v."""
    v = 0.0

    def formula(w, g, t):
        nonlocal v
        v = 0.9 * v - 0.05 * g
        return w + v

    steps(optim.SGD([w], 0.05, momentum=0.9), w, formula)


@pytest.mark.parametrize("gate", [[-1, 1, 1, 1], [-1, -1, -1, 1]], ids=["or", "and"])
def test_a_perceptron_learns_by_sgd(gate):
    """The step of SGD on −½(y − ŷ)·z is Rosenblatt's, w ← w + ½η(y − ŷ)x: it ends without errors."""
    x, y = ag.tensor([[0.0, 0], [0, 1], [1, 0], [1, 1]]), ag.tensor(gate).float()
    model = nn.Linear(2, 1)
    with ag.no_grad():
        model.weight.zero_()
        model.bias.zero_()
    optimizer, updates = optim.SGD(model.parameters(), lr=0.2), []
    for _ in range(10):
        updates.append(0)
        for i in range(4):
            z = model(x[i : i + 1]).squeeze()
            error = y[i].item() - (1 if z.item() >= 0 else -1)
            before = model.weight.detach().numpy().copy()
            optimizer.zero_grad()
            (-0.5 * error * z).backward()
            optimizer.step()
            np.testing.assert_allclose(model.weight.detach().numpy(), before + 0.1 * error * x[i].numpy(), atol=1e-6)
            updates[-1] += error != 0
    assert updates[0] > 0
    assert updates[-1] == 0


# Large parameters

RULES = {
    "SGD": lambda p: optim.SGD(p, 0.1, 0.9, 0.1, 0.01),
    "Nesterov": lambda p: optim.SGD(p, 0.1, 0.9, nesterov=True),
    "plain SGD": lambda p: optim.SGD(p, 0.1, maximize=True),
    "Adagrad": lambda p: optim.Adagrad(p, weight_decay=0.1),
    "Adadelta": lambda p: optim.Adadelta(p, weight_decay=0.1),
    "RMSprop": lambda p: optim.RMSprop(p, weight_decay=0.1),
    "RMSprop with all": lambda p: optim.RMSprop(p, momentum=0.9, centered=True, eps=1e-3),
    "Adam": lambda p: optim.Adam(p, weight_decay=0.1),
    "AMSGrad": lambda p: optim.AdamW(p, amsgrad=True),
    "Adamax": lambda p: optim.Adamax(p, weight_decay=0.1),
    "NAdam": lambda p: optim.NAdam(p, weight_decay=0.1),
    "RAdam": lambda p: optim.RAdam(p, betas=(0.9, 0.9), decoupled_weight_decay=True, weight_decay=0.1),
    "Rprop": optim.Rprop,
    "ASGD": lambda p: optim.ASGD(p, t0=2),
}


def trained(make, shape, dtype, n=8):
    """Parameters and state after some steps."""
    rng = np.random.default_rng(0)
    w = ag.tensor(rng.standard_normal(shape).astype(dtype), requires_grad=True)
    optimizer = make([w])
    for _ in range(n):
        w.grad = ag.tensor(rng.standard_normal(shape).astype(dtype))
        optimizer.step()
    return [w.detach().numpy(), *(kept.numpy() for kept in optimizer.state[w].values())]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", RULES)
def test_compiled_rules_are_the_same(name, dtype, monkeypatch):
    pytest.importorskip("numba")
    compiled = trained(RULES[name], (70, 80), dtype)
    monkeypatch.setattr(fast, "_numba", lambda: None)
    plain = trained(RULES[name], (70, 80), dtype)
    for a, b in zip(compiled, plain, strict=True):
        assert a.dtype == b.dtype
        np.testing.assert_allclose(a, b, rtol=2e-5 if dtype == np.float32 else 1e-12, atol=1e-6)


@pytest.mark.parametrize("name", RULES)
def test_blocks_change_nothing(name, monkeypatch):
    monkeypatch.setattr(fast, "_numba", lambda: None)
    whole = trained(RULES[name], (70, 80), np.float64)
    monkeypatch.setattr(fast, "BLOCK", 1000)
    monkeypatch.setattr("optim.rule.BLOCK", 1000)
    for a, b in zip(whole, trained(RULES[name], (70, 80), np.float64), strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("name", RULES)
def test_a_saved_state_goes_on_bit_for_bit(name):
    rng = np.random.default_rng(0)
    gradients = [ag.tensor(rng.standard_normal((70, 80)).astype(np.float32)) for _ in range(8)]

    def go_on(optimizer, some):
        (w,) = optimizer.param_groups[0]["params"]
        for w.grad in some:
            optimizer.step()
        return w.detach()

    first = RULES[name]([ag.ones(70, 80, requires_grad=True)])
    second = RULES[name]([ag.tensor(go_on(first, gradients[:4]), requires_grad=True)])
    second.load_state_dict(first.state_dict())
    np.testing.assert_array_equal(go_on(first, gradients[4:]).numpy(), go_on(second, gradients[4:]).numpy())


@pytest.mark.parametrize("compiled", [False, True])
def test_the_order_of_axes_in_memory_does_not_matter(compiled, monkeypatch):
    if compiled:
        pytest.importorskip("numba")
    else:
        monkeypatch.setattr(fast, "_numba", lambda: None)
        monkeypatch.setattr(fast, "BLOCK", 1000)
        monkeypatch.setattr("optim.rule.BLOCK", 1000)
    results = []
    for order in "CF":
        array = np.asarray(np.random.default_rng(0).standard_normal((90, 60)), order=order)
        w = ag.tensor(array, requires_grad=True)
        optimizer = optim.Adam([w], lr=0.1)
        for _ in range(3):
            w.grad = w.detach() * 2
            optimizer.step()
            optimizer.load_state_dict(optimizer.state_dict())
        results.append(w.detach().numpy())
    np.testing.assert_allclose(*results, rtol=1e-14)


def test_an_update_makes_one_array(monkeypatch):
    """What a step of Adam needs in memory beyond the moments: the new weights, and blocks."""
    import tracemalloc

    monkeypatch.setattr(fast, "_numba", lambda: None)
    monkeypatch.setattr(fast, "BLOCK", 1 << 12)
    monkeypatch.setattr("optim.rule.BLOCK", 1 << 12)
    w = ag.tensor(np.ones(1 << 18, np.float32), requires_grad=True)
    w.grad = ag.tensor(np.ones(1 << 18, np.float32))
    optimizer = optim.Adam([w])
    optimizer.step()
    tracemalloc.start()
    optimizer.step()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1.2 * w.nbytes
