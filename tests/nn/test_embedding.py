"""Embeddings, bags of them and one-hot vectors: PyTorch's numbers for every option, and what is refused."""

import numpy as np
import pytest

import autograd_core as ag
import nn.functional as F  # noqa: N812
from autograd_core.testing import check_grads

TABLE = np.random.default_rng(0).standard_normal((6, 3))
ROWS = np.array([1, 4, 1, 5, 2, 4, 1])


def both(name, rows, *arguments, **options):
    """Values, the table afterwards, and its gradient: ours and PyTorch's."""
    torch = pytest.importorskip("torch")
    found = []
    for lib, functional in ((ag, F), (torch, torch.nn.functional)):

        def given(value, lib=lib):
            return lib.tensor(value) if isinstance(value, np.ndarray) else value

        table = lib.tensor(TABLE, requires_grad=True)
        y = getattr(functional, name)(
            given(rows), table, *map(given, arguments), **{key: given(value) for key, value in options.items()}
        )
        (y * given(np.arange(1.0, 1 + y.detach().numpy().size).reshape(y.shape))).sum().backward()
        found.append([y.detach().numpy(), table.detach().numpy(), table.grad.numpy()])
    return zip(*found, strict=True)


@pytest.mark.peers
@pytest.mark.parametrize("rows", [ROWS, ROWS[:6].reshape(2, 3), np.array(3), np.zeros((2, 0), int)])
@pytest.mark.parametrize(
    "options",
    [
        {},
        {"padding_idx": 1},
        {"padding_idx": -2},
        {"max_norm": 1.0},
        {"max_norm": 1.0, "norm_type": 1.0, "padding_idx": 4},
        {"scale_grad_by_freq": True},
        {"scale_grad_by_freq": True, "padding_idx": 1},
    ],
)
def test_embedding_as_in_pytorch(rows, options):
    for ours, theirs in both("embedding", rows, **options):
        np.testing.assert_allclose(ours, theirs, rtol=1e-12)


@pytest.mark.peers
@pytest.mark.parametrize("mode", ["sum", "mean", "max"])
@pytest.mark.parametrize(
    ("rows", "options"),
    [
        (ROWS, {"offsets": np.array([0, 2, 2, 5])}),
        (ROWS, {"offsets": np.array([0, 0, 7]), "include_last_offset": True}),
        (ROWS[:6].reshape(3, 2), {}),
        (ROWS, {"offsets": np.array([0, 1, 4]), "padding_idx": 1}),
        (ROWS[:6].reshape(2, 3), {"max_norm": 0.9}),
        (np.array([1, 1, 3]), {"offsets": np.array([0])}),  # ties
        (np.zeros(0, int), {"offsets": np.array([0, 0])}),
    ],
)
def test_bags_as_in_pytorch(mode, rows, options):
    for ours, theirs in both("embedding_bag", rows, mode=mode, **options):
        np.testing.assert_allclose(ours, theirs, rtol=1e-12)


@pytest.mark.peers
def test_scaled_bags_as_in_pytorch():
    offsets, weights = np.array([0, 3, 3]), np.linspace(0.5, 2, ROWS.size)
    options = {"mode": "sum", "per_sample_weights": weights, "padding_idx": 4}
    for ours, theirs in both("embedding_bag", ROWS, offsets, **options):
        np.testing.assert_allclose(ours, theirs, rtol=1e-12)


@pytest.mark.parametrize("mode", ["sum", "mean"])
def test_gradients_of_bags_divided_by_how_often_a_row_is_named(mode):
    """PyTorch 2.13 says the same, but divides by how often another row is named."""
    found = []
    for scaled in (False, True):
        table = ag.tensor(TABLE, requires_grad=True)
        (F.embedding_bag(ROWS, table, [0, 3, 3], mode=mode, scale_grad_by_freq=scaled) ** 2).sum().backward()
        found.append(table.grad.numpy())
    counts = np.maximum(np.bincount(ROWS, minlength=6), 1)
    np.testing.assert_allclose(found[1], found[0] / counts[:, None])


def test_derivatives_of_any_order():
    table, weights = ag.tensor(TABLE), ag.tensor(np.linspace(0.5, 2, 7))
    check_grads(lambda w: F.embedding(ROWS, w) ** 3, (table,))
    for mode in ("mean", "max"):
        check_grads(lambda w, mode=mode: F.embedding_bag(ROWS, w, [0, 2, 2], mode=mode) ** 3, (table,))
    check_grads(
        lambda w, s: F.embedding_bag(ROWS, w, [0, 2, 2], mode="sum", per_sample_weights=s) ** 2, (table, weights)
    )


def test_one_hot():
    assert F.one_hot(ag.tensor([[0, 2], [1, 1]])).tolist() == [[[1, 0, 0], [0, 0, 1]], [[0, 1, 0], [0, 1, 0]]]
    assert F.one_hot(ag.tensor(1), 4).tolist() == [0, 1, 0, 0]
    assert F.one_hot(ag.tensor(np.zeros((0, 2), int)), 3).shape == (0, 2, 3)
    assert F.one_hot(ag.tensor([0])).dtype == np.int64


@pytest.mark.parametrize(
    ("call", "error", "what"),
    [
        (lambda: F.embedding([[0, 6]], TABLE), IndexError, r"embedding needs indices from 0 to 5, got 6 at \(0, 1\)"),
        (lambda: F.embedding([-1], TABLE), IndexError, "got -1 at"),
        (lambda: F.embedding([0.5], TABLE), TypeError, "embedding needs an index of integers, got float32"),
        (lambda: F.embedding([0], TABLE[0]), ValueError, r"a table of two axes, got shape \(3,\)"),
        (lambda: F.embedding([0], TABLE, padding_idx=6), ValueError, "a padding_idx within num_embeddings, 6: got 6"),
        (lambda: F.embedding_bag([0], TABLE, [0], mode="min"), ValueError, "one of sum, mean or max, got 'min'"),
        (lambda: F.embedding_bag([0], TABLE), ValueError, "offsets has to be a 1D Tensor but got None"),
        (lambda: F.embedding_bag([0], TABLE, [1]), ValueError, r"offsets\[0\] has to be 0"),
        (lambda: F.embedding_bag([0], TABLE, [0, 2]), ValueError, "end within the input of length 1"),
        (lambda: F.embedding_bag([[0]], TABLE, [0]), ValueError, "offsets has to be None"),
        (
            lambda: F.embedding_bag([0], TABLE, [0], per_sample_weights=[1.0]),
            NotImplementedError,
            "for mode 'sum' only, got 'mean'",
        ),
        (lambda: F.one_hot([0, 3], 3), ValueError, r"Class values must be 0 to 2, got 3 at \(1,\)"),
        (lambda: F.one_hot([0.0]), TypeError, "integers"),
        (lambda: F.one_hot(np.zeros(0, int)), ValueError, "pass num_classes"),
    ],
)
def test_what_is_refused(call, error, what):
    with pytest.raises(error, match=what):
        call()
