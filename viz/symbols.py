"""The symbols of a derivation: each value of a graph with its name and its number."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple

from autograd_core.node import Node, Spec
from autograd_core.symbolic import Expr

from . import formulas
from .describe import SPOKEN, Writer
from .figures import Summary, figure, index_text
from .formulas import Operand
from .layers import Layer, behind
from .lettering import shortened
from .naming import Names
from .notation import Known, partial, said, value
from .plaintext import length
from .tidying import is_seen
from .values import Use, Values
from .words import Words

SHORT = 4
"""A name up to so long that a user gave is a symbol already; any other in a layer gets one."""

MOST = 60
"""Names are shortened to this many characters."""

LONGEST = 120
"""A rule whose formula is longer than this many characters is called by its operation's name."""

_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_UNSEEN = ("bounds", "joint", "length", "results", "places", "shares", "each")


class Symbols:
    """Gives the symbol of every value, constant and gradient.

    Args:
        values: the graph and its numbers.
        names: what its values are called.
        words: the language's words.
        layers: the layers whose parts are called W¹, b¹, z¹, a¹, and δ¹ the gradient of z¹.
        wanted: the values that are differentiated by.

    Attributes:
        values: the graph and its numbers.
        result: the name of the result, or of its sum if it has several elements.
        renamed: for each symbol that a layer brought, the name it stands for; None if it had none.
        turned: the weights that a layer takes transposed: for each transpose the weight.
    """

    def __init__(
        self, values: Values, names: Names, words: Words, layers: Sequence[Layer], wanted: Sequence[Node]
    ) -> None:
        self.values = values
        self.words = words
        self._names = names
        self._of: dict[Node, str] = {}
        self._constants: dict[int, tuple[Any, str]] = {}  # the array is kept, so that its id stays its own
        self._taken: set[str] = set()
        self._deltas: dict[Node, str] = {}
        self.renamed: dict[str, str | None] = {}
        self.turned: dict[Node, Node] = {}
        for node in values.nodes:  # what users called so comes first
            if node in names.given:
                self._of[node] = self._unique(shortened(names[node], MOST))
        for layer in layers:
            self._enter(layer)
        for node in wanted:
            self.turned.pop(node, None)
        for node in values.nodes:
            if node not in self._of:
                self._of[node] = self._unique(shortened(names[node], MOST))
        name = self._of[values.root]
        self.result = name if values.root.shape == () else f"Σ{name}"

    def _unique(self, name: str) -> str:
        found, i = name, 1
        while found in self._taken:
            i += 1
            found = name + str(i).translate(_LOWERED)
        self._taken.add(found)
        return found

    def _enter(self, layer: Layer) -> None:
        weight = layer.product.inputs[layer.weight]
        origin = behind(weight)
        if weight is not None and origin is not None and weight is not origin and len(self.values.uses[weight]) == 1:
            self.turned[weight] = origin
        raised = str(layer.number).translate(_RAISED)
        parts = [("W", origin), ("z", layer.z), ("a", layer.a)]
        if layer.bias is not None:
            parts.append(("b", layer.z.inputs[layer.bias]))
        for letter, node in parts:
            if node is not None:
                self._rename(node, letter + raised)
        self._deltas[layer.z] = self._unique("δ" + raised)
        for letter, node, position in (("W", layer.product, layer.weight), ("b", layer.z, layer.bias)):
            if position is not None and node.inputs[position] is None:
                self._constant(self.values.operands(node)[position], letter + raised)
        if layer.product.inputs[layer.source] is None:
            self._constant(self.values.operands(layer.product)[layer.source], "x")

    def _rename(self, node: Node, symbol: str) -> None:
        known = self._of.get(node)
        if node is self.values.root or (known is not None and (known in self.renamed or len(known) <= SHORT)):
            return
        self._of[node] = new = self._unique(symbol)
        self.renamed[new] = known

    def _constant(self, array: Any, symbol: str | None = None) -> str:
        if id(array) not in self._constants:
            given = symbol is None or self._names.is_given(array)
            name = shortened(self._names.constant(array), MOST) if given or symbol is None else symbol
            self._constants[id(array)] = array, self._unique(name)
        return self._constants[id(array)][1]

    def name(self, node: Node) -> str:
        """What a value is called."""
        return self._of[node]

    def of(self, node: Node) -> Known:
        """The symbol of a value."""
        found = self.values.value(node)
        shown = Expr("transpose", self.of(self.turned[node])) if node in self.turned else None
        return Known(self._of[node], Spec(node.shape, None), None if isinstance(found, Spec) else figure(found), shown)

    def operand(self, node: Node, position: int) -> Known:
        """The symbol of an input of an operation."""
        parent, array = node.inputs[position], self.values.operands(node)[position]
        if parent is not None:
            return self.of(parent)
        spec, known = Writer.shape_of(array), None if isinstance(array, Spec) else figure(array)
        if id(array) not in self._constants and self._names.is_written_out(array):
            return Known(self._names.constant(array), spec, known, value(known) if spec.ndim else None)
        return Known(self._constant(array), spec, known)

    def is_named(self, node: Node, position: int) -> bool:
        """Whether a constant has a name, and isn't written out in formulas."""
        array = self.values.operands(node)[position]
        return id(array) in self._constants or not self._names.is_written_out(array)

    def operands(self, node: Node) -> list[Known]:
        """The symbols of all inputs of an operation."""
        return [self.operand(node, position) for position in range(len(node.inputs))]

    def saved(self, node: Node) -> list[Any]:
        """The symbols of ``(output, *inputs)``, as rules take them."""
        assert node.op is not None
        output = self.of(node)
        operands = [bool(one.number) if _is_choice(one) else one for one in self.operands(node)]
        return [output, tuple(operands)] if node.op.variadic else [output, *operands]

    def gradient(self, node: Node) -> Known:
        """∂L/∂v, or δ where v is the z of a layer."""
        delta = self._deltas.get(node)
        spec, number = Spec(node.shape, None), self.values.gradients.get(node)
        if delta is not None:
            return Known(delta, spec, number)
        shown = partial(self.result, self._of[node])
        return Known(f"∂{self.result}/∂{self._of[node]}", spec, number, shown)

    def is_delta(self, node: Node) -> bool:
        """Whether its gradient has a symbol of its own."""
        return node in self._deltas

    def whole(self, node: Node) -> Expr:
        """∂L/∂v written out."""
        return partial(self.result, self._of[node])

    def local(self, use: Use, ambiguous: bool) -> Expr:
        """∂node/∂input; by its place if the input reaches the node in other ways too."""
        node, position = use
        parent = node.inputs[position]
        assert parent is not None
        return partial(self._of[node], self._of[parent], position + 1 if ambiguous else None)

    def slope(self, use: Use) -> Any:
        """The formula of ∂node/∂input of an operation on single numbers, or on matching elements."""
        node, position = use
        op, params = node.op, node.params or {}
        assert op is not None
        try:
            if op.elementwise:
                found = formulas.partial_of(op, position, self.saved(node), params)
            else:
                found = formulas.pullback_of(op, position, self.saved(node), params, 1)
        except Exception:  # a rule of a user's own op may not run on symbols
            found = None
        if found is None or _is_technical(found):
            return Expr("said", self.words("{name}'s rule", name=op.name))
        return found

    def pullback(self, use: Use, g: Any) -> Any:
        """The formula of what a use adds to the gradient of its input, given that of the node."""
        node, position = use
        op = node.op
        assert op is not None
        try:
            found = formulas.pullback_of(op, position, self.saved(node), node.params or {}, g)
        except Exception:  # likewise
            found = None
        if found is None or _is_technical(found):
            found = Expr("rule", self.words("{name}'s rule", name=op.name), g)
        elif op.name in ("sum", "mean") and prod(node.shape) > 1:
            found = _with(found, g, Expr("rule", "repeat", g))
        elif (kept := _kept(node, position)) is not None:
            for part in (g, self.of(node)):
                found = _with(found, part, _reshaped(part, kept)) if isinstance(part, Known) else found
        elif found is g and use not in self.values.repeated:
            found = _moved(node, g)
        if isinstance(found, float) and found and abs(round(1 / found) * found - 1) < 1e-12 and abs(found) < 1:
            found = Expr("divide", 1, round(1 / found))
        found = turned(found)
        return Expr("Σ", found) if use in self.values.repeated else found

    def forward(self, node: Node) -> Any:
        """What an operation computes, as a formula of its inputs."""
        op, args = node.op, self.operands(node)
        assert op is not None
        if op.name == "linear":
            return Expr("add", Expr("matmul", args[0], Expr("transpose", args[1])), args[2])
        if op.name == "linear_pair":
            x, h, w, u, b = args
            products = (Expr("matmul", side, Expr("transpose", weight)) for side, weight in ((x, w), (h, u)))
            return Expr("total", *products, b)
        if op.name == "scale_and_shift":
            return Expr("add", Expr("multiply", args[0], args[1]), args[2])
        if op.name in ("add", "subtract", "multiply", "divide", "matmul", "remainder", "power", "absolute", "negative"):
            return Expr(op.name, *args)
        params = node.params or {}
        if op.name in ("square", "power_n"):
            n = params.get("n", 2)
            return Expr("power", args[0], int(n) if float(n).is_integer() else n)
        if op.name == "reciprocal":
            return Expr("divide", 1, args[0])
        if op.symbol == "√":
            return Expr("sqrt", args[0])
        if op.name == "getitem":
            return Expr("getitem", args[0], params["index"])
        if op.name == "transpose" and tuple(params.get("axes") or (1, 0)) == (1, 0):
            return Expr("transpose", args[0])
        axis = params.get("axis")
        shown = {} if axis is None or np.size(axis) == args[0].spec.ndim else {"axis": _lone(axis)}
        shown |= {
            key: item
            for key, item in params.items()
            if is_seen(key, item) and key not in _UNSEEN and isinstance(item, (int, float, str, tuple))
        }
        return Expr(SPOKEN.get(op.name, op.name), *args, **shown)


