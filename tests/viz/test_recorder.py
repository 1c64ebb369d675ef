"""What is recorded of a training, against direct computation."""

from __future__ import annotations

import math

import numpy as np
import pytest

import autograd_core as ag
import nn
import optim
import viz
from viz.snapshot import BINS, spread


def classified(count=60, features=2, classes=3, seed=0):
    ag.manual_seed(seed)
    return ag.randn(count, features), ag.randint(0, classes, (count,))


def trained(model, loss, data, epochs=3, probe=None, lr=0.05, **options):
    recorder = viz.Recorder(model, loss, probe or data, **options)
    step = optim.Adam(model.parameters(), lr=lr)
    history = nn.fit(model, loss, step, data, epochs=epochs, callbacks=[recorder], progress=False)
    return recorder, history


def mlp():
    return nn.Sequential(nn.Linear(2, 8), nn.ReLU(), nn.Linear(8, 6), nn.ReLU(inplace=True), nn.Linear(6, 3))


class Recurrent(nn.Module):
    """A recurrent network with relu, and its last output's class."""

    def __init__(self):
        super().__init__()
        self.cell = nn.RNN(2, 5, nonlinearity="relu", batch_first=True)
        self.out = nn.Linear(5, 3)

    def forward(self, x):
        return self.out(self.cell(x)[0][:, -1])


# Spread


@pytest.mark.parametrize(
    "values",
    [
        np.random.default_rng(0).normal(size=1000),
        np.random.default_rng(1).normal(size=(3, 4)).astype(np.float32),
        np.arange(BINS + 1.0),
        np.array([-3.0]),
        np.zeros((5, 5)),
        np.array([1e300, -1e300]),
        np.array([1.0, np.nextafter(1.0, 2)]),
        np.array([5e-324, 0.0]),
    ],
    ids=["normal", "float32", "edges", "one", "equal", "huge", "close", "subnormal"],
)
def test_a_spread_counts_every_element(values):
    found = spread(values)
    assert found.size == found.finite == sum(found.counts) == values.size
    assert found.low == values.min()
    assert found.high == values.max()
    assert len(found.counts) == BINS
    assert found.mean == pytest.approx(values.mean())
    with np.errstate(over="ignore"):
        assert found.norm == pytest.approx(np.linalg.norm(values.astype(float)))


def test_a_spread_is_numpys_histogram():
    values = np.random.default_rng(2).normal(size=997)
    found = spread(values)
    counts, edges = np.histogram(values, BINS)
    assert found.counts == tuple(counts)
    assert (found.low, found.high) == (edges[0], edges[-1])
    assert found.std == pytest.approx(values.std())


def test_a_spread_leaves_out_what_is_not_finite():
    found = spread([1.0, np.nan, 3.0, np.inf])
    assert (found.size, found.finite, sum(found.counts), found.low, found.high, found.mean) == (4, 2, 2, 1, 3, 2)
    assert math.isnan(found.norm)
    assert spread([np.inf]).norm == np.inf
    none = spread([])
    assert (none.size, none.finite, sum(none.counts), none.norm) == (0, 0, 0, 0.0)


# Gradients


@pytest.mark.parametrize("kind", ["mlp", "network of convolutions", "recurrent", "in training mode"])
def test_gradients_are_those_of_the_loss(kind):
    """Weights, gradients and norms of the last snapshot: those of one forward and backward pass by hand."""
    ag.manual_seed(1)
    loss = nn.CrossEntropyLoss()
    y = ag.randint(0, 3, (20,))
    if kind == "network of convolutions":
        parts = (nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.Flatten(), nn.Dropout(0.5), nn.Linear(64, 3))
        model, x = nn.Sequential(*parts), ag.randn(20, 1, 6, 6)
    elif kind == "recurrent":
        model, x = Recurrent(), ag.randn(20, 7, 2)
    else:
        model, x = mlp(), ag.randn(20, 2)
    recorder, _ = trained(model, loss, (x, y))
    last = recorder.snapshots[-1]
    model.eval()
    model.zero_grad()
    value = loss(model(x), y)
    value.backward()
    assert last.epoch == 3
    assert last.loss == pytest.approx(value.item(), rel=1e-6)
    named = dict(model.named_parameters())
    assert list(last.parameters) == list(last.gradients) == list(named)
    for path, parameter in named.items():
        weight, gradient = parameter.detach().numpy(), parameter.grad.numpy()
        assert last.parameters[path] == spread(weight)
        assert last.gradients[path].norm == pytest.approx(np.linalg.norm(gradient), rel=1e-5)
        assert last.gradients[path].counts == tuple(np.histogram(gradient.astype(float), BINS)[0])
    for path, layer in last.layers.items():
        own = [named[name].grad.numpy() for name in layer.parameters]
        assert layer.weight_gradient == pytest.approx(
            math.sqrt(sum((g.astype(float) ** 2).sum() for g in own)), rel=1e-5
        )
        assert layer.kind == type(model.get_submodule(path)).__name__


