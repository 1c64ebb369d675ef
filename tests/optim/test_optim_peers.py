"""The same steps as PyTorch's optimisers, for all their options, and states that go both ways."""

import copy
import inspect

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd_core as ag
import nn
import optim

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.peers

SHAPES = [(3, 4), (5,), ()]
RATE, EPS = st.sampled_from([1e-3, 0.1]), st.sampled_from([1e-8, 1e-3])
DECAY, MOMENTUM = st.sampled_from([0.0, 1e-2, 0.3]), st.sampled_from([0.0, 0.5, 0.95])
COMMON = {"lr": RATE, "maximize": st.booleans()}
BETAS = {"betas": st.sampled_from([(0.9, 0.999), (0.0, 0.5), (0.5, 0.9)]), "eps": EPS, "weight_decay": DECAY}
ADAM = {**COMMON, **BETAS, "amsgrad": st.booleans()}
DECOUPLED = {"decoupled_weight_decay": st.booleans()}
OPTIONS = {
    "SGD": COMMON
    | {"momentum": MOMENTUM, "dampening": st.sampled_from([0, 0.3]), "weight_decay": DECAY, "nesterov": st.booleans()},
    "Adam": ADAM | DECOUPLED,
    "AdamW": ADAM,
    "Adagrad": COMMON
    | {"lr_decay": DECAY, "weight_decay": DECAY, "initial_accumulator_value": st.sampled_from([0, 0.5]), "eps": EPS},
    "Adadelta": COMMON | {"rho": MOMENTUM, "eps": EPS, "weight_decay": DECAY},
    "RMSprop": COMMON
    | {
        "alpha": st.sampled_from([0.5, 0.95]),
        "eps": st.just(1e-2),
        "weight_decay": DECAY,
        "momentum": MOMENTUM,
        "centered": st.booleans(),
    },
    "Adamax": COMMON | BETAS,
    "NAdam": COMMON | BETAS | DECOUPLED | {"momentum_decay": DECAY},
    "RAdam": COMMON | BETAS | DECOUPLED,
    "Rprop": COMMON
    | {"etas": st.sampled_from([(0.5, 1.2), (0.1, 3.0)]), "step_sizes": st.sampled_from([(1e-6, 50), (0.01, 0.2)])},
    "ASGD": COMMON
    | {"lambd": DECAY, "alpha": st.sampled_from([0.75, 0.5]), "t0": st.sampled_from([1e6, 5]), "weight_decay": DECAY},
}


def possible(case):
    name, s = case
    return name != "SGD" or not s["nesterov"] or (s["momentum"] and not s["dampening"])


CASES = st.one_of(st.tuples(st.just(name), st.fixed_dictionaries(options)) for name, options in OPTIONS.items())
CASES = CASES.filter(possible)


def pair(dtype, seed=0):
    """The same parameters in both libraries."""
    rng = np.random.default_rng(seed)
    arrays = [np.asarray(rng.standard_normal(shape), dtype) for shape in SHAPES]
    return [ag.tensor(a, requires_grad=True) for a in arrays], [torch.tensor(a, requires_grad=True) for a in arrays]


def run(ours, theirs, a, b, steps, seed=1):
    """The same gradients to both; now and then one parameter gets none."""
    rng = np.random.default_rng(seed)
    for step in range(steps):
        for i, (p, q) in enumerate(zip(a, b, strict=True)):
            gradient = np.asarray(rng.standard_normal(p.shape), p.dtype)
            none = i == 1 and step % 7 == 3
            p.grad = None if none else ag.tensor(gradient)
            q.grad = None if none else torch.tensor(gradient)
        ours.step()
        theirs.step()


def same(a, b, dtype):
    tolerance = {"rtol": 1e-5, "atol": 1e-5} if dtype == np.float32 else {"rtol": 1e-10, "atol": 1e-12}
    for p, q in zip(a, b, strict=True):
        assert p.dtype == dtype
        np.testing.assert_allclose(p.detach().numpy(), q.detach().numpy(), **tolerance)


@settings(max_examples=100)
@given(CASES, st.sampled_from([np.float32, np.float64]))
def test_fifty_steps(case, dtype):
    name, options = case
    a, b = pair(dtype)
    ours, theirs = getattr(optim, name)(a, **options), getattr(torch.optim, name)(b, **options)
    run(ours, theirs, a, b, 50)
    same(a, b, dtype)


# A network

TRAINED = {
    "SGD": {"lr": 0.1},
    "SGD, momentum": {"lr": 0.05, "momentum": 0.9, "dampening": 0.1, "weight_decay": 1e-3},
    "SGD, Nesterov": {"lr": 0.05, "momentum": 0.9, "nesterov": True},
    "Adagrad": {"lr": 0.1, "lr_decay": 1e-2},
    "Adadelta": {"lr": 1.0},
    "RMSprop": {"lr": 0.01},
    "RMSprop, centered": {"lr": 0.01, "centered": True, "momentum": 0.5},
    "Adam": {"lr": 0.01},
    "Adam, AMSGrad": {"lr": 0.01, "amsgrad": True, "weight_decay": 1e-2},
    "AdamW": {"lr": 0.01},
    "Adamax": {"lr": 0.01},
    "NAdam": {"lr": 0.01},
    "RAdam": {"lr": 0.1},
    "Rprop": {"lr": 0.01},
    "ASGD": {"lr": 0.1, "t0": 10},
    "LBFGS": {"lr": 0.5, "max_iter": 4},
    "LBFGS, strong Wolfe": {"max_iter": 4, "line_search_fn": "strong_wolfe"},
}


