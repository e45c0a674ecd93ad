// How the public site looks is chosen at the desk, with the front page beside it, in light and in dark, as it would be.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { barriers, openBrowser, phone, picture, signIn, startNewsroom, tooWide } from "./newsroom.mjs";

const admin = { email: "leitung@messe.example", password: "Wohlfeil-Kranich-28" };
const wide = { width: 1440, height: 900 };
let room, browser, photo;

before(async () => {
  room = await startNewsroom();
  room.cli(["account", "add", "--email", admin.email, "--name", "Lea Leitung", "--role", "admin", "--password-stdin"], admin.password);
  browser = await openBrowser();
  photo = await room.upload("kran.jpg", picture(1800, 1200, 81), { title: "Kran", alt_text: "Ein Kran", credit: "Messe" });
  const release = await room.call("POST", "/api/v1/releases", { language: "de", headline: "Der Kran dreht sich", body: "Der Text.", assets: [photo.id] });
  await room.call("POST", `/api/v1/releases/${release.id}/publish`);
}, { timeout: 120_000 });

after(async () => {
  await browser?.close();
  await room?.stop();
});

/** The settings, with their frames loaded. */
async function settings(options) {
  const context = await browser.newContext({ locale: "de-DE", ...options });
  const page = await context.newPage();
  const broken = [];
  await signIn(page, room.base, broken, admin);
  await page.goto(`${room.base}/admin/settings`);
  return { context, page, broken };
}

/** The frame of a scheme and width, once it shows the front page. */
async function frame(page, title) {
  const element = page.locator(`iframe[title="${title}"]`);
  await element.scrollIntoViewIfNeeded();
  const inside = page.frameLocator(`iframe[title="${title}"]`);
  await inside.locator("h1, h2").first().waitFor();
  return inside;
}

const style = (place, name) => place.evaluate((element, name) => getComputedStyle(element)[name], name);
const token = (frame, name) => frame.locator("html").evaluate((html, name) => getComputedStyle(html).getPropertyValue(name).trim(), name);

