"""Symbols: run a rule on them and it writes down its own formula, as text and as LaTeX.

An :class:`Expr` answers NumPy's functions with a larger expression instead of numbers, so the rule
that computes a derivative is also the only place its formula is written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from numbers import Number
from typing import Any

# head: (text, LaTeX, binding strength)
_INFIX = {
    "add": (" + ", " + ", 1),
    "subtract": (" − ", " - ", 1),
    "multiply": ("·", r" \cdot ", 3),
    "matmul": (" @ ", r" \, ", 3),
    "outer": (" ⊗ ", r" \otimes ", 3),
    "divide": (" / ", "", 2),
    "remainder": (" mod ", r" \bmod ", 2),
    "power": ("^", "^", 5),
    "equal": (" = ", " = ", 0),
    "not_equal": (" ≠ ", r" \neq ", 0),
    "less": (" < ", " < ", 0),
    "less_equal": (" ≤ ", r" \le ", 0),
    "greater": (" > ", " > ", 0),
    "greater_equal": (" ≥ ", r" \ge ", 0),
    "bitwise_and": (" and ", r" \wedge ", -1),
    "bitwise_or": (" or ", r" \vee ", -2),
}
_ATOM = 9
_LOOSEST = -9
_SHAPE_ONLY = {"shape", "size", "ndim", "dtype", "zeros_like", "ones_like"}
_CONDITIONS = {name for name, row in _INFIX.items() if row[2] < 1}
_BRACKETS = {
    "absolute": ("|", "|", r"\left|", r"\right|"),
    "floor": ("⌊", "⌋", r"\left\lfloor ", r" \right\rfloor"),
}
_LATEX_NAMES = {
    "log": r"\ln",
    "sin": r"\sin",
    "cos": r"\cos",
    "tan": r"\tan",
    "tanh": r"\tanh",
    "sinh": r"\sinh",
    "cosh": r"\cosh",
    "maximum": r"\max",
    "minimum": r"\min",
}
_GREEK = {"sigma": r"\sigma", "lambda": r"\lambda", "mu": r"\mu"}
_SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


class Expr:
    """A formula: a head (the function's name) and its arguments, which are Exprs or plain values.

    Args:
        head: ``symbol``, or the name of a NumPy function or operation.
        args: what it is applied to.
        options: keyword arguments that the formula should show.
    """

    __slots__ = ("args", "head", "options")
    ndim = 2  # rules may ask; the formula shown is that of a matrix

    def __init__(self, head: str, *args: Any, **options: Any) -> None:
        self.head = head
        self.args = args
        self.options = options

    # Building

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Expr:
        name = ufunc.__name__ if method == "__call__" else f"{ufunc.__name__}.{method}"
        return _build(name, *inputs, **options)

    def __array__(self, *args: Any, **options: Any) -> Any:
        raise TypeError("a symbol has no values: use NumPy's functions on it, not np.asarray")

    def __array_function__(self, function: Any, types: Any, args: Any, options: Any) -> Expr:
        return _build(function.__name__, *args, **options)

    def __add__(self, other: Any) -> Expr:
        return _build("add", self, other)

    def __radd__(self, other: Any) -> Expr:
        return _build("add", other, self)

    def __sub__(self, other: Any) -> Expr:
        return _build("subtract", self, other)

    def __rsub__(self, other: Any) -> Expr:
        return _build("subtract", other, self)

    def __mul__(self, other: Any) -> Expr:
        return _build("multiply", self, other)

    def __rmul__(self, other: Any) -> Expr:
        return _build("multiply", other, self)

    def __truediv__(self, other: Any) -> Expr:
        return _build("divide", self, other)

    def __rtruediv__(self, other: Any) -> Expr:
        return _build("divide", other, self)

    def __matmul__(self, other: Any) -> Expr:
        return _build("matmul", self, other)

    def __rmatmul__(self, other: Any) -> Expr:
        return _build("matmul", other, self)

    def __pow__(self, other: Any) -> Expr:
        return _build("power", self, other)

    def __rpow__(self, other: Any) -> Expr:
        return _build("power", other, self)

    def __floordiv__(self, other: Any) -> Expr:
        return _build("floor_divide", self, other)

    def __rfloordiv__(self, other: Any) -> Expr:
        return _build("floor_divide", other, self)

    def __mod__(self, other: Any) -> Expr:
        return _build("remainder", self, other)

    def __rmod__(self, other: Any) -> Expr:
        return _build("remainder", other, self)

    def __abs__(self) -> Expr:
        return _build("absolute", self)

    def __neg__(self) -> Expr:
        return _build("negative", self)

    def __pos__(self) -> Expr:
        return self

    def __invert__(self) -> Expr:
        return _build("not", self)

    def __and__(self, other: Any) -> Expr:
        return _build("bitwise_and", self, other)

    def __or__(self, other: Any) -> Expr:
        return _build("bitwise_or", self, other)

    def __eq__(self, other: Any) -> Expr:  # type: ignore[override]
        return _build("equal", self, other)

    def __ne__(self, other: Any) -> Expr:  # type: ignore[override]
        return _build("not_equal", self, other)

    def __lt__(self, other: Any) -> Expr:
        return _build("less", self, other)

    def __le__(self, other: Any) -> Expr:
        return _build("less_equal", self, other)

    def __gt__(self, other: Any) -> Expr:
        return _build("greater", self, other)

    def __ge__(self, other: Any) -> Expr:
        return _build("greater_equal", self, other)

    __iter__ = None  # else __getitem__ would make it endless

    def __bool__(self) -> bool:
        raise TypeError(f"a rule must not branch on values, and {self} is one: use np.where")

    def __getitem__(self, index: Any) -> Expr:
        return _build("getitem", self, index)

    __hash__ = object.__hash__

    @property
    def shape(self) -> Expr:
        return Expr("shape", self)

    @property
    def size(self) -> Expr:
        return Expr("size", self)

    @property
    def dtype(self) -> Expr:
        return Expr("dtype", self)

    @property
    def T(self) -> Expr:  # noqa: N802 - NumPy's name
        return Expr("transpose", self)

    # Reading

    def values_used(self) -> set[str]:
        """The names of the symbols whose values, not only whose shape, the formula uses."""
        if self.head == "symbol":
            return {self.args[0]}
        if self.head in _SHAPE_ONLY:
            return set()
        return set().union(*(part.values_used() for part in self._parts()))

    def _parts(self) -> Iterator[Expr]:
        for arg in (*self.args, *self.options.values()):
            for item in arg if isinstance(arg, (tuple, list)) else (arg,):
                if isinstance(item, Expr):
                    yield item

    def text(self) -> str:
        """The formula as plain text."""
        return _factor(_text, self, _LOOSEST)[0]

    def latex(self) -> str:
        """The formula as LaTeX, without the dollar signs."""
        return _factor(_latex, self, _LOOSEST)[0]

    __str__ = text

    def __repr__(self) -> str:
        return f"Expr({self.text()})"

    def _repr_latex_(self) -> str:
        return f"${self.latex()}$"


def symbol(name: str) -> Expr:
    """A variable of a formula.

    Args:
        name: as it should be printed.

    Returns:
        An expression that NumPy's functions and Python's operators extend.

    Example:
        >>> import numpy as np
        >>> from autograd_core.symbolic import symbol
        >>> x = symbol("x")
        >>> print(np.cos(x) * 2 - x * x)
        cos(x)·2 − x²
    """
    return Expr("symbol", name)


def record(name: str, *args: Any, **options: Any) -> Expr:
    """The expression of an operation that is not one of NumPy's."""
    if "index" in options:
        args = (*args, options.pop("index"))
    return _build(name, *args, **options)


def _is(value: Any, number: float) -> bool:
    return isinstance(value, Number) and bool(value == number)  # type: ignore[comparison-overlap]


def _same(a: Any, b: Any) -> bool:
    if isinstance(a, Expr) and isinstance(b, Expr):
        return a.head == b.head and len(a.args) == len(b.args) and all(map(_same, a.args, b.args))
    return not isinstance(a, Expr) and not isinstance(b, Expr) and type(a) is type(b) and bool(a == b)


def _build(head: str, *args: Any, **options: Any) -> Expr:
    """A new expression, without the ones and zeros that a reader would strike out."""
    simpler: Any = None
    if len(args) == 2:
        a, b = args
        if head == "multiply":
            if _is(a, 1):
                simpler = b
            elif _is(b, 1):
                simpler = a
            elif _is(a, -1):
                simpler = _build("negative", b)
            elif _is(b, -1):
                simpler = _build("negative", a)
            elif _same(a, b):
                simpler = Expr("power", a, 2)
        elif head == "add" and _is(a, 0):
            simpler = b
        elif (head in ("add", "subtract") and _is(b, 0)) or (head in ("divide", "power") and _is(b, 1)):
            simpler = a
        elif head == "floor_divide":
            simpler = Expr("floor", Expr("divide", a, b))
    elif head == "negative" and isinstance(args[0], Expr) and args[0].head == "negative":
        simpler = args[0].args[0]
    elif head == "square":
        simpler = Expr("power", args[0], 2)
    elif head == "reciprocal":
        simpler = Expr("divide", 1, args[0])
    elif head == "swapaxes" and args[1:] == (-1, -2):
        simpler = Expr("transpose", args[0])
    elif head == "positive":
        simpler = args[0]
    return simpler if isinstance(simpler, Expr) else Expr(head, *args, **options)


Printed = tuple[str, int]
Printer = Callable[[Any], Printed]


def _is_condition(value: Any) -> bool:
    return isinstance(value, Expr) and (value.head in _CONDITIONS or value.head == "not")


def _factor(printer: Printer, value: Any, strength: int) -> Printed:
    """A part of a formula where a number is meant: a condition is 1 or 0 there, written in square brackets."""
    if _is_condition(value):
        return f"[{printer(value)[0]}]", _ATOM
    shown, own = printer(value)
    return (f"({shown})", _ATOM) if own < strength else (shown, own)


def _infix(head: str, printer: Printer, args: Any, sign: str, strength: int) -> Printed:
    if head in _CONDITIONS:
        (a, left), (b, right) = printer(args[0]), printer(args[1])
        return (f"({a})" if left < strength else a) + sign + (f"({b})" if right < strength else b), strength
    stricter = {"subtract": 2, "divide": 4, "remainder": 4, "matmul": 4}.get(head, strength)
    first = args[0]  # a negative number needs no brackets in front: −2·x
    a, _ = _factor(printer, first, _ATOM if head == "power" else strength if isinstance(first, Expr) else _LOOSEST)
    b, _ = _factor(printer, args[1], stricter)
    if b.startswith(("−", "-")):
        b = f"({b})"
    return f"{a}{sign}{b}", strength


def shown_as(value: Expr) -> Any:
    """What a reader wants to see of an expression that is written for the dtype's or for safety's sake."""
    head, args = value.head, value.args
    if head == "zeros_like":
        return 0
    if head == "ones_like":
        return 1
    if head == "full_like":
        return args[1]
    if head == "where":
        chosen, other = (shown_as(part) if isinstance(part, Expr) else part for part in args[1:])
        if _is(chosen, 1) and _is(other, 0):
            return Expr("iverson", args[0])
        if (
            isinstance(args[0], Expr)
            and args[0].head == "equal"
            and isinstance(args[1], Expr)
            and args[1].head in ("ones_like", "full_like")
            and (_is(chosen, 1) or _is(chosen, float("inf")))
        ):
            return other  # a guard against 0·∞
    return value


def _plain(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, slice):
        parts = [value.start, value.stop] + ([value.step] if value.step is not None else [])
        return ":".join("" if part is None else str(part) for part in parts)
    return "..." if value is Ellipsis else str(value)


def _index(printer: Printer, index: Any) -> str:
    return ", ".join(printer(item)[0] for item in (index if isinstance(index, tuple) else (index,)))


def _text(value: Any) -> Printed:
    if isinstance(value, Expr):
        value = shown_as(value)
    if isinstance(value, (tuple, list)):
        return "(" + ", ".join(_text(item)[0] for item in value) + ("," if len(value) == 1 else "") + ")", _ATOM
    if not isinstance(value, Expr):
        shown = _plain(value)
        return (shown.replace("-", "−"), 2) if shown.startswith("-") else (shown, _ATOM)
    head, args = value.head, value.args
    if head == "symbol":
        return str(args[0]), _ATOM
    if head in ("shape", "size", "dtype"):
        return f"{_text(args[0])[0]}.{head}", _ATOM
    if head == "iverson":
        return f"[{_text(args[0])[0]}]", _ATOM
    if head == "negative":
        return "−" + _factor(_text, args[0], 3)[0], 2
    if head == "not":
        inner, strength = _text(args[0])
        return f"not {inner}" if strength == _ATOM else f"not ({inner})", 0
    if head == "where":
        return f"{_factor(_text, args[1], 0)[0]} if {_text(args[0])[0]} else {_factor(_text, args[2], -3)[0]}", -3
    if head == "transpose" and len(args) == 1:
        return _factor(_text, args[0], _ATOM)[0] + "ᵀ", _ATOM
    if head == "power" and isinstance(args[1], int):
        return _factor(_text, args[0], _ATOM)[0] + str(args[1]).translate(_SUPERSCRIPTS), 5
    if head in _INFIX:
        return _infix(head, _text, args, _INFIX[head][0], _INFIX[head][2])
    if head == "getitem":
        return f"{_factor(_text, args[0], _ATOM)[0]}[{_index(_text, args[1])}]", _ATOM
    if head in _BRACKETS:
        left, right = _BRACKETS[head][:2]
        return f"{left}{_text(args[0])[0]}{right}", _ATOM
    shown_args = [_text(arg)[0] for arg in args]
    shown_args += [f"{key}={_text(option)[0]}" for key, option in value.options.items()]
    return f"{head}({', '.join(shown_args)})", _ATOM


def _latex(value: Any) -> Printed:
    if isinstance(value, Expr):
        value = shown_as(value)
    if isinstance(value, (tuple, list)):
        return r"\left(" + ", ".join(_latex(item)[0] for item in value) + r"\right)", _ATOM
    if not isinstance(value, Expr):
        shown = _plain(value)
        if not isinstance(value, Number) or isinstance(value, bool):
            return rf"\mathrm{{{shown.replace('_', ' ')}}}", _ATOM
        return (shown, 2) if shown.startswith("-") else (shown, _ATOM)
    head, args = value.head, value.args
    if head == "symbol":
        name = str(args[0])
        return _GREEK.get(name, name if len(name) == 1 else rf"\mathrm{{{name}}}"), _ATOM
    if head in ("shape", "size", "dtype"):
        return rf"{_latex(args[0])[0]}.\mathrm{{{head}}}", _ATOM
    if head == "iverson":
        return rf"[{_latex(args[0])[0]}]", _ATOM
    if head == "negative":
        return "-" + _factor(_latex, args[0], 3)[0], 2
    if head == "not":
        return rf"\neg({_latex(args[0])[0]})", _ATOM
    if head == "where":
        chosen, other = _factor(_latex, args[1], 0)[0], _factor(_latex, args[2], 0)[0]
        return rf"\begin{{cases}} {chosen} & {_latex(args[0])[0]} \\ {other} & \text{{else}} \end{{cases}}", _ATOM
    if head == "transpose" and len(args) == 1:
        return _factor(_latex, args[0], _ATOM)[0] + r"^{\top}", _ATOM
    if head == "divide":
        return rf"\frac{{{_factor(_latex, args[0], 0)[0]}}}{{{_factor(_latex, args[1], 0)[0]}}}", _ATOM
    if head == "power":
        return f"{_factor(_latex, args[0], _ATOM)[0]}^{{{_latex(args[1])[0]}}}", 5
    if head in _INFIX:
        return _infix(head, _latex, args, _INFIX[head][1], _INFIX[head][2])
    if head in ("exp", "sqrt"):
        return (r"e^{%s}" if head == "exp" else r"\sqrt{%s}") % _latex(args[0])[0], _ATOM
    if head in _BRACKETS:
        left, right = _BRACKETS[head][2:]
        return rf"{left}{_latex(args[0])[0]}{right}", _ATOM
    if head == "getitem":
        return rf"{_factor(_latex, args[0], _ATOM)[0]}_{{[{_index(_latex, args[1])}]}}", _ATOM
    name = _LATEX_NAMES.get(head, rf"\operatorname{{{head.replace('_', ' ')}}}")
    shown_args = [_latex(arg)[0] for arg in args]
    shown_args += [rf"\mathrm{{{key.replace('_', ' ')}}}={_latex(option)[0]}" for key, option in value.options.items()]
    return rf"{name}\left({', '.join(shown_args)}\right)", _ATOM
