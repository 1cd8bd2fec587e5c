// Repaints the map from the bytes in the page. Without script the last year and all layers stay as drawn.
(function () {
  "use strict";
  var root = document.documentElement;
  root.classList.add("js");
  var data = JSON.parse(document.getElementById("payload").textContent);
  var find = function (id) { return document.getElementById(id); };
  var years = data.years, codes = data.codes, names = data.names, layers = data.layerTitles, C = codes.length, L = layers.length;
  var cells = data.views.map(function (view) {
    var text = atob(view.cells), bytes = new Uint8Array(text.length);
    for (var i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
    return bytes;
  });
  var say = data.words;
  function fill(words, values) { return words.replace(/\{(\w+)\}/g, function (_, name) { return values[name]; }); }
  var now = { year: years.length - 1, layer: 0, view: 0 };
  var marks = {};
  document.querySelectorAll("#map [data-c]").forEach(function (mark) {
    (marks[mark.dataset.c] = marks[mark.dataset.c] || []).push(mark);
    var told = mark.querySelector("title");
    if (told) told.remove(); // the card takes over from the tooltip
  });
  var order = codes.map(function (_, i) { return i; }).sort(function (a, b) { return names[a].localeCompare(names[b]); });
  var chosen = -1, pinned = false;

  function at(view, year, layer, country) { return cellAt(cells[view], data.states, L, C, year, layer, country); }
  function isDifference() { return data.views[now.view].name === "difference"; }
  function shown(byte, difference) { return byteShown(byte, difference, say.no_data); }
  function paint() {
    var tally = {};
    for (var i = 0; i < C; i++) {
      var cell = at(now.view, now.year, now.layer, i), state = cell.state, list = marks[codes[i]] || [];
      tally[state] = (tally[state] || 0) + 1;
      if (cell.unsure) state += " unsure";
      for (var j = 0; j < list.length; j++) list[j].setAttribute("class", "c " + state + (i === chosen ? " on" : ""));
    }
    var sum = function (side) { return (tally[side + 1] || 0) + (tally[side + 2] || 0) + (tally[side + 3] || 0); };
    var key = (isDifference() ? "counts_change" : "counts_lead") + (tally.none ? "_none" : "");
    var words = fill(say[key], { us: sum("us"), cn: sum("cn"), independent: tally.independent || 0, contested: tally.contested || 0, none: tally.none });
    find("counts").textContent = fill(say.counts_line, { year: years[now.year], layer: layers[now.layer].toLowerCase(), counts: words });
    find("year-shown").textContent = years[now.year];
    find("year").value = now.year;
    find("year").setAttribute("aria-valuetext", years[now.year]);
    if (find("lead-legend")) { find("lead-legend").hidden = isDifference(); find("legend").hidden = !isDifference(); }
    press("[data-layer]", "aria-selected", now.layer, "layer");
    press("[data-view]", "aria-pressed", now.view, "view");
    if (chosen >= 0) card(chosen);
    try { history.replaceState(null, "", "#year=" + years[now.year] + "&layer=" + data.layers[now.layer] + (now.view ? "&view=" + now.view : "")); } catch (error) { /* a sandboxed page keeps no address */ }
  }
  function press(selector, attribute, value, key) {
    document.querySelectorAll(selector).forEach(function (button) { button.setAttribute(attribute, String(+button.dataset[key] === value)); });
  }
  function card(country) {
    var cell = at(now.view, now.year, now.layer, country), difference = isDifference(), box = find("card");
    box.replaceChildren(element("h3", names[country]), element("p", layers[now.layer] + ", " + years[now.year], "quiet"));
    if (cell.us === 255) { box.append(element("p", say.js_nothing)); return; }
    var list = element("dl");
    [[say.us, "us"], [say.cn, "cn"], [say["in"], "in"]].forEach(function (row) {
      var bar = element("dd", undefined, "track"), fill = element("i", undefined, row[1]);
      fill.style.width = difference ? Math.min(100, Math.abs(cell[row[1]] - 127) * 2) + "%" : cell[row[1]] / 2 + "%";
      bar.append(fill);
      list.append(element("dt", row[0]), bar, element("dd", shown(cell[row[1]], difference)));
    });
    box.append(list, element("p", sentence(cell, difference)), trend(country, difference));
  }
  function sentence(cell, difference) {
    if (difference) return cell.state === "contested" ? say.js_no_change : say.js_change;
    var agree = fill(say.in_runs, { part: Math.round(cell.sure / 200 * data.runs) });
    var key = cell.state === "contested" ? "js_contested" : cell.unsure ? "js_open" : "js_plain";
    var text = fill(say[key], { who: say["js_" + firstOf(cell)], runs: agree });
    return text.charAt(0).toUpperCase() + text.slice(1);
  }
  function trend(country, difference) {
    var space = "http" + "://www.w3.org/2000/svg", width = 240, height = 70;
    var svg = document.createElementNS(space, "svg");
    svg.setAttribute("viewBox", "0 0 " + width + " " + (height + 16));
    svg.setAttribute("class", "chart");
    svg.setAttribute("aria-hidden", "true");
    var x = function (year) { return years.length < 2 ? 0 : width * year / (years.length - 1); };
    ["us", "cn", "in"].forEach(function (key) {
      var points = [];
      for (var year = 0; year < years.length; year++) {
        var value = at(now.view, year, now.layer, country)[key];
        if (value !== 255) points.push(x(year).toFixed(1) + "," + (difference ? height / 2 - Math.max(-60, Math.min(60, value - 127)) * height / 120 : height - value / 200 * height).toFixed(1));
      }
      var line = document.createElementNS(space, "polyline");
      line.setAttribute("points", points.join(" "));
      line.setAttribute("class", "line " + key);
      svg.append(line);
    });
    var rule = document.createElementNS(space, "line");
    [["x1", x(now.year)], ["x2", x(now.year)], ["y1", 0], ["y2", height], ["class", "zero"]].forEach(function (pair) { rule.setAttribute(pair[0], pair[1]); });
    svg.append(rule);
    [[0, years[0], "start"], [width, years[years.length - 1], "end"]].forEach(function (tick) {
      var text = document.createElementNS(space, "text");
      text.setAttribute("x", tick[0]); text.setAttribute("y", height + 13); text.setAttribute("text-anchor", tick[2]);
      text.textContent = tick[1];
      svg.append(text);
    });
    return svg;
  }
  function bringIntoView(country) {
    var frame = find("map-scroll"), mark = (marks[codes[country]] || [])[0];
    if (!mark || frame.scrollWidth <= frame.clientWidth) return;
    var place = mark.getBoundingClientRect(), edge = frame.getBoundingClientRect();
    if (place.left < edge.left || place.right > edge.right) frame.scrollLeft += (place.left + place.right) / 2 - (edge.left + edge.right) / 2;
  }
  function choose(country, keep) {
    if (chosen >= 0) (marks[codes[chosen]] || []).forEach(function (mark) { mark.classList.remove("on"); });
    chosen = country; pinned = !!keep;
    if (country < 0) return;
    (marks[codes[country]] || []).forEach(function (mark) {
      mark.classList.add("on");
      if (mark.tagName === "path") mark.parentNode.insertBefore(mark, mark.parentNode.querySelector("circle[data-c]"));
    });
    card(country);
    if (keep) bringIntoView(country);
  }
  var map = find("map");
  find("map-scroll").scrollLeft = (find("map-scroll").scrollWidth - find("map-scroll").clientWidth) / 2; // on a phone, begin in the middle
  map.setAttribute("tabindex", "0");
  map.addEventListener("pointerover", function (event) {
    if (!pinned && event.target.dataset && event.target.dataset.c) choose(codes.indexOf(event.target.dataset.c));
  });
  map.addEventListener("click", function (event) {
    var code = event.target.dataset && event.target.dataset.c;
    if (code) choose(codes.indexOf(code), true); else { pinned = false; }
  });
  map.addEventListener("keydown", function (event) {
    var step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    choose(order[(order.indexOf(chosen) + step + order.length) % order.length], true);
  });
  var list = find("names");
  order.forEach(function (i) { var option = element("option"); option.value = names[i]; option.label = codes[i]; list.append(option); });
  find("search").addEventListener("input", function () {
    var asked = this.value.trim().toLowerCase();
    var hit = codes.findIndex(function (code, i) { return code.toLowerCase() === asked || names[i].toLowerCase() === asked; });
    if (hit >= 0) choose(hit, true);
  });
  find("year").addEventListener("input", function () { now.year = +this.value; paint(); });
  document.querySelectorAll("[data-layer]").forEach(function (button, i, all) {
    button.addEventListener("click", function () { now.layer = +button.dataset.layer; paint(); });
    button.addEventListener("keydown", function (event) {
      var step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (step) { var next = all[(i + step + all.length) % all.length]; next.focus(); next.click(); }
    });
  });
  document.querySelectorAll("[data-view]").forEach(function (button) {
    button.addEventListener("click", function () { now.view = +button.dataset.view; paint(); });
  });
  var timer = null;
  find("play").addEventListener("click", function () {
    var stop = function () { clearInterval(timer); timer = null; find("play").textContent = say.play; find("play").setAttribute("aria-pressed", "false"); };
    if (timer) { stop(); return; }
    if (now.year === years.length - 1) now.year = 0;
    find("play").textContent = say.play_pause; find("play").setAttribute("aria-pressed", "true");
    paint();
    timer = setInterval(function () { if (now.year >= years.length - 1) { stop(); return; } now.year++; paint(); }, 600);
  });
  find("save").addEventListener("click", function () {
    var difference = isDifference(), text = "year,layer,iso3,country,us,cn,independent\n";
    for (var y = 0; y < years.length; y++) for (var l = 0; l < L; l++) for (var c = 0; c < C; c++) {
      var cell = at(now.view, y, l, c), value = function (byte) { return byte === 255 ? "" : difference ? (byte - 127) / 2 : byte / 2; };
      text += [years[y], data.layers[l], codes[c], '"' + names[c] + '"', value(cell.us), value(cell.cn), value(cell.in)].join(",") + "\n";
    }
    var link = element("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
    link.download = "stackcraft-map.csv";
    link.click();
    URL.revokeObjectURL(link.href);
  });
  find("theme").addEventListener("click", function () {
    var dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
  });
  location.hash.slice(1).split("&").forEach(function (pair) {
    var key = pair.split("=")[0], value = pair.split("=")[1];
    if (key === "year" && years.indexOf(+value) >= 0) now.year = years.indexOf(+value);
    if (key === "layer" && data.layers.indexOf(value) >= 0) now.layer = data.layers.indexOf(value);
    if (key === "view" && data.views[+value]) now.view = +value;
    if (key === "country" && codes.indexOf(value) >= 0) choose(codes.indexOf(value), true);
  });
  if (now.year !== years.length - 1 || now.layer || now.view || chosen >= 0) paint();
})();
