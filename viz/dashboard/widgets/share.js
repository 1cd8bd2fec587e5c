// Links to files, buttons that copy the address and its short code, and ways in for a scenario file or a code.
const LARGEST = 200000;

function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  Object.entries(attributes || {}).forEach(([name, value]) => element.setAttribute(name, value));
  element.append(...children);
  return element;
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
      const file = make("input", { type: "file", accept: ".toml,text/plain", id: "bring" });
      file.addEventListener("change", () => {
        const chosen = file.files[0];
        if (!chosen) return;
        const send = (text) => { model.set("brought", [++count, chosen.name, text]); model.save_changes(); };
        if (chosen.size > LARGEST) send(null); else chosen.text().then(send);
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
      el.replaceChildren(row, list, make("p", { class: "share-row" }, label, " ", file), open, fault);
    }

    ["links", "strings", "error", "code"].forEach((name) => model.on("change:" + name, draw));
    draw();
  },
};
