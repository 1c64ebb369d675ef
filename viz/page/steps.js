"use strict";
// Steps through a drawing, one box after the other.
const { order, words } = JSON.parse(document.getElementById("data").textContent);
const all = (selector) => Array.from(document.querySelectorAll(selector));
const boxes = new Map(all("g[data-key]").map((box) => [box.dataset.key, box]));
const arrows = all("[data-arrow]");
const text = document.getElementById("step");
let at = order.length;

function show(number) {
  at = Math.max(0, Math.min(order.length, number));
  const done = new Set(order.slice(0, at));
  const whole = at === order.length;
  for (const [key, box] of boxes) {
    box.classList.toggle("later", !done.has(key));
    box.classList.toggle("now", !whole && key === order[at - 1]);
  }
  for (const arrow of arrows) {
    const seen = done.has(arrow.dataset.from) && done.has(arrow.dataset.to);
    arrow.classList.toggle("later", !seen);
    const head = arrow.nextElementSibling;
    if (head && head.matches("path:not([data-arrow])")) head.classList.toggle("later", !seen);
  }
  const box = boxes.get(order[at - 1]);
  const parts = { at, count: order.length, text: box && box.querySelector("title").textContent };
  text.textContent = box ? words.step.replace(/{(\w+)}/g, (_, name) => parts[name]) : words.start;
  if (box && !whole) box.scrollIntoView({ block: "nearest", inline: "nearest" });
}

document.getElementById("back").onclick = () => show(at - 1);
document.getElementById("next").onclick = () => show(at === order.length ? 1 : at + 1);
document.getElementById("all").onclick = () => show(order.length);
fitted(document.querySelector("main"), document.getElementById("fit"));
document.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (event.key === "ArrowRight") document.getElementById("next").click();
  else if (event.key === "ArrowLeft") document.getElementById("back").click();
  else if (event.key === "Home") show(0);
  else if (event.key === "End") show(order.length);
  else return;
  event.preventDefault();
});
