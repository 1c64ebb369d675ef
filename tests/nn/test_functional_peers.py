"""Functions agree with PyTorch's: values, gradients and gradients of gradients, for all their options."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd_core as ag
import nn.functional as F  # noqa: N812

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.peers


def compare(ours, theirs, inputs, constants=(), rtol=1e-9, atol=1e-11):
    """Value, gradient and the gradient of a mix of the gradients, of the first inputs."""
    rng = np.random.default_rng(0)
    xs = [ag.tensor(x, requires_grad=True) for x in inputs]
    ts = [torch.tensor(x, requires_grad=True) for x in inputs]
    y = ours(*xs, *constants)
    t = theirs(*ts, *(torch.tensor(c) if isinstance(c, np.ndarray) else c for c in constants))
    assert y.shape == tuple(t.shape)
    np.testing.assert_allclose(y.detach().numpy(), t.detach().numpy(), rtol, atol)
    w = rng.standard_normal(y.shape)
    first = ag.grad((y * ag.tensor(w)).sum(), xs, create_graph=True)
    torch_first = torch.autograd.grad((t * torch.tensor(w)).sum(), ts, create_graph=True)
    for a, b in zip(first, torch_first, strict=True):
        np.testing.assert_allclose(a.detach().numpy(), b.detach().numpy(), rtol, atol)
    mix = [rng.standard_normal(x.shape) for x in inputs]
    total = sum((g * ag.tensor(m)).sum() for g, m in zip(first, mix, strict=True))
    torch_total = sum((g * torch.tensor(m)).sum() for g, m in zip(torch_first, mix, strict=True))
    for x, ours_second, torch_second in zip(
        inputs, _grads(ag.grad, total, xs), _grads(torch.autograd.grad, torch_total, ts), strict=True
    ):
        np.testing.assert_allclose(_filled(ours_second, x), _filled(torch_second, x), rtol, atol)


def _grads(grad, total, inputs):
    return grad(total, inputs, allow_unused=True) if total.requires_grad else [None] * len(inputs)


def _filled(gradient, x):
    """A gradient as an array; PyTorch has two more ways to say zero."""
    if gradient is None:
        return np.zeros_like(x)
    return gradient.detach().numpy() if isinstance(gradient, ag.Tensor) else gradient.detach().numpy(force=True)


def normal(*shape, seed=0):
    return np.random.default_rng(seed).standard_normal(shape)


@pytest.mark.parametrize("batch", [(), (5,), (2, 3), (2, 1, 3)])
@pytest.mark.parametrize("bias", [True, False])
def test_linear(batch, bias):
    inputs = [normal(*batch, 4), normal(3, 4, seed=1)] + ([normal(3, seed=2)] if bias else [])
    compare(F.linear, torch.nn.functional.linear, inputs)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (F.relu, torch.nn.functional.relu),
        (F.sigmoid, torch.sigmoid),
        (F.tanh, torch.tanh),
        (F.silu, torch.nn.functional.silu),
        (F.gelu, torch.nn.functional.gelu),
        (lambda x: F.gelu(x, "tanh"), lambda x: torch.nn.functional.gelu(x, approximate="tanh")),
        (lambda x: F.leaky_relu(x, 0.3), lambda x: torch.nn.functional.leaky_relu(x, 0.3)),
        (lambda x: F.leaky_relu(x), lambda x: torch.nn.functional.leaky_relu(x)),
        (lambda x: F.elu(x, 0.7), lambda x: torch.nn.functional.elu(x, 0.7)),
        (lambda x: F.elu(x), lambda x: torch.nn.functional.elu(x)),
        (lambda x: F.softplus(x, 2.5, 3.0), lambda x: torch.nn.functional.softplus(x, 2.5, 3.0)),
        (lambda x: F.softplus(x), lambda x: torch.nn.functional.softplus(x)),
        (lambda x: F.softmax(x, dim=-1), lambda x: torch.softmax(x, -1)),
        (lambda x: F.softmax(x, dim=0), lambda x: torch.softmax(x, 0)),
        (lambda x: F.log_softmax(x, dim=0), lambda x: torch.log_softmax(x, 0)),
    ],
)
def test_activations(ours, theirs):
    compare(ours, theirs, [3 * normal(7, 5)])


@pytest.mark.parametrize("name", ["relu", "leaky_relu", "elu", "softplus", "silu", "gelu"])
@pytest.mark.parametrize("value", [0.0, -0.0, 30.0, -30.0, 1e4, -1e4])
def test_activations_at_kinks_and_far_out(name, value):
    x, t = ag.tensor([value], requires_grad=True), torch.tensor([value], requires_grad=True)
    y, s = getattr(F, name)(x), getattr(torch.nn.functional, name)(t)
    y.sum().backward()
    s.sum().backward()
    np.testing.assert_allclose([y.item(), x.grad.item()], [s.item(), t.grad.item()], rtol=1e-6, atol=1e-12)


@st.composite
def classification(draw):
    """Scores, a target of indices or probabilities, and options that fit."""
    classes = draw(st.integers(1, 5))
    extra = draw(st.sampled_from([None, (), (2,), (3, 2)]))  # None: without a batch
    rows = () if extra is None else (draw(st.integers(1, 4)), *extra)
    shape = (classes,) if extra is None else (rows[0], classes, *rows[1:])
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    x = rng.standard_normal(shape) * draw(st.sampled_from([1.0, 30.0]))
    options = {"reduction": draw(st.sampled_from(["mean", "sum", "none"]))}
    if draw(st.booleans()):
        options["weight"] = rng.random(classes) + 0.1
    target = rng.integers(0, classes, rows)
    if draw(st.booleans()):
        options["ignore_index"] = draw(st.sampled_from([0, classes - 1, -1, 99]))
        if options["ignore_index"] not in range(classes):
            target = np.where(rng.random(rows) < 0.3, options["ignore_index"], target)
    return x, np.asarray(target), options


def called(function, module, options):
    """The function with these options, weights as the module's tensors."""
    made = {k: module.tensor(v) if isinstance(v, np.ndarray) else v for k, v in options.items()}
    return lambda *args: function(*args, **made)


