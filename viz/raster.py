"""A drawing's SVG as PNG or PDF, by matplotlib: the same places and the same text, no other program needed."""

from __future__ import annotations

import io
import re
import warnings
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any, Literal

from .lettering import MONO

POINTS = 72
SHARP = 144
"""Dots per inch of a PNG, where a pixel of the SVG is a point."""

PIXELS = 40e6
"""A PNG with more pixels than this, or one longer than ``SIDE``, is made less sharp."""

SIDE = 60_000
PAGE = 14_400
"""The longest side of a page in points; larger drawings are made smaller to fit."""

EAST_ASIAN = re.compile(
    r"Noto Sans (Mono )?CJK|Noto Sans [TSHJK][CKPR]\b|Source Han Sans|PingFang|Microsoft JhengHei|Microsoft YaHei|"
    r"Heiti|Hiragino Sans|WenQuanYi|AR PL|TW-Sung|Droid Sans Fallback|Noto Serif CJK|Arial Unicode MS"
)
"""Fonts with Chinese characters, of which the first that is installed is taken."""

_NUMBER = re.compile(r"-?(?:\d+\.?\d*|\.\d+)(?:e-?\d+)?")
_PIECE = re.compile(r"([MLCHVZmlchvz])([^MLCHVZmlchvz]*)")
_UNSEEN = {"title", "desc", "style", "defs", "metadata"}
_INHERITED = (
    "color",
    "fill",
    "stroke",
    "stroke-width",
    "stroke-dasharray",
    "stroke-linecap",
    "font-size",
    "font-weight",
    "font-family",
    "text-anchor",
)
_ROUND = 0.5523  # where a curve's handles make a quarter of a circle

MISSING = 'saving as .{form} needs matplotlib: python -m pip install "autograd-core[demo]"; .svg and .html need nothing'


def render(svg: str, form: Literal["png", "pdf"]) -> bytes:
    """A drawing's SVG as an image or a page.

    Args:
        svg: a document of this package; no other SVG is understood.
        form: ``png`` or ``pdf``.

    Returns:
        The file's content.

    Raises:
        ImportError: matplotlib is missing.
    """
    try:
        import matplotlib
        from matplotlib.figure import Figure
    except ImportError as error:
        raise ImportError(MISSING.format(form=form)) from error
    root = ET.fromstring(svg)
    width, height = (float(root.get(side, 0)) for side in ("width", "height"))
    scale = min(1.0, PAGE / max(width, height)) if form == "pdf" else 1.0
    dpi = min(SHARP, POINTS * SIDE / max(width, height), POINTS * (PIXELS / (width * height)) ** 0.5)
    options: Any = (
        {"metadata": {"CreationDate": None}} if form == "pdf" else {"dpi": dpi, "metadata": {"Software": None}}
    )
    plain = {key: matplotlib.rcParamsDefault[key] for key in matplotlib.rcParamsDefault if key.startswith(_SETTINGS)}
    with matplotlib.rc_context(plain), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing from")  # it shows as an empty box
        figure = Figure(figsize=(width * scale / POINTS, height * scale / POINTS))
        _Painter(figure, height * scale, scale).paint(root)
        file = io.BytesIO()
        figure.savefig(file, format=form, **options)
    return file.getvalue()


_SETTINGS = ("font.", "lines.", "mathtext.", "patch.", "path.", "pdf.", "savefig.", "text.")


