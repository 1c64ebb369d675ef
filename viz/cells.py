"""What takes up room in a layered drawing, and what joins it."""

from __future__ import annotations

from typing import Literal

Kind = Literal["box", "frame", "label", "passage", "port", "title"]


class Cell:
    """Something that has a place in a layer.

    Attributes:
        kind: a box; a frame with all that is in it; the label of a line; a passage, where a long
            line goes through a layer; a port, where lines cross the frame around the layers; or the
            title of that frame.
        layer: its layer.
        length: its size along the flow.
        depth: its size across the flow.
        rank: its place in its layer.
        u: its centre along the flow.
        v: its centre across it.
        before: the links that lead to it.
        after: the links that lead on from it.
    """

    __slots__ = ("after", "before", "depth", "kind", "layer", "length", "rank", "u", "v")

    def __init__(self, kind: Kind, layer: int, length: float, depth: float) -> None:
        self.kind = kind
        self.layer = layer
        self.length = length
        self.depth = depth
        self.rank = 0
        self.u = self.v = 0.0
        self.before: list[Link] = []
        self.after: list[Link] = []


class Link:
    """A piece of a line, between cells of neighbouring layers.

    Attributes:
        source: the cell that it leaves.
        target: the cell that it leads to.
        pull: how much it wants to be straight.
        out: how far from the middle of its source it leaves.
        into: how far from the middle of its target it arrives.
        start: where it leaves as a part of the source's depth, from -1/2 to 1/2; 0 where that is still open.
        end: likewise for its target.
    """

    __slots__ = ("end", "into", "out", "pull", "source", "start", "target")

    def __init__(self, source: Cell, target: Cell, pull: float, out: float = 0.0, into: float = 0.0) -> None:
        self.source = source
        self.target = target
        self.pull = pull
        self.out = out
        self.into = into
        self.start = out / source.depth if out else 0.0
        self.end = into / target.depth if into else 0.0
