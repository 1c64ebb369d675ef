"""Losses and distances equal their formulas, whatever the reduction, and refuse what does not fit."""

import math
import warnings

import numpy as np
import pytest

import autograd_core as ag
import nn.functional as F  # noqa: N812
from autograd_core.testing import check_grads

RNG = np.random.default_rng(0)
X, Y, Z = (RNG.standard_normal((4, 3)) for _ in range(3))
P, Q = (RNG.uniform(0.1, 0.9, (4, 3)) for _ in range(2))
SIGNS = np.array([[1, -1, 1], [-1, -1, 1], [1, 1, -1], [-1, 1, 1]])
CLASS = np.array([2, 0, 1, 2])


def norm(x, p=2):
    return (np.abs(x + 1e-6) ** p).sum(-1) ** (1 / p)


def cosine(x, y):
    return (x * y).sum(-1) / np.sqrt((x * x).sum(-1) * (y * y).sum(-1))


def softplus(x):
    return np.logaddexp(x, 0)


def multi_margin(x, target, p=1, margin=1.0, weight=(1, 1, 1)):
    gaps = np.maximum(0, margin + x - x[np.arange(4), target][:, None]) ** p
    gaps[np.arange(4), target] = 0
    return gaps.sum(1) / 3 * np.asarray(weight)[target]


def multilabel_margin(x, right):
    """For the right classes of each row."""
    return [
        sum(max(0.0, 1 - row[t] + row[c]) for t in some for c in range(3) if c not in some) / 3
        for row, some in zip(x, right, strict=True)
    ]


# name, inputs that have gradients, other arguments, options; and the losses as numbers.
CASES = [
    ("mse_loss", (X, Y), (), {}, (X - Y) ** 2),
    ("l1_loss", (X, Y), (), {}, np.abs(X - Y)),
    ("smooth_l1_loss", (X, Y), (), {"beta": 0.7}, np.where(abs(X - Y) < 0.7, (X - Y) ** 2 / 1.4, abs(X - Y) - 0.35)),
    ("huber_loss", (X, Y), (), {"delta": 0.7}, np.where(abs(X - Y) < 0.7, (X - Y) ** 2 / 2, 0.7 * abs(X - Y) - 0.245)),
    ("huber_loss", (X, Y), (), {"weight": P}, P * np.where(abs(X - Y) < 1, (X - Y) ** 2 / 2, abs(X - Y) - 0.5)),
    ("kl_div", (X, P), (), {}, P * (np.log(P) - X)),
    ("kl_div", (X, Y), (), {"log_target": True}, np.exp(Y) * (Y - X)),
    ("poisson_nll_loss", (X, P), (), {}, np.exp(X) - P * X),
    ("poisson_nll_loss", (P, X), (), {"log_input": False, "eps": 0.1}, P - X * np.log(P + 0.1)),
    (
        "poisson_nll_loss",
        (X, 4 * P),
        (),
        {"full": True},
        np.exp(X)
        - 4 * P * X
        + np.where(4 * P > 1, 4 * P * np.log(4 * P) - 4 * P + 0.5 * np.log(2 * math.pi * 4 * P), 0),
    ),
    ("gaussian_nll_loss", (X, Y, P), (), {}, 0.5 * (np.log(P) + (X - Y) ** 2 / P)),
    ("gaussian_nll_loss", (X, Y), (0.5,), {}, 0.5 * (np.log(0.5) + (X - Y) ** 2 / 0.5)),
    ("gaussian_nll_loss", (X, Y, P[:, 0]), (), {}, 0.5 * (np.log(P[:, :1]) + (X - Y) ** 2 / P[:, :1])),
    (
        "gaussian_nll_loss",
        (X, Y, P[:1]),
        (),
        {"full": True},
        0.5 * (np.log(2 * math.pi * P[:1]) + (X - Y) ** 2 / P[:1]),
    ),
    ("binary_cross_entropy", (P, Q), (), {}, -Q * np.log(P) - (1 - Q) * np.log(1 - P)),
    ("binary_cross_entropy_with_logits", (X, Q), (), {}, Q * softplus(-X) + (1 - Q) * softplus(X)),
    ("hinge_embedding_loss", (X,), (SIGNS,), {"margin": 0.5}, np.where(SIGNS == 1, X, np.maximum(0, 0.5 - X))),
    ("margin_ranking_loss", (X, Y), (SIGNS,), {"margin": 0.5}, np.maximum(0, SIGNS * (Y - X) + 0.5)),
    ("soft_margin_loss", (X,), (SIGNS,), {}, softplus(-SIGNS * X)),
    ("multi_margin_loss", (X,), (CLASS,), {}, multi_margin(X, CLASS)),
    (
        "multi_margin_loss",
        (X,),
        (CLASS,),
        {"p": 2, "margin": 0.4, "weight": P[0]},
        multi_margin(X, CLASS, 2, 0.4, P[0]),
    ),
    (
        "multilabel_margin_loss",
        (X,),
        (np.array([[2, -1, 0], [0, 1, -1], [-1, 2, 2], [0, 2, 1]]),),
        {},
        np.array(multilabel_margin(X, [[2], [0, 1], [], [0, 2, 1]])),
    ),
    (
        "multilabel_soft_margin_loss",
        (X, Q),
        (),
        {"weight": P[0]},
        (P[0] * (Q * softplus(-X) + (1 - Q) * softplus(X))).mean(1),
    ),
    ("triplet_margin_loss", (X, Y, Z), (), {"margin": 0.5}, np.maximum(0, norm(X - Y) - norm(X - Z) + 0.5)),
    (
        "triplet_margin_loss",
        (X, Y, Z),
        (),
        {"p": 3, "swap": True},
        np.maximum(0, norm(X - Y, 3) - np.minimum(norm(X - Z, 3), norm(Y - Z, 3)) + 1),
    ),
    (
        "triplet_margin_with_distance_loss",
        (X, Y, Z),
        (),
        {"distance_function": lambda a, b: 1 - F.cosine_similarity(a, b), "swap": True},
        np.maximum(0, 2 - cosine(X, Y) - np.minimum(1 - cosine(X, Z), 1 - cosine(Y, Z))),
    ),
    (
        "cosine_embedding_loss",
        (X, Y),
        (np.array([1, -1, -1, 1]),),
        {"margin": -0.2},
        np.where([1, 0, 0, 1], 1 - cosine(X, Y), np.maximum(0, cosine(X, Y) + 0.2)),
    ),
]

