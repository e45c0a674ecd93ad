// A newsroom for the browser: the built binary on a folder of its own, filled through the API.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import {
  closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, readdirSync, rmSync, writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { basename, join } from "node:path";
import { after, before } from "node:test";
import { pathToFileURL } from "node:url";

const need = (name) => {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: start the browser tests with tests/run`);
  return value;
};

const tools = createRequire(join(need("PRESSROOM_TEST_TOOLS"), "node", "package.json"));
const { chromium } = tools("playwright-core");
const { AxeBuilder } = tools("@axe-core/playwright");
const binary = need("PRESSROOM_TEST_BINARY");

export const phone = { width: 390, height: 844 };
export const account = { email: "redaktion@messe.example", password: "Wohlfeil-Kranich-27" };

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** A picture that ImageMagick paints, as bytes. */
export function picture(width, height, seed) {
  const size = ["-seed", String(seed), "-size", `${width}x${height}`, "plasma:fractal", "-quality", "90", "jpeg:-"];
  const made = spawnSync("convert", size, { maxBuffer: 1 << 28 });
  if (made.status !== 0) throw new Error(`convert: ${made.stderr}`);
  return made.stdout;
}

/**
 * One picture as many photos: of a number is made a JPEG whose title, caption and credit tell of it. `words` are what
 * the library is to say of it.
 */
export function numbered(width, height) {
  const folder = mkdtempSync(join(need("PRESSROOM_TEST_TMP"), "n"));
  const file = join(folder, "9999.jpg");
  writeFileSync(file, picture(width, height, 7));
  const tags = ["-XMP-dc:Title=Bild 9999", "-IPTC:ObjectName=Bild 9999", "-XMP-dc:Description=Der Kran, Bild 9999",
    "-XMP-photoshop:Credit=Messe 9999"];
  const made = spawnSync("exiftool", ["-q", "-overwrite_original", ...tags, file], { encoding: "utf8" });
  if (made.status !== 0) throw new Error(`exiftool: ${made.stderr}`);
  const bytes = readFileSync(file, "latin1");
  rmSync(folder, { recursive: true });
  const digits = (number) => String(number).padStart(4, "0");
  const photo = (number) => Buffer.from(bytes.replaceAll(/(Bild|Messe) 9999/g, `$1 ${digits(number)}`), "latin1");
  photo.words = (number) => ({
    title: `Bild ${digits(number)}`, caption: `Der Kran, Bild ${digits(number)}`, credit: `Messe ${digits(number)}`,
  });
  return photo;
}

/** A package of the tests' own tools that has no form for `require`. */
export const load = (name) => import(pathToFileURL(tools.resolve(name)));

export const engines = ["SQLite", "PostgreSQL"];

/** Where the server keeps what it has: nothing said is SQLite and a folder. */
function storage(engine, name) {
  if (engine !== "PostgreSQL") return {};
  const url = new URL(need("PRESSROOM_TEST_POSTGRES_URL"));
  const made = spawnSync("psql", [url.href, "-qc", `CREATE DATABASE "${name}"`], { encoding: "utf8" });
  if (made.status !== 0) throw new Error(`psql: ${made.stderr}`);
  url.pathname = name;
  const bucket = Object.entries(process.env).filter(([variable]) => variable.startsWith("AWS_"));
  return {
    ...Object.fromEntries(bucket),
    PRESSROOM_DATABASE_URL: url.href,
    PRESSROOM_BLOB_URL: `s3://${need("PRESSROOM_TEST_S3_BUCKET")}/${name}`,
  };
}

/** An address under this name, whose port nobody else takes in the moment until it is used. */
export async function freeBase(name = "127.0.0.1") {
  const free = await new Promise((resolve) => {
    const listening = createServer().listen(0, "127.0.0.1", () => resolve(listening));
  });
  const { port } = free.address();
  await new Promise((resolve) => free.close(resolve));
  return `http://${name}:${port}`;
}

