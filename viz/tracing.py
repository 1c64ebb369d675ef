"""Runs a rule on arrays that write down what is done to them, as a short program for a page.

A :class:`Traced` array holds numbers, so NumPy itself decides dtypes and shapes, and a place on a
:class:`Tape`, which records each step in a few instructions that a page can carry out:

* ``["const", type, shape, data]``: numbers that are given.
* ``["take", type, shape, places, indices]``: elements of arrays, counted one after the other from 1; 0 is
  the number 0, ``null`` all in order. Whatever moves elements about is this.
* ``["reduce", type, shape, name, place, axes]``: a ufunc along axes, which the shape keeps at length one.
* ``["cast", type, shape, place]``: another dtype.
* ``[name, type, shape, place, …]``: a ufunc, or ``where``, element by element, with broadcasting.

The types are d, f, e for float64, float32, float16, i for integers and b for booleans. What depends on a
number, as a branch does, holds for that number only: the tape notes it among its ``guards``.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple
from numpy.lib.mixins import NDArrayOperatorsMixin

from . import lowering
from .lowering import names

LARGEST = 4096
"""Arrays with more elements are left to Python."""

UFUNCS = names(
    "negative positive absolute fabs exp exp2 expm1 log log2 log10 log1p sqrt cbrt square reciprocal sin cos tan "
    "arcsin arccos arctan sinh cosh tanh arcsinh arccosh arctanh sign floor ceil trunc rint isnan isinf isfinite "
    "signbit logical_not invert deg2rad radians rad2deg degrees add subtract multiply divide floor_divide "
    "remainder fmod power float_power maximum minimum fmax fmin arctan2 hypot logaddexp logaddexp2 copysign "
    "heaviside equal not_equal less less_equal greater greater_equal logical_and logical_or logical_xor "
    "bitwise_and bitwise_or bitwise_xor"
)
"""What a page can do element by element."""

REDUCTIONS = names("add multiply maximum minimum fmax fmin logical_and logical_or")


class UntraceableError(TypeError):
    """A rule does what the page can't do."""


def kind_of(dtype: Any) -> str:
    """The letter of a dtype."""
    kind = np.dtype(dtype).kind
    if kind == "f" and np.dtype(dtype).itemsize <= 8:
        return {8: "d", 4: "f", 2: "e"}[np.dtype(dtype).itemsize]
    if kind in "iub":
        return "b" if kind == "b" else "i"
    raise UntraceableError(f"numbers of dtype {dtype}")


def numbers(value: Any) -> list[Any]:
    """The elements, in order, as JSON has them: NaN and infinities by name.

    Example:
        >>> numbers(np.array([1.5, np.inf, np.nan]))
        [1.5, 'inf', 'nan']
    """
    array = np.asarray(value)
    if array.dtype.kind != "f":
        return [int(element) for element in array.ravel()]
    return [float(element) if np.isfinite(element) else str(float(element)) for element in array.ravel()]


class Tape:
    """The instructions that were recorded; each one's place is its number.

    Attributes:
        code: the instructions.
        guards: places whose first element must stay what it was, each with that number.
    """

    def __init__(self) -> None:
        self.code: list[list[Any]] = []
        self.guards: list[list[Any]] = []
        self._known: dict[str, int] = {}

    def input(self, value: Any) -> Traced:
        """An array that will be given when the program runs."""
        return Traced(self, value, self._add(["input", kind_of(value.dtype), list(np.shape(value)), len(self.code)]))

    def write(self, name: str, value: Any, *rest: Any) -> Traced:
        """Record an instruction whose result is known."""
        if np.size(value) > LARGEST:
            raise UntraceableError(f"an array of {np.size(value)} elements")
        return Traced(self, value, self._add([name, kind_of(value.dtype), list(np.shape(value)), *rest]))

    def place(self, value: Any, dtype: Any = None) -> int:
        """Where a value is; a constant is written down first, in the dtype if it is a plain number."""
        if isinstance(value, Traced):
            return value.place
        array = np.asarray(value, dtype if type(value) in (bool, int, float) else None)
        return self.write("const", array, numbers(array)).place

    def guard(self, value: Traced, found: Any) -> None:
        """Note that what follows holds only while this is so."""
        self.guards.append([value.place, *numbers(found)])

    def _add(self, instruction: list[Any]) -> int:
        key = json.dumps(instruction)
        if key not in self._known:
            self._known[key] = len(self.code)
            self.code.append(instruction)
        return self._known[key]


def plain(value: Any) -> Any:
    """A value with the arrays in place of what traces them."""
    if isinstance(value, Traced):
        return value.value
    if isinstance(value, (tuple, list)):
        return type(value)(plain(item) for item in value)
    return value


