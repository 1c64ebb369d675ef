"""Clipping, parameters as a vector, reparametrised weights: definitions, and PyTorch's numbers."""

import math

import numpy as np
import pytest

import autograd_core as ag
import nn

RNG = np.random.default_rng(0)


def with_gradients(lib=ag):
    gradients = [np.array([[3.0, 0.0], [-1.0, 2.0]]), np.array([0.5, -4.0])]
    parameters = [lib.zeros(g.shape, dtype=lib.float64, requires_grad=True) for g in gradients]
    for parameter, gradient in zip(parameters, gradients, strict=True):
        parameter.grad = lib.tensor(gradient)
    return parameters


@pytest.mark.parametrize("p", [1.0, 2.0, 3.0, math.inf])
def test_clipping_by_norm_is_its_formula(p):
    parameters = with_gradients()
    before = np.concatenate([q.grad.numpy().ravel() for q in parameters])
    objects = [q.grad for q in parameters]
    norm = np.linalg.norm(before, p)
    assert nn.utils.get_total_norm([q.grad for q in parameters], p).item() == pytest.approx(norm)
    assert nn.utils.clip_grad_norm_(parameters, 1.5, p).item() == pytest.approx(norm)
    after = np.concatenate([q.grad.numpy().ravel() for q in parameters])
    np.testing.assert_allclose(after, before * 1.5 / (norm + 1e-6))
    assert all(q.grad is g for q, g in zip(parameters, objects, strict=True))
    assert nn.utils.clip_grad_norm_(parameters, 100.0, p).item() == pytest.approx(1.5, rel=1e-5)
    np.testing.assert_array_equal(np.concatenate([q.grad.numpy().ravel() for q in parameters]), after)


def test_clipping_leaves_out_what_has_no_gradient():
    parameters = [*with_gradients(), ag.ones(3, requires_grad=True)]
    nn.utils.clip_grad_value_((q for q in parameters), 0.75)
    assert parameters[0].grad.tolist() == [[0.75, 0], [-0.75, 0.75]]
    assert parameters[1].grad.tolist() == [0.5, -0.75]
    assert parameters[2].grad is None
    assert nn.utils.clip_grad_norm_([parameters[2]], 1.0).item() == 0
    with pytest.warns(UserWarning, match="empty iterator"):
        nn.utils.clip_grad_norm_(iter(()), 1.0)


def test_norms_that_are_not_finite():
    w = ag.zeros(2, requires_grad=True)
    w.grad = ag.tensor([math.nan, 1.0])
    with pytest.raises(RuntimeError, match="non-finite"):
        nn.utils.clip_grad_norm_(w, 1.0, error_if_nonfinite=True)
    assert w.grad[1].item() == 1
    assert math.isnan(nn.utils.clip_grad_norm_(w, 1.0).item())


def test_there_and_back():
    model = nn.Sequential(nn.Linear(3, 2), nn.Linear(2, 1))
    vector = nn.utils.parameters_to_vector(model.parameters())
    assert vector.shape == (11,)
    (vector * 2).sum().backward()
    assert model[0].weight.grad.tolist() == [[2, 2, 2], [2, 2, 2]]
    nn.utils.vector_to_parameters(ag.arange(11.0), model.parameters())
    assert model[0].weight.tolist() == [[0, 1, 2], [3, 4, 5]]
    assert nn.utils.parameters_to_vector(model.parameters()).tolist() == list(range(11))
    assert model[0].weight.is_leaf
    with pytest.raises(ValueError, match="11 elements, got a vector of 10"):
        nn.utils.vector_to_parameters(ag.zeros(10), model.parameters())
    with pytest.raises(TypeError, match="Tensor"):
        nn.utils.vector_to_parameters([0.0], model.parameters())


@pytest.mark.parametrize("dim", [0, 1, None])
def test_weight_norm_keeps_the_weight_at_first(dim):
    layer = nn.Linear(3, 2).double()
    weight = layer.weight.detach().numpy()
    x = ag.tensor(RNG.standard_normal((4, 3)))
    expected = layer(x).tolist()
    assert nn.utils.weight_norm(layer, dim=dim) is layer
    np.testing.assert_allclose(layer(x).tolist(), expected)
    with ag.no_grad():
        layer.weight_g.mul_(2)
        layer.weight_v.mul_(5)
    layer(x)
    np.testing.assert_allclose(layer.weight.detach().numpy(), 2 * weight)
    nn.utils.remove_weight_norm(layer)
    np.testing.assert_allclose(layer.weight.detach().numpy(), 2 * weight)
    assert list(layer.state_dict()) == ["bias", "weight"]
    assert layer.weight.requires_grad


