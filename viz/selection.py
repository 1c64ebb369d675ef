"""A part of a graph: what lies between some values or modules."""

from __future__ import annotations

from collections import Counter
from typing import Any

from autograd_core import Tensor
from autograd_core.node import Node

from .naming import Names
from .values import Values


def select(values: Values, names: Names, of: Any, to: Any) -> set[Node]:
    """The nodes to draw: those that depend on ``of`` and that ``to`` depends on, and the leaves that these use.

    Each bound is a Tensor, a Node, a module or its path, the name of a value, or a list of such. A
    module alone, as ``of``, is all that was computed in it.

    Args:
        values: the graph.
        names: what its values are called.
        of: where the part begins, None for the whole.
        to: where it ends, None for the result.

    Returns:
        The nodes.

    Raises:
        TypeError: a bound is none of these.
        ValueError: a bound is not in the graph or empty, or nothing lies between the two.
    """
    starts, only_modules = _bound(values, names, of, "of")
    ends, _ = _bound(values, names, to, "to")
    if to is None and only_modules:
        chosen = starts
    else:
        after = set(values.nodes) if of is None else set(starts)
        before = {values.root} if to is None else set(ends)
        for node in values.nodes:
            if not after.isdisjoint(node.inputs):
                after.add(node)
        for node in reversed(values.nodes):
            if node in before:
                before.update(parent for parent in node.inputs if parent is not None)
        chosen = after & before
    if not chosen:
        raise ValueError("nothing lies between of= and to=: what is given as to= must depend on what is given as of=")
    leaves = {parent for node in chosen for parent in node.inputs if parent is not None and parent.op is None}
    return chosen | leaves


def _bound(values: Values, names: Names, given: Any, what: str) -> tuple[set[Node], bool]:
    """The nodes that a bound stands for, and whether all of it are modules."""
    found: set[Node] = set()
    modules = given is not None
    graph = set(values.nodes)
    for item in given if isinstance(given, (list, tuple, set, frozenset)) else () if given is None else (given,):
        if isinstance(item, (Tensor, Node)):
            node = item.node if isinstance(item, Tensor) else item
            if node not in graph:
                raise ValueError(f"{what}= is not part of this graph: the result was not computed from it")
            found.add(node)
            modules = False
        elif isinstance(item, str):
            inside = _within(values, item)
            if not inside:
                inside = [node for node in values.nodes if names[node] == item]
                modules = False
            if not inside:
                raise ValueError(
                    f"{what}={item!r} is no module's path and no value's name in this graph{_known(values)}"
                )
            found.update(inside)
        elif hasattr(item, "named_parameters"):
            found.update(_of_module(values, item, what))
        else:
            raise TypeError(f"{what}= takes a Tensor, a Node, a module or its path, got {type(item).__name__}")
    if given is not None and not found:
        raise ValueError(f"{what}= is empty: give at least one value or module")
    return found, modules


def _known(values: Values) -> str:
    paths = dict.fromkeys(node.scope[0] for node in values.nodes if node.scope)
    return f"; its modules are {', '.join(list(paths)[:8])}{', …' * (len(paths) > 8)}" if paths else ""


def _within(values: Values, path: str) -> list[Node]:
    """The operations computed in the module of this path."""
    return [n for n in values.nodes if n.op is not None and f"{'.'.join(n.scope)}.".startswith(f"{path}.")]


def _of_module(values: Values, module: Any, what: str) -> list[Node]:
    """The operations computed in a module, which is found by what uses its parameters."""
    owned = {parameter.node: path for path, parameter in module.named_parameters() if parameter.node is not None}
    places: Counter[str] = Counter()
    for node, path in owned.items():
        inner = path.split(".")[:-1]
        for user, _ in values.uses.get(node, ()):
            place = f".{'.'.join(user.scope)}"
            ends = (".".join(["", *inner[:length]]) for length in range(len(inner), -1, -1))
            places[place.removesuffix(next(end for end in ends if place.endswith(end))).removeprefix(".")] += 1
    if not places:
        raise ValueError(
            f"{what}= is a {type(module).__name__} of which no parameter is used in this graph: give its path instead"
        )
    ((path, _),) = places.most_common(1)
    return _within(values, path) if path else [node for node in values.nodes if node.op is not None]
