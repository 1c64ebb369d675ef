"""What the laws run each row of the op table with, and what NumPy computes for it: a family of rows a file.

An elementwise row without parameters needs no entry in ``CASES``: its inputs are drawn from its domains. Every
other row has one, or a reason in ``REASONS`` why the laws can't run it; a row with neither fails the test suite.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ...rules import Op
from ..strategies import Cases, Reference, operands
from . import convolution, elementwise, index, linalg, reduce, shape

_FAMILIES = (convolution, elementwise, index, linalg, reduce, shape)

CASES: dict[str, Cases] = {}
REFERENCES: dict[str, Reference] = {}
for _family in _FAMILIES:
    CASES |= _family.CASES
    REFERENCES |= _family.REFERENCES

REASONS: dict[str, str] = {}
"""Rows that the laws can't run, each with the reason."""


def cases_of(op: Op) -> Cases | None:
    """The cases of a row of the table.

    Args:
        op: the row.

    Returns:
        A strategy of ``(inputs, params)``; None if nothing says what the operation takes.
    """
    if op.name in CASES:
        return CASES[op.name]
    if op.kind == "elementwise" and not op.options:
        return operands(op.domains)
    return None


def reference_of(op: Op) -> Callable[..., Any] | None:
    """The NumPy function that a row of the table must agree with: the one in ``REFERENCES``, or of its name."""
    return REFERENCES.get(op.name) or getattr(np, op.name, None)
