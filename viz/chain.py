"""The chain rule on single numbers: every path a product of factors, the gradient their sum."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from autograd_core.node import Node
from autograd_core.symbolic import Expr

from .figures import Figure
from .layers import is_activation
from .notation import DOTS, as_number, value
from .paths import Paths
from .plaintext import length
from .statements import WIDE, Block, Equations, Heading, Row, Sentence, equations, spoken
from .symbols import Symbols
from .values import Use

LONG = 24
"""A path's factors are written out up to so many; of a longer one both ends are."""

Form = Callable[[Use], Any]
"""How a factor is written: as ∂v/∂u, as a formula, as a number."""

MOST_STEPS = 60
"""As many values and steps are listed."""


@dataclass(frozen=True, slots=True)
class Path:
    """One way on which a change reaches the result.

    Attributes:
        uses: an operation and which of its inputs is taken, for each step from the result down.
        names: of the values on the way, from the one that changes to the result.
        factors: the local derivatives, from the result down; None where the values for one are gone.
        value: what the path adds to the gradient: a number, or an array or its summary.
    """

    uses: tuple[Use, ...]
    names: tuple[str, ...]
    factors: tuple[Figure | None, ...]
    value: Figure | None


def path(symbols: Symbols, start: Node, uses: Sequence[Use]) -> Path:
    """A path with its names and numbers."""
    on_way = [start, *(node for node, _ in reversed(uses))]
    names = tuple(symbols.name(node) for node in on_way if node not in symbols.turned)
    return Path(tuple(uses), names, tuple(symbols.values.slope(*use) for use in uses), symbols.values.along(uses))


