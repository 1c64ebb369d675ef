"""What a player shows: a picture of the graph, and a script of what happens in it, step by step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from autograd_core.node import Node, Spec

from .describe import Writer
from .figures import Summary, extent, figure, number
from .lettering import shortened
from .picture import Arrow, Box, Line, Picture, Role, equation, line, same_number
from .program import Program, numeral
from .slots import USUAL, Slots, slot
from .values import Use, Values
from .words import Words

_ZERO = np.zeros(())


class _Told(Writer):
    """Writes expressions with the operands' numbers in place of their names."""

    def __init__(self, plain: Writer, places: dict[Node, int]) -> None:
        super().__init__(plain.values, plain.names, plain.words)
        self._places = places

    def inputs(self, node: Node) -> list[str]:
        return [
            slot("V", self._places[parent]) if parent is not None else name
            for parent, name in zip(node.inputs, super().inputs(node), strict=True)
        ]


class Stage:
    """The picture and the script of one graph.

    Args:
        writer: the graph, its names and words.

    Attributes:
        picture: the whole graph with all numbers.
        program: what a page needs to compute the numbers anew.
    """

    def __init__(self, writer: Writer) -> None:
        self.writer = writer
        self.values: Values = writer.values
        self.words: Words = writer.words
        self.program = Program(self.values, self.words)
        self.uses: list[Use] = [
            (node, position)
            for node in reversed(self.values.nodes)
            for position in range(len(node.inputs))
            if (node, position) in self.values.parts
        ]
        self._places = {node: i for i, node in enumerate(self.values.nodes)}
        self._arriving: dict[Node, list[int]] = {}
        for j, (node, position) in enumerate(self.uses):
            parent = node.inputs[position]
            assert parent is not None
            self._arriving.setdefault(parent, []).append(j)
        self.slots = Slots(self.values, self.words, self.uses, self._arriving)
        self._numbers = _Told(writer, self._places)
        self._boxes: list[Box] = []
        self._arrows: list[Arrow] = []
        self._place_of: dict[Any, int] = {}
        self._beside: dict[Node, list[str]] = {}
        self._arrow_of: dict[Use, int] = {}
        for node in self.values.nodes:
            self._draw(node)
        title = self.words("Forward and backward pass of {name}", name=writer.names[self.values.root])
        notes = (*writer.sum_note(), *writer.sign_notes(self._arrows))
        self.picture = Picture("forward", title, tuple(self._boxes), tuple(self._arrows), notes, self.words.lang)

    # The picture

    def _draw(self, node: Node) -> None:
        self._beside[node] = []
        sources = [self._source(node, position) for position in range(len(node.inputs))]
        head, value, gradient = self._lines(node)
        lines = (*head, *value, *gradient)
        role: Role = "result" if node is self.values.root else "leaf" if node.op is None else "operation"
        told = ", ".join(item.text for item in lines)
        box = Box(f"n{self._places[node]}", role, lines, told, self.values.scope(node), room=self._room(node, lines))
        self._place_of[node] = len(self._boxes)
        self._boxes.append(box)
        for position, source in enumerate(sources):
            if source is None:
                continue
            use = node, position
            labels = self._labels(use) if use in self.values.parts else []
            shown = tuple(line(self.slots.filled(text), style) for text, style in labels)
            room = _widest(shown, [line(self.slots.widened(text), style) for text, style in labels])
            room = room if self.program.sliders else ()
            self._arrow_of[use] = len(self._arrows)
            detail = ", ".join(item.text for item in shown)
            self._arrows.append(Arrow(source, self._place_of[node], shown, detail, room=room))

    def _lines(self, node: Node) -> tuple[list[Line], list[Line], list[Line]]:
        """What a box says: the operation, the value, the gradient."""
        value, gradient = self.writer.value(node), self.writer.gradient_lines(node)
        if node.op is None:
            return [], [Line(value[0].text, "title", value[0].finite), *value[1:]], gradient
        return self.writer.title(node), value, gradient

    def _room(self, node: Node, lines: Sequence[Line]) -> tuple[Line, ...]:
        """The lines of a box as wide as they may become."""
        if not self.program.sliders:
            return ()
        head, value, gradient = self._lines(node)
        usual = figure(np.full(node.shape, -USUAL)[()])
        name = shortened(self.writer.names[node], 32)
        told = [*head, *equation(name, usual, value[0].style, self.words)]
        if gradient:
            counted = " (8/8)" if len(self._arriving.get(node, [])) > 1 else ""
            first, *rest = equation(self.writer.gradient(node), usual, "gradient", self.words)
            told += [replace(first, text=first.text + counted), *rest]
        return _widest(lines, told)

    def _source(self, node: Node, position: int) -> int | None:
        """The place of the box of an input; a number has none."""
        parent, array = node.inputs[position], self.values.operands(node)[position]
        if parent is not None:
            return self._place_of[parent]
        if self.writer.names.is_written_out(array):
            return None
        if id(array) not in self._place_of:
            lines = equation(shortened(self.writer.names.constant(array), 32), figure(array), "title", self.words)
            lines = [replace(lines[0], style="title"), *lines[1:]]
            key = f"c{len(self._boxes)}"
            told = self.words("constant {value}", value=", ".join(item.text for item in lines))
            self._place_of[id(array)] = len(self._boxes)
            self._boxes.append(Box(key, "constant", tuple(lines), told))
            self._beside[node].append(key)
        return self._place_of[id(array)]

    def _equals(self, left: str, parent: Node) -> str:
        """The sign behind ∂L/∂x where that is the share of one use among several, and else."""
        return "+=" if left == self.writer.gradient(parent) and len(self._arriving[parent]) > 1 else "="

    def _labels(self, use: Use) -> list[tuple[str, Any]]:
        """The templates on an arrow: the local derivative, and what it makes of the gradient."""
        node, position = use
        parent = node.inputs[position]
        assert parent is not None
        assert node.op is not None
        j = self._index(use)
        formula = self.writer.local_formula(node, position) if self.writer.has_slope(node) else self._rule(use)
        left = self.writer.local(node, parent) if self.writer.has_slope(node) else self.writer.gradient(parent)
        first = f"{left} {self._equals(left, parent)} {formula}"
        if self.values.parts[use] is None:
            return [(first, "formula")]
        if not self.writer.has_slope(node):
            return [(first, "formula"), (f"= {slot('q', j)}", "gradient")]
        if node.shape != () or parent.shape != ():
            product = f"{self.words('upstream')} {'∘' if node.shape else '×'} {self.words('local')}"
            product = f"Σ({product})" if use in self.values.repeated else product
            return [(first, "formula"), (f"{product} = {slot('q', j)}", "gradient")]
        if not same_number(formula, self.values.slope(node, position)):
            first += f" = {slot('s', j)}"
        product = f"{slot('G', self._places[node])} × {slot('S', j)} = {slot('p', j)}"
        return [(first, "formula"), (product, "gradient")]

    def _rule(self, use: Use) -> str:
        formula = self.writer.rule(*use)
        return f"Σ({formula})" if use in self.values.repeated else formula

    def _index(self, use: Use) -> int:
        parent = use[0].inputs[use[1]]
        assert parent is not None
        return next(j for j in self._arriving[parent] if self.uses[j] == use)

    # The script

    def data(self) -> dict[str, Any]:
        """Everything that the page's script needs."""
        nodes = [self._node_data(node) for node in self.values.nodes]
        uses = [self._use_data(use) for use in self.uses]
        steps: list[list[Any]] = [["value", i, self._telling(node)] for i, node in enumerate(self.values.nodes)]
        root = self.values.root
        start = self.words("The backward pass starts: {gradient} = 1.", gradient=self.writer.gradient(root))
        steps.append(["start", self._places[root], start])
        steps += [["use", j, self._passing(use)] for j, use in enumerate(self.uses)]
        return {"nodes": nodes, "uses": uses, "steps": steps, "program": self._program(nodes, uses)}

    def _node_data(self, node: Node) -> dict[str, Any]:
        head, value, gradient = self._lines(node)
        known = node in self.values.gradients
        return {
            "key": f"n{self._places[node]}",
            "name": shortened(self.writer.names[node], 32),
            "gradientName": self.writer.gradient(node),
            "leaf": node.op is None,
            "beside": self._beside[node],
            "valueLines": [len(head), len(value)],
            "gradientLines": [len(head) + len(value), len(gradient)],
            "value": self._shown(self.values.value(node)),
            "gradient": self._shown(self.values.gradients[node]) if known else None,
            "arriving": self._arriving.get(node, []),
            "derivation": self._derivation(node),
        }

    def _use_data(self, use: Use) -> dict[str, Any]:
        node, position = use
        parent = node.inputs[position]
        assert parent is not None
        return {
            "from": self._places[node],
            "to": self._places[parent],
            "arrow": self._arrow_of[use],
            "labels": [text for text, _ in self._labels(use)],
            "slope": self._shown(self.values.slope(node, position)) if self.writer.has_slope(node) else None,
            "part": self._shown(self.values.parts[use]),
        }

    def _shown(self, value: Any) -> dict[str, Any] | None:
        if value is None:
            return None
        if isinstance(value, (Spec, Summary)):
            more = extent(value, self.words) if isinstance(value, Summary) else ""
            return {"text": self.words("shape {shape}", shape=value.shape), "more": more}
        kept = value if self.program.sliders else figure(value)
        return numeral(value) if kept is value else self._shown(kept)

    def _program(self, nodes: list[dict[str, Any]], uses: list[dict[str, Any]]) -> dict[str, Any] | None:
        program = self.program.data()
        if program is None:
            return None
        for node, entry in zip(self.values.nodes, nodes, strict=True):
            if node in self.program.forward:
                entry["forward"], entry["operands"] = self.program.forward[node]
        for use, entry in zip(self.uses, uses, strict=True):
            entry["rule"] = self.program.parts[use]
            if use in self.program.slopes:
                entry["slopeRule"] = self.program.slopes[use]
            entry["single"] = use[0].shape == ()
        return {**program, "sliders": [self._places[leaf] for leaf in self.program.sliders]}

    def _telling(self, node: Node) -> str:
        """What happens where a value appears."""
        name, value = self.writer.names[node], slot("v", self._places[node])
        if node.op is None:
            return self.words("{name} is given: {value}.", name=name, value=value)
        return self._computed(node)

    def _computed(self, node: Node) -> str:
        """``v = x × w = 2 × 3 = 6``."""
        name, value = self.writer.names[node], slot("v", self._places[node])
        formula = f"{name} = {self.writer.expression(node)}"
        small = all(np.ndim(_ZERO if isinstance(array, Spec) else array) == 0 for array in self.values.operands(node))
        if small and len(node.inputs) <= 4 and node.shape == ():
            formula += f" = {self._numbers.expression(node)}"
        return f"{formula} = {value}"

    def _passing(self, use: Use) -> str:
        """What happens where a gradient flows along an edge."""
        node, position = use
        parent = node.inputs[position]
        assert parent is not None
        j, upstream = self._index(use), slot("G", self._places[node])
        parts = {
            "result": self.writer.names[node],
            "input": self.writer.names[parent],
            "upstream": upstream,
            "local": slot("S", j),
            "part": slot("p", j),
        }
        if node.shape == () and parent.shape == ():
            text = self.words(
                "From {result} back to {input}: upstream {upstream} × local {local} = contribution {part}.", **parts
            )
        elif self.writer.has_slope(node):
            text = self.words("From {result} back to {input}: upstream times local = contribution {part}.", **parts)
        else:
            rule = self._rule(use)
            text = self.words("From {result} back to {input}: {rule} = contribution {part}.", rule=rule, **parts)
        arriving = self._arriving[parent]
        gradient, k, total = self.writer.gradient(parent), arriving.index(j) + 1, slot("t", j)
        if k < len(arriving):
            so_far = self.words("Sum of {k} of {n} so far: {total}.", k=k, n=len(arriving), total=total)
            return f"{text} {so_far}"
        if k == 1:
            return f"{text} {self.words('{gradient} = {total}.', gradient=gradient, total=slot('p', j))}"
        sum_of = self.words("The sum of all {n}: {gradient} = {total}.", n=k, gradient=gradient, total=total)
        return f"{text} {sum_of}"

    def _derivation(self, node: Node) -> list[str]:
        """The chain rule at one node, line by line."""
        i = self._places[node]
        lines = [f"{self.writer.names[node]} = {slot('v', i)}" if node.op is None else self._computed(node)]
        for position, parent in enumerate(node.inputs):
            if parent is not None and (node, position) in self.values.parts and self.writer.has_slope(node):
                formula = self.writer.local_formula(node, position)
                local = self.writer.local(node, parent)
                told = f"{local} {self._equals(local, parent)} {formula}"
                number_there = slot("s", self._index((node, position)))
                lines.append(told if formula == self.slots.filled(number_there) else f"{told} = {number_there}")
        gradient, arriving = self.writer.gradient(node), self._arriving.get(node, [])
        if node is self.values.root:
            return [*lines, f"{gradient} = {number(1)}"]
        if not arriving:
            return [*lines, self.words("No gradient flows here.")]
        symbols, products, parts = zip(*(self._factors(j) for j in arriving), strict=True)
        lines.append(f"{gradient} = {' + '.join(symbols)}")
        if any(products):
            lines.append("= " + " + ".join(product or part for product, part in zip(products, parts, strict=True)))
        if len(arriving) > 1:
            lines.append("= " + " + ".join(slot("P", j) for j in arriving))
        return [*lines, f"= {slot('g', i)}"]

    def _factors(self, j: int) -> tuple[str, str, str]:
        """A path's last factor: in symbols, in numbers if it is a product of two, and what it comes to."""
        node, position = use = self.uses[j]
        parent = node.inputs[position]
        assert parent is not None
        if not self.writer.has_slope(node):
            g = self.writer.gradient(node)
            return f"{self._rule(use)} [g = {g}]", "", slot("P", j)
        sign = "∘" if node.shape else "·"
        local = self.writer.local(node, parent)
        if self._equals(local, parent) == "+=":  # in the sum that is ∂L/∂x itself
            local = self.writer.local_formula(node, position)
            local = f"({local})" if " " in local or local.startswith("−") else local
        symbols = f"{self.writer.gradient(node)} {sign} {local}"
        symbols = f"Σ({symbols})" if use in self.values.repeated else symbols
        plain = node.shape == () and parent.shape == ()
        return symbols, f"{slot('G', self._places[node])} × {slot('S', j)}" if plain else "", slot("P", j)


def _widest(lines: Sequence[Line], others: Sequence[Line]) -> tuple[Line, ...]:
    """Of each line and another the longer."""
    return tuple(max(pair, key=lambda item: len(item.text)) for pair in zip(lines, others, strict=True))
