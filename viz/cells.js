// What the maps of reports and screens have in common: how a cell of a map's bytes is read and told. Five bytes a cell: shares
// of the US, the Chinese stack and independent vendors in half points (255: no number; differences around 127), agreement of the
// runs, and the state, plus 16 where the runs disagree. Order: year, layer, country.
function cellAt(bytes, states, layers, countries, year, layer, country) {
  var start = 5 * ((year * layers + layer) * countries + country), state = bytes[start + 4];
  return { us: bytes[start], cn: bytes[start + 1], in: bytes[start + 2], sure: bytes[start + 3], state: states[state & 15], unsure: state > 15 };
}
// Numbers have the form of the page's language, with Latin digits as everywhere else on the page.
var numberForms = {};
function numberForm(name, options) {
  if (!numberForms[name]) numberForms[name] = new Intl.NumberFormat((document.documentElement.lang || "en") + "-u-nu-latn", options);
  return numberForms[name];
}
function byteShown(byte, difference, missing) {
  if (byte === 255) return missing;
  if (!difference) return numberForm("share", { style: "percent" }).format(Math.round(byte / 2) / 100);
  return numberForm("change", { minimumFractionDigits: 1, maximumFractionDigits: 1, signDisplay: "exceptZero" }).format((byte - 127) / 2);
}
function firstOf(cell) {
  var best = Math.max(cell.us, cell.cn, cell.in);
  return best === cell.us ? "us" : best === cell.cn ? "cn" : "in";
}
function element(tag, text, className) {
  var made = document.createElement(tag);
  if (text !== undefined && text !== null) made.textContent = text;
  if (className) made.className = className;
  return made;
}
