"""Timing: contenders take turns within many short rounds, and the medians of each round's ratios count."""

from __future__ import annotations

import gc
import importlib
import math
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from statistics import median
from typing import Any

Step = Callable[[], Any]


@dataclass
class Row:
    """One line of the table: our time for something, a peer's, and the ratio of the two."""

    what: str
    ours: float  # seconds
    peer: str
    theirs: float  # seconds
    ratio: float
    target: float | None = None

    def cells(self) -> tuple[str, ...]:
        """The line as text."""
        target = "" if self.target is None else f"≤ {self.target:g}"
        return self.what, seconds(self.ours), self.peer, seconds(self.theirs), f"{self.ratio:.2f}", target


HEADER = ("what", "ours", "peer", "theirs", "ours ÷ theirs", "target")


def compare(
    what: str,
    ours: Step,
    peers: dict[str, Step],
    targets: dict[str, float] | None = None,
    rounds: int = 40,
    sample: float = 0.02,
) -> list[Row]:
    """Time our step against each peer's.

    Every contender's garbage is collected between samples and the collector is on within them, as
    it is for users. The first results of all must agree, so that all contenders are known to do the same.

    Args:
        what: what a step does.
        ours: our step; returns a number that shows its result.
        peers: the same step by name of the peer that takes it.
        targets: the largest ratio wanted, by the start of a peer's name.
        rounds: how often each contender has its turn.
        sample: how long a turn lasts, in seconds, at least.

    Returns:
        One row for each peer.
    """
    steps = [ours, *peers.values()]
    for _ in range(3):  # the second result shows the first update, the third that of a momentum
        results = [float(step()) for step in steps]
        for peer, result in zip(peers, results[1:], strict=True):
            if not math.isclose(result, results[0], rel_tol=1e-3):
                raise AssertionError(f"{what}: {peer} computes {result}, ours {results[0]}: not the same step")
    repeats = [max(1, math.ceil(sample / timed(step, 3))) for step in steps]
    samples: list[list[float]] = [[] for _ in steps]
    for turn in range(rounds):
        for i in range(len(steps)):
            place = (i + turn) % len(steps)
            samples[place].append(timed(steps[place], repeats[place]))
    rows = []
    for peer, theirs in zip(peers, samples[1:], strict=True):
        ratio = median(a / b for a, b in zip(samples[0], theirs, strict=True))
        target = next((limit for start, limit in (targets or {}).items() if peer.startswith(start)), None)
        rows.append(Row(what, median(samples[0]), peer, median(theirs), ratio, target))
    return rows


def measure(subject: str) -> list[Row]:
    """Every row of one subject, by its file's name."""
    rows: list[Row] = importlib.import_module(f"benchmarks.{subject}").rows()
    return rows


def timed(step: Step, repeats: int) -> float:
    """The seconds that a step takes, on average of some repeats, with the garbage collector on."""
    gc.collect()
    start = time.perf_counter()
    for _ in range(repeats):
        step()
    return (time.perf_counter() - start) / repeats


def seconds(duration: float) -> str:
    """A duration with its unit.

    >>> seconds(0.00123)
    '1.23 ms'
    """
    for factor, unit in ((1, "s"), (1e3, "ms"), (1e6, "µs")):
        if duration * factor >= 1 or unit == "µs":
            return f"{duration * factor:.3g} {unit}"
    raise AssertionError


def plain(rows: Iterable[Row]) -> str:
    """The rows as a table for a terminal."""
    lines = [HEADER, *(row.cells() for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )


def markdown(rows: Iterable[Row]) -> str:
    """The rows as a Markdown table."""
    lines = [HEADER, ("---", "---:", "---", "---:", "---:", "---:"), *(row.cells() for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
