// The maps as a picture that stands alone: styles written out, fills included, with title, year, legend, source, date and licence.
var ATLAS_STYLES = ["fill", "fill-opacity", "fill-rule", "stroke", "stroke-opacity", "stroke-dasharray", "stroke-linejoin", "opacity", "font-size", "font-weight", "text-anchor", "dominant-baseline", "paint-order"];
var ATLAS_USUAL = { "fill-opacity": "1", "fill-rule": "nonzero", "stroke": "none", "stroke-opacity": "1", "stroke-dasharray": "none", "stroke-linejoin": "miter", "opacity": "1", "text-anchor": "start", "dominant-baseline": "auto", "paint-order": "normal" };

// Any colour that the browser understands as one that every program understands.
function atlasColours() {
  var pen = document.createElement("canvas").getContext("2d", { willReadFrequently: true }), kept = {};
  return function (text) {
    if (!text || text === "none" || text.startsWith("url(") || text.startsWith("#")) return text;
    if (kept[text]) return kept[text];
    pen.clearRect(0, 0, 1, 1);
    pen.fillStyle = text;
    pen.fillRect(0, 0, 1, 1);
    var data = pen.getImageData(0, 0, 1, 1).data, hex = "#" + [0, 1, 2].map(function (i) { return data[i].toString(16).padStart(2, "0"); }).join("");
    kept[text] = data[3] === 255 ? hex : "rgba(" + data[0] + "," + data[1] + "," + data[2] + "," + (data[3] / 255).toFixed(3) + ")";
    return kept[text];
  };
}

// A copy of a drawing with its styles as attributes. `widen` turns widths on the screen into units of the drawing.
function atlasFrozen(node, widen, colour, kept) {
  var copy = node.cloneNode(false);
  if (node.nodeType === 1) {
    var name = node.getAttribute("class"), key = node.tagName + "." + name, style = kept[key];
    if (!style) {
      style = kept[key] = {};
      var found = getComputedStyle(node);
      ATLAS_STYLES.forEach(function (property) {
        var value = found.getPropertyValue(property);
        if (property.startsWith("font") && node.tagName !== "text") return;
        if (value && value !== ATLAS_USUAL[property]) style[property] = property === "fill" || property === "stroke" ? colour(value.replace(/["']/g, "")) : value;
      });
      if (style.stroke) {
        var scale = found.getPropertyValue("vector-effect") === "non-scaling-stroke" ? widen : 1;
        style["stroke-width"] = (parseFloat(found.getPropertyValue("stroke-width")) * scale).toFixed(2);
        if (style["stroke-dasharray"]) style["stroke-dasharray"] = style["stroke-dasharray"].split(/[ ,]+/).map(function (one) { return (parseFloat(one) * scale).toFixed(1); }).join(" ");
      }
    }
    ["class", "style", "tabindex", "role", "aria-label", "aria-hidden", "data-turn", "data-names"].forEach(function (one) { copy.removeAttribute(one); });
    for (var property in style) copy.setAttribute(property, style[property]);
  }
  node.childNodes.forEach(function (child) { copy.append(atlasFrozen(child, widen, colour, kept)); });
  return copy;
}

function atlasDocument(atlas) {
  atlas.fillMaps(); // behind the table they are not kept up
  var colour = atlasColours(), look = getComputedStyle(atlas.root), tone = function (name) { return colour(look.getPropertyValue(name).trim()); };
  var width = 2000, edge = 48, gap = 32, inner = width - 2 * edge, number = atlas.pictures.length, each = (inner - gap * (number - 1)) / number;
  var svg = atlasSvg("svg", { xmlns: ATLAS_SPACE, "font-family": "'Source Sans 3', Inter, Arial, sans-serif" });
  var paper = atlasSvg("rect", { x: 0, y: 0, width: width, fill: tone("--card") || "#ffffff" }, svg), y = edge;
  atlas.fills.querySelectorAll("defs").forEach(function (defs) { svg.append(atlasFrozen(defs, 1, colour, {})); });
  function write(words, size, ink, weight, x, wide) {
    atlasLines(words, size, wide || inner).forEach(function (line) {
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
    var onScreen = picture.svg.getBoundingClientRect().width || 1000, copy = atlasFrozen(picture.svg, box.width / onScreen, colour, {});
    copy.setAttribute("x", x); copy.setAttribute("y", top); copy.setAttribute("width", each); copy.setAttribute("height", box.height * scale);
    svg.append(copy);
    tall = Math.max(tall, box.height * scale);
  });
  y = top + tall + 20;
  y = atlasLegendDrawn(svg, atlas, colour, tone, edge, inner, y);
  y += 14;
  atlas.captionLines().forEach(function (line) { write(line, 20, "--quiet"); });
  y += edge * .8;
  svg.setAttribute("viewBox", "0 0 " + width + " " + y.toFixed(0));
  svg.setAttribute("width", width); svg.setAttribute("height", y.toFixed(0));
  paper.setAttribute("height", y.toFixed(0));
  return { text: '<?xml version="1.0" encoding="UTF-8"?>\n' + new XMLSerializer().serializeToString(svg), width: width, height: Math.round(y) };
}
// Words broken into lines by a rough width a letter: the file is read with fonts that are not known here.
function atlasLines(words, size, width) {
  var most = Math.max(8, Math.floor(width / (size * .5))), lines = [""];
  String(words).split(/\s+/).forEach(function (word) {
    var last = lines[lines.length - 1];
    if (last && last.length + word.length + 1 > most) lines.push(word); else lines[lines.length - 1] = last ? last + " " + word : word;
  });
  return lines;
}
function atlasLegendDrawn(svg, atlas, colour, tone, edge, inner, y) {
  atlas.keys.querySelectorAll("ul").forEach(function (list) {
    var x = edge;
    list.querySelectorAll("li").forEach(function (line) {
      var words = line.textContent.trim(), swatch = line.querySelector("svg"), wide = 52 + words.length * 10.4 + 26;
      if (x > edge && x + wide > edge + inner) { x = edge; y += 36; }
      if (swatch) {
        var copy = atlasFrozen(swatch, 3, colour, {});
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

function atlasHandOut(blob, name) {
  var link = element("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(function () { URL.revokeObjectURL(link.href); }, 4000);
}
function atlasSaveSvg(atlas, name) { atlasHandOut(new Blob([atlasDocument(atlas).text], { type: "image/svg+xml" }), name + ".svg"); }
function atlasSavePng(atlas, name) {
  var made = atlasDocument(atlas), url = URL.createObjectURL(new Blob([made.text], { type: "image/svg+xml" })), image = new Image();
  image.onload = function () {
    var canvas = document.createElement("canvas");
    canvas.width = made.width; canvas.height = made.height;
    canvas.getContext("2d").drawImage(image, 0, 0);
    URL.revokeObjectURL(url);
    canvas.toBlob(function (blob) { if (blob) atlasHandOut(blob, name + ".png"); else atlas.tell(atlas.say.saving_failed, true); }, "image/png");
  };
  image.onerror = function () { URL.revokeObjectURL(url); atlas.tell(atlas.say.saving_failed, true); };
  image.src = url;
}
