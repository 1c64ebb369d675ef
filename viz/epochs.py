"""The part of a training page that shows one epoch after the other: pictures, norms, dead units, histograms."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from html import escape
from typing import Any

from .charts import Course, Line, on_log_axis, over_epochs
from .figures import number
from .moving import Moving
from .recorder import Recorder
from .report import card, paragraph, plain
from .sights import layers_seen, plane
from .snapshot import Snapshot
from .spreads import Spreads
from .words import Words

_KNOWN = ("training loss", "validation loss", "training accuracy", "validation accuracy")


class Epochs:
    """Writes the part of a page that has a slider.

    Args:
        recorder: what was recorded.
        words: of the language.
        classes: names of classes, as far as they are known.

    Attributes:
        html: the part.
        data: what its script reads.
    """

    def __init__(self, recorder: Recorder, words: Words, classes: Sequence[str] = ()) -> None:
        self.recorder, self.words = recorder, words
        self.classes = classes
        self.snapshots = recorder.snapshots
        self.history = recorder.history
        self.moving = Moving(len(self.snapshots))
        self.layers = {path: layer for snapshot in self.snapshots for path, layer in snapshot.layers.items()}
        self.html = "\n".join(['<section id="epochs">', *self._parts(), "</section>"])
        self.data: dict[str, Any] = self.moving.data() | {"words": {"play": words("▶ Play"), "pause": words("⏸ Pause")}}

    def _parts(self) -> Iterator[str]:
        words, moving, snapshots, recorder = self.words, self.moving, self.snapshots, self.recorder
        epochs, moments, samples = recorder.epochs, len(snapshots) - 1, len(recorder.x)
        yield paragraph(
            words(
                "How the network changed while it was trained. Move the slider, by mouse or arrow keys, or press Play."
            )
        )
        yield paragraph(
            words(
                "The start and all {epochs} epochs were recorded, measured on the same {samples} samples, in "
                "evaluation mode.",
                epochs=epochs,
                samples=samples,
            )
            if moments == epochs
            else words(
                "The start and {moments} of {epochs} epochs were recorded, more of the early ones; all measured on the "
                "same {samples} samples, in evaluation mode.",
                moments=moments,
                epochs=epochs,
                samples=samples,
            )
        )
        yield self._controls()
        x, y = recorder.x.numpy(), recorder.y.numpy()
        yield from layers_seen(moving, words, snapshots, x[0], self._called)
        yield '<div class="cards">'
        yield from plane(moving, words, snapshots, x, y, self.classes)
        yield from self._curves()
        yield from self._norms()
        yield from self._dead()
        yield "</div>"
        axes = {path: parameter.ndim for path, parameter in recorder.model.named_parameters()}
        yield from Spreads(moving, words, snapshots, lambda path: axes.get(path, 2) > 1, self._kind).parts()

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
                value = number(values[snapshot.epoch - 1])
                told.append(self.words("{name}: {value}", name=self._named(name), value=value))
        return " · ".join(told)

    def _named(self, name: str) -> str:
        """A name in the history, in words if they are known ones."""
        return self.words(name) if name in _KNOWN else name

    # Curves

    def _curves(self) -> Iterator[str]:
        panels: dict[str, list[Line]] = {}
        for name, values in self.history.items():
            part, _, what = name.partition(" ")
            lines = panels.setdefault(what or part, [])
            lines.append(Line(self._named(name), f"c{len(lines) % 4}", values))
        at = [snapshot.epoch for snapshot in self.snapshots]
        for what, lines in panels.items():
            title = {"loss": self.words("Loss"), "accuracy": self.words("Accuracy")}.get(what, what)
            wild = [
                [line.name for line in lines if not all(map(math.isfinite, line.values[max(0, epoch - 1) : epoch]))]
                for epoch in at
            ]
            told = [self.words("not finite: {names}", names=", ".join(names)) if names else "" for names in wild]
            note = self.moving("p", told, {"class": "note alarm"}) if any(told) else ""
            yield card(title, "", _legend(lines) + over_epochs(self.moving, lines, at, title) + note)

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
        yield card(
            title,
            words(
                "From the first layer to the last. Gradients vanish where the curve falls towards the first layers, "
                "and explode where it rises there."
            ),
            _legend(courses) + on_log_axis(self.moving, courses, (shown, names), title) + self._alarm(courses, shown),
        )
        for name in {name: None for s in self.snapshots for name in s.steps}:
            uses = max(len(s.steps.get(name, ())) for s in self.snapshots)
            values = [[*s.steps.get(name, ()), *[None] * uses][:uses] for s in self.snapshots]
            title = words("Gradient norm by step of {layer}", layer=self._called(name))
            course = [Course(words("after each use of the weights, ‖∂L/∂z‖"), "c0", values)]
            steps = [str(step) for step in range(1, uses + 1)]
            yield card(
                title,
                words("From the first step to the last, as the layer is used again and again."),
                _legend(course) + on_log_axis(self.moving, course, (steps,), title) + self._alarm(course, steps),
            )

    def _alarm(self, courses: Sequence[Course], names: Sequence[str]) -> str:
        """What can't stand on a logarithmic axis."""
        told = []
        for frame in range(len(self.snapshots)):
            found = dict(zip(names, zip(*(c.values[frame] for c in courses), strict=True), strict=True))
            zero = [name for name, values in found.items() if 0 in values]
            wild = [n for n, values in found.items() if any(v is not None and not math.isfinite(v) for v in values)]
            parts = [self.words("0 at {layers}", layers=_listed(zero))] if zero else []
            parts += [self.words("not finite at {layers}", layers=_listed(wild))] if wild else []
            told.append("; ".join(parts))
        return self.moving("p", told, {"class": "note alarm"}) if any(told) else ""

    def _dead(self) -> Iterator[str]:
        names = list({name: None for s in self.snapshots for name in s.dead})
        if not names:
            return
        items = []
        for name in names:
            pairs = [s.dead.get(name, (0, 0)) for s in self.snapshots]
            shares = [100 * dead / count if count else 0.0 for dead, count in pairs]
            told = [
                self.words("{dead} of {count} ({share} %)", dead=dead, count=count, share=f"{share:.0f}")
                for (dead, count), share in zip(pairs, shares, strict=True)
            ]
            bar = self.moving("rect", attributes={"width": [f"{share:.1f}" for share in shares], "height": "1"})
            share = f'<svg viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">{bar}</svg>'
            items.append(f"<li>{plain(self._called(name))}<div>{share}{self.moving('b', told)}</div></li>")
        yield card(
            self.words("Dead units of each relu"),
            self.words(
                "A unit is dead while it gives 0 for every sample measured: no gradient passes it. Named by the layer "
                "before the relu; the units of a convolution are its channels."
            ),
            f'<ul class="dead">{"".join(items)}</ul>',
        )

    def _kind(self, path: str) -> str:
        """The class of a parameter's layer."""
        layer = self.layers.get(path.rpartition(".")[0])
        return layer.kind if layer else ""

    def _called(self, path: str) -> str:
        """A layer by its path and class."""
        layer = self.layers.get(path)
        return " · ".join(filter(None, (path, layer.kind if layer else ""))) or self.words("network")


def _of(snapshot: Snapshot, name: str, what: str) -> float | None:
    layer = snapshot.layers.get(name)
    found: float | None = getattr(layer, what, None)
    return found


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:6]) + (", …" if len(names) > 6 else "")


def _legend(lines: Sequence[Line] | Sequence[Course]) -> str:
    items = "".join(f'<li class="{line.kind}">{plain(line.name)}</li>' for line in lines)
    return f'<ul class="legend">{items}</ul>'
