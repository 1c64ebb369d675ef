"""How a reader sees which boxes belong together: a stripe of one colour, and a frame on pointing at one."""

from __future__ import annotations

from .picture import Picture

ACCENTS = (
    "#1d6fb8",
    "#c2410c",
    "#15803d",
    "#a21caf",
    "#a16207",
    "#0e7490",
    "#be123c",
    "#6d28d9",
    "#4d7c0f",
    "#9d174d",
    "#0f766e",
    "#4338ca",
)
"""The colours of the stripes, each with enough contrast to white."""

POINTED = 400
"""In pictures with more ties than this pointing at one shows nothing: browsers would become slow."""


def accents(picture: Picture) -> dict[str, str]:
    """The colour of each tie in a picture of both graphs.

    An operation has one colour, and so have the sums that it causes and the arrows to and from it.

    Args:
        picture: the picture.

    Returns:
        Ties to colours; empty for a picture of one graph.
    """
    if not picture.halves:
        return {}
    operations: dict[str, str] = {}
    found = {}
    for item in (*picture.boxes, *picture.arrows):
        if item.tie:
            operation = item.tie.partition("-")[0]
            colour = operations.setdefault(operation, ACCENTS[len(operations) % len(ACCENTS)])
            found[item.tie] = colour
    return found


def rules(picture: Picture, name: str) -> str:
    """The style sheet that frames everything with the tie of what a reader points at.

    Args:
        picture: the picture.
        name: the id of its ``<svg>`` element, so that others on the page are left alone.

    Returns:
        The rules; "" where nothing is tied.
    """
    ties = list(accents(picture))
    if not ties or len(ties) > POINTED:
        return ""
    selectors = []
    for tie in ties:
        these = f'[data-tie="{tie}"]' if "-" in tie else f'[data-tie="{tie}"],[data-tie^="{tie}-in"]'
        selectors.append(f'#{name}:has([data-tie="{tie}"]:hover) :is({these})')
    boxes = ",\n".join(f"{selector}>rect" for selector in selectors)
    lines = ",\n".join(f"{selector}:is(path)" for selector in selectors)
    return f"{boxes},\n{lines}{{stroke:currentColor;stroke-width:3}}"
