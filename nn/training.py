"""A plain training loop, for classifiers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import autograd_core as ag
from autograd_core import Tensor
from autograd_core.random import generator

from .module import Module

Data = tuple[Any, Any]


def accuracy(model: Module, data: Data) -> float:
    """The fraction of samples whose highest score is that of their class.

    Args:
        model: gives scores (samples, classes).
        data: inputs and class indices.

    Returns:
        A number from 0 to 1.
    """
    return float(_right(_scores(model, data[0]), data[1]))


def _scores(model: Module, x: Any) -> Tensor:
    was_training = model.training
    model.eval()
    with ag.no_grad():
        scores: Tensor = model(ag.as_tensor(x))
    model.train(was_training)
    return scores


def _right(scores: Tensor, y: Any) -> Tensor:
    return ag.mean(ag.eq(scores.argmax(1), ag.as_tensor(y)).float())


def fit(
    model: Module,
    loss: Callable[[Tensor, Tensor], Tensor],
    optimizer: Any,
    training: Data,
    validation: Data,
    epochs: int,
    batch_size: int,
    progress: Callable[[Iterable[int]], Iterable[int]] = iter,
) -> dict[str, list[float]]:
    """Train a classifier by mini-batches, each epoch in another random order.

    Args:
        model: gives scores (samples, classes).
        loss: takes scores and class indices, gives one number.
        optimizer: of the model's parameters: anything with ``zero_grad`` and ``step``.
        training: inputs (samples, ...) and class indices (samples,).
        validation: likewise; never trained on.
        epochs: how often all training samples are seen.
        batch_size: how many samples make one step.
        progress: wraps the epochs, to show how far it is; ``tqdm.tqdm``, say.

    Returns:
        ``training loss``, ``validation loss``, ``training accuracy`` and ``validation accuracy``: a
        number per epoch each.

    Raises:
        ValueError: there are no samples, or epochs or batch_size is not positive.

    Example:
        >>> import autograd_core as ag, nn, optim
        >>> from nn.training import fit
        >>> x, y = ag.tensor([[-1.0], [1.0]]), ag.tensor([0, 1])
        >>> model = nn.Linear(1, 2)
        >>> step = optim.SGD(model.parameters(), lr=1.0)
        >>> history = fit(model, nn.CrossEntropyLoss(), step, (x, y), (x, y), epochs=20, batch_size=2)
        >>> history["validation accuracy"][-1]
        1.0
    """
    x, y = (ag.as_tensor(part) for part in training)
    if epochs < 1 or batch_size < 1 or len(x) == 0:
        raise ValueError(f"fit needs samples, epochs and a batch size: got {len(x)}, {epochs} and {batch_size}")
    history: dict[str, list[float]] = {}
    for _ in progress(range(epochs)):
        order = generator().permutation(len(x))
        for start in range(0, len(x), batch_size):
            chosen = order[start : start + batch_size]
            optimizer.zero_grad()
            loss(model(x[chosen]), y[chosen]).backward()
            optimizer.step()
        for name, (inputs, targets) in (("training", (x, y)), ("validation", validation)):
            scores, known = _scores(model, inputs), ag.as_tensor(targets)
            history.setdefault(f"{name} loss", []).append(float(loss(scores, known).detach()))
            history.setdefault(f"{name} accuracy", []).append(float(_right(scores, known)))
    return history
