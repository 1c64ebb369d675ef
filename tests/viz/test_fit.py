"""All text has room where it stands: as a browser measures it, whatever fonts it has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autograd_core as ag
import nn
import viz

OVERFLOWING = """() => {
  const found = [];
  for (const group of document.querySelectorAll("g[data-key], g[data-arrow], g[data-scope]")) {
    const outer = group.querySelector("rect").getBBox();
    for (const text of group.querySelectorAll("text")) {
      const inner = text.getBBox();
      if (inner.x < outer.x || inner.x + inner.width > outer.x + outer.width ||
          inner.y < outer.y - 3 || inner.y + inner.height > outer.y + outer.height + 3) found.push(text.textContent);
    }
  }
  for (const text of document.querySelectorAll("text")) {
    const box = text.getBoundingClientRect(), page = text.ownerSVGElement.getBoundingClientRect();
    if (box.left < page.left || box.right > page.right || box.bottom > page.bottom) found.push(text.textContent);
  }
  return found;
}"""

rng = np.random.default_rng(0)


def network() -> Any:
    model = nn.Sequential(nn.Linear(4, 3), nn.Tanh(), nn.Linear(3, 2))
    loss = nn.functional.cross_entropy(model(ag.tensor(rng.normal(size=(5, 4)))), ag.tensor([0, 1, 1, 0, 1]))
    return loss, dict(model.named_parameters())


def attention() -> Any:
    model = nn.TransformerEncoderLayer(8, 2, 16)
    return (model(ag.tensor(rng.normal(size=(3, 4, 8)))) ** 2).sum(), dict(model.named_parameters())


def many_scripts() -> Any:
    names = ["輸入層的數值，很長", "ｗｉｄｅ", "مرحبا بالعالم", "ภาษาไทย", "𝔘𝔫𝔦 𝑤", "WWWMMM@@@", "áé", "∑∏∫√∞≈", "😀😀"]
    leaves = {name: ag.tensor([1.5, -float("inf")], requires_grad=True) for name in names}
    return sum((leaf * leaf for leaf in leaves.values()), ag.tensor(0.0)).sum(), leaves


@pytest.mark.browser
@pytest.mark.parametrize("result", [network, attention, many_scripts])
@pytest.mark.parametrize("fonts", ["", "DejaVu Sans, sans-serif"])
def test_no_text_is_cut_or_overlaps(opened: Callable[..., Any], result: Any, fonts: str) -> None:
    value, names = result()
    options: list[dict[str, Any]] = [{}, {"direction": "down"}, {"lang": "zh-TW", "depth": 9}]
    drawings = [viz.draw(value, names=names, **more) for more in options] + [viz.draw_backward(value, names=names)]
    style = f"<style>text {{ font-family: {fonts}; }}</style>" if fonts else ""
    page = opened(f'<meta charset="utf-8">{style}' + "".join(drawing.to_svg() for drawing in drawings))
    assert page.locator("g[data-key]").count() > 4 * 10
    assert page.evaluate(OVERFLOWING) == []
