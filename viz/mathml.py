"""Formulas in MathML, which browsers draw themselves."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import numpy as np

from .figures import Figure
from .lettering import safe
from .notation import cells, scripts, shape_of
from .plaintext import SIGNS as TEXT_SIGNS
from .words import ENGLISH, Words

SIGNS = {
    **TEXT_SIGNS,
    "multiply": "·",
    "matmul": "\u2062",
    "dots": "⋯",
    "not": "¬",
    "transpose": "⊤",
    "bitwise_and": "∧",
    "bitwise_or": "∨",
}


class MathML:
    """MathML, which browsers draw themselves.

    Args:
        words: the language's words.
    """

    flat = False

    def __init__(self, words: Words = ENGLISH) -> None:
        self._otherwise = words("else")

    def name(self, name: str, more: str = "") -> str:
        base, above, below = scripts(name) or (name, "", "")
        shown = f"<mi>{_xml(base)}</mi>"
        raised = f"<mrow>{f'<mn>{above}</mn>' if above else ''}{more}</mrow>" if more else f"<mn>{above}</mn>"
        if below and (above or more):
            return f"<msubsup>{shown}<mn>{below}</mn>{raised}</msubsup>"
        if above or more:
            return f"<msup>{shown}{raised}</msup>"
        return f"<msub>{shown}<mn>{below}</mn></msub>" if below else shown

    def function(self, name: str) -> str:
        return f"<mi>{_xml(name)}</mi>" if name else ""

    def number(self, shown: str) -> str:
        digits, e, exponent = shown.partition("e")
        if digits.lstrip("−") in ("inf", "nan"):
            return f'<mi class="bad">{digits.replace("inf", "∞")}</mi>'
        negative = digits.startswith("−")
        inner = f"<mn>{digits.lstrip('−')}</mn>"
        if e:
            power = f"<mn>{exponent}</mn>"
            inner += f"<mo>×</mo><msup><mn>10</mn>{power}</msup>"
        return f"<mrow>{'<mo>−</mo>' if negative else ''}{inner}</mrow>" if negative or e else inner

    def array(self, figure: Figure) -> str:
        shape = shape_of(figure)
        if shape is not None or np.size(figure) == 0:
            return self.words(shape or "[]")
        rows = "".join(
            f"<mtr>{''.join(f'<mtd>{self.number(item)}</mtd>' for item in row)}</mtr>" for row in cells(figure)
        )
        return f"<mrow><mo>(</mo><mtable>{rows}</mtable><mo>)</mo></mrow>"

    def words(self, text: str) -> str:
        return f"<mtext>{_xml(text)}</mtext>"

    def join(self, parts: Sequence[str]) -> str:
        return f"<mrow>{''.join(parts)}</mrow>" if len(parts) != 1 else parts[0]

    def sign(self, head: str) -> str:
        if head == "transpose":
            return f"<mi>{SIGNS[head]}</mi>"
        return f"<mo>{_xml(SIGNS[head].strip())}</mo>"

    def arrow(self, place: int) -> str:
        return f"<msub>{self.sign('route')}<mn>{place}</mn></msub>"

    def fenced(self, inner: str, left: str, right: str) -> str:
        return f"<mrow><mo>{left}</mo>{inner}<mo>{right}</mo></mrow>"

    def raised(self, base: str, exponent: str) -> str:
        return f"<msup><mrow>{base}</mrow><mrow>{exponent}</mrow></msup>"

    def fraction(self, above: str, below: str) -> str:
        return f"<mfrac><mrow>{above}</mrow><mrow>{below}</mrow></mfrac>"

    def root(self, inner: str) -> str:
        return f"<msqrt>{inner}</msqrt>"

    def partial(self, of: str, by: str, place: int | None) -> str:
        sign = "<mi>∂</mi>"
        return self.fraction((sign if place is None else f"<msub>{sign}<mn>{place}</mn></msub>") + of, sign + by)

    def index(self, base: str, inner: str) -> str:
        return f"<mrow>{base}{self.fenced(self.words(inner), '[', ']')}</mrow>"

    def cases(self, chosen: str, condition: str, other: str) -> str:
        pairs = ((chosen, condition), (other, self.words(self._otherwise)))
        rows = "".join(f"<mtr><mtd>{left}</mtd><mtd>{right}</mtd></mtr>" for left, right in pairs)
        return f"<mrow><mo>{{</mo><mtable>{rows}</mtable></mrow>"


def _xml(text: str) -> str:
    return escape(safe(text))
