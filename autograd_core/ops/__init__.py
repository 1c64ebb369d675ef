"""The op table: a family of operations a file. Importing this package enters all of them."""

from . import arithmetic, index, linalg, math, reduce, shape

__all__ = ["arithmetic", "index", "linalg", "math", "reduce", "shape"]
