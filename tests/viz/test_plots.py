"""Plots: what stands on the Axes, numbers against direct computation, and what is refused."""

from __future__ import annotations

import itertools
import sys
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

import autograd_core as ag
import nn
import optim
import viz
from viz import plots

pytest.importorskip("matplotlib")
plt = pytest.importorskip("matplotlib.pyplot")

X = np.arange(0, 10, 0.5)
Y = np.array([0.1, 0.4, 0.9, 1.6, 2.2, 2.5, 2.8, 3.5, 3.9, 4.7, 5.1, 5.3, 6.3, 6.5, 6.7, 7.5, 8.1, 8.5, 8.9, 9.5])
NAN, INF = float("nan"), float("inf")


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    plt.close("all")


def texts(ax: Any) -> list[str]:
    return [text.get_text() for text in ax.get_legend().get_texts()]


def leaf(value: Any) -> ag.Tensor:
    return ag.tensor(value, requires_grad=True)


def model(*sizes: int) -> nn.Sequential:
    ag.manual_seed(0)
    pairs = itertools.pairwise(sizes)
    return nn.Sequential(*(part for a, b in pairs for part in (nn.Linear(a, b), nn.Tanh())))


def line_cost(w: Any, b: Any) -> Any:
    return ag.square(w * X + b - Y).mean()


EVERY: dict[str, Callable[..., Any]] = {
    "activation": lambda **to: plots.activation("tanh", **to),
    "loss_surface": lambda **to: plots.loss_surface(line_cost, (-1, 1), (-1, 1), [[(0, 0), (1, 9)]], points=8, **to),
    "decision_regions": lambda **to: plots.decision_regions(lambda p: p[:, 0], [[-1, 0], [1, 0]], [0, 1], **to),
    "filters": lambda **to: plots.filters(np.ones((3, 20, 3, 3)), **to),
    "feature_maps": lambda **to: plots.feature_maps(np.ones((9, 2, 2)), **to),
    "confusion_matrix": lambda **to: plots.confusion_matrix([[1, 2], [3, 4]], **to),
    "roc": lambda **to: plots.roc([0, 1, 1], [0.1, 0.2, 0.3], **to),
    "learning_curves": lambda **to: plots.learning_curves({"training loss": [2, 1], "validation loss": [2, 2]}, **to),
    "gradient_norms": lambda **to: plots.gradient_norms([[1.0], [2.0], [0.0]], label="net", **to),
}


# All of them


@pytest.mark.parametrize("name", EVERY)
def test_the_axes_given_are_drawn_on_and_returned(name: str) -> None:
    figure, both = plt.subplots(1, 2)
    before, size = plt.get_fignums(), figure.get_size_inches().tolist()
    assert EVERY[name](ax=both[1]) is both[1]
    assert plt.get_fignums() == before
    assert plt.gcf() is figure
    assert figure.get_size_inches().tolist() == size
    assert not both[0].has_data()
    assert both[1].has_data()


@pytest.mark.parametrize("name", EVERY)
def test_a_new_figure_is_one_that_pyplot_shows(name: str) -> None:
    ax = EVERY[name]()
    assert plt.get_fignums() == [ax.figure.number]
    assert EVERY[name]().figure is not ax.figure


def test_without_pyplot_a_figure_belongs_to_the_caller(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "matplotlib.pyplot")
    ax = plots.activation("tanh")
    assert "matplotlib.pyplot" not in sys.modules
    assert not hasattr(ax.figure, "number")


@pytest.mark.parametrize("name", EVERY)
def test_svg_is_the_same_each_time_and_nothing_lies_outside(name: str) -> None:
    axes = [EVERY[name](ax=plots.blank()) for _ in range(2)]
    first, second = (plots.svg(ax) for ax in axes)
    assert first.startswith("<svg")
    assert first == second
    assert plots.svg(axes[0].figure).startswith("<svg")
    assert plt.get_fignums() == []
    tight, whole = axes[0].figure.get_tightbbox(), axes[0].figure.bbox_inches
    assert tight.x0 >= -0.02
    assert tight.y0 >= -0.02
    assert tight.x1 <= whole.x1 + 0.02
    assert tight.y1 <= whole.y1 + 0.02


