"""What stands directly in one frame, laid out in layers: boxes, smaller frames, labels and lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from .cells import Cell, Link
from .coordinates import place, spread
from .ordering import arrange
from .routing import Path, Router

Size = tuple[float, float]

PASSAGES = (1000, 2, 30_000)
"""Long edges are led between boxes while that takes at most so many passages, and more per item, up to so many."""

WIDELY = 4
"""What is used at so many places, a weight shared by all steps, leads along all layers in any case."""

PULL = (1.0, 4.0, 16.0)
"""How much a line wants to be straight, by how many of its ends are passages of a long edge."""

MAIN = 8.0
"""How much more if it leads on what came into the frame."""

IN, OUT = -1, -2
"""The sides of a frame, where other items have numbers from 0."""


@dataclass(eq=False, slots=True)
class Leg:
    """The part of an edge that runs in one frame; edges that share their hub may share it.

    Attributes:
        frame: the number of the frame.
        hub: the box at which these edges begin, or for backward pictures end.
        source: where it begins: the number of an item, or IN.
        target: where it ends: the number of an item, or OUT.
        label: the size of its label along and across the flow.
        path: its line.
        place: the corner of its label.
        whole: whether its line reaches from end to end, and not only to where it meets another.
    """

    frame: int
    hub: int
    source: int
    target: int
    label: Size | None = None
    path: Path = field(default_factory=list)
    place: tuple[float, float] | None = None
    whole: bool = True


class Ports(NamedTuple):
    """Where the lines of each hub cross the sides of a frame, from its top."""

    inward: dict[int, float]
    outward: dict[int, float]


class Content(NamedTuple):
    """Where everything in a frame is.

    Attributes:
        corners: where each item begins along and across the flow.
        ports: where lines cross the frame.
        length: its size along the flow.
        depth: its size across it.
    """

    corners: dict[int, tuple[float, float]]
    ports: Ports
    length: float
    depth: float


class Level:
    """One frame's content in its place.

    Args:
        sizes: the size along and across the flow of each item directly in it.
        frames: those of the items that are frames, with their ports.
        legs: the lines.
        backward: whether hubs are where edges end.
        wrap: where a longer row is broken.
        title: the size of a title to stand among the ports of the side IN.
        sweeps: how often everything is moved towards its neighbours.

    Attributes:
        content: the places of the items; those of labels and lines are in the legs.
    """

    def __init__(
        self,
        sizes: dict[int, Size],
        frames: dict[int, Ports],
        legs: Sequence[Leg],
        backward: bool,
        wrap: float | None,
        title: Size | None,
        sweeps: int,
    ) -> None:
        self._frames = frames
        self._backward = backward
        self._aside: list[Link] = []
        self._inner: list[Cell] = []  # passages and labels
        self._items = {
            item: Cell("frame" if item in frames else "box", layer, *sizes[item])
            for item, layer in self._depths(list(sizes), legs).items()
        }
        last = max((cell.layer for cell in self._items.values()), default=0)
        self._inward = {leg.hub: Cell("port", 0, 0.0, 4.0) for leg in legs if leg.source == IN}
        self._outward = {leg.hub: Cell("port", last + 2, 0.0, 4.0) for leg in legs if leg.target == OUT}
        titles = [Cell("title", 0, *title)] if title else []
        outer = [*titles, *self._inward.values(), *self._items.values(), *self._outward.values()]
        self._main = self._leading_on(legs)
        labels = {leg: self._label(leg) for leg in legs if leg.label is not None}
        _close([*outer, *labels.values()])
        chains = self._chains(legs, labels)
        rows = arrange([*outer, *self._inner, *labels.values()], backward)
        spread(rows, self._aside)
        bands = place(rows, None if self._aside else wrap, backward, sweeps)
        router = Router(bands, self._aside)
        for leg, chain in zip(legs, chains, strict=True):
            leg.path = router.path(chain)
            leg.whole = self._end(leg) in (chain[0].source, chain[-1].target)
        for leg, label in labels.items():
            leg.place = label.u - label.length / 2, label.v - label.depth / 2
        corners = {item: (cell.u - cell.length / 2, cell.v - cell.depth / 2) for item, cell in self._items.items()}
        ports = Ports(
            {hub: port.v for hub, port in self._inward.items()}, {hub: port.v for hub, port in self._outward.items()}
        )
        self.content = Content(corners, ports, router.width, router.height)

    def _depths(self, items: list[int], legs: Sequence[Leg]) -> dict[int, int]:
        """The layer of each item, every second one, so that labels have layers between them."""
        number = {item: i for i, item in enumerate(items)}
        pairs = [(number[leg.source], number[leg.target]) for leg in legs if leg.source != IN and leg.target != OUT]
        if self._backward:
            found = layers(len(items), [pair[::-1] for pair in pairs])
            last = max(found, default=0)
            found = [last - depth for depth in found]
        else:
            found = layers(len(items), pairs)
        return {item: 2 + 2 * depth for item, depth in zip(items, found, strict=True)}

    def _leading_on(self, legs: Sequence[Leg]) -> set[Leg]:
        """The legs that carry on what came into the frame, and not parameters of its own."""
        arriving: dict[int, list[Leg]] = {}
        for leg in legs:
            arriving.setdefault(leg.source if self._backward else leg.target, []).append(leg)
        carrying = {IN, OUT}
        found: set[Leg] = set()
        for item in sorted(self._items, key=lambda item: self._items[item].layer, reverse=self._backward):
            main = {leg for leg in arriving.get(item, []) if (leg.target if self._backward else leg.source) in carrying}
            if main:
                carrying.add(item)
                found |= main
        return found | {leg for leg in legs if leg.source == IN or leg.target == OUT}

    def _end(self, leg: Leg) -> Cell:
        """The cell at a leg's hub's side."""
        if self._backward:
            return self._outward[leg.hub] if leg.target == OUT else self._items[leg.target]
        return self._inward[leg.hub] if leg.source == IN else self._items[leg.source]

    def _far(self, leg: Leg) -> Cell:
        """The cell at a leg's other side."""
        if self._backward:
            return self._inward[leg.hub] if leg.source == IN else self._items[leg.source]
        return self._outward[leg.hub] if leg.target == OUT else self._items[leg.target]

    def _label(self, leg: Leg) -> Cell:
        assert leg.label is not None
        return Cell("label", self._far(leg).layer + (1 if self._backward else -1), *leg.label)

    def _link(self, leg: Leg, source: Cell, target: Cell) -> Link:
        """A link between two cells on the way of a leg; at a frame it ends at the port."""
        out = into = 0.0
        if source.kind == "frame":
            out = self._frames[leg.source].outward[leg.hub] - source.depth / 2
        if target.kind == "frame":
            into = self._frames[leg.target].inward[leg.hub] - target.depth / 2
        pull = PULL[(source.kind == "passage") + (target.kind == "passage")]
        return Link(source, target, pull * MAIN if leg in self._main else pull, out, into)

    def _chains(self, legs: Sequence[Leg], labels: dict[Leg, Cell]) -> list[list[Link]]:
        """Every leg as a chain of links between consecutive layers.

        Legs that share an end, the hub, share the way from there as far as both go: the chain of
        the second begins (or ends) at a passage of the first. If all that takes too many passages,
        the longest run below everything.
        """
        step = -1 if self._backward else 1
        ways: dict[tuple[Cell, int], int] = {}
        for leg in legs:
            way = ways.get((self._end(leg), leg.hub), 0)
            ways[self._end(leg), leg.hub] = max(way, abs(self._far(leg).layer - self._end(leg).layer))
        base, each, most = PASSAGES
        budget = min(base + each * (len(self._items) + len(legs)), most)
        short: set[tuple[Cell, int]] = set()
        for trunk, length in sorted(ways.items(), key=lambda way: way[1]):
            budget -= length
            if budget < 0:
                break
            short.add(trunk)
        trunks: dict[tuple[Cell, int], tuple[list[Cell], list[Link]]] = {}
        chains: list[list[Link]] = []
        for leg in legs:
            end, rest = self._end(leg), [self._far(leg)]
            if leg in labels:
                rest.insert(0, labels[leg])
            cells, links = trunks.setdefault((end, leg.hub), ([end], []))
            needed = abs(rest[0].layer - end.layer)
            aside = (end, leg.hub) not in short and needed > 1
            if aside:
                needed = 1
            joint = min(needed, len(cells)) - 1
            while len(cells) < needed:
                passage = Cell("passage", end.layer + step * len(cells), 0.0, 4.0)
                links.append(self._joined(leg, cells[-1], passage))
                cells.append(passage)
                self._inner.append(passage)
            chain = [*links[joint : needed - 1], self._joined(leg, cells[needed - 1], rest[0], aside)]
            if len(rest) > 1:
                chain.append(self._joined(leg, rest[0], rest[1]))
            chains.append(chain[::-1] if self._backward else chain)
        return chains

    def _joined(self, leg: Leg, near: Cell, far: Cell, aside: bool = False) -> Link:
        """A new link, known to the cells or to those that run below everything."""
        source, target = (far, near) if self._backward else (near, far)
        link = self._link(leg, source, target)
        if aside:
            self._aside.append(link)
        else:
            source.after.append(link)
            target.before.append(link)
        return link


