"""Laws that every differentiable operation obeys, and :func:`check`, which runs them.

A law is a function of a :class:`~autograd_core.testing.case.Case`: an operation with one set of arguments.
It returns None where it holds or does not apply, and raises AssertionError where it is broken.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..backward import propagate
from ..node import Graph, Node, Spec
from ..rules import Domain, Op
from ..tensor import Tensor, from_array, to_array
from ..transforms import jvp
from ..tree import leaves
from .case import Arrays, Case, Run, assert_close, is_float, pattern
from .gradients import check_grads
from .layouts import LAYOUTS
from .numeric import KinkError

Law = Callable[[Case], None]
FLOATS = (np.float16, np.float32, np.float64)
SPECIAL = (0.0, -0.0, 1.0, -2.0, 0.5, 1e-300, 1e300, -1e300, np.inf, -np.inf, np.nan)


def _tensors(arrays: Arrays) -> list[Tensor]:
    return [from_array(to_array(array)) for array in arrays]


def _pushed(case: Case, tangents: Arrays) -> list[Tensor]:
    """The changes of the float results when the float inputs change."""
    fixed = _tensors(case.inputs)
    primals = tuple(fixed[i] for i in case.moving)
    changes = tuple(from_array(np.asarray(t)[()]) for t in tangents)
    found: list[Tensor] = jvp(lambda *xs: case.outputs(*case.filled(xs, fixed)), primals, changes)[1]
    return found


def equals_numpy(case: Case) -> None:
    """The values, shapes and kinds of dtype are those of the float64 reference."""
    if case.reference is None:
        return
    found = leaves(case(*_tensors(case.inputs)))
    expected = [np.asarray(y) for y in leaves(case.reference(*case.inputs, **case.params))]
    if len(found) != len(expected):
        raise AssertionError(f"expected {len(expected)} results, found {len(found)}")
    for y, right in zip(found, expected, strict=True):
        if y.dtype.kind != right.dtype.kind:
            raise AssertionError(f"the result: expected dtype {right.dtype}, found {y.dtype}")
        assert_close(y.array, right, "the result", y.dtype if is_float(y) else np.float64)


def special_values(case: Case) -> None:
    """An elementwise operation treats zeros, huge numbers, infinities and NaN as the reference does."""
    if case.reference is None or not case.elementwise:
        return
    grid = np.meshgrid(*[SPECIAL] * len(case.inputs), indexing="ij")
    with np.errstate(all="ignore"):
        expected = case.reference(*(part.copy() for part in grid), **case.params)
        found = case(*map(from_array, grid)).array
    assert_close(found, expected, f"the result on each of {SPECIAL}", size=1e-280)


def numeric_derivative(case: Case) -> None:
    """Both modes give what differences of values give."""
    _check_order(case, 1)


def second_order(case: Case) -> None:
    """Both modes over both modes give what differences of first derivatives give."""
    _check_order(case, 2)


def _check_order(case: Case, order: int) -> None:
    run = Run(case)
    if case.constant and any(y.requires_grad for y in run.outputs):
        raise AssertionError("an operation declared constant gives a result that requires grad")
    if run.variables and run.outputs and not case.constant:
        check_grads(lambda *inputs: case(*inputs), case.inputs, order)


def adjoint(case: Case) -> None:
    """Forward and reverse mode are transposes of each other: ⟨J u, v⟩ = ⟨u, Jᵀ v⟩."""
    run = Run(case)
    if not run.variables or not run.outputs:
        return
    steps = [pattern(x.shape, 7 * i) for i, x in enumerate(run.variables)]
    here = [np.ravel(change.array * pattern(change.shape)) for change in _pushed(case, steps)]
    there = [np.ravel(g.array * step) for g, step in zip(run.pull(), steps, strict=True)]
    forward, reverse = np.concatenate(here), np.concatenate(there)
    size = max(1.0, float(np.sum(np.abs(forward)) + np.sum(np.abs(reverse))))
    assert_close(
        np.sum(reverse), np.sum(forward), "⟨u, Jᵀ v⟩ by reverse mode against ⟨J u, v⟩ by forward mode", size=size
    )


def broadcasting(case: Case) -> None:
    """Inputs that broadcast count as if repeated, and their gradients are summed over the repeats."""
    full = case.spread() if len(case.domains) > 1 else []
    for place, array in enumerate(full):
        for what, narrow in {"(3,)": array[0], "(1, 3)": array[:1], "(2, 1)": array[:, :1], "()": array[0, 0]}.items():
            inputs, repeated = list(full), list(full)
            inputs[place], repeated[place] = narrow, np.broadcast_to(narrow, array.shape).copy()
            run, whole = Run(case, inputs), Run(case, repeated)
            shown = f"with input {place} of shape {what} beside (2, 3)"
            assert_close(run.outputs[0].array, whole.outputs[0].array, f"the result {shown}")
            for i, (g, right) in enumerate(zip(run.pull(), whole.pull(), strict=True)):
                assert_close(g.array, _summed(right.array, np.shape(inputs[i])), f"the gradient of input {i} {shown}")


def _summed(array: Any, shape: tuple[int, ...]) -> Any:
    """The sum over the axes along which ``shape`` was broadcast."""
    while np.ndim(array) > len(shape):
        array = array.sum(axis=0)
    for axis, length in enumerate(shape):
        if length != array.shape[axis]:
            array = array.sum(axis=axis, keepdims=True)
    return array


def leaves_inputs_alone(case: Case) -> None:
    """Neither mode writes into the inputs, the parameters, the result or what it is handed."""
    case = case._replace(inputs=tuple(np.array(array)[()] for array in case.inputs))
    run = Run(case)
    watched = {
        "an input": list(case.inputs),
        "a parameter": [value for value in leaves(case.params) if isinstance(value, np.ndarray)],
        "the result": [y.array for y in run.outputs],
        "the gradient handed to it": [pattern(y.shape).astype(y.dtype) for y in run.outputs],
        "the change handed to it": [pattern(x.shape).astype(x.dtype) for x in run.variables],
    }
    before = {what: [np.copy(array) for array in arrays] for what, arrays in watched.items()}
    run.pull(watched["the gradient handed to it"])
    if run.outputs and run.variables:
        _pushed(case, watched["the change handed to it"])
    for what, arrays in watched.items():
        for now, old in zip(arrays, before[what], strict=True):
            if np.asarray(now).tobytes() != old.tobytes():
                raise AssertionError(f"{what} was written to: it was {old}, it is {now}")


def keeps_dtypes(case: Case) -> None:
    """Results have the inputs' common float dtype, gradients the dtype and shape of what they belong to.

    An integer or boolean beside a float does not widen it, and no step on the way back computes in another dtype.
    """
    places = case.moving
    if not places or case.constant:
        return
    for dtype in FLOATS:
        same = case.cast([dtype] * len(places))
        _check_dtypes(case, same, _numpys_dtype(case, same, dtype), dtype)
    for place in places if len(places) > 1 else ():
        mixed = case.cast([np.float16 if i == place else np.float32 for i in places])
        _check_dtypes(case, mixed, _numpys_dtype(case, mixed, np.float32), np.float16)
    for place in places if len(places) > 1 and case.elementwise else ():
        for other in (np.int64, np.int8, np.uint8, np.bool_):
            whole = _whole(case.domains[place], np.shape(case.inputs[place]), other)
            if whole is not None:
                single = case.cast([np.float32] * len(places))
                single[place] = whole
                _check_dtypes(case, single, np.float32, np.float32)


def python_numbers(case: Case) -> None:
    """A Python number beside a tensor counts as a constant of the tensor's dtype, for arrays and for 0-d."""
    full = case.spread() if len(case.domains) > 1 else []
    for place, domain in enumerate(case.domains if full else ()):
        for number in (1, 2, True, 1.0, 0.5, -1.5):
            if not domain.low < number < domain.high or number in domain.kinks:
                continue

            def fixed(*xs: Any, place: int = place, number: Any = number, **params: Any) -> Any:
                return case.function(*xs[:place], number, *xs[place:], **params)

            others = [array for i, array in enumerate(full) if i != place]
            for inputs in (others, [array[0, 0] for array in others]):
                one = Case(fixed, tuple(inputs), case.params)
                for dtype in FLOATS:
                    _check_dtypes(one, one.cast([dtype] * len(others)), dtype, dtype)


