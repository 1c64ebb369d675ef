"""Random tensors from one generator, which manual_seed starts over."""

from __future__ import annotations

import contextlib
import functools
import operator
from collections.abc import Iterator
from typing import Any

import numpy as np

from .device import check_device
from .ops.shape import as_tensor, sizes
from .public import in_place
from .tensor import Tensor, checked, from_array, get_default_dtype

__all__ = [
    "Generator",
    "bernoulli",
    "fork_rng",
    "manual_seed",
    "multinomial",
    "normal",
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


@functools.cache
def _generator_class() -> Any:
    class Generator(np.random.Generator):
        """NumPy's generator with PyTorch's way to seed it."""

        def __init__(self) -> None:
            super().__init__(np.random.PCG64())

        def manual_seed(self, seed: int) -> Generator:
            """Start over: the same seed gives the same numbers again."""
            self.bit_generator.state = np.random.PCG64(seed).state
            return self

        def get_state(self) -> Any:
            """Where it stands, for :meth:`set_state`."""
            return self.bit_generator.state

        def set_state(self, state: Any) -> None:
            """Go on from where :meth:`get_state` was called."""
            self.bit_generator.state = state

    return Generator


def Generator(device: Any = None) -> Any:  # noqa: N802 - PyTorch's name
    """A source of random numbers of its own: NumPy's generator, with PyTorch's ``manual_seed``.

    Args:
        device: ``"cpu"``, the only one there is.

    Returns:
        A ``numpy.random.Generator``, to be passed as ``generator=``.

    Example:
        >>> import autograd_core as ag
        >>> ag.randperm(4, generator=ag.Generator().manual_seed(0))
        tensor([2, 0, 1, 3])
    """
    check_device(device)
    return _generator_class()()


def _source(given: Any) -> np.random.Generator:
    return generator() if given is None else given


@contextlib.contextmanager
def fork_rng() -> Iterator[None]:
    """Within a ``with`` block draw and seed as you like: after it the random numbers go on as if nothing had been.

    Example:
        >>> import autograd_core as ag
        >>> _ = ag.manual_seed(0)
        >>> with ag.fork_rng():
        ...     _ = ag.manual_seed(7), ag.rand(100)
        >>> ag.randint(0, 10, (3,))
        tensor([8, 6, 5])
    """
    global _generator
    before = generator()
    state = before.bit_generator.state
    try:
        yield
    finally:
        before.bit_generator.state = state
        _generator = before


def _made(array: Any, dtype: Any, requires_grad: bool = False, device: Any = None) -> Tensor:
    check_device(device)
    made = from_array(checked(np.asarray(array, dtype or get_default_dtype()))[()])
    return made.requires_grad_() if requires_grad else made


def _floating(dtype: Any, name: str) -> np.dtype[Any]:
    wanted = np.dtype(dtype or get_default_dtype())
    if wanted.kind != "f":
        raise TypeError(f"{name} draws floats, got dtype {wanted}: use randint for integers")
    return wanted


def rand(
    *size: Any, dtype: Any = None, requires_grad: bool = False, device: Any = None, generator: Any = None
) -> Tensor:
    """Uniform random numbers from 0 up to, not including, 1.

    Args:
        size: the lengths, as one sequence or as separate numbers.
        dtype: by default the default dtype.
        requires_grad: collect gradients here.
        device: ``"cpu"``, the only one there is.
        generator: draws them; by default the one of :func:`manual_seed`.

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
        return _made(_source(generator).integers(0, 2**11, sizes(size)) * 2.0**-11, wanted, requires_grad, device)
    return _made(_source(generator).random(sizes(size), dtype=wanted), wanted, requires_grad, device)


def randn(
    *size: Any, dtype: Any = None, requires_grad: bool = False, device: Any = None, generator: Any = None
) -> Tensor:
    """Normal random numbers with mean 0 and standard deviation 1.

    Args:
        size: the lengths, as one sequence or as separate numbers.
        dtype: by default the default dtype.
        requires_grad: collect gradients here.
        device: ``"cpu"``, the only one there is.
        generator: draws them; by default the one of :func:`manual_seed`.

    Returns:
        A leaf Tensor.

    Example:
        >>> import autograd_core as ag
        >>> ag.randn(2, 3).shape
        (2, 3)
    """
    return _made(_source(generator).standard_normal(sizes(size)), _floating(dtype, "randn"), requires_grad, device)


def randint(
    low: Any = 0,
    high: Any = None,
    size: Any = None,
    dtype: Any = None,
    requires_grad: bool = False,
    device: Any = None,
    generator: Any = None,
) -> Tensor:
    """Random integers from ``low`` up to, not including, ``high``.

    Args:
        low: the smallest; left out, 0: ``randint(high, size)``.
        high: the end.
        size: the shape.
        dtype: by default int64.
        requires_grad: collect gradients here; only for floating dtypes.
        device: ``"cpu"``, the only one there is.
        generator: draws them; by default the one of :func:`manual_seed`.

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
    low, high = operator.index(low), operator.index(high)
    return _made(
        _source(generator).integers(low, high, sizes((size if size is not None else (),))),
        dtype or np.int64,
        requires_grad,
        device,
    )


def randperm(
    n: int, dtype: Any = None, requires_grad: bool = False, device: Any = None, generator: Any = None
) -> Tensor:
    """The numbers from 0 to n − 1 in random order.

    Args:
        n: how many.
        dtype: by default int64.
        requires_grad: collect gradients here; only for floating dtypes.
        device: ``"cpu"``, the only one there is.
        generator: draws them; by default the one of :func:`manual_seed`.

    Returns:
        An integer Tensor (n,).

    Example:
        >>> import autograd_core as ag
        >>> sorted(ag.randperm(4).tolist())
        [0, 1, 2, 3]
    """
    if operator.index(n) < 0:
        raise ValueError(f"randperm needs a number not below 0, got {n}")
    return _made(_source(generator).permutation(n), dtype or np.int64, requires_grad, device)


def bernoulli(input: Any, generator: Any = None) -> Tensor:
    """1 with a probability for each element, else 0.

    Args:
        input: the probabilities, floats from 0 to 1, any shape.
        generator: draws them; by default the one of :func:`manual_seed`.

    Returns:
        A Tensor of the same shape and dtype; nothing can be differentiated by a probability.

    Raises:
        TypeError: they are no floats.
        ValueError: one is not from 0 to 1; it is named with its position.

    Example:
        >>> import autograd_core as ag
        >>> ag.bernoulli(ag.tensor([0.0, 1.0]))
        tensor([0., 1.])
    """
    p = as_tensor(input)
    chances = p.array
    wrong = np.argwhere(~((chances >= 0) & (chances <= 1)))
    if len(wrong):
        place = tuple(wrong[0].tolist())
        raise ValueError(f"bernoulli needs probabilities from 0 to 1, got {chances[place]} at {place}")
    return from_array(
        (rand(p.shape, dtype=_floating(p.dtype, "bernoulli"), generator=generator).array < chances).astype(p.dtype)
    )


def normal(
    mean: Any,
    std: Any = 1.0,
    size: Any = None,
    dtype: Any = None,
    requires_grad: bool = False,
    device: Any = None,
    generator: Any = None,
) -> Tensor:
    """Normal random numbers with a mean and a standard deviation, each a number or one for each element.

    Args:
        mean: the mean.
        std: the standard deviation, not below 0.
        size: the shape; by default the one to which mean and std broadcast.
        dtype: by default the default dtype.
        requires_grad: collect gradients here.
        device: ``"cpu"``, the only one there is.
        generator: draws them; by default the one of :func:`manual_seed`.

    Returns:
        A leaf Tensor.

    Raises:
        ValueError: a standard deviation is negative, or the shapes do not broadcast.

    Example:
        >>> import autograd_core as ag
        >>> ag.normal(ag.tensor([0.0, 10.0]), 0.0)
        tensor([ 0., 10.])
    """
    centre, width = as_tensor(mean).array, as_tensor(std).array
    if np.any(width < 0):
        raise ValueError(f"normal needs a standard deviation not below 0, got {width.min()}")
    shape = np.broadcast_shapes(centre.shape, width.shape) if size is None else sizes((size,))
    return _made(
        centre + width * _source(generator).standard_normal(shape), _floating(dtype, "normal"), requires_grad, device
    )


def multinomial(input: Any, num_samples: int, replacement: bool = False, generator: Any = None) -> Tensor:
    """Positions drawn with the probabilities that weights have among their row.

    Args:
        input: the weights, (n,) or (rows, n), not below 0.
        num_samples: how many positions of each row.
        replacement: whether a position can be drawn again.
        generator: draws them; by default the one of :func:`manual_seed`.

    Returns:
        An integer Tensor (num_samples,) or (rows, num_samples).

    Raises:
        ValueError: weights are negative, infinite, NaN or all 0, or there are not as many to draw.

    Example:
        >>> import autograd_core as ag
        >>> ag.multinomial(ag.tensor([0.0, 1.0, 0.0]), 2, replacement=True)
        tensor([1, 1])
    """
    weights = as_tensor(input).array
    if weights.ndim not in (1, 2):
        raise ValueError(f"multinomial needs weights (n,) or (rows, n), got shape {weights.shape}")
    if not np.all(np.isfinite(weights)) or np.any(weights < 0) or not np.all(weights.any(-1)):
        raise ValueError("multinomial needs finite weights not below 0, in each row one above")
    rows = np.atleast_2d(weights).astype(np.float64)
    if not replacement and np.any((rows > 0).sum(-1) < num_samples):
        raise ValueError(
            f"multinomial can't draw {num_samples} different positions: a row has {(rows > 0).sum(-1).min()} "
            "weights above 0; pass replacement=True or draw fewer"
        )
    drawn = [
        _source(generator).choice(rows.shape[1], num_samples, replace=replacement, p=row / row.sum(), shuffle=True)
        for row in rows
    ]
    return from_array(np.array(drawn, np.int64).reshape((*weights.shape[:-1], num_samples)))


def rand_like(input: Any, dtype: Any = None, requires_grad: bool = False, device: Any = None) -> Tensor:
    """Uniform random numbers with the shape and dtype of another tensor.

    Args:
        input: the pattern.
        dtype: by default the pattern's.
        requires_grad: collect gradients here.
        device: ``"cpu"``, the only one there is.

    Returns:
        A leaf Tensor.

    Example:
        >>> import autograd_core as ag
        >>> ag.rand_like(ag.zeros(2, 3)).shape
        (2, 3)
    """
    input = as_tensor(input)
    return rand(input.shape, dtype=dtype or input.dtype, requires_grad=requires_grad, device=device)


def randn_like(input: Any, dtype: Any = None, requires_grad: bool = False, device: Any = None) -> Tensor:
    """Normal random numbers with the shape and dtype of another tensor.

    Args:
        input: the pattern.
        dtype: by default the pattern's.
        requires_grad: collect gradients here.
        device: ``"cpu"``, the only one there is.

    Returns:
        A leaf Tensor.

    Example:
        >>> import autograd_core as ag
        >>> ag.randn_like(ag.zeros(2, 3)).shape
        (2, 3)
    """
    input = as_tensor(input)
    return randn(input.shape, dtype=dtype or input.dtype, requires_grad=requires_grad, device=device)


def _uniform(x: Tensor, low: float = 0.0, high: float = 1.0, *, generator: Any = None) -> Tensor:
    return from_array((low + (high - low) * rand(x.shape, dtype=x.dtype, generator=generator).array).astype(x.dtype))


def _bernoulli(x: Tensor, p: Any = 0.5, *, generator: Any = None) -> Tensor:
    return from_array((rand(x.shape, generator=generator).array < as_tensor(p).array).astype(x.dtype))


def _normal(x: Tensor, mean: float = 0.0, std: float = 1.0, *, generator: Any = None) -> Tensor:
    return from_array((mean + std * randn(x.shape, dtype=x.dtype, generator=generator).array).astype(x.dtype))


setattr(Tensor, "uniform_", in_place(_uniform, "uniform_"))  # noqa: B010 - the functions here give Tensor its methods
setattr(Tensor, "normal_", in_place(_normal, "normal_"))  # noqa: B010
setattr(Tensor, "bernoulli_", in_place(_bernoulli, "bernoulli_"))  # noqa: B010
