"""Linear algebra, under PyTorch's names: ``ag.linalg.inv`` and its kin."""

from .ops.diagonal import diagonal
from .ops.norms import matrix_norm, vector_norm
from .ops.norms import norm_of as norm
from .ops.products import matmul, vecdot

__all__ = ["diagonal", "matmul", "matrix_norm", "norm", "vecdot", "vector_norm"]
