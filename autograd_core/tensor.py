"""Tensor: an array, and the node that made it. Operators and methods come from the op table.

Arrays are values: nothing here or in the ops writes into an array that a graph may hold. In-place
syntax gives the Tensor another array (and node); what was recorded before keeps the old one.
Zero-dimensional tensors hold NumPy scalars, which compute an order of magnitude faster than
zero-dimensional arrays.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from .methods import Methods
from .modes import MODE
from .node import Node, leaf

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = [
    "Tensor",
    "get_default_dtype",
    "set_default_dtype",
]

F = TypeVar("F", bound=Callable[..., Any])

_default_dtype: np.dtype[Any] = np.dtype(np.float32)


def set_default_dtype(dtype: Any) -> None:
    """Choose the dtype of tensors made from Python floats, and of parameters.

    Args:
        dtype: a floating dtype: ``np.float16``, ``np.float32`` or ``np.float64``.

    Raises:
        TypeError: the dtype is not a floating one.

    Example:
        >>> import autograd_core as ag
        >>> ag.set_default_dtype(np.float64)
        >>> ag.tensor(1.0).dtype
        dtype('float64')
        >>> ag.set_default_dtype(np.float32)
    """
    global _default_dtype
    chosen = np.dtype(dtype)
    if chosen.kind != "f":
        raise TypeError(f"the default dtype must be a floating one, got {chosen}: use np.float32 or np.float64")
    _default_dtype = chosen


def get_default_dtype() -> np.dtype[Any]:
    """The dtype of tensors made from Python floats.

    Returns:
        ``float32`` unless :func:`set_default_dtype` chose another.

    Example:
        >>> import autograd_core as ag
        >>> ag.get_default_dtype()
        dtype('float32')
    """
    return _default_dtype


class Tensor(Methods):
    """An array that remembers how it was computed.

    Make one with :func:`autograd_core.tensor`, which copies. Methods and operators are those of
    PyTorch and NumPy; ``axis``/``keepdims`` and ``dim``/``keepdim`` mean the same.

    Args:
        data: numbers, nested lists of numbers, an array, or another Tensor; copied.
        dtype: the dtype wanted; by default an array keeps its own and Python floats get the
            default dtype.
        requires_grad: whether gradients are collected here. Only for floating dtypes.

    Raises:
        TypeError: the data are not numbers, or gradients are asked for of a non-float.

    Example:
        >>> import autograd_core as ag
        >>> x = ag.Tensor([1.0, 2.0], requires_grad=True)
        >>> (x * x).sum().backward()
        >>> x.grad
        tensor([2., 4.])
    """

    __slots__ = ("__weakref__", "_frozen", "_owner", "array", "node")

    array: Any  # an ndarray, or a NumPy scalar if zero-dimensional
    node: Node | None
    _frozen: Node  # the node of a leaf that does not require grad for now; seldom set
    _owner: Tensor  # whose .data this is; seldom set

    def __init__(self, data: Any, dtype: Any = None, requires_grad: bool = False) -> None:
        self.array = to_array(data, dtype, copy=True)
        self.node = None
        if requires_grad:
            self.requires_grad_()

    # What it is

    @property
    def shape(self) -> tuple[int, ...]:
        return self.array.shape  # type: ignore[no-any-return]

    @property
    def ndim(self) -> int:
        return self.array.ndim  # type: ignore[no-any-return]

    @property
    def dtype(self) -> np.dtype[Any]:
        return self.array.dtype  # type: ignore[no-any-return]

    @property
    def nbytes(self) -> int:
        return self.array.nbytes  # type: ignore[no-any-return]

    @property
    def itemsize(self) -> int:
        return self.array.itemsize  # type: ignore[no-any-return]

    def size(self, dim: int | None = None) -> Any:
        """The shape, or the length of one axis, as in PyTorch; NumPy's ``size`` is :meth:`numel`."""
        if dim is None:
            return self.array.shape
        if not -self.ndim <= dim < self.ndim:
            raise IndexError(f"there is no axis {dim} in the shape {self.shape}")
        return self.array.shape[dim]

    def numel(self) -> int:
        """The number of elements."""
        return self.array.size  # type: ignore[no-any-return]

    nelement = numel

    def is_floating_point(self) -> bool:
        """Whether the elements are floats."""
        return self.array.dtype.kind == "f"  # type: ignore[no-any-return]

    def dim(self) -> int:
        """The number of axes."""
        return self.array.ndim  # type: ignore[no-any-return]

    def __len__(self) -> int:
        if not self.array.ndim:
            raise TypeError("len() of a 0-d tensor")
        return len(self.array)

    def __repr__(self) -> str:
        array = self.array
        if array.ndim == 0:
            body = str(array)
            if array.dtype.kind == "f":
                body = np.array2string(np.asarray(array), floatmode="maxprec", precision=4)
        else:
            body = np.array2string(array, separator=", ", prefix="tensor(", precision=4, threshold=200)
        extra = ""
        if array.size == 0 and array.shape != (0,):
            extra += f", shape={array.shape}"
        if array.dtype not in (_default_dtype, np.dtype(np.int64), np.dtype(np.bool_)):
            extra += f", dtype={array.dtype}"
        if self.node is not None:
            extra += f", grad_fn=<{self.node.name}>" if self.node.op is not None else ", requires_grad=True"
        return f"tensor({body}{extra})"

    __hash__ = object.__hash__

    # Its place in the graph

    @property
    def requires_grad(self) -> bool:
        """Whether a backward pass brings a gradient here."""
        return self.node is not None

    @requires_grad.setter
    def requires_grad(self, value: bool) -> None:
        self.requires_grad_(value)

    def requires_grad_(self, requires_grad: bool = True) -> Tensor:
        """Collect gradients here, or stop doing so; only a leaf can be changed."""
        if not requires_grad:
            if not self.is_leaf:
                raise RuntimeError("only a leaf can stop requiring grad, this tensor was computed: use t.detach()")
            if self.node is not None:
                self._frozen, self.node = self.node, None
        elif self.node is None:
            if self.array.dtype.kind != "f":
                raise TypeError(
                    f"only floating tensors can require grad, got {self.array.dtype}: convert with t.float() first"
                )
            self.node = self._gradient_node()
        return self

    def _gradient_node(self) -> Node:
        """The node where the gradient is kept: also of a leaf that does not require grad, for when it will again."""
        if self.node is not None:
            return self.node
        frozen = getattr(self, "_frozen", None)
        if frozen is None or frozen.shape != self.shape or frozen.observer.dtype != self.dtype:
            frozen = self._frozen = leaf(self.array.shape, self.array.dtype)
        return frozen

    @property
    def is_leaf(self) -> bool:
        """Whether no recorded operation made this tensor."""
        return self.node is None or self.node.op is None

    @property
    def grad_fn(self) -> Node | None:
        """The node of the operation that made this tensor; None for a leaf."""
        return None if self.is_leaf else self.node

    @property
    def grad(self) -> Tensor | None:
        """The gradient collected here: on leaves, and where :meth:`retain_grad` asked."""
        node = self.node
        if node is None:
            node = getattr(self, "_frozen", None)
        return None if node is None or node.observer is None else node.observer.grad

    @grad.setter
    def grad(self, value: Tensor | None) -> None:
        if value is None:
            if self.grad is not None:
                self._gradient_node().observe(self.dtype).grad = None
            return
        if not isinstance(value, Tensor):
            raise TypeError(f"grad must be a Tensor or None, got {type(value).__name__}: use ag.tensor(...)")
        if value.shape != self.shape:
            raise ValueError(f"grad must have the tensor's shape {self.shape}, got {value.shape}")
        if self.dtype.kind != "f":
            raise TypeError(f"only floating tensors can have a gradient, got {self.dtype}")
        value = value if value.dtype == self.dtype else from_array(value.array.astype(self.dtype))
        self._gradient_node().observe(self.dtype).grad = value

    @property
    def retains_grad(self) -> bool:
        """Whether a computed tensor was asked to keep its gradient."""
        return not self.is_leaf and self.node is not None and bool(self.node.observer and self.node.observer.retain)

    def retain_grad(self) -> None:
        """Keep the gradient of this computed tensor in ``.grad`` too; on a leaf it is kept anyway."""
        self._needed_node("retain_grad").observe(self.dtype).retain = True

    def register_hook(self, hook: Callable[[Tensor], Tensor | None]) -> Handle:
        """Call ``hook(gradient)`` in each backward pass; what it returns replaces the gradient.

        Args:
            hook: takes the gradient as a Tensor; must not change it, may return another.

        Returns:
            A handle whose ``remove()`` takes the hook away again.

        Example:
            >>> import autograd_core as ag
            >>> x = ag.tensor(3.0, requires_grad=True)
            >>> handle = x.register_hook(lambda g: g * 10)
            >>> (x * x).backward()
            >>> x.grad
            tensor(60.)
        """
        if not callable(hook):
            raise TypeError(f"a hook is a function of the gradient, got {type(hook).__name__}")
        hooks = self._needed_node("register_hook").observe(self.dtype).hooks
        return Handle(hooks, hook)

    @property
    def name(self) -> str | None:
        """A name for pictures and messages; any tensor that requires grad can be given one."""
        return None if self.node is None or self.node.observer is None else self.node.observer.name

    @name.setter
    def name(self, value: str | None) -> None:
        self._needed_node("name").observe(self.dtype).name = value

    def _needed_node(self, what: str) -> Node:
        if self.node is None:
            raise RuntimeError(f"{what} needs a tensor that requires grad: call t.requires_grad_() first")
        return self.node

    def detach(self) -> Tensor:
        """The same values, outside the graph."""
        return from_array(self.array)

    def detach_(self) -> Tensor:
        """Take this tensor itself out of the graph."""
        self.node = None
        return self

    @property
    def data(self) -> Tensor:
        """The values outside the graph, as in PyTorch; assigning or changing in place replaces them unrecorded."""
        view = from_array(self.array)
        view._owner = self
        return view

    @data.setter
    def data(self, value: Any) -> None:
        array = value.array if isinstance(value, Tensor) else to_array(value, copy=True)
        if self.node is not None and (array.shape != self.shape or array.dtype != self.dtype):
            raise ValueError(
                f"data of a tensor that requires grad must keep its shape and dtype {self.shape} "
                f"{self.dtype}, got {array.shape} {array.dtype}: make a new tensor instead"
            )
        self.array = array

    def rebind(self, result: Tensor, what: str, reshaping: bool = False) -> Tensor:
        """Let this object be ``result`` from now on: how every in-place form works.

        Args:
            result: what it becomes.
            what: the form, for messages.
            reshaping: whether the shape may change, as that of ``t.squeeze_()``.

        Raises:
            RuntimeError: this is a leaf that requires grad and operations are being recorded; or it requires grad,
                they are not, and the shape changes.
            ValueError: the result has another shape.
            TypeError: the result can't be cast to this tensor's dtype.
        """
        recording = MODE.get().grad
        if recording and self.is_leaf and self.node is not None and self.node.observer and self.node.observer.retain:
            raise RuntimeError(
                f"{what} would change a leaf that requires grad, and its gradient would be lost: "
                "do it inside `with ag.no_grad():`, or on a copy"
            )
        if result.shape != self.shape and not reshaping:
            raise ValueError(
                f"{what} can't change the shape from {self.shape} to {result.shape}: assign to a name instead"
            )
        if result.shape != self.shape and self.node is not None and not recording:
            raise RuntimeError(
                f"{what} can't change the shape of a tensor that requires grad while nothing is recorded: "
                "assign to a name instead"
            )
        if result.dtype != self.dtype:
            if not np.can_cast(result.dtype, self.dtype, "same_kind"):
                raise TypeError(
                    f"{what} can't put {result.dtype} into a {self.dtype} tensor: convert one of them first"
                )
            result = result.to(self.dtype)
        owner = getattr(self, "_owner", None)
        if owner is not None and not reshaping:  # .data may have another shape than its tensor
            if owner.array is not self.array:
                raise RuntimeError(
                    f"{what} on .data that is out of date: the tensor has changed since, take .data again"
                )
            owner.array = result.array
        self.array = result.array
        if recording:
            self.node = result.node
        return self

    # Out to Python and NumPy

    def numpy(self, *, force: bool = False) -> NDArray[Any]:
        """The values as an array that can't be written to: a recorded graph may hold it.

        Args:
            force: also if the tensor requires grad, whose gradient is lost.

        Raises:
            RuntimeError: the tensor requires grad; use ``t.detach().numpy()``.
        """
        if self.node is not None and not force:
            raise RuntimeError(
                "a tensor that requires grad does not turn into an array by itself, "
                "the gradient would be lost: use t.detach().numpy()"
            )
        view: NDArray[Any] = np.asarray(self.array).view()
        view.flags.writeable = False
        return view

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        view = self.numpy()
        if dtype is not None and np.dtype(dtype) != view.dtype:
            if copy is False:
                raise ValueError(f"a copy is needed to turn {view.dtype} into {np.dtype(dtype)}")
            return view.astype(dtype)
        return view.copy() if copy else view

    def item(self) -> Any:
        """The value of a one-element tensor as a Python number."""
        if self.array.size != 1:
            raise ValueError(f"item() needs exactly one element, got shape {self.shape}: use tolist()")
        return self.array.item()

    def tolist(self) -> Any:
        """The values as nested lists of Python numbers."""
        return self.array.tolist()

    def __float__(self) -> float:
        return float(self.item())

    def __int__(self) -> int:
        return int(self.item())

    def __complex__(self) -> complex:
        return complex(self.item())

    def __bool__(self) -> bool:
        if self.array.size != 1:
            raise ValueError(f"the truth of a tensor of shape {self.shape} is ambiguous: use t.any() or t.all()")
        return bool(self.array)

    def __index__(self) -> int:
        if self.array.dtype.kind not in "iub" or self.array.size != 1:
            raise TypeError(
                f"only a one-element integer tensor can be an index, got {self.dtype} of shape {self.shape}"
            )
        return int(self.item())

    def __format__(self, spec: str) -> str:
        return format(self.item(), spec) if spec and self.array.size == 1 else format(repr(self), spec)

    def __copy__(self) -> Tensor:
        twin = object.__new__(type(self))
        twin.__setstate__(self.__getstate__())
        return twin

    def __deepcopy__(self, memo: dict[int, Any]) -> Tensor:
        twin = self.__copy__()
        memo[id(self)] = twin
        return twin

    def __getstate__(self) -> Any:
        if not self.is_leaf:
            raise RuntimeError("only a leaf can be copied or pickled, this tensor was computed: use t.detach()")
        grad = None if self.grad is None else self.grad.array
        return {"array": self.array, "requires_grad": self.requires_grad, "name": self.name, "grad": grad}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.array = state["array"]
        self.node = None
        if state["requires_grad"]:
            self.requires_grad_()
            self.name = state["name"]
        if state["grad"] is not None:
            self.grad = from_array(state["grad"])


