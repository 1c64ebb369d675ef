"""PNG and PDF by matplotlib: of the same size as the SVG, coloured where it is, whatever stands in it."""

from __future__ import annotations

import io
import re
import zlib
from typing import Any

import numpy as np
import pytest

import autograd_core as ag
import nn
import viz
from viz import raster
from viz.style import FILLS

matplotlib = pytest.importorskip("matplotlib")


def pixels(png: bytes) -> Any:
    import matplotlib.image

    return np.round(matplotlib.image.imread(io.BytesIO(png), format="png")[..., :3] * 255).astype(int)


def small() -> ag.Tensor:
    x, w = ag.tensor(2.0, requires_grad=True), ag.tensor(-3.0, requires_grad=True)
    x.name, w.name = "x", "w"
    return ag.tanh(x * w + x)


def pictures() -> dict[str, viz.Drawing]:
    model = nn.Sequential(nn.Linear(2, 2), nn.Tanh(), nn.Linear(2, 1))
    loss = model(ag.ones(30, 2)).sum()
    return {
        "forward": viz.draw(small()),
        "down": viz.draw(small(), direction="down"),
        "backward": viz.draw_backward(small(), forward=False),
        "both": viz.draw_backward(small()),
        "network": viz.draw(loss),
        "folded": viz.draw(loss, depth=0),
        "shapes": viz.draw(loss, detail="shapes", lang="zh-TW"),
        "infinite": viz.draw(ag.tensor([np.inf, np.nan], requires_grad=True) * 2),
    }


PICTURES = pictures()


@pytest.mark.parametrize("name", PICTURES)
def test_png_has_the_size_and_the_boxes_of_the_svg(name: str) -> None:
    drawing = PICTURES[name]
    found = re.search(r'width="([\d.]+)" height="([\d.]+)"', drawing.to_svg())
    assert found is not None
    image = pixels(drawing.to_png())
    height, width = image.shape[:2]
    assert (width, height) == pytest.approx((2 * float(found[1]), 2 * float(found[2])), abs=2)
    seen = np.unique(image @ [1 << 16, 1 << 8, 1])
    channels = np.stack([seen >> 16, seen >> 8 & 255, seen & 255], axis=1)
    for role in {box.role for box in drawing.picture.boxes}:
        fill = [int(FILLS[role][0][i : i + 2], 16) for i in (1, 3, 5)]
        assert abs(channels - fill).max(axis=1).min() <= 1, role
    assert tuple(image[0, 0]) == (255, 255, 255)


def test_a_box_stands_where_the_svg_has_it() -> None:
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="100" height="60">'
        '<rect width="100%" height="100%" fill="#ffffff"/><g transform="translate(10 5)" fill="#ff0000">'
        '<rect x="10" y="10" width="30" height="20" rx="0"/><path d="M60 10h20V30H60Zm5 5l5 0" fill="#0000ff"/></g>'
        '<svg x="50" y="40" width="20" height="10"><rect width="100%" height="100%" fill="#00ff00"/></svg></svg>'
    )
    image = pixels(raster.render(svg, "png"))
    assert image.shape == (120, 200, 3)
    red, green, blue = ((image == np.eye(3, dtype=int)[i] * 255).all(-1) for i in range(3))
    for colour, (left, right, top, bottom) in (
        (red, (20, 50, 15, 35)),
        (blue, (70, 90, 15, 35)),
        (green, (50, 70, 40, 50)),
    ):
        rows, columns = np.nonzero(colour)
        ends = [columns.min() / 2, (columns.max() + 1) / 2, rows.min() / 2, (rows.max() + 1) / 2]
        assert ends == pytest.approx([left, right, top, bottom], abs=0.6)


def test_pdf_has_the_text(monkeypatch: pytest.MonkeyPatch) -> None:
    page = PICTURES["forward"].to_pdf()
    assert b"/MediaBox" in page
    streams = b"".join(
        zlib.decompress(found) for found in re.findall(rb"stream\r?\n(x.*?)endstream", page, re.DOTALL) if found
    )
    assert b"tanh" in streams or b"BT" in streams


@pytest.mark.parametrize("name", ["$x_1$", "$", r"\frac{1}", "%{}^~#&", "重み\u200b", "\U0010ffff", "👍", "a\nb"])
@pytest.mark.parametrize("form", ["png", "pdf"])
def test_any_name_is_drawn_as_it_is(name: str, form: Any) -> None:
    x = ag.tensor(2.0, requires_grad=True)
    x.name = name
    assert len(raster.render(viz.draw(x * 2).to_svg(), form)) > 1000


def test_settings_of_the_user_do_not_matter() -> None:
    plain = PICTURES["forward"].to_png()
    with matplotlib.rc_context(
        {"font.size": 40, "path.sketch": (1, 100, 2), "text.color": "red", "savefig.bbox": "tight"}
    ):
        assert PICTURES["forward"].to_png() == plain
        assert matplotlib.rcParams["font.size"] == 40


@pytest.mark.parametrize("form", ["png", "pdf"])
def test_the_same_drawing_gives_the_same_bytes(form: Any) -> None:
    assert raster.render(PICTURES["both"].to_svg(), form) == raster.render(PICTURES["both"].to_svg(), form)


def test_large_drawings_stay_within_what_files_can_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    svg = '<svg width="{}" height="30"><rect width="100%" height="100%" fill="#00ff00"/></svg>'
    assert b"/MediaBox [ 0 0 14400 " in raster.render(svg.format(40_000), "pdf")
    monkeypatch.setattr(raster, "PIXELS", 1e4)
    assert pixels(raster.render(svg.format(1000), "png")).shape[:2] == pytest.approx((17, 577), abs=1)


def test_what_is_not_understood_is_not_left_out() -> None:
    with pytest.raises(NotImplementedError, match="<circle>"):
        raster.render('<svg width="10" height="10"><circle r="3"/></svg>', "png")
