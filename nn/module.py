"""Module: a piece of a model, which owns parameters and computes something with them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from autograd_core import zeros_like
from autograd_core.modes import MODE, Mode

from .hooks import Hooked
from .registry import label
from .state import IncompatibleKeys, load, save, to_dtype, wanted_dtype

Self = TypeVar("Self", bound="Module")
_NOTE = "in module "


class Module(Hooked):
    """Base class of layers and models, as in PyTorch.

    A subclass calls ``super().__init__()``, assigns parameters and modules to attributes, and defines
    ``forward``. Calling the module runs ``forward``; what is computed inside carries the module's
    name, in pictures and in error messages.

    Example:
        >>> import autograd_core as ag, nn
        >>> class Scale(nn.Module):
        ...     def __init__(self):
        ...         super().__init__()
        ...         self.factor = nn.Parameter(ag.tensor(2.0))
        ...
        ...     def forward(self, x):
        ...         return self.factor * x
        >>> scale = Scale()
        >>> scale(ag.tensor([1.0, 2.0])).tolist()
        [2.0, 4.0]
        >>> [name for name, parameter in scale.named_parameters()]
        ['factor']
    """

    training: bool

    def __init__(self) -> None:
        super().__init__()
        self.training = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        token = None
        name = self._name
        if name is not None:  # the outermost module has none: paths start below it, as in a state_dict
            mode = MODE.get()
            token = MODE.set(Mode(mode.grad, (*mode.scope, name), mode.anomaly))
        try:
            if self._pre_hooks or self._hooks or self._backward_hooks:
                return self._with_hooks(args, kwargs)
            return self.forward(*args, **kwargs)
        except Exception as error:
            if not any(note.startswith(_NOTE) for note in getattr(error, "__notes__", ())):  # the innermost speaks
                error.add_note(_NOTE + self._where())
            raise
        finally:
            if token is not None:
                MODE.reset(token)

    def _where(self) -> str:
        """The class and path of this module, while it runs: ``Linear 'classifier.2'``."""
        path = ".".join(MODE.get().scope)
        return f"{self._get_name()} '{path}'" if path else self._get_name()

    # Changing everything inside

    def apply(self: Self, fn: Callable[[Module], Any]) -> Self:
        """Call a function on every module in this one, children first, then on itself.

        Returns:
            This module.

        Example:
            >>> import nn
            >>> def to_zero(module):
            ...     if isinstance(module, nn.Linear):
            ...         nn.init.zeros_(module.weight)
            >>> float(nn.Sequential(nn.Linear(2, 2)).apply(to_zero)[0].weight.abs().sum())
            0.0
        """
        for child in self.children():
            child.apply(fn)
        fn(self)
        return self

    def train(self: Self, mode: bool = True) -> Self:
        """Put this module and all in it into training mode: dropout drops, for instance.

        Raises:
            ValueError: ``mode`` is not a boolean.
        """
        if not isinstance(mode, bool):
            raise ValueError("training mode is expected to be boolean")
        for module in self.modules():
            module.training = mode
        return self

    def eval(self: Self) -> Self:
        """Put this module and all in it into evaluation mode."""
        return self.train(False)

    def requires_grad_(self: Self, requires_grad: bool = True) -> Self:
        """Collect gradients in all parameters, or in none: frozen parameters are not trained."""
        for path, parameter in self.named_parameters():
            parameter.requires_grad_(requires_grad)
            label(parameter, path)
        return self

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradients of all parameters; with ``set_to_none=False`` make them zeros."""
        for parameter in self.parameters():
            if parameter.grad is not None:
                parameter.grad = None if set_to_none else zeros_like(parameter)

    def to(self: Self, *args: Any, **kwargs: Any) -> Self:
        """Convert all floating parameters and buffers, in place.

        Args:
            args: a floating dtype, or a Tensor whose dtype to take. ``"cpu"`` changes nothing.
            kwargs: ``dtype``, ``device`` by name.

        Returns:
            This module.

        Raises:
            TypeError: what is given is no floating dtype.
            ValueError: a device other than the CPU is asked for.
        """
        dtype = wanted_dtype(args, kwargs)
        if dtype is not None:
            for tensor in (*self.parameters(), *self.buffers()):
                to_dtype(tensor, dtype)
        return self

    def cpu(self: Self) -> Self:
        """This module: there is no other memory than the CPU's."""
        return self

    def cuda(self: Self, device: Any = None) -> Self:
        """ValueError: there is no GPU here."""
        return self.to("cuda")

    def type(self: Self, dst_type: Any) -> Self:
        """Convert all floating parameters and buffers to a dtype."""
        return self.to(dst_type)

    def float(self: Self) -> Self:
        """Convert all floating parameters and buffers to float32."""
        return self.to("float32")

    def double(self: Self) -> Self:
        """Convert all floating parameters and buffers to float64."""
        return self.to("float64")

    def half(self: Self) -> Self:
        """Convert all floating parameters and buffers to float16."""
        return self.to("float16")

    # State

    def state_dict(self, *, prefix: str = "", keep_vars: bool = False) -> dict[str, Any]:
        """The values of all parameters and persistent buffers, by path.

        Args:
            prefix: put before each path.
            keep_vars: give the parameters themselves instead of their values.

        Returns:
            A dict of Tensors, and of what ``get_extra_state()`` returns where a module has it. It is a snapshot:
            training on does not change it.

        Example:
            >>> import nn
            >>> list(nn.Sequential(nn.Linear(2, 2), nn.ReLU()).state_dict())
            ['0.weight', '0.bias']
        """
        return save(self, prefix, keep_vars)

    def load_state_dict(
        self, state_dict: Mapping[str, Any], strict: bool = True, assign: bool = False
    ) -> IncompatibleKeys:
        """Take over values saved by :meth:`state_dict`: all of them, or none if anything is wrong.

        Args:
            state_dict: path → Tensor or array; each is converted to the parameter's dtype.
            strict: whether every key must match; if not, those missing or unexpected are returned.
                Shapes must match in any case.
            assign: whether parameters and buffers take over the dtypes, too.

        Returns:
            A named tuple ``(missing_keys, unexpected_keys)``.

        Raises:
            TypeError: ``state_dict`` is not a mapping.
            RuntimeError: keys or shapes do not match, or a value is not numeric; the message names all
                of them, and the module stays as it was.
        """
        return load(self, state_dict, strict, assign)

    # Showing

    def extra_repr(self) -> str:
        """What ``print`` shows between the parentheses; subclasses say their settings here."""
        return ""

    def _get_name(self) -> str:
        return type(self).__name__

    def __repr__(self) -> str:
        extra = self.extra_repr()
        lines = extra.split("\n") if extra else []
        if self._modules or len(lines) > 1:
            lines += [f"({name}): {module!r}" for name, module in self._modules.items()]
            return f"{self._get_name()}({block(lines)})"
        return f"{self._get_name()}({extra})"


def block(entries: list[str]) -> str:
    """Entries between parentheses, each on lines of its own, indented by two."""
    return "\n" + "".join(f"  {line}\n" for entry in entries for line in entry.split("\n"))
