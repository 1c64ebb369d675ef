"""Every row of the op table obeys every law; a row that the laws can't run fails."""

import pytest

from autograd_core.rules import TABLE
from autograd_core.testing import cases, laws

ROWS = sorted(TABLE)


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
    assert set(cases.REASONS) | set(cases.CASES) | set(cases.REFERENCES) <= set(TABLE)
