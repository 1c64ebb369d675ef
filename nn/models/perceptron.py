"""Rosenblatt's perceptron."""

from __future__ import annotations

from typing import Any

import autograd_core as ag
from autograd_core import Tensor

from ..module import Module
from ..parameter import Parameter


class Perceptron(Module):
    """One neuron with a unit step, and the rule by which it learns without a gradient.

    Formula:
        ŷ = 1 where w·x + b ≥ 0, else low; w ← w + η(y − ŷ)x and b ← b + η(y − ŷ), one sample after the other.

    Args:
        in_features: the length of x.
        low: the label that is not 1: −1, or 0 for logic gates.

    Returns:
        From a call with (…, in_features): a Tensor (…) of labels.

    Raises:
        ValueError: from :meth:`learn`, the numbers of inputs and labels differ.

    Example:
        >>> import autograd_core as ag, nn
        >>> gate = nn.models.Perceptron(2, low=0)
        >>> x, y = ag.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]), ag.tensor([0.0, 1.0, 1.0, 1.0])
        >>> [gate.learn(x, y) for epoch in range(5)]
        [2, 2, 1, 0, 0]
        >>> gate(x)
        tensor([0., 1., 1., 1.])

    Source: Rosenblatt, The Perceptron (1958).
    """

    def __init__(self, in_features: int, low: float = -1.0) -> None:
        super().__init__()
        self.in_features = in_features
        self.low = low
        self.weight = Parameter(ag.zeros(in_features))
        self.bias = Parameter(ag.zeros(1))

    def forward(self, input: Any) -> Tensor:
        y: Tensor = ag.where(ag.matmul(input, self.weight) + self.bias[0] >= 0, 1.0, float(self.low))
        return y

    def learn(self, input: Any, target: Any, lr: float = 0.1) -> int:
        """Go through the samples once, and change the weights at each that is labelled wrongly.

        Args:
            input: (samples, in_features).
            target: the label of each sample, (samples,).
            lr: η.

        Returns:
            The number of changes: 0 if every sample was labelled rightly.
        """
        x, y = ag.as_tensor(input), ag.as_tensor(target)
        if len(x) != len(y):
            raise ValueError(
                f"Perceptron.learn needs a label for each sample, got {len(x)} samples and {len(y)} labels"
            )
        changes = 0
        with ag.no_grad():
            for sample, label in zip(x, y, strict=True):
                error = label - self(sample)
                if error.item() != 0:
                    self.weight += lr * error * sample
                    self.bias += lr * error
                    changes += 1
        return changes

    def extra_repr(self) -> str:
        return f"in_features={self.in_features}, low={self.low}"
