// A press officer at the desk: signs in, writes, publishes, withdraws; plain forms do, without JavaScript too.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { account, barriers, openBrowser, overflow, phone, picture, signIn as enter, startNewsroom } from "./newsroom.mjs";

let room, browser;
const broken = [];

afterEach(() => assert.deepEqual(broken.splice(0), [], "scripts that do not run"));

before(async () => {
  room = await startNewsroom();
  browser = await openBrowser();
}, { timeout: 120_000 });

after(async () => {
  await browser?.close();
  await room?.stop();
});

const shots = process.env.PRESSROOM_TEST_SHOTS;
const signIn = (page) => enter(page, room.base, broken);

test("a wrong password is refused in words", { timeout: 60_000 }, async () => {
  const context = await browser.newContext({ viewport: phone });
  const page = await context.newPage();
  await page.goto(`${room.base}/admin`);
  await page.locator("input[type=email], input[name=email]").first().fill(account.email);
  await page.locator("input[type=password]").first().fill("falsch");
  await page.locator("form:has(input[type=password]) button").first().press("Enter");
  await page.locator("[role=alert]").first().waitFor();
  assert.equal(await page.locator("input[type=password]").count(), 1);
  assert.deepEqual(await barriers(page), []);
  await context.close();
});

for (const javaScriptEnabled of [false, true]) {
  const how = javaScriptEnabled ? "with JavaScript" : "without JavaScript";
  test(`sign in, write, publish, withdraw, ${how}`, { timeout: 180_000 }, async () => {
    const headline = `Kranich am Pult, ${how}`;
    const context = await browser.newContext({ viewport: { width: 1200, height: 900 }, javaScriptEnabled });
    const page = await context.newPage();
    await signIn(page);
    const [cookie] = await context.cookies();
    assert.ok(cookie.httpOnly, "scripts cannot read the session");
    assert.ok(["Lax", "Strict"].includes(cookie.sameSite), cookie.sameSite);
    // axe is a script itself: it looks at the same pages in the round with JavaScript.
    if (javaScriptEnabled) assert.deepEqual(await barriers(page), [], "the desk");

    await page.locator('a[href="/admin/releases/new"]').first().press("Enter");
    // With its scripts: the visual editor takes the text area's place.
    await page.waitForURL("**/admin/releases/new");
    await page.locator("[name=headline]").fill(headline);
    const body = javaScriptEnabled ? page.getByRole("textbox", { name: "Text", exact: true }) : page.locator("[name=body]");
    await body.fill("Der erste Absatz.\n\nDer zweite.");
    if (javaScriptEnabled) assert.deepEqual(await barriers(page), [], "the form");
    await page.locator("form:has([name=body]) button[type=submit]").first().press("Enter");
    await page.waitForLoadState();

    const list = await room.call("GET", "/api/v1/releases");
    const release = list.items.find((item) => item.headline === headline);
    assert.equal(release?.state, "draft");
    assert.equal((await fetch(room.base + release.url)).status, 404);

    await page.goto(`${room.base}/admin/releases/${release.id}`);
    await page.locator('form[action$="/publish"] button, button[formaction$="/publish"]').first().press("Enter");
    await page.waitForLoadState();
    assert.equal((await fetch(room.base + release.url)).status, 200);

    await page.goto(`${room.base}/admin/releases/${release.id}`);
    const reason = page.locator("[name=reason]").first();
    if (!(await reason.isVisible())) {
      // Folded away until somebody means it.
      await page.locator("details:has([name=reason]) > summary").first().press("Enter");
    }
    await reason.fill("Ein Irrtum");
    await page.locator('form[action$="/withdraw"] button, button[formaction$="/withdraw"]').first().press("Enter");
    await page.waitForLoadState();
    assert.equal((await fetch(room.base + release.url)).status, 410);
    await context.close();
  });
}

