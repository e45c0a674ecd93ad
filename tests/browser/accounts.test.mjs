// How people get in: a link sets a password, a code is the second step; on a phone, light and dark, no script needed.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { account, look, phone, stage } from "./newsroom.mjs";

const here = stage();

async function signIn(page, email) {
  await page.goto(`${here.room.base}/admin/sign-in`);
  await page.locator("#email").fill(email);
  await page.locator("#password").fill(account.password);
  await page.locator("form:has(#password) button").press("Enter");
  await page.waitForLoadState();
}

for (const colorScheme of ["light", "dark"]) {
  test(`invited, in, and in again with a code (${colorScheme})`, { timeout: 120_000 }, async () => {
    const chief = `leitung-${colorScheme}@messe.example`, email = `ada-${colorScheme}@messe.example`;
    here.room.cli(["account", "add", "--email", chief, "--name", "Lea Leitung", "--role", "admin", "--password-stdin"],
      account.password);
    const open = { viewport: phone, colorScheme, locale: "de-DE" };
    const admin = await (await here.browser.newContext(open)).newPage();
    await signIn(admin, chief);
    await admin.goto(`${here.room.base}/admin/accounts`);
    await admin.locator("#name").fill("Ada Muster");
    await admin.locator("#email").fill(email);
    await admin.getByRole("button", { name: "Einladen", exact: true }).press("Enter");
    // The server took a free port; its public address does not know which.
    const link = here.room.base + new URL(await admin.locator("#fresh-link").textContent()).pathname;
    assert.ok(await admin.locator("[data-copy=fresh-link]").isVisible());
    await look(admin, "accounts");

    const page = await (await here.browser.newContext(open)).newPage();
    await page.goto(link);
    await look(page, "welcome");
    await page.locator("#password").fill(account.password);
    await page.locator("#repeat").fill(account.password);
    await page.locator("form button").press("Enter");
    await page.getByRole("status").waitFor();
    await look(page, "sign-in");
    await page.getByRole("link", { name: "Passwort vergessen?" }).press("Enter");
    await page.waitForURL("**/admin/forgotten");
    await look(page, "forgotten");
    await page.goto(link);
    await look(page, "link-ended");

    await signIn(page, email);
    await page.goto(`${here.room.base}/admin/account`);
    await look(page, "account");
    await page.goto(`${here.room.base}/admin/account/second-factor`);
    await look(page, "factor");
    await page.locator("#current").fill(account.password);
    await page.locator("form:has(#current) button").first().press("Enter");
    const secret = (await page.locator("#factor-secret").textContent()).replaceAll(" ", "");
    const code = (when) => execFileSync("oathtool", ["--totp", "-b", "-N", when, secret], { encoding: "utf8" }).trim();
    const box = await page.locator("svg.qr").boundingBox();
    assert.ok(box.width > 180 && Math.abs(box.width - box.height) < 2, "large enough for a camera");
    await look(page, "factor-setup");
    await page.locator("#code").fill(code("now"));
    await page.locator("form:has(#code) button").press("Enter");
    assert.equal(await page.locator(".codes li").count(), 10);
    await look(page, "factor-codes");

    const second = await (await here.browser.newContext({ ...open, javaScriptEnabled: false })).newPage();
    await signIn(second, email);
    assert.equal(await second.locator("#code").getAttribute("autocomplete"), "one-time-code");
    await second.locator("#code").fill("000000");
    await second.locator("form:has(#code) button").press("Enter");
    await second.getByRole("alert").waitFor();
    await second.locator("#code").fill(code("now + 30 seconds"));
    await second.locator("form:has(#code) button").press("Enter");
    await second.waitForURL(`${here.room.base}/admin`);
    assert.match(await second.locator(".who-name").textContent(), /Ada Muster/);
    await admin.goto(`${here.room.base}/admin/accounts`);
    await look(admin, "accounts-after");
    for (const each of [admin, page, second]) await each.context().close();
  });
}
