"""Attention: PyTorch's numbers for every option, and what is refused."""

import math

import numpy as np
import pytest

import autograd_core as ag
import nn.functional as F  # noqa: N812
from autograd_core.testing import check_grads

RNG = np.random.default_rng(0)
MASK = RNG.random((4, 5)) < 0.6
MASK[1] = False  # a query that may look nowhere
BIAS = np.where(MASK, RNG.standard_normal((4, 5)), -np.inf)


def inputs(batch=(2, 3), shared=None):
    heads = batch if shared is None else (*batch[:-1], shared)
    return [RNG.standard_normal(shape) for shape in ((*batch, 4, 6), (*heads, 5, 6), (*heads, 5, 2))]


@pytest.mark.peers
@pytest.mark.parametrize(
    ("batch", "options"),
    [
        ((), {}),
        ((2,), {"scale": 0.3}),
        ((2, 3), {"is_causal": True}),
        ((2, 3), {"attn_mask": MASK}),
        ((2, 3), {"attn_mask": BIAS}),
        ((2, 3), {"attn_mask": np.stack([BIAS, 2 * BIAS])[:, None]}),
    ],
)
def test_as_in_pytorch(batch, options):
    torch = pytest.importorskip("torch")
    arrays, found = inputs(batch), []
    for lib, functional in ((ag, F), (torch, torch.nn.functional)):
        leaves = [lib.tensor(a, requires_grad=True) for a in arrays]
        given = {key: lib.tensor(a) if isinstance(a, np.ndarray) else a for key, a in options.items()}
        y = functional.scaled_dot_product_attention(*leaves, **given)
        (y**3).sum().backward()
        found.append([y.detach().numpy(), *(leaf.grad.numpy() for leaf in leaves)])
    for ours, theirs in zip(*found, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-12)


def test_a_query_that_may_look_nowhere_gives_zero():
    q, k, v = (ag.tensor(a, requires_grad=True) for a in inputs(()))
    y = F.scaled_dot_product_attention(q, k, v, ag.tensor(MASK))
    assert y[1].tolist() == [0, 0]
    y.sum().backward()
    assert q.grad[1].tolist() == [0] * 6


def test_heads_share_keys_and_values():
    q, k, v = (ag.tensor(a) for a in inputs((2, 4), shared=2))
    y = F.scaled_dot_product_attention(q, k, v, enable_gqa=True)
    for head in range(4):
        alone = F.scaled_dot_product_attention(q[:, head], k[:, head // 2], v[:, head // 2])
        np.testing.assert_allclose(y[:, head].numpy(), alone.numpy())


def test_dropout_keeps_the_mean():
    ag.manual_seed(0)
    q, k, v = ag.zeros(1, 2), ag.zeros(4000, 2), ag.ones(4000, 1)
    assert F.scaled_dot_product_attention(q, k, v, dropout_p=0.25).item() == pytest.approx(1, abs=0.05)
    assert F.scaled_dot_product_attention(q, k, v, dropout_p=1.0).item() == 0


def test_derivatives_of_any_order():
    q, k, v = (ag.tensor(a) for a in inputs(()))
    for options in ({}, {"is_causal": True}, {"attn_mask": MASK}):
        check_grads(lambda q, k, v, o=options: F.scaled_dot_product_attention(q, k, v, **o), (q, k, v))
    check_grads(lambda m: F.scaled_dot_product_attention(q, k, v, m), (ag.tensor(RNG.standard_normal((4, 5))),))
    assert math.isfinite(F.scaled_dot_product_attention(q, k, v, BIAS).sum().item())


@pytest.mark.parametrize(
    ("shapes", "options", "error", "what"),
    [
        (((4, 2), (5, 3), (5, 2)), {}, ValueError, r"got query \(4, 2\), key \(5, 3\) and value \(5, 2\)"),
        (((4, 2), (5, 2), (6, 2)), {}, ValueError, r"key \(…, S, E\) and value \(…, S, Ev\)"),
        (((2,), (5, 2), (5, 2)), {}, ValueError, "at least two axes"),
        (((4, 2), (4, 2), (4, 2)), {"attn_mask": MASK, "is_causal": True}, ValueError, "should not be set"),
        (((3, 4, 2), (2, 4, 2), (2, 4, 2)), {"enable_gqa": True}, ValueError, "a multiple of those of key and value"),
    ],
)
def test_what_is_refused(shapes, options, error, what):
    with pytest.raises(error, match=what):
        F.scaled_dot_product_attention(*(ag.zeros(*shape) for shape in shapes), **options)


def test_dtypes_must_agree():
    q = ag.zeros(2, 2)
    with pytest.raises(TypeError, match="same dtype, got float32, float64, float32"):
        F.scaled_dot_product_attention(q, q.double(), q)
