"""How an operation is declared, and the table of all of them.

* :func:`elementwise`: the partial derivatives ∂y/∂xᵢ, as in a calculus book. The vector-Jacobian
  product, the Jacobian-vector product, the formula on a picture's edge and the docs follow.
* :func:`linear`: a forward and its transpose.
* :func:`custom`: one rule per input, for what is neither.
* :func:`constant`: no derivative (comparisons, argmax).

A rule is written in NumPy calls and takes ``(g, y, *inputs, **params)``: the gradient that arrives,
the output, the inputs. Running it on arrays gives numbers, on Tensors a graph, on symbols a formula.
Running it once on symbols also tells which values it needs, and nothing else is kept for it.
"""

from __future__ import annotations

import functools
import numbers
from collections.abc import Callable, Sequence
from typing import Any, Protocol
from weakref import ref

import numpy as np

from . import symbolic
from .anomaly import check_forward
from .modes import MODE
from .node import SMALL, Node, Spec, make, next_number
from .symbolic import Expr
from .tensor import Tensor, from_array, get_default_dtype, to_array

Rule = Callable[..., Any]
Needs = tuple[frozenset[int], ...]
_new = object.__new__
_PYTHON_NUMBERS = (float, int, bool)
_LETTERS = "abcdefgh"


class Domain:
    """Where an operation is defined and smooth, for one input.

    Args:
        low: inputs stay above this.
        high: inputs stay below this.
        kinks: points inside at which it has no derivative.
    """

    __slots__ = ("high", "kinks", "low")

    def __init__(self, low: float = -np.inf, high: float = np.inf, kinks: tuple[float, ...] = ()) -> None:
        self.low = low
        self.high = high
        self.kinks = kinks

    def __repr__(self) -> str:
        return f"Domain({self.low}, {self.high}, kinks={self.kinks})"


REAL = Domain()
POSITIVE = Domain(low=0.0)
NONZERO = Domain(kinks=(0.0,))


class Op:
    """An operation: its forward, and one derivative rule per input.

    Attributes:
        name: what it is called in tables, pictures and messages.
        kind: ``elementwise``, ``linear``, ``custom`` or ``constant``.
        forward: arrays in, array out.
        vjps: per input ``rule(g, y, *inputs, **params)``: its gradient, given the output's.
        jvps: per input ``rule(t, y, *inputs, **params)``: the output's change, given the input's.
        partials: for an elementwise op, ∂y/∂xᵢ as ``partial(y, *inputs, **params)`` or a number.
        symbol: a short sign for pictures, such as ``×``.
        domains: where each input may lie, for elementwise ops.
        kink: the value documented where the derivative does not exist.
        floating: whether integers give floats.
        function: the public function.
    """

    def __init__(
        self,
        name: str,
        kind: str,
        forward: Rule,
        vjps: Sequence[Rule | None] | each,
        jvps: Sequence[Rule | None] | Rule | None,
        *,
        symbol: str | None = None,
        partials: tuple[Any, ...] = (),
        domains: tuple[Domain, ...] = (),
        kink: str | None = None,
        variadic: bool = False,
        needs: Callable[[], Needs] = tuple,
        options: dict[str, Any] | None = None,
        floating: bool = False,
    ) -> None:
        self.name = name
        self.kind = kind
        self.elementwise = kind == "elementwise"
        self.forward = forward
        self.vjps = vjps
        self.jvps = jvps
        self.symbol = symbol or name
        self.partials = partials
        self.domains = domains
        self.kink = kink
        self.variadic = variadic
        self._find_needs = needs
        self.options = options or {}
        self.floating = floating
        self.function: Function

    @functools.cached_property
    def needs(self) -> Needs:
        """For each input's rule the positions in ``(y, *inputs)`` whose values it uses.

        Found out when first asked for: a rule may use operations that are declared after it, or its own.
        """
        return self._find_needs()

    def on(self, *inputs: Any, **params: Any) -> Any:
        """The operation on whatever a rule is being run on: arrays, Tensors or symbols."""
        for value in inputs:
            if isinstance(value, Tensor):
                return apply(self, inputs, params)
            if isinstance(value, Expr):
                return symbolic.record(self.name, *inputs, **params)
        return self.forward(inputs, **params) if self.variadic else self.forward(*inputs, **params)

    def __repr__(self) -> str:
        return f"<Op {self.name}>"


