"""Every example runs and says what it should."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parent.parent / "examples"
SAID = {
    "draw_a_network.py": ["forward.html", "both.html"],
    "plots.py": ["plots.png"],
    "saddle.py": ["Hessian [[0.0, -2.0], [-2.0, 0.0]]", "eigenvalues [-2.0, 2.0]", "downhill along [1.0, 1.0]"],
    "xor.py": ["[0.0, 0.0] → 0 (", "[0.0, 1.0] → 1 (", "[1.0, 0.0] → 1 (", "[1.0, 1.0] → 0 ("],
}


def test_every_example_is_run():
    assert {path.name for path in EXAMPLES.glob("*.py")} == set(SAID)


@pytest.mark.parametrize("name", SAID)
def test_examples(name, tmp_path):
    if name == "plots.py":
        pytest.importorskip("matplotlib")
        pytest.importorskip("sklearn")
    environment = os.environ | {"PYTHONPATH": str(EXAMPLES.parent), "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [sys.executable, "-W", "error", EXAMPLES / name],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    for piece in SAID[name]:
        assert piece in done.stdout
