"""Small datasets: those that scikit-learn bundles, points in the plane, gates and the line."""

import sys

import numpy as np
import pytest

import autograd_core as ag
import nn
import optim
from nn.data import DataLoader, datasets, random_split

PLANE = {
    "moons": (datasets.moons, 2),
    "circles": (datasets.circles, 2),
    "spiral": (datasets.spiral, 3),
    "blobs": (datasets.blobs, 3),
    "xor": (datasets.xor, 2),
}


@pytest.mark.parametrize(
    ("make", "shape", "classes"),
    [
        (datasets.iris, (150, 4), 3),
        (datasets.wine, (178, 13), 3),
        (datasets.breast_cancer, (569, 30), 2),
        (datasets.digits, (1797, 1, 8, 8), 10),
    ],
)
def test_bundled_tables(make, shape, classes):
    bundled = getattr(pytest.importorskip("sklearn.datasets"), f"load_{make.__name__}")()
    table = make()
    assert table.data.shape == shape
    assert (table.data.dtype, table.targets.dtype) == (np.float32, np.int64)
    assert table.targets.unique().tolist() == list(range(classes))
    assert len(table.classes) == classes
    scale = 16 if make is datasets.digits else 1
    np.testing.assert_allclose(table.data.numpy().reshape(len(table), -1) * scale, bundled.data, rtol=1e-6)
    assert all(type(name) is str for name in table.classes + table.features)
    assert len(table.features) in (0, shape[-1])


def test_without_scikit_learn(monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn", None)
    with pytest.raises(ImportError, match=r"iris data come with scikit-learn.*autograd-core\[demo\]"):
        datasets.iris()
    assert len(datasets.moons(10)) == 10


@pytest.mark.parametrize("name", PLANE)
def test_points_in_the_plane(name):
    make, classes = PLANE[name]
    ag.manual_seed(0)
    table = make(101)
    assert (table.data.shape, table.targets.shape) == ((101, 2), (101,))
    assert (table.data.dtype, table.targets.dtype) == (np.float32, np.int64)
    counts = table.targets.bincount().tolist()
    assert len(counts) == len(table.classes) == classes
    assert max(counts) - min(counts) <= 1
    assert table.targets.tolist() != sorted(table.targets.tolist())
    once, again, other = (make(50, generator=np.random.default_rng(seed)).data.tolist() for seed in (1, 1, 2))
    assert once == again != other
    ag.manual_seed(7)
    seeded = make(50).data.tolist()
    ag.manual_seed(7)
    assert make(50).data.tolist() == seeded
    with pytest.raises(ValueError, match=f"at least {classes} points"):
        make(1)
    with pytest.raises(ValueError, match="not below 0"):
        make(10, **{"std" if name == "blobs" else "noise": -1.0})


def test_shapes_without_noise():
    def parts(table):
        x, y = table.data.numpy().astype(float), table.targets.numpy()
        return [x[y == k] for k in range(len(table.classes))]

    upper, lower = parts(datasets.moons(40, noise=0.0))
    np.testing.assert_allclose(np.hypot(*upper.T), 1, atol=1e-6)
    np.testing.assert_allclose(np.hypot(*(lower - [1, 0.5]).T), 1, atol=1e-6)
    assert upper[:, 1].min() >= -1e-6
    assert lower[:, 1].max() <= 0.5 + 1e-6
    outer, inner = parts(datasets.circles(40, noise=0.0, factor=0.3))
    np.testing.assert_allclose([np.hypot(*outer.T), np.hypot(*inner.T)], [[1] * 20, [0.3] * 20], atol=1e-6)
    for k, arm in enumerate(parts(datasets.spiral(300, 3, noise=0.0))):
        radius = np.hypot(*arm.T)
        angle = 2 * np.pi * k / 3 + 4 * radius
        np.testing.assert_allclose(arm, np.stack([radius * np.sin(angle), radius * np.cos(angle)], 1), atol=1e-5)
    same, different = parts(datasets.xor(200, noise=0.0))
    assert (same.prod(1) > 0).all()
    assert (different.prod(1) < 0).all()
    assert len({tuple(point) for point in np.sign(same)}) == len({tuple(point) for point in np.sign(different)}) == 2
    assert all(len(np.unique(cloud, axis=0)) == 1 for cloud in parts(datasets.blobs(30, std=0.0)))


@pytest.mark.parametrize(
    ("name", "answers"),
    [("and", [0, 0, 0, 1]), ("or", [0, 1, 1, 1]), ("nand", [1, 1, 1, 0]), ("nor", [1, 0, 0, 0]), ("xor", [0, 1, 1, 0])],
)
def test_gates(name, answers):
    table = datasets.gate(name)
    operations = {"and": np.logical_and, "or": np.logical_or, "xor": np.logical_xor}
    x1, x2 = table.data.numpy().T
    operation = operations[name[1:] if name in ("nand", "nor") else name]
    expected = operation(x1, x2) ^ (name in ("nand", "nor"))
    assert table.targets.flatten().tolist() == expected.tolist() == answers
    with pytest.raises(ValueError, match="there is no gate 'not'"):
        datasets.gate("not")


def test_the_line_of_the_lecture():
    """Its best line by least squares, found by solving and by descent."""
    table = datasets.line()
    x, y = table.data.numpy()[:, 0].astype(float), table.targets.numpy()[:, 0].astype(float)
    np.testing.assert_allclose(x, np.arange(0, 10, 0.5))
    assert (y[0], y[9], y[-1]) == pytest.approx((0.1, 4.7, 9.5), rel=1e-6)
    slope, intercept = np.polyfit(x, y, 1)
    model = nn.Linear(1, 1)
    step = optim.SGD(model.parameters(), lr=0.02, momentum=0.9)
    for _ in range(600):
        step.zero_grad()
        nn.MSELoss()(model(table.data), table.targets).backward()
        step.step()
    assert (model.weight.item(), model.bias.item()) == pytest.approx((slope, intercept), abs=1e-3)


def test_a_table_is_a_dataset():
    ag.manual_seed(0)
    training, held_out = random_split(datasets.moons(100), [0.8, 0.2])
    (x, y), *_ = DataLoader(training, batch_size=80)
    assert (x.shape, y.shape, len(held_out)) == ((80, 2), (80,), 20)
