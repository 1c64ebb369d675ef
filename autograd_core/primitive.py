"""An operation of one's own as a row of the op table: a NumPy function and its derivatives."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from . import rules
from .rules import REAL, TABLE, Domain, Function, Rule

__all__ = ["primitive"]


def primitive(
    forward: Callable[..., Any] | None = None,
    *,
    partials: Sequence[Any] | None = None,
    vjps: Sequence[Rule | None] | None = None,
    jvps: Sequence[Rule | None] | None = None,
    transpose: Rule | None = None,
    domain: Domain | tuple[Domain, ...] = REAL,
    kink: str | None = None,
    name: str | None = None,
    symbol: str | None = None,
) -> Any:
    """Make a NumPy function differentiable: state its derivatives once, in NumPy calls.

    Positional arguments are inputs, which may be Tensors; keyword-only arguments are options, handed to every
    rule. One of ``partials``, ``transpose`` and ``vjps`` says how it is differentiated. The rules are run on
    arrays, on Tensors for higher orders, and on symbols for formulas: they must be plain NumPy and not branch
    on values.

    Args:
        forward: arrays in, one array out. It gets them read-only.
        partials: of an elementwise function, ∂y/∂xᵢ for each input: ``partial(y, *inputs, **options)``, or a number.
        vjps: of any function, the gradient of each input: ``vjp(g, y, *inputs, **options)``; None where there is none.
        jvps: beside ``vjps``, the change of y for each input's: ``jvp(t, y, *inputs, **options)``; by default the vjps
            are transposed.
        transpose: of a function linear in its one input, ``transpose(g, x, **options)``; of x only shape and dtype.
        domain: where an elementwise function is smooth: its tests draw from there.
        kink: what its derivative is defined to be where it has none.
        name: how the operation is called in pictures and messages; by default the function's name.
        symbol: a short sign for pictures.

    Returns:
        A function of Tensors, arrays and numbers; without ``forward``, a decorator that makes one.

    Raises:
        TypeError: no derivative is given, or more than one form of it, or not one rule for each input.
        ValueError: the name is taken by another operation.

    Example:
        >>> import numpy as np, autograd_core as ag
        >>> @ag.primitive(partials=[lambda y, x: np.exp(x) / (1 + np.exp(x))])
        ... def soft_step(x):
        ...     return np.log1p(np.exp(x))
        >>> x = ag.tensor(0.0, requires_grad=True)
        >>> soft_step(x).backward()
        >>> x.grad
        tensor(0.5)
    """
    if forward is None:
        options = {key: value for key, value in locals().items() if key != "forward"}
        return functools.partial(primitive, **options)
    if not callable(forward):
        raise TypeError(f"primitive takes a function, got {type(forward).__name__}")
    name = name or forward.__name__
    given = [form for form in (partials, vjps, transpose) if form is not None]
    if len(given) != 1:
        raise TypeError(f"primitive {name!r} needs one of partials=, vjps= and transpose=, got {len(given)} of them")
    inputs, options = _signature(forward, name)
    for what, rules_given in (("partials", partials), ("vjps", vjps), ("jvps", jvps)):
        if rules_given is not None and len(rules_given) != len(inputs):
            raise TypeError(f"primitive {name!r} has {len(inputs)} inputs, got {len(rules_given)} {what}: one for each")
    if jvps is not None and vjps is None:
        raise TypeError(f"primitive {name!r}: jvps= goes with vjps=")
    if transpose is not None and len(inputs) != 1:
        raise TypeError(f"primitive {name!r}: transpose= is for one input, got {len(inputs)}")
    _make_room(name, forward)
    common: dict[str, Any] = {"name": name, "symbol": symbol, "options": options or None}
    run = _guarded(forward, name)
    if partials is not None:
        made = rules.elementwise(run, *partials, domain=domain, kink=kink, **common)
    elif vjps is not None:
        made = rules.custom(run, vjps, jvps, **common)
    else:
        assert transpose is not None
        made = rules.linear(run, transpose, **common)
    return _as_called(made, forward, inputs)


def _signature(forward: Callable[..., Any], name: str) -> tuple[list[str], dict[str, Any]]:
    """The names of the inputs, and the options with their defaults, None where there is none."""
    inputs, options = [], {}
    for parameter in inspect.signature(forward).parameters.values():
        if parameter.kind in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD):
            inputs.append(parameter.name)
        elif parameter.kind is parameter.KEYWORD_ONLY:
            options[parameter.name] = None if parameter.default is parameter.empty else parameter.default
        else:
            raise TypeError(f"primitive {name!r} needs named arguments, not *args or **kwargs: each input has its rule")
    if not inputs:
        raise TypeError(f"primitive {name!r} needs at least one positional argument")
    return inputs, options


def _make_room(name: str, forward: Any) -> None:
    """Let a function defined again, as when a notebook's cell runs twice, replace itself."""
    row = TABLE.get(name)
    before = getattr(row.forward, "__wrapped__", None) if row is not None else None
    if before is not None and (before.__module__, before.__qualname__) == (forward.__module__, forward.__qualname__):
        del TABLE[name]


def _guarded(forward: Callable[..., Any], name: str) -> Callable[..., Any]:
    """The function on arrays it can't write into, with a result that is an array of numbers of its own."""

    @functools.wraps(forward)
    def run(*inputs: Any, **options: Any) -> Any:
        arrays = [_locked(x) if isinstance(x, np.ndarray) else x for x in inputs]
        out = forward(*arrays, **options)
        if isinstance(out, (tuple, list)):
            raise TypeError(f"primitive {name!r} gives one array, got a {type(out).__name__}")
        out = np.asarray(out)
        if out.dtype.kind not in "biuf":
            raise TypeError(f"primitive {name!r} gives numbers, got dtype {out.dtype}")
        return out.copy() if any(out is x for x in arrays) else out[()]

    return run


def _locked(array: Any) -> Any:
    view = array.view()
    view.flags.writeable = False
    return view


def _as_called(made: Function, forward: Callable[..., Any], names: list[str]) -> Any:
    """The op's function, called as the user's: inputs by place or name, defaults filled in."""
    signature = inspect.signature(forward)
    plain = len(signature.parameters) == len(names)

    @functools.wraps(forward)
    def function(*inputs: Any, **given: Any) -> Any:
        if plain and not given and len(inputs) == len(names):
            return made(*inputs)
        try:
            bound = signature.bind(*inputs, **given)
        except TypeError as error:
            raise TypeError(f"{function.__name__}{signature}: {error}") from None
        bound.apply_defaults()
        return made(*bound.args, **bound.kwargs)

    function.op = made.op  # type: ignore[attr-defined]
    return function
