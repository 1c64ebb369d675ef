"""Recurrent and attention modules give PyTorch's results on the samples that PyTorch's own tests use."""

import importlib.util

import numpy as np
import pytest

import autograd_core as ag
import nn
from autograd_core.tree import leaves

AVAILABLE = importlib.util.find_spec("torch") and importlib.util.find_spec("expecttest")
pytestmark = [
    pytest.mark.peers,
    pytest.mark.skipif(not AVAILABLE, reason="needs the extra peers: torch and expecttest"),
    pytest.mark.filterwarnings("ignore"),  # PyTorch's, of options that only concern its speed
]

NAMES = """
    RNNCell LSTMCell GRUCell RNN LSTM GRU MultiheadAttention TransformerEncoderLayer TransformerDecoderLayer Transformer
"""


def translated(value, torch):
    """An argument for PyTorch as one for us."""
    if isinstance(value, torch.Tensor):
        return ag.tensor(value.detach().numpy())
    if isinstance(value, (tuple, list)):
        return type(value)(translated(item, torch) for item in value)
    if isinstance(value, torch.dtype):
        return str(value).removeprefix("torch.")
    if callable(value):
        return getattr(nn.functional, value.__name__)
    return value


def without_dropout(module, training):
    """What is dropped is random: nothing is."""
    module.train(training)
    for part in module.modules():
        if type(part).__name__ == "Dropout":
            part.p = 0.0
        elif isinstance(getattr(part, "dropout", None), float):
            part.dropout = 0.0


@pytest.mark.parametrize("name", NAMES.split())
def test_samples(name):
    import torch
    from torch.testing._internal.common_modules import module_db

    info = next(info for info in module_db if info.name == f"nn.{name}")
    count = 0
    for training in (True, False):
        for sample in info.module_inputs_func(
            info, device="cpu", dtype=torch.float64, requires_grad=False, training=training
        ):
            made, called = sample.constructor_input, sample.forward_input
            theirs = info.module_cls(*made.args, **made.kwargs).double()
            options = {key: translated(value, torch) for key, value in made.kwargs.items()}
            ours = getattr(nn, name)(*translated(made.args, torch), **options).double()
            ours.load_state_dict({key: value.numpy() for key, value in theirs.state_dict().items()})
            for module in (ours, theirs):
                without_dropout(module, training)
            options = {key: translated(value, torch) for key, value in called.kwargs.items()}
            found = leaves(ours(*translated(called.args, torch), **options))
            for a, b in zip(found, leaves(theirs(*called.args, **called.kwargs)), strict=True):
                assert (a is None) == (b is None)
                if a is not None:
                    np.testing.assert_allclose(a.detach().numpy(), b.detach().numpy(), rtol=1e-7, atol=1e-9)
            count += 1
    assert count >= 2
