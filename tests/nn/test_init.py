"""Initial values: their ranges, their spread, and the generator they come from."""

import inspect
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd_core as ag
import nn
from nn import init

SHAPES = [(200, 300), (40, 20, 5, 5)]


def fans(shape):
    window = math.prod(shape[2:])
    return shape[1] * window, shape[0] * window


def looks_uniform(values, bound):
    """Inside the bounds, close to them, and with the standard deviation bound/√3."""
    count = values.size
    assert np.abs(values).max() <= bound * (1 + 1e-6)
    assert np.abs(values).max() > bound * (1 - 20 / count)
    assert abs(values.mean()) < 5 * bound / math.sqrt(3 * count)
    assert values.std() == pytest.approx(bound / math.sqrt(3), rel=5 / math.sqrt(count))


def looks_normal(values, std):
    count = values.size
    assert abs(values.mean()) < 5 * std / math.sqrt(count)
    assert values.std() == pytest.approx(std, rel=5 / math.sqrt(count))
    assert np.mean(np.abs(values) < std) == pytest.approx(0.6827, abs=5 / math.sqrt(count))


@pytest.mark.parametrize("shape", SHAPES)
def test_spread_follows_the_formulas(shape):
    ag.manual_seed(0)
    fan_in, fan_out = fans(shape)
    w = ag.zeros(shape)
    looks_uniform(init.xavier_uniform_(w, gain=2.0).numpy(), 2 * math.sqrt(6 / (fan_in + fan_out)))
    looks_normal(init.xavier_normal_(w).numpy(), math.sqrt(2 / (fan_in + fan_out)))
    looks_uniform(init.kaiming_uniform_(w).numpy(), math.sqrt(6 / fan_in))
    looks_uniform(init.kaiming_uniform_(w, a=0.5, mode="fan_out").numpy(), math.sqrt(6 / (1.25 * fan_out)))
    looks_normal(init.kaiming_normal_(w, nonlinearity="relu").numpy(), math.sqrt(2 / fan_in))
    looks_normal(init.kaiming_normal_(w, mode="fan_out", nonlinearity="tanh").numpy(), 5 / 3 / math.sqrt(fan_out))
    looks_normal(init.normal_(w, 0.0, 3.0).numpy(), 3)
    looks_uniform(init.uniform_(w, -4, 4).numpy(), 4)


def test_linear_starts_as_in_pytorch():
    ag.manual_seed(0)
    layer = nn.Linear(300, 200)
    looks_uniform(layer.weight.detach().numpy(), 1 / math.sqrt(300))
    looks_uniform(layer.bias.detach().numpy(), 1 / math.sqrt(300))
    before = layer.weight.tolist()
    layer.reset_parameters()
    assert layer.weight.tolist() != before


def test_the_seed_decides():
    def drawn():
        ag.manual_seed(3)
        return [p.tolist() for p in nn.Linear(3, 4).parameters()]

    assert drawn() == drawn()


@given(st.sampled_from(["zeros_", "ones_", "uniform_", "normal_"]), st.sampled_from([np.float16, np.float64]))
def test_the_tensor_itself_is_filled_unrecorded(name, dtype):
    for shape in ((), (0,), (2, 3)):
        w = nn.Parameter(ag.zeros(shape, dtype=dtype))
        assert getattr(init, name)(w) is w
        assert w.is_leaf
        assert w.requires_grad
        assert w.dtype == dtype
        assert w.shape == shape
    assert init.constant_(ag.zeros(2), 0.5).tolist() == [0.5, 0.5]


def test_gains():
    assert init.calculate_gain("relu") == math.sqrt(2)
    assert init.calculate_gain("leaky_relu", 0.5) == math.sqrt(2 / 1.25)
    assert init.calculate_gain("leaky_relu") == math.sqrt(2 / (1 + 0.01**2))
    assert init.calculate_gain("selu") == 0.75
    for name in ("linear", "conv2d", "sigmoid"):
        assert init.calculate_gain(name) == 1
    with pytest.raises(ValueError, match="Unsupported nonlinearity swish"):
        init.calculate_gain("swish")
    with pytest.raises(ValueError, match="not a valid number"):
        init.calculate_gain("leaky_relu", True)


def test_what_is_refused():
    for function in (init.xavier_uniform_, init.xavier_normal_, init.kaiming_uniform_, init.kaiming_normal_):
        with pytest.raises(ValueError, match="fewer than 2 dimensions"):
            function(ag.zeros(3))
    with pytest.raises(ValueError, match="Mode fan_all not supported"):
        init.kaiming_uniform_(ag.zeros(2, 2), mode="fan_all")
    with pytest.raises(ValueError, match="std"):
        init.normal_(ag.zeros(2), std=-1.0)
    with pytest.raises(ValueError, match=r"from=1\.0 > to=0\.0"):
        init.uniform_(ag.zeros(2), 1.0, 0.0)
    with pytest.warns(UserWarning, match="zero-element"):
        init.kaiming_normal_(ag.zeros(0, 3))


def test_layers_without_features():
    for a, b in ((0, 3), (3, 0)):
        assert nn.Linear(a, b)(ag.zeros(2, a)).shape == (2, b)
    with pytest.raises(ValueError, match="negative"):
        nn.Linear(-1, 2)


