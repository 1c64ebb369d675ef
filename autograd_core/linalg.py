"""Linear algebra, under PyTorch's names: ``ag.linalg.inv`` and its kin."""

from .ops.products import matmul

__all__ = ["matmul"]
