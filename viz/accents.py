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

    An operation has one colour, and so have the sums that it causes and the arrows to and from it;
    what an arrow connects differs as far as there are colours.

    Args:
        picture: the picture.

    Returns:
        Ties to colours; empty for a picture of one graph.
    """
    if not picture.halves:
        return {}
    tied = [*(box.tie for box in picture.boxes), *(arrow.tie for arrow in picture.arrows)]
    ties = dict.fromkeys(filter(None, tied))
    neighbours: dict[str, set[str]] = {}
    for arrow in picture.arrows:
        ends = _operation(picture.boxes[arrow.source].tie), _operation(picture.boxes[arrow.target].tie)
        for one, other in (ends, ends[::-1]):
            neighbours.setdefault(one, set()).add(other)
    colours: dict[str, str] = {}
    for operation in dict.fromkeys(map(_operation, ties)):
        start = len(colours) % len(ACCENTS)
        near = {colours.get(other) for other in neighbours.get(operation, ())}
        choice = (*ACCENTS[start:], *ACCENTS[:start])
        colours[operation] = next((colour for colour in choice if colour not in near), choice[0])
    return {tie: colours[_operation(tie)] for tie in ties}


def _operation(tie: str) -> str:
    """The operation that a sum or an arrow belongs to."""
    return tie.partition("-")[0]


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
