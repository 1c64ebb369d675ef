"""A rule's expression as one writes it by hand: what only a program needs left out, products in order."""

from __future__ import annotations

from collections.abc import Callable
from math import inf, log, pi
from numbers import Number
from typing import Any

import numpy as np

from autograd_core.symbolic import Expr, record, shown_as, symbol

from .figures import COLUMNS, index_text, number

MOVES = {
    "broadcast_to": "g, repeated",
    "reshape": "g, reshaped",
    "expand_dims": "g, reshaped",
    "squeeze": "g, reshaped",
    "sum_to": "g, summed over the repeats",
    "astype": "g, converted",
    "unselect": "g, put back in its place",
    "take_add": "g, put back in its place",
    "pick_add": "g, put back in its place",
    "transpose": "g, its axes put back",
    "swapaxes": "g, its axes put back",
    "spread_windows": "g, summed over the windows it is in",
}
"""What changes no number, or only adds some up, and what is said of it where nothing else happens."""

NEUTRAL = {"stride": 1, "dilation": 1, "groups": 1, "padding": 0, "output_padding": 0, "k": 0}

_UNSEEN = {"shape", "dtype", "keepdims", "axis", "length", "results"}
_SETTINGS = {
    *("size", "stride", "padding", "output_padding", "dilation", "groups", "places", "shares", "eps", "taps"),
    *("axis1", "axis2"),
}
"""What the box of the operation says already."""

_CONSTANTS = {pi: "π", log(2): "ln 2", log(10): "ln 10"}


def is_seen(key: str, value: Any) -> bool:
    """Whether an argument tells a reader something: not where it is what everyone takes it for."""
    if key in NEUTRAL and not isinstance(value, Expr):
        return bool(np.any(np.ravel(value) != NEUTRAL[key]))
    return key not in _UNSEEN and value is not False


def tidy(value: Any) -> Any:
    """The expression without what only a program needs."""
    if isinstance(value, float):
        return symbol(_CONSTANTS[value]) if value in _CONSTANTS else _rounded(value)
    if isinstance(value, np.ndarray) and value.ndim:
        return 1 if value.dtype.kind == "b" and value.all() else _array(value)
    if not isinstance(value, Expr) or value.head in ("symbol", "shape", "dtype", "size"):
        return value
    head, args = value.head, value.args
    if head in ("zeros_like", "ones_like"):
        return int(head == "ones_like")
    if head == "transpose" and (len(args) == 1 or _swaps_last(args[1])):
        inner = tidy(args[0])
        return inner if is_number(inner) else Expr("transpose", inner)
    if head in MOVES:
        return tidy(args[0])
    if head == "where" and (guarded := _guarded(value)) is not None:
        return tidy(guarded)
    if head in _READINGS:
        return _READINGS[head](value)
    parts = [tidy(arg) for arg in args]
    if head == "sum":
        return parts[0] if isinstance(parts[0], Expr) and parts[0].head == "Σ" else record("Σ", parts[0])
    if head == "power_n":
        return join("power", [*parts, value.options["n"]], {})
    if head == "matmul" and is_number(parts[0]) and parts[0] == 1:
        return record("Σ", parts[1])
    options = {key: item for key, item in value.options.items() if is_seen(key, item) and key not in _SETTINGS}
    return join(head, parts, options)


def join(head: str, args: list[Any], options: dict[str, Any]) -> Any:
    """The expression of a head, with products and powers collected and numbers put where one writes them."""
    if head in ("multiply", "divide", "negative"):
        return _product(Expr(head, *args))
    if head == "power" and isinstance(args[1], float) and args[1].is_integer():
        args = [args[0], int(args[1])]
    if head == "power" and isinstance(args[1], int):
        base, exponent = _power_of(args[0])
        if args[1] == 0:
            return 1
        return base if exponent * args[1] == 1 else Expr("power", base, exponent * args[1])
    if head == "add" and _is_negation(args[0], args[1]):
        return Expr("where", args[1], 1, _product_of(args[0])[0][0])
    return record(head, *args, **options)


