"""An operation of one's own in PyTorch's form: a class with a forward and a backward, both on Tensors."""

from __future__ import annotations

import copy
import functools
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

import numpy as np

from ..joint import Joint, Packing, together
from ..modes import MODE, no_grad, recording
from ..node import Node
from ..rules import Op, record
from ..tensor import Tensor, from_array

__all__ = ["Function", "FunctionCtx", "once_differentiable"]


class FunctionCtx:
    """What a :class:`Function`'s forward leaves for its backward; own attributes may be added.

    Attributes:
        needs_input_grad: for each argument of ``apply`` whether it is a Tensor that requires grad.
    """

    needs_input_grad: tuple[bool, ...]

    def __init__(self, inputs: Sequence[Any]) -> None:
        self.needs_input_grad = tuple(isinstance(x, Tensor) and x.requires_grad for x in inputs)
        self._saved: list[Any] = []
        self._fixed: tuple[Tensor, ...] = ()
        self._dirty: tuple[Tensor, ...] = ()
        self._materialize = True

    def save_for_backward(self, *tensors: Tensor | None) -> None:
        """Keep inputs, results or other Tensors for backward, where they are ``ctx.saved_tensors``.

        Args:
            tensors: Tensors, or None.

        Raises:
            TypeError: something else is given; set an attribute of ctx for that.
        """
        for tensor in tensors:
            if tensor is not None and not isinstance(tensor, Tensor):
                raise TypeError(
                    f"save_for_backward keeps Tensors, got {type(tensor).__name__}: set an attribute of ctx instead"
                )
        self._saved = list(tensors)

    save_for_forward = save_for_backward

    @property
    def saved_tensors(self) -> tuple[Tensor | None, ...]:
        """What :meth:`save_for_backward` kept."""
        return tuple(self._saved)

    def mark_non_differentiable(self, *tensors: Tensor) -> None:
        """Say that these results never require grad."""
        self._fixed = tensors

    def mark_dirty(self, *tensors: Tensor) -> None:
        """Say that forward changed these inputs in place; they must be among its results."""
        self._dirty = tensors

    def set_materialize_grads(self, value: bool) -> None:
        """Whether backward gets zeros (the default) or None for a result that had no gradient."""
        self._materialize = value


class Function:
    """An operation of one's own: subclass it, write ``forward`` and ``backward``, call ``apply``.

    Both are static methods on Tensors. ``backward`` returns one gradient for each argument of ``forward``, None
    where there is none. If it is written in recorded operations, it can be differentiated in turn; if not, mark it
    with :func:`once_differentiable`. ``forward`` either takes ctx first, or leaves that to
    ``setup_context(ctx, inputs, output)``. ``jvp(ctx, *changes)``, the change of the results, is optional:
    without it forward mode transposes ``backward``.

    Example:
        >>> import autograd_core as ag
        >>> class Cube(ag.autograd.Function):
        ...     @staticmethod
        ...     def forward(ctx, x):
        ...         ctx.save_for_backward(x)
        ...         return x * x * x
        ...     @staticmethod
        ...     def backward(ctx, g):
        ...         (x,) = ctx.saved_tensors
        ...         return 3 * x * x * g
        >>> x = ag.tensor(2.0, requires_grad=True)
        >>> Cube.apply(x).backward()
        >>> x.grad
        tensor(12.)

    Source: PyTorch's ``torch.autograd.Function``.
    """

    _op: Op

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        pushes = cls.jvp is not Function.jvp
        jvps = (lambda ts, y, xs, joint: joint.change(ts, y)) if pushes else None
        cls._op = Op(cls.__name__, "custom", cls.forward, together, jvps, variadic=True)

    def __init__(self) -> None:
        raise RuntimeError(f"a Function has no instances: call {type(self).__name__}.apply(...)")

    @staticmethod
    def forward(*args: Any, **kwargs: Any) -> Any:
        """The result, a Tensor or a tuple, from ``ctx`` and the arguments; runs without recording."""
        raise NotImplementedError("a Function needs a static method forward(ctx, ...)")

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: Any) -> None:
        """Keep what backward needs, if ``forward`` does not take ctx."""
        raise NotImplementedError("setup_context is optional")

    @staticmethod
    def backward(ctx: Any, *grad_outputs: Any) -> Any:
        """The gradient of each argument, given the gradient of each result."""
        raise NotImplementedError("a Function needs a static method backward(ctx, *grad_outputs) for gradients")

    @staticmethod
    def jvp(ctx: Any, *grad_inputs: Any) -> Any:
        """The change of each result, given that of each argument (None for what does not change)."""
        raise NotImplementedError("jvp is optional")

    @classmethod
    def apply(cls, *args: Any) -> Any:
        """Run ``forward`` on the arguments and record it.

        Args:
            args: Tensors and anything else, as ``forward`` takes them.

        Returns:
            What ``forward`` returns.

        Raises:
            TypeError: ``forward`` returns something other than Tensors in a tuple.
            RuntimeError: a result marked dirty is no argument, or is a leaf that requires grad.
        """
        if cls is Function:
            raise RuntimeError("Function is to be subclassed: write forward and backward, then call apply")
        ctx = FunctionCtx(args)
        own = [from_array(x.array, x.node) if isinstance(x, Tensor) else x for x in args]  # forward may change these
        with no_grad():
            if cls.setup_context is Function.setup_context:
                returned = cls.forward(ctx, *own)
            else:
                returned = cls.forward(*own)
                cls.setup_context(ctx, tuple(own), returned)
        results = returned if isinstance(returned, tuple) else (returned,)
        if not any(isinstance(result, Tensor) for result in results):
            raise TypeError(
                f"{cls.__name__}.forward returns a Tensor or a tuple of them, got {type(returned).__name__}"
            )
        recorded = MODE.get().grad and any(ctx.needs_input_grad)
        call = _Call(cls, ctx, args, results) if recorded else None
        finished = call.record() if call is not None and call.moving else [_plain(result) for result in results]
        for dirty in ctx._dirty:
            _overwrite(cls.__name__, dirty, args, own, results, finished)
        return tuple(finished) if isinstance(returned, tuple) else finished[0]


