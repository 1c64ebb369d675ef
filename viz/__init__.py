"""Pictures of what was computed: the forward graph with its values, the backward graph with its gradients.

    >>> import autograd_core as ag, viz
    >>> x = ag.tensor(2.0, requires_grad=True)
    >>> loss = ag.tanh(x * 3)
    >>> viz.draw(loss)
    <Drawing: forward graph of L, 3 boxes, 2 arrows>
    >>> viz.draw_backward(loss)
    <Drawing: forward and backward graph of L, 7 boxes, 5 arrows>

A notebook shows them by themselves; ``.save("graph.svg")`` (or .html, .dot) writes them to a file.
"""

from . import plots
from .api import backward_graph, derive, draw, draw_backward, play, text
from .backward import BackwardGraph
from .derivation import Derivation
from .drawing import Drawing
from .player import Player
from .recorder import Recorder
from .training import TrainingPage, training_page

__all__ = [
    "BackwardGraph",
    "Derivation",
    "Drawing",
    "Player",
    "Recorder",
    "TrainingPage",
    "backward_graph",
    "derive",
    "draw",
    "draw_backward",
    "play",
    "plots",
    "text",
    "training_page",
]
