"""The part of a training page that shows one epoch after the other: pictures, norms, dead units, histograms."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from html import escape
from typing import Any

from . import images
from .charts import Course, Line, histogram, on_log_axis, over_epochs
from .figures import number
from .moving import Moving
from .png import SIGNED
from .recorder import Recorder
from .snapshot import Snapshot, Spread
from .text import safe
from .words import Words

MOST_ROWS = 60
"""Histograms are shown of so many parameters."""

MOST_POINTS = 300
"""So many samples are shown in the plane."""

_KNOWN = ("training loss", "validation loss", "training accuracy", "validation accuracy")
_PLANE, _EDGE = 330, 40


class Epochs:
    """Writes the part of a page that has a slider.

    Args:
        recorder: what was recorded.
        words: of the language.

    Attributes:
        html: the part.
        data: what its script reads.
    """

    def __init__(self, recorder: Recorder, words: Words) -> None:
        self.recorder, self.words = recorder, words
        self.snapshots = recorder.snapshots
        self.history = recorder.history
        self.moving = Moving(len(self.snapshots))
        self.layers = {path: layer for snapshot in self.snapshots for path, layer in snapshot.layers.items()}
        self.html = "\n".join(['<section id="epochs">', *self._parts(), "</section>"])
        self.data: dict[str, Any] = self.moving.data() | {"words": {"play": words("▶ Play"), "pause": words("⏸ Pause")}}

    def _parts(self) -> Iterator[str]:
        words, recorder = self.words, self.recorder
        yield _text(
            words(
                "How the network changed while it was trained. Move the slider, by mouse or arrow keys, or press Play."
            )
        )
        yield _text(
            words(
                "Recorded were the start and {moments} of {epochs} epochs, the early ones all; measured always on the "
                "same {samples} samples, in evaluation mode.",
                moments=len(self.snapshots) - 1,
                epochs=recorder.epochs,
                samples=len(recorder.x),
            )
        )
        yield self._controls()
        yield from self._images()
        yield '<div class="cards">'
        yield from self._region()
        yield from self._curves()
        yield from self._norms()
        yield from self._dead()
        yield "</div>"
        yield from self._histograms()

    # The slider

    def _controls(self) -> str:
        words, last = self.words, len(self.snapshots) - 1
        told = [self._told(snapshot) for snapshot in self.snapshots]
        slider = self.moving(
            "input",
            attributes={
                "type": "range",
                "min": "0",
                "max": str(last),
                "value": str(last),
                "step": "1",
                "aria-label": words("Epoch"),
                "aria-valuetext": [self._when(snapshot) for snapshot in self.snapshots],
            },
        ).removesuffix("</input>")
        return (
            f'<div class="bar"><button id="play" aria-pressed="false" hidden>{escape(words("▶ Play"))}</button>'
            f"{slider.replace('<input', '<input hidden', 1)}"
            + self.moving("strong", [self._when(snapshot) for snapshot in self.snapshots])
            + self.moving("output", told, {"aria-live": "polite"})
            + "</div>"
        )

    def _when(self, snapshot: Snapshot) -> str:
        if not snapshot.epoch:
            return self.words("Before the training")
        return self.words("Epoch {number} of {count}", number=snapshot.epoch, count=self.recorder.epochs)

    def _told(self, snapshot: Snapshot) -> str:
        told = [self.words("loss of the samples measured: {number}", number=number(snapshot.loss))]
        for name, values in self.history.items():
            if 0 < snapshot.epoch <= len(values):
                told.append(f"{self._named(name)}: {number(values[snapshot.epoch - 1])}")
        return " · ".join(told)

    def _named(self, name: str) -> str:
        """A name in the history, in words if they are known ones."""
        return self.words(name) if name in _KNOWN else name

    # Pictures

    def _images(self) -> Iterator[str]:
        names = [name for name in self.snapshots[-1].pictures if all(name in s.pictures for s in self.snapshots)]
        maps = [name for name in names if name.startswith("maps ")]
        if not maps:
            return
        words, first = self.words, self._called(maps[0].removeprefix("maps "))
        about = words("What the channels of the first convolution look for")
        if self.snapshots[-1].pictures["filters"].pixels.ndim == 2:
            about += words(" (red counts for it, blue against)")
        content = [
            _figure(self._image("filters", 320, about), words("filters of {layer}", layer=first)),
            _figure(self._input(), words("the image")),
        ]
        for name in _spaced(maps, images.MOST_LAYERS):
            label = words("maps of {layer}", layer=self._called(name.removeprefix("maps ")))
            content.append(_figure(self._image(name, 400, label), label))
        about += words("; an image, and what each convolution makes of it where that is above 0.")
        yield _card(words("Filters and feature maps"), about, "".join(content))

    def _input(self) -> str:
        picture = images.sample(self.recorder.x.numpy()[0])
        return f'<img alt="{escape(self.words("the image"))}" width="96" src="{picture.uri()}">'

    def _image(self, name: str, widest: int, label: str) -> str:
        shown = [snapshot.pictures[name] for snapshot in self.snapshots]
        width = min(widest, 2 * shown[-1].pixels.shape[1])
        attributes = {"alt": label, "width": str(width), "src": [picture.uri() for picture in shown]}
        return self.moving("img", attributes=attributes).removesuffix("</img>")

    def _region(self) -> Iterator[str]:
        """The plane: what the network gives each place, and the samples."""
        if not all("region" in snapshot.pictures for snapshot in self.snapshots):
            return
        x, y = self.recorder.x.numpy(), self.recorder.y.numpy()
        left, right, bottom, top = images.bounds(x)
        shown = [snapshot.pictures["region"] for snapshot in self.snapshots]
        size, edge = _PLANE, _EDGE
        kinds = images.kinds(y)
        content = [
            self.moving(
                "image",
                attributes={
                    "x": f"{edge}",
                    "y": "4",
                    "width": f"{size}",
                    "height": f"{size}",
                    "preserveAspectRatio": "none",
                    "href": [picture.uri() for picture in shown],
                },
            )
        ]
        low, high = images.ends(y)
        binary = shown[-1].palette is SIGNED
        for i, (across, up) in enumerate(x[:MOST_POINTS].tolist()):
            if not (math.isfinite(across) and math.isfinite(up)):
                continue
            if kinds is None or binary:
                value = float(y.reshape(len(y), -1)[i, 0])
                colour = SIGNED[round((value - low) / (high - low) * 254)] if math.isfinite(value) else (0, 0, 0)
            else:
                colour = images.COLOURS[int(kinds[i]) % len(images.COLOURS)]
            at = edge + (across - left) / (right - left) * size, 4 + (top - up) / (top - bottom) * size
            content.append('<circle cx="{:.1f}" cy="{:.1f}" r="3.2" fill="#{:02x}{:02x}{:02x}"/>'.format(*at, *colour))
        for position, value, anchor in ((edge, left, "start"), (edge + size, right, "end")):
            content.append(
                f'<text x="{position}" y="{size + 18}" text-anchor="{anchor}">{number(_short(value))}</text>'
            )
        for position, value in ((size, bottom), (14, top)):
            content.append(f'<text x="{edge - 3}" y="{position}" text-anchor="end">{number(_short(value))}</text>')
        if binary:
            about = self.words("What the network gives each place, and the samples measured, as it takes them.")
            scale = [
                self.words("blue {low}, red {high}", low=number(_short(p.low)), high=number(_short(p.high)))
                for p in shown
            ]
            note = self.moving("p", scale, {"class": "note"})
        else:
            about = self.words(
                "Which class the network gives each place, the stronger the more certain; and the samples measured, "
                "scaled as it takes them."
            )
            note = ""
        label = self.words("Decision regions")
        yield _card(
            label,
            about,
            f'<svg class="plane" role="img" aria-label="{escape(label)}" viewBox="0 0 {size + edge + 4} {size + 24}">'
            f"{''.join(content)}</svg>{note}",
        )

    # Curves

    def _curves(self) -> Iterator[str]:
        panels: dict[str, list[Line]] = {}
        for name, values in self.history.items():
            part, _, what = name.partition(" ")
            panels.setdefault(what or part, []).append(
                Line(self._named(name), f"c{len(panels.get(what or part, ()))}", values)
            )
        at = [snapshot.epoch for snapshot in self.snapshots]
        for what, lines in panels.items():
            title = self.words(what.capitalize()) if what in ("loss", "accuracy") else what
            yield _card(title, "", _legend(lines) + over_epochs(self.moving, lines, at, title))

    def _norms(self) -> Iterator[str]:
        if not self.layers:
            return
        words, names = self.words, list(self.layers)
        courses = [
            Course(
                words("of the layer's weights, ‖∂L/∂w‖"),
                "c0",
                [[_of(s, name, "weight_gradient") for name in names] for s in self.snapshots],
            ),
            Course(
                words("of what it gives, ‖∂L/∂y‖"),
                "c1",
                [[_of(s, name, "output_gradient") for name in names] for s in self.snapshots],
            ),
        ]
        title = words("Gradient norm by depth")
        shown = [self._called(name) for name in names]
        yield _card(
            title,
            words(
                "From the first layer to the last. Gradients vanish where the curve falls towards the first layers, "
                "and explode where it rises there."
            ),
            _legend(courses) + on_log_axis(self.moving, courses, shown, title) + self._alarm(courses, shown),
        )
        for name in {name: None for s in self.snapshots for name in s.steps}:
            uses = max(len(s.steps.get(name, ())) for s in self.snapshots)
            values = [[*s.steps.get(name, ()), *[math.nan] * uses][:uses] for s in self.snapshots]
            title = words("Gradient norm by step of {layer}", layer=self._called(name))
            course = [Course(words("after each use of the weights, ‖∂L/∂z‖"), "c0", values)]
            steps = [str(step) for step in range(1, uses + 1)]
            yield _card(
                title,
                words("From the first step to the last, as the layer is used again and again."),
                _legend(course) + on_log_axis(self.moving, course, steps, title) + self._alarm(course, steps),
            )

    def _alarm(self, courses: Sequence[Course], names: Sequence[str]) -> str:
        """What can't stand on a logarithmic axis."""
        told = []
        for frame in range(len(self.snapshots)):
            zero, wild = (
                [n for n, *vs in zip(names, *(c.values[frame] for c in courses), strict=True) if any(map(is_it, vs))]
                for is_it in (lambda v: v == 0, math.isinf)
            )
            parts = [self.words("0 at {layers}", layers=_listed(zero))] if zero else []
            parts += [self.words("not finite at {layers}", layers=_listed(wild))] if wild else []
            told.append("; ".join(parts))
        return self.moving("p", told, {"class": "note alarm"}) if any(told) else ""

    def _dead(self) -> Iterator[str]:
        names = list({name: None for s in self.snapshots for name in s.dead})
        if not names:
            return
        rows = []
        for name in names:
            pairs = [s.dead.get(name, (0, 0)) for s in self.snapshots]
            shares = [dead / count if count else 0.0 for dead, count in pairs]
            told = [
                self.words("{dead} of {count} ({share} %)", dead=dead, count=count, share=f"{100 * share:.0f}")
                for (dead, count), share in zip(pairs, shares, strict=True)
            ]
            bar = self.moving("i", attributes={"style": [f"width:{100 * share:.1f}%" for share in shares]})
            rows.append(
                f'<tr><th scope="row">{_html(self._called(name))}</th><td class="share"><span>{bar}</span></td>'
                f"{self.moving('td', told)}</tr>"
            )
        yield _card(
            self.words("Dead units of each relu"),
            self.words(
                "A unit is dead while it gives 0 for every sample measured: no gradient passes it. Named by the layer "
                "before the relu; the units of a convolution are its channels."
            ),
            f"<table>{''.join(rows)}</table>",
        )

    # Histograms

    def _histograms(self) -> Iterator[str]:
        words = self.words
        paths = list({path: None for s in self.snapshots for path in s.parameters})
        shown = paths
        if len(paths) > MOST_ROWS:
            shapes = {path: p.ndim for path, p in self.recorder.model.named_parameters()}
            shown = _spaced([path for path in paths if shapes.get(path, 2) > 1] or paths, MOST_ROWS)
        if not shown:
            return
        yield f"<h3>{escape(words('Weights and gradients'))}</h3>"
        yield _text(
            words(
                "The bars count the elements of each parameter w and of its gradient ∂L/∂w. Those of w stand on one "
                "axis for all epochs, those of the gradient on one for each epoch."
            )
        )
        if len(shown) < len(paths):
            yield _text(words("{shown} of {count} parameters are shown.", shown=len(shown), count=len(paths)))
        rows = [self._row(path) for path in shown]
        heads = [words(head) for head in ("parameter", "values", "gradient")]
        yield (
            '<div class="scroll"><table class="spreads"><thead><tr>'
            f"{''.join(f'<th scope=col>{escape(head)}</th>' for head in heads)}</tr></thead>"
            f"<tbody>{''.join(rows)}</tbody></table></div>"
        )

    def _row(self, path: str) -> str:
        words = self.words
        layer = path.rpartition(".")[0]
        size = next(s.parameters[path].size for s in self.snapshots if path in s.parameters)
        kind = f" · {self.layers[layer].kind}" if layer in self.layers else ""
        elements = words.count(size, "{n} element", "{n} elements")
        cells = []
        for label, shared, css, found in (
            (words("values of {path}", path=path), True, "values", [s.parameters.get(path) for s in self.snapshots]),
            (
                words("gradient of {path}", path=path),
                False,
                "gradient",
                [s.gradients.get(path) for s in self.snapshots],
            ),
        ):
            bars = histogram(self.moving, found, shared, css, safe(label))
            ends = self.moving("span", [self._ends(spread) for spread in found], {"class": "ends"})
            size_of = self.moving(
                "span",
                [self._size(spread, css == "gradient") for spread in found],
                {"class": ["size alarm" if spread and spread.finite < spread.size else "size" for spread in found]},
            )
            cells.append(f"<td><div>{bars}<div>{size_of}{ends}</div></div></td>")
        return (
            f'<tr><th scope="row">{_html(path)}<span class="ends">{_html(f"{elements}{kind}")}</span></th>'
            f"{''.join(cells)}</tr>"
        )

    def _ends(self, spread: Spread | None) -> str:
        if spread is None or not spread.size:
            return ""
        if not spread.finite:
            return self.words("no finite element")
        ends = self.words("{low} to {high}", low=number(_short(spread.low)), high=number(_short(spread.high)))
        missing = spread.size - spread.finite
        return ends + (" · " + self.words("{n} not finite", n=missing) if missing else "")

    def _size(self, spread: Spread | None, gradient: bool) -> str:
        if spread is None:
            return self.words("no gradient")
        if gradient:
            return f"‖∂L/∂w‖ = {number(spread.norm)}"
        return f"{number(_short(spread.mean))} ± {number(_short(spread.std))}"

    def _called(self, path: str) -> str:
        """A layer by its path and class."""
        layer = self.layers.get(path)
        return " · ".join(filter(None, (path, layer.kind if layer else ""))) or self.words("network")


def _of(snapshot: Snapshot, name: str, what: str) -> float:
    layer = snapshot.layers.get(name)
    return math.nan if layer is None else float(getattr(layer, what))


def _short(value: float) -> float:
    return float(f"{value:.3g}")


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:6]) + (", …" if len(names) > 6 else "")


def _spaced(items: Sequence[str], most: int) -> list[str]:
    """So many of the items, evenly, the first and the last among them."""
    if len(items) <= most:
        return list(items)
    return [items[round(i * (len(items) - 1) / (most - 1))] for i in range(most)]


def _html(text: str) -> str:
    return escape(safe(text))


def _text(text: str) -> str:
    return f"<p>{_html(text)}</p>"


def _figure(content: str, caption: str) -> str:
    return f"<figure>{content}<figcaption>{_html(caption)}</figcaption></figure>"


def _card(title: str, text: str, content: str) -> str:
    return f'<div class="card"><h3>{_html(title)}</h3>{_text(text) if text else ""}{content}</div>'


def _legend(lines: Sequence[Line] | Sequence[Course]) -> str:
    items = "".join(f'<li class="{line.kind}">{_html(line.name)}</li>' for line in lines)
    return f'<ul class="legend">{items}</ul>'
