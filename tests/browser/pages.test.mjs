// Every kind of public page, and the desk's: valid HTML, known words for search engines, no barriers, nothing that moves,
// nothing from elsewhere. One newsroom with all there can be, in four languages.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { barriers, openBrowser, overflow, phone, picture, signIn, startNewsroom } from "./newsroom.mjs";

const tools = join(process.env.PRESSROOM_TEST_TOOLS, "node");
const folder = mkdtempSync(join(process.env.PRESSROOM_TEST_TMP, "p"));

let room, browser, release, arabic, photo;

const sheet = `name = { de = "Presseraum der Messe", en = "Newsroom of the fair", fr = "Espace presse", ar = "غرفة الصحافة" }
organisation = "Messe Föhrwald"
organisation_url = "https://www.messe.example"
default_language = "de"
languages = ["de", "en", "fr", "ar"]
reserve_mining = true

[[topics]]
slug = "fachmesse"
[topics.name]
de = "Fachmesse"
en = "Trade fair"

[[topics]]
slug = "energie"
[topics.name]
de = "Energie"

[[boilerplates]]
key = "about"
language = "de"
title = "Über die Messe"
text = "Die Messe ist eine Messe. [www.messe.example](https://www.messe.example)"

[[pages]]
slug = "impressum"
language = "de"
title = "Impressum"
body = "Messe Föhrwald, Am Speicher 1"
`;

const body = `Die **Schau** beginnt, [wie im Vorjahr](https://www.messe.example/2025).

> „Das ist ein Fest.“
> — Dr. Emilie Weiß, Pressesprecherin

## Programm

- Eröffnung
- Rundgang

| | 2025 | 2026 |
|---|---|---|
| Gäste | 9.700 | 10.600 |
`;

