"""Convolution: every way of computing it, what it refuses, its memory, and PyTorch's results."""

import tracemalloc

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import autograd_core as ag
import nn.functional as F  # noqa: N812
from autograd_core.ops import convolution
from autograd_core.testing import check_grads
from autograd_core.testing.cases.convolution import REFERENCES

CONV = {1: F.conv1d, 2: F.conv2d, 3: F.conv3d}
TRANSPOSE = {1: F.conv_transpose1d, 2: F.conv_transpose2d, 3: F.conv_transpose3d}
LENGTHS = (5, 4, 7)


def operands(axes, groups=1, batch=(2,)):
    rng = np.random.default_rng(0)
    return rng.normal(size=(*batch, 4, *LENGTHS[-axes:])), rng.normal(size=(6, 4 // groups, *(2, 2, 3)[-axes:]))


@pytest.mark.parametrize("block", [1, 300, convolution.BLOCK])
@pytest.mark.parametrize("tile", [1, 2, 3, 7])
@pytest.mark.parametrize("groups", [1, 2])
@pytest.mark.parametrize(("stride", "dilation"), [(1, 1), (2, 1), (1, 2), (3, 2)])
def test_every_tile_and_block_gives_the_same(monkeypatch, block, tile, groups, stride, dilation):
    """And so do both ways to the input's gradient, which differ in what they cost."""
    monkeypatch.setattr(convolution, "BLOCK", block)
    monkeypatch.setattr(convolution, "tiles_of", convolution.Tiles)
    monkeypatch.setattr(convolution.Tiles, "_cost", lambda self, given, adding: abs(given - tile) + 1)
    for axes in (1, 2):
        x, w = operands(axes, groups)
        options = {
            "stride": (stride,) * axes,
            "padding": ((1, 0),) * axes,
            "dilation": (dilation,) * axes,
            "groups": groups,
        }
        y = REFERENCES["convolve"](x, w, **options)
        calls = {
            "convolve": ((x, w), options),
            "convolve_weight": ((x, y), {"size": w.shape[2:], **options}),
            "convolve_input": ((y, w), {"length": x.shape[2:], **options}),
        }
        for name, (inputs, params) in calls.items():
            found = getattr(convolution, name)(*inputs, **params)
            np.testing.assert_allclose(found.numpy(), REFERENCES[name](*inputs, **params), atol=1e-11)


def test_the_input_gradient_takes_the_cheaper_way(monkeypatch):
    ways = []
    for name in ("_multiplied", "_added"):
        own = getattr(convolution, name)
        monkeypatch.setattr(convolution, name, lambda *args, n=name, f=own: ways.append(n) or f(*args))
    for outer, inner, size, pad in ((64, 64, 3, 1), (16, 6, 5, 0)):
        g, w = np.ones((1, outer, 10, 10)), np.ones((outer, inner, size, size))
        options = {"stride": (1, 1), "padding": ((pad, pad),) * 2, "dilation": (1, 1), "groups": 1}
        convolution.convolve_input(g, w, length=(9 + size - 2 * pad,) * 2, **options)
    assert ways == ["_multiplied", "_added"]


@pytest.mark.parametrize("axes", [1, 2, 3])
@pytest.mark.parametrize(
    "options",
    [{}, {"stride": 2, "padding": 1}, {"dilation": 2, "padding": 2, "groups": 2}, {"padding": "same"}],
    ids=str,
)
def test_gradients(axes, options):
    x, w = operands(axes, options.get("groups", 1), batch=(1,))
    check_grads(lambda x, w, b: CONV[axes](x, w, b, **options), (x[..., :4], w, np.ones(6)))


@pytest.mark.parametrize("axes", [1, 2, 3])
@pytest.mark.parametrize("options", [{}, {"stride": 2, "padding": 1, "output_padding": 1, "groups": 2}], ids=str)
def test_gradients_of_the_transpose(axes, options):
    x, w = operands(axes, batch=(1,))
    w = w[:4, :2]
    bias = np.ones(2 * options.get("groups", 1))
    check_grads(lambda x, w, b: TRANSPOSE[axes](x, w, b, **options), (x[..., :3], w, bias))


@pytest.mark.parametrize("axes", [1, 2, 3])
def test_the_transpose_is_the_transpose(axes):
    """⟨x ∗ w, g⟩ = ⟨x, w ∗ᵀ g⟩, output_padding giving back what the stride left out."""
    x, w = operands(axes)
    y = CONV[axes](x, w, stride=2, padding=1)
    g = np.random.default_rng(1).normal(size=y.shape)
    left = tuple((n + 2 - k) % 2 for n, k in zip(x.shape[2:], w.shape[2:], strict=True))
    back = TRANSPOSE[axes](g, w, stride=2, padding=1, output_padding=left)
    assert back.shape == x.shape
    np.testing.assert_allclose(np.sum(y.numpy() * g), np.sum(x * back.numpy()))


def test_no_batch_axis():
    x, w = operands(2)
    np.testing.assert_allclose(F.conv2d(x[0], w).numpy(), F.conv2d(x, w).numpy()[0])
    np.testing.assert_allclose(F.conv_transpose2d(x[0], w[:4]).numpy(), F.conv_transpose2d(x, w[:4]).numpy()[0])


def test_integers_stay_integers():
    y = F.conv2d(ag.ones(1, 1, 3, 3, dtype=int), ag.ones(1, 1, 2, 2, dtype=int), ag.tensor([1]))
    assert y.dtype == np.int64
    assert y.tolist() == [[[[5, 5], [5, 5]]]]


def test_no_channels():
    y = F.conv2d(ag.zeros(2, 0, 4, 4), ag.zeros(3, 0, 3, 3), ag.tensor([1.0, 2.0, 3.0]))
    assert y.shape == (2, 3, 2, 2)
    assert y[0, :, 0, 0].tolist() == [1, 2, 3]


def test_an_empty_batch():
    x, w = ag.zeros(0, 4, 5, 5, requires_grad=True), ag.ones(6, 4, 3, 3, requires_grad=True)
    y = F.conv2d(x, w)
    y.sum().backward()
    assert y.shape == (0, 6, 3, 3)
    assert not np.any(w.grad.numpy())


def test_the_peak_of_memory_stays_under_twice_the_matrix_of_windows():
    x, w = ag.randn(4, 32, 32, 32, requires_grad=True), ag.randn(32, 32, 3, 3, requires_grad=True)
    tracemalloc.start()
    F.conv2d(x, w, padding=1).sum().backward()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2 * x.array.nbytes * 9


X, W = ag.zeros(2, 4, 8, 8), ag.zeros(6, 4, 3, 3)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: F.conv2d(X[0, 0], W), ValueError, r"conv2d needs an input of shape \(N, C, s1, s2\) or .*\(8, 8\)"),
        (lambda: F.conv2d(X, W[0]), ValueError, r"weight of 4 axes.*\(4, 3, 3\)"),
        (lambda: F.conv2d(X[:, :3], W), ValueError, r"input with 4 channels, got \(2, 3, 8, 8\)"),
        (lambda: F.conv2d(X, W, groups=4), ValueError, "first axis 4 groups divide evenly"),
        (lambda: F.conv2d(X, W, ag.zeros(5)), ValueError, r"bias of shape \(6,\).*\(5,\)"),
        (lambda: F.conv2d(X, W, dilation=4), ValueError, "no smaller than the kernel"),
        (lambda: F.conv2d(X, W, stride=0), ValueError, "stride of at least 1, got 0"),
        (lambda: F.conv2d(X, W, stride=(1, 1, 1)), ValueError, "stride as an integer or 2 of them"),
        (lambda: F.conv2d(X, W, stride=1.5), TypeError, "stride as an integer"),
        (lambda: F.conv2d(X, W, padding=-1), ValueError, "padding of at least 0"),
        (lambda: F.conv2d(X, W, padding="full"), ValueError, "'same' or 'valid', got 'full'"),
        (lambda: F.conv2d(X, W, stride=2, padding="same"), ValueError, "needs stride 1"),
        (lambda: F.conv2d(X, W.double()), TypeError, "one dtype, got float32, float64"),
        (lambda: F.conv2d(X > 0, W > 0), TypeError, "numbers of one dtype, got bool, bool"),
        (lambda: F.conv2d(X, W[:, :, :0]), ValueError, "at least one element along each axis"),
        (lambda: F.conv_transpose2d(X, W), ValueError, r"input with 6 channels, got \(2, 4, 8, 8\)"),
        (lambda: F.conv_transpose2d(X, W[:4], output_padding=1), ValueError, "smaller than stride or dilation"),
        (lambda: F.conv_transpose2d(X, W[:4], padding=9), ValueError, "result of shape"),
    ],
)
def test_what_is_refused(call, error, message):
    with pytest.raises(error, match=message):
        call()


