"""What a user asks to see of a graph, and what that comes to: the same for the forward and the backward picture."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from typing import Any, Literal, get_args

import numpy as np

from autograd_core import Tensor
from autograd_core.node import Node

from .describe import Detail, Writer
from .folding import fold
from .naming import Names
from .selection import select
from .ties import Ties
from .values import Use, Values
from .words import Words

Direction = Literal["right", "down"]


@dataclass(frozen=True, slots=True)
class View:
    """What is asked for.

    Attributes:
        names: names for tensors, besides those they carry.
        detail: how much is written: ``formula``, ``numbers`` or ``shapes``.
        depth: how many levels of modules are shown open, None for what is readable.
        of: where the part to draw begins, None for the whole graph.
        to: where it ends, None for the result.
        words: the language's words.

    Raises:
        ValueError: there is no such detail.
    """

    names: Mapping[str, Tensor] | None = None
    detail: Detail = "formula"
    depth: int | None = None
    of: Any = None
    to: Any = None
    words: Words = Words()  # noqa: RUF009 - it is never changed

    def __post_init__(self) -> None:
        if self.detail not in get_args(Detail):
            raise ValueError(f"detail= is one of {', '.join(map(repr, get_args(Detail)))}, got {self.detail!r}")


class Scene:
    """A graph and its numbers, what they are called, and which of them are drawn how.

    Args:
        root: the node of the result.
        value: the result's array, None if not known.
        view: what is asked for.

    Attributes:
        values: the graph and its numbers.
        writer: writes them.
        nodes: the nodes to draw, oldest first: all of the graph, or a part of it.
        uses: for each of these where it is used among them.
        folding: which of them are drawn together.
        ties: what their boxes have in common in both pictures.
        partial: whether only a part of the graph is drawn.
    """

    def __init__(self, root: Node, value: Any, view: View) -> None:
        self.values = Values(root, value)
        self.values.blind = view.detail == "shapes"
        names = Names(self.values.nodes, root, view.names)
        self.words = view.words
        self.writer = Writer(self.values, names, view.words, view.detail)
        self.partial = view.of is not None or view.to is not None
        self.nodes, self.uses = self.values.nodes, self.values.uses
        if self.partial:
            chosen = select(self.values, names, view.of, view.to)
            self.nodes = [node for node in self.nodes if node in chosen]
            self.uses = {node: [use for use in self.uses[node] if use[0] in chosen] for node in self.nodes}
        self.folding = fold(self.nodes, self.uses, view.depth, view.words)
        self.ties = Ties(self.values.nodes, self.folding)
        self.values.unseen = {
            node for node in self.nodes if node in self.folding and node is not root and not self.leaves_group(node)
        }

    def leaves_group(self, node: Node) -> bool:
        """Whether a folded node is used outside of its box."""
        return any(self.folding.get(user) is not self.folding[node] for user, _ in self.values.uses[node])

    def fans_out(self, node: Node) -> bool:
        """Whether a value goes several ways, or to several repeats, so that its gradient is a sum that is drawn."""
        if node in self.folding:
            return False
        users = [user for user, _ in self.passing(node)]
        if len(users) < 2:
            return False
        boxes = {self.folding.get(user, user) for user in users}
        if len(boxes) > 1 or users[0] in boxes:
            return True
        turns = self.folding[users[0]].turns
        return len({turns.get(user) for user in users}) > 1

    def passing(self, node: Node) -> list[Use]:
        """The uses of a value that pass a gradient back to it."""
        return [use for use in self.values.uses[node] if self._passes(*use)]

    def is_repeated(self, use: Use) -> bool:
        """Whether an operation repeats its input to fit the others, so that its gradient is a sum over the repeats."""
        node, position = use
        parent, op = node.inputs[position], node.op
        if parent is None or op is None or not self._passes(node, position):
            return False
        if op.elementwise:
            return prod(parent.shape) != prod(node.shape)
        return self.writer.detail != "shapes" and use in self.values.repeated

    def repeated_shape(self, use: Use) -> tuple[int, ...]:
        """The shape that an input is repeated to."""
        wide = None if self.writer.detail == "shapes" else self.values.repeated.get(use)
        return use[0].shape if wide is None else tuple(np.shape(wide))

    @staticmethod
    def _passes(user: Node, position: int) -> bool:
        return user.op is not None and user.op.vjps[position] is not None
