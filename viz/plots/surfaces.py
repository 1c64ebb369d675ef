"""A function of two numbers from above, and the ways that optimisers take down on it."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

import autograd_core as ag

from ..words import Lang
from .arrays import limits, numbers, plain
from .canvas import HATCHED, INK, axes, colour, finish, legend, literal, marker, words_for

LEVELS = 14
DOTTED = 60
"""The steps of a path of up to this many points are shown as dots."""

FAR = 1e4
"""So many times the width of the picture is as far as a line leads."""

HUGE = 1e100
"""Numbers beyond this count as not finite."""


def loss_surface(
    f: Callable[[Any, Any], Any],
    xlim: Sequence[float],
    ylim: Sequence[float],
    paths: Any = (),
    *,
    points: int = 60,
    names: Sequence[str] | None = None,
    lang: Lang = "en",
    ax: Any = None,
) -> Any:
    """Contours of a function of two numbers, and paths on it, such as those of optimisers by :func:`descent`.

    Low is white, high is grey; the lines hold more of the picture's area the higher they lie, whatever the function's
    range. A path starts at a ring and ends at a mark; one that leaves the picture for good is drawn up to there, and is
    said to diverge if it ends higher than it started.

    Args:
        f: takes two numbers, as tensors without a gradient, and gives one; it is called ``points`` × ``points`` times.
        xlim: from where to where its first argument goes.
        ylim: likewise the second.
        paths: paths by name; or a sequence of paths; or one path. A path is a sequence of points (n, 2).
        points: how many places are looked at in each direction.
        names: those of the two arguments; by default as the function calls them.
        lang: the language of words.
        ax: where to draw, see :mod:`viz.plots`.

    Returns:
        The Axes; each of its lines is a path.

    Raises:
        ImportError: matplotlib is missing.
        TypeError: ``f`` is not a function.
        ValueError: the limits are no intervals, ``f`` does not give one number or nothing finite, a path is empty or
            not of points (n, 2), or ``points`` is below 2.

    Example:
        >>> import viz
        >>> ax = viz.plots.loss_surface(lambda w, b: w**2 + b**2, (-1, 1), (-1, 1), {"down": [(1, 1), (0, 0)]})
        >>> ax.get_xlabel(), ax.get_ylabel(), ax.lines[0].get_label()
        ('w', 'b', 'down')
    """
    across, up = limits(xlim, "xlim="), limits(ylim, "ylim=")
    if not callable(f):
        raise TypeError(f"loss_surface takes a function of two numbers, got {type(f).__name__}")
    if points < 2:
        raise ValueError(f"points= needs at least 2, got {points}")
    if names is not None and len(names) != 2:
        raise ValueError(f"names= needs a name for each of the two numbers, got {list(names)}")
    ways = list(_ways(paths))
    words = words_for(lang)
    x, y = np.linspace(*across, points), np.linspace(*up, points)
    heights = np.array([[_height(f, u, v) for u in x] for v in y])
    if not np.isfinite(heights).any():
        raise ValueError("loss_surface needs a function that is finite somewhere between the limits")
    ends = [(_height(f, *way[0]), _height(f, *way[-1])) for _, way in ways]
    ax = axes(ax, 5.6, 4.4)
    _contours(ax, x, y, np.ma.masked_invalid(heights))
    for place, ((name, way), (first, last)) in enumerate(zip(ways, ends, strict=True)):
        inside = across[0] <= way[-1, 0] <= across[1] and up[0] <= way[-1, 1] <= up[1]
        if not inside and not last <= first:
            name = words("{name} (diverges)", name=name) if name else words("diverges")
        _draw(ax, _shown(way, across, up), name, place)
    if not np.isfinite(heights).all():
        ax.patch.set(**HATCHED)
        ax.fill([], [], label=words("not finite"), **HATCHED)
    first_name, second_name = (literal(name) for name in (names or _names(f)))
    ax.set(xlim=across, ylim=up, xlabel=first_name, ylabel=second_name)
    if ax.get_legend_handles_labels()[1]:
        legend(ax, framealpha=0.9)
    return finish(ax, grid=False)


def descent(
    f: Callable[[Any, Any], Any],
    optimizer: Callable[[list[Any]], Any],
    start: Sequence[float],
    steps: int = 50,
) -> Any:
    """The path that an optimiser takes down a function of two numbers, for :func:`loss_surface`.

    Args:
        f: takes two numbers, as tensors, and gives one; called once for each step, so it may be of a random sample.
        optimizer: makes an optimiser of a list of parameters, such as ``lambda p: optim.SGD(p, lr=0.1)``: anything with
            ``zero_grad`` and ``step(closure)``.
        start: the point to start from.
        steps: how many steps are made; fewer if the path leads to something that is not finite.

    Returns:
        The points, an array (steps + 1, 2).

    Raises:
        TypeError: ``optimizer`` is not a function.
        ValueError: ``start`` is not a finite point, ``steps`` is negative, or ``f`` does not give one number.

    Example:
        >>> import optim, viz
        >>> viz.plots.descent(lambda w, b: w**2 + b**2, lambda p: optim.SGD(p, lr=0.25), (1, 2), steps=2).tolist()
        [[1.0, 2.0], [0.5, 1.0], [0.25, 0.5]]
    """
    if not callable(optimizer):
        raise TypeError(
            "descent needs a function that makes an optimiser, such as lambda p: optim.SGD(p, lr=0.1), got "
            f"{type(optimizer).__name__}"
        )
    first = numbers(start, "start=")
    if first.shape != (2,) or not np.isfinite(first).all():
        raise ValueError(f"start= needs two finite numbers, got {start!r}")
    if steps < 0:
        raise ValueError(f"steps= must not be negative, got {steps}")
    leaves = [ag.tensor(value, dtype=np.float64, requires_grad=True) for value in first.tolist()]
    maker = optimizer(leaves)

    def closure() -> Any:
        maker.zero_grad()
        loss = f(*leaves)
        if not getattr(loss, "requires_grad", False):
            raise ValueError("descent needs a function of its two numbers that autograd can differentiate")
        if math.prod(loss.shape) != 1:
            raise ValueError(f"descent needs a function that gives one number, got shape {tuple(loss.shape)}")
        loss.sum().backward()
        return loss

    path = [first.tolist()]
    with ag.enable_grad(), np.errstate(all="ignore"):
        for _ in range(steps):
            if not np.isfinite(path[-1]).all():
                break
            maker.step(closure)
            path.append([leaf.item() for leaf in leaves])
    return np.array(path)


def _height(f: Callable[[Any, Any], Any], u: float, v: float) -> float:
    """The function's value, NaN where it is not finite."""
    with ag.no_grad(), np.errstate(all="ignore"):
        value = numbers(f(ag.tensor(float(u), dtype=np.float64), ag.tensor(float(v), dtype=np.float64)), "the function")
    if value.size != 1:
        raise ValueError(f"loss_surface needs a function that gives one number, got shape {value.shape}")
    height = float(value.reshape(()))
    return height if abs(height) < HUGE else math.nan


