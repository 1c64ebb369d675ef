"""The command line: ``python -m autograd_core train DATA`` and ``python -m autograd_core graph EXPRESSION``.

The only module of the core that may import nn, optim and viz.
"""

from __future__ import annotations

import argparse
import io
import os
import shutil
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

import autograd_core as ag
from autograd_core.expression import ExpressionError
from autograd_core.usage import UsageError

if TYPE_CHECKING:
    from nn.recipes import Recipe, Samples
    from viz.words import Words

EXTRAS = 'it needs scikit-learn, matplotlib and tqdm: python -m pip install ".[demo]"'
MOST_LINES = 12
MEASURED = 128  # samples that are measured after each epoch


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command.

    Args:
        arguments: the words after ``python -m autograd_core``; by default those of this process.

    Returns:
        The exit status: 0, also where nobody reads on, as in ``| head``; or 2 for bad input.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words[:1] == ["graph"]:
        from viz.command import in_order

        words[1:] = in_order(words[1:])
    options = _parser().parse_args(words)
    try:
        options.run(options)
        print(end="", flush=True)
    except (UsageError, ExpressionError) as error:
        return _failed(options.command, str(error))
    except OSError as error:  # of printing: what is written to files is a UsageError
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is left would fail again at the end
        return 0 if isinstance(error, BrokenPipeError) else _failed(options.command, f"can't print: {error.strerror}")
    return 0


def _failed(command: str, why: str) -> int:
    print(f"python -m autograd_core {command}: {why}", file=sys.stderr)
    return 2


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> Any:
        """One line, not the whole usage."""
        self.exit(2, f"{self.prog}: {message} (-h tells more)\n")


