"use strict";
// Plays the script of viz/stage.py on the picture, and computes the graph anew when a leaf is changed.

const data = JSON.parse(document.getElementById("data").textContent);
const { nodes, uses, steps, words, program, colours } = data;
const find = (id) => document.getElementById(id);
const every = (selector, from = document) => Array.from(from.querySelectorAll(selector));
const picture = document.querySelector("#graph > svg");
const boxes = new Map(every("g[data-key]", picture).map((box) => [box.dataset.key, box]));
const paths = new Map(every("path[data-arrow]", picture).map((path) => [Number(path.dataset.arrow), path]));
const labels = new Map(every("g[data-arrow]", picture).map((label) => [Number(label.dataset.arrow), label]));
const lines = (group) => every(":scope > text", group);
const calm = window.matchMedia("(prefers-reduced-motion: reduce)");

const given = {
  values: nodes.map((node) => known(node.value)),
  gradients: nodes.map((node) => known(node.gradient)),
  slopes: uses.map((use) => known(use.slope)),
  parts: uses.map((use) => known(use.part)),
};
const stepOf = { value: new Map(), use: new Map(), box: new Map() };
steps.forEach(([kind, i], k) => kind in stepOf && stepOf[kind].set(i, k + 1));
const start = steps.findIndex(([kind]) => kind !== "value") + 1 || Infinity;
const root = nodes.length - 1;

let numbers = given;
let leaves = given.values.slice();
let at = 0;
let timer = 0;
let pinned = -1;
let printing = false;

function known(value) {
  return value && value.data ? read(value) : value;
}

// Numbers in texts

/** The sum of a node's contributions up to a step; where they are not all known, none. */
function collected(i, until) {
  const arrived = nodes[i].arriving.filter((j) => stepOf.use.get(j) <= until);
  const parts = arrived.map((j) => numbers.parts[j]);
  if (arrived.length === nodes[i].arriving.length) return [numbers.gradients[i], arrived.length];
  if (!parts.every((part) => part && part.data)) return [null, arrived.length];
  return [parts.reduce((a, b) => (a ? elementwise("add", a.type, a.shape, [a, b]) : b), null), arrived.length];
}

const SLOTS = {
  v: (i) => numbers.values[i],
  g: (i) => numbers.gradients[i],
  s: (j) => numbers.slopes[j],
  p: (j) => numbers.parts[j],
  q: (j) => numbers.parts[j],
  t: (j) => collected(uses[j].to, stepOf.use.get(j))[0],
};

function told(template) {
  return template.replace(/\0([a-zA-Z])(\d+)\0/g, (_, letter, place) => {
    const text = inline(SLOTS[letter.toLowerCase()](Number(place)), words, letter === "q");
    return letter !== letter.toLowerCase() && text.startsWith("−") ? `(${text})` : text;
  });
}

function write(texts, from, found) {
  found.forEach(([text, fine], k) => {
    const line = texts[from + k];
    if (!line) return;
    line.removeAttribute("textLength");
    line.textContent = text;
    line.classList.toggle("bad", !fine);
  });
}

/** Texts wider than their box are pressed together. */
function fit(group) {
  const room = Number(group.querySelector("rect").getAttribute("width")) - 8;
  for (const line of lines(group)) {
    if (line.getComputedTextLength() <= room) continue;
    line.setAttribute("textLength", room);
    line.setAttribute("lengthAdjust", "spacingAndGlyphs");
  }
}

const exact = (value) => (!value || !value.data ? "" : value.shape.length ? `[${value.data.join(", ")}]` : String(value.data[0]));

/** What a box says of its value. */
function valueLines(i) {
  const { name } = nodes[i], value = numbers.values[i];
  if (value.data) return equation(name, value, words);
  return value.more ? [[`${name}: ${value.text}`, true], [value.more, true]] : [[`${name}: ${value.text}`, true]];
}

