"""Layers that come for one, two and three axes."""

from __future__ import annotations

import inspect
from typing import ClassVar

from .functional.geometry import described
from .module import Module


class Axes(Module):
    """Base of a family of layers, of which each works along another number of axes."""

    _count: ClassVar[int]

    @classmethod
    def _described(cls, count: int, example: str) -> str:
        """The docstring of the layer for so many axes, from that of the family."""
        return described(inspect.getdoc(cls), count, example, "import autograd_core as ag, nn")
