"""An LSTM over a sequence, forward and backward: cell by cell, and as one layer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import autograd_core as ag
import nn

from .harness import Row, Step, compare
from .peers import peer

STEPS, BATCH, HIDDEN = 50, 32, 64


def weights() -> dict[str, Any]:
    """Weights and biases by the names of a cell's parameters."""
    rng = np.random.default_rng(0)
    shapes = {"weight_ih": (4 * HIDDEN, HIDDEN), "weight_hh": (4 * HIDDEN, HIDDEN)}
    shapes |= {"bias_ih": (4 * HIDDEN,), "bias_hh": (4 * HIDDEN,)}
    return {name: rng.uniform(-0.125, 0.125, shape).astype(np.float32) for name, shape in shapes.items()}


def filled(lib: Any, module: Any, suffix: str = "") -> Any:
    """The module with these weights."""
    with lib.no_grad():
        for name, array in weights().items():
            getattr(module, name + suffix).copy_(lib.tensor(array))
    return module


def by_cells(lib: Any, nn: Any, x: Any) -> Step:
    """A cell called once for each step, in a loop of one's own."""
    cell, inputs = filled(lib, nn.LSTMCell(HIDDEN, HIDDEN)), lib.tensor(x)

    def run() -> Any:
        cell.zero_grad()
        h, c = lib.zeros(BATCH, HIDDEN), lib.zeros(BATCH, HIDDEN)
        for t in range(STEPS):
            h, c = cell(inputs[t], (h, c))
        loss = (h * h).sum()
        loss.backward()
        return loss.item()

    return run


def by_layer(lib: Any, nn: Any, x: Any) -> Step:
    """The whole sequence in one call."""
    layer, inputs = filled(lib, nn.LSTM(HIDDEN, HIDDEN), "_l0"), lib.tensor(x)

    def run() -> Any:
        layer.zero_grad()
        output, _ = layer(inputs)
        loss = (output[-1] * output[-1]).sum()
        loss.backward()
        return loss.item()

    return run


def rows() -> list[Row]:
    """Each way against the same one in PyTorch."""
    found = peer("torch")
    x = np.random.default_rng(1).normal(size=(STEPS, BATCH, HIDDEN)).astype(np.float32)
    table: list[Row] = []
    ways: dict[str, Callable[..., Step]] = {"cell by cell": by_cells, "one layer": by_layer}
    for what, way in ways.items():
        peers: dict[str, Step] = {}
        if found is not None:
            torch, name = found
            peers = {f"{name} eager, {what}": way(torch, torch.nn, x)}
        target = {"PyTorch": 1.0} if way is by_cells else None
        table += compare(f"LSTM of {STEPS} cells {what}, hidden {HIDDEN}, batch {BATCH}", way(ag, nn, x), peers, target)
    return table
