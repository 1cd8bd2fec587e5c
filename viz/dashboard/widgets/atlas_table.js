// The maps' numbers for one year and layer as a table that sorts: what a screen reader has instead of the pictures.
function atlasTable(box, atlas) {
  var say = atlas.say, stamp = -1, rows = [], body = null, caption = null, sorted = { column: 0, down: false }, heads = [];
  var PARTS = ["us", "cn", "in", "leader", "sure"];

  function build() {
    stamp = atlas.stamp; rows = []; heads = [];
    var table = element("table", null, "atlas-table"), head = element("thead"), several = atlas.views.length > 1;
    caption = element("caption");
    if (several) {
      var top = element("tr");
      top.append(element("td"));
      atlas.views.forEach(function (view) { var th = element("th", view.title); th.colSpan = PARTS.length; th.scope = "colgroup"; top.append(th); });
      head.append(top);
    }
    var line = element("tr");
    line.append(heading(say.country, 0));
    atlas.views.forEach(function (view, v) {
      var difference = atlas.isDifference(v);
      [say.us, say.cn, say.in, difference ? say.change : say.leader, difference ? say.clear : say.agreement].forEach(function (title, k) {
        var th = heading(title, 1 + v * PARTS.length + k);
        if (k === 0 && several) th.className = "first";
        line.append(th);
      });
    });
    head.append(line);
    body = element("tbody");
    atlas.order.forEach(function (country) {
      var row = element("tr"), th = element("th"), name = element("button", atlas.name(country), "atlas-plain");
      name.type = "button";
      name.addEventListener("click", function () { atlas.choose(country); });
      th.scope = "row";
      th.append(name);
      row.append(th);
      var cells = [];
      for (var k = 0; k < atlas.views.length * PARTS.length; k++) {
        var td = element("td");
        if (k % PARTS.length === 0 && several) td.className = "first";
        cells.push(td);
        row.append(td);
      }
      body.append(row);
      rows.push({ country: country, row: row, cells: cells, keys: [] });
    });
    table.append(caption, head, body);
    box.replaceChildren(table);
  }
  function heading(title, column) {
    var th = element("th"), button = element("button", title, "atlas-plain");
    button.type = "button";
    button.addEventListener("click", function () {
      sorted = { column: column, down: sorted.column === column ? !sorted.down : column > 0 };
      fill();
    });
    th.scope = "col";
    th.append(button);
    heads.push(th);
    return th;
  }
  function leader(cell, difference) {
    if (cell.us === 255) return say.no_data;
    var state = cell.state, side = state === "independent" ? "in" : state.slice(0, 2);
    if (difference) return state === "contested" ? say.no_change : atlasFill(say.towards, { who: say[side] });
    if (state === "contested") return say[firstOf(cell)] + ", " + say.contested;
    return say[firstOf(cell)] + (cell.unsure ? ", " + say.unsure : "");
  }
  function fill() {
    if (stamp !== atlas.stamp) build();
    var words = atlasFill(say.table_caption, { layer: atlas.layerTitle(), year: atlas.yearTold() });
    if (atlas.views.some(function (_, v) { return atlas.isDifference(v); })) words += " " + say.table_caption_difference;
    put(caption, words);
    rows.forEach(function (row) {
      row.keys = [atlas.name(row.country)];
      atlas.views.forEach(function (_, v) {
        var cell = atlas.cell(v, row.country), difference = atlas.isDifference(v), missing = cell.us === 255, at = v * PARTS.length;
        var sure = missing ? "" : difference ? (cell.state === "contested" ? say.no : say.yes)
          : atlasFill(say.runs_of, { some: Math.round(cell.sure / 200 * atlas.runs), all: atlas.runs });
        var texts = [byteShown(cell.us, difference, say.no_data), byteShown(cell.cn, difference, say.no_data), byteShown(cell.in, difference, say.no_data), leader(cell, difference), sure];
        texts.forEach(function (text, k) { put(row.cells[at + k], text); });
        row.keys.push(missing ? -999 : cell.us, missing ? -999 : cell.cn, missing ? -999 : cell.in, texts[3], missing ? -999 : difference ? sure : cell.sure);
      });
      row.row.hidden = !!(atlas.faded && atlas.faded[row.country]);
      row.row.className = row.country === atlas.chosen ? "on" : "";
    });
    var turn = sorted.down ? -1 : 1, column = Math.min(sorted.column, heads.length - 1);
    var wanted = rows.slice().sort(function (a, b) {
      var x = a.keys[column], y = b.keys[column], order = typeof x === "number" ? x - y : String(x).localeCompare(String(y));
      return turn * order || String(a.keys[0]).localeCompare(String(b.keys[0]));
    });
    if (wanted.some(function (row, i) { return row !== rows[i]; })) { rows = wanted; body.append.apply(body, rows.map(function (row) { return row.row; })); }
    heads.forEach(function (th, i) { if (i === column) th.setAttribute("aria-sort", sorted.down ? "descending" : "ascending"); else th.removeAttribute("aria-sort"); });
  }
  function put(node, text) { if (node.textContent !== text) node.textContent = text; }
  return fill;
}
