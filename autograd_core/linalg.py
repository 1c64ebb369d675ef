"""Linear algebra, under PyTorch's names: ``ag.linalg.inv`` and its kin."""

from .ops.decompositions import cholesky, eigh, eigvalsh, svdvals
from .ops.decompositions import linalg_qr as qr
from .ops.decompositions import linalg_svd as svd
from .ops.determinants import det, slogdet
from .ops.least_squares import lstsq, matrix_rank, pinv
from .ops.matrices import linalg_diagonal as diagonal
from .ops.norms import matrix_norm, vector_norm
from .ops.norms import norm_of as norm
from .ops.powers import cond, matrix_exp, matrix_power, multi_dot, vander
from .ops.products import matmul
from .ops.solvers import inv, solve, solve_triangular, tensorinv, tensorsolve
from .ops.vectors import linalg_cross as cross
from .ops.vectors import vecdot

__all__ = [
    "cholesky",
    "cond",
    "cross",
    "det",
    "diagonal",
    "eigh",
    "eigvalsh",
    "inv",
    "lstsq",
    "matmul",
    "matrix_exp",
    "matrix_norm",
    "matrix_power",
    "matrix_rank",
    "multi_dot",
    "norm",
    "pinv",
    "qr",
    "slogdet",
    "solve",
    "solve_triangular",
    "svd",
    "svdvals",
    "tensorinv",
    "tensorsolve",
    "vander",
    "vecdot",
    "vector_norm",
]
