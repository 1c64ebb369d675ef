"""A picture as a page that opens offline and can be stepped through, one box after the other."""

from __future__ import annotations

import json
from html import escape

from .picture import Picture
from .svg import svg

_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy"
  content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>{title}</title>
<style>
body {{ margin: 0; font: 15px/1.5 system-ui, sans-serif; color: #1f2937; background: #fff; }}
header {{ position: sticky; top: 0; background: #fff; border-bottom: 1px solid #e2e6ec; padding: 10px 20px; }}
h1 {{ font-size: 17px; margin: 0 0 6px; }}
button {{ font: inherit; padding: 3px 12px; margin-right: 6px; border: 1px solid #8a94a3; border-radius: 6px;
  background: #f7f8fa; color: inherit; cursor: pointer; }}
button:hover {{ background: #eceff4; }}
button:focus-visible {{ outline: 3px solid #5b86cf; }}
#step {{ min-height: 1.5em; margin: 6px 0 0; }}
main {{ overflow: auto; }}
main.fit svg {{ max-width: 100%; height: auto; }}
.later {{ opacity: 0.12; }}
.now rect {{ stroke-width: 3; }}
</style>
</head>
<body>
<header>
<h1>{title}</h1>
<button id="back">◀ Back</button>
<button id="next">Step ▶</button>
<button id="all">Show all</button>
<button id="fit" aria-pressed="false">Fit to window</button>
<p id="step" aria-live="polite">Step through the computation with the buttons or the arrow keys.</p>
</header>
<main>
{svg}
</main>
<script>
const order = {order};
const all = (selector) => Array.from(document.querySelectorAll(selector));
const boxes = new Map(all("g[data-key]").map((box) => [box.dataset.key, box]));
const arrows = all("[data-from]");
const text = document.getElementById("step");
let at = order.length;
function show(number) {{
  at = Math.max(0, Math.min(order.length, number));
  const done = new Set(order.slice(0, at));
  const whole = at === order.length;
  for (const [key, box] of boxes) {{
    box.classList.toggle("later", !done.has(key));
    box.classList.toggle("now", !whole && key === order[at - 1]);
  }}
  for (const arrow of arrows) {{
    const seen = done.has(arrow.dataset.from) && done.has(arrow.dataset.to);
    arrow.classList.toggle("later", !seen);
    const head = arrow.nextElementSibling;
    if (head && head.matches("path:not([data-from])")) head.classList.toggle("later", !seen);
  }}
  const box = boxes.get(order[at - 1]);
  text.textContent = box ? at + " of " + order.length + ": " + box.querySelector("title").textContent : "";
  if (box && !whole) box.scrollIntoView({{ block: "nearest", inline: "nearest" }});
}}
document.getElementById("back").onclick = () => show(at - 1);
document.getElementById("next").onclick = () => show(at === order.length ? 1 : at + 1);
document.getElementById("all").onclick = () => show(order.length);
document.getElementById("fit").onclick = (event) => {{
  const fitted = document.querySelector("main").classList.toggle("fit");
  event.target.setAttribute("aria-pressed", fitted);
}};
document.addEventListener("keydown", (event) => {{
  if (event.key === "ArrowRight") document.getElementById("next").click();
  else if (event.key === "ArrowLeft") document.getElementById("back").click();
  else return;
  event.preventDefault();
}});
</script>
</body>
</html>
"""


def page(picture: Picture, down: bool = False) -> str:
    """The picture as a self-contained HTML page.

    Args:
        picture: what to draw.
        down: whether it runs from top to bottom, not from left to right.

    Returns:
        The page.
    """
    order = json.dumps([box.key for box in picture.boxes])
    return _PAGE.format(title=escape(picture.title), svg=svg(picture, down, embedded=True), order=order)
