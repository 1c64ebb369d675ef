"use strict";
// Shows one recorded epoch after the other. What each element shows in each frame is in the data.
(() => {
  const section = document.getElementById("epochs");
  const { frames, texts, slots, words } = JSON.parse(document.getElementById("data").textContent);
  const slider = section.querySelector("input");
  const play = document.getElementById("play");
  const told = section.querySelector("output");
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
  const moving = Array.from(section.querySelectorAll("[data-slots]")).flatMap((element) =>
    element.dataset.slots.split(" ").map((entry) => {
      const [what, slot] = entry.split(":");
      return { element, what, slot: slots[slot] };
    }),
  );
  let at = frames - 1;
  let timer = null;

  function show(frame) {
    const next = Math.max(0, Math.min(frames - 1, frame));
    for (const { element, what, slot } of moving) {
      if (slot[next] === slot[at]) continue;
      const text = texts[slot[next]];
      if (what === "text") element.textContent = text;
      else element.setAttribute(what, text);
    }
    at = next;
    slider.value = String(at);
  }

  function stop() {
    clearInterval(timer);
    timer = null;
    play.textContent = words.play;
    play.setAttribute("aria-pressed", "false");
    told.setAttribute("aria-live", "polite");
  }

  function start() {
    if (at === frames - 1) show(0);
    play.textContent = words.pause;
    play.setAttribute("aria-pressed", "true");
    told.setAttribute("aria-live", "off"); // not a new text several times a second
    timer = setInterval(() => {
      show(at + 1);
      if (at === frames - 1) stop();
    }, calm.matches ? 1000 : 250);
  }

  play.addEventListener("click", () => (timer === null ? start() : stop()));
  slider.addEventListener("input", () => {
    if (timer !== null) stop();
    show(Number(slider.value));
  });
  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || event.target === slider) return;
    if (event.target !== document.body && !section.contains(event.target)) return; // something else is scrolled
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1 }[event.key];
    if (to === undefined) return;
    if (timer !== null) stop();
    show(to);
    event.preventDefault();
  });
  for (const element of [slider, play]) element.hidden = false;
})();
