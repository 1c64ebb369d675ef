"""Gathering, scattering and putting: the laws hold for each, in NumPy's words where it has some."""

import numpy as np
import pytest

import autograd_core as ag
from autograd_core.testing import check_grads, laws
from autograd_core.testing.values import values


def numbers(*shape, place=0):
    pool = values(place=place)
    return np.random.default_rng(place).permutation(pool)[: int(np.prod(shape))].reshape(shape)[()]


X = numbers(3, 4)
TABLE = np.array([[2, 0, 1, 2], [0, 0, 2, 1]])
ROWS = np.array([2, 0, 2])
SOURCE = numbers(2, 4, place=1)
MASK = np.arange(12).reshape(3, 4) % 3 == 1


def added(x, src, places):
    result = np.array(x)
    np.add.at(result, places, src)
    return result


def put(x, src, places):
    result = np.array(x)
    result[places] = src
    return result


COLUMNS = (TABLE, np.arange(4)[None, :])
CASES = {
    "gather": (lambda x: ag.gather(x, 0, TABLE), lambda x: np.take_along_axis(x, TABLE, 0), (X,)),
    "gather, the last axis": (
        lambda x: ag.gather(x, -1, TABLE[:, :2]),
        lambda x: np.take_along_axis(x[:2], TABLE[:, :2], 1),
        (X,),
    ),
    "take_along_dim": (
        lambda x: ag.take_along_dim(x, np.array([[1], [0], [-1]]), 1),
        lambda x: np.take_along_axis(x, np.array([[1], [0], [-1]]), 1),
        (X,),
    ),
    "take": (lambda x: ag.take(x, [[0, 5], [-1, 5]]), lambda x: np.take(x, [[0, 5], [-1, 5]]), (X,)),
    "index_select": (lambda x: ag.index_select(x, 0, ROWS), lambda x: x[ROWS], (X,)),
    "scatter": (
        lambda x, s: ag.scatter(x, 0, TABLE[:1], s),
        lambda x, s: put(x, s[:1], (TABLE[:1], np.arange(4)[None])),
        (X, SOURCE),
    ),
    "scatter a number": (
        lambda x: ag.scatter(x, 0, TABLE[:1], value=7.0),
        lambda x: put(x, 7.0, (TABLE[:1], np.arange(4)[None])),
        (X,),
    ),
    "scatter_add": (lambda x, s: ag.scatter_add(x, 0, TABLE, s), lambda x, s: added(x, s, COLUMNS), (X, SOURCE)),
    "scatter_reduce sum": (
        lambda x, s: ag.scatter_reduce(x, 0, TABLE, s, "sum"),
        lambda x, s: added(x, s, COLUMNS),
        (X, SOURCE),
    ),
    "index_add": (
        lambda x, s: ag.index_add(x, 0, np.array([2, 2]), s, alpha=0.5),
        lambda x, s: added(x, 0.5 * s, np.array([2, 2])),
        (X, SOURCE),
    ),
    "index_copy": (
        lambda x, s: ag.index_copy(x, 0, np.array([2, 0]), s),
        lambda x, s: put(x, s, np.array([2, 0])),
        (X, SOURCE),
    ),
    "index_fill": (lambda x: ag.index_fill(x, 1, [0, 2], -1.0), lambda x: put(x, -1.0, (slice(None), [0, 2])), (X,)),
    "index_put": (
        lambda x, s: ag.index_put(x, ([0, 2], [1, 1]), s),
        lambda x, s: put(x, s, ([0, 2], [1, 1])),
        (X, numbers(2, place=1)),
    ),
    "index_put, accumulating": (
        lambda x, s: ag.index_put(x, ([0, 0], [1, 1]), s, accumulate=True),
        lambda x, s: added(x, s, ([0, 0], [1, 1])),
        (X, numbers(2, place=1)),
    ),
    "put": (
        lambda x, s: ag.put(x, [0, -1], s),
        lambda x, s: put(x.reshape(-1), s, [0, -1]).reshape(3, 4),
        (X, numbers(2, place=1)),
    ),
    "masked_select": (lambda x: ag.masked_select(x, MASK), lambda x: x[MASK], (X,)),
    "masked_fill": (lambda x: ag.masked_fill(x, MASK, 0.5), lambda x: np.where(MASK, 0.5, x), (X,)),
    "masked_scatter": (
        lambda x, s: ag.masked_scatter(x, MASK, s),
        lambda x, s: put(x, s.reshape(-1)[: MASK.sum()], MASK),
        (X, numbers(3, 4, place=1)),
    ),
    "select_scatter": (
        lambda x, s: ag.select_scatter(x, s, 0, 1),
        lambda x, s: put(x, s, 1),
        (X, numbers(4, place=1)),
    ),
    "slice_scatter": (
        lambda x, s: ag.slice_scatter(x, s, 0, 0, 3, 2),
        lambda x, s: put(x, s, slice(0, 3, 2)),
        (X, SOURCE),
    ),
    "diagonal_scatter": (
        lambda x, s: ag.diagonal_scatter(x, s, 1),
        lambda x, s: put(x, s, ([0, 1, 2], [1, 2, 3])),
        (X, numbers(3, place=1)),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_the_laws_hold(name):
    function, reference, inputs = CASES[name]
    # as in PyTorch, dtypes are not mixed when one tensor is put into another
    chosen = [law for law in laws.LAWS if law is not laws.keeps_dtypes or len(inputs) == 1]
    laws.check(function, [(inputs, {})], reference=reference, laws=chosen)


@pytest.mark.parametrize("reduce", ["sum", "prod", "mean", "amax", "amin"])
@pytest.mark.parametrize("include_self", [True, False])
def test_scatter_reduce(reduce, include_self):
    def expected(x, s):
        result = np.array(x)
        for column in range(4):
            for row in range(3):
                given = [s[i, column] for i in range(2) if TABLE[i, column] == row]
                if given:
                    kept = ([x[row, column]] if include_self else []) + given
                    one = {"sum": np.sum, "prod": np.prod, "mean": np.mean, "amax": np.max, "amin": np.min}[reduce]
                    result[row, column] = one(kept)
        return result

    def function(x, s):
        return ag.scatter_reduce(x, 0, TABLE, s, reduce, include_self=include_self)

    np.testing.assert_allclose(function(ag.tensor(X), ag.tensor(SOURCE)).numpy(), expected(X, SOURCE), rtol=1e-14)
    check_grads(function, (X, SOURCE), order=2)


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda x: ag.gather(x, 0, [[3, 0, 0, 0]]), IndexError, ["gather", "0 to 2", "got 3", "(0, 0)"]),
        (lambda x: ag.gather(x, 0, [0]), ValueError, ["gather", "(3, 4)", "(1,)"]),
        (lambda x: ag.gather(x, 0, [[0.5]]), TypeError, ["gather", "integers", "float"]),
        (lambda x: ag.gather(x, 2, [[0]]), IndexError, ["2"]),
        (lambda x: ag.scatter(x, 0, [[0, 1]], [[1.0]]), ValueError, ["scatter", "(1, 2)"]),
        (lambda x: ag.scatter_reduce(x, 0, TABLE, SOURCE, "median"), ValueError, ["scatter_reduce", "median"]),
        (lambda x: ag.index_select(x, 0, [5]), IndexError, ["index_select", "5"]),
        (lambda x: ag.index_add(x, 0, [0], SOURCE), ValueError, ["index_add"]),
        (lambda x: ag.masked_select(x, [1, 0, 1, 1]), TypeError, ["masked_select", "bool"]),
        (lambda x: ag.masked_scatter(x, MASK, numbers(2)), ValueError, ["masked_scatter"]),
        (lambda x: ag.take(x, [12]), IndexError, ["take", "12"]),
        (lambda x: ag.narrow(x, 0, 2, 2), IndexError, ["narrow", "3", "2"]),
        (lambda x: ag.select(x, 0, 3), IndexError, ["3"]),
    ],
)
def test_errors_name_what_was_seen(call, error, words):
    with pytest.raises(error) as caught:
        call(ag.tensor(X))
    for word in words:
        assert word in str(caught.value)


@pytest.mark.parametrize("name", ["scatter_", "scatter_add_", "index_add_", "index_copy_"])
def test_forms_in_place(name):
    x = ag.tensor(X)
    before, whole = x.numpy().copy(), name.startswith("scatter")
    index = TABLE if whole else [1, 2]
    expected = getattr(x, name[:-1])(0, index, ag.tensor(SOURCE)).numpy()
    assert getattr(x, name)(0, index, ag.tensor(SOURCE)) is x
    np.testing.assert_array_equal(x.numpy(), expected)
    assert not np.array_equal(before, expected)
