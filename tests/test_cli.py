"""The command line, as a newcomer runs it: its files, its words, and one line for each mistake."""

import gzip
import hashlib
import os
import re
import struct
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest

import autograd_core as ag
import nn
from autograd_core.__main__ import main
from autograd_core.expression import FUNCTIONS, Expression, ExpressionError, value_of
from nn.data.datasets import MNIST
from nn.recipes import RECIPES

ROOT = Path(__file__).parent.parent
TANH = ["graph", "tanh(x*w + b)", "x=2", "w=-3", "b=6.88"]


def run(folder, *arguments, program="import runpy; runpy.run_module('autograd_core', run_name='__main__')", path=None):
    """A fresh interpreter in an empty folder, by default without ``dot``."""
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PATH": str(folder) if path is None else path}
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", program, *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )


def refused(capsys, *arguments):
    """The one line said about bad input."""
    try:
        status = main(arguments)
    except SystemExit as end:
        status = end.code
    said = capsys.readouterr()
    assert status == 2
    assert said.out == ""
    assert said.err.startswith("python -m autograd_core")
    assert said.err.count("\n") == 1
    return said.err


# graph


def test_graph_draws_both_graphs_without_dot(tmp_path):
    done = run(tmp_path, *TANH, "-o", "graph.svg")
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert done.stdout.splitlines() == [
        "tanh(x*w + b) = 0.706419",
        "∂(tanh(x*w + b))/∂x = -1.50292",
        "∂(tanh(x*w + b))/∂w = 1.00194",
        "∂(tanh(x*w + b))/∂b = 0.500972",
        "graphs: graph.svg",
    ]
    text = (tmp_path / "graph.svg").read_text(encoding="utf-8")
    ET.fromstring(text)
    assert text.index("Forward") < text.index("Backward")
    for piece in ("tanh", "×", "+", "0.7064", "0.501", "−3"):
        assert piece in text
    assert os.listdir(tmp_path) == ["graph.svg"]


@pytest.mark.parametrize("form", ["svg", "html", "dot"])
def test_each_form_holds_both_graphs(tmp_path, form, capsys):
    out = tmp_path / "new" / f"graph.{form}"
    assert main([*TANH, "-o", str(out)]) == 0
    text = out.read_text(encoding="utf-8")
    assert "Forward graph of L" in text
    assert "Backward graph of L" in text
    links = set(re.findall(r"https?://[^\s\"'<>]+", text))
    assert links <= {"http://www.w3.org/2000/svg"}


@pytest.mark.parametrize(("form", "start"), [("png", b"\x89PNG"), ("pdf", b"%PDF"), ("tex", b"\\documentclass")])
def test_other_forms(tmp_path, form, start, capsys):
    pytest.importorskip("matplotlib")
    out = tmp_path / f"graph.{form}"
    assert main([*TANH, "-o", str(out)]) == 0
    assert out.read_bytes().startswith(start)


def test_without_a_file_a_tree_is_printed(tmp_path):
    done = run(tmp_path, *TANH)
    assert done.stderr == ""
    assert done.stdout.splitlines()[2:4] == [
        "L = tanh(v₂)      = 0.7064  ∂L/∂L = 1       tanh",
        "└─ v₂ = v₁ + b    = 0.88    ∂L/∂v₂ = 0.501  add",
    ]
    assert os.listdir(tmp_path) == []


