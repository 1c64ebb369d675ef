"""The curve of an elementwise function and of its derivative."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from typing import Any, NamedTuple

import numpy as np

import autograd_core as ag

from ..snapshot import undisturbed
from ..words import Lang
from .arrays import array, dtype_for, limits
from .canvas import DASHES, axes, colour, drawn, finish, legend, literal, words_for

POINTS = 401
SEEN = 0.01
"""A step below this part of the whole height can't be seen, so it is not looked into."""

Evaluate = Callable[[Any], tuple[Any, Any]]


class _Curve(NamedTuple):
    """Places, the values there, and what gives the values at other places."""

    x: Any
    y: Any
    at: Callable[[Any], Any]


class _View(NamedTuple):
    """The least and the greatest value to show, if there is any, and whether there are others."""

    ends: tuple[float, float] | tuple[()]
    cut: bool


def activation(
    f: str | Callable[[Any], Any],
    xlim: Sequence[float] = (-5, 5),
    *,
    derivative: bool = True,
    label: str | None = None,
    lang: Lang = "en",
    ax: Any = None,
) -> Any:
    """The curve of an elementwise function and, dashed, of its derivative by autograd; where one jumps it is broken.

    Where a function goes to infinity the picture shows most of it. Of a result that does not depend on x for autograd,
    there is no derivative. A module is looked at in evaluation mode, and comes back as it was.

    Formula:
        y = f(x), f′(x) = ∂ Σf(x) / ∂x

    Args:
        f: an elementwise function or module; or its name in ``autograd_core`` or, once ``nn`` is imported, in
            ``nn.functional``.
        xlim: from where to where.
        derivative: whether the derivative is drawn too.
        label: the name in the legend; by default that of the function.
        lang: the language of words.
        ax: where to draw, see :mod:`viz.plots`. Another call with the same Axes compares functions.

    Returns:
        The Axes; its lines hold x and f(x), then x and f′(x).

    Raises:
        ImportError: matplotlib is missing.
        TypeError: ``f`` is neither a function nor a name.
        ValueError: there is no such name, the limits are no interval, or ``f`` is not elementwise.

    Example:
        >>> import autograd_core as ag, viz
        >>> curve, slope = viz.plots.activation(ag.tanh, (-2, 2)).lines
        >>> float(slope.get_ydata().max())  # at 0
        1.0
    """
    low, high = limits(xlim, "xlim=")
    name, function = _found(f)
    words_for(lang)
    x = np.linspace(low, high, POINTS)
    with undisturbed(f) if hasattr(f, "modules") else nullcontext(), np.errstate(all="ignore"):
        evaluate = _evaluated(function, name, dtype_for(f))
        y, slope = evaluate(x)
        _check_elementwise(evaluate, x, y, name)
        curves = [_Curve(x, y, lambda places: evaluate(places)[0])]
        if derivative and slope is not None:
            there = np.where(np.isfinite(y), slope, np.nan)  # where there is no value there is no derivative
            curves.append(_Curve(x, there, lambda places: evaluate(places)[1]))
        broken, views = [_broken(curve) for curve in curves], [_view(curve) for curve in curves]
    ax = axes(ax, 5.2, 3.6)
    before = [line for line in ax.lines if line.get_gid() == "activation"]
    shade, name = colour(drawn(ax, "activation")), literal(name if label is None else label)
    texts = [f"{name}(x)", f"{name}′(x)"]
    for points, text, style in zip(broken, texts, DASHES, strict=False):
        ax.plot(*points, style, color=shade, label=text, linewidth=1.8, gid="activation")
    if before:
        low, high = min(low, ax.get_xlim()[0]), max(high, ax.get_xlim()[1])
    if any(view.cut for view in views):
        ends = [end for view in views if view.ends for end in view.ends] + list(ax.get_ylim() if before else ())
        ax.set_ylim(min(ends), max(ends))
    ax.set(xlabel="x", xlim=(low, high))
    legend(ax, frameon=False)
    return finish(ax)


