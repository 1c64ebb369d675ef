"""Data as arrays: Tensors, lists and arrays in, clear errors for what does not fit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np


def plain(value: Any) -> Any:
    """Tensors, alone or in lists, as arrays; anything else as it is."""
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value.detach().cpu().numpy() if hasattr(value, "detach") else value


def array(value: Any, what: str) -> Any:
    """Anything as an array.

    Args:
        value: a Tensor, an array, or a list of them or of numbers.
        what: how it is called in errors.

    Returns:
        An array.

    Raises:
        ValueError: its rows differ in length.
    """
    try:
        found = np.asarray(plain(value))
    except ValueError as error:
        raise ValueError(f"{what}: all rows must have the same shape") from error
    if found.dtype.kind == "O":
        raise TypeError(f"{what}: an array, a Tensor or a list is needed, got {type(value).__name__}")
    return found


def numbers(value: Any, what: str) -> Any:
    """Anything as an array of float64.

    Args:
        value: a Tensor, an array, a number, or a list of them.
        what: how it is called in errors.

    Returns:
        An array.

    Raises:
        TypeError: it does not hold real numbers.
        ValueError: its rows differ in length.
    """
    found = array(value, what)
    if found.dtype.kind not in "biuf":
        raise TypeError(f"{what}: real numbers are needed, got {found.dtype}")
    return found.astype(np.float64)


def dtype_for(model: Any) -> Any:
    """The type of the numbers that a model takes: that of its parameters."""
    parameters = model.named_parameters() if hasattr(model, "named_parameters") else ()
    return next((p.dtype for _, p in parameters if np.dtype(p.dtype).kind == "f"), np.float64)


def limits(value: Any, what: str) -> tuple[float, float]:
    """Two ends of an axis.

    Raises:
        ValueError: they are not two finite numbers, the first below the second.
    """
    ends = numbers(value, what)
    if ends.shape != (2,) or not np.isfinite(ends).all() or not ends[0] < ends[1]:
        raise ValueError(f"{what} needs two finite numbers, the first below the second, got {value!r}")
    return float(ends[0]), float(ends[1])


def kinds(y: Any, what: str) -> Any:
    """The class of each sample: integers, truth values or names.

    Raises:
        ValueError: they are not in one row, there are none, or one is NaN.
    """
    found = array(y, what)
    if found.ndim == 2 and found.shape[1] == 1:
        found = found[:, 0]
    if found.ndim != 1 or not len(found):
        raise ValueError(f"{what} needs the class of each sample (samples,), got shape {found.shape}")
    if found.dtype.kind == "f" and not np.isfinite(found).all():
        raise ValueError(f"{what}: a class is not a finite number")
    if found.dtype.kind == "f" and (found == np.round(found)).all() and np.abs(found).max() < 2**53:
        return found.astype(np.int64)
    return found.astype(np.int64) if found.dtype.kind == "b" else found


def classes(found: Any, labels: Sequence[Any] | None, what: str) -> tuple[Any, list[str]]:
    """The classes that samples may have, in order, and their names.

    Args:
        found: the classes of samples.
        labels: the names of the classes 0, 1, … in order; or, for fewer or other classes, of each in sorted order.
        what: how the samples are called in errors.

    Returns:
        The classes, and a name for each.

    Raises:
        ValueError: there are more or fewer names than classes.
    """
    known = np.unique(found)
    if labels is None:
        return known, [str(kind) for kind in known]
    names = [str(label) for label in labels]
    if len(set(names)) < len(names):
        raise ValueError(f"labels= needs a different name for each class, got {names}")
    if known.dtype.kind in "iu" and known[0] >= 0 and known[-1] < len(names):
        return np.arange(len(names)), names
    if known.dtype.kind not in "iuf" and set(known.astype(str)) <= set(names):
        return np.array(names), names
    if len(known) == len(names):
        return known, names
    raise ValueError(f"labels= needs a name for each class of {what}, got {len(names)} for {known.tolist()}")
