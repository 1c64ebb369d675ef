"""Layers that take their size from their first input."""

import copy

import numpy as np
import pytest

import autograd_core as ag
import nn
import optim
from nn.parameter import UninitializedParameter

LAZY = {
    "LazyLinear(3)": ("Linear(4,3)", (2, 4)),
    "LazyLinear(3,False)": ("Linear(4,3,False)", (4,)),
    "LazyConv1d(3,2,stride=2)": ("Conv1d(4,3,2,stride=2)", (2, 4, 5)),
    "LazyConv2d(6,(3,2),groups=2)": ("Conv2d(4,6,(3,2),groups=2)", (2, 4, 5, 5)),
    "LazyConv2d(6,3,padding='same',bias=False)": ("Conv2d(4,6,3,padding='same',bias=False)", (4, 5, 5)),
    "LazyConv3d(3,2)": ("Conv3d(4,3,2)", (2, 4, 3, 3, 3)),
    "LazyConvTranspose1d(3,2)": ("ConvTranspose1d(4,3,2)", (2, 4, 5)),
    "LazyConvTranspose2d(3,2)": ("ConvTranspose2d(4,3,2)", (2, 4, 5, 5)),
    "LazyConvTranspose3d(3,2)": ("ConvTranspose3d(4,3,2)", (2, 4, 3, 3, 3)),
    "LazyBatchNorm1d(momentum=None)": ("BatchNorm1d(4,momentum=None)", (2, 4)),
    "LazyBatchNorm2d(1e-3,bias=False)": ("BatchNorm2d(4,1e-3,bias=False)", (2, 4, 3, 3)),
    "LazyBatchNorm3d(affine=False)": ("BatchNorm3d(4,affine=False)", (2, 4, 3, 3, 3)),
    "LazyInstanceNorm1d()": ("InstanceNorm1d(4,affine=True,track_running_stats=True)", (2, 4, 3)),
    "LazyInstanceNorm2d(affine=False)": ("InstanceNorm2d(4,track_running_stats=True)", (4, 3, 3)),
    "LazyInstanceNorm3d()": ("InstanceNorm3d(4,affine=True,track_running_stats=True)", (4, 3, 3, 3)),
}


def made(text):
    return eval(f"nn.{text}", {"nn": nn})


@pytest.mark.parametrize("text", LAZY)
def test_the_first_input_decides(text):
    usual, shape = LAZY[text]
    x = ag.ones(shape)
    ag.manual_seed(0)
    layer = made(text)
    assert layer.has_uninitialized_params()
    parameters = list(layer.parameters())
    y = layer(x)
    ag.manual_seed(0)
    expected = made(usual)
    assert type(layer) is type(expected)
    assert repr(layer) == repr(expected)
    np.testing.assert_array_equal(y.detach().numpy(), expected(x).detach().numpy())
    assert all(a is b for a, b in zip(layer.parameters(), parameters, strict=True))
    assert all(type(parameter) is nn.Parameter for parameter in parameters)


def test_an_optimiser_may_be_made_before():
    model = nn.Sequential(nn.LazyLinear(3), nn.ReLU(), nn.LazyLinear(1))
    step = optim.SGD(model.parameters(), lr=0.1)
    model(ag.ones(2, 5)).sum().backward()
    before = [parameter.tolist() for parameter in model.parameters()]
    step.step()
    assert [parameter.tolist() for parameter in model.parameters()] != before
    assert [name for name, _ in model.named_parameters()] == ["0.weight", "0.bias", "2.weight", "2.bias"]
    assert model[0].weight.name == "0.weight"


def test_state_may_come_first():
    source = nn.Conv2d(2, 3, 3)
    layer = nn.LazyConv2d(3, 3)
    layer.load_state_dict(source.state_dict())
    assert not layer.has_uninitialized_params()
    x = ag.ones(1, 2, 4, 4)
    assert layer(x).tolist() == source(x).tolist()
    assert repr(layer) == repr(source)
    norm = nn.LazyBatchNorm1d()
    assert repr(norm.running_mean) == "<UninitializedBuffer>"
    norm.load_state_dict({key: 2 * value for key, value in nn.BatchNorm1d(3).state_dict().items()})
    assert norm.running_var.tolist() == [2, 2, 2]
    norm.eval()(ag.ones(2, 3))
    assert norm.running_var.tolist() == [2, 2, 2]
    assert norm.num_features == 3
    other = nn.LazyLinear(3)
    other.load_state_dict(nn.Linear(4, 3).state_dict())
    with pytest.raises(ValueError, match="expects 4 features"):
        other(ag.ones(2, 5))


def test_waiting_layers_may_be_copied_and_converted():
    layer = copy.deepcopy(nn.LazyLinear(3)).double()
    assert repr(layer.weight) == "<UninitializedParameter>"
    assert isinstance(layer.weight, UninitializedParameter)
    assert repr(layer) == "LazyLinear(in_features=0, out_features=3, bias=True)"
    assert layer(ag.ones(2, 4, dtype="float64")).dtype == np.float64
    assert layer.requires_grad_(False).weight.requires_grad is False
    frozen = nn.LazyLinear(3).requires_grad_(False)
    frozen(ag.ones(2, 4))
    assert not frozen.weight.requires_grad


def test_an_input_without_channels_is_refused():
    with pytest.raises(ValueError, match="expects an input with channels and 2 axes more"):
        nn.LazyConv2d(3, 3)(ag.ones(5, 5))
