// Finding a country: by name, code or alias, with or without accents; and the chips of pinned and recent ones.
function atlasFolded(text) { return text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[^\p{L}\p{N}]+/gu, " ").trim().toLowerCase(); }

// Every name of every country: [folded, shown, country], names before aliases.
function atlasNames(codes, names) {
  var found = [];
  codes.forEach(function (code, i) { found.push([atlasFolded(atlasName(names[i], code)), atlasName(names[i], code), i, true]); });
  codes.forEach(function (code, i) {
    found.push([code.toLowerCase(), code, i, false]);
    ((names[i] && names[i].aliases) || []).forEach(function (alias) { found.push([atlasFolded(alias), alias, i, true]); });
  });
  return found;
}
function atlasName(entry, code) { return typeof entry === "string" ? entry : (entry && entry.name) || code; }

// The country that a text means: exactly, or (asked for with Enter) by its start, then by any part of it; -1 for none.
function atlasMeant(known, text, loosely) {
  var asked = atlasFolded(text);
  if (!asked) return -1;
  var tests = [function (name) { return name === asked; }];
  if (loosely) tests.push(function (name) { return name.startsWith(asked); }, function (name) { return name.includes(asked); });
  for (var i = 0; i < tests.length; i++) {
    var hit = known.find(function (one) { return tests[i](one[0]); });
    if (hit) return hit[2];
  }
  return -1;
}

function atlasSearch(box, list, atlas) {
  var known = [];
  function fill() {
    known = atlasNames(atlas.codes, atlas.names);
    list.replaceChildren();
    known.slice().sort(function (a, b) { return a[1].localeCompare(b[1]); }).forEach(function (one) {
      if (!one[3]) return;
      var option = element("option");
      option.value = one[1];
      option.label = one[1] === atlas.name(one[2]) ? atlas.codes[one[2]] : atlas.name(one[2]);
      list.append(option);
    });
  }
  function look(loosely) {
    var hit = atlasMeant(known, box.value, loosely);
    if (hit >= 0) atlas.choose(hit);
    else if (loosely && box.value.trim()) atlas.tell(atlasFill(atlas.say.not_found, { text: box.value.trim() }), true);
    return hit;
  }
  box.addEventListener("input", function () { look(false); });
  box.addEventListener("keydown", function (event) {
    if (event.key === "Enter") { var hit = look(true); if (hit >= 0) box.value = atlas.name(hit); }
    if (event.key === "Escape") { box.value = ""; atlas.choose(-1); }
  });
  return fill;
}

// Lists of codes kept in the browser; where it keeps nothing (a private window, a sandbox) they last as long as the page.
function atlasKept(name) {
  var key = "stackcraft." + name, held = [];
  try { held = JSON.parse(localStorage.getItem(key) || "[]"); } catch (error) { held = []; }
  if (!Array.isArray(held)) held = [];
  held = held.filter(function (one) { return typeof one === "string"; });
  return {
    all: function () { return held; },
    set: function (codes) {
      held = codes;
      try { localStorage.setItem(key, JSON.stringify(codes)); } catch (error) { /* kept for this page only */ }
    },
  };
}

function atlasChips(box, atlas) {
  return function () {
    var focused = box.contains(document.activeElement);
    box.replaceChildren();
    [["pinned", atlas.pinned.all()], ["recent", atlas.recent.all()]].forEach(function (row) {
      var codes = row[1].filter(function (code) { return atlas.codes.indexOf(code) >= 0 && (row[0] === "pinned" || !atlas.isPinned(atlas.codes.indexOf(code))); });
      if (!codes.length) return;
      var line = element("div", null, "atlas-chips");
      line.setAttribute("role", "group");
      line.setAttribute("aria-label", atlas.say[row[0]]);
      line.append(element("span", atlas.say[row[0]], "quiet"));
      codes.forEach(function (code) {
        var country = atlas.codes.indexOf(code), chip = element("span", null, "atlas-chip"), name = element("button", atlas.name(country));
        name.type = "button";
        name.addEventListener("click", function () { atlas.choose(country); });
        chip.append(name);
        if (row[0] === "pinned") {
          var off = element("button", "\u00d7");
          off.type = "button";
          off.setAttribute("aria-label", atlasFill(atlas.say.unpin_name, { name: atlas.name(country) }));
          off.addEventListener("click", function () { atlas.pin(country); });
          chip.append(off);
        }
        line.append(chip);
      });
      box.append(line);
    });
    if (focused && !box.contains(document.activeElement)) { var next = box.querySelector("button"); if (next) next.focus(); }
  };
}
