"""The benchmarks run, their contenders compute the same, and the README shows their table."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import harness, import_time, scaling
from benchmarks.__main__ import SUBJECTS
from benchmarks.harness import HEADER, Row, compare, markdown, measure, plain
from benchmarks.peers import PACKAGES, peer

ROOT = Path(__file__).parent.parent


def shown_rows() -> list[list[str]]:
    """The lines of the README's table, as cells."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    (table,) = re.findall(r"<!-- benchmarks -->\n(.*?)<!-- /benchmarks -->", text, re.DOTALL)
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table.strip().splitlines()]


def test_the_readme_shows_the_table_with_the_command_that_made_it() -> None:
    header, rule, *lines = shown_rows()
    assert tuple(header) == HEADER
    assert set("".join(rule)) == {"-", ":"}
    assert lines
    for _, ours, _, theirs, ratio, target in lines:
        assert re.fullmatch(r"[\d.e+]+ (s|ms|µs)", ours)
        assert re.fullmatch(r"[\d.e+]+ (s|ms|µs)", theirs)
        assert re.fullmatch(r"\d+\.\d\d", ratio)
        assert re.fullmatch(r"(≤ [\d.]+)?", target)
    assert "python -m benchmarks --markdown" in (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.filterwarnings("ignore:distutils Version classes:DeprecationWarning")  # torchviz compares versions so
@pytest.mark.peers
def test_every_subject_runs_and_is_in_the_readme(monkeypatch: pytest.MonkeyPatch) -> None:
    if any(peer(name) is None for name in PACKAGES):
        pytest.skip("needs the extra peers")
    ran: set[harness.Step] = set()

    def once(step: harness.Step, repeats: int) -> float:
        if step not in ran:
            ran.add(step)
            step()
        return 1.0

    monkeypatch.setattr(harness, "timed", once)
    monkeypatch.setattr(scaling, "timed", once)
    monkeypatch.setattr(import_time, "ROUNDS", 1)
    found = {(row.what, re.sub(r" [\d.]+", "", row.peer)) for subject in SUBJECTS for row in measure(subject)}
    shown = {(line[0], re.sub(r" [\d.]+", "", line[2])) for line in shown_rows()[2:]}
    assert found == shown


def test_contenders_that_compute_different_things_are_refused() -> None:
    with pytest.raises(AssertionError, match="not the same step"):
        compare("a step", lambda: 1.0, {"peer": lambda: 1.1})


def test_contenders_that_update_differently_are_refused() -> None:
    ours, theirs = iter([1.0, 0.9, 0.8]), iter([1.0, 0.9, 0.7])
    with pytest.raises(AssertionError, match="not the same step"):
        compare("a training step", lambda: next(ours), {"peer": lambda: next(theirs)})


def test_ratios_and_targets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(harness, "timed", lambda step, repeats: step())
    slow, fast = compare("a step", lambda: 2.0, {"slow 1.0": lambda: 2.0, "fast": lambda: 2.0}, {"slow": 0.6}, rounds=3)
    assert slow == Row("a step", 2.0, "slow 1.0", 2.0, 1.0, 0.6)
    assert fast.target is None
    assert markdown([slow]).splitlines()[2] == "| a step | 2 s | slow 1.0 | 2 s | 1.00 | ≤ 0.6 |"
    assert plain([fast]).splitlines()[1].split() == ["a", "step", "2", "s", "fast", "2", "s", "1.00"]


def test_an_unknown_subject_is_one_clear_line() -> None:
    command = [sys.executable, "-m", "benchmarks", "speed"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "there is no subject speed: choose from chain" in done.stderr
    assert "Traceback" not in done.stderr
