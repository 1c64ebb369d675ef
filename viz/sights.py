"""The pictures of a training page: what a network gives each place of the plane, its filters and feature maps."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from html import escape
from typing import Any

from . import images
from .figures import number
from .images import Image
from .moving import Moving
from .png import SIGNED, Colour
from .report import card, figure, plain
from .snapshot import Snapshot
from .words import Words

MOST_POINTS = 300
"""So many samples are shown in the plane."""

MOST_BYTES = 1_400_000
"""So much room feature maps may take."""

_PLANE, _EDGE = 330, 40


def layers_seen(
    moving: Moving, words: Words, snapshots: Sequence[Snapshot], image: Any, called: Callable[[str], str]
) -> Iterator[str]:
    """Filters and feature maps, if they were recorded.

    Args:
        moving: collects what moves.
        words: of the language.
        snapshots: one for each frame.
        image: the input of which the maps are, (channels, height, width).
        called: names a layer, by path.

    Yields:
        A card.
    """
    maps = [name for name in _common(snapshots) if name.startswith("maps ")]
    if not maps:
        return
    about = words("What the channels of the first convolution look for")
    if snapshots[-1].pictures["filters"].palette:
        about += words(" (red counts for it, blue against)")
    first = called(maps[0].removeprefix("maps "))
    seen = words("the image")
    content = [
        figure(_image(moving, snapshots, "filters", 300, about), words("filters of {layer}", layer=first)),
        figure(f'<img alt="{escape(seen)}" width="96" src="{images.sample(image).uri()}">', seen),
    ]
    for name in _affordable(snapshots, maps):
        label = words("maps of {layer}", layer=called(name.removeprefix("maps ")))
        content.append(figure(_image(moving, snapshots, name, 340, label), label))
    about += words("; an image, and what each convolution makes of it where that is above 0.")
    yield card(words("Filters and feature maps"), about, "".join(content))


def _affordable(snapshots: Sequence[Snapshot], maps: Sequence[str]) -> list[str]:
    """So many of the layers with maps, evenly from the first to the last, as a page has room for; at least one."""
    size = {name: sum(map(len, {snapshot.pictures[name].uri() for snapshot in snapshots})) for name in maps}
    chosen = list(maps)
    while len(chosen) > 1 and sum(size[name] for name in chosen) > MOST_BYTES:
        chosen = images.spaced(maps, len(chosen) - 1)
    return chosen


def _common(snapshots: Sequence[Snapshot]) -> list[str]:
    return [name for name in snapshots[-1].pictures if all(name in snapshot.pictures for snapshot in snapshots)]


def _image(moving: Moving, snapshots: Sequence[Snapshot], name: str, widest: int, label: str) -> str:
    shown = [snapshot.pictures[name] for snapshot in snapshots]
    width = min(widest, 2 * shown[-1].pixels.shape[1])
    attributes = {"alt": label, "width": str(width), "src": [picture.uri() for picture in shown]}
    return moving("img", attributes=attributes).removesuffix("</img>")


def plane(
    moving: Moving, words: Words, snapshots: Sequence[Snapshot], x: Any, y: Any, classes: Sequence[str]
) -> Iterator[str]:
    """What the network gives each place of the plane, and the samples, if that was recorded.

    Args:
        moving: collects what moves.
        words: of the language.
        snapshots: one for each frame.
        x: the samples.
        y: their targets.
        classes: names of classes, as far as they are known.

    Yields:
        A card.
    """
    if "region" not in _common(snapshots):
        return
    shown: list[Image] = [snapshot.pictures["region"] for snapshot in snapshots]
    left, right, bottom, top = images.bounds(x)
    heights = shown[-1].palette is SIGNED
    ground = {"x": f"{_EDGE}", "y": "4", "width": f"{_PLANE}", "height": f"{_PLANE}", "preserveAspectRatio": "none"}
    content = [moving("image", attributes=ground | {"href": [picture.uri() for picture in shown]})]
    colours = _colours(y, heights)
    for (across, up), colour in zip(x[:MOST_POINTS].tolist(), colours, strict=False):
        if math.isfinite(across) and math.isfinite(up):
            at = _EDGE + (across - left) / (right - left) * _PLANE, 4 + (top - up) / (top - bottom) * _PLANE
            content.append(f'<circle cx="{at[0]:.1f}" cy="{at[1]:.1f}" r="3.2" fill="{colour}"/>')
    for place, value, anchor in ((_EDGE, left, "start"), (_EDGE + _PLANE, right, "end")):
        content.append(f'<text x="{place}" y="{_PLANE + 18}" text-anchor="{anchor}">{number(short(value))}</text>')
    for place, value in ((_PLANE, bottom), (14, top)):
        content.append(f'<text x="{_EDGE - 3}" y="{place}" text-anchor="end">{number(short(value))}</text>')
    if heights:
        title = words("What the network gives")
        about = words(
            "Its output for each place, and the samples measured with their targets, scaled as it takes them."
        )
    else:
        title = words("Decision regions")
        about = words(
            "Which class the network gives each place, the stronger the more certain; and the samples measured, "
            "scaled as it takes them."
        )
    legend = "" if heights else _legend(words, images.kinds(y), classes)
    notes = [_note(words, picture, heights) for picture in shown]
    yield card(
        title,
        about,
        legend + f'<svg class="{"plane heights" if heights else "plane"}" role="img" aria-label="{escape(title)}" '
        f'viewBox="0 0 {_PLANE + _EDGE + 4} {_PLANE + 24}">{"".join(content)}</svg>'
        + (moving("p", notes, {"class": "note"}) if any(notes) else ""),
    )


def _colours(y: Any, heights: bool) -> list[str]:
    """The colour of each sample: of its class, or on the scale of the targets."""
    kinds = images.kinds(y)
    if kinds is not None and not heights:
        found = [images.COLOURS[kind % len(images.COLOURS)] for kind in kinds.tolist()]
    else:
        low, high = images.ends(y)
        found = [
            SIGNED[round((value - low) / (high - low) * 254)] if math.isfinite(value) else SIGNED[255]
            for value in y.reshape(len(y), -1)[:, 0].astype(float).tolist()
        ]
    return list(map(_css, found))


def _css(colour: Colour) -> str:
    return f"#{bytes(colour).hex()}"


def _legend(words: Words, kinds: Any, classes: Sequence[str]) -> str:
    """Which colour stands for which class; nothing if there are more classes than colours."""
    count = max(int(kinds.max()) + 1, len(classes))
    if count > len(images.COLOURS):
        return ""
    names = [*classes, *range(len(classes), count)]
    items = (
        f'<li style="--own: {_css(colour)}">{plain(words("class {name}", name=name))}</li>'
        for name, colour in zip(names, images.COLOURS, strict=False)
    )
    return f'<ul class="legend">{"".join(items)}</ul>'


def _note(words: Words, picture: Image, heights: bool) -> str:
    parts = []
    if heights:
        ends = {"low": number(short(picture.low)), "high": number(short(picture.high))}
        parts.append(words("blue {low}, red {high}", **ends))
    if (picture.pixels == len(picture.palette) - 1).any():
        parts.append(words("grey: not finite"))
    return " · ".join(parts)


def short(value: float) -> float:
    """A number with three digits."""
    return float(f"{value:.3g}")
