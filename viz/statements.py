"""A derivation as a sheet of headings, sentences and equations, written in any of its forms."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from autograd_core.symbolic import Expr

from .latex import Latex, latex_text
from .lettering import columns
from .mathml import MathML
from .notation import Dialect, written
from .plaintext import Text, length
from .words import ENGLISH, Words

WIDE = 84
"""A sum or product that would be longer in plain text goes on in the next row."""


@dataclass(frozen=True, slots=True)
class Heading:
    """What a section is about: a formula."""

    formula: Expr


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence; formulas may stand in it."""

    parts: tuple[str | Expr, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A row of an equation: what stands left of its sign, the sign, the right side, and a remark.

    The sign is the head of an operation, such as ``equal``; without one the row holds a formula alone.
    """

    left: Expr | None
    sign: str | None
    right: Any
    note: str = ""


@dataclass(frozen=True, slots=True)
class Equations:
    """Rows below each other, aligned at their signs."""

    rows: tuple[Row, ...]


Block = Heading | Sentence | Equations


def spoken(text: str, parts: dict[str, Expr]) -> Sentence:
    """A sentence with formulas in place of its marks."""
    pieces: list[str | Expr] = [text]
    for mark, formula in parts.items():
        pieces = [
            piece for part in pieces for piece in (_split(part, mark, formula) if isinstance(part, str) else [part])
        ]
    return Sentence(tuple(piece for piece in pieces if isinstance(piece, Expr) or piece))


def _split(text: str, mark: str, formula: Expr) -> list[str | Expr]:
    found: list[str | Expr] = []
    for i, piece in enumerate(text.split(mark)):
        found += [formula, piece] if i else [piece]
    return found


def equal(left: Expr | None, right: Any, note: str = "") -> list[Row]:
    """The rows of an equation: one, or several where the right side is a long sum or product."""
    head = right.head if isinstance(right, Expr) else ""
    if head not in ("total", "product") or length(right) <= WIDE:
        return [Row(left, "equal", right, note)]
    groups: list[list[Any]] = [[]]
    room = WIDE
    for part in right.args:
        size = length(part) + 3
        if groups[-1] and size > room:
            groups.append([])
            room = WIDE
        groups[-1].append(part)
        room -= size
    sign = "add" if head == "total" else "times"
    return [
        Row(left if i == 0 else None, "equal" if i == 0 else sign, Expr(head, *group), note if i == 0 else "")
        for i, group in enumerate(groups)
    ]


def equations(left: Expr | None, forms: Sequence[Any]) -> list[Row]:
    """The rows of left = one form = another; a form that reads like what stands before it is left out.

    Args:
        left: what stands left of the first.
        forms: the right sides.

    Returns:
        The rows.
    """
    rows: list[Row] = []
    before = _plain(left) if left is not None else ""
    for form in forms:
        shown = _plain(form)
        if shown != before:
            rows += equal(left if not rows else None, form)
        before = shown
    return rows


def _plain(formula: Any) -> str:
    text = Text()
    return "\n".join(text.lines(written(formula, text)))


# Plain text


def text(blocks: Iterable[Block]) -> str:
    """The sheet as plain text.

    Args:
        blocks: what it says.

    Returns:
        Lines, the last with its end.
    """
    lines: list[str] = []
    for block in blocks:
        to = Text()
        if isinstance(block, Heading):
            title = written(block.formula, to)
            lines += ["", title, "─" * columns(title)] if lines else [title, "─" * columns(title)]
        elif isinstance(block, Sentence):
            lines += ["", *to.lines(_spoken(block, to, str))]
        else:
            lines += ["", *_rows_of_text(block, to)]
    return "\n".join(lines).lstrip("\n") + "\n"


def _rows_of_text(block: Equations, to: Text) -> list[str]:
    """The rows; an empty line keeps a matrix apart from the equations around it."""
    lefts = [written(row.left, to) if row.left is not None else "" for row in block.rows]
    wide = max(max(map(columns, to.lines(left))) for left in lefts)
    found: list[str] = []
    tall = False
    for row, left in zip(block.rows, lefts, strict=True):
        sign = f" {to.sign(row.sign).strip()} " if row.sign is not None else ""
        note = f"    {row.note}" if row.note else ""
        lines = to.lines(f"  {left}{' ' * (wide - columns(left))}{sign}{written(row.right, to)}{note}")
        starts = row.left is not None
        if found and starts and (tall or len(lines) > 1):
            found.append("")
        tall = len(lines) > 1 or (tall and not starts)
        found += lines
    return found


def _spoken(sentence: Sentence, to: Dialect, of_words: Any) -> str:
    return "".join(of_words(part) if isinstance(part, str) else written(part, to) for part in sentence.parts)


# LaTeX


def latex(blocks: Iterable[Block], words: Words = ENGLISH) -> str:
    """The sheet as LaTeX, to be put into a document that uses amsmath.

    Args:
        blocks: what it says.
        words: the language's words.

    Returns:
        Paragraphs and displayed equations.
    """
    to = Latex(words)
    found = []
    for block in blocks:
        if isinstance(block, Heading):
            found.append(rf"\section*{{\(\displaystyle {written(block.formula, to)}\)}}")
        elif isinstance(block, Sentence):
            parts = (latex_text(part) if isinstance(part, str) else rf"\({written(part, to)}\)" for part in block.parts)
            found.append(rf"\noindent {''.join(parts)}")
        else:
            rows = " \\\\\n".join(_latex_row(row, to) for row in block.rows)
            found.append(f"\\begin{{align*}}\n{rows}\n\\end{{align*}}")
    return "\n\n".join(found) + "\n"


def _latex_row(row: Row, to: Latex) -> str:
    left = written(row.left, to) if row.left is not None else ""
    sign = to.sign(row.sign).strip() if row.sign is not None else ""
    note = rf" \qquad {to.words(row.note)}" if row.note else ""
    return f"{left} &{sign} {written(row.right, to)}{note}"


_DOCUMENT = r"""\documentclass[fleqn]{article}
\usepackage{amsmath}
\setlength{\oddsidemargin}{0mm}\setlength{\textwidth}{160mm}
%s\allowdisplaybreaks
\begin{document}
%s\end{document}
"""
_CODE_POINTS = r"""%% pdfLaTeX has no letters for these and prints code points; XeLaTeX and LuaLaTeX print letters.
\ifdefined\pdftexversion
%s
\else
\usepackage{fontspec}
\IfFontExistsTF{Noto Serif CJK TC}{\setmainfont{Noto Serif CJK TC}}{}
\fi
"""


def latex_document(blocks: Iterable[Block], words: Words = ENGLISH) -> str:
    """The sheet as a LaTeX document that needs amsmath alone, whatever letters are in names.

    Args:
        blocks: what it says.
        words: the language's words.

    Returns:
        The document.
    """
    body = latex(blocks, words)
    strange = sorted({character for character in body if not character.isascii() and not _is_accented(character)})
    declared = [rf"\DeclareUnicodeCharacter{{{ord(c):04X}}}{{\texttt{{U+{ord(c):04X}}}}}" for c in strange]
    return _DOCUMENT % (_CODE_POINTS % "\n".join(declared) if strange else "", body)


def _is_accented(character: str) -> bool:
    """Whether it is a letter that every LaTeX has: one of ASCII's with a common accent."""
    parts = unicodedata.normalize("NFD", character)
    return len(parts) == 2 and parts[0].isascii() and parts[1] in "\u0300\u0301\u0302\u0303\u0308\u030a\u030c"


# MathML and HTML


def mathml(blocks: Iterable[Block], words: Words = ENGLISH) -> str:
    """The sheet as one MathML element.

    Args:
        blocks: what it says.
        words: the language's words.

    Returns:
        A ``math`` element, well-formed XML.
    """
    to = MathML(words)
    rows = []
    for block in blocks:
        if isinstance(block, Equations):
            rows += [_math_row(row, to) for row in block.rows]
        else:
            inner = to.join(_pieces(block, to))
            rows.append(f'<mtr><mtd class="whole" columnspan="3">{inner}</mtd></mtr>')
    return _math("\n".join(rows))


def html(blocks: Iterable[Block], words: Words = ENGLISH) -> str:
    """The sheet as a piece of HTML with MathML in it.

    Args:
        blocks: what it says.
        words: the language's words.

    Returns:
        An ``article`` element.
    """
    to = MathML(words)
    found = []
    for block in blocks:
        if isinstance(block, Heading):
            found.append(f'<h2><math displaystyle="true">{written(block.formula, to)}</math></h2>')
        elif isinstance(block, Sentence):
            parts = (
                escape(part) if isinstance(part, str) else f"<math>{written(part, to)}</math>" for part in block.parts
            )
            found.append(f"<p>{''.join(parts)}</p>")
        else:
            rows = "\n".join(_math_row(row, to) for row in block.rows)
            found.append(f'<div class="equations">{_math(rows)}</div>')
    return '<article class="derivation">\n{}\n</article>'.format("\n".join(found))


def _pieces(block: Heading | Sentence, to: MathML) -> Sequence[str]:
    if isinstance(block, Heading):
        return [written(block.formula, to)]
    return [to.words(part) if isinstance(part, str) else written(part, to) for part in block.parts]


def _math(rows: str) -> str:
    return (
        '<math xmlns="http://www.w3.org/1998/Math/MathML" display="block">'
        f'<mtable displaystyle="true" columnalign="left center left">\n{rows}\n</mtable></math>'
    )


def _math_row(row: Row, to: MathML) -> str:
    note = [f'<mspace width="2em"/><mtext class="note">{escape(row.note)}</mtext>'] if row.note else []
    cells = [
        ("left", written(row.left, to) if row.left is not None else ""),
        ("sign", to.sign(row.sign) if row.sign is not None else ""),
        ("right", to.join([written(row.right, to), *note])),
    ]
    return "<mtr>" + "".join(f'<mtd class="{name}">{inner}</mtd>' for name, inner in cells) + "</mtr>"
