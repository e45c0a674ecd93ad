// Sign-in by an identity provider that others wrote (the certified oidc-provider), on a phone, without our script too.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, test } from "node:test";
import { account, freeBase, load, look, phone, stage } from "./newsroom.mjs";

let server;
const name = "Messe-Konto";

const here = stage(async () => {
  const base = await freeBase();
  server = await new Promise((resolve) => {
    const listening = createServer().listen(0, "127.0.0.1", () => resolve(listening));
  });
  // Another site than ours, as it will be.
  const issuer = `http://localhost:${server.address().port}`;
  const { Provider } = await load("oidc-provider");
  const provider = new Provider(issuer, {
    clients: [{ client_id: "press", client_secret: "geheim+%:7", redirect_uris: [`${base}/admin/oidc/callback`] }],
    claims: { email: ["email", "email_verified"], profile: ["name"] },
    // Whoever calls themselves so; the provider asks for no right password.
    findAccount: (_, id) => ({
      accountId: id,
      claims: () => ({ sub: id, name: `${id} Muster`, email: `${id}@messe.example`, email_verified: true }),
    }),
    pkce: { methods: ["S256"], required: () => true },
    cookies: { keys: ["only for this test"] },
  });
  for (const fault of ["server_error", "authorization.error", "grant.error"]) {
    provider.on(fault, (_, error) => console.error(`the provider: ${error.error_description ?? error}`));
  }
  server.on("request", provider.callback());
  return {
    publicBase: base,
    settings: [`oidc_issuer = "${issuer}"`, 'oidc_client_id = "press"', 'oidc_client_secret = "geheim+%:7"',
      `oidc_name = "${name}"`, ""].join("\n"),
  };
}, ({ cli }) => cli(["account", "add", "--email", "ada@messe.example", "--name", "Ada Muster", "--role", "editor",
  "--password-stdin"], account.password));

after(() => {
  server?.closeAllConnections();
  server?.close();
});

/** A browser that asks nobody but the two of them. */
async function open(options) {
  const context = await here.browser.newContext({ viewport: phone, locale: "de-DE", ...options });
  await context.route((url) => !["127.0.0.1", "localhost"].includes(url.hostname), (route) => route.abort());
  return context.newPage();
}

const toProvider = (page) => page.getByRole("link", { name: `Mit ${name} anmelden` }).press("Enter");

/** What the provider asks: who it is, and whether the press room may know. */
async function answer(page, login) {
  await page.locator("input[name=login]").fill(login);
  await page.locator("input[name=password]").fill("egal");
  await page.locator("button[type=submit]").press("Enter");
  await page.getByRole("button", { name: "Continue" }).press("Enter");
}

test("by another's provider into the desk", { timeout: 120_000 }, async () => {
  for (const colorScheme of ["light", "dark"]) {
    const page = await open({ colorScheme });
    await page.goto(`${here.room.base}/admin/photos`);
    await look(page, `sign-in-${colorScheme}`);
    await toProvider(page);
    await page.getByRole("link", { name: "Cancel" }).click();
    await page.getByRole("alert").waitFor();
    assert.match(await page.getByRole("alert").textContent(), /abgebrochen/);
    await look(page, `cancelled-${colorScheme}`);
    await toProvider(page);
    await answer(page, "eve");
    await page.getByRole("alert").waitFor();
    assert.match(await page.getByRole("alert").textContent(), /Für eve@messe.example gibt es hier kein Konto/);
    await look(page, `unknown-${colorScheme}`);
    await page.context().close();
  }
  const page = await open({ javaScriptEnabled: false });
  await page.goto(`${here.room.base}/admin/photos?q=kran`);
  await toProvider(page);
  await answer(page, "ada");
  await page.waitForURL(`${here.room.base}/admin/photos?q=kran`);
  assert.match(await page.locator(".who-name").textContent(), /Ada Muster/);
  // Again, and the provider still knows her.
  await page.goto(`${here.room.base}/admin/account`);
  assert.equal(await page.locator(".sessions li").count(), 1);
  await page.locator(".who form button").press("Enter");
  await page.waitForURL("**/admin/sign-in?done=signed-out");
  await toProvider(page);
  await page.waitForURL(`${here.room.base}/admin`);
  const cookies = await page.context().cookies(here.room.base);
  assert.deepEqual(cookies.map((each) => each.name), ["pressroom_session"]);
  await page.context().close();
});