@pytest.mark.parametrize("name", EVERY)
def test_missing_matplotlib_is_told(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in [module for module in sys.modules if module.partition(".")[0] == "matplotlib"]:
        monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(ImportError, match=r"plots need matplotlib: python -m pip install .*demo"):
        EVERY[name]()


@pytest.mark.parametrize("name", EVERY)
def test_what_is_no_axes_is_refused(name: str) -> None:
    with pytest.raises(TypeError, match=r"ax= takes one Axes of matplotlib or a Figure, got ndarray"):
        EVERY[name](ax=np.array([1]))
    with pytest.raises(ValueError, match="lang="):
        EVERY[name](lang="fr")


@pytest.mark.parametrize("name", EVERY)
def test_chinese(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a font for it the words are English; drawing warns in neither case."""
    ax = EVERY[name](lang="zh-TW")
    ax.figure.canvas.draw()
    monkeypatch.setattr("viz.raster.east_asian", list)
    ax = EVERY[name](lang="zh-TW")
    ax.figure.canvas.draw()
    legend = ax.get_legend()
    written = [ax.get_xlabel(), ax.get_ylabel(), ax.get_title(), *(texts(ax) if legend else [])]
    assert not [text for text in written if any(ord(letter) > 0x2E80 for letter in text)]


def test_chinese_words() -> None:
    from viz.raster import east_asian

    if not east_asian():
        pytest.skip("no font with Chinese characters")
    ax = EVERY["confusion_matrix"](lang="zh-TW")
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("預測類別", "真實類別")
    assert texts(EVERY["learning_curves"](lang="zh-TW")) == ["訓練", "驗證"]


def test_chinese_names_get_a_font_in_any_language() -> None:
    ax = plots.confusion_matrix([[1, 0], [0, 1]], labels=["貓", "狗"])
    ax.figure.canvas.draw()


def test_dollars_are_letters() -> None:
    ax = plots.confusion_matrix([[1, 0], [0, 1]], labels=["$x^$", "a$b"])
    ax.figure.canvas.draw()
    plots.learning_curves({"$\\frac loss": [1.0]}, "loss").figure.canvas.draw()


# Activations


def points(line: Any) -> tuple[Any, Any]:
    x, y = (np.asarray(some, float) for some in line.get_data())
    return x[~np.isnan(y)], y[~np.isnan(y)]


@pytest.mark.parametrize(
    ("f", "value", "slope"),
    [
        ("tanh", np.tanh, lambda x: 1 - np.tanh(x) ** 2),
        ("relu", lambda x: np.maximum(x, 0), lambda x: (x > 0).astype(float)),
        (nn.LeakyReLU(0.1), lambda x: np.where(x > 0, x, 0.1 * x), lambda x: np.where(x > 0, 1, 0.1)),
        (ag.exp, np.exp, np.exp),
        (lambda x: x * x, np.square, lambda x: 2 * x),
        (np.sin, np.sin, np.cos),
        (nn.ReLU(inplace=True), lambda x: np.maximum(x, 0), lambda x: (x > 0).astype(float)),
    ],
)
def test_activation_numbers(f: Any, value: Any, slope: Any) -> None:
    curve, derivative = plots.activation(f, (-3, 4)).lines
    x, y = points(curve)
    assert (x[0], x[-1]) == (-3, 4)
    assert len(x) > 400
    np.testing.assert_allclose(y, value(x), atol=1e-12)
    x, y = points(derivative)
    np.testing.assert_allclose(y, slope(x), atol=1e-12)


def breaks(line: Any) -> list[float]:
    """Where a line is broken, if both its limits there are known."""
    x, y = (np.asarray(some, float) for some in line.get_data())
    at = np.flatnonzero(np.isnan(y))
    assert all(x[i + 1] - x[i - 1] < 1e-9 for i in at)
    return [float(round(x[i], 9)) for i in at]


def test_kinks_and_steps_are_not_joined() -> None:
    curve, slope = plots.activation("relu").lines
    assert breaks(curve) == []
    assert breaks(slope) == [0.0]
    curve, slope = plots.activation(nn.Hardtanh(-0.333, 2.777)).lines
    assert breaks(curve) == []
    assert breaks(slope) == pytest.approx([-0.333, 2.777])
    assert breaks(plots.activation(ag.floor, (0.1, 2.9)).lines[0]) == [1.0, 2.0]
    assert sorted(set(breaks(plots.activation(ag.sign).lines[0]))) == [0.0]


def test_what_is_steep_but_continuous_is_joined() -> None:
    for curve in plots.activation(lambda x: ag.tanh(300 * x), (-1, 1.01)).lines:
        assert breaks(curve) == []


def test_poles_are_broken_without_limits_and_do_not_flatten_the_rest() -> None:
    ax = plots.activation(lambda x: 1 / x)
    for line in ax.lines:
        x, y = (np.asarray(some, float) for some in line.get_data())
        assert np.isnan(y[np.abs(x) < 1e-9]).all()
        assert np.nanmax(np.abs(y)) < 2000
    low, high = ax.get_ylim()
    assert high - low < 20


def test_where_there_is_no_value_there_is_no_derivative() -> None:
    for line in plots.activation("log").lines:
        x, _ = points(line)
        assert x.min() > 0


def test_a_result_that_does_not_depend_on_x_has_no_derivative() -> None:
    assert len(plots.activation(lambda x: (x > 0).double()).lines) == 1
    assert len(plots.activation("tanh", derivative=False).lines) == 1


def test_activations_are_compared() -> None:
    ax = plots.activation("tanh", (-1, 1))
    plots.activation("sigmoid", (-2, 0), ax=ax)
    plots.activation(nn.ReLU(), (0, 1), label="my $f", ax=ax)
    assert texts(ax) == ["tanh(x)", "tanh′(x)", "sigmoid(x)", "sigmoid′(x)", r"my \$f(x)", r"my \$f′(x)"]
    assert len({line.get_color() for line in ax.lines}) == 3
    assert ax.get_xlim() == (-2, 1)


def test_a_module_comes_back_as_it_was() -> None:
    layer = nn.Sequential(nn.PReLU(), nn.RReLU(), nn.Dropout(0.5))
    ag.manual_seed(3)
    expected = ag.rand(1).item()
    ag.manual_seed(3)
    plots.activation(layer)
    assert ag.rand(1).item() == expected
    assert all(part.training for part in layer.modules())
    assert layer[0].weight.grad is None


@pytest.mark.parametrize(
    ("f", "xlim", "error", "said"),
    [
        ("no_such", (-1, 1), ValueError, "no function 'no_such'"),
        ("__name__", (-1, 1), ValueError, "no function"),
        ("", (-1, 1), ValueError, "no function"),
        (3, (-1, 1), TypeError, "takes a function, a module or a name, got int"),
        (nn.ReLU, (-1, 1), TypeError, "got the class ReLU"),
        (lambda x: x.sum(), (-1, 1), ValueError, "elementwise"),
        (lambda x: ag.softmax(x, 0), (-1, 1), ValueError, "depends on others"),
        (lambda x: x + ag.randn(*x.shape), (-1, 1), ValueError, "or on chance"),
        (lambda x: "text", (-1, 1), ValueError, "elementwise"),
        ("tanh", (1, 1), ValueError, "xlim= needs two finite numbers"),
        ("tanh", (1, -1), ValueError, "the first below the second"),
        ("tanh", (0, INF), ValueError, "xlim="),
        ("tanh", (NAN, 1), ValueError, "xlim="),
        ("tanh", (0, 1, 2), ValueError, "xlim="),
        ("tanh", "ab", TypeError, "xlim="),
    ],
)
def test_activation_refuses(f: Any, xlim: Any, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        plots.activation(f, xlim)
    assert plt.get_fignums() == []


def test_an_activation_without_any_number() -> None:
    assert len(plots.activation(lambda x: ag.log(-x * x - 1)).lines[0].get_ydata()) > 400


# Surfaces


def sgd(rate: float) -> Callable[[Any], Any]:
    return lambda parameters: optim.SGD(parameters, lr=rate)


def test_descent_is_what_an_optimiser_does() -> None:
    path = plots.descent(line_cost, sgd(0.01), (-0.5, 3), 20)
    w, b = -0.5, 3.0
    expected = [(w, b)]
    for _ in range(20):
        error = w * X + b - Y
        w, b = w - 0.01 * 2 * (error * X).mean(), b - 0.01 * 2 * error.mean()
        expected.append((w, b))
    np.testing.assert_allclose(path, expected, rtol=1e-12)


@pytest.mark.parametrize(
    "maker",
    [
        lambda p: optim.SGD(p, lr=0.005, momentum=0.8),
        lambda p: optim.Adagrad(p, lr=0.4),
        lambda p: optim.RMSprop(p, lr=0.03),
        lambda p: optim.Adam(p, lr=0.1),
        optim.LBFGS,
    ],
)
def test_every_optimiser_goes_down(maker: Any) -> None:
    path = plots.descent(line_cost, maker, (0, 4), 30)
    assert line_cost(*path[-1]).item() < line_cost(0.0, 4.0).item() / 2


def test_descent_stops_where_nothing_is_finite() -> None:
    path = plots.descent(lambda w, b: (w**2 + b**2) ** 2, sgd(1.0), (3, 3), 100)
    assert len(path) < 20
    assert not np.isfinite(path[-1]).all()
    assert np.isfinite(path[:-1]).all()


def test_descent_needs_no_gradients_around() -> None:
    with ag.no_grad():
        assert len(plots.descent(line_cost, sgd(0.001), ag.tensor([0.0, 1.0]), 3)) == 4
    assert plots.descent(line_cost, sgd(0.001), (leaf(1.0), 2), 0).tolist() == [[1.0, 2.0]]


def test_the_error_surface_of_a_line_with_paths() -> None:
    paths = {rate: plots.descent(line_cost, sgd(rate), (-0.5, 3), 60) for rate in (0.001, 0.01, 0.05)}
    ax = plots.loss_surface(line_cost, (-1, 3), (-4, 4), {f"η = {rate}": path for rate, path in paths.items()})
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("w", "b")
    assert (ax.get_xlim(), ax.get_ylim()) == ((-1, 3), (-4, 4))
    assert [line.get_label() for line in ax.lines] == ["η = 0.001", "η = 0.01", "η = 0.05 (diverges)"]
    for line, path in zip(ax.lines[:2], paths.values(), strict=False):
        np.testing.assert_allclose(np.transpose(line.get_data()), path)
    shown = np.transpose(ax.lines[2].get_data())
    np.testing.assert_allclose(shown[:-1], paths[0.05][: len(shown) - 1])
    assert len(shown) < 20
    ax.figure.canvas.draw()


def test_the_contours_are_those_of_the_function() -> None:
    ax = plots.loss_surface(lambda u, v: u**2 + 2 * v**2, (-1, 1), (-2, 2), points=50)
    lines = [part for part in ax.collections if part.get_facecolor().size == 0]
    seen = 0
    for part in lines:
        for level, path in zip(part.levels, part.get_paths(), strict=True):
            u, v = path.vertices.T
            np.testing.assert_allclose(u**2 + 2 * v**2, level, atol=0.05)
            seen += len(u)
    assert seen > 300


@pytest.mark.parametrize(
    "paths",
    [
        [[(0, 0), (1, 1)]],
        [(0, 0), (1, 1)],
        np.array([[0, 0], [1, 1]]),
        np.array([[[0.0, 0], [1, 1]]]),
        ag.tensor([[0.0, 0.0], [1.0, 1.0]]),
        [[leaf(0.0), leaf(0.0)], leaf([1.0, 1.0])],
        {"": [(0, 0), (1, 1)]},
        iter([[(0, 0), (1, 1)]]),
        ([(0, 0), (1, 1)],),
    ],
)
def test_paths_in_all_forms(paths: Any) -> None:
    ax = plots.loss_surface(lambda w, b: w * b, (-2, 2), (-2, 2), paths, points=5)
    assert np.transpose(ax.lines[0].get_data()).tolist() == [[0, 0], [1, 1]]
    assert len(ax.lines) == 1
    assert ax.get_legend() is None


@pytest.mark.parametrize(
    "path",
    [
        [(0, 0)],
        [(0, 0), (NAN, 1)],
        [(NAN, 0), (1, 1)],
        [(0, 0), (1e300, -1e300), (INF, 0)],
        [(0, 0), (5, 5), (1e30, 0), (0.5, 0.5)],
        [(1e300, 1e300), (0, 0)],
        [(100, 100), (101, 101)],
        [(0, 0)] * 3,
    ],
)
def test_paths_that_leave_the_picture(path: Any) -> None:
    ax = plots.loss_surface(lambda w, b: w**2 + b**2, (-1, 1), (-1, 1), {"p": path}, points=5)
    shown = np.transpose(ax.lines[0].get_data())
    assert np.isfinite(shown).all()
    assert (ax.get_xlim(), ax.get_ylim()) == ((-1, 1), (-1, 1))
    ax.figure.canvas.draw()


def test_what_is_not_finite_is_hatched() -> None:
    ax = plots.loss_surface(lambda u, v: ag.log(u) * v, (-1, 1), (-1, 1), points=10)
    assert texts(ax) == ["not finite"]
    assert ax.patch.get_hatch()
    ax.figure.canvas.draw()
    assert plots.loss_surface(lambda u, v: u, (0, 1), (0, 1), points=3).patch.get_hatch() is None


@pytest.mark.parametrize(
    "f",
    [
        lambda u, v: 3,
        lambda u, v: u * 0 + 1e90,
        lambda u, v: ag.exp(40 * u),
        lambda u, v: ag.relu(u),
        lambda u, v: np.float32(1),
        lambda u, v: u.item() * 1e-300,
        lambda u, v: (u * v).reshape(1, 1),
        lambda *both: both[0],
        np.hypot,
        max,
    ],
)
def test_strange_surfaces(f: Any) -> None:
    plots.loss_surface(f, (-3, 3), (0, 2), points=12).figure.canvas.draw()


@pytest.mark.parametrize(
    ("arguments", "options", "error", "said"),
    [
        ((3, (0, 1), (0, 1)), {}, TypeError, "takes a function of two numbers, got int"),
        ((line_cost, (1, 0), (0, 1)), {}, ValueError, "xlim="),
        ((line_cost, (0, 1), (0, NAN)), {}, ValueError, "ylim="),
        ((lambda u, v: u + X, (0, 1), (0, 1)), {}, ValueError, "gives one number"),
        ((lambda u, v: NAN, (0, 1), (0, 1)), {}, ValueError, "finite somewhere"),
        ((lambda u, v: 1j, (0, 1), (0, 1)), {}, TypeError, "real numbers"),
        ((line_cost, (0, 1), (0, 1)), {"points": 1}, ValueError, "points= needs at least 2"),
        ((line_cost, (0, 1), (0, 1)), {"names": "abc"}, ValueError, "names="),
        ((line_cost, (0, 1), (0, 1), {"a": []}), {}, ValueError, r"a path needs points \(n, 2\)"),
        ((line_cost, (0, 1), (0, 1), [[(1, 2, 3)]]), {}, ValueError, r"a path needs points \(n, 2\)"),
        ((line_cost, (0, 1), (0, 1), {"a": [(1, 2), (3,)]}), {}, ValueError, "path 'a': all rows"),
        ((line_cost, (0, 1), (0, 1), {"a": "text"}), {}, TypeError, "path 'a'"),
        ((line_cost, (0, 1), (0, 1), 5), {}, TypeError, "paths="),
    ],
)
def test_loss_surface_refuses(arguments: Any, options: Any, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        plots.loss_surface(*arguments, **options)
    assert plt.get_fignums() == []


@pytest.mark.parametrize(
    ("arguments", "error", "said"),
    [
        ((line_cost, optim.SGD([leaf(1.0)], lr=1.0), (0, 0)), TypeError, "a function that makes an optimiser"),
        ((line_cost, sgd(1.0), (0, NAN)), ValueError, "start="),
        ((line_cost, sgd(1.0), (0,)), ValueError, "start="),
        ((line_cost, sgd(1.0), (0, 0), -1), ValueError, "steps="),
        ((lambda u, v: u * X, sgd(1.0), (0, 0)), ValueError, "gives one number"),
        ((lambda u, v: 3.0, sgd(1.0), (0, 0)), ValueError, "autograd can differentiate"),
    ],
)
def test_descent_refuses(arguments: Any, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        plots.descent(*arguments)


# Decision regions

SQUARE = [[-1.0, -1.0], [1.0, 1.0], [-1.0, 1.0], [1.0, -1.0]]


def field(ax: Any) -> Any:
    """The colours of the regions at the left and at the right end, in the middle."""
    image = ax.images[0].get_array()
    return [tuple(np.round(image[100, at], 3).tolist()) for at in (0, -1)]


def colours(ax: Any) -> list[tuple[float, ...]]:
    return [tuple(np.round(part.get_facecolor()[0, :3], 3).tolist()) for part in ax.collections]


@pytest.mark.parametrize(
    ("decide", "y"),
    [
        (lambda p: p[:, 0] > 0, [0, 1, 0, 1]),
        (lambda p: (p[:, 0] > 0).astype(int), [0, 1, 0, 1]),
        (lambda p: np.where(p[:, 0] > 0, 1.0, -1.0), [-1, 1, -1, 1]),
        (lambda p: np.where(p[:, 0] > 0, "b", "a"), list("abab")),
        (lambda p: p[:, 0] > 0, list("abab")),
        (lambda p: p[:, 0], [0, 1, 0, 1]),
        (lambda p: p[:, :1], [False, True, False, True]),
        (lambda p: np.stack([-p[:, 0], p[:, 0]], 1), [0, 1, 0, 1]),
        (lambda p: np.stack([-p[:, 0], p[:, 0]], 1), list("abab")),
        (lambda p: np.stack([-p[:, 0], p[:, 0]], 1), [3, 7, 3, 7]),
    ],
)
def test_regions_of_functions(decide: Any, y: Any) -> None:
    ax = plots.decision_regions(decide, SQUARE, y)
    assert field(ax) == colours(ax)
    assert [len(part.get_offsets()) for part in ax.collections] == [2, 2]


def test_regions_of_a_module() -> None:
    net = model(2, 8, 3)
    with ag.no_grad():
        net[2].weight[...] = net[2].weight * 5
    x = ag.tensor(SQUARE, dtype=np.float32, requires_grad=True)
    ax = plots.decision_regions(net, x, ag.tensor([0, 0, 1, 1]), labels=["a", "b", "c"])
    assert texts(ax) == ["a", "b", "c"]
    assert ax.get_legend().get_title().get_text() == "class"
    left, right, bottom, top = ax.images[0].get_extent()
    assert (left, right, bottom, top) == pytest.approx((-1.16, 1.16, -1.16, 1.16))
    with ag.no_grad():
        corner = net(ag.tensor([[left, bottom]], dtype=np.float32)).argmax(1).item()
    from matplotlib.colors import to_rgb

    np.testing.assert_allclose(ax.images[0].get_array()[0, 0], to_rgb(plots.canvas.colour(corner)), atol=0.01)
    assert net.training
    assert all(parameter.grad is None for parameter in net.parameters())
    assert len(plots.decision_regions(net, x, [0, 0, 1, 1]).collections) == 3  # the class of no sample too


def test_regions_of_a_function_of_tensors_and_of_a_classifier() -> None:
    seen: list[Any] = []

    def decide(places: Any) -> Any:
        seen.append(places)
        return places[:, 0]

    plots.decision_regions(decide, ag.tensor(SQUARE), [0, 1, 0, 1])
    assert isinstance(seen[0], ag.Tensor)
    assert seen[0].dtype == ag.tensor(SQUARE).dtype

    class Classifier:
        def predict(self, places: Any) -> Any:
            return np.where(np.asarray(places)[:, 0] > 0, "b", "a")

    ax = plots.decision_regions(Classifier(), ag.tensor(SQUARE), list("abab"))
    assert field(ax) == colours(ax)


def test_regions_of_probabilities() -> None:
    ax = plots.decision_regions(lambda p: 1 / (1 + np.exp(-p[:, 0])), SQUARE, [0, 1, 0, 1], threshold=0.5)
    assert field(ax) == colours(ax)


def test_regions_of_strange_samples() -> None:
    plots.decision_regions(lambda p: p[:, 0], [[2, 3]], [0]).figure.canvas.draw()
    plots.decision_regions(lambda p: p[:, 0] * 0, [[2, 3], [NAN, 1], [2, INF]], [0, 1, 1]).figure.canvas.draw()
    plots.decision_regions(lambda p: (p[:, 0] > 0) * 5, SQUARE, [0, 0, 0, 0]).figure.canvas.draw()
    plots.decision_regions(lambda p: p[:, 0], [[0, 0], [0, 0]], [[0], [1]]).figure.canvas.draw()
    ax = plots.decision_regions(lambda p: np.where(p[:, 0] > 0, NAN, 1.0), SQUARE, [0, 1, 0, 1])
    assert texts(ax) == ["0", "1", "not finite"]


@pytest.mark.parametrize(
    ("decide", "x", "y", "options", "error", "said"),
    [
        (3, SQUARE, [0, 1, 0, 1], {}, TypeError, "takes a module or a function, got int"),
        (len, [1, 2], [0, 1], {}, ValueError, r"points x \(samples, 2\), got shape \(2,\)"),
        (len, [], [], {}, ValueError, "class of each sample"),
        (len, np.zeros((0, 2)), [0], {}, ValueError, r"points x \(samples, 2\)"),
        (len, SQUARE, [0, 1], {}, ValueError, "a class is needed for each point, got 4 points and 2 classes"),
        (len, SQUARE, [0.0, NAN, 1, 1], {}, ValueError, "not a finite number"),
        (len, [[NAN, NAN]], [0], {}, ValueError, "finite"),
        (len, SQUARE, [0, 1, 0, 1], {"labels": ["a"]}, ValueError, "a name for each class"),
        (len, SQUARE, [0, 1, 0, 1], {"labels": ["a", "a"]}, ValueError, "different name"),
        (len, SQUARE, [0, 1, 0, 1], {"names": ["a"]}, ValueError, "names="),
        (lambda p: 1, SQUARE, [0, 1, 0, 1], {}, ValueError, "for places"),
        (lambda p: p[:5], SQUARE, [0, 1, 0, 1], {}, ValueError, "for places"),
        (lambda p: p, SQUARE, [0, 1, 2, 3], {}, ValueError, "scores for 2 classes"),
        (lambda p: p[:, 0] > 0, SQUARE, list("abca"), {}, ValueError, "y has the classes"),
        (lambda p: p[:, 0], SQUARE, [0, 1, 2, 3], {}, ValueError, "one score, which tells apart two classes"),
        (lambda p: np.full(len(p), "z"), SQUARE, list("abab"), {}, ValueError, "gives .'z'., y has the classes"),
    ],
)
def test_decision_regions_refuses(decide: Any, x: Any, y: Any, options: Any, error: Any, said: str) -> None:
    with pytest.raises(error, match=said):
        plots.decision_regions(decide, x, y, **options)
    assert plt.get_fignums() == []


# Tiles


def test_filters_on_one_scale() -> None:
    weight = nn.Conv2d(1, 10, (3, 5)).weight
    ax = plots.filters(weight)
    most = float(weight.detach().abs().max())
    assert len(ax.images) == 10
    for image, one in zip(ax.images, weight.detach().numpy()[:, 0], strict=True):
        np.testing.assert_allclose(image.get_array(), one)
        assert image.get_clim() == pytest.approx((-most, most))
    extents = [image.get_extent() for image in ax.images]
    assert len({extent[3] for extent in extents}) == 2  # rows
    for left, right, bottom, top in extents:
        assert (right - left, bottom - top) == pytest.approx((5, 3))
    assert ax.get_title() == ""


def test_filters_in_colour_and_of_several_channels() -> None:
    weight = np.random.default_rng(0).normal(size=(4, 3, 2, 2))
    shown = plots.filters(weight).images
    assert len(shown) == 4
    one = weight[2].transpose(1, 2, 0)
    np.testing.assert_allclose(shown[2].get_array(), (one - one.min()) / (one.max() - one.min()))
    weight = np.arange(2 * 5 * 2 * 2.0).reshape(2, 5, 2, 2)
    shown = plots.filters(weight).images
    assert len(shown) == 10
    assert shown[7].get_array().tolist() == weight[1, 2].tolist()
    assert shown[7].get_extent()[0] == shown[2].get_extent()[0]  # a column for each channel


def test_what_is_left_out_is_told() -> None:
    ax = plots.filters(np.ones((64, 128, 3, 3)))
    assert ax.get_title() == "16 of 64 filters, 16 of 128 channels"
    assert len(ax.images) == 256
    assert plots.feature_maps(np.ones((300, 2, 2))).get_title() == "256 of 300"


def test_feature_maps_each_from_its_least_to_its_greatest() -> None:
    maps = np.random.default_rng(0).normal(size=(1, 3, 4, 4)) * np.array([1, 10, 0])[:, None, None]
    shown = plots.feature_maps(ag.tensor(maps, requires_grad=True), columns=2).images
    assert [image.get_clim() for image in shown[:2]] == [(one.min(), one.max()) for one in maps[0, :2]]
    assert shown[2].get_clim() == (0, 1)  # all the same
    assert len({image.get_extent()[0] for image in shown}) == 2


@pytest.mark.parametrize("value", [NAN, INF, -INF])
def test_tiles_that_are_not_finite(value: float) -> None:
    images = np.ones((2, 3, 3))
    images[0, 0, 0] = images[1] = value
    for draw in (plots.filters, plots.feature_maps):
        ax = draw(images)
        assert np.ma.masked_invalid(ax.images[0].get_array()).mask.sum() == 1
        ax.figure.canvas.draw()
    colour = np.ones((2, 3, 3, 3))
    colour[0, 0, 0, 0] = colour[1] = value
    plots.filters(colour).figure.canvas.draw()


@pytest.mark.parametrize("kind", [np.uint8, np.int64, np.bool_, np.float16])
def test_tiles_of_integers(kind: Any) -> None:
    images = np.eye(3).astype(kind)[None]
    assert plots.feature_maps(images).images[0].get_array().tolist() == np.eye(3).tolist()
    plots.filters(images.tolist()).figure.canvas.draw()


@pytest.mark.parametrize("draw", [plots.filters, plots.feature_maps])
@pytest.mark.parametrize(
    ("value", "error", "said"),
    [
        (np.ones(3), ValueError, r"got shape \(3,\)"),
        (np.ones((3, 3)), ValueError, r"got shape \(3, 3\)"),
        (np.ones((0, 3, 3)), ValueError, "none of them 0"),
        (np.ones((3, 0, 3)), ValueError, "none of them 0"),
        (np.ones((1, 1, 1, 3, 3)), ValueError, "got shape"),
        ([[[1, 2], [3]]], ValueError, "all rows must have the same shape"),
        (np.ones((1, 2, 2)) * 1j, TypeError, "real numbers"),
        (None, TypeError, "an array, a Tensor or a list"),
    ],
)
def test_tiles_refuse(draw: Any, value: Any, error: Any, said: str) -> None:
    with pytest.raises(error, match=said):
        draw(value)
    with pytest.raises(ValueError, match="columns= needs at least 1"):
        draw(np.ones((2, 2, 2)), columns=0)


def test_feature_maps_are_of_one_sample() -> None:
    with pytest.raises(ValueError, match=r"pass maps\[0\]"):
        plots.feature_maps(np.ones((2, 3, 4, 4)))


# Confusion matrix and ROC


def test_confusion_matrix_written_and_counted() -> None:
    ax = plots.confusion_matrix(ag.tensor([[90, 1], [8, 1]]), labels=["no", "yes"])
    assert [text.get_text() for text in ax.texts] == ["90", "1", "8", "1"]
    assert [label.get_text() for label in ax.get_xticklabels()] == ["no", "yes"]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("predicted", "true")
    metrics = pytest.importorskip("sklearn.metrics")
    rng = np.random.default_rng(0)
    true, predicted = rng.integers(0, 5, (2, 200))
    for some in (lambda y: y, lambda y: np.array(list("abcde"))[y], lambda y: y * 3 - 4, ag.tensor):
        counts = plots.confusion_matrix(some(true), some(predicted)).images[0].get_array()
        assert counts.tolist() == metrics.confusion_matrix(true, predicted).tolist()


@pytest.mark.parametrize(
    ("true", "predicted", "labels", "counts"),
    [
        ([1], [1], None, [[1]]),
        ([0, 2], [0, 0], None, [[1, 0], [1, 0]]),
        ([0, 2], [0, 0], "abc", [[1, 0, 0], [0, 0, 0], [1, 0, 0]]),
        (["b", "a"], ["b", "b"], ["b", "a"], [[1, 0], [1, 0]]),
        ([-1, 1], [1, 1], ["no", "yes"], [[0, 1], [0, 1]]),
        ([True, False], [0.0, 0.0], None, [[1, 0], [1, 0]]),
        ([[0], [1]], [0, 1], None, [[1, 0], [0, 1]]),
    ],
)
def test_confusion_matrix_of_classes(true: Any, predicted: Any, labels: Any, counts: Any) -> None:
    ax = plots.confusion_matrix(true, predicted, labels=labels)
    assert ax.images[0].get_array().tolist() == counts
    if labels:
        assert [label.get_text() for label in ax.get_yticklabels()] == list(labels)
    ax.figure.canvas.draw()


def test_confusion_matrix_of_shares_of_nothing_and_of_many() -> None:
    assert [text.get_text() for text in plots.confusion_matrix([[0.25, 0.75], [1 / 3, 0]]).texts][2] == "0.33333"
    plots.confusion_matrix(np.zeros((3, 3))).figure.canvas.draw()
    assert len(plots.confusion_matrix(np.ones((60, 60))).texts) == 0


@pytest.mark.parametrize(
    ("arguments", "options", "said"),
    [
        (([[1, 2]],), {}, r"a matrix \(classes, classes\), got shape \(1, 2\)"),
        (([],), {}, "a matrix"),
        (([0, 1],), {}, "a matrix"),
        (([[1, -1], [0, 0]],), {}, "not negative"),
        (([[1, NAN], [0, 0]],), {}, "finite"),
        (([[1, 0], [0, 1]],), {"labels": "abc"}, "a name for each of the 2 classes, got 3"),
        (([0, 1], [0]), {}, "a prediction for each sample, got 2 and 1"),
        (([], []), {}, "class of each sample"),
        (([0, 1], [[0.1, 0.9], [0.8, 0.2]]), {}, "class of each sample"),
        (([0, 1], ["a", "b"]), {}, "names and numbers"),
        (([0, NAN], [0, 1]), {}, "not a finite number"),
        (([0, 5], [0, 1]), {"labels": "ab"}, "a name for each class"),
    ],
)
def test_confusion_matrix_refuses(arguments: Any, options: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        plots.confusion_matrix(*arguments, **options)
    assert plt.get_fignums() == []


def area(positive: Any, score: Any) -> float:
    """The share of pairs of a positive and another sample that are in order, a draw counting half."""
    above, below = score[positive][:, None], score[~positive][None]
    return float(((above > below) + 0.5 * (above == below)).mean())


@pytest.mark.parametrize("turn", [lambda y: y, lambda y: y * 2 - 1, lambda y: np.array(["no", "yes"])[y], ag.tensor])
def test_roc_of_two_classes(turn: Any) -> None:
    pytest.importorskip("sklearn")
    rng = np.random.default_rng(0)
    y = rng.integers(0, 2, 60)
    score = np.round(rng.normal(size=60) + y, 1)
    ax = plots.roc(turn(y), score)
    expected = f"AUC = {area(y > 0, score):.3f}"
    assert texts(ax) == [expected, "chance"]
    x, up = ax.lines[0].get_data()
    assert (x[0], up[0], x[-1], up[-1]) == (0, 0, 1, 1)
    for threshold in np.unique(score):  # each corner is one of the curve's points or between two
        at = ((score >= threshold)[y == 0].mean(), (score >= threshold)[y == 1].mean())
        assert np.interp(at[0], x, up) >= at[1] - 1e-12
    both = np.stack([-score, score], 1)
    assert texts(plots.roc(turn(y), leaf(both)))[0] == expected
    assert texts(plots.roc(turn(y), score[:, None], label="net"))[0] == f"net: {expected}"


def test_roc_of_several_classes() -> None:
    pytest.importorskip("sklearn")
    rng = np.random.default_rng(1)
    y, scores = rng.integers(0, 3, 80), rng.normal(size=(80, 4))
    ax = plots.roc(y, scores, labels=list("abcd"))
    expected = [f"{name}: AUC = {area(y == k, scores[:, k]):.3f}" for k, name in enumerate("abc")]
    assert texts(ax) == [*expected, "d: no samples", "chance"]
    assert texts(plots.roc(y, scores)) == [
        text.replace(*pair)
        for text, pair in zip(
            [*expected, "d: no samples", "chance"],
            [("a:", "0:"), ("b:", "1:"), ("c:", "2:"), ("d:", "3:"), ("", "")],
            strict=True,
        )
    ]


def test_roc_compares_classifiers() -> None:
    pytest.importorskip("sklearn")
    ax = plots.roc([0, 1, 1], [0, 1, INF], label="one")
    plots.roc([0, 1, 1], [3, 1, -INF], label="two", ax=ax)
    assert texts(ax) == ["one: AUC = 1.000", "chance", "two: AUC = 0.000"]
    assert len({line.get_color() for line in ax.lines}) == 3


@pytest.mark.parametrize(
    ("true", "scores", "options", "said"),
    [
        ([], [], {}, "class of each sample"),
        ([1, 1], [0.1, 0.2], {}, "samples of two classes, all are of class 1"),
        ([0, 1], [0.1], {}, "each of the 2 samples"),
        ([0, 1], 0.5, {}, "each of the 2 samples"),
        ([0, 1], [0.1, NAN], {}, "not NaN"),
        ([0, 1, 2], [0.1, 0.2, 0.3], {}, "a score for each of the 3 classes"),
        ([0, 1, 2], [[0.1, 0.9]] * 3, {}, "a score for each of the 3 classes"),
        ([0, 1], [0.1, 0.2], {"labels": ["a"]}, "labels="),
        ([0, 1], [0.1, 0.2], {"labels": list("abc")}, "a score for each of the 3 classes"),
    ],
)
def test_roc_refuses(true: Any, scores: Any, options: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        plots.roc(true, scores, **options)
    assert plt.get_fignums() == []


def test_roc_tells_of_missing_scikit_learn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sklearn.metrics", None)
    with pytest.raises(ImportError, match="roc needs scikit-learn"):
        plots.roc([0, 1], [0, 1])


# Trainings


def test_learning_curves_of_fit() -> None:
    net = nn.Linear(2, 2)
    data = (ag.tensor(SQUARE), ag.tensor([0, 1, 0, 1]))
    step = optim.SGD(net.parameters(), lr=0.5)
    net = net.double() if ag.tensor(SQUARE).dtype == np.float64 else net
    history = nn.fit(net, nn.CrossEntropyLoss(), step, data, data, 4, metrics={"accuracy": nn.accuracy}, progress=False)
    ax = plots.learning_curves(history)
    assert texts(ax) == ["training", "validation", "best epoch"]
    assert ax.lines[0].get_xdata().tolist() == [1, 2, 3, 4]
    assert ax.lines[0].get_ydata().tolist() == history["training loss"]
    assert ax.lines[1].get_ydata().tolist() == history["validation loss"]
    assert ax.lines[2].get_xdata()[0] == history.best_epoch + 1
    assert ax.get_title() == "loss"
    assert plots.learning_curves(history, "accuracy").lines[1].get_ydata().tolist() == history["validation accuracy"]


@pytest.mark.parametrize(
    ("history", "labels", "values"),
    [
        ([3, 2, 1], ["loss"], [[3, 2, 1]]),
        (leaf([3.0, 2.0]), ["loss"], [[3, 2]]),
        ([leaf(3.0), 2, np.float32(1)], ["loss"], [[3, 2, 1]]),
        ({"loss": [1], "val_loss": [2], "glossy": [3]}, ["loss", "val"], [[1], [2]]),
        ({"training loss": [1, 2], "validation loss": [3]}, ["training", "validation"], [[1, 2], [3]]),
        ({"training loss": [1, NAN, INF, 2]}, ["training"], [[1, None, None, 2]]),
        ({"a loss": [], "b loss": [1]}, ["a", "b"], [[], [1]]),
    ],
)
def test_learning_curves(history: Any, labels: list[str], values: Any) -> None:
    ax = plots.learning_curves(history)
    assert texts(ax) == labels
    shown = [[None if np.isnan(y) else y for y in line.get_ydata()] for line in ax.lines]
    assert shown == values
    ax.figure.canvas.draw()
    assert all(tick == round(tick) for tick in ax.get_xticks())


@pytest.mark.parametrize(
    ("history", "error", "said"),
    [
        ({}, KeyError, "no 'loss', only nothing"),
        ({"accuracy": [1]}, KeyError, "no 'loss', only 'accuracy'"),
        ({"loss": []}, ValueError, "at least one epoch"),
        ([], ValueError, "at least one epoch"),
        ({"training loss": 3}, ValueError, "a number for each epoch of 'training'"),
        ({"loss": [[1, 2]]}, ValueError, "a number for each epoch"),
        ({"loss": ["a"]}, TypeError, "real numbers"),
        (None, TypeError, "an array, a Tensor or a list"),
    ],
)
def test_learning_curves_refuse(history: Any, error: Any, said: str) -> None:
    with pytest.raises(error, match=said):
        plots.learning_curves(history)
    assert plt.get_fignums() == []


def test_gradient_norms_by_depth() -> None:
    net = model(3, 4, 5, 2)
    net(ag.ones(7, 3)).sum().backward()
    expected = [
        np.sqrt((part.weight.grad.numpy() ** 2).sum() + (part.bias.grad.numpy() ** 2).sum())
        for part in net
        if isinstance(part, nn.Linear)
    ]
    ax = plots.gradient_norms(net)
    np.testing.assert_allclose(ax.lines[0].get_ydata(), expected, rtol=1e-6)
    assert ax.lines[0].get_xdata().tolist() == [1, 2, 3]
    assert ax.get_yscale() == "log"
    assert ax.get_legend() is None
    weights = [part.weight for part in net if isinstance(part, nn.Linear)]
    expected = [float(weight.grad.norm()) for weight in weights]
    for some in (
        weights,
        {str(i): weight for i, weight in enumerate(weights)},
        [w.grad for w in weights],
        iter(weights),
    ):
        np.testing.assert_allclose(plots.gradient_norms(some).lines[0].get_ydata(), expected, rtol=1e-6)


def test_sigmoids_vanish_where_relus_do_not() -> None:
    ax = None
    for kind in (nn.Sigmoid, nn.ReLU):
        ag.manual_seed(0)
        net = nn.Sequential(*(part for _ in range(8) for part in (nn.Linear(16, 16), kind())))
        net(ag.randn(9, 16)).sum().backward()
        ax = plots.gradient_norms(net, label=kind.__name__, ax=ax)
    assert ax is not None
    assert texts(ax) == ["Sigmoid", "ReLU"]
    falls = [line.get_ydata()[0] / line.get_ydata()[-1] for line in ax.lines]
    assert falls[0] < falls[1] / 100


def test_norms_that_a_logarithm_does_not_have() -> None:
    ax = plots.gradient_norms([1.0, 0.0, NAN, INF, [1e300, 1e300], [1e-300, 0], [1e149, 1e149]])
    assert [text.get_text() for text in ax.texts] == ["0", "nan", "∞", "1e+300", "1e-300"]
    np.testing.assert_allclose(ax.lines[0].get_ydata(), [1, NAN, NAN, NAN, NAN, NAN, 2**0.5 * 1e149])
    ax.figure.canvas.draw()
    plots.gradient_norms([0.0, 0.0]).figure.canvas.draw()


@pytest.mark.parametrize("gradients", [[], {}, [leaf(1.0)], [None], model(2, 2)])
def test_without_gradients(gradients: Any) -> None:
    with pytest.raises(ValueError, match=r"call backward\(\) on a loss first"):
        plots.gradient_norms(gradients)
    assert plt.get_fignums() == []


def test_only_layers_with_gradients_are_shown() -> None:
    net = model(2, 3, 2)
    net[0].requires_grad_(False)
    net(ag.ones(1, 2)).sum().backward()
    assert len(plots.gradient_norms(net).lines[0].get_xdata()) == 1


def test_what_would_overflow_an_axis() -> None:
    plots.learning_curves([1e308, -1e308, 1.0]).figure.canvas.draw()
    plots.filters(np.full((2, 3, 3), 1e308)).figure.canvas.draw()
    plots.activation("tanh", (-1e300, 1e300)).figure.canvas.draw()
    plots.activation("exp", (-1000, 1000)).figure.canvas.draw()
    with pytest.raises(TypeError, match="takes a module or gradients, got int"):
        plots.gradient_norms(5)


def test_long_and_many_names_leave_room_for_the_plot() -> None:
    ax = plots.confusion_matrix([[1, 0], [0, 1]], labels=["x" * 200, "a\nb\x00"])
    ax.figure.canvas.draw()
    assert [label.get_text() for label in ax.get_yticklabels()] == ["x" * 31 + "…", "a b\ufffd"]
    ax = plots.decision_regions(lambda p: p[:, 0] > 0, np.random.default_rng(0).normal(size=(50, 2)), np.arange(50))
    ax.figure.canvas.draw()
    assert len(texts(ax)) == 36
    assert len({(str(part.get_facecolor()), len(part.get_paths()[0].vertices)) for part in ax.collections[:16]}) > 8


def test_nothing_is_written_to_what_is_drawn() -> None:
    x = leaf([[1.0, 2.0], [3.0, 4.0]])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        plots.feature_maps((x * 2)[None])
        plots.gradient_norms([(x * 2).sum(0)])
    assert x.grad is None
    assert viz.plots is plots
