// What the editor asks for: an address for a link, a photo of the media library with its words.
import { isTarget } from "./markdown.js";

const make = (tag, className, text) => {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text) element.textContent = text;
  return element;
};

let count = 0;

/** A labelled input. */
function field(label, value) {
  const box = make("p", "field");
  const name = make("label", "", label);
  const input = make("input");
  count += 1;
  input.id = name.htmlFor = `tool-${count}`;
  input.type = "text";
  input.autocomplete = "off";
  input.value = value;
  box.append(name, input);
  return { box, input };
}

/** Shows the parts in a dialog; answers with the value of the button that closed it. */
function ask(title, parts, buttons) {
  const dialog = make("dialog", "tool");
  const form = make("form");
  form.method = "dialog";
  const heading = make("h2", "", title);
  count += 1;
  heading.id = `tool-${count}`;
  dialog.setAttribute("aria-labelledby", heading.id);
  const tools = make("p", "tool-buttons");
  for (const [value, text, className] of buttons) {
    const button = make("button", className, text);
    button.value = value;
    if (value !== "ok") button.formNoValidate = true;
    tools.append(button);
  }
  form.append(heading, ...parts, tools);
  dialog.append(form);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue);
    });
  });
}

/** What people type as an address. */
function completed(text) {
  const typed = text.trim();
  if (/^[^\s@/:]+@[^\s@/]+\.[^\s@/]+$/.test(typed)) return `mailto:${typed}`;
  if (/^[\w-]+(\.[\w-]+)+([/?#]\S*)?$/.test(typed)) return `https://${typed}`;
  return typed;
}

/** The address; empty: no link; null: as it was. */
export async function linkDialog(words, old) {
  const { box, input } = field(words.linkAddress, old);
  input.inputMode = "url";
  input.required = true;
  const check = () => {
    const fine = !input.value.trim() || isTarget(completed(input.value));
    input.setCustomValidity(fine ? "" : words.linkWrong);
  };
  input.addEventListener("input", check);
  const buttons = [["ok", words.linkSet, "button main"], ["cancel", words.cancel, "button quiet"]];
  if (old) buttons.splice(1, 0, ["drop", words.linkDrop, "button"]);
  const answer = await ask(words.link, [box], buttons);
  if (answer === "drop") return "";
  return answer === "ok" ? completed(input.value) : null;
}

/** The photos of some ids as they can be placed in a text. */
async function placeable(ids) {
  if (!ids.length) return [];
  const answer = await fetch(`/admin/photos/states?ids=${ids.join(",")}`, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(String(answer.status));
  const found = new Map((await answer.json()).map((photo) => [photo.id, photo]));
  return ids.map((id) => found.get(id)).filter((photo) => photo?.address);
}

/** Which photo, with which words: `{ src, alt, title }`, or null. */
export async function pictureDialog(words, picker, old) {
  const alt = field(words.photoAlt, old?.alt ?? "");
  const caption = field(words.photoCaption, old?.title ?? "");
  const parts = [];
  let chosen = null;
  if (!old) {
    const group = make("fieldset", "tool-photos");
    group.append(make("legend", "", words.photoChoose));
    const offer = make("div", "tool-offer");
    const told = make("p", "hint");
    told.setAttribute("role", "status");
    const search = field(words.photoSearch, "");
    search.input.type = "search";
    const look = make("button", "button", words.photoLook);
    look.type = "button";
    search.box.append(look);
    let turn = 0;
    /** Offers the photos of these ids, or of a promise of some, unless others were asked for meanwhile. */
    const show = async (ids) => {
      turn += 1;
      const mine = turn;
      told.textContent = "";
      offer.replaceChildren();
      chosen = null;
      look.classList.add("is-busy");
      const photos = await Promise.resolve(ids).then(placeable).catch(() => null);
      if (mine !== turn) return;
      look.classList.remove("is-busy");
      if (!photos?.length) told.textContent = photos ? words.photoNone : words.photoFailed;
      for (const photo of photos ?? []) {
        const row = make("label", "tool-photo");
        const radio = make("input");
        Object.assign(radio, { type: "radio", name: "photo", value: photo.id, required: true });
        radio.addEventListener("change", () => {
          chosen = photo;
          alt.input.value = photo.alt_text;
          caption.input.placeholder = photo.caption;
        });
        const picture = make("img");
        Object.assign(picture, { src: photo.thumb ?? "", alt: "", className: photo.plate });
        row.append(radio, picture, make("span", "", photo.title));
        offer.append(row);
      }
    };
    const find = () => show(window.desk.library(picker, search.input.value));
    look.addEventListener("click", find);
    search.input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      find();
    });
    group.append(search.box, told, offer);
    parts.push(group);
    const attached = [...picker.querySelectorAll(".pick")].map((pick) => pick.dataset.id);
    if (attached.length) show(attached);
    else find();
  }
  parts.push(alt.box, caption.box);
  const buttons = [["ok", old ? words.photoChange : words.photoSet, "button main"], ["cancel", words.cancel, "button quiet"]];
  if ((await ask(words.photo, parts, buttons)) !== "ok") return null;
  const said = { alt: alt.input.value.trim(), title: caption.input.value.trim() || null };
  if (old) return { src: old.src, ...said };
  if (!chosen) return null;
  const picture = make("img");
  Object.assign(picture, { src: chosen.thumb ?? chosen.address, alt: "", className: chosen.plate });
  window.desk.addPick(picker, chosen.id, chosen.title, picture);
  return { src: chosen.address, ...said };
}
