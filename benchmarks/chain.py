"""A thousand elementwise operations in a row, on so few numbers that only the overhead counts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import autograd_core as ag

from .harness import Row, compare
from .peers import peer

LENGTH = 1000
rng = np.random.default_rng(0)
X, W, C = (rng.uniform(0.5, 1.0, 8).astype(np.float32) for _ in range(3))


def mixed(lib: Any, x: Any, w: Any, c: Any) -> Any:
    """Products, sums, tanh and products with a number, in turn."""
    for _ in range(LENGTH // 4):
        x = lib.tanh(x * w + c) * 1.5
    return x.sum()


def multiply_add(lib: Any, x: Any, w: Any, c: Any) -> Any:
    """Products and sums in turn."""
    for _ in range(LENGTH // 2):
        x = x * w + c
    return x.sum()


def step(program: Callable[..., Any], lib: Any) -> Callable[[], Any]:
    """The program forward and backward, in a library with PyTorch's names."""
    x, w, c = lib.tensor(X, requires_grad=True), lib.tensor(W), lib.tensor(C)

    def run() -> Any:
        x.grad = None
        program(lib, x, w, c).backward()
        return x.grad.sum()

    return run


def rows() -> list[Row]:
    """Both programs against PyTorch."""
    torch = peer("torch")
    found: list[Row] = []
    for program, name in ((mixed, "×, +, tanh, ×number"), (multiply_add, "× and +")):
        peers = {} if torch is None else {f"{torch[1]} eager": step(program, torch[0])}
        what = f"{LENGTH:,} chained ops ({name}) on shape (8,), forward + backward"
        found += compare(what, step(program, ag), peers, {"PyTorch": 0.6})
    return found