TABLE: dict[str, Op] = {}
"""Every operation, by name."""


class Function(Protocol):
    """A public function made from an op."""

    op: Op
    __name__: str

    def __call__(self, *args: Any, **kwargs: Any) -> Tensor: ...


# Declaring


def elementwise(
    forward: Rule,
    *partials: Any,
    name: str | None = None,
    symbol: str | None = None,
    domain: Domain | tuple[Domain, ...] = REAL,
    kink: str | None = None,
    options: dict[str, Any] | None = None,
) -> Function:
    """Declare an operation on matching elements by its partial derivatives.

    Args:
        forward: arrays in, array out; broadcasts like a NumPy ufunc.
        partials: for each input ``partial(y, *inputs, **params)``, or a number where it is constant.
        name: by default the forward's.
        symbol: a short sign for pictures.
        domain: where the op is smooth, one for all inputs or one each.
        kink: what its derivative is defined to be where it has none.
        options: example values of ``params``, if the op takes any.

    Returns:
        The public function: Tensors, arrays and numbers in, Tensor out.

    Example:
        >>> import numpy as np, autograd_core as ag
        >>> from autograd_core.rules import elementwise
        >>> cube = elementwise(lambda x: x * x * x, lambda y, x: 3 * x * x, name="my_cube")
        >>> x = ag.tensor(2.0, requires_grad=True)
        >>> cube(x).backward()
        >>> x.grad
        tensor(12.)
    """
    rules = tuple(_times(partial, options is not None) for partial in partials)
    op = Op(
        name or forward.__name__,
        "elementwise",
        forward,
        rules,
        rules,
        symbol=symbol,
        partials=partials,
        domains=(domain,) * len(partials) if isinstance(domain, Domain) else domain,
        kink=kink,
        needs=lambda: _needs([_formula_of_partial(partial) for partial in partials], len(partials), options),
        options=options,
        floating=options is None and _gives_floats(forward, len(partials)),
    )
    return _publish(op)


def linear(
    forward: Rule,
    transpose: Rule,
    *,
    name: str | None = None,
    symbol: str | None = None,
    options: dict[str, Any] | None = None,
) -> Function:
    """Declare an operation that is linear in its one input, by its transpose.

    Args:
        forward: ``forward(x, **params)``.
        transpose: ``transpose(g, x, **params)``, of ``x`` only its shape and dtype; in NumPy calls or
            other declared ops (``op.on(…)``), so that it can be differentiated again.
        name: by default the forward's.
        symbol: a short sign for pictures.
        options: example values of ``params``, if the op takes any.

    Returns:
        The public function.
    """
    op = Op(name or forward.__name__, "linear", forward, (), (), symbol=symbol, options=options)
    op.vjps = (lambda g, y, x, **params: transpose(g, x, **params),)
    op.jvps = (lambda t, y, x, **params: op.on(t, **params),)
    op.needs = (frozenset(),)
    return _publish(op)


