"""The documents hold what they say: generated files are fresh, every code block runs."""

from __future__ import annotations

import doctest
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import autograd_core as ag
from autograd_core.derivatives import derivative, formula
from autograd_core.rules import TABLE

ROOT = Path(__file__).parent.parent
DOCUMENTS = ("README.md", "CONTRIBUTING.md")
RUN_ELSEWHERE = (
    "python -m pip",  # .ci/run installs by the README's own command
    "python -m pytest",
    "python -m benchmarks",  # tests/test_benchmarks.py
    "python docs/generate.py",  # with --check below
    "ruff",
    "mypy",
    "bash .ci/run",
)
LISTED = re.findall(r"^\| `(\w+)` \|", (ROOT / "docs/derivatives.md").read_text(encoding="utf-8"), re.MULTILINE)
RULED = [name for name in LISTED if not TABLE[name].variadic]


def blocks(document: str, language: str) -> list[str]:
    """The code blocks of one language in a document, without their fences."""
    text = (ROOT / document).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def test_generated_files_are_fresh() -> None:
    command = [sys.executable, "docs/generate.py", "--check"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_block_is_of_a_language_that_is_tested(document: str) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    fences = re.findall(r"^```(\w*)$", text, re.MULTILINE)
    assert fences
    assert {fence for fence in fences if fence} <= {"python", "pycon", "sh"}
    assert len(fences) == 2 * sum(len(blocks(document, language)) for language in ("python", "pycon", "sh"))


@pytest.mark.parametrize("document", DOCUMENTS)
def test_python_blocks_run(document: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("autograd_core.rules.TABLE", dict(TABLE))  # what a block declares is gone afterwards
    parser, names = doctest.DocTestParser(), {"__name__": document}
    for number, block in enumerate(blocks(document, "(?:python|pycon)"), start=1):
        if ">>>" not in block:
            exec(compile(block, f"{document}, block {number}", "exec"), names)
            continue
        session = parser.get_doctest(block, names, f"{document}, block {number}", document, 0)
        report: list[str] = []
        doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE).run(
            session, out=report.append, clear_globs=False
        )
        assert not report, "".join(report)
        names.update(session.globs)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_commands_run(document: str, tmp_path: Path) -> None:
    for line in "".join(blocks(document, "sh")).splitlines():
        for command in line.split(" && "):
            if not command.startswith(RUN_ELSEWHERE):
                words = [sys.executable if word == "python" else word for word in shlex.split(command, comments=True)]
                words = [str(ROOT / word) if (ROOT / word).is_file() else word for word in words]
                done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)
                assert done.returncode == 0, f"{command}\n{done.stderr}"


def test_the_picture_is_what_the_command_draws(tmp_path: Path) -> None:
    (line,) = [line for line in "".join(blocks("README.md", "sh")).splitlines() if "autograd_core graph" in line]
    subprocess.run([sys.executable, *shlex.split(line)[1:]], cwd=tmp_path, check=True, capture_output=True)
    drawn = (tmp_path / "graph.svg").read_text(encoding="utf-8")
    assert drawn == (ROOT / "docs/graph.svg").read_text(encoding="utf-8"), f"not up to date: {line[:-9]}docs/graph.svg"


@pytest.mark.parametrize("document", [*DOCUMENTS, "CHANGELOG.md", "docs/gallery.md"])
def test_links_lead_somewhere(document: str) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)|<img src=\"([^\"]+)\"", text):
        path = "".join(target)
        assert path.startswith("https://") or (ROOT / document).parent.joinpath(path).exists(), path


def test_the_gallery_shows_every_picture_in_its_folder() -> None:
    shown = re.findall(r"\]\((gallery/[^)]+)\)", (ROOT / "docs/gallery.md").read_text(encoding="utf-8"))
    assert sorted(shown) == sorted(f"gallery/{path.name}" for path in (ROOT / "docs/gallery").iterdir())


@pytest.mark.parametrize("name", RULED)
def test_formulas_are_well_formed(name: str) -> None:
    for expression in [formula(name), *(d for d in derivative(name) if d is not None)]:
        text, latex = expression.text(), expression.latex()
        assert text.count("(") == text.count(")")
        assert latex.count("{") == latex.count("}")
        assert latex.count(r"\left") == latex.count(r"\right")
        assert "_like" not in text
        assert "object at" not in text


def test_known_derivatives() -> None:
    assert [str(d) for d in derivative(ag.multiply)] == ["b", "a"]
    assert [str(d) for d in derivative("relu")] == ["[y > 0]"]
    assert [str(d) for d in derivative("negative")] == ["−1"]
    assert derivative("negative")[0].latex() == "-1"  # type: ignore[union-attr]
    assert derivative("divide")[1].latex() == r"\frac{-y}{b}"  # type: ignore[union-attr]
    assert derivative("where")[0] is None
    assert str(formula("relu")) == "maximum(x, 0)"


@pytest.mark.parametrize(
    ("op", "error"), [("no_such_op", KeyError), (len, KeyError), ("argmax", ValueError), ("stack", ValueError)]
)
def test_what_has_no_derivative_says_so(op: object, error: type[Exception]) -> None:
    with pytest.raises(error):
        derivative(op)
