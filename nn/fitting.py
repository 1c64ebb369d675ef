"""A training loop for models of inputs and targets: history, validation, early stopping, callbacks."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

import autograd_core as ag
from autograd_core import Tensor
from autograd_core.random import generator

from .module import Module
from .progress import Report, report

Function = Callable[[Tensor, Tensor], Any]


class History(dict[str, list[float]]):
    """What :func:`fit` returns: a number for each epoch, by name.

    Attributes:
        best_epoch: the epoch, from 0, with the best monitored value; None before the first has ended.
        stopped: "patience", "callback" or "interrupted" if there were fewer epochs than wanted, else None.
    """

    best_epoch: int | None = None
    stopped: str | None = None


@dataclass(frozen=True)
class Epoch:
    """What a callback is told after each epoch."""

    number: int
    model: Module
    optimizer: Any
    history: History


def accuracy(scores: Any, targets: Any) -> float:
    """The fraction of samples whose highest score is that of their class.

    Args:
        scores: (samples, classes, ...); or one for each target, which is above 0 for class 1.
        targets: class indices (samples, ...).

    Returns:
        A number from 0 to 1.

    Raises:
        ValueError: scores and targets differ in length.

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.accuracy(ag.tensor([[0.1, 0.9], [0.8, 0.2]]), ag.tensor([1, 1]))
        0.5
    """
    scores, targets = ag.as_tensor(scores).detach(), ag.as_tensor(targets).detach()
    if scores.shape[:1] != targets.shape[:1]:
        raise ValueError(f"accuracy needs a score for each target, got shapes {scores.shape} and {targets.shape}")
    single = scores.numel() == targets.numel()
    predicted = (scores > 0).reshape(targets.shape) if single else scores.argmax(1)
    return float(predicted.eq(targets).double().mean())


def fit(
    model: Module,
    loss: Function,
    optimizer: Any,
    training: Any,
    validation: Any = None,
    epochs: int = 1,
    batch_size: int = 32,
    *,
    metrics: Mapping[str, Function] | None = None,
    monitor: str | None = None,
    maximize: bool = False,
    patience: int | None = None,
    restore_best: bool = False,
    callbacks: Sequence[Callable[[Epoch], Any]] = (),
    progress: bool = True,
) -> History:
    """Train a model by mini-batches; Ctrl-C ends the training early, with a model that can be used.

    Args:
        model: gives an output for a batch of inputs.
        loss: takes outputs and targets, gives one number, the mean over the batch.
        optimizer: of the model's parameters: anything with ``zero_grad`` and ``step(closure)``.
        training: a tuple of inputs and targets (samples, ...), which are shuffled before each epoch; or batches, such
            as a DataLoader: anything that gives pairs of inputs and targets each time it is iterated over.
        validation: likewise, in order; never trained on.
        epochs: how often all training samples are seen.
        batch_size: how many samples make one step, where tuples are given.
        metrics: name → function of all outputs and targets, such as ``{"accuracy": nn.accuracy}``.
        monitor: the name in the history that says how good an epoch was; by default "validation loss", or
            "training loss" without validation.
        maximize: whether the monitored value is better the higher it is.
        patience: stop after this many epochs without a better monitored value.
        restore_best: end with the parameters and buffers of the best epoch.
        callbacks: each is called with an :class:`Epoch` after every epoch, with ``number`` from 0, ``model``,
            ``optimizer`` and ``history``; if it returns True, training stops. ``lambda epoch: schedule.step()`` steps a
            schedule of the learning rate; a ``viz.Recorder`` records weights, gradients and pictures.
        progress: show how far it is: a bar if tqdm is installed, else a line for each epoch, on standard error.

    Returns:
        A :class:`History`: a dict of "training loss", "validation loss" and the metrics, with a number for each epoch.
        Those of training are of the outputs that the steps were computed from.

    Raises:
        ValueError: there are no samples, inputs and targets differ in length, or a number is not positive.
        KeyError: nothing of the name ``monitor`` is in the history.

    Example:
        >>> import autograd_core as ag, nn, optim
        >>> x, y = ag.tensor([[-1.0], [1.0]]), ag.tensor([0, 1])
        >>> model = nn.Linear(1, 2)
        >>> step = optim.SGD(model.parameters(), lr=1.0)
        >>> measured = {"accuracy": nn.accuracy}
        >>> history = nn.fit(model, nn.CrossEntropyLoss(), step, (x, y), epochs=20, metrics=measured, progress=False)
        >>> history["training accuracy"][-1]
        1.0
    """
    for name, number in (("epochs", epochs), ("batch_size", batch_size), ("patience", patience)):
        if number is not None and number < 1:
            raise ValueError(f"fit needs a positive number as {name}, got {number}")
    metrics = metrics or {}
    batches = _Batches(training, batch_size, shuffle=True) if isinstance(training, tuple) else training
    held_out = _Batches(validation, batch_size) if isinstance(validation, tuple) else validation
    history = History()
    best = _Best(model, history, monitor or ("training loss" if held_out is None else "validation loss"), maximize)
    was_training = model.training
    try:
        with report(progress, epochs, batches) as shown:
            for number in range(epochs):
                results = _named("training", _trained(model, loss, optimizer, batches, metrics, shown))
                if held_out is not None:
                    results |= _named("validation", _evaluated(model, loss, held_out, metrics))
                for name, value in results.items():
                    history.setdefault(name, []).append(value)
                best.update()
                shown.epoch(results)
                told = [callback(Epoch(number, model, optimizer, history)) for callback in callbacks]
                if any(answer is True for answer in told):
                    history.stopped = "callback"
                elif patience is not None and number - best.epoch >= patience:
                    history.stopped = "patience"
                if history.stopped is not None:
                    break
    except KeyboardInterrupt:
        history.stopped = "interrupted"
        ended = min((len(values) for values in history.values()), default=0)
        for values in history.values():  # an epoch may have been half entered
            del values[ended:]
    finally:
        optimizer.zero_grad()
        model.train(was_training)
    if restore_best:
        best.restore()
    return history


def _named(part: str, results: dict[str, float]) -> dict[str, float]:
    return {f"{part} {name}": value for name, value in results.items()}


class _Best:
    """The epoch that was best so far, and the model's state then."""

    def __init__(self, model: Module, history: History, monitor: str, maximize: bool) -> None:
        self.model, self.history, self.monitor, self.maximize = model, history, monitor, maximize
        self.epoch = 0
        self.state: dict[str, Tensor] | None = None

    def update(self) -> None:
        """An epoch has been entered into the history."""
        if self.monitor not in self.history:
            raise KeyError(f"fit has no {self.monitor!r} to monitor, only {', '.join(self.history)}")
        values = self.history[self.monitor]
        value, earlier = values[-1], values[self.epoch]
        better = value > earlier if self.maximize else value < earlier
        if self.state is None or better or (math.isnan(earlier) and not math.isnan(value)):
            self.state = self.model.state_dict()
            self.epoch = self.history.best_epoch = len(values) - 1

    def restore(self) -> None:
        if self.state is not None:
            self.model.load_state_dict(self.state)


