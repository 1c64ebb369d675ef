"""Points in the plane, gates and a line: data to see a network learn."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd_core.random import generator as default_generator

from .table import Table

_GATES = {"and": (0, 0, 0, 1), "or": (0, 1, 1, 1), "nand": (1, 1, 1, 0), "nor": (1, 0, 0, 0), "xor": (0, 1, 1, 0)}
_LINE = (
    *(0.1, 0.4, 0.9, 1.6, 2.2, 2.5, 2.8, 3.5, 3.9, 4.7),
    *(5.1, 5.3, 6.3, 6.5, 6.7, 7.5, 8.1, 8.5, 8.9, 9.5),
)


def _counts(n_samples: int, classes: int) -> list[int]:
    """How many points each class gets."""
    if n_samples < classes:
        raise ValueError(f"at least {classes} points are needed, one of each class, got n_samples={n_samples}")
    return [len(range(i, n_samples, classes)) for i in range(classes)]


def _points(parts: list[Any], noise: float, draw: np.random.Generator) -> Table:
    """The classes' points, moved by normal noise and in random order."""
    if noise < 0:
        raise ValueError(f"the noise is a standard deviation, not below 0, got {noise}")
    points = np.concatenate(parts)
    kinds = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
    order = draw.permutation(len(points))
    moved = points + noise * draw.standard_normal(points.shape)
    return Table(moved[order], kinds[order], [str(i) for i in range(len(parts))], ["x", "y"])


def moons(n_samples: int = 100, noise: float = 0.1, generator: np.random.Generator | None = None) -> Table:
    """Two half circles that reach into each other.

    Formula:
        (cos t, sin t) and (1 − cos t, 1/2 − sin t), with t from 0 to π.

    Args:
        n_samples: how many points.
        noise: the standard deviation of what is added to each coordinate.
        generator: draws; by default the one of :func:`autograd_core.manual_seed`.

    Returns:
        A Table: data (n_samples, 2), class indices (n_samples,).

    Raises:
        ValueError: there are fewer points than classes, or the noise is negative.

    Example:
        >>> from nn.data.datasets import moons
        >>> moons(10).data.shape
        (10, 2)
    """
    upper, lower = (np.linspace(0, np.pi, n) for n in _counts(n_samples, 2))
    parts = [
        np.stack([np.cos(upper), np.sin(upper)], 1),
        np.stack([1 - np.cos(lower), 0.5 - np.sin(lower)], 1),
    ]
    return _points(parts, noise, generator or default_generator())


def circles(
    n_samples: int = 100, noise: float = 0.05, factor: float = 0.5, generator: np.random.Generator | None = None
) -> Table:
    """A circle within a circle.

    Args:
        n_samples: how many points.
        noise: the standard deviation of what is added to each coordinate.
        factor: the radius of the inner circle, whose class is 1; that of the outer one is 1.
        generator: draws; by default the one of :func:`autograd_core.manual_seed`.

    Returns:
        A Table: data (n_samples, 2), class indices (n_samples,).

    Raises:
        ValueError: there are fewer points than classes, or the noise is negative.

    Example:
        >>> from nn.data.datasets import circles
        >>> (circles(8, noise=0.0).data ** 2).sum(1).sort().values.tolist()
        [0.25, 0.25, 0.25, 0.25, 1.0, 1.0, 1.0, 1.0]
    """
    parts = []
    for n, radius in zip(_counts(n_samples, 2), (1.0, factor), strict=True):
        angle = np.linspace(0, 2 * np.pi, n, endpoint=False)
        parts.append(radius * np.stack([np.cos(angle), np.sin(angle)], 1))
    return _points(parts, noise, generator or default_generator())


