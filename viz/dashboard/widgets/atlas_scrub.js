// The year: a native slider, steps, and play. The first year is the starting position from facts and drawn unlike the years after it.
function atlasScrub(box, atlas) {
  var say = atlas.say, prefix = atlas.prefix, playing = 0, begun = 0, from = 0, seen = 0;
  var calm = matchMedia("(prefers-reduced-motion: reduce)");
  var back = button("\u2039", say.back), play = button("", ""), on = button("\u203a", say.forward);
  play.classList.add("atlas-play");
  play.dataset.play = ""; // where measurements find it
  var track = element("div", null, "atlas-track"), slider = element("input"), scale = element("div", null, "atlas-scale");
  var label = element("label", say.year, "atlas-unseen"), shown = element("output"), kind = element("span", null, "atlas-kind");
  slider.type = "range"; slider.min = "0"; slider.step = "1"; slider.id = prefix + "-year";
  label.htmlFor = slider.id; shown.htmlFor = slider.id; scale.setAttribute("aria-hidden", "true");
  shown.setAttribute("aria-live", "off"); // the readout speaks when the moving has stopped
  track.append(label, slider, scale);
  var speed = element("select"), speedLabel = element("label", say.speed, "quiet");
  speed.id = prefix + "-speed"; speedLabel.htmlFor = speed.id;
  ["0.5", "1", "2", "4", "8", "30"].forEach(function (number) {
    var option = element("option", number === "1" ? say.one_a_second : atlasFill(say.years_a_second, { number: number }));
    option.value = number;
    speed.append(option);
  });
  speed.value = calm.matches ? "1" : "2";
  var told = element("span", null, "atlas-year"), pace = element("span", null, "atlas-pace");
  told.append(shown, kind);
  pace.append(speedLabel, speed);
  box.append(play, back, on, track, told, pace);

  function button(text, name) {
    var made = element("button", text);
    made.type = "button";
    if (name) made.setAttribute("aria-label", name);
    return made;
  }
  function move(year, started) { stop(); atlas.setYear(year, started); }
  slider.addEventListener("input", function () { move(+slider.value, performance.now()); });
  back.addEventListener("click", function () { move(atlas.year - 1, performance.now()); });
  on.addEventListener("click", function () { move(atlas.year + 1, performance.now()); });
  play.addEventListener("click", function () { if (playing) stop(); else start(); });
  speed.addEventListener("change", function () { if (playing) { from = atlas.year; begun = performance.now(); } });

  function start() {
    if (atlas.years.length < 2) return;
    from = atlas.year >= atlas.years.length - 1 ? 0 : atlas.year;
    begun = seen = performance.now();
    atlas.playing = true;
    if (from !== atlas.year) atlas.setYear(from, begun);
    playing = requestAnimationFrame(step);
    press();
  }
  function step(now) {
    var meter = atlasMeter(), year = Math.min(atlas.years.length - 1, from + Math.floor(Math.max(0, now - begun) / 1000 * +speed.value));
    meter.frames++;
    meter.playMs += Math.max(0, now - seen);
    meter.longestFrame = Math.max(meter.longestFrame, now - seen);
    seen = now;
    if (year !== atlas.year) atlas.setYear(year, now);
    if (year >= atlas.years.length - 1) { stop(); return; }
    playing = requestAnimationFrame(step);
  }
  function stop() {
    if (!playing) return;
    cancelAnimationFrame(playing);
    playing = 0; atlas.playing = false;
    press();
    atlas.reportYear();
  }
  function press() {
    play.textContent = playing ? say.pause : say.play;
  }
  function ruler() {
    var last = atlas.years.length - 1, first = atlas.years[0];
    slider.max = String(Math.max(0, last));
    slider.disabled = back.disabled = on.disabled = play.disabled = last < 1;
    scale.replaceChildren();
    if (last < 0) return;
    var line = element("i", null, "atlas-computed"), mark = element("i", null, "atlas-facts");
    scale.append(line, mark);
    var every = last > 24 ? 10 : last > 6 ? 5 : 1;
    atlas.years.forEach(function (year, i) {
      if (i !== 0 && i !== last && (year % every || i < Math.max(every / 2, 0.3 * last) || last - i < every / 2)) return;
      var tick = element("span", i === 0 ? year + " " + say.facts : String(year));
      tick.style.left = 100 * i / Math.max(1, last) + "%";
      tick.className = i === 0 ? "first" : i === last ? "last" : "";
      scale.append(tick);
    });
  }
  function show() {
    slider.value = String(atlas.year);
    slider.setAttribute("aria-valuetext", atlas.yearTold());
    shown.textContent = atlas.years.length ? String(atlas.years[atlas.year]) : "";
    kind.textContent = atlas.year === 0 ? say.facts : say.computed;
    kind.dataset.facts = atlas.year === 0 ? "yes" : "";
    back.disabled = atlas.year <= 0; on.disabled = atlas.year >= atlas.years.length - 1;
  }
  press();
  return { ruler: ruler, show: show, stop: stop };
}
