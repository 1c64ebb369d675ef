"""The derivative rules as a picture prints them: run on symbols that carry the names in the picture.

The rules themselves come from the op table; here the result is only made readable, by leaving out
what moves axes about without changing a number (a reader knows that gradients have the shape of
what they belong to).
"""

from __future__ import annotations

from collections.abc import Sequence
from math import inf
from numbers import Number
from typing import Any

import numpy as np

from autograd_core.node import Spec
from autograd_core.rules import Op
from autograd_core.symbolic import Expr, record

from .figures import number
from .words import Words

_MOVES = {
    "broadcast_to": "g, repeated",
    "reshape": "g, reshaped",
    "expand_dims": "g, reshaped",
    "squeeze": "g, reshaped",
    "sum_to": "g, summed over the repeats",
    "astype": "g, converted",
    "unselect": "g, put back in its place",
}
_UNSEEN = {"shape", "dtype", "keepdims", "axis", "length", "results"}
NEUTRAL = {"stride": 1, "dilation": 1, "groups": 1, "padding": 0, "output_padding": 0}


def is_seen(key: str, value: Any) -> bool:
    """Whether an argument tells a reader something: not where it is what everyone takes it for."""
    if key in NEUTRAL and not isinstance(value, Expr):
        return bool(np.any(np.ravel(value) != NEUTRAL[key]))
    return key not in _UNSEEN and value is not False


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
    return _tidy(rule(*saved, **params) if callable(rule) else rule)


def pullback_of(op: Op, position: int, saved: Sequence[Any], params: dict[str, Any], g: Any) -> Any:
    """The gradient of one input as an expression or a number, given an expression of the output's, or 1."""
    arriving, result = _carried(op, position, saved, params)
    return _put(_readable(op, result), arriving, g)


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
    tidied = _readable(op, result)
    if not isinstance(g, Expr):
        if isinstance(result, Expr) and result.head == "unselect":
            return words("1 at its place, else 0")
        return _text(_put(tidied, arriving, g))
    moved = _MOVES.get(result.head) if isinstance(result, Expr) and tidied is arriving else None
    return words(moved) if moved else _text(tidied)


def _carried(op: Op, position: int, saved: Sequence[Any], params: dict[str, Any]) -> tuple[Operand, Any]:
    """The symbol of the output's gradient, and what the rule makes of it."""
    rule = op.vjps[position]
    assert rule is not None
    arriving = Operand("g", saved[0].spec)
    return arriving, rule(arriving, *saved, **params)


def _readable(op: Op, result: Any) -> Any:
    """A rule's result tidied up."""
    if isinstance(result, Expr) and op.name == "matmul" and _is_outer(result):
        return Expr("outer", *map(_tidy, result.args))
    return _tidy(result)


def _text(value: Any) -> str:
    return value.text() if isinstance(value, Expr) else number(value) if _is_number(value) else str(value)


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
    if not isinstance(value, Expr) or value.head == "symbol":
        return value
    return _join(value.head, [_put(arg, name, by) for arg in value.args], value.options)


def _tidy(value: Any) -> Any:
    """The expression without what only a program needs."""
    if not isinstance(value, Expr) or value.head in ("symbol", "shape", "dtype", "size"):
        return value
    head, args = value.head, value.args
    if head in _MOVES:
        return _tidy(args[0])
    if head in ("zeros_like", "ones_like"):
        return int(head == "ones_like")
    if head == "transpose" and len(args) > 1 and _swaps_last(args[1]):
        return Expr("transpose", _tidy(args[0]))
    if head == "where" and isinstance(args[0], Expr):
        if args[0].head == "isfinite":
            return _tidy(args[1])  # a guard against inf − inf
        if args[0].head == "equal" and _is_infinite(args[0].args[1]):
            return _tidy(args[2])
    parts = [_tidy(arg) for arg in args]
    if head == "sum":
        return record("Σ", parts[0])
    if head == "power_n":
        exponent = value.options["n"]
        whole = isinstance(exponent, float) and exponent.is_integer()
        return _join("power", [*parts, int(exponent) if whole else exponent], {})
    return _join(head, parts, {key: item for key, item in value.options.items() if is_seen(key, item)})


def _swaps_last(axes: Any) -> bool:
    count = len(axes)
    return count >= 2 and tuple(axes) == (*range(count - 2), count - 1, count - 2)


def _is_infinite(value: Any) -> bool:
    return _is_number(value) and abs(value) == inf


def _power_of(value: Any) -> tuple[Any, int]:
    if isinstance(value, Expr) and value.head == "power" and isinstance(value.args[1], int):
        return value.args[0], value.args[1]
    return value, 1


def _join(head: str, args: list[Any], options: dict[str, Any]) -> Any:
    """The expression of a head, with powers collected and numbers put where one writes them."""
    if head == "multiply":
        return _product(*args)
    if head == "power" and isinstance(args[1], int):
        base, exponent = _power_of(args[0])
        if args[1] == 0:
            return 1
        return base if exponent * args[1] == 1 else Expr("power", base, exponent * args[1])
    return record(head, *args, **options)


def _product(a: Any, b: Any) -> Any:
    if _is_number(b):
        a, b = b, a
    if _is_number(a):
        if _is_number(b) or a == 0:
            return a * b if _is_number(b) else 0
        parts = round(1 / a) if isinstance(a, float) else 0
        return record("divide", b, parts) if parts > 1 and abs(a * parts - 1) < 1e-12 else record("multiply", a, b)
    if isinstance(b, Expr) and b.head == "divide" and _is_number(b.args[0]) and b.args[0] == 1:
        return record("divide", a, b.args[1])
    (base, m), (other, n) = _power_of(a), _power_of(b)
    if isinstance(base, Expr) and isinstance(other, Expr) and base.text() == other.text() and m + n > 2:
        return Expr("power", base, m + n)
    return record("multiply", a, b)


def _is_number(value: Any) -> bool:
    return isinstance(value, Number)
