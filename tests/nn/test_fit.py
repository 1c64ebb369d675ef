"""nn.fit: the steps are those of a loop by hand; history, stopping, restoring, Ctrl-C, progress."""

import builtins
import math

import numpy as np
import pytest

import autograd_core as ag
import nn
import optim
from nn.data import DataLoader, TensorDataset


def blobs(count=40):
    """Two clouds that a line parts."""
    rng = np.random.default_rng(0)
    y = np.arange(count) % 2
    return ag.tensor(rng.normal(size=(count, 2)) + 4.0 * y[:, None], dtype=np.float32), ag.tensor(y)


def model_of(seed=0):
    ag.manual_seed(seed)
    return nn.Sequential(nn.Linear(2, 8), nn.ReLU(), nn.Linear(8, 2))


def trained(model=None, epochs=6, lr=0.05, make=optim.Adam, **options):
    model = model or model_of()
    options = {"validation": blobs(), "metrics": {"accuracy": nn.accuracy}, "progress": False, **options}
    return model, nn.fit(
        model, nn.CrossEntropyLoss(), make(model.parameters(), lr=lr), blobs(), epochs=epochs, **options
    )


class Planned(nn.Module):
    """Its loss goes through planned values on held-out data, whatever is learned."""

    def __init__(self, values):
        super().__init__()
        self.weight = nn.Parameter(ag.zeros(1))
        self.register_buffer("steps", ag.tensor(0))
        self.values = values

    def forward(self, x):
        if self.training:
            self.steps = self.steps + 1
            return x * 0 + self.weight
        return x * 0 + self.values[int(self.steps) - 1]


def planned(values, epochs=None, **options):
    model, data = Planned(values), (ag.ones(2, 1), ag.zeros(2, 1))
    step = optim.SGD(model.parameters(), lr=0.1)
    loss = lambda outputs, targets: (outputs - targets).mean()  # noqa: E731
    return model, nn.fit(model, loss, step, data, data, epochs or len(values), progress=False, **options)


def test_it_learns_and_tells_how():
    model, history = trained(epochs=12)
    assert list(history) == ["training loss", "training accuracy", "validation loss", "validation accuracy"]
    assert all(len(values) == 12 for values in history.values())
    assert history["training loss"][-1] < history["training loss"][0]
    assert history["validation accuracy"][-1] > 0.95
    assert (history.stopped, history.best_epoch) == (None, int(np.argmin(history["validation loss"])))
    assert model.training
    assert all(parameter.grad is None for parameter in model.parameters())


@pytest.mark.parametrize("batch_size", [1, 7, 40, 1000])
def test_it_is_the_loop_by_hand(batch_size):
    x, y = blobs()
    model = model_of()
    step, loss = optim.SGD(model.parameters(), lr=0.1, momentum=0.9), nn.CrossEntropyLoss()
    ag.manual_seed(5)
    expected = []
    for _ in range(3):
        total = 0.0
        order = ag.random.generator().permutation(len(x))
        for start in range(0, len(x), batch_size):
            chosen = order[start : start + batch_size]
            step.zero_grad()
            value = loss(model(x[chosen]), y[chosen])
            value.backward()
            step.step()
            total += float(value.detach()) * len(chosen)
        expected.append(total / len(x))
    other = model_of()
    ag.manual_seed(5)
    step = optim.SGD(other.parameters(), lr=0.1, momentum=0.9)
    history = nn.fit(other, loss, step, (x, y), None, 3, batch_size, progress=False)
    assert history == {"training loss": expected}
    for a, b in zip(model.parameters(), other.parameters(), strict=True):
        assert a.tolist() == b.tolist()


def test_batches_of_a_loader_or_list():
    x, y = blobs()
    loader = DataLoader(TensorDataset(x, y), batch_size=8)
    batches = [(x[i : i + 8].numpy(), y[i : i + 8].numpy()) for i in range(0, 40, 8)]
    histories = []
    for data in (loader, batches):
        model = model_of()
        step = optim.Adam(model.parameters(), lr=0.01)
        histories.append(nn.fit(model, nn.CrossEntropyLoss(), step, data, data, 3, progress=False))
    assert histories[0] == histories[1]


