"""What a drawing shows, before it is known where: boxes with lines of text, arrows with labels."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from autograd_core.node import Spec

from .figures import Figure, Summary, extent, inline, matrix
from .lettering import safe
from .words import Lang, Words

Style = Literal["title", "value", "gradient", "formula", "matrix", "small"]
Role = Literal["leaf", "constant", "operation", "result", "module", "sum", "seed", "cut"]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text and what it is: that decides its size and colour.

    Attributes:
        text: the text.
        style: what it is.
        finite: whether all numbers in it are; NaN and infinity have a colour of their own.
    """

    text: str
    style: Style
    finite: bool = True


@dataclass(frozen=True, slots=True)
class Box:
    """A node of the picture.

    Attributes:
        key: its identifier, the same in every drawing of the same graph.
        role: what it stands for; that decides its colour.
        lines: the text in it.
        detail: what a reader sees on pointing at it, and while stepping.
        scope: the names of the modules it belongs to, outermost first.
        bars: the heights of a small histogram of the value's elements, the highest 1; empty for none.
        tie: what boxes of the same operation have in common, in the forward and in the backward graph; "" for none.
        room: the lines as wide as they may become, where a page changes their numbers; empty for what they are.
    """

    key: str
    role: Role
    lines: tuple[Line, ...]
    detail: str
    scope: tuple[str, ...] = ()
    bars: tuple[float, ...] = ()
    tie: str = ""
    room: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Arrow:
    """A connection from one box to another.

    Attributes:
        source: the position in the picture of the box it leaves.
        target: that of the box it leads to.
        lines: the text on it.
        detail: what a reader sees on pointing at it.
        tie: what a value's way into an operation has in common with its gradient's way back; "" for none.
        room: as a box's.
    """

    source: int
    target: int
    lines: tuple[Line, ...] = ()
    detail: str = ""
    tie: str = ""
    room: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Picture:
    """All that a drawing shows.

    Attributes:
        kind: ``forward``, ``backward``, or ``both`` side by side.
        title: what it is a picture of.
        boxes: in the order in which a reader steps through them.
        arrows: which box leads to which.
        notes: sentences below the picture.
        lang: the language of its words.
        halves: of ``both`` the forward and the backward picture, whose boxes and arrows follow each other in it.
    """

    kind: Literal["forward", "backward", "both"]
    title: str
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    notes: tuple[str, ...] = ()
    lang: Lang = "en"
    halves: tuple[Picture, ...] = ()


def in_order(boxes: Sequence[Box], arrows: Sequence[Arrow]) -> tuple[tuple[Box, ...], tuple[Arrow, ...]]:
    """The boxes, each after all that lead to it and else in the order given, and the arrows between them."""
    onward: list[list[int]] = [[] for _ in boxes]
    waiting = [0] * len(boxes)
    for arrow in arrows:
        onward[arrow.source].append(arrow.target)
        waiting[arrow.target] += 1
    ready = [i for i, count in enumerate(waiting) if not count]
    order = []
    while ready:
        order.append(heapq.heappop(ready))
        for target in onward[order[-1]]:
            waiting[target] -= 1
            if not waiting[target]:
                heapq.heappush(ready, target)
    place = {box: i for i, box in enumerate(order)}
    moved = [replace(arrow, source=place[arrow.source], target=place[arrow.target]) for arrow in arrows]
    return tuple(boxes[i] for i in order), tuple(moved)


def line(text: str, style: Style, finite: bool = True) -> Line:
    """A line whose text is safe to draw."""
    return Line(safe(text), style, finite)


def equation(name: str, value: Figure, style: Style, words: Words) -> list[Line]:
    """``name = value``: on one line, as a matrix, or for a large array its shape and range.

    Args:
        name: the left side.
        value: the number or array; its Summary or Spec if it is large or its values are gone.
        style: the style of the text.
        words: the language's words.

    Returns:
        The lines.
    """
    if isinstance(value, (Spec, Summary)):
        told = line(f"{name}: {words('shape {shape}', shape=value.shape)}", style)
        return [told] if isinstance(value, Spec) else [told, line(extent(value, words), "small", value.finite)]
    if np.size(value) == 0:
        return [line(f"{name} = {words('empty, shape {shape}', shape=np.shape(value))}", style)]
    text = inline(value)
    if text is not None:
        return [line(f"{name} = {text}", style, bool(np.isfinite(value).all()))]
    finite = np.isfinite(value).all(axis=-1)
    rows = (line(row, "matrix", bool(fine)) for row, fine in zip(matrix(value), finite, strict=True))
    return [line(f"{name} =", style), *rows]


def same_number(text: str, value: Any) -> bool:
    """Whether a formula is already the number it stands for."""
    return not isinstance(value, (Spec, Summary)) and np.size(value) > 0 and text == inline(value)
