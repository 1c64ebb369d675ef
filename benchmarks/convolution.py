"""Convolution and pooling of images, forward and backward, at the sizes of LeNet and of a CIFAR network."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import autograd_core as ag
import nn.functional

from .harness import Row, Step, compare
from .peers import peer

LENET, CIFAR = 1.5, 2.0


def convolution(lib: Any, functional: Any, x: Any, w: Any, padding: int, images: bool) -> Step:
    """A convolution and its gradients; those of images are not asked for."""
    inputs = lib.tensor(x, requires_grad=not images)
    weight, bias = (lib.tensor(p, requires_grad=True) for p in (w, np.zeros(len(w), np.float32)))

    def run() -> Any:
        inputs.grad = weight.grad = bias.grad = None
        loss = functional.conv2d(inputs, weight, bias, padding=padding).square().sum()
        loss.backward()
        return weight.grad.sum().item()

    return run


def pooling(lib: Any, pool: Callable[[Any], Any], x: Any) -> Step:
    """A pooling and its gradient."""
    inputs = lib.tensor(x, requires_grad=True)

    def run() -> Any:
        inputs.grad = None
        pool(inputs).square().sum().backward()
        return inputs.grad.square().sum().item()

    return run


def folding(lib: Any, functional: Any, x: Any) -> Step:
    """Windows as columns, added up again."""
    inputs = lib.tensor(x, requires_grad=True)

    def run() -> Any:
        inputs.grad = None
        columns = functional.unfold(inputs, 3, padding=1)
        functional.fold(columns, x.shape[2:], 3, padding=1).square().sum().backward()
        return inputs.grad.square().sum().item()

    return run


def rows() -> list[Row]:
    """Each layer against PyTorch."""
    found = peer("torch")
    torch, name = found if found is not None else (None, "")
    rng = np.random.default_rng(0)

    def array(*shape: int) -> Any:
        return rng.normal(size=shape).astype(np.float32)

    table: list[Row] = []
    for what, x, w, padding, images, target in (
        ("conv2d 1→6 5×5, 28×28, batch 64, images", array(64, 1, 28, 28), array(6, 1, 5, 5), 2, True, LENET),
        ("conv2d 6→16 5×5, 14×14, batch 64", array(64, 6, 14, 14), array(16, 6, 5, 5), 0, False, LENET),
        ("conv2d 64→64 3×3, 32×32, batch 8", array(8, 64, 32, 32), array(64, 64, 3, 3), 1, False, CIFAR),
    ):
        peers = (
            {} if torch is None else {f"{name} eager": convolution(torch, torch.nn.functional, x, w, padding, images)}
        )
        ours = convolution(ag, nn.functional, x, w, padding, images)
        table += compare(what, ours, peers, {"PyTorch": target})
    for kind, x in (
        ("max_pool2d", array(64, 6, 28, 28)),
        ("max_pool2d", array(32, 64, 32, 32)),
        ("avg_pool2d", array(32, 64, 32, 32)),
    ):
        peers = (
            {}
            if torch is None
            else {f"{name} eager": pooling(torch, lambda t, f=kind: getattr(torch.nn.functional, f)(t, 2), x)}
        )
        ours = pooling(ag, lambda t, f=kind: getattr(nn.functional, f)(t, 2), x)
        table += compare(f"{kind} 2, {'×'.join(map(str, x.shape))}", ours, peers, {"PyTorch": 2.0})
    images = array(8, 64, 32, 32)
    peers = {} if torch is None else {f"{name} eager": folding(torch, torch.nn.functional, images)}
    table += compare("unfold and fold 3×3, 8×64×32×32", folding(ag, nn.functional, images), peers, {"PyTorch": 1.0})
    return table
