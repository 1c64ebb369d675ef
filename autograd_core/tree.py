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


def leaves_like(pattern: Any, tree: Any, what: str) -> list[Any]:
    """The leaves of a tree, in the order of a pattern that must have the same structure.

    Args:
        pattern: the structure wanted.
        tree: lists and tuples as long, and dicts with the same keys, wherever the pattern has them.
        what: what to call the tree in an error.

    Returns:
        The leaves of ``tree``, one for each of ``pattern``.

    Raises:
        ValueError: the structures differ.

    Example:
        >>> leaves_like({"w": 1, "b": 2}, {"b": 20, "w": 10}, "tangents")
        [10, 20]
    """
    if isinstance(pattern, dict):
        if not isinstance(tree, dict) or tree.keys() != pattern.keys():
            raise ValueError(f"{what} must be a dict with the keys {list(pattern)}, got {_shown(tree)}")
        return [leaf for key, part in pattern.items() for leaf in leaves_like(part, tree[key], f"{what}[{key!r}]")]
    if isinstance(pattern, (list, tuple)):
        if not isinstance(tree, (list, tuple)) or len(tree) != len(pattern):
            raise ValueError(f"{what} must be a {type(pattern).__name__} of {len(pattern)}, got {_shown(tree)}")
        parts = enumerate(zip(pattern, tree, strict=True))
        return [leaf for i, (part, other) in parts for leaf in leaves_like(part, other, f"{what}[{i}]")]
    if isinstance(tree, dict):
        raise ValueError(f"{what} must be one tensor, got {_shown(tree)}")
    return [tree]


def _shown(tree: Any) -> str:
    if isinstance(tree, dict):
        return f"a dict with the keys {list(tree)}"
    return f"a {type(tree).__name__} of {len(tree)}" if isinstance(tree, (list, tuple)) else f"a {type(tree).__name__}"


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
