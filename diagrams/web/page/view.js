"use strict";
// The chart in its frame: how large it is, and which part of it is seen.
const view = (() => {
  const PREFIX = "c-", STEP = 1.25, LEAST = 0.02, MOST = 4, READABLE = 0.5, SLIP = 4;
  const PIXELS = 4 / 3; // of a point of the drawing, at 100 %
  const stage = document.getElementById("stage");
  let zoom = 1;

  const drawing = () => stage.querySelector("svg");
  const named = (element) => element.id.slice(PREFIX.length);
  const part = (id) => document.getElementById(PREFIX + id);

  function size(scale) {
    const box = drawing().viewBox.baseVal;
    return [box.width * PIXELS * scale, box.height * PIXELS * scale];
  }

  function enlarge(svg, scale) {
    const [width, height] = size(scale);
    svg.setAttribute("width", width);
    svg.setAttribute("height", height);
  }

  // What is under the point (of the stage, in pixels) stays there.
  function setZoom(wanted, x = stage.clientWidth / 2, y = stage.clientHeight / 2) {
    const svg = drawing();
    if (!svg) return;
    const frame = stage.getBoundingClientRect(), old = svg.getBoundingClientRect();
    const across = (frame.left + x - old.left) / old.width, down = (frame.top + y - old.top) / old.height;
    zoom = Math.min(MOST, Math.max(LEAST, wanted));
    enlarge(svg, zoom);
    const now = svg.getBoundingClientRect();
    stage.scrollLeft += now.left + across * now.width - frame.left - x;
    stage.scrollTop += now.top + down * now.height - frame.top - y;
    document.getElementById("scale").textContent = `${Math.round(zoom * 100)} %`;
  }

  function fitting() {
    const [width, height] = size(1), frame = getComputedStyle(stage);
    const inside = (extent, one, other) => extent - parseFloat(one) - parseFloat(other);
    return Math.min(
      inside(stage.clientWidth, frame.paddingLeft, frame.paddingRight) / width,
      inside(stage.clientHeight, frame.paddingTop, frame.paddingBottom) / height, 1);
  }

  // All of a small chart; of a large one its beginning, as large as can be read.
  function open() {
    setZoom(Math.max(fitting(), READABLE));
    stage.scrollTo(0, 0);
  }

  function drag(down) {
    if (down.button !== 0 || down.pointerType !== "mouse") return;
    const [left, top] = [stage.scrollLeft, stage.scrollTop];
    const move = (event) => {
      const [x, y] = [event.clientX - down.clientX, event.clientY - down.clientY];
      if (Math.hypot(x, y) > SLIP) stage.classList.add("dragged");
      if (stage.classList.contains("dragged")) stage.scrollTo(left - x, top - y);
    };
    const up = () => {
      removeEventListener("pointermove", move);
      removeEventListener("pointerup", up);
      setTimeout(() => stage.classList.remove("dragged")); // after the click that ends a drag
    };
    addEventListener("pointermove", move);
    addEventListener("pointerup", up);
  }

  function wheel(event) {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    const frame = stage.getBoundingClientRect(), turned = Math.max(-200, Math.min(200, event.deltaY));
    setZoom(zoom * Math.exp(-turned / 400), event.clientX - frame.left, event.clientY - frame.top);
  }

  function reveal(element, first = element) {
    if (!element) return;
    if (zoom < READABLE) setZoom(READABLE);
    const frame = stage.getBoundingClientRect(), all = element.getBoundingClientRect();
    const tall = all.width > frame.width || all.height > frame.height;
    const box = tall ? first.getBoundingClientRect() : all;
    stage.scrollLeft += box.left + box.width / 2 - frame.left - frame.width / 2;
    stage.scrollTop += box.top + box.height / 2 - frame.top - frame.height / 2;
  }

  // Another drawing takes the place of this one. What is told of stays where it is seen, else what is nearest
  // to the middle: a new box elsewhere moves nothing.
  function replace(change, begin, boxes) {
    if (!drawing()) {
      change();
      begin();
      if (drawing()) open();
      return;
    }
    const frame = stage.getBoundingClientRect(), [left, top] = [stage.scrollLeft, stage.scrollTop];
    const [x, y] = [frame.left + frame.width / 2, frame.top + frame.height / 2];
    const away = (one) => Math.hypot(one.left + one.width / 2 - x, one.top + one.height / 2 - y);
    const within = (start, end, low, high) => end > low && start < high;
    const seen = (one) => within(one.left, one.right, frame.left, frame.right)
      && within(one.top, one.bottom, frame.top, frame.bottom);
    const placed = (box) => ({ id: box.id, was: box.getBoundingClientRect() });
    const told = [...stage.querySelectorAll(".chosen")].map(placed).filter((one) => seen(one.was));
    const near = told[0] || boxes().map(placed).sort((a, b) => away(a.was) - away(b.was))[0];
    change();
    if (drawing()) enlarge(drawing(), zoom); // before anything is measured: it is laid out only once
    begin();
    stage.scrollTo(left, top);
    const now = near && document.getElementById(near.id)?.getBoundingClientRect();
    if (now) stage.scrollBy(now.left - near.was.left, now.top - near.was.top);
  }

  stage.addEventListener("pointerdown", drag);
  stage.addEventListener("wheel", wheel, { passive: false });
  const [larger, smaller] = [() => setZoom(zoom * STEP), () => setZoom(zoom / STEP)];
  const [fit, whole] = [() => setZoom(fitting()), () => setZoom(1)];
  return { stage, drawing, named, part, reveal, replace, open, larger, smaller, fit, whole };
})();
