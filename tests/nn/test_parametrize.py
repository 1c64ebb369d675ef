"""Parameters computed from others."""

import copy

import numpy as np
import pytest

import autograd_core as ag
import nn
from nn.utils import parametrizations, parametrize

RNG = np.random.default_rng(0)


class Symmetric(nn.Module):
    def forward(self, x):
        return x.triu() + x.triu(1).T


class Doubled(nn.Module):
    def forward(self, x):
        return 2 * x

    def right_inverse(self, y):
        return y / 2


def test_the_weight_is_computed_from_the_original():
    layer = nn.Linear(3, 3)
    weight, value = layer.weight, layer.weight.detach().numpy().copy()
    assert parametrize.register_parametrization(layer, "weight", Doubled()) is layer
    assert isinstance(layer, nn.Linear)
    assert layer.parametrizations.weight.original is weight
    np.testing.assert_array_equal(layer.weight.detach().numpy(), value)
    np.testing.assert_array_equal(weight.detach().numpy(), value / 2)
    layer(ag.ones(1, 3)).sum().backward()
    assert weight.grad.tolist() == [[2, 2, 2]] * 3
    layer.weight = ag.ones(3, 3)
    assert weight.tolist() == [[0.5] * 3] * 3
    assert layer.weight.tolist() == [[1.0] * 3] * 3
    assert [name for name, _ in layer.named_parameters()] == ["bias", "parametrizations.weight.original"]
    assert type(nn.Linear(2, 2)) is nn.Linear
    assert not parametrize.is_parametrized(nn.Linear(2, 2))


def test_several_follow_one_another():
    layer = nn.Linear(3, 3)
    parametrize.register_parametrization(layer, "weight", Symmetric())
    symmetric = layer.weight.detach().numpy()
    np.testing.assert_array_equal(symmetric, symmetric.T)
    parametrize.register_parametrization(layer, "weight", Doubled())
    np.testing.assert_array_equal(layer.weight.detach().numpy(), symmetric)
    twin = copy.deepcopy(layer)
    twin.weight = ag.zeros(3, 3)
    np.testing.assert_array_equal(layer.weight.detach().numpy(), symmetric)
    parametrize.register_parametrization(layer, "bias", Doubled())
    assert parametrize.is_parametrized(layer, "bias")
    assert repr(layer).startswith(
        "ParametrizedLinear(\n  in_features=3, out_features=3, bias=True\n  (parametrizations)"
    )


@pytest.mark.parametrize("kept", [True, False])
def test_removing(kept):
    layer = parametrize.register_parametrization(nn.Linear(3, 3), "weight", Symmetric())
    original = layer.parametrizations.weight.original
    expected = (layer.weight if kept else original).tolist()
    parametrize.remove_parametrizations(layer, "weight", leave_parametrized=kept)
    assert type(layer) is nn.Linear
    assert layer.weight is original
    assert layer.weight.tolist() == expected
    assert not list(layer.children())


def test_what_is_refused():
    with pytest.raises(ValueError, match="no parameter 'nothing'"):
        parametrize.register_parametrization(nn.Linear(2, 2), "nothing", Doubled())
    with pytest.raises(ValueError, match="changes the shape"):
        parametrize.register_parametrization(nn.Linear(2, 2), "weight", nn.Flatten(0))
    with pytest.raises(ValueError, match="no parametrization"):
        parametrize.remove_parametrizations(nn.Linear(2, 2), "weight")
    with pytest.raises(ValueError, match="several originals"):
        parametrize.remove_parametrizations(parametrizations.weight_norm(nn.Linear(2, 2)), "weight", False)
    with pytest.raises(ValueError, match="positive"):
        parametrizations.spectral_norm(nn.Linear(2, 2), n_power_iterations=0)
    with pytest.raises(ValueError, match="no parameter"):
        parametrizations.spectral_norm(nn.ReLU())


CASES = {
    "weight_norm(n.Linear(4,3))": (5, 4),
    "weight_norm(n.Linear(4,3),dim=None)": (5, 4),
    "weight_norm(n.Conv1d(4,3,2),dim=1)": (4, 5),
    "spectral_norm(n.Linear(4,3))": (5, 4),
    "spectral_norm(n.Linear(4,3),'bias')": (5, 4),
    "spectral_norm(n.ConvTranspose2d(2,3,3),n_power_iterations=2)": (2, 2, 5, 5),
}


@pytest.mark.parametrize("text", CASES)
def test_the_weight_is_kept_or_normalised(text):
    layer = eval(f"p.{text}", {"n": nn, "p": parametrizations}).double()
    x = ag.tensor(RNG.standard_normal(CASES[text]))
    expected = layer.eval()(x).tolist()
    name = "bias" if "bias" in text else "weight"
    parametrize.remove_parametrizations(layer, name)
    np.testing.assert_allclose(layer(x).tolist(), expected, rtol=1e-12)
    assert set(layer.state_dict()) == {"weight", "bias"}


@pytest.mark.peers
@pytest.mark.parametrize("text", CASES)
def test_pytorch_trains_them_the_same(text):
    torch = pytest.importorskip("torch")
    ours = eval(f"n.utils.parametrizations.{text}", {"n": nn}).double()
    theirs = eval(f"n.utils.parametrizations.{text}", {"n": torch.nn}).double()
    assert repr(ours) == repr(theirs)
    assert list(ours.state_dict()) == list(theirs.state_dict())
    ours.load_state_dict(theirs.state_dict())
    x = RNG.standard_normal(CASES[text])
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
