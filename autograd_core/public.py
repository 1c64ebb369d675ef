"""How a function of the op table reaches its users: as a Tensor method, an operator, a NumPy function."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any, ParamSpec, Protocol, TypeVar, overload

from . import symbolic
from .rules import Function, Op, input_symbols
from .tensor import Tensor

F = TypeVar("F", bound=Callable[..., Any])
P = ParamSpec("P")
R = TypeVar("R", covariant=True)

NUMPY: dict[Any, Callable[..., Any]] = {}
"""For each NumPy function or ufunc that takes Tensors: ours, with NumPy's arguments."""

_SIGNS = {
    "add": "+",
    "sub": "-",
    "mul": "*",
    "truediv": "/",
    "floordiv": "//",
    "mod": "%",
    "pow": "**",
    "matmul": "@",
    "and": "&",
    "or": "|",
    "xor": "^",
    "lshift": "<<",
    "rshift": ">>",
}

METHODS: dict[str, Callable[..., Any]] = {}
"""Every method that Tensor got from here, by name."""


class Named(Protocol[P, R]):
    """The type of a function that takes ``dim`` and ``keepdim`` as well as ``axis`` and ``keepdims``."""

    __name__: str

    @overload
    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R: ...
    @overload
    def __call__(self, *args: Any, **kwargs: Any) -> R: ...


def named(function: Callable[P, R]) -> Named[P, R]:
    """Let a function with ``axis``/``keepdims`` take PyTorch's ``dim``/``keepdim`` as well, or the other way round."""
    pairs = (("dim", "axis"), ("keepdim", "keepdims"))
    if "dim" in inspect.signature(function).parameters:
        pairs = (("axis", "dim"), ("keepdims", "keepdim"))

    @functools.wraps(function)
    def either(*args: Any, **kwargs: Any) -> Any:
        if not kwargs:
            return function(*args)  # type: ignore[call-arg]
        for theirs, ours in pairs:
            if theirs in kwargs:
                if ours in kwargs:
                    raise TypeError(f"{function.__name__} got both {theirs} and {ours}, which mean the same: give one")
                kwargs[ours] = kwargs.pop(theirs)
        return function(*args, **kwargs)

    return either


def public(*methods: str, numpy: Any = None, operator: str | None = None) -> Callable[[F], F]:
    """Make a function known to Tensor and NumPy.

    Args:
        methods: the names of the Tensor methods it becomes.
        numpy: the NumPy function or functions that it answers, with the same arguments.
        operator: the operator it becomes, such as ``add`` for ``__add__`` and ``__radd__``.

    Returns:
        A decorator that returns the function itself.
    """

    def enter(function: F) -> F:
        for name in methods:
            METHODS[name] = function
            setattr(Tensor, name, function)
        for theirs in numpy if isinstance(numpy, tuple) else (numpy,) if numpy is not None else ():
            NUMPY[theirs] = function
        if operator is not None:
            setattr(Tensor, f"__{operator}__", function)
            setattr(Tensor, f"__r{operator}__", _reflected(function))
            setattr(Tensor, f"__i{operator}__", in_place(function, f"{_SIGNS[operator]}="))
        return function

    return enter


def _reflected(function: Callable[..., Any]) -> Callable[..., Any]:
    def reflected(self: Tensor, other: Any) -> Tensor:
        return function(other, self)  # type: ignore[no-any-return]

    return reflected


def in_place(function: Callable[..., Any], what: str, reshaping: bool = False) -> Callable[..., Any]:
    """The in-place form of a function: the Tensor object becomes the result."""

    def changed(self: Tensor, *args: Any, **kwargs: Any) -> Tensor:
        return self.rebind(function(self, *args, **kwargs), what, reshaping)

    changed.__doc__ = f"In place: {what}. The Tensor object becomes the result; a recorded graph keeps the old values."
    return changed


def document(function: Function, summary: str, example: str) -> Function:
    """Write the docstring of an elementwise function; its formulas are read off its own rule.

    Args:
        function: the public function.
        summary: what it does, in one line.
        example: an expression and, after ``->``, what it prints.
    """
    op = function.op
    names = [x.args[0] for x in input_symbols(len(op.partials))]
    expression, _, shown = example.partition(" -> ")
    lines = [summary, "", "Formula:"]
    lines += [f"    ∂y/∂{name} = {formula}" for name, formula in zip(names, partial_formulas(op), strict=True)]
    if op.kink:
        lines += [f"    At a kink: {op.kink}."]
    lines += ["", "Args:"]
    keywords = ("input", "other") if len(names) <= 2 else names
    lines += [
        f"    {keyword}: {name} above, a Tensor, array or number of any shape; shapes broadcast."
        for keyword, name in zip(keywords, names, strict=False)
    ]
    lines += ["", "Returns:", "    A Tensor of the broadcast shape and the common dtype."]
    lines += [
        "",
        "Raises:",
        "    TypeError: an argument is not numeric.",
        "    ValueError: the shapes do not broadcast.",
    ]
    lines += ["", "Example:", "    >>> import autograd_core as ag", f"    >>> {expression}", f"    {shown}"]
    function.__doc__ = "\n".join(lines)
    return function


def enter(
    function: Function, summary: str, example: str, *names: str, numpy: Any = None, twins: tuple[str, ...] | None = None
) -> None:
    """Document an elementwise function and make it known: to Tensor, to NumPy, and in place under ``name_``.

    Args:
        function: the public function.
        summary: what it does, in one line.
        example: an expression and, after ``->``, what it prints.
        names: the names of the Tensor methods it becomes.
        numpy: the NumPy function or functions that it answers.
        twins: the names, without the underscore, that have an in-place form; by default those of ``names`` that are
            no operators.
    """
    document(function, summary, example)
    public(*names, numpy=numpy)(function)
    for name in names if twins is None else twins:
        if not name.startswith("__"):
            setattr(Tensor, f"{name}_", in_place(function, f"{name}_"))


def partial_formulas(op: Op) -> list[str]:
    """The partial derivatives of an elementwise op as text."""
    y, xs = symbolic.symbol("y"), input_symbols(len(op.partials))
    shown = []
    for partial in op.partials:
        result = partial(y, *xs, **op.options) if callable(partial) else partial
        shown.append(result.text() if isinstance(result, symbolic.Expr) else f"{result:g}".replace("-", "−"))
    return shown