def test_metrics_are_of_all_samples_together():
    """Not the mean over batches of different sizes."""
    seen = []

    def spread(outputs, targets):
        seen.append((outputs.shape, targets.shape))
        return targets.double().max() - targets.double().min()

    _, history = trained(epochs=2, batch_size=16, metrics={"spread": spread})
    assert seen == [((40, 2), (40,))] * 4
    assert history["validation spread"] == [1.0, 1.0]


def test_training_and_evaluation_modes():
    modes = []

    class Watching(nn.Linear):
        def forward(self, x):
            modes.append((self.training, ag.is_grad_enabled()))
            return super().forward(x)

    model = Watching(2, 2).eval()
    trained(model, epochs=2, batch_size=40)
    assert modes == [(True, True), (False, False)] * 2
    assert not model.training


def test_stopping_and_restoring():
    values = [3.0, 2.0, 2.5, 1.0, 1.0, 4.0, 0.0]
    model, history = planned(values, patience=2)
    assert (history.stopped, history.best_epoch) == ("patience", 3)
    assert history["validation loss"] == values[:6]
    assert model.steps == 6
    model, history = planned(values, patience=2, restore_best=True)
    assert model.steps == 4
    assert model.weight.item() == pytest.approx(-0.4)
    model, history = planned(values, patience=1)
    assert len(history["validation loss"]) == 3
    _, history = planned(values, monitor="training loss", patience=3)
    assert history.stopped is None
    model, history = planned(values, maximize=True, monitor="validation loss", restore_best=True)
    assert (model.steps, history.best_epoch) == (6, 5)
    _, history = planned([math.nan, 2.0, math.nan, 3.0])
    assert history.best_epoch == 1
    with pytest.raises(KeyError, match="no 'loss' to monitor, only training loss, validation loss"):
        planned(values, monitor="loss")


def test_callbacks_are_told_and_can_stop():
    told = []

    def callback(epoch):
        told.append((epoch.number, len(epoch.history["training loss"]), epoch.optimizer.param_groups[0]["lr"]))
        epoch.optimizer.param_groups[0]["lr"] /= 2
        return epoch.number == 2

    model, history = trained(lr=1.0, callbacks=[callback, lambda epoch: told.append(epoch.model)])
    assert told == [(0, 1, 1.0), model, (1, 2, 0.5), model, (2, 3, 0.25), model]
    assert history.stopped == "callback"


def test_schedules_step_by_a_callback():
    x, y = blobs()
    model = model_of()
    step = optim.SGD(model.parameters(), lr=1.0)
    halve = optim.lr_scheduler.ExponentialLR(step, 0.5)
    wait = optim.lr_scheduler.ReduceLROnPlateau(step, factor=0.1, patience=0, threshold=0.9)
    rates = []
    callbacks = [
        lambda epoch: halve.step(),
        lambda epoch: wait.step(epoch.history["training loss"][-1]),
        lambda epoch: rates.append(step.param_groups[0]["lr"]),
    ]
    nn.fit(model, nn.CrossEntropyLoss(), step, (x, y), epochs=3, callbacks=callbacks, progress=False)
    assert rates == pytest.approx([0.5, 0.025, 0.00125])


def test_an_optimizer_that_calls_the_loss_several_times():
    _, history = trained(make=optim.LBFGS, lr=1.0, epochs=3, batch_size=40)
    assert history["training accuracy"][-1] > 0.95


@pytest.mark.parametrize("at", ["step", "evaluation", "callback"])
def test_ctrl_c_leaves_a_model_that_can_be_used(at):
    """Wherever it comes: whole epochs in the history, the mode as before, the best state if that is wanted."""
    calls = {"step": 0, "evaluation": 0, "callback": 0}

    def count(what):
        calls[what] += 1
        if what == at and calls[what] == 3:
            raise KeyboardInterrupt

    class Model(nn.Linear):
        def forward(self, x):
            count("step" if self.training else "evaluation")
            return super().forward(x)

    for restore in (False, True):
        calls.update(step=0, evaluation=0, callback=0)
        states = []

        def callback(epoch, states=states):
            states.append(epoch.model.state_dict())
            count("callback")

        model = Model(2, 2)
        _, history = trained(model, epochs=9, batch_size=40, callbacks=[callback], restore_best=restore)
        assert history.stopped == "interrupted"
        assert {len(values) for values in history.values()} == {3 if at == "callback" else 2}
        assert model.training
        assert model.weight.grad is None
        if restore:
            assert model.weight.tolist() == states[history.best_epoch]["weight"].tolist()
        model(blobs()[0]).sum().backward()