@pytest.mark.peers
@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_convolution_is_pytorchs(data):
    torch = pytest.importorskip("torch")
    axes = data.draw(st.integers(1, 3))

    def each(low, high):
        return tuple(data.draw(st.integers(low, high)) for _ in range(axes))

    groups, transposed = data.draw(st.integers(1, 2)), data.draw(st.booleans())
    options = {"stride": each(1, 3), "padding": each(0, 2), "dilation": each(1, 2), "groups": groups}
    size, lengths = each(1, 3), each(1, 6)
    name = f"conv_transpose{axes}d" if transposed else f"conv{axes}d"
    if transposed:
        options["output_padding"] = tuple(
            data.draw(st.integers(0, max(s, d) - 1))
            for s, d in zip(options["stride"], options["dilation"], strict=True)
        )
    rng = np.random.default_rng(0)
    inner, outer = 2 * groups, 3 * groups
    w_shape = (inner, 3, *size) if transposed else (outer, 2, *size)
    arrays = [rng.normal(size=s) for s in ((2, inner, *lengths), w_shape, (outer,))]
    theirs = [torch.tensor(a, requires_grad=True) for a in arrays]
    ours = [ag.tensor(a, requires_grad=True) for a in arrays]
    try:
        right = getattr(torch.nn.functional, name)(*theirs, **options)
    except RuntimeError:
        with pytest.raises(ValueError, match=name):
            getattr(F, name)(*ours, **options)
        return
    assume(right.numel())
    found = getattr(F, name)(*ours, **options)
    g = rng.normal(size=found.shape)
    found.backward(ag.tensor(g))
    right.backward(torch.tensor(g))
    np.testing.assert_allclose(found.detach().numpy(), right.detach().numpy(), atol=1e-10)
    for a, b in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(a.grad.numpy(), b.grad.numpy(), atol=1e-10)
