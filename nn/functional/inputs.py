"""How functions take their arguments."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np

from autograd_core import Tensor, get_default_dtype, maximum, tensor
from autograd_core.tensor import to_array


def given(data: Any) -> Tensor:
    """The data as a Tensor. An array is copied: a graph may keep it, and its owner may write into it."""
    return data if isinstance(data, Tensor) else tensor(data)


def floats(data: Any) -> Tensor:
    """The data as a Tensor of floats; an array is copied."""
    x = given(data)
    return x if x.dtype.kind == "f" else x.to(get_default_dtype())


def together(*data: Any) -> list[Tensor]:
    """Several arguments as Tensors of their common float dtype: whole numbers and lists take that of the others."""
    known = [x.dtype for x in data if hasattr(x, "dtype") and x.dtype.kind == "f"]
    dtype = functools.reduce(np.promote_types, known) if known else get_default_dtype()
    return [x.to(dtype) if isinstance(x, Tensor) else tensor(x, dtype=dtype) for x in data]


def values(data: Any) -> Any:
    """The array of what is given as a Tensor, an array or numbers."""
    return data.array if isinstance(data, Tensor) else to_array(data)


def placed(input: Any, result: Tensor, inplace: bool, name: str) -> Tensor:
    """The result, or the input object turned into it."""
    if not inplace:
        return result
    if not isinstance(input, Tensor):
        raise TypeError(f"{name} with inplace=True changes a Tensor, got {type(input).__name__}")
    return input.rebind(result, f"{name} with inplace=True")


def floored(x: Tensor, low: float) -> Tensor:
    """x, no smaller than a number; its gradient passes as if it had been left alone."""
    return x + (maximum(x, low) - x).detach()
