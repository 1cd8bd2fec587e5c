// Meanings of words: shown on hover, focus and tap, beside the word; Escape closes. Listens on the document, so it serves whatever
// is drawn later. Without it a tap or a key still opens them.
(() => {
  if (window.stackcraftGlossary) return;
  window.stackcraftGlossary = true;
  let shown = null, leaving = 0, hushed = null;
  const word = (target) => (target.closest ? target.closest(".term") : null);
  const hide = () => {
    clearTimeout(leaving);
    if (shown && shown.isConnected && shown.matches(":popover-open")) shown.hidePopover();
    shown = null;
  };
  const show = (holder) => {
    clearTimeout(leaving);
    const button = holder.querySelector("button"), means = holder.querySelector(".means");
    if (!button || !means || !means.showPopover) return;
    if (means === shown && means.matches(":popover-open")) return;
    hide();
    means.showPopover();
    const at = button.getBoundingClientRect(), box = means.getBoundingClientRect(), room = 8;
    const left = Math.min(Math.max(room, at.left), Math.max(room, innerWidth - box.width - room));
    const below = at.bottom + 6, top = below + box.height > innerHeight - room ? Math.max(room, at.top - box.height - 6) : below;
    means.style.setProperty("--left", left + "px");
    means.style.setProperty("--top", top + "px");
    shown = means;
  };
  document.addEventListener("mouseover", (event) => {
    const holder = word(event.target);
    if (holder !== hushed) hushed = null;
    if (holder && !hushed) show(holder);
  });
  document.addEventListener("mouseout", (event) => {
    // The pointer may pass over the gap to the meaning, so it stays for a moment.
    if (word(event.target)) { clearTimeout(leaving); leaving = setTimeout(hide, 300); }
  });
  document.addEventListener("focusin", (event) => { const holder = word(event.target); if (holder) show(holder); else if (shown) hide(); });
  document.addEventListener("focusout", (event) => { if (word(event.target)) hide(); });
  document.addEventListener("click", (event) => {
    const holder = word(event.target);
    if (holder && event.target.closest("button")) { event.preventDefault(); show(holder); }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && shown) { hushed = shown.closest(".term"); hide(); event.stopPropagation(); }
  }, true);
  document.addEventListener("scroll", () => { if (shown) hide(); }, { capture: true, passive: true });
})();
