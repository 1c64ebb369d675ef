"""All layers against PyTorch's: repr, settings, state, results, gradients, running statistics."""

import numpy as np
import pytest
import twins
from layer_cases import CASES, RANDOM

import autograd_core as ag
import nn
from autograd_core.tree import leaves, mapped

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.peers


def made(text, library):
    layer = eval(f"nn.{text}", {"nn": library})
    return layer.eval() if text.startswith(RANDOM) else layer


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("text", [text for text in CASES if text != "CTCLoss()"])  # see LEFT_OUT
def test_a_layer_agrees(text):
    def make(lib, library):
        return made(text, library)

    assert repr(made(text, nn)) == repr(made(text, torch.nn))
    same_settings(made(text, nn), made(text, torch.nn))
    ours, theirs = twins.twins(make)
    for _ in range(2):  # running statistics move in both
        found, expected = (twins.run(lib, layer, CASES[text], call) for lib, layer in ((ag, ours), (torch, theirs)))
        for a, b in zip(found, expected, strict=True):
            for y, t in zip(a, b, strict=True):
                close(y, t)
        for y, t in zip(ours.state_dict().values(), theirs.state_dict().values(), strict=True):
            close(y.numpy(), t.numpy())
        ours.zero_grad()
        theirs.zero_grad()
        ours.eval()
        theirs.eval()


def same_settings(ours, theirs):
    """What PyTorch's layer keeps of its arguments, ours keeps too."""
    for name, value in vars(theirs).items():
        if not name.startswith("_") and not callable(value) and name != "name":
            kept, value = (tuple(v) if isinstance(v, list) else v for v in (getattr(ours, name), value))
            assert value == kept, name


def call(layer, *inputs):
    """The result that has gradients; inputs may be changed in place."""
    return real(layer(*(x * 1 if "float" in str(x.dtype) else x for x in inputs)))


def real(results):
    """Results that have gradients: no positions."""
    return results[0] if isinstance(results, tuple) else results


def close(found, expected):
    if expected is None or found is None:
        assert found is expected
    else:
        np.testing.assert_allclose(found, expected, rtol=1e-7, atol=1e-9)


WEIGHTED = {
    "CrossEntropyLoss(weight)": (np.ones((4, 3)), np.array([0, 1, 2, 2])),
    "NLLLoss(weight)": (np.ones((4, 3)), np.array([0, 1, 2, 2])),
    "BCELoss(weight)": (np.full((4, 3), 0.3), np.ones((4, 3))),
    "BCEWithLogitsLoss(weight,pos_weight=weight)": (np.ones((4, 3)), np.ones((4, 3))),
    "MultiMarginLoss(weight=weight)": (np.eye(4, 3), np.array([0, 1, 2, 2])),
    "MultiLabelSoftMarginLoss(weight)": (np.eye(4, 3), np.ones((4, 3))),
}


@pytest.mark.parametrize("text", WEIGHTED)
def test_weights_of_losses_are_state(text):
    weight = [1.0, 2.0, 3.0]
    twins.same(
        lambda lib, library: eval(f"nn.{text}", {"nn": library, "weight": lib.tensor(weight, dtype=lib.float64)}),
        *WEIGHTED[text],
    )


# PyTorch's own list of modules with inputs

common = pytest.importorskip("torch.testing._internal.common_modules")
LEFT_OUT = {
    "LinearCrossEntropyLoss",  # not here
    "FractionalMaxPool2d",
    "FractionalMaxPool3d",
    "CTCLoss",  # PyTorch's gradient is that of the scores before log_softmax
}
LISTED = [
    info
    for info in common.module_db
    if info.name.removeprefix("nn.") not in LEFT_OUT
    and not any(word in info.name for word in ("RNN", "LSTM", "GRU", "Transformer", "Attention"))
]


def copied(tree, lib):
    """The tensors of arguments, for one of the libraries."""

    def one(value):
        if not isinstance(value, torch.Tensor):
            return value
        array = value.detach().numpy().copy()
        return (torch if lib == "theirs" else ag).tensor(array, requires_grad=value.requires_grad)

    return mapped(one, tree)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("info", LISTED, ids=lambda info: info.name)
def test_pytorchs_own_cases_agree(info, training):
    torch.manual_seed(0)
    samples = info.module_inputs_func(info, device="cpu", dtype=torch.float64, requires_grad=True, training=training)
    for sample in samples:
        args, kwargs = sample.constructor_input.args, dict(sample.constructor_input.kwargs)
        theirs = info.module_cls(*args, **kwargs).double().train(training)
        kwargs.pop("dtype", None)
        ours = getattr(nn, info.module_cls.__name__)(*copied(args, "ours"), **copied(kwargs, "ours"))
        ours.double().train(training)
        assert repr(ours) == repr(theirs)
        inputs = (sample.forward_input.args, dict(sample.forward_input.kwargs))
        if "Lazy" in info.name:
            theirs(*inputs[0])
            theirs.double()
            ours(*copied(inputs[0], "ours"))
            assert repr(ours) == repr(theirs)
        ours.load_state_dict(theirs.state_dict())
        check(ours, theirs, inputs)


def check(ours, theirs, inputs):
    (a, k), (b, m) = copied(inputs, "ours"), copied(inputs, "theirs")
    found, expected = leaves(ours(*a, **k)), leaves(theirs(*b, **m))
    for y, t in zip(found, expected, strict=True):
        close(y.detach().numpy(), t.detach().numpy())
    if any(t.isnan().any() for t in expected):
        return  # the mean of nothing has no gradient to speak of
    if any(t.requires_grad for t in expected):
        sum((y**3).sum() for y in found if y.requires_grad).backward()
        sum((t**3).sum() for t in expected if t.requires_grad).backward()
    for y, t in zip(leaves((a, k)), leaves((b, m)), strict=True):
        if isinstance(t, torch.Tensor) and t.grad is not None:
            close(y.grad.numpy(), t.grad.numpy())
    for (name, p), (key, q) in zip(ours.named_parameters(), theirs.named_parameters(), strict=True):
        assert name == key
        close(None if p.grad is None else p.grad.numpy(), None if q.grad is None else q.grad.numpy())
    for y, t in zip(ours.state_dict().values(), theirs.state_dict().values(), strict=True):
        close(y.numpy(), t.numpy())
