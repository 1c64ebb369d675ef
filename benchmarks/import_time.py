"""How long ``import autograd_core`` takes, in a fresh interpreter, against ``import numpy``."""

from __future__ import annotations

import subprocess
import sys
from statistics import median

from .harness import Row

ROUNDS = 15


def import_seconds(module: str) -> float:
    """The time one import takes, without the start of the interpreter."""
    program = f"import time; start = time.perf_counter(); import {module}; print(time.perf_counter() - start)"
    return float(subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout)


def rows() -> list[Row]:
    """One row: both imports in turn, the first of each (which may write bytecode) not counted."""
    pairs = [(import_seconds("autograd_core"), import_seconds("numpy")) for _ in range(ROUNDS + 1)][1:]
    ours, theirs = (median(times) for times in zip(*pairs, strict=True))
    return [Row("import", ours, "import numpy", theirs, median(a / b for a, b in pairs), 1.5)]
