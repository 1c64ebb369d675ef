"""ctc_loss is the sum over all alignments, with derivatives of any order."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd_core as ag
import nn.functional as F  # noqa: N812
from autograd_core.testing import check_grads


def collapsed(path, blank):
    """An alignment with repetitions merged and then blanks left out."""
    return [label for label, _ in itertools.groupby(path) if label != blank]


def likelihood(p, labels, blank):
    """The probability of labels by looking at every alignment: p holds the probabilities of classes, (T, C)."""
    frames, classes = p.shape
    return sum(
        math.prod(p[t, label] for t, label in enumerate(path))
        for path in itertools.product(range(classes), repeat=frames)
        if collapsed(path, blank) == list(labels)
    )


@st.composite
def batches(draw):
    """Log-probabilities of a few frames, labels with repetitions, lengths and a blank anywhere."""
    frames, batch, classes, longest = (draw(st.integers(1, n)) for n in (5, 3, 3, 3))
    blank = draw(st.integers(0, classes - 1))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    others = [c for c in range(classes) if c != blank]
    x = rng.standard_normal((frames, batch, classes)) * draw(st.sampled_from([1, 10]))
    x -= np.log(np.exp(x).sum(2, keepdims=True))
    lengths = rng.integers(0, frames + 1, batch)
    counts = rng.integers(0, longest + 1 if others else 1, batch)
    targets = rng.choice(others, (batch, longest)) if others else np.full((batch, longest), -1)
    return x, targets, lengths, counts, blank


@given(batches(), st.sampled_from(["none", "sum", "mean"]), st.booleans(), st.booleans())
def test_it_is_the_sum_over_all_alignments(case, reduction, padded, zero_infinity):
    x, targets, lengths, counts, blank = case
    ways = [
        likelihood(np.exp(x[:frames, n]), targets[n, :count], blank)
        for n, (frames, count) in enumerate(zip(lengths, counts, strict=True))
    ]
    losses = np.array([-math.log(p) if p else 0.0 if zero_infinity else math.inf for p in ways])
    expected = {"none": losses, "sum": losses.sum(), "mean": (losses / np.maximum(counts, 1)).mean()}[reduction]
    if not padded:
        targets = np.concatenate([row[:count] for row, count in zip(targets, counts, strict=True)])
    found = F.ctc_loss(ag.tensor(x), targets, lengths, counts.tolist(), blank, reduction, zero_infinity)
    np.testing.assert_allclose(found.numpy(), expected, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("targets", [[[1, 2, 2], [3, 1, 7]], [1, 2, 2, 3, 1]], ids=["padded", "one after the other"])
def test_derivatives_of_both_orders(targets):
    x = ag.tensor(np.random.default_rng(0).standard_normal((6, 2, 8)))
    check_grads(lambda x: F.ctc_loss(x, targets, [6, 5], [3, 2], reduction="none"), (x,))
    check_grads(lambda x: F.ctc_loss(ag.log_softmax(x, 2), targets, [6, 5], [3, 2]), (x,))


def test_the_gradient_is_minus_the_posterior():
    """At every frame the probabilities of the classes, given the labels, add up to 1."""
    x = ag.log_softmax(ag.tensor(np.random.default_rng(0).standard_normal((7, 2, 4))), 2)
    x = x.detach().requires_grad_()
    F.ctc_loss(x, [[1, 2, 3], [3, 3, 0]], [7, 5], [3, 2], reduction="sum").backward()
    sums = x.grad.sum(2).numpy()
    np.testing.assert_allclose(sums[:, 0], -1, rtol=1e-12)
    np.testing.assert_allclose(sums[:5, 1], -1, rtol=1e-12)
    assert (sums[5:, 1] == 0).all()


def test_frames_past_the_end_may_hold_anything():
    x = np.log(np.full((5, 2, 3), 1 / 3))
    x[3:, 1] = np.nan
    t = ag.tensor(x, requires_grad=True)
    loss = F.ctc_loss(t, [[1, 2], [2, 1]], [5, 3], [2, 2], reduction="none")
    loss.sum().backward()
    assert np.isfinite(loss.detach().numpy()).all()
    assert np.isfinite(t.grad.numpy()).all()
    assert (t.grad.numpy()[3:, 1] == 0).all()


@pytest.mark.parametrize("zero_infinity", [False, True])
def test_what_can_not_be_aligned(zero_infinity):
    """Two equal labels need a blank between them; a class of probability 0 is no label's."""
    x = np.log(np.full((2, 3, 3), 1 / 3))
    x[:, 2, 1] = -np.inf
    t = ag.tensor(x, requires_grad=True)
    loss = F.ctc_loss(t, [[1, 1], [1, 2], [1, 2]], [2, 2, 2], [2, 2, 1], 0, "none", zero_infinity)
    worst = 0 if zero_infinity else math.inf
    np.testing.assert_allclose(loss.detach().numpy(), [worst, 2 * math.log(3), worst])
    loss.sum().backward()
    assert (t.grad.numpy()[:, [0, 2]] == 0).all()
    np.testing.assert_allclose(t.grad.numpy()[:, 1], [[0, -1, 0], [0, 0, -1]])