def test_gradients_of_outputs_also_before_an_operation_in_place():
    ag.manual_seed(2)
    x, y = classified()
    model, loss = mlp(), nn.CrossEntropyLoss()
    (snapshot,) = viz.Recorder(model, loss, (x, y)).snapshots
    z1 = model[0](x)
    z2 = model[2](z1.relu())
    z3 = model[4](z2.relu())
    gradients = ag.grad(loss(z3, y), [z1, z2, z3])
    for path, gradient in zip(("0", "2", "4"), gradients, strict=True):
        expected = np.linalg.norm(gradient.numpy())
        assert snapshot.layers[path].output_gradient == pytest.approx(expected, rel=1e-5)


def test_gradients_vanish_behind_sigmoids_and_not_behind_relus():
    """Lecture C9: the norm falls by about a factor of 4 and more with each sigmoid."""
    x, y = classified(features=16)
    slopes = {}
    for activation in (nn.Sigmoid, nn.ReLU):
        ag.manual_seed(3)
        layers = [part for _ in range(10) for part in (nn.Linear(16, 16), activation())]
        for layer in layers[::2]:
            nn.init.kaiming_normal_(layer.weight)
        model = nn.Sequential(*layers, nn.Linear(16, 3))
        (snapshot,) = viz.Recorder(model, nn.CrossEntropyLoss(), (x, y)).snapshots
        norms = [snapshot.layers[str(2 * i)].weight_gradient for i in range(10)]
        slopes[activation] = (norms[0] / norms[-1]) ** (1 / 9)
    assert slopes[nn.Sigmoid] < 0.5
    assert slopes[nn.ReLU] > 0.8


def test_gradients_through_time():
    """After each use of a recurrent layer's weights: the gradient of the sum before the relu."""
    ag.manual_seed(4)
    model, loss = Recurrent(), nn.CrossEntropyLoss()
    x, y = ag.randn(9, 6, 2), ag.randint(0, 3, (9,))
    (snapshot,) = viz.Recorder(model, loss, (x, y)).snapshots
    cell, sums = model.cell, []
    h = ag.zeros(9, 5)
    for step in range(6):
        z = x[:, step] @ cell.weight_ih_l0.T + h @ cell.weight_hh_l0.T + (cell.bias_ih_l0 + cell.bias_hh_l0)
        sums.append(z)
        h = z.relu()
    expected = [np.linalg.norm(g.numpy()) for g in ag.grad(loss(model.out(h), y), sums)]
    assert list(snapshot.steps) == ["cell.weight_ih_l0"]
    assert snapshot.steps["cell.weight_ih_l0"] == pytest.approx(expected, rel=1e-4)


# Dead units


def test_dead_units_are_those_that_no_sample_reaches():
    ag.manual_seed(5)
    x, y = classified()
    model = mlp()
    with ag.no_grad():
        model[0].bias[:3] = -100.0
        model[2].bias[0] = -100.0
    (snapshot,) = viz.Recorder(model, nn.CrossEntropyLoss(), (x, y)).snapshots
    with ag.no_grad():
        first = model[0](x).numpy()
        second = model[2](model[0](x).relu()).numpy()
    assert snapshot.dead == {"0": ((first <= 0).all(0).sum(), 8), "2": ((second <= 0).all(0).sum(), 6)}
    assert snapshot.dead["0"][0] >= 3


@pytest.mark.parametrize("dims", [1, 2])
def test_the_units_of_a_convolution_are_its_channels(dims):
    ag.manual_seed(6)
    kinds = {1: (nn.Conv1d, nn.BatchNorm1d), 2: (nn.Conv2d, nn.BatchNorm2d)}[dims]
    model = nn.Sequential(kinds[0](1, 6, 3), kinds[1](6), nn.ReLU6(), nn.Flatten(), nn.Linear(6 * 4**dims, 3))
    with ag.no_grad():
        model[1].bias[1:3] = -50.0
    x = ag.randn(10, 1, *[6] * dims)
    (snapshot,) = viz.Recorder(model, nn.CrossEntropyLoss(), (x, ag.randint(0, 3, (10,)))).snapshots
    assert snapshot.dead == {"0": (2, 6)}


