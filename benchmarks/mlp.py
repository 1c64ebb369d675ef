"""A training step of a small classifier: forward, cross-entropy, backward, update."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np

import autograd_core as ag
import nn
import optim

from .harness import Row, Step, compare
from .peers import peer

RATE = 0.05
Arrays = list[tuple[Any, Any]]


def data(sizes: tuple[int, ...], batch: int) -> tuple[Any, Any, Arrays]:
    """Inputs, labels, and for each layer a weight (out, in) and a bias."""
    rng = np.random.default_rng(0)
    layers = [(rng.normal(0, a**-0.5, (b, a)).astype(np.float32), np.zeros(b, np.float32)) for a, b in pairwise(sizes)]
    return rng.normal(size=(batch, sizes[0])).astype(np.float32), rng.integers(0, sizes[-1], batch), layers


def modules(lib: Any, nn: Any, optimizer: Callable[[Any], Any], x: Any, y: Any, layers: Arrays) -> Step:
    """The step written with PyTorch's names: for PyTorch and for us."""
    (w1, _), (w2, _) = layers
    model = nn.Sequential(nn.Linear(*w1.shape[::-1]), nn.ReLU(), nn.Linear(*w2.shape[::-1]))
    with lib.no_grad():
        for layer, (w, b) in zip((model[0], model[2]), layers, strict=True):
            layer.weight.copy_(lib.tensor(w))
            layer.bias.copy_(lib.tensor(b))
    loss_of, step, inputs, labels = nn.CrossEntropyLoss(), optimizer(model.parameters()), lib.tensor(x), lib.tensor(y)

    def run() -> Any:
        step.zero_grad()
        loss = loss_of(model(inputs), labels)
        loss.backward()
        step.step()
        return loss.item()

    return run


def dezero(lib: Any, x: Any, y: Any, layers: Arrays) -> Step:
    """The step in DeZero."""
    from dezero.functions import relu, softmax_cross_entropy
    from dezero.models import MLP
    from dezero.optimizers import SGD

    model = MLP([w.shape[0] for w, _ in layers], activation=relu)
    model(x)  # makes the weights
    for layer, (w, b) in zip(model.layers, layers, strict=True):
        layer.W.data, layer.b.data = w.T.copy(), b.copy()
    step = SGD(RATE).setup(model)

    def run() -> Any:
        model.cleargrads()
        loss = softmax_cross_entropy(model(x), y)
        loss.backward()
        step.update()
        return loss.data

    return run


def mygrad(mg: Any, x: Any, y: Any, layers: Arrays) -> Step:
    """The step in MyGrad."""
    from mygrad.nnet import relu, softmax_crossentropy

    parameters = [(mg.tensor(w.T.copy()), mg.tensor(b)) for w, b in layers]

    def run() -> Any:
        (w1, b1), (w2, b2) = parameters
        loss = softmax_crossentropy(mg.matmul(relu(mg.matmul(x, w1) + b1), w2) + b2, y)
        loss.backward()
        for pair in parameters:
            for p in pair:
                p.data -= np.float32(RATE) * p.grad
        return loss.data

    return run


def hips(module: Any, x: Any, y: Any, layers: Arrays) -> Step:
    """The step in HIPS autograd."""
    import autograd.numpy as anp
    from autograd.scipy.special import logsumexp

    parameters = [(w.T.copy(), b) for w, b in layers]
    rows = np.arange(len(y))

    def loss_of(parameters: Any) -> Any:
        (w1, b1), (w2, b2) = parameters
        scores = anp.maximum(x @ w1 + b1, 0) @ w2 + b2
        return anp.mean(logsumexp(scores, axis=1) - scores[rows, y])

    both = module.value_and_grad(loss_of)

    def run() -> Any:
        nonlocal parameters
        loss, gradients = both(parameters)
        rate = np.float32(RATE)
        parameters = [(w - rate * dw, b - rate * db) for (w, b), (dw, db) in zip(parameters, gradients, strict=True)]
        return loss

    return run


def rows() -> list[Row]:
    """A tiny network against all peers, a larger one against PyTorch."""
    torch = peer("torch")
    tiny, large = data((4, 16, 3), 8), data((784, 128, 10), 32)
    peers: dict[str, Step] = {}
    if torch is not None:
        lib, name = torch
        peers[f"{name} eager"] = modules(lib, lib.nn, partial(lib.optim.SGD, lr=RATE), *tiny)
    for package, make in (("dezero", dezero), ("mygrad", mygrad), ("autograd", hips)):
        found = peer(package)
        if found is not None:
            peers[found[1]] = make(found[0], *tiny)
    ours = modules(ag, nn, partial(optim.SGD, lr=RATE), *tiny)
    rows = compare("4-16-3 MLP, batch 8, SGD step", ours, peers, {"PyTorch": 0.6, "DeZero": 0.9})
    peers = {}
    if torch is not None:
        peers[f"{name} eager"] = modules(lib, lib.nn, lib.optim.Adam, *large)
    ours = modules(ag, nn, optim.Adam, *large)
    return rows + compare("784-128-10 MLP, batch 32, Adam step", ours, peers, {"PyTorch": 1.0})
