"""A module here and the same one in PyTorch, with the same weights, compared."""

import numpy as np
import pytest

import autograd_core as ag
import nn
from autograd_core.tree import leaves


def torch():
    return pytest.importorskip("torch")


def twins(make):
    """``make(lib, nn)`` for both libraries, in float64; ours has PyTorch's weights."""
    torch().manual_seed(0)
    theirs = make(torch(), torch().nn).double()
    ours = make(ag, nn).double()
    state = theirs.state_dict()
    assert list(ours.state_dict()) == list(state)
    ours.load_state_dict({key: value.numpy() for key, value in state.items()})
    assert repr(ours) == repr(theirs)
    return ours, theirs


def run(lib, module, arrays, call):
    """The results of a module, and the gradients of their sum of cubes: of the inputs and of all parameters."""
    inputs = [lib.tensor(a, requires_grad=np.asarray(a).dtype.kind == "f") for a in arrays]
    results = [y for y in leaves(call(module, *inputs)) if y is not None]
    sum((y**3).sum() for y in results).backward()
    slopes = [x.grad for x in inputs if x.requires_grad] + [p.grad for p in module.parameters()]
    return [y.detach().numpy() for y in results], [None if g is None else g.numpy() for g in slopes]


def same(make, *arrays, call=lambda module, *inputs: module(*inputs)):
    """Assert that a module gives PyTorch's results and gradients."""
    ours, theirs = twins(make)
    found, expected = run(ag, ours, arrays, call), run(torch(), theirs, arrays, call)
    for a, b in zip(found, expected, strict=True):
        for ours_, theirs_ in zip(a, b, strict=True):
            assert (ours_ is None) == (theirs_ is None)
            if ours_ is not None:
                np.testing.assert_allclose(ours_, theirs_, rtol=1e-9, atol=1e-11)