NAMES = sorted({case[0] for case in CASES})


@pytest.mark.filterwarnings("ignore:reduction 'mean'")
@pytest.mark.parametrize("reduction", ["none", "mean", "sum"])
@pytest.mark.parametrize(("name", "inputs", "others", "options", "losses"), CASES, ids=[case[0] for case in CASES])
def test_losses_are_their_formulas(name, inputs, others, options, losses, reduction):
    def loss(*xs):
        return getattr(F, name)(*xs, *others, **options, reduction=reduction)

    found = loss(*map(ag.tensor, inputs))
    expected = {"none": losses, "mean": losses.mean(), "sum": losses.sum()}[reduction]
    assert found.shape == np.shape(expected)
    np.testing.assert_allclose(found.numpy(), expected, rtol=1e-9)
    if reduction == "none":
        check_grads(loss, tuple(map(ag.tensor, inputs)))


@pytest.mark.filterwarnings("ignore:reduction 'mean'")
@pytest.mark.parametrize("name", NAMES)
def test_losses_keep_the_dtype(name):
    inputs, others, options = next(case[1:4] for case in CASES if case[0] == name)
    xs = [ag.tensor(x, dtype=ag.float32, requires_grad=True) for x in inputs]
    options = {
        key: value.astype(np.float32) if isinstance(value, np.ndarray) else value for key, value in options.items()
    }
    loss = getattr(F, name)(*xs, *others, **options)
    assert loss.dtype == np.float32
    loss.backward()
    assert all(x.grad.dtype == np.float32 for x in xs)


@pytest.mark.parametrize("name", NAMES)
def test_other_reductions_are_refused(name):
    inputs, others, options = next(case[1:4] for case in CASES if case[0] == name)
    with pytest.raises(ValueError, match="is not a valid value for reduction"):
        getattr(F, name)(*inputs, *others, **options, reduction="median")