def _numpys_dtype(case: Case, inputs: Arrays, otherwise: Any) -> Any:
    """The float dtype that the reference gives: NumPy has the same rules as long as all are floats."""
    results = [] if case.reference is None else leaves(case.reference(*inputs, **case.params))
    return next((np.asarray(y).dtype for y in results if is_float(y)), otherwise)


def _whole(domain: Domain, shape: tuple[int, ...], dtype: Any) -> Any:
    """An array of ones, or twos, whichever lie in a domain."""
    for number in (1,) if dtype is np.bool_ else (1, 2):
        if domain.low < number < domain.high and number not in domain.kinks:
            return np.full(shape, number, dtype)[()]
    return None


def _check_dtypes(case: Case, inputs: Arrays, expected: Any, precision: Any) -> None:
    """Results and gradients for inputs of certain dtypes, against those in float64 of the same numbers."""
    run = Run(case, inputs)
    exact = Run(case, case.cast([np.float64] * len(run.variables), inputs))
    shown = f"of {', '.join(str(np.asarray(array).dtype) for array in inputs)}"
    for y, right in zip(run.outputs, exact.outputs, strict=True):
        if y.dtype != expected:
            raise AssertionError(f"the result {shown}: expected {np.dtype(expected)}, found {y.dtype}")
        assert_close(y.array, right.array, f"the result {shown}", precision)
    for x, g, right in zip(run.variables, run.pull(), exact.pull(), strict=True):
        if g.dtype != x.dtype or g.shape != x.shape:
            raise AssertionError(f"a gradient {shown}: expected {x.dtype} {x.shape}, found {g.dtype} {g.shape}")
        assert_close(g.array, right.array, f"a gradient {shown}", precision)
    if len({tensor.dtype for tensor in (*run.variables, *run.outputs)}) == 1:
        _check_steps(run, shown)


