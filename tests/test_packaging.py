"""What is installed: four typed packages, two hard dependencies, the extras, and a single version."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from email.message import Message
from email.parser import Parser
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("autograd_core", "nn", "optim", "viz")
PEERS = {"torch", "autograd", "micrograd", "dezero", "mygrad"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> ZipFile:
    """The wheel, built from the working tree."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (path,) = folder.glob("*.whl")
    return ZipFile(path)


@pytest.fixture(scope="module")
def metadata(wheel: ZipFile) -> Message:
    """What the wheel says of itself."""
    (name,) = (name for name in wheel.namelist() if name.endswith("dist-info/METADATA"))
    return Parser().parsestr(wheel.read(name).decode())


def requirements(metadata: Message, extra: str | None) -> set[str]:
    """The names of what an extra, or the package itself, needs."""
    lines: list[str] = metadata.get_all("Requires-Dist", [])
    chosen = [line for line in lines if (f"extra == '{extra}'" in line if extra else "extra ==" not in line)]
    return {re.split(r"[^\w.-]", line)[0] for line in chosen}


def test_the_wheel_holds_the_four_packages_and_nothing_else(wheel: ZipFile) -> None:
    tops = {name.partition("/")[0] for name in wheel.namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == set(PACKAGES)


@pytest.mark.parametrize("package", PACKAGES)
def test_every_module_and_its_types_are_in_the_wheel(wheel: ZipFile, package: str) -> None:
    inside = set(wheel.namelist())
    sources = {path for ending in ("py", "pyi", "js", "css") for path in (ROOT / package).rglob(f"*.{ending}")}
    assert {path.relative_to(ROOT).as_posix() for path in sources} <= inside
    assert f"{package}/py.typed" in inside
    assert not any(name.endswith((".pyc", ".ipynb")) for name in inside)


def test_hard_dependencies_are_numpy_and_graphviz(metadata: Message) -> None:
    assert requirements(metadata, None) == {"numpy", "graphviz"}
    assert metadata["Requires-Python"] == ">=3.11"
    assert "numpy>=2" in metadata.get_all("Requires-Dist", [])


def test_extras(metadata: Message) -> None:
    assert requirements(metadata, "demo") == {"scikit-learn", "matplotlib", "tqdm"}
    assert requirements(metadata, "fast") == {"numba"}
    assert requirements(metadata, "dev") >= {"pytest", "hypothesis", "ruff", "mypy"}
    assert requirements(metadata, "peers") >= PEERS
    assert "torch==2.13.0; extra == 'peers'" in metadata.get_all("Requires-Dist", [])


def test_tests_do_not_need_the_peers(metadata: Message) -> None:
    assert requirements(metadata, "dev").isdisjoint(PEERS)


def test_licence(wheel: ZipFile, metadata: Message) -> None:
    assert metadata["License-Expression"] == "MIT"
    assert any(name.endswith("licenses/LICENSE") for name in wheel.namelist())


def test_the_changelog_names_the_version(metadata: Message) -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert metadata["Version"] == version
    assert f"## [{version}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_tests_that_compare_with_peers_are_marked() -> None:
    """.ci/run runs them again with the peers installed, by their mark."""
    pattern = re.compile(rf"importorskip\(\s*[\"']({'|'.join(PEERS)})[\"'.]")
    for path in (ROOT / "tests").rglob("test_*.py"):
        text = path.read_text(encoding="utf-8")
        if path != Path(__file__) and pattern.search(text):
            assert "pytest.mark.peers" in text, path
