"""A training step of convolutional networks: LeNet on digits, and one like VGG on CIFAR's images."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

import autograd_core as ag
import nn
import optim

from .harness import Row, Step, compare
from .peers import peer

LENET, CIFAR = 1.5, 2.0


def lenet(nn: Any) -> Sequence[Any]:
    """LeNet-5's layers, with PyTorch's names: for PyTorch and for us."""
    return [
        *(nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Flatten(), nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10)),
    ]


def vgg(nn: Any) -> Sequence[Any]:
    """Three blocks of two 3×3 convolutions, each halved by pooling, and two linear layers."""
    layers: list[Any] = []
    before = 3
    for width in (32, 64, 128):
        for _ in range(2):
            layers += [nn.Conv2d(before, width, 3, padding=1), nn.ReLU()]
            before = width
        layers.append(nn.MaxPool2d(2))
    return [*layers, nn.Flatten(), nn.Linear(128 * 16, 128), nn.ReLU(), nn.Linear(128, 10)]


def step(lib: Any, nn: Any, optim: Any, layers: Callable[[Any], Sequence[Any]], x: Any, y: Any) -> Step:
    """Forward, cross-entropy, backward, and an update with momentum."""
    rng = np.random.default_rng(0)
    model = nn.Sequential(*layers(nn))
    with lib.no_grad():
        for p in model.parameters():
            scale = np.prod(p.shape[1:]) ** -0.5 if p.ndim > 1 else 0.0
            p.copy_(lib.tensor(rng.normal(0, 1, tuple(p.shape)).astype(np.float32) * np.float32(scale)))
    loss_of, inputs, labels = nn.CrossEntropyLoss(), lib.tensor(x), lib.tensor(y)
    optimizer = optim.SGD(model.parameters(), lr=0.01, momentum=0.9)

    def run() -> Any:
        optimizer.zero_grad()
        loss = loss_of(model(inputs), labels)
        loss.backward()
        optimizer.step()
        return loss.item()

    return run


def rows() -> list[Row]:
    """Both networks against PyTorch."""
    found = peer("torch")
    rng = np.random.default_rng(0)
    table: list[Row] = []
    for what, layers, shape, target in (
        ("LeNet step, 28×28, batch 64, SGD with momentum", lenet, (64, 1, 28, 28), LENET),
        ("VGG-like step, 32×32, batch 32, SGD with momentum", vgg, (32, 3, 32, 32), CIFAR),
    ):
        x, y = rng.normal(size=shape).astype(np.float32), rng.integers(0, 10, shape[0])
        peers = (
            {} if found is None else {f"{found[1]} eager": step(found[0], found[0].nn, found[0].optim, layers, x, y)}
        )
        table += compare(what, step(ag, nn, optim, layers, x, y), peers, {"PyTorch": target}, rounds=20)
    return table
