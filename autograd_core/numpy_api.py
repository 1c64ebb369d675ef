"""NumPy's functions on Tensors: those in the table are recorded, everything else is refused by name.

NumPy hands every ufunc call with a Tensor to ``__array_ufunc__`` (NEP 13) and most other functions to
``__array_function__`` (NEP 18).
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from .ops import choice, extremes, reduce
from .ops import shape as shapes
from .ops.split import pieces
from .public import NUMPY, public
from .symbolic import Expr
from .tensor import Tensor, method

# Questions about values or shapes, whose answers are no Tensors: NumPy answers them itself.
QUESTIONS = {
    np.shape,
    np.ndim,
    np.size,
    np.allclose,
    np.array_equal,
    np.array_equiv,
    np.result_type,
    np.can_cast,
    np.array_repr,
    np.array_str,
    np.array2string,
    np.may_share_memory,
    np.shares_memory,
}
REDUCTIONS: dict[Any, Callable[..., Tensor]] = {
    np.add: reduce.sum,
    np.multiply: reduce.prod,
    np.maximum: extremes.amax,
    np.minimum: extremes.amin,
    np.logical_and: reduce.all,
    np.logical_or: reduce.any,
}


@public(numpy=np.transpose)
def _transpose(a: Any, axes: Any = None) -> Tensor:
    return shapes.transpose(a) if axes is None else shapes.permute(a, axes)


@public(numpy=np.reshape)
def _reshape(a: Any, shape: Any, order: str = "C") -> Tensor:
    if order != "C":
        raise TypeError(f"np.reshape on a Tensor keeps row-major order, got order={order!r}: transpose first")
    return shapes.reshape(a, shape)


@public(numpy=np.swapaxes)
def _swapaxes(a: Any, axis1: int, axis2: int) -> Tensor:
    return shapes.swapaxes(a, axis1, axis2)


@public(numpy=np.squeeze)
def _squeeze(a: Any, axis: Any = None) -> Tensor:
    places = () if axis is None else np.lib.array_utils.normalize_axis_tuple(axis, a.ndim)
    if any(a.shape[i] != 1 for i in places):
        raise ValueError(f"np.squeeze removes axes of length 1, got axis={axis} of shape {a.shape}")
    return shapes.squeeze(a, axis)


def _cuts(length: int, indices_or_sections: Any, even: bool) -> list[int]:
    if not hasattr(indices_or_sections, "__len__"):
        count = int(indices_or_sections)
        if count <= 0:
            raise ValueError(f"a split needs at least one section, got {count}")
        if even and length % count:
            raise ValueError(f"np.split needs equal sections, and {length} is not a multiple of {count}")
        long = length % count
        return [i * (length // count) + min(i, long) for i in range(count + 1)]
    bounds = [slice(0, int(i)).indices(length)[1] for i in indices_or_sections]
    return [0, *bounds, length]


@public(numpy=np.split)
def _split(ary: Any, indices_or_sections: Any, axis: int = 0) -> list[Tensor]:
    return list(pieces(ary, _cuts(ary.shape[axis], indices_or_sections, True), axis % ary.ndim))


@public(numpy=np.array_split)
def _array_split(ary: Any, indices_or_sections: Any, axis: int = 0) -> list[Tensor]:
    return list(pieces(ary, _cuts(ary.shape[axis], indices_or_sections, False), axis % ary.ndim))


@public(numpy=np.clip)
def _clip(a: Any, a_min: Any = None, a_max: Any = None, *, min: Any = None, max: Any = None) -> Tensor:
    return choice.clip(a, a_min if min is None else min, a_max if max is None else max)


@public(numpy=np.var)
def _var(
    a: Any,
    axis: Any = None,
    dtype: Any = None,
    ddof: float = 0,
    keepdims: bool = False,
    correction: float | None = None,
) -> Tensor:
    taken_off = ddof if correction is None else correction
    return reduce.var(reduce.floating(a, dtype), axis, keepdims=keepdims, correction=taken_off)


@public(numpy=np.std)
def _std(
    a: Any,
    axis: Any = None,
    dtype: Any = None,
    ddof: float = 0,
    keepdims: bool = False,
    correction: float | None = None,
) -> Tensor:
    taken_off = ddof if correction is None else correction
    return reduce.std(reduce.floating(a, dtype), axis, keepdims=keepdims, correction=taken_off)


if hasattr(np, "astype"):  # NumPy 2.1

    @public(numpy=np.astype)
    def _astype(x: Any, dtype: Any) -> Tensor:
        return shapes.as_tensor(x).to(dtype)


# These take NumPy's arguments in NumPy's order; of the others more than two are matched by name.
_SAME_ORDER = {
    np.where,
    np.einsum,
    np.swapaxes,
    np.clip,
    np.split,
    np.array_split,
    np.full_like,
    np.broadcast_arrays,
    np.atleast_1d,
    np.atleast_2d,
    np.atleast_3d,
}


@functools.cache
def _parameters(function: Callable[..., Any]) -> tuple[str, ...]:
    return tuple(inspect.signature(function).parameters)


@functools.cache
def _options(function: Callable[..., Any]) -> frozenset[str]:
    return frozenset(_parameters(function))


def _refusal(name: str, what: str) -> TypeError:
    return TypeError(
        f"{name} {what}: use a function of autograd_core in its place, t.detach().numpy() if no gradient is needed, "
        "or declare your own with autograd_core.rules"
    )


def _name(function: Callable[..., Any]) -> str:
    module = (getattr(function, "__module__", None) or "numpy").replace("numpy", "np", 1)
    return f"{module}.{function.__name__}"


@method
def __array_ufunc__(self: Tensor, ufunc: Any, how: str, *inputs: Any, out: Any = None, **options: Any) -> Any:
    """What NumPy calls for ``np.sin(t)``, ``array * t`` and the like."""
    if any(isinstance(value, Expr) for value in inputs):
        return NotImplemented
    name = f"np.{ufunc.__name__}" + ("" if how == "__call__" else f".{how}")
    if out is not None:
        return _into(name, getattr(ufunc, how), inputs, out, options)
    if how == "reduce" and ufunc in REDUCTIONS:
        return _reduced(name, REDUCTIONS[ufunc], *inputs, **options)
    function = NUMPY.get(ufunc)
    if how == "outer" and function is not None and ufunc.nin == 2:
        a, b = map(shapes.as_tensor, inputs)
        inputs, how = (a.reshape(a.shape + (1,) * b.ndim), b), "__call__"
    if function is None or how != "__call__":
        raise _refusal(name, "is not differentiated on Tensors")
    if options:
        raise _refusal(name, f"on a Tensor does not take {', '.join(options)}")
    return function(*inputs)


def _reduced(name: str, function: Callable[..., Tensor], x: Any, axis: Any = 0, **options: Any) -> Tensor:
    if options.pop("dtype", None) is not None or options.keys() - {"keepdims"}:
        raise _refusal(name, f"on a Tensor does not take {', '.join(options) or 'dtype'}")
    return function(x, axis=axis, **options)


def _into(name: str, function: Callable[..., Any], inputs: Sequence[Any], out: Any, options: dict[str, Any]) -> Any:
    """``array += t``: fine as long as nothing there can have a gradient."""
    if any(isinstance(value, Tensor) for value in out):
        raise _refusal(name, "does not write into a Tensor, which would change what a graph holds")
    if any(isinstance(value, Tensor) and value.requires_grad for value in inputs):
        raise _refusal(name, "can't write a Tensor that requires grad into an array, its gradient would be lost")
    return function(*(np.asarray(value) for value in inputs), out=out if len(out) > 1 else out[0], **options)


@method
def __array_function__(self: Tensor, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
    """What NumPy calls for ``np.sum(t)``, ``np.concatenate([t, u])`` and the like."""
    ours = NUMPY.get(function)
    if ours is None:
        if function in QUESTIONS:
            return function(*_arrays(args), **{key: _arrays(value) for key, value in kwargs.items()})
        raise _refusal(_name(function), "is not differentiated on Tensors")
    if args and (len(args) <= 2 or function in _SAME_ORDER) and kwargs.keys() <= _options(ours):
        return ours(*args, **kwargs)
    return _by_name(function, ours, args, kwargs)


def _by_name(function: Any, ours: Callable[..., Any], args: Any, kwargs: Any) -> Any:
    """Call ours with the arguments matched to NumPy's names; those left at their default do not matter."""
    try:
        signature = inspect.signature(function)
    except ValueError:  # a few of NumPy's functions in C do not tell
        raise _refusal(_name(function), f"on a Tensor does not take {', '.join(kwargs)}") from None
    bound = signature.bind(*args, **kwargs)
    (_, value), *rest = bound.arguments.items()
    known = _options(ours)
    given = {}
    for key, option in rest:
        default = signature.parameters[key].default
        if option is default or (isinstance(option, (bool, str, type(None))) and option == default):
            continue
        if key not in known:
            raise _refusal(_name(function), f"on a Tensor does not take {key}")
        given[key] = option
    return ours(value, **given)


def _arrays(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return type(value)(_arrays(item) for item in value)
    return np.asarray(value.detach()) if isinstance(value, Tensor) else value
