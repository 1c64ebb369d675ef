"""Activations in place."""

import pytest

import autograd_core as ag
import nn

CALLS = {
    "relu_": (nn.functional.relu, ()),
    "elu_": (nn.functional.elu, (0.5,)),
    "celu_": (nn.functional.celu, (0.5,)),
    "selu_": (nn.functional.selu, ()),
    "leaky_relu_": (nn.functional.leaky_relu, (0.2,)),
    "rrelu_": (nn.functional.rrelu, (0.1, 0.3)),
    "hardtanh_": (nn.functional.hardtanh, (-0.5, 0.5)),
    "threshold_": (nn.functional.threshold, (0.1, 7.0)),
}


@pytest.mark.parametrize("name", CALLS)
def test_the_input_becomes_the_result(name):
    function, arguments = CALLS[name]
    x = ag.tensor([-1.0, 0.0, 2.0], requires_grad=True)
    y = x * 1
    changed = getattr(nn.functional, name)(y, *arguments)
    expected = function(x * 1, *arguments)
    assert changed is y
    assert y.tolist() == expected.tolist()
    assert ag.grad((y.sum(),), (x,))[0].tolist() == ag.grad((expected.sum(),), (x,))[0].tolist()
    with pytest.raises(RuntimeError, match="leaf that requires grad"):
        getattr(nn.functional, name)(x, *arguments)
