"""A step length along a descent direction, by the strong Wolfe conditions."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple


class Point(NamedTuple):
    """A step length t, and there the loss, its gradient, and its slope along the direction."""

    t: float
    loss: float
    gradient: Any
    slope: float


def strong_wolfe(
    at: Callable[[float], Point],
    start: Point,
    t: float,
    size: float,
    tolerance: float,
    limit: int,
    decrease: float = 1e-4,
    flatness: float = 0.9,
) -> Point:
    """A point that is low enough, f(t) ≤ f(0) + c₁t·f′(0), and flat enough, |f′(t)| ≤ c₂|f′(0)|.

    First the step grows until a minimum is bracketed, then the bracket shrinks around it; each new length comes from
    the cubic through two points and their slopes.

    Args:
        at: evaluates a step length.
        start: the point at 0.
        t: the first length tried.
        size: the largest element of the direction.
        tolerance: a bracket within which no parameter changes by as much is left alone.
        limit: how many lengths are tried after the first.
        decrease: c₁.
        flatness: c₂.

    Returns:
        The point, or the lowest one found where none was flat enough.

    Source: Nocedal and Wright, Numerical Optimization (2006), algorithms 3.5 and 3.6; the constants are PyTorch's.
    """

    def too_high(point: Point) -> bool:
        return point.loss > start.loss + decrease * point.t * start.slope

    def flat(point: Point) -> bool:
        return abs(point.slope) <= -flatness * start.slope

    before, new, tried = start, at(t), 0
    while tried < limit:
        if too_high(new) or (tried > 1 and new.loss >= before.loss):
            break
        if flat(new):
            return new
        if new.slope >= 0:
            break
        t = cubic_minimum(before, new, new.t + 0.01 * (new.t - before.t), 10 * new.t)
        before, new = new, at(t)
        tried += 1
    else:
        before = start

    best, other = (before, new) if before.loss <= new.loss else (new, before)
    by_the_end = False
    while tried < limit:
        low, high = sorted((best.t, other.t))
        if (high - low) * size < tolerance:
            break
        t, margin = cubic_minimum(best, other, low, high), 0.1 * (high - low)
        close = min(high - t, t - low) < margin
        if close and (by_the_end or not low < t < high):  # the second time: away from the end
            t, close = high - margin if high - t < t - low else low + margin, False
        by_the_end = close
        new = at(t)
        tried += 1
        if too_high(new) or new.loss >= best.loss:
            best, other = (best, new) if best.loss <= new.loss else (new, best)
            continue
        if flat(new):
            return new
        best, other = new, best if new.slope * (other.t - best.t) >= 0 else other
    return best


def cubic_minimum(a: Point, b: Point, low: float, high: float) -> float:
    """Where the cubic through two points with their slopes is lowest between two bounds; their middle if nowhere."""
    if a.t > b.t:
        a, b = b, a
    width = b.t - a.t
    if width:
        bend = a.slope + b.slope - 3 * (b.loss - a.loss) / width
        square = bend * bend - a.slope * b.slope
        if square >= 0:
            root = math.sqrt(square)
            below = b.slope - a.slope + 2 * root
            if below:
                return min(max(b.t - width * (b.slope + root - bend) / below, low), high)
    return (low + high) / 2
