"""NumPy functions in terms of simpler ones, for arrays that trace what is done to them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index


def names(text: str) -> frozenset[str]:
    """Words as a set.

    Example:
        >>> sorted(names("sin cos"))
        ['cos', 'sin']
    """
    return frozenset(text.split())


def accumulated(ufunc: Any, array: Any, axis: int = 0, dtype: Any = None, out: Any = None) -> Any:
    axis = normalize_axis_index(axis, array.ndim)
    rows = [np.take(array, [i], axis) for i in range(array.shape[axis])]
    for i in range(1, len(rows)):
        rows[i] = ufunc(rows[i - 1], rows[i])
    return np.concatenate(rows, axis) if rows else array


def _matmul(a: Any, b: Any) -> Any:
    x = np.expand_dims(a, 0) if np.ndim(a) == 1 else a
    y = np.expand_dims(b, 1) if np.ndim(b) == 1 else b
    found = np.sum(np.expand_dims(x, -1) * np.expand_dims(y, -3), axis=-2)
    return np.squeeze(found, tuple(i for i, z in ((-2, a), (-1, b)) if np.ndim(z) == 1))


def _einsum(pattern: str, *arrays: Any, **options: Any) -> Any:
    """Axes by letters: each array gets all of them, then those that the result lacks are summed."""
    ins, _, out = pattern.replace(" ", "").partition("->")
    if "." in pattern or "->" not in pattern or any(len(set(part)) < len(part) for part in ins.split(",")):
        raise NotImplementedError(f"einsum of {pattern}")
    letters = out + "".join(sorted(set(ins) - set(out) - {","}))
    product: Any = None
    for part, array in zip(ins.split(","), arrays, strict=True):
        order = sorted(range(len(part)), key=lambda i: letters.index(part[i]))
        wide = np.expand_dims(np.transpose(array, order), [i for i, x in enumerate(letters) if x not in part])
        product = wide if product is None else product * wide
    return np.sum(product, axis=tuple(range(len(out), len(letters)))) if len(letters) > len(out) else product


def _tensordot(a: Any, b: Any, axes: Any = 2) -> Any:
    left, right = axes if not isinstance(axes, int) else (range(np.ndim(a) - axes, np.ndim(a)), range(axes))
    left, right = ([part] if isinstance(part, int) else list(part) for part in (left, right))
    ones, others = "abcdefgh"[: np.ndim(a)], list("ijklmnop"[: np.ndim(b)])
    for i, j in zip(left, right, strict=True):
        others[j] = ones[i]
    shared = {ones[i] for i in left}
    kept = "".join(x for x in (*ones, *others) if x not in shared)
    return _einsum(f"{ones},{''.join(others)}->{kept}", a, b)


def _dot(a: Any, b: Any) -> Any:
    if np.ndim(a) == 0 or np.ndim(b) == 0:
        return a * b
    return _tensordot(a, b, ([np.ndim(a) - 1], [max(np.ndim(b) - 2, 0)]))


def _broadcast_arrays(*arrays: Any) -> tuple[Any, ...]:
    shape = np.broadcast_shapes(*map(np.shape, arrays))
    return tuple(np.broadcast_to(array, shape) for array in arrays)


def _clip(a: Any, a_min: Any = None, a_max: Any = None, **options: Any) -> Any:
    low = a if a_min is None else np.maximum(a, a_min)
    return low if a_max is None else np.minimum(low, a_max)


def _round(a: Any, decimals: int = 0) -> Any:
    if decimals == 0:
        return np.rint(a)
    factor = float(10 ** abs(decimals))
    return np.rint(a * factor) / factor if decimals > 0 else np.rint(a / factor) * factor


def _full_like(a: Any, fill_value: Any, dtype: Any = None, **options: Any) -> Any:
    return np.broadcast_to(np.astype(fill_value, a.dtype if dtype is None else dtype), np.shape(a))


def _mean(a: Any, axis: Any = None, keepdims: bool = False, **options: Any) -> Any:
    total = np.sum(a, axis=axis, keepdims=keepdims)
    return total / (np.size(a) // max(np.size(total), 1))


def _nan_to_num(x: Any, copy: bool = True, nan: Any = 0.0, posinf: Any = None, neginf: Any = None) -> Any:
    limits = np.finfo(x.dtype)
    high, low = (limits.max if posinf is None else posinf), (limits.min if neginf is None else neginf)
    signed = np.where(x > 0, np.full_like(x, high), np.full_like(x, low))
    return np.where(np.isfinite(x), x, np.where(np.isnan(x), np.full_like(x, nan), signed))


def _sinc(x: Any) -> Any:
    y = np.pi * np.where(x == 0, np.full_like(x, 1e-20), x)
    return np.where(x == 0, np.ones_like(x), np.sin(y) / y)


def _reduction(ufunc: Any) -> Callable[..., Any]:
    def reduced(a: Any, axis: Any = None, **options: Any) -> Any:
        kept = {key: value for key, value in options.items() if value is not None and value is not np._NoValue}
        return ufunc.reduce(a, axis=axis, **kept)

    return reduced


UFUNCS: dict[str, Callable[..., Any]] = {
    "matmul": _matmul,
    "vecdot": lambda a, b: np.sum(a * b, axis=-1),
    "matvec": lambda a, b: np.sum(a * np.expand_dims(b, -2), axis=-1),
}
FUNCTIONS: dict[str, Callable[..., Any]] = {
    "clip": _clip,
    "round": _round,
    "around": _round,
    "full_like": _full_like,
    "sum": _reduction(np.add),
    "prod": _reduction(np.multiply),
    "max": _reduction(np.maximum),
    "amax": _reduction(np.maximum),
    "min": _reduction(np.minimum),
    "amin": _reduction(np.minimum),
    "all": _reduction(np.logical_and),
    "any": _reduction(np.logical_or),
    "mean": _mean,
    "cumsum": lambda a, axis, **options: np.add.accumulate(a, axis),
    "einsum": _einsum,
    "tensordot": _tensordot,
    "dot": _dot,
    "inner": lambda a, b: np.sum(a * b, axis=-1) if np.ndim(a) == np.ndim(b) == 1 else _dot(a, np.swapaxes(b, -1, -2)),
    "broadcast_arrays": _broadcast_arrays,
    "nan_to_num": _nan_to_num,
    "sinc": _sinc,
    "astype": lambda x, dtype, **options: x.astype(dtype),
    "copy": lambda a, **options: a.copy(),
}
KNOWN_BY_SHAPE = names(
    "zeros_like ones_like empty_like shape ndim size result_type can_cast may_share_memory shares_memory "
    "iscomplexobj isrealobj broadcast_shapes"
)
MOVES = names(
    "_item _with_item reshape ravel transpose swapaxes moveaxis rollaxis permute_dims matrix_transpose broadcast_to "
    "expand_dims squeeze flip fliplr flipud rot90 roll concatenate stack hstack vstack dstack "
    "column_stack split array_split hsplit vsplit unstack take take_along_axis diagonal tile repeat atleast_1d "
    "atleast_2d atleast_3d sliding_window_view tril triu delete diag diagflat"
)
