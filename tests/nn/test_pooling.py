"""Pooling: gradients, ties and NaN, what is refused, and PyTorch's results."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd_core as ag
import nn.functional as F  # noqa: N812
from autograd_core.ops import windows
from autograd_core.testing import check_grads

LENGTHS = (3, 4, 5)


def distinct(*shape):
    return np.random.default_rng(0).permutation(np.prod(shape)).reshape(shape) / 10.0


def of(name, axes):
    return getattr(F, f"{name}{axes}d")


OPTIONS = {
    "max_pool": [{}, {"stride": 1, "padding": 1, "dilation": 2}, {"ceil_mode": True}],
    "avg_pool": [{}, {"stride": 1, "padding": 1}, {"padding": 1, "ceil_mode": True, "count_include_pad": False}],
    "lp_pool": [{}, {"stride": 1, "ceil_mode": True}],
    "adaptive_avg_pool": [{}],
    "adaptive_max_pool": [{}],
}


@pytest.mark.parametrize("axes", [1, 2, 3])
@pytest.mark.parametrize(("name", "options"), [(name, o) for name, rows in OPTIONS.items() for o in rows], ids=str)
def test_gradients(name, options, axes):
    x = distinct(2, *LENGTHS[-axes:]) + 1.0
    size = (3.0, 2) if name == "lp_pool" else (2,)
    check_grads(lambda x: of(name, axes)(x, *size, **options), (x,))


@pytest.mark.parametrize("axes", [1, 2, 3])
def test_what_is_unpooled_is_pooled_again(axes):
    x = ag.tensor(distinct(2, 2, *(4,) * axes), requires_grad=True)
    y, positions = of("max_pool", axes)(x, 2, return_indices=True)
    flat = np.take_along_axis(x.detach().numpy().reshape(2, 2, -1), positions.numpy().reshape(2, 2, -1), 2)
    np.testing.assert_array_equal(flat.reshape(y.shape), y.detach().numpy())
    back = of("max_unpool", axes)(y, positions, 2)
    assert back.shape == x.shape
    assert np.count_nonzero(back.detach().numpy()) == y.numel()
    np.testing.assert_array_equal(of("max_pool", axes)(back, 2).detach().numpy(), y.detach().numpy())
    check_grads(lambda y: of("max_unpool", axes)(y, positions, 2), (y.detach(),))


def test_of_elements_unpooled_to_one_place_the_last_stays():
    x = ag.tensor([[1.0, 2.0]], requires_grad=True)
    y = F.max_unpool1d(x, ag.tensor([[1, 1]]), 2)
    y.sum().backward()
    assert y.tolist() == [[0, 2, 0, 0]]
    assert x.grad.tolist() == [[0, 1]]


def test_of_equal_elements_the_first_gets_the_gradient():
    x = ag.tensor([[1.0, 2.0, 2.0, 2.0, 0.0, 0.0]], requires_grad=True)
    F.max_pool1d(x, 3).sum().backward()
    assert x.grad.tolist() == [[0, 1, 0, 1, 0, 0]]


def test_padding_is_never_the_maximum():
    x = ag.full((1, 4), -np.inf, requires_grad=True)
    y, positions = F.max_pool1d(x, 2, padding=1, return_indices=True)
    y.backward(ag.ones(1, 3))
    assert y.tolist() == [[-np.inf] * 3]
    assert positions.tolist() == [[0, 1, 3]]
    assert x.grad.tolist() == [[1, 1, 0, 1]]


def test_blocks_give_the_same(monkeypatch):
    x, options = distinct(5, 2, 6, 6), {"kernel_size": 3, "stride": 2, "padding": 1}
    found = []
    for size in (1, 200, windows.BLOCK):
        monkeypatch.setattr(windows, "BLOCK", size)
        t = ag.tensor(x, requires_grad=True)
        y = F.max_pool2d(t, **options) + F.avg_pool2d(t, **options)
        y.square().sum().backward()
        found.append((y.detach().numpy(), t.grad.numpy()))
    for y, g in found[1:]:
        np.testing.assert_array_equal(y, found[0][0])
        np.testing.assert_array_equal(g, found[0][1])


def test_the_norm_of_zeros_has_gradient_zero():
    x = ag.tensor([[0.0, 0.0, 3.0, 4.0]], dtype=np.float64, requires_grad=True)
    F.lp_pool1d(x, 2, 2).sum().backward()
    np.testing.assert_allclose(x.grad.numpy(), [[0, 0, 0.6, 0.8]])


def test_integers():
    assert F.avg_pool1d(ag.tensor([[1, 2, -1, -2]]), 2).tolist() == [[1, -1]]
    assert F.max_pool1d(ag.tensor([[1, 2, -1, -2]]), 2).tolist() == [[2, -1]]
    assert F.adaptive_avg_pool1d(ag.tensor([[1, 2, 3]]), 2).tolist() == [[1.5, 2.5]]
    assert F.lp_pool1d(ag.tensor([[3, 4]]), 2, 2).tolist() == [[5.0]]


@pytest.mark.parametrize(
    "call",
    [
        lambda x: F.max_pool2d(x, 2, return_indices=True)[0],
        lambda x: F.avg_pool2d(x, 2),
        lambda x: F.lp_pool2d(x, 2.0, 2),
        lambda x: F.adaptive_avg_pool2d(x, 2),
        lambda x: F.adaptive_max_pool2d(x, 2),
    ],
)
def test_an_empty_batch(call):
    x = ag.zeros(0, 3, 4, 4, requires_grad=True)
    y = call(x)
    y.sum().backward()
    assert y.shape == (0, 3, 2, 2)
    assert x.grad.shape == x.shape


X = ag.zeros(2, 3, 4, 4)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: F.max_pool2d(X[0, 0], 2), ValueError, "max_pool2d needs an input of shape"),
        (lambda: F.max_pool2d(X, 5), ValueError, "no smaller than the window"),
        (lambda: F.max_pool2d(X, 2, padding=2), ValueError, "at most half the window's length"),
        (lambda: F.max_pool1d(ag.ones(1, 1), 2, padding=1, dilation=2), ValueError, "nothing but padding"),
        (lambda: F.avg_pool2d(X > 0, 2), TypeError, "needs numbers, got bool"),
        (lambda: F.max_pool2d(X, 0), ValueError, "kernel_size of at least 1"),
        (lambda: F.max_pool2d(X, 2.0), TypeError, "kernel_size as an integer"),
        (lambda: F.max_pool2d(X, 2, stride=0), ValueError, "stride of at least 1"),
        (lambda: F.avg_pool2d(X, 2, divisor_override=0), ValueError, "divisor_override=0"),
        (lambda: F.avg_pool2d(X[:, :, :0], 1), ValueError, "no smaller than the window"),
        (lambda: F.lp_pool2d(X, np.inf, 2), ValueError, "use max_pool2d"),
        (lambda: F.adaptive_avg_pool2d(X, (2, 2, 2)), ValueError, "output_size as an integer or 2"),
        (lambda: F.adaptive_avg_pool2d(X, -1), ValueError, "output_size of at least 0"),
        (lambda: F.adaptive_max_pool2d(X[:, :, :0], 2), ValueError, "at least one element"),
        (lambda: F.max_unpool2d(X, ag.zeros(2, 3, 4, 3, dtype=int), 2), ValueError, "as many indices as elements"),
        (
            lambda: F.max_unpool2d(X, ag.full(X.shape, 64), 2),
            IndexError,
            r"indices from 0 to 63, got 64 at \(0, 0, 0\)",
        ),
        (lambda: F.max_unpool2d(X, X, 2), TypeError, "integers"),
        (lambda: F.max_unpool2d(X, ag.zeros(2, 3, 4, 4, dtype=int), 2, output_size=(12, 8)), ValueError, "less than a"),
    ],
)
def test_what_is_refused(call, error, message):
    with pytest.raises(error, match=message):
        call()


@pytest.mark.peers
@settings(max_examples=80, deadline=None)
@given(st.data())
def test_any_pooling_is_pytorchs(data):
    """Ties, infinities and NaN included."""
    torch = pytest.importorskip("torch")
    axes, name = data.draw(st.integers(1, 3)), data.draw(st.sampled_from(["max_pool", "avg_pool"]))

    def each(low, high):
        return tuple(data.draw(st.integers(low, high)) for _ in range(axes))

    size = each(1, 3)
    options = {
        "stride": each(1, 3),
        "padding": tuple(data.draw(st.integers(0, k // 2)) for k in size),
        "ceil_mode": data.draw(st.booleans()),
    }
    special = [0.0, 1.0, 2.0, -1.0]
    if name == "max_pool":
        options |= {"dilation": each(1, 2), "return_indices": True}
        special += [np.nan, np.inf, -np.inf]
    else:
        options["count_include_pad"] = data.draw(st.booleans())
    x = np.random.default_rng(data.draw(st.integers(0, 99))).choice(special, size=(2, 2, *each(2, 6)))
    t, own = torch.tensor(x, requires_grad=True), ag.tensor(x, requires_grad=True)
    try:
        right = getattr(torch.nn.functional, f"{name}{axes}d")(t, size, **options)
    except RuntimeError as error:
        if "smaller than kernel size" in str(error):  # avg_pool3d there forgets the padding
            return
        with pytest.raises(ValueError, match=name):
            of(name, axes)(own, size, **options)
        return
    found = of(name, axes)(own, size, **options)
    if name == "max_pool":
        np.testing.assert_array_equal(found[1].numpy(), right[1].numpy())
        found, right = found[0], right[0]
    np.testing.assert_allclose(found.detach().numpy(), right.detach().numpy())
    g = np.random.default_rng(0).normal(size=found.shape)
    found.backward(ag.tensor(g))
    right.backward(torch.tensor(g))
    np.testing.assert_allclose(own.grad.numpy(), t.grad.numpy(), atol=1e-14)


@pytest.mark.peers
@pytest.mark.parametrize("axes", [1, 2, 3])
@pytest.mark.parametrize("p", [1, 2, 3.0, 1.5])
def test_norms_are_pytorchs(axes, p):
    torch = pytest.importorskip("torch")
    x = np.random.default_rng(0).normal(size=(2, 3, *(5,) * axes))
    x[0, 0] = 0.0
    for options in ((2,), (2, 1), (3, 2, True)):
        t, own = torch.tensor(x, requires_grad=True), ag.tensor(x, requires_grad=True)
        with np.errstate(invalid="ignore"):
            found = of("lp_pool", axes)(own, p, *options)
            found.sum().backward()
        right = getattr(torch.nn.functional, f"lp_pool{axes}d")(t, p, *options)
        right.sum().backward()
        np.testing.assert_allclose(found.detach().numpy(), right.detach().numpy())
        np.testing.assert_allclose(own.grad.numpy(), t.grad.numpy())
