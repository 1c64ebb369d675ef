"""Formulas as a reader wants them: one walk over an expression, written down by a dialect.

The dialects are plain text, LaTeX and MathML. Expressions are those that the rules give when they
run on symbols, and a few heads more that only a derivation needs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, Protocol

import numpy as np

from autograd_core.node import Spec
from autograd_core.rules import TABLE
from autograd_core.symbolic import Expr, shown_as

from .figures import Figure, Summary, index_text, number
from .formulas import Operand

_LOOSEST, _SUM, _FRACTION, _PRODUCT, _POWER, _ATOM = -9, 1, 2, 3, 5, 9

INFIX = {
    "add": _SUM,
    "subtract": _SUM,
    "multiply": _PRODUCT,
    "matmul": _PRODUCT,
    "outer": _PRODUCT,
    "remainder": _FRACTION,
    "equal": 0,
    "not_equal": 0,
    "less": 0,
    "less_equal": 0,
    "greater": 0,
    "greater_equal": 0,
    "bitwise_and": -1,
    "bitwise_or": -2,
}
"""Operations written between their operands, and how strongly they bind."""

_NUMERAL = re.compile(r"−?[\d.]+(e−?\d+)?|−?inf|nan")
_SCRIPTS = re.compile(r"([^₀-₉⁰¹²³⁴-⁹⁺⁻]+)([₀-₉]*)([⁰¹²³⁴-⁹⁺⁻]*)([₀-₉]*)")
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+−")
_LOWERED = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")


class Known(Operand):
    """A symbol that also has a number.

    Args:
        name: what it is called.
        spec: the shape of what it stands for.
        number: the value, None if it isn't known any more.
        shown: how it is written, where that is more than a name.
    """

    __slots__ = ("number", "shown")

    def __init__(self, name: str, spec: Spec, number: Figure | None = None, shown: Expr | None = None) -> None:
        super().__init__(name, spec)
        self.number = number
        self.shown = shown


def partial(of: str, by: str, place: int | None = None) -> Expr:
    """∂of/∂by; with a place, the derivative by what stands there, all else held."""
    return Expr("partial", of, by, place)


def value(figure: Figure) -> Expr:
    """A number or an array as part of a formula."""
    return Expr("value", figure)


def shape_of(figure: Figure) -> str | None:
    """What stands in a formula for an array that is too large to write out, or whose values are gone."""
    return f"⟨{' × '.join(map(str, figure.shape))}⟩" if isinstance(figure, (Spec, Summary)) else None


def cells(figure: Figure) -> list[list[str]]:
    """The numbers of a small array, row by row."""
    return [[number(element) for element in row] for row in np.atleast_2d(np.asarray(figure))]


def said(text: str) -> Expr:
    """Words as part of a formula."""
    return Expr("said", text)


DOTS = Expr("dots")


class Dialect(Protocol):
    """How the parts of a formula are written; every argument but names, numbers and words is written already.

    What is raised behind a name's own raised digits is its ``more``.
    """

    flat: bool
    """Whether fractions and powers stand on the line, so that they need brackets."""

    def name(self, name: str, more: str = "") -> str: ...
    def function(self, name: str) -> str: ...
    def number(self, shown: str) -> str: ...
    def array(self, figure: Figure) -> str: ...
    def words(self, text: str) -> str: ...
    def join(self, parts: Sequence[str]) -> str: ...
    def sign(self, head: str) -> str: ...
    def arrow(self, place: int) -> str: ...
    def fenced(self, inner: str, left: str, right: str) -> str: ...
    def raised(self, base: str, exponent: str) -> str: ...
    def fraction(self, above: str, below: str) -> str: ...
    def root(self, inner: str) -> str: ...
    def partial(self, of: str, by: str, place: int | None) -> str: ...
    def index(self, base: str, inner: str) -> str: ...
    def cases(self, chosen: str, condition: str, other: str) -> str: ...


Written = tuple[str, int]
"""A part of a formula as it is written, and how strongly it holds together."""


def scripts(name: str) -> tuple[str, str, str] | None:
    """A name with its raised and lowered digits apart, None if they don't end it.

    Example:
        >>> scripts("w₁₂"), scripts("δ¹"), scripts("a²₁"), scripts("a₁b")
        (('w', '', '12'), ('δ', '1', ''), ('a', '2', '1'), None)
    """
    found = _SCRIPTS.fullmatch(name)
    if found is None or (found[2] and found[4]):
        return None
    return found[1], found[3].translate(_RAISED), (found[2] or found[4]).translate(_LOWERED)


def written(expression: Any, dialect: Dialect) -> str:
    """A formula in a dialect.

    Args:
        expression: an expression, or a plain number.
        dialect: how to write it.

    Returns:
        The formula.
    """
    return _Writing(dialect).factor(expression, _LOOSEST)


class _Writing:
    """The walk. Only sums and products grow with a graph, and they are flat, so it goes as deep as one rule does."""

    def __init__(self, dialect: Dialect) -> None:
        self.to = dialect
        self.own: dict[str, Callable[[Expr], Written]] = {
            "value": lambda e: self._value(e.args[0]),
            "said": lambda e: (dialect.words(e.args[0]), _ATOM),
            "dots": lambda e: (dialect.sign("dots"), _ATOM),
            "partial": lambda e: (dialect.partial(dialect.name(e.args[0]), dialect.name(e.args[1]), e.args[2]), _ATOM),
            "prime": lambda e: (self._call(dialect.function(e.args[0]) + dialect.sign("prime"), e.args[1:]), _ATOM),
            "same": lambda e: (self._between("equal", [self.part(arg)[0] for arg in e.args]), _LOOSEST),
            "list": lambda e: (self._between("comma", [self.part(arg)[0] for arg in e.args]), _LOOSEST),
            "route": self._route,
            "total": lambda e: (self._between("add", [self._term(i, arg) for i, arg in enumerate(e.args)]), _SUM),
            "product": self._product,
            "bracket": lambda e: (dialect.fenced(self.part(e.args[0])[0], "[", "]"), _ATOM),
            "rule": lambda e: (self._call(dialect.words(e.args[0]), e.args[1:]), _ATOM),
            "iverson": lambda e: (dialect.fenced(self.part(e.args[0])[0], "[", "]"), _ATOM),
            "negative": lambda e: (dialect.join([dialect.sign("minus"), self.factor(e.args[0], _PRODUCT)]), _FRACTION),
            "not": lambda e: (dialect.join([dialect.sign("not"), self.factor(e.args[0], _ATOM)]), 0),
            "transpose": self._transpose,
            "where": self._where,
            "divide": self._divide,
            "power": self._power,
            "getitem": lambda e: (dialect.index(self.factor(e.args[0], _ATOM), index_text(e.args[1])), _ATOM),
            "absolute": lambda e: (dialect.fenced(self.part(e.args[0])[0], "|", "|"), _ATOM),
            "floor": lambda e: (dialect.fenced(self.part(e.args[0])[0], "⌊", "⌋"), _ATOM),
            "sqrt": lambda e: (dialect.root(self.part(e.args[0])[0]), _ATOM),
        }

    def factor(self, expression: Any, strength: int, inside: bool = False) -> str:
        """A part where a number is meant.

        In brackets if it holds together less strongly than asked for, or begins with a minus inside a formula.
        """
        if isinstance(expression, Expr) and INFIX.get(expression.head, 1) < 1:
            return self.to.fenced(self.part(expression)[0], "[", "]")
        text, own = self.part(expression)
        return self.to.fenced(text, "(", ")") if own < strength or (inside and _is_negative(expression)) else text

    def part(self, expression: Any) -> Written:
        """Any part."""
        if not isinstance(expression, Expr):
            return self._plain(expression)
        if isinstance(expression, Known) and expression.shown is not None:
            return self.part(expression.shown)
        expression = shown_as(expression)
        if not isinstance(expression, Expr):
            return self._plain(expression)
        head, args = expression.head, expression.args
        if head == "symbol":
            return self._symbol(str(args[0]))
        if head in ("shape", "size", "dtype"):
            return self.to.join([self.factor(args[0], _ATOM), self.to.words(f".{head}")]), _ATOM
        if head in self.own and (head != "transpose" or len(args) == 1):
            return self.own[head](expression)
        if head in INFIX and len(args) == 2:
            return self._infix(head, args)
        op = TABLE.get(head)
        if op is not None and op.symbol in ("∗", "∗ᵀ") and len(args) == 2:
            sides = [self.factor(arg, _ATOM) for arg in args]
            return self.to.join([sides[0], self.to.words(f" {op.symbol} "), sides[1]]), _PRODUCT
        options = [
            self.to.join([self.to.words(f"{key}="), self.part(option)[0]]) for key, option in expression.options.items()
        ]
        sign = op.symbol if op is not None and op.symbol.isidentifier() and "ᴬ" not in op.symbol else head
        return self._call(self.to.function(sign), args, options), _ATOM

    def _plain(self, plain: Any) -> Written:
        if isinstance(plain, (tuple, list)):
            return self._call("", plain), _ATOM
        if np.ndim(plain) == 0 and isinstance(plain, (int, float, np.number, np.bool_)):
            return self._symbol(number(plain))
        return self.to.words(index_text(plain)), _ATOM

    def _symbol(self, name: str) -> Written:
        if _NUMERAL.fullmatch(name):
            return self.to.number(name), _FRACTION if name.startswith("−") else _ATOM
        parts = scripts(name)
        return self.to.name(name), _ATOM if parts is None or not parts[1] else _POWER

    def _value(self, figure: Figure) -> Written:
        return self._symbol(number(figure)) if np.ndim(figure) == 0 else (self.to.array(figure), _ATOM)

    def _call(self, name: str, args: Sequence[Any], options: Sequence[str] = ()) -> str:
        inner = self._between("comma", [*(self.part(arg)[0] for arg in args), *options])
        return self.to.join([name, self.to.fenced(inner, "(", ")")])

    def _between(self, head: str, parts: Sequence[str]) -> str:
        sign = self.to.sign(head)
        return self.to.join([piece for part in parts for piece in (sign, part)][1:])

    def _route(self, route: Expr) -> Written:
        places = route.options.get("places") or [None] * len(route.args)
        arrows = [self.to.sign("route") if place is None else self.to.arrow(place) for place in places]
        parts = [self.part(arg)[0] for arg in route.args]
        return self.to.join(
            [parts[0], *(piece for pair in zip(arrows, parts[1:], strict=False) for piece in pair)]
        ), _ATOM

    def _term(self, place: int, term: Any) -> str:
        return self.factor(term, _SUM, inside=place > 0)

    def _product(self, product: Expr) -> Written:
        """Factors beside one another; a product inside is put in brackets, so that each factor is seen as one."""
        several = len(product.args) > 1
        parts = [self.factor(arg, self._within(i, arg, several), i > 0) for i, arg in enumerate(product.args)]
        return self._between("times", parts), _PRODUCT

    def _within(self, place: int, factor: Any, several: bool) -> int:
        """How strongly a factor of a product must hold together to stand without brackets."""
        if not several or (_is_fraction(factor) and not self.to.flat):
            return _LOOSEST if not several else _PRODUCT
        return _FRACTION if place == 0 and _is_negative(factor) and not _is_fraction(factor) else _PRODUCT + 1

    def _infix(self, head: str, args: Sequence[Any]) -> Written:
        strength = INFIX[head]
        sign = "elementwise" if head == "multiply" and all(map(_is_array, args)) else head
        if strength < 1:  # a comparison
            sides = [self.part(arg) for arg in args]
            shown = [self.to.fenced(text, "(", ")") if own < strength else text for text, own in sides]
            return self._between(head, shown), strength
        left = self.factor(args[0], _FRACTION if _is_number(args[0]) else self._needed(sign, args[0], strength))
        right_strength = strength + 1 if head in ("subtract", "remainder") else strength
        right = self.factor(args[1], self._needed(sign, args[1], right_strength), inside=True)
        return self._between(sign, [left, right]), strength

    def _needed(self, sign: str, arg: Any, strength: int) -> int:
        """Products of different kinds inside one another are always put in brackets."""
        if sign in ("elementwise", "matmul", "outer") and isinstance(arg, Expr) and not isinstance(arg, Known):
            inner = arg.head if arg.head != "multiply" or not all(map(_is_array, arg.args)) else "elementwise"
            if inner in ("elementwise", "matmul", "outer", "multiply") and inner != sign:
                return _PRODUCT + 1
        return strength

    def _transpose(self, turned: Expr) -> Written:
        base = turned.args[0]
        if isinstance(base, Expr) and base.head == "symbol" and (not isinstance(base, Known) or base.shown is None):
            return self.to.name(str(base.args[0]), self.to.sign("transpose")), _ATOM
        inner, own = self.part(base)
        if own < _POWER or _is_partial(base):
            inner = self.to.fenced(inner, "(", ")")
        return self.to.raised(inner, self.to.sign("transpose")), _ATOM

    def _where(self, choice: Expr) -> Written:
        strength, own = (0, -3) if self.to.flat else (_LOOSEST, _ATOM)
        chosen, other = (self.factor(arg, strength) for arg in choice.args[1:])
        return self.to.cases(chosen, self.part(choice.args[0])[0], other), own

    def _divide(self, quotient: Expr) -> Written:
        above, below = quotient.args
        if self.to.flat:
            return self.to.fraction(self.factor(above, _FRACTION), self.factor(below, _PRODUCT + 1)), _FRACTION
        return self.to.fraction(self.factor(above, 0), self.factor(below, 0)), _PRODUCT

    def _power(self, power: Expr) -> Written:
        base, exponent = power.args
        return self.to.raised(self.factor(base, _ATOM), self.factor(exponent, _ATOM if self.to.flat else 0)), _POWER


def as_number(expression: Any) -> Any:
    """The number that a part of a formula is written as, None if it is more than a number."""
    if isinstance(expression, Known) and expression.shown is None and _NUMERAL.fullmatch(str(expression.args[0])):
        return expression.number
    return None if isinstance(expression, Expr) else expression


def _is_number(expression: Any) -> bool:
    return not isinstance(expression, Expr)


def _is_partial(expression: Any) -> bool:
    shown = expression.shown if isinstance(expression, Known) else expression
    return isinstance(shown, Expr) and shown.head == "partial"


def _is_fraction(expression: Any) -> bool:
    return isinstance(expression, Expr) and expression.head == "divide"


def _is_negative(expression: Any) -> bool:
    """Whether it begins with a minus."""
    while isinstance(expression, Expr):
        if isinstance(expression, Known) and expression.shown is not None:
            expression = expression.shown
        elif expression.head == "symbol":
            return str(expression.args[0]).startswith("−")
        elif expression.head == "negative":
            return True
        elif expression.head in ("value", "multiply", "product", "total", "add", "subtract", "divide"):
            expression = expression.args[0]
        else:
            return False
    return isinstance(expression, (int, float, np.number)) and bool(expression < 0)


def _is_array(expression: Any) -> bool:
    """Whether a part stands for an array, not for one number; a derivation knows the shapes of its symbols."""
    todo = [expression]
    for part in todo:  # the list grows while it is walked
        if isinstance(part, Operand):
            if part.ndim > 0:
                return True
        elif isinstance(part, Expr) and part.head == "value":
            if np.ndim(part.args[0]) > 0 or isinstance(part.args[0], Spec):
                return True
        elif isinstance(part, Expr) and part.head not in ("partial", "shape", "size"):
            todo += part.args
    return False