/**
 * Starts a server on an empty newsroom with one account, or with `isBare` none; `stop()` takes all of it away.
 * `settings` is a TOML file; with `publicBase` the server knows its address beforehand.
 */
export async function startNewsroom({ engine = "SQLite", isBare = false, publicBase, settings } = {}) {
  if (publicBase) settings = `public_url = "${publicBase}"\n${settings ?? ""}`;
  const folder = mkdtempSync(join(need("PRESSROOM_TEST_TMP"), "b"));
  const data = join(folder, "data");
  mkdirSync(data);
  if (settings) writeFileSync(join(data, "pressroom.toml"), settings);
  const env = { PATH: process.env.PATH, HOME: folder, ...storage(engine, basename(folder).toLowerCase()) };
  const cli = (args, input) => {
    const ran = spawnSync(binary, [...args, "--data", data], { env, input: input ?? "", encoding: "utf8" });
    if (ran.status !== 0) throw new Error(`pressroom ${args.join(" ")}: ${ran.stderr}`);
    return ran.stdout.trim();
  };
  const token = cli(["token", "create", "--name", "browser", "--role", "admin"]);
  if (!isBare) {
    cli(["account", "add", "--email", account.email, "--name", "Rita Redaktion", "--role", "editor", "--password-stdin"],
      account.password);
  }

  let server, base;
  const start = async (listen) => {
    rmSync(join(data, "serve.addr"), { force: true });
    const log = openSync(join(folder, "log"), "a");
    server = spawn(binary, ["serve", "--listen", listen, "--data", data], { env, stdio: ["ignore", log, log] });
    closeSync(log);
    for (let waited = 0; ; waited += 50) {
      if (existsSync(join(data, "serve.addr"))) base = `http://${readFileSync(join(data, "serve.addr"), "utf8").trim()}`;
      if (base && (await fetch(`${base}/readyz`).then((answer) => answer.ok, () => false))) break;
      if (waited > 60000 || server.exitCode !== null) {
        const said = readFileSync(join(folder, "log"), "utf8");
        if (server.exitCode === null) await stop();
        throw new Error(`The server did not start:\n${said}`);
      }
      await sleep(50);
    }
  };
  const kill = async () => {
    const ended = new Promise((resolve) => server.once("exit", resolve));
    server.kill("SIGKILL");
    await ended;
  };
  const stop = async () => {
    await kill();
    rmSync(folder, { recursive: true, force: true });
  };
  await start(`127.0.0.1:${publicBase ? new URL(publicBase).port : 0}`);
  /** Starts the server again where it was. */
  const again = () => start(new URL(base).host);

  const call = async (method, path, body) => {
    const answer = await fetch(base + path, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body ? { "content-type": "application/json" } : {}) },
      body: body && JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer.status === 204 ? null : answer.json();
  };
  const upload = async (name, bytes, metadata) => {
    const form = new FormData();
    form.append("file", new Blob([bytes], { type: "image/jpeg" }), name);
    form.append("metadata", new Blob([JSON.stringify(metadata)], { type: "application/json" }));
    const headers = { authorization: `Bearer ${token}` };
    const answer = await fetch(`${base}/api/v1/assets`, { method: "POST", headers, body: form });
    if (answer.status !== 201) throw new Error(`upload: ${answer.status} ${await answer.text()}`);
    const { id } = await answer.json();
    for (let waited = 0; waited < 60000; waited += 100) {
      const asset = await call("GET", `/api/v1/assets/${id}`);
      if (asset.state === "ready") return asset;
      if (asset.state === "failed") throw new Error(JSON.stringify(asset.error));
      await sleep(100);
    }
    throw new Error("The renditions did not get ready");
  };
  return { base: publicBase ?? base, cli, call, upload, kill, again, stop, pid: () => server.pid };
}

