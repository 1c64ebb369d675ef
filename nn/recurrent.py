"""Recurrent networks over whole sequences: RNN, LSTM, GRU."""

from __future__ import annotations

import math
import numbers
import warnings
from collections.abc import Callable, Sequence
from typing import Any

import autograd_core as ag
from autograd_core import Tensor

from . import functional as F  # noqa: N812 - PyTorch's name
from . import init
from .functional.cells import Bias, gru_cell, lstm_cell, rnn_cell
from .functional.inputs import given
from .linear import source
from .module import Module
from .parameter import Parameter
from .utils.rnn import PackedSequence

State = tuple[Tensor, ...]
Step = Callable[[Tensor, State], State]

_FEW = 8


def _steps(x: Tensor, sizes: list[int] | None = None) -> list[Tensor]:
    """The slices along the first axis, or pieces of these lengths.

    They are cut by halves: the gradient of a slice is as large as what it was cut from.
    """
    half = len(x if sizes is None else sizes) // 2
    if half < _FEW or not x.requires_grad:
        return list(ag.unbind(x) if sizes is None else ag.split(x, sizes))
    cut = half if sizes is None else sum(sizes[:half])
    first, second = (None, None) if sizes is None else (sizes[:half], sizes[half:])
    return _steps(x[:cut], first) + _steps(x[cut:], second)


def _walk(step: Step, steps: list[Tensor], start: State, backward: bool, packed: bool) -> tuple[list[Tensor], State]:
    """The outputs of one layer in one direction, and its last state; packed sequences end at different steps."""
    state, outputs, ended = start, [], []
    if packed and backward:
        state = tuple(part[: len(steps[-1])] for part in start)
    for x in reversed(steps) if backward else steps:
        if packed:
            now, before = len(x), len(state[0])
            if now < before:
                ended.append(tuple(part[now:] for part in state))
                state = tuple(part[:now] for part in state)
            elif now > before:
                state = tuple(ag.cat((part, new[before:now])) for part, new in zip(state, start, strict=True))
        state = step(x, state)
        outputs.append(state[0])
    if ended:
        state = tuple(ag.cat(parts) for parts in zip(state, *reversed(ended), strict=True))
    return outputs[::-1] if backward else outputs, state


