"""Elements of a page whose text and attributes change from one frame to the next; no script knows what they show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from .lettering import safe

Text = str | Sequence[str]
"""The same in all frames, or what it is in each."""


class Moving:
    """Writes elements as they are in the last frame, and collects what they are in the others.

    Args:
        frames: how many there are.

    Example:
        >>> moving = Moving(2)
        >>> moving("b", ["one", "two"], {"class": "n"})
        '<b class="n" data-slots="text:0">two</b>'
        >>> moving.data()
        {'frames': 2, 'texts': ['one', 'two'], 'slots': [[0, 1]]}
    """

    def __init__(self, frames: int) -> None:
        self.frames = frames
        self._texts: dict[str, int] = {}
        self._slots: list[list[int]] = []

    def __call__(self, tag: str, text: Text | None = None, attributes: Mapping[str, Text] | None = None) -> str:
        """An element.

        Args:
            tag: its name.
            text: its text; by default it is empty.
            attributes: by name.

        Returns:
            The element, escaped, as it is in the last frame.
        """
        slots: list[str] = []
        parts = [tag]
        for name, value in (attributes or {}).items():
            parts.append(f'{name}="{escape(self._last(name, value, slots))}"')
        content = "" if text is None else escape(self._last("text", text, slots))
        if slots:
            parts.append(f'data-slots="{" ".join(slots)}"')
        return f"<{' '.join(parts)}>{content}</{tag}>"

    def _last(self, name: str, value: Text, slots: list[str]) -> str:
        if isinstance(value, str):
            return safe(value)
        if len(value) != self.frames:
            raise ValueError(f"{name} needs {self.frames} values, got {len(value)}")
        if any(other != value[-1] for other in value):
            slots.append(f"{name}:{len(self._slots)}")
            self._slots.append([self._texts.setdefault(safe(one), len(self._texts)) for one in value])
        return safe(value[-1])

    def data(self) -> dict[str, Any]:
        """What the script reads: every text once, and for each slot which of them it shows in each frame."""
        return {"frames": self.frames, "texts": list(self._texts), "slots": self._slots}
