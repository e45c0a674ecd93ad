// A toolbar as the ARIA practices describe it: one stop for the Tab key, arrow keys within.

export function toolbar(view, actions, words) {
  const dom = document.createElement("div");
  dom.className = "visual-tools";
  dom.setAttribute("role", "toolbar");
  dom.setAttribute("aria-label", words.tools);
  dom.setAttribute("aria-controls", view.dom.id);

  const items = actions.map((action) => {
    const button = document.createElement("button");
    button.type = "button";
    button.tabIndex = -1;
    button.textContent = action.sign ?? action.name;
    if (action.kind) button.dataset.kind = action.kind;
    if (action.sign) button.setAttribute("aria-label", action.name);
    button.title = action.title ?? action.name;
    // The selection stays where it is.
    button.addEventListener("mousedown", (event) => event.preventDefault());
    button.addEventListener("click", () => {
      if (button.getAttribute("aria-disabled") === "true") return;
      if (action.ask) {
        action.ask();
      } else {
        action.run(view.state, view.dispatch, view);
        view.focus();
      }
    });
    dom.append(button);
    return { action, button };
  });

  let current = items[0].button;
  const shown = () => items.map(({ button }) => button).filter((button) => !button.hidden);
  const stop = (button) => {
    current.tabIndex = -1;
    current = button;
    current.tabIndex = 0;
  };
  stop(current);
  dom.addEventListener("focusin", (event) => stop(event.target));
  dom.addEventListener("keydown", (event) => {
    const all = shown();
    const at = all.indexOf(document.activeElement);
    const next = { ArrowRight: at + 1, ArrowLeft: at - 1 + all.length, Home: 0, End: all.length - 1 }[event.key];
    if (event.key === "Escape") view.focus();
    else if (next === undefined) return;
    else all[next % all.length].focus();
    event.preventDefault();
  });

  const update = () => {
    const { state } = view;
    for (const { action, button } of items) {
      const isHidden = Boolean(action.isShown) && !action.isShown(state);
      if (button.hidden !== isHidden) button.hidden = isHidden;
      if (action.isOn) button.setAttribute("aria-pressed", String(action.isOn(state)));
      if (action.run) button.setAttribute("aria-disabled", String(!action.run(state, null, view) && !action.isOn?.(state)));
    }
    if (current.hidden) stop(items[0].button);
  };
  update();
  return { dom, update, focus: () => current.focus() };
}