class _Batches:
    """Batches of a tuple of inputs and targets; shuffled in another way each time, or in order."""

    def __init__(self, data: tuple[Any, ...], size: int, shuffle: bool = False) -> None:
        if len(data) != 2:
            raise ValueError(f"fit takes a tuple of inputs and targets, got {len(data)} parts")
        self.x, self.y = (ag.as_tensor(part) for part in data)
        if not self.x.ndim or not self.y.ndim or len(self.x) != len(self.y):
            raise ValueError(f"fit needs a target for each input, got shapes {self.x.shape} and {self.y.shape}")
        self.size, self.shuffle = size, shuffle

    def __len__(self) -> int:
        return -(-len(self.x) // self.size)

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor]]:
        order = generator().permutation(len(self.x)) if self.shuffle else np.arange(len(self.x))
        for start in range(0, len(order), self.size):
            chosen = order[start : start + self.size]
            yield self.x[chosen], self.y[chosen]


def _pairs(batches: Iterable[Any]) -> Iterator[tuple[Tensor, Tensor]]:
    for batch in batches:
        if not isinstance(batch, (tuple, list)) or len(batch) != 2:
            raise ValueError(f"fit takes batches that are pairs of inputs and targets, got a {type(batch).__name__}")
        yield ag.as_tensor(batch[0]), ag.as_tensor(batch[1])


class _Results:
    """The mean loss and the metrics of the batches seen."""

    def __init__(self, metrics: Mapping[str, Function]) -> None:
        self.metrics = metrics
        self.loss, self.count = 0.0, 0
        self.outputs: list[Tensor] = []
        self.targets: list[Tensor] = []

    def add(self, loss: Any, outputs: Tensor, targets: Tensor) -> None:
        count = len(targets) if targets.ndim else 1
        self.loss += float(loss) * count
        self.count += count
        if self.metrics:  # else nothing needs them
            self.outputs.append(outputs)
            self.targets.append(targets)

    def numbers(self) -> dict[str, float]:
        if not self.count:
            raise ValueError("fit needs samples, there are none")
        numbers = {"loss": self.loss / self.count}
        with ag.no_grad():
            for name, metric in self.metrics.items():
                numbers[name] = float(metric(ag.cat(self.outputs), ag.cat(self.targets)))
        return numbers


def _trained(
    model: Module,
    loss: Function,
    optimizer: Any,
    batches: Iterable[Any],
    metrics: Mapping[str, Function],
    shown: Report,
) -> dict[str, float]:
    """One epoch of steps."""
    results = _Results(metrics)
    model.train()
    for x, y in _pairs(batches):
        results.add(*_step(model, loss, optimizer, x, y), y)
        shown.batch()
    return results.numbers()


def _step(model: Module, loss: Function, optimizer: Any, x: Tensor, y: Tensor) -> tuple[float, Tensor]:
    """One step: the loss and the outputs before it."""
    first: list[tuple[float, Tensor]] = []

    def closure() -> Tensor:
        optimizer.zero_grad()
        outputs = model(x)
        value: Tensor = loss(outputs, y)
        value.backward()
        first.append((float(value.detach()), outputs.detach()))
        return value

    optimizer.step(closure)  # LBFGS calls it several times
    return first[0]


def _evaluated(
    model: Module, loss: Function, batches: Iterable[Any], metrics: Mapping[str, Function]
) -> dict[str, float]:
    results = _Results(metrics)
    model.eval()
    with ag.no_grad():
        for x, y in _pairs(batches):
            outputs = model(x)
            results.add(loss(outputs, y), outputs, y)
    return results.numbers()