def custom(
    forward: Rule,
    vjps: Sequence[Rule | None] | each,
    jvps: Sequence[Rule | None] | Rule | None = None,
    *,
    name: str | None = None,
    symbol: str | None = None,
    variadic: bool = False,
    options: dict[str, Any] | None = None,
) -> Function:
    """Declare an operation by one rule per input.

    Args:
        forward: ``forward(*inputs, **params)``; with ``variadic``, ``forward(inputs, **params)``.
        vjps: per input ``rule(g, y, *inputs, **params)``, or None where there is no derivative.
        jvps: per input ``rule(t, y, *inputs, **params)``; by default the vjp is transposed. With
            ``variadic`` one ``rule(ts, y, inputs, **params)``, where None in ts is no change.
        name: by default the forward's.
        symbol: a short sign for pictures.
        variadic: the inputs are a sequence of any length; ``vjps`` is then :func:`each` of one rule.
        options: example values of ``params``, if the op takes any.

    Returns:
        The public function.
    """
    rules = [] if isinstance(vjps, each) else list(vjps)
    op = Op(
        name or forward.__name__,
        "custom",
        forward,
        vjps,
        jvps,
        symbol=symbol,
        variadic=variadic,
        needs=lambda: _needs([_formula_of_rule(rule) for rule in rules], len(rules), options),
        options=options,
    )
    return _publish(op)


def constant(
    forward: Rule, *, inputs: int | None = None, name: str | None = None, symbol: str | None = None
) -> Function:
    """Declare an operation without a derivative: its result never requires grad.

    Args:
        forward: arrays in, array out.
        inputs: 1 or 2, where it takes nothing else; a ufunc tells.
        name: by default the forward's.
        symbol: a short sign for pictures.

    Returns:
        The public function.
    """
    op = Op(name or forward.__name__, "constant", forward, (), (), symbol=symbol)
    return _publish(op, getattr(forward, "nin", inputs))


class each:  # noqa: N801 - reads as a word: vjps=each(rule)
    """The rules of an op with any number of inputs: ``rule(i, g, y, inputs, **params)`` for each i."""

    def __init__(self, rule: Rule) -> None:
        self.rule = rule

    def __getitem__(self, i: int) -> Rule:
        return functools.partial(self.rule, i)


def _publish(op: Op, inputs: int | None = None) -> Function:
    """Enter the op into the table and make the function users call."""
    if op.name == "<lambda>":
        raise ValueError("an op needs a name: pass name=")
    if op.name in TABLE:
        raise ValueError(f"an op named {op.name!r} exists already: choose another name")
    TABLE[op.name] = op
    if op.kind == "constant":
        maker = {1: _question, 2: _comparison}.get(inputs or 0, _any)
    else:
        maker = {1: _unary, 2: _binary}.get(len(op.partials), _any) if not op.options else _any
    function: Any = maker(op)
    function.op = op
    op.function = function
    function.__name__ = function.__qualname__ = op.name
    return function  # type: ignore[no-any-return]


def same(g: Any, *saved: Any) -> Any:
    """The rule of a sum: the gradient passes unchanged."""
    return g


def _times(partial: Any, with_params: bool) -> Rule:
    """The vjp, and the jvp, of an elementwise op with this partial derivative."""
    if not callable(partial):
        if partial == 1:
            return same
        if partial == -1:
            return lambda g, *saved: -g
        return lambda g, *saved: g * partial
    place = _place_of(partial, with_params)
    if place is not None:
        return lambda g, *saved: g * saved[place]
    if with_params:
        return lambda g, *saved, **params: g * partial(*saved, **params)
    count = partial.__code__.co_argcount
    if count == 2:
        return lambda g, y, a: g * partial(y, a)
    if count == 3:
        return lambda g, y, a, b: g * partial(y, a, b)
    return lambda g, *saved: g * partial(*saved)


def _place_of(partial: Any, with_params: bool) -> int | None:
    """The place in ``(y, *inputs)`` of what a partial derivative simply is, as b is ∂(a·b)/∂a; else None."""
    if with_params:
        return None
    symbols = [symbolic.symbol(str(i)) for i in range(partial.__code__.co_argcount)]
    try:
        result = partial(*symbols)
    except NameError:  # it uses an op that is declared later
        return None
    return next((i for i, one in enumerate(symbols) if result is one), None)


def input_symbols(count: int) -> list[Expr]:
    """The symbols of an op's inputs: x alone, else a, b, c, …"""
    return [symbolic.symbol("x")] if count == 1 else [symbolic.symbol(letter) for letter in _LETTERS[:count]]


