"""MNIST and FashionMNIST, in the IDX format."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

import autograd_core as ag

from .idx import read_idx
from .vision import Images


class MNIST(Images):
    """Handwritten digits, 28×28 pixels: 60 000 to train, 10 000 held out.

    ``data`` is a Tensor (n, 28, 28) of uint8, ``targets`` one (n,) of int64; item i is an array and an int.

    Args:
        root: the folder in which they are kept, as ``MNIST/raw``; by default one in the user's cache.
        train: whether the training images are meant, or those held out.
        transform: applied to each image when it is taken.
        target_transform: applied to each class index.
        download: whether to download what is missing.

    Raises:
        FileNotFoundError: the files are not there, and not to be downloaded.
        ConnectionError: they can't be downloaded. Both say how to place them by hand.
        ValueError: a file's checksum is another.

    Source:
        Y. LeCun, C. Cortes and C. Burges, The MNIST database of handwritten digits.
    """

    mirrors: ClassVar = [
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
        "https://storage.googleapis.com/cvdf-datasets/mnist/",
        "https://raw.githubusercontent.com/fgnt/mnist/master/",
    ]
    resources: ClassVar = [
        ("train-images-idx3-ubyte.gz", "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"),
        ("train-labels-idx1-ubyte.gz", "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"),
        ("t10k-images-idx3-ubyte.gz", "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"),
        ("t10k-labels-idx1-ubyte.gz", "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"),
    ]
    classes: ClassVar = [
        *("0 - zero", "1 - one", "2 - two", "3 - three", "4 - four"),
        *("5 - five", "6 - six", "7 - seven", "8 - eight", "9 - nine"),
    ]

    @property
    def raw_folder(self) -> Path:
        """Where the files are."""
        return self.root / type(self).__name__ / "raw"

    def _load(self, download: bool) -> tuple[Any, Any]:
        first = 0 if self.train else 2
        paths = [self._file(which, self.raw_folder, download) for which in (first, first + 1)]
        images, labels = (read_idx(path) for path in paths)
        if images.ndim != 3 or labels.shape != images.shape[:1] or images.dtype.kind != "u" or labels.dtype.kind != "u":
            raise ValueError(
                f"{paths[0]} and {paths[1]} need images (n, height, width) and labels (n,), both uint8, "
                f"got {images.dtype} {images.shape} and {labels.dtype} {labels.shape}"
            )
        if labels.size and labels.max() >= len(self.classes):
            raise ValueError(f"{paths[1]} has the label {labels.max()}, but there are {len(self.classes)} classes")
        return ag.from_numpy(images), ag.tensor(labels, dtype="int64")


class FashionMNIST(MNIST):
    """Pictures of clothes in the form of MNIST, and harder: 28×28 pixels, 60 000 to train, 10 000 held out.

    Args:
        root: the folder in which they are kept, as ``FashionMNIST/raw``; by default one in the user's cache.
        train: whether the training images are meant, or those held out.
        transform: applied to each image when it is taken.
        target_transform: applied to each class index.
        download: whether to download what is missing.

    Raises:
        FileNotFoundError: the files are not there, and not to be downloaded.
        ConnectionError: they can't be downloaded. Both say how to place them by hand.
        ValueError: a file's checksum is another.

    Source:
        H. Xiao, K. Rasul and R. Vollgraf, Fashion-MNIST, arXiv:1708.07747, 2017.
    """

    mirrors: ClassVar = [
        "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
        "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
    ]
    resources: ClassVar = [
        ("train-images-idx3-ubyte.gz", "8d4fb7e6c68d591d4c3dfef9ec88bf0d"),
        ("train-labels-idx1-ubyte.gz", "25c81989df183df01b3e8a0aad5dffbe"),
        ("t10k-images-idx3-ubyte.gz", "bef4ecab320f06d8554ea6380940ec79"),
        ("t10k-labels-idx1-ubyte.gz", "bb300cfdad3c16e7a12a480ee83cd310"),
    ]
    classes: ClassVar = [
        *("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat"),
        *("Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"),
    ]
