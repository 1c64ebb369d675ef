"""The command ``python -m autograd_core graph``: an expression drawn, derived, played or printed."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Any, get_args

import numpy as np

import autograd_core as ag
from autograd_core.expression import Expression, ExpressionError, value_of
from autograd_core.usage import UsageError

from .api import derive, draw_backward, play, text
from .describe import Detail
from .files import form_of, write
from .words import Lang

TAKING = ("-o", "--out", "--lang", "--detail")
FLAGS = ("-h", "--help", "--backward", "--derive", "--play", "--text")
FORMS = {
    None: ("svg", "html", "dot", "png", "pdf", "tex", "txt"),
    "backward": ("svg", "html", "dot", "png", "pdf"),
    "derive": ("tex", "html", "txt"),
    "play": ("html", "svg"),
    "text": ("txt",),
}
"""What a graph is written as, by the kind of picture; None is both graphs side by side."""

CALLED = {None: "graphs", "backward": "graph", "derive": "derivation", "play": "page", "text": "text"}


def in_order(words: Sequence[str]) -> list[str]:
    """The words of a command line with the options first, where an expression can't be taken for one.

    Args:
        words: those after ``graph``.

    Returns:
        The words, for argparse.

    Example:
        >>> in_order(["-x*y", "x=1", "--text", "y=2"])
        ['--text', ' -x*y', 'x=1', 'y=2']
    """
    options: list[str] = []
    others: list[str] = []
    rest = iter(words)
    for word in rest:
        if word == "--":
            others += rest
        elif word in TAKING:
            given = list(islice(rest, 1))
            if not given:
                return [*options, *others, word]
            options += [word, *given]
        elif word.partition("=")[0] in (*TAKING, *FLAGS) or (others and word.startswith("-o")):
            options.append(word)
        else:
            others.append(word)
    if others and others[0].startswith("-"):
        others[0] = f" {others[0]}"  # argparse knows no option with a space
    return [*options, *others]


def add_options(graph: argparse.ArgumentParser) -> None:
    """Say what the command takes.

    Args:
        graph: its parser.
    """
    graph.add_argument("expression", help="such as 'tanh(x*w + b)'")
    graph.add_argument("values", nargs="*", metavar="NAME=VALUE", help="a number, or lists of numbers: x=2 y=[1,2,3]")
    kinds = graph.add_mutually_exclusive_group()
    for kind, told in (
        ("backward", "draw the backward graph alone; graph.svg without -o"),
        ("derive", "write the chain rule out: every path, every factor, the sum"),
        ("play", "a page that plays the forward and the backward pass; graph.html without -o"),
        ("text", "a tree of text"),
    ):
        kinds.add_argument(f"--{kind}", dest="kind", action="store_const", const=kind, help=told)
    graph.add_argument("--lang", choices=get_args(Lang), default="en", help="the language of titles and labels")
    graph.add_argument("--detail", choices=get_args(Detail), default="formula", help="how much a drawing says")
    graph.add_argument(
        "-o", "--out", type=Path, help="the file to write: .svg, .html, .dot, .png, .pdf, .txt, .tex (the derivation)"
    )


def run(options: argparse.Namespace) -> None:
    """Draw, derive or play the graph of an expression.

    Args:
        options: what was asked for.

    Raises:
        UsageError: it can't be done.
        ExpressionError: the expression can't be computed.
    """
    kind, out = _asked(options)
    expression = Expression(options.expression)
    value, leaves = expression.compute(_values(options.values))
    if not np.isfinite(value.array).all():
        raise ExpressionError(f"{expression.text!r} is {_shown(value)} there, which has no gradient to show")
    with np.errstate(all="ignore"):
        value.sum().backward(retain_graph=True)
        made = _made(options, kind, value, list(leaves.values()))
        if out is None:
            print(made if isinstance(made, str) else made.to_text())
            return
        _save(out, made)
    print(f"{expression.text} = {_shown(value)}")
    of = "" if value.numel() == 1 else "Σ "
    for name, leaf in leaves.items():
        assert leaf.grad is not None
        print(f"∂({of}{expression.text})/∂{name} = {_shown(leaf.grad)}")
    print(f"{CALLED[kind]}: {out}")


def _asked(options: argparse.Namespace) -> tuple[str | None, Path | None]:
    """The kind of picture, which the file's name may tell, and the file."""
    kind, out = options.kind, options.out
    if out is None:
        out = {"backward": Path("graph.svg"), "play": Path("graph.html")}.get(kind)
    if out is None:
        return kind or "text", None
    try:
        form = form_of(out, FORMS[kind], f"with --{kind} the file" if kind else "the file")
    except ValueError as error:
        raise UsageError(str(error)) from None
    return kind or {"tex": "derive", "txt": "text"}.get(form), out


def _made(options: argparse.Namespace, kind: str | None, value: ag.Tensor, leaves: list[ag.Tensor]) -> Any:
    """The picture, derivation, player, or text."""
    if kind == "text":
        return text(value, lang=options.lang)
    if kind == "derive":
        return derive(value, wrt=leaves, lang=options.lang)
    if kind == "play":
        return play(value, lang=options.lang)
    return draw_backward(value, forward=kind is None, detail=options.detail, lang=options.lang)


def _save(out: Path, made: Any) -> None:
    """The whole file, or none."""
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(made, str):
            write(out, f"{made}\n")
        else:
            made.save(out)
    except ImportError as error:
        raise UsageError(str(error)) from None
    except OSError as error:
        raise UsageError(f"{str(out)!r} can't be written: {error.strerror}") from None


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


def _shown(tensor: ag.Tensor) -> str:
    return f"{tensor.item():.6g}" if tensor.numel() == 1 else np.array2string(np.asarray(tensor.detach()), precision=6)