def _formula_of_partial(partial: Any) -> Rule:
    return lambda g, y, *xs, **params: partial(y, *xs, **params) if callable(partial) else partial


def _formula_of_rule(rule: Rule | None) -> Rule:
    return rule if rule is not None else lambda *args, **params: 0


def _needs(formulas: Sequence[Rule], count: int, options: dict[str, Any] | None) -> Needs:
    """For each input's rule the positions in ``(y, *inputs)`` whose values it uses."""
    g, y, xs = symbolic.symbol("g"), symbolic.symbol("y"), input_symbols(count)
    positions = {"y": 0} | {x.args[0]: i for i, x in enumerate(xs, start=1)}
    found = []
    for formula in formulas:
        try:
            result = formula(g, y, *xs, **(options or {}))
        except Exception:  # a rule that can't be run on symbols gets everything
            found.append(frozenset(range(count + 1)))
            continue
        used = result.values_used() if isinstance(result, Expr) else set()
        found.append(frozenset(positions[name] for name in used if name in positions))
    return tuple(found)


def _gives_floats(forward: Rule, count: int) -> bool:
    """Whether integers give floats: as the function says, or does; one that refuses integers decides for itself."""
    if (known := getattr(forward, "gives_floats", None)) is not None:
        return bool(known)
    try:
        with np.errstate(all="ignore"):
            return bool(np.asarray(forward(*[np.int64(1)] * count)).dtype.kind == "f")
    except Exception:
        return False


# Applying


def operand(value: Any, name: str, beside: Any = None) -> Any:
    """The array of an argument that is not a Tensor; Python numbers stay as they are.

    Arrays are copied: a graph may keep them, and their owner may write into them later.
    """
    if type(value) in _PYTHON_NUMBERS:
        return value
    if isinstance(value, (list, tuple)):
        with np.errstate(over="ignore"):
            array = to_array(value)
        # Python's floats are no more exact in the default dtype than beside a tensor of a wider one.
        wider = beside is not None and np.dtype(beside).kind == "f" and array.dtype == get_default_dtype()
        return to_array(value, beside) if wider else array
    if isinstance(value, (np.ndarray, np.generic)):
        return to_array(value, copy=isinstance(value, np.ndarray))
    if isinstance(value, numbers.Real):  # fractions, enumerated integers
        return int(value) if isinstance(value, numbers.Integral) else float(value)
    raise TypeError(f"{name} takes tensors, arrays or numbers, got {type(value).__name__}")


def _align(op: Op, x: Any, y: Any) -> tuple[Any, Any]:
    """Two operands with the dtypes to compute in: a float is never widened by an integer or a number."""
    if y.__class__ is float and x.__class__ is not float and x.dtype.kind == "f":
        return x, np.array(y, x.dtype) if x.__class__ is np.ndarray else x.__class__(y)
    if type(y) in _PYTHON_NUMBERS:
        if type(x) in _PYTHON_NUMBERS:
            x = to_array(x)
        x, y = _with_number(op, x, y)
    elif type(x) in _PYTHON_NUMBERS:
        y, x = _with_number(op, y, x)
    elif x.dtype is y.dtype:
        if not op.floating or x.dtype.kind == "f":
            return x, y
    else:
        if x.dtype.kind == "f" and y.dtype.kind != "f":
            y = y.astype(x.dtype)
        elif y.dtype.kind == "f" and x.dtype.kind != "f":
            x = x.astype(y.dtype)
    if op.floating and np.result_type(x, y).kind != "f":
        x, y = np.asarray(x).astype(get_default_dtype())[()], np.asarray(y).astype(get_default_dtype())[()]
    return x, y


def _with_number(op: Op, array: Any, number: Any) -> tuple[Any, Any]:
    kind = array.dtype.kind
    if kind != "f":
        if type(number) is float or op.floating:
            array = array.astype(get_default_dtype())
        elif kind == "b":
            return array, number
    return array, np.array(number, array.dtype)[()]


