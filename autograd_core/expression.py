"""Typed expressions, such as ``tanh(x*w + b)``: read by Python's own parser, checked, computed on Tensors.

Nothing is evaluated as Python: every part must be on the lists below.
"""

from __future__ import annotations

import ast
import json
import math
import operator
from collections.abc import Callable, Mapping
from functools import partial, reduce
from typing import Any

import numpy as np

import autograd_core as ag

from .tensor import Tensor

NAMES = """
    sqrt exp log log2 log10 exp2 expm1 log1p sin cos tan sinh cosh tanh asin acos atan asinh acosh atanh
    sigmoid relu square reciprocal rsqrt sinc erf erfc lgamma digamma floor ceil round trunc sign
    clip maximum minimum power matmul sum mean prod var std logsumexp softmax log_softmax transpose
"""


def _extreme(of_axis: Callable[..., Any], of_two: Callable[..., Any]) -> Callable[..., Any]:
    """Of one argument its extreme, of several theirs, as Python's own: ``max(x, 0)`` is relu, not an axis."""
    return lambda x, *others, **options: (
        reduce(partial(of_two, **options), others, x) if others else of_axis(x, **options)
    )


FUNCTIONS: dict[str, Callable[..., Any]] = {name: getattr(ag, name) for name in NAMES.split()}
FUNCTIONS |= {"abs": ag.absolute, "max": _extreme(ag.amax, ag.maximum), "min": _extreme(ag.amin, ag.minimum)}
CONSTANTS = {"pi": math.pi, "e": math.e}
OPERATORS: dict[type[ast.AST], Callable[..., Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
    ast.MatMult: operator.matmul,
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
}
OPTIONS = ("axis", "keepdims", "dim", "keepdim")
DEEPEST = 200
LONGEST = 10_000


class ExpressionError(ValueError):
    """A typed expression can't be computed; the message is one line that says why."""


class Expression:
    """A checked expression.

    Args:
        text: numbers, names, ``+ - * / // % ** @``, brackets, and calls of the functions in
            :data:`FUNCTIONS`.

    Attributes:
        text: the text.
        names: the variables in it, in order of appearance.

    Raises:
        ExpressionError: the text is none, or has something else in it.

    Example:
        >>> from autograd_core.expression import Expression
        >>> expression = Expression("tanh(x*w + b)")
        >>> expression.names
        ['x', 'w', 'b']
        >>> value, leaves = expression.compute({"x": 2.0, "w": -3.0, "b": 6.0})
        >>> value.backward()
        >>> leaves["b"].grad
        tensor(1., dtype=float64)
    """

    def __init__(self, text: str) -> None:
        text = self.text = text.strip()
        if len(text) > LONGEST:
            raise ExpressionError(f"the expression has {len(text)} characters, {LONGEST} are allowed")
        try:
            self._tree = ast.parse(text, mode="eval").body
        except SyntaxError as error:
            where = f"at column {error.offset} of" if error.offset else "in"
            raise ExpressionError(f"{error.msg} {where} {_short(text)!r}") from None
        except (ValueError, RecursionError, MemoryError) as error:
            raise ExpressionError(f"the expression can't be read: {str(error) or 'too deeply nested'}") from None
        found: dict[str, None] = {}
        self._check(self._tree, found, 0)
        self.names = list(found)

    def _refuse(self, node: ast.expr, what: str) -> ExpressionError:
        return ExpressionError(f"{what} at column {node.col_offset + 1} of {_short(self.text)!r}")

    def _check(self, node: ast.expr, found: dict[str, None], depth: int) -> None:
        if depth > DEEPEST:
            raise ExpressionError(f"the expression is nested more than {DEEPEST} deep")
        parts: list[ast.expr] = []
        if isinstance(node, ast.Constant):
            if type(node.value) not in (int, float):
                raise self._refuse(node, f"{node.value!r:.40} is not a real number")
            try:
                float(node.value)  # type: ignore[arg-type]  # an int or a float, as just checked
            except OverflowError:
                raise self._refuse(node, "a number is too large") from None
        elif isinstance(node, ast.Name):
            if node.id in FUNCTIONS:
                raise self._refuse(node, f"the function {node.id} needs its arguments in brackets")
            found[node.id] = None
        elif isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
            parts = [node.left, node.right]
        elif isinstance(node, ast.UnaryOp) and type(node.op) in OPERATORS:
            parts = [node.operand]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            if node.func.id not in FUNCTIONS:
                raise self._refuse(
                    node, f"there is no function {node.func.id!r} (there are {', '.join(sorted(FUNCTIONS))})"
                )
            for keyword in node.keywords:
                if keyword.arg not in OPTIONS:
                    raise self._refuse(node, f"{node.func.id} takes no option {keyword.arg!r}")
                _option(self, keyword.value)
            parts = node.args
        else:
            raise self._refuse(node, f"{_kind(node)} is not allowed")
        for part in parts:
            self._check(part, found, depth + 1)

    def compute(self, values: Mapping[str, Any]) -> tuple[Tensor, dict[str, Tensor]]:
        """The expression's value.

        Args:
            values: for each name a number, nested lists, or an array; ``pi`` and ``e`` need none.

        Returns:
            The value, as a float64 Tensor, and for each name in ``values`` its Tensor, a named leaf.

        Raises:
            ExpressionError: a name has no value, a value no name, or the shapes do not fit.
        """
        known = {name: value for name, value in CONSTANTS.items() if name in self.names and name not in values}
        missing = [name for name in self.names if name not in values and name not in known]
        if missing:
            raise ExpressionError(f"no value for {', '.join(missing)}: give {' '.join(f'{n}=…' for n in missing)}")
        unused = [name for name in values if name not in self.names]
        if unused:
            raise ExpressionError(f"{', '.join(unused)} is not in the expression {_short(self.text)!r}")
        leaves = {}
        for name, value in values.items():
            leaves[name] = Tensor(value, dtype=np.float64, requires_grad=True)
            leaves[name].name = name
        try:
            with np.errstate(all="ignore"):
                result = self._value(self._tree, {**known, **leaves})
        except (ArithmeticError, IndexError, TypeError, ValueError) as error:
            raise ExpressionError(f"{_short(self.text)!r} can't be computed: {_line(error)}") from None
        if not isinstance(result, Tensor) or not result.requires_grad:
            raise ExpressionError(f"{_short(self.text)!r} has no variable to differentiate by")
        return result, leaves

    def _value(self, node: ast.expr, values: Mapping[str, Any]) -> Any:
        if isinstance(node, ast.Constant):
            return node.value
        if isinstance(node, ast.Name):
            return values[node.id]
        if isinstance(node, ast.UnaryOp):
            return OPERATORS[type(node.op)](self._value(node.operand, values))
        if isinstance(node, ast.BinOp):
            left, right = self._value(node.left, values), self._value(node.right, values)
            if not isinstance(left, Tensor) and not isinstance(right, Tensor):
                left = np.float64(left)  # never whole numbers of any length, as in 2**10**10
            result = OPERATORS[type(node.op)](left, right)
            return result if isinstance(result, Tensor) else float(result)
        assert isinstance(node, ast.Call)
        assert isinstance(node.func, ast.Name)
        options = {str(keyword.arg): _option(self, keyword.value) for keyword in node.keywords}
        arguments = [self._value(part, values) for part in node.args]
        return FUNCTIONS[node.func.id](*arguments, **options)


def _option(expression: Expression, node: ast.expr) -> Any:
    try:
        value = ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        value = ...
    items = value if isinstance(value, tuple) else (value,)
    if not all(item is None or isinstance(item, int) for item in items):
        raise expression._refuse(node, "an option is a whole number, several in brackets, True, False or None")
    return value


def value_of(text: str) -> Any:
    """A value as typed: a number, or lists of numbers as in JSON.

    Args:
        text: such as ``-3``, ``1e-3`` or ``[[1, 2], [3, 4]]``.

    Returns:
        A float, or nested lists.

    Raises:
        ExpressionError: the text is neither.

    Example:
        >>> from autograd_core.expression import value_of
        >>> value_of("[1, 2.5]")
        [1, 2.5]
    """
    try:
        return float(text)
    except ValueError:
        pass
    try:
        value = json.loads(text)
        Tensor(value, dtype=np.float64)
    except (ValueError, TypeError, RecursionError, OverflowError) as error:
        raise ExpressionError(f"{_short(text)!r} is neither a number nor a list of numbers: {_line(error)}") from None
    if not isinstance(value, list):
        raise ExpressionError(f"{_short(text)!r} is neither a number nor a list of numbers")
    return value


def _kind(node: ast.expr) -> str:
    names = {
        ast.Attribute: "a dot",
        ast.Compare: "a comparison",
        ast.Subscript: "an index",
        ast.Lambda: "a lambda",
        ast.BoolOp: "and/or",
        ast.IfExp: "if/else",
        ast.NamedExpr: "an assignment",
        ast.Starred: "a star",
        ast.List: "a list (give it as a value: x=[1,2])",
        ast.Tuple: "a comma outside of a call",
        ast.BinOp: "this operator",
        ast.UnaryOp: "this operator",
        ast.Call: "calling anything but a function by its name",
    }
    return names.get(type(node), f"a {type(node).__name__}")


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "..."


def _line(error: BaseException) -> str:
    return " ".join(str(error).split())
