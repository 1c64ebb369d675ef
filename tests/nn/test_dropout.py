"""The dropout family: what is dropped together, how often, and what stays the same on average."""

import numpy as np
import pytest

import autograd_core as ag
import nn.functional as F  # noqa: N812

FAMILY = [
    (F.dropout, (50, 8, 3), (50, 8, 3)),
    (F.dropout1d, (50, 8, 3), (50, 8, 1)),
    (F.dropout1d, (300, 3), (300, 1)),
    (F.dropout2d, (50, 8, 3, 2), (50, 8, 1, 1)),
    (F.dropout2d, (50, 8, 3), (50, 8, 1)),
    (F.dropout3d, (50, 8, 3, 2, 2), (50, 8, 1, 1, 1)),
    (F.dropout3d, (300, 3, 2, 2), (300, 1, 1, 1)),
]


@pytest.mark.parametrize(("function", "shape", "masked"), FAMILY)
def test_whole_channels_are_dropped_and_the_mean_stays(function, shape, masked):
    ag.manual_seed(0)
    x = ag.tensor(np.ones(shape), requires_grad=True)
    y = function(x, 0.3, training=True)
    kept = y.detach().numpy() != 0
    axes = tuple(i for i, n in enumerate(masked) if n == 1)
    np.testing.assert_array_equal(kept, np.broadcast_to(kept.any(axes, keepdims=True), shape))
    assert kept.any(axes).mean() == pytest.approx(0.7, abs=0.08)
    np.testing.assert_allclose(y.detach().numpy(), kept / 0.7)
    y.sum().backward()
    np.testing.assert_array_equal(x.grad.numpy(), y.detach().numpy())


@pytest.mark.parametrize("function", [F.alpha_dropout, F.feature_alpha_dropout])
def test_alpha_dropout_keeps_mean_and_variance(function):
    ag.manual_seed(0)
    x = ag.tensor(np.random.default_rng(0).standard_normal((200, 200, 2)), requires_grad=True)
    y = function(x, 0.3, training=True)
    assert y.mean().item() == pytest.approx(0, abs=0.02)
    assert y.var().item() == pytest.approx(1, abs=0.03)
    y.sum().backward()
    kept = x.grad.numpy() != 0
    assert kept.mean() == pytest.approx(0.7, abs=0.01)
    assert len(np.unique(y.detach().numpy()[~kept])) == 1
    if function is F.feature_alpha_dropout:
        np.testing.assert_array_equal(kept[..., 0], kept[..., 1])


@pytest.mark.parametrize(("function", "shape", "masked"), [*FAMILY, (F.alpha_dropout, (3,), (3,))])
def test_the_ends(function, shape, masked):
    x = ag.randn(*shape)
    assert function(x, 0.5, training=False) is x
    assert function(x, 0.0, training=True) is x
    assert not function(x, 1.0, training=True).any()
    same = function(x, 1.0, training=True, inplace=True)
    assert same is x
    for p in (-0.1, 1.1):
        with pytest.raises(ValueError, match=f"between 0 and 1, but got {p}"):
            function(x, p)


def test_what_is_refused():
    for function in (F.dropout1d, F.dropout2d, F.dropout3d):
        with pytest.raises(ValueError, match=r"needs an input of . or . axes, .*got \(3,\)"):
            function(ag.ones(3))
    with pytest.raises(ValueError, match="at least two axes"):
        F.feature_alpha_dropout(ag.ones(3), training=True)