class Traced(NDArrayOperatorsMixin):
    """An array, or a NumPy number, that writes down what is done to it.

    Args:
        tape: where it writes.
        value: the numbers.
        place: where the tape has it.
    """

    __slots__ = ("place", "tape", "value")
    __hash__ = object.__hash__

    def __init__(self, tape: Tape, value: Any, place: int) -> None:
        self.tape = tape
        self.value = value
        self.place = place

    shape = property(lambda self: np.shape(self.value))
    ndim = property(lambda self: np.ndim(self.value))
    size = property(lambda self: np.size(self.value))
    dtype = property(lambda self: self.value.dtype)
    T = property(lambda self: np.transpose(self))

    # What NumPy calls

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, out: Any = None, **options: Any) -> Any:
        if method == "__call__" and not options:
            found = self._call(ufunc, inputs)
        elif method == "reduce":
            found = self._reduce(ufunc, *inputs, **options)
        elif method == "accumulate":
            found = lowering.accumulated(ufunc, *inputs, **options)
        else:
            raise UntraceableError(f"{ufunc.__name__}.{method} with {', '.join(options) or 'these arguments'}")
        if out is None:
            return found
        (target,) = out
        if not isinstance(target, Traced):
            raise UntraceableError(f"{ufunc.__name__} into an array")
        target._become(found)
        return target

    def _call(self, ufunc: Any, inputs: Sequence[Any]) -> Any:
        name = ufunc.__name__
        if name in lowering.UFUNCS:
            return lowering.UFUNCS[name](*inputs)
        if name not in UFUNCS:
            raise UntraceableError(name)
        value = ufunc(*plain(tuple(inputs)))
        loop = np.result_type(*(plain(x) if type(x) in (bool, int, float) else plain(x).dtype for x in inputs))
        return self.tape.write(name, value, *(self.tape.place(x, loop) for x in inputs))

    def _reduce(
        self,
        ufunc: Any,
        array: Any,
        axis: Any = 0,
        dtype: Any = None,
        out: Any = None,
        keepdims: bool = False,
        initial: Any = None,
        where: Any = True,
    ) -> Any:
        if out is not None or ufunc.__name__ not in REDUCTIONS:
            raise UntraceableError(f"{ufunc.__name__}.reduce")
        if where is not True:
            array = _where(where, array, np.asarray(initial, array.dtype)[()])
        axes = tuple(range(array.ndim)) if axis is None else normalize_axis_tuple(axis, array.ndim)
        given = {} if initial is None or initial is np._NoValue else {"initial": initial}
        value = ufunc.reduce(array.value, axis=axes, dtype=dtype, keepdims=True, **given)
        value = np.asarray(value)
        found = self.tape.write("reduce", value, ufunc.__name__, array.place, list(axes))
        if given:
            found = self._call(ufunc, (found, np.asarray(initial, value.dtype)[()]))
        return found if keepdims else np.squeeze(found, axis=axes)

    def __array_function__(self, function: Any, types: Any, args: Any, options: Any) -> Any:
        name = function.__name__
        if name in lowering.KNOWN_BY_SHAPE or (name == "full_like" and not isinstance(args[1], Traced)):
            return function(*plain(tuple(args)), **{key: plain(item) for key, item in options.items()})
        if name == "where" and len(args) == 3:
            return _where(*args)
        if name in lowering.FUNCTIONS:
            return lowering.FUNCTIONS[name](*args, **options)
        if name in lowering.MOVES:
            return self._move(function, args, options)
        raise UntraceableError(name)

    def _move(self, function: Any, args: Any, options: Any) -> Any:
        """A function that only moves elements about: run on their numbers it says where each comes from."""
        sources: list[Traced] = []
        start = [1]

        def counted(value: Any) -> Any:
            if isinstance(value, Traced):
                sources.append(value)
                numbering = np.arange(start[0], start[0] + value.size).reshape(value.shape)
                start[0] += value.size
                return numbering
            if isinstance(value, (tuple, list)) and any(isinstance(item, (Traced, tuple, list)) for item in value):
                if any(isinstance(item, Traced) for item in value):
                    return type(value)(counted(_as_traced(self.tape, item)) for item in value)
                return type(value)(map(counted, value))
            return value

        where = function(*map(counted, args), **{key: counted(value) for key, value in options.items()})
        values = function(*plain(tuple(args)), **{key: plain(value) for key, value in options.items()})
        if isinstance(where, (tuple, list)):
            return type(where)(self._taken(sources, one, value) for one, value in zip(where, values, strict=True))
        return self._taken(sources, where, values)

    def _taken(self, sources: Sequence[Traced], where: Any, value: Any) -> Traced:
        indices = np.ravel(where).tolist()
        whole = len(sources) == 1 and indices == list(range(1, sources[0].size + 1))
        if whole and np.shape(value) == sources[0].shape:
            return sources[0]
        return self.tape.write("take", value, [source.place for source in sources], None if whole else indices)

    def elements(self, places: list[int], shape: tuple[int, ...]) -> Traced:
        """Elements by their numbers from 1, where 0 is the number 0, in this shape."""
        value = np.append(np.zeros(1, self.dtype), self.value)[places].reshape(shape)
        return self._taken([self], np.reshape(places, shape), value)

    # What rules do to arrays

    def __getitem__(self, index: Any) -> Any:
        if any(isinstance(item, Traced) for item in (index if isinstance(index, tuple) else (index,))):
            raise UntraceableError("positions that are computed")
        return self._move(_item, (self, _Index(index)), {})

    def __setitem__(self, index: Any, value: Any) -> None:
        given = _as_traced(self.tape, value)
        if given.dtype != self.dtype:
            given = given.astype(self.dtype)
        self._become(self._move(_with_item, (self, _Index(index), given), {}))

    def _become(self, other: Traced) -> None:
        self.value, self.place = other.value, other.place

    def _into_itself(self, ufunc: Any, other: Any) -> Traced:
        self._become(ufunc(self, other))
        return self

    def __iadd__(self, other: Any) -> Traced:
        return self._into_itself(np.add, other)

    def __isub__(self, other: Any) -> Traced:
        return self._into_itself(np.subtract, other)

    def __imul__(self, other: Any) -> Traced:
        return self._into_itself(np.multiply, other)

    def __itruediv__(self, other: Any) -> Traced:
        return self._into_itself(np.divide, other)

    def astype(self, dtype: Any, **options: Any) -> Traced:
        value = self.value.astype(dtype)
        return self if value.dtype == self.dtype else self.tape.write("cast", value, self.place)

    def copy(self, *args: Any, **options: Any) -> Traced:
        return Traced(self.tape, self.value, self.place)

    def reshape(self, *shape: Any) -> Any:
        return np.reshape(self, shape[0] if len(shape) == 1 else shape)

    def transpose(self, *axes: Any) -> Any:
        return np.transpose(self, (axes[0] if len(axes) == 1 and not isinstance(axes[0], int) else axes) or None)

    def swapaxes(self, a: int, b: int) -> Any:
        return np.swapaxes(self, a, b)

    def squeeze(self, axis: Any = None) -> Any:
        return np.squeeze(self, axis)

    def ravel(self) -> Any:
        return np.ravel(self)

    def sum(self, axis: Any = None, **options: Any) -> Any:
        return np.sum(self, axis, **options)

    def mean(self, axis: Any = None, **options: Any) -> Any:
        return np.mean(self, axis, **options)

    def max(self, axis: Any = None, **options: Any) -> Any:
        return np.max(self, axis, **options)

    def min(self, axis: Any = None, **options: Any) -> Any:
        return np.min(self, axis, **options)

    def all(self, axis: Any = None, **options: Any) -> Any:
        return np.all(self, axis, **options)

    def any(self, axis: Any = None, **options: Any) -> Any:
        return np.any(self, axis, **options)

    def round(self, decimals: int = 0) -> Any:
        return np.round(self, decimals)

    def clip(self, low: Any = None, high: Any = None) -> Any:
        return np.clip(self, low, high)

    # What makes a plain number of it: right only for this one

    def __bool__(self) -> bool:
        found = bool(self.value)
        self.tape.guard(self, np.asarray(self.value))
        return found

    def __index__(self) -> int:
        self.tape.guard(self, np.asarray(self.value))
        return int(self.value.__index__())

    def __int__(self) -> int:
        return int(np.trunc(self).astype(np.int64).__index__())

    def __ceil__(self) -> Any:
        return np.ceil(self).astype(np.int64)

    def __floor__(self) -> Any:
        return np.floor(self).astype(np.int64)

    def __float__(self) -> float:
        raise UntraceableError("a plain number made of an array")

    def __array__(self, *args: Any, **options: Any) -> Any:
        raise UntraceableError("a plain array made of a traced one")

    def __len__(self) -> int:
        return len(self.value)

    def __iter__(self) -> Any:
        return (self[i] for i in range(len(self.value)))


class _Index:
    """An index, kept from being taken for arrays."""

    def __init__(self, index: Any) -> None:
        self.index = index


def _item(array: Any, at: _Index) -> Any:
    return array[at.index]


def _with_item(array: Any, at: _Index, value: Any) -> Any:
    found = np.array(array)
    found[at.index] = value
    return found


def _as_traced(tape: Tape, value: Any) -> Traced:
    if isinstance(value, Traced):
        return value
    array = np.asarray(value)
    return Traced(tape, array, tape.place(array))


def _where(condition: Any, a: Any, b: Any) -> Any:
    tape = next(part.tape for part in (condition, a, b) if isinstance(part, Traced))
    value = np.where(*plain((condition, a, b)))[()]
    return tape.write("where", value, tape.place(condition), tape.place(a, value.dtype), tape.place(b, value.dtype))