def test_a_terminal_without_these_letters(tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    done = run(tmp_path, *TANH)
    assert done.returncode == 0
    assert "tanh(v?)" in done.stdout


@pytest.mark.parametrize("words", [[], ["--derive"], ["-o", "graph.svg"]])
def test_where_nobody_reads_on_it_ends_quietly(tmp_path, words):
    """As in ``| head``; a disk that is full is said in one line."""
    command = [sys.executable, "-m", "autograd_core", *TANH, *words]
    reader, writer = os.pipe()
    os.close(reader)
    options = {"cwd": tmp_path, "env": os.environ | {"PYTHONPATH": str(ROOT)}, "stderr": subprocess.PIPE, "text": True}
    done = subprocess.run(command, stdout=writer, timeout=120, **options)
    os.close(writer)
    assert (done.returncode, done.stderr) == (0, "")
    if os.path.exists("/dev/full"):
        with open("/dev/full", "w") as full:
            done = subprocess.run(command, stdout=full, timeout=120, **options)
        assert (done.returncode, done.stderr.count("\n")) == (2, 1)


def test_the_same_tree_in_a_file(tmp_path, capsys):
    for words in ([], ["--text"]):
        assert main([*TANH, *words]) == 0
        printed = capsys.readouterr().out
        assert main([*TANH, *words, "-o", str(tmp_path / "a.txt")]) == 0
        capsys.readouterr()
        assert (tmp_path / "a.txt").read_text(encoding="utf-8") == printed


KINDS = {
    "backward": (["--backward"], "graph.svg", "Backward graph of L"),
    "play": (["--play"], "graph.html", "<svg"),
    "play in Chinese": (["--play", "--lang", "zh-TW", "-o", "a.html"], "a.html", 'lang="zh-TW"'),
    "derive": (["--derive", "-o", "a.html"], "a.html", "<math"),
    "derive as text": (["-o", "a.txt", "--derive"], "a.txt", "∂L/∂w"),
    "derive by ending": (["-o", "a.tex"], "a.tex", "\\partial"),
    "Chinese": (["--lang=zh-TW", "--out=a.svg"], "a.svg", "前向計算圖"),
    "shapes": (["--detail", "shapes", "-o", "a.dot"], "a.dot", "tanh"),
}


@pytest.mark.parametrize("name", KINDS)
def test_kinds_of_pictures(name, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    words, file, piece = KINDS[name]
    assert main([*TANH, *words]) == 0
    said = capsys.readouterr()
    assert said.err == ""
    assert said.out.startswith("tanh(x*w + b) = 0.706419\n")
    assert said.out.endswith(f": {file}\n")
    assert os.listdir(tmp_path) == [file]
    assert piece in (tmp_path / file).read_text(encoding="utf-8")


def test_a_derivation_is_printed(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main([*TANH, "--derive"]) == 0
    said = capsys.readouterr().out
    for name in "xwb":
        assert f"∂L/∂{name}" in said
    assert os.listdir(tmp_path) == []


def test_words_in_any_order(tmp_path, capsys):
    expected = "-x*y = -6\n∂(-x*y)/∂x = -3\n∂(-x*y)/∂y = -2\n"
    out = str(tmp_path / "a.svg")
    for words in (
        ["-x*y", "x=2", "-o", out, "y=3"],
        ["--lang", "en", "-x*y", "--backward", "x=2", "y=3", f"--out={out}"],
        ["-o", out, "-x*y", "x=2", "y=3"],
        ["-x*y", f"-o{out}", "x=2", "y=3"],
        ["-o", out, "--", "-x*y", "x=2", "y=3"],
    ):
        assert main(["graph", *words]) == 0
        assert capsys.readouterr().out.startswith(expected)


def test_a_result_of_several_elements_is_summed_and_says_so(tmp_path, capsys):
    assert main(["graph", "x*x", "x=[1,2,3]", "-o", str(tmp_path / "a.svg")]) == 0
    said = capsys.readouterr().out
    assert "∂(Σ x*x)/∂x = [2. 4. 6.]" in said


def test_an_expression_may_begin_with_a_minus(tmp_path, capsys):
    assert main(["graph", "-x*2", "x=3", "-o", str(tmp_path / "a.svg")]) == 0
    assert capsys.readouterr().out.startswith("-x*2 = -6\n∂(-x*2)/∂x = -2\n")


MISTAKES = {
    "no value": (["x+y", "x=1"], "no value for y: give y=…"),
    "unused value": (["x", "x=1", "z=2"], "z is not in the expression"),
    "twice": (["x", "x=1", "x=2"], "x is given twice"),
    "no name": (["x", "1"], "NAME=VALUE"),
    "not a number": (["x", "x=abc"], "neither a number nor a list"),
    "ragged": (["x", "x=[1,[2]]"], "nested lists"),
    "a dict": (["x", 'x={"a":1}'], "neither a number nor a list"),
    "syntax": (["x +* 2", "x=1"], "column 4"),
    "cut off": (["x**", "x=1"], "invalid syntax"),
    "nothing": (["", "x=1"], "invalid syntax"),
    "two lines": (["x\ny", "x=1", "y=2"], "invalid syntax"),
    "unknown function": (["foo(x)", "x=1"], "there is no function 'foo'"),
    "import": (["__import__('os')"], "there is no function '__import__'"),
    "attribute": (["x.array", "x=1"], "a dot is not allowed"),
    "method": (["x.sum()", "x=1"], "not allowed"),
    "comparison": (["x < 1", "x=1"], "a comparison is not allowed"),
    "string": (["'x' * 3", "x=1"], "is not a real number"),
    "complex": (["x + 1j", "x=1"], "is not a real number"),
    "lambda": (["(lambda: x)()", "x=1"], "not allowed"),
    "comprehension": (["sum([x for i in x])", "x=1"], "not allowed"),
    "walrus": (["(x := 3)", "x=1"], "not allowed"),
    "bare function": (["sin", "x=1"], "needs its arguments in brackets"),
    "too many arguments": (["sin(x, x)", "x=1"], "can't be computed"),
    "too few arguments": (["x*sin()", "x=1"], "can't be computed"),
    "unknown option": (["sum(x, dtype=1)", "x=1"], "takes no option 'dtype'"),
    "odd option": (["sum(x, axis=x)", "x=[1]"], "an option is a whole number"),
    "no such axis": (["sum(x, axis=5)", "x=[1]"], "can't be computed"),
    "shapes": (["x@y", "x=[1,2]", "y=[1,2,3]"], "can't be computed"),
    "no variable": (["1 + 1"], "no variable"),
    "tower": (["x * 2**10**10", "x=1"], "is inf there"),
    "huge number": (["x * " + "9" * 400, "x=1"], "too large"),
    "longer number": (["x * " + "9" * 5000, "x=1"], "5000 digits"),
    "divided by zero": (["1/x", "x=0"], "is inf there"),
    "log of a negative": (["log(x)", "x=-1"], "is nan there"),
    "brackets": (["(" * 300 + "x" + ")" * 300, "x=1"], "too many nested parentheses"),
    "deep": (["x" + "+x" * 300, "x=1"], "nested more than 200 deep"),
    "deep minus": (["1" + "*-" * 3000 + "x", "x=1"], "python -m autograd_core graph: "),
    "long": (["x+" * 6000 + "x", "x=1"], "10000 are allowed"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_graph_says_what_is_wrong_in_one_line(name, tmp_path, capsys):
    words, what = MISTAKES[name]
    assert what in refused(capsys, "graph", *words, "-o", str(tmp_path / "a.svg"))
    assert os.listdir(tmp_path) == []


REFUSED = {
    "ending": (["-o", "a.jpg"], ".svg, .html, .dot, .png, .pdf, .tex or .txt, got 'a.jpg'"),
    "no ending": (["-o", "svg"], "got 'svg'"),
    "player": (["--play", "-o", "a.pdf"], "with --play the file is saved as .html or .svg, got 'a.pdf'"),
    "derivation": (["--derive", "-o", "a.svg"], "with --derive the file is saved as .tex, .html or .txt, got 'a.svg'"),
    "backward": (["--backward", "-o", "a.tex"], "with --backward"),
    "text": (["--text", "-o", "a.svg"], "with --text the file is saved as .txt"),
    "two kinds": (["--play", "--derive"], "not allowed with argument"),
    "language": (["--lang", "fr"], "invalid choice: 'fr'"),
    "detail": (["--detail", "all"], "invalid choice: 'all'"),
    "no file": (["-o"], "expected one argument"),
    "no language": (["--lang"], "expected one argument"),
    "unknown": (["--colour"], "--colour"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_graph_refuses_odd_words(name, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    words, what = REFUSED[name]
    assert what in refused(capsys, *TANH, *words)
    assert os.listdir(tmp_path) == []


def test_graph_refuses_places_that_cannot_be_written(tmp_path, capsys):
    (tmp_path / "file").write_text("")
    assert "can't be written" in refused(capsys, "graph", "x*x", "x=1", "-o", str(tmp_path / "file" / "a.svg"))
    (tmp_path / "a.svg").mkdir()
    assert "can't be written" in refused(capsys, "graph", "x*x", "x=1", "-o", str(tmp_path / "a.svg"))
    assert "can't be written" in refused(capsys, "graph", "x*x", "x=1", "-o", str(tmp_path / f"{'a' * 300}.svg"))
    assert sorted(os.listdir(tmp_path)) == ["a.svg", "file"]


def test_a_png_without_matplotlib_is_one_line(tmp_path):
    program = "import sys; sys.modules['matplotlib'] = None; from autograd_core.__main__ import main; sys.exit(main())"
    done = run(tmp_path, *TANH, "-o", "a.png", program=program)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert "saving as .png needs matplotlib" in done.stderr
    assert os.listdir(tmp_path) == []


# Expressions


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_every_function_computes_and_differentiates(name):
    arguments = {
        "clip": "x, 0.1, 0.6",
        "maximum": "x, y",
        "minimum": "x, y",
        "power": "x, y",
        "matmul": "x, y",
        "acosh": "x + 1",
    }
    expression = Expression(f"sum({name}({arguments.get(name, 'x')})) + 0*sum(x*y)")
    value, leaves = expression.compute({"x": [[0.5, 0.25], [0.75, 0.3]], "y": [[0.2, 0.9], [0.4, 0.6]]})
    value.backward()
    assert value.dtype == np.float64
    assert leaves["x"].grad.shape == (2, 2)


def test_numbers_and_operators_are_pythons():
    for text in ("2**3**2*x", "-x**2", "x//0.3 - x%0.4 + +x", "(1 - x)/(1 + x)", "7*x - 3.5e-1", "pi*x + e", "2**-1*x"):
        expected = eval(text, {"x": 2.0, "pi": np.pi, "e": np.e})  # the tests' own text
        assert Expression(text).compute({"x": 2.0})[0].item() == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize(
    ("text", "value", "slope"),
    [("max(x, 0)", 0, 0), ("min(x, 0)", -3, 1), ("max(x, 0, 2*x, -4)", 0, 0), ("max(x, axis=0)", -3, 1)],
)
def test_the_largest_of_several_is_pythons(text, value, slope):
    found, leaves = Expression(text).compute({"x": -3.0})
    found.backward()
    assert (found.item(), leaves["x"].grad.item()) == (value, slope)


def test_a_name_hides_a_constant():
    assert Expression("pi*x").compute({"pi": 3.0, "x": 1.0})[0].item() == 3


def test_options():
    value, _ = Expression("sum(x, axis=(0, 1), keepdims=True)").compute({"x": [[1.0, 2.0]]})
    assert value.tolist() == [[3]]
    assert Expression("mean(x, dim=-1)").compute({"x": [[1.0, 2.0]]})[0].tolist() == [1.5]


def test_values():
    assert value_of("1e-3") == 0.001
    assert value_of("[[1, 2.5]]") == [[1, 2.5]]
    for text in ("", "[", "true", '"a"', "null", "[" * 5000, "[null]", '["a"]', "[true, {}]"):
        with pytest.raises(ExpressionError):
            value_of(text)


# Help


@pytest.mark.parametrize("words", [[], ["train"], *(["train", name] for name in RECIPES), ["graph"]])
def test_help_everywhere(words, capsys):
    with pytest.raises(SystemExit) as end:
        main([*words, "-h"])
    assert end.value.code == 0
    assert "usage: python -m autograd_core" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "what"),
    [
        ([], "COMMAND"),
        (["paint"], "paint"),
        (["train"], "DATA"),
        (["train", "fish"], "fish"),
        (["train", "iris", "--epochs", "0"], "--epochs"),
        (["train", "iris", "--epochs", "1.5"], "--epochs"),
        (["train", "iris", "--batch-size", "-1"], "--batch-size"),
        (["train", "iris", "--lr", "nan"], "--lr"),
        (["train", "iris", "--lr", "0"], "--lr"),
        (["train", "iris", "--seed", "x"], "--seed"),
        (["train", "iris", "--hidden", "0"], "--hidden"),
        (["train", "iris", "--colour", "red"], "--colour"),
        (["train", "iris", "--data", "x"], "--data"),
        (["train", "iris", "--lang", "fr"], "--lang"),
        (["train", "mnist", "--hidden", "3"], "--hidden"),
    ],
)
def test_bad_words_are_refused_in_one_line(words, what, capsys):
    assert what in refused(capsys, *words)


# train


def numbers(said, what):
    return float(re.search(rf"{what} accuracy: +([\d.]+)", said)[1])


def page_of(folder, *pieces):
    """The report: it has these pieces, and loads nothing."""
    assert sorted(os.listdir(folder)) == ["report.html", "weights.npz"]
    page = (folder / "report.html").read_text(encoding="utf-8")
    parts = ("Loss and accuracy", "Confusion matrix", "forward graph", "backward graph", "Epoch by epoch", "viewport")
    for piece in (*parts, *pieces):
        assert piece in page
    assert len(page) < 3_000_000
    assert page.count("<svg") >= 5
    links = set(re.findall(r"https?://[^\s\"'<>]+", page))
    assert all("www.w3.org" in link or "purl.org" in link or "creativecommons" in link for link in links)
    assert not re.findall(r"(?:src|href)=[\"'](?!#|data:)", page)
    return page


def test_train_iris_as_the_readme_says(tmp_path):
    pytest.importorskip("sklearn")
    done = run(tmp_path, "train", "iris", path=os.environ["PATH"])
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    assert "epoch 100/100" in done.stderr
    assert numbers(done.stdout, "validation") >= 0.93
    assert numbers(done.stdout, "training") >= 0.93
    page_of(tmp_path / "runs" / "iris", "0.weight", "Fisher")


def test_train_digits(tmp_path, capsys):
    """The network of convolutions gets at least 98 % of the digits that it has not seen."""
    pytest.importorskip("sklearn")
    pytest.importorskip("matplotlib")
    assert main(["train", "digits", "--out", str(tmp_path / "r")]) == 0
    said = capsys.readouterr().out
    assert numbers(said, "validation") >= 0.98
    assert "(450 samples held out)" in said
    page_of(tmp_path / "r", "Filters of the first layer", "Feature maps", "Dead units of each relu", "2 · Conv2d")
    assert ag.load(tmp_path / "r" / "weights.npz")["0.weight"].shape == (16, 1, 3, 3)


@pytest.mark.parametrize(("name", "least"), [("moons", 0.97), ("xor", 0.93), ("spiral", 0.95)])
def test_train_on_points_in_the_plane(tmp_path, capsys, name, least):
    pytest.importorskip("sklearn")
    pytest.importorskip("matplotlib")
    assert main(["train", name, "--out", str(tmp_path / "r")]) == 0
    assert numbers(capsys.readouterr().out, "validation") >= least
    page = page_of(tmp_path / "r", "Decision regions")
    assert len(set(re.findall(r"data:image/png;base64,[\w+/=]+", page))) > 20  # a region for each epoch recorded


def test_the_report_in_chinese(tmp_path, capsys):
    pytest.importorskip("sklearn")
    pytest.importorskip("matplotlib")
    assert main(["train", "xor", "--epochs", "2", "--lang", "zh-TW", "--out", str(tmp_path / "r")]) == 0
    assert "validation accuracy:" in capsys.readouterr().out
    page = (tmp_path / "r" / "report.html").read_text(encoding="utf-8")
    assert '<html lang="zh-TW">' in page
    for piece in ("訓練：xor", "逐回合檢視", "平面上的點", "前向計算圖", "2 個回合"):
        assert piece in page


@pytest.mark.parametrize("recipe", RECIPES.values(), ids=RECIPES)
def test_what_is_trained_is_known_in_chinese(recipe):
    from viz.words import ZH_TW

    assert recipe.about in ZH_TW
    assert recipe.network in ZH_TW


def test_train_mnist_from_files_in_a_folder(tmp_path, capsys, monkeypatch):
    """Tiny files in place of the real ones: bars at a row that tells the class."""
    pytest.importorskip("sklearn")
    pytest.importorskip("matplotlib")
    raw = tmp_path / "data" / "MNIST" / "raw"
    raw.mkdir(parents=True)
    checksums = []
    for name, _ in MNIST.resources:
        kinds = np.tile(np.arange(10, dtype=np.uint8), 30 if name.startswith("train") else 5)
        images = np.zeros((len(kinds), 28, 28), np.uint8)
        images[np.arange(len(kinds)), 4 + 2 * kinds, 4:24] = 255
        array = kinds if "labels" in name else images
        head = struct.pack(f">BBBB{array.ndim}I", 0, 0, 8, array.ndim, *array.shape)
        (raw / name).write_bytes(gzip.compress(head + array.tobytes()))
        checksums.append((name, hashlib.sha256((raw / name).read_bytes()).hexdigest()))
    monkeypatch.setattr(MNIST, "resources", checksums)
    words = ["train", "mnist", "--data", str(tmp_path / "data"), "--epochs", "8", "--batch-size", "16"]
    assert main([*words, "--out", str(tmp_path / "r")]) == 0
    said = capsys.readouterr().out
    assert numbers(said, "validation") >= 0.9
    assert "(300 samples)" in said
    page_of(tmp_path / "r", "Filters of the first layer", "Feature maps")


@pytest.mark.parametrize("name", ["mnist", "cifar10"])
def test_offline_it_says_how_to_place_the_files(tmp_path, capsys, monkeypatch, name):
    pytest.importorskip("sklearn")
    pytest.importorskip("matplotlib")
    import nn.data.datasets

    kind = {"mnist": MNIST, "cifar10": nn.data.datasets.CIFAR10}[name]
    monkeypatch.setattr(kind, "mirrors", ["http://127.0.0.1:9/"])
    assert main(["train", name, "--data", str(tmp_path / "data"), "--out", str(tmp_path / "r")]) == 2
    last = capsys.readouterr().err.splitlines()[-1]
    file, checksum = kind.resources[0]
    for piece in ("can't be downloaded", f"http://127.0.0.1:9/{file}", str(tmp_path / "data"), checksum):
        assert piece in last
    assert not (tmp_path / "r").exists()


def test_ctrl_c_at_once_writes_nothing(tmp_path, capsys, monkeypatch):
    pytest.importorskip("sklearn")
    pytest.importorskip("matplotlib")

    def interrupted(self, *arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr(nn.CrossEntropyLoss, "forward", interrupted)
    assert main(["train", "moons", "--out", str(tmp_path / "r")]) == 2
    assert "interrupted before the first epoch ended: nothing was written" in capsys.readouterr().err
    assert os.listdir(tmp_path) == []


def test_ctrl_c_later_keeps_what_was_reached(tmp_path, capsys, monkeypatch):
    pytest.importorskip("sklearn")
    pytest.importorskip("matplotlib")
    steps, step = [], nn.fitting._step

    def interrupted(*arguments):
        steps.append(0)
        if len(steps) == 30:
            raise KeyboardInterrupt
        return step(*arguments)

    monkeypatch.setattr(nn.fitting, "_step", interrupted)
    assert main(["train", "moons", "--out", str(tmp_path / "r")]) == 0
    page_of(tmp_path / "r", "2 of 60 epochs (interrupted)")


def test_the_weights_give_the_accuracy_that_was_printed(tmp_path, capsys):
    sklearn = pytest.importorskip("sklearn.datasets")
    from sklearn.model_selection import train_test_split

    words = ["train", "iris", "--epochs", "30", "--hidden", "5", "--seed", "3", "--out", str(tmp_path / "r")]
    assert main(words) == 0
    said = capsys.readouterr().out
    weights = ag.load(tmp_path / "r" / "weights.npz")
    mean, std = weights.pop("mean"), weights.pop("std")
    model = nn.Sequential(nn.Linear(4, 5), nn.Sigmoid(), nn.Linear(5, 3))
    model.load_state_dict(weights)
    iris = sklearn.load_iris()
    _, x, _, y = train_test_split(iris.data, iris.target, test_size=0.3, stratify=iris.target, random_state=3)
    with ag.no_grad():
        found = (model(((ag.tensor(x) - mean) / std).float()).argmax(1) == ag.tensor(y)).float().mean().item()
    assert f"{found:.3f}" == f"{numbers(said, 'validation'):.3f}"
    assert len(y) == 45
    first = (tmp_path / "r" / "report.html").read_bytes()
    assert main(words) == 0
    assert (tmp_path / "r" / "report.html").read_bytes() == first


@pytest.mark.parametrize("package", ["sklearn", "matplotlib", "tqdm"])
def test_a_missing_extra_is_one_line(tmp_path, package):
    program = f"import sys; sys.modules[{package!r}] = None; from autograd_core.__main__ import main; sys.exit(main())"
    done = run(tmp_path, "train", "iris", program=program)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert 'python -m pip install ".[demo]"' in done.stderr
    assert os.listdir(tmp_path) == []


def test_a_run_that_fails_leaves_the_last_one(tmp_path, capsys, monkeypatch):
    pytest.importorskip("sklearn")
    pytest.importorskip("matplotlib")
    out = tmp_path / "r"
    assert main(["train", "iris", "--epochs", "1", "--out", str(out)]) == 0
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    capsys.readouterr()

    def full(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(ag, "save", full)
    assert main(["train", "iris", "--epochs", "2", "--out", str(out)]) == 2
    assert "No space left on device" in capsys.readouterr().err
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before
    assert main(["train", "iris", "--out", str(out / "report.html")]) == 2
    assert "a folder is needed" in capsys.readouterr().err
