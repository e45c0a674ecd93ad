// A journalist on a phone: home, search, release, photo, ZIP; with and without JavaScript.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { openBrowser, overflow, phone, picture, startNewsroom } from "./newsroom.mjs";

const more = [];
let room, browser, release, asset, album;

before(async () => {
  // Painted first: a connection that waits for it may be closed by the time it is used.
  const [hall, entrance, stage] = [picture(2400, 1600, 1), picture(900, 600, 2), picture(900, 600, 3)];
  room = await startNewsroom();
  browser = await openBrowser();
  asset = await room.upload("halle.jpg", hall, {
    title: "Halle 1 am Morgen", caption: "Die Halle vor der Öffnung", alt_text: "Eine leere Messehalle im Morgenlicht",
    credit: "Foto: Jördis Kühn", usage_terms: "Abdruck honorarfrei",
  });
  const contact = await room.call("POST", "/api/v1/contacts", {
    name: "Dr. Emilie Weiß", role: "Pressesprecherin", email: "presse@messe.example",
    phones: [{ type: "work", number: "+49 30 23125-401" }],
  });
  const draft = await room.call("POST", "/api/v1/releases", {
    language: "de", headline: "Größte Fachmesse für Straßenbahnen öffnet",
    sub_headlines: ["Erstmals mit Testfahrten auf dem Gelände"], dateline_place: "Föhrwald",
    dateline_date: "2026-11-24", body: "Die **Schau** beginnt.\n\n## Programm\n\n- Eröffnung\n- Rundgang\n",
    assets: [asset.id], contacts: [contact.id],
  });
  release = await room.call("POST", `/api/v1/releases/${draft.id}/publish`);
  for (const [name, bytes] of [["Eingang Ost", entrance], ["Bühne", stage]]) {
    more.push(await room.upload(`${name}.jpg`, bytes, { title: name, alt_text: name, credit: "Messe" }));
  }
  album = await room.call("POST", "/api/v1/albums", { title: { de: "Gelände" }, assets: [more[0].id], state: "published" });
  const other = await room.call("POST", "/api/v1/releases", { language: "de", headline: "Neue Bühne", body: "Sie steht.", assets: [more[1].id] });
  await room.call("POST", `/api/v1/releases/${other.id}/publish`);
}, { timeout: 120_000 });

/** The address of a photo's page. */
const pageOf = (photo) => photo.renditions[0].url.replace(/\/[^/]+$/, "");

after(async () => {
  await browser?.close();
  await room?.stop();
});

/** Goes on with the tab key until what the selector names has the focus. */
async function tabTo(page, selector) {
  for (let steps = 0; steps < 150; steps += 1) {
    await page.keyboard.press("Tab");
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector)) return;
  }
  throw new Error(`${selector} cannot be reached by keyboard on ${page.url()}`);
}

/** Follows a link that leads to a file, by keyboard: without JavaScript a page cannot tell when it is ready for it. */
async function take(page, selector) {
  await tabTo(page, selector);
  for (let tries = 0; tries < 3; tries += 1) {
    const arriving = page.waitForEvent("download", { timeout: 15_000 }).catch(() => null);
    await page.keyboard.press("Enter");
    const download = await arriving;
    if (download) return download;
  }
  throw new Error(`${selector} gives no file`);
}

/** Follows a link to another page, by keyboard. */
async function follow(page, selector, address) {
  await tabTo(page, selector);
  await page.keyboard.press("Enter");
  await page.waitForURL(address);
}

test("results follow the typing, and the address with them", { timeout: 60_000 }, async () => {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  const errors = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  await page.goto(`${room.base}/search`);
  const field = page.locator(".search-form input[name=q]");
  await field.pressSequentially("strassenb");
  await page.locator(".hits").getByRole("link", { name: release.headline }).waitFor();
  assert.equal(new URL(page.url()).searchParams.get("q"), "strassenb");
  assert.equal(await field.inputValue(), "strassenb");
  await field.pressSequentially("xyzzy");
  await page.locator(".search-help").waitFor();
  assert.equal(await page.locator(".hits").count(), 0);
  // Signs that mean something to selectors are only signs.
  await page.keyboard.press("Tab");
  for (const key of ['"', "\\", "]"]) await page.keyboard.press(key);
  assert.deepEqual(errors, []);
  await context.close();
});

