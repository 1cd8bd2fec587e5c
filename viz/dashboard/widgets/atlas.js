// The world map: state, controls and wiring. The parts above draw; nothing here asks the server but for the shapes, once.
//
// window.stackcraftAtlas counts for whoever measures: `made` widgets; `paints` (all repaints of maps); `lastScript` and `lastPaint`,
// ms from the move that started the last repaint to its end in script and to the frame that showed it; `frames`, `playMs` and
// `longestFrame` while playing. Set any of them to 0 to start afresh.
function atlasMeter() {
  if (!window.stackcraftAtlas) window.stackcraftAtlas = { made: 0, paints: 0, lastScript: 0, lastPaint: 0, frames: 0, playMs: 0, longestFrame: 0, shapes: {} };
  return window.stackcraftAtlas;
}
var ATLAS_WAIT = 150; // ms after the last move until Python hears of the year
var ATLAS_MODES = ["lead", "share_US", "share_CN", "share_independent", "contested", "confidence"];

function atlasRender(model, el) {
  var meter = atlasMeter(), prefix = "atlas" + ++meter.made, get = function (name) { return model.get(name); };
  var root = element("div", null, "atlas"), atlas = { root: root, prefix: prefix, stamp: 0, year: 0, layer: 0, chosen: -1, hover: -1, playing: false, say: {}, views: [], years: [], codes: [], names: [], layers: [], order: [], pictures: [], faded: null };
  var bytes = [], classes = [], members = [], shapes = null, layout = null, layoutKey = "", reportTimer = 0, tellTimer = 0, gone = false, ready = false;
  var pinned = atlas.pinned = atlasKept("pinned"), recent = atlas.recent = atlasKept("recent");
  var say = atlas.say = get("strings");

  // ---- the frame
  var layerBox = element("fieldset", null, "atlas-segments"), bar = element("div", null, "atlas-bar"), modeBox = choice(say.show, "mode"), groupBox = choice(say.filter, "group");
  var search = element("input"), searchList = element("datalist"), drawings = segments(say.drawing, "drawing", [["map", say.land], ["tiles", say.tiles]]);
  var tabs = element("div", null, "atlas-tabs"), tabButtons = {}, panels = {}, status = element("p", null, "atlas-status quiet");
  var grid = element("div", null, "atlas-grid"), stage = element("div", null, "atlas-stage"), card = element("div", null, "atlas-card"), scrubBox = element("div", null, "atlas-scrub");
  var line = element("p", null, "atlas-group"), counts = element("div", null, "atlas-counts"), chipBox = element("div"), note = element("p", null, "note");
  var keys = atlas.keys = element("div", null, "atlas-keys"), save = element("div", null, "atlas-save"), csv = element("a", say.save_csv), live = element("p", null, "atlas-unseen"), tableBox = element("div", null, "atlas-scroll");
  live.setAttribute("aria-live", "polite"); live.setAttribute("role", "status");
  search.type = "search"; search.id = prefix + "-search"; search.autocomplete = "off"; search.placeholder = say.search_hint;
  searchList.id = prefix + "-names"; search.setAttribute("list", searchList.id);
  var find = element("span", null, "atlas-field"), findLabel = element("label", say.search, "quiet");
  findLabel.htmlFor = search.id;
  find.append(findLabel, search, searchList);
  tabs.setAttribute("role", "tablist"); tabs.setAttribute("aria-label", say.views);
  [["map", say.map, stage], ["table", say.table, tableBox]].forEach(function (one) {
    var button = element("button", one[1]);
    button.type = "button"; button.id = prefix + "-tab-" + one[0];
    button.setAttribute("role", "tab"); button.setAttribute("aria-controls", prefix + "-" + one[0]);
    button.addEventListener("click", function () { send("tab", one[0]); });
    button.addEventListener("keydown", function (event) {
      if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
      event.preventDefault();
      var other = one[0] === "map" ? "table" : "map";
      send("tab", other); tabButtons[other].focus();
    });
    one[2].id = prefix + "-" + one[0]; one[2].setAttribute("role", "tabpanel"); one[2].setAttribute("aria-labelledby", button.id);
    tabButtons[one[0]] = button; panels[one[0]] = one[2];
    tabs.append(button);
  });
  tableBox.tabIndex = 0;
  ATLAS_MODES.forEach(function (mode) { var option = element("option", say["mode_" + mode]); option.value = mode; modeBox.select.append(option); });
  bar.append(modeBox.field, groupBox.field, find, tabs, drawings.box);
  save.append(press(say.save_svg, function () { atlasSaveSvg(atlas, fileName()); }), press(say.save_png, function () { atlasSavePng(atlas, fileName()); }), csv);
  card.setAttribute("role", "region"); card.setAttribute("aria-label", say.country);
  keys.setAttribute("role", "group"); keys.setAttribute("aria-label", say.legend);
  var main = element("div", null, "atlas-main"), below = element("div", null, "atlas-below");
  main.append(stage, tableBox, scrubBox);
  below.append(line, counts, keys, chipBox, save, note);
  grid.append(main, card, below);
  root.append(layerBox, bar, status, grid, live);

  // ---- what the parts ask for
  atlas.name = function (country) { return atlasName(atlas.names[country], atlas.codes[country]); };
  atlas.isDifference = function (v) { return atlas.views[v].name === "difference"; };
  atlas.cell = function (v, country, year) { return cellAt(bytes[v], ATLAS_STATES, atlas.layers.length, atlas.codes.length, year === undefined ? atlas.year : year, atlas.layer, country); };
  atlas.layerTitle = function () { return (atlas.layers[atlas.layer] || ["", ""])[1]; };
  atlas.yearTold = function () { return atlas.years.length ? atlas.years[atlas.year] + " (" + (atlas.year === 0 ? say.starting : say.computed) + ")" : ""; };
  atlas.isPinned = function (country) { return pinned.all().indexOf(atlas.codes[country]) >= 0; };
  atlas.hrefOf = function (country) { return filled(atlas.countryHref, { code: atlas.codes[country] }); };
  atlas.captionLines = function () { return get("caption").concat(get("note") ? [get("note")] : []); };
  atlas.headWords = function () {
    var words = [atlas.layerTitle(), atlas.yearTold(), say["mode_" + get("mode")]], chosen = theGroup();
    if (chosen) words.push(chosen.title);
    if (get("status")) words.push(get("status"));
    return words.join(" \u00b7 ");
  };
  atlas.tell = function (words, now) { clearTimeout(tellTimer); tellTimer = setTimeout(function () { live.textContent = words; }, now ? 0 : 600); };
  atlas.choose = function (country, quietly) {
    atlas.chosen = country; atlas.hover = -1;
    if (country >= 0) {
      var code = atlas.codes[country];
      recent.set([code].concat(recent.all().filter(function (one) { return one !== code; })).slice(0, 6));
      chips();
    }
    if (!quietly) send("country", country >= 0 ? atlas.codes[country] : "");
    rings(); fillCard(atlas.chosen);
    if (country >= 0) { bringIntoView(country); readOut(); }
    if (get("tab") === "table") table();
  };
  atlas.pin = function (country) {
    var code = atlas.codes[country], had = atlas.isPinned(country);
    pinned.set(had ? pinned.all().filter(function (one) { return one !== code; }) : pinned.all().concat([code]));
    chips(); fillCard(showing());
  };
  atlas.setYear = function (year, started) {
    year = Math.max(0, Math.min(atlas.years.length - 1, year));
    if (year === atlas.year) { scrub.show(); return; }
    atlas.year = year;
    paint(started);
    if (!atlas.playing) atlas.reportYear();
  };
  atlas.reportYear = function () {
    clearTimeout(reportTimer);
    reportTimer = setTimeout(function () { reportTimer = 0; send("year", atlas.years[atlas.year]); readOut(); }, ATLAS_WAIT);
  };
  var fillCard = atlasCard(card, atlas), table = atlasTable(tableBox, atlas), scrub = atlasScrub(scrubBox, atlas), fillNames = atlasSearch(search, searchList, atlas), chips = atlasChips(chipBox, atlas);

  // ---- small helpers
  function press(text, act) { var made = element("button", text); made.type = "button"; made.addEventListener("click", act); return made; }
  function choice(text, name) {
    var field = element("span", null, "atlas-field"), select = element("select"), label = element("label", text, "quiet");
    select.id = prefix + "-" + name; label.htmlFor = select.id;
    field.append(label, select);
    select.addEventListener("change", function () { send(name, select.value); });
    return { field: field, select: select };
  }
  function segments(title, name, pairs) {
    var box = element("fieldset", null, "atlas-segments");
    box.append(element("legend", title, "atlas-unseen"));
    pairs.forEach(function (pair) {
      var label = element("label"), radio = element("input");
      radio.type = "radio"; radio.name = prefix + "-" + name; radio.value = pair[0];
      radio.addEventListener("change", function () { send(name, pair[0]); });
      label.append(radio, element("span", pair[1]));
      box.append(label);
    });
    return { box: box, mark: function (value) { box.querySelectorAll("input").forEach(function (radio) { radio.checked = radio.value === value; }); } };
  }
  function send(name, value) { if (get(name) !== value) { model.set(name, value); model.save_changes(); } }
  function filled(text, more) { return atlasFill(text, Object.assign({ year: atlas.years[atlas.year], layer: (atlas.layers[atlas.layer] || [""])[0] }, more)); }
  function fileName() { return filled(get("file_name") + "-{layer}-{year}", {}); }
  function theGroup() { return get("groups").find(function (one) { return one.name === get("group"); }); }
  function showing() { return atlas.hover >= 0 ? atlas.hover : atlas.chosen; }
  function start() { return (atlas.year * atlas.layers.length + atlas.layer) * atlas.codes.length; }

  // ---- painting
  function paint(started) {
    var begun = started || performance.now();
    scrub.show();
    if (!ready) return;
    if (get("tab") === "table") table(); else atlas.fillMaps();
    words();
    if (showing() >= 0) fillCard(showing());
    csv.href = filled(get("csv_href"), {});
    cursors();
    meter.paints++;
    meter.lastScript = performance.now() - begun;
    requestAnimationFrame(function () {
      var channel = new MessageChannel(); // its message comes after the frame has been drawn
      channel.port1.onmessage = function () { meter.lastPaint = performance.now() - begun; channel.port1.close(); };
      channel.port2.postMessage(0);
    });
  }
  atlas.fillMaps = function () { atlas.pictures.forEach(function (picture, v) { atlasPaint(picture, classesOf(v), start(), atlas.faded); }); };
  function classesOf(v) {
    if (!classes[v]) classes[v] = atlasClasses(get("mode"), atlas.isDifference(v), bytes[v]);
    return classes[v];
  }
  function countWords(v) {
    var found = atlasTally(bytes[v], start(), atlas.codes.length);
    return atlasFill(atlas.isDifference(v) ? say.count_difference : say.count_lead, found) + (found.none ? atlasFill(say.count_none, found) : "") + ".";
  }
  function words() {
    while (counts.children.length > atlas.views.length) counts.lastChild.remove();
    while (counts.children.length < atlas.views.length) counts.append(element("p"));
    atlas.views.forEach(function (view, v) {
      var text = (atlas.views.length > 1 ? view.title + ": " : atlas.years[atlas.year] + ", " + atlas.layerTitle().toLowerCase() + ": ") + countWords(v);
      if (counts.children[v].textContent !== text) counts.children[v].textContent = text;
    });
    var chosen = theGroup();
    line.hidden = !chosen;
    if (chosen) line.textContent = atlas.views.map(function (view, v) {
      var means = atlasMeans(bytes[v], start(), members), difference = atlas.isDifference(v), show = function (i) { return byteShown(means[i], difference, say.no_data); };
      return (atlas.views.length > 1 ? view.title + ": " : "") + atlasFill(say.group_line, { group: chosen.title, number: atlasFill(say.group_of, { number: members.length }), us: show(0), cn: show(1), in: show(2) }) + ".";
    }).join(" ");
  }
  function readOut() {
    if (atlas.playing || !ready) return;
    var place = atlas.yearTold() + ", " + atlas.layerTitle() + ". ", country = showing();
    atlas.tell(place + atlas.views.map(function (view, v) {
      var head = atlas.views.length > 1 ? view.title + ": " : "";
      if (country < 0) return head + countWords(v);
      var cell = atlas.cell(v, country), difference = atlas.isDifference(v);
      return head + atlas.name(country) + ": " + ["us", "cn", "in"].map(function (key) { return say[key] + " " + byteShown(cell[key], difference, say.no_data); }).join(", ") + ". " + atlasSentence(say, cell, difference, atlas.runs);
    }).join(" "));
  }
  // Charts elsewhere on the page follow: what carries the years of its chart and where they stand.
  function cursors() {
    var year = atlas.years[atlas.year];
    document.querySelectorAll("[data-year-x]").forEach(function (mark) {
      var place = mark.dataset.years.split(",").indexOf(String(year));
      if (place >= 0) mark.setAttribute("transform", "translate(" + mark.dataset.yearX.split(",")[place] + " 0)");
    });
  }
  function rings() {
    if (layout) atlas.pictures.forEach(function (picture) { atlasRing(picture, layout, "chosen", atlas.chosen); atlasRing(picture, layout, "hover", atlas.hover === atlas.chosen ? -1 : atlas.hover); });
  }
  function bringIntoView(country) {
    if (!layout || !layout.points[country]) return;
    stage.querySelectorAll(".atlas-scroll").forEach(function (frame) {
      if (frame.scrollWidth <= frame.clientWidth) return;
      var x = layout.points[country][0] / layout.width * frame.scrollWidth;
      if (x < frame.scrollLeft + 20 || x > frame.scrollLeft + frame.clientWidth - 20) frame.scrollLeft = x - frame.clientWidth / 2;
    });
  }

  // ---- building: only when views, countries or the drawing change
  function pictures() {
    var key = [atlas.views.map(function (view) { return view.title; }).join("|"), atlas.codes.join(), get("drawing"), get("title")].join("#");
    if (!shapes || key === layoutKey) return;
    layoutKey = key;
    layout = atlasLayout(shapes, atlas.codes, get("drawing"));
    stage.replaceChildren();
    atlas.pictures = atlas.views.map(function (view) {
      var figure = element("figure"), frame = element("div", null, "atlas-scroll"), label = atlasFill(say.map_name, { title: atlas.views.length > 1 || !get("title") ? view.title : get("title") });
      var picture = atlasPicture(layout, say, atlas.codes, label);
      if (atlas.views.length > 1) figure.append(element("figcaption", view.title));
      frame.append(picture.svg);
      figure.append(frame);
      stage.append(figure);
      listen(picture.svg, frame);
      return picture;
    });
    stage.dataset.views = atlas.views.length; grid.dataset.views = atlas.views.length; stage.dataset.drawing = get("drawing");
    requestAnimationFrame(function () { stage.querySelectorAll(".atlas-scroll").forEach(function (frame) { frame.scrollLeft = (frame.scrollWidth - frame.clientWidth) / 2; }); measure(); });
  }
  function listen(svg, frame) {
    var under = function (event) {
      var code = event.target.dataset && event.target.dataset.c;
      return code ? atlas.codes.indexOf(code) : atlasNear(svg, layout, event);
    };
    var pass = function (country) { if (country !== atlas.hover) { atlas.hover = country; rings(); fillCard(showing()); } };
    svg.addEventListener("pointermove", function (event) { if (event.pointerType !== "touch" && ready) pass(under(event)); });
    svg.addEventListener("pointerleave", function () { if (ready) pass(-1); });
    svg.addEventListener("click", function (event) { if (ready) atlas.choose(under(event)); });
    svg.addEventListener("focus", function () {
      if (ready && atlas.chosen < 0 && svg.matches(":focus-visible")) { pass(firstCountry()); readOut(); }
    });
    svg.addEventListener("blur", function () { if (ready) pass(-1); });
    svg.addEventListener("keydown", function (event) {
      var way = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] }[event.key], from = showing();
      if (event.key === "Escape") atlas.choose(-1);
      if (event.key === "Enter" && from >= 0) { if (from !== atlas.chosen) atlas.choose(from); else if (atlas.countryHref) location.assign(atlas.hrefOf(from)); }
      if (!way || !ready) return;
      event.preventDefault();
      var next = from < 0 ? firstCountry() : atlasNext(layout.points, from, way[0], way[1]);
      if (next >= 0) atlas.choose(next);
    });
    frame.addEventListener("scroll", function () { // maps side by side, or one under another, move together
      stage.querySelectorAll(".atlas-scroll").forEach(function (other) { if (other !== frame && other.scrollLeft !== frame.scrollLeft) other.scrollLeft = frame.scrollLeft; });
    });
  }
  function firstCountry() { // the nearest to the middle of the map
    var best = 0, least = Infinity;
    layout.points.forEach(function (point, i) { var away = Math.hypot(point[0] - layout.width / 2, point[1] - layout.height / 2); if (away < least) { least = away; best = i; } });
    return best;
  }
  function measure() {
    var svg = atlas.pictures[0] && atlas.pictures[0].svg, wide = svg && svg.getBoundingClientRect().width;
    if (!wide || !atlas.fills) return;
    var scale = Math.max(.8, layout.width / wide / 4);
    atlasGrain(atlas.fills, scale);
    atlas.pictures.forEach(function (picture) { atlasHomes(picture.svg, layout.width / wide); });
    keys.querySelectorAll("svg.swatch").forEach(function (one) {
      var w = 27 * 4 * scale, h = 18 * 4 * scale, rect = one.firstChild;
      one.setAttribute("viewBox", "0 0 " + w + " " + h);
      rect.setAttribute("x", 3 * scale); rect.setAttribute("y", 3 * scale); rect.setAttribute("width", w - 6 * scale); rect.setAttribute("height", h - 6 * scale);
    });
  }
  function legend() {
    var kinds = [];
    atlas.views.forEach(function (_, v) { var name = atlasLegendName(get("mode"), atlas.isDifference(v)); if (kinds.indexOf(name) < 0) kinds.push(name); });
    keys.replaceChildren();
    kinds.forEach(function (name) {
      var list = element("ul", null, "legend");
      (get("legends")[name] || []).forEach(function (pair) {
        var item = element("li"), swatch = atlasSvg("svg", { class: "swatch", viewBox: "0 0 90 60", "aria-hidden": "true" }, item);
        atlasSvg("rect", { class: "c " + pair[0], x: 4, y: 4, width: 82, height: 52 }, swatch);
        item.append(pair[1]);
        list.append(item);
      });
      keys.append(list);
    });
  }
  function showTab() {
    var tab = get("tab");
    ["map", "table"].forEach(function (one) {
      tabButtons[one].setAttribute("aria-selected", String(one === tab));
      tabButtons[one].tabIndex = one === tab ? 0 : -1;
      panels[one].hidden = one !== tab;
    });
    drawings.box.hidden = tab === "table";
    keys.hidden = tab === "table";
    paint();
    if (tab === "map") requestAnimationFrame(measure);
  }

  // ---- from the model to the screen
  function takeData() {
    atlas.views = get("views"); atlas.years = get("years"); atlas.names = get("names"); atlas.layers = get("layers"); atlas.runs = get("runs");
    var codes = get("codes"), chosen = atlas.chosen >= 0 ? atlas.codes[atlas.chosen] : get("country");
    var fresh = codes.join() !== atlas.codes.join();
    atlas.codes = codes;
    bytes = get("cells").map(function (one) { return new Uint8Array(one.buffer || one, one.byteOffset || 0, one.byteLength); });
    var size = 5 * atlas.years.length * atlas.layers.length * codes.length;
    ready = atlas.views.length > 0 && size > 0 && bytes.length === atlas.views.length && bytes.every(function (one) { return one.length === size; });
    atlas.stamp++; classes = [];
    if (!ready) { status.textContent = get("status") || say.waiting; return; }
    atlas.order = codes.map(function (_, i) { return i; }).sort(function (a, b) { return atlas.name(a).localeCompare(atlas.name(b)); });
    if (fresh) fillNames();
    atlas.chosen = codes.indexOf(chosen); atlas.hover = -1;
    var layers = atlas.layers.map(function (one) { return one[0]; }).join();
    if (layerBox.dataset.layers !== layers) {
      layerBox.dataset.layers = layers;
      var made = segments(say.layer, "layer", atlas.layers);
      made.box.className = "atlas-segments atlas-layers";
      layerBox.replaceWith(made.box); made.box.dataset.layers = layers;
      layerBox = made.box; layerBox.mark = made.mark;
    }
    scrub.ruler();
    year();
    chips();
  }
  function year() {
    if (reportTimer || atlas.playing) return; // the hand on the slider goes first
    var asked = atlas.years.indexOf(get("year"));
    atlas.year = asked >= 0 ? asked : get("year") && get("year") < atlas.years[0] ? 0 : Math.max(0, atlas.years.length - 1);
  }
  function groups() {
    var select = groupBox.select, found = get("groups"), kinds = {};
    select.replaceChildren();
    var all = element("option", say.everyone);
    all.value = "";
    select.append(all);
    found.forEach(function (one) {
      var option = element("option", one.title), kind = one.kind || "";
      option.value = one.name;
      if (kind && !kinds[kind]) { kinds[kind] = element("optgroup"); kinds[kind].label = kind; select.append(kinds[kind]); }
      (kinds[kind] || select).append(option);
    });
    groupBox.field.hidden = !found.length;
  }
  function refresh() { // everything that hangs on the selection
    atlas.layer = Math.max(0, atlas.layers.findIndex(function (one) { return one[0] === get("layer"); }));
    atlas.countryHref = get("country_href"); atlas.title = get("title");
    atlas.stamp++; classes = [];
    var chosen = theGroup();
    members = chosen ? chosen.codes.map(function (code) { return atlas.codes.indexOf(code); }).filter(function (i) { return i >= 0; }) : [];
    atlas.faded = chosen ? Uint8Array.from(atlas.codes, function (_, i) { return members.indexOf(i) >= 0 ? 0 : 1; }) : null;
    modeBox.select.value = get("mode"); groupBox.select.value = chosen ? chosen.name : "";
    drawings.mark(get("drawing"));
    if (layerBox.mark) layerBox.mark(get("layer"));
    note.textContent = get("note"); note.hidden = !get("note");
    csv.hidden = !get("csv_href");
    status.hidden = ready && !get("status");
    if (get("status")) status.textContent = get("status");
    root.setAttribute("aria-busy", String(get("busy")));
    if (!ready) return;
    pictures(); legend(); measure(); rings(); fillCard(showing()); showTab(); readOut();
  }
  var pending = false, data = false, watched = [];
  function soon(withData) { // several traits come one by one: once is enough
    data = data || withData;
    if (pending) return;
    pending = true;
    queueMicrotask(function () { pending = false; if (gone) return; if (data) { data = false; takeData(); } refresh(); });
  }
  function watch(names, act) { names.forEach(function (name) { model.on("change:" + name, act); watched.push([name, act]); }); }
  watch(["views", "cells", "years", "codes", "names", "layers", "runs"], function () { soon(true); });
  watch(["layer", "mode", "drawing", "tab", "group", "title", "note", "status", "busy", "legends", "country_href", "csv_href"], function () { soon(false); });
  watch(["groups"], function () { groups(); soon(false); });
  watch(["year"], function () { var before = atlas.year; year(); if (atlas.year !== before) paint(); });
  watch(["country"], function () {
    var asked = atlas.codes.indexOf(get("country"));
    if (asked !== atlas.chosen && ready) atlas.choose(asked, true);
  });
  watch(["shapes_url"], fetchShapes);
  function fetchShapes() {
    atlasShapes(get("shapes_url")).then(function (found) {
      if (gone) return;
      shapes = found;
      if (atlas.fills) atlas.fills.remove();
      atlas.fills = atlasPatterns(found.patterns, prefix, root);
      soon(false);
    }, function () { if (!gone) { stage.replaceChildren(element("p", say.shapes_missing, "quiet")); } });
  }
  var sized = new ResizeObserver(measure);
  sized.observe(stage);
  groups(); takeData(); refresh(); fetchShapes();
  el.append(root);
  return function () {
    gone = true;
    scrub.stop(); sized.disconnect(); clearTimeout(reportTimer); clearTimeout(tellTimer);
    watched.forEach(function (pair) { model.off("change:" + pair[0], pair[1]); });
    root.remove();
  };
}
export default { render: function (given) { return atlasRender(given.model, given.el); } };
