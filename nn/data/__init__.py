"""Datasets, their order, and batches of them: PyTorch's ``torch.utils.data``, and the transforms and datasets that
``torchvision`` has.

>>> import autograd_core as ag
>>> from nn.data import DataLoader, datasets
>>> _ = ag.manual_seed(0)
>>> for x, y in DataLoader(datasets.moons(100), batch_size=50, shuffle=True):
...     print(x.shape, y.shape)
(50, 2) (50,)
(50, 2) (50,)
"""

from . import datasets, transforms
from .collate import default_collate, default_convert
from .dataset import (
    ChainDataset,
    ConcatDataset,
    Dataset,
    IterableDataset,
    StackDataset,
    Subset,
    TensorDataset,
    random_split,
)
from .loader import DataLoader
from .sampler import (
    BatchSampler,
    RandomSampler,
    Sampler,
    SequentialSampler,
    SubsetRandomSampler,
    WeightedRandomSampler,
)
from .worker import WorkerInfo, get_worker_info

__all__ = [
    "BatchSampler",
    "ChainDataset",
    "ConcatDataset",
    "DataLoader",
    "Dataset",
    "IterableDataset",
    "RandomSampler",
    "Sampler",
    "SequentialSampler",
    "StackDataset",
    "Subset",
    "SubsetRandomSampler",
    "TensorDataset",
    "WeightedRandomSampler",
    "WorkerInfo",
    "datasets",
    "default_collate",
    "default_convert",
    "get_worker_info",
    "random_split",
    "transforms",
]
