// One repetition large: the film of the legs with line, vertical and angle, stepped frame by frame; the curve beside it; points to drag.
// What is changed goes to the server as an edit, which computes the numbers anew; the angle beside the line follows at once.

const stages = new WeakMap();

export default function (component) {
  const { parentElement, data, setTriggerValue, setStateValue } = component;
  let stage = stages.get(parentElement);
  if (!stage) {
    stage = new Stage(data.words);
    stages.set(parentElement, stage);
    parentElement.appendChild(stage.root);
  }
  stage.send = (edit) => setTriggerValue("edit", edit);
  stage.tell = (key) => setStateValue("rep", key);
  stage.show(data);
}

class Stage {
  constructor(words) {
    this.words = words;
    this.root = made("div", "stage");
    this.film = new FilmView(words);
    this.film.onScale = () => this.data && this.draw();
    this.curve = new CurveView(words, (time) => this.goTo(frameAt(this.data.times, time)), (key) => this.choose(key));
    this.mode = "points";
    this.zoomed = true;
    const left = made("div", "left");
    left.append(this.film.root, this.slider(), this.controls());
    const right = made("div", "right");
    this.heading = made("h3", "", "", { "aria-live": "polite" });
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
    const bar = made("div", "bar");
    const { words } = this;
    bar.append(
      button("◀◀", () => this.next(-1), "", { "aria-label": words.previous_rep, title: words.previous_rep }),
      button("◀", () => this.goTo(this.frame - 1), "", { "aria-label": words.previous_frame, title: words.previous_frame }),
      button("▶", () => this.goTo(this.frame + 1), "", { "aria-label": words.next_frame, title: words.next_frame }),
      button("▶▶", () => this.next(1), "", { "aria-label": words.next_rep, title: words.next_rep }),
      (this.playing = button(words.play, () => this.play())),
      (this.zoom = button(words.whole, () => this.toggleZoom())),
    );
    return bar;
  }

  // ------------------------------------------------------------------ what is shown
  show(data) {
    this.data = data;
    this.words = data.words;
    this.film.show(data.film, null);
    this.range.max = String(data.times.length - 1);
    this.curve.show(data);
    this.mode = data.locked || this.mode === "points" ? "points" : this.mode;
    if (!data.reps.some((rep) => rep.key === this.key)) this.key = data.chosen ?? data.reps[0]?.key;
    this.drawList();
    this.drawTools();
    this.start(false);
  }

  get rep() {
    return this.data.reps.find((rep) => rep.key === this.key);
  }

  get leg() {
    return this.data.legs[this.mode === "add" ? this.addSide : (this.rep?.side ?? "right")];
  }

  choose(key) {
    if (!this.data.reps.some((rep) => rep.key === key)) return;
    this.key = key;
    this.start(true);
    this.tell(key);
    this.drawList();
  }

  next(step) {
    const at = this.data.reps.findIndex((rep) => rep.key === this.key);
    const other = this.data.reps[at + step];
    if (other) this.choose(other.key);
  }

  // To the frame of the end range, or to the one in which points were placed.
  start(fresh) {
    const rep = this.rep;
    if (this.mode !== "points" && !fresh) return this.goTo(this.frame ?? 0);
    if (fresh) this.mode = "points";
    this.goTo(rep ? (rep.hand ? frameAt(this.data.times, rep.hand.time) : rep.frame) : 0);
    this.drawTools();
  }

  goTo(frame) {
    const last = this.data.times.length - 1;
    this.frame = Math.min(last, Math.max(0, frame));
    const time = this.data.times[this.frame];
    const after = this.frame < last ? this.data.times[this.frame + 1] : time + 0.02;
    this.film.seek(this.data.film_start + (time - this.data.times[0]) + (after - time) / 2);
    this.range.value = String(this.frame);
    this.range.setAttribute("aria-valuetext", this.words.seconds.replace("{time}", time.toFixed(2)));
    this.placed = null;
    this.draw();
  }

  part() {
    const { film, width, height } = this.data;
    const whole = film ?? { left: 0, top: 0, width, height };
    const [knee, ankle] = pointsAt(this.leg, this.rep?.frame ?? this.frame);
    if (!this.zoomed || !knee || this.mode === "vertical") return whole;
    const shank = Math.hypot(ankle[0] - knee[0], ankle[1] - knee[1]);
    const side = Math.min(2.2 * shank, whole.width, whole.height);
    const middle = [(knee[0] + ankle[0]) / 2, (knee[1] + ankle[1]) / 2];
    const within = (centre, low, size) => Math.min(Math.max(centre - side / 2, low), low + size - side);
    return { left: within(middle[0], whole.left, whole.width), top: within(middle[1], whole.top, whole.height), width: side, height: side };
  }

