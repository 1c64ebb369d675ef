"""Every row of the op table obeys every law; a row that the laws can't run fails."""

import subprocess
import sys

import pytest

from autograd_core.rules import TABLE
from autograd_core.testing import cases, laws

# The rows that importing autograd_core makes; other packages that a test session imports add their own.
LISTING = "import autograd_core.rules; print(*autograd_core.rules.TABLE)"
ROWS = sorted(
    subprocess.run([sys.executable, "-c", LISTING], check=True, capture_output=True, text=True).stdout.split()
)


@pytest.mark.parametrize("law", laws.LAWS, ids=lambda law: law.__name__)
@pytest.mark.parametrize("name", ROWS)
def test_every_operation_obeys_every_law(name, law):
    if name in cases.REASONS:
        pytest.skip(cases.REASONS[name])
    op = TABLE[name]
    laws.check(op, reference=cases.reference_of(op), laws=[law], examples=12)


@pytest.mark.parametrize("name", ROWS)
def test_every_operation_has_a_reference(name):
    assert name in cases.REASONS or cases.reference_of(TABLE[name]) is not None, (
        f"{name} has no NumPy reference: add one to autograd_core/testing/cases.py"
    )


def test_reasons_and_cases_name_rows_that_exist():
    assert set(cases.REASONS) | set(cases.CASES) | set(cases.REFERENCES) <= set(ROWS)
