"""The op table: a family of operations a file. Importing this package enters all of them."""

from . import arithmetic, index, math, products, reduce, shape

__all__ = ["arithmetic", "index", "math", "products", "reduce", "shape"]
