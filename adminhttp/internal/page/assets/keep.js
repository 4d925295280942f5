// What is kept in this window while a form is sent: where one was, and what was typed. Everything
// works without it.
"use strict";
(() => {
  const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));
  let keyed = false; // Apply was pressed by its keys
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "s") keyed = true;
  }, true);

  // What Apply was pressed with, and where: after Ctrl-S one goes on where one was.
  const place = { key: "clientaccount.place", path: location.pathname };
  const store = {
    get: (key) => { try { return JSON.parse(sessionStorage.getItem(key)); } catch { return null; } },
    set: (key, value) => { try { sessionStorage.setItem(key, JSON.stringify(value)); } catch { /* not kept */ } },
    drop: (key) => { try { sessionStorage.removeItem(key); } catch { /* none kept */ } },
  };
  const was = store.get(place.key);
  store.drop(place.key);
  if (was && was.path === place.path && /[?&]applied=/.test(location.search)) {
    const at = document.getElementById(was.id);
    at?.focus({ preventScroll: true });
    window.scrollTo({ top: was.top, behavior: "instant" });
    const seen = at && at.getBoundingClientRect();
    if (seen && (seen.top < 0 || seen.bottom > innerHeight)) at.scrollIntoView({ block: "center", behavior: "instant" });
  }

  // A form that was sent and never answered is kept in this tab, without what is secret, and
  // offered when its page is opened again. An answer is a page that this one led to. One that only
  // asks (whether that is meant, or for what is wrong) leads back to the page as it was typed.
  const sentKey = "clientaccount.sent";
  const here = location.href.split("#")[0];
  const pageOf = (href) => { // whatever list led there
    const url = new URL(href);
    url.searchParams.delete("list");
    return url.pathname + url.search;
  };
  const who = document.querySelector(".who")?.textContent || "";
  const secret = (c) => c.type === "password" || c.type === "file" || (c.inputMode === "url" && /[?@]/.test(c.value));
  const kept = /^(reference|revision)$/; // of what is hidden, so that nothing is done twice, or over what another did
  const keepable = (c) => c.name && !secret(c) && (c.type !== "hidden" || kept.test(c.name)) && c.tagName !== "BUTTON";
  const ticks = (c) => c.type === "checkbox" || c.type === "radio";
  const value = (c) => (ticks(c) ? c.checked : c.value);
  const initial = (c) => {
    if (ticks(c)) return c.defaultChecked;
    if (c.tagName !== "SELECT") return c.defaultValue;
    return (Array.from(c.options).find((o) => o.defaultSelected) || c.options[0])?.value;
  };
  const asks = document.body.hasAttribute("data-asks");

  // A form is known again by where it leads and by what it hides, but for what is of one showing; a
  // tick by its name and value, another control by its name and id. What is not there is not put back.
  const shown = /^(reference|revision|list|_(?!do$|parent$).*)$/;
  const formKey = (form) => JSON.stringify([pageOf(form.action), ...Array.from(form.elements)
    .filter((c) => c.type === "hidden" && !shown.test(c.name))
    .map((c) => [c.name, /^[\w.-]*$/.test(c.value) ? c.value : ""])]); // a URL may hold what is secret
  const key = (c) => [c.type, c.name, ticks(c) ? c.value : c.id].join(" ");
  const only = (list) => (list.length === 1 ? list[0] : undefined);
  const formOf = (sent) => only(all("form[method=post]").filter((form) => formKey(form) === sent.form));
  const arrived = performance.getEntriesByType("navigation")[0]?.type;
  const put = (sent) => {
    const target = formOf(sent);
    const found = sent.values.map(([id, text]) => [only(Array.from(target?.elements || []).filter((c) => key(c) === id)), text])
      .filter(([c]) => c);
    if (!found.every(([c]) => c.type === "hidden")) {
      for (const [c, text] of found) {
        if (ticks(c)) c.checked = text;
        else c.value = text;
        if (c.type !== "hidden") c.dispatchEvent(new Event("input", { bubbles: true }));
      }
    }
    store.drop(sentKey);
    return target;
  };
  const offer = (sent) => {
    const template = document.getElementById("unanswered");
    if (!formOf(sent) || !template) return;
    const notice = template.content.firstElementChild.cloneNode(true);
    notice.querySelector("time").textContent = sent.at;
    notice.querySelector("[data-put]").addEventListener("click", () => {
      notice.remove();
      put(sent).querySelector("input:not([type=hidden]), select, textarea")?.focus();
    });
    notice.querySelector("[data-drop]").addEventListener("click", () => {
      notice.remove();
      store.drop(sentKey);
    });
    document.getElementById("main").prepend(notice);
  };
  const sent = store.get(sentKey);
  if (sent) {
    const back = arrived === "back_forward";
    const answered = document.referrer === sent.from && !back;
    const same = pageOf(sent.from) === pageOf(here);
    if (sent.who !== who) store.drop(sentKey);
    else if (answered && asks) store.set(sentKey, { ...sent, asked: true });
    else if (sent.asked && back && same) put(sent);
    else if (sent.asked || answered) store.drop(sentKey);
    else if (same) offer(sent);
  }
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented || event.target.method !== "post" || event.target.matches("#kept, [data-unkept]")) return;
    const values = Array.from(event.target.elements)
      .filter((c) => keepable(c) && (asks || c.type === "hidden" || value(c) !== initial(c)) && (c.type !== "radio" || c.checked))
      .map((c) => [key(c), value(c)]);
    const at = new Date().toTimeString().slice(0, 5);
    store.set(sentKey, { from: here, who, at, form: formKey(event.target), values });
    if (keyed) store.set(place.key, { path: location.pathname, id: document.activeElement?.id || last, top: scrollY });
  });
  let last = "";
  document.addEventListener("focusin", (event) => {
    if (event.target.id && event.target.matches("input, select, textarea")) last = event.target.id;
  });

  const told = was && was.path === place.path && document.querySelector(".notice[role=status] h2");
  if (told) document.querySelector("[data-state]")?.replaceChildren(told.textContent);
})();
