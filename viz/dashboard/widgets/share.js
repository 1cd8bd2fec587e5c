// Charts of the page as pictures, links to files, buttons that copy the address and its short code, and ways in for a scenario file or a code.
const LARGEST = 200000;
const LEAST_WIDE = 90; // on the screen: what is smaller is a mark in a text or a table

function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  Object.entries(attributes || {}).forEach(([name, value]) => element.setAttribute(name, value));
  element.append(...children);
  return element;
}

function charts() {
  return [...document.querySelectorAll("main svg.chart[role=img]")].filter((chart) => chart.querySelector("title") && chart.getBoundingClientRect().width >= LEAST_WIDE);
}

function titleOf(chart) {
  const figure = chart.closest("figure"), named = figure && figure.querySelector("figcaption, h2, h3, h4"), own = chart.querySelector("title").textContent;
  const above = named && !named.contains(chart) ? named.textContent.trim() : "";
  return above && above !== own && above.length <= 60 ? above + " (" + own + ")" : own;
}

// A chart with its title above and the page's finding, source and date below.
function chartDocument(chart, captions) {
  const space = "http" + "://www.w3.org/2000/svg", colour = savedColours(), look = getComputedStyle(document.documentElement);
  const tone = (name) => colour(look.getPropertyValue(name).trim());
  const draw = (tag, attributes, parent) => {
    const made = document.createElementNS(space, tag);
    Object.entries(attributes).forEach(([name, value]) => made.setAttribute(name, value));
    if (parent) parent.append(made);
    return made;
  };
  const width = 1600, edge = 48, inner = width - 2 * edge, svg = draw("svg", { xmlns: space, "font-family": "'Source Sans 3', Inter, Arial, sans-serif" });
  const paper = draw("rect", { x: 0, y: 0, width, fill: tone("--card") || "#ffffff" }, svg);
  document.querySelectorAll("svg.defs defs").forEach((defs) => svg.append(savedCopy(defs, 1, colour, {})));
  let y = edge;
  const write = (words, size, ink, weight) => savedLines(words, size, inner).forEach((line) => {
    y += size * 1.3;
    draw("text", { x: edge, y: y.toFixed(0), "font-size": size, "font-weight": weight, fill: tone(ink) }, svg).textContent = line;
  });
  write(titleOf(chart), 36, "--text", 650);
  y += 20;
  const box = chart.viewBox.baseVal, copy = savedCopy(chart, box.width / chart.getBoundingClientRect().width, colour, {});
  Object.entries({ x: edge, y, width: inner, height: (box.height * inner) / box.width }).forEach(([name, value]) => copy.setAttribute(name, value));
  svg.append(copy);
  y += (box.height * inner) / box.width + 16;
  const head = document.querySelector("main h1");
  if (head) write(head.textContent.trim(), 24, "--text", 400);
  captions.forEach((line) => write(line, 20, "--quiet", 400));
  y += edge * 0.8;
  paper.setAttribute("height", y.toFixed(0));
  return savedFile(svg, width, y);
}

export default {
  render({ model, el }) {
    const say = (key) => model.get("strings")[key] || "";
    let count = 0;

    function copy(value, told) {
      const done = () => { told.textContent = say("copied"); setTimeout(() => { told.textContent = ""; }, 2500); };
      const field = make("textarea", { "aria-hidden": "true", style: "position:fixed;top:-99px" });
      field.value = value;
      if (navigator.clipboard && window.isSecureContext) navigator.clipboard.writeText(value).then(done, () => byHand());
      else byHand();
      function byHand() { document.body.append(field); field.select(); document.execCommand("copy"); field.remove(); done(); }
    }

    function draw() {
      const told = make("span", { role: "status", class: "quiet" });
      const address = make("button", { type: "button" }, say("copy"));
      address.addEventListener("click", () => copy(location.href, told));
      const row = make("p", { class: "share-row" }, address);
      if (model.get("code")) {
        const code = make("button", { type: "button" }, say("copy_code"));
        code.addEventListener("click", () => copy(model.get("code"), told));
        row.append(" ", code, " ", make("code", {}, model.get("code")));
      }
      row.append(" ", told);
      const list = make("ul", { class: "share-links" });
      for (const link of model.get("links")) {
        const anchor = make("a", { href: link.href }, link.title);
        if (link.file) anchor.setAttribute("download", link.file);
        list.append(make("li", {}, anchor, " ", make("span", { class: "quiet" }, link.note || "")));
      }
      const chosen = make("select", { id: "chart-to-save" });
      const fill = () => {
        const found = charts();
        if (found.length === chosen.options.length && found.every((one, i) => titleOf(one) === chosen.options[i].textContent)) return;
        chosen.replaceChildren(...found.map((one, i) => make("option", { value: i }, titleOf(one))));
        pictures.hidden = !found.length;
      };
      const save = (write, key) => {
        const button = make("button", { type: "button" }, say(key));
        button.addEventListener("click", () => {
          const place = chosen.selectedIndex, title = place < 0 ? "" : chosen.options[place].textContent, found = charts();
          const chart = found[place] && titleOf(found[place]) === title ? found[place] : found.find((one) => titleOf(one) === title);
          if (!chart) return fill(); // it went with the question before
          const name = model.get("file_name") + "-" + title.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "").slice(0, 60);
          write(chartDocument(chart, model.get("captions")), name, () => { told.textContent = say("saving_failed"); });
        });
        return button;
      };
      const pictures = make("p", { class: "share-row" }, make("label", { for: "chart-to-save" }, say("chart")), " ", chosen, " ", save(savedSvg, "as_svg"), " ", save(savedPng, "as_png"));
      ["pointerenter", "focusin"].forEach((name) => pictures.addEventListener(name, fill));
      setTimeout(() => { // once it stands in the page
        const box = el.closest("details");
        if (box) box.ontoggle = fill;
        fill();
      });
      const file = make("input", { type: "file", accept: ".toml,text/plain", id: "bring" });
      file.addEventListener("change", () => {
        const chosen = file.files[0];
        if (!chosen) return;
        const send = (text, fault = "") => { model.set("brought", [++count, chosen.name, text, fault]); model.save_changes(); };
        if (chosen.size > LARGEST) send(null, "too_large");
        else chosen.text().then((text) => send(text), () => send(null, "unreadable"));
        file.value = ""; // so that the same file can be chosen again once it is mended
      });
      const label = make("label", { for: "bring" }, say("bring"));
      const typed = make("input", { type: "text", id: "typed-code", spellcheck: "false", autocomplete: "off" });
      const open = make("form", { class: "share-row" }, make("label", { for: "typed-code" }, say("type_code")), typed, make("button", {}, say("open")));
      open.addEventListener("submit", (event) => {
        event.preventDefault();
        model.set("typed", [++count, typed.value]); model.save_changes();
      });
      const fault = make("p", { role: "alert", class: "fault" }, model.get("error"));
      fault.hidden = !model.get("error");
      const opened = make("p", { role: "status", class: "quiet" }, model.get("opened"));
      opened.hidden = !model.get("opened");
      el.replaceChildren(row, list, pictures, make("p", { class: "share-row" }, label, " ", file), open, fault, opened);
    }

    ["links", "strings", "error", "opened", "code", "captions"].forEach((name) => model.on("change:" + name, draw));
    draw();
  },
};
