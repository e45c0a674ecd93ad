// Passkeys: made on the page of one's account, asked for at the sign-in. Without this file, and in browsers that know none,
// the forms for them stay hidden.
"use strict";

(() => {
  const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const show = (name) => { for (const part of document.querySelectorAll(`[${name}]`)) part.hidden = false; };

  // What stands as text in JSON are bytes for the browser, and the other way round.
  async function create(options) {
    options.challenge = bytes(options.challenge);
    options.user.id = bytes(options.user.id);
    for (const known of options.excludeCredentials ?? []) known.id = bytes(known.id);
    const made = await navigator.credentials.create({ publicKey: options });
    const { response } = made;
    return {
      ...named(made),
      response: {
        clientDataJSON: text(response.clientDataJSON),
        authenticatorData: text(response.getAuthenticatorData()),
        publicKey: text(response.getPublicKey()),
        publicKeyAlgorithm: response.getPublicKeyAlgorithm(),
      },
    };
  }

  async function get(options) {
    options.challenge = bytes(options.challenge);
    const found = await navigator.credentials.get({ publicKey: options });
    const { response } = found;
    return {
      ...named(found),
      response: {
        authenticatorData: text(response.authenticatorData),
        clientDataJSON: text(response.clientDataJSON),
        signature: text(response.signature),
        userHandle: response.userHandle && text(response.userHandle),
      },
    };
  }

  const named = (key) => ({ id: key.id, rawId: text(key.rawId), type: key.type });

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    if (location.origin !== form.dataset.origin) {
      show("data-passkey-elsewhere");
      continue;
    }
    if (!window.PublicKeyCredential) {
      show("data-passkey-unknown");
      continue;
    }
    form.hidden = false;
    // Whoever comes back to the page begins anew.
    addEventListener("pageshow", () => {
      form.elements.answer.value = "";
      if (form.elements.current) form.elements.current.disabled = false;
    });
    const error = form.querySelector("[data-passkey-error]");
    const button = form.querySelector("button");
    const say = (words) => {
      error.textContent = words;
      error.hidden = !words;
    };
    const why = (failure) => {
      if (failure.name === "NotAllowedError" || failure.name === "AbortError") return form.dataset.textCancelled;
      return failure.name === "InvalidStateError" ? form.dataset.textKnown : form.dataset.textFailed;
    };
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (button.disabled) return;
      say("");
      button.disabled = true;
      try {
        const asked = await fetch(form.dataset.challenge, {
          method: "POST",
          headers: { accept: "application/json" },
          body: new URLSearchParams({ current: form.elements.current?.value ?? "" }),
        });
        const told = await asked.json();
        if (!asked.ok) {
          say(told.message ?? form.dataset.textFailed);
          form.elements.current?.focus();
          return;
        }
        const answer = await (form.dataset.passkey === "create" ? create : get)(told);
        form.elements.answer.value = JSON.stringify(answer);
        // The password has been shown already.
        if (form.elements.current) form.elements.current.disabled = true;
        form.submit();
      } catch (failure) {
        say(why(failure));
      } finally {
        button.disabled = false;
      }
    });
  }
})();