test("what was ticked or typed before the script came counts", { timeout: 60_000 }, async () => {
  const context = await browser.newContext({ viewport: phone });
  const page = await context.newPage();
  let arrive;
  const arrived = new Promise((resolve) => { arrive = resolve; });
  await page.route(/\/app\.js$/, async (route) => { await arrived; await route.continue(); });
  await page.goto(`${room.base}/photos`, { waitUntil: "domcontentloaded" });
  await page.locator(`.choose input[value="${more[0].id}"]`).check();
  assert.equal(await page.evaluate(() => localStorage.getItem("selection")), null);
  arrive();
  await page.locator("#selection").getByText("(1)").waitFor();
  assert.ok(await page.locator(`.choose input[value="${more[0].id}"]`).isChecked());
  assert.deepEqual(await page.evaluate(() => JSON.parse(localStorage.getItem("selection"))), [more[0].id]);
  // The bar that comes up takes what is pressed on its button; beside it the page goes on.
  const [beside, button] = await page.evaluate(() => {
    const at = (x, y) => document.elementFromPoint(x, y)?.closest("#selection, #selection button")?.tagName ?? "";
    const bar = document.getElementById("selection").getBoundingClientRect();
    const own = document.querySelector("#selection button").getBoundingClientRect();
    return [at(bar.left + 4, bar.top + bar.height / 2), at(own.left + 4, own.top + own.height / 2)];
  });
  assert.deepEqual([beside, button], ["", "BUTTON"]);
  await context.close();

  const other = await browser.newContext({ viewport: phone });
  const search = await other.newPage();
  const coming = new Promise((resolve) => { arrive = resolve; });
  await search.route(/\/app\.js$/, async (route) => { await coming; await route.continue(); });
  await search.goto(`${room.base}/search`, { waitUntil: "domcontentloaded" });
  await search.locator(".search-form input[name=q]").fill("strassenb");
  arrive();
  await search.locator(".hits").getByRole("link", { name: release.headline }).waitFor();
  await other.close();
});

