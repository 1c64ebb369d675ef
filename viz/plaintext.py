"""Formulas as plain text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from .figures import Figure, matrix
from .lettering import columns, safe
from .notation import shape_of, written

SIGNS = {
    "add": " + ",
    "subtract": " − ",
    "multiply": "·",
    "elementwise": " ∘ ",
    "matmul": " @ ",
    "outer": " ⊗ ",
    "times": " · ",
    "remainder": " mod ",
    "route": " → ",
    "comma": ", ",
    "dots": "⋯",
    "prime": "′",
    "minus": "−",
    "not": "not ",
    "transpose": "ᵀ",
    "equal": " = ",
    "not_equal": " ≠ ",
    "less": " < ",
    "less_equal": " ≤ ",
    "greater": " > ",
    "greater_equal": " ≥ ",
    "bitwise_and": " and ",
    "bitwise_or": " or ",
}

_LIFT = str.maketrans("0123456789−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


class Text:
    """Plain text; an array in it is a mark, and :meth:`lines` puts its rows there."""

    flat = True

    def __init__(self) -> None:
        self._arrays: list[list[str]] = []

    def name(self, name: str, more: str = "") -> str:
        return safe(name) + more

    def words(self, text: str) -> str:
        return safe(text)

    function = number = words

    def array(self, figure: Figure) -> str:
        shape = shape_of(figure)
        if shape is not None:
            return shape
        self._arrays.append(matrix(np.atleast_2d(np.asarray(figure))) if np.size(figure) else ["[]"])
        return f"\x00{len(self._arrays) - 1}\x00"

    def join(self, parts: Sequence[str]) -> str:
        return "".join(parts)

    def sign(self, head: str) -> str:
        return SIGNS[head]

    def arrow(self, place: int) -> str:
        return f" →{str(place).translate(_LOWERED)} "

    def fenced(self, inner: str, left: str, right: str) -> str:
        return f"{left}{inner}{right}"

    def raised(self, base: str, exponent: str) -> str:
        if exponent == "ᵀ":
            return base + exponent
        whole = exponent.lstrip("−").isdecimal() and exponent.isprintable()
        return base + exponent.translate(_LIFT) if whole else f"{base}^{exponent}"

    def fraction(self, above: str, below: str) -> str:
        return f"{above} / {below}"

    def root(self, inner: str) -> str:
        return f"√({inner})"

    def partial(self, of: str, by: str, place: int | None) -> str:
        return f"∂{'' if place is None else str(place).translate(_LOWERED)}{of}/∂{by}"

    def index(self, base: str, inner: str) -> str:
        return f"{base}[{inner}]"

    def cases(self, chosen: str, condition: str, other: str) -> str:
        return f"{chosen} if {condition} else {other}"

    def lines(self, text: str) -> list[str]:
        """The text with the rows of its arrays in their places.

        Args:
            text: a formula in this dialect.

        Returns:
            One line, or as many as the highest array has rows.
        """
        pieces = text.split("\x00")
        high = max((len(self._arrays[int(piece)]) for piece in pieces[1::2]), default=1)
        stacks = []
        for i, piece in enumerate(pieces):
            rows = self._arrays[int(piece)] if i % 2 else [piece]
            above = (high - len(rows)) // 2 if i % 2 else (high - 1) // 2
            blank = " " * max(map(columns, rows))
            stacks.append([blank] * above + rows + [blank] * (high - above - len(rows)))
        return ["".join(parts).rstrip() for parts in zip(*stacks, strict=True)]


def length(formula: Any) -> int:
    """How long a formula is in plain text."""
    text = Text()
    return max(map(columns, text.lines(written(formula, text))))
