// What cut pictures show: the frame on the photo, drawn with the mouse, with a finger or by numbers; and on public pages,
// which are cut by the style sheet, the centre that was set.
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { look, phone, picture, signIn, stage } from "./newsroom.mjs";

const here = stage();
const broken = [];
afterEach(() => assert.deepEqual(broken.splice(0), [], "scripts that do not run"));

const shape = 1200 / 630;
let seed = 900;

async function photo(width = 3000, height = 2000, words = {}) {
  seed += 1;
  return here.room.upload(`bild-${seed}.jpg`, picture(width, height, seed), { alt_text: "Farben", title: `Bild ${seed}`, ...words });
}

const asset = async (id) => {
  for (;;) {
    const now = await here.room.call("GET", `/api/v1/assets/${id}`);
    if (now.state === "ready") return now;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
};

async function openPhoto(id, options) {
  const context = await here.browser.newContext({ locale: "de-DE", ...options });
  const page = await context.newPage();
  await signIn(page, here.room.base, broken);
  await page.goto(`${here.room.base}/admin/photos/${id}`);
  return page;
}

const fields = (page) => page.evaluate(() => Object.fromEntries(
  [...document.querySelectorAll("[data-crop=social] [data-part]")].map((each) => [each.dataset.part, Number(each.value)]),
));

/** Where the frame is, in percent of the picture, and as what shape one sees it. */
const frame = (page) => page.evaluate(() => {
  const [whole, part] = ["[data-focus-point]", ".crop-frame"].map((one) => document.querySelector(one).getBoundingClientRect());
  return {
    x: (part.left - whole.left) / whole.width * 100, y: (part.top - whole.top) / whole.height * 100,
    width: part.width / whole.width * 100, height: part.height / whole.height * 100, shape: part.width / part.height,
  };
});

const near = (left, right, by = 0.6) => Math.abs(left - right) <= by;

async function save(page) {
  await page.locator("button.main").first().press("Enter");
  await page.waitForURL(/done=saved/);
}

for (const colorScheme of ["light", "dark"]) {
  for (const viewport of [phone, { width: 1440, height: 900 }]) {
    const how = `${viewport.width} ${colorScheme}`;
    test(`a frame is drawn with the mouse (${how})`, { timeout: 120_000 }, async () => {
      const { id } = await photo();
      const page = await openPhoto(id, { viewport, colorScheme });
      await look(page, `follows-${how}`);
      let seen = await frame(page);
      assert.ok(near(seen.width, 100) && near(seen.shape, shape, 0.02), JSON.stringify(seen));
      await page.getByRole("radio", { name: "Selbst gewählt" }).check();
      assert.deepEqual(Object.values(await fields(page)).map(Math.round), [0, 11, 100, 79], "it begins with what is shown");

      // A corner makes it smaller, and its shape stays.
      await page.locator(".stage").scrollIntoViewIfNeeded();
      const stage = await page.locator("[data-focus-point]").boundingBox();
      const at = (x, y) => [stage.x + stage.width * x, stage.y + stage.height * y];
      const corner = await page.locator(".crop-corner.right-bottom").boundingBox();
      await page.mouse.move(corner.x + corner.width - 2, corner.y + corner.height - 2);
      await page.mouse.down();
      await page.mouse.move(...at(0.8, 0.8), { steps: 4 });
      await page.mouse.move(...at(0.5, 0.5), { steps: 4 });
      await page.mouse.up();
      seen = await frame(page);
      assert.ok(near(seen.x, 0) && near(seen.width, 50, 1.5) && near(seen.shape, shape, 0.03), JSON.stringify(seen));
      // The middle moves it, never out of the picture.
      await page.mouse.move(...at(0.25, 0.3));
      await page.mouse.down();
      await page.mouse.move(...at(0.4, 0.6), { steps: 4 });
      await page.mouse.up();
      const moved = await frame(page);
      assert.ok(near(moved.x - seen.x, 15, 1) && near(moved.y - seen.y, 30, 1) && near(moved.width, seen.width), JSON.stringify(moved));
      await look(page, `own-${how}`);
      // A drag is no click: the centre is where it was. A click is one, inside the frame too.
      assert.equal(await page.locator("[data-focus-x]").inputValue(), "50");
      await page.mouse.click(...at(0.3, 0.6));
      assert.ok(near(Number(await page.locator("[data-focus-x]").inputValue()), 30, 1));
      await page.mouse.move(...at(0.4, 0.7));
      await page.mouse.down();
      await page.mouse.move(...at(1, 1), { steps: 4 });
      await page.mouse.up();
      const said = await fields(page);
      assert.ok(near(said.x + said.width, 100, 0.11) && near(said.y + said.height, 100, 0.11), JSON.stringify(said));
      await save(page);
      const stored = (await asset(id)).crops.social;
      for (const part of Object.keys(said)) assert.ok(near(stored[part] * 100, said[part], 0.051), `${part}: ${JSON.stringify(stored)}`);
      const again = await frame(page);
      assert.ok(near(again.x, said.x) && near(again.width, said.width), "the saved page shows the same frame");
      await page.context().close();
    });
  }
}

test("with a finger", { timeout: 120_000 }, async () => {
  const { id } = await photo();
  const page = await openPhoto(id, { viewport: phone, hasTouch: true, isMobile: true });
  await page.getByRole("radio", { name: "Selbst gewählt" }).check();
  const [before, stage] = [await fields(page), await page.locator("[data-focus-point]").boundingBox()];
  await page.locator(".stage").scrollIntoViewIfNeeded();
  const box = await page.locator(".crop-corner.left-top").boundingBox();
  const touch = await page.context().newCDPSession(page);
  const put = (type, x, y) => touch.send("Input.dispatchTouchEvent", { type, touchPoints: type === "touchEnd" ? [] : [{ x, y }] });
  await put("touchStart", box.x + 4, box.y + 4);
  for (let step = 1; step <= 5; step += 1) await put("touchMove", box.x + 4 + stage.width * 0.06 * step, box.y + 4 + stage.height * 0.06 * step);
  await put("touchEnd");
  const after = await fields(page);
  assert.ok(after.width < before.width - 15 && near(after.x + after.width, 100, 0.2), JSON.stringify([before, after]));
  assert.ok(near(after.y + after.height, before.y + before.height, 0.3), "the opposite corner stays");
  await page.context().close();
});

test("by numbers alone, and back to the centre", { timeout: 120_000 }, async () => {
  const { id } = await photo();
  const page = await openPhoto(id, { viewport: { width: 1440, height: 900 } });
  const part = (name) => page.locator(`[data-part=${name}]`);
  for (const [name, value] of [["x", "40"], ["y", "20"], ["width", "50"], ["height", "10"]]) {
    await part(name).fill(value);
  }
  assert.ok(await page.getByRole("radio", { name: "Selbst gewählt" }).isChecked(), "who writes a number chooses");
  const seen = await frame(page);
  assert.ok(near(seen.width, 50) && near(seen.shape, shape, 0.02), "the frame has the shape of the cut");
  await part("x").press("ArrowUp");
  assert.equal(await part("x").inputValue(), "40.1");
  await save(page);
  assert.deepEqual((await asset(id)).crops.social, { x: 0.401, y: 0.2, width: 0.5, height: 0.1 });
  await page.getByRole("radio", { name: "Folgt der Bildmitte" }).check();
  await save(page);
  assert.deepEqual((await asset(id)).crops, {});
  // A frame that a form without script would send, and that leads out of the picture.
  await part("x").fill("90");
  await page.locator("button.main").first().press("Enter");
  await page.locator("#crops .error").waitFor();
  await look(page, "refused");
  assert.equal(await part("x").inputValue(), "90");
  await page.context().close();
});

test("pages cut a photo around its centre", { timeout: 120_000 }, async () => {
  const shown = await photo(3000, 1200, { focal_point: { x: 0.1, y: 0.9 } });
  const portrait = await photo(1200, 1800, { focal_point: { x: 0.3, y: 0.2 } });
  const contact = await here.room.call("POST", "/api/v1/contacts", { name: "Ada Muster", email: "ada@messe.example", portrait: portrait.id });
  let address;
  for (const headline of ["Die Brücke steht", "Die Brücke ist offen"]) {
    const release = await here.room.call("POST", "/api/v1/releases", {
      language: "de", headline, body: "Ein Absatz über die Brücke.", assets: [shown.id], contacts: [contact.id],
    });
    await here.room.call("POST", `/api/v1/releases/${release.id}/publish`);
    address = release.url;
  }
  const album = await here.room.call("POST", "/api/v1/albums", { title: "Brücken", assets: [shown.id], state: "published" });
  const centres = { [shown.slug]: "10% 90%", [portrait.slug]: "30% 20%" };
  const context = await here.browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  let cut = 0;
  for (const path of ["/", "/releases", address, "/photos", "/contacts", contact.url, album.url, "/search?q=Brücke"]) {
    await page.goto(here.room.base + path);
    const pictures = await page.evaluate(() => [...document.querySelectorAll(".pic img")].map((img) => ({
      src: img.getAttribute("src"), fit: getComputedStyle(img).objectFit, place: getComputedStyle(img).objectPosition,
    })));
    for (const { src, fit, place } of pictures.filter((each) => each.fit === "cover")) {
      cut += 1;
      assert.equal(place, centres[src.split("/")[2]], `${path}: ${src} ${fit}`);
    }
  }
  assert.ok(cut >= 8, `${cut} pictures were looked at`);
  await context.close();
});
