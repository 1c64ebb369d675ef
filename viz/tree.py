"""A graph as a tree of text, for terminals: the result first, below it what it was computed from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import numpy as np

from autograd_core.node import Node, Spec

from .figures import Figure, Summary, extent, figure, inline, matrix
from .folding import Group
from .lettering import columns, safe, shortened
from .naming import LONG
from .view import Scene, View

DEEPEST = 12
"""What lies deeper than this many branches starts a tree of its own, so that lines do not run off the screen."""

WIDE = 32
"""Longer arrays are cut off."""


@dataclass(frozen=True)
class Constant:
    """An array that an operation used and that needs no gradient."""

    name: str
    value: Figure = field(compare=False)


Item = Node | Group | Constant
Row = tuple[str, str, str, str]
"""The cells of a line: name and formula, value, gradient, remarks."""


def tree(root: Node, value: Any, view: View) -> str:
    """Everything that a result was computed from, as lines of text.

    Args:
        root: the node of the result.
        value: the result's array, None if not known.
        view: what is asked for.

    Returns:
        The lines: on each a value's name, formula, number, gradient, and what else there is to say.
    """
    return _Tree(Scene(root, value, view)).text()


class _Tree:
    """Writes the rows of the tree, then sets them in columns."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.writer = scene.writer
        self.words = scene.words
        self.values = scene.values
        self.drawn = set(scene.nodes)
        self.told: set[Item] = set()
        ends = (node for node in reversed(scene.nodes) if not scene.uses[node])
        self.later: dict[Item, None] = dict.fromkeys(map(self._item, ends))

    def text(self) -> str:
        """All lines."""
        blocks = []
        while self.later:
            top = next(iter(self.later))
            del self.later[top]
            blocks.append(list(self._block(top)))
        sizes = [max(columns(row[place]) for block in blocks for row in block) for place in range(3)]
        title = "Part of the forward graph of {name}" if self.scene.partial else "Forward graph of {name}"
        trees = ("\n".join(_line(row, sizes) for row in block) for block in blocks)
        return "\n\n".join(
            [self.words(title, name=self.writer.names[self.values.root]), *trees, *self.writer.sum_note()]
        )

    def _item(self, node: Node) -> Item:
        return self.scene.folding.get(node, node)

    def _block(self, top: Item) -> Iterator[Row]:
        """The rows of one tree; what lies too deep is put off."""
        stack: list[tuple[Item, str, str]] = [(top, "", "")]
        while stack:
            item, head, tail = stack.pop()
            below = self._below(item)
            if below and item not in self.told and len(tail) > 3 * DEEPEST:
                self.later.setdefault(item)
            if item in self.told or item in self.later:
                seen = self.words("see above") if item in self.told else self.words("see below")
                yield head + self._name(item), "", "", seen
                continue
            self.told.add(item)
            for place, (first, value, gradient, told) in enumerate(self._rows(item)):
                yield (head if place == 0 else tail + ("│  " if below else "   ")) + first, value, gradient, told
            for place, child in reversed(list(enumerate(below))):
                last = place == len(below) - 1
                stack.append((child, tail + ("└─ " if last else "├─ "), tail + ("   " if last else "│  ")))

    def _below(self, item: Item) -> list[Item]:
        """What an item was computed from, each once; numbers stand in the formulas already."""
        if isinstance(item, Constant):
            return []
        nodes = item.nodes[::-1] if isinstance(item, Group) else [item]
        found: dict[Item, None] = {}
        for node in nodes:
            for parent, array in zip(node.inputs, self.values.operands(node) if node.op else (), strict=True):
                if parent is not None:
                    if parent in self.drawn:
                        found.setdefault(self._item(parent))
                elif isinstance(item, Node) and not self.writer.names.is_written_out(array):
                    found.setdefault(Constant(self.writer.names.constant(array), figure(array)))
        found.pop(item, None)
        return list(found)

    def _name(self, item: Item) -> str:
        if isinstance(item, Constant):
            return shortened(item.name, LONG)
        return safe(item.title) if isinstance(item, Group) else self.writer.names.short(item)

    def _rows(self, item: Item) -> list[Row]:
        if isinstance(item, Constant):
            return [(self._name(item), self._equal(item.value), "", self.words("constant"))]
        if isinstance(item, Node):
            return [self._node(item)]
        operations = [node for node in item.nodes if node.op is not None]
        told = self.words.count(len(operations), "{n} operation", "{n} operations") if operations else ""
        results = (node for node in operations if node is self.values.root or self.scene.leaves_group(node))
        return [
            (shortened(self._name(item), 40), "", "", told),
            *((self.writer.names.short(node), *self._numbers(node), "") for node in islice(results, 2)),
        ]

    def _node(self, node: Node) -> Row:
        name = self.writer.names.short(node)
        uses = len(self.scene.uses[node])
        told = [node.op.name if node.op else self.words("leaf")]
        if uses > 1:
            told.append(self.words("used {n} times", n=uses))
        if node.scope:
            told.append(self.words("in {module}", module=".".join(node.scope)))
        if node.op is not None:
            name = f"{name} = {shortened(self.writer.expression(node), 48)}"
        return safe(name), *self._numbers(node), safe(", ".join(told))

    def _numbers(self, node: Node) -> tuple[str, str]:
        """A node's value and gradient."""
        value = self._equal(figure(self.values.value(node)))
        gradient = self.values.gradients.get(node)
        if isinstance(gradient, Summary):  # its shape is the value's
            return value, f"{self.writer.gradient(node)}: {extent(gradient, self.words, ranged=False)}"
        if gradient is not None:
            return value, self.writer.gradient(node) + self._equal(gradient, " ")
        return value, "grad" + self._equal(figure(node.gradient), " ") if node.gradient is not None else ""

    def _equal(self, value: Figure, before: str = "") -> str:
        """``= number``, on one line whatever the value; NaN and infinity are pointed at."""
        if isinstance(value, (Spec, Summary)):
            shape = self.words("shape {shape}", shape=value.shape)
            return f": {shape}" + (f", {extent(value, self.words, ranged=False)}" if isinstance(value, Summary) else "")
        if np.size(value) == 0:
            return f": {self.words('empty, shape {shape}', shape=np.shape(value))}"
        shown = inline(value) or f"[{', '.join(matrix(value))}]"
        if len(shown) > WIDE:
            shown = f"{shown[: WIDE - 2].rstrip()} …"
        return f"{before}= {shown}{'' if np.isfinite(value).all() else ' (!)'}"


def _line(row: Row, sizes: list[int]) -> str:
    *cells, last = row
    padded = (cell + " " * (size - columns(cell)) for cell, size in zip(cells, sizes, strict=True))
    return "  ".join([*padded, last]).rstrip()
