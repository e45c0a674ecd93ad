// The front page beside the settings follows what is chosen there. Without this file a button shows it on a page of its
// own. Nothing is stored here: what stands in the fields is in the addresses of the frames.
"use strict";

(() => {
  const part = document.querySelector("[data-look]");
  if (!part) return;
  const PLACE = "/admin/settings/look";
  const fields = [...part.querySelectorAll("input[name], select[name]")];
  const frames = [...part.querySelectorAll("iframe")];
  const notes = part.querySelector("[data-look-notes]");
  const chosen = () => new URLSearchParams(fields.map((field) => [field.name, field.value]));
  const logos = (query) => [query.get("logo"), query.get("logo_dark")].join("\n");
  let shown = chosen();
  let asked = 0;
  let timer = 0;

  // A new sheet takes the old one's place when it is there, so that the page keeps its place and does not flash.
  function restyle(frame, query) {
    const old = frame.contentDocument?.querySelector('link[rel="stylesheet"]:not([data-next])');
    if (!old) return false;
    frame.contentDocument.querySelector("link[data-next]")?.remove();
    const next = old.cloneNode();
    next.dataset.next = "";
    next.href = `${PLACE}/sheet.css?${query}`;
    next.addEventListener("load", () => {
      delete next.dataset.next;
      old.remove();
    });
    old.after(next);
    return true;
  }

  async function tell(query) {
    const mine = ++asked;
    const answer = await fetch(`${PLACE}/notes?${query}`, { headers: { Accept: "application/json" } });
    if (!answer.ok || mine !== asked) return;
    const told = await answer.json();
    notes.replaceChildren(...told.notes.map((text) => {
      const note = document.createElement("p");
      note.className = "note";
      note.textContent = text;
      return note;
    }));
  }

  function follow() {
    // Half a colour is none yet.
    if (fields.some((field) => !field.validity.valid)) return;
    const query = chosen();
    if (query.toString() === shown.toString()) return;
    const isSame = logos(query) === logos(shown);
    shown = query;
    for (const frame of frames) {
      const own = new URLSearchParams(query);
      own.set("scheme", frame.dataset.scheme);
      const page = `${PLACE}/page?${own}`;
      frame.closest("figure").querySelector("a").href = page;
      if (isSame && restyle(frame, own)) continue;
      // Not by its attribute: the way back would lead through every state of the frame.
      if (frame.contentWindow?.location.href.startsWith("http")) frame.contentWindow.location.replace(page);
      else frame.src = page;
    }
    tell(query).catch(() => {});
  }

  for (const kind of ["input", "change"]) {
    part.addEventListener(kind, () => {
      clearTimeout(timer);
      timer = setTimeout(follow, 200);
    });
  }
  // What the browser has kept of a form over a reload.
  addEventListener("pageshow", follow);
})();