for (const javaScriptEnabled of [false, true]) {
  const how = javaScriptEnabled ? "with JavaScript" : "without JavaScript";
  test(`a double click on publish publishes once, ${how}`, { timeout: 120_000 }, async () => {
    const context = await browser.newContext({ viewport: { width: 1200, height: 900 }, javaScriptEnabled, locale: "de-DE" });
    const page = await context.newPage();
    await signIn(page);
    const seen = [];
    page.on("response", (answer) => { if (answer.request().isNavigationRequest()) seen.push(answer.status()); });
    for (const typed of ["", ", im letzten Moment geändert"]) {
      const headline = `Doppelt geklickt ${how}`;
      const { id, url } = await room.call("POST", "/api/v1/releases", { language: "de", headline, body: "Der Text." });
      await page.goto(`${room.base}/admin/releases/${id}`);
      if (typed) await page.locator("[name=headline]").fill(headline + typed);
      await page.locator('button[formaction$="/publish"]').dblclick();
      await page.waitForURL(/done=published/);
      assert.match(await page.locator(".done").innerText(), /veröffentlicht/i);
      assert.equal(await page.locator(".errors, .conflict").count(), 0);
      const release = await room.call("GET", `/api/v1/releases/${id}`);
      assert.deepEqual([release.state, release.headline], ["published", headline + typed]);
      const shown = await fetch(room.base + (release.url ?? url));
      assert.equal(shown.status, 200);
      await page.goto(`${room.base}/admin/releases/${id}/history`);
      assert.equal(await page.locator(".deed-head strong", { hasText: /^Veröffentlicht$/ }).count(), 1, "one entry in the log");
    }
    assert.deepEqual(seen.filter((status) => status >= 400), [], "no error page");
    await context.close();
  });
}

for (const javaScriptEnabled of [false, true]) {
  const how = javaScriptEnabled ? "with JavaScript" : "without JavaScript";
  test(`a typed embargo is never passed over, ${how}`, { timeout: 180_000 }, async () => {
    const context = await browser.newContext({ viewport: { width: 1200, height: 900 }, javaScriptEnabled, locale: "de-DE", timezoneId: "Europe/Berlin" });
    const page = await context.newPage();
    page.on("dialog", (dialog) => dialog.accept());
    await signIn(page);
    const day = (days) => `${new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)}T10:00`;
    const [soon, later] = [day(2), day(9)];
    const { id, url } = await room.call("POST", "/api/v1/releases", { language: "de", headline: `Wartet ${how}`, body: "Der Text." });
    const form = `${room.base}/admin/releases/${id}`;
    const stored = () => room.call("GET", `/api/v1/releases/${id}`);
    const wall = (at) => at && new Date(at).toLocaleString("sv-SE", { timeZone: "Europe/Berlin" }).slice(0, 16).replace(" ", "T");
    const field = page.locator("[name=embargo_until]");
    const type = async (time) => {
      if (!(await field.isVisible())) await page.locator("#step-embargo > summary").press("Enter");
      await field.fill(time);
    };
    const unfold = async (part) => {
      if ((await page.locator(part).getAttribute("open")) === null) await page.locator(`${part} > summary`).press("Enter");
    };
    const now = page.locator('button[formaction$="/publish"]');

    // A draft: the blue button beside the field publishes nothing, and Enter in the field loses nothing.
    await page.goto(form);
    await type(soon);
    await now.click();
    await page.locator("#embargo_until-error").waitFor();
    assert.equal(await field.inputValue(), soon);
    assert.ok(await field.isVisible(), "the field with the mistake is unfolded");
    assert.equal((await stored()).state, "draft");
    if (javaScriptEnabled) assert.deepEqual(await barriers(page), [], "the refused step");
    await field.press("Enter");
    await page.waitForURL(/done=noted/);
    assert.equal(await field.inputValue(), soon);
    assert.ok(await field.isVisible());
    assert.match(await page.locator(".state-line").innerText(), /vorgemerkt/);
    assert.equal(wall((await stored()).embargo_until), soon);

    // Set; then Save moves it, and the page says until when.
    await page.locator('button[formaction$="/embargo"]').press("Enter");
    await page.waitForURL(/done=embargoed/);
    await type(later);
    await page.locator('#form > .head button[type="submit"]').press("Enter");
    await page.waitForURL(/done=moved/);
    assert.equal(await field.inputValue(), later);
    let release = await stored();
    assert.deepEqual([release.state, wall(release.embargo_until)], ["embargoed", later]);

    // To publish at once takes a fold below the embargo, and nothing typed beside it.
    assert.equal(await now.isVisible(), false);
    const places = await page.locator("#step-embargo, #step-now").evaluateAll((parts) => parts.map((part) => part.id));
    assert.deepEqual(places, ["step-embargo", "step-now"]);
    await type(soon);
    await unfold("#step-now");
    await now.press("Enter");
    await page.locator("#embargo_until-error").waitFor();
    release = await stored();
    assert.deepEqual([release.state, wall(release.embargo_until)], ["embargoed", later]);
    assert.equal((await fetch(room.base + url)).status, 404);
    await page.goto(form);
    await unfold("#step-now");
    if (javaScriptEnabled) assert.deepEqual(await barriers(page), [], "the fold");
    await now.press("Enter");
    await page.waitForURL(/done=published/);
    assert.equal((await fetch(room.base + (await stored()).url)).status, 200);
    await context.close();
  });
}