/** A newsroom and a browser for all tests of a file; `options` are those of the newsroom, `prepare` gets it when it runs. */
export function stage(options = () => ({}), prepare = () => {}) {
  const here = {};
  before(async () => {
    here.room = await startNewsroom(await options());
    await prepare(here.room);
    here.browser = await openBrowser();
  }, { timeout: 120_000 });
  after(async () => {
    await here.browser?.close();
    await here.room?.stop();
  });
  return here;
}

const quiet = {
  executablePath: "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"],
};

/** Chromium with a page of the given size; the browser fetches nothing but what the test asks for. */
export async function openBrowser() {
  return chromium.launch(quiet);
}

/** Chromium with a profile on disk, which outlives a crash; `crash()` is one. */
export async function openProfile(folder, options) {
  const context = await chromium.launchPersistentContext(folder, { ...quiet, ...options });
  const crash = async () => {
    const ended = new Promise((resolve) => context.once("close", resolve));
    for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
      let command = "";
      try { command = readFileSync(`/proc/${pid}/cmdline`, "utf8"); } catch { /* it has ended */ }
      if (command.includes(`--user-data-dir=${folder}`) && !command.includes("--type=")) process.kill(Number(pid), "SIGKILL");
    }
    await ended;
  };
  return { context, crash };
}

/** Signs in at the desk; `broken` takes the scripts that do not run. */
export async function signIn(page, base, broken, who = account) {
  // A script that does not run takes everything with it that it would have done.
  page.on("pageerror", (error) => broken.push(`${page.url()}: ${error}`));
  await page.goto(`${base}/admin`);
  await page.locator("input[type=email], input[name=email]").first().fill(who.email);
  await page.locator("input[type=password]").first().fill(who.password);
  await page.locator("form:has(input[type=password]) button").first().press("Enter");
  await page.waitForLoadState();
  if (await page.locator("input[type=password]").count()) throw new Error("not signed in");
}

/** Lets go of files over a place that takes them, as a file manager does. */
export async function drop(page, place, files) {
  const session = await page.context().newCDPSession(page);
  await place.scrollIntoViewIfNeeded();
  const box = await place.boundingBox();
  const at = { x: box.x + box.width / 2, y: box.y + Math.min(box.height / 2, 40) };
  const data = { items: [], files, dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"]) await session.send("Input.dispatchDragEvent", { type, ...at, data });
}

/** What axe finds wrong with the page, in words; an empty list is what one wants. */
export async function barriers(page) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.map((each) => `${each.id}: ${each.help} (${each.nodes.map((node) => node.target).join("; ")})`);
}

const shots = process.env.PRESSROOM_TEST_SHOTS;
let shot = 0;

/** Nothing is in anybody's way on this page. */
export async function look(page, what) {
  if (shots) await page.screenshot({ path: `${shots}/${++shot}-${what}.png`, fullPage: true });
  assert.ok((await overflow(page)) <= 0, `${what} fits`);
  assert.deepEqual(await barriers(page), [], what);
}

/** How many pixels of the page lie beyond the right edge of the screen. */
export function overflow(page) {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

/** What reaches beyond the right edge of the screen, in words; an empty list is what one wants. */
export async function tooWide(page) {
  const beyond = await overflow(page);
  if (beyond <= 0) return [];
  const who = await page.evaluate(() => {
    // What a box scrolls or cuts off is not in the way, unless it is placed by something outside of the box.
    const isHeld = (element) => {
      const placed = ["absolute", "fixed"].includes(getComputedStyle(element).position) && element.offsetParent;
      for (let box = placed || element.parentElement; box && box !== document.body; box = box.parentElement) {
        if (getComputedStyle(box).overflowX !== "visible") return true;
      }
      return false;
    };
    return [...document.querySelectorAll("body *")]
      .filter((element) => element.getBoundingClientRect().right > document.documentElement.clientWidth + 1 && !isHeld(element))
      .map((element) => `${element.tagName.toLowerCase()}.${element.getAttribute("class") ?? element.id}`).slice(0, 8);
  });
  return [`${beyond} pixels too wide: ${who.join(", ")}`];
}
