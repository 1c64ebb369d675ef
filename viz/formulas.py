"""The derivative rules as a picture prints them: run on symbols that carry the names in the picture.

The rules themselves come from the op table; here the result is only made readable, by leaving out
what moves axes about without changing a number (a reader knows that gradients have the shape of
what they belong to).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd_core.node import Spec
from autograd_core.rules import Op
from autograd_core.symbolic import Expr, record

from .figures import number
from .tidying import MOVES, is_number, join, tidy
from .words import Words


class Operand(Expr):
    """A symbol with the shape of the array that it stands for, since rules may ask."""

    __slots__ = ("spec",)

    def __init__(self, name: str, spec: Spec) -> None:
        super().__init__("symbol", name)
        self.spec = spec

    @property
    def ndim(self) -> int:  # type: ignore[override]
        return self.spec.ndim

    @property
    def shape(self) -> Any:
        return self.spec.shape

    @property
    def size(self) -> Any:
        return self.spec.size

    @property
    def dtype(self) -> Any:
        return self.spec.dtype


def partial(op: Op, position: int, saved: Sequence[Any], params: dict[str, Any]) -> str:
    """∂output/∂input of an elementwise op.

    Args:
        op: the operation.
        position: which input.
        saved: the symbols of ``(output, *inputs)``; a number stands for itself.
        params: the operation's other arguments.

    Returns:
        The formula as text.
    """
    return _text(partial_of(op, position, saved, params))


def partial_of(op: Op, position: int, saved: Sequence[Any], params: dict[str, Any]) -> Any:
    """∂output/∂input of an elementwise op as an expression or a number, see :func:`partial`."""
    rule = op.partials[position]
    return tidy(rule(*saved, **params) if callable(rule) else rule)


def pullback_of(op: Op, position: int, saved: Sequence[Any], params: dict[str, Any], g: Any) -> Any:
    """The gradient of one input as an expression or a number, given an expression of the output's, or 1."""
    arriving, result = _carried(op, position, saved, params)
    return _put(_readable(op, result, saved), arriving, g)


def pullback(op: Op, position: int, saved: Sequence[Any], params: dict[str, Any], g: Expr | int, words: Words) -> str:
    """The gradient of one input, given the output's gradient ``g``.

    Args:
        op: the operation.
        position: which input.
        saved: the symbols of ``(output, *inputs)``, for a variadic op ``(output, (inputs…))``.
        params: the operation's other arguments.
        g: the symbol of the output's gradient, or 1 for the plain derivative.
        words: the language's words.

    Returns:
        The formula as text.
    """
    arriving, result = _carried(op, position, saved, params)
    tidied = _readable(op, result, saved)
    if not isinstance(g, Expr):
        if isinstance(result, Expr) and result.head == "unselect":
            return words("1 at its place, else 0")
        return _text(_put(tidied, arriving, g))
    moved = MOVES.get(result.head) if isinstance(result, Expr) and tidied is arriving else None
    return words(moved) if moved else _text(tidied)


def _carried(op: Op, position: int, saved: Sequence[Any], params: dict[str, Any]) -> tuple[Operand, Any]:
    """The symbol of the output's gradient, and what the rule makes of it."""
    rule = op.vjps[position]
    assert rule is not None
    arriving = Operand("g", saved[0].spec)
    return arriving, rule(arriving, *saved, **params)


def _readable(op: Op, result: Any, saved: Sequence[Any]) -> Any:
    """A rule's result tidied up."""
    if isinstance(result, Expr):
        if op.name == "matmul" and _is_outer(result):
            return Expr("outer", *map(tidy, result.args))
        if op.name == "standardize":
            g, x = result.args[:2]
            return _of_standardize(g, x, saved[0], result.options["eps"])
    return tidy(result)


def _of_standardize(g: Any, x: Any, y: Any, eps: float) -> Any:
    """The rule of x minus its mean, over its standard deviation, where the result is y."""
    centred = g - record("mean", g) - y * record("mean", g * y)
    return centred / np.sqrt(record("var", x) + eps)


def _text(value: Any) -> str:
    return value.text() if isinstance(value, Expr) else number(value) if is_number(value) else str(value)


def _is_outer(value: Expr) -> bool:
    """Whether a product pairs every element of one vector with every element of another."""
    return value.head == "multiply" and any(
        isinstance(factor, Expr)
        and factor.head == "expand_dims"
        and isinstance(factor.args[0], Operand)
        and factor.args[0].ndim > 0
        for factor in value.args
    )


def _put(value: Any, name: Expr, by: Any) -> Any:
    """The expression with a number in place of a symbol."""
    if value is name:
        return by
    if isinstance(value, (tuple, list)):
        return type(value)(_put(item, name, by) for item in value)
    if not isinstance(value, Expr) or value.head == "symbol":
        return value
    return join(value.head, [_put(arg, name, by) for arg in value.args], value.options)
