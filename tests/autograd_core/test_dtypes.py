"""Sums of small integers are int64; halves do not overflow on the way to a result that fits."""

import numpy as np
import pytest

import autograd_core as ag
from autograd_core.testing import check_grads


def test_dtypes_and_constants_have_pytorchs_names():
    assert (ag.half, ag.float, ag.double) == (np.float16, np.float32, np.float64)
    assert (ag.short, ag.int, ag.long, ag.bool) == (np.int16, np.int32, np.int64, np.bool_)
    assert (ag.pi, ag.e, ag.inf, ag.newaxis) == (np.pi, np.e, np.inf, None)
    assert np.isnan(ag.nan)


@pytest.mark.parametrize("dtype", [np.bool_, np.uint8, np.int8, np.int32, np.uint16])
@pytest.mark.parametrize(
    "f",
    [
        ag.sum,
        ag.nansum,
        ag.prod,
        lambda x: ag.cumsum(x, 0),
        lambda x: ag.cumprod(x, 0),
        ag.trace,
        np.sum,
        lambda x: ag.einsum("ij->", x),
        lambda x: ag.linalg.vander(x)[0],
    ],
)
def test_sums_of_integers_are_int64(f, dtype):
    x = ag.tensor(np.array([[1, 0], [1, 1]]), dtype=dtype)
    assert f(x).dtype == np.int64
    assert (f(x) + ag.tensor(1)).dtype == np.int64


@pytest.mark.parametrize("f", [ag.sum, ag.nansum, ag.prod])
@pytest.mark.parametrize("dtype", [np.int32, np.uint8, np.float16, np.float64])
def test_the_dtype_asked_for(f, dtype):
    assert f(ag.tensor([1, 2, 3]), dtype=dtype).dtype == dtype


@pytest.mark.parametrize(
    ("f", "right"),
    [
        (ag.var, 400.0),
        (ag.std, 20.0),
        (lambda x: ag.var_mean(x)[0], 400.0),
        (lambda x: ag.std_mean(x)[0], 20.0),
        (lambda x: ag.linalg.vector_norm(x[:100]), 200.0),
        (lambda x: ag.linalg.vector_norm(x[:1], 6), 20.0),
        (lambda x: ag.dist(x[:100], -x[:100]), 400.0),
    ],
)
def test_halves_do_not_overflow_on_the_way(f, right):
    x = ag.tensor(np.where(np.arange(4000) % 2, 20, -20), dtype=np.float16, requires_grad=True)
    y = f(x)
    assert y.dtype == np.float16
    assert y.item() == pytest.approx(right, rel=2e-3)
    assert ag.grad((y,), (x,))[0].dtype == np.float16


@pytest.mark.parametrize(("shape", "ord"), [((0, 0), 1), ((1, 0), 1), ((0, 1), np.inf), ((2, 0, 3), 2), ((0, 0), 2)])
def test_the_largest_of_no_sizes_is_0(shape, ord):
    x = ag.zeros(shape, dtype=np.float64)
    assert ag.linalg.matrix_norm(x, ord).tolist() == np.zeros(shape[:-2]).tolist()
    assert ag.linalg.matrix_norm(x, ord, keepdim=True).shape == (*shape[:-2], 1, 1)
    check_grads(lambda x: ag.linalg.matrix_norm(x, ord), (x,))
    with pytest.raises(ValueError, match="no elements"):
        ag.linalg.matrix_norm(x, -ord)
