"""Small charts of a training as SVG, whose marks move with the epoch."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from .figures import number
from .lettering import width
from .moving import Moving
from .report import plain
from .snapshot import Spread

WIDTH, HEIGHT = 380, 205
LEFT, RIGHT, TOP, BOTTOM = 46, 14, 10, 26
BAR_WIDTH, BAR_HEIGHT = 150, 34
FONT = 12
NUMBERED = 16
"""Up to this many places of an axis carry their numbers."""

_MOST = 1e300


class Line(NamedTuple):
    """A curve: its name, its class, which the style gives a colour, and its values."""

    name: str
    kind: str
    values: Sequence[float]


class Course(NamedTuple):
    """A curve that changes: its name, its class, and its values in each frame, None where there is none."""

    name: str
    kind: str
    values: Sequence[Sequence[float | None]]


def over_epochs(moving: Moving, lines: Sequence[Line], at: Sequence[int], label: str) -> str:
    """Curves over the epochs from 1, and a mark that stands at the epoch of each frame.

    Args:
        moving: collects what moves.
        lines: the curves.
        at: the epoch of each frame.
        label: what the chart is, for those who do not see it.

    Returns:
        An SVG element.
    """
    count = max(len(line.values) for line in lines)
    finite = [value for line in lines for value in line.values if abs(value) < _MOST]
    ticks = _ticks(min(finite, default=0.0), max(finite, default=1.0))
    low, high = ticks[0], ticks[-1]
    last = max(count, *at, 1)

    def x(epoch: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * epoch / last

    def y(value: float) -> float:
        return TOP + (HEIGHT - TOP - BOTTOM) * (high - value) / (high - low)

    content = [_across(y(tick), number(tick)) for tick in ticks]
    content += [_below(x(epoch), str(epoch)) for epoch in _epoch_ticks(last)]
    for line in lines:
        points = [(x(i), y(value)) if abs(value) < _MOST else None for i, value in enumerate(line.values, 1)]
        content.append(f'<path class="line {line.kind}" d="{_path(points)}"/>')
        if count == 1 and points[0] is not None:
            content.append('<circle class="{}" cx="{:.1f}" cy="{:.1f}" r="3"/>'.format(line.kind, *points[0]))
    here = [f"{x(epoch):.1f}" for epoch in at]
    content.append(
        moving("line", attributes={"class": "now", "x1": here, "x2": here, "y1": f"{TOP}", "y2": f"{HEIGHT - BOTTOM}"})
    )
    for line in lines:
        ends = [
            (f"{y(line.values[epoch - 1]):.1f}", "3.5")
            if 0 < epoch <= len(line.values) and abs(line.values[epoch - 1]) < _MOST
            else ("0", "0")
            for epoch in at
        ]
        places, sizes = zip(*ends, strict=True)
        content.append(moving("circle", attributes={"class": line.kind, "cx": here, "cy": places, "r": sizes}))
    return _svg(content, label)


def on_log_axis(moving: Moving, courses: Sequence[Course], names: Sequence[Sequence[str]], label: str) -> str:
    """Positive values at some places, on a logarithmic axis that is the same in all frames.

    Args:
        moving: collects what moves.
        courses: the curves; 0 stands at the bottom, what is not finite is left out.
        names: ways to name the places: the first that has room below the axis is written there, else numbers.
        label: what the chart is, for those who do not see it.

    Returns:
        An SVG element.
    """
    positive = [v for course in courses for values in course.values for v in values if v and 0 < v < math.inf]
    low = math.floor(math.log10(min(positive, default=0.1)))
    high = max(low + 1, math.ceil(math.log10(max(positive, default=1.0))))
    step = -(-(high - low) // 6)
    zeros = any(v == 0 for course in courses for values in course.values for v in values)
    low = high - step * (-(-(high - low) // step) + zeros)  # 0 has a place of its own below all others
    count = len(names[0])

    def x(place: int) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * (place + 0.5) / count

    def y(value: float) -> float:
        part = (high - math.log10(value)) / (high - low) if value > 0 else 1.0
        return TOP + (HEIGHT - TOP - BOTTOM) * part

    content = [
        _across(y(10.0**power), "0" if zeros and power == low else _power(power))
        for power in range(low, high + 1, step)
    ]
    every = -(-count // NUMBERED)
    room = (WIDTH - LEFT - RIGHT) / count - 4
    numbers = [str(i + 1) for i in range(count)]
    written = next((some for some in names if all(width(name, FONT) <= room for name in some)), numbers)
    content += [_below(x(i), written[i], names[0][i]) for i in range(0, count, 1 if written is not numbers else every)]
    for course in courses:
        frames = [[y(v) if v is not None and math.isfinite(v) else None for v in values] for values in course.values]
        paths = [_path([None if v is None else (x(i), v) for i, v in enumerate(values)]) for values in frames]
        content.append(moving("path", attributes={"class": f"line {course.kind}", "d": paths}))
        if count > 2 * NUMBERED:
            continue
        for place in range(count):
            heights = [values[place] for values in frames]
            content.append(
                moving(
                    "circle",
                    attributes={
                        "class": course.kind,
                        "cx": f"{x(place):.1f}",
                        "cy": ["0" if v is None else f"{v:.1f}" for v in heights],
                        "r": ["0" if v is None else "3.5" for v in heights],
                    },
                )
            )
    return _svg(content, label)


def histogram(moving: Moving, spreads: Sequence[Spread | None], shared: bool, kind: str, label: str) -> str:
    """The bars of a histogram, the highest as high as the chart.

    Args:
        moving: collects what moves.
        spreads: for each frame what to draw; None for nothing.
        shared: whether all frames have one axis, from the least to the greatest value of all; else each its own.
        kind: its class, which the style gives a colour.
        label: what the chart is, for those who do not see it.

    Returns:
        An SVG element.
    """
    known = [spread for spread in spreads if spread is not None and spread.finite]
    low = min((spread.low for spread in known), default=0.0)
    high = max((spread.high for spread in known), default=1.0)
    paths = []
    for spread in spreads:
        if spread is None or not spread.finite:
            paths.append("")
        elif shared and 0 < high - low < math.inf:
            start, end = ((value - low) / (high - low) for value in (spread.low, spread.high))
            paths.append(_bars(spread.counts, start, end))
        else:
            paths.append(_bars(spread.counts, 0.0, 1.0))
    return (
        f'<svg class="bars" role="img" aria-label="{plain(label)}" viewBox="0 0 {BAR_WIDTH} {BAR_HEIGHT + 1}" '
        f'width="{BAR_WIDTH}" height="{BAR_HEIGHT + 1}"><path class="floor" d="M0 {BAR_HEIGHT + 0.5}H{BAR_WIDTH}"/>'
        + moving("path", attributes={"class": kind, "d": paths})
        + "</svg>"
    )


def _bars(counts: Sequence[int], start: float, end: float) -> str:
    """The outline of bars between two places of the axis, which are shares of its length."""
    most = max(counts)
    left, wide = start * BAR_WIDTH, max((end - start) * BAR_WIDTH / len(counts), 0.2)
    if end - start < 1 / BAR_WIDTH:  # all in one place
        return f"M{min(left, BAR_WIDTH - 2):.1f} {BAR_HEIGHT}V0h2V{BAR_HEIGHT}z"
    path, height = f"M{left:.1f} {BAR_HEIGHT}", -1
    for place, count in enumerate(counts):
        # a single element among many must be seen
        top = BAR_HEIGHT - (max(1, round(BAR_HEIGHT * count / most)) if count else 0)
        if top != height:
            path += (f"H{left + place * wide:.1f}" if place else "") + f"V{top}"
            height = top
    return path + f"H{left + len(counts) * wide:.1f}V{BAR_HEIGHT}z"


def _svg(content: Sequence[str], label: str) -> str:
    return (
        f'<svg class="chart" role="img" aria-label="{plain(label)}" viewBox="0 0 {WIDTH} {HEIGHT}">'
        f"{''.join(content)}</svg>"
    )


def _across(y: float, text: str) -> str:
    return (
        f'<path class="grid" d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}"/>'
        f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{text}</text>'
    )


def _below(x: float, text: str, title: str = "") -> str:
    told = f"<title>{plain(title)}</title>" if title and title != text else ""
    return f'<text x="{x:.1f}" y="{HEIGHT - 8}" text-anchor="middle">{told}{plain(text)}</text>'


def _path(points: Sequence[tuple[float, float] | None]) -> str:
    """A line through points, with a gap at each None."""
    parts, drawn = [], False
    for point in points:
        if point is not None:
            parts.append(f"{'L' if drawn else 'M'}{point[0]:.1f} {point[1]:.1f}")
        drawn = point is not None
    return "".join(parts)


def _power(power: int) -> str:
    return f'10<tspan dy="-5" font-size="9">{number(power)}</tspan>'


def _ticks(low: float, high: float) -> list[float]:
    """A few round numbers, the first not above ``low`` and the last not below ``high``."""
    if not low < high:
        margin = abs(low) / 2 or 1.0
        low, high = low - margin, high + margin
    rough = (high - low) / 4
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= rough * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [float(f"{i * step:.10g}") for i in range(first, last + 1)]


def _epoch_ticks(last: int) -> list[int]:
    step = next(s for power in range(9) for s in (10**power, 2 * 10**power, 5 * 10**power) if last / s <= 6)
    return list(range(0, last + 1, step))
