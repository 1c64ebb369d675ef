"""Compiled loops give what NumPy gives, and without numba NumPy takes their place."""

import numpy as np
import pytest

import autograd_core as ag
import nn.functional as F  # noqa: N812
from autograd_core import fast

X = np.random.default_rng(0).standard_normal((80, 100))
CALLS = {
    "scatter_add": lambda x, draw: ag.zeros(80, 100, dtype=x.dtype).scatter_add(1, draw(100, x.shape), x),
    "gather": lambda x, draw: x.gather(0, draw(80, x.shape)),
    "gather in rows": lambda x, draw: x.gather(1, draw(100, (80, 60))),
    "gather of three axes": lambda x, draw: x.reshape(8, 10, 100).gather(2, draw(100, (8, 10, 130))),
    "cumsum": lambda x, draw: x.cumsum(1),
    "cumsum of some rows": lambda x, draw: x.reshape(5, 1600).cumsum(-1),
    "take": lambda x, draw: x.take(draw(16000, (90, 90)) - 8000),
    "index_select": lambda x, draw: x.index_select(1, draw(100, 300)),
    "index_add": lambda x, draw: ag.zeros(7, 100, dtype=x.dtype).index_add(0, draw(7, 80), x),
    "embedding": lambda x, draw: F.embedding(draw(80, (9, 11)), x),
    "layer_norm": lambda x, draw: F.layer_norm(x, 100),
    "layer_norm with weights": lambda x, draw: F.layer_norm(x, 100, x[0] + 1, x[1]),
    "softmax": lambda x, draw: F.softmax(x, -1),
    "layer_norm of a view": lambda x, draw: F.layer_norm(x.T, 80),
    "group_norm": lambda x, draw: F.group_norm(x.reshape(8, 10, 100), 5),
    "gelu": lambda x, draw: F.gelu(x),
}


def values_and_gradient(name, dtype):
    rng = np.random.default_rng(1)
    x = ag.tensor(X.astype(dtype), requires_grad=True)
    y = CALLS[name](x, lambda high, shape: ag.tensor(rng.integers(0, high, shape)))
    y.backward(ag.tensor(rng.standard_normal(y.shape).astype(dtype)))
    return y.detach().numpy(), x.grad.numpy()


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_both_ways_agree(name, dtype, monkeypatch):
    pytest.importorskip("numba")
    compiled = values_and_gradient(name, dtype)
    monkeypatch.setattr(fast, "_numba", lambda: None)
    for quick, plain in zip(compiled, values_and_gradient(name, dtype), strict=True):
        assert quick.dtype == plain.dtype == dtype
        eps, size = float(np.finfo(dtype).eps), max(1.0, float(np.abs(plain).max()))
        np.testing.assert_allclose(quick, plain, rtol=32 * eps, atol=32 * eps * size)


def test_which_arrays_are_worth_it(monkeypatch):
    pytest.importorskip("numba")
    loop = fast.Loop(lambda out: None)
    assert loop.suits(np.zeros(fast.LARGE))
    assert not loop.suits(np.zeros(fast.LARGE - 1))
    assert not loop.suits(np.zeros(fast.LARGE, np.float16))
    assert not loop.suits(np.zeros(fast.LARGE, int))
    monkeypatch.setattr(fast, "_numba", lambda: None)
    assert not loop.suits(np.zeros(fast.LARGE))


def test_infinities_and_nan_stay_in_their_rows():
    x = X.copy()
    x[3, 4], x[5, 6] = np.inf, np.nan
    y = F.layer_norm(ag.tensor(x), 100).numpy()
    assert np.flatnonzero(~np.isfinite(y).all(1)).tolist() == [3, 5]
    far = ag.tensor(np.tile([np.inf, -30.0, np.nan, 1e30], 2000).astype(np.float32))
    np.testing.assert_array_equal(F.gelu(far).numpy()[:4], np.array([np.inf, 0, np.nan, 1e30], np.float32))
