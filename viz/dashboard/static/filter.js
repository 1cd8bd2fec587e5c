// Boxes that hide rows of tables without what is typed. A box names, in data-filters, the table or the part of the page it filters.
(() => {
  if (window.stackcraftFilter) return;
  window.stackcraftFilter = true;
  document.documentElement.classList.add("script");
  document.addEventListener("input", (event) => {
    const box = event.target;
    const where = box.dataset && box.dataset.filters && document.getElementById(box.dataset.filters);
    if (!where) return;
    const sought = box.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    const rows = [...where.querySelectorAll("tbody tr")];
    let some = 0;
    for (const row of rows) {
      const text = row.textContent.toLowerCase();
      row.hidden = !sought.every((word) => text.includes(word));
      some += !row.hidden;
    }
    for (const group of where.querySelectorAll(":scope > details")) {
      const any = group.querySelector("tbody tr:not([hidden])") !== null;
      group.hidden = !any;
      group.open = sought.length > 0 && any;
    }
    const said = box.closest(".filter").querySelector("output");
    said.textContent = sought.length ? said.dataset.some.replace("{some}", some).replace("{all}", rows.length) : "";
  });
})();
