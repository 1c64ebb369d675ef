"""The chain rule on arrays, from the result back: for layers δˡ = σ′(zˡ) ∘ (δˡ⁺¹ @ Wˡ⁺¹), for the rest each rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from autograd_core.node import Node, Spec
from autograd_core.symbolic import Expr

from .chain import MOST_STEPS, Path, counted, entered, route
from .figures import Summary, extent, figure
from .layers import Layer
from .notation import DOTS, Known, said, value
from .paths import Paths
from .plaintext import length
from .statements import Block, Equations, Heading, Row, Sentence, equations, spoken
from .symbols import Symbols
from .values import Use
from .words import Words

WIDEST = 120
"""Numbers are put into a formula where that gives up to this many characters in a row."""


class Deltas:
    """Writes the derivation of some gradients on a graph of arrays.

    Args:
        symbols: what the values are called.
        layers: the layers of the graph.
        shown: for each gradient all paths from the value to the result, and those that are written out.
    """

    def __init__(self, symbols: Symbols, layers: Sequence[Layer], shown: Mapping[Paths, Sequence[Path]]) -> None:
        self.symbols = symbols
        self.values = symbols.values
        self.words = symbols.words
        self.shown = shown
        self.paths = paths = list(shown)
        on_paths = {node for one in paths for node in one.nodes}
        self.nodes = [node for node in self.values.nodes if node in on_paths]
        self._wanted = {one.start for one in paths}
        self._uses: dict[Node, list[Use]] = {}
        for use in dict.fromkeys(use for one in paths for node in one.nodes for use in one.uses(node)):
            parent = use[0].inputs[use[1]]
            assert parent is not None
            self._uses.setdefault(parent, []).append(use)
        self._activations = {layer.a for layer in layers if layer.a is not None}
        self._inside = self._inner_parts(layers)
        self._told: set[str] = set()

    def _inner_parts(self, layers: Sequence[Layer]) -> set[Node]:
        """The nodes whose gradients are written inside that of what they belong to."""
        found: set[Node | None] = set()
        for layer in layers:
            found.add(layer.product.inputs[layer.source] if self._feeds(layer) else None)
            if layer.product is not layer.z:
                found.add(layer.product)
        found |= set(self.symbols.turned)
        found |= {node for node in self.nodes if self._is_cross_entropy(node)}
        inner = {node for node in found if node is not None and len(self._uses.get(node, ())) == 1}
        return {node for node in inner if node not in self._wanted and node is not self.values.root}

    def _feeds(self, layer: Layer) -> bool:
        """Whether a layer's input is an activation and nothing else."""
        source = layer.product.inputs[layer.source]
        return source in self._activations

    def blocks(self) -> list[Block]:
        """The section."""
        wanted = [self.symbols.whole(one.start) for one in self.paths]
        shown = wanted if len(wanted) <= 6 else [*wanted[:5], DOTS]
        found: list[Block] = [Heading(Expr("list", *shown))]
        for one in self.paths:
            if not one.nodes:
                found.append(Equations((Row(self.symbols.whole(one.start), "equal", value(0)),)))
        rows, left_out = self._rows()
        if rows:
            found += [Sentence((self.words("The gradients, from the result back:"),)), Equations(tuple(rows))]
        if left_out:
            found.append(Sentence((self.words("{n} more steps are left out.", n=left_out),)))
        found += self._remarks()
        for one in self.paths:
            found += self._ways(one)
        return found

    def _rows(self) -> tuple[list[Row], int]:
        rows: list[Row] = []
        count = left_out = 0
        for node in reversed(self.nodes):
            if (node is self.values.root and node.shape == () and node not in self._wanted) or node in self._inside:
                continue
            count += 1
            if count > MOST_STEPS and node not in self._wanted:
                left_out += 1
                continue
            rows += self._row(node)
        return rows, left_out

    def _row(self, node: Node) -> list[Row]:
        """A gradient: what each use of the value adds, then the numbers of that, then what they give."""
        found: list[Row] = []
        left = self.symbols.gradient(node)
        forms: list[Any] = [self.symbols.whole(node)] if self.symbols.is_delta(node) else []
        if node is self.values.root:
            forms.append(value(1))
        else:
            terms = [self.contribution(use) for use in self._uses[node]]
            formula = terms[0] if len(terms) == 1 else Expr("total", *terms)
            forms += [formula, *self._numbers(formula)]
            for use in self._uses[node]:
                found += self._slopes(use)
        forms += numbers_of(left, self.words)
        rows = equations(left, forms)
        if node.shape:
            rows[0] = Row(rows[0].left, rows[0].sign, rows[0].right, str(node.shape))
        return found + rows

    def _numbers(self, formula: Any) -> list[Any]:
        """The formula with numbers in place of its symbols, if all are known and small, and it isn't too wide."""
        try:
            found = with_numbers(formula)
        except LookupError:
            return []
        return [found] if length(found) <= WIDEST else []

    # What a use adds

    def arriving(self, node: Node) -> Any:
        """The gradient of an operation's result, as it stands in the formula of its inputs'."""
        if node is self.values.root and node.shape == ():
            return 1
        if node in self._inside:
            return self.contribution(self._uses[node][0])
        return self.symbols.gradient(node)

    def contribution(self, use: Use) -> Any:
        """What a use adds to the gradient of its input."""
        node, _ = use
        if self._is_cross_entropy(node) and node in self._inside:
            return self._from_classes(node)
        g = self.arriving(node)
        if node in self._activations and isinstance(g, Expr):
            return Expr("multiply", self.prime(use), g)
        return self.symbols.pullback(use, g)

    def prime(self, use: Use) -> Known:
        """σ′(z)."""
        node, position = use
        assert node.op is not None
        shown = Expr("prime", node.op.symbol, self.symbols.operand(node, position))
        return Known(f"{node.op.symbol}′{node.number}", Spec(node.shape, None), self.values.slope(*use), shown)

    def _slopes(self, use: Use) -> list[Row]:
        """What σ′ of the activations in a row is."""
        node = use[0]
        if node not in self._activations or not isinstance(self.arriving(node), Expr):
            return []
        prime = self.prime(use)
        return equations(prime, [self.symbols.slope(use), *numbers_of(prime, self.words)])

    # Softmax and cross-entropy

    def _is_cross_entropy(self, node: Node) -> bool:
        """Whether it is a log-softmax over the classes of samples from which alone each sample's loss is picked."""
        uses = self.values.uses[node]
        if node.op is None or node.op.name != "log_softmax" or len(uses) != 1 or len(node.shape) != 2:
            return False
        loss = uses[0][0]
        if loss is not self.values.root or loss.op is None or loss.op.name != "nll":
            return False
        params = loss.params or {}
        whole = np.ndim(params["shares"]) == 0 and len(params["places"]) == node.shape[0] and loss.shape == ()
        return whole and (node.params or {}).get("axis") in (1, -1)

    def _from_classes(self, node: Node) -> Expr:
        """(softmax(z) − Y) / n."""
        loss = self.values.uses[node][0][0]
        params = loss.params or {}
        ones = np.zeros(node.shape)
        ones.flat[params["places"]] = 1
        scores = self.symbols.operand(node, 0)
        known = self.values.operands(node)[0]
        if isinstance(known, Spec):
            chances = None
        else:
            above = np.exp(known - known.max(axis=1, keepdims=True))
            chances = figure(above / above.sum(axis=1, keepdims=True))
        spec = Spec(node.shape, None)
        softmax = Known("softmax", spec, chances, Expr("softmax", scores))
        targets = Known("Y", spec, figure(ones))
        self._told.add("Y")
        difference = Expr("subtract", softmax, targets)
        share = float(params["shares"])
        return difference if share == 1 else Expr("divide", difference, round(1 / share))

    # Sentences

    def _remarks(self) -> list[Block]:
        found: list[Block] = []
        if "Y" in self._told:
            told = self.words("{name} has a 1 at the class of each row, else 0.", name="\0")
            found.append(spoken(told, {"\0": Expr("symbol", "Y")}))
        if any(use in self.values.repeated for uses in self._uses.values() for use in uses):
            told = self.words("Σ in front of a gradient is a sum over the repeats of an input, such as a batch's rows.")
            found.append(Sentence((told,)))
        if any(self._sums_along(use) for uses in self._uses.values() for use in uses):
            found.append(Sentence((self.words("Σ inside a rule is a sum along the axis of its operation."),)))
        return found

    def _sums_along(self, use: Use) -> bool:
        """Whether the rule of an operation along an axis has a sum in it, which the formula shows without the axis."""
        node = use[0]
        if not node.shape or (node.params or {}).get("axis") is None or node in self._inside:
            return False
        todo = [self.symbols.pullback(use, self.arriving(node))]
        for part in todo:  # the list grows while it is walked
            if isinstance(part, Expr) and not isinstance(part, Known):
                if part.head == "Σ":
                    return True
                todo += part.args
        return False

    def _ways(self, one: Paths) -> list[Block]:
        """What each path brings, where there are several."""
        if one.count < 2:
            return []
        start, root = self.symbols.of(one.start), self.symbols.of(self.values.root)
        told = self.words("{n} paths lead from {start} to {result}.", n=counted(one.count), start="\0", result="\1")
        found: list[Block] = [spoken(told, {"\0": start, "\1": root})]
        if len(self.shown[one]) < one.count:
            told = self.words("{shown} of {n} paths shown.", shown=len(self.shown[one]), n=counted(one.count))
            found.append(Sentence((told,)))
        rows: list[Row] = []
        for shown in self.shown[one]:
            way = route(shown, numbered=True)
            rows += equations(way, written_out(shown.value, self.words)) or [Row(None, None, way)]
        found.append(Equations(tuple(rows)))
        if any(map(any, map(entered, self.shown[one]))):
            told = self.words("The number at an arrow is that of the place in the operation it leads to.")
            found.append(Sentence((told,)))
        return found


def numbers_of(known: Known, words: Words) -> list[Any]:
    """A symbol's number as part of a formula, if it is known."""
    return written_out(known.number, words)


def written_out(figure: Any, words: Words) -> list[Any]:
    """A number, a small array, or in words what a large one holds; nothing if it isn't known."""
    if figure is None or isinstance(figure, Spec):
        return []
    return [said(extent(figure, words)) if isinstance(figure, Summary) else value(figure)]


def with_numbers(formula: Any) -> Any:
    """A formula with numbers in place of its symbols.

    Raises:
        LookupError: a number is not known, or an array too large to write out.
    """
    if isinstance(formula, Known):
        if formula.number is None or isinstance(formula.number, (Spec, Summary)):
            raise LookupError(formula.args[0])
        return value(formula.number)
    if not isinstance(formula, Expr) or formula.head == "value":
        return formula
    if formula.head in ("rule", "said", "symbol", "dots"):
        raise LookupError(formula.head)
    return Expr(formula.head, *map(with_numbers, formula.args), **formula.options)
