// The token was spent by this request: it does not stay in the address, nor in the history.
window.history.replaceState(null, "", "/");

window.addEventListener("DOMContentLoaded", () => {
  const again = document.getElementById("again");
  again.addEventListener("click", () => window.location.assign("/"));
  const seen = new Set();
  const once = (name, act) => {
    if (document.body.classList.contains(name) && !seen.has(name)) {
      seen.add(name);
      act();
    }
  };
  // Keys go to the terminal without a click, and to the button once the terminal has gone.
  new MutationObserver(() => {
    once("-first-byte", () => document.querySelector(".xterm-helper-textarea")?.focus());
    once("-closed", () => again.focus());
  }).observe(document.body, { attributes: true, attributeFilter: ["class"] });
});
