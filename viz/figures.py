"""Numbers as a reader wants them: four digits, small arrays in full, large ones by shape and range."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from autograd_core.node import Spec

from .words import Words

ROWS, COLUMNS = 4, 4
"""Arrays with up to this many rows and columns are written out."""


BARS = 12
"""How many bars a histogram has."""

SAMPLE = 1 << 16
"""A histogram counts about this many elements of a larger array, evenly spread."""


class Summary(NamedTuple):
    """What a picture says about an array too large to write out.

    The low, the high, the mean and the standard deviation are those of its finite elements, None if there are none.
    """

    shape: tuple[int, ...]
    dtype: Any
    low: float | None = None
    high: float | None = None
    mean: float | None = None
    std: float | None = None
    nans: int = 0
    infinities: int = 0
    bars: tuple[float, ...] = ()

    @property
    def finite(self) -> bool:
        """Whether all elements are."""
        return not (self.nans or self.infinities)


Figure = Any
"""A small array or number as it is, a large one's :class:`Summary`, or its Spec if the values are gone."""


def figure(value: Any, bars: bool = True) -> Figure:
    """What to keep of a value in order to draw it.

    Args:
        value: a number or an array.
        bars: whether a histogram of a large one may be drawn.

    Returns:
        The value itself if it is small, else its Summary.
    """
    if isinstance(value, (Spec, Summary)):
        return value
    array = np.asarray(value)
    if array.size == 0 or (array.ndim <= 2 and array.size <= ROWS * COLUMNS and max(array.shape, default=1) <= COLUMNS):
        return value
    inside = array.ravel()
    with np.errstate(over="ignore", invalid="ignore"):
        total = inside.sum(dtype=np.float64)
        nans = infinities = 0
        if not np.isfinite(total):
            finite = np.isfinite(inside)
            nans = int(np.count_nonzero(np.isnan(inside)))
            inside = inside[finite]
            infinities = array.size - nans - inside.size
            if not inside.size:
                return Summary(array.shape, array.dtype, nans=nans, infinities=infinities)
            total = inside.sum(dtype=np.float64)
        mean = float(total / inside.size)
        distance = inside - (np.float64(mean) if inside.itemsize < 4 else mean)  # halves soon overflow
        std = float(np.sqrt(np.dot(distance, distance) / inside.size))
    low, high = inside.min(), inside.max()
    counts = _bars(inside, float(low), float(high)) if bars else ()
    return Summary(array.shape, array.dtype, low, high, mean, std, nans, infinities, counts)


def _bars(elements: Any, low: float, high: float) -> tuple[float, ...]:
    """The heights of a histogram from ``low`` to ``high``, the highest 1; none if these are the same."""
    span = high / 2 - low / 2  # halves, since the difference may not be a finite number
    if not span > 0:
        return ()
    sample = elements[:: elements.size // SAMPLE | 1].astype(np.float64)
    counts = np.bincount(np.minimum((sample / 2 - low / 2) / span * BARS, BARS - 1).astype(int), minlength=BARS)
    return tuple((counts / counts.max()).round(3).tolist())


def number(value: Any, digits: int = 4) -> str:
    """A number with four significant digits, or as many as are asked for.

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
        shown = f"{value:.{digits}g}"
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
    return f"[[{', '.join(map(number, array[0]))}]]" if array.ndim == 2 and len(array) == 1 else None


def extent(value: Summary, words: Words, ranged: bool = True) -> str:
    """The mean ± the standard deviation of the elements of a large array, and their range if that is wanted.

    Example:
        >>> extent(figure(np.arange(20.0)), Words("en")), extent(figure(np.array([np.nan] * 9)), Words("en"))
        ('9.5 ± 5.77, 0 to 19', '9 × nan')
    """
    parts = []
    if value.low is not None:
        low, high = number(value.low), number(value.high)
        parts = [f"{number(_rounded(value.mean, value.std), 3)} ± {number(value.std, 3)}"]
        if ranged:
            parts.append(words("{low} to {high}", low=low, high=high))
        if value.low == value.high and value.finite:
            parts = [words("all {number}", number=low)]
    parts += [f"{count} × {name}" for count, name in ((value.nans, "nan"), (value.infinities, "inf")) if count]
    return ", ".join(parts)


def _rounded(mean: Any, std: Any) -> float:
    """A mean without digits that a thousandth of the standard deviation does not reach."""
    if not 0 < std < np.inf or not np.isfinite(mean):
        return float(mean)
    return float(round(mean, 2 - int(np.floor(np.log10(std)))))


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
