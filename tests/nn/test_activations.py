"""Activations: PyTorch's numbers for every option, at kinks and far out; derivatives of any order; what is refused."""

import functools

import numpy as np
import pytest

import autograd_core as ag
import nn.functional as F  # noqa: N812
from autograd_core.rules import TABLE
from autograd_core.testing import check_grads

# name, options, and where the slope jumps
CASES = [
    ("relu", {}, [0.0]),
    ("relu6", {}, [0.0, 6.0]),
    ("leaky_relu", {}, [0.0]),
    ("leaky_relu", {"negative_slope": -1.5}, [0.0]),
    ("rrelu", {}, [0.0]),
    ("rrelu", {"lower": 0.5, "upper": 0.7}, [0.0]),
    ("elu", {}, [0.0]),
    ("elu", {"alpha": 2.5}, [0.0]),
    ("selu", {}, [0.0]),
    ("celu", {}, [0.0]),
    ("celu", {"alpha": 2.5}, [0.0]),
    ("hardtanh", {}, [-1.0, 1.0]),
    ("hardtanh", {"min_val": -2.0, "max_val": 0.5}, [-2.0, 0.5]),
    ("hardsigmoid", {}, [-3.0, 3.0]),
    ("hardswish", {}, [-3.0, 3.0]),
    ("softshrink", {}, [-0.5, 0.5]),
    ("softshrink", {"lambd": 0.0}, [0.0]),
    ("hardshrink", {}, [-0.5, 0.5]),
    ("hardshrink", {"lambd": 1.25}, [-1.25, 1.25]),
    ("threshold", {"threshold": 0.25, "value": -3.0}, [0.25]),
    ("sigmoid", {}, []),
    ("tanh", {}, []),
    ("softsign", {}, [0.0]),
    ("softplus", {}, [20.0]),
    ("softplus", {"beta": 2.5, "threshold": 3.0}, [1.2]),
    ("logsigmoid", {}, []),
    ("tanhshrink", {}, []),
    ("silu", {}, []),
    ("mish", {}, []),
    ("gelu", {}, []),
    ("gelu", {"approximate": "tanh"}, []),
]
IN_PLACE = [
    "relu",
    "relu6",
    "leaky_relu",
    "rrelu",
    "elu",
    "selu",
    "celu",
    "hardtanh",
    "hardsigmoid",
    "hardswish",
    "threshold",
    "silu",
    "mish",
]


def slope(lib, functional, name, options, x):
    tensor = lib.tensor(x, requires_grad=True)
    y = getattr(functional, name)(tensor, **options)
    y.sum().backward()
    return y.detach().numpy(), tensor.grad.numpy()


@pytest.mark.peers
@pytest.mark.parametrize(("name", "options", "kinks"), CASES)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_as_in_pytorch(name, options, kinks, dtype):
    torch = pytest.importorskip("torch")
    x = np.concatenate([[*kinks, 0.0, -0.0, 30.0, -30.0, 1e4, -1e4], np.linspace(-7, 7, 41)]).astype(dtype)
    exact = {"rtol": 1e-12, "atol": 1e-12} if dtype == np.float64 else {"rtol": 2e-6, "atol": 2e-6}
    if name == "hardsigmoid":
        exact["rtol"] = 4e-8  # PyTorch's 1/6 is that of float32
    found, expected = slope(ag, F, name, options, x), slope(torch, torch.nn.functional, name, options, x)
    for ours, theirs in zip(found, expected, strict=True):
        assert ours.dtype == dtype
        np.testing.assert_allclose(ours, theirs, **exact)


@pytest.mark.parametrize(("name", "options", "kinks"), CASES)
def test_derivatives_of_any_order(name, options, kinks):
    x = np.setdiff1d(np.array([-2.3, -0.7, -0.2, 0.1, 0.6, 1.7, 2.4]), kinks)
    check_grads(functools.partial(getattr(F, name), **options), (ag.tensor(x),))


def test_every_kink_that_a_row_documents_is_among_these():
    files = ("nn.functional.rectifier", "nn.functional.piecewise")
    rows = {name for name, op in TABLE.items() if op.kink and op.forward.__module__ in files}
    assert rows - {"prelu", "step"} <= {name for name, _, kinks in CASES if kinks}


@pytest.mark.parametrize("name", IN_PLACE)
def test_in_place(name):
    options = {"threshold": 1.0, "value": 3.0} if name == "threshold" else {}
    x = ag.tensor([-2.0, 0.5, 4.0])
    expected = getattr(F, name)(x, **options).tolist()
    y = getattr(F, name)(x, inplace=True, **options)
    assert y is x
    assert x.tolist() == expected
    with pytest.raises(TypeError, match=f"{name} with inplace=True changes a Tensor, got list"):
        getattr(F, name)([1.0], inplace=True, **options)


