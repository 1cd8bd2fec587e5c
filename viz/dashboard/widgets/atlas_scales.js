// From the bytes of a cell to the class that fills its country, for every mode; computed once a view and mode, not once a year.
var ATLAS_STATES = ["cn3", "cn2", "cn1", "contested", "us1", "us2", "us3", "independent", "none"];
var ATLAS_CLASSES = ATLAS_STATES.concat(
  ATLAS_STATES.map(function (state) { return state + " unsure"; }), ["open", "doubted", "settled", "flat"],
  ["agree1", "agree2", "agree3", "agree4", "agree5"], ["down1", "down2", "down3"]);
["us", "cn", "in"].forEach(function (key) {
  for (var share = 1; share <= 5; share++) ATLAS_CLASSES.push(key + "-share" + share);
  for (var up = 1; up <= 3; up++) ATLAS_CLASSES.push(key + "-up" + up);
});
var ATLAS_INDEX = {};
ATLAS_CLASSES.forEach(function (name, i) { ATLAS_INDEX[name] = i; });
var ATLAS_SHARES = { share_US: [0, "us"], share_CN: [1, "cn"], share_independent: [2, "in"] };

function atlasClassOf(mode, difference, bytes, start) {
  if (bytes[start] === 255) return "none";
  var state = ATLAS_STATES[bytes[start + 4] & 15], unsure = bytes[start + 4] > 15, share = ATLAS_SHARES[mode];
  if (share) {
    var value = bytes[start + share[0]];
    if (!difference) return share[1] + "-share" + Math.min(5, 1 + Math.floor(value / 40));
    var size = Math.abs(value - 127); // half points
    if (size < 1) return "flat";
    return (value > 127 ? share[1] + "-up" : "down") + (size > 20 ? 3 : size > 6 ? 2 : 1);
  }
  if (mode === "confidence") {
    var sure = bytes[start + 3];
    if (difference) return sure ? "agree5" : "agree1";
    return "agree" + (sure < 100 ? 1 : sure < 400 / 3 ? 2 : sure < 160 ? 3 : sure <= 190 ? 4 : 5);
  }
  if (mode === "contested" && !difference) return unsure ? "open" : state === "contested" ? "doubted" : "settled";
  return state + (unsure ? " unsure" : "");
}

// One index into ATLAS_CLASSES a cell, in the order of the bytes.
function atlasClasses(mode, difference, bytes) {
  var found = new Uint8Array(bytes.length / 5);
  for (var i = 0; i < found.length; i++) found[i] = ATLAS_INDEX[atlasClassOf(mode, difference, bytes, 5 * i)];
  return found;
}

function atlasLegendName(mode, difference) {
  if (!difference) return mode;
  return mode === "lead" || mode === "contested" ? "difference" : mode + " of difference";
}

// How many countries of one year and layer are led by whom.
function atlasTally(bytes, start, countries) {
  var found = { us: 0, cn: 0, in: 0, contested: 0, none: 0 };
  for (var i = 0; i < countries; i++) {
    var state = bytes[5 * (start + i) + 4], name = ATLAS_STATES[state & 15];
    found[name === "independent" ? "in" : name === "contested" || name === "none" ? name : name.slice(0, 2)]++;
  }
  return found;
}

// Plain mean shares of some countries in bytes (fractions of a byte too), leaving out those without data; 255 where none is left.
function atlasMeans(bytes, start, members) {
  var sum = [0, 0, 0], number = 0;
  members.forEach(function (country) {
    var at = 5 * (start + country);
    if (bytes[at] === 255) return;
    number++;
    for (var i = 0; i < 3; i++) sum[i] += bytes[at + i];
  });
  return sum.map(function (one) { return number ? one / number : 255; });
}

function atlasFill(text, values) {
  return String(text || "").replace(/\{(\w+)\}/g, function (whole, key) { return key in values ? values[key] : whole; });
}

// The lead of the first over the second in points, as it follows from the whole percents on the screen.
function atlasGap(cell) {
  var order = [cell.us, cell.cn, cell.in].map(function (byte) { return Math.round(byte / 2); }).sort(function (a, b) { return b - a; });
  return order[0] - order[1];
}

function atlasSentence(say, cell, difference, runs) {
  if (cell.us === 255) return say.no_data_long;
  if (difference) return cell.state === "contested" || cell.state === "none" ? say.change_unclear : say.change_clear;
  var words = say[(cell.state === "contested" ? "contested_" : "leads_") + firstOf(cell) + (runs === 1 ? "_one" : "")];
  return (cell.unsure ? say.unsure_start : "") + atlasFill(words, { gap: atlasGap(cell), some: Math.round(cell.sure / 200 * runs), all: runs });
}
