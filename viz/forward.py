"""The forward graph as a picture: operations and leaves with their values and gradients."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from autograd_core.node import Node

from .figures import Summary, figure, number
from .folding import Group
from .lettering import safe, shortened
from .picture import Arrow, Box, Line, Picture, Role, equation, in_order, line
from .values import Use
from .view import Scene, View

DETAILED = 500
"""A picture with more boxes than this shows values only; formulas and gradients are in its details."""

SUMMANDS = 3
"""Up to so many contributions to a gradient are written out."""


def forward_picture(root: Node, value: Any, view: View) -> Picture:
    """The picture of everything that a result was computed from.

    Args:
        root: the node of the result.
        value: the result's array, None if not known.
        view: what is asked for.

    Returns:
        The picture.
    """
    return Forward(Scene(root, value, view)).picture()


class Forward:
    """Builds the picture: a box for each node, group, large constant and sum of gradients; an arrow for each use.

    Args:
        scene: the graph, its numbers, and what is drawn of it.
        gradients: whether gradients are written, too; the backward graph beside it shows them as well.
    """

    def __init__(self, scene: Scene, gradients: bool = True) -> None:
        self.scene = scene
        self.gradients = gradients
        self.writer = scene.writer
        self.values = scene.values
        self.words = scene.words
        self.folding = scene.folding
        self.ties = scene.ties
        self.boxes: list[Box] = []
        self.place: dict[Any, int] = {}  # of the box of a node, group, constant or cut
        self.exit: dict[Any, int] = {}  # of the box that a value's ways to its uses leave
        self.links: dict[tuple[int, int], list[Use]] = {}  # no uses where a value comes to a sum
        self.first = next((node for node in scene.nodes if node.op is not None), None)
        self.detailed = len(scene.nodes) - len(self.folding) <= DETAILED

    def picture(self) -> Picture:
        """The whole picture."""
        for node in self.scene.nodes:
            group = self.folding.get(node)
            if group is not None and group not in self.place:
                if self.first in group.nodes:
                    for position in [i for i, parent in enumerate(self.first.inputs) if parent is None]:
                        self._source(self.first, position)
                self._add(group, self._group(group))
            sources = [self._source(node, position) for position in range(len(node.inputs))]
            if group is None:
                self._add(node, self._node(node))
            here = self.place[group or node]
            for position, source in enumerate(sources):
                if source is not None and source != here:
                    self.links.setdefault((source, here), []).append((node, position))
            if self.scene.fans_out(node):
                self._lead(here, self._add(("sum", node), self._fan(node)))
                self.exit[node] = self.place["sum", node]
        if self.scene.partial:
            self._cut_off()
        arrows = [
            arrow for (source, target), uses in self.links.items() for arrow in self._arrows(source, target, uses)
        ]
        name = self.writer.names[self.values.root]
        title = self.words("Forward graph of {name}", name=name)
        if self.scene.partial:
            title = self.words("Part of the forward graph of {name}", name=name)
        return Picture("forward", title, *in_order(self.boxes, arrows), tuple(self._notes(arrows)), self.words.lang)

    def _notes(self, arrows: list[Arrow]) -> list[str]:
        notes = self.writer.sum_note() if self.writer.detail != "shapes" else []
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
        return [*notes, *self.writer.sign_notes(arrows), *self.writer.grad_note(self.boxes)]

    # Places

    def _add(self, item: Any, box: Box) -> int:
        self.place[item] = self.exit[item] = len(self.boxes)
        self.boxes.append(box)
        return self.place[item]

    def _key(self, letter: str) -> str:
        return f"{letter}{len(self.boxes)}"

    def _lead(self, source: int, target: int) -> None:
        self.links.setdefault((source, target), [])

    def _source(self, node: Node, position: int) -> int | None:
        """The place of the box that an input comes from, None where it is not drawn."""
        parent, group = node.inputs[position], self.folding.get(node)
        if parent is None:
            return self._constant(node, position) if group is None or self._enters(node, position, group) else None
        item: Any = self.folding.get(parent, parent)
        if item not in self.place:
            item = ("cut", parent)
            if item not in self.place:
                self._add(item, self._coming(parent))
        source = self.exit[item]
        if group is None and self.scene.is_repeated((node, position)):
            repeat = self._add(("repeat", node, position), self._repeat(node, position))
            self._lead(source, repeat)
            return repeat
        return source

    def _enters(self, node: Node, position: int, group: Group) -> bool:
        """Whether a constant is what goes into a network: it is drawn also where the first operation is folded."""
        if node is not self.first or group.times == 1:
            return node is self.first
        second = group.nodes[len(group.turns) // group.times]  # the same operation, in the second repeat
        return second.inputs[position] is not None

    # Boxes

    def _node(self, node: Node) -> Box:
        writer = self.writer
        shown = writer.figure(node)
        lines = writer.value(node)
        detail = [item.text for item in lines]
        if node.op is None:
            lines = [replace(lines[0], style="title"), *lines[1:]]
            role: Role = "leaf"
        else:
            expression = writer.expression(node)
            detail[0] = f"{writer.names[node]} = {expression}" + detail[0].removeprefix(writer.names[node])
            lines = [*self.writer.title(node), *lines]
            role = "operation"
        if node is self.values.root:
            role = "result"
        gradient = writer.gradient_lines(node) if self.gradients else []
        detail += [item.text for item in gradient]
        if self.detailed:
            lines += gradient
        scope = self.values.scope(node)
        if scope:
            detail.append(self.words("in {module}", module=".".join(scope)))
        return self._box("n", role, lines, scope, ", ".join(detail), _bars(shown), self.ties.node(node))

    def _constant(self, node: Node, position: int) -> int | None:
        """The place of a constant's box, one for each array; None where formulas say all of it."""
        array = self.values.operands(node)[position]
        if self.writer.names.is_written_out(array):
            return None
        item = ("array", id(array))
        if item not in self.place:
            name = shortened(self.writer.names.constant(array), 32)
            shown = figure(array) if self.writer.detail != "shapes" else self.writer.shape_of(array)
            lines = equation(name, shown, "title", self.words)
            lines = [replace(lines[0], style="title"), *lines[1:]]
            detail = self.words("constant {value}", value=", ".join(item.text for item in lines))
            self._add(item, self._box("c", "constant", lines, (), detail, _bars(shown)))
        return self.place[item]

    def _group(self, group: Group) -> Box:
        operations = [node for node in group.nodes if node.op is not None]
        leaves = len(group.nodes) - len(operations)
        lines = [line(shortened(group.title, 44), "title")]
        if operations:
            each = len(operations) // group.times
            counts = [self.words.count(each, "{n} operation", "{n} operations")]
            if group.times > 1:
                counts[0] = f"{group.times} × {counts[0]}"
            if leaves:
                counts.append(self.words.count(leaves, "{n} parameter", "{n} parameters"))
            lines.append(line(", ".join(counts), "small"))
        results = [node for node in operations if node is self.values.root or self.scene.leaves_group(node)]
        if group.times > 1:
            results = results[-1:]
        for node in results[-2:]:
            lines += self.writer.value(node)
            if self.gradients:
                lines += self.writer.gradient_lines(node)
        bars = _bars(self.writer.figure(results[0])) if len(results) == 1 else ()
        role: Role = "result" if self.values.root in results else "module"
        detail = ", ".join(item.text for item in lines)
        return self._box("m", role, lines, group.scope, detail, bars, self.ties.node(group.nodes[0]))

    def _fan(self, node: Node) -> Box:
        """Where a value goes several ways: its gradient is the sum of what comes back."""
        uses = self.scene.passing(node)
        parts: list[Any] = []
        if self.gradients and self.writer.detail != "shapes":
            parts = [self.values.parts.get(use) for use in uses]
        lines = [line(self.words("Σ {n} uses", n=len(uses)), "small")]
        if 1 < len(parts) <= SUMMANDS and all(part is not None and np.shape(part) == () for part in parts):
            total = " + ".join(map(number, parts)).replace("+ −", "− ")
            lines.append(line(total, "gradient", bool(np.isfinite(parts).all())))
        name = self.writer.names.short(node)
        detail = self.words("{name} is used several times: its gradient is the sum of what its uses bring", name=name)
        return self._box("s", "sum", lines, self.values.scope(node), detail, tie=self.ties.total(node))

    def _repeat(self, node: Node, position: int) -> Box:
        """Where an input is repeated to fit the others: its gradient is the sum over the repeats."""
        parent = node.inputs[position]
        assert parent is not None
        lines = [line(f"Σ {parent.shape} → {self.scene.repeated_shape((node, position))}", "small")]
        name = self.writer.names.short(parent)
        detail = self.words("{name} is repeated to fit: its gradient is the sum over the repeats", name=name)
        return self._box("s", "sum", lines, node.scope, detail, tie=self.ties.repeats(node, position))

    def _coming(self, node: Node) -> Box:
        """A value that was computed outside the part drawn."""
        lines = [line("⋯", "title"), *self.writer.value(node)]
        detail = ", ".join(item.text for item in lines[1:])
        return self._box("x", "cut", lines, (), detail, tie=self.ties.outside(node))

    def _cut_off(self) -> None:
        """Show where values go on to what is not drawn."""
        outside: dict[Any, list[Node]] = {}
        drawn = set(self.scene.nodes)
        for node in self.scene.nodes:
            uses = [node for user, _ in self.values.uses[node] if user not in drawn]
            outside.setdefault(self.folding.get(node, node), []).extend(uses)
        for item, users in outside.items():
            if users:
                told = self.words.count(len(users), "{n} use not drawn", "{n} uses not drawn")
                lines = [line("⋯", "title"), line(told, "small")]
                box = self._box("x", "cut", lines, (), told, tie=self.ties.onward(users[0]))
                self._lead(self.exit[item], self._add(("onward", item), box))

    def _box(
        self,
        letter: str,
        role: Role,
        lines: list[Line],
        scope: tuple[str, ...],
        detail: str,
        bars: tuple[float, ...] = (),
        tie: str = "",
    ) -> Box:
        return Box(self._key(letter), role, tuple(lines), safe(detail), scope, bars, tie)

    # Arrows

    def _arrows(self, source: int, target: int, uses: list[Use]) -> list[Arrow]:
        """The arrows between two boxes: one for each use, or a single one at a folded box."""
        if not uses:
            return [Arrow(source, target)]
        folded = uses[0][0] in self.folding
        if folded or (len(uses) > 1 and self.boxes[source].key.startswith("m")):
            several = len(uses) > 1 and not folded
            told = (line(self.words("{n} inputs", n=len(uses)), "small"),) if several else ()
            return [Arrow(source, target, told)]
        found = []
        for user, position in uses:
            labelled = self.detailed and user.inputs[position] is not None
            labelled = labelled and (self.gradients or self.writer.has_slope(user))
            lines = tuple(self.writer.slope(user, position)) if labelled else ()
            tie = self.ties.use(user, position) if user.inputs[position] is not None else ""
            found.append(Arrow(source, target, lines, ", ".join(item.text for item in lines), tie))
        return found


def _bars(shown: Any) -> tuple[float, ...]:
    return shown.bars if isinstance(shown, Summary) else ()
