"""The libraries compared with, each imported only where a benchmark needs it."""

from __future__ import annotations

import importlib
from importlib.metadata import PackageNotFoundError, version
from types import ModuleType

import numpy as np

PACKAGES = {
    "torch": "PyTorch",
    "autograd": "HIPS autograd",
    "micrograd": "micrograd",
    "dezero": "DeZero",
    "mygrad": "MyGrad",
    "torchviz": "torchviz",
    "torchview": "torchview",
}


def peer(module: str) -> tuple[ModuleType, str] | None:
    """A peer's module and its name with version, or None if it is not installed.

    Args:
        module: the module to import, such as ``torch`` or ``micrograd.engine``.
    """
    package = module.partition(".")[0]
    try:
        number = version(package)
    except PackageNotFoundError:
        return None
    if package == "dezero" and not hasattr(np, "int"):
        np.int = int  # type: ignore[attr-defined]  # DeZero 0.0.13 uses the name that NumPy has dropped
    imported = importlib.import_module(module)
    if package == "torch":
        imported.set_num_threads(1)
    return imported, f"{PACKAGES[package]} {number.partition('+')[0]}"
