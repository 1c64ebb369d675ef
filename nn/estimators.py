"""Models as estimators of scikit-learn, which this module needs: nn imports it when one is asked for."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
from sklearn.model_selection import train_test_split
from sklearn.utils import check_random_state
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

import autograd_core as ag
from autograd_core import Tensor
from autograd_core.random import generator

from . import functional as F  # noqa: N812 - PyTorch's name
from .fitting import Function, accuracy, fit
from .module import Module

Self = TypeVar("Self", bound="Estimator")


class Estimator(BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """What Classifier and Regressor share."""

    def __init__(
        self,
        model: Module | Callable[[int, int], Module],
        optimizer: Callable[..., Any],
        *,
        loss: Function | None = None,
        lr: float | None = None,
        epochs: int = 50,
        batch_size: int = 32,
        validation_fraction: float = 0.0,
        patience: int | None = None,
        callbacks: Sequence[Callable[[Any], Any]] = (),
        progress: bool = False,
        random_state: Any = None,
    ) -> None:
        self.model = model
        self.optimizer = optimizer
        self.loss = loss
        self.lr = lr
        self.epochs = epochs
        self.batch_size = batch_size
        self.validation_fraction = validation_fraction
        self.patience = patience
        self.callbacks = callbacks
        self.progress = progress
        self.random_state = random_state

    def _train(
        self, x: NDArray[Any], y: NDArray[Any], outputs: int, loss: Function, stratify: bool, **options: Any
    ) -> None:
        """Make the model, and train it; what Ctrl-C leaves is a fitted estimator, too."""
        with _seeded(self.random_state):
            model = self.model_ = self._made(x, outputs)
            training, validation = (self._inputs(x), self._targets(y)), None
            if self.validation_fraction:
                seed = int(generator().integers(2**31))
                stratified = y if stratify else None
                kept, held_out = train_test_split(
                    np.arange(len(x)), test_size=self.validation_fraction, random_state=seed, stratify=stratified
                )
                validation = (training[0][held_out], training[1][held_out])
                training = (training[0][kept], training[1][kept])
            settings = {} if self.lr is None else {"lr": self.lr}
            self.history_ = fit(
                model,
                loss,
                self.optimizer(model.parameters(), **settings),
                training,
                validation,
                self.epochs,
                self.batch_size,
                patience=self.patience,
                restore_best=self.patience is not None,
                callbacks=self.callbacks,
                progress=self.progress,
                **options,
            )
        if self.history_.stopped == "interrupted":
            raise KeyboardInterrupt

    def _made(self, x: NDArray[Any], outputs: int) -> Module:
        model = copy.deepcopy(self.model) if isinstance(self.model, Module) else self.model(x.shape[1], outputs)
        if not isinstance(model, Module):
            raise TypeError(f"model must be a Module or make one of (features, outputs), got a {type(model).__name__}")
        self.model_ = model
        shape = self._outputs(x[:1]).shape  # lazy layers get their parameters here
        if shape != (1, outputs):
            raise ValueError(f"the model must give shape (samples, {outputs}) for this y, one sample gave {shape}")
        return model

    def _floats(self) -> np.dtype[Any]:
        floats = (p.dtype for p in self.model_.parameters() if p.is_floating_point())
        return next(floats, ag.get_default_dtype())

    def _inputs(self, x: NDArray[Any]) -> Tensor:
        return ag.tensor(x, dtype=self._floats() if x.dtype.kind == "f" else None)  # integers may be indices

    def _targets(self, y: NDArray[Any]) -> Tensor:
        return ag.tensor(y)

    def _outputs(self, x: NDArray[Any]) -> NDArray[Any]:
        model = self.model_
        was_training = model.training
        model.eval()
        try:
            with ag.no_grad():
                size = self.batch_size
                parts = [model(self._inputs(x[i : i + size])).numpy() for i in range(0, len(x), size)]
        finally:
            model.train(was_training)
        return np.concatenate(parts)

    def _predicted(self, x: Any) -> NDArray[Any]:
        check_is_fitted(self)
        return self._outputs(validate_data(self, x, reset=False, allow_nd=True))


class Classifier(ClassifierMixin, Estimator):  # type: ignore[misc]
    """A model that gives class scores, as a classifier of scikit-learn: for pipelines, cross-validation, grid search.

    Args:
        model: what is trained: a function that makes a Module for so many features and classes; or a Module, of which
            each ``fit`` trains a copy, starting from the weights that it has.
        optimizer: makes an optimizer of the parameters: ``optim.Adam``, say, or with settings
            ``functools.partial(optim.SGD, momentum=0.9)``.
        loss: takes scores and class indices; by default cross-entropy.
        lr: the optimizer's learning rate; by default its own.
        epochs: how often all training samples are seen, at most.
        batch_size: how many samples make one step.
        validation_fraction: how much is held out of what ``fit`` is given, for the history and for ``patience``.
        patience: stop after this many epochs without a better loss, and end with the best epoch's weights; the loss
            is that of the samples held out, or of training if there are none.
        callbacks: as for :func:`nn.fit`.
        progress: as for :func:`nn.fit`.
        random_state: of initial weights, order and split; by default they go on with :func:`ag.manual_seed`'s.

    Attributes:
        model_: the trained Module.
        classes_: the labels, in the order of the scores.
        history_: what :func:`nn.fit` returned.

    Raises:
        ValueError: from ``fit``: the data are not what scikit-learn takes, or the model's output has another shape.

    Example:
        >>> import nn, optim
        >>> from sklearn.datasets import load_iris
        >>> from sklearn.model_selection import cross_val_score
        >>> def network(features, classes):
        ...     return nn.Sequential(nn.Linear(features, 8), nn.Tanh(), nn.Linear(8, classes))
        >>> estimator = nn.Classifier(network, optim.Adam, lr=0.02, epochs=20, random_state=0)
        >>> bool(cross_val_score(estimator, *load_iris(return_X_y=True), cv=3).mean() > 0.9)
        True
    """

    def fit(self: Self, X: Any, y: Any) -> Self:  # noqa: N803 - scikit-learn's name
        """Train a new model on inputs (samples, features, ...) and labels (samples,)."""
        x, y = validate_data(self, X, y, allow_nd=True)
        check_classification_targets(y)
        self.classes_, indices = np.unique(y, return_inverse=True)
        loss = self.loss or F.cross_entropy
        self._train(x, indices, len(self.classes_), loss, stratify=True, metrics={"accuracy": accuracy})
        return self

    def predict_proba(self, X: Any) -> NDArray[Any]:  # noqa: N803
        """The softmax of the scores: (samples, classes)."""
        return ag.softmax(ag.tensor(self._predicted(X)), 1).numpy()

    def predict(self, X: Any) -> NDArray[Any]:  # noqa: N803
        """The label with the highest score: (samples,)."""
        predicted: NDArray[Any] = self._predicted(X).argmax(1)
        return self.classes_[predicted]  # type: ignore[no-any-return]


class Regressor(RegressorMixin, Estimator):  # type: ignore[misc]
    """A model of numbers as a regressor of scikit-learn: for pipelines, cross-validation, grid search.

    Args:
        model: what is trained: a function that makes a Module for so many features and outputs; or a Module, of which
            each ``fit`` trains a copy, starting from the weights that it has.
        optimizer: makes an optimizer of the parameters, as for :class:`Classifier`.
        loss: takes outputs and targets, both (samples, outputs); by default the mean squared error.
        lr: the optimizer's learning rate; by default its own.
        epochs: how often all training samples are seen, at most.
        batch_size: how many samples make one step.
        validation_fraction: how much is held out of what ``fit`` is given, for the history and for ``patience``.
        patience: stop after this many epochs without a better loss, as for :class:`Classifier`.
        callbacks: as for :func:`nn.fit`.
        progress: as for :func:`nn.fit`.
        random_state: of initial weights, order and split; by default they go on with :func:`ag.manual_seed`'s.

    Attributes:
        model_: the trained Module.
        history_: what :func:`nn.fit` returned.

    Raises:
        ValueError: from ``fit``: the data are not what scikit-learn takes, or the model's output has another shape.

    Example:
        >>> import numpy as np, nn, optim
        >>> x = np.linspace(-1, 1, 40).reshape(-1, 1)
        >>> line = nn.Regressor(nn.Linear, optim.SGD, lr=0.5, random_state=0).fit(x, 3 * x[:, 0] + 1)
        >>> line.predict([[0.0], [2.0]]).round(2).tolist()
        [1.0, 7.0]
    """

    def fit(self: Self, X: Any, y: Any) -> Self:  # noqa: N803 - scikit-learn's name
        """Train a new model on inputs (samples, features, ...) and targets (samples,) or (samples, outputs)."""
        x, y = validate_data(self, X, y, allow_nd=True, multi_output=True, y_numeric=True)
        self._one = y.ndim == 1
        y = y.reshape(len(y), -1)
        self._train(x, y, y.shape[1], self.loss or F.mse_loss, stratify=False)
        return self

    def _targets(self, y: NDArray[Any]) -> Tensor:
        return ag.tensor(y, dtype=self._floats())

    def predict(self, X: Any) -> NDArray[Any]:  # noqa: N803
        """The outputs, in the shape that the targets had."""
        outputs = self._predicted(X).astype(np.float64)
        return outputs[:, 0] if self._one else outputs

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = True
        return tags


@contextmanager
def _seeded(random_state: Any) -> Iterator[None]:
    """Random numbers from this state alone; what others draw goes on as before."""
    if random_state is None:
        yield
        return
    with ag.fork_rng():
        ag.manual_seed(int(check_random_state(random_state).randint(2**31 - 1)))
        yield
