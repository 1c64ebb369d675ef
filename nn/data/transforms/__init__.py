"""Transforms of images, with torchvision's names: see :mod:`nn.data.transforms.functional` for what an image is.

The random ones draw from the generator of :func:`autograd_core.manual_seed`; in a DataLoader each batch has its own.
"""

from . import functional
from .compose import Compose, GaussianNoise, Lambda, Normalize, RandomApply, RandomChoice, ToTensor
from .functional import InterpolationMode
from .geometry import (
    CenterCrop,
    Grayscale,
    Pad,
    RandomAffine,
    RandomCrop,
    RandomHorizontalFlip,
    RandomResizedCrop,
    RandomRotation,
    RandomVerticalFlip,
    Resize,
)

__all__ = [
    "CenterCrop",
    "Compose",
    "GaussianNoise",
    "Grayscale",
    "InterpolationMode",
    "Lambda",
    "Normalize",
    "Pad",
    "RandomAffine",
    "RandomApply",
    "RandomChoice",
    "RandomCrop",
    "RandomHorizontalFlip",
    "RandomResizedCrop",
    "RandomRotation",
    "RandomVerticalFlip",
    "Resize",
    "ToTensor",
    "functional",
]
