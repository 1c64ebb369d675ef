"""What the values in a picture are called: the user's names, and numbered ones for the rest."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from autograd_core import Tensor
from autograd_core.node import Node, Spec

from .figures import COLUMNS, inline, number
from .lettering import safe, shortened

LONG = 20
"""Names in formulas are shortened to this many characters; a box shows more of them."""

_FIRST = re.compile(r"∂([^∂/²]+)/∂([^∂/²]+)")
"""A first derivative: of what, by what."""

_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def derivative(result: str, name: str, leaf: bool = False) -> str:
    """The name of a derivative; of a derivative, by a leaf, that of second order.

    Example:
        >>> derivative("L", "x"), derivative("∂L/∂x", "x", leaf=True), derivative("∂L/∂x", "w", leaf=True)
        ('∂L/∂x', '∂²L/∂x²', '∂²L/∂w∂x')
        >>> derivative("∂L/∂x", "∂L/∂v₁")
        '∂(∂L/∂x)/∂(∂L/∂v₁)'
    """
    first = _FIRST.fullmatch(result)
    if first is not None and leaf and "∂" not in name:
        return f"∂²{first[1]}/∂{name}²" if first[2] == name else f"∂²{first[1]}/∂{name}∂{first[2]}"
    result, name = (f"({part})" if "∂" in part else part for part in (result, name))
    return f"∂{result}/∂{name}"


class Names:
    """The name of each node, and of each constant array.

    Leaves without a name are x, or x₁, x₂, … in creation order, results v₁, v₂, …, constants c₁,
    c₂, …; the result that is drawn is L if it is one number, else y. A name that a user gave is
    never given again.

    Args:
        nodes: the nodes, oldest first.
        root: the result that is drawn.
        given: names for tensors, besides those the tensors carry.

    Attributes:
        given: the nodes whose names come from users.

    Raises:
        TypeError: ``given`` is not a mapping from names to Tensors.
    """

    def __init__(self, nodes: Sequence[Node], root: Node, given: Mapping[str, Tensor] | None) -> None:
        self._of: dict[Node, str] = {}
        self._arrays: dict[int, tuple[Any, str]] = {}  # the array is kept, so that its id stays its own
        for node in nodes:
            if node.observer is not None and node.observer.name is not None:
                self._of[node] = safe(str(node.observer.name)) or "␣"
        self._complete(nodes)
        self._tell_apart()
        self._take(given)
        self.given = frozenset(self._of)
        self._named = frozenset(self._arrays)
        self._used = {*self._of.values(), *(name for _, name in self._arrays.values())}
        gradients = self._gradients(nodes)
        if root not in self._of and root not in gradients:
            self._of[root] = self._free(("L", "loss", "out") if root.shape == () else ("y", "out"))
        leaves = [node for node in nodes if node.op is None and node not in self._of]
        if len(leaves) == 1 and "x" not in self._used:
            self._of[leaves[0]] = "x"
        self._number("x", (node for node in leaves if node not in self._of))
        self._number("v", (node for node in nodes if node not in self._of and node not in gradients))
        for node, (result, variable) in gradients.items():
            of = result if isinstance(result, str) else self._of[result]
            name = derivative(of, self._of[variable], leaf=variable.op is None)
            while name in self._used:
                name += "′"
            self._of[node] = name
            self._used.add(name)
        self._constants = 0

    def _gradients(self, nodes: Sequence[Node]) -> dict[Node, tuple[Node | str, Node]]:
        """The nodes that are gradients of values in the graph: of which result, or its name if it isn't there."""
        numbers = {node.number: node for node in nodes}
        found: dict[Node, tuple[Node | str, Node]] = {}
        missing: dict[int, str] = {}
        for node in nodes:
            if node in self._of or node.observer is None or node.observer.of is None:
                continue
            result, variable = node.observer.of
            if variable in numbers:
                if result not in numbers and result not in missing:
                    missing[result] = self._free(("L", "loss", "out"))
                by = numbers[variable]
                if by.op is not None and by.op.name == "positive" and by.inputs[0] is not None:
                    by = by.inputs[0]  # the argument of a function that is differentiated
                found[node] = numbers.get(result, missing.get(result, "")), by
        return found

    def _complete(self, nodes: Sequence[Node]) -> None:
        """Put the path of a module before the parameters of those that came into it later."""
        for node in nodes:
            scope = ".".join(node.scope)
            for parent in node.inputs if scope else ():
                if parent is not None and parent.op is None and parent in self._of:
                    module, _, name = self._of[parent].rpartition(".")
                    if module and scope.endswith(f".{module}"):
                        self._of[parent] = safe(f"{scope}.{name}")

    def _tell_apart(self) -> None:
        """Number the nodes that have the same name, as the weights of two layers may."""
        together: dict[str, list[Node]] = {}
        for node, name in self._of.items():
            together.setdefault(name, []).append(node)
        self._used = set(together)
        for name, nodes in together.items():
            if len(nodes) > 1:
                self._number(name, nodes)

    def _take(self, given: Mapping[str, Tensor] | None) -> None:
        if given is None:
            return
        if not isinstance(given, Mapping):
            raise TypeError(
                f"names= takes a dict from names to Tensors, got {type(given).__name__}: "
                "for a module pass dict(module.named_parameters())"
            )
        for name, tensor in given.items():
            if not isinstance(name, str) or not isinstance(tensor, Tensor):
                raise TypeError(
                    f"names= takes a dict from names to Tensors, got {type(name).__name__} to {type(tensor).__name__}"
                )
            if tensor.node is not None:
                self._of[tensor.node] = safe(name) or "␣"
            else:
                self._arrays[id(tensor.array)] = tensor.array, safe(name) or "␣"

    def _free(self, wanted: Iterable[str]) -> str:
        for name in wanted:
            if name not in self._used:
                self._used.add(name)
                return name
        return self._numbered("y")

    def _numbered(self, letter: str, start: int = 1) -> str:
        i = start
        while (name := letter + str(i).translate(_SUBSCRIPTS)) in self._used:
            i += 1
        self._used.add(name)
        return name

    def _number(self, letter: str, nodes: Iterable[Node]) -> None:
        for i, node in enumerate(nodes, start=1):
            self._of[node] = self._numbered(letter, i)

    def __getitem__(self, node: Node) -> str:
        return self._of[node]

    def short(self, node: Node) -> str:
        """The node's name as it stands in formulas."""
        return shortened(self._of[node], LONG)

    def is_given(self, array: Any) -> bool:
        """Whether a user named a constant."""
        return id(array) in self._named

    def is_written_out(self, array: Any) -> bool:
        """Whether a formula says all of a constant."""
        return id(array) not in self._arrays and self._held(array) is not None

    @staticmethod
    def _held(array: Any) -> str | None:
        """The numbers of a constant that is small enough to stand in a formula."""
        if isinstance(array, Spec) or np.size(array) == 0:
            return None
        if np.ndim(array) == 0:
            return number(array)
        shown = inline(array) if np.size(array) <= COLUMNS else None
        return shown if shown is not None and len(shown) <= LONG else None

    def constant(self, array: Any) -> str:
        """The name of a constant: the one given; a small one's is what it holds; else the next c."""
        if id(array) not in self._arrays:
            if (held := self._held(array)) is not None:
                return held
            self._constants += 1
            self._arrays[id(array)] = array, self._numbered("c", self._constants)
        return self._arrays[id(array)][1]