def _found(f: Any) -> tuple[str, Callable[[Any], Any]]:
    """The name of a function, and the function."""
    if isinstance(f, str):
        for place in (ag, sys.modules.get("nn.functional")):
            function = getattr(place, f, None)
            if not f.startswith("_") and callable(function) and not isinstance(function, type):
                return f, function
        raise ValueError(
            f"there is no function {f!r} in autograd_core or, where nn is imported, in nn.functional: "
            "pass the function itself"
        )
    if not callable(f) or isinstance(f, type):
        got = f"the class {f.__name__}" if isinstance(f, type) else type(f).__name__
        raise TypeError(f"activation takes a function, a module or a name, got {got}")
    name = getattr(f, "__name__", None) or getattr(f, "name", None) or type(f).__name__
    return ("f" if name == "<lambda>" else str(name)), f


def _evaluated(function: Callable[[Any], Any], name: str, dtype: Any) -> Evaluate:
    """A function of an array that gives the values and the derivatives, or None for these."""

    def evaluate(x: Any) -> tuple[Any, Any]:
        with ag.enable_grad():
            places = ag.tensor(x, dtype=dtype, requires_grad=True)
            result = function(places.clone())  # a function that works in place may not change a leaf
            y = array(result, name)
            if y.shape != x.shape or y.dtype.kind not in "biuf":
                raise ValueError(
                    f"activation needs an elementwise function of real numbers: {name} made {y.dtype} of shape "
                    f"{y.shape} of shape {x.shape}"
                )
            slope = None
            if getattr(result, "requires_grad", False):
                (slope,) = ag.autograd.grad(result.sum(), places, allow_unused=True)
        return y.astype(np.float64), None if slope is None else slope.detach().numpy().astype(np.float64)

    return evaluate


def _check_elementwise(evaluate: Evaluate, x: Any, y: Any, name: str) -> None:
    some = slice(None, None, 7)
    if not np.allclose(evaluate(x[some])[0], y[some], rtol=1e-5, atol=1e-8, equal_nan=True):
        raise ValueError(f"activation needs an elementwise function: {name} of one depends on others, or on chance")


def _broken(curve: _Curve) -> tuple[Any, Any]:
    """A curve with NaN where it jumps and both limits there: halving finds the place.

    Where it is steep but continuous the step vanishes by halving; at a pole it grows, and there are no limits.
    """
    x, y = curve.x, np.where(np.isfinite(curve.y), curve.y, np.nan)
    steps = np.abs(np.diff(y))
    height = np.nanmax(y) - np.nanmin(y) if np.isfinite(y).any() else 0.0
    at = np.flatnonzero(steps > SEEN * height)
    if not len(at):
        return x, y
    low, high, below, above = x[at], x[at + 1], y[at], y[at + 1]
    for _ in range(60):
        middle = (low + high) / 2
        value = curve.at(middle)
        left = np.abs(value - below) >= np.abs(above - value)
        low, below = np.where(left, low, middle), np.where(left, below, value)
        high, above = np.where(left, middle, high), np.where(left, value, above)
    step = np.abs(above - below)
    pole, jump = ~(step <= 2 * steps[at]), ~(step <= steps[at] / 2)
    below, above = np.where(pole, np.nan, below), np.where(pole, np.nan, above)
    gap = np.full(len(at), np.nan)
    places = np.repeat(at[jump] + 1, 3)
    further = [np.stack(three, 1)[jump].ravel() for three in ((low, (low + high) / 2, high), (below, gap, above))]
    return np.insert(x, places, further[0]), np.insert(y, places, further[1])


def _view(curve: _Curve) -> _View:
    """All of a curve; or most of it, if looking more closely at its peak finds no end, where all else would be flat."""
    finite = np.isfinite(curve.y)
    values = curve.y[finite]
    if not len(values):
        return _View((), False)
    peak, step = np.abs(values).argmax(), curve.x[1] - curve.x[0]
    around = np.linspace(-step, step, 130) + curve.x[finite][peak]
    closely = np.abs(curve.at(np.clip(around, curve.x[0], curve.x[-1])))
    if not np.nanmax(closely, initial=0.0) > 1.5 * abs(values[peak]):
        return _View((float(values.min()), float(values.max())), False)
    low, high = np.quantile(values, (0.08, 0.92))
    margin = 0.1 * (high - low) or 1.0
    return _View((float(low - margin), float(high + margin)), True)
