// Uploads that go on where they stopped, after a lost connection, a closed browser or a killed server. tus-js-client
// speaks the protocol; this file queues the files, asks whether the library has them, and shows what happens.
import { Upload } from "tus-js-client";

const PLACE = "/admin/uploads";
const AT_ONCE = 3;
// A server is back sooner; after all of these the officer is asked.
const PAUSES = [500, 1000, 2000, 4000, 8000, 15000, ...Array(90).fill(20000)];
// A line that moves nothing for so long is taken for dead.
const STALL_MS = 30000;
// WebCrypto wants a whole file in memory. One at a time is read, and films are not.
const MAX_HASHED_BYTES = 256 << 20;
const LITTER = /^(\.|thumbs\.db$|desktop\.ini$)/i;

const json = { Accept: "application/json" };
const items = [];
const queue = [];
let running = 0;
let hashing = Promise.resolve();
let before = Promise.resolve();

const make = (tag, className, text) => {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text) element.textContent = text;
  return element;
};

const button = (text, className, action) => {
  const element = make("button", className, text);
  element.type = "button";
  element.addEventListener("click", action);
  return element;
};

// ---- what a file's bytes are called ----
async function digest(file) {
  // Without TLS there is no WebCrypto: duplicates are then told after the upload.
  if (!globalThis.crypto?.subtle || file.size > MAX_HASHED_BYTES) return null;
  const read = async () => {
    const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
    return [...hash].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  };
  hashing = hashing.then(read, read);
  return hashing;
}

// ---- one file ----
function say(item, text, state) {
  item.row.classList.remove("is-done", "is-refused", "is-waiting", "is-there");
  if (state) item.row.classList.add(`is-${state}`);
  item.note.replaceChildren(text ?? "");
  item.state = state;
  item.panel.show();
}

function fail(item, text, canRetry) {
  say(item, `${item.panel.text.textFailed}: ${text} `, "refused");
  if (canRetry) item.note.append(button(item.panel.text.textAgain, "button quiet", () => enqueue(item)));
  finish(item);
}

function finish(item) {
  item.upload = null;
  item.created();
  item.cancel.hidden = item.state === "done";
  item.release?.();
  item.release = null;
  item.panel.show();
}

async function run(item) {
  const { file, panel } = item;
  const { replaces } = panel;
  // Uploads begin in the order in which the files came, so that the library has that order too.
  const mine = before;
  before = new Promise((resolve) => { item.created = resolve; });
  say(item, panel.text.textChecking);
  panel.follow(item);
  let known = {};
  let hash = null;
  try {
    hash = await digest(file);
    const ask = new URLSearchParams({ sha256: hash ?? "", replaces });
    const answer = hash && await fetch(`${PLACE}?${ask}`, { headers: json });
    if (answer?.ok) known = await answer.json();
  } catch (error) {
    if (error instanceof DOMException) return fail(item, panel.text.textUnreadable, true);
  }
  await mine;
  if (item.isGone) return finish(item);
  if (known.asset && !replaces && !item.isWanted) return there(item, known.asset);
  say(item, "");
  const upload = new Upload(file, {
    endpoint: PLACE,
    uploadUrl: known.upload ?? null,
    headers: json,
    retryDelays: PAUSES,
    metadata: { filename: file.name, ...(hash && { sha256: hash }), ...(replaces && { replaces }) },
    fingerprint: async () => `pressroom:${replaces}${hash ?? [file.name, file.size, file.lastModified].join(":")}`,
    removeFingerprintOnSuccess: true,
    onUploadUrlAvailable: () => item.created(),
    onProgress: (sent) => {
      if (item.state === "waiting") say(item, "");
      item.moved = Date.now();
      item.sent = sent;
      panel.show();
    },
    onShouldRetry: (error) => {
      const status = error.originalResponse?.getStatus() ?? 0;
      const again = !status || [409, 423, 429].includes(status) || (status >= 500 && status !== 507);
      if (again) say(item, panel.text.textWaiting, "waiting");
      return again;
    },
    onSuccess: () => arrived(item, upload.url),
    onError: (error) => {
      const status = error.originalResponse?.getStatus();
      let detail = "";
      try { detail = JSON.parse(error.originalResponse.getBody()).detail; } catch { /* no words came */ }
      if (status === 401) return fail(item, panel.text.textSignedOut, true);
      fail(item, detail || panel.text.textLost, status !== 413 && status !== 415);
    },
  });
  item.upload = upload;
  if (!known.upload) {
    const [previous] = await upload.findPreviousUploads();
    if (previous) upload.resumeFromPreviousUpload(previous);
  }
  item.moved = Date.now();
  upload.start();
}