def _lone(axes: Any) -> Any:
    """One axis as a number, several as they are."""
    return axes[0] if isinstance(axes, tuple) and len(axes) == 1 else axes


def _kept(node: Node, position: int) -> tuple[int, ...] | None:
    """The shape that the result of a reduction along an axis has beside its input."""
    parent, axis = node.inputs[position], (node.params or {}).get("axis")
    if parent is None or axis is None or not 0 < len(node.shape) < len(parent.shape):
        return None
    axes = normalize_axis_tuple(axis, len(parent.shape))
    kept = tuple(1 if i in axes else length for i, length in enumerate(parent.shape))
    return kept if prod(kept) == prod(node.shape) else None


def _reshaped(known: Known, shape: tuple[int, ...]) -> Known:
    """A symbol whose number is written in another shape."""
    number = known.number
    if number is not None and not isinstance(number, (Spec, Summary)):
        number = np.reshape(number, shape)
    return Known(known.args[0], Spec(shape, None), number, known.shown)


def _with(formula: Any, part: Any, other: Any) -> Any:
    """A formula with another part in the place of one."""
    if formula is part or (isinstance(part, Known) and isinstance(formula, Known) and formula.args == part.args):
        return other
    if not isinstance(formula, Expr) or isinstance(formula, Operand):
        return formula
    return Expr(formula.head, *(_with(arg, part, other) for arg in formula.args), **formula.options)


