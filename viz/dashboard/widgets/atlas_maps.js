// The drawings: one SVG a view, as land or as tiles. Painting changes classes, and only those that differ from what stands there.
var ATLAS_SPACE = "http" + "://www.w3.org/2000/svg";

function atlasSvg(tag, attributes, parent) {
  var made = document.createElementNS(ATLAS_SPACE, tag);
  for (var key in attributes) made.setAttribute(key, attributes[key]);
  if (parent) parent.append(made);
  return made;
}

// Shapes are asked for once a page, whatever the number of widgets.
function atlasShapes(url) {
  var kept = atlasMeter().shapes;
  if (!kept[url]) {
    kept[url] = fetch(url).then(function (answer) {
      if (!answer.ok) throw new Error(url + ": " + answer.status);
      return answer.json();
    });
    kept[url].catch(function () { delete kept[url]; });
  }
  return kept[url];
}

function atlasCircle(x, y, radius) {
  return "M" + (x - radius) + "," + y + "a" + radius + "," + radius + " 0 1,0 " + 2 * radius + ",0a" + radius + "," + radius + " 0 1,0 -" + 2 * radius + ",0z";
}

// Where everything is drawn: {width, height, marks: by country [{d, round}], points: by country [x, y], ring: by country d, land, homes, labels}.
function atlasLayout(shapes, codes, drawing) {
  var place = {}, known = {}, found = { width: shapes.width, height: shapes.height, marks: [], points: [], ring: [], land: "", homes: [], labels: [], rounds: [] };
  codes.forEach(function (code, i) { place[code] = i; });
  shapes.shapes.forEach(function (one) { known[one[0]] = one; });
  var strangers = codes.filter(function (code) { return !known[code]; });
  if (drawing === "map" && strangers.length < codes.length) {
    shapes.shapes.forEach(function (one) {
      var i = place[one[0]], home = shapes.homes[one[0]];
      if (home && i === undefined) { found.homes.push({ d: one[1], x: one[2], y: one[3] + 10, key: home }); return; }
      if (i === undefined) { found.land += one[1]; return; }
      found.marks.push([i, one[1], ""]);
      found.points[i] = [one[2], one[3]];
      found.ring[i] = one[1];
    });
    shapes.shapes.forEach(function (one) {
      var i = place[one[0]];
      if (i === undefined || one[4] === null) return;
      var d = atlasCircle(one[4], one[5], shapes.radius);
      found.marks.push([i, d, " round"]);
      found.points[i] = [one[4], one[5]];
      found.ring[i] = d;
      found.rounds.push(i);
    });
    if (strangers.length) atlasRows(found, strangers, place, found.height);
    return found;
  }
  var places = shapes.tiles.places, step = shapes.width / shapes.tiles.columns;
  if (strangers.length === codes.length) { found.height = 0; atlasRows(found, strangers, place, 0); return found; }
  found.height = shapes.tiles.rows * step;
  codes.forEach(function (code, i) { if (places[code]) atlasTile(found, i, code, places[code][0] * step, places[code][1] * step, step); });
  Object.keys(shapes.homes).forEach(function (code) {
    if (place[code] !== undefined || !places[code]) return;
    var x = places[code][0] * step, y = places[code][1] * step;
    found.homes.push({ d: atlasSquare(x, y, step), x: x + step / 2, y: y + step / 2 + 20, key: shapes.homes[code], text: code });
  });
  var rest = codes.filter(function (code) { return !places[code]; });
  if (rest.length) atlasRows(found, rest, place, found.height);
  return found;
}
function atlasSquare(x, y, step) {
  var side = step - 10;
  return "M" + (x + 5).toFixed(1) + "," + (y + 5).toFixed(1) + "h" + side.toFixed(1) + "v" + side.toFixed(1) + "h-" + side.toFixed(1) + "z";
}
function atlasTile(found, i, code, x, y, step) {
  var d = atlasSquare(x, y, step);
  found.marks.push([i, d, ""]);
  found.points[i] = [x + step / 2, y + step / 2];
  found.ring[i] = d;
  found.labels.push([x + step / 2, y + step / 2, code]);
}
// Countries without a place on the map (a made-up world), row by row under what is there.
function atlasRows(found, codes, place, top) {
  var columns = Math.max(8, Math.min(24, Math.round(Math.sqrt(codes.length * 2.2)))), step = found.width / columns;
  codes.forEach(function (code, n) { atlasTile(found, place[code], code, n % columns * step, top + Math.floor(n / columns) * step, step); });
  found.height = top + Math.ceil(codes.length / columns) * step;
}

