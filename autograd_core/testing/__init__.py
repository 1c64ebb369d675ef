"""Tools to test derivatives, the library's own and those of a user's own operations.

* :func:`check_grads` compares derivatives of any function with differences of its values.
* :mod:`autograd_core.testing.laws` holds what every operation must obey, and runs it.
* :mod:`autograd_core.testing.strategies` gives hypothesis strategies for tensors and shapes; it needs
  the extra ``dev``.
"""

from .gradients import check_grads
from .numeric import KinkError

__all__ = ["KinkError", "check_grads"]