  draw() {
    if (!this.data || this.drawing) return;
    this.drawing = true; // looking elsewhere changes the scale, which draws
    this.film.look(this.part());
    this.drawing = false;
    const focused = (this.root.getRootNode().activeElement ?? document.activeElement)?.dataset?.handle;
    this.film.clear();
    if (this.mode === "vertical") this.drawVertical();
    else this.drawLeg();
    if (focused) this.film.handles.get(focused)?.group.focus();
    this.curve.choose(this.key, this.data.times[this.frame], this.mode === "add" ? this.span() : null);
    this.drawStill();
  }

  drawStill() {
    const still = this.data.film ? null : this.data.stills[this.key];
    this.film.show(this.data.film, still && { src: still, width: this.data.width, height: this.data.height });
  }

  drawLeg() {
    const leg = this.leg;
    const rep = this.mode === "add" ? null : this.rep;
    const [knee, ankle] = pointsAt(leg, this.frame);
    const hand = rep?.hand && frameAt(this.data.times, rep.hand.time) === this.frame ? rep.hand : null;
    const now = this.placed ?? (hand && { knee: hand.knee, ankle: hand.ankle }) ?? (knee && { knee, ankle });
    const sign = rep?.sign ?? 1;
    this.film.root.style.setProperty("--side", leg.colour);
    if (!now) return this.say(rep, null, sign);
    const length = Math.hypot(now.ankle[0] - now.knee[0], now.ankle[1] - now.knee[1]);
    const zero = (leg.zero_image[this.frame] ?? 0) / toDegrees;
    this.film.line(now.knee, [now.knee[0] + 1.15 * length * Math.sin(zero), now.knee[1] + 1.15 * length * Math.cos(zero)], "vertical");
    if (knee && (hand || this.placed)) this.film.line(knee, ankle, "original");
    this.film.line(now.knee, now.ankle, "shank");
    const degrees = readingDeg(leg, this.frame, sign, now.knee, now.ankle);
    if (rep && !this.data.locked) this.drawHandles(now, leg, sign, degrees);
    this.say(rep, degrees, sign);
  }

  drawHandles(now, leg, sign, degrees) {
    const points = { knee: [...now.knee], ankle: [...now.ankle] };
    for (const name of ["knee", "ankle"]) {
      this.film.handle(
        name,
        this.words[`handle_${name}`],
        degrees,
        points[name],
        (point) => {
          points[name] = point;
          this.placed = { knee: points.knee, ankle: points.ankle };
          this.follow(leg, sign);
        },
        () => this.sendPoints(),
      );
    }
  }

  // While a point moves: only lines and numbers, so that the handle stays under the finger.
  follow(leg, sign) {
    const { knee, ankle } = this.placed;
    const degrees = readingDeg(leg, this.frame, sign, knee, ankle);
    for (const line of this.film.lines.querySelectorAll(".shank, .vertical, .original")) line.remove();
    const length = Math.hypot(ankle[0] - knee[0], ankle[1] - knee[1]);
    const zero = (leg.zero_image[this.frame] ?? 0) / toDegrees;
    const [oldKnee, oldAnkle] = pointsAt(leg, this.frame);
    if (oldKnee) this.film.line(oldKnee, oldAnkle, "original");
    this.film.line(knee, [knee[0] + 1.15 * length * Math.sin(zero), knee[1] + 1.15 * length * Math.cos(zero)], "vertical");
    this.film.line(knee, ankle, "shank");
    for (const shown of this.film.handles.values()) {
      shown.tell(degrees);
      this.film.lines.append(shown.group);
    }
    this.say(this.rep, degrees, sign);
    clearTimeout(this.soon);
    if (!this.film.lines.querySelector(".handle:active")) this.soon = setTimeout(() => this.sendPoints(), 900); // arrow keys
  }

  sendPoints() {
    clearTimeout(this.soon);
    if (!this.placed || !this.rep) return;
    const round = (point) => point.map((value) => Math.round(value * 100) / 100);
    this.send({ kind: "move_points", rep: this.key, time_s: this.data.times[this.frame], knee_px: round(this.placed.knee), ankle_px: round(this.placed.ankle), at: Date.now() });
  }

  say(rep, degrees, sign) {
    const { words } = this;
    this.heading.textContent = rep ? rep.label : words.adding;
    const way = sign * (degrees ?? 0) >= 0 ? words.internal : words.external;
    this.reading.textContent = degrees === null || Number.isNaN(degrees) ? words.no_angle : words.reading.replace("{angle}", degrees.toFixed(1)).replace("{way}", rep ? words[rep.direction] : way);
    this.reading.dataset.degrees = degrees === null ? "" : degrees.toFixed(2);
    this.before.textContent = rep ? rep.said : "";
  }

