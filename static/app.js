// Everything on the site works without this file. It adds: copy buttons, a print button, arrow keys on photo pages.
"use strict";

(() => {
  const say = (button) => {
    const label = button.querySelector("span") || button;
    const before = button.dataset.before || label.textContent;
    button.dataset.before = before;
    button.classList.add("is-done");
    if (label !== button) label.textContent = button.dataset.done;
    button.setAttribute("aria-live", "polite");
    setTimeout(() => {
      button.classList.remove("is-done");
      if (label !== button) label.textContent = before;
    }, 2000);
  };

  const copy = async (button, text) => {
    await navigator.clipboard.writeText(text);
    say(button);
  };

  if (navigator.clipboard) {
    for (const button of document.querySelectorAll("[data-copy]")) {
      button.hidden = false;
      button.addEventListener("click", () => copy(button, button.dataset.copy));
    }
    for (const button of document.querySelectorAll("[data-copy-from]")) {
      button.hidden = false;
      button.addEventListener("click", async () => {
        const answer = await fetch(button.dataset.copyFrom);
        if (answer.ok) copy(button, await answer.text());
        else location.href = button.dataset.copyFrom;
      });
    }
    const text = document.querySelector("[data-copy-label]");
    for (const quote of text ? text.querySelectorAll("figure.quote") : []) {
      const words = [...quote.querySelectorAll("blockquote p, figcaption")].map((part) => part.textContent.trim());
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button button-quiet copy-quote";
      button.dataset.done = text.dataset.done;
      const label = document.createElement("span");
      label.textContent = text.dataset.copyLabel;
      button.append(label);
      button.addEventListener("click", () => copy(button, words.join("\n")));
      quote.append(button);
    }
  }

  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => print());
  }

  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.target.closest("input, textarea, select, [contenteditable], .strip-pics")) return;
    const link = document.querySelector(`[data-key="${event.key}"]`);
    if (link) link.click();
  });
})();
