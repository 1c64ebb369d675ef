"""A callback that records how a network changes while it is trained."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

import autograd_core as ag
from autograd_core import Tensor

from . import images
from .images import Image
from .snapshot import Snapshot, measure, undisturbed

DENSE = 10
"""The first epochs are all recorded; of later ones each tenth part."""


class Recorder:
    """Records weights, gradients and pictures of a network while it is trained: a callback for ``nn.fit``.

    It measures before the training and after each epoch, always on the same samples and in evaluation mode, so that
    the numbers can be compared; what is trained comes out as without it. Of a long training some moments are kept, more
    of them early, where more happens.

    Formula:
        Of each parameter w and each layer's output y: ‖∂L/∂w‖ = √Σ(∂L/∂w)² and ‖∂L/∂y‖.

    Args:
        model: the module that is trained.
        loss: takes its outputs and targets, gives one number.
        data: a tuple of inputs and targets (samples, ...), some hundred of those it is trained on. Inputs (samples, 2)
            also give regions of the plane; images (samples, channels, height, width) and a network with convolutions
            filters and feature maps.
        most: how many moments are kept.

    Attributes:
        model: the module.
        x: the inputs.
        y: the targets.

    Raises:
        TypeError: ``model`` is no module, or ``loss`` can't be called.
        ValueError: there are no samples, inputs and targets differ in length, ``most`` is below 2, or the loss is not
            one number.

    Example:
        >>> import autograd_core as ag, nn, optim, viz
        >>> x, y = ag.tensor([[-1.0, 0.5], [1.0, 0.5]]), ag.tensor([0, 1])
        >>> model, loss = nn.Sequential(nn.Linear(2, 4), nn.ReLU(), nn.Linear(4, 2)), nn.CrossEntropyLoss()
        >>> recorder = viz.Recorder(model, loss, (x, y))
        >>> step = optim.SGD(model.parameters(), lr=0.1)
        >>> history = nn.fit(model, loss, step, (x, y), epochs=3, callbacks=[recorder], progress=False)
        >>> [snapshot.epoch for snapshot in recorder.snapshots]
        [0, 1, 2, 3]
        >>> viz.training_page(recorder)
        <TrainingPage: epochs: 3, recorded moments: 4>
    """

    def __init__(self, model: Any, loss: Callable[[Any, Any], Any], data: tuple[Any, Any], *, most: int = 40) -> None:
        if not callable(getattr(model, "named_modules", None)) or not callable(loss):
            told = f"{type(model).__name__} and {type(loss).__name__}"
            raise TypeError(f"Recorder takes a module and a loss to call, got {told}")
        if not isinstance(data, (tuple, list)) or len(data) != 2:
            raise ValueError("Recorder takes a tuple of inputs and targets, such as next(iter(loader))")
        self.x, self.y = (ag.as_tensor(part).detach() for part in data)
        if not self.x.ndim or not self.y.ndim or len(self.x) != len(self.y) or not len(self.x):
            raise ValueError(f"Recorder needs a target for each input, got shapes {self.x.shape} and {self.y.shape}")
        if not isinstance(most, int) or most < 2:
            raise ValueError(f"Recorder needs to keep at least 2 moments, got most={most!r}")
        self.model, self.loss, self.most = model, loss, most
        self._snapshots: list[Snapshot] = []
        self._last: dict[str, Tensor] | None = None  # the parameters after the last epoch, if that was left out
        self._histories: list[Mapping[str, Sequence[float]]] = []
        self._record(0)

    def __call__(self, epoch: Any) -> None:
        """Record an epoch; what ``nn.fit`` calls.

        Args:
            epoch: has ``history``, a dict of name → a number for each epoch.
        """
        if not any(epoch.history is history for history in self._histories):
            self._histories.append(epoch.history)
        epochs = self.epochs
        if epochs - self._snapshots[-1].epoch >= max(1, epochs // DENSE):
            self._last = None
            self._record(epochs)
        else:
            self._last = self.model.state_dict()

    @property
    def snapshots(self) -> list[Snapshot]:
        """What was measured, first before the training, last after it."""
        if self._last is not None:
            now, last = self.model.state_dict(), self._last
            self._last = None
            try:
                self.model.load_state_dict(last)
                self._record(self.epochs)
            finally:
                self.model.load_state_dict(now)
        return list(self._snapshots)

    @property
    def epochs(self) -> int:
        """How many epochs were trained, by all calls of ``nn.fit`` together."""
        return sum(map(_length, self._histories))

    @property
    def history(self) -> dict[str, list[float]]:
        """What ``nn.fit`` returned, of all its calls one after the other; NaN where a name was missing."""
        names = dict.fromkeys(name for history in self._histories for name in history)
        return {
            name: [
                value
                for history in self._histories
                for value in list(history.get(name, ()))[: _length(history)] or [math.nan] * _length(history)
            ]
            for name in names
        }

    def _record(self, epoch: int) -> None:
        pictures: dict[str, Image] = {}
        with undisturbed(self.model), np.errstate(all="ignore"):
            snapshot = measure(self.model, self.loss, self.x, self.y, epoch, self._watch(pictures))
            if self.x.ndim == 2 and self.x.shape[1] == 2 and self.x.is_floating_point():
                region = images.region(self.model, self.x, self.y.numpy())
                if region is not None:
                    pictures["region"] = region
        if not epoch:  # of the layers found now a few are seen from now on
            maps = [name for name in pictures if name.startswith("maps ")]
            pictures = {k: v for k, v in pictures.items() if k not in maps or k in images.spaced(maps)}
        self._snapshots = [known for known in self._snapshots if known.epoch < epoch]  # an epoch may be told again
        self._snapshots.append(replace(snapshot, pictures=pictures))
        if len(self._snapshots) > self.most:
            del self._snapshots[_crowded([snapshot.epoch for snapshot in self._snapshots])]

    def _watch(self, pictures: dict[str, Image]) -> Callable[[str, Any, Tensor], None]:
        """What takes pictures of convolutions of images."""
        seen = [name for name in (self._snapshots[0].pictures if self._snapshots else ()) if name.startswith("maps ")]

        def watch(path: str, module: Any, output: Tensor) -> None:
            weight, name = getattr(module, "weight", None), f"maps {path}"
            if self.x.ndim != 4 or not isinstance(weight, Tensor) or weight.ndim != 4 or output.ndim != 4:
                return
            if "filters" not in pictures:
                pictures["filters"] = images.filters(weight.detach().numpy())
            if name not in pictures and (name in seen or not seen):
                pictures[name] = images.maps(output.detach().numpy()[0])

        return watch


def _length(history: Mapping[str, Sequence[float]]) -> int:
    """How many epochs have ended."""
    return min(map(len, history.values()), default=0)


def _crowded(epochs: Sequence[int]) -> int:
    """Which epoch, neither the first nor the last, is nearest to its neighbours, where early ones count for more."""
    places = [math.sqrt(epoch) for epoch in epochs]
    return min(range(1, len(epochs) - 1), key=lambda i: places[i + 1] - places[i - 1])
