"""A step of an optimiser alone: one large parameter, where memory counts, and many small ones, where overhead does."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

import numpy as np

import autograd_core as ag
import optim

from .harness import Row, Step, compare
from .peers import peer

LARGE, SMALL = [(1000, 1000)], [(64,), (16, 4)] * 16


def step(lib: Any, optimizers: Any, name: str, shapes: list[tuple[int, ...]], **settings: Any) -> Step:
    """Steps with the same gradients again and again."""
    rng = np.random.default_rng(0)
    parameters = [lib.tensor(rng.normal(size=shape).astype(np.float32), requires_grad=True) for shape in shapes]
    for parameter in parameters:
        parameter.grad = lib.tensor(rng.normal(size=parameter.shape).astype(np.float32))
    optimizer = getattr(optimizers, name)(parameters, **settings)

    def run() -> Any:
        optimizer.step()
        return parameters[0].detach().ravel()[0].item()

    return run


def rows() -> list[Row]:
    """Steps of the most used optimisers against PyTorch's."""
    found = peer("torch")
    table: list[Row] = []
    fast = find_spec("numba") is not None
    for name, settings, what, shapes, target in (
        ("Adam", {}, "1 M parameters", LARGE, 1.0 if fast else 1.5),
        ("Adam", {}, "32 tensors of 64", SMALL, 1.0),
        ("SGD", {"momentum": 0.9}, "1 M parameters", LARGE, None),
        ("SGD", {"momentum": 0.9}, "32 tensors of 64", SMALL, 1.0),
    ):
        ours = step(ag, optim, name, shapes, **settings)
        peers, targets = {}, {} if target is None else {"PyTorch": target}
        if found is not None:
            peers[f"{found[1]} eager"] = step(found[0], found[0].optim, name, shapes, **settings)
        table += compare(f"{name} step, {what}", ours, peers, targets)
    return table
