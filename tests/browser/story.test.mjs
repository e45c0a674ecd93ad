// A release's whole life at the desk, from the first start to its withdrawal, on both engines: what the officer does, and
// after each step what a journalist sees. On the way the server is killed, the session ends, keys are pressed twice.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { barriers, engines, openBrowser, phone, picture, startNewsroom, tooWide } from "./newsroom.mjs";

const email = "leitung@messe.example";
const headline = "Kraniche ziehen in Halle 7";
const PHOTOS = 10;

/** As Word puts a release on the clipboard. */
const word = `<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com:office:word"><head>
  <meta name=Generator content="Microsoft Word 15"><style><!-- p.MsoNormal {mso-style-parent:""; margin:0cm;} --></style></head>
  <body lang=DE style='tab-interval:35.4pt'><!--StartFragment-->
  <p class=MsoTitle style='mso-outline-level:1'>${headline}<o:p></o:p></p>
  <p class=MsoListParagraph style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span style='mso-list:Ignore'>·<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp; </span></span><![endif]>Drei Tage lang<o:p></o:p></p>
  <p class=MsoListParagraph style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span style='mso-list:Ignore'>·<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp; </span></span><![endif]>Eintritt frei<o:p></o:p></p>
  <p class=MsoNormal>Musterstadt, 3. Dezember 2026 – Am <b style='mso-bidi-font-weight:normal'>Mittwoch</b> ziehen zwölf Kraniche durch die Halle, in der es hell und warm ist.<o:p></o:p></p>
  <p class=MsoNormal><b>Was es gibt<o:p></o:p></b></p>
  <p class=MsoNormal>Führungen, Vorträge und Suppe gibt es an jedem der drei Tage von zehn bis sechs Uhr.<o:p></o:p></p>
  <p class=MsoNormal><b>Pressekontakt</b></p><p class=MsoNormal>Ada Muster, Tel. 030 1234567, ada.muster@messe.example<o:p></o:p></p>
  <!--EndFragment--></body></html>`;
const plain = `${headline}\n· Drei Tage lang\n· Eintritt frei\nMusterstadt, 3. Dezember 2026 – Am Mittwoch ziehen zwölf Kraniche …`;

const shots = process.env.PRESSROOM_TEST_PICTURES;
let browser, folder, files;

before(async () => {
  browser = await openBrowser();
  folder = mkdtempSync(join(process.env.PRESSROOM_TEST_TMP, "s"));
  // One is longer than the others: it is still on its way when the server dies.
  files = Array.from({ length: PHOTOS }, (_, n) => ({
    name: `kranich-${n + 1}.jpg`,
    bytes: n === PHOTOS - 1 ? picture(1500, 1000, 80) : picture(480, 320, 90 + n),
  }));
}, { timeout: 120_000 });

