"""What a function can't mean is refused by a built-in exception: no wrong number, no array of objects."""

from __future__ import annotations

import numpy as np
import pytest

import autograd_core as ag


def matrix():
    return ag.tensor([[1.0, 2.0], [3.0, 4.0]])


REFUSED = [
    (TypeError, "None", lambda: ag.float_power(None, 2.0)),
    (TypeError, "complex", lambda: ag.float_power(ag.tensor([2.0]), np.array([1 + 2j]))),
    (TypeError, "datetime64", lambda: ag.float_power(np.array(["2020-01-01"], dtype="datetime64[D]"), 2.0)),
    (TypeError, "complex", lambda: ag.scatter(matrix(), 0, ag.tensor([[0, 1]]), 1 + 2j)),
    (TypeError, "complex", lambda: ag.scatter_add(matrix(), 0, ag.tensor([[0, 1]]), 1 + 2j)),
    (TypeError, "str", lambda: matrix().expand_as("abc")),
    (TypeError, "str", lambda: matrix().view_as("abc")),
    (TypeError, "dict", lambda: ag.tensor_split(matrix(), {})),
    (TypeError, "float", lambda: ag.rot90(matrix(), 1.5)),
    (TypeError, "float", lambda: ag.polygamma(1.5, matrix())),
    (TypeError, "float", lambda: ag.diff(matrix(), 0.5)),
    (TypeError, "float", lambda: ag.tril_indices(2.5, 2)),
    (ValueError, "at most one", lambda: matrix().reshape(-5)),
    (ValueError, "at most one", lambda: matrix().reshape(-1, -1)),
    (ValueError, r"\(2, 2\).*\(3,\)", lambda: matrix().reshape(3)),
    (ValueError, "step above 0", lambda: ag.tensor(1.0).unfold(0, 1, 0)),
    (ValueError, "windows", lambda: ag.tensor(1.0).unfold(0, -1, 1)),
    (ValueError, "not below 0", lambda: ag.cdist(matrix(), matrix(), p=float("nan"))),
    (ValueError, "modes", lambda: ag.cdist(matrix(), matrix(), compute_mode="fast")),
    (ValueError, "not below 0", lambda: ag.pdist(matrix(), p=float("nan"))),
]


@pytest.mark.parametrize(("error", "says", "call"), REFUSED)
def test_refused(error, says, call):
    with pytest.raises(error, match=says):
        call()


@pytest.mark.parametrize("number", [300, -1, float("nan"), float("inf"), [1, 256]])
def test_a_number_that_does_not_fit_into_an_integer(number):
    with pytest.raises(OverflowError, match="uint8 holds whole numbers from 0 to 255"):
        ag.tensor(number, dtype=np.uint8)
    assert ag.tensor([0, 255, 1.5], dtype=np.uint8).tolist() == [0, 255, 1]


@pytest.mark.parametrize(
    "change",
    [
        lambda t: t.fill_(300),
        lambda t: t.__setitem__(0, 300),
        lambda t: t.__setitem__(0, -1),
        lambda t: t.masked_fill(t > 0, 300),
        lambda t: t.index_fill(0, ag.tensor([0]), 300),
        lambda t: ag.full_like(t, 300),
        lambda t: ag.full((2,), 300, dtype=np.uint8),
    ],
)
def test_a_number_that_does_not_fit_into_the_tensor(change):
    with pytest.raises(OverflowError, match="uint8"):
        change(ag.tensor([1, 2], dtype=np.uint8))
