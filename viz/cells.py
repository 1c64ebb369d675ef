"""What takes up room in a layered drawing."""

from __future__ import annotations

from typing import Literal

Kind = Literal["box", "label", "passage"]


class Cell:
    """A box, a label, or a passage: a place in a layer where a long edge goes through.

    Attributes:
        kind: which of these.
        layer: its layer.
        length: its size along the flow.
        depth: its size across the flow.
        rank: its place in its layer.
        u: its centre along the flow.
        v: its centre across it.
        before: the cells that lead to it.
        after: the cells that it leads to.
    """

    __slots__ = ("after", "before", "depth", "kind", "layer", "length", "rank", "u", "v")

    def __init__(self, kind: Kind, layer: int, length: float, depth: float) -> None:
        self.kind = kind
        self.layer = layer
        self.length = length
        self.depth = depth
        self.rank = 0
        self.u = self.v = 0.0
        self.before: list[Cell] = []
        self.after: list[Cell] = []
