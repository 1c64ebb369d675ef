"""What the plots are drawn on: axes, colours, words, and the way to SVG."""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence
from typing import Any

from ..lettering import safe, width
from ..words import Lang, Words

MISSING = 'plots need matplotlib: python -m pip install "autograd-core[demo]"'
COLOURS = ("#2563a8", "#c2410c", "#009e73", "#a64d8f", "#e69f00", "#56b4e9", "#5d4037", "#6b7280")
"""Colours that also the colour-blind tell apart; those of dots and lines come with a shape each."""

MARKERS = ("o", "s", "^", "D", "v", "p", "<", ">")
DASHES = ("-", "--", "-.", ":")
HUGE = 1e300
"""Numbers beyond this are taken for infinite: an axis for them would overflow."""

INK, NOT_FINITE = "#1f2937", "#b8b8b8"
HATCHED = {"facecolor": "white", "hatch": "////", "edgecolor": "#9ca3af", "linewidth": 0}
"""What is not finite on a surface, which is no height."""

LONGEST, ENTRIES = 32, 36
"""Letters of a name, names in a legend."""

_WIDE = 0x2E80  # from here on characters are Chinese, Japanese or Korean


def require() -> None:
    """matplotlib, or an error that says how to get it.

    Raises:
        ImportError: it is missing.
    """
    try:
        import matplotlib.figure  # noqa: F401
    except ImportError as error:
        raise ImportError(MISSING) from error


def blank() -> Any:
    """A Figure that pyplot does not know; as ``ax=`` it gets the size of the plot.

    Raises:
        ImportError: matplotlib is missing.
    """
    require()
    from matplotlib.figure import Figure

    return Figure(layout="constrained")


def axes(ax: Any, wide: float, high: float) -> Any:
    """The Axes to draw on.

    Args:
        ax: an Axes; a Figure; or None for a new figure.
        wide: how wide the figure becomes, in inches, if it is not the caller's.
        high: likewise.

    Returns:
        The Axes.

    Raises:
        ImportError: matplotlib is missing.
        TypeError: ``ax`` is something else.
    """
    require()
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    if isinstance(ax, Axes):
        return ax
    if ax is None and {"matplotlib.pyplot", "ipykernel"} & sys.modules.keys():
        import matplotlib.pyplot as plt

        ax = plt.figure(layout="constrained")
    elif ax is None:
        ax = blank()
    if not isinstance(ax, Figure):
        raise TypeError(f"ax= takes one Axes of matplotlib or a Figure, got {type(ax).__name__}")
    ax.set_size_inches(wide, high)
    return ax.add_subplot()


def words_for(lang: Lang) -> Words:
    """The words of a language: English where no font has its characters.

    Raises:
        ValueError: there is no such language.
        ImportError: matplotlib is missing.
    """
    require()
    found = Words(lang)
    return found if lang == "en" or _families() else Words("en")


def finish(ax: Any, *, grid: bool = True) -> Any:
    """The looks that all plots share, and fonts for the characters that are there."""
    if grid:
        ax.grid(alpha=0.25)
        ax.set_axisbelow(True)
        ax.spines[["top", "right"]].set_visible(False)
    named = ax.get_legend()
    places = (ax.title, ax.xaxis.label, ax.yaxis.label, *ax.texts, *ax.get_xticklabels(), *ax.get_yticklabels())
    texts = [*places, *([named.get_title(), *named.get_texts()] if named else [])]
    wide = [text for text in texts if any(ord(letter) >= _WIDE for letter in text.get_text())]
    if wide and (families := _families()):
        for text in wide:
            text.set_fontfamily(families)
        for axis in (ax.xaxis, ax.yaxis):
            axis.set_tick_params(labelfontfamily=families)
    return ax


def _families() -> list[str]:
    """The fonts in use and one with Chinese characters; none if there is no such font."""
    import matplotlib

    from ..raster import east_asian

    found = east_asian()
    return [*matplotlib.rcParams["font.family"], *found] if found else []


def literal(text: object) -> str:
    """A name as it is written, if it is not too long: a dollar does not start a formula."""
    found = safe(str(text))
    return (found if len(found) <= LONGEST else found[: LONGEST - 1] + "…").replace("$", r"\$")


def legend(ax: Any, **look: Any) -> None:
    """A legend in the axes, in columns if it is long; of very many entries it has the first."""
    handles, texts = ax.get_legend_handles_labels()
    columns = -(-min(len(texts), ENTRIES) // 12)
    size = {"fontsize": 8} if columns > 1 else {}
    ax.legend(handles[:ENTRIES], texts[:ENTRIES], ncols=columns, **size, **look).set_in_layout(False)


def colour(place: int) -> str:
    """The colour of one of several."""
    return COLOURS[place % len(COLOURS)]


def marker(place: int) -> str:
    """Its shape: those of the same colour differ in it."""
    return MARKERS[(place + place // len(COLOURS)) % len(MARKERS)]


def dash(place: int) -> str:
    """Its kind of line, likewise."""
    return DASHES[(place + place // len(COLOURS)) % len(DASHES)]


def drawn(ax: Any, kind: str) -> int:
    """How many curves of a kind there are already, so that a further one gets a colour of its own."""
    return len({line.get_color() for line in ax.lines if line.get_gid() == kind})


def longest(texts: Sequence[str]) -> float:
    """How wide the longest of some texts is, in inches, written in matplotlib's size 10."""
    return max((width(text, 10) for text in texts), default=0.0) / 72


def svg(ax: Any) -> str:
    """A plot as text: a plot made anew gives the same.

    Args:
        ax: an Axes, or a Figure.

    Returns:
        An SVG element of the whole figure, with letters as shapes.

    Raises:
        ImportError: matplotlib is missing.

    Example:
        >>> import viz
        >>> viz.plots.svg(viz.plots.learning_curves([1.0, 0.5], ax=viz.plots.blank())).startswith("<svg")
        True
    """
    require()
    import matplotlib

    figure = ax.get_figure(root=True) or ax
    out = io.StringIO()
    how: Any = {"svg.hashsalt": "viz", "svg.fonttype": "path", "image.composite_image": False}
    with matplotlib.rc_context(how):
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    text = out.getvalue()
    return text[text.index("<svg") :]
