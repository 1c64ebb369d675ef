"""MultiheadAttention: PyTorch's numbers for every option, what masks do, what is refused."""

import math

import numpy as np
import pytest
import twins

import autograd_core as ag
import nn
import nn.functional as F  # noqa: N812

RNG = np.random.default_rng(0)
HIDDEN = RNG.random((4, 5)) < 0.4
HIDDEN[:, 0] = False
PADDED = np.array([[False, False, False, True, True], [False, True, False, False, False]])
SIZE, HEADS, BATCH = 6, 3, 2


def numbers(*shape):
    return RNG.standard_normal(shape)


def inputs(batch_first=False, batched=True, kdim=SIZE, vdim=SIZE):
    arrays = [numbers(4, BATCH, SIZE), numbers(5, BATCH, kdim), numbers(5, BATCH, vdim)]
    if not batched:
        return [a[:, 0] for a in arrays]
    return [a.swapaxes(0, 1).copy() for a in arrays] if batch_first else arrays


def caller(lib, options):
    given = {key: lib.tensor(a) if isinstance(a, np.ndarray) else a for key, a in options.items()}
    return lambda module, q, k, v: module(q, k, v, **given)


@pytest.mark.peers
@pytest.mark.parametrize(
    ("options", "call"),
    [
        ({}, {}),
        ({"batch_first": True}, {"need_weights": False}),
        ({"bias": False}, {"average_attn_weights": False}),
        ({"kdim": 4, "vdim": 7}, {"attn_mask": HIDDEN}),
        ({"add_bias_kv": True}, {"key_padding_mask": PADDED}),
        ({"add_zero_attn": True, "batch_first": True}, {"attn_mask": HIDDEN, "key_padding_mask": PADDED}),
        ({"add_bias_kv": True, "add_zero_attn": True, "kdim": 4}, {"attn_mask": np.where(HIDDEN, -np.inf, 0.3)}),
        ({}, {"attn_mask": RNG.random((BATCH * HEADS, 4, 5)), "key_padding_mask": np.where(PADDED, -np.inf, 0.1)}),
    ],
)
def test_as_in_pytorch(options, call):
    def make(lib, nn):
        return nn.MultiheadAttention(SIZE, HEADS, **options)

    arrays = inputs(**{key: options[key] for key in ("batch_first", "kdim", "vdim") if key in options})
    twins.same(make, *arrays, call=lambda m, *x: caller(ag if isinstance(m, nn.Module) else twins.torch(), call)(m, *x))


@pytest.mark.peers
@pytest.mark.parametrize("call", [{}, {"attn_mask": HIDDEN, "key_padding_mask": PADDED[0]}])
def test_without_a_batch_as_in_pytorch(call):
    def make(lib, nn):
        return nn.MultiheadAttention(SIZE, HEADS, add_bias_kv=True)

    arrays = inputs(batched=False)
    twins.same(make, *arrays, call=lambda m, *x: caller(ag if isinstance(m, nn.Module) else twins.torch(), call)(m, *x))


@pytest.mark.peers
def test_static_keys_and_values_as_in_pytorch():
    q, k, v = inputs()
    w, b, static = numbers(3 * SIZE, SIZE), numbers(3 * SIZE), numbers(BATCH * HEADS, 5, SIZE // HEADS)
    found = []
    for lib, functional in ((ag, F), (twins.torch(), twins.torch().nn.functional)):
        q_, k_, v_, w_, b_, s = (lib.tensor(a) for a in (q, k, v, w, b, static))
        fixed = (SIZE, HEADS, w_, b_, None, None, False, 0.0, w_[:SIZE], None)
        found.append(functional.multi_head_attention_forward(q_, k_, v_, *fixed, static_k=s, static_v=2 * s)[0].numpy())
    np.testing.assert_allclose(*found, rtol=1e-10)


def test_one_head_is_scaled_dot_product_attention():
    attention = nn.MultiheadAttention(SIZE, 1, batch_first=True).double()
    x = ag.tensor(numbers(BATCH, 4, SIZE))
    q, k, v = F.linear(x, attention.in_proj_weight, attention.in_proj_bias).chunk(3, -1)
    y, weights = attention(x, x, x)
    np.testing.assert_allclose(
        y.detach().numpy(), attention.out_proj(F.scaled_dot_product_attention(q, k, v)).detach().numpy(), rtol=1e-10
    )
    np.testing.assert_allclose(weights.sum(-1).detach().numpy(), 1)


def test_what_is_masked_gets_no_weight():
    attention = nn.MultiheadAttention(SIZE, HEADS)
    q, k, v = (ag.tensor(a.astype(np.float32)) for a in inputs())
    _, weights = attention(q, k, v, attn_mask=HIDDEN, key_padding_mask=PADDED)
    assert not weights.detach().numpy()[HIDDEN[None] | PADDED[:, None]].any()
    y, weights = attention(q, k, v, key_padding_mask=np.ones((BATCH, 5), bool))
    assert weights.tolist() == np.zeros((BATCH, 4, 5)).tolist()
    assert y[0, 0].tolist() == attention.out_proj.bias.tolist()


def test_weights_are_dropped_in_training_only():
    ag.manual_seed(0)
    attention, x = nn.MultiheadAttention(SIZE, HEADS, dropout=0.9), ag.ones(4, BATCH, SIZE)
    assert (attention(x, x, x, average_attn_weights=False)[1] == 0).any()
    assert not (attention.eval()(x, x, x, average_attn_weights=False)[1] == 0).any()


def test_where_weights_start():
    ag.manual_seed(0)
    attention = nn.MultiheadAttention(30, 3, add_bias_kv=True)
    bound = math.sqrt(6 / 120)
    assert 0.98 * bound < float(attention.in_proj_weight.abs().max()) <= bound
    assert not attention.in_proj_bias.any()
    assert not attention.out_proj.bias.any()
    assert 0.1 < float(attention.bias_k.std()) < 0.4


@pytest.mark.parametrize(
    ("call", "what"),
    [
        (lambda m, x: nn.MultiheadAttention(6, 4), "divisible by num_heads"),
        (lambda m, x: m(x, x[..., :3], x), "one value for each key"),
        (lambda m, x: m(x[..., :3], x, x), "3 heads of 6 features"),
        (lambda m, x: m(x, x[0], x), "two without a batch"),
        (lambda m, x: m(x, x, x, attn_mask=ag.zeros(4, 5)), r"attn_mask needs the shape \(4, 4\) or \(6, 4, 4\)"),
        (lambda m, x: m(x, x, x, key_padding_mask=ag.zeros(2, 5)), r"key_padding_mask needs the shape \(2, 4\)"),
        (lambda m, x: m(x, x, x, is_causal=True), "Need attn_mask"),
    ],
)
def test_what_is_refused(call, what):
    with pytest.raises(ValueError, match=what):
        call(nn.MultiheadAttention(SIZE, HEADS), ag.ones(4, BATCH, SIZE))
