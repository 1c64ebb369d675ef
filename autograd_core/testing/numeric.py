"""Derivatives from differences of values: what the rules are checked against.

Along a direction, central differences at steps h, h/2, h/4 are extrapolated (Richardson) until two
orders agree, twice in a row. Where they do not, the differences from either side are extrapolated by
themselves: if they meet, that is the derivative, and if they do not, there is a kink.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

ROUNDING = 16 * float(np.finfo(np.float64).eps)
"""How far rounding may move a value computed in a few operations, relative to its size."""

HALVINGS = 60
"""How often a step is halved before giving up; reached only next to a kink or a boundary."""


class KinkError(ValueError):
    """The function has no derivative where it was to be checked: a kink, a jump, or the edge of its domain."""


class Slope(NamedTuple):
    """The derivative of several outputs along one direction.

    Attributes:
        value: per output the derivative, NaN where there is none.
        allowed: per output how far a right derivative may be from it.
        left: the slope from below, NaN if there is none.
        right: the slope from above.
        finite: per output whether it is finite both below and above.
    """

    value: Floats
    allowed: Floats
    left: Floats
    right: Floats
    finite: NDArray[np.bool_]


def slope(along: Callable[[float], Floats], reach: float, eps: float, rtol: float, atol: float) -> Slope:
    """The derivative at 0 of a function of one number, by extrapolated differences.

    Args:
        along: the outputs, flat, as a function of the step.
        reach: the size of what is stepped from, max \\|x\\|: steps are relative to it if it exceeds 1.
        eps: the first step.
        rtol: the relative error allowed in the end; the differences aim at a tenth of it.
        atol: the error allowed relative to max(1, \\|output\\|).

    Returns:
        The derivative of each output, where it exists.
    """
    middle = along(0.0)
    size = np.maximum(1.0, np.abs(middle))
    value = np.full(middle.shape, np.nan)
    smooth = agreed = np.zeros(middle.shape, bool)
    lefts: list[Floats] = []
    rights: list[Floats] = []
    h = 2 * eps * max(1.0, reach)

    def confirmed(slopes: Floats) -> NDArray[np.bool_]:
        """Whether a far smaller step agrees: stairs look like a slope to steps much longer than theirs."""
        small = h / 64
        closer = (along(small) - along(-small)) / (2 * small)
        noise = ROUNDING * (size + reach * np.abs(slopes)) / small
        return np.asarray(np.abs(closer - slopes) <= 1e-3 * np.abs(slopes) + 1e-6 * size + noise)

    for _ in range(HALVINGS):
        h /= 2
        before, after = along(-h), along(h)
        lefts.append((middle - before) / h)
        rights.append((after - middle) / h)
        if len(lefts) >= 3:
            d0, d1, d2 = ((left + right) / 2 for left, right in zip(lefts[-3:], rights[-3:], strict=True))
            best = (64 * d2 - 20 * d1 + d0) / 45  # free of the errors h² and h⁴
            error = np.abs(best - (4 * d2 - d1) / 3)
            allowed = rtol * np.abs(best) + atol * size
            noise = ROUNDING * (size + reach * np.abs(best)) / h
            g0, g1, g2 = (right - left for left, right in zip(lefts[-3:], rights[-3:], strict=True))
            gap = np.abs(16 * g2 - 10 * g1 + g0) / 7  # what is left of right − left without its h and h³ parts
            agree = (error <= 0.1 * allowed + noise) & (noise <= allowed)
            agree &= gap <= 1e-4 * (np.abs(lefts[-1]) + np.abs(rights[-1])) + allowed
            new = agree & agreed & ~smooth
            if new.any():
                new &= confirmed(best)
            value, smooth, agreed = np.where(new, best, value), smooth | new, agree
            if np.all(smooth | (noise > allowed)):
                break
    left, right, finite = value.copy(), value.copy(), np.isfinite(lefts[-1]) & np.isfinite(rights[-1])
    slack = np.zeros(middle.shape)
    if not smooth.all():
        rough = ~smooth
        noise = ROUNDING * (size[rough] + reach) / h
        before, after = ((middle - along(-h / 64)) * 64 / h)[rough], ((along(h / 64) - middle) * 64 / h)[rough]
        left[rough], slack_left = _limit(np.array(lefts)[:, rough], before, noise)
        right[rough], slack_right = _limit(np.array(rights)[:, rough], after, noise)
        slack[rough] = slack_left + slack_right
        left[rough & (slack > 1e-3 * np.abs(left) + 1e-6 * size)] = np.nan
        right[rough & (slack > 1e-3 * np.abs(right) + 1e-6 * size)] = np.nan
        average = (left + right) / 2
        allowed = rtol * np.abs(average) + atol * size
        meet = (np.abs(left - right) <= allowed + slack) & (slack <= 10 * rtol * np.maximum(size, np.abs(average)))
        value = np.where(rough & meet, average, value)
    return Slope(value, rtol * np.abs(value) + atol * size + slack, left, right, finite)


def _limit(differences: Floats, nearby: Floats, noise: Floats) -> tuple[Floats, Floats]:
    """What one-sided differences at steps h, h/2, … tend to, and how sure that is; NaN if they do not.

    Args:
        differences: a row per step, the smallest last.
        nearby: the difference at a step far smaller, which the limit has to resemble.
        noise: the rounding error in the last row; twice as small in the row before, and so on.
    """
    steps, count = differences.shape
    limit, error = np.full(count, np.nan), np.full(count, np.inf)
    rounding = noise * 0.5 ** np.arange(steps - 1, -1, -1.0)[:, None]
    column = differences
    for power in range(1, 6):  # strike out the parts h, h², …
        better = (2.0**power * column[1:] - column[:-1]) / (2.0**power - 1)
        doubt = np.maximum(np.abs(better - column[1:]), np.abs(better - column[:-1])) + rounding[-len(better) :]
        doubt[~np.isfinite(doubt)] = np.inf
        doubt[np.abs(better - nearby) > 1e-3 * np.abs(nearby) + 1e-6 + 64 * noise] = np.inf  # steps across stairs
        row = doubt.argmin(axis=0)
        least = doubt[row, np.arange(count)]
        improved = least < error
        limit[improved] = better[row, np.arange(count)][improved]
        error = np.minimum(error, least)
        column = better
    return limit, error


def unit_or_random(shape: tuple[int, ...], limit: int, count: int, rng: np.random.Generator) -> list[Any]:
    """Directions to look along: every axis of a small space, a few random ones of a large one.

    Args:
        shape: the shape of the space's elements.
        limit: how many elements count as few.
        count: how many random directions to take.
        rng: where these come from.

    Returns:
        A list of arrays of that shape and length 1; for an empty space its only element.
    """
    total = int(np.prod(shape))
    if total == 0:
        return [np.zeros(shape)]
    if total <= limit:
        return [unit.reshape(shape)[()] for unit in np.eye(total)]
    drawn = (rng.standard_normal(shape) for _ in range(count))
    return [direction / np.linalg.norm(direction) for direction in drawn]
