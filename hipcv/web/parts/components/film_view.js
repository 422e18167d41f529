// One frame of the film of the legs, or a still where there is no film, and lines and handles over it, in pixels of the image as filmed.

class FilmView {
  constructor(words) {
    this.words = words;
    this.root = made("div", "film");
    this.video = made("video", "", null, { muted: "", playsinline: "", preload: "auto", tabindex: "-1", "aria-hidden": "true" });
    this.video.muted = true;
    this.image = made("img", "", null, { alt: "" });
    this.lines = drawn("svg", { class: "lines", role: "group", "aria-label": words.picture });
    this.strokes = drawn("g");
    this.points = drawn("g");
    this.lines.append(this.strokes, this.points); // points lie over lines, and stay where they are while those are drawn anew
    this.root.append(this.video, this.image, this.lines);
    this.handles = new Map();
    this.seen = null;
    new ResizeObserver(() => this.place()).observe(this.root);
  }

  // film = {src, left, top, width, height} or null; still = {src, width, height} or null
  show(film, still) {
    this.box = film ?? (still && { left: 0, top: 0, width: still.width, height: still.height });
    this.video.hidden = !film;
    this.image.hidden = Boolean(film) || !still;
    if (film && this.video.getAttribute("src") !== film.src) this.video.src = film.src;
    if (!film && still) this.image.src = still.src;
  }

  // The part of the image that is seen.
  look(part) {
    this.seen = part;
    this.root.style.aspectRatio = `${part.width} / ${part.height}`;
    this.root.style.setProperty("--shape", part.width / part.height);
    this.lines.setAttribute("viewBox", `${part.left} ${part.top} ${part.width} ${part.height}`);
    this.place();
  }

  place() {
    if (!this.seen || !this.box) return;
    const scale = this.root.clientWidth / this.seen.width;
    for (const picture of [this.video, this.image]) {
      picture.style.width = `${this.box.width * scale}px`;
      picture.style.height = `${this.box.height * scale}px`;
      picture.style.left = `${(this.box.left - this.seen.left) * scale}px`;
      picture.style.top = `${(this.box.top - this.seen.top) * scale}px`;
    }
    this.unit = 1 / Math.max(scale, 1e-6); // image pixels per pixel of the screen
    this.onScale?.();
  }

  seek(time) {
    if (this.video.hidden) return;
    if (this.video.readyState >= 1) this.video.currentTime = time;
    else this.video.addEventListener("loadedmetadata", () => (this.video.currentTime = time), { once: true });
  }

  clear() {
    this.clearLines();
    this.points.replaceChildren();
    this.handles.clear();
    this.held = false;
  }

  // A finger keeps its hold on a point only while that stays in the page.
  clearLines() {
    this.strokes.replaceChildren();
  }

  line(a, b, className) {
    this.strokes.append(drawn("line", { x1: a[0], y1: a[1], x2: b[0], y2: b[1], class: className, "vector-effect": "non-scaling-stroke" }));
  }

  // A point that can be dragged, or moved with the arrow keys; moved(point) while it moves, placed() when it is let go.
  handle(name, label, value, point, moved, placed) {
    const group = drawn("g", { class: `handle ${name}`, tabindex: "0", role: "slider", "aria-label": label, "data-handle": name });
    const range = { "aria-valuemin": -180, "aria-valuemax": 180 };
    for (const [key, bound] of Object.entries(range)) group.setAttribute(key, bound);
    const shown = { point, group, tell: (degrees) => { group.setAttribute("aria-valuenow", Math.round(degrees)); group.setAttribute("aria-valuetext", `${Math.round(degrees)}°`); } };
    shown.tell(value);
    group.append(drawn("circle", { class: "reach" }), drawn("circle", { class: "ring" }));
    this.drag(shown, moved, placed);
    this.points.append(group);
    this.handles.set(name, shown);
    this.put(shown, point);
    return shown;
  }

  put(shown, point) {
    shown.point = point;
    const [reach, ring] = shown.group.children;
    for (const circle of [reach, ring]) {
      circle.setAttribute("cx", point[0]);
      circle.setAttribute("cy", point[1]);
    }
    reach.setAttribute("r", 22 * this.unit);
    ring.setAttribute("r", 9 * this.unit);
  }

  drag(shown, moved, placed) {
    const { group } = shown;
    let grip = null;
    group.addEventListener("pointerdown", (event) => {
      const at = this.at(event);
      grip = [shown.point[0] - at[0], shown.point[1] - at[1]];
      this.held = true;
      group.setPointerCapture(event.pointerId);
      group.focus();
      event.preventDefault();
    });
    group.addEventListener("pointermove", (event) => {
      if (!grip) return;
      const at = this.at(event);
      this.put(shown, [at[0] + grip[0], at[1] + grip[1]]);
      moved(shown.point);
    });
    const letGo = () => {
      this.held = false;
      if (grip) placed();
      grip = null;
    };
    group.addEventListener("pointerup", letGo);
    group.addEventListener("pointercancel", letGo);
    const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    group.addEventListener("keydown", (event) => {
      if (event.key === "Enter") {
        placed();
        event.preventDefault();
      }
      if (!(event.key in steps)) return;
      const far = event.shiftKey ? 10 : 1;
      this.put(shown, [shown.point[0] + far * steps[event.key][0], shown.point[1] + far * steps[event.key][1]]);
      moved(shown.point);
      event.preventDefault();
      event.stopPropagation();
    });
  }

  // Where a pointer is, in pixels of the image as filmed.
  at(event) {
    const frame = this.root.getBoundingClientRect();
    const scale = frame.width / this.seen.width;
    return [this.seen.left + (event.clientX - frame.left) / scale, this.seen.top + (event.clientY - frame.top) / scale];
  }
}
