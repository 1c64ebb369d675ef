"""An operation with one set of arguments, and a run of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np

from ..rules import Domain, Op
from ..tensor import Tensor, from_array, to_array
from ..transforms import grad
from ..tree import leaves
from .values import values

Arrays = Sequence[Any]


class Case(NamedTuple):
    """An operation and one set of arguments for it.

    Attributes:
        function: Tensors in, one Tensor or nested lists, tuples and dicts of them out.
        inputs: its tensor arguments as arrays; floats in float64.
        params: its keyword arguments.
        reference: what NumPy computes instead: arrays in, arrays out.
        op: the row of the table it comes from, if any.
    """

    function: Callable[..., Any]
    inputs: tuple[Any, ...]
    params: dict[str, Any]
    reference: Callable[..., Any] | None = None
    op: Op | None = None

    @property
    def moving(self) -> list[int]:
        """The positions of the inputs that hold floats."""
        return [i for i, array in enumerate(self.inputs) if is_float(array)]

    @property
    def elementwise(self) -> bool:
        """Whether it is an elementwise row of the table."""
        return self.op is not None and self.op.kind == "elementwise"

    @property
    def constant(self) -> bool:
        """Whether it is a row of the table without a derivative."""
        return self.op is not None and self.op.kind == "constant"

    @property
    def domains(self) -> tuple[Domain, ...]:
        """Where each input of an elementwise row may lie."""
        return self.op.domains if self.op is not None else ()

    def spread(self) -> list[Any]:
        """Inputs of shape (2, 3) for an elementwise row, all elements different."""
        return [values(domain, place=i)[:6].reshape(2, 3) for i, domain in enumerate(self.domains)]

    def __call__(self, *inputs: Any) -> Any:
        return self.function(*inputs, **self.params)

    def outputs(self, *inputs: Any) -> list[Tensor]:
        """The results that hold floats."""
        return [y for y in leaves(self(*inputs)) if is_float(y)]

    def filled(self, new: Iterable[Any], inputs: Arrays | None = None) -> list[Any]:
        """The inputs with others in place of those that hold floats."""
        result = list(self.inputs if inputs is None else inputs)
        for place, value in zip([i for i, array in enumerate(result) if is_float(array)], new, strict=True):
            result[place] = value
        return result

    def cast(self, dtypes: Iterable[Any], inputs: Arrays | None = None) -> list[Any]:
        """The inputs with those that hold floats in other dtypes."""
        floats = [array for array in (self.inputs if inputs is None else inputs) if is_float(array)]
        return self.filled((np.asarray(a).astype(d)[()] for a, d in zip(floats, dtypes, strict=True)), inputs)


class Run:
    """A case run on leaves that require grad.

    Args:
        case: what to run.
        inputs: other inputs than the case's own.

    Attributes:
        variables: the leaves, one for each input that holds floats.
        outputs: the results that hold floats.
    """

    def __init__(self, case: Case, inputs: Arrays | None = None) -> None:
        tensors = [from_array(to_array(array)) for array in (case.inputs if inputs is None else inputs)]
        self.variables = [tensor.requires_grad_() for tensor in tensors if is_float(tensor)]
        self.outputs = case.outputs(*tensors)

    def pull(self, cotangents: Arrays | None = None) -> list[Tensor]:
        """The gradients of the variables, given those of the outputs; by default the same ones every time."""
        given = [pattern(y.shape) for y in self.outputs] if cotangents is None else cotangents
        pairs = [
            (y, from_array(np.asarray(u).astype(y.dtype, copy=False)[()]))
            for y, u in zip(self.outputs, given, strict=True)
            if y.requires_grad
        ]
        if not pairs:
            return [from_array(np.zeros_like(x.array)) for x in self.variables]
        ys, us = zip(*pairs, strict=True)
        found: list[Tensor] = list(grad(ys, self.variables, us, retain_graph=True, materialize_grads=True))
        return found


def is_float(value: Any) -> bool:
    """Whether an array or Tensor holds floats."""
    dtype = value.dtype if isinstance(value, (Tensor, np.ndarray, np.generic)) else np.asarray(value).dtype
    return bool(dtype.kind == "f")


def pattern(shape: tuple[int, ...], start: int = 0) -> Any:
    """Numbers between 0.5 and 1.5 without regularity, always the same; an array also if 0-d."""
    counted = np.arange(start + 1, start + 1 + int(np.prod(shape)))
    return (0.5 + (counted * 0.7548776662466927) % 1.0).reshape(shape)


def assert_close(found: Any, expected: Any, what: str, dtype: Any = np.float64, size: float | None = None) -> None:
    """Raise AssertionError unless two arrays are equal up to the rounding of a few operations.

    Args:
        found: an array.
        expected: an array; NaN and infinities must stand in the same places.
        what: what they are, for the message.
        dtype: the dtype computed in.
        size: what the absolute error is relative to; by default the largest number expected, or 1.
    """
    found, expected = np.asarray(found), np.asarray(expected)
    if found.shape != expected.shape:
        raise AssertionError(f"{what}: expected shape {expected.shape}, found {found.shape}")
    eps = 32 * float(np.finfo(dtype).eps)
    wanted = expected.astype(np.float64)
    if size is None:
        size = float(np.max(np.abs(wanted), where=np.isfinite(wanted), initial=1.0))
    equal = np.isclose(found.astype(np.float64), wanted, rtol=eps, atol=eps * size, equal_nan=True)
    if not equal.all():
        index = tuple(int(i) for i in np.argwhere(~equal)[0])
        place = f" at {list(index)}" if index else ""
        raise AssertionError(f"{what}: expected {expected[index]!r}{place}, found {found[index]!r}")
