"""What code asks before it moves tensors to a GPU: there is none here."""

from __future__ import annotations

from .random import manual_seed

__all__ = ["device_count", "empty_cache", "is_available", "manual_seed", "manual_seed_all"]

manual_seed_all = manual_seed


def is_available() -> bool:
    """Whether tensors can live on a GPU: no."""
    return False


def device_count() -> int:
    """How many GPUs there are: 0."""
    return 0


def empty_cache() -> None:
    """Nothing: there is no cache."""