/** Writes all numbers, after they changed. */
function refresh() {
  nodes.forEach((node, i) => {
    const box = boxes.get(node.key), value = numbers.values[i];
    if (!node.valueLines || !value) return;
    box.dataset.value = exact(value);
    box.dataset.gradient = exact(numbers.gradients[i]);
    write(lines(box), node.valueLines[0], valueLines(i));
    box.querySelector("title").textContent = told(node.derivation[0]);
  });
  uses.forEach((use, j) => {
    const path = paths.get(use.arrow), label = labels.get(use.arrow);
    path.dataset.slope = exact(numbers.slopes[j]);
    path.dataset.part = exact(numbers.parts[j]);
    if (!label) return;
    const fine = finite(numbers.parts[j] || {});
    write(lines(label), 0, use.labels.map((text, k) => [told(text), k === 0 || fine]));
    label.querySelector("title").textContent = use.labels.map(told).join(", ");
  });
  find("derivations").replaceChildren(find("derivations").querySelector("h2"), ...nodes.map((node) => {
    const part = document.createElement("div"), head = document.createElement("h3"), body = document.createElement("ol");
    head.textContent = node.name;
    body.replaceChildren(...derivation(node));
    part.replaceChildren(head, body);
    return part;
  }));
  pin(pinned);
  show(at);
  boxes.forEach((box) => {
    const bad = box.querySelector(":scope > text.bad");
    box.querySelector("rect").setAttribute("stroke", colours[bad ? "not finite" : box.dataset.role]);
    fit(box);
  });
  labels.forEach(fit);
}

function derivation(node) {
  return node.derivation.map((template) => {
    const item = document.createElement("li");
    item.textContent = told(template);
    return item;
  });
}

// Steps

function gradientOf(node, i, until) {
  const box = boxes.get(node.key), [from, count] = node.gradientLines, texts = lines(box);
  let seen = stepOf.box.has(i) && stepOf.box.get(i) <= until;
  if (!stepOf.box.size && count) {
    const [sum, arrived] = i === root ? [numbers.gradients[i], 0] : collected(i, until);
    const whole = i === root || arrived === node.arriving.length;
    seen = i === root ? start <= until : arrived > 0;
    if (sum && sum.data) {
      const found = equation(node.gradientName, sum, words);
      if (!whole) found[0][0] += ` (${arrived}/${node.arriving.length})`;
      write(texts, from, found);
    }
  }
  texts.slice(from, from + count).forEach((line) => line.classList.toggle("later", !seen));
}

function show(number) {
  at = Math.max(0, Math.min(steps.length, number));
  const until = printing ? steps.length : at;
  const [kind, current, template] = steps[at - 1] || [];
  nodes.forEach((node, i) => {
    const box = boxes.get(node.key), seen = stepOf.value.get(i) <= until;
    const [from, count] = node.valueLines, texts = lines(box).slice(from, from + count);
    box.classList.toggle("later", !seen);
    texts.forEach((line, k) => line.classList.toggle("later", !seen && !(node.leaf && k === 0)));
    if (node.leaf) write(texts, 0, seen ? valueLines(i).slice(0, 1) : [[node.name, true]]);
    for (const key of node.beside) boxes.get(key).classList.toggle("later", !seen);
    gradientOf(node, i, until);
    const target = kind === "use" ? uses[current].to : current;
    box.classList.toggle("now", !printing && i === target);
  });
  paths.forEach((path) => {
    const seen = !boxes.get(path.dataset.to).classList.contains("later");
    path.classList.toggle("later", !seen);
    path.classList.remove("now");
  });
  uses.forEach((use, j) => {
    const now = !printing && kind === "use" && current === j, label = labels.get(use.arrow);
    paths.get(use.arrow).classList.toggle("now", now);
    if (!label) return;
    label.classList.add("label");
    label.classList.toggle("later", !(stepOf.use.get(j) <= until));
    label.classList.toggle("now", now);
  });
  const parts = { at, count: steps.length, text: template && told(template) };
  find("step").textContent = template ? fill(kind === "value" ? words.forward : words.backward, parts) : words.begin;
  find("scrub").value = at;
  find("scrub").setAttribute("aria-valuetext", find("step").textContent);
  find("token")?.remove();
}