def _check_steps(run: Run, shown: str) -> None:
    """Every gradient on the way, before it is cast for the user, has the dtype of what it belongs to."""
    leaf_dtypes = {x.node: x.dtype for x in run.variables}
    for y in run.outputs:
        arrived: dict[Node, Any] = {}
        if y.node is not None:
            propagate({y.node: np.ones(y.shape, y.dtype)[()]}, retain_graph=True, keep=arrived)
        for node, g in arrived.items():
            dtype = leaf_dtypes[node] if node.op is None else node.saved[0].dtype
            if g.dtype != dtype:
                raise AssertionError(
                    f"the gradient that arrives at {node.name}, {shown}: expected {dtype}, found {g.dtype}"
                )


def scalars_and_empties(case: Case) -> None:
    """An elementwise operation takes 0-d and empty inputs, and its gradients have their shapes."""
    if not case.elementwise:
        return
    few = [np.ravel(array)[:1] for array in case.inputs]
    if all(array.size for array in few):
        number, row = Run(case, [array[0] for array in few]), Run(case, few)
        found = [*number.outputs, *number.pull([pattern((1,))[0]])]
        for y, right in zip(found, [*row.outputs, *row.pull()], strict=True):
            assert_close(y.array, right.array[0], "a 0-d result or gradient")
    for shape in ((0,), (2, 0, 3)):
        empty = Run(case, [np.zeros(shape) for _ in case.inputs])
        for y in (*empty.outputs, *empty.pull()):
            if y.shape != shape:
                raise AssertionError(f"a result or gradient of empty inputs: expected shape {shape}, found {y.shape}")


