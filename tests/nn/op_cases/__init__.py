"""The cases and references of the rows that nn declares: every module here has ``CASES``, name → (cases, reference)."""

import importlib
import pkgutil

CASES = {}
for _module in pkgutil.iter_modules(__path__):
    CASES |= importlib.import_module(f"{__name__}.{_module.name}").CASES