// One view's picture. `last` holds what stands on the screen, so that nothing is set twice.
function atlasPicture(layout, say, codes, label) {
  var svg = atlasSvg("svg", { viewBox: "0 0 " + layout.width + " " + layout.height.toFixed(0), tabindex: "0", role: "application", "aria-label": label, class: "atlas-map" });
  if (layout.land) atlasSvg("path", { class: "other", d: layout.land }, svg);
  layout.homes.forEach(function (home) {
    var path = atlasSvg("path", { class: "home", d: home.d }, svg);
    atlasSvg("title", {}, path).textContent = atlasFill(say.home_title, { name: say[home.key] });
  });
  var marks = codes.map(function () { return []; }), last = new Int16Array(codes.length).fill(-1);
  layout.marks.forEach(function (mark) {
    var made = atlasSvg("path", { class: "c", d: mark[1], "data-c": codes[mark[0]] }, svg);
    marks[mark[0]].push([made, mark[2]]);
  });
  layout.labels.forEach(function (one) {
    atlasSvg("text", { class: "tile-name", x: one[0].toFixed(0), y: one[1].toFixed(0), "aria-hidden": "true" }, svg).textContent = one[2];
  });
  layout.homes.forEach(function (home) {
    var text = atlasSvg("text", { class: home.text ? "home-name short" : "home-name", x: home.x.toFixed(0), y: home.y.toFixed(0), "aria-hidden": "true" }, svg);
    text.textContent = home.text || say[home.key];
    if (!home.text) text.dataset.names = JSON.stringify([say[home.key], say[home.key.slice(0, 2)]]);
  });
  var rings = { hover: atlasSvg("path", { class: "ring passing" }, svg), chosen: atlasSvg("path", { class: "ring" }, svg) };
  // The chosen country again, above its outline: many small islands would vanish under it.
  var cover = layout.labels.length ? null : atlasSvg("g", { class: "cover", "aria-hidden": "true" }, svg);
  return { svg: svg, marks: marks, last: last, rings: rings, cover: cover, covered: -1 };
}
function atlasPaint(picture, classes, start, faded) {
  var last = picture.last, marks = picture.marks;
  for (var i = 0; i < last.length; i++) {
    var key = classes[start + i] * 2 + (faded && faded[i] ? 1 : 0);
    if (key === last[i]) continue;
    last[i] = key;
    var name = "c " + ATLAS_CLASSES[key >> 1] + (key & 1 ? " off" : "");
    for (var j = 0; j < marks[i].length; j++) marks[i][j][0].setAttribute("class", name + marks[i][j][1]);
  }
  if (picture.covered >= 0) atlasCover(picture, picture.covered);
}
function atlasCover(picture, country) {
  picture.covered = picture.cover ? country : -1;
  if (!picture.cover) return;
  picture.cover.replaceChildren();
  if (country >= 0) picture.marks[country].forEach(function (mark) {
    var copy = mark[0].cloneNode(false);
    copy.removeAttribute("data-c");
    picture.cover.append(copy);
  });
}
function atlasRing(picture, layout, which, country) {
  var ring = picture.rings[which];
  if (country >= 0 && layout.ring[country]) ring.setAttribute("d", layout.ring[country]); else ring.removeAttribute("d");
  if (which === "chosen") atlasCover(picture, layout.ring[country] ? country : -1);
}

// The fills, under names of this widget alone; the style sheet finds them through variables on the root.
function atlasPatterns(text, prefix, root) {
  var box = atlasSvg("svg", { width: 0, height: 0, class: "atlas-fills", "aria-hidden": "true", focusable: "false" }, root);
  box.innerHTML = text.replace(/id="m-/g, 'id="' + prefix + "-");
  box.querySelectorAll("pattern").forEach(function (one) {
    root.style.setProperty("--m" + one.id.slice(prefix.length), "url(#" + one.id + ")");
    one.dataset.turn = one.getAttribute("patternTransform") || "";
  });
  return box;
}
// Dots and lines keep their size on the screen, whatever the width of the map.
function atlasGrain(box, scale) {
  box.querySelectorAll("pattern").forEach(function (one) { one.setAttribute("patternTransform", (one.dataset.turn + " scale(" + scale.toFixed(2) + ")").trim()); });
}

// On a small map the homes have short names, written as large as elsewhere.
function atlasHomes(svg, perPixel) {
  var small = perPixel > 7;
  svg.querySelectorAll("[data-names]").forEach(function (text) {
    text.textContent = JSON.parse(text.dataset.names)[small ? 1 : 0];
    text.style.fontSize = small ? (10.5 * perPixel).toFixed(0) + "px" : "";
  });
}

// The nearest country in a direction: straight ahead counts more than aside. -1 where there is none.
function atlasNext(points, from, dx, dy) {
  var best = -1, least = Infinity;
  for (var i = 0; i < points.length; i++) {
    if (i === from || !points[i]) continue;
    var x = points[i][0] - points[from][0], y = points[i][1] - points[from][1], ahead = x * dx + y * dy, aside = Math.abs(x * dy) + Math.abs(y * dx);
    if (ahead <= 0 || aside > 1.6 * ahead) continue;
    var cost = ahead + 1.5 * aside;
    if (cost < least) { least = cost; best = i; }
  }
  return best;
}
// A small state within reach of the pointer, where no land is under it.
function atlasNear(svg, layout, event) {
  var box = svg.getBoundingClientRect(), scale = layout.width / box.width, reach = 12 * scale, best = -1;
  var x = (event.clientX - box.left) * scale, y = (event.clientY - box.top) * scale;
  layout.rounds.forEach(function (i) {
    var away = Math.hypot(layout.points[i][0] - x, layout.points[i][1] - y);
    if (away < reach) { reach = away; best = i; }
  });
  return best;
}
