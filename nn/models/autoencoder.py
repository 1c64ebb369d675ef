"""An autoencoder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

from autograd_core import Tensor

from ..activation import Sigmoid
from ..containers import Sequential
from ..functional.inputs import floats
from ..linear import Linear
from ..module import Module
from ..rectifier import ReLU


class Autoencoder(Module):
    """Linear layers to a short code, and back: what is learned is what the code must keep.

    Args:
        in_features: how many numbers one sample has; samples of more axes are flattened.
        hidden: the length of each layer of the encoder; the last is the code's.
        activation: makes what stands between the layers.
        output: makes what stands at the end; by default results lie between 0 and 1, as pixels do.

    Returns:
        From a call with (N, …): the samples as the decoder gives them back, of the same shape.

    Raises:
        ValueError: there is no layer.

    Example:
        >>> import autograd_core as ag, nn
        >>> model = nn.models.Autoencoder(784, (128, 16))
        >>> model(ag.zeros(2, 1, 28, 28)).shape
        (2, 1, 28, 28)
        >>> model.encoder(ag.zeros(2, 784)).shape
        (2, 16)

    Source: Hinton and Salakhutdinov, Reducing the Dimensionality of Data with Neural Networks (2006).
    """

    def __init__(
        self,
        in_features: int = 784,
        hidden: Sequence[int] = (128, 32),
        activation: Callable[[], Module] = ReLU,
        output: Callable[[], Module] = Sigmoid,
    ) -> None:
        super().__init__()
        if not hidden:
            raise ValueError("Autoencoder needs the length of at least one layer, got none")
        self.encoder = _stack((in_features, *hidden), activation)
        self.decoder = _stack((*reversed(hidden), in_features), activation)
        self.decoder.append(output())

    def forward(self, x: Any) -> Tensor:
        x = floats(x)
        y: Tensor = self.decoder(self.encoder(x.flatten(1)))
        return y.reshape(x.shape)


def _stack(lengths: Sequence[int], activation: Callable[[], Module]) -> Sequential:
    """Linear layers from each length to the next, with activations between them."""
    layers: list[Module] = []
    for before, after in pairwise(lengths):
        layers += [activation(), Linear(before, after)]
    return Sequential(*layers[1:])
