"""The chain rule: walk the graph from results to leaves, newest node first.

The same loop runs the rules on arrays (an ordinary backward pass) or on Tensors
(``create_graph=True``, whose result is a graph again).
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from .anomaly import check_backward
from .modes import MODE, recording
from .node import SMALL, Node, Observer, Spec, check_alive, reachable
from .ops.shape import sum_to
from .rules import Op, compact, same
from .tensor import Tensor, from_array, method, to_array

Table = dict[Node, Any]

_delivering = threading.Lock()  # adding to a gradient is a read and a write: two threads may share a leaf


def propagate(
    seeds: Table,
    *,
    create_graph: bool = False,
    retain_graph: bool = False,
    wanted: set[Node] | None = None,
    keep: Table | None = None,
    oldest: int | None = None,
    result: int | None = None,
) -> Table:
    """Send gradients from the seeds back through the graph.

    At each node the chain rule holds: its gradient is the sum, over all uses of it, of the rule of
    that use applied to the gradient of the use.

    Args:
        seeds: the gradient at each start node, as arrays (as Tensors with ``create_graph``).
        create_graph: run the rules on Tensors, so that the gradients can be differentiated.
        retain_graph: keep what the rules need for another pass.
        wanted: the nodes whose gradients are asked for; only what leads there is computed. By default
            gradients are written where users look for them: on leaves and retained tensors.
        keep: if given, every node's gradient is entered here, and no hook runs.
        oldest: stop before nodes with a smaller creation number, whose own inputs do not matter.
        result: the creation number of the one result that is differentiated: gradients that are
            recorded remember what they are gradients of, so that pictures can name them.

    Returns:
        The gradients of the wanted nodes.

    Raises:
        RuntimeError: part of the graph was freed by an earlier pass.
    """
    # Nothing older than what is wanted can lead to it.
    if oldest is None:
        oldest = min((node.number for node in wanted), default=0) if wanted is not None else 0
    order = reachable(seeds, alive=wanted is None, oldest=oldest)
    needed = None if wanted is None else _leading_to(wanted, order)
    anomaly = MODE.get().anomaly
    table = dict(seeds)
    found: Table = {}
    deliveries: list[tuple[Observer, Any]] = []
    for node in order:
        g = table.pop(node, None)
        if g is None:  # no use of it passed a gradient on
            continue
        observer = node.observer
        if observer is not None and keep is None:
            if observer.hooks:
                g = _run_hooks(observer, g)
            if observer.retain and wanted is None:
                deliveries.append((observer, g))
        if keep is not None:
            keep[node] = g
        if wanted is not None and node in wanted:
            found[node] = g
        if result is not None and create_graph and g.node is not None and g.node.op is not None:
            g.node.observe(g.array.dtype).of = result, node.number
        op = node.op
        if op is None:
            node.gradient = compact(g.array if create_graph else g)
            continue
        saved, params, rules = node.saved, node.params, op.vjps
        given = lifted(node) if create_graph else saved
        place = -1
        for parent in node.inputs:
            place += 1
            if parent is None or (needed is not None and parent not in needed):
                continue
            rule = rules[place]
            if rule is same:
                part = g
            elif rule is None:
                continue
            else:
                part = rule(g, *given) if params is None else rule(g, *given, **params)
                if part is None:
                    continue
            if part.shape != parent.shape:
                part = _summed(part, parent.shape, op, place)
            if anomaly:
                check_backward(node, place, part)
            table[parent] = table[parent] + part if parent in table else part
        if not retain_graph:
            node.freed = True
            if create_graph:
                g = g.array  # a Tensor here would close a reference cycle
            if op.elementwise and g.size <= SMALL:
                node.gradient = g
            else:
                node.gradient, node.saved = compact(g), compact(saved)
    if deliveries:
        with _delivering:
            for observer, g in deliveries:
                _add_to(observer, g)
    for node in wanted or ():
        if node in table:  # it is older than where the walk stopped
            found[node] = table[node]
    return found


def _summed(part: Any, shape: tuple[int, ...], op: Op, place: int) -> Any:
    """A gradient summed over the axes along which its input was broadcast."""
    try:
        return sum_to.op.on(part, shape=shape)
    except ValueError:
        raise RuntimeError(
            f"the rule of {op.name} gave input {place} of shape {shape} a gradient of shape {part.shape}: a gradient "
            "has the shape of its input, or one that the input broadcasts to"
        ) from None


def _leading_to(wanted: set[Node], order: list[Node]) -> set[Node]:
    """The nodes of a newest-first list that are wanted or were computed from a wanted one."""
    needed = set(wanted)
    for node in reversed(order):
        if not needed.isdisjoint(node.inputs):
            check_alive(node)
            needed.add(node)
    return needed


def lifted(node: Node) -> list[Any]:
    """What a node saved, as Tensors that stand where they stood in the graph."""
    saved = node.saved
    given = [_lift(saved[0], node)]
    if node.op is not None and node.op.variadic:
        return [*given, tuple(_lift(value, parent) for value, parent in zip(saved[1], node.inputs, strict=True))]
    return [*given, *(_lift(value, parent) for value, parent in zip(saved[1:], node.inputs, strict=True))]


def _lift(value: Any, node: Node | None) -> Any:
    return value if node is None or isinstance(value, Spec) else from_array(value, node)


def visible(g: Any, dtype: Any) -> Tensor:
    """A gradient as users see it: a Tensor with the dtype of what it belongs to."""
    tensor = g if isinstance(g, Tensor) else from_array(g if g.ndim else g[()])
    if tensor.dtype == dtype:
        return tensor
    if tensor.dtype.kind not in "biuf":
        raise TypeError(f"a gradient holds real numbers, a rule gave {tensor.dtype}")
    return tensor.to(dtype)


def _run_hooks(observer: Observer, g: Any) -> Any:
    tensor = visible(g, observer.dtype)
    for hook in list(observer.hooks.values()):
        result = hook(tensor)
        if result is None:
            continue
        if not isinstance(result, Tensor) or result.shape != tensor.shape:
            raise TypeError(
                f"a hook returns a Tensor of the gradient's shape {tensor.shape} or None, got "
                f"{result.shape if isinstance(result, Tensor) else type(result).__name__}"
            )
        tensor = result
    return tensor if isinstance(g, Tensor) else tensor.array


def _add_to(observer: Observer, g: Any) -> None:
    g = visible(g, observer.dtype)
    observer.grad = g if observer.grad is None else observer.grad + g


def seed(output: Tensor, gradient: Any, create_graph: bool) -> Any:
    """The gradient to start with at an output: the one given, or 1 for a single element.

    Args:
        output: the result to differentiate.
        gradient: the gradient given, or None.
        create_graph: whether it must be a Tensor.

    Returns:
        An array of the output's shape and dtype, or a Tensor.

    Raises:
        RuntimeError: the output does not require grad, or no gradient is given for many elements.
        ValueError: the gradient has another shape.
    """
    if output.node is None:
        raise RuntimeError(
            "this tensor does not require grad: nothing it was computed from has requires_grad=True, "
            "or it was computed inside no_grad or after detach()"
        )
    if gradient is None:
        if output.numel() != 1:
            raise RuntimeError(
                f"only a one-element result has an implied gradient, got shape {output.shape}: reduce it, "
                "as in t.sum().backward(), or pass gradient="
            )
        array = np.ones(output.shape, output.dtype)[()]
        return from_array(array) if create_graph else array
    given = gradient if isinstance(gradient, Tensor) else from_array(to_array(gradient, output.dtype, copy=True))
    if given.shape != output.shape:
        raise ValueError(f"gradient must have the output's shape {output.shape}, got {given.shape}")
    given = visible(given, output.dtype)
    return given if create_graph else given.array


def run(
    outputs: Sequence[Tensor],
    gradients: Sequence[Any],
    wanted: set[Node] | None,
    retain_graph: bool | None,
    create_graph: bool,
) -> Table:
    """A backward pass from several outputs, as :func:`propagate` says."""
    seeds: Table = {}
    for output, gradient in zip(outputs, gradients, strict=True):
        g = seed(output, gradient, create_graph)
        assert output.node is not None
        seeds[output.node] = seeds[output.node] + g if output.node in seeds else g
    with recording(create_graph):
        return propagate(
            seeds,
            create_graph=create_graph,
            retain_graph=create_graph if retain_graph is None else retain_graph,
            wanted=wanted,
            result=next(iter(seeds)).number if len(seeds) == 1 else None,
        )


@method
def backward(
    self: Tensor,
    gradient: Any = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    inputs: Tensor | Iterable[Tensor] | None = None,
) -> None:
    """Add the gradient of this tensor to ``.grad`` of every leaf it was computed from.

    Args:
        gradient: dL/d(this), with its shape; may be left out if it has one element.
        retain_graph: keep the graph for another pass; by default only with ``create_graph``.
        create_graph: make the gradients differentiable in turn.
        inputs: the only tensors to add to, if given: one or several, leaves or computed.

    Raises:
        RuntimeError: this tensor does not require grad, its graph was freed, or ``gradient`` is missing.
        ValueError: ``gradient`` has another shape.

    Example:
        >>> import autograd_core as ag
        >>> x = ag.tensor([1.0, 2.0], requires_grad=True)
        >>> (x * x).sum().backward()
        >>> x.grad
        tensor([2., 4.])
    """
    if inputs is None:
        run((self,), (gradient,), None, retain_graph, create_graph)
        return
    chosen = [inputs] if isinstance(inputs, Tensor) else list(inputs)
    if not chosen:
        raise RuntimeError("backward(inputs=) needs at least one tensor, got none: leave it out for all leaves")
    nodes = {tensor._needed_node("backward(inputs=)"): tensor for tensor in chosen}
    found = run((self,), (gradient,), set(nodes), retain_graph, create_graph)
    with _delivering:
        for node, g in found.items():
            _add_to(node.observe(nodes[node].dtype), g)
