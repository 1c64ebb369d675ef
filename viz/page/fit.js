"use strict";

/** Keeps a picture as wide as its frame, unless that makes its text too small, until the button decides. */
function fitted(frame, button, changed = () => {}) {
  const width = frame.querySelector("svg").viewBox.baseVal.width;
  const fit = (fits) => {
    frame.classList.toggle("fit", fits);
    button.setAttribute("aria-pressed", fits);
    changed();
  };
  const byItself = () => fit(frame.clientWidth > 0.65 * width);
  window.addEventListener("resize", byItself);
  button.addEventListener("click", () => {
    window.removeEventListener("resize", byItself);
    fit(!frame.classList.contains("fit"));
  });
  byItself();
}
