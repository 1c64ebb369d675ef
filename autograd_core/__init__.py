"""A scalar and tensor autograd engine with computational-graph tracing, on NumPy.

>>> import autograd_core as ag
>>> x = ag.tensor([1.0, 2.0], requires_grad=True)
>>> y = (x * x).sum()
>>> y.backward()
>>> x.grad
tensor([2., 4.])
"""

from math import e, inf, nan, pi

from numpy import bool_, finfo, float16, float32, float64, iinfo, int8, int16, int32, int64, newaxis, uint8
from numpy import bool_ as bool
from numpy import float16 as half
from numpy import float32 as float
from numpy import float64 as double
from numpy import int16 as short
from numpy import int32 as int
from numpy import int64 as long

from . import accelerator, autograd, backends, cuda, linalg, special, symbolic
from . import backward as _backward  # gives Tensor its backward
from . import numpy_api as _numpy_api  # gives Tensor the NumPy protocols
from .checkpoint import *
from .creation import *
from .device import *
from .modes import *
from .node import *
from .ops.affine import *
from .ops.arithmetic import *
from .ops.bessel import *
from .ops.cast import *
from .ops.choice import *
from .ops.compare import *
from .ops.decompositions import *
from .ops.determinants import *
from .ops.diagonal import *
from .ops.einsum import *
from .ops.entropy import *
from .ops.extremes import *
from .ops.gamma import *
from .ops.gather import *
from .ops.grids import *
from .ops.join import *
from .ops.layout import *
from .ops.least_squares import *
from .ops.math import *
from .ops.norms import *
from .ops.pairs import *
from .ops.powers import *
from .ops.products import *
from .ops.reduce import *
from .ops.rounding import *
from .ops.scan import *
from .ops.scatter import *
from .ops.shape import *
from .ops.softmax import *
from .ops.solvers import *
from .ops.sort import *
from .ops.special import *
from .ops.split import *
from .ops.statistics import *
from .ops.vectors import *
from .primitive import *
from .random import *
from .saving import *
from .tensor import *
from .transforms import *

__version__ = "0.1.0"