def _parser() -> argparse.ArgumentParser:
    from nn.recipes import RECIPES
    from viz import command

    parser = _Parser(
        prog="python -m autograd_core", description="Train a small network, or draw an expression's graph."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND", parser_class=_Parser)
    train = commands.add_parser("train", help="train a network and write a report")
    sets = train.add_subparsers(dest="data", required=True, metavar="DATA", parser_class=_Parser)
    for name, recipe in RECIPES.items():
        _train_options(sets, name, recipe)
    graph = commands.add_parser(
        "graph",
        help="draw the graph of an expression, derive its gradients, or play them",
        description="Compute an expression and its gradient, and draw the forward and the backward graph with every "
        "local derivative. Without -o a tree of text is printed.",
    )
    command.add_options(graph)
    graph.set_defaults(run=command.run)
    return parser


def _train_options(sets: Any, name: str, recipe: Recipe) -> None:
    options = sets.add_parser(
        name,
        help=recipe.about,
        description=f"Train a network on {recipe.about}, and write weights.npz and report.html, a page that opens "
        f"offline. The network: {recipe.network.format(hidden='HIDDEN', classes='all')}.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    options.set_defaults(run=_train, recipe=recipe, folder=None, hidden=None)
    if recipe.hidden is not None:
        options.add_argument("--hidden", type=_positive, default=recipe.hidden, help="units in a hidden layer")
    options.add_argument("--epochs", type=_positive, default=recipe.epochs, help="how often all samples are seen")
    options.add_argument("--batch-size", type=_positive, default=recipe.batch_size, help="samples in a mini-batch")
    options.add_argument("--lr", type=_rate, default=recipe.lr, help="learning rate of Adam at the start")
    options.add_argument("--seed", type=_seed, default=0, help="of the split, the weights and the order of samples")
    options.add_argument("--out", type=Path, default=Path("runs") / name, help="the folder to write")
    options.add_argument("--lang", choices=("en", "zh-TW"), default="en", help="the language of the report")
    if recipe.downloads:
        options.add_argument("--data", dest="folder", type=Path, help="the folder for what is downloaded")


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


# train


def _train(options: argparse.Namespace) -> None:
    try:
        import matplotlib  # noqa: F401 - found missing now, not after the training
        import tqdm  # noqa: F401
        from sklearn.metrics import confusion_matrix
        from threadpoolctl import threadpool_limits  # of scikit-learn
    except ImportError as error:
        raise UsageError(f"{error.name} is missing; {EXTRAS}") from None
    import nn
    from nn.recipes import scores

    if options.out.exists() and not options.out.is_dir():
        raise UsageError(f"{str(options.out)!r} is a file, a folder is needed")
    ag.manual_seed(options.seed)
    try:
        samples = options.recipe.samples(options.seed, options.folder)
    except (OSError, ValueError) as error:
        raise UsageError(str(error)) from None
    model = options.recipe.model(*([] if options.hidden is None else [options.hidden]))
    # in small products threads gain little, and where cores are busy they wait for each other
    with threadpool_limits(None if options.recipe.downloads else 1):
        try:
            history, recorder = _fitted(options, model, samples)
        except KeyboardInterrupt:  # before the training began
            history = None
    if not history:
        raise UsageError("interrupted before the first epoch ended: nothing was written")
    (known, y), (predicted, held_out_y) = (
        scores(model, nn.data.DataLoader(part, 256)) for part in (samples.known, samples.held_out)
    )
    reached = {
        "training": (nn.accuracy(known, y), "{n} samples", len(y)),
        "validation": (nn.accuracy(predicted, held_out_y), "{n} samples held out", len(held_out_y)),
    }
    kinds = range(len(samples.classes))
    confused = confusion_matrix(held_out_y.numpy(), predicted.argmax(1).numpy(), labels=kinds).tolist()
    page = _page(options, model, samples, history, recorder, reached, confused)
    weights = model.state_dict() | {"mean": ag.tensor(samples.mean), "std": ag.tensor(samples.std)}
    _publish(options.out, weights, page)
    for part, (share, of, count) in reached.items():
        print(f"{part + ' accuracy:':<20} {share:.3f} ({of.format(n=count)})")
    print(f"report: {options.out / 'report.html'}")


def _fitted(options: argparse.Namespace, model: Any, samples: Samples) -> tuple[Any, Any]:
    """What the training returned, and what was recorded of it."""
    import nn
    import optim
    from viz import Recorder

    with ag.fork_rng():  # recording changes nothing
        recorder = Recorder(model, nn.CrossEntropyLoss(), next(iter(nn.data.DataLoader(samples.known, MEASURED))))
    optimizer = optim.Adam(model.parameters(), lr=options.lr)
    scheduler = optim.lr_scheduler.CosineAnnealingLR(optimizer, options.epochs)
    history = nn.fit(
        model,
        nn.CrossEntropyLoss(),
        optimizer,
        nn.data.DataLoader(samples.training, options.batch_size, shuffle=True),
        nn.data.DataLoader(samples.held_out, 256),
        options.epochs,
        metrics={"accuracy": nn.accuracy},
        callbacks=[lambda epoch: scheduler.step(), recorder],
    )
    return history, recorder


def _page(
    options: argparse.Namespace,
    model: Any,
    samples: Samples,
    history: Mapping[str, Sequence[float]],
    recorder: Any,
    reached: Mapping[str, tuple[float, str, int]],
    confused: list[list[int]],
) -> str:
    import nn
    from viz.training import training_report
    from viz.words import Words

    recipe: Recipe = options.recipe
    two, known = next(iter(nn.data.DataLoader(samples.known, 2)))
    model.eval()  # drawing the network must not change its running statistics
    loss = nn.CrossEntropyLoss()(model(two), known)
    words = Words(options.lang)
    settings = (
        (words("data"), words(recipe.about)),
        (words("network"), words(recipe.network, hidden=options.hidden, classes=len(samples.classes))),
        (
            words("training"),
            words(
                "{epochs}, mini-batches of {size}, Adam, learning rate from {lr} to 0 along a cosine",
                epochs=_epochs(options, history, words),
                size=options.batch_size,
                lr=f"{options.lr:g}",
            ),
        ),
        (words("seed"), options.seed),
        *(
            (words(f"{part} accuracy"), f"{share:.3f} ({words(of, n=count)})")
            for part, (share, of, count) in reached.items()
        ),
    )
    flat = two.ndim == 2 and two.shape[1] == 2
    return training_report(
        words("Training: {name}", name=options.data),
        settings,
        history,
        confused,
        samples.classes,
        loss,
        dict(model.named_parameters()),
        recorder,
        _plane(model, samples, words) if flat else _seen(model, two, words),
        lang=options.lang,
    )


def _epochs(options: argparse.Namespace, history: Mapping[str, Sequence[float]], words: Words) -> str:
    ended = len(history["training loss"])
    if ended == options.epochs:
        return words.count(ended, "{n} epoch", "{n} epochs")
    return words("{ended} of {n} epochs (interrupted)", ended=ended, n=options.epochs)


def _plane(model: Any, samples: Samples, words: Words) -> list[tuple[str, str, Sequence[str]]]:
    """Of inputs with two numbers: the decision regions."""
    from viz.plots import blank, decision_regions, svg

    def classify(places: Any) -> Any:
        with ag.no_grad():
            return model(ag.tensor((places - samples.mean) / samples.std, dtype=np.float32)).argmax(1).numpy()

    x, y = (part.numpy() for part in samples.held_out.tensors)
    plot = decision_regions(
        classify,
        x * samples.std + samples.mean,
        y,
        labels=samples.classes,
        names=("x", "y"),
        lang=words.lang,
        ax=blank(),
    )
    about = words("Which class the network gives each place, and the samples held out.")
    return [(words("Decision regions"), about, [svg(plot)])]


def _seen(model: Any, images: ag.Tensor, words: Words) -> list[tuple[str, str, Sequence[str]]]:
    """Of a network of convolutions: its first filters, and what each convolution makes of an image."""
    import nn
    from viz.plots import blank, feature_maps, filters, svg

    convolutions = [module for module in model.modules() if isinstance(module, nn.Conv2d)]
    if not convolutions:
        return []
    coloured = images.shape[1] == 3
    plots = [(filters if coloured else feature_maps)(images[:1], ax=blank())]  # an image in colour looks as a filter
    hooks = [
        module.register_forward_hook(lambda module, x, y: plots.append(feature_maps(y.relu()[0, :32], ax=blank())))
        for module in convolutions
    ]
    with ag.no_grad():
        model(images[:1])
    for hook in hooks:
        hook.remove()
    about = words(
        "What each channel looks for." if coloured else "What each channel looks for: red is for it, blue against."
    )
    first = filters(convolutions[0].weight, ax=blank())
    maps = words("An image, and what each convolution makes of it where that is above 0.")
    return [
        (words("Filters of the first layer"), about, [svg(first)]),
        (words("Feature maps"), maps, [svg(plot) for plot in plots]),
    ]


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
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that has no ∂ shows a question mark
    sys.exit(main())
