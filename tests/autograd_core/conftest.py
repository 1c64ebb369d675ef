"""The rows of the op table that importing autograd_core alone makes; a test that takes ``row`` runs for each."""

import subprocess
import sys

import pytest

LISTING = "import autograd_core.rules; print(*sorted(autograd_core.rules.TABLE))"
ROWS = subprocess.run([sys.executable, "-c", LISTING], check=True, capture_output=True, text=True).stdout.split()


def pytest_generate_tests(metafunc):
    if "row" in metafunc.fixturenames:
        metafunc.parametrize("row", ROWS)


@pytest.fixture(scope="session")
def rows():
    return ROWS
