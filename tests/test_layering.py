"""Which module may import which, read off the sources: arrows go one way, and no import circles."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parent.parent
MAY_IMPORT = {"autograd_core": set(), "nn": {"autograd_core"}, "optim": {"autograd_core"}, "viz": {"autograd_core"}}
ENTRY = "autograd_core.__main__"  # the one module of the core that may import everything
REQUIRED = {"numpy", "graphviz"}
EXTRA = {"autograd_core.testing": {"hypothesis"}, "nn.estimators": {"sklearn"}}  # imported when asked for


class Import(NamedTuple):
    """One import of a module: who, what, and whether it runs when the importer is imported."""

    importer: str
    imported: str
    at_once: bool


def modules(root: Path, package: str) -> dict[str, Path]:
    """Every module of a package, by dotted name."""
    found = {}
    for path in sorted((root / package).rglob("*.py")):
        parts = path.relative_to(root).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imports(root: Path, package: str) -> Iterator[Import]:
    """Every import in a package, nested ones too, except those for type checkers alone."""
    known = {name for top in MAY_IMPORT if (root / top).exists() for name in modules(root, top)}
    for name, path in modules(root, package).items():
        base = name if path.name == "__init__.py" else name.rpartition(".")[0]
        for node, at_once in import_statements(ast.parse(path.read_text(encoding="utf-8")), True):
            for target in targets(node, base, known):
                yield Import(name, target, at_once)


def import_statements(node: ast.AST, at_once: bool) -> Iterator[tuple[ast.Import | ast.ImportFrom, bool]]:
    """The import statements below a node, and whether each runs as soon as the module does."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import | ast.ImportFrom):
            yield child, at_once
        elif isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            for other in child.orelse:
                yield from import_statements(ast.Module([other], []), at_once)
        else:
            yield from import_statements(
                child, at_once and not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef)
            )


def targets(node: ast.Import | ast.ImportFrom, base: str, known: set[str]) -> Iterator[str]:
    """The modules that an import statement names."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
        return
    above = base.split(".")[: len(base.split(".")) - node.level + 1] if node.level else []
    origin = ".".join([*above, *([node.module] if node.module else [])])
    for alias in node.names:
        inner = f"{origin}.{alias.name}"
        yield inner if inner in known else origin


def top(module: str) -> str:
    """The package that a module belongs to."""
    return module.partition(".")[0]


def forbidden(root: Path, package: str) -> list[str]:
    """The imports of a package that point the wrong way."""
    others = set(MAY_IMPORT) - {package} - MAY_IMPORT[package]
    return [
        f"{i.importer} → {i.imported}"
        for i in imports(root, package)
        if top(i.imported) in others and i.importer != ENTRY
    ]


def circle(root: Path, package: str) -> list[str]:
    """A circle of imports within a package, empty if there is none."""
    graph: dict[str, set[str]] = {}
    for i in imports(root, package):
        if top(i.imported) == package and i.importer != i.imported:
            graph.setdefault(i.importer, set()).add(i.imported)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def undeclared(root: Path, package: str) -> list[str]:
    """Imports, at import time, of what is neither a hard dependency nor in the standard library."""
    allowed = REQUIRED | set(MAY_IMPORT) | set(sys.stdlib_module_names)
    return [
        f"{i.importer} → {i.imported}"
        for i in imports(root, package)
        if i.at_once
        and top(i.imported) not in allowed
        and not any(i.importer.startswith(part) and top(i.imported) in extra for part, extra in EXTRA.items())
    ]


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_arrows_go_one_way(package: str) -> None:
    assert not forbidden(ROOT, package)


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_no_import_circles(package: str) -> None:
    assert not circle(ROOT, package)


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_importing_needs_hard_dependencies_only(package: str) -> None:
    assert not undeclared(ROOT, package)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A small tree that breaks each rule once."""
    for name, text in {
        "autograd_core/__init__.py": "from .a import f",
        "autograd_core/a.py": "import typing as t\nif t.TYPE_CHECKING:\n from .c import g\ndef f():\n from . import b",
        "autograd_core/b.py": "from .a import f\nimport numpy as np",
        "autograd_core/c.py": "def g():\n    import torch\n    from nn import Linear",
        "autograd_core/__main__.py": "import nn, viz",
        "nn/__init__.py": "import autograd_core\nfrom .layers.linear import Linear",
        "nn/layers/__init__.py": "import sklearn",
        "nn/layers/linear.py": "from ..losses import loss\nfrom viz.draw import draw",
        "nn/losses.py": "",
        "viz/__init__.py": "",
        "viz/draw.py": "",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


def test_the_checks_see_what_is_wrong(tree: Path) -> None:
    assert forbidden(tree, "autograd_core") == ["autograd_core.c → nn"]
    assert forbidden(tree, "nn") == ["nn.layers.linear → viz.draw"]
    assert set(circle(tree, "autograd_core")) == {"autograd_core.a", "autograd_core.b"}
    assert not circle(tree, "nn")
    assert undeclared(tree, "nn") == ["nn.layers → sklearn"]
    assert not undeclared(tree, "autograd_core")


def test_importing_the_core_loads_numpy_and_the_standard_library_only() -> None:
    before, after = loaded_by("numpy.random"), loaded_by("autograd_core")
    assert after - before - set(sys.stdlib_module_names) == {"autograd_core"}


def loaded_by(package: str) -> set[str]:
    """The top-level modules that a fresh interpreter holds after importing a package."""
    program = f"import sys, {package}; print(*{{name.partition('.')[0] for name in sys.modules}})"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    return set(done.stdout.split())