def _plain(result: Any) -> Any:
    return from_array(result.array) if isinstance(result, Tensor) else result


def _expands(shape: tuple[int, ...], wider: tuple[int, ...]) -> bool:
    """Whether a shape broadcasts to a wider one; a gradient of that is summed."""
    try:
        return np.broadcast_shapes(shape, wider) == wider
    except ValueError:
        return False


def _position(item: Any, items: Sequence[Any]) -> int | None:
    return next((i for i, other in enumerate(items) if other is item), None)


def _overwrite(name: str, dirty: Tensor, args: Any, own: Any, results: Any, finished: list[Any]) -> None:
    """Let the user's Tensor become the result that forward made of it in place."""
    source, result = _position(dirty, own), _position(dirty, results)
    if source is None or result is None:
        raise RuntimeError(f"{name} marked a tensor dirty that is not both an argument and a result of forward")
    finished[result] = args[source].rebind(finished[result], name)


class _Call:
    """One call of a Function that is recorded: it turns gradients of the results into those of the arguments."""

    def __init__(self, function: type[Function], ctx: FunctionCtx, args: Sequence[Any], results: Sequence[Any]) -> None:
        self.function = function
        self.ctx = ctx
        self.results = list(map(_plain, results))
        self.moving = [
            i
            for i, result in enumerate(results)
            if isinstance(result, Tensor) and result.dtype.kind == "f" and _position(result, ctx._fixed) is None
        ]
        self.packing = Packing([results[i].array for i in self.moving])
        self.count = len(args)
        self.tensors = [i for i, x in enumerate(args) if isinstance(x, Tensor)]
        self.given = [(x.array, x.node) for x in args if isinstance(x, Tensor)]
        self.likes = {i: (args[i].shape, args[i].dtype) for i in self.tensors}
        # A saved result is put back when asked for: kept as a Tensor it would close a reference cycle.
        self.saved = [(_position(t, results) if t is not None else None, t) for t in ctx._saved]
        self.saved = [(place, None if place is not None else t) for place, t in self.saved]
        ctx._saved, ctx._fixed = [], ()

    def record(self) -> list[Any]:
        """The results, with a node behind those that can have a gradient."""
        packed = self.packing.pack([self.results[i].array for i in self.moving])
        arrays, nodes = (tuple(part) for part in zip(*self.given, strict=True))
        whole = record(self.function._op, packed, arrays, nodes, {"joint": Joint(self.pull, self.push)})
        finished = list(self.results)
        for i, tensor in zip(self.moving, self.packing.unpack(whole), strict=True):
            finished[i] = tensor
        return finished

    def context(self, y: Any) -> FunctionCtx:
        """The ctx of one backward or forward pass, where saved results stand where y stands in the graph."""
        ctx = copy.copy(self.ctx)
        standing = dict(zip(self.moving, self.packing.unpack(y), strict=True)) if isinstance(y, Tensor) else {}
        ctx._saved = [t if place is None else standing.get(place, self.results[place]) for place, t in self.saved]
        return ctx

    def pull(self, g: Any, y: Any) -> dict[int, Any]:
        """The gradients of the Tensor arguments, by their place among them, given that of the packed results."""
        name, graph = self.function.__name__, isinstance(g, Tensor)
        ctx = self.context(y)
        parts = dict(zip(self.moving, self.packing.unpack(g), strict=True))
        with recording(graph):
            grads = self.function.backward(ctx, *(self.arriving(i, parts.get(i)) for i in range(len(self.results))))
        grads = list(grads) if isinstance(grads, tuple | list) else [grads]
        if len(grads) > self.count and all(extra is None for extra in grads[self.count :]):
            del grads[self.count :]
        if len(grads) != self.count:
            raise RuntimeError(
                f"{name}.backward returns one gradient for each argument of forward: expected {self.count}, "
                f"got {len(grads)}"
            )
        for i, grad in enumerate(grads):
            if i not in self.likes and grad is not None:
                raise RuntimeError(f"{name}.backward gave a gradient for argument {i}, which is no Tensor: return None")
        return {
            place: self.checked(grads[i], i, graph)
            for place, i in enumerate(self.tensors)
            if self.ctx.needs_input_grad[i] and grads[i] is not None
        }

    def arriving(self, i: int, part: Any) -> Any:
        """The gradient that backward gets for result i."""
        result = self.results[i]
        if not isinstance(result, Tensor):
            return None
        if part is None:
            return from_array(np.zeros_like(result.array)) if self.ctx._materialize else None
        if (
            not self.ctx._materialize
            and len(self.results) > 1
            and not np.any(part.array if isinstance(part, Tensor) else part)
        ):
            return None
        return part if isinstance(part, Tensor) else from_array(part)

    def checked(self, grad: Any, i: int, graph: bool) -> Any:
        shape, dtype = self.likes[i]
        if not isinstance(grad, Tensor):
            raise TypeError(
                f"{self.function.__name__}.backward returns Tensors or None, got {type(grad).__name__} for argument {i}"
            )
        if not _expands(shape, grad.shape):
            raise RuntimeError(
                f"{self.function.__name__}.backward gave argument {i} of shape {shape} a gradient of shape {grad.shape}"
            )
        grad = grad if grad.dtype == dtype else grad.to(dtype)
        return grad if graph else grad.array

    def push(self, tangents: Sequence[Any], y: Any) -> Any:
        """The change of the packed results, given those of the Tensor arguments."""
        changes: list[Any] = [None] * self.count
        for i, t in zip(self.tensors, tangents, strict=True):
            changes[i] = t if t is None or isinstance(t, Tensor) else from_array(t)
        graph = any(isinstance(t, Tensor) for t in tangents)
        with recording(graph):
            found = self.function.jvp(self.context(y), *changes)
        found = found if isinstance(found, tuple | list) else [found]
        if len(found) != len(self.results):
            raise RuntimeError(
                f"{self.function.__name__}.jvp returns one change for each result of forward: expected "
                f"{len(self.results)}, got {len(found)}"
            )
        parts = [
            found[i] if found[i] is not None else from_array(np.zeros_like(self.results[i].array)) for i in self.moving
        ]
        packed = self.packing.pack(parts)
        return packed if graph else packed.array