/** Waits until it is so, and tells what it was in the end. */
async function becomes(read, wanted) {
  let last;
  for (let waited = 0; waited < 15000; waited += 100) {
    last = await read();
    if (last === wanted) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.equal(last, wanted);
}

for (const [device, viewport] of [["a computer", wide], ["a phone", phone]]) {
  for (const colorScheme of ["light", "dark"]) {
    test(`the preview follows what is chosen, at ${device}, ${colorScheme}`, { timeout: 180_000 }, async () => {
      const { context, page, broken } = await settings({ viewport, colorScheme });
      const light = await frame(page, "Hell, am Rechner");
      const dark = await frame(page, "Dunkel, am Rechner");
      const small = await frame(page, "Dunkel, am Telefon");
      // Both grounds are there, whatever this browser's own is; and the phone's page is a phone's.
      assert.equal(await style(light.locator("body"), "backgroundColor"), "rgb(255, 255, 255)");
      assert.equal(await style(dark.locator("body"), "backgroundColor"), "rgb(16, 19, 21)");
      assert.equal(await small.locator("html").evaluate((html) => html.clientWidth), 390);
      assert.equal(await light.locator("html").evaluate((html) => html.clientWidth), 1280);
      assert.match(await light.locator("main").innerText(), /Der Kran dreht sich/);

      await page.locator("#colour-accent").fill("#9d1c46");
      await becomes(() => token(light, "--accent"), "#9d1c46");
      await page.locator("[name=headlines]").selectOption("sans");
      await page.locator("[name=corners]").selectOption("round");
      await becomes(() => token(small, "--radius"), "12px");
      await becomes(async () => (await style(dark.locator("h1, h2").first(), "fontFamily")).includes("Palatino"), false);
      await page.locator("[name=space]").selectOption("airy");
      await becomes(async () => (await token(light, "--section")).includes("8rem"), true);

      // Yellow on white cannot be read: it is said, with the colour that is taken in its place.
      assert.doesNotMatch(await page.locator("[data-look-notes]").innerText(), /auf hellem Grund/);
      await page.locator("#colour-accent").fill("#ffe600");
      await page.locator("[data-look-notes] p", { hasText: "#ffe600 hat auf hellem Grund einen Kontrast von 1,1 : 1" }).waitFor();
      const taken = await token(light, "--accent");
      assert.notEqual(taken, "#ffe600");
      assert.match(await page.locator("[data-look-notes]").innerText(), new RegExp(`Die Seiten nehmen dort ${taken}`));
      assert.equal(await token(dark, "--accent"), "#ffe600", "on dark ground it can be read");
      // Half a colour is none yet.
      await page.locator("#colour-accent").fill("#ff");
      await page.waitForTimeout(400);
      assert.equal(await token(dark, "--accent"), "#ffe600");
      await page.locator("#colour-accent").fill("#9d1c46");

      // A logo, and one that the public cannot see.
      await page.locator("[name=logo]").fill("gibt-es-nicht");
      await page.locator("[data-look-notes] p", { hasText: "gibt-es-nicht" }).waitFor();
      await page.locator("[name=logo]").fill(photo.url ?? "kran");
      await (await frame(page, "Hell, am Rechner")).locator(".brand-logo img").waitFor();

      assert.deepEqual(await barriers(page), []);
      assert.deepEqual(await tooWide(page), []);
      // Nothing of it is stored, and the public sees nothing of it.
      const home = await (await fetch(room.base)).text();
      const sheet = await (await fetch(room.base + /href="(\/site\.css[^"]*)"/.exec(home)[1].replaceAll("&amp;", "&"))).text();
      assert.ok(!sheet.includes("9d1c46") && !home.includes("brand-logo"), "not stored");
      assert.deepEqual(broken, []);
      await context.close();
    });
  }
}

test("without a script a button shows what is typed, and saving makes it so", { timeout: 120_000 }, async () => {
  const { context, page } = await settings({ viewport: wide, javaScriptEnabled: false });
  await page.locator("#colour-accent").fill("#7a1fa2");
  await page.locator("[name=text]").selectOption("serif");
  const opened = context.waitForEvent("page");
  await page.locator('button[formaction="/admin/settings/look"]').press("Enter");
  const look = await opened;
  await look.waitForLoadState();
  assert.match(await look.locator("h1").innerText(), /Erscheinungsbild/);
  assert.equal(await look.locator("iframe").count(), 4);
  const sources = await look.locator("iframe").evaluateAll((frames) => frames.map((frame) => frame.src));
  const framed = await context.request.get(sources[0]);
  assert.equal(framed.status(), 200);
  const html = await framed.text();
  const sheet = await context.request.get(room.base + /href="(\/admin\/settings\/look\/sheet\.css[^"]*)"/.exec(html)[1].replace(/&(amp|#38);/g, "&"));
  assert.match(await sheet.text(), /--accent:#7a1fa2/);
  assert.ok(!(await (await fetch(`${room.base}/site.css`)).text()).includes("7a1fa2"), "not stored");

  await page.locator('#form > .head button[type="submit"]').press("Enter");
  await page.waitForURL(/done=saved/);
  const stored = await (await fetch(`${room.base}/site.css`)).text();
  assert.match(stored, /--accent:#7a1fa2/);
  assert.match(stored, /--text:var\(--serif\)/);
  assert.equal(await page.locator("[name=text]").inputValue(), "serif");
  // No other site may frame it.
  const headers = framed.headers();
  assert.match(headers["content-security-policy"], /frame-ancestors 'self'/);
  assert.equal(headers["cache-control"], "private, no-store");
  assert.equal((await fetch(sources[0], { redirect: "manual" })).status, 303, "and nobody without a session sees it");
  await context.close();
});
