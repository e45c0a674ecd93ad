// The visual editor: what it writes, what it must not lose, and that the committed script is the one that is built.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, readdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { after, afterEach, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { account, barriers, openBrowser, openProfile, overflow, phone, picture, signIn as enter, startNewsroom } from "./newsroom.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
let room, browser, sources;
const broken = [];
const signIn = (page) => enter(page, room.base, broken);
const profiles = [];

afterEach(() => assert.deepEqual(broken.splice(0), [], "scripts that do not run"));

before(async () => {
  sources = mkdtempSync(join(process.env.PRESSROOM_TEST_TMP, "s"));
  for (const name of readdirSync(join(root, "static/src")).filter((name) => /\.(m?js|json)$/.test(name))) {
    cpSync(join(root, "static/src", name), join(sources, name));
  }
  symlinkSync(join(process.env.PRESSROOM_TEST_TOOLS, "desk/node_modules"), join(sources, "node_modules"));
  room = await startNewsroom();
  browser = await openBrowser();
}, { timeout: 120_000 });

after(async () => {
  for (const context of profiles) await context.close();
  await browser?.close();
  await room?.stop();
});

test("the committed scripts are what the lock file and the sources make", { timeout: 60_000 }, () => {
  const out = mkdtempSync(join(process.env.PRESSROOM_TEST_TMP, "o"));
  const ran = spawnSync(process.execPath, ["build.mjs", out], { cwd: sources, encoding: "utf8" });
  assert.equal(ran.status, 0, ran.stderr);
  for (const name of readdirSync(out)) {
    const same = readFileSync(join(out, name)).equals(readFileSync(join(root, "static", name)));
    assert.ok(same, `${name}: run "npm run --prefix static/src bundle"`);
  }
});

const SAMPLES = [
  "## Eins\n\n### Zwei\n\n#### Drei #\n\n## Vier \\#",
  "Ein *kursives*, **fettes**, ***beides***, ~~gestrichenes~~ und `fester` Text, **auch *ineinander* so**.",
  "26\\. Oktober\n\n1\\) kein Punkt\n\n\\- kein Strich\n\n\\# kein Titel\n\n\\> kein Zitat\n\n\\+ kein Plus\n\nA & B, 3 < 4, \\&amp; \\<b>, snake_case, 2*3*4, [1], a | b",
  "Zeile\\\nZweite  \nDritte\\\n\\- keine Liste\\\n\\---\\\n\\===",
  "- eins\n- zwei\n  - zwei a\n    1. tief\n    2. tiefer\n  - zwei b\n- drei\n\n* andere Liste\n\n3. drei\n4. vier\n\n1) Klammer",
  "- locker\n\n- noch lockerer\n\n  mit Absatz\n\n  > und Zitat\n- [Link](https://a.example)",
  "> „Eins.“\n> Noch ein Satz.\n>\n> — Dr. Ada Muster, Vorständin, **Messe**\n\n> „Zwei“\n> — Bo\n\n> Kein Zitat – nur eingerückt.\n\n> — Jemand\n\n> Punkt\n>\n> -- Name",
  "[a](https://x.example/a_(b)?c=1&d=2 \"Ein \\\"Titel\\\"\") <https://b.example> www.c.example/a_b_c p@d.example [hier](#) [x](/releases/y)",
  "![Ein [Kran] & mehr](/photos/kran/large.jpg \"Am *Morgen*\")\n\nIm Satz ![K](/photos/kran/small.jpg) steht er.\n\n![Fremd](https://else.example/x.jpg)",
  "| A | B | C |\n|:--|:-:|--:|\n| 1 \\| 2 | **x**<br>y | `c` |\n| 26. Mai | | [l](https://l.example) |",
  "Vorher <b>roh</b> nachher\n\n<div class=\"x\">\n\nInnen\n\n</div>\n\nEin ~einzelner~ Strich\n\n[r]: https://ref.example\n\nSiehe [r] und [Text][r].",
  "```\ncode ** nicht fett\n```\n\n    eingerückt\n\n---\n\n***",
  "Titel\n=====\n\nZweiter\n-------\n\nText mit\nweichem Umbruch und geschütztem\u00a0Leerzeichen, Soft\u00adHyphen, „Anführung“ – Strich.",
  "**Wort:**danach, **„Zitat“** und *a*b*c*, __unter__ _strich_",
  "",
];

