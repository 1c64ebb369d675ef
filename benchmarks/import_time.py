"""How long ``import autograd_core`` takes, in a fresh interpreter, against ``import numpy``."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from statistics import median

from .harness import Row

ROUNDS = 15


def import_seconds(module: str, cache: str) -> float:
    """The time one import takes, from bytecode, without the start of the interpreter."""
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": cache, "PYTHONDONTWRITEBYTECODE": ""}
    program = f"import time; start = time.perf_counter(); import {module}; print(time.perf_counter() - start)"
    command = [sys.executable, "-c", program]
    return float(subprocess.run(command, capture_output=True, text=True, check=True, env=environment).stdout)


def rows() -> list[Row]:
    """One row: both imports in turn; the first of each, which writes the bytecode, is not counted."""
    with tempfile.TemporaryDirectory() as cache:
        pairs = [(import_seconds("autograd_core", cache), import_seconds("numpy", cache)) for _ in range(ROUNDS + 1)]
    ours, theirs = (median(times) for times in zip(*pairs[1:], strict=True))
    return [Row("import", ours, "import numpy", theirs, median(a / b for a, b in pairs[1:]), 1.5)]
