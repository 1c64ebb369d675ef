"""Hypothesis strategies for tensors, shapes that broadcast, and values an operation is smooth at.

They need hypothesis, which the extra ``dev`` installs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..rules import REAL, Domain
from ..tensor import Tensor, from_array
from .layouts import LAYOUTS
from .values import values

try:
    import hypothesis
    from hypothesis import strategies as st
    from hypothesis.extra import numpy as hnp
except ImportError as error:
    raise ImportError(
        "autograd_core.testing.strategies needs hypothesis: python -m pip install 'autograd-core[dev]'"
    ) from error

Shape = tuple[int, ...]
Arguments = tuple[tuple[Any, ...], dict[str, Any]]
Cases = st.SearchStrategy[Arguments]
Reference = Callable[..., Any]


def shapes(max_dims: int = 3, max_side: int = 3, min_side: int = 0) -> st.SearchStrategy[Shape]:
    """Shapes, those of numbers and of empty arrays included; most have several elements.

    Args:
        max_dims: the most axes.
        max_side: the longest axis.
        min_side: the shortest axis.

    Returns:
        A strategy of tuples.
    """
    longer = list(range(max(2, min_side), max_side + 1))
    sides = [side for side in (1, 0) if min_side <= side <= max_side] + 3 * longer
    dims = [*range(max_dims + 1), max_dims, max_dims]
    return st.sampled_from(dims).flatmap(lambda n: st.tuples(*[st.sampled_from(sides)] * n))


@st.composite
def broadcastable_shapes(
    draw: st.DrawFn, n: int, max_dims: int = 2, max_side: int = 3, min_side: int = 0
) -> tuple[Shape, ...]:
    """Tuples of n shapes that broadcast together.

    Args:
        draw: supplied by hypothesis.
        n: how many shapes.
        max_dims: the most axes.
        max_side: the longest axis.
        min_side: the shortest axis.

    Returns:
        A strategy of tuples of tuples.
    """
    common = draw(shapes(max_dims, max_side, min_side))
    found = []
    for _ in range(n):
        own = common[draw(st.sampled_from([0, 0, *range(len(common) + 1)])) :]
        narrow = draw(st.sampled_from([False, False, True]))
        found.append(tuple(1 if draw(st.booleans()) else length for length in own) if narrow else own)
    return tuple(found)


def arrays(
    shape: Shape | st.SearchStrategy[Shape] | None = None,
    dtype: Any = np.float64,
    domain: Domain = REAL,
    place: int = 0,
    distinct: bool = False,
) -> st.SearchStrategy[Any]:
    """Arrays of values from a domain, in any memory layout; NumPy scalars for zero axes.

    Args:
        shape: a shape, or a strategy of shapes; any small one by default.
        dtype: the dtype: floating, integer (from -3 to 3) or boolean.
        domain: where floating values may lie.
        place: which input of an operation they are for, as in :func:`values`.
        distinct: whether no value may occur twice; at most some fifty elements then.

    Returns:
        A strategy of arrays.
    """
    wanted = np.dtype(dtype)
    if wanted.kind == "f":
        elements: Any = st.sampled_from(values(domain, wanted, place).tolist())
    else:
        elements = st.booleans() if wanted.kind == "b" else st.integers(0 if wanted.kind == "u" else -3, 3)

    @st.composite
    def draw_array(draw: st.DrawFn) -> Any:
        length = shape if isinstance(shape, tuple) else draw(shapes() if shape is None else shape)
        array = draw(hnp.arrays(wanted, length, elements=elements, fill=st.nothing(), unique=distinct))
        if array.ndim == 0:
            return array[()]
        layout = draw(st.sampled_from(list(LAYOUTS)))
        return array if distinct and layout == "zero strides" else LAYOUTS[layout](array)

    return draw_array()


def tensors(
    shapes: Shape | st.SearchStrategy[Shape] | None = None,
    dtype: Any = np.float64,
    domain: Domain = REAL,
    requires_grad: bool = False,
    distinct: bool = False,
) -> st.SearchStrategy[Tensor]:
    """Leaf Tensors of values from a domain, in any memory layout.

    Args:
        shapes: a shape, or a strategy of shapes; any small one by default.
        dtype: the dtype, as for :func:`arrays`.
        domain: where floating values may lie.
        requires_grad: whether the tensors collect gradients.
        distinct: whether no value may occur twice in a tensor.

    Returns:
        A strategy of Tensors.

    Example:
        >>> from hypothesis import given
        >>> @given(tensors(dtype=np.float32))
        ... def any_tensor(x):
        ...     assert (-x).shape == x.shape
        >>> any_tensor()
    """
    drawn = arrays(shapes, dtype, domain, distinct=distinct).map(from_array)
    return drawn.map(lambda tensor: tensor.requires_grad_()) if requires_grad else drawn


def operands(
    domains: Sequence[Domain], params: st.SearchStrategy[dict[str, Any]] | None = None
) -> st.SearchStrategy[Arguments]:
    """Cases of an elementwise operation: an array per domain, of shapes that broadcast.

    Args:
        domains: where each input may lie.
        params: a strategy of its other arguments, if it takes any.

    Returns:
        A strategy of pairs ``(inputs, params)``, as :func:`autograd_core.testing.laws.check` takes them.
    """

    @st.composite
    def draw_case(draw: st.DrawFn) -> Arguments:
        lengths = draw(broadcastable_shapes(len(domains)))
        inputs = tuple(
            draw(arrays(length, domain=domain, place=place))
            for place, (length, domain) in enumerate(zip(lengths, domains, strict=True))
        )
        return inputs, draw(params) if params is not None else {}

    return draw_case()


def for_all(strategy: st.SearchStrategy[Any], holds: Any, examples: int, pass_over: Any = ()) -> None:
    """Call a function with values drawn from a strategy; the first that fails is shrunk and raised.

    Args:
        strategy: where the values come from.
        holds: takes a value and raises where something does not hold.
        examples: how many values to draw.
        pass_over: exceptions that only say that a value is not fit.
    """

    phases = (hypothesis.Phase.generate, hypothesis.Phase.shrink)

    @hypothesis.settings(max_examples=examples, deadline=None, database=None, phases=phases)
    @hypothesis.given(strategy)
    def each(value: Any) -> None:
        try:
            holds(value)
        except pass_over:
            hypothesis.reject()

    each()
