// The desk within everybody's reach: every page on a phone, and a release written and published without a mouse.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { account, openBrowser, phone, picture, signIn, startNewsroom, tooWide } from "./newsroom.mjs";

const chief = { ...account, email: "leitung-der-presseabteilung@gesellschaft-fuer-messen.example" };
const long = "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenverleihung";
const broken = [];
let room, browser, published;

before(async () => {
  room = await startNewsroom();
  room.cli(["account", "add", "--email", chief.email, "--name", `Lea ${long}`, "--role", "admin", "--password-stdin"], chief.password);
  browser = await openBrowser();
}, { timeout: 120_000 });

after(async () => {
  await browser?.close();
  await room?.stop();
  assert.deepEqual(broken, [], "scripts that do not run");
});

test("every page of the desk fits a phone, with words as long as they come", { timeout: 240_000 }, async () => {
  const asset = await room.upload(`${long}.jpg`, picture(900, 600, 5), { title: long, caption: long, alt_text: `Ein ${long}`, persons: [long] });
  const topic = await room.call("POST", "/api/v1/topics", { name: { de: long } });
  const contact = await room.call("POST", "/api/v1/contacts",
    { name: long, organisation: long, email: `${long.toLowerCase().replace("ä", "ae").replace("ü", "ue")}@messe.example`, phones: [{ type: "work", number: "+49 30 1234567" }] });
  await room.call("POST", "/api/v1/albums", { title: { de: long }, assets: [asset.id] });
  await room.call("POST", "/api/v1/events", { title: { de: long }, venue: long, starts_at: "2030-05-01T10:00:00Z" });
  const write = (more) => room.call("POST", "/api/v1/releases", {
    language: "de", headline: `${long} ${more}`, sub_headlines: [long], body: `${long}\n\n| ${long} | ${long} |\n| --- | --- |\n| 1 | 2 |`,
    dateline_place: long, topics: [topic.slug], contacts: [contact.id], assets: [asset.id],
  });
  const [draft, planned, withdrawn] = [await write("a"), await write("b"), await write("d")];
  published = await write("c");
  await room.call("POST", `/api/v1/releases/${planned.id}/publish`, { embargo_until: "2030-05-01T10:00:00Z" });
  for (const { id } of [published, withdrawn]) await room.call("POST", `/api/v1/releases/${id}/publish`);
  await room.call("POST", `/api/v1/releases/${withdrawn.id}/withdraw`, { reason: long });
  await room.call("PATCH", `/api/v1/releases/${draft.id}`, { headline: `${long} e` });

  const context = await browser.newContext({ viewport: phone, locale: "de-DE" });
  const page = await context.newPage();
  await signIn(page, room.base, broken, chief);
  // From link to link, as far as they lead within the desk. Of many pages of a kind one is looked at, of releases all.
  const kind = (address) => {
    const { pathname, searchParams } = new URL(address, room.base);
    const path = /^\/admin\/releases\/[^/]+$/.test(pathname) ? pathname : pathname.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "…");
    return `${path}?${[...searchParams.keys()].filter((name) => name !== "q").sort().join("&")}`;
  };
  const waiting = ["/admin", `/admin/photos/sheet?ids=${asset.id}`], seen = new Set(waiting.map(kind)), troubles = [];
  for (let path = waiting.shift(); path; path = waiting.shift()) {
    const answer = await page.goto(room.base + path);
    assert.equal(answer.status(), 200, path);
    // What is folded away is unfolded: it has to fit too.
    await page.evaluate(() => document.querySelectorAll("details").forEach((part) => { part.open = true; }));
    troubles.push(...(await tooWide(page)).map((wide) => `${path}: ${wide}`));
    if (process.env.PRESSROOM_TEST_PICTURES) {
      const name = kind(path).replace(/[^a-z0-9]+/g, "-");
      await page.screenshot({ path: join(process.env.PRESSROOM_TEST_PICTURES, `phone${name}.png`), fullPage: true });
    }
    const links = await page.evaluate(() => [...document.querySelectorAll('a[href^="/admin"]:not([download])')].map((link) => link.getAttribute("href")));
    for (const link of links.map((href) => href.replace(/#.*/, ""))) {
      if (/\.(csv|xlsx)(\?|$)/.test(link) || seen.has(kind(link))) continue;
      seen.add(kind(link));
      waiting.push(link);
    }
  }
  assert.deepEqual(troubles, []);
  assert.ok(seen.size > 35, [...seen].join("\n"));
  await context.close();
});

test("so do the pages of the public site", { timeout: 120_000 }, async () => {
  const context = await browser.newContext({ viewport: phone, locale: "de-DE" });
  const page = await context.newPage();
  const { url } = await room.call("GET", `/api/v1/releases/${published.id}`);
  const waiting = ["/", url, `/search?q=${encodeURIComponent(long)}`, "/xyzzy"], seen = new Set(waiting), troubles = [];
  for (let path = waiting.shift(); path; path = waiting.shift()) {
    await page.goto(room.base + path);
    await page.evaluate(() => document.querySelectorAll("details").forEach((part) => { part.open = true; }));
    troubles.push(...(await tooWide(page)).map((wide) => `${path}: ${wide}`));
    const links = await page.evaluate(() => [...document.querySelectorAll('a[href^="/"]:not([download])')].map((link) => link.getAttribute("href")));
    for (const link of links.map((href) => href.replace(/[#?].*/, ""))) {
      if (/\.\w+$|^\/admin|^\/blobs/.test(link) || seen.has(link)) continue;
      seen.add(link);
      waiting.push(link);
    }
  }
  assert.deepEqual(troubles, []);
  assert.ok(seen.size > 10, [...seen].join("\n"));
  await context.close();
});

test("without a mouse: signed in, written, published, signed out", { timeout: 120_000 }, async () => {
  const context = await browser.newContext({ viewport: { width: 1200, height: 900 }, locale: "de-DE" });
  const page = await context.newPage();
  page.on("pageerror", (error) => broken.push(String(error)));
  const unseen = [];
  const at = (selector) => page.evaluate((selector) => document.activeElement.matches(selector), selector);
  /** From stop to stop until it is reached; each stop can be seen to be one. */
  const tabTo = async (selector, back) => {
    for (let stops = 0; !(await at(selector)); stops += 1) {
      assert.ok(stops < 150, `${selector} is not reached`);
      await page.keyboard.press(back ? "Shift+Tab" : "Tab");
      const hidden = await page.evaluate(() => {
        const stop = document.activeElement;
        if (stop === document.body || stop.matches("input[type=date], input[type=datetime-local]")) return "";
        const style = getComputedStyle(stop);
        const label = stop.closest("label");
        const around = label ? getComputedStyle(label) : style;
        const shows = [style, around].some((each) => (each.outlineStyle !== "none" && parseFloat(each.outlineWidth) > 0) || each.boxShadow !== "none");
        return shows ? "" : stop.outerHTML.slice(0, 120);
      });
      if (hidden) unseen.push(`${page.url()}: ${hidden}`);
    }
  };
  const type = (words) => page.keyboard.type(words);
  const press = async (...keys) => { for (const key of keys) await page.keyboard.press(key); };

  await page.goto(`${room.base}/admin`);
  await tabTo("#email");
  await type(account.email);
  await press("Tab");
  await type(account.password);
  await press("Enter");
  await page.locator(".who-name").waitFor();
  await page.waitForLoadState();
  await tabTo('main a[href="/admin/releases/new"]');
  await press("Enter");
  await page.waitForURL("**/releases/new");
  await tabTo("[name=headline]");
  await type("Nur mit Tasten");
  await tabTo("#body-visual");
  await type("## Wie es ging");
  await press("Enter");
  await type("Ohne Maus und ohne Umweg.");
  // A list, and out of the editor again.
  await press("Enter");
  await type("- eins");
  await press("Enter");
  await type("zwei");
  await press("Control+s");
  await page.waitForURL(/done=created/);
  await tabTo('button[formaction$="/publish"]');
  await press("Enter");
  await page.waitForURL(/done=published/);
  const { items } = await room.call("GET", "/api/v1/releases?state=published");
  const release = items.find((item) => item.headline === "Nur mit Tasten");
  const shown = await (await fetch(room.base + release.url)).text();
  assert.match(shown, /<h2[^>]*>Wie es ging<\/h2>\s*<p>Ohne Maus und ohne Umweg\.<\/p>\s*<ul>\s*<li>eins<\/li>\s*<li>zwei<\/li>/);

  // The editor is no trap: in and out of it, forwards and backwards.
  await tabTo("#body-visual");
  await tabTo("[name=headline]", true);
  await tabTo("#body-visual");
  await tabTo("#step-withdraw > summary");
  await press("Enter");
  await tabTo("[name=reason]");
  await type("Nur eine Probe");
  await tabTo('button[formaction$="/withdraw"]');
  await press("Enter");
  await page.waitForURL(/done=withdrawn/);
  assert.equal((await fetch(room.base + release.url)).status, 410);
  await tabTo('form[action="/admin/sign-out"] button');
  await press("Enter");
  await page.locator("#password").waitFor();
  assert.deepEqual([...new Set(unseen)], [], "stops that cannot be seen");
  await context.close();
});
