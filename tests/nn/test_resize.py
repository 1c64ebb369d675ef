"""interpolate: PyTorch's numbers for every mode and option, and what is refused."""

import itertools

import numpy as np
import pytest

import autograd_core as ag
import nn.functional as F  # noqa: N812
from autograd_core.testing import check_grads
from nn.functional.taps import Taps

SHAPES = {"linear": (2, 3, 7), "bilinear": (2, 3, 7, 4), "bicubic": (2, 1, 6, 5), "trilinear": (1, 2, 3, 4, 5)}
MODES = [
    *itertools.product(SHAPES, (None, False, True), (False,)),
    *itertools.product(("bilinear", "bicubic"), (None, True), (True,)),
    *itertools.product(("nearest", "nearest-exact", "area"), (None,), (False,)),
]


def agree(x, **options):
    torch = pytest.importorskip("torch")
    ours, theirs = ag.tensor(x, requires_grad=True), torch.tensor(x, requires_grad=True)
    if options["antialias"] and F.interpolate(ours, **options).shape[-1] == 1:
        return  # PyTorch 2.13 repeats the first row there
    y, t = F.interpolate(ours, **options), torch.nn.functional.interpolate(theirs, **options)
    assert y.shape == tuple(t.shape)
    exact = {"rtol": 1e-9, "atol": 1e-12} if x.dtype == np.float64 else {"rtol": 1e-4, "atol": 1e-5}
    np.testing.assert_allclose(y.detach().numpy(), t.detach().numpy(), **exact)
    g = np.random.default_rng(1).standard_normal(y.shape).astype(x.dtype)
    y.backward(ag.tensor(g))
    t.backward(torch.tensor(g))
    np.testing.assert_allclose(ours.grad.numpy(), theirs.grad.numpy(), **exact)


@pytest.mark.peers
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(("mode", "corners", "antialias"), MODES)
def test_as_in_pytorch(mode, corners, antialias, dtype):
    options = {"mode": mode, "align_corners": corners, "antialias": antialias}
    for shape in [SHAPES[mode]] if mode in SHAPES else SHAPES.values():
        x = np.random.default_rng(0).standard_normal(shape).astype(dtype)
        for size in (1, 2, 4, 5, 7, 13):
            agree(x, size=size, **options)
        for factor in (0.3, 0.6, 1.0, 1.7, 2, 3.1):
            if min(shape[2:]) * factor >= 1:
                agree(x, scale_factor=factor, **options)
                agree(x, scale_factor=factor, recompute_scale_factor=True, **options)
        agree(x, size=tuple(range(3, 1 + len(shape))), **options)


def test_derivatives_of_any_order():
    x = ag.tensor(np.random.default_rng(0).standard_normal((1, 2, 3, 4)))
    for mode in ("nearest", "area", "bilinear", "bicubic"):
        check_grads(lambda x, mode=mode: F.interpolate(x, size=(5, 2), mode=mode) ** 2, (x,))


def test_an_infinite_pixel_stays_where_it_is():
    x = np.zeros((1, 1, 6))
    x[0, 0, 1] = np.inf
    assert np.isfinite(F.interpolate(ag.tensor(x), 3).numpy()).sum() == 3
    assert np.isinf(F.interpolate(ag.tensor(x), 12).numpy()).sum() == 2


def test_the_transposed_map_is_that_of_the_matrix():
    rng = np.random.default_rng(0)
    taps = Taps(rng.integers(0, 5, (7, 3)), rng.integers(0, 3, (7, 3)).astype(float), 5)
    matrix = taps.apply(np.eye(5), 0)
    np.testing.assert_array_equal(taps.T.apply(np.eye(7), 0), matrix.T)
    np.testing.assert_array_equal(taps.T.T.apply(np.eye(5), 0), matrix)
    np.testing.assert_array_equal(taps.apply(np.eye(5), 1), matrix.T)


@pytest.mark.parametrize(
    ("options", "error", "what"),
    [
        ({}, ValueError, "only one of size or scale_factor"),
        ({"size": 2, "scale_factor": 2}, ValueError, "only one of size or scale_factor"),
        ({"size": (2, 2)}, ValueError, r"each of the 1 axes after \(N, C\) of the input \(1, 1, 4\), got \[2, 2\]"),
        ({"size": 2.5}, TypeError, r"sizes of integers, got \[2.5\]"),
        ({"size": 0}, ValueError, "sizes should be greater than 0"),
        ({"size": 2, "mode": "cubic"}, NotImplementedError, "no mode 'cubic': choose from nearest"),
        ({"size": 2, "mode": "bilinear"}, NotImplementedError, r"needs an input of 4 axes, \(N, C, …\), got shape"),
        ({"size": 2, "align_corners": True}, ValueError, "align_corners option can only be set"),
        ({"size": 2, "antialias": True}, ValueError, "restricted to bilinear and bicubic"),
        ({"size": 2, "recompute_scale_factor": True}, ValueError, "not meaningful with an explicit size"),
    ],
)
def test_what_is_refused(options, error, what):
    with pytest.raises(error, match=what):
        F.interpolate(ag.zeros(1, 1, 4), **options)


def test_integers():
    assert F.interpolate(ag.tensor([[[1, 2]]]), 4).tolist() == [[[1, 1, 2, 2]]]
    with pytest.raises(TypeError, match="'linear' needs floats, got int64"):
        F.interpolate(ag.tensor([[[1, 2]]]), 4, mode="linear")
