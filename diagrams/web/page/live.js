"use strict";
(() => {
  const by = (id) => document.getElementById(id);
  const PAUSE = 1000; // milliseconds before asking a server again that did not answer
  let known = by("watch").dataset.revision;
  // The token was spent by the first request: it does not stay in the address, nor in the history.
  history.replaceState(null, "", "/");

  function take(page, id) {
    by(id).replaceWith(document.adoptNode(page.getElementById(id)));
  }

  function adopt(text) {
    const page = new DOMParser().parseFromString(text, "text/html");
    const drawn = by("paper").dataset.drawing !== page.getElementById("paper").dataset.drawing;
    const told = by("details").textContent !== page.getElementById("details").textContent;
    document.title = page.title;
    for (const id of ["head", "about", "outline"]) take(page, id);
    if (drawn || told) {
      chart.replace(() => {
        for (const id of drawn ? ["details", "paper"] : ["details"]) take(page, id);
      });
    }
    for (const id of ["watch", "findings"]) take(page, id);
    known = by("watch").dataset.revision;
  }

  function lost(words) {
    known = 0; // should it answer again, its page is taken over whole
    by("watch").className = "lost";
    const said = document.createElement("p");
    said.setAttribute("role", "alert");
    said.textContent = words;
    by("watch").replaceChildren(said);
  }

  // A tab that nobody sees asks for nothing: browsers allow few open questions to one server.
  async function seen() {
    while (document.hidden) {
      await new Promise((go) => document.addEventListener("visibilitychange", go, { once: true }));
    }
  }

  async function follow() {
    for (;;) {
      await seen();
      try {
        const answer = await fetch(`/wait?after=${known}`, { cache: "no-store" });
        if (answer.status === 403) return lost(await answer.text());
        if (answer.status === 200) adopt(await answer.text());
      } catch {
        lost("The preview has ended or does not answer: what you see may be older than the file.");
        await new Promise((go) => setTimeout(go, PAUSE));
      }
    }
  }

  follow();
})();