class Handle:
    """Takes a registered hook away again; as a context manager, at the end of the block."""

    __slots__ = ("_hooks", "_key")
    _next = 0

    def __init__(self, hooks: dict[int, Any], hook: Any) -> None:
        self._hooks = hooks
        self._key = Handle._next
        Handle._next += 1
        hooks[self._key] = hook

    def remove(self) -> None:
        """Take the hook away; a second call does nothing."""
        self._hooks.pop(self._key, None)

    def __enter__(self) -> Handle:
        return self

    def __exit__(self, *error: object) -> None:
        self.remove()


def from_array(array: Any, node: Node | None = None) -> Tensor:
    """A Tensor around an array as it stands: no copy, no check. For use inside the library."""
    tensor = object.__new__(Tensor)
    tensor.array = array
    tensor.node = node
    return tensor


def to_array(data: Any, dtype: Any = None, copy: bool = False) -> Any:
    """The array of what a user passed in: numbers, nested lists, arrays or a Tensor.

    Args:
        data: what was passed.
        dtype: the dtype wanted, or None for the data's own (Python floats: the default dtype).
        copy: whether the result must be an array of its own.

    Returns:
        An ndarray, or a NumPy scalar for zero dimensions; bool, integer or float.

    Raises:
        TypeError: the data hold something other than real numbers.
        ValueError: nested lists of unequal length.
        OverflowError: numbers do not fit into the integer dtype wanted.
    """
    if isinstance(data, Tensor):
        data = data.array
    if hasattr(data, "__array__"):  # NumPy's own, and arrays of other libraries
        array = np.asarray(data)
    else:
        array = _from_python(data, _default_dtype if dtype is None else None)
        copy = False
        if dtype is not None:
            check_range(checked(array), np.dtype(dtype))
    array = checked(checked(array).astype(array.dtype if dtype is None else dtype, copy=copy))
    return array[()] if array.ndim == 0 else array