def counts_none(target, options):
    return options["reduction"] == "mean" and (target == options.get("ignore_index", -100)).all()


@given(classification(), st.sampled_from([0.0, 0.1, 1.0]))
def test_cross_entropy_of_indices(case, smoothing):
    x, target, options = case
    options = options | {"label_smoothing": smoothing}
    if counts_none(target, options):
        return
    compare(
        called(F.cross_entropy, ag, options),
        called(torch.nn.functional.cross_entropy, torch, options),
        [x],
        [target],
    )


@given(classification(), st.sampled_from([0.0, 0.1, 1.0]))
def test_cross_entropy_of_probabilities(case, smoothing):
    x, _, options = case
    options = {k: v for k, v in options.items() if k != "ignore_index"} | {"label_smoothing": smoothing}
    target = np.random.default_rng(1).random(x.shape)
    compare(
        called(F.cross_entropy, ag, options),
        called(torch.nn.functional.cross_entropy, torch, options),
        [x, target],
    )


@given(classification())
def test_nll_loss(case):
    x, target, options = case
    if counts_none(target, options):
        return
    compare(called(F.nll_loss, ag, options), called(torch.nn.functional.nll_loss, torch, options), [x], [target])


@pytest.mark.parametrize("name", ["cross_entropy", "nll_loss"])
def test_mean_over_nothing_is_nan_as_in_pytorch(name):
    for rows in (0, 2):
        x, target = np.zeros((rows, 3)), np.full(rows, -100)
        assert np.isnan(getattr(torch.nn.functional, name)(torch.tensor(x), torch.tensor(target)).item())
        assert np.isnan(getattr(F, name)(ag.tensor(x), ag.tensor(target)).item())