@pytest.mark.peers
def test_gains_are_pytorchs():
    torch = pytest.importorskip("torch")
    for name in ("linear", "conv1d", "conv2d", "conv3d", "sigmoid", "tanh", "relu", "leaky_relu", "selu"):
        assert init.calculate_gain(name) == torch.nn.init.calculate_gain(name)


def test_truncated_numbers_stay_inside():
    ag.manual_seed(0)
    values = init.trunc_normal_(ag.zeros(20_000, dtype="float64"), 1.0, 2.0, 0.0, 2.5).numpy()
    assert values.min() >= 0
    assert values.max() <= 2.5
    grid = np.linspace(0, 2.5, 6)
    cdf = np.array([(1 + math.erf((x - 1) / (2 * math.sqrt(2)))) / 2 for x in grid])
    share = np.diff(cdf) / (cdf[-1] - cdf[0])
    np.testing.assert_allclose(np.histogram(values, grid)[0] / values.size, share, atol=0.02)
    looks_normal(init.trunc_normal_(ag.zeros(20_000), a=-9.0, b=9.0).numpy(), 1.0)
    with pytest.warns(UserWarning, match="more than 2 std"):
        init.trunc_normal_(ag.zeros(3), 5.0)
    for options in ({"std": 0.0}, {"a": 1.0, "b": 0.0}):
        with pytest.raises(ValueError, match="positive std"):
            init.trunc_normal_(ag.zeros(3), **options)


@pytest.mark.parametrize("shape", [(3, 5), (5, 3), (4, 4), (6, 2, 3, 3), (20, 2, 3)])
def test_orthogonal_rows_or_columns(shape):
    w = init.orthogonal_(ag.zeros(shape, dtype="float64"), gain=2.0).numpy().reshape(shape[0], -1)
    gram = w @ w.T if w.shape[0] <= w.shape[1] else w.T @ w
    np.testing.assert_allclose(gram, 4 * np.eye(len(gram)), atol=1e-12)
    with pytest.raises(ValueError, match="2 or more dimensions"):
        init.orthogonal_(ag.zeros(3))
    assert init.orthogonal_(ag.zeros(0, 3)).shape == (0, 3)


def test_identity_of_layers():
    layer = nn.Linear(3, 3, bias=False)
    init.eye_(layer.weight)
    x = ag.tensor([[1.0, 2.0, 3.0]])
    assert layer(x).tolist() == x.tolist()
    for conv, size in ((nn.Conv1d, (5,)), (nn.Conv2d, (5, 5)), (nn.Conv3d, (3, 3, 3))):
        layer = conv(4, 4, 3, padding=1, bias=False, groups=2)
        init.dirac_(layer.weight, groups=2)
        x = ag.randn(1, 4, *size)
        np.testing.assert_allclose(layer(x).detach().numpy(), x.numpy(), rtol=1e-6)
    with pytest.raises(ValueError, match="2 dimensions"):
        init.eye_(ag.zeros(3))
    with pytest.raises(ValueError, match="3, 4, or 5"):
        init.dirac_(ag.zeros(3, 3))
    with pytest.raises(ValueError, match="divisible by groups"):
        init.dirac_(ag.zeros(3, 3, 3), groups=2)


def test_sparse_columns():
    w = init.sparse_(ag.zeros(50, 200), 0.25, std=0.5).numpy()
    assert ((w == 0).sum(0) == 13).all()
    looks_normal(w[w != 0], 0.5)
    with pytest.raises(ValueError, match="2 dimensions"):
        init.sparse_(ag.zeros(3), 0.1)


def test_a_generator_of_ones_own():
    for function in (init.uniform_, init.normal_, init.trunc_normal_):
        a, b = (function(ag.zeros(3), generator=np.random.default_rng(5)).tolist() for _ in range(2))
        assert a == b
    for function in (init.xavier_uniform_, init.xavier_normal_, init.kaiming_uniform_, init.kaiming_normal_):
        a, b = (function(ag.zeros(3, 2), generator=np.random.default_rng(5)).tolist() for _ in range(2))
        assert a == b
    a, b = (init.orthogonal_(ag.zeros(3, 2), generator=np.random.default_rng(5)).tolist() for _ in range(2))
    assert a == b
    a, b = (init.sparse_(ag.zeros(3, 2), 0.5, generator=np.random.default_rng(5)).tolist() for _ in range(2))
    assert a == b


@pytest.mark.peers
def test_names_arguments_and_plain_values_are_pytorchs():
    torch = pytest.importorskip("torch")
    theirs = {name for name in dir(torch.nn.init) if name.endswith("_") and not name.startswith("_")}
    assert theirs <= set(init.__all__)
    for name in sorted(theirs):
        assert list(inspect.signature(getattr(init, name)).parameters) == list(
            inspect.signature(getattr(torch.nn.init, name)).parameters
        )
    for shape, groups in (((4, 2, 3), 1), ((4, 2, 2, 4), 2), ((6, 3, 1, 2, 3), 3)):
        ours, other = init.dirac_(ag.zeros(shape), groups), torch.nn.init.dirac_(torch.zeros(shape), groups)
        assert ours.tolist() == other.tolist()
    assert init._calculate_fan_in_and_fan_out(ag.zeros(4, 3, 2)) == (6, 8)
