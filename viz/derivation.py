"""What ``derive`` returns: the chain rule written out, to be read as text, LaTeX, MathML or a page."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path as File
from typing import Any

from autograd_core import Tensor
from autograd_core.node import Node

from . import statements
from .chain import Chain, Path, path
from .deltas import Deltas
from .figures import Figure
from .files import form_of, write
from .html import document, part
from .layers import find_layers
from .naming import Names
from .paths import Paths
from .stated import stated
from .statements import Block, Sentence
from .symbols import Symbols
from .values import Values
from .words import Words


@dataclass(frozen=True, slots=True)
class Gradient:
    """The derivation of one gradient as data.

    Attributes:
        name: what it is the gradient with respect to.
        count: how many paths lead from there to the result.
        paths: the first of them, with their numbers.
        value: the gradient: a number, or an array or its summary; None if the values for it are gone.
    """

    name: str
    count: int
    paths: tuple[Path, ...]
    value: Figure | None


class Derivation:
    """The chain rule written out. A notebook shows it by itself.

    Args:
        title: what it derives.
        gradients: the gradients as data.
        blocks: what it says.
        words: the language's words.

    Attributes:
        gradients: for each value differentiated by: how many paths lead from it to the result, the first
            of them with their numbers, and the gradient.
        blocks: its headings, sentences and equations.

    Example:
        >>> import autograd_core as ag, viz
        >>> x = ag.tensor(3.0, requires_grad=True)
        >>> viz.derive(x.sin(), wrt=x)
        <Derivation: ∂L/∂x>
    """

    def __init__(self, title: str, gradients: Sequence[Gradient], blocks: Sequence[Block], words: Words) -> None:
        self.gradients = tuple(gradients)
        self._title = title
        self.blocks = tuple(blocks)
        self._words = words

    def to_text(self) -> str:
        """The derivation as plain text."""
        return statements.text(self.blocks)

    __str__ = to_text

    def to_latex(self) -> str:
        """The derivation as LaTeX, to be put into a document that uses amsmath; :meth:`save` writes a whole one."""
        return statements.latex(self.blocks, self._words)

    def to_mathml(self) -> str:
        """The derivation as one MathML element."""
        return statements.mathml(self.blocks, self._words)

    def to_html(self) -> str:
        """The derivation as a page of its own; it opens offline, and browsers draw the formulas themselves."""
        body = f"<main>\n{statements.html(self.blocks, self._words)}\n</main>"
        return document(self._title, body, style=part("derivation.css"), lang=self._words.lang)

    def save(self, path: str | os.PathLike[str]) -> File:
        """Write the derivation to a file, in the form that its name ends with.

        Args:
            path: ends in ``.txt``, ``.tex`` or ``.html``.

        Returns:
            The path.

        Raises:
            ValueError: the name ends in something else.
            OSError: the file can't be written.
        """
        form = form_of(path, ("txt", "tex", "html"), "a derivation")
        if form == "tex":
            return write(path, statements.latex_document(self.blocks, self._words))
        return write(path, self.to_html() if form == "html" else self.to_text())

    def _repr_html_(self) -> str:
        return f"<style>\n{part('derivation.css')}\n</style>\n{statements.html(self.blocks, self._words)}"

    def _repr_latex_(self) -> str:
        return self.to_latex()

    def __repr__(self) -> str:
        return f"<Derivation: {self._title}>"


def derivation(
    root: Node, value: Any, wrt: Sequence[Node], names: Mapping[str, Tensor] | None, most: int, words: Words
) -> Derivation:
    """The derivation of some gradients of a result.

    Args:
        root: the node of the result.
        value: the result's array, None if not known.
        wrt: the nodes to differentiate by, each behind the result.
        names: names for tensors, besides those they carry.
        most: how many paths are written out for each.
        words: the language's words.

    Returns:
        The derivation.
    """
    values = Values(root, value)
    layers = find_layers(values)
    symbols = Symbols(values, Names(values.nodes, root, names), words, layers, wrt)
    found = [Paths(values, node) for node in dict.fromkeys(wrt)]
    shown = {paths: [path(symbols, paths.start, uses) for uses in paths.first(most)] for paths in found}
    arrays = {paths: shown[paths] for paths in found if _has_arrays(paths)}
    blocks = stated(symbols, found, most)
    for paths in found:
        if paths not in arrays:
            blocks += Chain(symbols, paths, shown[paths]).blocks()
    if arrays:
        blocks += Deltas(symbols, layers, arrays).blocks()
    if any(paths.nodes and values.gradients.get(paths.start) is None for paths in found):
        told = "Numbers are missing: a backward pass freed large arrays. Derive before it, or pass retain_graph=True."
        blocks.append(Sentence((words(told),)))
    gradients = [
        Gradient(symbols.name(paths.start), paths.count, tuple(shown[paths]), values.gradients.get(paths.start))
        for paths in found
    ]
    title = ", ".join(f"∂{symbols.result}/∂{gradient.name}" for gradient in gradients)
    return Derivation(title, gradients, blocks, words)


def _has_arrays(paths: Paths) -> bool:
    """Whether anything on the paths is more than one number."""
    return any(node.shape != () for node in (paths.start, *paths.nodes))
