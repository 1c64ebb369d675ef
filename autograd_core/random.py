"""Random tensors from one generator, which manual_seed starts over."""

from __future__ import annotations

from typing import Any

import numpy as np

from .ops.shape import as_tensor, sizes
from .public import in_place
from .tensor import Tensor, checked, from_array, get_default_dtype

__all__ = [
    "manual_seed",
    "rand",
    "rand_like",
    "randint",
    "randn",
    "randn_like",
    "randperm",
]

_generator: np.random.Generator | None = None  # made on first use: loading numpy.random would double the import time


def manual_seed(seed: int | None = None) -> np.random.Generator:
    """Start the random numbers over: the same seed gives the same numbers again.

    Args:
        seed: any integer not below 0; None for a seed that nobody knows.

    Returns:
        The generator that every random function here draws from.

    Raises:
        ValueError: the seed is negative.

    Example:
        >>> import autograd_core as ag
        >>> _ = ag.manual_seed(0)
        >>> ag.randint(0, 10, (3,))
        tensor([8, 6, 5])
    """
    global _generator
    _generator = np.random.default_rng(seed)
    return _generator


def generator() -> np.random.Generator:
    """The generator in use: draw from it for random numbers that :func:`manual_seed` governs."""
    return manual_seed() if _generator is None else _generator


def _made(array: Any, dtype: Any, requires_grad: bool) -> Tensor:
    made = from_array(checked(np.asarray(array, dtype or get_default_dtype()))[()])
    return made.requires_grad_() if requires_grad else made


def _floating(dtype: Any, name: str) -> np.dtype[Any]:
    wanted = np.dtype(dtype or get_default_dtype())
    if wanted.kind != "f":
        raise TypeError(f"{name} draws floats, got dtype {wanted}: use randint for integers")
    return wanted


def rand(*size: Any, dtype: Any = None, requires_grad: bool = False) -> Tensor:
    """Uniform random numbers from 0 up to, not including, 1.

    Args:
        size: the lengths, as one sequence or as separate numbers.
        dtype: by default the default dtype.
        requires_grad: collect gradients here.

    Returns:
        A leaf Tensor.

    Raises:
        TypeError: the dtype is not a floating one.

    Example:
        >>> import autograd_core as ag
        >>> ag.rand(2, 3).shape
        (2, 3)
    """
    wanted = _floating(dtype, "rand")
    if wanted == np.float16:  # rounding a float32 to half could give 1
        return _made(generator().integers(0, 2**11, sizes(size)) * 2.0**-11, wanted, requires_grad)
    return _made(generator().random(sizes(size), dtype=wanted), wanted, requires_grad)


def randn(*size: Any, dtype: Any = None, requires_grad: bool = False) -> Tensor:
    """Normal random numbers with mean 0 and standard deviation 1.

    Args:
        size: the lengths, as one sequence or as separate numbers.
        dtype: by default the default dtype.
        requires_grad: collect gradients here.

    Returns:
        A leaf Tensor.

    Example:
        >>> import autograd_core as ag
        >>> ag.randn(2, 3).shape
        (2, 3)
    """
    return _made(generator().standard_normal(sizes(size)), _floating(dtype, "randn"), requires_grad)


def randint(low: Any = 0, high: Any = None, size: Any = None, dtype: Any = None) -> Tensor:
    """Random integers from ``low`` up to, not including, ``high``.

    Args:
        low: the smallest; left out, 0: ``randint(high, size)``.
        high: the end.
        size: the shape.
        dtype: by default int64.

    Returns:
        An integer Tensor.

    Raises:
        ValueError: ``high`` is not above ``low``.

    Example:
        >>> import autograd_core as ag
        >>> ag.randint(10, (2, 3)).shape
        (2, 3)
    """
    if size is None and hasattr(high, "__iter__"):
        low, high, size = 0, low, high
    low, high = (0, low) if high is None else (low, high)
    return _made(generator().integers(low, high, sizes((size if size is not None else (),))), dtype or np.int64, False)


def randperm(n: int, dtype: Any = None) -> Tensor:
    """The numbers from 0 to n − 1 in random order.

    Args:
        n: how many.
        dtype: by default int64.

    Returns:
        An integer Tensor (n,).

    Example:
        >>> import autograd_core as ag
        >>> sorted(ag.randperm(4).tolist())
        [0, 1, 2, 3]
    """
    return _made(generator().permutation(n), dtype or np.int64, False)


def rand_like(x: Any, dtype: Any = None, requires_grad: bool = False) -> Tensor:
    """Uniform random numbers with the shape and dtype of another tensor.

    Args:
        x: the pattern.
        dtype: by default the pattern's.
        requires_grad: collect gradients here.

    Returns:
        A leaf Tensor.

    Example:
        >>> import autograd_core as ag
        >>> ag.rand_like(ag.zeros(2, 3)).shape
        (2, 3)
    """
    x = as_tensor(x)
    return rand(x.shape, dtype=dtype or x.dtype, requires_grad=requires_grad)


def randn_like(x: Any, dtype: Any = None, requires_grad: bool = False) -> Tensor:
    """Normal random numbers with the shape and dtype of another tensor.

    Args:
        x: the pattern.
        dtype: by default the pattern's.
        requires_grad: collect gradients here.

    Returns:
        A leaf Tensor.

    Example:
        >>> import autograd_core as ag
        >>> ag.randn_like(ag.zeros(2, 3)).shape
        (2, 3)
    """
    x = as_tensor(x)
    return randn(x.shape, dtype=dtype or x.dtype, requires_grad=requires_grad)


def _uniform(x: Tensor, low: float = 0.0, high: float = 1.0) -> Tensor:
    return from_array((low + (high - low) * rand(x.shape, dtype=x.dtype).array).astype(x.dtype))


def _normal(x: Tensor, mean: float = 0.0, std: float = 1.0) -> Tensor:
    return from_array((mean + std * randn(x.shape, dtype=x.dtype).array).astype(x.dtype))


setattr(Tensor, "uniform_", in_place(_uniform, "uniform_"))  # noqa: B010 - the functions here give Tensor its methods
setattr(Tensor, "normal_", in_place(_normal, "normal_"))  # noqa: B010
