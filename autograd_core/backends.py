"""What course code asks and sets before it computes: there is one way to compute here, and it repeats itself."""

from __future__ import annotations

from types import SimpleNamespace

__all__ = ["cudnn", "mps"]


def _nowhere() -> bool:
    """Whether it is there: no."""
    return False


cudnn = SimpleNamespace(is_available=_nowhere, enabled=False, deterministic=True, benchmark=False)
mps = SimpleNamespace(is_available=_nowhere, is_built=_nowhere)