# The next two repeat what apply and record do, in one frame each: on small tensors a call costs as much as the
# arithmetic. They keep all arrays of a small result for drawing, since its inputs are no larger.


def _unary(op: Op) -> Function:
    """The public function of an elementwise op of one input."""
    forward, name, floating, get_mode = op.forward, op.name, op.floating, MODE.get

    def function(input: Any) -> Tensor:
        if isinstance(input, Tensor):
            a, p = input.array, input.node
        else:
            a, p = to_array(operand(input, name)), None
        if p is None:
            return _result(op, forward(a.astype(get_default_dtype()) if floating and a.dtype.kind != "f" else a))
        tensor = _new(Tensor)
        tensor.array = out = forward(a)
        mode = get_mode()
        if mode.grad:
            saved = (out, a) if out.size <= SMALL else _kept(op, out, (a,), (p,))
            tensor.node = node = Node()
            node.op = op
            node.inputs = (p,)
            node.saved = saved
            node.shape = out.shape
            node.scope = mode.scope
            node.number = next_number()
            node.freed = False
            node.params = node.gradient = node.observer = None
        else:
            tensor.node = None
        if mode.anomaly:
            check_forward(op, tensor)
        return tensor

    return function  # type: ignore[return-value]


def _binary(op: Op) -> Function:
    """The public function of an elementwise op of two inputs."""
    forward, name, get_mode = op.forward, op.name, MODE.get

    def function(input: Any, other: Any) -> Tensor:
        if isinstance(input, Tensor):
            x, p = input.array, input.node
        else:
            x, p = input if input.__class__ is float else operand(input, name, getattr(other, "dtype", None)), None
        if isinstance(other, Tensor):
            y, q = other.array, other.node
        else:
            y, q = other if other.__class__ is float else operand(other, name, getattr(input, "dtype", None)), None
        if p is None or q is None:
            if p is q:
                x, y = _align(op, x, y)
                try:
                    return _result(op, forward(x, y))
                except ValueError as error:
                    raise _misfit(op, x, y, error) from None
            if x.__class__ is not y.__class__ or x.dtype is not y.dtype:
                x, y = _align(op, x, y)
        tensor = _new(Tensor)
        try:
            tensor.array = out = forward(x, y)
        except ValueError as error:
            raise _misfit(op, x, y, error) from None
        mode = get_mode()
        if mode.grad:
            saved = (out, x, y) if out.size <= SMALL else _kept(op, out, (x, y), (p, q))
            tensor.node = node = Node()
            node.op = op
            node.inputs = (p, q)
            node.saved = saved
            node.shape = out.shape
            node.scope = mode.scope
            node.number = next_number()
            node.freed = False
            node.params = node.gradient = node.observer = None
        else:
            tensor.node = None
        if mode.anomaly:
            check_forward(op, tensor)
        return tensor

    return function  # type: ignore[return-value]


def _misfit(op: Op, x: Any, y: Any, error: ValueError) -> ValueError:
    """NumPy's error, or if the shapes are to blame one that names the op, the shapes and the rule."""
    a, b = np.shape(x), np.shape(y)
    try:
        np.broadcast_shapes(a, b)
    except ValueError:
        return ValueError(f"{op.name} needs shapes that broadcast (equal from the right, or 1): got {a} and {b}")
    return error


def _question(op: Op) -> Function:
    """The public function of an op of one input without a derivative."""

    def function(input: Any) -> Tensor:
        return apply(op, (input,), {})

    return function  # type: ignore[return-value]


def _comparison(op: Op) -> Function:
    """The public function of an op of two inputs without a derivative."""

    def function(input: Any, other: Any) -> Tensor:
        return apply(op, (input, other), {})

    return function  # type: ignore[return-value]