def _names(f: Any) -> tuple[str, str]:
    try:
        found = list(inspect.signature(f).parameters)
    except (TypeError, ValueError):  # some that are built in say nothing
        found = []
    return (found[0], found[1]) if len(found) == 2 and "args" not in found else ("x", "y")


def _ways(paths: Any) -> Iterator[tuple[str, Any]]:
    """The paths by name, "" for none."""
    if isinstance(paths, Mapping):
        given = [(str(name), path) for name, path in paths.items()]
    else:
        if not isinstance(paths, Iterable):
            raise TypeError(f"paths= takes paths by name, a sequence of paths, or a path, got {type(paths).__name__}")
        several = [plain(path) for path in paths]
        one = bool(several) and all(np.ndim(point) == 1 for point in several)
        given = [("", paths)] if one else [("", path) for path in several]
    for name, path in given:
        points = numbers(path, f"path {name!r}" if name else "a path")
        if points.ndim != 2 or points.shape[1] != 2 or not len(points):
            raise ValueError(f"a path needs points (n, 2), at least one, got shape {points.shape}")
        yield name, points


def _shown(way: Any, across: tuple[float, float], up: tuple[float, float]) -> Any:
    """The finite start of a path up to the first point after its last in the picture, or towards it if that is far."""
    low, high = np.transpose([across, up])
    known = np.isfinite(way).all(1)
    way = way[: len(way) if known.all() else known.argmin()]
    inside = np.flatnonzero(((way >= low) & (way <= high)).all(1))
    if not len(inside) or inside[-1] == len(way) - 1:
        return way if len(inside) else np.clip(way, low - FAR * (high - low), high + FAR * (high - low))
    last, following = way[inside[-1]], way[inside[-1] + 1]
    scale = np.abs((following - last) / (high - low) / FAR).max()
    return np.concatenate([way[: inside[-1] + 1], [last + (following - last) / max(scale, 1)]])


def _contours(ax: Any, x: Any, y: Any, heights: Any) -> None:
    from matplotlib import colormaps

    levels = np.unique(np.quantile(heights.compressed(), np.linspace(0, 1, LEVELS + 1) ** 2))
    if len(levels) < 3:  # flat
        return
    shades = colormaps["Greys"](np.linspace(0, 0.5, len(levels) - 1))
    ax.contourf(x, y, heights, levels=levels, colors=shades)
    lines = ax.contour(x, y, heights, levels=levels[1:-1], colors="#6b7280", linewidths=0.6)
    ax.clabel(lines, levels=lines.levels[::3], fmt="%.3g", fontsize=8, colors=INK)


def _draw(ax: Any, way: Any, name: str, place: int) -> None:
    shade = colour(place)
    look: dict[str, Any] = {"marker": marker(place), "markevery": [-1] if len(way) else None, "markersize": 7}
    label = literal(name) if name else "_path"
    ax.plot(*way.T, color=shade, linewidth=1.3, markeredgecolor="white", label=label, **look)
    if len(way) <= DOTTED:
        ax.scatter(*way[1:-1].T, s=7, color=shade)
    ax.scatter(*way[:1].T, s=50, facecolors="white", edgecolors=INK, linewidths=1.4, zorder=3)
