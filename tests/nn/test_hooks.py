"""Backward hooks: what they see, what they may replace, and that PyTorch's see the same."""

import numpy as np
import pytest

import autograd_core as ag
import nn


class Two(nn.Module):
    """Two inputs, two outputs."""

    def __init__(self):
        super().__init__()
        self.factor = nn.Parameter(ag.tensor(2.0))

    def forward(self, a, b):
        return self.factor * a, a + b * b


def test_gradients_of_inputs_and_outputs_are_seen_together():
    seen = []
    module = Two()
    handle = module.register_full_backward_hook(lambda *args: seen.append(args))
    a, b = ag.tensor([1.0, 2.0], requires_grad=True), ag.tensor([[3.0], [4.0]], requires_grad=True)
    y, z = module(a, b)
    (3 * y).sum().backward(retain_graph=True)
    (where, grad_input, grad_output) = seen.pop()
    assert where is module
    assert [g.tolist() for g in grad_output] == [[3, 3], [[0, 0], [0, 0]]]
    assert [g.tolist() for g in grad_input] == [[6, 6], [[0], [0]]]
    z.sum().backward()
    _, grad_input, grad_output = seen.pop()
    assert [g.shape for g in grad_output] == [(2,), (2, 2)]
    assert [g.tolist() for g in grad_input] == [[2, 2], [[12], [16]]]
    assert a.grad.tolist() == [8, 8]
    handle.remove()
    module(a, b)[1].sum().backward()
    assert not seen


def test_what_hooks_return_replaces():
    layer = nn.Identity()
    x = ag.tensor([1.0, 2.0], requires_grad=True)
    before = layer.register_full_backward_pre_hook(lambda module, grad_output: (grad_output[0] * 10,))
    layer.register_full_backward_hook(lambda module, grad_input, grad_output: grad_input[0] + grad_output[0])
    layer(x).sum().backward()
    assert x.grad.tolist() == [20, 20]
    before.remove()
    x.grad = None
    layer(x).sum().backward()
    assert x.grad.tolist() == [2, 2]


def test_hooks_run_in_order():
    calls = []
    layer = nn.Identity()
    for name, first in (("a", False), ("b", False), ("c", True)):
        layer.register_full_backward_hook(lambda *args, name=name: calls.append(name), prepend=first)
    layer.register_full_backward_pre_hook(lambda *args: calls.append("before"))
    layer(ag.tensor(1.0, requires_grad=True)).backward()
    assert calls == ["before", "c", "a", "b"]


def test_an_input_without_gradient_is_none():
    seen = []
    layer = nn.Linear(2, 1)
    layer.register_full_backward_hook(lambda module, grad_input, grad_output: seen.append((grad_input, grad_output)))
    layer(ag.ones(3, 2)).sum().backward()
    ((grad_input, grad_output),) = seen
    assert grad_input == (None,)
    assert grad_output[0].shape == (3, 1)
    assert layer.weight.grad.tolist() == [[3, 3]]
    with ag.no_grad():
        layer(ag.ones(3, 2))
    assert len(seen) == 1


def test_gradients_of_gradients_pass():
    layer = nn.Tanh()
    layer.register_full_backward_hook(lambda *args: None)
    x = ag.tensor([0.3, -0.4], dtype="float64", requires_grad=True)
    first = ag.grad(layer(x).sum(), x, create_graph=True)[0]
    second = ag.grad(first.sum(), x)[0]
    t = np.tanh(x.detach().numpy())
    np.testing.assert_allclose(second.numpy(), -2 * t * (1 - t * t))


def test_the_callers_tensor_carries_no_hook():
    layer = nn.Identity()
    calls = []
    handle = layer.register_full_backward_hook(lambda *args: calls.append(1))
    x = ag.tensor([1.0], requires_grad=True)
    layer(x).sum().backward()
    handle.remove()
    (x * 2).sum().backward()
    assert calls == [1]


def test_what_is_refused():
    layer = nn.Identity()
    layer.register_full_backward_hook(lambda *args: (None, None))
    with pytest.raises(RuntimeError, match="invalid number of grad, got 2 for 1"):
        layer(ag.tensor([1.0], requires_grad=True)).sum().backward()
    with pytest.raises(TypeError, match="returns a Tensor or a tuple of Tensors, got dict"):
        layer({"x": 1})


@pytest.mark.peers
@pytest.mark.parametrize("shapes", [[(3, 2)], [(2,)]])
def test_pytorchs_hooks_see_the_same(shapes):
    torch = pytest.importorskip("torch")
    arrays = [np.random.default_rng(0).normal(size=shape) for shape in shapes]

    def told(lib, library):
        model = library.Sequential(library.Linear(2, 3), library.Tanh(), library.Linear(3, 2)).double()
        with lib.no_grad():
            for parameter in model.parameters():
                parameter.copy_(lib.tensor(np.linspace(-1, 1, parameter.numel())).reshape(parameter.shape))
        seen = []
        for module in model.modules():
            module.register_full_backward_hook(
                lambda module, into, out_of: seen.append(
                    (type(module).__name__, [g.tolist() for g in into], [g.tolist() for g in out_of])
                )
            )
        (model(*(lib.tensor(a, requires_grad=True) for a in arrays)) ** 2).sum().backward()
        return seen

    for (name, into, out_of), (other, wanted_into, wanted_out_of) in zip(
        told(ag, nn), told(torch, torch.nn), strict=True
    ):
        assert name == other
        np.testing.assert_allclose(into, wanted_into)
        np.testing.assert_allclose(out_of, wanted_out_of)


def test_a_hook_that_is_called_after_errors_too():
    class Failing(nn.Module):
        def forward(self, x):
            raise ValueError("no such thing")

    model = Failing()
    seen = []
    model.register_forward_hook(lambda module, args, output: seen.append("never"))
    model.register_forward_hook(lambda module, args, output: seen.append(output), always_call=True)
    with pytest.raises(ValueError, match="no such thing"):
        model(ag.ones(1))
    assert seen == [None]


def test_a_hook_for_a_block_of_code():
    model = nn.ReLU()
    seen = []
    with model.register_forward_hook(lambda *_: seen.append("called")):
        model(ag.ones(1))
    model(ag.ones(1))
    assert seen == ["called"]