def memory_layouts(case: Case) -> None:
    """Strides, order, alignment and writability of the inputs and of what is pulled back do not matter."""
    for name, lay in LAYOUTS.items():
        if name == "zero strides" and not case.elementwise:
            continue  # it makes elements equal, and extremes of equal elements are kinks
        arrays = case.spread() if case.elementwise else case.inputs
        views = [lay(array) if np.ndim(array) else array for array in arrays]
        laid, plain = Run(case, views), Run(case, [np.array(view, order="C")[()] for view in views])
        for y, right in zip(laid.outputs, plain.outputs, strict=True):
            assert_close(y.array, right.array, f"the result with {name}")
        given = [lay(pattern(y.shape)) if y.ndim else pattern(()) for y in laid.outputs]
        for g, right in zip(laid.pull(given), plain.pull([np.array(u, order="C") for u in given]), strict=True):
            assert_close(g.array, right.array, f"a gradient with {name}")


def keeps_what_rules_need(case: Case) -> None:
    """Rules use no values but those that the graph keeps for them when arrays are large."""
    expected, run = Run(case).pull(), Run(case)
    for node in Graph(y.node for y in run.outputs if y.node is not None):
        if node.op is not None and not node.op.variadic:
            asked = (need for need, parent in zip(node.op.needs, node.inputs, strict=True) if parent is not None)
            kept = frozenset[int]().union(*asked)
            node.saved = tuple(v if i in kept else Spec(v.shape, v.dtype) for i, v in enumerate(node.saved))
    for g, right in zip(run.pull(), expected, strict=True):
        assert_close(g.array, right.array, "a gradient without the values that no rule asked for")


LAWS: tuple[Law, ...] = (
    equals_numpy,
    special_values,
    numeric_derivative,
    second_order,
    adjoint,
    broadcasting,
    leaves_inputs_alone,
    keeps_dtypes,
    python_numbers,
    scalars_and_empties,
    memory_layouts,
    keeps_what_rules_need,
)
"""All of them."""


def check(
    function: Any,
    cases: Any = None,
    *,
    reference: Callable[..., Any] | None = None,
    laws: Sequence[Law] = LAWS,
    examples: int = 20,
) -> None:
    """Run an operation through the laws; silent if all hold.

    Args:
        function: a public function made by :mod:`autograd_core.rules`, its :class:`~autograd_core.rules.Op`,
            or any function of Tensors.
        cases: what to call it with: a list of ``(inputs, params)``, a tuple of arrays and a dict of keyword
            arguments; or a hypothesis strategy of such pairs. An elementwise operation needs none, they
            are drawn from its domains.
        reference: the same in NumPy, in float64.
        laws: the laws to run.
        examples: how many cases to draw from a strategy.

    Raises:
        AssertionError: a law is broken; a note names the law and the arguments.
        LookupError: there are no cases, or the list is empty.
        KinkError: the operation is not smooth where its domain, or a case, says it is.

    Example:
        >>> import numpy as np
        >>> from autograd_core.rules import elementwise
        >>> from autograd_core.testing import laws
        >>> softplus = elementwise(lambda x: np.log1p(np.exp(x)), lambda y, x: 1 - np.exp(-y), name="my_softplus")
        >>> laws.check(softplus, reference=lambda x: np.logaddexp(x, 0), laws=[laws.equals_numpy, laws.second_order])
    """
    op = function if isinstance(function, Op) else getattr(function, "op", None)
    if isinstance(function, Op):
        function = function.function
    if cases is None and op is not None:
        from .cases import cases_of

        cases = cases_of(op)
    if cases is None:
        raise LookupError(f"no cases for {getattr(function, '__name__', function)}: pass a list of (inputs, params)")

    def holds(arguments: tuple[tuple[Any, ...], dict[str, Any]]) -> None:
        case = Case(function, *arguments, reference, op)
        for law in laws:
            try:
                law(case)
            except Exception as error:
                error.add_note(f"law {law.__name__}: {law.__doc__}\nof {function.__name__} with {arguments}")
                raise

    if isinstance(cases, (list, tuple)):
        if not cases:
            raise LookupError("an empty list of cases proves nothing")
        for arguments in cases:
            holds(arguments)
        return
    from .strategies import for_all

    for_all(cases, holds, examples, KinkError if op is not None and op.kink else ())