@pytest.mark.parametrize("name", ["mse_loss", "l1_loss"])
def test_a_weighted_mean_divides_by_the_weights(name):
    losses = (X - Y) ** 2 if name == "mse_loss" else abs(X - Y)
    loss = getattr(F, name)
    np.testing.assert_allclose(loss(X, Y, weight=P).item(), (P * losses).sum() / P.sum(), rtol=1e-6)
    np.testing.assert_allclose(loss(X, Y, weight=P, reduction="sum").item(), (P * losses).sum(), rtol=1e-6)
    np.testing.assert_allclose(loss(X, Y, weight=P, reduction="none").numpy(), P * losses, rtol=1e-6)
    check_grads(lambda x, y, w: loss(x, y, weight=w), (ag.tensor(X), ag.tensor(Y), ag.tensor(P)))
    with pytest.raises(ValueError, match=rf"{name} needs weights of the input's size: got \(3,\)"):
        loss(X, Y, weight=P[0])


def test_the_divergence_is_the_batchmean():
    p, q = (np.exp(X) / np.exp(X).sum(1, keepdims=True)), (P / P.sum(1, keepdims=True))
    found = F.kl_div(np.log(p), q, reduction="batchmean")
    np.testing.assert_allclose(found.item(), (q * np.log(q / p)).sum(1).mean(), rtol=1e-6)
    with pytest.warns(UserWarning, match="batchmean"):
        F.kl_div(np.log(p), q)
    assert F.kl_div(ag.tensor([-1.0, -2.0]), ag.tensor([0.0, 1.0]), reduction="sum").item() == 2  # 0·log 0 is 0


def test_smooth_l1_without_a_bend_is_l1():
    assert F.smooth_l1_loss(X, Y, beta=0).item() == F.l1_loss(X, Y).item()


def test_huber_losses_at_the_bend():
    """Both derivatives there are those of the line."""
    for loss in (F.huber_loss, F.smooth_l1_loss):
        x = ag.tensor([-1.0, 1.0, 0.5], requires_grad=True)
        (slope,) = ag.grad(loss(x, ag.zeros(3), reduction="sum"), [x], create_graph=True)
        assert slope.tolist() == [-1, 1, 0.5]
        assert ag.grad(slope.sum(), [x])[0].tolist() == [0, 0, 1]


@pytest.mark.parametrize(
    ("function", "slopes"),
    [
        (lambda x: F.hinge_embedding_loss(x, ag.tensor([-1, 1, 0]), reduction="sum"), [-1, 1, 1]),
        (lambda x: F.margin_ranking_loss(x, ag.tensor([1.0, 1.0, 1.0]), ag.ones(3), reduction="sum"), [-1, -1, 0]),
        (lambda x: F.multi_margin_loss(x, ag.tensor(0), reduction="sum"), [-1 / 3, 0, 1 / 3]),
        (lambda x: F.multilabel_margin_loss(x, ag.tensor([0, -1, -1])), [-1 / 3, 0, 1 / 3]),
        (lambda x: F.l1_loss(x, ag.tensor([1.0, 1.0, 1.0]), reduction="sum"), [0, -1, 1]),
    ],
    ids=["hinge_embedding", "margin_ranking", "multi_margin", "multilabel_margin", "l1"],
)
def test_slopes_at_the_margin(function, slopes):
    x = ag.tensor([1.0, 0.0, 2.0], requires_grad=True)
    function(x).backward()
    assert x.grad.tolist() == pytest.approx(slopes)


def test_variances_too_small_are_raised_with_their_gradient():
    v = ag.tensor([1e-9, 1.0], requires_grad=True)
    losses = F.gaussian_nll_loss(ag.zeros(2), ag.zeros(2), v, eps=1e-2, reduction="none")
    np.testing.assert_allclose(losses.detach().numpy(), [math.log(1e-2) / 2, 0], rtol=1e-6)
    losses.sum().backward()
    np.testing.assert_allclose(v.grad.numpy(), [50, 0.5], rtol=1e-6)
    with pytest.raises(ValueError, match="negative"):
        F.gaussian_nll_loss(X, Y, -P)
    with pytest.raises(ValueError, match="negative"):
        F.gaussian_nll_loss(X, Y, -1.0)
    for shape in [(3,), (2, 3), (1, 1), (4, 3, 1)]:
        with pytest.raises(ValueError, match="incorrect size"):
            F.gaussian_nll_loss(X, Y, np.ones(shape))


