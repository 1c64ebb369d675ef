"""Sums of products over named axes: einsum and tensordot.

One row, the product of two operands, whose gradients are products of the same kind.
"""

from __future__ import annotations

import functools
import math
import string
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple

from ..public import public
from ..rules import Function, custom
from ..tensor import Tensor
from .diagonal import diagonal
from .reduce import sum as sum_over
from .shape import squeeze, tensor_of, transpose_op

__all__ = ["einsum", "tensordot"]

_OPTIMAL = 4
"""Up to this many operands every order is tried, beyond the best next step is taken."""


@functools.lru_cache(maxsize=1024)
def _plan(spec: str) -> Any:
    """Whether the operands swap places, so that the result is in order, and how they are laid out."""
    (a, b), out = _terms(spec)
    swapped = next((label in b for label in out if (label in a) != (label in b)), False)
    return swapped, *(_layout(b, a, out) if swapped else _layout(a, b, out))


def _layout(a: str, b: str, out: str) -> Any:
    """Three transpositions, that make it a matrix product, and how many axes are shared, the left's own, and summed."""
    batch = [label for label in out if label in a and label in b]
    rows = [label for label in out if label in a and label not in b]
    columns = [label for label in out if label in b and label not in a]
    summed = [label for label in a if label in b and label not in out]
    found = batch + rows + columns
    return (
        tuple(a.index(label) for label in batch + rows + summed),
        tuple(b.index(label) for label in batch + summed + columns),
        tuple(found.index(label) for label in out),
        len(batch),
        len(rows),
        len(summed),
    )


def _terms(spec: str) -> tuple[list[str], str]:
    left, out = spec.split("->")
    return left.split(","), out


def _contract(a: Any, b: Any, spec: str) -> Any:
    swapped, of_a, of_b, of_out, batch, rows, summed = _plan(spec)
    if swapped:
        a, b = b, a
    a, b = np.transpose(a, of_a), np.transpose(b, of_b)
    shared, kept = a.shape[:batch], a.shape[batch : batch + rows]
    inner, others = a.shape[batch + rows :], b.shape[batch + summed :]
    n, k, m = math.prod(kept), math.prod(inner), math.prod(others)
    a, b = a.reshape((*shared, n, k)), b.reshape((*shared, k, m))
    product = np.matmul(a, b) if summed else a * b
    return product.reshape(shared + kept + others).transpose(of_out)


def _for_left(g: Any, y: Any, a: Any, b: Any, spec: str) -> Any:
    (left, right), out = _terms(spec)
    return contract.op.on(g, b, spec=f"{out},{right}->{left}")


def _for_right(g: Any, y: Any, a: Any, b: Any, spec: str) -> Any:
    (left, right), out = _terms(spec)
    return contract.op.on(a, g, spec=f"{left},{out}->{right}")


contract: Function = custom(
    _contract,
    (_for_left, _for_right),
    (
        lambda t, y, a, b, spec: contract.op.on(t, b, spec=spec),
        lambda t, y, a, b, spec: contract.op.on(a, t, spec=spec),
    ),
    name="contract",
    symbol="Σ·",
    options={"spec": "ij,jk->ik"},
)
"""The product of two operands, whose axes have letters, summed over the letters that ``spec`` leaves out.

Every letter of an operand is in the other one or in the result, and axes of the same letter have the same length.
"""


