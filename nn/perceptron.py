"""Rosenblatt's perceptron: one neuron with a step, and its own rule of learning."""

from __future__ import annotations

from typing import Any

import numpy as np

import autograd_core as ag
from autograd_core import Tensor

from . import functional as F  # noqa: N812 - PyTorch's name
from .init import zeros_
from .module import Module
from .parameter import Parameter


class Perceptron(Module):
    """One neuron that says one of two things, on either side of a line.

    Formula:
        ŷ = high where w·x + b > 0, else low. The step has no slope to descend: it learns by :meth:`learn`. w and b
        start as 0.

    Args:
        in_features: the length of the last axis of the input.
        low: what it says on one side: 0, or −1.
        high: what it says on the other.
        device: ``"cpu"``.
        dtype: of the parameters; by default the default dtype.

    Returns:
        From a call with (..., in_features): a Tensor (...) of low and high.

    Raises:
        ValueError: from a call, the input has another last axis.

    Example:
        >>> import autograd_core as ag, nn
        >>> x = ag.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
        >>> gate = nn.Perceptron(2)
        >>> while gate.learn(x, [0, 0, 0, 1]):
        ...     pass
        >>> gate(x).tolist()
        [0.0, 0.0, 0.0, 1.0]

    Source: Rosenblatt, The perceptron: A probabilistic model for information storage (1958).
    """

    weight: Parameter
    bias: Parameter

    def __init__(
        self, in_features: int, low: float = 0.0, high: float = 1.0, device: Any = None, dtype: Any = None
    ) -> None:
        super().__init__()
        self.in_features = in_features
        self.low = low
        self.high = high
        self.weight = Parameter(ag.zeros(in_features, device=device, dtype=dtype))
        self.bias = Parameter(ag.zeros(1, device=device, dtype=dtype))

    def reset_parameters(self) -> None:
        """Set w and b back to 0."""
        for parameter in (self.weight, self.bias):
            zeros_(parameter)

    def forward(self, input: Any) -> Tensor:
        score = F.linear(input, self.weight.unsqueeze(0), self.bias).squeeze(-1)
        return F.step(score) * (self.high - self.low) + self.low

    def learn(self, input: Any, target: Any, lr: float = 1.0) -> int:
        """One pass over samples: each that is said wrong moves the line.

        Formula:
            w ← w + η(y − ŷ)x, b ← b + η(y − ŷ), sample by sample.

        Args:
            input: (n, in_features).
            target: what to say, (n,), each low or high.
            lr: η.

        Returns:
            How many samples moved the line; 0 once all are right, which comes about if a line can part them.

        Raises:
            ValueError: shapes do not fit, or a target is neither low nor high.
        """
        x, y = (np.asarray(ag.as_tensor(part).array, float) for part in (input, target))
        if x.ndim != 2 or x.shape[1] != self.in_features or y.shape != x.shape[:1]:
            raise ValueError(
                f"Perceptron needs samples (n, {self.in_features}) and as many targets, got {x.shape} and {y.shape}"
            )
        if not np.isin(y, (self.low, self.high)).all():
            raise ValueError(f"Perceptron needs targets {self.low} or {self.high}, got {np.unique(y).tolist()}")
        w, b = self.weight.array.astype(float), float(self.bias.array[0])
        wrong = 0
        for sample, wanted in zip(x, y, strict=True):
            step = lr * (wanted - (self.high if sample @ w + b > 0 else self.low))
            if step:
                w, b, wrong = w + step * sample, b + step, wrong + 1
        with ag.no_grad():
            self.weight.copy_(w)
            self.bias.fill_(b)
        return wrong

    def extra_repr(self) -> str:
        return f"in_features={self.in_features}, low={self.low}, high={self.high}"
