// Theme before the first paint; links that move without loading everything again; and waking up after the server was away.
(function () {
  "use strict";
  const root = document.documentElement;
  const said = (name) => { const tag = document.querySelector('meta[name="stackcraft-' + name + '"]'); return tag ? tag.content : ""; };

  // Theme: light, dark, or as the system (none kept).
  const NEXT = { "": "light", light: "dark", dark: "" };
  function wear(theme) { if (theme === "light" || theme === "dark") root.dataset.theme = theme; else delete root.dataset.theme; }
  function keep(theme) { try { localStorage.setItem("stackcraft-theme", theme); } catch (error) { /* kept for this page alone */ } }
  try { wear(localStorage.getItem("stackcraft-theme")); } catch (error) { /* as the system */ }
  window.addEventListener("storage", (event) => { if (event.key === "stackcraft-theme") wear(event.newValue); });

  let moved = false;
  document.addEventListener("click", function (event) {
    if (event.target.closest("[data-theme-button]")) {
      const theme = NEXT[root.dataset.theme || ""];
      wear(theme);
      keep(theme);
      return;
    }
    if (event.target.closest("[data-reload]")) { location.reload(); return; }
    const link = event.target.closest("a[href]");
    if (!link || event.defaultPrevented || link.hasAttribute("download") || link.target || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.button) return;
    if (link.hreflang) return;  // another language: the page is loaded again, in that language
    if (link.origin !== location.origin || !said("pages").split(" ").includes(link.pathname)) return;
    if (link.hash && link.pathname + link.search === location.pathname + location.search) return;
    if (!awake() || !window.solara || !window.solara.router || !window.solara.router.push) return;  // the browser follows it
    event.preventDefault();
    moved = link.pathname !== location.pathname;
    window.solara.router.push(link.pathname + link.search + link.hash);
  });
  // The link that was followed goes with its page: whoever reads by keyboard or ear goes on at the new page's head.
  window.addEventListener("solara.pageReady", function () {
    const main = document.getElementById("main");
    if (moved && main && (document.activeElement === document.body || !document.activeElement)) main.focus({ preventScroll: true });
    moved = false;
  });

  // While the connection is lost the server is asked every second whether it is back. Another server than the one this page came
  // from knows nothing of it, so the page loads itself anew: its address holds everything. From the same one Solara reconnects by
  // itself; where it has given up, or the server has forgotten this page, loading anew helps too, though not twice in a minute.
  function awake() { return !window.solara || !window.solara.debug || window.solara.debug.connectionStatus === "connected"; }
  function tell(show) {
    let box = document.querySelector("body > .away[role]");
    if (!show && box) box.remove();
    if (show && !box) {
      const template = document.getElementById("stackcraft-away");
      if (template) document.body.prepend(template.content.cloneNode(true));
    }
  }
  function again(late) {
    const now = Date.now();
    try {
      if (late && now - Number(sessionStorage.getItem("stackcraft-again") || 0) < 60000) return;
      sessionStorage.setItem("stackcraft-again", String(now));
    } catch (error) { if (late) return; }
    location.reload();
  }
  let lost = 0, asking = false;
  setInterval(function () {
    if (awake()) { lost = 0; tell(false); return; }
    lost += 1;
    tell(lost > 2);
    if (asking) return;
    asking = true;
    fetch("/health", { cache: "no-store" }).then((answer) => answer.json()).then(function (told) {
      if (told.instance !== said("instance")) again(false);
      else if (lost > 10) again(true);
    }).catch(() => {}).finally(() => { asking = false; });
  }, 1000);
})();
