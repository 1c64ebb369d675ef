"""How operations run right now: recording or not, inside which module, checked for NaN or not."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from contextvars import ContextVar
from types import TracebackType
from typing import Any, NamedTuple, TypeVar, overload

import numpy as np

__all__ = [
    "detect_anomaly",
    "enable_grad",
    "inference_mode",
    "is_grad_enabled",
    "no_grad",
    "set_grad_enabled",
]

F = TypeVar("F", bound=Callable[..., Any])


class Mode(NamedTuple):
    """The state every operation reads once. A context variable holds it, so each thread has its own."""

    grad: bool = True
    scope: tuple[str, ...] = ()
    anomaly: bool = False


DEFAULT = Mode()
MODE: ContextVar[Mode] = ContextVar("autograd_core.mode", default=DEFAULT)


class _Switch:
    """A context manager, also usable as a decorator, that changes one field of the Mode in force."""

    field: str

    def __init__(self) -> None:
        self._before: list[Any] = []

    def value(self, mode: Mode) -> Any:
        """What the field becomes."""
        raise NotImplementedError

    def fresh(self) -> _Switch:
        """A new switch of the same kind: a decorated function may run in several threads at once."""
        return type(self)()

    def __enter__(self) -> None:
        mode = MODE.get()
        self._before.append(getattr(mode, self.field))
        MODE.set(mode._replace(**{self.field: self.value(mode)}))

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        MODE.set(MODE.get()._replace(**{self.field: self._before.pop()}))

    def __call__(self, function: F) -> F:
        @functools.wraps(function)
        def inside(*args: Any, **kwargs: Any) -> Any:
            with self.fresh():
                return function(*args, **kwargs)

        @functools.wraps(function)
        def inside_each_step(*args: Any, **kwargs: Any) -> Any:
            steps = function(*args, **kwargs)
            resume, given = steps.send, None
            try:
                while True:
                    with self.fresh():  # not while the caller has the floor
                        item = resume(given)
                    try:
                        given = yield item
                        resume = steps.send
                    except GeneratorExit:
                        raise
                    except BaseException as error:
                        resume, given = steps.throw, error
            except StopIteration as end:
                return end.value
            finally:
                steps.close()

        @functools.wraps(function)
        async def inside_while_awaited(*args: Any, **kwargs: Any) -> Any:
            with self.fresh():
                return await function(*args, **kwargs)

        if inspect.iscoroutinefunction(function):
            return inside_while_awaited  # type: ignore[return-value]
        if inspect.isgeneratorfunction(function):
            return inside_each_step  # type: ignore[return-value]
        return inside  # type: ignore[return-value]  # functools.wraps keeps the signature


class _GradSwitch(_Switch):
    """A switch of grad mode that also decorates without parentheses: ``@no_grad``."""

    field = "grad"
    grad = False

    @overload
    def __new__(cls, function: None = None) -> _GradSwitch: ...
    @overload
    def __new__(cls, function: F) -> F: ...  # type: ignore[misc]  # as a decorator it returns the function
    def __new__(cls, function: Any = None) -> Any:
        self = object.__new__(cls)
        self._before = []
        return self if function is None else self(function)

    def __init__(self, function: None = None) -> None:
        """Everything is set by __new__, which may return the decorated function instead."""

    def value(self, mode: Mode) -> bool:
        return self.grad


class no_grad(_GradSwitch):  # noqa: N801 - PyTorch's name
    """Operations inside are not recorded: their results have ``requires_grad=False``.

    Use it as ``with no_grad():``, or as a decorator. It holds for the current thread only.

    Example:
        >>> import autograd_core as ag
        >>> x = ag.tensor(2.0, requires_grad=True)
        >>> with ag.no_grad():
        ...     y = x * x
        >>> y.requires_grad
        False
    """


class enable_grad(_GradSwitch):  # noqa: N801
    """Operations inside are recorded, also within :class:`no_grad`.

    Example:
        >>> import autograd_core as ag
        >>> x = ag.tensor(2.0, requires_grad=True)
        >>> with ag.no_grad(), ag.enable_grad():
        ...     y = x * x
        >>> y.requires_grad
        True
    """

    grad = True


class inference_mode(_GradSwitch):  # noqa: N801
    """The same as :class:`no_grad`, by the name that PyTorch has for running models; it knows no quicker way here.

    Args:
        mode: False records again within another one.

    Example:
        >>> import autograd_core as ag
        >>> x = ag.tensor(2.0, requires_grad=True)
        >>> with ag.inference_mode():
        ...     y = x * x
        >>> y.requires_grad
        False
    """

    @overload
    def __new__(cls, mode: bool = True) -> inference_mode: ...
    @overload
    def __new__(cls, mode: F) -> F: ...  # type: ignore[misc]  # as a decorator it returns the function
    def __new__(cls, mode: Any = True) -> Any:
        self: Any = super().__new__(cls)
        self.grad = mode is False
        return self if isinstance(mode, bool) else self(mode)

    def __init__(self, mode: Any = True) -> None:
        """Everything is set by __new__, as for the others."""

    def fresh(self) -> _Switch:
        return type(self)(not self.grad)


class set_grad_enabled(_Switch):  # noqa: N801
    """Switch recording on or off, at once, and back again when used as a context manager.

    Args:
        mode: whether operations are recorded from here on.

    Example:
        >>> import autograd_core as ag
        >>> with ag.set_grad_enabled(False):
        ...     ag.is_grad_enabled()
        False
        >>> ag.is_grad_enabled()
        True
    """

    field = "grad"

    def __init__(self, mode: bool) -> None:
        super().__init__()
        self.mode = bool(mode)
        self._entered = False
        super().__enter__()

    def fresh(self) -> _Switch:
        return recording(self.mode)

    def value(self, mode: Mode) -> bool:
        return self.mode

    def __enter__(self) -> None:
        if self._entered:  # used again; the first time it is in force since the call
            super().__enter__()
        self._entered = True

    def __call__(self, function: F) -> F:
        super().__exit__(None, None, None)  # as a decorator it holds inside the function only
        return super().__call__(function)


class recording(_Switch):  # noqa: N801
    """Operations inside are recorded or not, as told."""

    field = "grad"

    def __init__(self, grad: bool) -> None:
        super().__init__()
        self.grad = grad

    def fresh(self) -> _Switch:
        return recording(self.grad)

    def value(self, mode: Mode) -> bool:
        return self.grad


class detect_anomaly(_Switch):  # noqa: N801
    """Stop at the first NaN or infinity, forward or backward, and say which operation made it.

    The error names the operation, the module it ran in and the line of your code. Every
    result is checked, so the code inside runs slower.

    Raises:
        FloatingPointError: on the first NaN or infinity that an operation makes.

    Example:
        >>> import autograd_core as ag
        >>> with ag.detect_anomaly():
        ...     ag.log(ag.tensor(0.0, requires_grad=True))
        Traceback (most recent call last):
        FloatingPointError: log gave -inf, at ...
    """

    field = "anomaly"

    def __init__(self) -> None:
        super().__init__()
        self._silences: list[Any] = []

    def __enter__(self) -> None:
        silence = np.errstate(all="ignore")  # the error says more than NumPy's warnings would
        silence.__enter__()
        self._silences.append(silence)
        super().__enter__()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        super().__exit__(kind, error, trace)
        self._silences.pop().__exit__(kind, error, trace)

    def value(self, mode: Mode) -> bool:
        return True


class inside(_Switch):  # noqa: N801 - reads as a sentence: with inside("fc1"):
    """Operations inside belong to this module scope; pictures and error messages name it.

    Args:
        name: the module's name within its parent.
    """

    field = "scope"

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def fresh(self) -> _Switch:
        return inside(self.name)

    def value(self, mode: Mode) -> tuple[str, ...]:
        return (*mode.scope, self.name)


def is_grad_enabled() -> bool:
    """Whether operations are being recorded in this thread.

    Returns:
        True unless inside :class:`no_grad`.

    Example:
        >>> import autograd_core as ag
        >>> ag.is_grad_enabled()
        True
    """
    return MODE.get().grad
