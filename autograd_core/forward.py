"""The chain rule the other way: push changes of the inputs forward through a recorded graph."""

from __future__ import annotations

from typing import Any

import numpy as np

from .backward import Table, lifted, propagate
from .modes import recording
from .node import Node, check_alive, leaf, reachable
from .rules import Rule
from .tensor import from_array


def push_forward(seeds: Table, outputs: list[Node], create_graph: bool) -> Table:
    """The change of each output when the seeds change, to first order: Σ ∂y/∂xᵢ · tᵢ, node by node.

    Args:
        seeds: the change at each start node, as arrays (as Tensors with ``create_graph``).
        outputs: the nodes whose change is asked for.
        create_graph: run the rules on Tensors, so that the changes can be differentiated.

    Returns:
        node → change, for every node that changes.

    Raises:
        RuntimeError: the graph was freed by a backward pass.
    """
    table = dict(seeds)
    oldest = min((node.number for node in seeds), default=0)
    for node in reversed(reachable(dict.fromkeys(outputs), oldest=oldest)):
        if node in table or node.op is None or all(parent not in table for parent in node.inputs):
            continue
        check_alive(node)
        given = lifted(node) if create_graph else node.saved
        tangents = [None if parent is None else table.get(parent) for parent in node.inputs]
        change = _change(node, tangents, given, create_graph)
        if change is not None:
            table[node] = change if change.shape == node.shape else np.broadcast_to(change, node.shape)
    return table


def _change(node: Node, tangents: list[Any], given: Any, create_graph: bool) -> Any:
    op, params = node.op, node.params or {}
    assert op is not None
    jvps: Any = op.jvps
    if op.variadic and jvps is not None:
        return jvps(tangents, *given, **params)
    total = None
    for place, tangent in enumerate(tangents):
        vjp = op.vjps[place]
        if tangent is None or vjp is None:
            continue
        if jvps is None:
            part = _transposed(vjp, tangent, given, params, create_graph)
        else:
            part = jvps[place](tangent, *given, **params)
        total = part if total is None or part is None else total + part
    return total


def _transposed(vjp: Rule, tangent: Any, given: Any, params: dict[str, Any], create_graph: bool) -> Any:
    """The jvp of a rule that only gives the vjp: the vjp is linear in g, and its transpose is the jvp."""
    y = given[0]
    start = leaf(y.shape, y.dtype)
    with recording(True):
        result = vjp(from_array(np.zeros(y.shape, y.dtype)[()], start), *given, **params)
        if result.node is None:
            return None
        return propagate({result.node: tangent}, wanted={start}, create_graph=create_graph, retain_graph=True).get(
            start
        )