def test_ctrl_c_before_anything(capsys):
    def interrupted(outputs, targets):
        raise KeyboardInterrupt

    model = model_of()
    before = model[0].weight.tolist()
    history = nn.fit(model, interrupted, optim.SGD(model.parameters()), blobs(), epochs=2, restore_best=True)
    assert (dict(history), history.best_epoch, history.stopped) == ({}, None, "interrupted")
    assert model[0].weight.tolist() == before


def test_other_errors_come_through():
    model = model_of().eval()
    with pytest.raises(ValueError, match="expects 2 features"):
        nn.fit(
            model, nn.CrossEntropyLoss(), optim.SGD(model.parameters()), (ag.ones(4, 3), ag.zeros(4)), progress=False
        )
    assert not model.training


def test_what_is_wrong_is_said():
    x, y = blobs()
    model = model_of()
    step, loss = optim.SGD(model.parameters(), lr=0.1), nn.CrossEntropyLoss()
    for data, said in (
        ((x, y[:5]), r"target for each input, got shapes \(40, 2\) and \(5,\)"),
        ((x, y, y), "tuple of inputs and targets, got 3 parts"),
        ((x[:0], y[:0]), "needs samples"),
        ([], "needs samples"),
        ([x], "pairs of inputs and targets, got a Tensor"),
        ((1.0, 2), "target for each input"),
    ):
        with pytest.raises(ValueError, match=said):
            nn.fit(model, loss, step, data, progress=False)
    for option in ({"epochs": 0}, {"batch_size": 0}, {"patience": 0}):
        with pytest.raises(ValueError, match=f"positive number as {next(iter(option))}"):
            nn.fit(model, loss, step, (x, y), **option)


def test_the_bar(capsys):
    pytest.importorskip("tqdm")
    trained(epochs=2, batch_size=10, progress=True)
    said = capsys.readouterr()
    assert "epoch 2/2" in said.err
    assert "8/8" in said.err
    assert "validation accuracy=" in said.err
    assert not said.out
    x, y = blobs()
    model = model_of()
    endless = type("Endless", (), {"__iter__": lambda self: iter([(x, y)])})()
    nn.fit(model, nn.CrossEntropyLoss(), optim.SGD(model.parameters()), endless)
    assert "1batch" in capsys.readouterr().err


def test_lines_where_tqdm_is_missing(capsys, monkeypatch):
    real = builtins.__import__

    def without(name, *args, **kwargs):
        if name == "tqdm":
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    _, history = trained(epochs=2, progress=True)
    lines = capsys.readouterr().err.splitlines()
    assert lines[1].startswith(f"epoch 2/2: training loss {history['training loss'][1]:.4g}, training accuracy ")
    assert len(lines) == 2


def test_accuracy():
    assert nn.accuracy(ag.tensor([[1.0, 2.0, 0.0], [5.0, 1.0, 1.0], [0.0, 0.0, 1.0]]), ag.tensor([1, 0, 1])) == 2 / 3
    assert nn.accuracy(ag.tensor([-1.0, 2.0, 3.0]), ag.tensor([0, 1, 0])) == 2 / 3
    assert nn.accuracy(np.array([[-1.0], [2.0]]), np.array([[0.0], [1.0]])) == 1.0
    assert nn.accuracy(np.array([[-1.0], [2.0]]), [0, 0]) == 0.5
    assert nn.accuracy(ag.ones(2, 3, 4, 5), ag.zeros(2, 4, 5)) == 1.0
    right = ag.tensor([1] * 1 + [-1] * 90 + [1] * 1 + [-1] * 8)  # true and false positives, negatives of the lecture
    assert nn.accuracy(right, ag.tensor([1] * 1 + [0] * 90 + [0] * 1 + [1] * 8)) == 0.91
    with pytest.raises(ValueError, match="a score for each target"):
        nn.accuracy(ag.ones(3, 2), ag.zeros(2))