def test_one_sample_needs_no_batch():
    x = ag.log_softmax(ag.tensor(np.random.default_rng(0).standard_normal((6, 4))), 1)
    single = F.ctc_loss(x, [1, 2, 2], 6, 3, reduction="none")
    assert single.shape == ()
    assert single.item() == F.ctc_loss(x.unsqueeze(1), [[1, 2, 2]], [6], [3], reduction="sum").item()
    assert single.item() == F.ctc_loss(x, ag.tensor([1, 2, 2]), ag.tensor(6), ag.tensor([3]), reduction="sum").item()
    assert single.item() / 3 == pytest.approx(F.ctc_loss(x, [1, 2, 2], (6,), (3,)).item())


def test_long_sequences_neither_overflow_nor_underflow():
    x = ag.log_softmax(ag.tensor(np.random.default_rng(0).standard_normal((800, 1, 30)) * 10, dtype=ag.float32), 2)
    x = x.detach().requires_grad_()
    loss = F.ctc_loss(x, np.random.default_rng(1).integers(1, 30, (1, 300)), [800], [300], reduction="sum")
    assert loss.dtype == np.float32
    assert 1e3 < loss.item() < 1e5
    loss.backward()
    sums = x.grad.sum(2).numpy()
    np.testing.assert_allclose(sums, sums[-1, 0], rtol=1e-5)  # nothing is lost on the way back
    np.testing.assert_allclose(sums[-1], -1, rtol=np.finfo(np.float32).eps * loss.item())


X = ag.zeros(5, 2, 4)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ((ag.zeros(5), [1], 5, 1), ValueError, r"\(T, N, C\) or \(T, C\), .* got shape \(5,\)"),
        ((ag.zeros(0, 2, 4), [[1], [1]], [0, 0], [1, 1]), ValueError, "none of them 0"),
        ((X, [[1], [1]], [5], [1, 1]), ValueError, r"input_lengths of shape \(2,\).* got \(1,\)"),
        ((X, [[1], [1]], [5, 6], [1, 1]), ValueError, "input_lengths from 0 to 5, got 6 for sample 1"),
        ((X, [[1], [1]], [5, 5], [1, -1]), ValueError, "target_lengths from 0 .* got -1 for sample 1"),
        ((X, [[1], [1]], [5.0, 5.0], [1, 1]), TypeError, "input_lengths as integers"),
        ((X, [[1.0], [1.0]], [5, 5], [1, 1]), TypeError, "targets as integers"),
        ((X, [[1], [1]], [5, 5], [1, 2]), ValueError, r"padded to \(2, 2\) .* \(3,\), got shape \(2, 1\)"),
        ((X, [1, 2], [5, 5], [1, 2]), ValueError, r"one after the other \(3,\), got shape \(2,\)"),
        ((X, [[1, 2], [1, 4]], [5, 5], [2, 2]), IndexError, r"Target 4 is out of bounds \(at position \(1, 1\)\)"),
        ((X, [1, 2, 3, -1], [5, 5], [2, 2]), IndexError, r"Target -1 is out of bounds \(at position \(1, 1\)\)"),
        ((X, [[1, 2], [0, 3]], [5, 5], [2, 2]), ValueError, "label 0 of sample 1 is 0, the blank"),
        ((X, [[1], [1]], [5, 5], [1, 1], 4), ValueError, "blank must be in label range, 0 to 3, got 4"),
        ((X, [[1], [1]], [5, 5], [1, 1], 0, "median"), ValueError, "not a valid value for reduction"),
    ],
)
def test_what_does_not_fit_is_refused(arguments, error, message):
    with pytest.raises(error, match=message):
        F.ctc_loss(*arguments)


@pytest.mark.peers
@pytest.mark.parametrize("reduction", ["none", "sum", "mean"])
@pytest.mark.parametrize("zero_infinity", [False, True])
def test_behind_log_softmax_it_is_pytorchs(reduction, zero_infinity):
    """PyTorch's own gradient adds eˣ, which makes a difference only to log-probabilities that are no leaf's."""
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(0)
    scores, targets = 3 * rng.standard_normal((30, 6, 8)), rng.integers(1, 8, (6, 9))
    lengths, counts = rng.integers(20, 31, 6).tolist(), rng.integers(0, 10, 6).tolist()
    a, b = ag.tensor(scores, requires_grad=True), torch.tensor(scores, requires_grad=True)
    options = {"reduction": reduction, "zero_infinity": zero_infinity}
    ours = F.ctc_loss(ag.log_softmax(a, 2), targets, lengths, counts, **options)
    theirs = torch.nn.functional.ctc_loss(b.log_softmax(2), torch.tensor(targets), lengths, counts, **options)
    np.testing.assert_allclose(ours.detach().numpy(), theirs.detach().numpy(), rtol=1e-10)
    ours.sum().backward()
    theirs.sum().backward()
    np.testing.assert_allclose(a.grad.numpy(), b.grad.numpy(), rtol=1e-7, atol=1e-10)
