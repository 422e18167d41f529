// One repetition large: the film of the legs with line, vertical and angle, stepped frame by frame; the curve beside it; points to drag.
// What is changed goes to the server as an edit, which computes the numbers anew; the angle beside the line follows at once.

const stages = new WeakMap();

export default function (component) {
  const { parentElement, data, setTriggerValue, setStateValue } = component;
  let stage = stages.get(parentElement);
  if (!stage || stage.language !== data.language) {
    stage?.root.remove();
    stage = new Stage(data.words, data.language);
    stages.set(parentElement, stage);
    parentElement.appendChild(stage.root);
  }
  stage.send = (edit) => setTriggerValue("edit", edit);
  stage.tell = (key) => setStateValue("rep", key);
  stage.show(data);
}

class Stage {
  constructor(words, language) {
    this.words = words;
    this.language = language;
    this.root = made("div", "stage");
    this.film = new FilmView(words);
    this.film.onScale = () => this.data && this.draw();
    this.curve = new CurveView(words, (time) => this.goTo(frameAt(this.data.times, time)), (key) => this.choose(key));
    this.modes = { points: new PointsMode(this), add: new AddMode(this), vertical: new VerticalMode(this) };
    this.mode = "points";
    this.zoomed = true;
    const left = made("div", "left");
    left.append(this.film.root, this.slider(), this.controls());
    const right = made("div", "right");
    this.heading = made("h2", "", "", { "aria-live": "polite" });
    this.reading = made("p", "reading", "", { role: "status" });
    this.before = made("p", "before");
    this.list = made("div", "reps", null, { role: "group", "aria-label": words.reps });
    this.tools = made("div", "tools");
    right.append(this.heading, this.reading, this.before, this.curve.root, this.list, this.tools);
    this.root.append(left, right);
    this.root.addEventListener("keydown", (event) => this.onKey(event));
  }

  slider() {
    this.range = made("input", "frame", null, { type: "range", min: "0", step: "1", "aria-label": this.words.frame });
    this.range.addEventListener("input", () => this.goTo(Number(this.range.value)));
    return this.range;
  }

  controls() {
    const { words } = this;
    const named = (text, name, onClick) => button(text, onClick, "", { "aria-label": words[name], title: words[name] });
    const bar = made("div", "bar");
    bar.append(
      named("◀◀", "previous_rep", () => this.next(-1)),
      named("◀", "previous_frame", () => this.goTo(this.frame - 1)),
      named("▶", "next_frame", () => this.goTo(this.frame + 1)),
      named("▶▶", "next_rep", () => this.next(1)),
      (this.playing = button(words.play, () => this.play())),
      (this.zoom = button(words.whole, () => this.toggleZoom())),
    );
    return bar;
  }

  // ------------------------------------------------------------------ what is shown
  show(data) {
    this.data = data;
    this.words = data.words;
    this.range.max = String(data.times.length - 1);
    this.curve.show(data);
    if (data.locked) this.mode = "points";
    const before = this.key;
    if (!data.reps.some((rep) => rep.key === this.key)) this.key = data.chosen ?? data.reps[0]?.key;
    this.drawList();
    this.drawTools();
    if (this.modes.points.isMoving) return; // what is under the finger stays there; it is sent when it is let go
    this.goTo(this.key === before ? this.frame : this.firstFrame());
  }

  get rep() {
    return this.data.reps.find((rep) => rep.key === this.key);
  }

  get leg() {
    return this.data.legs[this.modes[this.mode].side];
  }

  // That of the end range, or the one in which points were placed.
  firstFrame() {
    const rep = this.rep;
    if (!rep) return 0;
    return rep.hand ? frameAt(this.data.times, rep.hand.time) : rep.frame;
  }

  choose(key) {
    if (!this.data.reps.some((rep) => rep.key === key)) return;
    this.modes.points.left();
    this.key = key;
    this.mode = "points";
    this.tell(key);
    this.drawList();
    this.drawTools();
    this.goTo(this.firstFrame());
  }

  next(step) {
    const at = this.data.reps.findIndex((rep) => rep.key === this.key);
    const other = this.data.reps[at + step];
    if (other) this.choose(other.key);
  }

  enter(mode) {
    this.mode = mode;
    this.modes[mode].entered?.();
    this.drawTools();
    this.draw();
  }

  // A change for the server; `at` makes the same change twice two changes.
  change(edit) {
    this.mode = "points";
    this.send({ ...edit, at: Date.now() });
    this.drawTools();
  }

