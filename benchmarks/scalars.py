"""Scalar values only: a 2-16-16-1 network learns two moons, as in micrograd's demo, with 0-d tensors."""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np

import autograd_core as ag

from .harness import Row, compare
from .peers import peer

Scalar = Callable[[Any], Any]


def moons(count: int = 100, noise: float = 0.1, seed: int = 1) -> tuple[Any, Any]:
    """Two half circles that reach into each other: points (count, 2), and labels −1 and 1."""
    rng = np.random.default_rng(seed)
    angle = np.linspace(0, np.pi, count // 2)
    upper = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    points = np.concatenate([upper, [1.0, 0.5] - upper]) + rng.normal(0, noise, (count, 2))
    return points, np.repeat([-1.0, 1.0], count // 2)


class Network:
    """A fully connected network written with single numbers: relu in between, linear at the end.

    Args:
        parameter: makes a trainable scalar of a number.
        sizes: the number of units per layer, inputs first.
    """

    def __init__(self, parameter: Scalar, sizes: tuple[int, ...]) -> None:
        draw = random.Random(0).uniform
        self.layers = [
            [([parameter(draw(-1, 1)) for _ in range(before)], parameter(0.0)) for _ in range(after)]
            for before, after in pairwise(sizes)
        ]

    def parameters(self) -> list[Any]:
        return [p for layer in self.layers for weights, bias in layer for p in (*weights, bias)]

    def __call__(self, values: list[Any]) -> Any:
        for depth, layer in enumerate(self.layers, start=1):
            values = [sum((w * v for w, v in zip(weights, values, strict=True)), bias) for weights, bias in layer]
            if depth < len(self.layers):
                values = [v.relu() for v in values]
        return values[0]


def step(
    parameter: Scalar, constant: Scalar, update: Callable[[Any, float], None], data: tuple[Any, Any]
) -> Callable[[], Any]:
    """A training step over all points: margin loss with weight decay, backward, gradient descent."""
    network = Network(parameter, (2, 16, 16, 1))
    points, labels = data

    def run() -> Any:
        scores = [network([constant(x) for x in point]) for point in points]
        losses = [(1 + -label * score).relu() for label, score in zip(labels, scores, strict=True)]
        decay = 1e-4 * sum(p * p for p in network.parameters())
        loss = sum(losses) * (1.0 / len(losses)) + decay
        loss.backward()
        for p in network.parameters():
            update(p, 0.1)
        return loss

    return run


def update_tensor(p: ag.Tensor, rate: float) -> None:
    p.data = p.data - rate * p.grad
    p.grad = None


def update_value(p: Any, rate: float) -> None:
    p.data -= rate * p.grad
    p.grad = 0


def rows() -> list[Row]:
    """Our 0-d tensors against micrograd's Value, on NumPy's numbers as in its demo and on Python's."""
    micrograd = peer("micrograd.engine")
    points, labels = moons()
    found: list[Row] = []
    for kind, data in (("NumPy", (points, labels)), ("Python", (points.tolist(), labels.tolist()))):
        ours = step(
            lambda x: ag.tensor(x, dtype=np.float64, requires_grad=True),
            lambda x: ag.tensor(x, dtype=np.float64),
            update_tensor,
            data,
        )
        peers = {}
        if micrograd is not None:
            value = micrograd[0].Value
            theirs = step(value, value, update_value, data)
            peers[micrograd[1]] = lambda theirs=theirs: theirs().data
        what = f"micrograd's demo: 2-16-16-1 on 100 moons, scalar values from {kind} floats, training step"
        found += compare(what, ours, peers, {"micrograd": 1.0}, rounds=7, sample=0.1)
    return found
