"""Attention with several heads."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

import autograd_core as ag
from autograd_core import Tensor

from .attention import attention_weights
from .dropout import dropout
from .inputs import floats, given
from .linear import linear


def multi_head_attention_forward(
    query: Any,
    key: Any,
    value: Any,
    embed_dim_to_check: int,
    num_heads: int,
    in_proj_weight: Any,
    in_proj_bias: Any,
    bias_k: Any,
    bias_v: Any,
    add_zero_attn: bool,
    dropout_p: float,
    out_proj_weight: Any,
    out_proj_bias: Any,
    training: bool = True,
    key_padding_mask: Any = None,
    need_weights: bool = True,
    attn_mask: Any = None,
    use_separate_proj_weight: bool = False,
    q_proj_weight: Any = None,
    k_proj_weight: Any = None,
    v_proj_weight: Any = None,
    static_k: Any = None,
    static_v: Any = None,
    average_attn_weights: bool = True,
    is_causal: bool = False,
) -> tuple[Tensor, Tensor | None]:
    """Attention by several heads, each with its own projections of queries, keys and values.

    Formula:
        head_h = softmax(Q_h K_hᵀ/√d + M)·V_h with Q_h = q W_hᵀ + b_h and so on; y = [head_1 … head_H] Wᵀ + b. A query
        that may look nowhere gets zeros from its heads.

    Args:
        query: (L, N, E), or without a batch (L, E).
        key: (S, N, E_k), or without a batch (S, E_k).
        value: (S, N, E_v), or without a batch (S, E_v).
        embed_dim_to_check: E.
        num_heads: the number of heads; E is a multiple of it, d times.
        in_proj_weight: the projections of queries, keys and values below each other, (3E, E).
        in_proj_bias: (3E,), or None.
        bias_k: one more key, (1, 1, E), or None.
        bias_v: the value of that key, (1, 1, E), or None.
        add_zero_attn: whether there is one more key whose value is zero.
        dropout_p: the probability with which weights are dropped.
        out_proj_weight: (E, E).
        out_proj_bias: (E,), or None.
        training: whether there is dropout.
        key_padding_mask: (N, S), or (S,): True where a key is to be ignored, or floats that are added.
        need_weights: whether to return the weights.
        attn_mask: (L, S) or (N·num_heads, L, S): True where a query may not look, or floats that are added.
        use_separate_proj_weight: whether the next three are given, and not in_proj_weight.
        q_proj_weight: (E, E).
        k_proj_weight: (E, E_k).
        v_proj_weight: (E, E_v).
        static_k: keys already projected, (N·num_heads, S, d), or None.
        static_v: values already projected, (N·num_heads, S, d), or None.
        average_attn_weights: whether to return the mean of the heads' weights.
        is_causal: says that attn_mask hides the future; it changes nothing.

    Returns:
        y, shaped as the query, and the weights (N, L, S), without average (N, num_heads, L, S); None if not needed.

    Raises:
        ValueError: shapes do not fit, or is_causal is given without a mask.

    Source: Vaswani et al., Attention Is All You Need (2017).
    """
    q, k, v = floats(query), floats(key), floats(value)
    _check(q, k, v, embed_dim_to_check, num_heads, use_separate_proj_weight)
    if is_causal and attn_mask is None:
        raise ValueError("Need attn_mask if specifying the is_causal hint.")
    batched = q.ndim == 3
    if not batched:
        q, k, v = (x.unsqueeze(1) for x in (q, k, v))
    length, batch, size = q.shape
    separate = (q_proj_weight, k_proj_weight, v_proj_weight)
    weights = separate if use_separate_proj_weight else ag.chunk(given(in_proj_weight), 3)
    biases = (None, None, None) if in_proj_bias is None else ag.chunk(given(in_proj_bias), 3)
    q, k, v = (linear(x, weight, bias) for x, weight, bias in zip((q, k, v), weights, biases, strict=True))
    added = 0
    if bias_k is not None and bias_v is not None:
        k, v = (ag.cat((x, more.expand(1, batch, size))) for x, more in ((k, given(bias_k)), (v, given(bias_v))))
        added += 1
    q, k, v = (x.reshape(len(x), batch, num_heads, size // num_heads).permute(1, 2, 0, 3) for x in (q, k, v))
    if static_k is not None:
        k = given(static_k).reshape(batch, num_heads, -1, size // num_heads)
    if static_v is not None:
        v = given(static_v).reshape(batch, num_heads, -1, size // num_heads)
    if add_zero_attn:
        zeros = ag.zeros(batch, num_heads, 1, size // num_heads, dtype=q.dtype, device=q.device)
        k, v = (ag.cat((x, zeros), 2) for x in (k, v))
        added += 1
    mask = _mask(attn_mask, key_padding_mask, (batch, num_heads, length, k.shape[2]), added, q.dtype)
    scores = ag.matmul(q * math.sqrt(num_heads / size), k.transpose(-2, -1))
    shares = dropout(attention_weights(scores, mask), dropout_p, training)
    heads = ag.matmul(shares, v)
    y = linear(heads.permute(2, 0, 1, 3).reshape(length, batch, size), out_proj_weight, out_proj_bias)
    shown = (shares.mean(1) if average_attn_weights else shares) if need_weights else None
    if batched:
        return y, shown
    return y.squeeze(1), None if shown is None else shown.squeeze(0)


def _check(q: Tensor, k: Tensor, v: Tensor, size: int, num_heads: int, separate: bool) -> None:
    shapes = f"got query {q.shape}, key {k.shape} and value {v.shape}"
    if q.ndim not in (2, 3) or not q.ndim == k.ndim == v.ndim:
        raise ValueError(f"attention needs query, key and value of three axes, or two without a batch, {shapes}")
    if q.shape[-1] != size or size % num_heads:
        raise ValueError(f"attention with {num_heads} heads of {size} features together: {shapes}")
    if k.shape[:-1] != v.shape[:-1] or q.shape[1:-1] != k.shape[1:-1] or (not separate and k.shape != v.shape):
        raise ValueError(f"attention needs one value for each key, and a query for each batch of them, {shapes}")


def _mask(attn_mask: Any, padding: Any, shape: tuple[int, ...], added: int, dtype: Any) -> Tensor | None:
    """Both masks as one that is added to the scores, open for the keys that were added at the end."""
    batch, heads, length, keys = shape
    keys -= added
    total: Tensor | None = None
    if attn_mask is not None:
        mask = _to_add(attn_mask, dtype)
        if mask.shape == (batch * heads, length, keys):
            mask = mask.reshape(batch, heads, length, keys)
        elif mask.shape != (length, keys):
            raise ValueError(
                f"attn_mask needs the shape {(length, keys)} or {(batch * heads, length, keys)}, got {mask.shape}"
            )
        total = mask
    if padding is not None:
        mask = _to_add(padding, dtype)
        if mask.shape not in ((batch, keys), (keys,) * (batch == 1)):
            raise ValueError(f"key_padding_mask needs the shape {(batch, keys)}, got {mask.shape}")
        mask = mask.reshape(batch, 1, 1, keys)
        total = mask if total is None else total + mask
    if total is None or not added:
        return total
    return ag.cat((total, ag.zeros(*total.shape[:-1], added, dtype=dtype, device=total.device)), -1)


def _to_add(mask: Any, dtype: Any) -> Tensor:
    """A mask whose True means "not there" as numbers to add."""
    mask = given(mask)
    numbers: Tensor = ag.where(mask, -np.inf, 0.0) if mask.dtype.kind == "b" else mask
    return numbers.to(dtype)
