"""Numbers in texts that a page fills anew.

Texts with numbers are templates: a number stands as a slot, a letter and a place between zero characters,
which no name can contain. ``v`` is a node's value, ``g`` its gradient; of a use, ``s`` the local derivative,
``p`` the contribution, ``q`` the same with matrices and large arrays by shape alone, ``t`` the sum up to it.
Capital letters put negative numbers in brackets.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np

from autograd_core.node import Node, Spec

from .figures import Figure, Summary, extent, figure, inline
from .values import Use, Values
from .words import Words

_SLOT = re.compile("\0([a-zA-Z])(\\d+)\0")

USUAL = 0.888
"""A number that takes as much room as numbers usually do; page and picture press together what takes more."""


def slot(letter: str, place: int) -> str:
    """A number's place in a text."""
    return f"\0{letter}{place}\0"


class Slots:
    """Fills the slots in texts about one graph.

    Args:
        values: the graph and its numbers.
        words: the language's words.
        uses: the uses, in the order of the backward pass.
        arriving: for each node the places of the uses that its gradient is the sum of.
    """

    def __init__(
        self, values: Values, words: Words, uses: Sequence[Use], arriving: Mapping[Node, Sequence[int]]
    ) -> None:
        self.values = values
        self.words = words
        self.uses = uses
        self._arriving = arriving

    def number_of(self, letter: str, place: int) -> Figure | None:
        """What stands in a slot; None where it is not known."""
        kind = letter.lower()
        if kind == "v":
            return figure(self.values.value(self.values.nodes[place]))
        if kind == "g":
            return self.values.gradients.get(self.values.nodes[place])
        use = self.uses[place]
        if kind == "s":
            return self.values.slope(*use)
        if kind in "pq":
            return self.values.parts[use]
        parent = use[0].inputs[use[1]]
        assert parent is not None
        parts = [self.values.parts[self.uses[j]] for j in self._arriving[parent] if j <= place]
        if any(part is None or isinstance(part, (Spec, Summary)) for part in parts):
            return None
        return sum(parts[1:], start=parts[0])

    def text_of(self, value: Figure | None, short: bool = False) -> str:
        """A number or array on one line."""
        if value is None:
            return self.words("no longer known")
        if short and len(np.shape(value)) > 1:
            return self.words("shape {shape}", shape=np.shape(value))
        if isinstance(value, Summary) and not short:
            return f"{self.words('shape {shape}', shape=value.shape)}, {extent(value, self.words)}"
        if isinstance(value, (Spec, Summary)):
            return self.words("shape {shape}", shape=value.shape)
        if np.size(value) == 0:
            return self.words("empty, shape {shape}", shape=np.shape(value))
        rows = inline(value)
        return rows if rows is not None else f"[{', '.join(inline(row) or '' for row in np.asarray(value))}]"

    def filled(self, template: str) -> str:
        """A text with its numbers put in."""

        def put(found: re.Match[str]) -> str:
            text = self.text_of(self.number_of(found[1], int(found[2])), found[1] == "q")
            return f"({text})" if found[1].isupper() and text.startswith("−") else text

        return _SLOT.sub(put, template)

    def widened(self, template: str) -> str:
        """A text with numbers as wide as they usually are."""

        def put(found: re.Match[str]) -> str:
            value = self.number_of(found[1], int(found[2]))
            if value is None or isinstance(value, (Spec, Summary)):
                return self.text_of(value)
            return self.text_of(np.full(np.shape(value), USUAL)[()], found[1] == "q")

        return _SLOT.sub(put, template)