/** Keeps what happens in sight, inside the graph's own frame. */
function follow() {
  const frame = find("graph"), now = picture.querySelector("g.now");
  if (!now || (frame.scrollWidth <= frame.clientWidth && frame.scrollHeight <= frame.clientHeight)) return;
  const inner = now.getBoundingClientRect(), outer = frame.getBoundingClientRect();
  frame.scrollLeft += inner.left + inner.width / 2 - outer.left - outer.width / 2;
  frame.scrollTop += inner.top + inner.height / 2 - outer.top - outer.height / 2;
}

function go(number) {
  show(number);
  follow();
}

const delay = () => 1600 / Number(find("speed").value);

function forth() {
  go(at + 1);
  if (calm.matches) return;
  const [kind, i] = steps[at - 1];
  const ways = kind === "use" ? [paths.get(uses[i].arrow)] : [...paths.values()].filter((path) => kind === "value" && path.dataset.to === nodes[i].key);
  if (ways.length) travel(ways[ways.length - 1], kind === "use");
}

/** A dot runs along an edge, as the value or the gradient does. */
function travel(path, backward) {
  const token = document.createElementNS(picture.namespaceURI, "circle");
  const length = path.getTotalLength(), lasts = Math.min(700, delay() * 0.6), began = performance.now();
  token.id = "token";
  token.setAttribute("r", 6);
  token.classList.toggle("forward", !backward);
  path.parentNode.parentNode.append(token); // above boxes and labels
  const move = (time) => {
    const share = Math.min(1, Math.max(0, (time - began) / lasts));
    const point = path.getPointAtLength(length * (backward ? 1 - share : share));
    token.setAttribute("cx", point.x);
    token.setAttribute("cy", point.y);
    if (share === 1 || !token.isConnected) token.remove();
    else requestAnimationFrame(move);
  };
  move(began);
}

function play(on) {
  clearTimeout(timer);
  timer = 0;
  if (on) {
    if (at === steps.length) go(0);
    const next = () => {
      forth();
      if (at < steps.length) timer = setTimeout(next, delay());
      else play(false);
    };
    timer = setTimeout(next, 0);
  }
  find("play").textContent = on ? `❚❚ ${words.pause}` : `▶ ${words.play}`;
  find("play").setAttribute("aria-pressed", on);
}

function halt(then) {
  play(false);
  then();
}

const ACTIONS = {
  first: () => halt(() => go(0)),
  back: () => halt(() => go(at - 1)),
  next: () => halt(() => at < steps.length && forth()),
  last: () => halt(() => go(steps.length)),
  play: () => play(!timer),
  unpin: () => pin(-1),
};
const KEYS = { ArrowLeft: "back", ArrowRight: "next", Home: "first", End: "last", " ": "play", Escape: "unpin" };

// Derivations

function pin(i) {
  pinned = i;
  const panel = find("pinned");
  panel.hidden = i < 0;
  nodes.forEach((node, k) => boxes.get(node.key).setAttribute("aria-pressed", k === i));
  if (i < 0) return;
  panel.querySelector("h2").textContent = fill(words.pinned, { name: nodes[i].name });
  panel.querySelector("ol").replaceChildren(...derivation(nodes[i]));
  const { name, gradientName } = nodes[i];
  const whole = [[name, numbers.values[i]], [gradientName, numbers.gradients[i]]].filter(([, value]) => exact(value));
  find("digits").textContent = whole.length ? `${words.digits} ${whole.map(([left, value]) => `${left} = ${exact(value)}`).join("; ")}` : "";
}

// Leaves