@pytest.mark.peers
@pytest.mark.parametrize(("shape", "weights"), [((), 1), ((5,), 1), ((2, 3), 3), ((2, 3, 4), 3), ((2, 3, 4, 5), 1)])
def test_prelu_as_in_pytorch(shape, weights):
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(0)
    x, w = np.asarray(rng.choice([-2.0, 0.0, 1.5], shape)), rng.uniform(0.1, 0.5, weights)
    ours = [ag.tensor(a, requires_grad=True) for a in (x, w)]
    theirs = [torch.tensor(a, requires_grad=True) for a in (x, w)]
    y, t = F.prelu(*ours), torch.nn.functional.prelu(*theirs)
    np.testing.assert_array_equal(y.detach().numpy(), t.detach().numpy())
    (y * y).sum().backward()
    (t * t).sum().backward()
    for a, b in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(a.grad.numpy(), b.grad.numpy())


def test_rrelu_draws_a_slope_for_each_element():
    x = ag.tensor(-np.ones(1000), requires_grad=True)
    y = F.rrelu(x, 0.2, 0.4, training=True)
    y.sum().backward()
    np.testing.assert_array_equal(x.grad.numpy(), -y.detach().numpy())
    assert 0.2 <= x.grad.min().item() < 0.22
    assert 0.38 < x.grad.max().item() <= 0.4
    assert F.rrelu(ag.ones(3), training=True).tolist() == [1, 1, 1]


def test_maxout():
    x = ag.tensor([[1.0, 5.0, 3.0, 3.0]], requires_grad=True)
    y = F.maxout(x, 2)
    assert y.tolist() == [[5, 3]]
    y.sum().backward()
    assert x.grad.tolist() == [[0, 1, 0.5, 0.5]]
    assert F.maxout(ag.zeros(2, 6, 3), 3, dim=-2).shape == (2, 2, 3)


def test_step():
    x = ag.tensor([-1.0, 0.0, 2.0, np.nan], requires_grad=True)
    y = F.step(x)
    np.testing.assert_array_equal(y.detach().numpy(), [0, 0, 1, np.nan])
    y.sum().backward()
    assert x.grad.tolist() == [0, 0, 0, 0]


@pytest.mark.parametrize("hard", [False, True])
def test_gumbel_softmax(hard):
    """Classes are drawn with the probabilities that softmax gives; the gradient is always softmax's."""
    ag.manual_seed(0)
    scores = ag.tensor(np.log(np.broadcast_to([0.2, 0.3, 0.5], (20000, 3))), requires_grad=True)
    y = F.gumbel_softmax(scores, tau=0.7, hard=hard)
    np.testing.assert_allclose(y.sum(1).detach().numpy(), 1)
    np.testing.assert_allclose(np.bincount(y.argmax(1).numpy()) / 20000, [0.2, 0.3, 0.5], atol=0.02)
    assert set(np.unique(y.detach().numpy())) == {0.0, 1.0} or not hard
    (y * ag.tensor([1.0, 2.0, 4.0])).sum().backward()
    np.testing.assert_allclose(scores.grad.numpy().sum(1), 0, atol=1e-6)
    assert np.abs(scores.grad.numpy()).max() > 0.1
    assert F.gumbel_softmax(ag.zeros(2, 5, 3), hard=True, dim=1).sum(1).tolist() == [[1] * 3] * 2


@pytest.mark.parametrize(
    ("call", "error", "what"),
    [
        (lambda: F.gelu([1.0], "sigmoid"), ValueError, "must be either none or tanh, got 'sigmoid'"),
        (lambda: F.glu(ag.zeros(3)), ValueError, r"axis -1 of \(3,\) has 3"),
        (lambda: F.glu(ag.zeros(2, 3), 2), IndexError, "axis"),
        (lambda: F.celu([1.0], 0), ValueError, "alpha, which can't be 0"),
        (lambda: F.hardtanh([1.0], 2.0, 1.0), ValueError, "min_val no larger than max_val, got 2.0 and 1.0"),
        (lambda: F.softshrink([1.0], -1.0), ValueError, "found to be -1"),
        (lambda: F.rrelu([1.0], 0.5, 0.2), ValueError, "got 0.5 and 0.2"),
        (lambda: F.prelu(ag.zeros(2, 3), ag.ones(2)), ValueError, r"the 3 channels of the input \(2, 3\), got 2"),
        (lambda: F.prelu(ag.zeros(2), ag.ones(1, 1)), ValueError, r"a weight of one axis, got shape \(1, 1\)"),
        (lambda: F.maxout(ag.zeros(1, 5), 2), ValueError, r"pool_size 2 divides, got shape \(1, 5\)"),
        (lambda: F.gumbel_softmax([0.0], tau=0), ValueError, "a temperature above 0, got tau=0"),
        (lambda: F.relu6([True]), TypeError, "relu6 takes numbers, got bool"),
    ],
)
def test_what_is_refused(call, error, what):
    with pytest.raises(error, match=what):
        call()


def test_an_array_that_is_written_to_later_does_not_change_the_gradient():
    x, w = np.array([1.0, -1.0]), ag.tensor([0.5], requires_grad=True, dtype=np.float64)
    y = F.prelu(x, w)
    x[:] = 7
    y.sum().backward()
    assert w.grad.item() == -1
