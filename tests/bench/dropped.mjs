// Two hundred photos of 12 MB dropped at the desk at once, in Chromium, on both engines.
//
//     tests/run with node tests/bench/dropped.mjs [COUNT] [MEGABYTES] [SQLite|PostgreSQL]
//
// The photos are one picture with another title and other noise in each file. Prints how long they take to arrive and
// to be ready, the longest time in which the page could not answer, and the server's peak memory; ends with an error
// unless all came, in the order in which they were dropped, byte for byte and with their own words. Takes
// PRESSROOM_BENCH_BINARY, else target/release/pressroom, else the tests' own build. Needs COUNT times MEGABYTES of
// room three times over.
import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";

const [count = 200, megabytes = 12] = process.argv.slice(2, 4).map(Number);
const only = process.argv[4];
const release = join(process.env.CARGO_TARGET_DIR ?? "target", "release/pressroom");
const given = process.env.PRESSROOM_BENCH_BINARY ?? (existsSync(release) ? release : null);
if (given) process.env.PRESSROOM_TEST_BINARY = given;
const { drop, engines, numbered, openBrowser, signIn, startNewsroom } = await import("../browser/newsroom.mjs");

const wall = () => performance.now() / 1000;
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** The same picture as another file of the given size: noise in segments that every reader skips. */
function padded(whole) {
  const segments = [];
  for (let left = megabytes * 1e6 - whole.length; left > 4;) {
    const length = Math.min(left, 65_537) - 4;
    segments.push(Buffer.from([0xff, 0xef, (length + 2) >> 8, (length + 2) & 0xff]), randomBytes(length));
    left -= length + 4;
  }
  return Buffer.concat([whole.subarray(0, 2), ...segments, whole.subarray(2)]);
}

async function everything(room) {
  const all = [];
  for (let next = ""; next !== null;) {
    const some = await room.call("GET", `/api/v1/assets?page=${next}`);
    all.push(...some.items);
    next = some.next ?? null;
  }
  return all.reverse();
}

async function measure(engine, files, sums) {
  const room = await startNewsroom({ engine });
  const browser = await openBrowser();
  try {
    const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
    const broken = [];
    await signIn(page, room.base, broken);
    await page.goto(`${room.base}/admin/photos`);
    await page.evaluate(() => {
      window.stalls = [];
      let last = performance.now();
      setInterval(() => {
        const now = performance.now();
        window.stalls.push(now - last - 10);
        last = now;
      }, 10);
    });
    const began = wall();
    await drop(page, page.locator("[data-drop]").first(), files);
    for (;;) {
      const [done, refused] = await page.evaluate(() => ["done", "refused"].map((how) => document.querySelectorAll(`.upload.is-${how}`).length));
      if (refused) throw new Error(await page.locator(".upload.is-refused").first().innerText());
      if (done === files.length) break;
      await sleep(250);
    }
    const arrived = wall() - began;
    const stalls = (await page.evaluate(() => window.stalls)).sort((a, b) => a - b);
    let assets;
    do {
      await sleep(500);
      assets = await everything(room);
    } while (assets.some((each) => each.state === "processing"));
    const ready = wall() - began;
    const peak = Number(readFileSync(`/proc/${room.pid()}/status`, "utf8").match(/VmHWM:\s+(\d+)/)[1]) / 1024;

    const wrong = [...broken];
    if (assets.length !== files.length) wrong.push(`${assets.length} came of ${files.length}`);
    assets.forEach((asset, index) => {
      const found = [asset.file_name, asset.sha256, asset.state, asset.title, asset.caption, asset.credit];
      const wanted = [basename(files[index]), sums[index], "ready", ...Object.values(photo.words(index))];
      if (found.join("|") !== wanted.join("|")) wrong.push(`${index}: ${found.join("|")}`);
    });
    const at = (share) => stalls[Math.min(Math.floor(stalls.length * share), stalls.length - 1)].toFixed(0);
    console.log(`${engine}: ${files.length} photos of ${megabytes} MB
  arrived after          ${arrived.toFixed(1)} s   (${(files.length * megabytes / arrived).toFixed(0)} MB/s)
  ready after            ${ready.toFixed(1)} s
  the page's longest stall  ${at(1)} ms, p99 ${at(0.99)} ms
  server's peak memory   ${peak.toFixed(0)} MiB
  in order, byte for byte, with their words: ${wrong.length ? `NO\n    ${wrong.slice(0, 5).join("\n    ")}` : "yes"}`);
    return wrong.length === 0;
  } finally {
    await browser.close();
    await room.stop();
  }
}

const photo = numbered(4000, 2667);
const folder = mkdtempSync(join(process.env.PRESSROOM_TEST_TMP, "d"));
try {
  const files = Array.from({ length: count }, (_, index) => join(folder, `foto-${index}.jpg`));
  const sums = files.map((file, index) => {
    const one = padded(photo(index));
    writeFileSync(file, one);
    return createHash("sha256").update(one).digest("hex");
  });
  for (const engine of engines.filter((each) => !only || each === only)) {
    if (!(await measure(engine, files, sums))) process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
