"""PyTorch's namespace of the same name: ``ag.autograd.Function``, ``ag.autograd.grad``."""

from ..modes import detect_anomaly, enable_grad, no_grad, set_grad_enabled
from ..transforms import grad
from . import function
from .function import Function

__all__ = ["Function", "detect_anomaly", "enable_grad", "function", "grad", "no_grad", "set_grad_enabled"]