def _refuse(g: Any, *saved: Any) -> NoReturn:
    raise RuntimeError(
        "a backward marked with @once_differentiable was differentiated again: write it in recorded operations "
        "and take the mark away"
    )


_refusal = Op("once_differentiable", "custom", lambda *xs: xs[0], together, None, variadic=True)


def once_differentiable(backward: Callable[..., Any]) -> Callable[..., Any]:
    """Mark a Function's backward as not differentiable again: it runs unrecorded, and using its graph is an error.

    Args:
        backward: ``backward(ctx, *grad_outputs)``.

    Returns:
        The marked function, to stand below ``@staticmethod``.

    Source: PyTorch's ``torch.autograd.function.once_differentiable``.
    """

    @functools.wraps(backward)
    def marked(ctx: Any, *grad_outputs: Any) -> Any:
        with no_grad():
            grads = backward(ctx, *grad_outputs)
        if not MODE.get().grad:
            return grads
        sources = [t for t in (*grad_outputs, *ctx.saved_tensors) if isinstance(t, Tensor) and t.requires_grad]
        guarded = [_guarded(grad, sources) for grad in (grads if isinstance(grads, tuple | list) else [grads])]
        return tuple(guarded)

    return marked


def _guarded(grad: Any, sources: list[Tensor]) -> Any:
    """A gradient that can't be differentiated by what it was computed from."""
    if not isinstance(grad, Tensor) or not sources:
        return grad
    arrays = (grad.array, *(t.array for t in sources))
    nodes: tuple[Node | None, ...] = (None, *(t.node for t in sources))
    return record(_refusal, grad.array, arrays, nodes, {"joint": Joint(_refuse)})