def spiral(
    n_samples: int = 300, classes: int = 3, noise: float = 0.03, generator: np.random.Generator | None = None
) -> Table:
    """The arms of a spiral, one a class.

    Formula:
        r (sin φ, cos φ), with r from 0 to 1 and φ = 4 (k + r) for class k: with three classes two thirds of a turn.

    Args:
        n_samples: how many points.
        classes: how many arms.
        noise: the standard deviation of what is added to each coordinate.
        generator: draws; by default the one of :func:`autograd_core.manual_seed`.

    Returns:
        A Table: data (n_samples, 2), class indices (n_samples,).

    Raises:
        ValueError: there are fewer points than classes, or the noise is negative.

    Example:
        >>> from nn.data.datasets import spiral
        >>> spiral(30).targets.bincount()
        tensor([10, 10, 10])
    """
    parts = []
    for k, n in enumerate(_counts(n_samples, classes)):
        radius = np.linspace(0.05, 1, n)
        angle = 2 * np.pi * k / classes + 4 * radius
        parts.append(np.stack([radius * np.sin(angle), radius * np.cos(angle)], 1))
    return _points(parts, noise, generator or default_generator())


def blobs(
    n_samples: int = 100, centers: int = 3, std: float = 1.0, generator: np.random.Generator | None = None
) -> Table:
    """Round clouds about random centres.

    Args:
        n_samples: how many points.
        centers: how many clouds; each coordinate of their centres is drawn from −10 to 10.
        std: the standard deviation of each cloud.
        generator: draws; by default the one of :func:`autograd_core.manual_seed`.

    Returns:
        A Table: data (n_samples, 2), class indices (n_samples,).

    Raises:
        ValueError: there are fewer points than clouds, or the deviation is negative.

    Example:
        >>> from nn.data.datasets import blobs
        >>> blobs(12, centers=4).classes
        ['0', '1', '2', '3']
    """
    draw = generator or default_generator()
    middles = draw.uniform(-10, 10, (centers, 2))
    parts = [np.repeat(middle[None], n, 0) for middle, n in zip(middles, _counts(n_samples, centers), strict=True)]
    return _points(parts, std, draw)


def xor(n_samples: int = 100, noise: float = 0.1, generator: np.random.Generator | None = None) -> Table:
    """Points in a square about 0: of class 1 if their coordinates have different signs.

    Args:
        n_samples: how many points.
        noise: the standard deviation of what is added to each coordinate after the class is found.
        generator: draws; by default the one of :func:`autograd_core.manual_seed`.

    Returns:
        A Table: data (n_samples, 2), class indices (n_samples,).

    Raises:
        ValueError: there are fewer points than classes, or the noise is negative.

    Example:
        >>> from nn.data.datasets import xor
        >>> points = xor(20, noise=0.0)
        >>> bool(((points.data.prod(1) < 0) == points.targets.bool()).all())
        True
    """
    draw = generator or default_generator()
    parts = []
    for kind, n in enumerate(_counts(n_samples, 2)):
        far, side = draw.uniform(0, 1, (n, 2)), draw.choice([-1.0, 1.0], (n, 1))
        parts.append(far * side * [1, 1 - 2 * kind])
    return _points(parts, noise, draw)


def gate(name: str) -> Table:
    """The truth table of a logic gate: ``and``, ``or``, ``nand``, ``nor`` or ``xor``.

    Args:
        name: which.

    Returns:
        A Table: data (4, 2), targets (4, 1), all of them 0.0 or 1.0.

    Raises:
        ValueError: there is no such gate.

    Example:
        >>> from nn.data.datasets import gate
        >>> gate("xor").targets.flatten()
        tensor([0., 1., 1., 0.])
    """
    if name not in _GATES:
        raise ValueError(f"there is no gate {name!r}, only {', '.join(_GATES)}")
    answers = np.array(_GATES[name], np.float32)[:, None]
    return Table([[0, 0], [0, 1], [1, 0], [1, 1]], answers, features=["x1", "x2"])


def line() -> Table:
    """Twenty points near a line: x = 0, 0.5, …, 9.5.

    Returns:
        A Table: data (20, 1), targets (20, 1).

    Example:
        >>> from nn.data.datasets import line
        >>> line()[19]
        (tensor([9.5]), tensor([9.5]))
    """
    return Table(np.arange(20)[:, None] / 2, np.array(_LINE, np.float32)[:, None], features=["x"])
