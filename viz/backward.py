"""The backward graph: an object of its own, in which gradients flow from the result to the leaves."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

from autograd_core.node import Node, Spec

from .describe import WIDE
from .figures import Figure, Summary
from .folding import Group
from .forward import DETAILED, Forward
from .lettering import shortened
from .picture import Arrow, Box, Line, Picture, Role, equation, in_order, line
from .sidebyside import both
from .values import Values
from .view import Scene, View

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
                source: Step = own
                place: int | None = position
                if use in values.repeated:
                    source, place = Step("repeats", node, part, position), None
                    self.steps.append(source)
                    self.flows.append(Flow(own, source, position, values.repeated[use]))
                arrivals.setdefault(parent, []).append((source, place, part))
        order = {step: i for i, step in enumerate(self.steps)}
        self.flows.sort(key=lambda flow: (order[flow.source], flow.position or 0))

    def __repr__(self) -> str:
        return f"<BackwardGraph: {len(self.steps)} steps, {len(self.flows)} flows>"


def backward_picture(root: Node, value: Any, view: View, forward: bool) -> Picture:
    """The picture of the backward graph of a result.

    Args:
        root: the node of the result.
        value: the result's array, None if not known.
        view: what is asked for.
        forward: whether the forward graph is drawn beside it.

    Returns:
        The picture.
    """
    scene = Scene(root, value, view)
    if not forward:
        return Backward(scene).picture()
    first = Forward(scene, gradients=False).picture()  # before the other: it numbers the constants
    title = scene.words("Forward and backward graph of {name}", name=scene.writer.names[root])
    return both(first, Backward(scene).picture(), title)


class Backward:
    """Builds the picture: a box for each step or group of steps, an arrow for each flow.

    Args:
        scene: the graph, its numbers, and what is drawn of it.
    """

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.writer = scene.writer
        self.words = scene.words
        self.ties = scene.ties
        self.graph = BackwardGraph(scene.values)
        self.drawn = set(scene.nodes)
        self.boxes: list[Box] = []
        self.place: dict[Any, int] = {}  # of the box of a step, a node or leaf, a group, or of what is not drawn
        self.detailed = len(scene.nodes) - len(scene.folding) <= DETAILED

    def picture(self) -> Picture:
        """The whole picture."""
        flows = self.graph.flows
        arriving: dict[Step, list[int]] = {}
        for i, flow in enumerate(flows):
            arriving.setdefault(flow.target, []).append(i)
        ends: dict[int, tuple[int, int]] = {}
        for step in self.graph.steps:
            here = self._place(step)
            for i in arriving.get(step, ()):
                source, target = self.place.get(flows[i].source), here
                if source is None and here is not None:
                    source = self._arriving(flows[i], here)
                elif target is None and source is not None:
                    target = self._leaving(flows[i])
                if source is not None and target is not None and source != target:
                    ends[i] = source, target
        links: dict[tuple[int, int], list[Flow]] = {}
        for i in sorted(ends):
            links.setdefault(ends[i], []).append(flows[i])
        arrows = [arrow for (source, target), flows in links.items() for arrow in self._arrows(source, target, flows)]
        told = "Part of the backward graph of {name}" if self.scene.partial else "Backward graph of {name}"
        title = self.words(told, name=self.writer.names[self.scene.values.root])
        notes = (*self.writer.sum_note(), *self.writer.sign_notes(arrows), *self.writer.grad_note(self.boxes))
        return Picture("backward", title, *in_order(self.boxes, arrows), notes, self.words.lang)

    # Places

    def _place(self, step: Step) -> int | None:
        """The place of a step's box, None where it is not drawn."""
        if step.forward not in self.drawn:
            return None
        item: Any = step
        group = self.scene.folding.get(step.forward)
        if step.kind != "seed" and group is not None:
            item = group
        elif step.kind in ("rule", "leaf") or (step.kind == "sum" and not self.scene.fans_out(step.forward)):
            item = step.forward
        if item not in self.place:
            self.place[item] = self._add(self._group(group, step) if item is group else self._step(step))
        self.place[step] = self.place[item]
        return self.place[step]

    def _arriving(self, flow: Flow, here: int) -> int:
        """The place of what is not drawn and leads to a box: one for each box."""
        if ("onward", here) not in self.place:
            lines = [line("⋯", "title"), line(self.words("gradients from what is not drawn"), "small")]
            tie = self.ties.onward(flow.target.forward)
            self.place["onward", here] = self._add(self._box("cut", lines, (), tie))
        return self.place["onward", here]

    def _leaving(self, flow: Flow) -> int:
        """The place of a value that is not drawn, to which a gradient goes on."""
        node = flow.target.forward
        if ("outside", node) not in self.place:
            lines = [line("⋯", "title"), *self._gradient(node)]
            self.place["outside", node] = self._add(self._box("cut", lines, (), self.ties.outside(node)))
        return self.place["outside", node]

    def _add(self, box: Box) -> int:
        self.boxes.append(box)
        return len(self.boxes) - 1

    # Boxes

    def _step(self, step: Step) -> Box:
        node, ties = step.forward, self.ties
        scope = self.scene.values.scope(node)
        if step.kind == "seed":
            return self._box("seed", [line(self.words("start"), "title"), *self._gradient(node)], (), "")
        if step.position is not None:
            lines = [line("Σ", "title"), *self.writer.collected(node, step.position)]
            return self._box("sum", lines, node.scope, ties.repeats(node, step.position))
        if step.kind == "sum" and self.scene.fans_out(node):
            return self._box("sum", [line("+", "title"), *self._gradient(node)], scope, ties.total(node))
        if node.op is None:
            lines = [line(shortened(self.writer.names[node], 32), "title"), *self._gradient(node)]
            return self._box("leaf", lines, scope, ties.node(node), self._bars(node))
        return self._box("operation", self._rule(node), scope, ties.node(node), self._bars(node))

    def _rule(self, node: Node) -> list[Line]:
        expression = self.writer.expression(node)
        if len(expression) > WIDE:
            expression = self.writer.expression(node, options=False)
        named = f"{shortened(self.writer.names[node], 32)} = {expression}"
        lines = [line(self.words("backward of"), "small"), line(shortened(named, 60), "title")]
        gradient = self._gradient(node)
        if gradient:
            lines += [replace(gradient[0], text=f"g = {gradient[0].text}"), *gradient[1:]]
        return lines

    def _group(self, group: Group | None, step: Step) -> Box:
        assert group is not None
        caption = [line(self.words("backward of"), "small")] if step.forward.op is not None else []
        lines = [*caption, line(shortened(group.title, 44), "title"), *self._gradient(step.forward)]
        return self._box("module", lines, group.scope, self.ties.node(group.nodes[0]), self._bars(step.forward))

    def _gradient(self, node: Node) -> list[Line]:
        if self.writer.detail == "shapes":
            return equation(self.writer.gradient(node), Spec(node.shape, None), "gradient", self.words)
        return self.writer.gradient_lines(node)

    def _bars(self, node: Node) -> tuple[float, ...]:
        """The histogram of a large gradient."""
        shown = self.scene.values.gradients.get(node)
        return shown.bars if isinstance(shown, Summary) and self.writer.detail != "shapes" else ()

    def _box(
        self, role: Role, lines: list[Line], scope: tuple[str, ...], tie: str, bars: tuple[float, ...] = ()
    ) -> Box:
        texts = [item.text for item in lines]
        if lines[0].style == "small":
            texts[:2] = [" ".join(texts[:2])]
        detail = ", ".join(texts)
        return Box(f"b{len(self.boxes)}", role, tuple(lines), detail, scope, bars, tie)

    # Arrows

    def _arrows(self, source: int, target: int, flows: list[Flow]) -> list[Arrow]:
        """The arrows between two boxes: one for each flow, or a single one at a folded box."""
        if self.boxes[source].role == "module":
            return [Arrow(source, target)]
        if len(flows) > 1 and self.boxes[target].role == "module":
            return [Arrow(source, target, (line(self.words("{n} gradients", n=len(flows)), "small"),))]
        found = []
        for flow in flows:
            if flow.position is None:
                found.append(Arrow(source, target))
                continue
            node, position = flow.source.forward, flow.position
            lines = tuple(self.writer.contribution(node, position)) if self.detailed and node in self.drawn else ()
            detail = ", ".join(item.text for item in lines)
            found.append(Arrow(source, target, lines, detail, self.ties.use(node, position)))
        return found
