"""nn.Classifier and nn.Regressor: scikit-learn's own checks, its splitters, pipelines, searches and scores."""

import functools
import pickle
import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest

import autograd_core as ag
import nn
import optim

pytest.importorskip("sklearn")
from sklearn import metrics
from sklearn.base import clone
from sklearn.datasets import load_iris, make_moons
from sklearn.model_selection import (
    GridSearchCV,
    KFold,
    LeaveOneOut,
    RepeatedKFold,
    ShuffleSplit,
    StratifiedKFold,
    cross_val_predict,
    cross_val_score,
    cross_validate,
)
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils import resample
from sklearn.utils.estimator_checks import check_estimator


def network(features, outputs):
    return nn.Sequential(nn.Linear(features, 16), nn.ReLU(), nn.Linear(16, outputs))


def linear(features, outputs):
    return nn.Linear(features, outputs)


def classifier(**options):
    return nn.Classifier(network, optim.Adam, **{"lr": 0.02, "epochs": 30, "random_state": 0, **options})


IRIS = load_iris(return_X_y=True)


@pytest.mark.parametrize("kind", ["Classifier", "Regressor"])
def test_scikit_learns_own_checks(kind):
    estimator = getattr(nn, kind)(network, optim.Adam, lr=0.02, epochs=60)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # some of the checks warn about what they do
        results = check_estimator(estimator, on_fail="raise", on_skip=None)
    assert {result["status"] for result in results} <= {"passed", "skipped"}
    assert sum(result["status"] == "passed" for result in results) > 45


# The lecture's ways to evaluate a model


@pytest.mark.parametrize(
    "splitter",
    [
        KFold(3, shuffle=True, random_state=0),
        StratifiedKFold(3),
        RepeatedKFold(n_splits=2, n_repeats=2, random_state=0),
        ShuffleSplit(2, test_size=0.3, random_state=0),
    ],
    ids=lambda splitter: type(splitter).__name__,
)
def test_cross_validation(splitter):
    scores = cross_val_score(classifier(), *IRIS, cv=splitter)
    assert len(scores) == splitter.get_n_splits()
    assert scores.mean() > 0.9


def test_leave_one_out():
    x, y = IRIS[0][::15], IRIS[1][::15]
    assert cross_val_score(classifier(epochs=80), x, y, cv=LeaveOneOut()).mean() >= 0.8


def test_bootstrap():
    rows = resample(np.arange(150), random_state=0)
    left_out = np.setdiff1d(np.arange(150), rows)
    fitted = classifier().fit(IRIS[0][rows], IRIS[1][rows])
    assert fitted.score(IRIS[0][left_out], IRIS[1][left_out]) > 0.9


def test_nested_search_in_a_pipeline():
    pipeline = make_pipeline(StandardScaler(), classifier(epochs=10))
    grid = {"classifier__lr": [1e-5, 0.05], "classifier__model": [network, linear]}
    search = GridSearchCV(pipeline, grid, cv=2)
    result = cross_validate(search, *IRIS, cv=KFold(2, shuffle=True, random_state=0), return_estimator=True)
    assert result["test_score"].mean() > 0.85
    assert [found.best_params_["classifier__lr"] for found in result["estimator"]] == [0.05, 0.05]


def test_a_search_by_several_processes():
    search = GridSearchCV(classifier(epochs=5), {"batch_size": [8, 150]}, cv=2, n_jobs=2).fit(*IRIS)
    assert search.best_params_ == {"batch_size": 8}


def test_confusion_roc_and_auc():
    x, y = make_moons(200, noise=0.1, random_state=0)
    labels = np.array(["lower", "upper"])[y]
    estimator = classifier(epochs=60)
    probabilities = cross_val_predict(estimator, x, labels, cv=3, method="predict_proba")
    assert probabilities.sum(1) == pytest.approx(np.ones(200), abs=1e-6)
    assert metrics.roc_auc_score(labels, probabilities[:, 1]) > 0.95
    fitted = estimator.fit(x, labels)
    matrix = metrics.confusion_matrix(labels, fitted.predict(x), labels=fitted.classes_)
    assert matrix.trace() == fitted.score(x, labels) * 200
    assert metrics.get_scorer("roc_auc")(fitted, x, labels) > 0.95


def test_the_lectures_accuracy():
    truth = [1] * 9 + [0] * 91
    said = [1] + [0] * 8 + [1] + [0] * 90
    assert metrics.confusion_matrix(truth, said).ravel().tolist() == [90, 1, 8, 1]
    assert metrics.accuracy_score(truth, said) == nn.accuracy(ag.tensor(said) * 2 - 1, ag.tensor(truth)) == 0.91


# What is trained


def test_it_is_nn_fit():
    x, y = IRIS
    estimator = classifier(epochs=3, batch_size=16, random_state=None, lr=None, loss=nn.CrossEntropyLoss())
    ag.manual_seed(1)
    estimator.fit(x, y)
    ag.manual_seed(1)
    model = network(4, 3)
    data = ag.tensor(x, dtype=np.float32), ag.tensor(y)
    measured = {"accuracy": nn.accuracy}
    step = optim.Adam(model.parameters())
    history = nn.fit(model, nn.CrossEntropyLoss(), step, data, None, 3, 16, metrics=measured, progress=False)
    assert estimator.history_ == history
    assert estimator.model_[0].weight.tolist() == model[0].weight.tolist()
    with ag.no_grad():
        assert estimator.predict(x).tolist() == model(data[0]).argmax(1).tolist()