test("the gallery is filtered by keyboard, and says what it does to a screen reader", { timeout: 60_000 }, async () => {
  const context = await browser.newContext({ viewport: phone, javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(`${room.base}/photos?stands=portrait`);
  assert.equal(await page.getByRole("img", { name: "Eine leere Messehalle im Morgenlicht" }).count(), 0);
  await page.getByRole("link", { name: "Filter aufheben" }).press("Enter");
  await page.waitForURL(`${room.base}/photos`);
  await page.getByRole("img", { name: "Eine leere Messehalle im Morgenlicht" }).first().waitFor();
  assert.ok((await overflow(page)) <= 0);
  await context.close();
});

test("the first screen of a release holds words, contact and photos", { timeout: 60_000 }, async () => {
  for (const viewport of [phone, { width: 1024, height: 768 }, { width: 1440, height: 900 }]) {
    const context = await browser.newContext({ viewport });
    const page = await context.newPage();
    await page.goto(`${room.base}${release.url}`);
    const seen = {
      headline: page.getByRole("heading", { level: 1 }),
      "sub-headline": page.getByText("Erstmals mit Testfahrten"),
      dateline: page.getByText("Föhrwald, 24. November 2026").first(),
      phone: page.getByRole("link", { name: "+49 30 23125-401" }).first(),
      count: page.getByText(/^1 Foto, /).first(),
      photo: page.getByRole("img", { name: "Eine leere Messehalle im Morgenlicht" }).first(),
    };
    for (const [name, part] of Object.entries(seen)) {
      const box = await part.boundingBox();
      assert.ok(box && box.y >= 0 && box.y + box.height <= viewport.height, `${name} at ${viewport.width}: ${JSON.stringify(box)}`);
    }
    await context.close();
  }
});

for (const javaScriptEnabled of [false, true]) {
  const how = javaScriptEnabled ? "with JavaScript" : "without JavaScript";
  test(`from the home page to the ZIP and to a photo's credit, by keyboard alone, ${how}`, { timeout: 120_000 }, async () => {
    const context = await browser.newContext({
      javaScriptEnabled, viewport: phone, acceptDownloads: true, permissions: ["clipboard-read", "clipboard-write"],
    });
    const page = await context.newPage();
    const errors = [];
    page.on("pageerror", (error) => errors.push(String(error)));
    page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
    const elsewhere = [];
    page.on("request", (request) => request.url().startsWith(room.base) || elsewhere.push(request.url()));

    await page.goto(room.base);
    await page.getByRole("link", { name: release.headline }).first().waitFor();
    await follow(page, "a.head-search-link", `${room.base}/search`);
    // The field has the focus already.
    await page.waitForFunction(() => document.activeElement?.matches(".search-form input[name=q]"));
    await page.keyboard.type("messe");
    // The typing alone changes the address; what tells of the answer is a new document.
    const answer = page.waitForEvent("load");
    await page.keyboard.press("Enter");
    await answer;
    assert.match(page.url(), /\/search\?.*q=messe/);
    await follow(page, `.hits a[href$="${release.url}"]`, `${room.base}${release.url}`);
    assert.equal((await page.getByRole("heading", { level: 1 }).innerText()).trim(), release.headline);
    assert.ok(await page.getByText("presse@messe.example").first().isVisible());

    const kit = await take(page, `a[href$="${release.url}/photos.zip"]`);
    assert.equal(readFileSync(await kit.path()).subarray(0, 4).toString("latin1"), "PK\x03\x04");
    assert.match(kit.suggestedFilename(), /\.zip$/);

    const image = page.getByRole("img", { name: "Eine leere Messehalle im Morgenlicht" }).first();
    await image.scrollIntoViewIfNeeded();
    await page.waitForFunction((found) => found.complete && found.naturalWidth > 0, await image.elementHandle());

    await follow(page, `a[href$="${pageOf(asset)}"]`, `${room.base}${pageOf(asset)}`);
    assert.ok(await page.getByText("Foto: Jördis Kühn").first().isVisible());
    await page.waitForLoadState("networkidle");
    if (javaScriptEnabled) {
      await tabTo(page, '[data-copy="Foto: Jördis Kühn"]');
      await page.keyboard.press("Enter");
      await page.locator(".is-done").waitFor();
      assert.equal(await page.evaluate(() => navigator.clipboard.readText()), "Foto: Jördis Kühn");
    } else {
      assert.equal(await page.locator("[data-copy]:visible").count(), 0, "a button that does nothing");
    }
    const original = await take(page, `a[href$="${asset.original.url}"]`);
    assert.equal(readFileSync(await original.path()).length, asset.original.size_bytes);

    assert.deepEqual(elsewhere, [], "the page asks other hosts");
    assert.deepEqual(errors, []);
    assert.deepEqual(await context.cookies(), [], "the page sets cookies");
    await context.close();
  });

  test(`three photos chosen on three pages come as one ZIP, by keyboard alone, ${how}`, { timeout: 120_000 }, async () => {
    const context = await browser.newContext({ javaScriptEnabled, viewport: phone, acceptDownloads: true });
    const page = await context.newPage();
    const stops = [[release.url, asset], [`/albums/${album.slug}`, more[0]], ["/photos", more[1]]];
    for (const [at, [address, photo]] of stops.entries()) {
      if (javaScriptEnabled || at === 0) {
        await page.goto(room.base + address);
        await page.waitForLoadState("networkidle");
      } else {
        // The address carries what was chosen, so the way leads through the gallery.
        await follow(page, 'main a[href*="/photos?selection="]', /\/photos\?/);
      }
      await tabTo(page, `.choose input[value="${photo.id}"]`);
      await page.keyboard.press("Space");
      if (javaScriptEnabled && at < stops.length - 1) continue;
      await tabTo(page, "#selection button");
      await page.keyboard.press("Enter");
      await page.waitForURL(/\/selection\?photos=/);
    }
    assert.equal(await page.locator("[data-selection-shown] > li").count(), 3);
    const kit = await take(page, 'main a[href*="/selection.zip?photos="]');
    const listed = spawnSync("unzip", ["-Z1", await kit.path()], { encoding: "utf8" }).stdout.split("\n");
    assert.equal(listed.filter((name) => name.endsWith(".jpg")).length, 3, listed.join(" "));
    await context.close();
  });
}

test("a keyboard reaches everything that is to be followed", { timeout: 60_000 }, async () => {
  const context = await browser.newContext({ viewport: phone });
  const page = await context.newPage();
  await page.goto(room.base + release.url);
  await page.keyboard.press("Tab");
  const first = await page.evaluate(() => document.activeElement?.getAttribute("href"));
  assert.match(first ?? "", /^#/, "the first stop leads past the navigation");
  const wanted = `${release.url}/photos.zip`;
  let reached = false;
  for (let step = 0; step < 80 && !reached; step += 1) {
    await page.keyboard.press("Tab");
    reached = await page.evaluate((end) => document.activeElement?.getAttribute("href")?.endsWith(end) ?? false, wanted);
  }
  assert.ok(reached, "the kit cannot be reached by keyboard");
  await context.close();
});
