// Drawings of a page as pictures that stand alone: a copy with its styles written out, as an SVG or a PNG file.
var SAVED_STYLES = ["fill", "fill-opacity", "fill-rule", "stroke", "stroke-opacity", "stroke-dasharray", "stroke-linejoin", "opacity", "font-size", "font-weight", "text-anchor", "dominant-baseline", "paint-order"];
var SAVED_USUAL = { "fill-opacity": "1", "fill-rule": "nonzero", "stroke": "none", "stroke-opacity": "1", "stroke-dasharray": "none", "stroke-linejoin": "miter", "opacity": "1", "text-anchor": "start", "dominant-baseline": "auto", "paint-order": "normal" };

// Any colour that the browser understands as one that every program understands.
function savedColours() {
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
function savedCopy(node, widen, colour, kept) {
  var copy = node.cloneNode(false);
  if (node.nodeType === 1) {
    var key = [node.tagName].concat(["class", "style", "text-anchor", "fill", "font-size", "opacity"].map(function (one) { return node.getAttribute(one); })).join("|"), style = kept[key];
    if (!style) {
      style = kept[key] = {};
      var found = getComputedStyle(node);
      SAVED_STYLES.forEach(function (property) {
        var value = found.getPropertyValue(property);
        if (property.startsWith("font") && node.tagName !== "text") return;
        if (value && value !== SAVED_USUAL[property]) style[property] = property === "fill" || property === "stroke" ? colour(value.replace(/["']/g, "")) : value;
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
  node.childNodes.forEach(function (child) { copy.append(savedCopy(child, widen, colour, kept)); });
  return copy;
}

// Words broken into lines by a rough width a letter: the file is read with fonts that are not known here.
function savedLines(words, size, width) {
  var most = Math.max(8, Math.floor(width / (size * .5))), lines = [""];
  String(words).split(/\s+/).forEach(function (word) {
    var last = lines[lines.length - 1];
    if (last && last.length + word.length + 1 > most) lines.push(word); else lines[lines.length - 1] = last ? last + " " + word : word;
  });
  return lines;
}

// What `savedSvg` and `savedPng` take: a drawing of that size as a file.
function savedFile(svg, width, height) {
  svg.setAttribute("viewBox", "0 0 " + width + " " + height.toFixed(0));
  svg.setAttribute("width", width); svg.setAttribute("height", height.toFixed(0));
  return { text: '<?xml version="1.0" encoding="UTF-8"?>\n' + new XMLSerializer().serializeToString(svg), width: width, height: Math.round(height) };
}
function savedBlob(blob, name) {
  var link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(function () { URL.revokeObjectURL(link.href); }, 4000);
}
function savedSvg(made, name) { savedBlob(new Blob([made.text], { type: "image/svg+xml" }), name + ".svg"); }
function savedPng(made, name, failed) {
  var url = URL.createObjectURL(new Blob([made.text], { type: "image/svg+xml" })), image = new Image();
  image.onload = function () {
    var canvas = document.createElement("canvas");
    canvas.width = made.width; canvas.height = made.height;
    canvas.getContext("2d").drawImage(image, 0, 0);
    URL.revokeObjectURL(url);
    canvas.toBlob(function (blob) { if (blob) savedBlob(blob, name + ".png"); else failed(); }, "image/png");
  };
  image.onerror = function () { URL.revokeObjectURL(url); failed(); };
  image.src = url;
}