def _is_choice(operand: Known) -> bool:
    """Whether it is True or False, so that a formula need not ask."""
    number = operand.number
    return isinstance(number, (np.bool_, np.ndarray)) and number.dtype == np.bool_ and number.shape == ()


def _moved(node: Node, g: Any) -> Any:
    """A gradient that the rule only moves about, with what it does to it."""
    op = node.op
    assert op is not None
    if op.name in ("getitem", "take", "pick"):
        index = (node.params or {}).get("index")
        return Expr("rule", "put", g, *([] if index is None else [said(shortened(index_text(index), 24))]))
    return Expr("rule", op.name, g) if op.name in ("reshape", "transpose") else g


def turned(expression: Any) -> Any:
    """A formula with a transposed product as the product of the transposed, and nothing transposed twice."""
    if not isinstance(expression, Expr) or isinstance(expression, Operand) or expression.head in ("where", "getitem"):
        return expression
    if expression.head != "transpose" or len(expression.args) > 1:
        return Expr(expression.head, *map(turned, expression.args), **expression.options)
    inner = turned(expression.args[0])
    if isinstance(inner, Known) and inner.shown is not None:
        return inner.shown.args[0] if inner.shown.head == "transpose" else expression
    if isinstance(inner, Expr) and inner.head == "transpose" and len(inner.args) == 1:
        return inner.args[0]
    if isinstance(inner, Expr) and inner.head == "matmul":
        return Expr("matmul", *(turned(Expr("transpose", side)) for side in reversed(inner.args)))
    return Expr("transpose", inner)


def _is_technical(expression: Any) -> bool:
    """Whether a formula has arguments that only a program can read, or is too long to be read."""
    if length(expression) > LONGEST:
        return True
    todo = [expression]
    for part in todo:  # the list grows while it is walked
        if isinstance(part, Expr) and not isinstance(part, Known):
            if any(not isinstance(option, (int, float, str, Expr)) for option in part.options.values()):
                return True
            todo += part.args
        elif isinstance(part, np.ndarray) and part.size > 1:
            return True
    return False