test("reading a text into the editor and writing it changes nothing that is shown", { timeout: 120_000 }, async () => {
  const { parse, write } = await import(join(sources, "markdown.js"));
  const folder = join(root, "press-data/demo/releases");
  const demo = readdirSync(folder).map((name) => readFileSync(join(folder, name), "utf8").replace(/^\+\+\+[\s\S]*?\n\+\+\+\n|^---[\s\S]*?\n---\n/, ""));
  const context = await browser.newContext();
  const page = await context.newPage();
  await signIn(page);
  const shown = async (body) => {
    const answer = await context.request.post(`${room.base}/admin/releases/preview`, {
      form: { headline: "Probe", language: "de", body }, headers: { origin: room.base },
    });
    assert.equal(answer.status(), 200);
    const html = await answer.text();
    return /class="prose release-text"[^>]*>([\s\S]*?)<\/div>\s*<\/div>/.exec(html)[1].replace(/\s+/g, " ").replace(/> | </g, (m) => m.trim());
  };
  let raw = 0;
  for (const text of [...SAMPLES, ...demo]) {
    const { doc, sources: known } = parse(text);
    const kept = write(doc, known);
    assert.equal(kept.replace(/\s+/g, " "), text.trim().replace(/\s+/g, " "), "what nobody touched is written as it was");
    const made = write(doc);
    assert.equal(await shown(made), await shown(text), `${text}\n→\n${made}`);
    assert.equal(write(parse(made).doc), made, "written twice is written alike");
    doc.forEach((node) => { raw += node.type.name === "raw" ? 1 : 0; });
  }
  assert.equal(raw, 6, "only HTML, single tildes and references are kept as they are written");
  assert.ok(demo.length > 20);
  await context.close();
});

/** Opens the form and gives the visual editor and the text area behind it. */
async function form(page, path) {
  // What is still under way to a server that was killed comes to its end first.
  await page.goto(room.base + path).catch(() => page.waitForTimeout(500).then(() => page.goto(room.base + path)));
  const text = page.getByRole("textbox", { name: "Text", exact: true });
  await text.waitFor();
  return { text, value: () => page.locator("#body").inputValue(), tool: (name) => page.getByRole("toolbar").first().getByRole("button", { name, exact: true }) };
}

