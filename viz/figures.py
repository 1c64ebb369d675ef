"""Numbers as a reader wants them: four digits, small arrays in full, large ones by shape and range."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from autograd_core.node import Spec

from .words import Words

ROWS, COLUMNS = 4, 4
"""Arrays with up to this many rows and columns are written out."""


class Summary(NamedTuple):
    """What a picture says about an array too large to write out."""

    shape: tuple[int, ...]
    dtype: Any
    low: float | None
    high: float | None
    finite: bool


Figure = Any
"""A small array or number as it is, a large one's :class:`Summary`, or its Spec if the values are gone."""


def figure(value: Any) -> Figure:
    """What to keep of a value in order to draw it."""
    if isinstance(value, (Spec, Summary)):
        return value
    array = np.asarray(value)
    if array.size == 0 or (array.ndim <= 2 and array.size <= ROWS * COLUMNS and max(array.shape, default=1) <= COLUMNS):
        return value
    finite = np.isfinite(array)
    inside = array[finite]
    low, high = (inside.min(), inside.max()) if inside.size else (None, None)
    return Summary(array.shape, array.dtype, low, high, bool(finite.all()))


def number(value: Any) -> str:
    """A number with four significant digits.

    Example:
        >>> number(-0.123456), number(3.0), number(1e-7), number(float("nan"))
        ('−0.1235', '3', '1e−7', 'nan')
    """
    if isinstance(value, (bool, np.bool_)):
        return str(bool(value))
    value = float(value) if not isinstance(value, (int, np.integer)) else int(value)
    if isinstance(value, int) or value.is_integer():
        shown = f"{int(value)}" if abs(value) < 1e6 else f"{value:.3e}"
    else:
        shown = f"{value:.4g}"
    mantissa, e, exponent = shown.partition("e")
    if e:
        mantissa = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
        shown = f"{mantissa}e{int(exponent)}"
    return shown.replace("-", "−")


def inline(value: Any) -> str | None:
    """A number or small array on one line, or None where it takes several rows.

    Example:
        >>> inline(np.array([1.0, -2.5])), inline(np.ones((2, 2))) is None
        ('[1, −2.5]', True)
    """
    array = np.asarray(value)
    if array.ndim == 0:
        return number(array[()])
    if array.ndim == 1:
        return f"[{', '.join(map(number, array))}]"
    return f"[[{', '.join(map(number, array[0]))}]]" if len(array) == 1 else None


def extent(value: Summary, words: Words) -> str:
    """The range of the elements of a large array."""
    if value.low is None:
        return words("no finite element")
    low, high = number(value.low), number(value.high)
    if value.finite:
        return words("all {number}", number=low) if low == high else words("{low} to {high}", low=low, high=high)
    return words("{low} to {high}, some not finite", low=low, high=high)


def matrix(value: Any) -> list[str]:
    """The rows of a small matrix, columns aligned for a fixed-width font.

    Example:
        >>> matrix(np.array([[1.0, -2.0], [0.5, 10.0]]))
        ['[  1  −2]', '[0.5  10]']
    """
    rows = [[number(element) for element in row] for row in np.asarray(value)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [f"[{'  '.join(cell.rjust(size) for cell, size in zip(row, widths, strict=True))}]" for row in rows]


def index_text(index: Any) -> str:
    """An index as it stands between brackets.

    Example:
        >>> index_text((slice(1, None), ..., None, 0)), index_text(np.array([0, 2]))
        ('1:, ..., None, 0', '[0, 2]')
    """
    if isinstance(index, tuple):
        return ", ".join(map(index_text, index)) or "()"
    if isinstance(index, slice):
        ends = ["" if end is None else str(end) for end in (index.start, index.stop, index.step)]
        return ":".join(ends if ends[2] else ends[:2]).replace("-", "−")
    if index is Ellipsis:
        return "..."
    if isinstance(index, np.ndarray) and index.ndim:
        return (
            f"[{', '.join(map(number, index))}]" if index.ndim == 1 and index.size <= COLUMNS else f"array{index.shape}"
        )
    return str(index).replace("-", "−")