test("a draft is shown to somebody without an account, until the link is revoked", { timeout: 120_000 }, async () => {
  const asset = await room.upload("kran.jpg", picture(1200, 800, 4), { title: "Kran", caption: "Der Kran", alt_text: "Ein Kran" });
  const release = await room.call("POST", "/api/v1/releases",
    { language: "de", headline: "Noch geheim", body: "Der Text.", assets: [asset.id] });
  const context = await browser.newContext({ viewport: phone });
  const page = await context.newPage();
  await signIn(page);
  await page.goto(`${room.base}/admin/releases/${release.id}`);
  await page.locator("[name=headline]").fill("Nur getippt");
  await page.locator(".links summary").press("Enter");
  await page.locator("[name=link-recipient]").fill("Frau Muster, Elsforum");
  await page.locator('button[formaction$="/preview-links"]').press("Enter");
  await page.locator("#fresh-link").waitFor();
  assert.ok(await page.locator("[data-copy=fresh-link]").isVisible(), "the link can be copied");
  // The server was started on a port of its choice; its public address does not name it.
  const link = (await page.locator("#fresh-link").textContent()).replace(/^.*(?=\/preview\/)/, room.base);
  assert.deepEqual(await barriers(page), [], "the panel with its link");
  assert.ok((await overflow(page)) <= 0, "the link fits a phone");
  assert.equal(await page.locator("[name=headline]").inputValue(), "Nur getippt");

  // Another browser, without any session.
  const stranger = await browser.newContext({ viewport: phone });
  const view = await stranger.newPage();
  await view.goto(link);
  assert.equal(await view.locator("h1").textContent(), "Noch geheim");
  assert.match(await view.locator(".preview-bar").textContent(), /nicht veröffentlicht, vertraulich/);
  await view.waitForFunction(() => [...document.images].some((image) => image.complete && image.naturalWidth > 0));
  const source = await view.evaluate(() => [...document.images].find((image) => image.naturalWidth > 0).currentSrc);
  assert.ok(source.startsWith(link), source);
  assert.equal((await fetch(source.replace(link, room.base))).status, 404);
  assert.equal((await fetch(room.base + release.url)).status, 404);
  assert.deepEqual(await barriers(view), [], "the preview");
  assert.ok((await overflow(view)) <= 0, "the preview fits a phone");

  await page.locator('button[formaction*="/preview-links/"]').press("Enter");
  await page.locator(".links .badge.withdrawn").waitFor();
  assert.equal(await page.locator("[name=headline]").inputValue(), "Nur getippt");
  assert.equal((await view.goto(link)).status(), 404);
  assert.equal((await fetch(source)).status, 404);
  page.on("dialog", (dialog) => dialog.accept());
  await stranger.close();
  await context.close();
});

test("a photo is uploaded at the desk", { timeout: 120_000 }, async () => {
  const context = await browser.newContext({ viewport: phone, javaScriptEnabled: false });
  const page = await context.newPage();
  await signIn(page);
  await page.goto(`${room.base}/admin/photos`);
  assert.ok((await overflow(page)) <= 0, "the desk fits a phone");
  await page.locator("input[type=file]").first()
    .setInputFiles({ name: "größe.jpg", mimeType: "image/jpeg", buffer: picture(800, 600, 9) });
  await page.locator("form:has(input[type=file]) button").first().press("Enter");
  await page.waitForLoadState();
  const assets = await room.call("GET", "/api/v1/assets");
  assert.equal(assets.items[0]?.file_name, "größe.jpg");
  await context.close();
});