def _any(op: Op) -> Function:
    """The public function of any other op: inputs by position, params by keyword."""

    def function(*inputs: Any, **params: Any) -> Tensor:
        return apply(op, inputs, params)

    return function  # type: ignore[return-value]


def apply(op: Op, inputs: Sequence[Any], params: dict[str, Any]) -> Tensor:
    """Run an op on Tensors, arrays and numbers, and record it.

    Args:
        op: the operation.
        inputs: its inputs, Tensors or what turns into one.
        params: its other arguments.

    Returns:
        The result as a Tensor.
    """
    arrays: list[Any] = []
    nodes: list[Node | None] = []
    recorded, mixed, dtype = False, False, None
    for value in inputs:
        if isinstance(value, Tensor):
            array, node = value.array, value.node
            if node is not None:
                recorded = True
            if array.dtype is not dtype:
                mixed, dtype = mixed or dtype is not None, array.dtype
        else:
            array, node, mixed = operand(value, op.name), None, True
        arrays.append(array)
        nodes.append(node)
    if (mixed or (op.floating and not recorded)) and op.kind != "constant":
        arrays = _align_all(op, arrays)
    out = op.forward(arrays, **params) if op.variadic else op.forward(*arrays, **params)
    if out.__class__ is np.ndarray and out.ndim == 0:
        out = out[()]
    if not recorded or out.dtype.kind != "f":
        return _result(op, out)
    return record(op, out, tuple(arrays), tuple(nodes), params or None)


def _align_all(op: Op, arrays: list[Any]) -> list[Any]:
    """Any number of operands with the dtypes to compute in, as :func:`_align` does for two."""
    floats = [array.dtype for array in arrays if type(array) not in _PYTHON_NUMBERS and array.dtype.kind == "f"]
    if not floats and not op.floating and all(type(array) is not float for array in arrays):
        return [to_array(array) for array in arrays]
    dtype = functools.reduce(np.promote_types, floats) if floats else get_default_dtype()
    return [
        array
        if type(array) not in _PYTHON_NUMBERS and array.dtype.kind in ("f" if op.elementwise else "fb")
        else np.asarray(array).astype(dtype)[()]
        for array in arrays
    ]


def _result(op: Op, out: Any) -> Tensor:
    """A result that is not recorded."""
    tensor = from_array(out)
    if MODE.get().anomaly:
        check_forward(op, tensor)
    return tensor


def record(
    op: Op, out: Any, arrays: tuple[Any, ...], nodes: tuple[Node | None, ...], params: dict[str, Any] | None
) -> Tensor:
    """A result with its node, unless recording is off."""
    tensor = _new(Tensor)
    tensor.array = out
    mode = MODE.get()
    if mode.grad and op.vjps:
        tensor.node = make(op, nodes, _kept(op, out, arrays, nodes), params, out.shape, mode.scope)
    else:
        tensor.node = None
    if mode.anomaly:
        check_forward(op, tensor)
    return tensor


def _kept(op: Op, out: Any, arrays: tuple[Any, ...], nodes: tuple[Node | None, ...]) -> tuple[Any, ...]:
    """What the graph keeps: the values some asked-for rule needs, small arrays, else shapes."""
    if op.variadic:
        return compact(out), tuple([compact(array) for array in arrays])
    saved = (out, *arrays)
    for value in saved:
        if value.size > SMALL:
            break
    else:
        return saved
    needed: set[int] = set()
    for need, node in zip(op.needs, nodes, strict=True):
        if node is not None:
            needed |= need
    return tuple([value if i in needed else compact(value) for i, value in enumerate(saved)])


def compact(value: Any) -> Any:
    """A small array as it is, a large one as its Spec; a tuple of arrays likewise."""
    if value.__class__ is tuple:
        for item in value:
            if item.__class__ is tuple or (item.__class__ is not Spec and item.size > SMALL):
                return tuple([compact(item) for item in value])
        return value
    return value if value.__class__ is Spec or value.size <= SMALL else Spec(value.shape, value.dtype, ref(value))
