"""Transforms made of transforms, and the one that makes tensors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from autograd_core import Tensor
from autograd_core.random import generator

from . import functional as F  # noqa: N812 - torchvision's name

Transform = Callable[[Any], Any]


class Compose:
    """Transforms one after the other.

    Args:
        transforms: each takes what the one before gives.

    Example:
        >>> from nn.data import transforms
        >>> transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.5,), (0.5,))])
        Compose(
            ToTensor()
            Normalize(mean=(0.5,), std=(0.5,))
        )
    """

    def __init__(self, transforms: Sequence[Transform]) -> None:
        self.transforms = list(transforms)

    def __call__(self, image: Any) -> Any:
        for transform in self.transforms:
            image = transform(image)
        return image

    def __repr__(self) -> str:
        return "\n".join([f"{type(self).__name__}(", *(f"    {transform}" for transform in self.transforms), ")"])


class RandomApply(Compose):
    """Transforms one after the other, or none of them.

    Args:
        transforms: each takes what the one before gives.
        p: the probability that they are applied.
    """

    def __init__(self, transforms: Sequence[Transform], p: float = 0.5) -> None:
        super().__init__(transforms)
        self.p = p

    def __call__(self, image: Any) -> Any:
        return super().__call__(image) if generator().random() < self.p else image


class RandomChoice(Compose):
    """One of several transforms.

    Args:
        transforms: those to choose from.
        p: their weights; by default equal.
    """

    def __init__(self, transforms: Sequence[Transform], p: Sequence[float] | None = None) -> None:
        super().__init__(transforms)
        self.p = p

    def __call__(self, image: Any) -> Any:
        shares = None if self.p is None else [weight / sum(self.p) for weight in self.p]
        return self.transforms[generator().choice(len(self.transforms), p=shares)](image)


@dataclass(frozen=True)
class Lambda:
    """Any function as a transform; for worker processes that are spawned, not a lambda but one with a name."""

    lambd: Transform

    def __call__(self, image: Any) -> Any:
        return self.lambd(image)


@dataclass(frozen=True)
class ToTensor:
    """An image as a Tensor (channels, height, width); bytes from 0 to 255 as floats from 0 to 1.

    Example:
        >>> import numpy as np
        >>> from nn.data.transforms import ToTensor
        >>> ToTensor()(np.zeros((28, 28), np.uint8)).shape
        (1, 28, 28)
    """

    def __call__(self, image: Any) -> Tensor:
        return F.to_tensor(image)


@dataclass(frozen=True)
class Normalize:
    """Each channel with its mean subtracted and divided by its standard deviation: see :func:`functional.normalize`."""

    mean: Any
    std: Any

    def __call__(self, tensor: Tensor) -> Tensor:
        return F.normalize(tensor, self.mean, self.std)


@dataclass(frozen=True)
class GaussianNoise:
    """Normal noise on each pixel of an image of floats.

    Args:
        mean: of the noise.
        sigma: its standard deviation.
        clip: whether what comes out is kept from 0 to 1.
    """

    mean: float = 0.0
    sigma: float = 0.1
    clip: bool = True

    def __call__(self, image: Tensor) -> Tensor:
        if not isinstance(image, Tensor) or image.dtype.kind != "f":
            raise TypeError("GaussianNoise takes a Tensor of floats: put ToTensor() before it")
        drawn = generator().normal(self.mean, self.sigma, image.shape).astype(image.dtype)
        noisy = image + drawn
        return noisy.clamp(0.0, 1.0) if self.clip else noisy
