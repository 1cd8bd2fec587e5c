// The rail of levers: native inputs, made once; what Python says later only changes values, marks and texts.
const CALM = 120; // ms after the last input before a move is sent
let rails = 0;

function element(tag, attributes = {}, ...children) {
  const one = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "text") one.textContent = value;
    else if (value === true) one.setAttribute(name, "");
    else if (value !== false && value !== "" && value !== null && value !== undefined) one.setAttribute(name, value);
  }
  one.append(...children.filter(Boolean));
  return one;
}

const fill = (text, values) => (text || "").replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
const shown = (value) => String(Number(Number(value).toPrecision(4)));

function render({ model, el }) {
  const prefix = `rail${(rails += 1)}`;
  const say = (name, values = {}) => fill(model.get("strings")[name], values);
  const rows = new Map(); // name of a lever or part -> its controls
  const chosen = new Map(); // name of a choice -> its select and story
  const pending = new Map();
  const sent = new Map(); // name -> number of the message that it was last sent in
  let held_by = null; // the slider under the finger
  let count = 0, timer = 0, titles = new Map();
  const root = element("section", { class: "rail", "aria-label": say("heading") });
  el.append(root);

  // sending

  function flush(still) {
    clearTimeout(timer);
    if (!pending.size) return;
    const held = still === true;
    count = Math.max(count, (model.get("moves") || {}).count || 0) + 1;
    const moves = [...pending].map(([name, value]) => ({ name, value }));
    moves.forEach((move) => sent.set(move.name, count));
    pending.clear();
    model.set("moves", { count, moves, dragging: held });
    model.save_changes();
  }
  function later(name, value) {
    pending.set(name, value);
    clearTimeout(timer);
    timer = setTimeout(flush, CALM);
  }
  // While a lever is held, the next picture is asked for once the last one is there.
  function pump() {
    if (pending.size && held_by !== null && (model.get("drawn") || 0) >= count) flush(true);
  }
  function at_once(name, value) {
    pending.set(name, value);
    flush();
  }
  function undo(name) {
    for (const other of [...pending.keys()]) if (other === name || other.startsWith(name + ".")) pending.delete(other);
    at_once(name, null);
  }

  // building

  function control(one, described, label) {
    const id = `${prefix}-${one.name}`;
    const scale = { min: one.low, max: one.high };
    const range = element("input", { type: "range", id, ...scale, step: one.step, "aria-describedby": described });
    const number = element("input", { type: "number", ...scale, step: "any", inputmode: "decimal", "aria-label": say("value_of", { title: label }) });
    const output = element("output", { for: id });
    const row = { one, range, number, output, value: null };
    rows.set(one.name, row);
    const clamp = (value) => Math.min(one.high, Math.max(one.low, one.whole_number ? Math.round(value) : value));
    const let_go = () => { if (held_by === range) { held_by = null; if (!pending.size) pending.set(one.name, Number(range.value)); flush(); } };
    range.addEventListener("pointerdown", () => { held_by = range; });
    range.addEventListener("input", () => {
      show_value(row, Number(range.value), range);
      if (held_by !== range) return later(one.name, Number(range.value));
      pending.set(one.name, Number(range.value));
      pump();
    });
    range.addEventListener("change", () => (held_by === range ? let_go() : flush()));
    range.addEventListener("pointerup", () => setTimeout(() => { if (held_by === range) held_by = null; }));
    range.addEventListener("pointercancel", let_go);
    number.addEventListener("input", () => {
      if (number.value === "" || !number.checkValidity()) return;
      show_value(row, Number(number.value), number);
      later(one.name, clamp(Number(number.value)));
    });
    number.addEventListener("change", () => {
      if (number.value === "") return show_value(row, row.value);
      const value = clamp(Number(number.value));
      show_value(row, value);
      at_once(one.name, value);
    });
    return row;
  }

  function show_value(row, value, from) {
    row.value = value;
    const none = value === null || value === undefined;
    if (from !== row.range) row.range.value = none ? (row.one.low + row.one.high) / 2 : value;
    if (from !== row.number) row.number.value = none ? "" : shown(value);
    const text = none ? say("rule") : `${shown(value)}${row.one.unit ? " " + row.one.unit : ""}`;
    row.output.textContent = text;
    row.range.setAttribute("aria-valuetext", text);
    row.range.classList.toggle("open", none);
  }

  function lever_row(lever) {
    const id = `${prefix}-${lever.name}`;
    const ids = ["sentence", "cost", "note"].map((name) => `${id}-${name}`);
    titles.set(lever.name, lever.actor ? `${lever.actor}: ${lever.title}` : lever.title);
    const name = element("span", { class: "rail-title", text: lever.title });
    const actor = lever.actor && element("span", { class: "rail-actor", text: lever.actor });
    const mark = element("span", { class: "rail-mark", hidden: true });
    const back = element("button", { type: "button", class: "rail-undo", hidden: true, text: say("undo"), "aria-label": say("undo_one", { title: lever.title }) });
    back.addEventListener("click", () => { undo(lever.name); (row.range || row.parts).focus(); });
    const note = element("p", { class: "rail-note", id: ids[2], hidden: true });
    const row = lever.whole ? control(lever, ids.join(" "), lever.title) : { one: lever, value: null };
    Object.assign(row, { mark, back, note });
    rows.set(lever.name, row);
    const head = lever.whole ? element("label", { class: "rail-head", for: id }, actor, name) : element("div", { class: "rail-head" }, actor, name);
    const box = element("div", { class: "rail-lever", "data-name": lever.name, "data-find": `${lever.title} ${lever.sentence} ${lever.actor} ${lever.name}`.toLowerCase() });
    box.append(element("div", { class: "rail-line" }, head, row.output));
    if (lever.whole) box.append(element("div", { class: "rail-inputs" }, row.range, row.number));
    box.append(element("p", { class: "rail-sentence", id: ids[0], text: lever.sentence }));
    const costs = element("p", { class: "rail-cost", id: ids[1], hidden: !lever.cost && !lever.effect });
    if (lever.cost) costs.append(element("span", { text: lever.cost }));
    if (lever.effect) costs.append(" ", element("span", { text: lever.effect }));
    box.append(costs, note, element("div", { class: "rail-changed-line" }, mark, back));
    if (lever.parts.length) {
      const parts = element("details", { class: "rail-parts" });
      row.parts = element("summary", { text: lever.by_part });
      parts.append(row.parts, ...lever.parts.map((part) => part_row(part, lever)));
      box.append(parts);
    }
    box.append(element("details", { class: "rail-why" }, element("summary", { text: say("why") }), element("p", { text: lever.moves }), element("p", { text: lever.why })));
    return box;
  }

  function part_row(part, lever) {
    const row = control(part, "", `${lever.title}, ${part.title}`);
    const head = element("label", { for: `${prefix}-${part.name}`, text: part.title });
    return element("div", { class: "rail-part" }, element("div", { class: "rail-line" }, head, row.output), element("div", { class: "rail-inputs" }, row.range, row.number));
  }

  function choice(one) {
    const id = `${prefix}-${one.name}`;
    const story = element("p", { class: "rail-story", id: `${id}-story` });
    const select = element("select", { id, "aria-describedby": `${id}-story` }, ...one.options.map((option) => element("option", { value: option.value, text: option.title })));
    select.addEventListener("change", () => at_once(one.name, select.value));
    chosen.set(one.name, { one, select, story });
    return element("div", { class: "rail-choice" }, element("label", { for: id, text: one.title }), select, story);
  }

  function group_box(group) {
    const badge = element("span", { class: "rail-badge", hidden: true });
    const box = element("details", { class: "rail-group", "data-group": group.id }, element("summary", {}, element("h3", { text: group.title }), badge));
    if (group.note) box.append(element("p", { class: "rail-note", text: group.note }));
    for (const section of group.sections) {
      box.append(element("details", { class: "rail-section" }, element("summary", {}, element("h4", { text: section.title })), ...section.levers.map(lever_row)));
      section.levers.forEach((lever) => titles.set(lever.name, `${group.title}: ${lever.title}`));
    }
    return box;
  }

  let built = null, parts = {};
  function build() {
    const description = model.get("description");
    if (!description.groups || built === description) return;
    built = description;
    rows.clear(); chosen.clear(); titles = new Map();
    const body = element("div", { class: "rail-body", id: `${prefix}-body` });
    const toggle = element("button", { type: "button", class: "rail-open", "aria-expanded": "false", "aria-controls": body.id, text: say("open") });
    toggle.addEventListener("click", () => toggle.setAttribute("aria-expanded", String(root.classList.toggle("opened"))));
    const reset = element("button", { type: "button", class: "rail-reset", text: say("reset") });
    reset.addEventListener("click", () => { clearTimeout(timer); pending.clear(); model.set("reset", model.get("reset") + 1); model.save_changes(); parts.search.focus(); });
    const changed = element("p", { class: "rail-count", role: "status" });
    const list = element("ul", { class: "rail-list" });
    const search = element("input", { type: "search", id: `${prefix}-search`, autocomplete: "off" });
    const found = element("p", { class: "rail-note", role: "status" });
    search.addEventListener("input", () => filter(search.value, found));
    const start = element("div", { class: "rail-start" }, element("h3", { text: say("start") }), ...description.start.map(lever_row));
    body.append(
      ...description.selects.map(choice), element("div", { class: "rail-changed" }, changed, list, reset),
      element("div", { class: "rail-search" }, element("label", { for: search.id, text: say("search") }), search, found),
      start, ...description.groups.map(group_box), element("p", { class: "rail-note", text: description.measured }), element("p", { class: "rail-note", text: description.left_out }),
    );
    parts = { changed, list, reset, search, found, body, toggle };
    root.replaceChildren(element("h2", { text: say("heading") }), toggle, body);
    update();
  }

  function filter(words, found) {
    const wanted = words.trim().toLowerCase().split(/\s+/).filter(Boolean);
    let number = 0;
    for (const box of root.querySelectorAll(".rail-lever")) {
      const hit = wanted.every((word) => box.dataset.find.includes(word));
      box.hidden = !hit;
      number += hit ? 1 : 0;
    }
    for (const fold of root.querySelectorAll(".rail-section, .rail-group")) {
      const any = fold.querySelector(".rail-lever:not([hidden])") !== null;
      fold.hidden = !any;
      if (wanted.length && !("was" in fold.dataset)) fold.dataset.was = fold.open ? "1" : "";
      if (wanted.length) fold.open = any;
      else if ("was" in fold.dataset) { fold.open = fold.dataset.was === "1"; delete fold.dataset.was; }
    }
    found.textContent = !wanted.length ? "" : number ? say("search_found", { count: number }) : say("search_none");
  }

  // what Python says

  function update() {
    const state = model.get("state");
    if (!state.levers || !rows.size) return;
    for (const [name, row] of rows) {
      const [value, base, changed, note] = state.levers[name] || [null, null, false, ""];
      const ahead = pending.has(name) || (sent.get(name) || 0) > (state.seen || 0);
      if (row.range && !ahead) {
        // Somebody who is typing "0." must not find a "0" there; the value itself is the same.
        const typing = document.activeElement === row.number || (el.getRootNode().activeElement === row.number);
        show_value(row, value, typing && row.number.value !== "" && Number(row.number.value) === value ? row.number : undefined);
      }
      if (!row.mark) continue;
      row.mark.hidden = row.back.hidden = !changed;
      row.mark.textContent = changed ? (row.range ? say("from_to", { base: base === null ? say("rule") : shown(base) }) : say("changed_mark")) : "";
      row.note.hidden = !note;
      row.note.textContent = note;
      row.mark.closest(".rail-lever").classList.toggle("moved", changed);
    }
    show_changed(state);
    show_choices(state);
    for (const group of root.querySelectorAll(".rail-group")) {
      const number = group.querySelectorAll(".rail-lever.moved").length;
      const badge = group.querySelector(".rail-badge");
      badge.hidden = !number;
      badge.textContent = number ? say("part_mark", { count: number }) : "";
    }
  }

  function show_changed(state) {
    const number = state.changed.length + state.others.length;
    const told = number ? say("changed_some", { count: number }) : say("changed_none");
    if (parts.changed.textContent !== told) parts.changed.textContent = told;
    parts.reset.hidden = !number;
    parts.toggle.textContent = number ? `${say("open")} (${number})` : say("open");
    const wanted = [
      ...state.changed.map((name) => [name, titles.get(name) || name, (rows.get(name) || {}).output ? rows.get(name).output.textContent : say("changed_mark")]),
      ...state.others.map((one) => [one.name, `${say("also_set")}: ${one.text.split("=")[0]}`, one.text.split("=").slice(1).join("=")]),
    ];
    const old = new Map([...parts.list.children].map((item) => [item.dataset.changed, item]));
    const items = wanted.map(([name, title, value]) => {
      const item = old.get(name) || list_item(name, title);
      item.querySelector("b").textContent = value;
      return item;
    });
    // Only what changed is moved, so that a button in focus stays where it is.
    for (const item of [...parts.list.children]) if (!items.includes(item)) item.remove();
    items.forEach((item, place) => { if (parts.list.children[place] !== item) parts.list.insertBefore(item, parts.list.children[place] || null); });
  }

  function list_item(name, title) {
    const back = element("button", { type: "button", class: "rail-undo", text: say("undo"), "aria-label": say("undo_one", { title }) });
    back.addEventListener("click", () => { undo(name); parts.search.focus(); });
    return element("li", { "data-changed": name }, element("span", { text: `${title} ` }), element("b"), back);
  }

  function show_choices(state) {
    for (const { one, select, story } of chosen.values()) {
      const own = state.own.find((option) => option.name === one.name);
      const extra = select.querySelector("option[data-own]");
      if (extra && !own) extra.remove();
      if (own && !extra) select.prepend(element("option", { value: "", text: own.title, "data-own": true }));
      if (own && extra) extra.textContent = own.title;
      if (own && !extra) select.firstChild.value = own.value;
      const value = state.chosen[one.name];
      if (!pending.has(one.name) && select.value !== value) select.value = value;
      const option = one.options.find((other) => other.value === value) || own || {};
      if (story.textContent !== option.story) story.textContent = option.story || "";
    }
  }

  model.on("change:description", build);
  model.on("change:state", update);
  model.on("change:drawn", pump);
  model.on("change:strings", () => { built = null; build(); });
  build();
  return () => { flush(); model.off("change:description", build); model.off("change:state", update); };
}

export default { render };
