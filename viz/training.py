"""Pages about a training: result, curves, confusion matrix, both graphs, and what was recorded epoch by epoch."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from autograd_core import Tensor

from .api import draw, draw_backward
from .epochs import Epochs
from .files import form_of, write
from .html import framed, part
from .plots import blank, confusion_matrix, learning_curves, svg
from .recorder import Recorder
from .report import paragraph, picture, report, table
from .words import Lang, Words

HEIGHT = 760
"""How high the page stands in a notebook, in pixels."""


class TrainingPage:
    """A page about a training: what :func:`training_page` returns. A notebook shows it by itself.

    Args:
        html: the page.
        about: what it is, in a few words.
    """

    def __init__(self, html: str, about: str) -> None:
        self._html, self._about = html, about

    def to_html(self) -> str:
        """The page, which opens offline."""
        return self._html

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the page to a file.

        Args:
            path: ends in ``.html``.

        Returns:
            The path.

        Raises:
            ValueError: the name ends in something else.
            OSError: the file can't be written.
        """
        form_of(path, ("html",), "a page")
        return write(path, self._html)

    def _repr_html_(self) -> str:
        return framed(self._html, repr(self), HEIGHT)

    def __repr__(self) -> str:
        return f"<TrainingPage: {self._about}>"


def training_page(recorder: Recorder, *, title: str | None = None, lang: Lang = "en") -> TrainingPage:
    """A page that shows how a network changed while it was trained, with a slider for the epoch.

    It shows, as far as they were recorded: what the network gives each place of the plane, or filters and feature maps;
    loss and metrics; the norms of the gradients by depth; the share of dead units after each relu; histograms of all
    weights and their gradients.

    Args:
        recorder: what was recorded, see :class:`Recorder`.
        title: of the page.
        lang: the language of its words.

    Returns:
        The page, with ``save("report.html")``.

    Raises:
        TypeError: ``recorder`` is not a Recorder.
        ValueError: there is no such language.

    Example:
        >>> import autograd_core as ag, nn, viz
        >>> model = nn.Linear(2, 2)
        >>> recorder = viz.Recorder(model, nn.CrossEntropyLoss(), (ag.ones(3, 2), ag.tensor([0, 1, 1])))
        >>> "‖∂L/∂w‖" in viz.training_page(recorder).to_html()
        True
    """
    if not isinstance(recorder, Recorder):
        raise TypeError(f"training_page takes a Recorder, got {type(recorder).__name__}")
    words = Words(lang)
    epochs = Epochs(recorder, words)
    html = report(
        words("Training") if title is None else str(title),
        [(words("Epoch by epoch"), epochs.html)],
        style=part("epochs.css"),
        script=part("epochs.js"),
        data=epochs.data,
        lang=lang,
    )
    return TrainingPage(html, f"epochs: {recorder.epochs}, recorded moments: {len(recorder.snapshots)}")


def training_report(
    title: str,
    settings: Sequence[tuple[object, ...]],
    history: Mapping[str, Sequence[float]],
    confused: Any,
    classes: Sequence[str],
    loss: Tensor,
    names: Mapping[str, Tensor],
    recorder: Recorder,
    pictures: Sequence[tuple[str, str, Sequence[str]]] = (),
    *,
    lang: Lang = "en",
) -> str:
    """A page about a trained classifier.

    Args:
        title: of the page.
        settings: rows of the first table: what was trained, how, and what came out.
        history: "training loss", "validation loss", "training accuracy" and "validation accuracy": a number for each
            epoch.
        confused: the confusion matrix (classes, classes) of the validation samples.
        classes: the names of the classes.
        loss: of two samples, for the graphs.
        names: of the parameters.
        recorder: what was recorded while it was trained.
        pictures: further sections: a heading, a text, and plots as SVG elements.
        lang: the language of the words.

    Returns:
        A self-contained HTML page.

    Raises:
        ImportError: matplotlib is missing.
        ValueError: there is no such language.
    """
    words = Words(lang)
    curves = [svg(learning_curves(dict(history), what, lang=lang, ax=blank())) for what in ("loss", "accuracy")]
    matrix = confusion_matrix(confused, labels=classes, lang=lang, ax=blank())
    forward = draw(loss, names=names, direction="down", lang=lang)
    backward = draw_backward(loss, forward=False, names=names, direction="down", lang=lang)
    epochs = Epochs(recorder, words, classes)
    sections = [
        (words("Result"), table(settings)),
        (words("Epoch by epoch"), epochs.html),
        (words("Loss and accuracy"), "".join(picture(curve, "plot") for curve in curves)),
        (words("Confusion matrix of the validation samples"), picture(svg(matrix), "plot")),
        *(
            (heading, paragraph(text) + "".join(f"<div>{picture(plot, 'plot')}</div>" for plot in plots))
            for heading, text, plots in pictures
        ),
        (
            words("The forward graph"),
            paragraph(
                words(
                    "What was computed for two of the samples by the trained network: each box shows its value and "
                    "∂L/∂ of it, each arrow its local derivative."
                )
            )
            + picture(forward.to_svg()),
        ),
        (
            words("The backward graph"),
            paragraph(
                words(
                    "How the gradient of the loss flows back to the parameters: each arrow carries one rule's result."
                )
            )
            + picture(backward.to_svg()),
        ),
    ]
    return report(title, sections, style=part("epochs.css"), script=part("epochs.js"), data=epochs.data, lang=lang)
