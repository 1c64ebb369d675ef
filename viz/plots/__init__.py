"""Plots by matplotlib, which is imported when the first is drawn: each function draws on one Axes and returns it.

``ax=`` takes the Axes to draw on, or an empty Figure, which gets the plot's own size; pyplot is then left alone.
Without it a new figure is made: by pyplot where that is in use (in notebooks, or once ``matplotlib.pyplot`` is
imported), so that it is shown there; else one that only the caller holds.

Data may be Tensors, also those that require grad, arrays, or lists. ``lang="zh-TW"`` needs a font with Chinese
characters; where none is installed the words are English.

    >>> import autograd_core as ag, viz
    >>> viz.plots.activation("tanh").get_legend_handles_labels()[1]
    ['tanh(x)', 'tanh′(x)']
"""

from .activations import activation
from .canvas import blank, svg
from .classes import confusion_matrix, roc
from .courses import gradient_norms, learning_curves
from .regions import decision_regions
from .surfaces import descent, loss_surface
from .tiles import feature_maps, filters

__all__ = [
    "activation",
    "blank",
    "confusion_matrix",
    "decision_regions",
    "descent",
    "feature_maps",
    "filters",
    "gradient_norms",
    "learning_curves",
    "loss_surface",
    "roc",
    "svg",
]