  goTo(frame) {
    this.modes.points.left();
    const { times } = this.data;
    const last = times.length - 1;
    this.frame = Math.min(last, Math.max(0, frame ?? 0));
    const time = times[this.frame];
    const after = this.frame < last ? times[this.frame + 1] : time + 0.02;
    this.film.seek((time + after) / 2);
    this.range.value = String(this.frame);
    this.range.setAttribute("aria-valuetext", this.words.seconds.replace("{time}", time.toFixed(2)));
    this.draw();
  }

  part() {
    const { film, width, height } = this.data;
    const whole = film ?? { left: 0, top: 0, width, height };
    const [knee, ankle] = pointsAt(this.leg, this.rep?.frame ?? this.frame);
    if (!this.zoomed || !knee || this.mode === "vertical") return whole;
    return around(knee, ankle, whole);
  }

  // Without a film there are only stills of the end ranges: at any other moment they would show the leg where it is not.
  get hasPicture() {
    return Boolean(this.data.film || (this.data.stills[this.key] && this.frame === this.rep?.frame));
  }

  draw() {
    if (!this.data || this.drawing) return;
    this.drawing = true; // looking elsewhere changes the scale, which draws
    const still = this.hasPicture && !this.data.film ? this.data.stills[this.key] : null;
    this.film.show(this.data.film, still && { src: still, width: this.data.width, height: this.data.height });
    this.film.look(this.part());
    this.drawing = false;
    const focused = (this.root.getRootNode().activeElement ?? document.activeElement)?.dataset?.handle;
    this.film.clear();
    this.film.root.style.setProperty("--side", this.leg.colour);
    this.modes[this.mode].draw();
    if (focused) this.film.handles.get(focused)?.group.focus();
    this.curve.choose(this.key, this.data.times[this.frame], this.mode === "add" ? this.modes.add.span : null);
  }

  // The vertical from the knee, the shank, and the shank as it was measured where it was placed otherwise.
  drawShank(now, original) {
    this.film.line(now.knee, hanging(now, this.leg.zero_image[this.frame]), "vertical");
    if (original) this.film.line(original.knee, original.ankle, "original");
    this.film.line(now.knee, now.ankle, "shank");
  }

  // `mark` stands behind an angle that rests on a correction.
  say(rep, degrees, sign, mark = "") {
    const { words } = this;
    const known = degrees !== null && !Number.isNaN(degrees);
    const way = rep ? words[rep.direction] : sign * (degrees ?? 0) >= 0 ? words.internal : words.external;
    const size = rep ? degrees : Math.abs(degrees ?? 0);
    const said = known ? words.reading.replace("{angle}", size.toFixed(1)).replace("{way}", way) : words.no_angle;
    this.write(rep ? rep.label : words.adding, known ? said + mark : said, rep ? rep.said : "", known ? degrees : null);
  }

  write(heading, reading, before, degrees) {
    this.heading.textContent = heading;
    this.reading.textContent = reading;
    this.reading.dataset.degrees = degrees === null ? "" : degrees.toFixed(2);
    this.before.textContent = before;
  }

  drawList() {
    this.list.replaceChildren(
      ...this.data.reps.map((rep) => {
        const pressed = { "aria-pressed": String(rep.key === this.key), title: rep.said };
        const one = button(rep.short, () => this.choose(rep.key), rep.counts ? "" : "out", pressed);
        one.style.setProperty("--side", this.data.legs[rep.side].colour);
        return one;
      }),
    );
  }

  drawTools() {
    const tools = this.data.locked ? [] : this.modes[this.mode].tools(this.words);
    this.tools.replaceChildren(...(this.data.film ? [] : [made("p", "hint", this.words.no_film)]), ...tools);
  }

  // ------------------------------------------------------------------ playing, keys
  play() {
    if (this.timer) return this.stop();
    const rep = this.rep;
    const [start, end] = rep ? [rep.start, rep.end] : [this.data.times[0], this.data.times.at(-1)];
    const began = performance.now();
    this.playing.textContent = this.words.pause;
    const step = (now) => {
      const time = start + (now - began) / 1000;
      if (time > end) return this.stop();
      this.goTo(frameAt(this.data.times, time));
      this.timer = requestAnimationFrame(step);
    };
    this.timer = requestAnimationFrame(step);
  }

  stop() {
    cancelAnimationFrame(this.timer);
    this.timer = null;
    this.playing.textContent = this.words.play;
  }

  toggleZoom() {
    this.zoomed = !this.zoomed;
    this.zoom.textContent = this.zoomed ? this.words.whole : this.words.closer;
    this.draw();
  }

  onKey(event) {
    if (event.target.matches("input") || event.ctrlKey || event.metaKey || event.altKey) return;
    const does = { n: () => this.next(1), p: () => this.next(-1), ".": () => this.goTo(this.frame + 1), ",": () => this.goTo(this.frame - 1) };
    if (!does[event.key]) return;
    does[event.key]();
    event.preventDefault();
  }
}