@pytest.mark.parametrize("name", ["cross_entropy", "nll_loss"])
def test_impossible_classes(name):
    """A score of −∞ for a class that is not the target costs nothing."""
    x, target = np.array([[0.5, -np.inf, 0.1], [0.3, 0.2, -np.inf]]), np.array([0, 1])
    y = getattr(F, name)(a := ag.tensor(x, requires_grad=True), target)
    t = getattr(torch.nn.functional, name)(b := torch.tensor(x, requires_grad=True), torch.tensor(target))
    y.backward()
    t.backward()
    np.testing.assert_allclose(y.item(), t.item(), rtol=1e-12)
    np.testing.assert_allclose(a.grad.numpy(), b.grad.numpy(), rtol=1e-12)


@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
@pytest.mark.parametrize("name", ["mse_loss", "l1_loss"])
def test_distances(name, reduction):
    for shape in [(4, 3), (), (1, 2, 3)]:
        compare(
            called(getattr(F, name), ag, {"reduction": reduction}),
            called(getattr(torch.nn.functional, name), torch, {"reduction": reduction}),
            [normal(*shape), normal(*shape, seed=1)],
        )


@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
@pytest.mark.parametrize("weight", [None, (3,), (4, 3)])
@pytest.mark.parametrize("pos_weight", [None, (3,)])
def test_binary_cross_entropy_with_logits(reduction, weight, pos_weight):
    rng = np.random.default_rng(2)
    options = {"reduction": reduction}
    for name, shape in (("weight", weight), ("pos_weight", pos_weight)):
        if shape is not None:
            options[name] = rng.random(shape) + 0.5
    name = "binary_cross_entropy_with_logits"
    compare(
        called(getattr(F, name), ag, options),
        called(getattr(torch.nn.functional, name), torch, options),
        [5 * normal(4, 3), rng.random((4, 3))],
    )


@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
@pytest.mark.parametrize("weight", [None, (3,), (4, 3)])
def test_binary_cross_entropy(reduction, weight):
    rng = np.random.default_rng(3)
    options = {"reduction": reduction} | ({} if weight is None else {"weight": rng.random(weight)})
    target = rng.random((4, 3))
    name = "binary_cross_entropy"
    compare(
        called(getattr(F, name), ag, options),
        called(getattr(torch.nn.functional, name), torch, options),
        [rng.random((4, 3)) * 0.98 + 0.01],
        [target],
        rtol=1e-7,
    )


def test_binary_losses_at_the_ends():
    """Where PyTorch bounds logarithms and slopes, so do we."""
    for x, target in [(0.0, 1.0), (1.0, 0.0), (0.0, 0.0), (1.0, 1.0), (0.0, 0.5)]:
        a, b = ag.tensor([x], requires_grad=True), torch.tensor([x], requires_grad=True)
        y = F.binary_cross_entropy(a, ag.tensor([target]))
        t = torch.nn.functional.binary_cross_entropy(b, torch.tensor([target]))
        y.backward()
        t.backward()
        np.testing.assert_allclose([y.item(), a.grad.item()], [t.item(), b.grad.item()], rtol=1e-6)
    for x in (1e4, -1e4):
        for target in (0.0, 1.0):
            y = F.binary_cross_entropy_with_logits(ag.tensor([x]), ag.tensor([target]))
            t = torch.nn.functional.binary_cross_entropy_with_logits(torch.tensor([x]), torch.tensor([target]))
            assert y.item() == t.item()


def test_float32_agrees_to_rounding():
    x, target = normal(64, 10).astype(np.float32), np.random.default_rng(1).integers(0, 10, 64)
    y = F.cross_entropy(a := ag.tensor(x, requires_grad=True), target)
    t = torch.nn.functional.cross_entropy(b := torch.tensor(x, requires_grad=True), torch.tensor(target))
    y.backward()
    t.backward()
    assert y.dtype == a.grad.dtype == np.float32
    np.testing.assert_allclose(y.item(), t.item(), rtol=1e-6)
    np.testing.assert_allclose(a.grad.numpy(), b.grad.numpy(), rtol=1e-5, atol=1e-8)
