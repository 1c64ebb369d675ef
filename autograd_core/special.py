"""Special functions, under PyTorch's names: ``ag.special.expit`` and its kin."""

from .ops.bessel import i0, i0e, i1, i1e
from .ops.entropy import entr, logit, xlog1py, xlogy
from .ops.gamma import digamma, mvlgamma, polygamma, zeta
from .ops.gamma import digamma as psi
from .ops.gamma import lgamma as gammaln
from .ops.gamma import mvlgamma as multigammaln
from .ops.math import exp2, expm1, log1p, sinc
from .ops.math import sigmoid as expit
from .ops.rounding import round
from .ops.softmax import log_softmax, logsumexp, softmax
from .ops.special import erf, erfc, erfcx, erfinv, log_ndtr, ndtr, ndtri

__all__ = [
    "digamma",
    "entr",
    "erf",
    "erfc",
    "erfcx",
    "erfinv",
    "exp2",
    "expit",
    "expm1",
    "gammaln",
    "i0",
    "i0e",
    "i1",
    "i1e",
    "log1p",
    "log_ndtr",
    "log_softmax",
    "logit",
    "logsumexp",
    "multigammaln",
    "mvlgamma",
    "ndtr",
    "ndtri",
    "polygamma",
    "psi",
    "round",
    "sinc",
    "softmax",
    "xlog1py",
    "xlogy",
    "zeta",
]