/** As Word puts a release on the clipboard. */
const word = {
  html: `<html xmlns:o="urn:schemas-microsoft-com:office:office"><body lang=DE><!--StartFragment-->
    <p class=MsoTitle>Kraniche in Halle 7<o:p></o:p></p>
    <p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><![if !supportLists]><span style='mso-list:Ignore'>·<span>&nbsp; </span></span><![endif]>Drei Tage</p>
    <p class=MsoNormal>Musterstadt, 3. Dezember 2026 – Am <b>Mittwoch</b> ziehen sie durch die Halle, in der es hell und warm ist.</p>
    <h2>Was es gibt</h2><table class=MsoTableGrid><tr><td>Tag</td><td>Zahl</td></tr><tr><td>Mittwoch</td><td>12</td></tr></table>
    <p class=MsoNormal><b>Pressekontakt</b></p><p class=MsoNormal>Ada Muster, Tel. 030 1234567</p><!--EndFragment--></body></html>`,
  plain: "Kraniche in Halle 7\r\n· Drei Tage\r\nMusterstadt, 3. Dezember 2026 – Am Mittwoch …",
};

const paste = (page, selector, clipboard) => page.locator(selector).evaluate((field, { html, plain }) => {
  const data = new DataTransfer();
  data.setData("text/html", html);
  data.setData("text/plain", plain);
  field.focus();
  const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
  // What no script takes is pasted by the browser; here it is enough to know.
  if (field.dispatchEvent(event)) field.dataset.left = "1";
}, clipboard);

test("what is copied from Word fills the form, or its place in the text, and can be undone", { timeout: 120_000 }, async () => {
  const context = await browser.newContext({ viewport: phone, locale: "de-DE" });
  const page = await context.newPage();
  const errors = [];
  page.on("pageerror", (error) => errors.push(error.message));
  await page.addInitScript(() => localStorage.setItem("pressroom:editor", "text"));
  await signIn(page);
  await page.goto(`${room.base}/admin/releases/new`);
  const value = (name) => page.locator(`[name=${name}]`).inputValue();
  await paste(page, "#body", word);
  await page.locator(".paste-note .note").waitFor();
  assert.equal(await value("headline"), "Kraniche in Halle 7");
  assert.equal(await value("sub_headlines"), "Drei Tage");
  assert.equal(await value("dateline_place"), "Musterstadt");
  assert.equal(await value("dateline_date"), "2026-12-03");
  assert.equal(await value("body"), "Am **Mittwoch** ziehen sie durch die Halle, in der es hell und warm ist.\n\n## Was es gibt\n\n" +
    "| Tag | Zahl |\n| --- | --- |\n| Mittwoch | 12 |");
  assert.match(await page.locator(".found").innerText(), /Ada Muster · 030 1234567/);
  assert.deepEqual(await barriers(page), [], "the filled form");
  assert.ok((await overflow(page)) <= 0, "it fits a phone");
  await page.locator(".paste-note button").press("Enter");
  assert.equal(await value("headline"), "");
  assert.equal(await value("body"), word.plain.replaceAll("\r", ""), "the plain text is what is left");

  // Into a text that is there: at the cursor, and the browser's undo takes it back.
  await page.locator("#body").fill("Anfang Ende");
  await page.locator("#body").evaluate((area) => area.setSelectionRange(7, 7));
  await paste(page, "#body", { html: "<p>ein <b style='mso-x:y'>fettes</b> Wort </p>", plain: "ein fettes Wort " });
  await page.locator(".paste-note .hint").waitFor();
  assert.equal(await value("body"), "Anfang ein **fettes** Wort Ende");
  await page.locator("#body").press("Control+z");
  await page.locator("#body").press("Control+z");
  assert.equal(await value("body"), "Anfang Ende");
  // Without an answer the words are there all the same; plain text is the browser's.
  await page.route("**/from-clipboard*", (route) => route.abort());
  await page.locator("#body").evaluate((area) => area.setSelectionRange(0, 0));
  await paste(page, "#body", { html: "<ul><li>eins</li></ul>", plain: "eins " });
  await page.locator(".paste-note .hint").waitFor();
  assert.equal(await value("body"), "eins Anfang Ende");
  await paste(page, "#body", { html: "", plain: "roh" });
  assert.equal(await page.locator("#body").getAttribute("data-left"), "1");
  assert.deepEqual(errors, []);
  await context.close();
});

