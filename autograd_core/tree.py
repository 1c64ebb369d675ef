"""Nested lists, tuples and dicts of tensors, taken apart and put together again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any


def leaves(tree: Any) -> list[Any]:
    """What is in nested lists, tuples and dicts, in order; anything else is a leaf itself.

    Args:
        tree: the nested structure.

    Returns:
        Its leaves.

    Example:
        >>> leaves({"w": [1, 2], "b": 3})
        [1, 2, 3]
    """
    if isinstance(tree, dict):
        return [leaf for value in tree.values() for leaf in leaves(value)]
    if isinstance(tree, (list, tuple)):
        return [leaf for value in tree for leaf in leaves(value)]
    return [tree]


def rebuild(tree: Any, new: Iterator[Any]) -> Any:
    """The same structure with other leaves, taken from an iterator.

    Args:
        tree: the structure to copy.
        new: the leaves to put in, in order.

    Returns:
        A structure like ``tree``.

    Example:
        >>> rebuild({"w": [1, 2], "b": 3}, iter("xyz"))
        {'w': ['x', 'y'], 'b': 'z'}
    """
    if isinstance(tree, dict):
        return {key: rebuild(value, new) for key, value in tree.items()}
    if isinstance(tree, tuple) and hasattr(tree, "_fields"):
        return type(tree)(*(rebuild(value, new) for value in tree))
    if isinstance(tree, (list, tuple)):
        return type(tree)(rebuild(value, new) for value in tree)
    return next(new)


def mapped(function: Callable[[Any], Any], tree: Any) -> Any:
    """The same structure with a function applied to every leaf.

    Args:
        function: takes a leaf, returns a new one.
        tree: the structure.

    Returns:
        A structure like ``tree``.

    Example:
        >>> mapped(abs, [-1, (2, -3)])
        [1, (2, 3)]
    """
    return rebuild(tree, map(function, leaves(tree)))
