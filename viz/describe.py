"""How operations, uses and gradients are written in a picture."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Literal

import numpy as np

from autograd_core.node import Node, Spec
from autograd_core.symbolic import symbol

from . import formulas
from .figures import Figure, Summary, extent, figure, index_text, number
from .lettering import safe, shortened
from .naming import LONG, Names, derivative
from .picture import Arrow, Box, Line, equation, line, same_number
from .tidying import NEUTRAL, is_seen
from .values import Values
from .words import Words

Detail = Literal["formula", "numbers", "shapes"]
"""Formulas and numbers; numbers alone; or shapes alone."""

LONGEST = 90
"""A longer formula is not written out."""

WIDE = 34
"""A formula and its number, or an operation and its options, stand on one line up to this many characters."""

_PLACES = {1: re.compile(r"(?<![^\W\d])x(?![^\W\d²])"), 2: re.compile(r"(?<![^\W\d])[ab](?![^\W\d])")}
"""Where a sign such as |x| or a·log b has its operands."""

SPOKEN = {"contract": "einsum", "convolve_biased": "conv", "max_windows": "max_pool", "sum_windows": "sum_pool"}
"""Operations under the names that readers know."""

_INNER = {"bounds", "joint", "length", "results", "places", "shares"}
"""Arguments that only a rule has a use for."""

_BEHIND = ("⁻¹", "⁺", "⊥")
"""Signs that stand behind their operand."""

_SUPERSCRIPTS = str.maketrans("0123456789−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


class Writer:
    """Writes the names, formulas and numbers of one graph.

    Args:
        values: the graph and its numbers.
        names: what its values are called.
        words: the language's words.
        detail: how much is written.
    """

    def __init__(self, values: Values, names: Names, words: Words, detail: Detail = "formula") -> None:
        self.values = values
        self.names = names
        self.words = words
        self.detail: Detail = detail
        result = names.short(values.root)
        self.result = result if values.root.shape == () else f"Σ{result}"

    def gradient(self, node: Node) -> str:
        """``∂L/∂x``."""
        return derivative(self.result, self.names.short(node), leaf=node.op is None)

    def inputs(self, node: Node) -> list[str]:
        """The operands as they stand in formulas."""
        return [
            self.names.short(parent) if parent is not None else shortened(self.names.constant(array), LONG)
            for parent, array in zip(node.inputs, self.values.operands(node), strict=True)
        ]

    def expression(self, node: Node, options: bool = True) -> str:
        """The operation applied to its operands, such as ``x × w`` or ``tanh(v₁)``."""
        op, names = node.op, self.inputs(node)
        assert op is not None
        params = dict(node.params or {})
        sign, first = safe(op.symbol), names[0] if names else ""
        if "index" in params and sign.startswith("[ ]"):
            put = " ← " + (names[1] if len(names) > 1 else "0") if sign.endswith(("=", "=0")) else ""
            return f"{first}[{shortened(index_text(params['index']), 24)}{put}]"
        if sign == "ᵀ" and (axes := params.get("axes")) is not None:
            if tuple(axes) == tuple(range(len(axes)))[::-1]:
                return f"{first}ᵀ"
            sign = op.name
        if sign == "^" and (len(names) > 1 or "n" in params):
            power = names[1] if len(names) > 1 else number(params["n"])
            whole = power.translate(_SUPERSCRIPTS) if power.lstrip("−").isdecimal() else f"^{power}"
            return f"{_enclosed(first)}{whole}"
        told = self.options(node) if options else []
        if not sign.isidentifier() or "·" in sign:  # which may stand in a Python name
            written = _signed(sign, names)
            if written is not None:
                return f"{written} ({', '.join(told)})" if told and len(names) == 2 else written
            sign = safe(SPOKEN.get(op.name, op.name))
        if len(names) > 4:
            names = [*names[:2], "…", names[-1]]
        return f"{sign}({', '.join([*names, *told])})"

    def title(self, node: Node) -> list[Line]:
        """An operation's expression; where it is long its options stand below it."""
        expression = self.expression(node)
        options = self.options(node) if len(expression) > WIDE else []
        if not options:
            return [line(shortened(expression, 48), "title")]
        told = line(shortened(", ".join(options), 60), "small")
        return [line(shortened(self.expression(node, options=False), 48), "title"), told]

    def options(self, node: Node) -> list[str]:
        """The other arguments that a reader should see."""
        found = []
        rank = max(
            (np.ndim(array) if not isinstance(array, Spec) else array.ndim for array in self.values.operands(node)),
            default=0,
        )
        for key, value in (node.params or {}).items():
            if key in _INNER or value is False:
                continue
            if key in NEUTRAL and not is_seen(key, value):
                continue
            if isinstance(value, tuple) and all(isinstance(ends, tuple) and len(set(ends)) == 1 for ends in value):
                value = tuple(ends[0] for ends in value)  # as much on either side
            if key in ("axis", "axes") and isinstance(value, tuple):
                if len(value) == rank:
                    continue
                value = value[0] if len(value) == 1 else value
            if key == "dtype":
                shown = str(np.dtype(value))
            elif isinstance(value, str):
                shown = value
            else:
                shown = str(value).replace("-", "−") if isinstance(value, tuple) else index_text(value)
            found.append(f"{key}={shortened(safe(shown), 20)}")
        return found

    def _symbols(self, node: Node) -> list[Any]:
        """The symbols of ``(output, *inputs)``, named as in the picture, with the shapes of the arrays."""
        assert node.op is not None
        symbols = [
            self._symbol(name, array, parent is None)
            for parent, name, array in zip(node.inputs, self.inputs(node), self.values.operands(node), strict=True)
        ]
        output = formulas.Operand(self.names.short(node), self.shape_of(node.saved[0]))
        return [output, tuple(symbols)] if node.op.variadic else [output, *symbols]

    def _symbol(self, name: str, array: Any, constant: bool) -> Any:
        """What stands for an operand: a number that has no name stands for itself."""
        spec = self.shape_of(array)
        if not constant or spec.shape != () or not self.names.is_written_out(array):
            return formulas.Operand(_enclosed(name), spec)
        return np.bool_(array) if spec.dtype == bool else np.float64(array)

    def rule(self, node: Node, position: int) -> str:
        """What the chain rule gives for an input, before any sum over its repeats; g is the output's gradient."""
        assert node.op is not None
        if self.detail != "formula":
            return ""
        try:
            formula = formulas.pullback(
                node.op, position, self._symbols(node), node.params or {}, symbol("g"), self.words
            )
        except Exception:  # a rule of a user's own op may not run on symbols
            formula = ""
        if not 0 < len(formula) <= LONGEST:
            return self.words("{name}'s rule, of g", name=node.op.name)
        return _bare(formula)

    def local(self, node: Node, parent: Node) -> str:
        """``∂v/∂x``, of an operation and one of its inputs."""
        return derivative(self.names.short(node), self.names.short(parent))

    def local_formula(self, node: Node, position: int) -> str:
        """The local derivative of an elementwise operation, or of one whose result is a single number."""
        op = node.op
        assert op is not None
        try:
            if op.elementwise:
                return _bare(formulas.partial(op, position, self._symbols(node), node.params or {}))
            return _bare(formulas.pullback(op, position, self._symbols(node), node.params or {}, 1, self.words))
        except Exception:  # a rule of a user's own op may not run on symbols
            return self.words("{name}'s rule", name=op.name)

    @staticmethod
    def has_slope(node: Node) -> bool:
        """Whether an operation's local derivatives can be written without the gradient that arrives."""
        return node.op is not None and (node.op.elementwise or node.shape == ())

    def slope(self, node: Node, position: int) -> list[Line]:
        """The local derivative of an operation: formula and number.

        For an elementwise operation, and one whose result is a single number, that is ∂output/∂input;
        else the chain rule's formula, with g for the gradient that arrives.
        """
        op, parent = node.op, node.inputs[position]
        assert op is not None
        assert parent is not None
        if self.detail == "shapes":
            return []
        if op.vjps[position] is None:
            return [line(self.words("no gradient"), "formula")]
        if not self.has_slope(node):
            left = f"{self.gradient(parent)} {'+=' if self._several(parent) else '='}"
            formula = self.rule(node, position)
            if formula and (node, position) in self.values.repeated:
                formula = f"Σ({formula})"
            return self._equation(left, formula, self.values.parts.get((node, position)))
        value = self.values.slope(node, position)
        if self.detail == "numbers":
            return self._equation("", "", value)
        # of a use among several, ∂L/∂x = would read as the whole gradient
        share = node is self.values.root and node.shape == () and self._several(parent)
        left = f"{self.local(node, parent)} {'+=' if share else '='}"
        return self._equation(left, self.local_formula(node, position), value)

    def contribution(self, node: Node, position: int) -> list[Line]:
        """What an operation's rule gives for an input: formula and number.

        An array that stands in the box it leads to is not repeated.
        """
        parent, use = node.inputs[position], (node, position)
        assert parent is not None
        if self.detail == "shapes":
            return []
        if use in self.values.repeated:
            return self._equation("", self.rule(node, position), self.values.repeated[use])
        part = self.values.parts[use]
        if self._several(parent):
            return self._equation("", self.rule(node, position), part)
        number = part if parent.shape == () else None
        return self._equation(f"{self.gradient(parent)} =", self.rule(node, position), number)

    def collected(self, node: Node, position: int) -> list[Line]:
        """The sum over the repeats of an input: over which axes, and what it gives."""
        parent, use = node.inputs[position], (node, position)
        assert parent is not None
        wide = self.values.repeated[use]
        told = line(self._axes(node.shape if wide is None else np.shape(wide), parent.shape), "small")
        part = self.values.parts[use]
        if part is None or self.detail == "shapes":
            return [told]
        if self._several(parent):
            return [told, *(replace(item, text=item.text.strip()) for item in equation("", part, "value", self.words))]
        return [told, *equation(self.gradient(parent), part, "gradient", self.words)]

    def _axes(self, wide: tuple[int, ...], shape: tuple[int, ...]) -> str:
        """Over which axes an array is summed to a shape."""
        more = len(wide) - len(shape)
        axes = [i for i, length in enumerate(wide) if i < more or shape[i - more] != length]
        if len(axes) == len(wide):
            return self.words("over all elements")
        if len(axes) == 1:
            return self.words("over axis {axis}", axis=axes[0])
        return self.words("over axes {axes}", axes=", ".join(map(str, axes)))

    def _several(self, node: Node) -> bool:
        """Whether a gradient is a sum over several uses."""
        return sum(use in self.values.parts for use in self.values.uses[node]) > 1

    def _equation(self, left: str, formula: str, value: Any) -> list[Line]:
        if self.detail == "numbers":
            return self._alone(value)
        first = f"{left} {formula}".strip()
        if value is None or same_number(formula, value):
            return [line(first, "formula")]
        if isinstance(value, (Spec, Summary)):
            return [line(first, "formula"), *self._alone(value)]
        lines = equation("", value, "value", self.words)
        if len(lines) == 1 and len(first) + len(lines[0].text) <= WIDE:
            return [replace(lines[0], text=f"{first}{lines[0].text}", style="formula")]
        if lines[0].text.strip() == "=":
            lines = lines[1:]
        return [line(first, "formula"), *(replace(item, text=item.text.strip()) for item in lines)]

    def _alone(self, value: Any) -> list[Line]:
        """A number without a left side."""
        if value is None:
            return []
        if isinstance(value, Spec):
            return []
        if isinstance(value, Summary):
            return [line(extent(value, self.words, ranged=self.detail == "formula"), "small", value.finite)]
        lines = equation("", value, "value", self.words)
        lines = [replace(item, text=item.text.strip().removeprefix("=").strip()) for item in lines]
        return [item for item in lines if item.text]

    @staticmethod
    def shape_of(value: Any) -> Spec:
        """What is left of an array where shapes alone are written."""
        return value if isinstance(value, Spec) else Spec(np.shape(value), getattr(value, "dtype", None))

    def figure(self, node: Node) -> Figure:
        """The node's value, as far as it is shown."""
        return Spec(node.shape, None) if self.detail == "shapes" else figure(self.values.value(node))

    def value(self, node: Node) -> list[Line]:
        """``name = value``."""
        return equation(shortened(self.names[node], 32), self.figure(node), "value", self.words)

    def gradient_lines(self, node: Node) -> list[Line]:
        """``∂L/∂name = value``; what the last backward pass recorded is called grad."""
        if self.detail == "shapes" or node not in self.values.gradients:
            return []
        value = self.values.gradients[node]
        if value is not None:
            return equation(self.gradient(node), value, "gradient", self.words)
        shown = node.gradient
        if isinstance(shown, Spec) and node.observer is not None and node.observer.grad is not None:
            shown = node.observer.grad.array
        return equation("grad", figure(shown), "gradient", self.words) if shown is not None else []

    def grad_note(self, boxes: Iterable[Box]) -> list[str]:
        """What grad is, where a box shows one."""
        lines = [item.text for box in boxes for item in box.lines if item.style == "gradient"]
        if any(text.startswith(("grad", "g = grad")) for text in lines):
            return [self.words("grad is what the last backward pass brought there.")]
        return []

    def sign_notes(self, arrows: Iterable[Arrow]) -> list[str]:
        """What signs in formulas stand for that no box shows."""
        shown = " ".join(item.text for arrow in arrows for item in arrow.lines)
        found = []
        if "[j = t]" in shown:
            found.append(self.words("[j = t] is 1 where class j is the target, else 0."))
        if "max□]" in shown:
            found.append(self.words("[x = max□] is 1 where x is the largest in its window, else 0."))
        return found

    def sum_note(self) -> list[str]:
        """That the gradients are those of the result's sum, where it has more than one element."""
        root = self.values.root
        if root.shape == ():
            return []
        told = "{name} has shape {shape}: the gradients are those of its sum, Σ{name}."
        return [self.words(told, name=self.names.short(root), shape=root.shape)]

    def place(self, node: Node) -> Line:
        """Where a node was made: the line that names its module."""
        return line(self.words("in {module}", module=shortened(".".join(node.scope), 28)), "small")


def _enclosed(name: str) -> str:
    """A name as it stands behind a sign."""
    return f"({name})" if name.startswith(("−", "∂")) else name


def _bare(formula: str) -> str:
    """A formula that is one name alone without the brackets that it needs in a product."""
    return formula[1:-1] if re.fullmatch(r"\([^()]*\)", formula) else formula


def _signed(sign: str, names: list[str]) -> str | None:
    """A sign that is no word, with its operands; None where it can't be written so."""
    places = _PLACES.get(len(names))
    if places is None or set(sign) & set(",[□"):
        return None
    found = set(places.findall(sign))
    if len(found) == len(names):
        return places.sub(lambda place: _enclosed(names[place[0] == "b"]), sign)
    if len(names) == 2:
        return f"{names[0]} {sign} {_enclosed(names[1])}" if re.fullmatch(r"\W{1,2}", sign) else None
    (name,) = names
    if "ˣ" in sign:
        return sign.replace("ˣ", f"^{_enclosed(name)}")
    if sign in _BEHIND:
        return f"{_enclosed(name)}{sign}"
    return f"{sign}({name})" if re.search(r"\w$", sign) else f"{sign}{_enclosed(name)}"