before(async () => {
  // Painted first: a connection that waits for it may be closed by the time it is used.
  const [hall, portrait] = [picture(2400, 1600, 1), picture(800, 1000, 2)];
  room = await startNewsroom();
  browser = await openBrowser();
  const bundle = join(folder, "bundle");
  mkdirSync(bundle);
  writeFileSync(join(bundle, "newsroom.toml"), sheet);
  room.cli(["import", bundle]);
  photo = await room.upload("halle.jpg", hall, {
    title: "Halle 1 am Morgen", caption: "Die Halle vor der Öffnung", alt_text: "Eine leere Messehalle im Morgenlicht",
    credit: "Messe/J. Kühn", creator: "Jördis Kühn", usage_terms: "Abdruck honorarfrei", location: "Föhrwald",
    rights_url: "https://www.messe.example/rechte", keywords: ["Halle"], persons: ["Dr. Emilie Weiß"], date_created: "2026-11-20",
  });
  const face = await room.upload("weiss.jpg", portrait, {
    title: "Dr. Emilie Weiß", alt_text: "Porträt von Dr. Emilie Weiß", persons: ["Dr. Emilie Weiß"], credit: "Messe",
  });
  const days = ["mon", "tue", "wed", "thu", "fri"];
  const contact = await room.call("POST", "/api/v1/contacts", {
    name: "Dr. Emilie Weiß", role: { de: "Pressesprecherin", en: "Spokesperson" }, organisation: "Messe Föhrwald",
    email: "presse@messe.example", phones: [{ type: "work", number: "+49 30 23125-401" }], languages: ["de", "en"],
    topics: ["fachmesse"], portrait: face.id, roster: { zone: "Europe/Berlin", hours: [{ days, from: "08:30", until: "18:00" }] },
  });
  await room.call("POST", "/api/v1/contacts", { name: "Ben Beispiel", role: "Referent" });
  const publish = async (words) => {
    const draft = await room.call("POST", "/api/v1/releases", { dateline_place: "Föhrwald", dateline_date: "2026-11-24", ...words });
    return room.call("POST", `/api/v1/releases/${draft.id}/publish`);
  };
  const english = await publish({ language: "en", headline: "Largest trade fair for trams opens", body: "It opens.", assets: [photo.id] });
  release = await publish({
    language: "de", headline: "Größte Fachmesse für Straßenbahnen öffnet", sub_headlines: ["Mehr Gäste als je", "Nächste Schau 2027"],
    body, boilerplate: "about", topics: ["fachmesse", "energie"], assets: [photo.id, face.id], contacts: [contact.id],
    related: [english.id],
  });
  await room.call("PATCH", `/api/v1/releases/${english.id}`, { translation_of: release.id });
  arabic = await publish({
    language: "ar", headline: "افتتاح أكبر معرض للترام", body: "بدأ المعرض اليوم.", assets: [photo.id], contacts: [contact.id],
  });
  await publish({ language: "fr", headline: "Le salon des tramways ouvre ses portes", body: "Le salon ouvre." });
  for (let number = 1; number < 24; number += 1) {
    await publish({ language: "de", headline: `Meldung Nummer ${number} aus der Messe`, body: "Text." });
  }
  const gone = await publish({ language: "de", headline: "Falsche Zahlen zur Messe", body: "Es waren viele.", contacts: [contact.id] });
  await room.call("POST", `/api/v1/releases/${gone.id}/withdraw`, { reason: "Die Zahlen waren falsch." });
  release.gone = gone.url;
  const album = await room.call("POST", "/api/v1/albums", {
    title: { de: "Hallen", en: "Halls" }, description: { de: "Alle Hallen" }, assets: [photo.id, face.id], state: "published",
  });
  photo.album = `/albums/${album.slug}`;
  const at = (local) => ({ local, zone: "Europe/Berlin" });
  await room.call("POST", "/api/v1/events", {
    title: { de: "Pressekonferenz" }, description: { de: "Mit Rundgang." }, venue: "Halle 1", address: "Messeplatz 1",
    starts_at: at("2031-07-09T10:00"), ends_at: at("2031-07-09T11:30"), contacts: [contact.id], releases: [release.id], state: "published",
  });
  await room.call("POST", "/api/v1/events", {
    title: { de: "Frühstück im Netz" }, starts_at: at("2025-02-03T09:00"), status: "cancelled", state: "published",
  });
  photo.url = photo.renditions[0].url.replace(/\/[^/]+$/, "");
  // The search follows within a second.
  for (let waited = 0; waited < 10_000; waited += 100) {
    const found = await room.call("GET", "/api/v1/search?q=messe");
    if (found.total >= 25) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}, { timeout: 180_000 });

after(async () => {
  await browser?.close();
  await room?.stop();
});

/** Pages by their addresses: all that the site map and the pages themselves name, and what nobody links to. */
async function crawl() {
  const pages = new Map();
  const queue = ["/", "/en/", "/fr/", "/ar/", photo.url, photo.album, release.gone, "/search", "/ar/search?q=ترام", "/search?q=mese",
    "/search?q=nichtsdergleichen", "/en/search?q=fair&kind=photo", "/releases?page=2", "/releases?topic=fachmesse", "/releases?year=2026",
    "/photos?stands=portrait", "/photos?person=Dr.+Emilie+Wei%C3%9F", "/photos?year=1999", "/selection", `/selection?photos=${photo.id}`,
    "/gibt-es-nicht", "/ar/gibt-es-nicht", "/releases?page=zwei", "/selection.zip?photos=x", "/admin"];
  const isPage = (path) => path.startsWith("/") && !/^\/(static|api|theme|site\.css|admin\/)|\.\w{2,5}($|\?)|photos\.zip/.test(path);
  for (let at = 0; at < queue.length && pages.size < 150; at += 1) {
    const path = queue[at];
    if (pages.has(path)) continue;
    const answer = await fetch(room.base + path);
    if (!answer.headers.get("content-type")?.startsWith("text/html")) continue;
    const html = await answer.text();
    pages.set(path, html);
    for (const [, link] of html.matchAll(/<a [^>]*href="([^"#]*)/g)) {
      const next = link.replaceAll("&amp;", "&").replaceAll("&#38;", "&");
      // Each filter of each page is the same page again.
      if (isPage(next) && !next.includes("?") && !queue.includes(next)) queue.push(next);
    }
  }
  return pages;
}

test("the Nu checker finds no error on any page", { timeout: 240_000 }, async () => {
  const pages = await crawl();
  for (const path of ["/", "/en/", release.url, arabic.url, photo.url, photo.album, release.gone, "/contacts/dr-emilie-weiss", "/fr/events",
    "/contacts/dr-emilie-weiss/message", "/pages/impressum"]) {
    assert.ok(pages.has(path), `${path} was not looked at, among ${[...pages.keys()].join(" ")}`);
  }
  const context = await browser.newContext();
  const page = await context.newPage();
  await signIn(page, room.base, []);
  for (const path of ["/admin", "/admin/releases", `/admin/releases/${release.id}`, "/admin/photos", `/admin/photos/${photo.id}`,
    "/admin/contacts", "/admin/events", "/admin/account", "/admin/settings", "/admin/statistics"]) {
    const answer = await context.request.get(room.base + path);
    if (answer.ok()) pages.set(path, await answer.text());
  }
  await context.close();
  const html = join(folder, "html");
  mkdirSync(html);
  const names = [...pages].map(([path, text], at) => {
    const name = `${String(at).padStart(3, "0")}.html`;
    writeFileSync(join(html, name), text);
    return [name, path];
  });
  const jar = join(tools, "node_modules/vnu-jar/build/dist/vnu.jar");
  const ran = spawnSync("java", ["-Xss4m", "-XX:TieredStopAtLevel=1", "-jar", jar, "--format", "json", "--stdout", html],
    { encoding: "utf8", maxBuffer: 1 << 26 });
  // Each mistake once, with the first page that has it.
  const path = Object.fromEntries(names);
  const found = new Map();
  for (const { url, type, subType, message, extract } of JSON.parse(ran.stdout).messages) {
    if (!found.has(message)) found.set(message, `${path[url.split("/").pop()]}: ${subType ?? type}: ${message} ${extract ?? ""}`);
  }
  assert.ok(pages.size > 50, `${pages.size} pages`);
  assert.deepEqual([...found.values()], []);
});

test("what search engines read is made of words and values that schema.org has", { timeout: 240_000 }, async () => {
  const documents = new Map();
  for (const path of ["/", release.url, arabic.url, photo.url, "/contacts/dr-emilie-weiss", "/events"]) {
    const html = await (await fetch(room.base + path)).text();
    for (const [, text] of html.matchAll(/<script type="application\/ld\+json">([^]*?)<\/script>/g)) {
      const document = JSON.parse(text);
      assert.equal(document["@context"], "https://schema.org", path);
      documents.set(text, document["@type"]);
    }
  }
  const kinds = new Set(documents.values());
  assert.deepEqual([...kinds].sort(), ["Event", "ImageObject", "NewsArticle", "Organization", "Person"]);
  // schema-dts has the vocabulary as types: what is not in it, or of another type, is an error of the compiler.
  const source = join(folder, "documents.ts");
  writeFileSync(source, `import type { ${[...kinds].join(", ")}, WithContext } from "${join(tools, "node_modules/schema-dts")}";\n`
    + [...documents].map(([text, kind], at) => `export const document${at}: WithContext<${kind}> = ${text};\n`).join(""));
  const ts = createRequire(join(tools, "package.json"))("typescript");
  const program = ts.createProgram([source], {
    noEmit: true, strict: true, skipLibCheck: true, types: [], lib: ["lib.es2020.d.ts"], target: ts.ScriptTarget.ES2020,
    module: ts.ModuleKind.ES2020, moduleResolution: ts.ModuleResolutionKind.Node10,
  });
  const wrong = ts.getPreEmitDiagnostics(program).map((each) => ts.flattenDiagnosticMessageText(each.messageText, "\n"));
  assert.deepEqual(wrong, []);
});

test("no page has barriers: light and dark, on a phone and at 200 %, from right to left", { timeout: 300_000 }, async () => {
  const found = [];
  const look = async (name, options, paths) => {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    for (const path of paths) {
      await page.goto(room.base + path);
      for (const barrier of await barriers(page)) found.push(`${path}, ${name}: ${barrier}`);
      const beyond = await overflow(page);
      if (beyond > 0) found.push(`${path}, ${name}: ${beyond} pixels beyond the edge`);
    }
    await context.close();
  };
  const all = ["/", "/releases", release.url, "/photos", photo.url, photo.album, "/contacts", "/contacts/dr-emilie-weiss", "/events",
    "/search?q=messe", "/search?q=nichtsdergleichen", release.gone, "/gibt-es-nicht", "/selection", "/admin"];
  await look("phone", { viewport: phone }, all);
  // A window of 1280 by 1024 pixels at 200 %.
  await look("200 %, dark", { viewport: { width: 640, height: 512 }, deviceScaleFactor: 2, colorScheme: "dark" }, all);
  const fromTheRight = ["/ar/", "/ar/releases", arabic.url, "/ar/photos", `/ar${photo.url}`, "/ar/contacts", "/ar/events", "/ar/search?q=ترام"];
  await look("from right to left", { viewport: phone, colorScheme: "dark" }, fromTheRight);
  await look("wide", { viewport: { width: 1440, height: 900 } }, ["/", release.url]);
  assert.deepEqual(found, []);
});

test("nothing moves, nothing comes from elsewhere, and a release is 100 KB at most", { timeout: 180_000 }, async () => {
  for (const [viewport, isMobile] of [[phone, true], [{ width: 1440, height: 900 }, false]]) {
    const context = await browser.newContext({ viewport, isMobile, deviceScaleFactor: isMobile ? 2 : 1 });
    const page = await context.newPage();
    await page.addInitScript(() => {
      window.moved = [];
      window.shift = 0;
      // A page that is not all here yet may be painted on a busy machine; what comes below then makes room for itself. From
      // the first frame of the whole page on, nothing may move.
      let whole = Infinity;
      document.addEventListener("readystatechange", () => {
        if (document.readyState === "interactive") {
          requestAnimationFrame(() => requestAnimationFrame(() => { whole = performance.now(); }));
        }
      });
      const place = ({ node, previousRect: from, currentRect: to }) =>
        `${(node?.outerHTML ?? node?.textContent ?? "something").slice(0, 200)} from ${from.x},${from.y} to ${to.x},${to.y}`;
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries().filter((each) => !each.hadRecentInput)) {
          window.shift += entry.value;
          if (entry.startTime >= whole) window.moved.push(...entry.sources.map(place));
        }
      }).observe({ type: "layout-shift", buffered: true });
    });
    // The release first: nothing of it is in the browser's memory yet.
    for (const path of [release.url, "/", photo.url, "/photos", photo.album, "/search?q=messe", "/contacts", "/events", "/releases", arabic.url]) {
      const requests = [];
      const note = (request) => requests.push(request);
      page.on("request", note);
      await page.goto(room.base + path, { waitUntil: "networkidle" });
      page.off("request", note);
      const { moved, shift } = await page.evaluate(() => ({ moved: window.moved, shift: window.shift }));
      assert.deepEqual(moved, [], `${path} moves at ${viewport.width} pixels`);
      assert.ok(shift < 0.1, `${path} moves by ${shift} while it comes, at ${viewport.width} pixels`);
      assert.deepEqual(requests.map((each) => each.url()).filter((url) => !url.startsWith(room.base)), [], `${path} asks other hosts`);
      if (path !== release.url) continue;
      const sheet = await requests.find((each) => each.resourceType() === "stylesheet").response();
      assert.match(sheet.headers()["content-encoding"] ?? "", /br|zstd|gzip/, "the style sheet is not compressed");
      let bytes = 0;
      for (const request of requests.filter((each) => !each.failure() && !each.url().includes("/photos/"))) {
        const { responseBodySize, responseHeadersSize } = await request.sizes();
        bytes += responseBodySize + responseHeadersSize;
      }
      assert.ok(bytes > 5_000 && bytes <= 100_000, `${path} has ${bytes} bytes without its photos`);
    }
    await context.close();
  }
});
