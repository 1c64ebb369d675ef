"""Scans, order, medians, quantiles, norms and distances: the laws hold for each."""

import numpy as np
import pytest

import autograd_core as ag
from autograd_core.testing import check_grads, laws
from autograd_core.testing.values import values


def numbers(*shape, place=0):
    pool = values(place=place)
    return np.random.default_rng(place).permutation(pool)[: int(np.prod(shape))].reshape(shape)[()]


X, CUBE, LINE, OTHER = numbers(3, 4), numbers(2, 3, 2), numbers(5), numbers(2, 4, place=1)


def lower_median(x, axis):
    return np.sort(x, axis=axis).take((x.shape[axis] - 1) // 2, axis=axis)


def first_median(x, axis):
    place = (x.shape[axis] - 1) // 2
    return lower_median(x, axis), np.argsort(x, axis=axis).take(place, axis=axis)


def pairs(x, y, p):
    return np.array([[np.linalg.norm(a - b, p) for b in y] for a in x], np.result_type(x, y))


def running(extreme, x, axis):
    values = extreme.accumulate(x, axis=axis)
    steps = np.arange(x.shape[axis]).reshape([-1 if i == axis else 1 for i in range(x.ndim)])
    return values, np.maximum.accumulate(np.where(x == values, steps, 0), axis=axis)


CASES = {
    "cumsum": (lambda x: ag.cumsum(x, 1), lambda x: np.cumsum(x, 1), (X,)),
    "cumprod": (lambda x: ag.cumprod(x, -2), lambda x: np.cumprod(x, -2), (X,)),
    "logcumsumexp": (lambda x: ag.logcumsumexp(x, 0), lambda x: np.log(np.cumsum(np.exp(x), 0)), (X,)),
    "cummax": (lambda x: ag.cummax(x, 1), lambda x: running(np.maximum, x, 1), (X,)),
    "cummin": (lambda x: ag.cummin(x, 0), lambda x: running(np.minimum, x, 0), (X,)),
    "diff": (lambda x: ag.diff(x, 2, 1), lambda x: np.diff(x, 2, 1), (X,)),
    "diff with ends": (
        lambda x, y: ag.diff(x, 1, 0, prepend=y, append=y),
        lambda x, y: np.diff(x, 1, 0, prepend=y, append=y),
        (X, OTHER),
    ),
    "trapezoid": (
        lambda y, x: ag.trapezoid(y, x, dim=1),
        lambda y, x: np.asarray((np.diff(x) * (y[:, 1:] + y[:, :-1]) / 2).sum(1), np.result_type(x, y)),
        (X, numbers(4, place=1)),
    ),
    "trapezoid of equal steps": (
        lambda y: ag.trapezoid(y, dx=0.5, dim=0),
        lambda y: ((y[1:] + y[:-1]) * 0.25).sum(0),
        (X,),
    ),
    "cumulative_trapezoid": (
        lambda y: ag.cumulative_trapezoid(y, dim=1),
        lambda y: ((y[:, 1:] + y[:, :-1]) / 2).cumsum(1),
        (X,),
    ),
    "sort": (lambda x: ag.sort(x, 0), lambda x: (np.sort(x, 0), np.argsort(x, 0)), (X,)),
    "sort downwards": (
        lambda x: ag.sort(x, -1, descending=True),
        lambda x: (np.sort(x)[:, ::-1], np.argsort(x)[:, ::-1]),
        (X,),
    ),
    "msort": (ag.msort, lambda x: np.sort(x, 0), (X,)),
    "topk": (
        lambda x: ag.topk(x, 2, 1),
        lambda x: (np.sort(x)[:, ::-1][:, :2], np.argsort(x)[:, ::-1][:, :2]),
        (X,),
    ),
    "topk, the smallest": (
        lambda x: ag.topk(x, 2, 0, largest=False),
        lambda x: (np.sort(x, 0)[:2], np.argsort(x, 0)[:2]),
        (X,),
    ),
    "kthvalue": (lambda x: ag.kthvalue(x, 3, 1), lambda x: (np.sort(x)[:, 2], np.argsort(x)[:, 2]), (X,)),
    "median": (lambda x: ag.median(x), lambda x: lower_median(x.reshape(-1), 0), (X,)),
    "median along an axis": (lambda x: ag.median(x, 1), lambda x: first_median(x, 1), (X,)),
    "quantile": (lambda x: ag.quantile(x, 0.3), lambda x: np.asarray(np.quantile(x, 0.3), x.dtype)[()], (X,)),
    **{
        f"quantile {method}": (
            lambda x, method=method: ag.quantile(x, [0.2, 0.9], 1, interpolation=method),
            lambda x, method=method: np.quantile(x, [0.2, 0.9], 1, method=method).astype(x.dtype),
            (X,),
        )
        for method in ("linear", "lower", "higher", "midpoint")
    },
    "aminmax": (lambda x: ag.aminmax(x, dim=1), lambda x: (x.min(1), x.max(1)), (X,)),
    "var_mean": (lambda x: ag.var_mean(x, 1), lambda x: (x.var(1, ddof=1), x.mean(1)), (X,)),
    "std_mean": (lambda x: ag.std_mean(x, (0, 1)), lambda x: (x.std((0, 1), ddof=1), x.mean((0, 1))), (X,)),
    **{
        f"vector_norm {p}": (
            lambda x, p=p: ag.linalg.vector_norm(x, p, 1),
            lambda x, p=p: np.linalg.norm(x, p, 1),
            (X,),
        )
        for p in (1, 2, 3, 0.5, -1, -2.5, np.inf, -np.inf)
    },
    **{
        f"matrix_norm {p}": (
            lambda x, p=p: ag.linalg.matrix_norm(x, p, (0, 2)),
            lambda x, p=p: np.linalg.norm(x, p, (0, 2)),
            (CUBE,),
        )
        for p in ("fro", 1, -1, np.inf, -np.inf)
    },
    **{
        f"matrix_norm {p}": (
            lambda x, p=p: ag.linalg.matrix_norm(x, p),
            lambda x, p=p: np.linalg.norm(x.astype(np.float32) if x.dtype == np.float16 else x, p).astype(x.dtype),
            (X,),
        )
        for p in ("nuc", 2, -2)
    },
    "dist": (lambda x, y: ag.dist(x, y, 3), lambda x, y: np.linalg.norm((x - y).ravel(), 3), (LINE, LINE[::-1] + 0.3)),
    **{
        f"cdist {p}": (lambda x, y, p=p: ag.cdist(x, y, p), lambda x, y, p=p: pairs(x, y, p), (X, OTHER))
        for p in (1, 2.0, 3, np.inf)
    },
    "pdist": (lambda x: ag.pdist(x), lambda x: pairs(x, x, 2)[np.triu_indices(3, 1)], (X,)),
}


@pytest.mark.parametrize("name", CASES)
def test_the_laws_hold(name):
    function, reference, inputs = CASES[name]
    decomposed = name in ("matrix_norm nuc", "matrix_norm 2", "matrix_norm -2")  # LAPACK has no half precision
    chosen = [law for law in laws.LAWS if not (decomposed and law is laws.keeps_dtypes)]
    laws.check(function, [(inputs, {})], reference=reference, laws=chosen)


def test_a_norm_at_zero_is_flat():
    for p in (1, 2, 3, np.inf):
        x = ag.zeros(3, dtype=np.float64).requires_grad_()
        ag.linalg.vector_norm(x, p).backward()
        assert x.grad.tolist() == [0, 0, 0]
    x, y = ag.tensor([[1.0, 2.0]], requires_grad=True), ag.tensor([[1.0, 2.0]])
    ag.cdist(x, y).sum().backward()
    assert x.grad.tolist() == [[0, 0]]


def test_products_with_zeros_have_every_derivative():
    for zeros in ([1], [0, 3], [0, 1, 2, 3]):
        x = LINE.copy()
        x[zeros] = 0
        check_grads(lambda x: ag.cumprod(x, 0), (x,), order=2)


def test_nan_is_found_or_left_out():
    x = ag.tensor([[1.0, np.nan, 3.0], [4.0, 5.0, 6.0]], requires_grad=True)
    assert ag.nansum(x, 1).tolist() == [4, 15]
    assert ag.nanmean(x, 1).tolist() == [2, 5]
    assert np.isnan(ag.median(x, 1).values.detach().numpy()[0])
    assert ag.nanmedian(x, 1).values.tolist() == [1, 5]
    assert ag.nanquantile(x, 0.5, 1).tolist() == [2, 5]
    assert np.isnan(ag.quantile(x, 0.5, 1).detach().numpy()[0])
    (ag.nansum(x) + ag.nanmean(x)).backward()
    np.testing.assert_allclose(x.grad.numpy(), [[1.2, 0, 1.2], [1.2, 1.2, 1.2]], rtol=1e-6)
    assert ag.cummax(x.detach(), 1).indices.tolist() == [[0, 1, 1], [0, 1, 2]]


def test_counting_and_finding():
    x = ag.tensor([3, 1, 3, 0, 1])
    assert [part.tolist() for part in ag.unique(x, return_inverse=True, return_counts=True)] == [
        [0, 1, 3],
        [2, 1, 2, 0, 1],
        [1, 2, 2],
    ]
    assert ag.bincount(x, minlength=5).tolist() == [1, 2, 0, 2, 0]
    assert ag.histc(ag.tensor([0.0, 1.0, 1.5, 2.0]), 2, 0, 2).tolist() == [1, 3]
    assert ag.searchsorted(ag.tensor([1, 3, 5]), ag.tensor([3, 4]), right=True).tolist() == [2, 2]
    assert ag.bucketize(ag.tensor([3, 4]), ag.tensor([1, 3, 5])).tolist() == [1, 2]
    assert ag.nonzero(x).tolist() == [[0], [1], [2], [4]]
    assert ag.mode(x).values.item() == 1
    assert ag.isin(x, ag.tensor([1])).tolist() == [False, True, False, False, True]
    assert ag.count_nonzero(x).item() == 4


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: ag.quantile(ag.ones(3), 1.5), ValueError, ["quantile", "1.5"]),
        (lambda: ag.quantile(ag.ones(3), 0.5, interpolation="cubic"), ValueError, ["cubic"]),
        (lambda: ag.quantile(ag.ones(0), 0.5), ValueError, ["quantile", "(0,)"]),
        (lambda: ag.median(ag.ones(2, 0), 1), IndexError, ["median", "(2, 0)"]),
        (lambda: ag.topk(ag.ones(3), 4), (ValueError, IndexError, RuntimeError), ["topk", "4"]),
        (lambda: ag.kthvalue(ag.ones(3), 0), (ValueError, IndexError, RuntimeError), ["kthvalue", "0"]),
        (lambda: ag.linalg.matrix_norm(ag.ones(3)), ValueError, ["matrix_norm", "(3,)"]),
        (lambda: ag.linalg.matrix_norm(ag.ones(3, 3), 3), ValueError, ["matrix_norm", "3"]),
        (lambda: ag.norm(ag.ones(3), "max"), ValueError, ["norm", "max"]),
        (lambda: ag.linalg.vector_norm(ag.ones(0), np.inf), ValueError, ["vector_norm"]),
        (lambda: ag.cdist(ag.ones(2, 3), ag.ones(2, 4)), ValueError, ["cdist", "(2, 3)", "(2, 4)"]),
        (lambda: ag.cumsum(ag.ones(2), 1), IndexError, ["1"]),
        (lambda: ag.diff(ag.tensor(1.0)), ValueError, ["diff"]),
        (lambda: ag.diff(ag.ones(3), -1), ValueError, ["diff", "-1"]),
        (lambda: ag.bincount(ag.tensor([-1])), ValueError, ["bincount"]),
        (lambda: ag.bincount(ag.ones(2)), TypeError, ["bincount"]),
        (lambda: ag.linspace(0, 1, -1), ValueError, []),
        (lambda: ag.arange(3, 0), ValueError, ["arange"]),
    ],
)
def test_errors_name_what_was_seen(call, error, words):
    with pytest.raises(error) as caught:
        call()
    for word in words:
        assert word in str(caught.value)
