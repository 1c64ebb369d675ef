"""Formulas in LaTeX, for amsmath."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

import numpy as np

from .figures import Figure
from .lettering import safe
from .notation import cells, scripts, shape_of
from .words import ENGLISH, Words

SIGNS = {
    "add": " + ",
    "subtract": " - ",
    "multiply": r" \cdot ",
    "elementwise": r" \circ ",
    "matmul": r" \, ",
    "outer": r" \otimes ",
    "times": r" \cdot ",
    "remainder": r" \bmod ",
    "route": r" \to ",
    "comma": ", ",
    "dots": r"\cdots",
    "prime": "'",
    "minus": "-",
    "not": r"\neg ",
    "transpose": r"\top",
    "equal": " = ",
    "not_equal": r" \neq ",
    "less": " < ",
    "less_equal": r" \le ",
    "greater": " > ",
    "greater_equal": r" \ge ",
    "bitwise_and": r" \wedge ",
    "bitwise_or": r" \vee ",
}
_FENCES = {"|": (r"\lvert ", r" \rvert"), "⌊": (r"\lfloor ", r" \rfloor")}
_FUNCTIONS = {name: rf"\{name}" for name in ("exp", "log", "sin", "cos", "tan", "tanh", "sinh", "cosh", "max", "min")}
_FUNCTIONS |= {"Σ": r"\textstyle\sum"}
_LOWER = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi . pi rho . sigma tau upsilon phi chi psi "
    "omega"
)
_UPPER = ". . Gamma Delta . . . Theta . . Lambda . . Xi . Pi . . Sigma . Upsilon Phi . Psi Omega"
GREEK = {
    chr(start + i): f"\\{name}"
    for start, names in ((0x3B1, _LOWER), (0x391, _UPPER))
    for i, name in enumerate(names.split())
    if name != "."
}
_ACCENTS = {"\u0302": r"\hat", "\u0303": r"\tilde", "\u0304": r"\bar", "\u0307": r"\dot", "\u0308": r"\ddot"}
_ESCAPES = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    **{sign: f"\\{sign}" for sign in "{}$&#%_"},
}
_MATHS = {
    **GREEK,
    "−": "-",
    "·": r"\cdot",
    "×": r"\times",
    "±": r"\pm",
    "÷": r"\div",
    "∂": r"\partial",
    "∗": r"\ast",
    "∘": r"\circ",
    "∈": r"\in",
    "∉": r"\notin",
    "□": r"\boxed{\,}",
    "∞": r"\infty",
    "→": r"\to",
    "←": r"\leftarrow",
    "≤": r"\le",
    "≥": r"\ge",
    "≠": r"\neq",
    "√": r"\surd",
    "⟨": r"\langle",
    "⟩": r"\rangle",
    "⌊": r"\lfloor",
    "⌋": r"\rfloor",
    "⋯": r"\cdots",
    "…": r"\ldots",
    "ᵀ": r"^{\top}",
    "′": "'",
    **{digit: f"^{{{i}}}" for i, digit in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")},
    **{digit: f"_{{{i}}}" for i, digit in enumerate("₀₁₂₃₄₅₆₇₈₉")},
}


class Latex:
    """LaTeX for mathematics, with amsmath.

    Args:
        words: the language's words.
    """

    flat = False

    def __init__(self, words: Words = ENGLISH) -> None:
        self._otherwise = words("else")

    def name(self, name: str, more: str = "") -> str:
        base, above, below = scripts(name) or (name, "", "")
        shown, above = self._letter(base) or self.words(base), above + more
        return shown + (f"_{{{below}}}" if below else "") + (f"^{{{above}}}" if above else "")

    def _letter(self, base: str) -> str | None:
        if base in GREEK or (len(base) == 1 and base.isascii() and base.isalpha()):
            return GREEK.get(base, base)
        parts = unicodedata.normalize("NFD", base)
        if len(parts) == 2 and parts[1] in _ACCENTS and parts[0].isascii() and parts[0].isalpha():
            return f"{_ACCENTS[parts[1]]}{{{parts[0]}}}"
        return None

    def function(self, name: str) -> str:
        known = _FUNCTIONS.get(name) or self._letter(name)
        if known is not None or not name:
            return known or ""
        return rf"\operatorname{{{name}}}" if name.isascii() and name.isalnum() else self.words(name)

    def number(self, shown: str) -> str:
        digits, e, exponent = shown.replace("−", "-").partition("e")
        if digits.lstrip("-") in ("inf", "nan"):
            return digits.replace("inf", r"\infty").replace("nan", r"\text{nan}")
        return f"{digits} \\times 10^{{{exponent}}}" if e else digits

    def array(self, figure: Figure) -> str:
        shape = shape_of(figure)
        if shape is not None or np.size(figure) == 0:
            return self.words(shape or "[]")
        rows = r" \\ ".join(" & ".join(map(self.number, row)) for row in cells(figure))
        return rf"\begin{{pmatrix}} {rows} \end{{pmatrix}}"

    def words(self, text: str) -> str:
        return rf"\text{{{latex_text(text)}}}"

    def join(self, parts: Sequence[str]) -> str:
        return "".join(parts)

    def sign(self, head: str) -> str:
        return SIGNS[head]

    def arrow(self, place: int) -> str:
        return rf" \to_{{{place}}} "

    def fenced(self, inner: str, left: str, right: str) -> str:
        left, right = _FENCES.get(left, (left, right))
        tall = "\\frac" in inner or "\\begin" in inner
        if tall:
            return rf"\left{left.strip()} {inner} \right{right.strip()}"
        return f"{left}{inner}{right}"

    def raised(self, base: str, exponent: str) -> str:
        return f"{base if len(base) == 1 else f'{{{base}}}'}^{{{exponent}}}"

    def fraction(self, above: str, below: str) -> str:
        return rf"\frac{{{above}}}{{{below}}}"

    def root(self, inner: str) -> str:
        return rf"\sqrt{{{inner}}}"

    def partial(self, of: str, by: str, place: int | None) -> str:
        return rf"\frac{{\partial{'' if place is None else f'_{{{place}}}'} {of}}}{{\partial {by}}}"

    def index(self, base: str, inner: str) -> str:
        return rf"{base}[{self.words(inner)}]"

    def cases(self, chosen: str, condition: str, other: str) -> str:
        return rf"\begin{{cases}} {chosen} & {condition} \\ {{}}{other} & {self.words(self._otherwise)} \end{{cases}}"


def latex_text(text: str) -> str:
    """Text as it stands between formulas in LaTeX.

    Example:
        >>> latex_text("w_1 & 50% of α₁")
        'w\\\\_1 \\\\& 50\\\\% of \\\\(\\\\alpha\\\\)\\\\(_{1}\\\\)'
    """
    return "".join(
        _ESCAPES.get(character) or (rf"\({_MATHS[character]}\)" if character in _MATHS else character)
        for character in safe(text)
    )
