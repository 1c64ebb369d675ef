"""Hooks: functions of the user that a module calls before or after its forward, and in a backward pass."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import autograd_core as ag
from autograd_core import Tensor
from autograd_core.tensor import Handle

from .state_hooks import StateHooked

Hook = Callable[..., Any]
Gradients = tuple[Tensor | None, ...]


class Hooked(StateHooked):
    """Base of Module: its hooks, and how forward is called with them."""

    _pre_hooks: dict[int, tuple[Hook, bool]]  # the hook, and whether it takes keyword arguments
    _hooks: dict[int, tuple[Hook, bool]]
    _always_hooks: set[int]  # the keys of those in _hooks that are called after an error, too
    _backward_hooks: dict[int, tuple[Hook, bool]]  # the hook, and whether it comes before the backward pass

    def __init__(self) -> None:
        super().__init__()
        self._pre_hooks = {}
        self._hooks = {}
        self._always_hooks = set()
        self._backward_hooks = {}

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        """What the module computes; every subclass defines its own."""
        raise NotImplementedError(f'Module [{type(self).__name__}] is missing the required "forward" function')

    def _with_hooks(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        called: set[int] = set()
        try:
            return self._between_hooks(args, kwargs, called)
        except Exception:
            for key, (hook, with_kwargs) in list(self._hooks.items()):
                if key in self._always_hooks and key not in called:
                    hook(self, args, kwargs, None) if with_kwargs else hook(self, args, None)
            raise

    def _between_hooks(self, args: tuple[Any, ...], kwargs: dict[str, Any], called: set[int]) -> Any:
        for hook, with_kwargs in list(self._pre_hooks.values()):
            changed = hook(self, args, kwargs) if with_kwargs else hook(self, args)
            if changed is None:
                continue
            if not with_kwargs:
                args = changed if isinstance(changed, tuple) else (changed,)
            elif isinstance(changed, tuple) and len(changed) == 2:
                args, kwargs = changed
            else:
                raise RuntimeError(
                    f"forward pre-hook must return None or a tuple of (new_args, new_kwargs), but got {changed}."
                )
        passing = Passing(self) if self._backward_hooks else None
        if passing is not None:
            args = passing.into(args)
        result = self.forward(*args, **kwargs)
        for key, (hook, with_kwargs) in list(self._hooks.items()):
            called.add(key)
            changed = hook(self, args, kwargs, result) if with_kwargs else hook(self, args, result)
            if changed is not None:
                result = changed
        return result if passing is None else passing.out_of(result)

    def register_forward_pre_hook(self, hook: Hook, *, prepend: bool = False, with_kwargs: bool = False) -> Handle:
        """Call ``hook(module, args)`` before each forward; what it returns replaces the arguments.

        Args:
            hook: takes the module and the tuple of positional arguments; with ``with_kwargs`` also the
                dict of keyword arguments, and then returns both or None.
            prepend: run it before the hooks registered so far.
            with_kwargs: whether it takes the keyword arguments.

        Returns:
            A handle whose ``remove()`` takes the hook away again.
        """
        return _hooked(self._pre_hooks, (hook, with_kwargs), prepend)

    def register_forward_hook(
        self, hook: Hook, *, prepend: bool = False, with_kwargs: bool = False, always_call: bool = False
    ) -> Handle:
        """Call ``hook(module, args, output)`` after each forward; what it returns replaces the output.

        Args:
            hook: takes the module, the tuple of positional arguments, with ``with_kwargs`` the dict of
                keyword arguments, and the output.
            prepend: run it before the hooks registered so far.
            with_kwargs: whether it takes the keyword arguments.
            always_call: whether it is called with the output None, too, when something raises an error.

        Returns:
            A handle whose ``remove()`` takes the hook away again.

        Example:
            >>> import autograd_core as ag, nn
            >>> seen = []
            >>> layer = nn.Linear(2, 3)
            >>> handle = layer.register_forward_hook(lambda module, args, output: seen.append(output.shape))
            >>> _ = layer(ag.ones(4, 2))
            >>> seen
            [(4, 3)]
        """
        handle = _hooked(self._hooks, (hook, with_kwargs), prepend)
        if always_call:
            self._always_hooks.add(handle._key)
        return handle

    def register_full_backward_pre_hook(self, hook: Hook, prepend: bool = False) -> Handle:
        """Call ``hook(module, grad_output)`` when the gradients of the outputs are known, before they go on.

        Args:
            hook: takes the module and the tuple of its outputs' gradients; what it returns replaces them.
            prepend: run it before the hooks registered so far.

        Returns:
            A handle whose ``remove()`` takes the hook away again.
        """
        return _hooked(self._backward_hooks, (hook, True), prepend)

    def register_full_backward_hook(self, hook: Hook, prepend: bool = False) -> Handle:
        """Call ``hook(module, grad_input, grad_output)`` when the gradients of the inputs are known.

        Args:
            hook: takes the module, the tuple of the gradients of its positional arguments, None for what has none,
                and that of its outputs' gradients; what it returns replaces the gradients of the arguments.
            prepend: run it before the hooks registered so far.

        Returns:
            A handle whose ``remove()`` takes the hook away again.

        Example:
            >>> import autograd_core as ag, nn
            >>> layer = nn.ReLU()
            >>> handle = layer.register_full_backward_hook(lambda module, into, out_of: print(into, out_of))
            >>> layer(ag.tensor([-1.0, 2.0], requires_grad=True)).sum().backward()
            (tensor([0., 1.]),) (tensor([1., 1.]),)
        """
        return _hooked(self._backward_hooks, (hook, False), prepend)


def _hooked(hooks: dict[int, Any], entry: tuple[Hook, bool], prepend: bool) -> Handle:
    earlier = dict(hooks) if prepend else {}
    if prepend:
        hooks.clear()
    handle = Handle(hooks, entry)
    hooks.update(earlier)
    return handle


class Passing:
    """One call of a module with backward hooks: all gradients that come out of it, and go into it, pass here."""

    def __init__(self, module: Hooked) -> None:
        self.module = module
        self.grad_output: Gradients = ()
        self.watched = 0  # how many arguments, if none of them has a gradient to wait for

    def into(self, args: tuple[Any, ...]) -> tuple[Any, ...]:
        """The arguments, watched."""
        found = _watched(args, self._on_input)
        self.watched = len(args) if found is args else 0
        return found

    def out_of(self, result: Any) -> Any:
        """The outputs, watched."""
        if isinstance(result, Tensor):
            return _watched((result,), self._on_output)[0]
        if isinstance(result, tuple):
            make: Any = getattr(type(result), "_make", type(result))  # a named tuple stays one
            return make(_watched(result, self._on_output))
        raise TypeError(
            f"a module with backward hooks returns a Tensor or a tuple of Tensors, got {type(result).__name__}"
        )

    def _on_output(self, gradients: Gradients) -> Gradients:
        for hook, before in list(self.module._backward_hooks.values()):
            if before:
                gradients = _replaced(gradients, hook(self.module, gradients))
        self.grad_output = gradients
        if self.watched:
            self._on_input((None,) * self.watched)
        return gradients

    def _on_input(self, gradients: Gradients) -> Gradients:
        for hook, before in list(self.module._backward_hooks.values()):
            if not before:
                gradients = _replaced(gradients, hook(self.module, gradients, self.grad_output))
        return gradients


def _replaced(gradients: Gradients, others: Any) -> Gradients:
    if others is None:
        return gradients
    found: Gradients = tuple(others) if isinstance(others, (tuple, list)) else (others,)
    if len(found) != len(gradients):
        raise RuntimeError(f"Backward hook returned an invalid number of grad, got {len(found)} for {len(gradients)}")
    return found


def _watched(values: tuple[Any, ...], on_gradients: Callable[[Gradients], Gradients]) -> tuple[Any, ...]:
    """The values after a node through which their gradients pass together; themselves if none has a gradient."""
    places = [i for i, value in enumerate(values) if isinstance(value, Tensor) and value.requires_grad]
    if not places:
        return values
    shapes = [values[i].shape for i in places]
    sizes = [values[i].numel() for i in places]

    def parted(flat: Tensor, given: tuple[Any, ...]) -> tuple[Any, ...]:
        parts = flat.split(sizes) if len(sizes) > 1 else (flat,)
        found = list(given)
        for i, part, shape in zip(places, parts, shapes, strict=True):
            found[i] = part.reshape(shape)
        return tuple(found)

    def joined(given: tuple[Any, ...]) -> Tensor:
        parts = [given[i].reshape(-1) for i in places]
        return ag.concatenate(parts) if len(parts) > 1 else parts[0]

    flat = joined(values)
    flat.register_hook(lambda gradient: joined(on_gradients(parted(gradient, (None,) * len(values)))))
    return parted(flat, values)
