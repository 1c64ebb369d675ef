"""How far a training is, on standard error: a bar where tqdm is installed, else a line for each epoch."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

Results = Mapping[str, float]


class Report:
    """Shows nothing; what shows something is derived from it."""

    def __enter__(self) -> Report:
        return self

    def __exit__(self, *error: object) -> None:
        """Nothing is left to do."""

    def batch(self) -> None:
        """A step has been made."""

    def epoch(self, results: Results) -> None:
        """An epoch has ended with these numbers."""


class Lines(Report):
    """A line for each epoch."""

    def __init__(self, epochs: int) -> None:
        self.epochs = epochs
        self.ended = 0

    def epoch(self, results: Results) -> None:
        self.ended += 1
        numbers = ", ".join(f"{name} {value:.4g}" for name, value in results.items())
        print(f"epoch {self.ended}/{self.epochs}: {numbers}", file=sys.stderr)


class Bar(Report):
    """tqdm's bar over all batches of all epochs."""

    def __init__(self, epochs: int, bar: Any) -> None:
        self.epochs = epochs
        self.ended = 0
        self.bar = bar
        self._describe()

    def _describe(self) -> None:
        self.bar.set_description(f"epoch {min(self.ended + 1, self.epochs)}/{self.epochs}")

    def __exit__(self, *error: object) -> None:
        self.bar.close()

    def batch(self) -> None:
        self.bar.update()

    def epoch(self, results: Results) -> None:
        self.ended += 1
        self.bar.set_postfix({name: f"{value:.4g}" for name, value in results.items()}, refresh=False)
        self._describe()


def report(shown: bool, epochs: int, batches: Any) -> Report:
    """What shows the progress of so many epochs of these batches."""
    if not shown:
        return Report()
    try:
        from tqdm import tqdm
    except ImportError:
        return Lines(epochs)
    try:
        total = epochs * len(batches)
    except TypeError:  # batches without end, or that nobody has counted
        total = None
    return Bar(epochs, tqdm(total=total, unit="batch"))
