"use strict";
// What is told of a box or a line beside the chart. What an author wrote stays text: no markup is made of it.
const telling = (() => {
  const { stage, named, part, reveal } = view;
  const told = document.getElementById("told"), panel = document.getElementById("more");
  let data = {}, chosen = "";

  const about = (id) => data.told && data.told[data.elements[id]];
  const boxes = () => [...stage.querySelectorAll("g.node")].filter((box) => about(named(box)));

  function made(tag, text = "", look = "") {
    const element = document.createElement(tag);
    element.textContent = text;
    if (look) element.className = look;
    return element;
  }

  function button(text, look, name, value) {
    const element = made("button", text, look);
    element.type = "button";
    element.dataset[name] = value;
    return element;
  }

  function spoken(words, element) {
    for (const one of words) {
      if (!/^https?:\/\//.test(one.address)) {
        element.append(one.text);
        continue;
      }
      const link = made("a", one.text);
      Object.assign(link, { href: one.address, rel: "noopener noreferrer", target: "_blank" });
      element.append(link);
    }
    return element;
  }

  function statement(id) {
    const one = data.statements[id], item = made("li", "", `of-${one.place}`), head = made("p");
    item.dataset.statement = id;
    item.tabIndex = -1;
    head.append(made("strong", one.id), " ", made("span", one.layer, `layer layer-${one.place}`));
    head.append(made("span", ` ${one.layer_title}`, "quiet"));
    item.append(head, spoken(one.text, made("p")));
    if (one.grade) item.append(made("p", `Grade ${one.grade}`, "quiet"));
    for (const reference of one.references) item.append(spoken(reference, made("p", "Reference ", "quiet")));
    if (one.problem.length) item.append(spoken(one.problem, made("p", "Known problem: ", "problem")));
    return item;
  }

  function entry(one) {
    const item = made("li"), leads = one.leads && part(one.leads), look = one.lines.length ? "name" : "";
    item.append(leads ? button(one.text, "go", "go", one.leads) : made("p", one.text, look));
    for (const line of one.lines) item.append(made("p", line));
    if (one.written) {
      const written = made("p", "written: ", "quiet");
      written.append(made("code", one.written));
      item.append(written);
    }
    if (one.cites.length) {
      const cites = made("p", "Sources ", "quiet");
      cites.append(...one.cites.map((id) => button(id, "cite", "cite", id)));
      item.append(cites);
    }
    return item;
  }

  function listed(title, items) {
    const list = made("ul");
    list.append(...items);
    return items.length ? [made("h3", title), list] : [];
  }

  function tell(id) {
    const detail = about(id);
    told.hidden = !detail;
    if (!detail) return told.replaceChildren();
    const head = made("h2", detail.heading), close = button("Close", "close", "close", "");
    head.tabIndex = -1;
    const entries = detail.parts.flatMap((one) => one.entries);
    const cites = new Set([...detail.cites, ...entries.flatMap((one) => one.cites)]);
    const none = made("p", "No statement is cited here.", "quiet");
    told.replaceChildren(
      close, head, made("p", detail.kind, "quiet"),
      ...detail.parts.flatMap((one) => listed(one.title, one.entries.map(entry))),
      ...(cites.size ? listed("Sources", [...cites].map(statement)) : [made("h3", "Sources"), none]));
    panel.scrollTop = 0;
  }

  function marked(id) {
    stage.querySelectorAll(".chosen").forEach((one) => one.classList.remove("chosen"));
    part(id)?.classList.add("chosen");
  }

  function choose(id, by_key = false) {
    if (!about(id)) return;
    chosen = id;
    marked(id);
    const box = boxes().find((one) => named(one) === id);
    if (box) turn(box);
    tell(id);
    if (by_key) told.querySelector("h2").focus();
  }

  function leave() {
    const from = stage.querySelector("[tabindex='0']") || stage;
    chosen = "";
    marked("");
    tell("");
    from.focus({ preventScroll: true });
  }

  // Where in the panel a phrase stands that the chart itself does not show.
  function point(phrase, flat) {
    const item = [...told.querySelectorAll("li")].find((one) => flat(one.textContent).includes(phrase));
    item?.classList.add("found");
    item?.scrollIntoView({ block: "nearest" });
  }

  // --- one box of the chart at a time can be reached by the tab key -------------------------------
  function turn(box) {
    for (const one of boxes()) one.setAttribute("tabindex", one === box ? "0" : "-1");
  }

  function next(step) {
    const all = boxes(), now = all.findIndex((one) => one.getAttribute("tabindex") === "0");
    const inside = stage.contains(document.activeElement) && document.activeElement !== stage;
    const box = all[inside ? (now + step + all.length) % all.length : Math.max(now, 0)];
    if (!box) return;
    turn(box);
    reveal(box);
    box.focus({ preventScroll: true });
  }

  // --- the drawing that the page holds now --------------------------------------------------------
  function begin() {
    data = JSON.parse(document.getElementById("details").textContent);
    const all = boxes(), box = all.find((one) => named(one) === chosen) || all[0];
    if (box) turn(box);
    // A line is too thin for a pointer: a broad one that cannot be seen lies over it.
    for (const line of stage.querySelectorAll("g.edge > path:first-of-type")) {
      const broad = line.cloneNode();
      broad.setAttribute("class", "broad");
      broad.setAttribute("stroke", "transparent");
      line.after(broad);
    }
    if (!about(chosen)) chosen = "";
    marked(chosen);
    const place = panel.scrollTop;
    tell(chosen);
    panel.scrollTop = place;
  }

  function pressed(event) {
    const { go, cite, close } = event.target.closest("button")?.dataset ?? {};
    if (go) {
      document.body.classList.remove("reading");
      choose(go, true);
      reveal(part(go));
    }
    if (cite) told.querySelector(`[data-statement="${CSS.escape(cite)}"]`)?.focus();
    if (close !== undefined) leave();
  }

  // The first thing under the pointer that can be told of; the marks of an overlay lie above the boxes.
  function clicked(event) {
    if (stage.classList.contains("dragged")) return;
    const under = document.elementsFromPoint(event.clientX, event.clientY).filter((one) => stage.contains(one));
    for (const start of [event.target, ...under]) {
      for (let one = start.closest("g[id]"); one; one = one.parentElement.closest("g[id]")) {
        if (about(named(one))) return choose(named(one));
      }
    }
  }

  document.addEventListener("click", pressed);
  stage.addEventListener("click", clicked);
  const statements = (ids) => ids.map((id) => data.statements[id]);
  return { about, boxes, begin, choose, leave, next, point, statements };
})();