def test_dead_units_of_functions_and_of_a_layer_used_again():
    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.one, self.two = nn.Linear(2, 4), nn.Linear(4, 4)

        def forward(self, x):
            for _ in range(3):
                x = nn.functional.relu(self.two(nn.functional.relu(self.one(x))))[..., :2]
            return x

    ag.manual_seed(7)
    model = Net()
    with ag.no_grad():
        model.one.bias[0] = -100.0
    x, y = ag.randn(8, 5, 2), ag.randn(8, 5, 2)
    (snapshot,) = viz.Recorder(model, nn.MSELoss(), (x, y)).snapshots
    alive, h = np.zeros((2, 4), bool), x
    with ag.no_grad():
        for _ in range(3):
            first = model.one(h).relu()
            second = model.two(first).relu()
            alive |= np.stack([(t.numpy() > 0).any((0, 1)) for t in (first, second)])
            h = second[..., :2]
    assert snapshot.dead == {"one": (4 - alive[0].sum(), 4), "two": (4 - alive[1].sum(), 4)}
    assert list(snapshot.steps) == ["one", "two"]


def test_parts_of_one_weight_are_no_steps():
    model = nn.TransformerEncoderLayer(4, 2, 8, batch_first=True)
    (snapshot,) = viz.Recorder(model, nn.MSELoss(), (ag.randn(3, 5, 4), ag.randn(3, 5, 4))).snapshots
    assert snapshot.steps == {}
    assert list(snapshot.dead) == ["linear1"]


# Recording


def test_a_training_is_the_same_with_and_without_a_recorder():
    def run(recorded):
        ag.manual_seed(8)
        x, y = ag.randn(40, 1, 6, 6), ag.randint(0, 3, (40,))
        parts = (nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.Flatten(), nn.Dropout(0.5), nn.Linear(64, 3))
        model, loss = nn.Sequential(*parts), nn.CrossEntropyLoss()
        model[1].eval()
        step = optim.Adam(model.parameters())
        callbacks = [viz.Recorder(model, loss, (x[:8], y[:8]))] if recorded else []
        nn.fit(model, loss, step, (x, y), epochs=13, batch_size=8, callbacks=callbacks, progress=False)
        for recorder in callbacks:
            assert recorder.snapshots[-1].epoch == 13
            assert not any(module._hooks for module in model.modules())
        return [t.numpy() for t in model.state_dict().values()], [module.training for module in model.modules()]

    (plain, modes), (recorded, others) = run(False), run(True)
    assert modes == others
    for one, other in zip(plain, recorded, strict=True):
        np.testing.assert_array_equal(one, other)


def test_gradients_that_were_there_stay():
    x, y = classified()
    model, loss = mlp(), nn.CrossEntropyLoss()
    loss(model(x), y).backward()
    before = [p.grad.numpy().copy() for p in model.parameters()]
    viz.Recorder(model, loss, (x, y))
    for parameter, gradient in zip(model.parameters(), before, strict=True):
        np.testing.assert_array_equal(parameter.grad.numpy(), gradient)


def test_a_long_training_is_thinned():
    x, y = classified(10)
    recorder, history = trained(nn.Linear(2, 3), nn.CrossEntropyLoss(), (x, y), epochs=203, most=12)
    epochs = [snapshot.epoch for snapshot in recorder.snapshots]
    assert len(epochs) == 12
    assert (epochs[0], epochs[-1]) == (0, 203)
    gaps = np.diff(epochs)
    assert gaps[:3].mean() < gaps[-3:].mean()
    assert recorder.epochs == 203
    assert recorder.history == history


def test_the_last_epoch_is_recorded_although_the_best_one_came_back():
    x, y = classified(30)
    model, loss = mlp(), nn.CrossEntropyLoss()
    recorder = viz.Recorder(model, loss, (x, y))
    step = optim.SGD(model.parameters(), lr=0.1)
    states = []
    history = nn.fit(
        model,
        loss,
        step,
        (x, y),
        (x[:5], y[:5]),
        epochs=25,
        restore_best=True,
        maximize=True,  # the first epoch is the best
        callbacks=[recorder, lambda epoch: states.append(model.state_dict())],
        progress=False,
    )
    assert history.best_epoch < 24
    best = {path: t.numpy() for path, t in model.state_dict().items()}
    last = recorder.snapshots[-1]
    assert last.epoch == 25
    for path, spread_of in last.parameters.items():
        assert spread_of == spread(states[-1][path].numpy())
        np.testing.assert_array_equal(model.state_dict()[path].numpy(), best[path])


