"""What is measured of a network at one moment of its training: weights, gradients by depth, dead units."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

import autograd_core as ag
from autograd_core import Tensor
from autograd_core.backward import propagate
from autograd_core.node import Node

from .uses import Uses, length

BINS = 24


@dataclass(frozen=True)
class Spread:
    """How the elements of an array are spread.

    Attributes:
        size: how many elements there are.
        finite: how many of them are neither NaN nor infinite.
        counts: how many of the finite ones lie in each of the equally wide bins from ``low`` to ``high``.
        low: where the first bin starts.
        high: where the last bin ends.
        mean: of the finite ones, NaN if there are none.
        std: their standard deviation.
        norm: √Σx² over all elements.
    """

    size: int
    finite: int
    counts: tuple[int, ...]
    low: float
    high: float
    mean: float
    std: float
    norm: float


@dataclass(frozen=True)
class Layer:
    """A module that owns parameters.

    Attributes:
        kind: its class.
        parameters: the paths of its parameters.
        weight_gradient: the norm of the loss's gradient with respect to all its parameters together, √Σ(∂L/∂w)²; None
            if none of them has one.
        output_gradient: that with respect to what it gives, √Σ(∂L/∂y)² over all its calls; None if there is none.
    """

    kind: str
    parameters: tuple[str, ...]
    weight_gradient: float | None
    output_gradient: float | None


@dataclass(frozen=True)
class Snapshot:
    """A network at one moment.

    Attributes:
        epoch: how many epochs it was trained.
        loss: of the samples it was measured on.
        parameters: for each parameter, by path, how its values are spread.
        gradients: likewise ∂L/∂w; those without a gradient are missing.
        layers: by path, in the order in which they are called.
        dead: for each layer that is followed by a relu, how many of its units are 0 after it for every sample, and how
            many units there are; channels are the units of convolutions. A layer goes by its path; one with several
            weights, such as a recurrent one, by those of the weights.
        steps: likewise for each layer that is used three times or more, as in a recurrent network, the norm of ∂L/∂z
            after each use, in order.
        pictures: small images of numbers 0 to 255 (height, width) or (height, width, 3), by name.
    """

    epoch: int
    loss: float
    parameters: dict[str, Spread]
    gradients: dict[str, Spread]
    layers: dict[str, Layer]
    dead: dict[str, tuple[int, int]]
    steps: dict[str, tuple[float, ...]]
    pictures: dict[str, Any]


Watch = Callable[[str, Any, Tensor], None]
"""Is told a layer's path, the layer, and what it gave."""


def spread(array: Any) -> Spread:
    """How the elements of an array are spread.

    Args:
        array: any shape.

    Returns:
        The numbers.

    Example:
        >>> found = spread([3.0, 4.0, float("inf")])
        >>> found.finite, found.mean, found.counts[0], found.counts[-1], found.norm
        (2, 3.5, 1, 1, inf)
    """
    values = np.asarray(array, np.float64).ravel()
    with np.errstate(all="ignore"):
        norm = math.sqrt(values @ values)
        if not math.isfinite(norm):
            values, size = values[np.isfinite(values)], values.size
        else:
            size = values.size
        if not values.size:
            return Spread(size, 0, (0,) * BINS, 0.0, 0.0, math.nan, math.nan, norm)
        low, high, mean = float(values.min()), float(values.max()), float(values.mean())
        std = math.sqrt(np.square(values - mean).mean())
    return Spread(size, values.size, tuple(_counted(values, low, high).tolist()), low, high, mean, std, norm)


def _counted(values: Any, low: float, high: float) -> Any:
    """What np.histogram counts, which takes longer to begin."""
    scale = BINS / (high - low) if high > low else 0.0
    if not 0.0 < scale < math.inf:  # all are the same, or as good as
        counts = np.zeros(BINS, np.int64)
        counts[BINS // 2] = values.size
        return counts
    places = np.minimum((values - low) * scale, BINS - 1).astype(np.int64)
    return np.bincount(places, minlength=BINS)


@contextmanager
def undisturbed(model: Any) -> Iterator[None]:
    """A model in evaluation mode, which comes back, like the random numbers, as it was."""
    modes = [(module, module.training) for module in model.modules()]
    try:
        with ag.fork_rng():
            model.eval()
            yield
    finally:
        for module, training in modes:
            module.training = training


def measure(model: Any, loss: Callable[[Any, Any], Any], x: Tensor, y: Tensor, epoch: int, watch: Watch) -> Snapshot:
    """A snapshot of a model.

    Args:
        model: a module, in the mode in which it is to be measured.
        loss: takes its outputs and the targets, gives one number.
        x: inputs (samples, ...).
        y: targets.
        epoch: how many epochs it was trained.
        watch: is told of each call of a layer.

    Returns:
        The snapshot, without pictures. No gradient is written and no hook on a tensor runs.

    Raises:
        ValueError: the loss is not one number.
    """
    owned = {
        path: (module, {f"{path}.{name}".lstrip("."): p for name, p in module.named_parameters(recurse=False)})
        for path, module in model.named_modules()
    }
    called: dict[str, list[Node]] = {}

    def hook(path: str) -> Callable[..., None]:
        def seen(module: Any, arguments: Any, result: Any) -> None:
            outputs = called.setdefault(path, [])
            for output in _tensors(result):
                if output.node is not None:  # now: an operation in place may give it another one
                    outputs.append(output.node)
                watch(path, module, output)

        return seen

    with ExitStack() as stack, ag.enable_grad():
        for path, (module, parameters) in owned.items():
            if parameters:
                stack.callback(module.register_forward_hook(hook(path)).remove)
        value = ag.as_tensor(loss(model(x), y))
    if value.numel() != 1:
        raise ValueError(f"the loss must be one number, got shape {value.shape}")
    table: dict[Node, Any] = {}
    everything = dict(model.named_parameters())
    nodes = {path: p.node for path, p in everything.items() if p.node is not None}
    uses = Uses(value.node, {node: path for path, node in nodes.items()})
    if value.node is not None:
        with np.errstate(all="ignore"):
            propagate({value.node: np.ones(value.shape, value.dtype)[()]}, keep=table, retain_graph=True)
    found = {path: table[node] for path, node in nodes.items() if node in table}
    layers = {}
    for path, outputs in called.items():
        module, parameters = owned[path]
        layers[path] = Layer(
            type(module).__name__,
            tuple(parameters),
            _norm([table[p.node] for p in parameters.values() if p.node is not None and p.node in table]),
            _norm([table[node] for node in dict.fromkeys(outputs) if node in table]),
        )
    return Snapshot(
        epoch=epoch,
        loss=float(value.detach()),
        parameters={path: spread(parameter.detach().numpy()) for path, parameter in everything.items()},
        gradients={path: spread(gradient) for path, gradient in found.items()},
        layers=layers,
        dead=uses.dead(),
        steps=uses.steps(table),
        pictures={},
    )


def _norm(gradients: list[Any]) -> float | None:
    """Of several gradients together; None if there are none."""
    return math.hypot(*map(length, gradients)) if gradients else None


def _tensors(result: Any) -> list[Tensor]:
    """The tensors in what a module gave."""
    if isinstance(result, Tensor):
        return [result]
    if isinstance(result, dict):
        result = list(result.values())
    return [t for part in result for t in _tensors(part)] if isinstance(result, (tuple, list)) else []