def test_a_module_is_copied_and_starts_from_its_weights():
    model = nn.Linear(4, 3)
    before = model.weight.tolist()
    starts = []
    step = functools.partial(optim.SGD, lr=0.1, momentum=0.9)
    estimator = nn.Classifier(
        model, lambda p: starts.append(next(p).tolist()) or step([ag.zeros(1, requires_grad=True)]), epochs=1
    )
    estimator.fit(*IRIS).fit(*IRIS)
    assert starts == [before, before]
    assert model.weight.tolist() == before
    assert estimator.model_ is not model
    trained = nn.Classifier(model, step, epochs=20, random_state=0).fit(*IRIS)
    assert trained.score(*IRIS) > 0.9
    assert model.weight.tolist() == before


def test_random_state_alone_decides_and_others_draw_on_as_before():
    ag.manual_seed(4)
    drawn = [ag.rand(3).tolist() for _ in range(2)]
    ag.manual_seed(4)
    assert ag.rand(3).tolist() == drawn[0]
    first = classifier(epochs=1).fit(*IRIS).predict_proba(IRIS[0])
    assert ag.rand(3).tolist() == drawn[1]
    assert (classifier(epochs=1).fit(*IRIS).predict_proba(IRIS[0]) == first).all()
    assert (classifier(epochs=1, random_state=1).fit(*IRIS).predict_proba(IRIS[0]) != first).any()


def test_validation_and_early_stopping():
    sizes = []

    class Watching(nn.Linear):
        def forward(self, x):
            sizes.append((self.training, len(x)))
            return super().forward(x)

    estimator = nn.Classifier(
        Watching, optim.SGD, lr=0.0, epochs=50, batch_size=200, validation_fraction=0.2, patience=3, random_state=0
    )
    history = estimator.fit(*IRIS).history_
    assert sizes[1:] == [(True, 120), (False, 30)] * 4
    assert (history.stopped, history.best_epoch) == ("patience", 0)
    assert list(history) == ["training loss", "training accuracy", "validation loss", "validation accuracy"]


def test_regression_of_one_and_of_several_outputs():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(80, 3))
    y = x @ rng.normal(size=(3, 2)) + [1.0, -2.0]
    estimator = nn.Regressor(nn.Linear, optim.Adam, lr=0.1, epochs=60, random_state=0)
    assert estimator.fit(x, y).score(x, y) > 0.99
    assert estimator.predict(x).shape == (80, 2)
    assert estimator.fit(x, y[:, 0]).predict(x).shape == (80,)
    assert clone(estimator).set_params(loss=nn.L1Loss()).fit(x, y[:, :1]).predict(x).shape == (80, 1)


def test_images_indices_and_other_dtypes():
    rng = np.random.default_rng(0)
    y = np.arange(40) % 2
    images = rng.normal(size=(40, 1, 4, 4)) + y[:, None, None, None]
    convolution = nn.Sequential(nn.Conv2d(1, 2, 3), nn.ReLU(), nn.Flatten(), nn.LazyLinear(2))
    assert nn.Classifier(convolution, optim.Adam, lr=0.05, random_state=0).fit(images, y).score(images, y) > 0.9
    words = rng.integers(0, 3, (40, 5)) + 3 * y[:, None]
    embedding = nn.Sequential(nn.Embedding(6, 2), nn.Flatten(), nn.Linear(10, 2)).double()
    assert nn.Classifier(embedding, optim.Adam, lr=0.05, random_state=0).fit(words, y).score(words, y) == 1.0


def test_a_fitted_estimator_pickles():
    fitted = classifier(epochs=2).fit(*IRIS)
    assert (pickle.loads(pickle.dumps(fitted)).predict(IRIS[0]) == fitted.predict(IRIS[0])).all()


def test_ctrl_c_leaves_a_fitted_estimator():
    def callback(epoch):
        if epoch.number == 2:
            raise KeyboardInterrupt

    estimator = classifier(callbacks=[callback])
    with pytest.raises(KeyboardInterrupt):
        estimator.fit(*IRIS)
    assert len(estimator.history_["training loss"]) == 3
    assert estimator.predict(IRIS[0]).shape == (150,)


def test_what_is_wrong_is_said():
    with pytest.raises(ValueError, match=r"must give shape \(samples, 3\) for this y, one sample gave \(1, 5\)"):
        nn.Classifier(nn.Linear(4, 5), optim.SGD).fit(*IRIS)
    with pytest.raises(TypeError, match="must be a Module or make one"):
        nn.Classifier(lambda features, classes: None, optim.SGD).fit(*IRIS)
    with pytest.raises(ValueError, match="positive number as epochs"):
        classifier(epochs=0).fit(*IRIS)


def test_nn_itself_does_not_need_scikit_learn():
    program = (
        "import sys, nn; assert not any(name.startswith('sklearn') for name in sys.modules)\n"
        "sys.modules['sklearn'] = None\n"
        "try: nn.Classifier\n"
        "except ModuleNotFoundError as error: print(*error.__notes__)\n"
        "try: nn.Clasifier\n"
        "except AttributeError as error: print(error)\n"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=root)
    assert "nn.Classifier needs scikit-learn: python -m pip install" in done.stdout
    assert "module 'nn' has no attribute 'Clasifier'" in done.stdout
