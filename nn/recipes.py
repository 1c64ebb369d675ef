"""What ``python -m autograd_core train`` trains: for each name its data, its network and how it is trained."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

import autograd_core as ag
from autograd_core import Tensor

from .activation import Sigmoid, Tanh
from .batch_normalization import BatchNorm2d
from .containers import Sequential
from .convolution import Conv2d
from .data import Dataset, TensorDataset, datasets, transforms
from .dropout import Dropout
from .linear import Linear
from .models import LeNet
from .module import Module
from .pooling import MaxPool2d
from .rectifier import ReLU
from .shape import Flatten


@dataclass(frozen=True)
class Samples:
    """What a network is trained on and judged by, as it takes it: (x − mean) / std."""

    training: Any  # as they are trained on, which may be at random
    known: Any  # the same as they are
    held_out: Any
    classes: Sequence[str]
    mean: Any
    std: Any


@dataclass(frozen=True)
class Recipe:
    """One thing to train.

    Attributes:
        about: what the data are, in a few words.
        network: what the network is, in a few words; ``{hidden}`` stands for the number of hidden units.
        samples: makes the samples, of a seed and the folder for downloads.
        model: makes the network; of the number of hidden units, if there is a choice.
        hidden: how many hidden units there are; None if there is no choice.
        epochs: how often all training samples are seen.
        batch_size: how many samples make a step.
        lr: the learning rate of Adam at the start.
        downloads: whether the data are downloaded.
    """

    about: str
    network: str
    samples: Callable[[int, str | os.PathLike[str] | None], Samples]
    model: Callable[..., Module]
    epochs: int
    batch_size: int
    lr: float
    hidden: int | None = None
    downloads: bool = False


class _Changed(Dataset[tuple[Any, Any]]):
    """A dataset whose inputs go through a transform whenever they are taken."""

    def __init__(self, dataset: Any, transform: Callable[[Any], Any]) -> None:
        self.dataset = dataset
        self.transform = transform

    def __len__(self) -> int:
        return len(self.dataset)

    def __getitem__(self, index: int) -> tuple[Any, Any]:
        x, y = self.dataset[index]
        return self.transform(x), y


def _of_table(table: datasets.Table, seed: int, share: float, by_column: bool) -> tuple[Samples, float]:
    """A table split so that both parts have as much of each class; and what an input of 0 has become."""
    from sklearn.model_selection import train_test_split

    x, held_out_x, y, held_out_y = train_test_split(
        table.data.double().numpy(),
        table.targets.numpy(),
        test_size=share,
        stratify=table.targets.numpy(),
        random_state=seed,
    )
    mean, std = (x.mean(0), x.std(0)) if by_column else (x.mean(), x.std())
    known, held_out = (
        TensorDataset(ag.tensor((part - mean) / std, dtype=np.float32), targets)
        for part, targets in ((x, y), (held_out_x, held_out_y))
    )
    return Samples(known, known, held_out, table.classes, mean, std), float(np.mean(-mean / std))


def _columns(table: Callable[[], datasets.Table], seed: int, folder: Any) -> Samples:
    return _of_table(table(), seed, 0.3, True)[0]


def _digits(seed: int, folder: Any) -> Samples:
    samples, background = _of_table(datasets.digits(), seed, 0.25, False)
    shifted = _Changed(samples.known, transforms.RandomCrop(8, padding=1, fill=background))
    return Samples(shifted, samples.known, samples.held_out, samples.classes, samples.mean, samples.std)


def _images(
    kind: type[datasets.Images], mean: Any, std: Any, augmentation: Sequence[Any], seed: int, folder: Any
) -> Samples:
    plain = transforms.Compose([transforms.ToTensor(), transforms.Normalize(mean, std)])
    known, held_out = (kind(folder, train, plain, download=True) for train in (True, False))
    training = kind(folder, True, transforms.Compose([*augmentation, plain])) if augmentation else known
    shape = (-1, 1, 1)
    return Samples(training, known, held_out, kind.classes, np.reshape(mean, shape), np.reshape(std, shape))


def _plane(classes: int, hidden: int) -> Sequential:
    return Sequential(Linear(2, hidden), Tanh(), Linear(hidden, hidden), Tanh(), Linear(hidden, classes))


def _flower(hidden: int) -> Sequential:
    return Sequential(Linear(4, hidden), Sigmoid(), Linear(hidden, 3))


def _digit(hidden: int) -> Sequential:
    return Sequential(
        *(Conv2d(1, 16, 3, padding=1), ReLU(), Conv2d(16, 32, 3, padding=1), ReLU(), MaxPool2d(2)),
        *(Flatten(), Linear(32 * 4 * 4, hidden), ReLU(), Dropout(0.25), Linear(hidden, 10)),
    )


def _vgg(hidden: int) -> Sequential:
    layers: list[Any] = []
    for before, after in ((3, 16), (16, 32), (32, 64)):
        layers += [Conv2d(before, after, 3, padding=1, bias=False), BatchNorm2d(after), ReLU()]
        layers += [Conv2d(after, after, 3, padding=1, bias=False), BatchNorm2d(after), ReLU(), MaxPool2d(2)]
    return Sequential(*layers, Flatten(), Dropout(0.25), Linear(64 * 4 * 4, hidden), ReLU(), Linear(hidden, 10))


_MIRRORED_AND_SHIFTED = (transforms.RandomCrop(32, padding=4), transforms.RandomHorizontalFlip())
_IN_THE_PLANE = "2 inputs, two hidden layers of {hidden} units (tanh), {classes} classes (softmax)"

RECIPES = {
    "iris": Recipe(
        "Fisher's iris flowers: four measurements, three species",
        "4 inputs, {hidden} hidden units (sigmoid), {classes} classes (softmax)",
        partial(_columns, datasets.iris),
        _flower,
        epochs=100,
        batch_size=8,
        lr=0.05,
        hidden=2,
    ),
    "moons": Recipe(
        "points of two half moons in the plane",
        _IN_THE_PLANE,
        partial(_columns, partial(datasets.moons, 500)),
        partial(_plane, 2),
        epochs=60,
        batch_size=32,
        lr=0.01,
        hidden=16,
    ),
    "xor": Recipe(
        "points in the plane: are the signs of their coordinates different?",
        _IN_THE_PLANE,
        partial(_columns, partial(datasets.xor, 500, noise=0.03)),
        partial(_plane, 2),
        epochs=60,
        batch_size=32,
        lr=0.01,
        hidden=8,
    ),
    "spiral": Recipe(
        "points of the three arms of a spiral in the plane",
        _IN_THE_PLANE,
        partial(_columns, partial(datasets.spiral, 600)),
        partial(_plane, 3),
        epochs=100,
        batch_size=32,
        lr=0.01,
        hidden=32,
    ),
    "digits": Recipe(
        "handwritten digits, 8×8 pixels, that come with scikit-learn",
        "two convolutions 3×3 (16 and 32 channels), max pooling, {hidden} hidden units, {classes} classes (softmax)",
        _digits,
        _digit,
        epochs=20,
        batch_size=64,
        lr=0.004,
        hidden=64,
    ),
    "mnist": Recipe(
        "handwritten digits, 28×28 pixels, downloaded once (11 MB)",
        "LeNet: two convolutions 5×5 (6 and 16 channels), each with max pooling, 120 and 84 hidden units, "
        "{classes} classes (softmax)",
        partial(_images, datasets.MNIST, (0.1307,), (0.3081,), ()),
        LeNet,
        epochs=3,
        batch_size=64,
        lr=0.002,
        downloads=True,
    ),
    "cifar10": Recipe(
        "small colour pictures of ten kinds of things, downloaded once (162 MB)",
        "six convolutions 3×3 (16, 16, 32, 32, 64 and 64 channels) with batch normalisation, max pooling after each "
        "two, {hidden} hidden units, {classes} classes (softmax)",
        partial(_images, datasets.CIFAR10, (0.4914, 0.4822, 0.4465), (0.247, 0.2435, 0.2616), _MIRRORED_AND_SHIFTED),
        _vgg,
        epochs=10,
        batch_size=64,
        lr=0.002,
        hidden=128,
        downloads=True,
    ),
}


def scores(model: Any, batches: Any) -> tuple[Tensor, Tensor]:
    """What a network in evaluation mode gives for batches of inputs and targets, and the targets.

    Args:
        model: the network, which comes back in the mode it had.
        batches: pairs of inputs and targets, such as a DataLoader.

    Returns:
        The outputs and the targets, each joined along the first axis.
    """
    was_training = model.training
    model.eval()
    with ag.no_grad():
        pairs = [(model(x), y) for x, y in batches]
    model.train(was_training)
    outputs, targets = zip(*pairs, strict=True)
    return ag.cat(outputs), ag.cat(targets)
