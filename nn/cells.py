"""Cells of recurrent networks, one step of each: RNNCell, LSTMCell, GRUCell."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import autograd_core as ag
from autograd_core import Tensor

from . import init
from .functional.cells import Bias, gru_cell, lstm_cell, rnn_cell
from .functional.inputs import given
from .linear import source
from .module import Module
from .parameter import Parameter


class RNNCellBase(Module):
    """What the cells have in common: ``num_chunks`` gates' weights for the input and for the hidden state."""

    weight_ih: Parameter
    weight_hh: Parameter
    bias_ih: Parameter | None
    bias_hh: Parameter | None

    def __init__(
        self, input_size: int, hidden_size: int, bias: bool, num_chunks: int, device: Any = None, dtype: Any = None
    ) -> None:
        super().__init__()
        self.input_size = input_size
        self.hidden_size = hidden_size
        self.bias = bias
        rows = num_chunks * hidden_size
        for name, shape in (
            ("weight_ih", (rows, input_size)),
            ("weight_hh", (rows, hidden_size)),
            ("bias_ih", (rows,)),
            ("bias_hh", (rows,)),
        ):
            wanted = bias or name.startswith("weight")
            zeros = Parameter(ag.zeros(*shape, device=device, dtype=dtype)) if wanted else None
            self.register_parameter(name, zeros)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw all weights and biases anew, uniform between ±1/√hidden_size."""
        bound = 1 / math.sqrt(self.hidden_size) if self.hidden_size > 0 else 0.0
        for parameter in self.parameters():
            init.uniform_(parameter, -bound, bound)

    def _start(self, input: Any, states: Sequence[Any] | None, count: int) -> tuple[Tensor, ...]:
        """The input and the states, zeros by default, once their shapes are known to fit."""
        x = given(input)
        if x.ndim not in (1, 2) or x.shape[-1] != self.input_size:
            raise ValueError(
                f"{self._where()} expects an input ({self.input_size},) or (batch, {self.input_size}), got {x.shape}: "
                f"{source(x, -1)}"
            )
        wanted = (*x.shape[:-1], self.hidden_size)
        if states is None:
            return (x, *(ag.zeros(*wanted, dtype=x.dtype, device=x.device) for _ in range(count)))
        found = tuple(given(state) for state in states)
        if len(found) != count or any(state.shape != wanted for state in found):
            raise ValueError(
                f"{self._where()} expects {count} hidden state(s) of shape {wanted} for an input {x.shape}, got "
                f"{[state.shape for state in found]}"
            )
        return (x, *found)

    def _bias(self) -> Bias:
        """Both biases: only their sum matters."""
        bias_ih, bias_hh = self.bias_ih, self.bias_hh
        return 0.0 if bias_ih is None or bias_hh is None else bias_ih + bias_hh

    def extra_repr(self) -> str:
        return f"{self.input_size}, {self.hidden_size}" + ("" if self.bias is True else f", bias={self.bias}")


class RNNCell(RNNCellBase):
    """A step of a plain recurrent network.

    Formula:
        h′ = tanh(W_ih x + b_ih + W_hh h + b_hh); with ``nonlinearity="relu"`` relu instead of tanh.

    Args:
        input_size: the length of x.
        hidden_size: the length of h.
        bias: whether there are b_ih and b_hh.
        nonlinearity: ``"tanh"`` or ``"relu"``.
        device: ``"cpu"``.
        dtype: of the parameters; by default the default dtype.

    Returns:
        From a call with x, (batch, input_size) or (input_size,), and perhaps h: h′, (…, hidden_size).

    Raises:
        ValueError: the nonlinearity is not known; or, from a call, the shapes do not fit.

    Example:
        >>> import autograd_core as ag, nn
        >>> cell = nn.RNNCell(10, 20)
        >>> h = cell(ag.ones(3, 10))
        >>> cell(ag.ones(3, 10), h).shape
        (3, 20)
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        bias: bool = True,
        nonlinearity: str = "tanh",
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        if nonlinearity not in ("tanh", "relu"):
            raise ValueError(f"Unknown nonlinearity: {nonlinearity}, use 'tanh' or 'relu'")
        super().__init__(input_size, hidden_size, bias, 1, device, dtype)
        self.nonlinearity = nonlinearity

    def forward(self, input: Any, hx: Any = None) -> Tensor:
        x, h = self._start(input, None if hx is None else [hx], 1)
        return rnn_cell(x, h, self.weight_ih, self.weight_hh, self._bias(), self.nonlinearity)

    def extra_repr(self) -> str:
        return super().extra_repr() + ("" if self.nonlinearity == "tanh" else f", nonlinearity={self.nonlinearity}")