def einsum(equation: Any, *operands: Any) -> Tensor:
    """The sum of products over the axes that an equation names, by Einstein's convention.

    Formula:
        ``"ij,jk->ik"``: y[i,k] = Σⱼ a[i,j]·b[j,k]; the gradient of each operand is an einsum of g and the others.

    Args:
        equation: a letter for each axis of each operand, ``...`` for any more axes, which broadcast; after ``->`` those
            of the result, by default the letters that occur once, in alphabetical order. A letter that an operand
            repeats means its diagonal. Or, as in ``einsum(a, [0, 1], b, [1, 2], [0, 2])``, lists of numbers beside the
            operands.
        operands: any number of them; an axis of length one is repeated. The order of the products is chosen for the
            fewest multiplications.

    Returns:
        A Tensor.

    Raises:
        ValueError: the equation is no such equation, or does not fit the shapes.

    Example:
        >>> import autograd_core as ag
        >>> ag.einsum("ij,j->i", ag.tensor([[1.0, 2.0], [3.0, 4.0]]), ag.tensor([1.0, 1.0]))
        tensor([3., 7.])
    """
    if not isinstance(equation, str):
        equation, operands = _from_numbers((equation, *operands))
    if len(operands) == 1 and isinstance(operands[0], (list, tuple)):
        operands = tuple(operands[0])
    tensors = [tensor_of(one) for one in operands]
    terms, out = _parsed(equation, tuple(tensor.ndim for tensor in tensors))
    lengths = _lengths(terms, tensors, equation)
    for i, tensor in enumerate(tensors):
        terms[i], tensors[i] = _plain(terms[i], tensor, lengths)
    for i, tensor in enumerate(tensors):
        others = out.join(terms[:i] + terms[i + 1 :]) + out
        terms[i], tensors[i] = _without(
            terms[i], tensor, [k for k, label in enumerate(terms[i]) if label not in others], sum_over
        )
    if len(tensors) == 1:
        return transpose_op(tensors[0], axes=tuple(terms[0].index(label) for label in out))
    for i, j in _path(tuple(terms), out, tuple(tensor.shape for tensor in tensors)):
        right, b = terms.pop(j), tensors.pop(j)
        left, a = terms.pop(i), tensors.pop(i)
        wanted = set(out).union(*terms)
        kept = out if not terms else "".join(label for label in dict.fromkeys(left + right) if label in wanted)
        terms.append(kept)
        tensors.append(contract(a, b, spec=f"{left},{right}->{kept}"))
    return tensors[0]