  // ------------------------------------------------------------------ lists and tools
  drawList() {
    this.list.replaceChildren(
      ...this.data.reps.map((rep) => {
        const one = button(rep.short, () => this.choose(rep.key), rep.counts ? "" : "out", { "aria-pressed": String(rep.key === this.key), title: rep.said });
        one.style.setProperty("--side", this.data.legs[rep.side].colour);
        return one;
      }),
    );
  }

  drawTools() {
    const { words, data } = this;
    if (data.locked) return this.tools.replaceChildren();
    const tools = { points: () => this.pointTools(), add: () => this.addTools(), vertical: () => this.verticalTools() };
    this.tools.replaceChildren(...tools[this.mode](words));
  }

  pointTools() {
    const { words } = this;
    return [
      made("p", "hint", words.points_hint),
      button(words.add, () => this.enter("add")),
      button(words.vertical, () => this.enter("vertical")),
    ];
  }

  enter(mode) {
    this.mode = mode;
    this.addSide ??= this.rep?.side ?? "right";
    this.from = this.to = null;
    this.drawTools();
    this.draw();
  }

  span() {
    const now = this.data.times[this.frame];
    return this.from === null ? null : [Math.min(this.from, this.to ?? now), Math.max(this.from, this.to ?? now)];
  }

  addTools() {
    const { words } = this;
    const legs = Object.entries(this.data.legs).map(([side, leg]) => {
      const label = made("label", "choice");
      const choice = made("input", "", null, { type: "radio", name: "add-side", value: side });
      choice.checked = side === this.addSide;
      choice.addEventListener("change", () => {
        this.addSide = side;
        this.draw();
      });
      label.append(choice, leg.name);
      return label;
    });
    const mark = (name) => () => {
      this[name] = this.data.times[this.frame];
      this.drawTools();
      this.draw();
    };
    const add = button(words.add_now, () => this.sendRep(), "main");
    add.disabled = this.from === null || this.to === null;
    return [made("p", "hint", words.add_hint), ...legs, button(words.from, mark("from")), button(words.to, mark("to")), add, button(words.cancel, () => this.enter("points"))];
  }

  sendRep() {
    const [start, end] = this.span();
    const leg = this.data.legs[this.addSide];
    const inside = leg.reading.filter((value, index) => value !== null && this.data.times[index] >= start && this.data.times[index] <= end);
    const farthest = inside.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best), 0);
    this.mode = "points";
    this.send({ kind: "add_rep", side: this.addSide, direction: farthest >= 0 ? "internal" : "external", start_s: start, end_s: end, at: Date.now() });
    this.drawTools();
  }

  drawVertical() {
    const part = this.part();
    this.line ??= [
      [part.left + 0.08 * part.width, part.top + 0.15 * part.height],
      [part.left + 0.08 * part.width, part.top + 0.85 * part.height],
    ];
    const redraw = () => {
      for (const line of this.film.lines.querySelectorAll("line")) line.remove();
      this.film.line(this.line[0], this.line[1], "set");
      for (const shown of this.film.handles.values()) this.film.lines.append(shown.group);
      this.sayLine();
    };
    ["upper", "lower"].forEach((name, index) => {
      this.film.handle(name, this.words[`handle_${name}`], 0, this.line[index], (point) => { this.line[index] = point; redraw(); }, () => {});
    });
    redraw();
  }

  sayLine() {
    const lean = turnedDeg(0, fromDownDeg(this.line[0], this.line[1]));
    this.heading.textContent = this.words.vertical_heading;
    this.reading.textContent = this.words.lean.replace("{angle}", Math.abs(lean).toFixed(1)).replace("{way}", lean >= 0 ? this.words.to_right : this.words.to_left);
    this.before.textContent = "";
  }

  verticalTools() {
    const { words } = this;
    const use = () => {
      const round = (point) => point.map((value) => Math.round(value * 100) / 100);
      this.mode = "points";
      this.send({ kind: "choose_zero", zero: "line", line_px: this.line.map(round), time_s: this.data.times[this.frame], at: Date.now() });
      this.drawTools();
    };
    return [made("p", "hint", words.vertical_hint), button(words.vertical_use, use, "main"), button(words.cancel, () => this.enter("points"))];
  }

  // ------------------------------------------------------------------ playing
  play() {
    if (this.timer) return this.stop();
    const rep = this.rep;
    const [start, end] = rep ? [rep.start, rep.end] : [this.data.times[0], this.data.times.at(-1)];
    let time = start;
    let last = performance.now();
    this.playing.textContent = this.words.pause;
    const step = (now) => {
      time += (now - last) / 1000;
      last = now;
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
    if (event.target.matches("input[type=range], input[type=radio]") || event.ctrlKey || event.metaKey || event.altKey) return;
    const does = { n: () => this.next(1), p: () => this.next(-1), ".": () => this.goTo(this.frame + 1), ",": () => this.goTo(this.frame - 1), " ": null };
    if (does[event.key]) {
      does[event.key]();
      event.preventDefault();
    }
  }
}
