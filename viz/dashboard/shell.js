// Theme before the first paint; and a page left open finds out when another server answers under it.
(function () {
  "use strict";
  const root = document.documentElement;
  function kept() { try { return localStorage.getItem("stackcraft-theme"); } catch (error) { return null; } }
  function wear(theme) { if (theme) root.dataset.theme = theme; else delete root.dataset.theme; }
  function dark() { return root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches; }
  wear(kept());

  document.addEventListener("click", function (event) {
    const button = event.target.closest("[data-theme-button]");
    if (button) {
      const theme = dark() ? "light" : "dark";
      wear(theme);
      button.setAttribute("aria-pressed", String(theme === "dark"));
      try { localStorage.setItem("stackcraft-theme", theme); } catch (error) { /* kept for this page alone */ }
      return;
    }
    // Links between pages move on without loading everything again.
    const link = event.target.closest("a[href^='/']");
    if (!link || link.hasAttribute("download") || link.target || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    if (link.pathname.startsWith("/download") || link.pathname.startsWith("/assets")) return;
    if (!window.solara || !window.solara.router || !window.solara.router.push) return;
    event.preventDefault();
    window.solara.router.push(link.pathname + link.search);
    window.scrollTo(0, 0);
  });

  const tag = document.querySelector('meta[name="stackcraft-instance"]');
  let away = 0;
  setInterval(function () {
    if (document.hidden && !away) return;
    fetch("/health", { cache: "no-store" }).then((answer) => answer.json()).then(function (told) {
      if (tag && told.instance !== tag.content) location.reload();
      away = 0;
    }, function () { away += 1; });
  }, 3000);
})();
