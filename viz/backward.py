"""The backward graph: an object of its own, in which gradients flow from the result to the leaves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from autograd_core import Tensor
from autograd_core.node import Node

from .describe import Writer
from .figures import Figure
from .folding import Folding, fold
from .forward import DETAILED
from .naming import Names
from .picture import Arrow, Box, Line, Picture, Role, line
from .text import shortened
from .ties import Ties
from .values import Values
from .words import Words

Kind = Literal["seed", "rule", "repeats", "sum", "leaf"]


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """A node of the backward graph.

    Attributes:
        kind: ``seed``, the gradient that a backward pass starts with; ``rule``, an operation's
            derivative rule; ``repeats``, the sum over the repeats of an input that was broadcast to
            fit the others; ``sum``, where the gradients of several uses are added; ``leaf``, where
            a gradient is collected.
        forward: the node of the forward graph that it belongs to; for a rule, and for a sum over
            repeats, the operation that caused it.
        gradient: what leaves it, the gradient of the result with respect to that node's value; for
            a sum over repeats what this use adds to its input's gradient; None if the values for it
            are gone.
        position: for a sum over repeats which input of the operation was repeated, else None.
    """

    kind: Kind
    forward: Node
    gradient: Figure | None
    position: int | None = None


@dataclass(frozen=True, slots=True)
class Flow:
    """A gradient on its way from one step to another.

    Attributes:
        source: the step it leaves.
        target: the step it arrives at.
        position: for which input of the operation it is, where it comes from a rule; else None.
        part: its value; None if the values for it are gone.
    """

    source: Step
    target: Step
    position: int | None
    part: Figure | None


class BackwardGraph:
    """The computation of the gradients of one result, as a graph.

    It mirrors the forward graph: one rule for each operation that passes a gradient on, one leaf for
    each leaf that gets one, and a sum where the forward graph uses a value several times or repeats
    it. What flows into a step sums to its gradient: ``∂L/∂x = Σ g·∂v/∂x`` over the uses v of x.

    Args:
        values: the forward graph and its numbers.

    Attributes:
        steps: its nodes, in the order in which a backward pass takes them.
        flows: its edges, by the order of the steps they leave.

    Example:
        >>> import autograd_core as ag, viz
        >>> x = ag.tensor(3.0, requires_grad=True)
        >>> graph = viz.backward_graph(x * x)
        >>> [step.kind for step in graph.steps]
        ['seed', 'rule', 'sum', 'leaf']
        >>> [(flow.source.kind, flow.target.kind, float(flow.part)) for flow in graph.flows]
        [('seed', 'rule', 1.0), ('rule', 'sum', 3.0), ('rule', 'sum', 3.0), ('sum', 'leaf', 6.0)]
    """

    def __init__(self, values: Values) -> None:
        self.steps: list[Step] = []
        self.flows: list[Flow] = []
        arrivals: dict[Node, list[tuple[Step, int | None, Figure | None]]] = {}
        for node in reversed(values.nodes):
            if node not in values.gradients:
                continue
            gradient = values.gradients[node]
            own = Step("leaf" if node.op is None else "rule", node, gradient)
            if node is values.root:
                seed = Step("seed", node, gradient)
                self.steps.append(seed)
                self.flows.append(Flow(seed, own, None, gradient))
            coming = arrivals.pop(node, [])
            entrance = own
            if len(coming) > 1:
                entrance = Step("sum", node, gradient)
                self.steps.append(entrance)
                self.flows.append(Flow(entrance, own, None, gradient))
            self.flows += [Flow(source, entrance, position, part) for source, position, part in coming]
            self.steps.append(own)
            for position, parent in enumerate(node.inputs):
                use = node, position
                if parent is None or use not in values.parts:
                    continue
                part = values.parts[use]
                source, place = own, position
                if use in values.repeated:
                    source, place = Step("repeats", node, part, position), None
                    self.steps.append(source)
                    self.flows.append(Flow(own, source, position, values.repeated[use]))
                arrivals.setdefault(parent, []).append((source, place, part))
        order = {step: i for i, step in enumerate(self.steps)}
        self.flows.sort(key=lambda flow: (order[flow.source], flow.position or 0))

    def __repr__(self) -> str:
        return f"<BackwardGraph: {len(self.steps)} steps, {len(self.flows)} flows>"


def backward_picture(
    root: Node, value: Any, names: Mapping[str, Tensor] | None, depth: int | None, words: Words
) -> Picture:
    """The picture of the backward graph of a result.

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
    return Backward(writer, fold(values.nodes, values.uses, depth, words)).picture()


