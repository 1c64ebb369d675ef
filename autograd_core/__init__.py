"""A scalar and tensor autograd engine with computational-graph tracing, on NumPy.

    >>> import autograd_core as ag
    >>> x = ag.tensor([1.0, 2.0], requires_grad=True)
    >>> y = (x * x).sum()
    >>> y.backward()
    >>> x.grad
    tensor([2., 4.])
"""

from . import numpy_api, ops, symbolic
from . import backward as _backward
from .creation import (
    arange,
    eye,
    full,
    full_like,
    linspace,
    ones,
    ones_like,
    tensor,
    zeros,
    zeros_like,
)
from .modes import detect_anomaly, enable_grad, is_grad_enabled, no_grad, set_grad_enabled
from .node import Graph, Node
from .ops.arithmetic import (
    add,
    bitwise_and,
    bitwise_or,
    bitwise_xor,
    clip,
    divide,
    equal,
    floor_divide,
    greater,
    greater_equal,
    invert,
    isfinite,
    isinf,
    isnan,
    less,
    less_equal,
    logical_and,
    logical_not,
    logical_or,
    logical_xor,
    maximum,
    minimum,
    multiply,
    negative,
    not_equal,
    positive,
    power,
    remainder,
    subtract,
    where,
)
from .ops.linalg import matmul
from .ops.math import (
    absolute,
    cos,
    exp,
    expm1,
    floor,
    log,
    log1p,
    relu,
    sigmoid,
    sign,
    sin,
    sqrt,
    square,
    tan,
    tanh,
)
from .ops.reduce import (
    all,
    amax,
    amin,
    any,
    argmax,
    argmin,
    log_softmax,
    logsumexp,
    max,
    mean,
    min,
    prod,
    softmax,
    std,
    sum,
    var,
)
from .ops.shape import (
    as_tensor,
    broadcast_to,
    cat,
    clone,
    concatenate,
    expand_dims,
    flatten,
    permute,
    ravel,
    reshape,
    split,
    squeeze,
    stack,
    swapaxes,
    transpose,
)
from .random import manual_seed, rand, rand_like, randint, randn, randn_like, randperm
from .transforms import grad, hessian, hvp, jacobian, jvp, value_and_grad, vjp
from .tensor import Tensor, get_default_dtype, set_default_dtype

abs, clamp, div, mul, neg, pow, sub, true_divide, unsqueeze = (
    absolute,
    clip,
    divide,
    multiply,
    negative,
    power,
    subtract,
    divide,
    expand_dims,
)
from numpy import bool_ as bool_, float16, float32, float64, int8, int16, int32, int64, uint8  # noqa: E402,I001
