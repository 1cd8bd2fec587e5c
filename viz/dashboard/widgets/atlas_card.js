// The country card: the same for hover, focus, tap and search. Built when the country changes, filled when the year does.
function atlasCard(box, atlas) {
  var say = atlas.say, shown = -1, blocks = [], place = element("p", null, "quiet"), link = element("a", say.open_country), pin = element("button", say.pin);
  pin.type = "button";
  pin.addEventListener("click", function () { atlas.pin(shown); });
  var stamp = 0;

  function build(country) {
    shown = country; stamp = atlas.stamp; blocks = [];
    box.replaceChildren();
    if (country < 0) { box.append(element("p", say.card_hint, "quiet")); return; }
    var head = element("h3", atlas.name(country));
    head.append(" ", element("span", atlas.codes[country], "quiet"));
    box.append(head, place);
    var all = element("div", null, "atlas-blocks");
    atlas.views.forEach(function (view, v) {
      var block = element("div"), list = element("dl"), rows = [];
      if (atlas.views.length > 1) block.append(element("h4", view.title));
      ["us", "cn", "in"].forEach(function (key) {
        var track = element("dd", null, atlas.isDifference(v) ? "track middle" : "track"), fill = element("i", null, key), number = element("dd");
        track.append(fill);
        list.append(element("dt", say[key]), track, number);
        rows.push([key, fill, number]);
      });
      var sentence = element("p", null, "atlas-told"), trend = atlasTrend(atlas, v, country);
      block.append(list, sentence, trend.svg);
      all.append(block);
      blocks.push({ v: v, list: list, rows: rows, sentence: sentence, trend: trend });
    });
    var foot = element("p", null, "atlas-foot");
    if (atlas.countryHref) foot.append(link);
    foot.append(pin);
    box.append(all, foot);
  }
  return function (country) {
    if (country !== shown || stamp !== atlas.stamp) build(country);
    if (country < 0) return;
    place.textContent = atlas.layerTitle() + ", " + atlas.yearTold();
    blocks.forEach(function (block) {
      var cell = atlas.cell(block.v, country), difference = atlas.isDifference(block.v), missing = cell.us === 255;
      block.list.hidden = missing;
      block.rows.forEach(function (row) {
        var byte = cell[row[0]];
        var moved = Math.max(-50, Math.min(50, byte - 127)); // a difference starts in the middle: losses to the left
        row[1].style.width = missing ? "0" : (difference ? Math.abs(moved) : byte / 2) + "%";
        row[1].style.marginLeft = difference && !missing ? 50 + Math.min(0, moved) + "%" : "0";
        row[2].textContent = byteShown(byte, difference, say.no_data);
      });
      block.sentence.textContent = atlasSentence(say, cell, difference, atlas.runs);
      block.trend.move(atlas.year);
    });
    link.href = atlas.hrefOf(country);
    var pinned = atlas.isPinned(country);
    pin.textContent = pinned ? say.unpin : say.pin;
    pin.setAttribute("aria-pressed", String(pinned));
  };
}

// Three lines over the years and a rule at the year shown.
function atlasTrend(atlas, v, country) {
  var width = 240, height = 64, years = atlas.years, difference = atlas.isDifference(v);
  var svg = atlasSvg("svg", { viewBox: "-3 -3 " + (width + 6) + " " + (height + 20), class: "chart atlas-trend", "aria-hidden": "true" });
  var x = function (year) { return years.length < 2 ? 0 : width * year / (years.length - 1); };
  if (difference) atlasSvg("line", { x1: 0, x2: width, y1: height / 2, y2: height / 2, class: "grid" }, svg);
  ["us", "cn", "in"].forEach(function (key) {
    var points = [];
    for (var year = 0; year < years.length; year++) {
      var value = atlas.cell(v, country, year)[key];
      if (value === 255) continue;
      points.push(x(year).toFixed(1) + "," + (difference ? height / 2 - Math.max(-60, Math.min(60, value - 127)) * height / 120 : height - value / 200 * height).toFixed(1));
    }
    atlasSvg("polyline", { points: points.join(" "), class: "line " + key }, svg);
  });
  var rule = atlasSvg("line", { x1: 0, x2: 0, y1: 0, y2: height, class: "zero" }, svg);
  [[0, years[0], "start"], [width, years[years.length - 1], "end"]].forEach(function (tick) {
    atlasSvg("text", { x: tick[0], y: height + 14, "text-anchor": tick[2] }, svg).textContent = tick[1];
  });
  return { svg: svg, move: function (year) { rule.setAttribute("transform", "translate(" + x(year).toFixed(1) + ",0)"); } };
}