def layers(count: int, edges: Sequence[tuple[int, int]]) -> list[int]:
    """The layer of each box: after all boxes that lead to it, sources and what is made of them alone next to its use.

    Args:
        count: how many boxes there are.
        edges: the connections, without cycles.

    Returns:
        The layers, from 0.

    Raises:
        ValueError: the connections form a cycle.
    """
    after: list[list[int]] = [[] for _ in range(count)]
    before: list[list[int]] = [[] for _ in range(count)]
    for source, target in edges:
        after[source].append(target)
        before[target].append(source)
    waiting = [len(sources) for sources in before]
    order = [i for i in range(count) if not waiting[i]]
    found = [0] * count
    for i in order:  # the list grows while it is walked
        for target in after[i]:
            found[target] = max(found[target], found[i] + 1)
            waiting[target] -= 1
            if not waiting[target]:
                order.append(target)
    if len(order) < count:
        raise ValueError("a layered drawing needs connections without a cycle")
    light = [False] * count
    for i in order:
        light[i] = all(len(after[j]) >= WIDELY or (light[j] and len(after[j]) == 1) for j in before[i])
    for i in reversed(order):
        if after[i] and (light[i] or len(after[i]) >= len(before[i])):
            found[i] = min(found[target] for target in after[i]) - 1
    lowest = min(found, default=0)
    return [layer - lowest for layer in found]


def _close(cells: list[Cell]) -> None:
    """Leave out the layers in which nothing stands."""
    number = {layer: i for i, layer in enumerate(sorted({cell.layer for cell in cells}))}
    for cell in cells:
        cell.layer = number[cell.layer]
