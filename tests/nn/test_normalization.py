"""Normalisation: PyTorch's numbers for every option, running statistics, derivatives, what is refused."""

import functools

import numpy as np
import pytest

import autograd_core as ag
import nn.functional as F  # noqa: N812
from autograd_core.testing import check_grads

RNG = np.random.default_rng(0)


def agree(name, x, arguments=(), **options):
    """Values, gradients of the input and of every floating argument, running statistics afterwards."""
    torch = pytest.importorskip("torch")
    found = []
    for lib, functional in ((ag, F), (torch, torch.nn.functional)):
        fixed = [lib.tensor(a.copy()) if isinstance(a, np.ndarray) else a for a in arguments]
        moving = {key: lib.tensor(a, requires_grad=True) for key, a in options.items() if isinstance(a, np.ndarray)}
        leaf = lib.tensor(x, requires_grad=True)
        y = getattr(functional, name)(leaf, *fixed, **{**options, **moving})
        g = np.random.default_rng(1).standard_normal(tuple(y.shape)).astype(x.dtype)
        y.backward(lib.tensor(g))
        found.append([y.detach(), leaf.grad, *(t.grad for t in moving.values())])
        found[-1] += [value for value in fixed if hasattr(value, "detach")]
    exact = {"rtol": 1e-9, "atol": 1e-11} if x.dtype == np.float64 else {"rtol": 1e-4, "atol": 1e-4}
    for ours, theirs in zip(*found, strict=True):
        np.testing.assert_allclose(ours.numpy(), theirs.numpy(), **exact)


def draw(*shape, dtype=np.float64):
    return (RNG.standard_normal(shape) * 2 + 1).astype(dtype)


def positive(*shape):
    return RNG.uniform(0.5, 2, shape)


@pytest.mark.peers
@pytest.mark.parametrize("shape", [(4, 3), (2, 3, 5), (2, 3, 4, 2), (2, 3, 2, 2, 2)])
@pytest.mark.parametrize("training", [True, False])
def test_batch_norm_as_in_pytorch(shape, training):
    options = {"training": training, "momentum": 0.3, "eps": 1e-3}
    agree("batch_norm", draw(*shape), (draw(3), positive(3)), **options)
    agree("batch_norm", draw(*shape), (draw(3), positive(3)), weight=draw(3), bias=draw(3), **options)
    if training:
        agree("batch_norm", draw(*shape), (None, None), weight=draw(3), **options)


@pytest.mark.peers
@pytest.mark.parametrize("shape", [(2, 3, 5), (2, 3, 4, 2)])
def test_instance_norm_as_in_pytorch(shape):
    agree("instance_norm", draw(*shape))
    agree("instance_norm", draw(*shape), (draw(3), positive(3)), weight=draw(3), bias=draw(3), momentum=0.3)
    agree("instance_norm", draw(*shape), (draw(3), positive(3)), weight=draw(3), use_input_stats=False)


@pytest.mark.peers
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_others_as_in_pytorch(dtype):
    x = draw(3, 4, 5, dtype=dtype)
    for shape in ((5,), (4, 5), (3, 4, 5)):
        agree("layer_norm", x, (shape,))
        agree("layer_norm", x, (shape,), weight=draw(*shape, dtype=dtype), bias=draw(*shape, dtype=dtype), eps=0.1)
        agree("rms_norm", x, (shape,))
        agree("rms_norm", x, (shape,), weight=draw(*shape, dtype=dtype), eps=0.1)
    for groups in (1, 2, 4):
        agree("group_norm", x, (groups,), weight=draw(4, dtype=dtype), bias=draw(4, dtype=dtype))
    for size in (1, 2, 3, 7):
        agree("local_response_norm", x, (size,), alpha=0.5, beta=0.6, k=1.5)
    for p in (1, 2, 3.5, np.inf):
        for dim in (0, -1):
            agree("normalize", x, (p, dim))
    agree("normalize", x * 0, eps=0.5)


