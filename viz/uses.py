"""Layers as a graph shows them: the products of parameters with data, and what becomes of these."""

from __future__ import annotations

import math
from collections import Counter
from typing import Any

import numpy as np

from autograd_core.node import Graph, Node, Spec

from .figures import index_text


class Uses:
    """Where a graph uses parameters as layers do, however these are written: products of them with data.

    Args:
        root: the node of a result; None if nothing was recorded.
        paths: of the parameters, by node.
    """

    def __init__(self, root: Node | None, paths: dict[Node, str]) -> None:
        self.nodes = Graph([root]).nodes if root is not None else []
        self._paths = paths
        self._weight: dict[Node, str] = {}  # of each node made of parameters alone: the path of one of them
        self._product: dict[Node, Node] = {}  # of every other node: the last product before it
        for node in self.nodes:
            self._enter(node)

    def _enter(self, node: Node) -> None:
        parents = [parent for parent in node.inputs if parent is not None]
        if node.op is None:
            if node in self._paths:
                self._weight[node] = self._paths[node]
        elif (node.op.elementwise or len(node.inputs) == 1) and all(parent in self._weight for parent in parents):
            part = f"[{index_text((node.params or {}).get('index'))}]" if node.op.name == "getitem" else ""
            self._weight[node] = self._weight[parents[0]] + part  # else it is reshaped, scaled, ...
        elif not node.op.elementwise and any(parent in self._weight and len(parent.shape) > 1 for parent in parents):
            self._product[node] = node
        else:
            before = [self._product[parent] for parent in parents if parent in self._product]
            if before:
                self._product[node] = max(before, key=lambda product: product.number)

    def _layer(self, product: Node) -> str:
        weights = [p for p in product.inputs if p is not None and p in self._weight and len(p.shape) > 1]
        weight = next((w for w in weights if w.op is None), weights[0])
        path = self._weight[weight]
        return path.rpartition(".")[0] if path.rpartition(".")[2] == "weight" else path

    def dead(self) -> dict[str, tuple[int, int]]:
        """For each layer before a relu its units that no sample gets through, and all its units."""
        alive: dict[str, Any] = {}
        after: Counter[Node] = Counter()
        for node in self.nodes:
            active = _rectified(node)
            if active is None:
                continue
            product = self._product.get(node)
            if product is None:
                layer, channel = ".".join(node.scope), active.ndim - 1
            else:
                after[product] += 1
                again = after[product]
                layer = self._layer(product) + (f" ({again})" if again > 1 else "")
                convolved = product.op is not None and product.op.name.startswith("convolve")
                channel = 1 if convolved and active.ndim > 2 else active.ndim - 1
            units = np.atleast_1d(active.any(tuple(axis for axis in range(active.ndim) if axis != channel)))
            earlier = alive.get(layer)
            alive[layer] = units if earlier is None or earlier.shape != units.shape else earlier | units
        return {layer: (int((~units).sum()), units.size) for layer, units in alive.items()}

    def steps(self, gradients: dict[Node, Any]) -> dict[str, tuple[float, ...]]:
        """For each layer used three times or more the norm of the gradient after each use."""
        norms: dict[str, list[float]] = {}
        for node in self.nodes:
            if self._product.get(node) is node and node in gradients:
                norms.setdefault(self._layer(node), []).append(length(gradients[node]))
        return {layer: tuple(found) for layer, found in norms.items() if len(found) > 2}


def length(array: Any) -> float:
    """√Σx² over all elements."""
    with np.errstate(all="ignore"):
        return math.sqrt(np.square(np.asarray(array, np.float64)).sum())


def _rectified(node: Node) -> Any:
    """Where what a relu gives, also one that is bounded above, is not 0; None for other operations."""
    if node.op is None or not (node.op.name == "relu" or (node.op.name == "hardtanh" and _starts_at_0(node))):
        return None
    known = next((array for array in node.saved if not isinstance(array, Spec)), None)
    return None if known is None else ~(np.asarray(known) <= 0)  # the output or the input, which agree on that


def _starts_at_0(node: Node) -> bool:
    return node.params is not None and node.params["low"] == 0