def is_number(value: Any) -> bool:
    """Whether a part of a formula is a number."""
    return isinstance(value, Number)


# Readings of operations that have no formula of their own


def _called(name: str) -> Callable[[Expr], Any]:
    return lambda value: Expr(name, *map(tidy, value.args))


def _dotted(value: Expr) -> Any:
    return record("Σ", join("multiply", [tidy(arg) for arg in value.args[:2]], {}))


def _contracted(value: Expr) -> Any:
    spec = str(value.options["spec"])
    if spec.startswith(",") or ",->" in spec:  # one of them is a single number
        return join("multiply", [tidy(arg) for arg in value.args[:2]], {})
    return Expr("einsum", symbol(spec.replace("->", "→")), *map(tidy, value.args[:2]))


def _winners(value: Expr) -> Any:
    """What flows to the largest element of each window."""
    where = value.args[1]
    found = isinstance(where, Expr) and where.head == "max_winners"
    chosen = Expr("equal", tidy(where.args[0]), symbol("max□")) if found else symbol("[max□]")
    return join("multiply", [tidy(value.args[0]), chosen], {})


def _of_winners(value: Expr) -> Any:
    return Expr("getitem", tidy(value.args[0]), symbol("max□"))


def _indexed(value: Expr) -> Any:
    index = value.options["index"] if "index" in value.options else value.args[1]
    return Expr("getitem", tidy(value.args[0]), _index(index))


def _erased(value: Expr) -> Any:
    index = value.options["index"] if "index" in value.options else value.args[1]
    return join("multiply", [tidy(value.args[0]), symbol(f"[i ∉ ({index_text(index)})]")], {})


def _share(value: Expr) -> Any:
    shares = value.options["shares"]
    return tidy(shares) if is_number(shares) or np.ndim(shares) == 0 else symbol("wₜ")


def _of_targets(value: Expr) -> Any:
    """The rule of a sum over the targets t, where j is a class."""
    part = join("multiply", [tidy(value.args[0]), _share(value)], {})
    return join("negative", [join("multiply", [part, symbol("[j = t]")], {})], {})


def _at_targets(value: Expr) -> Any:
    chosen = join("multiply", [Expr("getitem", tidy(value.args[0]), symbol("t")), _share(value)], {})
    return join("negative", [chosen if value.options.get("each") else record("Σ", chosen)], {})


_READINGS: dict[str, Callable[[Expr], Any]] = {
    "convolve": _called("conv"),
    "convolve_input": _called("conv_transpose"),
    "convolve_weight": _called("conv"),
    "add_windows": _called("fold"),
    "cut_windows": _called("unfold"),
    "sum_windows": _called("Σ□"),
    "to_winners": _winners,
    "from_winners": _of_winners,
    "inner_along": _dotted,
    "contract": _contracted,
    "erase": _erased,
    "getitem": _indexed,
    "take": _indexed,
    "pick": _indexed,
    "nll_transpose": _of_targets,
    "nll": _at_targets,
}


def _index(index: Any) -> Any:
    """An index without long arrays."""
    if isinstance(index, tuple):
        return tuple(map(_index, index))
    return _array(index) if isinstance(index, np.ndarray) and index.ndim else index


def _array(value: Any) -> Any:
    """What stands in a formula for an array: a short one is written out."""
    if value.dtype.kind == "b":
        return symbol("m")
    short = value.ndim == 1 and value.size <= COLUMNS
    return symbol(f"[{', '.join(map(number, value))}]" if short else "…")


def _rounded(value: float) -> float:
    """A number with four digits, but for one that is a whole number's reciprocal."""
    parts = 1 / value if value and abs(value) < 1 else 0.5
    return value if abs(parts - round(parts)) < 1e-9 * abs(parts) else float(f"{value:.4g}")


