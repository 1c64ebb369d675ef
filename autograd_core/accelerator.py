"""What code asks before it moves tensors to an accelerator of any kind: there is none here."""

from __future__ import annotations

from .cuda import device_count, is_available

__all__ = ["current_accelerator", "device_count", "is_available"]


def current_accelerator(check_available: bool = False) -> None:
    """The accelerator's device: None."""
