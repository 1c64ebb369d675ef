"""Laws of all layers without recurrence, and how they start."""

import copy
import inspect
import math
import re

import numpy as np
import pytest
from layer_cases import CASES, OWN

import autograd_core as ag
import nn

ALL = CASES | OWN
ELSEWHERE = {"Module", "Sequential", "ModuleList", "ModuleDict", "ParameterList", "ParameterDict", "Perceptron"}
RECURRENT = ("RNN", "LSTM", "GRU", "Transformer", "MultiheadAttention", "Lazy")


def made(text):
    return eval(f"nn.{text}", {"nn": nn})


def result(layer, inputs):
    y = layer(*(ag.tensor(array) for array in inputs))
    return y[0] if isinstance(y, tuple) else y


def test_every_layer_is_in_the_table():
    layers = {
        name
        for name, value in vars(nn).items()
        if inspect.isclass(value) and issubclass(value, nn.Module) and not name.startswith(RECURRENT)
    }
    assert layers - ELSEWHERE - {text.partition("(")[0] for text in ALL} == set()


@pytest.mark.parametrize("text", ALL)
def test_a_copy_and_a_reload_give_the_same(text):
    layer = made(text).double().eval()
    assert repr(layer).startswith(text.partition("(")[0] + "(")
    fresh = made(text).double().eval()
    fresh.load_state_dict(layer.state_dict())
    expected = result(layer, ALL[text]).detach().numpy()
    for other in (copy.deepcopy(layer), fresh):
        np.testing.assert_array_equal(result(other, ALL[text]).detach().numpy(), expected)
    with ag.no_grad():
        assert not result(layer, ALL[text]).requires_grad


@pytest.mark.parametrize("text", [text for text in ALL if list(made(text).parameters())])
def test_every_parameter_gets_a_gradient(text):
    layer = made(text)
    inputs = [array.astype(np.float32) if array.dtype.kind == "f" else array for array in ALL[text]]
    y = result(layer, inputs)
    assert y.dtype == np.float32
    (y**2).sum().backward()
    for parameter in layer.parameters():
        assert parameter.dtype == parameter.grad.dtype == np.float32
        assert parameter.grad.shape == parameter.shape
    layer.zero_grad()
    assert all(parameter.grad is None for parameter in layer.parameters())


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("Linear(64,50)", 1 / 8),
        ("Bilinear(16,20,30)", 1 / 4),
        ("Conv1d(8,40,8)", 1 / 8),
        ("Conv2d(16,32,2)", 1 / 8),
        ("Conv2d(16,32,4,groups=4)", 1 / 8),
        ("Conv3d(2,64,2)", 1 / 4),
        ("ConvTranspose2d(30,16,2)", 1 / 8),  # PyTorch's fan_in here is that of the outputs
        ("ConvTranspose2d(32,16,4,groups=4)", 1 / 8),
    ],
)
def test_weight_and_bias_start_uniform(text, bound):
    ag.manual_seed(0)
    layer = made(text)
    weight, bias = (parameter.detach().numpy() for parameter in (layer.weight, layer.bias))
    for values in (weight, bias):
        assert np.abs(values).max() <= bound * (1 + 1e-6)
        assert values.std() == pytest.approx(bound / math.sqrt(3), rel=4 / math.sqrt(values.size))
    layer.reset_parameters()
    assert not np.array_equal(layer.weight.detach().numpy(), weight)


def test_tables_start_normal_but_for_the_padding():
    ag.manual_seed(0)
    for layer in (nn.Embedding(100, 50, padding_idx=3), nn.EmbeddingBag(100, 50, padding_idx=-97)):
        weight = layer.weight.detach().numpy()
        assert not weight[3].any()
        others = np.delete(weight, 3, axis=0)
        assert others.std() == pytest.approx(1, rel=0.04)
        assert abs(others.mean()) < 0.05


def test_norms_and_slopes_start_plain():
    for text in ("BatchNorm2d(3)", "LayerNorm(3)", "GroupNorm(1,3)", "InstanceNorm1d(3,affine=True)"):
        layer = made(text)
        layer.weight.data = ag.full((3,), 5.0)
        layer.bias.data = ag.full((3,), 5.0)
        layer.reset_parameters()
        assert layer.weight.tolist() == [1, 1, 1]
        assert layer.bias.tolist() == [0, 0, 0]
    assert nn.PReLU(2, 0.125).weight.tolist() == [0.125, 0.125]


def test_dtype_and_device_are_taken():
    for text in ("Linear(2,3", "Conv2d(1,1,3", "BatchNorm1d(3", "Embedding(2,3", "PReLU(1", "LazyLinear(3"):
        layer = made(text + ",device='cpu',dtype='float64')")
        assert {parameter.dtype for parameter in layer.parameters()} == {np.dtype("float64")}
        with pytest.raises(ValueError, match="cuda"):
            made(text + ",device='cuda')")


