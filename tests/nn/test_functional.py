"""What functions refuse, and numbers that can be checked by hand."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd_core as ag
import nn
import nn.functional as F  # noqa: N812


def test_the_lectures_example_of_cross_entropy():
    """Probabilities (0.27, 0.32, 0.41), target class 3: −ln 0.41 = 0.89; the slope is p − (0, 0, 1)."""
    p = [0.27, 0.32, 0.41]
    scores = ag.tensor(np.log([p]), requires_grad=True)
    loss = nn.CrossEntropyLoss()(scores, [2])
    loss.backward()
    assert loss.item() == pytest.approx(-math.log(0.41))
    assert round(loss.item(), 2) == 0.89
    np.testing.assert_allclose(scores.grad.numpy(), [[0.27, 0.32, 0.41 - 1]])


def test_the_lectures_losses():
    y, target = ag.tensor([1.0, 5.0, 3.0, 2.0], requires_grad=True), ag.tensor([2.0, 3.0, 3.5, 2.5])
    difference = (y - target).detach().numpy()
    nn.MSELoss()(y, target).backward()
    np.testing.assert_allclose(y.grad.numpy(), 2 / 4 * difference)
    y.grad = None
    nn.L1Loss()(y, target).backward()
    np.testing.assert_allclose(y.grad.numpy(), np.sign(difference) / 4)


def test_cross_entropy_has_few_nodes():
    scores = ag.randn(4, 3, requires_grad=True)
    for smoothing, names in ((0.0, ["leaf", "log_softmax", "nll"]), (0.1, ["leaf", "soft_cross_entropy"])):
        loss = nn.CrossEntropyLoss(weight=ag.rand(3), label_smoothing=smoothing)(scores, [0, 1, 2, 0])
        assert [node.name for node in ag.Graph([loss.grad_fn])] == names
    layer = nn.Linear(3, 2)
    assert layer(ag.ones(1, 3)).grad_fn.name == "linear"


@pytest.mark.parametrize(
    ("target", "error", "what"),
    [
        ([0, 3], IndexError, "Target 3 is out of bounds"),
        ([-1, 0], IndexError, "Target -1 is out of bounds"),
        ([0, 1, 2], ValueError, r"Expected input batch_size \(2\) to match target batch_size \(3\)"),
        ([[0], [1]], ValueError, r"a target of shape \(2,\), got \(2, 1\)"),
        (0, ValueError, r"a target of shape \(2,\), got \(\)"),
        ([0.0, 1.0], TypeError, "class indices as integers, got float32"),
        ([True, False], TypeError, "class indices as integers, got bool"),
        ([[0, 0, 1], [1, 0, 0]], ValueError, r"a target of shape \(2,\), got \(2, 3\)"),
    ],
)
@pytest.mark.parametrize("loss", [F.cross_entropy, F.nll_loss])
def test_targets_are_checked(loss, target, error, what):
    with pytest.raises(error, match=what):
        loss(ag.zeros(2, 3), target)


@pytest.mark.parametrize("dtype", ["uint8", "int8", "int32", "int64", "uint64"])
@pytest.mark.parametrize("loss", [F.cross_entropy, F.nll_loss])
def test_any_integer_dtype_will_do(loss, dtype):
    scores = ag.randn(3, 4)
    expected = loss(scores, [0, 3, 1])
    assert loss(scores, np.array([0, 3, 1], dtype)).item() == expected.item()
    assert loss(scores, ag.tensor(np.array([0, 3, 1], dtype))).item() == expected.item()
    if np.dtype(dtype).kind == "i":
        with pytest.raises(IndexError, match="Target -1"):
            loss(scores, np.array([0, -1, 1], dtype))


def test_options_are_checked():
    x, target = ag.zeros(2, 3), [0, 1]
    for loss in (F.cross_entropy, F.nll_loss):
        with pytest.raises(ValueError, match="average is not a valid value for reduction"):
            loss(x, target, reduction="average")
        with pytest.raises(ValueError, match="weight tensor should be defined either for all 3 classes"):
            loss(x, target, weight=ag.ones(2))
        with pytest.raises(ValueError, match="0-d"):
            loss(ag.tensor(1.0), 0)
    for smoothing in (-0.1, 1.1, math.nan):
        with pytest.raises(ValueError, match=r"label_smoothing must be between 0.0 and 1.0"):
            F.cross_entropy(x, target, label_smoothing=smoothing)
    with pytest.raises(ValueError, match="ignore_index is not supported"):
        F.cross_entropy(x, ag.zeros(2, 3), ignore_index=1)
    for module in (nn.CrossEntropyLoss, nn.NLLLoss, nn.MSELoss, nn.L1Loss, nn.BCELoss, nn.BCEWithLogitsLoss):
        with pytest.raises(ValueError, match="not a valid value for reduction"):
            module(reduction="average")


@pytest.mark.parametrize("loss", [F.mse_loss, F.l1_loss])
def test_distances_warn_when_shapes_differ(loss):
    with pytest.warns(UserWarning, match=r"target size \(\(3,\)\) that is different to the input size \(\(3, 1\)\)"):
        assert loss(ag.zeros(3, 1), ag.zeros(3), reduction="none").shape == (3, 3)
    with pytest.warns(UserWarning, match="different"), pytest.raises(ValueError, match="broadcast"):
        loss(ag.zeros(3), ag.zeros(2))


@pytest.mark.parametrize("loss", [F.binary_cross_entropy, F.binary_cross_entropy_with_logits])
def test_binary_losses_refuse_other_shapes(loss):
    with pytest.raises(ValueError, match=r"Target size \(\(3,\)\) must be the same as input size \(\(3, 1\)\)"):
        loss(ag.zeros(3, 1), ag.zeros(3))


@pytest.mark.parametrize("value", [-0.1, 1.1, math.nan])
def test_binary_cross_entropy_takes_probabilities(value):
    with pytest.raises(RuntimeError, match="between 0 and 1"):
        F.binary_cross_entropy(ag.tensor([0.5, value]), ag.tensor([1.0, 1.0]))


@pytest.mark.parametrize(
    ("x", "weight", "bias"),
    [
        ((4, 3), (2, 4), None),
        ((4, 3), (2, 3), (3,)),
        ((4, 3), (2, 3), (1,)),
        ((), (2, 3), None),
        ((3,), (1, 2, 3), None),
    ],
)
def test_linear_refuses_shapes_that_do_not_fit(x, weight, bias):
    with pytest.raises(ValueError, match="linear needs"):
        F.linear(ag.zeros(*x), ag.zeros(*weight), None if bias is None else ag.zeros(*bias))


def test_linear_with_a_single_output():
    y = F.linear(ag.ones(2, 3), ag.tensor([1.0, 2.0, 3.0]), ag.tensor(1.0))
    assert y.tolist() == [7, 7]


def test_integers_are_taken_as_floats():
    for function in (F.relu, F.leaky_relu, F.elu, F.softplus, F.silu, F.gelu, nn.Linear(2, 1)):
        y = function(ag.tensor([2, -1]))
        assert y.dtype == (np.int64 if function is F.relu else np.float32)
        assert y.tolist() == pytest.approx(function(ag.tensor([2.0, -1.0])).tolist())


def test_arrays_may_be_written_to_afterwards():
    """A graph holds what it was computed with."""
    x, target, weight = np.ones((2, 3)), np.full((2, 3), 0.25), np.ones((4, 3))
    w = ag.tensor(weight, requires_grad=True)
    p = ag.tensor(np.full((2, 3), 0.5), requires_grad=True)
    losses = [
        F.linear(x, w).sum(),
        F.binary_cross_entropy(p, target),
        F.cross_entropy(p, target),
        F.mse_loss(p, target),
    ]
    expected = [
        [g.tolist() for g in ag.grad(loss, leaf, retain_graph=True)]
        for loss, leaf in zip(losses, ([w], [p], [p], [p]), strict=True)
    ]
    x[:], target[:] = 9, 0.75
    found = [[g.tolist() for g in ag.grad(loss, leaf)] for loss, leaf in zip(losses, ([w], [p], [p], [p]), strict=True)]
    assert found == expected


@pytest.mark.parametrize("name", ["relu", "leaky_relu", "elu", "silu", "dropout"])
def test_in_place_the_input_becomes_the_result(name):
    function = getattr(F, name)
    start = ag.tensor([-1.0, 2.0], requires_grad=True)
    x = start * 1
    ag.manual_seed(1)
    expected = function(x)
    ag.manual_seed(1)
    y = function(x, inplace=True)
    assert y is x
    assert x.tolist() == expected.tolist()
    x.sum().backward()
    assert start.grad is not None
    with pytest.raises(RuntimeError, match="leaf that requires grad"):
        function(start, inplace=True)
    with pytest.raises(TypeError, match="changes a Tensor"):
        function(np.ones(2), inplace=True)


@pytest.mark.parametrize("function", [F.softmax, F.log_softmax])
@pytest.mark.parametrize(("shape", "axis"), [((3,), 0), ((2, 3), 1), ((2, 3, 4), 0), ((2, 3, 4, 5), 1)])
def test_softmax_without_an_axis_warns(function, shape, axis):
    x = ag.randn(shape)
    with pytest.warns(UserWarning, match="Implicit dimension choice"):
        y = function(x)
    assert y.tolist() == function(x, dim=axis).tolist()


def test_gelu_has_two_forms():
    with pytest.raises(ValueError, match="none or tanh"):
        F.gelu(ag.ones(1), approximate="erf")


@given(st.integers(0, 2**32), st.floats(0, 1))
def test_dropout_keeps_what_it_does_not_drop(seed, p):
    ag.manual_seed(seed)
    x = ag.ones(50, requires_grad=True)
    y = F.dropout(x, p)
    kept = y.detach().numpy() != 0
    np.testing.assert_allclose(y.detach().numpy()[kept], 1 / (1 - p) if p < 1 else 1, rtol=1e-5)
    if p in (0, 1):
        assert kept.all() == (p == 0)
    y.sum().backward()
    np.testing.assert_array_equal(x.grad.numpy(), y.detach().numpy())
    assert F.dropout(x, p, training=False) is x


def test_dropout_keeps_the_expectation():
    ag.manual_seed(0)
    y = nn.Dropout(0.2)(ag.ones(100_000))
    kept = (y != 0).sum().item()
    assert abs(kept - 80_000) < 5 * math.sqrt(100_000 * 0.2 * 0.8)
    assert y.mean().item() == pytest.approx(kept * 1.25 / 100_000, rel=1e-5)
    assert y.dtype == np.float32
    ag.manual_seed(0)
    assert nn.Dropout(0.2)(ag.ones(100_000)).tolist() == y.tolist()
    for p in (-0.1, 1.1, math.nan):
        with pytest.raises(ValueError, match="between 0 and 1"):
            nn.Dropout(p)
        with pytest.raises(ValueError, match="between 0 and 1"):
            F.dropout(y, p)


def test_loss_weights_are_state():
    loss = nn.CrossEntropyLoss(weight=ag.tensor([1.0, 2.0]))
    assert loss.state_dict()["weight"].tolist() == [1, 2]
    assert loss.weight.dtype == np.float32
    assert loss.double().weight.dtype == np.float64
    assert list(nn.BCEWithLogitsLoss(pos_weight=ag.ones(2)).state_dict()) == ["pos_weight"]
    assert not nn.CrossEntropyLoss().state_dict()
