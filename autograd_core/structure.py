"""Nested state as named arrays and a line of JSON, and back again; neither way can run code."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .tensor import Tensor, from_array, to_array

Arrays = dict[str, NDArray[Any]]
RESERVED = "__metadata__"  # the one name that an array in a safetensors file can't have


def taken_apart(tree: Any) -> tuple[Arrays, str | None]:
    """The arrays of a state by name, and its structure as JSON.

    The JSON stands for itself in numbers, strings, booleans, null and lists; anything else is an object of one
    key: ``{"tensor": name}``, ``{"tuple": […]}``, ``{"dict": [[key, value], …]}`` or ``{"float": "inf"}``.

    Args:
        tree: tensors and arrays, in any nesting of dicts, lists and tuples with numbers, strings and None.

    Returns:
        The arrays, named by their paths; and the JSON, None for a plain dict of name → tensor.

    Raises:
        TypeError: something else is in it; the message says where.
    """
    arrays: Arrays = {}
    flat = isinstance(tree, Mapping) and all(isinstance(key, str) and _is_array(tree[key]) for key in tree)
    if flat and RESERVED not in tree:
        return {name: _array(value, [name]) for name, value in tree.items()}, None
    import json

    return arrays, json.dumps(_encoded(tree, [], arrays), allow_nan=False, separators=(",", ":"))


def _is_array(value: Any) -> bool:
    return isinstance(value, (Tensor, np.ndarray))


def _array(value: Any, path: list[str]) -> NDArray[Any]:
    try:
        return np.asarray(to_array(value))
    except TypeError as error:
        raise TypeError(f"save takes arrays of real numbers; {_at(path)} is none: {error}") from error


def _at(path: list[str]) -> str:
    return f"what is at {'.'.join(path)!r}" if path else "what was given"


def _encoded(value: Any, path: list[str], arrays: Arrays) -> Any:
    if _is_array(value):
        name = stem = ".".join(path) or "tensor"
        count = 1
        while name in arrays or name == RESERVED:
            count += 1
            name = f"{stem}#{count}"
        arrays[name] = _array(value, path)
        return {"tensor": name}
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else {"float": repr(float(value))}
    if isinstance(value, (list, tuple)):
        items = [_encoded(item, [*path, str(i)], arrays) for i, item in enumerate(value)]
        return items if isinstance(value, list) else {"tuple": items}
    if isinstance(value, Mapping):
        pairs = []
        for key, item in value.items():
            if _is_array(key):
                raise TypeError(f"save takes dicts whose keys are no tensors; {_at(path)} has one")
            inner = [*path, str(key)]
            pairs.append([_encoded(key, inner, arrays), _encoded(item, inner, arrays)])
        return {"dict": pairs}
    fix = ": pass its state_dict()" if hasattr(value, "state_dict") else ""
    raise TypeError(
        "save takes tensors, arrays, numbers, strings and None, in dicts, lists and tuples; "
        f"{_at(path)} is of type {type(value).__name__}{fix}"
    )


def put_together(arrays: Arrays, text: str | None) -> Any:
    """What :func:`taken_apart` took apart.

    Args:
        arrays: by name.
        text: the JSON, or None.

    Returns:
        The nested state, with Tensors for the arrays.

    Raises:
        ValueError: the JSON is broken, or names other arrays than there are.
    """
    tensors = {name: from_array(array[()]) for name, array in arrays.items()}
    if text is None:
        return tensors
    left = dict(tensors)
    tree = _decoded(parsed(text), left)
    if left:
        raise ValueError(f"its structure has no place for the tensors {list(left)}")
    return tree


def _decoded(node: Any, left: dict[str, Tensor]) -> Any:
    if isinstance(node, list):
        return [_decoded(item, left) for item in node]
    if not isinstance(node, dict):
        return node
    match list(node.items()):
        case [("tensor", str(name))] if name in left:
            return left.pop(name)
        case [("float", "inf" | "-inf" | "nan" as number)]:
            return float(number)
        case [("tuple", list(items))]:
            return tuple(_decoded(item, left) for item in items)
        case [("dict", list(pairs))] if all(isinstance(pair, list) and len(pair) == 2 for pair in pairs):
            return {_decoded(key, left): _decoded(value, left) for key, value in pairs}
    raise ValueError(f"its structure has a part that is not known, or a tensor that is not there: {str(node)[:80]}")


def parsed(text: str) -> Any:
    """JSON as the standard has it: no key twice, no NaN.

    Raises:
        ValueError: the text is something else.
    """
    import json

    return json.loads(text, object_pairs_hook=_object, parse_constant=_no_number)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"a key is there twice: {next(name for name in names if names.count(name) > 1)!r}")
    return made


def _no_number(text: str) -> Any:
    raise ValueError(f"{text} is no number in JSON")
