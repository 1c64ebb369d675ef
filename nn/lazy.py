"""Layers that take their input's size from their first input."""

from __future__ import annotations

from typing import Any, ClassVar

import autograd_core as ag

from .module import Module
from .parameter import Uninitialized, UninitializedBuffer, UninitializedParameter


class Lazy(Module):
    """Base of the lazy form of a layer, which becomes the ordinary one when it is first called.

    An optimiser may be given its parameters before: they stay the same objects.
    """

    _becomes: ClassVar[type[Module]]

    def _empty(self) -> None:
        """Let all parameters, and all buffers with axes, wait for their shapes."""
        for name, parameter in self._parameters.items():
            if parameter is not None:
                self._parameters[name] = UninitializedParameter(dtype=parameter.dtype)
        for name, buffer in self._buffers.items():
            if buffer is not None and buffer.ndim:
                self._buffers[name] = UninitializedBuffer(dtype=buffer.dtype)

    def _materialize(self, name: str, shape: tuple[int, ...]) -> None:
        """Give a parameter or buffer its shape, if it waits for one."""
        waiting = getattr(self, name)
        if isinstance(waiting, Uninitialized):
            waiting.materialize(shape)

    def has_uninitialized_params(self) -> bool:
        """Whether some parameter or buffer waits for its shape."""
        return any(isinstance(x, Uninitialized) for x in (*self._parameters.values(), *self._buffers.values()))

    def initialize_parameters(self, input: Any) -> None:
        """Give the parameters the shapes that fit an input, and draw them."""
        raise NotImplementedError

    def forward(self, input: Any, *args: Any) -> Any:
        self.initialize_parameters(ag.as_tensor(input))
        self.__class__ = self._becomes  # type: ignore[assignment]
        return self.forward(input, *args)
