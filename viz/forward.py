"""The forward graph as a picture: operations and leaves with their values and gradients."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from autograd_core import Tensor
from autograd_core.node import Node, Spec

from .describe import Writer
from .figures import figure
from .folding import Folding, Group, fold
from .naming import Names
from .picture import Arrow, Box, Picture, Role, equation, line
from .text import shortened
from .values import Values
from .words import Words

DETAILED = 500
"""A picture with more boxes than this shows values only; formulas and gradients are in its details."""


def forward_picture(
    root: Node, value: Any, names: Mapping[str, Tensor] | None, depth: int | None, words: Words
) -> Picture:
    """The picture of everything that a result was computed from.

    Args:
        root: the node of the result.
        value: the result's array, None if not known.
        names: names for tensors, besides those they carry.
        depth: how many levels of modules are shown open, None for what is readable.
        words: the language's words.

    Returns:
        The picture.
    """
    values = Values(root, value)
    writer = Writer(values, Names(values.nodes, root, names), words)
    return _Forward(writer, fold(values.nodes, values.uses, depth, words)).picture()


class _Forward:
    """Builds the picture: a box for each node, constant and group; an arrow for each use."""

    def __init__(self, writer: Writer, folding: Folding) -> None:
        self.writer = writer
        self.values = writer.values
        self.words = writer.words
        self.folding = folding
        self.root = self.values.root
        self.boxes: list[Box] = []
        self.place: dict[Any, int] = {}  # of nodes, groups and constants
        self.detailed = len(self.values.nodes) - len(folding) <= DETAILED

    def picture(self) -> Picture:
        """The whole picture."""
        links: dict[tuple[int, int], list[tuple[Node, int]]] = {}
        for node in self.values.nodes:
            group = self.folding.get(node)
            sources = [self._constant(node, i) for i, parent in enumerate(node.inputs) if parent is None and not group]
            if group is None:
                self._add(node, self._node(node))
            elif group not in self.place:
                self._add(group, self._group(group))
            here = self.place[group or node]
            for i, parent in enumerate(node.inputs):
                if parent is None and group is None:
                    links.setdefault((sources.pop(0), here), []).append((node, i))
                elif parent is not None:
                    source = self.place[self.folding.get(parent, parent)]
                    if source != here:
                        links.setdefault((source, here), []).append((node, i))
        arrows = [arrow for (source, target), uses in links.items() for arrow in self._arrows(source, target, uses)]
        title = self.words("Forward graph of {name}", name=self.writer.names[self.root])
        notes = tuple(self._notes(arrows))
        return Picture("forward", title, tuple(self.boxes), tuple(arrows), notes, self.words.lang)

    def _notes(self, arrows: list[Arrow]) -> list[str]:
        notes = self.writer.sum_note()
        if any(
            item.style == "formula"
            and item.text.startswith("∂" + self.writer.result)
            and "g" in item.text.partition("=")[2]
            for arrow in arrows
            for item in arrow.lines
        ):
            notes.append(
                self.words(
                    "g is the gradient that arrives at the operation: ∂{result}/∂ its result.",
                    result=self.writer.result,
                )
            )
        if any(item.text.startswith("grad") for box in self.boxes for item in box.lines if item.style == "gradient"):
            notes.append(self.words("grad is what the last backward pass brought there."))
        return notes

    def _add(self, item: Any, box: Box) -> None:
        self.place[item] = len(self.boxes)
        self.boxes.append(box)

    def _key(self, letter: str) -> str:
        return f"{letter}{len(self.boxes)}"

    def _node(self, node: Node) -> Box:
        writer = self.writer
        lines = writer.value(node)
        detail = [item.text for item in lines]
        if node.op is None:
            lines = [replace(lines[0], style="title"), *lines[1:]]
            role: Role = "leaf"
        else:
            expression = writer.expression(node)
            detail[0] = f"{writer.names[node]} = {expression}" + detail[0].removeprefix(writer.names[node])
            lines = [line(shortened(expression, 48), "title"), *lines]
            role = "operation"
        if node is self.root:
            role = "result"
        gradient = writer.gradient_lines(node)
        detail += [item.text for item in gradient]
        if self.detailed:
            lines += gradient
        if node.scope:
            lines.append(writer.place(node))
            detail.append(self.words("in {module}", module=".".join(node.scope)))
        return Box(self._key("n"), role, tuple(lines), ", ".join(detail), self.values.scope(node))

    def _constant(self, node: Node, position: int) -> int:
        """The place of a constant's box; an array that is used twice has one, a number one for each use."""
        array = self.values.operands(node)[position]
        item = ("array", id(array)) if np.ndim(array) else ("number", node, position)
        if item not in self.place:
            name = self.writer.names.constant(array)
            shown = figure(array)
            single = (
                np.ndim(array) == 0
                and not isinstance(array, Spec)
                and equation("", array, "title", self.words)[0].text == f" = {name}"
            )
            lines = [line(name, "title")] if single else equation(shortened(name, 32), shown, "title", self.words)
            lines = [replace(lines[0], style="title"), *lines[1:]]
            self._add(
                item,
                Box(
                    self._key("c"),
                    "constant",
                    tuple(lines),
                    self.words("constant {value}", value=", ".join(item.text for item in lines)),
                    node.scope,
                ),
            )
        return self.place[item]

    def _group(self, group: Group) -> Box:
        operations = [node for node in group.nodes if node.op is not None]
        leaves = len(group.nodes) - len(operations)
        lines = [line(shortened(group.title, 40), "title")]
        if operations:
            counts = [self.words.count(len(operations), "{n} operation", "{n} operations")]
            if leaves:
                counts.append(self.words.count(leaves, "{n} parameter", "{n} parameters"))
            lines.append(line(", ".join(counts), "small"))
        results = [
            node
            for node in operations
            if node is self.root or any(self.folding.get(user) is not group for user, _ in self.values.uses[node])
        ]
        for node in results[:2]:
            lines += [*self.writer.value(node), *self.writer.gradient_lines(node)]
        detail = ", ".join(item.text for item in lines)
        role: Role = "result" if self.root in results else "module"
        return Box(self._key("m"), role, tuple(lines), detail, group.scope[:-1])

    def _arrows(self, source: int, target: int, uses: list[tuple[Node, int]]) -> list[Arrow]:
        """The arrows between two boxes: one for each use, or a single one at a folded box."""
        user, position = uses[0]
        if user in self.folding:
            return [Arrow(source, target)]
        if len(uses) > 1 and self.boxes[source].key.startswith("m"):
            return [Arrow(source, target, (line(self.words("{n} inputs", n=len(uses)), "small"),))]
        if not self.detailed or user.inputs[position] is None:
            return [Arrow(source, target) for _ in uses]
        found = []
        for user, position in uses:
            lines = tuple(self.writer.slope(user, position))
            found.append(Arrow(source, target, lines, ", ".join(item.text for item in lines)))
        return found
