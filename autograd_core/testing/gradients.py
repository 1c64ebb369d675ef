"""check_grads: every derivative of a function, in both modes, against differences of its values."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from ..tensor import Tensor, from_array, to_array
from ..transforms import jvp, vjp
from ..tree import leaves, rebuild
from .numeric import Floats, KinkError, Slope, slope, unit_or_random

FEW = 40
"""Up to so many elements, every single one is checked; of more, random combinations."""

ORDINALS = ("first", "second", "third", "fourth", "fifth")


def check_grads(
    f: Callable[..., Any],
    args: Any,
    order: int = 2,
    modes: Sequence[str] = ("fwd", "rev"),
    *,
    rtol: float = 1e-6,
    atol: float = 1e-10,
    eps: float = 2.0**-6,
    seed: int = 0,
) -> None:
    """Compare the derivatives of a function with differences of its values; silent if all agree.

    Everything is computed in float64. The second order is checked as the first order of what each mode
    gives: reverse over reverse, reverse over forward and so on.

    Formula:
        ∂f/∂x ≈ (f(x + h) − f(x − h)) / 2h, extrapolated to h → 0.

    Args:
        f: takes Tensors, or nested lists, tuples and dicts of them, and returns the like.
        args: its arguments, as a tuple or list: Tensors, arrays and numbers of any shape and dtype. What
            does not hold floats is handed on, not differentiated. They are copied, never written to.
        order: the highest order of derivatives to check, from 1.
        modes: ``"rev"`` checks :func:`~autograd_core.vjp`, ``"fwd"`` :func:`~autograd_core.jvp`.
        rtol: the difference allowed, relative to the derivative.
        atol: the difference allowed, relative to the output or to 1, whichever is larger.
        eps: the first step of the differences, relative to the input or to 1, whichever is larger; it is
            halved until two extrapolations agree.
        seed: fixes the random directions, taken where there are more than 40 elements.

    Raises:
        AssertionError: a derivative is wrong; says which, and what was expected and found.
        KinkError: the function has no derivative at the arguments; says for which input.
        ValueError: an argument or a result is NaN or infinite, or two calls give different results.
        TypeError: no argument or no result holds floats, or the function computes in less than float64.

    Example:
        >>> import autograd_core as ag
        >>> from autograd_core.testing import check_grads
        >>> check_grads(lambda x: ag.sin(x) * x, (ag.tensor([1.0, 2.0]),))
        >>> check_grads(lambda x: x.detach() * x, (ag.tensor([1.0, 2.0]),))
        Traceback (most recent call last):
        AssertionError: ...
    """
    if order < 1:
        raise ValueError(f"order must be at least 1, got {order}")
    if not modes or set(modes) - {"fwd", "rev"}:
        raise ValueError(f'modes are "fwd" and "rev", got {modes!r}')
    tree = tuple(args) if isinstance(args, (tuple, list)) else (args,)
    fixed = [_double(leaf) for leaf in leaves(tree)]
    moving = [place for place, leaf in enumerate(fixed) if _floats(leaf)]
    if not moving:
        raise TypeError("check_grads needs an argument that holds floats: there is nothing to differentiate")
    paths = list(_paths(tree, "args"))

    def function(*xs: Any) -> tuple[Tensor, ...]:
        filled = [Tensor(leaf) if isinstance(leaf, np.ndarray) else leaf for leaf in fixed]
        for place, x in zip(moving, xs, strict=True):
            filled[place] = x
        return _float_outputs(f(*rebuild(tree, iter(filled))))

    points = [fixed[place] for place in moving]
    for place, point in zip(moving, points, strict=True):
        _finite(point, paths[place])
    settings = _Settings(tuple(modes), rtol, atol, eps, np.random.default_rng(seed))
    with np.errstate(all="ignore"):  # differences may step over the edge of a domain
        _deterministic(function, points)
        _check(function, points, [paths[place] for place in moving], order, (), settings)


class _Settings(NamedTuple):
    modes: tuple[str, ...]
    rtol: float
    atol: float
    eps: float
    rng: np.random.Generator


class _Failure(NamedTuple):
    mode: str
    output: int | None  # its place among all output elements; None: a random combination of them
    expected: float
    found: float


# What goes in and comes out


def _double(leaf: Any) -> Any:
    """A leaf of the arguments as f gets it: floats as a read-only float64 array, other arrays copied."""
    if isinstance(leaf, (Tensor, np.ndarray, np.floating, float)):
        array = np.array(to_array(leaf))
        array = array.astype(np.float64) if array.dtype.kind == "f" else array
        array.flags.writeable = False
        return array
    return leaf


def _floats(leaf: Any) -> bool:
    return isinstance(leaf, np.ndarray) and leaf.dtype.kind == "f"


def _paths(tree: Any, path: str) -> Iterator[str]:
    """How each leaf is reached from the arguments, such as ``args[0]['w']``."""
    if isinstance(tree, (dict, list, tuple)):
        for key, value in tree.items() if isinstance(tree, dict) else enumerate(tree):
            yield from _paths(value, f"{path}[{key!r}]")
    else:
        yield path


def _float_outputs(result: Any) -> tuple[Tensor, ...]:
    outputs = [leaf if isinstance(leaf, Tensor) else from_array(to_array(leaf)) for leaf in leaves(result)]
    floats = tuple(output for output in outputs if output.dtype.kind == "f")
    if not floats:
        raise TypeError("check_grads needs a function that returns floats: there is nothing to differentiate")
    for output in floats:
        if output.dtype != np.float64:
            raise TypeError(
                f"check_grads calls the function in float64 and got {output.dtype} back: differences in less "
                "than float64 prove nothing, so leave out casts inside it"
            )
    return floats


def _element(index: int, shape: tuple[int, ...]) -> str:
    return f"[{', '.join(str(int(i)) for i in np.unravel_index(index, shape))}]" if shape else ""


def _finite(array: Any, name: str) -> None:
    bad = np.flatnonzero(~np.isfinite(array))
    if bad.size:
        place = f"{name}{_element(int(bad[0]), array.shape)}"
        raise ValueError(f"check_grads needs finite values, got {np.ravel(array)[bad[0]]} in {place}")


def _flat(tensors: Sequence[Any]) -> Floats:
    return np.concatenate([np.ravel(tensor.array) for tensor in tensors])


def _deterministic(function: Callable[..., tuple[Tensor, ...]], points: list[Any]) -> None:
    first, second = (function(*map(from_array, map(_scalar, points))) for _ in range(2))
    if not np.array_equal(_flat(first), _flat(second), equal_nan=True):
        raise ValueError("two calls with the same arguments gave different results: seed the randomness inside")


def _scalar(array: Any) -> Any:
    return array[()]


# One order of derivatives


def _check(
    function: Callable[..., tuple[Tensor, ...]],
    points: list[Any],
    names: list[str],
    order: int,
    over: tuple[str, ...],
    settings: _Settings,
) -> None:
    """Check the first derivatives of a function, then those of its derivatives."""
    level = _Level(function, points, names, over, settings)
    ways = [(place, way) for place, x in enumerate(points) for way in unit_or_random(x.shape, FEW, 6, settings.rng)]
    slopes = [level.difference(place, way) for place, way in ways]  # all kinks first: rules may give NaN there
    level.pull()
    for (place, way), numbers in zip(ways, slopes, strict=True):
        failure = level.failure(place, way, numbers)
        if failure is not None:
            raise AssertionError(level.report(place, *_narrowed(level, place, way, failure)))
    if order == 1:
        return
    count = len(points)
    for mode in settings.modes:
        if mode == "rev":
            inner, others = _pulled_back(function, count), [output.shape for output in level.outputs]
            labels = [f"the cotangent of {name}" for name in level.output_names]
        else:
            inner, others = _pushed_forward(function, count), [point.shape for point in points]
            labels = [f"the tangent of {name}" for name in names]
        extra = [np.asarray(settings.rng.uniform(0.5, 1.5, shape)) for shape in others]
        _check(inner, points + extra, names + labels, order - 1, (mode, *over), settings)


def _pulled_back(function: Callable[..., Any], count: int) -> Callable[..., tuple[Tensor, ...]]:
    return lambda *xs: vjp(function, *xs[:count])[1](xs[count:])


def _pushed_forward(function: Callable[..., Any], count: int) -> Callable[..., tuple[Tensor, ...]]:
    return lambda *xs: jvp(function, xs[:count], xs[count:])[1]


def _narrowed(level: _Level, place: int, direction: Any, failure: _Failure) -> tuple[Any, _Failure]:
    """The smallest part of a failing direction, found by halving, that still fails."""
    support = np.flatnonzero(direction)
    while len(support) > 1:
        for half in (support[: len(support) // 2], support[len(support) // 2 :]):
            part = np.zeros(direction.size)
            part[half] = 1.0
            part = part.reshape(np.shape(direction))
            smaller = level.failure(place, part, level.difference(place, part))
            if smaller is not None:
                support, direction, failure = half, part, smaller
                break
        else:
            break
    return direction, failure


class _Level:
    """A function at a point: its values, its derivatives by each mode, and its differences.

    Args:
        function: Tensors in, a tuple of float64 Tensors out.
        points: where, an array per input.
        names: of the inputs.
        over: the modes that made this function out of the user's, outermost first.
        settings: what the user chose.
    """

    def __init__(
        self,
        function: Callable[..., tuple[Tensor, ...]],
        points: list[Any],
        names: list[str],
        over: tuple[str, ...],
        settings: _Settings,
    ) -> None:
        self.function, self.points, self.names, self.over, self.settings = function, points, names, over, settings
        self.outputs = function(*self.tensors(points))
        what = "output" if not over else "derivative"
        self.output_names = [what if len(self.outputs) == 1 else f"{what} {i}" for i in range(len(self.outputs))]
        for output, name in zip(self.outputs, self.output_names, strict=True):
            _finite(output.array, name)
        self.bounds = np.cumsum([0, *(output.numel() for output in self.outputs)])
        self.pulled: list[tuple[Any, tuple[Tensor, ...]]] = []

    @staticmethod
    def tensors(arrays: Sequence[Any]) -> list[Tensor]:
        return [from_array(array[()]) for array in arrays]

    def pull(self) -> None:
        """Find what reverse mode makes of some cotangents: pairs of both, in ``self.pulled``."""
        if "rev" not in self.settings.modes:
            return
        value, pullback = vjp(self.function, *self.tensors(self.points))
        if not np.allclose(_flat(value), _flat(self.outputs), rtol=1e-9, atol=1e-12):
            raise AssertionError("the function gives other values when it is recorded than when it is not")
        for u in unit_or_random((int(self.bounds[-1]),), FEW, 3, self.settings.rng):
            parts = [
                u[a:b].reshape(output.shape)
                for a, b, output in zip(self.bounds, self.bounds[1:], self.outputs, strict=False)
            ]
            found = pullback(tuple(self.tensors(parts)))
            for x, g, name in zip(self.points, found, self.names, strict=True):
                if g.shape != x.shape or g.dtype != x.dtype:
                    raise AssertionError(self.misshaped("rev", name, g, x.shape))
            self.pulled.append((u, found))

    def push(self, place: int, direction: Any) -> Floats:
        """What forward mode says: the change of all outputs, flat."""
        tangents = [np.zeros(point.shape) for point in self.points]
        tangents[place] = np.asarray(direction)
        changes = jvp(self.function, tuple(self.tensors(self.points)), tuple(self.tensors(tangents)))[1]
        for output, change in zip(self.outputs, changes, strict=True):
            if change.shape != output.shape or change.dtype != output.dtype:
                raise AssertionError(self.misshaped("fwd", self.names[place], change, output.shape))
        return _flat(changes)

    def difference(self, place: int, direction: Any) -> Slope:
        """What differences say.

        Raises:
            KinkError: there is no derivative.
        """
        point = self.points[place]

        def along(h: float) -> Floats:
            moved = list(self.points)
            moved[place] = point + h * direction
            return _flat(self.function(*self.tensors(moved)))

        reach = float(np.max(np.abs(point[direction != 0]), initial=0.0))
        result = slope(along, reach, self.settings.eps, self.settings.rtol, self.settings.atol)
        if np.isnan(result.value).any():
            raise KinkError(self.kink(place, direction, result))
        return result

    def failure(self, place: int, direction: Any, numbers: Slope) -> _Failure | None:
        """The first disagreement with the differences along a direction in one input, or None."""
        if "fwd" in self.settings.modes:
            found = self.push(place, direction)
            wrong = np.flatnonzero(~(np.abs(found - numbers.value) <= numbers.allowed))
            if wrong.size:
                i = int(wrong[0])
                return _Failure("fwd", i, float(numbers.value[i]), float(found[i]))
        for u, gradients in self.pulled:
            expected = float(u @ numbers.value)
            got = float(np.sum(gradients[place].array * direction))
            if not abs(got - expected) <= float(np.abs(u) @ numbers.allowed):
                single = int(np.flatnonzero(u)[0]) if np.count_nonzero(u) == 1 else None
                return _Failure("rev", single, expected, got)
        return None

    # Words

    def derivative(self, mode: str) -> str:
        order = len(self.over) + 1
        ordinal = ORDINALS[order - 1] if order <= len(ORDINALS) else f"{order}th"
        words = {"fwd": "forward", "rev": "reverse"}
        return f"the {ordinal} derivative ({' over '.join(words[m] for m in (mode, *self.over))} mode)"

    def input(self, place: int, direction: Any) -> str:
        support = np.flatnonzero(direction)
        name = self.names[place]
        if len(support) == 1:
            return f"{name}{_element(int(support[0]), np.shape(direction))}"
        return f"{name} (along a random direction)" if support.size else name

    def output(self, index: int | None) -> str:
        if index is None:
            return "a random combination of the outputs"
        which = int(np.searchsorted(self.bounds, index, side="right")) - 1
        return f"{self.output_names[which]}{_element(index - int(self.bounds[which]), self.outputs[which].shape)}"

    def report(self, place: int, direction: Any, failure: _Failure) -> str:
        return (
            f"{self.derivative(failure.mode)} is wrong: of {self.output(failure.output)} with respect to "
            f"{self.input(place, direction)}, expected {failure.expected:.10g} from differences, "
            f"found {failure.found:.10g}"
        )

    def misshaped(self, mode: str, name: str, found: Tensor, shape: tuple[int, ...]) -> str:
        return (
            f"{self.derivative(mode)} is wrong: for {name}, expected shape {shape} and float64, "
            f"found shape {found.shape} and {found.dtype}"
        )

    def kink(self, place: int, direction: Any, result: Slope) -> str:
        i = int(np.flatnonzero(np.isnan(result.value))[0])
        words = {"fwd": "forward", "rev": "reverse"}
        what = "check_grads needs a point where the function is smooth"
        if self.over:
            what += f" and so is its derivative ({' over '.join(words[m] for m in self.over)} mode)"
        what += f": {self.output(i)} at {self.input(place, direction)}"
        left, right = float(result.left[i]), float(result.right[i])
        if not result.finite[i]:
            return f"{what} is at the edge of its domain, NaN or infinite right beside it. Move it inside"
        if np.isnan(left) or np.isnan(right):
            return f"{what} jumps or turns vertical. Move it away"
        return f"{what} has slope {left:.6g} from below and {right:.6g} from above. Move it off the kink"