def route(shown: Path, numbered: bool = False) -> Expr:
    """The values on a path; the middle of a long one is left out.

    Args:
        shown: the path.
        numbered: whether an arrow has the number of the place that it leads to, where an operation takes a value
            in several places.

    Returns:
        The formula.
    """
    names, places = list(shown.names), entered(shown) if numbered else []
    if len(names) > LONG // 2:
        names = [*names[: LONG // 4], "⋯", *names[-(LONG // 4) :]]
        places = [*places[: LONG // 4], *places[-(LONG // 4) :]]
    return Expr("route", *(Expr("symbol", name) for name in names), places=tuple(places))


def entered(shown: Path) -> list[int | None]:
    """For each step of a path which place of its operation it leads to, from 1, where the value stands in several."""
    if len(shown.names) != len(shown.uses) + 1:  # a transpose has no name of its own
        return []
    return [
        position + 1 if node.inputs.count(node.inputs[position]) > 1 else None
        for node, position in reversed(shown.uses)
    ]


class Chain:
    """Writes the derivation of one gradient on a graph of single numbers.

    Args:
        symbols: what the values are called.
        paths: all paths from the value to the result.
        shown: those that are written out.
    """

    def __init__(self, symbols: Symbols, paths: Paths, shown: Sequence[Path]) -> None:
        self.symbols = symbols
        self.words = symbols.words
        self.paths = paths
        self.first = [path.uses for path in shown]
        self.shown = shown
        self.whole = symbols.whole(paths.start)
        self.gradient = symbols.values.gradients.get(paths.start)
        self._places = False

    def blocks(self) -> list[Block]:
        """The section."""
        found: list[Block] = [Heading(self.whole)]
        if self.paths.start is self.symbols.values.root:
            return [*found, Equations((Row(self.whole, "equal", value(1)),))]
        found.append(self._count())
        if not self.paths.nodes:
            return [*found, Equations((Row(self.whole, "equal", value(0)),))]
        if self.paths.count == 1:
            found.append(Equations(tuple(self._rows(self.shown[0], self.whole))))
        else:
            found += self._several()
        return found + self._remarks()

    def _count(self) -> Sentence:
        start, root = self.symbols.of(self.paths.start), self.symbols.of(self.symbols.values.root)
        one, several = "{n} path leads from {start} to {result}.", "{n} paths lead from {start} to {result}."
        return spoken(
            self.words(one if self.paths.count == 1 else several, n=counted(self.paths.count), start="\0", result="\1"),
            {"\0": start, "\1": root},
        )

    # One path

    def factor(self, use: Use) -> Expr:
        """∂v/∂u."""
        ambiguous = not self.paths.is_only_way(use)
        self._places = self._places or ambiguous
        return self.symbols.local(use, ambiguous)

    def _factors(self, uses: Sequence[Use], form: Form) -> list[Any]:
        """Each factor of a path in one form; the middle of a long path is left out."""
        if len(uses) <= LONG:
            return [form(use) for use in uses]
        half = LONG // 2
        return [*map(form, uses[:half]), DOTS, *map(form, uses[-half:])]

    def product(self, uses: Sequence[Use], form: Form) -> Expr:
        """A path's factors in one form, multiplied."""
        return Expr("product", *self._factors(uses, form))

    def number(self, use: Use) -> Expr:
        """The number of ∂v/∂u."""
        slope = self.symbols.values.slope(*use)
        return DOTS if slope is None else value(slope)

    def _rows(self, shown: Path, left: Expr | None) -> list[Row]:
        """A path: its factors, their formulas, their numbers, and the product of these."""
        uses, brought = shown.uses, shown.value
        factors, formulas = self.product(uses, self.factor), self.product(uses, self.symbols.slope)
        forms = [factors, formulas] if left is not None or length(factors) > WIDE // 2 else [formulas]
        if brought is not None:
            forms += [self.product(uses, self.number), value(brought)]
        return equations(left if left is not None or len(forms) == 4 else factors, forms)

    # Several paths

    def _several(self) -> list[Block]:
        rest = self.paths.count - len(self.first)
        more = [DOTS] if rest else []
        found: list[Block] = []
        if rest:
            told = self.words("{shown} of {n} paths shown.", shown=len(self.first), n=counted(self.paths.count))
            found.append(Sentence((told,)))
        products = [self.product(uses, self.factor) for uses in self.first]
        if max(map(length, products)) < WIDE:
            found.append(Equations(tuple(equations(self.whole, [Expr("total", *products, *more)]))))
        for i, shown in enumerate(self.shown, start=1):
            found.append(spoken(self.words("Path {n}: {route}", n=i, route="\0"), {"\0": route(shown)}))
            found.append(Equations(tuple(self._rows(shown, None))))
        found += self._total(more)
        meetings = self.paths.meetings()
        if len(meetings) > 2:
            found += self._factored(meetings)
        elif rest:
            found += self._by_steps()
        return found

    def _total(self, more: list[Expr]) -> list[Block]:
        if self.gradient is None:
            return []
        brought = [DOTS if shown.value is None else value(shown.value) for shown in self.shown]
        rows = equations(self.whole, [Expr("total", *brought, *more), value(self.gradient)])
        return [Sentence((self.words("The sum over all paths:"),)), Equations(tuple(rows))]

    def _factored(self, meetings: Sequence[Node]) -> list[Block]:
        """What all paths have in common written once: ∂L/∂z · [… + …] · ∂a/∂w."""
        forms: list[Any] = [
            self._brackets(meetings, self.factor),
            self._brackets(meetings, self.prime, collected),
            self._brackets(meetings, self.number),
        ]
        forms = [*forms, value(self.gradient)] if self.gradient is not None else forms[:2]
        rows = equations(self.whole, forms)
        told = self.words("With what all paths have in common written once:")
        found: list[Block] = [Sentence((told,)), Equations(tuple(rows))]
        if any(self._is_wide(above, below) for above, below in pairwise(meetings)):
            found += self._by_steps()
        return found

    def _is_wide(self, above: Node, below: Node) -> bool:
        return len(self.paths.between(above, below, len(self.first) + 1)) > len(self.first)

    def _brackets(
        self, meetings: Sequence[Node], form: Form, multiplied: Callable[[Sequence[Any]], list[Any]] = list
    ) -> Expr:
        """A factor for each stretch between two meetings of all paths."""
        pairs: list[Any] = list(pairwise(meetings))
        if len(pairs) > LONG:
            pairs = [*pairs[: LONG // 2], None, *pairs[-(LONG // 2) :]]
        factors: list[Any] = []
        for pair in pairs:
            if pair is None:
                factors.append(DOTS)
                continue
            ways = self.paths.between(pair[0], pair[1], len(self.first) + 1)
            if len(ways) == 1:
                factors += self._factors(ways[0], form)
                continue
            more = [DOTS] if len(ways) > len(self.first) else []
            terms = [Expr("product", *multiplied(self._factors(way, form))) for way in ways[: len(self.first)]]
            factors.append(Expr("bracket", Expr("total", *terms, *more)))
        return Expr("product", *multiplied(factors))

    def prime(self, use: Use) -> Any:
        """σ′(z) for a function that has a name, the rule's formula for any other."""
        node, position = use
        if is_activation(node):
            assert node.op is not None
            return Expr("prime", node.op.symbol, self.symbols.operand(node, position))
        return self.symbols.slope(use)

    def _by_steps(self) -> list[Block]:
        """The chain rule value by value, which takes one row each however many paths there are."""
        gradients, left_out = self.symbols.values.gradients, 0
        rows: list[Row] = []
        coming: dict[Node, list[Any]] = {}
        for node in reversed(self.paths.nodes):
            if node is not self.symbols.values.root:
                if len(rows) < MOST_STEPS:
                    known = gradients.get(node)
                    forms = [Expr("total", *coming[node])] + ([] if known is None else [value(known)])
                    rows += equations(self.symbols.whole(node), [Expr("same", *forms)])
                else:
                    left_out += 1
            for use in self.paths.uses(node):
                parent = node.inputs[use[1]]
                assert parent is not None
                above = [] if node is self.symbols.values.root else [self.symbols.whole(node)]
                coming.setdefault(parent, []).append(Expr("product", *above, self.symbols.slope(use)))
        found: list[Block] = [Sentence((self.words("Step by step, each value once:"),)), Equations(tuple(rows))]
        if left_out:
            found.append(Sentence((self.words("{n} more steps are left out.", n=left_out),)))
        return found

    def _remarks(self) -> list[Block]:
        found: list[Block] = []
        if self._places:
            told = "∂₁ is the derivative by what stands in the first place of an operation, all else held; ∂₂ likewise."
            found.append(Sentence((self.words(told),)))
        for use in dict.fromkeys(use for uses in self.first for use in uses[:LONG]):
            node = use[0]
            slope = self.symbols.values.slope(*use)
            if slope is not None and slope == 0 and is_activation(node):
                told = self.words("{factor} = 0: {name} lets no gradient through here.", factor="\0", name="\1")
                parts = {"\0": self.factor(use), "\1": Expr("symbol", node.op.symbol if node.op else "")}
                found.append(spoken(told, parts))
        return found


def collected(factors: Sequence[Any]) -> list[Any]:
    """The factors of a product with the numbers among them multiplied, in front, and left out if that gives 1."""
    number, rest = 1.0, []
    for factor in factors:
        while isinstance(factor, Expr) and factor.head == "multiply" and as_number(factor.args[0]) is not None:
            number, factor = number * as_number(factor.args[0]), factor.args[1]
        if isinstance(factor, Expr) and factor.head == "divide":
            parts = [as_number(part) for part in factor.args]
            if None not in parts and parts[1]:
                number, factor = number * parts[0] / parts[1], 1
        known = as_number(factor)
        if known is None:
            rest.append(factor)
        else:
            number *= known
    return rest if rest and number == 1 else [number, *rest]


def counted(n: int) -> str:
    """A count with its thousands apart; a very large one as a power of ten.

    Example:
        >>> counted(4096), counted(2**100)
        ('4,096', '1.27e30')
    """
    if n < 10**12:
        return f"{n:,}"
    digits = int(n.bit_length() * 0.30103)
    while 10 ** (digits + 1) <= n:
        digits += 1
    while 10**digits > n:
        digits -= 1
    return f"{n * 1000 // 10**digits / 1000:.3g}e{digits}"