class Backward:
    """Builds the picture: a box for each step or group of steps, an arrow for each flow.

    Args:
        writer: writes the names, formulas and numbers.
        folding: which nodes are drawn together.
    """

    def __init__(self, writer: Writer, folding: Folding) -> None:
        self.writer = writer
        self.words = writer.words
        self.graph = BackwardGraph(writer.values)
        self.folding = folding
        self.ties = Ties(writer.values.nodes, folding)
        self.boxes: list[Box] = []
        self.detailed = len(self.graph.steps) - len(folding) <= DETAILED

    def picture(self) -> Picture:
        """The whole picture."""
        place: dict[Any, int] = {}
        for step in self.graph.steps:
            group = self.folding.get(step.forward) if step.kind != "seed" else None
            item: Any = group or step
            if item not in place:
                place[item] = len(self.boxes)
                self.boxes.append(self._step(step) if group is None else self._group(group.title, step))
            place[step] = place[item]
        links: dict[tuple[int, int], list[Flow]] = {}
        for flow in self.graph.flows:
            if place[flow.source] != place[flow.target]:
                links.setdefault((place[flow.source], place[flow.target]), []).append(flow)
        arrows = [arrow for (source, target), flows in links.items() for arrow in self._arrows(source, target, flows)]
        title = self.words("Backward graph of {name}", name=self.writer.names[self.writer.values.root])
        notes = tuple(self.writer.sum_note())
        return Picture("backward", title, tuple(self.boxes), tuple(arrows), notes, self.words.lang)

    def _step(self, step: Step) -> Box:
        writer, node = self.writer, step.forward
        gradient = writer.gradient_lines(node)
        scope = writer.values.scope(node)
        role: Role = "sum"
        tie = self.ties.node(node)
        if step.kind == "seed":
            role, lines = "seed", [line(self.words("start"), "title"), *gradient]
            scope, tie = (), ""
        elif step.kind == "sum":
            lines = [line("+", "title"), *gradient]
            tie = self.ties.total(node)
        elif step.position is not None:
            lines = [line("Σ", "title"), *writer.collected(node, step.position)]
            tie = self.ties.repeats(node, step.position)
        elif step.kind == "leaf":
            role, lines = "leaf", [line(shortened(writer.names[node], 32), "title"), *gradient]
        else:
            role, lines = "operation", self._rule(node, gradient)
        key = f"{step.kind[0]}{len(self.boxes)}"
        return Box(key, role, tuple(lines), ", ".join(item.text for item in lines), scope, tie=tie)

    def _rule(self, node: Node, gradient: list[Line]) -> list[Line]:
        writer = self.writer
        equation = f"{shortened(writer.names[node], 32)} = {writer.expression(node)}"
        lines = [line(self.words("backward of"), "small"), line(shortened(equation, 48), "title")]
        if gradient:
            lines += [replace(gradient[0], text=f"g = {gradient[0].text}"), *gradient[1:]]
        if node.scope:
            lines.append(writer.place(node))
        return lines

    def _group(self, title: str, step: Step) -> Box:
        caption = [line(self.words("backward of"), "small")] if step.forward.op is not None else []
        lines = [*caption, line(shortened(title, 40), "title"), *self.writer.gradient_lines(step.forward)]
        detail = ", ".join(item.text for item in lines)
        return Box(f"m{len(self.boxes)}", "module", tuple(lines), detail, tie=self.ties.node(step.forward))

    def _arrows(self, source: int, target: int, flows: list[Flow]) -> list[Arrow]:
        if self.boxes[source].role == "module" or not self.detailed:
            return [Arrow(source, target)]
        if len(flows) > 1 and self.boxes[target].role == "module":
            return [Arrow(source, target, (line(self.words("{n} gradients", n=len(flows)), "small"),))]
        found = []
        for flow in flows:
            if flow.position is None:
                found.append(Arrow(source, target))
                continue
            lines = tuple(self.writer.contribution(flow.source.forward, flow.position))
            tie = self.ties.use(flow.source.forward, flow.position)
            found.append(Arrow(source, target, lines, ", ".join(item.text for item in lines), tie))
        return found
