"""The derivative of any op as a formula, read off its own rule; ``docs/derivatives.md`` lists them all."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from .rules import TABLE, Op, input_symbols
from .symbolic import Expr, record, symbol


def derivative(op: Any) -> list[Expr | None]:
    """The derivative of an op with respect to each of its inputs.

    Formula:
        Elementwise ops: ∂y/∂x. Others: the gradient ∂L/∂x, in terms of g = ∂L/∂y.

    Args:
        op: the op's name in the table, or its function.

    Returns:
        One expression per input, in terms of ``y`` (the output), ``g`` and the inputs, which are ``x``
        alone or ``a``, ``b``, …; None where there is no derivative.

    Raises:
        KeyError: there is no such op.
        ValueError: the op takes any number of inputs, or has no derivative at all.

    Example:
        >>> import autograd_core as ag
        >>> from autograd_core.derivatives import derivative
        >>> [str(d) for d in derivative(ag.tanh)]
        ['1 − y²']
        >>> [str(d) for d in derivative("matmul")]
        ['g @ bᵀ', 'aᵀ @ g']
    """
    op = find(op)
    if op.kind == "constant":
        raise ValueError(f"{op.name} has no derivative: its result never requires grad")
    if op.variadic:
        raise ValueError(f"{op.name} takes any number of inputs: each gets its piece of the gradient")
    g, y = symbol("g"), symbol("y")
    if op.elementwise:
        xs = input_symbols(len(op.partials))
        return [_shown(op, partial, y, *xs) for partial in op.partials]
    rules = list(op.vjps)
    return [_shown(op, rule, g, y, *input_symbols(len(rules))) for rule in rules]


def formula(op: Any) -> Expr:
    """What an op computes, as a formula of its inputs.

    Args:
        op: the op's name in the table, or its function.

    Returns:
        For an elementwise op its forward run on symbols; the op's name applied to its inputs for any other, and
        where the forward needs numbers.

    Raises:
        KeyError: there is no such op.

    Example:
        >>> from autograd_core.derivatives import formula
        >>> print(formula("relu"))
        maximum(x, 0)
    """
    op = find(op)
    if op.elementwise:
        with suppress(TypeError, ValueError, AttributeError):  # a forward that looks at numbers
            return _expression(op.forward(*input_symbols(len(op.partials)), **op.options))
    inputs = [symbol("x₁"), symbol("x₂"), symbol("…")] if op.variadic else input_symbols(len(list(op.vjps)) or 1)
    return record(op.name, *inputs, **op.options)


def find(op: Any) -> Op:
    """An op by its name or by its function."""
    found = TABLE[op] if isinstance(op, str) else getattr(op, "op", op)
    if not isinstance(found, Op):
        raise KeyError(f"no op is named {getattr(op, '__name__', op)!r}: autograd_core.rules.TABLE lists them")
    return found


def _shown(op: Op, rule: Any, *symbols: Expr) -> Expr | None:
    """A rule run on symbols, its name where it needs numbers; None for one that is not there, or only says so."""
    if rule is None:
        return None
    try:
        return _expression(rule(*symbols, **op.options) if callable(rule) else rule)
    except NotImplementedError:
        return None
    except (TypeError, ValueError, AttributeError):
        return symbol(f"{op.name}'s rule")


def _expression(value: Any) -> Expr:
    """A rule's result as an expression; a rule may give a plain number."""
    if isinstance(value, Expr):
        return value
    return Expr("negative", _expression(-value)) if value < 0 else symbol(f"{value:g}")