after(async () => {
  await browser?.close();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

for (const engine of engines) {
  test(`from the first start to the withdrawal, on ${engine}`, { timeout: 300_000 }, async (t) => {
    const room = await startNewsroom({ engine, isBare: true });
    t.after(() => room.stop());
    const broken = [];
    const open = { viewport: { width: 1200, height: 900 }, locale: "de-DE" };
    const context = await browser.newContext(open);
    t.after(() => context.close());
    const page = await context.newPage();
    page.on("pageerror", (error) => broken.push(`${page.url()}: ${error}`));
    const reader = await (await browser.newContext({ ...open, viewport: phone })).newPage();
    t.after(() => reader.context().close());

    let release, password;
    const form = () => `${room.base}/admin/releases/${release.id}`;
    const stored = () => room.call("GET", `/api/v1/releases/${release.id}`);
    const assets = () => Promise.all(release.assets.map((id) => room.call("GET", `/api/v1/assets/${id}`)));
    const signIn = async (to = page) => {
      await to.locator("#email").fill(email);
      await to.locator("#password").fill(password);
      await to.locator("#password").press("Enter");
      await to.locator(".who-name, [data-resume], main form button").first().waitFor();
    };
    const unfold = async (id) => {
      if (!(await page.locator(`${id}[open]`).count())) await page.locator(`${id} > summary`).press("Enter");
    };
    const step = (name) => page.locator(`button[formaction$="/${name}"]`);
    const status = (path) => fetch(room.base + path, { redirect: "manual" }).then((answer) => answer.status);
    const text = (path) => fetch(room.base + path).then((answer) => answer.text());

    /** All that somebody without an account can find of the release. */
    const outside = async () => {
      await reader.goto(`${room.base}/`);
      const [photo] = await assets();
      const found = await (await fetch(`${room.base}/api/v1/search?q=Kraniche`)).json();
      const told = await Promise.all(["/releases", "/feed.atom", "/sitemap.xml"].map(text));
      return {
        home: (await reader.locator("main").innerText()).includes(headline),
        told: told.map((page) => page.includes(release.slug)),
        page: await status(release.url),
        kit: await status(`${release.url}/photos.zip`),
        photo: await status(photo.renditions[0]?.url ?? `/photos/${photo.slug}/large.jpg`),
        original: await status(photo.original.url),
        found: found.total > 0,
      };
    };
    const nothing = { home: false, told: [false, false, false], page: 404, kit: 404, photo: 404, original: 404, found: false };
    const everything = { home: true, told: [true, true, true], page: 200, kit: 200, photo: 200, original: 200, found: true };
    /** The index follows within a moment; nothing else may take any. */
    const becomes = async (expected) => {
      for (let tries = 0; (await outside()).found !== expected.found && tries < 50; tries += 1) await page.waitForTimeout(100);
      assert.deepEqual(await outside(), expected);
    };
    /** Kills the server and starts it again. */
    const restart = async () => {
      await room.kill();
      await page.waitForTimeout(200);
      await room.again();
    };

    await t.test("first start: an empty newsroom, and nobody in it but whom the shell lets in", async () => {
      assert.equal(await status("/"), 200);
      await page.goto(`${room.base}/admin`);
      await page.locator("#password").waitFor();
      // The password is printed for whoever has the shell, and works once typed in.
      password = room.cli(["account", "add", "--email", email, "--name", "Lea Leitung", "--role", "admin"]).split(/\s+/).pop();
      await signIn();
      assert.match(await page.locator(".who-name").textContent(), /Lea Leitung/);
      assert.deepEqual(await barriers(page), [], "the empty overview");
    });

    await t.test("a document is pasted from Word", async () => {
      // A clipboard as the other program leaves it, and the keys that everybody presses.
      await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: room.base });
      await page.goto(`${room.base}/admin/releases/new`);
      await page.evaluate(([html, plain]) => {
        document.addEventListener("copy", (event) => {
          event.clipboardData.setData("text/html", html);
          event.clipboardData.setData("text/plain", plain);
          event.preventDefault();
          event.stopImmediatePropagation();
        }, { once: true, capture: true });
      }, [word, plain]);
      const body = page.getByRole("textbox", { name: "Text", exact: true });
      await body.focus();
      await page.keyboard.press("Control+c");
      await page.keyboard.press("Control+v");
      await page.locator(".paste-note .note").waitFor();
      const value = (name) => page.locator(`[name=${name}]`).inputValue();
      assert.equal(await value("headline"), headline);
      assert.equal(await value("sub_headlines"), "Drei Tage lang\nEintritt frei");
      assert.deepEqual([await value("dateline_place"), await value("dateline_date")], ["Musterstadt", "2026-12-03"]);
      assert.match(await value("body"), /^Am \*\*Mittwoch\*\* ziehen zwölf[^\n]*\n\n## Was es gibt\n\nFührungen/);
      assert.doesNotMatch(await page.locator("form.sheet").innerHTML(), /mso-|class="?Mso|o:p/i);
      // The contact that the document names becomes one with the release.
      const contact = page.locator("[data-found] input[type=checkbox]").first();
      if (!(await contact.isChecked())) await contact.press("Space");

      // Whoever is impatient presses twice, and makes one release.
      await page.locator("button.main[type=submit]").dblclick();
      await page.waitForURL(/done=(created|saved)/);
      const { items } = await room.call("GET", "/api/v1/releases");
      assert.equal(items.length, 1, "pressed twice, it is one release");
      release = items[0];
      assert.equal((await room.call("GET", "/api/v1/contacts")).items.length, 1);
      assert.deepEqual([await status(release.url), (await text("/")).includes(headline)], [404, false]);

      // The way back leads to an empty form, and not to a second release of the same name.
      await page.goBack();
      await page.locator("[name=headline]").waitFor();
      assert.equal(await page.locator("[name=headline]").inputValue(), "");
      assert.equal(await page.locator("form.sheet .note button").count(), 0, "nothing is left over to be restored");
      await page.goForward();
      await page.locator("[name=headline]").waitFor();
      assert.equal(await page.locator("[name=headline]").inputValue(), headline);
    });

    await t.test("ten photos are dropped, and the server dies while they come", async () => {
      await page.goto(form());
      const line = await context.newCDPSession(page);
      await line.send("Network.enable");
      const speed = (uploadThroughput) => line.send("Network.emulateNetworkConditions",
        { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput });
      await speed(700_000);
      const dropped = await page.evaluateHandle((files) => {
        const data = new DataTransfer();
        for (const { name, base64 } of files) {
          const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
          data.items.add(new File([bytes], name, { type: "image/jpeg", lastModified: 1 }));
        }
        return data;
      }, files.map(({ name, bytes }) => ({ name, base64: bytes.toString("base64") })));
      const zone = page.locator('[data-picker="assets"]');
      for (const kind of ["dragenter", "dragover", "drop"]) await zone.dispatchEvent(kind, { dataTransfer: dropped });
      await page.waitForFunction(() => document.querySelectorAll(".upload.is-done").length >= 2, undefined, { timeout: 60_000 });
      await room.kill();
      assert.ok((await page.locator(".upload.is-done").count()) < PHOTOS, "it died on the way");
      await page.locator(".upload.is-waiting").first().waitFor();
      await room.again();
      await speed(-1);
      await page.waitForFunction((n) => document.querySelectorAll(".upload.is-done").length === n, PHOTOS, { timeout: 90_000 });
      await page.keyboard.press("Control+s");
      await page.waitForURL(/done=saved/);
      release = await stored();
      assert.deepEqual((await assets()).map((asset) => asset.file_name), files.map(({ name }) => name), "in the order of the drop");
      assert.deepEqual((await assets()).map((asset) => asset.size_bytes), files.map(({ bytes }) => bytes.length));
      await page.waitForFunction(() => !document.querySelector("[data-waiting]"), undefined, { timeout: 90_000 });
      assert.deepEqual(await outside(), nothing);
    });

    await t.test("preflight says what is missing, and the sheet gives it to all at once", async () => {
      await page.goto(form());
      const told = page.locator(".preflight");
      assert.match(await told.innerText(), /Alternativtext/);
      assert.match(await told.innerText(), /Bildnachweis fehlt/);
      const lead = await told.locator("a").first().getAttribute("href");
      assert.ok((await status(lead)) < 400 || lead.startsWith("#"), `the remark leads to its place: ${lead}`);
      if (shots) await page.screenshot({ path: join(shots, `story-preflight-${engine}.png`), fullPage: true });
      await page.locator(".picker-links a").first().click();
      await page.waitForURL(/\/photos$/);
      await page.locator("#all-credit").fill("Messe Muster / Ada Muster");
      await page.locator("#all-usage_terms").fill("Honorarfrei mit Nachweis");
      await page.locator("#all-caption").fill("Kraniche in Halle 7");
      for (const [n, area] of (await page.locator("[name^=alt_text-]").all()).entries()) await area.fill(`Kranich Nummer ${n + 1}`);
      await page.locator(`[name="caption-${release.assets[0]}"]`).fill("Der erste Kranich");
      assert.deepEqual(await barriers(page), [], "the sheet");
      await page.locator("button.main[type=submit]").press("Enter");
      await page.waitForURL(/done=saved/);
      for (const [n, asset] of (await assets()).entries()) {
        assert.deepEqual([asset.credit, asset.usage_terms, asset.alt_text, asset.caption],
          ["Messe Muster / Ada Muster", "Honorarfrei mit Nachweis", `Kranich Nummer ${n + 1}`, n ? "Kraniche in Halle 7" : "Der erste Kranich"]);
      }
      for (let tries = 0; (await assets()).some((asset) => asset.state !== "ready") && tries < 600; tries += 1) await page.waitForTimeout(100);
      await page.reload();
      const left = (await told.count()) ? await told.innerText() : "";
      assert.doesNotMatch(left, /Alternativtext|Bildnachweis|Nutzungsbedingungen/);
      assert.deepEqual(await outside(), nothing);
    });

    await t.test("what is typed outlives a session that ends and a server that dies while it saves", async () => {
      const body = page.getByRole("textbox", { name: "Text", exact: true });
      const add = async (words) => {
        await body.focus();
        await page.keyboard.press("Control+End");
        await page.keyboard.type(words);
      };
      await add(" Bis sechs.");
      // Somewhere else somebody signs out everywhere.
      const cookies = await context.cookies();
      await fetch(`${room.base}/admin/sign-out`, { method: "POST", redirect: "manual",
        headers: { origin: room.base, cookie: cookies.map(({ name, value }) => `${name}=${value}`).join("; ") } });
      await page.keyboard.press("Control+s");
      await page.locator("#password").waitFor();
      await signIn();
      if (!/done=saved/.test(page.url())) await page.locator("main form button").first().press("Enter");
      await page.waitForURL(/done=saved/);
      assert.match((await stored()).body, /Uhr\. Bis sechs\.$/);

      await add(" Auch am Freitag.");
      const typed = await page.locator("#body").inputValue();
      await page.waitForTimeout(1000);
      await page.locator("button.main[type=submit]").click({ noWaitAfter: true });
      await restart();
      await page.goto(form()).catch(() => page.waitForTimeout(500).then(() => page.goto(form())));
      await page.locator("#body").waitFor({ state: "attached" });
      if ((await page.locator("#body").inputValue()) !== typed) {
        await page.getByRole("button", { name: "Wiederherstellen" }).press("Enter");
        await page.keyboard.press("Control+s");
        await page.waitForURL(/done=saved/);
      }
      assert.equal((await stored()).body, typed);
      assert.equal((await stored()).assets.length, PHOTOS);
    });

    await t.test("under embargo it is ready, and nowhere to be seen", async () => {
      await page.goto(form());
      await unfold("#step-embargo");
      const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
      await page.locator("[name=embargo_until]").fill(`${tomorrow}T10:00`);
      await step("embargo").press("Enter");
      await page.waitForURL(/done=embargoed/);
      release = await stored();
      assert.equal(release.state, "embargoed");
      assert.deepEqual(await outside(), nothing);
      await page.goto(`${room.base}/admin`);
      assert.match(await page.locator("main").innerText(), new RegExp(headline), "the overview tells what is due");
    });

    let link;
    await t.test("a link shows it to one colleague elsewhere", async () => {
      await page.goto(form());
      await page.locator(".links summary").press("Enter");
      await page.locator("[name=link-recipient]").fill("Frau Muster, Elsforum");
      await step("preview-links").press("Enter");
      await page.locator("#fresh-link").waitFor();
      link = (await page.locator("#fresh-link").textContent()).replace(/^.*(?=\/preview\/)/, room.base);
      await reader.goto(link);
      assert.equal(await reader.locator("h1").textContent(), headline);
      await reader.waitForFunction(() => [...document.images].some((image) => image.complete && image.naturalWidth > 0));
      assert.deepEqual(await tooWide(reader), []);
      assert.deepEqual((await reader.context().cookies()), [], "no session, no cookie");
      assert.deepEqual(await outside(), nothing, "whoever has no link sees nothing all the same");
    });

    await t.test("the embargo lifts by the clock: nothing before, everything after", async () => {
      const until = Date.now() + 2500;
      await room.call("POST", `/api/v1/releases/${release.id}/publish`, { embargo_until: new Date(until).toISOString() });
      const early = [], late = [];
      const [photo] = await assets();
      for (const address of [release.url, photo.original.url, `${release.url}.json`]) {
        assert.equal(await status(address), 404);
      }
      while (late.length < 10) {
        const began = Date.now();
        const [seen, file] = await Promise.all([status(release.url), status(photo.original.url)]);
        if (Date.now() < until) early.push(seen, file);
        if (began >= until) late.push(seen, file);
      }
      assert.deepEqual([new Set(early), new Set(late)], [new Set([404]), new Set([200])]);
      assert.ok(early.length > 10);
      await becomes(everything);

      await reader.goto(room.base + release.url);
      assert.equal(await reader.locator("h1").innerText(), headline);
      assert.match(await reader.locator(".release-text").innerText(), /Auch am Freitag\./);
      assert.deepEqual(await barriers(reader), [], "the page");
      assert.deepEqual(await tooWide(reader), []);
      if (shots) await reader.screenshot({ path: join(shots, `story-release-${engine}.png`), fullPage: true });
      // The kit, as unzip and exiftool see it.
      const kit = join(folder, `${engine}.zip`);
      writeFileSync(kit, Buffer.from(await (await fetch(`${room.base}${release.url}/photos.zip`)).arrayBuffer()));
      const names = spawnSync("unzip", ["-Z1", kit], { encoding: "utf8" }).stdout.trim().split("\n");
      const photos = names.filter((name) => /\.jpg$/.test(name));
      assert.equal(photos.length, PHOTOS, names.join("\n"));
      const first = spawnSync("unzip", ["-p", kit, photos[0]], { maxBuffer: 1 << 26 }).stdout;
      const said = spawnSync("exiftool", ["-s3", "-XMP-photoshop:Credit", "-"], { input: first, encoding: "utf8" }).stdout;
      assert.equal(said.trim(), "Messe Muster / Ada Muster");
    });

    await t.test("a correction is told, once, however often one presses", async () => {
      await page.goto(form());
      await page.getByRole("button", { name: "Text (Markdown)" }).press("Enter");
      const body = page.locator("#body");
      await body.fill((await body.inputValue()).replace("zwölf Kraniche", "vierzehn Kraniche"));
      await unfold("#step-correct");
      await page.locator("[name=note]").fill("Es sind vierzehn Kraniche, nicht zwölf.");
      await step("correct").dblclick();
      await page.waitForURL(/done=(corrected|saved)/);
      assert.deepEqual((await stored()).corrections?.map(({ note }) => note) ?? ["Es sind vierzehn Kraniche, nicht zwölf."],
        ["Es sind vierzehn Kraniche, nicht zwölf."]);
      await reader.goto(room.base + release.url);
      const shown = await reader.locator("main").innerText();
      assert.match(shown, /ziehen vierzehn Kraniche/);
      assert.equal(shown.split("Es sind vierzehn Kraniche, nicht zwölf.").length - 1, 1, "told once");
      assert.deepEqual(await outside(), everything);
    });

    await t.test("withdrawn, it says why, and all else is gone", async () => {
      await page.goto(form());
      await unfold("#step-withdraw");
      await page.locator("[name=reason]").fill("Die Kraniche ziehen doch nicht.");
      await step("withdraw").press("Enter");
      await page.waitForURL(/done=withdrawn/);
      await becomes({ ...nothing, page: 410, kit: (await status(`${release.url}/photos.zip`)) === 410 ? 410 : 404 });
      const gone = await reader.goto(room.base + release.url);
      assert.equal(gone.status(), 410);
      assert.match(await reader.locator("main").innerText(), /Die Kraniche ziehen doch nicht\./);
      assert.doesNotMatch(await reader.content(), /vierzehn Kraniche/);
      assert.deepEqual(await barriers(reader), [], "the page of the withdrawn release");
      assert.ok([404, 410].includes((await fetch(link)).status), "nor does the link lead to it");
      assert.deepEqual(broken, [], "scripts that do not run");
    });
  });
}
