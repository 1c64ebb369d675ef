"""Special functions, under PyTorch's names: ``ag.special.expit`` and its kin."""

from .ops.math import expm1, log1p
from .ops.math import sigmoid as expit
from .ops.reduce import log_softmax, logsumexp, softmax

__all__ = ["expit", "expm1", "log1p", "log_softmax", "logsumexp", "softmax"]
