// Everything on the site works without this file. It adds: copy buttons, a print button, arrow keys on photo pages,
// a selection that is kept in the browser, and the search of a site that was written out as files. It comes after the
// page was drawn: what a visitor has ticked or typed until then counts.
"use strict";

(() => {
  const say = (button) => {
    const label = button.querySelector("span") || button;
    const before = button.dataset.before || label.textContent;
    button.dataset.before = before;
    button.classList.add("is-done");
    if (label !== button) label.textContent = button.dataset.done;
    button.setAttribute("aria-live", "polite");
    setTimeout(() => {
      button.classList.remove("is-done");
      if (label !== button) label.textContent = before;
    }, 2000);
  };

  const copy = (button, text) => navigator.clipboard.writeText(text).then(() => say(button));

  if (navigator.clipboard) {
    for (const button of document.querySelectorAll("[data-copy]")) {
      button.hidden = false;
      button.addEventListener("click", () => copy(button, button.dataset.copy));
    }
    for (const button of document.querySelectorAll("[data-copy-from]")) {
      button.hidden = false;
      button.addEventListener("click", () => {
        const address = button.dataset.copyFrom;
        const text = fetch(address).then((answer) => (answer.ok ? answer.text() : Promise.reject(answer.status)));
        // Some browsers let a page write only within the click itself: they are handed the promise of the text.
        const written = window.ClipboardItem && ClipboardItem.supports && ClipboardItem.supports("text/plain")
          ? navigator.clipboard.write([new ClipboardItem({ "text/plain": text.then((words) => new Blob([words], { type: "text/plain" })) })])
          : text.then((words) => navigator.clipboard.writeText(words));
        // Whoever may not write gets the text to look at.
        written.then(() => say(button)).catch(() => { location.href = address; });
      });
    }
    const text = document.querySelector("[data-copy-label]");
    for (const quote of text ? text.querySelectorAll("figure.quote") : []) {
      const words = [...quote.querySelectorAll("blockquote p, figcaption")].map((part) => part.textContent.trim());
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button button-quiet copy-quote";
      button.dataset.done = text.dataset.done;
      const label = document.createElement("span");
      label.textContent = text.dataset.copyLabel;
      button.append(label);
      button.addEventListener("click", () => copy(button, words.join("\n")));
      quote.append(button);
    }
  } else {
    for (const button of document.querySelectorAll("[data-copy], [data-copy-from]")) button.remove();
  }

  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => print());
  }

  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.target.closest("input, textarea, select, [contenteditable], .strip-pics")) return;
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    const link = document.querySelector(`[data-key="${event.key}"]`);
    if (link) link.click();
  });

  // The selection: ids in this browser's storage and nowhere else; what is sent is an address that names them.
  const bar = document.getElementById("selection");
  const read = () => {
    try {
      return JSON.parse(localStorage.getItem("selection")) || [];
    } catch {
      return [];
    }
  };
  const keep = (ids) => {
    try {
      localStorage.setItem("selection", JSON.stringify(ids));
    } catch {
      // Storage may be forbidden: the boxes and the form work without it.
    }
    if (!bar) return;
    bar.classList.toggle("has-selection", ids.length > 0);
    bar.querySelector("[data-selection-count]").textContent = ids.length ? `(${ids.length})` : "";
  };
  const boxes = [...document.querySelectorAll(".choose input")];
  const shown = document.querySelector("[data-selection-shown]");
  const asked = new URLSearchParams(location.search);
  let chosen = read();
  if (shown && asked.get("photos")) {
    // A link from somebody else shows their selection and leaves one's own alone.
    if (document.referrer.startsWith(location.origin)) chosen = boxes.map((box) => box.value);
  } else if (document.querySelector("[data-selection-empty]") && chosen.length && !asked.has("cleared")) {
    location.replace(`?photos=${chosen.join(",")}`);
  }
  if (!shown) {
    const isTicked = (box) => box.checked && !box.defaultChecked;
    chosen = [...new Set([...chosen, ...boxes.filter(isTicked).map((box) => box.value)])];
    for (const box of boxes) box.checked = chosen.includes(box.value);
  }
  keep(chosen);
  for (const box of boxes) {
    box.addEventListener("change", () => {
      const rest = read().filter((id) => id !== box.value);
      keep(box.checked ? [...rest, box.value] : rest);
    });
  }
  if (bar) {
    bar.addEventListener("submit", (event) => {
      const ids = read();
      if (!ids.length) return;
      event.preventDefault();
      location.href = `${bar.getAttribute("action")}?photos=${ids.join(",")}`;
    });
  }
  for (const link of document.querySelectorAll("[data-selection-remove]")) {
    link.addEventListener("click", () => keep(read().filter((id) => id !== link.dataset.selectionRemove)));
  }
  for (const link of document.querySelectorAll("[data-selection-clear]")) {
    link.addEventListener("click", () => keep([]));
  }

  // Results while one types. The address follows, so that a reload or a link shows the same.
  const form = document.querySelector(".search-form");
  const head = form && form.closest(".search-head");
  if (head) {
    let timer = 0;
    let running = null;
    let isLive = true;
    const look = async () => {
      const address = `${form.action}?${new URLSearchParams([...new FormData(form)].filter(([, value]) => value))}`;
      if (running) running.abort();
      running = new AbortController();
      try {
        const answer = await fetch(address, { signal: running.signal });
        if (!answer.ok) return;
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const other = page.querySelector(".search-head");
        // A site that was written out as files has no answers of its own.
        isLive = Boolean(other && other.querySelector(".search-total"));
        if (!isLive) return;
        for (const old of head.querySelectorAll(".search-total, .did-you-mean")) old.remove();
        head.append(...other.querySelectorAll(".search-total, .did-you-mean"));
        for (const old of [...head.parentElement.children]) if (old !== head) old.remove();
        for (const part of [...other.parentElement.children]) if (part !== other) head.parentElement.append(part);
        document.title = page.title;
        history.replaceState(null, "", address);
      } catch {
        // Overtaken by the next letter, or no connection: the button still works.
      }
    };
    form.addEventListener("submit", () => {
      clearTimeout(timer);
      if (running) running.abort();
    });
    const typed = form.elements.q;
    const onInput = () => {
      clearTimeout(timer);
      if (isLive && typed.value.trim().length > 1) timer = setTimeout(look, 200);
    };
    typed.addEventListener("input", onInput);
    if (typed.value !== typed.defaultValue) onInput();
  }

  // Where no server answers a search, the page does: every word must begin a word of what is found.
  const fold = (text) =>
    text.toLowerCase().replace(/ä/g, "ae").replace(/ö/g, "oe").replace(/ü/g, "ue").replace(/ß/g, "ss")
      .normalize("NFD").replace(/\p{M}/gu, "");
  const field = document.querySelector("main form[role=search] input[name=q]");
  const query = (asked.get("q") || "").trim();
  const help = document.querySelector(".search-help");
  if (field && query && help && !document.querySelector(".search-total, .empty")) {
    field.value = query;
    const words = fold(query).split(/[^\p{L}\p{N}]+/u).filter((word) => word.length > 1);
    fetch(`${location.pathname.replace(/\/search\/?(index\.html)?$/, "")}/search-index.json`)
      .then((answer) => (answer.ok ? answer.json() : []))
      .then((documents) => {
        const found = documents.filter(({ w }) => words.length && words.every((word) => ` ${w}`.includes(` ${word}`)));
        found.sort((a, b) => {
          const inTitle = ({ t }) => words.filter((word) => fold(t).includes(word)).length;
          return inTitle(b) - inTitle(a) || b.d.localeCompare(a.d);
        });
        const list = document.createElement("ol");
        list.className = "hits wrap";
        for (const { u, t, s, d } of found.slice(0, 50)) {
          const [item, text, title, link, day, words] = ["li", "div", "h2", "a", "p", "p"].map((name) => document.createElement(name));
          item.className = "hit";
          text.className = "hit-text";
          day.className = "meta";
          link.href = u;
          link.textContent = t;
          day.textContent = d;
          words.textContent = s;
          title.append(link);
          text.append(day, title, words);
          item.append(text);
          list.append(item);
        }
        if (found.length) help.replaceWith(list);
      });
  }
})();