def test_losses_far_out():
    """Neither overflow nor a difference of large numbers."""
    x = ag.tensor([1000.0, -1000.0, 1e-9])
    assert F.soft_margin_loss(x, ag.tensor([-1, -1, -1]), reduction="none").tolist() == pytest.approx(
        [1e3, 0, math.log(2)]
    )
    assert F.binary_cross_entropy(ag.tensor([1e-9]), ag.tensor([0.0])).item() == pytest.approx(1e-9)
    assert F.binary_cross_entropy_with_logits(ag.tensor([-30.0]), ag.tensor([0.0])).item() == pytest.approx(
        math.exp(-30)
    )


def test_whole_numbers_take_the_dtype_beside_them():
    large = np.array([2**24 + 1, 3])
    assert F.l1_loss(ag.zeros(2, dtype=ag.float64), large, reduction="sum").item() == 2**24 + 4
    assert F.mse_loss(ag.tensor(np.zeros(1)), [0.1]).item() == pytest.approx(0.01, rel=1e-12)
    assert F.mse_loss(ag.tensor([1, 2]), ag.tensor([1, 4])).dtype == np.float32
    angle = F.cosine_similarity(ag.tensor(X), ag.tensor(SIGNS))
    np.testing.assert_allclose(angle.numpy(), cosine(X, SIGNS), rtol=1e-12)


@pytest.mark.filterwarnings("ignore:reduction 'mean'", "ignore:Using a target size")
@pytest.mark.parametrize("name", NAMES)
def test_the_mean_of_nothing_is_nan(name):
    inputs, others, options = next(case[1:4] for case in CASES if case[0] == name)
    nothing = [ag.tensor(x[:0]) for x in (*inputs, *others)]
    assert math.isnan(getattr(F, name)(*nothing, **options).item())
    assert getattr(F, name)(*nothing, **options, reduction="sum").item() == 0


@pytest.mark.parametrize("name", ["cross_entropy", "nll_loss"])
@pytest.mark.parametrize("shape", [(0, 3), (2, 3, 0), (0, 3, 0, 2)])
def test_no_places_have_no_loss(name, shape):
    x, target = ag.zeros(*shape, requires_grad=True), np.zeros((shape[0], *shape[2:]), int)
    assert getattr(F, name)(x, target, reduction="none").shape == target.shape
    assert math.isnan(getattr(F, name)(x, target).item())
    total = getattr(F, name)(x, target, reduction="sum")
    total.backward()
    assert total.item() == 0
    assert x.grad.shape == shape


def test_ignored_classes_may_be_impossible():
    x = ag.tensor([[-math.inf, 0.0], [0.0, math.log(3)]], requires_grad=True)
    loss = F.cross_entropy(x, [-100, 0], reduction="none")
    np.testing.assert_allclose(loss.detach().numpy(), [0, math.log(4)], rtol=1e-6)
    loss.sum().backward()
    np.testing.assert_allclose(x.grad.numpy(), [[0, 0], [-0.75, 0.75]], rtol=1e-6)


# Distances


@pytest.mark.parametrize("p", [1, 2, 3, 0.5, math.inf])
def test_pairwise_distance(p):
    found = F.pairwise_distance(ag.tensor(X), ag.tensor(Y[0]), p)
    expected = np.linalg.norm(X - Y[0] + 1e-6, p, axis=1)
    np.testing.assert_allclose(found.numpy(), expected, rtol=1e-9)
    np.testing.assert_allclose(F.pairwise_distance(X, Y[0], p, keepdim=True).numpy(), expected[:, None], rtol=1e-6)
    check_grads(lambda x, y: F.pairwise_distance(x, y, p), (ag.tensor(X), ag.tensor(Y[0])))


@pytest.mark.parametrize(
    ("a", "b", "dim"),
    [
        ((4, 3), (4, 3), 1),
        ((4, 3), (3,), -1),
        ((2, 1, 3), (4, 3), 2),
        ((4, 1), (4, 3), 1),
        ((3,), (2, 4, 3), 0),
        ((3,), (3,), 0),
    ],
)
def test_cosine_similarity(a, b, dim):
    x, y = RNG.standard_normal(a), RNG.standard_normal(b)
    wide, tall = np.broadcast_arrays(x, y)
    expected = (x * y).sum(dim) / (np.linalg.norm(wide, axis=dim) * np.linalg.norm(tall, axis=dim))
    np.testing.assert_allclose(F.cosine_similarity(ag.tensor(x), ag.tensor(y), dim).numpy(), expected, rtol=1e-9)
    check_grads(lambda x, y: F.cosine_similarity(x, y, dim), (ag.tensor(x), ag.tensor(y)))