class LSTMCell(RNNCellBase):
    """A step of a long short-term memory: a cell state c that gates write to and read from.

    Formula:
        i, f, o = σ(W x + U h + b), g = tanh(W x + U h + b), c′ = f·c + i·g, h′ = o·tanh c′; the rows of
        weight_ih = W and weight_hh = U are those of i, f, g, o in turn, and b = bias_ih + bias_hh.

    Args:
        input_size: the length of x.
        hidden_size: the length of h and c.
        bias: whether there are biases.
        device: ``"cpu"``.
        dtype: of the parameters; by default the default dtype.

    Returns:
        From a call with x, (batch, input_size) or (input_size,), and perhaps (h, c): (h′, c′), each (…, hidden_size).

    Raises:
        ValueError: from a call, the shapes do not fit.

    Example:
        >>> import autograd_core as ag, nn
        >>> cell = nn.LSTMCell(10, 20)
        >>> h, c = cell(ag.ones(3, 10))
        >>> h, c = cell(ag.ones(3, 10), (h, c))
        >>> h.shape
        (3, 20)

    Source: Hochreiter and Schmidhuber, Long Short-Term Memory (1997); with the forget gate of Gers et al. (2000).
    """

    def __init__(
        self, input_size: int, hidden_size: int, bias: bool = True, device: Any = None, dtype: Any = None
    ) -> None:
        super().__init__(input_size, hidden_size, bias, 4, device, dtype)

    def forward(self, input: Any, hx: tuple[Any, Any] | None = None) -> tuple[Tensor, Tensor]:
        x, h, c = self._start(input, hx, 2)
        return lstm_cell(x, h, c, self.weight_ih, self.weight_hh, self._bias())


class GRUCell(RNNCellBase):
    """A step of a gated recurrent unit.

    Formula:
        r, z = σ(W x + b + U h + d), n = tanh(W x + b + r·(U h + d)), h′ = (1 − z)·n + z·h; the rows of
        weight_ih = W, weight_hh = U, bias_ih = b and bias_hh = d are those of r, z, n in turn.

    Args:
        input_size: the length of x.
        hidden_size: the length of h.
        bias: whether there are biases.
        device: ``"cpu"``.
        dtype: of the parameters; by default the default dtype.

    Returns:
        From a call with x, (batch, input_size) or (input_size,), and perhaps h: h′, (…, hidden_size).

    Raises:
        ValueError: from a call, the shapes do not fit.

    Example:
        >>> import autograd_core as ag, nn
        >>> cell = nn.GRUCell(10, 20)
        >>> cell(ag.ones(3, 10)).shape
        (3, 20)

    Source: Cho et al., Learning Phrase Representations using RNN Encoder–Decoder (2014).
    """

    def __init__(
        self, input_size: int, hidden_size: int, bias: bool = True, device: Any = None, dtype: Any = None
    ) -> None:
        super().__init__(input_size, hidden_size, bias, 3, device, dtype)

    def forward(self, input: Any, hx: Any = None) -> Tensor:
        x, h = self._start(input, None if hx is None else [hx], 1)
        biases = (0.0 if bias is None else bias for bias in (self.bias_ih, self.bias_hh))
        return gru_cell(x, h, self.weight_ih, self.weight_hh, *biases)
