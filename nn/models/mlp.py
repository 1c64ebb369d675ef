"""The multi-layer perceptron."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ..containers import Sequential
from ..dropout import Dropout
from ..linear import Linear
from ..module import Module
from ..rectifier import ReLU


class MLP(Sequential):
    """Linear layers with an activation and dropout between them, as torchvision's ``ops.MLP``.

    Args:
        in_channels: the length of the input.
        hidden_channels: the length of each layer's output, the last one's included.
        norm_layer: makes the normalisation after each layer but the last from its length, or None.
        activation_layer: makes the activation after each layer but the last.
        inplace: given to activation and dropout, if not None.
        bias: whether the layers have biases.
        dropout: the probability with which each layer's outputs are dropped in training, the last one's included.

    Returns:
        From a call with (…, in_channels): a Tensor (…, hidden_channels[-1]).

    Raises:
        ValueError: there is no layer.

    Example:
        >>> import nn
        >>> nn.models.MLP(4, [8, 3])
        MLP(
          (0): Linear(in_features=4, out_features=8, bias=True)
          (1): ReLU()
          (2): Dropout(p=0.0, inplace=False)
          (3): Linear(in_features=8, out_features=3, bias=True)
          (4): Dropout(p=0.0, inplace=False)
        )
    """

    def __init__(
        self,
        in_channels: int,
        hidden_channels: Sequence[int],
        norm_layer: Callable[[int], Module] | None = None,
        activation_layer: Callable[..., Module] = ReLU,
        inplace: bool | None = None,
        bias: bool = True,
        dropout: float = 0.0,
    ) -> None:
        if not hidden_channels:
            raise ValueError("MLP needs the length of at least one layer, got none")
        options = {} if inplace is None else {"inplace": inplace}
        layers: list[Module] = []
        for length in hidden_channels[:-1]:
            layers.append(Linear(in_channels, length, bias))
            if norm_layer is not None:
                layers.append(norm_layer(length))
            layers += [activation_layer(**options), Dropout(dropout, **options)]
            in_channels = length
        super().__init__(*layers, Linear(in_channels, hidden_channels[-1], bias), Dropout(dropout, **options))
