"""A graph as a program that a page runs anew when a number is changed: forward, local derivatives, gradients.

Each operation's forward and rules are run once on traced arrays. Operations that do the same share a function.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd_core.node import Node, Spec
from autograd_core.ops.shape import sum_to

from .tracing import LARGEST, Tape, Traced, UntraceableError, kind_of, numbers
from .values import Use, Values
from .words import Words

_SELECTIONS = ("getitem", "take", "pick", "put")
"""Operations at an index, which may have been found from the values."""


class Program:
    """What a page needs to compute a graph's numbers.

    Args:
        values: the graph and its numbers.
        words: the language of the reason.

    Attributes:
        sliders: the leaves that are single numbers.
        reason: why there is nothing to change, as a sentence; "" if there is.
        functions: for each its inputs' count, code, result and guards.
        constants: the arrays that are given.
        forward: for each operation its function and its operands: ``["n", i]``, a node, or ``["c", i]``, a constant.
        slopes: for each use in an elementwise operation the local derivative's function of (output, *operands); in
            an operation whose result is a single number it is the part for a gradient of 1.
        parts: for each use its function of (gradient, output, *operands).
    """

    def __init__(self, values: Values, words: Words) -> None:
        self.values = values
        self.functions: list[dict[str, Any]] = []
        self.constants: list[Any] = []
        self.forward: dict[Node, tuple[int, list[tuple[str, int]]]] = {}
        self.slopes: dict[Use, int] = {}
        self.parts: dict[Use, int] = {}
        self._known: dict[str, int] = {}
        self._places = {node: i for i, node in enumerate(values.nodes)}
        self._constants: dict[int, int] = {}
        leaves = [node for node in values.nodes if node.op is None and _size(node.shape) == 1]
        self.sliders = [leaf for leaf in leaves if not isinstance(values.value(leaf), Spec)]
        self.reason = self._why_not(words) if leaves else words("No leaf is a single number, so there are no sliders.")
        if self.reason:
            self.sliders = []

    def _why_not(self, words: Words) -> str:
        none = words("There are no sliders:")
        for node in self.values.nodes:
            name = node.name
            operands = self.values.operands(node) if node.op is not None else ()
            if any(isinstance(array, Spec) for array in (self.values.value(node), *node.saved[:1], *operands)):
                return f"{none} {words('the graph does not hold all numbers of {name}.', name=name)}"
            if node.op is None:
                continue
            if _chooses(node):
                return f"{none} " + words("the graph does not say how {name} came to its choice.", name=name)
            try:
                self._operation(node)
            except Exception:  # a user's own rule may do anything
                return f"{none} {words('this page can not compute {name} anew.', name=name)}"
        return ""

    def _operation(self, node: Node) -> None:
        op, saved, params = node.op, node.saved, dict(node.params or {})
        assert op is not None
        operands = self.values.operands(node)
        with np.errstate(all="ignore"):
            inputs = [self._operand(parent, array) for parent, array in zip(node.inputs, operands, strict=True)]
            forward = _FORWARDS.get(op.name, op.forward)
            found, value = self._function(
                lambda *arrays: forward(list(arrays), **params) if op.variadic else forward(*arrays, **params),
                operands,
                _product(node, operands, node.shape),
            )
            if not _agree(value, saved[0]):
                raise UntraceableError("run again it gives other numbers")
            self.forward[node] = found, inputs
            for position, parent in enumerate(node.inputs):
                if parent is not None and (node, position) in self.values.parts:
                    self._use(node, position, parent, operands, params)

    def _use(self, node: Node, position: int, parent: Node, operands: Sequence[Any], params: dict[str, Any]) -> None:
        op, output = node.op, node.saved[0]
        assert op is not None
        rule = op.vjps[position]
        assert rule is not None

        def part(g: Any, output: Any, *inputs: Any) -> Any:
            found = rule(g, output, *([list(inputs)] if op.variadic else inputs), **params)
            return found if np.shape(found) == parent.shape else sum_to.op.on(found, shape=parent.shape)

        use = node, position
        one = np.ones(node.shape, getattr(self.values.gradients[node], "dtype", output.dtype))[()]
        product = _product(node, operands, parent.shape, transposed=True)
        self.parts[use] = self._function(part, (one, output, *operands), product)[0]
        if op.elementwise:
            partial = op.partials[position]

            def slope(*saved: Any) -> Any:
                return partial(*saved, **params) if callable(partial) else np.asarray(partial, output.dtype)[()]

            self.slopes[use] = self._function(slope, (output, *operands))[0]

    def _function(
        self, run: Callable[..., Any], arrays: Sequence[Any], instead: Callable[..., Any] | None = None
    ) -> tuple[int, Any]:
        """The number of the function that does what ``run`` does to arrays like these, and what it gives for them.

        What can't be traced is done ``instead`` in another way, if there is one.
        """
        try:
            tape = Tape()
            found = run(*[tape.input(array) for array in arrays])
            place = tape.place(found)
        except Exception:
            if instead is None:
                raise
            tape = Tape()
            found = instead(*[tape.input(array) for array in arrays])
            place = tape.place(found)
        value = found.value if isinstance(found, Traced) else found
        function = {"inputs": len(arrays), "code": tape.code[len(arrays) :], "result": place}
        if tape.guards:
            function["guards"] = tape.guards
        key = json.dumps(function)
        if key not in self._known:
            self._known[key] = len(self.functions)
            self.functions.append(function)
        return self._known[key], value

    def _operand(self, parent: Node | None, array: Any) -> tuple[str, int]:
        if parent is not None:
            return "n", self._places[parent]
        if id(array) not in self._constants:
            if np.size(array) > LARGEST:
                raise UntraceableError("a large constant")
            self._constants[id(array)] = len(self.constants)
            self.constants.append(array)
        return "c", self._constants[id(array)]

    def data(self) -> dict[str, Any] | None:
        """The program as JSON has it; None if there is nothing to change."""
        if not self.sliders:
            return None
        return {"functions": self.functions, "constants": [numeral(array) for array in self.constants]}


def numeral(value: Any) -> dict[str, Any]:
    """An array with all its digits: its type, shape and elements."""
    array = np.asarray(value)
    return {"type": kind_of(array.dtype), "shape": list(array.shape), "data": numbers(array)}


def _chooses(node: Node) -> bool:
    """Whether an operation selects by a condition or by positions, found in ways no graph shows."""
    assert node.op is not None
    index = (node.params or {}).get("index")
    parts = index if isinstance(index, tuple) else (index,)
    return node.op.name == "where" or (
        node.op.name in _SELECTIONS and any(isinstance(part, np.ndarray) for part in parts)
    )


def _softmax(x: Any, axis: int) -> Any:
    powers = np.exp(x - np.max(x, axis=axis, keepdims=True))
    return powers / np.sum(powers, axis=axis, keepdims=True)


_FORWARDS: dict[str, Callable[..., Any]] = {"softmax": _softmax}
"""For a forward that takes another way where that is quicker: what it computes."""


def _product(
    node: Node, operands: Sequence[Any], shape: tuple[int, ...], transposed: bool = False
) -> Callable[..., Any] | None:
    """A linear operation, or its rule, as the product with its matrix; None for any other operation."""
    op, params = node.op, node.params or {}
    assert op is not None
    if op.kind != "linear":
        return None

    def product(first: Traced, *rest: Any) -> Any:
        x = operands[0]
        if np.size(x) ** 2 > 16 * LARGEST:
            raise UntraceableError("a large linear operation")
        units = np.eye(np.size(x), dtype=x.dtype)
        columns = [np.ravel(op.forward(np.reshape(unit, np.shape(x))[()], **params)) for unit in units]
        return _multiplied(np.array(columns if transposed else np.transpose(columns)), first, shape)

    return product


def _multiplied(matrix: Any, x: Traced, shape: tuple[int, ...]) -> Any:
    """The sums of the entries that are not 0 times the elements: 0·∞ is none of the terms."""
    total: Any = np.zeros(shape, x.dtype)
    rows = [np.flatnonzero(row).tolist() for row in matrix]
    for turn in range(max(map(len, rows), default=0)):
        places = [row[turn] + 1 if turn < len(row) else 0 for row in rows]
        weights = [matrix[i, place - 1] if place else 1 for i, place in enumerate(places)]
        term = x.elements(places, shape)
        if any(weight != 1 for weight in weights):
            term = term * np.reshape(np.array(weights, x.dtype), shape)
        total = term if turn == 0 else total + term
    return total


def _size(shape: tuple[int, ...]) -> int:
    return int(np.prod(shape, dtype=int))


def _agree(a: Any, b: Any) -> bool:
    digits = 1e-12 if b.dtype.itemsize == 8 else 1e-5 if b.dtype.itemsize == 4 else 1e-2
    return np.shape(a) == np.shape(b) and bool(np.allclose(a, b, rtol=digits, atol=digits, equal_nan=True))
