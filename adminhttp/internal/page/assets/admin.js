// What the pages gain with script: marks of what was changed, a warning before it
// is lost, checks while one types, shortcuts. Everything works without it.
"use strict";
(() => {
  const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));
  const form = document.querySelector("form[data-guard]");
  let leaving = false;

  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    const target = { s: "[data-apply]", k: "[data-search]" }[event.key.toLowerCase()];
    const element = target && document.querySelector(target);
    if (!element) return;
    event.preventDefault();
    element.matches("button") ? element.click() : element.focus();
  });
  document.getElementById("faults")?.focus();
  document.querySelector(".tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

  // how many rows are chosen, and all on the page at once
  const boxes = all("input[form=many]");
  const every = document.querySelector("[data-all]");
  if (boxes.length && every) {
    const bar = document.getElementById("many");
    const tell = () => {
      const n = boxes.filter((b) => b.checked).length;
      bar.classList.toggle("chosen", n > 0);
      bar.querySelector("[data-n]").textContent = n ? " (" + n + ")" : "";
      every.checked = n === boxes.length;
      every.indeterminate = n > 0 && n < boxes.length;
    };
    every.closest("label").hidden = false;
    every.addEventListener("change", () => {
      for (const b of boxes) b.checked = every.checked;
      tell();
    });
    for (const b of boxes) b.addEventListener("change", tell);
    tell();
  }
  if (!form) return;

  const controls = all("input, select, textarea", form)
    .filter((c) => c.name && c.type !== "hidden" && c.name !== "reason");

  const ticks = (c) => c.type === "checkbox";
  const value = (c) => (ticks(c) ? String(c.checked) : c.value);
  const stored = (c) => {
    if (c.dataset.was !== undefined) return c.dataset.was;
    if (ticks(c)) return String(c.defaultChecked);
    if (c.tagName !== "SELECT") return c.defaultValue;
    const chosen = Array.from(c.options).find((o) => o.defaultSelected) || c.options[0];
    return chosen ? chosen.value : "";
  };
  // what is told is written in the page, in its language
  const texts = document.getElementById("texts").dataset;
  const category = new Intl.PluralRules(document.documentElement.lang);
  const told = (text, value) => text.replace("%s", () => value);
  const plural = (n, forms) => {
    const known = JSON.parse(forms);
    return told(known[category.select(n)] || known.other, n);
  };
  const differs = (c) => value(c).replace(/\r\n/g, "\n") !== stored(c).replace(/\r\n/g, "\n");
  const words = (c) => {
    const was = stored(c);
    if (ticks(c)) return was === "true" ? texts.textOn : texts.textOff;
    if (c.tagName === "SELECT") {
      const option = Array.from(c.options).find((o) => o.value === was);
      return option ? option.text : was;
    }
    return c.dataset.said || (c.type === "datetime-local" ? was.replace("T", " ") : was);
  };

  // say puts a line of text into a field, or takes it away.
  const say = (field, kind, text) => {
    let line = field.querySelector(":scope > p." + kind);
    if (!text) {
      line?.remove();
      return null;
    }
    if (!line) {
      line = document.createElement("p");
      line.className = kind;
      const hint = field.querySelector(":scope > p.hint");
      hint ? hint.before(line) : field.append(line);
    }
    if (line.textContent !== text) line.textContent = text;
    return line;
  };

  const mark = (field) => {
    const own = controls.filter((c) => field.contains(c));
    const changed = own.filter(differs);
    field.classList.toggle("changed", changed.length > 0);
    if (own.some((c) => c.type === "password")) return;
    const boxes = changed.some((c) => /\.(days|chosen)$/.test(c.name));
    const was = boxes
      ? [own.filter((c) => !ticks(c)).map(words).join("–"), ...own.filter((c) => ticks(c) && stored(c) === "true").map((c) => c.nextElementSibling.textContent)]
        .filter(Boolean).join(", ") || texts.textNone
      : changed.map((c) => words(c) || texts.textEmpty).join(" ");
    say(field, "was", changed.length ? told(texts.textWas, was) : "");
  };

  const fields = all("[data-field]", form);
  const count = () => {
    const changed = all("[data-field].changed", form).length;
    const bad = all("[data-field].err", form).length;
    const state = document.querySelector("[data-state]");
    const text = [changed ? plural(changed, texts.changes) : texts.textUnchanged, bad && told(texts.textCorrect, plural(bad, texts.errors))].filter(Boolean).join(", ");
    if (state && state.textContent !== text) state.textContent = text;
    for (const link of all(".toc a")) {
      const section = document.getElementById(link.hash.slice(1));
      const counts = link.querySelector(".counts");
      if (!section || !counts) continue;
      counts.replaceChildren();
      for (const kind of ["changed", "err"]) {
        const n = all("[data-field]." + kind, section).length;
        if (!n) continue;
        const b = document.createElement("b");
        b.className = kind === "err" ? "bad" : "n-changed";
        b.textContent = kind === "err" ? plural(n, texts.errors) : told(texts.textChanged, n);
        counts.append(b);
      }
    }
    return changed;
  };

  // check tells of what cannot be right; the server's own word stays until the
  // value is another one.
  const check = (c) => {
    const field = c.closest("[data-field]");
    if (!field || !c.dataset.check) return;
    const own = controls.filter((other) => field.contains(other) && other.dataset.check);
    const money = field.querySelector("select")?.value;
    const wrong = own.find((other) => !new RegExp("^(?:" + other.dataset.check + ")$", "u").test(other.value));
    field.classList.toggle("err", Boolean(wrong));
    const line = say(field, "msg", wrong && money !== "" ? c.dataset.say : "");
    const group = field.querySelector("fieldset.group") || c;
    const id = (group.id || c.id) + "-fault";
    if (line) line.id = id;
    for (const other of own) {
      const hints = (other.getAttribute("aria-describedby") || "").split(" ").filter((h) => h && h !== id);
      if (line) hints.unshift(id);
      other.setAttribute("aria-describedby", hints.join(" "));
      other.toggleAttribute("aria-invalid", false);
      if (line && other === wrong) other.setAttribute("aria-invalid", "true");
    }
  };

  form.addEventListener("input", (event) => {
    const field = event.target.closest("[data-field]");
    if (!field) return;
    mark(field);
    if (field.classList.contains("err")) check(event.target);
    count();
  });
  form.addEventListener("change", (event) => {
    check(event.target);
    count();
  });
  form.addEventListener("submit", (event) => {
    if (leaving) event.preventDefault(); // a second press of Apply
    leaving = true;
  });
  document.querySelector("[data-discard]")?.addEventListener("click", () => { leaving = true; });
  window.addEventListener("pageshow", () => { leaving = false; });
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && count() > 0) event.preventDefault();
  });
  for (const field of fields) if (controls.some((c) => field.contains(c) && differs(c))) mark(field);
  if (!form.hasAttribute("data-typed")) count();
})();