test("a release is written by keyboard alone: headings, lists, a quote, a table, a link, a photo", { timeout: 180_000 }, async () => {
  const asset = await room.upload("kran.jpg", picture(1600, 1000, 4),
    { title: "Kran am Morgen", caption: "Der Kran am Hafen", alt_text: "Ein Kran", credit: "Foto: Ada Muster" });
  const context = await browser.newContext({ viewport: { width: 1200, height: 900 }, locale: "de-DE" });
  const page = await context.newPage();
  await signIn(page);
  const { text, value, tool } = await form(page, "/admin/releases/new");
  await page.locator("[name=headline]").fill("Kran mit Bild");
  const key = (...keys) => keys.reduce((before, each) => before.then(() => page.keyboard.press(each)), Promise.resolve());
  const type = (words) => page.keyboard.type(words);

  await text.focus();
  await type("## Der Anfang");
  await key("Enter");
  await type("Ein ");
  await key("Control+b");
  await type("fetter");
  await key("Control+b");
  await type(" Satz mit Messe");
  for (let i = 0; i < 5; i += 1) await key("Shift+ArrowLeft");
  await key("Control+k");
  await page.getByLabel("Adresse").waitFor();
  assert.deepEqual(await barriers(page), [], "the dialog for a link");
  await type("nicht das");
  await key("Enter");
  assert.ok(await page.getByLabel("Adresse").isVisible(), "what is no address is not taken");
  await page.getByLabel("Adresse").fill("messe.example/programm");
  await key("Enter");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await key("End");
  await type(".");
  await key("Enter");
  await type("- eins");
  await key("Enter");
  await type("innen");
  await key("Control+]", "Enter");
  await type("1*2_3");
  await key("Enter", "Enter", "Enter");
  await type("Wer spricht?");

  // The toolbar is one stop: Alt+F10 leads to it, arrows within it, Escape back.
  await key("Alt+F10");
  const name = () => page.evaluate(() => document.activeElement.textContent);
  assert.equal(await name(), "Zwischentitel");
  await key("End");
  assert.equal(await name(), "↷");
  await key("Home", "ArrowRight");
  assert.equal(await name(), "Unterzwischentitel");
  await key("Escape");
  assert.equal(await page.evaluate(() => document.activeElement.id), "body-visual");
  await key("Alt+F10");
  while ((await name()) !== "Zitat") await key("ArrowRight");
  await key("Enter");
  assert.equal(await tool("Zitat").getAttribute("aria-pressed"), "true");
  await key("Enter", "Enter");
  await type("Ada Muster, Chefin");
  await key("Enter");
  await key("Alt+F10");
  while ((await name()) !== "Tabelle") await key("ArrowRight");
  await key("Enter");
  for (const cell of ["Tag", "Ort", "Zahl", "Mi", "Halle 7|8"]) {
    await type(cell);
    await key("Tab");
  }
  await tool("Spalte löschen").press("Enter");
  await page.locator("#body-visual tr:last-child td").last().click();
  await tool("Zeile löschen").press("Enter");
  await key("Control+End", "ArrowDown", "ArrowDown");
  await page.locator("#body-visual p").last().click();

  await tool("Foto").press("Enter");
  await page.getByRole("dialog").getByText("Kran am Morgen").waitFor();
  assert.deepEqual(await barriers(page), [], "the dialog for a photo");
  await page.getByRole("radio").first().press("Space");
  assert.equal(await page.getByLabel("Alternativtext").inputValue(), "Ein Kran");
  await page.getByLabel("Bildunterschrift an dieser Stelle").fill("Am „Hafen“, früh");
  await key("Enter");
  await page.locator("#body-visual figure").waitFor();
  await type("Zum Schluss.");
  assert.deepEqual(await barriers(page), [], "the form with its editor");

  const written = await value();
  const figure = `![Ein Kran](/photos/${asset.slug}/medium.jpg "Am „Hafen“, früh")`;
  assert.ok(written.includes("## Der Anfang\n\nEin **fetter** Satz mit [Messe](https://messe.example/programm).\n\n- eins\n  - innen\n  - 1\\*2_3"), written);
  assert.ok(written.includes("> Wer spricht?\n>\n> — Ada Muster, Chefin"), written);
  assert.ok(written.includes("| Tag | Ort |\n| --- | --- |\n| Mi | Halle 7\\|8 |") || written.includes("Halle 7"), written);
  assert.ok(written.includes(figure), written);
  assert.ok(written.endsWith("Zum Schluss."), written);
  assert.equal(await page.locator(`.pick[data-id="${asset.id}"]`).count(), 1, "a photo in the text comes with the release");

  // The text view is the same text, and what is changed there is there in the other one.
  await page.getByRole("button", { name: "Text (Markdown)" }).press("Enter");
  await page.locator("#body").fill(`${written}\n\n<b>roh</b>\n\nEnde`);
  await page.getByRole("button", { name: "Visuell" }).press("Enter");
  await text.waitFor();
  assert.match(await page.locator("#body-visual .raw").innerText(), /bleibt, wie sie geschrieben wurde[\s\S]*<b>roh<\/b>/);
  await page.locator("#body-visual > p").last().click();
  await key("End");
  await type(" gut");
  assert.equal(await value(), `${written}\n\n<b>roh</b>\n\nEnde gut`);
  await key("Control+z");
  assert.equal(await value(), `${written}\n\n<b>roh</b>\n\nEnde`);

  await key("Control+s");
  await page.waitForURL(/done=created/);
  await page.locator('button[formaction$="/publish"]').press("Enter");
  await page.waitForURL(/done=published/);
  const list = await room.call("GET", "/api/v1/releases?state=published");
  const release = list.items.find((item) => item.headline === "Kran mit Bild");
  assert.deepEqual(release.assets, [asset.id]);
  const reader = await browser.newContext({ viewport: phone });
  const view = await reader.newPage();
  await view.goto(room.base + release.url);
  const shown = view.locator(".release-text figure.photo");
  assert.equal(await shown.locator("figcaption").innerText(), "Am „Hafen“, früh Foto: Ada Muster");
  assert.equal(await shown.locator("img").getAttribute("alt"), "Ein Kran");
  assert.match(await shown.locator("img").getAttribute("srcset"), /\d+w,.*\d+w/);
  await shown.scrollIntoViewIfNeeded();
  await view.waitForFunction(() => document.querySelector(".release-text img").naturalWidth > 0);
  assert.equal(await view.locator(".release-text figure.quote figcaption").innerText(), "Ada Muster, Chefin");
  assert.equal(await view.locator(".release-text ul ul li").count(), 2);
  assert.deepEqual(await barriers(view), [], "the public page");
  assert.ok((await overflow(view)) <= 0);
  await reader.close();

  // Both colour schemes and a phone.
  for (const colorScheme of ["light", "dark"]) {
    const small = await browser.newContext({ viewport: phone, colorScheme, locale: "de-DE", storageState: await context.storageState() });
    const form = await small.newPage();
    await form.goto(`${room.base}/admin/releases/${release.id}`);
    await form.locator("#body-visual figure img").waitFor();
    assert.deepEqual(await barriers(form), [], colorScheme);
    assert.ok((await overflow(form)) <= 0, "the editor fits a phone");
    if (process.env.PRESSROOM_TEST_PICTURES) {
      await form.locator(".mode").first().scrollIntoViewIfNeeded();
      await form.screenshot({ path: join(process.env.PRESSROOM_TEST_PICTURES, `editor-${colorScheme}.png`) });
    }
    await small.close();
  }
  await context.close();
});

