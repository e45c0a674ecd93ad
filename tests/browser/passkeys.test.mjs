// A passkey from the first to the last day, with an authenticator that Chromium plays; on a phone, light and dark.
import assert from "node:assert/strict";
import { test } from "node:test";
import { account, freeBase, look, phone, signIn, stage } from "./newsroom.mjs";

// Keys belong to a name, so the server has to know its address beforehand.
const here = stage(async () => ({ publicBase: await freeBase("localhost") }));

for (const colorScheme of ["light", "dark"]) {
  test(`made, used, removed (${colorScheme})`, { timeout: 120_000 }, async () => {
    const who = { ...account, email: `ada-${colorScheme}@messe.example` };
    here.room.cli(["account", "add", "--email", who.email, "--name", "Ada Muster", "--role", "author", "--password-stdin"],
      who.password);
    const open = { viewport: phone, colorScheme, locale: "de-DE" };
    const context = await here.browser.newContext(open);
    const page = await context.newPage();
    const broken = [];
    const device = await context.newCDPSession(page);
    await device.send("WebAuthn.enable");
    const { authenticatorId } = await device.send("WebAuthn.addVirtualAuthenticator", {
      options: {
        protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });
    const keys = async () => (await device.send("WebAuthn.getCredentials", { authenticatorId })).credentials;

    await signIn(page, here.room.base, broken, who);
    await page.goto(`${here.room.base}/admin/account`);
    await look(page, "account");
    await page.getByRole("link", { name: /Einrichten.*Passkeys/ }).press("Enter");
    await page.waitForURL("**/admin/account/passkeys");
    await look(page, "none-yet");
    const make = page.getByRole("button", { name: "Passkey anlegen" });
    assert.match(await page.locator("#name").inputValue(), /Chrome, Linux/);
    await page.locator("#name").fill("Mein Telefon");
    await page.locator("#current").fill("falsch");
    await make.press("Enter");
    await page.getByText("Das bisherige Passwort stimmt nicht.").waitFor();
    assert.equal((await keys()).length, 0, "the password comes first");
    await page.locator("#current").fill(who.password);
    await make.press("Enter");
    await page.getByText("Der Passkey ist angelegt.").waitFor();
    const [key] = await keys();
    assert.deepEqual([key.rpId, key.isResidentCredential, key.userName], ["localhost", true, who.email]);
    await look(page, "added");
    // The same device is not asked twice.
    await page.locator("#current").fill(who.password);
    await make.press("Enter");
    await page.getByText("gibt es schon einen Passkey").waitFor();
    await look(page, "known");

    await page.goto(`${here.room.base}/admin`);
    await page.getByRole("button", { name: "Abmelden" }).press("Enter");
    await page.waitForURL("**/admin/sign-in?*");
    const enter = page.getByRole("button", { name: "Mit Passkey anmelden" });
    await enter.waitFor();
    await look(page, "sign-in");
    await device.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified: false });
    await enter.press("Enter");
    await page.getByText("abgebrochen oder hat zu lange gedauert").waitFor();
    await look(page, "cancelled");
    await device.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified: true });
    await page.goto(`${here.room.base}/admin/photos`);
    const sent = page.waitForRequest((request) => request.url().endsWith("/admin/sign-in/passkey"));
    await enter.press("Enter");
    await page.waitForURL(`${here.room.base}/admin/photos`);
    assert.match(await page.locator(".who-name").textContent(), /Ada Muster/);

    // Whoever has overheard it gets nowhere, and neither does a page under another name.
    const body = (await sent).postData();
    const thief = await (await here.browser.newContext(open)).newPage();
    await thief.goto(`${here.room.base}/admin/sign-in`);
    const replayed = await thief.evaluate(async (body) => {
      const answer = await fetch("/admin/sign-in/passkey", {
        method: "POST", body, headers: { "content-type": "application/x-www-form-urlencoded" }, redirect: "manual",
      });
      return answer.status;
    }, body);
    assert.equal(replayed, 422);
    assert.deepEqual(await thief.context().cookies(), []);
    const elsewhere = here.room.base.replace("localhost", "127.0.0.1");
    await thief.goto(`${elsewhere}/admin/sign-in`);
    assert.equal(await thief.getByRole("button", { name: "Mit Passkey anmelden" }).count(), 0);
    await signIn(thief, elsewhere, broken, who);
    await thief.goto(`${elsewhere}/admin/account/passkeys`);
    await thief.getByText("gelten nur unter der öffentlichen Adresse").waitFor();
    await look(thief, "elsewhere");
    await thief.context().close();
    const plain = await (await here.browser.newContext({ ...open, javaScriptEnabled: false })).newPage();
    await plain.goto(`${here.room.base}/admin/sign-in`);
    assert.equal(await plain.getByRole("button").count(), 1, "nothing is offered that cannot work");
    await plain.context().close();

    await page.goto(`${here.room.base}/admin/account/passkeys`);
    await page.locator("ul.passkeys summary").press("Enter");
    await look(page, "remove");
    await page.locator("ul.passkeys input[type=password]").fill(who.password);
    await page.locator("ul.passkeys button").press("Enter");
    await page.getByText("Der Passkey ist entfernt.").waitFor();
    await context.clearCookies();
    await page.goto(`${here.room.base}/admin/sign-in`);
    await enter.press("Enter");
    await page.getByText("Dieser Passkey wurde nicht angenommen").waitFor();
    await look(page, "refused");
    assert.deepEqual((await context.cookies()).filter((each) => each.name.includes("session")), []);
    assert.deepEqual(broken, []);
    await context.close();
  });
}
