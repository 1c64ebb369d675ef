"""The table of a training page that shows how the elements of each parameter and of its gradient are spread."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from .charts import histogram
from .figures import number
from .images import spaced
from .moving import Moving
from .report import paragraph, plain
from .sights import short
from .snapshot import Snapshot, Spread
from .words import Words

MOST_ROWS = 60
"""Histograms are shown of so many parameters."""


class Spreads:
    """Writes the table.

    Args:
        moving: collects what moves.
        words: of the language.
        snapshots: one for each frame.
        wide: whether a parameter, by path, has several axes: the others are left out if there are too many.
        kind: the class of a parameter's layer, by path; empty if it is not known.
    """

    def __init__(
        self,
        moving: Moving,
        words: Words,
        snapshots: Sequence[Snapshot],
        wide: Callable[[str], bool],
        kind: Callable[[str], str],
    ) -> None:
        self.moving, self.words, self.snapshots, self.kind = moving, words, snapshots, kind
        self.paths = list({path: None for snapshot in snapshots for path in snapshot.parameters})
        self.shown = self.paths
        if len(self.paths) > MOST_ROWS:
            self.shown = spaced([path for path in self.paths if wide(path)] or self.paths, MOST_ROWS)

    def parts(self) -> Iterator[str]:
        """The heading, the text, the table; nothing if there are no parameters."""
        words = self.words
        if not self.shown:
            return
        yield f"<h3>{plain(words('Weights and gradients'))}</h3>"
        yield paragraph(
            words(
                "The bars count the elements of each parameter w and of its gradient ∂L/∂w. Those of w stand on one "
                "axis for all epochs, those of the gradient on one for each epoch."
            )
        )
        if len(self.shown) < len(self.paths):
            counts = {"shown": len(self.shown), "count": len(self.paths)}
            yield paragraph(words("{shown} of {count} parameters are shown.", **counts))
        heads = (words("parameter"), words("values"), words("gradient"))
        columns = "".join(f'<th scope="col">{plain(head)}</th>' for head in heads)
        yield (
            f'<div class="scroll"><table class="spreads"><thead><tr>{columns}</tr></thead>'
            f"<tbody>{''.join(map(self._row, self.shown))}</tbody></table></div>"
        )

    def _row(self, path: str) -> str:
        words = self.words
        values = [snapshot.parameters.get(path) for snapshot in self.snapshots]
        gradients = [snapshot.gradients.get(path) for snapshot in self.snapshots]
        size = next(spread.size for spread in values if spread is not None)
        about = " · ".join(filter(None, (words.count(size, "{n} element", "{n} elements"), self.kind(path))))
        return (
            f'<tr><th scope="row">{plain(path)}<span class="ends">{plain(about)}</span></th>'
            + self._cell(values, "values", words("values of {path}", path=path))
            + self._cell(gradients, "gradient", words("gradient of {path}", path=path))
            + "</tr>"
        )

    def _cell(self, spreads: Sequence[Spread | None], kind: str, label: str) -> str:
        bars = histogram(self.moving, spreads, kind == "values", kind, label)
        alarms = ["size alarm" if spread and spread.finite < spread.size else "size" for spread in spreads]
        size = self.moving("span", [self._size(spread, kind) for spread in spreads], {"class": alarms})
        ends = self.moving("span", [self._ends(spread) for spread in spreads], {"class": "ends"})
        return f"<td><div>{bars}<div>{size}{ends}</div></div></td>"

    def _size(self, spread: Spread | None, kind: str) -> str:
        if spread is None:
            return self.words("no gradient")
        if kind == "gradient":
            return f"‖∂L/∂w‖ = {number(spread.norm)}"
        if not spread.finite:
            return "nan" if spread.size else ""
        return f"{number(short(spread.mean))} ± {number(short(spread.std))}"

    def _ends(self, spread: Spread | None) -> str:
        if spread is None or not spread.size:
            return ""
        if not spread.finite:
            return self.words("no finite element")
        ends = self.words("{low} to {high}", low=number(short(spread.low)), high=number(short(spread.high)))
        missing = spread.size - spread.finite
        return ends + (" · " + self.words("{n} not finite", n=missing) if missing else "")
