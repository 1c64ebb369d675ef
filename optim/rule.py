"""How a rule for elements is run on whole arrays, and what it keeps from step to step."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd_core.fast import BLOCK, LARGE, Loop
from autograd_core.tensor import from_array

Group = dict[str, Any]
State = dict[str, Any]


def updated(rule: Loop, w: Any, g: Any, kept: tuple[Any, ...], *numbers: float) -> Any:
    """The parameter's new array, the only one of its size that is made.

    Args:
        rule: a loop over elements by ``blocks``: writes into its first array the new parameter, from the parameter,
            its gradient, the arrays kept and the numbers. None stands for an array that an option leaves out.
        w: the parameter's array; not written to.
        g: the gradient's array; not written to.
        kept: the arrays of :func:`zeros`, which the rule changes.
        numbers: what goes for all elements.
    """
    out = np.empty_like(w, order="C")
    if w.size < LARGE:
        rule.plain(out, w, g, *kept, *numbers)
        return out if out.ndim else out[()]
    compiled = rule.suits(w)
    arrays = [out, w, g, *kept]
    if compiled or w.size > BLOCK:
        arrays = [None if array is None else array.reshape(-1) for array in arrays]
    (rule if compiled else rule.plain)(*arrays, *map(w.dtype.type, numbers))
    return out


def zeros(state: State, w: Any, *names: str) -> tuple[Any, ...]:
    """The arrays kept under these names, of the parameter's shape and zero at first."""
    for name in names:
        if name not in state:
            state[name] = from_array(np.zeros_like(w, order="C"))
    return tuple(state[name].array for name in names)


def count(state: State) -> float:
    """One step more: its number t, from 1 on; kept as PyTorch does."""
    before = state["step"].array if "step" in state else np.float32(0)
    state["step"] = from_array(before + 1)
    return float(before + 1)
