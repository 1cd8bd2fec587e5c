// The maps as a picture that stands alone: styles written out, fills included, with title, year, legend, source, date and licence.

function atlasDocument(atlas) {
  atlas.fillMaps(); // behind the table they are not kept up
  var colour = savedColours(), look = getComputedStyle(atlas.root), tone = function (name) { return colour(look.getPropertyValue(name).trim()); };
  var width = 2000, edge = 48, gap = 32, inner = width - 2 * edge, number = atlas.pictures.length, each = (inner - gap * (number - 1)) / number;
  var svg = atlasSvg("svg", { xmlns: ATLAS_SPACE, "font-family": "'Source Sans 3', Inter, Arial, sans-serif" });
  var paper = atlasSvg("rect", { x: 0, y: 0, width: width, fill: tone("--card") || "#ffffff" }, svg), y = edge;
  atlas.fills.querySelectorAll("defs").forEach(function (defs) { svg.append(savedCopy(defs, 1, colour, {})); });
  function write(words, size, ink, weight, x, wide) {
    savedLines(words, size, wide || inner).forEach(function (line) {
      y += size * 1.3;
      atlasSvg("text", { x: x || edge, y: y.toFixed(0), "font-size": size, "font-weight": weight || 400, fill: tone(ink) }, svg).textContent = line;
    });
  }
  if (atlas.title) write(atlas.title, 46, "--text", 650);
  write(atlas.headWords(), 27, "--quiet");
  y += 26;
  var tall = 0, top = y + (number > 1 ? 40 : 0);
  atlas.pictures.forEach(function (picture, v) {
    var box = picture.svg.viewBox.baseVal, x = edge + v * (each + gap), scale = each / box.width;
    if (number > 1) { y = top - 40; write(atlas.views[v].title, 26, "--text", 600, x, each); }
    var onScreen = picture.svg.getBoundingClientRect().width || 1000, copy = savedCopy(picture.svg, box.width / onScreen, colour, {});
    copy.setAttribute("x", x); copy.setAttribute("y", top); copy.setAttribute("width", each); copy.setAttribute("height", box.height * scale);
    svg.append(copy);
    tall = Math.max(tall, box.height * scale);
  });
  y = top + tall + 20;
  y = atlasLegendDrawn(svg, atlas, colour, tone, edge, inner, y);
  y += 14;
  atlas.captionLines().forEach(function (line) { write(line, 20, "--quiet"); });
  y += edge * .8;
  paper.setAttribute("height", y.toFixed(0));
  return savedFile(svg, width, y);
}

function atlasLegendDrawn(svg, atlas, colour, tone, edge, inner, y) {
  atlas.keys.querySelectorAll("ul").forEach(function (list) {
    var x = edge;
    list.querySelectorAll("li").forEach(function (line) {
      var words = line.textContent.trim(), swatch = line.querySelector("svg"), wide = 52 + words.length * 10.4 + 26;
      if (x > edge && x + wide > edge + inner) { x = edge; y += 36; }
      if (swatch) {
        var copy = savedCopy(swatch, 3, colour, {});
        copy.setAttribute("x", x); copy.setAttribute("y", y); copy.setAttribute("width", 42); copy.setAttribute("height", 28);
        svg.append(copy);
      }
      atlasSvg("text", { x: x + (swatch ? 52 : 0), y: y + 21, "font-size": 20, fill: tone("--quiet") }, svg).textContent = words;
      x += wide;
    });
    y += 40;
  });
  return y;
}

function atlasSaveSvg(atlas, name) { savedSvg(atlasDocument(atlas), name); }
function atlasSavePng(atlas, name) { savedPng(atlasDocument(atlas), name, function () { atlas.tell(atlas.say.saving_failed, true); }); }