def test_several_trainings_follow_one_another():
    x, y = classified(30)
    model, loss = mlp(), nn.CrossEntropyLoss()
    recorder = viz.Recorder(model, loss, (x, y))
    step = optim.SGD(model.parameters(), lr=0.1)
    first = nn.fit(model, loss, step, (x, y), epochs=2, callbacks=[recorder], progress=False)
    second = nn.fit(model, loss, step, (x, y), (x, y), epochs=3, callbacks=[recorder], progress=False)
    assert [snapshot.epoch for snapshot in recorder.snapshots] == [0, 1, 2, 3, 4, 5]
    assert recorder.history["training loss"] == first["training loss"] + second["training loss"]
    assert [math.isnan(v) for v in recorder.history["validation loss"]] == [True, True, False, False, False]


def test_frozen_unused_and_empty_parameters():
    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.frozen, self.unused, self.last = nn.Linear(2, 3), nn.Linear(3, 3), nn.Linear(3, 3)
            self.empty = nn.Parameter(ag.zeros(0))
            self.frozen.requires_grad_(False)

        def forward(self, x):
            return self.last(self.frozen(x).tanh())

    (snapshot,) = viz.Recorder(Net(), nn.CrossEntropyLoss(), classified()).snapshots
    assert set(snapshot.gradients) == {"last.weight", "last.bias"}
    assert snapshot.layers["frozen"].weight_gradient is None
    assert snapshot.layers["frozen"].output_gradient is None
    assert "unused" not in snapshot.layers
    assert snapshot.parameters["empty"].size == 0


def test_a_training_that_diverges_is_recorded():
    x, y = classified()
    model = nn.Linear(2, 3)
    with ag.no_grad():
        model.weight[0, 0] = math.nan
    (snapshot,) = viz.Recorder(model, nn.CrossEntropyLoss(), (x, y)).snapshots
    assert math.isnan(snapshot.loss)
    assert snapshot.parameters["weight"].finite == 5
    assert math.isnan(snapshot.layers[""].weight_gradient)


@pytest.mark.parametrize(
    ("data", "options", "message"),
    [
        ((ag.ones(3, 2),), {}, "a tuple of inputs and targets"),
        ((ag.ones(3, 2), ag.zeros(2).long()), {}, r"shapes \(3, 2\) and \(2,\)"),
        ((ag.ones(0, 2), ag.zeros(0).long()), {}, "a target for each input"),
        ((ag.ones(3, 2), ag.zeros(3).long()), {"most": 1}, "most=1"),
        ((ag.ones(3, 2), ag.zeros(3).long()), {"most": "3"}, "most='3'"),
    ],
)
def test_what_can_not_be_recorded(data, options, message):
    with pytest.raises(ValueError, match=message):
        viz.Recorder(nn.Linear(2, 2), nn.CrossEntropyLoss(), data, **options)


@pytest.mark.parametrize(("model", "loss"), [(None, nn.MSELoss()), (lambda x: x, nn.MSELoss()), (nn.ReLU(), 1)])
def test_only_modules_are_recorded(model, loss):
    with pytest.raises(TypeError, match="Recorder takes a module and a loss to call, got"):
        viz.Recorder(model, loss, (ag.ones(3, 2), ag.zeros(3).long()))


def test_the_loss_is_one_number():
    with pytest.raises(ValueError, match=r"one number, got shape \(60, 3\)"):
        viz.Recorder(nn.Linear(2, 3), lambda outputs, y: outputs, classified())


def test_feature_maps_of_a_few_layers():
    ag.manual_seed(0)
    model = nn.Sequential(*(nn.Conv2d(1, 1, 3, padding=1) for _ in range(20)), nn.Flatten(), nn.Linear(16, 3))
    recorder, _ = trained(model, nn.CrossEntropyLoss(), (ag.randn(4, 1, 4, 4), ag.tensor([0, 1, 2, 0])), epochs=2)
    maps = [f"maps {i}" for i in (0, 4, 8, 11, 15, 19)]
    assert [list(snapshot.pictures) for snapshot in recorder.snapshots] == [["filters", *maps]] * 3
