"""What the commands say about bad input."""

from __future__ import annotations


class UsageError(Exception):
    """What was asked for can't be done; the message is one line that says why."""