// The answer that says what became of the file may be asked for as often as it takes.
async function arrived(item, url) {
  for (const pause of PAUSES.slice(0, 12)) {
    try {
      const answer = await fetch(url, { headers: json });
      if (answer.status === 401) return fail(item, item.panel.text.textSignedOut, true);
      if (answer.status === 404) break;
      const { taken, next } = await answer.json();
      if (taken && next) {
        done(item, taken, item.panel.text.textDone);
        return location.assign(next);
      }
      if (taken) return done(item, taken, taken.is_twin ? item.panel.text.textTwin : item.panel.text.textDone);
    } catch { /* asked again below */ }
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
  fail(item, item.panel.text.textLost, true);
}

function done(item, asset, text) {
  item.sent = item.file.size;
  say(item, text, "done");
  finish(item);
  item.panel.zone.dispatchEvent(new CustomEvent("upload:taken", { detail: { item, asset } }));
}

// The library has these bytes: nothing is sent, unless that is what the officer wants.
function there(item, asset) {
  const link = make("a", "", asset.title);
  link.href = `/admin/photos/${asset.id}`;
  done(item, asset, item.panel.text.textThere);
  item.row.classList.add("is-there");
  item.note.append(" ", link, " ", button(item.panel.text.textAnyway, "button quiet", () => {
    item.isWanted = true;
    enqueue(item);
  }));
}

// ---- the queue ----
function enqueue(item) {
  item.sent = 0;
  say(item, "");
  item.cancel.hidden = false;
  queue.push(item);
  pump();
}

function pump() {
  while (running < AT_ONCE && queue.length) {
    const item = queue.shift();
    running += 1;
    item.release = () => {
      running -= 1;
      pump();
    };
    run(item).catch(() => fail(item, item.panel.text.textLost, true));
  }
}

function remove(item) {
  item.isGone = true;
  if (queue.includes(item)) queue.splice(queue.indexOf(item), 1);
  const upload = item.upload;
  // What has arrived is taken back; a server that cannot be reached sweeps it later.
  if (upload) {
    upload.abort(true).catch(() => {});
    finish(item);
  }
  items.splice(items.indexOf(item), 1);
  item.row.remove();
  item.panel.show();
}

const isBusy = () => running > 0 || queue.length > 0;
const goOn = (item) => {
  if (!item.upload) return;
  item.moved = Date.now();
  item.upload.abort();
  item.upload.start();
};
addEventListener("online", () => { for (const item of items) if (item.state === "waiting") goOn(item); });
addEventListener("beforeunload", (event) => { if (isBusy()) event.preventDefault(); });
setInterval(() => {
  for (const item of items) {
    const hangs = item.upload && item.state !== "waiting" && item.sent < item.file.size;
    if (hangs && Date.now() - item.moved > STALL_MS) goOn(item);
  }
}, 5000);

// ---- a place to drop files ----
class Panel {
  constructor(zone) {
    this.zone = zone;
    this.list = zone.querySelector("[data-uploads]");
    this.text = this.list.dataset;
    // The photo whose file is to be replaced; else every file becomes one of its own.
    this.replaces = zone.dataset.replaces ?? "";
    this.total = make("div", "upload-total");
    this.words = make("p", "hint");
    this.words.setAttribute("role", "status");
    this.bar = make("progress");
    this.bar.setAttribute("aria-label", this.text.textAll);
    this.total.append(this.bar, this.words);
    this.total.hidden = true;
    this.list.before(this.total);
    this.isDrawn = true;
  }

  show() {
    if (!this.isDrawn) return;
    this.isDrawn = false;
    requestAnimationFrame(() => {
      this.isDrawn = true;
      const mine = items.filter((item) => item.panel === this);
      let sent = 0, all = 0, count = 0;
      for (const item of mine) {
        item.bar.value = item.file.size ? item.sent / item.file.size : 0;
        if (item.state === "refused") continue;
        sent += item.sent;
        all += item.file.size;
        if (item.state === "done") count += 1;
      }
      this.total.hidden = mine.length < 2;
      this.list.tabIndex = mine.length > 4 ? 0 : -1;
      this.bar.max = all || 1;
      this.bar.value = sent;
      const told = this.text.textTotal.replace("%1", count).replace("%2", mine.length);
      const words = isBusy() ? `${told} ${this.text.textResume}` : told;
      if (this.words.textContent !== words) this.words.textContent = words;
    });
  }

  // What is on its way is in sight, unless somebody is reading elsewhere in the list.
  follow({ row }) {
    if (this.list.matches(":hover, :focus-within")) return;
    this.list.scrollTop = row.offsetTop - this.list.offsetTop - 2 * row.offsetHeight;
  }

  add(files) {
    for (const file of files) {
      const item = { file, panel: this, sent: 0, created: () => {}, row: make("li", "upload") };
      item.bar = make("progress");
      item.bar.max = 1;
      item.bar.setAttribute("aria-label", file.name);
      item.note = make("span", "upload-note");
      item.cancel = button("×", "upload-cancel", () => remove(item));
      item.cancel.setAttribute("aria-label", `${this.text.textCancel}: ${file.name}`);
      item.row.append(make("span", "upload-name", file.name), item.bar, item.cancel, item.note);
      this.list.append(item.row);
      items.push(item);
      this.zone.dispatchEvent(new CustomEvent("upload:queued", { detail: { item } }));
      enqueue(item);
    }
  }
}

// A folder's files in the order of their names, and those of its folders.
async function filesOf(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  const files = [...transfer.files];
  if (!entries.some((entry) => entry.isDirectory)) return files;
  const found = [];
  const walk = async (entry) => {
    if (LITTER.test(entry.name)) return;
    if (entry.isFile) return found.push(await new Promise((resolve, reject) => { entry.file(resolve, reject); }));
    const reader = entry.createReader();
    const inside = [];
    for (;;) {
      const some = await new Promise((resolve, reject) => { reader.readEntries(resolve, reject); });
      if (!some.length) break;
      inside.push(...some);
    }
    inside.sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }));
    for (const each of inside) await walk(each);
  };
  for (const entry of entries) await walk(entry);
  return found;
}