test("a .docx fills the form without JavaScript too", { timeout: 120_000 }, async () => {
  const release = await room.call("POST", "/api/v1/releases", {
    headline: "Kraniche als Datei", language: "de", body: "Der Text.\n\n## Zwischen\n\n- eins\n- zwei\n\n> „Schön.“\n>\n> — Ada Muster, Chefin",
    dateline_place: "Musterstadt", dateline_date: "2026-12-03",
  });
  await room.call("POST", `/api/v1/releases/${release.id}/publish`);
  const docx = Buffer.from(await (await fetch(`${room.base}${release.url}.docx`)).arrayBuffer());
  for (const javaScriptEnabled of [false, true]) {
    const context = await browser.newContext({ viewport: phone, javaScriptEnabled });
    const page = await context.newPage();
    await signIn(page);
    await page.goto(`${room.base}/admin/releases/new`);
    if (javaScriptEnabled) assert.deepEqual(await barriers(page), [], "the empty form");
    await page.locator("#document").setInputFiles({ name: "Kraniche.docx", mimeType: "application/octet-stream", buffer: docx });
    await page.locator("form.from-document button").press("Enter");
    await page.locator("[data-unsaved]").waitFor();
    assert.equal(await page.locator("[name=headline]").inputValue(), "Kraniche als Datei");
    assert.match(await page.locator("[name=body]").inputValue(), /^Der Text\.\n\n## Zwischen\n\n- eins\n- zwei\n\n> „Schön\.“\n>\n> — Ada Muster, Chefin/);
    assert.ok((await overflow(page)) <= 0);
    if (javaScriptEnabled) assert.deepEqual(await barriers(page), [], "the filled form");
    await context.close();
  }
});

for (const colorScheme of ["light", "dark"]) {
  test(`the month: a table where there is room, a list on a phone (${colorScheme})`, { timeout: 60_000 }, async () => {
    const zone = "Europe/Berlin";
    const title = `Eröffnung ${colorScheme}`;
    await room.call("POST", "/api/v1/events", { title, starts_at: { local: "2032-02-29T10:00", zone }, state: "published" });
    const context = await browser.newContext({ viewport: phone, colorScheme, locale: "de-DE" });
    const page = await context.newPage();
    await signIn(page);
    await page.goto(`${room.base}/admin?month=2032-03`);
    await page.getByRole("link", { name: "Februar 2032" }).press("Enter");
    await page.waitForURL("**month=2032-02*");
    const day = page.locator("td", { has: page.locator("time[datetime='2032-02-29']") });
    const empty = page.locator("td", { has: page.locator("time[datetime='2032-02-10']") });
    assert.match(await day.innerText(), /^Sonntag, 29. Februar 2032/);
    assert.equal(await empty.isVisible(), false);
    if (shots) await page.screenshot({ path: `${shots}/month-phone-${colorScheme}.png`, fullPage: true });
    assert.ok((await overflow(page)) <= 0, "it fits");
    assert.deepEqual(await barriers(page), [], "the list");
    await page.setViewportSize({ width: 1100, height: 900 });
    assert.match(await day.innerText(), /^29\s/);
    assert.ok(await empty.isVisible());
    if (shots) await page.screenshot({ path: `${shots}/month-wide-${colorScheme}.png`, fullPage: true });
    assert.deepEqual(await barriers(page), [], "the table");
    await day.getByRole("link", { name: title }).press("Enter");
    await page.waitForURL("**/admin/events/*");
    await context.close();
  });
}

test("nobody but a signed-in person gets to the desk, and no other site speaks for them", { timeout: 60_000 }, async () => {
  for (const path of ["/admin/releases", "/admin/releases/new", "/admin/photos"]) {
    const answer = await fetch(room.base + path, { redirect: "manual" });
    assert.ok([302, 303, 307, 401, 403].includes(answer.status), `${path}: ${answer.status}`);
  }
  const context = await browser.newContext();
  const page = await context.newPage();
  await signIn(page);
  const answer = await context.request.post(`${room.base}/admin/releases`, {
    headers: { origin: "https://evil.example", "sec-fetch-site": "cross-site" },
    form: { headline: "Fremd", body: "x", language: "de" }, maxRedirects: 0,
  });
  assert.equal(answer.status(), 403);
  const list = await room.call("GET", "/api/v1/releases");
  assert.equal(list.items.filter((item) => item.headline === "Fremd").length, 0);
  await context.close();
});
