// Every page of the desk works without this file. It adds: a warning before unsaved text is left, a copy of it
// in this browser, dragging, a Markdown toolbar.
"use strict";

(() => {
  document.documentElement.classList.add("has-script");
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const make = (tag, className, text) => {
    const element = document.createElement(tag);
    if (className) element.className = className;
    if (text) element.textContent = text;
    return element;
  };

  // ---- what must be read first gets the focus ----
  const first = document.querySelector("[data-focus]");
  if (first) first.focus();
  // A message inside a closed part is of no use.
  for (const wrong of all(".wrong, [aria-invalid]")) {
    for (let part = wrong.closest("details"); part; part = part.parentElement.closest("details")) part.open = true;
  }
  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    const target = link && document.getElementById(link.getAttribute("href").slice(1));
    if (!target) return;
    const closed = target.closest("details");
    if (closed) closed.open = true;
    target.focus();
  });

  // ---- a link to be passed on ----
  for (const button of all("[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const link = document.getElementById(button.dataset.copy);
      try {
        await navigator.clipboard.writeText(link.textContent);
        button.textContent = button.dataset.done;
      } catch { // without TLS there is no clipboard: marked, it is one key away
        getSelection().selectAllChildren(link);
      }
    });
  }

  // ---- unsaved text ----
  const serial = (form) => new URLSearchParams([...new FormData(form)].filter(([, v]) => typeof v === "string")).toString();
  const content = (form) => {
    const data = new URLSearchParams(serial(form));
    for (const name of ["version", "new_id", "photo-query"]) data.delete(name);
    return data.toString();
  };

  // Copies of what is typed. The simpler store of browsers may be a minute late on the disk; this one waits for it.
  const drafts = {
    open: () => new Promise((resolve, reject) => {
      const request = indexedDB.open("pressroom", 1);
      request.onupgradeneeded = () => request.result.createObjectStore("drafts");
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    }),
    async run(mode, work) {
      this.base ??= this.open();
      const change = (await this.base).transaction("drafts", mode, { durability: "strict" });
      const request = work(change.objectStore("drafts"));
      return new Promise((resolve, reject) => {
        change.oncomplete = () => resolve(request.result);
        change.onabort = () => reject(change.error);
      });
    },
    // Without a store the form works all the same, and so it does when the store is full.
    get: (key) => drafts.run("readonly", (store) => store.get(key)).catch(() => undefined),
    put: (key, copy) => drafts.run("readwrite", (store) => store.put(copy, key)).catch(() => {}),
    remove: (key) => drafts.run("readwrite", (store) => store.delete(key)).catch(() => {}),
  };

  for (const form of all("form[data-guard]")) {
    // After a refused write the page itself holds text that is not stored.
    const isReturned = Boolean(document.querySelector(".errors, .conflict, [data-unsaved]"));
    const before = isReturned ? "" : content(form);
    let leaving = false;
    const isChanged = () => content(form) !== before;
    addEventListener("beforeunload", (event) => {
      if (!leaving && isChanged()) {
        event.preventDefault();
        event.returnValue = form.dataset.textLeave;
      }
    });
    form.addEventListener("submit", (event) => {
      if (event.submitter && event.submitter.formTarget === "_blank") return;
      leaving = true;
      // A second press while the first is under way would only make a conflict with oneself.
      if (form.dataset.sent) {
        event.preventDefault();
        return;
      }
      form.dataset.sent = "1";
      if (event.submitter) event.submitter.classList.add("is-busy");
    });
    addEventListener("pageshow", () => {
      delete form.dataset.sent;
      leaving = false;
      for (const button of all(".is-busy", form)) button.classList.remove("is-busy");
    });
    document.addEventListener("keydown", (event) => {
      if ((event.ctrlKey || event.metaKey) && event.key === "s") {
        event.preventDefault();
        form.requestSubmit();
      }
    });
    if (form.dataset.keep) keepCopy(form, isChanged, isReturned);
  }

  // A copy of the typed text in this browser, for the day it crashes. It goes when the text was stored.
  async function keepCopy(form, isChanged, isReturned) {
    const [record, version] = form.dataset.keep.split(":");
    // After a step that was refused the address ends in the step's name.
    const path = location.pathname.replace(/\/(publish|schedule|embargo|correct|withdraw|submit|approve|return|preview-links(\/[^/]+)?)$/, "");
    const key = `pressroom:${path.replace(/\/from-document$/, "/new")}`;
    const picks = () => all("[data-picker]", form).map((picker) => all(".pick", picker).map((pick) => {
      const picture = pick.querySelector("img");
      return { id: pick.dataset.id, title: pick.querySelector(".pick-title").textContent, src: picture && picture.getAttribute("src"), plate: picture && picture.className };
    }));
    let timer = 0;
    const write = () => {
      if (isChanged()) drafts.put(key, { version, content: content(form), text: serial(form), picks: picks() });
    };
    form.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(write, 800);
    });
    if (document.querySelector(".done") && record !== "new") {
      await drafts.remove(key);
      await drafts.remove("pressroom:/admin/releases/new");
      return;
    }
    const stored = await drafts.get(key);
    if (stored && !isReturned && stored.content !== content(form)) offer(stored);

    function offer(copy) {
      const note = make("div", "note");
      note.setAttribute("role", "status");
      note.append(make("p", "", form.dataset.textFound));
      const tools = make("p", "head-tools");
      const restore = make("button", "button", form.dataset.textRestore);
      const forget = make("button", "button quiet", form.dataset.textForget);
      restore.type = forget.type = "button";
      restore.addEventListener("click", () => {
        fill(new URLSearchParams(copy.text));
        fillPicks(copy.picks || []);
        // Made from an older version: the server shall compare, not this page.
        const field = form.elements.version;
        if (field && copy.version) field.value = copy.version;
        note.remove();
      });
      forget.addEventListener("click", () => {
        drafts.remove(key);
        note.remove();
      });
      tools.append(restore, forget);
      note.append(tools);
      form.querySelector(".head").after(note);
    }

    function fill(values) {
      for (const field of form.elements) {
        if (!field.name || field.type === "hidden" || field.type === "file") continue;
        if (field.type === "checkbox") field.checked = values.getAll(field.name).includes(field.value);
        else if (values.has(field.name)) field.value = values.get(field.name);
        field.dispatchEvent(new Event("input", { bubbles: true }));
      }
    }
  }

  // Chosen photos as they stood in the copy.
  function fillPicks(kept) {
    all("[data-picker]").forEach((picker, index) => {
      if (!kept[index]) return;
      for (const pick of all(".pick", picker)) pick.remove();
      for (const { id, title, src, plate } of kept[index]) {
        const picture = src ? make("img") : null;
        if (picture) Object.assign(picture, { src, alt: "", className: plate || "" });
        addPick(picker, id, title, picture);
      }
      changed(picker);
    });
  }

  // ---- who else has the release open ----
  const presence = document.querySelector("[data-presence]");
  if (presence) {
    const address = presence.dataset.presence;
    const tell = async () => {
      if (document.hidden) return;
      try {
        const answer = await fetch(address, { method: "POST", headers: { Accept: "application/json" } });
        if (!answer.ok) return;
        const told = await answer.json();
        if (told.join() !== all("li", presence).map((line) => line.textContent).join()) {
          presence.replaceChildren(...told.map((line) => make("li", "", line)));
        }
      } catch { /* asked again */ }
    };
    setInterval(tell, 20000);
    document.addEventListener("visibilitychange", tell);
    addEventListener("pagehide", () => navigator.sendBeacon(`${address}?gone=true`));
    addEventListener("pageshow", (event) => { if (event.persisted) tell(); });
  }

  // ---- counting characters ----
  for (const field of all("[data-count]")) {
    const label = document.querySelector(`label[for="${field.id}"]`);
    const unit = field.closest("form").dataset.textChars || "";
    const counter = make("span", "counter");
    const show = () => {
      const count = [...field.value].length;
      counter.textContent = `${count} ${unit}`;
      counter.classList.toggle("is-long", count > Number(field.dataset.count));
    };
    label.append(counter);
    field.addEventListener("input", show);
    show();
  }

  // ---- Markdown toolbar ----
  for (const editor of all("[data-editor]")) {
    const area = editor.querySelector("#body");
    if (!area) continue;
    const put = (text, from, to) => {
      area.focus();
      area.setRangeText(text, from, to, "end");
      area.dispatchEvent(new Event("input", { bubbles: true }));
    };
    const wrap = (mark) => () => {
      const { selectionStart: from, selectionEnd: to } = area;
      const text = area.value.slice(from, to);
      put(`${mark}${text}${mark}`, from, to);
      if (!text) area.setSelectionRange(from + mark.length, from + mark.length);
    };
    const prefix = (mark) => () => {
      const from = area.value.lastIndexOf("\n", area.selectionStart - 1) + 1;
      const lines = area.value.slice(from, area.selectionEnd).split("\n");
      put(lines.map((line) => (line.startsWith(mark) ? line.slice(mark.length) : mark + line)).join("\n"), from, area.selectionEnd);
    };
    const link = () => {
      const { selectionStart: from, selectionEnd: to } = area;
      put(`[${area.value.slice(from, to)}](https://)`, from, to);
      area.setSelectionRange(area.selectionStart - 1, area.selectionStart - 1);
    };
    const tools = make("div", "md-tools");
    tools.setAttribute("role", "toolbar");
    const add = (text, action) => {
      const button = make("button", "", text);
      button.type = "button";
      button.addEventListener("click", action);
      tools.append(button);
    };
    const text = editor.dataset;
    add(text.textHeading, prefix("## "));
    add(text.textBold, wrap("**"));
    add(text.textItalic, wrap("*"));
    add(text.textList, prefix("- "));
    add(text.textQuote, prefix("> "));
    add(text.textLink, link);
    area.before(tools);
    area.addEventListener("keydown", (event) => {
      if (!(event.ctrlKey || event.metaKey)) return;
      const action = { b: wrap("**"), i: wrap("*"), k: link }[event.key];
      if (action) {
        event.preventDefault();
        action();
      }
    });
  }

  // ---- what the clipboard brings; the visual editor asks here too ----
  // Only an empty form of a new release is filled by a paste.
  const isEmpty = (form) => {
    const { new_id: fresh, headline, body } = form.elements;
    return Boolean(fresh) && headline && !headline.value.trim() && !body.value.trim();
  };
  // Editors of code bring colours, not structure.
  const isCode = (html) => /white-space:\s*pre\s*[;"']/i.test(html.slice(0, 3000));
  const isRich = (html) => /<(p|div|h[1-6]|ul|ol|li|table|blockquote|strong|b|em|i|a)[\s>]/i.test(html) && !isCode(html);

  async function convert(html, whole) {
    const limit = AbortSignal.timeout(20000);
    // Pictures written out in the text would only make it long.
    const body = html.replace(/(["'(])data:[^"')]*/g, "$1");
    const answer = await fetch(`/admin/releases/from-clipboard?whole=${whole}`, {
      method: "POST", body, signal: limit, headers: { Accept: "application/json", "Content-Type": "text/html" },
    });
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json();
  }

  // ---- pasting from Word, Google Docs, LibreOffice, web pages ----
  // The plain text stands there at once; when the server has made Markdown of the rest, that takes its place.
  for (const editor of all("[data-editor]")) {
    const area = editor.querySelector("#body");
    const form = area && area.form;
    if (!form) continue;
    const words = editor.dataset;
    const headline = form.elements.headline;
    const note = make("div", "paste-note");
    note.setAttribute("role", "status");
    area.after(note);
    const touched = (field) => {
      for (const kind of ["input", "change"]) field.dispatchEvent(new Event(kind, { bubbles: true }));
    };
    // So that the browser's own undo knows of it.
    const insert = (field, text, from, to) => {
      field.focus();
      field.setSelectionRange(from, to);
      // In the visual editor the field is out of sight and has no caret of its own.
      if (document.activeElement !== field || !document.execCommand("insertText", false, text)) {
        field.setRangeText(text, from, to, "end");
        touched(field);
      }
    };

    const paste = (event) => {
      const field = event.target;
      const html = event.clipboardData.getData("text/html");
      const plain = event.clipboardData.getData("text/plain").replace(/\r\n?/g, "\n");
      const whole = isEmpty(form);
      // A headline stays a line; only a whole text may fill the form from there.
      if (!html || !plain.trim() || !isRich(html) || (field === headline && !(whole && plain.trim().includes("\n")))) return;
      event.preventDefault();
      note.replaceChildren();
      const from = field.selectionStart;
      insert(field, plain, from, field.selectionEnd);
      const shown = field.value.slice(from, field.selectionEnd);
      convert(html, whole).then(
        (answer) => {
          if (field.value.slice(from, from + shown.length) !== shown) return;
          if (answer.release) return fillIn(answer.release, field, from, shown);
          if (field === headline || !answer.markdown) return;
          insert(field, spaced(field.value, answer.markdown, from, shown), from, from + shown.length);
          note.replaceChildren(make("p", "hint", words.textPasted));
        },
        () => note.replaceChildren(make("p", "hint", words.textPlain)),
      );
    };

    // Blocks stand apart from what is around them; a piece of a line keeps the spaces at its ends.
    function spaced(value, text, from, shown) {
      if (!text.includes("\n") && !/^(#+|-|>|\||\d+[.)]) /.test(text)) return shown.match(/^ */)[0] + text + shown.match(/ *$/)[0];
      const before = value.slice(0, from);
      const after = value.slice(from + shown.length);
      const lead = !before || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
      const tail = !after || after.startsWith("\n\n") ? "" : after.startsWith("\n") ? "\n" : "\n\n";
      return lead + text + tail;
    }

    function fillIn(release, field, from, shown) {
      const names = ["headline", "sub_headlines", "dateline_place", "dateline_date", "language", "boilerplate", "boilerplate-own", "embargo_until"];
      const before = new Map(names.map((name) => [name, form.elements[name].value]));
      const boxes = all('input[name="contacts"]', form);
      const ticked = boxes.map((box) => box.checked);
      const found = document.querySelector("[data-found]");
      const set = (name, value) => {
        form.elements[name].value = value;
        touched(form.elements[name]);
      };
      insert(field, "", from, from + shown.length);
      insert(area, release.body, 0, area.value.length);
      set("headline", release.headline);
      set("sub_headlines", release.sub_headlines.join("\n"));
      set("dateline_place", release.dateline_place);
      if (release.dateline_date) set("dateline_date", release.dateline_date);
      if (release.language) set("language", release.language);
      if (release.embargo_until) set("embargo_until", release.embargo_until);
      if (release.boilerplate) {
        set("boilerplate", release.boilerplate[0]);
        set("boilerplate-own", release.boilerplate[1]);
      }
      for (const box of boxes) if (release.contacts.includes(box.value)) box.checked = true;
      found.innerHTML = release.found;
      touched(area);
      const { summary, remarks } = release.reading;
      const told = make("div", "note");
      told.append(make("p", "", `${summary} ${words.textCheck}`));
      if (remarks.length) {
        const list = make("ul");
        list.append(...remarks.map((remark) => make("li", "", remark)));
        told.append(list);
      }
      const undo = make("button", "button quiet", words.textUndo);
      undo.type = "button";
      undo.addEventListener("click", () => {
        for (const [name, value] of before) set(name, value);
        boxes.forEach((box, index) => { box.checked = ticked[index]; });
        found.replaceChildren();
        insert(area, "", 0, area.value.length);
        insert(field, shown, field === headline ? 0 : from, field === headline ? field.value.length : from);
        note.replaceChildren(make("p", "hint", words.textUndone));
      });
      told.append(undo);
      // What was read, and what was not, is the first that has to be seen.
      editor.before(note);
      note.replaceChildren(told);
      area.setSelectionRange(0, 0);
      area.scrollTop = 0;
      headline.focus({ preventScroll: true });
      note.scrollIntoView({ block: "start" });
    }

    area.addEventListener("paste", paste);
    if (headline) headline.addEventListener("paste", paste);
  }

  // A text of one's own is asked for only when it is chosen.
  const boilerplate = document.getElementById("boilerplate");
  if (boilerplate) {
    const own = document.getElementById("boilerplate-own").closest(".field");
    const show = () => { own.hidden = boilerplate.value !== "own"; };
    boilerplate.addEventListener("change", show);
    boilerplate.addEventListener("input", show);
    show();
  }

  // ---- waiting for photos to be prepared ----
  const waiting = () => all("[data-waiting]");
  const watch = async () => {
    const elements = waiting();
    if (!elements.length) return;
    const ids = [...new Set(elements.map((element) => element.dataset.id))];
    try {
      const answer = await fetch(`/admin/photos/states?ids=${ids.join(",")}`, { headers: { Accept: "application/json" } });
      if (answer.ok) {
        for (const state of await answer.json()) {
          if (state.state === "processing") continue;
          for (const element of elements.filter((e) => e.dataset.id === state.id)) show(element, state);
        }
      }
    } catch { /* asked again below */ }
    setTimeout(watch, 1500);
  };
  let watched = false;
  const watchSoon = () => {
    if (watched) return;
    watched = true;
    setTimeout(async () => { await watch(); watched = false; }, 700);
  };
  const show = (element, state) => {
    delete element.dataset.waiting;
    if (element.matches(".stage")) {
      // Texts read from the file may have come; a page that was not touched simply shows them.
      const form = document.getElementById("form");
      if (form && document.activeElement === document.body) location.reload();
      return;
    }
    const place = element.querySelector(".no-picture");
    if (place && state.thumb) {
      const picture = make("img");
      picture.src = state.thumb;
      picture.alt = "";
      picture.className = state.plate;
      place.replaceWith(picture);
    } else if (place) {
      place.textContent = state.state_name;
    }
    const title = element.querySelector(".pick-title, .tile-title");
    if (title) title.textContent = state.title;
    const note = element.querySelector(".pick-note, .tile-note");
    if (note && state.failure) note.textContent = state.failure;
  };
  if (waiting().length) watchSoon();

  // ---- files that `uploads.js` has brought into the library ----
  for (const zone of all("[data-drop]")) {
    const picker = zone.closest("[data-picker]");
    const ids = [];
    const places = new Map();
    // Small files arrive before large ones: each keeps the place in which it was dropped.
    zone.addEventListener("upload:queued", ({ detail: { item } }) => {
      if (!picker || "single" in picker.dataset) return;
      const place = make("li");
      place.hidden = true;
      picker.querySelector(".chosen").append(place);
      places.set(item, place);
    });
    zone.addEventListener("upload:taken", ({ detail: { item, asset } }) => {
      const picture = asset.thumb ? make("img") : null;
      if (picture) Object.assign(picture, { src: asset.thumb, alt: "", className: asset.plate });
      if (picker) return addPick(picker, asset.id, asset.title, picture, places.get(item));
      // A new file for a photo leads to that photo, and nowhere else.
      const after = zone.querySelector("[data-after]");
      if (!after) return;
      ids.push(asset.id);
      after.hidden = false;
      after.querySelector("[data-sheet]").href = `/admin/photos/sheet?ids=${ids.slice(-100).join(",")}`;
      const grid = document.querySelector(".grid");
      if (!grid || grid.querySelector(`[data-id="${asset.id}"]`)) return;
      document.querySelector("p.empty")?.remove();
      const tile = make("li", "tile");
      tile.dataset.id = asset.id;
      if (!picture) tile.dataset.waiting = "";
      const link = make("a");
      link.href = `/admin/photos/${asset.id}`;
      const frame = make("span", "tile-picture");
      frame.append(picture || make("span", "no-picture", asset.kind));
      link.append(frame, make("span", "tile-title", asset.title));
      tile.append(link, make("p", "tile-note"));
      grid.prepend(tile);
      const total = document.querySelector("[data-total]");
      if (total && !asset.is_twin) {
        total.dataset.total = Number(total.dataset.total) + 1;
        const number = Number(total.dataset.total);
        const words = number === 1 ? total.dataset.textOne : total.dataset.textMany;
        total.textContent = words.replace("%1", number.toLocaleString(document.documentElement.lang));
      }
      watchSoon();
    });
  }

  // ---- chosen photos: their order ----
  function changed(picker) {
    all(".pick", picker).forEach((pick, index) => {
      const place = pick.querySelector('input[type="number"]');
      if (place) place.value = index + 1;
    });
    const empty = picker.querySelector("[data-empty]");
    if (empty) empty.hidden = Boolean(picker.querySelector(".pick"));
    picker.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function tools(picker, pick) {
    const text = picker.dataset;
    const box = pick.querySelector(".pick-tools");
    const title = pick.querySelector(".pick-title").textContent;
    const add = (sign, label, action) => {
      const button = make("button", "", sign);
      button.type = "button";
      button.setAttribute("aria-label", `${label}: ${title}`);
      button.title = label;
      button.addEventListener("click", action);
      box.append(button);
    };
    if (!("single" in text)) {
      const move = (step) => function () {
        const other = step < 0 ? pick.previousElementSibling : pick.nextElementSibling;
        if (!other) return;
        if (step < 0) other.before(pick); else other.after(pick);
        changed(picker);
        this.focus();
      };
      add("↑", text.textUp, move(-1));
      add("↓", text.textDown, move(1));
      pick.draggable = true;
      pick.addEventListener("dragstart", (event) => {
        event.dataTransfer.effectAllowed = "move";
        event.dataTransfer.setData("text/plain", pick.dataset.id);
        pick.classList.add("is-dragged");
      });
      pick.addEventListener("dragend", () => {
        for (const other of all(".pick", picker)) other.classList.remove("is-dragged", "is-target");
        changed(picker);
      });
      pick.addEventListener("dragover", (event) => {
        const dragged = picker.querySelector(".is-dragged");
        if (!dragged) return;
        event.preventDefault();
        if (dragged === pick) return;
        const box_ = pick.getBoundingClientRect();
        if (event.clientY < box_.top + box_.height / 2) pick.before(dragged); else pick.after(dragged);
      });
      pick.addEventListener("drop", (event) => { if (picker.querySelector(".is-dragged")) event.preventDefault(); });
    }
    add("×", text.textRemove, () => {
      const next = pick.nextElementSibling || pick.previousElementSibling;
      pick.remove();
      changed(picker);
      const focus = next ? next.querySelector("button") : picker.querySelector("summary");
      if (focus) focus.focus();
    });
  }

  function addPick(picker, id, title, picture, place) {
    const name = picker.dataset.picker;
    if (picker.querySelector(`.pick[data-id="${id}"]`)) return;
    if ("single" in picker.dataset) for (const old of all(".pick", picker)) old.remove();
    const pick = make("li", "pick");
    pick.dataset.id = id;
    const field = make("input");
    field.type = "hidden";
    field.name = name;
    field.value = id;
    const link = make("a", "pick-picture");
    link.href = `/admin/photos/${id}`;
    link.setAttribute("aria-label", title);
    if (picture) {
      link.append(picture);
    } else {
      link.append(make("span", "no-picture", picker.dataset.textProcessing));
      pick.dataset.waiting = "";
    }
    const words = make("div", "pick-text");
    words.append(make("p", "pick-title", title), make("p", "pick-note"));
    pick.append(field, link, words, make("div", "pick-tools"));
    if (place && place.isConnected) place.replaceWith(pick); else picker.querySelector(".chosen").append(pick);
    tools(picker, pick);
    changed(picker);
    watchSoon();
  }

  // The list of what the library has for some words.
  async function offered(picker, words) {
    const { form } = picker;
    const data = new URLSearchParams([...new FormData(form)].filter(([, v]) => typeof v === "string"));
    data.set("look", "1");
    data.set("photo-query", words);
    const answer = await fetch(form.action, { method: "POST", body: data });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    return page.querySelector(`[data-picker="${picker.dataset.picker}"] [data-offer]`);
  }

  for (const picker of all("[data-picker]")) {
    for (const pick of all(".pick", picker)) tools(picker, pick);
    picker.addEventListener("change", (event) => {
      const box = event.target;
      if (!box.checked || !box.closest(".offered")) return;
      const offer = box.closest(".offered");
      const picture = offer.querySelector("img");
      box.checked = false;
      addPick(picker, box.value, offer.querySelector(".offered-title").textContent, picture && picture.cloneNode());
      offer.closest("li").remove();
    });
    const look = picker.querySelector("[data-look]");
    const query = picker.querySelector('input[type="search"]');
    const search = async (event) => {
      event.preventDefault();
      look.classList.add("is-busy");
      try {
        const found = await offered(picker, query.value);
        if (found) picker.querySelector("[data-offer]").replaceChildren(...found.children);
      } finally {
        look.classList.remove("is-busy");
      }
    };
    look.addEventListener("click", search);
    query.addEventListener("keydown", (event) => { if (event.key === "Enter") search(event); });
  }

  // ---- one text for all photos of a sheet: shown at once where it would be filled in ----
  for (const field of all("[data-all]")) {
    field.addEventListener("input", () => {
      for (const other of all(`[name^="${field.dataset.all}-"]`)) other.placeholder = field.value;
    });
  }

  // ---- colours ----
  for (const field of all("[data-colour]")) {
    const well = make("input");
    well.type = "color";
    well.setAttribute("aria-label", document.querySelector(`label[for="${field.id}"]`).textContent);
    const full = () => (/^#[0-9a-f]{6}$/i.test(field.value) ? field.value : "#0b5a6f");
    well.value = full();
    well.addEventListener("input", () => { field.value = well.value; });
    field.addEventListener("input", () => { well.value = full(); });
    field.after(well);
  }

  // ---- for the other scripts of the desk ----
  window.desk = {
    isEmpty,
    isRich,
    convert,
    addPick,
    library: async (picker, words) => {
      const found = await offered(picker, words);
      if (!found) throw new Error("No list came");
      return all("input", found).map((box) => box.value);
    },
  };
})();