/** The shortest decimal that is this number in its dtype. */
function shortest(x, type) {
  for (let digits = 1; type !== "d" && digits < 10; digits += 1) {
    if (ROUND[type](Number(x.toPrecision(digits))) === x) return String(Number(x.toPrecision(digits)));
  }
  return String(x);
}

function slider(i) {
  const first = given.values[i], type = first.type, x = Number.isFinite(first.data[0]) ? first.data[0] : 0;
  const row = document.createElement("div"), label = document.createElement("label");
  const range = document.createElement("input"), field = document.createElement("input");
  const reach = 10 ** Math.ceil(Math.log10(Math.max(Math.abs(x), 1e-300) * 2));
  const unit = x === 0 ? 0.01 : reach / 100, span = x === 0 ? 2 : Math.max(Math.abs(x) * 2, unit);
  const whole = (y) => Number((Math.round(y / unit) * unit).toPrecision(12));
  Object.assign(range, { type: "range", min: whole(x - span), max: whole(x + span), step: Number((unit / 20).toPrecision(12)) });
  Object.assign(field, { type: "number", step: "any", id: `leaf${i}` });
  range.setAttribute("aria-label", nodes[i].name);
  label.htmlFor = field.id;
  label.textContent = nodes[i].name;
  row.className = "slider";
  row.append(label, range, field);
  const put = () => {
    range.value = leaves[i].data[0];
    field.value = Number.isFinite(leaves[i].data[0]) ? shortest(leaves[i].data[0], type) : "";
  };
  const change = (source, other) => {
    if (source.value === "" || !Number.isFinite(Number(source.value))) return;
    const before = leaves, y = ROUND[type](Number(source.value));
    leaves = leaves.map((leaf, k) => (k === i ? array(type, leaf.shape, [y]) : leaf));
    try {
      numbers = compute(data, leaves);
      other.value = other === field ? shortest(y, type) : y;
      find("beyond").textContent = "";
    } catch {
      leaves = before;
      put();
      find("beyond").textContent = fill(words.beyond, { name: nodes[i].name });
    }
    refresh();
  };
  range.addEventListener("input", () => change(range, field));
  field.addEventListener("input", () => change(field, range));
  put();
  find("sliders").append(row);
  return put;
}

// The page

picture.setAttribute("role", "group");
find("scrub").max = steps.length;
const shape = picture.viewBox.baseVal;
document.querySelector("main").classList.toggle("wide", shape.width > 1.5 * shape.height);
for (const id of ["first", "back", "next", "last", "play", "unpin"]) find(id).addEventListener("click", ACTIONS[id]);
find("scrub").addEventListener("input", () => halt(() => go(Number(find("scrub").value))));
nodes.forEach((node, i) => {
  const box = boxes.get(node.key);
  box.dataset.node = i;
  box.setAttribute("tabindex", 0);
  box.setAttribute("role", "button");
  box.addEventListener("click", () => pin(pinned === i ? -1 : i));
});
document.addEventListener("keydown", (event) => {
  const action = KEYS[event.key], target = event.target;
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (event.key === "Enter" && target.dataset?.node !== undefined) pin(pinned === Number(target.dataset.node) ? -1 : Number(target.dataset.node));
  else if (!action || (target.matches("input, select") && !(target.type === "range" && event.key === " ")) || (target.matches("button") && event.key === " ")) return;
  else ACTIONS[action]();
  event.preventDefault();
});
const print = (on) => {
  printing = on;
  show(at);
};
window.addEventListener("beforeprint", () => print(true));
window.addEventListener("afterprint", () => print(false));
window.matchMedia("print").addEventListener("change", (event) => print(event.matches));
if (program) {
  const puts = program.sliders.map(slider);
  find("reset").addEventListener("click", () => {
    leaves = given.values.slice();
    numbers = given;
    find("beyond").textContent = "";
    puts.forEach((put) => put());
    refresh();
  });
}
refresh();
fitted(find("graph"), find("fit"), follow);
