// The ledger of deals: filter, sort, page, and open a row. Words come from the `strings` trait, rows packed from `rows`.
const PAGE = window.matchMedia("(max-width: 760px)").matches ? 12 : 50; // on a phone a row is a card
const DELAY = 120; // ms of rest before a typed word is looked for

const make = (name, attributes, ...children) => {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (value !== undefined && value !== null && value !== false) node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
};

const fold = (words) => words.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
const fill = (words, values) => (words || "").replace(/\{(\w+)\}/g, (whole, key) => (key in values ? values[key] : whole));

function unpack(buffer) {
  if (!buffer || !buffer.byteLength) return { length: 0, columns: {} };
  return JSON.parse(new TextDecoder().decode(buffer));
}

function render({ model, el }) {
  const strings = () => model.get("strings");
  const language = document.documentElement.lang || "en";
  const plain = new Intl.NumberFormat(language);
  const month = new Intl.DateTimeFormat(language, { month: "short", year: "numeric", timeZone: "UTC" });
  let table = unpack(model.get("rows"));
  let order = [];
  let sort = { key: "signed", down: true };
  let chosen = {};
  let sought = "";
  let page = 0;
  let waiting = 0;

  const at = (key, row) => {
    const column = table.columns[key];
    if (!column) return null;
    return column.codes ? column.names[column.codes[row]] : column[row];
  };
  const money = (bn) => {
    const words = strings();
    const size = Math.abs(bn);
    const shown = (value, digits) => value.toLocaleString(language, { minimumFractionDigits: digits, maximumFractionDigits: digits });
    const sign = bn < 0 ? "-" : "";
    if (size >= 1000) return `${sign}$${shown(size / 1000, 1)} ${words.trillion}`;
    if (size >= 99.5) return `${sign}$${shown(size, 0)} ${words.bn}`;
    if (size >= 0.95) return `${sign}$${shown(size, 1)} ${words.bn}`;
    if (size >= 0.0095) return `${sign}$${shown(1000 * size, 0)} ${words.m}`;
    return size > 0 ? `${sign}$${shown(1000 * size, 1)} ${words.m}` : "$0";
  };
  const show = (value, kind) => {
    if (value === null || value === undefined) return "–";
    if (kind === "money") return money(value);
    if (kind === "number") return plain.format(value);
    if (kind !== "year") return String(value);
    const year = Math.floor(value + 1e-6);
    return month.format(Date.UTC(year, Math.min(11, Math.max(0, Math.floor((value - year) * 12 + 0.06))), 15));
  };
  const kindOf = (key) => (model.get("columns").find((column) => column.key === key) || {}).kind || (key.endsWith("_bn") ? "money" : "number");

  // what stands still: the form, the line of sums, the table's frame and the pager
  const search = make("input", { type: "search", autocomplete: "off", oninput: () => later(() => { sought = fold(search.value.trim()); page = 0; refresh(); }) });
  const searchLabel = make("label", { class: "wide" }, make("span"), search);
  const facets = make("div", { class: "facets" });
  const sorter = make("select", { onchange: () => { sort = { key: sorter.value, down: kindOf(sorter.value) !== "text" }; page = 0; refresh(); } });
  const sorterLabel = make("label", { class: "sorter" }, make("span"), sorter);
  const clear = make("button", { type: "button", onclick: () => { chosen = {}; sought = ""; search.value = ""; page = 0; refresh(); } });
  const form = make("form", { class: "controls", onsubmit: (event) => event.preventDefault() }, searchLabel, facets, sorterLabel, clear);
  const sums = make("p", { class: "sums", role: "status" });
  const head = make("thead", { role: "rowgroup" });
  const body = make("tbody", { role: "rowgroup" });
  const caption = make("caption");
  const frame = make("div", { class: "frame", tabindex: "0", role: "region" }, make("table", { role: "table" }, caption, head, body));
  const before = make("button", { type: "button", onclick: () => turn(-1) });
  const next = make("button", { type: "button", onclick: () => turn(1) });
  const where = make("span", { class: "where" });
  const pager = make("nav", { class: "pager" }, before, where, next);
  const root = make("div", { class: "ledger" }, form, sums, frame, pager);
  el.append(root);

  function later(action) {
    clearTimeout(waiting);
    waiting = setTimeout(action, DELAY);
  }

  function turn(step) {
    page += step;
    refresh();
    frame.focus({ preventScroll: true });
    root.scrollIntoView({ block: "start" });
  }

  // which codes of each column of words hold what is sought; "" fits everything
  function fitting() {
    if (!sought) return null;
    return Object.values(table.columns).filter((column) => column.codes).map((column) => ({ codes: column.codes, fits: column.names.map((name) => fold(name).includes(sought)) }));
  }

  function pick() {
    const words = fitting();
    const limits = Object.entries(chosen).filter(([key]) => table.columns[key] && table.columns[key].codes)
      .map(([key, name]) => ({ codes: table.columns[key].codes, code: table.columns[key].names.indexOf(name) }));
    const kept = [];
    for (let row = 0; row < table.length; row += 1) {
      if (limits.every((limit) => limit.codes[row] === limit.code) && (!words || words.some((one) => one.fits[one.codes[row]]))) kept.push(row);
    }
    const column = table.columns[sort.key];
    if (!column) return kept;
    let value = (row) => column[row];
    if (column.codes) {
      const ranked = [...column.names.keys()].sort((a, b) => column.names[a].localeCompare(column.names[b], language));
      const rank = [];
      ranked.forEach((code, place) => { rank[code] = place; });
      value = (row) => rank[column.codes[row]];
    }
    const way = sort.down ? -1 : 1;
    return kept.sort((a, b) => {
      const x = value(a);
      const y = value(b);
      if (x === null || y === null) return (x === null) - (y === null); // what has no value stands last both ways
      return x < y ? -way : x > y ? way : a - b;
    });
  }

  function drawFacets() {
    const words = strings();
    facets.replaceChildren(...model.get("filters").map((key) => {
      const column = table.columns[key];
      const counts = new Map();
      if (column && column.codes) column.codes.forEach((code) => counts.set(code, (counts.get(code) || 0) + 1));
      const names = column && column.codes ? column.names.map((name, code) => [name, counts.get(code) || 0]).sort((a, b) => b[1] - a[1]) : [];
      const title = (model.get("columns").find((one) => one.key === key) || { title: key }).title;
      const select = make("select", { "data-key": key, onchange: () => { if (select.value) chosen[key] = select.value; else delete chosen[key]; page = 0; refresh(); } },
        make("option", { value: "" }, words.all), ...names.map(([name, number]) => make("option", { value: name }, `${name} (${plain.format(number)})`)));
      return make("label", {}, make("span", {}, title), select);
    }));
    sorter.replaceChildren(...model.get("columns").map((column) => make("option", { value: column.key }, column.title)));
    searchLabel.firstChild.textContent = words.search;
    sorterLabel.firstChild.textContent = words.sort;
    clear.textContent = words.clear;
    caption.textContent = words.caption;
    frame.setAttribute("aria-label", words.caption);
    pager.setAttribute("aria-label", words.caption);
    before.textContent = words.before;
    next.textContent = words.next;
  }

  function drawHead() {
    const focused = head.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    head.replaceChildren(make("tr", { role: "row" }, make("th", { scope: "col", role: "columnheader" }, strings().why),
      ...model.get("columns").map((column) => {
        const sorted = sort.key === column.key;
        const button = make("button", { type: "button", "data-key": column.key, onclick: () => {
          sort = sorted ? { key: column.key, down: !sort.down } : { key: column.key, down: column.kind !== "text" };
          page = 0;
          refresh();
        } }, column.title, make("span", { "aria-hidden": "true", class: "arrow" }, sorted ? (sort.down ? " ▼" : " ▲") : ""));
        return make("th", { scope: "col", role: "columnheader", class: column.kind, "aria-sort": sorted ? (sort.down ? "descending" : "ascending") : "none" }, button);
      })));
    if (focused) head.querySelector(`[data-key="${focused}"]`)?.focus();
    sorter.value = sort.key;
  }

  function open(deal) {
    model.set("selected", model.get("selected") === deal ? -1 : deal);
    model.save_changes();
    drawBody();
    body.querySelector(`button[data-deal="${deal}"]`)?.focus();
  }

  function drawBody() {
    const words = strings();
    const columns = model.get("columns");
    const selected = model.get("selected");
    const rows = [];
    for (const row of order.slice(page * PAGE, (page + 1) * PAGE)) {
      const deal = at("deal", row);
      const on = deal === selected;
      const button = make("button", { type: "button", class: "open", "data-deal": deal, "aria-expanded": String(on), "aria-controls": on ? `why-${deal}` : null,
        "aria-label": fill(words.why_of, { deal }) }, on ? "–" : "?");
      const cells = columns.map((column) => {
        const value = at(column.key, row);
        const key = { US: "us", China: "cn" }[value] || "in";
        const shown = column.key === "stack" ? make("span", { class: `tag ${key}` }, show(value, column.kind)) : show(value, column.kind);
        return make("td", { role: "cell", class: column.kind, "data-title": column.title }, shown);
      });
      rows.push(make("tr", { role: "row", class: on ? "on" : null, onclick: (event) => { if (!String(getSelection())) { event.preventDefault(); open(deal); } } },
        make("td", { role: "cell", class: "opener" }, button), ...cells));
      if (on) {
        const cell = make("td", { role: "cell", colspan: columns.length + 1, id: `why-${deal}` });
        const why = model.get("why");
        if (why) cell.innerHTML = why; else cell.textContent = words.looking;
        rows.push(make("tr", { role: "row", class: "why" }, cell));
      }
    }
    if (!rows.length) rows.push(make("tr", { role: "row" }, make("td", { role: "cell", colspan: columns.length + 1 }, words.none)));
    const focused = body.contains(document.activeElement) ? document.activeElement.dataset.deal : undefined;
    body.replaceChildren(...rows);
    if (focused !== undefined) body.querySelector(`button[data-deal="${focused}"]`)?.focus({ preventScroll: true });
  }

  function refresh() {
    const words = strings();
    order = pick();
    const pages = Math.max(1, Math.ceil(order.length / PAGE));
    page = Math.min(Math.max(page, 0), pages - 1);
    const totals = { count: plain.format(order.length) };
    for (const key of model.get("counted")) {
      const column = table.columns[key] || [];
      totals[key] = show(order.reduce((sum, row) => sum + (column[row] || 0), 0), kindOf(key));
    }
    sums.textContent = fill(words.summary, totals);
    where.textContent = fill(words.page, { page: plain.format(page + 1), pages: plain.format(pages) });
    before.disabled = page === 0;
    next.disabled = page >= pages - 1;
    facets.querySelectorAll("select").forEach((select) => { select.value = chosen[select.dataset.key] || ""; });
    drawHead();
    drawBody();
  }

  function start() {
    table = unpack(model.get("rows"));
    drawFacets();
    refresh();
  }

  const events = { "change:rows": start, "change:columns": start, "change:filters": start, "change:counted": refresh, "change:strings": start, "change:selected": drawBody, "change:why": drawBody };
  for (const [name, action] of Object.entries(events)) model.on(name, action);
  start();
  return () => {
    clearTimeout(waiting);
    for (const [name, action] of Object.entries(events)) model.off(name, action);
  };
}

export default { render };