def test_cosine_similarity_of_short_vectors():
    x, y = ag.tensor([[0.0, 0.0], [3e-3, 4e-3]], requires_grad=True), ag.tensor([[1.0, 0.0], [1.0, 0.0]])
    angle = F.cosine_similarity(x, y, eps=0.1)
    np.testing.assert_allclose(angle.tolist(), [0, 0.03], rtol=1e-6)
    angle.sum().backward()
    np.testing.assert_allclose(x.grad.numpy(), [[10, 0], [10 - 0.03 / 0.1 * 0.6, -0.03 / 0.1 * 0.8]], rtol=1e-5)
    with pytest.raises(TypeError, match="needs floats"):
        F.cosine_similarity(ag.tensor([1]), ag.tensor([1]), dim=0)
    with pytest.raises(IndexError):
        F.cosine_similarity(ag.ones(3), ag.ones(3))


# Bad input


@pytest.mark.parametrize(
    ("function", "arguments", "error", "message"),
    [
        (F.cross_entropy, (X, [2, 0, 5, 1]), IndexError, r"Target 5 is out of bounds \(at position \(2,\)\)"),
        (F.nll_loss, (ag.zeros(2, 3, 2), [[0, 1], [-1, 0]]), IndexError, r"Target -1 is out .* position \(1, 0\)"),
        (F.cross_entropy, (X[0], 3), IndexError, "Target 3 is out of bounds: with 3 classes it is 0 to 2"),
        (F.multi_margin_loss, (X, [2, 0, 1, 3]), IndexError, r"Target 3 is out of bounds \(at position \(3,\)\)"),
        (F.multi_margin_loss, (X, [2.0, 0, 1, 1]), TypeError, "class indices as integers"),
        (F.multi_margin_loss, (X, [2, 0]), ValueError, r"a target of shape \(4,\), got \(2,\)"),
        (F.multi_margin_loss, (X, CLASS, 3), ValueError, "p = 1 and p = 2, got 3"),
        (F.multi_margin_loss, (X, CLASS, 1, 1.0, [1.0]), ValueError, "all 3 classes"),
        (F.multi_margin_loss, (ag.zeros(2, 0), [0, 0]), ValueError, "at least one class"),
        (
            F.multilabel_margin_loss,
            (X[:1], [[0, -2, 1]]),
            IndexError,
            r"Target -2 .* position \(0, 1\).* it is -1 to 2",
        ),
        (F.multilabel_margin_loss, (X, CLASS), ValueError, r"got \(4,\) for an input \(4, 3\)"),
        (F.multilabel_margin_loss, (X, X), TypeError, "as integers"),
        (F.multilabel_soft_margin_loss, (1.0, 1.0), ValueError, "0-d"),
        (F.hinge_embedding_loss, (X, [1, -1]), ValueError, r"hinge_embedding_loss .* \(4, 3\), got \(2,\)"),
        (F.margin_ranking_loss, (X, Y, 1), ValueError, "as many axes each"),
        (F.triplet_margin_loss, (X, Y[0], Z), ValueError, "as many axes each"),
        (F.triplet_margin_loss, (X, Y, Z, 0.0), ValueError, "margin above 0"),
        (F.cosine_embedding_loss, (X, Y, [[1]]), ValueError, r"\(N, D\) with a target \(N,\)"),
        (F.cosine_embedding_loss, (X, Y, [1, -1]), ValueError, r"\(4,\), got \(2,\)"),
        (F.smooth_l1_loss, (X, Y), ValueError, "beta not below 0"),
        (F.huber_loss, (X, Y, "mean", 0.0), ValueError, "delta above 0"),
        (F.mse_loss, (X, Y[:, :2]), ValueError, "shapes that broadcast"),
    ],
)
def test_what_does_not_fit_is_refused(function, arguments, error, message):
    options = {"beta": -1.0} if function is F.smooth_l1_loss else {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with pytest.raises(error, match=message):
            function(*arguments, **options)