def check_range(array: Any, dtype: np.dtype[Any]) -> None:
    """OverflowError if numbers do not fit into an integer dtype, where they would come out as others."""
    if dtype.kind not in "iu" or not array.size:
        return
    limits, low, high = np.iinfo(dtype), array.min(), array.max()
    if not (low >= limits.min and high <= limits.max):
        worst = high if low >= limits.min else low
        raise OverflowError(f"{dtype} holds whole numbers from {limits.min} to {limits.max}, got {worst}")


def checked(array: NDArray[Any]) -> NDArray[Any]:
    """The array itself, if its dtype is one that a tensor can have."""
    if array.dtype.kind not in "biuf":
        raise TypeError(f"a tensor holds booleans, integers or floats, got dtype {array.dtype}")
    return array


def _from_python(data: Any, floats: Any) -> NDArray[Any]:
    """The array of a number or nested lists; if Python's own floats, in the dtype given for them, if any."""
    kinds = _kinds(data)
    for kind in kinds:
        if issubclass(kind, Tensor):
            raise TypeError("a list of tensors is not an array: join them with ag.stack or ag.concatenate")
        if not issubclass(kind, (bool, int, float, np.generic)) and not hasattr(kind, "__array__"):
            raise TypeError(f"a tensor holds numbers, got {kind.__name__}")
    try:
        array = np.array(data)
    except ValueError as error:
        raise ValueError("nested lists must all have the same length along each axis to make a tensor") from error
    of_python = not any(issubclass(kind, np.generic) or hasattr(kind, "__array__") for kind in kinds)
    return array.astype(floats) if floats is not None and of_python and array.dtype.kind == "f" else array


_NESTED = (list, tuple, range)


def _kinds(data: Any) -> set[type]:
    """The types of what is in nested lists, level by level."""
    if not isinstance(data, _NESTED):
        return {type(data)}
    found: set[type] = set()
    level = list(data)
    while level:
        kinds = set(map(type, level))
        nested = {kind for kind in kinds if issubclass(kind, _NESTED)}
        found |= kinds - nested
        deeper = level if kinds == nested else [item for item in level if type(item) in nested]
        level = list(itertools.chain.from_iterable(deeper))
    return found


def method(function: F) -> F:
    """Make a function a method of Tensor, under its own name."""
    setattr(Tensor, function.__name__, function)
    return function
