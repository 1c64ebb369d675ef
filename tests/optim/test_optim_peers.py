"""The same steps as PyTorch's optimisers, for all their options."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd_core as ag
import optim

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.peers

SHAPES = [(3, 4), (5,), ()]
DECAY = st.sampled_from([0.0, 1e-2, 0.3])
SGD = st.fixed_dictionaries(
    {
        "lr": st.sampled_from([1e-3, 0.1]),
        "momentum": st.sampled_from([0.0, 0.5, 0.95]),
        "dampening": st.sampled_from([0.0, 0.3]),
        "weight_decay": DECAY,
        "nesterov": st.booleans(),
        "maximize": st.booleans(),
    }
).filter(lambda s: not s["nesterov"] or (s["momentum"] and not s["dampening"]))
ADAM = st.fixed_dictionaries(
    {
        "lr": st.sampled_from([1e-3, 0.1]),
        "betas": st.sampled_from([(0.9, 0.999), (0.0, 0.5), (0.5, 0.9)]),
        "eps": st.sampled_from([1e-8, 1e-3]),
        "weight_decay": DECAY,
        "amsgrad": st.booleans(),
        "maximize": st.booleans(),
    }
)
CASES = st.one_of(st.tuples(st.just("SGD"), SGD), st.tuples(st.just("Adam"), ADAM), st.tuples(st.just("AdamW"), ADAM))


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
    tolerance = {"rtol": 1e-5, "atol": 2e-6} if dtype == np.float32 else {"rtol": 1e-11, "atol": 1e-12}
    for p, q in zip(a, b, strict=True):
        assert p.dtype == dtype
        np.testing.assert_allclose(p.detach().numpy(), q.detach().numpy(), **tolerance)


@settings(max_examples=60)
@given(CASES, st.sampled_from([np.float32, np.float64]))
def test_a_hundred_steps(case, dtype):
    name, options = case
    a, b = pair(dtype)
    ours, theirs = getattr(optim, name)(a, **options), getattr(torch.optim, name)(b, **options)
    run(ours, theirs, a, b, 100)
    same(a, b, dtype)


@pytest.mark.parametrize("name", ["SGD", "Adam", "AdamW"])
def test_defaults(name):
    a, b = pair(np.float64)
    ours, theirs = getattr(optim, name)(a), getattr(torch.optim, name)(b)
    run(ours, theirs, a, b, 20)
    same(a, b, np.float64)
    for key, value in ours.defaults.items():
        assert theirs.defaults[key] == value


@given(CASES)
def test_a_state_of_pytorch_is_taken_over(case):
    name, options = case
    a, b = pair(np.float64)
    ours, theirs = getattr(optim, name)(a, **options), getattr(torch.optim, name)(b, **options)
    run(ours, theirs, a, b, 3)
    mine, its = ours.state_dict(), theirs.state_dict()
    assert mine["state"].keys() == its["state"].keys()
    for number, kept in its["state"].items():
        assert mine["state"][number].keys() == kept.keys()
        for key, value in kept.items():
            np.testing.assert_allclose(mine["state"][number][key].numpy(), value.numpy(), rtol=1e-11, atol=1e-13)
    c, _ = pair(np.float64)
    for p, q in zip(c, b, strict=True):
        p.data = q.detach().numpy()
    numbers = {n: {k: v.numpy() for k, v in kept.items()} for n, kept in its["state"].items()}
    fresh = getattr(optim, name)(c, lr=9.0)
    fresh.load_state_dict({**its, "state": numbers})
    run(fresh, theirs, c, b, 3)
    same(c, b, np.float64)
