"""Hooks: functions of the user that an optimizer calls before and after a step, and with its state."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from autograd_core.tensor import Handle

Hook = Callable[..., Any]
EVENTS = ("step_pre", "step_post", "state_dict_pre", "state_dict_post", "load_state_dict_pre", "load_state_dict_post")


class Hooked:
    """Base of Optimizer: its hooks, which are not saved with it. A subclass with a step of its own has them too.

    Attributes:
        stepped: whether a step has been taken; schedulers warn of steps in the wrong order.
    """

    stepped = False

    def __init__(self) -> None:
        self._hooks: dict[str, dict[int, Hook]] = {event: {} for event in EVENTS}

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "step" in vars(cls):
            cls.step = _with_hooks(cls.step)  # type: ignore[attr-defined]

    def __getstate__(self) -> dict[str, Any]:
        return {**vars(self), "_hooks": {event: {} for event in EVENTS}}

    def _register(self, event: str, hook: Hook, prepend: bool = False) -> Handle:
        hooks = self._hooks[event]
        earlier = dict(hooks) if prepend else {}
        for key in earlier:
            del hooks[key]
        handle = Handle(hooks, hook)
        hooks.update(earlier)
        return handle

    def _passed(self, event: str, value: Any) -> Any:
        """A value after the hooks of an event, each of which may return another one."""
        for hook in list(self._hooks[event].values()):
            changed = hook(self, value)
            value = value if changed is None else changed
        return value

    def register_step_pre_hook(self, hook: Hook) -> Handle:
        """Call ``hook(optimizer, args, kwargs)`` before each step; it may return other ``(args, kwargs)``.

        Args:
            hook: takes the optimizer, and what step was called with: ``args`` begins with the optimizer, too.

        Returns:
            A handle whose ``remove()`` takes the hook away again.

        Example:
            >>> import nn, optim
            >>> layer = nn.Linear(2, 1)
            >>> optimizer = optim.SGD(layer.parameters(), lr=0.1)
            >>> handle = optimizer.register_step_pre_hook(lambda optimizer, args, kwargs: print("a step"))
            >>> optimizer.step()
            a step
        """
        return self._register("step_pre", hook)

    def register_step_post_hook(self, hook: Hook) -> Handle:
        """Call ``hook(optimizer, args, kwargs)`` after each step; otherwise as :meth:`register_step_pre_hook`."""
        return self._register("step_post", hook)

    def register_state_dict_pre_hook(self, hook: Hook, prepend: bool = False) -> Handle:
        """Call ``hook(optimizer)`` before ``state_dict``; ``prepend``: before the hooks registered so far."""
        return self._register("state_dict_pre", hook, prepend)

    def register_state_dict_post_hook(self, hook: Hook, prepend: bool = False) -> Handle:
        """Call ``hook(optimizer, state_dict)`` after ``state_dict``, which returns what it returns, if not None."""
        return self._register("state_dict_post", hook, prepend)

    def register_load_state_dict_pre_hook(self, hook: Hook, prepend: bool = False) -> Handle:
        """Call ``hook(optimizer, state_dict)`` before ``load_state_dict``; what it returns is loaded, if not None."""
        return self._register("load_state_dict_pre", hook, prepend)

    def register_load_state_dict_post_hook(self, hook: Hook, prepend: bool = False) -> Handle:
        """Call ``hook(optimizer)`` after ``load_state_dict``; ``prepend``: before the hooks registered so far."""
        return self._register("load_state_dict_post", hook, prepend)


def _with_hooks(step: Callable[..., Any]) -> Callable[..., Any]:
    """A step with its hooks, which do not run again where it calls the step of a base class."""

    @functools.wraps(step)
    def hooked(*args: Any, **kwargs: Any) -> Any:
        self = args[0]
        if getattr(type(self).step, "__wrapped__", None) is not step:
            return step(*args, **kwargs)
        for hook in list(self._hooks["step_pre"].values()):
            changed = hook(self, args, kwargs)
            if changed is None:
                continue
            if not isinstance(changed, tuple) or len(changed) != 2:
                raise RuntimeError(f"a step's pre-hook must return None or (args, kwargs), but got {changed}")
            args, kwargs = changed
        result = step(*args, **kwargs)
        self.stepped = True
        for hook in list(self._hooks["step_post"].values()):
            hook(self, args, kwargs)
        return result

    return hooked
