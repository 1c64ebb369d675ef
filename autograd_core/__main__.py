"""The command line: ``python -m autograd_core train iris`` and ``python -m autograd_core graph EXPRESSION``.

The only module of the core that may import nn, optim and viz.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

import autograd_core as ag
from autograd_core.expression import Expression, ExpressionError, value_of

EXTRAS = 'it needs scikit-learn, matplotlib and tqdm: python -m pip install ".[demo]"'
MOST_LINES = 12


class UsageError(Exception):
    """What was asked for can't be done; the message is one line that says why."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command.

    Args:
        arguments: the words after ``python -m autograd_core``; by default those of this process.

    Returns:
        The exit status: 0, or 2 for bad input.
    """
    options = _parser().parse_args(_words(sys.argv[1:] if arguments is None else arguments))
    try:
        options.run(options)
    except (UsageError, ExpressionError) as error:
        print(f"python -m autograd_core {options.command}: {error}", file=sys.stderr)
        return 2
    return 0


def _words(given: Sequence[str]) -> list[str]:
    """The words, where an expression that begins with a minus can't be taken for an option."""
    words = list(given)
    own = ("-h", "--help", "-o", "--out")
    if words[:1] == ["graph"] and len(words) > 1 and words[1].startswith("-") and words[1] not in own:
        words[1] = f" {words[1]}"  # argparse knows no option with a space
    return words


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> Any:
        """One line, not the whole usage."""
        self.exit(2, f"{self.prog}: {message} (-h tells more)\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="python -m autograd_core", description="Train a small network, or draw an expression's graph."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND", parser_class=_Parser)
    train = commands.add_parser("train", help="train a network and write a report")
    sets = train.add_subparsers(dest="data", required=True, metavar="DATA", parser_class=_Parser)
    iris = sets.add_parser(
        "iris",
        help="Fisher's iris flowers: four measurements, three species",
        description="Train the lecture's network on iris flowers (4 inputs, sigmoid hidden layer, 3 classes) and write "
        "weights.npz and report.html, a page that opens offline.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    iris.add_argument("--hidden", type=_positive, default=2, help="units in the hidden layer")
    iris.add_argument("--epochs", type=_positive, default=100, help="how often all training samples are seen")
    iris.add_argument("--batch-size", type=_positive, default=8, help="samples in a mini-batch")
    iris.add_argument("--lr", type=_rate, default=0.05, help="learning rate of Adam")
    iris.add_argument("--seed", type=_seed, default=0, help="of the split, the weights and the order of samples")
    iris.add_argument("--out", type=Path, default=Path("runs/iris"), help="the folder to write")
    iris.set_defaults(run=_train_iris)
    graph = commands.add_parser(
        "graph",
        help="draw the forward and the backward graph of an expression",
        description="Compute an expression and its gradient, and draw both graphs with every local derivative.",
    )
    graph.add_argument("expression", help="such as 'tanh(x*w + b)'")
    graph.add_argument("values", nargs="*", metavar="NAME=VALUE", help="a number, or lists of numbers: x=2 y=[1,2,3]")
    graph.add_argument("-o", "--out", type=Path, required=True, help="the file to write: .svg, .html or .dot")
    graph.set_defaults(run=_graph)
    return parser


def _positive(text: str) -> int:
    number = int(text) if text.isdecimal() else 0
    if not 0 < number < 10**7:
        raise argparse.ArgumentTypeError(f"a whole number above 0 is needed, got {text!r}")
    return number


def _seed(text: str) -> int:
    if not text.isdecimal() or int(text) >= 2**32:
        raise argparse.ArgumentTypeError(f"a whole number from 0 to 4294967295 is needed, got {text!r}")
    return int(text)


def _rate(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number < np.inf:
        raise argparse.ArgumentTypeError(f"a number above 0 is needed, got {text!r}")
    return number


# graph


def _graph(options: argparse.Namespace) -> None:
    if options.out.suffix.lower() not in (".svg", ".html", ".dot"):
        raise UsageError(f"the file's name must end in .svg, .html or .dot, got {str(options.out)!r}")
    expression = Expression(options.expression)
    value, leaves = expression.compute(_values(options.values))
    if not np.isfinite(value.array).all():
        raise ExpressionError(f"{expression.text!r} is {_shown(value)} there, which has no gradient to show")
    with np.errstate(all="ignore"):
        value.sum().backward(retain_graph=True)
    _write(options.out, _drawn(value, options.out.suffix.lower()))
    print(f"{expression.text} = {_shown(value)}")
    of = "" if value.numel() == 1 else "Σ "
    for name, leaf in leaves.items():
        assert leaf.grad is not None
        print(f"∂({of}{expression.text})/∂{name} = {_shown(leaf.grad)}")
    print(f"graphs: {options.out}")


def _values(words: Sequence[str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for word in words:
        name, equals, text = word.partition("=")
        if not equals or not name.isidentifier():
            raise UsageError(f"a value is given as NAME=VALUE, such as x=2, got {word!r}")
        if name in values:
            raise UsageError(f"{name} is given twice")
        values[name] = value_of(text)
    return values


def _drawn(value: ag.Tensor, form: str) -> str:
    import viz
    from viz.report import picture, report
    from viz.sheet import svg_sheet

    forward, backward = viz.draw(value), viz.draw_backward(value)
    titles = ("Forward: values, and the local derivative on each edge", "Backward: how the gradient flows")
    if form == ".dot":
        return forward.to_dot() + "\n" + backward.to_dot()
    if form == ".svg":
        return svg_sheet([(titles[0], forward), (titles[1], backward)])
    return report(
        "The graph of an expression",
        [(t, picture(d.to_svg())) for t, d in zip(titles, (forward, backward), strict=True)],
    )


def _shown(tensor: ag.Tensor) -> str:
    return f"{tensor.item():.6g}" if tensor.numel() == 1 else np.array2string(np.asarray(tensor.detach()), precision=6)


def _write(path: Path, text: str) -> None:
    """The whole file, or none."""
    part = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            part.write_text(text, encoding="utf-8")
            os.replace(part, path)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise UsageError(f"{str(path)!r} can't be written: {error.strerror}") from None


# train iris


def _train_iris(options: argparse.Namespace) -> None:
    try:
        import matplotlib  # noqa: F401 - found missing now, not after the training
        from sklearn.datasets import load_iris
        from sklearn.metrics import confusion_matrix
        from sklearn.model_selection import train_test_split
        from tqdm import tqdm
    except ImportError as error:
        raise UsageError(f"{error.name} is missing; {EXTRAS}") from None
    import nn
    import optim
    from nn.training import accuracy, fit

    if options.out.exists() and not options.out.is_dir():
        raise UsageError(f"{str(options.out)!r} is a file, a folder is needed")
    ag.manual_seed(options.seed)
    iris = load_iris()
    x, held_out_x, y, held_out_y = train_test_split(
        iris.data, iris.target, test_size=0.3, stratify=iris.target, random_state=options.seed
    )
    mean, std = x.mean(0), x.std(0)
    training = (ag.tensor((x - mean) / std, dtype=np.float32), ag.tensor(y))
    validation = (ag.tensor((held_out_x - mean) / std, dtype=np.float32), ag.tensor(held_out_y))
    model = nn.Sequential(nn.Linear(4, options.hidden), nn.Sigmoid(), nn.Linear(options.hidden, 3))
    history = fit(
        model,
        nn.CrossEntropyLoss(),
        optim.Adam(model.parameters(), lr=options.lr),
        training,
        validation,
        options.epochs,
        options.batch_size,
        lambda epochs: tqdm(epochs, desc=f"training 4-{options.hidden}-3", unit="epoch"),
    )
    reached = accuracy(model, training), accuracy(model, validation)
    with ag.no_grad():
        predicted = model(validation[0]).argmax(1).numpy()
    matrix = confusion_matrix(held_out_y, predicted).tolist()
    page = _iris_page(options, model, training, history, reached, matrix, [str(name) for name in iris.target_names])
    weights = model.state_dict() | {"mean": ag.tensor(mean), "std": ag.tensor(std)}
    _publish(options.out, weights, page)
    print(f"training accuracy:   {reached[0]:.3f} ({len(x)} samples)")
    print(f"validation accuracy: {reached[1]:.3f} ({len(held_out_x)} samples held out)")
    print(f"report: {options.out / 'report.html'}")


def _iris_page(
    options: argparse.Namespace,
    model: Any,
    training: tuple[ag.Tensor, ag.Tensor],
    history: dict[str, list[float]],
    reached: tuple[float, float],
    matrix: list[list[int]],
    species: list[str],
) -> str:
    import nn
    import viz
    from viz.plots import confusion, curves
    from viz.report import paragraph, picture, report, table

    flowers = training[0][:2], training[1][:2]
    model.zero_grad()
    loss = nn.CrossEntropyLoss()(model(flowers[0]), flowers[1])
    names = dict(model.named_parameters())
    forward, backward = (
        viz.draw(loss, names=names, direction="down"),
        viz.draw_backward(loss, names=names, direction="down"),
    )
    panels = {
        what: {part: history[f"{part} {what}"] for part in ("training", "validation")} for what in ("loss", "accuracy")
    }
    settings = (
        ("network", f"4 inputs, {options.hidden} hidden units (sigmoid), 3 classes (softmax)"),
        (
            "training",
            f"{options.epochs} epochs, mini-batches of {options.batch_size}, Adam, learning rate {options.lr:g}",
        ),
        ("seed", options.seed),
        ("training accuracy", f"{reached[0]:.3f}"),
        ("validation accuracy", f"{reached[1]:.3f}, on 30 % of the flowers, never trained on"),
    )
    return report(
        "Iris flowers",
        [
            ("Result", table(settings)),
            ("Loss and accuracy", "".join(picture(curves({what: panels[what]}), "plot") for what in panels)),
            ("Confusion matrix of the validation samples", picture(confusion(matrix, species), "plot")),
            (
                "The forward graph",
                paragraph(
                    "What was computed for two of the flowers by the trained network: each box shows its value and "
                    "∂L/∂ of it, each arrow its local derivative."
                )
                + picture(forward.to_svg()),
            ),
            (
                "The backward graph",
                paragraph(
                    "How the gradient of the loss flows back to the parameters: each arrow carries one rule's result."
                )
                + picture(backward.to_svg()),
            ),
        ],
    )


def _publish(folder: Path, weights: dict[str, ag.Tensor], page: str) -> None:
    """Both files, or none: written beside, then moved."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(dir=folder))
        try:
            ag.save(weights, part / "weights.npz")
            (part / "report.html").write_text(page, encoding="utf-8")
            for name in ("weights.npz", "report.html"):
                os.replace(part / name, folder / name)
        finally:
            shutil.rmtree(part)
    except OSError as error:
        raise UsageError(f"{str(folder)!r} can't be written: {error.strerror}") from None


if __name__ == "__main__":
    sys.exit(main())
