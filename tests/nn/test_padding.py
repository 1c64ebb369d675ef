"""Padding, unfold and fold."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd_core as ag
import nn.functional as F  # noqa: N812
from autograd_core.testing import check_grads

MODES = ("constant", "reflect", "replicate", "circular")
X = np.arange(24.0).reshape(1, 2, 3, 4)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("amounts", [(2, 1), (0, 0), (1, 2, 2, 1), (-1, 1, 0, -2)])
def test_gradients(mode, amounts):
    x = X if len(amounts) == 4 else X[0]
    check_grads(lambda x: F.pad(x, amounts, mode), (x,))


def test_a_constant():
    x = ag.tensor([1.0, 2.0], requires_grad=True)
    y = F.pad(x, (1, 2), value=7.0)
    (y * ag.arange(5.0)).sum().backward()
    assert y.tolist() == [7, 1, 2, 7, 7]
    assert x.grad.tolist() == [1, 2]
    assert F.pad(ag.tensor([True]), (1, 0)).tolist() == [False, True]


def test_the_input_is_not_the_result():
    x = ag.ones(1, 2, 2)
    for mode in MODES:
        assert F.pad(x, (0, 0), mode) is not x


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: F.pad(X, (1,)), ValueError, "two amounts for each"),
        (lambda: F.pad(X, (1, 1) * 5), ValueError, "at most 4 axes"),
        (lambda: F.pad(X, (0.5, 1)), TypeError, "amount"),
        (lambda: F.pad(X, (-3, -2)), ValueError, "can't cut off more than there is"),
        (lambda: F.pad(X, (-5, 3)), ValueError, "can't cut off more than there is"),
        (lambda: F.pad(X, (1, 1), "edge"), ValueError, "a mode of constant, reflect"),
        (lambda: F.pad(X, (4, 0, 0, 0), "reflect"), ValueError, "at most 3 for axis 3 of length 4"),
        (lambda: F.pad(X, (5, 0, 0, 0), "circular"), ValueError, "at most 4"),
        (lambda: F.pad(X, (1, 1, 1, 1), "reflect", 1.0), ValueError, "a value only with mode='constant'"),
        (lambda: F.pad(X[0, 0], (1, 1, 1, 1), "reflect"), ValueError, r"\(N, C, \*S\)"),
        (lambda: F.unfold(X[0, 0], 2), ValueError, "unfold needs an input of shape"),
        (lambda: F.unfold(X, 5), ValueError, "no smaller than the window"),
        (lambda: F.unfold(X, (2, 2, 2)), ValueError, "kernel_size as an integer or 2 of them"),
        (lambda: F.fold(np.ones((1, 8, 5)), (3, 4), 2), ValueError, r"columns \(N, C·4, 6\)"),
        (lambda: F.fold(np.ones((1, 7, 6)), (3, 4), 2), ValueError, r"columns \(N, C·4, 6\)"),
    ],
)
def test_what_is_refused(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_fold_adds_up_what_unfold_cut_out():
    """Each element comes back as often as windows show it."""
    options = {"kernel_size": (2, 3), "padding": 1, "stride": (1, 2), "dilation": (2, 1)}
    columns = F.unfold(X, **options)
    times = F.fold(F.unfold(np.ones_like(X), **options), (3, 4), **options)
    np.testing.assert_allclose(F.fold(columns, (3, 4), **options).numpy(), X * times.numpy())
    np.testing.assert_allclose(F.unfold(X[0], **options).numpy(), columns.numpy()[0])


def test_an_empty_batch():
    columns = F.unfold(np.zeros((0, 2, 3, 4)), 2)
    assert columns.shape == (0, 8, 6)
    assert F.fold(columns, (3, 4), 2).shape == (0, 2, 3, 4)


def test_a_convolution_is_a_product_with_columns():
    w = np.random.default_rng(0).normal(size=(5, 2, 2, 3))
    y = w.reshape(5, -1) @ F.unfold(X, (2, 3), padding=1).numpy()
    np.testing.assert_allclose(F.conv2d(X, w, padding=1).numpy().reshape(1, 5, -1), y)


@pytest.mark.parametrize("name", ["unfold", "fold"])
def test_gradients_of_windows(name):
    options = {"kernel_size": 2, "padding": 1, "stride": (1, 2)}
    if name == "unfold":
        check_grads(lambda x: F.unfold(x, **options), (X,))
    else:
        check_grads(lambda x: F.fold(x, (3, 4), **options), (F.unfold(X, **options),))


@pytest.mark.peers
@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_padding_is_pytorchs(data):
    torch = pytest.importorskip("torch")
    axes, mode = data.draw(st.integers(1, 3)), data.draw(st.sampled_from(MODES))
    lengths = tuple(data.draw(st.integers(1, 4)) for _ in range(axes))
    amounts = tuple(data.draw(st.integers(0 if mode != "constant" else -2, 3)) for _ in range(2 * axes))
    x = np.random.default_rng(0).normal(size=(2, 2, *lengths))
    t, own = torch.tensor(x, requires_grad=True), ag.tensor(x, requires_grad=True)
    try:
        right = torch.nn.functional.pad(t, amounts, mode)
    except RuntimeError:
        with pytest.raises(ValueError, match="pad"):
            F.pad(own, amounts, mode)
        return
    found = F.pad(own, amounts, mode)
    np.testing.assert_array_equal(found.detach().numpy(), right.detach().numpy())
    g = np.random.default_rng(1).normal(size=found.shape)
    found.backward(ag.tensor(g))
    right.backward(torch.tensor(g))
    np.testing.assert_allclose(own.grad.numpy(), t.grad.numpy(), atol=1e-12)


@pytest.mark.peers
@settings(max_examples=40, deadline=None)
@given(st.data())
def test_any_unfold_and_fold_are_pytorchs(data):
    torch = pytest.importorskip("torch")

    def pair(low, high):
        return data.draw(st.tuples(st.integers(low, high), st.integers(low, high)))

    options = {"kernel_size": pair(1, 3), "dilation": pair(1, 2), "padding": pair(0, 2), "stride": pair(1, 3)}
    x = np.random.default_rng(0).normal(size=(2, 3, *pair(1, 5)))
    try:
        right = torch.nn.functional.unfold(torch.tensor(x), **options)
    except RuntimeError:
        with pytest.raises(ValueError, match="unfold"):
            F.unfold(x, **options)
        return
    np.testing.assert_array_equal(F.unfold(x, **options).numpy(), right.numpy())
    back = torch.nn.functional.fold(right, x.shape[2:], **options)
    np.testing.assert_allclose(F.fold(right.numpy(), x.shape[2:], **options).numpy(), back.numpy())
