"""The operations that nn declares obey the same laws as those of the core."""

import pytest
from op_cases import CASES

import nn.functional  # noqa: F401 - its rows enter the table
from autograd_core.rules import TABLE
from autograd_core.testing import laws


@pytest.mark.parametrize("law", laws.LAWS, ids=lambda law: law.__name__)
@pytest.mark.parametrize("name", CASES)
def test_every_operation_obeys_every_law(name, law):
    cases, reference = CASES[name]
    laws.check(TABLE[name], cases, reference=reference, laws=[law], examples=15)


def test_every_operation_of_nn_is_tested():
    own = {op.name for op in TABLE.values() if op.forward.__module__.startswith("nn.")}
    assert own == set(CASES)