def _from_numbers(given: Sequence[Any]) -> tuple[str, tuple[Any, ...]]:
    """The form ``einsum(a, [0, 1], b, [1, 2], [0, 2])`` as an equation and operands."""
    pairs, rest = given[: len(given) // 2 * 2], given[len(given) // 2 * 2 :]
    equation = ",".join(map(_word, pairs[1::2]))
    return equation + ("->" + _word(rest[0]) if rest else ""), tuple(pairs[::2])


def _word(labels: Any) -> str:
    if not isinstance(labels, (list, tuple)):
        raise ValueError(
            f"einsum takes an equation and operands, or operands each with a list of numbers, got {labels!r:.80}"
        )
    letters = string.ascii_uppercase + string.ascii_lowercase
    if any(label is not Ellipsis and not 0 <= label < len(letters) for label in labels):
        raise ValueError(f"einsum names axes by numbers from 0 to {len(letters) - 1}, got {list(labels)}")
    return "".join("..." if label is Ellipsis else letters[label] for label in labels)


@functools.lru_cache(maxsize=1024)
def _parse(equation: str, dims: tuple[int, ...]) -> tuple[tuple[str, ...], str]:
    left, arrow, right = equation.replace(" ", "").partition("->")
    terms = left.split(",")
    if len(terms) != len(dims):
        raise ValueError(f"einsum({equation!r}) is for {len(terms)} operands, got {len(dims)}")
    names = set(left + right) - {",", "."}
    if not names <= set(string.ascii_letters):
        raise ValueError(f"einsum names axes by letters, got {equation!r}")
    free = [letter for letter in string.ascii_letters if letter not in names]
    counts = []
    for term, ndim in zip(terms, dims, strict=True):
        named = len(term.replace("...", "", 1))
        if "." in term.replace("...", "", 1):
            raise ValueError(f"einsum has one '...' in an operand at most, got {equation!r}")
        if named > ndim or (named < ndim and "..." not in term):
            raise ValueError(f"einsum({equation!r}) names {named} axes for an operand that has {ndim}")
        counts.append(ndim - named)
    if max(counts) > len(free):
        raise ValueError(f"einsum has no more than {len(string.ascii_letters)} different axes: got {equation!r}")
    more = "".join(free[: max(counts)])
    full = tuple(term.replace("...", more[len(more) - n :]) for term, n in zip(terms, counts, strict=True))
    if not arrow:
        once = sorted(label for label in names if left.count(label) == 1)
        return full, more + "".join(once)
    out = right.replace("...", more, 1)
    if "." in out or len(set(out)) < len(out) or not set(out) <= set("".join(full)):
        raise ValueError(f"einsum needs each letter of the result once, and in an operand: got {equation!r}")
    return full, out


def _parsed(equation: str, dims: tuple[int, ...]) -> tuple[list[str], str]:
    terms, out = _parse(equation, dims)
    return list(terms), out


def _lengths(terms: list[str], tensors: list[Tensor], equation: str) -> dict[str, int]:
    """The length of each axis; those of length one are repeated."""
    lengths: dict[str, int] = {}
    for term, tensor in zip(terms, tensors, strict=True):
        own: dict[str, int] = {}
        for label, length in zip(term, tensor.shape, strict=True):
            known = lengths.setdefault(label, length)
            if own.setdefault(label, length) != length or (known != length and 1 not in (known, length)):
                shapes = ", ".join(str(one.shape) for one in tensors)
                raise ValueError(f"einsum({equation!r}) needs axes of the same letter to be as long: got {shapes}")
            if known == 1:
                lengths[label] = length
    return lengths


def _plain(term: str, x: Tensor, lengths: dict[str, int]) -> tuple[str, Tensor]:
    """An operand without repeated letters, and without axes of length one that are to be repeated."""
    for label in dict.fromkeys(term):
        while term.count(label) > 1:
            first, second = term.index(label), term.rindex(label)
            x = diagonal(x, 0, first, second)
            term = term[:first] + term[first + 1 : second] + term[second + 1 :] + label
    return _without(term, x, [i for i, label in enumerate(term) if x.shape[i] != lengths[label]], squeeze)


def _without(term: str, x: Tensor, places: Sequence[int], remove: Any) -> tuple[str, Tensor]:
    if not places:
        return term, x
    return "".join(label for i, label in enumerate(term) if i not in places), remove(x, tuple(places))


@functools.lru_cache(maxsize=1024)
def _path(terms: tuple[str, ...], out: str, shapes: tuple[tuple[int, ...], ...]) -> tuple[tuple[int, int], ...]:
    """Which two operands to multiply next; the product goes to the end."""
    if len(terms) == 2:
        return ((0, 1),)
    blanks = [np.broadcast_to(np.zeros(()), shape) for shape in shapes]
    how = "optimal" if len(terms) <= _OPTIMAL else "greedy"
    steps = np.einsum_path(f"{','.join(terms)}->{out}", *blanks, optimize=how)[0][1:]
    pairs, current = [], list(range(len(terms)))
    for step in steps:
        group = [current[place] for place in step]
        while len(group) > 1:
            first, second = sorted((current.index(group[0]), current.index(group[1])))
            pairs.append((first, second))
            new = len(terms) + len(pairs)
            current = [one for one in current if one not in group[:2]] + [new]
            group = [new, *group[2:]]
    return tuple(pairs)


@public(numpy=np.einsum)
def _einsum(*operands: Any, optimize: Any = True) -> Tensor:
    return einsum(*operands)


def tensordot(a: Any, b: Any, dims: Any = 2) -> Tensor:
    """The sum of products over axes of two tensors; the other axes of both remain, in order.

    Args:
        a: any shape.
        b: any shape.
        dims: how many axes, the last of a and the first of b; or two lists of them, in the same order.

    Returns:
        A Tensor.

    Raises:
        ValueError: the axes are not as many, or not as long.

    Example:
        >>> import autograd_core as ag
        >>> ag.tensordot(ag.ones(2, 3, 4), ag.ones(3, 4), 2)
        tensor([12., 12.])
    """
    a, b = tensor_of(a), tensor_of(b)
    if hasattr(dims, "__index__"):
        count = int(dims)
        if not 0 <= count <= min(a.ndim, b.ndim):
            raise ValueError(f"tensordot over {count} axes needs as many in both, got shapes {a.shape} and {b.shape}")
        dims = range(a.ndim - count, a.ndim), range(count)
    first, second = (tuple(side) if np.iterable(side) else (side,) for side in dims)
    first, second = normalize_axis_tuple(first, a.ndim), normalize_axis_tuple(second, b.ndim)
    if len(first) != len(second):
        raise ValueError(f"tensordot needs as many axes of both, got {first} and {second}")
    letters = string.ascii_letters
    left = letters[: a.ndim]
    right = list(letters[a.ndim : a.ndim + b.ndim])
    for i, j in zip(first, second, strict=True):
        right[j] = left[i]
    summed = {left[i] for i in first}
    out = "".join(label for label in (*left, *right) if label not in summed)
    try:
        return einsum(f"{left},{''.join(right)}->{out}", a, b)
    except ValueError:
        raise ValueError(
            f"tensordot needs axes of the same length: got shapes {a.shape} and {b.shape}, axes {first} and {second}"
        ) from None


@public(numpy=(np.tensordot, np.linalg.tensordot))
def _tensordot(a: Any, b: Any, axes: Any = 2) -> Tensor:
    return tensordot(a, b, axes)
