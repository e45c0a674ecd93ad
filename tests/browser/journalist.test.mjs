// A journalist on a phone: home, search, release, photo, ZIP; with and without JavaScript.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { barriers, openBrowser, overflow, phone, picture, startNewsroom } from "./newsroom.mjs";

let room, browser, release, asset;

before(async () => {
  room = await startNewsroom();
  browser = await openBrowser();
  asset = await room.upload("halle.jpg", picture(2400, 1600, 1), {
    title: "Halle 1 am Morgen", caption: "Die Halle vor der Öffnung", alt_text: "Eine leere Messehalle im Morgenlicht",
    credit: "Foto: Jördis Kühn", usage_terms: "Abdruck honorarfrei",
  });
  const contact = await room.call("POST", "/api/v1/contacts", {
    name: "Dr. Emilie Weiß", role: "Pressesprecherin", email: "presse@messe.example",
    phones: [{ type: "work", number: "+49 30 23125-401" }],
  });
  const draft = await room.call("POST", "/api/v1/releases", {
    language: "de", headline: "Größte Fachmesse für Straßenbahnen öffnet", dateline_place: "Föhrwald",
    dateline_date: "2026-11-24", body: "Die **Schau** beginnt.\n\n## Programm\n\n- Eröffnung\n- Rundgang\n",
    assets: [asset.id], contacts: [contact.id],
  });
  release = await room.call("POST", `/api/v1/releases/${draft.id}/publish`);
}, { timeout: 120_000 });

after(async () => {
  await browser?.close();
  await room?.stop();
});

/** Follows a link that leads to a file, by keyboard: without JavaScript a page cannot tell when it is ready for a click. */
async function take(page, link) {
  for (let tries = 0; tries < 3; tries += 1) {
    const arriving = page.waitForEvent("download", { timeout: 15_000 }).catch(() => null);
    await page.locator(link).first().press("Enter");
    const download = await arriving;
    if (download) return download;
  }
  throw new Error(`${link} gives no file`);
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

for (const javaScriptEnabled of [false, true]) {
  const how = javaScriptEnabled ? "with JavaScript" : "without JavaScript";
  test(`from the home page to the ZIP, ${how}`, { timeout: 120_000 }, async () => {
    const context = await browser.newContext({ javaScriptEnabled, viewport: phone, acceptDownloads: true });
    const page = await context.newPage();
    const errors = [];
    page.on("pageerror", (error) => errors.push(String(error)));
    page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
    const elsewhere = [];
    page.on("request", (request) => request.url().startsWith(room.base) || elsewhere.push(request.url()));

    await page.goto(room.base);
    await page.getByRole("link", { name: release.headline }).first().waitFor();
    const field = page.getByRole("searchbox").first();
    if (!(await field.isVisible())) await page.goto(`${room.base}/search`);
    await page.getByRole("searchbox").first().fill("messe");
    await page.getByRole("searchbox").first().press("Enter");
    await page.waitForURL(/\/search\?/);
    await page.getByRole("link", { name: /Fachmesse/ }).first().press("Enter");
    await page.waitForURL(`${room.base}${release.url}`);
    assert.equal((await page.getByRole("heading", { level: 1 }).innerText()).trim(), release.headline);
    assert.ok(await page.getByText("presse@messe.example").first().isVisible());

    const image = page.getByRole("img", { name: "Eine leere Messehalle im Morgenlicht" }).first();
    await image.scrollIntoViewIfNeeded();
    await page.waitForFunction((found) => found.complete && found.naturalWidth > 0, await image.elementHandle());

    const kit = await take(page, `a[href$="${release.url}/photos.zip"]`);
    assert.equal(readFileSync(await kit.path()).subarray(0, 4).toString("latin1"), "PK\x03\x04");
    assert.match(kit.suggestedFilename(), /\.zip$/);

    const photo = asset.renditions[0].url.replace(/\/[^/]+$/, "");
    await page.locator(`a[href$="${photo}"]`).first().press("Enter");
    await page.waitForURL(`${room.base}${photo}`);
    assert.ok(await page.getByText("Foto: Jördis Kühn").first().isVisible());
    await page.waitForLoadState("networkidle");
    const original = await take(page, `a[href$="${asset.original.url}"]`);
    assert.equal(readFileSync(await original.path()).length, asset.original.size_bytes);

    assert.deepEqual(elsewhere, [], "the page asks other hosts");
    assert.deepEqual(errors, []);
    assert.deepEqual(await context.cookies(), [], "the page sets cookies");
    await context.close();
  });
}

test("no page has barriers or runs over a narrow screen", { timeout: 240_000 }, async () => {
  const context = await browser.newContext({ viewport: phone });
  const page = await context.newPage();
  const photo = asset.renditions[0].url.replace(/\/[^/]+$/, "");
  const found = [];
  for (const path of ["/", "/releases", release.url, "/photos", photo, "/contacts", "/events", "/search?q=messe",
    "/search?q=nichtsdergleichen", "/gibt-es-nicht", "/admin"]) {
    await page.goto(room.base + path);
    for (const barrier of await barriers(page)) found.push(`${path}: ${barrier}`);
    assert.ok((await overflow(page)) <= 0, `${path} is wider than ${phone.width} pixels`);
    assert.ok(await page.locator("html[lang]").count(), `${path} has no language`);
  }
  assert.deepEqual(found, []);
  await context.close();
});

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
