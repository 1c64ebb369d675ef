"""Layers as a graph shows them: the products of parameters with data, and what becomes of these."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from typing import Any

import numpy as np

from autograd_core.node import Graph, Node, Spec


class Uses:
    """Where a graph uses parameters as layers do, however these are written: products of them with data.

    Args:
        root: the node of a result; None if nothing was recorded.
        paths: of the parameters, by node.
    """

    def __init__(self, root: Node | None, paths: dict[Node, str]) -> None:
        self.nodes = Graph([root]).nodes if root is not None else []
        self._paths = paths
        self._weight: dict[Node, Node] = {}  # of each node made of parameters alone: one of them
        self._product: dict[Node, Node] = {}  # of every other node: the last product before it
        for node in self.nodes:
            self._enter(node)

    def _enter(self, node: Node) -> None:
        parents = [parent for parent in node.inputs if parent is not None]
        if node.op is None:
            if node in self._paths:
                self._weight[node] = node
        elif (node.op.elementwise or len(node.inputs) == 1) and all(parent in self._weight for parent in parents):
            self._weight[node] = self._weight[parents[0]]  # reshaped, scaled, ...
        elif not node.op.elementwise and any(parent in self._weight and len(parent.shape) > 1 for parent in parents):
            self._product[node] = node
        else:
            before = [self._product[parent] for parent in parents if parent in self._product]
            if before:
                self._product[node] = max(before, key=lambda product: product.number)

    def _layer(self, product: Node) -> str:
        weights = [p for p in product.inputs if p is not None and p in self._weight and len(p.shape) > 1]
        weight = next((w for w in weights if w.op is None), weights[0])
        return self._paths[self._weight[weight]].rpartition(".")[0]

    def dead(self) -> dict[str, tuple[int, int]]:
        """For each layer before a relu its units that no sample gets through, and all its units."""
        alive: dict[str, Any] = {}
        after: Counter[Node] = Counter()
        for node in self.nodes:
            passes = _passes(node)
            if passes is None:
                continue
            product = self._product.get(node)
            if product is None:
                layer, channel = ".".join(node.scope), passes.ndim - 1
            else:
                after[product] += 1
                again = after[product]
                layer = self._layer(product) + (f" ({again})" if again > 1 else "")
                convolved = product.op is not None and product.op.name.startswith("convolve")
                channel = 1 if convolved and passes.ndim > 2 else passes.ndim - 1
            units = np.atleast_1d(passes.any(tuple(axis for axis in range(passes.ndim) if axis != channel)))
            earlier = alive.get(layer)
            alive[layer] = units if earlier is None or earlier.shape != units.shape else earlier | units
        return {layer: (int((~units).sum()), units.size) for layer, units in alive.items()}

    def steps(self, gradients: dict[Node, Any]) -> dict[str, tuple[float, ...]]:
        """For each layer used three times or more the norm of the gradient after each use."""
        norms: dict[str, list[float]] = {}
        for node in self.nodes:
            if self._product.get(node) is node and node in gradients:
                norms.setdefault(self._layer(node), []).append(norm([gradients[node]]))
        return {layer: tuple(found) for layer, found in norms.items() if len(found) > 2}


def norm(arrays: Iterable[Any]) -> float:
    """√Σx² over all elements of several arrays; NaN if there are no arrays."""
    with np.errstate(all="ignore"):
        squares = [float(np.square(np.asarray(array, np.float64)).sum()) for array in arrays]
    return math.sqrt(sum(squares)) if squares else math.nan


def _passes(node: Node) -> Any:
    """Where a relu, also one that is bounded above, lets the gradient through; None for other operations."""
    if node.op is None or not node.saved or isinstance(node.saved[0], Spec):
        return None
    output, params = np.asarray(node.saved[0]), node.params or {}
    if node.op.name == "relu":
        return output > 0
    if node.op.name == "hardtanh" and params["low"] == 0:
        return (output > 0) & (output < params["high"])
    return None
