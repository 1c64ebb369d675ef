"""Small tables: inputs, targets and the names of both; those that scikit-learn bundles."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

import autograd_core as ag
from autograd_core import Tensor

from ..dataset import TensorDataset


class Table(TensorDataset):
    """Inputs and targets as tensors, with the names of the classes and of the inputs.

    Args:
        data: (samples, ...), kept as float32.
        targets: (samples, ...): class indices, or numbers.
        classes: the classes' names; empty if the targets are numbers.
        features: the inputs' names, where they have any.

    Example:
        >>> from nn.data.datasets import Table
        >>> table = Table([[0.5], [1.5]], [0, 1], classes=["low", "high"])
        >>> table[1], table.classes
        ((tensor([1.5]), tensor(1)), ['low', 'high'])
    """

    def __init__(self, data: Any, targets: Any, classes: Iterable[Any] = (), features: Iterable[Any] = ()) -> None:
        super().__init__(ag.tensor(data, dtype=np.float32), ag.tensor(targets))
        self.classes = [str(kind) for kind in classes]
        self.features = [str(feature) for feature in features]

    @property
    def data(self) -> Tensor:
        """The inputs."""
        return self.tensors[0]

    @property
    def targets(self) -> Tensor:
        """The targets."""
        return self.tensors[1]


def _bundled(name: str) -> Any:
    try:
        from sklearn import datasets
    except ImportError as error:
        raise ImportError(
            f'the {name} data come with scikit-learn: python -m pip install "autograd-core[demo]"'
        ) from error
    return getattr(datasets, f"load_{name}")()


def _table(name: str) -> Table:
    bundle = _bundled(name)
    return Table(bundle.data, bundle.target.astype(np.int64), bundle.target_names, bundle.feature_names)


def iris() -> Table:
    """Fisher's iris flowers: lengths and widths of sepals and petals in cm, and one of three species.

    Returns:
        A Table of 150 samples: data (150, 4), class indices (150,).

    Raises:
        ImportError: scikit-learn, which bundles them, is missing.

    Source:
        R. A. Fisher, The use of multiple measurements in taxonomic problems, 1936.
    """
    return _table("iris")


def wine() -> Table:
    """Chemical analyses of wines from three growers.

    Returns:
        A Table of 178 samples: data (178, 13), class indices (178,).

    Raises:
        ImportError: scikit-learn, which bundles them, is missing.
    """
    return _table("wine")


def breast_cancer() -> Table:
    """Measures of cell nuclei, and whether the tumour is malignant (0) or benign (1).

    Returns:
        A Table of 569 samples: data (569, 30), class indices (569,).

    Raises:
        ImportError: scikit-learn, which bundles them, is missing.
    """
    return _table("breast_cancer")


def digits() -> Table:
    """Handwritten digits, 8×8 pixels from 0 to 1.

    Returns:
        A Table of 1797 samples: data (1797, 1, 8, 8), class indices (1797,).

    Raises:
        ImportError: scikit-learn, which bundles them, is missing.
    """
    bundle = _bundled("digits")
    return Table(bundle.images[:, None] / 16, bundle.target.astype(np.int64), bundle.target_names)
