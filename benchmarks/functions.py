"""Single functions on 64×1024 numbers, where NumPy's passes over memory count, not the overhead."""

from __future__ import annotations

from collections.abc import Callable
from statistics import mean
from typing import Any

import numpy as np

import autograd_core as ag
import nn.functional

from .harness import Row, Step, compare
from .peers import peer

SHAPE = (64, 1024)
rng = np.random.default_rng(0)
X, G = (rng.standard_normal(SHAPE).astype(np.float32) for _ in range(2))
WEIGHT, BIAS = (rng.standard_normal(SHAPE[1:]).astype(np.float32) for _ in range(2))
INDEX = rng.integers(0, SHAPE[1], SHAPE)
TABLE = rng.standard_normal((1000, 64)).astype(np.float32)
TOKENS = rng.integers(0, len(TABLE), 1024)
SQUARES = rng.standard_normal((2, 256, 256)).astype(np.float32)

Program = Callable[[Any], Any]


def programs(lib: Any, functional: Any) -> dict[str, Program]:
    """Each function of one input, in a library with PyTorch's names."""
    weight, bias = (lib.tensor(array, requires_grad=True) for array in (WEIGHT, BIAS))
    index, zeros, tokens = lib.tensor(INDEX), lib.zeros(*SHAPE), lib.tensor(TOKENS)

    def normalised(x: Any) -> Any:
        weight.grad = bias.grad = None
        return functional.layer_norm(x, SHAPE[1:], weight, bias)

    return {
        "relu": functional.relu,
        "gelu": functional.gelu,
        "softmax": lambda x: functional.softmax(x, dim=1),
        "layer_norm": normalised,
        "sum": lambda x: x.sum(),
        "cumsum": lambda x: x.cumsum(1),
        "gather": lambda x: x.gather(1, index),
        "scatter_add": lambda x: zeros.scatter_add(1, index, x),
        "embedding": lambda table: functional.embedding(tokens, table),
    }


def step(program: Program, lib: Any, x: Any, g: Any) -> Step:
    """The program forward and backward."""
    leaf = lib.tensor(x, requires_grad=True)
    gradient = None if g is None else lib.tensor(g)

    def run() -> Any:
        leaf.grad = None
        program(leaf).backward(gradient)
        return leaf.grad[1, 1]

    return run


def product(lib: Any) -> Step:
    """A product of two matrices, with the gradients of both."""
    a, b = (lib.tensor(array, requires_grad=True) for array in SQUARES)

    def run() -> Any:
        a.grad = b.grad = None
        (a @ b).sum().backward()
        return b.grad[1, 1]

    return run


def rows() -> list[Row]:
    """Each function against PyTorch, and their average; and a product of matrices."""
    torch = peer("torch")
    if torch is None:
        return []
    lib, name = torch[0], f"{torch[1]} eager"
    theirs, found = programs(lib, lib.nn.functional), []
    for what, program in programs(ag, nn.functional).items():
        x, g = {"embedding": (TABLE, G.reshape(1024, 64)), "sum": (X, None)}.get(what, (X, G))
        peers = {name: step(theirs[what], lib, x, g)}
        shown = "1024 rows of 64" if what == "embedding" else "64×1024"
        found += compare(f"{what}, {shown}, forward + backward", step(program, ag, x, g), peers, {"PyTorch": 1.5})
    average = Row(
        f"average of these {len(found)}",
        mean(row.ours for row in found),
        name,
        mean(row.theirs for row in found),
        mean(row.ratio for row in found),
        1.0,
    )
    what = "matmul, 256×256 and 256×256, forward + backward"
    return [*found, average, *compare(what, product(ag), {name: product(lib)}, {"PyTorch": 1.1})]
