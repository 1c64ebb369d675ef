"""Recurrent cells and networks: formulas, PyTorch's numbers for every option, what is refused."""

import numpy as np
import pytest
import twins

import autograd_core as ag
import nn
import optim
from autograd_core.testing import check_grads

RNG = np.random.default_rng(0)
CELLS = ("RNNCell", "LSTMCell", "GRUCell")


def numbers(*shape):
    return RNG.standard_normal(shape)


def sigma(x):
    return 1 / (1 + np.exp(-x))


def halves(cell, x, h):
    """W x + b and U h + d."""
    w, u, b, d = (getattr(cell, name).detach().numpy() for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"))
    return x @ w.T + b, h @ u.T + d


# Cells


def test_rnn_cell_is_its_formula():
    x, h = numbers(2, 3), numbers(2, 4)
    for nonlinearity, function in (("tanh", np.tanh), ("relu", lambda z: np.maximum(z, 0))):
        cell = nn.RNNCell(3, 4, nonlinearity=nonlinearity).double()
        np.testing.assert_allclose(cell(x, h).detach().numpy(), function(sum(halves(cell, x, h))), rtol=1e-12)


def test_lstm_cell_is_its_formula():
    cell, x, h, c = nn.LSTMCell(3, 4).double(), numbers(2, 3), numbers(2, 4), numbers(2, 4)
    i, f, g, o = np.split(sum(halves(cell, x, h)), 4, axis=-1)
    memory = sigma(f) * c + sigma(i) * np.tanh(g)
    found = cell(x, (h, c))
    np.testing.assert_allclose(found[1].detach().numpy(), memory, rtol=1e-12)
    np.testing.assert_allclose(found[0].detach().numpy(), sigma(o) * np.tanh(memory), rtol=1e-12)


def test_gru_cell_is_its_formula():
    cell, x, h = nn.GRUCell(3, 4).double(), numbers(2, 3), numbers(2, 4)
    (a_r, a_z, a_n), (b_r, b_z, b_n) = (np.split(half, 3, axis=-1) for half in halves(cell, x, h))
    z = sigma(a_z + b_z)
    n = np.tanh(a_n + sigma(a_r + b_r) * b_n)
    np.testing.assert_allclose(cell(x, h).detach().numpy(), (1 - z) * n + z * h, rtol=1e-12)


@pytest.mark.peers
@pytest.mark.parametrize("name", CELLS)
@pytest.mark.parametrize("batch", [(), (2,)])
@pytest.mark.parametrize("bias", [True, False])
def test_cells_as_in_pytorch(name, batch, bias):
    def make(lib, nn):
        return getattr(nn, name)(3, 4, bias)

    states = [numbers(*batch, 4) for _ in range(2 if name == "LSTMCell" else 1)]
    twins.same(make, numbers(*batch, 3))
    twins.same(make, numbers(*batch, 3), *states, call=lambda m, x, *s: m(x, s if len(s) == 2 else s[0]))


@pytest.mark.parametrize("name", CELLS)
def test_cells_can_be_differentiated_again(name):
    cell = getattr(nn, name)(2, 3).double()
    states = [ag.tensor(numbers(2, 3)) for _ in range(2 if name == "LSTMCell" else 1)]
    given = [p.detach() for p in cell.parameters()]

    def step(x, w, u, b, d, *states):
        functions = nn.functional.cells
        if name == "LSTMCell":
            return functions.lstm_cell(x, *states, w, u, b + d)
        if name == "GRUCell":
            return functions.gru_cell(x, *states, w, u, b, d)
        return functions.rnn_cell(x, *states, w, u, b + d, "tanh")

    check_grads(step, (ag.tensor(numbers(2, 2)), *given, *states))


@pytest.mark.parametrize("name", CELLS)
def test_weights_start_uniform(name):
    ag.manual_seed(0)
    for parameter in getattr(nn, name)(30, 25).parameters():
        assert 0.18 < float(parameter.abs().max()) <= 0.2


@pytest.mark.parametrize(
    ("call", "what"),
    [
        (lambda: nn.LSTMCell(3, 4)(ag.ones(2, 5)), r"LSTMCell expects an input \(3,\) or \(batch, 3\), got \(2, 5\)"),
        (lambda: nn.GRUCell(3, 4)(ag.ones(1, 2, 3)), r"got \(1, 2, 3\)"),
        (lambda: nn.RNNCell(3, 4)(ag.ones(2, 3), ag.ones(4)), r"1 hidden state\(s\) of shape \(2, 4\)"),
        (lambda: nn.LSTMCell(3, 4)(ag.ones(2, 3), (ag.ones(2, 4),)), r"2 hidden state\(s\)"),
        (lambda: nn.RNNCell(3, 4, nonlinearity="sine"), "Unknown nonlinearity: sine"),
    ],
)
def test_what_cells_refuse(call, what):
    with pytest.raises(ValueError, match=what):
        call()


# Networks


@pytest.mark.parametrize(("name", "cell_name"), [("RNN", "RNNCell"), ("LSTM", "LSTMCell"), ("GRU", "GRUCell")])
def test_a_network_repeats_its_cell(name, cell_name):
    network, cell = getattr(nn, name)(3, 4).double(), getattr(nn, cell_name)(3, 4).double()
    cell.load_state_dict({key.removesuffix("_l0"): value for key, value in network.state_dict().items()})
    x, state, outputs = ag.tensor(numbers(5, 2, 3)), None, []
    for step in x:
        state = cell(step, state)
        outputs.append(state[0] if name == "LSTM" else state)
    output, last = network(x)
    assert output.tolist() == ag.stack(outputs).tolist()
    for a, b in zip(last if name == "LSTM" else [last], state if name == "LSTM" else [state], strict=True):
        assert a[0].tolist() == b.tolist()


OPTIONS = [
    {},
    {"num_layers": 2, "bias": False},
    {"bidirectional": True},
    {"num_layers": 2, "bidirectional": True, "batch_first": True},
    {"batch_first": True},
]


@pytest.mark.peers
@pytest.mark.parametrize(
    ("name", "options"),
    [(name, options) for name in ("RNN", "LSTM", "GRU") for options in OPTIONS]
    + [
        ("RNN", {"nonlinearity": "relu"}),
        ("LSTM", {"proj_size": 2}),
        ("LSTM", {"proj_size": 2, "num_layers": 2, "bidirectional": True}),
        ("GRU", {"num_layers": 2, "dropout": 0.0}),
    ],
)
@pytest.mark.parametrize("batch", [(), (2,)])
def test_networks_as_in_pytorch(name, options, batch):
    def make(lib, nn):
        return getattr(nn, name)(3, 4, **options)

    places = options.get("num_layers", 1) * (1 + options.get("bidirectional", False))
    sizes = [options.get("proj_size", 4), 4] if name == "LSTM" else [4]
    states = [numbers(places, *batch, size) for size in sizes]
    x = numbers(*batch, 17, 3) if options.get("batch_first") else numbers(17, *batch, 3)
    twins.same(make, x)
    twins.same(make, x, *states, call=lambda m, x, *s: m(x, s if len(s) == 2 else s[0]))


@pytest.mark.peers
def test_training_an_lstm_follows_pytorch():
    x, target, found = numbers(4, 6, 3), numbers(4, 2), []

    def make(lib, nn):
        return nn.ModuleList([nn.LSTM(3, 8, num_layers=2, batch_first=True), nn.Linear(8, 2)])

    for lib, nn_, optim_, model in zip(
        (ag, twins.torch()), (nn, twins.torch().nn), (optim, twins.torch().optim), twins.twins(make), strict=True
    ):
        step, losses = optim_.Adam(model.parameters(), lr=0.02), []
        for _ in range(25):
            step.zero_grad()
            output, _ = model[0](lib.tensor(x))
            loss = nn_.MSELoss()(model[1](output[:, -1]), lib.tensor(target))
            loss.backward()
            step.step()
            losses.append(loss.item())
        found.append(losses)
    np.testing.assert_allclose(*found, rtol=1e-5)
    assert found[0][-1] < 0.8 * found[0][0]


def test_dropout_is_between_layers_and_in_training_only():
    ag.manual_seed(0)
    network, x = nn.LSTM(3, 4, num_layers=2, dropout=0.5), ag.ones(6, 2, 3)
    assert network(x)[0].tolist() != network(x)[0].tolist()
    network.eval()
    assert network(x)[0].tolist() == network(x)[0].tolist()
    with pytest.warns(UserWarning, match="num_layers greater than 1"):
        single = nn.LSTM(3, 4, dropout=0.5)
    assert single(x)[0].tolist() == single(x)[0].tolist()


def test_networks_start_uniform():
    ag.manual_seed(0)
    for parameter in nn.LSTM(30, 25, num_layers=2).parameters():
        assert 0.18 < float(parameter.abs().max()) <= 0.2


@pytest.mark.parametrize(
    ("call", "what"),
    [
        (lambda: nn.LSTM(3, 4)(ag.ones(5, 2, 7)), r"\(sequence, batch, 3\).*got \(5, 2, 7\)"),
        (lambda: nn.GRU(3, 4, batch_first=True)(ag.ones(3)), r"\(batch, sequence, 3\)"),
        (lambda: nn.RNN(3, 4)(ag.ones(0, 2, 3)), "at least one step"),
        (lambda: nn.GRU(3, 4)(ag.ones(5, 2, 3), ag.ones(1, 3, 4)), r"\(1, 2, 4\)"),
        (lambda: nn.LSTM(3, 4)(ag.ones(5, 3), (ag.ones(1, 4),)), r"\(1, 4\), \(1, 4\)"),
        (lambda: nn.RNN(3, 4, nonlinearity="sine"), "Unknown nonlinearity 'sine'"),
        (lambda: nn.LSTM(3, 4, dropout=2), "dropout should be a number"),
        (lambda: nn.LSTM(3, 4, proj_size=4), "proj_size"),
        (lambda: nn.LSTM(3, 0), "hidden_size must be greater"),
        (lambda: nn.LSTM(3, 4, 0), "num_layers must be greater"),
    ],
)
def test_what_networks_refuse(call, what):
    with pytest.raises(ValueError, match=what):
        call()
