"""The report of a training: result, curves, confusion matrix, and both graphs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from autograd_core import Tensor

from .api import draw, draw_backward
from .plots import confusion, curves
from .report import paragraph, picture, report, table

_PARTS = ("training", "validation")


def training_report(
    title: str,
    settings: Sequence[tuple[object, ...]],
    history: Mapping[str, Sequence[float]],
    confused: Any,
    classes: Sequence[str],
    loss: Tensor,
    names: Mapping[str, Tensor],
    pictures: Sequence[tuple[str, str, Sequence[str]]] = (),
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
        pictures: further sections: a heading, a text, and plots as SVG elements.

    Returns:
        A self-contained HTML page.

    Raises:
        ImportError: matplotlib is missing.
    """
    panels = {what: {part: history[f"{part} {what}"] for part in _PARTS} for what in ("loss", "accuracy")}
    forward, backward = (drawn(loss, names=names, direction="down") for drawn in (draw, draw_backward))
    return report(
        title,
        [
            ("Result", table(settings)),
            ("Loss and accuracy", "".join(picture(curves({what: panels[what]}), "plot") for what in panels)),
            ("Confusion matrix of the validation samples", picture(confusion(confused, classes), "plot")),
            *(
                (heading, paragraph(text) + "".join(f"<div>{picture(plot, 'plot')}</div>" for plot in plots))
                for heading, text, plots in pictures
            ),
            (
                "The forward graph",
                paragraph(
                    "What was computed for two of the samples by the trained network: each box shows its value and "
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
