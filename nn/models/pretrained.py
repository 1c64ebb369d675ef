"""What the models' functions do when trained weights are asked for."""

from __future__ import annotations

from typing import Any


def refuse(weights: Any, name: str) -> None:
    """Raise ValueError if trained weights are asked for: none come with this library."""
    if weights is not None:
        raise ValueError(
            f"{name} starts from random weights, got weights={weights!r}: leave it out, and load a file of "
            "torchvision's weights with load_state_dict, since the layers have the same names"
        )
