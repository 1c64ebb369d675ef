"""The plain training loop."""

import numpy as np
import pytest

import autograd_core as ag
import nn
import optim
from nn.training import accuracy, fit


def blobs():
    """Two clouds that a line parts."""
    rng = np.random.default_rng(0)
    y = np.arange(40) % 2
    return ag.tensor(rng.normal(size=(40, 2)) + 4.0 * y[:, None], dtype=np.float32), ag.tensor(y)


def trained(epochs=12, batch_size=8, seed=0):
    ag.manual_seed(seed)
    model = nn.Sequential(nn.Linear(2, 8), nn.ReLU(), nn.Dropout(0.1), nn.Linear(8, 2))
    seen = []

    def progress(epochs):
        for epoch in epochs:
            seen.append(epoch)
            yield epoch

    optimizer = optim.Adam(model.parameters(), lr=0.05)
    history = fit(model, nn.CrossEntropyLoss(), optimizer, blobs(), blobs(), epochs, batch_size, progress)
    return model, history, seen


def test_it_learns_and_tells_how():
    model, history, seen = trained()
    assert seen == list(range(12))
    assert sorted(history) == ["training accuracy", "training loss", "validation accuracy", "validation loss"]
    assert all(len(values) == 12 for values in history.values())
    assert history["training loss"][-1] < history["training loss"][0]
    assert history["training loss"] == history["validation loss"]
    assert accuracy(model, blobs()) == history["training accuracy"][-1] > 0.95
    assert model.training


@pytest.mark.parametrize("batch_size", [1, 7, 40, 1000])
def test_any_batch_size_sees_every_sample_once_an_epoch(batch_size):
    sizes = []

    class Counting(nn.Module):
        def forward(self, x):
            if ag.is_grad_enabled():
                sizes.append(x.tolist())
            return nn.functional.linear(x, self.weight)

        def __init__(self):
            super().__init__()
            self.weight = nn.Parameter(ag.zeros(2, 2))

    model = Counting()
    x, y = blobs()
    fit(model, nn.CrossEntropyLoss(), optim.SGD(model.parameters()), (x, y), (x, y), 1, batch_size)
    rows = [row for batch in sizes for row in batch]
    assert sorted(rows) == sorted(x.tolist())
    assert rows != x.tolist()
    assert len(sizes) == -(-40 // batch_size)


def test_the_seed_decides():
    assert trained()[1] == trained()[1]
    assert trained()[1] != trained(seed=1)[1]


def test_what_is_refused():
    model, data = nn.Linear(2, 2), blobs()
    for training, epochs, batch_size in ((data, 0, 8), (data, 1, 0), ((data[0][:0], data[1][:0]), 1, 8)):
        with pytest.raises(ValueError, match="fit needs"):
            fit(model, nn.CrossEntropyLoss(), optim.SGD(model.parameters()), training, data, epochs, batch_size)
