"""Memory for time: a part of a computation that is computed again in the backward pass instead of stored."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .backward import propagate
from .joint import Joint, Packing, together
from .modes import MODE, recording
from .node import Node, Spec, next_number, reachable
from .random import generator
from .rules import Op, record
from .tensor import Tensor, from_array
from .tree import leaves, mapped

__all__ = ["checkpoint"]

_op = Op("checkpoint", "custom", lambda *xs: xs, together, None, variadic=True)


def checkpoint(
    function: Callable[..., Any],
    *args: Any,
    use_reentrant: bool | None = None,
    preserve_rng_state: bool = True,
    **kwargs: Any,
) -> Any:
    """Call a function, and forget its intermediate values: the backward pass calls it again.

    Args:
        function: takes the arguments, returns a Tensor, or nested lists, tuples and dicts of them. Called a second time
            it must compute the same. Parameters it uses get their gradients, whether they are arguments or not.
        args: what it is called with.
        use_reentrant: accepted as PyTorch's; there is one way here, which has no restrictions.
        preserve_rng_state: draw the same random numbers the second time, so that dropout drops the same.
        kwargs: keyword arguments for the function.

    Returns:
        What the function returns.

    Raises:
        RuntimeError: in the backward pass, if the function computed another shape or dtype the second time.

    Example:
        >>> import autograd_core as ag
        >>> x = ag.tensor([1.0, 2.0], requires_grad=True)
        >>> ag.checkpoint(lambda x: (x * x).exp(), x).sum().backward()
        >>> x.grad
        tensor([  5.4366, 218.3926])

    Source: T. Chen et al., Training Deep Nets with Sublinear Memory Cost (2016).
    """
    mode = MODE.get()
    if not mode.grad:
        return function(*args, **kwargs)
    segment = _Segment(function, args, kwargs, preserve_rng_state)
    start = next_number()
    result = segment.call()
    moving = [y for y in leaves(result) if isinstance(y, Tensor) and y.node is not None and y.node.number > start]
    edge = _edge(moving, start)
    if not edge:
        return result
    segment.edge = edge
    segment.packing = Packing([y.array for y in moving])
    packed = segment.packing.pack([y.array for y in moving])
    unkept = tuple(Spec(node.shape, packed.dtype) for node in edge)
    whole = record(_op, packed, unkept, tuple(edge), {"joint": Joint(segment.pull)})
    parts = dict(zip(map(id, moving), segment.packing.unpack(whole), strict=True))
    return mapped(lambda y: parts.get(id(y), y), result)


def _edge(outputs: list[Tensor], start: int) -> list[Node]:
    """The nodes from before that the outputs were computed from, and leaves made since."""
    edge: dict[Node, None] = {}
    for node in reachable(dict.fromkeys(y.node for y in outputs if y.node is not None), oldest=start):
        edge |= dict.fromkeys(parent for parent in node.inputs if parent is not None and parent.number < start)
    return list(edge)


class _Segment:
    """A call that can be made again."""

    edge: list[Node]
    packing: Packing

    def __init__(self, function: Callable[..., Any], args: Any, kwargs: Any, preserve: bool) -> None:
        self.function = function
        self.args, self.kwargs = mapped(_twin, (args, kwargs))  # as they are now, whatever their owner does to them
        self.state = generator().bit_generator.state if preserve else None
        self.scope = MODE.get().scope

    def call(self) -> Any:
        """Call the function, on Tensors of its own: it may change its arguments in place."""
        args, kwargs = mapped(_twin, (self.args, self.kwargs))
        return self.function(*args, **kwargs)

    def pull(self, g: Any, y: Any) -> dict[int, Any]:
        """Compute again, and go back from there to the edge."""
        graph = isinstance(g, Tensor)
        start = next_number()
        with recording(True):
            outputs = self.again()
            moving = [y for y in leaves(outputs) if isinstance(y, Tensor) and y.node is not None]
            moving = [y for y in moving if y.node is not None and y.node.number > start]
        found = [(y.shape, y.dtype) for y in moving]
        expected = list(zip(self.packing.shapes, self.packing.dtypes, strict=True))
        if found != expected:
            raise RuntimeError(
                f"checkpoint needs a function that computes the same twice: it gave {expected} first, then {found}"
            )
        seeds: dict[Node, Any] = {}
        with recording(graph):
            for tensor, part in zip(moving, self.packing.unpack(g), strict=True):
                node = tensor.node
                assert node is not None
                seeds[node] = seeds[node] + part if node in seeds else part
            grads = propagate(seeds, wanted=set(self.edge), create_graph=graph, retain_graph=graph, oldest=start)
        return {i: grads[node] for i, node in enumerate(self.edge) if node in grads}

    def again(self) -> Any:
        source = generator().bit_generator
        now = source.state
        token = MODE.set(MODE.get()._replace(scope=self.scope))
        if self.state is not None:
            source.state = self.state
        try:
            return self.call()
        finally:
            MODE.reset(token)
            if self.state is not None:
                source.state = now


def _twin(x: Any) -> Any:
    if isinstance(x, np.ndarray):
        return x.copy()
    return from_array(x.array, x.node) if type(x) is Tensor else x