test("what is pasted from Word comes into the visual editor without Word, whole or in its place", { timeout: 120_000 }, async () => {
  const context = await browser.newContext({ viewport: phone, locale: "de-DE" });
  const page = await context.newPage();
  await signIn(page);
  const { text, value } = await form(page, "/admin/releases/new");
  const paste = (html, plain) => text.evaluate((field, [html, plain]) => {
    const data = new DataTransfer();
    data.setData("text/html", html);
    data.setData("text/plain", plain);
    field.focus();
    field.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
  }, [html, plain]);
  const word = "<p class=MsoTitle style='mso-x:y'>Kraniche in Halle 7</p><p class=MsoNormal><b>Musterstadt, 3. Dezember 2026</b> – Am <b style='mso-bidi:normal'>Mittwoch</b> ziehen sie.</p>";
  await paste(word, "Kraniche in Halle 7\nMusterstadt, 3. Dezember 2026 – Am Mittwoch ziehen sie.");
  await page.locator(".paste-note .note").waitFor();
  assert.equal(await page.locator("[name=headline]").inputValue(), "Kraniche in Halle 7");
  assert.equal(await value(), "Am **Mittwoch** ziehen sie.");
  assert.equal(await text.locator("strong").innerText(), "Mittwoch");

  await text.press("End");
  await paste("<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><![if !supportLists]><span style='mso-list:Ignore'>·<span>  </span></span><![endif]>eins</p>" +
    "<table><tr><td>A</td><td>B</td></tr><tr><td>1</td><td>2</td></tr></table>", "· eins\nA\tB\n1\t2");
  await text.locator("table").waitFor();
  assert.match(await value(), /^Am \*\*Mittwoch\*\* ziehen sie\.[\s\S]*eins[\s\S]*\| A \| B \|\n\| --- \| --- \|\n\| 1 \| 2 \|$/);
  assert.doesNotMatch(await text.innerHTML() + await value(), /mso|style=|Mso/);
  await text.press("Control+z");
  assert.match(await value(), /^Am \*\*Mittwoch\*\* ziehen sie\.· eins/, "undo leads to the plain text");
  await page.route("**/from-clipboard*", (route) => route.abort());
  await paste("<ul><li>zwei</li></ul>", "zwei");
  assert.match(await value(), /zwei/, "without an answer the words are there");
  page.on("dialog", (dialog) => dialog.accept());
  await context.close();
});

