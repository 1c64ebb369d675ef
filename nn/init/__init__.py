"""How parameters start: fill a tensor in place, unrecorded, with numbers from the generator of ``manual_seed``."""

from .filling import constant_, normal_, ones_, trunc_normal_, uniform_, zeros_
from .scaled import calculate_gain, fans, kaiming_normal_, kaiming_uniform_, xavier_normal_, xavier_uniform_
from .structured import dirac_, eye_, orthogonal_, sparse_

_calculate_fan_in_and_fan_out = fans  # the name that many layers written for PyTorch call

__all__ = [
    "calculate_gain",
    "constant_",
    "dirac_",
    "eye_",
    "fans",
    "kaiming_normal_",
    "kaiming_uniform_",
    "normal_",
    "ones_",
    "orthogonal_",
    "sparse_",
    "trunc_normal_",
    "uniform_",
    "xavier_normal_",
    "xavier_uniform_",
    "zeros_",
]
