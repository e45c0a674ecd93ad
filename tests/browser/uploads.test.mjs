// Uploads at the desk that are interrupted: the server is killed, the browser closed; the photos arrive all the same.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import {
  account, barriers, drop, numbered, openBrowser, openProfile, overflow, phone, picture, startNewsroom,
} from "./newsroom.mjs";

let room, browser, folder;

before(async () => {
  room = await startNewsroom();
  browser = await openBrowser();
  folder = mkdtempSync(join(process.env.PRESSROOM_TEST_TMP, "f"));
}, { timeout: 120_000 });

after(async () => {
  await browser?.close();
  await room?.stop();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

async function photosPage(context) {
  const page = await context.newPage();
  const errors = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  // A page that is left while files are on their way asks whether that is meant.
  page.on("dialog", (dialog) => dialog.accept());
  await page.goto(`${room.base}/admin/photos`);
  if (await page.locator("input[type=password]").count()) {
    await page.locator("input[name=email]").fill(account.email);
    await page.locator("input[type=password]").fill(account.password);
    await page.locator("form:has(input[type=password]) button").first().press("Enter");
    await page.waitForURL("**/admin/photos");
  }
  return { page, errors };
}

/** Slows the line down, so that there is a middle in which something can happen. */
async function slow(page, bytesPerSecond) {
  const session = await page.context().newCDPSession(page);
  await session.send("Network.enable");
  await session.send("Network.emulateNetworkConditions",
    { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: bytesPerSecond });
}

const inLibrary = async () => (await room.call("GET", "/api/v1/assets")).items;
/** The same beyond one page. */
async function everything() {
  const all = [];
  for (let next = ""; next !== null;) {
    const some = await room.call("GET", `/api/v1/assets?page=${next}`);
    all.push(...some.items);
    next = some.next;
  }
  return all;
}
/** The asset when a file of this name is in its place and ready. */
async function ready(id, name) {
  for (;;) {
    const asset = await room.call("GET", `/api/v1/assets/${id}`);
    if (asset.state === "ready" && asset.file_name === name) return asset;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

const arrived = (page, count) => page.waitForFunction((n) => document.querySelectorAll(".upload.is-done").length === n, count, { timeout: 90_000 });

test("the server is killed in mid-upload, and the photos arrive", { timeout: 180_000 }, async () => {
  const names = ["kran-1.jpg", "kran-2.jpg", "größe-3.jpg"];
  const files = names.map((name) => join(folder, name));
  files.forEach((file, index) => writeFileSync(file, picture(3000, 2200, 40 + index)));
  const context = await browser.newContext({ viewport: phone });
  const { page, errors } = await photosPage(context);
  await slow(page, 2_000_000);
  await page.locator("[data-files]").setInputFiles(files);
  await page.waitForFunction(() => [...document.querySelectorAll(".upload progress")].some((bar) => bar.value > 0.3));
  await room.kill();
  await page.locator(".upload.is-waiting").first().waitFor();
  assert.match(await page.locator(".upload.is-waiting").first().innerText(), /geht von selbst weiter|goes on by itself/);
  assert.deepEqual(await barriers(page), [], "while it waits");
  assert.ok((await overflow(page)) <= 0, "it fits a phone");
  await room.again();
  await arrived(page, 3);
  const assets = await inLibrary();
  // The newest first: the order in which they were chosen.
  assert.deepEqual(assets.map((asset) => asset.file_name), [...names].reverse());
  for (const [index, asset] of [...assets].reverse().entries()) {
    assert.equal(asset.size_bytes, readFileSync(files[index]).length);
  }
  assert.deepEqual(await barriers(page), [], "when all is there");

  // The same file again is not sent again, unless that is what one wants.
  let sent = 0;
  page.on("request", (request) => { if (request.method() === "PATCH") sent += 1; });
  await page.locator("[data-files]").setInputFiles(files[0]);
  await arrived(page, 4);
  assert.match(await page.locator(".upload").last().innerText(), /schon in der Mediathek|in the library already/);
  assert.equal(sent, 0);
  await page.locator(".upload").last().locator("button.quiet").click();
  await page.waitForFunction(() => document.querySelectorAll(".upload.is-done").length === 4 && !document.querySelector(".upload.is-done button.quiet"));
  assert.equal((await inLibrary()).length, 4);
  assert.deepEqual(errors, []);
  await context.close();
});

test("the browser dies in mid-upload, and the file goes on where it stood", { timeout: 180_000 }, async () => {
  const file = join(folder, "lang.jpg");
  const bytes = picture(3000, 2200, 50);
  writeFileSync(file, bytes);
  const before = (await inLibrary()).length;
  // Killed, for one that closes in order is slowed down no more and would send the rest on its way out.
  const profile = join(folder, "profile");
  const options = { viewport: { width: 1200, height: 900 } };
  let { context, crash } = await openProfile(profile, options);
  let { page } = await photosPage(context);
  await slow(page, 200_000);
  await page.locator("[data-files]").setInputFiles(file);
  await page.waitForFunction(() => document.querySelector(".upload progress")?.value > 0.5, undefined, { timeout: 60_000 });
  await crash();

  ({ context } = await openProfile(profile, options));
  ({ page } = await photosPage(context));
  const offsets = [];
  page.on("request", (request) => { if (request.method() === "PATCH") offsets.push(Number(request.headers()["upload-offset"])); });
  await page.locator("[data-files]").setInputFiles(file);
  await arrived(page, 1);
  assert.ok(offsets[0] > bytes.length * 0.3, `it began anew at ${offsets} of ${bytes.length}`);
  const [newest, ...others] = await inLibrary();
  assert.deepEqual([newest.file_name, newest.size_bytes, others.length], ["lang.jpg", bytes.length, before]);
  await context.close();
});

test("another file takes a photo's place over a broken line, and by the plain form without a script", { timeout: 180_000 }, async () => {
  const asset = await room.upload("alt.jpg", picture(800, 600, 70), { title: "Bleibt", alt_text: "Ein Kran" });
  const large = { name: "neu.jpg", mimeType: "image/jpeg", buffer: picture(3000, 2200, 71) };
  const context = await browser.newContext({ viewport: phone, locale: "de-DE" });
  const { page, errors } = await photosPage(context);
  await page.goto(`${room.base}/admin/photos/${asset.id}`);
  // Slow enough for the server to have put some of it away.
  await slow(page, 200_000);
  await page.locator(".replace summary").press("Enter");
  await page.locator("#replace-file").setInputFiles(large);
  assert.equal(await page.locator(".replace .upload").count(), 0, "nothing is sent before the button is pressed");
  await page.locator(".replace button:not([type=button])").press("Enter");
  await page.waitForFunction(() => document.querySelector(".replace .upload progress")?.value > 0.5, undefined, { timeout: 60_000 });
  assert.deepEqual(await barriers(page), [], "while it comes");
  assert.ok((await overflow(page)) <= 0, "it fits a phone");
  await room.kill();
  await page.locator(".replace .upload.is-waiting").waitFor();
  const offsets = [];
  page.on("request", (request) => { if (request.method() === "PATCH") offsets.push(Number(request.headers()["upload-offset"])); });
  await room.again();
  await page.waitForURL(/done=replaced/, { timeout: 90_000 });
  assert.match(await page.locator(".done").innerText(), /neue Datei ist da/);
  assert.ok(offsets[0] > 0, `it began anew: ${offsets}`);
  const now = await ready(asset.id, "neu.jpg");
  assert.deepEqual([now.title, now.size_bytes, now.width], ["Bleibt", large.buffer.length, 3000]);

  // The same file once more changes nothing, and says so.
  await page.locator(".replace summary").press("Enter");
  await page.locator("#replace-file").setInputFiles(large);
  await page.locator(".replace button:not([type=button])").press("Enter");
  await page.waitForURL(/done=same-file/, { timeout: 60_000 });
  // What is no picture stays out, in words, and the next file can be tried at once.
  await page.locator(".replace summary").press("Enter");
  await page.locator("#replace-file").setInputFiles({ name: "a.txt", mimeType: "text/plain", buffer: Buffer.from("Nur Worte.") });
  await page.locator(".replace button:not([type=button])").press("Enter");
  await page.locator(".replace .upload.is-refused").waitFor();
  assert.match(await page.locator(".replace .upload.is-refused").innerText(), /Nicht angenommen: \S/);
  assert.deepEqual(await barriers(page), [], "a refusal");
  assert.deepEqual(errors, []);
  const cookies = await context.cookies();
  await context.close();

  const plain = await browser.newContext({ javaScriptEnabled: false, locale: "de-DE" });
  await plain.addCookies(cookies);
  const form = await plain.newPage();
  await form.goto(`${room.base}/admin/photos/${asset.id}`);
  await form.locator(".replace summary").press("Enter");
  await form.locator("#replace-file").setInputFiles({ name: "schlicht.jpg", mimeType: "image/jpeg", buffer: picture(700, 500, 72) });
  await form.locator(".replace button").first().press("Enter");
  await form.waitForURL(/done=replaced/);
  assert.equal((await ready(asset.id, "schlicht.jpg")).width, 700);
  await plain.close();
});

test("a file that cannot be taken says why, and harms no other", { timeout: 120_000 }, async () => {
  const context = await browser.newContext({ viewport: { width: 1200, height: 900 }, locale: "de-DE" });
  const { page, errors } = await photosPage(context);
  await page.locator("[data-files]").setInputFiles([
    { name: "notiz.txt", mimeType: "text/plain", buffer: Buffer.from("Nur Worte, kein Bild.") },
    { name: "gut.jpg", mimeType: "image/jpeg", buffer: picture(800, 600, 60) },
    { name: "leer.jpg", mimeType: "image/jpeg", buffer: Buffer.alloc(0) },
  ]);
  await arrived(page, 1);
  await page.waitForFunction(() => document.querySelectorAll(".upload.is-refused").length === 2);
  // The count above the tiles is of those that are there now.
  const count = (await everything()).length;
  assert.equal(await page.locator("[data-total]").innerText(), count === 1 ? "1 Datei" : `${count} Dateien`);
  assert.equal((await inLibrary())[0].file_name, "gut.jpg");
  const refused = await page.locator(".upload.is-refused").allInnerTexts();
  assert.ok(refused.every((text) => /Nicht angenommen: \S/.test(text)), refused.join("\n"));
  assert.deepEqual(await barriers(page), []);
  // The session ends while something is on its way: signed in again elsewhere, it goes on.
  const cookies = await context.cookies();
  await context.clearCookies();
  await page.locator("[data-files]").setInputFiles({ name: "später.jpg", mimeType: "image/jpeg", buffer: picture(800, 600, 61) });
  await page.waitForFunction(() => document.querySelectorAll(".upload.is-refused").length === 3);
  await context.addCookies(cookies);
  await page.locator(".upload.is-refused").last().locator("button.quiet").click();
  await arrived(page, 2);
  assert.equal((await inLibrary())[0].file_name, "später.jpg");
  assert.deepEqual(errors, []);
  await context.close();
});

test("another file takes a photo's place", { timeout: 120_000 }, async () => {
  const asset = await room.upload("alt.jpg", picture(1000, 700, 70), { title: "Der Kran", alt_text: "Ein Kran" });
  const context = await browser.newContext({ viewport: phone, javaScriptEnabled: false, locale: "de-DE" });
  const { page } = await photosPage(context);
  await page.goto(`${room.base}/admin/photos/${asset.id}`);
  await page.locator("form.replace summary").press("Enter");
  assert.ok((await overflow(page)) <= 0, "it fits a phone");
  const replace = async (file) => {
    await page.locator("#replace-file").setInputFiles(file);
    await page.locator("form.replace button").press("Enter");
    await page.waitForLoadState();
  };
  await replace({ name: "a.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.4\n%%EOF\n") });
  assert.match(await page.locator("main").innerText(), /kann nur ein Bild treten/);
  await page.locator("form.replace summary").press("Enter");
  await replace({ name: "neu.jpg", mimeType: "image/jpeg", buffer: picture(900, 1200, 71) });
  assert.match(await page.locator(".done").innerText(), /Die neue Datei ist da/);
  for (let waited = 0; ; waited += 200) {
    const now = await room.call("GET", `/api/v1/assets/${asset.id}`);
    if (now.state === "ready" && now.width === 900) {
      assert.deepEqual([now.title, now.slug, now.original.url], ["Der Kran", asset.slug, asset.original.url]);
      break;
    }
    assert.ok(waited < 60_000, JSON.stringify(now));
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  await page.reload();
  assert.match(await page.locator(".facts").innerText(), /alt\.jpg/);
  await context.close();
});

test("forty photos dropped at once keep their order and their words", { timeout: 180_000 }, async () => {
  const before = (await everything()).length;
  const photo = numbered(320, 240);
  const files = Array.from({ length: 40 }, (_, index) => join(folder, `foto-${index}.jpg`));
  // Small files overtake large ones: every fourth is a hundred times as long.
  files.forEach((file, index) => writeFileSync(file, Buffer.concat([photo(index), Buffer.alloc(index % 4 ? 0 : 2_000_000)])));
  const context = await browser.newContext({ viewport: { width: 1200, height: 900 } });
  const { page, errors } = await photosPage(context);
  await drop(page, page.locator("[data-drop]").first(), files);
  await arrived(page, 40);
  const taken = await everything();
  assert.equal(taken.length, before + 40);
  for (const [index, asset] of taken.slice(0, 40).reverse().entries()) {
    const { title, caption, credit, size_bytes } = await ready(asset.id, `foto-${index}.jpg`);
    assert.deepEqual({ title, caption, credit }, photo.words(index));
    assert.equal(size_bytes, readFileSync(files[index]).length);
  }
  assert.deepEqual(errors, []);
  await context.close();
});
