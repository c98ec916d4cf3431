"use strict";
(() => {
  const tools = document.querySelector(".tools");
  const field = document.getElementById("words");
  const switches = [...document.querySelectorAll("input[name=layer]")];
  const told = document.getElementById("shown");
  const reset = document.getElementById("all");
  const flat = (text) => text.replace(/\s+/g, " ").toLowerCase();
  const rows = [...document.querySelectorAll("tr[id]")];
  const words = new Map(rows.map((row) => [row, flat(row.textContent)]));
  const tables = [...document.querySelectorAll("table.rows")];

  function filter() {
    const wanted = flat(field.value).trim().split(" ").filter(Boolean);
    const off = new Set(switches.filter((one) => !one.checked).map((one) => one.value));
    let shown = 0;
    for (const row of rows) {
      const found = wanted.every((word) => words.get(row).includes(word));
      // A row of safety stays whatever layers are switched off, as it does when a case is stepped.
      const on = "kept" in row.dataset || !off.has(row.dataset.layer);
      row.classList.toggle("out", !(found && on));
      shown += found && on ? 1 : 0;
    }
    const narrowed = shown < rows.length;
    document.body.classList.toggle("narrowed", narrowed);
    told.textContent = narrowed ? `${shown} of ${rows.length} rows shown` : `all ${rows.length} rows shown`;
    reset.hidden = !narrowed;
    for (const table of tables) {
      const left = table.querySelectorAll("tbody tr:not(.out)").length;
      table.classList.toggle("out", narrowed && left === 0);
      const all = table.querySelectorAll("tbody tr").length;
      table.querySelector("[data-count]").textContent = narrowed ? `(${left} of ${all})` : "";
    }
  }

  function showAll() {
    field.value = "";
    for (const one of switches) one.checked = true;
    filter();
  }

  // A link must never lead to a row that the filter has taken out.
  function reveal() {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target && target.closest(".out")) {
      showAll();
      target.scrollIntoView();
    }
  }

  field.addEventListener("input", filter);
  for (const one of switches) one.addEventListener("change", filter);
  reset.addEventListener("click", () => { showAll(); field.focus(); });
  window.addEventListener("hashchange", reveal);
  document.addEventListener("click", (event) => {
    if (event.target.closest("a[href^='#']")) setTimeout(reveal);
  });
  tools.hidden = false;
  filter();
})();
