"use strict";
// Keys and buttons, and the drawing that the page holds now.
const chart = (() => {
  const { stage } = view;
  const by = (id) => document.getElementById(id);

  function begin() {
    telling.begin();
    search.begin();
  }

  function keyed(event) {
    const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
    if (event.ctrlKey || event.metaKey || event.altKey || typing) return;
    const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    const here = stage.contains(event.target) || event.target === document.body;
    const acts = {
      "+": view.larger, "=": view.larger, "-": view.smaller, 0: view.fit, 1: view.whole,
      n: () => telling.next(1), p: () => telling.next(-1),
    };
    const focused = ["Enter", " "].includes(event.key) && stage.contains(event.target)
      && event.target.closest("g.node");
    if (event.key === "Escape") telling.leave();
    else if (event.key === "/") search.focus();
    else if (here && event.key in moves) stage.scrollBy(...moves[event.key].map((one) => one * 80));
    else if (here && event.key in acts) acts[event.key]();
    else if (focused) telling.choose(view.named(focused), true);
    else return;
    event.preventDefault();
  }

  function read(reading) {
    document.body.classList.toggle("reading", reading);
    (reading ? by("twin") : stage).focus();
  }

  document.addEventListener("keydown", keyed);
  document.querySelector(".skip").addEventListener("click", (event) => {
    event.preventDefault();
    read(true);
  });
  const pressed = {
    before: () => search.step(-1), after: () => search.step(1), in: view.larger, out: view.smaller,
    fit: view.fit, whole: view.whole, text: () => read(!document.body.classList.contains("reading")),
  };
  for (const [id, act] of Object.entries(pressed)) by(id).addEventListener("click", act);
  // Whoever brings the chart back, the button says so.
  new MutationObserver(() => {
    by("text").setAttribute("aria-pressed", String(document.body.classList.contains("reading")));
  }).observe(document.body, { attributes: true, attributeFilter: ["class"] });

  document.documentElement.classList.add("alive");
  by("tools").hidden = false;
  begin();
  if (view.drawing()) view.open();

  // For a preview: another drawing takes the place of this one, and what had the focus has it again.
  function replace(change) {
    const held = document.activeElement, id = stage.contains(held) ? held.id : "";
    const was_told = by("told").contains(held);
    view.replace(change, begin, telling.boxes);
    const again = was_told ? by("told").querySelector("h2") : by(id);
    if (id || was_told) (again || stage).focus({ preventScroll: true });
  }

  return { replace };
})();
