"""A recurrent network that predicts the next character of a text."""

from __future__ import annotations

from typing import Any

import autograd_core as ag
from autograd_core import Tensor
from autograd_core.random import generator

from ..embedding import Embedding
from ..linear import Linear
from ..module import Module
from ..recurrent import GRU, LSTM, RNN


class CharRNN(Module):
    """An embedding, an LSTM, GRU or RNN, and a linear layer: for each character the scores of the one after it.

    Args:
        num_characters: how many different characters there are.
        hidden_size: the length of embeddings and of hidden states.
        num_layers: how many recurrent layers.
        mode: ``"LSTM"``, ``"GRU"`` or ``"RNN"``.
        dropout: the probability with which elements are dropped between the recurrent layers in training.

    Returns:
        From a call with the numbers of characters (N, T), or (T,), and perhaps a state: scores (N, T, num_characters),
        and the state after the last one.

    Raises:
        ValueError: the mode is not known.

    Example:
        >>> import autograd_core as ag, nn
        >>> model = nn.models.CharRNN(27, hidden_size=16)
        >>> scores, state = model(ag.zeros(2, 5, dtype="int64"))
        >>> scores.shape
        (2, 5, 27)
        >>> len(model.generate([0], 10))
        11

    Source: Karpathy, The Unreasonable Effectiveness of Recurrent Neural Networks (2015).
    """

    def __init__(
        self, num_characters: int, hidden_size: int = 128, num_layers: int = 1, mode: str = "LSTM", dropout: float = 0.0
    ) -> None:
        super().__init__()
        kinds = {"LSTM": LSTM, "GRU": GRU, "RNN": RNN}
        if mode not in kinds:
            raise ValueError(f"CharRNN has the modes {', '.join(kinds)}, got {mode!r}")
        self.encoder = Embedding(num_characters, hidden_size)
        self.rnn = kinds[mode](hidden_size, hidden_size, num_layers, batch_first=True, dropout=dropout)
        self.decoder = Linear(hidden_size, num_characters)

    def forward(self, input: Any, state: Any = None) -> tuple[Tensor, Any]:
        output, state = self.rnn(self.encoder(input), state)
        return self.decoder(output), state

    def generate(self, start: Any, length: int, temperature: float = 1.0) -> list[int]:
        """Go on with a text, each character drawn by its probability.

        Args:
            start: the numbers of the first characters, at least one.
            length: how many to add.
            temperature: scores are divided by it: near 0 the likeliest character is taken, above 1 more is tried out.

        Returns:
            The numbers of all characters.

        Raises:
            ValueError: the temperature is not positive.
        """
        if temperature <= 0:
            raise ValueError(f"generate needs a positive temperature, got {temperature}")
        text, state, new = list(start), None, list(start)
        with ag.no_grad():
            for _ in range(length):
                scores, state = self(ag.tensor(new, dtype="int64"), state)
                shares = ag.softmax(scores[-1].double() / temperature, 0).numpy()
                new = [int(generator().choice(len(shares), p=shares))]
                text += new
        return text
