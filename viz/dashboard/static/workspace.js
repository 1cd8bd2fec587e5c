// What a visitor looked at and pinned, kept in this browser alone: recent countries, and comparisons to come back to.
(function () {
  "use strict";
  const RECENT = "stackcraft-recent", PINNED = "stackcraft-pinned", MOST = { [RECENT]: 6, [PINNED]: 8 };
  const COUNTRY = /^[A-Z,]{2,60}$/;

  function kept(key) {
    try {
      const found = JSON.parse(localStorage.getItem(key) || "[]");
      return Array.isArray(found) ? found.filter((one) => one && typeof one.name === "string" && typeof one.where === "string") : [];
    } catch (error) { return []; }
  }
  function keep(key, list) { try { localStorage.setItem(key, JSON.stringify(list.slice(0, MOST[key]))); } catch (error) { /* nothing is kept */ } }
  function first(key, one) { keep(key, [one, ...kept(key).filter((other) => other.where !== one.where)]); }
  function make(tag, words, more) { const one = document.createElement(tag); one.textContent = words; Object.entries(more || {}).forEach(([name, value]) => one.setAttribute(name, value)); return one; }

  function list(title, rows) {
    const items = document.createElement("ul");
    rows.forEach((row) => { const item = document.createElement("li"); item.append(...row); items.append(item); });
    return [make("h3", title), items];
  }
  function fill(box, remember) {
    box.dataset.filled = "1";
    const here = box.dataset;
    if (remember && COUNTRY.test(here.country || "") && here.name) first(RECENT, { where: here.country, name: here.name });
    const lang = here.lang ? "&lang=" + encodeURIComponent(here.lang) : "";
    const recent = kept(RECENT).filter((one) => COUNTRY.test(one.where) && one.where !== here.country);
    const pinned = kept(PINNED).filter((one) => one.where.startsWith("/compare"));
    const parts = [];
    if (recent.length) parts.push(...list(here.recent, recent.map((one) => [make("a", one.name, { href: "/country?c=" + encodeURIComponent(one.where) + lang })])));
    if (pinned.length) parts.push(...list(here.pinned, pinned.map((one) => {
      const away = make("button", "×", { type: "button", "aria-label": here.unpin + ": " + one.name });
      away.addEventListener("click", () => { keep(PINNED, kept(PINNED).filter((other) => other.where !== one.where)); refill(); });
      return [make("a", one.name, { href: one.where }), " ", away];
    })));
    if (parts.length) {
      const clear = make("button", here.clear, { type: "button" });
      clear.addEventListener("click", () => { keep(RECENT, []); keep(PINNED, []); refill(); });
      parts.push(make("p", here.note, { class: "note" }), clear);
    }
    box.replaceChildren(...parts);
    box.hidden = !parts.length;
  }
  function refill() { document.querySelectorAll("[data-workspace]").forEach((box) => fill(box, false)); }
  function look() { document.querySelectorAll("[data-workspace]:not([data-filled])").forEach((box) => fill(box, true)); }

  document.addEventListener("click", function (event) {
    const button = event.target.closest("[data-pin]");
    if (!button) return;
    first(PINNED, { where: location.pathname + location.search, name: button.dataset.pin });
    button.textContent = button.dataset.done;
    refill();
  });
  window.addEventListener("storage", (event) => { if (event.key === RECENT || event.key === PINNED) refill(); });
  let asked = false;
  new MutationObserver(() => { if (!asked) { asked = true; requestAnimationFrame(() => { asked = false; look(); }); } }).observe(document.documentElement, { childList: true, subtree: true });
  look();
})();
