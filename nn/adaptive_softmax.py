"""A softmax over very many classes, of which the rare ones are only looked at where they occur."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

import autograd_core as ag
from autograd_core import Tensor

from . import functional as F  # noqa: N812 - PyTorch's name
from .containers import ModuleList, Sequential
from .functional.inputs import given
from .linear import Linear
from .module import Module


class ASMoutput(NamedTuple):
    """The log-probability of each target, and the mean of their negatives."""

    output: Tensor
    loss: Tensor


class AdaptiveLogSoftmaxWithLoss(Module):
    """Log-softmax over classes sorted by how often they occur, the most frequent first, with its loss.

    The head decides among the frequent classes and the clusters of rare ones; a cluster's tail, which has fewer
    features the rarer its classes, runs only for the samples that belong to it.

    Formula:
        log p(c) = log softmax(head x)_c for c < cutoffs[0]; else with the cluster k of c
        log p(c) = log softmax(head x)_(cutoffs[0]+k) + log softmax(tail_k x)_(c − first class of k).

    Args:
        in_features: how many features a sample has.
        n_classes: how many classes.
        cutoffs: the first class of each cluster, in increasing order.
        div_value: by how much each further cluster has fewer features.
        head_bias: whether the head has a bias.
        device: ``"cpu"``.
        dtype: of the parameters; by default the default dtype.

    Returns:
        From a call with (N, in_features) and (N,), or without N: ``(output, loss)``, the log-probabilities of the
        targets, shaped like them, and the mean of their negatives.

    Raises:
        ValueError: the cutoffs are not increasing numbers between 1 and n_classes − 1.
        RuntimeError: from a call, the shapes do not fit or a target is no class.

    Example:
        >>> import autograd_core as ag, nn
        >>> words = nn.AdaptiveLogSoftmaxWithLoss(8, 1000, cutoffs=[10, 100])
        >>> output, loss = words(ag.ones(3, 8), ag.tensor([5, 50, 500]))
        >>> output.shape, words.log_prob(ag.ones(3, 8)).shape
        ((3,), (3, 1000))

    Source: Grave et al., Efficient softmax approximation for GPUs (2017).
    """

    def __init__(
        self,
        in_features: int,
        n_classes: int,
        cutoffs: Sequence[int],
        div_value: float = 4.0,
        head_bias: bool = False,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__()
        ends = [*cutoffs, n_classes]
        if not cutoffs or any(a >= b or a < 1 or int(a) != a for a, b in itertools.pairwise(ends)):
            raise ValueError(
                "cutoffs should be a sequence of unique, positive integers sorted in an increasing order, where each "
                f"value is between 1 and n_classes-1, got {list(cutoffs)} for {n_classes} classes"
            )
        self.in_features = in_features
        self.n_classes = n_classes
        self.cutoffs = ends
        self.div_value = div_value
        self.head_bias = head_bias
        self.shortlist_size = ends[0]
        self.n_clusters = len(ends) - 1
        self.head_size = self.shortlist_size + self.n_clusters
        self.head = Linear(in_features, self.head_size, head_bias, device, dtype)
        self.tail = ModuleList()
        for i, (first, end) in enumerate(itertools.pairwise(ends)):
            features = int(in_features // div_value ** (i + 1))
            narrow = Linear(in_features, features, False, device, dtype)
            self.tail.append(Sequential(narrow, Linear(features, end - first, False, device, dtype)))

    def reset_parameters(self) -> None:
        """Draw all weights anew."""
        for module in self.modules():
            if isinstance(module, Linear):
                module.reset_parameters()

    def forward(self, input: Any, target: Any) -> ASMoutput:
        x, wanted = given(input), given(target)
        if x.shape != (*wanted.shape, self.in_features) or wanted.ndim > 1:
            raise RuntimeError(
                f"{self._where()} takes an input (N, {self.in_features}) and targets (N,), or both without N, "
                f"got {x.shape} and {wanted.shape}"
            )
        classes = np.atleast_1d(wanted.array)
        if classes.dtype.kind not in "iu" or ((classes < 0) | (classes >= self.n_classes)).any():
            raise RuntimeError(f"{self._where()} takes integers from 0 to {self.n_classes - 1} as targets")
        x = x.reshape(-1, self.in_features)
        head = F.log_softmax(self.head(x), 1)
        clusters = np.searchsorted(self.cutoffs, classes, side="right")  # 0 for the frequent classes
        parts, order = [], np.argsort(clusters, kind="stable")
        for cluster in np.unique(clusters):
            rows = np.flatnonzero(clusters == cluster)
            if cluster == 0:
                parts.append(head[rows, classes[rows]])
                continue
            tail = F.log_softmax(self.tail[int(cluster) - 1](x[rows]), 1)
            inside = classes[rows] - self.cutoffs[cluster - 1]
            parts.append(head[rows, self.shortlist_size + cluster - 1] + tail[np.arange(len(rows)), inside])
        output = ag.concatenate(parts)[np.argsort(order)] if parts else head.sum(1)
        return ASMoutput(output.reshape(wanted.shape), (-output).mean())

    def log_prob(self, input: Any) -> Tensor:
        """The log-probabilities of all classes: (N, n_classes) of (N, in_features)."""
        head = F.log_softmax(self.head(input), 1)
        parts = [head[:, : self.shortlist_size]]
        for i, tail in enumerate(self.tail):
            parts.append(F.log_softmax(tail(input), 1) + head[:, self.shortlist_size + i].unsqueeze(1))
        return ag.concatenate(parts, 1)

    def predict(self, input: Any) -> Tensor:
        """The most probable class of each sample: (N,) of (N, in_features)."""
        return self.log_prob(input).argmax(1)
