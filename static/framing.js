// What a photo's cut pictures show, on the photo itself: a click sets its centre, and the frame of a cut picture is drawn
// with the mouse or a finger. The number fields below say the same and need no script.
(() => {
  const stage = document.querySelector("[data-focus-point]");
  if (!stage) return;
  const picture = { width: Number(stage.dataset.width), height: Number(stage.dataset.height) };
  const clamp = (value, low, high) => Math.min(Math.max(value, low), high);
  const tenth = (percent) => Math.round(percent * 10) / 10;
  const part = (name) => {
    const element = document.createElement("span");
    element.className = name;
    return element;
  };
  /** Where the pointer is, in fractions of the picture. */
  const place = (event) => {
    const box = stage.getBoundingClientRect();
    return {
      x: clamp((event.clientX - box.left) / box.width, 0, 1),
      y: clamp((event.clientY - box.top) / box.height, 0, 1),
    };
  };
  const told = (field) => field.dispatchEvent(new Event("input", { bubbles: true }));
  const redraw = [];
  /** The end of a drag is no click at the picture. */
  let isDragged = false;
  stage.addEventListener("pointerdown", () => { isDragged = false; }, true);

  // ---- the centre ----
  const [x, y] = [document.querySelector("[data-focus-x]"), document.querySelector("[data-focus-y]")];
  const focus = () => ({ x: clamp(Number(x.value) / 100, 0, 1), y: clamp(Number(y.value) / 100, 0, 1) });
  const mark = part("focus-mark");
  const moved = () => {
    mark.style.left = `${x.value}%`;
    mark.style.top = `${y.value}%`;
    for (const draw of redraw) draw();
  };
  stage.append(mark);
  stage.addEventListener("click", (event) => {
    if (isDragged) return;
    const at = place(event);
    x.value = tenth(at.x * 100);
    y.value = tenth(at.y * 100);
    told(x);
  });
  x.addEventListener("input", moved);
  y.addEventListener("input", moved);

  // ---- the frames ----
  for (const inputs of document.querySelectorAll("[data-crop]")) {
    const cut = { width: Number(inputs.dataset.width), height: Number(inputs.dataset.height) };
    const field = (name) => inputs.querySelector(`[data-part="${name}"]`);
    const fields = { x: field("x"), y: field("y"), width: field("width"), height: field("height") };
    const own = inputs.querySelector('input[value="own"]');
    const share = { width: cut.width / picture.width, height: cut.height / picture.height };
    const most = Math.min(1 / share.width, 1 / share.height);
    const least = Math.min(1, most);

    /** As the server does it: `scale` pixels of the picture become one of the cut. */
    const ofScale = (centre, scale) => {
      const size = Math.min(scale, most);
      const [width, height] = [share.width * size, share.height * size];
      return {
        x: clamp(centre.x - width / 2, 0, 1 - width),
        y: clamp(centre.y - height / 2, 0, 1 - height),
        width,
        height,
      };
    };
    const shaped = (area) => ofScale(
      { x: area.x + area.width / 2, y: area.y + area.height / 2 },
      Math.max(area.width / share.width, area.height / share.height, least),
    );
    const read = () => Object.fromEntries(
      Object.entries(fields).map(([name, input]) => [name, clamp(Number(input.value) / 100 || 0, 0, 1)]),
    );
    const shown = () => (own.checked ? shaped(read()) : ofScale(focus(), most));

    const frame = part("crop-frame");
    frame.setAttribute("aria-hidden", "true");
    for (const corner of ["left-top", "right-top", "left-bottom", "right-bottom"]) {
      const handle = part(`crop-corner ${corner}`);
      handle.dataset.corner = corner;
      frame.append(handle);
    }
    const draw = () => {
      const area = shown();
      frame.style.left = `${area.x * 100}%`;
      frame.style.top = `${area.y * 100}%`;
      frame.style.width = `${area.width * 100}%`;
      frame.style.height = `${area.height * 100}%`;
      frame.classList.toggle("is-own", own.checked);
    };
    const write = (area) => {
      for (const [start, length] of [["x", "width"], ["y", "height"]]) {
        const from = tenth(area[start] * 100);
        fields[start].value = from;
        // Rounded, it still ends in the picture.
        fields[length].value = tenth(Math.min(area[length] * 100, 100 - from));
      }
      draw();
      told(own);
    };

    let drag = null;
    frame.addEventListener("pointerdown", (event) => {
      if (!own.checked || event.button !== 0) return;
      event.preventDefault();
      frame.setPointerCapture(event.pointerId);
      const corner = event.target.dataset.corner;
      isDragged = Boolean(corner);
      drag = { corner, from: place(event), area: shown() };
    });
    frame.addEventListener("pointermove", (event) => {
      if (!drag) return;
      const [at, { area, from, corner }] = [place(event), drag];
      if (!corner) {
        if (Math.hypot(at.x - from.x, at.y - from.y) < 0.01 && !isDragged) return;
        isDragged = true;
        const start = (name, length) => clamp(area[name] + at[name] - from[name], 0, 1 - area[length]);
        write({ ...area, x: start("x", "width"), y: start("y", "height") });
        return;
      }
      // The opposite corner stays.
      const [toRight, toBottom] = [corner.startsWith("right"), corner.endsWith("bottom")];
      const anchor = { x: toRight ? area.x : area.x + area.width, y: toBottom ? area.y : area.y + area.height };
      const room = Math.min(
        (toRight ? 1 - anchor.x : anchor.x) / share.width,
        (toBottom ? 1 - anchor.y : anchor.y) / share.height,
      );
      const wish = Math.max(
        (toRight ? at.x - anchor.x : anchor.x - at.x) / share.width,
        (toBottom ? at.y - anchor.y : anchor.y - at.y) / share.height,
      );
      const scale = Math.min(Math.max(wish, least), room);
      const [width, height] = [share.width * scale, share.height * scale];
      write({ x: toRight ? anchor.x : anchor.x - width, y: toBottom ? anchor.y : anchor.y - height, width, height });
    });
    for (const end of ["pointerup", "pointercancel"]) frame.addEventListener(end, () => { drag = null; });

    for (const input of Object.values(fields)) {
      input.addEventListener("input", () => {
        own.checked = true;
        draw();
      });
    }
    inputs.addEventListener("change", (event) => {
      // A choice begins with what is shown.
      if (event.target === own) write(ofScale(focus(), most));
      else draw();
    });
    stage.append(frame);
    redraw.push(draw);
  }
  moved();
})();