class _Painter:
    """Paints elements in their order, each over those before."""

    def __init__(self, figure: Any, height: float, scale: float) -> None:
        from matplotlib.transforms import Affine2D

        self.figure = figure
        self.scale = scale
        self.order = count()
        self.page = Affine2D().scale(scale).scale(1, -1).translate(0, height).scale(1 / POINTS) + figure.dpi_scale_trans
        self.families = {"sans": ["DejaVu Sans", *east_asian()], "mono": ["DejaVu Sans Mono", *east_asian()]}

    def paint(self, root: ET.Element) -> None:
        """The element and all in it; those that begin last are painted last."""
        size = float(root.get("width", 0)), float(root.get("height", 0))
        stack: list[tuple[ET.Element, Mapping[str, str], tuple[float, float], tuple[float, float], float]] = [
            (root, {}, (0.0, 0.0), size, 1.0)
        ]
        while stack:
            element, inherited, (x, y), size, opacity = stack.pop()
            kind = element.tag.rpartition("}")[2]
            if kind in _UNSEEN:
                continue
            look = {**inherited, **{name: value for name in _INHERITED if (value := element.get(name)) is not None}}
            opacity *= float(element.get("opacity", 1))
            if kind == "svg":
                x, y = x + float(element.get("x", 0)), y + float(element.get("y", 0))
                size = float(element.get("width", 0)), float(element.get("height", 0))
            if kind in ("svg", "g"):
                moved = _numbers(element.get("transform", "")) or [0.0, 0.0]
                place = x + moved[0], y + moved[1]
                stack += [(child, look, place, size, opacity) for child in reversed(element)]
            elif kind == "text":
                self._text(element, look, x, y, opacity)
            else:
                self._shape(element, _outline(kind, element, size), look, x, y, opacity)

    def _text(self, element: ET.Element, look: Mapping[str, str], x: float, y: float, opacity: float) -> None:
        from matplotlib.text import Text

        anchor = {"middle": "center", "end": "right"}.get(look.get("text-anchor", "start"), "left")
        text = Text(
            x + float(element.get("x", 0)),
            y + float(element.get("y", 0)),
            "".join(element.itertext()).replace("\u00a0", " "),
            size=float(look.get("font-size", 16)) * self.scale,
            color=look.get("fill", "#000000"),
            alpha=opacity,
            family=self.families["mono" if look.get("font-family") == MONO else "sans"],
            weight="bold" if look.get("font-weight", "400") in ("600", "700", "bold") else "normal",
            ha=anchor,
            va="baseline",
            parse_math=False,
            transform=self.page,
            zorder=next(self.order),
        )
        self.figure.add_artist(text)

    def _shape(
        self,
        element: ET.Element,
        outline: list[tuple[str, list[float]]],
        look: Mapping[str, str],
        x: float,
        y: float,
        opacity: float,
    ) -> None:
        from matplotlib.colors import to_rgba
        from matplotlib.patches import PathPatch
        from matplotlib.path import Path

        codes = {"M": Path.MOVETO, "L": Path.LINETO, "C": Path.CURVE4, "Z": Path.CLOSEPOLY}
        corners: list[tuple[float, float]] = []
        kinds: list[Any] = []
        for letter, numbers in outline:
            points = list(zip(numbers[::2], numbers[1::2], strict=True)) or [(0.0, 0.0)]
            corners += points
            kinds += [codes["L" if letter == "M" and i else letter] for i in range(len(points))]

        def colour(name: str, otherwise: str) -> Any:
            given = look.get(name, otherwise)
            given = look.get("color", "#000000") if given == "currentColor" else given
            return "none" if given == "none" else to_rgba(given, float(element.get(f"{name}-opacity", 1)) * opacity)

        dashes = _numbers(look.get("stroke-dasharray", ""))
        width = float(look.get("stroke-width", 1)) * self.scale
        patch = PathPatch(
            Path([(x + a, y + b) for a, b in corners], kinds),
            facecolor=colour("fill", "#000000"),
            edgecolor=colour("stroke", "none"),
            linewidth=width if look.get("stroke", "none") != "none" else 0,
            linestyle=(0, [dash * self.scale / width for dash in dashes]) if dashes else "solid",
            joinstyle="round",
            capstyle=look.get("stroke-linecap", "butt"),
            transform=self.page,
            zorder=next(self.order),
        )
        self.figure.add_artist(patch)


def _numbers(text: str) -> list[float]:
    return [float(found) for found in _NUMBER.findall(text)]


def _pieces(path: str) -> Iterator[tuple[str, list[float]]]:
    """The moves, lines and curves of a path, all in places on the page."""
    start = here = (0.0, 0.0)
    for letter, rest in _PIECE.findall(path):
        kind, numbers = letter.upper(), _numbers(rest)
        x, y = here if letter.islower() else (0.0, 0.0)
        if kind == "H":
            numbers = [part for number in numbers for part in (x + number, here[1])]
        elif kind == "V":
            numbers = [part for number in numbers for part in (here[0], y + number)]
        else:
            numbers = [number + (y if i % 2 else x) for i, number in enumerate(numbers)]
        here = start if kind == "Z" else (numbers[-2], numbers[-1])
        start = here if kind == "M" else start
        yield "L" if kind in "HV" else kind, numbers


def _outline(kind: str, element: ET.Element, size: tuple[float, float]) -> list[tuple[str, list[float]]]:
    """A shape as moves, lines and curves."""
    if kind == "path":
        return list(_pieces(element.get("d", "")))
    if kind != "rect":
        raise NotImplementedError(f"<{kind}> in a drawing")

    def length(name: str, whole: float = 0.0) -> float:
        text = element.get(name, "0")
        return whole * float(text[:-1]) / 100 if text.endswith("%") else float(text)

    x, y, width, height = length("x"), length("y"), length("width", size[0]), length("height", size[1])
    r = min(length("rx"), width / 2, height / 2)
    k, right, bottom = r * (1 - _ROUND), x + width, y + height
    return [
        ("M", [x + r, y]),
        ("L", [right - r, y]),
        ("C", [right - k, y, right, y + k, right, y + r]),
        ("L", [right, bottom - r]),
        ("C", [right, bottom - k, right - k, bottom, right - r, bottom]),
        ("L", [x + r, bottom]),
        ("C", [x + k, bottom, x, bottom - k, x, bottom - r]),
        ("L", [x, y + r]),
        ("C", [x, y + k, x + k, y, x + r, y]),
        ("Z", []),
    ]


def east_asian() -> list[str]:
    """An installed font with Chinese characters, the one for Traditional Chinese if there are several."""
    from matplotlib.font_manager import fontManager

    found = {font.name for font in fontManager.ttflist if EAST_ASIAN.match(font.name)}
    return sorted(found, key=lambda name: ("Sans" not in name, "Mono" in name, "TC" not in name, name))[:1]
