"""What the datasets of images have in common."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from ..dataset import Dataset
from .download import Resource, cache, obtain


class Images(Dataset[tuple[Any, Any]]):
    """Images with classes, in files that are downloaded once: item i is an array of uint8 and its class.

    Args:
        root: the folder in which they are kept; by default one in the user's cache.
        train: whether the training images are meant, or those held out.
        transform: applied to each image, an array (height, width) or (height, width, 3), when it is taken.
        target_transform: applied to each class index.
        download: whether to download what is missing.

    Raises:
        FileNotFoundError: the files are not there, and not to be downloaded.
        ConnectionError: they can't be downloaded. Both say how to place them by hand.
        ValueError: a file's checksum is another, or it does not have the form that it must have.
    """

    mirrors: ClassVar[Sequence[str]]
    resources: ClassVar[Sequence[tuple[str, str]]]
    classes: ClassVar[Sequence[str]]

    data: Any
    targets: Any

    def __init__(
        self,
        root: str | os.PathLike[str] | None = None,
        train: bool = True,
        transform: Callable[[Any], Any] | None = None,
        target_transform: Callable[[Any], Any] | None = None,
        download: bool = False,
    ) -> None:
        self.root = cache() if root is None else Path(root)
        self.train = train
        self.transform = transform
        self.target_transform = target_transform
        self.data, self.targets = self._load(download)

    def _load(self, download: bool) -> tuple[Any, Any]:
        raise NotImplementedError

    def _file(self, which: int, folder: Path, download: bool) -> Path:
        return obtain(Resource(*self.resources[which]), self.mirrors, folder, download)

    @property
    def class_to_idx(self) -> dict[str, int]:
        """The index of each class."""
        return {name: i for i, name in enumerate(self.classes)}

    def __len__(self) -> int:
        return len(self.data)

    def __getitem__(self, index: int) -> tuple[Any, Any]:
        image, target = np.asarray(self.data[index]), int(self.targets[index])
        return (
            image if self.transform is None else self.transform(image),
            target if self.target_transform is None else self.target_transform(target),
        )

    def __repr__(self) -> str:
        lines = [
            f"Dataset {type(self).__name__}",
            f"Number of datapoints: {len(self)}",
            f"Root location: {self.root}",
            f"Split: {'Train' if self.train else 'Test'}",
        ]
        return "\n    ".join(lines)
