"""From a loss to a drawing of its graph as SVG, against torchviz and torchview; and the layout by itself.

The peers write DOT and have Graphviz lay it out. They draw names and shapes, so ``detail="shapes"``
is the same drawing; that with values, gradients and histograms, which they do not have, stands below
it. torchview looks on while the modules run: on PyTorch's meta device, so that nothing is computed.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from functools import partial
from statistics import median
from typing import Any

import numpy as np

import autograd_core as ag
import nn
import viz
from viz.layout import Edge, layout

from .harness import Row, Step, compare, timed
from .peers import peer

LIMITS = {40: 0.02, 500: 0.2, 5000: 2.0}
"""How many seconds the layout of so many boxes may take."""


def mlp(nn: Any) -> Any:
    """Three layers."""
    return nn.Sequential(nn.Linear(64, 32), nn.Tanh(), nn.Linear(32, 32), nn.Tanh(), nn.Linear(32, 10))


def resnet18(nn: Any) -> Any:
    """ResNet-18 as in He et al. (2016), of any library that has PyTorch's modules."""

    class Block(nn.Module):  # type: ignore[misc]
        def __init__(self, inputs: int, outputs: int, stride: int) -> None:
            super().__init__()
            self.conv1 = nn.Conv2d(inputs, outputs, 3, stride=stride, padding=1, bias=False)
            self.bn1 = nn.BatchNorm2d(outputs)
            self.relu = nn.ReLU()
            self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1, bias=False)
            self.bn2 = nn.BatchNorm2d(outputs)
            self.shortcut = nn.Identity()
            if inputs != outputs:
                conv = nn.Conv2d(inputs, outputs, 1, stride=stride, bias=False)
                self.shortcut = nn.Sequential(conv, nn.BatchNorm2d(outputs))

        def forward(self, x: Any) -> Any:
            y = self.relu(self.bn1(self.conv1(x)))
            return self.relu(self.bn2(self.conv2(y)) + self.shortcut(x))

    def layer(inputs: int, outputs: int, stride: int) -> Any:
        return nn.Sequential(Block(inputs, outputs, stride), Block(outputs, outputs, 1))

    stem = [nn.Conv2d(3, 64, 7, stride=2, padding=3, bias=False), nn.BatchNorm2d(64), nn.ReLU()]
    pool = nn.MaxPool2d(3, stride=2, padding=1)
    layers = [layer(64, 64, 1), layer(64, 128, 2), layer(128, 256, 2), layer(256, 512, 2)]
    return nn.Sequential(*stem, pool, *layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(512, 10))


NETWORKS: dict[str, tuple[Callable[[Any], Any], tuple[int, ...]]] = {
    "an MLP loss": (mlp, (16, 64)),
    "a ResNet-18 loss": (resnet18, (2, 3, 32, 32)),
}


def drawn(make: Callable[[], Any], parameters: int) -> Step:
    """A step that checks that it got an SVG drawing; it returns how many parameters are in it."""

    def step() -> int:
        content = make()
        text = content if isinstance(content, str) else content.decode()
        assert text.rstrip().endswith("</svg>")
        return parameters

    return step


def rivals(network: Callable[[Any], Any], shape: tuple[int, ...]) -> dict[str, Step]:
    """The steps of the peers that are installed, if Graphviz is."""
    found, torchviz, torchview = peer("torch"), peer("torchviz"), peer("torchview")
    if found is None or shutil.which("dot") is None:
        return {}
    torch, _ = found

    class Loss(torch.nn.Module):  # type: ignore[name-defined, misc]
        def __init__(self) -> None:
            super().__init__()
            self.network = network(torch.nn)

        def forward(self, x: Any, y: Any) -> Any:
            return torch.nn.functional.cross_entropy(self.network(x), y)

    model = Loss()
    named = dict(model.named_parameters())
    count = sum(parameter.numel() for parameter in named.values())
    x, y = torch.zeros(shape), torch.zeros(shape[0], dtype=torch.int64)
    steps: dict[str, Step] = {}
    if torchviz is not None:
        make_dot, loss = torchviz[0].make_dot, model(x, y)
        steps[torchviz[1]] = drawn(lambda: make_dot(loss, params=named).pipe("svg"), count)
    if torchview is not None:
        draw_graph = torchview[0].draw_graph
        steps[torchview[1]] = drawn(
            lambda: draw_graph(model, input_data=(x, y), device="meta").visual_graph.pipe("svg"), count
        )
    return steps


def against_peers() -> list[Row]:
    """Each network's loss, with what the peers show and with everything."""
    rows: list[Row] = []
    for what, (network, shape) in NETWORKS.items():
        model = network(nn)
        named = dict(model.named_parameters())
        count = sum(parameter.numel() for parameter in named.values())
        x, y = ag.tensor(np.zeros(shape, np.float32)), ag.tensor(np.zeros(shape[0], np.int64))
        loss = nn.functional.cross_entropy(model(x), y)
        ways: dict[str, dict[str, Any]] = {"names and shapes": {"detail": "shapes"}, "values and gradients": {}}
        for content, options in ways.items():
            step = drawn(partial(_svg, loss, named, options), count)
            targets = dict.fromkeys(("torchviz", "torchview"), 0.5) if options else None
            rows += compare(f"drawing of {what}, {content}", step, rivals(network, shape), targets, rounds=20)
    return rows


def _svg(loss: Any, named: dict[str, Any], options: dict[str, Any]) -> str:
    return viz.draw(loss, names=named, **options).to_svg()


def stack(count: int) -> tuple[list[tuple[float, float]], list[Edge], list[tuple[str, ...]]]:
    """A network's graph of so many boxes: modules of a weight, an operation and a shortcut, with labels."""
    sizes = [(90.0 + 10 * (i % 7), 40.0 + 12 * (i % 3)) for i in range(count)]
    label = (70.0, 20.0)
    edges = []
    for i in range(2, count):
        if i % 4 == 0:
            edges += [Edge(i - 1, i, label), Edge(i - 4, i, label)]  # a sum with the block's input
        else:
            edges.append(Edge(i - 1, i, label))
    scopes: list[tuple[str, ...]] = [(f"layer{i // 48}", f"block{i // 12}", f"module{i // 4}") for i in range(count)]
    return sizes, edges, scopes


def placing(count: int, limit: float) -> Row:
    """The layout's time against what it may take."""
    sizes, edges, scopes = stack(count)
    ours = median(timed(lambda: layout(sizes, edges, scopes, wrap=1500), max(1, 200 // count)) for _ in range(7))
    return Row(f"layout of {count:,} boxes with labels, in frames", ours, "limit", limit, ours / limit, 1.0)


def rows() -> list[Row]:
    """Drawings against the peers', then the layout by itself."""
    return against_peers() + [placing(count, limit) for count, limit in LIMITS.items()]
