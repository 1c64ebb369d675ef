"""Transformer: the layers, the stacks of them, and both together."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import numpy as np

import autograd_core as ag
from autograd_core import Tensor

from . import functional as F  # noqa: N812 - PyTorch's name
from . import init
from .attention import MultiheadAttention
from .containers import ModuleList
from .dropout import Dropout
from .functional.inputs import floats
from .linear import Linear
from .module import Module
from .normalization import LayerNorm

Activation = Callable[[Tensor], Tensor]


class _Layer(Module):
    """What encoder and decoder layers have in common: a sum of the input and what sublayers make of it."""

    norms = 2

    def __init__(
        self,
        d_model: int,
        nhead: int,
        dim_feedforward: int = 2048,
        dropout: float = 0.1,
        activation: str | Activation = F.relu,
        layer_norm_eps: float = 1e-5,
        batch_first: bool = False,
        norm_first: bool = False,
        bias: bool = True,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__()
        place = {"device": device, "dtype": dtype}
        self.self_attn = MultiheadAttention(d_model, nhead, dropout, bias, batch_first=batch_first, **place)
        if self.norms == 3:
            self.multihead_attn = MultiheadAttention(d_model, nhead, dropout, bias, batch_first=batch_first, **place)
        self.linear1 = Linear(d_model, dim_feedforward, bias, **place)
        self.dropout = Dropout(dropout)
        self.linear2 = Linear(dim_feedforward, d_model, bias, **place)
        self.norm_first = norm_first
        for i in range(1, self.norms + 1):
            setattr(self, f"norm{i}", LayerNorm(d_model, layer_norm_eps, bias=bias, **place))
        for i in range(1, self.norms + 1):
            setattr(self, f"dropout{i}", Dropout(dropout))
        named: dict[str, Activation] = {"relu": F.relu, "gelu": F.gelu}
        if isinstance(activation, str) and activation not in named:
            raise ValueError(f"activation should be relu/gelu, not {activation}")
        self.activation = named[activation] if isinstance(activation, str) else activation

    def _add(self, x: Tensor, place: int, sublayer: Callable[[Tensor], Tensor]) -> Tensor:
        """x + dropout(sublayer(x)), normalised before the sublayer or after the sum."""
        norm, dropout = getattr(self, f"norm{place}"), getattr(self, f"dropout{place}")
        y: Tensor = x + dropout(sublayer(norm(x))) if self.norm_first else norm(x + dropout(sublayer(x)))
        return y

    def _feed_forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.linear2(self.dropout(self.activation(self.linear1(x))))
        return y


def _attend(attention: MultiheadAttention, x: Tensor, memory: Tensor, mask: Any, padding: Any, causal: bool) -> Tensor:
    y: Tensor = attention(
        x, memory, memory, attn_mask=mask, key_padding_mask=padding, need_weights=False, is_causal=causal
    )[0]
    return y


class TransformerEncoderLayer(_Layer):
    """Self-attention and a feed-forward network, each added to its input.

    Formula:
        x ← norm(x + attention(x)), x ← norm(x + W₂ f(W₁ x + b₁) + b₂); with ``norm_first`` x ← x + attention(norm(x))
        and so on.

    Args:
        d_model: the length of each x.
        nhead: the number of heads.
        dim_feedforward: the length of the hidden layer.
        dropout: the probability with which elements are dropped in training.
        activation: f: ``"relu"``, ``"gelu"`` or a function.
        layer_norm_eps: ε of the normalisation.
        batch_first: whether the batch comes before the sequence.
        norm_first: whether to normalise before each part instead of after the sum.
        bias: whether linear and normalisation layers have biases.
        device: ``"cpu"``.
        dtype: of the parameters; by default the default dtype.

    Returns:
        From a call with src (S, N, d_model), and perhaps ``src_mask`` and ``src_key_padding_mask`` as in
        :class:`MultiheadAttention`: a Tensor of the same shape.

    Raises:
        ValueError: the activation is not known; or, from a call, shapes do not fit.

    Example:
        >>> import autograd_core as ag, nn
        >>> layer = nn.TransformerEncoderLayer(d_model=8, nhead=2, dim_feedforward=16, batch_first=True)
        >>> layer(ag.ones(3, 5, 8)).shape
        (3, 5, 8)

    Source: Vaswani et al., Attention Is All You Need (2017).
    """

    def forward(
        self, src: Any, src_mask: Any = None, src_key_padding_mask: Any = None, is_causal: bool = False
    ) -> Tensor:
        x = self._add(
            floats(src), 1, lambda x: _attend(self.self_attn, x, x, src_mask, src_key_padding_mask, is_causal)
        )
        return self._add(x, 2, self._feed_forward)


class TransformerDecoderLayer(_Layer):
    """Self-attention, attention to an encoder's output and a feed-forward network, each added to its input.

    Args:
        d_model: the length of each x.
        nhead: the number of heads.
        dim_feedforward: the length of the hidden layer.
        dropout: the probability with which elements are dropped in training.
        activation: ``"relu"``, ``"gelu"`` or a function.
        layer_norm_eps: ε of the normalisation.
        batch_first: whether the batch comes before the sequence.
        norm_first: whether to normalise before each part instead of after the sum.
        bias: whether linear and normalisation layers have biases.
        device: ``"cpu"``.
        dtype: of the parameters; by default the default dtype.

    Returns:
        From a call with tgt (T, N, d_model), memory (S, N, d_model) and perhaps masks for both attentions: a Tensor
        of tgt's shape.

    Raises:
        ValueError: the activation is not known; or, from a call, shapes do not fit.

    Example:
        >>> import autograd_core as ag, nn
        >>> layer = nn.TransformerDecoderLayer(d_model=8, nhead=2, dim_feedforward=16)
        >>> layer(ag.ones(4, 3, 8), ag.ones(5, 3, 8)).shape
        (4, 3, 8)

    Source: Vaswani et al., Attention Is All You Need (2017).
    """

    norms = 3

    def forward(
        self,
        tgt: Any,
        memory: Any,
        tgt_mask: Any = None,
        memory_mask: Any = None,
        tgt_key_padding_mask: Any = None,
        memory_key_padding_mask: Any = None,
        tgt_is_causal: bool = False,
        memory_is_causal: bool = False,
    ) -> Tensor:
        x, seen = floats(tgt), floats(memory)
        own = (tgt_mask, tgt_key_padding_mask, tgt_is_causal)
        other = (memory_mask, memory_key_padding_mask, memory_is_causal)
        x = self._add(x, 1, lambda x: _attend(self.self_attn, x, x, *own))
        x = self._add(x, 2, lambda x: _attend(self.multihead_attn, x, seen, *other))
        return self._add(x, 3, self._feed_forward)


def _copies(layer: Module, count: int) -> ModuleList:
    return ModuleList([copy.deepcopy(layer) for _ in range(count)])


class TransformerEncoder(Module):
    """Encoder layers, one after the other.

    Args:
        encoder_layer: the layer that is copied.
        num_layers: how many copies.
        norm: a normalisation at the end, or None.
        enable_nested_tensor: accepted and ignored, as there are no nested tensors.
        mask_check: accepted and ignored.

    Returns:
        From a call with src, (S, N, d_model), and perhaps ``mask`` and ``src_key_padding_mask``: a Tensor of its shape.

    Example:
        >>> import autograd_core as ag, nn
        >>> layer = nn.TransformerEncoderLayer(d_model=8, nhead=2, dim_feedforward=16)
        >>> nn.TransformerEncoder(layer, num_layers=2)(ag.ones(5, 3, 8)).shape
        (5, 3, 8)
    """

    def __init__(
        self,
        encoder_layer: Module,
        num_layers: int,
        norm: Module | None = None,
        enable_nested_tensor: bool = True,
        mask_check: bool = True,
    ) -> None:
        super().__init__()
        self.layers = _copies(encoder_layer, num_layers)
        self.num_layers = num_layers
        self.norm = norm

    def forward(
        self, src: Any, mask: Any = None, src_key_padding_mask: Any = None, is_causal: bool | None = None
    ) -> Tensor:
        x = floats(src)
        for layer in self.layers:
            x = layer(x, src_mask=mask, src_key_padding_mask=src_key_padding_mask, is_causal=bool(is_causal))
        return x if self.norm is None else self.norm(x)


class TransformerDecoder(Module):
    """Decoder layers, one after the other.

    Args:
        decoder_layer: the layer that is copied.
        num_layers: how many copies.
        norm: a normalisation at the end, or None.

    Returns:
        From a call with tgt (T, N, d_model), memory (S, N, d_model) and perhaps masks: a Tensor of tgt's shape.

    Example:
        >>> import autograd_core as ag, nn
        >>> layer = nn.TransformerDecoderLayer(d_model=8, nhead=2, dim_feedforward=16)
        >>> nn.TransformerDecoder(layer, num_layers=2)(ag.ones(4, 3, 8), ag.ones(5, 3, 8)).shape
        (4, 3, 8)
    """

    def __init__(self, decoder_layer: Module, num_layers: int, norm: Module | None = None) -> None:
        super().__init__()
        self.layers = _copies(decoder_layer, num_layers)
        self.num_layers = num_layers
        self.norm = norm

    def forward(
        self,
        tgt: Any,
        memory: Any,
        tgt_mask: Any = None,
        memory_mask: Any = None,
        tgt_key_padding_mask: Any = None,
        memory_key_padding_mask: Any = None,
        tgt_is_causal: bool | None = None,
        memory_is_causal: bool = False,
    ) -> Tensor:
        x = floats(tgt)
        for layer in self.layers:
            x = layer(
                x,
                memory,
                tgt_mask=tgt_mask,
                memory_mask=memory_mask,
                tgt_key_padding_mask=tgt_key_padding_mask,
                memory_key_padding_mask=memory_key_padding_mask,
                tgt_is_causal=bool(tgt_is_causal),
                memory_is_causal=memory_is_causal,
            )
        return x if self.norm is None else self.norm(x)


class Transformer(Module):
    """An encoder, and a decoder that attends to what it gives.

    Args:
        d_model: the length of each element of the sequences.
        nhead: the number of heads.
        num_encoder_layers: how many layers the encoder has.
        num_decoder_layers: how many layers the decoder has.
        dim_feedforward: the length of the hidden layers.
        dropout: the probability with which elements are dropped in training.
        activation: ``"relu"``, ``"gelu"`` or a function.
        custom_encoder: an encoder of one's own.
        custom_decoder: a decoder of one's own.
        layer_norm_eps: ε of the normalisation.
        batch_first: whether the batch comes before the sequence.
        norm_first: whether to normalise before each part instead of after the sum.
        bias: whether linear and normalisation layers have biases.
        device: ``"cpu"``.
        dtype: of the parameters; by default the default dtype.

    Returns:
        From a call with src (S, N, d_model), tgt (T, N, d_model) and perhaps masks: a Tensor of tgt's shape.

    Raises:
        ValueError: the activation is not known; or, from a call, shapes do not fit.

    Example:
        >>> import autograd_core as ag, nn
        >>> model = nn.Transformer(8, 2, num_encoder_layers=1, num_decoder_layers=1, dim_feedforward=16)
        >>> model(ag.ones(5, 3, 8), ag.ones(4, 3, 8)).shape
        (4, 3, 8)

    Source: Vaswani et al., Attention Is All You Need (2017).
    """

    def __init__(
        self,
        d_model: int = 512,
        nhead: int = 8,
        num_encoder_layers: int = 6,
        num_decoder_layers: int = 6,
        dim_feedforward: int = 2048,
        dropout: float = 0.1,
        activation: str | Activation = F.relu,
        custom_encoder: Module | None = None,
        custom_decoder: Module | None = None,
        layer_norm_eps: float = 1e-5,
        batch_first: bool = False,
        norm_first: bool = False,
        bias: bool = True,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__()
        options = (d_model, nhead, dim_feedforward, dropout, activation, layer_norm_eps, batch_first, norm_first, bias)

        def norm() -> LayerNorm:
            return LayerNorm(d_model, layer_norm_eps, bias=bias, device=device, dtype=dtype)

        if custom_encoder is None:
            layer: Module = TransformerEncoderLayer(*options, device, dtype)
            custom_encoder = TransformerEncoder(layer, num_encoder_layers, norm())
        if custom_decoder is None:
            layer = TransformerDecoderLayer(*options, device, dtype)
            custom_decoder = TransformerDecoder(layer, num_decoder_layers, norm())
        self.encoder = custom_encoder
        self.decoder = custom_decoder
        self.d_model = d_model
        self.nhead = nhead
        self.batch_first = batch_first
        self._reset_parameters()

    def _reset_parameters(self) -> None:
        for parameter in self.parameters():
            if parameter.ndim > 1:
                init.xavier_uniform_(parameter)

    def forward(
        self,
        src: Any,
        tgt: Any,
        src_mask: Any = None,
        tgt_mask: Any = None,
        memory_mask: Any = None,
        src_key_padding_mask: Any = None,
        tgt_key_padding_mask: Any = None,
        memory_key_padding_mask: Any = None,
        src_is_causal: bool | None = None,
        tgt_is_causal: bool | None = None,
        memory_is_causal: bool = False,
    ) -> Tensor:
        x, y = floats(src), floats(tgt)
        batch_axis = 0 if self.batch_first else 1
        if x.ndim != y.ndim or (x.ndim == 3 and x.shape[batch_axis] != y.shape[batch_axis]):
            raise ValueError(f"the batch number of src and tgt must be equal, got {x.shape} and {y.shape}")
        if not x.shape[-1] == y.shape[-1] == self.d_model:
            raise ValueError(
                f"the feature number of src and tgt must equal d_model {self.d_model}, got {x.shape} and {y.shape}"
            )
        memory = self.encoder(x, src_mask, src_key_padding_mask, src_is_causal)
        result: Tensor = self.decoder(
            y,
            memory,
            tgt_mask=tgt_mask,
            memory_mask=memory_mask,
            tgt_key_padding_mask=tgt_key_padding_mask,
            memory_key_padding_mask=memory_key_padding_mask,
            tgt_is_causal=tgt_is_causal,
            memory_is_causal=memory_is_causal,
        )
        return result

    @staticmethod
    def generate_square_subsequent_mask(sz: int, device: Any = None, dtype: Any = None) -> Tensor:
        """The mask that hides the future: −∞ above the diagonal, else 0.

        Args:
            sz: the length of the sequence.
            device: ``"cpu"``.
            dtype: by default the default dtype.

        Returns:
            A Tensor (sz, sz).

        Example:
            >>> import nn
            >>> nn.Transformer.generate_square_subsequent_mask(2)
            tensor([[  0., -inf],
                    [  0.,   0.]])
        """
        return ag.triu(ag.full((sz, sz), -np.inf, dtype=dtype, device=device), 1)