def test_large_means_and_long_rows_lose_no_digits():
    """The variance of x + 1000 is that of x."""
    for n in (100, 10_000):
        x = np.random.default_rng(0).standard_normal((2, n)).astype(np.float32)
        exact = (x - x.mean(1, keepdims=True, dtype=np.float64)) / x.std(1, keepdims=True, dtype=np.float64)
        np.testing.assert_allclose(F.layer_norm(ag.tensor(x + 1000), n).numpy(), exact, atol=3e-4)
        np.testing.assert_allclose(F.layer_norm(ag.tensor(x), n).numpy(), exact, atol=3e-5)


def test_derivatives_of_any_order():
    x, w, b = (ag.tensor(draw(*shape)) for shape in ((3, 2, 4), (2,), (2,)))
    check_grads(lambda x, w, b: F.batch_norm(x, None, None, w, b, True) ** 2, (x, w, b))
    for name, options in (
        ("instance_norm", {}),
        ("layer_norm", {"normalized_shape": (2, 4)}),
        ("group_norm", {"num_groups": 2}),
        ("rms_norm", {"normalized_shape": 4}),
        ("local_response_norm", {"size": 2}),
        ("normalize", {}),
    ):
        check_grads(functools.partial(getattr(F, name), **options), (x,))


def test_running_statistics_are_not_part_of_the_graph():
    mean, var = ag.zeros(2), ag.ones(2)
    x = ag.randn(4, 2, requires_grad=True)
    F.batch_norm(x, mean, var, training=True)
    assert not mean.requires_grad
    np.testing.assert_allclose(mean.numpy(), 0.1 * x.detach().numpy().mean(0), rtol=1e-6)
    np.testing.assert_allclose(var.numpy(), 0.9 + 0.1 * x.detach().numpy().var(0, ddof=1), rtol=1e-6)


@pytest.mark.parametrize(
    ("call", "error", "what"),
    [
        (lambda: F.batch_norm(ag.zeros(2), None, None), ValueError, r"at least 2 axes, \(N, C, …\), got shape \(2,\)"),
        (lambda: F.batch_norm(ag.zeros(2, 3), None, None), ValueError, "needs running_mean and running_var"),
        (
            lambda: F.batch_norm(ag.zeros(1, 3), None, None, training=True),
            ValueError,
            "Expected more than 1 value per channel",
        ),
        (
            lambda: F.batch_norm(ag.zeros(2, 3), ag.zeros(2), ag.ones(3)),
            ValueError,
            r"running_mean with one element for each of 3 channels, got shape \(2,\)",
        ),
        (
            lambda: F.batch_norm(ag.zeros(2, 3), np.zeros(3), np.ones(3), training=True),
            TypeError,
            "changed in place: need a Tensor, got ndarray",
        ),
        (lambda: F.instance_norm(ag.zeros(2, 3, 1)), ValueError, "more than 1 spatial element"),
        (lambda: F.instance_norm(ag.zeros(2, 3)), ValueError, "at least 3 axes"),
        (lambda: F.group_norm(ag.zeros(2, 3), 2), ValueError, "divisible by num_groups"),
        (lambda: F.layer_norm(ag.zeros(2, 3), 2), ValueError, r"expected an input \(\*, \(2,\)\), got shape \(2, 3\)"),
        (lambda: F.layer_norm(ag.zeros(2, 3), 3, ag.ones(2)), ValueError, r"a weight of shape \(3,\), got \(2,\)"),
        (lambda: F.layer_norm(np.zeros((2, 3), int), 3), TypeError, "layer_norm needs floats, got int64"),
        (lambda: F.local_response_norm(ag.zeros(2, 3), 2), ValueError, "at least 3 axes"),
        (lambda: F.local_response_norm(ag.zeros(2, 3, 1), 0), ValueError, "a positive size, got 0"),
        (lambda: F.normalize(ag.zeros(3), dim=1), IndexError, "axis"),
    ],
)
def test_what_is_refused(call, error, what):
    with pytest.raises(error, match=what):
        call()