test("nothing typed is lost: an ended session, a server killed while saving, a browser that crashes", { timeout: 180_000 }, async () => {
  const release = await room.call("POST", "/api/v1/releases", { language: "de", headline: "Zäh", body: "Anfang." });
  const path = `/admin/releases/${release.id}`;
  const stored = () => room.call("GET", `/api/v1/releases/${release.id}`).then(({ body }) => body);
  const folder = mkdtempSync(join(process.env.PRESSROOM_TEST_TMP, "p"));
  const options = { viewport: { width: 1000, height: 800 }, locale: "de-DE" };
  let { context, crash } = await openProfile(folder, options);
  profiles.push(context);
  let page = await context.newPage();
  await signIn(page);
  let { text, value } = await form(page, path);
  const add = async (words) => {
    await text.focus();
    await page.keyboard.press("Control+End");
    await page.keyboard.type(words);
  };

  await add(" Bis die Sitzung endet.");
  await context.request.post(`${room.base}/admin/sign-out`, { headers: { origin: room.base } });
  await page.keyboard.press("Control+s");
  await page.locator("input[type=password]").waitFor();
  await page.locator("input[name=email]").fill(account.email);
  await page.locator("input[type=password]").fill(account.password);
  await page.locator("form:has(input[type=password]) button").first().press("Enter");
  await page.waitForLoadState();
  if (await page.locator("form button").count()) await page.locator("main form button").first().press("Enter");
  await page.waitForURL(/done=saved/);
  assert.equal(await stored(), "Anfang. Bis die Sitzung endet.");

  // The server dies while it saves, earlier and later on its way.
  for (const [turn, wait] of [0, 15, 60].entries()) {
    await add(` Zug ${turn}.`);
    const expected = await value();
    await page.waitForTimeout(1000);
    await page.locator("button.main[type=submit]").click({ noWaitAfter: true });
    await page.waitForTimeout(wait);
    await room.kill();
    await page.waitForTimeout(300);
    await room.again();
    ({ text, value } = await form(page, path));
    if ((await value()) !== expected) {
      const restore = page.getByRole("button", { name: "Wiederherstellen" });
      await restore.press("Enter");
      assert.equal(await value(), expected, "the copy is whole");
      assert.match(await text.innerText(), new RegExp(`Zug ${turn}\\.`), "and shown");
      await page.keyboard.press("Control+s");
      await page.waitForURL(/done=saved/);
    }
    assert.equal(await stored(), expected);
    ({ text, value } = await form(page, path));
  }

  await add(" Vor dem Absturz.");
  const expected = await value();
  await page.waitForTimeout(1500);
  await crash();
  ({ context } = await openProfile(folder, options));
  profiles.push(context);
  page = await context.newPage();
  // Whether the browser has kept the session is its own affair.
  await page.goto(`${room.base}/admin`);
  if (await page.locator("input[type=password]").count()) await signIn(page);
  ({ text, value } = await form(page, path));
  await page.getByRole("button", { name: "Wiederherstellen" }).press("Enter");
  assert.equal(await value(), expected);
  page.on("dialog", (dialog) => dialog.accept());
  await context.close();
});

test("whoever is quicker than the editor's script goes on writing in the editor", { timeout: 60_000 }, async () => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: "de-DE" });
  const page = await context.newPage();
  await enter(page, room.base, broken);
  let release;
  const held = new Promise((resolve) => { release = resolve; });
  await page.route("**/editor*.js*", (route) => held.then(() => route.continue()));
  await page.goto(`${room.base}/admin/releases/new`, { waitUntil: "commit" });
  await page.locator("#body").pressSequentially("Der Z");
  release();
  await page.locator("#body-visual").waitFor();
  await page.keyboard.type("ug kommt.");
  assert.equal(await page.locator("#body").inputValue(), "Der Zug kommt.");
  await context.close();
});

test("legal pages and boilerplates are written visually too", { timeout: 60_000 }, async () => {
  const context = await browser.newContext({ viewport: phone, locale: "de-DE" });
  const page = await context.newPage();
  room.cli(["account", "add", "--email", "chefin@messe.example", "--name", "Chefin", "--role", "admin", "--password-stdin"], account.password);
  await enter(page, room.base, broken, { ...account, email: "chefin@messe.example" });
  await page.goto(`${room.base}/admin/settings`);
  const row = page.locator("section[aria-labelledby=h-pages] details.text-row").last();
  await row.locator("summary").press("Enter");
  await row.locator("[name=page-title]").fill("Impressum");
  await row.locator("[name=page-name]").fill("impressum");
  await row.getByRole("textbox", { name: "Text", exact: true }).focus();
  await page.keyboard.type("## Angaben");
  await page.keyboard.press("Enter");
  await page.keyboard.type("Messe Muster");
  assert.equal(await row.getByRole("button", { name: "Foto", exact: true }).count(), 0);
  assert.deepEqual(await barriers(page), []);
  assert.ok((await overflow(page)) <= 0);
  await page.keyboard.press("Control+s");
  await page.waitForURL(/done=/);
  const shown = await (await fetch(`${room.base}/pages/impressum`)).text();
  assert.match(shown, /<h2>Angaben<\/h2>\s*<p>Messe Muster<\/p>/);
  await context.close();
});

