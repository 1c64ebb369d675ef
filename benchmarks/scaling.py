"""What must grow in proportion: time with the depth and the fan-in of a graph, jvp with its function."""

from __future__ import annotations

from collections.abc import Callable
from statistics import median
from typing import Any

import numpy as np

import autograd_core as ag

from .harness import Row, compare, timed

rng = np.random.default_rng(0)


def deep(depth: int) -> Callable[[], Any]:
    """A chain of products, forward and backward."""
    x, w = ag.tensor(1.0, requires_grad=True), ag.tensor(1.0000001)

    def run() -> Any:
        y = x
        for _ in range(depth):
            y = y * w
        y.backward()
        return x.grad

    return run


def wide(count: int) -> Callable[[], Any]:
    """A sum to which one leaf contributes many times, forward and backward."""
    x = ag.tensor(rng.normal(size=8), requires_grad=True)

    def run() -> Any:
        ag.stack([x * x for _ in range(count)]).sum().backward()
        return x.grad

    return run


def growth(what: str, make: Callable[[int], Callable[[], Any]], large: int, rounds: int = 7) -> Row:
    """The time per operation at a large size against that at a tenth of it."""
    small = large // 10
    long, short = make(large), make(small)
    pairs = [(timed(long, 1) / large, timed(short, 10) / small) for _ in range(rounds)]
    ours, theirs = (median(times) for times in zip(*pairs, strict=True))
    ratio = median(a / b for a, b in pairs)
    return Row(f"{what}, time per operation at {large:,}", ours, f"at {small:,}", theirs, ratio)


def network(x: Any, weights: list[Any]) -> Any:
    """A small multilayer perceptron and a sum."""
    for w in weights:
        x = ag.tanh(x @ w)
    return (x * x).sum()


def rows() -> list[Row]:
    """Growth with depth and fan-in; jvp against its function."""
    x = ag.tensor(rng.normal(size=(32, 64)))
    weights = [ag.tensor(rng.normal(size=(64, 64)) / 8) for _ in range(4)]
    change = ag.ones_like(x)

    def f(x: Any) -> Any:
        return network(x, weights)

    jvp = compare(
        "jvp of a 4-layer network, (32, 64) → 1",
        lambda: ag.jvp(f, (x,), (change,))[0],
        {"the function itself": lambda: f(x)},
    )
    return [
        growth("chain of products, forward + backward", deep, 200_000),
        growth("fan-in, forward + backward", wide, 10_000),
        *jvp,
    ]
