"""Attention as a module."""

from __future__ import annotations

from typing import Any

import autograd_core as ag
from autograd_core import Tensor

from . import init
from .functional.inputs import floats
from .functional.multi_head import multi_head_attention_forward
from .linear import Linear
from .module import Module
from .parameter import Parameter


class NonDynamicallyQuantizableLinear(Linear):
    """A Linear, by the name that PyTorch prints for the last one of an attention."""


class MultiheadAttention(Module):
    """Attention by several heads, each with its own projections of queries, keys and values.

    Formula:
        head_h = softmax(Q_h K_hᵀ/√d + M)·V_h with Q_h = q W_hᵀ + b_h and so on; y = [head_1 … head_H] Wᵀ + b. A query
        that may look nowhere gets zeros from its heads.

    Args:
        embed_dim: E, the length of queries and results.
        num_heads: the number of heads; E is a multiple of it, d times.
        dropout: the probability with which weights are dropped in training.
        bias: whether the projections have biases.
        add_bias_kv: whether there is one more key and value, both learned.
        add_zero_attn: whether there is one more key whose value is zero.
        kdim: the length of keys, by default E.
        vdim: the length of values, by default E.
        batch_first: whether the batch comes before the sequence, in the inputs and the result.
        device: ``"cpu"``.
        dtype: of the parameters; by default the default dtype.

    Returns:
        From a call with query (L, N, E), key (S, N, kdim) and value (S, N, vdim), or all without N: y, shaped as the
        query, and the weights (N, L, S), with ``average_attn_weights=False`` (N, num_heads, L, S), with
        ``need_weights=False`` None. A call also takes ``key_padding_mask`` (N, S), True where a key is to be ignored,
        and ``attn_mask`` (L, S) or (N·num_heads, L, S), True where a query may not look; floats are added instead.

    Raises:
        ValueError: E is not a multiple of num_heads; or, from a call, shapes do not fit.

    Example:
        >>> import autograd_core as ag, nn
        >>> attention = nn.MultiheadAttention(8, num_heads=2, batch_first=True)
        >>> x = ag.ones(3, 5, 8)
        >>> y, weights = attention(x, x, x)
        >>> y.shape, weights.shape
        ((3, 5, 8), (3, 5, 5))

    Source: Vaswani et al., Attention Is All You Need (2017).
    """

    in_proj_weight: Parameter | None
    in_proj_bias: Parameter | None
    q_proj_weight: Parameter | None
    k_proj_weight: Parameter | None
    v_proj_weight: Parameter | None
    bias_k: Parameter | None
    bias_v: Parameter | None

    def __init__(
        self,
        embed_dim: int,
        num_heads: int,
        dropout: float = 0.0,
        bias: bool = True,
        add_bias_kv: bool = False,
        add_zero_attn: bool = False,
        kdim: int | None = None,
        vdim: int | None = None,
        batch_first: bool = False,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__()
        if embed_dim <= 0 or num_heads <= 0 or embed_dim % num_heads:
            raise ValueError(
                f"embed_dim must be divisible by num_heads, both greater than 0: got {embed_dim} and {num_heads}"
            )
        self.embed_dim = embed_dim
        self.kdim = embed_dim if kdim is None else kdim
        self.vdim = embed_dim if vdim is None else vdim
        self.num_heads = num_heads
        self.head_dim = embed_dim // num_heads
        self.dropout = dropout
        self.batch_first = batch_first
        self.add_zero_attn = add_zero_attn
        alike = self.kdim == self.vdim == embed_dim
        for name, wanted, shape in (
            ("in_proj_weight", alike, (3 * embed_dim, embed_dim)),
            ("q_proj_weight", not alike, (embed_dim, embed_dim)),
            ("k_proj_weight", not alike, (embed_dim, self.kdim)),
            ("v_proj_weight", not alike, (embed_dim, self.vdim)),
            ("in_proj_bias", bias, (3 * embed_dim,)),
            ("bias_k", add_bias_kv, (1, 1, embed_dim)),
            ("bias_v", add_bias_kv, (1, 1, embed_dim)),
        ):
            zeros = Parameter(ag.zeros(*shape, device=device, dtype=dtype)) if wanted else None
            self.register_parameter(name, zeros)
        self.out_proj = NonDynamicallyQuantizableLinear(embed_dim, embed_dim, bias, device=device, dtype=dtype)
        self._reset_parameters()

    def _reset_parameters(self) -> None:
        """Draw the projections anew; biases start at 0."""
        for weight in (self.in_proj_weight, self.q_proj_weight, self.k_proj_weight, self.v_proj_weight):
            if weight is not None:
                init.xavier_uniform_(weight)
        for bias in (self.in_proj_bias, self.out_proj.bias):
            if bias is not None:
                init.zeros_(bias)
        for more in (self.bias_k, self.bias_v):
            if more is not None:
                init.xavier_normal_(more)

    def forward(
        self,
        query: Any,
        key: Any,
        value: Any,
        key_padding_mask: Any = None,
        need_weights: bool = True,
        attn_mask: Any = None,
        average_attn_weights: bool = True,
        is_causal: bool = False,
    ) -> tuple[Tensor, Tensor | None]:
        q, k, v = floats(query), floats(key), floats(value)
        swapped = self.batch_first and q.ndim == k.ndim == v.ndim == 3
        if swapped:
            q, k, v = (x.transpose(0, 1) for x in (q, k, v))
        y, weights = multi_head_attention_forward(
            q,
            k,
            v,
            self.embed_dim,
            self.num_heads,
            self.in_proj_weight,
            self.in_proj_bias,
            self.bias_k,
            self.bias_v,
            self.add_zero_attn,
            self.dropout,
            self.out_proj.weight,
            self.out_proj.bias,
            training=self.training,
            key_padding_mask=key_padding_mask,
            need_weights=need_weights,
            attn_mask=attn_mask,
            use_separate_proj_weight=self.in_proj_weight is None,
            q_proj_weight=self.q_proj_weight,
            k_proj_weight=self.k_proj_weight,
            v_proj_weight=self.v_proj_weight,
            average_attn_weights=average_attn_weights,
            is_causal=is_causal,
        )
        return (y.transpose(0, 1) if swapped else y), weights