@pytest.mark.parametrize(
    ("text", "error", "what"),
    [
        ("Conv2d(3,4,3,groups=2)", ValueError, "divisible by groups"),
        ("Conv2d(2,4,3,groups=0)", ValueError, "divisible by groups"),
        ("Conv2d(2,4,3,padding='some')", ValueError, "'same' or 'valid'"),
        ("Conv2d(2,4,3,2,padding='same')", ValueError, "needs stride 1"),
        ("Conv2d(2,4,3,padding_mode='mirror')", ValueError, "padding_mode must be one of"),
        ("Conv2d(2,4,(3,3,3))", ValueError, "kernel_size"),
        ("Conv2d(2,4,1.5)", TypeError, "kernel_size"),
        ("ConvTranspose2d(2,4,3,padding_mode='reflect')", ValueError, 'Only "zeros"'),
        ("ConvTranspose2d(2,4,3,padding='same')", TypeError, "padding"),
        ("Bilinear(0,1,1)", ValueError, "in1_features"),
        ("GroupNorm(2,3)", ValueError, "divisible by num_groups"),
        ("Dropout2d(1.5)", ValueError, "between 0 and 1"),
        ("Hardtanh(1.0,1.0)", ValueError, "min_val below max_val"),
        ("Unflatten(1,2)", TypeError, "tuple of integers"),
        ("Embedding(3,2,padding_idx=3)", ValueError, "within num_embeddings"),
        ("ZeroPad2d((1,2,3))", ValueError, "padding"),
        ("MSELoss(reduction='median')", ValueError, "median"),
        ("KLDivLoss(reduction='median')", ValueError, "median"),
    ],
)
def test_options_out_of_range_are_refused(text, error, what):
    with pytest.raises(error, match=what):
        made(text)


@pytest.mark.parametrize(
    ("text", "shape", "what"),
    [
        ("Conv2d(3,4,3)", (1, 2, 5, 5), "Conv2d expects 3 channels, got shape (1, 2, 5, 5): the input gives 2"),
        ("ConvTranspose1d(3,4,3)", (2, 5), "ConvTranspose1d expects 3 channels, got shape (2, 5): the input gives 2"),
        ("BatchNorm2d(3)", (1, 2, 5, 5), "BatchNorm2d expects 3 channels, got shape (1, 2, 5, 5): the input gives 2"),
        ("BatchNorm2d(3)", (1, 3, 5), "BatchNorm2d expects an input of 4 axes, got shape (1, 3, 5)"),
        ("BatchNorm1d(3)", (3,), "BatchNorm1d expects an input of 2 or 3 axes, got shape (3,)"),
        ("InstanceNorm1d(3,affine=True)", (1, 2, 5), "InstanceNorm1d expects 3 channels, got shape (1, 2, 5)"),
        ("Softmax2d()", (3, 4), "Softmax2d needs an input of shape (N, C, H, W) or (C, H, W), got (3, 4)"),
    ],
)
def test_inputs_that_do_not_fit_are_named(text, shape, what):
    with pytest.raises(ValueError, match=re.escape(what)):
        made(text)(ag.zeros(shape))


def test_a_misfit_names_the_layer_before():
    model = nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU(), nn.Conv2d(8, 4, 3))
    with pytest.raises(ValueError, match="expects") as error:
        model(ag.zeros(2, 1, 8, 8))
    assert str(error.value) == ("Conv2d '2' expects 8 channels, got shape (2, 4, 6, 6): the layer before, '1', gives 4")


def test_a_transposed_convolution_may_be_told_its_size():
    layer = nn.ConvTranspose2d(1, 1, 3, stride=2, padding=1)
    y = ag.zeros(1, 1, 4, 4)
    assert layer(y).shape == (1, 1, 7, 7)
    for size in ((1, 1, 8, 7), (8, 7)):
        assert layer(y, output_size=size).shape == (1, 1, 8, 7)
    for size in ((9, 7), (6, 7), (7,)):
        with pytest.raises(ValueError, match="output_size"):
            layer(y, output_size=size)


def test_embeddings_of_known_tables():
    table = ag.tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    fixed = nn.Embedding.from_pretrained(table)
    assert not fixed.weight.requires_grad
    assert fixed(ag.tensor([2])).tolist() == [[5, 6]]
    trained = nn.Embedding.from_pretrained(table, freeze=False, padding_idx=0)
    trained(ag.tensor([0, 1])).sum().backward()
    assert trained.weight.grad.tolist() == [[0, 0], [1, 1], [0, 0]]
    bag = nn.EmbeddingBag.from_pretrained(table, mode="sum")
    assert bag(ag.tensor([[0, 1]])).tolist() == [[4, 6]]
    with pytest.raises(ValueError, match="2-dimensional"):
        nn.Embedding.from_pretrained(ag.ones(3))
    assert not nn.Embedding(3, 2, _freeze=True).weight.requires_grad


def test_dropout_is_for_training():
    ag.manual_seed(0)
    x = ag.ones(100, 100)
    layer = nn.Dropout(0.25)
    y = layer(x)
    assert y.mean().item() == pytest.approx(1, abs=0.03)
    assert set(np.unique(y.numpy())) == {np.float32(0), np.float32(1 / 0.75)}
    assert layer.eval()(x) is x
    channels = nn.Dropout2d()(ag.ones(8, 50, 3, 3)).numpy().reshape(400, 9)
    assert ((channels == 0).all(1) | (channels == 2).all(1)).all()
