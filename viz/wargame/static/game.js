// Keeps a page up to date, sends forms without loading the page again, and keeps what is typed while the server is away.
// Every page also works without this file: forms are posted and pages come back.
(function () {
  "use strict";
  const body = document.body, stream = body.dataset.stream, store = body.dataset.store;
  const el = (id) => document.getElementById(id);
  let source = null, lastWord = Date.now(), version = body.dataset.version || "", asking = false, again = false, moved = false;

  // --- away or here -----------------------------------------------------------------------------------------------
  function away(is) { const bar = el("away"); if (bar && bar.hidden === is) bar.hidden = !is; }

  // --- up to date -------------------------------------------------------------------------------------------------
  function busy(node) {
    const at = document.activeElement;
    return node.querySelector("[data-dirty]") || node.hasAttribute("data-dirty") ||
      (at && node.contains(at) && at.matches("input:not([type=radio]):not([type=checkbox]), textarea, select"));
  }
  function swap(old, fresh) {
    if (old.isEqualNode(fresh)) return;
    if (busy(old)) {  // what somebody is typing stays; what is told about it is renewed
      fresh.querySelectorAll("[data-live]").forEach((part) => { const here = el(part.id); if (here && old.contains(here) && here !== old) swap(here, part); });
      return;
    }
    const focus = document.activeElement && old.contains(document.activeElement) ? document.activeElement : null;
    const open = [...old.querySelectorAll("details[open][id]")].map((one) => one.id);
    const shut = [...old.querySelectorAll("details:not([open])[id]")].map((one) => one.id);
    const scrolled = [...old.querySelectorAll("[data-scroll]")].map((one) => [one.id, one.scrollTop]);
    const node = document.importNode(fresh, true);
    if (!moved) node.querySelectorAll("details[id]").forEach((one) => { if (open.includes(one.id)) one.open = true; else if (shut.includes(one.id)) one.open = false; });
    old.replaceWith(node);
    scrolled.forEach(([id, top]) => { if (el(id)) el(id).scrollTop = top; });
    if (focus) {
      const same = (focus.id && el(focus.id)) || (focus.name && [...node.querySelectorAll("[name]")].find((one) => one.name === focus.name && one.value === focus.value));
      if (same) same.focus({ preventScroll: true });
    }
  }
  async function refresh() {
    if (asking) { again = true; return; }
    asking = true;
    try {
      const answer = await fetch(location.pathname + location.search, { headers: { "X-Live": "1" }, cache: "no-store", redirect: "follow" });
      if (answer.redirected && new URL(answer.url).pathname !== location.pathname) { location.assign(answer.url); return; }
      if (!answer.ok) { if (answer.status === 404 || answer.status === 403) location.reload(); return; }
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      version = fresh.body.dataset.version || version;
      const step = fresh.body.dataset.step || "";
      moved = step !== body.dataset.step;
      body.dataset.step = step;
      document.title = fresh.title;
      const done = new Set();
      fresh.querySelectorAll("[data-live]").forEach((part) => {
        if ([...done].some((one) => one.contains(part))) return;
        const here = el(part.id);
        if (here) { swap(here, part); done.add(part); }
      });
      away(false); lastWord = Date.now();
      wake();
      if (moved) {  // a new phase: what is new stands at the top
        scrollTo(0, 0);
        const phase = document.querySelector(".phase");
        if (phase && el("hear")) el("hear").textContent = phase.textContent;
      }
    } catch (error) { away(true); } finally {
      asking = false;
      if (again) { again = false; refresh(); }
    }
  }
  function listen() {
    if (!stream || !window.EventSource) return;
    if (source && source.readyState !== EventSource.CLOSED) return;
    source = new EventSource(stream + (version ? "?last=" + encodeURIComponent(version) : ""));
    source.onmessage = (event) => { lastWord = Date.now(); away(false); if (event.data !== version) refresh(); };
    source.onopen = () => { lastWord = Date.now(); away(false); resend(); };
    source.onerror = () => { away(true); };
  }
  if (stream) {
    listen();
    setInterval(() => {
      if (!source || source.readyState === EventSource.CLOSED) { listen(); refresh(); }  // asks every three seconds while there is no stream
      else if (source.readyState === EventSource.CONNECTING && Date.now() - lastWord > 3000) refresh();
      else if (source.readyState === EventSource.OPEN) resend();  // a stream that outlived the gap does not open again
    }, 3000);
    document.addEventListener("visibilitychange", () => { if (!document.hidden) { listen(); refresh(); } });
    addEventListener("online", () => { listen(); resend(); refresh(); });
    addEventListener("offline", () => away(true));
    addEventListener("pageshow", (event) => { if (event.persisted) { listen(); refresh(); } });
  }

  // --- clocks -----------------------------------------------------------------------------------------------------
  const SPOKEN = [60, 30, 10];
  function wake() {
    document.querySelectorAll("[data-left]").forEach((clock) => { if (!clock.dataset.until && clock.dataset.left) clock.dataset.until = String(performance.now() + Number(clock.dataset.left) * 1000); });
  }
  let before = null;
  function tick() {
    document.querySelectorAll("[data-left]").forEach((clock) => {
      if (clock.dataset.state !== "running" || !clock.dataset.until) return;
      const left = Math.max(0, Math.ceil((Number(clock.dataset.until) - performance.now()) / 1000));
      const shown = String(Math.floor(left / 60)).padStart(2, "0") + ":" + String(left % 60).padStart(2, "0");
      if (clock.textContent !== shown) clock.textContent = shown;
      clock.classList.toggle("low", left <= 30);
      const said = SPOKEN.find((mark) => before !== null && before > mark && left <= mark);
      if (said && el("hear")) el("hear").textContent = body.dataset.left.replace("{seconds}", String(said));
      before = left;
    });
  }
  wake(); setInterval(tick, 250);

  // --- forms ------------------------------------------------------------------------------------------------------
  let fading = 0;
  function said(words, bad) {
    const place = el("said");
    if (!place) return;
    place.textContent = words || ""; place.hidden = !words; place.classList.toggle("bad", Boolean(bad));
    clearTimeout(fading);
    if (words && !bad) fading = setTimeout(() => { place.hidden = true; }, 8000);
  }
  const newKey = () => [...crypto.getRandomValues(new Uint8Array(12))].map((one) => one.toString(16).padStart(2, "0")).join("");
  const kept = () => { try { return JSON.parse(localStorage.getItem(store) || "null") || {}; } catch (error) { return {}; } };
  const keep = (kind, value) => { try {
    const all = kept();
    if (value) all[kind] = value; else delete all[kind];
    if (Object.keys(all).length) localStorage.setItem(store, JSON.stringify(all)); else localStorage.removeItem(store);
  } catch (error) { /* not kept */ } };

  async function send(address, fields) {
    const answer = await fetch(address, { method: "POST", headers: { "X-Live": "1", "Content-Type": "application/x-www-form-urlencoded" }, body: new URLSearchParams(fields), redirect: "follow" });
    if (answer.redirected) { location.assign(answer.url); return { ok: true }; }
    let told = {};
    try { told = await answer.json(); } catch (error) { /* no words */ }
    return { ok: answer.ok, status: answer.status, message: told.message || "", go: told.go };
  }
  function fieldsOf(form, button) {
    const fields = [...new FormData(form)].filter((pair) => typeof pair[1] === "string");
    if (button && button.name) fields.push([button.name, button.value]);
    return fields;
  }
  async function post(form, button) {
    const address = (button && button.getAttribute("formaction")) || form.getAttribute("action");
    const fields = fieldsOf(form, button).filter((pair) => pair[0] !== "key");
    fields.push(["key", newKey()]);
    if (button) button.disabled = true;
    try {
      const told = await send(address, fields);
      if (told.go) { location.assign(told.go); return; }
      said(told.message, !told.ok);
      if (told.ok) { clean(form); if (form.hasAttribute("data-once")) form.reset(); if (form.hasAttribute("data-autosave")) keep(kindOf(form), null); }
      await refresh();
    } catch (error) {
      away(true);
      if (form.hasAttribute("data-autosave")) keep(kindOf(form), { address, fields });
    } finally { if (button) button.disabled = false; }
  }
  function clean(form) {
    [form, form.closest("[data-dirty]"), ...[...form.elements].map((one) => one.closest("[data-dirty]"))].forEach((one) => { if (one) one.removeAttribute("data-dirty"); });
  }

  // A draft and a forecast save themselves; without a connection each waits here and is sent again under the same key.
  const kindOf = (form) => form.dataset.autosave || "draft", timers = {}, more = new Map();
  let saving = false;
  async function save(form) {
    const kind = kindOf(form);
    if (saving) { more.set(kind, form); return; }
    saving = true;
    const fields = fieldsOf(form).filter((pair) => pair[0] !== "key").concat([["key", newKey()], ["kind", kind]]);
    const waiting = { address: form.getAttribute("action"), fields };
    keep(kind, waiting);
    try {
      const told = await send(waiting.address, fields);
      said(told.ok ? "" : told.message, !told.ok);
      if (told.status === 429) { more.set(kind, form); await new Promise((done) => setTimeout(done, 1000)); }
      else { keep(kind, null); if (!more.has(kind)) clean(form); }
      if (!more.size) await refresh();
    } catch (error) { away(true); } finally {
      saving = false;
      for (const [next, one] of more) { more.delete(next); save(one); break; }
    }
  }
  async function resend() {
    const waiting = store ? Object.entries(kept()) : [];
    if (!waiting.length || saving) return;
    saving = true;
    try {
      for (const [kind, one] of waiting) {
        const told = await send(one.address, one.fields);
        keep(kind, null);
        if (!told.ok) said(told.message, true);
      }
      document.querySelectorAll("form[data-autosave]").forEach(clean); refresh();
    } catch (error) { away(true); } finally { saving = false; }
  }
  const autosave = (event) => {
    const form = event.target.form;
    if (!form || event.target.matches("[data-go]")) return;
    const card = event.target.closest("[data-live]") || form;
    card.setAttribute("data-dirty", "");
    if (!form.hasAttribute("data-autosave")) return;
    clearTimeout(timers[kindOf(form)]);
    timers[kindOf(form)] = setTimeout(() => save(form), event.type === "change" ? 250 : 800);
  };
  document.addEventListener("input", autosave);
  document.addEventListener("change", autosave);

  document.addEventListener("submit", (event) => {
    const form = event.target, button = event.submitter;
    if (button && button.dataset.sure && !confirm(button.dataset.sure)) { event.preventDefault(); return; }
    if (!form.hasAttribute("data-send")) return;
    event.preventDefault();
    clearTimeout(timers[kindOf(form)]);
    post(form, button);
  });
  document.addEventListener("click", (event) => {
    const undo = event.target.closest("[data-undo]");
    if (undo) {  // back to what is in force: the option that is marked as such
      event.preventDefault();
      const card = undo.closest("[data-live]"), form = undo.form;
      card.querySelectorAll("input, select, textarea").forEach((field) => {
        if (field.matches("[type=radio], [type=checkbox]")) field.checked = field.hasAttribute("data-now");
        else if (field.tagName === "SELECT") field.selectedIndex = Math.max(0, [...field.options].findIndex((one) => one.hasAttribute("data-now")));
        else field.value = "";
      });
      card.setAttribute("data-dirty", "");
      save(form);
      return;
    }
    const tab = event.target.closest("[data-tab-link]");
    if (tab && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      const team = el("team");
      team.dataset.tab = tab.dataset.tabLink;
      document.querySelectorAll("[data-tab-link]").forEach((one) => one.setAttribute("aria-current", String(one === tab)));
      history.replaceState(null, "", tab.getAttribute("href"));
      scrollTo(0, 0);
      return;
    }
    const copy = event.target.closest("[data-copy]");
    if (copy && navigator.clipboard) navigator.clipboard.writeText(copy.dataset.copy).then(() => said(copy.dataset.copied));
    if (event.target.closest("[data-print]")) print();
    if (event.target.closest("[data-full]")) (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen()).catch(() => {});
  });
  document.addEventListener("change", (event) => { if (event.target.matches("[data-go]")) event.target.form.requestSubmit(); });

  // --- a link with a secret after the `#`: it is sent once in a form and leaves the address -------------------------
  const enter = el("enter");
  if (enter && location.hash.length > 10) {
    const secret = decodeURIComponent(location.hash.slice(1));
    history.replaceState(null, "", location.pathname);
    enter.querySelector("[name=secret]").value = secret;
    enter.requestSubmit();
  }
  if (store && stream) resend();
})();
