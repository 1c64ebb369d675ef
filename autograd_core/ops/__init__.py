"""The op table: a family of operations a file. Importing this package enters all of them."""

from . import (
    arithmetic,
    bessel,
    choice,
    compare,
    entropy,
    gamma,
    index,
    math,
    pairs,
    products,
    reduce,
    rounding,
    shape,
    special,
)

__all__ = [
    "arithmetic",
    "bessel",
    "choice",
    "compare",
    "entropy",
    "gamma",
    "index",
    "math",
    "pairs",
    "products",
    "reduce",
    "rounding",
    "shape",
    "special",
]