def losses(lib, modules, optimizers, name, options, weights, steps):
    """The losses of a small classifier, step by step, and its weights in the end."""
    rng = np.random.default_rng(1)
    x, y = lib.tensor(rng.standard_normal((30, 4))), lib.tensor(rng.integers(0, 3, 30))
    model = modules.Sequential(modules.Linear(4, 8), modules.Tanh(), modules.Linear(8, 3))
    model = model.to(lib.float64)
    with lib.no_grad():
        for parameter, array in zip(model.parameters(), weights, strict=True):
            parameter.copy_(lib.tensor(array))
    optimizer = getattr(optimizers, name.partition(",")[0])(model.parameters(), **options)
    found = []

    def closure():
        optimizer.zero_grad()
        loss = modules.CrossEntropyLoss()(model(x), y) + 0.01 * sum((p * p).sum() for p in model.parameters())
        loss.backward()
        return loss

    for _ in range(steps):
        found.append(optimizer.step(closure).item())
    return found, [p.detach().numpy() for p in model.parameters()]


@pytest.mark.parametrize("name", TRAINED)
def test_a_small_network(name):
    rng = np.random.default_rng(0)
    weights = [0.5 * rng.standard_normal(shape) for shape in ((8, 4), (8,), (3, 8), (3,))]
    ours, a = losses(ag, nn, optim, name, TRAINED[name], weights, 25)
    theirs, b = losses(torch, torch.nn, torch.optim, name, TRAINED[name], weights, 25)
    assert ours[-1] < 0.95 * ours[0]
    np.testing.assert_allclose(ours, theirs, rtol=1e-5)
    for p, q in zip(a, b, strict=True):
        np.testing.assert_allclose(p, q, atol=1e-5)


# What it looks like

NAMES = [*OPTIONS, "LBFGS"]


@pytest.mark.parametrize("name", NAMES)
def test_arguments_defaults_and_repr(name):
    a, b = pair(np.float64)
    ours, theirs = getattr(optim, name), getattr(torch.optim, name)
    mine, its = (inspect.signature(kind).parameters.values() for kind in (ours, theirs))
    assert [(p.name, p.default, p.kind) for p in mine] == [(p.name, p.default, p.kind) for p in its]
    assert ours(a).defaults == theirs(b).defaults
    assert repr(ours(a)) == repr(theirs(b))


def converted(state, of):
    """A state_dict with the tensors of another library."""
    if isinstance(state, dict):
        return {key: converted(value, of) for key, value in state.items()}
    if isinstance(state, list):
        return [converted(value, of) for value in state]
    return of(np.array(state)) if isinstance(state, (ag.Tensor, torch.Tensor)) else state


def matches(mine, its):
    assert mine.keys() == its.keys()
    for key, value in its.items():
        assert mine[key].shape == value.shape
        np.testing.assert_allclose(mine[key].numpy(), value.numpy(), rtol=1e-9, atol=1e-12)


@given(CASES)
def test_states_go_both_ways(case):
    name, options = case
    a, b = pair(np.float64)
    ours, theirs = getattr(optim, name)(a, **options), getattr(torch.optim, name)(b, **options)
    run(ours, theirs, a, b, 3)
    mine, its = ours.state_dict(), theirs.state_dict()
    assert mine["param_groups"] == its["param_groups"]
    assert mine["state"].keys() == its["state"].keys()
    for number, kept in its["state"].items():
        matches(mine["state"][number], kept)
    c, d = pair(np.float64)
    for p, q, r, s in zip(c, d, a, b, strict=True):
        p.data = s.detach().numpy()
        q.data = torch.tensor(r.detach().numpy())
    taken, given = getattr(optim, name)(c, lr=9.0), getattr(torch.optim, name)(d, lr=9.0)
    taken.load_state_dict(its)
    given.load_state_dict(converted(mine, torch.tensor))
    run(taken, theirs, c, b, 3)
    run(ours, given, a, d, 3)
    same(c, b, np.float64)
    for p, q in zip(a, d, strict=True):  # PyTorch keeps loaded factors in the parameter's dtype
        np.testing.assert_allclose(p.detach().numpy(), q.detach().numpy(), rtol=1e-6)


@pytest.mark.parametrize("search", [None, "strong_wolfe"])
def test_states_of_lbfgs_go_both_ways(search):
    def made(lib, optimizers, start):
        w = lib.tensor(start, requires_grad=True)
        optimizer = optimizers.LBFGS([w], lr=0.1, max_iter=2, history_size=3, line_search_fn=search)

        def closure():
            optimizer.zero_grad()
            loss = ((1 - w[:-1]) ** 2 + 3 * (w[1:] - w[:-1] ** 2) ** 2).sum()
            loss.backward()
            return loss

        return w, optimizer, lambda n: [optimizer.step(closure) for _ in range(n)]

    start = np.array([-1.2, 1.0, 0.5])
    a, ours, run_ours = made(ag, optim, start)
    b, theirs, run_theirs = made(torch, torch.optim, start)
    run_ours(3)
    run_theirs(3)
    c, taken, run_taken = made(ag, optim, b.detach().numpy())
    d, given, run_given = made(torch, torch.optim, a.detach().numpy())
    taken.load_state_dict(copy.deepcopy(theirs.state_dict()))
    given.load_state_dict(converted(ours.state_dict(), torch.tensor))
    for more in (run_ours, run_theirs, run_taken, run_given):
        more(3)
    for w in (b, c, d):
        np.testing.assert_allclose(w.detach().numpy(), a.detach().numpy(), rtol=1e-9)
