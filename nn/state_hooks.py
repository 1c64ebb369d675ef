"""Hooks of a module's state: functions of the user that are called when it is saved and loaded."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from autograd_core.tensor import Handle

from .registry import Registry

Hook = Callable[..., Any]


class StateHooked(Registry):
    """Base of Module: the hooks of ``state_dict`` and ``load_state_dict``, and state that is no tensor.

    A subclass with ``get_extra_state()`` and ``set_extra_state(state)`` saves what the first returns under the key
    ``_extra_state``.
    """

    _state_hooks: dict[int, tuple[str, Hook]]  # the event, and the hook

    def __init__(self) -> None:
        super().__init__()
        self._state_hooks = {}

    def _hooks_of(self, event: str) -> Iterator[Hook]:
        return (hook for of, hook in list(self._state_hooks.values()) if of == event)

    def _bring_up_to_date(self, state: dict[str, Any], prefix: str) -> None:
        """Change a state that is about to be loaded, where an older version had other keys."""

    def register_state_dict_pre_hook(self, hook: Hook) -> Handle:
        """Call ``hook(module, prefix, keep_vars)`` before the module's state is taken.

        Args:
            hook: takes the module, what is before its keys, and whether parameters themselves are asked for.

        Returns:
            A handle whose ``remove()`` takes the hook away again.
        """
        return Handle(self._state_hooks, ("save_pre", hook))

    def register_state_dict_post_hook(self, hook: Hook) -> Handle:
        """Call ``hook(module, state_dict, prefix, local_metadata)`` after the module's state was taken.

        Args:
            hook: takes the module, the whole dict, which it may change, what is before the module's keys, and ``{}``.

        Returns:
            A handle whose ``remove()`` takes the hook away again.

        Example:
            >>> import nn
            >>> layer = nn.Linear(2, 3)
            >>> handle = layer.register_state_dict_post_hook(
            ...     lambda module, state, prefix, metadata: state.pop(prefix + "bias")
            ... )
            >>> list(layer.state_dict())
            ['weight']
        """
        return Handle(self._state_hooks, ("save_post", hook))

    def register_load_state_dict_pre_hook(self, hook: Hook) -> Handle:
        """Call ``hook(module, state_dict, prefix, metadata, strict, missing, unexpected, errors)`` before loading.

        Args:
            hook: takes the module, a copy of the whole dict, which it may change: to give an old checkpoint's keys new
                names, say; what is before the module's keys; ``{}``; whether every key must match; and lists, to which
                it may add keys that are missing or unexpected, and errors.

        Returns:
            A handle whose ``remove()`` takes the hook away again.
        """
        return Handle(self._state_hooks, ("load_pre", hook))

    def register_load_state_dict_post_hook(self, hook: Hook) -> Handle:
        """Call ``hook(module, incompatible_keys)`` after the state was loaded.

        Args:
            hook: takes the module, and the ``missing_keys`` and ``unexpected_keys`` of a non-strict loading.

        Returns:
            A handle whose ``remove()`` takes the hook away again.
        """
        return Handle(self._state_hooks, ("load_post", hook))