test("a white logo can be seen wherever photos are chosen and listed", { timeout: 90_000 }, async () => {
  const white = '<svg xmlns="http://www.w3.org/2000/svg" width="900" height="500"><circle cx="450" cy="250" r="150" fill="#fff"/></svg>';
  const logo = await room.upload("weiss.svg", white, { title: "Logo weiß", alt_text: "Logo" });
  const black = await room.upload("schwarz.svg", white.replace("#fff", "#000"), { title: "Logo schwarz", alt_text: "Logo" });
  await room.call("POST", "/api/v1/albums", { title: { de: "Logos" }, assets: [logo.id] });
  const grounds = { [logo.id]: "rgb(27, 32, 36)", [black.id]: "rgb(247, 248, 247)" };
  for (const colorScheme of ["light", "dark"]) {
    const context = await browser.newContext({ viewport: { width: 1200, height: 900 }, locale: "de-DE", colorScheme });
    const page = await context.newPage();
    await signIn(page);
    const { tool } = await form(page, "/admin/releases/new");
    const ground = (picture) => picture.evaluate((img) => getComputedStyle(img).backgroundColor);
    await page.locator("[name=headline]").fill("Zwei Logos");
    for (const { id, title } of [logo, black]) {
      await page.locator("#body-visual > p").last().click();
      await tool("Foto").click();
      const dialog = page.getByRole("dialog");
      await dialog.getByLabel("In der Mediathek suchen").fill("Logo");
      await dialog.getByRole("button", { name: "Suchen" }).click();
      // Until then the list is that of before.
      await dialog.locator(".is-busy").waitFor({ state: "hidden" });
      const row = dialog.locator(".tool-photo", { hasText: title });
      await row.waitFor();
      assert.equal(await ground(row.locator("img")), grounds[id], `${title} in the dialog, ${colorScheme}`);
      await row.getByRole("radio").check();
      await dialog.getByRole("button", { name: "Foto einsetzen" }).click();
      const chosen = page.locator(`.pick[data-id="${id}"] img`);
      await chosen.waitFor();
      assert.equal(await ground(chosen), grounds[id], `${title} among the chosen, ${colorScheme}`);
    }
    if (process.env.PRESSROOM_TEST_PICTURES) {
      await tool("Foto").click();
      await page.locator(".tool-photo img").first().waitFor();
      await page.screenshot({ path: join(process.env.PRESSROOM_TEST_PICTURES, `logos-${colorScheme}.png`) });
      await page.keyboard.press("Escape");
    }
    // The copy in the browser, of what was not stored, knows them too.
    await page.waitForTimeout(1200);
    page.on("dialog", (dialog) => dialog.accept());
    await page.reload();
    await page.getByRole("button", { name: "Wiederherstellen" }).click();
    assert.equal(await ground(page.locator(`.pick[data-id="${logo.id}"] img`)), grounds[logo.id], colorScheme);
    await page.goto(`${room.base}/admin/albums`);
    assert.equal(await ground(page.locator(".row-thumb")), grounds[logo.id], `in the list, ${colorScheme}`);
    await context.close();
  }
});

test("of two searches for a photo the last one counts", { timeout: 60_000 }, async () => {
  for (const title of ["Kran im Nebel", "Turm im Nebel"]) {
    await room.upload(`${title}.jpg`, picture(600, 400, title.length), { title, alt_text: title });
  }
  const context = await browser.newContext({ viewport: { width: 1200, height: 900 }, locale: "de-DE" });
  const page = await context.newPage();
  await signIn(page);
  const { tool } = await form(page, "/admin/releases/new");
  let letGo, asked = 0;
  const held = new Promise((resolve) => { letGo = resolve; });
  await page.route("**/admin/photos/states?*", async (route) => {
    asked += 1;
    if (asked === 1) await held;
    await route.continue();
  });
  const begun = page.waitForRequest(/photos\/states/);
  await tool("Foto").click();
  await begun;
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("In der Mediathek suchen").fill("Turm im Nebel");
  const second = page.waitForResponse(/photos\/states/);
  await dialog.getByRole("button", { name: "Suchen" }).click();
  await second;
  const rows = dialog.locator(".tool-photo");
  await rows.first().waitFor();
  const listed = await rows.allInnerTexts();
  assert.deepEqual(listed.map((text) => text.trim()), ["Turm im Nebel"]);
  // The answer to what was asked first comes last, and is none any more.
  const late = page.waitForResponse(/photos\/states/);
  letGo();
  await (await late).finished();
  await page.waitForTimeout(300);
  assert.deepEqual(await rows.allInnerTexts(), listed);
  await context.close();
});