def _guarded(choice: Expr) -> Any:
    """What a choice comes to that only guards against a division by zero, 0·∞ or inf − inf; None for any other."""
    condition, chosen, other = choice.args
    if shown_as(choice) is other:
        return other
    if isinstance(condition, (bool, np.bool_)):
        return chosen if condition else other
    if isinstance(condition, Expr):
        if condition.head == "isfinite":
            return chosen
        if condition.head == "equal":
            value = condition.args[1]
            if is_number(value) and (abs(value) == inf or (value == 0 and is_number(chosen) and chosen == 1)):
                return other
    return None


def _swaps_last(axes: Any) -> bool:
    count = len(axes)
    return count >= 2 and tuple(axes) == (*range(count - 2), count - 1, count - 2)


def _is_negation(one: Any, other: Any) -> bool:
    """Whether terms are c·[not p] and [p], of which one is zero."""
    if not isinstance(one, Expr) or one.head != "multiply" or not isinstance(one.args[1], Expr):
        return False
    inner = one.args[1]
    return inner.head == "not" and isinstance(other, Expr) and inner.args[0].text() == other.text()


# Products


def _power_of(value: Any) -> tuple[Any, int]:
    if isinstance(value, Expr) and value.head == "power" and isinstance(value.args[1], int):
        return value.args[0], value.args[1]
    return value, 1


def _product_of(value: Any) -> tuple[list[Any], list[Any]]:
    """The factors of a product or quotient, above and below the line."""
    if isinstance(value, Expr):
        if value.head == "negative":
            above, below = _product_of(value.args[0])
            return [-1, *above], below
        if value.head in ("multiply", "divide") and len(value.args) == 2:
            above, below = _product_of(value.args[0])
            more, less = _product_of(value.args[1])
            if value.head == "divide":
                more, less = less, more
            return [*above, *more], [*below, *less]
    return [value], []


def _product(value: Expr) -> Any:
    """A product with its number first, equal factors as powers, and at most one line."""
    above, below = _product_of(value)
    top, bottom = _coefficient(above), _coefficient(below)
    factors, divisors = _collected(above), _collected(below)
    if bottom == 0:
        return Expr("divide", _line(top, factors), _line(bottom, divisors))
    if top == 0:
        return 0
    if not factors and not divisors:
        return top / bottom
    sign = -1 if top * bottom < 0 else 1
    top, bottom = abs(top), abs(bottom)
    parts = round(bottom / top)
    if parts > 0 and abs(bottom / top - parts) < 1e-9 * parts:
        top, bottom = 1, parts
    elif abs(top / bottom - round(top / bottom)) < 1e-9:
        top, bottom = round(top / bottom), 1
    result = _line(top, factors)
    if sign < 0:
        result = Expr("negative", result) if isinstance(result, Expr) else -result
    under = _line(bottom, divisors)
    return result if is_number(under) and under == 1 else Expr("divide", result, under)


def _coefficient(factors: list[Any]) -> Any:
    found = 1
    for factor in factors:
        if is_number(factor):
            found = found * factor
    return found


def _collected(factors: list[Any]) -> list[Any]:
    """The factors that are no numbers, powers of the same base as one, in the order of their first."""
    found: dict[str, tuple[Any, int]] = {}
    for factor in factors:
        if is_number(factor):
            continue
        base, exponent = _power_of(factor)
        key = base.text() if isinstance(base, Expr) else str(base)
        if key in found and (exponent > 0) == (found[key][1] > 0):
            found[key] = base, found[key][1] + exponent
        else:
            found[key if key not in found else f"{key} {len(found)}"] = base, exponent
    return [base if exponent == 1 else Expr("power", base, exponent) for base, exponent in found.values()]


def _line(number: Any, factors: list[Any]) -> Any:
    found = None if number == 1 and factors else number
    for factor in factors:
        found = factor if found is None else Expr("multiply", found, factor)
    return found
