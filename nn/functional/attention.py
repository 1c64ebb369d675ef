"""Attention."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

import autograd_core as ag
from autograd_core import Tensor
from autograd_core.tensor import from_array

from .dropout import dropout
from .inputs import floats, given


def scaled_dot_product_attention(
    query: Any,
    key: Any,
    value: Any,
    attn_mask: Any = None,
    dropout_p: float = 0.0,
    is_causal: bool = False,
    scale: float | None = None,
    enable_gqa: bool = False,
) -> Tensor:
    """For each query an average of the values, weighted by how well their keys fit.

    Formula:
        y = softmax(s·Q Kᵀ + M)·V, with s = 1/√E by default; a query that may look nowhere gives 0.

    Args:
        query: Q, (…, L, E).
        key: K, (…, S, E).
        value: V, (…, S, Ev).
        attn_mask: M, floats that are added, or booleans that say where a query may look; broadcasts to (…, L, S).
        dropout_p: the probability with which weights are dropped, also in evaluation: pass 0 there.
        is_causal: whether query i may look at keys 0 … i only; without a mask.
        scale: s.
        enable_gqa: whether several heads of queries, axis −3, share one head of keys and values.

    Returns:
        A Tensor (…, L, Ev).

    Raises:
        ValueError: shapes do not fit, or both a mask and is_causal are given.
        TypeError: the dtypes of query, key and value differ.

    Example:
        >>> import autograd_core as ag, nn.functional as F
        >>> q, k, v = ag.zeros(1, 2), ag.ones(3, 2), ag.tensor([[0.0], [3.0], [6.0]])
        >>> F.scaled_dot_product_attention(q, k, v)
        tensor([[3.]])

    Source: Vaswani et al., Attention Is All You Need (2017).
    """
    q, k, v = floats(query), floats(key), floats(value)
    if attn_mask is not None and is_causal:
        raise ValueError("scaled_dot_product_attention: Explicit attn_mask should not be set when is_causal=True")
    _check(q, k, v)
    if enable_gqa:
        k, v = _shared(q, k), _shared(q, v)
    factor = 1 / math.sqrt(max(q.shape[-1], 1)) if scale is None else scale
    scores = ag.matmul(q * factor, k.transpose(-2, -1))
    if is_causal:
        attn_mask = from_array(np.tri(*scores.shape[-2:], dtype=np.bool_))
    weights = attention_weights(scores, attn_mask)
    if dropout_p:
        weights = dropout(weights, dropout_p)
    return ag.matmul(weights, v)


def _check(q: Tensor, k: Tensor, v: Tensor) -> None:
    shapes = f"got query {q.shape}, key {k.shape} and value {v.shape}"
    if not q.dtype == k.dtype == v.dtype:
        raise TypeError(f"Expected query, key, and value to have the same dtype, got {q.dtype}, {k.dtype}, {v.dtype}")
    if min(q.ndim, k.ndim, v.ndim) < 2:
        raise ValueError(f"scaled_dot_product_attention needs query, key and value of at least two axes, {shapes}")
    if q.shape[-1] != k.shape[-1] or k.shape[-2] != v.shape[-2]:
        raise ValueError(
            f"scaled_dot_product_attention needs query (…, L, E), key (…, S, E) and value (…, S, Ev), {shapes}"
        )


def _shared(q: Tensor, heads: Tensor) -> Tensor:
    """Heads of keys or values repeated so that each head of queries has one."""
    if min(q.ndim, heads.ndim) < 3 or q.shape[-3] % max(heads.shape[-3], 1):
        raise ValueError(
            f"enable_gqa needs a number of query heads, axis −3, that is a multiple of those of key and value: "
            f"got shapes {q.shape} and {heads.shape}"
        )
    return ag.repeat_interleave(heads, q.shape[-3] // heads.shape[-3], -3)


def attention_weights(scores: Tensor, mask: Any) -> Tensor:
    """softmax of the scores; 0 where nothing may be looked at."""
    if mask is None:
        return ag.softmax(scores, -1)
    mask = given(mask)
    scores = scores.masked_fill(~mask, -math.inf) if mask.dtype.kind == "b" else scores + mask.to(scores.dtype)
    nowhere = np.all(scores.array == -np.inf, axis=-1, keepdims=True)
    if not nowhere.any():
        return ag.softmax(scores, -1)
    blind = from_array(nowhere)
    return ag.softmax(scores.masked_fill(blind, 0.0), -1).masked_fill(blind, 0.0)
