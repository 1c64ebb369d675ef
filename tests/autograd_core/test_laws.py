"""Every row of the op table obeys every law; a row that the laws can't run fails."""

import pytest

from autograd_core.rules import TABLE
from autograd_core.testing import cases, laws


@pytest.mark.parametrize("law", laws.LAWS, ids=lambda law: law.__name__)
def test_every_operation_obeys_every_law(row, law):
    if row in cases.REASONS:
        pytest.skip(cases.REASONS[row])
    op = TABLE[row]
    laws.check(op, reference=cases.reference_of(op), laws=[law], examples=12)


def test_every_operation_has_a_reference(row):
    assert row in cases.REASONS or cases.reference_of(TABLE[row]) is not None, (
        f"{row} has no NumPy reference: add one to its family in autograd_core/testing/cases"
    )


def test_reasons_and_cases_name_rows_that_exist(rows):
    assert set(cases.REASONS) | set(cases.CASES) | set(cases.REFERENCES) <= set(rows)
