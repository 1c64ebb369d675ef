"""Shuffles of pixels and channels: PyTorch's order, and what is refused."""

import numpy as np
import pytest

import autograd_core as ag
import nn.functional as F  # noqa: N812


@pytest.mark.peers
@pytest.mark.parametrize(
    ("name", "shape", "factor"),
    [
        ("pixel_shuffle", (2, 12, 3, 2), 2),
        ("pixel_shuffle", (9, 1, 2), 3),
        ("pixel_shuffle", (2, 1, 8, 2, 2), 2),
        ("pixel_unshuffle", (2, 3, 4, 6), 2),
        ("pixel_unshuffle", (1, 3, 3), 3),
        ("channel_shuffle", (2, 6, 3), 3),
        ("channel_shuffle", (1, 4, 2, 2), 2),
    ],
)
def test_as_in_pytorch(name, shape, factor):
    torch = pytest.importorskip("torch")
    x = np.arange(float(np.prod(shape))).reshape(shape)
    found = []
    for lib, functional in ((ag, F), (torch, torch.nn.functional)):
        leaf = lib.tensor(x, requires_grad=True)
        y = getattr(functional, name)(leaf, factor)
        (y * y.detach()).sum().backward()
        found.append([y.detach().numpy(), leaf.grad.numpy()])
    for ours, theirs in zip(*found, strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_unshuffle_undoes_shuffle():
    x = ag.randn(2, 12, 3, 5)
    assert F.pixel_unshuffle(F.pixel_shuffle(x, 2), 2).tolist() == x.tolist()
    assert F.pixel_shuffle(ag.zeros(0, 4, 2, 2), 2).shape == (0, 1, 4, 4)


@pytest.mark.parametrize(
    ("call", "what"),
    [
        (lambda: F.pixel_shuffle(ag.zeros(3, 2, 2), 2), "3 is not divisible by 4"),
        (lambda: F.pixel_shuffle(ag.zeros(2, 2), 1), r"at least 3 dimensions, \(…, C, H, W\), but got shape \(2, 2\)"),
        (lambda: F.pixel_shuffle(ag.zeros(4, 2, 2), 0), "a positive upscale_factor, but got 0"),
        (lambda: F.pixel_unshuffle(ag.zeros(1, 2, 3), 2), "width to be divisible by downscale_factor, but 3"),
        (lambda: F.pixel_unshuffle(ag.zeros(1, 2, 2), -1), "a positive downscale_factor, but got -1"),
        (lambda: F.channel_shuffle(ag.zeros(1, 3, 2), 2), "Got 3 channels and 2 groups"),
        (lambda: F.channel_shuffle(ag.zeros(1, 3, 2), 0), "must be positive. Value of groups: 0"),
    ],
)
def test_what_is_refused(call, what):
    with pytest.raises(ValueError, match=what):
        call()
