"""grid_sample and affine_grid: PyTorch's numbers for every mode, also at borders and far outside."""

import itertools

import numpy as np
import pytest

import autograd_core as ag
import nn.functional as F  # noqa: N812
from autograd_core.testing import check_grads

IMAGES = [(2, 3, 4, 5), (1, 2, 1, 3), (1, 1, 2, 3, 4)]
OPTIONS = list(itertools.product(("bilinear", "nearest", "bicubic"), ("zeros", "border", "reflection"), (False, True)))


def places(shape, rng, kind):
    """Random places, or ones exactly at pixels, borders and mirrors, or without a number."""
    dims = len(shape) - 2
    wanted = (shape[0], *(3, 4, 2)[:dims], dims)
    if kind == "random":
        return rng.uniform(-3.5, 3.5, wanted)
    return rng.choice([-1e6, 1e6] if kind == "far" else [-1.0, 1.0, 0.0, -3.0, 3.0, 0.5, -0.25], wanted)


@pytest.mark.peers
@pytest.mark.parametrize(("mode", "padding", "corners"), OPTIONS)
@pytest.mark.parametrize("shape", IMAGES)
def test_as_in_pytorch(shape, mode, padding, corners):
    torch = pytest.importorskip("torch")
    if mode == "bicubic" and len(shape) == 5:
        return
    rng = np.random.default_rng(0)
    for kind in ("random", "edges", "far"):
        if kind == "far" and padding == "reflection":
            continue  # rounding decides where these are mirrored to
        x, grid = rng.standard_normal(shape), places(shape, rng, kind)
        ours = [ag.tensor(a, requires_grad=True) for a in (x, grid)]
        theirs = [torch.tensor(a, requires_grad=True) for a in (x, grid)]
        y = F.grid_sample(*ours, mode, padding, corners)
        t = torch.nn.functional.grid_sample(*theirs, mode, padding, corners)
        np.testing.assert_allclose(y.detach().numpy(), t.detach().numpy(), rtol=1e-9, atol=1e-9)
        g = rng.standard_normal(y.shape)
        y.backward(ag.tensor(g))
        t.backward(torch.tensor(g))
        np.testing.assert_allclose(ours[0].grad.numpy(), theirs[0].grad.numpy(), rtol=1e-9, atol=1e-9)
        found = np.zeros_like(grid) if ours[1].grad is None else ours[1].grad.numpy()
        if kind != "far":
            np.testing.assert_allclose(found, theirs[1].grad.numpy(), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize(("mode", "padding", "corners"), OPTIONS)
def test_derivatives_of_any_order(mode, padding, corners):
    rng = np.random.default_rng(3)
    x, grid = rng.standard_normal((1, 1, 3, 4)), rng.uniform(-1.3, 1.3, (1, 2, 2, 2))
    check_grads(lambda x, grid: F.grid_sample(x, grid, mode, padding, corners) ** 2, (ag.tensor(x), ag.tensor(grid)))


def test_what_lies_outside_is_zero_beside_infinities():
    x = np.full((1, 1, 2, 2), np.inf)
    assert F.grid_sample(ag.tensor(x), ag.full((1, 1, 1, 2), 5.0, dtype=np.float64)).item() == 0


@pytest.mark.parametrize(("shape", "grid"), [((0, 2, 3, 3), (0, 2, 2, 2)), ((1, 0, 3, 3), (1, 2, 1, 2))])
def test_nothing(shape, grid):
    assert F.grid_sample(ag.zeros(*shape), ag.zeros(*grid)).shape == (*shape[:2], *grid[1:3])


@pytest.mark.parametrize("mode", ["bilinear", "nearest", "bicubic"])
def test_infinite_places_are_outside_and_nan_is_a_corner(mode):
    x = ag.tensor([[[[1.0, 2.0], [3.0, 4.0]]]])
    grid = ag.tensor([[[[np.inf, np.inf], [-np.inf, 0.0], [np.nan, np.nan]]]])
    assert F.grid_sample(x, grid, mode).flatten().tolist() == [0, 0, 0]
    if mode != "bicubic":
        assert F.grid_sample(x, grid, mode, "border").flatten().tolist()[::2] == [4, 1]
    assert np.isfinite(F.grid_sample(x, grid, mode, "reflection").numpy()).all()


@pytest.mark.peers
@pytest.mark.filterwarnings("ignore:Since version 1.3.0")
@pytest.mark.parametrize("corners", [False, True])
@pytest.mark.parametrize("size", [(2, 3, 4, 5), (1, 1, 1, 3), (2, 1, 2, 3, 4), (1, 1, 3, 1, 1)])
def test_affine_grid_as_in_pytorch(size, corners):
    torch = pytest.importorskip("torch")
    dims = len(size) - 2
    theta = np.random.default_rng(0).standard_normal((size[0], dims, dims + 1))
    ours, theirs = ag.tensor(theta, requires_grad=True), torch.tensor(theta, requires_grad=True)
    y, t = F.affine_grid(ours, size, corners), torch.nn.functional.affine_grid(theirs, list(size), corners)
    np.testing.assert_allclose(y.detach().numpy(), t.detach().numpy(), rtol=1e-12, atol=1e-14)
    (y**2).sum().backward()
    (t**2).sum().backward()
    np.testing.assert_allclose(ours.grad.numpy(), theirs.grad.numpy(), rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize(
    ("call", "error", "what"),
    [
        (lambda: F.grid_sample(ag.zeros(1, 1, 2, 2), ag.zeros(1, 1, 1, 3)), ValueError, r"grid \(1, 1, 1, 3\)"),
        (lambda: F.grid_sample(ag.zeros(1, 1, 2, 2), ag.zeros(2, 1, 1, 2)), ValueError, r"got input \(1, 1, 2, 2\)"),
        (lambda: F.grid_sample(ag.zeros(1, 1, 0, 2), ag.zeros(1, 1, 1, 2)), ValueError, "non-empty spatial"),
        (lambda: F.grid_sample(ag.zeros(1, 1, 2, 2), ag.zeros(1, 1, 1, 2), "linear"), ValueError, "got: 'linear'"),
        (
            lambda: F.grid_sample(ag.zeros(1, 1, 2, 2), ag.zeros(1, 1, 1, 2), padding_mode="wrap"),
            ValueError,
            "got: 'wrap'",
        ),
        (
            lambda: F.grid_sample(ag.zeros(1, 1, 2, 2, 2), ag.zeros(1, 1, 1, 1, 3), "bicubic"),
            ValueError,
            "only supports 4D input",
        ),
        (
            lambda: F.grid_sample(ag.zeros(1, 1, 2, 2), ag.zeros(1, 1, 1, 2, dtype=np.float64)),
            TypeError,
            "same dtype, got float32 and float64",
        ),
        (lambda: F.affine_grid(ag.zeros(1, 2, 3), (2, 1, 2, 2)), ValueError, r"theta \(1, 2, 3\) and size"),
        (lambda: F.affine_grid(ag.zeros(1, 2, 3), (1, 1, 0, 2)), ValueError, "positive output size"),
        (lambda: F.affine_grid(np.zeros((1, 2, 3), int), (1, 1, 2, 2)), TypeError, "floating point type"),
    ],
)
def test_what_is_refused(call, error, what):
    with pytest.raises(error, match=what):
        call()