def test_spectral_norm_divides_by_the_greatest_singular_value():
    ag.manual_seed(0)
    layer = nn.utils.spectral_norm(nn.Conv2d(3, 5, 2).double(), n_power_iterations=50)
    x = ag.tensor(RNG.standard_normal((1, 3, 4, 4)))
    layer(x)
    original = layer.weight_orig.detach().numpy().reshape(5, -1)
    sigma = np.linalg.svd(original, compute_uv=False)[0]
    np.testing.assert_allclose(layer.weight.detach().numpy().reshape(5, -1), original / sigma, rtol=1e-6)
    u = layer.weight_u.tolist()
    layer.eval()(x)
    assert layer.weight_u.tolist() == u
    nn.utils.remove_spectral_norm(layer)
    np.testing.assert_allclose(layer.weight.detach().numpy().reshape(5, -1), original / sigma, rtol=1e-6)
    assert list(layer.state_dict()) == ["bias", "weight"]


def test_reparametrising_twice_or_undoing_what_is_not_there():
    for do, undo, name in (
        (nn.utils.weight_norm, nn.utils.remove_weight_norm, "weight_norm"),
        (nn.utils.spectral_norm, nn.utils.remove_spectral_norm, "spectral_norm"),
    ):
        layer = nn.Linear(2, 2)
        with pytest.raises(ValueError, match=f"{name} of 'weight' not found"):
            undo(layer)
        do(layer)
        with pytest.raises(RuntimeError, match=f"two {name} hooks"):
            do(layer)
        with pytest.raises(AttributeError, match="nothing"):
            do(layer, "nothing")


@pytest.mark.peers
@pytest.mark.parametrize("p", [1.0, 2.0, math.inf])
def test_pytorch_clips_the_same(p):
    torch = pytest.importorskip("torch")
    for clip in (
        lambda utils, parameters: utils.clip_grad_norm_(parameters, 2.0, p),
        lambda utils, parameters: utils.clip_grad_value_(parameters, 0.7),
    ):
        ours, theirs = with_gradients(), with_gradients(torch)
        clip(nn.utils, ours)
        clip(torch.nn.utils, theirs)
        for a, b in zip(ours, theirs, strict=True):
            np.testing.assert_allclose(a.grad.numpy(), b.grad.numpy(), rtol=1e-12)


REPARAMETRISED = {
    "weight_norm(n.Linear(4,3))": (5, 4),
    "weight_norm(n.Linear(4,3),dim=1)": (5, 4),
    "weight_norm(n.Linear(4,3),dim=None)": (5, 4),
    "weight_norm(n.Conv2d(2,3,3))": (2, 2, 5, 5),
    "spectral_norm(n.Linear(4,3))": (5, 4),
    "spectral_norm(n.Conv2d(2,3,3),n_power_iterations=3)": (2, 2, 5, 5),
    "spectral_norm(n.ConvTranspose2d(2,3,3))": (2, 2, 5, 5),
}


@pytest.mark.peers
@pytest.mark.filterwarnings("ignore::FutureWarning")
@pytest.mark.parametrize("text", REPARAMETRISED)
def test_pytorch_trains_reparametrised_weights_the_same(text):
    torch = pytest.importorskip("torch")
    ours = eval(f"n.utils.{text}", {"n": nn}).double()
    theirs = eval(f"n.utils.{text}", {"n": torch.nn}).double()
    assert list(ours.state_dict()) == list(theirs.state_dict())
    assert repr(ours) == repr(theirs)
    ours.load_state_dict(theirs.state_dict())
    x = RNG.standard_normal(REPARAMETRISED[text])
    for _ in range(3):
        for lib, module in ((ag, ours), (torch, theirs)):
            module.zero_grad()
            (module(lib.tensor(x)) ** 2).sum().backward()
            with lib.no_grad():
                for parameter in module.parameters():
                    parameter -= 0.01 * parameter.grad
        for (key, a), (name, b) in zip(ours.state_dict().items(), theirs.state_dict().items(), strict=True):
            assert key == name
            np.testing.assert_allclose(a.numpy(), b.numpy(), rtol=1e-9)