class RNNBase(Module):
    """What RNN, LSTM and GRU have in common: layers, directions, and the walk over the steps."""

    def __init__(
        self,
        mode: str,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        proj_size: int = 0,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__()
        if isinstance(dropout, bool) or not isinstance(dropout, numbers.Number) or not 0 <= dropout <= 1:
            raise ValueError("dropout should be a number in range [0, 1] representing the probability of an element")
        if dropout > 0 and num_layers == 1:
            warnings.warn(
                "dropout option adds dropout after all but last recurrent layer, so non-zero dropout expects "
                f"num_layers greater than 1, but got dropout={dropout} and num_layers={num_layers}",
                stacklevel=3,
            )
        if hidden_size <= 0:
            raise ValueError("hidden_size must be greater than zero")
        if num_layers <= 0:
            raise ValueError("num_layers must be greater than zero")
        if not 0 <= proj_size < hidden_size:
            raise ValueError("proj_size has to be smaller than hidden_size, and not negative")
        self.mode = mode
        self.input_size = input_size
        self.hidden_size = hidden_size
        self.num_layers = num_layers
        self.bias = bias
        self.batch_first = batch_first
        self.dropout = float(dropout)
        self.bidirectional = bidirectional
        self.proj_size = proj_size
        rows = {"LSTM": 4, "GRU": 3}.get(mode, 1) * hidden_size
        out = proj_size or hidden_size
        for layer, suffix in self._suffixes():
            wide = input_size if layer == 0 else out * (1 + bidirectional)
            shapes: dict[str, tuple[int, ...]] = {"weight_ih": (rows, wide), "weight_hh": (rows, out)}
            if bias:
                shapes |= {"bias_ih": (rows,), "bias_hh": (rows,)}
            if proj_size:
                shapes["weight_hr"] = (proj_size, hidden_size)
            for name, shape in shapes.items():
                self.register_parameter(name + suffix, Parameter(ag.zeros(*shape, device=device, dtype=dtype)))
        self.reset_parameters()

    def _suffixes(self) -> list[tuple[int, str]]:
        """For each layer and direction the layer's number and the end of its parameters' names."""
        ends = ("", "_reverse")[: 1 + self.bidirectional]
        return [(layer, f"_l{layer}{end}") for layer in range(self.num_layers) for end in ends]

    def reset_parameters(self) -> None:
        """Draw all weights and biases anew, uniform between ±1/√hidden_size."""
        bound = 1 / math.sqrt(self.hidden_size)
        for parameter in self.parameters():
            init.uniform_(parameter, -bound, bound)

    def flatten_parameters(self) -> None:
        """Nothing: weights have no other layout here. It is there for code written for GPUs."""

    def _biases(self, suffix: str) -> tuple[Bias, Bias]:
        if not self.bias:
            return 0.0, 0.0
        return getattr(self, "bias_ih" + suffix), getattr(self, "bias_hh" + suffix)

    def _step(self, suffix: str) -> Step:
        """One step of a layer and direction."""
        raise NotImplementedError

    def _run(self, input: Any, states: Sequence[Any] | None, count: int) -> tuple[Any, State]:
        """The last layer's outputs and every layer's last states, with ``count`` kinds of states."""
        packed = input if isinstance(input, PackedSequence) else None
        x = self._input(input if packed is None else packed.data, packed is not None)
        swapped = self.batch_first and x.ndim == 3
        if swapped:
            x = x.transpose(0, 1)
        sizes = None if packed is None else packed.batch_sizes.tolist()
        batch = x.shape[1:-1] if sizes is None else (sizes[0],)
        if packed is not None and states is not None and packed.sorted_indices is not None:
            states = tuple(given(state)[:, packed.sorted_indices] for state in states)
        starts = self._starts(x, batch, states, count)
        steps = _steps(x, sizes)
        ends: list[State] = []
        outputs: list[list[Tensor]] = []
        for start, (layer, suffix) in zip(starts, self._suffixes(), strict=True):
            backward = suffix.endswith("_reverse")
            if layer and not backward and self.dropout and self.training:
                steps = [F.dropout(step, self.dropout) for step in steps]
            output, end = _walk(self._step(suffix), steps, start, backward, packed is not None)
            ends.append(end)
            outputs.append(output)
            if len(outputs) == 1 + self.bidirectional:
                steps = [ag.cat(both, -1) for both in zip(*outputs, strict=True)] if backward else output
                outputs = []
        last = tuple(ag.stack(kind) for kind in zip(*ends, strict=True))
        if packed is None:
            return ag.stack(steps, 1 if swapped else 0), last
        if packed.unsorted_indices is not None:
            last = tuple(state[:, packed.unsorted_indices] for state in last)
        return packed._replace(data=ag.cat(steps)), last

    def _input(self, input: Any, packed: bool) -> Tensor:
        x = given(input)
        if x.ndim not in ((2,) if packed else (2, 3)) or x.shape[-1] != self.input_size:
            form = "batch, sequence" if self.batch_first else "sequence, batch"
            raise ValueError(
                f"{self._where()} expects an input ({form}, {self.input_size}), or (sequence, {self.input_size}) "
                f"without a batch, got {x.shape}: {source(x, -1)}"
            )
        if x.shape[1 if self.batch_first and x.ndim == 3 else 0] == 0:
            raise ValueError(f"{self._where()} expects a sequence of at least one step, got {x.shape}")
        return x

    def _starts(self, x: Tensor, batch: tuple[int, ...], states: Sequence[Any] | None, count: int) -> list[State]:
        """The first states of each layer and direction, by default zeros."""
        places = self.num_layers * (1 + self.bidirectional)
        sizes = [self.proj_size or self.hidden_size, self.hidden_size][:count]
        if states is None:
            zeros = tuple(ag.zeros(*batch, size, dtype=x.dtype, device=x.device) for size in sizes)
            return [zeros] * places
        found = tuple(given(state) for state in states)
        wanted = [(places, *batch, size) for size in sizes]
        if [state.shape for state in found] != wanted:
            raise ValueError(
                f"{self._where()} expects hidden state(s) of shape {wanted} for this input, got "
                f"{[state.shape for state in found]}"
            )
        return list(zip(*(ag.unbind(state) for state in found), strict=True))

    def extra_repr(self) -> str:
        parts = [f"{self.input_size}, {self.hidden_size}"]
        defaults = {"proj_size": 0, "num_layers": 1, "bias": True, "batch_first": False, "dropout": 0.0}
        for name, default in (defaults | {"bidirectional": False}).items():
            if getattr(self, name) != default:
                parts.append(f"{name}={getattr(self, name)}")
        return ", ".join(parts)


class RNN(RNNBase):
    """A plain recurrent network, in layers.

    Formula:
        h_t = tanh(W_ih x_t + b_ih + W_hh h_{t−1} + b_hh); with ``nonlinearity="relu"`` relu instead of tanh.
        The outputs h_t of a layer are the inputs x_t of the next.

    Args:
        input_size: the length of each x_t.
        hidden_size: the length of h_t.
        num_layers: how many layers.
        nonlinearity: ``"tanh"`` or ``"relu"``.
        bias: whether there are biases.
        batch_first: whether the batch comes before the steps, in the input and the output.
        dropout: the probability with which the outputs of all layers but the last are dropped in training.
        bidirectional: whether a second network reads each layer's inputs from the end; outputs are put side by side.
        device: ``"cpu"``.
        dtype: of the parameters; by default the default dtype.

    Returns:
        From a call with x, (T, batch, input_size) or (T, input_size), and perhaps h_0, (D·num_layers, batch,
        hidden_size) with D directions: the outputs (T, batch, D·hidden_size) and the last states, shaped as h_0. From a
        :class:`nn.utils.rnn.PackedSequence` the outputs are one, too.

    Raises:
        ValueError: an option is out of range; or, from a call, the shapes do not fit.

    Example:
        >>> import autograd_core as ag, nn
        >>> output, h = nn.RNN(10, 20, num_layers=2)(ag.ones(5, 3, 10))
        >>> output.shape, h.shape
        ((5, 3, 20), (2, 3, 20))
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        nonlinearity: str = "tanh",
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        if nonlinearity not in ("tanh", "relu"):
            raise ValueError(f"Unknown nonlinearity '{nonlinearity}'. Select from 'tanh' or 'relu'.")
        options = (num_layers, bias, batch_first, dropout, bidirectional, 0, device, dtype)
        super().__init__(f"RNN_{nonlinearity.upper()}", input_size, hidden_size, *options)
        self.nonlinearity = nonlinearity

    def _step(self, suffix: str) -> Step:
        w, u = getattr(self, "weight_ih" + suffix), getattr(self, "weight_hh" + suffix)
        b_ih, b_hh = self._biases(suffix)
        bias, nonlinearity = b_ih + b_hh, self.nonlinearity
        return lambda x, state: (rnn_cell(x, state[0], w, u, bias, nonlinearity),)

    def forward(self, input: Any, hx: Any = None) -> tuple[Any, Tensor]:
        output, (h,) = self._run(input, None if hx is None else (hx,), 1)
        return output, h


class LSTM(RNNBase):
    """A long short-term memory, in layers.

    Formula:
        each step as :class:`LSTMCell`; with a projection h_t = W_hr (o·tanh c_t). The outputs h_t of a layer are the
        inputs x_t of the next.

    Args:
        input_size: the length of each x_t.
        hidden_size: the length of c_t, and without a projection of h_t.
        num_layers: how many layers.
        bias: whether there are biases.
        batch_first: whether the batch comes before the steps, in the input and the output.
        dropout: the probability with which the outputs of all layers but the last are dropped in training.
        bidirectional: whether a second network reads each layer's inputs from the end; outputs are put side by side.
        proj_size: the length that h_t is projected to; 0 for no projection.
        device: ``"cpu"``.
        dtype: of the parameters; by default the default dtype.

    Returns:
        From a call with x, (T, batch, input_size) or (T, input_size), and perhaps (h_0, c_0), each
        (D·num_layers, batch, length) with D directions: the outputs (T, batch, D·length of h) and the last (h, c).
        From a :class:`nn.utils.rnn.PackedSequence` the outputs are one, too.

    Raises:
        ValueError: an option is out of range; or, from a call, the shapes do not fit.

    Example:
        >>> import autograd_core as ag, nn
        >>> output, (h, c) = nn.LSTM(10, 20, num_layers=2)(ag.ones(5, 3, 10))
        >>> output.shape, h.shape, c.shape
        ((5, 3, 20), (2, 3, 20), (2, 3, 20))

    Source: Hochreiter and Schmidhuber, Long Short-Term Memory (1997).
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        proj_size: int = 0,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        options = (num_layers, bias, batch_first, dropout, bidirectional, proj_size, device, dtype)
        super().__init__("LSTM", input_size, hidden_size, *options)

    def _step(self, suffix: str) -> Step:
        w, u = getattr(self, "weight_ih" + suffix), getattr(self, "weight_hh" + suffix)
        b_ih, b_hh = self._biases(suffix)
        bias, w_hr = b_ih + b_hh, getattr(self, "weight_hr" + suffix, None)
        return lambda x, state: lstm_cell(x, state[0], state[1], w, u, bias, w_hr)

    def forward(self, input: Any, hx: tuple[Any, Any] | None = None) -> tuple[Any, tuple[Tensor, Tensor]]:
        output, (h, c) = self._run(input, hx, 2)
        return output, (h, c)


class GRU(RNNBase):
    """A network of gated recurrent units, in layers.

    Formula:
        each step as :class:`GRUCell`. The outputs h_t of a layer are the inputs x_t of the next.

    Args:
        input_size: the length of each x_t.
        hidden_size: the length of h_t.
        num_layers: how many layers.
        bias: whether there are biases.
        batch_first: whether the batch comes before the steps, in the input and the output.
        dropout: the probability with which the outputs of all layers but the last are dropped in training.
        bidirectional: whether a second network reads each layer's inputs from the end; outputs are put side by side.
        device: ``"cpu"``.
        dtype: of the parameters; by default the default dtype.

    Returns:
        From a call with x, (T, batch, input_size) or (T, input_size), and perhaps h_0, (D·num_layers, batch,
        hidden_size) with D directions: the outputs (T, batch, D·hidden_size) and the last states, shaped as h_0. From a
        :class:`nn.utils.rnn.PackedSequence` the outputs are one, too.

    Raises:
        ValueError: an option is out of range; or, from a call, the shapes do not fit.

    Example:
        >>> import autograd_core as ag, nn
        >>> output, h = nn.GRU(10, 20, bidirectional=True)(ag.ones(5, 3, 10))
        >>> output.shape, h.shape
        ((5, 3, 40), (2, 3, 20))

    Source: Cho et al., Learning Phrase Representations using RNN Encoder–Decoder (2014).
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        options = (num_layers, bias, batch_first, dropout, bidirectional, 0, device, dtype)
        super().__init__("GRU", input_size, hidden_size, *options)

    def _step(self, suffix: str) -> Step:
        w, u = getattr(self, "weight_ih" + suffix), getattr(self, "weight_hh" + suffix)
        biases = self._biases(suffix)
        return lambda x, state: (gru_cell(x, state[0], w, u, *biases),)

    def forward(self, input: Any, hx: Any = None) -> tuple[Any, Tensor]:
        output, (h,) = self._run(input, None if hx is None else (hx,), 1)
        return output, h
