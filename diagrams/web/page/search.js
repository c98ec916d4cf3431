"use strict";
// Finds a phrase in everything that the chart shows, and in all that is told of its boxes and lines.
const search = (() => {
  const { stage, named, reveal } = view;
  const field = document.getElementById("words"), count = document.getElementById("count");
  const flat = (text) => text.replace(/\s+/g, " ").trim().toLowerCase();
  let index = null, hits = [], at = -1;

  function begin() {
    index = null;
    find(true);
  }

  // Made when it is first needed: not every reader searches.
  function made() {
    return [...stage.querySelectorAll("g[id]")].flatMap((node) => {
      const texts = [...node.children].filter((one) => one.tagName === "text");
      if (!texts.length && !node.classList.contains("edge")) return [];
      return [{ node, texts, words: texts.map((one) => flat(one.textContent)), more: deeper(named(node)) }];
    });
  }

  // What is told but not drawn; the ways out of a box belong to their lines, its actions to the box itself.
  function deeper(id) {
    const detail = telling.about(id);
    if (!detail || /^(to-)?(calls|shown|link)-/.test(id)) return "";
    const entries = detail.parts.flatMap((one) => one.entries).filter((one) => !one.leads);
    const cites = [...new Set([...detail.cites, ...entries.flatMap((one) => one.cites)])];
    const said = (words) => words.map((one) => one.text).join("");
    const sources = telling.statements(cites).flatMap((one) =>
      [one.id, one.layer_title, one.grade, said(one.text), ...one.references.map(said), said(one.problem)]);
    const told = entries.flatMap((one) => [one.text, ...one.lines, one.written]);
    return [...told, ...sources].map(flat).join("\n");
  }

  // The texts in which a phrase stands; it may go on from one line into the next.
  function within(one, wanted) {
    const whole = one.words.join(" "), found = [];
    for (let from = whole.indexOf(wanted); from >= 0; from = whole.indexOf(wanted, from + wanted.length)) {
      let start = 0;
      found.push(one.texts.filter((_, place) => {
        const [begins, ends] = [start, start + one.words[place].length];
        start = ends + 1;
        return begins < from + wanted.length && from < ends;
      }));
    }
    return found;
  }

  function matches(one, wanted) {
    const found = within(one, wanted);
    if (one.node.classList.contains("table")) return found.map((texts) => ({ node: one.node, texts }));
    if (found.length) return [{ node: one.node, texts: found.flat() }];
    return one.more.includes(wanted) ? [{ node: one.node, texts: [] }] : [];
  }

  function find(keep = false) {
    const wanted = flat(field.value);
    stage.querySelectorAll(".found, .current").forEach((one) => one.classList.remove("found", "current"));
    if (wanted) index ??= made();
    hits = wanted ? index.flatMap((one) => matches(one, wanted)) : [];
    const places = new Map(hits.map((hit) => [hit, (hit.texts[0] || hit.node).getBoundingClientRect()]));
    hits.sort((a, b) => places.get(a).top - places.get(b).top || places.get(a).left - places.get(b).left);
    for (const text of hits.flatMap((hit) => hit.texts)) text.classList.add("found");
    at = keep && at < hits.length ? at : -1;
    if (at >= 0) lit(hits[at]);
    counted(wanted);
  }

  function counted(wanted) {
    const all = `${hits.length} match${hits.length === 1 ? "" : "es"}`;
    count.textContent = !wanted ? "" : at < 0 ? all : `${at + 1} of ${hits.length}`;
  }

  function lit(hit) {
    stage.querySelectorAll(".current").forEach((one) => one.classList.remove("current"));
    for (const one of hit.texts.length ? hit.texts : [hit.node]) one.classList.add("current");
  }

  function step(by_how_many) {
    if (!hits.length) return;
    at = at < 0 && by_how_many < 0 ? hits.length - 1 : (at + by_how_many + hits.length) % hits.length;
    const hit = hits[at], wanted = flat(field.value);
    document.body.classList.remove("reading");
    lit(hit);
    if (!hit.node.classList.contains("table")) telling.choose(named(hit.node));
    if (!hit.texts.length) telling.point(wanted, flat);
    reveal(hit.node, hit.texts[0]);
    counted(wanted);
  }

  field.addEventListener("input", () => find());
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") step(event.shiftKey ? -1 : 1);
    else if (event.key === "Escape") stage.focus();
  });
  return { begin, step, focus: () => field.focus() };
})();