function folderButton(input, panel) {
  if (!("webkitdirectory" in input) || matchMedia("(pointer: coarse)").matches) return;
  const label = make("label", "button", panel.text.textFolder);
  const folder = make("input", "vh");
  folder.type = "file";
  folder.webkitdirectory = true;
  folder.addEventListener("change", () => {
    panel.add([...folder.files].filter((file) => !LITTER.test(file.name)));
    folder.value = "";
  });
  label.append(folder);
  input.closest("p").append(" ", label);
}

// One file for a photo that has one: nothing is sent before the button says so.
function replaceOnSubmit(zone, input, panel) {
  zone.addEventListener("submit", (event) => {
    event.preventDefault();
    const mine = items.filter((item) => item.panel === panel);
    if (mine.some((item) => item.state !== "refused")) return;
    mine.forEach(remove);
    panel.add([...input.files].slice(0, 1));
  });
}

function choose(input, file) {
  const one = new DataTransfer();
  one.items.add(file);
  input.files = one.files;
  input.closest("details").open = true;
}

for (const zone of document.querySelectorAll("[data-drop]")) {
  zone.hidden = false;
  const panel = new Panel(zone);
  const input = zone.querySelector("[data-files]");
  if (panel.replaces) {
    replaceOnSubmit(zone, input, panel);
  } else {
    input.required = false;
    input.addEventListener("change", () => {
      panel.add([...input.files]);
      input.value = "";
    });
    if (zone.matches("form")) zone.addEventListener("submit", (event) => event.preventDefault());
  }
  if (input.multiple) folderButton(input, panel);
  const target = zone.closest("[data-picker]") || zone;
  let depth = 0;
  const hasFiles = (event) => event.dataTransfer && [...event.dataTransfer.types].includes("Files");
  target.addEventListener("dragenter", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    depth += 1;
    zone.classList.add("is-over");
  });
  target.addEventListener("dragover", (event) => { if (hasFiles(event)) event.preventDefault(); });
  target.addEventListener("dragleave", (event) => {
    if (!hasFiles(event)) return;
    depth -= 1;
    if (depth <= 0) zone.classList.remove("is-over");
  });
  target.addEventListener("drop", async (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    depth = 0;
    zone.classList.remove("is-over");
    const files = await filesOf(event.dataTransfer);
    if (!panel.replaces) panel.add(files);
    else if (files.length) choose(input, files[0]);
  });
}
